// The crossed-effects model against published values, against lme4 1.1-31 (R 4.2.2) on the same
// data, and against the likelihood computed with the whole covariance matrix.
#include "ocop/ranking/severity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "generators.hpp"

using ocop::correction;
using ocop::estimate_severity;
using ocop::rating;
using ocop::rating_table;
using ocop::severity_estimate;
using ocop::severity_options;

using support::draws;

namespace {

struct truth {
    std::vector<rating> list;
    std::vector<double> units;
    std::vector<double> members;
};

/// \p units rated by \p low to \p high of \p members each, whole points.
truth simulate(std::uint32_t units, std::uint32_t members, std::uint32_t low, std::uint32_t high,
               std::uint64_t seed, double unit_sd, double member_sd, double noise_sd) {
    draws draw{seed};
    truth out;
    for (std::uint32_t u = 0; u < units; ++u) out.units.push_back(unit_sd * draw.bell());
    for (std::uint32_t m = 0; m < members; ++m) out.members.push_back(member_sd * draw.bell());
    for (std::uint32_t u = 0; u < units; ++u) {
        const std::uint32_t count = low + draw.below(high - low + 1);
        std::vector<std::uint32_t> chosen;
        while (chosen.size() < count) {
            const std::uint32_t m = draw.below(members);
            if (std::find(chosen.begin(), chosen.end(), m) == chosen.end()) chosen.push_back(m);
        }
        for (std::uint32_t m : chosen)
            out.list.push_back(
                {u, m,
                 std::floor(70.0 + out.units[u] + out.members[m] + noise_sd * draw.bell() + 0.5)});
    }
    return out;
}

/// Penicillin: 24 plates by 6 samples, plate by plate (Davies and Goldsmith 1972, section 6.6; the
/// data set `Penicillin` of lme4).
rating_table penicillin() {
    const std::array<int, 144> diameter{
        27, 23, 26, 23, 23, 21, 27, 23, 26, 23, 23, 21, 25, 21, 25, 24, 24, 20, 26, 23, 25,
        23, 23, 20, 25, 22, 26, 22, 23, 20, 24, 22, 25, 23, 22, 19, 24, 20, 23, 21, 22, 19,
        26, 22, 26, 24, 24, 21, 24, 21, 24, 22, 22, 20, 24, 21, 24, 23, 22, 19, 26, 23, 26,
        24, 24, 21, 25, 22, 26, 24, 24, 20, 26, 24, 26, 24, 25, 22, 26, 23, 26, 23, 23, 20,
        26, 23, 25, 24, 24, 22, 25, 22, 25, 23, 23, 20, 25, 21, 24, 23, 23, 20, 25, 22, 24,
        23, 23, 19, 24, 21, 23, 21, 21, 19, 26, 23, 26, 24, 24, 21, 25, 21, 24, 22, 22, 18,
        25, 22, 25, 22, 22, 20, 24, 21, 24, 22, 24, 19, 24, 21, 24, 22, 21, 18};
    std::vector<rating> list;
    for (std::uint32_t i = 0; i < 144; ++i)
        list.push_back({i / 6, i % 6, static_cast<double>(diameter[i])});
    return rating_table(list);
}

double printed(double value, int digits) {
    const double scale = std::pow(10.0, digits);
    return std::round(value * scale) / scale;
}

/// The model by the book: V with all its rows and columns.
struct whole_model {
    std::vector<rating> list;
    std::vector<double> root;  ///< Cholesky factor of V in variances of the noise

    [[nodiscard]] std::size_t n() const { return list.size(); }

