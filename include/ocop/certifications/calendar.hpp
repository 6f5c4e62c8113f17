/// \file calendar.hpp
/// Working days, deadlines, and the batches in which products are evaluated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/label.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/status.hpp"
#include "ocop/certifications/sorting.hpp"
#include "ocop/certifications/term.hpp"

namespace ocop {

/// Which days are working days (ngày làm việc): Monday to Friday, save the holidays, and the days
/// worked instead of one. Vietnam's holidays follow the lunar calendar and a yearly decision, so that
/// none is bundled: the host gives them. A regular value.
class working_calendar {
public:
    /// Monday to Friday, no holidays.
    working_calendar() = default;
    /// \p holidays do not count, \p made_up days (ngày làm bù) count although they lie on a weekend;
    /// both in any order. \throws error where a day is both, or is no day.
    explicit working_calendar(std::vector<date> holidays, std::vector<date> made_up = {}) {
        problems found;
        auto made = try_make(std::move(holidays), std::move(made_up), found);
        if (!made) throw error(std::move(found));
        *this = std::move(*made);
    }
    /// As the constructor: nothing and every problem in \p found.
    [[nodiscard]] static std::optional<working_calendar> try_make(std::vector<date> holidays,
                                                                  std::vector<date> made_up,
                                                                  problems& found) {
        const std::size_t before = found.size();
        check(holidays, "/holidays", found);
        check(made_up, "/made_up", found);
        if (found.size() != before) return std::nullopt;
        working_calendar made;
        made.holidays_ = sorted(std::move(holidays));
        made.made_up_ = sorted(std::move(made_up));
        for (const date& day : made.made_up_)
            if (holds(made.holidays_, day))
                found.push_back(detail::make_problem(
                    problem_code::contradiction, "/made_up", to_string(day),
                    detail::told("ngày {0} vừa là ngày nghỉ vừa là ngày làm bù: chỉ giữ một",
                                 "{0} is a holiday and a day worked instead: keep one of them",
                                 {to_string(day)})));
        if (found.size() != before) return std::nullopt;
        return made;
    }

    [[nodiscard]] const std::vector<date>& holidays() const noexcept { return holidays_; }
    [[nodiscard]] const std::vector<date>& made_up() const noexcept { return made_up_; }

    /// Whether \p day is worked. Logarithmic in the days given.
    [[nodiscard]] bool is_working(const date& day) const {
        if (holds(made_up_, day)) return true;
        const auto weekday = day.day_of_week().as_number();
        constexpr int sunday = 0;
        constexpr int saturday = 6;
        return weekday != sunday && weekday != saturday && !holds(holidays_, day);
    }

    /// The \p count th working day after \p day, which itself does not count; before it, where
    /// \p count is negative; \p day itself for 0. Nothing outside of the years 1400 to 9999. Linear
    /// in the days passed.
    [[nodiscard]] std::optional<date> add_working_days(const date& day, std::int32_t count) const {
        const std::int32_t step = count < 0 ? -1 : 1;
        std::optional<date> now = day;
        for (std::int32_t left = count; left != 0; left -= step) {
            do {
                now = add_days(*now, step);
            } while (now && !is_working(*now));
            if (!now) return std::nullopt;
        }
        return now;
    }

    friend bool operator==(const working_calendar&, const working_calendar&) = default;

private:
    static void check(const std::vector<date>& days, const std::string& at, problems& found) {
        for (std::size_t i = 0; i < days.size(); ++i)
            if (days[i].is_special())
                found.push_back(detail::make_problem(problem_code::bad_date,
                                                     at + "/" + std::to_string(i), "",
                                                     {"cần một ngày", "a day is needed"}));
    }
    /// In order, each once.
    [[nodiscard]] static std::vector<date> sorted(std::vector<date> days) {
        detail::sort_stably(days, [](const date& a, const date& b) { return a < b; });
        std::vector<date> once;
        once.reserve(days.size());
        for (const date& day : days)
            if (once.empty() || once.back() != day) once.push_back(day);
        return once;
    }
    [[nodiscard]] static bool holds(const std::vector<date>& days, const date& day) noexcept {
        std::size_t low = 0;
        std::size_t high = days.size();
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (days[middle] < day)
                low = middle + 1;
            else
                high = middle;
        }
        return low < days.size() && days[low] == day;
    }

    std::vector<date> holidays_;
    std::vector<date> made_up_;
};

