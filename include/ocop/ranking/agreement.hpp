/// \file agreement.hpp
/// How far members of a council agree: Krippendorff's alpha, intraclass correlations, drift between
/// two levels that scored the same products, and sheets far from those of the colleagues.
///
/// Statistics in floating point: nothing here decides a star. Not included by <ocop/ocop.hpp>.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/names.hpp"
#include "ocop/ranking/distributions.hpp"
#include "ocop/ranking/rating_table.hpp"
#include "ocop/ranking/severity.hpp"

namespace ocop {

/// Why a statistic has no value.
enum class measured {
    yes,              ///< it has one
    no_pairs,         ///< no unit has two ratings, or there are too few complete units or members
    no_variation,     ///< all ratings are equal: there is nothing to agree on
    negative_values,  ///< the ratio metric needs ratings from 0
    not_estimated     ///< the model behind it could not be estimated
};

template <>
struct names<measured> {
    static constexpr std::array<std::string_view, 5> all{"yes", "no_pairs", "no_variation",
                                                         "negative_values", "not_estimated"};
};

template <>
struct terms<measured> {
    static constexpr std::array<term, 5> all{{
        {"có giá trị", "measured"},
        {"không đủ điểm chấm chung để so sánh", "too few shared ratings to compare"},
        {"mọi điểm chấm bằng nhau", "all ratings are equal"},
        {"có điểm âm", "there are negative ratings"},
        {"không ước lượng được mô hình", "the model could not be estimated"},
    }};
};

// Krippendorff's alpha

/// How far apart two ratings are (Krippendorff's difference functions).
enum class alpha_metric {
    nominal,   ///< 0 where equal, else 1
    ordinal,   ///< by ranks among all ratings
    interval,  ///< squared difference
    ratio      ///< squared difference over the sum
};

template <>
struct names<alpha_metric> {
    static constexpr std::array<std::string_view, 4> all{"nominal", "ordinal", "interval", "ratio"};
};

/// Krippendorff's alpha with what it was computed from.
struct alpha_result {
    measured state = measured::no_pairs;
    std::optional<double> value;  ///< 1 is perfect, 0 is chance; nothing unless state is yes
    std::size_t units = 0;        ///< with two ratings or more: the others say nothing
    std::size_t ratings = 0;      ///< of these units
    double observed = 0.0;        ///< mean disagreement within units
    double expected = 0.0;        ///< mean disagreement of all ratings

    friend bool operator==(const alpha_result&, const alpha_result&) = default;
};

namespace detail {

/// Alpha by squared differences, for \p value of each rating: O(1) a rating.
template <class Value>
[[nodiscard]] alpha_result squared_alpha(const rating_table& table, const Value& value) {
    alpha_result out;
    double sum = 0.0;
    double n = 0.0;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.size() < 2) continue;
        ++out.units;
        out.ratings += row.values.size();
        for (double v : row.values) sum += value(v);
    }
    if (out.units == 0) return out;
    n = static_cast<double>(out.ratings);
    const double centre = sum / n;  // differences do not change, digits are kept
    double within = 0.0;
    double all = 0.0;
    double rest = 0.0;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.size() < 2) continue;
        const auto m = static_cast<double>(row.values.size());
        double own = 0.0;
        for (double v : row.values) own += value(v) - centre;
        const double mean = own / m;
        double spread = 0.0;
        for (double v : row.values) {
            const double from_mean = value(v) - centre - mean;
            const double from_centre = value(v) - centre;
            spread += from_mean * from_mean;
            all += from_centre * from_centre;
        }
        rest += own;
        within += 2.0 * m * spread / (m - 1.0);
    }
    out.observed = within / n;
    out.expected = 2.0 * (all - rest * rest / n) / (n - 1.0);
    return out;
}

}  // namespace detail

