// The links between units: a small country written by hand, bad rows, and the bundled units against
// brute force and what is known of Lai Châu and Bến Tre.
#include "ocop/communes/gazetteer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ocop/communes/bundled_units.hpp"

using namespace ocop;

namespace {

unit_code code(std::string_view text) { return unit_code::parse(text); }
unit_ref ref(std::string_view text, edition in) { return {code(text), in}; }

constexpr edition e1 = edition::e2023_01;
constexpr edition e2 = edition::e2025_03;
constexpr edition e3 = edition::e2025_07;
constexpr edition e4 = edition::e2026_04;

unit_row row(std::string_view of, std::string_view parent, std::string_view name,
             std::string_view editions) {
    unit_row r{code(of), std::nullopt, name, {}};
    if (!parent.empty()) r.parent = code(parent);
    for (char digit : editions) r.holds[static_cast<std::size_t>(digit - '1')] = true;
    return r;
}

// Two provinces become one with the code of the second. Commune 00003 is gone in 2025-03, 00002
// changes its district and its name; 00004 is used again with another meaning.
std::vector<unit_row> small_rows() {
    return {row("01", "", "Tỉnh Đông", "12"),     row("02", "", "Tỉnh Tây", "12"),
            row("02", "", "Tỉnh Đông Tây", "34"), row("011", "01", "Huyện Một", "12"),
            row("010", "01", "Huyện Hai", "12"),  row("020", "02", "Huyện Ba", "12"),
            row("00001", "011", "Xã A", "12"),    row("00002", "010", "Xã B", "1"),
            row("00002", "011", "Xã B mới", "2"), row("00003", "010", "Xã C", "1"),
            row("00004", "020", "Xã D", "12"),    row("00004", "02", "Xã A", "34"),
            row("00009", "02", "Đặc khu E", "3"), row("00009", "02", "Đặc khu Ê", "4")};
}
std::vector<succession_row> small_links() {
    return {{code("00001"), code("00004"), status::secondary},
            {code("00002"), code("00004"), status::inferred},
            {code("00004"), code("00009"), status::secondary}};
}

std::vector<std::string> codes(const std::vector<unit_ref>& refs) {
    std::vector<std::string> all;
    for (const unit_ref& r : refs) all.push_back(to_string(r.code));
    return all;
}
std::vector<std::string> codes(std::span<const unit> units) {
    std::vector<std::string> all;
    for (const unit& u : units) all.push_back(to_string(u.code));
    return all;
}
using texts = std::vector<std::string>;

problem one_problem(const std::vector<unit_row>& rows, const std::vector<succession_row>& links) {
    problems found;
    CHECK_FALSE(gazetteer::try_make(rows, links, found));
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].message.vi.empty());
    CHECK_FALSE(found[0].message.en.empty());
    CHECK_THROWS_AS(gazetteer(rows, links), error);
    return found[0];
}

}  // namespace

TEST_CASE("a small country: lists, parents, children") {
    const gazetteer g(small_rows(), small_links());
    CHECK(g.count(e1, unit_level::commune) == 4);
    CHECK(g.count(e2, unit_level::commune) == 3);
    CHECK(g.count(e3, unit_level::district) == 0);
    CHECK((codes(g.units(e1, unit_level::district)) == texts{"010", "011", "020"}));
    CHECK((codes(g.units(e1, unit_level::commune)) == texts{"00002", "00003", "00001", "00004"}));
    CHECK((codes(g.children(ref("01", e1))) == texts{"010", "011"}));
    CHECK((codes(g.children(ref("011", e2))) == texts{"00001", "00002"}));
    CHECK((codes(g.children(ref("02", e3))) == texts{"00004", "00009"}));
    CHECK(g.children(ref("01", e3)).empty());
    CHECK(g.children(ref("00001", e1)).empty());
    CHECK((codes(g.units_under(ref("01", e1), unit_level::commune)) ==
           texts{"00002", "00003", "00001"}));
    CHECK((codes(g.units_under(ref("00001", e1), unit_level::commune)) == texts{"00001"}));
    CHECK(g.units_under(ref("00001", e1), unit_level::district).empty());
    CHECK(g.units_under(ref("99", e1), unit_level::commune).empty());
    CHECK(g.find(e3, code("00004"))->name == "Xã A");
    CHECK(g.find(e1, code("00004"))->name == "Xã D");
    CHECK(g.find(e3, code("00001")) == nullptr);
    CHECK(g.find(e1, code("99999")) == nullptr);
    CHECK(g.find(e1, code("004")) == nullptr);
    CHECK_THROWS_AS((void)g.at(ref("00001", e4)), error);
    const unit_chain chain = g.chain(ref("00002", e2));
    CHECK(chain.commune->name == "Xã B mới");
    CHECK(chain.district->name == "Huyện Một");
    CHECK(chain.province->name == "Tỉnh Đông");
    CHECK(g.chain(ref("00009", e3)).district == nullptr);
    CHECK((g.chain(ref("00777", e3)) == unit_chain{}));
    CHECK(g.lies_in(ref("00002", e2), ref("01", e2)));
    CHECK(g.lies_in(ref("00002", e2), ref("00002", e2)));
    CHECK_FALSE(g.lies_in(ref("00002", e2), ref("02", e2)));
    CHECK_FALSE(g.lies_in(ref("00002", e2), ref("01", e1)));
}

