// Tables in plain text: columns aligned by the width that a terminal shows, not by bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ocop::detail {

/// Columns that \p text takes on a terminal (UTF-8; combining marks take none).
[[nodiscard]] std::size_t display_width(std::string_view text);

/// \p text, broken at spaces so that lines end at column \p width at most. The first line begins at
/// column \p start, each other is indented to column \p indent.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t width, std::size_t start,
                               std::size_t indent);

/// \p text with its first letter in upper case.
[[nodiscard]] std::string capitalised(std::string_view text);

/// Whether two texts are the same letters, however Unicode composes them (NFC).
[[nodiscard]] bool same_letters(const std::string& a, const std::string& b);

/// Rows of cells; numbers to the right, words to the left.
class text_table {
public:
    enum class align { left, right };

    explicit text_table(std::vector<align> columns) : columns_(std::move(columns)) {}

    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    /// A line across the table.
    void rule() { rows_.emplace_back(); }

    /// The table, each line indented by \p indent spaces, without spaces at line ends.
    [[nodiscard]] std::string text(std::size_t indent = 0) const;

private:
    std::vector<align> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// \p cell as a field of CSV (RFC 4180): quoted where it holds a comma, a quote or a line break.
[[nodiscard]] std::string csv_field(std::string_view cell);
/// A row of CSV with its newline.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);

}  // namespace ocop::detail
