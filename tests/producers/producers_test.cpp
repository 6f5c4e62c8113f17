// Ids, shares, producers, who may take part, and support by organisations.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <unordered_set>

#include "ocop/base/id.hpp"
#include "ocop/base/share.hpp"
#include "ocop/producers/participation.hpp"
#include "ocop/producers/producer.hpp"
#include "ocop/producers/support.hpp"

using namespace ocop;

namespace {

std::vector<int> codes(const problems& found) {
    std::vector<int> list;
    for (const problem& p : found) list.push_back(static_cast<int>(p.code));
    return list;
}

template <class Value>
std::vector<int> faults(const Value& value) {
    problems found;
    validate(value, found, "/x");
    for (const problem& p : found) {
        CHECK(p.where.pointer.substr(0, 3) == "/x/");
        CHECK_FALSE(p.message.vi.empty());
        CHECK_FALSE(p.message.en.empty());
    }
    return codes(found);
}

}  // namespace

TEST_CASE("an id is a number from 1 of one kind") {
    CHECK(producer_id(7).value() == 7);
    CHECK(producer_id(7) == producer_id(7));
    CHECK(producer_id(7) < producer_id(8));
    CHECK_FALSE(producer_id::from(0));
    CHECK(to_string(product_id(UINT64_MAX)) == "18446744073709551615");
    static_assert(!std::is_convertible_v<producer_id, product_id>);
    static_assert(!std::is_constructible_v<producer_id, product_id>);
    static_assert(!std::is_convertible_v<int, producer_id>);
    try {
        (void)producer_id(0);
        FAIL("0 was taken");
    } catch (const error& e) {
        CHECK(codes(e.list()) == std::vector<int>{109});
    }
    std::unordered_set<product_id> set{product_id(1), product_id(2), product_id(1)};
    CHECK(set.size() == 2);
}

TEST_CASE("an id is read back from what it is written as, and from nothing else") {
    for (std::uint64_t n : {1ULL, 9ULL, 10ULL, 4294967296ULL, 18446744073709551615ULL})
        CHECK(product_id::parse(to_string(product_id(n))) == product_id(n));
    for (const char* text : {"", "0", "01", "-1", "+1", " 1", "1 ", "1a", "18446744073709551616",
                             "99999999999999999999", "1e3", "٣"})
        CHECK_MESSAGE(!product_id::parse(text), text);
}

TEST_CASE("shares are exact, to two decimals of a percent") {
    for (int h = 0; h <= share::whole; ++h) {
        const auto s = share::from_hundredths(h);
        REQUIRE(s);
        CHECK(share::parse(to_string(*s)) == s);
    }
    CHECK(share::parse("51,25 %")->hundredths() == 5125);
    CHECK(share::parse("75.5")->hundredths() == 7550);
    CHECK(to_string(share::percent(75)) == "75");
    CHECK(to_string(*share::parse("0.05")) == "0.05");
    CHECK_FALSE(share::from_hundredths(-1));
    CHECK_FALSE(share::from_hundredths(10001));
    CHECK_THROWS_AS((void)share::percent(101), error);
    CHECK(share::percent(60).plus(share::percent(40)) == share::percent(100));
    CHECK_FALSE(share::percent(60).plus(*share::parse("40.01")));
    for (const char* text : {"", "%", "100.01", "101", "1.234", "1.", ".5", "-1", "+1", "05", "5 5",
                             "1e2", "50%%", "1,2,3", "٥٠", "0x10"})
        CHECK_MESSAGE(!share::parse(text), text);
}

TEST_CASE("who may take part: what programme.md §2 says of each regulation") {
    const auto ask = [](const char* regulation, producer_kind kind, std::optional<int> set = 1,
                        participation_facts facts = {}) {
        return may_take_part(regulation, kind, set, facts).admission;
    };
    using k = producer_kind;
    using a = admission;
    for (k kind : {k::cooperative, k::cooperative_group, k::farm, k::business_household,
                   k::producing_household})
        CHECK(ask("26-2026", kind) == a::yes);
    for (k kind : {k::single_member_llc, k::multi_member_llc, k::joint_stock_company,
                   k::private_enterprise, k::enterprise}) {
        CHECK(ask("26-2026", kind) == a::with_condition);
        CHECK(ask("26-2026", kind, 1, {.large = false}) == a::yes);
        CHECK(ask("26-2026", kind, 1, {.large = true}) == a::no);
        CHECK(ask("1048-2019", kind, 1, {.large = true}) == a::yes);
    }
    for (k kind : {k::association, k::operating_centre}) {
        CHECK(ask("26-2026", kind, 26) == a::yes);
        CHECK(ask("26-2026", kind, 25) == a::no);
        CHECK(ask("26-2026", kind, std::nullopt) == a::with_condition);
    }
    CHECK(ask("1048-2019", k::producing_household) == a::yes);
    CHECK(ask("1048-2019", k::farm) == a::unknown);
    CHECK(ask("148-2023", k::producing_household) == a::with_condition);
    CHECK(ask("148-2023", k::producing_household, 1, {.business_registered = true}) == a::yes);
    CHECK(ask("148-2023", k::operating_centre, 26) == a::yes);
    CHECK(ask("148-2023", k::operating_centre, 3) == a::unknown);
    CHECK(ask("490-2018", k::cooperative) == a::unknown);
}

