/// \file distributions.hpp
/// The few probability distributions that intervals and tests of agreement need: beta, F, Student's
/// t, normal, binomial with equal chances. Relative errors about 1e-12.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace ocop::detail {

/// log Gamma(x) for x > 0 (Lanczos, g = 7, nine terms). std::lgamma writes a global variable.
[[nodiscard]] inline double log_gamma(double x) {
    constexpr std::array<double, 9> terms{
        0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
        771.32342877765313,   -176.61502916214059,   12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
    if (x < 0.5) return log_gamma(x + 1.0) - std::log(x);
    const double z = x - 1.0;
    double sum = terms[0];
    for (std::size_t i = 1; i < terms.size(); ++i) sum += terms[i] / (z + static_cast<double>(i));
    const double t = z + 7.5;
    constexpr double half_log_two_pi = 0.91893853320467274178;
    return half_log_two_pi + (z + 0.5) * std::log(t) - t + std::log(sum);
}

/// The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz).
[[nodiscard]] inline double incomplete_beta(double a, double b, double x) {
    if (x <= 0.0) return 0.0;
    if (x >= 1.0) return 1.0;
    if (x > (a + 1.0) / (a + b + 2.0)) return 1.0 - incomplete_beta(b, a, 1.0 - x);
    const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) +
                                  b * std::log1p(-x)) /
                         a;
    constexpr double tiny = 1e-300;
    const auto kept = [](double v) { return std::abs(v) < tiny ? tiny : v; };
    double c = 1.0;
    double d = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    double f = d;
    for (int m = 1; m < 10000; ++m) {
        const double k = m;
        const double even = k * (b - k) * x / ((a + 2.0 * k - 1.0) * (a + 2.0 * k));
        d = 1.0 / kept(1.0 + even * d);
        c = kept(1.0 + even / c);
        f *= d * c;
        const double odd = -(a + k) * (a + b + k) * x / ((a + 2.0 * k) * (a + 2.0 * k + 1.0));
        d = 1.0 / kept(1.0 + odd * d);
        c = kept(1.0 + odd / c);
        const double step = d * c;
        f *= step;
        if (std::abs(step - 1.0) < 1e-15) break;
    }
    return front * f;
}

/// x with I_x(a, b) = p, by bisection to the last digits.
[[nodiscard]] inline double beta_quantile(double a, double b, double p) {
    double low = 0.0;
    double high = 1.0;
    for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        if (middle == low || middle == high) break;
        if (incomplete_beta(a, b, middle) < p)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/// The quantile of F with the given degrees of freedom, which need not be whole.
[[nodiscard]] inline double f_quantile(double p, double numerator, double denominator) {
    // The smaller tail is found exactly; 1 - x would lose digits.
    const double x = beta_quantile(0.5 * denominator, 0.5 * numerator, 1.0 - p);
    return denominator * (1.0 - x) / (numerator * x);
}

/// The quantile of Student's t.
[[nodiscard]] inline double t_quantile(double p, double degrees) {
    if (p == 0.5) return 0.0;
    const double tail = p < 0.5 ? p : 1.0 - p;
    const double x = beta_quantile(0.5 * degrees, 0.5, 2.0 * tail);
    const double t = std::sqrt(degrees * (1.0 - x) / x);
    return p < 0.5 ? -t : t;
}

/// P(|T| >= |t|) of Student's t.
[[nodiscard]] inline double t_two_sided(double t, double degrees) {
    return incomplete_beta(0.5 * degrees, 0.5, degrees / (degrees + t * t));
}

/// P(|Z| >= |z|) of the standard normal distribution.
[[nodiscard]] inline double normal_two_sided(double z) {
    return std::erfc(std::abs(z) * 0.70710678118654752440);
}

/// P(X <= k) of n throws of a fair coin.
[[nodiscard]] inline double fair_coin_at_most(double k, double n) {
    if (k >= n) return 1.0;
    if (k < 0.0) return 0.0;
    return incomplete_beta(n - k, k + 1.0, 0.5);
}

}  // namespace ocop::detail
