// data/units against the facts it was made from, both ways, every row; and the compiled units.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ocop/communes/bundled_units.hpp"

namespace {

std::vector<std::vector<std::string>> rows(const std::string& file, std::size_t cells) {
    std::ifstream in(file);
    REQUIRE_MESSAGE(in, file);
    std::vector<std::vector<std::string>> all;
    std::string line;
    while (std::getline(in, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        REQUIRE(line.find('"') == std::string::npos);
        std::vector<std::string> row(1);
        for (char c : line) {
            if (c == ',')
                row.emplace_back();
            else
                row.back() += c;
        }
        REQUIRE(row.size() == cells);
        all.push_back(row);
    }
    REQUIRE(!all.empty());
    all.erase(all.begin());
    return all;
}

const std::string facts = OCOP_FACTS_DIR;
const std::string data = OCOP_SOURCE_DIR "/data/units/";
using fact = std::tuple<std::string, std::string, std::string, std::string, std::string>;

std::set<fact> facts_units() {
    std::set<fact> all;
    for (const auto& r : rows(facts + "/units/units.csv", 5))
        CHECK(all.insert({r[0], r[1], r[2], r[3], r[4]}).second);
    CHECK(all.size() == 28870);
    return all;
}

}  // namespace

TEST_CASE("data/units/units.csv holds the facts, and nothing else") {
    const std::vector<std::string> editions{"2023-01", "2025-03", "2025-07", "2026-04"};
    const std::map<std::size_t, std::string> levels{
        {2, "province"}, {3, "district"}, {5, "commune"}};
    std::set<fact> mine;
    for (const auto& r : rows(data + "units.csv", 4)) {
        REQUIRE(!r[3].empty());
        for (char digit : r[3])
            CHECK(mine.insert({editions.at(static_cast<std::size_t>(digit - '1')),
                               levels.at(r[0].size()), r[0], r[1], r[2]})
                      .second);
    }
    CHECK((mine == facts_units()));
}

TEST_CASE("the compiled units are the facts, and nothing else") {
    std::set<fact> mine;
    const ocop::gazetteer& all = ocop::bundled_units();
    for (ocop::edition e : ocop::all_editions)
        for (ocop::unit_level l :
             {ocop::unit_level::province, ocop::unit_level::district, ocop::unit_level::commune})
            for (const ocop::unit& u : all.units(e, l))
                CHECK(mine.insert({std::string(name_of(e)), std::string(name_of(l)),
                                   to_string(u.code), u.parent ? to_string(*u.parent) : "",
                                   std::string(u.name)})
                          .second);
    CHECK((mine == facts_units()));
}

TEST_CASE("successors: file and library against the facts") {
    std::map<std::string, std::string> given;
    for (const auto& r : rows(facts + "/units/succession.csv", 2))
        CHECK(given.emplace(r[0], r[1]).second);
    CHECK(given.size() == 10035);
    std::map<std::string, std::string> mine;
    for (const auto& r : rows(data + "succession.csv", 3)) {
        CHECK(mine.emplace(r[0], r[1]).second);
        CHECK(r[2] == (r[0] == "23938" ? "inferred" : ""));
    }
    CHECK((mine == given));

    const ocop::gazetteer& all = ocop::bundled_units();
    std::map<std::string, std::set<std::string>> back;
    std::size_t told = 0;
    for (const ocop::unit& u : all.units(ocop::edition::e2025_03, ocop::unit_level::commune)) {
        const auto s = all.successor(u.ref(), ocop::edition::e2025_07);
        REQUIRE(s.unit);
        CHECK(to_string(s.unit->code) == given.at(to_string(u.code)));
        CHECK(s.how == ocop::succession::main_successor);
        CHECK(s.known ==
              (to_string(u.code) == "23938" ? ocop::status::inferred : ocop::status::secondary));
        back[to_string(s.unit->code)].insert(to_string(u.code));
        ++told;
    }
    CHECK(told == given.size());
    for (const ocop::unit& u : all.units(ocop::edition::e2025_07, ocop::unit_level::commune)) {
        std::set<std::string> before;
        for (const ocop::unit_ref& r : all.predecessors(u.ref(), ocop::edition::e2025_03))
            CHECK(before.insert(to_string(r.code)).second);
        CHECK((before == back[to_string(u.code)]));
    }
}

TEST_CASE("the 40 product codes decode to the units that the file names") {
    std::ifstream in(facts + "/products/codes.csv");
    REQUIRE(in);
    const ocop::gazetteer& all = ocop::bundled_units();
    std::string line;
    std::getline(in, line);
    std::size_t count = 0;
    while (std::getline(in, line)) {
        const std::string code = line.substr(0, line.find(','));
        CAPTURE(code);
        const auto province = ocop::unit_code::parse(code.substr(0, 2));
        const auto district = ocop::unit_code::parse(code.substr(3, 3));
        const auto commune = ocop::unit_code::parse(code.substr(7, 5));
        const auto chain = all.chain({commune, ocop::edition::e2023_01});
        REQUIRE(chain.commune != nullptr);
        CHECK(chain.district->code == district);
        CHECK(chain.province->code == province);
        for (const ocop::unit* u : {chain.province, chain.district, chain.commune})
            CHECK(line.find("," + std::string(u->name) + ",") != std::string::npos);
        CHECK(all.today(chain.commune->ref()).province.unit);
        ++count;
    }
    CHECK(count == 40);
}
