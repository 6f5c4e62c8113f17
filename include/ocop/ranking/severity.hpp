/// \file severity.hpp
/// Which member is harsh and which is steady: score = mean + product + member + noise, with products
/// and members as crossed random effects, by maximum likelihood; and a fair score beside the raw one.
///
/// Statistics in floating point: nothing here decides a star. Not included by <ocop/ocop.hpp>.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/names.hpp"
#include "ocop/ranking/dense_inverse.hpp"
#include "ocop/ranking/rating_table.hpp"

namespace ocop {

/// Whether the ratings of a member are corrected for severity, or why not.
enum class correction {
    applied,          ///< corrected
    no_ratings,       ///< the index has no rating
    too_few_ratings,  ///< the member has fewer ratings than asked for
    too_few_members,  ///< fewer members are connected with this one than asked for
    too_few_units,    ///< fewer products are connected with this one than asked for
    not_overlapping,  ///< severity cannot be told from quality: no two members share two products
    no_variation,     ///< all ratings are equal, or products and members explain them wholly
    no_member_variance,  ///< the likelihood is highest where members do not differ: nothing to correct
    too_large            ///< a component has more members, and more products, than asked for
};

template <>
struct names<correction> {
    static constexpr std::array<std::string_view, 9> all{
        "applied",         "no_ratings",   "too_few_ratings",    "too_few_members", "too_few_units",
        "not_overlapping", "no_variation", "no_member_variance", "too_large"};
};

template <>
struct terms<correction> {
    static constexpr std::array<term, 9> all{{
        {"đã hiệu chỉnh", "corrected"},
        {"chưa chấm sản phẩm nào", "has rated nothing"},
        {"chấm quá ít sản phẩm", "has rated too few products"},
        {"quá ít thành viên có sản phẩm chung", "too few members are connected by shared products"},
        {"quá ít sản phẩm có thành viên chung", "too few products are connected by shared members"},
        {"không đủ sản phẩm chấm chung để tách độ nghiêm khỏi chất lượng",
         "too little is shared to tell severity from quality"},
        {"điểm không biến động", "the ratings do not vary, or leave no noise"},
        {"các thành viên không khác nhau về độ nghiêm", "members do not differ in severity"},
        {"quá nhiều thành viên và sản phẩm liên kết với nhau",
         "too many members and products are connected"},
    }};
};

/// What estimate_severity() asks of the data, and how it estimates.
struct severity_options {
    /// A member with fewer ratings is not corrected.
    std::uint32_t least_ratings = 10;
    /// Of each connected group of members and products: with fewer members nobody is corrected.
    std::uint32_t least_members = 3;
    /// Of each connected group: with fewer products nobody is corrected.
    std::uint32_t least_units = 10;
    /// Restricted maximum likelihood (REML) in place of maximum likelihood.
    bool restricted = false;
    /// Ends where the next Newton step would change both variance ratios by less than this share.
    /// 0 stands for 1e-8, and for 5e-5 where one more step costs more than 10^8 operations.
    double tolerance = 0.0;
    /// Nothing is estimated where a component has more members and more products than this: the
    /// matrix kept of the fewer of both takes 8 bytes times its square.
    std::uint32_t largest_component = 8192;
    /// Most evaluations of the likelihood.
    std::uint32_t most_evaluations = 100;

    friend bool operator==(const severity_options&, const severity_options&) = default;
};

/// One member, by index.
struct member_severity {
    correction state = correction::no_ratings;
    std::uint32_t ratings = 0;
    std::uint32_t component = 0;  ///< severities compare within one component only
    /// Points that this member gives less than the average member: positive is harsh, negative is
    /// lenient. Minus the best linear unbiased prediction, so shrunk towards 0.
    double severity = 0.0;
    /// Standard deviation of the severity given the ratings and the variance components.
    double standard_error = 0.0;
    /// Consistency: standard deviation of the noise in this member's ratings, in points. Steady
    /// members are below severity_estimate::noise_sd, erratic ones above. 0 where it is not estimable.
    double noise_sd = 0.0;
    /// What is added to each rating of this member for the fair score: the severity above the mean
    /// severity in the component, or 0 where the member is not corrected.
    double correction_points = 0.0;

    friend bool operator==(const member_severity&, const member_severity&) = default;
};

/// One product, by index.
struct unit_fairness {
    std::uint32_t ratings = 0;
    std::uint32_t corrected = 0;  ///< how many of them are corrected
    std::uint32_t component = 0;
    double raw = 0.0;     ///< mean of the ratings
    double fair = 0.0;    ///< mean of the corrected ratings; equals raw where none is corrected
    double effect = 0.0;  ///< predicted difference to the mean product, shrunk towards 0
    double standard_error = 0.0;  ///< of the effect, given the ratings and the variance components

    friend bool operator==(const unit_fairness&, const unit_fairness&) = default;
};

/// The crossed-effects model of one table.
struct severity_estimate {
    /// applied where at least one member is corrected; else the reason that holds for all, or the
    /// one of the first member.
    correction state = correction::no_ratings;
    /// False where variances and effects could not be estimated; then they are 0.
    bool estimated = false;
    bool converged = false;
    double mean = 0.0;
    double unit_sd = 0.0;         ///< standard deviation between products
    double member_sd = 0.0;       ///< standard deviation between members
    double noise_sd = 0.0;        ///< standard deviation of the rest
    double log_likelihood = 0.0;  ///< the restricted one where that was asked for
    std::uint32_t evaluations = 0;
    std::uint32_t components = 0;
    std::vector<member_severity> members;
    std::vector<unit_fairness> units;

    friend bool operator==(const severity_estimate&, const severity_estimate&) = default;
};

namespace detail {

/// The crossed model with one factor by rows, which is eliminated in closed form, and the other by
/// columns, whose normal equations are dense within each connected component.
struct crossed_system {
    std::vector<std::uint32_t> starts;     ///< of each row in columns and values
    std::vector<std::uint32_t> columns;    ///< positions, ascending within a row
    std::vector<double> values;            ///< ratings less their grand mean
    std::vector<std::uint32_t> row_block;  ///< component of each row
    std::vector<std::uint32_t> first;      ///< first column of each component, and the end
    std::vector<std::size_t> offset;       ///< of each component's matrix
    std::size_t cells = 0;                 ///< numbers in all matrices
    double work = 0.0;                     ///< operations of one inversion of all matrices
    double grand_mean = 0.0;
    bool equal_rows = true;  ///< all rows have as many ratings

