// The golden cases of the rules, and each section's rule on small cards.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "../support.hpp"
#include "ocop/exchange/bundled.hpp"

using ocop::assess;
using ocop::assessment;
using ocop::bundled_regulations;
using ocop::circumstances;
using ocop::council;
using ocop::council_level;
using ocop::council_role;
using ocop::mean_points;
using ocop::outcome;
using ocop::points;
using ocop::readings;
using ocop::regulation;
using ocop::score_sheet;
using ocop::scorecard;
using ocop::stars;
using support::criterion;
using support::day;
using support::part;

namespace {

/// fine_card() with one 3-star mark (C2 option of 1 point) and one 5-star mark (C2, 5 points), and
/// recognition and forwarding as in 26/2026.
ocop::regulation_document marked_rules() {
    ocop::scorecard_document card = support::fine_card();
    auto& c2 = card.parts[2].sections[0].criteria[1];
    c2.options[1].minimum_for = stars(3);
    c2.options[5].minimum_for = stars(5);
    ocop::regulation_document d = support::rules_of(card);
    d.recognition = {{stars(3), council_level::province, {}, {}, {}, ""},
                     {stars(4), council_level::province, {}, {}, {}, ""},
                     {stars(5), council_level::centre, {}, {}, {}, ""}};
    d.forwarding = ocop::forwarding_rule{};
    return d;
}

/// Sheets of the given totals by members m1, m2, …; C2 has \p quality points on each, or, where that
/// is -1, whatever makes the total.
std::vector<score_sheet> sheets_of(const scorecard& card, const std::vector<int>& totals,
                                   int quality) {
    std::vector<score_sheet> sheets;
    for (std::size_t m = 0; m < totals.size(); ++m) {
        score_sheet sheet(card, "m" + std::to_string(m + 1));
        const int c2 = quality >= 0 ? quality : totals[m] == 100 ? 5 : totals[m] % 5;
        int rest = totals[m] - c2;
        REQUIRE(rest % 5 == 0);
        sheet.choose_points(card, "C2", points{c2});
        for (const auto& [code, most] :
             {std::pair{"A1", 40}, std::pair{"B1", 25}, std::pair{"C1", 30}}) {
            const int here = std::min(rest, most);
            sheet.choose_points(card, code, points{here});
            rest -= here;
        }
        REQUIRE(rest == 0);
        sheets.push_back(sheet);
    }
    return sheets;
}

/// Sheets of any totals on fine_card().
std::vector<score_sheet> free_sheets(const scorecard& card, const std::vector<int>& totals) {
    return sheets_of(card, totals, -1);
}

}  // namespace

TEST_CASE("members of 72 72 69 make 71.00 and 4 stars") {
    const regulation rules(support::rules_of(support::fine_card()));
    const scorecard& card = rules.card(1);
    const auto sheets = free_sheets(card, {72, 72, 69});
    const assessment a = assess(rules, card, support::council_of(3), sheets);
    CHECK(a.outcome == outcome::ranked);
    CHECK(to_string(*a.total) == "71.00");
    CHECK(a.total->sum() == 213);
    CHECK(a.total->count() == 3);
    CHECK(a.stars == stars(4));

    SUBCASE("a secretary's sheet of 40 changes nothing") {
        const auto four = free_sheets(card, {72, 72, 69, 40});
        const council sitting = support::council({council_role::chair, council_role::vice_chair,
                                                  council_role::member, council_role::secretary});
        const assessment b = assess(rules, card, sitting, four);
        CHECK(b.total == a.total);
        CHECK(b.stars == a.stars);
        REQUIRE(b.members.size() == 4);
        CHECK_FALSE(b.members[3].counted);
        CHECK(b.members[3].total == points{40});
        CHECK(b.counted_sheets == 3);
    }
}

