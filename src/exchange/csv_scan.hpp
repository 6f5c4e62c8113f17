// Bytes of CSV, eight at a time in plain registers: the end of a cell, and cells of one digit.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ocop::detail {

inline constexpr std::size_t csv_word = 8;

/// Eight bytes, the first in the lowest bits on every machine.
[[nodiscard]] inline std::uint64_t load_word(const char* from) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, from, csv_word);
    if constexpr (std::endian::native == std::endian::big) {
        std::uint64_t turned = 0;
        for (std::size_t i = 0; i < csv_word; ++i)
            turned |= (word >> (8 * i) & 0xFFU) << (56 - 8 * i);
        return turned;
    }
    return word;
}

/// The first \p count bytes (0 to 7), the others 0.
[[nodiscard]] inline std::uint64_t load_some(const char* from, std::size_t count) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i)
        word |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
    return word;
}

inline constexpr std::uint64_t every_byte = 0x0101010101010101U;
inline constexpr std::uint64_t high_bits = 0x8080808080808080U;

/// The high bit of each byte of \p word that equals \p letter; bytes above the lowest such byte may
/// be marked wrongly.
[[nodiscard]] constexpr std::uint64_t marks_of(std::uint64_t word, unsigned char letter) noexcept {
    const std::uint64_t x = word ^ (every_byte * letter);
    return (x - every_byte) & ~x & high_bits;
}
/// As above, for bytes below \p limit (at most 128).
[[nodiscard]] constexpr std::uint64_t marks_below(std::uint64_t word,
                                                  unsigned char limit) noexcept {
    return (word - every_byte * limit) & ~word & high_bits;
}

/// A hash of words, one after another. Names that were made to share it cost time, never an answer.
[[nodiscard]] constexpr std::uint64_t mix_word(std::uint64_t hash, std::uint64_t word) noexcept {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
    return hash ^ hash >> 32U;
}

[[nodiscard]] inline std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = text.size();
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= csv_word; at += csv_word, left -= csv_word) hash = mix_word(hash, load_word(at));
    // Twice, so that the last byte reaches every bit.
    return mix_word(mix_word(hash, load_some(at, left)), 0);
}

/// Whether \p size bytes at \p a and \p b are the same; without a call, since names are short.
[[nodiscard]] inline bool same_bytes(const char* a, const char* b, std::size_t size) noexcept {
    if (size < csv_word) {
        for (std::size_t i = 0; i < size; ++i)
            if (a[i] != b[i]) return false;
        return true;
    }
    std::size_t i = 0;
    for (; i + csv_word < size; i += csv_word)
        if (load_word(a + i) != load_word(b + i)) return false;
    return load_word(a + size - csv_word) == load_word(b + size - csv_word);
}
[[nodiscard]] inline bool same_text(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size());
}

/// How the bytes of a plain cell end.
struct plain_cell {
    std::size_t size = 0;
    bool plain = false;  ///< up to a comma, without quotes and control characters
    bool ascii = true;
};

/// The cell that begins at \p from, in a text that ends with a newline before \p end.
[[nodiscard]] inline plain_cell find_comma(const char* from, const char* end) noexcept {
    plain_cell cell;
    std::uint64_t seen = 0;
    const char* at = from;
    for (; end - at >= static_cast<std::ptrdiff_t>(csv_word); at += csv_word) {
        const std::uint64_t word = load_word(at);
        const std::uint64_t stops =
            marks_of(word, ',') | marks_of(word, '"') | marks_below(word, 0x20);
        if (stops != 0) {
            const auto bit = static_cast<unsigned>(std::countr_zero(stops));
            const std::uint64_t before = (std::uint64_t{1} << (bit - 7)) - 1;
            cell.size = static_cast<std::size_t>(at - from) + bit / 8;
            cell.plain = from[cell.size] == ',';
            cell.ascii = ((seen | (word & before)) & high_bits) == 0;
            return cell;
        }
        seen |= word;
    }
    for (; at != end; ++at) {
        const auto byte = static_cast<unsigned char>(*at);
        if (byte == ',' || byte == '"' || byte < 0x20U) break;
        seen |= byte;
    }
    cell.size = static_cast<std::size_t>(at - from);
    cell.plain = at != end && *at == ',';
    cell.ascii = (seen & high_bits) == 0;
    return cell;
}

/// Bytes 0, 2, 4, 6 of \p word, whose others are 0.
inline void store_even_bytes(std::uint64_t word, std::uint8_t* to) noexcept {
    word = (word | word >> 8U) & 0x0000FFFF0000FFFFU;
    const auto four = static_cast<std::uint32_t>(word | word >> 16U);
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(to, &four, sizeof four);
    else
        for (std::size_t k = 0; k < sizeof four; ++k)
            to[k] = static_cast<std::uint8_t>(four >> (8 * k));
}

/// An empty cell, as read_digits() tells it.
inline constexpr std::uint8_t empty_cell = 0xFF;

/// Reads \p count cells of one digit or none, the last ended by \p last, the others by commas.
/// Returns where the text goes on behind \p last, or null where a cell is something else. The text
/// ends with a newline before \p end.
[[nodiscard]] inline const char* read_digits(const char* at, const char* end, std::uint8_t* cells,
                                             std::size_t count, char last) noexcept {
    constexpr std::size_t at_once = csv_word / 2;
    // "0,0,0,0,", so that digits become 0 to 9 and commas 0.
    constexpr std::uint64_t zeros = 0x2C302C302C302C30U;
    constexpr std::uint64_t no_digit = 0xFF80FF80FF80FF80U;
    constexpr std::uint64_t above_nine = 0x0076007600760076U;
    const std::uint64_t zeros_at_end = (zeros & ~(std::uint64_t{0xFF} << 56U)) |
                                       std::uint64_t{static_cast<unsigned char>(last)} << 56U;
    std::size_t i = 0;
    while (i + at_once <= count && end - at >= static_cast<std::ptrdiff_t>(csv_word)) {
        const std::uint64_t word = load_word(at) ^ (i + at_once == count ? zeros_at_end : zeros);
        if (((word | (word + above_nine)) & no_digit) == 0) {
            store_even_bytes(word, cells + i);
            i += at_once;
            at += csv_word;
            continue;
        }
        const char stop = i + 1 == count ? last : ',';
        const auto digit = static_cast<std::uint8_t>(*at - '0');
        if (digit <= 9 && at[1] == stop) {
            cells[i++] = digit;
            at += 2;
        } else if (*at == stop) {
            cells[i++] = empty_cell;
            ++at;
        } else {
            return nullptr;
        }
    }
    for (; i < count; ++i) {
        const char stop = i + 1 == count ? last : ',';
        const auto digit = static_cast<std::uint8_t>(*at - '0');
        if (digit <= 9 && at[1] == stop) {
            cells[i] = digit;
            at += 2;
        } else if (*at == stop) {
            cells[i] = empty_cell;
            ++at;
        } else {
            return nullptr;
        }
    }
    return at;
}

}  // namespace ocop::detail
