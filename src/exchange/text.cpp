#include "ocop/exchange/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "ocop/base/fold.hpp"
#include "wording_text.hpp"

namespace ocop {
namespace {

constexpr text_about producer = text_about::producer;
constexpr text_about unit_name = text_about::unit;

constexpr std::array<abbreviation, 53> abbreviations{{
    {"HTX", "hợp tác xã"},
    {"LHHTX", "liên hiệp hợp tác xã"},
    {"THT", "tổ hợp tác"},
    {"Cty", "công ty"},
    {"CTy", "công ty"},
    {"CTCP", "công ty cổ phần"},
    {"TNHH", "trách nhiệm hữu hạn"},
    {"MTV", "một thành viên"},
    {"DNTN", "doanh nghiệp tư nhân"},
    {"HKD", "hộ kinh doanh"},
    {"SXKD", "sản xuất kinh doanh"},
    {"SXCB", "sản xuất chế biến"},
    {"SXTM", "sản xuất thương mại"},
    {"TMDV", "thương mại dịch vụ"},
    {"CSSX", "cơ sở sản xuất"},
    {"XNK", "xuất nhập khẩu"},
    {"UBND", "ủy ban nhân dân"},
    {"HĐND", "hội đồng nhân dân"},
    {"BNN", "bộ nông nghiệp"},
    {"BNNMT", "bộ nông nghiệp và môi trường"},
    {"PTNT", "phát triển nông thôn"},
    {"NTM", "nông thôn mới"},
    {"TTg", "Thủ tướng Chính phủ"},
    {"VPĐP", "văn phòng điều phối"},
    {"QĐ", "quyết định"},
    {"ĐTHT", "đông trùng hạ thảo"},
    {"NLTS", "nông lâm thủy sản"},
    {"SP", "sản phẩm"},
    {"CP", "cổ phần", producer},
    {"SX", "sản xuất", producer},
    {"TM", "thương mại", producer},
    {"DV", "dịch vụ", producer},
    {"NN", "nông nghiệp", producer},
    {"CB", "chế biến", producer},
    {"XK", "xuất khẩu", producer},
    {"NK", "nhập khẩu", producer},
    {"XD", "xây dựng", producer},
    {"PT", "phát triển", producer},
    {"TĐ", "tập đoàn", producer},
    {"DL", "du lịch", producer},
    {"ĐT", "đầu tư", producer},
    {"KD", "kinh doanh", producer},
    {"DN", "doanh nghiệp", producer},
    {"CN", "chi nhánh", producer},
    {"TX", "thị xã", unit_name},
    {"TP", "thành phố", unit_name},
    {"TT", "thị trấn", unit_name},
    {"ĐK", "đặc khu", unit_name},
    {"P", "phường", unit_name},
    {"X", "xã", unit_name},
    {"Q", "quận", unit_name},
    {"H", "huyện", unit_name},
    {"T", "tỉnh", unit_name},
}};

struct piece {
    bool word = false;
    std::string_view text;
    std::string key;
};

[[nodiscard]] bool word_character(char32_t c) noexcept {
    if (c < 0x80)
        return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    return !detail::is_blank(c) && !detail::is_line_end(c) && !detail::is_dash(c) &&
           !detail::is_invisible(c) && !(c >= 0x2018 && c <= 0x201F) && c != 0xAB && c != 0xBB &&
           c != 0x2026 && c != 0x2022;
}

/// Words, and what stands between them.
[[nodiscard]] std::vector<piece> pieces_of(std::string_view text) {
    std::vector<piece> list;
    for (std::size_t at = 0; at < text.size();) {
        const bool word = word_character(detail::code_point_at(text, at).value);
        std::size_t end = at;
        while (end < text.size()) {
            const detail::code_point c = detail::code_point_at(text, end);
            if (word_character(c.value) != word) break;
            end += std::min(c.size, text.size() - end);
        }
        piece p;
        p.word = word;
        p.text = text.substr(at, end - at);
        if (word) p.key = search_key(p.text);
        list.push_back(std::move(p));
        at = end;
    }
    return list;
}

[[nodiscard]] bool has_small_letter(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// The abbreviation that \p word is. Short ones are written in capitals; long ones, which are no
/// words, in any case.
[[nodiscard]] const abbreviation* abbreviation_of(const piece& word, text_about about) {
    constexpr std::size_t long_one = 3;
    for (const abbreviation& a : abbreviations) {
        if (a.within != text_about::anything && a.within != about) continue;
        if (word.text == a.brief) return &a;
        const bool any_case = a.brief.size() >= long_one || about == text_about::unit;
        if (!any_case && has_small_letter(word.text)) continue;
        if (word.key == search_key(a.brief)) return &a;
    }
    return nullptr;
}

// ---------------------------------------------------------------- kinds of producer

/// How the legal form stands at the beginning of a name; the longest that fits decides. Phrases of
/// several words are compared without accents, single words with them (or without any).
struct legal_form {
    std::string_view words;
    std::optional<producer_kind> kind;
};
constexpr std::array<legal_form, 71> legal_forms{{
    {"hợp tác xã", producer_kind::cooperative},
    {"htx", producer_kind::cooperative},
    {"liên hiệp hợp tác xã", producer_kind::cooperative},
    {"liên hiệp htx", producer_kind::cooperative},
    {"lhhtx", producer_kind::cooperative},
    {"tổ hợp tác", producer_kind::cooperative_group},
    {"tổ hợp tác xã", std::nullopt},
    {"tht", producer_kind::cooperative_group},
    {"công ty tnhh mtv", producer_kind::single_member_llc},
    {"công ty tnhh một thành viên", producer_kind::single_member_llc},
    {"công ty tnhh 1 thành viên", producer_kind::single_member_llc},
    {"công ty tnhh 1 tv", producer_kind::single_member_llc},
    {"công ty tnhh 1tv", producer_kind::single_member_llc},
    {"công ty trách nhiệm hữu hạn mtv", producer_kind::single_member_llc},
    {"công ty trách nhiệm hữu hạn một thành viên", producer_kind::single_member_llc},
    {"công ty trách nhiệm hữu hạn 1 thành viên", producer_kind::single_member_llc},
    {"công ty mtv", producer_kind::single_member_llc},
    {"công ty một thành viên", producer_kind::single_member_llc},
    {"công ty tnhh hai thành viên trở lên", producer_kind::multi_member_llc},
    {"công ty tnhh 2 thành viên trở lên", producer_kind::multi_member_llc},
    {"công ty tnhh hai thành viên", producer_kind::multi_member_llc},
    {"công ty tnhh 2 thành viên", producer_kind::multi_member_llc},
    {"công ty trách nhiệm hữu hạn hai thành viên trở lên", producer_kind::multi_member_llc},
    {"công ty trách nhiệm hữu hạn hai thành viên", producer_kind::multi_member_llc},
    {"công ty trách nhiệm hữu hạn 2 thành viên", producer_kind::multi_member_llc},
    {"công ty tnhh", producer_kind::enterprise},
    {"công ty trách nhiệm hữu hạn", producer_kind::enterprise},
    {"công ty cổ phần", producer_kind::joint_stock_company},
    {"công ty cp", producer_kind::joint_stock_company},
    {"ctcp", producer_kind::joint_stock_company},
    {"ctcptm", producer_kind::joint_stock_company},
    {"tổng công ty cổ phần", producer_kind::joint_stock_company},
    {"công ty hợp danh", producer_kind::enterprise},
    {"công ty", producer_kind::enterprise},
    {"tổng công ty", producer_kind::enterprise},
    {"tập đoàn", producer_kind::enterprise},
    {"xí nghiệp", producer_kind::enterprise},
    {"doanh nghiệp", producer_kind::enterprise},
    {"doanh nghiệp tư nhân", producer_kind::private_enterprise},
    {"doanh nghiệp tn", producer_kind::private_enterprise},
    {"dn tư nhân", producer_kind::private_enterprise},
    {"dntn", producer_kind::private_enterprise},
    {"trang trại", producer_kind::farm},
    {"hộ kinh doanh cá thể", producer_kind::business_household},
    {"hộ kinh doanh", producer_kind::business_household},
    {"hộ kd", producer_kind::business_household},
    {"hkd", producer_kind::business_household},
    {"hkdct", producer_kind::business_household},
    {"hộ sản xuất kinh doanh", producer_kind::business_household},
    {"hộ sản xuất và kinh doanh", producer_kind::business_household},
    {"hộ sxkd", producer_kind::business_household},
    {"hộ sản xuất", producer_kind::producing_household},
    {"hộ sx", producer_kind::producing_household},
    {"hộ gia đình", producer_kind::producing_household},
    {"hộ nông dân", producer_kind::producing_household},
    {"hộ cá thể", producer_kind::producing_household},
    {"hộ ông", producer_kind::producing_household},
    {"hộ bà", producer_kind::producing_household},
    {"hộ", producer_kind::producing_household},
    {"cơ sở sản xuất kinh doanh", producer_kind::establishment},
    {"cơ sở sản xuất", producer_kind::establishment},
    {"cơ sở sxkd", producer_kind::establishment},
    {"cơ sở sxcb", producer_kind::establishment},
    {"cơ sở sx", producer_kind::establishment},
    {"cơ sở chế biến", producer_kind::establishment},
    {"cơ sở", producer_kind::establishment},
    {"cssx", producer_kind::establishment},
    {"hiệp hội", producer_kind::association},
    {"liên đoàn", producer_kind::association},
    {"hội", producer_kind::association},
    {"trung tâm điều hành", producer_kind::operating_centre},
}};

struct form_key {
    std::vector<std::string> words;
    std::string spelling;  // of a single word
    std::string_view written;
    std::optional<producer_kind> kind;
};

[[nodiscard]] std::vector<std::string> words_of(std::string_view key) {
    std::vector<std::string> words;
    std::size_t from = 0;
    while (from < key.size()) {
        const std::size_t end = std::min(key.find(' ', from), key.size());
        words.emplace_back(key.substr(from, end - from));
        from = end + 1;
    }
    return words;
}

[[nodiscard]] const std::vector<form_key>& forms() {
    static const std::vector<form_key> all = [] {
        std::vector<form_key> list;
        for (const legal_form& f : legal_forms)
            list.push_back({words_of(search_key(f.words)), spelling_key(f.words), f.words, f.kind});
        std::stable_sort(list.begin(), list.end(), [](const form_key& a, const form_key& b) {
            return a.words.size() > b.words.size();
        });
        return list;
    }();
    return all;
}

/// Whether one letter added, left out, changed, or two neighbours swapped make \p a of \p b.
[[nodiscard]] bool one_letter_off(std::string_view a, std::string_view b) noexcept {
    constexpr std::size_t least = 4;
    if (a.size() > b.size()) std::swap(a, b);
    if (a == b || b.size() - a.size() > 1 || b.size() < least) return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
    if (a.substr(i + 1) == b.substr(i + 1)) return true;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
           a.substr(i + 2) == b.substr(i + 2);
}

/// A word of a name: one piece, or half of one that is written together ("Cty" is "công ty").
struct name_word {
    std::string key;
    std::size_t piece;
};

[[nodiscard]] std::string from_piece(const std::vector<piece>& list, std::size_t at) {
    while (at < list.size() && !list[at].word) {
        // An opening quote or bracket belongs to the rest.
        const std::string_view mark = list[at].text;
        const std::size_t open = mark.find_first_of("\"'(");
        if (open != std::string_view::npos) break;
        ++at;
    }
    std::string rest;
    for (std::size_t k = at; k < list.size(); ++k) rest += list[k].text;
    const std::size_t first = rest.find_first_not_of(" \t:,-.");
    if (first == std::string::npos) return {};
    rest.erase(0, first);
    while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\t')) rest.pop_back();
    return rest;
}

}  // namespace

std::span<const abbreviation> known_abbreviations() noexcept { return abbreviations; }

std::string expand_abbreviations(std::string_view text, text_about about) {
    const std::string given = nfc(text);
    if (!is_utf8(given)) return given;
    const std::vector<piece> list = pieces_of(given);
    std::string result;
    bool after_expanded = false;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const piece& p = list[i];
        if (!p.word) {
            std::string_view mark = p.text;
            const bool next_expanded =
                i + 1 < list.size() && abbreviation_of(list[i + 1], about) != nullptr;
            // "Cty. X", "TP. Y": the stop belongs to the abbreviation.
            if (after_expanded && mark.front() == '.') {
                mark.remove_prefix(1);
                if (mark.empty() && i + 1 < list.size()) mark = " ";
            }
            if (after_expanded && next_expanded && (mark == "-" || mark == "–"))
                result += " - ";
            else if (after_expanded && next_expanded && mark == "&")
                result += " và ";
            else if (after_expanded && next_expanded && mark == "+")
                result += " + ";
            else
                result += mark;
            continue;
        }
        const abbreviation* found = abbreviation_of(p, about);
        after_expanded = found != nullptr;
        result += found != nullptr ? found->full : p.text;
    }
    return result;
}

producer_name_reading producer_kind_of_name(std::string_view name) {
    producer_name_reading result;
    const std::string given = nfc(name);
    result.rest = given;
    constexpr std::size_t longest = 2000;
    if (given.size() > longest || !is_utf8(given)) return result;
    const std::vector<piece> list = pieces_of(given);
    std::vector<name_word> words;
    constexpr std::size_t enough = 14;
    for (std::size_t i = 0; i < list.size() && words.size() < enough; ++i) {
        if (!list[i].word) continue;
        if (list[i].key == "cty") {
            words.push_back({"cong", i});
            words.push_back({"ty", i});
        } else if (list[i].key == "c" && i + 2 < list.size() && list[i + 1].text == "." &&
                   list[i + 2].key == "ty") {
            words.push_back({"cong", i});
        } else if (list[i].key == "tnhhmtv") {
            words.push_back({"tnhh", i});
            words.push_back({"mtv", i});
        } else {
            words.push_back({list[i].key, i});
        }
    }
    std::size_t from = 0;
    if (words.size() > 2 && words[0].key == "chi" && words[1].key == "nhanh") {
        result.branch = true;
        from = 2;
    }
    const form_key* sure = nullptr;
    const form_key* near = nullptr;
    std::size_t near_word = 0;
    for (const form_key& f : forms()) {
        if (f.words.size() > words.size() - std::min(from, words.size())) continue;
        std::size_t wrong = 0;
        std::size_t where = 0;
        bool fits = true;
        for (std::size_t k = 0; k < f.words.size() && fits; ++k) {
            const std::string& have = words[from + k].key;
            if (have == f.words[k]) continue;
            fits = one_letter_off(have, f.words[k]) && ++wrong == 1;
            where = from + k;
        }
        if (!fits) continue;
        if (wrong == 0) {
            if (f.words.size() == 1) {
                const piece& p = list[words[from].piece];
                const std::string spelling = spelling_key(p.text);
                if (spelling != f.spelling && spelling != p.key) continue;
                // A bare "ho" or "hoi" may be another word.
                const bool bare_word = spelling == p.key && f.spelling != p.key;
                if (bare_word && p.key.size() <= 3) continue;
            }
            sure = &f;
            break;
        }
        if (near == nullptr && f.words.size() > 1) {
            near = &f;
            near_word = where;
        }
    }
    if (near != nullptr && (sure == nullptr || sure->words.size() < near->words.size())) {
        result.kind = near->kind;
        result.certainty = name_certainty::near_miss;
        std::string found;
        for (std::size_t k = words[from].piece; k <= words[near_word].piece; ++k)
            found += list[k].text;
        result.found = std::move(found);
        result.meant = near->written;
        result.rest = from_piece(list, words[from + near->words.size() - 1].piece + 1);
        return result;
    }
    if (sure == nullptr || !sure->kind) return result;
    result.kind = sure->kind;
    result.certainty = name_certainty::sure;
    result.rest = from_piece(list, words[from + sure->words.size() - 1].piece + 1);
    return result;
}

bool same_family(producer_kind a, producer_kind b) noexcept {
    const auto family = [](producer_kind kind) {
        switch (kind) {
        case producer_kind::single_member_llc:
        case producer_kind::multi_member_llc:
        case producer_kind::joint_stock_company:
        case producer_kind::private_enterprise:
        case producer_kind::enterprise:
            return producer_kind::enterprise;
        case producer_kind::business_household:
        case producer_kind::producing_household:
            return producer_kind::business_household;
        default:
            return kind;
        }
    };
    return family(a) == family(b);
}

}  // namespace ocop
