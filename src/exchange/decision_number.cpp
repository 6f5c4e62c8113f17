#include "ocop/exchange/decision_number.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "ocop/base/fold.hpp"
#include "ocop/exchange/written_date.hpp"
#include "wording_text.hpp"

namespace ocop {
namespace {

/// Parts of a suffix in their standard spelling, with what each says of the issuer.
struct suffix_part {
    std::string_view text;
    std::optional<decision_issuer> issuer;
};
constexpr std::array<suffix_part, 34> suffix_parts{{
    {"QĐ", std::nullopt},
    {"UBND", decision_issuer::peoples_committee},
    {"TTg", decision_issuer::prime_minister},
    {"BNN", decision_issuer::ministry},
    {"BNNMT", decision_issuer::ministry},
    {"BNN&MT", decision_issuer::ministry},
    {"BNNPTNT", decision_issuer::ministry},
    {"BNN&PTNT", decision_issuer::ministry},
    {"BNV", decision_issuer::ministry},
    {"BTC", decision_issuer::ministry},
    {"BCT", decision_issuer::ministry},
    {"BYT", decision_issuer::ministry},
    {"BKHCN", decision_issuer::ministry},
    {"BTNMT", decision_issuer::ministry},
    {"BVHTTDL", decision_issuer::ministry},
    {"VPĐP", decision_issuer::other},
    {"BCĐTW", decision_issuer::other},
    {"BCĐ", decision_issuer::other},
    {"HĐND", decision_issuer::other},
    {"HĐ", decision_issuer::other},
    {"HĐOCOP", decision_issuer::other},
    {"SNN", decision_issuer::other},
    {"SNNMT", decision_issuer::other},
    {"SNN&MT", decision_issuer::other},
    {"SNNPTNT", decision_issuer::other},
    {"SNN&PTNT", decision_issuer::other},
    {"SCT", decision_issuer::other},
    {"OCOP", decision_issuer::other},
    {"NTM", decision_issuer::other},
    {"VP", decision_issuer::other},
    {"KTN", decision_issuer::other},
    {"KTNN", decision_issuer::other},
    {"PTNT", decision_issuer::other},
    {"NN", decision_issuer::other},
}};

/// Other kinds of document that lists mix with decisions.
constexpr std::array<std::string_view, 10> other_documents{"kh",  "tb", "nq", "cv",  "bc",
                                                           "ttr", "ct", "hd", "gcn", "bb"};

[[nodiscard]] const suffix_part* part_of(std::string_view key) {
    for (const suffix_part& p : suffix_parts)
        if (search_key(p.text) == key) return &p;
    return nullptr;
}

struct piece {
    enum class kind { number, word, mark } what = kind::mark;
    std::string text;  // as written
    std::string key;   // word: folded
    std::size_t from = 0;
    bool blank_before = false;
};

[[nodiscard]] std::vector<piece> pieces_of(std::string_view text) {
    std::vector<piece> list;
    bool blank = false;
    const auto kind_at = [&](std::size_t at, std::size_t& size) {
        const detail::code_point c = detail::code_point_at(text, at);
        size = c.size;
        if (c.value >= U'0' && c.value <= U'9') return piece::kind::number;
        const bool word = c.value < 0x80 ? (c.value >= U'a' && c.value <= U'z') ||
                                               (c.value >= U'A' && c.value <= U'Z')
                                         : !detail::is_dash(c.value);
        return word ? piece::kind::word : piece::kind::mark;
    };
    for (std::size_t at = 0; at < text.size();) {
        const detail::code_point c = detail::code_point_at(text, at);
        if (detail::is_blank(c.value) || detail::is_line_end(c.value) ||
            detail::is_invisible(c.value)) {
            blank = blank || !detail::is_invisible(c.value);
            at += c.size;
            continue;
        }
        std::size_t size = 1;
        piece p;
        p.what = kind_at(at, size);
        p.from = at;
        p.blank_before = std::exchange(blank, false);
        std::size_t end = at + size;
        while (p.what != piece::kind::mark && end < text.size()) {
            const detail::code_point next = detail::code_point_at(text, end);
            if (detail::is_blank(next.value) || detail::is_line_end(next.value)) break;
            std::size_t step = 1;
            if (kind_at(end, step) != p.what) break;
            end += step;
        }
        p.text = detail::is_dash(c.value) ? "-" : std::string(text.substr(at, end - at));
        if (p.what == piece::kind::word) p.key = search_key(p.text);
        list.push_back(std::move(p));
        at = end;
    }
    return list;
}

class reader {
public:
    reader(std::string_view given, problems& found)
        : given_(given), text_(nfc(given)), found_(found), list_(pieces_of(text_)) {}

