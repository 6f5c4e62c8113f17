// Product codes: form, units of their time, today.
#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ocop/communes/bundled_units.hpp"
#include "ocop/exchange/code_json.hpp"
#include "ocop/products/product_code_explained.hpp"

using namespace ocop;

namespace {

std::vector<int> codes(const problems& found) {
    std::vector<int> list;
    for (const problem& p : found) list.push_back(static_cast<int>(p.code));
    return list;
}

problems refused(std::string_view text) {
    problems found;
    CHECK_MESSAGE(!product_code::try_parse(text, found), text);
    CHECK_MESSAGE(has_errors(found), text);
    for (const problem& p : found) {
        CHECK(p.code == problem_code::bad_product_code);
        CHECK_FALSE(p.message.vi.empty());
        CHECK_FALSE(p.message.en.empty());
    }
    CHECK_THROWS_AS((void)product_code::parse(text), error);
    return found;
}

code_explanation explained(std::string_view text) {
    return explain(product_code::parse(text), bundled_units());
}

}  // namespace

TEST_CASE("three generations are told by their parts") {
    const auto old = product_code::parse("12-105-3-2020");
    CHECK(old.generation() == code_generation::of_1048);
    CHECK(to_string(*old.district()) == "105");
    CHECK_FALSE(old.commune());
    const auto software = product_code::parse("83-829-28780-3-2022");
    CHECK(software.generation() == code_generation::software_2021);
    CHECK(software.serial() == 3);
    CHECK(software.year() == 2022);
    const auto now = product_code::parse("12-03388-1-2026");
    CHECK(now.generation() == code_generation::of_26_2026);
    CHECK_FALSE(now.district());
    CHECK(to_string(*now.commune()) == "03388");
    CHECK(to_string(now.province()) == "12");
}

TEST_CASE("codes are read back as they are written, leading zeros and all") {
    std::mt19937 random(20260522);
    const auto upto = [&random](std::uint32_t n) {
        return static_cast<std::uint32_t>(random() % n);
    };
    for (int i = 0; i < 2000; ++i) {
        problems found;
        const auto generation = static_cast<code_generation>(upto(3));
        const bool district = rule_of(generation).with_district;
        const bool commune = rule_of(generation).with_commune;
        const auto made = product_code::try_make(
            generation, unit_code(unit_level::province, upto(100)),
            district ? std::optional(unit_code(unit_level::district, upto(1000))) : std::nullopt,
            commune ? std::optional(unit_code(unit_level::commune, upto(100000))) : std::nullopt,
            1 + upto(999999), static_cast<int>(1000 + upto(9000)), found);
        REQUIRE(made);
        const auto read = product_code::try_parse(to_string(*made), found);
        CHECK(read == made);
        CHECK(found.empty());
        CHECK(std::hash<product_code>()(*read) == std::hash<product_code>()(*made));
    }
}

TEST_CASE("parts that do not make a code are told one by one") {
    problems found;
    CHECK_FALSE(product_code::try_make(code_generation::of_1048, unit_code(unit_level::commune, 1),
                                       std::nullopt, unit_code(unit_level::commune, 1), 0, 26,
                                       found));
    CHECK(codes(found) == std::vector<int>{503, 503, 503, 503, 503});
    std::set<std::string> places;
    for (const problem& p : found) places.insert(p.where.pointer);
    CHECK(places ==
          std::set<std::string>{"/province", "/district", "/commune", "/serial", "/year"});
}

