#include "ocop/exchange/sheets_csv.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "ocop/ranking/assess.hpp"
#include "ocop/ranking/parallel.hpp"
#include "sheets_part.hpp"

namespace ocop {
namespace {

using detail::csv_plan;
using detail::most_row_bytes;
using detail::name_table;
using detail::row_problems;
using detail::sheet_row;
using detail::sheet_run;
using detail::sheets_part;

/// Bytes that one thread reads at a time: the rows stay in its caches until they are joined.
constexpr std::size_t alone_bytes = std::size_t{1} << 17;
constexpr std::size_t together_bytes = std::size_t{1} << 20;

/// What is kept of a product beside its tally.
struct product_entry {
    std::uint64_t members = 0;  ///< a bit for each of the first 64 members that has a sheet
    std::uint32_t others = 0;   ///< chain of all other members; 0: none
    std::uint32_t group = 0;
    std::uint32_t row = 0;
    std::uint16_t counted = 0;
    std::uint16_t sheets = 0;
    bool group_known = false;
    bool broken = false;  ///< has sheets with problems
};

/// Members beyond the first 64, a few in each link.
struct member_link {
    static constexpr std::size_t most = 6;
    std::uint32_t next = 0;
    std::uint32_t count = 0;
    std::uint32_t members[most] = {};
};

}  // namespace

class sheets_csv_reader::state {
public:
    state(const scorecard& card, const verdict_rules& rules, sheets_csv_options options)
        : options_(std::move(options)),
          threads_(in_threads(options_.threads).width()),
          adder_(rules),
          size_(adder_.size()) {
        if (card.size() != rules.size()) {
            const std::string have = std::to_string(rules.size());
            const std::string wanted = std::to_string(card.size());
            throw error(detail::make_problem(
                problem_code::wrong_size, "/rules", have,
                detail::told("các quy tắc có {0} tiêu chí, bảng chấm có {1}",
                             "the rules have {0} criteria, the scorecard {1}", {have, wanted})));
        }
        plan_.card = &card;
        plan_.rules = &rules;
        plan_.tallies = &adder_;
        plan_.options = &options_;
        links_.emplace_back();
    }

    void feed(std::string_view bytes) {
        if (stopped_) return;
        while (!bytes.empty()) {
            if (!open_row(bytes)) return;
            // Whole rows, as many as one turn takes.
            std::size_t turn =
                std::min(bytes.size(), threads_ * (threads_ == 1 ? alone_bytes : together_bytes));
            std::size_t end = bytes.substr(0, turn).rfind('\n');
            if (end == std::string_view::npos) {
                end = bytes.find('\n', turn);
                if (end == std::string_view::npos) {
                    carry(bytes);
                    return;
                }
            }
            rows(bytes.substr(0, end + 1));
            bytes.remove_prefix(end + 1);
            if (stopped_) return;
        }
    }

    void finish() {
        if (!stopped_ && !carry_.empty()) end_row();
        if (stopped_) return;
        if (!header_read_) {
            problem p = detail::row_problem(problem_code::syntax, "",
                                            {"tệp trống: không có dòng đầu nêu tên các cột",
                                             "the file is empty: there is no header that names "
                                             "the columns"});
            p.where.file = options_.file;
            p.where.row = 1;
            p.where.column = 1;
            found_.push_back(std::move(p));
            return;
        }
        for (std::size_t i = 0; i < products_.size(); ++i) {
            check_council(i);
            // Only wrong rows left the group of a product open.
            if (!options_.group_column.empty() && !products_[i].group_known)
                products_[i].group = groups_.number("");
        }
    }

    [[nodiscard]] verdict decide(std::size_t product) const noexcept {
        return adder_.decide(tallies_[product / chunk].get() + product % chunk * size_);
    }

