// Working days, batches, the table of spans, checklists: by hand and against plain counting.
#include "ocop/certifications/calendar.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "../support.hpp"
#include "ocop/certifications/evidence.hpp"

using namespace ocop;
using support::codes;
using support::day;

TEST_CASE("working days, by hand") {
    const working_calendar plain;
    CHECK(plain.is_working(day("2026-08-03")));        // Monday
    CHECK_FALSE(plain.is_working(day("2026-08-08")));  // Saturday
    CHECK_FALSE(plain.is_working(day("2026-08-09")));  // Sunday
    CHECK(plain.add_working_days(day("2026-08-03"), 0) == day("2026-08-03"));
    CHECK(plain.add_working_days(day("2026-08-03"), 1) == day("2026-08-04"));
    CHECK(plain.add_working_days(day("2026-08-07"), 1) == day("2026-08-10"));
    CHECK(plain.add_working_days(day("2026-08-08"), 1) == day("2026-08-10"));
    CHECK(plain.add_working_days(day("2026-08-03"), 15) == day("2026-08-24"));
    CHECK(plain.add_working_days(day("2026-08-10"), -1) == day("2026-08-07"));
    CHECK(plain.add_working_days(day("9999-12-31"), 1) == std::nullopt);
    CHECK(plain.add_working_days(day("1400-01-01"), -1) == std::nullopt);
    // Two holidays in the week, and a Saturday that is worked for one of them.
    const working_calendar tet({day("2026-08-05"), day("2026-08-04")}, {day("2026-08-08")});
    CHECK(tet.add_working_days(day("2026-08-03"), 1) == day("2026-08-06"));
    CHECK(tet.add_working_days(day("2026-08-03"), 3) == day("2026-08-08"));
    CHECK(tet.add_working_days(day("2026-08-03"), 4) == day("2026-08-10"));
    // A holiday on a weekend, and one given twice, change nothing.
    CHECK(working_calendar({day("2026-08-08"), day("2026-08-08")})
              .add_working_days(day("2026-08-07"), 1) == day("2026-08-10"));
    CHECK(working_calendar({day("2026-08-05"), day("2026-08-04")}) ==
          working_calendar({day("2026-08-04"), day("2026-08-05"), day("2026-08-05")}));
    problems found;
    CHECK_FALSE(working_calendar::try_make({day("2026-08-08")}, {day("2026-08-08")}, found));
    CHECK_FALSE(working_calendar::try_make({date()}, {}, found));
    CHECK(codes(found) == std::vector<int>{610, 110});
    CHECK_THROWS_AS(working_calendar({day("2026-08-08")}, {day("2026-08-08")}), error);
}

TEST_CASE("working days, counted one by one") {
    std::mt19937_64 bits(5);
    for (int round = 0; round < 200; ++round) {
        std::vector<date> off;
        for (int i = 0; i < 20; ++i)
            off.push_back(*add_days(day("2026-01-01"), static_cast<std::int32_t>(bits() % 120)));
        const working_calendar days(off);
        const date from = *add_days(day("2026-01-01"), static_cast<std::int32_t>(bits() % 60));
        const auto count = static_cast<std::int32_t>(bits() % 30);
        const auto to = days.add_working_days(from, count);
        REQUIRE(to);
        std::int32_t worked = 0;
        for (date d = *add_days(from, 1); d <= *to; d = *add_days(d, 1)) {
            bool holiday = false;
            for (const date& one : off) holiday = holiday || one == d;
            const int weekday = d.day_of_week().as_number();
            worked += !holiday && weekday != 0 && weekday != 6 ? 1 : 0;
        }
        CHECK(worked == count);
        if (count > 0) CHECK(days.is_working(*to));
        // Back again, from a day that is worked itself.
        if (count > 0 && days.is_working(from)) CHECK(days.add_working_days(*to, -count) == from);
    }
}

