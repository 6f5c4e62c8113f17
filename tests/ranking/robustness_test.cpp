// Simulated councils against what needs no simulation: every draw of a bootstrap, every way answers
// can move, the distribution of sums by convolution; against the published vectors of Philox; and
// the vector kernel against its plain twin.
#include "ocop/ranking/robustness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "../support.hpp"
#include "generators.hpp"
#include "instruction_sets.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/ranking/fast_robustness.hpp"
#include "ocop/ranking/flip.hpp"

#if __has_include(<Random123/philox.h>)
#include <Random123/philox.h>
#define OCOP_HAS_RANDOM123 1
#endif

using ocop::answer_code;
using ocop::council_noise;
using ocop::council_simulation;
using ocop::no_answer;
using ocop::outcome;
using ocop::points;
using ocop::replicate;
using ocop::replication_options;
using ocop::sheet_batch;
using ocop::sheet_simulation;
using ocop::star_odds;
using ocop::stars;
using ocop::uncertainty;
using ocop::verdict;
using ocop::verdict_rules;
using ocop::verdict_tables;

using support::dice;

namespace {

std::array<ocop::band_start, 4> usual_bands() {
    std::array<ocop::band_start, 4> made;
    const int from[] = {30, 50, 70, 90};
    for (std::size_t i = 0; i < 4; ++i) made[i] = {ocop::mean_points(from[i], 1), false};
    return made;
}

/// A criterion of the given points; code 0 has the first of them.
verdict_tables::criterion criterion(std::size_t part, const std::vector<int>& values) {
    verdict_tables::criterion made;
    made.part = part;
    for (int value : values) made.values.emplace_back(points{value});
    return made;
}

/// The set of the shared benchmark: 30 criteria of 0 to w points, 100 in all.
verdict_tables bench_tables() {
    const int most[30] = {3, 5, 4, 5, 3, 4, 5, 4, 4, 3, 3, 3, 4, 3, 2,
                          4, 3, 3, 3, 2, 3, 4, 3, 2, 3, 4, 3, 3, 2, 3};
    verdict_tables made;
    for (std::size_t c = 0; c < 30; ++c) {
        std::vector<int> values;
        for (int v = 0; v <= most[c]; ++v) values.push_back(v);
        made.criteria.push_back(criterion(c < 10 ? 0 : c < 18 ? 1 : 2, values));
    }
    made.marks = {{0, stars(3), points{1}},  {3, stars(5), points{3}},  {5, stars(4), points{1}},
                  {12, stars(5), points{2}}, {20, stars(4), points{1}}, {25, stars(5), points{2}}};
    made.bands = usual_bands();
    return made;
}

/// Rules with everything that a card may have, of readings drawn at random.
verdict_tables random_tables(dice& die, std::size_t criteria) {
    verdict_tables made;
    for (std::size_t c = 0; c < criteria; ++c) {
        std::vector<int> values{0};
        const std::size_t options = 1 + die.below(4);
        for (std::size_t k = 0; k < options; ++k) values.push_back(static_cast<int>(die.below(12)));
        made.criteria.push_back(criterion(die.below(3), values));
        if (c > 0 && die.below(4) == 0) made.criteria.back().condition = die.below(c);
        made.criteria.back().stops_at_zero = die.below(6) == 0;
        if (die.below(3) == 0)
            made.marks.push_back({c, stars(static_cast<int>(3 + die.below(3))),
                                  points{static_cast<int>(1 + die.below(4))}});
    }
    const int step = static_cast<int>(criteria);
    for (int i = 0; i < 4; ++i)
        made.bands[static_cast<std::size_t>(i)] = {ocop::mean_points(std::int64_t{i + 1} * step, 1),
                                                   die.below(2) == 0};
    if (die.below(2) == 0) made.spread = points{static_cast<int>(die.below(15))};
    made.by.marks = static_cast<ocop::mark_measure>(die.below(3));
    made.by.zero_points = static_cast<ocop::zero_reading>(die.below(3));
    made.by.spread = static_cast<ocop::spread_measure>(die.below(2));
    made.by.lower_marks_bind = die.below(2) == 0;
    return made;
}

/// Valid random sheets, one after another.
std::vector<answer_code> random_sheets(dice& die, const verdict_rules& rules, std::size_t sheets) {
    std::vector<answer_code> codes;
    for (std::size_t m = 0; m < sheets; ++m) {
        const std::size_t first = codes.size();
        for (std::size_t c = 0; c < rules.size(); ++c) {
            const auto& condition = rules.tables().criteria[c].condition;
            const bool open =
                !condition || (codes[first + *condition] != no_answer &&
                               rules.value(*condition, codes[first + *condition]) > 0);
            codes.push_back(open ? static_cast<answer_code>(die.below(rules.highest_code(c) + 1))
                                 : no_answer);
        }
    }
    return codes;
}

sheet_batch batch_of(const std::vector<answer_code>& codes, std::size_t products,
                     std::size_t members) {
    sheet_batch made;
    made.answers = codes;
    made.products = products;
    made.members = members;
    return made;
}

/// The verdict on some sheets, as the rules say it.
verdict decide(const verdict_rules& rules, const std::vector<const answer_code*>& sheets) {
    std::vector<std::uint16_t> tally(rules.tally_size());
    rules.clear(tally.data());
    for (const answer_code* sheet : sheets) REQUIRE(rules.add(tally.data(), sheet));
    return rules.decide(tally.data());
}

/// 0 to 3 for outcomes that are not ranked, 3 + stars for the others.
std::size_t kind_of(const verdict& told) {
    return told.outcome == outcome::ranked ? 3 + std::size_t{told.stars}
                                           : static_cast<std::size_t>(told.outcome);
}
std::array<double, 9> shares_of(const star_odds& odds) {
    std::array<double, 9> made{};
    made[static_cast<std::size_t>(outcome::incomplete)] = odds.incomplete;
    made[static_cast<std::size_t>(outcome::rejected)] = odds.rejected;
    made[static_cast<std::size_t>(outcome::score_again)] = odds.score_again;
    for (std::size_t s = 0; s < 5; ++s) made[4 + s] = odds.ranked[s];
    for (double& one : made) one /= odds.replications();
    return made;
}
/// Whether counted shares lie within five standard errors of the true ones.
void check_shares(const star_odds& odds, const std::array<double, 9>& truth, double slack = 0.0) {
    const std::array<double, 9> seen = shares_of(odds);
    const double n = odds.replications();
    for (std::size_t k = 0; k < truth.size(); ++k) {
        INFO("outcome ", k, " seen ", seen[k], " true ", truth[k]);
        const double error = std::sqrt(truth[k] * (1.0 - truth[k]) / n);
        CHECK(std::fabs(seen[k] - truth[k]) <= 5.0 * error + 1.0 / n + slack);
    }
}

std::uint64_t hash_of(const std::vector<star_odds>& all) {
    std::uint64_t h = 0xCBF29CE484222325U;
    const auto mix = [&h](std::uint64_t v) { h = (h ^ v) * 0x100000001B3U; };
    for (const star_odds& o : all) {
        for (std::uint32_t v : o.ranked) mix(v);
        mix(o.rejected);
        mix(o.score_again);
        mix(o.incomplete);
    }
    return h;
}

std::vector<double> bench_quality(std::size_t products) {
    std::vector<double> made;
    for (std::size_t p = 0; p < products; ++p)
        made.push_back(0.30 +
                       0.68 * (static_cast<double>(p) + 0.5) / static_cast<double>(products));
    return made;
}

}  // namespace