    void factor(double unit_ratio, double member_ratio) {
        root.assign(n() * n(), 0.0);
        for (std::size_t i = 0; i < n(); ++i) {
            for (std::size_t j = 0; j <= i; ++j) {
                double v = (i == j ? 1.0 : 0.0) +
                           (list[i].unit == list[j].unit ? unit_ratio : 0.0) +
                           (list[i].member == list[j].member ? member_ratio : 0.0);
                for (std::size_t k = 0; k < j; ++k) v -= root[i * n() + k] * root[j * n() + k];
                root[i * n() + j] = i == j ? std::sqrt(v) : v / root[j * n() + j];
            }
        }
    }
    [[nodiscard]] std::vector<double> solve(std::vector<double> x) const {
        for (std::size_t i = 0; i < n(); ++i) {
            for (std::size_t k = 0; k < i; ++k) x[i] -= root[i * n() + k] * x[k];
            x[i] /= root[i * n() + i];
        }
        for (std::size_t i = n(); i-- > 0;) {
            for (std::size_t k = i + 1; k < n(); ++k) x[i] -= root[k * n() + i] * x[k];
            x[i] /= root[i * n() + i];
        }
        return x;
    }
    [[nodiscard]] double mean() const {
        const std::vector<double> ones = solve(std::vector<double>(n(), 1.0));
        double top = 0.0;
        double bottom = 0.0;
        for (std::size_t i = 0; i < n(); ++i) {
            top += ones[i] * list[i].value;
            bottom += ones[i];
        }
        return top / bottom;
    }
    [[nodiscard]] std::vector<double> residuals() const {
        const double mu = mean();
        std::vector<double> r;
        for (const rating& one : list) r.push_back(one.value - mu);
        return r;
    }
    /// -2 log likelihood at the best mean and noise.
    [[nodiscard]] double deviance(bool restricted) const {
        const std::vector<double> r = residuals();
        const std::vector<double> s = solve(r);
        double q = 0.0;
        double log_det = 0.0;
        double ones = 0.0;
        const std::vector<double> one = solve(std::vector<double>(n(), 1.0));
        for (std::size_t i = 0; i < n(); ++i) {
            q += r[i] * s[i];
            log_det += 2.0 * std::log(root[i * n() + i]);
            ones += one[i];
        }
        const double degrees = static_cast<double>(n()) - (restricted ? 1.0 : 0.0);
        return log_det + degrees * (std::log(2.0 * std::acos(-1.0) * q / degrees) + 1.0) +
               (restricted ? std::log(ones) : 0.0);
    }
};

double ratio(double sd, double noise) { return sd * sd / (noise * noise); }

}  // namespace

TEST_CASE("Penicillin: the published estimates") {
    // Bates, Maechler, Bolker and Walker's lme4 documentation, REML: plate 0.8467, sample 1.9316,
    // residual 0.5499, mean 22.9722, criterion 330.9.
    severity_options how;
    how.restricted = true;
    const severity_estimate found = estimate_severity(penicillin(), how);
    REQUIRE(found.converged);
    CHECK(printed(found.unit_sd, 4) == doctest::Approx(0.8467).epsilon(1e-9));
    CHECK(printed(found.member_sd, 4) == doctest::Approx(1.9316).epsilon(1e-9));
    CHECK(printed(found.noise_sd, 4) == doctest::Approx(0.5499).epsilon(1e-9));
    CHECK(printed(found.mean, 4) == doctest::Approx(22.9722).epsilon(1e-9));
    CHECK(printed(-2.0 * found.log_likelihood, 1) == doctest::Approx(330.9).epsilon(1e-9));
    // By maximum likelihood (lme4 run on the same data): 0.8455721, 1.7706470, 0.5499322, 332.1883.
    const severity_estimate ml = estimate_severity(penicillin());
    CHECK(ml.unit_sd == doctest::Approx(0.8455722).epsilon(1e-6));
    CHECK(ml.member_sd == doctest::Approx(1.7706463).epsilon(1e-6));
    CHECK(ml.noise_sd == doctest::Approx(0.5499322).epsilon(1e-6));
    CHECK(-2.0 * ml.log_likelihood == doctest::Approx(332.18834867).epsilon(1e-9));
    // Severity is minus lme4's ranef; its conditional standard deviations.
    CHECK(ml.members[0].severity == doctest::Approx(-2.18565977).epsilon(1e-6));
    CHECK(ml.members[1].severity == doctest::Approx(1.00983015).epsilon(1e-6));
    CHECK(ml.members[0].standard_error == doctest::Approx(0.20128562).epsilon(1e-6));
    CHECK(ml.units[0].effect == doctest::Approx(0.80440370).epsilon(1e-6));
    CHECK(ml.units[0].standard_error == doctest::Approx(0.27076482).epsilon(1e-6));
    // All plates by all samples: nothing to correct between them.
    for (const auto& unit : ml.units) CHECK(unit.fair == doctest::Approx(unit.raw).epsilon(1e-12));
}

