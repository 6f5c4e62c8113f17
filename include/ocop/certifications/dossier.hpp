/// \file dossier.hpp
/// A dossier (hồ sơ) on its way: draft, filed, returned, commune's report, under assessment, decided,
/// refused. Each step with who may take it, what it needs and what deadline it starts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/certifications/calendar.hpp"
#include "ocop/certifications/evidence.hpp"
#include "ocop/certifications/procedure.hpp"
#include "ocop/certifications/recognition.hpp"
#include "ocop/criteria/timeline.hpp"

namespace ocop {

/// Where a dossier is. (A system of 2021-22 had: not filed, being filed, waiting for scores, ranked by
/// the district, ranked by the province, finished, failed; secondary.)
enum class dossier_state : std::uint8_t {
    draft,             ///< chưa nộp
    filed,             ///< đã nộp
    returned,          ///< trả lại để bổ sung
    commune_report,    ///< cấp xã đã báo cáo
    under_assessment,  ///< đang đánh giá
    decided,           ///< đã có quyết định công nhận
    refused            ///< không đạt
};
template <>
struct names<dossier_state> {
    static constexpr std::array<std::string_view, 7> all{
        "draft", "filed", "returned", "commune_report", "under_assessment", "decided", "refused"};
};
template <>
struct terms<dossier_state> {
    static constexpr std::array<term, 7> all{{{"chưa nộp", "draft"},
                                              {"đã nộp", "filed"},
                                              {"trả lại để bổ sung", "returned"},
                                              {"cấp xã đã báo cáo", "reported by the commune"},
                                              {"đang đánh giá", "under assessment"},
                                              {"đã có quyết định công nhận", "decided"},
                                              {"không đạt", "refused"}}};
};

enum class dossier_action : std::uint8_t {
    file,
    return_for_more,  ///< with the items asked for and a last day
    complete,         ///< the producer hands in what was asked for
    report,           ///< the commune's report on four topics; not a score
    begin_assessment,
    forward,       ///< to the next council, what this one may not recognise
    hand_back,     ///< the centre gave less than its star: back to the province
    assess_again,  ///< the province holds its own assessment instead (26/2026 art. 7.4g)
    decide,        ///< a recognition decision was signed
    refuse
};
template <>
struct names<dossier_action> {
    static constexpr std::array<std::string_view, 10> all{
        "file",    "return_for_more", "complete",     "report", "begin_assessment",
        "forward", "hand_back",       "assess_again", "decide", "refuse"};
};
template <>
struct terms<dossier_action> {
    static constexpr std::array<term, 10> all{{{"nộp hồ sơ", "file"},
                                               {"trả lại để bổ sung", "return for more"},
                                               {"bổ sung", "complete"},
                                               {"báo cáo của cấp xã", "the commune's report"},
                                               {"bắt đầu đánh giá", "begin the assessment"},
                                               {"chuyển lên cấp trên", "forward"},
                                               {"trả về tỉnh", "hand back to the province"},
                                               {"đánh giá lại", "assess again"},
                                               {"quyết định công nhận", "decide"},
                                               {"từ chối", "refuse"}}};
};

/// What the commune reports on (26/2026/QĐ-TTg art. 7.2, form 03; 1489/QĐ-TTg): topics, no points.
enum class commune_topic : std::uint8_t { local_origin, local_labour, idea_origin, local_identity };
template <>
struct names<commune_topic> {
    static constexpr std::array<std::string_view, 4> all{"local_origin", "local_labour",
                                                         "idea_origin", "local_identity"};
};
template <>
struct terms<commune_topic> {
    static constexpr std::array<term, 4> all{
        {{"nguồn gốc sản phẩm, nguyên liệu địa phương", "local origin of product and material"},
         {"lao động địa phương", "local labour"},
         {"nguồn gốc ý tưởng", "origin of the idea"},
         {"bản sắc, tri thức địa phương", "local identity and knowledge"}}};
};

using dossier_rule = step_rule<dossier_action, dossier_state>;

namespace detail {

inline constexpr std::uint16_t at_district = bits_of(council_level::district);
inline constexpr std::uint16_t at_province = bits_of(council_level::province);
inline constexpr std::uint16_t at_centre = bits_of(council_level::centre);

}  // namespace detail

/// Every step of a dossier. Levels are where the dossier lies when the step is taken; before a council
/// has it, it lies at the level whose council comes first. That offices return and refuse dossiers
/// is known from a system of 2021-22.
inline constexpr std::array dossier_rules{
    dossier_rule{dossier_action::file, dossier_state::draft, dossier_state::filed,
                 detail::bits_of(process_actor::producer), detail::all_ways, 0, status::verified,
                 "1048/QĐ-TTg; 26/2026/QĐ-TTg"},
    // Filed: the district looks it through, or the commune writes its report.
    dossier_rule{dossier_action::return_for_more, dossier_state::filed, dossier_state::returned,
                 detail::bits_of(process_actor::district), detail::old_ways, 0, status::secondary,
                 "dossier system 2021-22"},
    dossier_rule{dossier_action::return_for_more, dossier_state::filed, dossier_state::returned,
                 detail::bits_of(process_actor::commune), detail::new_ways, 0, status::inferred,
                 "26/2026/QĐ-TTg art. 7.2"},
    dossier_rule{dossier_action::refuse, dossier_state::filed, dossier_state::refused,
                 detail::bits_of(process_actor::district), detail::old_ways, 0, status::secondary,
                 "dossier system 2021-22"},
    dossier_rule{dossier_action::begin_assessment, dossier_state::filed,
                 dossier_state::under_assessment, detail::bits_of(process_actor::district),
                 detail::old_ways, detail::at_district, status::verified, "1048/QĐ-TTg"},
    // What the district had not begun when its level ended is the province's (a reading).
    dossier_rule{dossier_action::begin_assessment, dossier_state::filed,
                 dossier_state::under_assessment, detail::bits_of(process_actor::province),
                 detail::bits_of(procedure::by_148_1489), detail::at_district, status::inferred,
                 "1489/QĐ-TTg"},
    dossier_rule{dossier_action::begin_assessment, dossier_state::under_assessment,
                 dossier_state::under_assessment, detail::bits_of(process_actor::province),
                 detail::bits_of(procedure::by_148_1489), detail::at_district, status::inferred,
                 "1489/QĐ-TTg"},
    dossier_rule{dossier_action::report, dossier_state::filed, dossier_state::commune_report,
                 detail::bits_of(process_actor::commune), detail::bits_of(procedure::by_148_1489),
                 detail::at_province, status::secondary, "1489/QĐ-TTg"},
    dossier_rule{dossier_action::report, dossier_state::filed, dossier_state::commune_report,
                 detail::bits_of(process_actor::commune), detail::bits_of(procedure::by_26),
                 detail::at_province, status::verified, "26/2026/QĐ-TTg art. 7.2"},
    dossier_rule{dossier_action::begin_assessment, dossier_state::commune_report,
                 dossier_state::under_assessment, detail::bits_of(process_actor::province),
                 detail::new_ways, detail::at_province, status::verified,
                 "26/2026/QĐ-TTg art. 7.3"},
    dossier_rule{dossier_action::return_for_more, dossier_state::commune_report,
                 dossier_state::returned, detail::bits_of(process_actor::province),
                 detail::new_ways, 0, status::inferred, "26/2026/QĐ-TTg art. 7.3"},
    dossier_rule{dossier_action::refuse, dossier_state::commune_report, dossier_state::refused,
                 detail::bits_of(process_actor::province), detail::new_ways, 0, status::inferred,
                 "dossier system 2021-22"},
    dossier_rule{dossier_action::complete, dossier_state::returned, dossier_state::returned,
                 detail::bits_of(process_actor::producer), detail::all_ways, 0, status::secondary,
                 "dossier system 2021-22"},
    // Under assessment: asked for more by the office or the working group of the level.
    dossier_rule{
        dossier_action::return_for_more, dossier_state::under_assessment, dossier_state::returned,
        detail::bits_of(process_actor::district, process_actor::working_group), detail::old_ways,
        detail::at_district, status::secondary, "dossier system 2021-22"},
    dossier_rule{dossier_action::return_for_more, dossier_state::under_assessment,
                 dossier_state::returned,
                 detail::bits_of(process_actor::province, process_actor::working_group),
                 detail::all_ways, detail::at_province, status::verified, "26/2026/QĐ-TTg art. 7"},
    dossier_rule{dossier_action::return_for_more, dossier_state::under_assessment,
                 dossier_state::returned,
                 detail::bits_of(process_actor::ministry, process_actor::working_group),
                 detail::all_ways, detail::at_centre, status::verified, "26/2026/QĐ-TTg art. 7"},
    dossier_rule{dossier_action::forward, dossier_state::under_assessment,
                 dossier_state::under_assessment, detail::bits_of(process_actor::district),
                 detail::old_ways, detail::at_district, status::verified, "1048/QĐ-TTg"},
    dossier_rule{dossier_action::forward, dossier_state::under_assessment,
                 dossier_state::under_assessment, detail::bits_of(process_actor::province),
                 detail::all_ways, detail::at_province, status::verified,
                 "26/2026/QĐ-TTg art. 7.3e"},
    dossier_rule{dossier_action::hand_back, dossier_state::under_assessment,
                 dossier_state::under_assessment, detail::bits_of(process_actor::ministry),
                 detail::all_ways, detail::at_centre, status::verified,
                 "1048/QĐ-TTg; 26/2026/QĐ-TTg art. 7.4g"},
    dossier_rule{dossier_action::assess_again, dossier_state::under_assessment,
                 dossier_state::under_assessment, detail::bits_of(process_actor::province),
                 detail::bits_of(procedure::by_26), detail::at_province, status::verified,
                 "26/2026/QĐ-TTg art. 7.4g"},
    dossier_rule{dossier_action::decide, dossier_state::under_assessment, dossier_state::decided,
                 detail::bits_of(process_actor::district), detail::bits_of(procedure::by_148),
                 detail::at_district, status::secondary, "148/QĐ-TTg Annex II"},
    dossier_rule{dossier_action::decide, dossier_state::under_assessment, dossier_state::decided,
                 detail::bits_of(process_actor::province), detail::all_ways, detail::at_province,
                 status::verified, "1048/QĐ-TTg; 26/2026/QĐ-TTg art. 7"},
    dossier_rule{dossier_action::decide, dossier_state::under_assessment, dossier_state::decided,
                 detail::bits_of(process_actor::ministry), detail::all_ways, detail::at_centre,
                 status::verified, "1048/QĐ-TTg; 26/2026/QĐ-TTg art. 7"},
    dossier_rule{dossier_action::refuse, dossier_state::under_assessment, dossier_state::refused,
                 detail::bits_of(process_actor::district), detail::old_ways, detail::at_district,
                 status::secondary, "dossier system 2021-22"},
    dossier_rule{dossier_action::refuse, dossier_state::under_assessment, dossier_state::refused,
                 detail::bits_of(process_actor::province), detail::all_ways, detail::at_province,
                 status::secondary, "dossier system 2021-22"},
    dossier_rule{dossier_action::refuse, dossier_state::under_assessment, dossier_state::refused,
                 detail::bits_of(process_actor::ministry), detail::all_ways, detail::at_centre,
                 status::inferred, "dossier system 2021-22"}};

/// A step of a dossier. Members that a step does not need stay empty.
struct dossier_step {
    dossier_action action = dossier_action::file;
    process_actor by = process_actor::producer;
    date on;
    /// file: ids of what is handed in; complete: of what was asked for; forward to the centre under
    /// 26/2026: of what the province hands on; return_for_more: what is asked for, in words.
    std::vector<std::string> items;
    std::optional<date> until;                     ///< return_for_more: the last day to complete
    std::vector<commune_topic> topics;             ///< report: what it is on
    std::string reason;                            ///< refuse
    std::optional<session_result> result;          ///< forward, hand_back
    std::optional<recognition_decision> decision;  ///< decide
    /// file, for a renewal: the last valid day of the certificate.
    std::optional<date> certificate_ends;