TEST_CASE("Philox gives the published vectors") {
    // Random123's kat_vectors, philox4x32 10.
    CHECK(ocop::philox({0, 0, 0, 0}, {0, 0}) ==
          ocop::random_block{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8});
    constexpr std::uint32_t ones = 0xFFFFFFFF;
    CHECK(ocop::philox({ones, ones, ones, ones}, {ones, ones}) ==
          ocop::random_block{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD});
    CHECK(
        ocop::philox({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}) ==
        ocop::random_block{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1});
#ifdef OCOP_HAS_RANDOM123
    r123::Philox4x32 peer;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        const auto theirs = peer({{i, i * 7919U, i << 20, ~i}}, {{i * 31U, 0xBEEFU}});
        CHECK(ocop::philox({i, i * 7919U, i << 20, ~i}, {i * 31U, 0xBEEFU}) ==
              ocop::random_block{theirs[0], theirs[1], theirs[2], theirs[3]});
    }
#endif
}

TEST_CASE("Streams of different keys share no block") {
    const ocop::random_stream one(1, 2, 3, ocop::random_purpose::answers);
    CHECK(one.block(4) != ocop::random_stream(2, 2, 3, ocop::random_purpose::answers).block(4));
    CHECK(one.block(4) != ocop::random_stream(1, 3, 3, ocop::random_purpose::answers).block(4));
    CHECK(one.block(4) != ocop::random_stream(1, 2, 4, ocop::random_purpose::answers).block(4));
    CHECK(one.block(4) != ocop::random_stream(1, 2, 3, ocop::random_purpose::members).block(4));
    CHECK(one.block(4) != one.block(5));
    CHECK(
        ocop::random_stream(1, std::uint64_t{1} << 40, 0, ocop::random_purpose::answers).block(0) !=
        ocop::random_stream(1, 0, 0, ocop::random_purpose::answers).block(0));
    // FNV-1a, 64 bits: the published offset basis and the hash of "a".
    CHECK(ocop::stream_key("") == 0xCBF29CE484222325U);
    CHECK(ocop::stream_key("a") == 0xAF63DC4C8601EC8CU);
}

TEST_CASE("A share as threshold is met by just that many draws") {
    for (std::uint32_t threshold : {0U, 1U, 32767U, 32768U, 65533U, 65534U, 65535U}) {
        std::uint32_t below = 0;
        for (std::uint32_t bits = 0; bits < 65536; ++bits)
            if (ocop::detail::draw_of(bits) < threshold) ++below;
        CHECK(below == (threshold == 65535 ? 65536U : threshold));
    }
}

