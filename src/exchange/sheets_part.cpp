#include "sheets_part.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "ocop/councils/score_sheet.hpp"
#include "ocop/ranking/batch.hpp"

namespace ocop::detail {
namespace {

/// A name longer than this is read the slow way.
constexpr std::size_t usual_name = 0xFFFF;

/// In csv_plan::codes: such a cell is read the slow way.
constexpr std::uint8_t no_code = no_answer - 1;

/// Whether \p text is UTF-8.
bool is_utf8(std::string_view text) {
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t read = utf8proc_iterate(at, left, &point);
        if (read <= 0) return false;
        at += read;
        left -= read;
    }
    return true;
}

/// Whether \p text may hold a combining mark: U+0300 to U+036F begin with the byte CC or CD.
bool may_be_decomposed(std::string_view text) noexcept {
    for (char c : text)
        if ((static_cast<unsigned char>(c) & 0xFEU) == 0xCCU) return true;
    return false;
}

/// \p text in Unicode's composed form.
std::string composed(std::string_view text) {
    utf8proc_uint8_t* made = nullptr;
    const utf8proc_ssize_t size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                     static_cast<utf8proc_ssize_t>(text.size()), &made,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (size < 0) return std::string(text);
    std::string result(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
    std::free(made);
    return result;
}

std::uint32_t column_of(std::size_t offset) noexcept {
    return static_cast<std::uint32_t>(offset + 1);
}

bool is_number(std::string_view text) noexcept {
    if (!text.empty() && text.front() == '-') text.remove_prefix(1);
    if (text.empty()) return false;
    for (char c : text)
        if (c < '0' || c > '9') return false;
    return true;
}

/// The number that \p digits are; nothing for leading zeros and for more than any card has.
std::optional<std::int64_t> small_number(std::string_view digits) noexcept {
    if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits.front() == '0'))
        return std::nullopt;
    std::int64_t value = 0;
    for (char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace

problem row_problem(problem_code code, std::string_view value, label message) {
    return make_problem(code, "", shown(value), std::move(message));
}

std::string csv_plan::column_name(std::size_t column) const {
    const csv_column& c = columns[column];
    switch (c.kind) {
    case column_kind::product:
        return "product";
    case column_kind::member:
        return "member";
    case column_kind::role:
        return "role";
    case column_kind::group:
        return options->group_column;
    case column_kind::criterion:
        break;
    }
    return card->at(c.criterion).code;
}

sheets_part::sheets_part(const csv_plan& plan)
    : plan_(plan),
      tally_size_(plan.tallies->size()),
      criteria_(plan.card->size()),
      scratch_(tally_size_),
      codes_((criteria_ + 3) / 4 * 4),
      digits_(criteria_) {}

void sheets_part::read(std::string_view text) {
    runs_.clear();
    rows_.clear();
    tallies_.clear();
    answers_.clear();
    told_.clear();
    found_.clear();
    store_.clear();
    line_ = 0;
    raw_product_ = nullptr;
    quiet_ = false;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const char* next = plan_.one_block ? read_fast(at, end) : nullptr;
        if (next == nullptr) {
            const auto left = static_cast<std::size_t>(end - at);
            const char* const stop = static_cast<const char*>(std::memchr(at, '\n', left));
            std::size_t size = static_cast<std::size_t>(stop - at);
            if (size != 0 && at[size - 1] == '\r') --size;
            read_slowly({at, size});
            next = stop + 1;
        }
        at = next;
        ++line_;
    }
}

// Rows as nearly all are: names without quotes, cells of a number or a list of numbers.

const char* sheets_part::read_fast(const char* at, const char* end) {
    const char* const line = at;
    const std::size_t count = criteria_;
    const std::size_t behind = plan_.first_criterion + count;
    const std::size_t all = plan_.columns.size();
    heads row;
    at = read_names(line, at, end, 0, plan_.first_criterion, row);
    if (at == nullptr) return nullptr;
    const char last = behind == all ? plan_.line_end : ',';
    std::uint8_t* const cells = plan_.cells_are_codes ? codes_.data() : digits_.data();
    const char* next = read_digits(at, end, cells, count, last);
    if (next == nullptr) {
        next = read_cells(at);
        if (next == nullptr) return nullptr;
    } else if (!plan_.cells_are_codes) {
        bool known = true;
        for (std::size_t j = 0; j < count; ++j) {
            const std::uint8_t code = plan_.codes[j * 16 + (cells[j] & 0x0FU)];
            known = known && code != no_code;
            codes_[plan_.columns[plan_.first_criterion + j].criterion] = code;
        }
        if (!known) return nullptr;
    }
    at = next;
    if (behind != all) {
        at = read_names(line, at, end, behind, all, row);
        if (at == nullptr) return nullptr;
    }
    if (plan_.line_end == '\r' && *at++ != '\n') return nullptr;
    const bool counted = counts(row.role);
    if (!add_answers(row, counted)) {
        if (!quiet_) return nullptr;
        add_row(row, counted, true);
        return at;
    }
    add_row(row, counted, false);
    return at;
}

/// Reads the columns from \p first up to \p last, none of them a criterion.
const char* sheets_part::read_names(const char* line, const char* at, const char* end,
                                    std::size_t first, std::size_t last, heads& row) {
    for (std::size_t i = first; i < last; ++i) {
        const char stop = i + 1 == plan_.columns.size() ? plan_.line_end : ',';
        const column_kind kind = plan_.columns[i].kind;
        if (kind == column_kind::product && raw_product_ != nullptr &&
            static_cast<std::size_t>(end - at) > raw_size_ && at[raw_size_] == stop &&
            same_bytes(at, raw_product_, raw_size_)) {
            row.same_product = true;
            row.product = runs_.back().product;
            row.raw_product = raw_product_;
            row.raw_size = raw_size_;
            at += raw_size_ + 1;
            continue;
        }
        // Members follow each other in one order, product after product.
        if (kind == column_kind::member && last_member_ < after_.size()) {
            const std::uint32_t guess = after_[last_member_];
            const std::string_view name = members_.name(guess);
            if (static_cast<std::size_t>(end - at) > name.size() && at[name.size()] == stop &&
                same_bytes(at, name.data(), name.size())) {
                row.member = name;
                row.member_number = guess;
                row.member_column = column_of(static_cast<std::size_t>(at - line));
                last_member_ = guess;
                at += name.size() + 1;
                continue;
            }
        }
        const plain_cell found = find_comma(at, end);
        if (at[found.size] != stop || found.size > usual_name) return nullptr;
        const std::string_view raw(at, found.size);
        if (kind == column_kind::role) {
            if (!raw.empty()) {
                const auto role = from_name<council_role>(raw);
                if (!role) return nullptr;
                row.role = *role;
            }
        } else {
            std::string_view& name = kind == column_kind::product  ? row.product
                                     : kind == column_kind::member ? row.member
                                                                   : row.group;
            if (raw.empty() && kind != column_kind::group) return nullptr;
            if (!take_name(raw, found.ascii, name)) return nullptr;
            if (kind == column_kind::member && name.data() == at)
                row.member_number = number_member(name);
            if (kind == column_kind::product) {
                row.raw_product = at;
                row.raw_size = found.size;
            } else {
                (kind == column_kind::member ? row.member_column : row.group_column) =
                    column_of(static_cast<std::size_t>(at - line));
            }
        }
        at += found.size + 1;
    }
    return at;
}

/// Reads the block of criteria where some cells are lists or have two digits. Null for anything
/// that has to be told.
const char* sheets_part::read_cells(const char* at) noexcept {
    const scorecard& card = *plan_.card;
    const auto digit = [&at] {
        return static_cast<std::size_t>(static_cast<std::uint8_t>(*at - '0'));
    };
    const auto number = [&]() -> std::size_t {
        constexpr std::size_t none = 99;
        std::size_t value = digit();
        if (value > 9) return none;
        ++at;
        if (value != 0 && digit() <= 9) {
            value = value * 10 + digit();
            ++at;
        }
        return value;
    };
    for (std::size_t j = 0; j < criteria_; ++j) {
        const std::size_t column = plan_.first_criterion + j;
        const std::size_t index = plan_.columns[column].criterion;
        const char stop = column + 1 == plan_.columns.size() ? plan_.line_end : ',';
        const std::size_t options = card.option_count(index);
        const bool any = card.at(index).choose == choice::any;
        std::size_t code = 0;
        if (*at == stop) {
            if (any && card.condition_of(index)) return nullptr;
            code = any ? 0 : no_answer;
        } else {
            std::size_t value = number();
            if (value > options) return nullptr;
            code = value;
            if (any && value != 0) {
                code = std::size_t{1} << (value - 1);
                while (*at == '+') {
                    ++at;
                    value = number();
                    if (value == 0 || value > options) return nullptr;
                    const std::size_t bit = std::size_t{1} << (value - 1);
                    if ((code & bit) != 0) return nullptr;
                    code |= bit;
                }
            }
            if (*at != stop || code >= no_answer) return nullptr;
        }
        codes_[index] = static_cast<answer_code>(code);
        ++at;
    }
    return at;
}

/// \p raw as a name: UTF-8, composed. False where it is no UTF-8.
bool sheets_part::take_name(std::string_view raw, bool ascii, std::string_view& name) {
    if (!ascii) {
        if (!is_utf8(raw)) return false;
        if (may_be_decomposed(raw)) raw = store_.keep(composed(raw));
    }
    name = raw;
    return true;
}

/// The number of a member whose name needed no change; none where there are too many.
std::uint32_t sheets_part::number_member(std::string_view name) {
    constexpr std::size_t most = 4096;
    constexpr std::size_t longest = 256;
    if (members_.size() >= most || name.size() > longest) return name_table::none;
    const std::uint32_t number = members_.number(name);
    // Whoever is new is followed by the first again, until it is known better.
    after_.resize(members_.size(), 0);
    if (last_member_ != name_table::none) after_[last_member_] = number;
    last_member_ = number;
    return number;
}

std::size_t sheets_part::run_of(const heads& row, bool counted) {
    if (!runs_.empty()) {
        const sheet_run& last = runs_.back();
        const bool same =
            last.product_known == row.product_known && last.group_known == row.group_known &&
            (row.same_product || same_text(last.product, row.product)) &&
            same_text(last.group, row.group) &&
            // A tally takes so many sheets; the product's own number is looked at when runs join.
            !(counted && run_sheets_ >= plan_.rules->most_sheets());
        if (same) {
            if (row.raw_product != nullptr) {
                raw_product_ = row.raw_product;
                raw_size_ = row.raw_size;
            }
            return runs_.size() - 1;
        }
    }
    sheet_run& made = runs_.emplace_back();
    made.product = row.product;
    made.hash = hash_of(row.product);
    made.group = row.group;
    made.first_row = static_cast<std::uint32_t>(rows_.size());
    made.product_known = row.product_known;
    made.group_known = row.group_known;
    tallies_.resize(tallies_.size() + tally_size_);
    run_sheets_ = 0;
    raw_product_ = row.raw_product;
    raw_size_ = row.raw_size;
    return runs_.size() - 1;
}

/// Adds the answers in codes_ to the run of \p row; false where they are wrong.
bool sheets_part::add_answers(const heads& row, bool counted) {
    const std::size_t run = run_of(row, counted);
    if (!counted) {
        std::fill(scratch_.begin(), scratch_.end(), std::uint64_t{0});
        return plan_.tallies->add(scratch_.data(), codes_.data());
    }
    ++run_sheets_;
    return plan_.tallies->add(tallies_.data() + run * tally_size_, codes_.data());
}

/// Adds \p row to its run, which run_of() found.
void sheets_part::add_row(const heads& row, bool counted, bool bad) {
    // In its place: a copy of fields just written would wait for them.
    sheet_row& made = rows_.emplace_back();
    made.member = row.member.data();
    made.member_size = static_cast<std::uint32_t>(row.member.size());
    made.line = line_;
    made.member_column = row.member_column;
    made.group_column = row.group_column;
    made.member_number = row.member_number;
    made.member_known = row.member_known;
    made.counts = counted;
    made.bad = bad;
    if (bad) {
        plan_.tallies->break_off(tallies_.data() + (runs_.size() - 1) * tally_size_);
    } else if (counted && plan_.options->keep_answers) {
        made.kept = true;
        answers_.insert(answers_.end(), codes_.begin(),
                        codes_.begin() + static_cast<std::ptrdiff_t>(criteria_));
    }
}

// All other rows, cell by cell.

/// Tells a problem of the row at hand; \p make is not called where nobody will read it.
template <class Make>
void sheets_part::tell(std::uint32_t column, Make make) {
    row_bad_ = true;
    if (quiet_) return;
    problem p = make();
    p.where.pointer.clear();
    p.where.file = plan_.file();
    p.where.row = line_;  // from 0 in the part, until it is joined
    p.where.column = column;
    found_.push_back(std::move(p));
}

void sheets_part::read_slowly(std::string_view line) {
    if (line.empty()) return;
    row_bad_ = false;
    const std::size_t before = found_.size();
    heads row;
    row.product_known = false;
    row.member_known = false;
    row.group_known = plan_.options->group_column.empty();
    bool counted = false;
    if (line.size() > most_row_bytes) {
        tell(column_of(most_row_bytes), [] {
            return row_problem(problem_code::too_large, "",
                               {"dòng dài hơn 1 MiB; xem lại dấu nháy và dấu xuống dòng trước đó",
                                "the row is longer than 1 MiB; look at the quotes and line ends "
                                "before it"});
        });
        // Whose sheet it is can still be told.
        const std::size_t before_split = found_.size();
        split(line.substr(0, most_row_bytes));
        found_.resize(before_split);
        if (cell_count_ != 0) --cell_count_;  // cut
        if (cells_.size() > cell_count_) cells_.resize(cell_count_);
        for (std::size_t i = 0; i < cells_.size() && i < plan_.columns.size(); ++i)
            if (plan_.columns[i].kind == column_kind::product) read_head(i, row);
    } else {
        split(line);
        bool blank = true;
        for (const cell& c : cells_) blank = blank && c.text.empty() && !c.bad;
        if (blank && cell_count_ <= plan_.columns.size()) return;
        const std::size_t wanted = plan_.columns.size();
        const bool whole = cell_count_ == wanted && !cut_;
        if (cell_count_ != wanted && !cut_) {
            const std::uint32_t at =
                cell_count_ < wanted ? column_of(line.size()) : cells_[wanted].column;
            tell(at, [&] {
                const std::string have = std::to_string(cell_count_);
                return row_problem(
                    problem_code::wrong_cell_count, have,
                    told("dòng có {0} ô, dòng đầu có {1} cột; xem lại dấu phẩy (ô có dấu phẩy phải "
                         "đặt trong dấu nháy)",
                         "the row has {0} cells, the header {1} columns; look at the commas (a "
                         "cell that holds one must be quoted)",
                         {have, std::to_string(wanted)}));
            });
        }
        for (std::size_t i = 0; i < cells_.size() && i < wanted; ++i)
            if (plan_.columns[i].kind == column_kind::product ||
                (whole && plan_.columns[i].kind != column_kind::criterion))
                read_head(i, row);
        counted = whole && counts(row.role);
        if (whole) read_answers(row);
    }
    if (!row_bad_) row_bad_ = !add_answers(row, counted);
    static_cast<void>(run_of(row, false));
    add_row(row, counted, row_bad_);
    if (found_.size() == before) return;
    told_.push_back({static_cast<std::uint32_t>(rows_.size() - 1), before, found_.size() - before});
    quiet_ = found_.size() >= plan_.options->most_problems;
}

/// Cuts \p line into cells_; of more than the header has, one is kept and all are counted.
void sheets_part::split(std::string_view line) {
    cells_.clear();
    cell_count_ = 0;
    cut_ = false;
    std::size_t at = 0;
    while (true) {
        cell made;
        made.column = column_of(at);
        std::size_t stop = 0;
        if (at < line.size() && line[at] == '"') {
            stop = quoted(line, at, made);
        } else {
            stop = line.find(',', at);
            if (stop == std::string_view::npos) stop = line.size();
            made.text = line.substr(at, stop - at);
            if (made.text.find('"') != std::string_view::npos) {
                made.bad = true;
                if (cell_count_ <= plan_.columns.size())
                    tell(made.column, [&] {
                        return row_problem(
                            problem_code::syntax, made.text,
                            {"dấu nháy giữa một ô; đặt cả ô trong dấu nháy và viết dấu nháy bên "
                             "trong hai lần",
                             "a quote in the middle of a cell; quote the whole cell and double "
                             "the quotes inside it"});
                    });
            }
        }
        if (cell_count_ <= plan_.columns.size()) {
            check_text(made);
            cells_.push_back(made);
        }
        ++cell_count_;
        if (cut_ || stop >= line.size()) return;
        at = stop + 1;
    }
}

/// Reads a cell in quotes; where it ends.
std::size_t sheets_part::quoted(std::string_view line, std::size_t at, cell& made) {
    std::size_t next = at + 1;
    std::size_t doubled = 0;
    while (true) {
        next = line.find('"', next);
        if (next == std::string_view::npos) {
            made.bad = true;
            cut_ = true;
            tell(made.column, [&] {
                return row_problem(problem_code::syntax, line.substr(at),
                                   {"dấu nháy mở ở đây không được đóng trên cùng dòng; ô không "
                                    "được chứa dấu xuống dòng",
                                    "the quote that opens here is not closed in this row; a cell "
                                    "may not hold a line break"});
            });
            return line.size();
        }
        if (next + 1 < line.size() && line[next + 1] == '"') {
            ++doubled;
            next += 2;
            continue;
        }
        break;
    }
    made.text = line.substr(at + 1, next - at - 1);
    if (doubled != 0) {
        std::string plain;
        plain.reserve(made.text.size());
        for (std::size_t i = 0; i < made.text.size(); ++i) {
            plain += made.text[i];
            if (made.text[i] == '"') ++i;
        }
        made.text = store_.keep(plain);
    }
    ++next;
    if (next < line.size() && line[next] != ',') {
        made.bad = true;
        if (cell_count_ <= plan_.columns.size())
            tell(column_of(next), [&] {
                return row_problem(
                    problem_code::syntax, line.substr(next),
                    {"sau dấu nháy đóng phải là dấu phẩy; dấu nháy bên trong ô viết hai lần",
                     "a closing quote is followed by a comma; quotes inside a cell are doubled"});
            });
        next = line.find(',', next);
        if (next == std::string_view::npos) next = line.size();
    }
    return next;
}

/// Tells bytes that no cell holds: no UTF-8, control characters.
void sheets_part::check_text(cell& made) {
    if (made.bad) return;
    for (char c : made.text)
        if (static_cast<unsigned char>(c) < 0x20U) {
            made.bad = true;
            const bool tab = c == '\t';
            tell(made.column, [&] {
                return row_problem(
                    problem_code::syntax, made.text,
                    tab ? label{"ô chứa dấu tab; các cột cách nhau bằng dấu phẩy",
                                "the cell holds a tab; columns are separated by commas"}
                        : label{"ô chứa ký tự điều khiển (NUL, CR, …); xóa nó đi",
                                "the cell holds a control character (NUL, CR, …); remove it"});
            });
            return;
        }
    if (is_utf8(made.text)) return;
    made.bad = true;
    tell(made.column, [&] {
        std::string value;
        for (char c : shown(made.text)) value += static_cast<unsigned char>(c) >= 0x80U ? '?' : c;
        return row_problem(problem_code::syntax, value,
                           {"byte trong ô này không phải UTF-8; hãy lưu tệp bằng mã UTF-8",
                            "the bytes of this cell are not UTF-8; save the file as UTF-8"});
    });
}

/// Reads a cell that is no criterion's.
void sheets_part::read_head(std::size_t column, heads& row) {
    const cell& from = cells_[column];
    const column_kind kind = plan_.columns[column].kind;
    if (kind == column_kind::member) row.member_column = from.column;
    if (kind == column_kind::group) row.group_column = from.column;
    if (from.bad) return;
    if (kind == column_kind::role) {
        if (from.text.empty()) return;
        const auto role = from_name<council_role>(from.text);
        if (role)
            row.role = *role;
        else
            tell(from.column, [&] {
                return row_problem(problem_code::bad_value, from.text,
                                   told("\"{0}\" không phải vai trò; chọn một trong: {1}",
                                        "\"{0}\" is no role; give one of: {1}",
                                        {shown(from.text), list_of_names<council_role>()}));
            });
        return;
    }
    if (kind != column_kind::group && from.text.empty()) {
        tell(from.column, [&] {
            return row_problem(problem_code::empty_name, "",
                               told("ô {0} để trống: mỗi phiếu cần tên sản phẩm và thành viên",
                                    "the cell of {0} is empty: a sheet needs its product and its "
                                    "member",
                                    {plan_.column_name(column)}));
        });
        return;
    }
    std::string_view& name = kind == column_kind::product  ? row.product
                             : kind == column_kind::member ? row.member
                                                           : row.group;
    static_cast<void>(take_name(from.text, false, name));
    if (kind == column_kind::product) row.product_known = true;
    if (kind == column_kind::member) row.member_known = true;
    if (kind == column_kind::group) row.group_known = true;
}

/// Reads the cells of the criteria into codes_, and tells what is wrong with them as assess() does.
void sheets_part::read_answers(const heads& row) {
    const scorecard& card = *plan_.card;
    score_sheet sheet(card, std::string(row.member));
    std::vector<bool> bad(card.size(), false);
    std::vector<std::uint32_t> column(card.size(), 1);
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
        if (plan_.columns[i].kind != column_kind::criterion) continue;
        column[plan_.columns[i].criterion] = cells_[i].column;
        read_answer(cells_[i], plan_.columns[i].criterion, sheet, bad);
    }
    const readings& by = plan_.rules->tables().by;
    // Where any may be ticked, an empty cell is an answer, unless the criterion does not apply.
    std::vector<std::int32_t> points(card.size());
    problems found;
    for (std::size_t i = 0; i < card.size(); ++i) {
        if (sheet.at(i).given() || bad[i] || card.at(i).choose != choice::any) continue;
        const auto condition = card.condition_of(i);
        if (!condition || !by.conditions_bind ||
            card.points_for(*condition, sheet.at(*condition).bits()).value() > 0)
            sheet.set(card, i, answer::none());
    }
    score(card, sheet, plan_.options->given, by, points.data(), found);
    for (problem& p : found) {
        const auto index = card.find(p.where.criterion);
        if (!index || bad[*index]) continue;
        tell(column[*index], [&] { return std::move(p); });
    }
    encode(card, sheet, codes_);
    if (row_bad_) return;
    for (std::size_t i = 0; i < card.size(); ++i)
        if (codes_[i] != no_answer && plan_.rules->value(i, codes_[i]) < 0)
            tell(column[i], [&] {
                return sheet.unknown_option(card, i, std::to_string(sheet.at(i).number()));
            });
}

