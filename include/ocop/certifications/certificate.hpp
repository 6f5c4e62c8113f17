/// \file certificate.hpp
/// The life of a product's certificate (giấy chứng nhận): what happened to it, and what it is worth on
/// a day (rules §9).
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
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/base/status.hpp"
#include "ocop/certifications/sorting.hpp"
#include "ocop/certifications/term.hpp"
#include "ocop/criteria/application.hpp"
#include "ocop/ranking/assessment.hpp"

namespace ocop {

/// What happens to a certificate. Events of one day happen in this order.
enum class certificate_event_kind : std::uint8_t {
    proposed,    ///< a lower council forwards it: "đề nghị"; no certificate yet
    filed,       ///< the producer files a dossier
    refused,     ///< the dossier or the proposal ends without recognition
    recognised,  ///< công nhận: a certificate of its own
    re_recognised,  ///< công nhận lại, after re-evaluation; with the same, a higher or a lower star
    upgraded,       ///< nâng hạng: to a higher star
    transferred,  ///< another producer holds it from now on; the term runs on
    withdrawn     ///< thu hồi
};

template <>
struct names<certificate_event_kind> {
    static constexpr std::array<std::string_view, 8> all{"proposed",    "filed",         "refused",
                                                         "recognised",  "re_recognised", "upgraded",
                                                         "transferred", "withdrawn"};
};
template <>
struct terms<certificate_event_kind> {
    static constexpr std::array<term, 8> all{{{"đề nghị", "proposed"},
                                              {"nộp hồ sơ", "filed"},
                                              {"không công nhận", "refused"},
                                              {"công nhận", "recognised"},
                                              {"công nhận lại", "re-recognised"},
                                              {"nâng hạng", "upgraded"},
                                              {"chuyển chủ thể", "transferred"},
                                              {"thu hồi", "withdrawn"}}};
};

/// Whether \p kind gives a certificate with a term of its own.
[[nodiscard]] constexpr bool issues(certificate_event_kind kind) noexcept {
    return kind == certificate_event_kind::recognised ||
           kind == certificate_event_kind::re_recognised ||
           kind == certificate_event_kind::upgraded;
}

/// Why a certificate is withdrawn: the six grounds of 26/2026/QĐ-TTg art. 8.
enum class withdrawal_ground : std::uint8_t {
    dishonest_dossier,
    criteria_no_longer_met,
    law_breached,
    mark_misused,
    no_longer_produced,
    other_finding
};

template <>
struct names<withdrawal_ground> {
    static constexpr std::array<std::string_view, 6> all{
        "dishonest_dossier", "criteria_no_longer_met", "law_breached",
        "mark_misused",      "no_longer_produced",     "other_finding"};
};
template <>
struct terms<withdrawal_ground> {
    static constexpr std::array<term, 6> all{
        {{"hồ sơ không trung thực, giả mạo", "dishonest or forged dossier"},
         {"không còn đáp ứng tiêu chí", "criteria no longer met"},
         {"vi phạm pháp luật về chất lượng, an toàn thực phẩm, môi trường, sở hữu trí tuệ, nhãn",
          "breach of the law on quality, food safety, environment, intellectual property, labels"},
         {"sử dụng sai nhãn hiệu OCOP", "misuse of the OCOP mark"},
         {"không còn sản xuất", "no longer produced"},
         {"kết luận khác của cơ quan có thẩm quyền", "another finding of the authority"}}};
};

/// What a certificate is worth on a day.
enum class certificate_state : std::uint8_t {
    none,           ///< no certificate was ever issued
    proposed,       ///< none was issued, and a proposal is not decided yet
    valid,          ///< in force
    filing_window,  ///< in force, and these are the days to file for renewal (26/2026/QĐ-TTg)
    expired,        ///< its last valid day has passed
    grace,          ///< past its last day, in force until the renewal is decided (art. 12.3)
    withdrawn
};

template <>
struct names<certificate_state> {
    static constexpr std::array<std::string_view, 7> all{
        "none", "proposed", "valid", "filing_window", "expired", "grace", "withdrawn"};
};
template <>
struct terms<certificate_state> {
    static constexpr std::array<term, 7> all{
        {{"chưa có giấy chứng nhận", "no certificate"},
         {"đang đề nghị", "proposed"},
         {"còn hiệu lực", "valid"},
         {"còn hiệu lực, đang trong thời gian nộp hồ sơ đánh giá lại",
          "valid, in the days to file for renewal"},
         {"hết hạn", "expired"},
         {"quá hạn, còn hiệu lực đến khi có kết quả đánh giá lại",
          "past its term, valid until the renewal is decided"},
         {"đã thu hồi", "withdrawn"}}};
};

/// Whether a certificate in \p state is in force, so that its star may be shown.
[[nodiscard]] constexpr bool in_force(certificate_state state) noexcept {
    return state == certificate_state::valid || state == certificate_state::filing_window ||
           state == certificate_state::grace;
}

/// An event in 16 bytes, without texts: what a state follows from.
struct compact_event {
    date on;
    /// The last valid day that the decision states; a special value (the default) where it states
    /// none.
    date stated_last;
    /// The producer from this event on, as the caller numbers them; 0: as before.
    std::uint32_t producer = 0;
    certificate_event_kind kind = certificate_event_kind::recognised;
    std::uint8_t star_number = 0;     ///< 0: none
    std::uint8_t application_no = 0;  ///< 1 + application; 0: not told
    std::uint8_t ground_no = 0;       ///< 1 + withdrawal_ground; 0: not told

