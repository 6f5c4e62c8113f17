// How long simulated councils take: W2 of the shared workloads (2,000 products, 500 replications, 7
// members, 30 criteria) beside a plain peer of the same model in the same run, given sheets under
// uncertainty, and the smallest flips.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ocop/ranking/fast_robustness.hpp"
#include "ocop/ranking/flip.hpp"
#include "ocop/ranking/robustness.hpp"
#include "workload.hpp"

namespace {

using namespace workload;

constexpr std::size_t products = 2000;
constexpr std::uint32_t replications = 500;

double quality_of(std::size_t p) { return quality(p, products); }

/// Sheets about each product's quality, so that bands and marks are near.
std::vector<ocop::answer_code> bench_sheets() {
    std::mt19937_64 generator(1);
    std::normal_distribution<double> normal;
    std::vector<ocop::answer_code> codes;
    for (std::size_t p = 0; p < products; ++p)
        for (std::size_t m = 0; m < members; ++m)
            for (int largest : most) {
                const double seen = largest * (quality_of(p) + 0.12 * normal(generator));
                codes.push_back(static_cast<ocop::answer_code>(
                    std::clamp(std::floor(seen + 0.5), 0.0, static_cast<double>(largest))));
            }
    return codes;
}

void per_rating(benchmark::State& state) {
    // An inverted rate is time: seconds a rating.
    state.counters["s_per_rating"] = benchmark::Counter(
        static_cast<double>(products) * replications * members * criteria,
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void council(benchmark::State& state, ocop::step_kernel kernel, std::size_t threads) {
    const ocop::verdict_rules rules = first_rules();
    std::vector<double> quality;
    for (std::size_t p = 0; p < products; ++p) quality.push_back(quality_of(p));
    ocop::replication_options options;
    options.replications = replications;
    std::vector<ocop::star_odds> odds(products);
    for (auto _ : state) {
        ocop::robustness(rules, ocop::council_noise{}, quality, options, odds,
                         ocop::in_threads(threads), kernel);
        benchmark::DoNotOptimize(odds.data());
    }
    per_rating(state);
    double four = 0.0;
    for (const ocop::star_odds& o : odds) four += o.ranked[3];
    state.counters["share_of_4_stars"] = four / (static_cast<double>(products) * replications);
}

void w2_fast(benchmark::State& state) {
    state.SetLabel(ocop::fast_step_kernel_target());
    council(state, ocop::fast_step_kernel, 1);
}
void w2_fast_two_threads(benchmark::State& state) { council(state, ocop::fast_step_kernel, 2); }
void w2_portable(benchmark::State& state) { council(state, ocop::portable_step_kernel, 1); }

/// The plain way: one generator, a normal number an answer.
void w2_peer_plain(benchmark::State& state) {
    std::vector<std::array<std::uint32_t, 5>> odds(products);
    for (auto _ : state) {
        std::mt19937_64 generator(1);
        std::normal_distribution<double> normal;
        for (std::size_t p = 0; p < products; ++p) {
            odds[p] = {};
            for (std::uint32_t r = 0; r < replications; ++r) {
                int sums[criteria] = {};
                for (std::size_t m = 0; m < members; ++m) {
                    const double seen = quality_of(p) + 0.04 * normal(generator);
                    for (std::size_t c = 0; c < criteria; ++c) {
                        const double at = most[c] * (seen + 0.12 * normal(generator));
                        sums[c] += static_cast<int>(
                            std::clamp(std::floor(at + 0.5), 0.0, static_cast<double>(most[c])));
                    }
                }
                int total = 0;
                for (int s : sums) total += s;
                int stars = 1 + (total >= 210) + (total >= 350) + (total >= 490) + (total >= 630);
                for (const bench_mark& k : marks)
                    if (sums[k.criterion] < 7 * k.needed) stars = std::min(stars, k.stars - 1);
                ++odds[p][static_cast<std::size_t>(stars) - 1];
            }
        }
        benchmark::DoNotOptimize(odds.data());
    }
    per_rating(state);
    double four = 0.0;
    for (const auto& o : odds) four += o[3];
    state.counters["share_of_4_stars"] = four / (static_cast<double>(products) * replications);
}
BENCHMARK(w2_fast)->Unit(benchmark::kMillisecond);
BENCHMARK(w2_fast_two_threads)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(w2_portable)->Unit(benchmark::kMillisecond);
BENCHMARK(w2_peer_plain)->Unit(benchmark::kMillisecond)->Iterations(1);

void sheets(benchmark::State& state, const ocop::uncertainty& about, ocop::step_kernel kernel) {
    const ocop::verdict_rules rules = first_rules();
    const std::vector<ocop::answer_code> codes = bench_sheets();
    const ocop::sheet_batch batch{codes, products, members, {}, ocop::packing::bytes};
    ocop::replication_options options;
    options.replications = replications;
    std::vector<ocop::star_odds> odds(products);
    for (auto _ : state) {
        ocop::robustness(rules, batch, about, options, odds, ocop::in_this_thread{}, kernel);
        benchmark::DoNotOptimize(odds.data());
    }
    state.counters["s_per_replication"] = benchmark::Counter(
        static_cast<double>(products) * replications,
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
void bootstrap(benchmark::State& state) { sheets(state, {true, 0.0, 0.0}, ocop::fast_step_kernel); }
void steps(benchmark::State& state) { sheets(state, {false, 0.1, 0.1}, ocop::fast_step_kernel); }
void steps_portable(benchmark::State& state) {
    sheets(state, {false, 0.1, 0.1}, ocop::portable_step_kernel);
}
void bootstrap_and_steps(benchmark::State& state) {
    sheets(state, {true, 0.1, 0.1}, ocop::fast_step_kernel);
}
BENCHMARK(bootstrap)->Unit(benchmark::kMillisecond);
BENCHMARK(steps)->Unit(benchmark::kMillisecond);
BENCHMARK(steps_portable)->Unit(benchmark::kMillisecond);
BENCHMARK(bootstrap_and_steps)->Unit(benchmark::kMillisecond);

void per_product(benchmark::State& state) {
    state.counters["s_per_product"] = benchmark::Counter(
        static_cast<double>(products),
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
void leave_one_out(benchmark::State& state) {
    const ocop::verdict_rules rules = first_rules();
    const std::vector<ocop::answer_code> codes = bench_sheets();
    const ocop::sheet_batch batch{codes, products, members, {}, ocop::packing::bytes};
    std::vector<ocop::star_odds> odds(products);
    for (auto _ : state) {
        ocop::leave_one_out(rules, batch, odds);
        benchmark::DoNotOptimize(odds.data());
    }
    per_product(state);
}
void count_flips(benchmark::State& state) {
    const ocop::verdict_rules rules = first_rules();
    const std::vector<ocop::answer_code> codes = bench_sheets();
    const ocop::sheet_batch batch{codes, products, members, {}, ocop::packing::bytes};
    std::vector<ocop::flip_counts> flips(products);
    for (auto _ : state) {
        ocop::count_flips(rules, batch, flips);
        benchmark::DoNotOptimize(flips.data());
    }
    per_product(state);
}
void find_flips(benchmark::State& state) {
    const ocop::verdict_rules rules = first_rules();
    const std::vector<ocop::answer_code> codes = bench_sheets();
    const ocop::sheet_batch batch{codes, products, members, {}, ocop::packing::bytes};
    std::size_t p = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(ocop::find_flips(rules, batch, p));
        p = (p + 1) % products;
    }
}
void rank_odds(benchmark::State& state) {
    const ocop::verdict_rules rules = first_rules();
    std::vector<double> quality;
    for (std::size_t p = 0; p < 200; ++p) quality.push_back(quality_of(10 * p));
    ocop::replication_options options;
    options.replications = replications;
    const ocop::council_simulation simulation(rules, {}, quality, options, false,
                                              ocop::fast_step_kernel);
    for (auto _ : state) benchmark::DoNotOptimize(ocop::rank_odds(simulation, 20));
    state.counters["s_per_replication"] =
        benchmark::Counter(200.0 * replications, benchmark::Counter::kIsIterationInvariantRate |
                                                     benchmark::Counter::kInvert);
}
BENCHMARK(leave_one_out)->Unit(benchmark::kMillisecond);
BENCHMARK(count_flips)->Unit(benchmark::kMillisecond);
BENCHMARK(find_flips)->Unit(benchmark::kMicrosecond);
BENCHMARK(rank_odds)->Unit(benchmark::kMillisecond);

}  // namespace