/// Krippendorff's alpha of \p table: 1 - observed / expected disagreement. Missing ratings are
/// allowed; units with one rating are left out. O(n log n) for n ratings; the ratio metric O(n m +
/// d^2) for m ratings of a unit and d different values.
///
/// Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
[[nodiscard]] inline alpha_result krippendorff_alpha(const rating_table& table,
                                                     alpha_metric metric) {
    std::vector<double> pooled;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.size() < 2) continue;
        pooled.insert(pooled.end(), row.values.begin(), row.values.end());
    }
    alpha_result out;
    if (pooled.empty()) return out;
    std::sort(pooled.begin(), pooled.end());
    std::vector<double> distinct;
    std::vector<double> counts;
    for (double v : pooled) {
        if (distinct.empty() || distinct.back() != v) {
            distinct.push_back(v);
            counts.push_back(0.0);
        }
        counts.back() += 1.0;
    }
    const auto place = [&](double v) {
        return static_cast<std::size_t>(std::lower_bound(distinct.begin(), distinct.end(), v) -
                                        distinct.begin());
    };
    const auto n = static_cast<double>(pooled.size());
    if (metric == alpha_metric::interval) {
        out = detail::squared_alpha(table, [](double v) { return v; });
    } else if (metric == alpha_metric::ordinal) {
        // Krippendorff's ordinal difference is the squared difference of mean ranks.
        std::vector<double> rank(distinct.size());
        double below = 0.0;
        for (std::size_t i = 0; i < distinct.size(); ++i) {
            rank[i] = below + 0.5 * counts[i];
            below += counts[i];
        }
        out = detail::squared_alpha(table, [&](double v) { return rank[place(v)]; });
    } else {
        const bool ratio = metric == alpha_metric::ratio;
        const auto apart = [ratio](double a, double b) {
            if (a == b) return 0.0;
            if (!ratio) return 1.0;
            const double share = (a - b) / (a + b);
            return share * share;
        };
        out.ratings = pooled.size();
        if (ratio && pooled.front() < 0.0) {
            out.state = measured::negative_values;
            return out;
        }
        std::vector<double> of_unit(distinct.size(), 0.0);
        for (std::size_t u = 0; u < table.units(); ++u) {
            const auto row = table.row(u);
            if (row.values.size() < 2) continue;
            ++out.units;
            const auto m = static_cast<double>(row.values.size());
            double sum = 0.0;
            if (ratio) {
                for (std::size_t i = 0; i < row.values.size(); ++i)
                    for (std::size_t j = 0; j < i; ++j)
                        sum += 2.0 * apart(row.values[i], row.values[j]);
            } else {
                // Ordered pairs of unequal ratings: all pairs less those of equal ratings.
                sum = m * m;
                for (double v : row.values) of_unit[place(v)] += 1.0;
                for (double v : row.values) {
                    double& c = of_unit[place(v)];
                    sum -= c * c;
                    c = 0.0;
                }
            }
            out.observed += sum / (m - 1.0);
        }
        out.observed /= n;
        if (ratio) {
            for (std::size_t i = 0; i < distinct.size(); ++i)
                for (std::size_t j = 0; j < i; ++j)
                    out.expected += 2.0 * counts[i] * counts[j] * apart(distinct[i], distinct[j]);
        } else {
            out.expected = n * n;
            for (double c : counts) out.expected -= c * c;
        }
        out.expected /= n * (n - 1.0);
    }
    if (distinct.size() < 2) {
        out.state = measured::no_variation;
        return out;
    }
    out.state = measured::yes;
    out.value = 1.0 - out.observed / out.expected;
    return out;
}

// Intraclass correlations

/// An estimate with its confidence interval.
struct estimate {
    double value = 0.0;
    double low = 0.0;
    double high = 0.0;

    friend bool operator==(const estimate&, const estimate&) = default;
};

/// ICC(2,1) and ICC(2,k): two-way random effects, absolute agreement, of one member and of the mean
/// of all members.
struct icc_result {
    measured state = measured::no_pairs;
    std::optional<estimate> single;  ///< ICC(2,1)
    /// ICC(2,k); nothing where products differ too little for it. Bounds that the data do not give
    /// are infinite, also those of ICC(2,1).
    std::optional<estimate> average;
    std::size_t units = 0;       ///< complete units used
    std::size_t incomplete = 0;  ///< units left out since a member did not rate them
    std::size_t members = 0;
    double between_units = 0.0;    ///< mean squares: of units,
    double between_members = 0.0;  ///< of members
    double rest = 0.0;             ///< and of the rest

    friend bool operator==(const icc_result&, const icc_result&) = default;
};

