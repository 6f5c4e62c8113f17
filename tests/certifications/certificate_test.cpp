// The life of a certificate: days counted by hand, every boundary, contradictions, and properties over
// random histories against a second reading written day by day.
#include "ocop/certifications/certificate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "../support.hpp"

using namespace ocop;
using support::codes;
using support::day;
using kinds = certificate_event_kind;

namespace {

certificate_event event(kinds kind, const char* on, int star = 0) {
    certificate_event e;
    e.kind = kind;
    e.on = day(on);
    if (star != 0) e.stars = stars(star);
    return e;
}

std::string state(const certificate_history& h, const char* on) {
    return std::string(name_of(h.state_on(day(on)).state));
}

bool tells(const certificate_standing& s, std::string_view id) {
    for (const note& n : s.reasons)
        if (n.id == id) return true;
    return false;
}

std::vector<int> wrong(std::vector<certificate_event> events,
                       history_extent extent = history_extent::whole) {
    problems found;
    const auto made = certificate_history::try_make(std::move(events), found, "/events", extent);
    CHECK(made.has_value() == !has_errors(found));
    return codes(found);
}

}  // namespace

TEST_CASE("36 months are the same day of the month, clamped to its length") {
    const auto last = [](const char* start) { return last_valid_day(day(start)); };
    CHECK(last("2019-12-23") == day("2022-12-23"));
    CHECK(last("2024-02-29") == day("2027-02-28"));
    CHECK(last("2021-02-28") == day("2024-02-28"));
    CHECK(last("2021-08-31") == day("2024-08-31"));
    CHECK(last("2021-12-31") == day("2024-12-31"));
    CHECK(last("2025-06-19") == day("2028-06-19"));
    CHECK(last("9996-12-31") == day("9999-12-31"));
    CHECK(last("9997-01-01") == std::nullopt);
    CHECK(last("1400-01-01") == day("1403-01-01"));
    CHECK(add_months(day("2024-01-31"), 1) == day("2024-02-29"));
    CHECK(add_months(day("2024-03-31"), -1) == day("2024-02-29"));
    CHECK(add_months(day("2024-01-15"), -1) == day("2023-12-15"));
    CHECK(add_months(day("1400-01-01"), -1) == std::nullopt);
    CHECK(add_days(day("9999-12-31"), 1) == std::nullopt);
    CHECK(add_days(day("1400-01-01"), -1) == std::nullopt);
    CHECK(add_days(day("2024-02-28"), 2) == day("2024-03-01"));
}

TEST_CASE("counts of days agree with the calendar's own") {
    for (const char* text : {"1400-01-01", "1582-10-15", "1999-12-31", "2000-02-29", "2024-02-29",
                             "2026-05-22", "9999-12-31"}) {
        const auto d = day(text);
        const auto ymd = d.year_month_day();
        CHECK(count_of(d) ==
              count_of(static_cast<int>(ymd.year), ymd.month.as_number(), ymd.day.as_number()));
        CHECK(date_of(count_of(d)) == d);
    }
    CHECK(count_of(10000, 1, 1) == count_of(day("9999-12-31")) + 1);
}

TEST_CASE("a certificate is valid on its first and its last day") {
    const certificate_history h({event(kinds::recognised, "2021-08-10", 3)});
    CHECK(state(h, "2021-08-09") == "none");
    CHECK(state(h, "2021-08-10") == "valid");
    CHECK(state(h, "2024-08-10") == "valid");
    CHECK(state(h, "2024-08-11") == "expired");
    CHECK(state(h, "9999-12-31") == "expired");
    CHECK(state(h, "1400-01-01") == "none");
    const auto before = h.state_on(day("2021-08-09"));
    CHECK(before.stars == std::nullopt);
    CHECK(before.first_day == std::nullopt);
    CHECK(before.last_valid_day == std::nullopt);
    const auto in = h.state_on(day("2024-08-10"));
    CHECK(in.stars == stars(3));
    CHECK(in.first_day == day("2021-08-10"));
    CHECK(in.last_valid_day == day("2024-08-10"));
    // Its window would have closed before 26/2026/QĐ-TTg was in force.
    CHECK(in.filing_from == std::nullopt);
    CHECK(in.filing_until == std::nullopt);
    CHECK(tells(in, "no_filing_window"));
    const auto after = h.state_on(day("2024-08-11"));
    CHECK(after.stars == std::nullopt);
    CHECK(after.former_stars == stars(3));
    CHECK(after.last_valid_day == day("2024-08-10"));
    CHECK(tells(after, "expired"));
}