TEST_CASE("90 is five stars and 89.99 is not") {
    const regulation rules(marked_rules());
    const scorecard& card = rules.card(1);
    circumstances centre;
    centre.level = council_level::centre;
    const auto verdict = [&](const std::vector<int>& totals, const circumstances& given) {
        return assess(rules, card, support::council_of(totals.size()), sheets_of(card, totals, 5),
                      given);
    };
    const assessment at_centre = verdict({90, 90}, centre);
    CHECK(at_centre.stars == stars(5));
    CHECK(at_centre.recognised_by == council_level::centre);
    CHECK_FALSE(at_centre.proposed);
    CHECK_FALSE(at_centre.forwards_to);
    const assessment at_province = verdict({90, 90}, {});
    CHECK(at_province.stars == stars(5));
    CHECK(at_province.proposed == stars(5));
    CHECK(at_province.forwards_to == council_level::centre);
    CHECK(verdict({100, 100}, centre).stars == stars(5));
    CHECK(to_string(*verdict({100, 100}, centre).total) == "100.00");
    // 89.99…: 90 of 91 members at 90, one at 85.
    std::vector<int> nearly(91, 90);
    nearly.back() = 85;
    const assessment below = verdict(nearly, centre);
    CHECK(to_string(*below.total) == "89.95");
    CHECK(below.band == stars(4));
    std::vector<int> hair(499, 90);
    hair.back() = 85;
    const assessment hair_below = verdict(hair, centre);
    CHECK(to_string(*hair_below.total) == "89.99");
    CHECK(hair_below.band == stars(4));
    CHECK(hair_below.stars == stars(4));
}

TEST_CASE("bands are half-open") {
    const regulation rules(support::rules_of(support::fine_card()));
    const scorecard& card = rules.card(1);
    const std::vector<std::pair<int, int>> edges{{0, 1},  {29, 1}, {30, 2}, {49, 2}, {50, 3},
                                                 {69, 3}, {70, 4}, {89, 4}, {90, 5}, {100, 5}};
    for (const std::pair<int, int>& edge : edges) {
        const int total = edge.first;
        const int level = edge.second;
        CAPTURE(total);
        const assessment a =
            assess(rules, card, support::council_of(1), free_sheets(card, {total}));
        CHECK(a.stars == stars(level));
    }
    CHECK(assess(rules, card, support::council_of(2), free_sheets(card, {69, 70})).stars ==
          stars(3));
}

TEST_CASE("one missed mark lowers the star") {
    const regulation rules(marked_rules());
    const scorecard& card = rules.card(1);
    const auto verdict = [&](int total, int quality, const readings& by = {}) {
        return assess(rules, card, support::council_of(2), sheets_of(card, {total, total}, quality),
                      {}, by);
    };
    // 92 with the 5-star mark missed: C2 has 2 of the 5 points it needs.
    const assessment missed_five = verdict(92, 2);
    CHECK(missed_five.band == stars(5));
    CHECK(missed_five.stars == stars(4));
    REQUIRE(missed_five.marks_missed().size() == 1);
    CHECK(missed_five.marks_missed()[0].mark.stars == stars(5));
    CHECK(missed_five.marks_missed()[0].mark.needed == points{5});
    CHECK(missed_five.proposed == stars(5));  // 26/2026 art. 7.3e looks at points only
    // The 3-star mark missed too: two stars, whatever the points.
    const assessment missed_three = verdict(95, 0);
    CHECK(missed_three.stars == stars(2));
    CHECK(missed_three.marks_missed().size() == 2);
    CHECK_FALSE(missed_three.recognised_by);

    readings told;
    told.missed_mark = ocop::missed_mark::told;
    CHECK(verdict(95, 0, told).stars == stars(5));
    readings apart;
    apart.lower_marks_bind = false;
    CHECK(verdict(95, 0, apart).stars == stars(4));  // no mark of 4 stars is missed
    readings strict;
    strict.forwarding = ocop::forwarding_reading::points_and_marks;
    CHECK_FALSE(verdict(92, 2, strict).proposed);
    CHECK(verdict(95, 5, strict).proposed == stars(5));
}

