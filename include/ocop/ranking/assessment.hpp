/// \file assessment.hpp
/// What an assessment tells: the verdict, and everything it follows from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ocop/base/level.hpp"
#include "ocop/base/points.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/base/status.hpp"
#include "ocop/councils/council.hpp"
#include "ocop/councils/score_sheet.hpp"

namespace ocop {

/// How an assessment ends: the first of these that holds (rules §7).
enum class outcome {
    incomplete,   ///< errors in the input, or the quorum is missed
    rejected,     ///< a ground for rejection holds, whatever the points
    score_again,  ///< two counting members differ by more than the limit
    ranked        ///< the product has its stars
};
template <>
struct names<outcome> {
    static constexpr std::array<std::string_view, 4> all{"incomplete", "rejected", "score_again",
                                                         "ranked"};
};
template <>
struct terms<outcome> {
    static constexpr std::array<term, 4> all{{{"Chưa đủ để kết luận", "Incomplete"},
                                              {"Bị loại", "Rejected"},
                                              {"Chấm lại", "Score again"},
                                              {"Đã xếp hạng", "Ranked"}}};
};

/// One member's sheet in points.
struct member_result {
    std::string id;
    council_role role = council_role::member;
    bool counted = false;  ///< false for roles that do not score
    points total;
    std::array<points, part_count> parts;

    friend bool operator==(const member_result&, const member_result&) = default;
};

/// A star mark and whether the council reached it.
struct mark_result {
    star_mark mark;
    mean_points mean;  ///< the council's mean at the criterion
    bool reached = false;
    bool binds = true;  ///< false where a stated fact lifts the mark

    friend bool operator==(const mark_result&, const mark_result&) = default;
};

/// A ground on which the dossier is rejected.
struct rejection {
    std::string ground;     ///< id of the knock-out or gate, or the text as stated
    std::string criterion;  ///< code of the gate's criterion; empty for a knock-out
    label text;
    bool by_points = false;  ///< the sheets decided it, nobody stated it
    bool checked = true;     ///< false where the regulation's list is not known whole

    friend bool operator==(const rejection&, const rejection&) = default;
};

/// Two counting members who differ by more than the limit.
struct spread_pair {
    std::string one;
    std::string other;
    points difference;

    friend bool operator==(const spread_pair&, const spread_pair&) = default;
};

/// One step of a way up: at \ref criterion every counting member moves to \ref to.
struct change {
    std::size_t criterion = 0;
    std::vector<answer> from;  ///< the members' answers, in the council's order
    answer to;

    friend bool operator==(const change&, const change&) = default;
};

/// The cheapest way to a higher star.
struct way_up {
    ocop::stars stars{5};
    mean_points missing;          ///< points missing to the star's band; 0 if the band is reached
    bool reachable = false;       ///< false: no choice of options reaches it
    std::uint64_t effort = 0;     ///< sum of the efforts of the changes
    std::vector<change> changes;  ///< in printed order of the criteria
    /// The largest difference between two counting members' totals once the changes are made, and
    /// whether the council's rule on spread would then ask to score again.
    points spread_after;
    bool spread_blocks = false;

    friend bool operator==(const way_up&, const way_up&) = default;
};

/// Something that was read from somewhere, or chosen where the text is silent.
struct note {
    std::string id;  ///< stable name: "amendment_not_applied"
    label text;
    status known = status::verified;
    std::string source;

    friend bool operator==(const note&, const note&) = default;
};

/// The result of an assessment, with its full explanation.
struct assessment {
    ocop::outcome outcome = ocop::outcome::incomplete;
    problems errors;  ///< why it is incomplete; empty otherwise

    std::string regulation;
    std::optional<int> set;
    council_level level = council_level::province;

    /// Means over the counting sheets; nothing when incomplete.
    std::optional<mean_points> total;
    std::optional<std::array<mean_points, part_count>> parts;
    std::vector<mean_points> criteria;   ///< by criterion of the card
    std::vector<member_result> members;  ///< members with a sheet, in the council's order
    std::size_t counting_members = 0;
    std::size_t counted_sheets = 0;
    /// True when parts and total were published and no sheet is known: marks are unknown then.
    bool published = false;

    std::optional<ocop::stars> band;   ///< by the mean total alone
    std::optional<ocop::stars> stars;  ///< ranked products only
    std::vector<mark_result> marks;    ///< every mark of the card
    std::vector<rejection> grounds;
    std::optional<points> spread_limit;
    spread_comparison spread_blocks = spread_comparison::above;
    std::vector<spread_pair> spread;  ///< pairs that break the limit

    std::optional<council_level> recognised_by;
    std::optional<ocop::stars> proposed;  ///< 5 where this level may only forward it
    std::optional<council_level> forwards_to;

    std::vector<way_up> to_reach;  ///< one for each higher star, ascending
    std::vector<note> notes;

    /// The marks that bind and are not reached, by criterion, then by star.
    [[nodiscard]] std::vector<mark_result> marks_missed() const {
        std::vector<mark_result> missed;
        for (const mark_result& m : marks)
            if (m.binds && !m.reached) missed.push_back(m);
        return missed;
    }

    friend bool operator==(const assessment&, const assessment&) = default;
};

}  // namespace ocop
