// data/products against the facts that they are a copy of, and the readers against them.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "ocop/exchange/product_list.hpp"
#include "ocop/exchange/star_wording.hpp"

namespace {

std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    REQUIRE_MESSAGE(in, file);
    std::stringstream text;
    text << in.rdbuf();
    std::string bytes = text.str();
    std::erase(bytes, '\r');  // the copies end their lines with LF
    return bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::stringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

const std::string facts = std::string(OCOP_FACTS_DIR) + "/products/";
const std::string ours = std::string(OCOP_SOURCE_DIR) + "/data/products/";

}  // namespace

TEST_CASE("the copies of the facts are the facts") {
    for (const char* name : {"products.csv", "codes.csv", "lifecycle_cases.csv", "score_cases.csv",
                             "star_phrases.csv", "aggregates.csv"}) {
        CAPTURE(name);
        CHECK(read(ours + name) == read(facts + name));
    }
    // Sources that nothing of ours refers to are left out.
    const auto all = lines_of(read(facts + "sources.csv"));
    const auto kept = lines_of(read(ours + "sources.csv"));
    CHECK(kept.size() > 20);
    std::size_t at = 0;
    for (const std::string& line : kept) {
        while (at < all.size() && all[at] != line) ++at;
        CAPTURE(line);
        REQUIRE(at < all.size());
    }
    const ocop::product_list list = ocop::read_product_list(read(facts + "products.csv"));
    CHECK(list.kept_count == 168);
    for (const ocop::listed_product& p : list.rows) {
        bool known = false;
        for (const std::string& line : kept) known = known || line.rfind(p.source + ",", 0) == 0;
        CAPTURE(p.source);
        CHECK(known);
    }
}

TEST_CASE("each phrase of the facts is read as they say") {
    std::size_t count = 0;
    for (const std::string& line : lines_of(read(facts + "star_phrases.csv"))) {
        if (count++ == 0) continue;  // the header
        // text,star,kind,why: only `why` may be quoted.
        const std::size_t first = line.find(',');
        const std::size_t second = line.find(',', first + 1);
        const std::size_t third = line.find(',', second + 1);
        const ocop::star_wording read_as = ocop::read_star_wording(line.substr(0, first));
        const std::string star = line.substr(first + 1, second - first - 1);
        CAPTURE(line);
        CHECK(ocop::name_of(read_as.kind) == line.substr(second + 1, third - second - 1));
        std::string told;
        for (ocop::stars s : read_as.stars)
            told += (told.empty() ? "" : "..") + std::to_string(s.value());
        CHECK(told == star);
    }
    CHECK(count == 14);
}