TEST_CASE("Normal shares and deviates agree with erfc") {
    const ocop::detail::normal_tables normal(std::uint64_t{1} << 24);
    constexpr double one = 1048576.0;
    double worst = 0.0;
    for (std::int32_t x = -5 << 20; x <= 5 << 20; x += 1009) {
        const double truth = 32768.0 * std::erfc(-x / one / std::sqrt(2.0));
        const std::uint32_t told = normal.share(x);
        const double seen = told == ocop::detail::certain ? 65536.0 : told;
        const double error = std::fabs(seen - truth);
        // 65535 is no threshold: there the share is 1.
        if (truth < 65534.4) worst = std::max(worst, error);
        CHECK(error < 1.6);
    }
    CHECK(worst < 0.6);
    CHECK(normal.share(-1000 << 20) == 0);
    CHECK(normal.share(1000 << 20) == ocop::detail::certain);

    double worst_deviate = 0.0;
    for (std::uint64_t v = 0; v < std::uint64_t{1} << 31; v += 65537) {
        const auto word = static_cast<std::uint32_t>(v);
        const double x = normal.deviate(word) / one;
        const double tail = (2.0 * static_cast<double>(v) + 1.0) / 8589934592.0;
        const double seen = 0.5 * std::erfc(x / std::sqrt(2.0));
        const double density = std::exp(-0.5 * x * x) / std::sqrt(2.0 * 3.14159265358979323846);
        worst_deviate = std::max(worst_deviate, std::fabs(seen - tail) / density);
        CHECK(normal.deviate(word | 0x80000000U) == -normal.deviate(word));
    }
    CHECK(worst_deviate < 2e-5);
}

TEST_CASE("Tables and draws have the same bits on every platform") {
    const ocop::detail::normal_tables normal((std::uint64_t{1} << 24) / 3);
    std::uint64_t h = 0xCBF29CE484222325U;
    const auto mix = [&h](std::uint64_t v) { h = (h ^ v) * 0x100000001B3U; };
    for (std::int32_t x = -5 << 20; x <= 5 << 20; x += 97) mix(normal.share(x));
    CHECK(h == 11912742057957592966U);
    h = 0xCBF29CE484222325U;
    for (std::uint64_t v = 0; v < std::uint64_t{1} << 32; v += 10007)
        mix(static_cast<std::uint64_t>(std::int64_t{normal.deviate(static_cast<std::uint32_t>(v))} +
                                       0x40000000));
    CHECK(h == 1139492469703613735U);

    const verdict_rules rules(bench_tables());
    replication_options options;
    options.seed = 20260522;
    options.replications = 200;
    std::vector<star_odds> odds(20);
    const std::vector<double> quality = bench_quality(odds.size());
    ocop::robustness(rules, council_noise{}, quality, options, odds);
    CHECK(hash_of(odds) == 6359095428806717429U);
    CHECK(odds[17] == star_odds{{0, 0, 0, 114, 86}, 0, 0, 0});

    dice die(5);
    std::vector<answer_code> codes;
    for (int p = 0; p < 20; ++p)
        for (answer_code code : random_sheets(die, rules, 7)) codes.push_back(code);
    const sheet_batch batch = batch_of(codes, 20, 7);
    ocop::robustness(rules, batch, {true, 0.0, 0.0}, options, odds);
    CHECK(hash_of(odds) == 6671958667164826329U);
    ocop::robustness(rules, batch, {false, 0.1, 0.2}, options, odds);
    CHECK(hash_of(odds) == 276674672872484069U);
    ocop::robustness(rules, batch, {true, 0.1, 0.2}, options, odds);
    CHECK(hash_of(odds) == 9286748884422979369U);
}

namespace {

/// Random simulations by the vector kernel and by its plain twin.
void compare_kernels(std::uint64_t seed, int rounds) {
    dice die(seed);
    for (int round = 0; round < rounds; ++round) {
        const verdict_rules rules(random_tables(die, 1 + die.below(34)));
        const std::size_t members = 1 + die.below(9);
        replication_options options;
        options.seed = die.below(1000);
        options.first_product = die.below(2) == 0 ? die.below(100) : std::uint64_t{1} << 40;
        const auto compare = [&](const auto& simulation, const auto& twin) {
            ocop::detail::step_plan plan;
            ocop::detail::step_plan other;
            for (std::size_t p = 0; p < simulation.products(); ++p) {
                REQUIRE(simulation.prepare(p, plan) == twin.prepare(p, other));
                std::vector<replicate> seen(1 + die.below(100));
                std::vector<replicate> wanted(seen.size());
                const auto first = static_cast<std::uint32_t>(die.below(5000));
                simulation.run(plan, first, seen);
                twin.run(other, first, wanted);
                CHECK(seen == wanted);
            }
        };
        const bool by_criterion = die.below(2) == 0;
        std::vector<double> quality;
        for (std::size_t i = 0; i < (by_criterion ? 3 * rules.size() : 3); ++i)
            quality.push_back(0.01 * static_cast<double>(die.below(120)));
        council_noise council;
        council.members = members;
        council.severity = 0.02 * static_cast<double>(die.below(5));
        council.noise = 0.05 + 0.05 * static_cast<double>(die.below(5));
        compare(council_simulation(rules, council, quality, options, by_criterion,
                                   ocop::fast_step_kernel),
                council_simulation(rules, council, quality, options, by_criterion));

        std::vector<answer_code> codes;
        for (int p = 0; p < 3; ++p)
            for (answer_code code : random_sheets(die, rules, members)) codes.push_back(code);
        const sheet_batch batch = batch_of(codes, 3, members);
        const uncertainty about{die.below(3) == 0, 0.1 * static_cast<double>(die.below(6)),
                                0.1 * static_cast<double>(die.below(6))};
        compare(sheet_simulation(rules, batch, about, options, ocop::fast_step_kernel),
                sheet_simulation(rules, batch, about, options));
    }
}

}  // namespace

