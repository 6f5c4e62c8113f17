#include "ocop/exchange/star_wording.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "ocop/base/fold.hpp"
#include "star_words.hpp"
#include "wording_text.hpp"

namespace ocop {
namespace {

using detail::code_point;
using detail::star_tag;
using detail::star_word;

// ---------------------------------------------------------------- tokens

enum class sign : std::uint8_t {
    word,
    number,
    symbols,  // ★★★
    comma,
    slash,
    dash,
    arrow,
    plus,
    at_least,  // ≥
    at_most,   // ≤
    more,      // >
    less,      // <
    open,
    stop  // ; : . line end, closing bracket: a clause ends
};

/// A number that is no whole one, or too large for any meaning here.
constexpr int no_whole = -1;

struct token {
    sign what = sign::word;
    star_tag tag = star_tag::unknown;
    bool blank_before = false;
    int value = 0;         // number; symbols: filled ones
    int hollow = 0;        // symbols
    bool decimal = false;  // written with decimals
    bool asterisk = false;
    bool taken = false;    // part of a date, a score, a counter: no star
    std::string spelling;  // word: key with accents
    std::string plain;     // word, number: folded
};

[[nodiscard]] bool filled_star(char32_t c) noexcept {
    return c == U'*' || c == 0xFF0A || c == 0x2217 || c == 0x2605 || c == 0x2B50 || c == 0x22C6 ||
           c == 0x2729 || c == 0x272A || (c >= 0x272B && c <= 0x2730) || c == 0x1F31F ||
           c == 0x2BE8;
}
[[nodiscard]] bool hollow_star(char32_t c) noexcept { return c == 0x2606; }

/// Cuts a wording into words, numbers, symbols and marks.
class tokens_of {
public:
    explicit tokens_of(std::string_view text) : text_(text) {
        while (at_ < text_.size()) step();
        while (!list_.empty() && list_.back().plain == "\n") list_.pop_back();
    }
    [[nodiscard]] std::vector<token> take() && { return std::move(list_); }

private:
    [[nodiscard]] code_point here(std::size_t at) const {
        return at < text_.size() ? detail::code_point_at(text_, at) : code_point{0, 0};
    }
    [[nodiscard]] bool letter(char32_t c) const noexcept {
        if (c == 0) return false;
        if (c < 0x80) return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
        return !detail::is_blank(c) && !detail::is_line_end(c) && !detail::is_invisible(c) &&
               !detail::is_dash(c) && detail::digit_of(c) < 0 && !filled_star(c) &&
               !hollow_star(c) && mark_of(c) == sign::word && !quote(c);
    }
    [[nodiscard]] static bool quote(char32_t c) noexcept {
        return c == U'"' || c == U'\'' || c == U'`' || c == U'_' || c == U'&' || c == 0xAB ||
               c == 0xBB || (c >= 0x2018 && c <= 0x201F) || c == U'#' || c == 0x2022 || c == 0xB7;
    }
    [[nodiscard]] static sign mark_of(char32_t c) noexcept {
        switch (c) {
        case U',':
        case 0xFF0C:
        case 0x3001:
            return sign::comma;
        case U'/':
        case 0xFF0F:
            return sign::slash;
        case U'~':
        case 0xF7:  // "3÷4"
        case 0x223C:
        case 0x301C:
        case 0xFF5E:
            return sign::dash;
        case 0x2192:
        case 0x21D2:
        case 0x2794:
        case 0x279C:
        case 0x27A1:
            return sign::arrow;
        case U'+':
        case 0xFF0B:
            return sign::plus;
        case 0x2265:
        case 0x2267:
        case 0x2A7E:
            return sign::at_least;
        case 0x2264:
        case 0x2266:
        case 0x2A7D:
            return sign::at_most;
        case U'>':
        case 0xFF1E:
            return sign::more;
        case U'<':
        case 0xFF1C:
            return sign::less;
        case U'(':
        case U'[':
        case U'{':
        case 0xFF08:
            return sign::open;
        case U')':
        case U']':
        case U'}':
        case 0xFF09:
        case U';':
        case U':':
        case U'.':
        case U'!':
        case U'?':
        case U'|':
        case U'=':
        case 0xFF1A:
        case 0xFF1B:
        case 0xFF1F:
        case 0x2026:
            return sign::stop;
        default:
            return sign::word;
        }
    }

    void step() {
        const code_point c = here(at_);
        if (detail::is_invisible(c.value)) {
            at_ += c.size;
        } else if (detail::is_blank(c.value) || quote(c.value)) {
            // "&" between words is "and"; other quotes are blanks.
            if (c.value == U'&') add(sign::word).plain = "and";
            blank_ = true;
            at_ += c.size;
        } else if (detail::is_line_end(c.value)) {
            if (!list_.empty()) add(sign::stop).plain = "\n";
            at_ += c.size;
        } else if (detail::digit_of(c.value) >= 0) {
            number();
        } else if (filled_star(c.value) || hollow_star(c.value)) {
            symbols();
        } else if (detail::is_dash(c.value)) {
            dash(c);
        } else if (letter(c.value)) {
            word();
        } else {
            mark(c);
        }
    }

    token& add(sign what) {
        list_.emplace_back();
        list_.back().what = what;
        list_.back().blank_before = blank_;
        blank_ = false;
        return list_.back();
    }

    void mark(code_point c) {
        const code_point next = here(at_ + c.size);
        sign what = mark_of(c.value);
        if (what == sign::word) what = sign::stop;  // another ASCII mark
        if (what == sign::slash && at_ > 0 && letter(next.value) && !list_.empty() &&
            list_.back().what == sign::word) {
            blank_ = true;  // "và/hoặc", "N/A"
            at_ += c.size;
            return;
        }
        if (c.value == U'=' && next.value == U'>') {
            what = sign::arrow;
            at_ += next.size;
        } else if (c.value == U'>' && next.value == U'=') {
            what = sign::at_least;
            at_ += next.size;
        } else if (c.value == U'<' && next.value == U'=') {
            what = sign::at_most;
            at_ += next.size;
        } else if (c.value == U'.' && next.value == U'.') {  // "3..4"
            while (here(at_ + c.size).value == U'.') ++at_;
            what = sign::dash;
        }
        token& t = add(what);
        if (c.value == U';') t.plain = ";";
        if (c.value == U':') t.plain = ":";
        if (c.value == U'?' || c.value == 0xFF1F) t.plain = "?";
        at_ += c.size;
    }

    void dash(code_point c) {
        std::size_t end = at_ + c.size;
        while (detail::is_dash(here(end).value)) end += here(end).size;
        if (here(end).value == U'>') {
            at_ = end + 1;
            add(sign::arrow);
            return;
        }
        // Between letters it joins words: "non-OCOP", "QĐ-UBND".
        const bool joins =
            !blank_ && !list_.empty() && list_.back().what == sign::word && letter(here(end).value);
        at_ = end;
        if (joins)
            blank_ = true;
        else
            add(sign::dash);
    }

    void word() {
        const std::size_t from = at_;
        while (letter(here(at_).value) || detail::is_invisible(here(at_).value))
            at_ += here(at_).size;
        const std::string_view bytes = text_.substr(from, at_ - from);
        token& t = add(sign::word);
        t.plain = search_key(bytes);
        t.spelling = spelling_key(bytes);
    }