    friend bool operator==(const dossier_step&, const dossier_step&) = default;
};

/// What a dossier is for.
struct dossier_call {
    std::string id;
    ocop::application application = ocop::application::first;
    /// Samples that the scorecard asks for; 0 for a service.
    int samples = 5;
    std::string product{};  ///< id of the product; its sessions must be on the same

    friend bool operator==(const dossier_call&, const dossier_call&) = default;
};

/// A dossier under one regulation. A regular value.
class dossier_process {
public:
    /// A draft. \p under is kept by its id and dates. \p overrun: what to do with a dossier of an
    /// older regulation that is decided after its last day (26/2026/QĐ-TTg art. 12.2).
    explicit dossier_process(const regulation& under, dossier_call call,
                             overrun_reading overrun = overrun_reading::file_anew)
        : call_(std::move(call)), overrun_(overrun) {
        rules_.id = under.id();
        rules_.in_force = under.document().in_force;
    }

    [[nodiscard]] dossier_state state() const noexcept { return state_; }
    [[nodiscard]] const dossier_call& call() const noexcept { return call_; }
    [[nodiscard]] const std::string& regulation_id() const noexcept { return rules_.id; }
    /// Where it lies: the level whose council has it, or will have it first. Nothing in a draft.
    [[nodiscard]] std::optional<council_level> level() const noexcept { return level_; }
    [[nodiscard]] std::optional<date> filed_on() const noexcept { return filed_on_; }
    [[nodiscard]] const std::vector<dossier_step>& history() const noexcept { return history_; }
    /// The decision; nothing until it is decided.
    [[nodiscard]] const std::optional<recognition_decision>& decision() const noexcept {
        return decision_;
    }

