/// \file assess.hpp
/// From sheets to stars: the council's means, the band, the marks, the verdict, and why.
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

#include "ocop/councils/council.hpp"
#include "ocop/councils/score_sheet.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/ranking/assessment.hpp"
#include "ocop/ranking/improve.hpp"
#include "ocop/ranking/readings.hpp"
#include "ocop/ranking/scores.hpp"

namespace ocop {

/// Points that were published where the sheets were not: the means of the parts, or the total.
struct published_points {
    std::optional<std::array<mean_points, part_count>> parts;
    std::optional<mean_points> total;

    friend bool operator==(const published_points&, const published_points&) = default;
};

namespace detail {

/// Writes the notes of an assessment: what was read from where, and which readings it used.
class note_writer {
public:
    note_writer(const regulation& under, const circumstances& given, const readings& by,
                std::vector<note>& to)
        : under_(under), given_(given), by_(by), to_(to) {}

    /// What holds for the regulation whatever the card.
    void regulation_notes() {
        const regulation_document& r = under_.document();
        if (r.in_force.known != status::verified)
            add("regulation_in_force_inferred",
                detail::told("áp dụng {0} cho hồ sơ này là suy luận",
                             "that {0} applies to this dossier is inferred", {r.decision.number}),
                r.in_force.known, r.in_force.source);
        for (const amendment& a : r.amendments) amendment_note(a);
        if (!r.councils.empty() && under_.council(given_.level, given_.dates.assessed) == nullptr) {
            const std::string level(name_of(given_.level));
            const std::string day =
                given_.dates.assessed ? to_string(*given_.dates.assessed) : std::string("?");
            add("level_without_council",
                detail::told("{0} không có hội đồng cấp \"{1}\" vào ngày {2}",
                             "{0} has no council at the level \"{1}\" on {2}",
                             {r.decision.number, level, day}),
                status::inferred, r.decision.number);
        }
        chosen_readings();
        if (by_.overrun == overrun_reading::allow && overdue())
            add("assessed_late",
                detail::told("đánh giá sau hạn của {0}, được chấp nhận theo tham số",
                             "assessed after the last day that {0} leaves; taken because the "
                             "host's parameter allows it",
                             {r.decision.number}),
                status::inferred, r.in_force.source);
    }

    /// How the band of \p total was read.
    void band_notes(const mean_points& total) {
        const std::vector<band>& bands = under_.document().bands;
        for (const band& one : bands) {
            const std::size_t dash = one.printed.find('-');
            if (dash == std::string::npos || !one.below) continue;
            const auto end = parse_mean(std::string_view(one.printed).substr(dash + 1));
            if (!end || !(total > *end) || !(total < *one.below)) continue;
            add("between_printed_bands",
                detail::told("văn bản in khung \"{0}\" và từ {1}; {2} rơi vào khoảng trống, hiểu "
                             "là nửa khoảng (dưới {1})",
                             "the decision prints the bands \"{0}\" and from {1}; {2} falls into "
                             "the gap and is read with half-open bands (below {1})",
                             {one.printed, to_string(*one.below), to_string(total)}),
                one.known, under_.document().decision.number);
            if (by_.gap == gap_reading::upper)
                to_.back().text = detail::told(
                    "văn bản in khung \"{0}\"; {1} vượt khung này nên tính vào khung trên",
                    "the decision prints the band \"{0}\"; {1} exceeds it and is read in the band "
                    "above",
                    {one.printed, to_string(total)});
        }
    }

