#include "ocop/registry/registry.hpp"

#include <doctest/doctest.h>

#include "ocop/certifications/evidence.hpp"
#include "ocop/exchange/bundled.hpp"
#include "random_events.hpp"

using namespace ocop;
using random_events::day;

namespace {

unit_ref ref_of(const char* code, edition in) { return {unit_code::parse(code), in}; }

event at(std::uint64_t number, const date& on, record_change what, std::uint32_t expected = 0) {
    return {{1, number}, on, expected, std::move(what), {}};
}

producer some_producer(const char* name = "HTX chè Hảo Đạt") {
    producer p;
    p.name = name;
    p.kind = producer_kind::cooperative;
    return p;
}

product some_product(const char* name = "Chè Đinh", std::uint64_t by = 1) {
    return {name, producer_id(by), {}, {}, {}, {}, {}};
}

certificate_recorded recognised(std::uint64_t of, const date& on, int star) {
    certificate_event e;
    e.kind = certificate_event_kind::recognised;
    e.on = on;
    e.stars = stars(star);
    e.decision = "1045/QĐ-UBND";
    return {product_id(of), e, {}, {}, {}};
}

problem_code only_code(registry& r, event e) {
    problems found;
    CHECK_FALSE(r.try_apply(std::move(e), found));
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].message.vi.empty());
    CHECK_FALSE(found[0].message.en.empty());
    return found[0].code;
}

const date d0 = day(2021, 8, 10);

registry small() {
    registry r(bundled_units());
    r.apply(at(1, d0, put<producer>{producer_id(1), some_producer()}));
    r.apply(at(2, d0, put<product>{product_id(1), some_product()}));
    r.apply(at(3, d0, recognised(1, d0, 3)));
    return r;
}

}  // namespace

TEST_CASE("events make records, and records answer") {
    const registry r = small();
    REQUIRE(r.find(product_id(1)) != nullptr);
    CHECK(r.find(product_id(1))->name == "Chè Đinh");
    CHECK(r.find(product_id(2)) == nullptr);
    CHECK(r.version<product>(product_id(1)) == 1);
    CHECK(r.version<product>(product_id(2)) == 0);
    CHECK(r.history_version(product_id(1)) == 1);
    CHECK(r.products_of(producer_id(1)) == std::vector{product_id(1)});
    // 36 months from 2021-08-10 (lifecycle facts: QĐ 1045/QĐ-UBND of Lai Châu).
    CHECK(r.standing(product_id(1), day(2021, 8, 9)).state == product_state::none);
    CHECK(r.standing(product_id(1), day(2024, 8, 10)).state == product_state::valid);
    CHECK(r.standing(product_id(1), day(2024, 8, 10)).stars == stars(3));
    CHECK(r.standing(product_id(1), day(2024, 8, 11)).state == product_state::expired);
    CHECK_FALSE(r.standing(product_id(1), day(2024, 8, 11)).stars);
    CHECK(r.standing(product_id(1), day(2024, 8, 11)).former_stars == stars(3));
    CHECK(r.history(product_id(1)).events().size() == 1);
    CHECK(r.check().empty());
}

TEST_CASE("an event twice changes nothing; another one under its number is refused") {
    registry r = small();
    const registry before = r;
    const event same = at(3, d0, recognised(1, d0, 3));
    CHECK(r.apply(same) == applied::repeated);
    CHECK(r == before);
    CHECK(only_code(r, at(3, d0, recognised(1, d0, 4))) == problem_code::conflicting_event);
    CHECK(only_code(r, at(3, day(2021, 8, 11), recognised(1, d0, 3))) ==
          problem_code::conflicting_event);
    CHECK(r == before);
}