    /// Takes \p step; false and every reason in \p found where it may not be taken, and then nothing
    /// changes.
    bool try_apply(dossier_step step, problems& found) {
        problems mine;
        const dossier_rule* rule = allowed(step, mine);
        if (rule != nullptr) check_needs(step, mine);
        const bool good = rule != nullptr && !has_errors(mine);
        for (problem& p : mine) found.push_back(std::move(p));
        if (!good) return false;
        take(*rule, std::move(step));
        return true;
    }
    /// As try_apply(). \throws error with every problem.
    void apply(dossier_step step) {
        problems found;
        if (!try_apply(std::move(step), found)) throw error(std::move(found));
    }

    /// The deadlines that run: the commune's report, the decision on a renewal at this level, the
    /// day set when it was returned, the last day of an older regulation. In that order.
    [[nodiscard]] std::vector<deadline> deadlines(const working_calendar& days = {}) const {
        std::vector<deadline> list;
        const auto add = [&list](std::optional<deadline> one) {
            if (one) list.push_back(std::move(*one));
        };
        if (state_ == dossier_state::filed && complete_on_)
            add(deadline_of(rules_.id, time_rule::commune_report, *complete_on_, days));
        // From the complete proposal on, whenever the assessment begins.
        if ((state_ == dossier_state::commune_report ||
             state_ == dossier_state::under_assessment) &&
            to_decide_since_ && call_.application == application::renewal)
            add(deadline_of(rules_.id, time_rule::decision_on_renewal, *to_decide_since_, days));
        if (state_ == dossier_state::returned && until_)
            list.push_back({"completion",
                            {"bổ sung hồ sơ", "completion of the dossier"},
                            *until_,
                            status::secondary,
                            "dossier system 2021-22"});
        const auto last =
            rules_.in_force.assessed_until[static_cast<std::size_t>(call_.application)];
        const bool open = state_ != dossier_state::decided && state_ != dossier_state::refused;
        if (open && filed_on_ && last)
            list.push_back({"old_rules_end",
                            {"đánh giá theo quy định cũ", "assessment under the older regulation"},
                            *last,
                            rules_.in_force.known,
                            rules_.in_force.source});
        return list;
    }