TEST_CASE("a mark is measured by the mean, a majority or every member") {
    const regulation rules(marked_rules());
    const scorecard& card = rules.card(1);
    const auto reached = [&](const std::vector<int>& quality, ocop::mark_measure measure) {
        std::vector<score_sheet> sheets;
        for (std::size_t m = 0; m < quality.size(); ++m) {
            score_sheet sheet(card, "m" + std::to_string(m + 1));
            sheet.choose_points(card, "A1", points{40});
            sheet.choose_points(card, "B1", points{25});
            sheet.choose_points(card, "C1", points{30});
            sheet.choose_points(card, "C2", points{quality[m]});
            sheets.push_back(sheet);
        }
        readings by;
        by.marks = measure;
        const assessment a =
            assess(rules, card, support::council_of(quality.size()), sheets, {}, by);
        return a.marks.at(0).reached;  // the mark of 3 stars: 1 point
    };
    using ocop::mark_measure;
    CHECK(reached({0, 0, 3}, mark_measure::mean));  // exactly 1
    CHECK_FALSE(reached({0, 0, 2}, mark_measure::mean));
    CHECK_FALSE(reached({0, 0, 3}, mark_measure::majority));
    CHECK(reached({0, 1, 1}, mark_measure::majority));
    CHECK_FALSE(reached({0, 1, 1, 0}, mark_measure::majority));  // half is no majority
    CHECK_FALSE(reached({0, 5, 5}, mark_measure::every_member));
    CHECK(reached({1, 1, 5}, mark_measure::every_member));
}

TEST_CASE("spread: not more than the limit") {
    ocop::regulation_document d = support::rules_of(support::fine_card());
    d.councils = {{council_level::district, {}, {}, {}, "", {}, ""},
                  {council_level::province, {}, {}, points{10}, "", {}, ""}};
    const regulation rules(d);
    const scorecard& card = rules.card(1);
    const auto verdict = [&](const std::vector<int>& totals, council sitting,
                             const circumstances& given = {}) {
        return assess(rules, card, sitting, free_sheets(card, totals), given);
    };
    CHECK(verdict({60, 70}, support::council_of(2)).outcome == outcome::ranked);
    council reaching = support::council_of(2);
    reaching.spread.blocks = ocop::spread_comparison::at_or_above;
    CHECK(verdict({60, 70}, reaching).outcome == outcome::score_again);
    const assessment again = verdict({60, 71}, support::council_of(2));
    CHECK(again.outcome == outcome::score_again);
    REQUIRE(again.spread.size() == 1);
    CHECK(again.spread[0].one == "m1");
    CHECK(again.spread[0].other == "m2");
    CHECK(again.spread[0].difference == points{11});
    CHECK_FALSE(again.stars);
    CHECK(again.total == mean_points(131, 2));
    CHECK(again.band == stars(3));
    CHECK(again.to_reach.empty());
    circumstances district;
    district.level = council_level::district;
    CHECK(verdict({60, 71}, support::council_of(2), district).outcome == outcome::ranked);
    council own = support::council_of(2);
    own.spread = ocop::spread_rule::of(points{11});
    CHECK(verdict({60, 71}, own).outcome == outcome::ranked);
    own.spread = ocop::spread_rule::of(points{5});
    CHECK(verdict({60, 71}, own, district).outcome == outcome::score_again);
    own.spread = ocop::spread_rule::off();
    CHECK(verdict({0, 100}, own).outcome == outcome::ranked);
    // Every pair is told; a secretary is not compared.
    const council four = support::council(
        {council_role::chair, council_role::member, council_role::member, council_role::secretary});
    CHECK(verdict({60, 71, 82, 0}, four).spread.size() == 3);
    // A single sheet differs from nobody.
    council zero = support::council_of(1);
    zero.spread = {ocop::spread_rule::from::host, points{0}, ocop::spread_comparison::at_or_above};
    CHECK(verdict({60}, zero).outcome == outcome::ranked);
    // Measured by parts: totals agree, the parts do not.
    const std::vector<score_sheet> crossed{
        score_sheet(card, "m1", {{"A1", 9}, {"B1", 1}, {"C1", 1}, {"C2", 1}}),
        score_sheet(card, "m2", {{"A1", 3}, {"B1", 1}, {"C1", 7}, {"C2", 1}})};
    readings by_parts;
    by_parts.spread = ocop::spread_measure::parts;
    CHECK(assess(rules, card, support::council_of(2), crossed).outcome == outcome::ranked);
    CHECK(assess(rules, card, support::council_of(2), crossed, {}, by_parts).outcome ==
          outcome::score_again);
}