TEST_CASE(
    "The vector kernel has the bits of its plain twin, on each instruction set of this machine") {
    const std::size_t tried = support::on_each_instruction_set([] {
        CAPTURE(std::string(ocop::fast_step_kernel_target()));
        compare_kernels(77, 60);
    });
    CHECK(tried >= 1);
    compare_kernels(78, 60);
    MESSAGE("instruction sets: " << tried << ", chosen here: "
                                 << std::string(ocop::fast_step_kernel_target()));
}

TEST_CASE("Without uncertainty each replication is the verdict, on all 78 cards") {
    dice die(26);
    int cards = 0;
    for (const ocop::regulation& under : ocop::bundled_regulations().regulations())
        for (const ocop::scorecard& card : under.scorecards()) {
            CAPTURE(under.card_id(card.set()));
            ++cards;
            const verdict_rules rules(under, card, support::council_of(7));
            const std::vector<answer_code> codes = [&] {
                std::vector<answer_code> list;
                for (int p = 0; p < 3; ++p)
                    for (answer_code code : random_sheets(die, rules, 7)) list.push_back(code);
                return list;
            }();
            const sheet_batch batch = batch_of(codes, 3, 7);
            replication_options options;
            options.replications = 40;
            std::vector<star_odds> odds(3);
            ocop::robustness(rules, batch, {false, 0.0, 0.0}, options, odds);
            for (std::size_t p = 0; p < 3; ++p) {
                std::vector<const answer_code*> sheets;
                for (std::size_t m = 0; m < 7; ++m)
                    sheets.push_back(codes.data() + (p * 7 + m) * rules.size());
                const verdict told = decide(rules, sheets);
                CHECK(shares_of(odds[p])[kind_of(told)] == 1.0);
                // The flips are changes that do flip.
                const ocop::smallest_flips flips = ocop::find_flips(rules, batch, p);
                if (told.outcome == outcome::ranked) CHECK(flips.counts.stars == told.stars);
                if (flips.up) CHECK(flips.up->stars > flips.counts.stars);
                if (flips.down) CHECK(flips.down->stars < flips.counts.stars);
                CHECK((flips.counts.stars == 1) == !flips.down.has_value());
            }
            for (const uncertainty about :
                 {uncertainty{true, 0.0, 0.0}, uncertainty{false, 0.05, 0.1}}) {
                std::vector<star_odds> fast(3);
                ocop::robustness(rules, batch, about, options, odds);
                ocop::robustness(rules, batch, about, options, fast, ocop::in_threads(2),
                                 ocop::fast_step_kernel);
                CHECK(fast == odds);
            }
            std::vector<star_odds> fast(2);
            odds.resize(2);
            const std::vector<double> quality{0.55, 0.85};
            ocop::robustness(rules, council_noise{}, quality, options, odds);
            ocop::robustness(rules, council_noise{}, quality, options, fast, ocop::in_this_thread{},
                             ocop::fast_step_kernel);
            CHECK(fast == odds);
            odds.resize(3);
        }
    CHECK(cards == 78);
}

TEST_CASE("Threads, subsets and order change no number") {
    const verdict_rules rules(bench_tables());
    const std::vector<double> quality = bench_quality(60);
    replication_options options;
    options.replications = 333;
    options.seed = 9;
    const auto odds_with = [&](const auto& run, std::size_t products) {
        std::vector<star_odds> odds(products);
        ocop::robustness(rules, council_noise{}, std::span(quality).first(products), options, odds,
                         run, ocop::fast_step_kernel);
        return odds;
    };
    const std::vector<star_odds> one = odds_with(ocop::in_this_thread{}, 60);
    for (std::size_t threads : {1U, 2U, 5U}) {
        CHECK(odds_with(ocop::in_threads(threads), 60) == one);
        // Few products: replications are shared out.
        const std::vector<star_odds> few = odds_with(ocop::in_threads(threads), 3);
        CHECK(std::equal(few.begin(), few.end(), one.begin()));
    }
    // A part of the products, by the number of the first; then in another order, by keys.
    replication_options part = options;
    part.first_product = 20;
    std::vector<star_odds> odds(10);
    ocop::robustness(rules, council_noise{}, std::span(quality).subspan(20, 10), part, odds);
    CHECK(std::equal(odds.begin(), odds.end(), one.begin() + 20));
    const std::vector<std::uint64_t> keys{41, 7};
    const std::vector<double> two{quality[41], quality[7]};
    replication_options keyed = options;
    keyed.keys = keys;
    std::vector<star_odds> pair(2);
    ocop::robustness(rules, council_noise{}, two, keyed, pair);
    CHECK(pair[0] == one[41]);
    CHECK(pair[1] == one[7]);
    // Fewer replications are the first of more.
    const council_simulation simulation(rules, council_noise{}, quality, options);
    ocop::detail::step_plan plan;
    REQUIRE(simulation.prepare(30, plan));
    std::vector<replicate> all(100);
    simulation.run(plan, 0, all);
    std::vector<replicate> some(17);
    simulation.run(plan, 41, some);
    CHECK(std::equal(some.begin(), some.end(), all.begin() + 41));
}

