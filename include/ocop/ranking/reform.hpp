/// \file reform.hpp
/// From one regulation to another: which answers of a sheet hold under another scorecard, which
/// criteria must be judged anew, and what a reform does to the stars of a whole batch.
///
/// Not part of <ocop/ocop.hpp>, as batch.hpp is not.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/councils/score_sheet.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/ranking/batch.hpp"
#include "ocop/ranking/parallel.hpp"
#include "ocop/ranking/readings.hpp"
#include "ocop/ranking/verdict.hpp"

namespace ocop {

/// When the answers to a criterion hold under another scorecard. That its `id` is the same, once on
/// each card, with the same kind of choice, points in printed order, cases and condition, is asked
/// for by each of them. No decision says how old sheets are read under new cards: all are readings.
enum class carry_reading {
    numbers,  ///< and the numbers in each option's Vietnamese label are the same, so that
              ///< thresholds, months and counts did not move (default)
    points,   ///< nothing more is asked for
    labels    ///< and each option's Vietnamese label is the same to the letter
};
template <>
struct names<carry_reading> {
    static constexpr std::array<std::string_view, 3> all{"numbers", "points", "labels"};
};

/// Whether the answers to a criterion are carried, and if not, why not: the first that holds.
enum class carry_reason {
    carried,           ///< they hold
    left_out,          ///< the host's table says that they do not, or does not name it
    not_there,         ///< the other card has no criterion of this id
    repeated_id,       ///< one of the cards has the id more than once
    other_choice,      ///< one option is chosen on one card, any number on the other
    other_options,     ///< another number of options
    other_points,      ///< other points
    other_cases,       ///< other cases, or options of other cases
    other_condition,   ///< scored under another condition, or one that is not carried itself
    other_thresholds,  ///< other numbers in the labels of options
    other_labels       ///< other labels
};
template <>
struct names<carry_reason> {
    static constexpr std::array<std::string_view, 11> all{
        "carried",         "left_out",         "not_there",    "repeated_id",
        "other_choice",    "other_options",    "other_points", "other_cases",
        "other_condition", "other_thresholds", "other_labels"};
};
template <>
struct terms<carry_reason> {
    static constexpr std::array<term, 11> all{
        {{"Chuyển được", "Carried"},
         {"Không chuyển theo bảng của bên dùng", "Left out by the host's table"},
         {"Bộ kia không có tiêu chí này", "The other card has no such criterion"},
         {"Mã tiêu chí bị lặp", "The id is on a card more than once"},
         {"Cách chọn khác", "Options are chosen otherwise"},
         {"Số mức khác", "Another number of options"},
         {"Điểm khác", "Other points"},
         {"Trường hợp khác", "Other cases"},
         {"Điều kiện chấm khác", "Another condition"},
         {"Ngưỡng số khác", "Other thresholds"},
         {"Lời văn khác", "Other labels"}}};
};

/// A host's own statement that answers at one criterion are answers at another.
struct carry_pair {
    std::string from;  ///< code of the old card; empty: \ref to is judged anew
    std::string to;    ///< code of the new card, in at most one pair
    /// By option of the old criterion, the option of the new one (from 1; 0: none of the options).
    /// Empty: the same numbers, and both have as many options.
    std::vector<std::size_t> options;

    friend bool operator==(const carry_pair&, const carry_pair&) = default;
};

/// How answers are carried.
struct carry_rules {
    carry_reading reading = carry_reading::numbers;
    /// What the host knows better: decided before the reading.
    std::vector<carry_pair> pairs;
    /// Nothing but what \ref pairs say is carried.
    bool only_pairs = false;

    friend bool operator==(const carry_rules&, const carry_rules&) = default;
};

/// What becomes of one criterion of the new card.
struct carry_line {
    std::size_t to = 0;  ///< index on the new card
    /// Index on the old card of the criterion that it was compared with, carried or not.
    std::optional<std::size_t> from;
    carry_reason reason = carry_reason::not_there;
    choice from_choose = choice::one;  ///< how options are chosen at the old one
    choice to_choose = choice::one;    ///< and at the new one
    /// By option of the old criterion, the option of the new one (0: none); only where carried.
    std::vector<std::size_t> options;

    [[nodiscard]] bool carried() const noexcept { return reason == carry_reason::carried; }
    friend bool operator==(const carry_line&, const carry_line&) = default;
};

/// How sheets of one scorecard are read under another. Made by plan_carry().
struct carry_plan {
    std::uint64_t from_layout = 0;  ///< scorecard::layout() of the old card
    std::uint64_t to_layout = 0;
    std::size_t from_size = 0;      ///< criteria of the old card
    std::vector<carry_line> lines;  ///< one for each criterion of the new card, in its order
    /// Criteria of the old card whose answers hold nowhere on the new one.
    std::vector<std::size_t> fallen;

    /// Criteria of the new card that must be judged anew on every sheet.
    [[nodiscard]] std::vector<std::size_t> judged_anew() const {
        std::vector<std::size_t> list;
        for (const carry_line& line : lines)
            if (!line.carried()) list.push_back(line.to);
        return list;
    }
    /// Whether the plan leads from \p from to \p to.
    [[nodiscard]] bool fits(const scorecard& from, const scorecard& to) const noexcept {
        return from_layout == from.layout() && from_size == from.size() &&
               to_layout == to.layout() && lines.size() == to.size();
    }
    friend bool operator==(const carry_plan&, const carry_plan&) = default;
};

/// A sheet as far as it could be carried.
struct carried_sheet {
    score_sheet sheet;  ///< of the same member, on the new card
    /// Criteria of the new card that still want an answer, ascending: those that were not carried,
    /// and those that the old sheet does not answer. A criterion whose condition is among them may
    /// turn out not to apply.
    std::vector<std::size_t> judged_anew;

