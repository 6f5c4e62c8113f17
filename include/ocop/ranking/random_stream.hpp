/// \file random_stream.hpp
/// Random numbers that depend on what they are for and on nothing else: a counter-based generator,
/// keyed by (seed, product, replication). Any subset of the work, in any order and any number of
/// threads, draws the same numbers. Integers only, so that every platform has the same bits.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ocop {

/// 128 random bits.
using random_block = std::array<std::uint32_t, 4>;

/// Philox4x32 with 10 rounds, a bijection of \p counter for each \p key (J. K. Salmon, M. A.
/// Moraes, R. O. Dror, D. E. Shaw: Parallel random numbers: as easy as 1, 2, 3. SC11, 2011).
[[nodiscard]] constexpr random_block philox(random_block counter,
                                            std::array<std::uint32_t, 2> key) noexcept {
    constexpr std::uint64_t first = 0xD2511F53U;
    constexpr std::uint64_t second = 0xCD9E8D57U;
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t x = first * counter[0];
        const std::uint64_t y = second * counter[2];
        counter = {static_cast<std::uint32_t>(y >> 32) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(y),
                   static_cast<std::uint32_t>(x >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(x)};
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    return counter;
}

/// What the numbers of a stream are drawn for; streams of different purposes share no number.
enum class random_purpose : std::uint32_t {
    answers,  ///< the answers of a sheet, and its member's severity
    members   ///< which members are drawn
};

/// The random numbers of one replication of one product.
class random_stream {
public:
    constexpr random_stream(std::uint64_t seed, std::uint64_t product, std::uint32_t replication,
                            random_purpose purpose) noexcept
        : counter_{static_cast<std::uint32_t>(purpose) << 24, replication,
                   static_cast<std::uint32_t>(product), static_cast<std::uint32_t>(product >> 32)},
          key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)} {}

    /// Block \p index (less than 2^24) of the stream.
    [[nodiscard]] constexpr random_block block(std::uint32_t index) const noexcept {
        random_block counter = counter_;
        counter[0] |= index;
        return philox(counter, key_);
    }

private:
    random_block counter_;
    std::array<std::uint32_t, 2> key_;
};