    void symbols() {
        token& t = add(sign::symbols);
        while (true) {
            const code_point c = here(at_);
            if (filled_star(c.value)) {
                ++t.value;
                t.asterisk = t.asterisk || c.value == U'*';
            } else if (hollow_star(c.value)) {
                ++t.hollow;
            } else if (!detail::is_invisible(c.value)) {
                std::size_t next = at_;
                while (detail::is_blank(here(next).value)) next += here(next).size;
                if (next == at_ ||
                    !(filled_star(here(next).value) || hollow_star(here(next).value)))
                    return;
                at_ = next;
                continue;
            }
            if (c.size == 0) return;
            at_ += c.size;
        }
    }

    [[nodiscard]] std::string digits() {
        std::string text;
        while (detail::digit_of(here(at_).value) >= 0) {
            text += static_cast<char>('0' + detail::digit_of(here(at_).value));
            at_ += here(at_).size;
        }
        return text;
    }

    void number() {
        token& t = add(sign::number);
        std::string whole = digits();
        const code_point mark = here(at_);
        const bool point = mark.value == U'.';
        if ((point || mark.value == U',') && detail::digit_of(here(at_ + 1).value) >= 0) {
            const std::size_t back = at_;
            ++at_;
            const std::string decimals = digits();
            const bool zeros = decimals.find_first_not_of('0') == std::string::npos;
            // A comma between two digits parts a list ("3,4 sao"), unless what stands around it
            // cannot be stars: "69,25", "4,0". No product has half a star, so "3,5" is no list of
            // 3 and 5: told as what cannot be read.
            const bool half =
                decimals == "5" && whole.size() == 1 && whole != "4" && here(at_).value != U',';
            const bool list = !point && decimals.size() == whole.size() && whole.size() <= 2 &&
                              !(whole.size() == 2 && whole[0] != '0') && !zeros && !half;
            if (list) {
                at_ = back;
            } else {
                t.decimal = true;
                t.plain = whole + "." + decimals;
                t.value = zeros ? small(whole) : no_whole;
                return;
            }
        }
        t.plain = whole;
        t.value = small(whole);
    }

    [[nodiscard]] static int small(const std::string& whole) {
        std::size_t from = 0;
        while (from + 1 < whole.size() && whole[from] == '0') ++from;
        if (whole.size() - from > 4) return no_whole;
        int value = 0;
        for (char c : whole.substr(from)) value = value * 10 + (c - '0');
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool blank_ = false;
    std::vector<token> list_;
};

// ---------------------------------------------------------------- words and phrases

struct phrase {
    std::string plain;
    std::string spelling;
    std::size_t words = 1;
    star_tag tag = star_tag::unknown;
    bool with_accents = false;
};

/// The table, by the first word of each phrase, the longest first.
class vocabulary {
public:
    vocabulary() {
        for (const star_word& w : detail::star_words) {
            phrase p;
            p.plain = search_key(w.words);
            p.spelling = spelling_key(w.words);
            for (char c : p.plain) p.words += c == ' ' ? 1U : 0U;
            p.tag = w.tag;
            p.with_accents = w.with_accents;
            by_first_[p.plain.substr(0, p.plain.find(' '))].push_back(std::move(p));
        }
        for (auto& [first, list] : by_first_)
            std::stable_sort(list.begin(), list.end(),
                             [](const phrase& a, const phrase& b) { return a.words > b.words; });
    }

    /// The longest phrase that begins at \p at.
    [[nodiscard]] const phrase* find(const std::vector<token>& list, std::size_t at) const {
        const auto found = by_first_.find(list[at].plain);
        if (found == by_first_.end()) return nullptr;
        for (const phrase& p : found->second)
            if (fits(p, list, at)) return &p;
        return nullptr;
    }

private:
    [[nodiscard]] static bool fits(const phrase& p, const std::vector<token>& list,
                                   std::size_t at) {
        if (p.words == 1) {
            if (list[at].spelling == p.spelling) return true;
            const bool bare = list[at].spelling == list[at].plain || list[at].spelling.empty();
            return bare && !p.with_accents;
        }
        std::size_t from = 0;
        for (std::size_t k = 0; k < p.words; ++k) {
            if (at + k >= list.size() || list[at + k].what != sign::word) return false;
            const std::size_t end = std::min(p.plain.find(' ', from), p.plain.size());
            if (std::string_view(p.plain).substr(from, end - from) != list[at + k].plain)
                return false;
            from = end + 1;
        }
        return true;
    }

    std::unordered_map<std::string, std::vector<phrase>> by_first_;
};

[[nodiscard]] const vocabulary& words() {
    static const vocabulary all;
    return all;
}

struct number_word {
    std::string_view text;
    int value;
};
constexpr std::array<number_word, 31> number_words{
    {{"một", 1},  {"hai", 2},   {"ba", 3},   {"bốn", 4},  {"tư", 4},   {"năm", 5},   {"lăm", 5},
     {"sáu", 6},  {"bảy", 7},   {"bẩy", 7},  {"tám", 8},  {"chín", 9}, {"mười", 10}, {"one", 1},
     {"two", 2},  {"three", 3}, {"four", 4}, {"five", 5}, {"six", 6},  {"seven", 7}, {"eight", 8},
     {"nine", 9}, {"ten", 10},  {"zero", 0}, {"i", 1},    {"ii", 2},   {"iii", 3},   {"iv", 4},
     {"v", 5},    {"vi", 6},    {"vii", 7}}};

/// The number that a word may mean; no_whole for others.
[[nodiscard]] int number_of(const token& t) {
    if (t.what != sign::word) return no_whole;
    struct key {
        std::string plain;
        std::string spelling;
        int value;
    };
    static const std::vector<key> keys = [] {
        std::vector<key> list;
        for (const number_word& w : number_words)
            list.push_back({search_key(w.text), spelling_key(w.text), w.value});
        return list;
    }();
    for (const key& k : keys)
        if (t.spelling == k.spelling || (t.spelling == t.plain && t.plain == k.plain))
            return k.value;
    return no_whole;
}

// ---------------------------------------------------------------- the reading

/// Stars that a wording names in one go, and what is said of them.
struct item {
    std::size_t from = 0;  // tokens
    std::size_t to = 0;
    std::vector<int> numbers;
    enum class shape : std::uint8_t { one, range, list, least, most, up, down } form = shape::one;
    bool unit = false;    // a unit stands with it
    bool ranked = false;  // a rank without a unit: "hạng ba"
    bool halved = false;
    bool fractional = false;
    bool negative = false;
    bool contrary = false;  // "4 sao ***"
    // said of it
    bool now = false;  // "nay 4 sao"
    bool awarded = false;
    bool proposed = false;
    bool revoked = false;
    bool expired = false;
    bool in_force = false;
    bool denied = false;
    bool band = false;
    bool above = false;
    bool below = false;

    [[nodiscard]] bool has_status() const noexcept { return proposed || revoked || expired; }
};

[[nodiscard]] label because(std::string_view vi, std::string_view en,
                            std::initializer_list<std::string_view> values = {}) {
    return detail::told(vi, en, values);
}

class reader {
public:
    explicit reader(std::string_view text) : list_(tokens_of(text).take()) {
        find_phrases();
        set_aside();
        find_items();
        find_status();
    }

