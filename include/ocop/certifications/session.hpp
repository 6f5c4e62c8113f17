/// \file session.hpp
/// A session of a council (phiên họp hội đồng): convened, quorum checked, sheets in, concluded; or
/// scored again where members differ too much.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/certifications/procedure.hpp"
#include "ocop/certifications/sheet_process.hpp"
#include "ocop/councils/council.hpp"
#include "ocop/criteria/application.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/ranking/assess.hpp"

namespace ocop {

enum class session_state : std::uint8_t {
    convened,
    quorum_checked,
    sheets_in,
    score_again,
    concluded
};
template <>
struct names<session_state> {
    static constexpr std::array<std::string_view, 5> all{"convened", "quorum_checked", "sheets_in",
                                                         "score_again", "concluded"};
};
template <>
struct terms<session_state> {
    static constexpr std::array<term, 5> all{{{"đã triệu tập", "convened"},
                                              {"đã kiểm tra số thành viên", "quorum checked"},
                                              {"đã có phiếu", "sheets in"},
                                              {"chấm lại", "to be scored again"},
                                              {"đã kết luận", "concluded"}}};
};

enum class session_action : std::uint8_t { check_quorum, take_sheets, score_again, conclude };
template <>
struct names<session_action> {
    static constexpr std::array<std::string_view, 4> all{"check_quorum", "take_sheets",
                                                         "score_again", "conclude"};
};
template <>
struct terms<session_action> {
    static constexpr std::array<term, 4> all{{{"kiểm tra số thành viên", "check the quorum"},
                                              {"nhận phiếu", "take the sheets"},
                                              {"chấm lại", "score again"},
                                              {"kết luận", "conclude"}}};
};

/// How the members are heard. In writing only for a renewal under 26/2026/QĐ-TTg, and only while
/// their opinions do not differ.
enum class session_form : std::uint8_t { meeting, written_opinion };
template <>
struct names<session_form> {
    static constexpr std::array<std::string_view, 2> all{"meeting", "written_opinion"};
};
template <>
struct terms<session_form> {
    static constexpr std::array<term, 2> all{
        {{"họp", "meeting"}, {"lấy ý kiến bằng văn bản", "opinions in writing"}}};
};

using session_rule = step_rule<session_action, session_state>;
/// That a session ends in a mean of its members' sheets: 1048/QĐ-TTg; who leads each step is a
/// reading.
inline constexpr std::array session_rules{
    session_rule{session_action::check_quorum, session_state::convened,
                 session_state::quorum_checked,
                 detail::bits_of(process_actor::chair, process_actor::secretary), detail::all_ways,
                 0, status::inferred, "1048/QĐ-TTg"},
    session_rule{session_action::take_sheets, session_state::quorum_checked,
                 session_state::sheets_in,
                 detail::bits_of(process_actor::chair, process_actor::secretary), detail::all_ways,
                 0, status::inferred, "1048/QĐ-TTg"},
    session_rule{session_action::score_again, session_state::sheets_in, session_state::score_again,
                 detail::bits_of(process_actor::chair), detail::all_ways, 0, status::verified,
                 "1048/QĐ-TTg"},
    session_rule{session_action::take_sheets, session_state::score_again, session_state::sheets_in,
                 detail::bits_of(process_actor::chair, process_actor::secretary), detail::all_ways,
                 0, status::verified, "1048/QĐ-TTg"},
    session_rule{session_action::conclude, session_state::sheets_in, session_state::concluded,
                 detail::bits_of(process_actor::chair), detail::all_ways, 0, status::inferred,
                 "1048/QĐ-TTg"}};

/// What a session is convened for.
struct session_call {
    std::string dossier;  ///< id of the dossier
    council_level level = council_level::province;
    int set = 0;
    ocop::application application = ocop::application::first;
    council sitting;
    session_form form = session_form::meeting;
    date on;
    std::string product{};  ///< id of the product

    friend bool operator==(const session_call&, const session_call&) = default;
};

/// A step of a session.
struct session_step {
    session_action action = session_action::check_quorum;
    process_actor by = process_actor::chair;
    date on;
    /// For check_quorum: the ids of the members who are there (or wrote).
    std::vector<std::string> present;

