// The order of a million products beside std::sort of the same numbers in one run, the first
// thousand of them, ranks within groups, one operation of a board, and a batch under two decisions
// beside the same batch under one.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ocop/exchange/bundled.hpp"
#include "ocop/ranking/fast.hpp"
#include "ocop/ranking/order.hpp"
#include "ocop/ranking/reform.hpp"

namespace {

constexpr std::size_t million = 1'000'000;

/// A million verdicts of councils of seven, or of five to eleven, with totals about a middle.
struct verdicts {
    std::vector<std::uint8_t> stars;
    std::vector<std::uint8_t> sheets;
    std::vector<std::uint16_t> total;
    std::vector<std::array<std::uint16_t, 3>> parts;
    std::vector<std::uint32_t> provinces;

    explicit verdicts(bool mixed) {
        std::uint64_t state = 20'260'522;
        const auto draw = [&state](std::uint32_t below) {
            state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
            return static_cast<std::uint32_t>((state >> 33) * below >> 31);
        };
        for (std::size_t p = 0; p < million; ++p) {
            const std::uint32_t n = mixed ? 5 + draw(7) : 7;
            const std::array<std::uint32_t, 3> most{40 * n, 25 * n, 35 * n};
            std::array<std::uint16_t, 3> got{};
            std::uint32_t sum = 0;
            const std::uint32_t quality = 30 + draw(69);
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t share = std::min(100U, quality + draw(11) - 5);
                got[k] = static_cast<std::uint16_t>(most[k] * share / 100);
                sum += got[k];
            }
            std::uint8_t level = 1;
            for (std::uint32_t from : {30U, 50U, 70U, 90U})
                if (sum >= from * n) ++level;
            if (level > 2 && draw(4) == 0) --level;
            stars.push_back(draw(50) == 0 ? std::uint8_t{0} : level);
            sheets.push_back(static_cast<std::uint8_t>(n));
            total.push_back(static_cast<std::uint16_t>(sum));
            parts.push_back(got);
            provinces.push_back(draw(34));
        }
    }
    [[nodiscard]] ocop::order_columns columns() const { return {stars, sheets, total, parts}; }
};

const verdicts& products(bool mixed) {
    static const std::array<verdicts, 2> both{verdicts(false), verdicts(true)};
    return both[mixed ? 1 : 0];
}