TEST_CASE("a small country: successors and predecessors") {
    const gazetteer g(small_rows(), small_links());
    const auto s = [&](std::string_view of, edition in, edition to) {
        return g.successor(ref(of, in), to);
    };
    CHECK((s("00001", e1, e1) ==
           unit_successor{ref("00001", e1), succession::itself, status::verified, false, false}));
    CHECK((s("00002", e1, e2) ==
           unit_successor{ref("00002", e2), succession::same_code, status::inferred, true, true}));
    CHECK((s("00001", e1, e2) == unit_successor{ref("00001", e2), succession::same_code,
                                                status::inferred, false, false}));
    // "Xã A" again, under another code: not renamed.
    CHECK((s("00001", e2, e3) == unit_successor{ref("00004", e3), succession::main_successor,
                                                status::secondary, false, false}));
    CHECK((s("00002", e1, e4) == unit_successor{ref("00004", e4), succession::main_successor,
                                                status::inferred, true, true}));
    CHECK((s("00004", e2, e4) == unit_successor{ref("00009", e4), succession::main_successor,
                                                status::secondary, true, false}));
    CHECK((s("00009", e3, e4) ==
           unit_successor{ref("00009", e4), succession::same_code, status::verified, true, false}));
    CHECK(s("00003", e1, e4).how == succession::gone);
    CHECK_FALSE(s("00003", e1, e4).unit);
    CHECK(s("010", e1, e2).unit == ref("010", e2));
    CHECK(s("010", e1, e3).how == succession::no_districts);
    CHECK(s("01", e1, e4).unit == ref("02", e4));
    CHECK(s("01", e1, e4).how == succession::by_communes);
    CHECK(s("01", e1, e4).known == status::inferred);
    CHECK(s("02", e3, e1).how == succession::earlier_edition);
    CHECK(s("00003", e2, e4).how == succession::unknown_unit);

    CHECK((codes(g.predecessors(ref("00004", e4), e2)) == texts{"00001", "00002"}));
    CHECK((codes(g.predecessors(ref("00004", e4), e1)) == texts{"00001", "00002"}));
    CHECK((codes(g.predecessors(ref("00004", e4), e4)) == texts{"00004"}));
    CHECK((codes(g.predecessors(ref("02", e4), e2)) == texts{"01", "02"}));
    CHECK(g.predecessors(ref("00004", e2), e4).empty());
    CHECK(g.predecessors(ref("00001", e4), e2).empty());
    CHECK((codes(g.communes_after(ref("011", e1))) == texts{"00004"}));
    CHECK((codes(g.communes_after(ref("020", e1))) == texts{"00009"}));
    CHECK((codes(g.communes_after(ref("01", e1), e2)) == texts{"00001", "00002"}));

    // The province of a commune that is gone is known all the same.
    const unit_today gone = g.today(ref("00003", e1));
    CHECK(gone.province.unit == ref("02", e4));
    REQUIRE(gone.commune);
    CHECK_FALSE(gone.commune->unit);
    CHECK_FALSE(g.today(ref("010", e1)).commune);
    CHECK(g.today(ref("010", e1)).province.unit == ref("02", e4));
    CHECK_FALSE(g.today(ref("98765", e1)).province.unit);
}

TEST_CASE("a province whose communes part, and a commune that no list names") {
    auto rows = small_rows();
    rows.push_back(row("07", "", "Tỉnh Nam", "34"));
    rows.push_back(row("00020", "07", "Xã F", "34"));
    auto links = small_links();
    links[1].to = code("00020");
    const gazetteer parted(rows, links);
    CHECK(parted.successor(ref("01", e2)).how == succession::several);
    CHECK(parted.today(ref("00002", e1)).province.unit == ref("07", e4));
    CHECK_FALSE(parted.today(ref("00003", e1)).province.unit);
    const gazetteer silent(small_rows(), {});
    CHECK(silent.successor(ref("00001", e2)).how == succession::not_listed);
    CHECK(silent.successor(ref("01", e2)).how == succession::not_listed);
}

