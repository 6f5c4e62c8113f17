/// \file verdict.hpp
/// A verdict without its explanation: the tables that a scorecard under a regulation, a council's
/// policies and the readings come down to, and the sums of a council's sheets. What assess() says
/// of one dossier, for those who decide a million.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ocop/base/points.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/councils/council.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/ranking/assess.hpp"
#include "ocop/ranking/assessment.hpp"
#include "ocop/ranking/readings.hpp"
#include "ocop/ranking/scores.hpp"

namespace ocop {

/// An answer of a sheet in one byte. At a criterion of which one option is chosen, the option's
/// number in printed order, from 1, and 0 for "none of the options"; where any number may be
/// ticked, a bit for each (bit n-1 for option n).
using answer_code = std::uint8_t;

/// No answer: an error where the criterion applies, and the only right code where it does not.
inline constexpr answer_code no_answer = 0xFF;

/// What verdicts are decided on, as plain tables. from() makes them of a scorecard; a host with
/// points of its own fills them by hand.
struct verdict_tables {
    /// A criterion: points by answer code.
    struct criterion {
        std::size_t part = 0;  ///< 0, 1, 2 for A, B, C
        /// Points by answer code, from 0 on; nothing: the code is no answer here.
        std::vector<std::optional<points>> values;
        /// Index of an earlier criterion that must have points for this one to be answered.
        std::optional<std::size_t> condition;
        bool stops_at_zero = false;  ///< 0 points here reject the product (readings::zero_points)

        friend bool operator==(const criterion&, const criterion&) = default;
    };
    /// A star mark: at \ref criterion at least \ref needed points for \ref stars.
    struct mark {
        std::size_t criterion = 0;
        ocop::stars stars{3};
        points needed;

        friend bool operator==(const mark&, const mark&) = default;
    };
    std::vector<criterion> criteria;
    /// The marks that bind, by criterion, then by star; at most verdict_rules::most_marks.
    std::vector<mark> marks;
    std::array<band_start, stars::highest - 1> bands;  ///< of 2, 3, 4 and 5 stars
    std::optional<points> spread;                      ///< most that two members may differ by
    spread_comparison spread_blocks = spread_comparison::above;
    ocop::quorum quorum;
    /// The counting members of the council, of whom the quorum may ask for a share; 0: as many as
    /// there are sheets.
    std::size_t council_size = 0;
    readings by;

    /// The tables of \p card under \p under, for a council with the quorum and the rule on spread
    /// of \p sitting (its counting members are the council's size), on \p given level, day,
    /// producer's kind and facts. Stated grounds belong to one dossier, not to a batch.
    /// \throws error for a card of another regulation, unknown facts, stated grounds, and for more
    /// marks or answers than a batch holds.
    [[nodiscard]] static verdict_tables from(const regulation& under, const scorecard& card,
                                             const council& sitting,
                                             const circumstances& given = {},
                                             const readings& by = {});

    friend bool operator==(const verdict_tables&, const verdict_tables&) = default;
};

/// The verdict on one product, without its explanation.
struct verdict {
    ocop::outcome outcome = ocop::outcome::incomplete;
    std::uint8_t stars = 0;                         ///< 1 to 5; 0 unless ranked
    std::uint8_t band = 0;                          ///< by the mean total alone; 0 when incomplete
    std::uint16_t sheets = 0;                       ///< sheets that were added, right or wrong
    std::uint16_t total = 0;                        ///< sum over the sheets; 0 when incomplete
    std::array<std::uint16_t, part_count> parts{};  ///< sums over the sheets
    std::uint16_t spread = 0;  ///< largest difference of two members' totals (or parts, by reading)
    std::uint64_t missed = 0;  ///< bit k: mark k of the rules is not reached

    /// The exact mean total. \throws error when incomplete.
    [[nodiscard]] mean_points mean() const { return {total, sheets}; }