TEST_CASE("texts that are no codes are refused, and the part that is wrong is named") {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"83-829-28780-0-2022", "0"},
        {"83-829-28780-00-2022", "00"},
        {"83-829-28780-3-22", "22"},
        {"83-829-28780-3-20222", "20222"},
        {"3-829-28780-3-2022", "3"},
        {"083-829-28780-3-2022", "083"},
        {"83-29-28780-3-2022", "29"},
        {"83-829-2878-3-2022", "2878"},
        {"83-829-028780-3-2022", "028780"},
        {"83-829-28780-x-2022", "x"},
        {"83-829-28780--2022", ""},
        {"83-829-28780-1234567-2022", "1234567"},
        {"12-3388-1-2026", "3388"},
        {"12-3-1-2026", "3"},
        {"83-8 29-28780-3-2022", "8 29"},
        {"83-829-28780-3-+2022", "+2022"},
        {"٨٣-829-28780-3-2022", "٨٣"},
        {"８３-829-28780-3-2022", "８３"},
        {"83-829-28780-3.0-2022", "3.0"},
        {std::string("83-829-28780-3-202\0", 19), std::string("202\0", 4)}};
    for (const auto& one : wrong) {
        const auto& text = one.first;
        const auto& part = one.second;
        const problems found = refused(text);
        REQUIRE_MESSAGE(found.size() == 1, text);
        CHECK_MESSAGE(found[0].value == part, text);
    }
    // Several parts wrong: a problem for each.
    CHECK(refused("8-82-2878-0-22").size() == 5);
    for (const char* text :
         {"", " ", "-", "83", "83-829", "83-829-28780", "1-2-3-4-5-6", "83-829-28780-3-2022-1",
          "-83-829-28780-3-2022", "83-829-28780-3-2022-", "83/829/28780/3/2022",
          "83_829_28780_3_2022", "83.829.28780.3.2022", "8382928780 32022", "abc", "---", "----"})
        (void)refused(text);
    (void)refused(std::string(1000000, '-'));
    (void)refused(std::string(1000000, '8'));
    (void)refused("83-829-28780-3-2022" + std::string(100, ' '));
}

TEST_CASE("any bytes are answered") {
    std::mt19937 random(7);
    const std::string pieces[] = {
        "-",    "8",        "83",   "829", "28780", "\xE2\x80\x93", "\xC2\xA0",
        "\xE2", "\xE2\x80", "\xFF", " ",   "0",     "2022",         std::string(1, '\0')};
    int good = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text = i % 2 == 0 ? "83-829-28780-3-2022" : "12-03388-1-2026";
        for (auto n = random() % 4; n != 0; --n) {
            const std::size_t at = random() % (text.size() + 1);
            text.replace(at, random() % 3, pieces[random() % std::size(pieces)]);
        }
        problems found;
        const auto read = product_code::try_parse(text, found);
        CHECK(read.has_value() != has_errors(found));
        if (!read) continue;
        ++good;
        // What was read is told where it is not what was written.
        CHECK((read->text() == text) == found.empty());
    }
    CHECK(good > 5000);
    CHECK(good < 15000);
}

TEST_CASE("blanks, typographic dashes and zeros before the serial are read and told") {
    for (const char* text :
         {" 83-829-28780-3-2022", "83-829-28780-3-2022 ", "83 - 829 - 28780 - 3 - 2022",
          "83–829–28780–3–2022", "83—829-28780-3-2022", "83‑829‑28780‑3‑2022",
          "83−829-28780-3-2022", "83-829-28780-03-2022",
          "\xC2\xA0"
          "83-829-28780-3-2022\t"}) {
        problems found;
        const auto read = product_code::try_parse(text, found);
        REQUIRE_MESSAGE(read, text);
        CHECK(read->text() == "83-829-28780-3-2022");
        REQUIRE(found.size() == 1);
        CHECK(found[0].code == problem_code::bad_product_code);
        CHECK(found[0].grade == severity::warning);
    }
}

TEST_CASE("golden: the third product of 2022 of ward 7 in Bến Tre, today in Vĩnh Long") {
    const code_explanation e = explained("83-829-28780-3-2022");
    CHECK(e.valid());
    CHECK(e.found.empty());
    CHECK(e.in == edition::e2023_01);
    CHECK(e.before_first);
    CHECK(e.province == "Tỉnh Bến Tre");
    CHECK(e.district == "Thành phố Bến Tre");
    CHECK(e.commune == "Phường 7");
    REQUIRE(e.province_today);
    CHECK(to_string(e.province_today->code) == "86");
    CHECK(e.province_today->name == "Tỉnh Vĩnh Long");
    REQUIRE(e.commune_today);
    CHECK(to_string(e.commune_today->code) == "28789");
    CHECK(e.commune_today->name == "Phường Bến Tre");
    CHECK_FALSE(e.today_reason);
}

