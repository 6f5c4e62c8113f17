// Histories as JSON: good ones, and every way in which one is not.
#include "ocop/exchange/certificate_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "../support.hpp"

using namespace ocop;
using nlohmann::json;
using support::codes;
using support::day;

namespace {

std::vector<int> wrong(const std::string& events) {
    problems found;
    const auto made = try_read_certificate_history("{\"events\": [" + events + "]}", found);
    CHECK(made.has_value() == !has_errors(found));
    return codes(found);
}

const std::string first = R"({"kind": "recognised", "on": "2021-08-10", "stars": 3})";

}  // namespace

TEST_CASE("a history is read, whatever the order of its events") {
    const auto h = read_certificate_history(R"({"product": "P0001", "events": [
        {"kind": "transferred", "on": "2023-01-01", "to": "HTX B", "decision": "7/QĐ"},
        {"kind": "recognised", "on": "2021-08-10", "stars": 3, "decision": "1045/QĐ-UBND",
         "level": "province", "producer": "HTX A", "note": "13 products"},
        {"kind": "filed", "on": "2022-01-01", "application": "upgrade"},
        {"kind": "refused", "on": "2022-03-01", "application": "upgrade"},
        {"kind": "proposed", "on": "2022-02-01", "stars": 4},
        {"kind": "withdrawn", "on": "2024-01-01", "ground": "mark_misused"}]})");
    REQUIRE(h.events().size() == 6);
    CHECK(h.events()[0].decision == "1045/QĐ-UBND");
    CHECK(h.events()[0].level == council_level::province);
    CHECK(h.state_on(day("2022-12-31")).producer == "HTX A");
    CHECK(h.state_on(day("2023-01-01")).producer == "HTX B");
    CHECK(h.events()[5].ground == withdrawal_ground::mark_misused);
    const auto j = json::parse(to_json(h.state_on(day("2024-01-01")), language::en));
    CHECK(j.at("state") == "withdrawn");
    CHECK(j.at("stars").is_null());
    CHECK(j.at("former_stars") == 3);
    CHECK(j.at("last_valid_day") == "2023-12-31");
    CHECK(read_certificate_history(R"({"events": []})").events().empty());
}

TEST_CASE("terms that a decision states") {
    const auto by_months = read_certificate_history(
        R"({"events": [{"kind": "recognised", "on": "2021-07-20", "stars": 3, "months": 24}]})");
    CHECK(by_months.state_on(day("2022-01-01")).last_valid_day == day("2023-07-20"));
    const auto by_day = read_certificate_history(
        R"({"events": [{"kind": "recognised", "on": "2021-07-20", "stars": 3,
                        "last_valid_day": "2024-12-31"}]})");
    CHECK(by_day.state_on(day("2022-01-01")).last_valid_day == day("2024-12-31"));
    CHECK(wrong(R"({"kind": "recognised", "on": "2021-07-20", "stars": 3, "months": 0})") ==
          std::vector<int>{609});
    CHECK(wrong(R"({"kind": "recognised", "on": "9999-07-20", "stars": 3, "months": 36})") ==
          std::vector<int>{609});
    CHECK(wrong(R"({"kind": "recognised", "on": "2021-07-20", "stars": 3, "months": 36,
                    "last_valid_day": "2024-07-20"})") == std::vector<int>{112});
    CHECK(wrong(R"({"kind": "recognised", "on": "2026-07-20", "stars": 3, "months": 24})") ==
          std::vector<int>{609});
}

TEST_CASE("levels that may not recognise") {
    const auto at = [](const char* level, const char* on, int star) {
        return wrong(std::string(R"({"kind": "recognised", "on": ")") + on + R"(", "stars": )" +
                     std::to_string(star) + R"(, "level": ")" + level + "\"}");
    };
    CHECK(at("district", "2023-02-24", 3).empty());
    CHECK(at("district", "2025-07-05", 3).empty());
    CHECK(at("district", "2025-07-06", 3) == std::vector<int>{605});
    CHECK(at("district", "2021-07-06", 3) == std::vector<int>{605});
    CHECK(at("district", "2024-07-06", 4) == std::vector<int>{605});
    CHECK(at("province", "2024-07-06", 4).empty());
    CHECK(at("province", "2026-07-06", 5) == std::vector<int>{605});
    CHECK(at("centre", "2026-07-06", 5).empty());
    CHECK(at("centre", "2026-07-06", 3) == std::vector<int>{605});
}

