// One stretch of whole rows of score sheets: what can be read of it alone, by any thread. Rows are
// joined to products later, in the order of the text, so that cuts change nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "csv_scan.hpp"
#include "name_table.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/councils/council.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/exchange/sheets_csv.hpp"
#include "ocop/ranking/verdict.hpp"
#include "sheet_tally.hpp"

namespace ocop::detail {

/// The most bytes of a row, its end not counted.
inline constexpr std::size_t most_row_bytes = std::size_t{1} << 20;

/// What the cells of a column are.
enum class column_kind : std::uint8_t { product, member, role, group, criterion };

struct csv_column {
    column_kind kind = column_kind::criterion;
    std::size_t criterion = 0;  ///< index in the card
};

/// The columns as the header names them, with tables to read their cells.
struct csv_plan {
    const scorecard* card = nullptr;
    const verdict_rules* rules = nullptr;
    const sheet_tallies* tallies = nullptr;
    const sheets_csv_options* options = nullptr;

    std::vector<csv_column> columns;
    char line_end = '\n';  ///< '\r' where the header ends with CR LF
    /// The criteria stand in one block, from this column on: only then rows can be read fast.
    bool one_block = false;
    std::size_t first_criterion = 0;
    /// Whether cells are answer codes as they are read: all columns in the card's order, one option
    /// each.
    bool cells_are_codes = false;
    /// By column of the block and last four bits of its cell: the answer code.
    std::vector<std::uint8_t> codes;

    [[nodiscard]] std::string column_name(std::size_t column) const;
    [[nodiscard]] const std::string& file() const noexcept { return options->file; }
};

/// The plan of the header \p line (no line end). False, and the problems in \p found, where columns
/// are missing, unknown or repeated.
[[nodiscard]] bool read_header(std::string_view line, csv_plan& plan, problems& found);

/// A problem of a cell or a row.
[[nodiscard]] problem row_problem(problem_code code, std::string_view value, label message);

/// Rows of one product that follow each other.
struct sheet_run {
    std::string_view product;
    std::uint64_t hash = 0;  ///< of the product
    std::string_view group;
    std::uint32_t first_row = 0;
    bool product_known = false;
    bool group_known = false;
};

struct sheet_row {
    const char* member = "";
    std::uint32_t member_size = 0;
    std::uint32_t line = 0;           ///< from 0, in the part
    std::uint32_t member_column = 0;  ///< where the cells of member and group begin, from 1
    std::uint32_t group_column = 0;
    /// The member's number in sheets_part::members(); none where it has no number there.
    std::uint32_t member_number = name_table::none;
    bool member_known = false;
    bool counts = false;  ///< of a role that counts
    bool bad = false;     ///< has problems; its product is incomplete
    bool kept = false;    ///< its answers are in sheets_part::answers()

    [[nodiscard]] std::string_view member_name() const noexcept { return {member, member_size}; }
};

/// The problems of one row of a part.
struct row_problems {
    std::uint32_t row = 0;  ///< index in sheets_part::rows()
    std::size_t first = 0;  ///< index in sheets_part::found()
    std::size_t count = 0;
};

class sheets_part {
public:
    explicit sheets_part(const csv_plan& plan);

    /// Reads \p text: rows that end with a newline. Names point into the text and this part.
    void read(std::string_view text);

    [[nodiscard]] const std::vector<sheet_run>& runs() const noexcept { return runs_; }
    [[nodiscard]] const std::vector<sheet_row>& rows() const noexcept { return rows_; }
    /// The tally of run \p number.
    [[nodiscard]] const std::uint64_t* tally(std::size_t number) const noexcept {
        return tallies_.data() + number * tally_size_;
    }
    [[nodiscard]] const std::vector<answer_code>& answers() const noexcept { return answers_; }
    /// Rows with problems, in order; those beyond the most problems are only marked as bad.
    [[nodiscard]] const std::vector<row_problems>& told_rows() const noexcept { return told_; }
    [[nodiscard]] std::vector<problem>& found() noexcept { return found_; }
    /// Members that this part has met: the first few thousand, from one text to the next.
    [[nodiscard]] std::size_t members() const noexcept { return members_.size(); }
    [[nodiscard]] std::uint32_t lines() const noexcept { return line_; }

private:
    struct cell {
        std::string_view text;
        std::uint32_t column = 0;  ///< from 1, in bytes
        bool bad = false;          ///< told as wrong already
    };
    /// What a row holds beside its answers, as it is read.
    struct heads {
        std::string_view product;
        std::string_view member;
        std::string_view group;
        const char* raw_product = nullptr;
        std::size_t raw_size = 0;
        std::uint32_t member_column = 0;
        std::uint32_t group_column = 0;
        std::uint32_t member_number = name_table::none;
        council_role role = council_role::member;
        bool same_product = false;
        bool product_known = true;
        bool member_known = true;
        bool group_known = true;
    };

    [[nodiscard]] const char* read_fast(const char* at, const char* end);
    [[nodiscard]] const char* read_names(const char* line, const char* at, const char* end,
                                         std::size_t first, std::size_t last, heads& row);
    [[nodiscard]] const char* read_cells(const char* at) noexcept;
    [[nodiscard]] bool take_name(std::string_view raw, bool ascii, std::string_view& name);
    [[nodiscard]] std::uint32_t number_member(std::string_view name);
    void read_slowly(std::string_view line);
    void split(std::string_view line);
    [[nodiscard]] std::size_t quoted(std::string_view line, std::size_t at, cell& made);
    void check_text(cell& made);
    void read_head(std::size_t column, heads& row);
    void read_answers(const heads& row);
    void read_answer(const cell& from, std::size_t index, score_sheet& sheet,
                     std::vector<bool>& bad);
    void read_ticks(const cell& from, std::size_t index, score_sheet& sheet);
    /// The run of \p row: the one at hand, or a new one. Its number.
    std::size_t run_of(const heads& row, bool counts);
    void add_row(const heads& row, bool counts, bool bad);
    [[nodiscard]] bool add_answers(const heads& row, bool counts);
    template <class Make>
    void tell(std::uint32_t column, Make make);

    const csv_plan& plan_;
    std::size_t tally_size_;
    std::size_t criteria_;
    std::vector<sheet_run> runs_;
    std::vector<sheet_row> rows_;
    std::vector<std::uint64_t> tallies_;
    std::vector<std::uint64_t> scratch_;
    std::vector<answer_code> codes_;  ///< of the row at hand, and zeros up to a multiple of four
    std::vector<answer_code> answers_;
    std::vector<std::uint8_t> digits_;
    std::vector<row_problems> told_;
    std::vector<problem> found_;
    text_store store_;
    name_table members_;
    std::vector<std::uint32_t> after_;  ///< by member: who came next the last time
    std::uint32_t last_member_ = name_table::none;
    std::uint32_t line_ = 0;
    std::size_t run_sheets_ = 0;  ///< counted in the run at hand
    const char* raw_product_ = nullptr;
    std::size_t raw_size_ = 0;

    // Of the row that is read slowly.
    std::vector<cell> cells_;
    std::size_t cell_count_ = 0;
    bool cut_ = false;  ///< an open quote swallowed the rest of the row
    bool row_bad_ = false;
    bool quiet_ = false;
};

}  // namespace ocop::detail