    friend bool operator==(const dossier_process&, const dossier_process&) = default;

private:
    /// What is kept of the regulation.
    struct kept_rules {
        std::string id;
        validity in_force;

        friend bool operator==(const kept_rules&, const kept_rules&) = default;
    };

    [[nodiscard]] const dossier_rule* allowed(const dossier_step& step, problems& mine) const {
        if (!detail::check_day(step.on, last_, mine)) return nullptr;
        const auto way = procedure_of(rules_.id, step.on, mine);
        if (!way) return nullptr;
        const auto where = level_ ? level_ : first_level(*way);
        return detail::find_step<dossier_action, dossier_state>(dossier_rules, step.action, state_,
                                                                step.by, way, where, mine);
    }

    [[nodiscard]] static council_level first_level(procedure way) noexcept {
        return detail::has_bit(detail::old_ways, way) ? council_level::district
                                                      : council_level::province;
    }

    void check_needs(const dossier_step& step, problems& mine) const {
        switch (step.action) {
        case dossier_action::file:
            check_filing(step, mine);
            break;
        case dossier_action::return_for_more:
            if (step.items.empty())
                detail::need("/items", "trả lại cần nêu tài liệu phải bổ sung",
                             "say which items are asked for", mine);
            if (!step.until)
                detail::need("/until", "trả lại cần hạn bổ sung", "set a last day to complete",
                             mine);
            else
                (void)detail::check_day(*step.until, step.on, mine);
            break;
        case dossier_action::complete:
            check_completion(step, mine);
            break;
        case dossier_action::report:
            for (std::size_t i = 0; i < names<commune_topic>::all.size(); ++i)
                if (!holds(step.topics, static_cast<commune_topic>(i))) {
                    const term& topic = terms<commune_topic>::all[i];
                    mine.push_back(detail::make_problem(
                        problem_code::need_missing, "/topics",
                        std::string(names<commune_topic>::all[i]),
                        {"báo cáo của cấp xã thiếu nội dung: " + std::string(topic.vi),
                         "the commune's report lacks the topic: " + std::string(topic.en)}));
                }
            break;
        case dossier_action::begin_assessment:
            break;
        case dossier_action::forward:
            check_forward(step, mine);
            break;
        case dossier_action::hand_back:
            check_hand_back(step, mine);
            break;
        case dossier_action::assess_again:
            if (!central_)
                detail::need("/result",
                             "chỉ đánh giá lại khi trung ương đã trả kết quả dưới mức 5 sao",
                             "only what the centre handed back is assessed again", mine);
            break;
        case dossier_action::decide:
            check_decision(step, mine);
            break;
        case dossier_action::refuse:
            if (step.reason.empty())
                detail::need("/reason", "từ chối cần nêu lý do", "give the reason of a refusal",
                             mine);
            break;
        }
    }