/// ICC(2,1) and ICC(2,k) of the units that every member of \p table rated (members without any
/// rating do not count), with intervals of the given \p confidence by the F distribution. Where many
/// units are incomplete, icc_of(estimate_severity(table)) uses all ratings. O(ratings).
///
/// Sources: Shrout and Fleiss 1979 (Psychological Bulletin 86(2)); the interval is theirs, with
/// Satterthwaite's approximate degrees of freedom; McGraw and Wong 1996.
[[nodiscard]] inline icc_result icc(const rating_table& table, double confidence = 0.95) {
    icc_result out;
    std::vector<char> rates(table.members(), 0);
    for (std::size_t u = 0; u < table.units(); ++u)
        for (std::uint32_t m : table.row(u).members) rates[m] = 1;
    for (char one : rates)
        if (one != 0) ++out.members;
    std::vector<double> member_sum(table.members(), 0.0);
    double sum = 0.0;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.empty()) continue;
        if (row.values.size() != out.members) {
            ++out.incomplete;
            continue;
        }
        ++out.units;
        for (double v : row.values) sum += v;
    }
    if (out.units < 2 || out.members < 2) return out;
    const auto n = static_cast<double>(out.units);
    const auto k = static_cast<double>(out.members);
    const double grand = sum / (n * k);
    double units_square = 0.0;
    double all_square = 0.0;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.empty() || row.values.size() != out.members) continue;
        double own = 0.0;
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const double v = row.values[i] - grand;
            own += v;
            all_square += v * v;
            member_sum[row.members[i]] += v;
        }
        units_square += own * own / k;
    }
    double members_square = 0.0;
    for (double one : member_sum) members_square += one * one / n;
    double rest_square = all_square - units_square - members_square;
    if (rest_square < 1e-13 * all_square) rest_square = 0.0;  // rounding
    const double b = out.between_units = units_square / (n - 1.0);
    const double j = out.between_members = members_square / (k - 1.0);
    const double e = out.rest = rest_square / ((n - 1.0) * (k - 1.0));
    if (!(all_square > 0.0)) {
        out.state = measured::no_variation;
        return out;
    }
    out.state = measured::yes;
    estimate one;
    one.value = (b - e) / (b + (k - 1.0) * e + k * (j - e) / n);
    estimate mean;
    mean.value = (b - e) / (b + (j - e) / n);
    if (e == 0.0) {
        // Members differ by constants at most: F is infinite and the interval a point.
        one.low = one.high = one.value;
        mean.low = mean.high = mean.value;
    } else {
        const double fj = j / e;
        const double rho = one.value;
        const double other = n * (1.0 + (k - 1.0) * rho) - k * rho;
        const double top = k * rho * fj + other;
        const double v = (k - 1.0) * (n - 1.0) * top * top /
                         ((n - 1.0) * k * k * rho * rho * fj * fj + other * other);
        constexpr double endless = std::numeric_limits<double>::infinity();
        if (v > 1e-9) {
            const double tail = 0.5 + 0.5 * confidence;
            const double upper_f = detail::f_quantile(tail, n - 1.0, v);
            const double lower_f = detail::f_quantile(tail, v, n - 1.0);
            const double common = k * j + (k * n - k - n) * e;
            one.low = n * (b - upper_f * e) / (upper_f * common + n * b);
            one.high = n * (lower_f * b - e) / (common + n * lower_f * b);
            mean.low = k * one.low / (1.0 + (k - 1.0) * one.low);
            mean.high = k * one.high / (1.0 + (k - 1.0) * one.high);
        } else {  // no degrees of freedom, no interval
            one.low = mean.low = -endless;
            one.high = mean.high = endless;
        }
    }
    out.single = one;
    // At -1 / (k - 1) the variance of a mean is 0: from there on down it has no ICC, or no lower
    // bound of one.
    constexpr double least = 1e-9;
    if (!(1.0 + (k - 1.0) * one.low > least)) mean.low = -std::numeric_limits<double>::infinity();
    if (1.0 + (k - 1.0) * one.value > least) out.average = mean;
    return out;
}

/// The same two correlations from the variance components of all ratings, missing ones allowed.
struct component_icc {
    measured state = measured::not_estimated;
    std::optional<double> single;   ///< of one rating
    std::optional<double> average;  ///< of the mean of \p members ratings

    friend bool operator==(const component_icc&, const component_icc&) = default;
};

/// ICC(2,1) and ICC(2,k) of councils of \p members: the share of the variance of one rating, or of
/// their mean, that lies between products. Estimate with severity_options::restricted to come near
/// icc() on complete data. No interval.
[[nodiscard]] inline component_icc icc_of(const severity_estimate& model, std::uint32_t members) {
    component_icc out;
    const double unit = model.unit_sd * model.unit_sd;
    const double error = model.member_sd * model.member_sd + model.noise_sd * model.noise_sd;
    if (!model.estimated || members == 0 || !(unit + error > 0.0)) return out;
    out.state = measured::yes;
    out.single = unit / (unit + error);
    out.average = unit / (unit + error / members);
    return out;
}

