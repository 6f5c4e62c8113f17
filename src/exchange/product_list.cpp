#include "ocop/exchange/product_list.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "ocop/base/fold.hpp"
#include "ocop/certifications/term.hpp"
#include "ocop/communes/unit_search.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/exchange/decision_number.hpp"
#include "ocop/exchange/star_wording.hpp"
#include "ocop/exchange/text.hpp"
#include "ocop/exchange/written_date.hpp"
#include "product_list_csv.hpp"
#include "wording_text.hpp"

namespace ocop {
namespace {

using detail::csv_cutter;
using detail::csv_fault;
using detail::shown;
using detail::told;

// ---------------------------------------------------------------- columns

enum class column : std::uint8_t {
    row_id,
    product_name,
    producer_name,
    producer_type,
    commune,
    district,
    province,
    star,
    proposed_star,
    event,
    year,
    decision_no,
    decision_date,
    expiry_date,
    score,
    source_id,
    reliability,
    notes
};
constexpr std::size_t column_count = 18;
constexpr std::array<std::string_view, column_count> column_names{
    "row_id",        "product_name", "producer_name", "producer_type", "commune",     "district",
    "province",      "star",         "proposed_star", "event",         "year",        "decision_no",
    "decision_date", "expiry_date",  "score",         "source_id",     "reliability", "notes"};
/// Without these there is no list.
constexpr std::array<column, 4> needed{column::product_name, column::province, column::star,
                                       column::event};

constexpr std::size_t most_columns = 1000;    ///< of a header; no list has so many
constexpr std::size_t longest_heading = 200;  ///< bytes

/// Headings of printed lists, compared without accents, case and punctuation.
struct heading {
    std::string_view text;
    column which;
};
constexpr std::array<heading, 42> headings{{
    {"STT", column::row_id},
    {"TT", column::row_id},
    {"Mã", column::row_id},
    {"Tên sản phẩm", column::product_name},
    {"Sản phẩm", column::product_name},
    {"Chủ thể", column::producer_name},
    {"Tên chủ thể", column::producer_name},
    {"Chủ thể sản xuất", column::producer_name},
    {"Đơn vị sản xuất", column::producer_name},
    {"Cơ sở sản xuất", column::producer_name},
    {"Loại hình", column::producer_type},
    {"Loại hình chủ thể", column::producer_type},
    {"Xã", column::commune},
    {"Xã, phường", column::commune},
    {"Xã, phường, thị trấn", column::commune},
    {"Huyện", column::district},
    {"Quận, huyện", column::district},
    {"Huyện, thị xã, thành phố", column::district},
    {"Huyện, thành phố", column::district},
    {"Tỉnh", column::province},
    {"Tỉnh, thành phố", column::province},
    {"Tỉnh thành", column::province},
    {"Hạng sao", column::star},
    {"Số sao", column::star},
    {"Sao", column::star},
    {"Xếp hạng", column::star},
    {"Kết quả xếp hạng", column::star},
    {"Sao đề nghị", column::proposed_star},
    {"Hạng đề nghị", column::proposed_star},
    {"Sự kiện", column::event},
    {"Hình thức", column::event},
    {"Năm", column::year},
    {"Năm công nhận", column::year},
    {"Số quyết định", column::decision_no},
    {"Quyết định", column::decision_no},
    {"Ngày quyết định", column::decision_date},
    {"Ngày ký", column::decision_date},
    {"Ngày hết hạn", column::expiry_date},
    {"Điểm", column::score},
    {"Nguồn", column::source_id},
    {"Độ tin cậy", column::reliability},
    {"Ghi chú", column::notes},
}};

[[nodiscard]] std::optional<column> column_of(std::string_view text) {
    static const std::unordered_map<std::string, column> known = [] {
        std::unordered_map<std::string, column> all;
        for (std::size_t i = 0; i < column_count; ++i)
            all.emplace(search_key(column_names[i]), static_cast<column>(i));
        for (const heading& h : headings) all.emplace(search_key(h.text), h.which);
        return all;
    }();
    const std::string key = search_key(text);
    if (key.empty()) return std::nullopt;
    const auto found = known.find(key);
    return found == known.end() ? std::nullopt : std::optional<column>(found->second);
}

// ---------------------------------------------------------------- cells

/// Without blanks at its ends, in NFC.
[[nodiscard]] std::string trimmed(std::string_view text) {
    std::size_t from = 0;
    while (from < text.size()) {
        const detail::code_point c = detail::code_point_at(text, from);
        if (!detail::is_blank(c.value) && !detail::is_line_end(c.value) &&
            !detail::is_invisible(c.value))
            break;
        from += c.size;
    }
    std::size_t end = text.size();
    while (end > from) {
        std::size_t start = end - 1;
        while (start > from && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) --start;
        const detail::code_point c = detail::code_point_at(text, start);
        if (!detail::is_blank(c.value) && !detail::is_line_end(c.value) &&
            !detail::is_invisible(c.value))
            break;
        end = start;
    }
    const std::string_view inner = text.substr(from, end - from);
    for (char c : inner)
        if ((static_cast<unsigned char>(c) & 0x80U) != 0) return nfc(inner);
    return std::string(inner);
}

/// Line ends within a name are blanks; runs of blanks one.
[[nodiscard]] std::string one_line(std::string_view text) {
    std::string line;
    bool blank = false;
    for (std::size_t at = 0; at < text.size();) {
        const detail::code_point c = detail::code_point_at(text, at);
        if (detail::is_blank(c.value) || detail::is_line_end(c.value)) {
            blank = true;
        } else {
            if (blank && !line.empty()) line += ' ';
            blank = false;
            line += text.substr(at, c.size);
        }
        at += c.size;
    }
    return line;
}

/// Whether a cell says "the same as above".
[[nodiscard]] bool says_above(const std::string& cell) {
    if (cell.empty() || cell.size() > 40) return false;
    const auto first = static_cast<unsigned char>(cell.front());
    const bool mark =
        first == '"' || first == '\'' || first == '-' || first == '(' || first >= 0x80U;
    const bool letter = first == 'n' || first == 'N' || first == 's' || first == 'S' ||
                        first == 'd' || first == 'D' || first == 'g' || first == 'G' ||
                        first == 'v' || first == 'V';
    if (!mark && !letter) return false;
    for (std::string_view sign : {"\"", "''", "″", "〃", "”", "“", "''", "’’", "„", "\"\"", "-\"-",
                                  "- \" -", "-″-", "-”-", "--\"--"})
        if (cell == sign) return true;
    const std::string key = search_key(cell);
    for (std::string_view words : {"nhu tren", "nt", "n t", "same as above", "same", "ditto",
                                   "giong tren", "giong nhu tren", "van nhu tren", "as above"})
        if (key == words) return true;
    return false;
}

[[nodiscard]] std::optional<std::uint32_t> count_in(std::string_view folded) {
    std::size_t at = 0;
    std::uint32_t count = 0;
    while (at < folded.size() && folded[at] >= '0' && folded[at] <= '9' && at < 4)
        count = count * 10 + static_cast<std::uint32_t>(folded[at++] - '0');
    if (at == 0) return std::nullopt;
    const std::string_view unit = folded.substr(at);
    if (unit == " san pham" || unit == " sp" || unit == " products" || unit == " loai" ||
        unit == " loai san pham")
        return count;
    return std::nullopt;
}

/// Bytes of a name beyond which nothing is read from it: it is kept as written.
constexpr std::size_t longest_name = 4000;

/// "(4 sản phẩm)" in a name.
[[nodiscard]] std::uint32_t products_in(const std::string& name) {
    if (name.size() > longest_name) return 1;
    for (std::size_t open = name.find('('); open != std::string::npos;
         open = name.find('(', open + 1)) {
        const std::size_t close = name.find(')', open);
        if (close == std::string::npos) break;
        std::string inside = search_key(name.substr(open + 1, close - open - 1));
        if (inside.rfind("gom ", 0) == 0) inside.erase(0, 4);
        const auto count = count_in(inside);
        if (count && *count >= 2) return *count;
    }
    return 1;
}

void add_parts(std::vector<std::string>& to, std::string_view text,
               std::initializer_list<std::string_view> marks) {
    std::size_t from = 0;
    while (from <= text.size()) {
        std::size_t end = from;
        std::size_t width = 0;
        for (; end < text.size() && width == 0; ++end)
            for (std::string_view m : marks)
                if (width == 0 && text.substr(end, m.size()) == m) width = m.size();
        if (width != 0) --end;
        std::string part = trimmed(text.substr(from, end - from));
        if (!part.empty()) to.push_back(std::move(part));
        if (width == 0) return;
        from = end + width;
    }
}

/// A word such as "CL28": capitals and digits.
[[nodiscard]] bool is_code(std::string_view word) {
    bool letters = false;
    bool digits = false;
    for (char c : word) {
        if (c >= 'A' && c <= 'Z')
            letters = true;
        else if (c >= '0' && c <= '9')
            digits = true;
        else
            return false;
    }
    return letters && digits;
}

/// "(20°N, 30°N, 40°N)", "CL28 và Cửa Hội CH20, CH25": what one recognition joins.
[[nodiscard]] std::vector<std::string> variants_in(const std::string& name) {
    std::vector<std::string> parts;
    if (name.size() > longest_name) return parts;
    for (std::size_t open = name.find('('); open != std::string::npos;
         open = name.find('(', open + 1)) {
        const std::size_t close = name.find(')', open);
        if (close == std::string::npos) break;
        parts.clear();
        add_parts(parts, std::string_view(name).substr(open + 1, close - open - 1), {",", " và "});
        if (parts.size() > 1) return parts;
    }
    std::size_t codes = 0;
    for (std::size_t from = 0; from < name.size();) {
        std::size_t end = name.find_first_of(" ,", from);
        if (end == std::string::npos) end = name.size();
        codes += is_code(std::string_view(name).substr(from, end - from)) ? 1U : 0U;
        from = end + 1;
    }
    parts.clear();
    if (codes >= 2) add_parts(parts, name, {",", " và "});
    if (parts.size() < 2) parts.clear();
    return parts;
}

/// The products that a cell names on lines of their own, numbered, or between semicolons.
[[nodiscard]] std::vector<std::string> products_of_cell(const std::string& cell) {
    std::vector<std::string> lines;
    add_parts(lines, cell, {"\n", "\r", ";"});
    std::vector<std::string> parts;
    for (const std::string& line : lines) {
        // "1. Chè xanh 2. Chè đen": numbers that count up from 1.
        std::vector<std::size_t> starts;
        std::vector<std::size_t> texts;
        for (std::size_t at = 0; at < line.size(); ++at) {
            if (at != 0 && line[at - 1] != ' ') continue;
            std::size_t end = at;
            std::size_t value = 0;
            while (end < line.size() && line[end] >= '0' && line[end] <= '9' && end - at < 3)
                value = value * 10 + static_cast<std::size_t>(line[end++] - '0');
            const bool mark =
                end != at && end < line.size() && (line[end] == '.' || line[end] == ')');
            if (!mark || end + 1 >= line.size() || line[end + 1] != ' ') continue;
            if (value != starts.size() + 1 && !(starts.empty() && lines.size() > 1)) continue;
            starts.push_back(at);
            texts.push_back(end + 1);
        }
        const bool counted = starts.size() > 1 || (lines.size() > 1 && starts.size() == 1);
        if (!counted || starts.front() != 0) {
            parts.push_back(line);
            continue;
        }
        for (std::size_t k = 0; k < starts.size(); ++k) {
            const std::size_t end = k + 1 < starts.size() ? starts[k + 1] : line.size();
            std::string part = trimmed(std::string_view(line).substr(texts[k], end - texts[k]));
            if (!part.empty()) parts.push_back(std::move(part));
        }
    }
    // "- Chè xanh"
    for (std::string& part : parts)
        if (parts.size() > 1 && part.rfind("- ", 0) == 0) part = trimmed(part.substr(2));
    return parts;
}

// ---------------------------------------------------------------- events

/// The short forms that printed lists use beside the terms.
struct event_word {
    std::string_view text;
    list_event which;
};
constexpr std::array<event_word, 11> event_words{{
    {"công nhận", list_event::recognised},
    {"đã công nhận", list_event::recognised},
    {"công nhận lần đầu", list_event::first},
    {"lần đầu", list_event::first},
    {"tái công nhận", list_event::re_recognition},
    {"được nâng hạng", list_event::upgrade},
    {"đã hết hạn", list_event::expired},
    {"thu hồi", list_event::revoked},
    {"đã thu hồi", list_event::revoked},
    {"tiềm năng 5 sao", list_event::proposed_5},
    {"potential 5 stars", list_event::proposed_5},
}};

[[nodiscard]] std::optional<list_event> event_of(const std::string& cell) {
    if (const auto exact = from_name<list_event>(cell)) return exact;
    const std::string key = search_key(cell);
    for (std::size_t i = 0; i < names<list_event>::all.size(); ++i)
        if (search_key(names<list_event>::all[i]) == key ||
            search_key(terms<list_event>::all[i].vi) == key ||
            search_key(terms<list_event>::all[i].en) == key)
            return static_cast<list_event>(i);
    for (const event_word& w : event_words)
        if (search_key(w.text) == key) return w.which;
    return std::nullopt;
}
/// "new (công nhận mới), recognised (được công nhận), …"
[[nodiscard]] std::string events_told(bool vietnamese) {
    std::string text;
    for (std::size_t i = 0; i < names<list_event>::all.size(); ++i) {
        const term& meaning = terms<list_event>::all[i];
        const std::string_view words = vietnamese ? meaning.vi : meaning.en;
        if (i != 0) text += ", ";
        text += names<list_event>::all[i];
        if (words == names<list_event>::all[i]) continue;
        text += " (";
        text += words;
        text += ')';
    }
    return text;
}
/// Events that say that a star was given.
[[nodiscard]] bool gives_star(list_event e) noexcept {
    return e == list_event::first || e == list_event::recognised ||
           e == list_event::re_recognition || e == list_event::upgrade ||
           e == list_event::district_council;
}
/// The star that an event by itself proposes.
[[nodiscard]] std::optional<stars> proposed_by(list_event e) {
    if (e == list_event::proposed_4) return stars(4);
    if (e == list_event::proposed_5) return stars(5);
    return std::nullopt;
}

// ---------------------------------------------------------------- units

/// Where the units of a row may be looked for, the likeliest edition first.
[[nodiscard]] std::vector<edition> editions_for(const listed_product& p) {
    std::vector<edition> list;
    const auto add = [&](edition e) {
        if (std::find(list.begin(), list.end(), e) == list.end()) list.push_back(e);
    };
    const bool old = !p.district.text.empty();
    if (p.decision_date) add(edition_on(*p.decision_date).in);
    const std::int32_t year = p.year.value_or(0);
    if (year != 0 && year < 2025) {
        add(edition::e2023_01);
        add(edition::e2025_03);
    } else if (year == 2025 && old) {
        add(edition::e2025_03);
    } else if (year == 2025) {
        add(edition::e2025_07);
    }
    if (old) {
        add(edition::e2025_03);
        add(edition::e2023_01);
    }
    add(edition::e2026_04);
    add(edition::e2025_07);
    add(edition::e2025_03);
    add(edition::e2023_01);
    return list;
}

struct found_units {
    std::array<std::optional<unit_ref>, 3> units;  // province, district, commune
    std::size_t count = 0;
    std::vector<std::pair<std::size_t, problem_code>> faults;
    std::string lies_in;  ///< of a unit elsewhere: the units that it lies in
};

/// Looks up the places of rows; places come again and again.
class places {
public:
    explicit places(const unit_index* index) : index_(index) {}