    friend bool operator==(const verdict&, const verdict&) = default;
};

/// Checked tables, laid out for speed, with what is done with them: sheets are added to a tally,
/// and a tally decided. A tally is memory of the caller, tally_size() numbers a product, so that a
/// stream of sheets needs memory by products alone and nothing is allocated while it runs.
class verdict_rules {
public:
    /// The most marks that bind: the bits of verdict::missed.
    static constexpr std::size_t most_marks = 64;
    /// The most answer codes of a criterion, 0 included.
    static constexpr std::size_t most_codes = 128;
    /// The most points of one answer.
    static constexpr std::int32_t most_value = 1000;

    /// \throws error with every problem of \p tables.
    explicit verdict_rules(verdict_tables tables) : tables_(std::move(tables)) {
        problems found;
        check(found);
        if (!found.empty()) throw error(std::move(found));
        lay_out();
    }
    /// The rules of a scorecard: see verdict_tables::from().
    verdict_rules(const regulation& under, const scorecard& card, const council& sitting,
                  const circumstances& given = {}, const readings& by = {})
        : verdict_rules(verdict_tables::from(under, card, sitting, given, by)) {}

    [[nodiscard]] const verdict_tables& tables() const noexcept { return tables_; }
    /// How many criteria a sheet answers.
    [[nodiscard]] std::size_t size() const noexcept { return tables_.criteria.size(); }
    /// The most sheets of one product: council::most_members, fewer where points are large.
    [[nodiscard]] std::size_t most_sheets() const noexcept { return most_sheets_; }

    /// Points of answer \p code at \p criterion; negative where it is no answer there.
    [[nodiscard]] std::int32_t value(std::size_t criterion, answer_code code) const noexcept {
        return code < most_codes ? values_[criterion * most_codes + code] : invalid;
    }
    /// The highest answer code at \p criterion.
    [[nodiscard]] std::size_t highest_code(std::size_t criterion) const noexcept {
        return tables_.criteria[criterion].values.size() - 1;
    }

    /// Numbers of a tally.
    [[nodiscard]] std::size_t tally_size() const noexcept { return tally_size_; }
    /// An empty tally into \p tally, of tally_size() numbers.
    void clear(std::uint16_t* tally) const noexcept {
        for (std::size_t i = 0; i < tally_size_; ++i) tally[i] = 0;
    }

    /// Adds a sheet of size() answers to \p tally. False, and the tally is broken (its product is
    /// incomplete), where an answer is missing, surplus or none of the criterion's, or the sheet is
    /// one too many. Linear in the criteria.
    bool add(std::uint16_t* tally, const answer_code* sheet) const noexcept {
        const std::size_t count = size();
        if (tally[sheets_at] >= most_sheets_) {
            break_off(tally);
            return false;
        }
        // Branches and sums in memory would cost most of the time of a stream: all points are
        // looked up first, conditions put right, and then one pass finds errors and adds.
        std::int16_t row[scorecard_limits::criteria];
        for (std::size_t i = 0; i < count; ++i)
            row[i] = static_cast<std::int16_t>(value(i, sheet[i]));
        bool good = true;
        for (const std::uint16_t i : conditional_)
            if (row[cells_[i].condition] == 0) {
                good = good && sheet[i] == no_answer;
                row[i] = 0;
            }
        std::int32_t total = 0;
        std::int32_t signs = 0;
        for (std::size_t i = 0; i < count; ++i) {
            signs |= row[i];
            total += row[i];
        }
        if (!good || signs < 0) {
            break_off(tally);
            ++tally[sheets_at];
            return false;
        }
        for (std::size_t i = 0; i < count; ++i)
            tally[first_sum_ + i] = static_cast<std::uint16_t>(tally[first_sum_ + i] + row[i]);
        if (tables_.by.marks != mark_measure::mean)
            for (std::size_t k = 0; k < tables_.marks.size(); ++k)
                if (row[tables_.marks[k].criterion] >= tables_.marks[k].needed.value())
                    ++tally[first_mark_ + k];
        if (zeros_counted_)
            for (std::size_t k = 0; k < gates_.size(); ++k)
                if (row[gates_[k]] == 0) ++tally[first_gate_ + k];
        note_spread(tally, first_extreme, total);
        if (tables_.by.spread == spread_measure::parts) {
            std::int32_t parts[part_count] = {};
            for (std::size_t i = 0; i < count; ++i) parts[cells_[i].part] += row[i];
            for (std::size_t p = 0; p < part_count; ++p)
                note_spread(tally, first_extreme + 2 * (p + 1), parts[p]);
        }
        ++tally[sheets_at];
        return true;
    }

