#include "ocop/registry/query.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ocop/base/fold.hpp"
#include "random_events.hpp"

using namespace ocop;
using random_events::day;

namespace {

/// A registry of random events.
registry random_registry(unsigned seed, int steps) {
    random_events::maker make(seed);
    registry_rules rules;
    rules.histories = history_extent::part;
    registry r(bundled_units(), rules);
    random_events::model plain(rules);
    for (int i = 0; i < steps; ++i) {
        const event e = make.next(plain);
        problems found;
        (void)r.try_apply(e, found);
        plain.take(e);
    }
    return r;
}

/// Whether a name holds \p text as search() understands it, in words of its own.
bool fits(const std::string& key, const std::string& text, bool inside) {
    if (text.empty()) return false;
    const std::string padded = " " + key;
    if (padded.find(" " + text) != std::string::npos) return true;
    if (inside && key.find(text) != std::string::npos) return true;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find(' ', from), text.size());
        const std::string word = " " + text.substr(from, end - from);
        if (end == text.size() ? padded.find(word) == std::string::npos
                               : (padded + " ").find(word + " ") == std::string::npos)
            return false;
        from = end + 1;
    }
    return true;
}

struct question {
    std::string folded;
    std::string spelled;
    bool inside;
    explicit question(const std::string& text)
        : folded(search_key(text)), spelled(spelling_key(text)), inside(folded.size() >= 3) {}
    [[nodiscard]] bool with_accents(const std::string& name) const {
        if (spelled == folded) return fits(search_key(name), folded, inside);
        return fits(spelling_key(name), spelled, inside);
    }
    [[nodiscard]] bool at_all(const std::string& name) const {
        return with_accents(name) || fits(search_key(name), folded, inside);
    }
};

/// Whether a place lies in a unit, by its edition: the plain way through the gazetteer.
bool lies_in(const unit_ref& at, const unit_ref& in) {
    const gazetteer& g = bundled_units();
    if (at.in > in.in)
        return (at.in < edition::e2025_07) == (in.in < edition::e2025_07) &&
               g.lies_in({at.code, in.in}, in);
    if (const auto to = g.successor(at, in.in).unit) return g.lies_in(*to, in);
    const unit_chain chain = g.chain(at);
    const auto province = g.successor(chain.province->ref(), in.in).unit;
    if (province == in) return true;
    return false;
}

/// Whether \p q describes \p id: by what standing() and the records say.
bool described(const registry& r, product_id id, const query& q) {
    const product& p = *r.find(id);
    const product_standing now = r.standing(id, q.as_of);
    const producer& by = *r.find(*now.producer);
    const auto any = [](const auto& list, const auto& value) {
        return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
    };
    if (!q.states.empty() && !q.states.contains(now.state)) return false;
    if (!q.with_stars.empty() && (!now.stars || !any(q.with_stars, *now.stars))) return false;
    if (q.expiring_within &&
        (!states_in_force.contains(now.state) || !now.last_valid_day ||
         count_of(*now.last_valid_day) > count_of(q.as_of) + *q.expiring_within))
        return false;
    if (q.withdrawn) {
        bool then = false;
        for (const history_entry& e : r.entries(id))
            then = then || (e.certificate != nullptr &&
                            e.certificate->is->kind == certificate_event_kind::withdrawn &&
                            q.withdrawn->first <= e.certificate->is->on &&
                            e.certificate->is->on <= q.withdrawn->last);
        if (!then) return false;
    }
    if (!q.years.empty() && (!now.year || !any(q.years, *now.year))) return false;
    if (!q.sets.empty() && (!p.set || !any(q.sets, *p.set))) return false;
    if (q.within && (!p.place || !lies_in(*p.place, *q.within))) return false;
    if (!q.kinds.empty() && (!by.kind || !any(q.kinds, *by.kind))) return false;
    if (q.youth_led && by.youth_led != q.youth_led) return false;
    if (q.women_led && by.representative.woman != q.women_led) return false;
    if (q.ethnic_led && by.representative.ethnic_minority != q.ethnic_led) return false;
    if (q.producer && now.producer != q.producer) return false;
    if (!q.text.empty()) {
        const question asked(q.text);
        bool found = asked.at_all(p.name) || asked.at_all(r.find(p.producer)->name);
        for (const variant& v : p.variants) found = found || asked.at_all(v.name);
        if (!found) return false;
    }
    return true;
}

