/// \file readings.hpp
/// Where the decisions are silent, a reading decides. Every reading is a named parameter with the
/// default of the project's rules; what an assessment used is told in its notes.
#pragma once

#include <string>
#include <vector>

#include "ocop/base/names.hpp"
#include "ocop/criteria/timeline.hpp"

namespace ocop {

/// When a star mark is reached, given the sheets of the counting members.
enum class mark_measure {
    mean,         ///< the council's mean points at the criterion reach it (default)
    majority,     ///< more than half of the members reach it
    every_member  ///< every member reaches it
};
template <>
struct names<mark_measure> {
    static constexpr std::array<std::string_view, 3> all{"mean", "majority", "every_member"};
};

/// What a missed mark does.
enum class missed_mark {
    lowers,  ///< the product falls to the highest level that holds (default)
    told     ///< it is only told
};
template <>
struct names<missed_mark> {
    static constexpr std::array<std::string_view, 2> all{"lowers", "told"};
};

/// Which of its candidates a mark on a criterion's title means (148/QĐ-TTg, intellectual property).
enum class title_mark_reading { largest, smallest };
template <>
struct names<title_mark_reading> {
    static constexpr std::array<std::string_view, 2> all{"largest", "smallest"};
};

/// Whose zeros stop the assessment at a criterion that stops at 0 points.
enum class zero_reading { every_member, majority, any_member };
template <>
struct names<zero_reading> {
    static constexpr std::array<std::string_view, 3> all{"every_member", "majority", "any_member"};
};

/// What a lower council asks for before it forwards a product for 5 stars.
enum class forwarding_reading {
    points,           ///< the mean only (26/2026/QĐ-TTg art. 7.3e; default)
    points_and_marks  ///< the marks of that star too
};
template <>
struct names<forwarding_reading> {
    static constexpr std::array<std::string_view, 2> all{"points", "points_and_marks"};
};

/// To which band a mean belongs that falls between two printed bands (1048/QĐ-TTg prints 50-69 and
/// 70-89; 69.71 lies between).
enum class gap_reading {
    lower,  ///< bands are half-open: the lower one (default)
    upper   ///< above the printed end of a band the next one begins
};
template <>
struct names<gap_reading> {
    static constexpr std::array<std::string_view, 2> all{"lower", "upper"};
};

/// What two members may not differ in by more than the limit.
enum class spread_measure {
    totals,  ///< their totals (default)
    parts    ///< their totals, or their points in any part
};
template <>
struct names<spread_measure> {
    static constexpr std::array<std::string_view, 2> all{"totals", "parts"};
};

/// All readings, with the defaults of the rules.
struct readings {
    mark_measure marks = mark_measure::mean;
    /// Whether the marks of lower stars bind higher ones.
    bool lower_marks_bind = true;
    ocop::missed_mark missed_mark = ocop::missed_mark::lowers;
    title_mark_reading title_mark = title_mark_reading::largest;
    zero_reading zero_points = zero_reading::every_member;
    overrun_reading overrun = overrun_reading::file_anew;
    forwarding_reading forwarding = forwarding_reading::points;
    gap_reading gap = gap_reading::lower;
    spread_measure spread = spread_measure::totals;
    /// Whether a criterion tied to the product's story is left out where there is none.
    bool conditions_bind = true;
    /// Whether the producer's kind, where given, decides the case of a criterion.
    bool producer_decides_case = true;

    friend bool operator==(const readings&, const readings&) = default;
};

}  // namespace ocop