    friend bool operator==(const carried_sheet&, const carried_sheet&) = default;
};

namespace detail {

/// The numbers written in \p text, in order: "50–<75%" has 50 and 75, "1.000" is 1000 and "0,5" is
/// 0.5, as Vietnamese texts write them.
[[nodiscard]] inline std::vector<std::string> numbers_in(std::string_view text) {
    const auto digit = [&text](std::size_t i) {
        return i < text.size() && text[i] >= '0' && text[i] <= '9';
    };
    std::vector<std::string> found;
    for (std::size_t i = 0; i < text.size();) {
        if (!digit(i)) {
            ++i;
            continue;
        }
        std::string number;
        bool decimals = false;
        while (i < text.size()) {
            const bool mark = (text[i] == '.' || text[i] == ',') && digit(i + 1);
            if (digit(i)) {
                number += text[i];
            } else if (mark && text[i] == '.' && !decimals && digit(i + 2) && digit(i + 3) &&
                       !digit(i + 4)) {
                // The point of thousands is not part of the number.
            } else if (mark && !decimals) {
                number += '.';
                decimals = true;
            } else {
                break;
            }
            ++i;
        }
        std::size_t zeros = 0;
        while (zeros + 1 < number.size() && number[zeros] == '0' && number[zeros + 1] != '.')
            ++zeros;
        found.push_back(number.substr(zeros));
    }
    return found;
}

/// The criteria of \p card called \p id.
[[nodiscard]] inline std::vector<std::size_t> criteria_called(const scorecard& card,
                                                              std::string_view id) {
    std::vector<std::size_t> list;
    for (std::size_t i = 0; i < card.size(); ++i)
        if (card.at(i).id == id) list.push_back(i);
    return list;
}

/// Why answers to \p from are none to \p to, but for conditions.
[[nodiscard]] inline carry_reason differ(const criterion& from, const criterion& to,
                                         carry_reading reading) {
    if (from.choose != to.choose) return carry_reason::other_choice;
    if (from.options.size() != to.options.size()) return carry_reason::other_options;
    for (std::size_t k = 0; k < to.options.size(); ++k)
        if (from.options[k].points != to.options[k].points) return carry_reason::other_points;
    bool cases = from.cases.size() == to.cases.size();
    for (std::size_t k = 0; cases && k < to.cases.size(); ++k)
        cases = from.cases[k].key == to.cases[k].key && from.cases[k].kinds == to.cases[k].kinds;
    for (std::size_t k = 0; k < to.options.size(); ++k)
        cases = cases && from.options[k].case_key == to.options[k].case_key;
    if (!cases) return carry_reason::other_cases;
    for (std::size_t k = 0; k < to.options.size(); ++k) {
        const std::string& old_label = from.options[k].text.vi;
        const std::string& new_label = to.options[k].text.vi;
        if (reading == carry_reading::labels && old_label != new_label)
            return carry_reason::other_labels;
        if (reading == carry_reading::numbers && numbers_in(old_label) != numbers_in(new_label))
            return carry_reason::other_thresholds;
    }
    return carry_reason::carried;
}

/// The line of criterion \p to by the reading alone.
[[nodiscard]] inline carry_line line_by_id(const scorecard& old_card, const scorecard& new_card,
                                           std::size_t to, const carry_rules& by) {
    carry_line line;
    line.to = to;
    if (by.only_pairs) {
        line.reason = carry_reason::left_out;
        return line;
    }
    const std::vector<std::size_t> from = criteria_called(old_card, new_card.at(to).id);
    if (from.empty()) return line;
    line.from = from.front();
    if (from.size() > 1 || criteria_called(new_card, new_card.at(to).id).size() > 1) {
        line.reason = carry_reason::repeated_id;
        return line;
    }
    line.reason = differ(old_card.at(from.front()), new_card.at(to), by.reading);
    if (line.carried())
        for (std::size_t k = 1; k <= new_card.option_count(to); ++k) line.options.push_back(k);
    return line;
}

/// Puts what the host says of \p pair into \p lines.
inline void read_pair(const scorecard& old_card, const scorecard& new_card, const carry_pair& pair,
                      std::string at, std::vector<bool>& named, std::vector<carry_line>& lines,
                      problems& found) {
    const auto refuse = [&](problem_code code, std::string_view value, std::string_view vi,
                            std::string_view en) {
        found.push_back(make_problem(code, at, std::string(value),
                                     told(vi, en, {shown(pair.from), shown(pair.to)})));
    };
    const auto to = new_card.find(pair.to);
    if (!to) {
        refuse(problem_code::unknown_criterion, pair.to, "bảng chấm mới không có tiêu chí \"{1}\"",
               "the new card has no criterion \"{1}\"");
        return;
    }
    if (named[*to]) {
        refuse(problem_code::bad_value, pair.to, "tiêu chí \"{1}\" ghi hai lần; chỉ giữ một",
               "criterion \"{1}\" stands in two pairs; keep one");
        return;
    }
    named[*to] = true;
    carry_line line;
    line.to = *to;
    if (pair.from.empty()) {
        line.reason = carry_reason::left_out;
        lines[*to] = std::move(line);
        return;
    }
    const auto from = old_card.find(pair.from);
    if (!from) {
        refuse(problem_code::unknown_criterion, pair.from, "bảng chấm cũ không có tiêu chí \"{0}\"",
               "the old card has no criterion \"{0}\"");
        return;
    }
    if (old_card.at(*from).choose == choice::any && new_card.at(*to).choose == choice::one) {
        refuse(problem_code::bad_value, pair.from,
               "\"{0}\" cho chọn nhiều mức, \"{1}\" chỉ một: phải chấm lại",
               "\"{0}\" may have many options ticked, \"{1}\" takes one: it must be judged anew");
        return;
    }
    line.from = *from;
    line.reason = carry_reason::carried;
    line.options = pair.options;
    if (line.options.empty())
        for (std::size_t k = 1; k <= old_card.option_count(*from); ++k) line.options.push_back(k);
    bool good = line.options.size() == old_card.option_count(*from) &&
                (!pair.options.empty() || line.options.size() == new_card.option_count(*to));
    for (std::size_t option : line.options) good = good && option <= new_card.option_count(*to);
    if (!good) {
        refuse(problem_code::bad_value, pair.to,
               "cần cho mỗi mức của \"{0}\" một mức của \"{1}\", hoặc 0",
               "give an option of \"{1}\", or 0, for each option of \"{0}\"");
        return;
    }
    lines[*to] = std::move(line);
}

/// Whether points at the old criterion of \p line are points at the new one, and none are none.
[[nodiscard]] inline bool same_zeros(const scorecard& old_card, const scorecard& new_card,
                                     const carry_line& line) {
    for (std::size_t k = 0; k < line.options.size(); ++k) {
        const bool before = old_card.at(*line.from).options[k].points > points{0};
        const std::size_t option = line.options[k];
        const bool after =
            option != 0 && new_card.at(line.to).options[option - 1].points > points{0};
        if (before != after) return false;
    }
    return true;
}

}  // namespace detail

/// How sheets of \p old_card are read under \p new_card; nothing, and every problem of the host's
/// pairs in \p found, where these are wrong.
///
/// A criterion with a condition is carried only if its condition is carried with it: the condition
/// of both is the same criterion, which has points on the new card where it had points on the old.
/// Complexity: criteria of one card × criteria of the other.
[[nodiscard]] inline std::optional<carry_plan> try_plan_carry(const scorecard& old_card,
                                                              const scorecard& new_card,
                                                              problems& found,
                                                              const carry_rules& by = {}) {
    carry_plan plan;
    plan.from_layout = old_card.layout();
    plan.to_layout = new_card.layout();
    plan.from_size = old_card.size();
    for (std::size_t i = 0; i < new_card.size(); ++i)
        plan.lines.push_back(detail::line_by_id(old_card, new_card, i, by));
    problems wrong;
    std::vector<bool> named(new_card.size());
    for (std::size_t k = 0; k < by.pairs.size(); ++k)
        detail::read_pair(old_card, new_card, by.pairs[k], "/pairs/" + std::to_string(k), named,
                          plan.lines, wrong);
    if (!wrong.empty()) {
        for (problem& p : wrong) found.push_back(std::move(p));
        return std::nullopt;
    }
    // A condition stands before what it decides, so that one pass settles both.
    for (carry_line& line : plan.lines) {
        line.to_choose = new_card.at(line.to).choose;
        if (line.from) line.from_choose = old_card.at(*line.from).choose;
        if (!line.carried()) continue;
        const auto before = old_card.condition_of(*line.from);
        const auto after = new_card.condition_of(line.to);
        bool same = before.has_value() == after.has_value();
        if (same && after) {
            const carry_line& condition = plan.lines[*after];
            same = condition.carried() && condition.from == before &&
                   detail::same_zeros(old_card, new_card, condition);
        }
        if (same) continue;
        line.reason = carry_reason::other_condition;
        line.options.clear();
    }
    std::vector<bool> used(old_card.size());
    for (const carry_line& line : plan.lines)
        if (line.carried()) used[*line.from] = true;
    for (std::size_t i = 0; i < old_card.size(); ++i)
        if (!used[i]) plan.fallen.push_back(i);
    return plan;
}

/// As try_plan_carry(). \throws error with every problem of the host's pairs.
[[nodiscard]] inline carry_plan plan_carry(const scorecard& old_card, const scorecard& new_card,
                                           const carry_rules& by = {}) {
    problems found;
    auto plan = try_plan_carry(old_card, new_card, found, by);
    if (!plan) throw error(std::move(found));
    return *std::move(plan);
}

/// Why the answers to criterion \p index of the old card hold nowhere on the new one: the reason of
/// the line that was compared with it; not_there where none was.
[[nodiscard]] inline carry_reason why_fallen(const carry_plan& plan, std::size_t index) noexcept {
    for (const carry_line& line : plan.lines)
        if (line.from == index) return line.reason;
    return carry_reason::not_there;
}

namespace detail {

/// The ticked options \p bits of the old criterion of \p line on the new one.
[[nodiscard]] inline std::uint32_t carry_bits(const carry_line& line, std::uint32_t bits) noexcept {
    std::uint32_t made = 0;
    for (; bits != 0; bits &= bits - 1) {
        const std::size_t option = line.options[static_cast<std::size_t>(std::countr_zero(bits))];
        if (option != 0) made |= std::uint32_t{1} << (option - 1);
    }
    return made;
}

}  // namespace detail

/// Carries \p sheet by \p plan from \p old_card to \p new_card.
/// \param by  whether conditions bind under the new card (readings::conditions_bind)
/// \throws error for a plan between other cards and for a sheet of another card.
[[nodiscard]] inline carried_sheet carry(const carry_plan& plan, const scorecard& old_card,
                                         const scorecard& new_card, const score_sheet& sheet,
                                         const readings& by = {}) {
    if (!plan.fits(old_card, new_card))
        throw error(detail::make_problem(
            problem_code::scorecard_of_another_regulation, "/plan",
            std::to_string(old_card.set()) + "-" + std::to_string(new_card.set()),
            {"kế hoạch chuyển được lập cho hai bảng chấm khác; hãy lập lại bằng plan_carry()",
             "the plan was made for two other scorecards; make one with plan_carry()"}));
    if (!sheet.fits(old_card))
        throw error(
            detail::make_problem(problem_code::sheet_of_another_scorecard,
                                 "/sheets" + pointer_step(sheet.member()), sheet.member(),
                                 detail::told("phiếu của \"{0}\" thuộc bộ khác",
                                              "the sheet of \"{0}\" was made for another scorecard",
                                              {detail::shown(sheet.member())})));
    carried_sheet made{score_sheet(new_card, sheet.member()), {}};
    for (const carry_line& line : plan.lines) {
        const auto condition = new_card.condition_of(line.to);
        if (condition && by.conditions_bind && plan.lines[*condition].carried()) {
            const answer on = made.sheet.at(*condition);
            if (on.given() && new_card.points_for(*condition, on.bits()) == points{0}) continue;
        }
        const answer was = line.carried() ? sheet.at(*line.from) : answer();
        if (was.given())
            made.sheet.set(new_card, line.to,
                           answer::of_bits(detail::carry_bits(line, was.bits())));
        else
            made.judged_anew.push_back(line.to);
    }
    return made;
}

/// Where a verdict leaves a product, lowest first.
enum class standing : std::uint8_t {
    incomplete,
    rejected,
    score_again,
    one_star,
    two_stars,
    three_stars,
    four_stars,
    five_stars
};
template <>
struct names<standing> {
    static constexpr std::array<std::string_view, 8> all{
        "incomplete", "rejected", "score_again", "1", "2", "3", "4", "5"};
};
/// How many standings there are.
inline constexpr std::size_t standing_count = names<standing>::all.size();

/// The standing of \p outcome with \p stars (1 to 5 where it is ranked).
[[nodiscard]] constexpr standing standing_of(outcome outcome, std::uint8_t stars) noexcept {
    return outcome == ocop::outcome::ranked ? static_cast<standing>(2 + stars)
                                            : static_cast<standing>(outcome);
}
/// The stars of \p where; 0 for what has none.
[[nodiscard]] constexpr std::uint8_t stars_of(standing where) noexcept {
    return where < standing::one_star ? std::uint8_t{0}
                                      : static_cast<std::uint8_t>(static_cast<unsigned>(where) - 2);
}

/// What a reform does to a product.
enum class reform_change : std::uint8_t {
    undecided,  ///< no result before, or none after: incomplete, or to be scored again before
    falls,      ///< it has fewer stars (or is rejected) whatever is judged anew
    stays,      ///< it keeps its stars whatever is judged anew
    rises,      ///< it has more stars whatever is judged anew
    open        ///< what is judged anew decides
};
template <>
struct names<reform_change> {
    static constexpr std::array<std::string_view, 5> all{"undecided", "falls", "stays", "rises",
                                                         "open"};
};
template <>
struct terms<reform_change> {
    static constexpr std::array<term, 5> all{{{"Không so được", "Undecided"},
                                              {"Giảm", "Falls"},
                                              {"Giữ", "Stays"},
                                              {"Tăng", "Rises"},
                                              {"Chờ chấm lại", "Open"}}};
};

/// What \p was becomes where the new standing lies between \p low and \p high.
[[nodiscard]] constexpr reform_change change_of(standing was, standing low,
                                                standing high) noexcept {
    if (was == standing::incomplete || was == standing::score_again || low == standing::incomplete)
        return reform_change::undecided;
    if (low == standing::score_again || high == standing::score_again) return reform_change::open;
    if (high < was) return reform_change::falls;
    if (low > was) return reform_change::rises;
    return low == high ? reform_change::stays : reform_change::open;
}

/// The marks of \p rules that a product must reach to have \p wanted stars (bit k for mark k): what
/// of its verdict::missed keeps it below them.
[[nodiscard]] inline std::uint64_t marks_asked_for(const verdict_rules& rules,
                                                   stars wanted) noexcept {
    std::uint64_t bits = 0;
    const auto& marks = rules.tables().marks;
    for (std::size_t k = 0; k < marks.size(); ++k)
        if (detail::asked_for(marks[k].stars, wanted, rules.tables().by))
            bits |= std::uint64_t{1} << k;
    return bits;
}

/// Three sets of rules for one batch: those of the old card, and those of the new one with the
/// lowest and the highest answers at every criterion that must be judged anew. The truth lies
/// between the two: answers differ in points alone, and more points never mean fewer stars.
class reform_rules {
public:
    /// \param plan  plan_carry() of the two cards
    /// \param from  verdict_tables::from() of the old card, under its regulation
    /// \param to    the same of the new one
    /// \throws error where the tables are not of the plan's cards, or where conditions bind under
    ///         one of them only, and with every problem of the tables.
    reform_rules(carry_plan plan, verdict_tables from, const verdict_tables& to)
        : plan_(checked(std::move(plan), from, to)),
          from_(std::move(from)),
          low_(bound(plan_, to, false)),
          high_(bound(plan_, to, true)) {
        lay_out();
    }