// Drift between two levels

/// One product as two levels scored it: the means of two councils, or their sums at a criterion.
struct paired_score {
    std::uint32_t unit = 0;
    double first = 0.0;   ///< of the lower level, such as the district
    double second = 0.0;  ///< of the higher level, such as the province

    friend bool operator==(const paired_score&, const paired_score&) = default;
};

/// The mean ratings of the units that both tables rated, in the order of the units.
[[nodiscard]] inline std::vector<paired_score> pair_levels(const rating_table& first,
                                                           const rating_table& second) {
    const auto mean = [](std::span<const double> values) {
        double sum = 0.0;
        for (double v : values) sum += v;
        return sum / static_cast<double>(values.size());
    };
    std::vector<paired_score> pairs;
    const std::size_t units = std::min(first.units(), second.units());
    for (std::size_t u = 0; u < units; ++u) {
        const auto a = first.row(u).values;
        const auto b = second.row(u).values;
        if (!a.empty() && !b.empty())
            pairs.push_back({static_cast<std::uint32_t>(u), mean(a), mean(b)});
    }
    return pairs;
}

/// How drift() computes.
struct drift_options {
    double confidence = 0.95;
    /// Standard deviations from the mean difference to the limits of agreement. 1.96 holds 95 % of
    /// normal differences; Bland and Altman's paper of 1986 took 2.
    double limit_width = 1.96;
    /// Wilcoxon's test is exact for up to this many differences that are not 0.
    std::size_t exact_up_to = 100;

    friend bool operator==(const drift_options&, const drift_options&) = default;
};

/// What lies between two levels. Differences are second less first: above 0, the second level gives
/// more points.
struct drift_result {
    measured state = measured::no_pairs;  ///< no_pairs with fewer than 2 products
    std::size_t units = 0;
    double first_mean = 0.0;
    double second_mean = 0.0;
    estimate difference;   ///< mean difference, with its t interval
    double sd = 0.0;       ///< of the differences
    estimate lower_limit;  ///< limits of agreement (Bland and Altman), with their intervals
    estimate upper_limit;
    double t_p = 1.0;       ///< two-sided p of the paired t test; 0 where all differences are equal
    std::size_t rises = 0;  ///< products that the second level gave more
    std::size_t falls = 0;  ///< and less
    double sign_p = 1.0;    ///< two-sided p of the sign test, exact
    double wilcoxon_v = 0.0;  ///< sum of the ranks of the rises, equal ones sharing a mean rank
    double wilcoxon_p = 1.0;  ///< two-sided p of Wilcoxon's signed-rank test
    bool wilcoxon_exact = true;
    icc_result agreement;  ///< between the two levels, as two members

    friend bool operator==(const drift_result&, const drift_result&) = default;
};

namespace detail {

/// The two-sided p of the sum \p twice_v of doubled ranks: exact over all signs, by counting sums.
[[nodiscard]] inline double exact_signed_rank(const std::vector<std::uint32_t>& doubled_ranks,
                                              std::uint64_t twice_v) {
    std::uint64_t most = 0;
    for (std::uint32_t r : doubled_ranks) most += r;
    std::vector<double> chance(static_cast<std::size_t>(most) + 1, 0.0);
    chance[0] = 1.0;
    std::size_t reach = 0;
    for (std::uint32_t r : doubled_ranks) {
        for (std::size_t s = reach + 1; s-- > 0;) {
            chance[s] *= 0.5;
            chance[s + r] += chance[s];
        }
        reach += r;
    }
    double below = 0.0;
    double above = 0.0;
    for (std::size_t s = 0; s <= twice_v; ++s) below += chance[s];
    for (std::size_t s = static_cast<std::size_t>(twice_v); s <= most; ++s) above += chance[s];
    return std::min(1.0, 2.0 * std::min(below, above));
}

}  // namespace detail