    [[nodiscard]] star_wording read();

private:
    using shape = item::shape;

    // ---- words

    void find_phrases() {
        std::vector<token> merged;
        for (std::size_t i = 0; i < list_.size();) {
            if (list_[i].what != sign::word) {
                merged.push_back(std::move(list_[i++]));
                continue;
            }
            const phrase* p = words().find(list_, i);
            // "5 sao vàng": behind a number, "sao" is the unit.
            if (p != nullptr && p->tag == star_tag::other_thing && list_[i].plain == "sao" &&
                i > 0 && (list_[i - 1].what == sign::number || number_of(list_[i - 1]) > 0))
                p = nullptr;
            std::size_t count = 1;
            star_tag tag = list_[i].plain == "sao" && bare_or(list_[i], "sao") ? star_tag::unit
                                                                               : star_tag::unknown;
            if (p != nullptr) {
                count = p->words;
                tag = p->tag;
            }
            merged.push_back(std::move(list_[i]));
            merged.back().tag = tag;
            for (std::size_t k = 1; k < count; ++k) merged.back().plain += ' ' + list_[i + k].plain;
            if (count > 1) merged.back().spelling.clear();
            i += count;
        }
        list_ = std::move(merged);
        fractions_in_words();
        number_words_as_numbers();
        words_of_place();
    }
    /// "ba phẩy năm sao", "three point five stars": no whole number.
    void fractions_in_words() {
        const auto digit = [&](std::size_t at) { return is(at, sign::number) || number(at); };
        for (std::size_t i = 1; i + 1 < list_.size(); ++i) {
            const bool point =
                has(i, star_tag::part) || (has(i, star_tag::points) && list_[i].plain == "point");
            if (!point || !digit(i - 1) || !digit(i + 1)) continue;
            token& t = list_[i + 1];
            t.what = sign::number;
            t.value = no_whole;
            t.decimal = true;
            t.plain = "0.0";
            list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(i - 1),
                        list_.begin() + static_cast<std::ptrdiff_t>(i + 1));
        }
    }
    [[nodiscard]] bool number(std::size_t at) const {
        return at < list_.size() && number_of(list_[at]) >= 0;
    }
    /// Words that mean something in one place only; elsewhere they are parts of names or say nothing.
    void words_of_place() {
        for (std::size_t i = 0; i < list_.size(); ++i) {
            token& t = list_[i];
            if (t.what != sign::word) continue;
            if (t.tag == star_tag::out_of) {
                // "4 of 5 stars": the 5 is the scale.
                const bool scale = i > 0 && is(i - 1, sign::number) && is(i + 1, sign::number) &&
                                   list_[i + 1].value == stars::highest &&
                                   (has(i + 2, star_tag::unit) || is(i + 2, sign::symbols) ||
                                    i + 2 == list_.size());
                if (scale)
                    list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(i),
                                list_.begin() + static_cast<std::ptrdiff_t>(i + 2));
                else
                    t.tag = star_tag::known;
            } else if (t.tag == star_tag::part) {
                t.tag = star_tag::unknown;
            } else if (t.tag == star_tag::once_bare || t.tag == star_tag::near_bare) {
                std::size_t next = i + 1;
                while (has(next, star_tag::rank) || has(next, star_tag::ocop) ||
                       has(next, star_tag::award) || has(next, star_tag::known))
                    ++next;
                const bool starts = i == 0 || list_[i - 1].what != sign::word ||
                                    list_[i - 1].tag == star_tag::known ||
                                    list_[i - 1].tag == star_tag::ocop;
                const bool star = starts && (is(next, sign::number) || is(next, sign::symbols));
                const bool close = t.tag == star_tag::near_bare;
                t.tag = !star ? star_tag::unknown : close ? star_tag::proposed : star_tag::once;
            } else if (t.tag == star_tag::once_behind) {
                const bool star = i > 0 && (has(i - 1, star_tag::unit) || is(i - 1, sign::symbols));
                t.tag = star ? star_tag::once : star_tag::unknown;
            }
        }
    }
    [[nodiscard]] static bool bare_or(const token& t, std::string_view spelling) {
        return t.spelling == spelling || t.spelling == t.plain;
    }

    [[nodiscard]] bool is(std::size_t at, sign what) const {
        return at < list_.size() && list_[at].what == what;
    }
    [[nodiscard]] bool has(std::size_t at, star_tag tag) const {
        return is(at, sign::word) && list_[at].tag == tag;
    }

    /// "ba sao", "hạng ba", "từ ba đến bốn sao": a number word is a number beside a star's words
    /// only ("năm 2022" is a year, "bà Ba" a person).
    void number_words_as_numbers() {
        std::vector<int> meant(list_.size(), no_whole);
        for (std::size_t i = 0; i < list_.size(); ++i) meant[i] = number_of(list_[i]);
        const auto connects = [&](std::size_t i) {
            return is(i, sign::dash) || is(i, sign::comma) || is(i, sign::slash) ||
                   has(i, star_tag::out_of) || has(i, star_tag::to) || has(i, star_tag::both) ||
                   has(i, star_tag::up_to) || has(i, star_tag::down_to);
        };
        // From the end, so that a chain that ends in "sao" is followed back.
        for (std::size_t i = list_.size(); i-- > 0;) {
            if (meant[i] < 0) continue;
            const bool alone = list_.size() == 1;
            const bool before_unit =
                has(i + 1, star_tag::unit) || (is(i + 1, sign::dash) && has(i + 2, star_tag::unit));
            const bool ranked = i > 0 && has(i - 1, star_tag::rank);
            const bool chained = connects(i + 1) && is(i + 2, sign::number);
            const bool bracketed = i > 1 && is(i - 1, sign::open) && is(i - 2, sign::number);
            const bool repeated = is(i + 1, sign::open) && is(i + 2, sign::number) &&
                                  is(i + 3, sign::stop) && has(i + 4, star_tag::unit);
            const bool is_year = has(i, star_tag::counter) && is(i + 1, sign::number);
            const bool one_of_many = i > 0 && list_[i].plain == "i" && !ranked && !before_unit;
            if (is_year || one_of_many) continue;
            if (before_unit || ranked || chained || bracketed || repeated || alone) {
                list_[i].what = sign::number;
                list_[i].value = meant[i];
            }
        }
    }

    // ---- numbers that are no stars

    void set_aside() {
        for (std::size_t i = 0; i < list_.size(); ++i) {
            if (list_[i].what == sign::number && !list_[i].taken) date_at(i);
        }
        for (std::size_t i = 0; i < list_.size(); ++i) {
            token& t = list_[i];
            if (t.what == sign::number && !t.taken) {
                if (is(i + 1, sign::slash) && is(i + 2, sign::word) && !has(i + 2, star_tag::unit))
                    t.taken = true;  // 3981/QĐ-UBND
                if (t.value >= 1900 && t.value <= 2100 && !has(i + 1, star_tag::unit))
                    t.taken = true;
            }
            if (t.what == sign::word && t.tag == star_tag::counter) counter_at(i);
        }
        for (std::size_t i = 0; i < list_.size(); ++i) score_at(i);
    }