    [[nodiscard]] const carry_plan& plan() const noexcept { return plan_; }
    /// The old card's rules.
    [[nodiscard]] const verdict_rules& from() const noexcept { return from_; }
    /// The new card's rules where what is judged anew gets no points and meets no mark. They take
    /// the answers that translate() writes, as high() does.
    [[nodiscard]] const verdict_rules& low() const noexcept { return low_; }
    /// The new card's rules where what is judged anew gets the most points that it can.
    [[nodiscard]] const verdict_rules& high() const noexcept { return high_; }
    /// The most points that a sheet can get from what is judged anew.
    [[nodiscard]] std::uint32_t most_anew() const noexcept { return most_anew_; }

    /// The answers \p sheet of the old card, low().size() of them into \p to: 0 where they are
    /// judged anew, no_answer where the new card leaves a criterion out.
    void translate(const answer_code* sheet, answer_code* to) const noexcept {
        const std::size_t size = plan_.lines.size();
        for (std::size_t j = 0; j < size; ++j) to[j] = 0;
        for (const step& s : copied_) to[s.to] = sheet[s.from];
        for (const mapped& s : mapped_) to[s.to] = s.map[sheet[s.from]];
        for (const conditional& c : conditionals_)
            if (c.zeros[to[c.condition]]) to[c.criterion] = no_answer;
    }