void order_million(benchmark::State& state) {
    const verdicts& v = products(state.range(0) != 0);
    std::vector<std::uint32_t> order(million);
    std::vector<std::uint32_t> ranks(million);
    ocop::order_workspace work;
    for (auto _ : state) {
        benchmark::DoNotOptimize(ocop::order_products(v.columns(), {}, order, ranks, work));
        benchmark::ClobberMemory();
    }
    state.counters["products/s"] =
        benchmark::Counter(million, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(order_million)->ArgName("mixed")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void order_million_and_allocate(benchmark::State& state) {
    const verdicts& v = products(state.range(0) != 0);
    for (auto _ : state) {
        std::vector<std::uint32_t> order(million);
        std::vector<std::uint32_t> ranks(million);
        benchmark::DoNotOptimize(ocop::order_products(v.columns(), {}, order, ranks));
        benchmark::ClobberMemory();
    }
}
BENCHMARK(order_million_and_allocate)
    ->ArgName("mixed")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);

/// What a host would write: structs, cross products, std::sort; ranks after it.
void std_sort_million(benchmark::State& state) {
    const verdicts& v = products(state.range(0) != 0);
    struct row {
        std::uint8_t stars;
        std::uint8_t sheets;
        std::uint16_t total;
        std::array<std::uint16_t, 3> parts;
        std::uint32_t index;
    };
    const auto compare = [](const row& a, const row& b) {
        if (a.stars != b.stars) return a.stars > b.stars ? 1 : -1;
        const auto means = [&](std::uint32_t one, std::uint32_t other) {
            const std::uint32_t left = one * b.sheets;
            const std::uint32_t right = other * a.sheets;
            return left > right ? 1 : left < right ? -1 : 0;
        };
        if (const int c = means(a.total, b.total); c != 0) return c;
        if (const int c = means(a.parts[2], b.parts[2]); c != 0) return c;
        return means(a.parts[0], b.parts[0]);
    };
    std::vector<std::uint32_t> order(million);
    std::vector<std::uint32_t> ranks(million);
    std::vector<row> rows;
    rows.reserve(million);
    for (auto _ : state) {
        rows.clear();
        for (std::uint32_t p = 0; p < million; ++p)
            if (v.stars[p] != 0)
                rows.push_back({v.stars[p], v.sheets[p], v.total[p], v.parts[p], p});
        std::sort(rows.begin(), rows.end(), [&](const row& a, const row& b) {
            const int c = compare(a, b);
            return c != 0 ? c > 0 : a.index < b.index;
        });
        std::uint32_t rank = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i == 0 || compare(rows[i - 1], rows[i]) != 0)
                rank = static_cast<std::uint32_t>(i + 1);
            order[i] = rows[i].index;
            ranks[rows[i].index] = rank;
        }
        benchmark::ClobberMemory();
    }
    // The two must agree, or the comparison is none.
    std::vector<std::uint32_t> ours(million);
    std::vector<std::uint32_t> our_ranks(million);
    ocop::order_products(v.columns(), {}, ours, our_ranks);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (ours[i] != order[i] || our_ranks[order[i]] != ranks[order[i]]) {
            state.SkipWithError("std::sort and order_products disagree");
            break;
        }
}
BENCHMARK(std_sort_million)->ArgName("mixed")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void keys_million(benchmark::State& state) {
    const verdicts& v = products(true);
    std::vector<ocop::order_key> keys;
    for (std::size_t p = 0; p < million; ++p)
        keys.push_back(v.stars[p] == 0 ? ocop::order_key()
                                       : ocop::order_key::of_sums(v.stars[p], v.sheets[p],
                                                                  v.total[p], v.parts[p], {}));
    std::vector<std::uint32_t> order(million);
    std::vector<std::uint32_t> ranks(million);
    for (auto _ : state) {
        benchmark::DoNotOptimize(ocop::order_products(keys, order, ranks));
        benchmark::ClobberMemory();
    }
}
BENCHMARK(keys_million)->Unit(benchmark::kMillisecond);

void first_of_million(benchmark::State& state) {
    const verdicts& v = products(state.range(0) != 0);
    const auto k = static_cast<std::size_t>(state.range(1));
    std::uint64_t tied = 0;
    for (auto _ : state) {
        ocop::top_k best(k);
        best.push_all(v.columns(), {});
        benchmark::DoNotOptimize(best.list());
        tied = best.tied_outside();
    }
    state.counters["tied_outside"] = static_cast<double>(tied);
}
BENCHMARK(first_of_million)
    ->ArgNames({"mixed", "k"})
    ->Args({0, 100})
    ->Args({0, 1000})
    ->Args({1, 1000})
    ->Args({1, 10'000})
    ->Unit(benchmark::kMillisecond);

void rank_of_one(benchmark::State& state) {
    const verdicts& v = products(true);
    std::size_t product = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(ocop::rank_of(v.columns(), {}, product));
        product = (product + 7919) % million;
    }
}
BENCHMARK(rank_of_one)->Unit(benchmark::kMillisecond);

void split_by_province(benchmark::State& state) {
    const verdicts& v = products(true);
    std::vector<std::uint32_t> order(million);
    std::vector<std::uint32_t> ranks(million);
    const std::size_t ranked = ocop::order_products(v.columns(), {}, order, ranks);
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<std::uint32_t> mine = order;
        std::vector<std::uint32_t> within = ranks;
        state.ResumeTiming();
        benchmark::DoNotOptimize(ocop::split_by_group(v.provinces, mine, within, ranked));
        benchmark::ClobberMemory();
    }
}
BENCHMARK(split_by_province)->Unit(benchmark::kMillisecond);