    friend bool operator==(const session_step&, const session_step&) = default;
};

namespace detail {

/// 26/2026/QĐ-TTg art. 12.2: the last day on which a dossier of an older regulation is assessed.
inline void check_last_day(const validity& of, const std::string& regulation,
                           ocop::application kind, const date& on, overrun_reading overrun,
                           problems& found) {
    if (overrun == overrun_reading::allow) return;
    const auto& last = of.assessed_until[static_cast<std::size_t>(kind)];
    if (last && on > *last)
        found.push_back(make_problem(
            problem_code::assessed_too_late, "/on", to_string(on),
            told("hồ sơ theo {0} chỉ được đánh giá đến {1}; ngày {2} là quá hạn: hãy nộp lại theo "
                 "quy định hiện hành",
                 "a dossier under {0} may be assessed until {1}; {2} is too late: file anew under "
                 "the regulation in force",
                 {regulation, to_string(*last), to_string(on)})));
}

}  // namespace detail

class council_session;

/// What a concluded session found. Only a concluded council_session gives one.
class session_result {
public:
    [[nodiscard]] const std::string& dossier() const noexcept { return dossier_; }
    [[nodiscard]] const std::string& product() const noexcept { return product_; }
    [[nodiscard]] const std::string& regulation() const noexcept { return regulation_; }
    [[nodiscard]] council_level level() const noexcept { return level_; }
    [[nodiscard]] ocop::application application() const noexcept { return application_; }
    [[nodiscard]] const date& concluded_on() const noexcept { return concluded_on_; }
    [[nodiscard]] ocop::outcome outcome() const noexcept { return outcome_; }
    /// Nothing where the product was rejected.
    [[nodiscard]] const std::optional<ocop::stars>& stars() const noexcept { return stars_; }
    [[nodiscard]] const std::optional<mean_points>& total() const noexcept { return total_; }
    /// 5 where this level may only forward it. Proposed is not recognised.
    [[nodiscard]] const std::optional<ocop::stars>& proposed() const noexcept { return proposed_; }
    [[nodiscard]] const std::optional<council_level>& forwards_to() const noexcept {
        return forwards_to_;
    }

    friend bool operator==(const session_result&, const session_result&) = default;

private:
    friend class council_session;
    session_result() = default;

    std::string dossier_;
    std::string product_;
    std::string regulation_;
    council_level level_ = council_level::province;
    ocop::application application_ = ocop::application::first;
    date concluded_on_;
    ocop::outcome outcome_ = ocop::outcome::incomplete;
    std::optional<ocop::stars> stars_;
    std::optional<mean_points> total_;
    std::optional<ocop::stars> proposed_;
    std::optional<council_level> forwards_to_;
};

/// A council's session on one product. A regular value.
class council_session {
public:
    /// \throws error with every problem.
    council_session(const regulation& under, session_call call) {
        problems found;
        auto made = try_convene(under, std::move(call), found);
        if (!made) throw error(std::move(found));
        *this = std::move(*made);
    }
    /// Convenes a session: the regulation must have a council of that level on that day, and the
    /// set; no dossier can have been filed under it before its first day.
    [[nodiscard]] static std::optional<council_session> try_convene(const regulation& under,
                                                                    session_call call,
                                                                    problems& found) {
        problems mine;
        detail::check_day(call.on, std::nullopt, mine);
        if (call.dossier.empty())
            mine.push_back(detail::make_problem(
                problem_code::empty_name, "/dossier", "",
                {"phiên họp cần mã hồ sơ", "a session needs the id of a dossier"}));
        if (call.product.empty())
            mine.push_back(detail::make_problem(
                problem_code::empty_name, "/product", "",
                {"phiên họp cần mã sản phẩm", "a session needs the id of a product"}));
        if (!call.on.is_special()) {
            check_level(under, call.level, call.on, mine);
            const auto& first = under.document().in_force.filed_from;
            if (first && call.on < *first)
                mine.push_back(detail::make_problem(
                    problem_code::regulation_contradicts_dates, "/on", to_string(call.on),
                    detail::told("{0} chỉ nhận hồ sơ từ {1}; ngày {2} chưa có gì để đánh giá",
                                 "{0} takes dossiers from {1} on; on {2} there is none to assess",
                                 {under.id(), to_string(*first), to_string(call.on)})));
        }
        if (under.find(call.set) == nullptr)
            mine.push_back(under.no_card(std::to_string(call.set)));
        if (call.form == session_form::written_opinion &&
            !(call.application == application::renewal && under.id() == "26-2026"))
            mine.push_back(detail::make_problem(
                problem_code::step_not_allowed, "/form", "written_opinion",
                {"chỉ lấy ý kiến bằng văn bản khi đánh giá lại theo 26/2026/QĐ-TTg: hãy họp",
                 "members are heard in writing only on a renewal under 26/2026/QĐ-TTg: hold a "
                 "meeting"}));
        validate(call.sitting, mine);
        for (problem& p : mine) found.push_back(std::move(p));
        if (has_errors(mine)) return std::nullopt;
        council_session made;
        made.regulation_ = under.id();
        made.last_ = call.on;
        made.call_ = std::move(call);
        return made;
    }