    [[nodiscard]] bool parts(std::size_t at) const {
        return is(at, sign::slash) || is(at, sign::dash) ||
               (is(at, sign::stop) && !list_[at].blank_before);
    }
    [[nodiscard]] bool year_at(std::size_t at) const {
        return is(at, sign::number) && list_[at].value >= 1900 && list_[at].value <= 2100 &&
               !list_[at].decimal;
    }
    void take(std::size_t from, std::size_t to) {
        for (std::size_t k = from; k < to && k < list_.size(); ++k) list_[k].taken = true;
    }
    /// d/m/y, m/y, y-m-d and 2021-2023; also "05.08.2026", where "05.08" was read as a decimal.
    void date_at(std::size_t i) {
        if (year_at(i) && parts(i + 1) && is(i + 2, sign::number)) {
            const bool day = parts(i + 3) && is(i + 4, sign::number) && list_[i + 4].value <= 31;
            if (list_[i + 2].value <= 12 || year_at(i + 2))
                if (!has(i + (day ? 5 : 3), star_tag::unit)) take(i, i + (day ? 5 : 3));
            return;
        }
        if (list_[i].value > 31) return;
        if (parts(i + 1) && is(i + 2, sign::number)) {
            if (list_[i].decimal || year_at(i + 2)) {
                if (year_at(i + 2)) take(i, i + 3);
            } else if (parts(i + 3) && year_at(i + 4)) {
                take(i, i + 5);
            }
        }
    }
    /// "đợt 2 và 3 năm 2022": the numbers behind a counter belong to it.
    void counter_at(std::size_t i) {
        std::size_t at = i + 1;
        if (has(at, star_tag::counter) || (is(at, sign::stop) && is(at + 1, sign::number)) ||
            (is(at, sign::word) && list_[at].plain == "thu"))
            ++at;
        if (!is(at, sign::number) || has(at + 1, star_tag::unit) || is(at + 1, sign::symbols))
            return;
        take(at, at + 1);
        while ((is(at + 1, sign::slash) || is(at + 1, sign::dash)) && is(at + 2, sign::number) &&
               !has(at + 3, star_tag::unit)) {
            take(at + 2, at + 3);
            at += 2;
        }
    }
    /// "72,10 điểm", "85/100", "từ 70 đến 89 điểm", "điểm: 75".
    void score_at(std::size_t i) {
        token& t = list_[i];
        const auto score = [&](std::size_t from, std::size_t to) {
            take(from, to);
            scored_ = true;
        };
        if (t.what == sign::number && !t.taken) {
            if (is(i + 1, sign::slash) && is(i + 2, sign::number) && list_[i + 2].value == 100)
                return score(i, i + 3);
            if (has(i + 1, star_tag::points)) return score(i, i + 1);
            const bool pair =
                is(i + 1, sign::dash) || has(i + 1, star_tag::to) || has(i + 1, star_tag::both);
            if (pair && is(i + 2, sign::number) && has(i + 3, star_tag::points))
                return score(i, i + 3);
            if (pair && is(i + 2, sign::word) && is(i + 3, sign::number) &&
                has(i + 4, star_tag::points))
                return score(i, i + 4);
            if (t.decimal && t.plain.find('.') >= 2 && !has(i + 1, star_tag::unit))
                return score(i, i + 1);
        }
        if (t.what == sign::word && t.tag == star_tag::points) {
            scored_word_ = true;
            std::size_t at = i + 1;
            while (is(at, sign::stop) || has(at, star_tag::known) || has(at, star_tag::award) ||
                   has(at, star_tag::from) || is(at, sign::at_least) || is(at, sign::more))
                ++at;
            if (is(at, sign::number) && !list_[at].taken && !has(at + 1, star_tag::unit) &&
                !is(at + 1, sign::symbols)) {
                score(at, at + 1);
                if ((is(at + 1, sign::dash) || has(at + 1, star_tag::to)) &&
                    is(at + 2, sign::number) && !has(at + 3, star_tag::unit))
                    score(at + 2, at + 3);
            }
        }
    }

    // ---- stars

    [[nodiscard]] bool free_number(std::size_t at) const {
        return is(at, sign::number) && !list_[at].taken;
    }
    /// Words that may stand between "lên" and its number: "lên hạng OCOP 4 sao".
    [[nodiscard]] std::size_t skip_known(std::size_t at) const {
        while (has(at, star_tag::known) || has(at, star_tag::rank) || has(at, star_tag::ocop) ||
               has(at, star_tag::award) || has(at, star_tag::measured))
            ++at;
        return at;
    }
    /// The words of a unit at \p at: "sao", "-star", "*", "★★★" for 3. How many tokens; 0: none.
    [[nodiscard]] std::size_t unit_at(std::size_t at, int value, bool& contrary) const {
        std::size_t to = at;
        if (has(to, star_tag::unit)) {
            ++to;
        } else if (is(to, sign::dash) && has(to + 1, star_tag::unit)) {
            to += 2;
        } else if (is(to, sign::symbols)) {
            const token& s = list_[to];
            const bool one = s.value + s.hollow == 1;
            const bool same = s.value == value;
            contrary = contrary || !(one || same);
            return 1;
        } else {
            return 0;
        }
        // "3 sao ★★★" says it twice; "3 sao*" has a footnote.
        if (is(to, sign::symbols)) {
            const token& s = list_[to];
            const bool footnote = s.asterisk && s.value == 1;
            if (!footnote && s.value != value) contrary = true;
            ++to;
        }
        return to - at;
    }

    void find_items() {
        for (std::size_t i = 0; i < list_.size();) {
            if (free_number(i)) {
                i = number_item(i);
            } else if (is(i, sign::symbols)) {
                i = symbol_item(i);
            } else if (has(i, star_tag::unit) && sao_number(i)) {
                i += 2;
            } else {
                ++i;
            }
        }
    }

    /// "sao: 4", "star_4": the unit before its number.
    bool sao_number(std::size_t i) {
        std::size_t at = i + 1;
        if (is(at, sign::stop)) ++at;
        bool contrary = false;
        if (!free_number(at) || unit_at(at + 1, list_[at].value, contrary) != 0) return false;
        if (has(at + 1, star_tag::measured) || has(at + 1, star_tag::unknown)) return false;
        if (!items_.empty() && items_.back().to == i + 1) return false;
        item one;
        one.from = i;
        one.to = at + 1;
        one.unit = true;
        add_number(one, at);
        items_.push_back(one);
        return true;
    }

    static void note_number(item& one, const token& t) {
        one.numbers.push_back(t.value);
        one.fractional = one.fractional || t.value == no_whole;
    }
    void add_number(item& one, std::size_t at) { note_number(one, list_[at]); }

    std::size_t symbol_item(std::size_t i) {
        const token& s = list_[i];
        // One asterisk alone is a footnote or a bullet, unless it is all there is.
        if (s.asterisk && s.value == 1 && list_.size() > 1 && !free_number(i + 1)) return i + 1;
        item one;
        one.from = i;
        one.to = i + 1;
        one.unit = true;
        if (s.value + s.hollow == 1 && free_number(i + 1)) {  // "★ 3"
            bool contrary = false;
            if (unit_at(i + 2, list_[i + 1].value, contrary) != 0) return i + 1;
            add_number(one, i + 1);
            one.to = i + 2;
        } else {
            // "☆☆☆" may be three stars or none of three.
            one.numbers.push_back(s.value);
            one.contrary = s.value == 0 || (s.hollow > 0 && s.value + s.hollow != 5);
        }
        items_.push_back(one);
        return one.to;
    }

