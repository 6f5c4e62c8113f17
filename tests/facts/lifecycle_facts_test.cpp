// Every row of the facts' lifecycle cases, by value; and the statutory end of each dated product.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "../support.hpp"
#include "ocop/certifications/certificate.hpp"
#include "ocop/exchange/certificate_json.hpp"

using namespace ocop;
using kinds = certificate_event_kind;

namespace {

/// The rows of a CSV file with quoted cells, the first line first.
std::vector<std::vector<std::string>> rows_of(const std::string& name) {
    std::ifstream in(std::string(OCOP_FACTS_DIR) + "/products/" + name);
    REQUIRE(in);
    std::vector<std::vector<std::string>> rows;
    std::string line;
    while (std::getline(in, line)) {
        std::vector<std::string> cells(1);
        bool quoted = false;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
                cells.back() += '"';
                ++i;
            } else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
                cells.emplace_back();
            else if (line[i] != '\r')
                cells.back() += line[i];
        }
        rows.push_back(cells);
    }
    return rows;
}

certificate_event event(kinds kind, const date& on, int star) {
    certificate_event e;
    e.kind = kind;
    e.on = on;
    if (star != 0) e.stars = stars(star);
    return e;
}

}  // namespace

TEST_CASE("every lifecycle case") {
    const auto rows = rows_of("lifecycle_cases.csv");
    REQUIRE(rows.size() > 1);
    REQUIRE(rows[0][1] == "start");
    int by_value = 0;
    int months_only = 0;
    for (std::size_t r = 1; r < rows.size(); ++r) {
        const auto& row = rows[r];
        CAPTURE(row[0]);
        const auto start = parse_date(row[1]);
        if (!start) {  // a month without a day is no date
            problems found;
            CHECK_FALSE(try_read_certificate_history(
                R"({"events": [{"kind": "recognised", "on": ")" + row[1] + R"(", "stars": 3}]})",
                found));
            CHECK(support::codes(found) == std::vector<int>{110});
            ++months_only;
            continue;
        }
        if (row.back() != "yes") continue;
        const auto end = parse_date(row[3]);
        REQUIRE(end);
        std::vector<certificate_event> events{event(kinds::recognised, *start, 3)};
        const std::string again = "re_recognition ";
        std::optional<date> renewed;
        if (row[4].rfind(again, 0) == 0) {
            renewed = parse_date(row[4].substr(again.size()));
            REQUIRE(renewed);
            events.push_back(event(kinds::re_recognised, *renewed, 5));
        }
        const certificate_history h(events);
        CHECK(h.state_on(*start).last_valid_day == *end);
        CHECK(in_force(h.state_on(*end).state));
        const auto after = h.state_on(*add_days(*end, 1));
        if (renewed) {
            CHECK(*renewed == *add_days(*end, 1));
            CHECK(after.state == certificate_state::valid);
            CHECK(after.first_day == *renewed);
            CHECK(after.stars == stars(5));
        } else {
            CHECK(after.state == certificate_state::expired);
        }
        ++by_value;
    }
    CHECK(by_value == 4);
    CHECK(months_only == 1);
}

TEST_CASE("cases told without a day, as far as they go") {
    // Revoked in September 2023, before expiry: in force up to then on any day, not after it.
    const certificate_history revoked({event(kinds::recognised, *parse_date("2023-01-17"), 4),
                                       event(kinds::withdrawn, *parse_date("2023-09-30"), 0)});
    CHECK(revoked.state_on(*parse_date("2023-08-31")).stars == stars(4));
    CHECK(revoked.state_on(*parse_date("2023-10-01")).state == certificate_state::withdrawn);
    // Nghệ An, 2020-02-04, re-evaluated in 2023: kept, up and down are all re-recognitions.
    for (const int star : {3, 4}) {
        const certificate_history h({event(kinds::recognised, *parse_date("2020-02-04"), 7 - star),
                                     event(kinds::re_recognised, *parse_date("2023-06-01"), star)});
        CHECK(h.state_on(*parse_date("2023-02-05")).state == certificate_state::expired);
        CHECK(h.state_on(*parse_date("2023-06-01")).stars == stars(star));
    }
}

TEST_CASE("dated products of the facts end 36 months after their decision") {
    const auto rows = rows_of("products.csv");
    std::size_t decided = 0;
    std::size_t expires = 0;
    for (std::size_t c = 0; c < rows[0].size(); ++c) {
        if (rows[0][c] == "decision_date") decided = c;
        if (rows[0][c] == "expiry_date") expires = c;
    }
    REQUIRE(decided != 0);
    REQUIRE(expires != 0);
    int compared = 0;
    for (std::size_t r = 1; r < rows.size(); ++r) {
        if (rows[r].size() <= expires) continue;
        const auto from = parse_date(rows[r][decided]);
        const auto to = parse_date(rows[r][expires]);
        if (!from || !to) continue;
        CAPTURE(rows[r][0]);
        CHECK(last_valid_day(*from) == *to);
        ++compared;
    }
    CHECK(compared >= 10);
}
