// Code points of a text, and what kind each is: shared by the readers of wordings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ocop::detail {

/// The code point at \p at in well-formed UTF-8, and how many bytes it has.
struct code_point {
    char32_t value = 0;
    std::size_t size = 1;
};
[[nodiscard]] inline code_point code_point_at(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = byte(at);
    if (first < 0x80U) return {static_cast<char32_t>(first), 1};
    const auto rest = [&](std::size_t i) { return byte(at + i) & 0x3FU; };
    if (first < 0xE0U) return {static_cast<char32_t>((first & 0x1FU) << 6U | rest(1)), 2};
    if (first < 0xF0U)
        return {static_cast<char32_t>((first & 0x0FU) << 12U | rest(1) << 6U | rest(2)), 3};
    return {
        static_cast<char32_t>((first & 0x07U) << 18U | rest(1) << 12U | rest(2) << 6U | rest(3)),
        4};
}

[[nodiscard]] constexpr bool is_blank(char32_t c) noexcept {
    return c == U' ' || c == U'\t' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}
[[nodiscard]] constexpr bool is_line_end(char32_t c) noexcept {
    return c == U'\n' || c == U'\r' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 ||
           c == 0x2029;
}
/// Characters without width: joiners, marks of direction, variation selectors.
[[nodiscard]] constexpr bool is_invisible(char32_t c) noexcept {
    return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F);
}
[[nodiscard]] constexpr bool is_dash(char32_t c) noexcept {
    return c == U'-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 ||
           c == 0xFF0D;
}
/// The value of a decimal digit, plain or full-width; -1 for other characters.
[[nodiscard]] constexpr int digit_of(char32_t c) noexcept {
    if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
    if (c >= 0xFF10 && c <= 0xFF19) return static_cast<int>(c - 0xFF10);
    return -1;
}

}  // namespace ocop::detail