TEST_CASE("the order of the rows changes nothing; copies are equal") {
    const gazetteer g(small_rows(), small_links());
    auto rows = small_rows();
    auto links = small_links();
    for (int turn = 0; turn < 20; ++turn) {
        rows.insert(rows.begin(), rows.back());
        rows.pop_back();
        std::swap(rows[static_cast<std::size_t>(turn) % rows.size()], rows[3]);
        std::swap(links[0], links[static_cast<std::size_t>(turn) % 3]);
        CHECK(gazetteer(rows, links) == g);
    }
    const gazetteer copy = g;
    CHECK(copy == g);
    rows.pop_back();
    problems found;
    const auto other = gazetteer::try_make(rows, links, found);
    CHECK((!other || !(*other == g)));
}

TEST_CASE("rows that make no country are refused, each with its problem") {
    const auto links = small_links();
    auto rows = small_rows();
    rows.push_back(row("00001", "010", "Xã A lần nữa", "2"));
    CHECK(one_problem(rows, links).code == problem_code::repeated_record);
    CHECK(one_problem(rows, links).value == "00001");

    rows = small_rows();
    rows.push_back(row("00050", "099", "Xã mồ côi", "1"));
    CHECK(one_problem(rows, links).code == problem_code::unknown_unit);
    CHECK(one_problem(rows, links).value == "099");

    rows = small_rows();
    rows.push_back(row("00050", "02", "Xã thẳng tỉnh", "1"));  // there were districts
    CHECK(one_problem(rows, links).code == problem_code::unknown_unit);

    rows = small_rows();
    rows.push_back(row("050", "02", "Huyện muộn", "3"));
    CHECK(one_problem(rows, links).code == problem_code::contradiction);

    rows = small_rows();
    rows.push_back(row("03", "02", "Tỉnh con", "1"));
    CHECK(one_problem(rows, links).code == problem_code::contradiction);
    rows.back() = row("00050", "", "Xã không cha", "1");
    CHECK(one_problem(rows, links).code == problem_code::contradiction);

    rows = small_rows();
    rows.push_back(row("03", "", "", "1"));
    CHECK(one_problem(rows, links).code == problem_code::bad_value);
    rows.back() = row("03", "", "Tỉnh ngoài", "");
    CHECK(one_problem(rows, links).code == problem_code::bad_value);

    rows = small_rows();
    auto bad = links;
    bad.push_back({code("00001"), code("00009"), status::secondary});
    CHECK(one_problem(rows, bad).code == problem_code::repeated_record);
    bad.back() = {code("00003"), code("00009"), status::secondary};  // gone in 2025-03
    CHECK(one_problem(rows, bad).code == problem_code::unknown_unit);
    bad.back() = {code("011"), code("00009"), status::secondary};
    CHECK(one_problem(rows, bad).code == problem_code::unknown_unit);

    // All of them at once.
    problems found;
    rows.push_back(row("04", "", "", "1"));
    rows.push_back(row("05", "01", "Tỉnh con", "1"));
    CHECK_FALSE(gazetteer::try_make(rows, links, found));
    CHECK(found.size() == 2);
    found.clear();
    const auto nothing = gazetteer::try_make({}, {}, found);
    REQUIRE(nothing);
    CHECK(found.empty());
    CHECK(nothing->find(e1, code("01")) == nullptr);
    CHECK(nothing->children(ref("01", e1)).empty());
    CHECK_FALSE(nothing->today(ref("01", e1)).province.unit);
}

