#include "ocop/registry/from_list.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "ocop/communes/bundled_units.hpp"
#include "ocop/communes/unit_search.hpp"

using namespace ocop;

namespace {

date day(int year, int month, int d) {
    return date(static_cast<unsigned short>(year), static_cast<unsigned short>(month),
                static_cast<unsigned short>(d));
}

listed_product row(std::uint32_t number, const char* name, const char* who, list_event event,
                   int star, std::optional<date> decided, std::optional<date> expires = {}) {
    listed_product made;
    made.row = number;
    made.product_name = name;
    made.producer_name = who;
    made.kind = producer_kind::cooperative;
    made.province = {"Lai Châu", unit_ref{unit_code::parse("12"), edition::e2025_03}};
    if (star != 0) made.stars = stars(star);
    made.event = event;
    made.decision_date = decided;
    made.expiry_date = expires;
    made.decision = "1045/QĐ-UBND";
    made.source = "S01";
    made.reliability = "A";
    return made;
}

const date told = day(2026, 11, 23);

listed_registry of(const std::vector<listed_product>& rows) {
    return registry_from_list(rows, bundled_units(), from_list_options(told));
}

product_state state(const listed_product& one, const date& on) {
    return standing_of_row(one, on, bundled_units()).state;
}

}  // namespace

TEST_CASE("a row becomes a producer, a product and its certificate, with its source") {
    const listed_registry made =
        of({row(2, "Mật ong Mường Tè", "HTX Bình An", list_event::first, 3, day(2021, 8, 10))});
    CHECK(made.told.found.empty());
    REQUIRE(made.told.rows.size() == 1);
    CHECK(made.told.rows[0].new_product);
    CHECK(made.told.rows[0].new_producer);
    const registry& r = made.made;
    CHECK(r.check().empty());
    CHECK(r.origin<product>(made.told.rows[0].product).source == "S01");
    CHECK(r.origin<product>(made.told.rows[0].product).reliability == "A");
    CHECK(r.standing(product_id(1), day(2024, 8, 10)).stars == stars(3));
    CHECK(r.standing(product_id(1), day(2024, 8, 11)).state == product_state::expired);
}

TEST_CASE("producers and products are one where name, kind and place agree") {
    const listed_registry made =
        of({row(2, "Mật ong", "HTX Bình An", list_event::first, 3, day(2021, 8, 10)),
            row(3, "Chè dây", "Hợp tác xã BÌNH AN", list_event::first, 3, day(2021, 8, 10)),
            row(4, "MẬT ONG", "HTX Bình An", list_event::re_recognition, 4, day(2024, 9, 1)),
            row(5, "Mật ong", "HTX Thanh Nga", list_event::first, 3, day(2021, 8, 10)),
            row(6, "Mật ong", "HTX Bình An", list_event::first, 3, day(2021, 8, 10))});
    CHECK(made.told.found.empty());
    CHECK(made.made.sizes().producers == 2);
    CHECK(made.made.sizes().products == 3);
    REQUIRE(made.told.rows.size() == 5);
    CHECK(made.told.rows[2].product == made.told.rows[0].product);
    CHECK_FALSE(made.told.rows[2].repeated);
    CHECK(made.told.rows[4].repeated);
    const registry& r = made.made;
    CHECK(r.standing(product_id(1), day(2024, 8, 20)).state == product_state::expired);
    CHECK(r.standing(product_id(1), day(2024, 9, 1)).stars == stars(4));
    CHECK(r.duplicates().empty());
}