TEST_CASE("quorum, strangers and gaps make an assessment incomplete") {
    const regulation rules(support::rules_of(support::fine_card()));
    const scorecard& card = rules.card(1);
    council sitting = support::council_of(3);
    sitting.quorum = ocop::quorum::share(2, 3);
    CHECK(assess(rules, card, sitting, free_sheets(card, {50, 50})).outcome == outcome::ranked);
    const assessment few = assess(rules, card, sitting, free_sheets(card, {50}));
    CHECK(few.outcome == outcome::incomplete);
    CHECK(support::codes(few.errors) == std::vector<int>{313});
    CHECK_FALSE(few.total);
    CHECK(support::codes(assess(rules, card, support::council_of(2), {}).errors) ==
          std::vector<int>{312});
    CHECK(support::codes(assess(rules, card, support::council({council_role::secretary}),
                                free_sheets(card, {50}))
                             .errors) == std::vector<int>{312});

    std::vector<score_sheet> sheets = free_sheets(card, {50, 50});
    sheets.emplace_back(card, "nobody", std::initializer_list<ocop::entry>{{"A1", 1}});
    sheets.push_back(sheets[0]);
    sheets[1].clear(0);
    const assessment many = assess(rules, card, support::council_of(2), sheets);
    CHECK(support::codes(many.errors) == std::vector<int>{303, 306, 306, 306, 304, 306});
}

TEST_CASE("none of the options is an answer of 0 points") {
    const regulation rules(marked_rules());
    const scorecard& card = rules.card(1);
    const score_sheet sheet(card, "m1", {{"A1", 9}, {"B1", 6}, {"C1", 7}, {"C2", 0}});
    const assessment a = assess(rules, card, support::council_of(1), {&sheet, 1});
    CHECK(a.outcome == outcome::ranked);
    CHECK(to_string(*a.total) == "95.00");
    CHECK(a.stars == stars(2));
}

TEST_CASE("a tied criterion is scored only if there is a story") {
    ocop::criterion story = criterion("B1", {0, 20});
    story.id = "story";
    ocop::criterion tied = criterion("B2", {2, 5});
    tied.applies_if = ocop::condition{"has_story", "story", {"có chuyện", "it has a story"}, {}};
    const regulation rules(support::rules_of(support::card(part("A", {criterion("A1", {0, 40})}),
                                                           part("B", {story, tied}),
                                                           part("C", {criterion("C1", {0, 35})}))));
    const scorecard& card = rules.card(1);
    const auto codes = [&](std::initializer_list<ocop::entry> entries, const readings& by = {}) {
        const score_sheet sheet(card, "m1", entries);
        return support::codes(
            assess(rules, card, support::council_of(1), {&sheet, 1}, {}, by).errors);
    };
    const std::vector<int> none;
    CHECK(codes({{"A1", 2}, {"B1", 2}, {"B2", 1}, {"C1", 1}}) == none);
    CHECK(codes({{"A1", 2}, {"B1", 2}, {"C1", 1}}) == std::vector<int>{306});
    CHECK(codes({{"A1", 2}, {"B1", 1}, {"C1", 1}}) == none);
    CHECK(codes({{"A1", 2}, {"B1", 0}, {"C1", 1}}) == none);
    CHECK(codes({{"A1", 2}, {"B1", 1}, {"B2", 0}, {"C1", 1}}) == std::vector<int>{309});
    CHECK(codes({{"A1", 2}, {"B2", 1}, {"C1", 1}}) == std::vector<int>{306});  // one gap, one error
    readings apart;
    apart.conditions_bind = false;
    CHECK(codes({{"A1", 2}, {"B1", 1}, {"B2", 1}, {"C1", 1}}, apart) == none);
    CHECK(codes({{"A1", 2}, {"B1", 1}, {"C1", 1}}, apart) == std::vector<int>{306});
}