    template <class Tell>
    void find(listed_product& p, const Tell& tell) {
        if (index_ == nullptr) return;
        const std::vector<edition> order = editions_for(p);
        std::string key;
        for (edition e : order) key += static_cast<char>('0' + static_cast<int>(e));
        for (const listed_unit* u : {&p.province, &p.district, &p.commune}) {
            key += '\n';
            key += u->text;
        }
        auto known = seen_.find(key);
        if (known == seen_.end()) known = seen_.emplace(key, best(p, order)).first;
        const found_units& found = known->second;
        p.province.unit = found.units[0];
        p.district.unit = found.units[1];
        p.commune.unit = found.units[2];
        constexpr std::array<column, 3> columns{column::province, column::district,
                                                column::commune};
        const std::array<const std::string*, 3> texts{&p.province.text, &p.district.text,
                                                      &p.commune.text};
        for (const auto& [level, code] : found.faults) {
            const std::string text = shown(*texts[level]);
            if (code == problem_code::unknown_unit) {
                const std::string& names = near_names(level, text);
                tell(code, columns[level], text,
                     names.empty()
                         ? told("không tìm thấy đơn vị \"{0}\"; dòng vẫn được giữ",
                                "there is no unit \"{0}\"; the row is kept", {text})
                         : told("không tìm thấy đơn vị \"{0}\" (gần giống: {1}); dòng vẫn "
                                "được giữ",
                                "there is no unit \"{0}\" (near: {1}); the row is kept",
                                {text, names}));
            } else if (code == problem_code::unit_elsewhere) {
                const std::string above = shown(
                    level == 2 && !p.district.text.empty() ? p.district.text : p.province.text);
                tell(code, columns[level], text,
                     found.lies_in.empty()
                         ? told("\"{0}\" không thuộc \"{1}\"; dòng vẫn được giữ",
                                "\"{0}\" does not lie in \"{1}\"; the row is kept", {text, above})
                         : told("\"{0}\" không thuộc \"{1}\" mà thuộc {2}; dòng vẫn được giữ",
                                "\"{0}\" does not lie in \"{1}\" but in {2}; the row is kept",
                                {text, above, found.lies_in}));
            } else {
                tell(code, columns[level], text,
                     told("nhiều đơn vị cùng tên \"{0}\"; hãy ghi thêm tiền tố hoặc cấp trên; dòng "
                          "vẫn được giữ",
                          "several units are called \"{0}\"; add the prefix or the unit above; the "
                          "row is kept",
                          {text}));
            }
        }
    }

private:
    [[nodiscard]] found_units best(const listed_product& p, const std::vector<edition>& order) {
        found_units best;
        bool any = false;
        for (edition e : order) {
            found_units now = in_edition(p, e);
            if (!any || now.count > best.count) best = std::move(now);
            any = true;
            if (best.faults.empty()) break;
        }
        return best;
    }

