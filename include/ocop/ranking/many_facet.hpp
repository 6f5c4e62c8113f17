/// \file many_facet.hpp
/// The many-facet Rasch model of products, members and criteria with ordered categories: quality,
/// severity and difficulty on one scale, and how well each member fits.
///
/// Statistics in floating point: nothing here decides a star. Not included by <ocop/ocop.hpp>.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/ranking/rating_table.hpp"

namespace ocop {

/// Whether the criteria share the steps between their categories.
enum class facet_scale {
    by_criterion,  ///< each criterion has steps of its own (partial credit, Masters 1982)
    shared         ///< all criteria share them (rating scale, Andrich 1978)
};

template <>
struct names<facet_scale> {
    static constexpr std::array<std::string_view, 2> all{"by_criterion", "shared"};
};

/// What is known of one product, member or criterion.
enum class facet_state {
    no_ratings,  ///< the index has no rating
    estimated,   ///< its measure is the maximum of the likelihood
    extreme,     ///< all its ratings are lowest or all highest: the measure is that of a score
                 ///< many_facet_options::extreme_by inside, and it took no part in the estimation
    unmeasured   ///< extreme, and rated only together with others that are extreme too
};

template <>
struct names<facet_state> {
    static constexpr std::array<std::string_view, 4> all{"no_ratings", "estimated", "extreme",
                                                         "unmeasured"};
};

template <>
struct terms<facet_state> {
    static constexpr std::array<term, 4> all{{
        {"chưa có điểm chấm", "no ratings"},
        {"đã ước lượng", "estimated"},
        {"toàn mức thấp nhất hoặc toàn mức cao nhất", "all lowest or all highest"},
        {"không đo được", "cannot be measured"},
    }};
};

/// How fit_many_facet() estimates.
struct many_facet_options {
    facet_scale scale = facet_scale::by_criterion;
    /// Ends where no score differs from its expectation by more.
    double score_tolerance = 1e-6;
    std::uint32_t most_rounds = 2000;
    /// How far inside an extreme score is taken to be, in categories (Linacre's 0.3).
    double extreme_by = 0.3;

    friend bool operator==(const many_facet_options&, const many_facet_options&) = default;
};

/// One product, member or criterion, by index.
struct facet_measure {
    facet_state state = facet_state::no_ratings;
    std::uint32_t ratings = 0;    ///< all of its ratings
    std::uint32_t component = 0;  ///< measures compare within one component only
    double measure = 0.0;         ///< in logits: quality, severity (above 0 is harsh) or difficulty
    double standard_error = 0.0;  ///< given the other measures
    double mean = 0.0;            ///< raw mean category
    /// Mean category under fair conditions. Product: by a member of severity 0 on every criterion.
    /// Member and criterion: of what they rated or were rated on, with their own measure and the
    /// mean product, and severity 0 or each criterion.
    double fair = 0.0;
    /// Mean squares of the residuals, 1 as expected; above, erratic; below, more alike than chance
    /// lets be. Infit weights by information, outfit does not. 0 without a rating that counted.
    double infit = 0.0;
    double outfit = 0.0;

    friend bool operator==(const facet_measure&, const facet_measure&) = default;
};

/// The steps of one criterion, or of all where they are shared.
struct facet_steps {
    std::vector<std::int32_t> categories;  ///< those that were used, ascending
    /// Step k leads from category k to k + 1 of the list; the sum is 0.
    std::vector<double> thresholds;

    friend bool operator==(const facet_steps&, const facet_steps&) = default;
};

/// The model of one set of ratings.
struct many_facet_model {
    bool estimated = false;  ///< false where every rating is extreme, or there is none
    bool converged = false;
    std::uint32_t rounds = 0;
    double largest_residual = 0.0;  ///< of a score and its expectation
    double log_likelihood = 0.0;    ///< of the ratings that took part
    std::uint32_t components = 0;   ///< of products and members that took part
    facet_scale scale = facet_scale::by_criterion;
    std::vector<facet_measure> units;
    std::vector<facet_measure> members;
    std::vector<facet_measure> criteria;
    std::vector<facet_steps> steps;  ///< by criterion, or one

    friend bool operator==(const many_facet_model&, const many_facet_model&) = default;
};

namespace detail {

/// Chances of the categories of one rating at \p logit; expectation and variance of the category.
struct category_chances {
    std::vector<double> chance;
    double mean = 0.0;
    double variance = 0.0;