    void check_filing(const dossier_step& step, problems& mine) const {
        dossier_dates dates;
        dates.filed = step.on;
        dates.application = call_.application;
        check_dates(dates, mine);
        check_items(checklist(rules_.id, call_.application, call_.samples), step.items, mine);
        if (call_.application != application::renewal ||
            find_span(rules_.id, time_rule::renewal_opens) == nullptr)
            return;
        if (!step.certificate_ends) {
            detail::need("/certificate_ends", "đánh giá lại cần ngày hết hạn của giấy chứng nhận",
                         "a renewal needs the last valid day of the certificate", mine);
            return;
        }
        const certificate_rules by;
        const day_count end = count_of(*step.certificate_ends);
        const day_count day = count_of(step.on);
        const bool in_time = day >= end - by.opens && day <= end - by.closes;
        // Art. 12.3: due too soon for the window; filed while still in force.
        const bool excused = due_too_soon(end, by) && day <= end && day > end - by.closes;
        if (in_time || excused) return;
        const auto from = date_of(end - by.opens);
        const auto until = date_of(end - by.closes);
        mine.push_back(detail::make_problem(
            problem_code::outside_window, "/on", to_string(step.on),
            detail::told("hồ sơ đánh giá lại phải nộp từ {0} đến {1}; ngày {2} ngoài thời gian đó",
                         "a renewal is filed from {0} to {1}; {2} lies outside",
                         {from ? to_string(*from) : std::string("…"),
                          until ? to_string(*until) : std::string("…"), to_string(step.on)})));
    }

