// Agreement statistics against published worked examples, to the digits printed there, and against
// their definitions computed pair by pair.
#include "ocop/ranking/agreement.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

using ocop::alpha_metric;
using ocop::correction;
using ocop::facet_rating;
using ocop::icc;
using ocop::icc_result;
using ocop::krippendorff_alpha;
using ocop::measured;
using ocop::outlier;
using ocop::outlier_reason;
using ocop::paired_score;
using ocop::rating;
using ocop::rating_table;

namespace {

constexpr double none = -99.0;

/// One row of \p matrix for each member; `none` is a missing rating.
rating_table by_members(const std::vector<std::vector<double>>& matrix) {
    std::vector<rating> list;
    for (std::uint32_t m = 0; m < matrix.size(); ++m)
        for (std::uint32_t u = 0; u < matrix[m].size(); ++u)
            if (matrix[m][u] != none) list.push_back({u, m, matrix[m][u]});
    return rating_table(list);
}

/// \p value with \p digits behind the point, half away from 0.
double printed(double value, int digits) {
    const double scale = std::pow(10.0, digits);
    return std::round(value * scale) / scale;
}

double alpha(const rating_table& table, alpha_metric metric) {
    const auto found = krippendorff_alpha(table, metric);
    REQUIRE(found.state == measured::yes);
    return *found.value;
}

/// A small generator of its own, so that the cases are the same everywhere.
struct draws {
    std::uint64_t state;
    std::uint32_t below(std::uint32_t n) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>((state >> 33U) % n);
    }
};

/// Krippendorff (2011), section C and D: four observers, twelve units, missing data.
rating_table four_observers() {
    return by_members({{1, 2, 3, 3, 2, 1, 4, 1, 2, none, none, none},
                       {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, none, 3},
                       {none, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, none},
                       {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, none}});
}

/// Shrout and Fleiss (1979), table 2: six targets by four judges.
rating_table six_targets() {
    const std::vector<std::vector<double>> targets{{9, 2, 5, 8}, {6, 1, 3, 2},  {8, 4, 6, 8},
                                                   {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};
    std::vector<rating> list;
    for (std::uint32_t t = 0; t < targets.size(); ++t)
        for (std::uint32_t j = 0; j < 4; ++j) list.push_back({t, j, targets[t][j]});
    return rating_table(list);
}

/// Alpha by its definition: all ordered pairs, the ordinal difference from the marginal counts.
double alpha_by_pairs(const rating_table& table, alpha_metric metric) {
    std::vector<double> pooled;
    for (std::size_t u = 0; u < table.units(); ++u)
        if (table.row(u).values.size() >= 2)
            for (double v : table.row(u).values) pooled.push_back(v);
    const auto apart = [&](double c, double k) {
        if (c == k) return 0.0;
        if (c > k) std::swap(c, k);
        if (metric == alpha_metric::nominal) return 1.0;
        if (metric == alpha_metric::interval) return (k - c) * (k - c);
        if (metric == alpha_metric::ratio) return (k - c) * (k - c) / ((k + c) * (k + c));
        double sum = 0.0;
        for (double v : pooled)
            if (v >= c && v <= k) sum += v == c || v == k ? 0.5 : 1.0;
        return sum * sum;
    };
    double observed = 0.0;
    double expected = 0.0;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto values = table.row(u).values;
        if (values.size() < 2) continue;
        for (std::size_t i = 0; i < values.size(); ++i)
            for (std::size_t j = 0; j < values.size(); ++j)
                if (i != j)
                    observed +=
                        apart(values[i], values[j]) / static_cast<double>(values.size() - 1);
    }
    for (std::size_t i = 0; i < pooled.size(); ++i)
        for (std::size_t j = 0; j < pooled.size(); ++j)
            if (i != j) expected += apart(pooled[i], pooled[j]);
    const auto n = static_cast<double>(pooled.size());
    return 1.0 - (observed / n) / (expected / (n * (n - 1.0)));
}