TEST_CASE("the window for renewal is 180 to 120 days before the last valid day") {
    const certificate_history h({event(kinds::recognised, "2026-08-05", 4)});
    // 2029-08-05 less 180 and 120 days, counted by hand.
    const auto now = h.state_on(day("2027-01-01"));
    CHECK(now.last_valid_day == day("2029-08-05"));
    CHECK(now.filing_from == day("2029-02-06"));
    CHECK(now.filing_until == day("2029-04-07"));
    CHECK(state(h, "2029-02-05") == "valid");
    CHECK(state(h, "2029-02-06") == "filing_window");
    CHECK(state(h, "2029-04-07") == "filing_window");
    CHECK(state(h, "2029-04-08") == "valid");
    CHECK(h.state_on(day("2029-03-01")).stars == stars(4));
    CHECK(tells(h.state_on(day("2029-03-01")), "filing_window"));
}

TEST_CASE("the window opens with the decision that made it") {
    // Last valid day 2026-10-31: from 2026-05-04, but the decision is in force from 2026-05-22 on.
    const certificate_history h({event(kinds::recognised, "2023-10-31", 3)});
    CHECK(state(h, "2026-05-04") == "valid");
    CHECK(state(h, "2026-05-21") == "valid");
    CHECK(state(h, "2026-05-22") == "filing_window");
    CHECK(state(h, "2026-07-03") == "filing_window");
    CHECK(state(h, "2026-07-04") == "valid");
    // The last one with a window of a single day, and the first without.
    const certificate_history one({event(kinds::recognised, "2023-09-19", 3)});
    CHECK(state(one, "2026-05-22") == "filing_window");
    CHECK(one.state_on(day("2026-05-22")).filing_until == day("2026-05-22"));
    const certificate_history none({event(kinds::recognised, "2023-09-18", 3)});
    CHECK(state(none, "2026-05-22") == "valid");
    CHECK(none.state_on(day("2026-05-22")).filing_until == std::nullopt);
}

