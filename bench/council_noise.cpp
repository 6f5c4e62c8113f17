// Council noise (workload W2): 2000 products of known quality, each judged by 500 simulated councils
// of seven on 30 criteria; the shares of stars. One line of JSON a measurement, fields named as the
// other implementations of W2 name them (side_by_side.py).
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "ocop/ranking/fast_robustness.hpp"
#include "ocop/ranking/parallel.hpp"
#include "ocop/ranking/robustness.hpp"
#include "workload.hpp"

namespace {

using namespace workload;

constexpr std::size_t products = 2000;
constexpr std::uint32_t replications = 500;

}  // namespace

int main() {
    const ocop::verdict_rules rules = first_rules();
    std::vector<double> qualities;
    for (std::size_t p = 0; p < products; ++p) qualities.push_back(quality(p, products));
    const ocop::council_noise noise;
    ocop::replication_options options;
    options.replications = replications;
    std::vector<ocop::star_odds> first;
    for (const std::size_t threads : {1U, 2U, 5U}) {
        std::vector<ocop::star_odds> odds(products);
        double least = 1e9;
        for (int pass = 0; pass < 7; ++pass) {
            const double start = now();
            ocop::robustness(rules, noise, qualities, options, odds, ocop::in_threads(threads),
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
                    least / (1.0 * products * replications * members * criteria) * 1e9, share[0],
                    share[1], share[2], share[3], share[4]);
    }
    return 0;
}