TEST_CASE("batches of 26/2026, art. 5: before a day excludes it") {
    const auto next = [](council_level level, const char* on) {
        const auto batch = next_batch(level, day(on));
        REQUIRE(batch);
        return to_string(*batch->last_day_to_propose()) + " " +
               to_string(*batch->last_day_to_decide());
    };
    CHECK(next(council_level::province, "2026-05-22") == "2026-10-29 2026-12-29");
    CHECK(next(council_level::province, "2026-10-29") == "2026-10-29 2026-12-29");
    CHECK(next(council_level::province, "2026-10-30") == "2027-04-29 2027-06-29");
    CHECK(next(council_level::province, "2027-04-29") == "2027-04-29 2027-06-29");
    CHECK(next(council_level::province, "2027-04-30") == "2027-10-29 2027-12-29");
    CHECK(next(council_level::centre, "2026-05-22") == "2026-07-29 2026-09-29");
    CHECK(next(council_level::centre, "2026-07-30") == "2027-01-29 2027-03-29");
    CHECK(next(council_level::centre, "2027-01-30") == "2027-07-29 2027-09-29");
    CHECK_FALSE(next_batch(council_level::district, day("2026-06-01")));
    CHECK_FALSE(next_batch(council_level::province, day("2026-05-21")));  // local plans then
    CHECK_FALSE(next_batch(council_level::province, day("9999-12-31")));
    // Extra ones are the host's, under any regulation.
    evaluation_batch extra;
    extra.propose_before = day("2026-08-15");
    extra.decide_before = day("2026-09-15");
    extra.extra = true;
    CHECK(next_batch(council_level::province, day("2026-08-14"), {extra}) == extra);
    CHECK(next_batch(council_level::province, day("2026-08-15"), {extra})->extra == false);
    CHECK_FALSE(next_batch(council_level::centre, day("2024-08-14"), {extra}));
    extra.propose_before = day("2024-08-15");
    CHECK(next_batch(council_level::province, day("2024-08-14"), {extra}) == extra);
}

TEST_CASE("the table of spans: one of a kind, each with a source") {
    for (std::size_t i = 0; i < time_spans.size(); ++i) {
        CHECK_FALSE(time_spans[i].source.empty());
        CHECK(time_spans[i].length > 0);
        CHECK(find_span(time_spans[i].regulation, time_spans[i].rule, time_spans[i].level) ==
              &time_spans[i]);
    }
    CHECK(find_span("1048-2019", time_rule::renewal_opens) == nullptr);
    CHECK(find_span("2000", time_rule::grace) == nullptr);
    CHECK(deadline_of("26-2026", time_rule::withdrawal, day("2027-03-01"))->last_day ==
          day("2027-03-16"));
    CHECK(deadline_of("148-2023", time_rule::renewal_notice, day("2024-08-10"))->last_day ==
          day("2024-07-11"));
    CHECK(deadline_of("1048-2019", time_rule::files_before_meeting, day("2021-08-10"), {}, "centre")
              ->last_day == day("2021-08-03"));
    CHECK(deadline_of("26-2026", time_rule::certificate_term, day("2024-02-29"))->last_day ==
          day("2027-02-28"));
    CHECK_FALSE(deadline_of("26-2026", time_rule::renewal_notice, day("2027-03-01")));
    CHECK_FALSE(deadline_of("26-2026", time_rule::withdrawal, day("9999-12-31")));
    CHECK(renewal_window(day("2029-08-05")) == filing_window{day("2029-02-06"), day("2029-04-07")});
    CHECK_FALSE(renewal_window(day("2024-08-10")));
    CHECK(last_valid_day(day("2026-08-05")) == day("2029-08-05"));
}

TEST_CASE("checklists") {
    const auto ids = [](const std::vector<evidence_item>& list) {
        std::string text;
        for (const evidence_item& item : list) {
            CHECK_FALSE(item.vi.empty());
            CHECK_FALSE(item.en.empty());
            CHECK_FALSE(item.source.empty());
            if (item.need == evidence_need::mandatory) text += std::string(item.id) + " ";
        }
        return text;
    };
    CHECK(ids(checklist("1048-2019", application::first)) ==
          "registration_slip business_plan organisation samples ");
    CHECK(ids(checklist("148-2023", application::first)) ==
          "registration_slip self_assessment samples ");
    CHECK(ids(checklist("26-2026", application::first)) ==
          "registration_slip self_assessment samples ");
    CHECK(ids(checklist("26-2026", application::upgrade)) ==
          "registration_slip self_assessment evidence_of_change samples ");
    CHECK(ids(checklist("26-2026", application::first, 0)) == "registration_slip self_assessment ");
    CHECK(
        ids(checklist("26-2026", application::first, 5, council_level::centre)) ==
        "letter_to_centre working_group_report council_report approval_decision dossier samples ");
    CHECK(checklist("26-2026", application::first, 0, council_level::centre).size() == 6);
    CHECK(checklist("148-2023", application::first, 5, council_level::centre).empty());
    CHECK(checklist("none", application::first).empty());
    // 1048 names thirteen kinds of evidence.
    int evidence = 0;
    for (const evidence_item& item : checklist("1048-2019", application::first))
        evidence += item.need == evidence_need::supporting ? 1 : 0;
    CHECK(evidence == 13);
    const auto list = checklist("26-2026", application::first);
    CHECK(missing_items(list, {"registration_slip", "samples"}).size() == 1);
    problems found;
    check_items(list, {"self_assessment", "samples", "registration_slip", "story"}, found);
    CHECK(codes(found) == std::vector<int>{109});
    CHECK(found[0].where.pointer == "/items/3");
}