TEST_CASE("unbalanced data: the estimates of lme4") {
    const truth made = simulate(200, 30, 3, 9, 11, 12, 4, 6);
    REQUIRE(made.list.size() == 1201);
    double sum = 0.0;
    for (const rating& one : made.list) sum += one.value;
    REQUIRE(sum == 84846.0);  // the same data as in R
    const rating_table table(made.list);
    const severity_estimate ml = estimate_severity(table);
    REQUIRE(ml.converged);
    CHECK(ml.mean == doctest::Approx(70.600927379).epsilon(1e-7));
    CHECK(ml.unit_sd == doctest::Approx(11.095937436).epsilon(1e-6));
    CHECK(ml.member_sd == doctest::Approx(3.649292434).epsilon(1e-6));
    CHECK(ml.noise_sd == doctest::Approx(5.944810582).epsilon(1e-6));
    CHECK(-2.0 * ml.log_likelihood == doctest::Approx(8374.17010707).epsilon(1e-11));
    const std::array<double, 6> members{-0.1048657, 3.8593948,  0.8440512,
                                        -2.4864023, -0.4676482, -2.1740014};
    const std::array<double, 6> member_errors{1.0951988, 1.0545708, 1.1290075,
                                              1.0604083, 1.0130894, 1.0655747};
    const std::array<double, 6> units{16.6764743, 8.8863630, 10.2645243,
                                      17.0586692, 9.8382669, 5.2091925};
    const std::array<double, 6> unit_errors{2.4446413, 2.4434442, 2.6584248,
                                            2.6582750, 3.3495074, 2.6591124};
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(ml.members[i].severity == doctest::Approx(-members[i]).epsilon(1e-5));
        CHECK(ml.members[i].standard_error == doctest::Approx(member_errors[i]).epsilon(1e-5));
        CHECK(ml.units[i].effect == doctest::Approx(units[i]).epsilon(1e-5));
        CHECK(ml.units[i].standard_error == doctest::Approx(unit_errors[i]).epsilon(1e-5));
    }
    severity_options how;
    how.restricted = true;
    const severity_estimate reml = estimate_severity(table, how);
    CHECK(reml.unit_sd == doctest::Approx(11.113470804).epsilon(1e-6));
    CHECK(reml.member_sd == doctest::Approx(3.678835021).epsilon(1e-6));
    CHECK(reml.noise_sd == doctest::Approx(5.944707233).epsilon(1e-6));
    CHECK(-2.0 * reml.log_likelihood == doctest::Approx(8372.23902225).epsilon(1e-11));
}

TEST_CASE("35,000 ratings: within a thousandth of lme4, and much nearer") {
    const truth made = simulate(5000, 300, 7, 7, 12, 12, 4, 6);
    const severity_estimate ml = estimate_severity(rating_table(made.list));
    REQUIRE(ml.converged);
    CHECK(ml.mean == doctest::Approx(70.092726981).epsilon(1e-6));
    CHECK(ml.unit_sd == doctest::Approx(12.104694773).epsilon(1e-5));
    CHECK(ml.member_sd == doctest::Approx(3.730429973).epsilon(1e-5));
    CHECK(ml.noise_sd == doctest::Approx(6.045310477).epsilon(1e-5));
    CHECK(-2.0 * ml.log_likelihood == doctest::Approx(243221.44957758).epsilon(1e-11));
    const std::array<double, 6> members{6.9557277,  -0.7443580, 4.3200778,
                                        -3.1468870, -2.4486587, 6.7480933};
    const std::array<double, 6> units{5.9411024, -7.9186321, -4.0359613,
                                      5.0317449, -5.6571284, 7.3372186};
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(ml.members[i].severity == doctest::Approx(-members[i]).epsilon(1e-5));
        CHECK(ml.units[i].effect == doctest::Approx(units[i]).epsilon(1e-5));
    }
}

