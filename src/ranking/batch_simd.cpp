// The batch kernel in vectors: products stand in lanes. The answers of a block of products are
// turned from rows into columns; then one table lookup gives the points of an answer in every lane.
// Compiled once for each instruction set (foreach_target), chosen at run time.

// Vectors whose size is not known when compiling cannot stand in arrays.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ranking/batch_simd.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "ocop/ranking/fast.hpp"
#include "ranking/narrow_rules.hpp"

HWY_BEFORE_NAMESPACE();
namespace ocop::detail::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR
// One lane is no vector: everything is left to the portable kernel.
bool run_blocks(std::span<const narrow_rules>, const narrow_batch&, std::size_t, std::size_t) {
    return false;
}
#else

// A vector holds one or two stripes of 16 bytes: 16 products at one criterion each, the second
// stripe 16 criteria further on. A block of products fills a vector at one criterion.
constexpr std::size_t stripe = 16;
#undef OCOP_TWO_STRIPES
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
#define OCOP_TWO_STRIPES 1
#else
#define OCOP_TWO_STRIPES 0
#endif
constexpr std::size_t stripes = OCOP_TWO_STRIPES ? 2 : 1;
constexpr std::size_t lanes = stripes * stripe;
using bytes = hn::FixedTag<std::uint8_t, lanes>;
using stripe_bytes = hn::FixedTag<std::uint8_t, stripe>;
using words = hn::Repartition<std::uint16_t, bytes>;
using eight = hn::FixedTag<std::uint16_t, 8>;
using vector = hn::Vec<bytes>;
using word_vector = hn::Vec<words>;
using eight_words = hn::Vec<eight>;
using stripe_vector = hn::Vec<stripe_bytes>;

/// A number a lane, kept where plain loops reach it; compilers vectorise those.
template <class Number>
struct per_lane {
    alignas(lanes) Number at[lanes];
};
using byte_lanes = per_lane<std::uint8_t>;

HWY_INLINE vector load(const byte_lanes& from) { return hn::Load(bytes(), from.at); }
HWY_INLINE void store(vector value, byte_lanes& to) { hn::Store(value, bytes(), to.at); }
HWY_INLINE vector table(const byte_table& of) { return hn::LoadDup128(bytes(), of.data()); }
/// 0xFF in the lanes where \p mask holds.
HWY_INLINE vector filled(hn::Mask<bytes> mask) { return hn::VecFromMask(bytes(), mask); }
template <class Mask>
HWY_INLINE stripe_vector filled_stripe(Mask mask) {
    return hn::VecFromMask(stripe_bytes(), mask);
}
#if OCOP_TWO_STRIPES
/// \p low in the first stripe, \p high in the second, if there is one.
HWY_INLINE vector pair(stripe_vector low, stripe_vector high) {
    return hn::Combine(bytes(), high, low);
}
HWY_INLINE stripe_vector first_stripe(vector of) { return hn::LowerHalf(stripe_bytes(), of); }
HWY_INLINE stripe_vector second_stripe(vector of) { return hn::UpperHalf(stripe_bytes(), of); }
HWY_INLINE eight_words first_words(word_vector of) { return hn::LowerHalf(eight(), of); }
HWY_INLINE eight_words second_words(word_vector of) { return hn::UpperHalf(eight(), of); }
#else
HWY_INLINE vector pair(stripe_vector low, stripe_vector) { return low; }
HWY_INLINE stripe_vector first_stripe(vector of) { return of; }
HWY_INLINE stripe_vector second_stripe(vector of) { return of; }
HWY_INLINE eight_words first_words(word_vector of) { return of; }
#endif

