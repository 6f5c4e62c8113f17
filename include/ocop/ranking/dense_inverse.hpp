/// \file dense_inverse.hpp
/// The inverse of a symmetric positive definite matrix together with the logarithm of its
/// determinant: the one costly step of the crossed-effects model in severity.hpp.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

namespace ocop::detail {

inline constexpr std::size_t tile_side = 4;     ///< rows and columns of one tile
inline constexpr std::size_t panel_width = 40;  ///< columns swept at a time

static_assert(panel_width % (2 * tile_side) == 0, "pairs of tiles do not cross a panel");

/// out[i][j] = sum over k of a[k][i] b[k][j]. Written with two lanes where the compiler has vectors,
/// since a plain loop is not vectorised the same way by all of them.
inline void multiply_tile(const double* a, const double* b, double* out,
                          std::size_t depth) noexcept {
#if defined(__GNUC__)
    using lanes = double __attribute__((vector_size(16)));
    std::array<std::array<lanes, 2>, tile_side> sum{};
    for (std::size_t k = 0; k < depth; ++k) {
        lanes low;
        lanes high;
        std::memcpy(&low, b + k * tile_side, sizeof low);
        std::memcpy(&high, b + k * tile_side + 2, sizeof high);
        for (std::size_t i = 0; i < tile_side; ++i) {
            const double one = a[k * tile_side + i];
            const lanes both = {one, one};
            sum[i][0] += both * low;
            sum[i][1] += both * high;
        }
    }
    std::memcpy(out, sum.data(), sizeof sum);
#else
    std::array<double, tile_side * tile_side> sum{};
    for (std::size_t k = 0; k < depth; ++k)
        for (std::size_t i = 0; i < tile_side; ++i)
            for (std::size_t j = 0; j < tile_side; ++j)
                sum[i * tile_side + j] += a[k * tile_side + i] * b[k * tile_side + j];
    std::memcpy(out, sum.data(), sizeof sum);
#endif
}

#if defined(__GNUC__) && defined(__x86_64__)
#define OCOP_WIDE_TILES 1

/// Two tiles beside each other, \p b and \p next, four lanes at a time where the processor has them:
/// the same sums in the same order and without fused operations, so the same bits.
__attribute__((target("avx2"))) inline void multiply_two_tiles(const double* a, const double* b,
                                                               const double* next, double* out,
                                                               std::size_t depth) noexcept {
    using lanes = double __attribute__((vector_size(32)));
    lanes sum[2 * tile_side] = {};
    for (std::size_t k = 0; k < depth; ++k) {
        lanes left;
        lanes right;
        std::memcpy(&left, b + k * tile_side, sizeof left);
        std::memcpy(&right, next + k * tile_side, sizeof right);
        for (std::size_t i = 0; i < tile_side; ++i) {
            const double one = a[k * tile_side + i];
            const lanes all = {one, one, one, one};
            sum[i] += all * left;
            sum[tile_side + i] += all * right;
        }
    }
    std::memcpy(out, sum, sizeof sum);
}
#endif

/// The side to store a matrix of \p n rows with: a multiple of a tile.
[[nodiscard]] constexpr std::size_t padded_side(std::size_t n) noexcept {
    return (n + tile_side - 1) / tile_side * tile_side;
}

/// Replaces the lower triangle of the symmetric \p a (rows of \p side numbers; a multiple of
/// tile_side, padded with an identity) by MINUS its inverse and adds the logarithm of its
/// determinant to \p log_det. False where \p a is not positive definite; then \p a is spoilt.
/// side^3 operations, most of them in tiles: the sweep operator by panels (Goodnight 1979).
[[nodiscard]] inline bool sweep_inverse(double* a, std::size_t side, double& log_det) {
    constexpr std::size_t t = tile_side;
    std::vector<double> panel(side * panel_width);
    std::array<double, panel_width * panel_width> root{};
    std::array<double, panel_width * panel_width> root_inverse{};
    std::array<double, t * t> product{};
#if defined(OCOP_WIDE_TILES)
    std::array<double, 2 * t * t> products{};
    const bool wide = __builtin_cpu_supports("avx2") != 0;
#endif
    for (std::size_t from = 0; from < side; from += panel_width) {
        const std::size_t width = side - from < panel_width ? side - from : panel_width;
        const auto inside = [&](std::size_t row) { return row >= from && row < from + width; };
        // Cholesky of the pivot block, and the inverse of its root.
        for (std::size_t i = 0; i < width; ++i) {
            for (std::size_t j = 0; j <= i; ++j) {
                double s = a[(from + i) * side + from + j];
                for (std::size_t k = 0; k < j; ++k)
                    s -= root[i * panel_width + k] * root[j * panel_width + k];
                if (i == j) {
                    if (!(s > 0.0)) return false;
                    log_det += std::log(s);
                    root[i * panel_width + i] = std::sqrt(s);
                } else {
                    root[i * panel_width + j] = s / root[j * panel_width + j];
                }
            }
        }
        // Every other row of the panel times the root's inverse transposed, packed by tiles.
        for (std::size_t b = 0; b < side; b += t) {
            if (inside(b)) continue;
            double* u = panel.data() + b * width;
            for (std::size_t k = 0; k < width; ++k)
                for (std::size_t r = 0; r < t; ++r)
                    u[k * t + r] =
                        b > from ? a[(b + r) * side + from + k] : a[(from + k) * side + b + r];
            for (std::size_t k = 0; k < width; ++k) {
                std::array<double, t> x{};
                for (std::size_t r = 0; r < t; ++r) x[r] = u[k * t + r];
                for (std::size_t j = 0; j < k; ++j) {
                    const double l = root[k * panel_width + j];
                    for (std::size_t r = 0; r < t; ++r) x[r] -= l * u[j * t + r];
                }
                const double scale = 1.0 / root[k * panel_width + k];
                for (std::size_t r = 0; r < t; ++r) u[k * t + r] = x[r] * scale;
            }
        }
        // All other rows and columns lose what the pivot block explains.
        for (std::size_t bi = 0; bi < side; bi += t) {
            if (inside(bi)) continue;
            std::size_t bj = 0;
#if defined(OCOP_WIDE_TILES)
            for (; wide && bj + t <= bi; bj += 2 * t) {
                // A panel starts at a multiple of two tiles, so both are inside it or none.
                if (inside(bj)) continue;
                multiply_two_tiles(panel.data() + bi * width, panel.data() + bj * width,
                                   panel.data() + (bj + t) * width, products.data(), width);
                for (std::size_t i = 0; i < t; ++i) {
                    double* row = a + (bi + i) * side + bj;
                    for (std::size_t j = 0; j < t; ++j) row[j] -= products[i * t + j];
                    for (std::size_t j = 0; j < t; ++j) row[t + j] -= products[(t + i) * t + j];
                }
            }
#endif
            for (; bj <= bi; bj += t) {
                if (inside(bj)) continue;
                multiply_tile(panel.data() + bi * width, panel.data() + bj * width, product.data(),
                              width);
                for (std::size_t i = 0; i < t; ++i)
                    for (std::size_t j = 0; j < t; ++j)
                        a[(bi + i) * side + bj + j] -= product[i * t + j];
            }
        }
        // The panel's own columns: other rows times the pivot's inverse.
        for (std::size_t b = 0; b < side; b += t) {
            if (inside(b)) continue;
            double* u = panel.data() + b * width;
            for (std::size_t k = width; k-- > 0;) {
                std::array<double, t> x{};
                for (std::size_t r = 0; r < t; ++r) x[r] = u[k * t + r];
                for (std::size_t j = k + 1; j < width; ++j) {
                    const double l = root[j * panel_width + k];
                    for (std::size_t r = 0; r < t; ++r) x[r] -= l * u[j * t + r];
                }
                const double scale = 1.0 / root[k * panel_width + k];
                for (std::size_t r = 0; r < t; ++r) u[k * t + r] = x[r] * scale;
            }
            for (std::size_t k = 0; k < width; ++k)
                for (std::size_t r = 0; r < t; ++r)
                    (b > from ? a[(b + r) * side + from + k] : a[(from + k) * side + b + r]) =
                        u[k * t + r];
        }
        // And the pivot block becomes minus its inverse.
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t i = j; i < width; ++i) {
                double s = i == j ? 1.0 : 0.0;
                for (std::size_t k = j; k < i; ++k)
                    s -= root[i * panel_width + k] * root_inverse[k * panel_width + j];
                root_inverse[i * panel_width + j] = s / root[i * panel_width + i];
            }
        }
        for (std::size_t i = 0; i < width; ++i) {
            for (std::size_t j = 0; j <= i; ++j) {
                double s = 0.0;
                for (std::size_t k = i; k < width; ++k)
                    s += root_inverse[k * panel_width + i] * root_inverse[k * panel_width + j];
                a[(from + i) * side + from + j] = -s;
            }
        }
    }
    return true;
}

}  // namespace ocop::detail