void sheets_part::read_answer(const cell& from, std::size_t index, score_sheet& sheet,
                              std::vector<bool>& bad) {
    if (from.bad) {
        bad[index] = true;
        return;
    }
    if (from.text.empty()) return;
    const scorecard& card = *plan_.card;
    problems found;
    const auto refuse = [&](const char* vi, const char* en) {
        found.push_back(row_problem(problem_code::wrong_type, from.text,
                                    told(vi, en, {card.at(index).code, shown(from.text)})));
        found.back().where.sheet = sheet.member();
        found.back().where.criterion = card.at(index).code;
    };
    if (card.at(index).choose == choice::any) {
        bool list = true;
        std::size_t ticks = 1;
        for (std::size_t at = 0, stop = 0; list && at <= from.text.size(); at = stop + 1) {
            stop = from.text.find('+', at);
            if (stop == std::string_view::npos)
                stop = from.text.size();
            else
                ++ticks;
            list = is_number(from.text.substr(at, stop - at));
        }
        const std::string most = std::to_string(card.option_count(index));
        if (!list) {
            refuse("ô của {0} phải là số các mức, cách nhau bằng dấu cộng, ví dụ 1+3; không phải "
                   "\"{1}\"",
                   "the cell of {0} takes numbers of options with plus signs between them, like "
                   "1+3, not \"{1}\"");
        } else if (ticks > card.option_count(index)) {
            const std::string count = std::to_string(ticks);
            found.push_back(
                row_problem(problem_code::too_many, count,
                            told("ghi {0} mức, tiêu chí chỉ có {1}",
                                 "{0} options are ticked, the criterion has {1}", {count, most})));
        } else if (from.text == "0") {
            sheet.try_choose(card, index, 0, found);
        } else {
            for (std::size_t at = 0; at <= from.text.size();) {
                const std::size_t stop = std::min(from.text.find('+', at), from.text.size());
                const std::string_view tick = from.text.substr(at, stop - at);
                const auto value = small_number(tick);
                if (value && *value != 0)
                    sheet.try_choose(card, index, *value, found);
                else
                    found.push_back(sheet.unknown_option(card, index, shown(tick)));
                at = stop + 1;
            }
        }
    } else if (const auto value = small_number(from.text)) {
        sheet.try_choose(card, index, *value, found);
    } else if (is_number(from.text)) {
        found.push_back(sheet.unknown_option(card, index, shown(from.text)));
    } else {
        refuse("ô của {0} phải là số của một mức (0 nếu không mức nào đúng), không phải \"{1}\"",
               "the cell of {0} takes the number of one option (0 for none of them), not \"{1}\"");
    }
    if (found.empty()) return;
    bad[index] = true;
    sheet.clear(index);
    for (problem& p : found) tell(from.column, [&] { return std::move(p); });
}