/// Turns the bytes of 16 products' rows into columns: vector i at \p to holds column i of each row
/// (and column i + 16 in its second stripe). A round of interleaving rotates (register, byte) by
/// one bit; four rounds exchange the two.
HWY_INLINE void transpose(const std::uint8_t* row, std::size_t stride, byte_lanes* to,
                          std::size_t step) {
    const bytes d;
    vector a[stripe];
    vector b[stripe];
    for (std::size_t i = 0; i < stripe; ++i, row += stride) a[i] = hn::LoadU(d, row);
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < stripe / 2; ++i) {
            b[2 * i] = hn::InterleaveLower(d, a[i], a[i + stripe / 2]);
            b[2 * i + 1] = hn::InterleaveUpper(d, a[i], a[i + stripe / 2]);
        }
        for (std::size_t i = 0; i < stripe / 2; ++i) {
            a[2 * i] = hn::InterleaveLower(d, b[i], b[i + stripe / 2]);
            a[2 * i + 1] = hn::InterleaveUpper(d, b[i], b[i + stripe / 2]);
        }
    }
    for (std::size_t i = 0; i < stripe; ++i) store(a[i], to[i * step]);
}

/// Columns of a member stand this far apart, those of the next member beside them.
constexpr std::size_t slots = narrow_table;

/// Where the answers of 16 products to criterion \p c stand among the columns of one member.
struct column_place {
    std::size_t vector_index;
    std::size_t offset;
};
HWY_INLINE column_place place_of(std::size_t c) {
    return {(c / lanes * stripe + c % stripe) * slots, c % lanes / stripe * stripe};
}
HWY_INLINE stripe_vector column(const byte_lanes* mine, std::size_t c) {
    const column_place at = place_of(c);
    return hn::Load(stripe_bytes(), mine[at.vector_index].at + at.offset);
}

/// Brings what is worked on later to the second cache, a few lines at each step of the work. Steps
/// must be spread evenly: the processor takes few such requests at a time, and work that waits for
/// its own data, or that asks for all of them at once, has been measured to take twice as long.
class pacer {
public:
    explicit pacer(const std::uint8_t* from) : at_(reinterpret_cast<std::uintptr_t>(from)) {}
    HWY_INLINE void step(std::size_t lines) {
        for (std::size_t k = 0; k < lines; ++k, at_ += 64) {
#if defined(__GNUC__)
            __builtin_prefetch(reinterpret_cast<const void*>(at_), 0, 1);
#else
            hwy::Prefetch(reinterpret_cast<const std::uint8_t*>(at_));
#endif
        }
    }

private:
    std::uintptr_t at_;
};

/// How many lines to ask for at each step, so that all steps together ask for a block.
struct pace {
    std::size_t turning = 0;
    std::size_t adding = 0;
};

/// The columns of 16 products, member by member.
HWY_INLINE void fetch_columns(const narrow_batch& batch, const std::uint8_t* first, pacer& ahead,
                              std::size_t lines, byte_lanes* columns) {
    const std::size_t width = batch.sheet_bytes;
    const std::size_t stride = width * batch.members;
    byte_lanes packed[stripe];
    for (std::size_t m = 0; m < batch.members; ++m) {
        byte_lanes* mine = columns + m;
        const std::uint8_t* row = first + m * width;
        if (!batch.nibbles) {
            for (std::size_t at = 0; at < width; at += lanes) {
                ahead.step(lines);
                transpose(row + at, stride, mine + at / stripes * slots, slots);
            }
            continue;
        }
        for (std::size_t at = 0; at < width; at += lanes) {
            ahead.step(lines);
            transpose(row + at, stride, packed, 1);
            const vector low = hn::Set(bytes(), 15);
            for (std::size_t i = 0; i < stripe; ++i) {
                // Byte at + i holds criteria 2 (at + i) and the one after it.
                const vector both = load(packed[i]);
                const vector even = hn::And(both, low);
                const vector odd = hn::ShiftRight<4>(both);
                for (std::size_t k = 0; k < stripes; ++k) {
                    const std::size_t byte = at + i + k * stripe;
                    if (byte >= width) break;
                    const column_place to = place_of(2 * byte);
                    const column_place beside = place_of(2 * byte + 1);
                    hn::Store(k == 0 ? first_stripe(even) : second_stripe(even), stripe_bytes(),
                              mine[to.vector_index].at + to.offset);
                    hn::Store(k == 0 ? first_stripe(odd) : second_stripe(odd), stripe_bytes(),
                              mine[beside.vector_index].at + beside.offset);
                }
            }
        }
    }
}

