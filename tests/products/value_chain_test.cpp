// Value chains: what contradicts itself, and the facts that scorecards ask.
#include <doctest/doctest.h>

#include "ocop/communes/bundled_units.hpp"
#include "ocop/products/value_chain_facts.hpp"

using namespace ocop;

namespace {

unit_ref ref(const char* code, edition in) { return {unit_code::parse(code), in}; }

const producer cooperative{.name = "HTX", .kind = producer_kind::cooperative, .seat = {}};
const date day(2026, 6, 1);

value_chain_facts facts(const value_chain& chain, std::optional<unit_ref> place,
                        const producer& who = cooperative) {
    return facts_of(chain, place, who, day, bundled_units());
}

std::vector<int> faults(const value_chain& chain) {
    problems found;
    validate(chain, found);
    std::vector<int> list;
    for (const problem& p : found) list.push_back(static_cast<int>(p.code));
    return list;
}

share_bounds known(int percent) { return {percent * 100, percent * 100, 1}; }
share_bounds between(int low, int high) { return {low * 100, high * 100, 1}; }

}  // namespace

TEST_CASE("chains that contradict themselves are told") {
    value_chain chain;
    CHECK(faults(chain).empty());
    chain.areas = {{"chè", share::percent(60)}, {"chè", share::percent(40)}};
    CHECK(faults(chain).empty());
    chain.areas.push_back({"chè", *share::parse("0.01")});
    CHECK(faults(chain) == std::vector<int>{610});
    chain.areas = {{.material = "", .of_volume = share::percent(10)},
                   {.material = "chè",
                    .of_volume = share::percent(10),
                    .place = ref("12", edition::e2026_04),
                    .imported = true}};
    CHECK(faults(chain) == std::vector<int>{302, 610});
    chain = {};
    chain.linkages.emplace();
    chain.linkages->push_back({.partner = "A", .of_volume = share::percent(70)});
    chain.linkages->push_back(
        {.partner = "B", .side = linkage_side::input, .of_volume = share::percent(70)});
    CHECK(faults(chain).empty());
    chain.linkages->push_back({.partner = "C", .of_volume = share::percent(40)});
    CHECK(faults(chain) == std::vector<int>{610});
    // Contracts of different years may cover the same volume.
    chain.linkages->at(0).until = date(2025, 12, 31);
    chain.linkages->at(2).from = date(2026, 1, 1);
    CHECK(faults(chain).empty());
    chain.linkages->at(2).until = date(2025, 1, 1);
    CHECK(faults(chain) == std::vector<int>{412});
    chain = {};
    chain.labour = {.workers = 10, .from_commune = 5, .from_district = 4, .from_province = 11};
    CHECK(faults(chain) == std::vector<int>{610, 610});
}

TEST_CASE("nothing told is nothing known") {
    const value_chain_facts f = facts({}, std::nullopt, {.name = "?", .kind = {}, .seat = {}});
    for (const share_bounds& b : {f.commune_share, f.province_share, f.commune_labour,
                                  f.community_capital, f.contract_share(linkage_side::output)})
        CHECK(b == between(0, 100));
    CHECK(f.certificates == std::array<bool, 3>{true, true, true});
    CHECK_FALSE(f.contracts);
    for (bool kind : f.kinds) CHECK(kind);
}

TEST_CASE("material of the commune and of the province, in one edition") {
    const auto in = edition::e2026_04;
    const unit_ref place = ref("03388", in);  // Đoàn Kết, Lai Châu
    value_chain chain;
    chain.areas = {{"chè", share::percent(50), place},
                   {"chè", share::percent(20), ref("03408", in)},  // Tân Phong, Lai Châu
                   {"chè", share::percent(10), ref("28789", in)},  // Vĩnh Long
                   {.material = "đường", .of_volume = share::percent(5), .imported = true}};
    value_chain_facts f = facts(chain, place);
    // 15 % are of unknown origin.
    CHECK(f.commune_share == between(50, 65));
    CHECK(f.province_share == between(70, 85));
    chain.areas.push_back({"chè", share::percent(15), ref("12", in)});
    f = facts(chain, place);
    CHECK(f.commune_share == between(50, 65));  // somewhere in the province
    CHECK(f.province_share == known(85));
    // A place that is no commune leaves the commune open where the area lies in its province.
    f = facts(chain, ref("12", in));
    CHECK(f.commune_share == between(0, 85));
    CHECK(f.province_share == known(85));
    f = facts(chain, std::nullopt);
    CHECK(f.commune_share == between(0, 95));
}

TEST_CASE("material told in the units of another edition") {
    // Phường 7 of Bến Tre is part of phường Bến Tre of Vĩnh Long since July 2025.
    const unit_ref old = ref("28780", edition::e2023_01);
    const unit_ref now = ref("28789", edition::e2026_04);
    const auto only = [](const unit_ref& area) {
        value_chain chain;
        chain.areas = {{"dừa", share::percent(100), area}};
        return chain;
    };
    CHECK(facts(only(old), now).commune_share == known(100));
    CHECK(facts(only(old), now).province_share == known(100));
    // The new ward is larger than the old one, Vĩnh Long larger than Bến Tre.
    CHECK(facts(only(now), old).commune_share == between(0, 100));
    CHECK(facts(only(now), old).province_share == between(0, 100));
    // The same code in two editions before the reform.
    CHECK(facts(only(old), ref("28780", edition::e2025_03)).province_share == known(100));
    // Two provinces of then that are one today were two.
    CHECK(facts(only(ref("83", edition::e2023_01)), ref("86", edition::e2025_03)).province_share ==
          known(0));
    // Lai Châu and Vĩnh Long are two in any edition.
    CHECK(facts(only(ref("03388", edition::e2023_01)), now).commune_share == known(0));
    CHECK(facts(only(ref("99", edition::e2023_01)), now).province_share == between(0, 100));
}