    sheets_csv_options options_;
    csv_plan plan_;
    problems found_;
    std::uint64_t more_ = 0;
    bool header_read_ = false;
    name_table names_;
    name_table groups_;
    name_table members_;
    detail::piece_list<product_entry> products_;
    std::vector<std::uint32_t> sheet_products_;
    std::vector<std::uint32_t> sheet_members_;
    std::vector<answer_code> answers_;

private:
    /// Products whose tallies lie in one piece of memory: pieces never move.
    static constexpr std::size_t chunk = 4096;

    /// Takes the end of a row that began in bytes before. False where it does not end here.
    bool open_row(std::string_view& bytes) {
        if (skipping_) {
            const std::size_t end = bytes.find('\n');
            if (end == std::string_view::npos) return false;
            skipping_ = false;
            bytes.remove_prefix(end + 1);
            end_row();
            return !stopped_ && !bytes.empty();
        }
        if (carry_.empty()) return true;
        const std::size_t end = bytes.find('\n');
        if (end == std::string_view::npos) {
            carry(bytes);
            return false;
        }
        const std::string_view rest = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        carry(rest);
        skipping_ = false;
        end_row();
        return !stopped_ && !bytes.empty();
    }

    /// Keeps the beginning of a row; no more of it than tells that it is too long.
    void carry(std::string_view bytes) {
        // One byte more may be the CR of its end.
        constexpr std::size_t most = most_row_bytes + 2;
        const std::size_t room = most - std::min(most, carry_.size());
        carry_.append(bytes.substr(0, room));
        skipping_ = bytes.size() > room;
    }

    /// The row in carry_ is whole.
    void end_row() {
        carry_ += '\n';
        std::string row;
        row.swap(carry_);
        rows(row);
        row.clear();
        if (carry_.empty()) carry_.swap(row);  // its memory is used again
    }

    /// Reads whole rows.
    void rows(std::string_view text) {
        if (!header_read_ && !header(text)) return;
        if (text.empty()) return;
        const std::size_t wanted = text.size() >= 2 * alone_bytes ? threads_ : 1;
        std::vector<std::string_view> cuts;
        std::size_t from = 0;
        for (std::size_t i = 1; i <= wanted && from < text.size(); ++i) {
            std::size_t to = text.size();
            if (i != wanted) {
                const std::size_t aim = std::max(from, text.size() / wanted * i);
                to = std::min(text.find('\n', aim) + 1, text.size());
            }
            cuts.push_back(text.substr(from, to - from));
            from = to;
        }
        while (parts_.size() < cuts.size()) parts_.emplace_back(plan_);
        in_threads run(threads_);
        run(cuts.size(), [&](std::size_t i) { parts_[i].read(cuts[i]); });
        known_members_.resize(parts_.size());
        for (std::size_t i = 0; i < cuts.size(); ++i) join(parts_[i], known_members_[i]);
    }

    bool header(std::string_view& text) {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        if (line_ == 0 && text.substr(0, mark.size()) == mark) text.remove_prefix(mark.size());
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        ++line_;
        header_read_ = detail::read_header(line, plan_, found_);
        stopped_ = !header_read_;
        return header_read_;
    }

    [[nodiscard]] std::uint64_t* tally_of(std::size_t product) noexcept {
        return tallies_[product / chunk].get() + product % chunk * size_;
    }

