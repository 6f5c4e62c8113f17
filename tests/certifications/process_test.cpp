// Dossiers, sheets, sessions and decisions: who may take which step when; and that no sequence of
// allowed steps reaches a certificate without a recognition by the level that may give it.
#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "../support.hpp"
#include "ocop/certifications/certificate_process.hpp"
#include "ocop/certifications/dossier.hpp"

using namespace ocop;
using support::codes;
using support::day;
using act = dossier_action;
using who = process_actor;

namespace {

/// Regulations with the dates, levels and thresholds of the three, written down here once more, and
/// one card on which totals from 0 to 100 can be made.
regulation rules(const std::string& id) {
    regulation_document d = support::rules_of(support::fine_card());
    d.id = id;
    d.forwarding = forwarding_rule{};
    const auto council_at = [&d](council_level level, std::optional<date> until = std::nullopt) {
        council_rule rule;
        rule.level = level;
        rule.until = until;
        d.councils.push_back(rule);
    };
    const auto by = [&d](int star, council_level level, std::optional<date> from = std::nullopt,
                         std::optional<date> until = std::nullopt) {
        recognition_rule rule;
        rule.stars = stars(star);
        rule.by = level;
        rule.from = from;
        rule.until = until;
        d.recognition.push_back(rule);
    };
    if (id == "1048-2019") {
        d.in_force.filed_from = day("2019-08-21");
        d.in_force.filed_before = day("2023-02-24");
        council_at(council_level::district);
        by(3, council_level::province);
    } else if (id == "148-2023") {
        d.in_force.filed_from = day("2023-02-24");
        d.in_force.filed_before = day("2026-05-22");
        d.in_force.assessed_until = {day("2026-07-21"), day("2026-07-21"), day("2026-06-21")};
        council_at(council_level::district, day("2025-07-05"));
        by(3, council_level::district, std::nullopt, day("2025-07-05"));
        by(3, council_level::province, day("2025-07-06"));
    } else {
        d.in_force.filed_from = day("2026-05-22");
        by(3, council_level::province);
    }
    council_at(council_level::province);
    council_at(council_level::centre);
    by(4, council_level::province);
    by(5, council_level::centre);
    return regulation(d);
}

const regulation& old_one() {
    static const regulation r = rules("1048-2019");
    return r;
}
const regulation& middle() {
    static const regulation r = rules("148-2023");
    return r;
}
const regulation& current() {
    static const regulation r = rules("26-2026");
    return r;
}

/// A sheet of \p total points on the fine card: A 0-40, B 0-25, C1 0-30 in fives, C2 0-5 in ones.
score_sheet sheet_of(const scorecard& card, const std::string& member, int total) {
    score_sheet sheet(card, member);
    int left = total / 5;
    int ones = total % 5;
    const int most[]{8, 5, 6};
    for (std::size_t i = 0; i < 3; ++i) {
        const int take = std::min(left, most[i]);
        left -= take;
        sheet.choose(card, card.at(i).code, take + 1);
    }
    if (left > 0) ones += 5;
    sheet.choose(card, card.at(3).code, ones + 1);
    return sheet;
}

struct held {
    std::optional<council_session> session;
    problems found;
};

/// A whole session of three members, each giving \p totals, on one day.
held hold(const regulation& under, council_level level, const std::string& dossier,
          std::vector<int> totals, const date& on, application kind = application::first,
          spread_rule spread = spread_rule::off(),
          overrun_reading overrun = overrun_reading::file_anew) {
    held made;
    const scorecard& card = under.scorecards().front();
    session_call call;
    call.dossier = dossier;
    call.level = level;
    call.set = 1;
    call.application = kind;
    call.sitting = support::council_of(totals.size());
    call.sitting.spread = spread;
    call.on = on;
    call.product = "P1";
    made.session = council_session::try_convene(under, call, made.found);
    if (!made.session) return made;
    std::vector<std::string> present;
    std::vector<sheet_process> ways;
    for (std::size_t i = 0; i < totals.size(); ++i) {
        const std::string member = "m" + std::to_string(i + 1);
        present.push_back(member);
        sheet_process way = made.session->sheet_of(member);
        way.apply({sheet_action::start, who::member, on});
        REQUIRE(
            way.try_submit(card, sheet_of(card, member, totals[i]), who::member, on, made.found));
        way.apply({sheet_action::approve, who::chair, on});
        ways.push_back(way);
    }
    if (!made.session->try_check_quorum({session_action::check_quorum, who::secretary, on, present},
                                        made.found) ||
        !made.session->try_take_sheets({session_action::take_sheets, who::secretary, on, {}}, ways,
                                       made.found))
        return made;
    readings by;
    by.overrun = overrun;
    (void)made.session->try_conclude({session_action::conclude, who::chair, on, {}}, under, {}, by,
                                     made.found);
    return made;
}

session_result result_of(const regulation& under, council_level level, const std::string& dossier,
                         int total, const date& on, application kind = application::first,
                         overrun_reading overrun = overrun_reading::file_anew) {
    const held h =
        hold(under, level, dossier, {total, total, total}, on, kind, spread_rule::off(), overrun);
    REQUIRE(h.session);
    REQUIRE(h.session->result());
    return *h.session->result();
}

dossier_step step(act action, who by, const char* on) {
    dossier_step s;
    s.action = action;
    s.by = by;
    s.on = day(on);
    return s;
}

const std::vector<std::string> papers_26{"registration_slip", "self_assessment", "samples"};
const std::vector<std::string> papers_148{"registration_slip", "self_assessment", "samples"};
const std::vector<std::string> papers_1048{"registration_slip", "business_plan", "organisation",
                                           "samples"};
const std::vector<std::string> papers_to_centre{"letter_to_centre", "working_group_report",
                                                "council_report",   "approval_decision",
                                                "dossier",          "samples"};

dossier_step filing(const char* on, const std::vector<std::string>& papers) {
    dossier_step s = step(act::file, who::producer, on);
    s.items = papers;
    return s;
}
dossier_step report(const char* on) {
    dossier_step s = step(act::report, who::commune, on);
    s.topics = {commune_topic::local_origin, commune_topic::local_labour,
                commune_topic::idea_origin, commune_topic::local_identity};
    return s;
}

std::vector<int> refused(dossier_process& d, dossier_step s) {
    problems found;
    const dossier_process before = d;
    CHECK_FALSE(d.try_apply(std::move(s), found));
    CHECK(d == before);  // nothing changed
    return codes(found);
}

recognition_document signed_by(council_level by, const char* on) {
    return {"1045/QĐ-UBND", by, day(on), "P1"};
}

/// A dossier of 26/2026 decided on 2026-09-15, with a session of \p total points at \p level.
dossier_process decided(int total, council_level level) {
    dossier_process d(current(), {"H1", application::first, 5, "P1"});
    d.apply(filing("2026-06-01", papers_26));
    d.apply(report("2026-06-05"));
    d.apply(step(act::begin_assessment, who::province, "2026-06-10"));
    if (level == council_level::centre) {
        dossier_step up = step(act::forward, who::province, "2026-07-02");
        up.items = papers_to_centre;
        up.result = result_of(current(), council_level::province, "H1", 95, day("2026-07-01"));
        d.apply(up);
    }
    dossier_step last = step(
        act::decide, level == council_level::centre ? who::ministry : who::province, "2026-09-15");
    last.decision =
        recognition_decision(current(), result_of(current(), level, "H1", total, day("2026-09-10")),
                             signed_by(level, "2026-09-15"));
    d.apply(last);
    return d;
}

std::vector<int> no_decision(const regulation& under, const session_result& r, council_level by,
                             const char* on) {
    problems found;
    CHECK_FALSE(recognition_decision::try_make(under, r, signed_by(by, on), found));
    return codes(found);
}

}  // namespace