/// Compares two levels on the products that both scored: mean difference, limits of agreement, tests
/// and correlation. Call it per criterion with the pairs of that criterion. O(n log n); the exact
/// test O(n^3) for n up to options.exact_up_to.
///
/// Sources: Bland and Altman 1986 (Lancet 327); Wilcoxon 1945, with zeros left out; ties get mean
/// ranks, and the exact test counts over these ranks. The approximation has the tie and the
/// continuity correction.
[[nodiscard]] inline drift_result drift(std::span<const paired_score> pairs,
                                        const drift_options& how = {}) {
    drift_result out;
    out.units = pairs.size();
    if (pairs.size() < 2) return out;
    const auto n = static_cast<double>(pairs.size());
    for (const paired_score& p : pairs) {
        out.first_mean += p.first;
        out.second_mean += p.second;
        out.difference.value += p.second - p.first;
    }
    out.first_mean /= n;
    out.second_mean /= n;
    out.difference.value /= n;
    double squares = 0.0;
    for (const paired_score& p : pairs) {
        const double d = p.second - p.first - out.difference.value;
        squares += d * d;
    }
    out.state = measured::yes;
    out.sd = std::sqrt(squares / (n - 1.0));
    const double t = detail::t_quantile(0.5 + 0.5 * how.confidence, n - 1.0);
    const auto around = [t](double value, double error) {
        return estimate{value, value - t * error, value + t * error};
    };
    const double error = out.sd / std::sqrt(n);
    out.difference = around(out.difference.value, error);
    // The variance of a limit is about 3 s^2 / n (Bland and Altman 1986).
    const double limit_error = out.sd * std::sqrt(3.0 / n);
    out.lower_limit = around(out.difference.value - how.limit_width * out.sd, limit_error);
    out.upper_limit = around(out.difference.value + how.limit_width * out.sd, limit_error);
    if (error > 0.0)
        out.t_p = detail::t_two_sided(out.difference.value / error, n - 1.0);
    else
        out.t_p = out.difference.value == 0.0 ? 1.0 : 0.0;

    struct sized {
        double size;
        bool rise;
    };
    std::vector<sized> moves;
    for (const paired_score& p : pairs) {
        const double d = p.second - p.first;
        if (d == 0.0) continue;
        moves.push_back({std::abs(d), d > 0.0});
        ++(d > 0.0 ? out.rises : out.falls);
    }
    const auto moved = static_cast<double>(moves.size());
    if (!moves.empty()) {
        const auto fewer = static_cast<double>(std::min(out.rises, out.falls));
        out.sign_p = std::min(1.0, 2.0 * detail::fair_coin_at_most(fewer, moved));
    }
    std::sort(moves.begin(), moves.end(),
              [](const sized& a, const sized& b) { return a.size < b.size; });
    std::vector<std::uint32_t> doubled(moves.size(), 0);
    std::uint64_t twice_v = 0;
    double ties = 0.0;
    for (std::size_t i = 0; i < moves.size();) {
        std::size_t end = i + 1;
        while (end < moves.size() && moves[end].size == moves[i].size) ++end;
        for (std::size_t k = i; k < end; ++k) {
            doubled[k] = static_cast<std::uint32_t>(i + 1 + end);
            if (moves[k].rise) twice_v += doubled[k];
        }
        const auto tied = static_cast<double>(end - i);
        ties += tied * tied * tied - tied;
        i = end;
    }
    out.wilcoxon_v = 0.5 * static_cast<double>(twice_v);
    out.wilcoxon_exact = moves.size() <= how.exact_up_to;
    if (!moves.empty() && out.wilcoxon_exact) {
        out.wilcoxon_p = detail::exact_signed_rank(doubled, twice_v);
    } else if (!moves.empty()) {
        const double middle = moved * (moved + 1.0) / 4.0;
        const double variance = moved * (moved + 1.0) * (2.0 * moved + 1.0) / 24.0 - ties / 48.0;
        const double away = std::max(0.0, std::abs(out.wilcoxon_v - middle) - 0.5);
        out.wilcoxon_p = detail::normal_two_sided(away / std::sqrt(variance));
    }

    std::vector<rating> as_members;
    as_members.reserve(2 * pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        as_members.push_back({static_cast<std::uint32_t>(i), 0, pairs[i].first});
        as_members.push_back({static_cast<std::uint32_t>(i), 1, pairs[i].second});
    }
    problems ignored;
    if (const auto table = rating_table::try_make(as_members, ignored))
        out.agreement = icc(*table, how.confidence);
    else
        out.state = measured::not_estimated;
    return out;
}

// Outlying sheets

/// What makes a sheet stand out.
enum class outlier_reason {
    far_from_colleagues,  ///< the total is far from the colleagues' median
    unlike_own_habit,     ///< it is, even after what this member usually gives more or less
    unlike_pattern,       ///< the answers, criterion by criterion, are far from the colleagues'
    straight_line,        ///< the same answer everywhere, which no colleague gave
    alone_at_other_end    ///< at one criterion alone at one end, all colleagues at the other
};