TEST_CASE("The bootstrap against every draw of members") {
    dice die(11);
    int varied = 0;
    for (int round = 0; round < 12; ++round) {
        const verdict_rules rules(random_tables(die, 8));
        constexpr std::size_t n = 4;
        const std::vector<answer_code> codes = random_sheets(die, rules, n);
        std::array<double, 9> truth{};
        for (std::size_t draw = 0; draw < 256; ++draw) {
            std::vector<const answer_code*> sheets;
            for (std::size_t slot = 0; slot < n; ++slot)
                sheets.push_back(codes.data() + (draw >> (2 * slot) & 3U) * rules.size());
            truth[kind_of(decide(rules, sheets))] += 1.0 / 256.0;
        }
        replication_options options;
        options.replications = 20000;
        options.seed = static_cast<std::uint64_t>(round);
        std::vector<star_odds> odds(1);
        ocop::robustness(rules, batch_of(codes, 1, n), {}, options, odds);
        CHECK(odds[0].replications() == 20000);
        check_shares(odds[0], truth);
        if (*std::max_element(truth.begin(), truth.end()) < 0.99) ++varied;
    }
    CHECK(varied >= 4);
}

TEST_CASE("Steps against every way that the answers can move") {
    dice die(12);
    int varied = 0;
    for (int round = 0; round < 12; ++round) {
        verdict_tables tables = random_tables(die, 4);
        tables.criteria[1].condition.reset();
        tables.criteria[2].condition = 1;
        const verdict_rules rules(tables);
        constexpr std::size_t n = 2;
        const std::vector<answer_code> codes = random_sheets(die, rules, n);
        const double up = 0.25;
        const double down = 0.125;
        // What an answer becomes: down, as it is, up; by code.
        const auto moved = [&](std::size_t c, answer_code code, int by) {
            const std::int32_t now = rules.value(c, code);
            answer_code best = code;
            for (std::size_t k = 0; k <= rules.highest_code(c); ++k) {
                const std::int32_t value = rules.value(c, static_cast<answer_code>(k));
                if (by > 0 && value > now && (best == code || value < rules.value(c, best)))
                    best = static_cast<answer_code>(k);
                if (by < 0 && value < now && (best == code || value > rules.value(c, best)))
                    best = static_cast<answer_code>(k);
            }
            return best;
        };
        std::array<double, 9> truth{};
        for (std::size_t way = 0; way < 6561; ++way) {
            double probability = 1.0;
            std::vector<answer_code> changed = codes;
            std::size_t rest = way;
            for (std::size_t i = 0; i < codes.size(); ++i, rest /= 3) {
                const int by = static_cast<int>(rest % 3) - 1;
                probability *= by > 0 ? up : by < 0 ? down : 1.0 - up - down;
                if (codes[i] != no_answer) changed[i] = moved(i % rules.size(), codes[i], by);
            }
            for (std::size_t m = 0; m < n; ++m) {
                answer_code* sheet = changed.data() + m * rules.size();
                for (std::size_t c = 0; c < rules.size(); ++c) {
                    const auto& condition = rules.tables().criteria[c].condition;
                    if (!condition) continue;
                    const bool open = sheet[*condition] != no_answer &&
                                      rules.value(*condition, sheet[*condition]) > 0;
                    if (!open)
                        sheet[c] = no_answer;
                    else if (sheet[c] == no_answer)
                        sheet[c] = 0;
                }
            }
            truth[kind_of(decide(rules, {changed.data(), changed.data() + rules.size()}))] +=
                probability;
        }
        replication_options options;
        options.replications = 20000;
        options.seed = static_cast<std::uint64_t>(round);
        std::vector<star_odds> odds(1);
        ocop::robustness(rules, batch_of(codes, 1, n), {false, up, down}, options, odds,
                         ocop::in_this_thread{}, ocop::fast_step_kernel);
        check_shares(odds[0], truth);
        if (*std::max_element(truth.begin(), truth.end()) < 0.99) ++varied;
    }
    CHECK(varied >= 4);
}

TEST_CASE("Certain and impossible steps") {
    verdict_tables tables;
    tables.criteria = {criterion(0, {0, 10, 20, 90})};
    tables.bands = usual_bands();
    const verdict_rules rules(tables);
    const std::vector<answer_code> codes{1};
    replication_options options;
    options.replications = 5000;
    const auto after = [&](double up, double down) {
        sheet_simulation simulation(rules, batch_of(codes, 1, 1), {false, up, down}, options);
        ocop::detail::step_plan plan;
        REQUIRE(simulation.prepare(0, plan));
        std::vector<replicate> made(5000);
        simulation.run(plan, 0, made);
        return made;
    };
    for (const replicate& one : after(1.0, 0.0)) CHECK(one.total == 20);
    for (const replicate& one : after(0.0, 1.0)) CHECK(one.total == 0);
    for (const replicate& one : after(0.0, 0.0)) CHECK(one.total == 10);
    for (const replicate& one : after(0.5, 0.5)) CHECK(one.total != 10);
}

