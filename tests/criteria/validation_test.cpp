#include "ocop/criteria/validation.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "../support.hpp"

using ocop::points;
using ocop::problem_code;
using ocop::problems;
using ocop::scorecard_document;
using ocop::stars;
using support::criterion;
using support::part;

namespace {

scorecard_document good_card() {
    ocop::criterion story = criterion("B1", {0, 10, 20}, {0, 3, 4});
    story.id = "story";
    ocop::criterion tied = criterion("B2", {0, 5});
    tied.applies_if = ocop::condition{"has_story", "story", {"có chuyện", "it has a story"}, {}};
    ocop::criterion cases = criterion("C1", {5, 10, 0, 5});
    cases.cases = {{"a", {"a", "a"}, {ocop::producer_kind::cooperative}, points{10}},
                   {"b", {"b", "b"}, {ocop::producer_kind::farm}, points{5}}};
    for (std::size_t k = 0; k < 4; ++k) cases.options[k].case_key = k < 2 ? "a" : "b";
    ocop::criterion ticks = criterion("C2", {5, 10, 10});
    ticks.choose = ocop::choice::any;
    ticks.max = points{25};
    return support::card(part("A", {criterion("A1", {0, 20}), criterion("A2", {10, 20}, {0, 5})}),
                         part("B", {story, tied}), part("C", {cases, ticks}));
}

/// The problems of good_card() after \p spoil.
problems after(const std::function<void(scorecard_document&)>& spoil) {
    scorecard_document card = good_card();
    spoil(card);
    problems found;
    validate(card, "/scorecards/0", found);
    return found;
}

ocop::criterion& at(scorecard_document& card, std::size_t p, std::size_t c) {
    return card.parts[p].sections[0].criteria[c];
}

void expect(const std::function<void(scorecard_document&)>& spoil, problem_code code,
            const std::string& pointer) {
    const problems found = after(spoil);
    bool named = false;
    for (const ocop::problem& p : found)
        named = named || (p.code == code && p.where.pointer == pointer);
    CAPTURE(pointer);
    CHECK(named);
    CHECK_THROWS_AS(
        [&] {
            scorecard_document card = good_card();
            spoil(card);
            return ocop::scorecard(card).size();
        }(),
        ocop::error);
}

}  // namespace

TEST_CASE("a good card has no problem") {
    CHECK(after([](scorecard_document&) {}).empty());
    const ocop::scorecard card(good_card());
    CHECK(card.size() == 6);
    CHECK(card.part_of(5) == 2);
    CHECK(card.find("C2") == 5);
    CHECK_FALSE(card.find("c2"));
    CHECK(card.condition_of(3) == 2);
    CHECK(card.points_for(5, 0b101) == points{15});
    REQUIRE(card.marks().size() == 3);
    CHECK(card.marks()[0].criterion == 1);
    CHECK(card.marks()[2].stars == stars(4));
}