/// A number for the product called \p name, by which its stream is keyed wherever it stands in an
/// input (FNV-1a).
[[nodiscard]] constexpr std::uint64_t stream_key(std::string_view name) noexcept {
    std::uint64_t key = 0xCBF29CE484222325U;
    for (char letter : name) key = (key ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
    return key;
}

namespace detail {

/// The high half of a product of 64-bit numbers.
[[nodiscard]] constexpr std::uint64_t product_high(std::uint64_t a, std::uint64_t b) noexcept {
    const std::uint64_t a0 = a & 0xFFFFFFFFU;
    const std::uint64_t a1 = a >> 32;
    const std::uint64_t b0 = b & 0xFFFFFFFFU;
    const std::uint64_t b1 = b >> 32;
    const std::uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    const std::uint64_t other = a0 * b1 + (middle & 0xFFFFFFFFU);
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

/// A draw of 16 bits is one of 0 to 65534, the last twice as likely: less than t with probability
/// t/65536 for t up to 65534, and always less than 65535, which so stands for certainty.
[[nodiscard]] constexpr std::uint32_t draw_of(std::uint32_t bits) noexcept {
    const std::uint32_t draw = (bits & 0xFFFFU) ^ 0x8000U;
    return draw < 65534U ? draw : 65534U;
}
/// The certain threshold of draw_of().
inline constexpr std::uint32_t certain = 65535;

/// Half-word \p index (0 to 7) of \p block.
[[nodiscard]] constexpr std::uint32_t half_word(const random_block& block,
                                                std::size_t index) noexcept {
    return block[index / 2] >> (index % 2 * 16) & 0xFFFFU;
}

/// The normal distribution in fixed point: deviates from 32 random bits, scaled, and the share
/// below a point in 1/65536. Made by integer arithmetic alone: the density by a recurrence, its
/// integral by the trapezoidal rule with the Euler-Maclaurin correction, deviates by inverting it.
/// Shares are exact to 0.6/65536, deviates to 2e-5 standard deviations.
class normal_tables {
public:
    /// Fraction bits of every number of standard deviations here.
    static constexpr unsigned bits = 20;
    /// Beyond this many (4.5) standard deviations the share rounds to nothing or all.
    static constexpr std::int32_t reach = 9 << (bits - 1);
    static constexpr unsigned step_bits = 12;  ///< a step of the table is 1/256

    /// Deviates are multiplied by \p scale / 2^24, at most 16.
    explicit normal_tables(std::uint64_t scale) {
        const grid made;
        lay_out_shares(made);
        lay_out_deviates(made, scale);
    }

    /// A normal deviate times the scale, from 32 random bits.
    [[nodiscard]] std::int32_t deviate(std::uint32_t word) const noexcept {
        const std::uint32_t tail = word << 1 | 1U;
        const auto zeros = static_cast<std::uint32_t>(std::countl_zero(tail));
        const std::uint32_t top = tail << zeros;
        const std::size_t cell = zeros * cells + (top >> 25 & (cells - 1));
        const auto within = static_cast<std::int32_t>(top >> 13 & 0xFFFU);
        const std::int32_t value = nodes_[cell] + (rises_[cell] * within >> 12);
        return word >> 31 != 0 ? -value : value;
    }

    /// The share below \p at, in 1/65536, as a threshold of draw_of().
    [[nodiscard]] std::uint32_t share(std::int32_t at) const noexcept {
        std::int32_t shifted = at < -reach ? 0 : at + reach;
        if (at >= reach) shifted = 2 * reach - 1;
        const auto where = static_cast<std::uint32_t>(shifted);
        const std::uint32_t entry = shares_[where >> step_bits];
        const std::uint32_t exact =
            (entry >> 12) + ((entry & 0xFFFU) * (where & 0xFFFU) >> step_bits);
        const std::uint32_t rounded = (exact + 8) >> 4;
        return rounded < certain ? rounded : certain;
    }
    /// Steps of the table of shares, 20 bits of value above 12 of rise.
    [[nodiscard]] const std::uint32_t* shares() const noexcept { return shares_.data(); }

private:
    static constexpr std::uint32_t cells = 64;  ///< to an octave of probability
    static constexpr std::uint32_t octaves = 32;
    static constexpr std::size_t last = 1664;  ///< 6.5 standard deviations in steps of 1/256

    /// Density and upper tail at multiples of 1/256, in 2^-62.
    struct grid {
        std::vector<std::uint64_t> density;
        std::vector<std::uint64_t> tail;

        grid() : density(last + 1), tail(last + 1) {
            density[0] = 1839796536686825613U;                   // 1/sqrt(2 pi)
            std::uint64_t ratio = 0xFFFF80001FFFFAABU;           // exp(-h h/2), in 2^-64
            constexpr std::uint64_t fall = 0xFFFF00007FFFD555U;  // exp(-h h), in 2^-64
            for (std::size_t i = 1; i <= last; ++i) {
                density[i] = product_high(density[i - 1], ratio);
                ratio = product_high(ratio, fall);
            }
            const auto moment = [this](std::size_t i) {
                return ((density[i] >> 12) * i >> 12) / 12;
            };
            tail[last] = 185205337U;  // the share above 6.5
            for (std::size_t i = last; i-- > 0;)
                tail[i] = tail[i + 1] + ((density[i] >> 9) + (density[i + 1] >> 9)) +
                          moment(i + 1) - moment(i);
        }
    };

    void lay_out_shares(const grid& made) {
        constexpr std::size_t half = 1152;  // 4.5 in steps of 1/256
        constexpr std::uint64_t all = std::uint64_t{1} << 62;
        const auto below = [&made](std::size_t i) {
            const std::uint64_t share = i < half ? made.tail[half - i] : all - made.tail[i - half];
            return static_cast<std::uint32_t>((share + (std::uint64_t{1} << 41)) >> 42);
        };
        shares_.resize(2 * half);
        for (std::size_t i = 0; i < shares_.size(); ++i)
            shares_[i] = below(i) << 12 | (below(i + 1) - below(i));
    }

    void lay_out_deviates(const grid& made, std::uint64_t scale) {
        nodes_.resize(std::size_t{octaves} * cells);
        rises_.resize(nodes_.size());
        std::size_t i = last;
        std::int32_t end = 0;
        for (std::size_t octave = octaves; octave-- > 0;)
            for (std::size_t k = 0; k <= cells; ++k) {
                const std::uint64_t share = std::uint64_t{cells + k} << (54 - octave);
                while (i > 0 && made.tail[i] < share) --i;
                // From the grid's point down the density: x + r + x r r/2, r the share over it.
                const auto up = static_cast<unsigned>(std::countl_zero(made.density[i]) - 1);
                const std::uint64_t over = made.tail[i] < share ? 0 : made.tail[i] - share;
                const std::uint64_t r = (over << up << 8) / (made.density[i] << up >> 24);
                const std::uint64_t x = (std::uint64_t{i} << 24) + r + (i * (r * r >> 32) >> 9);
                end =
                    static_cast<std::int32_t>(((x >> 4) * scale + (std::uint64_t{1} << 31)) >> 32);
                const std::size_t cell = octave * cells + k;
                if (k > 0) rises_[cell - 1] = end - nodes_[cell - 1];
                if (k < cells) nodes_[cell] = end;
            }
    }

    std::vector<std::uint32_t> shares_;
    std::vector<std::int32_t> nodes_;
    std::vector<std::int32_t> rises_;
};

}  // namespace detail
}  // namespace ocop
