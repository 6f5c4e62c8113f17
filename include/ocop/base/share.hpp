/// \file share.hpp
/// Exact shares of a whole, in percent with two decimals: no floating point.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/problem.hpp"

namespace ocop {

/// A share (tỷ lệ) of a whole: 0.00 to 100.00 percent, in hundredths of a percent.
class share {
public:
    static constexpr std::int32_t whole = 100'00;

    /// 0 percent.
    constexpr share() noexcept = default;
    /// \p percent whole percent. \throws error (111) beyond 0 to 100.
    [[nodiscard]] static constexpr share percent(std::int32_t percent) {
        if (percent < 0 || percent > 100) reject(std::to_string(percent));
        return share(percent * 100);
    }
    /// \p hundredths of a percent: 51'25 is 51.25 %. Nothing beyond 0 to 10000.
    [[nodiscard]] static constexpr std::optional<share> from_hundredths(
        std::int64_t hundredths) noexcept {
        if (hundredths < 0 || hundredths > whole) return std::nullopt;
        return share(static_cast<std::int32_t>(hundredths));
    }
    /// The share written as `51`, `51.2`, `51.25` or with a decimal comma as in Viet Nam (`51,25`),
    /// an optional `%` at the end; nothing for any other text, more decimals, or beyond 100.
    [[nodiscard]] static constexpr std::optional<share> parse(std::string_view text) noexcept {
        if (!text.empty() && text.back() == '%') {
            text.remove_suffix(1);
            if (!text.empty() && text.back() == ' ') text.remove_suffix(1);
        }
        std::size_t mark = 0;
        while (mark < text.size() && text[mark] != '.' && text[mark] != ',') ++mark;
        const std::string_view units = text.substr(0, mark);
        if (units.empty() || units.size() > 3 || (units.size() > 1 && units.front() == '0'))
            return std::nullopt;
        const bool broken = mark < text.size();
        const std::string_view decimals = broken ? text.substr(mark + 1) : std::string_view();
        if (decimals.size() > 2 || (broken && decimals.empty())) return std::nullopt;
        std::int32_t value = 0;
        for (std::size_t i = 0; i < units.size() + 2; ++i) {
            const char c = i < units.size()                     ? units[i]
                           : i - units.size() < decimals.size() ? decimals[i - units.size()]
                                                                : '0';
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        return from_hundredths(value);
    }

    /// In hundredths of a percent, 0 to 10000.
    [[nodiscard]] constexpr std::int32_t hundredths() const noexcept { return hundredths_; }

    /// The sum of two shares of one whole; nothing where it is more than the whole.
    [[nodiscard]] constexpr std::optional<share> plus(share other) const noexcept {
        return from_hundredths(std::int64_t{hundredths_} + other.hundredths_);
    }

    friend constexpr auto operator<=>(share, share) noexcept = default;

private:
    constexpr explicit share(std::int32_t hundredths) noexcept : hundredths_(hundredths) {}

    [[noreturn]] static void reject(const std::string& text) {
        throw error(detail::make_problem(problem_code::bad_number, "", text,
                                         detail::told("tỷ lệ {0} % không hợp lệ: từ 0 đến 100",
                                                      "{0} % is no share: give 0 to 100", {text})));
    }

    std::int32_t hundredths_ = 0;
};

/// \p value in percent without the sign, as short as it is exact: "51.25", "50".
[[nodiscard]] inline std::string to_string(share value) {
    std::string text = std::to_string(value.hundredths() / 100);
    const std::int32_t rest = value.hundredths() % 100;
    if (rest == 0) return text;
    text += '.';
    text += static_cast<char>('0' + rest / 10);
    if (rest % 10 != 0) text += static_cast<char>('0' + rest % 10);
    return text;
}

}  // namespace ocop
