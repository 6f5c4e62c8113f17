/// \file product_list.hpp
/// Lists of products (danh sách sản phẩm) as provinces publish them, read from CSV: docs/lists.md.
/// Every fault is one problem with its row and column, all told at once; a row that cannot be taken
/// is handed back whole, so that nothing is lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/points.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/config.hpp"
#include "ocop/producers/producer_kind.hpp"

namespace ocop {

class unit_index;

/// What a row of a list tells of its product.
enum class list_event {
    first,              ///< "new": recognised for the first time
    recognised,         ///< recognised; whether for the first time is not told
    re_recognition,     ///< recognised again
    re_evaluation,      ///< assessed again at the end of its term
    re_evaluation_due,  ///< its term ends or has ended, and it is not assessed again yet
    upgrade,            ///< given a higher star
    upgrade_proposed,   ///< proposed for a higher star
    candidate,          ///< sent on by a lower council; the star is not told
    district_council,   ///< decided by a district's council
    district_proposal,  ///< proposed by a district
    proposed_4,         ///< proposed for 4 stars
    proposed_5,         ///< proposed for 5 stars, "potential 5 stars" (tiềm năng 5 sao)
    expired,            ///< its certificate ran out
    revoked             ///< its certificate was withdrawn (thu hồi)
};

template <>
struct names<list_event> {
    static constexpr std::array<std::string_view, 14> all{
        "new",        "recognised",       "re_recognition", "re_evaluation",    "re_evaluation_due",
        "upgrade",    "upgrade_proposed", "candidate",      "district_council", "district_proposal",
        "proposed_4", "proposed_5",       "expired",        "revoked"};
};
template <>
struct terms<list_event> {
    static constexpr std::array<term, 14> all{{{"công nhận mới", "new"},
                                               {"được công nhận", "recognised"},
                                               {"công nhận lại", "recognised again"},
                                               {"đánh giá lại", "assessed again"},
                                               {"đến hạn đánh giá lại", "due to be assessed again"},
                                               {"nâng hạng", "upgraded"},
                                               {"đề nghị nâng hạng", "proposed for an upgrade"},
                                               {"được gửi lên cấp trên", "candidate"},
                                               {"hội đồng cấp huyện", "decided by a district"},
                                               {"cấp huyện đề nghị", "proposed by a district"},
                                               {"đề nghị 4 sao", "proposed for 4 stars"},
                                               {"đề nghị 5 sao", "proposed for 5 stars"},
                                               {"hết hạn", "expired"},
                                               {"bị thu hồi", "withdrawn"}}};
};

/// A unit as a row names it.
struct listed_unit {
    std::string text;              ///< as written, blanks trimmed; empty where the cell is
    std::optional<unit_ref> unit;  ///< where exactly one unit of its edition fits

    friend bool operator==(const listed_unit&, const listed_unit&) = default;
};

/// One product of a list.
struct listed_product {
    std::uint32_t row = 0;   ///< as spreadsheets count: the header is row 1
    std::uint32_t part = 0;  ///< 1, 2, … where a row that named several products was split; else 0
    std::string row_id;      ///< the list's own name of the row
    std::string product_name;
    /// Products under this name: "Mật ong Bometa (4 sản phẩm)" is one name and 4 products.
    std::uint32_t count = 1;
    /// Variants (biến thể) that the name puts in brackets or joins: "(20°N, 30°N, 40°N)". Told as
    /// written; one recognition holds for all.
    std::vector<std::string> variants;
    std::string producer_name;  ///< empty where the list names none
    std::optional<producer_kind> kind;
    listed_unit commune;
    listed_unit district;
    listed_unit province;
    std::optional<ocop::stars> stars;     ///< given
    std::optional<ocop::stars> proposed;  ///< only proposed: never a star of its own
    list_event event = list_event::recognised;
    std::optional<std::int32_t>
        year;              ///< the programme's year, which may differ from the decision's
    std::string decision;  ///< in its standard form: "3981/QĐ-UBND"; empty: not told
    std::optional<date> decision_date;
    std::optional<date> expiry_date;  ///< last valid day, where the list tells it
    std::optional<mean_points> score;
    std::string source;
    std::string reliability;
    std::string notes;
    /// Cells of columns that the format does not know, with the header's name, empty ones left out.
    std::vector<std::pair<std::string, std::string>> others;