/// Tables of a pair of criteria, for one lookup in both stripes.
struct pair_table {
    byte_lanes values;
    byte_lanes highest;
};

/// The tables of one job in the vectors' order.
struct job_tables {
    pair_table pairs[narrow_criteria];
    std::size_t pair_count = 0;
};

void lay_out(const narrow_rules& rules, job_tables& made) {
    made.pair_count = (rules.criteria + lanes - 1) / lanes * stripe;
    for (std::size_t i = 0; i < made.pair_count; ++i)
        for (std::size_t k = 0; k < lanes; ++k) {
            const std::size_t c = i / stripe * lanes + i % stripe + k / stripe * stripe;
            // Criteria with a condition are added apart; columns behind the last are no criteria.
            const bool plain = c < rules.criteria && rules.condition[c] == no_condition;
            made.pairs[i].values.at[k] = plain ? rules.values[c][k % stripe] : std::uint8_t{0};
            made.pairs[i].highest.at[k] = plain ? rules.highest_code[c] : std::uint8_t{0xFF};
        }
    // The last vectors may hold no criterion at all.
    const std::size_t rest = rules.criteria % lanes;
    if (rest != 0 && rest < stripe) made.pair_count -= stripe - rest;
}

/// What a block is decided on.
struct block_state {
    byte_lanes sums[narrow_criteria + lanes];
    byte_lanes totals[narrow_table];  ///< by member
    byte_lanes count;                 ///< sheets
    byte_lanes bad;                   ///< 0xFF: an answer is missing, surplus or unknown
};

/// Adds the sheets of 16 products, lanes \p half * 16 and on of the block. \p fixed: the number of
/// members, where it is known when this is compiled (0: batch.members).
template <bool all_present, bool checked, bool with_totals, std::size_t fixed>
HWY_INLINE void add_sheets(const narrow_rules& rules, const job_tables& tables,
                           const narrow_batch& batch, const byte_lanes* columns, std::size_t half,
                           pacer& ahead, std::size_t lines, block_state& state) {
    const bytes d;
    const stripe_bytes ds;
    const std::size_t members = fixed == 0 ? batch.members : fixed;
    const std::size_t lane = half * stripe;
    const vector zero = hn::Zero(d);
    const stripe_vector few = hn::Load(ds, state.count.at + lane);
    const vector count = pair(few, few);
    vector wrong = zero;
    vector totals[narrow_table];
    for (std::size_t m = 0; m < members; ++m) totals[m] = zero;
    for (std::size_t i = 0; i < tables.pair_count; ++i) {
        if constexpr (checked) ahead.step(lines);
        const vector values = load(tables.pairs[i].values);
        vector sum = zero;
        vector highest = zero;
        for (std::size_t m = 0; m < members; ++m) {
            vector answer = load(columns[i * slots + m]);
            vector got = hn::TableLookupBytesOr0(values, answer);
            if constexpr (!all_present) {
                const vector there = filled(count > hn::Set(d, static_cast<std::uint8_t>(m)));
                answer = hn::And(answer, there);
                got = hn::And(got, there);
            }
            if constexpr (checked) highest = hn::Max(highest, answer);
            sum = sum + got;
            if constexpr (with_totals) totals[m] = totals[m] + got;
        }
        if constexpr (checked)
            wrong = hn::Or(wrong, hn::SaturatedSub(highest, load(tables.pairs[i].highest)));
        const std::size_t c = i / stripe * lanes + i % stripe;
        hn::Store(first_stripe(sum), ds, state.sums[c].at + lane);
        if constexpr (stripes == 2)
            hn::Store(second_stripe(sum), ds, state.sums[c + stripe].at + lane);
    }
    stripe_vector bad = first_stripe(wrong);
    if constexpr (stripes == 2) bad = hn::Or(bad, second_stripe(wrong));
    if constexpr (with_totals)
        for (std::size_t m = 0; m < members; ++m) {
            stripe_vector total = first_stripe(totals[m]);
            if constexpr (stripes == 2) total = total + second_stripe(totals[m]);
            hn::Store(total, ds, state.totals[m].at + lane);
        }

    // Criteria that are answered only where another has points.
    const stripe_vector nothing = hn::Zero(ds);
    const stripe_vector none = hn::Set(ds, batch.nibbles ? std::uint8_t{15} : no_answer);
    for (std::size_t k = 0; k < rules.conditional_count; ++k) {
        const std::size_t c = rules.conditional[k];
        const std::size_t on = rules.condition[c];
        const stripe_vector values = hn::LoadU(ds, rules.values[c].data());
        const stripe_vector opening = hn::LoadU(ds, rules.values[on].data());
        const stripe_vector top = hn::Set(ds, rules.highest_code[c]);
        stripe_vector sum = nothing;
        for (std::size_t m = 0; m < members; ++m) {
            const byte_lanes* mine = columns + m;
            const stripe_vector answer = column(mine, c);
            const stripe_vector there =
                filled_stripe(few > hn::Set(ds, static_cast<std::uint8_t>(m)));
            const stripe_vector shut =
                filled_stripe(hn::TableLookupBytesOr0(opening, column(mine, on)) == nothing);
            const stripe_vector got =
                hn::And(hn::AndNot(shut, hn::TableLookupBytesOr0(values, answer)), there);
            const stripe_vector off = hn::IfVecThenElse(
                shut, hn::Not(filled_stripe(answer == none)), hn::SaturatedSub(answer, top));
            bad = hn::Or(bad, hn::And(off, there));
            sum = sum + got;
            if constexpr (with_totals)
                hn::Store(hn::Load(ds, state.totals[m].at + lane) + got, ds,
                          state.totals[m].at + lane);
        }
        hn::Store(sum, ds, state.sums[c].at + lane);
    }
    if constexpr (checked)
        hn::Store(hn::Not(filled_stripe(bad == nothing)), ds, state.bad.at + lane);
}

