/// \file stars.hpp
/// The rank of a product: 1 to 5 stars (hạng sao).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "ocop/base/problem.hpp"

namespace ocop {

/// One to five stars. There is no "no star": use std::optional<stars>.
class stars {
public:
    static constexpr int lowest = 1;
    static constexpr int highest = 5;

    /// \throws error when \p value is not 1 to 5.
    constexpr explicit stars(int value) : value_(static_cast<std::uint8_t>(value)) {
        if (value < lowest || value > highest) reject(value);
    }
    /// The stars of \p value, or nothing when it is not 1 to 5.
    [[nodiscard]] static constexpr std::optional<stars> from(std::int64_t value) noexcept {
        if (value < lowest || value > highest) return std::nullopt;
        return stars(static_cast<int>(value));
    }

    [[nodiscard]] constexpr int value() const noexcept { return value_; }

    friend constexpr auto operator<=>(stars, stars) noexcept = default;

private:
    [[noreturn]] static void reject(int value) {
        const std::string text = std::to_string(value);
        throw error(
            detail::make_problem(problem_code::bad_value, "", text,
                                 detail::told("số sao {0} không hợp lệ: từ 1 đến 5",
                                              "{0} stars do not exist: give 1 to 5", {text})));
    }

    std::uint8_t value_;
};

}  // namespace ocop