    std::vector<double> row_sum;
    std::vector<double> column_sum;
    std::vector<double> column_count;
    double square_sum = 0.0;

    [[nodiscard]] std::size_t rows() const noexcept { return row_block.size(); }
    [[nodiscard]] std::size_t column_total() const noexcept { return column_count.size(); }
    [[nodiscard]] std::size_t blocks() const noexcept { return first.size() - 1; }
    [[nodiscard]] double size() const noexcept { return static_cast<double>(values.size()); }
    [[nodiscard]] double in_row(std::size_t r) const noexcept {
        return static_cast<double>(starts[r + 1] - starts[r]);
    }
    [[nodiscard]] std::size_t side(std::size_t block) const noexcept {
        return padded_side(first[block + 1] - first[block]);
    }

    /// What follows from starts, columns, values, row_block and first.
    void finish() {
        const std::size_t n = first.back();
        column_sum.assign(n, 0.0);
        column_count.assign(n, 0.0);
        row_sum.assign(rows(), 0.0);
        for (double v : values) grand_mean += v;
        grand_mean /= size();
        for (std::size_t r = 0; r < rows(); ++r) {
            equal_rows = equal_rows && in_row(r) == in_row(0);
            for (std::size_t i = starts[r]; i < starts[r + 1]; ++i) {
                values[i] -= grand_mean;
                row_sum[r] += values[i];
                column_sum[columns[i]] += values[i];
                column_count[columns[i]] += 1.0;
                square_sum += values[i] * values[i];
            }
        }
        for (std::size_t b = 0; b < blocks(); ++b) {
            const auto s = static_cast<double>(side(b));
            offset.push_back(cells);
            cells += side(b) * side(b);
            work += s * s * s;
        }
    }
};

/// The likelihood at one pair of variance ratios, [0] of the rows and [1] of the columns, each over
/// the variance of the noise; deviance is -2 log likelihood, maximised over mean and noise.
struct crossed_point {
    std::array<double, 2> ratio{};
    double deviance = 0.0;
    std::array<double, 2> slope{};                     ///< of the deviance
    std::array<std::array<double, 2>, 2> curvature{};  ///< likewise, of ratios above 0
    double mean = 0.0;                                 ///< less the grand mean
    double variance = 0.0;                             ///< of the noise
    double weight = 0.0;                               ///< 1' V^-1 1, in variances of the noise
    std::vector<double> matrix;         ///< minus the inverse of each component's matrix
    std::vector<double> column_effect;  ///< predictions
    std::vector<double> column_one;     ///< the inverse times what the mean leaves
    std::vector<double> row_effect;
    std::vector<double> row_quadratic;  ///< n' inverse n of each row's columns n
};

/// y = inverse x for the blocks of \p p.
inline void apply_inverse(const crossed_system& s, const crossed_point& p,
                          const std::vector<double>& x, std::vector<double>& y) {
    y.assign(s.column_total(), 0.0);
    for (std::size_t b = 0; b < s.blocks(); ++b) {
        const std::size_t side = s.side(b);
        const std::size_t from = s.first[b];
        const std::size_t n = s.first[b + 1] - from;
        for (std::size_t i = 0; i < n; ++i) {
            const double* row = p.matrix.data() + s.offset[b] + i * side;
            double sum = row[i] * x[from + i];
            for (std::size_t j = 0; j < i; ++j) {
                sum += row[j] * x[from + j];
                y[from + j] -= row[j] * x[from + i];
            }
            y[from + i] -= sum;
        }
    }
}

/// f' V^-1 f of the vectors that give every rating its row's or its column's number: rows with rows,
/// rows with columns, columns with columns.
[[nodiscard]] inline std::array<double, 3> quadratic_forms(const crossed_system& s,
                                                           const crossed_point& p,
                                                           const std::vector<double>& by_row,
                                                           const std::vector<double>& by_column) {
    const std::size_t columns = s.column_total();
    std::array<double, 3> form{};
    std::vector<double> from_rows(columns, 0.0);
    std::vector<double> from_columns(columns, 0.0);
    for (std::size_t r = 0; r < s.rows(); ++r) {
        const double k = s.in_row(r);
        const double shrink = 1.0 / (1.0 + k * p.ratio[0]);
        const double c = p.ratio[0] * shrink;
        const std::size_t from = s.starts[r];
        const std::size_t end = s.starts[r + 1];
        double sum = 0.0;
        for (std::size_t i = from; i < end; ++i) sum += by_column[s.columns[i]];
        form[0] += k * shrink * by_row[r] * by_row[r];
        form[1] += shrink * by_row[r] * sum;
        form[2] -= c * sum * sum;
        for (std::size_t i = from; i < end; ++i) {
            from_rows[s.columns[i]] += shrink * by_row[r];
            from_columns[s.columns[i]] -= c * sum;
        }
    }
    for (std::size_t m = 0; m < columns; ++m) {
        from_columns[m] += s.column_count[m] * by_column[m];
        form[2] += s.column_count[m] * by_column[m] * by_column[m];
    }
    if (p.ratio[1] > 0.0) {
        std::vector<double> solved;
        apply_inverse(s, p, from_rows, solved);
        for (std::size_t m = 0; m < columns; ++m) {
            form[0] -= solved[m] * from_rows[m];
            form[1] -= solved[m] * from_columns[m];
        }
        apply_inverse(s, p, from_columns, solved);
        for (std::size_t m = 0; m < columns; ++m) form[2] -= solved[m] * from_columns[m];
    }
    return form;
}

/// \p p at its ratios. False where a matrix is not positive definite to working precision.
[[nodiscard]] inline bool evaluate(const crossed_system& s, bool restricted, crossed_point& p) {
    const std::size_t rows = s.rows();
    const std::size_t columns = s.column_total();
    const double n = s.size();
    const double lambda_row = p.ratio[0];
    const double lambda_col = p.ratio[1];
    const bool has_columns = lambda_col > 0.0;
    const double tau = has_columns ? 1.0 / lambda_col : 0.0;

    // The normal equations of the columns once the rows are eliminated, and both right hand sides.
    p.matrix.assign(has_columns ? s.cells : 0, 0.0);
    std::vector<double> rhs_y = s.column_sum;
    std::vector<double> rhs_one = s.column_count;
    double log_det = 0.0;
    double yy = s.square_sum;
    double xy = 0.0;
    double xx = 0.0;
    double trace_rows = 0.0;
    double trace_rows_squared = 0.0;
    double trace_columns = 0.0;
    double weight_f = 0.0;
    double weight_c = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        const double k = s.in_row(r);
        const double shrink = 1.0 / (1.0 + k * lambda_row);
        const double c = lambda_row * shrink;
        log_det -= std::log(shrink);
        yy -= c * s.row_sum[r] * s.row_sum[r];
        xy += shrink * s.row_sum[r];
        xx += shrink * k;
        trace_rows += k * shrink;
        trace_rows_squared += k * k * shrink * shrink;
        trace_columns += k * (1.0 - c);
        weight_f += k * shrink * shrink;
        weight_c += k * c;
        const std::size_t from = s.starts[r];
        const std::size_t end = s.starts[r + 1];
        for (std::size_t i = from; i < end; ++i) {
            rhs_y[s.columns[i]] -= c * s.row_sum[r];
            rhs_one[s.columns[i]] -= c * k;
        }
        if (!has_columns) continue;
        const std::size_t block = s.row_block[r];
        const std::size_t side = s.side(block);
        double* matrix = p.matrix.data() + s.offset[block];
        const std::uint32_t base = s.first[block];
        for (std::size_t i = from; i < end; ++i) {
            double* row = matrix + (s.columns[i] - base) * side;
            for (std::size_t j = from; j <= i; ++j) row[s.columns[j] - base] -= c;
        }
    }
    std::vector<double> diagonal(columns, 0.0);  // of the normal equations without the rows
    if (has_columns) {
        for (std::size_t b = 0; b < s.blocks(); ++b) {
            const std::size_t side = s.side(b);
            const std::size_t count = s.first[b + 1] - s.first[b];
            double* matrix = p.matrix.data() + s.offset[b];
            for (std::size_t i = 0; i < side; ++i) {
                if (i < count) {
                    diagonal[s.first[b] + i] = s.column_count[s.first[b] + i] + tau;
                    matrix[i * side + i] += diagonal[s.first[b] + i];
                } else {
                    matrix[i * side + i] = 1.0;
                }
            }
            if (!sweep_inverse(matrix, side, log_det)) return false;
        }
        log_det += static_cast<double>(columns) * std::log(lambda_col);
        apply_inverse(s, p, rhs_y, p.column_effect);
        apply_inverse(s, p, rhs_one, p.column_one);
    } else {
        p.column_effect.assign(columns, 0.0);
        p.column_one.assign(columns, 0.0);
    }
    for (std::size_t m = 0; m < columns; ++m) {
        yy -= rhs_y[m] * p.column_effect[m];
        xy -= rhs_one[m] * p.column_effect[m];
        xx -= rhs_one[m] * p.column_one[m];
    }
    p.mean = xy / xx;
    p.weight = xx;
    const double degrees = restricted ? n - 1.0 : n;
    const double q = yy - xy * p.mean;
    if (!(q > 0.0) || !(xx > 0.0)) return false;
    p.variance = q / degrees;
    constexpr double two_pi = 6.283185307179586;
    p.deviance = log_det + degrees * (std::log(two_pi * p.variance) + 1.0);
    if (restricted) p.deviance += std::log(xx);