TEST_CASE("350,000 ratings: within a hundredth of the thousandth that is asked") {
    // lme4 took 30 s for the same data.
    const truth made = simulate(50000, 1000, 7, 7, 14, 12, 4, 6);
    double sum = 0.0;
    for (const rating& one : made.list) sum += one.value;
    REQUIRE(sum == 24482973.0);
    const severity_estimate ml = estimate_severity(rating_table(made.list));
    REQUIRE(ml.converged);
    CHECK(ml.mean == doctest::Approx(69.955904278).epsilon(1e-6));
    CHECK(ml.unit_sd == doctest::Approx(12.009883015).epsilon(1e-5));
    CHECK(ml.member_sd == doctest::Approx(3.883418139).epsilon(1e-5));
    CHECK(ml.noise_sd == doctest::Approx(6.017215674).epsilon(1e-5));
    CHECK(-2.0 * ml.log_likelihood == doctest::Approx(2422499.82313492).epsilon(1e-10));
    const std::array<double, 6> members{4.7120230, -0.4528707, 5.6493731,
                                        7.2499341, 0.8033504,  -3.1269717};
    const std::array<double, 6> units{6.5764553,   -2.0362246, 17.1084488,
                                      -17.0102953, 8.5055150,  -3.4471412};
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(ml.members[i].severity == doctest::Approx(-members[i]).epsilon(1e-5));
        CHECK(ml.units[i].effect == doctest::Approx(units[i]).epsilon(1e-5));
    }
}

TEST_CASE("more members than products: the members are the ones eliminated") {
    const truth made = simulate(4, 40, 12, 25, 13, 9, 4, 5);
    REQUIRE(made.list.size() == 60);
    const severity_estimate ml = estimate_severity(rating_table(made.list));
    CHECK(ml.mean == doctest::Approx(71.304735003).epsilon(1e-7));
    CHECK(ml.unit_sd == doctest::Approx(10.439209242).epsilon(1e-5));
    CHECK(ml.member_sd == doctest::Approx(4.347971963).epsilon(1e-5));
    CHECK(ml.noise_sd == doctest::Approx(4.423462375).epsilon(1e-5));
    CHECK(-2.0 * ml.log_likelihood == doctest::Approx(396.89488239).epsilon(1e-9));
    CHECK(ml.units[0].effect == doctest::Approx(15.5479941).epsilon(1e-5));
    const std::array<double, 6> members{1.7260609, 2.3875408,  4.6744263,
                                        1.8697641, -0.8665672, -7.7899398};
    const std::array<double, 6> errors{3.1946941, 2.3288647, 3.1946941,
                                       2.3346709, 3.1759754, 3.1839426};
    std::size_t at = 0;
    for (const auto& m : ml.members) {
        if (m.ratings == 0 || at == members.size()) continue;
        CHECK(m.severity == doctest::Approx(-members[at]).epsilon(1e-5));
        CHECK(m.standard_error == doctest::Approx(errors[at++]).epsilon(1e-5));
    }
    CHECK(at == members.size());
    CHECK(ml.units[1].standard_error == doctest::Approx(1.4683337).epsilon(1e-5));
}