    /// Joins what a part has read, in the order of the text.
    void join(sheets_part& part, std::vector<std::uint32_t>& known) {
        known.resize(part.members(), name_table::none);
        const std::vector<sheet_run>& runs = part.runs();
        const std::vector<sheet_row>& rows = part.rows();
        constexpr std::size_t soon = 8;
        std::size_t told = 0;
        std::size_t kept = 0;
        for (std::size_t r = 0; r < runs.size(); ++r) {
            const sheet_run& run = runs[r];
            if (r + soon < runs.size()) names_.expect(runs[r + soon].hash);
            const std::size_t last = r + 1 < runs.size() ? runs[r + 1].first_row : rows.size();
            const std::size_t product = run.product_known
                                            ? product_of(run, part.tally(r), rows[run.first_row])
                                            : no_product;
            bool other_group = false;
            if (product != no_product && run.group_known && !options_.group_column.empty())
                other_group = !take_group(product, run);
            for (std::size_t i = run.first_row; i < last; ++i) {
                const sheet_row& row = rows[i];
                if (row.bad) {
                    if (product != no_product) products_[product].broken = true;
                    row_.clear();
                    bad_row(part, i, told);
                    check(product, row, other_group, run, known);
                    tell_row();
                } else if (!check(product, row, other_group, run, known)) {
                    tell_row();
                }
                if (!row.kept) continue;
                const std::size_t size = plan_.rules->size();
                if (product != no_product) {
                    const auto from =
                        part.answers().begin() + static_cast<std::ptrdiff_t>(kept * size);
                    answers_.insert(answers_.end(), from, from + static_cast<std::ptrdiff_t>(size));
                    sheet_products_.push_back(static_cast<std::uint32_t>(product));
                    sheet_members_.push_back(last_member_);
                }
                ++kept;
            }
        }
        line_ += part.lines();
    }

    static constexpr std::size_t no_product = static_cast<std::size_t>(-1);

    /// The product of \p run, whose sheets are added to it.
    std::size_t product_of(const sheet_run& run, const std::uint64_t* sheets,
                           const sheet_row& first) {
        const std::size_t product = names_.number(run.product, run.hash);
        if (product == products_.size()) {
            products_.add().row = row_number(first);
            if (product % chunk == 0)
                tallies_.push_back(std::make_unique<std::uint64_t[]>(chunk * size_));
            std::memcpy(tally_of(product), sheets, size_ * sizeof *sheets);
        } else {
            adder_.merge(tally_of(product), sheets);
        }
        return product;
    }

    /// Whether \p run is of the group of \p product.
    bool take_group(std::size_t product, const sheet_run& run) {
        product_entry& entry = products_[product];
        const std::uint32_t group = groups_.number(run.group);
        if (!entry.group_known) {
            entry.group_known = true;
            entry.group = group;
        }
        return entry.group == group;
    }

    [[nodiscard]] std::uint32_t row_number(const sheet_row& row) const noexcept {
        const std::uint64_t number = line_ + row.line + 1;
        return number > 0xFFFFFFFFU ? 0xFFFFFFFFU : static_cast<std::uint32_t>(number);
    }

    /// What a part found wrong with row \p index.
    void bad_row(sheets_part& part, std::size_t index, std::size_t& told) {
        if (told == part.told_rows().size() || part.told_rows()[told].row != index) return;
        const row_problems& mine = part.told_rows()[told++];
        for (std::size_t k = 0; k < mine.count; ++k) {
            problem& p = part.found()[mine.first + k];
            p.where.row = row_number(part.rows()[index]);
            row_.push_back(std::move(p));
        }
    }

    /// The problems of a row, those of its cells and those of its place among the others.
    void tell_row() {
        if (found_.size() >= options_.most_problems) {
            ++more_;
        } else {
            std::stable_sort(row_.begin(), row_.end(), [](const problem& a, const problem& b) {
                return a.where.column < b.where.column;
            });
            for (problem& p : row_) found_.push_back(std::move(p));
        }
        row_.clear();
    }