TEST_CASE("counts of the editions") {
    const gazetteer& g = bundled_units();
    const std::size_t counts[4][3]{
        {63, 705, 10598}, {63, 696, 10035}, {34, 0, 3321}, {34, 0, 3321}};
    for (edition e : all_editions)
        for (std::size_t l = 0; l < 3; ++l)
            CHECK(g.count(e, static_cast<unit_level>(l)) == counts[static_cast<std::size_t>(e)][l]);
    // 2023-01 to 2025-03
    std::size_t gone = 0;
    std::size_t renamed = 0;
    std::size_t moved = 0;
    for (const unit& u : g.units(e1, unit_level::commune)) {
        const unit_successor s = g.successor(u.ref(), e2);
        gone += s.how == succession::gone;
        renamed += s.unit && s.renamed;
        moved += s.moved;
        CHECK(s.unit.has_value() == (g.find(e2, u.code) != nullptr));
        // The province is known of each, also of those that are gone.
        REQUIRE(g.today(u.ref()).province.unit);
    }
    CHECK(gone == 566);
    CHECK(renamed == 461);
    CHECK(moved == 148);
    // Communes, wards, towns and zones: programme.md §6
    std::map<std::string, std::size_t> kinds;
    for (edition e : {e2, e3, e4})
        for (const unit& u : g.units(e, unit_level::commune))
            for (const char* word : {"Xã ", "Phường ", "Thị trấn ", "Đặc khu "})
                kinds[std::string(name_of(e)) + " " + word] += u.name.rfind(word, 0) == 0;
    CHECK(kinds["2025-03 Xã "] == 7692);
    CHECK(kinds["2025-03 Phường "] == 1726);
    CHECK(kinds["2025-03 Thị trấn "] == 617);
    CHECK(kinds["2025-07 Xã "] == 2621);
    CHECK(kinds["2025-07 Phường "] == 687);
    CHECK(kinds["2025-07 Đặc khu "] == 13);
    CHECK(kinds["2026-04 Xã "] == 2611);
    CHECK(kinds["2026-04 Phường "] == 697);
    // 5 island districts have no commune
    std::size_t empty = 0;
    for (const unit& u : g.units(e2, unit_level::district)) empty += g.children(u.ref()).empty();
    CHECK(empty == 5);
}

TEST_CASE("lookups say what walking through all units says") {
    const gazetteer& g = bundled_units();
    for (edition e : all_editions) {
        std::map<unit_code, std::set<unit_code>> below;
        std::set<unit_code> known;
        for (std::size_t l = 0; l < 3; ++l)
            for (const unit& u : g.units(e, static_cast<unit_level>(l))) {
                known.insert(u.code);
                if (u.parent) below[*u.parent].insert(u.code);
                CHECK(g.find(e, u.code) == &u);
                CHECK((g.parent(u) == nullptr) == !u.parent);
                CHECK(u.in == e);
                CHECK(u.level == u.code.level());
            }
        std::size_t found = 0;
        for (unit_level l : {unit_level::province, unit_level::district, unit_level::commune})
            for (std::uint32_t n = 0; n < unit_code::size_of(l); ++n) {
                const unit_code c(l, n);
                const unit* u = g.find(e, c);
                if ((u != nullptr) != (known.count(c) == 1)) FAIL("code " << to_string(c));
                if (u == nullptr) continue;
                ++found;
                std::set<unit_code> mine;
                for (const unit& child : g.children(u->ref())) mine.insert(child.code);
                if (mine != below[c]) FAIL("children of " << to_string(c));
            }
        CHECK(found == known.size());
    }
}

TEST_CASE("successors and predecessors are each other's inverse") {
    const gazetteer& g = bundled_units();
    for (edition from : {e1, e2, e3})
        for (edition to : all_editions) {
            if (to < from) continue;
            for (unit_level l : {unit_level::province, unit_level::commune}) {
                std::map<unit_ref, std::vector<unit_ref>> back;
                for (const unit& u : g.units(from, l)) {
                    const unit_successor s = g.successor(u.ref(), to);
                    if (!s.unit) {
                        CHECK(s.how == succession::gone);
                        continue;
                    }
                    CHECK(s.unit->in == to);
                    CHECK(g.find(*s.unit) != nullptr);
                    CHECK(s.renamed == (g.at(*s.unit).name != u.name));
                    back[*s.unit].push_back(u.ref());
                }
                for (const unit& u : g.units(to, l)) {
                    std::vector<unit_ref> expected = back[u.ref()];
                    std::sort(expected.begin(), expected.end());
                    CHECK((g.predecessors(u.ref(), from) == expected));
                }
            }
        }
}