template <bool all_present, bool checked, bool with_totals>
HWY_INLINE void add_sheets(const narrow_rules& rules, const job_tables& tables,
                           const narrow_batch& batch, const byte_lanes* columns, std::size_t half,
                           pacer& ahead, std::size_t lines, block_state& state) {
    // The sizes of councils that totals are kept in registers for.
    if (batch.members == 7)
        add_sheets<all_present, checked, with_totals, 7>(rules, tables, batch, columns, half, ahead,
                                                         lines, state);
    else if (batch.members == 9)
        add_sheets<all_present, checked, with_totals, 9>(rules, tables, batch, columns, half, ahead,
                                                         lines, state);
    else
        add_sheets<all_present, checked, with_totals, 0>(rules, tables, batch, columns, half, ahead,
                                                         lines, state);
}

HWY_INLINE void add_sheets(const narrow_rules& rules, const job_tables& tables,
                           const narrow_batch& batch, const byte_lanes* columns, std::size_t half,
                           pacer& ahead, std::size_t lines, block_state& state) {
    if (batch.sheets != nullptr) {
        add_sheets<false, true, true>(rules, tables, batch, columns, half, ahead, lines, state);
    } else if (rules.checks_as_before) {
        if (rules.any_spread)
            add_sheets<true, false, true>(rules, tables, batch, columns, half, ahead, lines, state);
        else
            add_sheets<true, false, false>(rules, tables, batch, columns, half, ahead, lines,
                                           state);
    } else if (rules.any_spread) {
        add_sheets<true, true, true>(rules, tables, batch, columns, half, ahead, lines, state);
    } else {
        add_sheets<true, true, false>(rules, tables, batch, columns, half, ahead, lines, state);
    }
}

