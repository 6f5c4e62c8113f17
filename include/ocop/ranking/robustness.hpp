/// \file robustness.hpp
/// How sure a star is: the share of each star over simulated councils, with its interval; the
/// verdict when a member is left out; the share of each rank.
///
/// Statistics in floating point: nothing here decides a star. Not included by <ocop/ocop.hpp>.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ocop/base/stars.hpp"
#include "ocop/ranking/order.hpp"
#include "ocop/ranking/parallel.hpp"
#include "ocop/ranking/simulation.hpp"

namespace ocop {

/// A share counted in replications, with what is known of the share behind it.
struct share_estimate {
    double value = 0.0;
    double low = 0.0;  ///< the Wilson score interval
    double high = 1.0;
    double standard_error = 0.0;  ///< of the Monte Carlo mean
    std::uint64_t hits = 0;
    std::uint64_t replications = 0;

    friend bool operator==(const share_estimate&, const share_estimate&) = default;
};

namespace detail {

/// z with P(|Z| > z) = 1 - confidence of the standard normal distribution, by Newton's method: the
/// tail is convex, so that steps from 0 never pass the root.
[[nodiscard]] inline double two_sided_deviate(double confidence) {
    constexpr double half_root = 0.70710678118654752440;      // sqrt(1/2)
    constexpr double twice_density = 0.79788456080286535588;  // sqrt(2/pi)
    double z = 0.0;
    for (int i = 0; i < 200; ++i) {
        const double over = std::erfc(z * half_root) - (1.0 - confidence);
        const double step = over / (twice_density * std::exp(-0.5 * z * z));
        z += step;
        if (!(step > 1e-13)) break;
    }
    return z;
}

}  // namespace detail

/// The share \p hits of \p replications with its interval of the given \p confidence: Wilson's
/// score interval (E. B. Wilson, Journal of the American Statistical Association 22, 1927), which
/// holds also where hits are few or all. \throws error for a confidence that is not between 0 and 1
/// and for more hits than replications. Without replications nothing is known: 0 to 1.
[[nodiscard]] inline share_estimate estimate_share(std::uint64_t hits, std::uint64_t replications,
                                                   double confidence = 0.95) {
    problems found;
    if (!(confidence > 0.0 && confidence < 1.0))
        detail::refuse(found, problem_code::bad_value, "/confidence", std::to_string(confidence),
                       "độ tin cậy {0} không hợp lệ: giữa 0 và 1",
                       "the confidence {0} is not valid: give a number between 0 and 1");
    if (hits > replications)
        detail::refuse(found, problem_code::bad_value, "/hits", std::to_string(hits),
                       "{0} lần trúng nhiều hơn số lần lặp",
                       "{0} hits are more than the replications");
    if (!found.empty()) throw error(std::move(found));
    share_estimate made;
    made.hits = hits;
    made.replications = replications;
    if (replications == 0) return made;
    const double z = detail::two_sided_deviate(confidence);
    const auto n = static_cast<double>(replications);
    const double p = static_cast<double>(hits) / n;
    const double middle = p + z * z / (2.0 * n);
    const double reach = z * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    const double scale = 1.0 + z * z / n;
    made.value = p;
    made.low = hits == 0 ? 0.0 : (middle - reach) / scale;
    made.high = hits == replications ? 1.0 : (middle + reach) / scale;
    made.standard_error = std::sqrt(p * (1.0 - p) / n);
    return made;
}

/// How often a product ended how.
struct star_odds {
    std::array<std::uint32_t, stars::highest> ranked{};  ///< replications with 1 to 5 stars
    std::uint32_t rejected = 0;
    std::uint32_t score_again = 0;
    std::uint32_t incomplete = 0;