    /// The regulation's dates: 26/2026/QĐ-TTg art. 12.2 for dossiers filed earlier.
    void check_dates(const dossier_dates& dates, problems& mine) const {
        const validity& v = rules_.in_force;
        if (dates.filed && ((v.filed_from && *dates.filed < *v.filed_from) ||
                            (v.filed_before && *dates.filed >= *v.filed_before)))
            mine.push_back(detail::make_problem(
                problem_code::regulation_contradicts_dates, "/on", to_string(*dates.filed),
                detail::told("{0} không nhận hồ sơ nộp ngày {1}",
                             "{0} takes no dossier filed on {1}",
                             {rules_.id, to_string(*dates.filed)})));
        if (dates.assessed)
            detail::check_last_day(v, rules_.id, call_.application, *dates.assessed, overrun_,
                                   mine);
    }

    void check_completion(const dossier_step& step, problems& mine) const {
        if (until_ && step.on > *until_)
            mine.push_back(detail::make_problem(
                problem_code::outside_window, "/on", to_string(step.on),
                detail::told("hạn bổ sung là {0}; ngày {1} là quá hạn",
                             "the last day to complete was {0}; {1} is too late",
                             {to_string(*until_), to_string(step.on)})));
        for (const std::string& item : asked_)
            if (!holds(step.items, item))
                mine.push_back(detail::make_problem(problem_code::need_missing, "/items", item,
                                                    detail::told("còn thiếu \"{0}\"",
                                                                 "\"{0}\" is still missing",
                                                                 {detail::shown(item)})));
    }

    /// A result of this dossier, of the level where it lies, not older than it has been there.
    bool check_result(const dossier_step& step, problems& mine) const {
        if (!step.result) {
            detail::need("/result", "cần kết quả phiên họp của hội đồng",
                         "the result of the council's session is needed", mine);
            return false;
        }
        const session_result& r = *step.result;
        const std::size_t before = mine.size();
        if (r.dossier() != call_.id || r.product() != call_.product ||
            r.regulation() != rules_.id || r.application() != call_.application)
            mine.push_back(detail::make_problem(
                problem_code::contradiction, "/result/dossier", r.dossier(),
                detail::told(
                    "phiên họp là của hồ sơ \"{0}\", sản phẩm \"{1}\" ({2})",
                    "the session was on the dossier \"{0}\", product \"{1}\" ({2})",
                    {detail::shown(r.dossier()), detail::shown(r.product()), r.regulation()})));
        if (r.level() != level_)
            mine.push_back(detail::make_problem(
                problem_code::wrong_level, "/result/level", std::string(name_of(r.level())),
                detail::told("kết quả là của \"{0}\", hồ sơ đang ở \"{1}\"",
                             "the result is of \"{0}\", the dossier lies at \"{1}\"",
                             {name_of(r.level()), level_ ? name_of(*level_) : "-"})));
        if (r.concluded_on() > step.on || (at_level_since_ && r.concluded_on() < *at_level_since_))
            mine.push_back(detail::make_problem(
                problem_code::wrong_order, "/result/concluded_on", to_string(r.concluded_on()),
                detail::told("phiên họp kết luận ngày {0}, không trong thời gian hồ sơ ở cấp này",
                             "the session ended on {0}, not while the dossier lay at this level",
                             {to_string(r.concluded_on())})));
        return mine.size() == before;
    }

