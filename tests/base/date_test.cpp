#include "ocop/base/date.hpp"

#include <doctest/doctest.h>

TEST_CASE("days are written YYYY-MM-DD and exist") {
    for (const char* text :
         {"2019-08-21", "2023-02-24", "2024-02-29", "2000-02-29", "1400-01-01", "9999-12-31"}) {
        const auto day = ocop::parse_date(text);
        REQUIRE_MESSAGE(day, text);
        CHECK(ocop::to_string(*day) == text);
    }
    for (const char* text :
         {"", "2026-02-30", "2023-02-29", "1900-02-29", "2026-6-1", "20260601", "2026/06/01",
          "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", "2026-01-01T00", " 2026-01-01",
          "1399-12-31", "02026-01-01", "2026-01-1a", "-026-01-01"})
        CHECK_MESSAGE(!ocop::parse_date(text), text);
}