    compact_event() = default;
    compact_event(certificate_event_kind what, const date& day,
                  std::optional<ocop::stars> of = std::nullopt)
        : on(day),
          kind(what),
          star_number(of ? static_cast<std::uint8_t>(of->value()) : std::uint8_t{0}) {}

    [[nodiscard]] std::optional<ocop::stars> stars() const noexcept {
        return ocop::stars::from(star_number);
    }
    [[nodiscard]] std::optional<ocop::application> application() const noexcept {
        if (application_no == 0) return std::nullopt;
        return static_cast<ocop::application>(application_no - 1);
    }
    void application(std::optional<ocop::application> kind_of) noexcept {
        application_no =
            kind_of ? static_cast<std::uint8_t>(1 + static_cast<int>(*kind_of)) : std::uint8_t{0};
    }
    [[nodiscard]] std::optional<withdrawal_ground> ground() const noexcept {
        if (ground_no == 0) return std::nullopt;
        return static_cast<withdrawal_ground>(ground_no - 1);
    }
    void ground(std::optional<withdrawal_ground> why) noexcept {
        ground_no = why ? static_cast<std::uint8_t>(1 + static_cast<int>(*why)) : std::uint8_t{0};
    }

    friend bool operator==(const compact_event&, const compact_event&) = default;
};
static_assert(sizeof(compact_event) == 16);

/// Whether \p a happens before \p b: by day, on one day in the order of the kinds, then of the kinds
/// of application.
[[nodiscard]] inline bool happens_before(const compact_event& a, const compact_event& b) noexcept {
    if (a.on != b.on) return a.on < b.on;
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.application_no < b.application_no;
}

/// What the events say on a day, without texts. Places are places in the events given, or
/// certificate_reading::nowhere.
struct certificate_reading {
    static constexpr std::uint32_t nowhere = 0xFFFFFFFFU;

    certificate_state state = certificate_state::none;
    std::uint8_t star_number = 0;        ///< of the last certificate, in force or not; 0: none
    std::uint32_t issue = nowhere;       ///< the event that issued the last certificate
    std::uint32_t withdrawal = nowhere;  ///< the event that withdrew it
    std::uint32_t renewal = nowhere;     ///< the filing for its renewal, not decided yet
    std::uint32_t proposal = nowhere;    ///< a proposal that is not decided yet
    std::uint32_t refusal = nowhere;     ///< the last refusal since it was issued
    std::uint32_t holder = nowhere;      ///< the event that named the producer
    std::optional<date> first_day;       ///< of the last certificate
    std::optional<date> last_valid_day;  ///< of it; nothing also beyond 9999-12-31
    std::optional<date> filing_from;     ///< nothing where no window applies
    std::optional<date> filing_until;
    std::optional<date> grace_until;  ///< last day of grace, where grace applies to it

    /// The star of the certificate in force; nothing where none is.
    [[nodiscard]] std::optional<ocop::stars> stars() const noexcept {
        return in_force(state) ? ocop::stars::from(star_number) : std::nullopt;
    }
    /// The star of the last certificate where it is not in force any more.
    [[nodiscard]] std::optional<ocop::stars> former_stars() const noexcept {
        return in_force(state) ? std::nullopt : ocop::stars::from(star_number);
    }