    /// What can only be told among all rows; false and row_ where something is wrong.
    bool check(std::size_t product, const sheet_row& row, bool other_group, const sheet_run& run,
               std::vector<std::uint32_t>& known) {
        if (product == no_product) return true;
        product_entry& entry = products_[product];
        bool good = true;
        const auto refuse = [&](problem_code code, std::uint32_t column, std::string_view value,
                                label text) {
            good = false;
            entry.broken = true;
            adder_.break_off(tally_of(product));
            if (found_.size() >= options_.most_problems) return;
            problem p = detail::row_problem(code, value, std::move(text));
            p.where.file = options_.file;
            p.where.row = row_number(row);
            p.where.column = column;
            if (row.member_known) p.where.sheet = row.member_name();
            row_.push_back(std::move(p));
        };
        if (other_group)
            refuse(
                problem_code::groups_differ, row.group_column, run.group,
                detail::told("sản phẩm \"{0}\" ở dòng {1} thuộc {2} \"{3}\", ở đây là \"{4}\"; "
                             "mỗi sản phẩm chỉ một giá trị",
                             "the product \"{0}\" has the {2} \"{3}\" in row {1} and \"{4}\" "
                             "here; give it one",
                             {detail::shown(names_.name(product)), std::to_string(entry.row),
                              detail::shown(options_.group_column),
                              detail::shown(groups_.name(entry.group)), detail::shown(run.group)}));
        if (!row.member_known) return good;
        last_member_ = member_number(row, known);
        if (!add_member(entry, last_member_)) {
            refuse(problem_code::repeated_sheet, row.member_column, row.member_name(),
                   detail::told(
                       "phiếu thứ hai của \"{0}\" cho sản phẩm \"{1}\"; chỉ giữ một",
                       "a second sheet of \"{0}\" for the product \"{1}\"; keep one",
                       {detail::shown(row.member_name()), detail::shown(names_.name(product))}));
            return good;
        }
        const bool full = row.counts && entry.counted >= plan_.rules->most_sheets();
        if (full || entry.sheets > council::most_members) {
            const std::string most =
                std::to_string(full ? plan_.rules->most_sheets() : council::most_members);
            refuse(problem_code::too_many, row.member_column, most,
                   detail::told("sản phẩm \"{0}\" có hơn {1} phiếu",
                                "the product \"{0}\" has more than {1} sheets",
                                {detail::shown(names_.name(product)), most}));
            return good;
        }
        if (row.counts) ++entry.counted;
        return good;
    }

    /// The number of the member of \p row, which \p known holds for those that its part has numbered.
    std::uint32_t member_number(const sheet_row& row, std::vector<std::uint32_t>& known) {
        if (row.member_number == name_table::none) return members_.number(row.member_name());
        std::uint32_t& number = known[row.member_number];
        if (number == name_table::none) number = members_.number(row.member_name());
        return number;
    }

    /// False where \p member has a sheet already.
    bool add_member(product_entry& entry, std::uint32_t member) {
        // One beyond the most is told; those that follow are not looked at.
        if (entry.sheets > council::most_members) return true;
        if (member < 64) {
            const std::uint64_t bit = std::uint64_t{1} << member;
            if ((entry.members & bit) != 0) return false;
            entry.members |= bit;
        } else {
            for (std::uint32_t at = entry.others; at != 0; at = links_[at].next)
                for (std::uint32_t i = 0; i < links_[at].count; ++i)
                    if (links_[at].members[i] == member) return false;
            if (entry.others == 0 || links_[entry.others].count == member_link::most) {
                member_link made;
                made.next = entry.others;
                entry.others = static_cast<std::uint32_t>(links_.size());
                links_.push_back(made);
            }
            member_link& link = links_[entry.others];
            link.members[link.count++] = member;
        }
        ++entry.sheets;
        return true;
    }

    /// What is wrong with the council of \p product once all sheets are there.
    void check_council(std::size_t product) {
        const product_entry& entry = products_[product];
        const verdict_tables& tables = plan_.rules->tables();
        if (entry.broken) return;
        const std::size_t counting = tables.council_size == 0 ? entry.counted : tables.council_size;
        if (entry.counted != 0 && entry.counted <= counting &&
            tables.quorum.reached(entry.counted, counting))
            return;
        problems found;
        if (entry.counted > counting) {
            const std::string have = std::to_string(entry.counted);
            found.push_back(detail::row_problem(
                problem_code::too_many, have,
                detail::told("có {0} phiếu tính điểm, hội đồng chỉ có {1} thành viên chấm điểm",
                             "{0} counting sheets, and the council has {1} counting members",
                             {have, std::to_string(counting)})));
        } else {
            assessment scratch;
            scratch.counted_sheets = entry.counted;
            scratch.counting_members = counting;
            council sitting;
            sitting.quorum = tables.quorum;
            detail::check_quorum(sitting, scratch);
            found = std::move(scratch.errors);
        }
        if (found.empty()) return;
        if (found_.size() >= options_.most_problems) {
            ++more_;
            return;
        }
        const std::string name = detail::shown(names_.name(product));
        for (problem& p : found) {
            p.where = {};
            p.where.file = options_.file;
            p.where.row = entry.row;
            p.where.column = 1;
            p.message = {"sản phẩm \"" + name + "\": " + p.message.vi,
                         "product \"" + name + "\": " + p.message.en};
            found_.push_back(std::move(p));
        }
    }

