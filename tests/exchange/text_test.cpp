#include "ocop/exchange/text.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../support.hpp"
#include "ocop/exchange/decision_number.hpp"
#include "ocop/exchange/written_date.hpp"

using ocop::expand_abbreviations;
using ocop::name_certainty;
using ocop::producer_kind;
using ocop::text_about;
using support::codes;

TEST_CASE("abbreviations are written out where they are sure") {
    CHECK(expand_abbreviations("HTX chè Hảo Đạt") == "hợp tác xã chè Hảo Đạt");
    CHECK(expand_abbreviations("Cty TNHH MTV SX-TM A", text_about::producer) ==
          "công ty trách nhiệm hữu hạn một thành viên sản xuất - thương mại A");
    CHECK(expand_abbreviations("Công ty TNHH MTV TM&DV X", text_about::producer) ==
          "Công ty trách nhiệm hữu hạn một thành viên thương mại và dịch vụ X");
    CHECK(expand_abbreviations("TX. Tân Châu", text_about::unit) == "thị xã Tân Châu");
    CHECK(expand_abbreviations("TP Châu Đốc", text_about::unit) == "thành phố Châu Đốc");
    // "TT" may be many things, and "Tm" is no abbreviation in small letters.
    CHECK(expand_abbreviations("TT Mường Tè") == "TT Mường Tè");
    CHECK(expand_abbreviations("Tm", text_about::producer) == "Tm");
    // Letters within words stay.
    CHECK(expand_abbreviations("HTXA, ahtx", text_about::producer) == "HTXA, ahtx");
    CHECK(expand_abbreviations("").empty());
    CHECK(expand_abbreviations("\xff HTX") == "\xff HTX");
}

TEST_CASE("the legal form at the beginning of a name") {
    struct form {
        const char* name;
        std::optional<producer_kind> kind;
        const char* rest;
    };
    for (const form& f : std::vector<form>{
             {"HTX chè Hảo Đạt", producer_kind::cooperative, "chè Hảo Đạt"},
             {"Hợp tác xã Bình An", producer_kind::cooperative, "Bình An"},
             {"Tổ hợp tác Lê Nậm Pung", producer_kind::cooperative_group, "Lê Nậm Pung"},
             {"Công ty TNHH Seagull", producer_kind::enterprise, "Seagull"},
             {"Công ty TNHH MTV PT Trần Gia", producer_kind::single_member_llc, "PT Trần Gia"},
             {"Công ty TNHH một thành viên A", producer_kind::single_member_llc, "A"},
             {"Công ty TNHH hai thành viên trở lên B", producer_kind::multi_member_llc, "B"},
             {"CTCP Viên Sơn", producer_kind::joint_stock_company, "Viên Sơn"},
             {"Cty CP Viên Sơn", producer_kind::joint_stock_company, "Viên Sơn"},
             {"CÔNG TY CỔ PHẦN VIÊN SƠN", producer_kind::joint_stock_company, "VIÊN SƠN"},
             {"DNTN Hoa Mai", producer_kind::private_enterprise, "Hoa Mai"},
             {"HKD ANAS", producer_kind::business_household, "ANAS"},
             {"Hộ SXKD giò bê", producer_kind::business_household, "giò bê"},
             {"Hộ sản xuất chè", producer_kind::producing_household, "chè"},
             {"Cơ sở Nhiễu Kiên", producer_kind::establishment, "Nhiễu Kiên"},
             {"Hội Nông dân xã", producer_kind::association, "Nông dân xã"},
             {"Trang trại Đồi Xanh", producer_kind::farm, "Đồi Xanh"},
             {"Hồ Thầu", std::nullopt, "Hồ Thầu"},      // a lake, no household
             {"Họ Nguyễn", std::nullopt, "Họ Nguyễn"},  // a family name
             {"Hối Xuân", std::nullopt, "Hối Xuân"},
             {"Tổ hợp tác xã", std::nullopt, "Tổ hợp tác xã"},  // either of two
             {"OCOP Hà Nội", std::nullopt, "OCOP Hà Nội"},
             {"", std::nullopt, ""}}) {
        CAPTURE(f.name);
        const auto read = ocop::producer_kind_of_name(f.name);
        CHECK(read.kind == f.kind);
        CHECK(read.rest == f.rest);
        CHECK(read.certainty == (f.kind ? name_certainty::sure : name_certainty::untold));
    }
    CHECK(ocop::producer_kind_of_name("Chi nhánh Công ty TNHH Ceres").branch);
}