    friend bool operator==(const certificate_reading&, const certificate_reading&) = default;
};

namespace detail {

/// Walks through the events up to a day and keeps what still matters then.
inline void follow(std::span<const compact_event> events, const date& on,
                   certificate_reading& now) noexcept {
    constexpr std::uint32_t nowhere = certificate_reading::nowhere;
    for (std::uint32_t i = 0; i < events.size() && events[i].on <= on; ++i) {
        const compact_event& e = events[i];
        if (e.producer != 0) now.holder = i;
        switch (e.kind) {
        case certificate_event_kind::proposed:
            now.proposal = i;
            break;
        case certificate_event_kind::filed:
            // Where a certificate exists and nothing else is told, what is filed is its renewal. What
            // is handed in later adds to it.
            if (now.issue != nowhere && now.renewal == nowhere &&
                e.application().value_or(application::renewal) == application::renewal)
                now.renewal = i;
            break;
        case certificate_event_kind::refused:
            now.refusal = i;
            now.proposal = nowhere;
            if (e.application().value_or(application::renewal) == application::renewal)
                now.renewal = nowhere;
            break;
        case certificate_event_kind::recognised:
        case certificate_event_kind::re_recognised:
        case certificate_event_kind::upgraded:
            now.issue = i;
            now.star_number = e.star_number;
            // A province that gives 4 stars and proposes 5 on the same day still proposes them; any
            // later recognition is the answer to the proposal.
            if (now.proposal != nowhere && (events[now.proposal].on != e.on ||
                                            events[now.proposal].star_number <= e.star_number))
                now.proposal = nowhere;
            now.withdrawal = now.renewal = now.refusal = nowhere;
            break;
        case certificate_event_kind::transferred:
            break;
        case certificate_event_kind::withdrawn:
            now.withdrawal = i;
            now.renewal = nowhere;
            break;
        }
    }
}

/// The count of the last valid day of the certificate that \p e issues.
[[nodiscard]] inline day_count end_of_term(const compact_event& e, const certificate_rules& by) {
    return e.stated_last.is_special() ? months_after(e.on, by.months) : count_of(e.stated_last);
}

}  // namespace detail

/// What \p events, in the order of happens_before(), say on \p on. Events after that day change
/// nothing. No allocation; linear in the events. Days that are special values are before every day.
/// \p on must be a day. rules §9.
[[nodiscard]] inline certificate_reading read_certificate(std::span<const compact_event> events,
                                                          const date& on,
                                                          const certificate_rules& by = {}) {
    constexpr std::uint32_t nowhere = certificate_reading::nowhere;
    certificate_reading now;
    if (on.is_special()) return now;
    detail::follow(events, on, now);
    if (now.issue == nowhere) {
        if (now.withdrawal != nowhere)  // of a history that does not tell the recognition
            now.state = certificate_state::withdrawn;
        else if (now.proposal != nowhere)
            now.state = certificate_state::proposed;
        return now;
    }
    const compact_event& issue = events[now.issue];
    const day_count today = count_of(on);
    const day_count end = detail::end_of_term(issue, by);
    now.first_day = issue.on;
    now.last_valid_day = date_of(end);
    if (now.withdrawal != nowhere) {
        now.state = certificate_state::withdrawn;
        // It was worth nothing from the day of its withdrawal.
        const day_count before = count_of(events[now.withdrawal].on) - 1;
        if (before < end) now.last_valid_day = date_of(before);
        return now;
    }
    const bool window = end - by.closes >= by.in_force;
    if (window) {
        now.filing_from = date_of(end - by.opens);
        now.filing_until = date_of(end - by.closes);
    }
    if (today <= end) {
        const bool open =
            window && today >= by.in_force && today >= end - by.opens && today <= end - by.closes;
        now.state = open ? certificate_state::filing_window : certificate_state::valid;
    } else {
        now.state = certificate_state::expired;
    }
    // The renewal was filed while the certificate was in force: it "stays" valid.
    if (due_too_soon(end, by) && now.renewal != nowhere &&
        count_of(events[now.renewal].on) <= end) {
        now.grace_until = date_of(end + by.grace);
        if (today > end && today <= end + by.grace) now.state = certificate_state::grace;
    }
    return now;
}

/// Whether the events of a history are all there are, or those that a list happens to tell.
enum class history_extent {
    whole,  ///< an event that needs an earlier one that is missing is a problem (default)
    part    ///< earlier events may be unknown: a re-recognition may be the first event told
};

/// Lists in \p found what cannot be in \p sorted (in the order of happens_before()): two answers
/// on one day, a withdrawal or transfer of nothing, an upgrade that is none, stars that nobody
/// recognises, terms that no decision may give. `places[i]` is the place of `sorted[i]` in the
/// input, for the pointer "<at>/<place>"; empty: places as sorted. Linear in the events.
inline void validate(std::span<const compact_event> sorted, problems& found,
                     std::string_view at = "/events", std::span<const std::size_t> places = {},
                     history_extent extent = history_extent::whole,
                     const certificate_rules& by = {});

/// An event of a certificate's history, with its texts.
struct certificate_event {
    certificate_event_kind kind = certificate_event_kind::recognised;
    date on;
    std::optional<ocop::stars> stars;  ///< of the certificate, or those proposed
    std::string decision;              ///< "1045/QĐ-UBND"; empty where not told
    std::optional<withdrawal_ground> ground;
    std::optional<council_level> level;            ///< who decided
    std::optional<ocop::application> application;  ///< what was filed or refused
    /// The last valid day that the decision states, where it states a term of its own: results from
    /// before 2026-05-22 run to it (26/2026/QĐ-TTg art. 12.1).
    std::optional<date> last_valid_day;
    std::string producer;  ///< who holds the certificate from this event on; empty: as before

    friend bool operator==(const certificate_event&, const certificate_event&) = default;
};

/// \p event without its texts; \p producer is the caller's number for its producer.
[[nodiscard]] inline compact_event compact(const certificate_event& event,
                                           std::uint32_t producer = 0) {
    compact_event made(event.kind, event.on, event.stars);
    if (event.last_valid_day) made.stated_last = *event.last_valid_day;
    made.producer = producer;
    made.application(event.application);
    made.ground(event.ground);
    return made;
}

/// What a certificate is worth on a day, and why.
struct certificate_standing {
    certificate_state state = certificate_state::none;
    std::optional<ocop::stars> stars;     ///< of the certificate in force; nothing else is shown
    std::optional<ocop::stars> proposed;  ///< of a proposal not decided yet
    std::optional<ocop::stars> former_stars;  ///< of the last certificate, no longer in force
    std::string producer;                     ///< who holds it; empty where not told
    std::optional<date> first_day;
    /// The last day of its term, or the day before its withdrawal. Nothing beyond 9999-12-31.
    std::optional<date> last_valid_day;
    std::optional<date> filing_from;  ///< nothing where no window applies (before 26/2026/QĐ-TTg)
    std::optional<date> filing_until;
    std::optional<date> grace_until;
    std::vector<note> reasons;  ///< what it follows from, each with its source