    [[nodiscard]] std::uint32_t replications() const noexcept {
        std::uint32_t all = rejected + score_again + incomplete;
        for (std::uint32_t count : ranked) all += count;
        return all;
    }
    /// Replications that ended with exactly \p level.
    [[nodiscard]] std::uint32_t count(stars level) const noexcept {
        return ranked[static_cast<std::size_t>(level.value()) - 1];
    }
    /// Replications that ended with \p level or more.
    [[nodiscard]] std::uint32_t at_least(stars level) const noexcept {
        std::uint32_t all = 0;
        for (int s = level.value(); s <= stars::highest; ++s) all += count(stars(s));
        return all;
    }
    /// Replications that ended as \p how.
    [[nodiscard]] std::uint32_t count(outcome how) const noexcept {
        switch (how) {
        case outcome::rejected:
            return rejected;
        case outcome::score_again:
            return score_again;
        case outcome::incomplete:
            return incomplete;
        case outcome::ranked:
            break;
        }
        return at_least(stars(stars::lowest));
    }
    /// The probability of exactly \p level, of all replications.
    [[nodiscard]] share_estimate share(stars level, double confidence = 0.95) const {
        return estimate_share(count(level), replications(), confidence);
    }
    /// The probability of \p level or more.
    [[nodiscard]] share_estimate share_at_least(stars level, double confidence = 0.95) const {
        return estimate_share(at_least(level), replications(), confidence);
    }
    [[nodiscard]] share_estimate share(outcome how, double confidence = 0.95) const {
        return estimate_share(count(how), replications(), confidence);
    }
    /// The fewest and the most stars of any replication; 0 where none is ranked.
    [[nodiscard]] std::uint8_t fewest() const noexcept {
        for (std::size_t s = 0; s < ranked.size(); ++s)
            if (ranked[s] != 0) return static_cast<std::uint8_t>(s + 1);
        return 0;
    }
    [[nodiscard]] std::uint8_t most() const noexcept {
        for (std::size_t s = ranked.size(); s-- > 0;)
            if (ranked[s] != 0) return static_cast<std::uint8_t>(s + 1);
        return 0;
    }