    void at(double logit, const std::vector<double>& thresholds) {
        chance.resize(thresholds.size() + 1);
        double exponent = 0.0;
        double most = 0.0;
        chance[0] = 0.0;
        for (std::size_t k = 0; k < thresholds.size(); ++k) {
            exponent += logit - thresholds[k];
            chance[k + 1] = exponent;
            if (exponent > most) most = exponent;
        }
        double sum = 0.0;
        for (double& c : chance) {
            c = std::exp(c - most);
            sum += c;
        }
        mean = 0.0;
        double square = 0.0;
        for (std::size_t k = 0; k < chance.size(); ++k) {
            chance[k] /= sum;
            mean += static_cast<double>(k) * chance[k];
            square += static_cast<double>(k * k) * chance[k];
        }
        variance = square - mean * mean;
        if (variance < 0.0) variance = 0.0;
    }
};

/// One rating in the model: indices and the place of its category in the list of used ones.
struct facet_cell {
    std::array<std::uint32_t, 3> who{};  ///< unit, member, criterion
    std::uint32_t score = 0;
    bool counts = true;  ///< takes part in the estimation
};

/// Joint maximum likelihood by turns: each facet's measures, then the steps, by Newton's method.
class facet_fitter {
public:
    facet_fitter(std::span<const facet_rating> list, const many_facet_options& how,
                 many_facet_model& model)
        : how_(how), model_(model) {
        model_.scale = how.scale;
        for (const facet_rating& r : list) {
            grow(model_.units, r.unit);
            grow(model_.members, r.member);
            grow(model_.criteria, r.criterion);
        }
        model_.steps.resize(how.scale == facet_scale::shared ? (list.empty() ? 0 : 1)
                                                             : model_.criteria.size());
        for (const facet_rating& r : list)
            model_.steps[group(r.criterion)].categories.push_back(r.category);
        for (facet_steps& s : model_.steps) {
            std::sort(s.categories.begin(), s.categories.end());
            s.categories.erase(std::unique(s.categories.begin(), s.categories.end()),
                               s.categories.end());
            if (!s.categories.empty()) s.thresholds.assign(s.categories.size() - 1, 0.0);
        }
        cells_.reserve(list.size());
        for (const facet_rating& r : list) {
            const auto& c = model_.steps[group(r.criterion)].categories;
            facet_cell cell;
            cell.who = {r.unit, r.member, r.criterion};
            cell.score = static_cast<std::uint32_t>(
                std::lower_bound(c.begin(), c.end(), r.category) - c.begin());
            cells_.push_back(cell);
            for (std::size_t f = 0; f < 3; ++f) {
                facet_measure& one = facet(f)[cell.who[f]];
                ++one.ratings;
                one.state = facet_state::estimated;
                one.mean += r.category;
            }
        }
        for (std::size_t f = 0; f < 3; ++f)
            for (facet_measure& one : facet(f))
                if (one.ratings > 0) one.mean /= one.ratings;
    }

    void run() {
        set_extremes_aside();
        bool any = false;
        for (const facet_cell& c : cells_) any = any || c.counts;
        if (!any) {
            for (std::size_t f = 0; f < 3; ++f)
                for (facet_measure& one : facet(f))
                    if (one.ratings > 0) one.state = facet_state::unmeasured;
            return;
        }
        model_.estimated = true;
        find_components();
        iterate();
        centre();
        measure_extremes();
        fit_and_fairness();
    }

private:
    static void grow(std::vector<facet_measure>& list, std::uint32_t index) {
        if (index >= list.size()) list.resize(std::size_t{index} + 1);
    }
    [[nodiscard]] std::size_t group(std::uint32_t criterion) const noexcept {
        return how_.scale == facet_scale::shared ? 0 : criterion;
    }
    [[nodiscard]] std::vector<facet_measure>& facet(std::size_t f) noexcept {
        return f == 0 ? model_.units : f == 1 ? model_.members : model_.criteria;
    }
    [[nodiscard]] const facet_steps& steps_of(const facet_cell& c) const noexcept {
        return model_.steps[group(c.who[2])];
    }
    [[nodiscard]] double logit(const facet_cell& c) const noexcept {
        return model_.units[c.who[0]].measure - model_.members[c.who[1]].measure -
               model_.criteria[c.who[2]].measure;
    }

