#include "ocop/base/fold.hpp"

#include <utf8proc.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ocop {
namespace {

using code_point = std::int32_t;

constexpr code_point replacement = 0xFFFD;

/// The character at \p at of \p text and the bytes it takes; -1 and one byte where these are no UTF-8.
struct decoded {
    code_point value;
    std::size_t bytes;
};

decoded decode(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const auto bits = [&](std::size_t i) { return static_cast<code_point>(byte(i) & 0x3FU); };
    constexpr decoded wrong{-1, 1};
    const unsigned first = byte(0);
    const std::size_t left = text.size() - at;
    if (first < 0x80U) return {static_cast<code_point>(first), 1};
    if (first < 0xC2U || first > 0xF4U) return wrong;
    if (first < 0xE0U) {
        if (left < 2 || !follows(1)) return wrong;
        return {static_cast<code_point>(first & 0x1FU) << 6 | bits(1), 2};
    }
    if (first < 0xF0U) {
        if (left < 3 || !follows(1) || !follows(2)) return wrong;
        const code_point c = static_cast<code_point>(first & 0x0FU) << 12 | bits(1) << 6 | bits(2);
        return c < 0x800 || (c >= 0xD800 && c < 0xE000) ? wrong : decoded{c, 3};
    }
    if (left < 4 || !follows(1) || !follows(2) || !follows(3)) return wrong;
    const code_point c =
        static_cast<code_point>(first & 0x07U) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3);
    return c < 0x10000 || c > 0x10FFFF ? wrong : decoded{c, 4};
}

void append(std::string& to, code_point c) {
    const auto tail = [&to](code_point part) { to += static_cast<char>(0x80 | (part & 0x3F)); };
    if (c < 0x80) {
        to += static_cast<char>(c);
    } else if (c < 0x800) {
        to += static_cast<char>(0xC0 | (c >> 6));
        tail(c);
    } else if (c < 0x10000) {
        to += static_cast<char>(0xE0 | (c >> 12));
        tail(c >> 6);
        tail(c);
    } else {
        to += static_cast<char>(0xF0 | (c >> 18));
        tail(c >> 12);
        tail(c >> 6);
        tail(c);
    }
}