TEST_CASE("districts of then") {
    const auto in = edition::e2023_01;
    value_chain chain;
    chain.areas = {{"dừa", share::percent(100), ref("829", in)}};
    CHECK(facts(chain, ref("28780", in)).commune_share == between(0, 100));
    CHECK(facts(chain, ref("28882", in)).commune_share == known(0));  // of Chợ Lách
    CHECK(facts(chain, ref("28882", in)).province_share == known(100));
}

TEST_CASE("certificates are known where all areas are told and alike") {
    value_chain chain;
    chain.areas = {{.material = "chè",
                    .of_volume = share::percent(60),
                    .certificate = area_certificate::national},
                   {.material = "chè",
                    .of_volume = share::percent(40),
                    .certificate = area_certificate::national}};
    const auto certificates = [&] { return facts(chain, std::nullopt).certificates; };
    CHECK(certificates() == std::array<bool, 3>{false, true, false});
    chain.areas[1].certificate = area_certificate::international;
    CHECK(certificates() == std::array<bool, 3>{false, true, true});
    chain.areas[1].certificate.reset();
    CHECK(certificates() == std::array<bool, 3>{true, true, true});
    chain.areas[1] = {.material = "chè",
                      .of_volume = share::percent(39),
                      .certificate = area_certificate::national};
    CHECK(certificates() == std::array<bool, 3>{true, true, true});
}

TEST_CASE("contracts count that are in force on the day") {
    value_chain chain;
    chain.linkages.emplace();
    const auto share_of = [&](std::uint32_t months = 0) {
        return facts(chain, std::nullopt).contract_share(linkage_side::output, months);
    };
    CHECK(share_of() == known(0));
    chain.linkages->push_back({.partner = "A", .of_volume = share::percent(30), .term_months = 24});
    chain.linkages->push_back({.partner = "B",
                               .of_volume = share::percent(20),
                               .from = date(2026, 1, 1),
                               .until = date(2026, 12, 31)});
    chain.linkages->push_back(
        {.partner = "C", .of_volume = share::percent(10), .until = date(2026, 6, 1)});
    CHECK(share_of() == known(60));
    // A's 24 months and B's 12; of C no term is known.
    CHECK(share_of(12) == between(50, 60));
    CHECK(share_of(13) == between(30, 40));
    CHECK(share_of(25) == between(0, 10));
    chain.linkages->at(2).until = date(2026, 5, 31);
    CHECK(share_of() == known(50));
    chain.linkages->at(1).from = date(2026, 6, 2);
    CHECK(share_of() == known(30));
    CHECK(facts(chain, std::nullopt).contract_share(linkage_side::input) == known(0));
    // More than the whole at one time.
    chain.linkages->push_back(
        {.partner = "D", .of_volume = share::percent(90), .from = date(2026, 1, 1)});
    problems found;
    CHECK_FALSE(try_facts_of(chain, {}, cooperative, day, bundled_units(), found, "/chain"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == problem_code::contradiction);
    CHECK(found[0].where.pointer == "/chain/linkages");
    CHECK(found[0].value == "120.00");
}

TEST_CASE("terms are whole months to the end of the last day") {
    const auto months = [](date from, date until) {
        return *detail::months_of({.partner = "A", .of_volume = {}, .from = from, .until = until});
    };
    CHECK(months(date(2026, 1, 1), date(2026, 12, 31)) == 12);
    CHECK(months(date(2026, 1, 1), date(2026, 12, 30)) == 11);
    CHECK(months(date(2025, 3, 15), date(2026, 3, 14)) == 12);
    CHECK(months(date(2025, 3, 15), date(2026, 3, 13)) == 11);
    CHECK(months(date(2024, 2, 29), date(2024, 2, 29)) == 0);
    // "No end", as hosts write it.
    CHECK(months(date(9998, 12, 31), date(9999, 12, 31)) == 12);
}

TEST_CASE("shares of people are exact fractions") {
    value_chain chain;
    chain.labour = {.workers = 3, .from_commune = 2, .from_province = 3};
    const value_chain_facts f = facts(chain, std::nullopt);
    CHECK(f.commune_labour == share_bounds{20000, 20000, 3});
    CHECK(to_string(f.commune_labour) == "66.67");
    CHECK(f.district_labour == between(0, 100));
    CHECK(f.local_labour == share_bounds{20000, 30000, 3});
    CHECK(to_string(f.local_labour) == "66.67–100.00");
    chain.labour = {.workers = 0, .from_commune = 0};
    CHECK(facts(chain, std::nullopt).commune_labour == between(0, 100));
}

TEST_CASE("an enterprise of unknown form may be any form") {
    producer who = cooperative;
    const auto count = [&] {
        int n = 0;
        for (bool kind : facts({}, std::nullopt, who).kinds) n += kind ? 1 : 0;
        return n;
    };
    CHECK(count() == 1);
    who.kind = producer_kind::enterprise;
    CHECK(count() == 4);
    who.kind.reset();
    CHECK(count() == 13);
}