TEST_CASE("a misspelt form is told and not taken for sure") {
    for (const auto& one : std::vector<std::pair<const char*, const char*>>{
             {"CÔNG TY THHH ABC", "công ty tnhh"},
             {"Công ty TNNH ABC", "công ty tnhh"},
             {"Hộ kinh doan Z", "hộ kinh doanh"},
             {"Doanh nghiep tu nham Z", "doanh nghiệp tư nhân"}}) {
        const char* name = one.first;
        const char* meant = one.second;
        CAPTURE(name);
        const auto read = ocop::producer_kind_of_name(name);
        CHECK(read.certainty == name_certainty::near_miss);
        CHECK(read.meant == meant);
        CHECK(!read.found.empty());
    }
}

TEST_CASE("kinds of one family cannot be told apart by name") {
    CHECK(same_family(producer_kind::enterprise, producer_kind::joint_stock_company));
    CHECK(same_family(producer_kind::business_household, producer_kind::producing_household));
    CHECK_FALSE(same_family(producer_kind::cooperative, producer_kind::cooperative_group));
}

TEST_CASE("decision numbers in their standard form") {
    struct written {
        const char* text;
        const char* standard;
        ocop::decision_issuer by;
    };
    using by = ocop::decision_issuer;
    for (const written& w :
         std::vector<written>{{"3981/QĐ-UBND", "3981/QĐ-UBND", by::peoples_committee},
                              {"3981/QD-UBND", "3981/QĐ-UBND", by::peoples_committee},
                              {"3981/qđ-ubnd", "3981/QĐ-UBND", by::peoples_committee},
                              {"3981 / QĐ – UBND", "3981/QĐ-UBND", by::peoples_committee},
                              {"QĐ số 3981/QĐ-UBND", "3981/QĐ-UBND", by::peoples_committee},
                              {"Quyết định số 1045/QĐ-UBND", "1045/QĐ-UBND", by::peoples_committee},
                              {"348/QĐ-BNN-VPĐP", "348/QĐ-BNN-VPĐP", by::ministry},
                              {"2361/QĐ-BNNMT", "2361/QĐ-BNNMT", by::ministry},
                              {"1048/QĐ-TTg", "1048/QĐ-TTg", by::prime_minister},
                              {"26/2026/QĐ-TTg", "26/2026/QĐ-TTg", by::prime_minister},
                              {"26/2026/qd-ttg", "26/2026/QĐ-TTg", by::prime_minister},
                              {"1/QĐ-UBND", "01/QĐ-UBND", by::peoples_committee},
                              {"01/QĐ-BCĐTW", "01/QĐ-BCĐTW", by::other},
                              {"45/QĐ-SNN", "45/QĐ-SNN", by::other},
                              {"12a/QĐ-UBND", "12a/QĐ-UBND", by::peoples_committee}}) {
        CAPTURE(w.text);
        ocop::problems found;
        const auto read = ocop::try_read_decision_number(w.text, found);
        REQUIRE(read);
        CHECK(found.empty());
        CHECK(to_string(*read) == w.standard);
        CHECK(read->issuer() == w.by);
        // What is printed reads back as the same.
        CHECK(ocop::read_decision_number(to_string(*read)) == *read);
    }
    const auto dated = ocop::read_decision_number(
        "Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ");
    CHECK(dated.signed_on == support::day("2023-02-24"));
    CHECK(dated.level() == ocop::council_level::centre);
    // A People's Committee may be a province's or a district's.
    CHECK_FALSE(ocop::read_decision_number("3981/QĐ-UBND").level());
}