query random_query(random_events::maker& make) {
    query q(make.some_day());
    if (make.one_in(2))
        for (std::size_t i = make.below(3); i > 0; --i)
            q.states.insert(static_cast<product_state>(make.below(8)));
    if (make.one_in(4)) q.with_stars = {stars(3), stars(static_cast<int>(3 + make.below(3)))};
    if (make.one_in(5)) q.expiring_within = static_cast<std::uint32_t>(make.below(700));
    if (make.one_in(8)) q.withdrawn = period{day(2021, 1, 1), make.some_day()};
    if (make.one_in(6)) q.years = {2019 + static_cast<int>(make.below(9)), 2022};
    if (make.one_in(8))
        q.sets = {product_set(set_generation::of_2023, 1 + static_cast<int>(make.below(26))),
                  product_set(set_generation::of_2019, 7)};
    if (make.one_in(3)) {
        unit_ref in = make.place();
        if (make.one_in(2))
            if (const unit* top = bundled_units().chain(in).province) in = top->ref();
        q.within = in;
    }
    if (make.one_in(5))
        q.kinds = {static_cast<producer_kind>(make.below(13)),
                   static_cast<producer_kind>(make.below(13))};
    if (make.one_in(7)) q.youth_led = make.flag();
    if (make.one_in(7)) q.women_led = make.flag();
    if (make.one_in(7)) q.ethnic_led = make.flag();
    if (make.one_in(9)) q.producer = producer_id(1 + make.below(14));
    if (make.one_in(5)) q.text = make.name();
    return q;
}

}  // namespace

TEST_CASE("questions answer what going through all products answers") {
    std::size_t hits = 0;
    for (unsigned s = 0; s < 25; ++s) {
        const registry r = random_registry(900U + s, 500);
        random_events::maker make(31U + s);
        for (int i = 0; i < 60; ++i) {
            const query q = random_query(make);
            std::vector<product_id> want;
            for (product_id id : r.all<product>())
                if (described(r, id, q)) want.push_back(id);
            CHECK(r.select(q) == want);
            CHECK(r.count(q) == want.size());
            hits += want.size();
        }
    }
    CHECK(hits > 1000);
}

TEST_CASE("counts by keys: every product once, in the order of the values") {
    for (unsigned s = 0; s < 15; ++s) {
        const registry r = random_registry(50U + s, 500);
        random_events::maker make(77U + s);
        for (int i = 0; i < 10; ++i) {
            const query q(make.some_day());
            std::map<std::pair<std::string, std::string>, std::uint64_t> want;
            for (product_id id : r.all<product>()) {
                const product_standing now = r.standing(id, q.as_of);
                const product& p = *r.find(id);
                std::string province;
                if (p.place)
                    if (const auto today = bundled_units().today(*p.place).province.unit)
                        province = to_string(today->code);
                ++want[{province, now.stars ? std::to_string(now.stars->value()) : ""}];
            }
            std::uint64_t sum = 0;
            std::map<std::pair<std::string, std::string>, std::uint64_t> is;
            const auto groups = r.count_by(q, {group_key::province_today, group_key::stars});
            for (const group_count& g : groups) {
                REQUIRE(g.values.size() == 2);
                is[{g.values[0].code, g.values[1].code}] = g.count;
                CHECK(g.of == r.sizes().products);
                CHECK(g.count > 0);
                sum += g.count;
            }
            CHECK(is == want);
            CHECK(sum == r.sizes().products);
            for (std::size_t k = 1; k < groups.size(); ++k) {
                const auto rank = [](const group_value& v) { return std::pair(v.empty(), v.code); };
                const auto a =
                    std::pair(rank(groups[k - 1].values[0]), rank(groups[k - 1].values[1]));
                const auto b = std::pair(rank(groups[k].values[0]), rank(groups[k].values[1]));
                CHECK(a < b);
            }
        }
        // Each key alone makes a whole; so do all together, which are too many cells for a table.
        const query q(day(2025, 1, 1));
        std::vector<group_key> all;
        for (std::size_t key = 0; key < names<group_key>::all.size(); ++key) {
            all.push_back(static_cast<group_key>(key));
            std::uint64_t sum = 0;
            for (const group_count& g : r.count_by(q, {all.back()})) sum += g.count;
            CHECK(sum == r.sizes().products);
        }
        std::uint64_t sum = 0;
        for (const group_count& g : r.count_by(q, all)) sum += g.count;
        CHECK(sum == r.sizes().products);
    }
}