TEST_CASE("a first evaluation under 26/2026, from the draft to the certificate") {
    dossier_process d(current(), {"H1", application::first, 5, "P1"});
    CHECK(refused(d, report("2026-08-01")) == std::vector<int>{601});
    CHECK(refused(d, filing("2026-05-21", papers_26)) == std::vector<int>{204});
    CHECK(refused(d, filing("2026-08-03", {"registration_slip", "samples"})) ==
          std::vector<int>{603});
    CHECK(refused(d, filing("2026-08-03", {"registration_slip", "self_assessment", "samples",
                                           "gold"})) == std::vector<int>{109});
    dossier_step stranger = filing("2026-08-03", papers_26);
    stranger.by = who::commune;
    CHECK(refused(d, stranger) == std::vector<int>{602});
    d.apply(filing("2026-08-03", papers_26));
    CHECK(d.state() == dossier_state::filed);
    // 15 working days from Monday 2026-08-03: three weeks; four days later with a holiday's two days
    // on Thursday and Friday, since a weekend follows.
    REQUIRE(d.deadlines().size() == 1);
    CHECK(d.deadlines()[0].id == "commune_report");
    CHECK(d.deadlines()[0].last_day == day("2026-08-24"));
    CHECK(d.deadlines(working_calendar({day("2026-08-20"), day("2026-08-21")}))[0].last_day ==
          day("2026-08-26"));

    dossier_step half = report("2026-08-20");
    half.topics.pop_back();
    CHECK(refused(d, half) == std::vector<int>{603});
    CHECK(refused(d, step(act::begin_assessment, who::province, "2026-08-20")) ==
          std::vector<int>{601});
    d.apply(report("2026-08-20"));
    CHECK(refused(d, step(act::begin_assessment, who::commune, "2026-08-21")) ==
          std::vector<int>{602});
    CHECK(refused(d, step(act::begin_assessment, who::province, "2026-08-19")) ==
          std::vector<int>{608});
    d.apply(step(act::begin_assessment, who::province, "2026-08-21"));
    CHECK(d.level() == council_level::province);
    CHECK(refused(d, step(act::decide, who::province, "2026-09-10")) == std::vector<int>{603});

    const session_result r =
        result_of(current(), council_level::province, "H1", 72, day("2026-09-10"));
    CHECK(r.stars() == stars(4));
    const recognition_decision decided(current(), r,
                                       signed_by(council_level::province, "2026-09-15"));
    dossier_step last = step(act::decide, who::province, "2026-09-15");
    last.decision = decided;
    dossier_step by_ministry = last;
    by_ministry.by = who::ministry;
    CHECK(refused(d, by_ministry) == std::vector<int>{602});
    d.apply(last);
    CHECK(d.state() == dossier_state::decided);
    CHECK(d.deadlines().empty());
    CHECK(refused(d, step(act::refuse, who::province, "2026-09-16")) == std::vector<int>{601});

    certificate_process c("P1");
    problems found;
    REQUIRE(c.try_issue(d, found));
    CHECK(c.state_on(day("2026-09-14")).state == certificate_state::none);
    CHECK(c.state_on(day("2026-09-15")).stars == stars(4));
    CHECK(c.state_on(day("2026-09-15")).last_valid_day == day("2029-09-15"));
}

TEST_CASE("returned with items and a last day") {
    dossier_process d(current(), {"H1", application::first, 0, "P1"});
    d.apply(
        filing("2026-08-03", {"registration_slip", "self_assessment"}));  // a service: no samples
    dossier_step back = step(act::return_for_more, who::commune, "2026-08-05");
    CHECK(refused(d, back) == std::vector<int>{603, 603});
    back.items = {"food-safety test"};
    back.until = day("2026-08-04");
    CHECK(refused(d, back) == std::vector<int>{608});
    back.until = day("2026-08-15");
    d.apply(back);
    CHECK(d.state() == dossier_state::returned);
    REQUIRE(d.deadlines().size() == 1);
    CHECK(d.deadlines()[0].last_day == day("2026-08-15"));
    dossier_step more = step(act::complete, who::producer, "2026-08-16");
    CHECK(refused(d, more) == std::vector<int>{604, 603});
    more.on = day("2026-08-15");
    more.items = {"food-safety test"};
    d.apply(more);
    CHECK(d.state() == dossier_state::filed);
    // The commune's days run from the complete dossier: Saturday 15 August.
    CHECK(d.deadlines()[0].last_day == day("2026-09-04"));
}