/// Bland and Altman (1986), table 1: peak flow by a large and a mini meter, first measurements.
std::vector<paired_score> peak_flow() {
    const std::vector<double> large{494, 395, 516, 434, 476, 557, 413, 442, 650,
                                    433, 417, 656, 267, 478, 178, 423, 427};
    const std::vector<double> mini{512, 430, 520, 428, 500, 600, 364, 380, 658,
                                   445, 432, 626, 260, 477, 259, 350, 451};
    std::vector<paired_score> pairs;
    for (std::size_t i = 0; i < large.size(); ++i)
        pairs.push_back({static_cast<std::uint32_t>(i), mini[i], large[i]});
    return pairs;
}

}  // namespace

TEST_CASE("alpha of Krippendorff 2011: four observers with missing data") {
    const rating_table table = four_observers();
    CHECK(printed(alpha(table, alpha_metric::nominal), 3) == doctest::Approx(0.743));
    CHECK(printed(alpha(table, alpha_metric::ordinal), 3) == doctest::Approx(0.815));
    CHECK(printed(alpha(table, alpha_metric::interval), 3) == doctest::Approx(0.849));
    CHECK(printed(alpha(table, alpha_metric::ratio), 3) == doctest::Approx(0.797));
    const auto found = krippendorff_alpha(table, alpha_metric::nominal);
    CHECK(found.units == 11);  // unit 12 has one rating and says nothing
    CHECK(found.ratings == 40);
}

TEST_CASE("alpha of Krippendorff 2011: two observers, binary and nominal") {
    const rating_table binary =
        by_members({{0, 1, 0, 0, 0, 0, 0, 0, 1, 0}, {1, 1, 1, 0, 0, 1, 0, 0, 0, 0}});
    for (auto metric : {alpha_metric::nominal, alpha_metric::ordinal, alpha_metric::interval})
        CHECK(printed(alpha(binary, metric), 3) == doctest::Approx(0.095));
    const double a = 1, b = 2, c = 3, d = 4, e = 5;
    const rating_table nominal =
        by_members({{a, a, b, b, d, c, c, c, e, d, d, a}, {b, a, b, b, b, c, c, c, e, d, d, d}});
    CHECK(printed(alpha(nominal, alpha_metric::nominal), 3) == doctest::Approx(0.692));
}

TEST_CASE("alpha equals its definition over all pairs") {
    draws draw{20260522};
    for (int round = 0; round < 200; ++round) {
        std::vector<rating> list;
        const std::uint32_t units = 2 + draw.below(12);
        const std::uint32_t members = 2 + draw.below(6);
        for (std::uint32_t u = 0; u < units; ++u)
            for (std::uint32_t m = 0; m < members; ++m)
                if (draw.below(4) != 0) list.push_back({u, m, static_cast<double>(draw.below(6))});
        const rating_table table(list);
        for (auto metric : {alpha_metric::nominal, alpha_metric::ordinal, alpha_metric::interval,
                            alpha_metric::ratio}) {
            const auto found = krippendorff_alpha(table, metric);
            if (found.state != measured::yes) continue;
            CHECK(*found.value == doctest::Approx(alpha_by_pairs(table, metric)).epsilon(1e-10));
        }
        // The metrics of differences do not mind where the scale starts, nor the order of ratings.
        std::vector<rating> shifted(list.rbegin(), list.rend());
        for (rating& one : shifted) one.value = 5.0 * one.value + 1000.0;
        const rating_table other(shifted);
        for (auto metric : {alpha_metric::nominal, alpha_metric::ordinal, alpha_metric::interval}) {
            const auto first = krippendorff_alpha(table, metric);
            const auto second = krippendorff_alpha(other, metric);
            REQUIRE(first.state == second.state);
            if (first.value) CHECK(*first.value == doctest::Approx(*second.value).epsilon(1e-9));
        }
    }
}

TEST_CASE("alpha says why it has no value") {
    CHECK(krippendorff_alpha(rating_table{}, alpha_metric::interval).state == measured::no_pairs);
    const rating_table alone = by_members({{1, 2, 3}});
    const rating_table equal = by_members({{4, 4, 4}, {4, 4, 4}});
    const rating_table negative = by_members({{-1, 2}, {3, 4}});
    for (auto metric : {alpha_metric::nominal, alpha_metric::ordinal, alpha_metric::interval,
                        alpha_metric::ratio}) {
        CHECK(krippendorff_alpha(alone, metric).state == measured::no_pairs);
        CHECK(krippendorff_alpha(equal, metric).state == measured::no_variation);
        CHECK_FALSE(krippendorff_alpha(equal, metric).value);
    }
    CHECK(krippendorff_alpha(negative, alpha_metric::ratio).state == measured::negative_values);
    CHECK(krippendorff_alpha(negative, alpha_metric::interval).state == measured::yes);
}