    /// Adds the sheets of \p other, another tally of the same product.
    void merge(std::uint16_t* tally, const std::uint16_t* other) const noexcept {
        if (tally[sheets_at] + other[sheets_at] > most_sheets_) {
            break_off(tally);
            return;
        }
        if (other[broken_at] != 0) break_off(tally);
        if (other[sheets_at] == 0) return;
        for (std::size_t k = 0; k < extremes_; ++k) {
            std::uint16_t& mine = tally[first_extreme + k];
            const std::uint16_t theirs = other[first_extreme + k];
            const bool is_least = k % 2 == 0;
            if (tally[sheets_at] == 0 || (is_least ? theirs < mine : theirs > mine)) mine = theirs;
        }
        for (std::size_t k = first_extreme + extremes_; k < tally_size_; ++k)
            tally[k] = static_cast<std::uint16_t>(tally[k] + other[k]);
        tally[sheets_at] = static_cast<std::uint16_t>(tally[sheets_at] + other[sheets_at]);
    }

    /// Marks a product as incomplete for a reason outside its sheets' answers.
    static void break_off(std::uint16_t* tally) noexcept { tally[broken_at] = 1; }
    /// The sheets that were added.
    [[nodiscard]] static std::size_t sheets(const std::uint16_t* tally) noexcept {
        return tally[sheets_at];
    }
    /// The sum of points at \p criterion over the sheets that were added.
    [[nodiscard]] std::uint16_t sum(const std::uint16_t* tally,
                                    std::size_t criterion) const noexcept {
        return tally[first_sum_ + criterion];
    }

    /// The verdict on the sheets in \p tally: exactly what assess() says of them. Linear in the
    /// criteria and marks.
    [[nodiscard]] verdict decide(const std::uint16_t* tally) const noexcept {
        const std::size_t n = tally[sheets_at];
        std::uint16_t spread = 0;
        for (std::size_t k = 0; k < extremes_; k += 2) {
            const auto range =
                static_cast<std::uint16_t>(tally[first_extreme + k + 1] - tally[first_extreme + k]);
            if (range > spread) spread = range;
        }
        return decide(
            n, tally[broken_at] != 0, spread,
            [&](std::size_t criterion) { return sum(tally, criterion); },
            [&](std::size_t mark) { return reached(tally, mark, n); },
            [&](std::size_t gate) { return stops(tally, gate, n); });
    }

    /// The verdict on \p sheets sheets, of which one is wrong where \p broken, whose totals (or
    /// parts, by reading) differ by \p spread at most. \p sum gives the sum of points at a criterion,
    /// \p reached whether mark k of the tables is reached, \p stops whether gate k rejects the
    /// product: for those who keep sums in another form than a tally.
    template <class Sum, class Reached, class Stops>
    [[nodiscard]] verdict decide(std::size_t sheets, bool broken, std::uint16_t spread,
                                 const Sum& sum, const Reached& reached,
                                 const Stops& stops) const noexcept {
        verdict told;
        told.sheets = static_cast<std::uint16_t>(sheets);
        const std::size_t council = tables_.council_size == 0 ? sheets : tables_.council_size;
        if (broken || sheets == 0 || sheets > council || !tables_.quorum.reached(sheets, council))
            return told;
        for (std::size_t i = 0; i < size(); ++i) {
            std::uint16_t& part = told.parts[cells_[i].part];
            part = static_cast<std::uint16_t>(part + sum(i));
        }
        told.total = static_cast<std::uint16_t>(told.parts[0] + told.parts[1] + told.parts[2]);
        told.band = band(told.total, sheets);
        told.spread = spread;
        unsigned levels = 0;
        for (std::size_t k = 0; k < tables_.marks.size(); ++k) {
            if (reached(k)) continue;
            told.missed |= std::uint64_t{1} << k;
            levels |= level_bit(k);
        }
        bool stopped = false;
        for (std::size_t k = 0; k < gates_.size(); ++k) stopped = stopped || stops(k);
        told.outcome = outcome_of(stopped, told.spread, sheets);
        if (told.outcome == outcome::ranked) told.stars = stars_[told.band][levels];
        return told;
    }