TEST_CASE("golden: a code of 26/2026 in Lai Châu") {
    const code_explanation e = explained("12-03388-1-2026");
    CHECK(e.valid());
    CHECK(e.in == edition::e2026_04);
    CHECK(e.province == "Tỉnh Lai Châu");
    CHECK_FALSE(e.district);
    CHECK(e.commune == "Phường Đoàn Kết");
    REQUIRE(e.commune_today);
    CHECK(e.commune_today->code == unit_code::parse("03388"));
    // The same code was Quyết Tiến before July 2025.
    CHECK(explained("12-105-03388-1-2022").commune == "Phường Quyết Tiến");
}

TEST_CASE("a code with a district alone knows its province of today and no commune") {
    const code_explanation e = explained("83-829-3-2021");
    CHECK(e.valid());
    CHECK_FALSE(e.commune);
    REQUIRE(e.province_today);
    CHECK(e.province_today->name == "Tỉnh Vĩnh Long");
    CHECK_FALSE(e.commune_today);
    REQUIRE(e.today_reason);
    CHECK(e.today_reason->en.find("districts were abolished") != std::string::npos);
}

TEST_CASE("years are held against the generation") {
    const auto years = [](const char* before, int year) {
        return codes(explained(before + std::to_string(year)).found);
    };
    const std::vector<int> none;
    const std::vector<int> told{504};
    CHECK(years("12-105-1-", 2018) == told);
    CHECK(years("12-105-1-", 2019) == none);
    CHECK(years("12-105-1-", 2025) == none);
    CHECK(explained("12-105-1-2026").valid());  // doubtful, a warning
    CHECK(years("12-105-1-", 2026) == told);
    CHECK_FALSE(explained("12-105-1-2027").valid());
    CHECK(years("83-829-28780-3-", 2021) == none);
    CHECK(explained("83-829-28780-3-2020").valid());
    CHECK(years("83-829-28780-3-", 2020) == told);
    CHECK_FALSE(explained("83-829-28780-3-2018").valid());
    CHECK_FALSE(explained("12-03388-1-2025").valid());
    CHECK(years("12-03388-1-", 2026) == none);
    CHECK(years("12-03388-1-", 2040) == none);
    CHECK(explained("12-03388-1-2040").after_latest);
    CHECK_FALSE(explained("12-03388-1-2026").after_latest);
}

TEST_CASE("real communes in wrong districts are told with the place where they are") {
    const gazetteer& units = bundled_units();
    const auto communes = units.units(edition::e2023_01, unit_level::commune);
    const auto districts = units.units(edition::e2023_01, unit_level::district);
    std::mt19937 random(1048);
    for (int i = 0; i < 3000; ++i) {
        const unit& commune = communes[random() % communes.size()];
        const unit& district = districts[random() % districts.size()];
        const unit& home = *units.parent(commune);
        const std::string text = to_string(*district.parent) + "-" + to_string(district.code) +
                                 "-" + to_string(commune.code) + "-1-2021";
        const code_explanation e = explained(text);
        if (home.code == district.code) {
            CHECK(e.valid());
            continue;
        }
        CHECK_FALSE(e.valid());
        REQUIRE(codes(e.found) == std::vector<int>{502});
        CHECK(e.found[0].where.pointer == "/commune");
        CHECK(e.found[0].value == to_string(commune.code));
        for (const unit* u : {&home, units.parent(home)})
            for (const std::string& message : {e.found[0].message.vi, e.found[0].message.en}) {
                CHECK(message.find(u->name) != std::string::npos);
                CHECK(message.find(to_string(u->code)) != std::string::npos);
            }
        CHECK(e.commune == commune.name);
        CHECK_FALSE(e.commune_today);
        CHECK(e.today_reason);
        // The right commune of a wrong province: the district is told.
        const unit& other = districts[random() % districts.size()];
        if (other.parent == home.parent) continue;
        const code_explanation f = explained(to_string(*other.parent) + "-" + to_string(home.code) +
                                             "-" + to_string(commune.code) + "-1-2021");
        REQUIRE(codes(f.found) == std::vector<int>{502});
        CHECK(f.found[0].where.pointer == "/district");
        CHECK(f.found[0].message.vi.find(units.parent(home)->name) != std::string::npos);
    }
}