TEST_CASE("A noisy council against its distribution by convolution") {
    // A member's total given the severity is a sum of independent answers; members are independent.
    verdict_tables tables = bench_tables();
    tables.marks.clear();
    const verdict_rules rules(tables);
    const std::vector<std::size_t> most = [&] {
        std::vector<std::size_t> list;
        for (std::size_t c = 0; c < rules.size(); ++c)
            list.push_back(static_cast<std::size_t>(rules.most_points(c)));
        return list;
    }();
    const auto convolved = [](const std::vector<double>& a, const std::vector<double>& b) {
        std::vector<double> sum(a.size() + b.size() - 1, 0.0);
        for (std::size_t i = 0; i < a.size(); ++i)
            for (std::size_t k = 0; k < b.size(); ++k) sum[i + k] += a[i] * b[k];
        return sum;
    };
    const auto above = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); };
    for (const council_noise& council :
         {council_noise{7, 0.04, 0.12}, council_noise{7, 0.0, 0.12}, council_noise{3, 0.2, 0.05}})
        for (double quality : {0.31, 0.49, 0.71, 0.9}) {
            std::vector<double> member(101, 0.0);
            // Simpson's rule over the severity, -7 to 7 standard deviations.
            constexpr int steps = 280;
            for (int i = 0; i <= steps; ++i) {
                const double s = -7.0 + 14.0 * i / steps;
                const double weight = (i == 0 || i == steps ? 1.0
                                       : i % 2 == 1         ? 4.0
                                                            : 2.0) *
                                      14.0 / (3.0 * steps) * std::exp(-0.5 * s * s) /
                                      std::sqrt(2.0 * 3.14159265358979323846);
                std::vector<double> sum{1.0};
                for (std::size_t w : most) {
                    const auto reach = [&](std::size_t v) {
                        if (v == 0) return 1.0;
                        if (v > w) return 0.0;
                        const double middle =
                            (static_cast<double>(v) - 0.5) / static_cast<double>(w);
                        return above((middle - quality - council.severity * s) / council.noise);
                    };
                    std::vector<double> one;
                    for (std::size_t v = 0; v <= w; ++v) one.push_back(reach(v) - reach(v + 1));
                    sum = convolved(sum, one);
                }
                for (std::size_t t = 0; t < sum.size(); ++t) member[t] += weight * sum[t];
            }
            std::vector<double> total{1.0};
            for (std::size_t m = 0; m < council.members; ++m) total = convolved(total, member);
            std::array<double, 9> truth{};
            for (std::size_t t = 0; t < total.size(); ++t)
                truth[3 + std::size_t{rules.band(static_cast<std::uint32_t>(t),
                                                 council.members)}] += total[t];
            replication_options options;
            options.replications = 60000;
            std::vector<star_odds> odds(1);
            ocop::robustness(rules, council, std::vector<double>{quality}, options, odds,
                             ocop::in_this_thread{}, ocop::fast_step_kernel);
            // Thresholds are rounded to 1/65536: 0.002 points in a total's mean at most.
            check_shares(odds[0], truth, 3e-4);
        }
}

TEST_CASE("The shared benchmark W2 agrees with its peers") {
    const verdict_rules rules(bench_tables());
    replication_options options;
    options.replications = 250;
    std::vector<star_odds> odds(2000);
    const std::vector<double> quality = bench_quality(odds.size());
    ocop::robustness(rules, council_noise{}, quality, options, odds, ocop::in_this_thread{},
                     ocop::fast_step_kernel);
    // Mean shares of 1 to 5 stars of the peer with tables, seed 1, 500 replications.
    const double peer[] = {0.00783, 0.28551, 0.29995, 0.28969, 0.11701};
    for (std::size_t s = 0; s < 5; ++s) {
        double share = 0.0;
        for (const star_odds& o : odds) share += o.ranked[s];
        CHECK(share / (2000.0 * 250.0) == doctest::Approx(peer[s]).scale(1.0).epsilon(0.0015));
    }
}