TEST_CASE("what cannot be is refused, with its number, and changes nothing") {
    registry r = small();
    const registry before = r;
    CHECK(only_code(r, at(9, d0, put<producer>{producer_id(1), some_producer()})) ==
          problem_code::repeated_record);
    CHECK(only_code(r, at(9, d0, put<producer>{producer_id(2), some_producer()}, 1)) ==
          problem_code::unknown_record);
    CHECK(only_code(r, at(9, d0, put<product>{product_id(2), some_product("Chè", 7)})) ==
          problem_code::unknown_record);
    CHECK(only_code(r, at(9, d0, put<producer>{producer_id(1), some_producer("HTX")}, 2)) ==
          problem_code::stale_version);
    CHECK(only_code(r, at(9, day(2024, 9, 1), recognised(1, day(2024, 9, 1), 3), 0)) ==
          problem_code::stale_version);
    CHECK(only_code(r, at(9, d0, recognised(2, d0, 3))) == problem_code::unknown_record);
    CHECK(only_code(r, at(9, d0, removed<producer>{producer_id(1)}, 1)) ==
          problem_code::record_in_use);
    CHECK(only_code(r, at(9, d0, removed<product>{product_id(1)}, 1)) ==
          problem_code::record_in_use);
    CHECK(only_code(r, at(9, day(2021, 1, 1), put<producer>{producer_id(1), some_producer()}, 1)) ==
          problem_code::wrong_order);
    producer nowhere = some_producer();
    nowhere.seat = ref_of("99999", edition::e2025_07);
    CHECK(only_code(r, at(9, d0, put<producer>{producer_id(2), nowhere})) ==
          problem_code::unknown_unit);
    CHECK(only_code(r, at(9, d0, put<producer>{producer_id(2), some_producer("")})) ==
          problem_code::empty_name);
    CHECK(only_code(r, at(9, date(), put<producer>{producer_id(2), some_producer()})) ==
          problem_code::bad_date);
    CHECK(only_code(r, at(9, day(2025, 1, 2), recognised(1, day(2025, 1, 1), 3), 1)) ==
          problem_code::contradiction);  // two days
    CHECK(only_code(r, at(9, d0, claim_recorded{product_id(1), undated_claim{{}, stars(2), {}, ""}},
                          1)) == problem_code::not_recognisable);
    CHECK(r == before);
    CHECK(r.check().empty());
    // Both languages name the two versions.
    problems found;
    CHECK_FALSE(
        r.try_apply(at(9, d0, put<producer>{producer_id(1), some_producer("X")}, 5), found));
    CHECK(found.at(0).message.en.find("version 1, not 5") != std::string::npos);
    CHECK(found.at(0).message.vi.find("phiên bản 1, không phải 5") != std::string::npos);
}

TEST_CASE("a removed number is not used again") {
    registry r = small();
    r.apply(at(4, d0, put<producer>{producer_id(2), some_producer("HTX Phú Thành")}));
    r.apply(at(5, d0, removed<producer>{producer_id(2)}, 1));
    CHECK(r.find(producer_id(2)) == nullptr);
    CHECK(r.sizes().producers == 1);
    CHECK(only_code(r, at(6, d0, put<producer>{producer_id(2), some_producer()})) ==
          problem_code::repeated_record);
    CHECK(only_code(r, at(6, d0, put<product>{product_id(2), some_product("Chè", 2)})) ==
          problem_code::unknown_record);
    CHECK(r.check().empty());
}

TEST_CASE("records as they were on a day") {
    registry r = small();
    r.apply(at(4, day(2022, 5, 1), put<producer>{producer_id(1), some_producer("HTX mới")}, 1));
    CHECK(r.find<producer>(producer_id(1), day(2021, 8, 9)) == nullptr);
    CHECK(r.find<producer>(producer_id(1), day(2022, 4, 30))->name == "HTX chè Hảo Đạt");
    CHECK(r.find<producer>(producer_id(1), day(2022, 5, 1))->name == "HTX mới");
    CHECK(r.find(producer_id(1))->name == "HTX mới");
    CHECK(r.version<producer>(producer_id(1)) == 2);
}