    /// What the card's reader found irregular, and the readings its marks need.
    void card_notes(const scorecard& card) {
        const scorecard_document& d = card.document();
        if (d.known == status::conflict)
            add("scorecard_conflict",
                detail::told("bộ {0}: các tổng in trong nguồn không khớp{1}",
                             "set {0}: the source's own sums disagree{2}",
                             {std::to_string(d.set), reach(d, "; cao nhất đạt được "),
                              reach(d, "; the most that can be reached is ")}),
                d.known, under_.document().decision.number);
        const auto& rule = under_.document().star_marks;
        if (!card.marks().empty() && rule)
            add("star_marks", {rule->text.vi, rule->text.en}, rule->known, rule->source);
        bool title = false;
        for (const star_mark& m : card.marks()) title = title || m.on_title;
        if (title)
            add("mark_on_title",
                {by_.title_mark == title_mark_reading::largest
                     ? "dấu sao in ở tên tiêu chí được hiểu theo mức điểm cao nhất có thể"
                     : "dấu sao in ở tên tiêu chí được hiểu theo mức điểm thấp nhất có thể",
                 by_.title_mark == title_mark_reading::largest
                     ? "a star mark printed on a criterion's title is read as the largest points "
                       "it may mean"
                     : "a star mark printed on a criterion's title is read as the smallest points "
                       "it may mean"},
                status::inferred, under_.document().decision.number);
        bool gated = false;
        for (std::size_t i = 0; i < card.size(); ++i) {
            gated = gated || !card.at(i).gates.empty();
            if (const auto& c = card.at(i).applies_if; c && c->known != status::verified) {
                add("condition_inferred",
                    detail::told("tiêu chí {0} chỉ chấm khi {1}: suy luận",
                                 "that criterion {0} is scored only if {2} is a reading",
                                 {card.at(i).code, c->text.vi, c->text.en}),
                    c->known, under_.document().decision.number);
            }
        }
        if (!d.star_legend.empty())
            add("star_legend",
                detail::told("dưới bảng chấm này không in chú giải dấu sao", "star legend: {0}",
                             {d.star_legend}),
                status::inferred, under_.document().decision.number);
        for (std::size_t i = 0; gated && i < card.size(); ++i)
            for (const ground& g : card.at(i).gates) {
                if (g.decided_by != ground_kind::fact || holds(given_, g.fact)) continue;
                add("marks_lifted",
                    detail::told("dấu sao của tiêu chí {0} không áp dụng: {1} = false",
                                 "the star marks of criterion {0} do not bind: {1} = false",
                                 {card.at(i).code, g.fact}),
                    status::verified, under_.document().decision.number);
            }
    }

    void add(std::string id, label text, status known, std::string source) {
        to_.push_back({std::move(id), std::move(text), known, std::move(source)});
    }

private:
    /// Each reading that a host chose otherwise than the default.
    void chosen_readings() {
        constexpr readings usual;
        chosen("marks", by_.marks, usual.marks);
        chosen("lower_marks_bind", by_.lower_marks_bind, usual.lower_marks_bind);
        chosen("missed_mark", by_.missed_mark, usual.missed_mark);
        chosen("title_mark", by_.title_mark, usual.title_mark);
        chosen("zero_points", by_.zero_points, usual.zero_points);
        chosen("overrun", by_.overrun, usual.overrun);
        chosen("forwarding", by_.forwarding, usual.forwarding);
        chosen("gap", by_.gap, usual.gap);
        chosen("spread", by_.spread, usual.spread);
        chosen("conditions_bind", by_.conditions_bind, usual.conditions_bind);
        chosen("producer_decides_case", by_.producer_decides_case, usual.producer_decides_case);
    }
    template <class Value>
    void chosen(const char* reading, Value value, Value usual) {
        if (value == usual) return;
        const std::string name(reading);
        add("reading_chosen",
            detail::told("cách hiểu do bên dùng chọn: {0} = {1} (mặc định {2})",
                         "a reading of the host's choice: {0} = {1} (default {2})",
                         {name, written(value), written(usual)}),
            status::inferred, "");
    }
    [[nodiscard]] static std::string written(bool value) { return value ? "true" : "false"; }
    template <class Enum>
    [[nodiscard]] static std::string written(Enum value) {
        return std::string(name_of(value));
    }