    [[nodiscard]] found_units in_edition(const listed_product& p, edition e) const {
        found_units found;
        const std::array<const std::string*, 3> texts{&p.province.text, &p.district.text,
                                                      &p.commune.text};
        std::optional<unit_code> within;
        for (std::size_t level = 0; level < 3; ++level) {
            if (texts[level]->empty()) continue;
            const unit_filter here{e, static_cast<unit_level>(level), within};
            const std::vector<unit_match> list = best_of(index_->find(*texts[level], here));
            if (list.size() == 1) {
                found.units[level] = list.front().which.ref();
                within = list.front().which.code;
                ++found.count;
            } else if (list.size() > 1) {
                found.faults.emplace_back(level, problem_code::ambiguous_unit);
            } else {
                const unit_filter anywhere{e, static_cast<unit_level>(level), std::nullopt};
                std::vector<unit_match> others;
                if (within) others = best_of(index_->find(*texts[level], anywhere));
                const bool elsewhere = !others.empty();
                if (elsewhere) found.lies_in = units_above(others);
                found.faults.emplace_back(level, elsewhere ? problem_code::unit_elsewhere
                                                           : problem_code::unknown_unit);
            }
        }
        return found;
    }
    /// What \p list lies in, at most three.
    [[nodiscard]] std::string units_above(const std::vector<unit_match>& list) const {
        constexpr std::size_t most = 3;
        std::string text;
        std::size_t count = 0;
        for (const unit_match& m : list) {
            if (!m.which.parent) continue;
            std::string name;
            for (auto up = m.which.parent; up;) {
                const auto above = index_->find(to_string(*up),
                                                unit_filter{m.which.in, up->level(), std::nullopt});
                if (above.empty()) break;
                name += name.empty() ? "" : ", ";
                name += above.front().which.name;
                up = above.front().which.parent;
            }
            name = '"' + name + '"';
            if (name.size() == 2 || text.find(name) != std::string::npos) continue;
            if (++count > most) return text + ", …";
            text += (text.empty() ? "" : ", ") + name;
        }
        return text;
    }
    /// Names near a text that no unit bears: linear in the units, so each text is asked once.
    [[nodiscard]] const std::string& near_names(std::size_t level, const std::string& text) {
        std::string key(1, static_cast<char>('0' + static_cast<int>(level)));
        key += text;
        const auto known = near_.find(key);
        if (known != near_.end()) return known->second;
        static const std::string nothing;
        if (near_.size() >= most_near) return nothing;
        std::string names;
        for (const std::string& n : index_->near(
                 text, unit_filter{std::nullopt, static_cast<unit_level>(level), std::nullopt}))
            names += (names.empty() ? "" : ", ") + n;
        return near_.emplace(std::move(key), std::move(names)).first->second;
    }
    /// Those that fit best.
    [[nodiscard]] static std::vector<unit_match> best_of(std::vector<unit_match> list) {
        std::erase_if(list, [first = list.empty() ? match_kind::exact : list.front().how](
                                const unit_match& m) { return m.how != first; });
        return list;
    }

    /// Texts that near names are looked for: a list with more is another kind of list.
    static constexpr std::size_t most_near = 200;

    const unit_index* index_;
    std::unordered_map<std::string, found_units> seen_;
    std::unordered_map<std::string, std::string> near_;
};

// ---------------------------------------------------------------- the reader

class list_reader {
public:
    list_reader(std::string_view text, const product_list_options& options,
                const std::function<void(listed_product&&)>& take)
        : text_(text), options_(options), take_(take), places_(options.units) {}