TEST_CASE("names that name nobody are not merged") {
    const char* withheld = "Hộ kinh doanh (name withheld)";
    const listed_registry made =
        of({row(2, "Rượu Pusilung", withheld, list_event::first, 3, day(2021, 8, 10)),
            row(3, "Cá trắm sấy", withheld, list_event::first, 3, day(2021, 8, 10)),
            row(4, "Cá trắm sấy", "Hộ kinh doanh", list_event::re_recognition, 3, day(2024, 9, 1)),
            row(5, "Lê Giang Ma", "", list_event::first, 3, day(2021, 8, 10))});
    CHECK(made.made.sizes().producers == 3);
    CHECK(made.made.sizes().products == 3);
    CHECK(made.told.rows.at(2).product == made.told.rows.at(1).product);
    CHECK_FALSE(made.told.rows.at(3).producer);
}

TEST_CASE("what each event says on a day") {
    const date decided = day(2022, 1, 27);
    const auto one = [&](list_event e, int star, int proposed = 0) {
        listed_product made = row(2, "Chè", "HTX A", e, star, decided);
        if (proposed != 0) made.proposed = stars(proposed);
        return made;
    };
    for (list_event e :
         {list_event::first, list_event::recognised, list_event::re_recognition,
          list_event::re_evaluation, list_event::upgrade, list_event::re_evaluation_due}) {
        CHECK(state(one(e, 4), day(2022, 1, 26)) == product_state::none);
        CHECK(state(one(e, 4), decided) == product_state::valid);
        CHECK(state(one(e, 4), day(2025, 1, 28)) == product_state::expired);
        CHECK(standing_of_row(one(e, 4), decided, bundled_units()).stars == stars(4));
    }
    for (list_event e :
         {list_event::candidate, list_event::district_proposal, list_event::proposed_4,
          list_event::proposed_5, list_event::upgrade_proposed}) {
        CHECK(state(one(e, 0, 5), day(2022, 1, 26)) == product_state::none);
        CHECK(state(one(e, 0, 5), decided) == product_state::proposed);
        CHECK_FALSE(standing_of_row(one(e, 0, 5), decided, bundled_units()).stars);
    }
    CHECK(state(one(list_event::expired, 4), decided) == product_state::unknown);
    CHECK(state(one(list_event::expired, 4), day(2025, 1, 28)) == product_state::expired);
    // "Proposed 5 stars" beside 4 that are held.
    CHECK(standing_of_row(one(list_event::proposed_5, 4, 5), decided, bundled_units()).stars ==
          stars(4));
    // Withdrawn on a day that is not told: no star is shown on any day.
    CHECK(state(one(list_event::revoked, 3), day(2022, 1, 26)) == product_state::none);
    CHECK(state(one(list_event::revoked, 3), decided) == product_state::withdrawn);
    // A district gives 3 stars from 2023-02-24 to 2025-07-05 only.
    listed_product district = one(list_event::district_council, 3);
    CHECK(state(district, decided) == product_state::proposed);
    district.decision_date = day(2023, 2, 24);
    CHECK(state(district, day(2023, 2, 24)) == product_state::valid);
    district.decision_date = day(2025, 7, 5);
    CHECK(state(district, day(2025, 7, 5)) == product_state::valid);
    district.decision_date = day(2025, 7, 6);
    CHECK(state(district, day(2025, 7, 6)) == product_state::proposed);
    district.decision_date = day(2024, 1, 1);
    district.stars = stars(4);
    CHECK(state(district, day(2024, 1, 1)) == product_state::proposed);
    // Without a day nothing is known, whatever the event.
    for (std::size_t e = 0; e < names<list_event>::all.size(); ++e) {
        listed_product undated = one(static_cast<list_event>(e), 3);
        undated.decision_date.reset();
        undated.year = 2022;
        for (int year : {2019, 2023, 2030})
            CHECK(state(undated, day(year, 6, 1)) == product_state::unknown);
    }
    // Expiry alone tells when it began.
    listed_product expires = one(list_event::recognised, 3);
    expires.decision_date.reset();
    expires.expiry_date = day(2025, 1, 27);
    CHECK(state(expires, day(2022, 1, 26)) == product_state::none);
    CHECK(state(expires, day(2022, 1, 27)) == product_state::valid);
    CHECK(state(expires, day(2025, 1, 27)) == product_state::valid);
    CHECK(state(expires, day(2025, 1, 28)) == product_state::expired);
}