TEST_CASE("the window for renewals, and its exception") {
    const auto files = [](const char* on, const char* ends) {
        dossier_process d(current(), {"H1", application::renewal, 5, "P1"});
        dossier_step s = filing(on, papers_26);
        if (*ends != '\0') s.certificate_ends = day(ends);
        problems found;
        (void)d.try_apply(s, found);
        return codes(found);
    };
    CHECK(files("2029-02-05", "2029-08-05") == std::vector<int>{604});
    CHECK(files("2029-02-06", "2029-08-05").empty());
    CHECK(files("2029-04-07", "2029-08-05").empty());
    CHECK(files("2029-04-08", "2029-08-05") == std::vector<int>{604});
    CHECK(files("2029-04-01", "") == std::vector<int>{603});
    CHECK(files("2026-06-20", "2026-06-30").empty());                   // due too soon
    CHECK(files("2026-07-01", "2026-06-30") == std::vector<int>{604});  // expired
    CHECK(files("2026-06-20", "2026-09-19").empty());
    CHECK(files("2026-06-20", "2026-09-20") == std::vector<int>{604});
    // Decided within 45 days at each level.
    dossier_process d(current(), {"H1", application::renewal, 5, "P1"});
    dossier_step s = filing("2029-03-01", papers_26);
    s.certificate_ends = day("2029-08-05");
    d.apply(s);
    d.apply(report("2029-03-05"));
    d.apply(step(act::begin_assessment, who::province, "2029-03-10"));
    REQUIRE(d.deadlines().size() == 1);
    // From the commune's report on, whenever the province begins.
    CHECK(d.deadlines()[0].id == "decision_on_renewal");
    CHECK(d.deadlines()[0].last_day == day("2029-04-19"));
    // What was asked for makes it complete anew.
    dossier_step ask = step(act::return_for_more, who::working_group, "2029-03-12");
    ask.items = {"test report"};
    ask.until = day("2029-03-20");
    d.apply(ask);
    dossier_step more = step(act::complete, who::producer, "2029-03-18");
    more.items = ask.items;
    d.apply(more);
    REQUIRE(d.deadlines().size() == 1);
    CHECK(d.deadlines()[0].last_day == day("2029-05-02"));
}

TEST_CASE("the province's days run from the commune's report, also before it begins") {
    dossier_process d(current(), {"H1", application::renewal, 5, "P1"});
    dossier_step s = filing("2029-03-01", papers_26);
    s.certificate_ends = day("2029-08-05");
    d.apply(s);
    d.apply(report("2029-03-05"));
    REQUIRE(d.deadlines().size() == 1);
    CHECK(d.deadlines()[0].id == "decision_on_renewal");
    CHECK(d.deadlines()[0].last_day == day("2029-04-19"));
}

TEST_CASE("dossiers filed before 2026-05-22 run out") {
    dossier_process d(middle(), {"H1", application::renewal, 5, "P1"});
    d.apply(filing("2026-05-21", papers_148));
    d.apply(report("2026-06-01"));
    d.apply(step(act::begin_assessment, who::province, "2026-06-05"));
    REQUIRE_FALSE(d.deadlines().empty());
    CHECK(d.deadlines().back().id == "old_rules_end");
    CHECK(d.deadlines().back().last_day == day("2026-06-21"));
    const auto decide = [&](const char* on, overrun_reading overrun) {
        dossier_process other(middle(), {"H1", application::renewal, 5, "P1"}, overrun);
        for (const dossier_step& s : d.history()) other.apply(s);
        dossier_step s = step(act::decide, who::province, on);
        // Held and signed late, it stays a matter of the dossier.
        s.decision =
            recognition_decision(middle(),
                                 result_of(middle(), council_level::province, "H1", 60, day(on),
                                           application::renewal, overrun_reading::allow),
                                 signed_by(council_level::province, on), overrun_reading::allow);
        problems found;
        (void)other.try_apply(s, found);
        return codes(found);
    };
    CHECK(decide("2026-06-21", overrun_reading::file_anew).empty());
    CHECK(decide("2026-06-22", overrun_reading::file_anew) == std::vector<int>{203});
    CHECK(decide("2026-06-22", overrun_reading::allow).empty());
}

TEST_CASE("who recognises which star on which day") {
    const auto at = [](const regulation& r, int star, const char* on) {
        return recognising_level(r, stars(star), day(on));
    };
    CHECK(at(old_one(), 3, "2021-01-01") == council_level::province);
    CHECK(at(middle(), 3, "2025-07-05") == council_level::district);
    CHECK(at(middle(), 3, "2025-07-06") == council_level::province);
    CHECK(at(middle(), 4, "2024-01-01") == council_level::province);
    CHECK(at(current(), 3, "2026-08-01") == council_level::province);
    for (const regulation* r : {&old_one(), &middle(), &current()}) {
        CHECK(at(*r, 5, "2025-01-01") == council_level::centre);
        CHECK(at(*r, 2, "2025-01-01") == std::nullopt);
        CHECK(at(*r, 1, "2025-01-01") == std::nullopt);
    }
}

TEST_CASE("a wrong level signs nothing") {
    const auto on = day("2025-07-01");
    const session_result three = result_of(middle(), council_level::district, "H1", 60, on);
    problems none;
    CHECK(recognition_decision::try_make(middle(), three,
                                         signed_by(council_level::district, "2025-07-05"), none));
    // The day after, the district's level has ended; the province needs its own council.
    CHECK(no_decision(middle(), three, council_level::district, "2025-07-06") ==
          std::vector<int>{605});
    CHECK(no_decision(middle(), three, council_level::province, "2025-07-06") ==
          std::vector<int>{605});
    CHECK(no_decision(middle(), three, council_level::district, "2025-06-30") ==
          std::vector<int>{608});
    const session_result four = result_of(middle(), council_level::district, "H1", 75, on);
    CHECK(no_decision(middle(), four, council_level::district, "2025-07-02") ==
          std::vector<int>{605});
    CHECK(four.forwards_to() == council_level::province);
    const auto later = day("2026-09-01");
    const session_result five = result_of(current(), council_level::province, "H1", 95, later);
    CHECK(five.proposed() == stars(5));
    CHECK(no_decision(current(), five, council_level::province, "2026-09-02") ==
          std::vector<int>{605});
    CHECK(no_decision(current(), five, council_level::centre, "2026-09-02") ==
          std::vector<int>{605});  // proposed five is not five
    const session_result two = result_of(current(), council_level::province, "H1", 40, later);
    CHECK(no_decision(current(), two, council_level::province, "2026-09-02") ==
          std::vector<int>{606});
    CHECK(no_decision(middle(), two, council_level::province, "2026-09-02") ==
          std::vector<int>{610, 203, 606});
    recognition_document nameless = signed_by(council_level::province, "2026-09-02");
    nameless.number.clear();
    problems found;
    CHECK_FALSE(recognition_decision::try_make(
        current(), result_of(current(), council_level::province, "H1", 60, later), nameless,
        found));
    CHECK(codes(found) == std::vector<int>{603});
}