    /// The band of \p total points over \p sheets sheets (at least 1): 1 to 5.
    [[nodiscard]] std::uint8_t band(std::uint32_t total, std::size_t sheets) const noexcept {
        std::uint8_t level = 1;
        for (std::size_t k = 0; k < tables_.bands.size(); ++k)
            if (total >= least_total(k + 2, sheets)) level = static_cast<std::uint8_t>(k + 2);
        return level;
    }
    /// The least total over \p sheets sheets in the band of \p stars (2 to 5).
    [[nodiscard]] std::uint32_t least_total(std::size_t stars, std::size_t sheets) const noexcept {
        return least_totals_[(stars - 2) * (most_sheets_ + 1) + sheets];
    }
    /// The stars of a product of \p band (1 to 5) that misses the levels in \p levels: bit 0, 1, 2
    /// for a mark of 3, 4, 5 stars.
    [[nodiscard]] std::uint8_t stars(std::uint8_t band, unsigned levels) const noexcept {
        return stars_[band][levels];
    }
    /// The bit of the level of mark \p k: 1, 2, 4 for 3, 4, 5 stars.
    [[nodiscard]] unsigned level_bit(std::size_t k) const noexcept {
        return 1U << (tables_.marks[k].stars.value() - 3);
    }
    /// What becomes of a product with its sheets in order: rejected, score again or ranked. One
    /// sheet differs from none.
    [[nodiscard]] outcome outcome_of(bool stopped, std::uint32_t spread,
                                     std::size_t sheets) const noexcept {
        if (stopped) return outcome::rejected;
        return sheets > 1 && spread >= blocking_spread_ ? outcome::score_again : outcome::ranked;
    }
    /// The least spread that asks to score again; above any spread where there is no rule.
    [[nodiscard]] std::uint32_t blocking_spread() const noexcept { return blocking_spread_; }
    /// The criteria that reject a product at 0 points.
    [[nodiscard]] const std::vector<std::size_t>& gates() const noexcept { return gates_; }
    /// The largest points of an answer at \p criterion.
    [[nodiscard]] std::int32_t most_points(std::size_t criterion) const noexcept {
        return most_points_[criterion];
    }

    friend bool operator==(const verdict_rules& a, const verdict_rules& b) noexcept {
        return a.tables_ == b.tables_;
    }

private:
    struct cell {
        std::uint16_t part;
        std::uint16_t condition;
    };
    static constexpr std::uint16_t unconditional = 0xFFFF;
    static constexpr std::int32_t invalid = -1;
    // A tally: flag, count, extremes (least, most), sums by criterion, counts by mark and by gate.
    static constexpr std::size_t broken_at = 0;
    static constexpr std::size_t sheets_at = 1;
    static constexpr std::size_t first_extreme = 2;