TEST_CASE("a term that the law does not know is told and gives way") {
    const listed_registry old =
        of({row(2, "Chè", "HTX A", list_event::first, 3, day(2021, 1, 5), day(2023, 1, 5))});
    CHECK(old.told.found.empty());  // results before 2026-05-22 run to the term in their decision
    CHECK(old.made.standing(product_id(1), day(2023, 1, 6)).state == product_state::expired);
    const listed_registry fresh =
        of({row(2, "Chè", "HTX A", list_event::first, 3, day(2026, 8, 5), day(2031, 8, 5))});
    REQUIRE(fresh.told.found.size() == 1);
    CHECK(fresh.told.found[0].code == problem_code::bad_term);
    CHECK(fresh.told.found[0].grade == severity::warning);
    CHECK(fresh.told.found[0].where.row == 2);
    CHECK(fresh.told.found[0].where.pointer == "/expiry_date");
    CHECK(fresh.made.standing(product_id(1), day(2029, 8, 5)).stars == stars(3));
    CHECK(fresh.made.standing(product_id(1), day(2029, 8, 6)).state == product_state::expired);
}

TEST_CASE("an upgrade that raises nothing is told and read as a re-recognition") {
    const listed_registry made =
        of({row(2, "Chè", "HTX A", list_event::first, 4, day(2021, 1, 5)),
            row(3, "Chè", "HTX A", list_event::upgrade, 4, day(2023, 1, 5))});
    REQUIRE(made.told.found.size() == 1);
    CHECK(made.told.found[0].grade == severity::warning);
    CHECK(made.told.found[0].where.row == 3);
    CHECK(made.made.standing(product_id(1), day(2025, 1, 1)).stars == stars(4));
}

TEST_CASE("the same list again changes nothing") {
    std::vector<listed_product> rows{
        row(2, "Chè", "HTX A", list_event::first, 3, day(2021, 1, 5)),
        row(3, "Chè", "HTX A", list_event::upgrade, 4, day(2023, 1, 5)),
        row(4, "Gạo", "", list_event::recognised, 3, {}),
        row(5, "Gạo nếp", "HTX A", list_event::revoked, 3, day(2022, 1, 1))};
    listed_registry made = of(rows);
    const registry before = made.made;
    const list_import again = import_list(made.made, rows, from_list_options(day(2027, 1, 1)));
    CHECK(made.made == before);
    for (const imported_row& one : again.rows) CHECK(one.repeated);
    CHECK(registry::replay(made.made.journal(), bundled_units(), made.made.rules()) == before);
    CHECK(made.made.check().empty());
}

TEST_CASE("stars that nobody recognises leave the product without a certificate") {
    const listed_registry made =
        of({row(2, "Chè", "HTX A", list_event::first, 2, day(2021, 1, 5))});
    REQUIRE(made.told.found.size() == 1);
    CHECK(made.told.found[0].code == problem_code::not_recognisable);
    CHECK(made.told.found[0].where.pointer == "/star");
    CHECK(made.made.sizes().products == 1);
    CHECK(made.made.standing(product_id(1), day(2021, 1, 5)).state == product_state::none);
}