TEST_CASE("a batch is taken whole or not at all") {
    registry r = small();
    const registry before = r;
    std::vector<event> batch{
        at(4, d0, put<producer>{producer_id(2), some_producer("HTX Phú Thành")}),
        at(5, d0, put<product>{product_id(2), some_product("Nước súc miệng", 2)}),
        at(6, day(2022, 1, 1), put<product>{product_id(1), some_product("Chè Đinh Tân Cương")}, 1),
        at(7, day(2022, 2, 1), recognised(2, day(2022, 2, 1), 4)),
        at(8, day(2022, 2, 1), removed<producer>{producer_id(1)}, 1)};
    problems found;
    CHECK_FALSE(r.try_apply(batch, found));
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == problem_code::record_in_use);
    CHECK(found[0].where.pointer == "/4/id");
    CHECK(r == before);
    CHECK(r.check().empty());
    CHECK(r.search("nước súc miệng").empty());
    CHECK(r.search("chè đinh tân cương").empty());
    batch.pop_back();
    found.clear();
    CHECK(r.try_apply(batch, found) == 4);
    CHECK(found.empty());
    CHECK(r.try_apply(batch, found) == 0);  // all known
    CHECK(r.check().empty());
}

TEST_CASE("a copy goes its own way") {
    registry r = small();
    registry copy = r;
    CHECK(copy == r);
    copy.apply(at(4, d0, put<producer>{producer_id(2), some_producer("HTX Phú Thành")}));
    CHECK_FALSE(copy == r);
    CHECK(r.find(producer_id(2)) == nullptr);
    CHECK(r.search("phú thành").empty());
    r = copy;
    CHECK(copy == r);
    registry moved = std::move(copy);
    CHECK(moved == r);
    CHECK(moved.check().empty());
}

TEST_CASE("transfers: the holder as of a day") {
    registry r = small();
    r.apply(at(4, d0, put<producer>{producer_id(2), some_producer("Công ty mới")}));
    certificate_event e;
    e.kind = certificate_event_kind::transferred;
    e.on = day(2022, 3, 1);
    r.apply(at(5, e.on, certificate_recorded{product_id(1), e, {}, {}, producer_id(2)}, 1));
    CHECK(r.standing(product_id(1), day(2022, 2, 28)).producer == producer_id(1));
    CHECK(r.standing(product_id(1), day(2022, 3, 1)).producer == producer_id(2));
    CHECK(r.standing(product_id(1), day(2024, 8, 10)).state == product_state::valid);
    query of(day(2022, 3, 1));
    of.producer = producer_id(2);
    CHECK(r.select(of) == std::vector{product_id(1)});
    of.as_of = day(2022, 2, 28);
    CHECK(r.select(of).empty());
    CHECK(only_code(r, at(6, d0, removed<producer>{producer_id(2)}, 1)) ==
          problem_code::record_in_use);
    CHECK(r.history(product_id(1)).state_on(day(2023, 1, 1)).producer == "Công ty mới");
}

TEST_CASE("what is said without a day: unknown, and no star is shown") {
    registry r = small();
    r.apply(at(4, d0, put<product>{product_id(2), some_product("Trà")}));
    undated_claim told{certificate_event_kind::recognised, stars(3), 2024, "348/QĐ-UBND"};
    r.apply(at(5, d0, claim_recorded{product_id(2), told}));
    const product_standing now = r.standing(product_id(2), day(2024, 6, 1));
    CHECK(now.state == product_state::unknown);
    CHECK_FALSE(now.stars);
    CHECK(now.claimed == stars(3));
    CHECK(now.year == 2024);
    // The dated certificate of product 1 ran out in 2024; re-recognised in 2025, on a day not told.
    told.kind = certificate_event_kind::re_recognised;
    told.year = 2025;
    r.apply(at(6, d0, claim_recorded{product_id(1), told}, 1));
    CHECK(r.standing(product_id(1), day(2023, 1, 1)).state == product_state::valid);
    CHECK(r.standing(product_id(1), day(2024, 12, 31)).state == product_state::expired);
    CHECK(r.standing(product_id(1), day(2025, 1, 1)).state == product_state::unknown);
    // Withdrawn on a day not told: no star from the first day on.
    told.kind = certificate_event_kind::withdrawn;
    told.decision = "1045/QĐ-UBND";
    r.apply(at(7, d0, claim_recorded{product_id(1), told}, 2));
    CHECK(r.standing(product_id(1), day(2021, 8, 9)).state == product_state::unknown);
    CHECK(r.standing(product_id(1), day(2021, 8, 10)).state == product_state::withdrawn);
    CHECK_FALSE(r.standing(product_id(1), day(2021, 8, 10)).stars);
    CHECK(r.check().empty());
}

