/// \file scores.hpp
/// Sheets turned into points: the validity of each answer in its context, and the sums that every
/// rule of the ranking is decided on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/level.hpp"
#include "ocop/councils/council.hpp"
#include "ocop/councils/score_sheet.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/producers/producer_kind.hpp"
#include "ocop/ranking/assessment.hpp"
#include "ocop/ranking/readings.hpp"

namespace ocop {

/// Something that a scorecard cannot know and a host states: "declaration_required".
struct stated_fact {
    std::string name;
    bool holds = true;

    friend bool operator==(const stated_fact&, const stated_fact&) = default;
};

/// What surrounds the sheets of one dossier.
struct circumstances {
    council_level level = council_level::province;
    dossier_dates dates;
    std::optional<producer_kind> producer;
    /// Knock-outs found (ids of the card) and gates found (`CODE:gate`).
    std::vector<std::string> grounds;
    std::vector<stated_fact> facts;

    friend bool operator==(const circumstances&, const circumstances&) = default;
};

/// Where a band begins: at \ref from, or only above it.
struct band_start {
    mean_points from;
    bool above = false;

    friend bool operator==(const band_start&, const band_start&) = default;
};

namespace detail {

/// One counting sheet in points.
struct counted_sheet {
    const score_sheet* sheet = nullptr;
    std::vector<std::int32_t> row;  ///< by criterion
    std::array<points, part_count> parts;
    points total;
};

/// The counting sheets, in the council's order, and their sums.
struct council_scores {
    std::vector<counted_sheet> sheets;
    std::vector<std::int64_t> sums;  ///< by criterion
    std::array<std::int64_t, part_count> part_sums{};
    std::int64_t total = 0;