TEST_CASE("grace is for renewals due too soon after 2026-05-22, filed in time, at most 180 days") {
    const auto made = [](const char* from, const char* filed) {
        return certificate_history({event(kinds::recognised, from, 3), event(kinds::filed, filed)});
    };
    const auto h = made("2023-06-30", "2026-06-20");
    CHECK(state(h, "2026-06-30") == "valid");
    CHECK(state(h, "2026-07-01") == "grace");
    CHECK(state(h, "2026-12-27") == "grace");  // 180 days past 2026-06-30
    CHECK(state(h, "2026-12-28") == "expired");
    CHECK(h.state_on(day("2026-07-01")).stars == stars(3));
    CHECK(h.state_on(day("2026-07-01")).grace_until == day("2026-12-27"));
    CHECK(tells(h.state_on(day("2026-07-01")), "grace"));
    CHECK(tells(h.state_on(day("2026-12-28")), "grace_over"));

    SUBCASE("filed on the last valid day, and a day late") {
        CHECK(state(made("2023-06-30", "2026-06-30"), "2026-07-01") == "grace");
        const auto late = made("2023-06-30", "2026-07-01");
        CHECK(state(late, "2026-07-01") == "expired");
        CHECK(state(late, "2026-07-02") == "expired");
        CHECK(tells(late.state_on(day("2026-07-02")), "no_grace"));
    }
    SUBCASE("expiry from 2026-05-22 to 2026-09-19") {
        CHECK(state(made("2023-05-21", "2026-05-01"), "2026-05-22") == "expired");
        CHECK(state(made("2023-05-22", "2026-05-22"), "2026-05-23") == "grace");
        CHECK(state(made("2023-09-19", "2026-06-01"), "2026-09-20") == "grace");
        CHECK(state(made("2023-09-20", "2026-06-01"), "2026-09-21") == "expired");
    }
    SUBCASE("not filed, or for something else") {
        CHECK(state(certificate_history({event(kinds::recognised, "2023-06-30", 3)}),
                    "2026-07-01") == "expired");
        auto upgrade = event(kinds::filed, "2026-06-20");
        upgrade.application = application::upgrade;
        CHECK(state(certificate_history({event(kinds::recognised, "2023-06-30", 3), upgrade}),
                    "2026-07-01") == "expired");
        auto renewal = event(kinds::filed, "2026-06-20");
        renewal.application = application::renewal;
        CHECK(state(certificate_history({event(kinds::recognised, "2023-06-30", 3), renewal}),
                    "2026-07-01") == "grace");
    }
    SUBCASE("the result ends it") {
        const certificate_history refused({event(kinds::recognised, "2023-06-30", 3),
                                           event(kinds::filed, "2026-06-20"),
                                           event(kinds::refused, "2026-08-01")});
        CHECK(state(refused, "2026-07-31") == "grace");
        CHECK(state(refused, "2026-08-01") == "expired");
        CHECK(tells(refused.state_on(day("2026-08-01")), "refused"));
        const certificate_history again({event(kinds::recognised, "2023-06-30", 3),
                                         event(kinds::filed, "2026-06-20"),
                                         event(kinds::re_recognised, "2026-08-01", 4)});
        CHECK(state(again, "2026-07-31") == "grace");
        CHECK(again.state_on(day("2026-07-31")).stars == stars(3));
        CHECK(state(again, "2026-08-01") == "valid");
        CHECK(again.state_on(day("2026-08-01")).stars == stars(4));
        CHECK(again.state_on(day("2026-08-01")).last_valid_day == day("2029-08-01"));
    }
    SUBCASE("a withdrawal ends it too") {
        const certificate_history gone({event(kinds::recognised, "2023-06-30", 3),
                                        event(kinds::filed, "2026-06-20"),
                                        event(kinds::withdrawn, "2026-08-01")});
        CHECK(state(gone, "2026-07-31") == "grace");
        CHECK(state(gone, "2026-08-01") == "withdrawn");
    }
}

TEST_CASE("re-recognition and upgrade start 36 months from their day") {
    SUBCASE("the day after the old expiry: no gap") {
        const certificate_history h({event(kinds::recognised, "2021-06-30", 5),
                                     event(kinds::re_recognised, "2024-07-01", 5)});
        CHECK(state(h, "2024-06-30") == "valid");
        CHECK(state(h, "2024-07-01") == "valid");
        CHECK(h.state_on(day("2024-07-01")).last_valid_day == day("2027-07-01"));
    }
    SUBCASE("later: a gap") {
        const certificate_history h({event(kinds::recognised, "2020-02-04", 4),
                                     event(kinds::re_recognised, "2023-05-10", 3)});
        CHECK(h.state_on(day("2023-02-04")).stars == stars(4));
        CHECK(state(h, "2023-02-05") == "expired");
        CHECK(state(h, "2023-05-09") == "expired");
        CHECK(h.state_on(day("2023-05-10")).stars == stars(3));
        CHECK(h.state_on(day("2023-05-10")).first_day == day("2023-05-10"));
    }
    SUBCASE("before the old expiry: replaced from that day") {
        const certificate_history h(
            {event(kinds::recognised, "2024-01-10", 3), event(kinds::upgraded, "2025-03-01", 4)});
        CHECK(h.state_on(day("2025-02-28")).stars == stars(3));
        CHECK(h.state_on(day("2025-02-28")).last_valid_day == day("2027-01-10"));
        CHECK(h.state_on(day("2025-03-01")).stars == stars(4));
        CHECK(h.state_on(day("2025-03-01")).last_valid_day == day("2028-03-01"));
    }
}

TEST_CASE("a transfer keeps term and star") {
    auto first = event(kinds::recognised, "2025-06-19", 3);
    first.producer = "HTX A";
    auto moved = event(kinds::transferred, "2026-09-01");
    moved.producer = "HTX B";
    const certificate_history h({first, moved});
    CHECK(h.state_on(day("2026-08-31")).producer == "HTX A");
    const auto after = h.state_on(day("2026-09-01"));
    CHECK(after.producer == "HTX B");
    CHECK(after.stars == stars(3));
    CHECK(after.first_day == day("2025-06-19"));
    CHECK(after.last_valid_day == day("2028-06-19"));
    CHECK(tells(after, "transferred"));
}

