/// \file certificate_process.hpp
/// A product's certificate as it is kept by those who may act on it: issued on a recognition decision
/// alone, withdrawn by the authority. (certificate.hpp tells what happened, as lists tell it; this
/// lets happen only what may.)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/certifications/calendar.hpp"
#include "ocop/certifications/certificate.hpp"
#include "ocop/certifications/dossier.hpp"
#include "ocop/certifications/procedure.hpp"
#include "ocop/certifications/recognition.hpp"

namespace ocop {

/// Who withdraws a certificate.
struct withdrawal_rule {
    std::string_view regulation;
    int from_stars = 3;
    int to_stars = 5;
    process_actor by = process_actor::province;
    status known = status::verified;
    std::string_view source;
};
/// Before 26/2026/QĐ-TTg no rule is known: its rule is taken then too (a reading).
inline constexpr std::array withdrawal_rules{
    withdrawal_rule{"26-2026", 3, 4, process_actor::province, status::verified,
                    "26/2026/QĐ-TTg art. 8"},
    withdrawal_rule{"26-2026", 5, 5, process_actor::ministry, status::verified,
                    "26/2026/QĐ-TTg art. 8"}};

/// A withdrawal: by the chair of the province (3 and 4 stars) or the minister (5 stars), within 15
/// days of the authority's conclusion or, where the product is no longer made, of the commune's
/// confirmation (26/2026/QĐ-TTg art. 8).
struct withdrawal_order {
    std::string number;
    process_actor by = process_actor::province;
    withdrawal_ground ground = withdrawal_ground::other_finding;
    date concluded_on;  ///< the conclusion or confirmation that it rests on
    date on;

    friend bool operator==(const withdrawal_order&, const withdrawal_order&) = default;
};

/// The certificate of one product. A regular value. Nothing but a dossier that was decided by a level
/// that may, and is on this product, issues one.
class certificate_process {
public:
    /// The certificate of the product \p product: none yet. \p past goes on from what is known to have
    /// happened: certificates issued before records were kept here.
    explicit certificate_process(std::string product, certificate_history past = {})
        : product_(std::move(product)), history_(std::move(past)) {}

    [[nodiscard]] const std::string& product() const noexcept { return product_; }
    [[nodiscard]] const certificate_history& history() const noexcept { return history_; }
    /// The decisions that issued certificates here, in the order of time.
    [[nodiscard]] const std::vector<recognition_decision>& decisions() const noexcept {
        return decisions_;
    }
    [[nodiscard]] certificate_standing state_on(const date& on) const {
        return history_.state_on(on);
    }

    /// Issues a certificate on the decision of \p dossier: recognised, upgraded or re-recognised, as
    /// was applied for.
    bool try_issue(const dossier_process& dossier, problems& found) {
        if (!dossier.decision()) {
            detail::need("/decision", "hồ sơ chưa có quyết định công nhận",
                         "the dossier has no recognition decision", found);
            return false;
        }
        const recognition_decision& decision = *dossier.decision();
        if (decision.product() != product_) {
            found.push_back(detail::make_problem(
                problem_code::contradiction, "/product", decision.product(),
                detail::told("quyết định công nhận sản phẩm \"{0}\", không phải \"{1}\"",
                             "the decision recognises the product \"{0}\", not \"{1}\"",
                             {detail::shown(decision.product()), detail::shown(product_)})));
            return false;
        }
        certificate_event event;
        switch (decision.application()) {
        case application::first:
            event.kind = certificate_event_kind::recognised;
            break;
        case application::upgrade:
            event.kind = certificate_event_kind::upgraded;
            break;
        case application::renewal:
            event.kind = certificate_event_kind::re_recognised;
            break;
        }
        event.on = decision.document().signed_on;
        event.stars = decision.stars();
        event.decision = decision.document().number;
        event.level = decision.document().by;
        if (!add(std::move(event), found)) return false;
        decisions_.push_back(decision);
        return true;
    }