TEST_CASE("provenance stays with the record") {
    registry r = small();
    event e = at(4, d0, put<producer>{producer_id(2), some_producer("HTX Phú Thành")});
    e.from = provenance{"S10", "B1", ""};
    r.apply(e);
    CHECK(r.origin<producer>(producer_id(2)).source == "S10");
    CHECK(r.origin<producer>(producer_id(2)).reliability == "B1");
    CHECK(r.origin<producer>(producer_id(1)).source.empty());
}

TEST_CASE("numbers of events are read and written") {
    const event_id id{0x0123456789abcdefU, 0xfedcba9876543210U};
    CHECK(to_string(id) == "0123456789abcdeffedcba9876543210");
    CHECK(event_id::parse(to_string(id)) == id);
    CHECK(event_id::parse("01234567-89AB-cdef-fedc-ba9876543210") == id);
    for (const char* bad :
         {"", "0123", "0123456789abcdeffedcba987654321g", "0123456789abcdeffedcba98765432100",
          "0123456-789ab-cdef-fedc-ba9876543210"})
        CHECK_FALSE(event_id::parse(bad));
}

TEST_CASE("a dossier only goes on") {
    registry r = small();
    const dossier_process draft(bundled_regulations().at("26-2026"), {"D1"});
    dossier_process filed = draft;
    dossier_step step;
    step.on = day(2026, 6, 1);
    for (const evidence_item& item : checklist("26-2026", application::first))
        step.items.emplace_back(item.id);
    problems found;
    REQUIRE_MESSAGE(filed.try_apply(step, found), (found.empty() ? "" : found[0].message.en));
    r.apply(at(4, day(2026, 5, 30),
               put<dossier_record>{dossier_id(1), dossier_record{product_id(1), draft}}));
    r.apply(at(5, day(2026, 6, 1),
               put<dossier_record>{dossier_id(1), dossier_record{product_id(1), filed}}, 1));
    CHECK(r.find<dossier_record>(dossier_id(1))->process.state() == dossier_state::filed);
    CHECK(r.find<dossier_record>(dossier_id(1), day(2026, 5, 31))->process.state() ==
          dossier_state::draft);
    CHECK(only_code(r, at(6, day(2026, 6, 2),
                          put<dossier_record>{dossier_id(1), dossier_record{product_id(1), draft}},
                          2)) == problem_code::contradiction);
    CHECK(only_code(r,
                    at(6, day(2026, 6, 2),
                       put<dossier_record>{dossier_id(2), dossier_record{product_id(9), draft}})) ==
          problem_code::unknown_record);
    CHECK(r.check().empty());
}

TEST_CASE("a dossier's later steps cannot be known earlier, and it stays the one it is") {
    registry r = small();
    const regulation& under = bundled_regulations().at("26-2026");
    const auto filed = [&](dossier_process from, const date& on) {
        dossier_step step;
        step.on = on;
        for (const evidence_item& item : checklist("26-2026", application::first))
            step.items.emplace_back(item.id);
        from.apply(step);
        return dossier_record{product_id(1), from};
    };
    const dossier_process draft(under, {"D1"});
    const dossier_record late = filed(draft, day(2026, 10, 1));
    CHECK(only_code(r, at(4, day(2026, 6, 2), put<dossier_record>{dossier_id(1), late})) ==
          problem_code::wrong_order);
    r.apply(at(4, day(2026, 6, 2),
               put<dossier_record>{dossier_id(1), dossier_record{product_id(1), draft}}));
    const date on = day(2026, 10, 1);
    for (const dossier_process& other :
         {dossier_process(under, {"D2"}), dossier_process(under, {"D1", application::first, 3}),
          dossier_process(under, {"D1"}, overrun_reading::allow)}) {
        CHECK(only_code(r, at(5, on, put<dossier_record>{dossier_id(1), filed(other, on)}, 1)) ==
              problem_code::contradiction);
        CHECK(only_code(r,
                        at(5, on,
                           put<dossier_record>{dossier_id(1), dossier_record{product_id(1), other}},
                           1)) == problem_code::contradiction);
    }
    r.apply(at(5, on, put<dossier_record>{dossier_id(1), late}, 1));
    CHECK(r.find<dossier_record>(dossier_id(1))->process.state() == dossier_state::filed);
    CHECK(r.check().empty());
}