/// Largest less smallest of the members' totals.
HWY_INLINE vector spread_of(const narrow_batch& batch, const block_state& state) {
    const bytes d;
    const vector count = load(state.count);
    vector most = hn::Zero(d);
    vector least = hn::Set(d, 0xFF);
    for (std::size_t m = 0; m < batch.members; ++m) {
        const vector total = load(state.totals[m]);
        const vector there = filled(count > hn::Set(d, static_cast<std::uint8_t>(m)));
        most = hn::Max(most, hn::And(total, there));
        least = hn::Min(least, hn::Or(total, hn::Not(there)));
    }
    return hn::SaturatedSub(most, least);
}

/// Numbers of 16 bits, those of even lanes and those of odd ones.
struct split {
    word_vector even;
    word_vector odd;
};
HWY_INLINE split widen(vector of) {
    const words dw;
    const word_vector both = hn::BitCast(dw, of);
    return {hn::And(both, hn::Set(dw, 0xFF)), hn::ShiftRight<8>(both)};
}
HWY_INLINE split operator+(split a, split b) { return {a.even + b.even, a.odd + b.odd}; }
/// Numbers whose low and high bytes stand in two vectors.
HWY_INLINE split joined(vector low, vector high) {
    const words dw;
    const word_vector h = hn::BitCast(dw, high);
    const word_vector l = hn::BitCast(dw, low);
    const word_vector byte = hn::Set(dw, 0xFF);
    return {hn::Or(hn::And(l, byte), hn::ShiftLeft<8>(h)),
            hn::Or(hn::ShiftRight<8>(l), hn::AndNot(byte, h))};
}
/// The low bytes of \p of, in the lanes' order.
HWY_INLINE vector narrowed(split of) {
    return hn::BitCast(bytes(), hn::Or(of.even, hn::ShiftLeft<8>(of.odd)));
}
/// Calls \p put with the numbers of eight neighbouring products at a time, and their offset.
template <class Put>
HWY_INLINE void in_order(split of, const Put& put) {
    const words dw;
    const word_vector low = hn::InterleaveLower(dw, of.even, of.odd);
    const word_vector high = hn::InterleaveUpper(dw, of.even, of.odd);
    put(first_words(low), 0);
    put(first_words(high), 8);
#if OCOP_TWO_STRIPES
    put(second_words(low), 16);
    put(second_words(high), 24);
#endif
}

/// Stores \p planes, eight bits of each product's mask in each, as 64 bits a product.
HWY_INLINE void put_masks(const byte_lanes* planes, std::size_t plane_count, std::uint64_t* to) {
    const bytes d;
    const hn::Repartition<std::uint16_t, bytes> d16;
    const hn::Repartition<std::uint32_t, bytes> d32;
    const hn::Repartition<std::uint64_t, bytes> d64;
    using quarter = hn::Vec<decltype(d32)>;
    // Interleaving doubles the width: products 8 i to 8 i + 3 (or + 7) of each stripe in part i.
    quarter halves[2][4];
    for (std::size_t h = 0; h < 2; ++h) {
        if (4 * h >= plane_count) {
            for (quarter& part : halves[h]) part = hn::Zero(d32);
            continue;
        }
        const vector a = load(planes[4 * h]);
        const vector b = load(planes[4 * h + 1]);
        const vector c = load(planes[4 * h + 2]);
        const vector e = load(planes[4 * h + 3]);
        const auto ab = hn::BitCast(d16, hn::InterleaveLower(d, a, b));
        const auto ab2 = hn::BitCast(d16, hn::InterleaveUpper(d, a, b));
        const auto ce = hn::BitCast(d16, hn::InterleaveLower(d, c, e));
        const auto ce2 = hn::BitCast(d16, hn::InterleaveUpper(d, c, e));
        halves[h][0] = hn::BitCast(d32, hn::InterleaveLower(d16, ab, ce));
        halves[h][1] = hn::BitCast(d32, hn::InterleaveUpper(d16, ab, ce));
        halves[h][2] = hn::BitCast(d32, hn::InterleaveLower(d16, ab2, ce2));
        halves[h][3] = hn::BitCast(d32, hn::InterleaveUpper(d16, ab2, ce2));
    }
    for (std::size_t part = 0; part < 4; ++part) {
        const vector low = hn::BitCast(
            d, hn::BitCast(d64, hn::InterleaveLower(d32, halves[0][part], halves[1][part])));
        const vector high = hn::BitCast(
            d, hn::BitCast(d64, hn::InterleaveUpper(d32, halves[0][part], halves[1][part])));
        const stripe_bytes ds;
        std::uint8_t* at = reinterpret_cast<std::uint8_t*>(to + 4 * part);
        hn::StoreU(first_stripe(low), ds, at);
        hn::StoreU(first_stripe(high), ds, at + stripe);
#if OCOP_TWO_STRIPES
        at = reinterpret_cast<std::uint8_t*>(to + stripe + 4 * part);
        hn::StoreU(second_stripe(low), ds, at);
        hn::StoreU(second_stripe(high), ds, at + stripe);
#endif
    }
}