TEST_CASE("every commune of its time decodes, and lies where the gazetteer says") {
    const gazetteer& units = bundled_units();
    int known = 0;
    int unknown = 0;
    for (const unit& commune : units.units(edition::e2023_01, unit_level::commune)) {
        const unit& district = *units.parent(commune);
        const code_explanation e =
            explained(to_string(*district.parent) + "-" + to_string(district.code) + "-" +
                      to_string(commune.code) + "-1-2022");
        REQUIRE(e.found.empty());
        REQUIRE(e.province_today);
        ++(e.commune_today ? known : unknown);
        CHECK(e.commune_today.has_value() == !e.today_reason.has_value());
    }
    // 566 communes of 2023-01 are gone in 2025-03 and nothing maps them (facts, README).
    CHECK(unknown == 566);
    CHECK(known > 10000);
    for (const unit& commune : units.units(edition::e2026_04, unit_level::commune)) {
        const code_explanation e =
            explained(to_string(*commune.parent) + "-" + to_string(commune.code) + "-1-2026");
        REQUIRE(e.valid());
        REQUIRE(e.commune_today);
        CHECK(e.commune_today->code == commune.code);
    }
}

TEST_CASE("units that do not exist are told, each") {
    CHECK(codes(explained("83-830-28780-3-2022").found) == std::vector<int>{501, 502});
    CHECK(codes(explained("99-999-99999-3-2022").found) == std::vector<int>{501, 501, 501});
    // 83 was Bến Tre and is no province any more.
    const code_explanation e = explained("83-28789-1-2026");
    CHECK(codes(e.found) == std::vector<int>{501, 502});
    CHECK(e.found[0].where.pointer == "/province");
    CHECK(e.commune == "Phường Bến Tre");
    CHECK_FALSE(e.province);
}

TEST_CASE("units merged between 2023 and 2025 are read in either edition, never in 2022") {
    const gazetteer& units = bundled_units();
    int moved = 0;
    for (const unit& now : units.units(edition::e2025_03, unit_level::commune)) {
        const unit* then = units.find(edition::e2023_01, now.code);
        if (then == nullptr || then->parent == now.parent) continue;
        ++moved;
        const unit& district = *units.parent(now);
        const std::string start = to_string(*district.parent) + "-" + to_string(district.code) +
                                  "-" + to_string(now.code) + "-1-";
        CHECK_FALSE(explained(start + "2022").valid());
        const code_explanation later = explained(start + "2025");
        CHECK(later.valid());
        CHECK(later.in == edition::e2025_03);
        CHECK(explained(start + "2024").in == edition::e2025_03);
    }
    CHECK(moved == 148);
}

TEST_CASE("a code as JSON: keys in order, one line, problems in both languages") {
    const code_answer good = explain_code("83-829-28780-3-2022", bundled_units(), language::en);
    CHECK(good.valid);
    CHECK(good.json.find('\n') == std::string::npos);
    CHECK(good.json.rfind("{\"code\":\"83-829-28780-3-2022\",\"valid\":true,\"generation\":"
                          "\"software-2021\",",
                          0) == 0);
    for (language lang : {language::vi, language::en}) {
        const code_answer bad = explain_code("83-830-28780-3-2022", bundled_units(), lang, "/0");
        CHECK_FALSE(bad.valid);
        REQUIRE(bad.found.size() == 2);
        CHECK(bad.found[0].where.pointer == "/0/district");
        CHECK(bad.json.find("\"number\":501") != std::string::npos);
        CHECK(bad.json.find(bad.found[1].message.in(lang).substr(0, 10)) != std::string::npos);
    }
    const code_answer bytes = explain_code("\xFF\n\"", bundled_units());
    CHECK_FALSE(bytes.valid);
    CHECK(bytes.json.find('\n') == std::string::npos);
}