TEST_CASE("a withdrawal ends it on its day") {
    auto gone = event(kinds::withdrawn, "2023-09-15");
    gone.ground = withdrawal_ground::no_longer_produced;
    const certificate_history h({event(kinds::recognised, "2023-01-17", 4), gone});
    CHECK(h.state_on(day("2023-09-14")).stars == stars(4));
    const auto after = h.state_on(day("2023-09-15"));
    CHECK(after.state == certificate_state::withdrawn);
    CHECK(after.stars == std::nullopt);
    CHECK(after.former_stars == stars(4));
    CHECK(after.last_valid_day == day("2023-09-14"));
    CHECK(after.filing_from == std::nullopt);
    CHECK(state(h, "2030-01-01") == "withdrawn");
    // Withdrawn after it had expired (Đồng Tháp, 2025): its last valid day stays its term's.
    const certificate_history late(
        {event(kinds::recognised, "2021-08-10", 3), event(kinds::withdrawn, "2025-02-20")});
    CHECK(state(late, "2025-02-19") == "expired");
    CHECK(state(late, "2025-02-20") == "withdrawn");
    CHECK(late.state_on(day("2025-02-20")).last_valid_day == day("2024-08-10"));
    // Recognised anew.
    const certificate_history anew({event(kinds::recognised, "2021-08-10", 3),
                                    event(kinds::withdrawn, "2023-02-20"),
                                    event(kinds::recognised, "2024-05-01", 4)});
    CHECK(state(anew, "2024-04-30") == "withdrawn");
    CHECK(anew.state_on(day("2024-05-01")).stars == stars(4));
}

TEST_CASE("proposed is a value of its own") {
    const certificate_history h({event(kinds::proposed, "2024-11-01", 5)});
    CHECK(state(h, "2024-10-31") == "none");
    const auto s = h.state_on(day("2024-11-01"));
    CHECK(s.state == certificate_state::proposed);
    CHECK(s.stars == std::nullopt);
    CHECK(s.proposed == stars(5));
    CHECK(s.last_valid_day == std::nullopt);
    const certificate_history four(
        {event(kinds::recognised, "2024-05-01", 4), event(kinds::proposed, "2024-11-01", 5)});
    const auto both = four.state_on(day("2024-11-01"));
    CHECK(both.state == certificate_state::valid);
    CHECK(both.stars == stars(4));
    CHECK(both.proposed == stars(5));
    const certificate_history refused(
        {event(kinds::proposed, "2024-11-01", 5), event(kinds::refused, "2025-02-01")});
    CHECK(state(refused, "2025-01-31") == "proposed");
    CHECK(state(refused, "2025-02-01") == "none");
}

TEST_CASE("older results run to the term in their decision") {
    auto stated = event(kinds::recognised, "2025-12-29", 3);
    stated.last_valid_day = day("2028-12-31");
    const certificate_history h({stated});
    CHECK(h.state_on(day("2026-01-01")).last_valid_day == day("2028-12-31"));
    CHECK(state(h, "2028-12-31") == "valid");
    CHECK(state(h, "2029-01-01") == "expired");
    CHECK(tells(h.state_on(day("2026-01-01")), "stated_term"));
    CHECK(h.state_on(day("2026-01-01")).filing_from == day("2028-07-04"));
    // From 2026-05-22 on the term is fixed.
    auto late = event(kinds::recognised, "2026-05-22", 3);
    late.last_valid_day = day("2029-05-22");
    CHECK(wrong({late}).empty());
    late.last_valid_day = day("2029-05-23");
    CHECK(wrong({late}) == std::vector<int>{609});
    auto earlier = event(kinds::recognised, "2026-05-21", 3);
    earlier.last_valid_day = day("2029-05-23");
    CHECK(wrong({earlier}).empty());
    auto backwards = event(kinds::recognised, "2020-05-21", 3);
    backwards.last_valid_day = day("2020-05-20");
    CHECK(wrong({backwards}) == std::vector<int>{609});
}

