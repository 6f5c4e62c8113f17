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
#include "ocop/ranking/assessment.hpp"

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

class council_session;

/// What a concluded session found. Only a concluded council_session gives one.
class session_result {
public:
    [[nodiscard]] const std::string& dossier() const noexcept { return dossier_; }
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
    /// Convenes a session: the regulation must have a council of that level on that day, and the set.
    [[nodiscard]] static std::optional<council_session> try_convene(const regulation& under,
                                                                    session_call call,
                                                                    problems& found) {
        problems mine;
        detail::check_day(call.on, std::nullopt, mine);
        if (call.dossier.empty())
            mine.push_back(detail::make_problem(
                problem_code::empty_name, "/dossier", "",
                {"phiên họp cần mã hồ sơ", "a session needs the id of a dossier"}));
        if (mine.empty() && under.council(call.level, call.on) == nullptr)
            mine.push_back(detail::make_problem(
                problem_code::wrong_level, "/level", std::string(name_of(call.level)),
                detail::told("theo {0}, ngày {1} không có hội đồng \"{2}\"",
                             "under {0} there is no council \"{2}\" on {1}",
                             {under.id(), to_string(call.on), name_of(call.level)})));
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

    /// Takes the members' sheets: approved ones, of counting members who are there, enough for the
    /// quorum; after "score again" as well.
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
            else
                in.push_back(sheet.member());
        }
        if (in.empty() || !call_.sitting.quorum.reached(in.size(), counting))
            mine.push_back(detail::make_problem(
                problem_code::quorum_missed, "/sheets", std::to_string(in.size()),
                detail::told("{0} phiếu của {1} thành viên chấm điểm, chưa đủ",
                             "{0} sheets of {1} counting members, too few",
                             {std::to_string(in.size()), std::to_string(counting)})));
        if (!finish(rule, std::move(step), std::move(mine), found)) return false;
        sheets_ = in.size();
        return true;
    }

    /// The members differ too much: \p assessed says so. Opinions that differ end the way in writing:
    /// from now on it is a meeting.
    bool try_score_again(session_step step, const assessment& assessed, problems& found) {
        step.action = session_action::score_again;
        problems mine;
        const session_rule* rule = allowed(step, mine);
        check_assessment(assessed, mine);
        if (assessed.outcome != outcome::score_again)
            mine.push_back(detail::make_problem(
                problem_code::need_missing, "/outcome", std::string(name_of(assessed.outcome)),
                {"chỉ chấm lại khi chênh lệch giữa các thành viên vượt mức cho phép",
                 "scored again only where members differ by more than the limit"}));
        if (!finish(rule, std::move(step), std::move(mine), found)) return false;
        form_ = session_form::meeting;
        return true;
    }

    /// Concludes with \p assessed, the result of assess() on the sheets: ranked or rejected.
    bool try_conclude(session_step step, const assessment& assessed, problems& found) {
        step.action = session_action::conclude;
        problems mine;
        const session_rule* rule = allowed(step, mine);
        check_assessment(assessed, mine);
        if (assessed.outcome != outcome::ranked && assessed.outcome != outcome::rejected)
            mine.push_back(detail::make_problem(
                problem_code::need_missing, "/outcome", std::string(name_of(assessed.outcome)),
                detail::told("chưa kết luận được: kết quả là \"{0}\"",
                             "it cannot be concluded: the outcome is \"{0}\"",
                             {name_of(assessed.outcome)})));
        else if (assessed.published || (assessed.outcome == outcome::ranked && !assessed.stars))
            mine.push_back(detail::make_problem(
                problem_code::need_missing, "/stars", "",
                {"chưa biết số sao: cần các phiếu chấm, không chỉ điểm công bố",
                 "the stars are not known: the sheets are needed, not published points alone"}));
        const date on = step.on;
        if (!finish(rule, std::move(step), std::move(mine), found)) return false;
        session_result made;
        made.dossier_ = call_.dossier;
        made.regulation_ = regulation_;
        made.level_ = call_.level;
        made.application_ = call_.application;
        made.concluded_on_ = on;
        made.outcome_ = assessed.outcome;
        if (assessed.outcome == outcome::ranked) {
            made.stars_ = assessed.stars;
            made.proposed_ = assessed.proposed;
            made.forwards_to_ = assessed.forwards_to;
        }
        made.total_ = assessed.total;
        result_ = std::move(made);
        return true;
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
    /// \p assessed is of this session: same regulation, set, level and as many sheets.
    void check_assessment(const assessment& assessed, problems& mine) const {
        const auto differ = [&mine](const char* key, const std::string& given,
                                    const std::string& wanted) {
            if (given == wanted) return;
            mine.push_back(detail::make_problem(
                problem_code::contradiction, std::string("/assessment/") + key, given,
                detail::told("kết quả chấm có {0} = \"{1}\", phiên họp có \"{2}\"",
                             "the assessment has {0} = \"{1}\", the session \"{2}\"",
                             {key, given, wanted})));
        };
        differ("regulation", assessed.regulation, regulation_);
        differ("level", std::string(name_of(assessed.level)), std::string(name_of(call_.level)));
        differ("set", assessed.set ? std::to_string(*assessed.set) : std::string(),
               std::to_string(call_.set));
        differ("sheets", std::to_string(assessed.counted_sheets), std::to_string(sheets_));
    }

    std::string regulation_;
    session_call call_;
    std::optional<session_form> form_;
    session_state state_ = session_state::convened;
    std::vector<std::string> present_;
    std::size_t sheets_ = 0;
    std::optional<date> last_;
    std::vector<session_step> history_;
    std::optional<session_result> result_;
};

}  // namespace ocop
