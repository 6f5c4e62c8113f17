#include "ocop/councils/council.hpp"

#include <doctest/doctest.h>

#include "../support.hpp"

using ocop::council_role;
using ocop::quorum;

TEST_CASE("chair, vice chair and member count") {
    CHECK(counts(council_role::chair));
    CHECK(counts(council_role::vice_chair));
    CHECK(counts(council_role::member));
    CHECK_FALSE(counts(council_role::secretary));
    CHECK_FALSE(counts(council_role::advisory_team_member));
    CHECK_FALSE(counts(council_role::observer));
}

TEST_CASE("quorum: a number or an exact share") {
    CHECK(quorum().reached(0, 7));
    CHECK(quorum::of(5).reached(5, 7));
    CHECK_FALSE(quorum::of(5).reached(4, 7));
    CHECK(quorum::share(2, 3).reached(6, 9));
    CHECK_FALSE(quorum::share(2, 3).reached(6, 10));  // 6.67 are needed
    CHECK(quorum::share(3, 4).reached(3, 4));
    CHECK(quorum::share(1, 1).reached(4, 4));
    CHECK_FALSE(quorum::share(1, 1).reached(3, 4));
    CHECK(quorum::parse_share("2/3") == quorum::share(2, 3));
    for (const char* text :
         {"", "5", "/", "0/3", "4/3", "1/0", "-1/2", "1/2/3", " 1/2", "99999/99999", "1.5/2"})
        CHECK_MESSAGE(!quorum::parse_share(text), text);
    CHECK_THROWS_AS(static_cast<void>(quorum::of(0)), ocop::error);
    CHECK_THROWS_AS(static_cast<void>(quorum::share(3, 2)), ocop::error);
    CHECK(quorum::of(5).text() == "5");
    CHECK(quorum::share(2, 3).text() == "2/3");
}

TEST_CASE("members have names of their own") {
    ocop::council sitting = support::council_of(4);
    ocop::problems found;
    validate(sitting, found);
    CHECK(found.empty());
    sitting.members[1].id = "m1";
    sitting.members[2].id = "m1";
    sitting.members[3].id = "";
    validate(sitting, found);
    CHECK(support::codes(found) == std::vector<int>{301, 301, 302});
    CHECK(found[0].where.pointer == "/council/members/1/id");
    CHECK(found[1].where.pointer == "/council/members/2/id");
}

TEST_CASE("a council beyond all measure is refused at once") {
    ocop::problems found;
    validate(support::council_of(100000), found);
    CHECK(support::codes(found) == std::vector<int>{320});
}