    [[nodiscard]] product_list read() {
        if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
        if (!is_utf8(text_)) {
            not_utf8();
            return std::move(list_);
        }
        if (text_.substr(0, std::min<std::size_t>(text_.find('\n'), 4000)).find('\0') !=
            std::string_view::npos) {
            zero_bytes(1, true);
            return std::move(list_);
        }
        choose_separator();
        const std::uint32_t header_row = row_of_header();
        csv_cutter rows(text_, list_.separator);
        std::vector<std::string> cells;
        // "sep=;", as spreadsheets write it.
        bool header = false;
        while (!header && rows.next(cells)) {
            const bool hint = cells.front().rfind("sep=", 0) == 0;
            if (hint || blank(cells)) continue;
            header = rows.row() >= header_row;
            if (!header) above_header(cells, rows.row(), header_row);
        }
        if (!header) {
            add(problem_code::missing_column, severity::error, rows.row() == 0 ? 1 : rows.row(), 1,
                "", "",
                told("tệp trống: không có dòng tiêu đề; dòng đầu phải có tên các cột: {0}",
                     "the file is empty: there is no header; the first row names the columns: {0}",
                     {all_names()}));
            return std::move(list_);
        }
        for (const std::string& cell : cells)
            if (cell.find('\0') != std::string::npos) {
                zero_bytes(rows.row(), true);
                return std::move(list_);
            }
        if (cells.size() > most_columns) {
            const std::string have = std::to_string(cells.size());
            const std::string most = std::to_string(most_columns);
            add(problem_code::too_many, severity::error, rows.row(), 1, "", have,
                told("tiêu đề có {0} cột, nhiều nhất là {1}; hãy xóa các cột trống và lưu lại",
                     "the header has {0} columns, at most {1} are read; delete the empty columns "
                     "and save again",
                     {have, most}));
            return std::move(list_);
        }
        take_header(cells, rows.row());
        while (rows.next(cells)) {
            if (blank(cells)) continue;
            ++list_.row_count;
            if (!list_.readable) {
                list_.rejected.push_back({rows.row(), cells});
                continue;
            }
            one_row(cells, rows);
        }
        return std::move(list_);
    }

private:
    // ---- problems

    void add(problem_code code, severity grade, std::uint32_t row, std::uint32_t cell,
             std::string_view name, std::string value, label message) {
        if (grade == severity::error) wrong_ = true;
        if (list_.found.size() >= options_.most_problems) {
            ++list_.more_found;
            return;
        }
        problem p = detail::make_problem(code, name.empty() ? "" : pointer_step(name),
                                         std::move(value), std::move(message), grade);
        p.where.file = options_.file;
        p.where.row = row;
        p.where.column = cell;
        list_.found.push_back(std::move(p));
    }
    void tell(problem_code code, severity grade, column at, std::string_view value, label message) {
        const std::uint32_t cell = place_[static_cast<std::size_t>(at)];
        add(code, grade, row_, cell == 0 ? 1 : cell, column_names[static_cast<std::size_t>(at)],
            std::string(value), std::move(message));
    }
    void fault(problem_code code, column at, std::string_view value, label message) {
        tell(code, severity::error, at, value, std::move(message));
    }
    void warn(problem_code code, column at, std::string_view value, label message) {
        tell(code, severity::warning, at, value, std::move(message));
    }
    [[nodiscard]] static std::string all_names() {
        std::string text;
        for (std::string_view name : column_names) {
            if (!text.empty()) text += ", ";
            text += name;
        }
        return text;
    }

    void zero_bytes(std::uint32_t row, bool whole) {
        add(problem_code::syntax, severity::error, row, 1, "", "",
            whole
                ? told("tệp có byte 0, có lẽ là UTF-16; hãy lưu lại dưới dạng CSV UTF-8",
                       "the file holds zero bytes and may be UTF-16; save it again as CSV UTF-8",
                       {})
                : told("dòng có byte 0; hãy xóa đi hoặc lưu lại tệp dưới dạng CSV UTF-8",
                       "the row holds zero bytes; remove them or save the file as CSV UTF-8", {}));
    }

    /// Titles such as "DANH SÁCH SẢN PHẨM OCOP" often stand above the header: the row of the header
    /// among the first ones. That with all needed columns; or, where the first row names no column
    /// at all, the first that names three.
    [[nodiscard]] std::uint32_t row_of_header() const {
        constexpr std::uint32_t looked_at = 20;
        csv_cutter rows(text_, list_.separator);
        std::vector<std::string> cells;
        std::uint32_t first = 0;
        std::uint32_t likely = 0;
        bool first_names = false;
        while (rows.row() < looked_at && rows.next(cells)) {
            if (cells.front().rfind("sep=", 0) == 0 || blank(cells)) continue;
            std::array<bool, column_count> have{};
            std::size_t known = 0;
            for (std::size_t i = 0; i < cells.size() && i < most_columns; ++i) {
                if (cells[i].size() >= longest_heading) continue;
                const auto which = column_of(cells[i]);
                if (!which || have[static_cast<std::size_t>(*which)]) continue;
                have[static_cast<std::size_t>(*which)] = true;
                ++known;
            }
            bool all = true;
            for (column which : needed) all = all && have[static_cast<std::size_t>(which)];
            if (all) return rows.row();
            if (first == 0) {
                first = rows.row();
                first_names = known > 0;
            } else if (likely == 0 && !first_names && known >= 3) {
                likely = rows.row();
            }
        }
        return likely != 0 ? likely : first;
    }
    void above_header(const std::vector<std::string>& cells, std::uint32_t row,
                      std::uint32_t header_row) {
        std::string first;
        for (const std::string& cell : cells)
            if (first.empty()) first = one_line(trimmed(cell));
        add(problem_code::bad_value, severity::warning, row, 1, "", shown(first),
            told("dòng phía trên tiêu đề (tiêu đề ở dòng {0}) không được đọc: \"{1}\"",
                 "the row stands above the header (row {0}) and is not read: \"{1}\"",
                 {std::to_string(header_row), shown(first)}));
    }

    void not_utf8() {
        std::uint32_t row = 1;
        std::size_t from = 0;
        // The first line that is not: named, so that it can be found.
        while (from < text_.size()) {
            const std::size_t end = std::min(text_.find('\n', from), text_.size());
            if (!is_utf8(text_.substr(from, end - from))) break;
            from = end + 1;
            ++row;
        }
        add(problem_code::syntax, severity::error, row, 1, "", "",
            told("tệp không phải UTF-8 từ dòng {0}; hãy lưu lại dưới dạng CSV UTF-8",
                 "the file is not UTF-8 from line {0} on; save it again as CSV UTF-8",
                 {std::to_string(row)}));
    }

    // ---- header

    void choose_separator() {
        list_.separator = ',';
        if (options_.separator) {
            list_.separator = *options_.separator;
            return;
        }
        std::size_t most = 0;
        for (char separator : {',', ';', '\t', '|'}) {
            csv_cutter rows(text_, separator);
            std::vector<std::string> cells;
            std::size_t known = 0;
            for (int tries = 0; tries < 20 && rows.next(cells); ++tries) {
                std::size_t here = 0;
                for (std::size_t i = 0; i < cells.size() && i < most_columns; ++i)
                    here += cells[i].size() < longest_heading && column_of(cells[i]) ? 1U : 0U;
                known = std::max(known, here);
            }
            if (known > most) {
                most = known;
                list_.separator = separator;
            }
        }
    }

