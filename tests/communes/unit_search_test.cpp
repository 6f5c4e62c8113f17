// Names as people write them. Goldens by hand; properties over every unit, by brute force.
#include "ocop/communes/unit_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ocop/base/fold.hpp"
#include "ocop/communes/bundled_units.hpp"

using namespace ocop;

namespace {

const gazetteer& country() { return bundled_units(); }

/// "2023-01/28780" for each match.
std::set<std::string> refs(const std::vector<unit_match>& found) {
    std::set<std::string> all;
    for (const unit_match& m : found)
        all.insert(std::string(name_of(m.which.in)) + "/" + to_string(m.which.code));
    CHECK(all.size() == found.size());  // no unit twice
    return all;
}
using texts = std::set<std::string>;

std::set<std::string> in_old(const char* code) {
    return {std::string("2023-01/") + code, std::string("2025-03/") + code};
}
std::set<std::string> in_all(const char* code) {
    return {std::string("2023-01/") + code, std::string("2025-03/") + code,
            std::string("2025-07/") + code, std::string("2026-04/") + code};
}
bool holds(const std::vector<unit_match>& found, const unit& u) {
    return std::any_of(found.begin(), found.end(),
                       [&](const unit_match& m) { return m.which == u; });
}

std::string bare(std::string_view name) {
    for (std::string_view prefix : {"Tỉnh ", "Thành phố ", "Quận ", "Huyện ", "Thị xã ", "Xã ",
                                    "Phường ", "Thị trấn ", "Đặc khu "})
        if (name.substr(0, prefix.size()) == prefix) return std::string(name.substr(prefix.size()));
    FAIL("no prefix: " << std::string(name));
    return {};
}

}  // namespace

TEST_CASE("phường 7 of Bến Tre, as it may be written") {
    for (const char* text : {"Phường 7, Thành phố Bến Tre, Tỉnh Bến Tre",
                             "Phường 7, TP Bến Tre, Bến Tre",
                             "phường 7, tp. bến tre, bến tre",
                             "PHƯỜNG 7, TP.BẾN TRE",
                             "Phường 07, TP Bến Tre",
                             "P.7, TP. Bến Tre",
                             "P7, T.P Bến Tre",
                             "P. 7 - TP Bến Tre - Bến Tre",
                             "P 7, Tp Bến Tre",
                             "phuong 7, thanh pho ben tre, tinh ben tre",
                             "Phuong 7, TP Ben Tre",
                             "Phường 7 TP Bến Tre tỉnh Bến Tre",
                             "Phường 7, TP Bến Tre, T. Bến Tre, Việt Nam",
                             "Phường 7 (TP Bến Tre)",
                             "Phường 7; TP Bến Tre; Bến Tre",
                             "Phường 7/TP Bến Tre",
                             "  Phường\xC2\xA0 7 ,\tTP Bến Tre ,, Bến Tre. ",
                             "Phường 7, 829, 83",
                             "28780, 829",
                             "28780",
                             "28780, Bến Tre",
                             "Phường 7, TP Bê\xCC\x81n Tre"}) {
        CAPTURE(text);
        CHECK((refs(find_units(text)) == in_old("28780")));
    }
    for (const char* text : {"Phường 8, TP Mỹ Tho, Bến Tre", "Xã 7, TP Bến Tre",
                             "Phường 7, Lai Châu", "28780, 830", "Phường 7, Huyện Bến Tre"}) {
        CAPTURE(text);
        CHECK(find_units(text).empty());
    }
}

