/// \file unit.hpp
/// Administrative units (đơn vị hành chính) as (code, edition): the codes of the statistics office were
/// used again in July 2025 with other meanings, so that a code alone names no place.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ocop/base/date.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/status.hpp"

namespace ocop {

/// A state of the list of units. The two before July 2025 have provinces, districts and communes, the
/// two after it provinces and communes.
enum class edition : std::uint8_t { e2023_01, e2025_03, e2025_07, e2026_04 };

template <>
struct names<edition> {
    static constexpr std::array<std::string_view, 4> all{"2023-01", "2025-03", "2025-07",
                                                         "2026-04"};
};
template <>
struct terms<edition> {
    static constexpr std::array<term, 4> all{
        {{"danh mục đơn vị hành chính 01/2023", "units as of January 2023"},
         {"danh mục đơn vị hành chính 03/2025", "units as of March 2025"},
         {"danh mục đơn vị hành chính từ 01/7/2025", "units from 1 July 2025"},
         {"danh mục đơn vị hành chính từ 30/4/2026", "units from 30 April 2026"}}};
};

/// All editions, oldest first.
inline constexpr std::array<edition, 4> all_editions{edition::e2023_01, edition::e2025_03,
                                                     edition::e2025_07, edition::e2026_04};
inline constexpr std::size_t edition_count = all_editions.size();
/// The edition in force today; `today` in this library always means this edition, not a clock.
inline constexpr edition latest_edition = edition::e2026_04;

/// Since when an edition governs, and how that is known.
struct edition_source {
    edition in;
    std::uint16_t year;  ///< first day
    std::uint8_t month;
    std::uint8_t day;
    status known;             ///< of the first day
    std::string_view source;  ///< the act, or what the table says of itself
};

/// The editions with their first days, oldest first. Between 2023-01-01 and 2025-03-01 the districts
/// and communes that were merged meanwhile still stand as in 2023-01: no edition shows the days of
/// these changes.
inline constexpr std::array<edition_source, edition_count> edition_sources{
    {{edition::e2023_01, 2023, 1, 1, status::inferred,
      "table of 2023; its state is dated to the first of January"},
     {edition::e2025_03, 2025, 3, 1, status::inferred,
      "table with cut-off March 2025; dated to the first of the month"},
     {edition::e2025_07, 2025, 7, 1, status::verified, "202/2025/QH15; 19/2025/QĐ-TTg"},
     {edition::e2026_04, 2026, 4, 30, status::verified, "30/2026/QH16; 237/NQ-UBTVQH16"}}};

/// The first day of \p in.
[[nodiscard]] inline date first_day(edition in) {
    const edition_source& s = edition_sources[static_cast<std::size_t>(in)];
    return date(s.year, s.month, s.day);
}

/// Which edition governs on a day.
struct edition_reading {
    edition in;
    /// The day lies before the first edition, against which it is read all the same: the codes of
    /// 2021-22 do decode against it (checked on 79 of 79 codes). Units may have changed in between.
    bool before_first = false;

    friend bool operator==(const edition_reading&, const edition_reading&) = default;
};

/// The edition that governs on \p day. Days before 2023-01-01 are read against 2023-01, and told.
/// \throws error (bad_date) when \p day is no day (one of Boost's special values).
[[nodiscard]] inline edition_reading edition_on(const date& day) {
    if (day.is_special())
        throw error(detail::make_problem(
            problem_code::bad_date, "", "",
            detail::told("không có ngày để chọn danh mục đơn vị hành chính; hãy cho một ngày",
                         "there is no day to choose the edition of units by; give a day", {})));
    edition_reading found{edition::e2023_01, day < first_day(edition::e2023_01)};
    for (edition e : all_editions)
        if (first_day(e) <= day) found.in = e;
    return found;
}

/// Level of a unit: province "cấp tỉnh", district "cấp huyện" (until June 2025), commune "cấp xã".
enum class unit_level : std::uint8_t { province, district, commune };

template <>
struct names<unit_level> {
    static constexpr std::array<std::string_view, 3> all{"province", "district", "commune"};
};
template <>
struct terms<unit_level> {
    static constexpr std::array<term, 3> all{
        {{"cấp tỉnh", "province"}, {"cấp huyện", "district"}, {"cấp xã", "commune"}}};
};

/// Whether \p in has units of \p level: all but districts after June 2025.
[[nodiscard]] constexpr bool has_level(edition in, unit_level level) noexcept {
    return level != unit_level::district || in < edition::e2025_07;
}

/// A code of the statistics office: 2 digits are a province, 3 a district, 5 a commune. Leading zeros
/// count: "1" is no code. Ordered by level, then by number. Whether such a unit exists is a question
/// for a gazetteer and an edition.
class unit_code {
public:
    /// The code of \p level with \p number. \throws error (bad_value) when it has too many digits.
    constexpr unit_code(unit_level level, std::uint32_t number)
        : packed_(static_cast<std::uint32_t>(level) << level_shift | number) {
        if (number >= size_of(level)) reject(level, number);
    }