TEST_CASE("what is no decision's number is told") {
    for (const char* text : {"QĐ-UBND", "3981", "3981/QĐ", "3981/UBND", "12/KH-UBND", "0/QĐ-UBND",
                             "", "abc", "3981/QĐ-UBND, 12/QĐ-UBND", "\xff", "99999999/QĐ-UBND"}) {
        CAPTURE(text);
        ocop::problems found;
        CHECK_FALSE(ocop::try_read_decision_number(text, found));
        CHECK(codes(found) == std::vector<int>{802});
        CHECK_THROWS_AS((void)ocop::read_decision_number(text), ocop::error);
    }
}

TEST_CASE("dates as they are written, never a guessed day") {
    struct written {
        const char* text;
        ocop::date_precision precision;
        const char* first;
        const char* last;
    };
    using p = ocop::date_precision;
    for (const written& w : std::vector<written>{
             {"05/8/2026", p::day, "2026-08-05", "2026-08-05"},
             {"5-8-2026", p::day, "2026-08-05", "2026-08-05"},
             {"05.08.2026", p::day, "2026-08-05", "2026-08-05"},
             {"5 8 2026", p::day, "2026-08-05", "2026-08-05"},
             {"2026-08-05", p::day, "2026-08-05", "2026-08-05"},
             {"2026-08-05 00:00:00", p::day, "2026-08-05", "2026-08-05"},
             {"ngày 05 tháng 8 năm 2026", p::day, "2026-08-05", "2026-08-05"},
             {"NGAY 05 THANG 08 NAM 2026", p::day, "2026-08-05", "2026-08-05"},
             {"Lâm Đồng, ngày 05 tháng 8 năm 2026", p::day, "2026-08-05", "2026-08-05"},
             {"29/02/2024", p::day, "2024-02-29", "2024-02-29"},
             {"tháng 9/2023", p::month, "2023-09-01", "2023-09-30"},
             {"9/2023", p::month, "2023-09-01", "2023-09-30"},
             {"2024-02", p::month, "2024-02-01", "2024-02-29"},
             {"Quý III/2023", p::quarter, "2023-07-01", "2023-09-30"},
             {"quý 4 năm 2023", p::quarter, "2023-10-01", "2023-12-31"},
             {"năm 2022", p::year, "2022-01-01", "2022-12-31"},
             {"2022", p::year, "2022-01-01", "2022-12-31"}}) {
        CAPTURE(w.text);
        ocop::problems found;
        const auto read = ocop::try_read_written_date(w.text, found);
        REQUIRE(read);
        CHECK(found.empty());
        CHECK(read->precision == w.precision);
        CHECK(ocop::to_string(read->first) == w.first);
        CHECK(ocop::to_string(read->last) == w.last);
        CHECK(read->day().has_value() == (w.precision == p::day));
    }
}

TEST_CASE("dates that do not exist, and texts that are none, are told") {
    for (const char* text :
         {"31/02/2024", "29/2/2023", "05/13/2026", "0/1/2024", "27/1/21", "27/1/1", "46239",
          "20240805", "05/08/20266", "2026-08-05T07:00:00", "ngày 05", "abc", "", "1/2/3/2024",
          "2024-13", "Quý V/2023", "\xff", "năm"}) {
        CAPTURE(text);
        ocop::problems found;
        CHECK_FALSE(ocop::try_read_written_date(text, found));
        CHECK(codes(found) == std::vector<int>{110});
    }
}

TEST_CASE("every day of a century reads back in each of its forms") {
    for (ocop::date day = support::day("1999-12-25"); day < support::day("2100-01-10");
         day += boost::gregorian::days(13)) {
        const std::string iso = ocop::to_string(day);
        const std::string d = std::to_string(static_cast<int>(day.day()));
        const std::string m = std::to_string(day.month().as_number());
        const std::string y = iso.substr(0, 4);
        for (const std::string& text :
             {iso, d + "/" + m + "/" + y, d + "-" + m + "-" + y, d + "." + m + "." + y,
              "ngày " + d + " tháng " + m + " năm " + y, y + "/" + m + "/" + d}) {
            CAPTURE(text);
            CHECK(ocop::read_written_date(text).day() == day);
        }
    }
}