TEST_CASE("an event that was refused can be given again") {
    registry r = small();
    const dossier_process draft(bundled_regulations().at("26-2026"), {"D1"});
    event e = at(4, day(2026, 6, 2),
                 put<dossier_record>{dossier_id(1), dossier_record{product_id(9), draft}});
    problems found;
    CHECK_FALSE(r.try_apply(std::move(e), found));
    found.clear();
    CHECK_FALSE(r.try_apply(std::move(e), found));  // NOLINT(bugprone-use-after-move): the point
    CHECK(found.size() == 1);
    kept<product> one = some_product();
    const kept<product> two = std::move(one);
    CHECK(*one == *two);  // NOLINT(bugprone-use-after-move)
}

TEST_CASE("a certificate is given by a level that may") {
    registry r = small();
    const auto given = [](const date& on, int star, council_level by) {
        certificate_event e;
        e.kind = certificate_event_kind::re_recognised;
        e.on = on;
        e.stars = stars(star);
        e.level = by;
        return certificate_recorded{product_id(1), e, {}, {}, {}};
    };
    // 148/QĐ-TTg: districts recognise 3 stars until 2025-07-05; 5 stars are the centre's always.
    const date on = day(2024, 5, 1);
    CHECK(only_code(r, at(4, on, given(on, 5, council_level::district), 1)) ==
          problem_code::wrong_level);
    CHECK(only_code(r, at(4, on, given(on, 4, council_level::centre), 1)) ==
          problem_code::wrong_level);
    const date later = day(2025, 8, 1);
    CHECK(only_code(r, at(4, later, given(later, 3, council_level::district), 1)) ==
          problem_code::wrong_level);
    // The same where only the decision's record tells the level.
    r.apply(at(5, on,
               put<decision_record>{decision_id(1),
                                    decision_record{"12/QĐ-UBND", on, council_level::district}}));
    certificate_recorded cited = given(on, 5, council_level::district);
    cited.decision = decision_id(1);
    certificate_event without = *cited.is;
    without.level.reset();
    cited.is = without;
    CHECK(only_code(r, at(6, on, cited, 1)) == problem_code::wrong_level);
    r.apply(at(6, on, given(on, 3, council_level::district), 1));
    r.apply(at(7, later, given(later, 5, council_level::centre), 2));
    CHECK(r.check().empty());
}

TEST_CASE("a certificate and the record of its decision agree, and go on to") {
    registry r = small();
    const date on = day(2024, 5, 1);
    decision_record d{"348/QĐ-UBND", on, council_level::province};
    r.apply(at(4, on, put<decision_record>{decision_id(1), d}));
    certificate_event e;
    e.kind = certificate_event_kind::re_recognised;
    e.on = on;
    e.stars = stars(4);
    const auto cited = [&] {
        return certificate_recorded{product_id(1), e, {}, decision_id(1), {}};
    };
    e.decision = "349/QĐ-UBND";
    CHECK(only_code(r, at(5, on, cited(), 1)) == problem_code::contradiction);
    e.decision = "348/qđ-ubnd";
    e.on = day(2024, 4, 30);
    CHECK(only_code(r, at(5, e.on, cited(), 1)) == problem_code::wrong_order);
    e.on = on;
    e.stars = stars(3);
    e.level = council_level::district;
    CHECK(only_code(r, at(5, on, cited(), 1)) == problem_code::wrong_level);
    e.stars = stars(4);
    e.level = council_level::province;
    r.apply(at(5, on, cited(), 1));
    d.number = "999/QĐ-UBND";
    CHECK(only_code(r, at(6, on, put<decision_record>{decision_id(1), d}, 1)) ==
          problem_code::contradiction);
    d.number = "348/QĐ-UBND";
    d.signed_on = day(2024, 5, 2);
    CHECK(only_code(r, at(6, on, put<decision_record>{decision_id(1), d}, 1)) ==
          problem_code::contradiction);
    d.signed_on = day(2024, 4, 30);
    r.apply(at(6, on, put<decision_record>{decision_id(1), d}, 1));
    CHECK(r.check().empty());
}