/// The verdicts on a block whose sums are known, into the columns of \p rules.
HWY_INLINE void decide(const narrow_rules& rules, const narrow_batch& batch, block_state& state,
                       std::size_t product) {
    const bytes d;
    const words dw;
    const vector zero = hn::Zero(d);
    const vector count = load(state.count);
    const vector incomplete =
        hn::Or(load(state.bad), hn::TableLookupBytesOr0(table(rules.too_few), count));
    const batch_columns& out = rules.job->out;

    // Marks: a bit for each, eight to a plane, and the levels that do not hold.
    byte_lanes planes[8];
    const std::size_t plane_count = (rules.mark_count + 7) / 8;
    vector levels = zero;
    for (std::size_t plane = 0; plane < plane_count; ++plane) {
        vector bits = zero;
        const std::size_t end =
            8 * (plane + 1) < rules.mark_count ? 8 * (plane + 1) : rules.mark_count;
        for (std::size_t k = 8 * plane; k < end; ++k) {
            const narrow_mark& mark = rules.marks[k];
            const vector needed = hn::TableLookupBytesOr0(table(mark.needed), count);
            const vector missed = filled(load(state.sums[mark.criterion]) < needed);
            bits =
                hn::Or(bits, hn::And(missed, hn::Set(d, static_cast<std::uint8_t>(1U << k % 8))));
            levels = hn::Or(levels, hn::And(missed, hn::Set(d, mark.level_bit)));
        }
        store(hn::AndNot(incomplete, bits), planes[plane]);
    }
    if (!out.missed.empty()) {
        for (std::size_t plane = plane_count; plane % 4 != 0; ++plane) store(zero, planes[plane]);
        put_masks(planes, plane_count, out.missed.data() + product);
    }

    vector stopped = zero;
    for (std::size_t k = 0; k < rules.gate_count; ++k)
        stopped = hn::Or(stopped, filled(load(state.sums[rules.gates[k]]) == zero));

    vector again = zero;
    if (rules.any_spread) {
        const vector range = spread_of(batch, state);
        if (!out.spread.empty())
            in_order(widen(hn::AndNot(incomplete, range)),
                     [&](eight_words words_of, std::size_t at) {
                         hn::StoreU(words_of, eight(), out.spread.data() + product + at);
                     });
        // At or above the blocking spread; one sheet differs from none.
        if (rules.blocking_spread <= 0xFF)
            again = hn::AndNot(
                filled(range < hn::Set(d, static_cast<std::uint8_t>(rules.blocking_spread))),
                filled(count > hn::Set(d, 1)));
    }

    // Totals leave the bytes: sums of criteria are added as bytes while they fit.
    split parts[part_count];
    for (split& part : parts) part = {hn::Zero(dw), hn::Zero(dw)};
    for (std::size_t g = 0; g < rules.run_count; ++g) {
        const criterion_run& run = rules.runs[g];
        vector sum = load(state.sums[run.first]);
        for (std::size_t c = run.first + 1; c < run.last; ++c) sum = sum + load(state.sums[c]);
        parts[run.part] = parts[run.part] + widen(hn::AndNot(incomplete, sum));
    }
    const split total = parts[0] + parts[1] + parts[2];
    // The bands begun, counted; without a sheet there is none.
    const word_vector one = hn::Set(dw, 1);
    split begun{one, one};
    for (std::size_t k = 0; k < rules.least_total.size(); ++k) {
        split least;
        if (batch.sheets == nullptr) {
            least.even = hn::Set(dw, rules.least_total[k][batch.members]);
            least.odd = least.even;
        } else {
            least = joined(hn::TableLookupBytesOr0(table(rules.least_low[k]), count),
                           hn::TableLookupBytesOr0(table(rules.least_high[k]), count));
        }
        begun.even = hn::IfThenElse(total.even < least.even, begun.even, begun.even + one);
        begun.odd = hn::IfThenElse(total.odd < least.odd, begun.odd, begun.odd + one);
    }
    const vector band = hn::AndNot(incomplete, narrowed(begun));

    // Every level of band and marks; rejection comes before scoring again.
    vector level = zero;
    for (std::uint8_t b = 1; b < rules.stars.size(); ++b)
        level = hn::Or(level, hn::And(filled(band == hn::Set(d, b)),
                                      hn::TableLookupBytesOr0(table(rules.stars[b]), levels)));
    level = hn::AndNot(hn::Or(stopped, again), level);

    if (!out.stars.empty()) hn::StoreU(level, d, out.stars.data() + product);
    if (!out.band.empty()) hn::StoreU(band, d, out.band.data() + product);
    if (!out.sheets.empty()) hn::StoreU(count, d, out.sheets.data() + product);
    if (!out.outcome.empty()) {
        const auto code = [&](outcome of) { return hn::Set(d, static_cast<std::uint8_t>(of)); };
        vector ends = code(outcome::ranked);
        ends = hn::IfVecThenElse(again, code(outcome::score_again), ends);
        ends = hn::IfVecThenElse(stopped, code(outcome::rejected), ends);
        ends = hn::IfVecThenElse(incomplete, code(outcome::incomplete), ends);
        hn::StoreU(ends, d, out.outcome.data() + product);
    }
    if (!out.total.empty())
        in_order(total, [&](eight_words words_of, std::size_t at) {
            hn::StoreU(words_of, eight(), out.total.data() + product + at);
        });
    if (!out.parts.empty()) {
        eight_words columns[part_count][lanes / 8];
        for (std::size_t p = 0; p < part_count; ++p)
            in_order(parts[p],
                     [&](eight_words words_of, std::size_t at) { columns[p][at / 8] = words_of; });
        for (std::size_t k = 0; k < lanes / 8; ++k)
            hn::StoreInterleaved3(columns[0][k], columns[1][k], columns[2][k], eight(),
                                  out.parts[product + 8 * k].data());
    }
    if (!out.sums.empty()) {
        byte_lanes gone;
        store(incomplete, gone);
        for (std::size_t c = 0; c < rules.criteria; ++c)
            for (std::size_t i = 0; i < lanes; ++i)
                out.sums[(product + i) * rules.criteria + c] =
                    gone.at[i] != 0 ? std::uint16_t{0} : std::uint16_t{state.sums[c].at[i]};
    }
}