    struct link {
        shape form = shape::one;
        std::size_t next = 0;  // where the next number stands
        bool turned = false;   // "4 sao, nâng từ 3 sao": the former star comes later
        bool less = false;     // "đến dưới 5 sao"
    };
    /// What joins the number before \p at to the next one.
    [[nodiscard]] link link_at(std::size_t at, bool unit_before) const {
        const auto to = [&](shape form, std::size_t next) {
            // "3 sao và 1 sản phẩm 4 sao": the 1 counts products.
            return free_number(next) && !has(next + 1, star_tag::measured) ? link{form, next}
                                                                           : link{};
        };
        if (is(at, sign::arrow)) return to(shape::up, skip_known(at + 1));
        if (has(at, star_tag::to) && has(at + 1, star_tag::below)) {
            link found = to(shape::range, skip_rank(at + 2));
            found.less = true;
            return found;
        }
        if (is(at, sign::dash) || has(at, star_tag::to)) return to(shape::range, skip_rank(at + 1));
        if (is(at, sign::slash)) return to(shape::list, at + 1);
        if (has(at, star_tag::both)) return to(shape::list, skip_rank(at + 1));
        const bool semicolon = is(at, sign::stop) && list_[at].plain == ";";
        if ((is(at, sign::comma) || semicolon) && !unit_before) {
            if (has(at + 1, star_tag::both)) return to(shape::list, at + 2);
            return to(shape::list, at + 1);
        }
        // "3 sao được nâng hạng thành 4 sao"
        std::size_t seek = at;
        bool up = false;
        bool down = false;
        bool turned = false;
        while (((up || down) && has(seek, star_tag::from)) || has(seek, star_tag::known) ||
               has(seek, star_tag::rank) || has(seek, star_tag::ocop) ||
               has(seek, star_tag::award) || has(seek, star_tag::up_to) ||
               has(seek, star_tag::up) || has(seek, star_tag::down) ||
               has(seek, star_tag::down_to) || has(seek, star_tag::measured)) {
            up = up || has(seek, star_tag::up_to) || has(seek, star_tag::up);
            down = down || has(seek, star_tag::down_to) || has(seek, star_tag::down);
            const std::string& last = list_[seek].plain;
            turned = has(seek, star_tag::from) || (last.size() > 3 && last.ends_with(" tu"));
            ++seek;
        }
        if (!up && !down) return {};
        link found = to(down ? shape::down : shape::up, seek);
        found.turned = turned;
        return found;
    }
    [[nodiscard]] std::size_t skip_rank(std::size_t at) const {
        while (has(at, star_tag::rank) || has(at, star_tag::ocop)) ++at;
        return at;
    }

    std::size_t number_item(std::size_t i) {
        item one;
        one.from = i;
        add_number(one, i);
        one.ranked = i > 0 && has(i - 1, star_tag::rank);
        // "-3 sao" at the very beginning, the sign at the digit.
        one.negative = (i == 1 && is(0, sign::dash) && !list_[1].blank_before) ||
                       (i > 0 && has(i - 1, star_tag::minus));
        std::size_t at = i + 1;
        bool last_unit = false;
        while (true) {
            // "4 (bốn) sao"
            if (is(at, sign::open) && free_number(at + 1) && is(at + 2, sign::stop) &&
                (has(at + 3, star_tag::unit) || list_[at + 1].what == sign::number)) {
                if (list_[at + 1].value == one.numbers.back() && has(at + 3, star_tag::unit)) {
                    at += 3;
                } else if (has(at + 3, star_tag::unit)) {
                    one.contrary = true;
                    at += 3;
                }
            }
            const std::size_t unit = unit_at(at, one.numbers.back(), one.contrary);
            at += unit;
            last_unit = unit != 0;
            one.unit = one.unit || last_unit;
            if (is(at, sign::plus) && !is(at + 1, sign::number)) {
                one.form = shape::least;
                ++at;
                const std::size_t behind = unit_at(at, one.numbers.back(), one.contrary);
                one.unit = one.unit || behind != 0;
                at += behind;
                break;
            }
            const link next = link_at(at, last_unit);
            if (next.form == shape::one) break;
            // Of different links the last counts, but a range within a list does not go together.
            if (one.form != shape::one && one.form != next.form) {
                const bool lists = one.form == shape::list || one.form == shape::range;
                if (!lists || next.form == shape::up || next.form == shape::down) break;
                one.form = shape::list;
            } else {
                one.form = one.form == shape::range ? shape::list : next.form;
            }
            add_number(one, next.next);
            if (next.less && one.numbers.back() > 0) --one.numbers.back();
            if (next.turned) std::swap(one.numbers.back(), one.numbers[one.numbers.size() - 2]);
            at = next.next + 1;
        }
        if (has(at, star_tag::half)) {
            one.halved = true;
            ++at;
        }
        one.to = at;
        items_.push_back(one);
        return at;
    }

    // ---- what is said of them

    [[nodiscard]] bool breaks(std::size_t at) const {
        return is(at, sign::stop) || is(at, sign::open) || is(at, sign::comma);
    }
    [[nodiscard]] bool inside_item(std::size_t at) const {
        for (const item& one : items_)
            if (at >= one.from && at < one.to) return true;
        return false;
    }

    void say(item& one, star_tag tag) const {
        one.proposed = one.proposed || tag == star_tag::proposed;
        one.revoked = one.revoked || tag == star_tag::revoked;
        one.expired = one.expired || tag == star_tag::expired || tag == star_tag::once;
        one.in_force = one.in_force || tag == star_tag::in_force;
        one.awarded = one.awarded || tag == star_tag::award;
    }

    /// Only beside items with a unit, or beside all where none has one.
    void find_status() {
        bool unit = false;
        for (const item& one : items_) unit = unit || one.unit;
        explicit_ = unit;
        if (unit) {
            contradicts_rank();
            std::erase_if(items_, [](const item& one) { return !one.unit; });
        }
        for (std::size_t k = 0; k < items_.size(); ++k) before(k);
        for (std::size_t k = 0; k < items_.size(); ++k) behind(k);
        clauses_without_items();
        for (std::size_t k = 0; k < items_.size(); ++k) domain(k);
    }

    /// "hạng ba (04 sao)"
    void contradicts_rank() {
        for (std::size_t k = 0; k + 1 < items_.size(); ++k) {
            const item& rank = items_[k];
            item& star = items_[k + 1];
            if (rank.ranked && !rank.unit && star.unit && is(rank.to, sign::open) &&
                star.from == rank.to + 1 && rank.numbers != star.numbers)
                star.contrary = true;
            // "3 4 sao"
            if (!rank.unit && star.unit && star.from == rank.to && rank.numbers[0] >= 1 &&
                rank.numbers[0] <= stars::highest)
                star.contrary = true;
        }
    }

    /// "hết hạn 3 sao, nay 4 sao": what was said before holds no longer.
    [[nodiscard]] static bool says_now(const token& t) {
        for (std::string_view now : {"nay", "hien nay", "hien tai", "hien", "bay gio", "den nay",
                                     "toi nay", "now", "currently", "today"})
            if (t.plain == now) return true;
        return false;
    }