    void note_spread(std::uint16_t* tally, std::size_t at, std::int32_t got) const noexcept {
        const auto one = static_cast<std::uint16_t>(got);
        if (tally[sheets_at] == 0 || one < tally[at]) tally[at] = one;
        if (tally[sheets_at] == 0 || one > tally[at + 1]) tally[at + 1] = one;
    }
    [[nodiscard]] bool reached(const std::uint16_t* tally, std::size_t k,
                               std::size_t n) const noexcept {
        const verdict_tables::mark& m = tables_.marks[k];
        if (tables_.by.marks == mark_measure::mean)
            return tally[first_sum_ + m.criterion] >=
                   static_cast<std::size_t>(m.needed.value()) * n;
        const std::size_t there = tally[first_mark_ + k];
        return tables_.by.marks == mark_measure::majority ? 2 * there > n : there == n;
    }
    [[nodiscard]] bool stops(const std::uint16_t* tally, std::size_t k,
                             std::size_t n) const noexcept {
        if (!zeros_counted_) return tally[first_sum_ + gates_[k]] == 0;
        const std::size_t zeros = tally[first_gate_ + k];
        return tables_.by.zero_points == zero_reading::majority ? 2 * zeros > n : zeros > 0;
    }

    void check(problems& found) const;
    void lay_out();

