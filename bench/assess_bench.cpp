// How long one assessment takes, and the load of the three regulations. Ratios within one run are
// what counts: the load beside nlohmann/json merely parsing the same texts, an assessment with its
// ways up beside one that has none to find.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/regulation_json.hpp"
#include "ocop/ocop.hpp"
#include "ocop/ranking/batch.hpp"

namespace {

const std::vector<std::string>& texts() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> list;
        for (const char* id : {"1048-2019", "148-2023", "26-2026"}) {
            std::ifstream in(std::string(OCOP_SOURCE_DIR) + "/data/regulations/" + id + ".json");
            list.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        }
        return list;
    }();
    return all;
}

/// Seven members with alike, not equal sheets; \p height shifts their options.
std::vector<ocop::score_sheet> seven_sheets(const ocop::scorecard& card, std::int64_t height) {
    std::vector<ocop::score_sheet> sheets;
    for (std::int64_t m = 0; m < 7; ++m) {
        ocop::score_sheet sheet(card, "m" + std::to_string(m + 1));
        for (std::size_t i = 0; i < card.size(); ++i) {
            const auto most = static_cast<std::int64_t>(card.option_count(i));
            const std::int64_t wanted = most - height + (m + static_cast<std::int64_t>(i)) % 2;
            const std::int64_t option = wanted < 1 ? 1 : wanted > most ? most : wanted;
            const auto condition = card.condition_of(i);
            if (condition &&
                card.points_for(*condition, sheet.at(*condition).bits()) == ocop::points{0})
                continue;
            ocop::problems none;
            sheet.try_choose(card, i, option, none);
        }
        sheets.push_back(sheet);
    }
    return sheets;
}

ocop::council seven_members() {
    ocop::council sitting;
    for (int m = 1; m <= 7; ++m)
        sitting.members.push_back({"m" + std::to_string(m), ocop::council_role::member});
    return sitting;
}

struct expensive_cold {
    std::uint64_t operator()(std::size_t criterion, ocop::answer to) const {
        return 1 + (criterion * 7 + to.bits() * 13) % 97;
    }
};

template <class Effort>
void assess_seven(benchmark::State& state, const Effort& effort) {
    const ocop::regulation& rules = ocop::bundled_regulations().at("26-2026");
    const ocop::scorecard& card = rules.card(3);
    const auto sheets = seven_sheets(card, state.range(0));
    const ocop::council sitting = seven_members();
    int stars = 0;
    std::size_t ways = 0;
    for (auto _ : state) {
        const ocop::assessment a = ocop::assess(rules, card, sitting, sheets, {}, {}, effort);
        stars = a.stars->value();
        ways = a.to_reach.size();
        benchmark::DoNotOptimize(stars);
    }
    state.counters["stars"] = stars;
    state.counters["ways_up"] = static_cast<double>(ways);
}

void assess_unit(benchmark::State& state) { assess_seven(state, ocop::one_per_criterion{}); }
void assess_any_effort(benchmark::State& state) { assess_seven(state, expensive_cold{}); }
BENCHMARK(assess_unit)->DenseRange(0, 5)->Arg(9)->Unit(benchmark::kMicrosecond);
BENCHMARK(assess_any_effort)->DenseRange(0, 5)->Arg(9)->Unit(benchmark::kMicrosecond);

/// The verdict alone on the same seven sheets: encoded, tallied, decided. The rules are made once.
void verdict_alone(benchmark::State& state) {
    const ocop::regulation& rules = ocop::bundled_regulations().at("26-2026");
    const ocop::scorecard& card = rules.card(3);
    const auto sheets = seven_sheets(card, state.range(0));
    const ocop::verdict_rules deciding(rules, card, seven_members());
    std::vector<std::uint16_t> tally(deciding.tally_size());
    std::vector<ocop::answer_code> codes(card.size());
    ocop::verdict told;
    for (auto _ : state) {
        deciding.clear(tally.data());
        for (const ocop::score_sheet& sheet : sheets) {
            ocop::encode(card, sheet, codes);
            deciding.add(tally.data(), codes.data());
        }
        told = deciding.decide(tally.data());
        benchmark::DoNotOptimize(told);
    }
    state.counters["stars"] = told.stars;
}
BENCHMARK(verdict_alone)->Arg(0)->Arg(9)->Unit(benchmark::kMicrosecond);

void load_three_regulations(benchmark::State& state) {
    for (auto _ : state)
        for (const std::string& text : texts())
            benchmark::DoNotOptimize(ocop::read_regulation(text).scorecards().size());
}
void peer_nlohmann_parses_the_same(benchmark::State& state) {
    for (auto _ : state)
        for (const std::string& text : texts())
            benchmark::DoNotOptimize(nlohmann::json::parse(text).size());
}
BENCHMARK(load_three_regulations)->Unit(benchmark::kMillisecond);
BENCHMARK(peer_nlohmann_parses_the_same)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
