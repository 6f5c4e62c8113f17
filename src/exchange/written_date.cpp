#include "ocop/exchange/written_date.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "ocop/base/fold.hpp"

namespace ocop {
namespace {

/// A number, a word or a mark of a folded date; blanks are left out.
struct piece {
    enum class kind { number, word, mark } what = kind::mark;
    std::string text;
};

[[nodiscard]] bool digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] bool letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

[[nodiscard]] std::vector<piece> pieces_of(const std::string& folded) {
    std::vector<piece> list;
    for (std::size_t at = 0; at < folded.size();) {
        piece p;
        std::size_t end = at + 1;
        if (digit(folded[at])) {
            p.what = piece::kind::number;
            while (end < folded.size() && digit(folded[end])) ++end;
        } else if (letter(folded[at])) {
            p.what = piece::kind::word;
            while (end < folded.size() && letter(folded[end])) ++end;
        } else if (folded[at] == ' ') {
            ++at;
            continue;
        }
        p.text = folded.substr(at, end - at);
        list.push_back(std::move(p));
        at = end;
    }
    return list;
}

[[nodiscard]] int roman(const std::string& text) noexcept {
    if (text == "i") return 1;
    if (text == "ii") return 2;
    if (text == "iii") return 3;
    if (text == "iv") return 4;
    return 0;
}

/// Reads the pieces of one date.
class reader {
public:
    reader(std::string_view given, problems& found) : given_(given), found_(found) {
        std::string folded = fold(given);
        drop_midnight(folded);
        list_ = pieces_of(folded);
        drop_place();
        const auto idle = [](const piece& p) {
            return p.what == piece::kind::mark && (p.text == "." || p.text == "," ||
                                                   p.text == ";" || p.text == "(" || p.text == ")");
        };
        while (!list_.empty() && idle(list_.back())) list_.pop_back();
        std::size_t front = 0;
        while (front < list_.size() && idle(list_[front])) ++front;
        list_.erase(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(front));
    }