    void check_forward(const dossier_step& step, problems& mine) const {
        const bool to_centre = level_ == council_level::province;
        if (central_) {
            mine.push_back(detail::make_problem(
                problem_code::step_not_allowed, "/action", "forward",
                {"trung ương đã trả kết quả: hãy công nhận theo kết quả đó, hoặc (26/2026/QĐ-TTg) "
                 "đánh giá lại trước khi chuyển lên lần nữa",
                 "the centre handed it back: decide by its result, or (26/2026/QĐ-TTg) assess it "
                 "again before forwarding it once more"}));
            return;
        }
        if (to_centre) {
            const auto list =
                checklist(rules_.id, call_.application, call_.samples, council_level::centre);
            if (!list.empty()) check_items(list, step.items, mine);
        }
        if (!check_result(step, mine)) return;
        const council_level next = to_centre ? council_level::centre : council_level::province;
        if (step.result->forwards_to() != next)
            mine.push_back(detail::make_problem(
                problem_code::not_recognisable, "/result",
                step.result->total() ? to_string(*step.result->total()) : std::string(),
                detail::told("kết quả này chưa đủ để chuyển lên \"{0}\"",
                             "this result is not enough to be forwarded to \"{0}\"",
                             {name_of(next)})));
    }

    void check_hand_back(const dossier_step& step, problems& mine) const {
        if (!check_result(step, mine)) return;
        const auto& of = step.result->stars();
        if (of && of->value() == stars::highest)
            mine.push_back(detail::make_problem(
                problem_code::contradiction, "/result/stars", "5",
                {"trung ương đã cho 5 sao: hãy công nhận, không trả về tỉnh",
                 "the centre gave 5 stars: recognise it, do not hand it back"}));
    }

    void check_decision(const dossier_step& step, problems& mine) const {
        if (!step.decision) {
            detail::need("/decision", "cần quyết định công nhận",
                         "a recognition decision is needed", mine);
            return;
        }
        const recognition_decision& d = *step.decision;
        if (d.dossier() != call_.id || d.product() != call_.product ||
            d.regulation_id() != rules_.id || d.application() != call_.application)
            mine.push_back(detail::make_problem(
                problem_code::contradiction, "/decision/dossier", d.dossier(),
                detail::told(
                    "quyết định là của hồ sơ \"{0}\", sản phẩm \"{1}\" ({2})",
                    "the decision is on the dossier \"{0}\", product \"{1}\" ({2})",
                    {detail::shown(d.dossier()), detail::shown(d.product()), d.regulation_id()})));
        const council_level from = central_ ? council_level::centre : d.document().by;
        if (d.document().by != level_ || d.council() != from)
            mine.push_back(detail::make_problem(
                problem_code::wrong_level, "/decision/by", std::string(name_of(d.document().by)),
                detail::told("quyết định của \"{0}\" theo hội đồng \"{1}\", hồ sơ đang ở \"{2}\"",
                             "a decision of \"{0}\" on the council of \"{1}\"; the dossier lies at "
                             "\"{2}\"",
                             {name_of(d.document().by), name_of(d.council()),
                              level_ ? name_of(*level_) : "-"})));
        else if (central_ && d.result() != *central_)
            mine.push_back(detail::make_problem(
                problem_code::contradiction, "/decision/result", to_string(d.concluded_on()),
                detail::told("quyết định dựa trên phiên họp ngày {0}; trung ương đã trả kết quả "
                             "ngày {1}",
                             "the decision rests on a session of {0}; the centre handed back its "
                             "result of {1}",
                             {to_string(d.concluded_on()), to_string(central_->concluded_on())})));
        // Its session too: a result from before the dossier was completed or assessed again is stale.
        if (d.document().signed_on > step.on ||
            (at_level_since_ && (d.document().signed_on < *at_level_since_ ||
                                 (!central_ && d.concluded_on() < *at_level_since_))))
            mine.push_back(detail::make_problem(
                problem_code::wrong_order, "/decision/signed_on", to_string(d.document().signed_on),
                detail::told(
                    "quyết định ký ngày {0}, phiên họp ngày {1}: không trong thời gian hồ sơ "
                    "ở cấp này",
                    "signed on {0} after a session of {1}: not while the dossier lay at "
                    "this level",
                    {to_string(d.document().signed_on), to_string(d.concluded_on())})));
        dossier_dates dates;
        dates.assessed = d.document().signed_on;
        check_dates(dates, mine);
    }

