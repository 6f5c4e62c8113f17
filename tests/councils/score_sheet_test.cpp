#include "ocop/councils/score_sheet.hpp"

#include <doctest/doctest.h>

#include "../support.hpp"

using ocop::answer;
using ocop::score_sheet;

namespace {

ocop::scorecard card_with_ticks() {
    ocop::criterion ticks = support::criterion("C1", {5, 10, 20});
    ticks.choose = ocop::choice::any;
    ticks.max = ocop::points{35};
    return ocop::scorecard(support::card(
        support::part("A", {support::criterion("A1", {0, 20, 40})}),
        support::part("B", {support::criterion("B1", {5, 25})}), support::part("C", {ticks})));
}

}  // namespace

TEST_CASE("an answer is nothing, none, or ticked options") {
    CHECK_FALSE(answer().given());
    CHECK(answer::none().given());
    CHECK(answer::none().number() == 0);
    CHECK(answer::option(3).number() == 3);
    CHECK(answer::option(3).has(3));
    CHECK_FALSE(answer::option(3).has(2));
    CHECK(answer::of_bits(0b101).numbers() == std::vector<std::size_t>{1, 3});
    CHECK(answer() != answer::none());
}

TEST_CASE("a sheet takes only what its card offers") {
    const ocop::scorecard card = card_with_ticks();
    score_sheet sheet(card, "m1");
    sheet.choose(card, "A1", 2);
    CHECK(sheet.at(0) == answer::option(2));
    CHECK_THROWS_AS(sheet.choose(card, "A1", 3), ocop::error);  // a second answer
    CHECK_THROWS_AS(sheet.choose(card, "Z1", 1), ocop::error);
    CHECK_THROWS_AS(sheet.choose(card, "B1", 3), ocop::error);
    CHECK_THROWS_AS(sheet.choose(card, "B1", -1), ocop::error);
    sheet.choose(card, "B1", 0);
    CHECK(sheet.at(1) == answer::none());
    sheet.choose(card, "C1", 1);
    sheet.choose(card, "C1", 3);
    CHECK(sheet.at(2).numbers() == std::vector<std::size_t>{1, 3});
    CHECK_THROWS_AS(sheet.choose(card, "C1", 3), ocop::error);  // ticked twice
    CHECK_THROWS_AS(sheet.choose(card, "C1", 0), ocop::error);  // none beside a tick
}

TEST_CASE("all problems of a list of entries are told together, with their places") {
    const ocop::scorecard card = card_with_ticks();
    try {
        const score_sheet sheet(card, "m/1", {{"A1", 99}, {"X", 1}, {"B1", 1}, {"B1", 2}});
        FAIL("no error");
    } catch (const ocop::error& e) {
        CHECK(support::codes(e.list()) == std::vector<int>{307, 305, 308});
        CHECK(e.list()[0].where.pointer == "/sheets/m~11/A1");
        CHECK(e.list()[0].value == "99");
        CHECK(e.list()[0].where.sheet == "m/1");
        CHECK(e.list()[2].where.criterion == "B1");
    }
}

TEST_CASE("points choose the option that carries them") {
    const ocop::scorecard card = card_with_ticks();
    score_sheet sheet(card, "m1");
    sheet.choose_points(card, "A1", ocop::points{20});
    CHECK(sheet.at(0) == answer::option(2));
    sheet.choose_points(card, "B1", ocop::points{0});  // no option of 0 points is printed
    CHECK(sheet.at(1) == answer::none());
    score_sheet other(card, "m2");
    CHECK_THROWS_AS(other.choose_points(card, "A1", ocop::points{21}), ocop::error);
}

TEST_CASE("a sheet of another card is refused") {
    const ocop::scorecard card = card_with_ticks();
    const ocop::scorecard other(support::fine_card());
    score_sheet sheet(card, "m1");
    ocop::problems found;
    CHECK_FALSE(sheet.try_choose(other, 0, 1, found));
    CHECK(support::codes(found) == std::vector<int>{319});
    CHECK_THROWS_AS(sheet.set(other, 0, answer::none()), ocop::error);
    CHECK_THROWS_AS(sheet.set(card, 0, answer::of_bits(0b11)), ocop::error);
    CHECK_THROWS_AS(sheet.set(card, 1, answer::option(3)), ocop::error);
    sheet.set(card, 2, answer::of_bits(0b110));
    CHECK(sheet.at(2).numbers() == std::vector<std::size_t>{2, 3});
}

TEST_CASE("an option beyond every card is refused") {
    CHECK_THROWS_AS(static_cast<void>(answer::option(0)), ocop::error);
    CHECK_THROWS_AS(static_cast<void>(answer::option(31)), ocop::error);
    CHECK_THROWS_AS(static_cast<void>(answer::of_bits(std::uint32_t{1} << 31)), ocop::error);
    CHECK_FALSE(answer::option(1).has(0));
    CHECK_FALSE(answer::option(1).has(40));
    CHECK(answer::option(30).number() == 30);
}