template <>
struct names<outlier_reason> {
    static constexpr std::array<std::string_view, 5> all{"far_from_colleagues", "unlike_own_habit",
                                                         "unlike_pattern", "straight_line",
                                                         "alone_at_other_end"};
};

template <>
struct terms<outlier_reason> {
    static constexpr std::array<term, 5> all{{
        {"tổng điểm cách xa các thành viên khác", "total far from the colleagues'"},
        {"tổng điểm khác thường so với chính thành viên này",
         "total unlike the member's own habit"},
        {"cách chọn mức khác xa các thành viên khác", "answers unlike the colleagues'"},
        {"chọn cùng một mức ở mọi tiêu chí", "the same answer at every criterion"},
        {"một mình ở đầu thang điểm đối diện", "alone at the other end of a criterion"},
    }};
};

/// A sheet that stands out, with the numbers behind the reason.
struct outlier {
    std::uint32_t unit = 0;
    std::uint32_t member = 0;
    outlier_reason reason{};
    /// The criterion of alone_at_other_end.
    std::optional<std::uint32_t> criterion;
    double value = 0.0;     ///< total, distance of the pattern, or answer
    double expected = 0.0;  ///< the colleagues' median, the usual distance, or their answer
    double score = 0.0;     ///< deviation in robust standard deviations; 0 for the last two reasons

    friend bool operator==(const outlier&, const outlier&) = default;
};

/// When a sheet stands out.
struct outlier_options {
    /// Robust standard deviations from the usual: 3.5 as in Iglewicz and Hoaglin 1993.
    double limit = 3.5;
    /// A robust standard deviation is not taken below this many points: where nearly all agree,
    /// one point is no scandal.
    double least_points = 1.0;
    /// The same for the distance of a pattern, in shares of a criterion's scale.
    double least_distance = 0.03;
    /// A member's habit counts from this many ratings.
    std::uint32_t habit_from = 8;
    /// A sheet can be a straight line from this many criteria.
    std::uint32_t line_from = 5;
    /// A pattern is compared, and somebody is alone, beside at least this many colleagues.
    std::uint32_t colleagues_from = 2;

    friend bool operator==(const outlier_options&, const outlier_options&) = default;
};

namespace detail {

/// The median of \p values, which are reordered. \p values must not be empty.
[[nodiscard]] inline double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

/// Median and robust standard deviation (1.4826 times the median absolute deviation).
[[nodiscard]] inline std::pair<double, double> robust(std::vector<double> values) {
    const double centre = median(values);
    for (double& v : values) v = std::abs(v - centre);
    return {centre, 1.4826 * median(values)};
}

/// The median of \p sorted without the element at \p out.
[[nodiscard]] inline double median_without(const std::vector<double>& sorted, std::size_t out) {
    const auto at = [&](std::size_t i) { return sorted[i < out ? i : i + 1]; };
    const std::size_t n = sorted.size() - 1;
    return n % 2 == 1 ? at(n / 2) : 0.5 * (at(n / 2 - 1) + at(n / 2));
}

inline void in_order(std::vector<outlier>& list) {
    std::stable_sort(list.begin(), list.end(), [](const outlier& a, const outlier& b) {
        if (a.unit != b.unit) return a.unit < b.unit;
        if (a.member != b.member) return a.member < b.member;
        return a.reason < b.reason;
    });
}

}  // namespace detail