    for (std::size_t m = 0; m < columns; ++m) p.column_effect[m] -= p.mean * p.column_one[m];

    // Sums over the inverse.
    double trace = 0.0;        // of the inverse
    double squares = 0.0;      // sum of squares of the inverse
    double squares_one = 0.0;  // the same, weighted with the diagonal once
    double squares_two = 0.0;  // and twice
    double trace_weighted = 0.0;
    if (has_columns) {
        for (std::size_t b = 0; b < s.blocks(); ++b) {
            const std::size_t side = s.side(b);
            const std::size_t from = s.first[b];
            const std::size_t count = s.first[b + 1] - from;
            for (std::size_t i = 0; i < count; ++i) {
                const double* row = p.matrix.data() + s.offset[b] + i * side;
                const double di = diagonal[from + i];
                double plain = 0.0;
                double weighted = 0.0;
                for (std::size_t j = 0; j < i; ++j) {
                    const double square = row[j] * row[j];
                    plain += square;
                    weighted += square * diagonal[from + j];
                }
                const double own = row[i] * row[i];
                trace -= row[i];
                trace_weighted -= row[i] * di;
                squares += 2.0 * plain + own;
                squares_one += weighted + di * plain + di * own;
                squares_two += di * (2.0 * weighted + di * own);
            }
        }
    }