TEST_CASE("prefixes must be the unit's own, whatever their form") {
    CHECK((refs(find_units("H. Than Uyên")) == in_old("110")));
    CHECK((refs(find_units("huyen Than Uyen")) == in_old("110")));
    CHECK((refs(find_units("TX. Sa Pa")) == in_old("088")));
    CHECK((refs(find_units("T.X Sa Pa")) == in_old("088")));
    CHECK((refs(find_units("TT Bình Phú, Cai Lậy")) == in_old("28471")));
    CHECK((refs(find_units("Q. Cầu Giấy")) == in_old("005")));
    CHECK((refs(find_units("ĐK. Phú Quốc")) == texts{"2025-07/31078", "2026-04/31078"}));
    CHECK((refs(find_units("Đặc khu Phú Quốc, An Giang")) ==
           texts{"2025-07/31078", "2026-04/31078"}));
    CHECK((refs(find_units("T. Lai Châu")) == in_all("12")));
    CHECK((refs(find_units("Tỉnh Lai Châu")) == in_all("12")));
    CHECK(find_units("Huyện Lai Châu").empty());
    CHECK(find_units("Xã Than Uyên, Lai Châu", {edition::e2023_01, {}, {}}).empty());
    CHECK((refs(find_units("Thị trấn Than Uyên")) == in_old("03595")));
    CHECK((refs(find_units("Xã Than Uyên")) == texts{"2025-07/03595", "2026-04/03595"}));
    // Thành phố Huế was a district and is a province.
    for (const char* text : {"TP Huế", "Thành phố Huế", "TP.Huế", "thành phố huế"})
        CHECK((refs(find_units(text)) ==
               texts{"2023-01/474", "2025-03/46", "2025-07/46", "2026-04/46"}));
}

TEST_CASE("accents: exact first, other spellings, then without") {
    const auto kinds = [](const char* text) {
        std::map<std::string, match_kind> all;
        for (const unit_match& m : find_units(text, {{}, unit_level::province, {}}))
            all[std::string(name_of(m.which.in))] = m.how;
        return all;
    };
    using expected = std::map<std::string, match_kind>;
    CHECK((kinds("Tỉnh Thanh Hóa") == expected{{"2023-01", match_kind::exact},
                                               {"2025-03", match_kind::exact},
                                               {"2025-07", match_kind::exact},
                                               {"2026-04", match_kind::spelling}}));
    CHECK((kinds("thanh hoá") == expected{{"2023-01", match_kind::spelling},
                                          {"2025-03", match_kind::spelling},
                                          {"2025-07", match_kind::spelling},
                                          {"2026-04", match_kind::spelling}}));
    CHECK((kinds("Thanh Hoa")["2026-04"] == match_kind::folded));
    CHECK((kinds("Thánh Hoa")["2026-04"] == match_kind::folded));  // nothing better
    CHECK((kinds("Bắc Cạn") ==
           expected{{"2023-01", match_kind::alias}, {"2025-03", match_kind::alias}}));
    CHECK((refs(find_units("Đắc Lắc")) == in_all("66")));
    CHECK((refs(find_units("Daklak", {{}, unit_level::province, {}})) == in_all("66")));
    CHECK((refs(find_units("TP.HCM")) == in_all("79")));
    CHECK((refs(find_units("TPHCM")) == in_all("79")));
    CHECK((refs(find_units("tp hcm")) == in_all("79")));
    CHECK((refs(find_units("Hanoi", {{}, unit_level::province, {}})) == in_all("01")));
    CHECK((refs(find_units("Thừa Thiên - Huế")) == texts{"2023-01/46"}));
    CHECK((refs(find_units("Thị trấn Nông trường Mộc Châu")) == texts{"2023-01/03982"}));
    // With accents, units whose accents differ are left out as long as any fits.
    for (const unit_match& m : find_units("Xã Tân Thanh"))
        CHECK(same_spelling(m.which.name, "Xã Tân Thanh"));
    // Without, all are there: the very name first.
    const auto all = find_units("Tam An");
    CHECK(all.front().how == match_kind::exact);
    for (const unit_match& m : all)
        CHECK(search_key(m.which.name).find("tam an") != std::string::npos);
    CHECK(std::is_sorted(all.begin(), all.end(), [](const unit_match& a, const unit_match& b) {
        return std::tuple(a.how, a.which.in, a.which.level, a.which.code) <
               std::tuple(b.how, b.which.in, b.which.level, b.which.code);
    }));
    for (const unit_alias& a : unit_aliases()) {
        CHECK(a.known != status::verified);
        CHECK_FALSE(find_units(a.written, {{}, a.level, {}}).empty());
    }
}