    [[nodiscard]] session_state state() const noexcept { return state_; }
    [[nodiscard]] const session_call& call() const noexcept { return call_; }
    [[nodiscard]] const std::string& regulation_id() const noexcept { return regulation_; }
    [[nodiscard]] session_form form() const noexcept { return form_.value_or(call_.form); }
    [[nodiscard]] const std::vector<session_step>& history() const noexcept { return history_; }
    /// What it found; nothing until it is concluded.
    [[nodiscard]] const std::optional<session_result>& result() const noexcept { return result_; }
    /// The sheets taken.
    [[nodiscard]] const std::vector<sheet_process>& sheets() const noexcept { return sheets_; }
    /// A new sheet of \p member for this session, waiting.
    [[nodiscard]] sheet_process sheet_of(std::string member) const {
        return {std::move(member), key()};
    }
    /// What assess() says of the sheets taken, as of \p on. Level, day and kind of application are
    /// the session's, whatever \p given says; grounds, facts and producer are \p given 's.
    [[nodiscard]] assessment assessed(const regulation& under, const date& on,
                                      circumstances given = {}, const readings& by = {}) const {
        std::vector<score_sheet> taken;
        for (const sheet_process& one : sheets_)
            if (one.sheet()) taken.push_back(*one.sheet());
        given.level = call_.level;
        given.dates.assessed = on;
        given.dates.application = call_.application;
        const scorecard* card = under.find(call_.set);
        if (card != nullptr) return assess(under, *card, call_.sitting, taken, given, by);
        assessment none;
        none.errors.push_back(under.no_card(std::to_string(call_.set)));
        return none;
    }

    /// Checks the quorum of the members present.
    bool try_check_quorum(session_step step, problems& found) {
        step.action = session_action::check_quorum;
        problems mine;
        const session_rule* rule = allowed(step, mine);
        std::size_t counting = 0;
        std::size_t there = 0;
        for (const council_member& m : call_.sitting.members) {
            counting += counts(m.role) ? 1U : 0U;
            if (counts(m.role) && holds(step.present, m.id)) ++there;
        }
        for (std::size_t i = 0; i < step.present.size(); ++i)
            if (!is_member(step.present[i]))
                mine.push_back(
                    detail::make_problem(problem_code::sheet_of_stranger,
                                         "/present/" + std::to_string(i), step.present[i],
                                         detail::told("\"{0}\" không phải thành viên hội đồng",
                                                      "\"{0}\" is no member of the council",
                                                      {detail::shown(step.present[i])})));
        if (there == 0 || !call_.sitting.quorum.reached(there, counting))
            mine.push_back(detail::make_problem(
                problem_code::quorum_missed, "/present", std::to_string(there),
                detail::told("{0} trên {1} thành viên chấm điểm có mặt, chưa đủ",
                             "{0} of {1} counting members are there, too few",
                             {std::to_string(there), std::to_string(counting)})));
        return finish(rule, std::move(step), std::move(mine), found);
    }

    /// Takes the members' sheets: of this session, approved by now, of counting members who are
    /// there, enough for the quorum. After "score again" a sheet must have been reopened and
    /// approved once more.
    bool try_take_sheets(session_step step, const std::vector<sheet_process>& sheets,
                         problems& found) {
        step.action = session_action::take_sheets;
        problems mine;
        const session_rule* rule = allowed(step, mine);
        std::size_t counting = 0;
        for (const council_member& m : call_.sitting.members) counting += counts(m.role) ? 1U : 0U;
        std::vector<std::string> in;
        for (std::size_t i = 0; i < sheets.size(); ++i) {
            const sheet_process& sheet = sheets[i];
            const std::string at = "/sheets/" + std::to_string(i);
            if (!scores(sheet.member()))
                mine.push_back(detail::make_problem(
                    problem_code::sheet_of_stranger, at, sheet.member(),
                    detail::told("\"{0}\" không phải thành viên chấm điểm có mặt",
                                 "\"{0}\" is no counting member who is there",
                                 {detail::shown(sheet.member())})));
            else if (holds(in, sheet.member()))
                mine.push_back(detail::make_problem(
                    problem_code::repeated_sheet, at, sheet.member(),
                    detail::told("hai phiếu của \"{0}\"", "two sheets of \"{0}\"",
                                 {detail::shown(sheet.member())})));
            else if (sheet.state() != sheet_state::approved)
                mine.push_back(detail::make_problem(
                    problem_code::need_missing, at, std::string(name_of(sheet.state())),
                    detail::told("phiếu của \"{0}\" chưa được duyệt (đang \"{1}\")",
                                 "the sheet of \"{0}\" is not approved (it is \"{1}\")",
                                 {detail::shown(sheet.member()), name_of(sheet.state())})));
            else if (check_sheet(sheet, step.on, at, mine))
                in.push_back(sheet.member());
        }
        if (in.empty() || !call_.sitting.quorum.reached(in.size(), counting))
            mine.push_back(detail::make_problem(
                problem_code::quorum_missed, "/sheets", std::to_string(in.size()),
                detail::told("{0} phiếu của {1} thành viên chấm điểm, chưa đủ",
                             "{0} sheets of {1} counting members, too few",
                             {std::to_string(in.size()), std::to_string(counting)})));
        if (!finish(rule, std::move(step), std::move(mine), found)) return false;
        sheets_ = sheets;
        return true;
    }