// The header.

namespace {

/// The cells of a header; false and a problem where its quotes are wrong.
bool header_cells(std::string_view line, std::vector<std::pair<std::string, std::uint32_t>>& cells,
                  const std::string& file, problems& found) {
    std::size_t at = 0;
    while (true) {
        std::string text;
        const std::uint32_t column = column_of(at);
        if (at < line.size() && line[at] == '"') {
            std::size_t next = at + 1;
            bool closed = false;
            while (next < line.size() && !closed) {
                if (line[next] != '"') {
                    text += line[next++];
                } else if (next + 1 < line.size() && line[next + 1] == '"') {
                    text += '"';
                    next += 2;
                } else {
                    closed = true;
                    ++next;
                }
            }
            if (!closed || (next < line.size() && line[next] != ',')) {
                found.push_back(row_problem(
                    problem_code::syntax, line.substr(at),
                    {"dấu nháy trong dòng đầu không đúng", "the quotes of the header are wrong"}));
                found.back().where.file = file;
                found.back().where.row = 1;
                found.back().where.column = column;
                return false;
            }
            at = next;
        } else {
            const std::size_t stop = std::min(line.find(',', at), line.size());
            text = std::string(line.substr(at, stop - at));
            at = stop;
        }
        cells.emplace_back(std::move(text), column);
        if (at >= line.size()) return true;
        ++at;
    }
}

}  // namespace

