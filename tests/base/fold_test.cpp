// Folding, against a table of the Vietnamese letters written out here and by hand.
#include "ocop/base/fold.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

struct vowel {
    const char* plain;
    std::vector<std::string> nfc;  // no tone, huyền, sắc, hỏi, ngã, nặng
    const char* quality;           // combining mark of the letter itself
};
const std::vector<std::string> tones{"",         "\xCC\x80", "\xCC\x81",
                                     "\xCC\x89", "\xCC\x83", "\xCC\xA3"};
const std::vector<vowel> vowels{
    {"a", {"a", "à", "á", "ả", "ã", "ạ"}, ""},
    {"a", {"ă", "ằ", "ắ", "ẳ", "ẵ", "ặ"}, "\xCC\x86"},
    {"a", {"â", "ầ", "ấ", "ẩ", "ẫ", "ậ"}, "\xCC\x82"},
    {"e", {"e", "è", "é", "ẻ", "ẽ", "ẹ"}, ""},
    {"e", {"ê", "ề", "ế", "ể", "ễ", "ệ"}, "\xCC\x82"},
    {"i", {"i", "ì", "í", "ỉ", "ĩ", "ị"}, ""},
    {"o", {"o", "ò", "ó", "ỏ", "õ", "ọ"}, ""},
    {"o", {"ô", "ồ", "ố", "ổ", "ỗ", "ộ"}, "\xCC\x82"},
    {"o", {"ơ", "ờ", "ớ", "ở", "ỡ", "ợ"}, "\xCC\x9B"},
    {"u", {"u", "ù", "ú", "ủ", "ũ", "ụ"}, ""},
    {"u", {"ư", "ừ", "ứ", "ử", "ữ", "ự"}, "\xCC\x9B"},
    {"y", {"y", "ỳ", "ý", "ỷ", "ỹ", "ỵ"}, ""},
};
const std::vector<std::vector<std::string>> capitals{
    {"A", "À", "Á", "Ả", "Ã", "Ạ"}, {"Ă", "Ằ", "Ắ", "Ẳ", "Ẵ", "Ặ"}, {"Â", "Ầ", "Ấ", "Ẩ", "Ẫ", "Ậ"},
    {"E", "È", "É", "Ẻ", "Ẽ", "Ẹ"}, {"Ê", "Ề", "Ế", "Ể", "Ễ", "Ệ"}, {"I", "Ì", "Í", "Ỉ", "Ĩ", "Ị"},
    {"O", "Ò", "Ó", "Ỏ", "Õ", "Ọ"}, {"Ô", "Ồ", "Ố", "Ổ", "Ỗ", "Ộ"}, {"Ơ", "Ờ", "Ớ", "Ở", "Ỡ", "Ợ"},
    {"U", "Ù", "Ú", "Ủ", "Ũ", "Ụ"}, {"Ư", "Ừ", "Ứ", "Ử", "Ữ", "Ự"}, {"Y", "Ỳ", "Ý", "Ỷ", "Ỹ", "Ỵ"}};

/// The same numbers on every platform (splitmix64).
class numbers {
public:
    explicit numbers(std::uint64_t seed) : state_(seed) {}
    std::uint32_t below(std::uint32_t limit) {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return static_cast<std::uint32_t>((z ^ (z >> 31)) % limit);
    }

private:
    std::uint64_t state_;
};

std::string utf8(std::uint32_t c) {
    std::string s;
    if (c < 0x80) {
        s += static_cast<char>(c);
    } else if (c < 0x800) {
        s += static_cast<char>(0xC0U | c >> 6);
        s += static_cast<char>(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        s += static_cast<char>(0xE0U | c >> 12);
        s += static_cast<char>(0x80U | (c >> 6 & 0x3FU));
        s += static_cast<char>(0x80U | (c & 0x3FU));
    } else {
        s += static_cast<char>(0xF0U | c >> 18);
        s += static_cast<char>(0x80U | (c >> 12 & 0x3FU));
        s += static_cast<char>(0x80U | (c >> 6 & 0x3FU));
        s += static_cast<char>(0x80U | (c & 0x3FU));
    }
    return s;
}

}  // namespace