TEST_CASE("near the end of the calendar") {
    const certificate_history h({event(kinds::recognised, "9997-06-01", 3)});
    const auto s = h.state_on(day("9999-12-31"));
    // The term ends on 10000-06-01, a day no date can hold; the window began on 9999-12-04.
    CHECK(s.state == certificate_state::filing_window);
    CHECK(s.last_valid_day == std::nullopt);
    CHECK(s.filing_from == day("9999-12-04"));
    CHECK(s.filing_until == std::nullopt);
    CHECK(state(h, "9999-12-03") == "valid");
    CHECK(tells(s, "beyond_calendar"));
    const certificate_history start({event(kinds::recognised, "1400-01-01", 3)});
    CHECK(state(start, "1400-01-01") == "valid");
    CHECK(state(start, "1403-01-02") == "expired");
    auto first_day = event(kinds::recognised, "1400-01-01", 3);
    const certificate_history gone({first_day, event(kinds::withdrawn, "1400-01-02")});
    CHECK(gone.state_on(day("1400-01-02")).last_valid_day == day("1400-01-01"));
    CHECK_THROWS_AS((void)h.state_on(date()), error);
}

TEST_CASE("what cannot be is told") {
    CHECK(wrong({}).empty());
    CHECK(wrong({event(kinds::withdrawn, "2024-01-01")}) == std::vector<int>{610});
    CHECK(wrong({event(kinds::re_recognised, "2024-01-01", 3)}) == std::vector<int>{610});
    CHECK(wrong({event(kinds::upgraded, "2024-01-01", 4)}) == std::vector<int>{610});
    CHECK(wrong({event(kinds::transferred, "2024-01-01")}) == std::vector<int>{610});
    CHECK(wrong({event(kinds::recognised, "2024-01-01")}) == std::vector<int>{107});
    CHECK(wrong({event(kinds::recognised, "2024-01-01", 2)}) == std::vector<int>{606});
    CHECK(wrong({event(kinds::proposed, "2024-01-01", 1)}) == std::vector<int>{606});
    const auto first = event(kinds::recognised, "2024-01-01", 4);
    CHECK(wrong({first, event(kinds::upgraded, "2025-01-01", 4)}) == std::vector<int>{610});
    CHECK(wrong({first, event(kinds::upgraded, "2025-01-01", 3)}) == std::vector<int>{610});
    CHECK(wrong({first, event(kinds::upgraded, "2025-01-01", 5)}).empty());
    CHECK(wrong({first, event(kinds::re_recognised, "2025-01-01", 3)}).empty());
    CHECK(wrong({first, event(kinds::transferred, "2027-01-01")}).empty());
    CHECK(wrong({first, event(kinds::transferred, "2027-01-02")}) == std::vector<int>{610});
    CHECK(wrong({first, event(kinds::withdrawn, "2025-01-01"),
                 event(kinds::transferred, "2025-02-01")}) == std::vector<int>{610});
    CHECK(wrong({first, event(kinds::withdrawn, "2025-01-01"),
                 event(kinds::withdrawn, "2025-02-01")}) == std::vector<int>{610});
    CHECK(wrong({first, event(kinds::withdrawn, "2025-01-01", 3)}) == std::vector<int>{610});
    CHECK(wrong({first, event(kinds::withdrawn, "2025-01-01", 4)}).empty());
    CHECK(wrong({first, event(kinds::withdrawn, "2024-01-01")}) == std::vector<int>{610});
    CHECK(wrong({first, first}) == std::vector<int>{610, 610});  // one day, and one in force (told)
    auto ground = event(kinds::recognised, "2024-01-01", 4);
    ground.ground = withdrawal_ground::mark_misused;
    ground.application = application::first;
    CHECK(wrong({ground}) == std::vector<int>{610, 610});
    auto no_day = event(kinds::recognised, "2024-01-01", 4);
    no_day.on = date();
    CHECK(wrong({no_day}) == std::vector<int>{110});
    // Lists may tell a part of it.
    CHECK(wrong({event(kinds::re_recognised, "2024-01-01", 3)}, history_extent::part).empty());
    CHECK(wrong({event(kinds::withdrawn, "2024-01-01")}, history_extent::part).empty());
}