    /// The members differ too much: assess() says so of the sheets taken. Opinions that differ end
    /// the way in writing: from now on it is a meeting.
    /// \param under  the regulation under which the session was convened
    /// \param given  grounds, facts and producer, as for assess(); level and day are the session's
    bool try_score_again(session_step step, const regulation& under, const circumstances& given,
                         const readings& by, problems& found) {
        step.action = session_action::score_again;
        problems mine;
        const session_rule* rule = allowed(step, mine);
        if (rule != nullptr && check_regulation(under, step.on, by, mine)) {
            const assessment told = assessed(under, step.on, given, by);
            if (told.outcome != outcome::score_again)
                mine.push_back(detail::make_problem(
                    problem_code::need_missing, "/outcome", std::string(name_of(told.outcome)),
                    {"chỉ chấm lại khi chênh lệch giữa các thành viên vượt mức cho phép",
                     "scored again only where members differ by more than the limit"}));
        }
        const date on = step.on;
        if (!finish(rule, std::move(step), std::move(mine), found)) return false;
        form_ = session_form::meeting;
        again_since_ = on;
        return true;
    }
    bool try_score_again(session_step step, const regulation& under, problems& found) {
        return try_score_again(std::move(step), under, {}, {}, found);
    }

    /// Concludes with what assess() says of the sheets taken: ranked or rejected, on the step's day.
    /// \param under  the regulation under which the session was convened
    /// \param given  grounds, facts and producer, as for assess(); level and day are the session's
    bool try_conclude(session_step step, const regulation& under, const circumstances& given,
                      const readings& by, problems& found) {
        step.action = session_action::conclude;
        problems mine;
        const session_rule* rule = allowed(step, mine);
        session_result made;
        if (rule != nullptr && check_regulation(under, step.on, by, mine)) {
            assessment told = assessed(under, step.on, given, by);
            for (problem& p : told.errors) mine.push_back(std::move(p));
            if (told.outcome != outcome::ranked && told.outcome != outcome::rejected)
                mine.push_back(detail::make_problem(
                    problem_code::need_missing, "/outcome", std::string(name_of(told.outcome)),
                    detail::told("chưa kết luận được: kết quả là \"{0}\"",
                                 "it cannot be concluded: the outcome is \"{0}\"",
                                 {name_of(told.outcome)})));
            made.outcome_ = told.outcome;
            if (told.outcome == outcome::ranked) {
                made.stars_ = told.stars;
                made.proposed_ = told.proposed;
                made.forwards_to_ = told.forwards_to;
            }
            made.total_ = told.total;
        }
        made.dossier_ = call_.dossier;
        made.product_ = call_.product;
        made.regulation_ = regulation_;
        made.level_ = call_.level;
        made.application_ = call_.application;
        made.concluded_on_ = step.on;
        if (!finish(rule, std::move(step), std::move(mine), found)) return false;
        result_ = std::move(made);
        return true;
    }
    bool try_conclude(session_step step, const regulation& under, problems& found) {
        return try_conclude(std::move(step), under, {}, {}, found);
    }

    friend bool operator==(const council_session&, const council_session&) = default;

private:
    council_session() = default;