    friend bool operator==(const certificate_standing&, const certificate_standing&) = default;
};

/// Everything that happened to the certificate of one product. A regular value: its events are in
/// the order of time and contradict nothing.
class certificate_history {
public:
    /// No event yet.
    certificate_history() = default;
    /// The history of \p events, given in any order. \throws error with every problem.
    explicit certificate_history(std::vector<certificate_event> events,
                                 history_extent extent = history_extent::whole,
                                 const certificate_rules& by = {});
    /// As the constructor: nothing and every problem in \p found, with pointers "<at>/<place>".
    /// Warnings are added to \p found in both cases.
    [[nodiscard]] static std::optional<certificate_history> try_make(
        std::vector<certificate_event> events, problems& found, std::string_view at = "/events",
        history_extent extent = history_extent::whole, const certificate_rules& by = {});

    /// In the order of time.
    [[nodiscard]] const std::vector<certificate_event>& events() const noexcept { return events_; }
    [[nodiscard]] const certificate_rules& rules() const noexcept { return by_; }

    /// This history with \p event too, or nothing and the problems. This one stays as it is.
    [[nodiscard]] std::optional<certificate_history> try_add(certificate_event event,
                                                             problems& found) const;

    /// What the certificate is worth on \p on, which depends on no event after that day.
    /// \throws error where \p on is no day.
    [[nodiscard]] certificate_standing state_on(const date& on) const;
    /// As state_on(), without texts.
    [[nodiscard]] certificate_reading reading_on(const date& on) const {
        return read_certificate(compact_, on, by_);
    }

    friend bool operator==(const certificate_history&, const certificate_history&) = default;

private:
    std::vector<certificate_event> events_;
    std::vector<compact_event> compact_;
    history_extent extent_ = history_extent::whole;
    certificate_rules by_;
};

namespace detail {

/// A text with a star in it: "3 sao" / "3 stars".
[[nodiscard]] inline label of_stars(std::uint8_t number) {
    const std::string digit = std::to_string(static_cast<int>(number));
    return {digit + " sao", digit + " stars"};
}

/// What two events of one day cannot both be.
class history_checker {
public:
    history_checker(std::span<const compact_event> sorted, std::span<const std::size_t> places,
                    std::string_view at, history_extent extent, const certificate_rules& by,
                    problems& found)
        : sorted_(sorted), places_(places), at_(at), extent_(extent), by_(by), found_(found) {}

    /// Each event by itself, where others are missing that it might need.
    void check_each() {
        for (std::size_t i = 0; i < sorted_.size(); ++i)
            if (!sorted_[i].on.is_special()) check_one(i);
    }

    void check() {
        for (std::size_t i = 0; i < sorted_.size(); ++i) {
            const compact_event& e = sorted_[i];
            if (e.on.is_special()) {
                tell(problem_code::bad_date, i, "/on", "",
                     told("sự kiện cần một ngày", "an event needs a day", {}));
                return;
            }
            if (i > 0 && happens_before(e, sorted_[i - 1])) {
                tell(problem_code::wrong_order, i, "/on", to_string(e.on),
                     told("sự kiện ngày {0} đứng sau một sự kiện muộn hơn: hãy xếp theo ngày",
                          "the event of {0} stands after a later one: sort them by day",
                          {to_string(e.on)}));
                return;
            }
            check_one(i);
            check_same_day(i);
            check_before(i);
            take(i);
        }
    }

private:
    void tell(problem_code code, std::size_t i, std::string_view key, std::string value,
              label message, severity grade = severity::error) {
        const std::size_t place = i < places_.size() ? places_[i] : i;
        found_.push_back(
            make_problem(code, std::string(at_) + "/" + std::to_string(place) + std::string(key),
                         std::move(value), std::move(message), grade));
    }

    /// An event by itself.
    void check_one(std::size_t i) {
        const compact_event& e = sorted_[i];
        const std::string digit = std::to_string(static_cast<int>(e.star_number));
        if (e.star_number > stars::highest)
            tell(problem_code::bad_value, i, "/stars", digit,
                 told("số sao {0} không hợp lệ: từ 3 đến 5", "{0} stars do not exist: give 3 to 5",
                      {digit}));
        else if (issues(e.kind) && e.star_number == 0)
            tell(problem_code::missing_key, i, "/stars", "",
                 told("\"{0}\" cần số sao", "\"{0}\" needs stars", {name_of(e.kind)}));
        // 26/2026/QĐ-TTg art. 4.1a: 1 and 2 stars have no decision and no certificate.
        else if ((issues(e.kind) || e.kind == certificate_event_kind::proposed) &&
                 e.star_number != 0 && e.star_number < least_recognised)
            tell(problem_code::not_recognisable, i, "/stars", digit,
                 told("{0} sao không được công nhận và không có giấy chứng nhận: từ 3 sao",
                      "{0} stars are not recognised and have no certificate: from 3 stars on",
                      {digit}));
        if (e.ground_no != 0 && e.kind != certificate_event_kind::withdrawn)
            tell(problem_code::contradiction, i, "/ground", std::string(name_of(*e.ground())),
                 told("chỉ sự kiện \"withdrawn\" có căn cứ thu hồi; đây là \"{0}\"",
                      "only \"withdrawn\" has a ground; this is \"{0}\"", {name_of(e.kind)}));
        if (e.application_no != 0 && e.kind != certificate_event_kind::filed &&
            e.kind != certificate_event_kind::refused)
            tell(problem_code::contradiction, i, "/application",
                 std::string(name_of(*e.application())),
                 told("chỉ \"filed\" và \"refused\" có loại hồ sơ; đây là \"{0}\"",
                      "only \"filed\" and \"refused\" have an application; this is \"{0}\"",
                      {name_of(e.kind)}));
        check_term(i);
    }