    [[nodiscard]] std::size_t count() const noexcept { return sheets.size(); }
    [[nodiscard]] std::int32_t at(std::size_t sheet, std::size_t criterion) const noexcept {
        return sheets[sheet].row[criterion];
    }
};

/// The case that the producer's kind decides at \p c; empty when it decides none.
[[nodiscard]] inline std::string_view decided_case(const criterion& c, const circumstances& given,
                                                   const readings& by) noexcept {
    if (!given.producer || !by.producer_decides_case) return {};
    for (const criterion_case& one : c.cases)
        for (producer_kind kind : one.kinds)
            if (kind == *given.producer) return one.key;
    return {};
}

/// Whether the criterion at \p index is scored on a sheet with \p row points so far.
[[nodiscard]] inline bool applies(const scorecard& card, std::size_t index, const std::int32_t* row,
                                  const readings& by) noexcept {
    const auto condition = card.condition_of(index);
    return !condition || !by.conditions_bind || row[*condition] > 0;
}

[[nodiscard]] inline problem sheet_problem(problem_code code, const score_sheet& sheet,
                                           const criterion& c, std::string value, label text) {
    problem p = make_problem(code, "", std::move(value), std::move(text));
    p.where = score_sheet::place_of(sheet.member(), c.code);
    return p;
}

/// Points of \p sheet, criterion by criterion, into \p row; false, and \p row is of no use, where an
/// answer is missing or surplus.
[[nodiscard]] inline bool score_answered(const scorecard& card, const score_sheet& sheet,
                                         const readings& by, std::int32_t* row) noexcept {
    const std::size_t count = card.size();
    for (std::size_t i = 0; i < count; ++i) {
        const answer a = sheet.at(i);
        row[i] = 0;
        if (!applies(card, i, row, by)) {
            if (a.given()) return false;
            continue;
        }
        if (!a.given()) return false;
        row[i] = card.points_for(i, a.bits()).value();
    }
    return true;
}

/// Options of a case that is not the producer's, at the criterion at \p i, into \p found.
inline void check_case(const scorecard& card, std::size_t i, const score_sheet& sheet,
                       const circumstances& given, const readings& by, problems& found) {
    const criterion& c = card.at(i);
    if (c.cases.empty()) return;
    const std::string_view wanted = decided_case(c, given, by);
    if (wanted.empty()) return;
    for (std::size_t n : sheet.at(i).numbers()) {
        if (c.options[n - 1].case_key == wanted) continue;
        std::string right;
        for (std::size_t k = 0; k < c.options.size(); ++k)
            if (c.options[k].case_key == wanted)
                right += (right.empty() ? "" : ", ") + std::to_string(k + 1);
        const std::string kind(name_of(*given.producer));
        found.push_back(sheet_problem(
            problem_code::wrong_case, sheet, c, std::to_string(n),
            detail::told(
                "mức {0} của tiêu chí {1} không dành cho chủ thể \"{2}\"; chọn trong các "
                "mức {3}",
                "option {0} of criterion {1} is not for a producer of kind \"{2}\"; choose "
                "among {3}",
                {std::to_string(n), c.code, kind, right})));
    }
}

/// Points of \p sheet, criterion by criterion, into \p row; what is wrong with it into \p found.
/// A criterion whose condition is itself unanswered is passed over: one gap is one error.
inline void score(const scorecard& card, const score_sheet& sheet, const circumstances& given,
                  const readings& by, std::int32_t* row, problems& found) {
    if (score_answered(card, sheet, by, row)) {
        for (std::size_t i = 0; given.producer && i < card.size(); ++i)
            check_case(card, i, sheet, given, by, found);
        return;
    }
    for (std::size_t i = 0; i < card.size(); ++i) {
        const answer a = sheet.at(i);
        row[i] = 0;
        if (const auto condition = card.condition_of(i); condition && by.conditions_bind) {
            if (!sheet.at(*condition).given()) continue;
            if (!applies(card, i, row, by)) {
                if (a.given()) {
                    const criterion& c = card.at(i);
                    found.push_back(sheet_problem(
                        problem_code::surplus_answer, sheet, c, std::to_string(a.number()),
                        detail::told("tiêu chí {0} chỉ chấm khi {1}; phiếu này không có ({2} 0 "
                                     "điểm) nên phải bỏ trống, không ghi {3}",
                                     "criterion {0} is scored only if {4}; this sheet has none "
                                     "({2} has 0 points), so leave it out instead of {3}",
                                     {c.code, c.applies_if->text.vi, card.at(*condition).code,
                                      std::to_string(a.number()), c.applies_if->text.en})));
                }
                continue;
            }
        }
        if (!a.given()) {
            const criterion& c = card.at(i);
            const std::string count = std::to_string(card.option_count(i));
            found.push_back(sheet_problem(
                problem_code::unanswered, sheet, c, "",
                detail::told("phiếu của \"{0}\" chưa chấm tiêu chí {1} ({2}); chọn 1 đến {3}, hoặc "
                             "0 nếu không mức nào đúng",
                             "the sheet of \"{0}\" does not answer criterion {1} ({4}); choose 1 "
                             "to {3}, or 0 for none of them",
                             {shown(sheet.member()), c.code, c.text.vi, count, c.text.en})));
            continue;
        }
        row[i] = card.points_for(i, a.bits()).value();
        if (given.producer) check_case(card, i, sheet, given, by, found);
    }
}

/// Where each part ends among the criteria; parts follow one another.
[[nodiscard]] inline std::array<std::size_t, part_count> part_ends(const scorecard& card) noexcept {
    std::array<std::size_t, part_count> ends{};
    std::size_t i = 0;
    for (std::size_t p = 0; p < part_count; ++p) {
        while (i < card.size() && card.part_of(i) == p) ++i;
        ends[p] = i;
    }
    return ends;
}

[[nodiscard]] inline std::array<points, part_count> part_points(
    const std::array<std::size_t, part_count>& ends, const std::int32_t* row) noexcept {
    std::array<points, part_count> parts;
    std::size_t i = 0;
    for (std::size_t p = 0; p < part_count; ++p) {
        std::int32_t sum = 0;
        for (; i < ends[p]; ++i) sum += row[i];
        parts[p] = points{sum};
    }
    return parts;
}

/// Adds one counting sheet to the sums.
inline void add(council_scores& to, counted_sheet one) {
    if (to.sums.empty()) to.sums = std::vector<std::int64_t>(one.row.size());
    for (std::size_t i = 0; i < one.row.size(); ++i) to.sums[i] += one.row[i];
    for (std::size_t p = 0; p < part_count; ++p) to.part_sums[p] += one.parts[p].value();
    to.total += one.total.value();
    to.sheets.push_back(std::move(one));
}

/// Whether the counting members reach \p needed points at \p criterion.
[[nodiscard]] inline bool reaches(const council_scores& scores, std::size_t criterion,
                                  points needed, mark_measure measure) noexcept {
    const auto n = static_cast<std::int64_t>(scores.count());
    if (measure == mark_measure::mean) return scores.sums[criterion] >= needed.value() * n;
    std::int64_t there = 0;
    for (std::size_t m = 0; m < scores.count(); ++m)
        if (scores.at(m, criterion) >= needed.value()) ++there;
    return measure == mark_measure::majority ? 2 * there > n : there == n;
}

/// Where the band of \p level begins.
[[nodiscard]] inline band_start start_of(const std::vector<band>& bands, stars level,
                                         gap_reading gap) noexcept {
    for (std::size_t i = 0; i < bands.size(); ++i) {
        if (bands[i].stars != level) continue;
        if (gap == gap_reading::upper && i + 1 < bands.size()) {
            // "50-69": the band ends at the number behind the dash.
            const std::string& printed = bands[i + 1].printed;
            const std::size_t dash = printed.find('-');
            if (dash != std::string::npos)
                if (const auto end = parse_mean(std::string_view(printed).substr(dash + 1)))
                    return {*end, true};
        }
        return {mean_points(bands[i].from.value(), 1), false};
    }
    return {};
}

/// The least sum over \p count sheets that lies in the band of \p level or above.
[[nodiscard]] inline std::int64_t least_sum(const std::vector<band>& bands, stars level,
                                            std::size_t count, gap_reading gap) noexcept {
    const band_start start = start_of(bands, level, gap);
    const auto n = static_cast<std::int64_t>(count);
    if (start.above) return start.from.sum() * n / start.from.count() + 1;
    return start.from.sum() * n;
}

/// The band of \p sum over \p count sheets.
[[nodiscard]] inline stars band_of(const std::vector<band>& bands, std::int64_t sum,
                                   std::size_t count, gap_reading gap) noexcept {
    for (int level = stars::highest; level > stars::lowest; --level)
        if (sum >= least_sum(bands, stars(level), count, gap)) return stars(level);
    return stars(stars::lowest);
}

/// Whether \p fact holds: as stated, else true.
[[nodiscard]] inline bool holds(const circumstances& given, std::string_view fact) noexcept {
    for (const stated_fact& f : given.facts)
        if (f.name == fact) return f.holds;
    return true;
}

/// Whether the marks of \p c bind: not where one of its gates waits for a fact that does not hold.
[[nodiscard]] inline bool marks_bind(const criterion& c, const circumstances& given) noexcept {
    for (const ground& g : c.gates)
        if (g.decided_by == ground_kind::fact && !holds(given, g.fact)) return false;
    return true;
}

/// \p mark with the points that \p by reads it with.
[[nodiscard]] inline star_mark read_mark(const scorecard& card, star_mark mark,
                                         title_mark_reading by) {
    if (mark.on_title && by == title_mark_reading::smallest)
        for (points p : card.at(mark.criterion).mark_on_criterion->candidates)
            if (p < mark.needed) mark.needed = p;
    return mark;
}

/// All marks of \p card with whether they are reached and bind.
[[nodiscard]] inline std::vector<mark_result> read_marks(const scorecard& card,
                                                         const council_scores& scores,
                                                         const circumstances& given,
                                                         const readings& by) {
    std::vector<mark_result> list;
    list.reserve(card.marks().size());
    for (const star_mark& printed : card.marks()) {
        const star_mark mark = read_mark(card, printed, by.title_mark);
        list.push_back({mark,
                        {scores.sums[mark.criterion], static_cast<std::int64_t>(scores.count())},
                        reaches(scores, mark.criterion, mark.needed, by.marks),
                        marks_bind(card.at(mark.criterion), given)});
    }
    return list;
}

/// Whether a mark of \p mark must be reached for \p level.
[[nodiscard]] inline bool asked_for(stars mark, stars level, const readings& by) noexcept {
    if (by.missed_mark == missed_mark::told) return false;
    return by.lower_marks_bind ? mark <= level : mark == level;
}

/// Whether \p level holds: every mark asked for it is reached. Levels 1 and 2 always hold.
[[nodiscard]] inline bool level_holds(const std::vector<mark_result>& marks, stars level,
                                      const readings& by) noexcept {
    for (const mark_result& m : marks)
        if (m.binds && !m.reached && asked_for(m.mark.stars, level, by)) return false;
    return true;
}

/// The stars of a product: the highest level of its band or below that holds (rules §5).
[[nodiscard]] inline stars stars_of(stars band, const std::vector<mark_result>& marks,
                                    const readings& by) noexcept {
    int level = band.value();
    while (level > stars::lowest && !level_holds(marks, stars(level), by)) --level;
    return stars(level);
}

/// The limit on spread that \p sitting is under: its own, or the regulation's for the level.
[[nodiscard]] inline std::optional<points> spread_limit(const regulation& under,
                                                        const council& sitting,
                                                        const circumstances& given) {
    if (sitting.spread.source == spread_rule::from::host) return sitting.spread.limit;
    if (sitting.spread.source == spread_rule::from::nowhere) return std::nullopt;
    const council_rule* rule = under.council(given.level, given.dates.assessed);
    return rule == nullptr ? std::nullopt : rule->spread;
}

[[nodiscard]] inline bool blocks(points difference, points limit, spread_comparison by) noexcept {
    return by == spread_comparison::above ? difference > limit : difference >= limit;
}

}  // namespace detail
}  // namespace ocop