TEST_CASE("every Vietnamese letter folds to its plain one, composed or not, in both cases") {
    for (std::size_t v = 0; v < vowels.size(); ++v)
        for (std::size_t t = 0; t < tones.size(); ++t) {
            const vowel& one = vowels[v];
            const std::string& composed = one.nfc[t];
            CAPTURE(composed);
            const std::string marks = one.plain + std::string(one.quality) + tones[t];
            const std::string swapped = one.plain + tones[t] + one.quality;
            const std::string half = one.nfc[0] + tones[t];
            for (const std::string& form : {composed, marks, swapped, half, capitals[v][t]}) {
                CHECK(ocop::fold(form) == one.plain);
                CHECK(ocop::search_key(form) == one.plain);
                CHECK(ocop::same_spelling(form, composed));
            }
            // Composition: the letter with the quality carries the tone, as Vietnamese is stored.
            CHECK(ocop::nfc(marks) == composed);
            CHECK(ocop::nfc(composed) == composed);
            // Different letters stay different.
            for (const vowel& w : vowels)
                for (const std::string& other : w.nfc)
                    CHECK(ocop::same_spelling(composed, other) == (composed == other));
        }
    for (const char* d : {"đ", "Đ", "Ð", "Ɖ", "ð"}) {
        CHECK(ocop::fold(d) == "d");
        CHECK(ocop::same_spelling(d, "đ"));
        CHECK_FALSE(ocop::same_spelling(d, "d"));
    }
}

TEST_CASE("the place of the tone does not matter, the tone does") {
    const std::vector<std::vector<std::string>> alike{
        {"Thanh Hoá", "Thanh Hóa", "THANH HÓA", "thanh  hoá "},
        {"thuỷ", "thủy"},
        {"quý", "qúy"},
        {"khoẻ", "khỏe"},
        {"Lâm Hoà - Thuý", "lâm hòa thúy"}};
    for (const auto& group : alike)
        for (const auto& a : group)
            for (const auto& b : group) CHECK(ocop::same_spelling(a, b));
    CHECK_FALSE(ocop::same_spelling("Hoà", "Hoa"));
    CHECK_FALSE(ocop::same_spelling("Hoà", "Hoá"));
    CHECK_FALSE(ocop::same_spelling("Hòa Bình", "Hoa Bình"));
    CHECK_FALSE(ocop::same_spelling("Lý", "Lí"));        // i and y are two letters
    CHECK_FALSE(ocop::same_spelling("hoá a", "hoa á"));  // of two words
    CHECK_FALSE(ocop::same_spelling("Tân", "Tăn"));
}

TEST_CASE("blanks, quotes, dashes, width and ligatures") {
    CHECK(ocop::fold("  Xã\t\xC2\xA0 Tân\r\nPhong \xE3\x80\x80") == "xa tan phong");
    CHECK(ocop::fold("Cư M\xE2\x80\x99gar \xE2\x80\x93 \xE2\x80\x9CX\xE2\x80\x9D") ==
          "cu m'gar - \"x\"");
    CHECK(ocop::search_key("Cư M\xE2\x80\x99gar") == "cu mgar");
    CHECK(ocop::search_key("Cư M'gar") == ocop::search_key("CƯ M\xC2\xB4GAR"));
    CHECK(ocop::search_key("  --Bà Rịa -Vũng.Tàu(77)!") == "ba ria vung tau 77");
    CHECK(ocop::fold("Ha\xE2\x80\x8B\xEF\xBB\xBFnoi\xC2\xAD") == "hanoi");  // no width
    CHECK(ocop::fold("\xEF\xBC\xA8\xEF\xBC\xB4\xEF\xBC\xB8 \xEF\xAC\x81 \xE2\x84\x96") ==
          "htx fi no");
    CHECK(ocop::fold("Straße") == "strasse");
    CHECK(ocop::fold("") == "");
    CHECK(ocop::fold(" \t\n") == "");
    CHECK(ocop::search_key(".,-!") == "");
    CHECK(ocop::fold("茶 Trà") == "茶 tra");  // another script stays, the rest folds all the same
    CHECK(ocop::search_key("茶—Trà") == "茶 tra");
}