TEST_CASE("all problems at once, each at its place") {
    problems found;
    CHECK_FALSE(try_read_certificate_history(R"({"events": [
        {"kind": "recognised", "on": "2024-02", "stars": 9, "colour": "red"},
        {"kind": "withdrawn", "on": "2025-01-01", "ground": "bad luck"},
        {"kind": "upgraded", "on": "2026-01-01", "stars": 2},
        {"on": "2026-01-01"}, 7], "more": true})",
                                             found));
    std::string places;
    for (const problem& p : found) places += p.where.pointer + " ";
    CHECK(places ==
          "/events/0/on /events/0/stars /events/0/colour /events/1/ground /events/3/kind /events/4 "
          "/more /events/2/stars ");
    CHECK(codes(found) == std::vector<int>{110, 109, 108, 109, 107, 106, 108, 606});
    found.clear();
    CHECK_FALSE(try_read_certificate_history("{}", found));
    CHECK_FALSE(try_read_certificate_history(R"({"events": {}})", found));
    CHECK_FALSE(try_read_certificate_history("[]", found));
    CHECK_FALSE(try_read_certificate_history("", found));
    CHECK_FALSE(try_read_certificate_history(R"({"events": [], "events": []})", found));
    CHECK(codes(found) == std::vector<int>{107, 106, 106, 102, 105});
    CHECK(wrong(first + "," + first) == std::vector<int>{610, 610});
    CHECK(wrong(R"({"kind": "recognised", "on": "2021-08-10", "stars": "3"})") ==
          std::vector<int>{106});
    CHECK(wrong(R"({"kind": "recognised", "on": "2021-08-10", "stars": 3.5})") ==
          std::vector<int>{106});
    CHECK(wrong(R"({"kind": "recognised", "on": "2021-08-10", "stars": 3, "to": "A"})") ==
          std::vector<int>{610});
    CHECK_THROWS_AS((void)read_certificate_history("{}"), error);
}

TEST_CASE("no bytes crash the reader") {
    const std::string good = "{\"events\": [" + first +
                             R"(, {"kind": "filed", "on": "2024-02-20", "application": "renewal"},
        {"kind": "re_recognised", "on": "2024-07-01", "stars": 4, "level": "province"}]})";
    std::mt19937_64 bits(9);
    int refused = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string text = good;
        for (std::uint64_t k = bits() % 4; k <= 3; ++k) {
            const std::size_t at = bits() % text.size();
            switch (bits() % 3) {
            case 0:
                text[at] = static_cast<char>(bits() % 256);
                break;
            case 1:
                text.erase(at, 1 + bits() % 8);
                break;
            default:
                text.insert(at, text.substr(bits() % text.size(), bits() % 12));
            }
            if (text.empty()) text = "x";
        }
        problems found;
        const auto made = try_read_certificate_history(text, found);
        CHECK(made.has_value() == !has_errors(found));
        if (made) CHECK_FALSE(to_json(made->state_on(day("2026-01-01"))).empty());
        refused += made ? 0 : 1;
    }
    CHECK(refused > 1000);
}

TEST_CASE("in words") {
    const auto h = read_certificate_history("{\"events\": [" + first + "]}");
    const std::string en = report(h.state_on(day("2022-01-01")), day("2022-01-01"), language::en);
    CHECK(en.find("2022-01-01: valid, 3 stars\n") == 0);
    CHECK(en.find("1048/QĐ-TTg art. 1.3") != std::string::npos);
    const std::string vi = report(h.state_on(day("2025-01-01")), day("2025-01-01"), language::vi);
    CHECK(vi.find("2025-01-01: hết hạn\n") == 0);
}