bool is_blank(code_point c) noexcept {
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Marks that stand over, under or in a letter of the Latin script and others alike.
bool is_accent(code_point c) noexcept {
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
           (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
           (c >= 0xFE20 && c <= 0xFE2F);
}

/// The five tones: huyền, sắc, ngã, hỏi, nặng.
bool is_tone(code_point c) noexcept {
    return c == 0x0300 || c == 0x0301 || c == 0x0303 || c == 0x0309 || c == 0x0323;
}

/// Letters and punctuation that Unicode holds apart and people do not. 0 is nothing at all.
code_point plain(code_point c) noexcept {
    switch (c) {
    case 0x00F0:  // ð, in lower case; looks like đ as a capital
    case 0x0256:  // ɖ
        return 0x0111;
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
    case 0x2035:
    case 0x02B9:
    case 0x02BB:
    case 0x02BC:
    case 0x02BD:
    case 0x02C8:
    case 0x00B4:
    case 0x0060:
        return '\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x00AB:
    case 0x00BB:
    case 0x2033:
    case 0x2036:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return '-';
    case 0x2044:
    case 0x2215:
        return '/';
    default:
        return c;
    }
}

/// \p c without what is no accent but part of the letter: đ, ł, ø, ı.
code_point without_stroke(code_point c) noexcept {
    switch (c) {
    case 0x0111:
        return 'd';
    case 0x0142:
        return 'l';
    case 0x00F8:
        return 'o';
    case 0x0131:
        return 'i';
    default:
        return c;
    }
}

constexpr auto decomposed = static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                                           UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

/// What utf8proc makes of the UTF-8 text \p valid under \p options, marks in canonical order; nothing
/// where it refuses (never seen).
std::vector<code_point> decompose_valid(std::string_view valid, utf8proc_option_t options) {
    std::vector<code_point> all(valid.size() + 16);
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(valid.data());
    const auto size = static_cast<utf8proc_ssize_t>(valid.size());
    const auto room = [&all] { return static_cast<utf8proc_ssize_t>(all.size()); };
    utf8proc_ssize_t count = utf8proc_decompose(bytes, size, all.data(), room(), options);
    if (count > room()) {
        all.resize(static_cast<std::size_t>(count));
        count = utf8proc_decompose(bytes, size, all.data(), room(), options);
    }
    all.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return all;
}

/// The compatibility decomposition of \p text, case folded, without what has no width; U+FFFD for
/// each byte that is no UTF-8.
std::vector<code_point> decompose(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const decoded c = decode(text, at);
        append(valid, c.value < 0 ? replacement : plain(c.value));
        at += c.bytes;
    }
    return decompose_valid(valid, decomposed);
}

/// \p all composed, as UTF-8.
std::string composed(const std::vector<code_point>& all) {
    std::string text;
    text.reserve(all.size() * 2);
    for (code_point c : all) append(text, c);
    return nfc(text);
}

/// Joins words: blanks are kept back until something follows.
class words {
public:
    explicit words(std::size_t size) { text_.reserve(size); }
    void blank() noexcept { blank_ = !text_.empty(); }
    void put(std::string_view part) {
        if (blank_) text_ += ' ';
        blank_ = false;
        text_ += part;
    }
    void put(char c) {
        if (blank_) text_ += ' ';
        blank_ = false;
        text_ += c;
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
    bool blank_ = false;
};

/// fold() by utf8proc alone: the meaning of the table below, and for all that is not in it.
std::string fold_slowly(std::string_view text) {
    std::vector<code_point> kept;
    bool blank = false;
    for (code_point c : decompose(text)) {
        if (is_blank(c)) {
            blank = !kept.empty();
            continue;
        }
        c = without_stroke(plain(c));
        if (is_accent(c)) continue;
        if (blank) kept.push_back(' ');
        blank = false;
        kept.push_back(c);
    }
    return composed(kept);
}

/// What stays of a character in a key: the character, nothing, or the end of a word.
enum class part_of : std::uint8_t { word, nothing, gap };

part_of in_key(code_point c) noexcept {
    if (c < 0x80) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        return letter ? part_of::word : c == '\'' ? part_of::nothing : part_of::gap;
    }
    if (c == replacement) return part_of::word;
    const utf8proc_category_t category = utf8proc_category(c);
    const bool letter =
        (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);  // L*, M*, N*
    return letter ? part_of::word : part_of::gap;
}

/// spelling_key() by utf8proc alone: the letters of a word with their quality (â, ơ, đ), composed,
/// and behind them its tones.
std::string spell_slowly(std::string_view text) {
    words made(text.size());
    std::vector<code_point> word;
    std::string tones;
    const auto end_word = [&] {
        if (!word.empty()) made.put(composed(word));
        // A tone on nothing would be lost: it is a word of its own.
        if (!tones.empty()) made.put(tones);
        word.clear();
        tones.clear();
    };
    for (code_point c : decompose(text)) {
        if (is_tone(c)) {
            append(tones, c);
            continue;
        }
        c = plain(c);
        const part_of kind = is_blank(c) ? part_of::gap : in_key(c);
        if (kind == part_of::word) word.push_back(c);
        if (kind != part_of::gap) continue;
        end_word();
        made.blank();
    }
    end_word();
    return made.take();
}

/// What one character becomes, for the letters of Vietnamese and its neighbours: what the slow way
/// says of it alone, which holds in any text, since no step looks at the character before.
struct short_text {
    std::array<char, 4> bytes{};
    std::uint8_t size = 0;

    [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
};

struct table_entry {
    short_text folded;
    short_text letter;  ///< with its quality (â, ơ, đ), without its tone
    code_point tone = 0;
    bool known = false;
    bool blank = false;
    part_of folded_as = part_of::gap;
    part_of letter_as = part_of::gap;
};

constexpr code_point first_limit = 0x0250;  // Latin
constexpr code_point second_from = 0x1EA0;  // Vietnamese with tones
constexpr code_point second_limit = 0x1F00;

class letter_table {
public:
    letter_table() {
        for (code_point c = 0; c < first_limit; ++c) low_[static_cast<std::size_t>(c)] = make(c);
        for (code_point c = second_from; c < second_limit; ++c)
            high_[static_cast<std::size_t>(c - second_from)] = make(c);
    }
    /// Null for what the slow way has to decide.
    [[nodiscard]] const table_entry* find(code_point c) const noexcept {
        const table_entry* entry = nullptr;
        if (c >= 0 && c < first_limit)
            entry = &low_[static_cast<std::size_t>(c)];
        else if (c >= second_from && c < second_limit)
            entry = &high_[static_cast<std::size_t>(c - second_from)];
        return entry != nullptr && entry->known ? entry : nullptr;
    }

private:
    static bool set(short_text& to, const std::string& text) noexcept {
        if (text.size() > to.bytes.size()) return false;
        for (char c : text) to.bytes[to.size++] = c;
        return true;
    }
    static table_entry make(code_point c) {
        table_entry entry;
        if (is_blank(c)) {
            entry.known = entry.blank = true;
            return entry;
        }
        std::string one;
        append(one, c);
        const std::vector<code_point> parts = decompose(one);
        std::vector<code_point> letters;
        for (code_point p : parts) {
            if (is_blank(p)) return entry;  // "¨" is a blank and a mark
            if (is_tone(p)) {
                if (entry.tone != 0) return entry;
                entry.tone = p;
            } else {
                letters.push_back(plain(p));
            }
        }
        if (letters.empty() && !parts.empty()) return entry;
        const std::string folded = fold_slowly(one);
        if (!set(entry.folded, folded) || !set(entry.letter, composed(letters))) return entry;
        // All of a character in a key or none of it; "ŉ" is both.
        const auto as = [](std::string_view text, part_of& kind) {
            bool first = true;
            kind = part_of::nothing;
            for (std::size_t at = 0; at < text.size();) {
                const decoded d = decode(text, at);
                const part_of k = in_key(d.value);
                if (!first && k != kind) return false;
                kind = k;
                first = false;
                at += d.bytes;
            }
            return true;
        };
        entry.known =
            as(entry.folded.view(), entry.folded_as) && as(entry.letter.view(), entry.letter_as);
        return entry;
    }

    std::array<table_entry, static_cast<std::size_t>(first_limit)> low_;
    std::array<table_entry, static_cast<std::size_t>(second_limit - second_from)> high_;
};

const letter_table& letters() {
    static const letter_table& table = *new letter_table;  // never destroyed
    return table;
}

/// Hands the entry of each character of \p text to \p take; accents of their own are passed over if
/// \p accents_vanish. False where the slow way has to be taken.
template <class Take>
bool each_letter(std::string_view text, bool accents_vanish, Take take) {
    const letter_table& table = letters();
    constexpr code_point iota_below = 0x0345;  // a letter in lower case
    for (std::size_t at = 0; at < text.size();) {
        const decoded c = decode(text, at);
        if (const table_entry* entry = table.find(c.value))
            take(*entry);
        else if (!accents_vanish || c.value < 0x0300 || c.value > 0x036F || c.value == iota_below)
            return false;
        at += c.bytes;
    }
    return true;
}

bool append_nfc(std::string& to, std::string_view valid) {
    // Text without marks and without letters of other scripts is composed already.
    bool done = true;
    for (std::size_t at = 0; at < valid.size() && done;) {
        const decoded c = decode(valid, at);
        done = c.value < 0x0300 || (c.value >= second_from && c.value < second_limit);
        at += c.bytes;
    }
    if (done) {
        to += valid;
        return true;
    }
    constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    std::vector<code_point> all = decompose_valid(valid, options);
    if (all.empty()) return false;
    const utf8proc_ssize_t count =
        utf8proc_normalize_utf32(all.data(), static_cast<utf8proc_ssize_t>(all.size()), options);
    if (count < 0) return false;
    for (utf8proc_ssize_t i = 0; i < count; ++i) append(to, all[static_cast<std::size_t>(i)]);
    return true;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        const decoded c = decode(text, at);
        if (c.value < 0) return false;
        at += c.bytes;
    }
    return true;
}

std::string nfc(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    const auto add = [&made](std::string_view valid) {
        const std::size_t before = made.size();
        if (append_nfc(made, valid)) return;
        made.resize(before);  // utf8proc would not: as it was
        made += valid;
    };
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size();) {
        const decoded c = decode(text, at);
        if (c.value < 0) {
            add(text.substr(from, at - from));
            made += text[at];
            from = at + 1;
        }
        at += c.bytes;
    }
    add(text.substr(from));
    return made;
}