TEST_CASE("the units of a product's code exist and lie in each other") {
    registry r = small();
    product p = some_product("Chè dây");
    const auto with = [&](const char* code) {
        p.code = product_code::parse(code);
        return at(4, d0, put<product>{product_id(2), p});
    };
    CHECK(only_code(r, with("01-28789-1-2026")) == problem_code::unit_elsewhere);
    CHECK(only_code(r, with("86-99999-1-2026")) == problem_code::unknown_unit);
    CHECK(only_code(r, with("82-829-1-2023")) == problem_code::unit_elsewhere);
    r.apply(with("83-829-28780-3-2022"));
    // Of units that were gone before 2023 nothing is known: told, not refused.
    problems found;
    p.code = product_code::parse("83-999-1-2020");
    CHECK(r.try_apply(at(5, d0, put<product>{product_id(3), p}), found));
    CHECK(found.size() == 1);
    CHECK(r.check().empty());
}

TEST_CASE("a claim of a refusal says nothing of a certificate") {
    registry r = small();
    r.apply(at(4, d0, put<product>{product_id(2), some_product("Trà")}));
    const undated_claim told{certificate_event_kind::refused, {}, 2024, ""};
    r.apply(at(5, d0, claim_recorded{product_id(2), told}));
    CHECK(r.standing(product_id(2), day(2024, 6, 1)).state == product_state::none);
}

TEST_CASE("a long history: every state as the events say, in bearable time") {
    registry r = small();
    certificate_event e;
    std::uint64_t number = 10;
    const auto add = [&](certificate_event_kind kind, const date& on, int star) {
        e = {};
        e.kind = kind;
        e.on = on;
        if (star != 0) e.stars = stars(star);
        r.apply(at(++number, on, certificate_recorded{product_id(1), e, {}, {}, {}},
                   r.history_version(product_id(1))));
    };
    date on = day(2022, 1, 1);
    for (int i = 0; i < 1500; ++i) {
        add(i % 7 == 0 ? certificate_event_kind::re_recognised : certificate_event_kind::filed, on,
            i % 7 == 0 ? 3 + i % 3 : 0);
        on += boost::gregorian::days(2);
    }
    const certificate_history told = r.history(product_id(1));
    for (date day_of = day(2021, 8, 1); day_of < day(2034, 1, 1);
         day_of += boost::gregorian::days(11)) {
        query q(day_of);
        q.states = states_in_force;
        const certificate_reading now = told.reading_on(day_of);
        REQUIRE(r.standing(product_id(1), day_of).stars == now.stars());
        REQUIRE(r.count(q) == (in_force(now.state) ? 1U : 0U));
    }
    CHECK(r.check().empty());
}

