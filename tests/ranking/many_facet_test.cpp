// The many-facet model against R 4.2.2: the joint likelihood written as a Poisson log-linear model
// (glm), for two categories also as a plain logistic regression; against a closed form; and against
// its own score equations, which only the maximum of this concave likelihood solves.
#include "ocop/ranking/many_facet.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "generators.hpp"

using ocop::facet_rating;
using ocop::facet_scale;
using ocop::facet_state;
using ocop::fit_many_facet;
using ocop::many_facet_model;
using ocop::many_facet_options;

using support::draws;

namespace {

struct truth {
    std::vector<facet_rating> list;
    std::vector<double> units;
    std::vector<double> members;
    std::vector<double> criteria;
};

/// Ratings 0 to \p steps with \p missing per cent left out; the program in R draws the same.
truth simulate(std::uint32_t units, std::uint32_t members, std::uint32_t criteria,
               std::int32_t steps, std::uint32_t missing, std::uint64_t seed) {
    draws draw{seed};
    truth out;
    for (std::uint32_t i = 0; i < units; ++i) out.units.push_back(draw.below(400) / 100.0 - 2.0);
    for (std::uint32_t i = 0; i < members; ++i)
        out.members.push_back(draw.below(200) / 100.0 - 1.0);
    for (std::uint32_t i = 0; i < criteria; ++i)
        out.criteria.push_back(draw.below(200) / 100.0 - 1.0);
    for (std::uint32_t p = 0; p < units; ++p) {
        for (std::uint32_t m = 0; m < members; ++m) {
            for (std::uint32_t c = 0; c < criteria; ++c) {
                const bool skip = draw.below(100) < missing;
                const double u = (draw.below(1000) + 0.5) / 1000.0;
                if (skip) continue;
                const double z =
                    out.units[p] - out.members[m] - out.criteria[c] + std::log(u / (1.0 - u));
                std::int32_t x = 0;
                for (std::int32_t k = 1; k <= steps; ++k)
                    if (z > (k - (steps + 1) / 2.0) * 1.2) ++x;
                out.list.push_back({p, m, c, x});
            }
        }
    }
    return out;
}

void check_measures(const std::vector<ocop::facet_measure>& found,
                    const std::vector<double>& wanted) {
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        CHECK(found[i].state == facet_state::estimated);
        CHECK(std::abs(found[i].measure - wanted[i]) < 2e-6);
    }
}

/// Expected scores equal the observed ones for every element and step that takes part.
void check_scores(const many_facet_model& model, const std::vector<facet_rating>& list) {
    std::array<std::vector<double>, 3> gap{std::vector<double>(model.units.size(), 0.0),
                                           std::vector<double>(model.members.size(), 0.0),
                                           std::vector<double>(model.criteria.size(), 0.0)};
    std::vector<std::vector<double>> step_gap;
    for (const auto& s : model.steps) step_gap.emplace_back(s.thresholds.size(), 0.0);
    for (const facet_rating& r : list) {
        const auto& unit = model.units[r.unit];
        const auto& member = model.members[r.member];
        const auto& criterion = model.criteria[r.criterion];
        if (unit.state != facet_state::estimated || member.state != facet_state::estimated ||
            criterion.state != facet_state::estimated)
            continue;
        const std::size_t g = model.scale == facet_scale::shared ? 0 : r.criterion;
        const auto& s = model.steps[g];
        std::vector<double> weight{1.0};
        for (double t : s.thresholds)
            weight.push_back(weight.back() *
                             std::exp(unit.measure - member.measure - criterion.measure - t));
        double sum = 0.0;
        for (double w : weight) sum += w;
        const auto at = static_cast<std::size_t>(
            std::lower_bound(s.categories.begin(), s.categories.end(), r.category) -
            s.categories.begin());
        double residual = static_cast<double>(at);
        for (std::size_t k = 0; k < weight.size(); ++k)
            residual -= static_cast<double>(k) * weight[k] / sum;
        gap[0][r.unit] += residual;
        gap[1][r.member] += residual;
        gap[2][r.criterion] += residual;
        for (std::size_t k = 0; k < s.thresholds.size(); ++k) {
            double above = 0.0;
            for (std::size_t j = k + 1; j < weight.size(); ++j) above += weight[j] / sum;
            step_gap[g][k] += (at > k ? 1.0 : 0.0) - above;
        }
    }
    for (const auto& facet : gap)
        for (double one : facet) CHECK(std::abs(one) < 1e-4);
    for (const auto& group : step_gap)
        for (double one : group) CHECK(std::abs(one) < 1e-4);
}

}  // namespace