    [[nodiscard]] std::optional<written_date> read() {
        skip("ngay");
        if (skip("quy") || skip("q")) return quarter();
        const bool month_word = skip("thang") || skip("t");
        if (skip("nam")) return end_of(number(at_)) ? year_alone(at_) : no_date();
        if (!number(at_)) return no_date();
        if (month_word) return month_and_year(at_);
        if (!number_behind(1)) return end_of(true, 1) ? one_number() : no_date();
        // Three numbers, or two.
        const std::size_t second = next_number(at_);
        const std::size_t third = next_number(second);
        if (third == none) {
            if (list_[at_].text.size() == 4 && end_of(true, second + 1 - at_) && plain_link(at_))
                return month_of(list_[second].text, list_[at_].text);
            return month_and_year(at_);
        }
        if (third + 1 != list_.size()) return no_date();
        if (list_[at_].text.size() == 4 && list_[second - 1].text != "." && plain_link(at_) &&
            plain_link(second))
            return day_of(list_[third].text, list_[second].text, list_[at_].text);
        return day_of(list_[at_].text, list_[second].text, list_[third].text);
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// "2026-08-05 00:00:00", "2026-08-05T00:00:00Z": as spreadsheets and programs write a day.
    static void drop_midnight(std::string& text) {
        constexpr std::size_t iso = 10;
        if (text.size() <= iso || text[4] != '-' || text[7] != '-') return;
        if (text[iso] != ' ' && text[iso] != 't') return;
        std::string rest = text.substr(iso + 1);
        if (!rest.empty() && rest.back() == 'z') rest.pop_back();
        if (rest.size() < 5) return;
        for (char c : rest)
            if (c != '0' && c != ':' && c != '.') return;
        text.resize(iso);
    }

    /// "Lâm Đồng, ngày 05 tháng 8 năm 2026": words before "ngày" tell no part of the date.
    void drop_place() {
        for (std::size_t i = list_.size(); i-- > 0;) {
            if (list_[i].text != "ngay") continue;
            for (std::size_t k = 0; k < i; ++k)
                if (list_[k].what == piece::kind::number) return;
            list_.erase(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(i));
            return;
        }
    }

    [[nodiscard]] bool number(std::size_t at) const {
        return at < list_.size() && list_[at].what == piece::kind::number;
    }
    bool skip(std::string_view word) {
        if (at_ >= list_.size() || list_[at_].text != word) return false;
        ++at_;
        // "T.9/2023", "quý: III"
        if (at_ < list_.size() && (list_[at_].text == "." || list_[at_].text == ":")) ++at_;
        return true;
    }
    /// Whether the text ends behind \p count pieces from here.
    [[nodiscard]] bool end_of(bool good, std::size_t count = 1) const {
        return good && at_ + count == list_.size();
    }
    [[nodiscard]] bool number_behind(std::size_t count) const {
        for (std::size_t i = at_ + count; i < list_.size(); ++i)
            if (number(i)) return true;
        return false;
    }
    /// The number that follows the one at \p at over a mark, words that name the next part, or a
    /// blank; none where something else stands there.
    [[nodiscard]] std::size_t next_number(std::size_t at) const {
        if (at == none) return none;
        std::size_t next = at + 1;
        if (next < list_.size() && !number(next)) {
            const std::string& link = list_[next].text;
            const bool mark = link == "/" || link == "-" || link == ".";
            if (!mark && link != "thang" && link != "nam" && link != ",") return none;
            ++next;
            if (link == "," && next < list_.size() && list_[next].text == "nam") ++next;
        }
        return number(next) ? next : none;
    }
    /// Whether `-` or `/` follows the number at \p at.
    [[nodiscard]] bool plain_link(std::size_t at) const {
        return list_[at + 1].text == "-" || list_[at + 1].text == "/";
    }

    std::optional<written_date> quarter() {
        if (at_ >= list_.size()) return no_date();
        int which = 0;
        if (list_[at_].what == piece::kind::word) which = roman(list_[at_].text);
        if (number(at_) && list_[at_].text.size() <= 2) which = std::stoi(list_[at_].text);
        const std::size_t year = next_number(at_);
        if (which < 1 || which > 4 || year == none || year + 1 != list_.size()) return no_date();
        const auto y = year_of(list_[year].text);
        if (!y) return std::nullopt;
        const auto first_month = static_cast<unsigned short>(3 * which - 2);
        return span(date_precision::quarter, date(*y, first_month, 1),
                    static_cast<unsigned short>(first_month + 2));
    }
    std::optional<written_date> month_and_year(std::size_t at) {
        const std::size_t year = next_number(at);
        if (year == none || year + 1 != list_.size()) return no_date();
        return month_of(list_[at].text, list_[year].text);
    }
    std::optional<written_date> year_alone(std::size_t at) {
        const auto y = year_of(list_[at].text);
        if (!y) return std::nullopt;
        return span(date_precision::year, date(*y, 1, 1), 12);
    }
    std::optional<written_date> one_number() {
        const std::string& text = list_[at_].text;
        if (text.size() == 4) return year_alone(at_);
        if (text.size() == 5)
            return tell(
                "\"{0}\" giống số thứ tự ngày của bảng tính, không phải ngày; hãy định dạng "
                "ô thành ngày rồi xuất lại",
                "\"{0}\" looks like a spreadsheet's number of a day; format the cell as a "
                "date and export again");
        return no_date();
    }

    std::optional<written_date> month_of(const std::string& month, const std::string& year) {
        const auto y = year_of(year);
        if (!y) return std::nullopt;
        const int m = small(month);
        if (m < 1 || m > 12) return impossible();
        const auto which = static_cast<unsigned short>(m);
        return span(date_precision::month, date(*y, which, 1), which);
    }
    std::optional<written_date> day_of(const std::string& day, const std::string& month,
                                       const std::string& year) {
        const auto y = year_of(year);
        if (!y) return std::nullopt;
        const int m = small(month);
        const int d = small(day);
        if (m < 1 || m > 12 || d < 1) return impossible();
        const auto which = static_cast<unsigned short>(m);
        if (d > boost::gregorian::gregorian_calendar::end_of_month_day(*y, which))
            return impossible();
        const date told(*y, which, static_cast<unsigned short>(d));
        return written_date{date_precision::day, told, told};
    }

    [[nodiscard]] static int small(const std::string& digits) {
        return digits.size() > 2 ? 0 : std::stoi(digits);
    }
    [[nodiscard]] std::optional<unsigned short> year_of(const std::string& digits) {
        if (digits.size() == 2 || digits.size() == 1) {
            tell("\"{0}\": năm phải có bốn chữ số, ví dụ 05/8/2026",
                 "\"{0}\": a year needs four digits, as in 05/8/2026");
            return std::nullopt;
        }
        const int year = digits.size() == 4 ? std::stoi(digits) : 0;
        if (year < 1400) {
            no_date();
            return std::nullopt;
        }
        return static_cast<unsigned short>(year);
    }
    [[nodiscard]] static written_date span(date_precision precision, const date& first,
                                           unsigned short last_month) {
        const auto year = static_cast<unsigned short>(first.year());
        const auto day = static_cast<unsigned short>(
            boost::gregorian::gregorian_calendar::end_of_month_day(year, last_month));
        return {precision, first, date(year, last_month, day)};
    }

    std::optional<written_date> impossible() {
        return tell("không có ngày \"{0}\"; thứ tự là ngày/tháng/năm, ví dụ 05/8/2026",
                    "there is no day \"{0}\"; the order is day/month/year, as in 05/8/2026");
    }
    std::optional<written_date> no_date() {
        return tell("\"{0}\" không phải ngày; hãy ghi như 05/8/2026 hoặc 2026-08-05",
                    "\"{0}\" is no date; write it as 05/8/2026 or 2026-08-05");
    }
    std::optional<written_date> tell(const char* vi, const char* en) {
        found_.push_back(detail::make_problem(problem_code::bad_date, "", std::string(given_),
                                              detail::told(vi, en, {detail::shown(given_)})));
        return std::nullopt;
    }

    std::string_view given_;
    problems& found_;
    std::vector<piece> list_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<written_date> try_read_written_date(std::string_view text, problems& found) {
    // The form of most lists, without any search.
    if (const auto iso = parse_date(text)) return written_date{date_precision::day, *iso, *iso};
    constexpr std::size_t longest = 200;
    if (text.size() > longest) {
        const std::string start = detail::shown(text);
        found.push_back(detail::make_problem(
            problem_code::bad_date, "", start,
            detail::told("\"{0}\" quá dài, không phải ngày; hãy ghi như 05/8/2026 hoặc 2026-08-05",
                         "\"{0}\" is too long for a date; write it as 05/8/2026 or 2026-08-05",
                         {start})));
        return std::nullopt;
    }
    return reader(text, found).read();
}

written_date read_written_date(std::string_view text) {
    problems found;
    const auto read = try_read_written_date(text, found);
    if (!read) throw error(std::move(found));
    return *read;
}

}  // namespace ocop
