/// \file term.hpp
/// How long a certificate (giấy chứng nhận) lasts, and the other spans of time that the decisions
/// set around it: one table, with the status and source of each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ocop/base/date.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/status.hpp"

namespace ocop {

/// What a span of time is for.
enum class time_rule : std::uint8_t {
    certificate_term,      ///< from the certificate's day to its last valid day
    renewal_opens,         ///< first day to file for renewal, before the last valid day
    renewal_closes,        ///< last day to file for renewal, before the last valid day
    renewal_notice,        ///< notice of the issuing body, before the last valid day
    decision_on_renewal,   ///< from the complete dossier to the decision, at each level
    commune_report,        ///< from the dossier's receipt to the commune's report
    withdrawal,            ///< from the authority's conclusion or the commune's confirmation
    grace,                 ///< the most that a certificate outlives its term
    files_before_meeting,  ///< the members have the dossier, before the council sits
};

template <>
struct names<time_rule> {
    static constexpr std::array<std::string_view, 9> all{
        "certificate_term",    "renewal_opens",  "renewal_closes", "renewal_notice",
        "decision_on_renewal", "commune_report", "withdrawal",     "grace",
        "files_before_meeting"};
};
template <>
struct terms<time_rule> {
    static constexpr std::array<term, 9> all{
        {{"thời hạn giấy chứng nhận", "term of the certificate"},
         {"ngày đầu nộp hồ sơ đánh giá lại", "first day to file for renewal"},
         {"ngày cuối nộp hồ sơ đánh giá lại", "last day to file for renewal"},
         {"thông báo trước khi hết hạn", "notice before expiry"},
         {"quyết định đánh giá lại", "decision on a renewal"},
         {"báo cáo của cấp xã", "report of the commune"},
         {"thu hồi", "withdrawal"},
         {"thời gian gia hạn tạm", "grace after expiry"},
         {"gửi hồ sơ cho thành viên hội đồng", "files to members before the meeting"}}};
};

/// In what a span of time is counted.
enum class time_unit : std::uint8_t { months, days, working_days };

template <>
struct names<time_unit> {
    static constexpr std::array<std::string_view, 3> all{"months", "days", "working_days"};
};
template <>
struct terms<time_unit> {
    static constexpr std::array<term, 3> all{
        {{"tháng", "months"}, {"ngày", "days"}, {"ngày làm việc", "working days"}}};
};

/// A span of time that a decision sets.
struct time_span {
    time_rule rule{};
    std::string_view regulation;  ///< id of the regulation: "26-2026"
    std::int32_t length = 0;
    time_unit unit = time_unit::days;
    status known = status::verified;
    std::string_view source;
    /// "district", "province", "centre" where the span is one level's, or empty.
    std::string_view level{};