TEST_CASE("to the centre and back") {
    const auto ready = [](const regulation& r, const std::vector<std::string>& papers) {
        dossier_process d(r, {"H1", application::first, 5, "P1"});
        if (r.id() == "26-2026") {
            d.apply(filing("2026-06-01", papers));
            d.apply(report("2026-06-05"));
            d.apply(step(act::begin_assessment, who::province, "2026-06-10"));
        } else {
            d.apply(filing("2021-06-01", papers));
            d.apply(step(act::begin_assessment, who::district, "2021-06-05"));
        }
        return d;
    };
    SUBCASE("26/2026") {
        dossier_process d = ready(current(), papers_26);
        dossier_step up = step(act::forward, who::province, "2026-07-02");
        up.result = result_of(current(), council_level::province, "H1", 89, day("2026-07-01"));
        CHECK(refused(d, up) == std::vector<int>{603, 603, 603, 603, 603, 603, 606});
        up.items = papers_to_centre;
        CHECK(refused(d, up) == std::vector<int>{606});
        up.result = result_of(current(), council_level::province, "H2", 95, day("2026-07-01"));
        CHECK(refused(d, up) == std::vector<int>{610});
        up.result = result_of(current(), council_level::province, "H1", 95, day("2026-06-09"));
        CHECK(refused(d, up) == std::vector<int>{608});
        up.result = result_of(current(), council_level::province, "H1", 90, day("2026-07-01"));
        d.apply(up);
        CHECK(d.level() == council_level::centre);

        const session_result low =
            result_of(current(), council_level::centre, "H1", 85, day("2026-09-01"));
        dossier_step back = step(act::hand_back, who::ministry, "2026-09-05");
        back.result = result_of(current(), council_level::centre, "H1", 95, day("2026-09-01"));
        CHECK(refused(d, back) == std::vector<int>{610});
        back.result = low;
        d.apply(back);
        CHECK(d.level() == council_level::province);
        // Once handed back it is not forwarded once more, unless assessed again.
        dossier_step once_more = up;
        once_more.on = day("2026-09-06");
        once_more.result =
            result_of(current(), council_level::province, "H1", 95, day("2026-09-06"));
        CHECK(refused(d, once_more) == std::vector<int>{601});
        // Another central result than the one handed back is no ground.
        dossier_step other = step(act::decide, who::province, "2026-09-10");
        other.decision = recognition_decision(
            current(), result_of(current(), council_level::centre, "H1", 70, day("2026-09-02")),
            signed_by(council_level::province, "2026-09-10"));
        CHECK(refused(d, other) == std::vector<int>{610});
        const recognition_decision by_central(current(), low,
                                              signed_by(council_level::province, "2026-09-10"));
        CHECK(by_central.stars() == stars(4));
        dossier_process certified = d;
        dossier_step last = step(act::decide, who::province, "2026-09-10");
        last.decision = by_central;
        certified.apply(last);
        CHECK(certified.state() == dossier_state::decided);
        // Or its own assessment: then the central result is spent.
        d.apply(step(act::assess_again, who::province, "2026-09-06"));
        dossier_process forwarded = d;
        forwarded.apply(once_more);
        CHECK(forwarded.level() == council_level::centre);
        CHECK(refused(d, last) == std::vector<int>{605, 608});
        last.decision = recognition_decision(
            current(), result_of(current(), council_level::province, "H1", 60, day("2026-09-08")),
            signed_by(council_level::province, "2026-09-10"));
        d.apply(last);
        CHECK(d.decision()->stars() == stars(3));
    }
    SUBCASE("1048: by the central result, no other") {
        dossier_process d = ready(old_one(), papers_1048);
        dossier_step up = step(act::forward, who::district, "2021-07-02");
        up.result = result_of(old_one(), council_level::district, "H1", 49, day("2021-07-01"));
        CHECK(refused(d, up) == std::vector<int>{606});
        up.result = result_of(old_one(), council_level::district, "H1", 50, day("2021-07-01"));
        d.apply(up);
        CHECK(d.level() == council_level::province);
        CHECK(refused(d, step(act::assess_again, who::province, "2021-07-05")) ==
              std::vector<int>{601});
        // The district's session is no ground for the province's decision.
        problems found;
        CHECK_FALSE(recognition_decision::try_make(
            old_one(), *up.result, signed_by(council_level::province, "2021-07-10"), found));
        CHECK(codes(found) == std::vector<int>{605});
        // Handed back, it is certified by the central result and not sent up again.
        up = step(act::forward, who::province, "2021-08-02");
        up.result = result_of(old_one(), council_level::province, "H1", 95, day("2021-08-01"));
        d.apply(up);
        dossier_step back = step(act::hand_back, who::ministry, "2021-09-02");
        back.result = result_of(old_one(), council_level::centre, "H1", 60, day("2021-09-01"));
        d.apply(back);
        up = step(act::forward, who::province, "2021-09-06");
        up.result = result_of(old_one(), council_level::province, "H1", 95, day("2021-09-05"));
        CHECK(refused(d, up) == std::vector<int>{601});
        CHECK(refused(d, step(act::assess_again, who::province, "2021-09-06")) ==
              std::vector<int>{601});
        dossier_step last = step(act::decide, who::province, "2021-09-10");
        last.decision = recognition_decision(old_one(), *back.result,
                                             signed_by(council_level::province, "2021-09-10"));
        d.apply(last);
        CHECK(d.decision()->stars() == stars(3));
    }
    SUBCASE("148 until 2025-07-05: three stars of a higher council") {
        dossier_process d(middle(), {"H1", application::first, 5, "P1"});
        d.apply(filing("2024-06-01", papers_148));
        d.apply(step(act::begin_assessment, who::district, "2024-06-05"));
        dossier_step up = step(act::forward, who::district, "2024-06-12");
        up.result = result_of(middle(), council_level::district, "H1", 75, day("2024-06-10"));
        d.apply(up);
        // The province's council gives three: the province signs, the district does not.
        const session_result three =
            result_of(middle(), council_level::province, "H1", 60, day("2024-07-01"));
        CHECK(no_decision(middle(), three, council_level::district, "2024-07-05") ==
              std::vector<int>{605});
        CHECK(no_decision(middle(), three, council_level::centre, "2024-07-05") ==
              std::vector<int>{605, 605});
        dossier_process own = d;
        dossier_step last = step(act::decide, who::province, "2024-07-05");
        last.decision =
            recognition_decision(middle(), three, signed_by(council_level::province, "2024-07-05"));
        own.apply(last);
        CHECK(own.decision()->stars() == stars(3));
        // The centre gives three to what the province sent up.
        up = step(act::forward, who::province, "2024-07-10");
        up.result = result_of(middle(), council_level::province, "H1", 95, day("2024-07-09"));
        d.apply(up);
        dossier_step back = step(act::hand_back, who::ministry, "2024-08-05");
        back.result = result_of(middle(), council_level::centre, "H1", 60, day("2024-08-01"));
        d.apply(back);
        last.on = day("2024-08-10");
        last.decision = recognition_decision(middle(), *back.result,
                                             signed_by(council_level::province, "2024-08-10"));
        d.apply(last);
        CHECK(d.decision()->stars() == stars(3));
    }
    SUBCASE("what the district had when its level ended is the province's") {
        dossier_process d(middle(), {"H1", application::first, 5, "P1"});
        d.apply(filing("2025-06-20", papers_148));
        d.apply(step(act::begin_assessment, who::district, "2025-07-01"));
        CHECK(refused(d, step(act::begin_assessment, who::province, "2025-07-05")) ==
              std::vector<int>{601});
        d.apply(step(act::begin_assessment, who::province, "2025-07-06"));
        CHECK(d.level() == council_level::province);
    }
}