TEST_CASE("two categories: the logistic regression of R") {
    const truth made = simulate(8, 4, 5, 1, 10, 7);
    REQUIRE(made.list.size() == 141);
    const many_facet_model model = fit_many_facet(made.list);
    REQUIRE(model.converged);
    CHECK(model.components == 1);
    check_measures(model.units, {0.91631029, -0.67962363, -1.44077136, -0.44801459, -0.03801739,
                                 -2.46180718, -0.17038072, 0.57765353});
    check_measures(model.members, {0.02549273, 0.31576487, 0.54574870, -0.88700631});
    check_measures(model.criteria, {0.70745495, -0.75948213, -0.88666708, 0.20817471, 0.73051956});
    CHECK(model.log_likelihood == doctest::Approx(-76.94770418).epsilon(1e-9));
    const std::array<double, 4> infit{0.92471934, 1.04876303, 0.91382694, 1.11169810};
    const std::array<double, 4> outfit{1.32241089, 0.94667785, 0.89712963, 1.00166516};
    const std::array<double, 4> error{0.37434658, 0.41697008, 0.39471184, 0.38719916};
    for (std::size_t m = 0; m < 4; ++m) {
        CHECK(model.members[m].infit == doctest::Approx(infit[m]).epsilon(1e-6));
        CHECK(model.members[m].outfit == doctest::Approx(outfit[m]).epsilon(1e-6));
        CHECK(model.members[m].standard_error == doctest::Approx(error[m]).epsilon(1e-6));
    }
}

TEST_CASE("four categories, steps shared by the criteria") {
    const truth made = simulate(9, 4, 4, 3, 15, 5);
    REQUIRE(made.list.size() == 128);
    many_facet_options how;
    how.scale = facet_scale::shared;
    const many_facet_model model = fit_many_facet(made.list, how);
    REQUIRE(model.converged);
    check_measures(model.units, {-0.24406653, -0.47430126, 0.69221796, 0.51164133, 0.34559783,
                                 -1.21948479, 2.00274802, -1.06420901, 0.98229235});
    check_measures(model.members, {-0.19072785, -0.30165325, 1.00400241, -0.51162131});
    check_measures(model.criteria, {0.46761788, 0.26852889, -0.46234928, -0.27379749});
    REQUIRE(model.steps.size() == 1);
    const std::array<double, 3> thresholds{-0.37383628, 0.02445708, 0.34937920};
    for (std::size_t k = 0; k < 3; ++k)
        CHECK(std::abs(model.steps[0].thresholds[k] - thresholds[k]) < 2e-6);
    CHECK(model.log_likelihood == doctest::Approx(-131.43879490).epsilon(1e-9));
    const std::array<double, 4> infit{0.92483251, 1.02016962, 0.88498931, 1.18326080};
    const std::array<double, 4> outfit{0.83916661, 1.32090699, 0.71801672, 1.09848892};
    const std::array<double, 4> error{0.20565049, 0.22056581, 0.21998020, 0.21375104};
    for (std::size_t m = 0; m < 4; ++m) {
        CHECK(model.members[m].infit == doctest::Approx(infit[m]).epsilon(1e-6));
        CHECK(model.members[m].outfit == doctest::Approx(outfit[m]).epsilon(1e-6));
        CHECK(model.members[m].standard_error == doctest::Approx(error[m]).epsilon(1e-6));
    }
    check_scores(model, made.list);
}