    [[nodiscard]] static std::string reach(const scorecard_document& d, const std::string& text) {
        return d.reachable ? text + to_string(*d.reachable) : std::string();
    }

    /// Whether the dossier is assessed after the last day for its kind; where the kind is not
    /// known, after the last day of every kind.
    [[nodiscard]] bool overdue() const {
        const auto& until = under_.document().in_force.assessed_until;
        if (!given_.dates.assessed) return false;
        const auto late = [&](std::size_t kind) {
            return until[kind] && *given_.dates.assessed > *until[kind];
        };
        if (given_.dates.application)
            return late(static_cast<std::size_t>(*given_.dates.application));
        for (std::size_t i = 0; i < until.size(); ++i)
            if (!late(i)) return false;
        return true;
    }

    void amendment_note(const amendment& a) {
        const auto& day = given_.dates.assessed;
        if (day && a.from && *day < *a.from) return;
        const std::string from = a.from ? to_string(*a.from) : std::string("?");
        const label when =
            day ? label{"", ""}
                : detail::told("nếu đánh giá từ {0}: ", "if assessed from {0} on: ", {from});
        add(a.applied ? "amendment" : "amendment_not_applied",
            detail::told("{0}{1} ({2}) {3}", "{4}{1} ({2}) {5}",
                         {when.vi, a.decision, from, a.text.vi, when.en, a.text.en}),
            a.known, a.decision);
    }

