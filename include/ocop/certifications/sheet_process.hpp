/// \file sheet_process.hpp
/// A member's sheet (phiếu đánh giá) on its way: waiting, scoring, awaiting approval, approved.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/level.hpp"
#include "ocop/certifications/procedure.hpp"
#include "ocop/councils/score_sheet.hpp"

namespace ocop {

/// Where a member's sheet is. The four states of a scoring system of 2021-22 (secondary); the
/// decisions name none.
enum class sheet_state : std::uint8_t {
    waiting,            ///< chờ chấm
    scoring,            ///< đang chấm
    awaiting_approval,  ///< chờ duyệt kết quả chấm
    approved            ///< đã duyệt
};
template <>
struct names<sheet_state> {
    static constexpr std::array<std::string_view, 4> all{"waiting", "scoring", "awaiting_approval",
                                                         "approved"};
};
template <>
struct terms<sheet_state> {
    static constexpr std::array<term, 4> all{{{"chờ chấm", "waiting"},
                                              {"đang chấm", "scoring"},
                                              {"chờ duyệt kết quả chấm", "awaiting approval"},
                                              {"đã duyệt", "approved"}}};
};

enum class sheet_action : std::uint8_t {
    start,
    submit,
    approve,
    send_back,
    reopen  ///< the council must score again (1048/QĐ-TTg: members differ by more than 10 points)
};
template <>
struct names<sheet_action> {
    static constexpr std::array<std::string_view, 5> all{"start", "submit", "approve", "send_back",
                                                         "reopen"};
};
template <>
struct terms<sheet_action> {
    static constexpr std::array<term, 5> all{{{"bắt đầu chấm", "start"},
                                              {"nộp phiếu", "submit"},
                                              {"duyệt", "approve"},
                                              {"trả lại để chấm tiếp", "send back"},
                                              {"mở lại để chấm lại", "reopen"}}};
};

using sheet_rule = step_rule<sheet_action, sheet_state>;
/// Who approves is not told: chair or secretary is a reading.
inline constexpr std::array sheet_rules{
    sheet_rule{sheet_action::start, sheet_state::waiting, sheet_state::scoring,
               detail::bits_of(process_actor::member, process_actor::chair), detail::all_ways, 0,
               status::secondary, "scoring system 2021-22"},
    sheet_rule{sheet_action::submit, sheet_state::scoring, sheet_state::awaiting_approval,
               detail::bits_of(process_actor::member, process_actor::chair), detail::all_ways, 0,
               status::secondary, "scoring system 2021-22"},
    sheet_rule{sheet_action::approve, sheet_state::awaiting_approval, sheet_state::approved,
               detail::bits_of(process_actor::chair, process_actor::secretary), detail::all_ways, 0,
               status::inferred, "scoring system 2021-22"},
    sheet_rule{sheet_action::send_back, sheet_state::awaiting_approval, sheet_state::scoring,
               detail::bits_of(process_actor::chair, process_actor::secretary), detail::all_ways, 0,
               status::inferred, "scoring system 2021-22"},
    sheet_rule{sheet_action::reopen, sheet_state::approved, sheet_state::scoring,
               detail::bits_of(process_actor::chair), detail::all_ways, 0, status::verified,
               "1048/QĐ-TTg"}};

/// A step of a sheet.
struct sheet_step {
    sheet_action action = sheet_action::start;
    process_actor by = process_actor::member;
    date on;

    friend bool operator==(const sheet_step&, const sheet_step&) = default;
};

/// The session that a sheet is of; it counts in no other.
struct sheet_session {
    std::string dossier;
    council_level level = council_level::province;
    int set = 0;
    date convened_on;

    friend bool operator==(const sheet_session&, const sheet_session&) = default;
};

/// One member's sheet in a session. A regular value.
class sheet_process {
public:
    /// The sheet of \p member in the session \p of, waiting: see council_session::sheet_of().
    sheet_process(std::string member, sheet_session of)
        : member_(std::move(member)), session_(std::move(of)) {}

    [[nodiscard]] const std::string& member() const noexcept { return member_; }
    [[nodiscard]] const sheet_session& session() const noexcept { return session_; }
    /// The answers as submitted last; nothing before.
    [[nodiscard]] const std::optional<score_sheet>& sheet() const noexcept { return sheet_; }
    [[nodiscard]] sheet_state state() const noexcept { return state_; }
    [[nodiscard]] const std::vector<sheet_step>& history() const noexcept { return history_; }

    /// Takes \p step; false and the reasons in \p found where it may not be taken, and then nothing
    /// changes. To submit, give the sheet: try_submit().
    bool try_apply(const sheet_step& step, problems& found) {
        if (step.action == sheet_action::submit) {
            detail::need("/sheet", "nộp phiếu cần chính phiếu đó", "to submit, give the sheet",
                         found);
            return false;
        }
        return take(step, found);
    }
    /// As try_apply(). \throws error with every problem.
    void apply(const sheet_step& step) {
        problems found;
        if (!try_apply(step, found)) throw error(std::move(found));
    }
    /// Submits \p sheet: it must be this member's, of \p card, and every criterion answered (those
    /// that apply only under a condition may be left out).
    bool try_submit(const scorecard& card, const score_sheet& sheet, process_actor by,
                    const date& on, problems& found) {
        problems mine;
        if (sheet.member() != member_)
            mine.push_back(detail::make_problem(
                problem_code::contradiction, "/sheet", sheet.member(),
                detail::told("phiếu của \"{0}\", không phải của \"{1}\"",
                             "the sheet is \"{0}\"'s, not \"{1}\"'s",
                             {detail::shown(sheet.member()), detail::shown(member_)})));
        if (!sheet.fits(card))
            mine.push_back(detail::make_problem(
                problem_code::sheet_of_another_scorecard, "/sheet", member_,
                {"phiếu thuộc một bảng chấm khác", "the sheet is of another scorecard"}));
        else
            for (std::size_t i = 0; i < card.size(); ++i)
                if (!sheet.at(i).given() && !card.at(i).applies_if)
                    mine.push_back(detail::make_problem(
                        problem_code::unanswered, "/sheet/" + card.at(i).code, "",
                        detail::told("tiêu chí {0} chưa chấm", "criterion {0} is not answered",
                                     {card.at(i).code})));
        const bool good = mine.empty();
        for (problem& p : mine) found.push_back(std::move(p));
        if (!good || !take({sheet_action::submit, by, on}, found)) return false;
        sheet_ = sheet;
        return true;
    }

    friend bool operator==(const sheet_process&, const sheet_process&) = default;

private:
    bool take(const sheet_step& step, problems& found) {
        // No sheet is begun before its session was convened.
        std::optional<date> last;
        if (!history_.empty())
            last = history_.back().on;
        else if (!session_.convened_on.is_special())
            last = session_.convened_on;
        const bool good = detail::check_day(step.on, last, found);
        const sheet_rule* rule = detail::find_step<sheet_action, sheet_state>(
            sheet_rules, step.action, state_, step.by, std::nullopt, std::nullopt, found);
        if (rule == nullptr || !good) return false;
        state_ = rule->to;
        history_.push_back(step);
        return true;
    }

    std::string member_;
    sheet_session session_;
    std::optional<score_sheet> sheet_;
    sheet_state state_ = sheet_state::waiting;
    std::vector<sheet_step> history_;
};

}  // namespace ocop