/// One changed result and the rank it leads to, on a board of range(0) products.
void board_change(benchmark::State& state) {
    const verdicts& v = products(true);
    const auto size = static_cast<std::size_t>(state.range(0));
    const auto key = [&v](std::size_t p) {
        return ocop::order_key::of_sums(v.stars[p] == 0 ? 1 : v.stars[p], v.sheets[p], v.total[p],
                                        v.parts[p], {});
    };
    ocop::leaderboard board;
    for (std::size_t p = 0; p < size; ++p) board.put(p, key(p));
    std::size_t next = 0;
    for (auto _ : state) {
        next += 7919;
        board.put(next % size, key((next * 31 + 17) % million));
        benchmark::DoNotOptimize(board.rank_of(next % size));
    }
}
BENCHMARK(board_change)->Arg(1000)->Arg(100'000)->Arg(1'000'000);

/// The same on a std::map, which changes as fast but tells no rank.
void map_change(benchmark::State& state) {
    const verdicts& v = products(true);
    const auto size = static_cast<std::size_t>(state.range(0));
    const auto key = [&v](std::size_t p) {
        return ocop::order_key::of_sums(v.stars[p] == 0 ? 1 : v.stars[p], v.sheets[p], v.total[p],
                                        v.parts[p], {});
    };
    std::map<std::pair<ocop::order_key, std::uint64_t>, bool> board;
    std::vector<ocop::order_key> of(size);
    for (std::size_t p = 0; p < size; ++p) {
        of[p] = key(p);
        board.emplace(std::pair(of[p], p), true);
    }
    std::size_t next = 0;
    for (auto _ : state) {
        next += 7919;
        const std::size_t p = next % size;
        board.erase({of[p], p});
        of[p] = key((next * 31 + 17) % million);
        board.emplace(std::pair(of[p], p), true);
    }
}
BENCHMARK(map_change)->Arg(1000)->Arg(1'000'000);

/// 100,000 products of seven sheets on card 1 of 148/QĐ-TTg.
struct reform_case {
    static constexpr std::size_t products = 100'000;
    const ocop::regulation& before = ocop::bundled_regulations().at("148-2023");
    const ocop::regulation& after = ocop::bundled_regulations().at("26-2026");
    ocop::council sitting;
    std::vector<ocop::answer_code> answers;

    reform_case() {
        for (int m = 1; m <= 7; ++m)
            sitting.members.push_back({"m" + std::to_string(m), ocop::council_role::member});
        const ocop::scorecard& card = before.card(1);
        std::uint64_t state = 7;
        std::vector<ocop::answer_code> sheet(card.size());
        for (std::size_t s = 0; s < products * 7; ++s) {
            for (std::size_t i = 0; i < card.size(); ++i) {
                state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
                const auto on = card.condition_of(i);
                const bool none = on && card.points_for(*on, (1U << sheet[*on]) >> 1).value() == 0;
                sheet[i] =
                    none ? ocop::no_answer
                         : static_cast<ocop::answer_code>(1 + (state >> 33) % card.option_count(i));
            }
            answers.insert(answers.end(), sheet.begin(), sheet.end());
        }
    }
    [[nodiscard]] ocop::sheet_batch batch() const {
        return {answers, products, 7, {}, ocop::packing::bytes};
    }
};

const reform_case& reform() {
    static const reform_case one;
    return one;
}

void batch_under_one(benchmark::State& state) {
    const reform_case& r = reform();
    const ocop::verdict_rules rules(r.before, r.before.card(1), r.sitting);
    std::vector<std::uint8_t> stars(reform_case::products);
    ocop::batch_columns out;
    out.stars = stars;
    for (auto _ : state) {
        ocop::assess_batch(rules, r.batch(), out, ocop::in_this_thread{},
                           state.range(0) != 0 ? ocop::fast_kernel : ocop::portable_kernel);
        benchmark::ClobberMemory();
    }
    state.counters["products/s"] =
        benchmark::Counter(reform_case::products, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(batch_under_one)->ArgName("fast")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void batch_under_two(benchmark::State& state) {
    const reform_case& r = reform();
    const ocop::reform_rules rules(
        ocop::plan_carry(r.before.card(1), r.after.card(1)),
        ocop::verdict_tables::from(r.before, r.before.card(1), r.sitting),
        ocop::verdict_tables::from(r.after, r.after.card(1), r.sitting));
    for (auto _ : state)
        benchmark::DoNotOptimize(
            ocop::compare_batch(rules, r.batch(), {}, ocop::in_this_thread{},
                                state.range(0) != 0 ? ocop::fast_kernel : ocop::portable_kernel));
    state.counters["products/s"] =
        benchmark::Counter(reform_case::products, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(batch_under_two)->ArgName("fast")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