TEST_CASE("ICC of Shrout and Fleiss 1979") {
    const icc_result found = icc(six_targets());
    REQUIRE(found.state == measured::yes);
    CHECK(printed(found.between_units, 2) == doctest::Approx(11.24));
    CHECK(printed(found.between_members, 2) == doctest::Approx(32.49));
    CHECK(printed(found.rest, 2) == doctest::Approx(1.02));
    CHECK(printed(found.single->value, 2) == doctest::Approx(0.29));   // table 4, ICC(2,1)
    CHECK(printed(found.average->value, 2) == doctest::Approx(0.62));  // and ICC(2,4)
    // The interval that R's psych::ICC prints for these data: 0.019 to 0.76, 0.071 to 0.93.
    CHECK(printed(found.single->low, 3) == doctest::Approx(0.019));
    CHECK(printed(found.single->high, 2) == doctest::Approx(0.76));
    CHECK(printed(found.average->low, 3) == doctest::Approx(0.071));
    CHECK(printed(found.average->high, 2) == doctest::Approx(0.93));
    CHECK(found.units == 6);
    CHECK(found.incomplete == 0);
}

TEST_CASE("products that differ less than chance have no ICC of the mean, or no lower bound") {
    // Two products that two members see the other way round: the variance between them is negative.
    const std::vector<rating> crossed{{0, 0, 1.0}, {0, 1, 3.0}, {1, 0, 3.0},
                                      {1, 1, 1.0}, {2, 0, 2.0}, {2, 1, 2.1}};
    const auto found = icc(rating_table(crossed));
    REQUIRE(found.single);
    CHECK(found.single->value < 0.0);
    if (found.average) {
        CHECK(found.average->value <= 1.0);
        CHECK(found.average->low < found.average->value);
    }
    // A mean of the members that differs less still: 1 + (k - 1) ICC(2,1) is not positive.
    const std::vector<rating> opposed{{0, 0, 1.0}, {0, 1, 3.0}, {1, 0, 3.0},
                                      {1, 1, 1.0}, {2, 0, 2.0}, {2, 1, 2.0}};
    const auto untold = icc(rating_table(opposed));
    REQUIRE(untold.single);
    // Mean squares 0, 0 and 2: (0 - 2) / (0 + 2 + 2 (0 - 2) / 3).
    CHECK(untold.single->value == doctest::Approx(-3.0));
    CHECK(!untold.average);
}

TEST_CASE("ICC uses complete units and counts the others") {
    std::vector<rating> list;
    const rating_table whole = six_targets();
    for (std::uint32_t u = 0; u < 6; ++u)
        for (std::size_t i = 0; i < 4; ++i)
            list.push_back({u, whole.row(u).members[i], whole.row(u).values[i]});
    list.push_back({6, 0, 1.0});
    list.push_back({7, 1, 10.0});
    list.push_back({7, 3, 2.0});
    const icc_result found = icc(rating_table(list));
    CHECK(found.units == 6);
    CHECK(found.incomplete == 2);
    CHECK(found.single->value == doctest::Approx(icc(whole).single->value).epsilon(1e-12));
    CHECK(icc(by_members({{1, 2, 3}})).state == measured::no_pairs);
    CHECK(icc(by_members({{1, none}, {none, 2}})).state == measured::no_pairs);
    CHECK(icc(by_members({{3, 3, 3}, {3, 3, 3}})).state == measured::no_variation);
    // Members who differ by a constant agree in order, not in value.
    const icc_result shifted = icc(by_members({{1, 2, 3}, {2, 3, 4}}));
    CHECK(shifted.single->value == doctest::Approx(2.0 / 3.0));
    CHECK(shifted.single->low == shifted.single->high);
}

