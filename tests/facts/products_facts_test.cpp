// The 40 real product codes against what their file says, and where they lie today against the facts'
// own tables, read here a second time.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "ocop/communes/bundled_units.hpp"
#include "ocop/products/product_code_explained.hpp"

using namespace ocop;

namespace {

using row = std::map<std::string, std::string>;

std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> list(1);
    bool quoted = false;
    for (char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            list.emplace_back();
        else if (c != '\r')
            list.back() += c;
    }
    return list;
}

std::vector<row> read(const std::string& path) {
    std::ifstream file(OCOP_FACTS_DIR "/" + path);
    std::vector<row> rows;
    std::vector<std::string> head;
    for (std::string line; std::getline(file, line);) {
        const auto values = cells(line);
        if (head.empty()) {
            head = values;
            continue;
        }
        REQUIRE(values.size() == head.size());
        row& r = rows.emplace_back();
        for (std::size_t i = 0; i < head.size(); ++i) r[head[i]] = values[i];
    }
    return rows;
}

}  // namespace

TEST_CASE("all product codes decode to the units that the file says") {
    const auto rows = read("products/codes.csv");
    REQUIRE(rows.size() == 40);
    for (const row& r : rows) {
        const code_explanation e =
            explain(product_code::parse(r.at("product_code")), bundled_units());
        CHECK_MESSAGE(e.found.empty(), r.at("product_code"));
        CHECK(e.code.generation() == code_generation::software_2021);
        CHECK(to_string(e.code.province()) == r.at("province_code"));
        CHECK(to_string(*e.code.district()) == r.at("district_code"));
        CHECK(to_string(*e.code.commune()) == r.at("commune_code"));
        CHECK(std::to_string(e.code.serial()) == r.at("serial"));
        CHECK(std::to_string(e.code.year()) == r.at("year"));
        CHECK(e.province == r.at("province"));
        CHECK(e.district == r.at("district"));
        CHECK(e.commune == r.at("commune"));
        CHECK(r.at("code_consistent") == "yes");
        CHECK(to_string(e.code) == r.at("product_code"));
    }
}

TEST_CASE("where the products of the codes lie today") {
    std::map<std::string, std::string> to;
    for (const row& r : read("units/succession.csv")) to[r.at("old_code")] = r.at("new_code");
    std::map<std::string, row> province;
    std::map<std::string, row> commune;
    for (row& r : read("units/units.csv")) {
        if (r.at("edition") != "2026-04") continue;
        (r.at("level") == "province" ? province : commune)[r.at("code")] = r;
    }
    for (const row& r : read("products/codes.csv")) {
        const code_explanation e =
            explain(product_code::parse(r.at("product_code")), bundled_units());
        const auto now = to.find(r.at("commune_code"));
        REQUIRE(e.commune_today.has_value() == (now != to.end()));
        if (now == to.end()) continue;
        CHECK(to_string(e.commune_today->code) == now->second);
        CHECK(e.commune_today->name == commune.at(now->second).at("name"));
        REQUIRE(e.province_today);
        const std::string& above = commune.at(now->second).at("parent");
        CHECK(to_string(e.province_today->code) == above);
        CHECK(e.province_today->name == province.at(above).at("name"));
    }
}