    void add(const replicate& one) noexcept {
        switch (static_cast<outcome>(one.outcome)) {
        case outcome::incomplete:
            ++incomplete;
            break;
        case outcome::rejected:
            ++rejected;
            break;
        case outcome::score_again:
            ++score_again;
            break;
        case outcome::ranked:
            ++ranked[one.stars - 1U];
            break;
        }
    }
    star_odds& operator+=(const star_odds& other) noexcept {
        for (std::size_t s = 0; s < ranked.size(); ++s) ranked[s] += other.ranked[s];
        rejected += other.rejected;
        score_again += other.score_again;
        incomplete += other.incomplete;
        return *this;
    }
    friend bool operator==(const star_odds&, const star_odds&) = default;
};

namespace detail {

/// Counts replications \p first to \p last of the product of \p plan.
template <class Simulation>
void count_replications(const Simulation& from, const step_plan& plan, std::uint32_t first,
                        std::uint32_t last, star_odds& odds) {
    constexpr std::uint32_t chunk = 512;
    replicate made[chunk];
    while (first < last) {
        const std::uint32_t count = last - first < chunk ? last - first : chunk;
        from.run(plan, first, std::span<replicate>(made, count));
        for (std::uint32_t r = 0; r < count; ++r) odds.add(made[r]);
        first += count;
    }
}

inline void check_size(std::size_t have, std::size_t wanted, const char* at) {
    if (have == wanted) return;
    problems found;
    const std::string need = std::to_string(wanted);
    found.push_back(make_problem(problem_code::wrong_size, at, std::to_string(have),
                                 told("{0} có {1} chỗ, cần {2}", "{0} has room for {1}, {2} needed",
                                      {at + 1, std::to_string(have), need})));
    throw error(std::move(found));
}

/// Part \p part of \p parts of \p whole.
[[nodiscard]] constexpr std::uint32_t cut(std::uint32_t whole, std::size_t part,
                                          std::size_t parts) noexcept {
    return static_cast<std::uint32_t>(std::uint64_t{whole} * part / parts);
}

}  // namespace detail

/// Counts how each product of \p from (a sheet_simulation or a council_simulation) ends over all
/// its replications.
///
/// \param odds  an entry for each product
/// \param run   who runs the parts of the work (see parallel.hpp); the counts do not depend on it
/// \throws error where \p odds has the wrong size
template <class Simulation, class Executor = in_this_thread>
void count_outcomes(const Simulation& from, std::span<star_odds> odds, const Executor& run = {}) {
    const std::size_t products = from.products();
    detail::check_size(odds.size(), products, "/odds");
    const std::uint32_t replications = from.options().replications;
    const std::size_t width = run.width();
    constexpr std::size_t enough = 8;  // products for each part, so that parts are alike
    if (width > 1 && products < enough * width) {
        // Few products: each part takes its share of the replications of all.
        std::vector<star_odds> partial(products * width);
        run(width, [&](std::size_t part) {
            detail::step_plan plan;
            const std::uint32_t first = detail::cut(replications, part, width);
            const std::uint32_t last = detail::cut(replications, part + 1, width);
            for (std::size_t p = 0; p < products; ++p) {
                star_odds& mine = partial[part * products + p];
                if (from.prepare(p, plan))
                    detail::count_replications(from, plan, first, last, mine);
                else
                    mine.incomplete = last - first;
            }
        });
        for (std::size_t p = 0; p < products; ++p) {
            odds[p] = {};
            for (std::size_t part = 0; part < width; ++part)
                odds[p] += partial[part * products + p];
        }
        return;
    }
    run(width, [&](std::size_t part) {
        detail::step_plan plan;
        for (std::size_t p = products * part / width; p < products * (part + 1) / width; ++p) {
            odds[p] = {};
            if (from.prepare(p, plan))
                detail::count_replications(from, plan, 0, replications, odds[p]);
            else
                odds[p].incomplete = replications;
        }
    });
}

/// The odds of each star of the products of \p batch under \p about: see sheet_simulation and
/// count_outcomes(). \throws error where sizes do not fit together or probabilities are none.
template <class Executor = in_this_thread>
void robustness(const verdict_rules& rules, const sheet_batch& batch, const uncertainty& about,
                const replication_options& options, std::span<star_odds> odds,
                const Executor& run = {}, step_kernel kernel = portable_step_kernel) {
    count_outcomes(sheet_simulation(rules, batch, about, options, kernel), odds, run);
}

/// The odds of each star before a council of a stated severity and noise: see council_simulation.
template <class Executor = in_this_thread>
void robustness(const verdict_rules& rules, const council_noise& council,
                std::span<const double> quality, const replication_options& options,
                std::span<star_odds> odds, const Executor& run = {},
                step_kernel kernel = portable_step_kernel) {
    count_outcomes(council_simulation(rules, council, quality, options, false, kernel), odds, run);
}

/// The verdict on \p product of \p batch without each of its members in turn: entry m is that
/// without the member of slot m. Exact; no random numbers. O(n n) for n sheets.
[[nodiscard]] inline std::vector<verdict> leave_each_out(const verdict_rules& rules,
                                                         const sheet_batch& batch,
                                                         std::size_t product) {
    const std::size_t sheets = batch.sheets.empty() ? batch.members : batch.sheets[product];
    std::vector<verdict> all;
    std::vector<std::uint16_t> tally(rules.tally_size());
    answer_code unpacked[scorecard_limits::criteria];
    for (std::size_t out = 0; out < sheets; ++out) {
        rules.clear(tally.data());
        for (std::size_t m = 0; m < sheets; ++m)
            if (m != out)
                static_cast<void>(rules.add(
                    tally.data(), detail::sheet_at(batch, rules.size(), product, m, unpacked)));
        all.push_back(rules.decide(tally.data()));
    }
    return all;
}

/// Counts, for each product of \p batch, how it ends without each of its members in turn: as many
/// outcomes as it has sheets. Exact, so that no interval belongs to them. A product whose sheets
/// make no verdict has one outcome, incomplete. \throws error where sizes do not fit together
template <class Executor = in_this_thread>
void leave_one_out(const verdict_rules& rules, const sheet_batch& batch, std::span<star_odds> odds,
                   const Executor& run = {}) {
    problems found;
    const batch_job job{&rules, {}};
    validate(std::span<const batch_job>(&job, 1), batch, found);
    if (!found.empty()) throw error(std::move(found));
    detail::check_size(odds.size(), batch.products, "/odds");
    const std::size_t width = run.width();
    const sheet_simulation given(rules, batch, {false, 0.0, 0.0}, {});
    run(width, [&](std::size_t part) {
        detail::step_plan all;
        detail::step_plan fewer;
        const std::size_t last = batch.products * (part + 1) / width;
        for (std::size_t p = batch.products * part / width; p < last; ++p) {
            odds[p] = {};
            if (!given.prepare(p, all)) {
                odds[p].incomplete = 1;
                continue;
            }
            const std::size_t sheets = all.decision.sheets();
            if (!detail::complete(rules, sheets - 1)) {
                odds[p].incomplete = static_cast<std::uint32_t>(sheets);
                continue;
            }
            if (fewer.criteria == 0 || fewer.decision.sheets() != sheets - 1)
                detail::lay_out(rules, sheets - 1, fewer);
            detail::running_sums sums(fewer);
            for (std::size_t out = 0; out < sheets; ++out) {
                sums.clear();
                for (std::size_t m = 0; m < sheets; ++m)
                    if (m != out) sums.add(all.sheet_sums.data() + m * all.width());
                odds[p].add(sums.decide());
            }
        }
    });
}

/// How often each product of a set, all simulated together, had which rank: the rank acceptability
/// indices of stochastic multicriteria acceptability analysis (R. Lahdelma, P. Salminen, SMAA-2,
/// Operations Research 49, 2001). Ranks are shared (1, 2, 2, 4), so that the shares of one rank
/// need not add up to 1 over the products; those of one product do, with the share of being
/// unranked.
class rank_acceptability {
public:
    /// Nothing counted yet, for \p products, ranks 1 to \p most_rank told apart.
    rank_acceptability(std::size_t products, std::size_t most_rank)
        : products_(products),
          most_rank_(most_rank),
          counts_(products * most_rank),
          unranked_(products),
          rank_sums_(products) {}

