#include "ocop/exchange/product_list.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "../support.hpp"
#include "ocop/communes/unit_search.hpp"

using ocop::product_list;
using ocop::product_list_options;
using ocop::read_product_list;
using support::codes;

namespace {

const std::string header =
    "row_id,product_name,producer_name,producer_type,commune,district,province,star,proposed_star,"
    "event,year,decision_no,decision_date,expiry_date,score,source_id,reliability,notes\n";

std::string shipped() {
    std::ifstream in(std::string(OCOP_SOURCE_DIR) + "/data/products/products.csv");
    REQUIRE(in);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// A list of one row: `cells` are by name, the others empty.
std::string list_of(const std::map<std::string, std::string>& cells) {
    std::map<std::string, std::string> all{
        {"product_name", "Chè"}, {"province", "Lai Châu"}, {"star", "3"}, {"event", "new"}};
    for (const auto& [name, value] : cells) all[name] = value;
    std::string text = header;
    bool first = true;
    for (std::string_view name : ocop::product_list_columns()) {
        if (!first) text += ',';
        first = false;
        const auto at = all.find(std::string(name));
        if (at == all.end()) continue;
        text += '"';
        for (char c : at->second) text += c == '"' ? std::string("\"\"") : std::string(1, c);
        text += '"';
    }
    return text + "\n";
}

struct told {
    int code;
    std::string column;
    bool error;
    friend bool operator==(const told&, const told&) = default;
};
std::vector<told> told_of(const product_list& list) {
    std::vector<told> all;
    for (const ocop::problem& p : list.found)
        all.push_back(
            {static_cast<int>(p.code), p.where.pointer, p.grade == ocop::severity::error});
    return all;
}

}  // namespace

TEST_CASE("the shipped list is read whole, every unit found, nothing to tell") {
    product_list_options options;
    options.units = &ocop::bundled_unit_index();
    const product_list list = read_product_list(shipped(), options);
    CHECK(list.readable);
    CHECK(list.row_count == 168);
    CHECK(list.kept_count == 168);
    CHECK(list.rejected.empty());
    CHECK(list.found.empty());
    CHECK(ocop::duplicate_rows(list.rows).empty());
    for (const ocop::listed_product& p : list.rows) {
        CAPTURE(p.row_id);
        for (const ocop::listed_unit* u : {&p.commune, &p.district, &p.province})
            CHECK(u->unit.has_value() == !u->text.empty());
        CHECK(!p.source.empty());
        CHECK(!p.reliability.empty());
    }
    CHECK(list.rows[0].row == 2);
    CHECK(to_string(list.rows[0].score.value()) == "69.25");
    // "4 products in one row", "3 variants in one recognition".
    for (const ocop::listed_product& p : list.rows) {
        if (p.row_id == "P0447") CHECK(p.count == 4);
        if (p.row_id == "P0451")
            CHECK(p.variants == std::vector<std::string>{"20°N", "30°N", "40°N"});
        if (p.row_id == "P0440") CHECK(p.variants.size() == 3);
        if (p.row_id == "P0440") CHECK(p.count == 1);
    }
}

TEST_CASE("rows written out read back as the same") {
    product_list_options options;
    options.units = &ocop::bundled_unit_index();
    const product_list list = read_product_list(shipped(), options);
    std::string text = ocop::product_list_csv_header();
    for (const ocop::listed_product& p : list.rows) text += to_csv_row(p);
    const product_list again = read_product_list(text, options);
    CHECK(again.rows == list.rows);
}

TEST_CASE("line ends, byte order mark, separators, order of columns, headings in Vietnamese") {
    const std::string text = shipped();
    const product_list plain = read_product_list(text);
    std::string crlf;
    std::string cr;
    for (char c : text) {
        crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
        cr += c == '\n' ? '\r' : c;
    }
    CHECK(read_product_list(crlf).rows == plain.rows);
    CHECK(read_product_list(cr).rows == plain.rows);
    CHECK(read_product_list("\xEF\xBB\xBF" + text).rows == plain.rows);
    const product_list no_end = read_product_list(text.substr(0, text.size() - 1));
    CHECK(no_end.rows == plain.rows);

    const product_list semicolons = read_product_list(
        "Hạng sao;Tên sản phẩm;Chủ thể;Tỉnh;Sự kiện\n4 sao;Chè;HTX A;Lai Châu;new\n");
    REQUIRE(semicolons.rows.size() == 1);
    CHECK(semicolons.separator == ';');
    CHECK(semicolons.rows[0].stars == ocop::stars(4));
    CHECK(semicolons.rows[0].producer_name == "HTX A");
    const product_list tabs =
        read_product_list("sep=\t\nproduct_name\tprovince\tstar\tevent\nA, B\tLai Châu\t3\tnew\n");
    REQUIRE(tabs.rows.size() == 1);
    CHECK(tabs.rows[0].product_name == "A, B");
    CHECK(tabs.rows[0].row == 3);
}

TEST_CASE("quotes: separators, quotes and line breaks within a cell") {
    const product_list list = read_product_list(
        header + "A1,\"Mật ong \"\"Rừng\"\", chai\",HTX A,,,,Lai Châu,3,,new,,,,,,,,\"hai\ndòng\"\n"
                 "A2,Chè,HTX A,,,,Lai Châu,3,,new,,,,,,,,\n");
    REQUIRE(list.rows.size() == 2);
    CHECK(list.rows[0].product_name == "Mật ong \"Rừng\", chai");
    CHECK(list.rows[0].notes == "hai\ndòng");
    CHECK(list.rows[1].row == 3);  // as a spreadsheet counts
}

TEST_CASE("a broken quote or a wrong number of cells costs its own row only") {
    const product_list list = read_product_list(
        header + "A1,Chè,HTX,,,,Lai Châu,3,,new,,,,,,,\n"            // one cell too few
                 "A2,Chè,HTX,,,,Lai Châu,3,,new,,,,,,,,,\n"          // an empty one too many
                 "A3,Chè,HTX,,,,Lai Châu,3,,new,,,,,,,,,more\n"      // one too many
                 "A4,\"Chè\" xanh,HTX,,,,Lai Châu,3,,new,,,,,,,,\n"  // behind the quote
                 "A5,Gạo,HTX,,,,Lai Châu,3,,new,,,,,,,,\n"
                 "A6,\"Chè,HTX,,,,Lai Châu,3,,new,,,,,,,,\n"  // never closed
                 "A7,Gạo nếp,HTX,,,,Lai Châu,4,,new,,,,,,,,\n");
    CHECK(list.row_count == 7);
    CHECK(list.kept_count == 3);
    CHECK(codes(list.found) == std::vector<int>{116, 116, 102, 102});
    REQUIRE(list.rejected.size() == 4);
    CHECK(list.rejected[3].row == 7);
    CHECK(list.rejected[3].cells[1] == "\"Chè");
    CHECK(list.rows.back().row_id == "A7");
    // Handed back whole, to be put right.
    const std::string back = ocop::rejected_csv(list);
    CHECK(back.rfind(header, 0) == 0);
    CHECK(back.find("A3,Chè,HTX") != std::string::npos);
}

TEST_CASE("one problem a fault, all at once, with row and column") {
    const product_list list = read_product_list(list_of({{"star", "6 sao"},
                                                         {"event", "born"},
                                                         {"year", "20x2"},
                                                         {"decision_date", "31/02/2024"},
                                                         {"score", "101"}}));
    CHECK(told_of(list) == std::vector<told>{{803, "/event", true},
                                             {801, "/star", true},
                                             {111, "/year", true},
                                             {110, "/decision_date", true},
                                             {805, "/score", true}});
    for (const ocop::problem& p : list.found) {
        CHECK(p.where.row == 2);
        CHECK(p.where.column >= 8);
        CHECK(!p.value.empty());
    }
    CHECK(list.kept_count == 0);
    REQUIRE(list.rejected.size() == 1);
    CHECK(list.rejected[0].cells[9] == "born");
}

TEST_CASE("each fault by itself") {
    struct fault {
        std::map<std::string, std::string> cells;
        std::vector<told> expected;
    };
    const std::vector<fault> faults{
        {{{"product_name", " "}}, {{109, "/product_name", true}}},
        {{{"star", "khách sạn 4 sao"}}, {{801, "/star", true}}},
        {{{"star", "3-4 sao"}}, {{801, "/star", true}}},
        {{{"star", "đề nghị 5 sao"}}, {{801, "/star", true}}},  // "new", and only proposed
        {{{"star", ""}}, {{807, "/star", true}}},
        {{{"star", "2"}}, {{606, "/star", true}}},
        {{{"event", ""}}, {{803, "/event", true}}},
        {{{"decision_date", "9/2023"}}, {{110, "/decision_date", true}}},
        {{{"decision_date", "2024-02"}}, {{110, "/decision_date", true}}},
        {{{"expiry_date", "27/1/21"}}, {{110, "/expiry_date", true}}},
        {{{"decision_date", "2024-05-05"}, {"expiry_date", "2023-05-05"}},
         {{610, "/expiry_date", true}}},
        {{{"decision_date", "2024-05-05"}, {"expiry_date", "2027-05-06"}},
         {{609, "/expiry_date", false}}},
        {{{"decision_date", "2024-05-05"}, {"expiry_date", "2027-05-05"}}, {}},
        {{{"decision_date", "2024-02-29"}, {"expiry_date", "2027-02-28"}}, {}},
        {{{"year", "2019"}, {"decision_date", "2024-05-05"}}, {{610, "/year", false}}},
        {{{"year", "2023"}, {"decision_date", "2024-05-05"}}, {}},  // the decision came later
        {{{"event", "proposed_5"}, {"star", "5"}}, {{610, "/star", true}}},
        {{{"event", "proposed_5"}, {"star", "4"}}, {}},
        {{{"event", "proposed_5"}, {"star", ""}, {"proposed_star", "4"}},
         {{610, "/proposed_star", true}}},
        {{{"event", "upgrade_proposed"}, {"proposed_star", ""}}, {{807, "/proposed_star", false}}},
        {{{"event", "revoked"}, {"star", ""}}, {{807, "/star", false}}},
        {{{"event", "expired"}, {"star", "hết hạn (3 sao)"}}, {}},
        {{{"event", "expired"}, {"star", ""}}, {}},
        {{{"decision_no", "QĐ-UBND"}}, {{802, "/decision_no", false}}},
        {{{"producer_type", "coop"}}, {{806, "/producer_type", false}}},
        {{{"producer_name", "HTX A"}, {"producer_type", "enterprise"}},
         {{610, "/producer_type", false}}},
        {{{"producer_name", "CÔNG TY THHH A"}}, {{806, "/producer_name", false}}},
        {{{"score", "71,00"}}, {}},
        {{{"score", "-1"}}, {{805, "/score", true}}},
        {{{"score", "49.99"}}, {{610, "/score", false}}},  // the band of 2 stars
        {{{"star", "5"}, {"decision_no", "3981/QĐ-UBND"}}, {{605, "/star", false}}},
        {{{"province", ""}}, {{501, "/province", false}}},
        {{{"province", "Tỉnh Không Có"}}, {{501, "/province", false}}},
        {{{"district", "Tam Đường"}, {"province", "Lào Cai"}}, {{502, "/district", false}}},
        {{{"commune", "nt"}}, {{804, "/commune", true}}},
        {{{"product_name", "Chè A; Chè B"}}, {{109, "/product_name", false}}},
    };
    product_list_options options;
    options.units = &ocop::bundled_unit_index();
    for (const fault& f : faults) {
        const std::string text = list_of(f.cells);
        CAPTURE(text);
        const product_list list = read_product_list(text, options);
        CHECK(told_of(list) == f.expected);
        const bool wrong = ocop::has_errors(list.found);
        CHECK(list.kept_count == (wrong ? 0 : 1));
        CHECK(list.rejected.size() == (wrong ? 1 : 0));
    }
}

TEST_CASE("stars in words; proposed ones are no stars") {
    const auto one = [](const std::map<std::string, std::string>& cells) {
        const product_list list = read_product_list(list_of(cells));
        REQUIRE(list.rows.size() == 1);
        return list.rows[0];
    };
    CHECK(one({{"star", "hạng ba (03 sao)"}}).stars == ocop::stars(3));
    CHECK(one({{"star", "4*"}}).stars == ocop::stars(4));
    CHECK(one({{"star", "3.0"}}).stars == ocop::stars(3));
    const auto hoped = one({{"event", "proposed_5"}, {"star", "tiềm năng 5 sao"}});
    CHECK_FALSE(hoped.stars);
    CHECK(hoped.proposed == ocop::stars(5));
    CHECK(one({{"event", "proposed_5"}, {"star", ""}}).proposed == ocop::stars(5));
    CHECK_FALSE(one({{"event", "candidate"}, {"star", "chưa xếp hạng"}}).stars);
}

TEST_CASE("merged cells: in words always, empty ones only where asked") {
    const std::string text = header + "1,Chè,HTX A,cooperative,,,Lai Châu,3,,new,2024,,,,,,,\n"
                                      "2,Gạo,như trên,nt,,,〃,3,,new,2024,,,,,,,\n"
                                      "3,Cam,-nt-,same as above,,,Lai Châu,3,,new,2024,,,,,,,\n"
                                      "4,Quýt,,,,,Lai Châu,3,,new,2024,,,,,,,\n"
                                      "5,Bưởi,HTX B,cooperative,,,Lai Châu,3,,new,2024,,,,,,,\n"
                                      "6,Na,,,,,Lai Châu,3,,new,2024,,,,,,,\n";
    const product_list plain = read_product_list(text);
    REQUIRE(plain.rows.size() == 6);
    CHECK(plain.rows[1].producer_name == "HTX A");
    CHECK(plain.rows[1].kind == ocop::producer_kind::cooperative);
    CHECK(plain.rows[1].province.text == "Lai Châu");
    CHECK(plain.rows[2].producer_name == "HTX A");
    CHECK(plain.rows[3].producer_name.empty());
    product_list_options options;
    options.merged_columns = {"producer_name", "producer_type"};
    const product_list merged = read_product_list(text, options);
    REQUIRE(merged.rows.size() == 6);
    CHECK(merged.rows[3].producer_name == "HTX A");
    CHECK(merged.rows[5].producer_name == "HTX B");
    CHECK(merged.rows[5].kind == ocop::producer_kind::cooperative);
    options.merged_columns = {"no_such_column"};
    CHECK_FALSE(read_product_list(text, options).readable);
    // Never across a row that could not be read.
    const product_list broken =
        read_product_list(header + "1,Chè,HTX A,cooperative,,,Lai Châu,3,,new,2024,,,,,,,\n"
                                   "2,Gạo\n3,Cam,nt,,,,Lai Châu,3,,new,2024,,,,,,,\n");
    CHECK(codes(broken.found) == std::vector<int>{116, 804});
}

TEST_CASE("several products in one row are parted only where asked, never at a comma") {
    product_list_options split;
    split.split_rows = true;
    const auto names = [&](const std::string& cell, const product_list_options& how) {
        std::vector<std::string> list;
        for (const auto& p : read_product_list(list_of({{"product_name", cell}}), how).rows)
            list.push_back(p.product_name);
        return list;
    };
    using list = std::vector<std::string>;
    CHECK(names("Chè A; Chè B", split) == list{"Chè A", "Chè B"});
    CHECK(names("Chè A\nChè B\n", split) == list{"Chè A", "Chè B"});
    CHECK(names("1. Chè A 2. Chè B 3. Chè C", split) == list{"Chè A", "Chè B", "Chè C"});
    CHECK(names("1) Chè A\n2) Chè B", split) == list{"Chè A", "Chè B"});
    CHECK(names("- Chè A\n- Chè B", split) == list{"Chè A", "Chè B"});
    CHECK(names("Chè A, Chè B và Chè C", split) == list{"Chè A, Chè B và Chè C"});
    CHECK(names("Rượu 3. 5 độ", split) == list{"Rượu 3. 5 độ"});
    CHECK(names("Chè A; Chè B", {}) == list{"Chè A; Chè B"});
    const product_list parted = read_product_list(list_of({{"product_name", "A; B"}}), split);
    CHECK(parted.kept_count == 1);
    REQUIRE(parted.rows.size() == 2);
    CHECK(parted.rows[1].part == 2);
    CHECK(parted.rows[1].row == 2);
}

TEST_CASE("columns: unknown ones are kept, missing ones told, repeated ones refused") {
    const product_list extra =
        read_product_list("product_name,province,star,event,colour,\nChè,Lai Châu,3,new,xanh,x\n");
    REQUIRE(extra.rows.size() == 1);
    CHECK(extra.rows[0].others ==
          std::vector<std::pair<std::string, std::string>>{{"colour", "xanh"}, {"", "x"}});
    CHECK(extra.found.front().code == ocop::problem_code::unknown_column);
    for (const ocop::problem& p : extra.found) CHECK(p.grade == ocop::severity::warning);

    const product_list missing =
        read_product_list("product_name,province,event\nChè,Lai Châu,new\n");
    CHECK_FALSE(missing.readable);
    CHECK(told_of(missing) == std::vector<told>{{113, "/star", true}});
    CHECK(missing.row_count == 1);
    CHECK(missing.rejected.size() == 1);

    const product_list twice =
        read_product_list("product_name,province,star,event,star\nA,B,3,new,4\n");
    CHECK_FALSE(twice.readable);
    CHECK(twice.found.front().code == ocop::problem_code::repeated_column);
}

TEST_CASE("texts that are no list are told, whatever their bytes") {
    for (const std::string& text :
         {std::string(), std::string("\n\n"), std::string("\xEF\xBB\xBF"), std::string("abc"),
          std::string("\"x"),
          std::string("\xff\xfe"
                      "a\0",
                      4),
          header + "\xff\n", std::string(5000, ','), std::string(5000, '"')}) {
        const product_list list = read_product_list(text);
        CHECK_FALSE(list.readable);
        CHECK(ocop::has_errors(list.found));
        CHECK(list.rows.empty());
    }
}

TEST_CASE("a list that is damaged anywhere still accounts for every row") {
    const std::string text = shipped();
    std::uint32_t state = 7;
    const auto next = [&state] {
        state = state * 1664525U + 1013904223U;
        return state >> 8U;
    };
    for (int round = 0; round < 150; ++round) {
        std::string damaged = text;
        for (int k = 0; k < 3; ++k) {
            const std::size_t at = header.size() + next() % (damaged.size() - header.size());
            if (static_cast<unsigned char>(damaged[at]) >= 0x80U) continue;
            damaged[at] = "\",;\n \t3x"[next() % 8];
        }
        const product_list list = read_product_list(damaged);
        CHECK(list.readable);
        CHECK(list.kept_count + list.rejected.size() == list.row_count);
        CHECK(list.rows.size() == list.kept_count);
        CHECK(list.rejected.empty() == !ocop::has_errors(list.found));
    }
}

TEST_CASE("duplicates: the same product twice, not another producer's, not a later year") {
    const std::string row = "A1,Mật ong,HTX A,cooperative,,,Lai Châu,3,,new,2022,,,,,,,\n";
    const auto groups = [&](const std::string& more) {
        return ocop::duplicate_rows(read_product_list(header + row + more).rows);
    };
    using rows = std::vector<std::vector<std::uint32_t>>;
    CHECK(groups("A2,MẬT  ONG,htx a,cooperative,,,Lai Châu,3,,new,2022,,,,,,,\n") == rows{{2, 3}});
    CHECK(groups("A2,Mật ong,HTX B,cooperative,,,Lai Châu,3,,new,2022,,,,,,,\n").empty());
    CHECK(
        groups("A2,Mật ong,HTX A,cooperative,,,Lai Châu,3,,re_recognition,2025,,,,,,,\n").empty());
    CHECK(groups("A2,Mật ong,HTX A,cooperative,,,Lào Cai,3,,new,2022,,,,,,,\n").empty());
    CHECK(groups("A2,Mật ong,HTX A,cooperative,,,Lai Châu,3,,recognised,2022,,,,,,,\n") ==
          rows{{2, 3}});
}

TEST_CASE("problems beyond the most are counted") {
    std::string text = header;
    for (int k = 0; k < 50; ++k) text += ",Chè,,,,,Lai Châu,9,,new,,,,,,,,\n";
    product_list_options options;
    options.most_problems = 10;
    const product_list list = read_product_list(text, options);
    CHECK(list.found.size() == 10);
    CHECK(list.more_found == 40);
    CHECK(list.rejected.size() == 50);
}

TEST_CASE("rows handed on one by one are the same rows") {
    std::vector<ocop::listed_product> rows;
    const product_list list = read_product_list(
        shipped(), {}, [&rows](ocop::listed_product&& p) { rows.push_back(std::move(p)); });
    CHECK(list.rows.empty());
    CHECK(list.kept_count == 168);
    CHECK(rows == read_product_list(shipped()).rows);
}

TEST_CASE("events in the words of printed lists; others are told with what the codes mean") {
    const std::vector<std::pair<std::string, std::string>> words{
        {"công nhận", "recognised"},
        {"Công nhận mới", "new"},
        {"công nhận lần đầu", "new"},
        {"CÔNG NHẬN LẠI", "re_recognition"},
        {"nâng hạng", "upgrade"},
        {"hết hạn", "expired"},
        {"thu hồi", "revoked"},
        {"đề nghị 5 sao", "proposed_5"},
        {"đề nghị 4 sao", "proposed_4"},
        {"withdrawn", "revoked"},
        {"recognised again", "re_recognition"}};
    for (const auto& word : words) {
        const auto& text = word.first;
        const auto& code = word.second;
        CAPTURE(text);
        const bool hoped = code.rfind("proposed", 0) == 0;
        const product_list list =
            read_product_list(list_of({{"event", text}, {"star", hoped ? "" : "3"}}));
        REQUIRE(list.rows.size() == 1);
        CHECK(ocop::name_of(list.rows[0].event) == code);
    }
    const product_list other = read_product_list(list_of({{"event", "triển lãm"}}));
    REQUIRE(codes(other.found) == std::vector<int>{803});
    CHECK(other.found[0].message.vi.find("revoked (bị thu hồi)") != std::string::npos);
    CHECK(other.found[0].message.en.find("revoked (withdrawn)") != std::string::npos);
}

TEST_CASE("titles above the header are told and passed over") {
    const std::string rows = "Chè;Lai Châu;4 sao;công nhận\nGạo;Lai Châu;6 sao;công nhận\n";
    const std::string head = "Tên sản phẩm;Tỉnh;Hạng sao;Sự kiện\n";
    const product_list list = read_product_list(
        "DANH SÁCH SẢN PHẨM OCOP;;;\n;;;\n(Kèm theo quyết định);;;\n" + head + rows);
    CHECK(list.readable);
    CHECK(list.row_count == 2);
    REQUIRE(list.rows.size() == 1);
    CHECK(list.rows[0].row == 5);
    CHECK(list.rejected.size() == 1);
    CHECK(list.rejected[0].row == 6);
    std::vector<std::uint32_t> told_above;
    for (const ocop::problem& p : list.found)
        if (p.code == ocop::problem_code::bad_value) {
            CHECK(p.grade == ocop::severity::warning);
            CHECK(p.message.en.find("header (row 4)") != std::string::npos);
            told_above.push_back(p.where.row);
        }
    CHECK(told_above == std::vector<std::uint32_t>{1, 3});
    // A header that lacks a column is still found below its title, and the column is named.
    const product_list less =
        read_product_list("DANH SÁCH;;\nTên sản phẩm;Tỉnh;Hạng sao\nChè;Lai Châu;4\n");
    CHECK(!less.readable);
    CHECK(codes(less.found) == std::vector<int>{109, 113});
    CHECK(less.found[1].where.pointer == "/event");
    CHECK(less.found[1].where.row == 2);
}

TEST_CASE("zero bytes: UTF-16 without its mark, or a damaged row") {
    std::string wide;
    for (char c : list_of({})) {
        wide += c;
        wide += '\0';
    }
    for (const std::string& text : {wide, '\0' + wide.substr(0, wide.size() - 1)}) {
        const product_list list = read_product_list(text);
        CHECK(!list.readable);
        REQUIRE(codes(list.found) == std::vector<int>{102});
        CHECK(list.found[0].message.en.find("CSV UTF-8") != std::string::npos);
    }
    const product_list row = read_product_list(list_of({{"notes", std::string("a\0b", 3)}}) +
                                               ",Gạo,,,,,Lai Châu,3,,new,,,,,,,,\n");
    CHECK(codes(row.found) == std::vector<int>{102});
    CHECK(row.rejected.size() == 1);
    CHECK(row.kept_count == 1);
}

TEST_CASE("wide headers and long cells cost no more than their length") {
    const std::string head = "product_name,province,star,event";
    const product_list wide = read_product_list(head + std::string(100000, ',') + "\nChè\n");
    CHECK(!wide.readable);
    CHECK(codes(wide.found) == std::vector<int>{320});
    std::string unknown = head;
    for (int i = 0; i < 900; ++i) unknown += ",x" + std::to_string(i);
    const product_list many = read_product_list(unknown + "\n");
    std::size_t lists = 0;
    for (const ocop::problem& p : many.found)
        lists += p.message.en.find("Columns that are understood") != std::string::npos ? 1U : 0U;
    CHECK(lists == 1);
    std::string name;
    for (int i = 0; i < 100000; ++i) name += "a; ";
    const product_list list = read_product_list(list_of({{"product_name", name}}));
    REQUIRE(list.rows.size() == 1);
    CHECK(list.rows[0].count == 100000);
    CHECK(
        read_product_list(list_of({{"product_name", std::string(300000, '(') + ")"}})).kept_count ==
        1);
}

TEST_CASE("a unit elsewhere is told with where it lies") {
    product_list_options options;
    options.units = &ocop::bundled_unit_index();
    const product_list list = read_product_list(
        list_of({{"province", "Lai Châu"}, {"district", "Thành phố Đà Lạt"}, {"year", "2023"}}),
        options);
    bool found = false;
    for (const ocop::problem& p : list.found) {
        if (p.code != ocop::problem_code::unit_elsewhere) continue;
        found = true;
        CHECK(p.message.vi.find("Tỉnh Lâm Đồng") != std::string::npos);
        CHECK(p.message.en.find("Tỉnh Lâm Đồng") != std::string::npos);
    }
    CHECK(found);
}

TEST_CASE("messages about stars, cells and days name the way out") {
    const auto first = [](const std::map<std::string, std::string>& cells) {
        const product_list list = read_product_list(list_of(cells));
        REQUIRE(!list.found.empty());
        return list.found[0];
    };
    const ocop::problem several =
        first({{"product_name", "Chè xanh; Chè đen"}, {"star", "3 sao, 4 sao"}});
    CHECK(static_cast<int>(several.code) == 801);
    CHECK(several.message.en.find("give each product a row") != std::string::npos);
    CHECK(first({{"star", "hết hạn (3 sao)"}}).message.en.find("run out") != std::string::npos);
    const ocop::problem honey = first({{"star", "mật ong"}});
    CHECK(honey.message.en.find("\"5 sao\"") == std::string::npos);
    CHECK(honey.message.en.find("Give one number") != std::string::npos);
    const ocop::problem late = first({{"decision_date", std::string(300, '1')}});
    CHECK(static_cast<int>(late.code) == 110);
    CHECK(late.message.en.find("\"111") != std::string::npos);
    CHECK(late.value.rfind("111", 0) == 0);
    const product_list few = read_product_list(header + "1,2\n");
    REQUIRE(codes(few.found) == std::vector<int>{116});
    CHECK(few.found[0].message.en.find("quoted") == std::string::npos);
    CHECK(few.found[0].message.en.find("missing cells") != std::string::npos);
}