TEST_CASE("transitions: each product once, from what it was to what it is") {
    for (unsigned s = 0; s < 10; ++s) {
        const registry r = random_registry(500U + s, 500);
        const date from = day(2022, 6, 1);
        const date to = day(2025, 6, 1);
        const auto name = [&](product_id id, const date& on) {
            const product_standing now = r.standing(id, on);
            return states_in_force.contains(now.state)
                       ? now.stars ? std::to_string(now.stars->value()) : std::string("other")
                       : std::string(name_of(now.state));
        };
        std::map<std::pair<std::string, std::string>, std::uint64_t> want;
        for (product_id id : r.all<product>()) ++want[{name(id, from), name(id, to)}];
        const transition_table is = r.transitions(query(from), to);
        std::uint64_t sum = 0;
        for (std::size_t a = 0; a < transition_table::size; ++a)
            for (std::size_t b = 0; b < transition_table::size; ++b) {
                const auto x = static_cast<star_class>(a);
                const auto y = static_cast<star_class>(b);
                const auto found = want.find({std::string(name_of(x)), std::string(name_of(y))});
                CHECK(is.at(x, y) == (found == want.end() ? 0 : found->second));
                sum += is.at(x, y);
            }
        CHECK(sum == r.sizes().products);
    }
}

TEST_CASE("every day of a life: the columns say what the events say") {
    // Renewed late, upgraded, withdrawn and recognised again: more stretches than a row holds, too.
    registry r(bundled_units());
    r.apply(
        {{1, 1}, day(2019, 1, 1), 0, put<producer>{producer_id(1), producer{"HTX A", {}, {}}}, {}});
    std::uint64_t number = 1;
    struct step {
        certificate_event_kind kind;
        date on;
        int star;
    };
    const std::vector<std::vector<step>> lives{
        {{certificate_event_kind::recognised, day(2023, 6, 30), 3}},
        {{certificate_event_kind::recognised, day(2021, 6, 30), 5},
         {certificate_event_kind::re_recognised, day(2024, 7, 1), 5}},
        {{certificate_event_kind::proposed, day(2020, 2, 29), 4},
         {certificate_event_kind::recognised, day(2020, 3, 1), 4},
         {certificate_event_kind::withdrawn, day(2020, 9, 1), 0}},
        {{certificate_event_kind::recognised, day(2023, 7, 1), 3},
         {certificate_event_kind::filed, day(2026, 6, 1), 0},
         {certificate_event_kind::upgraded, day(2026, 12, 1), 4}},
        {{certificate_event_kind::recognised, day(2019, 12, 23), 3},
         {certificate_event_kind::re_recognised, day(2022, 12, 24), 4},
         {certificate_event_kind::re_recognised, day(2025, 12, 20), 3},
         {certificate_event_kind::upgraded, day(2026, 11, 1), 4},
         {certificate_event_kind::withdrawn, day(2027, 1, 1), 0},
         {certificate_event_kind::recognised, day(2027, 6, 1), 3}},
        {{certificate_event_kind::recognised, day(9998, 1, 1), 3}}};
    for (std::size_t i = 0; i < lives.size(); ++i) {
        const product_id id(i + 1);
        r.apply({{1, ++number},
                 day(2019, 1, 1),
                 0,
                 put<product>{id, product{"Chè", producer_id(1), {}, {}, {}, {}, {}}},
                 {}});
        for (const step& s : lives[i]) {
            certificate_event e;
            e.kind = s.kind;
            e.on = s.on;
            if (s.star != 0) e.stars = stars(s.star);
            r.apply({{1, ++number},
                     s.on,
                     r.history_version(id),
                     certificate_recorded{id, e, {}, {}, {}},
                     {}});
        }
    }
    CHECK(r.check().empty());
    for (date on = day(2019, 11, 1); on < day(2030, 12, 1); on += boost::gregorian::days(1)) {
        std::map<std::string, std::uint64_t> want;
        for (product_id id : r.all<product>())
            ++want[std::string(name_of(r.history(id).state_on(on).state))];
        std::map<std::string, std::uint64_t> is;
        for (const group_count& g : r.count_by(query(on), {group_key::state}))
            is[g.values[0].code] = g.count;
        REQUIRE(is == want);
    }
    query last(day(9999, 1, 1));
    last.states = states_in_force;
    CHECK(r.count(last) == 1);
}

