#include "ocop/exchange/dossier.hpp"

#include <doctest/doctest.h>

#include <string>

#include "../support.hpp"
#include "ocop/exchange/assessment_json.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/report.hpp"

using ocop::bundled_regulations;

namespace {

/// A dossier of one member on set 3 of 26/2026 who ticks the last option everywhere.
std::string full_dossier(const std::string& head) {
    const ocop::scorecard& card = bundled_regulations().at("26-2026").card(3);
    std::string sheet;
    for (std::size_t i = 0; i < card.size(); ++i)
        sheet += (i == 0 ? "\"" : ", \"") + card.at(i).code +
                 "\": " + std::to_string(card.option_count(i));
    return "{" + head +
           R"("set": 3, "council": {"members": [{"id": "m1", "role": "chair"}]}, "sheets": {"m1": {)" +
           sheet + "}}}";
}

}  // namespace

TEST_CASE("a dossier is read, assessed, written and reported") {
    const std::string text = full_dossier(
        R"("filed": "2026-06-01", "assessed": "2026-06-20", "application": "first", "note": "minh họa",
                        "product": {"name": "Gạo", "producer_kind": "cooperative"}, )");
    const ocop::dossier d = ocop::read_dossier(text, bundled_regulations());
    CHECK(d.under->id() == "26-2026");
    CHECK(d.given.producer == ocop::producer_kind::cooperative);
    CHECK(d.notes == std::vector<std::string>{"minh họa"});
    const ocop::assessment a = assess(d);
    CHECK(a.stars == ocop::stars(5));
    CHECK(a.proposed == ocop::stars(5));
    const std::string json = to_json(a, d.card);
    CHECK(json.find("\"total\":\"100.00\"") != std::string::npos);
    CHECK(json.find('\n') == std::string::npos);
    for (ocop::language lang : {ocop::language::vi, ocop::language::en}) {
        const std::string page = report(ocop::assess_dossier(text, bundled_regulations()), lang);
        CHECK(page.find("100.00") != std::string::npos);
        CHECK(page.find("26/2026/QĐ-TTg") != std::string::npos);
        CHECK(page.find(" \n") == std::string::npos);
    }
}

TEST_CASE("the regulation follows from the dates, or is named") {
    const auto codes = [](const std::string& head) {
        return support::codes(
            ocop::assess_dossier(full_dossier(head), bundled_regulations()).result.errors);
    };
    const std::vector<int> none;
    CHECK(codes(R"("regulation": "26-2026", )") == none);
    CHECK(codes("") == std::vector<int>{107});
    CHECK(codes(R"("filed": "2026-06-01", )") == std::vector<int>{107, 107});
    CHECK(codes(R"("regulation": "26-2026", "filed": "2026-05-21", )") == std::vector<int>{204});
    CHECK(codes(R"("regulation": "26-2027", )") == std::vector<int>{201});
}

TEST_CASE("readings of a dossier reach the assessment") {
    const ocop::dossier d = ocop::read_dossier(
        full_dossier(
            R"("regulation": "26-2026", "readings": {"marks": "every_member", "lower_marks_bind": false,
          "missed_mark": "told", "title_mark": "smallest", "zero_points": "any_member", "overrun": "allow",
          "forwarding": "points_and_marks", "gap": "upper", "spread": "parts", "conditions_bind": false,
          "producer_decides_case": false}, )"),
        bundled_regulations());
    ocop::readings wanted;
    wanted.marks = ocop::mark_measure::every_member;
    wanted.lower_marks_bind = false;
    wanted.missed_mark = ocop::missed_mark::told;
    wanted.title_mark = ocop::title_mark_reading::smallest;
    wanted.zero_points = ocop::zero_reading::any_member;
    wanted.overrun = ocop::overrun_reading::allow;
    wanted.forwarding = ocop::forwarding_reading::points_and_marks;
    wanted.gap = ocop::gap_reading::upper;
    wanted.spread = ocop::spread_measure::parts;
    wanted.conditions_bind = false;
    wanted.producer_decides_case = false;
    CHECK(d.by == wanted);
}

TEST_CASE("every problem of a dossier is told, none only because of another") {
    std::string text =
        full_dossier(R"("regulation": "26-2026", "level": "commune", "colour": 1, )");
    text.replace(text.find("\"A1.1\": "), 9, "\"A1.1\": 9");
    const auto both = ocop::assess_dossier(text, bundled_regulations(), "d.json");
    CHECK(support::codes(both.result.errors) == std::vector<int>{109, 307, 108});
    for (const ocop::problem& p : both.result.errors) CHECK(p.where.file == "d.json");
    CHECK(both.result.outcome == ocop::outcome::incomplete);
    CHECK_THROWS_AS(static_cast<void>(ocop::read_dossier(text, bundled_regulations())),
                    ocop::error);
}

TEST_CASE("ten megabytes of nesting end at the depth limit") {
    for (const char* unit : {"[", "{\"a\":"}) {
        std::string deep;
        while (deep.size() < 10000000) deep += unit;
        CHECK(support::codes(ocop::assess_dossier(deep, bundled_regulations()).result.errors) ==
              std::vector<int>{103});
    }
}

TEST_CASE("names of the same letters in two Unicode forms are told apart and named") {
    std::string text = full_dossier(R"("regulation": "26-2026", )");
    text.replace(text.find("\"id\": \"m1\""), 10, "\"id\": \"Nguy\xE1\xBB\x85n\"");  // composed
    text.replace(text.find("\"m1\": {"), 7, "\"Nguye\xCC\x82\xCC\x83n\": {");  // combining marks
    const auto both = ocop::assess_dossier(text, bundled_regulations());
    REQUIRE(support::codes(both.result.errors) == std::vector<int>{303, 312});
    CHECK(both.result.errors[0].message.en.find("Unicode") != std::string::npos);
}

TEST_CASE("of very many unknown keys the first are named and the rest is counted") {
    std::string keys;
    for (int i = 0; i < 5000; ++i) keys += "\"x" + std::to_string(i) + "\": 1, ";
    const auto both = ocop::assess_dossier(full_dossier(R"("regulation": "26-2026", )" + keys),
                                           bundled_regulations());
    REQUIRE(both.result.errors.size() == 1001);
    CHECK(both.result.errors.back().value == "4000");
}
