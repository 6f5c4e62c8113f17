// Codes, editions, days: by hand.
#include "ocop/communes/unit.hpp"

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

using namespace ocop;

TEST_CASE("a code is 2, 3 or 5 digits, and nothing else") {
    CHECK(unit_code::parse("01").level() == unit_level::province);
    CHECK(unit_code::parse("001").level() == unit_level::district);
    CHECK(unit_code::parse("00001").level() == unit_level::commune);
    for (const char* text : {"01", "99", "001", "829", "00001", "28780", "99999", "00"})
        CHECK(to_string(unit_code::parse(text)) == text);
    for (const char* text : {"", "1", "7", "0001", "000001", "1a", "0x1", "-1", " 01", "01 ", "+1",
                             "１２", "12\n", "1.2", "12345678901234567890"}) {
        CAPTURE(text);
        CHECK_FALSE(unit_code::from(text));
        problems found;
        CHECK_FALSE(unit_code::try_parse(text, found, "/code"));
        REQUIRE(found.size() == 1);
        CHECK(found[0].code == problem_code::bad_value);
        CHECK(found[0].value == text);
        CHECK(found[0].where.pointer == "/code");
        CHECK_THROWS_AS((void)unit_code::parse(text), error);
    }
    CHECK_FALSE(unit_code::from(std::string("1\0", 2)));
    CHECK_THROWS_AS(unit_code(unit_level::province, 100), error);
    CHECK_THROWS_AS(unit_code(unit_level::district, 1000), error);
    CHECK_THROWS_AS(unit_code(unit_level::commune, 100000), error);
    CHECK(sizeof(unit_code) == 4);
}

TEST_CASE("codes of different levels differ, in order and in hash") {
    CHECK(unit_code::parse("99") < unit_code::parse("001"));
    CHECK(unit_code::parse("999") < unit_code::parse("00000"));
    CHECK(unit_code::parse("01") != unit_code::parse("001"));
    std::unordered_set<unit_code> all;
    std::unordered_set<unit_ref> refs;
    for (std::uint32_t n = 0; n < 100; ++n)
        for (unit_level l : {unit_level::province, unit_level::district, unit_level::commune}) {
            CHECK(all.insert(unit_code(l, n)).second);
            for (edition e : all_editions) CHECK(refs.insert({unit_code(l, n), e}).second);
        }
    CHECK(refs.size() == 1200);
    CHECK(unit_ref{unit_code::parse("99999"), edition::e2023_01} <
          unit_ref{unit_code::parse("01"), edition::e2025_03});
}

TEST_CASE("the edition of a day") {
    struct {
        const char* day;
        const char* in;
        bool before;
    } const cases[]{{"2019-08-21", "2023-01", true},  {"2022-12-31", "2023-01", true},
                    {"2023-01-01", "2023-01", false}, {"2025-02-28", "2023-01", false},
                    {"2025-03-01", "2025-03", false}, {"2025-06-30", "2025-03", false},
                    {"2025-07-01", "2025-07", false}, {"2026-04-29", "2025-07", false},
                    {"2026-04-30", "2026-04", false}, {"2099-01-01", "2026-04", false}};
    for (const auto& c : cases) {
        CAPTURE(c.day);
        const edition_reading r = edition_on(*parse_date(c.day));
        CHECK(name_of(r.in) == c.in);
        CHECK(r.before_first == c.before);
    }
    CHECK_THROWS_AS((void)edition_on(date(boost::date_time::not_a_date_time)), error);
    CHECK_THROWS_AS((void)edition_on(date(boost::date_time::pos_infin)), error);
    for (edition e : all_editions) CHECK(edition_on(first_day(e)).in == e);
    CHECK(latest_edition == all_editions.back());
}