TEST_CASE("the estimate is the highest point of the whole likelihood") {
    draws draw{5};
    int inner = 0;
    int edge = 0;
    for (int round = 0; round < 120; ++round) {
        const std::uint32_t units = 3 + draw.below(9);
        const std::uint32_t members = 3 + draw.below(6);
        const double member_sd = round % 3 == 0 ? 0.0 : 4.0;
        const double unit_sd = round % 7 == 0 ? 0.0 : 8.0;
        truth made = simulate(units, members, 2, 3, 100 + static_cast<std::uint64_t>(round),
                              unit_sd, member_sd, 3.0);
        severity_options how;
        how.restricted = round % 2 == 1;
        const severity_estimate found = estimate_severity(rating_table(made.list), how);
        if (!found.estimated) continue;
        REQUIRE(found.converged);
        whole_model whole{made.list, {}};
        const double lu = ratio(found.unit_sd, found.noise_sd);
        const double lm = ratio(found.member_sd, found.noise_sd);
        whole.factor(lu, lm);
        const double best = whole.deviance(how.restricted);
        CHECK(best == doctest::Approx(-2.0 * found.log_likelihood).epsilon(1e-8));
        CHECK(whole.mean() == doctest::Approx(found.mean).epsilon(1e-8));

        // Effects, errors and consistency by the book.
        const std::vector<double> r = whole.residuals();
        const std::vector<double> s = whole.solve(r);
        const double variance = found.noise_sd * found.noise_sd;
        std::vector<double> noise(members, 0.0);
        std::vector<double> left(members, 0.0);
        const std::vector<double> one = whole.solve(std::vector<double>(whole.n(), 1.0));
        double ones = 0.0;
        for (double o : one) ones += o;
        for (std::size_t i = 0; i < whole.n(); ++i) {
            std::vector<double> unit_vector(whole.n(), 0.0);
            unit_vector[i] = 1.0;
            noise[made.list[i].member] += s[i] * s[i];
            left[made.list[i].member] += whole.solve(unit_vector)[i] - one[i] * one[i] / ones;
        }
        for (std::uint32_t m = 0; m < found.members.size(); ++m) {
            if (found.members[m].ratings == 0) continue;
            double effect = 0.0;
            std::vector<double> z(whole.n(), 0.0);
            for (std::size_t i = 0; i < whole.n(); ++i) {
                if (made.list[i].member != m) continue;
                effect += lm * s[i];
                z[i] = 1.0;
            }
            const std::vector<double> vz = whole.solve(z);
            double known = 0.0;
            for (std::size_t i = 0; i < whole.n(); ++i) known += z[i] * vz[i];
            CHECK(found.members[m].severity == doctest::Approx(-effect).epsilon(1e-6));
            CHECK(found.members[m].standard_error ==
                  doctest::Approx(std::sqrt(std::max(0.0, variance * lm * (1.0 - lm * known))))
                      .epsilon(1e-6));
            CHECK(found.members[m].noise_sd ==
                  doctest::Approx(std::sqrt(noise[m] / left[m])).epsilon(1e-6));
        }
        // Nothing near is higher, nor at the edge.
        for (double du : {0.98, 1.0, 1.02}) {
            for (double dm : {0.98, 1.0, 1.02}) {
                whole.factor(lu * du, lm * dm);
                CHECK(whole.deviance(how.restricted) > best - 1e-7);
                whole.factor(lu == 0.0 ? du - 0.98 : lu * du, lm == 0.0 ? dm - 0.98 : lm * dm);
                CHECK(whole.deviance(how.restricted) > best - 1e-7);
            }
        }
        whole.factor(lu, 0.0);
        CHECK(whole.deviance(how.restricted) > best - 1e-7);
        whole.factor(0.0, lm);
        CHECK(whole.deviance(how.restricted) > best - 1e-7);
        ++(lm > 0.0 && lu > 0.0 ? inner : edge);
    }
    CHECK(inner > 30);
    CHECK(edge > 10);
}

TEST_CASE("names, order, shift and scale change nothing but themselves") {
    const truth made = simulate(60, 12, 3, 6, 21, 10, 4, 5);
    const severity_estimate found = estimate_severity(rating_table(made.list));
    std::vector<rating> other(made.list.rbegin(), made.list.rend());
    for (rating& one : other) {
        one.unit = 100 - one.unit;
        one.member = 2 * (11 - one.member);
        one.value = 3.0 * one.value - 40.0;
    }
    const severity_estimate moved = estimate_severity(rating_table(other));
    CHECK(moved.unit_sd == doctest::Approx(3.0 * found.unit_sd).epsilon(1e-7));
    CHECK(moved.member_sd == doctest::Approx(3.0 * found.member_sd).epsilon(1e-7));
    CHECK(moved.mean == doctest::Approx(3.0 * found.mean - 40.0).epsilon(1e-7));
    for (std::uint32_t m = 0; m < 12; ++m)
        CHECK(moved.members[std::size_t{2} * (11 - m)].severity ==
              doctest::Approx(3.0 * found.members[m].severity).epsilon(1e-6));
    for (std::uint32_t u = 0; u < 60; ++u)
        CHECK(moved.units[100 - u].fair ==
              doctest::Approx(3.0 * found.units[u].fair - 40.0).epsilon(1e-7));
    CHECK(moved.members[1].state == correction::no_ratings);
    CHECK(moved.units[0].ratings == 0);
    CHECK(estimate_severity(rating_table(made.list)) == found);  // bit for bit
}

