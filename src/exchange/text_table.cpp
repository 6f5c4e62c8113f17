#include "text_table.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

namespace ocop::detail {

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t read = utf8proc_iterate(at, left, &point);
        if (read <= 0) {  // a byte that is no UTF-8 shows as one replacement character
            ++width;
            ++at;
            --left;
            continue;
        }
        width += static_cast<std::size_t>(std::max(utf8proc_charwidth(point), 0));
        at += read;
        left -= read;
    }
    return width;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t start, std::size_t indent) {
    std::string out;
    std::size_t column = start;
    bool line_begins = true;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
        const std::size_t size = display_width(word);
        if (!line_begins && column + 1 + size > width) {
            out += '\n';
            out.append(indent, ' ');
            column = indent;
        } else if (!line_begins) {
            out += ' ';
            ++column;
        }
        out += word;
        column += size;
        line_begins = false;
    }
    return out;
}

std::string capitalised(std::string_view text) {
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    utf8proc_int32_t point = 0;
    const auto size = static_cast<utf8proc_ssize_t>(text.size());
    const utf8proc_ssize_t read = utf8proc_iterate(bytes, size, &point);
    if (read <= 0) return std::string(text);
    std::array<utf8proc_uint8_t, 4> upper{};
    const utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_toupper(point), upper.data());
    std::string out;
    for (utf8proc_ssize_t i = 0; i < written; ++i)
        out += static_cast<char>(upper[static_cast<std::size_t>(i)]);
    return out.append(text.substr(static_cast<std::size_t>(read)));
}

bool same_letters(const std::string& a, const std::string& b) {
    const auto composed = [](const std::string& text) {
        const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.c_str());
        const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> made(utf8proc_NFC(bytes),
                                                                           &std::free);
        return made ? std::string(reinterpret_cast<const char*>(made.get())) : text;
    };
    return composed(a) == composed(b);
}

std::string text_table::text(std::size_t indent) const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& cells : rows_)
        for (std::size_t c = 0; c < cells.size(); ++c)
            widths[c] = std::max(widths[c], display_width(cells[c]));
    std::size_t total = 0;
    for (std::size_t w : widths) total += w + 2;
    std::string out;
    for (const auto& cells : rows_) {
        std::string line(indent, ' ');
        if (cells.empty()) {
            for (std::size_t i = 2; i < total; ++i) line += "─";
        }
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const std::string gap(widths[c] - display_width(cells[c]), ' ');
            line += columns_[c] == align::left ? cells[c] + gap : gap + cells[c];
            line += "  ";
        }
        while (!line.empty() && line.back() == ' ') line.pop_back();
        out += line;
        out += '\n';
    }
    return out;
}

std::string csv_field(std::string_view cell) {
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(cell);
    std::string quoted("\"");
    for (char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string csv_row(const std::vector<std::string>& cells) {
    std::string row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) row += ',';
        row += csv_field(cells[i]);
    }
    return row + '\n';
}

}  // namespace ocop::detail
