// Which regulation applies: rules §2, day by day around each boundary.
#include "ocop/criteria/timeline.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "../support.hpp"
#include "ocop/exchange/bundled.hpp"

using ocop::application;
using ocop::bundled_regulations;
using ocop::problems;
using support::day;

namespace {

struct row {
    const char* filed;
    application kind;
    const char* assessed;
    const char* regulation;  ///< null: an error
    int code;
};

}  // namespace

TEST_CASE("the regulation follows from filing, kind and assessment") {
    const auto first = application::first;
    const auto upgrade = application::upgrade;
    const auto renewal = application::renewal;
    const std::vector<row> rows{
        {"2019-08-20", first, "2019-12-01", nullptr, 202},
        {"2019-08-21", first, "2019-08-21", "1048-2019", 0},
        {"2023-02-23", renewal, "2023-05-01", "1048-2019", 0},
        {"2023-02-24", first, "2023-02-24", "148-2023", 0},
        {"2026-05-21", first, "2026-07-21", "148-2023", 0},
        {"2026-05-21", upgrade, "2026-07-21", "148-2023", 0},
        {"2026-05-21", first, "2026-07-22", nullptr, 203},
        {"2026-05-21", upgrade, "2026-07-22", nullptr, 203},
        {"2026-05-21", renewal, "2026-06-21", "148-2023", 0},
        {"2026-05-21", renewal, "2026-06-22", nullptr, 203},
        {"2026-05-22", first, "2026-05-22", "26-2026", 0},
        {"2026-05-22", renewal, "2030-01-01", "26-2026", 0},
        {"2026-06-01", first, "2026-05-31", nullptr, 205},
    };
    for (const row& r : rows) {
        CAPTURE(r.filed);
        CAPTURE(r.assessed);
        problems found;
        const auto* result =
            bundled_regulations().try_applicable(day(r.filed), r.kind, day(r.assessed), found);
        if (r.regulation != nullptr) {
            REQUIRE(result != nullptr);
            CHECK(result->id() == r.regulation);
            CHECK(found.empty());
        } else {
            CHECK(result == nullptr);
            CHECK(support::codes(found) == std::vector<int>{r.code});
            CHECK_THROWS_AS(static_cast<void>(bundled_regulations().applicable(day(r.filed), r.kind,
                                                                               day(r.assessed))),
                            ocop::error);
        }
    }
}

TEST_CASE("an overrun is allowed by a parameter only") {
    problems found;
    const auto* late = bundled_regulations().try_applicable(day("2026-05-21"), application::first,
                                                            day("2026-12-31"), found,
                                                            ocop::overrun_reading::allow);
    REQUIRE(late != nullptr);
    CHECK(late->id() == "148-2023");
}

TEST_CASE("a named regulation may not contradict the dates") {
    const auto codes = [](const char* id, const char* filed, const char* assessed,
                          std::optional<application> kind) {
        ocop::dossier_dates dates;
        if (filed != nullptr) dates.filed = day(filed);
        if (assessed != nullptr) dates.assessed = day(assessed);
        dates.application = kind;
        problems found;
        bundled_regulations().check(bundled_regulations().at(id), dates, found);
        return support::codes(found);
    };
    const std::vector<int> none;
    CHECK(codes("148-2023", nullptr, nullptr, std::nullopt) == none);
    CHECK(codes("148-2023", "2023-02-24", nullptr, std::nullopt) == none);
    CHECK(codes("148-2023", "2023-02-23", nullptr, std::nullopt) == std::vector<int>{204});
    CHECK(codes("148-2023", "2026-05-22", nullptr, std::nullopt) == std::vector<int>{204});
    CHECK(codes("26-2026", nullptr, "2026-05-21", std::nullopt) == std::vector<int>{204});
    CHECK(codes("26-2026", nullptr, "2026-05-22", std::nullopt) == none);
    CHECK(codes("1048-2019", nullptr, "2024-01-01", std::nullopt) == none);  // filed earlier
    // Without the kind of application a day is too late only when it is so for every kind.
    CHECK(codes("148-2023", nullptr, "2026-07-21", std::nullopt) == none);
    CHECK(codes("148-2023", nullptr, "2026-07-22", std::nullopt) == std::vector<int>{203});
    CHECK(codes("148-2023", nullptr, "2026-06-22", application::renewal) == std::vector<int>{203});
    CHECK(codes("148-2023", "2026-01-02", "2026-01-01", std::nullopt) == std::vector<int>{205});
}

TEST_CASE("regulations and scorecards are found by name") {
    CHECK(bundled_regulations().find("26-2026") != nullptr);
    CHECK(bundled_regulations().find("26-2027") == nullptr);
    CHECK_THROWS_AS(static_cast<void>(bundled_regulations().at("148")), ocop::error);
    const ocop::regulation& r = bundled_regulations().at("26-2026");
    CHECK(r.card(26).set() == 26);
    CHECK(r.find(0) == nullptr);
    CHECK(r.find(27) == nullptr);
    CHECK(r.card_id(18) == "26-2026/18");
    CHECK_THROWS_AS(static_cast<void>(r.card(27)), ocop::error);
}