    /// An element with only lowest or only highest ratings has no finite measure, nor, once it is
    /// set aside, have those that then have only such ratings left. Categories that nobody uses any
    /// more go too, since their steps have none either.
    void set_extremes_aside() {
        for (bool again = true; again;) {
            again = false;
            for (std::size_t f = 0; f < 3; ++f) {
                std::vector<std::uint8_t> kinds(facet(f).size(), 0);  // 1 low, 2 high, 4 between
                for (const facet_cell& c : cells_) {
                    if (!c.counts) continue;
                    const std::size_t top = steps_of(c).thresholds.size();
                    kinds[c.who[f]] |= top == 0         ? std::uint8_t{3}
                                       : c.score == 0   ? std::uint8_t{1}
                                       : c.score == top ? std::uint8_t{2}
                                                        : std::uint8_t{4};
                }
                for (facet_cell& c : cells_) {
                    if (!c.counts) continue;
                    const std::uint8_t kind = kinds[c.who[f]];
                    const bool flat = steps_of(c).thresholds.empty();
                    if (kind != 1 && kind != 2 && !flat) continue;
                    if (kind == 1 || kind == 2) facet(f)[c.who[f]].state = facet_state::extreme;
                    if (flat && f == 2) facet(f)[c.who[f]].state = facet_state::extreme;
                    c.counts = false;
                    again = true;
                }
            }
            if (drop_unused_categories()) again = true;
        }
        // Whoever has no rating left that counts is not estimated.
        for (std::size_t f = 0; f < 3; ++f) {
            std::vector<char> left(facet(f).size(), 0);
            for (const facet_cell& c : cells_)
                if (c.counts) left[c.who[f]] = 1;
            for (std::size_t i = 0; i < left.size(); ++i)
                if (left[i] == 0 && facet(f)[i].ratings > 0)
                    facet(f)[i].state = facet_state::extreme;
        }
    }

    [[nodiscard]] bool drop_unused_categories() {
        std::vector<std::vector<std::uint32_t>> uses(model_.steps.size());
        std::vector<char> live(model_.steps.size(), 0);
        for (std::size_t g = 0; g < uses.size(); ++g)
            uses[g].assign(model_.steps[g].categories.size(), 0);
        for (const facet_cell& c : cells_) {
            if (!c.counts) continue;
            ++uses[group(c.who[2])][c.score];
            live[group(c.who[2])] = 1;
        }
        bool changed = false;
        std::vector<std::vector<std::uint32_t>> place(uses.size());
        for (std::size_t g = 0; g < uses.size(); ++g) {
            place[g].resize(uses[g].size());
            for (std::size_t k = 0; k < uses[g].size(); ++k)
                place[g][k] = static_cast<std::uint32_t>(k);
            if (live[g] == 0) continue;
            std::vector<std::int32_t> kept;
            for (std::size_t k = 0; k < uses[g].size(); ++k) {
                // A dropped category's ratings are set aside: they stand at its next lower one.
                if (uses[g][k] > 0) kept.push_back(model_.steps[g].categories[k]);
                place[g][k] = static_cast<std::uint32_t>(kept.empty() ? 0 : kept.size() - 1);
            }
            if (kept.size() == uses[g].size()) continue;
            changed = true;
            model_.steps[g].thresholds.assign(kept.size() - 1, 0.0);
            model_.steps[g].categories = std::move(kept);
        }
        if (changed)
            for (facet_cell& c : cells_) c.score = place[group(c.who[2])][c.score];
        return changed;
    }

    /// Components of the products and members that took part.
    void find_components() {
        const std::size_t units = model_.units.size();
        std::vector<std::uint32_t> parent(units + model_.members.size());
        for (std::size_t i = 0; i < parent.size(); ++i) parent[i] = static_cast<std::uint32_t>(i);
        const auto root = [&](std::uint32_t i) {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        };
        for (const facet_cell& c : cells_) {
            if (!c.counts) continue;
            const std::uint32_t a = root(c.who[0]);
            const std::uint32_t b = root(static_cast<std::uint32_t>(units) + c.who[1]);
            if (a < b)
                parent[b] = a;
            else
                parent[a] = b;
        }
        std::vector<std::uint32_t> number(parent.size(), 0);
        for (std::uint32_t u = 0; u < units; ++u) {
            if (model_.units[u].state != facet_state::estimated) continue;
            const std::uint32_t top = root(u);
            if (top == u) number[u] = model_.components++;
            model_.units[u].component = number[top];
        }
        for (std::uint32_t m = 0; m < model_.members.size(); ++m)
            if (model_.members[m].state == facet_state::estimated)
                model_.members[m].component = number[root(static_cast<std::uint32_t>(units) + m)];
    }