    friend bool operator==(const time_span&, const time_span&) = default;
};

/// Every span of time known of the three regulations. What is not here is not known.
inline constexpr std::array time_spans{
    time_span{time_rule::certificate_term, "1048-2019", 36, time_unit::months, status::verified,
              "1048/QĐ-TTg art. 1.3"},
    time_span{time_rule::files_before_meeting, "1048-2019", 1, time_unit::working_days,
              status::verified, "1048/QĐ-TTg", "district"},
    time_span{time_rule::files_before_meeting, "1048-2019", 2, time_unit::working_days,
              status::verified, "1048/QĐ-TTg", "province"},
    time_span{time_rule::files_before_meeting, "1048-2019", 5, time_unit::working_days,
              status::verified, "1048/QĐ-TTg", "centre"},
    time_span{time_rule::certificate_term, "148-2023", 36, time_unit::months, status::secondary,
              "148/QĐ-TTg"},
    time_span{time_rule::renewal_notice, "148-2023", 30, time_unit::days, status::secondary,
              "148/QĐ-TTg Annex II"},
    time_span{time_rule::files_before_meeting, "148-2023", 1, time_unit::working_days,
              status::secondary, "148/QĐ-TTg Annex II", "district"},
    time_span{time_rule::certificate_term, "26-2026", 36, time_unit::months, status::verified,
              "26/2026/QĐ-TTg art. 4.3"},
    time_span{time_rule::renewal_opens, "26-2026", 180, time_unit::days, status::verified,
              "26/2026/QĐ-TTg"},
    time_span{time_rule::renewal_closes, "26-2026", 120, time_unit::days, status::verified,
              "26/2026/QĐ-TTg"},
    time_span{time_rule::decision_on_renewal, "26-2026", 45, time_unit::days, status::verified,
              "26/2026/QĐ-TTg"},
    time_span{time_rule::commune_report, "26-2026", 15, time_unit::working_days, status::verified,
              "26/2026/QĐ-TTg art. 7.2"},
    time_span{time_rule::withdrawal, "26-2026", 15, time_unit::days, status::verified,
              "26/2026/QĐ-TTg art. 8"},
    time_span{time_rule::grace, "26-2026", 180, time_unit::days, status::verified,
              "26/2026/QĐ-TTg art. 12.3"}};

/// Whether spans of \p rule count back from a day, and not on from it.
[[nodiscard]] constexpr bool counts_back(time_rule rule) noexcept {
    return rule == time_rule::renewal_opens || rule == time_rule::renewal_closes ||
           rule == time_rule::renewal_notice || rule == time_rule::files_before_meeting;
}

/// The span of \p rule under \p regulation (at \p level, where levels differ), or null where none
/// is known.
[[nodiscard]] constexpr const time_span* find_span(std::string_view regulation, time_rule rule,
                                                   std::string_view level = {}) noexcept {
    for (const time_span& span : time_spans)
        if (span.rule == rule && span.regulation == regulation && span.level == level) return &span;
    return nullptr;
}

/// The days and spans that a certificate's state follows from. The default is the law as bundled;
/// a host with another decision gives its own.
struct certificate_rules {
    /// Months of a certificate whose decision states no term of its own.
    std::int32_t months = find_span("26-2026", time_rule::certificate_term)->length;
    /// The day from which renewals have a window and results their fixed term: 26/2026/QĐ-TTg art.
    /// 11. Results from before run to the term in their decision (art. 12.1).
    day_count in_force = count_of(2026, 5, 22);
    /// The window for renewal, in days before the last valid day, both ends included.
    std::int32_t opens = find_span("26-2026", time_rule::renewal_opens)->length;
    std::int32_t closes = find_span("26-2026", time_rule::renewal_closes)->length;
    /// Most days that a certificate outlives its term while its renewal is not decided, where it was
    /// due too soon after \ref in_force (art. 12.3).
    std::int32_t grace = find_span("26-2026", time_rule::grace)->length;

    friend bool operator==(const certificate_rules&, const certificate_rules&) = default;
};

/// Whether a certificate that ends on \p end was due too soon after the decision for its window:
/// still in force on the decision's first day, when its window had closed or was closing.
/// A reading of 26/2026/QĐ-TTg art. 12.3: expiry up to 2026-09-19.
[[nodiscard]] constexpr bool due_too_soon(day_count end, const certificate_rules& by) noexcept {
    return end >= by.in_force && end - by.closes <= by.in_force;
}

/// The last valid day of a certificate issued on \p start: the same day of the month, 36 months
/// later (2019-12-23: 2022-12-23, as a published notice counts), clamped to the month's length.
/// Nothing where that lies beyond 9999-12-31. 26/2026/QĐ-TTg art. 4.3, 1048/QĐ-TTg art. 1.3.
[[nodiscard]] inline std::optional<date> last_valid_day(const date& start,
                                                        const certificate_rules& by = {}) {
    return add_months(start, by.months);
}

/// Days from which to which a renewal is filed, both included.
struct filing_window {
    std::optional<date> from;   ///< nothing where it lies outside of the calendar
    std::optional<date> until;  ///< nothing where it lies outside of the calendar

    friend bool operator==(const filing_window&, const filing_window&) = default;
};

/// The window for the renewal of a certificate whose last valid day is \p last: 180 to 120 days
/// before it (26/2026/QĐ-TTg). Nothing where the window closed before that decision was in force.
[[nodiscard]] inline std::optional<filing_window> renewal_window(const date& last,
                                                                 const certificate_rules& by = {}) {
    const day_count end = count_of(last);
    if (end - by.closes < by.in_force) return std::nullopt;
    return filing_window{date_of(end - by.opens), date_of(end - by.closes)};
}

}  // namespace ocop