TEST_CASE("1048 A3.2: the producer's kind decides the case") {
    const regulation& r = bundled_regulations().at("1048-2019");
    const scorecard& card = r.card(1);
    const std::size_t a32 = card.find("A3.2").value();
    const auto result = [&](std::int64_t option, std::optional<ocop::producer_kind> kind) {
        const score_sheet sheet = support::last_options(card, a32, option);
        circumstances given;
        given.producer = kind;
        return assess(r, card, support::council_of(1), {&sheet, 1}, given);
    };
    using ocop::producer_kind;
    CHECK(result(2, producer_kind::cooperative).outcome == outcome::ranked);
    CHECK(result(4, producer_kind::business_household).outcome == outcome::ranked);
    CHECK(support::codes(result(4, producer_kind::cooperative).errors) == std::vector<int>{310});
    CHECK(support::codes(result(2, producer_kind::business_household).errors) ==
          std::vector<int>{310});
    CHECK(result(0, producer_kind::business_household).outcome == outcome::ranked);
    CHECK(result(2, producer_kind::farm).outcome == outcome::ranked);  // in neither case
    CHECK(result(2, std::nullopt).outcome == outcome::ranked);
    // The way up stays within the case: a household never gets to option 2.
    const assessment low = result(3, producer_kind::business_household);
    for (const ocop::way_up& way : low.to_reach)
        for (const ocop::change& c : way.changes)
            if (c.criterion == a32) CHECK(c.to.number() == 4);
}

TEST_CASE("points that decide: nobody gives a point where the card stops at 0") {
    ocop::criterion stop = criterion("C2", {0, 5});
    stop.gates = {{"stop_if_zero_points", {"dừng", "stop"}, ocop::ground_kind::points, ""}};
    ocop::criterion rest = criterion("C1", {0, 30});
    const regulation rules(support::rules_of(support::card(part("A", {criterion("A1", {0, 40})}),
                                                           part("B", {criterion("B1", {0, 25})}),
                                                           part("C", {rest, stop}))));
    const scorecard& card = rules.card(1);
    const auto result = [&](const std::vector<int>& options, ocop::zero_reading by) {
        std::vector<score_sheet> sheets;
        for (std::size_t m = 0; m < options.size(); ++m) {
            sheets.emplace_back(card, "m" + std::to_string(m + 1),
                                std::initializer_list<ocop::entry>{
                                    {"A1", 2}, {"B1", 2}, {"C1", 2}, {"C2", options[m]}});
        }
        readings r;
        r.zero_points = by;
        return assess(rules, card, support::council_of(options.size()), sheets, {}, r);
    };
    using ocop::zero_reading;
    CHECK(result({1, 0, 1}, zero_reading::every_member).outcome == outcome::rejected);
    CHECK(result({1, 0, 2}, zero_reading::every_member).outcome == outcome::ranked);
    CHECK(result({1, 0, 2}, zero_reading::majority).outcome == outcome::rejected);
    CHECK(result({1, 2}, zero_reading::majority).outcome == outcome::ranked);
    CHECK(result({1, 2}, zero_reading::any_member).outcome == outcome::rejected);
    const assessment a = result({1}, zero_reading::every_member);
    REQUIRE(a.grounds.size() == 1);
    CHECK(a.grounds[0].by_points);
    CHECK(a.grounds[0].criterion == "C2");
    CHECK_FALSE(a.stars);
    CHECK(to_string(*a.total) == "95.00");
}

