/// \file sheets_csv.hpp
/// Score sheets of many products as CSV, read as a stream: docs/rank.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/ranking/scores.hpp"
#include "ocop/ranking/verdict.hpp"

namespace ocop {

/// How sheets_csv_reader reads.
struct sheets_csv_options {
    std::string file;          ///< names the text in each problem's place
    std::string group_column;  ///< a further column that holds one value a product; empty: none
    /// Keeps the answers of every counting sheet, a byte each: for robustness and reforms. Without,
    /// memory grows with the products and not with their sheets.
    bool keep_answers = false;
    std::size_t threads = 1;           ///< 0: as many as the machine has. Changes no result
    std::size_t most_problems = 1000;  ///< problems beyond (to the end of their row) are counted
    /// What the rules were made with: for the wording of problems.
    circumstances given = {};
};

/// Reads score sheets, a row each, and keeps a tally for each product.
///
/// The header names the columns in any order: `product`, `member`, `role` (may be left out), the
/// group's column where one is asked for, and every criterion of the card by its code. UTF-8, commas,
/// LF or CRLF, quotes as in RFC 4180 but no line break inside them. A row that is wrong makes its
/// product `incomplete`; reading goes on. Names are compared in Unicode's composed form (NFC).
///
/// Memory: about 150 bytes and the name a product, and 5 bytes a sheet only where more than 64
/// different members occur; with keep_answers also the answers. Texts of any size are taken; a row
/// is at most 1 MiB. Not copyable; the card and the rules must outlive it.
class sheets_csv_reader {
public:
    /// A reader of sheets on \p card, decided under \p rules, which were made for it.
    /// \throws error where card and rules have different numbers of criteria.
    OCOP_API sheets_csv_reader(const scorecard& card, const verdict_rules& rules,
                               sheets_csv_options options = {});
    OCOP_API sheets_csv_reader(sheets_csv_reader&& other) noexcept;
    OCOP_API sheets_csv_reader& operator=(sheets_csv_reader&& other) noexcept;
    OCOP_API ~sheets_csv_reader();

    /// The next bytes of the text, of any number, cut anywhere. Linear.
    OCOP_API void feed(std::string_view bytes);
    /// The end of the text: its last row, and what can only be told now (councils without a counting
    /// sheet, the quorum). Call once, last.
    OCOP_API void finish();

    /// Problems in the order of the text; at most sheets_csv_options::most_problems and those of one
    /// row more.
    [[nodiscard]] OCOP_API const problems& found() const noexcept;
    /// Rows, and products at the end, whose problems found() leaves out.
    [[nodiscard]] OCOP_API std::uint64_t more_found() const noexcept;
    /// Whether the header was read: without one there are no products.
    [[nodiscard]] OCOP_API bool has_header() const noexcept;

    /// Different products, numbered from 0 as they came.
    [[nodiscard]] OCOP_API std::size_t products() const noexcept;
    [[nodiscard]] OCOP_API std::string_view product(std::size_t number) const noexcept;
    /// Sheets of counting members of \p product, also wrong ones.
    [[nodiscard]] OCOP_API std::size_t sheets(std::size_t product) const noexcept;
    /// Verdict on \p product. Linear in the criteria.
    [[nodiscard]] OCOP_API verdict decide(std::size_t product) const noexcept;
    /// Row (from 1) of the first sheet of \p product.
    [[nodiscard]] OCOP_API std::uint32_t row_of(std::size_t product) const noexcept;

    /// The name of the group's column; empty: none.
    [[nodiscard]] OCOP_API const std::string& group_column() const noexcept;
    /// Different values of the group's column, numbered from 0 as they came.
    [[nodiscard]] OCOP_API std::size_t groups() const noexcept;
    [[nodiscard]] OCOP_API std::string_view group(std::size_t number) const noexcept;
    /// The group of \p product; 0 where no group's column is asked for.
    [[nodiscard]] OCOP_API std::uint32_t group_of(std::size_t product) const noexcept;

    /// Different members.
    [[nodiscard]] OCOP_API std::size_t members() const noexcept;
    [[nodiscard]] OCOP_API std::string_view member(std::size_t number) const noexcept;

    /// Whether the answers are kept.
    [[nodiscard]] OCOP_API bool keeps_answers() const noexcept;
    /// Sheets of counting members in the order of the text, with sheets_csv_options::keep_answers:
    /// product and member of each, and the answers, verdict_rules::size() codes a sheet.
    [[nodiscard]] OCOP_API std::span<const std::uint32_t> sheet_products() const noexcept;
    [[nodiscard]] OCOP_API std::span<const std::uint32_t> sheet_members() const noexcept;
    [[nodiscard]] OCOP_API std::span<const answer_code> answers() const noexcept;

private:
    class state;
    std::unique_ptr<state> state_;
};

}  // namespace ocop
