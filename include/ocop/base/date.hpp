/// \file date.hpp
/// Calendar days: Boost.Date_Time's date, with a strict ISO 8601 form of our own (the library's
/// own parser takes "2024022" and "20240101extra").
#pragma once

#include <boost/date_time/gregorian/gregorian_types.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocop {

/// A day of the Gregorian calendar. Special values (not a date, infinities) are never produced here.
using date = boost::gregorian::date;

/// The day written as `YYYY-MM-DD`, years 1400 to 9999; nothing for any other text and for days
/// that do not exist (2026-02-30).
[[nodiscard]] inline std::optional<date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto number = [text](std::size_t from, std::size_t count) -> int {
        int value = 0;
        for (char c : text.substr(from, count)) {
            if (c < '0' || c > '9') return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    };
    const int year = number(0, 4);
    const int month = number(5, 2);
    const int day = number(8, 2);
    if (year < 1400 || month < 1 || month > 12 || day < 1) return std::nullopt;
    const auto y = static_cast<unsigned short>(year);
    const auto m = static_cast<unsigned short>(month);
    if (day > boost::gregorian::gregorian_calendar::end_of_month_day(y, m)) return std::nullopt;
    return date(y, m, static_cast<unsigned short>(day));
}

/// \p day as `YYYY-MM-DD`.
[[nodiscard]] inline std::string to_string(const date& day) {
    const auto ymd = day.year_month_day();
    std::string text = std::to_string(static_cast<int>(ymd.year));
    const auto two = [&text](int value) {
        text += '-';
        text += static_cast<char>('0' + value / 10);
        text += static_cast<char>('0' + value % 10);
    };
    two(ymd.month.as_number());
    two(ymd.day.as_number());
    return text;
}

/// A day's place in the calendar: days are counted without a gap, so that differences are days.
/// Counts reach beyond the years that a date can hold.
using day_count = std::int64_t;

/// The count of a day of the Gregorian calendar; \p year may lie beyond 9999. (The Julian day
/// number, as Boost counts.)
[[nodiscard]] constexpr day_count count_of(day_count year, int month, int day) noexcept {
    const int before_march = (14 - month) / 12;
    const day_count y = year + 4800 - before_march;
    const int m = month + 12 * before_march - 3;
    return day + (153 * m + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400 - 32045;
}

/// The count of \p day, which must be a day and no special value.
[[nodiscard]] inline day_count count_of(const date& day) {
    return static_cast<day_count>(day.day_number());
}

/// The day of \p count; nothing outside of the years 1400 to 9999.
[[nodiscard]] inline std::optional<date> date_of(day_count count) {
    constexpr day_count first = count_of(1400, 1, 1);
    constexpr day_count last = count_of(9999, 12, 31);
    if (count < first || count > last) return std::nullopt;
    return date(static_cast<date::date_int_type>(count));
}

/// \p days after \p day (before it, where negative); nothing outside of the years 1400 to 9999.
[[nodiscard]] inline std::optional<date> add_days(const date& day, std::int32_t days) {
    return date_of(count_of(day) + days);
}

namespace detail {

/// The count of the day \p months after \p day: the same day of the month, or the month's last day
/// where it is shorter. Not Boost's `months`, which keeps to the end of the month (2021-02-28 and 36
/// months would be 2024-02-29).
[[nodiscard]] inline day_count months_after(const date& day, std::int32_t months) {
    constexpr int year_months = 12;
    const auto ymd = day.year_month_day();
    const day_count whole =
        static_cast<day_count>(ymd.year) * year_months + ymd.month.as_number() - 1 + months;
    const day_count year =
        whole >= 0 ? whole / year_months : (whole - year_months + 1) / year_months;
    const int month = static_cast<int>(whole - year * year_months) + 1;
    const day_count next =
        month == year_months ? count_of(year + 1, 1, 1) : count_of(year, month + 1, 1);
    const day_count same = count_of(year, month, static_cast<int>(ymd.day.as_number()));
    return same < next ? same : next - 1;
}

}  // namespace detail

/// The day \p months after \p day: the same day of the month, clamped to the month's length
/// (2024-02-29 and 36 months: 2027-02-28). Nothing outside of the years 1400 to 9999.
[[nodiscard]] inline std::optional<date> add_months(const date& day, std::int32_t months) {
    return date_of(detail::months_after(day, months));
}

}  // namespace ocop