TEST_CASE("a second recognition while one is in force is told and taken") {
    problems found;
    const auto h = certificate_history::try_make(
        {event(kinds::recognised, "2024-01-01", 3), event(kinds::recognised, "2025-01-01", 4)},
        found);
    REQUIRE(h);
    CHECK(codes(found) == std::vector<int>{610});
    CHECK(found[0].grade == severity::warning);
    CHECK(h->state_on(day("2025-01-01")).stars == stars(4));
}

TEST_CASE("problems point at the place in the input, whatever its order") {
    problems found;
    CHECK_FALSE(certificate_history::try_make({event(kinds::withdrawn, "2025-01-01"),
                                               event(kinds::upgraded, "2024-06-01", 3),
                                               event(kinds::recognised, "2024-01-01", 4)},
                                              found));
    REQUIRE(found.size() == 1);
    CHECK(found[0].where.pointer == "/events/1/stars");
    CHECK(found[0].value == "3");
    CHECK_THROWS_AS(certificate_history({event(kinds::withdrawn, "2025-01-01")}), error);
    // Sorted events are asked for by the compact form.
    const std::vector<compact_event> back{{kinds::withdrawn, day("2025-01-01")},
                                          {kinds::recognised, day("2024-01-01"), stars(3)}};
    problems order;
    validate(back, order);
    CHECK(codes(order) == std::vector<int>{610, 608});
}

namespace {

/// A random history that is good: as the checks let it grow.
certificate_history random_history(std::mt19937_64& bits) {
    certificate_history h;
    const auto pick = [&bits](int most) {
        return static_cast<int>(bits() % static_cast<unsigned>(most));
    };
    date now = *add_days(day("2020-01-01"), pick(2000));
    if (pick(3) == 0) {  // due in the months after 2026-05-22, and filed about then
        problems none;
        h = certificate_history({event(
            kinds::recognised, to_string(*add_days(day("2023-05-10"), pick(150))).c_str(), 3)});
        auto next = h.try_add(
            event(kinds::filed, to_string(*add_days(day("2026-05-01"), pick(150))).c_str()), none);
        h = next.value();
        now = h.events().back().on;
    }
    for (int i = 0; i < 8; ++i) {
        certificate_event e;
        e.kind = static_cast<kinds>(pick(8));
        e.on = now;
        e.stars = stars(3 + pick(3));
        if (e.kind == kinds::transferred || e.kind == kinds::withdrawn) e.stars.reset();
        if (issues(e.kind) && pick(4) == 0 && count_of(now) < certificate_rules{}.in_force)
            e.last_valid_day = *add_days(now, 1 + pick(1400));
        if (e.kind == kinds::filed && pick(2) == 0)
            e.application = static_cast<application>(pick(3));
        if (pick(3) == 0) e.producer = "P" + std::to_string(pick(3));
        problems found;
        if (auto next = h.try_add(e, found)) h = *next;
        now = *add_days(now, pick(3) == 0 ? 0 : pick(500));
    }
    return h;
}

/// The state on a day, read once more: plainly, one rule after another, with days as counts.
std::string plain_state(const std::vector<certificate_event>& events, const date& on) {
    const certificate_event* issue = nullptr;
    bool gone = false;
    bool proposed = false;
    const certificate_event* filed = nullptr;
    for (const certificate_event& e : events) {
        if (e.on > on) continue;
        if (issues(e.kind)) {
            issue = &e;
            gone = proposed = false;
            filed = nullptr;
        }
        if (e.kind == kinds::withdrawn) gone = true;
        if (e.kind == kinds::proposed) proposed = true;
        if (e.kind == kinds::refused) {
            proposed = false;
            if (!e.application || e.application == application::renewal) filed = nullptr;
        }
        if (e.kind == kinds::filed && issue != nullptr && filed == nullptr &&
            (!e.application || e.application == application::renewal))
            filed = &e;
    }
    if (issue == nullptr) return proposed ? "proposed" : "none";
    if (gone) return "withdrawn";
    const date last = issue->last_valid_day.value_or(*add_months(issue->on, 36));
    const date start = day("2026-05-22");
    if (on <= last) {
        const bool open = on >= start && on >= *add_days(last, -180) && on <= *add_days(last, -120);
        return open ? "filing_window" : "valid";
    }
    const bool grace = filed != nullptr && filed->on <= last && last >= start &&
                       last <= day("2026-09-19") && on <= *add_days(last, 180);
    return grace ? "grace" : "expired";
}

}  // namespace