    // Z'V^-1 of the residuals (the scores of both factors) and of the mean.
    p.row_quadratic.assign(rows, 0.0);
    p.row_effect.assign(rows, 0.0);
    std::vector<double> col_score(columns, 0.0);
    std::vector<double> col_one(columns, 0.0);
    if (has_columns) {
        for (std::size_t m = 0; m < columns; ++m) {
            col_score[m] = tau * p.column_effect[m];
            col_one[m] = tau * p.column_one[m];
        }
    } else {
        for (std::size_t m = 0; m < columns; ++m) {
            col_score[m] = rhs_y[m] - p.mean * rhs_one[m];
            col_one[m] = rhs_one[m];
        }
    }
    std::vector<double> row_score(rows, 0.0);
    std::vector<double> row_one(rows, 0.0);
    double row_squares = 0.0;
    double row_one_squares = 0.0;
    double cubes = 0.0;
    double quadratics = 0.0;
    double r_one = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        const std::size_t from = s.starts[r];
        const std::size_t end = s.starts[r + 1];
        const double k = s.in_row(r);
        const double shrink = 1.0 / (1.0 + k * lambda_row);
        double effects = 0.0;
        double ones = 0.0;
        for (std::size_t i = from; i < end; ++i) {
            effects += p.column_effect[s.columns[i]];
            ones += p.column_one[s.columns[i]];
        }
        if (has_columns) {
            const std::size_t block = s.row_block[r];
            const std::size_t side = s.side(block);
            const double* matrix = p.matrix.data() + s.offset[block];
            const std::uint32_t base = s.first[block];
            double own = 0.0;
            double others = 0.0;
            for (std::size_t i = from; i < end; ++i) {
                const double* row = matrix + (s.columns[i] - base) * side;
                for (std::size_t j = from; j < i; ++j) others -= row[s.columns[j] - base];
                own -= row[s.columns[i] - base];
            }
            p.row_quadratic[r] = own + 2.0 * others;
        }
        const double score = row_score[r] = shrink * (s.row_sum[r] - k * p.mean - effects);
        const double one = row_one[r] = shrink * (k - ones);
        p.row_effect[r] = lambda_row * score;
        row_squares += score * score;
        row_one_squares += one * one;
        r_one += score * one;
        quadratics += shrink * shrink * p.row_quadratic[r];
        cubes += k * shrink * shrink * shrink * p.row_quadratic[r];
    }
    double col_squares = 0.0;
    double col_one_squares = 0.0;
    double c_one = 0.0;
    for (std::size_t m = 0; m < columns; ++m) {
        col_squares += col_score[m] * col_score[m];
        col_one_squares += col_one[m] * col_one[m];
        c_one += col_score[m] * col_one[m];
    }
    const auto [rr0, rc0, cc0] = quadratic_forms(s, p, row_score, col_score);
    const double rr = rr0 - r_one * r_one / xx;
    const double rc = rc0 - r_one * c_one / xx;
    const double cc = cc0 - c_one * c_one / xx;

    // Slopes: trace of V^-1 ZZ' less the score's square.
    const double m_count = static_cast<double>(columns);
    const double scale = 1.0 / p.variance;
    p.slope[0] = trace_rows - quadratics - scale * row_squares;
    p.slope[1] =
        (has_columns ? tau * m_count - tau * tau * trace : trace_columns) - scale * col_squares;
    if (restricted) {
        p.slope[0] -= row_one_squares / xx;
        p.slope[1] -= col_one_squares / xx;
    }
    // Curvatures. The traces of products are exact where all rows have as many ratings; else one
    // factor stands for all rows, which slows the last steps a little and moves no estimate.
    double t_rr = trace_rows_squared;
    double t_rc = 0.0;
    double t_cc = 0.0;
    if (has_columns) {
        t_cc = tau * tau * (m_count - 2.0 * tau * trace + tau * tau * squares);
        if (weight_c > 0.0) {
            const double factor = weight_f / weight_c;
            t_rc = tau * tau * factor * (squares_one - trace);
            t_rr += -2.0 * cubes + factor * factor * (squares_two - 2.0 * trace_weighted + m_count);
        }
    }
    p.curvature[0][0] =
        -t_rr + scale * (2.0 * rr) - scale * scale * row_squares * row_squares / degrees;
    p.curvature[1][1] =
        -t_cc + scale * (2.0 * cc) - scale * scale * col_squares * col_squares / degrees;
    p.curvature[0][1] = p.curvature[1][0] =
        -t_rc + scale * (2.0 * rc) - scale * scale * row_squares * col_squares / degrees;
    if (restricted) {
        const auto [rr1, rc1, cc1] = quadratic_forms(s, p, row_one, col_one);
        p.curvature[0][0] += 2.0 * rr1 / xx - row_one_squares * row_one_squares / (xx * xx);
        p.curvature[1][1] += 2.0 * cc1 / xx - col_one_squares * col_one_squares / (xx * xx);
        p.curvature[0][1] += 2.0 * rc1 / xx - row_one_squares * col_one_squares / (xx * xx);
        p.curvature[1][0] = p.curvature[0][1];
    }
    return true;
}

