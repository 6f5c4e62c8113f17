/// \file date.hpp
/// Calendar days: Boost.Date_Time's date, with a strict ISO 8601 form of our own (the library's
/// own parser takes "2024022" and "20240101extra").
#pragma once

#include <boost/date_time/gregorian/gregorian_types.hpp>
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

}  // namespace ocop