TEST_CASE("fair scores are nearer to the truth than raw ones, and keep the mean") {
    const truth made = simulate(400, 40, 5, 5, 31, 8, 5, 3);
    const severity_estimate found = estimate_severity(rating_table(made.list));
    REQUIRE(found.state == correction::applied);
    double raw = 0.0;
    double fair = 0.0;
    double moved = 0.0;
    for (std::size_t u = 0; u < 400; ++u) {
        const double truth_here = 70.0 + made.units[u];
        raw += (found.units[u].raw - truth_here) * (found.units[u].raw - truth_here);
        fair += (found.units[u].fair - truth_here) * (found.units[u].fair - truth_here);
        moved += (found.units[u].fair - found.units[u].raw) * found.units[u].ratings;
    }
    CHECK(fair < 0.5 * raw);
    CHECK(std::abs(moved) < 1e-8);
    for (std::size_t m = 0; m < 40; ++m)
        CHECK(std::abs(found.members[m].severity + made.members[m]) <
              5.0 * found.members[m].standard_error + 1.0);
}

TEST_CASE("an erratic member is told from a steady one") {
    truth made = simulate(150, 10, 6, 6, 41, 8, 3, 2);
    draws draw{77};
    for (rating& one : made.list)
        if (one.member == 4) one.value += 8.0 * draw.bell();
    const severity_estimate found = estimate_severity(rating_table(made.list));
    for (std::size_t m = 0; m < 10; ++m) {
        if (m == 4)
            CHECK(found.members[m].noise_sd > 6.0);
        else
            CHECK(found.members[m].noise_sd < 5.0);
    }
}

TEST_CASE("groups without a shared product are corrected apart") {
    truth north = simulate(80, 8, 4, 4, 51, 6, 4, 3);
    const truth south = simulate(90, 9, 4, 4, 52, 6, 4, 3);
    std::vector<rating> both = north.list;
    for (rating one : south.list) both.push_back({one.unit + 80, one.member + 8, one.value + 25.0});
    const severity_estimate found = estimate_severity(rating_table(both));
    CHECK(found.components == 2);
    CHECK(found.members[0].component != found.members[8].component);
    double moved_north = 0.0;
    double moved_south = 0.0;
    for (std::size_t u = 0; u < found.units.size(); ++u)
        (u < 80 ? moved_north : moved_south) +=
            (found.units[u].fair - found.units[u].raw) * found.units[u].ratings;
    CHECK(std::abs(moved_north) < 1e-8);
    CHECK(std::abs(moved_south) < 1e-8);
    // And the joint likelihood is still the whole one.
    whole_model whole{both, {}};
    whole.factor(ratio(found.unit_sd, found.noise_sd), ratio(found.member_sd, found.noise_sd));
    CHECK(whole.deviance(false) == doctest::Approx(-2.0 * found.log_likelihood).epsilon(1e-9));
}

