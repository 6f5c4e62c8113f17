#include "ocop/exchange/star_wording.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ocop/base/fold.hpp"

using ocop::read_star_wording;
using ocop::star_kind;
using ocop::star_wording;

namespace {

/// "proposed 45", "awarded 4 p5": kind, stars as digits, proposed.
std::string told(const star_wording& read) {
    std::string text(ocop::name_of(read.kind));
    if (!read.stars.empty()) text += ' ';
    for (ocop::stars s : read.stars) text += std::to_string(s.value());
    if (read.proposed) text += " p" + std::to_string(read.proposed->value());
    return text;
}

struct wording {
    std::string text;
    std::string expected;
};

std::vector<wording> wordings() {
    std::ifstream in(std::string(OCOP_SOURCE_DIR) + "/tests/exchange/star_wordings.tsv");
    REQUIRE(in);
    std::vector<wording> list;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '%') continue;
        const std::size_t tab = line.find('\t');
        REQUIRE(tab != std::string::npos);
        list.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
    return list;
}

/// \p text with composed Vietnamese letters taken apart, as some keyboards and systems write them.
std::string decomposed(const std::string& text) {
    static const std::vector<std::pair<std::string, std::string>> letters{
        {"ề", "e\u0302\u0300"}, {"ế", "e\u0302\u0301"}, {"ể", "e\u0302\u0309"},
        {"ệ", "e\u0302\u0323"}, {"ă", "a\u0306"},       {"ạ", "a\u0323"},
        {"â", "a\u0302"},       {"ố", "o\u0302\u0301"}, {"ồ", "o\u0302\u0300"},
        {"ừ", "u\u031B\u0300"}, {"ư", "u\u031B"},       {"ở", "o\u031B\u0309"},
        {"ị", "i\u0323"},       {"ô", "o\u0302"},       {"ê", "e\u0302"},
        {"á", "a\u0301"},       {"à", "a\u0300"},       {"ủ", "u\u0309"}};
    std::string result = text;
    for (const auto& [from, to] : letters)
        for (std::size_t at = 0; (at = result.find(from, at)) != std::string::npos; at += to.size())
            result.replace(at, from.size(), to);
    return result;
}

std::string upper_ascii(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

}  // namespace

TEST_CASE("wordings are read as the table of expectations says") {
    const auto list = wordings();
    CHECK(list.size() > 350);
    for (const wording& w : list) {
        CAPTURE(w.text);
        CHECK(told(read_star_wording(w.text)) == w.expected);
    }
}

TEST_CASE("how a wording is typed changes nothing: composition, case, blanks, brackets") {
    for (const wording& w : wordings()) {
        CAPTURE(w.text);
        CHECK(told(read_star_wording(decomposed(w.text))) == w.expected);
        // Roman numbers and "x" are other words in capitals.
        CHECK(told(read_star_wording(upper_ascii(w.text))) == w.expected);
        CHECK(told(read_star_wording("  " + w.text + "\u00A0\n")) ==
              (w.text.rfind("-3", 0) == 0 ? "invalid" : w.expected));
        CHECK(told(read_star_wording("\uFEFF" + w.text)) == w.expected);
        std::string wide;
        for (char c : w.text) {
            wide += c;
            if (c == ' ') wide += "\u00A0\u200B";
        }
        CHECK(told(read_star_wording(wide)) == w.expected);
    }
}

TEST_CASE("without accents Vietnamese wordings mean the same") {
    // Single words that are others without accents are left out: "trình", "nâng", "hủy", "sẽ" …
    for (const char* text :
         {"hạng ba (03 sao)", "đề nghị 5 sao", "đạt từ 3 sao trở lên", "khách sạn 4 sao",
          "hết hạn (3 sao)", "nâng hạng 3 sao lên 4 sao", "tiềm năng 5 sao", "thu hồi 3 sao",
          "chưa xếp hạng", "không đạt 4 sao", "ít nhất 3 sao", "phấn đấu đạt 4 sao", "dưới 3 sao",
          "tối đa 4 sao", "3 sao và 4 sao", "sắp hết hạn 3 sao"}) {
        CAPTURE(text);
        CHECK(told(read_star_wording(ocop::fold(text))) == told(read_star_wording(text)));
    }
}

