#include "ocop/base/points.hpp"

#include <doctest/doctest.h>

#include "ocop/base/stars.hpp"

using ocop::mean_points;
using ocop::parse_mean;
using ocop::points;
using ocop::stars;

TEST_CASE("means print two decimals, rounded half up") {
    CHECK(to_string(mean_points(213, 3)) == "71.00");
    CHECK(to_string(mean_points(89995, 1000)) == "90.00");  // rules §1
    CHECK(to_string(mean_points(89994, 1000)) == "89.99");
    CHECK(to_string(mean_points(1, 3)) == "0.33");
    CHECK(to_string(mean_points(2, 3)) == "0.67");
    CHECK(to_string(mean_points(1, 200)) == "0.01");
    CHECK(to_string(mean_points(1, 201)) == "0.00");
    CHECK(to_string(mean_points(0, 7)) == "0.00");
    CHECK(to_string(mean_points(700, 7)) == "100.00");
    CHECK(to_string(mean_points(-1, 200)) == "0.00");
    CHECK(to_string(mean_points(-3, 200)) == "-0.01");
    CHECK(to_string(mean_points(-5, 2)) == "-2.50");
}

TEST_CASE("comparisons of means are exact") {
    CHECK(mean_points(629, 7) < points{90});  // 89.857…
    CHECK(mean_points(630, 7) == points{90});
    CHECK(mean_points(89995, 1000) < points{90});  // prints 90.00 and is below 90
    CHECK(mean_points(1, 2) == mean_points(2, 4));
    CHECK(mean_points(1, 3) < mean_points(1, 2));
    CHECK(mean_points(2147483647, 1) > mean_points(2147483646, 1));
    CHECK(mean_points(31, 1) + mean_points(24, 1) + mean_points(3800, 100) == points{93});
}

TEST_CASE("a mean needs a positive count and numbers that stay exact") {
    CHECK_THROWS_AS(mean_points(1, 0), ocop::error);
    CHECK_THROWS_AS(mean_points(1, -1), ocop::error);
    CHECK_THROWS_AS(mean_points(std::int64_t{1} << 31, 1), ocop::error);
    CHECK_THROWS_AS(mean_points(1, std::int64_t{1} << 31), ocop::error);
}

TEST_CASE("published decimals are read exactly or not at all") {
    CHECK(parse_mean("69.25") == mean_points(6925, 100));
    CHECK(parse_mean("100") == mean_points(100, 1));
    CHECK(parse_mean("0") == mean_points(0, 1));
    CHECK(parse_mean("89.995") == mean_points(89995, 1000));
    CHECK(parse_mean("1.123456"));
    for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e2", " 1", "1 ", "1,5", "0x1",
                             "1.1234567", "12345", "NaN", "１"})
        CHECK_MESSAGE(!parse_mean(text), text);
}

TEST_CASE("stars are one to five") {
    CHECK(stars(1).value() == 1);
    CHECK(stars(5) > stars(4));
    CHECK_THROWS_AS(stars(0), ocop::error);
    CHECK_THROWS_AS(stars(6), ocop::error);
    CHECK_THROWS_AS(stars(257), ocop::error);  // would be 1 in eight bits
    CHECK_FALSE(stars::from(0));
    CHECK_FALSE(stars::from(std::int64_t{1} << 40));
    CHECK(stars::from(3) == stars(3));
}