    void iterate() {
        category_chances here;
        std::vector<double> score;
        std::vector<double> information;
        for (std::uint32_t round = 1; round <= how_.most_rounds; ++round) {
            model_.rounds = round;
            double worst = 0.0;
            for (std::size_t f = 0; f < 3; ++f) {
                const double sign = f == 0 ? 1.0 : -1.0;
                score.assign(facet(f).size(), 0.0);
                information.assign(facet(f).size(), 0.0);
                for (const facet_cell& c : cells_) {
                    if (!c.counts) continue;
                    here.at(logit(c), steps_of(c).thresholds);
                    score[c.who[f]] += c.score - here.mean;
                    information[c.who[f]] += here.variance;
                }
                for (std::size_t i = 0; i < score.size(); ++i) {
                    if (!(information[i] > 0.0)) continue;
                    worst = std::max(worst, std::abs(score[i]));
                    facet(f)[i].measure += sign * shortened(score[i] / information[i]);
                }
            }
            worst = std::max(worst, move_steps());
            model_.largest_residual = worst;
            if (worst < how_.score_tolerance) {
                model_.converged = true;
                break;
            }
        }
    }

    /// One Newton step for the thresholds of each group; the largest residual.
    [[nodiscard]] double move_steps() {
        category_chances here;
        std::vector<std::vector<double>> residual(model_.steps.size());
        std::vector<std::vector<double>> information(model_.steps.size());
        for (std::size_t g = 0; g < residual.size(); ++g) {
            residual[g].assign(model_.steps[g].thresholds.size(), 0.0);
            information[g].assign(residual[g].size(), 0.0);
        }
        for (const facet_cell& c : cells_) {
            if (!c.counts) continue;
            const std::size_t g = group(c.who[2]);
            here.at(logit(c), model_.steps[g].thresholds);
            double above = 0.0;
            for (std::size_t k = residual[g].size(); k-- > 0;) {
                above += here.chance[k + 1];
                residual[g][k] += above - (c.score > k ? 1.0 : 0.0);
                information[g][k] += above * (1.0 - above);
            }
        }
        double worst = 0.0;
        for (std::size_t g = 0; g < residual.size(); ++g) {
            facet_steps& s = model_.steps[g];
            if (s.thresholds.size() < 2) continue;  // one step is the criterion's difficulty
            double mean = 0.0;
            for (std::size_t k = 0; k < s.thresholds.size(); ++k) {
                if (!(information[g][k] > 0.0)) continue;
                worst = std::max(worst, std::abs(residual[g][k]));
                s.thresholds[k] += shortened(residual[g][k] / information[g][k]);
            }
            for (double t : s.thresholds) mean += t;
            mean /= static_cast<double>(s.thresholds.size());
            for (double& t : s.thresholds) t -= mean;
            // The mean step moves into the difficulty, so that no chance changes.
            for (std::size_t i = 0; i < model_.criteria.size(); ++i)
                if (group(static_cast<std::uint32_t>(i)) == g) model_.criteria[i].measure += mean;
        }
        return worst;
    }

    [[nodiscard]] static double shortened(double step) noexcept {
        return step > 1.0 ? 1.0 : step < -1.0 ? -1.0 : step;
    }

    /// Mean severity 0 in each component and mean difficulty 0; products take up the difference.
    void centre() {
        std::vector<double> sum(model_.components, 0.0);
        std::vector<double> count(model_.components, 0.0);
        for (const facet_measure& m : model_.members) {
            if (m.state != facet_state::estimated) continue;
            sum[m.component] += m.measure;
            count[m.component] += 1.0;
        }
        double difficulty = 0.0;
        double criteria = 0.0;
        for (const facet_measure& c : model_.criteria) {
            if (c.state != facet_state::estimated) continue;
            difficulty += c.measure;
            criteria += 1.0;
        }
        difficulty /= criteria;
        for (facet_measure& m : model_.members)
            if (m.state == facet_state::estimated)
                m.measure -= sum[m.component] / count[m.component];
        for (facet_measure& c : model_.criteria)
            if (c.state == facet_state::estimated) c.measure -= difficulty;
        for (facet_measure& u : model_.units)
            if (u.state == facet_state::estimated)
                u.measure -= sum[u.component] / count[u.component] + difficulty;
    }

