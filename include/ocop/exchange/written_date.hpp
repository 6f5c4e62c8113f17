/// \file written_date.hpp
/// Dates as they are written in Viet Nam: "05/8/2026", "ngày 05 tháng 8 năm 2026", "tháng 9/2023".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/date.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// How much of a date is told.
enum class date_precision { day, month, quarter, year };

template <>
struct names<date_precision> {
    static constexpr std::array<std::string_view, 4> all{"day", "month", "quarter", "year"};
};
template <>
struct terms<date_precision> {
    static constexpr std::array<term, 4> all{
        {{"ngày", "day"}, {"tháng", "month"}, {"quý", "quarter"}, {"năm", "year"}}};
};

/// A date as far as it is told: never a guessed day.
struct written_date {
    date_precision precision = date_precision::day;
    date first;  ///< first day it may mean
    date last;   ///< last day it may mean; first, where a day is told

    /// The day, where one is told.
    [[nodiscard]] std::optional<date> day() const {
        if (precision != date_precision::day) return std::nullopt;
        return first;
    }
    friend bool operator==(const written_date&, const written_date&) = default;
};

/// Reads a date: numbers in the order day, month, year between `/`, `-`, `.` or blanks; year first
/// only as `YYYY-MM-DD` or `YYYY/MM/DD`; words (ngày, tháng, quý, năm) with or without accents, a
/// place before "ngày", a time of midnight behind an ISO day. Nothing and a bad_date problem where
/// the day does not exist, a year has two digits, or the text is no date. Years 1400 to 9999. Linear.
[[nodiscard]] OCOP_API std::optional<written_date> try_read_written_date(std::string_view text,
                                                                         problems& found);
/// As above. \throws error.
[[nodiscard]] OCOP_API written_date read_written_date(std::string_view text);

}  // namespace ocop
