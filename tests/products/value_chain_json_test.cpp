// Value chains as JSON: what is written is read back, what is wrong is told with its place.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "ocop/exchange/value_chain_json.hpp"

using namespace ocop;

namespace {

/// "code pointer" of each problem.
std::vector<std::string> wrong(std::string_view json) {
    problems found;
    CHECK_FALSE(try_read_value_chain(json, found));
    std::vector<std::string> list;
    for (const problem& p : found)
        list.push_back(std::to_string(static_cast<int>(p.code)) + " " + p.where.pointer);
    return list;
}

using said = std::vector<std::string>;

}  // namespace

TEST_CASE("a value chain is read") {
    const value_chain chain = read_value_chain(R"({
        "areas": [{"material": "chè", "share": "60.5", "certificate": "national",
                   "place": {"code": "03388", "edition": "2026-04"}},
                  {"material": "đường", "share": "5", "imported": true}],
        "linkages": [{"partner": "HTX", "side": "input", "share": "80", "term_months": 12,
                      "from": "2026-01-01", "until": "2026-12-31"}],
        "labour": {"workers": 20, "from_commune": 11, "income_at_norm": false}})");
    REQUIRE(chain.areas.size() == 2);
    CHECK(chain.areas[0].of_volume.hundredths() == 6050);
    CHECK(chain.areas[0].place->in == edition::e2026_04);
    CHECK(to_string(chain.areas[0].place->code) == "03388");
    CHECK(chain.areas[0].certificate == area_certificate::national);
    CHECK(chain.areas[1].imported);
    REQUIRE(chain.linkages);
    CHECK(chain.linkages->at(0).side == linkage_side::input);
    CHECK(chain.linkages->at(0).until == date(2026, 12, 31));
    CHECK(chain.labour.from_commune == 11U);
    CHECK(chain.labour.income_at_norm == false);
    CHECK_FALSE(chain.labour.from_district);
    // No linkages told, and none there are, are two things.
    CHECK_FALSE(read_value_chain("{}").linkages);
    CHECK(read_value_chain(R"({"linkages": []})").linkages->empty());
}

TEST_CASE("what is written is read back") {
    std::mt19937 random(26);
    const auto some = [&random](std::uint32_t n) {
        return static_cast<std::uint32_t>(random() % n);
    };
    for (int i = 0; i < 500; ++i) {
        value_chain chain;
        for (auto n = some(4); n != 0; --n) {
            material_area area{.material = "chè \"Shan\"",
                               .of_volume = *share::from_hundredths(some(2501))};
            if (some(2) == 0)
                area.place = unit_ref{unit_code(unit_level::district, some(1000)),
                                      static_cast<edition>(some(4))};
            else
                area.imported = some(2) == 0;
            if (some(2) == 0) area.certificate = static_cast<area_certificate>(some(3));
            chain.areas.push_back(area);
        }
        if (some(3) != 0) chain.linkages.emplace();
        for (auto n = some(4); chain.linkages && n != 0; --n) {
            linkage l{.partner = "A", .of_volume = *share::from_hundredths(some(3334))};
            l.side = static_cast<linkage_side>(some(2));
            if (some(2) == 0) l.term_months = some(60);
            if (some(2) == 0) l.from = date(2026, 1, 1);
            if (some(2) == 0) l.until = date(2027, 1, 1);
            chain.linkages->push_back(l);
        }
        if (some(2) == 0) chain.labour.workers = some(100);
        if (some(2) == 0) chain.labour.income_at_norm = some(2) == 0;
        CHECK(read_value_chain(to_json(chain)) == chain);
    }
}

TEST_CASE("what is wrong is told with its place") {
    CHECK(wrong("[]") == said{"106 "});
    CHECK(wrong(R"({"area": []})") == said{"108 /area"});
    CHECK(wrong(R"({"areas": [{"material": "a", "share": "101"}]})") == said{"111 /areas/0/share"});
    CHECK(wrong(R"({"areas": [{"material": "a", "share": 50}]})") == said{"106 /areas/0/share"});
    CHECK(wrong(R"({"areas": [{"share": "5"}]})") == said{"107 /areas/0/material"});
    CHECK(
        wrong(
            R"({"areas": [{"material": "a", "share": "5", "place": {"code": "7", "edition": "x"}}]})") ==
        said{"109 /areas/0/place/edition", "109 /areas/0/place/code"});
    CHECK(wrong(R"({"areas": [{"material": "a", "share": "5", "certificate": "gold"}]})") ==
          said{"109 /areas/0/certificate"});
    CHECK(
        wrong(
            R"({"areas": [{"material": "a", "share": "60"}, {"material": "b", "share": "40.01"}]})") ==
        said{"610 /areas"});
    CHECK(
        wrong(
            R"({"linkages": [{"partner": "a", "side": "output", "share": "5", "term_months": -1}]})") ==
        said{"111 /linkages/0/term_months"});
    CHECK(
        wrong(
            R"({"linkages": [{"partner": "a", "side": "output", "share": "5", "from": "1/2/2026"}]})") ==
        said{"110 /linkages/0/from"});
    CHECK(wrong(R"({"labour": {"workers": 4294967296}})") == said{"111 /labour/workers"});
    CHECK(wrong(R"({"labour": {"workers": 1, "from_commune": 2}})") ==
          said{"610 /labour/from_commune"});
    CHECK_FALSE(wrong("").empty());
    CHECK_FALSE(wrong("{\"areas\": \xFF}").empty());
    CHECK_THROWS_AS((void)read_value_chain("{"), error);
}