TEST_CASE("the shipped list, as of a day") {
    std::ifstream file(OCOP_SOURCE_DIR "/data/products/products.csv", std::ios::binary);
    REQUIRE_MESSAGE(file.good(), "data/products/products.csv");
    std::ostringstream text;
    text << file.rdbuf();
    product_list_options options;
    options.units = &bundled_unit_index();
    const product_list list = read_product_list(text.str(), options);
    REQUIRE(list.rows.size() >= 168);
    const listed_registry made =
        registry_from_list(list.rows, bundled_units(), from_list_options(told));
    CHECK(made.told.rows.size() == list.rows.size());
    CHECK(made.made.check().empty());
    CHECK(made.made.duplicates().empty());
    // Rows whose decision or expiry has a day, counted by hand from the file: on the day of the
    // decision 3981/QĐ-UBND of Lâm Đồng.
    const auto count = [&](const date& on, product_state want) {
        std::size_t n = 0;
        for (const listed_product& one : list.rows)
            if (state(one, on) == want) ++n;
        return n;
    };
    const date on = day(2026, 8, 5);
    std::size_t dated = 0;
    for (const listed_product& one : list.rows)
        if (one.decision_date || one.expiry_date) ++dated;
    CHECK(count(on, product_state::unknown) == list.rows.size() - dated);
    CHECK(count(on, product_state::withdrawn) == 1);
    CHECK(count(on, product_state::proposed) == 1);  // P0457
    // In force: 9 of Lâm Đồng (2026-08-05), 4 of 5 stars (2025).
    CHECK(count(on, product_state::valid) + count(on, product_state::filing_window) == 13);
    query five(on);
    five.with_stars = {stars(5)};
    CHECK(made.made.count(five) == 4);
    // An Giang's decision of 2022-10-10 ran out on 2025-10-10.
    query an_giang(day(2025, 10, 10));
    an_giang.states = states_in_force;
    an_giang.within = unit_ref{unit_code::parse("89"), edition::e2025_03};
    CHECK(made.made.count(an_giang) == 24);
    an_giang.as_of = day(2025, 10, 11);
    CHECK(made.made.count(an_giang) == 12);
}

TEST_CASE("a row that withdraws ends the certificate of another row, in either order") {
    const listed_product given = row(2, "Gạo nếp", "HTX A", list_event::first, 3, day(2022, 1, 10));
    listed_product taken = row(3, "Gạo nếp", "HTX A", list_event::revoked, 3, day(2023, 1, 10));
    taken.decision = "77/QĐ-UBND";
    for (const auto& rows : {std::vector{given, taken}, std::vector{taken, given}}) {
        const listed_registry made = of(rows);
        CHECK(made.told.found.empty());
        REQUIRE(made.told.rows.size() == 2);
        CHECK(made.told.rows[0].row == 2);
        CHECK(made.told.rows[0].product == made.told.rows[1].product);
        const product_id id = made.told.rows[0].product;
        CHECK(made.made.standing(id, day(2023, 1, 9)).stars == stars(3));
        const product_standing after = made.made.standing(id, day(2023, 1, 10));
        CHECK(after.state == product_state::withdrawn);
        CHECK_FALSE(after.stars.has_value());
        CHECK(after.last_valid_day == day(2023, 1, 9));
        CHECK(made.made.check().empty());
    }
}

TEST_CASE("a withdrawal told by the decision that recognised has no day: no star is shown") {
    const listed_registry made = of({
        row(2, "Gạo nếp", "HTX A", list_event::first, 3, day(2022, 1, 10)),
        row(3, "Gạo nếp", "HTX A", list_event::revoked, 3, day(2022, 1, 10)),
    });
    const product_id id = made.told.rows[0].product;
    CHECK(made.made.standing(id, day(2022, 1, 9)).state == product_state::none);
    const product_standing now = made.made.standing(id, day(2022, 6, 1));
    CHECK(now.state == product_state::withdrawn);
    CHECK(now.former_stars == stars(3));
    CHECK_FALSE(now.last_valid_day.has_value());
}

TEST_CASE("a withdrawal without a day, by a decision that recognised nothing, takes the star") {
    listed_product taken = row(3, "Gạo nếp", "HTX A", list_event::revoked, 3, {});
    taken.decision = "77/QĐ-UBND";
    const listed_registry made =
        of({row(2, "Gạo nếp", "HTX A", list_event::first, 3, day(2022, 1, 10)), taken});
    CHECK(made.made.standing(made.told.rows[0].product, day(2022, 6, 1)).state ==
          product_state::withdrawn);
}

