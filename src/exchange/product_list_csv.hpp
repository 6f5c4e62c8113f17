// Rows of a list cut into cells: RFC 4180, with any separator and line end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ocop::detail {

/// What is wrong with how a row is written.
enum class csv_fault : std::uint8_t { none, open_quote, behind_quote };

/// Cuts a text into rows. Rows count as spreadsheets count: a line break in quotes makes none.
class csv_cutter {
public:
    csv_cutter(std::string_view text, char separator) : text_(text), separator_(separator) {}

    /// The next row into \p cells; false at the end of the text. Blank lines are rows of one empty
    /// cell. A quote that is never closed is taken for a letter, so that no other row is lost.
    [[nodiscard]] bool next(std::vector<std::string>& cells) {
        if (at_ >= text_.size()) return false;
        ++row_;
        const std::size_t from = at_;
        fault_ = csv_fault::none;
        column_ = 0;
        cut(cells, true);
        if (fault_ == csv_fault::open_quote) {
            const std::uint32_t column = column_;
            at_ = from;
            cut(cells, false);
            fault_ = csv_fault::open_quote;
            column_ = column;
        }
        return true;
    }

    [[nodiscard]] std::uint32_t row() const noexcept { return row_; }
    [[nodiscard]] csv_fault fault() const noexcept { return fault_; }
    /// The cell of the fault, from 1.
    [[nodiscard]] std::uint32_t fault_column() const noexcept { return column_; }

private:
    void cut(std::vector<std::string>& cells, bool quotes) {
        std::size_t count = 0;
        for (bool more = true; more;) {
            if (count == cells.size()) cells.emplace_back();
            std::string& cell = cells[count++];
            cell.clear();
            if (quotes && at_ < text_.size() && text_[at_] == '"') {
                quoted(cell, static_cast<std::uint32_t>(count));
                if (fault_ == csv_fault::open_quote) return;
            }
            const std::size_t end = plain_end();
            if (end != at_ && quotes && was_quoted_ && fault_ == csv_fault::none) {
                fault_ = csv_fault::behind_quote;
                column_ = static_cast<std::uint32_t>(count);
            }
            cell.append(text_.substr(at_, end - at_));
            was_quoted_ = false;
            at_ = end;
            more = at_ < text_.size() && text_[at_] == separator_;
            if (more) ++at_;
        }
        cells.resize(count);
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    }

    /// Up to the separator or the line's end.
    [[nodiscard]] std::size_t plain_end() const noexcept {
        std::size_t end = at_;
        while (end < text_.size() && text_[end] != separator_ && text_[end] != '\n' &&
               text_[end] != '\r')
            ++end;
        return end;
    }

    void quoted(std::string& cell, std::uint32_t column) {
        std::size_t at = at_ + 1;
        while (true) {
            const std::size_t end = text_.find('"', at);
            if (end == std::string_view::npos) {
                fault_ = csv_fault::open_quote;
                column_ = column;
                return;
            }
            cell.append(text_.substr(at, end - at));
            at = end + 1;
            if (at < text_.size() && text_[at] == '"') {
                cell += '"';
                ++at;
                continue;
            }
            break;
        }
        // Blanks behind the closing quote belong to nothing.
        while (at < text_.size() && text_[at] == ' ') ++at;
        at_ = at;
        was_quoted_ = true;
    }

    std::string_view text_;
    char separator_;
    std::size_t at_ = 0;
    std::uint32_t row_ = 0;
    std::uint32_t column_ = 0;
    csv_fault fault_ = csv_fault::none;
    bool was_quoted_ = false;
};

/// \p cell as a cell of CSV with commas.
inline void append_csv_cell(std::string& to, std::string_view cell) {
    const bool quotes = cell.find_first_of("\",\r\n;\t") != std::string_view::npos ||
                        (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
    if (!quotes) {
        to += cell;
        return;
    }
    to += '"';
    for (char c : cell) {
        if (c == '"') to += '"';
        to += c;
    }
    to += '"';
}

}  // namespace ocop::detail