TEST_CASE("Rejected, scored again and incomplete are outcomes of their own") {
    verdict_tables tables;
    tables.criteria = {criterion(0, {0, 50}), criterion(1, {0, 45})};
    tables.criteria[1].stops_at_zero = true;
    tables.bands = usual_bands();
    tables.spread = points{40};
    tables.council_size = 3;
    tables.quorum = ocop::quorum::of(2);
    const verdict_rules rules(tables);
    // Two sheets of 95, one of 45.
    const std::vector<answer_code> codes{1, 1, 1, 1, 0, 1};
    const sheet_batch batch = batch_of(codes, 1, 3);
    std::vector<star_odds> odds(1);
    ocop::leave_one_out(rules, batch, odds);
    CHECK(odds[0].score_again == 2);
    CHECK(odds[0].count(stars(5)) == 1);
    CHECK(odds[0].replications() == 3);
    CHECK(odds[0].fewest() == 5);
    CHECK(odds[0].most() == 5);
    replication_options options;
    options.replications = 4000;
    ocop::robustness(rules, batch, {}, options, odds);
    // All three alike: 8/27 with 95 points, 1/27 with 45.
    CHECK(odds[0].share(stars(5)).value == doctest::Approx(8.0 / 27.0).epsilon(0.08));
    CHECK(odds[0].share(outcome::score_again).value == doctest::Approx(18.0 / 27.0).epsilon(0.05));
    CHECK(odds[0].share(stars(2)).value > 0.0);
    CHECK(odds[0].count(outcome::ranked) + odds[0].score_again == 4000);

    const std::vector<answer_code> zeros{1, 0, 1, 0, 1, 0};
    ocop::robustness(rules, batch_of(zeros, 1, 3), {}, options, odds);
    CHECK(odds[0].rejected == 4000);
    const std::vector<answer_code> wrong{1, 1, 1, 7, 1, 1};
    ocop::robustness(rules, batch_of(wrong, 1, 3), {}, options, odds);
    CHECK(odds[0].incomplete == 4000);
    CHECK(odds[0].most() == 0);
    ocop::leave_one_out(rules, batch_of(wrong, 1, 3), odds);
    CHECK(odds[0].incomplete == 1);
    // Two of three make the quorum; one left out of two does not.
    const std::uint8_t two[] = {2};
    sheet_batch small = batch;
    small.sheets = two;
    ocop::leave_one_out(rules, small, odds);
    CHECK(odds[0].incomplete == 2);
    CHECK(odds[0].replications() == 2);
}

TEST_CASE("A member left out: the counts are those of each verdict") {
    dice die(31);
    for (int round = 0; round < 200; ++round) {
        const verdict_rules rules(random_tables(die, 1 + die.below(10)));
        const std::size_t members = 1 + die.below(8);
        const std::vector<answer_code> codes = random_sheets(die, rules, members);
        const sheet_batch batch = batch_of(codes, 1, members);
        std::vector<star_odds> odds(1);
        ocop::leave_one_out(rules, batch, odds, ocop::in_threads(2));
        star_odds wanted;
        const std::vector<verdict> each = ocop::leave_each_out(rules, batch, 0);
        REQUIRE(each.size() == members);
        for (std::size_t out = 0; out < members; ++out) {
            std::vector<const answer_code*> sheets;
            for (std::size_t m = 0; m < members; ++m)
                if (m != out) sheets.push_back(codes.data() + m * rules.size());
            const verdict told = decide(rules, sheets);
            CHECK(told == each[out]);
            wanted.add({static_cast<std::uint8_t>(told.outcome), told.stars, 0, {}});
        }
        CHECK(odds[0] == wanted);
    }
}

TEST_CASE("Packed answers give the same odds") {
    dice die(41);
    const verdict_rules rules(bench_tables());
    const std::vector<answer_code> codes = random_sheets(die, rules, 14);
    std::vector<answer_code> packed;
    for (std::size_t sheet = 0; sheet < 14; ++sheet)
        for (std::size_t c = 0; c < 30; c += 2)
            packed.push_back(
                static_cast<answer_code>(codes[sheet * 30 + c] | codes[sheet * 30 + c + 1] << 4));
    sheet_batch half = batch_of(packed, 2, 7);
    half.packed = ocop::packing::nibbles;
    std::vector<star_odds> a(2);
    std::vector<star_odds> b(2);
    ocop::robustness(rules, batch_of(codes, 2, 7), {true, 0.1, 0.1}, {}, a);
    ocop::robustness(rules, half, {true, 0.1, 0.1}, {}, b);
    CHECK(a == b);
}

TEST_CASE("Wilson's interval: published examples") {
    // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, score method.
    const auto check = [](std::uint64_t hits, std::uint64_t of, double low, double high) {
        const ocop::share_estimate told = ocop::estimate_share(hits, of);
        CHECK(std::fabs(told.low - low) < 0.00005);
        CHECK(std::fabs(told.high - high) < 0.00005);
    };
    check(81, 263, 0.2553, 0.3662);
    check(15, 148, 0.0624, 0.1605);
    check(0, 20, 0.0, 0.1611);
    check(1, 29, 0.0061, 0.1718);
    CHECK(ocop::detail::two_sided_deviate(0.95) ==
          doctest::Approx(1.959963984540054).epsilon(1e-12));
    CHECK(ocop::detail::two_sided_deviate(0.99) ==
          doctest::Approx(2.575829303548901).epsilon(1e-12));
    const ocop::share_estimate all = ocop::estimate_share(20, 20);
    CHECK(all.high == 1.0);
    CHECK(all.low == doctest::Approx(1.0 - 0.1611).epsilon(0.0002));
    CHECK(ocop::estimate_share(50, 100).standard_error == doctest::Approx(0.05));
    const ocop::share_estimate unknown = ocop::estimate_share(0, 0);
    CHECK(unknown.low == 0.0);
    CHECK(unknown.high == 1.0);
    CHECK_THROWS_AS(static_cast<void>(ocop::estimate_share(1, 2, 1.0)), ocop::error);
    CHECK_THROWS_AS(static_cast<void>(ocop::estimate_share(3, 2)), ocop::error);
}