/// Ratios to start from: what fixed effects of rows and columns, each given the other, would lead
/// to expect (Henderson's method III), so close to the maximum that few steps remain. False where
/// the fixed effects leave no noise.
[[nodiscard]] inline bool starting_ratios(const crossed_system& s, std::array<double, 2>& ratio) {
    const std::size_t columns = s.column_total();
    // Conjugate gradients on the columns' normal equations, rows eliminated.
    std::vector<double> residual = s.column_sum;
    for (std::size_t r = 0; r < s.rows(); ++r)
        for (std::size_t i = s.starts[r]; i < s.starts[r + 1]; ++i)
            residual[s.columns[i]] -= s.row_sum[r] / s.in_row(r);
    const std::vector<double> rhs = residual;
    std::vector<double> x(columns, 0.0);
    std::vector<double> direction(columns);
    std::vector<double> image(columns);
    double rho = 0.0;
    for (std::size_t m = 0; m < columns; ++m) {
        direction[m] = residual[m] / s.column_count[m];
        rho += residual[m] * direction[m];
    }
    const double enough = rho * 1e-16;
    for (int step = 0; step < 100 && rho > enough && rho > 0.0; ++step) {
        for (std::size_t m = 0; m < columns; ++m) image[m] = s.column_count[m] * direction[m];
        for (std::size_t r = 0; r < s.rows(); ++r) {
            double mean = 0.0;
            for (std::size_t i = s.starts[r]; i < s.starts[r + 1]; ++i)
                mean += direction[s.columns[i]];
            mean /= s.in_row(r);
            for (std::size_t i = s.starts[r]; i < s.starts[r + 1]; ++i) image[s.columns[i]] -= mean;
        }
        double along = 0.0;
        for (std::size_t m = 0; m < columns; ++m) along += direction[m] * image[m];
        if (!(along > 0.0)) break;
        const double length = rho / along;
        double next = 0.0;
        for (std::size_t m = 0; m < columns; ++m) {
            x[m] += length * direction[m];
            residual[m] -= length * image[m];
            next += residual[m] * residual[m] / s.column_count[m];
        }
        for (std::size_t m = 0; m < columns; ++m)
            direction[m] = residual[m] / s.column_count[m] + next / rho * direction[m];
        rho = next;
    }
    double columns_given_rows = 0.0;
    double columns_alone = 0.0;
    for (std::size_t m = 0; m < columns; ++m) {
        columns_given_rows += x[m] * rhs[m];
        columns_alone += s.column_sum[m] * s.column_sum[m] / s.column_count[m];
    }
    double rows_alone = 0.0;
    double within = 0.0;
    for (std::size_t r = 0; r < s.rows(); ++r) {
        rows_alone += s.row_sum[r] * s.row_sum[r] / s.in_row(r);
        within += s.in_row(r) - 1.0;
    }
    const double n = s.size();
    const auto m_count = static_cast<double>(columns);
    const auto groups = static_cast<double>(s.blocks());
    const auto r_count = static_cast<double>(s.rows());
    const double degrees = n - r_count - m_count + groups;
    const double left = s.square_sum - rows_alone - columns_given_rows;
    if (!(degrees > 0.0) || !(left > 1e-12 * s.square_sum)) return false;
    const double noise = left / degrees;
    const double rows_given_columns = columns_given_rows + rows_alone - columns_alone;
    const auto usable = [](double v) { return v > 1e-3 ? (v < 1e6 ? v : 1e6) : 1e-3; };
    const double among_rows = n - m_count;
    ratio[0] = usable(
        among_rows > 0.0 ? (rows_given_columns / noise - (r_count - groups)) / among_rows : 0.0);
    ratio[1] =
        usable(within > 0.0 ? (columns_given_rows / noise - (m_count - groups)) / within : 0.0);
    return true;
}

struct crossed_fit {
    crossed_point at;
    std::uint32_t evaluations = 0;
    bool converged = false;
    bool estimated = false;
};

/// The maximum: Newton steps on the logarithms of both ratios, halved until the deviance falls; a
/// ratio whose best value is 0 is set to 0 and released again where the slope there asks for it.
[[nodiscard]] inline crossed_fit maximise(const crossed_system& s, const severity_options& how) {
    crossed_fit fit;
    std::array<double, 2> start{};
    if (!starting_ratios(s, start)) return fit;
    const double tolerance = how.tolerance > 0.0 ? how.tolerance : s.work > 1e8 ? 5e-5 : 1e-8;
    const auto worth = [&](std::array<double, 2> ratio, crossed_point& p) {
        p.ratio = ratio;
        ++fit.evaluations;
        return evaluate(s, how.restricted, p);
    };
    crossed_point& here = fit.at;
    for (int tries = 0; !worth(start, here); ++tries) {
        if (tries == 20) return fit;
        for (double& one : start) one *= 0.25;
    }
    fit.estimated = true;
    constexpr double never = 1e300;
    std::array<double, 2> tried_at{never, never};  // the ratio from which 0 was tried last
    std::array<bool, 2> kept_at_zero{};
    bool stepped = false;            // the last move was a Newton step,
    std::array<double, 2> last{};    // this one,
    std::array<double, 2> last_g{};  // from this slope
    crossed_point there;
    while (fit.evaluations < how.most_evaluations) {
        // A ratio that heads below 0: is 0 the best? And one at 0 that should rise?
        bool moved = false;
        for (std::size_t i = 0; i < 2 && !moved; ++i) {
            const double slope = here.slope[i];
            const double now = here.ratio[i];
            if (now == 0.0 && slope < 0.0 && !kept_at_zero[i]) {
                kept_at_zero[i] = true;
                for (double up = 1e-3; up > 1e-9 && !moved; up *= 0.1) {
                    std::array<double, 2> ratio = here.ratio;
                    ratio[i] = up;
                    moved = worth(ratio, there) && there.deviance < here.deviance;
                }
            } else if (now > 0.0 && slope > 0.0 && now < 0.1 * tried_at[i] &&
                       slope >= now * here.curvature[i][i]) {
                tried_at[i] = now;
                std::array<double, 2> ratio = here.ratio;
                ratio[i] = 0.0;
                moved =
                    worth(ratio, there) && there.slope[i] >= 0.0 && there.deviance <= here.deviance;
            }
        }
        if (moved) {
            std::swap(here, there);
            stepped = false;
        }
        if (moved) continue;

        // The Newton step in logarithms.
        std::array<double, 2> g{};
        std::array<std::array<double, 2>, 2> h{};
        for (std::size_t i = 0; i < 2; ++i) {
            g[i] = here.ratio[i] * here.slope[i];
            for (std::size_t j = 0; j < 2; ++j)
                h[i][j] = here.ratio[i] * here.ratio[j] * here.curvature[i][j];
            h[i][i] += g[i];
        }
        if (!s.equal_rows && stepped) {
            // The curvature is approximate: make it fit the change of slope along the last step
            // (BFGS).
            const std::array<double, 2> hs{h[0][0] * last[0] + h[0][1] * last[1],
                                           h[1][0] * last[0] + h[1][1] * last[1]};
            const std::array<double, 2> y{g[0] - last_g[0], g[1] - last_g[1]};
            const double shs = hs[0] * last[0] + hs[1] * last[1];
            const double ys = y[0] * last[0] + y[1] * last[1];
            if (shs > 0.0 && ys > 0.0)
                for (std::size_t i = 0; i < 2; ++i)
                    for (std::size_t j = 0; j < 2; ++j)
                        h[i][j] += y[i] * y[j] / ys - hs[i] * hs[j] / shs;
        }
        std::array<double, 2> step{};
        const bool free0 = here.ratio[0] > 0.0;
        const bool free1 = here.ratio[1] > 0.0;
        const double det = h[0][0] * h[1][1] - h[0][1] * h[1][0];
        if (free0 && free1 && h[0][0] > 0.0 && det > 1e-10 * h[0][0] * h[1][1]) {
            step[0] = -(h[1][1] * g[0] - h[0][1] * g[1]) / det;
            step[1] = -(h[0][0] * g[1] - h[1][0] * g[0]) / det;
        } else {
            for (std::size_t i = 0; i < 2; ++i) {
                if (here.ratio[i] == 0.0) continue;
                const double bend = h[i][i] > 0.0 ? h[i][i] : std::abs(g[i]) + std::abs(h[i][i]);
                step[i] = bend > 0.0 ? -g[i] / bend : 0.0;
            }
        }
        if (std::abs(step[0]) < tolerance && std::abs(step[1]) < tolerance) {
            fit.converged = true;
            break;
        }
        constexpr double longest = 2.0;
        for (double& one : step) one = one > longest ? longest : one < -longest ? -longest : one;
        const double slack = 1e-12 * (1.0 + std::abs(here.deviance));  // rounding
        double part = 1.0;
        bool lower = false;
        for (int halvings = 0; halvings < 30 && fit.evaluations < how.most_evaluations;
             ++halvings) {
            const bool good = worth({here.ratio[0] * std::exp(part * step[0]),
                                     here.ratio[1] * std::exp(part * step[1])},
                                    there);
            if (good && there.deviance <= here.deviance + slack) {
                lower = true;
                break;
            }
            part *= 0.5;
        }
        if (!lower) {
            // No step lowers the deviance: it is flat to the last digits here.
            fit.converged = std::abs(step[0]) < 1e-4 && std::abs(step[1]) < 1e-4;
            break;
        }
        std::swap(here, there);
        stepped = true;
        last = {part * step[0], part * step[1]};
        last_g = g;
    }
    return fit;
}

