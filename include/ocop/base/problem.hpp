/// \file problem.hpp
/// One set of errors for the whole library: a list of problems, each with a stable number, a place,
/// the offending value and a sentence that says what to do, in Vietnamese and English.
#pragma once

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/label.hpp"

namespace ocop {

/// Stable numbers of problems; a number never changes its meaning. See docs/errors.md.
enum class problem_code : std::uint16_t {
    // 1xx: reading a document
    unreadable_file = 101,
    syntax = 102,
    too_deep = 103,
    too_large = 104,
    duplicate_key = 105,
    wrong_type = 106,
    missing_key = 107,
    unknown_key = 108,
    bad_value = 109,
    bad_date = 110,
    bad_number = 111,
    exclusive_keys = 112,
    missing_column = 113,
    unknown_column = 114,
    repeated_column = 115,
    wrong_cell_count = 116,
    // 2xx: which regulation, which scorecard
    unknown_regulation = 201,
    filed_before_programme = 202,
    assessed_too_late = 203,
    regulation_contradicts_dates = 204,
    assessed_before_filed = 205,
    unknown_scorecard = 206,
    scorecard_of_another_regulation = 207,
    // 3xx: council, sheets, grounds
    repeated_member = 301,
    empty_name = 302,
    sheet_of_stranger = 303,
    repeated_sheet = 304,
    unknown_criterion = 305,
    unanswered = 306,
    unknown_option = 307,
    second_answer = 308,
    surplus_answer = 309,
    wrong_case = 310,
    no_option_with_points = 311,
    no_counting_sheet = 312,
    quorum_missed = 313,
    unknown_ground = 314,
    repeated_ground = 315,
    unknown_fact = 316,
    published_out_of_range = 317,
    published_sum = 318,
    sheet_of_another_scorecard = 319,
    too_many = 320,
    wrong_size = 321,
    groups_differ = 322,
    not_enough_data = 323,
    // 4xx: a regulation document
    wrong_sum = 401,
    unordered_marks = 402,
    repeated_code = 403,
    points_out_of_range = 404,
    unknown_reference = 405,
    bad_bands = 406,
    wrong_reachable = 407,
    empty_list = 408,
    bad_parts = 409,
    bad_code = 410,
    bad_condition = 411,
    bad_dates = 412,
    conflict = 413,
    // 5xx: units and product codes
    unknown_unit = 501,
    unit_elsewhere = 502,
    bad_product_code = 503,
    year_outside = 504,
    ambiguous_unit = 505,
    // 6xx: dossiers, councils' sessions, certificates
    step_not_allowed = 601,
    wrong_actor = 602,
    need_missing = 603,
    outside_window = 604,
    wrong_level = 605,
    not_recognisable = 606,
    kind_not_admitted = 607,
    wrong_order = 608,
    bad_term = 609,
    contradiction = 610,
    // 7xx: the registry
    unknown_record = 701,
    repeated_record = 702,
    stale_version = 703,
    conflicting_event = 704,
    record_in_use = 705,
    // 8xx: lists and wordings as people write them
    bad_star = 801,
    bad_decision_number = 802,
    unknown_event = 803,
    nothing_above = 804,
    bad_score = 805,
    bad_producer_kind = 806,
    star_missing = 807,
};

/// Whether a problem stops the work or is only told.
enum class severity { error, warning };

/// Where a problem is. Members that do not apply are empty or 0.
struct place {
    std::string file;
    std::uint32_t row = 0;     ///< from 1; 0 when a pointer tells the place
    std::uint32_t column = 0;  ///< from 1, in bytes
    std::string pointer;       ///< JSON pointer (RFC 6901) into the document
    std::string sheet;         ///< member whose sheet it is
    std::string criterion;     ///< code of the criterion

    friend bool operator==(const place&, const place&) = default;
};

/// One problem found in an input.
struct problem {
    problem_code code{};
    severity grade = severity::error;
    place where;
    std::string value;  ///< the offending value as given
    label message;      ///< what is wrong and what to do