    [[nodiscard]] static bool blank(const std::vector<std::string>& cells) {
        for (const std::string& cell : cells)
            if (!trimmed(cell).empty()) return false;
        return true;
    }

    void take_header(const std::vector<std::string>& cells, std::uint32_t row) {
        place_.fill(0);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto cell = static_cast<std::uint32_t>(i + 1);
            std::string name = trimmed(cells[i]);
            list_.columns.push_back(name);
            const auto which = column_of(name);
            meaning_.push_back(which);
            if (!which) {
                add(problem_code::unknown_column, severity::warning, row, cell, name, name,
                    name.empty() ? told("cột {0} không có tên; giá trị được giữ riêng",
                                        "column {0} has no name; its values are kept aside",
                                        {std::to_string(cell)})
                    : std::exchange(names_told_, true)
                        ? told("cột lạ \"{0}\"; giá trị được giữ riêng",
                               "unknown column \"{0}\"; its values are kept aside", {shown(name)})
                        : told(
                              "cột lạ \"{0}\"; giá trị được giữ riêng. Các cột được hiểu: {1}",
                              "unknown column \"{0}\"; its values are kept aside. Columns that are "
                              "understood: {1}",
                              {shown(name), all_names()}));
                continue;
            }
            std::uint32_t& place = place_[static_cast<std::size_t>(*which)];
            if (place != 0) {
                const std::string former = std::to_string(place);
                add(problem_code::repeated_column, severity::error, row, cell, name, name,
                    told("cột \"{0}\" lặp lại cột {1}; hãy bỏ hoặc đổi tên một trong hai",
                         "column \"{0}\" repeats column {1}; remove or rename one of both",
                         {shown(name), former}));
                continue;
            }
            place = cell;
        }
        bool all = true;
        for (column which : needed) all = all && place_[static_cast<std::size_t>(which)] != 0;
        for (std::size_t i = 0; i < column_count; ++i) {
            if (place_[i] != 0) continue;
            const auto which = static_cast<column>(i);
            const bool must = std::find(needed.begin(), needed.end(), which) != needed.end();
            if (!must && !all) continue;  // only what keeps the list from being read
            add(problem_code::missing_column, must ? severity::error : severity::warning, row, 1,
                column_names[i], std::string(column_names[i]),
                must ? told("thiếu cột \"{0}\"; không có cột này thì không đọc được danh sách",
                            "the column \"{0}\" is missing; without it there is no list to read",
                            {column_names[i]})
                     : told("không có cột \"{0}\"; coi như mọi ô đều trống",
                            "there is no column \"{0}\"; all its cells count as empty",
                            {column_names[i]}));
        }
        for (const std::string& name : options_.merged_columns) {
            const auto which = column_of(name);
            if (which && place_[static_cast<std::size_t>(*which)] != 0) {
                merged_[static_cast<std::size_t>(*which)] = true;
                continue;
            }
            add(problem_code::unknown_column, severity::error, row, 1, name, name,
                told("cột gộp ô \"{0}\" không có trong tệp",
                     "the merged column \"{0}\" is not in the file", {shown(name)}));
        }
        list_.readable = !wrong_;
    }

    // ---- rows

    [[nodiscard]] const std::string& cell(column which) const noexcept {
        return now_[static_cast<std::size_t>(which)];
    }

    void one_row(const std::vector<std::string>& cells, const csv_cutter& rows) {
        row_ = rows.row();
        wrong_ = false;
        bool usable = true;
        bool zeros = false;
        for (const std::string& one : cells) zeros = zeros || one.find('\0') != std::string::npos;
        if (zeros) {
            zero_bytes(row_, false);
            usable = false;
        } else if (rows.fault() != csv_fault::none) {
            const std::uint32_t at = rows.fault_column();
            const std::string name = at <= list_.columns.size() ? list_.columns[at - 1] : "";
            const bool open = rows.fault() == csv_fault::open_quote;
            add(problem_code::syntax, severity::error, row_, at, name, "",
                open
                    ? told("dấu ngoặc kép mở mà không đóng; trong ô có dấu ngoặc kép thì ghi đôi "
                           "(\"\")",
                           "a quote is opened and never closed; a quote within a cell is written "
                           "twice (\"\")",
                           {})
                    : told("có chữ sau dấu ngoặc kép đóng; trong ô có dấu ngoặc kép thì ghi đôi "
                           "(\"\")",
                           "there is text behind a closing quote; a quote within a cell is written "
                           "twice (\"\")",
                           {}));
            usable = false;
        } else if (!fits(cells)) {
            const std::string have = std::to_string(cells.size());
            const std::string want = std::to_string(list_.columns.size());
            add(problem_code::wrong_cell_count, severity::error, row_, 1, "", have,
                cells.size() < list_.columns.size()
                    ? told("dòng có {0} ô, tiêu đề có {1}; hãy thêm ô còn thiếu (ô không có gì thì "
                           "để trống)",
                           "the row has {0} cells, the header {1}; add the missing cells, empty "
                           "where there is nothing to tell",
                           {have, want})
                    : told("dòng có {0} ô, tiêu đề có {1}; ô có dấu phân cách bên trong phải đặt "
                           "trong ngoặc kép",
                           "the row has {0} cells, the header {1}; a cell with a separator in it "
                           "must be quoted",
                           {have, want}));
            usable = false;
        }
        if (usable) {
            fill(cells);
            product();
        } else {
            // "Như trên" below must not reach over a row that could not be read.
            for (std::string& value : now_) value.clear();
        }
        if (wrong_) {
            list_.rejected.push_back({row_, cells});
            return;
        }
        ++list_.kept_count;
    }

    /// As many cells as the header has, empty ones beyond not counted.
    [[nodiscard]] bool fits(const std::vector<std::string>& cells) const {
        if (cells.size() < list_.columns.size()) return false;
        for (std::size_t i = list_.columns.size(); i < cells.size(); ++i)
            if (!trimmed(cells[i]).empty()) return false;
        return true;
    }

    /// The cells by their meaning, merged ones filled from above.
    void fill(const std::vector<std::string>& cells) {
        others_.clear();
        for (std::size_t i = 0; i < list_.columns.size(); ++i) {
            std::string value = trimmed(cells[i]);
            if (!meaning_[i]) {
                if (!value.empty()) others_.emplace_back(list_.columns[i], std::move(value));
                continue;
            }
            const auto which = static_cast<std::size_t>(*meaning_[i]);
            const bool above = says_above(value);
            if (above || (value.empty() && merged_[which])) {
                if (above && now_[which].empty())
                    fault(problem_code::nothing_above, *meaning_[i], value,
                          told("\"{0}\" (như trên) mà ô phía trên trống hoặc không có",
                               "\"{0}\" (the same as above), and there is nothing above",
                               {shown(value)}));
                continue;  // the value of the row above stays
            }
            now_[which] = std::move(value);
        }
    }

