#include "ocop/communes/bundled_units.hpp"

#include <array>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "communes/units_data.hpp"

namespace ocop {
namespace {

/// Our own tables hold no quotes; anything unlooked-for in them is a fault of the build.
[[noreturn]] void broken(std::string_view line) {
    throw std::logic_error("a bundled table of units is broken at: " + std::string(line));
}

/// Hands each line but the first of \p table to \p take, split into \p Count cells.
template <std::size_t Count, class Take>
void each_row(const detail::bundled_document& table, Take take) {
    bool header = true;
    for (std::size_t c = 0; c < table.count; ++c) {
        std::string_view rest(table.chunks[c], table.sizes[c]);
        while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : rest.size());
            if (header) {
                header = false;
                continue;
            }
            std::array<std::string_view, Count> cells;
            std::string_view left = line;
            for (std::size_t i = 0; i < Count; ++i) {
                const std::size_t comma = left.find(',');
                if ((comma == std::string_view::npos) != (i + 1 == Count)) broken(line);
                cells[i] = left.substr(0, comma);
                if (comma != std::string_view::npos) left.remove_prefix(comma + 1);
            }
            take(cells, line);
        }
    }
}

unit_code code_of(std::string_view cell, std::string_view line) {
    const std::optional<unit_code> code = unit_code::from(cell);
    if (!code) broken(line);
    return *code;
}

}  // namespace

const gazetteer& bundled_units() {
    // Never destroyed: a host may ask until its last destructor has run.
    static const gazetteer& all = *[] {
        std::vector<unit_row> units;
        std::vector<succession_row> links;
        for (std::size_t t = 0; t < detail::bundled_unit_table_count; ++t) {
            const detail::bundled_document& table = detail::bundled_unit_tables[t];
            if (std::string_view(table.name) == "units") {
                each_row<4>(table, [&units](const auto& cells, std::string_view line) {
                    unit_row row{code_of(cells[0], line), std::nullopt, cells[2], {}};
                    if (!cells[1].empty()) row.parent = code_of(cells[1], line);
                    for (char digit : cells[3]) {
                        if (digit < '1' || digit > '4') broken(line);
                        row.holds[static_cast<std::size_t>(digit - '1')] = true;
                    }
                    units.push_back(row);
                });
            } else {
                each_row<3>(table, [&links](const auto& cells, std::string_view line) {
                    const std::optional<status> known =
                        cells[2].empty() ? status::secondary : from_name<status>(cells[2]);
                    if (!known) broken(line);
                    links.push_back({code_of(cells[0], line), code_of(cells[1], line), *known});
                });
            }
        }
        return new gazetteer(units, links);
    }();
    return all;
}

}  // namespace ocop