/// Components of the graph of units and members; nodes are units, then members.
class union_find {
public:
    explicit union_find(std::size_t nodes) : parent_(nodes) {
        for (std::size_t i = 0; i < nodes; ++i) parent_[i] = static_cast<std::uint32_t>(i);
    }
    [[nodiscard]] std::uint32_t root(std::uint32_t i) noexcept {
        while (parent_[i] != i) {
            parent_[i] = parent_[parent_[i]];
            i = parent_[i];
        }
        return i;
    }
    void join(std::uint32_t a, std::uint32_t b) noexcept {
        a = root(a);
        b = root(b);
        if (a < b)
            parent_[b] = a;
        else
            parent_[a] = b;
    }

private:
    std::vector<std::uint32_t> parent_;
};

/// How many units, members and ratings a component has.
struct component_size {
    std::uint32_t units = 0;
    std::uint32_t members = 0;
    std::uint32_t ratings = 0;
};

/// Numbers the components by their first unit, in the results; their sizes.
[[nodiscard]] inline std::vector<component_size> find_components(const rating_table& table,
                                                                 severity_estimate& out) {
    const auto units = static_cast<std::uint32_t>(table.units());
    union_find sets(table.units() + table.members());
    for (std::uint32_t u = 0; u < units; ++u)
        for (std::uint32_t m : table.row(u).members) sets.join(u, units + m);
    std::vector<std::uint32_t> number(table.units(), 0);
    std::vector<component_size> sizes;
    for (std::uint32_t u = 0; u < units; ++u) {
        const auto row = table.row(u);
        if (row.members.empty()) continue;
        const std::uint32_t top = sets.root(u);
        if (top == u) {
            number[u] = static_cast<std::uint32_t>(sizes.size());
            sizes.emplace_back();
        }
        out.units[u].component = number[top];
        component_size& size = sizes[number[top]];
        ++size.units;
        for (std::uint32_t m : row.members) {
            ++size.ratings;
            if (out.members[m].ratings++ == 0) {
                out.members[m].component = number[top];
                ++size.members;
            }
        }
    }
    out.components = static_cast<std::uint32_t>(sizes.size());
    return sizes;
}

/// The system with the smaller factor in columns, and what its rows and columns stand for.
struct crossed_layout {
    crossed_system system;
    bool members_in_columns = true;
    std::vector<std::uint32_t> row_id;
    std::vector<std::uint32_t> column_id;
};

[[nodiscard]] inline crossed_layout lay_out(const rating_table& table,
                                            const severity_estimate& known,
                                            const std::vector<component_size>& sizes) {
    crossed_layout out;
    crossed_system& s = out.system;
    // The costs of both ways round: the cube of the columns of each component.
    double by_members = 0.0;
    double by_units = 0.0;
    for (const component_size& size : sizes) {
        const double m = size.members;
        const double u = size.units;
        by_members += m * m * m;
        by_units += u * u * u;
    }
    out.members_in_columns = by_members <= by_units;
    const bool straight = out.members_in_columns;
    const std::size_t column_ids = straight ? table.members() : table.units();
    const std::size_t row_ids = straight ? table.units() : table.members();

    // Columns by component and within it by index, so that rows stay ascending.
    s.first.assign(sizes.size() + 1, 0);
    for (std::size_t b = 0; b < sizes.size(); ++b)
        s.first[b + 1] = s.first[b] + (straight ? sizes[b].members : sizes[b].units);
    std::vector<std::uint32_t> next(s.first.begin(), s.first.end() - 1);
    std::vector<std::uint32_t> position(column_ids, 0);
    out.column_id.resize(s.first.back());
    for (std::uint32_t id = 0; id < column_ids; ++id) {
        const bool used = straight ? known.members[id].ratings > 0 : known.units[id].ratings > 0;
        if (!used) continue;
        const std::uint32_t block =
            straight ? known.members[id].component : known.units[id].component;
        position[id] = next[block]++;
        out.column_id[position[id]] = id;
    }

    s.columns.resize(table.size());
    s.values.resize(table.size());
    s.starts.push_back(0);
    if (straight) {
        std::size_t at = 0;
        for (std::uint32_t u = 0; u < row_ids; ++u) {
            const auto row = table.row(u);
            if (row.members.empty()) continue;
            for (std::size_t i = 0; i < row.members.size(); ++i, ++at) {
                s.columns[at] = position[row.members[i]];
                s.values[at] = row.values[i];
            }
            s.starts.push_back(static_cast<std::uint32_t>(at));
            s.row_block.push_back(known.units[u].component);
            out.row_id.push_back(u);
        }
    } else {
        std::vector<std::uint32_t> to(row_ids, 0);
        std::uint32_t at = 0;
        for (std::uint32_t m = 0; m < row_ids; ++m) {
            if (known.members[m].ratings == 0) continue;
            to[m] = at;
            at += known.members[m].ratings;
            s.starts.push_back(at);
            s.row_block.push_back(known.members[m].component);
            out.row_id.push_back(m);
        }
        for (std::uint32_t u = 0; u < table.units(); ++u) {
            const auto row = table.row(u);
            for (std::size_t i = 0; i < row.members.size(); ++i) {
                const std::uint32_t slot = to[row.members[i]]++;
                s.columns[slot] = position[u];
                s.values[slot] = row.values[i];
            }
        }
    }
    s.finish();
    return out;
}