TEST_CASE("the 63 provinces went to 34, each to one; seven codes mean another province") {
    const gazetteer& g = bundled_units();
    std::map<std::string, std::string> renamed;
    std::size_t kept = 0;
    for (const unit& u : g.units(e2, unit_level::province)) {
        const unit_successor s = g.successor(u.ref(), e3);
        REQUIRE(s.unit);
        std::set<unit_code> went;
        for (const unit& c : g.units_under(u.ref(), unit_level::commune))
            went.insert(g.chain(*g.successor(c.ref(), e3).unit).province->code);
        CHECK((went == std::set<unit_code>{s.unit->code}));
        const unit* same = g.find(e3, u.code);
        if (same != nullptr && same->name == u.name) ++kept;
        if (same != nullptr && same->name != u.name)
            renamed[to_string(u.code)] = std::string(u.name) + " → " + std::string(same->name);
    }
    CHECK((renamed == std::map<std::string, std::string>{
                          {"15", "Tỉnh Yên Bái → Tỉnh Lào Cai"},
                          {"24", "Tỉnh Bắc Giang → Tỉnh Bắc Ninh"},
                          {"44", "Tỉnh Quảng Bình → Tỉnh Quảng Trị"},
                          {"52", "Tỉnh Bình Định → Tỉnh Gia Lai"},
                          {"80", "Tỉnh Long An → Tỉnh Tây Ninh"},
                          {"82", "Tỉnh Tiền Giang → Tỉnh Đồng Tháp"},
                          // The facts' own text lists six; the tables have this one too.
                          {"91", "Tỉnh Kiên Giang → Tỉnh An Giang"}}));
    CHECK(kept == 27);
    for (const char* zone : {"11948", "19742", "20333", "21548", "26732"}) {
        CHECK(g.find(e4, code(zone))->name.rfind("Đặc khu ", 0) == 0);
        CHECK(g.predecessors(ref(zone, e4), e2).empty());
    }
}

TEST_CASE("Bến Tre: 83-829-28780 was phường 7 and is phường Bến Tre of Vĩnh Long") {
    const gazetteer& g = bundled_units();
    const unit_chain was = g.chain(ref("28780", e1));
    CHECK(was.province->name == "Tỉnh Bến Tre");
    CHECK(to_string(was.province->code) == "83");
    CHECK(was.district->name == "Thành phố Bến Tre");
    CHECK(was.commune->name == "Phường 7");
    const unit_today now = g.today(ref("28780", e1));
    CHECK(now.commune->unit == ref("28789", e4));
    CHECK(g.at(*now.commune->unit).name == "Phường Bến Tre");
    CHECK(now.province.unit == ref("86", e4));
    CHECK(g.at(*now.province.unit).name == "Tỉnh Vĩnh Long");
    CHECK(g.successor(ref("00001", e2)).unit == ref("00097", e4));
    // The same digits, other places: codes were used again.
    CHECK(g.find(e2, code("03408"))->name == "Phường Đông Phong");
    CHECK(g.find(e3, code("03408"))->name == "Phường Tân Phong");
    CHECK(g.find(e2, code("03508"))->name == "Xã Ma Quai");
    CHECK(g.find(e3, code("03508"))->name == "Xã Hồng Thu");
}

TEST_CASE("Lai Châu: eight districts, 106 communes, today 38") {
    const gazetteer& g = bundled_units();
    const std::map<std::string, std::pair<std::string, std::size_t>> districts{
        {"105", {"Thành phố Lai Châu", 7}}, {"106", {"Huyện Tam Đường", 13}},
        {"107", {"Huyện Mường Tè", 14}},    {"108", {"Huyện Sìn Hồ", 22}},
        {"109", {"Huyện Phong Thổ", 17}},   {"110", {"Huyện Than Uyên", 12}},
        {"111", {"Huyện Tân Uyên", 10}},    {"112", {"Huyện Nậm Nhùn", 11}}};
    for (edition e : {e1, e2}) {
        std::map<std::string, std::pair<std::string, std::size_t>> mine;
        for (const unit& u : g.children(ref("12", e)))
            mine[to_string(u.code)] = {std::string(u.name), g.children(u.ref()).size()};
        CHECK((mine == districts));
    }
    CHECK(g.units_under(ref("12", e2), unit_level::commune).size() == 106);
    CHECK(g.children(ref("12", e4)).size() == 38);
    CHECK((codes(g.children(ref("105", e2))) ==
           texts{"03386", "03387", "03388", "03389", "03403", "03408", "03409"}));
    // With the main successors of communes that were split, here parts of Phong Thổ and Tam Đường.
    CHECK((codes(g.predecessors(ref("03388", e4), e2)) ==
           texts{"03386", "03388", "03389", "03391", "03403"}));
    CHECK((codes(g.predecessors(ref("03408", e4), e2)) ==
           texts{"03387", "03408", "03409", "03415", "03418"}));
    CHECK((codes(g.communes_after(ref("105", e2))) == texts{"03388", "03408"}));
}

TEST_CASE("threads that ask first at the same time get one and the same") {
    std::vector<const gazetteer*> seen(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < seen.size(); ++t)
        threads.emplace_back([&seen, t] { seen[t] = &bundled_units(); });
    for (std::thread& t : threads) t.join();
    for (const gazetteer* g : seen) CHECK(g == &bundled_units());
}
