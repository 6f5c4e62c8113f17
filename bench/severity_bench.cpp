// Member severity at national size: 50,000 products by 7 of 1,000 members, and smaller. Beside it, in
// the same run, one pass of the plain way (effects of products and members by turns), of which such
// data need hundreds to converge; and the agreement statistics on the same ratings.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "ocop/ranking/agreement.hpp"
#include "ocop/ranking/many_facet.hpp"
#include "ocop/ranking/severity.hpp"

namespace {

struct draws {
    std::uint64_t state;
    std::uint32_t below(std::uint32_t n) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>((state >> 33U) % n);
    }
    double bell() {
        double sum = 0.0;
        for (int i = 0; i < 12; ++i) sum += below(1000001);
        return sum / 1e6 - 6.0;
    }
};

/// \p units products by 7 of \p members each; standard deviations 12, 4 and 6 points.
const std::vector<ocop::rating>& ratings(std::uint32_t units, std::uint32_t members) {
    static std::map<std::uint32_t, std::vector<ocop::rating>> made;
    std::vector<ocop::rating>& list = made[units];
    if (!list.empty()) return list;
    draws draw{units};
    std::vector<double> severity(members);
    for (double& s : severity) s = 4.0 * draw.bell();
    for (std::uint32_t u = 0; u < units; ++u) {
        const double quality = 70.0 + 12.0 * draw.bell();
        std::vector<bool> taken(members, false);
        for (int k = 0; k < 7;) {
            const std::uint32_t m = draw.below(members);
            if (taken[m]) continue;
            taken[m] = true;
            ++k;
            list.push_back({u, m, std::floor(quality - severity[m] + 6.0 * draw.bell() + 0.5)});
        }
    }
    return list;
}

void severity_of_ratings(benchmark::State& state) {
    const auto& list = ratings(static_cast<std::uint32_t>(state.range(0)),
                               static_cast<std::uint32_t>(state.range(1)));
    ocop::severity_options how;
    how.tolerance =
        state.range(2) == 0 ? 0.0 : std::pow(10.0, -static_cast<double>(state.range(2)));
    std::uint32_t evaluations = 0;
    for (auto _ : state) {
        const ocop::severity_estimate found =
            ocop::estimate_severity(ocop::rating_table(list), how);
        if (!found.converged) state.SkipWithError("not converged");
        evaluations = found.evaluations;
        benchmark::DoNotOptimize(found.member_sd);
    }
    state.counters["evaluations"] = evaluations;
    state.counters["ratings"] = static_cast<double>(list.size());
}
// The last number is the tolerance's exponent; 0 is the default.
BENCHMARK(severity_of_ratings)
    ->Args({50000, 1000, 0})
    ->Args({50000, 1000, 9})
    ->Args({5000, 300, 0})
    ->Args({20, 8, 0})
    ->Unit(benchmark::kMillisecond);

void peer_one_pass_by_turns(benchmark::State& state) {
    const auto& list = ratings(50000, 1000);
    std::vector<double> unit(50000, 0.0);
    std::vector<double> member(1000, 0.0);
    std::vector<double> unit_sum(50000);
    std::vector<double> member_sum(1000);
    for (auto _ : state) {
        unit_sum.assign(unit_sum.size(), 0.0);
        for (const ocop::rating& r : list) unit_sum[r.unit] += r.value - 70.0 - member[r.member];
        for (std::size_t u = 0; u < unit.size(); ++u) unit[u] = unit_sum[u] / 7.25;
        member_sum.assign(member_sum.size(), 0.0);
        for (const ocop::rating& r : list) member_sum[r.member] += r.value - 70.0 - unit[r.unit];
        for (std::size_t m = 0; m < member.size(); ++m) member[m] = member_sum[m] / 352.0;
        benchmark::DoNotOptimize(member.data());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(peer_one_pass_by_turns)->Unit(benchmark::kMillisecond);

void table_of_ratings(benchmark::State& state) {
    const auto& list = ratings(50000, 1000);
    for (auto _ : state) benchmark::DoNotOptimize(ocop::rating_table(list).size());
}
BENCHMARK(table_of_ratings)->Unit(benchmark::kMillisecond);

void alpha_of_ratings(benchmark::State& state) {
    const ocop::rating_table table(ratings(50000, 1000));
    for (auto _ : state)
        benchmark::DoNotOptimize(
            ocop::krippendorff_alpha(table, static_cast<ocop::alpha_metric>(state.range(0))).value);
}
BENCHMARK(alpha_of_ratings)
    ->Arg(static_cast<int>(ocop::alpha_metric::ordinal))
    ->Arg(static_cast<int>(ocop::alpha_metric::interval))
    ->Unit(benchmark::kMillisecond);

void outlying_totals_of_ratings(benchmark::State& state) {
    const ocop::rating_table table(ratings(50000, 1000));
    for (auto _ : state) benchmark::DoNotOptimize(ocop::outlying_totals(table).size());
}
BENCHMARK(outlying_totals_of_ratings)->Unit(benchmark::kMillisecond);

void many_facets_of_a_council(benchmark::State& state) {
    draws draw{1};
    std::vector<ocop::facet_rating> list;
    for (std::uint32_t u = 0; u < 100; ++u) {
        const double quality = draw.bell();
        for (std::uint32_t m = 0; m < 7; ++m) {
            for (std::uint32_t c = 0; c < 30; ++c) {
                const double z = quality + 0.1 * m - 0.3 + 0.02 * c + draw.bell();
                list.push_back({u, m, c, z < -1.0 ? 1 : z < 0.0 ? 2 : z < 1.0 ? 3 : 4});
            }
        }
    }
    for (auto _ : state) {
        const ocop::many_facet_model found = ocop::fit_many_facet(list);
        if (!found.converged) state.SkipWithError("not converged");
        benchmark::DoNotOptimize(found.log_likelihood);
    }
    state.counters["ratings"] = static_cast<double>(list.size());
}
BENCHMARK(many_facets_of_a_council)->Unit(benchmark::kMillisecond);

}  // namespace