    std::size_t threads_;
    detail::sheet_tallies adder_;
    std::size_t size_;  ///< words of a tally
    std::string carry_;
    bool skipping_ = false;  ///< the rest of a row that is too long
    bool stopped_ = false;
    std::uint64_t line_ = 0;  ///< rows before those at hand
    std::vector<sheets_part> parts_;
    std::vector<std::unique_ptr<std::uint64_t[]>> tallies_;
    std::vector<member_link> links_;
    std::uint32_t last_member_ = 0;
    /// By part: numbers here of the members that it has numbered.
    std::vector<std::vector<std::uint32_t>> known_members_;
    problems row_;
};

sheets_csv_reader::sheets_csv_reader(const scorecard& card, const verdict_rules& rules,
                                     sheets_csv_options options)
    : state_(std::make_unique<state>(card, rules, std::move(options))) {}
sheets_csv_reader::sheets_csv_reader(sheets_csv_reader&& other) noexcept = default;
sheets_csv_reader& sheets_csv_reader::operator=(sheets_csv_reader&& other) noexcept = default;
sheets_csv_reader::~sheets_csv_reader() = default;

void sheets_csv_reader::feed(std::string_view bytes) { state_->feed(bytes); }
void sheets_csv_reader::finish() { state_->finish(); }
const problems& sheets_csv_reader::found() const noexcept { return state_->found_; }
std::uint64_t sheets_csv_reader::more_found() const noexcept { return state_->more_; }
bool sheets_csv_reader::has_header() const noexcept { return state_->header_read_; }
std::size_t sheets_csv_reader::products() const noexcept { return state_->products_.size(); }
std::string_view sheets_csv_reader::product(std::size_t number) const noexcept {
    return state_->names_.name(number);
}
std::size_t sheets_csv_reader::sheets(std::size_t product) const noexcept {
    return state_->products_[product].counted;
}
verdict sheets_csv_reader::decide(std::size_t product) const noexcept {
    return state_->decide(product);
}
std::uint32_t sheets_csv_reader::row_of(std::size_t product) const noexcept {
    return state_->products_[product].row;
}
const std::string& sheets_csv_reader::group_column() const noexcept {
    return state_->options_.group_column;
}
std::size_t sheets_csv_reader::groups() const noexcept { return state_->groups_.size(); }
std::string_view sheets_csv_reader::group(std::size_t number) const noexcept {
    return state_->groups_.name(number);
}
std::uint32_t sheets_csv_reader::group_of(std::size_t product) const noexcept {
    return state_->products_[product].group;
}
std::size_t sheets_csv_reader::members() const noexcept { return state_->members_.size(); }
std::string_view sheets_csv_reader::member(std::size_t number) const noexcept {
    return state_->members_.name(number);
}
bool sheets_csv_reader::keeps_answers() const noexcept { return state_->options_.keep_answers; }
std::span<const std::uint32_t> sheets_csv_reader::sheet_products() const noexcept {
    return state_->sheet_products_;
}
std::span<const std::uint32_t> sheets_csv_reader::sheet_members() const noexcept {
    return state_->sheet_members_;
}
std::span<const answer_code> sheets_csv_reader::answers() const noexcept {
    return state_->answers_;
}

}  // namespace ocop