TEST_CASE("what is not corrected says why, and is left as it is") {
    const auto unchanged = [](const severity_estimate& found) {
        return std::all_of(found.units.begin(), found.units.end(),
                           [](const auto& u) { return u.fair == u.raw && u.corrected == 0; });
    };
    SUBCASE("nothing at all") {
        const severity_estimate found = estimate_severity(rating_table{});
        CHECK(found.state == correction::no_ratings);
        CHECK(found.members.empty());
    }
    SUBCASE("a member with few ratings, and only that member") {
        truth made = simulate(60, 8, 4, 4, 61, 8, 4, 3);
        for (std::uint32_t u = 0; u < 9; ++u) made.list.push_back({u, 8, 50.0});
        const severity_estimate found = estimate_severity(rating_table(made.list));
        CHECK(found.state == correction::applied);
        CHECK(found.members[8].state == correction::too_few_ratings);
        CHECK(found.members[8].correction_points == 0.0);
        CHECK(found.units[0].corrected == 4);
        severity_options fewer;
        fewer.least_ratings = 9;
        CHECK(estimate_severity(rating_table(made.list), fewer).members[8].state ==
              correction::applied);
    }
    SUBCASE("nobody with enough ratings") {
        const truth made = simulate(20, 10, 3, 3, 62, 8, 4, 3);
        const severity_estimate found = estimate_severity(rating_table(made.list));
        CHECK(found.state == correction::too_few_ratings);
        CHECK(found.estimated);
        CHECK(unchanged(found));
    }
    SUBCASE("two members") {
        std::vector<rating> list;
        for (std::uint32_t u = 0; u < 30; ++u) {
            list.push_back({u, 0, 60.0 + u % 7});
            list.push_back({u, 1, 62.0 + u % 5});
        }
        const severity_estimate found = estimate_severity(rating_table(list));
        CHECK(found.state == correction::too_few_members);
        CHECK(unchanged(found));
    }
    SUBCASE("few products") {
        const truth made = simulate(9, 5, 5, 5, 63, 8, 4, 3);
        const severity_estimate found = estimate_severity(rating_table(made.list));
        CHECK(found.state == correction::too_few_units);
        CHECK(unchanged(found));
    }
    SUBCASE("every product rated once: severity is not told from quality") {
        std::vector<rating> list;
        for (std::uint32_t u = 0; u < 40; ++u) list.push_back({u, u % 3, 50.0 + u % 11});
        severity_options how;
        how.least_members = 1;
        const severity_estimate found = estimate_severity(rating_table(list), how);
        CHECK(found.components == 3);
        CHECK(found.state == correction::too_few_members);
        CHECK(unchanged(found));
    }
    SUBCASE("a chain of members who share one product each") {
        std::vector<rating> list;
        std::uint32_t unit = 0;
        for (std::uint32_t m = 0; m < 4; ++m)
            for (std::uint32_t i = 0; i < 12; ++i) list.push_back({unit++, m, 50.0 + i % 5});
        for (std::uint32_t m = 1; m < 4; ++m) list.push_back({12 * m - 1, m, 55.0});
        const severity_estimate found = estimate_severity(rating_table(list));
        CHECK(found.components == 1);
        CHECK(found.state == correction::not_overlapping);
        CHECK_FALSE(found.estimated);
        CHECK(unchanged(found));
    }
    SUBCASE("equal ratings") {
        std::vector<rating> list;
        for (std::uint32_t u = 0; u < 20; ++u)
            for (std::uint32_t m = 0; m < 5; ++m) list.push_back({u, m, 70.0});
        const severity_estimate found = estimate_severity(rating_table(list));
        CHECK(found.state == correction::no_variation);
        CHECK_FALSE(found.estimated);
        CHECK(unchanged(found));
    }
    SUBCASE("no noise is left") {
        std::vector<rating> list;
        for (std::uint32_t u = 0; u < 20; ++u)
            for (std::uint32_t m = 0; m < 5; ++m) list.push_back({u, m, 50.0 + u - 2.0 * m});
        CHECK(estimate_severity(rating_table(list)).state == correction::no_variation);
    }
    SUBCASE("more than fits") {
        const truth made = simulate(40, 12, 4, 4, 64, 8, 4, 3);
        severity_options how;
        how.largest_component = 11;
        const severity_estimate found = estimate_severity(rating_table(made.list), how);
        CHECK(found.state == correction::too_large);
        CHECK_FALSE(found.estimated);
        CHECK(unchanged(found));
        how.largest_component = 12;  // the members alone fit
        CHECK(estimate_severity(rating_table(made.list), how).state == correction::applied);
    }
    SUBCASE("members who do not differ") {
        // In each product the same deviations, turned round so that members' means are equal.
        std::vector<rating> list;
        for (std::uint32_t u = 0; u < 20; ++u)
            for (std::uint32_t m = 0; m < 5; ++m)
                list.push_back({u, m, 50.0 + 3 * (u % 6) + (u + m) % 5});
        const severity_estimate found = estimate_severity(rating_table(list));
        CHECK(found.member_sd == 0.0);
        CHECK(found.state == correction::no_member_variance);
        CHECK(unchanged(found));
    }
}