TEST_CASE("grounds that an assessor finds reject whatever the points") {
    const regulation& r = bundled_regulations().at("26-2026");
    const scorecard& card = r.card(1);
    const auto result = [](const regulation& under, int set,
                           const std::vector<std::string>& grounds) {
        const scorecard& c = under.card(set);
        const score_sheet sheet = support::last_options(c);
        circumstances given;
        given.grounds = grounds;
        return assess(under, c, support::council_of(1), {&sheet, 1}, given);
    };
    CHECK(card.document().knockouts.size() >= 2);
    CHECK(result(r, 1, {}).stars == stars(5));
    const assessment forged = result(r, 1, {"forged_dossier"});
    CHECK(forged.outcome == outcome::rejected);
    CHECK(forged.grounds.at(0).text.en == "Forged dossier");
    CHECK(forged.grounds.at(0).checked);
    CHECK(result(r, 1, {"C6.1:stop_if_unacceptable_impurities"}).outcome == outcome::rejected);
    CHECK(support::codes(result(r, 1, {"stop_if_unacceptable_impurities"}).errors) ==
          std::vector<int>{314});
    CHECK(support::codes(result(r, 1, {"forged_dossier", "forged_dossier"}).errors) ==
          std::vector<int>{315});
    CHECK(support::codes(result(r, 26, {"forged_dossier"}).errors) ==
          std::vector<int>{314});  // prints none
    // 148's lists are not known whole: anything stated is taken, and told as unchecked.
    const assessment stated = result(bundled_regulations().at("148-2023"), 1, {"lý do khác"});
    CHECK(stated.outcome == outcome::rejected);
    CHECK_FALSE(stated.grounds.at(0).checked);
}

TEST_CASE("26/2026 card 21 C7 binds only where goods must declare their quality") {
    const regulation& r = bundled_regulations().at("26-2026");
    const scorecard& card = r.card(21);
    const std::size_t c7 = card.find("C7").value();
    const score_sheet sheet = support::last_options(card, c7, 0);
    circumstances given;
    CHECK(assess(r, card, support::council_of(1), {&sheet, 1}, given).stars == stars(2));
    given.facts = {{"declaration_required", false}};
    const assessment lifted = assess(r, card, support::council_of(1), {&sheet, 1}, given);
    CHECK(lifted.stars == stars(5));
    CHECK(lifted.marks_missed().empty());
    given.facts = {{"declaration_requird", false}};
    CHECK(support::codes(assess(r, card, support::council_of(1), {&sheet, 1}, given).errors) ==
          std::vector<int>{316});
}

TEST_CASE("148 prints its 4-star mark of intellectual property on the title") {
    const regulation& r = bundled_regulations().at("148-2023");
    const scorecard& card = r.card(1);
    const std::size_t ip = card.find("A3.6").value();
    const score_sheet sheet = support::last_options(card, ip, 1);
    CHECK(card.points_for(ip, 1) == points{1});
    CHECK(assess(r, card, support::council_of(1), {&sheet, 1}).stars == stars(3));
    readings smallest;
    smallest.title_mark = ocop::title_mark_reading::smallest;
    CHECK(assess(r, card, support::council_of(1), {&sheet, 1}, {}, smallest).stars == stars(5));
}

TEST_CASE("who recognises which star") {
    struct row {
        const char* regulation;
        const char* assessed;
        int level;
        std::optional<council_level> by;
    };
    using L = council_level;
    const std::vector<row> rows{
        {"1048-2019", "2020-01-01", 2, std::nullopt}, {"1048-2019", "2020-01-01", 3, L::province},
        {"1048-2019", "2020-01-01", 4, L::province},  {"1048-2019", "2020-01-01", 5, L::centre},
        {"148-2023", "2025-07-05", 3, L::district},   {"148-2023", "2025-07-06", 3, L::province},
        {"148-2023", "2025-07-05", 4, L::province},   {"148-2023", "2025-07-06", 5, L::centre},
        {"148-2023", nullptr, 3, std::nullopt},       {"148-2023", nullptr, 4, L::province},
        {"26-2026", "2026-06-01", 1, std::nullopt},   {"26-2026", "2026-06-01", 3, L::province},
        {"26-2026", "2026-06-01", 4, L::province},    {"26-2026", "2026-06-01", 5, L::centre},
    };
    for (const row& one : rows) {
        CAPTURE(one.regulation);
        CAPTURE(one.level);
        const regulation& r = bundled_regulations().at(one.regulation);
        std::vector<ocop::note> notes;
        circumstances given;
        const readings by;
        ocop::detail::note_writer writer(r, given, by, notes);
        std::optional<ocop::date> on;
        if (one.assessed != nullptr) on = day(one.assessed);
        CHECK(ocop::detail::recogniser(r, stars(one.level), on, writer) == one.by);
        CHECK(notes.empty() == (one.assessed != nullptr || one.level != 3));
    }
}