TEST_CASE("units across July 2025: what was certified in Bến Tre lies in Vĩnh Long today") {
    registry r(bundled_units());
    r.apply({{1, 1},
             day(2022, 1, 1),
             0,
             put<producer>{producer_id(1), producer{"Công ty Đông Á", {}, {}}},
             {}});
    product p{"Kẹo dừa ca cao", producer_id(1), {}, {}, {}, {}, {}};
    p.place = unit_ref{unit_code::parse("28780"), edition::e2023_01};  // Phường 7, TP Bến Tre
    r.apply({{1, 2}, day(2022, 1, 1), 0, put<product>{product_id(1), p}, {}});
    const auto holds = [&](const char* code, edition in) {
        query q(day(2026, 1, 1));
        q.within = unit_ref{unit_code::parse(code), in};
        return r.count(q) == 1;
    };
    CHECK(holds("83", edition::e2023_01));
    CHECK(holds("829", edition::e2023_01));
    CHECK(holds("28780", edition::e2023_01));
    CHECK(holds("83", edition::e2025_03));
    CHECK(holds("86", edition::e2025_07));
    CHECK(holds("86", edition::e2026_04));
    CHECK(holds("28789", edition::e2026_04));
    CHECK_FALSE(holds("86", edition::e2023_01));
    CHECK_FALSE(holds("28789", edition::e2023_01));
    CHECK_FALSE(holds("82", edition::e2026_04));
    const auto by =
        r.count_by(query(day(2026, 1, 1)),
                   {group_key::province, group_key::province_today, group_key::commune_today});
    REQUIRE(by.size() == 1);
    CHECK(by[0].values[0].code == "2023-01/83");
    CHECK(by[0].values[1].code == "86");
    CHECK(by[0].values[2].code == "28789");
    CHECK(by[0].values[2].name.vi == "Phường Bến Tre");
    query nowhere(day(2026, 1, 1));
    nowhere.within = unit_ref{unit_code::parse("83"), edition::e2026_04};
    CHECK_THROWS_AS((void)r.count(nowhere), error);
    CHECK_THROWS_AS((void)r.count(query(date())), error);
}

TEST_CASE("search finds what going through all names finds") {
    std::size_t hits = 0;
    for (unsigned s = 0; s < 25; ++s) {
        const registry r = random_registry(300U + s, 400);
        random_events::maker make(9U + s);
        for (int i = 0; i < 60; ++i) {
            std::string text = make.name();
            if (make.one_in(2)) text = fold(text);
            if (make.one_in(3)) text = text.substr(0, 1 + make.below(text.size()));
            const question asked(text);
            std::set<std::string> want;
            const auto add = [&](const std::string& who, bool at_all, bool accents) {
                if (at_all) want.insert(who + (accents ? "!" : ""));
            };
            for (product_id id : r.all<product>()) {
                const product& p = *r.find(id);
                bool at_all = asked.at_all(p.name);
                bool accents = asked.with_accents(p.name);
                for (const variant& v : p.variants) {
                    at_all = at_all || asked.at_all(v.name);
                    accents = accents || asked.with_accents(v.name);
                }
                add("p" + to_string(id), at_all, accents);
            }
            for (producer_id id : r.all<producer>())
                add("w" + to_string(id), asked.at_all(r.find(id)->name),
                    asked.with_accents(r.find(id)->name));
            std::set<std::string> is;
            search_options options;
            options.most = 1000;
            const auto found = r.search(text, options);
            for (const search_hit& hit : found)
                is.insert(
                    (hit.product ? "p" + to_string(*hit.product) : "w" + to_string(*hit.producer)) +
                    (hit.accents ? "!" : ""));
            std::string differ = text;
            for (const std::string& one : is)
                if (want.count(one) == 0) differ += " +" + one;
            for (const std::string& one : want)
                if (is.count(one) == 0) differ += " -" + one;
            REQUIRE_MESSAGE(is == want, differ);
            CHECK(found.size() == want.size());
            for (std::size_t k = 1; k < found.size(); ++k) {
                CHECK(found[k - 1].accents >= found[k].accents);
                if (found[k - 1].accents == found[k].accents)
                    CHECK(found[k - 1].grade <= found[k].grade);
            }
            options.most = 3;
            const auto few = r.search(text, options);
            CHECK(few.size() == std::min<std::size_t>(3, found.size()));
            CHECK(std::equal(few.begin(), few.end(), found.begin()));
            hits += want.size();
        }
    }
    CHECK(hits > 1000);
}