TEST_CASE("every broken rule is named at its place") {
    const std::string a = "/scorecards/0/parts/0/sections/0";
    const std::string b = "/scorecards/0/parts/1/sections/0";
    const std::string c = "/scorecards/0/parts/2/sections/0";
    expect([](auto& d) { d.set = 0; }, problem_code::bad_value, "/scorecards/0/set");
    expect([](auto& d) { d.parts.pop_back(); }, problem_code::bad_parts, "/scorecards/0/parts");
    expect([](auto& d) { std::swap(d.parts[0], d.parts[1]); }, problem_code::bad_parts,
           "/scorecards/0/parts");
    expect([](auto& d) { d.parts[0].max = points{41}; }, problem_code::wrong_sum,
           "/scorecards/0/parts/0/max");
    expect([](auto& d) { d.parts[0].max = points{41}; }, problem_code::wrong_sum,
           "/scorecards/0/parts");
    expect([](auto& d) { d.parts[1].sections[0].max = points{24}; }, problem_code::wrong_sum,
           b + "/max");
    expect([](auto& d) { d.parts[1].sections.clear(); }, problem_code::empty_list,
           "/scorecards/0/parts/1/sections");
    expect([](auto& d) { d.parts[1].sections[0].criteria.clear(); }, problem_code::empty_list,
           b + "/criteria");
    expect([](auto& d) { at(d, 0, 0).options.clear(); }, problem_code::empty_list,
           a + "/criteria/0/options");
    expect([](auto& d) { at(d, 0, 0).options[0].points = points{21}; },
           problem_code::points_out_of_range, a + "/criteria/0/options/0/points");
    expect([](auto& d) { at(d, 0, 0).options[0].points = points{-1}; },
           problem_code::points_out_of_range, a + "/criteria/0/options/0/points");
    expect([](auto& d) { at(d, 0, 0).options[1].points = points{19}; }, problem_code::wrong_sum,
           a + "/criteria/0/max");
    expect([](auto& d) { at(d, 2, 1).options[0].points = points{4}; }, problem_code::wrong_sum,
           c + "/criteria/1/max");
    expect([](auto& d) { at(d, 0, 1).code = "A1"; }, problem_code::repeated_code,
           a + "/criteria/1/code");
    expect([](auto& d) { at(d, 0, 1).code = "B9"; }, problem_code::bad_code,
           a + "/criteria/1/code");
    expect([](auto& d) { at(d, 0, 1).code = "A 9"; }, problem_code::bad_code,
           a + "/criteria/1/code");
    expect([](auto& d) { at(d, 0, 1).code = "A"; }, problem_code::bad_code, a + "/criteria/1/code");
    expect([](auto& d) { at(d, 1, 0).options[2].minimum_for = stars(3); },
           problem_code::unordered_marks, b + "/criteria/0/options/2/minimum_for");
    expect(
        [](auto& d) {
            std::swap(at(d, 1, 0).options[1].minimum_for, at(d, 1, 0).options[2].minimum_for);
        },
        problem_code::unordered_marks, b + "/criteria/0/options/1/minimum_for");
    expect([](auto& d) { at(d, 1, 0).options[1].minimum_for = stars(2); },
           problem_code::unordered_marks, b + "/criteria/0/options/1/minimum_for");
    expect(
        [](auto& d) {
            at(d, 0, 0).mark_on_criterion = ocop::title_mark{stars(4), {}};
        },
        problem_code::empty_list, a + "/criteria/0/mark_on_criterion/candidates");
    expect(
        [](auto& d) {
            at(d, 0, 0).mark_on_criterion = ocop::title_mark{stars(4), {points{99}}};
        },
        problem_code::points_out_of_range, a + "/criteria/0/mark_on_criterion/candidates");
    expect([](auto& d) { at(d, 2, 0).options[0].case_key = "z"; }, problem_code::unknown_reference,
           c + "/criteria/0/options/0/case");
    expect([](auto& d) { at(d, 0, 0).options[0].case_key = "a"; }, problem_code::unknown_reference,
           a + "/criteria/0/options/0/case");
    expect(
        [](auto& d) {
            at(d, 2, 0).cases.push_back({"z", {}, {}, {}});
        },
        problem_code::unknown_reference, c + "/criteria/0/cases/z");
    expect([](auto& d) { at(d, 2, 0).cases[1].kinds = {ocop::producer_kind::cooperative}; },
           problem_code::repeated_code, c + "/criteria/0/case_kinds/b");
    expect([](auto& d) { at(d, 2, 0).cases[0].reachable = points{9}; },
           problem_code::wrong_reachable, c + "/criteria/0/reachable_by_case/a");
    expect([](auto& d) { at(d, 0, 0).reachable = points{9}; }, problem_code::wrong_reachable,
           a + "/criteria/0/reachable");
    expect([](auto& d) { d.reachable = points{99}; }, problem_code::wrong_reachable,
           "/scorecards/0/reachable");
    expect([](auto& d) { at(d, 1, 1).applies_if->criterion_id = "nowhere"; },
           problem_code::bad_condition, b + "/criteria/1/applies_if");
    expect([](auto& d) { at(d, 1, 1).applies_if->criterion_id = "id_C2"; },
           problem_code::bad_condition, b + "/criteria/1/applies_if");
    expect([](auto& d) { at(d, 0, 1).id = "story"; }, problem_code::bad_condition,
           b + "/criteria/1/applies_if");
    expect(
        [](auto& d) {
            d.knockouts = {{"x", {}, {}, {}}, {"x", {}, {}, {}}};
        },
        problem_code::repeated_code, "/scorecards/0/knockouts/1");
    expect(
        [](auto& d) {
            at(d, 0, 0).parent = ocop::parent_heading{"1", std::nullopt, points{7}};
        },
        problem_code::wrong_sum, a + "/criteria/0/parent/max");
}