TEST_CASE("published totals give the band, and marks stay unknown") {
    const regulation& r = bundled_regulations().at("1048-2019");
    const auto published = [&](const char* total) {
        ocop::published_points p;
        p.total = ocop::parse_mean(total);
        return assess_published(r, nullptr, p);
    };
    const assessment gap = published("69.71");
    CHECK(gap.band == stars(3));
    CHECK_FALSE(gap.stars);
    bool told = false;
    for (const ocop::note& n : gap.notes) told = told || n.id == "between_printed_bands";
    CHECK(told);
    CHECK(published("72.80").band == stars(4));
    CHECK(published("94").proposed == stars(5));
    ocop::published_points p;
    p.total = ocop::parse_mean("69.71");
    readings upper;
    upper.gap = ocop::gap_reading::upper;
    CHECK(assess_published(r, nullptr, p, {}, upper).band == stars(4));
    p.parts = {mean_points(31, 1), mean_points(24, 1), mean_points(38, 1)};
    CHECK(support::codes(assess_published(r, nullptr, p).errors) == std::vector<int>{318});
    p.total.reset();
    CHECK(to_string(*assess_published(r, nullptr, p).total) == "93.00");
    const regulation& newer = bundled_regulations().at("26-2026");
    CHECK(support::codes(assess_published(newer, nullptr, p).errors) ==
          std::vector<int>{317});  // C is 35 there
    CHECK(support::codes(published("100.01").errors) == std::vector<int>{317});
    CHECK(support::codes(assess_published(r, nullptr, {}).errors) == std::vector<int>{107});
}

TEST_CASE("an assessment says which amendment is not applied") {
    const regulation& r = bundled_regulations().at("1048-2019");
    const auto ids = [&](const char* assessed) {
        circumstances given;
        given.dates.assessed = day(assessed);
        ocop::published_points p;
        p.total = mean_points(60, 1);
        std::vector<std::string> list;
        for (const ocop::note& n : assess_published(r, nullptr, p, given).notes)
            list.push_back(n.id);
        return list;
    };
    CHECK(ids("2020-06-07") == std::vector<std::string>{"published_points"});
    CHECK(ids("2020-06-08") ==
          std::vector<std::string>{"amendment_not_applied", "published_points"});
}

TEST_CASE("a sheet counts on its own card only, and a card under its own regulation") {
    const regulation& r148 = bundled_regulations().at("148-2023");
    const regulation& r26 = bundled_regulations().at("26-2026");
    std::size_t alike = 0;
    for (const scorecard& one : r26.scorecards())
        for (const scorecard& other : r26.scorecards()) {
            if (one.set() == other.set() || one.size() != other.size()) continue;
            ++alike;
            const score_sheet sheet(one, "m1");
            CHECK_FALSE(sheet.fits(other));
            const assessment a = assess(r26, other, support::council_of(1), {&sheet, 1});
            REQUIRE(a.errors.size() == 2);
            CHECK(support::codes(a.errors) == std::vector<int>{319, 312});
        }
    CHECK(alike > 50);
    const score_sheet sheet(r148.card(3), "m1");
    const assessment foreign = assess(r26, r148.card(3), support::council_of(1), {&sheet, 1});
    CHECK(foreign.outcome == outcome::incomplete);
    CHECK(support::codes(foreign.errors) == std::vector<int>{207});
    // A copy of a card is scored alike, so its sheets are good.
    const scorecard copy = r26.card(3);
    CHECK(score_sheet(copy, "m1").fits(r26.card(3)));
}

