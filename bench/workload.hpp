// The rules of the shared workloads W1 and W2: 30 criteria of 100 points in all, mandatory marks,
// bands from 30, 50, 70 and 90.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "ocop/ranking/verdict.hpp"

namespace workload {

inline constexpr std::size_t members = 7;
inline constexpr std::size_t criteria = 30;
inline constexpr std::array<int, criteria> most{3, 5, 4, 5, 3, 4, 5, 4, 4, 3, 3, 3, 4, 3, 2,
                                                4, 3, 3, 3, 2, 3, 4, 3, 2, 3, 4, 3, 3, 2, 3};
struct mandatory {
    std::size_t criterion;
    int stars;
    int least;
};
inline constexpr std::array<mandatory, 6> first_marks{
    {{3, 5, 3}, {12, 5, 2}, {25, 5, 2}, {5, 4, 1}, {20, 4, 1}, {0, 3, 1}}};

/// Points are the ratings, each times what \p times says of its criterion.
template <std::size_t count, class Times>
ocop::verdict_tables rules_of(const std::array<mandatory, count>& marks, const Times& times) {
    ocop::verdict_tables made;
    int total = 0;
    for (std::size_t c = 0; c < criteria; ++c) {
        ocop::verdict_tables::criterion one;
        one.part = c < 10 ? 0 : c < 18 ? 1 : 2;
        for (int v = 0; v <= most[c]; ++v) one.values.emplace_back(ocop::points{v * times(c)});
        total += most[c] * times(c);
        made.criteria.push_back(one);
    }
    for (const mandatory& m : marks)
        made.marks.push_back(
            {m.criterion, ocop::stars(m.stars), ocop::points{m.least * times(m.criterion)}});
    constexpr std::array<int, 4> from{30, 50, 70, 90};
    for (std::size_t k = 0; k < from.size(); ++k)
        made.bands[k].from = ocop::mean_points(from[k] * total, 100);
    return made;
}
/// The first set of stars.
inline ocop::verdict_rules first_rules() {
    return ocop::verdict_rules(rules_of(first_marks, [](std::size_t) { return 1; }));
}

/// Quality of product \p p of \p products (W2).
inline double quality(std::size_t p, std::size_t products) {
    return 0.30 + 0.68 * (static_cast<double>(p) + 0.5) / static_cast<double>(products);
}

/// Seconds of a clock that only goes forward.
inline double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace workload