TEST_CASE("a member's sheet") {
    const scorecard& card = current().scorecards().front();
    sheet_process s("m1", {"H1", council_level::province, 1, day("2026-09-01")});
    problems found;
    // Not before its session was convened.
    CHECK_FALSE(s.try_apply({sheet_action::start, who::member, day("2026-08-31")}, found));
    CHECK(codes(found) == std::vector<int>{608});
    found.clear();
    CHECK_FALSE(s.try_apply({sheet_action::approve, who::chair, day("2026-09-01")}, found));
    CHECK_FALSE(s.try_apply({sheet_action::start, who::producer, day("2026-09-01")}, found));
    CHECK(codes(found) == std::vector<int>{601, 602});
    s.apply({sheet_action::start, who::member, day("2026-09-01")});
    found.clear();
    score_sheet open(card, "m1");
    open.choose(card, "A1", 1);
    CHECK_FALSE(s.try_submit(card, open, who::member, day("2026-09-01"), found));
    CHECK(codes(found) == std::vector<int>{306, 306, 306});
    found.clear();
    CHECK_FALSE(
        s.try_submit(card, sheet_of(card, "m2", 50), who::member, day("2026-09-01"), found));
    CHECK(codes(found) == std::vector<int>{610});
    found.clear();
    REQUIRE(s.try_submit(card, sheet_of(card, "m1", 50), who::member, day("2026-09-01"), found));
    CHECK(s.state() == sheet_state::awaiting_approval);
    s.apply({sheet_action::send_back, who::secretary, day("2026-09-01")});
    REQUIRE(s.try_submit(card, sheet_of(card, "m1", 51), who::member, day("2026-09-02"), found));
    CHECK_FALSE(s.try_apply({sheet_action::approve, who::member, day("2026-09-02")}, found));
    s.apply({sheet_action::approve, who::chair, day("2026-09-02")});
    s.apply({sheet_action::reopen, who::chair, day("2026-09-02")});
    CHECK(s.state() == sheet_state::scoring);
    CHECK(s.history().size() == 6);
    CHECK_THROWS_AS(s.apply({sheet_action::start, who::member, day("2026-09-02")}), error);
}