    [[nodiscard]] std::optional<decision_number> read() {
        lead_in();
        decision_number result;
        if (!number(result)) return std::nullopt;
        if (!suffix(result)) return std::nullopt;
        if (!behind(result)) return std::nullopt;
        return result;
    }

private:
    [[nodiscard]] bool mark(std::size_t at, std::string_view text) const {
        return at < list_.size() && list_[at].what == piece::kind::mark && list_[at].text == text;
    }
    [[nodiscard]] bool word(std::size_t at, std::string_view key) const {
        return at < list_.size() && list_[at].what == piece::kind::word && list_[at].key == key;
    }
    [[nodiscard]] bool digits(std::size_t at) const {
        return at < list_.size() && list_[at].what == piece::kind::number;
    }

    /// "Quyết định số", "QĐ số:", "No."
    void lead_in() {
        for (;; ++at_) {
            if (word(at_, "theo") || word(at_, "quyet") || word(at_, "dinh") || word(at_, "so") ||
                word(at_, "no") || mark(at_, ":") || mark(at_, ".") || mark(at_, "("))
                continue;
            // "QĐ 3981/QĐ-UBND", but not "QĐ-UBND" alone
            if (word(at_, "qd") && (digits(at_ + 1) || word(at_ + 1, "so") || mark(at_ + 1, ".") ||
                                    mark(at_ + 1, ":")))
                continue;
            return;
        }
    }

    [[nodiscard]] bool number(decision_number& result) {
        constexpr std::size_t most_digits = 6;
        if (!digits(at_))
            return tell("\"{0}\" thiếu số của quyết định; hãy ghi như 3981/QĐ-UBND",
                        "\"{0}\" has no number of the decision; write it as 3981/QĐ-UBND");
        const std::string& text = list_[at_].text;
        if (text.size() > most_digits || std::stoi(text) == 0)
            return tell("số quyết định trong \"{0}\" phải từ 1 đến 999999",
                        "the number in \"{0}\" must be 1 to 999999");
        result.number = std::stoi(text);
        ++at_;
        if (at_ < list_.size() && list_[at_].what == piece::kind::word &&
            list_[at_].key.size() == 1 && !list_[at_].blank_before) {
            result.letter = list_[at_].key;
            ++at_;
        }
        const bool slash = mark(at_, "/") || mark(at_, "-");
        if (slash) ++at_;
        if (slash && digits(at_) && list_[at_].text.size() == 4 && mark(at_ + 1, "/")) {
            result.year = std::stoi(list_[at_].text);
            at_ += 2;
        }
        return true;
    }

    [[nodiscard]] bool suffix(decision_number& result) {
        if (at_ >= list_.size() || list_[at_].what != piece::kind::word)
            return tell("\"{0}\" thiếu ký hiệu cơ quan ban hành; hãy ghi như 3981/QĐ-UBND",
                        "\"{0}\" does not name who issued it; write it as 3981/QĐ-UBND");
        std::string key = list_[at_].key;
        for (std::string_view other : other_documents)
            if (key == other)
                return tell("\"{0}\" là loại văn bản khác, không phải quyết định (QĐ)",
                            "\"{0}\" is another kind of document, no decision (QĐ)");
        if (key.rfind("qd", 0) != 0)
            return tell("\"{0}\" không có \"QĐ\" sau số; hãy ghi như 3981/QĐ-UBND",
                        "\"{0}\" has no \"QĐ\" behind the number; write it as 3981/QĐ-UBND");
        result.suffix = "QĐ";
        // "QĐUBND"
        if (key.size() > 2) {
            const suffix_part* joined = part_of(key.substr(2));
            if (joined == nullptr)
                return tell("không hiểu ký hiệu trong \"{0}\"; hãy ghi như 3981/QĐ-UBND",
                            "the letters in \"{0}\" are not understood; write it as 3981/QĐ-UBND");
            result.suffix += '-';
            result.suffix += joined->text;
        }
        ++at_;
        while (at_ < list_.size()) {
            std::size_t next = at_;
            const bool joined = mark(next, "-") || mark(next, ".") || mark(next, "/");
            if (joined) ++next;
            if (next >= list_.size() || list_[next].what != piece::kind::word) break;
            std::string part = list_[next].key;
            std::string written = list_[next].text;
            // "BNN&PTNT"
            if (mark(next + 1, "&") && next + 2 < list_.size() &&
                list_[next + 2].what == piece::kind::word) {
                part += ' ' + list_[next + 2].key;
                written += '&' + list_[next + 2].text;
                next += 2;
            }
            const suffix_part* known = part_of(part);
            if (!joined && known == nullptr) break;  // "… ngày", "… của"
            result.suffix += '-';
            result.suffix += known != nullptr ? std::string(known->text) : written;
            at_ = next + 1;
        }
        if (result.suffix == "QĐ")
            return tell("\"{0}\" thiếu ký hiệu cơ quan ban hành; hãy ghi như 3981/QĐ-UBND",
                        "\"{0}\" does not name who issued it; write it as 3981/QĐ-UBND");
        return true;
    }