TEST_CASE("every kind has one row under each regulation, with source and status") {
    std::set<std::pair<std::string_view, producer_kind>> seen;
    for (const participation_rule& rule : participation_rules) {
        CHECK(seen.insert({rule.regulation, rule.kind}).second);
        CHECK_FALSE(rule.source.empty());
        CHECK_FALSE(rule.why.vi.empty());
        // The article of 148 was not read: nothing there is more than inferred.
        if (rule.regulation == "148-2023") CHECK(rule.known == status::inferred);
        if (rule.answer == admission::unknown) CHECK(rule.known == status::inferred);
    }
    CHECK(seen.size() == 3 * names<producer_kind>::all.size());
    // That large enterprises are refused is a reading of a list that does not name them.
    const auto large = may_take_part("26-2026", producer_kind::enterprise, 1, {.large = true});
    CHECK(large.known == status::inferred);
    CHECK(large.source == "26/2026/QĐ-TTg art. 2.3");
}

TEST_CASE("a producer's own facts decide") {
    producer who{.name = "HTX Chè", .kind = producer_kind::joint_stock_company, .seat = {}};
    CHECK(may_take_part("26-2026", who, 11).admission == admission::with_condition);
    who.large = true;
    CHECK(may_take_part("26-2026", who, 11).admission == admission::no);
    who.kind.reset();
    CHECK(may_take_part("26-2026", who, 11).admission == admission::unknown);
}

TEST_CASE("producers that contradict themselves are told") {
    producer who{.name = "Hộ kinh doanh", .kind = producer_kind::business_household, .seat = {}};
    CHECK(faults(who).empty());
    who.large = true;
    who.business_registered = false;
    CHECK(faults(who) == std::vector<int>{610, 610});
    CHECK(faults(producer{.name = " \t", .kind = {}, .seat = {}}) == std::vector<int>{302});
    producer company{.name = "Cty", .kind = producer_kind::single_member_llc, .seat = {}};
    company.members = 1;
    CHECK(faults(company).empty());
    company.members = 2;
    CHECK(faults(company) == std::vector<int>{610});
    company.members = 0;
    CHECK(faults(company) == std::vector<int>{610});
}

TEST_CASE("a transfer has two producers and a day") {
    const date day(2026, 3, 1);
    CHECK(faults(transfer{product_id(1), producer_id(1), producer_id(2), day}).empty());
    CHECK(faults(transfer{product_id(1), producer_id(1), producer_id(1), day}) ==
          std::vector<int>{610});
    CHECK(faults(transfer{product_id(1), producer_id(1), producer_id(2),
                          date(boost::date_time::not_a_date_time)}) == std::vector<int>{110});
}

TEST_CASE("support: steps of the cycle, periods, repeated records") {
    CHECK(number_of(programme_step::guidance) == 1);
    CHECK(number_of(programme_step::trade_promotion) == 6);
    CHECK(from_name<organisation_kind>("youth_union") == organisation_kind::youth_union);
    CHECK(faults(organisation{.name = "Huyện đoàn"}).empty());
    CHECK(faults(organisation{.name = ""}) == std::vector<int>{302});

    campaign c{.name = "Mùa xuân khởi nghiệp", .organisation = organisation_id(1)};
    CHECK(faults(c).empty());
    c.from = date(2026, 3, 2);
    c.until = date(2026, 3, 2);
    CHECK(faults(c).empty());
    c.until = date(2026, 3, 1);
    CHECK(faults(c) == std::vector<int>{412});

    training t{.topic = "Bao bì", .organisation = organisation_id(1)};
    t.producers = {producer_id(1), producer_id(2)};
    t.attendees = 2;
    CHECK(faults(t).empty());
    t.attendees = 1;
    CHECK(faults(t) == std::vector<int>{610});
    t.attendees.reset();
    t.producers.push_back(producer_id(1));
    CHECK(faults(t) == std::vector<int>{702});

    startup_idea i{.title = "Trà dược liệu"};
    CHECK_FALSE(i.realised());
    i.became_products = {product_id(4)};
    CHECK(i.realised());
    CHECK(faults(i).empty());
    i.became_products.push_back(product_id(4));
    CHECK(faults(i) == std::vector<int>{702});
}