/// Effects, standard errors and consistency from the fit into \p out.
inline void read_effects(const crossed_layout& layout, const crossed_fit& fit,
                         severity_estimate& out) {
    const crossed_system& s = layout.system;
    const crossed_point& p = fit.at;
    const double lambda_row = p.ratio[0];
    const bool has_columns = p.ratio[1] > 0.0;
    const bool straight = layout.members_in_columns;
    out.estimated = true;
    out.converged = fit.converged;
    out.mean = p.mean + s.grand_mean;
    out.noise_sd = std::sqrt(p.variance);
    (straight ? out.unit_sd : out.member_sd) = std::sqrt(p.variance * p.ratio[0]);
    (straight ? out.member_sd : out.unit_sd) = std::sqrt(p.variance * p.ratio[1]);
    out.log_likelihood = -0.5 * p.deviance;

    const auto put = [&](bool is_member, std::uint32_t id, double effect, double variance) {
        if (is_member) {
            out.members[id].severity = effect == 0.0 ? 0.0 : -effect;
            out.members[id].standard_error = std::sqrt(variance);
        } else {
            out.units[id].effect = effect;
            out.units[id].standard_error = std::sqrt(variance);
        }
    };
    for (std::size_t b = 0; b < s.blocks(); ++b) {
        const std::size_t side = s.side(b);
        for (std::size_t c = s.first[b]; c < s.first[b + 1]; ++c) {
            const std::size_t i = c - s.first[b];
            const double inverse = has_columns ? -p.matrix[s.offset[b] + i * (side + 1)] : 0.0;
            put(straight, layout.column_id[c], p.column_effect[c], p.variance * inverse);
        }
    }
    std::vector<double> noise(out.members.size(), 0.0);
    std::vector<double> free_part(out.members.size(), 0.0);
    std::vector<double> row_of_inverse;
    for (std::size_t r = 0; r < s.rows(); ++r) {
        const double k = s.in_row(r);
        const double shrink = 1.0 / (1.0 + k * lambda_row);
        const double c = lambda_row * shrink;
        put(!straight, layout.row_id[r], p.row_effect[r],
            p.variance * (c + c * c * p.row_quadratic[r]));
        // The share of each rating's noise that is left in its residual: the diagonal of
        // V^-1 less what the mean takes.
        const std::size_t from = s.starts[r];
        const std::size_t end = s.starts[r + 1];
        const std::size_t block = s.row_block[r];
        const std::size_t side = s.side(block);
        const std::uint32_t base = s.first[block];
        row_of_inverse.assign(end - from, 0.0);
        double ones = 0.0;
        for (std::size_t i = from; i < end; ++i) {
            ones += p.column_one[s.columns[i]];
            if (!has_columns) continue;
            const double* row = p.matrix.data() + s.offset[block] + (s.columns[i] - base) * side;
            for (std::size_t j = from; j < i; ++j) {
                const double v = row[s.columns[j] - base];
                row_of_inverse[i - from] -= v;
                row_of_inverse[j - from] -= v;
            }
            row_of_inverse[i - from] -= row[s.columns[i] - base];
        }
        for (std::size_t i = from; i < end; ++i) {
            const std::size_t col = s.columns[i];
            const double own =
                has_columns ? -p.matrix[s.offset[block] + (col - base) * (side + 1)] : 0.0;
            const double mean_part = 1.0 - c * (k - ones) - p.column_one[col];
            const double left = 1.0 - c - own + 2.0 * c * row_of_inverse[i - from] -
                                c * c * p.row_quadratic[r] - mean_part * mean_part / p.weight;
            const double residual = s.values[i] - p.mean - p.row_effect[r] - p.column_effect[col];
            const std::uint32_t member = straight ? layout.column_id[col] : layout.row_id[r];
            noise[member] += residual * residual;
            free_part[member] += left;
        }
    }
    for (std::size_t m = 0; m < noise.size(); ++m)
        if (free_part[m] > 1e-9) out.members[m].noise_sd = std::sqrt(noise[m] / free_part[m]);
}

/// Whose ratings are corrected, and by how much.
inline void correct(const rating_table& table, const severity_options& how,
                    const std::vector<component_size>& sizes, severity_estimate& out) {
    std::vector<double> sum(sizes.size(), 0.0);
    std::vector<double> count(sizes.size(), 0.0);
    for (member_severity& m : out.members) {
        if (m.ratings == 0) continue;
        const component_size& size = sizes[m.component];
        const bool tree = std::uint64_t{size.ratings} + 1 <=
                          std::uint64_t{size.units} + std::uint64_t{size.members};
        m.state = size.members < how.least_members || size.members < 2 ? correction::too_few_members
                  : size.units < how.least_units || size.units < 2     ? correction::too_few_units
                  : tree                                               ? correction::not_overlapping
                  : m.ratings < how.least_ratings                      ? correction::too_few_ratings
                  : !out.estimated                                     ? correction::no_variation
                  : out.member_sd == 0.0 ? correction::no_member_variance
                                         : correction::applied;
        if (m.state != correction::applied) continue;
        sum[m.component] += m.severity * m.ratings;
        count[m.component] += m.ratings;
    }
    for (member_severity& m : out.members)
        if (m.state == correction::applied)
            m.correction_points = m.severity - sum[m.component] / count[m.component];
    bool any = false;
    for (const member_severity& m : out.members) {
        if (m.state == correction::no_ratings) continue;
        if (m.state == correction::applied) any = true;
        if (out.state == correction::no_ratings) out.state = m.state;
    }
    if (any) out.state = correction::applied;
    for (std::size_t u = 0; u < out.units.size(); ++u) {
        const auto row = table.row(u);
        unit_fairness& unit = out.units[u];
        if (row.members.empty()) continue;
        double add = 0.0;
        for (std::uint32_t m : row.members) {
            if (out.members[m].state != correction::applied) continue;
            add += out.members[m].correction_points;
            ++unit.corrected;
        }
        unit.fair = unit.corrected == 0 ? unit.raw : unit.raw + add / unit.ratings;
    }
}

}  // namespace detail