    void product() {
        listed_product p;
        p.row = row_;
        p.row_id = cell(column::row_id);
        p.producer_name = one_line(cell(column::producer_name));
        p.commune.text = one_line(cell(column::commune));
        p.district.text = one_line(cell(column::district));
        p.province.text = one_line(cell(column::province));
        p.source = cell(column::source_id);
        p.reliability = cell(column::reliability);
        p.notes = cell(column::notes);
        p.others = others_;
        repeated_id(p);
        if (cell(column::product_name).empty())
            fault(problem_code::bad_value, column::product_name, "",
                  told("thiếu tên sản phẩm", "the product's name is missing", {}));
        const bool event = read_event(p);
        const bool star = read_stars(p, event);
        read_year(p);
        read_decision(p);
        p.decision_date = read_day(column::decision_date);
        p.expiry_date = read_day(column::expiry_date);
        read_score(p);
        read_producer(p);
        check_dates(p);
        if (event && star) check_stars(p);
        if (p.province.text.empty())
            warn(problem_code::unknown_unit, column::province, "",
                 told("thiếu tên tỉnh; dòng vẫn được giữ",
                      "the province is missing; the row is kept", {}));
        places_.find(p, [this](problem_code code, column at, const std::string& value,
                               label message) { warn(code, at, value, std::move(message)); });
        if (!wrong_) hand_on(std::move(p));
    }

    void hand_on(listed_product p) {
        const std::string& whole = cell(column::product_name);
        const std::vector<std::string> parts = products_of_cell(whole);
        if (parts.size() > 1 && options_.split_rows) {
            std::uint32_t part = 0;
            for (const std::string& name : parts) {
                listed_product one = p;
                one.part = ++part;
                name_it(one, name);
                take_(std::move(one));
            }
            return;
        }
        if (parts.size() > 1) {
            const std::string count = std::to_string(parts.size());
            warn(problem_code::bad_value, column::product_name, shown(whole),
                 told("ô ghi {0} sản phẩm; được giữ là một. Đọc với tùy chọn tách dòng để tách ra",
                      "the cell names {0} products and is kept as one; read with splitting to part "
                      "them",
                      {count}));
        }
        name_it(p, one_line(whole));
        if (parts.size() > 1) p.count = static_cast<std::uint32_t>(parts.size());
        take_(std::move(p));
    }
    static void name_it(listed_product& p, std::string name) {
        p.product_name = std::move(name);
        p.count = products_in(p.product_name);
        p.variants = variants_in(p.product_name);
    }

    void repeated_id(const listed_product& p) {
        if (p.row_id.empty()) return;
        const auto [at, added] = ids_.emplace(p.row_id, row_);
        if (added) return;
        const std::string former = std::to_string(at->second);
        warn(problem_code::repeated_record, column::row_id, p.row_id,
             told("mã dòng \"{0}\" đã có ở dòng {1}", "the id \"{0}\" stands in row {1} already",
                  {shown(p.row_id), former}));
    }

    bool read_event(listed_product& p) {
        const std::string& text = cell(column::event);
        const auto event = event_of(text);
        if (!event) {
            fault(problem_code::unknown_event, column::event, text,
                  text.empty() ? told("thiếu sự kiện; hãy ghi một trong: {0}",
                                      "the event is missing; give one of: {1}",
                                      {events_told(true), events_told(false)})
                               : told("sự kiện lạ \"{0}\"; hãy ghi một trong: {1}",
                                      "unknown event \"{0}\"; give one of: {2}",
                                      {shown(text), events_told(true), events_told(false)}));
            return false;
        }
        p.event = *event;
        return true;
    }

    /// What a wording says instead of one star.
    [[nodiscard]] static label why_not_one(const star_wording& read) {
        switch (read.kind) {
        case star_kind::proposed:
            return told("mới là đề nghị", "it is only proposed", {});
        case star_kind::expired:
            return told("đã hết hạn hoặc chỉ có trước đây; sự kiện phải là expired",
                        "it has run out or was held once; the event must be expired", {});
        case star_kind::revoked:
            return told("đã bị thu hồi; sự kiện phải là revoked",
                        "it was withdrawn; the event must be revoked", {});
        case star_kind::minimum:
            return told("là mức tối thiểu", "it is a lowest star", {});
        case star_kind::range:
            return told("là một khoảng", "it is a range", {});
        case star_kind::list:
            return told("nêu nhiều hạng", "it names several stars", {});
        case star_kind::invalid:
            // The reading's way out is that of a wording alone.
            if (const std::size_t vi = read.why.vi.find("; hãy ghi \"3 sao\""),
                en = read.why.en.find("; write \"3 sao\"");
                vi != std::string::npos && en != std::string::npos)
                return {read.why.vi.substr(0, vi), read.why.en.substr(0, en)};
            return read.why;
        default:
            return read.why.vi.empty() ? label_of(read.kind) : read.why;
        }
    }

    void bad_star(column at, const std::string& text, const star_wording& read) {
        const std::string& name = cell(column::product_name);
        const bool several = (read.kind == star_kind::list || read.kind == star_kind::range) &&
                             name.size() <= longest_name && products_of_cell(name).size() > 1;
        if (several) {
            fault(
                problem_code::bad_star, at, text,
                told("\"{0}\" là nhiều hạng sao cho nhiều sản phẩm; hãy ghi mỗi sản phẩm một dòng "
                     "với hạng sao của nó",
                     "\"{0}\" gives several stars to several products; give each product a row "
                     "with its star",
                     {shown(text)}));
            return;
        }
        const label why = why_not_one(read);
        fault(problem_code::bad_star, at, text,
              told("\"{0}\" không phải một hạng sao đang có: {1}. Hãy ghi một số, ví dụ 3",
                   "\"{0}\" is not one star that is held: {2}. Give one number, as in 3",
                   {shown(text), why.vi, why.en}));
    }

    bool read_stars(listed_product& p, bool event) {
        bool good = true;
        const std::string& text = cell(column::star);
        if (!text.empty()) {
            const star_wording read = read_star_wording(text);
            const bool ended =
                (read.kind == star_kind::expired && p.event == list_event::expired) ||
                (read.kind == star_kind::revoked && p.event == list_event::revoked);
            if (const auto held = read.held(); held && read.kind != star_kind::not_ocop) {
                p.stars = held;
                p.proposed = read.proposed;
            } else if (event && ended && read.stars.size() == 1) {
                p.stars = read.stars.front();
            } else if (event && read.kind == star_kind::proposed && read.stars.size() == 1 &&
                       !gives_star(p.event)) {
                p.proposed = read.stars.front();
            } else if (read.kind != star_kind::none) {
                bad_star(column::star, text, read);
                good = false;
            }
        }
        const std::string& hoped = cell(column::proposed_star);
        if (!hoped.empty()) {
            const star_wording read = read_star_wording(hoped);
            const bool one =
                read.stars.size() == 1 && (read.held() || read.kind == star_kind::proposed);
            if (one) {
                p.proposed = read.stars.front();
            } else if (read.kind != star_kind::none) {
                bad_star(column::proposed_star, hoped, read);
                good = false;
            }
        }
        return good;
    }

    void read_year(listed_product& p) {
        std::string text = cell(column::year);
        if (text.empty()) return;
        if (text.size() == 6 && text.ends_with(".0")) text.resize(4);  // a number's decimals
        bool good = text.size() == 4;
        std::int32_t year = 0;
        for (char c : text) {
            good = good && c >= '0' && c <= '9';
            year = good ? year * 10 + (c - '0') : 0;
        }
        constexpr std::int32_t first = 2000;
        constexpr std::int32_t last = 2100;
        if (!good || year < first || year > last) {
            fault(problem_code::bad_number, column::year, text,
                  told("\"{0}\" không phải năm; hãy ghi bốn chữ số, ví dụ 2022",
                       "\"{0}\" is no year; write four digits, as in 2022", {shown(text)}));
            return;
        }
        p.year = year;
    }