bool read_header(std::string_view line, csv_plan& plan, problems& found) {
    const std::size_t before = found.size();
    const auto tell = [&](problem_code code, std::uint32_t column, std::string_view value,
                          label text) {
        problem p = row_problem(code, value, std::move(text));
        p.where.file = plan.file();
        p.where.row = 1;
        p.where.column = column;
        found.push_back(std::move(p));
    };
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
        plan.line_end = '\r';
    }
    if (line.empty()) {
        tell(problem_code::syntax, 1, "",
             {"dòng đầu trống: nó phải nêu tên các cột",
              "the first row is empty: it has to name the columns"});
        return false;
    }
    if (line.size() > most_row_bytes) {
        tell(problem_code::too_large, column_of(most_row_bytes), "",
             {"dòng đầu dài hơn 1 MiB", "the header is longer than 1 MiB"});
        return false;
    }
    const bool wide = line.size() >= 2 && ((line[0] == '\xFF' && line[1] == '\xFE') ||
                                           (line[0] == '\xFE' && line[1] == '\xFF'));
    if (wide || line.find('\0') != std::string_view::npos) {
        tell(problem_code::syntax, 1, "",
             {"tệp không phải UTF-8 (có lẽ UTF-16 hoặc bảng tính); hãy lưu lại dạng CSV UTF-8",
              "the file is not UTF-8 (UTF-16 or a spreadsheet, perhaps); save it as CSV UTF-8"});
        return false;
    }
    if (!is_utf8(line)) {
        tell(problem_code::syntax, 1, "",
             {"dòng đầu không phải UTF-8; hãy lưu tệp bằng mã UTF-8",
              "the header is not UTF-8; save the file as UTF-8"});
        return false;
    }
    std::vector<std::pair<std::string, std::uint32_t>> cells;
    if (!header_cells(line, cells, plan.file(), found)) return false;
    for (const char other : {';', '\t'}) {
        if (cells.size() > 2 || line.find(other) == std::string_view::npos) continue;
        tell(problem_code::syntax, 1, line,
             other == ';' ? label{"các cột cách nhau bằng dấu chấm phẩy; hãy lưu lại với dấu phẩy",
                                  "columns are separated by semicolons; save the file with commas"}
                          : label{"các cột cách nhau bằng dấu tab; hãy lưu lại với dấu phẩy",
                                  "columns are separated by tabs; save the file with commas"});
        return false;
    }
    const scorecard& card = *plan.card;
    const std::string& group = plan.options->group_column;
    std::vector<bool> seen(card.size(), false);
    std::array<bool, 4> heads{};
    std::size_t unknown = 0;
    constexpr std::size_t named = 100;
    for (const auto& [name, column] : cells) {
        csv_column made;
        bool known = true;
        if (name == "product")
            made.kind = column_kind::product;
        else if (name == "member")
            made.kind = column_kind::member;
        else if (name == "role")
            made.kind = column_kind::role;
        else if (!group.empty() && name == group)
            made.kind = column_kind::group;
        else if (const auto index = card.find(name))
            made.criterion = *index;
        else
            known = false;
        if (!known) {
            if (++unknown > named) continue;
            tell(problem_code::unknown_column, column, name,
                 told("cột \"{0}\" không có trong bảng chấm; các cột: product, member, role và mã "
                      "tiêu chí từ {1} đến {2} (cột để chia nhóm: --by)",
                      "there is no column \"{0}\" here; columns are product, member, role and the "
                      "codes from {1} to {2} (a column to group by: --by)",
                      {shown(name), card.at(0).code, card.at(card.size() - 1).code}));
            continue;
        }
        const bool again = made.kind == column_kind::criterion
                               ? seen[made.criterion]
                               : heads[static_cast<std::size_t>(made.kind)];
        if (again)
            tell(problem_code::repeated_column, column, name,
                 told("cột \"{0}\" có hai lần; chỉ giữ một",
                      "the column \"{0}\" stands twice; keep one", {shown(name)}));
        if (made.kind == column_kind::criterion)
            seen[made.criterion] = true;
        else
            heads[static_cast<std::size_t>(made.kind)] = true;
        plan.columns.push_back(made);
    }
    if (unknown > named) {
        const std::string more = std::to_string(unknown - named);
        tell(problem_code::unknown_column, column_of(line.size()), more,
             told("và {0} cột khác không có trong bảng chấm",
                  "and {0} more columns that are not known here", {more}));
    }
    const auto need = [&](const std::string& name) {
        tell(problem_code::missing_column, column_of(line.size()), name,
             told("thiếu cột \"{0}\"", "the column \"{0}\" is missing", {shown(name)}));
    };
    if (!heads[static_cast<std::size_t>(column_kind::product)]) need("product");
    if (!heads[static_cast<std::size_t>(column_kind::member)]) need("member");
    if (!group.empty() && !heads[static_cast<std::size_t>(column_kind::group)]) need(group);
    for (std::size_t i = 0; i < card.size(); ++i)
        if (!seen[i]) need(card.at(i).code);
    if (found.size() != before) return false;

    while (plan.columns[plan.first_criterion].kind != column_kind::criterion)
        ++plan.first_criterion;
    plan.one_block = true;
    plan.cells_are_codes = true;
    plan.codes.assign(card.size() * 16, no_code);
    for (std::size_t j = 0; j < card.size(); ++j) {
        const csv_column& at = plan.columns[plan.first_criterion + j];
        plan.one_block = plan.one_block && at.kind == column_kind::criterion;
        if (!plan.one_block) break;
        const bool any = card.at(at.criterion).choose == choice::any;
        plan.cells_are_codes = plan.cells_are_codes && at.criterion == j && !any;
        std::uint8_t* const codes = plan.codes.data() + j * 16;
        for (std::uint8_t digit = 0; digit <= 9; ++digit)
            if (!any)
                codes[digit] = digit;
            else if (digit <= card.option_count(at.criterion) && digit <= 7)
                codes[digit] = static_cast<std::uint8_t>(digit == 0 ? 0U : 1U << (digit - 1U));
        if (!any)
            codes[15] = no_answer;
        else if (!card.condition_of(at.criterion))
            codes[15] = 0;
    }
    return true;
}

}  // namespace ocop::detail