    friend bool operator==(const problem&, const problem&) = default;
};

/// Every problem of one input, in the order of the input.
using problems = std::vector<problem>;

/// True if \p list holds at least one error (warnings do not count).
[[nodiscard]] inline bool has_errors(const problems& list) noexcept {
    for (const problem& p : list)
        if (p.grade == severity::error) return true;
    return false;
}

namespace detail {

/// \p text with every control character, and each that turns the direction of writing, shown as '?':
/// what a line prints stays a line, and what an input holds cannot steer a terminal.
[[nodiscard]] inline std::string printable(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0U;
        // U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069
        const bool turns =
            byte == 0xE2U && ((next == 0x80U && (third == 0x8EU || third == 0x8FU ||
                                                 (third >= 0xAAU && third <= 0xAEU))) ||
                              (next == 0x81U && third >= 0xA6U && third <= 0xA9U));
        if (byte < 0x20U || byte == 0x7FU) {
            clean += '?';
        } else if (byte == 0xC2U && next >= 0x80U && next < 0xA0U) {  // U+0080 to U+009F
            clean += '?';
            ++i;
        } else if (turns) {
            clean += '?';
            i += 2;
        } else {
            clean += text[i];
        }
    }
    return clean;
}

/// \p value shortened for a message: at most 60 bytes, cut at a character's start.
[[nodiscard]] inline std::string shown(std::string_view value) {
    constexpr std::size_t most = 60;
    if (value.size() <= most) return printable(value);
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
    return printable(value.substr(0, end)) + "...";
}

}  // namespace detail

/// \p p in one line: grade and number, place, message. `E306 d.json:/sheets/m1/A1.1: …`
[[nodiscard]] inline std::string to_line(const problem& p, language lang) {
    std::string line(p.grade == severity::error ? "E" : "W");
    line += std::to_string(static_cast<unsigned>(p.code));
    line += ' ';
    if (!p.where.file.empty()) {
        line += detail::printable(p.where.file);
        line += ':';
    }
    if (p.where.row != 0) {
        line += std::to_string(p.where.row);
        line += ':';
        line += std::to_string(p.where.column);
    } else {
        line += p.where.pointer.empty() ? std::string("/") : detail::printable(p.where.pointer);
    }
    line += ": ";
    line += p.message.in(lang);
    return line;
}

/// The exception of this library: holds every problem found, not only the first.
class error : public std::exception {
public:
    explicit error(problems found) : found_(std::move(found)) {
        for (const problem& p : found_) {
            if (!text_.empty()) text_ += '\n';
            text_ += to_line(p, language::en);
        }
    }
    explicit error(problem one) : error(problems{std::move(one)}) {}

    /// All problems, in the order of the input.
    [[nodiscard]] const problems& list() const noexcept { return found_; }
    /// The problems in English, a line each.
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    problems found_;
    std::string text_;
};

/// \p token as a step of a JSON pointer: `~` and `/` escaped (RFC 6901).
[[nodiscard]] inline std::string pointer_step(std::string_view token) {
    std::string step("/");
    for (char c : token) {
        if (c == '~')
            step += "~0";
        else if (c == '/')
            step += "~1";
        else
            step += c;
    }
    return step;
}

namespace detail {

/// A text in both languages with values set in: `{0}` stands for the first of \p values.
[[nodiscard]] inline label told(std::string_view vi, std::string_view en,
                                std::initializer_list<std::string_view> values) {
    const auto filled = [values](std::string_view form) {
        std::string text;
        for (std::size_t i = 0; i < form.size(); ++i) {
            const bool slot = form[i] == '{' && i + 2 < form.size() && form[i + 2] == '}';
            const std::size_t which = slot ? static_cast<std::size_t>(form[i + 1] - '0') : 0;
            if (slot && which < values.size()) {
                text += printable(values.begin()[which]);
                i += 2;
            } else {
                text += form[i];
            }
        }
        return text;
    };
    return {filled(vi), filled(en)};
}

[[nodiscard]] inline problem make_problem(problem_code code, std::string pointer, std::string value,
                                          label message, severity grade = severity::error) {
    problem p;
    p.code = code;
    p.grade = grade;
    p.where.pointer = std::move(pointer);
    p.value = std::move(value);
    p.message = std::move(message);
    return p;
}

}  // namespace detail
}  // namespace ocop