TEST_CASE("all problems of a card are told together") {
    const problems found = after([](auto& d) {
        d.set = -3;
        at(d, 0, 1).code = "A1";
        at(d, 2, 0).options[0].case_key = "z";
    });
    CHECK(support::codes(found) == std::vector<int>{109, 403, 405});
}

TEST_CASE("a wrong sum that the source prints is a warning") {
    const auto spoil = [](scorecard_document& d) {
        d.parts[0].sections[0].criteria[0].options[1].points = points{19};
        d.parts[0].sections[0].criteria[0].known = ocop::status::conflict;
    };
    const problems found = after(spoil);
    REQUIRE(found.size() == 1);
    CHECK(found[0].grade == ocop::severity::warning);
    CHECK(found[0].code == problem_code::conflict);
    scorecard_document card = good_card();
    spoil(card);
    problems told;
    CHECK(ocop::scorecard::try_make(card, told));
    CHECK(told.size() == 1);
}

TEST_CASE("more criteria than a sheet can hold are refused") {
    const problems found = after([](auto& d) {
        auto& list = d.parts[0].sections[0].criteria;
        for (int i = 0; i < 300; ++i) list.push_back(criterion("A9." + std::to_string(i), {0}));
    });
    CHECK(support::codes(found) == std::vector<int>{320});
}

TEST_CASE("a regulation tells the problems of its bands, dates, sectors and sets") {
    const auto problems_of = [](const std::function<void(ocop::regulation_document&)>& spoil) {
        ocop::regulation_document d = support::rules_of(good_card());
        spoil(d);
        problems found;
        CHECK_FALSE(ocop::regulation::try_make(d, found));
        return support::codes(found);
    };
    CHECK(problems_of([](auto& d) { d.id.clear(); }) == std::vector<int>{302});
    CHECK(problems_of([](auto& d) { d.bands.pop_back(); }) == std::vector<int>{406});
    CHECK(problems_of([](auto& d) { d.bands[1].below = points{91}; }) == std::vector<int>{406});
    CHECK(problems_of([](auto& d) { d.bands[4].from = points{1}; }) == std::vector<int>{406});
    CHECK(problems_of([](auto& d) { d.bands[0].from = points{101}; }) == std::vector<int>{406});
    CHECK(problems_of([](auto& d) { d.scorecards.clear(); }) == std::vector<int>{408});
    CHECK(problems_of([](auto& d) { d.scorecards.push_back(d.scorecards[0]); }) ==
          std::vector<int>{403});
    CHECK(problems_of([](auto& d) {
              d.sectors = {{"I", {}, {{"1", {}, {7}}}}};
          }) == std::vector<int>{405});
    CHECK(problems_of([](auto& d) {
              d.in_force.filed_from = support::day("2026-01-01");
              d.in_force.filed_before = support::day("2026-01-01");
              d.in_force.assessed_until[0] = support::day("2025-12-31");
          }) == std::vector<int>{412, 412});
}