    void before(std::size_t k) {
        item& one = items_[k];
        const std::size_t first = k == 0 ? 0 : items_[k - 1].to;
        bool near = true;    // nothing unknown in between
        bool close = true;   // nothing but ranks and OCOP in between
        bool comma = false;  // an earlier item's words go on over a comma
        bool up = false;
        bool down = false;
        bool now = false;
        std::size_t at = one.from;
        for (; at > first; --at) {
            const std::size_t j = at - 1;
            const token& t = list_[j];
            if (t.what == sign::stop || t.what == sign::open) break;
            if (t.what == sign::comma) {
                comma = true;
                break;
            }
            if (t.what == sign::number || t.what == sign::symbols) continue;
            if (close) {
                if (t.what == sign::at_least) one.form = bound(one, shape::least);
                if (t.what == sign::at_most) one.form = bound(one, shape::most);
                one.above = one.above || t.what == sign::more;
                one.below = one.below || t.what == sign::less;
            }
            if (t.what != sign::word) continue;
            now = now || says_now(t);
            if (close) {
                if (t.tag == star_tag::from || t.tag == star_tag::least_before)
                    one.form = bound(one, shape::least);
                if (t.tag == star_tag::most_before) one.form = bound(one, shape::most);
                if (t.tag == star_tag::within && one.form == shape::list && one.numbers.size() == 2)
                    one.form = shape::range;
                one.above = one.above || t.tag == star_tag::above;
                one.below = one.below || t.tag == star_tag::below;
                up = up || t.tag == star_tag::up_to;
                down = down || t.tag == star_tag::down_to;
            }
            if (near) {
                one.denied = one.denied || t.tag == star_tag::no || t.tag == star_tag::not_it;
                one.band = one.band || t.tag == star_tag::band;
            }
            if (t.tag == star_tag::nothing && near) one.denied = true;
            up = up || t.tag == star_tag::up;
            down = down || t.tag == star_tag::down;
            say(one, t.tag);
            close = close && (t.tag == star_tag::rank || t.tag == star_tag::ocop ||
                              t.tag == star_tag::known || t.tag == star_tag::award ||
                              t.tag == star_tag::from || t.tag == star_tag::least_before ||
                              t.tag == star_tag::measured);
            near = near && t.tag != star_tag::unknown;
        }
        one.now = now;
        if (up || down) raise(one, down);
        // "đề nghị 4 sao và 5 sao", "thu hồi 2 sản phẩm 3 sao, 1 sản phẩm 4 sao"
        if (k > 0 && (comma || at == first) && at >= first && !one.awarded && !one.has_status()) {
            const item& former = items_[k - 1];
            if (comma ? at == former.to + 1 : at == former.to) {
                // "thu hồi 4 sao, còn 3 sao", "hết hạn 3 sao, nay 4 sao"
                const bool turned = up || down || now;
                one.proposed = former.proposed && !up && !now;
                one.revoked = former.revoked && !turned;
                one.expired = former.expired && !turned;
            }
        }
    }

    /// A bound holds for one number; "từ 3 đến 4" is a range anyway.
    [[nodiscard]] static shape bound(const item& one, shape wanted) {
        return one.form == shape::one ? wanted : one.form;
    }
    static void raise(item& one, bool down) {
        if (one.form == shape::one || one.form == shape::range ||
            (one.form == shape::least && one.numbers.size() == 1))
            one.form = down ? shape::down : shape::up;
    }

    void behind(std::size_t k) {
        item& one = items_[k];
        const std::size_t end = k + 1 < items_.size() ? items_[k + 1].from : list_.size();
        std::size_t clause = one.to;
        while (clause < end && !breaks(clause)) ++clause;
        // What stands between two items of a clause belongs to the later one.
        const bool last = clause < end || k + 1 == items_.size();
        bool near = true;
        for (std::size_t j = one.to; j < clause; ++j) {
            const token& t = list_[j];
            if (t.what != sign::word) continue;
            const bool adjacent = j == one.to;
            if (adjacent && t.tag == star_tag::least_after) one.form = bound(one, shape::least);
            if (adjacent && t.tag == star_tag::most_after) {
                // "từ 5 sao trở xuống"
                if (one.form == shape::least) one.form = shape::one;
                one.form = bound(one, shape::most);
            }
            if (adjacent && t.tag == star_tag::up_to && clause == j + 1 && one.form == shape::least)
                continue;  // "từ 3 sao lên"
            if (!last) continue;
            if (near &&
                (t.tag == star_tag::not_it || t.tag == star_tag::nothing ||
                 (t.tag == star_tag::no && (j + 1 == clause || has(j + 1, star_tag::award)))))
                one.denied = true;
            if (t.tag == star_tag::up && one.form == shape::one && near) raise(one, false);
            near = near && t.tag != star_tag::unknown && t.tag != star_tag::award;
            if (t.tag != star_tag::award) say(one, t.tag);
        }
    }

    /// "hết hạn (3 sao)", "3 sao; đã thu hồi": a clause of its own speaks of the item before it, or,
    /// where there is none, of those that follow.
    void clauses_without_items() {
        if (items_.empty()) return;
        for (std::size_t from = 0; from < list_.size();) {
            std::size_t to = from;
            while (to < list_.size() && !breaks(to)) ++to;
            bool any = false;
            for (std::size_t j = from; j < to; ++j) any = any || inside_item(j);
            if (!any) clause(from, to);
            from = to + 1;
        }
    }
    void clause(std::size_t from, std::size_t to) {
        item said;
        bool denied = false;
        for (std::size_t j = from; j < to; ++j) {
            if (list_[j].what != sign::word) continue;
            say(said, list_[j].tag);
            denied =
                denied || list_[j].tag == star_tag::not_it || list_[j].tag == star_tag::nothing;
        }
        if (!said.has_status() && !denied && !said.in_force) return;
        std::size_t k = items_.size();
        for (std::size_t n = 0; n < items_.size(); ++n)
            if (items_[n].to <= from) k = n;
        // "3 sao (trước đây: 4 sao)": before a colon it speaks of what follows.
        if (k + 1 < items_.size() && is(to, sign::stop) && list_[to].plain == ":" &&
            is(from - 1, sign::open))
            ++k;
        const bool all = k == items_.size();
        for (std::size_t n = all ? 0 : k; n < (all ? items_.size() : k + 1); ++n) {
            item& one = items_[n];
            one.in_force = one.in_force || said.in_force;
            if (one.has_status() || (all && one.now)) continue;
            one.proposed = said.proposed;
            one.revoked = said.revoked;
            one.expired = said.expired;
            one.denied = one.denied || denied;
        }
    }

    /// Whether the stars are those of hotels, prizes or customers: what is named nearest before
    /// decides, and if nothing is, what follows.
    void domain(std::size_t k) {
        const item& one = items_[k];
        for (std::size_t at = one.from; at-- > 0;) {
            if (has(at, star_tag::ocop)) return;
            if (has(at, star_tag::other_rating)) {
                foreign_.push_back(k);
                return;
            }
        }
        for (std::size_t at = one.to; at < list_.size(); ++at) {
            if (has(at, star_tag::ocop)) return;
            if (has(at, star_tag::other_rating)) {
                foreign_.push_back(k);
                return;
            }
        }
    }

    // ---- the answer