    /// The standing under the new card is at least that of the first and at most that of the
    /// second, where \p low and \p high are the verdicts of low() and high(). Members may differ in
    /// what they judge anew: a limit on spread that this could break, or mend, is taken into account.
    [[nodiscard]] std::pair<standing, standing> between(const verdict& low,
                                                        const verdict& high) const noexcept {
        const std::uint32_t limit = low_.blocking_spread();
        const std::uint32_t least = low.spread > most_anew_ ? low.spread - most_anew_ : 0;
        const bool may_block = low.sheets > 1 && low.spread + most_anew_ >= limit;
        const bool must_block = low.sheets > 1 && least >= limit;
        const auto scored = [](const verdict_rules& rules, const verdict& told) {
            unsigned levels = 0;
            for (std::uint64_t rest = told.missed; rest != 0; rest &= rest - 1)
                levels |= rules.level_bit(static_cast<std::size_t>(std::countr_zero(rest)));
            return standing_of(outcome::ranked, rules.stars(told.band, levels));
        };
        const auto stands = [&](const verdict_rules& rules, const verdict& told, bool blocks) {
            if (told.outcome == outcome::incomplete) return standing::incomplete;
            if (told.outcome == outcome::rejected) return standing::rejected;
            return blocks ? standing::score_again : scored(rules, told);
        };
        return {stands(low_, low, may_block), stands(high_, high, must_block)};
    }