TEST_CASE("four categories, steps of each criterion") {
    const truth made = simulate(9, 4, 4, 3, 15, 5);
    const many_facet_model model = fit_many_facet(made.list);
    REQUIRE(model.converged);
    check_measures(model.units, {-0.26584602, -0.50016111, 0.72276970, 0.51643911, 0.35735771,
                                 -1.25923843, 2.04064756, -1.09252591, 1.03432718});
    check_measures(model.members, {-0.20170956, -0.31607367, 1.04264221, -0.52485899});
    check_measures(model.criteria, {0.40622823, 0.21888294, -0.40984217, -0.21526900});
    const std::array<double, 12> thresholds{-0.46608908, 0.80553999, -0.33945091, -1.32755037,
                                            0.69923455,  0.62831583, 0.18920590,  -1.03148052,
                                            0.84227462,  0.72515302, -0.73233569, 0.00718267};
    REQUIRE(model.steps.size() == 4);
    for (std::size_t c = 0; c < 4; ++c)
        for (std::size_t k = 0; k < 3; ++k)
            CHECK(std::abs(model.steps[c].thresholds[k] - thresholds[3 * c + k]) < 2e-6);
    CHECK(model.log_likelihood == doctest::Approx(-124.67107814).epsilon(1e-9));
    CHECK(model.members[3].infit == doctest::Approx(1.28961201).epsilon(1e-6));
    CHECK(model.members[2].outfit == doctest::Approx(0.63882419).epsilon(1e-6));
    check_scores(model, made.list);
}

TEST_CASE("two criteria, one member: twice the logarithm of the ratio") {
    // Andersen 1973: with two items the joint likelihood gives 2 log(n10 / n01), twice the
    // consistent conditional estimate.
    std::vector<facet_rating> list;
    std::uint32_t unit = 0;
    for (int i = 0; i < 30; ++i, ++unit) {
        list.push_back({unit, 0, 0, 1});
        list.push_back({unit, 0, 1, 0});
    }
    for (int i = 0; i < 12; ++i, ++unit) {
        list.push_back({unit, 0, 0, 0});
        list.push_back({unit, 0, 1, 1});
    }
    for (int i = 0; i < 5; ++i, ++unit) {  // extreme, says nothing
        list.push_back({unit, 0, 0, 1});
        list.push_back({unit, 0, 1, 1});
    }
    const many_facet_model model = fit_many_facet(list);
    REQUIRE(model.converged);
    CHECK(model.criteria[1].measure - model.criteria[0].measure ==
          doctest::Approx(2.0 * std::log(30.0 / 12.0)).epsilon(1e-6));
    CHECK(model.units[0].measure == doctest::Approx(0.0).epsilon(1e-6));
    CHECK(model.units[42].state == facet_state::extreme);
}

TEST_CASE("random designs solve their score equations, whatever the order of the ratings") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const truth made = simulate(14, 6, 5, 2 + static_cast<std::int32_t>(seed % 3), 30, seed);
        many_facet_options how;
        how.scale = seed % 2 == 0 ? facet_scale::shared : facet_scale::by_criterion;
        const many_facet_model model = fit_many_facet(made.list, how);
        REQUIRE(model.converged);
        check_scores(model, made.list);
        double severity = 0.0;
        double difficulty = 0.0;
        for (const auto& m : model.members) severity += m.measure;
        for (const auto& c : model.criteria) difficulty += c.measure;
        CHECK(std::abs(severity) < 1e-9);
        CHECK(std::abs(difficulty) < 1e-9);
        const std::vector<facet_rating> turned(made.list.rbegin(), made.list.rend());
        CHECK(fit_many_facet(turned, how) == model);
    }
}