TEST_CASE("dashes and apostrophes inside names") {
    for (const char* text : {"Chân Mây - Lăng Cô", "Chân Mây-Lăng Cô", "xã Chân Mây – Lăng Cô, Huế",
                             "Chan May Lang Co"})
        CHECK((refs(find_units(text)) == texts{"2025-07/20137", "2026-04/20137"}));
    CHECK((refs(find_units("Bà Rịa-Vũng Tàu")) == in_old("77")));
    CHECK((refs(find_units("Tân Phong - Lai Châu")) ==
           texts{"2023-01/03387", "2025-03/03387", "2025-07/03408", "2026-04/03408"}));
    CHECK((refs(find_units("huyện Cư M\xE2\x80\x99gar")) == in_old("648")));
    CHECK((refs(find_units("Huyện Cư Mgar")) == in_old("648")));
    CHECK((refs(find_units("huyen EaHleo")) == in_old("645")));
    CHECK((refs(find_units("Phan Rang – Tháp Chàm")) == in_old("582")));
}

TEST_CASE("codes, and digits that are none") {
    CHECK((refs(find_units("15")) == in_all("15")));
    CHECK((refs(find_units(" 829 ")) == in_old("829")));
    CHECK((refs(find_units("03983")) == texts{"2025-03/03983"}));
    CHECK((refs(find_units("00097", {edition::e2025_07, {}, {}})) == texts{"2025-07/00097"}));
    for (const char* text : {"7", "1", "0007", "123456", "000", "99", "99999"}) {
        CAPTURE(text);
        CHECK(find_units(text).empty());
        const problem p = bundled_unit_index().unknown(text);
        CHECK(p.code == problem_code::unknown_unit);
        CHECK(p.value == text);
        CHECK(p.message.vi.find(text) != std::string::npos);
        CHECK(p.message.en.find(text) != std::string::npos);
    }
}

TEST_CASE("filters") {
    const unit_filter lai_chau{edition::e2026_04, unit_level::commune, unit_code::parse("12")};
    CHECK((refs(find_units("Tân Phong", lai_chau)) == texts{"2026-04/03408"}));
    CHECK(find_units("Bến Tre", lai_chau).empty());
    for (const unit_match& m : find_units("Tân Phong", {{}, {}, unit_code::parse("12")}))
        CHECK(country().chain(m.which.ref()).province->code == unit_code::parse("12"));
    CHECK((refs(find_units("Lai Châu", {edition::e2023_01, unit_level::district, {}})) ==
           texts{"2023-01/105"}));
}

TEST_CASE("one unit, or a problem that says what to do") {
    const unit_index& index = bundled_unit_index();
    problems found;
    const auto one = index.try_find_one("phường Phan Thiết, Lâm Đồng", edition::e2026_04, found);
    REQUIRE(one);
    CHECK(one->name == "Phường Phan Thiết");
    CHECK(found.empty());
    // The very name wins over names that differ in accents.
    CHECK(index.try_find_one("Long An", edition::e2023_01, found, {{}, unit_level::province, {}}));
    CHECK(found.empty());

    CHECK_FALSE(index.try_find_one("Bến Tre", edition::e2023_01, found, {}, "/unit"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == problem_code::ambiguous_unit);
    CHECK(found[0].where.pointer == "/unit");
    CHECK(found[0].value == "Bến Tre");
    CHECK(found[0].message.vi.find("Tỉnh Bến Tre") != std::string::npos);
    CHECK(found[0].message.en.find("Thành phố Bến Tre, Tỉnh Bến Tre") != std::string::npos);

    found.clear();
    CHECK_FALSE(index.try_find_one("Phường Phan Thieet", edition::e2026_04, found));
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == problem_code::unknown_unit);
    CHECK(found[0].message.en.find("Phường Phan Thiết") != std::string::npos);

    // Right, but of another edition or elsewhere.
    CHECK(index.unknown("Phường 7, TP Bến Tre", {edition::e2026_04, {}, {}})
              .message.en.find("2023-01, 2025-03") != std::string::npos);
    CHECK(index.unknown("28780", {edition::e2026_04, {}, {}}).message.vi.find("2023-01, 2025-03") !=
          std::string::npos);
    CHECK(index.unknown("Phường Đông Phong, Sơn La").message.en.find("Tỉnh Lai Châu") !=
          std::string::npos);
}