TEST_CASE("leaving a member out equals the table without that member") {
    const truth made = simulate(30, 8, 1, 5, 71, 8, 4, 3);
    const rating_table table(made.list);
    const auto summaries = ocop::leave_one_member_out(table);
    for (std::uint32_t m = 0; m < 8; ++m) {
        std::vector<rating> rest;
        for (const rating& one : made.list)
            if (one.member != m) rest.push_back(one);
        const rating_table without(rest);
        const auto list = ocop::without_member(table, m);
        std::size_t rated = 0;
        std::uint32_t shared = 0;
        double change = 0.0;
        for (std::uint32_t u = 0; u < 30; ++u) {
            const auto row = table.row(u);
            if (std::find(row.members.begin(), row.members.end(), m) == row.members.end()) continue;
            REQUIRE(rated < list.size());
            const auto& one = list[rated++];
            CHECK(one.unit == u);
            double sum = 0.0;
            double sum_without = 0.0;
            for (double v : row.values) sum += v;
            if (u < without.units())
                for (double v : without.row(u).values) sum_without += v;
            CHECK(one.sum == sum);
            CHECK(one.sum_without == sum_without);
            CHECK(one.count == row.values.size());
            CHECK(one.count_without + 1 == one.count);
            if (one.count_without == 0) {
                CHECK(one.change() == 0.0);
                continue;
            }
            ++shared;
            change += one.change();
        }
        CHECK(rated == list.size());
        CHECK(summaries[m].units == shared);
        if (shared > 0) CHECK(summaries[m].mean_change == doctest::Approx(change / shared));
    }
    CHECK(ocop::without_member(table, 99).empty());
}

TEST_CASE("the dense inverse inverts, and gives the determinant") {
    draws draw{3};
    for (std::size_t n : {1U, 3U, 4U, 7U, 40U, 41U, 83U, 120U}) {
        const std::size_t side = ocop::detail::padded_side(n);
        std::vector<double> factor(n * n);
        for (double& f : factor) f = draw.bell();
        std::vector<double> a(side * side, 0.0);
        for (std::size_t i = 0; i < side; ++i) {
            for (std::size_t j = 0; j < side; ++j) {
                if (i >= n || j >= n) {
                    a[i * side + j] = i == j ? 1.0 : 0.0;
                    continue;
                }
                for (std::size_t k = 0; k < n; ++k)
                    a[i * side + j] += factor[i * n + k] * factor[j * n + k];
                if (i == j) a[i * side + j] += 1.0;
            }
        }
        std::vector<double> inverse = a;
        double log_det = 0.0;
        REQUIRE(ocop::detail::sweep_inverse(inverse.data(), side, log_det));
        double worst = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                double sum = 0.0;
                for (std::size_t k = 0; k < n; ++k)
                    sum -=
                        a[i * side + k] * (k >= j ? inverse[k * side + j] : inverse[j * side + k]);
                worst = std::max(worst, std::abs(sum - (i == j ? 1.0 : 0.0)));
            }
        }
        CHECK(worst < 1e-9);
        // The determinant by elimination.
        double by_elimination = 0.0;
        std::vector<double> e = a;
        for (std::size_t k = 0; k < side; ++k) {
            by_elimination += std::log(e[k * side + k]);
            for (std::size_t i = k + 1; i < side; ++i) {
                const double share = e[i * side + k] / e[k * side + k];
                for (std::size_t j = k; j < side; ++j) e[i * side + j] -= share * e[k * side + j];
            }
        }
        CHECK(log_det == doctest::Approx(by_elimination).epsilon(1e-10));
    }
    std::vector<double> not_definite(16, 0.0);
    double log_det = 0.0;
    CHECK_FALSE(ocop::detail::sweep_inverse(not_definite.data(), 4, log_det));
}