/// Decides the products from \p first to \p last. False where they are fewer than a block.
bool run_blocks(std::span<const narrow_rules> jobs, const narrow_batch& batch, std::size_t first,
                std::size_t last) {
    if (first + lanes > last) return false;
    constexpr std::size_t most_jobs = 4;
    byte_lanes columns[stripes][narrow_pairs * slots];
    alignas(64) std::uint8_t tail[narrow_table * narrow_criteria * lanes + 64];
    job_tables tables[most_jobs];
    block_state state;
    const std::size_t stride = batch.sheet_bytes * batch.members;
    for (std::size_t k = 0; k < jobs.size(); ++k) lay_out(jobs[k], tables[k]);
    // Criteria are added while their block is near; what these steps do not ask for, turning does.
    const std::size_t lines = stride * lanes / 64 + 1;
    const std::size_t adding = stripes * tables[0].pair_count;
    const std::size_t turning = stripes * batch.members * ((batch.sheet_bytes + lanes - 1) / lanes);
    pace each;
    each.adding = lines / adding;
    each.turning = (lines - each.adding * adding + turning - 1) / turning;
    while (first < last) {
        // The last block overlaps the one before it: it says the same of the same products.
        if (first + lanes > last) first = last - lanes;
        const std::uint8_t* block = batch.answers + first * stride;
        pacer ahead(block + 2 * stride * lanes);
        if (static_cast<std::size_t>(batch.end - block) < stride * lanes + lanes) {
            // Rows are read a vector at a time: nothing behind the answers is touched.
            std::memcpy(tail, block, stride * lanes);
            block = tail;
        }
        for (std::size_t half = 0; half < stripes; ++half)
            fetch_columns(batch, block + half * stripe * stride, ahead, each.turning,
                          columns[half]);
        for (std::size_t i = 0; i < lanes; ++i)
            state.count.at[i] = batch.sheets == nullptr ? static_cast<std::uint8_t>(batch.members)
                                                        : batch.sheets[first + i];
        for (std::size_t k = 0; k < jobs.size(); ++k) {
            for (std::size_t half = 0; half < stripes; ++half)
                add_sheets(jobs[k], tables[k], batch, columns[half], half, ahead, each.adding,
                           state);
            decide(jobs[k], batch, state, first);
        }
        first += lanes;
    }
    return true;
}
#endif