TEST_CASE("ICC from variance components equals the one of mean squares on complete data") {
    ocop::severity_options how;
    how.restricted = true;
    const ocop::severity_estimate model = ocop::estimate_severity(six_targets(), how);
    const auto found = ocop::icc_of(model, 4);
    REQUIRE(found.state == measured::yes);
    CHECK(*found.single == doctest::Approx(icc(six_targets()).single->value).epsilon(1e-7));
    CHECK(*found.average == doctest::Approx(icc(six_targets()).average->value).epsilon(1e-7));
    CHECK(ocop::icc_of(ocop::severity_estimate{}, 4).state == measured::not_estimated);
}

TEST_CASE("drift: the limits of agreement of Bland and Altman 1986") {
    ocop::drift_options how;
    how.limit_width = 2.0;  // as the paper took
    const auto found = ocop::drift(peak_flow(), how);
    REQUIRE(found.state == measured::yes);
    CHECK(printed(found.difference.value, 1) == doctest::Approx(-2.1));
    CHECK(printed(found.sd, 1) == doctest::Approx(38.8));
    // The paper computes on with rounded values, so its limits may be off by 0.1 or 0.2.
    CHECK(std::abs(found.lower_limit.value - -79.7) < 0.15);
    CHECK(std::abs(found.upper_limit.value - 75.5) < 0.15);
    CHECK(std::abs(found.difference.low - -22.0) < 0.15);
    CHECK(std::abs(found.difference.high - 17.8) < 0.15);
    CHECK(std::abs(found.lower_limit.low - -114.3) < 0.25);
    CHECK(std::abs(found.lower_limit.high - -45.1) < 0.25);
    CHECK(std::abs(found.upper_limit.low - 40.9) < 0.25);
    CHECK(std::abs(found.upper_limit.high - 110.1) < 0.25);
}