TEST_CASE("a session") {
    SUBCASE("a level that is not there") {
        CHECK(codes(hold(middle(), council_level::district, "H1", {60, 60}, day("2025-07-06"))
                        .found) == std::vector<int>{605});
        CHECK(codes(hold(current(), council_level::district, "H1", {60, 60}, day("2026-07-06"))
                        .found) == std::vector<int>{605});
    }
    SUBCASE("members differ too much") {
        held h = hold(current(), council_level::province, "H1", {60, 75}, day("2026-07-06"),
                      application::first, spread_rule::of(points{10}));
        REQUIRE(h.session);
        CHECK(codes(h.found) == std::vector<int>{603});
        CHECK(h.session->state() == session_state::sheets_in);
        CHECK_FALSE(h.session->result());
        const date on = day("2026-07-06");
        const session_step take{session_action::take_sheets, who::secretary, on, {}};
        problems found;
        CHECK_FALSE(h.session->try_score_again({session_action::score_again, who::chair, on, {}},
                                               middle(), found));
        CHECK(codes(found) == std::vector<int>{610});
        found.clear();
        std::vector<sheet_process> ways = h.session->sheets();
        REQUIRE(h.session->try_score_again({session_action::score_again, who::chair, on, {}},
                                           current(), found));
        CHECK(h.session->state() == session_state::score_again);
        CHECK_FALSE(h.session->try_conclude({session_action::conclude, who::chair, on, {}},
                                            current(), found));
        CHECK(codes(found) == std::vector<int>{601});
        found.clear();
        // The same sheets, never reopened, are not taken again; nor new ones in their place.
        CHECK_FALSE(h.session->try_take_sheets(take, ways, found));
        CHECK(codes(found) == std::vector<int>{603, 603, 313});
        found.clear();
        const scorecard& card = current().scorecards().front();
        sheet_process fresh = h.session->sheet_of("m2");
        fresh.apply({sheet_action::start, who::member, on});
        REQUIRE(fresh.try_submit(card, sheet_of(card, "m2", 62), who::member, on, found));
        fresh.apply({sheet_action::approve, who::chair, on});
        CHECK_FALSE(h.session->try_take_sheets(take, {ways[0], fresh}, found));
        CHECK(codes(found) == std::vector<int>{603, 603, 313});
        found.clear();
        for (sheet_process& way : ways) {
            way.apply({sheet_action::reopen, who::chair, on});
            REQUIRE(way.try_submit(card, sheet_of(card, way.member(), 66), who::member, on, found));
            way.apply({sheet_action::approve, who::chair, on});
        }
        REQUIRE(h.session->try_take_sheets(take, ways, found));
        // Now they agree: there is nothing to score again.
        CHECK_FALSE(h.session->try_score_again({session_action::score_again, who::chair, on, {}},
                                               current(), found));
        CHECK(codes(found) == std::vector<int>{603});
        found.clear();
        REQUIRE(h.session->try_conclude({session_action::conclude, who::chair, on, {}}, current(),
                                        found));
        CHECK(h.session->result()->stars() == stars(3));
        CHECK(to_string(*h.session->result()->total()) == "66.00");
    }
    SUBCASE("quorum, strangers, sheets that are not approved") {
        session_call call;
        call.dossier = "H1";
        call.set = 1;
        call.sitting = support::council({council_role::chair, council_role::member,
                                         council_role::member, council_role::secretary});
        call.sitting.quorum = quorum::of(2);
        call.on = day("2026-07-06");
        call.product = "P1";
        council_session s(current(), call);
        problems found;
        CHECK_FALSE(s.try_check_quorum(
            {session_action::check_quorum, who::chair, call.on, {"m1", "m4", "m9"}}, found));
        CHECK(codes(found) == std::vector<int>{303, 313});
        found.clear();
        REQUIRE(s.try_check_quorum(
            {session_action::check_quorum, who::chair, call.on, {"m1", "m2", "m4"}}, found));
        const scorecard& card = current().scorecards().front();
        sheet_process one = s.sheet_of("m1");
        one.apply({sheet_action::start, who::member, call.on});
        REQUIRE(one.try_submit(card, sheet_of(card, "m1", 60), who::member, call.on, found));
        sheet_process absent = s.sheet_of("m3");
        CHECK_FALSE(s.try_take_sheets({session_action::take_sheets, who::chair, call.on, {}},
                                      {one, absent, s.sheet_of("m4")}, found));
        CHECK(codes(found) == std::vector<int>{603, 303, 303, 313});
    }
    SUBCASE("what the sheets say is what it concludes") {
        // One sheet that answers "none of the options" everywhere, at the centre: one star. Nothing
        // that a host says makes it five.
        session_call call;
        call.dossier = "H1";
        call.product = "P1";
        call.level = council_level::centre;
        call.set = 1;
        call.sitting = support::council_of(1);
        call.on = day("2026-07-06");
        council_session s(current(), call);
        problems found;
        REQUIRE(
            s.try_check_quorum({session_action::check_quorum, who::chair, call.on, {"m1"}}, found));
        const scorecard& card = current().scorecards().front();
        score_sheet none(card, "m1");
        for (std::size_t i = 0; i < card.size(); ++i) none.choose(card, card.at(i).code, 0);
        sheet_process way = s.sheet_of("m1");
        way.apply({sheet_action::start, who::member, call.on});
        REQUIRE(way.try_submit(card, none, who::member, call.on, found));
        way.apply({sheet_action::approve, who::chair, call.on});
        REQUIRE(s.try_take_sheets({session_action::take_sheets, who::chair, call.on, {}}, {way},
                                  found));
        // The day and the level are the session's.
        circumstances given;
        given.level = council_level::province;
        given.dates.assessed = day("2020-01-01");
        const date on = day("2026-07-08");
        CHECK_FALSE(s.try_conclude({session_action::conclude, who::chair, on, {}}, middle(), given,
                                   {}, found));
        CHECK(codes(found) == std::vector<int>{610});
        found.clear();
        REQUIRE(s.try_conclude({session_action::conclude, who::chair, on, {}}, current(), given, {},
                               found));
        CHECK(s.result()->stars() == stars(1));
        CHECK(s.result()->level() == council_level::centre);
        CHECK(s.result()->concluded_on() == on);
        CHECK(no_decision(current(), *s.result(), council_level::centre, "2026-07-09") ==
              std::vector<int>{606});
    }
    SUBCASE("sheets of other sessions and days") {
        const scorecard& card = current().scorecards().front();
        session_call call;
        call.dossier = "H1";
        call.product = "P1";
        call.set = 1;
        call.sitting = support::council_of(1);
        call.on = day("2026-07-06");
        council_session s(current(), call);
        session_call elsewhere = call;
        elsewhere.dossier = "H2";
        session_call later = call;
        later.on = day("2026-07-07");
        problems found;
        REQUIRE(
            s.try_check_quorum({session_action::check_quorum, who::chair, call.on, {"m1"}}, found));
        const auto approved = [&](const council_session& of, const char* on) {
            sheet_process way = of.sheet_of("m1");
            way.apply({sheet_action::start, who::member, day(on)});
            REQUIRE(way.try_submit(card, sheet_of(card, "m1", 60), who::member, day(on), found));
            way.apply({sheet_action::approve, who::chair, day(on)});
            return way;
        };
        const auto taken = [&](const sheet_process& way, const char* on) {
            council_session other = s;
            problems mine;
            (void)other.try_take_sheets({session_action::take_sheets, who::chair, day(on), {}},
                                        {way}, mine);
            return codes(mine);
        };
        CHECK(taken(approved(council_session(current(), elsewhere), "2026-07-06"), "2026-07-06") ==
              std::vector<int>{610, 313});
        CHECK(taken(approved(council_session(current(), later), "2026-07-07"), "2026-07-08") ==
              std::vector<int>{610, 313});
        CHECK(taken(approved(s, "2026-07-08"), "2026-07-07") == std::vector<int>{608, 313});
        CHECK(taken(approved(s, "2026-07-07"), "2026-07-07").empty());
        // No day at all is no crash.
        found.clear();
        CHECK_FALSE(s.try_take_sheets(
            {session_action::take_sheets, who::chair, date(boost::date_time::neg_infin), {}},
            {approved(s, "2026-07-07")}, found));
        CHECK(codes(found) == std::vector<int>{110});
        sheet_process nowhere("m1", {});
        nowhere.apply({sheet_action::start, who::member, day("2020-01-01")});
        CHECK(nowhere.session() != s.sheet_of("m1").session());
    }
    SUBCASE("days of the regulation") {
        CHECK(codes(hold(current(), council_level::province, "H1", {60, 60}, day("2020-01-01"))
                        .found) == std::vector<int>{204});
        const held late =
            hold(middle(), council_level::province, "H1", {75, 75}, day("2026-07-22"));
        CHECK(codes(late.found) == std::vector<int>{203});
        CHECK_FALSE(late.session->result());
        CHECK(hold(middle(), council_level::province, "H1", {75, 75}, day("2026-07-21"))
                  .session->result());
    }
    SUBCASE("in writing only on a renewal under 26/2026") {
        session_call call;
        call.dossier = "H1";
        call.set = 1;
        call.sitting = support::council_of(3);
        call.on = day("2026-07-06");
        call.product = "P1";
        call.form = session_form::written_opinion;
        problems found;
        CHECK_FALSE(council_session::try_convene(current(), call, found));
        CHECK(codes(found) == std::vector<int>{601});
        call.application = application::renewal;
        CHECK(council_session::try_convene(current(), call, found));
    }
}