    void take(const dossier_rule& rule, dossier_step step) {
        last_ = step.on;
        const dossier_state before = state_;
        state_ = rule.to;
        switch (step.action) {
        case dossier_action::file:
            filed_on_ = complete_on_ = step.on;
            {
                problems none;
                level_ = first_level(*procedure_of(rules_.id, step.on, none));
            }
            break;
        case dossier_action::return_for_more:
            resume_ = before;
            asked_ = step.items;
            until_ = step.until;
            break;
        case dossier_action::complete:
            state_ = resume_;
            asked_.clear();
            until_.reset();
            complete_on_ = step.on;
            if (state_ == dossier_state::under_assessment) at_level_since_ = step.on;
            if (state_ != dossier_state::filed) to_decide_since_ = step.on;
            break;
        case dossier_action::report:
            to_decide_since_ = step.on;
            break;
        case dossier_action::begin_assessment:
            // Where the district had it and has ended, the province takes it over.
            if (step.by == process_actor::province) level_ = council_level::province;
            at_level_since_ = step.on;
            break;
        case dossier_action::forward:
            level_ =
                level_ == council_level::district ? council_level::province : council_level::centre;
            at_level_since_ = to_decide_since_ = step.on;
            break;
        case dossier_action::hand_back:
            level_ = council_level::province;
            at_level_since_ = to_decide_since_ = step.on;
            central_ = step.result;
            break;
        case dossier_action::assess_again:
            at_level_since_ = step.on;
            central_.reset();
            break;
        case dossier_action::decide:
            decision_ = step.decision;
            break;
        case dossier_action::refuse:
            break;
        }
        history_.push_back(std::move(step));
    }

    template <class Value>
    [[nodiscard]] static bool holds(const std::vector<Value>& list, const Value& wanted) {
        for (const Value& one : list)
            if (one == wanted) return true;
        return false;
    }

    kept_rules rules_;
    dossier_call call_;
    overrun_reading overrun_ = overrun_reading::file_anew;
    dossier_state state_ = dossier_state::draft;
    dossier_state resume_ = dossier_state::filed;  ///< where it goes on when completed
    std::optional<council_level> level_;
    std::optional<session_result> central_;  ///< what the centre handed back to the province
    std::optional<date> filed_on_;
    std::optional<date> complete_on_;
    std::optional<date> at_level_since_;   ///< from when sessions of the level are on it
    std::optional<date> to_decide_since_;  ///< from when the level has the complete proposal
    std::optional<date> last_;
    std::optional<date> until_;
    std::vector<std::string> asked_;
    std::vector<dossier_step> history_;
    std::optional<recognition_decision> decision_;
};

}  // namespace ocop