    void check_term(std::size_t i) {
        const compact_event& e = sorted_[i];
        if (e.stated_last.is_special()) return;
        const std::string last = to_string(e.stated_last);
        if (!issues(e.kind)) {
            tell(problem_code::contradiction, i, "/last_valid_day", last,
                 told("sự kiện \"{0}\" không cấp giấy chứng nhận nên không có thời hạn",
                      "\"{0}\" issues no certificate and has no term", {name_of(e.kind)}));
            return;
        }
        if (e.stated_last < e.on) {
            tell(problem_code::bad_term, i, "/last_valid_day", last,
                 told("ngày hết hạn {0} đứng trước ngày cấp {1}",
                      "the last valid day {0} lies before the day of issue {1}",
                      {last, to_string(e.on)}));
            return;
        }
        // Art. 12.1 lets older results run to the term in their decision; art. 4.3 fixes new ones.
        const day_count usual = months_after(e.on, by_.months);
        if (count_of(e.on) >= by_.in_force && count_of(e.stated_last) != usual) {
            const auto day = date_of(usual);
            const std::string right = day ? to_string(*day) : std::string("…");
            tell(problem_code::bad_term, i, "/last_valid_day", last,
                 told("giấy chứng nhận cấp ngày {0} có hiệu lực đến {1}, không phải {2} (26/2026, "
                      "điều 4.3); hãy bỏ \"last_valid_day\"",
                      "a certificate issued on {0} lasts to {1}, not to {2} (26/2026, art. 4.3); "
                      "leave \"last_valid_day\" out",
                      {to_string(e.on), right, last}));
        }
    }

    /// Two events of one day must leave one answer.
    void check_same_day(std::size_t i) {
        const compact_event& e = sorted_[i];
        for (std::size_t k = i; k-- > 0 && sorted_[k].on == e.on;) {
            const compact_event& other = sorted_[k];
            const bool papers = e.kind == certificate_event_kind::filed ||
                                e.kind == certificate_event_kind::refused;
            const bool twice =
                other.kind == e.kind && !(papers && other.application_no != e.application_no);
            const bool both_issue = issues(e.kind) && issues(other.kind);
            const bool both_ways =
                e.kind == certificate_event_kind::withdrawn && issues(other.kind);
            if (!twice && !both_issue && !both_ways) continue;
            tell(problem_code::contradiction, i, "/kind", std::string(name_of(e.kind)),
                 told("\"{0}\" và \"{1}\" cùng ngày {2}: không biết điều nào có hiệu lực",
                      "\"{0}\" and \"{1}\" on one day, {2}: which of them holds is not told",
                      {name_of(other.kind), name_of(e.kind), to_string(e.on)}));
            return;
        }
    }

    /// What an event needs from those before it.
    void check_before(std::size_t i) {
        const compact_event& e = sorted_[i];
        const bool whole = extent_ == history_extent::whole;
        const bool any = issue_ != nullptr;
        const std::string day = to_string(e.on);
        switch (e.kind) {
        case certificate_event_kind::recognised:
            if (any && !withdrawn_ && count_of(e.on) <= end_)
                tell(problem_code::contradiction, i, "/kind", "recognised",
                     told("ngày {0} đã có giấy chứng nhận còn hiệu lực; từ ngày này giấy mới thay "
                          "giấy cũ; nếu là đánh giá lại hay nâng hạng, hãy ghi \"re_recognised\" "
                          "hay \"upgraded\"",
                          "on {0} a certificate is in force already; the new one replaces it; a "
                          "re-evaluation or upgrade is written \"re_recognised\" or \"upgraded\"",
                          {day}),
                     severity::warning);
            break;
        case certificate_event_kind::re_recognised:
            if (!any && whole)
                tell(problem_code::contradiction, i, "/kind", "re_recognised",
                     told("công nhận lại ngày {0} mà trước đó chưa công nhận lần nào: hãy thêm lần "
                          "đầu, hoặc ghi \"recognised\"",
                          "re-recognised on {0} without a recognition before: add the first one, "
                          "or write \"recognised\"",
                          {day}));
            break;
        case certificate_event_kind::upgraded:
            check_upgrade(i, any, whole);
            break;
        case certificate_event_kind::transferred:
            // The end of a grace cannot be told without its filing; it is counted as in force.
            if ((!any && whole) ||
                (any && (withdrawn_ || count_of(e.on) > end_ + (too_soon_ ? by_.grace : 0))))
                tell(problem_code::contradiction, i, "/kind", "transferred",
                     told("ngày {0} không có giấy chứng nhận còn hiệu lực để chuyển",
                          "on {0} no certificate is in force that could be transferred", {day}));
            check_same_star(i);
            break;
        case certificate_event_kind::withdrawn:
            if ((!any && whole) || withdrawn_)
                tell(
                    problem_code::contradiction, i, "/kind", "withdrawn",
                    withdrawn_
                        ? told("giấy chứng nhận đã bị thu hồi trước ngày {0}",
                               "the certificate was withdrawn before {0} already", {day})
                        : told(
                              "thu hồi ngày {0} mà chưa có giấy chứng nhận: hãy thêm lần công nhận",
                              "withdrawn on {0} without a certificate: add its recognition",
                              {day}));
            check_same_star(i);
            break;
        case certificate_event_kind::proposed:
        case certificate_event_kind::filed:
        case certificate_event_kind::refused:
            break;
        }
    }