    friend bool operator==(const reform_rules& a, const reform_rules& b) noexcept {
        return a.plan_ == b.plan_ && a.from_ == b.from_ && a.low_ == b.low_ && a.high_ == b.high_;
    }

private:
    /// An answer that is carried as it is.
    struct step {
        std::uint16_t to;
        std::uint16_t from;
    };
    /// An answer whose options have other numbers.
    struct mapped {
        std::size_t to;
        std::size_t from;
        std::array<answer_code, 256> map;
    };
    /// A criterion that is judged anew, under a condition that is carried.
    struct conditional {
        std::size_t criterion;
        std::size_t condition;
        std::array<bool, 256> zeros;  ///< codes without points at the condition
    };

    [[nodiscard]] static carry_plan checked(carry_plan plan, const verdict_tables& from,
                                            const verdict_tables& to) {
        problems found;
        const auto size = [&found](const char* at, std::size_t have, std::size_t wanted) {
            if (have == wanted) return;
            found.push_back(detail::make_problem(
                problem_code::wrong_size, at, std::to_string(have),
                detail::told("bảng có {0} tiêu chí, kế hoạch chuyển cần {1}",
                             "the tables have {0} criteria where the plan has {1}",
                             {std::to_string(have), std::to_string(wanted)})));
        };
        size("/from", from.criteria.size(), plan.from_size);
        size("/to", to.criteria.size(), plan.lines.size());
        for (std::size_t j = 0; found.empty() && j < plan.lines.size(); ++j) {
            const carry_line& line = plan.lines[j];
            if (!line.carried()) continue;
            const auto codes = [](choice choose, std::size_t options) {
                return choose == choice::any ? std::size_t{1} << options : options + 1;
            };
            std::size_t largest = 0;
            for (std::size_t option : line.options) largest = option > largest ? option : largest;
            const bool there = line.from && *line.from < plan.from_size &&
                               line.options.size() <= scorecard_limits::options &&
                               largest <= scorecard_limits::options;
            if (!there || from.criteria[*line.from].values.size() !=
                              codes(line.from_choose, line.options.size()))
                found.push_back(other_shape("/from", line.from.value_or(0)));
            else if (to.criteria[j].values.size() < codes(line.to_choose, largest))
                found.push_back(other_shape("/to", j));
        }
        if (from.by.conditions_bind != to.by.conditions_bind)
            found.push_back(detail::make_problem(
                problem_code::bad_value, "/to/by/conditions_bind",
                to.by.conditions_bind ? "true" : "false",
                {"conditions_bind phải như nhau ở hai phía: phiếu cũ trả lời theo cách nào thì đọc "
                 "theo cách ấy",
                 "conditions_bind must be the same on both sides: sheets are read as they were "
                 "answered"}));
        if (!found.empty()) throw error(std::move(found));
        return plan;
    }

    [[nodiscard]] static problem other_shape(const char* side, std::size_t criterion) {
        const std::string which = std::to_string(criterion);
        return detail::make_problem(
            problem_code::wrong_size, std::string(side) + "/criteria/" + which, which,
            detail::told("tiêu chí thứ {0} của bảng có số mức khác với kế hoạch chuyển",
                         "criterion {0} of the tables has other options than the plan knows",
                         {which}));
    }

    [[nodiscard]] static points most_of(const verdict_tables::criterion& c) {
        points most;
        for (const std::optional<points>& value : c.values)
            if (value && *value > most) most = *value;
        return most;
    }

    /// \p to with one answer, code 0, at every criterion that is judged anew.
    [[nodiscard]] static verdict_tables bound(const carry_plan& plan, verdict_tables to,
                                              bool highest) {
        for (std::size_t j = 0; j < plan.lines.size(); ++j) {
            if (plan.lines[j].carried()) continue;
            verdict_tables::criterion& c = to.criteria[j];
            points value = highest ? most_of(c) : points{0};
            // Under a condition that is judged anew itself it counts where that one does.
            if (c.condition && *c.condition < j && !plan.lines[*c.condition].carried()) {
                if (most_of(to.criteria[*c.condition]) == points{0}) value = points{0};
                c.condition.reset();
            }
            c.values.assign(1, value);
        }
        return to;
    }