TEST_CASE("a star that was lost stands beside the one that is held now") {
    const std::vector<std::pair<std::string, int>> lost{
        {"hết hạn 3 sao, nay 4 sao", 3},
        {"thu hồi 4 sao, còn 3 sao", 4},
        {"thu hồi chứng nhận 3 sao và cấp lại 4 sao", 3},
        {"trước đây 3 sao, hiện nay 4 sao", 3}};
    for (const auto& one : lost) {
        const auto& text = one.first;
        const auto& former = one.second;
        CAPTURE(text);
        CHECK(read_star_wording(text).former == ocop::stars(former));
        CHECK(read_star_wording(text).held());
    }
}

TEST_CASE("only awarded and upgraded say that a star is held") {
    CHECK(read_star_wording("4 sao").held() == ocop::stars(4));
    CHECK(read_star_wording("nâng hạng 3 sao lên 4 sao").held() == ocop::stars(4));
    for (const wording& w : wordings()) {
        const star_wording read = read_star_wording(w.text);
        const bool has = read.kind == star_kind::awarded || read.kind == star_kind::upgraded;
        CAPTURE(w.text);
        CHECK((!read.held() || has));
        // Never more than five, never less than one: what is given is a star.
        for (ocop::stars s : read.stars) CHECK((s.value() >= 1 && s.value() <= 5));
        if (read.kind == star_kind::invalid) CHECK(!read.why.vi.empty());
        CHECK(read.why.vi.empty() == read.why.en.empty());
    }
}

TEST_CASE("a downgrade is the lower star, and says so; an upgrade tells both") {
    const star_wording down = read_star_wording("hạ từ 4 xuống 3 sao");
    CHECK(down.kind == star_kind::awarded);
    CHECK(down.former == ocop::stars(4));
    CHECK(!down.why.en.empty());
    const star_wording up = read_star_wording("nâng hạng 3 sao lên 4 sao");
    CHECK(up.former == ocop::stars(3));
    CHECK(up.why.en.find("two numbers") != std::string::npos);
}

TEST_CASE("one and two stars are ranks without a certificate") {
    for (const char* text : {"1 sao", "hai sao"}) {
        const star_wording read = read_star_wording(text);
        CHECK(read.kind == star_kind::awarded);
        CHECK(read.why.en.find("no certificate") != std::string::npos);
    }
    CHECK(read_star_wording("3 sao").why.en.empty());
}

TEST_CASE("any bytes are read without a fault, and the same each time") {
    std::uint32_t state = 20260522;
    const auto next = [&state] {
        state = state * 1664525U + 1013904223U;
        return state >> 16U;
    };
    const std::vector<std::string> pieces{"3",       "5",         "sao", " ",   "-",     "*",
                                          "★",       "(",         ")",   ",",   "/",     "từ",
                                          "lên",     "hạng",      "ba",  "năm", "2022",  "đề nghị",
                                          "thu hồi", "khách sạn", "+",   ">=",  "\xff",  "\xe2",
                                          "điểm",    "0",         "->",  "…",   "không", "OCOP",
                                          "6",       ".5",        "\n"};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        const std::size_t length = next() % 9;
        for (std::size_t k = 0; k < length; ++k) text += pieces[next() % pieces.size()];
        const star_wording one = read_star_wording(text);
        CAPTURE(text);
        CHECK(one == read_star_wording(text));
        const std::string line = ocop::to_json(one, text, ocop::language::en);
        CHECK(nlohmann::json::parse(line).contains("kind"));
    }
    CHECK(read_star_wording("3 sao\xff").kind == star_kind::invalid);
    CHECK(read_star_wording(std::string(20000, '3')).kind == star_kind::invalid);
}

TEST_CASE("the answer as JSON: a number, two or more in a list, or null") {
    const auto json_of = [](const char* text) {
        return nlohmann::json::parse(
            ocop::to_json(read_star_wording(text), text, ocop::language::vi));
    };
    CHECK(json_of("4 sao")["stars"] == 4);
    CHECK(json_of("3 – 4 sao")["stars"] == nlohmann::json::array({3, 4}));
    CHECK(json_of("3, 4, 5 sao")["stars"] == nlohmann::json::array({3, 5}));
    CHECK(json_of("3, 4, 5 sao")["listed"] == nlohmann::json::array({3, 4, 5}));
    CHECK(json_of("3 – 5 sao")["listed"].is_null());
    CHECK(json_of("khách sạn 4 sao")["stars"].is_null());
    CHECK(json_of("4 sao")["text"] == "4 sao");
    CHECK(json_of("6 sao")["why"].get<std::string>().find("1 đến 5") != std::string::npos);
    CHECK(json_of("4 sao (đề nghị 5 sao)")["proposed"] == 5);
}