TEST_CASE("measures recover what the ratings were drawn from") {
    const truth made = simulate(200, 7, 8, 4, 20, 77);
    many_facet_options how;
    how.scale = facet_scale::shared;
    const many_facet_model model = fit_many_facet(made.list, how);
    REQUIRE(model.converged);
    // Drawn with a latent logistic, not with adjacent steps, so compare directions and order.
    const auto correlation = [](const std::vector<ocop::facet_measure>& found,
                                const std::vector<double>& real) {
        double fx = 0.0;
        double rx = 0.0;
        double n = 0.0;
        for (std::size_t i = 0; i < real.size(); ++i) {
            if (found[i].state != facet_state::estimated) continue;
            fx += found[i].measure;
            rx += real[i];
            n += 1.0;
        }
        double fr = 0.0;
        double ff = 0.0;
        double rr = 0.0;
        for (std::size_t i = 0; i < real.size(); ++i) {
            if (found[i].state != facet_state::estimated) continue;
            fr += (found[i].measure - fx / n) * (real[i] - rx / n);
            ff += (found[i].measure - fx / n) * (found[i].measure - fx / n);
            rr += (real[i] - rx / n) * (real[i] - rx / n);
        }
        return fr / std::sqrt(ff * rr);
    };
    CHECK(correlation(model.units, made.units) > 0.95);
    CHECK(correlation(model.members, made.members) > 0.99);
    CHECK(correlation(model.criteria, made.criteria) > 0.99);
}

TEST_CASE("a member who answers at random has a large infit, fair means undo severity") {
    truth made = simulate(80, 6, 8, 3, 0, 15);
    draws draw{9};
    for (facet_rating& r : made.list)
        if (r.member == 2) r.category = static_cast<std::int32_t>(draw.below(4));
    const many_facet_model model = fit_many_facet(made.list);
    REQUIRE(model.converged);
    for (std::size_t m = 0; m < 6; ++m) {
        if (m == 2)
            CHECK(model.members[m].infit > 1.3);
        else
            CHECK(model.members[m].infit < 1.1);
    }
    // Everybody rated everything: the fair order of products is the raw one, and severity shows in
    // a member's fair mean.
    for (std::size_t a = 0; a < 80; ++a)
        for (std::size_t b = 0; b < 80; ++b)
            if (model.units[a].mean > model.units[b].mean)
                CHECK(model.units[a].fair > model.units[b].fair);
    for (std::size_t a = 0; a < 6; ++a)
        for (std::size_t b = 0; b < 6; ++b)
            if (model.members[a].measure > model.members[b].measure)
                CHECK(model.members[a].fair < model.members[b].fair);
}

TEST_CASE("extreme scores are set aside, told and measured from inside") {
    truth made = simulate(20, 5, 6, 3, 0, 3);
    const many_facet_model without = fit_many_facet(made.list);
    for (std::uint32_t m = 0; m < 5; ++m)
        for (std::uint32_t c = 0; c < 6; ++c) {
            made.list.push_back({20, m, c, 3});  // all at the top
            made.list.push_back({21, m, c, 0});  // all at the bottom
        }
    for (std::uint32_t u = 0; u < 20; ++u) made.list.push_back({u, 5, 0, 3});  // a member likewise
    const many_facet_model model = fit_many_facet(made.list);
    REQUIRE(model.converged);
    CHECK(model.units[20].state == facet_state::extreme);
    CHECK(model.units[21].state == facet_state::extreme);
    CHECK(model.members[5].state == facet_state::extreme);
    // They took no part.
    for (std::size_t u = 0; u < 20; ++u)
        CHECK(model.units[u].measure == doctest::Approx(without.units[u].measure).epsilon(1e-5));
    double highest = -100.0;
    double lowest = 100.0;
    for (std::size_t u = 0; u < 20; ++u) {
        highest = std::max(highest, model.units[u].measure);
        lowest = std::min(lowest, model.units[u].measure);
    }
    CHECK(model.units[20].measure > highest);
    CHECK(model.units[21].measure < lowest);
    CHECK(model.units[20].standard_error > 0.0);
    // The expected score of the measure is 0.3 inside: 17.7 of 18 from each member's six criteria.
    double expected = 0.0;
    for (std::uint32_t m = 0; m < 5; ++m) {
        for (std::uint32_t c = 0; c < 6; ++c) {
            std::vector<double> weight{1.0};
            for (double t : model.steps[c].thresholds)
                weight.push_back(weight.back() *
                                 std::exp(model.units[20].measure - model.members[m].measure -
                                          model.criteria[c].measure - t));
            double sum = 0.0;
            double mean = 0.0;
            for (std::size_t k = 0; k < weight.size(); ++k) {
                sum += weight[k];
                mean += static_cast<double>(k) * weight[k];
            }
            expected += mean / sum;
        }
    }
    CHECK(expected == doctest::Approx(90.0 - 0.3).epsilon(1e-6));
    // The lenient member's severity is below everybody's.
    for (std::size_t m = 0; m < 5; ++m) CHECK(model.members[5].measure < model.members[m].measure);
}