/// Sheets whose total (any rating) is far from those of the colleagues: each rating less the median
/// of the others of its unit, measured by the median and the median absolute deviation of all these
/// differences; and the same after the member's own median difference is taken off. Ordered by
/// unit, member and reason. O(n log n).
[[nodiscard]] inline std::vector<outlier> outlying_totals(const rating_table& table,
                                                          const outlier_options& how = {}) {
    struct total_of_sheet {
        std::uint32_t unit;
        std::uint32_t member;
        double value;
        double others;
    };
    std::vector<total_of_sheet> entries;
    std::vector<double> differences;
    std::vector<std::vector<double>> of_member(table.members());
    std::vector<double> sorted;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.size() < std::size_t{how.colleagues_from} + 1 || row.values.size() < 2)
            continue;
        sorted.assign(row.values.begin(), row.values.end());
        std::sort(sorted.begin(), sorted.end());
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const auto at = static_cast<std::size_t>(
                std::lower_bound(sorted.begin(), sorted.end(), row.values[i]) - sorted.begin());
            const double others = detail::median_without(sorted, at);
            entries.push_back(
                {static_cast<std::uint32_t>(u), row.members[i], row.values[i], others});
            differences.push_back(row.values[i] - others);
            of_member[row.members[i]].push_back(row.values[i] - others);
        }
    }
    std::vector<outlier> list;
    if (entries.empty()) return list;
    const auto [centre, spread] = detail::robust(differences);
    const double scale = std::max(spread, how.least_points);
    std::vector<std::optional<double>> habit(table.members());
    for (std::size_t m = 0; m < of_member.size(); ++m)
        if (of_member[m].size() >= how.habit_from && !of_member[m].empty())
            habit[m] = detail::median(of_member[m]);
    std::vector<double> rest;
    for (const total_of_sheet& e : entries)
        if (habit[e.member]) rest.push_back(e.value - e.others - *habit[e.member]);
    const double own_scale =
        rest.empty() ? scale : std::max(detail::robust(rest).second, how.least_points);
    for (const total_of_sheet& e : entries) {
        const double score = (e.value - e.others - centre) / scale;
        if (std::abs(score) > how.limit)
            list.push_back({e.unit, e.member, outlier_reason::far_from_colleagues, std::nullopt,
                            e.value, e.others + centre, score});
        if (!habit[e.member]) continue;
        const double own = (e.value - e.others - *habit[e.member]) / own_scale;
        if (std::abs(own) > how.limit)
            list.push_back({e.unit, e.member, outlier_reason::unlike_own_habit, std::nullopt,
                            e.value, e.others + *habit[e.member], own});
    }
    detail::in_order(list);
    return list;
}