TEST_CASE("a lower council sends on what it cannot recognise") {
    const regulation& r = bundled_regulations().at("148-2023");
    const auto sent = [&](const char* total, council_level level) {
        circumstances given;
        given.level = level;
        given.dates.assessed = day("2024-05-01");
        ocop::published_points p;
        p.total = ocop::parse_mean(total);
        return assess_published(r, nullptr, p, given).forwards_to;
    };
    CHECK(sent("90", council_level::district) == council_level::province);
    CHECK(sent("90", council_level::province) == council_level::centre);
    CHECK_FALSE(sent("90", council_level::centre));
    CHECK_FALSE(sent("89.99", council_level::province));

    // Four stars at the district: the province recognises them; three are the district's own.
    ocop::regulation_document d = support::rules_of(support::fine_card());
    d.recognition = {{stars(3), council_level::district, {}, {}, {}, ""},
                     {stars(4), council_level::province, {}, {}, {}, ""}};
    const regulation rules(d);
    const auto ranked = [&](int total) {
        circumstances given;
        given.level = council_level::district;
        return assess(rules, rules.card(1), support::council_of(1),
                      free_sheets(rules.card(1), {total}), given)
            .forwards_to;
    };
    CHECK(ranked(70) == council_level::province);
    CHECK_FALSE(ranked(60));
}

TEST_CASE("forwarding by points and marks asks for the lower marks too") {
    const regulation rules(marked_rules());
    ocop::scorecard_document card = rules.card(1).document();
    // The 5-star mark moves to B1, the 3-star mark stays at C2.
    card.parts[2].sections[0].criteria[1].options[5].minimum_for.reset();
    card.parts[1].sections[0].criteria[0].options[5].minimum_for = stars(5);
    ocop::regulation_document d = rules.document();
    d.scorecards = {card};
    const regulation moved(d);
    readings strict;
    strict.forwarding = ocop::forwarding_reading::points_and_marks;
    const auto sheets = sheets_of(moved.card(1), {95}, 0);  // B1 full, C2 none
    CHECK_FALSE(assess(moved, moved.card(1), support::council_of(1), sheets, {}, strict).proposed);
    CHECK(assess(moved, moved.card(1), support::council_of(1), sheets).proposed == stars(5));
}

TEST_CASE("the gap between printed bands begins above the printed end") {
    ocop::published_points p;
    readings upper;
    upper.gap = ocop::gap_reading::upper;
    const regulation& r = bundled_regulations().at("1048-2019");
    for (const auto& [total, level] : {std::pair{"69", 3},
                                       {"69.000001", 4},
                                       {"70", 4},
                                       {"89", 4},
                                       {"89.01", 5},
                                       {"49", 2},
                                       {"49.5", 3}}) {
        p.total = ocop::parse_mean(total);
        CHECK(assess_published(r, nullptr, p, {}, upper).band == stars(level));
    }
}

TEST_CASE("a zero gate that is stated and seen is told once; 148's own grounds are unchecked") {
    const regulation& r = bundled_regulations().at("1048-2019");
    const scorecard& card = r.card(17);
    const std::size_t gate = card.find("C6.1").value();
    const score_sheet sheet = support::last_options(card, gate, 0);
    circumstances given;
    given.grounds = {"C6.1:stop_if_zero_points"};
    CHECK(assess(r, card, support::council_of(1), {&sheet, 1}, given).grounds.size() == 1);
    given.grounds.clear();
    CHECK(assess(r, card, support::council_of(1), {&sheet, 1}, given).grounds.size() == 1);

    const regulation& older = bundled_regulations().at("148-2023");
    ocop::published_points p;
    p.total = mean_points(60, 1);
    given.grounds = {"forged_dossier"};
    const assessment a = assess_published(older, &older.card(1), p, given);
    REQUIRE(a.grounds.size() == 1);
    CHECK_FALSE(a.grounds[0].checked);
}

TEST_CASE("published parts beyond all measure are told, not thrown") {
    ocop::published_points p;
    p.parts = {mean_points(2000000000, 1000000), mean_points(2000000000, 1000000),
               mean_points(1, 1)};
    CHECK(
        support::codes(assess_published(bundled_regulations().at("26-2026"), nullptr, p).errors) ==
        std::vector<int>{317, 317});
}