    /// The code written as \p text; nothing for any other text than 2, 3 or 5 digits.
    [[nodiscard]] static constexpr std::optional<unit_code> from(std::string_view text) noexcept {
        if (text.size() != 2 && text.size() != 3 && text.size() != 5) return std::nullopt;
        std::uint32_t number = 0;
        for (char c : text) {
            if (c < '0' || c > '9') return std::nullopt;
            number = number * 10 + static_cast<std::uint32_t>(c - '0');
        }
        return unit_code(text.size() == 2   ? unit_level::province
                         : text.size() == 3 ? unit_level::district
                                            : unit_level::commune,
                         number);
    }
    /// As from(); adds a problem (bad_value, at \p pointer) where the text is no code.
    [[nodiscard]] static std::optional<unit_code> try_parse(std::string_view text, problems& found,
                                                            std::string_view pointer = {}) {
        const std::optional<unit_code> code = from(text);
        if (!code)
            found.push_back(detail::make_problem(
                problem_code::bad_value, std::string(pointer), std::string(text),
                detail::told(
                    "\"{0}\" không phải mã đơn vị hành chính; mã có 2 chữ số (tỉnh), 3 chữ "
                    "số (huyện) hoặc 5 chữ số (xã), kể cả các số 0 ở đầu",
                    "\"{0}\" is no code of a unit; a code has 2 digits (province), 3 "
                    "(district) or 5 (commune), leading zeros included",
                    {detail::shown(text)})));
        return code;
    }
    /// As from(). \throws error (bad_value) where the text is no code.
    [[nodiscard]] static unit_code parse(std::string_view text) {
        problems found;
        const std::optional<unit_code> code = try_parse(text, found);
        if (!code) throw error(std::move(found));
        return *code;
    }

    [[nodiscard]] constexpr unit_level level() const noexcept {
        return static_cast<unit_level>(packed_ >> level_shift);
    }
    /// The digits as a number; without leading zeros it is no code.
    [[nodiscard]] constexpr std::uint32_t number() const noexcept {
        return packed_ & ((std::uint32_t{1} << level_shift) - 1);
    }
    /// How many codes of \p level can be written.
    [[nodiscard]] static constexpr std::uint32_t size_of(unit_level level) noexcept {
        return level == unit_level::province   ? 100U
               : level == unit_level::district ? 1000U
                                               : 100000U;
    }

    friend constexpr auto operator<=>(unit_code, unit_code) noexcept = default;

private:
    static constexpr unsigned level_shift = 20;

    [[noreturn]] static void reject(unit_level level, std::uint32_t number) {
        const std::string value = std::to_string(number);
        const label what = label_of(level);
        throw error(
            detail::make_problem(problem_code::bad_value, "", value,
                                 detail::told("{0} có quá nhiều chữ số đối với mã đơn vị {1}",
                                              "{0} has too many digits for the code of a {2}",
                                              {value, what.vi, what.en})));
    }

    std::uint32_t packed_;
};

/// \p code with its leading zeros: "01", "001", "00001".
[[nodiscard]] inline std::string to_string(unit_code code) {
    const std::size_t digits = code.level() == unit_level::province   ? 2
                               : code.level() == unit_level::district ? 3
                                                                      : 5;
    std::string text(digits, '0');
    std::uint32_t rest = code.number();
    for (std::size_t i = digits; i-- > 0; rest /= 10) text[i] = static_cast<char>('0' + rest % 10);
    return text;
}

/// A unit named for good: a code and the edition whose meaning of the code is meant. Ordered by
/// edition, then by code.
struct unit_ref {
    unit_code code;
    edition in;

    friend constexpr bool operator==(const unit_ref&, const unit_ref&) = default;
    friend constexpr std::strong_ordering operator<=>(const unit_ref& a,
                                                      const unit_ref& b) noexcept {
        if (const auto by_edition = a.in <=> b.in; by_edition != 0) return by_edition;
        return a.code <=> b.code;
    }
};

/// A unit of an edition, as a gazetteer gives it. The name is the full one, with its prefix
/// ("Phường 7", "Tỉnh Lai Châu"), in NFC, and lives as long as the gazetteer or a copy of it.
struct unit {
    unit_level level;
    unit_code code;
    std::optional<unit_code> parent;  ///< none for a province
    std::string_view name;
    edition in;

    [[nodiscard]] constexpr unit_ref ref() const noexcept { return {code, in}; }
    friend bool operator==(const unit&, const unit&) = default;
};

}  // namespace ocop

/// Equal codes have equal hashes; no meaning beyond.
template <>
struct std::hash<ocop::unit_code> {
    [[nodiscard]] std::size_t operator()(ocop::unit_code code) const noexcept {
        // Multiplied, so that neighbouring codes do not share a bucket of a table of 2^n.
        return static_cast<std::size_t>(
            (static_cast<std::uint64_t>(code.level()) << 20 | code.number()) *
                0x9E3779B97F4A7C15ULL >>
            16);
    }
};
template <>
struct std::hash<ocop::unit_ref> {
    [[nodiscard]] std::size_t operator()(const ocop::unit_ref& ref) const noexcept {
        return std::hash<ocop::unit_code>()(ref.code) ^
               (static_cast<std::size_t>(ref.in) * 0x85EBCA6BU);
    }
};