TEST_CASE("drift: Student's sleep data, paired") {
    // Student 1908 (Biometrika 6), as R's documentation of t.test and `sleep` prints them:
    // t = 4.0621, df = 9, p = 0.002833, interval 0.7001142 to 2.4598858, mean difference 1.58.
    const std::vector<double> first{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    const std::vector<double> second{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    std::vector<paired_score> pairs;
    for (std::uint32_t i = 0; i < 10; ++i) pairs.push_back({i, first[i], second[i]});
    ocop::drift_options how;
    how.exact_up_to = 0;
    const auto found = ocop::drift(pairs, how);
    CHECK(printed(found.difference.value, 2) == doctest::Approx(1.58));
    CHECK(printed(found.difference.low, 7) == doctest::Approx(0.7001142).epsilon(1e-9));
    CHECK(printed(found.difference.high, 7) == doctest::Approx(2.4598858).epsilon(1e-9));
    CHECK(printed(found.t_p, 6) == doctest::Approx(0.002833).epsilon(1e-9));
    CHECK(found.rises == 9);
    CHECK(found.falls == 0);
    CHECK(found.sign_p == doctest::Approx(2.0 / 512.0).epsilon(1e-12));
    // R: wilcox.test(..., paired = TRUE, exact = FALSE): V = 45, p = 0.009091.
    CHECK(found.wilcoxon_v == 45.0);
    CHECK_FALSE(found.wilcoxon_exact);
    CHECK(printed(found.wilcoxon_p, 6) == doctest::Approx(0.009091).epsilon(1e-9));
    CHECK(found.difference.value == doctest::Approx(found.second_mean - found.first_mean));
}

TEST_CASE("drift: Wilcoxon's test on the depression data of Hollander and Wolfe 1973") {
    // Page 29 f. there; the documentation of wilcox.test in R: V = 40, one-sided p = 0.01953.
    const std::vector<double> x{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    const std::vector<double> y{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    std::vector<paired_score> pairs;
    for (std::uint32_t i = 0; i < 9; ++i) pairs.push_back({i, y[i], x[i]});
    const auto found = ocop::drift(pairs);
    CHECK(found.wilcoxon_v == 40.0);
    CHECK(found.wilcoxon_exact);
    CHECK(printed(0.5 * found.wilcoxon_p, 5) == doctest::Approx(0.01953).epsilon(1e-9));
    CHECK(printed(found.sign_p, 4) ==
          doctest::Approx(0.1797).epsilon(1e-9));  // R: binom.test(7, 9)
}

TEST_CASE("drift: the exact signed-rank test equals the count over all signs") {
    draws draw{7};
    for (int round = 0; round < 60; ++round) {
        const std::uint32_t n = 2 + draw.below(10);
        std::vector<paired_score> pairs;
        for (std::uint32_t i = 0; i < n; ++i)
            pairs.push_back({i, 50.0, 50.0 + draw.below(9) - 4.0});
        const auto found = ocop::drift(pairs);
        std::vector<double> sizes;
        std::vector<int> signs;
        for (const auto& p : pairs) {
            if (p.first == p.second) continue;
            sizes.push_back(std::abs(p.second - p.first));
            signs.push_back(p.second > p.first ? 1 : 0);
        }
        if (sizes.empty()) {
            CHECK(found.wilcoxon_p == 1.0);
            CHECK(found.sign_p == 1.0);
            continue;
        }
        std::vector<double> ranks;
        for (double s : sizes) {
            double rank = 0.5;
            for (double o : sizes) rank += o < s ? 1.0 : o == s ? 0.5 : 0.0;
            ranks.push_back(rank);
        }
        double v = 0.0;
        for (std::size_t i = 0; i < ranks.size(); ++i) v += signs[i] * ranks[i];
        double below = 0.0;
        double above = 0.0;
        const std::size_t all = std::size_t{1} << ranks.size();
        for (std::size_t mask = 0; mask < all; ++mask) {
            double w = 0.0;
            for (std::size_t i = 0; i < ranks.size(); ++i)
                if ((mask >> i) & 1U) w += ranks[i];
            below += w <= v + 1e-9 ? 1.0 : 0.0;
            above += w >= v - 1e-9 ? 1.0 : 0.0;
        }
        const double exact = std::min(1.0, 2.0 * std::min(below, above) / static_cast<double>(all));
        CHECK(found.wilcoxon_v == doctest::Approx(v));
        CHECK(found.wilcoxon_p == doctest::Approx(exact).epsilon(1e-10));
    }
}

TEST_CASE("drift pairs the products that both levels scored, and says when there are too few") {
    const rating_table district = by_members({{70, 80, none, 50}, {74, none, 60, none}});
    const rating_table province = by_members({{66, none, 61, 55, 90}});
    const auto pairs = ocop::pair_levels(district, province);
    REQUIRE(pairs.size() == 3);
    CHECK(pairs[0] == paired_score{0, 72.0, 66.0});
    CHECK(pairs[1] == paired_score{2, 60.0, 61.0});
    CHECK(pairs[2] == paired_score{3, 50.0, 55.0});
    const auto found = ocop::drift(pairs);
    CHECK(found.units == 3);
    CHECK(found.difference.value == doctest::Approx(0.0));
    CHECK(found.agreement.units == 3);
    CHECK(ocop::drift(std::span(pairs).first(1)).state == measured::no_pairs);
    // Every product one point lower: no doubt left.
    const std::vector<paired_score> lower{{0, 70, 69}, {1, 80, 79}, {2, 60, 59}};
    const auto sure = ocop::drift(lower);
    CHECK(sure.sd == 0.0);
    CHECK(sure.t_p == 0.0);
    CHECK(sure.difference.low == -1.0);
    CHECK(sure.difference.high == -1.0);
    CHECK(sure.wilcoxon_p == doctest::Approx(0.25));
}

TEST_CASE("distributions equal R's qf, qt, pbeta, pbinom") {
    using namespace ocop::detail;
    CHECK(f_quantile(0.975, 5.0, 4.78523) == doctest::Approx(7.498476159429).epsilon(1e-11));
    CHECK(f_quantile(0.975, 4.785, 5.0) == doctest::Approx(7.190768047291).epsilon(1e-11));
    CHECK(f_quantile(0.9, 1.0, 1.0) == doctest::Approx(39.863458189061).epsilon(1e-11));
    CHECK(t_quantile(0.975, 16.0) == doctest::Approx(2.119905299221).epsilon(1e-11));
    CHECK(t_quantile(0.995, 1.0) == doctest::Approx(63.656741162872).epsilon(1e-11));
    CHECK(t_quantile(0.005, 1.0) == doctest::Approx(-63.656741162872).epsilon(1e-11));
    CHECK(incomplete_beta(2.5, 7.25, 0.3) == doctest::Approx(0.660482273582).epsilon(1e-11));
    CHECK(incomplete_beta(50.0, 0.5, 0.999) == doctest::Approx(0.752369019965).epsilon(1e-11));
    CHECK(fair_coin_at_most(12.0, 40.0) == doctest::Approx(0.008294501687).epsilon(1e-9));
    CHECK(fair_coin_at_most(40.0, 40.0) == 1.0);
}

TEST_CASE("a total far from the colleagues is found, and nothing else") {
    // Seven members, each product with its own level and small steps; one sheet is 25 too low.
    std::vector<rating> list;
    for (std::uint32_t u = 0; u < 12; ++u)
        for (std::uint32_t m = 0; m < 7; ++m)
            list.push_back(
                {u, m, 60.0 + 2.0 * u + (u * 3 + m * 5) % 4 - (u == 5 && m == 3 ? 25 : 0)});
    const auto found = ocop::outlying_totals(rating_table(list));
    REQUIRE(found.size() == 2);
    for (const outlier& one : found) {
        CHECK(one.unit == 5);
        CHECK(one.member == 3);
        CHECK(one.score < -3.5);
        CHECK(one.value - one.expected < -20.0);
    }
    CHECK(found[0].reason == outlier_reason::far_from_colleagues);
    CHECK(found[1].reason == outlier_reason::unlike_own_habit);
}

TEST_CASE("a harsh member is far from colleagues but true to habit") {
    std::vector<rating> list;
    for (std::uint32_t u = 0; u < 10; ++u)
        for (std::uint32_t m = 0; m < 7; ++m)
            list.push_back({u, m, 70.0 + u + (u + 2 * m) % 3 - (m == 6 ? 15 : 0)});
    const auto found = ocop::outlying_totals(rating_table(list));
    REQUIRE(found.size() == 10);
    for (const outlier& one : found) {
        CHECK(one.member == 6);
        CHECK(one.reason == outlier_reason::far_from_colleagues);
    }
    // Two members are no council: whose sheet stands out cannot be told.
    CHECK(ocop::outlying_totals(by_members({{70, 70, 70}, {20, 70, 70}})).empty());
}

TEST_CASE("outlying totals do not depend on the order of ratings") {
    draws draw{99};
    std::vector<rating> list;
    for (std::uint32_t u = 0; u < 30; ++u)
        for (std::uint32_t m = 0; m < 5; ++m)
            list.push_back({u, m, 40.0 + draw.below(10) + (draw.below(20) == 0 ? 30.0 : 0.0)});
    const auto found = ocop::outlying_totals(rating_table(list));
    CHECK_FALSE(found.empty());
    std::reverse(list.begin(), list.end());
    CHECK(ocop::outlying_totals(rating_table(list)) == found);
}

TEST_CASE("straight lines, the other end and odd patterns") {
    std::vector<facet_rating> list;
    const std::uint32_t criteria = 10;
    for (std::uint32_t u = 0; u < 8; ++u)
        for (std::uint32_t m = 0; m < 5; ++m)
            for (std::uint32_t c = 0; c < criteria; ++c) {
                std::int32_t option = static_cast<std::int32_t>((u + c) % 4) + 1;
                if (option < 4 && (u * 7 + m * 3 + c) % 6 == 0) ++option;
                if (u == 2 && m == 1) option = 3;                    // a straight line
                if (u == 6 && m == 4) option = option <= 2 ? 4 : 1;  // an odd pattern
                if (u == 4 && c == 3) option = m == 0 ? 1 : 4;       // alone at the other end
                list.push_back({u, m, c, option});
            }
    const std::vector<std::uint32_t> options(criteria, 4);
    const auto found = ocop::outlying_patterns(list, options);
    const auto has = [&](std::uint32_t u, std::uint32_t m, outlier_reason why) {
        return std::any_of(found.begin(), found.end(), [&](const outlier& one) {
            return one.unit == u && one.member == m && one.reason == why;
        });
    };
    CHECK(has(2, 1, outlier_reason::straight_line));
    CHECK(has(6, 4, outlier_reason::unlike_pattern));
    CHECK(has(4, 0, outlier_reason::alone_at_other_end));
    for (const outlier& one : found) {
        // Nobody but these three sheets.
        const bool planted = (one.unit == 2 && one.member == 1) ||
                             (one.unit == 6 && one.member == 4) ||
                             (one.unit == 4 && one.member == 0);
        CHECK(planted);
        if (one.reason == outlier_reason::alone_at_other_end && one.unit == 4) {
            CHECK(one.criterion == 3U);
            CHECK(one.value == 1.0);
            CHECK(one.expected == 4.0);
        }
    }
    std::vector<facet_rating> turned(list.rbegin(), list.rend());
    CHECK(ocop::outlying_patterns(turned, options) == found);
}

TEST_CASE("a straight line that a colleague shares is no outlier") {
    std::vector<facet_rating> list;
    for (std::uint32_t m = 0; m < 4; ++m)
        for (std::uint32_t c = 0; c < 6; ++c)
            list.push_back({0, m, c, m < 2 ? 3 : static_cast<std::int32_t>(c % 3) + 1});
    const std::vector<std::uint32_t> options(6, 3);
    CHECK(ocop::outlying_patterns(list, options).empty());
    for (facet_rating& one : list)
        if (one.member == 1 && one.criterion == 0) one.category = 2;
    const auto found = ocop::outlying_patterns(list, options);
    REQUIRE(found.size() == 1);
    CHECK(found[0].member == 0);
    CHECK(found[0].reason == outlier_reason::straight_line);
    CHECK(found[0].value == 3.0);
}

TEST_CASE("a criterion of two options has no other end") {
    std::vector<facet_rating> list;
    for (std::uint32_t m = 0; m < 5; ++m) list.push_back({0, m, 0, m == 0 ? 1 : 2});
    CHECK(ocop::outlying_patterns(list, std::vector<std::uint32_t>{2}).empty());
    for (facet_rating& one : list)
        if (one.category == 2) one.category = 3;
    const auto found = ocop::outlying_patterns(list, std::vector<std::uint32_t>{3});
    REQUIRE(found.size() == 1);
    CHECK(found[0].member == 0);
    CHECK(found[0].reason == outlier_reason::alone_at_other_end);
}

TEST_CASE("a table refuses what is no rating, with every place") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    ocop::problems found;
    const std::vector<rating> wrong{
        {0, 0, 1.0}, {0, 1, nan}, {1, 0, infinity}, {rating_table::index_limit, 0, 2.0}};
    CHECK_FALSE(rating_table::try_make(wrong, found));
    REQUIRE(found.size() == 3);
    CHECK(found[0].code == ocop::problem_code::bad_number);
    CHECK(found[0].where.pointer == "/ratings/1");
    CHECK(found[1].where.pointer == "/ratings/2");
    CHECK(found[1].value == "inf");
    CHECK(found[2].code == ocop::problem_code::too_many);
    CHECK(found[2].value == std::to_string(rating_table::index_limit));
    const std::vector<rating> twice{{3, 2, 1.0}, {0, 1, 5.0}, {3, 2, 4.0}};
    try {
        rating_table made(twice);
        FAIL("a second rating was taken");
    } catch (const ocop::error& e) {
        REQUIRE(e.list().size() == 1);
        CHECK(e.list()[0].code == ocop::problem_code::second_answer);
        CHECK(e.list()[0].where.pointer == "/ratings/2");
        CHECK_FALSE(e.list()[0].message.vi.empty());
    }
}

TEST_CASE("a table sorts by unit and member and keeps gaps") {
    const std::vector<rating> list{{4, 7, 1.0}, {0, 3, 2.0}, {4, 0, 3.0}, {0, 1, 4.0}};
    const rating_table table(list);
    CHECK(table.units() == 5);
    CHECK(table.members() == 8);
    CHECK(table.size() == 4);
    CHECK(table.row(1).members.empty());
    const auto row = table.row(4);
    REQUIRE(row.members.size() == 2);
    CHECK(row.members[0] == 0);
    CHECK(row.values[0] == 3.0);
    CHECK(row.members[1] == 7);
    CHECK(rating_table(std::vector<rating>(list.rbegin(), list.rend())) == table);
}