TEST_CASE("search: đ, tones, case, variants, ranks") {
    registry r(bundled_units());
    r.apply({{1, 1},
             day(2022, 1, 1),
             0,
             put<producer>{producer_id(1), producer{"HTX Đông Trùng Đà Lạt", {}, {}}},
             {}});
    std::uint64_t number = 1;
    const auto add = [&](const char* name, std::vector<variant> variants = {}) {
        ++number;
        r.apply({{1, number},
                 day(2022, 1, 1),
                 0,
                 put<product>{product_id(number),
                              product{name, producer_id(1), {}, {}, std::move(variants), {}, {}}},
                 {}});
    };
    add("Mật ong hoa nhãn");                                  // 2
    add("MẮT ONG");                                           // 3
    add("Rượu mật ong");                                      // 4
    add("Ong mật rừng");                                      // 5
    add("Nước mắm", {{"Cửa Lò CL28", ""}, {"Cửa Hội", ""}});  // 6
    add("Đường thốt nốt hòa tan");                            // 7
    const auto first = [&](const char* text) -> std::vector<std::uint64_t> {
        std::vector<std::uint64_t> ids;
        for (const search_hit& hit : r.search(text))
            ids.push_back(hit.product ? hit.product->value() : 1000 + hit.producer->value());
        return ids;
    };
    CHECK(first("mật ong") == std::vector<std::uint64_t>{2, 4, 5, 3});
    CHECK(first("mat ong") == std::vector<std::uint64_t>{3, 2, 4, 5});
    CHECK(first("duong thot") == std::vector<std::uint64_t>{7});
    CHECK(first("HOÀ TAN") == std::vector<std::uint64_t>{7});
    CHECK(first("dong trung") == std::vector<std::uint64_t>{1001});
    CHECK(first("da lat") == std::vector<std::uint64_t>{1001});
    CHECK(first("ượu") == std::vector<std::uint64_t>{4});
    CHECK(first("cl28") == std::vector<std::uint64_t>{6});
    REQUIRE(r.search("cl28").size() == 1);
    CHECK(r.search("cl28")[0].variant == 1);
    CHECK(r.search("mật ong")[0].grade == match_grade::start);
    CHECK(r.search("mắt ong")[0].grade == match_grade::whole);
    CHECK(first("").empty());
    CHECK(first("  -- ").empty());
    CHECK(first("\xff\xfe").empty());
    CHECK(first("mật ong rượu xoài").empty());
}

TEST_CASE("duplicates: one product recorded twice, and what is none") {
    registry r(bundled_units());
    const unit_ref here{unit_code::parse("03388"), edition::e2025_07};
    const unit_ref there{unit_code::parse("03408"), edition::e2025_07};
    std::uint64_t number = 0;
    const auto producer_of = [&](std::uint64_t id, const char* name) {
        r.apply({{1, ++number},
                 day(2025, 8, 1),
                 0,
                 put<producer>{producer_id(id), producer{name, {}, {}}},
                 {}});
    };
    const auto product_of = [&](std::uint64_t id, const char* name, std::uint64_t by,
                                const unit_ref& place) {
        r.apply(
            {{1, ++number},
             day(2025, 8, 1),
             0,
             put<product>{product_id(id), product{name, producer_id(by), {}, place, {}, {}, {}}},
             {}});
    };
    producer_of(1, "Công ty Đà Lạt Tự Nhiên");
    producer_of(2, "Công ty Ngô Mai Hoa");
    producer_of(3, "CÔNG TY NGÔ MAI HOA");
    // Rows P0034, P0038 of the list: the same name of two producers in one commune is no duplicate.
    product_of(34, "Chanh dây sấy dẻo", 1, here);
    product_of(38, "Chanh dây sấy dẻo", 2, here);
    CHECK(r.duplicates().empty());
    product_of(50, "Chanh dây sấy dẻo", 3, here);   // likely 38
    product_of(51, "CHANH DÂY SẤY DẺO!", 1, here);  // certainly 34
    product_of(52, "Chanh dây sấy dẻo", 2, there);  // likely 38
    product_of(53, "Thơm sấy dẻo", 1, here);        // none
    const auto found = r.duplicates();
    REQUIRE(found.size() == 3);
    CHECK(found[0].degree == duplicate_degree::certain);
    CHECK(found[0].products == std::vector{product_id(34), product_id(51)});
    CHECK(found[1].degree == duplicate_degree::likely);
    CHECK(found[1].products == std::vector{product_id(38), product_id(50)});
    CHECK_FALSE(found[1].reason.vi.empty());
    CHECK(found[2].degree == duplicate_degree::likely);
    CHECK(found[2].products == std::vector{product_id(38), product_id(52)});
    // What is certainly one still counts elsewhere, by its first.
    product_of(54, "Chanh dây sấy dẻo", 1, there);
    const auto more = r.duplicates();
    REQUIRE(more.size() == 4);
    CHECK(more[1].degree == duplicate_degree::likely);
    CHECK(more[1].products == std::vector{product_id(34), product_id(54)});
}