    void lay_out() {
        for (std::size_t j = 0; j < plan_.lines.size(); ++j) {
            const carry_line& line = plan_.lines[j];
            if (line.carried()) {
                const std::size_t codes = from_.tables().criteria[*line.from].values.size();
                const bool ticks = line.from_choose == choice::any;
                std::array<answer_code, 256> map{};
                bool same = true;
                for (std::size_t code = 0; code < map.size(); ++code) {
                    map[code] = static_cast<answer_code>(code);
                    if (code == 0 || code >= codes) continue;
                    const std::uint32_t bits =
                        detail::carry_bits(line, ticks ? static_cast<std::uint32_t>(code)
                                                       : std::uint32_t{1} << (code - 1));
                    map[code] =
                        static_cast<answer_code>(line.to_choose == choice::any
                                                     ? bits
                                                     : static_cast<unsigned>(std::bit_width(bits)));
                    same = same && map[code] == code;
                }
                if (same)
                    copied_.push_back(
                        {static_cast<std::uint16_t>(j), static_cast<std::uint16_t>(*line.from)});
                else
                    mapped_.push_back({j, *line.from, map});
            } else {
                const auto& condition = low_.tables().criteria[j].condition;
                if (condition) {
                    conditional one{j, *condition, {}};
                    for (std::size_t code = 0; code < one.zeros.size(); ++code)
                        one.zeros[code] =
                            low_.value(*condition, static_cast<answer_code>(code)) <= 0;
                    conditionals_.push_back(one);
                }
                most_anew_ += static_cast<std::uint32_t>(high_.most_points(j));
            }
        }
    }

    carry_plan plan_;
    verdict_rules from_;
    verdict_rules low_;
    verdict_rules high_;
    std::vector<step> copied_;
    std::vector<mapped> mapped_;
    std::vector<conditional> conditionals_;
    std::uint32_t most_anew_ = 0;
};

/// Where a comparison of products goes: a column each, one entry a product. An empty span is not
/// written.
struct reform_columns {
    std::span<standing> was;          ///< under the old card
    std::span<standing> low;          ///< under the new card at least this
    std::span<standing> high;         ///< and at most this
    std::span<reform_change> change;  ///< which of them the product is
    batch_columns from;               ///< the verdicts of reform_rules::from()
    batch_columns lowest;             ///< and of low(), whatever the spread
    batch_columns highest;            ///< and of high()
};

/// What brought one change about, over all products that it befell.
struct reform_share {
    std::uint64_t products = 0;
    std::uint64_t sheets = 0;
    /// Products whose points under the old card were too few for the least stars that they have
    /// under the new one; and by mark of the old card, products that missed it and needed it.
    std::uint64_t held_by_points = 0;
    std::vector<std::uint64_t> held_by_marks;
    /// Products whose points under the new card are too few for the stars that they had; and by
    /// mark of the new card, products that miss it and need it. Of those that fall, whatever is
    /// judged anew; of all others, if what is judged anew brings nothing.
    std::uint64_t lowered_by_points = 0;
    std::vector<std::uint64_t> lowered_by_marks;
    /// Points over all sheets by criterion of the old card; by criterion of the new one, at least
    /// and at most. Over \ref sheets they are means.
    std::vector<std::uint64_t> before;
    std::vector<std::uint64_t> least;
    std::vector<std::uint64_t> most;

    friend bool operator==(const reform_share&, const reform_share&) = default;
};

/// A batch under two regulations. Adding up what parts of a batch gave is what the whole gives.
struct reform_summary {
    std::uint64_t from_layout = 0;  ///< scorecard::layout() of the old card; 0: of none yet
    std::uint64_t to_layout = 0;
    std::uint64_t products = 0;
    /// Products by standing before, least and greatest standing after.
    std::array<std::array<std::array<std::uint64_t, standing_count>, standing_count>,
               standing_count>
        cross{};
    std::array<reform_share, names<reform_change>::all.size()> shares;

    [[nodiscard]] const reform_share& operator[](reform_change change) const noexcept {
        return shares[static_cast<std::size_t>(change)];
    }
    /// Products of \p was that have at least \p low and at most \p high.
    [[nodiscard]] std::uint64_t count(standing was, standing low, standing high) const noexcept {
        return cross[static_cast<std::size_t>(was)][static_cast<std::size_t>(low)]
                    [static_cast<std::size_t>(high)];
    }
    /// Products that had \p was and certainly have \p now.
    [[nodiscard]] std::uint64_t certain(standing was, standing now) const noexcept {
        return count(was, now, now);
    }

    /// Of none yet it becomes \p other. \throws error for a summary of other cards.
    reform_summary& operator+=(const reform_summary& other);
    friend bool operator==(const reform_summary&, const reform_summary&) = default;
};

namespace detail {

inline void add_to(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& more) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += more[i];
}

[[nodiscard]] inline reform_summary empty_summary(const reform_rules& rules) {
    reform_summary made;
    made.from_layout = rules.plan().from_layout;
    made.to_layout = rules.plan().to_layout;
    for (reform_share& share : made.shares) {
        share.held_by_marks.resize(rules.from().tables().marks.size());
        share.lowered_by_marks.resize(rules.low().tables().marks.size());
        share.before.resize(rules.from().size());
        share.least.resize(rules.low().size());
        share.most.resize(rules.low().size());
    }
    return made;
}

/// Columns of a few products, for what a host does not ask for.
struct reform_scratch {
    std::vector<std::uint8_t> outcome, stars, band, sheets;
    std::vector<std::uint16_t> total, spread, sums;
    std::vector<std::array<std::uint16_t, part_count>> parts;
    std::vector<std::uint64_t> missed;

    reform_scratch(std::size_t products, std::size_t criteria)
        : outcome(products),
          stars(products),
          band(products),
          sheets(products),
          total(products),
          spread(products),
          sums(products * criteria),
          parts(products),
          missed(products) {}

