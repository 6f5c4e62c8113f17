#include "ocop/exchange/bundled.hpp"

#include <doctest/doctest.h>

#include <array>
#include <thread>
#include <vector>

#include "../support.hpp"
#include "ocop/exchange/regulation_json.hpp"

using ocop::bundled_regulations;
using ocop::regulation;

namespace {

struct count {
    const char* id;
    std::size_t criteria;
    std::size_t options;
    std::size_t marks;        ///< on options
    std::size_t title_marks;  ///< on titles
};

}  // namespace

TEST_CASE("three regulations of 26 cards, as many criteria, options and marks as the facts count") {
    // The counts of facts/README.md.
    const std::array<count, 3> counts{{{"1048-2019", 773, 2792, 0, 0},
                                       {"148-2023", 795, 2632, 543, 26},
                                       {"26-2026", 787, 2579, 575, 0}}};
    REQUIRE(bundled_regulations().regulations().size() == 3);
    for (const count& wanted : counts) {
        const regulation& r = bundled_regulations().at(wanted.id);
        count got{wanted.id, 0, 0, 0, 0};
        REQUIRE(r.scorecards().size() == 26);
        for (int set = 1; set <= 26; ++set) {
            const ocop::scorecard& card = r.card(set);
            got.criteria += card.size();
            for (std::size_t i = 0; i < card.size(); ++i) got.options += card.option_count(i);
            for (const ocop::star_mark& m : card.marks())
                ++(m.on_title ? got.title_marks : got.marks);
        }
        CAPTURE(wanted.id);
        CHECK(got.criteria == wanted.criteria);
        CHECK(got.options == wanted.options);
        CHECK(got.marks == wanted.marks);
        CHECK(got.title_marks == wanted.title_marks);
    }
}

TEST_CASE("six cards cannot reach 100, and say so") {
    std::vector<std::pair<std::string, int>> found;
    for (const regulation& r : bundled_regulations().regulations())
        for (const ocop::scorecard& card : r.scorecards())
            if (card.document().reachable != ocop::points{100}) {
                found.emplace_back(r.card_id(card.set()), card.document().reachable->value());
                CHECK(card.document().known == ocop::status::conflict);
            }
    const std::vector<std::pair<std::string, int>> wanted{
        {"1048-2019/19", 98}, {"1048-2019/26", 99}, {"148-2023/7", 99},
        {"148-2023/11", 97},  {"148-2023/12", 97},  {"148-2023/13", 98}};
    CHECK(found == wanted);
}

TEST_CASE("every value knows its status and source") {
    for (const regulation& r : bundled_regulations().regulations()) {
        CHECK_FALSE(r.document().decision.source.empty());
        CHECK_FALSE(r.document().sources.empty());
        CHECK_FALSE(r.document().in_force.source.empty());
        for (const auto& rule : r.document().recognition) CHECK_FALSE(rule.source.empty());
        for (const auto& rule : r.document().councils) CHECK_FALSE(rule.source.empty());
        CHECK_FALSE(r.document().remarks.empty());
    }
    CHECK(bundled_regulations().at("1048-2019").document().bands[1].printed == "70-89");
    CHECK(bundled_regulations().at("1048-2019").document().bands[1].known ==
          ocop::status::inferred);
    CHECK(bundled_regulations().at("148-2023").card(8).document().agencies_known ==
          ocop::status::inferred);
}

TEST_CASE("threads may ask first at the same time") {
    std::vector<std::thread> threads;
    std::array<const ocop::timeline*, 4> seen{};
    for (std::size_t i = 0; i < seen.size(); ++i)
        threads.emplace_back([&seen, i] { seen[i] = &bundled_regulations(); });
    for (std::thread& t : threads) t.join();
    for (const ocop::timeline* one : seen) CHECK(one == seen[0]);
}

TEST_CASE("a good document of a host's own is read, a bad one told") {
    const char* text = R"({"format": "ocop-regulation/1", "id": "own", "decision": {"number": "1"},
      "scorecards": [{"set": 1, "vi": "a", "en": "a", "parts": [
        {"code": "A", "max": 40, "sections": [{"vi": "a", "en": "a", "max": 40, "criteria": [
          {"code": "A1", "id": "a", "vi": "a", "en": "a", "max": 40, "options": [
            {"points": 40, "vi": "a", "en": "a"}]}]}]},
        {"code": "B", "max": 25, "sections": [{"vi": "a", "en": "a", "max": 25, "criteria": [
          {"code": "B1", "id": "b", "vi": "a", "en": "a", "max": 25, "options": [
            {"points": 25, "vi": "a", "en": "a"}]}]}]},
        {"code": "C", "max": 35, "sections": [{"vi": "a", "en": "a", "max": 35, "criteria": [
          {"code": "C1", "id": "c", "vi": "a", "en": "a", "max": 35, "options": [
            {"points": 35, "vi": "a", "en": "a"}]}]}]}]}]})";
    CHECK(ocop::read_regulation(text).card(1).size() == 3);
    CHECK_THROWS_AS(static_cast<void>(ocop::read_regulation("{}")), ocop::error);
    std::string bad = text;
    bad.replace(bad.find("\"max\": 40"), 9, "\"max\": 41");
    bad.replace(bad.find("\"id\": \"b\""), 9, "\"id\": 7   ");
    ocop::problems found;
    CHECK_FALSE(ocop::try_read_regulation(bad, found));
    // The wrong type, and the sums of part A that stand for themselves.
    CHECK(support::codes(found) == std::vector<int>{106, 401, 401});
}