TEST_CASE("a decision is on one product, signed in its regulation's days") {
    problems found;
    const dossier_process d = decided(72, council_level::province);
    certificate_process other("P2");
    CHECK_FALSE(other.try_issue(d, found));
    CHECK(codes(found) == std::vector<int>{610});
    CHECK(other == certificate_process("P2"));
    found.clear();
    certificate_process undecided("P1");
    CHECK_FALSE(undecided.try_issue(dossier_process(current(), d.call()), found));
    CHECK(codes(found) == std::vector<int>{603});
    found.clear();
    // A decision names the session's product; a dossier takes no other product's session.
    const session_result r =
        result_of(current(), council_level::province, "H1", 72, day("2026-09-10"));
    CHECK(r.product() == "P1");
    recognition_document doc = signed_by(council_level::province, "2026-09-15");
    doc.product = "P2";
    CHECK_FALSE(recognition_decision::try_make(current(), r, doc, found));
    CHECK(codes(found) == std::vector<int>{610});
    dossier_process of_another(current(), {"H1", application::first, 5, "P2"});
    of_another.apply(filing("2026-06-01", papers_26));
    of_another.apply(report("2026-06-05"));
    of_another.apply(step(act::begin_assessment, who::province, "2026-06-10"));
    dossier_step last = step(act::decide, who::province, "2026-09-15");
    last.decision =
        recognition_decision(current(), r, signed_by(council_level::province, "2026-09-15"));
    CHECK(refused(of_another, last) == std::vector<int>{610});
    // Signed too late, or held before the regulation took any dossier.
    const session_result old =
        result_of(middle(), council_level::province, "H1", 75, day("2026-07-01"));
    CHECK(no_decision(middle(), old, council_level::province, "2026-11-01") ==
          std::vector<int>{203});
    found.clear();
    CHECK(recognition_decision::try_make(middle(), old,
                                         signed_by(council_level::province, "2026-11-01"), found,
                                         overrun_reading::allow));
    session_call early;
    early.dossier = "H1";
    early.product = "P1";
    early.set = 1;
    early.level = council_level::district;
    early.sitting = support::council_of(1);
    early.on = day("2019-01-01");
    CHECK_FALSE(council_session::try_convene(middle(), early, found));
    CHECK(codes(found) == std::vector<int>{204});
}

TEST_CASE("withdrawal: who, and in which days") {
    const auto issued = [](int total, council_level level) {
        certificate_process c("P1");
        problems found;
        REQUIRE(c.try_issue(decided(total, level), found));
        return c;
    };
    withdrawal_order order{"99/QĐ-UBND", who::province, withdrawal_ground::mark_misused,
                           day("2027-03-01"), day("2027-03-16")};
    certificate_process four = issued(72, council_level::province);
    problems found;
    // A conclusion from before the certificate was issued withdraws nothing.
    withdrawal_order older = order;
    older.concluded_on = day("2026-09-14");
    older.on = day("2026-09-20");
    CHECK_FALSE(four.try_withdraw(older, found));
    CHECK(codes(found) == std::vector<int>{608});
    found.clear();
    REQUIRE(four.try_withdraw(order, found));
    CHECK(found.empty());
    CHECK(four.state_on(day("2027-03-16")).state == certificate_state::withdrawn);
    certificate_process late = issued(72, council_level::province);
    order.on = day("2027-03-17");
    REQUIRE(late.try_withdraw(order, found));
    CHECK(codes(found) == std::vector<int>{604});
    CHECK_FALSE(has_errors(found));
    certificate_process five = issued(92, council_level::centre);
    found.clear();
    CHECK_FALSE(five.try_withdraw(order, found));
    CHECK(codes(found) == std::vector<int>{602, 604});
    order.by = who::ministry;
    CHECK(five.try_withdraw(order, found));
    found.clear();
    certificate_process nothing("P1");
    CHECK_FALSE(nothing.try_withdraw(order, found));
    CHECK(has_errors(found));
    CHECK_FALSE(five.try_transfer("", "", day("2027-04-01"), found));
    found.clear();
    CHECK_FALSE(five.try_note(certificate_event_kind::recognised, application::first,
                              day("2027-04-01"), found));
    CHECK(codes(found) == std::vector<int>{601});
}

// ---- No sequence of allowed steps reaches a certificate without a recognition by the level that may
// give it. Everybody tries everything at random; whoever gets a certificate is checked against a table
// written down here.