/// A last day for something, and where it comes from.
struct deadline {
    std::string id;  ///< stable name: "commune_report"
    label text;
    date last_day;
    status known = status::verified;
    std::string source;

    friend bool operator==(const deadline&, const deadline&) = default;
};

/// The day that \p span gives, counted from \p start; back from it for the spans of counts_back().
/// Nothing outside of the calendar. Working days follow \p days; the day of \p start does not count.
[[nodiscard]] inline std::optional<date> day_of(const time_span& span, const date& start,
                                                const working_calendar& days = {}) {
    const std::int32_t length = counts_back(span.rule) ? -span.length : span.length;
    switch (span.unit) {
    case time_unit::months:
        return add_months(start, length);
    case time_unit::days:
        return add_days(start, length);
    case time_unit::working_days:
        return days.add_working_days(start, length);
    }
    return std::nullopt;
}

/// The deadline that \p regulation sets by \p rule, counted from \p start. Nothing where it sets
/// none (or none is known), and outside of the calendar.
[[nodiscard]] inline std::optional<deadline> deadline_of(std::string_view regulation,
                                                         time_rule rule, const date& start,
                                                         const working_calendar& days = {},
                                                         std::string_view level = {}) {
    const time_span* span = find_span(regulation, rule, level);
    if (span == nullptr) return std::nullopt;
    const auto last = day_of(*span, start, days);
    if (!last) return std::nullopt;
    return deadline{std::string(name_of(rule)), label_of(rule), *last, span->known,
                    std::string(span->source)};
}

/// A batch (đợt) of evaluation. "Before" a day excludes the day (26/2026/QĐ-TTg art. 5).
struct evaluation_batch {
    /// Province: the commune proposes and the province decides. Centre: the province proposes and
    /// the ministry decides.
    council_level level = council_level::province;
    date propose_before;
    date decide_before;
    bool extra = false;  ///< of the host, by the council's regulation and a plan
    std::string source;

    /// The last day on which the lower level may propose; nothing before the calendar begins.
    [[nodiscard]] std::optional<date> last_day_to_propose() const {
        return add_days(propose_before, -1);
    }
    /// The last day on which it is decided.
    [[nodiscard]] std::optional<date> last_day_to_decide() const {
        return add_days(decide_before, -1);
    }

    friend bool operator==(const evaluation_batch&, const evaluation_batch&) = default;
};

/// The yearly batches, as days of the year: every batch is decided in the year that it is proposed in.
struct batch_rule {
    council_level level = council_level::province;
    std::uint8_t propose_month = 1;
    std::uint8_t propose_day = 1;
    std::uint8_t decide_month = 1;
    std::uint8_t decide_day = 1;
};
inline constexpr std::array batch_rules{batch_rule{council_level::province, 4, 30, 6, 30},
                                        batch_rule{council_level::province, 10, 30, 12, 30},
                                        batch_rule{council_level::centre, 1, 30, 3, 30},
                                        batch_rule{council_level::centre, 7, 30, 9, 30}};
inline constexpr std::string_view batch_source = "26/2026/QĐ-TTg art. 5";

/// The next batch for what is proposed on \p day to a council of \p level: the one whose last day to
/// propose is the nearest, of the yearly ones (from 2026-05-22 on) and \p extra. Nothing for the
/// district, and where none follows: under 1048 and 148 local plans set the days, which only the
/// host knows. Linear in \p extra.
[[nodiscard]] inline std::optional<evaluation_batch> next_batch(
    council_level level, const date& day, const std::vector<evaluation_batch>& extra = {}) {
    std::optional<evaluation_batch> best;
    const auto take = [&](evaluation_batch batch) {
        if (batch.level == level && batch.propose_before > day &&
            (!best || batch.propose_before < best->propose_before))
            best = std::move(batch);
    };
    if (count_of(day) >= certificate_rules{}.in_force) {
        constexpr int last_year = 9999;
        const int this_year = day.year();
        for (int year = this_year; year <= this_year + 1 && year <= last_year; ++year)
            for (const batch_rule& rule : batch_rules) {
                const auto y = static_cast<unsigned short>(year);
                take({rule.level, date(y, rule.propose_month, rule.propose_day),
                      date(y, rule.decide_month, rule.decide_day), false,
                      std::string(batch_source)});
            }
    }
    for (const evaluation_batch& batch : extra) take(batch);
    return best;
}

}  // namespace ocop