    void check_upgrade(std::size_t i, bool any, bool whole) {
        const compact_event& e = sorted_[i];
        if (!any && whole) {
            tell(problem_code::contradiction, i, "/kind", "upgraded",
                 told("nâng hạng ngày {0} mà trước đó chưa công nhận lần nào: hãy thêm lần đầu",
                      "upgraded on {0} without a recognition before: add the first one",
                      {to_string(e.on)}));
        } else if (any && (withdrawn_ || count_of(e.on) > end_)) {
            tell(
                problem_code::contradiction, i, "/kind", "upgraded",
                told("ngày {0} không có giấy chứng nhận còn hiệu lực để nâng hạng; được đọc là "
                     "giấy mới; nếu là đánh giá lại, hãy ghi \"re_recognised\"",
                     "on {0} no certificate is in force that could be upgraded; read as a new one; "
                     "a re-evaluation is written \"re_recognised\"",
                     {to_string(e.on)}),
                severity::warning);
        } else if (any && e.star_number != 0 && e.star_number <= issue_->star_number) {
            const std::string to = std::to_string(static_cast<int>(e.star_number));
            const std::string from = std::to_string(static_cast<int>(issue_->star_number));
            tell(problem_code::contradiction, i, "/stars", to,
                 told("nâng hạng từ {0} sao lên {1} sao không phải là nâng hạng: hãy ghi "
                      "\"re_recognised\", hoặc sửa số sao",
                      "from {0} stars to {1} is no upgrade: write \"re_recognised\", or mend the "
                      "stars",
                      {from, to}));
        }
    }

    /// A transfer or withdrawal may tell the stars, but cannot change them.
    void check_same_star(std::size_t i) {
        const compact_event& e = sorted_[i];
        if (e.star_number == 0 || issue_ == nullptr || e.star_number == issue_->star_number) return;
        const std::string told_star = std::to_string(static_cast<int>(e.star_number));
        const std::string star = std::to_string(static_cast<int>(issue_->star_number));
        tell(problem_code::contradiction, i, "/stars", told_star,
             told("giấy chứng nhận có {0} sao, không phải {1}",
                  "the certificate has {0} stars, not {1}", {star, told_star}));
    }

    void take(std::size_t i) {
        const compact_event& e = sorted_[i];
        if (issues(e.kind)) {
            issue_ = &e;
            end_ = end_of_term(e, by_);
            too_soon_ = due_too_soon(end_, by_);
            withdrawn_ = false;
        } else if (e.kind == certificate_event_kind::withdrawn) {
            withdrawn_ = true;
        }
    }

    static constexpr std::uint8_t least_recognised = 3;

    std::span<const compact_event> sorted_;
    std::span<const std::size_t> places_;
    std::string_view at_;
    history_extent extent_;
    const certificate_rules& by_;
    problems& found_;
    const compact_event* issue_ = nullptr;
    day_count end_ = 0;
    bool too_soon_ = false;
    bool withdrawn_ = false;
};

}  // namespace detail

inline void validate(std::span<const compact_event> sorted, problems& found, std::string_view at,
                     std::span<const std::size_t> places, history_extent extent,
                     const certificate_rules& by) {
    detail::history_checker(sorted, places, at, extent, by, found).check();
}

inline std::optional<certificate_history> certificate_history::try_make(
    std::vector<certificate_event> events, problems& found, std::string_view at,
    history_extent extent, const certificate_rules& by) {
    std::vector<compact_event> given;
    std::vector<std::size_t> places;
    given.reserve(events.size());
    places.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        given.push_back(compact(events[i], events[i].producer.empty() ? 0 : 1));
        places.push_back(i);
    }
    detail::sort_stably(places, [&given](std::size_t a, std::size_t b) {
        return happens_before(given[a], given[b]);
    });
    std::vector<compact_event> sorted;
    sorted.reserve(given.size());
    for (std::size_t place : places) sorted.push_back(given[place]);
    problems mine;
    validate(sorted, mine, at, places, extent, by);
    for (problem& p : mine) found.push_back(p);
    if (has_errors(mine)) return std::nullopt;