namespace {

/// Rules §6, by hand.
std::string who_may(const std::string& regulation, int star, const date& on) {
    if (star < 3) return "nobody";
    if (star == 5) return "centre";
    if (star == 3 && regulation == "148-2023" && on < day("2025-07-06")) return "district";
    return "province";
}

/// The same, and the province for the district where a higher council gave three stars (a reading).
bool may_give(council_level by, council_level scored, const std::string& regulation, int star,
              const date& on) {
    const std::string usual = who_may(regulation, star, on);
    if (usual == "district" && by == council_level::province)
        return scored != council_level::district;
    return name_of(by) == usual;
}

std::optional<session_result> last_hand_back(const dossier_process& d) {
    std::optional<session_result> last;
    for (const dossier_step& s : d.history())
        if (s.action == act::hand_back) last = s.result;
    return last;
}

struct walk_counts {
    int certificates = 0;
    std::set<std::string> kinds;
};

/// One life of a dossier, in which mostly likely and sometimes any steps are tried.
template <class Random>
void walk(Random& bits, walk_counts& counted) {
    const auto pick = [&bits](std::size_t most) { return static_cast<std::size_t>(bits() % most); };
    const std::size_t which = pick(3);
    const regulation& under =
        *std::vector<const regulation*>{&old_one(), &middle(), &current()}[which];
    const std::vector<std::vector<const char*>> starts{{"2021-06-01", "2023-02-20"},
                                                       {"2024-06-01", "2025-06-15", "2025-09-01"},
                                                       {"2026-06-01", "2026-05-20"}};
    date now = day(starts[which][pick(starts[which].size())]);
    dossier_process d(under, {"H1", application::first, 5, "P1"});
    certificate_process c("P1");
    struct concluded {
        session_result result;
        int total;
    };
    std::vector<concluded> results;
    std::vector<recognition_decision> decisions;
    const std::vector<std::string>* papers[]{&papers_1048, &papers_148, &papers_26,
                                             &papers_to_centre};
    const who actors[]{who::producer, who::commune,       who::district, who::province,
                       who::ministry, who::working_group, who::chair};
    for (int i = 0; i < 80; ++i) {
        now = *add_days(now, static_cast<std::int32_t>(pick(4)));
        const dossier_state before = d.state();
        problems found;
        const std::size_t move = pick(10);
        if (move < 5) {
            dossier_step s;
            s.action = static_cast<act>(pick(10));
            s.by = actors[pick(7)];
            if (pick(4) != 0) {  // a step that the table has from here, by one who may
                std::vector<dossier_rule> likely;
                for (const dossier_rule& one : dossier_rules)
                    if (one.from == before) likely.push_back(one);
                if (likely.empty()) continue;
                const dossier_rule rule = likely[pick(likely.size())];
                s.action = rule.action;
                for (const who one : actors)
                    if (detail::has_bit(rule.actors, one)) s.by = one;
            }
            s.on = now;
            s.items = *papers[s.action == act::forward ? 3 : which];
            if (pick(8) == 0) s.items = *papers[pick(4)];
            s.until = *add_days(now, 10);
            s.topics = {commune_topic::local_origin, commune_topic::local_labour,
                        commune_topic::idea_origin, commune_topic::local_identity};
            if (pick(8) == 0) s.reason = "reason";
            if (!results.empty())
                s.result = results[pick(2) == 0 ? pick(results.size()) : results.size() - 1].result;
            if (!decisions.empty())
                s.decision =
                    decisions[pick(2) == 0 ? pick(decisions.size()) : decisions.size() - 1];
            if (d.try_apply(s, found)) {
                CHECK(d.history().back() == s);
                CHECK(before != dossier_state::decided);
                CHECK(before != dossier_state::refused);
            }
        } else if (move < 7) {
            const int total = static_cast<int>(std::vector<int>{40, 60, 75, 95}[pick(4)]);
            auto level = static_cast<council_level>(pick(3));
            if (d.level() && pick(4) != 0) level = *d.level();
            const held h = hold(under, level, "H1", {total, total}, now);
            if (h.session && h.session->result()) results.push_back({*h.session->result(), total});
        } else if (move < 9) {
            if (results.empty()) continue;
            const concluded& of = results[pick(2) == 0 ? pick(results.size()) : results.size() - 1];
            recognition_document doc{"1/QĐ", static_cast<council_level>(pick(3)), now, "P1"};
            const auto made = recognition_decision::try_make(under, of.result, doc, found);
            if (!made) continue;
            // The level by the table above; the stars by the points, at the level's own council, or at
            // the centre's where it gave less than five.
            const int star = of.total >= 90 ? 5 : of.total >= 70 ? 4 : of.total >= 50 ? 3 : 2;
            REQUIRE(may_give(doc.by, of.result.level(), under.id(), star, now));
            REQUIRE(made->stars() == stars(star));
            const bool own = of.result.level() == doc.by;
            const bool central = of.result.level() == council_level::centre && star < 5 &&
                                 doc.by == council_level::province;
            REQUIRE((own || central));
            decisions.push_back(*made);
        } else if (d.decision()) {
            if (!c.try_issue(d, found)) continue;
            ++counted.certificates;
            const certificate_event& e = c.history().events().back();
            REQUIRE(d.state() == dossier_state::decided);
            REQUIRE(e.level);
            REQUIRE(e.stars);
            REQUIRE(
                may_give(*e.level, d.decision()->council(), under.id(), e.stars->value(), e.on));
            // What was handed back is certified by the result that came with it.
            if (d.decision()->council() == council_level::centre && e.stars->value() < 5)
                REQUIRE(d.decision()->result() == *last_hand_back(d));
            counted.kinds.insert(under.id() + " " + std::to_string(e.stars->value()) + " " +
                                 std::string(name_of(*e.level)));
        } else {
            // Without a decision there is nothing to issue, and nothing else makes a certificate.
            (void)c.try_transfer("P2", "2/QĐ", now, found);
            (void)c.try_note(static_cast<certificate_event_kind>(pick(8)), application::first, now,
                             found);
            for (int k = 0; k < 3; ++k)
                REQUIRE_FALSE(in_force(c.state_on(*add_days(now, k)).state));
        }
    }
    // A certificate in force has a decision behind it.
    if (in_force(c.state_on(now).state)) REQUIRE_FALSE(c.decisions().empty());
}

}  // namespace

TEST_CASE("no sequence of steps reaches a certificate without the recognition it needs") {
    std::mt19937_64 bits(1048);
    walk_counts counted;
    for (int i = 0; i < 10000; ++i) walk(bits, counted);
    CHECK(counted.certificates > 150);
    CAPTURE(counted.certificates);
    CHECK(counted.kinds.size() >= 8);
}