    void read_decision(listed_product& p) {
        const std::string& text = cell(column::decision_no);
        if (text.empty()) return;
        problems found;
        const auto read = try_read_decision_number(text, found);
        if (read) {
            p.decision = to_string(*read);
            signed_on_ = read->signed_on;
            issuer_ = read->issuer();
            return;
        }
        // Kept as written: what a certificate is worth does not hang on how its number is spelt.
        p.decision = one_line(text);
        issuer_.reset();
        signed_on_.reset();
        for (problem& one : found)
            warn(one.code, column::decision_no, one.value, std::move(one.message));
    }

    [[nodiscard]] std::optional<date> read_day(column at) {
        const std::string& text = cell(at);
        if (text.empty() || text == "-") return std::nullopt;
        problems found;
        const auto read = try_read_written_date(text, found);
        if (!read) {
            for (problem& one : found) fault(one.code, at, one.value, std::move(one.message));
            return std::nullopt;
        }
        if (!read->day()) {
            const label what = label_of(read->precision);
            fault(problem_code::bad_date, at, text,
                  told("\"{0}\" chỉ có {1}; cột này cần đủ ngày, tháng, năm",
                       "\"{0}\" tells only the {2}; this column needs a whole day",
                       {shown(text), what.vi, what.en}));
            return std::nullopt;
        }
        return read->day();
    }

    void read_score(listed_product& p) {
        std::string text = cell(column::score);
        if (text.empty() || text == "-") return;
        const std::size_t comma = text.find(',');
        if (comma != std::string::npos && text.find('.') == std::string::npos) text[comma] = '.';
        const auto score = parse_mean(text);
        if (!score || *score > points{100}) {
            fault(problem_code::bad_score, column::score, text,
                  told("\"{0}\" không phải điểm; hãy ghi số từ 0 đến 100, ví dụ 69.25",
                       "\"{0}\" is no score; give a number from 0 to 100, as in 69.25",
                       {shown(text)}));
            return;
        }
        p.score = score;
    }

    void read_producer(listed_product& p) {
        const std::string& text = cell(column::producer_type);
        const producer_name_reading& name = reading_of(p.producer_name);
        if (name.certainty == name_certainty::near_miss)
            warn(problem_code::bad_producer_kind, column::producer_name, p.producer_name,
                 told("\"{0}\" có lẽ là \"{1}\"; hãy kiểm tra tên chủ thể",
                      "\"{0}\" may stand for \"{1}\"; check the producer's name",
                      {name.found, name.meant}));
        if (text.empty()) {
            if (name.certainty == name_certainty::sure) p.kind = name.kind;
            return;
        }
        p.kind = from_name<producer_kind>(text);
        if (!p.kind) {
            const std::string key = search_key(text);
            for (std::size_t i = 0; i < names<producer_kind>::all.size() && !p.kind; ++i)
                if (search_key(names<producer_kind>::all[i]) == key ||
                    search_key(terms<producer_kind>::all[i].vi) == key)
                    p.kind = static_cast<producer_kind>(i);
        }
        if (!p.kind) {
            const producer_name_reading form = producer_kind_of_name(text);
            if (form.certainty == name_certainty::sure && form.rest.empty()) p.kind = form.kind;
        }
        if (!p.kind) {
            p.others.emplace_back("producer_type", text);
            warn(problem_code::bad_producer_kind, column::producer_type, text,
                 told("loại hình chủ thể lạ \"{0}\"; được giữ riêng. Hãy ghi một trong: {1}",
                      "unknown kind of producer \"{0}\"; kept aside. Give one of: {1}",
                      {shown(text), list_of_names<producer_kind>()}));
        } else if (name.certainty == name_certainty::sure && !same_family(*p.kind, *name.kind)) {
            const label told_kind = label_of(*p.kind);
            const label name_kind = label_of(*name.kind);
            warn(problem_code::contradiction, column::producer_type, text,
                 told("loại hình ghi \"{0}\", tên lại là \"{1}\"",
                      "the kind is \"{2}\", and the name says \"{3}\"",
                      {told_kind.vi, name_kind.vi, told_kind.en, name_kind.en}));
        }
    }
    /// Producers come again in the rows that follow.
    [[nodiscard]] const producer_name_reading& reading_of(const std::string& name) {
        if (!last_name_ || *last_name_ != name) {
            last_reading_ = producer_kind_of_name(name);
            last_name_ = name;
        }
        return last_reading_;
    }

    void check_dates(const listed_product& p) {
        if (p.decision_date && signed_on_ && *p.decision_date != *signed_on_)
            warn(problem_code::contradiction, column::decision_date, cell(column::decision_date),
                 told("ngày {0} khác ngày ghi cùng số quyết định ({1})",
                      "the day {0} is not the one beside the decision's number ({1})",
                      {to_string(*p.decision_date), to_string(*signed_on_)}));
        signed_on_.reset();
        if (p.decision_date && p.expiry_date) {
            if (*p.expiry_date < *p.decision_date) {
                fault(problem_code::contradiction, column::expiry_date, cell(column::expiry_date),
                      told("hết hạn {0} trước ngày quyết định {1}",
                           "it expires on {0}, before the decision of {1}",
                           {to_string(*p.expiry_date), to_string(*p.decision_date)}));
            } else if (const auto last = last_valid_day(*p.decision_date);
                       last && *last != *p.expiry_date) {
                warn(
                    problem_code::bad_term, column::expiry_date, cell(column::expiry_date),
                    told("hết hạn {0}; 36 tháng từ {1} là {2}. Ngày ghi trong danh sách được giữ",
                         "it expires on {0}; 36 months from {1} end on {2}. The list's day is kept",
                         {to_string(*p.expiry_date), to_string(*p.decision_date),
                          to_string(*last)}));
            }
        }
        // The decision often comes in the year after the programme's.
        if (p.year && p.decision_date) {
            const auto decided = static_cast<std::int32_t>(p.decision_date->year());
            if (decided < *p.year || decided > *p.year + 1)
                warn(problem_code::contradiction, column::year, cell(column::year),
                     told("năm {0} cách xa ngày quyết định {1}",
                          "the year {0} is far from the decision's day {1}",
                          {std::to_string(*p.year), to_string(*p.decision_date)}));
        }
    }