TEST_CASE("nothing to estimate is told") {
    const many_facet_model empty = fit_many_facet({});
    CHECK_FALSE(empty.estimated);
    CHECK(empty.units.empty());
    const std::vector<facet_rating> top{{0, 0, 0, 3}, {0, 1, 0, 3}, {1, 0, 0, 3}, {1, 1, 0, 3}};
    const many_facet_model same = fit_many_facet(top);
    CHECK_FALSE(same.estimated);
    CHECK(same.units[0].state == facet_state::unmeasured);
    CHECK(same.units[0].mean == 3.0);
    CHECK(same.members[1].ratings == 2);
    // A perfect order (Guttman) falls apart step by step.
    const std::vector<facet_rating> steps{{0, 0, 0, 0}, {0, 0, 1, 0}, {1, 0, 0, 1},
                                          {1, 0, 1, 0}, {2, 0, 0, 1}, {2, 0, 1, 1}};
    CHECK_FALSE(fit_many_facet(steps).estimated);
}

TEST_CASE("a category that nobody used has no step") {
    truth made = simulate(15, 4, 4, 3, 0, 8);
    for (facet_rating& r : made.list)
        if (r.category == 2) r.category = 7;
    many_facet_options how;
    how.scale = facet_scale::shared;
    const many_facet_model model = fit_many_facet(made.list, how);
    CHECK(model.steps[0].categories == std::vector<std::int32_t>{0, 1, 3, 7});
    CHECK(model.steps[0].thresholds.size() == 3);
    CHECK(model.converged);
}

TEST_CASE("two councils without a shared product are centred apart") {
    truth made = simulate(20, 4, 5, 3, 0, 21);
    std::vector<facet_rating> both = made.list;
    for (facet_rating r : simulate(18, 5, 5, 3, 0, 22).list)
        both.push_back({r.unit + 20, r.member + 4, r.criterion, r.category});
    const many_facet_model model = fit_many_facet(both);
    REQUIRE(model.converged);
    CHECK(model.components == 2);
    double first = 0.0;
    double second = 0.0;
    for (std::size_t m = 0; m < 9; ++m) (m < 4 ? first : second) += model.members[m].measure;
    CHECK(std::abs(first) < 1e-9);
    CHECK(std::abs(second) < 1e-9);
    check_scores(model, both);
}

TEST_CASE("a second answer and a wild index are refused with their places") {
    ocop::problems found;
    const std::vector<facet_rating> list{
        {0, 0, 0, 1}, {0, 0, 0, 2}, {ocop::rating_table::index_limit, 0, 0, 1}};
    CHECK_FALSE(ocop::try_fit_many_facet(list, found));
    REQUIRE(found.size() == 2);
    CHECK(found[0].code == ocop::problem_code::too_many);
    CHECK(found[0].where.pointer == "/ratings/2");
    CHECK(found[1].code == ocop::problem_code::second_answer);
    CHECK(found[1].where.pointer == "/ratings/1");
    CHECK_THROWS_AS(static_cast<void>(fit_many_facet(list)), ocop::error);
}