    certificate_history made;
    made.events_.reserve(events.size());
    for (std::size_t place : places) made.events_.push_back(std::move(events[place]));
    made.compact_ = std::move(sorted);
    made.extent_ = extent;
    made.by_ = by;
    return made;
}

inline certificate_history::certificate_history(std::vector<certificate_event> events,
                                                history_extent extent,
                                                const certificate_rules& by) {
    problems found;
    auto made = try_make(std::move(events), found, "/events", extent, by);
    if (!made) throw error(std::move(found));
    *this = std::move(*made);
}

inline std::optional<certificate_history> certificate_history::try_add(certificate_event event,
                                                                       problems& found) const {
    std::vector<certificate_event> all = events_;
    all.push_back(std::move(event));
    return try_make(std::move(all), found, "/events", extent_, by_);
}

namespace detail {

/// Writes down why a certificate is in a state.
class standing_writer {
public:
    standing_writer(std::span<const certificate_event> events, const certificate_reading& now,
                    const certificate_rules& by, std::vector<note>& to)
        : events_(events), now_(now), by_(by), to_(to) {}

    void write() {
        if (now_.issue == nowhere && now_.state == certificate_state::withdrawn)
            add("recognition_not_told",
                {"lần công nhận trước đó không được ghi", "the recognition before it is not told"});
        else if (now_.issue == nowhere)
            add("no_certificate",
                {"chưa có giấy chứng nhận nào", "no certificate has been issued"});
        else
            issued();
        switch (now_.state) {
        case certificate_state::none:
        case certificate_state::proposed:
        case certificate_state::valid:
            break;
        case certificate_state::filing_window:
            window("filing_window", "đang trong thời gian nộp hồ sơ đánh giá lại, từ {0} đến {1}",
                   "these are the days to file for renewal, from {0} to {1}");
            break;
        case certificate_state::withdrawn:
            withdrawn();
            break;
        case certificate_state::grace:
            grace();
            break;
        case certificate_state::expired:
            expired();
            break;
        }
        pending();
    }

private:
    static constexpr std::uint32_t nowhere = certificate_reading::nowhere;

    void add(std::string id, label text, status known = status::verified, std::string source = {}) {
        to_.push_back({std::move(id), std::move(text), known, std::move(source)});
    }
    void add_rule(std::string id, label text, const time_span* rule) {
        add(std::move(id), std::move(text), rule->known, std::string(rule->source));
    }
    [[nodiscard]] static std::string shown_day(const std::optional<date>& day) {
        return day ? to_string(*day) : std::string("…");
    }

    /// The event in words: "công nhận lại 3 sao ngày 2024-07-01 (QĐ 1045/QĐ-UBND)".
    [[nodiscard]] static label event_text(const certificate_event& e) {
        label text = label_of(e.kind);
        if (e.stars) {
            const label star = of_stars(static_cast<std::uint8_t>(e.stars->value()));
            text = {text.vi + " " + star.vi, text.en + ", " + star.en + ","};
        }
        text.vi += " ngày " + to_string(e.on);
        text.en += " on " + to_string(e.on);
        if (!e.decision.empty()) {
            const std::string number = printable(e.decision);
            text.vi += " (" + number + ")";
            text.en += " (" + number + ")";
        }
        return text;
    }
    /// What happened is told by the history, not read in a decision: secondary.
    void add_event(std::string id, const certificate_event& e, const label& more = {}) {
        label text = event_text(e);
        text.vi += more.vi;
        text.en += more.en;
        add(std::move(id), std::move(text), status::secondary, e.decision);
    }

    void issued() {
        const certificate_event& e = events_[now_.issue];
        add_event(std::string(name_of(e.kind)), e);
        const day_count end =
            e.last_valid_day ? count_of(*e.last_valid_day) : months_after(e.on, by_.months);
        const std::string last = shown_day(date_of(end));
        if (e.last_valid_day) {
            add("stated_term",
                told("quyết định ghi hiệu lực đến {0}", "the decision states that it lasts to {0}",
                     {last}),
                status::secondary, "26/2026/QĐ-TTg art. 12.1");
        } else {
            const std::string months = std::to_string(by_.months);
            add_rule("term",
                     told("hiệu lực {0} tháng kể từ ngày cấp, đến hết ngày {1}",
                          "it lasts {0} months from its day, to the end of {1}", {months, last}),
                     term_rule(e.on));
            if (count_of(e.on) < count_of(2019, 8, 21))
                add("before_the_programme",
                    {"cấp trước bộ tiêu chí quốc gia: kết quả theo bộ tiêu chí của tỉnh chỉ còn "
                     "hiệu "
                     "lực đến 2019-12-31; nếu quyết định ghi thời hạn, hãy ghi \"last_valid_day\"",
                     "issued before the national criteria: results by a province's own criteria "
                     "stayed valid to 2019-12-31 only; where the decision states a term, give "
                     "\"last_valid_day\""},
                    status::verified, "1048/QĐ-TTg art. 3");
        }
        if (!date_of(end))
            add("beyond_calendar", {"hết hạn sau năm 9999, ngoài lịch của thư viện",
                                    "it ends after the year 9999, beyond this library's calendar"});
        else if (!now_.filing_until && now_.state != certificate_state::withdrawn)
            add("no_filing_window",
                {"hạn nộp hồ sơ đánh giá lại 180 đến 120 ngày trước khi hết hạn chỉ có từ "
                 "26/2026/QĐ-TTg; giấy này hết hạn quá sớm để theo quy định đó",
                 "the window of 180 to 120 days before expiry exists since 26/2026/QĐ-TTg; this "
                 "certificate ends too early for it"},
                status::verified, "26/2026/QĐ-TTg");
    }