TEST_CASE("rows that look back on a certificate give none of their own, in either order") {
    const listed_product given =
        row(2, "Gạo nếp", "HTX A", list_event::recognised, 3, day(2021, 6, 30));
    for (list_event e : {list_event::expired, list_event::upgrade_proposed, list_event::proposed_4,
                         list_event::re_evaluation_due}) {
        listed_product later = row(3, "Gạo nếp", "HTX A", e, 3, day(2024, 1, 15));
        later.decision = "2/QĐ-UBND";
        for (const auto& rows : {std::vector{given, later}, std::vector{later, given}}) {
            const listed_registry made = of(rows);
            const product_id id = made.told.rows[0].product;
            CHECK(made.made.standing(id, day(2024, 6, 30)).stars == stars(3));
            CHECK(made.made.standing(id, day(2024, 7, 1)).state == product_state::expired);
            CHECK(made.made.check().empty());
        }
    }
}

TEST_CASE("what is told to have expired is never in force by the usual term") {
    // Told on 2026-11-23; 36 months would run to 2027-01-10.
    listed_product one = row(2, "Gạo nếp", "HTX A", list_event::expired, 3, day(2024, 1, 10));
    CHECK(of({one}).made.standing(product_id(1), day(2025, 1, 1)).state == product_state::unknown);
    // Decided long enough ago: the usual term says the same as the list.
    one.decision_date = day(2021, 1, 10);
    CHECK(of({one}).made.standing(product_id(1), day(2025, 1, 1)).state == product_state::expired);
    // Its last day is told.
    one.decision_date = day(2024, 1, 10);
    one.expiry_date = day(2025, 6, 1);
    CHECK(of({one}).made.standing(product_id(1), day(2025, 6, 1)).stars == stars(3));
    CHECK(of({one}).made.standing(product_id(1), day(2025, 6, 2)).state == product_state::expired);
}

TEST_CASE("after the last record was removed, a list can still be taken in") {
    registry_rules rules;
    rules.histories = history_extent::part;
    registry r(bundled_units(), rules);
    std::uint64_t number = 0;
    const auto take = [&](record_change what, std::uint32_t version) {
        r.apply({{9, ++number}, told, version, std::move(what), {}});
    };
    take(put<producer>{producer_id(7), producer{"HTX cũ", {}, {}}}, 0);
    take(put<product>{product_id(7), product{"Chè", producer_id(7), {}, {}, {}, {}, {}}}, 0);
    take(removed<product>{product_id(7)}, 1);
    take(removed<producer>{producer_id(7)}, 1);
    CHECK(r.greatest<product>() == product_id(7));
    CHECK(r.used<product>(product_id(7)));
    CHECK_FALSE(r.used<product>(product_id(6)));
    const std::vector<listed_product> rows{
        row(2, "Mật ong", "HTX Bình An", list_event::first, 3, day(2021, 8, 10)),
        row(3, "Trà", "HTX Phú An", list_event::first, 3, day(2021, 8, 10))};
    const list_import made = import_list(r, rows, from_list_options(told));
    CHECK(made.found.empty());
    REQUIRE(made.rows.size() == 2);
    CHECK(made.rows[0].product == product_id(8));
    CHECK(made.rows[1].product == product_id(9));
    CHECK(r.check().empty());
    // The greatest number of all is taken: the least that is free follows.
    take(put<product>{product_id(UINT64_MAX),
                      product{"Cá", *made.rows[0].producer, {}, {}, {}, {}, {}}},
         0);
    const std::vector<listed_product> more{
        row(2, "Nấm", "HTX Bình An", list_event::first, 3, day(2021, 8, 10))};
    from_list_options other(told);
    other.list = 2;
    const list_import again = import_list(r, more, other);
    CHECK(again.found.empty());
    REQUIRE(again.rows.size() == 1);
    CHECK(again.rows[0].product == product_id(1));
}