    [[nodiscard]] batch_columns columns() {
        return {outcome, stars, band, sheets, total, parts, spread, missed, sums};
    }
    [[nodiscard]] verdict at(std::size_t p) const {
        verdict told;
        told.outcome = static_cast<ocop::outcome>(outcome[p]);
        told.stars = stars[p];
        told.band = band[p];
        told.sheets = sheets[p];
        told.total = total[p];
        told.parts = parts[p];
        told.spread = spread[p];
        told.missed = missed[p];
        return told;
    }
    /// Copies the first \p count products into \p to, from product \p first on.
    void give(const batch_columns& to, std::size_t first, std::size_t count,
              std::size_t criteria) const {
        const auto copy = [&](auto span, const auto& values, std::size_t each) {
            if (span.empty()) return;
            for (std::size_t i = 0; i < count * each; ++i) span[first * each + i] = values[i];
        };
        copy(to.outcome, outcome, 1);
        copy(to.stars, stars, 1);
        copy(to.band, band, 1);
        copy(to.sheets, sheets, 1);
        copy(to.total, total, 1);
        copy(to.parts, parts, 1);
        copy(to.spread, spread, 1);
        copy(to.missed, missed, 1);
        copy(to.sums, sums, criteria);
    }
};

/// Compares some products of a batch, a few at a time, in memory of its own.
class reform_worker {
public:
    reform_worker(const reform_rules& rules, const sheet_batch& batch, const reform_columns& out,
                  batch_kernel kernel)
        : rules_(rules),
          batch_(batch),
          out_(out),
          kernel_(kernel),
          at_once_(products_at_once(rules, batch)),
          from_(at_once_, rules.from().size()),
          low_(at_once_, rules.low().size()),
          high_(at_once_, rules.low().size()),
          sheet_(rules.from().size()),
          answers_(at_once_ * batch.members * rules.low().size()),
          told_(empty_summary(rules)) {
        for (int level = stars::lowest; level <= stars::highest; ++level) {
            old_marks_[static_cast<std::size_t>(level)] =
                marks_asked_for(rules.from(), stars(level));
            new_marks_[static_cast<std::size_t>(level)] =
                marks_asked_for(rules.low(), stars(level));
        }
    }

    void run(std::size_t first, std::size_t last) {
        for (std::size_t p = first; p < last; p += at_once_)
            few(p, last - p < at_once_ ? last - p : at_once_);
    }
    [[nodiscard]] const reform_summary& told() const noexcept { return told_; }

private:
    /// As many as keep the translated answers in the second cache.
    [[nodiscard]] static std::size_t products_at_once(const reform_rules& rules,
                                                      const sheet_batch& batch) {
        constexpr std::size_t bytes = 128 * 1024;
        const std::size_t each = batch.members * rules.low().size() + 1;
        const std::size_t count = bytes / each / 64 * 64;
        return count < 64 ? 64 : count > 1024 ? 1024 : count;
    }

    void few(std::size_t first, std::size_t count) {
        const std::size_t bytes = batch_.sheet_bytes(rules_.from().size());
        const std::size_t size = rules_.low().size();
        sheet_batch old_part = batch_;
        old_part.products = count;
        old_part.answers =
            batch_.answers.subspan(first * batch_.members * bytes, count * batch_.members * bytes);
        if (!batch_.sheets.empty()) old_part.sheets = batch_.sheets.subspan(first, count);
        const batch_job before{&rules_.from(), from_.columns()};
        kernel_(std::span(&before, 1), old_part, 0, count);

        sheet_batch new_part = old_part;
        new_part.packed = packing::bytes;
        new_part.answers =
            std::span<const std::uint8_t>(answers_).first(count * batch_.members * size);
        for (std::size_t p = 0; p < count; ++p) {
            const std::size_t sheets =
                old_part.sheets.empty() ? batch_.members : old_part.sheets[p];
            for (std::size_t m = 0; m < sheets; ++m) {
                const std::size_t slot = p * batch_.members + m;
                const std::uint8_t* sheet = old_part.answers.data() + slot * bytes;
                if (batch_.packed == packing::nibbles) {
                    for (std::size_t i = 0; i < sheet_.size(); ++i) sheet_[i] = nibble(sheet, i);
                    sheet = sheet_.data();
                }
                rules_.translate(sheet, answers_.data() + slot * size);
            }
        }
        const std::array<batch_job, 2> after{
            {{&rules_.low(), low_.columns()}, {&rules_.high(), high_.columns()}}};
        kernel_(after, new_part, 0, count);

        for (std::size_t p = 0; p < count; ++p) take(first + p, p);
        from_.give(out_.from, first, count, rules_.from().size());
        low_.give(out_.lowest, first, count, size);
        high_.give(out_.highest, first, count, size);
    }

    void take(std::size_t product, std::size_t p) {
        const verdict old_one = from_.at(p);
        const verdict low = low_.at(p);
        const verdict high = high_.at(p);
        const standing was = standing_of(old_one.outcome, old_one.stars);
        const auto [least, most] = rules_.between(low, high);
        const reform_change change = change_of(was, least, most);
        if (!out_.was.empty()) out_.was[product] = was;
        if (!out_.low.empty()) out_.low[product] = least;
        if (!out_.high.empty()) out_.high[product] = most;
        if (!out_.change.empty()) out_.change[product] = change;

        ++told_.products;
        ++told_.cross[static_cast<std::size_t>(was)][static_cast<std::size_t>(least)]
                     [static_cast<std::size_t>(most)];
        reform_share& share = told_.shares[static_cast<std::size_t>(change)];
        ++share.products;
        // Of an incomplete product there are no points on one of the sides.
        if (old_one.outcome == outcome::incomplete || low.outcome == outcome::incomplete ||
            high.outcome == outcome::incomplete)
            return;
        share.sheets += old_one.sheets;
        if (const std::uint8_t now = stars_of(least); now != 0) {
            share.held_by_points += old_one.band < now ? 1U : 0U;
            count_bits(old_one.missed & old_marks_[now], share.held_by_marks);
        }
        if (const std::uint8_t had = stars_of(was); had != 0) {
            const verdict& bound = change == reform_change::falls ? high : low;
            share.lowered_by_points += bound.band < had ? 1U : 0U;
            count_bits(bound.missed & new_marks_[had], share.lowered_by_marks);
        }
        const std::size_t size = share.least.size();
        for (std::size_t i = 0; i < share.before.size(); ++i)
            share.before[i] += from_.sums[p * share.before.size() + i];
        for (std::size_t j = 0; j < size; ++j) {
            share.least[j] += low_.sums[p * size + j];
            share.most[j] += high_.sums[p * size + j];
        }
    }
    static void count_bits(std::uint64_t bits, std::vector<std::uint64_t>& by) {
        for (; bits != 0; bits &= bits - 1) ++by[static_cast<std::size_t>(std::countr_zero(bits))];
    }