TEST_CASE("bytes that are no UTF-8 are told apart, and kept by nfc") {
    const std::vector<std::string> broken{
        "\xFF",    "\xC0\xAF",     "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE1\xBA",         "\x80",
        "a\xFE z", "\xF0\x9F\x98", "\xE0\x80\x80", "\xF8\x88\x80\x80", "x\xE1\xBA\xA5\xE1"};
    for (const std::string& text : broken) {
        CAPTURE(text);
        CHECK_FALSE(ocop::is_utf8(text));
        CHECK(ocop::nfc(text) == text);
        CHECK(ocop::is_utf8(ocop::fold(text)));
        CHECK(ocop::is_utf8(ocop::search_key(text)));
        CHECK(ocop::is_utf8(ocop::spelling_key(text)));
        CHECK(ocop::fold(text).find("\xEF\xBF\xBD") != std::string::npos);
        CHECK(ocop::search_key("ab") != ocop::search_key("a" + text + "b"));
    }
    CHECK(ocop::nfc("e\xCC\x82\xCC\x81\xFF"
                    "e\xCC\x82\xCC\x81") == "ế\xFFế");
    CHECK(ocop::is_utf8(""));
    CHECK(ocop::is_utf8("Phường 7 \xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80"));
    CHECK(ocop::is_utf8(std::string("a\0b", 3)));
}

TEST_CASE("the table of letters says what the slow way says") {
    // A letter of another script behind the text leads the whole of it past the table.
    const std::string far = " \xE8\x8C\xB6";
    const auto both = [&](const std::string& text) {
        const std::string quick = ocop::fold(text + " x");
        const std::string slow = ocop::fold(text + " x" + far);
        CHECK(slow == quick + far);
        CHECK(ocop::search_key(text + " x" + far) == ocop::search_key(text + " x") + far);
        CHECK(ocop::spelling_key(text + " x" + far) == ocop::spelling_key(text + " x") + far);
    };
    std::size_t count = 0;
    for (std::uint32_t c = 1; c < 0x2100; ++c) {
        CAPTURE(c);
        both(utf8(c));
        both("a" + utf8(c) + "b");
        ++count;
    }
    CHECK(count == 0x20FF);
    numbers random(20260522);
    const std::vector<std::string> alphabet{"a", "ă",        "ậ", "o\xCC\x82", "\xCC\x81",
                                            " ", "-",        "'", "Đ",         "7",
                                            "ữ", "\xC2\xA0", "É", "ư\xCC\xA3", "."};
    for (int i = 0; i < 3000; ++i) {
        std::string text;
        for (std::uint32_t n = random.below(12); n > 0; --n)
            text += alphabet[random.below(static_cast<std::uint32_t>(alphabet.size()))];
        CAPTURE(text);
        both(text);
        CHECK(ocop::fold(ocop::nfc(text)) == ocop::fold(text));
        CHECK(ocop::spelling_key(ocop::nfc(text)) == ocop::spelling_key(text));
    }
}

TEST_CASE("folding twice changes nothing, whatever the bytes") {
    numbers random(1048);
    for (int i = 0; i < 4000; ++i) {
        std::string text;
        for (std::uint32_t n = random.below(20); n > 0; --n) {
            const std::uint32_t kind = random.below(4);
            if (kind == 0)
                text += static_cast<char>(random.below(256));
            else if (kind == 1)
                text += utf8(0x1EA0 + random.below(0x60));
            else if (kind == 2)
                text += utf8(random.below(0x3000));
            else
                text += static_cast<char>('a' + random.below(26));
        }
        const std::string folded = ocop::fold(text);
        CHECK(ocop::is_utf8(folded));
        CHECK(ocop::fold(folded) == folded);
        const std::string key = ocop::search_key(text);
        CHECK(ocop::search_key(key) == key);
        CHECK(ocop::search_key(folded) == key);
        const std::string composed = ocop::nfc(text);
        CHECK(ocop::nfc(composed) == composed);
        CHECK(ocop::is_utf8(composed) == ocop::is_utf8(text));
    }
}