    /// Withdraws the certificate in force. After more than 15 days a warning is told; the order
    /// holds all the same, since the decision says nothing of a late one (a reading).
    bool try_withdraw(const withdrawal_order& order, problems& found) {
        problems mine;
        if (order.number.empty())
            detail::need("/number", "quyết định thu hồi cần số hiệu",
                         "a withdrawal needs the number of its decision", mine);
        if (detail::check_day(order.concluded_on, std::nullopt, mine) &&
            detail::check_day(order.on, order.concluded_on, mine)) {
            const certificate_reading now = history_.reading_on(order.on);
            for (const withdrawal_rule& rule : withdrawal_rules)
                if (now.star_number >= rule.from_stars && now.star_number <= rule.to_stars &&
                    rule.by != order.by)
                    mine.push_back(detail::make_problem(
                        problem_code::wrong_actor, "/by", std::string(name_of(order.by)),
                        detail::told("{0} sao do \"{1}\" thu hồi, không phải \"{2}\"",
                                     "{0} stars are for \"{1}\" to withdraw, not for \"{2}\"",
                                     {std::to_string(static_cast<int>(now.star_number)),
                                      name_of(rule.by), name_of(order.by)})));
            if (now.first_day && order.concluded_on < *now.first_day)
                mine.push_back(detail::make_problem(
                    problem_code::wrong_order, "/concluded_on", to_string(order.concluded_on),
                    detail::told("kết luận ngày {0} có trước giấy chứng nhận, cấp ngày {1}",
                                 "the conclusion of {0} is older than the certificate, issued on "
                                 "{1}",
                                 {to_string(order.concluded_on), to_string(*now.first_day)})));
            const auto last = deadline_of("26-2026", time_rule::withdrawal, order.concluded_on);
            if (last && order.on > last->last_day &&
                count_of(order.on) >= history_.rules().in_force)
                mine.push_back(detail::make_problem(
                    problem_code::outside_window, "/on", to_string(order.on),
                    detail::told("hạn thu hồi là {0} (15 ngày kể từ ngày {1})",
                                 "it was to be withdrawn by {0} (15 days from {1})",
                                 {to_string(last->last_day), to_string(order.concluded_on)}),
                    severity::warning));
        }
        const bool good = !has_errors(mine);
        for (problem& p : mine) found.push_back(std::move(p));
        if (!good) return false;
        certificate_event event;
        event.kind = certificate_event_kind::withdrawn;
        event.on = order.on;
        event.decision = order.number;
        event.ground = order.ground;
        return add(std::move(event), found);
    }

    /// Hands the certificate in force to \p producer; its term runs on.
    bool try_transfer(std::string producer, std::string decision, const date& on, problems& found) {
        if (producer.empty()) {
            detail::need("/producer", "chuyển cho ai?", "to whom is it transferred?", found);
            return false;
        }
        certificate_event event;
        event.kind = certificate_event_kind::transferred;
        event.on = on;
        event.decision = std::move(decision);
        event.producer = std::move(producer);
        return add(std::move(event), found);
    }

    /// Notes that a dossier was filed (or refused), which a grace depends on.
    bool try_note(certificate_event_kind kind, application what, const date& on, problems& found) {
        if (kind != certificate_event_kind::filed && kind != certificate_event_kind::refused &&
            kind != certificate_event_kind::proposed) {
            found.push_back(detail::make_problem(
                problem_code::step_not_allowed, "/kind", std::string(name_of(kind)),
                {"chỉ ghi được việc nộp, đề nghị hoặc từ chối; giấy chứng nhận cần quyết định công "
                 "nhận",
                 "only filing, proposal and refusal are noted; a certificate needs a recognition "
                 "decision"}));
            return false;
        }
        certificate_event event;
        event.kind = kind;
        event.on = on;
        if (kind != certificate_event_kind::proposed) event.application = what;
        return add(std::move(event), found);
    }

    friend bool operator==(const certificate_process&, const certificate_process&) = default;

private:
    /// Records go forward in time.
    bool add(certificate_event event, problems& found) {
        std::optional<date> last;
        if (!history_.events().empty()) last = history_.events().back().on;
        if (!detail::check_day(event.on, last, found)) return false;
        auto next = history_.try_add(std::move(event), found);
        if (!next) return false;
        history_ = std::move(*next);
        return true;
    }

    std::string product_;
    certificate_history history_;
    std::vector<recognition_decision> decisions_;
};

}  // namespace ocop
