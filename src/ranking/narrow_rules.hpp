// Rules whose every number fits a byte, as tables for the vector kernel. Which rules do is decided
// here, once a call; all others go to the portable kernel.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ocop/ranking/batch.hpp"

namespace ocop::detail {

/// Sheets a product may have, and answer codes: what a 16-byte table can be asked for.
inline constexpr std::size_t narrow_table = 16;
inline constexpr std::size_t narrow_criteria = 64;
/// Vectors of columns that the criteria fill at most.
inline constexpr std::size_t narrow_pairs = narrow_criteria;
inline constexpr std::size_t no_condition = narrow_criteria;

using byte_table = std::array<std::uint8_t, narrow_table>;

struct narrow_mark {
    std::size_t criterion;
    std::uint8_t level_bit;
    byte_table needed;  ///< least sum, by number of sheets
};

/// Criteria first to last (exclusive) of one part whose sums, added, still fit a byte.
struct criterion_run {
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t part = 0;
};

struct narrow_rules {
    std::size_t criteria = 0;
    std::array<byte_table, narrow_criteria> values;  ///< points by answer code
    std::array<std::uint8_t, narrow_criteria> highest_code;
    std::array<std::size_t, narrow_criteria> condition;
    std::array<std::size_t, narrow_criteria> conditional;  ///< the criteria that have a condition
    std::size_t conditional_count = 0;
    std::array<criterion_run, narrow_criteria> runs;
    std::size_t run_count = 0;
    std::array<narrow_mark, verdict_rules::most_marks> marks;
    std::size_t mark_count = 0;
    std::array<std::size_t, narrow_criteria> gates;
    std::size_t gate_count = 0;
    std::array<std::array<std::uint16_t, narrow_table>, 4> least_total;  ///< by band, by sheets
    std::array<byte_table, 4> least_low;                                 ///< their low bytes
    std::array<byte_table, 4> least_high;                                ///< their high bytes
    byte_table too_few;                      ///< 0xFF where so many sheets are no council
    std::array<byte_table, 6> stars;         ///< by band, by missed levels
    std::uint16_t blocking_spread = 0xFFFF;  ///< 0xFFFF: no spread of bytes reaches it
    bool any_spread = false;                 ///< whether the spread must be known
    bool checks_as_before = false;           ///< answers are valid where the job before finds so
    const batch_job* job = nullptr;          ///< what these tables were made of
};

struct narrow_batch {
    const std::uint8_t* answers = nullptr;
    const std::uint8_t* end = nullptr;     ///< behind the last answer
    const std::uint8_t* sheets = nullptr;  ///< by product, or null: all members
    std::size_t members = 0;
    std::size_t sheet_bytes = 0;
    bool nibbles = false;
};

/// \p rules as bytes into \p made; false where they do not fit.
[[nodiscard]] inline bool narrow(const verdict_rules& rules, std::size_t members,
                                 narrow_rules& made) {
    constexpr std::size_t largest = 0xFF;
    const verdict_tables& tables = rules.tables();
    made.criteria = rules.size();
    made.conditional_count = 0;
    if (members == 0 || members >= narrow_table || rules.size() > narrow_criteria) return false;
    if (tables.by.marks != mark_measure::mean || tables.by.spread != spread_measure::totals ||
        tables.by.zero_points != zero_reading::every_member)
        return false;
    made.run_count = 0;
    std::size_t total = 0;
    std::size_t run_sum = 0;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto most = static_cast<std::size_t>(rules.most_points(i));
        total += most;
        const std::size_t highest = rules.highest_code(i);
        if (most * members > largest || highest >= narrow_table) return false;
        made.values[i] = {};
        for (std::size_t code = 0; code <= highest; ++code) {
            const std::int32_t value = rules.value(i, static_cast<answer_code>(code));
            if (value < 0) return false;
            made.values[i][code] = static_cast<std::uint8_t>(value);
        }
        made.highest_code[i] = static_cast<std::uint8_t>(highest);
        const auto& condition = tables.criteria[i].condition;
        made.condition[i] = condition ? *condition : no_condition;
        if (condition && tables.criteria[*condition].condition) return false;
        if (condition) made.conditional[made.conditional_count++] = i;
        run_sum += most * members;
        if (i == 0 || tables.criteria[i].part != made.runs[made.run_count - 1].part ||
            run_sum > largest) {
            made.runs[made.run_count++] = {i, i, tables.criteria[i].part};
            run_sum = most * members;
        }
        made.runs[made.run_count - 1].last = i + 1;
    }
    if (total > largest) return false;
    made.mark_count = tables.marks.size();
    for (std::size_t k = 0; k < tables.marks.size(); ++k) {
        const verdict_tables::mark& mark = tables.marks[k];
        const auto needed = static_cast<std::size_t>(mark.needed.value());
        if (needed * members > largest) return false;
        made.marks[k].criterion = mark.criterion;
        made.marks[k].level_bit = static_cast<std::uint8_t>(rules.level_bit(k));
        for (std::size_t n = 0; n < narrow_table; ++n)
            made.marks[k].needed[n] =
                n <= members ? static_cast<std::uint8_t>(needed * n) : std::uint8_t{0};
    }
    made.gate_count = rules.gates().size();
    for (std::size_t k = 0; k < made.gate_count; ++k) made.gates[k] = rules.gates()[k];
    for (std::size_t n = 0; n < narrow_table; ++n) {
        for (std::size_t k = 0; k < made.least_total.size(); ++k) {
            const std::uint32_t least = rules.least_total(k + 2, n < members ? n : members);
            made.least_total[k][n] =
                least > 0xFFFFU ? std::uint16_t{0xFFFF} : static_cast<std::uint16_t>(least);
            made.least_low[k][n] = static_cast<std::uint8_t>(made.least_total[k][n] & 0xFFU);
            made.least_high[k][n] = static_cast<std::uint8_t>(made.least_total[k][n] >> 8);
        }
        const std::size_t council = tables.council_size == 0 ? n : tables.council_size;
        const bool enough = n != 0 && n <= council && tables.quorum.reached(n, council);
        made.too_few[n] = enough ? std::uint8_t{0} : std::uint8_t{0xFF};
    }
    for (std::size_t band = 0; band < made.stars.size(); ++band)
        for (unsigned missed = 0; missed < narrow_table; ++missed)
            made.stars[band][missed] =
                band == 0 ? std::uint8_t{0}
                          : rules.stars(static_cast<std::uint8_t>(band), missed % 8);
    made.blocking_spread = rules.blocking_spread() > 0xFFFFU
                               ? std::uint16_t{0xFFFF}
                               : static_cast<std::uint16_t>(rules.blocking_spread());
    return true;
}

/// Whether \p a and \p b take the same answers.
[[nodiscard]] inline bool check_alike(const narrow_rules& a, const narrow_rules& b) {
    if (a.criteria != b.criteria) return false;
    for (std::size_t i = 0; i < a.criteria; ++i) {
        if (a.highest_code[i] != b.highest_code[i] || a.condition[i] != b.condition[i])
            return false;
        // What is due depends on the points of the condition.
        if (a.condition[i] != no_condition && a.values[a.condition[i]] != b.values[b.condition[i]])
            return false;
    }
    return true;
}

}  // namespace ocop::detail