    /// The measure at which an extreme element would be expected to score extreme_by inside.
    void measure_extremes() {
        for (std::size_t f = 0; f < 3; ++f) {
            std::vector<std::vector<std::size_t>> of(facet(f).size());
            for (std::size_t i = 0; i < cells_.size(); ++i) {
                const facet_cell& c = cells_[i];
                if (facet(f)[c.who[f]].state != facet_state::extreme) continue;
                bool known = !steps_of(c).thresholds.empty();
                for (std::size_t other = 0; other < 3; ++other)
                    known = known && (other == f ||
                                      facet(other)[c.who[other]].state == facet_state::estimated);
                if (known) of[c.who[f]].push_back(i);
            }
            for (std::size_t e = 0; e < of.size(); ++e) {
                facet_measure& one = facet(f)[e];
                if (one.state != facet_state::extreme) continue;
                if (of[e].empty())
                    one.state = facet_state::unmeasured;
                else
                    measure_extreme(f, one, of[e]);
            }
        }
    }

    void measure_extreme(std::size_t f, facet_measure& one, const std::vector<std::size_t>& which) {
        const double sign = f == 0 ? 1.0 : -1.0;
        double most = 0.0;
        double score = 0.0;
        for (std::size_t i : which) {
            most += static_cast<double>(steps_of(cells_[i]).thresholds.size());
            score += cells_[i].score;
        }
        one.component = component_of(f, cells_[which.front()]);
        const double by = std::min(how_.extreme_by, 0.5 * most);
        const double wanted = std::clamp(score, by, most - by);
        category_chances here;
        double low = -40.0;
        double high = 40.0;
        for (int step = 0; step < 100; ++step) {
            one.measure = sign * 0.5 * (low + high);
            double expected = 0.0;
            double information = 0.0;
            for (std::size_t i : which) {
                here.at(logit(cells_[i]), steps_of(cells_[i]).thresholds);
                expected += here.mean;
                information += here.variance;
            }
            (expected < wanted ? low : high) = 0.5 * (low + high);
            if (information > 0.0) one.standard_error = 1.0 / std::sqrt(information);
        }
    }

    [[nodiscard]] std::uint32_t component_of(std::size_t f, const facet_cell& c) const noexcept {
        return f == 0 ? model_.members[c.who[1]].component : model_.units[c.who[0]].component;
    }

    /// Category on the printed scale expected at \p logit.
    [[nodiscard]] static double expected_category(double logit, const facet_steps& s,
                                                  category_chances& here) {
        here.at(logit, s.thresholds);
        double mean = 0.0;
        for (std::size_t k = 0; k < here.chance.size(); ++k)
            mean += here.chance[k] * s.categories[k];
        return mean;
    }

    void fit_and_fairness() {
        category_chances here;
        struct sums {
            double information = 0.0;
            double squares = 0.0;
            double standardised = 0.0;
            double count = 0.0;
            double fair = 0.0;
            double fair_count = 0.0;
        };
        std::array<std::vector<sums>, 3> of;
        for (std::size_t f = 0; f < 3; ++f) of[f].resize(facet(f).size());
        double mean_unit = 0.0;
        double units = 0.0;
        for (const facet_measure& u : model_.units) {
            if (u.state != facet_state::estimated) continue;
            mean_unit += u.measure;
            units += 1.0;
        }
        mean_unit /= units;
        for (const facet_cell& c : cells_) {
            const facet_steps& s = steps_of(c);
            if (c.counts) {
                here.at(logit(c), s.thresholds);
                const double residual = c.score - here.mean;
                model_.log_likelihood += std::log(here.chance[c.score]);
                for (std::size_t f = 0; f < 3; ++f) {
                    sums& one = of[f][c.who[f]];
                    one.information += here.variance;
                    one.squares += residual * residual;
                    if (here.variance > 0.0)
                        one.standardised += residual * residual / here.variance;
                    one.count += 1.0;
                }
            }
            const facet_measure& member = model_.members[c.who[1]];
            const facet_measure& criterion = model_.criteria[c.who[2]];
            if (criterion.state == facet_state::unmeasured || s.categories.empty()) continue;
            if (member.state != facet_state::unmeasured) {
                sums& one = of[1][c.who[1]];
                one.fair +=
                    expected_category(mean_unit - member.measure - criterion.measure, s, here);
                one.fair_count += 1.0;
            }
            sums& one = of[2][c.who[2]];
            if (one.fair_count == 0.0) {
                one.fair = expected_category(mean_unit - criterion.measure, s, here);
                one.fair_count = 1.0;
            }
        }
        for (std::size_t f = 0; f < 3; ++f) {
            for (std::size_t i = 0; i < of[f].size(); ++i) {
                const sums& s = of[f][i];
                facet_measure& one = facet(f)[i];
                if (s.information > 0.0) {
                    if (one.state == facet_state::estimated)
                        one.standard_error = 1.0 / std::sqrt(s.information);
                    one.infit = s.squares / s.information;
                    one.outfit = s.standardised / s.count;
                }
                if (s.fair_count > 0.0) one.fair = s.fair / s.fair_count;
            }
        }
        // A product's fair mean: on every criterion that could be measured, severity 0.
        for (facet_measure& u : model_.units) {
            if (u.state != facet_state::estimated && u.state != facet_state::extreme) continue;
            double sum = 0.0;
            double count = 0.0;
            for (std::size_t i = 0; i < model_.criteria.size(); ++i) {
                const facet_measure& c = model_.criteria[i];
                if (c.state != facet_state::estimated && c.state != facet_state::extreme) continue;
                const facet_steps& s = model_.steps[group(static_cast<std::uint32_t>(i))];
                sum += expected_category(u.measure - c.measure, s, here);
                count += 1.0;
            }
            if (count > 0.0) u.fair = sum / count;
        }
    }