/// Sheets whose answers stand out: an unusual pattern, a straight line, or one criterion where a
/// member is alone at the other end of a scale of three options or more. A criterion's scale runs
/// from the least to the largest category in \p list, or, where \p options names how many options it
/// has, from 1 to that number (a category 0, "none of the options", counts as the lowest). A
/// repeated answer of a sheet counts as it comes first. Ordered by unit, member and reason.
/// O(n log n + n members).
[[nodiscard]] inline std::vector<outlier> outlying_patterns(
    std::span<const facet_rating> list, std::span<const std::uint32_t> options = {},
    const outlier_options& how = {}) {
    std::vector<facet_rating> cells(list.begin(), list.end());
    std::stable_sort(cells.begin(), cells.end(), [](const facet_rating& a, const facet_rating& b) {
        if (a.unit != b.unit) return a.unit < b.unit;
        if (a.criterion != b.criterion) return a.criterion < b.criterion;
        return a.member < b.member;
    });
    cells.erase(std::unique(cells.begin(), cells.end(),
                            [](const facet_rating& a, const facet_rating& b) {
                                return a.unit == b.unit && a.criterion == b.criterion &&
                                       a.member == b.member;
                            }),
                cells.end());
    struct scale {
        std::uint32_t criterion;
        std::int32_t low;
        std::int32_t high;
    };
    std::vector<scale> scales;
    scales.reserve(cells.size());
    for (const facet_rating& c : cells) scales.push_back({c.criterion, c.category, c.category});
    std::sort(scales.begin(), scales.end(), [](const scale& a, const scale& b) {
        return a.criterion != b.criterion ? a.criterion < b.criterion : a.low < b.low;
    });
    std::size_t kept = 0;
    for (const scale& s : scales) {
        if (kept > 0 && scales[kept - 1].criterion == s.criterion)
            scales[kept - 1].high = s.high;
        else
            scales[kept++] = s;
    }
    scales.resize(kept);
    for (scale& s : scales) {
        if (s.criterion >= options.size()) continue;
        s.low = std::min<std::int32_t>(s.low, 1);
        s.high = std::max(s.high, static_cast<std::int32_t>(options[s.criterion]));
    }
    const auto scale_of = [&](std::uint32_t criterion) -> const scale& {
        return *std::lower_bound(
            scales.begin(), scales.end(), criterion,
            [](const scale& s, std::uint32_t wanted) { return s.criterion < wanted; });
    };

    struct sheet {
        std::uint32_t unit;
        std::uint32_t member;
        double distance = 0.0;
        std::uint32_t compared = 0;
        std::uint32_t answers = 0;
        std::int32_t same = 0;   ///< the one number of all answers
        bool one_number = true;  ///< all answers have one number
        bool all_low = true;     ///< all answers are at the lower end
        bool all_high = true;    ///< or at the upper

        [[nodiscard]] bool straight() const noexcept { return one_number || all_low || all_high; }
        [[nodiscard]] bool same_line(const sheet& o) const noexcept {
            return (all_low && o.all_low) || (all_high && o.all_high) ||
                   (one_number && o.one_number && same == o.same);
        }
    };
    std::vector<sheet> sheets;
    std::vector<outlier> found;
    std::vector<double> sorted;
    for (std::size_t from = 0; from < cells.size();) {
        std::size_t unit_end = from;
        while (unit_end < cells.size() && cells[unit_end].unit == cells[from].unit) ++unit_end;
        const std::size_t first_sheet = sheets.size();
        std::vector<std::uint32_t> members;
        members.reserve(unit_end - from);
        for (std::size_t i = from; i < unit_end; ++i) members.push_back(cells[i].member);
        std::sort(members.begin(), members.end());
        members.erase(std::unique(members.begin(), members.end()), members.end());
        for (std::uint32_t m : members) {
            sheet s{};
            s.unit = cells[from].unit;
            s.member = m;
            sheets.push_back(s);
        }
        for (std::size_t start = from; start < unit_end;) {
            std::size_t end = start;
            while (end < unit_end && cells[end].criterion == cells[start].criterion) ++end;
            const scale& range = scale_of(cells[start].criterion);
            const double width = std::max(1.0, static_cast<double>(range.high) - range.low);
            sorted.clear();
            for (std::size_t i = start; i < end; ++i) sorted.push_back(cells[i].category);
            std::sort(sorted.begin(), sorted.end());
            const bool enough = end - start > how.colleagues_from && end - start > 1;
            for (std::size_t i = start; i < end; ++i) {
                const auto who = static_cast<std::size_t>(
                    std::lower_bound(members.begin(), members.end(), cells[i].member) -
                    members.begin());
                sheet& s = sheets[first_sheet + who];
                const std::int32_t answer = cells[i].category;
                if (s.answers++ == 0) s.same = answer;
                s.one_number = s.one_number && s.same == answer;
                s.all_low = s.all_low && answer == range.low;
                s.all_high = s.all_high && answer == range.high;
                if (!enough) continue;
                const auto at = static_cast<std::size_t>(
                    std::lower_bound(sorted.begin(), sorted.end(), static_cast<double>(answer)) -
                    sorted.begin());
                s.distance += std::abs(answer - detail::median_without(sorted, at)) / width;
                ++s.compared;
                const double others_low = at == 0 ? sorted[1] : sorted.front();
                const double others_high = at + 1 == sorted.size() ? sorted[at - 1] : sorted.back();
                const bool low_alone = answer == range.low && others_low == range.high;
                const bool high_alone = answer == range.high && others_high == range.low;
                if (width >= 2.0 && (low_alone || high_alone))
                    found.push_back({s.unit, s.member, outlier_reason::alone_at_other_end,
                                     cells[i].criterion, static_cast<double>(answer), others_low,
                                     0.0});
            }
            start = end;
        }
        for (std::size_t i = first_sheet; i < sheets.size(); ++i) {
            const sheet& s = sheets[i];
            if (s.answers < how.line_from || !s.straight()) continue;
            bool shared = false;
            for (std::size_t j = first_sheet; j < sheets.size() && !shared; ++j)
                shared = j != i && s.same_line(sheets[j]);
            if (!shared)
                found.push_back({s.unit, s.member, outlier_reason::straight_line, std::nullopt,
                                 static_cast<double>(s.same), 0.0, 0.0});
        }
        from = unit_end;
    }
    std::vector<double> distances;
    for (sheet& s : sheets) {
        if (s.compared == 0) continue;
        s.distance /= s.compared;
        distances.push_back(s.distance);
    }
    if (!distances.empty()) {
        const auto [centre, spread] = detail::robust(distances);
        const double unit_of = std::max(spread, how.least_distance);
        for (const sheet& s : sheets) {
            if (s.compared < how.line_from) continue;
            const double score = (s.distance - centre) / unit_of;
            if (score > how.limit)
                found.push_back({s.unit, s.member, outlier_reason::unlike_pattern, std::nullopt,
                                 s.distance, centre, score});
        }
    }
    detail::in_order(found);
    return found;
}

}  // namespace ocop