TEST_CASE("duplicates: a place that is not told is not the same place; many of one name") {
    registry r(bundled_units());
    std::uint64_t number = 0;
    const date on = day(2025, 8, 1);
    for (std::uint64_t id : {1U, 2U, 3U})
        r.apply(
            {{1, ++number}, on, 0, put<producer>{producer_id(id), producer{"HTX A", {}, {}}}, {}});
    const auto add = [&](std::uint64_t id, std::uint64_t by, std::optional<unit_ref> place) {
        product p{"Chè", producer_id(by), {}, place, {}, {}, {}};
        r.apply({{1, ++number}, on, 0, put<product>{product_id(id), p}, {}});
    };
    add(1, 1, {});
    add(2, 1, {});
    add(3, 2, {});  // another producer, no place: none
    const auto found = r.duplicates();
    REQUIRE(found.size() == 1);
    CHECK(found[0].degree == duplicate_degree::likely);
    CHECK(found[0].products == std::vector{product_id(1), product_id(2)});
    // A long list of one name, which took half a minute when all were compared with all.
    const auto communes = bundled_units().units(edition::e2026_04, unit_level::commune);
    for (std::uint64_t id = 4; id < 12000; ++id) add(id, 3, communes[id % 3000].ref());
    const auto many = r.duplicates();
    CHECK(many.size() == 1 + 3000 + 1);  // by place each, and the producer's in all places
}

TEST_CASE("a query by name gives what search() gives") {
    registry r(bundled_units());
    const date on = day(2022, 1, 1);
    r.apply({{1, 1}, on, 0, put<producer>{producer_id(1), producer{"HTX A", {}, {}}}, {}});
    std::uint64_t id = 0;
    for (const char* name : {"Mật ong", "Mat ong", "Mắt ong", "Trà"}) {
        ++id;
        product p{name, producer_id(1), {}, {}, {}, {}, {}};
        r.apply({{2, id}, on, 0, put<product>{product_id(id), p}, {}});
    }
    query q(on);
    q.text = "mật ong";
    CHECK(r.select(q) == std::vector{product_id(1), product_id(2), product_id(3)});
    CHECK(r.search(q.text).size() == 3);
}

TEST_CASE("many certificates that end on one day are renewed one by one") {
    registry r(bundled_units());
    const date on = day(2022, 1, 1);
    constexpr std::uint64_t count = 20000;
    std::uint64_t number = 0;
    r.apply({{1, ++number}, on, 0, put<producer>{producer_id(1), producer{"HTX A", {}, {}}}, {}});
    certificate_event e;
    e.on = on;
    e.stars = stars(3);
    for (std::uint64_t id = 1; id <= count; ++id) {
        product p{"Chè", producer_id(1), {}, {}, {}, {}, {}};
        r.apply({{1, ++number}, on, 0, put<product>{product_id(id), p}, {}});
        r.apply({{1, ++number}, on, 0, certificate_recorded{product_id(id), e, {}, {}, {}}, {}});
    }
    e.kind = certificate_event_kind::re_recognised;
    e.on = day(2024, 6, 1);
    e.stars = stars(4);
    for (std::uint64_t id = 1; id <= count; id += 2)
        r.apply({{1, ++number}, e.on, 1, certificate_recorded{product_id(id), e, {}, {}, {}}, {}});
    query q(day(2024, 12, 1));
    q.expiring_within = 60;
    CHECK(r.count(q) == count / 2);
    q.as_of = day(2027, 5, 1);
    CHECK(r.count(q) == count / 2);
    q.as_of = day(2022, 1, 1);
    q.expiring_within = 3 * 366;
    CHECK(r.count(q) == count);
    for (const std::string& wrong : r.check()) FAIL(wrong);
}