    [[nodiscard]] std::size_t products() const noexcept { return products_; }
    /// Ranks 1 to this are told apart.
    [[nodiscard]] std::size_t most_rank() const noexcept { return most_rank_; }
    [[nodiscard]] std::uint32_t replications() const noexcept { return replications_; }

    /// Replications in which \p product had \p rank (1 to most_rank()).
    [[nodiscard]] std::uint32_t count(std::size_t product, std::size_t rank) const noexcept {
        return counts_[product * most_rank_ + rank - 1];
    }
    /// Replications in which \p product had \p rank or a better one.
    [[nodiscard]] std::uint32_t count_within(std::size_t product, std::size_t rank) const noexcept {
        std::uint32_t all = 0;
        for (std::size_t r = 1; r <= rank; ++r) all += count(product, r);
        return all;
    }
    /// Replications in which \p product was not ranked.
    [[nodiscard]] std::uint32_t unranked(std::size_t product) const noexcept {
        return unranked_[product];
    }
    /// The probability of exactly \p rank.
    [[nodiscard]] share_estimate share(std::size_t product, std::size_t rank,
                                       double confidence = 0.95) const {
        return estimate_share(count(product, rank), replications_, confidence);
    }
    /// The probability of \p rank or a better one.
    [[nodiscard]] share_estimate share_within(std::size_t product, std::size_t rank,
                                              double confidence = 0.95) const {
        return estimate_share(count_within(product, rank), replications_, confidence);
    }
    /// Mean rank over the replications that rank \p product; 0 where none does.
    [[nodiscard]] double mean_rank(std::size_t product) const noexcept {
        const std::uint32_t ranked = replications_ - unranked_[product];
        return ranked == 0 ? 0.0
                           : static_cast<double>(rank_sums_[product]) / static_cast<double>(ranked);
    }