    many_facet_options how_;
    many_facet_model& model_;
    std::vector<facet_cell> cells_;
};

}  // namespace detail

/// Fits log(P_k / P_k-1) = quality of the product - severity of the member - difficulty of the
/// criterion - threshold k to \p list, in any order, missing answers allowed, by joint maximum
/// likelihood. Mean severity is 0 in each component of products and members that share ratings, mean
/// difficulty is 0 and so are the thresholds' means. Only categories that were used have steps.
///
/// O(ratings * categories) a round, tens to hundreds of rounds. Joint maximum likelihood spreads
/// measures too far where there are few ratings for each (Wright and Douglas 1977); the order and
/// the fit do not suffer.
///
/// Adds to \p found and returns nothing where an index is too large (too_many) or a sheet answers a
/// criterion twice (second_answer). Sources: Linacre 1989, Many-Facet Rasch Measurement; Wright and
/// Masters 1982, Rating Scale Analysis, for the fit.
[[nodiscard]] inline std::optional<many_facet_model> try_fit_many_facet(
    std::span<const facet_rating> list, problems& found, const many_facet_options& how = {}) {
    const std::size_t before = found.size();
    const auto place_of = [](std::size_t i) { return "/ratings/" + std::to_string(i); };
    std::vector<std::size_t> order(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        order[i] = i;
        const facet_rating& r = list[i];
        const std::uint32_t largest = std::max({r.unit, r.member, r.criterion});
        if (largest < rating_table::index_limit) continue;
        found.push_back(detail::make_problem(
            problem_code::too_many, place_of(i), std::to_string(largest),
            detail::told(
                "chỉ số {0} quá lớn; đánh số sản phẩm, thành viên và tiêu chí liên tiếp từ "
                "0, dưới {1}",
                "index {0} is too large; number products, members and criteria from 0 "
                "onwards, below {1}",
                {std::to_string(largest), std::to_string(rating_table::index_limit)})));
    }
    const auto key = [&](std::size_t i) {
        return std::array<std::uint32_t, 3>{list[i].unit, list[i].member, list[i].criterion};
    };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return key(a) != key(b) ? key(a) < key(b) : a < b;
    });
    for (std::size_t k = 1; k < order.size(); ++k) {
        if (key(order[k]) != key(order[k - 1])) continue;
        const facet_rating& r = list[order[k]];
        found.push_back(detail::make_problem(
            problem_code::second_answer, place_of(order[k]), std::to_string(r.category),
            detail::told(
                "thành viên {1} đã chấm tiêu chí {2} của sản phẩm {0}; chỉ giữ một lựa chọn",
                "member {1} has already answered criterion {2} of product {0}; keep one "
                "answer",
                {std::to_string(r.unit), std::to_string(r.member), std::to_string(r.criterion)})));
    }
    if (found.size() != before) return std::nullopt;
    many_facet_model model;
    std::vector<facet_rating> sorted;  // sums in one order whatever the input's
    sorted.reserve(list.size());
    for (std::size_t i : order) sorted.push_back(list[i]);
    detail::facet_fitter(sorted, how, model).run();
    return model;
}

/// As try_fit_many_facet(). \throws error with every problem.
[[nodiscard]] inline many_facet_model fit_many_facet(std::span<const facet_rating> list,
                                                     const many_facet_options& how = {}) {
    problems found;
    std::optional<many_facet_model> model = try_fit_many_facet(list, found, how);
    if (!model) throw error(std::move(found));
    return std::move(*model);
}

}  // namespace ocop
