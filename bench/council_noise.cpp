// Council noise (workload W2): 2000 products of known quality, each judged by 500 simulated councils
// of seven on 30 criteria; the shares of stars. One line of JSON a measurement, fields named as the
// other implementations of W2 name them (side_by_side.py).
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "ocop/ranking/fast_robustness.hpp"
#include "ocop/ranking/parallel.hpp"
#include "ocop/ranking/robustness.hpp"

namespace {

constexpr std::size_t criteria = 30;
constexpr std::size_t products = 2000;
constexpr std::uint32_t replications = 500;
constexpr std::array<int, criteria> most{3, 5, 4, 5, 3, 4, 5, 4, 4, 3, 3, 3, 4, 3, 2,
                                         4, 3, 3, 3, 2, 3, 4, 3, 2, 3, 4, 3, 3, 2, 3};
struct mandatory {
    std::size_t criterion;
    int stars;
    int least;
};
constexpr std::array<mandatory, 6> marks{
    {{3, 5, 3}, {12, 5, 2}, {25, 5, 2}, {5, 4, 1}, {20, 4, 1}, {0, 3, 1}}};

ocop::verdict_rules rules_of_workload() {
    ocop::verdict_tables made;
    for (std::size_t c = 0; c < criteria; ++c) {
        ocop::verdict_tables::criterion one;
        one.part = c < 10 ? 0 : c < 18 ? 1 : 2;
        for (int v = 0; v <= most[c]; ++v) one.values.emplace_back(ocop::points{v});
        made.criteria.push_back(one);
    }
    for (const mandatory& m : marks)
        made.marks.push_back({m.criterion, ocop::stars(m.stars), ocop::points{m.least}});
    constexpr std::array<int, 4> from{30, 50, 70, 90};
    for (std::size_t k = 0; k < from.size(); ++k)
        made.bands[k].from = ocop::mean_points(from[k], 1);
    return ocop::verdict_rules(made);
}

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

int main() {
    const ocop::verdict_rules rules = rules_of_workload();
    std::vector<double> quality;
    for (std::size_t p = 0; p < products; ++p)
        quality.push_back(0.30 + 0.68 * (static_cast<double>(p) + 0.5) / products);
    const ocop::council_noise noise;
    ocop::replication_options options;
    options.replications = replications;
    std::vector<ocop::star_odds> first;
    for (const std::size_t threads : {1U, 2U, 5U}) {
        std::vector<ocop::star_odds> odds(products);
        double least = 1e9;
        for (int pass = 0; pass < 7; ++pass) {
            const double start = now();
            ocop::robustness(rules, noise, quality, options, odds, ocop::in_threads(threads),
                             ocop::fast_step_kernel);
            least = std::min(least, now() - start);
        }
        if (first.empty()) first = odds;
        if (first != odds) {
            std::fprintf(stderr, "%zu threads give other numbers than one\n", threads);
            return 1;
        }
        std::array<double, 5> share{};
        for (const ocop::star_odds& one : odds)
            for (std::size_t k = 0; k < 5; ++k)
                share[k] += static_cast<double>(one.ranked[k]) / (1.0 * replications * products);
        std::printf("{\"impl\":\"ocop_%zut\",\"target\":\"%s\",\"sec\":%.4f,\"ns_per_rating\":%.3f,"
                    "\"share\":[%.5f,%.5f,%.5f,%.5f,%.5f]}\n",
                    threads, ocop::fast_step_kernel_target(), least,
                    least / (1.0 * products * replications * 7 * criteria) * 1e9, share[0],
                    share[1], share[2], share[3], share[4]);
    }
    return 0;
}