    friend bool operator==(const listed_product&, const listed_product&) = default;
};

/// A row that could not be taken, as it was written.
struct rejected_row {
    std::uint32_t row = 0;
    std::vector<std::string> cells;

    friend bool operator==(const rejected_row&, const rejected_row&) = default;
};

/// How a list is read.
struct product_list_options {
    std::string file;  ///< names the text in each problem's place
    /// Where units are looked up by name, such as bundled_unit_index(); null: they stay texts.
    const unit_index* units = nullptr;
    /// Between cells; nothing: told from the header (comma, semicolon or tab).
    std::optional<char> separator;
    /// Columns whose empty cells are parts of a merged cell and repeat the value above. Elsewhere an
    /// empty cell is empty; cells that say so in words ("nt", "như trên") always repeat it.
    std::vector<std::string> merged_columns;
    /// Splits rows that name several products on lines of their own, numbered, or between
    /// semicolons. Never at a comma: "CL28 và Cửa Hội CH20, CH25" are variants of one recognition.
    bool split_rows = false;
    std::size_t most_problems = 100000;  ///< problems beyond are counted, not told
};

/// A list that was read.
struct product_list {
    /// Whether there is a header with every column that is needed; if not, there are no rows, and
    /// all that could be cut into cells stands in rejected.
    bool readable = false;
    char separator = ',';              ///< what parts the cells
    std::vector<std::string> columns;  ///< the header's names, in its order
    std::size_t row_count = 0;         ///< rows below the header that are not blank
    std::size_t kept_count = 0;  ///< rows that were taken; rows of several products count once
    std::vector<listed_product> rows;
    std::vector<rejected_row> rejected;
    /// In the order of the text. In each place: file, row, number of the cell, and the column's name
    /// as pointer ("/star"). A row with an error is rejected, one with warnings is kept.
    problems found;
    std::size_t more_found = 0;  ///< problems beyond product_list_options::most_problems

    friend bool operator==(const product_list&, const product_list&) = default;
};

/// The columns of a list, in the order of the shipped one: "row_id", "product_name", …
[[nodiscard]] OCOP_API std::vector<std::string_view> product_list_columns();

/// Reads \p text, a whole list: UTF-8 with or without a byte order mark, cells as in RFC 4180, rows
/// ended by LF, CRLF or CR, columns in any order. Needed are `product_name`, `province`, `star` and
/// `event`; other missing columns are told as warnings, columns of other names are kept in others.
/// Titles above the header (within the first 20 rows) are told as warnings and passed over; rows
/// keep the file's numbers. A header of more than 1000 columns is refused (320 too_many). Events are
/// read as codes, as terms<list_event> or in the usual short forms.
/// Never throws for what the text holds. Linear; memory for the rows.
[[nodiscard]] OCOP_API product_list read_product_list(std::string_view text,
                                                      const product_list_options& options = {});

/// As above, but hands each product to \p take and keeps no rows: memory for problems and rejected
/// rows alone.
[[nodiscard]] OCOP_API product_list
read_product_list(std::string_view text, const product_list_options& options,
                  const std::function<void(listed_product&&)>& take);

/// The header of a list as CSV, with a line end.
[[nodiscard]] OCOP_API std::string product_list_csv_header();
/// \p product as a row of CSV under that header, with a line end: what read_product_list() reads
/// again as the same product (without others, and one row for each part of a split row).
[[nodiscard]] OCOP_API std::string to_csv_row(const listed_product& product);
/// \p list.rejected as CSV under the columns that it was read with, to be put right and read again.
[[nodiscard]] OCOP_API std::string rejected_csv(const product_list& list);

/// Rows that tell the same: groups of rows (at least two, ascending) of one product (names compared
/// without accents, case and punctuation), producer and place, with the same event and year; "new",
/// "recognised" and "district_council" tell the same event. Rows of different years or events are a
/// history, no duplicates; the same product name of another producer is another product. n log n.
[[nodiscard]] OCOP_API std::vector<std::vector<std::uint32_t>> duplicate_rows(
    const std::vector<listed_product>& rows);

}  // namespace ocop