    /// "ngày 05/8/2026 của …"
    [[nodiscard]] bool behind(decision_number& result) {
        while (mark(at_, ",") || mark(at_, "(") || mark(at_, ")") || mark(at_, ".") ||
               mark(at_, ";"))
            ++at_;
        if (word(at_, "ky")) ++at_;
        if (word(at_, "ngay")) {
            std::size_t end = at_;
            while (end < list_.size() && !word(end, "cua")) ++end;
            const std::size_t from = list_[at_].from;
            const std::size_t to = end < list_.size() ? list_[end].from : text_.size();
            const auto day = try_read_written_date(text_.substr(from, to - from), found_);
            if (!day) return false;
            if (!day->day())
                return tell("ngày trong \"{0}\" chưa đủ ngày, tháng, năm",
                            "the date in \"{0}\" is no whole day");
            result.signed_on = day->day();
            at_ = end;
        }
        if (at_ >= list_.size() || word(at_, "cua")) return true;
        return tell("\"{0}\" có thêm chữ sau số quyết định; mỗi ô ghi một quyết định",
                    "\"{0}\" goes on behind the decision's number; write one decision a cell");
    }

    bool tell(const char* vi, const char* en) {
        found_.push_back(detail::make_problem(problem_code::bad_decision_number, "",
                                              std::string(given_),
                                              detail::told(vi, en, {detail::shown(given_)})));
        return false;
    }

    std::string_view given_;
    std::string text_;
    problems& found_;
    std::vector<piece> list_;
    std::size_t at_ = 0;
};

}  // namespace

decision_issuer decision_number::issuer() const {
    // The first part that tells: "QĐ-BNN-VPĐP" is the ministry's.
    std::size_t from = 0;
    while (from < suffix.size()) {
        const std::size_t end = std::min(suffix.find('-', from), suffix.size());
        const suffix_part* known = part_of(search_key(suffix.substr(from, end - from)));
        if (known != nullptr && known->issuer) return *known->issuer;
        from = end + 1;
    }
    return decision_issuer::other;
}

std::optional<council_level> decision_number::level() const {
    const decision_issuer by = issuer();
    if (by == decision_issuer::prime_minister || by == decision_issuer::ministry)
        return council_level::centre;
    return std::nullopt;
}

std::string to_string(const decision_number& decision) {
    std::string text = decision.number < 10 ? "0" : "";
    text += std::to_string(decision.number) + decision.letter + "/";
    if (decision.year) text += std::to_string(*decision.year) + "/";
    return text + decision.suffix;
}

std::optional<decision_number> try_read_decision_number(std::string_view text, problems& found) {
    constexpr std::size_t longest = 500;
    if (!is_utf8(text) || text.size() > longest) {
        found.push_back(detail::make_problem(
            problem_code::bad_decision_number, "", std::string(text.substr(0, longest)),
            detail::told("\"{0}\" không phải số quyết định", "\"{0}\" is no number of a decision",
                         {detail::shown(text)})));
        return std::nullopt;
    }
    return reader(text, found).read();
}

decision_number read_decision_number(std::string_view text) {
    problems found;
    auto read = try_read_decision_number(text, found);
    if (!read) throw error(std::move(found));
    return std::move(*read);
}

}  // namespace ocop