    [[nodiscard]] bool any(star_tag tag) const {
        for (const token& t : list_)
            if (t.what == sign::word && t.tag == tag) return true;
        return false;
    }
    [[nodiscard]] static star_wording of(star_kind kind, label why = {}) {
        star_wording result;
        result.kind = kind;
        result.why = std::move(why);
        return result;
    }
    [[nodiscard]] star_wording without_items();
    [[nodiscard]] static std::optional<label> wrong(const item& one);
    [[nodiscard]] std::optional<label> unclear_number() const;
    [[nodiscard]] static star_wording of_items(const std::vector<item>& chosen, star_kind status);
    [[nodiscard]] star_wording held(const std::vector<item>& all) const;

    std::vector<token> list_;
    std::vector<item> items_;
    std::vector<std::size_t> foreign_;
    bool scored_ = false;
    bool scored_word_ = false;
    bool explicit_ = false;
};

/// What cannot be a star in \p one.
std::optional<label> reader::wrong(const item& one) {
    if (one.halved || one.fractional)
        return because("không có nửa sao: hạng sao là số nguyên từ 1 đến 5",
                       "there are no parts of a star: a rank is a whole number from 1 to 5");
    if (one.negative)
        return because("số sao âm; hạng sao là từ 1 đến 5",
                       "a negative number of stars; a rank is 1 to 5");
    for (int n : one.numbers)
        if (n < 0 || n > stars::highest || (n == 0 && one.numbers.size() > 1))
            return because("không có hạng {0} sao: hạng sao là từ 1 đến 5",
                           "there is no rank of {0} stars: a rank is 1 to 5", {std::to_string(n)});
    if (one.contrary)
        return because("số và ký hiệu hoặc chữ bên cạnh nói khác nhau; hãy ghi rõ một hạng sao",
                       "the number and the symbols or words beside it differ; write one rank");
    const bool pair = one.numbers.size() == 2;
    if (one.form == shape::up && pair && one.numbers[1] <= one.numbers[0])
        return because("nâng hạng mà hạng sau không cao hơn hạng trước",
                       "raised to a star that is not higher");
    if (one.form == shape::down && pair && one.numbers[1] >= one.numbers[0])
        return because("hạ hạng mà hạng sau không thấp hơn hạng trước",
                       "lowered to a star that is not lower");
    if (one.above && one.numbers.back() >= stars::highest)
        return because("không có hạng nào trên 5 sao", "there is no rank above 5 stars");
    return std::nullopt;
}

/// The stars of \p chosen together. \p status is awarded for what is held.
star_wording reader::of_items(const std::vector<item>& chosen, star_kind status) {
    star_wording result;
    result.kind = status;
    const bool held = status == star_kind::awarded;
    const auto add = [&](int n) {
        if (const auto s = stars::from(n)) result.stars.push_back(*s);
    };
    const auto between = [&](int low, int high, star_kind kind) {
        add(low);
        add(high);
        result.is_range = true;
        if (held) result.kind = kind;
    };
    // One that is raised tells more than the others beside it: "3 sao, nâng hạng 4 sao".
    if (chosen.size() == 2 && chosen[1].form == shape::up && chosen[0].form == shape::one &&
        chosen[0].numbers[0] < chosen[1].numbers.back()) {
        add(chosen[1].numbers.back());
        result.former = stars::from(chosen[0].numbers[0]);
        if (held) result.kind = star_kind::upgraded;
        return result;
    }
    if (chosen.size() > 1) {
        for (const item& one : chosen)
            for (int n : one.numbers) add(n);
        std::sort(result.stars.begin(), result.stars.end());
        result.stars.erase(std::unique(result.stars.begin(), result.stars.end()),
                           result.stars.end());
        if (held && result.stars.size() > 1) result.kind = star_kind::list;
        return result;
    }
    const item& one = chosen.front();
    const int first = one.numbers.front();
    const int last = one.numbers.back();
    if (one.below) {  // "dưới 3 sao"
        between(1, last - 1, star_kind::range);
        return result;
    }
    if (one.above) {  // "trên 3 sao": whole stars, so at least one more
        result.why = because("\"trên {0} sao\" là từ {1} sao trở lên",
                             "\"more than {0} stars\" is {1} stars or more",
                             {std::to_string(last), std::to_string(last + 1)});
        if (held) {
            add(last + 1);
            result.kind = star_kind::minimum;
        } else {
            between(last + 1, stars::highest, star_kind::minimum);
        }
        return result;
    }
    switch (one.form) {
    case shape::one:
        add(first);
        break;
    case shape::up:
        add(last);
        if (one.numbers.size() > 1) result.former = stars::from(first);
        if (held) result.kind = star_kind::upgraded;
        break;
    case shape::down:
        add(last);
        if (one.numbers.size() > 1) result.former = stars::from(first);
        result.why = because("hạ hạng: hạng sau là hạng đang có",
                             "lowered: the later star is the one it has");
        break;
    case shape::least:
        if (held) {
            add(first);
            result.kind = star_kind::minimum;
        } else {
            between(first, stars::highest, star_kind::minimum);
        }
        break;
    case shape::most:
        between(stars::lowest, first, star_kind::range);
        break;
    case shape::range:
        between(std::min(first, last), std::max(first, last), star_kind::range);
        break;
    case shape::list: {
        // "3/5 sao" is 3 of 5: 3 and 5 without 4 is no list that is written so.
        for (int n : one.numbers) add(n);
        std::sort(result.stars.begin(), result.stars.end());
        result.stars.erase(std::unique(result.stars.begin(), result.stars.end()),
                           result.stars.end());
        if (held && result.stars.size() > 1) result.kind = star_kind::list;
        break;
    }
    }
    return result;
}

star_wording reader::held(const std::vector<item>& all) const {
    std::vector<item> has;
    std::vector<item> proposed;
    std::vector<item> expired;
    std::vector<item> revoked;
    for (const item& one : all)
        (one.revoked                    ? revoked
         : one.expired && !one.in_force ? expired
         : one.proposed                 ? proposed
                                        : has)
            .push_back(one);
    if (!has.empty()) {
        star_wording result = of_items(has, star_kind::awarded);
        // What was lost is what it had before.
        const std::vector<item>& lost = revoked.empty() ? expired : revoked;
        if (!result.former && result.stars.size() == 1 && lost.size() == 1 &&
            lost.front().numbers.size() == 1 && lost.front().form == shape::one &&
            lost.front().numbers.front() != result.stars.front().value())
            result.former = stars::from(lost.front().numbers.front());
        if (!proposed.empty()) {
            const star_wording hoped = of_items(proposed, star_kind::proposed);
            if (hoped.stars.size() == 1) result.proposed = hoped.stars.front();
        }
        return result;
    }
    if (!revoked.empty()) return of_items(revoked, star_kind::revoked);
    if (!expired.empty()) return of_items(expired, star_kind::expired);
    return of_items(proposed, star_kind::proposed);
}

/// Why a number without a unit cannot be taken for a star; nothing where it can.
std::optional<label> reader::unclear_number() const {
    for (const token& t : list_)
        if (t.what == sign::word && t.tag == star_tag::unknown)
            return because("không rõ số này là sao; hãy ghi \"… sao\"",
                           "it is not clear that the number is a star; write \"… sao\"");
    for (const item& one : items_)
        if (has(one.to, star_tag::measured) || has(one.to, star_tag::counter))
            return because("số này đếm thứ khác, không phải sao",
                           "the number counts something else than stars");
    return std::nullopt;
}

star_wording reader::without_items() {
    if (any(star_tag::not_ocop))
        return of(star_kind::not_ocop,
                  because("nói rõ không phải OCOP", "says that it is not OCOP"));
    const bool unknown = any(star_tag::unknown);
    const bool denied = any(star_tag::no) || any(star_tag::not_it) || any(star_tag::nothing);
    if (scored_ || (scored_word_ && !denied))
        return of(star_kind::score_band_only,
                  because("chỉ có điểm: sao còn tùy dấu sao tối thiểu và quyết định công nhận",
                          "only points: a star also takes the star marks and a recognition"));
    bool shape_of_star = false;  // "ngôi sao" without a number
    for (const token& t : list_) shape_of_star = shape_of_star || t.plain == "ngoi sao";
    if (any(star_tag::other_rating) || any(star_tag::other_thing) || shape_of_star)
        return of(star_kind::not_ocop, because("chữ \"sao\" ở đây không phải hạng OCOP",
                                               "the stars named here are not OCOP's"));
    if (any(star_tag::revoked)) return of(star_kind::revoked);
    if (any(star_tag::expired)) return of(star_kind::expired);
    if (denied && !unknown) return of(star_kind::none);
    if (any(star_tag::proposed) && !unknown)
        return of(star_kind::proposed, because("không ghi mấy sao", "the star is not told"));
    if (any(star_tag::up) && !unknown)
        return of(star_kind::upgraded, because("không ghi lên mấy sao", "the star is not told"));
    if (list_.empty()) return of(star_kind::none);
    bool marks = true;
    for (const token& t : list_)
        marks = marks && t.what != sign::word && t.what != sign::number && t.what != sign::symbols;
    if (marks) return of(star_kind::none);
    return of(star_kind::invalid,
              because("không thấy hạng sao nào; hãy ghi \"3 sao\" đến \"5 sao\"",
                      "no star is named; write \"3 sao\" to \"5 sao\""));
}

star_wording reader::read() {
    if (any(star_tag::not_ocop)) return without_items();
    if (items_.empty()) return without_items();
    if (!foreign_.empty()) {
        if (foreign_.size() == items_.size())
            return of(star_kind::not_ocop,
                      because("sao của khách sạn, giải thưởng hoặc người đánh giá khác",
                              "stars of a hotel, a prize or other raters"));
        for (std::size_t k = foreign_.size(); k-- > 0;)
            items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(foreign_[k]));
    }
    if (!explicit_) {
        // Numbers alone. From 10 they are points: no list writes so many stars.
        bool points = true;
        for (const item& one : items_)
            for (int n : one.numbers) points = points && n >= 10 && n <= 100;
        bool ranked = false;  // "hạng 3 (70 điểm)"
        for (const item& one : items_) ranked = ranked || one.ranked;
        if ((scored_ && !ranked) || points)
            return of(star_kind::score_band_only,
                      because("chỉ có điểm: sao còn tùy dấu sao tối thiểu và quyết định công nhận",
                              "only points: a star also takes the star marks and a recognition"));
        if (any(star_tag::other_thing)) return without_items();
        if (auto unclear = unclear_number()) return of(star_kind::invalid, std::move(*unclear));
        if (items_.size() > 1)
            return of(star_kind::invalid,
                      because("nhiều số, không rõ số nào là sao",
                              "several numbers; which is the star is not clear"));
    }
    std::vector<item> left;
    bool band = false;
    for (item& one : items_) {
        // "3/5": 3 of 5 stars; no list leaves 4 out.
        if (one.form == shape::list && one.numbers.size() == 2 &&
            one.numbers[1] == stars::highest && one.numbers[0] != 4 && one.numbers[0] >= 1 &&
            is(one.from + 1, sign::slash)) {
            one.form = shape::one;
            one.numbers.pop_back();
        }
        const bool zero = one.numbers.size() == 1 && one.numbers[0] == 0 && !one.contrary;
        const bool lowest = one.below && one.numbers.back() == stars::lowest;
        if (one.denied || zero || lowest) continue;
        if (auto problem = wrong(one)) return of(star_kind::invalid, std::move(*problem));
        if (one.band) {
            band = true;
            continue;
        }
        left.push_back(one);
    }
    if (left.empty() && band)
        return of(star_kind::score_band_only,
                  because("nêu khung điểm của một hạng, không phải hạng được công nhận",
                          "names the band of a rank, not a rank that was given"));
    if (left.empty()) return of(star_kind::none);
    bool doubted = any(star_tag::doubtful);
    for (const token& t : list_) doubted = doubted || (t.what == sign::stop && t.plain == "?");
    if (doubted)
        return of(star_kind::invalid,
                  because("ghi là giả hoặc còn nghi vấn; hãy kiểm tra quyết định công nhận",
                          "said to be false or in doubt; look into the decision"));
    star_wording result = held(left);
    bool ending = false;
    for (const item& one : left) ending = ending || one.in_force;
    if (result.why.vi.empty() && ending && result.held())
        result.why = because("còn hiệu lực", "still in force");
    if (result.why.vi.empty() && result.held() && result.stars.front() < stars(3))
        result.why = because("hạng dưới 3 sao không được cấp giấy chứng nhận",
                             "ranks below 3 stars get no certificate");
    if (result.why.vi.empty() && result.former && result.kind == star_kind::upgraded)
        result.why = because("hai số: số sau là hạng mới", "two numbers: the later one counts");
    return result;
}

}  // namespace