std::string fold(std::string_view text) {
    words made(text.size());
    const bool done = each_letter(text, true, [&](const table_entry& e) {
        if (e.blank)
            made.blank();
        else if (e.folded.size == 1)
            made.put(e.folded.bytes[0]);
        else if (e.folded.size != 0)
            made.put(e.folded.view());
    });
    return done ? made.take() : fold_slowly(text);
}

std::string search_key(std::string_view text) {
    words made(text.size());
    const bool done = each_letter(text, true, [&](const table_entry& e) {
        if (e.blank || e.folded_as == part_of::gap)
            made.blank();
        else if (e.folded_as == part_of::word)
            made.put(e.folded.view());
    });
    if (done) return made.take();
    words slow(text.size());
    const std::string folded = fold_slowly(text);
    for (std::size_t at = 0; at < folded.size();) {
        const decoded c = decode(folded, at);
        const part_of kind = c.value == ' ' ? part_of::gap : in_key(c.value);
        if (kind == part_of::gap)
            slow.blank();
        else if (kind == part_of::word)
            slow.put(std::string_view(folded).substr(at, c.bytes));
        at += c.bytes;
    }
    return slow.take();
}

std::string spelling_key(std::string_view text) {
    words made(text.size() + 8);
    std::array<code_point, 8> tones{};  // of one word
    std::size_t count = 0;
    bool fits = true;
    const auto end_word = [&] {
        for (std::size_t i = 0; i < count; ++i) {
            std::string tone;
            append(tone, tones[i]);
            made.put(tone);
        }
        count = 0;
    };
    const bool done = each_letter(text, false, [&](const table_entry& e) {
        if (e.tone != 0) {
            if (count == tones.size()) {
                fits = false;
                return;
            }
            tones[count++] = e.tone;
        }
        if (e.blank || e.letter_as == part_of::gap) {
            end_word();
            made.blank();
        } else if (e.letter_as == part_of::word) {
            made.put(e.letter.view());
        }
    });
    if (!done || !fits) return spell_slowly(text);
    end_word();
    return made.take();
}

bool same_spelling(std::string_view a, std::string_view b) {
    return spelling_key(a) == spelling_key(b);
}

}  // namespace ocop