    const regulation& under_;
    const circumstances& given_;
    const readings& by_;
    std::vector<note>& to_;
};

/// Turns stated grounds into rejections; what is not on the card's lists into problems.
inline void read_grounds(const scorecard& card, const circumstances& given, assessment& result) {
    const scorecard_document& d = card.document();
    constexpr std::size_t most_grounds = 200;
    if (given.grounds.size() > most_grounds) {
        const std::string count = std::to_string(given.grounds.size());
        result.errors.push_back(
            make_problem(problem_code::too_many, "/knockouts", count,
                         detail::told("ghi {0} căn cứ loại; nhiều nhất {1}",
                                      "{0} grounds are stated; at most {1} are taken",
                                      {count, std::to_string(most_grounds)})));
        return;
    }
    for (std::size_t i = 0; i < given.grounds.size(); ++i) {
        const std::string& stated = given.grounds[i];
        const std::string at = "/knockouts/" + std::to_string(i);
        bool repeated = false;
        for (std::size_t k = 0; k < i; ++k) repeated = repeated || given.grounds[k] == stated;
        if (repeated) {
            result.errors.push_back(
                make_problem(problem_code::repeated_ground, at, stated,
                             detail::told("căn cứ loại \"{0}\" ghi hai lần",
                                          "the ground \"{0}\" is stated twice", {shown(stated)})));
            continue;
        }
        std::optional<rejection> found;
        std::string offered;
        for (const ground& g : d.knockouts) {
            offered += (offered.empty() ? "" : ", ") + g.id;
            if (g.id == stated)
                found = rejection{g.id, "", g.text, false, d.knockouts_known == status::verified};
        }
        for (std::size_t c = 0; c < card.size(); ++c)
            for (const ground& g : card.at(c).gates) {
                if (g.decided_by == ground_kind::fact) continue;
                const std::string name = card.at(c).code + ":" + g.id;
                offered += (offered.empty() ? "" : ", ") + name;
                if (name == stated) found = rejection{g.id, card.at(c).code, g.text, false, true};
            }
        // Where the list is not known whole, any stated ground is taken, and told as unchecked.
        if (!found && d.knockouts_known != status::verified && !stated.empty())
            found = rejection{stated, "", {stated, stated}, false, false};
        if (found) {
            result.grounds.push_back(std::move(*found));
            continue;
        }
        result.errors.push_back(make_problem(
            problem_code::unknown_ground, at, stated,
            detail::told(
                "\"{0}\" không phải căn cứ loại của bộ {1}{2}",
                "\"{0}\" is no ground for rejection under set {1}{3}",
                {shown(stated), std::to_string(d.set),
                 (offered.empty() ? "; bộ này không in căn cứ nào" : "; có: " + offered),
                 (offered.empty() ? "; this card prints none" : "; there are: " + offered)})));
    }
}

/// Grounds are the scorecard's: without one they cannot be judged, and are not dropped either.
inline void refuse_grounds(const circumstances& given, problems& found) {
    if (given.grounds.empty()) return;
    found.push_back(make_problem(
        problem_code::unknown_ground, "/knockouts", given.grounds.front(),
        detail::told("căn cứ loại \"{0}\" cần \"set\" để đối chiếu với bảng chấm",
                     "the ground \"{0}\" needs \"set\": grounds are those of a scorecard",
                     {shown(given.grounds.front())})));
}

/// Facts that no gate of the regulation asks for are errors: a misspelt one would change nothing.
/// \p card may be null.
inline void check_facts(const regulation& under, const scorecard* card, const circumstances& given,
                        problems& found) {
    for (const stated_fact& f : given.facts) {
        bool known = false;
        std::string names;
        const auto look = [&](const ground& g) {
            if (g.decided_by != ground_kind::fact) return;
            if (names.find(g.fact) == std::string::npos)
                names += (names.empty() ? "" : ", ") + g.fact;
            known = known || g.fact == f.name;
        };
        for (const ground& g : under.document().grounds) look(g);
        for (std::size_t i = 0; card != nullptr && i < card->size(); ++i)
            for (const ground& g : card->at(i).gates) look(g);
        if (!known)
            found.push_back(make_problem(
                problem_code::unknown_fact, "/facts" + pointer_step(f.name), f.name,
                detail::told("\"{0}\" không phải điều mà quyết định hỏi đến; có: {1}",
                             "the regulation asks for no fact \"{0}\"; it asks for: {1}",
                             {shown(f.name), names})));
    }
}

/// The problem that \p who has a sheet and no seat in the council.
[[nodiscard]] inline problem sheet_of_stranger(const std::string& who) {
    problem p = make_problem(
        problem_code::sheet_of_stranger, "/sheets" + pointer_step(who), who,
        told("\"{0}\" có phiếu nhưng không có trong hội đồng; hãy thêm vào \"members\" hoặc bỏ "
             "phiếu",
             "\"{0}\" has a sheet but is not in the council; add the member or drop the sheet",
             {shown(who)}));
    p.where.sheet = who;
    return p;
}

/// The seat of the member \p id, looked for from \p from on, then from the first; as many as there
/// are members where there is none.
[[nodiscard]] inline std::size_t seat_of(const council& sitting, const std::string& id,
                                         std::size_t from) noexcept {
    const std::size_t count = sitting.members.size();
    for (std::size_t m = from; m < count; ++m)
        if (sitting.members[m].id == id) return m;
    for (std::size_t m = 0; m < from && m < count; ++m)
        if (sitting.members[m].id == id) return m;
    return count;
}

/// Scores every sheet, also those that do not count; keeps the counting ones in \p scores.
inline void read_sheets(const scorecard& card, const council& sitting,
                        std::span<const score_sheet> sheets, const circumstances& given,
                        const readings& by, assessment& result, council_scores& scores) {
    std::vector<const score_sheet*> of_member(sitting.members.size(), nullptr);
    // Sheets often come in the council's order: look behind the last one's seat first. Members of
    // one name are a problem already, and then the first of them has the sheet.
    const bool one_seat_a_name = result.errors.empty();
    std::size_t next = 0;
    for (const score_sheet& sheet : sheets) {
        const std::size_t m = seat_of(sitting, sheet.member(), next);
        if (one_seat_a_name) next = m + 1;
        const auto refuse = [&](problem_code code, std::string_view vi, std::string_view en) {
            problem p = make_problem(code, "/sheets" + pointer_step(sheet.member()), sheet.member(),
                                     detail::told(vi, en, {shown(sheet.member())}));
            p.where.sheet = sheet.member();
            result.errors.push_back(std::move(p));
        };
        if (m == sitting.members.size())
            result.errors.push_back(sheet_of_stranger(sheet.member()));
        else if (of_member[m] != nullptr)
            refuse(problem_code::repeated_sheet, "\"{0}\" có hai phiếu; chỉ giữ một",
                   "\"{0}\" has two sheets; keep one");
        else if (!sheet.fits(card))
            refuse(problem_code::sheet_of_another_scorecard, "phiếu của \"{0}\" thuộc bộ khác",
                   "the sheet of \"{0}\" was made for another scorecard");
        else {
            of_member[m] = &sheet;
            continue;
        }
        // A stranger's answers are named too, so that one pass over the input mends it.
        if (m == sitting.members.size() && sheet.fits(card)) {
            std::vector<std::int32_t> row(card.size());
            score(card, sheet, given, by, row.data(), result.errors);
        }
    }
    const auto ends = part_ends(card);
    result.members.reserve(sitting.members.size());
    scores.sheets.reserve(sitting.members.size());
    for (std::size_t m = 0; m < sitting.members.size(); ++m) {
        const bool counting = counts(sitting.members[m].role);
        if (counting) ++result.counting_members;
        if (of_member[m] == nullptr) continue;
        std::vector<std::int32_t> row(card.size());
        score(card, *of_member[m], given, by, row.data(), result.errors);
        const auto parts = part_points(ends, row.data());
        const points total = parts[0] + parts[1] + parts[2];
        result.members.push_back(
            {sitting.members[m].id, sitting.members[m].role, counting, total, parts});
        if (counting) add(scores, {of_member[m], std::move(row), parts, total});
    }
    result.counted_sheets = scores.count();
}

inline void check_quorum(const council& sitting, assessment& result) {
    const bool none = result.counted_sheets == 0;
    if (!none && sitting.quorum.reached(result.counted_sheets, result.counting_members)) return;
    const std::string have = std::to_string(result.counted_sheets);
    const std::string all = std::to_string(result.counting_members);
    if (none)
        result.errors.push_back(make_problem(
            problem_code::no_counting_sheet, "/sheets", have,
            {"không có phiếu nào của chủ tịch, phó chủ tịch hay ủy viên: chưa có gì để tính điểm",
             "there is no sheet of a chair, vice chair or member: there is nothing to average"}));
    else
        result.errors.push_back(make_problem(
            problem_code::quorum_missed, "/council/quorum", sitting.quorum.text(),
            detail::told("có phiếu của {0}/{1} thành viên chấm điểm, chưa đủ số tối thiểu {2}",
                         "{0} of {1} counting members have a sheet: the quorum of {2} is missed",
                         {have, all, sitting.quorum.text()})));
}

/// The gate that points decide: no points at a criterion that stops the assessment at 0.
inline void check_zero_points(const scorecard& card, const council_scores& scores, zero_reading by,
                              assessment& result) {
    for (std::size_t i = 0; i < card.size(); ++i)
        for (const ground& g : card.at(i).gates) {
            if (g.decided_by != ground_kind::points) continue;
            std::size_t zeros = 0;
            for (std::size_t m = 0; m < scores.count(); ++m)
                if (scores.at(m, i) == 0) ++zeros;
            const bool stops = by == zero_reading::every_member ? zeros == scores.count()
                               : by == zero_reading::majority   ? 2 * zeros > scores.count()
                                                                : zeros > 0;
            bool stated = false;
            for (const rejection& r : result.grounds)
                stated = stated || (r.ground == g.id && r.criterion == card.at(i).code);
            if (stops && !stated)
                result.grounds.push_back({g.id, card.at(i).code, g.text, true, true});
        }
}

/// The pairs of counting members whose points differ by more than the limit.
inline void check_spread(const council_scores& scores, spread_measure measure, assessment& result) {
    if (!result.spread_limit) return;
    const auto differ = [&](points a, points b) { return a < b ? b - a : a - b; };
    for (std::size_t a = 0; a < scores.count(); ++a)
        for (std::size_t b = a + 1; b < scores.count(); ++b) {
            points most = differ(scores.sheets[a].total, scores.sheets[b].total);
            if (measure == spread_measure::parts)
                for (std::size_t p = 0; p < part_count; ++p)
                    most = std::max(most,
                                    differ(scores.sheets[a].parts[p], scores.sheets[b].parts[p]));
            if (blocks(most, *result.spread_limit, result.spread_blocks))
                result.spread.push_back(
                    {scores.sheets[a].sheet->member(), scores.sheets[b].sheet->member(), most});
        }
}

/// Who recognises \p of, by the regulation's rules on \p day: nothing where nobody does, or where
/// it depends on a day that is not given (then a note says so).
[[nodiscard]] inline std::optional<council_level> recogniser(const regulation& under, stars of,
                                                             const std::optional<date>& day,
                                                             note_writer& notes) {
    const recognition_rule* found = nullptr;
    bool certain = true;
    for (const recognition_rule& rule : under.document().recognition) {
        if (rule.stars != of || !regulation::holds_on(rule, day)) continue;
        if (found != nullptr && found->by != rule.by) certain = false;
        found = &rule;
    }
    if (found == nullptr) return std::nullopt;
    const std::string count = std::to_string(of.value());
    if (!certain) {
        notes.add(
            "recogniser_depends_on_date",
            detail::told("cấp công nhận {0} sao thay đổi theo thời gian: cần ngày đánh giá",
                         "who recognises {0} stars changed in time: give the day of assessment",
                         {count}),
            found->known, found->source);
        return std::nullopt;
    }
    return found->by;
}

/// Recognition, and forwarding by a lower council of what it cannot recognise (rules §6).
inline void decide_recognition(const regulation& under, const circumstances& given,
                               const readings& by, bool top_marks_hold, note_writer& notes,
                               assessment& result) {
    if (result.stars)
        result.recognised_by = recogniser(under, *result.stars, given.dates.assessed, notes);
    if (given.level == council_level::centre) return;
    const auto& rule = under.document().forwarding;
    const bool enough = rule && *result.total >= rule->from;
    if (enough && (by.forwarding == forwarding_reading::points || top_marks_hold))
        result.proposed = stars(stars::highest);
    const bool beyond = result.recognised_by && *result.recognised_by > given.level;
    if (result.proposed || beyond)
        result.forwards_to = given.level == council_level::district ? council_level::province
                                                                    : council_level::centre;
}

/// The problem that a published part or total exceeds its maximum, if it does.
[[nodiscard]] inline std::optional<problem> above_maximum(const mean_points& value, points most,
                                                          const std::string& name) {
    if (value <= most) return std::nullopt;
    return make_problem(
        problem_code::published_out_of_range, "/published/" + name, exact_text(value),
        detail::told("{0} vượt mức tối đa {1} của {2}", "{0} exceeds the maximum {1} of {2}",
                     {exact_text(value), to_string(most), name}));
}

/// The scorecard whose maxima bound published parts: \p card, or any of the regulation's, since
/// all have the same parts. Null for a regulation without scorecards.
[[nodiscard]] inline const scorecard* bounds_of(const regulation& under, const scorecard* card) {
    if (card != nullptr || under.scorecards().empty()) return card;
    return &under.scorecards().front();
}

/// Whether \p card is one of \p under; a problem if not.
inline bool is_card_of(const regulation& under, const scorecard& card, problems& found) {
    const scorecard* own = under.find(card.set());
    if (own != nullptr && own->layout() == card.layout()) return true;
    found.push_back(make_problem(problem_code::scorecard_of_another_regulation, "/set",
                                 std::to_string(card.set()),
                                 told("bảng chấm bộ {0} không thuộc quyết định {1}",
                                      "this scorecard, set {0}, is none of regulation {1}",
                                      {std::to_string(card.set()), under.id()})));
    return false;
}

inline assessment start(const regulation& under, const circumstances& given) {
    assessment result;
    result.regulation = under.id();
    result.level = given.level;
    return result;
}

/// Fills \p result up to the verdict; false when it is incomplete or not ranked.
inline bool decide(const regulation& under, const scorecard& card, const council& sitting,
                   std::span<const score_sheet> sheets, const circumstances& given,
                   const readings& by, council_scores& scores, assessment& result) {
    result.set = card.set();
    validate(sitting, result.errors);
    if (sitting.members.size() > council::most_members) return false;
    if (!is_card_of(under, card, result.errors)) return false;
    read_sheets(card, sitting, sheets, given, by, result, scores);
    read_grounds(card, given, result);
    check_facts(under, &card, given, result.errors);
    check_quorum(sitting, result);

    note_writer notes(under, given, by, result.notes);
    notes.regulation_notes();
    notes.card_notes(card);
    if (!result.errors.empty()) return false;

    const auto n = static_cast<std::int64_t>(scores.count());
    result.total = mean_points(scores.total, n);
    result.parts = {mean_points(scores.part_sums[0], n), mean_points(scores.part_sums[1], n),
                    mean_points(scores.part_sums[2], n)};
    result.criteria.reserve(card.size());
    for (std::int64_t sum : scores.sums) result.criteria.emplace_back(sum, n);
    result.band = band_of(under.document().bands, scores.total, scores.count(), by.gap);
    notes.band_notes(*result.total);
    result.marks = read_marks(card, scores, given, by);
    result.spread_limit = spread_limit(under, sitting, given);
    result.spread_blocks = sitting.spread.blocks;

    check_zero_points(card, scores, by.zero_points, result);
    if (!result.grounds.empty()) {
        for (const rejection& r : result.grounds)
            if (!r.checked)
                notes.add(
                    "ground_unchecked",
                    detail::told(
                        "căn cứ loại \"{0}\" không đối chiếu được: danh mục của {1} chưa biết đủ",
                        "the ground \"{0}\" is unchecked: the list of {1} is not known whole",
                        {r.ground, under.document().decision.number}),
                    card.document().knockouts_known, under.document().decision.number);
        result.outcome = outcome::rejected;
        return false;
    }
    check_spread(scores, by.spread, result);
    if (!result.spread.empty()) {
        result.outcome = outcome::score_again;
        return false;
    }
    result.outcome = outcome::ranked;
    result.stars = stars_of(*result.band, result.marks, by);
    bool top_marks = true;
    for (const mark_result& m : result.marks)
        if (m.binds && !m.reached && (by.lower_marks_bind || m.mark.stars == stars(stars::highest)))
            top_marks = false;
    decide_recognition(under, given, by, top_marks, notes, result);
    return true;
}

}  // namespace detail

/// Assesses a dossier: the mean of the counting members' sheets, its band, the star marks, the
/// stars, who recognises them, and the cheapest way to each higher star.
///
/// \param under    the regulation that applies (see timeline)
/// \param card     one of its scorecards
/// \param sitting  the council; its quorum and its rule on spread
/// \param sheets   at most one a member; members of roles that do not score may have one too
/// \param given    level, dates, producer's kind, grounds found, facts
/// \param by       readings where the text is silent
/// \param effort   effort of moving all members to an answer at a criterion, a callable
///                 `(std::size_t criterion, answer to) -> std::uint64_t`, at most largest_effort
/// \returns the first outcome that holds of incomplete, rejected, score again, ranked. Bad input
///          gives `incomplete` with every problem in `errors`; nothing is clamped or guessed.
/// \throws error only for an effort above largest_effort.
///
/// Complexity: linear in sheets × criteria for the verdict; the ways up add, for each higher star,
/// at most criteria × options × (different gains), with one entry a change for unit efforts.
/// Source: rules §3–7; 26/2026/QĐ-TTg art. 3, 7; 1048/QĐ-TTg; 148/QĐ-TTg.
template <class Effort = one_per_criterion>
[[nodiscard]] assessment assess(const regulation& under, const scorecard& card,
                                const council& sitting, std::span<const score_sheet> sheets,
                                const circumstances& given = {}, const readings& by = {},
                                const Effort& effort = {}) {
    assessment result = detail::start(under, given);
    detail::council_scores scores;
    if (detail::decide(under, card, sitting, sheets, given, by, scores, result))
        result.to_reach = detail::find_ways(under, card, sitting, scores, result.marks,
                                            *result.stars, given, by, effort);
    return result;
}

/// Assesses a dossier whose sheets were never published, only the means of its parts or its total:
/// the band is told; stars and marks stay unknown, since marks are on criteria (rules §5, §6).
///
/// \param card  the scorecard, or null where it is not known; it bounds the parts
/// \returns ranked with `band`, `total` and, where given, `parts`; incomplete with every problem
///          where points lie outside their part or the parts do not add up to the total.
[[nodiscard]] inline assessment assess_published(const regulation& under, const scorecard* card,
                                                 const published_points& published,
                                                 const circumstances& given = {},
                                                 const readings& by = {}) {
    assessment result = detail::start(under, given);
    result.published = true;
    if (card != nullptr) result.set = card->set();
    const scorecard* bounds = detail::bounds_of(under, card);
    const auto check_range = [&](const mean_points& value, points most, const std::string& name) {
        if (auto p = detail::above_maximum(value, most, name))
            result.errors.push_back(std::move(*p));
    };
    if (card != nullptr && !detail::is_card_of(under, *card, result.errors)) return result;
    if (card != nullptr)
        detail::read_grounds(*card, given, result);
    else
        detail::refuse_grounds(given, result.errors);
    detail::check_facts(under, card, given, result.errors);
    if (published.total) check_range(*published.total, points{100}, "total");
    std::optional<mean_points> total = published.total;
    if (published.parts) {
        const auto& parts = *published.parts;
        if (bounds != nullptr)
            for (std::size_t p = 0; p < part_count; ++p)
                check_range(parts[p], bounds->document().parts[p].max,
                            bounds->document().parts[p].code);
        // Beyond their maxima the parts might not even add exactly.
        if (!result.errors.empty()) return result;
        const mean_points sum = parts[0] + parts[1] + parts[2];
        if (total && *total != sum)
            result.errors.push_back(detail::make_problem(
                problem_code::published_sum, "/published/total", exact_text(*total),
                detail::told("tổng {0} khác A + B + C = {1}",
                             "the total {0} is not A + B + C = {1}",
                             {exact_text(*total), exact_text(sum)})));
        if (!total) total = sum;
    }
    if (!total)
        result.errors.push_back(detail::make_problem(
            problem_code::missing_key, "/published", "",
            {"cần \"total\" hoặc cả ba phần A, B, C", "give \"total\" or all of A, B and C"}));

    detail::note_writer notes(under, given, by, result.notes);
    notes.regulation_notes();
    if (!result.errors.empty()) return result;

    result.total = total;
    result.parts = published.parts;
    result.band = detail::band_of(under.document().bands, total->sum(),
                                  static_cast<std::size_t>(total->count()), by.gap);
    notes.band_notes(*total);
    notes.add("published_points",
              {"chỉ có điểm công bố, không có phiếu: dấu sao và số sao chưa biết",
               "only published points, no sheets: star marks and stars are not known"},
              status::secondary, "");
    result.outcome = result.grounds.empty() ? outcome::ranked : outcome::rejected;
    if (result.outcome == outcome::ranked)
        detail::decide_recognition(under, given, by, false, notes, result);
    return result;
}

}  // namespace ocop