    void check_stars(listed_product& p) {
        const std::string& star = cell(column::star);
        if (const auto event_star = proposed_by(p.event)) {
            if (p.proposed && *p.proposed != *event_star)
                fault(problem_code::contradiction, column::proposed_star,
                      cell(column::proposed_star),
                      told("sự kiện {0} mà hạng đề nghị là {1} sao",
                           "the event is {0}, and {1} stars are proposed",
                           {name_of(p.event), std::to_string(p.proposed->value())}));
            p.proposed = event_star;
        }
        if (p.stars && p.proposed && *p.proposed <= *p.stars)
            fault(problem_code::contradiction, column::star, star,
                  told("đề nghị {0} sao mà đã ghi {1} sao: hạng đề nghị không phải hạng đã có",
                       "{0} stars are proposed, and {1} stand as given: a proposed star is not a "
                       "star",
                       {std::to_string(p.proposed->value()), std::to_string(p.stars->value())}));
        if (p.stars && *p.stars < stars(3) && p.event != list_event::candidate)
            fault(problem_code::not_recognisable, column::star, star,
                  told("{0} sao không được công nhận: chỉ từ 3 sao mới có quyết định và giấy chứng "
                       "nhận (26/2026/QĐ-TTg Điều 4)",
                       "{0} stars are not recognised: only from 3 stars on there is a decision and "
                       "a certificate (26/2026/QĐ-TTg art. 4)",
                       {std::to_string(p.stars->value())}));
        if (!p.stars && gives_star(p.event))
            fault(problem_code::star_missing, column::star, star,
                  told("sự kiện {0} mà không có hạng sao", "the event is {0}, and no star is given",
                       {name_of(p.event)}));
        else if (!p.stars && p.event == list_event::revoked)
            warn(problem_code::star_missing, column::star, star,
                 told("bị thu hồi mà không ghi hạng sao đã có",
                      "withdrawn, and the star that it had is not told", {}));
        else if (!p.proposed && p.event == list_event::upgrade_proposed)
            warn(problem_code::star_missing, column::proposed_star, "",
                 told("đề nghị nâng hạng mà không ghi lên mấy sao",
                      "proposed for an upgrade, and the star is not told", {}));
        if (p.stars == stars(5) && issuer_ == decision_issuer::peoples_committee &&
            gives_star(p.event))
            warn(problem_code::wrong_level, column::star, star,
                 told("5 sao do cấp trung ương công nhận, quyết định lại của Ủy ban nhân dân",
                      "5 stars are recognised by the centre, and the decision is a People's "
                      "Committee's",
                      {}));
        check_score(p);
        issuer_.reset();
    }
    /// Points bound the star from above: stars = min(band, marks).
    void check_score(const listed_product& p) {
        if (!p.score) return;
        const auto claimed = p.stars ? p.stars : p.proposed;
        if (!claimed) return;
        static const std::vector<band> bands = half_open_bands();
        for (const band& b : bands) {
            if (*p.score < b.from) continue;
            if (b.stars < *claimed)
                warn(problem_code::contradiction, column::score, cell(column::score),
                     told("{0} điểm thuộc khung {1} sao, danh sách ghi {2} sao",
                          "{0} points are in the band of {1} stars, and the list says {2}",
                          {to_string(*p.score), std::to_string(b.stars.value()),
                           std::to_string(claimed->value())}));
            return;
        }
    }

    std::string_view text_;
    const product_list_options& options_;
    const std::function<void(listed_product&&)>& take_;
    places places_;
    product_list list_;
    std::vector<std::optional<column>> meaning_;
    std::array<std::uint32_t, column_count> place_{};
    std::array<bool, column_count> merged_{};
    std::array<std::string, column_count> now_;  ///< cells of the row, or of those above
    std::vector<std::pair<std::string, std::string>> others_;
    std::unordered_map<std::string, std::uint32_t> ids_;
    std::optional<std::string> last_name_;
    producer_name_reading last_reading_;
    std::optional<date> signed_on_;
    std::optional<decision_issuer> issuer_;
    std::uint32_t row_ = 0;
    bool wrong_ = false;
    bool names_told_ = false;  ///< the columns that are understood, in one message
};

[[nodiscard]] std::string cell_of(const std::optional<stars>& s) {
    return s ? std::to_string(s->value()) : std::string();
}
[[nodiscard]] std::string cell_of(const std::optional<date>& day) {
    return day ? to_string(*day) : std::string();
}

}  // namespace

std::vector<std::string_view> product_list_columns() {
    return {column_names.begin(), column_names.end()};
}

product_list read_product_list(std::string_view text, const product_list_options& options,
                               const std::function<void(listed_product&&)>& take) {
    return list_reader(text, options, take).read();
}

product_list read_product_list(std::string_view text, const product_list_options& options) {
    std::vector<listed_product> rows;
    product_list list = read_product_list(
        text, options, [&rows](listed_product&& p) { rows.push_back(std::move(p)); });
    list.rows = std::move(rows);
    return list;
}

std::string product_list_csv_header() {
    std::string text;
    for (std::string_view name : column_names) {
        if (!text.empty()) text += ',';
        text += name;
    }
    return text + '\n';
}

std::string to_csv_row(const listed_product& p) {
    const std::array<std::string, column_count> cells{
        p.row_id,
        p.product_name,
        p.producer_name,
        p.kind ? std::string(name_of(*p.kind)) : std::string(),
        p.commune.text,
        p.district.text,
        p.province.text,
        cell_of(p.stars),
        cell_of(p.proposed),
        std::string(name_of(p.event)),
        p.year ? std::to_string(*p.year) : std::string(),
        p.decision,
        cell_of(p.decision_date),
        cell_of(p.expiry_date),
        p.score ? exact_text(*p.score) : std::string(),
        p.source,
        p.reliability,
        p.notes};
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) text += ',';
        detail::append_csv_cell(text, cells[i]);
    }
    return text + '\n';
}

std::string rejected_csv(const product_list& list) {
    std::string text;
    const auto row = [&text](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i != 0) text += ',';
            detail::append_csv_cell(text, cells[i]);
        }
        text += '\n';
    };
    row(list.columns);
    for (const rejected_row& r : list.rejected) row(r.cells);
    return text;
}

std::vector<std::vector<std::uint32_t>> duplicate_rows(const std::vector<listed_product>& rows) {
    struct keyed {
        std::string key;
        std::uint32_t row;
    };
    std::vector<keyed> list;
    list.reserve(rows.size());
    // Events that tell the same recognition in other words.
    const auto kind = [](list_event e) {
        return e == list_event::recognised || e == list_event::district_council ? list_event::first
               : e == list_event::re_evaluation ? list_event::re_recognition
                                                : e;
    };
    for (const listed_product& p : rows) {
        std::string key = search_key(p.product_name) + '\n' +
                          search_key(expand_abbreviations(p.producer_name, text_about::producer));
        for (const listed_unit* u : {&p.commune, &p.district, &p.province}) {
            key += '\n';
            key += u->unit ? std::string(name_of(u->unit->in)) + to_string(u->unit->code)
                           : search_key(u->text);
        }
        key += '\n';
        key += name_of(kind(p.event));
        if (p.year)
            key += std::to_string(*p.year);
        else if (p.decision_date)
            key += to_string(*p.decision_date).substr(0, 4);
        list.push_back({std::move(key), p.row});
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const keyed& a, const keyed& b) { return a.key < b.key; });
    std::vector<std::vector<std::uint32_t>> groups;
    for (std::size_t from = 0; from < list.size();) {
        std::size_t to = from + 1;
        while (to < list.size() && list[to].key == list[from].key) ++to;
        std::vector<std::uint32_t> group;
        for (std::size_t k = from; k < to; ++k) group.push_back(list[k].row);
        std::sort(group.begin(), group.end());
        // Parts of one row that bear the same name are one row.
        group.erase(std::unique(group.begin(), group.end()), group.end());
        if (group.size() > 1) groups.push_back(std::move(group));
        from = to;
    }
    std::sort(groups.begin(), groups.end());
    return groups;
}

}  // namespace ocop