TEST_CASE("random events: the model, the integrity, the replay") {
    constexpr int sequences = 60;
    constexpr int steps = 250;
    int taken = 0;
    int refused = 0;
    for (int s = 0; s < sequences; ++s) {
        random_events::maker make(20260522U + static_cast<unsigned>(s));
        registry_rules rules;
        if (s % 2 == 1) rules.histories = history_extent::part;
        registry r(bundled_units(), rules);
        random_events::model plain(rules);
        for (int i = 0; i < steps; ++i) {
            const event e = make.next(plain);
            const std::size_t before = r.journal().size();
            problems found;
            const auto done = r.try_apply(e, found);
            const bool right = plain.take(e);
            REQUIRE_MESSAGE(done.has_value() == right,
                            "sequence " << s << " step " << i << " "
                                        << (found.empty() ? "" : to_line(found[0], language::en)));
            CHECK(done.has_value() == !has_errors(found));
            if (!done || *done == applied::repeated) CHECK(r.journal().size() == before);
            ++(right ? taken : refused);
            if (i % 25 == 0) REQUIRE(r.check().empty());
        }
        for (const std::string& wrong : r.check()) FAIL(wrong);
        CHECK(r.journal().size() == plain.order().size());
        CHECK(registry::replay(r.journal(), bundled_units(), rules) == r);
        CHECK(r.sizes().products == plain.products().size());
        for (const auto& [id, p] : plain.products()) {
            REQUIRE(r.find(product_id(id)) != nullptr);
            CHECK(*r.find(product_id(id)) == p.is);
            CHECK(r.version<product>(product_id(id)) == p.version);
            if (plain.has_claims(id)) continue;
            const certificate_history history = plain.history(id);
            for (int k = 0; k < 20; ++k) {
                const date on = make.some_day();
                const certificate_standing want = history.state_on(on);
                const product_standing is = r.standing(product_id(id), on);
                CHECK(name_of(is.state) == name_of(want.state));
                CHECK(is.stars == want.stars);
                CHECK(is.last_valid_day == want.last_valid_day);
                CHECK(is.filing_from == want.filing_from);
            }
        }
    }
    CHECK(taken > sequences * steps / 4);
    CHECK(refused > sequences * steps / 10);
}

TEST_CASE("random batches: whole or not at all, and undone without a trace") {
    for (unsigned s = 0; s < 40; ++s) {
        random_events::maker make(777U + s);
        registry r(bundled_units());
        random_events::model plain{registry_rules{}};
        for (int round = 0; round < 30; ++round) {
            std::vector<event> batch;
            random_events::model ahead = plain;
            bool all = true;
            for (std::size_t i = 0, n = 1 + make.below(8); i < n; ++i) {
                event e = make.next(ahead);
                const bool right = ahead.take(e);
                if (!right && !make.one_in(6)) continue;  // most batches should be right
                batch.push_back(std::move(e));
                all = all && right;
            }
            const registry before = r;
            problems found;
            const bool done = r.try_apply(batch, found).has_value();
            REQUIRE(done == all);
            if (all)
                plain = ahead;
            else
                REQUIRE(r == before);
            const auto wrong = r.check();
            REQUIRE_MESSAGE(wrong.empty(), wrong.front());
        }
        CHECK(registry::replay(r.journal(), bundled_units()) == r);
    }
}

TEST_CASE("the state on a day does not depend on what is recorded for later days") {
    random_events::maker make(4242);
    int compared = 0;
    for (int s = 0; s < 200; ++s) {
        registry r = small();
        std::vector<std::pair<date, product_standing>> asked;
        for (int k = 0; k < 10; ++k) {
            const date on =
                day(2019, 1, 1) + boost::gregorian::days(static_cast<long>(make.below(2000)));
            asked.emplace_back(on, r.standing(product_id(1), on));
        }
        date latest = day(2024, 6, 30);
        std::uint64_t number = 10;
        for (int k = 0; k < 6; ++k) {
            latest += boost::gregorian::days(1 + static_cast<long>(make.below(500)));
            certificate_event e;
            e.kind = static_cast<certificate_event_kind>(make.below(8));
            e.on = latest;
            if (issues(e.kind)) e.stars = stars(3 + static_cast<int>(make.below(3)));
            problems found;
            (void)r.try_apply(at(++number, latest,
                                 certificate_recorded{product_id(1), e, {}, {}, {}},
                                 r.history_version(product_id(1))),
                              found);
        }
        for (const auto& [on, was] : asked) {
            if (on > day(2024, 6, 30)) continue;
            CHECK(r.standing(product_id(1), on) == was);
            ++compared;
        }
    }
    CHECK(compared > 1000);
}