TEST_CASE("every unit is found by its name, however it is written") {
    for (edition e : all_editions)
        for (unit_level l : {unit_level::province, unit_level::district, unit_level::commune}) {
            std::size_t at = 0;
            for (const unit& u : country().units(e, l)) {
                const std::string name(u.name);
                const unit_filter here{e, {}, {}};
                // All of the provinces and districts, a seventh of the communes.
                if (++at % 7 != 0 && l == unit_level::commune) continue;
                const unit* above = country().parent(u);
                const std::string path =
                    above == nullptr ? name : name + ", " + std::string(above->name);
                const auto exact = find_units(name, here);
                if (!holds(exact, u)) FAIL(name);
                for (const unit_match& m : exact)
                    if (m.which.name == u.name && m.how != match_kind::exact) FAIL(name);
                // The name behind its prefix, without accents, in capitals, with its parent.
                const std::string alone = bare(u.name);
                const bool number = alone.find_first_not_of("0123456789") == std::string::npos;
                if (!number && !holds(find_units(alone, here), u)) FAIL(alone);
                if (!holds(find_units(fold(name), here), u)) FAIL(fold(name));
                if (!holds(find_units(fold(path), here), u)) FAIL(fold(path));
                if (!holds(find_units(path, here), u)) FAIL(path);
                if (!holds(find_units(to_string(u.code), here), u)) FAIL(to_string(u.code));
                for (const unit_match& m : find_units(path, here))
                    if (above != nullptr && spelling_key(alone) != search_key(alone) &&
                        !same_spelling(m.which.name, name))
                        FAIL(path);
                for (const auto& [full, brief] :
                     std::vector<std::pair<std::string, std::string>>{{"Tỉnh ", "T."},
                                                                      {"Thành phố ", "TP."},
                                                                      {"Quận ", "Q."},
                                                                      {"Huyện ", "H. "},
                                                                      {"Thị xã ", "TX "},
                                                                      {"Xã ", "X."},
                                                                      {"Phường ", "P."},
                                                                      {"Thị trấn ", "TT. "},
                                                                      {"Đặc khu ", "ĐK "}})
                    if (name.rfind(full, 0) == 0 && !holds(find_units(brief + alone, here), u))
                        FAIL((brief + alone));
            }
        }
}

TEST_CASE("no text does harm") {
    const std::string comma(999, ',');
    const std::string dash(999, '-');
    std::vector<std::string> texts_of{"",
                                      " ",
                                      ",",
                                      "-",
                                      ".",
                                      "xã",
                                      "Xã ",
                                      "TP.",
                                      "\xFF",
                                      "\xC2",
                                      "P.",
                                      "(((",
                                      comma,
                                      dash,
                                      std::string(3000, 'a'),
                                      "a,b,c,d,e,f,g,h,i,j,k",
                                      "x x x x x x x x x x x x x x",
                                      "P.P.P.P.P.P.P.P.P.P",
                                      "xã xã xã xã xã xã xã xã"};
    std::string dashes;
    for (int i = 0; i < 100; ++i) dashes += "a - xã ";
    texts_of.push_back(dashes);
    std::uint64_t state = 26;
    for (int i = 0; i < 300; ++i) {
        std::string text;
        for (int n = 0; n < 12; ++n) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            text += static_cast<char>(state >> 56U);
        }
        texts_of.push_back(text);
    }
    for (const std::string& text : texts_of) {
        CHECK(find_units(text).empty());
        const problem p = bundled_unit_index().unknown(text);
        CHECK(p.code == problem_code::unknown_unit);
        CHECK(p.value == text);
        CHECK(to_line(p, language::vi).find('\n') == std::string::npos);
    }
}

TEST_CASE("a number with signs around it is neither a code nor a name") {
    for (const char* text : {"-1", "(7)", "#12", "1.", "0,5"}) CHECK(find_units(text).empty());
}

TEST_CASE("an index of a host's own units") {
    const std::vector<unit_row> rows{
        {unit_code::parse("01"), std::nullopt, "Tỉnh Đông", {true, false, false, false}},
        {unit_code::parse("001"), unit_code::parse("01"), "Huyện Một", {true, false, false, false}},
        {unit_code::parse("00001"),
         unit_code::parse("001"),
         "Vùng lạ",
         {true, false, false, false}}};
    const unit_index index{gazetteer(rows, {})};
    CHECK((refs(index.find("Vùng lạ, Một")) == texts{"2023-01/00001"}));
    CHECK((refs(index.find("vung la, dong")) == texts{"2023-01/00001"}));
    CHECK(index.find("Bến Tre").empty());
    const unit_index copy = index;
    CHECK(copy.units() == index.units());
    CHECK(unit_index(gazetteer({}, {})).find("Huế").empty());
}