const char* target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace ocop::detail::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ocop {
namespace detail {
namespace {

HWY_EXPORT(run_blocks);
HWY_EXPORT(target_name);

bool run_best(std::span<const narrow_rules> jobs, const narrow_batch& batch, std::size_t first,
              std::size_t last) {
    return HWY_DYNAMIC_DISPATCH(run_blocks)(jobs, batch, first, last);
}
const char* best_target() { return HWY_DYNAMIC_DISPATCH(target_name)(); }

}  // namespace
}  // namespace detail

void fast_kernel(std::span<const batch_job> jobs, const sheet_batch& batch, std::size_t first,
                 std::size_t last) {
    constexpr std::size_t most_jobs = 4;
    while (!jobs.empty()) {
        const auto group = jobs.first(jobs.size() < most_jobs ? jobs.size() : most_jobs);
        jobs = jobs.subspan(group.size());
        std::array<detail::narrow_rules, most_jobs> narrow_jobs;
        std::size_t narrow_count = 0;
        for (const batch_job& job : group) {
            detail::narrow_rules& made = narrow_jobs[narrow_count];
            if (detail::narrow(*job.rules, batch.members, made)) {
                made.job = &job;
                made.any_spread = !job.out.spread.empty() || made.blocking_spread != 0xFFFF;
                made.checks_as_before =
                    narrow_count != 0 && detail::check_alike(narrow_jobs[narrow_count - 1], made);
                ++narrow_count;
            } else {
                portable_kernel(std::span(&job, 1), batch, first, last);
            }
        }
        if (narrow_count == 0) continue;

        detail::narrow_batch packed;
        packed.answers = batch.answers.data();
        packed.sheets = batch.sheets.empty() ? nullptr : batch.sheets.data();
        packed.members = batch.members;
        packed.nibbles = batch.packed == packing::nibbles;
        packed.sheet_bytes = batch.sheet_bytes(narrow_jobs[0].criteria);
        packed.end = packed.answers + batch.answers.size();
        if (detail::run_best(std::span(narrow_jobs.data(), narrow_count), packed, first, last))
            continue;
        for (std::size_t k = 0; k < narrow_count; ++k)
            portable_kernel(std::span(narrow_jobs[k].job, 1), batch, first, last);
    }
}

const char* fast_kernel_target() { return detail::best_target(); }

}  // namespace ocop
#endif