    /// Adds one replication: the rank of each product, 0 for those that are not ranked.
    void add(std::span<const std::uint32_t> ranks) noexcept {
        ++replications_;
        for (std::size_t p = 0; p < products_; ++p) {
            if (ranks[p] == 0) ++unranked_[p];
            if (ranks[p] != 0 && ranks[p] <= most_rank_) ++counts_[p * most_rank_ + ranks[p] - 1];
            rank_sums_[p] += ranks[p];
        }
    }
    rank_acceptability& operator+=(const rank_acceptability& other) noexcept {
        replications_ += other.replications_;
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
        for (std::size_t p = 0; p < products_; ++p) {
            unranked_[p] += other.unranked_[p];
            rank_sums_[p] += other.rank_sums_[p];
        }
        return *this;
    }
    friend bool operator==(const rank_acceptability&, const rank_acceptability&) = default;

private:
    std::size_t products_ = 0;
    std::size_t most_rank_ = 0;
    std::uint32_t replications_ = 0;
    std::vector<std::uint32_t> counts_;
    std::vector<std::uint32_t> unranked_;
    std::vector<std::uint64_t> rank_sums_;
};

/// Ranks the products of \p from (a sheet_simulation or a council_simulation) in each replication
/// and counts their ranks.
///
/// \param most_rank  ranks 1 to this are told apart (all others only count towards the mean rank)
/// \param by         what orders them (rules §8)
/// \throws error for a bad policy
///
/// O(replications × products), and memory of products × most_rank counts for each part of \p run.
/// The result does not depend on \p run.
template <class Simulation, class Executor = in_this_thread>
[[nodiscard]] rank_acceptability rank_odds(const Simulation& from, std::size_t most_rank,
                                           const order_policy& by = {}, const Executor& run = {}) {
    problems found;
    validate(by, found);
    if (!found.empty()) throw error(std::move(found));
    constexpr std::size_t chunk = 64;
    const std::size_t products = from.products();
    const std::uint32_t replications = from.options().replications;
    const std::size_t width = run.width();
    std::vector<rank_acceptability> partial(width, rank_acceptability(products, most_rank));
    run(width, [&](std::size_t part) {
        detail::step_plan plan;
        order_workspace work;
        std::vector<std::uint8_t> star_column(products * chunk);
        std::vector<std::uint16_t> total_column(products * chunk);
        std::vector<std::array<std::uint16_t, part_count>> part_column(products * chunk);
        std::vector<std::uint8_t> sheets(products);
        std::vector<std::uint32_t> ranks(products);
        replicate made[chunk];
        const std::uint32_t last = detail::cut(replications, part + 1, width);
        for (std::uint32_t first = detail::cut(replications, part, width); first < last;) {
            const std::size_t count = last - first < chunk ? last - first : chunk;
            for (std::size_t p = 0; p < products; ++p) {
                const bool decides = from.prepare(p, plan);
                sheets[p] = static_cast<std::uint8_t>(decides ? plan.decision.sheets() : 0);
                if (decides)
                    from.run(plan, first, std::span<replicate>(made, count));
                else
                    for (replicate& none : made) none = {};
                for (std::size_t r = 0; r < count; ++r) {
                    star_column[r * products + p] = made[r].stars;
                    total_column[r * products + p] = made[r].total;
                    part_column[r * products + p] = made[r].parts;
                }
            }
            for (std::size_t r = 0; r < count; ++r) {
                order_columns columns;
                columns.stars = std::span(star_column).subspan(r * products, products);
                columns.total = std::span(total_column).subspan(r * products, products);
                columns.parts = std::span(part_column).subspan(r * products, products);
                columns.sheets = sheets;
                order_products(columns, by, {}, ranks, work);
                partial[part].add(ranks);
            }
            first += static_cast<std::uint32_t>(count);
        }
    });
    for (std::size_t part = 1; part < width; ++part) partial[0] += partial[part];
    return std::move(partial[0]);
}

}  // namespace ocop