TEST_CASE("Ranks of products simulated together, against an order made by hand") {
    const verdict_rules rules(bench_tables());
    const std::vector<double> quality{0.71, 0.7, 0.7, 0.45, 0.715};
    replication_options options;
    options.replications = 300;
    const council_simulation simulation(rules, council_noise{}, quality, options);
    std::vector<std::vector<replicate>> made(5, std::vector<replicate>(300));
    ocop::detail::step_plan plan;
    for (std::size_t p = 0; p < 5; ++p) {
        REQUIRE(simulation.prepare(p, plan));
        simulation.run(plan, 0, made[p]);
    }
    std::array<std::array<std::uint32_t, 3>, 5> wanted{};
    std::array<std::uint64_t, 5> sums{};
    for (std::size_t r = 0; r < 300; ++r)
        for (std::size_t p = 0; p < 5; ++p) {
            const auto key = [&](std::size_t i) {
                const replicate& x = made[i][r];
                return std::array<int, 5>{x.stars, x.total, x.parts[2], x.parts[0], x.parts[1]};
            };
            std::size_t rank = 1;
            for (std::size_t other = 0; other < 5; ++other)
                if (key(other) > key(p)) ++rank;
            if (rank <= 3) ++wanted[p][rank - 1];
            sums[p] += rank;
        }
    const ocop::rank_acceptability seen = ocop::rank_odds(simulation, 3);
    CHECK(seen.replications() == 300);
    for (std::size_t p = 0; p < 5; ++p) {
        for (std::size_t rank = 1; rank <= 3; ++rank)
            CHECK(seen.count(p, rank) == wanted[p][rank - 1]);
        CHECK(seen.count_within(p, 3) == wanted[p][0] + wanted[p][1] + wanted[p][2]);
        CHECK(seen.mean_rank(p) == doctest::Approx(static_cast<double>(sums[p]) / 300.0));
        CHECK(seen.unranked(p) == 0);
    }
    CHECK(seen.share(4, 1).value > seen.share(3, 1).value);
    for (std::size_t threads : {2U, 5U})
        CHECK(ocop::rank_odds(simulation, 3, {}, ocop::in_threads(threads)) == seen);
    // A product whose sheets are wrong has no rank.
    const std::vector<answer_code> codes = [&] {
        dice die(3);
        std::vector<answer_code> list = random_sheets(die, rules, 14);
        list[0] = 99;
        return list;
    }();
    const sheet_simulation sheets(rules, batch_of(codes, 2, 7), {}, options);
    const ocop::rank_acceptability ranks = ocop::rank_odds(sheets, 2);
    CHECK(ranks.unranked(0) == 300);
    CHECK(ranks.count(1, 1) == 300);
}

TEST_CASE("What does not fit is told") {
    const verdict_rules rules(bench_tables());
    dice die(3);
    const std::vector<answer_code> codes = random_sheets(die, rules, 14);
    const sheet_batch batch = batch_of(codes, 2, 7);
    std::vector<star_odds> odds(2);
    std::vector<star_odds> three(3);
    const auto refused = [](const auto& call) {
        try {
            call();
        } catch (const ocop::error& e) {
            return support::codes(e.list());
        }
        return std::vector<int>{};
    };
    CHECK(refused([&] { ocop::robustness(rules, batch, {}, {}, three); }) == std::vector<int>{321});
    CHECK(refused([&] {
              ocop::robustness(rules, batch, {true, 0.7, 0.7}, {}, odds);
          }) == std::vector<int>{109});
    CHECK(refused([&] {
              ocop::robustness(rules, batch, {true, -0.1, std::nan("")}, {}, odds);
          }) == std::vector<int>{109, 109});
    const std::vector<std::uint64_t> keys{1};
    replication_options keyed;
    keyed.keys = keys;
    CHECK(refused([&] { ocop::robustness(rules, batch, {}, keyed, odds); }) ==
          std::vector<int>{321});
    const std::vector<double> quality{0.5, 0.6};
    CHECK(refused([&] {
              ocop::robustness(rules, {7, 0.1, 0.0}, quality, {}, odds);
          }) == std::vector<int>{109});
    CHECK(refused([&] {
              ocop::robustness(rules, {7, -0.1, 0.1}, quality, {}, odds);
          }) == std::vector<int>{109});
    CHECK(refused([&] {
              ocop::robustness(rules, {0, 0.1, 0.1}, quality, {}, odds);
          }) == std::vector<int>{320});
    const std::vector<double> bad{0.5, 1e9};
    CHECK(refused([&] { ocop::robustness(rules, council_noise{}, bad, {}, odds); }) ==
          std::vector<int>{109});
    CHECK(refused([&] { const council_simulation s(rules, {}, quality, {}, true); }) ==
          std::vector<int>{321});
    sheet_batch cut = batch;
    cut.answers = cut.answers.first(5);
    CHECK(refused([&] { ocop::leave_one_out(rules, cut, odds); }) == std::vector<int>{321});
    CHECK(refused([&] {
              ocop::order_policy policy;
              policy.tie_count = 9;
              static_cast<void>(ocop::rank_odds(
                  council_simulation(rules, council_noise{}, quality, {}), 2, policy));
          }).size() == 1);
}