    verdict_tables tables_;
    std::vector<cell> cells_;
    std::vector<std::uint16_t> conditional_;  ///< criteria with a condition, in order
    std::vector<std::int16_t> values_;
    std::vector<std::int32_t> most_points_;
    std::vector<std::uint32_t> least_totals_;
    std::vector<std::size_t> gates_;
    std::array<std::array<std::uint8_t, 8>, stars::highest + 1> stars_{};
    std::size_t most_sheets_ = 0;
    std::size_t tally_size_ = 0;
    std::size_t extremes_ = 0;
    std::size_t first_sum_ = 0;
    std::size_t first_mark_ = 0;
    std::size_t first_gate_ = 0;
    std::uint32_t blocking_spread_ = 0;
    bool zeros_counted_ = false;
};

namespace detail {

/// The points of criterion \p index of \p card by answer code.
[[nodiscard]] inline verdict_tables::criterion tabulate(const scorecard& card, std::size_t index,
                                                        const circumstances& given,
                                                        const readings& by, problems& found) {
    constexpr std::size_t most_ticked = 7;
    const criterion& c = card.at(index);
    verdict_tables::criterion made;
    made.part = card.part_of(index);
    if (by.conditions_bind) made.condition = card.condition_of(index);
    for (const ground& g : c.gates)
        made.stops_at_zero = made.stops_at_zero || g.decided_by == ground_kind::points;
    const std::string_view wanted = decided_case(c, given, by);
    const auto allowed = [&](std::size_t option) {
        return wanted.empty() || c.options[option].case_key == wanted;
    };
    const std::size_t options = card.option_count(index);
    if (c.choose == choice::one) {
        made.values.emplace_back(points{0});
        for (std::size_t k = 0; k < options; ++k)
            made.values.push_back(allowed(k) ? std::optional(c.options[k].points) : std::nullopt);
        return made;
    }
    if (options > most_ticked) {
        const std::string count = std::to_string(options);
        found.push_back(make_problem(
            problem_code::too_many, "/criteria/" + c.code, count,
            told(
                "tiêu chí {0} có {1} mức chọn nhiều; một loạt giữ nhiều nhất 7",
                "criterion {0} has {1} options of which any may be ticked; a batch holds at most 7",
                {c.code, count})));
        return made;
    }
    for (std::uint32_t bits = 0; bits < (1U << options); ++bits) {
        bool good = true;
        for (std::size_t k = 0; k < options; ++k)
            good = good && ((bits >> k & 1U) == 0 || allowed(k));
        made.values.push_back(good ? std::optional(card.points_for(index, bits)) : std::nullopt);
    }
    return made;
}

}  // namespace detail

inline verdict_tables verdict_tables::from(const regulation& under, const scorecard& card,
                                           const council& sitting, const circumstances& given,
                                           const readings& by) {
    problems found;
    validate(sitting, found);
    detail::check_facts(under, &card, given, found);
    if (!given.grounds.empty())
        found.push_back(detail::make_problem(
            problem_code::unknown_ground, "/knockouts", given.grounds.front(),
            detail::told("căn cứ loại \"{0}\" là của một hồ sơ, không phải của cả loạt",
                         "the ground \"{0}\" belongs to one dossier, not to a batch of them",
                         {detail::shown(given.grounds.front())})));
    verdict_tables made;
    if (!detail::is_card_of(under, card, found)) throw error(std::move(found));
    for (std::size_t i = 0; i < card.size(); ++i)
        made.criteria.push_back(detail::tabulate(card, i, given, by, found));
    if (!found.empty()) throw error(std::move(found));
    for (const star_mark& printed : card.marks()) {
        if (!detail::marks_bind(card.at(printed.criterion), given)) continue;
        const star_mark m = detail::read_mark(card, printed, by.title_mark);
        made.marks.push_back({m.criterion, m.stars, m.needed});
    }
    for (int level = 2; level <= stars::highest; ++level)
        made.bands[static_cast<std::size_t>(level) - 2] =
            detail::start_of(under.document().bands, stars(level), by.gap);
    made.spread = detail::spread_limit(under, sitting, given);
    made.spread_blocks = sitting.spread.blocks;
    made.quorum = sitting.quorum;
    for (const council_member& m : sitting.members)
        if (counts(m.role)) ++made.council_size;
    made.by = by;
    return made;
}

inline void verdict_rules::check(problems& found) const {
    const auto refuse = [&found](problem_code code, std::string at, std::size_t value,
                                 std::string_view vi, std::string_view en) {
        const std::string text = std::to_string(value);
        found.push_back(
            detail::make_problem(code, std::move(at), text, detail::told(vi, en, {text})));
    };
    const std::size_t count = tables_.criteria.size();
    if (count == 0 || count > scorecard_limits::criteria)
        refuse(problem_code::too_many, "/criteria", count,
               "cần từ 1 đến 250 tiêu chí, không phải {0}", "1 to 250 criteria are taken, not {0}");
    if (tables_.marks.size() > most_marks)
        refuse(problem_code::too_many, "/marks", tables_.marks.size(),
               "có {0} dấu sao; một loạt giữ nhiều nhất 64", "{0} marks; a batch holds at most 64");
    for (std::size_t i = 0; i < count; ++i) {
        const verdict_tables::criterion& c = tables_.criteria[i];
        const std::string at = "/criteria/" + std::to_string(i);
        if (c.part >= part_count)
            refuse(problem_code::bad_parts, at + "/part", c.part, "phần {0} không có: 0, 1 hoặc 2",
                   "there is no part {0}: it is 0, 1 or 2");
        if (c.values.empty() || c.values.size() > most_codes)
            refuse(problem_code::too_many, at + "/values", c.values.size(),
                   "cần điểm của 1 đến 128 mã trả lời, không phải {0}",
                   "points of 1 to 128 answer codes are taken, not {0}");
        for (const std::optional<points>& value : c.values)
            if (value && (value->value() < 0 || value->value() > most_value))
                refuse(problem_code::points_out_of_range, at + "/values",
                       static_cast<std::size_t>(value->value()), "điểm {0} nằm ngoài 0 đến 1000",
                       "points {0} lie outside 0 to 1000");
        if (c.condition && *c.condition >= i)
            refuse(problem_code::bad_condition, at + "/condition", *c.condition,
                   "điều kiện phải là một tiêu chí đứng trước, không phải {0}",
                   "a condition is an earlier criterion, not {0}");
    }
    for (std::size_t k = 0; k < tables_.marks.size(); ++k) {
        const verdict_tables::mark& m = tables_.marks[k];
        const std::string at = "/marks/" + std::to_string(k);
        if (m.criterion >= count)
            refuse(problem_code::unknown_reference, at + "/criterion", m.criterion,
                   "không có tiêu chí thứ {0}", "there is no criterion {0}");
        if (m.stars.value() < 3)
            refuse(problem_code::bad_value, at + "/stars",
                   static_cast<std::size_t>(m.stars.value()), "dấu sao từ 3 đến 5, không phải {0}",
                   "marks are of 3 to 5 stars, not {0}");
        if (m.needed.value() < 0 || m.needed.value() > most_value)
            refuse(problem_code::points_out_of_range, at + "/needed",
                   static_cast<std::size_t>(m.needed.value()), "điểm {0} nằm ngoài 0 đến 1000",
                   "points {0} lie outside 0 to 1000");
    }
    for (std::size_t k = 1; k < tables_.bands.size(); ++k)
        if (tables_.bands[k].from < tables_.bands[k - 1].from)
            refuse(problem_code::bad_bands, "/bands/" + std::to_string(k), k + 2,
                   "khung {0} sao bắt đầu thấp hơn khung dưới",
                   "the band of {0} stars begins below the one beneath it");
    if (tables_.spread && tables_.spread->value() < 0)
        refuse(problem_code::points_out_of_range, "/spread", 0, "chênh lệch không được âm",
               "a limit on spread is not negative");
}

inline void verdict_rules::lay_out() {
    const std::size_t count = size();
    values_.assign(count * most_codes, static_cast<std::int16_t>(invalid));
    std::size_t most_total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const verdict_tables::criterion& c = tables_.criteria[i];
        cells_.push_back({static_cast<std::uint16_t>(c.part),
                          c.condition ? static_cast<std::uint16_t>(*c.condition) : unconditional});
        if (c.condition) conditional_.push_back(static_cast<std::uint16_t>(i));
        std::int32_t most = 0;
        for (std::size_t code = 0; code < c.values.size(); ++code) {
            if (!c.values[code]) continue;
            const std::int32_t value = c.values[code]->value();
            values_[i * most_codes + code] = static_cast<std::int16_t>(value);
            if (value > most) most = value;
        }
        most_points_.push_back(most);
        most_total += static_cast<std::size_t>(most);
        if (c.stops_at_zero) gates_.push_back(i);
    }
    // Sums are kept in 16 bits.
    most_sheets_ = council::most_members;
    if (most_total * most_sheets_ > 0xFFFFU) most_sheets_ = 0xFFFFU / most_total;
    for (const band_start& start : tables_.bands)
        for (std::size_t n = 0; n <= most_sheets_; ++n) {
            const std::int64_t scaled = start.from.sum() * static_cast<std::int64_t>(n);
            const std::int64_t whole = scaled / start.from.count();
            const bool more = start.above || scaled % start.from.count() != 0;
            least_totals_.push_back(static_cast<std::uint32_t>(whole + (more ? 1 : 0)));
        }
    for (int band = 1; band <= stars::highest; ++band)
        for (unsigned missed = 0; missed < 8; ++missed) {
            int level = band;
            const auto holds = [&](int to) {
                for (int of = 3; of <= stars::highest; ++of)
                    if ((missed >> (of - 3) & 1U) != 0 &&
                        detail::asked_for(ocop::stars(of), ocop::stars(to), tables_.by))
                        return false;
                return true;
            };
            while (level > stars::lowest && !holds(level)) --level;
            stars_[static_cast<std::size_t>(band)][missed] = static_cast<std::uint8_t>(level);
        }
    blocking_spread_ = 0xFFFFFFFFU;
    if (tables_.spread)
        blocking_spread_ = static_cast<std::uint32_t>(tables_.spread->value()) +
                           (tables_.spread_blocks == spread_comparison::above ? 1U : 0U);
    zeros_counted_ = tables_.by.zero_points != zero_reading::every_member;
    extremes_ = tables_.by.spread == spread_measure::parts ? 2 * (part_count + 1) : 2;
    first_sum_ = first_extreme + extremes_;
    first_mark_ = first_sum_ + count;
    first_gate_ = first_mark_ + (tables_.by.marks == mark_measure::mean ? 0 : tables_.marks.size());
    tally_size_ = first_gate_ + (zeros_counted_ ? gates_.size() : 0);
}

}  // namespace ocop
