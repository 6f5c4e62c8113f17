// data/regulations against the facts they were made from: nothing dropped, nothing changed.
// Every value of the facts must stand in the data at the same place; what the data adds is listed.
#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using nlohmann::json;

namespace {

json read(const std::string& file) {
    std::ifstream in(file);
    REQUIRE_MESSAGE(in, file);
    return json::parse(in);
}

std::size_t compared = 0;

/// Every value of \p fact stands in \p data at \p at.
void same(const json& fact, const json& data, const std::string& at) {
    if (fact.is_object()) {
        for (const auto& [key, value] : fact.items()) {
            if (key == "signer") continue;  // names a person and decides nothing
            const std::string here = at + "/" + key;
            CAPTURE(here);
            REQUIRE(data.contains(key));
            const json& mine = data[key];
            if (key == "cases") {
                // The facts give English texts; the data adds Vietnamese ones.
                for (const auto& [name, text] : value.items())
                    CHECK(mine.at(name).at("en") == text);
                CHECK(mine.size() == value.size());
            } else if (key == "agencies_status" && value == "inferred_from_26_2026") {
                CHECK(mine == "inferred");
                CHECK(data.at("agencies_source") == "26/2026/QĐ-TTg");
            } else {
                same(value, mine, here);
            }
        }
    } else if (fact.is_array()) {
        CAPTURE(at);
        REQUIRE(data.is_array());
        REQUIRE(data.size() == fact.size());
        for (std::size_t i = 0; i < fact.size(); ++i)
            same(fact[i], data[i], at + "/" + std::to_string(i));
    } else {
        ++compared;
        CAPTURE(at);
        CHECK(data == fact);
    }
}

/// No key in the scorecards of \p data that \p fact does not have, but for those named.
void nothing_added(const json& fact, const json& data, const std::string& at) {
    if (data.is_object()) {
        for (const auto& [key, value] : data.items()) {
            const std::string here = at + "/" + key;
            CAPTURE(here);
            if (key == "agencies_source" || key == "cases") continue;
            REQUIRE(fact.contains(key));
            nothing_added(fact[key], value, here);
        }
    } else if (data.is_array()) {
        for (std::size_t i = 0; i < data.size(); ++i)
            nothing_added(fact[i], data[i], at + "/" + std::to_string(i));
    }
}

}  // namespace

TEST_CASE("every point, maximum, mark, case and condition equals the facts") {
    for (const char* id : {"1048-2019", "148-2023", "26-2026"}) {
        CAPTURE(id);
        const json facts = read(std::string(OCOP_FACTS_DIR) + "/criteria/" + id + ".json");
        const json data = read(std::string(OCOP_SOURCE_DIR) + "/data/regulations/" + id + ".json");
        for (const auto& [key, value] : facts.items()) {
            if (key == "format") continue;  // the data has a format of its own
            if (key == "decision") {
                // What the library reads stands in "decision", the rest in the remarks.
                for (const auto& [name, text] : value.items())
                    if (name != "signer")
                        CHECK((data["decision"].value(name, json()) == text ||
                               data["remarks"]["decision"].value(name, json()) == text));
            } else if (data.contains(key)) {
                same(value, data[key], "/" + key);
            } else {
                REQUIRE(data["remarks"].contains(key));
                same(value, data["remarks"][key], "/" + key);
            }
        }
        nothing_added(facts["scorecards"], data["scorecards"], "/scorecards");
    }
    CHECK(compared > 50000);
}