    [[nodiscard]] static bool holds(const std::vector<std::string>& list, std::string_view id) {
        for (const std::string& one : list)
            if (one == id) return true;
        return false;
    }
    [[nodiscard]] bool is_member(std::string_view id) const {
        for (const council_member& m : call_.sitting.members)
            if (m.id == id) return true;
        return false;
    }
    /// Whether \p id counts and is there.
    [[nodiscard]] bool scores(std::string_view id) const {
        for (const council_member& m : call_.sitting.members)
            if (m.id == id) return counts(m.role) && holds(present_, id);
        return false;
    }
    [[nodiscard]] const session_rule* allowed(const session_step& step, problems& mine) const {
        const bool good = detail::check_day(step.on, last_, mine);
        const session_rule* rule = detail::find_step<session_action, session_state>(
            session_rules, step.action, state_, step.by, std::nullopt, call_.level, mine);
        return good ? rule : nullptr;
    }
    bool finish(const session_rule* rule, session_step step, problems mine, problems& found) {
        for (problem& p : mine) found.push_back(std::move(p));
        if (rule == nullptr || has_errors(mine)) return false;
        state_ = rule->to;
        last_ = step.on;
        if (step.action == session_action::check_quorum) present_ = step.present;
        history_.push_back(std::move(step));
        return true;
    }
    [[nodiscard]] sheet_session key() const {
        return {call_.dossier, call_.level, call_.set, call_.on};
    }
    static void check_level(const regulation& under, council_level level, const date& on,
                            problems& mine) {
        if (under.council(level, on) == nullptr)
            mine.push_back(detail::make_problem(
                problem_code::wrong_level, "/level", std::string(name_of(level)),
                detail::told("theo {0}, ngày {1} không có hội đồng \"{2}\"",
                             "under {0} there is no council \"{2}\" on {1}",
                             {under.id(), to_string(on), name_of(level)})));
    }
    /// An approved sheet of this session: approved by \p on, and anew where all score again.
    [[nodiscard]] bool check_sheet(const sheet_process& sheet, const date& on,
                                   const std::string& at, problems& mine) const {
        if (sheet.session() != key()) {
            mine.push_back(detail::make_problem(
                problem_code::contradiction, at, sheet.member(),
                detail::told("phiếu của \"{0}\" thuộc một phiên họp khác: hồ sơ \"{1}\", {2}",
                             "the sheet of \"{0}\" is of another session: dossier \"{1}\", {2}",
                             {detail::shown(sheet.member()), detail::shown(sheet.session().dossier),
                              to_string(sheet.session().convened_on)})));
            return false;
        }
        const date& approved = sheet.history().back().on;
        if (!on.is_special() && approved > on) {
            mine.push_back(detail::make_problem(
                problem_code::wrong_order, at, to_string(approved),
                detail::told("phiếu của \"{0}\" được duyệt ngày {1}, sau ngày {2}",
                             "the sheet of \"{0}\" was approved on {1}, after {2}",
                             {detail::shown(sheet.member()), to_string(approved), to_string(on)})));
            return false;
        }
        if (!again_since_ || scored_again(sheet)) return true;
        mine.push_back(detail::make_problem(
            problem_code::need_missing, at, sheet.member(),
            detail::told("phiếu của \"{0}\" chưa được mở lại và chấm lại từ {1}",
                         "the sheet of \"{0}\" was not reopened and scored again since {1}",
                         {detail::shown(sheet.member()), to_string(*again_since_)})));
        return false;
    }
    /// Whether \p sheet goes on from the one taken before with a reopening, or is a new one.
    [[nodiscard]] bool scored_again(const sheet_process& sheet) const {
        const auto& now = sheet.history();
        if (now.back().on < *again_since_) return false;
        for (const sheet_process& before : sheets_) {
            if (before.member() != sheet.member()) continue;
            const auto& then = before.history();
            if (now.size() <= then.size()) return false;
            for (std::size_t i = 0; i < then.size(); ++i)
                if (now[i] != then[i]) return false;
            return now[then.size()].on >= *again_since_;  // what follows "approved" is "reopen"
        }
        return true;
    }
    /// \p under is the session's, with a council of its level on \p on, and not too late.
    bool check_regulation(const regulation& under, const date& on, const readings& by,
                          problems& mine) const {
        const std::size_t before = mine.size();
        if (under.id() != regulation_) {
            mine.push_back(detail::make_problem(
                problem_code::contradiction, "/regulation", under.id(),
                detail::told("phiên họp được triệu tập theo {0}, không phải {1}",
                             "the session was convened under {0}, not {1}",
                             {regulation_, under.id()})));
            return false;
        }
        check_level(under, call_.level, on, mine);
        detail::check_last_day(under.document().in_force, under.id(), call_.application, on,
                               by.overrun, mine);
        return mine.size() == before;
    }

    std::string regulation_;
    session_call call_;
    std::optional<session_form> form_;
    session_state state_ = session_state::convened;
    std::vector<std::string> present_;
    std::vector<sheet_process> sheets_;
    std::optional<date> again_since_;  ///< the day of the last "score again"
    std::optional<date> last_;
    std::vector<session_step> history_;
    std::optional<session_result> result_;
};

}  // namespace ocop
