/// \file points.hpp
/// Exact points (điểm) and exact means: no floating point anywhere in a score.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/problem.hpp"

namespace ocop {

/// A whole number of points. Options, criteria, parts and a member's total are points.
class points {
public:
    constexpr points() noexcept = default;
    constexpr explicit points(std::int32_t value) noexcept : value_(value) {}

    [[nodiscard]] constexpr std::int32_t value() const noexcept { return value_; }

    constexpr points& operator+=(points other) noexcept {
        value_ += other.value_;
        return *this;
    }
    [[nodiscard]] friend constexpr points operator+(points a, points b) noexcept { return a += b; }
    [[nodiscard]] friend constexpr points operator-(points a, points b) noexcept {
        return points{a.value_ - b.value_};
    }
    friend constexpr auto operator<=>(points, points) noexcept = default;

private:
    std::int32_t value_ = 0;
};

/// The exact mean of whole points: a sum over a count of sheets, or a published decimal.
///
/// Comparisons are exact. Two means are equal when their values are (1/2 == 2/4), so the order is
/// weak: sum() and count() may differ. Rounding happens in to_string() only (rules §1).
class mean_points {
public:
    /// 0 points over one sheet.
    constexpr mean_points() noexcept = default;

    /// \p sum over \p count. \throws error when \p count is not positive, or when either is so
    /// large (2^31) that exact comparison could overflow.
    constexpr mean_points(std::int64_t sum, std::int64_t count) : sum_(sum), count_(count) {
        constexpr std::int64_t limit = std::int64_t{1} << 31;
        if (count <= 0 || count >= limit || sum >= limit || sum <= -limit) reject(sum, count);
    }

    [[nodiscard]] constexpr std::int64_t sum() const noexcept { return sum_; }
    [[nodiscard]] constexpr std::int64_t count() const noexcept { return count_; }

    friend constexpr std::weak_ordering operator<=>(const mean_points& a,
                                                    const mean_points& b) noexcept {
        return a.sum_ * b.count_ <=> b.sum_ * a.count_;
    }
    friend constexpr bool operator==(const mean_points& a, const mean_points& b) noexcept {
        return a.sum_ * b.count_ == b.sum_ * a.count_;
    }
    friend constexpr std::weak_ordering operator<=>(const mean_points& a, points b) noexcept {
        return a.sum_ <=> static_cast<std::int64_t>(b.value()) * a.count_;
    }
    friend constexpr bool operator==(const mean_points& a, points b) noexcept {
        return a.sum_ == static_cast<std::int64_t>(b.value()) * a.count_;
    }

    /// \p a added to \p b, exactly. \throws error when the result leaves the range of the type.
    [[nodiscard]] friend constexpr mean_points operator+(const mean_points& a,
                                                         const mean_points& b) {
        const std::int64_t divisor = common_divisor(a.count_, b.count_);
        return {a.sum_ * (b.count_ / divisor) + b.sum_ * (a.count_ / divisor),
                a.count_ / divisor * b.count_};
    }

private:
    [[nodiscard]] static constexpr std::int64_t common_divisor(std::int64_t a,
                                                               std::int64_t b) noexcept {
        while (b != 0) {
            const std::int64_t rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }
    [[noreturn]] static void reject(std::int64_t sum, std::int64_t count) {
        const std::string value = std::to_string(sum) + "/" + std::to_string(count);
        throw error(detail::make_problem(
            problem_code::bad_number, "", value,
            detail::told("điểm bình quân {0} không hợp lệ: mẫu số phải dương và số phải dưới 2^31",
                         "mean {0} is not valid: the count must be positive and both below 2^31",
                         {value})));
    }

    std::int64_t sum_ = 0;
    std::int64_t count_ = 1;
};

/// \p mean with two decimals, rounded half up: 89.995 prints as "90.00" (rules §1).
[[nodiscard]] inline std::string to_string(const mean_points& mean) {
    const bool negative = mean.sum() < 0;
    const std::int64_t sum = negative ? -mean.sum() : mean.sum();
    // Half up: for a negative value a tie goes towards zero.
    const std::int64_t twice = 200 * sum + (negative ? mean.count() - 1 : mean.count());
    const std::int64_t hundredths = twice / (2 * mean.count());
    std::string text(negative && hundredths != 0 ? "-" : "");
    text += std::to_string(hundredths / 100);
    text += '.';
    text += static_cast<char>('0' + hundredths / 10 % 10);
    text += static_cast<char>('0' + hundredths % 10);
    return text;
}

/// \p mean written exactly: as a decimal number where its count is a power of ten ("25.000001"),
/// else as a fraction ("213/3").
[[nodiscard]] inline std::string exact_text(const mean_points& mean) {
    std::size_t decimals = 0;
    std::int64_t power = 1;
    while (power < mean.count()) {
        power *= 10;
        ++decimals;
    }
    if (power != mean.count() || mean.sum() < 0)
        return std::to_string(mean.sum()) + "/" + std::to_string(mean.count());
    std::string text = std::to_string(mean.sum());
    if (decimals == 0) return text;
    if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
    return text.insert(text.size() - decimals, 1, '.');
}

/// \p value as a plain decimal number: "72".
[[nodiscard]] inline std::string to_string(points value) { return std::to_string(value.value()); }

/// The exact value of a decimal number as published: digits, and at most six decimals behind a
/// point ("69.25", "100"). Nothing for any other text, also for signs, spaces and exponents, and
/// for more than four digits before the point.
[[nodiscard]] constexpr std::optional<mean_points> parse_mean(std::string_view text) noexcept {
    constexpr std::size_t most_digits = 4;
    constexpr std::size_t most_decimals = 6;
    const std::size_t dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const std::string_view decimals =
        dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
    if (whole.empty() || whole.size() > most_digits) return std::nullopt;
    if (dot != std::string_view::npos && decimals.empty()) return std::nullopt;
    if (decimals.size() > most_decimals) return std::nullopt;
    std::int64_t sum = 0;
    std::int64_t count = 1;
    for (char c : whole) {
        if (c < '0' || c > '9') return std::nullopt;
        sum = sum * 10 + (c - '0');
    }
    for (char c : decimals) {
        if (c < '0' || c > '9') return std::nullopt;
        sum = sum * 10 + (c - '0');
        count *= 10;
    }
    if (sum >= std::int64_t{1} << 31) return std::nullopt;
    return mean_points(sum, count);
}

}  // namespace ocop