    const reform_rules& rules_;
    const sheet_batch& batch_;
    const reform_columns& out_;
    batch_kernel kernel_;
    std::size_t at_once_;
    reform_scratch from_;
    reform_scratch low_;
    reform_scratch high_;
    std::vector<answer_code> sheet_;
    std::vector<answer_code> answers_;
    std::array<std::uint64_t, stars::highest + 1> old_marks_{};
    std::array<std::uint64_t, stars::highest + 1> new_marks_{};
    reform_summary told_;
};

/// What is wrong with the sizes of \p out, columns of products decided by \p rules.
inline void check_columns(const batch_columns& out, const std::string& at, std::size_t products,
                          std::size_t criteria, problems& found) {
    const auto column = [&](const char* name, std::size_t have, std::size_t wanted) {
        if (have == 0 || have == wanted) return;
        found.push_back(make_problem(
            problem_code::wrong_size, at + "/" + name, std::to_string(have),
            told("{0} có kích thước {1}, cần {2}", "{0} has size {1} where {2} is needed",
                 {name, std::to_string(have), std::to_string(wanted)})));
    };
    column("outcome", out.outcome.size(), products);
    column("stars", out.stars.size(), products);
    column("band", out.band.size(), products);
    column("sheets", out.sheets.size(), products);
    column("total", out.total.size(), products);
    column("parts", out.parts.size(), products);
    column("spread", out.spread.size(), products);
    column("missed", out.missed.size(), products);
    column("sums", out.sums.size(), products * criteria);
}

}  // namespace detail

inline reform_summary& reform_summary::operator+=(const reform_summary& other) {
    if (*this == reform_summary()) return *this = other;
    if (other.from_layout != from_layout || other.to_layout != to_layout)
        throw error(detail::make_problem(problem_code::groups_differ, "/from_layout",
                                         std::to_string(other.from_layout),
                                         {"chỉ cộng được kết quả của cùng hai bảng chấm",
                                          "only results of the same two scorecards can be added"}));
    products += other.products;
    for (std::size_t a = 0; a < standing_count; ++a)
        for (std::size_t b = 0; b < standing_count; ++b)
            for (std::size_t c = 0; c < standing_count; ++c) cross[a][b][c] += other.cross[a][b][c];
    for (std::size_t k = 0; k < shares.size(); ++k) {
        const reform_share& more = other.shares[k];
        reform_share& mine = shares[k];
        mine.products += more.products;
        mine.sheets += more.sheets;
        mine.held_by_points += more.held_by_points;
        mine.lowered_by_points += more.lowered_by_points;
        detail::add_to(mine.held_by_marks, more.held_by_marks);
        detail::add_to(mine.lowered_by_marks, more.lowered_by_marks);
        detail::add_to(mine.before, more.before);
        detail::add_to(mine.least, more.least);
        detail::add_to(mine.most, more.most);
    }
    return *this;
}

/// Compares every product of \p batch, sheets of the old card, under both.
///
/// \param out     what is wanted product by product; all spans may be empty
/// \param run     who runs the parts of the work
/// \param kernel  portable_kernel, or fast_kernel() of the compiled library
/// \throws error where sizes do not fit together.
///
/// Linear; the answers are translated a few products at a time. Memory: the parts' own, a few
/// hundred kilobytes each. The result does not depend on \p run or \p kernel.
template <class Executor = in_this_thread>
reform_summary compare_batch(const reform_rules& rules, const sheet_batch& batch,
                             const reform_columns& out = {}, const Executor& run = {},
                             batch_kernel kernel = portable_kernel) {
    problems found;
    const batch_job before{&rules.from(), {}};
    validate(std::span<const batch_job>(&before, 1), batch, found);
    detail::check_columns(out.from, "/from", batch.products, rules.from().size(), found);
    detail::check_columns(out.lowest, "/lowest", batch.products, rules.low().size(), found);
    detail::check_columns(out.highest, "/highest", batch.products, rules.low().size(), found);
    const auto column = [&](const char* at, std::size_t have) {
        if (have == 0 || have == batch.products) return;
        found.push_back(detail::make_problem(
            problem_code::wrong_size, at, std::to_string(have),
            detail::told("{0} có kích thước {1}, cần {2}", "{0} has size {1} where {2} is needed",
                         {at + 1, std::to_string(have), std::to_string(batch.products)})));
    };
    column("/was", out.was.size());
    column("/low", out.low.size());
    column("/high", out.high.size());
    column("/change", out.change.size());
    if (!found.empty()) throw error(std::move(found));

    // Parts begin on a multiple of 64 products, so that no two write to one line of a column.
    constexpr std::size_t grain = 64;
    const std::size_t grains = (batch.products + grain - 1) / grain;
    const std::size_t parts = run.width() < grains ? run.width() : (grains == 0 ? 1 : grains);
    std::vector<reform_summary> told(parts);
    run(parts, [&](std::size_t part) {
        const std::size_t first = grains * part / parts * grain;
        const std::size_t last =
            part + 1 == parts ? batch.products : grains * (part + 1) / parts * grain;
        detail::reform_worker worker(rules, batch, out, kernel);
        worker.run(first, last);
        told[part] = worker.told();
    });
    reform_summary all = detail::empty_summary(rules);
    for (const reform_summary& one : told) all += one;
    return all;
}

}  // namespace ocop