/// Fits score = mean + product + member + noise to \p table, with products and members as crossed
/// random effects, by maximum likelihood, and corrects the ratings of members of whom enough is
/// known. Never fails: what cannot be estimated or corrected says why.
///
/// The fair score of a product is the mean of its ratings after the severity of each corrected
/// member, measured from the mean severity in its connected component, is added back: corrections
/// move points between products of a component and leave the component's mean as it is, since
/// severity and quality cannot be told apart between components. A council whose members all rate
/// the same products is left as it is.
///
/// Of the two factors the one that is cheaper to keep is kept dense: O(ratings * ratings per
/// product) and, in each component, O(members^3) a step, two to four steps as a rule; memory 8
/// members^2 bytes. Same input, same output.
///
/// Sources: Bates, Maechler, Bolker, Walker 2015 (Journal of Statistical Software 67(1)) for the
/// model; Searle, Casella, McCulloch 1992, Variance Components, for the likelihood and the starting
/// values.
[[nodiscard]] inline severity_estimate estimate_severity(const rating_table& table,
                                                         const severity_options& how = {}) {
    severity_estimate out;
    out.members.resize(table.members());
    out.units.resize(table.units());
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.empty()) continue;
        double sum = 0.0;
        for (double v : row.values) sum += v;
        out.units[u].ratings = static_cast<std::uint32_t>(row.values.size());
        out.units[u].raw = sum / static_cast<double>(row.values.size());
        out.units[u].fair = out.units[u].raw;
    }
    const std::vector<detail::component_size> sizes = detail::find_components(table, out);
    if (sizes.empty()) return out;
    const detail::crossed_layout layout = detail::lay_out(table, out, sizes);
    const std::vector<std::uint32_t>& first = layout.system.first;
    for (std::size_t b = 1; b < first.size(); ++b) {
        if (first[b] - first[b - 1] <= how.largest_component) continue;
        out.state = correction::too_large;
        for (member_severity& m : out.members)
            if (m.ratings > 0) m.state = correction::too_large;
        return out;
    }
    const detail::crossed_fit fit = detail::maximise(layout.system, how);
    out.evaluations = fit.evaluations;
    if (fit.estimated) detail::read_effects(layout, fit, out);
    detail::correct(table, how, sizes, out);
    return out;
}

/// A product's mean with and without one member. Whole ratings make whole sums, so that a host can
/// band both means exactly: `mean_points(sum, count)`.
struct left_out_mean {
    std::uint32_t unit = 0;
    double sum = 0.0;
    std::uint32_t count = 0;
    double sum_without = 0.0;
    std::uint32_t count_without = 0;  ///< 0: nobody else rated it

    /// How much the mean rises when the member is left out; 0 where nobody else rated the product.
    [[nodiscard]] double change() const noexcept {
        return count_without == 0 ? 0.0 : sum_without / count_without - sum / count;
    }
    friend bool operator==(const left_out_mean&, const left_out_mean&) = default;
};

/// Every product that \p member rated, by index, with its sum and count without that rating.
/// O(units * log ratings of a unit).
[[nodiscard]] inline std::vector<left_out_mean> without_member(const rating_table& table,
                                                               std::uint32_t member) {
    std::vector<left_out_mean> list;
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        std::size_t low = 0;
        std::size_t high = row.members.size();
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (row.members[middle] < member)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == row.members.size() || row.members[low] != member) continue;
        left_out_mean one;
        one.unit = static_cast<std::uint32_t>(u);
        one.count = static_cast<std::uint32_t>(row.values.size());
        one.count_without = one.count - 1;
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            one.sum += row.values[i];
            if (i != low) one.sum_without += row.values[i];
        }
        list.push_back(one);
    }
    return list;
}

/// What leaving out one member would do to the means of the products that he rated.
struct left_out_summary {
    std::uint32_t units = 0;      ///< products that the member rated with somebody else
    double mean_change = 0.0;     ///< mean of left_out_mean::change(): above 0, the member is harsh
    double largest_change = 0.0;  ///< the one furthest from 0, with its sign
    std::uint32_t largest_unit = 0;

    friend bool operator==(const left_out_summary&, const left_out_summary&) = default;
};

/// The summary for every member, by index. O(ratings).
[[nodiscard]] inline std::vector<left_out_summary> leave_one_member_out(const rating_table& table) {
    std::vector<left_out_summary> list(table.members());
    for (std::size_t u = 0; u < table.units(); ++u) {
        const auto row = table.row(u);
        if (row.values.size() < 2) continue;
        double sum = 0.0;
        for (double v : row.values) sum += v;
        const auto count = static_cast<double>(row.values.size());
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const double change = (sum - row.values[i]) / (count - 1.0) - sum / count;
            left_out_summary& one = list[row.members[i]];
            ++one.units;
            one.mean_change += change;
            if (one.units == 1 || std::abs(change) > std::abs(one.largest_change)) {
                one.largest_change = change;
                one.largest_unit = static_cast<std::uint32_t>(u);
            }
        }
    }
    for (left_out_summary& one : list)
        if (one.units > 0) one.mean_change /= one.units;
    return list;
}

}  // namespace ocop