    /// The decision whose term holds for a certificate of \p day.
    [[nodiscard]] const time_span* term_rule(const date& day) const {
        const day_count count = count_of(day);
        const char* id = count >= by_.in_force            ? "26-2026"
                         : count >= count_of(2023, 2, 24) ? "148-2023"
                                                          : "1048-2019";
        return find_span(id, time_rule::certificate_term);
    }

    void window(const char* id, const char* vi, const char* en) {
        add_rule(id, told(vi, en, {shown_day(now_.filing_from), shown_day(now_.filing_until)}),
                 find_span("26-2026", time_rule::renewal_opens));
    }

    void withdrawn() {
        const certificate_event& e = events_[now_.withdrawal];
        if (e.ground) {
            const label why = label_of(*e.ground);
            add_event("withdrawn", e, {": " + why.vi, ": " + why.en});
        } else {
            add_event("withdrawn", e, {", không rõ căn cứ", ", on a ground that is not told"});
        }
    }

    [[nodiscard]] label filed_text() const {
        const certificate_event& e = events_[now_.renewal];
        return told("hồ sơ đánh giá lại nộp ngày {0}", "a renewal was filed on {0}",
                    {to_string(e.on)});
    }

    void grace() {
        const label filed = filed_text();
        const label rest = told(
            ", chưa có kết quả; hạn {0} đến quá sớm sau 2026-05-22 để kịp thời gian nộp: còn hiệu "
            "lực đến khi có kết quả, lâu nhất đến {1}",
            " and is not decided; the term's end, {0}, came too soon after 2026-05-22 for the "
            "window: valid until the result, at most to {1}",
            {shown_day(now_.last_valid_day), shown_day(now_.grace_until)});
        add("grace", {filed.vi + rest.vi, filed.en + rest.en}, status::inferred,
            std::string(find_span("26-2026", time_rule::grace)->source));
    }

    void expired() {
        const label star = of_stars(now_.star_number);
        const std::string last = shown_day(now_.last_valid_day);
        add("expired", {"hết hạn sau ngày " + last + "; trước đó " + star.vi,
                        "expired after " + last + "; it had " + star.en});
        const time_span* rule = find_span("26-2026", time_rule::grace);
        if (now_.refusal != nowhere)
            add_event("refused", events_[now_.refusal]);
        else if (now_.grace_until)
            add_rule("grace_over",
                     told("thời gian gia hạn tạm {0} ngày đã hết ngày {1}",
                          "the grace of {0} days ended on {1}",
                          {std::to_string(by_.grace), shown_day(now_.grace_until)}),
                     rule);
        else if (now_.renewal != nowhere) {
            const label filed = filed_text();
            add("no_grace",
                {filed.vi + " nhưng không thuộc trường hợp được gia hạn tạm",
                 filed.en + ", but this is no case of grace"},
                status::inferred, std::string(rule->source));
        }
    }

    /// What is not decided yet, and who holds the certificate.
    void pending() {
        if (now_.holder != nowhere &&
            events_[now_.holder].kind == certificate_event_kind::transferred) {
            const std::string to = printable(events_[now_.holder].producer);
            add_event("transferred", events_[now_.holder], {" cho " + to, ", to " + to});
        }
        if (now_.proposal != nowhere)
            add_event("proposed", events_[now_.proposal],
                      {": đề nghị chưa phải là công nhận", ": proposed is not recognised"});
        const bool in_time =
            now_.renewal != nowhere && (now_.state == certificate_state::valid ||
                                        now_.state == certificate_state::filing_window);
        if (in_time) add("renewal_filed", filed_text());
        if (now_.refusal != nowhere && now_.state != certificate_state::expired)
            add_event("refused", events_[now_.refusal]);
    }

    std::span<const certificate_event> events_;
    const certificate_reading& now_;
    const certificate_rules& by_;
    std::vector<note>& to_;
};

}  // namespace detail

inline certificate_standing certificate_history::state_on(const date& on) const {
    if (on.is_special())
        throw error(detail::make_problem(problem_code::bad_date, "", "",
                                         {"cần một ngày", "a day is needed"}));
    const certificate_reading now = reading_on(on);
    constexpr std::uint32_t nowhere = certificate_reading::nowhere;
    certificate_standing told;
    told.state = now.state;
    told.stars = now.stars();
    told.former_stars = now.former_stars();
    if (now.proposal != nowhere) told.proposed = events_[now.proposal].stars;
    if (now.holder != nowhere) told.producer = events_[now.holder].producer;
    told.first_day = now.first_day;
    told.last_valid_day = now.last_valid_day;
    told.filing_from = now.filing_from;
    told.filing_until = now.filing_until;
    told.grace_until = now.grace_until;
    detail::standing_writer(events_, now, by_, told.reasons).write();
    return told;
}

}  // namespace ocop