star_wording read_star_wording(std::string_view text) {
    // The common cells of lists.
    if (text.size() == 1 && text[0] >= '3' && text[0] <= '5') {
        star_wording plain;
        plain.kind = star_kind::awarded;
        plain.stars.emplace_back(text[0] - '0');
        return plain;
    }
    star_wording result;
    constexpr std::size_t longest = 10000;
    if (!is_utf8(text) || text.size() > longest) {
        result.kind = star_kind::invalid;
        result.why = text.size() > longest
                         ? because("dài hơn 10000 byte: không phải cách ghi hạng sao",
                                   "longer than 10000 bytes: no wording of a star")
                         : because("không phải UTF-8", "not UTF-8");
        return result;
    }
    return reader(nfc(text)).read();
}

std::string to_json(const star_wording& reading, std::string_view text, language lang) {
    using nlohmann::ordered_json;
    ordered_json j{{"text", text}, {"stars", nullptr}, {"kind", name_of(reading.kind)}};
    if (reading.stars.size() > 1)
        j["stars"] = {reading.stars.front().value(), reading.stars.back().value()};
    else if (!reading.stars.empty())
        j["stars"] = reading.stars.front().value();
    j["listed"] = nullptr;
    if (reading.stars.size() > 1 && !reading.is_range) {
        j["listed"] = ordered_json::array();
        for (stars s : reading.stars) j["listed"].push_back(s.value());
    }
    const auto or_null = [](const std::optional<stars>& s) {
        return s ? ordered_json(s->value()) : ordered_json(nullptr);
    };
    j["former"] = or_null(reading.former);
    j["proposed"] = or_null(reading.proposed);
    j["why"] = reading.why.in(lang);
    return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace ocop