TEST_CASE("what is handed in after a renewal was filed takes no grace away") {
    const certificate_history h({event(kinds::recognised, "2023-07-01", 3),
                                 event(kinds::filed, "2026-06-01"),
                                 event(kinds::filed, "2026-07-10")});
    CHECK(state(h, "2026-07-01") == "valid");
    CHECK(state(h, "2026-07-15") == "grace");
}

TEST_CASE("4 stars given and 5 proposed on one day stand side by side; a later answer ends it") {
    certificate_history h(
        {event(kinds::proposed, "2024-03-01", 5), event(kinds::recognised, "2024-03-01", 4)});
    const certificate_standing now = h.state_on(day("2024-03-02"));
    CHECK(now.stars == stars(4));
    CHECK(now.proposed == stars(5));
    // The centre gave less: the province recognises by its result.
    h = certificate_history(
        {event(kinds::proposed, "2024-03-01", 5), event(kinds::recognised, "2024-05-01", 4)});
    CHECK_FALSE(h.state_on(day("2024-05-02")).proposed.has_value());
}

TEST_CASE("an upgrade of what is not in force is told") {
    problems found;
    const auto made = certificate_history::try_make(
        {event(kinds::recognised, "2020-02-04", 3), event(kinds::upgraded, "2023-06-01", 4)},
        found);
    REQUIRE(made.has_value());
    CHECK(codes(found) == std::vector<int>{610});
    CHECK(found[0].grade == severity::warning);
    CHECK(state(*made, "2023-06-01") == "valid");
}

TEST_CASE("a withdrawal is known even where the recognition is not told") {
    problems found;
    const auto made = certificate_history::try_make({event(kinds::withdrawn, "2024-02-01")}, found,
                                                    "/events", history_extent::part);
    REQUIRE(made.has_value());
    CHECK(state(*made, "2024-01-31") == "none");
    CHECK(state(*made, "2024-02-01") == "withdrawn");
    CHECK(tells(made->state_on(day("2024-02-01")), "recognition_not_told"));
}

TEST_CASE("over random histories") {
    std::mt19937_64 bits(20260522);
    std::array<int, 7> seen{};
    for (int round = 0; round < 1500; ++round) {
        const certificate_history h = random_history(bits);
        const auto& events = h.events();
        for (int ask = 0; ask < 12; ++ask) {
            const date on =
                ask < 4 ? *add_days(day("2026-05-01"), static_cast<std::int32_t>(bits() % 300))
                        : *add_days(day("2019-12-01"), static_cast<std::int32_t>(bits() % 4600));
            const certificate_standing s = h.state_on(on);
            CAPTURE(to_string(on));
            ++seen[static_cast<std::size_t>(s.state)];
            // Against the plain reading.
            REQUIRE(std::string(name_of(s.state)) == plain_state(events, on));
            // A star only while in force; the same in the form without texts.
            REQUIRE(s.stars.has_value() == in_force(s.state));
            const certificate_reading compact_form = h.reading_on(on);
            REQUIRE(compact_form.state == s.state);
            REQUIRE(compact_form.stars() == s.stars);
            // Later events change nothing: the state is that of the events up to the day.
            std::vector<certificate_event> known;
            for (const certificate_event& e : events)
                if (e.on <= on) known.push_back(e);
            REQUIRE(certificate_history(known).state_on(on) == s);
        }
        // The order in which events are told does not matter.
        std::vector<certificate_event> shuffled = events;
        std::shuffle(shuffled.begin(), shuffled.end(), bits);
        REQUIRE(certificate_history(shuffled) == h);
    }
    for (const int count : seen) CHECK(count > 20);  // every state was met
}

TEST_CASE("many events are sorted in time") {
    std::vector<certificate_event> events;
    events.reserve(40000);
    for (int i = 0; i < 40000; ++i) {
        certificate_event e;
        e.kind = kinds::proposed;
        e.on = *add_days(day("2200-01-01"), -i);
        e.stars = stars(5);
        events.push_back(e);
    }
    const certificate_history h(events);
    CHECK(h.events().front().on == events.back().on);
    CHECK(std::is_sorted(h.events().begin(), h.events().end(),
                         [](const auto& a, const auto& b) { return a.on < b.on; }));
}
