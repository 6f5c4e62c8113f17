// The kernel of simulations in vectors: replications stand in lanes, so that random bits,
// thresholds, answers, sums and verdicts need no exchange between lanes. Compiled once for each
// instruction set (foreach_target), chosen at run time.

// Vectors whose size is not known when compiling cannot stand in arrays.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ranking/step_simd.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ocop/ranking/fast_robustness.hpp"

#ifndef OCOP_STEP_SIMD_ONCE
#define OCOP_STEP_SIMD_ONCE
namespace ocop::detail {

/// A plan whose points and gains are numbers of a short list, so that each has a vector.
struct lane_plan {
    static constexpr std::size_t most_values = 96;
    static constexpr std::size_t most_levels = 384;
    static constexpr std::size_t most_criteria = 128;

    struct step {
        std::uint16_t value;  ///< the gain, by its place in \ref values
        std::uint16_t level;
    };
    const step_plan* plan = nullptr;
    std::size_t value_count = 0;
    std::uint16_t values[most_values] = {};
    std::vector<std::uint16_t> base;
    std::vector<step> steps;

    /// Where \p value stands in the list, which grows; most_values: the list is full.
    [[nodiscard]] std::size_t place_of(std::uint16_t value) noexcept {
        for (std::size_t i = 0; i < value_count; ++i)
            if (values[i] == value) return i;
        if (value_count == most_values) return most_values;
        values[value_count] = value;
        return value_count++;
    }

    /// False where \p from does not fit.
    [[nodiscard]] bool make(const step_plan& from) {
        plan = &from;
        if (from.resample || from.steps.empty() || from.levels.size() > most_levels ||
            from.criteria > most_criteria)
            return false;
        base.reserve(from.base.size());
        steps.reserve(from.steps.size());
        for (std::uint16_t value : from.base) {
            const std::size_t at = place_of(value);
            if (at == most_values) return false;
            base.push_back(static_cast<std::uint16_t>(at));
        }
        for (const step_plan::step& s : from.steps) {
            const std::size_t at = place_of(s.gain);
            if (at == most_values) return false;
            steps.push_back({static_cast<std::uint16_t>(at), s.level});
        }
        return true;
    }
};

}  // namespace ocop::detail
#endif

HWY_BEFORE_NAMESPACE();
namespace ocop::detail::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR
// One lane is no vector.
void run_lanes(const lane_plan& made, std::uint32_t first, std::span<replicate> out) {
    portable_step_kernel(*made.plan, first, out);
}
#else

#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
constexpr std::size_t lanes = 32;
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
constexpr std::size_t lanes = 16;
#else
constexpr std::size_t lanes = 8;
#endif
// Replication k of a block of lanes stands in lane k of the 32-bit vectors of two, low and high; in
// the 16-bit vectors the two alternate.
constexpr std::size_t half = lanes / 2;
using words = hn::FixedTag<std::uint16_t, lanes>;
using signed_words = hn::FixedTag<std::int16_t, lanes>;
using wide = hn::FixedTag<std::uint32_t, half>;
using signed_wide = hn::FixedTag<std::int32_t, half>;
using deep = hn::FixedTag<std::uint64_t, lanes / 4>;

template <class Number, std::size_t count = lanes>
struct alignas(64) per_lane {
    Number at[count];
};
using word_lanes = per_lane<std::uint16_t>;

HWY_INLINE hn::Vec<words> load(const word_lanes& from) { return hn::Load(words(), from.at); }
HWY_INLINE void store(hn::Vec<words> value, word_lanes& to) { hn::Store(value, words(), to.at); }

/// Philox, with what is the same in every lane done once: the counter differs by replication alone.
class lane_philox {
public:
    HWY_INLINE lane_philox(const step_plan& plan, std::uint32_t first) : plan_(plan) {
        std::uint32_t low = static_cast<std::uint32_t>(plan.seed);
        std::uint32_t high = static_cast<std::uint32_t>(plan.seed >> 32);
        for (std::size_t round = 0; round < rounds; ++round) {
            key_low_[round] = low;
            key_high_[round] = high;
            // Stored as vectors: of a loop over lanes GCC 12 makes wrong keys at -O3 for AVX-512.
            hn::Store(hn::Set(deep(), low), deep(), keys_[round][0].at);
            hn::Store(hn::Set(deep(), high), deep(), keys_[round][1].at);
            low += 0x9E3779B9U;
            high += 0xBB67AE85U;
        }
        start(first);
    }
    /// The replications from \p first on.
    HWY_INLINE void start(std::uint32_t first) {
        for (std::size_t k = 0; k < lanes; ++k)
            replications_[k / half][k % 2].at[k % half / 2] = static_cast<std::uint32_t>(first + k);
    }

    /// Word \p w of block \p index of each replication into \p out[w][low, high].
    HWY_INLINE void block(std::uint32_t index, per_lane<std::uint32_t, half> (&out)[4][2]) const {
        // Of the first three rounds half the products are the same in all lanes.
        const auto c2 = static_cast<std::uint32_t>(plan_.product);
        const auto c3 = static_cast<std::uint32_t>(plan_.product >> 32);
        const std::uint64_t x0 = std::uint64_t{first_factor} * index;
        const std::uint64_t y0 = std::uint64_t{second_factor} * c2;
        const std::uint32_t a1 = high_of(y0) ^ key_low_[0];
        const std::uint32_t b1 = low_of(y0);
        const std::uint32_t c1 = high_of(x0) ^ c3 ^ key_high_[0];
        const std::uint32_t d1 = low_of(x0);
        const std::uint64_t y1 = std::uint64_t{second_factor} * c1;
        const std::uint32_t a2 = high_of(y1) ^ b1 ^ key_low_[1];
        const std::uint32_t b2 = low_of(y1);
        const std::uint64_t x2 = std::uint64_t{first_factor} * a2;
        const deep d;
        const wide w;
        const auto xor_1 = hn::Set(d, a1);
        const auto xor_2 = hn::Set(d, d1 ^ key_high_[1]);
        const auto xor_3 = hn::Set(d, b2 ^ key_low_[2]);
        const auto xor_4 = hn::Set(d, high_of(x2) ^ key_high_[2]);
        const auto last_3 = hn::Set(d, low_of(x2));
        const auto first_mul = hn::Set(w, first_factor);
        const auto second_mul = hn::Set(w, second_factor);
        const auto times = [w](auto value, auto factor)
                               HWY_ATTR { return hn::MulEven(hn::BitCast(w, value), factor); };
        for (std::size_t k = 0; k < 2; ++k) {
            // The even and the odd lanes of a 32-bit vector.
            hn::Vec<deep> s0[2];
            hn::Vec<deep> s1[2];
            hn::Vec<deep> s2[2];
            hn::Vec<deep> s3[2];
            HWY_UNROLL(2)
            for (std::size_t odd = 0; odd < 2; ++odd) {
                const auto a = hn::Xor(hn::Load(d, replications_[k][odd].at), xor_1);
                const auto x1 = times(a, first_mul);
                const auto c = hn::Xor(hn::ShiftRight<32>(x1), xor_2);
                const auto y2 = times(c, second_mul);
                s0[odd] = hn::Xor(hn::ShiftRight<32>(y2), xor_3);
                s1[odd] = y2;
                s2[odd] = hn::Xor(x1, xor_4);
                s3[odd] = last_3;
            }
            for (std::size_t round = 3; round < rounds; ++round) {
                const auto low = hn::Load(d, keys_[round][0].at);
                const auto high = hn::Load(d, keys_[round][1].at);
                HWY_UNROLL(2)
                for (std::size_t odd = 0; odd < 2; ++odd) {
                    const auto x = times(s0[odd], first_mul);
                    const auto y = times(s2[odd], second_mul);
                    s0[odd] = hn::Xor(hn::Xor(hn::ShiftRight<32>(y), s1[odd]), low);
                    s2[odd] = hn::Xor(hn::Xor(hn::ShiftRight<32>(x), s3[odd]), high);
                    s1[odd] = y;
                    s3[odd] = x;
                }
            }
            put(s0, out[0][k]);
            put(s1, out[1][k]);
            put(s2, out[2][k]);
            put(s3, out[3][k]);
        }
    }

private:
    static constexpr std::size_t rounds = 10;
    static constexpr std::uint32_t first_factor = 0xD2511F53U;
    static constexpr std::uint32_t second_factor = 0xCD9E8D57U;

    static HWY_INLINE std::uint32_t high_of(std::uint64_t x) {
        return static_cast<std::uint32_t>(x >> 32);
    }
    static HWY_INLINE std::uint32_t low_of(std::uint64_t x) {
        return static_cast<std::uint32_t>(x);
    }
    static HWY_INLINE void put(const hn::Vec<deep> (&from)[2], per_lane<std::uint32_t, half>& to) {
        const wide w;
        hn::Store(hn::OddEven(hn::BitCast(w, hn::ShiftLeft<32>(from[1])), hn::BitCast(w, from[0])),
                  w, to.at);
    }

    const step_plan& plan_;
    std::uint32_t key_low_[rounds];
    std::uint32_t key_high_[rounds];
    per_lane<std::uint64_t, lanes / 4> keys_[rounds][2];
    per_lane<std::uint64_t, lanes / 4> replications_[2][2];
};

/// The lanes of \p value that are \p least or more.
HWY_INLINE hn::Mask<words> at_least(hn::Vec<words> value, std::uint32_t least) {
    const words d;
    if (least > 0xFFFFU) return hn::Zero(d) == hn::Set(d, std::uint16_t{1});
    return hn::Max(value, hn::Set(d, static_cast<std::uint16_t>(least))) == value;
}

/// Two 32-bit vectors of numbers below 2^16 as one of 16 bits.
HWY_INLINE hn::Vec<words> zip(hn::Vec<wide> low, hn::Vec<wide> high) {
    const words d;
    return hn::OddEven(hn::BitCast(d, hn::ShiftLeft<16>(high)), hn::BitCast(d, low));
}

/// What a block of replications is computed in.
struct lane_state {
    word_lanes values[lane_plan::most_values];
    word_lanes draws[step_plan::ahead + lane_plan::most_criteria + step_plan::block_draws];
    word_lanes thresholds[lane_plan::most_levels];  ///< with the top bit turned, to compare signed
    word_lanes row[lane_plan::most_criteria];
    word_lanes features[2 * scorecard_limits::criteria + verdict_rules::most_marks];
    word_lanes sums[part_count];
    word_lanes parts[part_count];  ///< of one sheet
    word_lanes least[1 + part_count];
    word_lanes most[1 + part_count];
    per_lane<std::int32_t, half> severity[2];
};

/// All draws of one sheet, and its member's severity.
HWY_INLINE void draw_all(const step_plan& plan, const lane_philox& philox, std::size_t sheet,
                         lane_state& state) {
    const signed_words d;
    const wide w;
    const auto top = hn::Set(d, std::int16_t{0x7FFE});
    per_lane<std::uint32_t, half> bits[4][2];
    const std::size_t blocks = plan.sheet_blocks();
    for (std::size_t b = 0; b < blocks; ++b) {
        philox.block(static_cast<std::uint32_t>(sheet * blocks + b), bits);
        if (b == 0 && plan.normal != nullptr)
            for (std::size_t k = 0; k < 2; ++k)
                for (std::size_t i = 0; i < half; ++i)
                    state.severity[k].at[i] = plan.normal->deviate(bits[0][k].at[i]);
        for (std::size_t word = 0; word < 4; ++word) {
            const auto low = hn::Load(w, bits[word][0].at);
            const auto high = hn::Load(w, bits[word][1].at);
            const words u;
            word_lanes* to = state.draws + b * step_plan::block_draws + 2 * word;
            const auto first =
                hn::OddEven(hn::BitCast(u, hn::ShiftLeft<16>(high)), hn::BitCast(u, low));
            const auto second =
                hn::OddEven(hn::BitCast(u, high), hn::BitCast(u, hn::ShiftRight<16>(low)));
            store(hn::BitCast(u, hn::Min(hn::BitCast(d, first), top)), to[0]);
            store(hn::BitCast(u, hn::Min(hn::BitCast(d, second), top)), to[1]);
        }
    }
}

/// normal_tables::share() of a level shifted by each lane's severity.
HWY_INLINE hn::Vec<wide> share_lanes(const normal_tables& normal, std::int32_t level,
                                     const per_lane<std::int32_t, half>& severity) {
    const signed_wide d;
    const wide w;
    const auto reach = hn::Set(d, normal_tables::reach);
    const auto held =
        hn::Min(hn::Max(hn::Add(hn::Load(d, severity.at), hn::Set(d, level)), hn::Neg(reach)),
                hn::Set(d, normal_tables::reach - 1));
    const auto where = hn::Add(held, reach);
    const auto entry =
        hn::GatherIndex(w, normal.shares(), hn::ShiftRight<normal_tables::step_bits>(where));
    const auto low = hn::Set(w, 0xFFFU);
    const auto rise = hn::Mul(hn::And(entry, low), hn::And(hn::BitCast(w, where), low));
    const auto exact =
        hn::Add(hn::ShiftRight<12>(entry), hn::ShiftRight<normal_tables::step_bits>(rise));
    return hn::Min(hn::ShiftRight<4>(hn::Add(exact, hn::Set(w, 8U))), hn::Set(w, certain));
}

HWY_INLINE void set_thresholds(const step_plan& plan, lane_state& state) {
    const words d;
    const auto turned = hn::Set(d, std::uint16_t{0x8000});
    for (std::size_t l = 0; l < plan.levels.size(); ++l)
        store(hn::Xor(zip(share_lanes(*plan.normal, plan.levels[l], state.severity[0]),
                          share_lanes(*plan.normal, plan.levels[l], state.severity[1])),
                      turned),
              state.thresholds[l]);
}

/// Points of one sheet by criterion, and its parts.
HWY_INLINE void answer_all(const lane_plan& made, std::size_t sheet, lane_state& state) {
    const words d;
    const signed_words s;
    const step_plan& plan = *made.plan;
    for (word_lanes& part : state.parts) store(hn::Zero(d), part);
    std::size_t answer = plan.answer_at(sheet, 0);
    std::size_t at = plan.first_step(answer);
    std::size_t running = plan.part[0];
    auto sum = hn::Zero(d);
    for (std::size_t c = 0; c < plan.criteria; ++c, ++answer) {
        const auto draw = hn::BitCast(s, load(state.draws[step_plan::ahead + c]));
        auto points = load(state.values[made.base[answer]]);
        for (; at < plan.ends[answer]; ++at) {
            const lane_plan::step& step = made.steps[at];
            const auto taken = hn::Lt(draw, hn::BitCast(s, load(state.thresholds[step.level])));
            points = hn::Add(points, hn::IfThenElseZero(hn::RebindMask(d, taken),
                                                        load(state.values[step.value])));
        }
        if (plan.condition[c] != step_plan::unconditional)
            points = hn::IfThenZeroElse(load(state.row[plan.condition[c]]) == hn::Zero(d), points);
        store(points, state.row[c]);
        if (plan.part[c] != running) {
            store(hn::Add(load(state.parts[running]), sum), state.parts[running]);
            running = plan.part[c];
            sum = hn::Zero(d);
        }
        sum = hn::Add(sum, points);
    }
    store(hn::Add(load(state.parts[running]), sum), state.parts[running]);
}

/// Adds a sheet to the sums.
HWY_INLINE void add_sheet(const decision_plan& decision, bool first, lane_state& state) {
    const words d;
    const auto one = hn::Set(d, std::uint16_t{1});
    const auto add = [first](word_lanes& to, hn::Vec<words> value)
                         HWY_ATTR { store(first ? value : hn::Add(load(to), value), to); };
    for (std::size_t p = 0; p < part_count; ++p) add(state.sums[p], load(state.parts[p]));
    const auto& features = decision.features();
    for (std::size_t k = 0; k < features.size(); ++k) {
        const decision_plan::feature& f = features[k];
        auto value = load(state.row[f.criterion]);
        if (f.what == decision_plan::kind::reached)
            value = hn::IfThenElseZero(at_least(value, f.needed), one);
        else if (f.what == decision_plan::kind::zero)
            value = hn::IfThenElseZero(value == hn::Zero(d), one);
        add(state.features[k], value);
    }
    if (!decision.spread_matters()) return;
    for (std::size_t k = 0; k < decision.ranges(); ++k) {
        const auto seen = k == 0 ? hn::Add(load(state.parts[0]),
                                           hn::Add(load(state.parts[1]), load(state.parts[2])))
                                 : load(state.parts[k - 1]);
        store(first ? seen : hn::Min(load(state.least[k]), seen), state.least[k]);
        store(first ? seen : hn::Max(load(state.most[k]), seen), state.most[k]);
    }
}

/// The verdicts on the sums.
HWY_INLINE void decide_all(const decision_plan& decision, const lane_state& state,
                           std::span<replicate> out) {
    const words d;
    const verdict_rules& rules = decision.rules();
    const auto one = hn::Set(d, std::uint16_t{1});
    const auto total =
        hn::Add(load(state.sums[0]), hn::Add(load(state.sums[1]), load(state.sums[2])));
    auto missed = hn::Zero(d);
    auto stopped = hn::Zero(d);
    const auto& features = decision.features();
    for (std::size_t k = 0; k < features.size(); ++k) {
        const decision_plan::feature& f = features[k];
        const auto there = at_least(load(state.features[k]), f.least);
        if (f.what == decision_plan::kind::zero)
            stopped = hn::Or(stopped, hn::IfThenElseZero(there, one));
        else
            missed =
                hn::Or(missed, hn::IfThenZeroElse(there, hn::Set(d, std::uint16_t{f.level_bit})));
    }
    auto band = one;
    for (std::size_t level = 2; level <= stars::highest; ++level) {
        const auto there = at_least(total, rules.least_total(level, decision.sheets()));
        band = hn::IfThenElse(there, hn::Set(d, static_cast<std::uint16_t>(level)), band);
    }
    auto spread = hn::Zero(d);
    if (decision.spread_matters())
        for (std::size_t k = 0; k < decision.ranges(); ++k)
            spread = hn::Max(spread, hn::Sub(load(state.most[k]), load(state.least[k])));
    word_lanes totals;
    word_lanes bands;
    word_lanes levels;
    word_lanes stops;
    word_lanes spreads;
    store(total, totals);
    store(band, bands);
    store(missed, levels);
    store(stopped, stops);
    store(spread, spreads);
    for (std::size_t k = 0; k < out.size(); ++k) {
        const std::size_t lane = k < half ? 2 * k : 2 * (k - half) + 1;
        const outcome ends =
            rules.outcome_of(stops.at[lane] != 0, spreads.at[lane], decision.sheets());
        replicate& told = out[k];
        told.outcome = static_cast<std::uint8_t>(ends);
        told.stars = ends == outcome::ranked
                         ? rules.stars(static_cast<std::uint8_t>(bands.at[lane]), levels.at[lane])
                         : std::uint8_t{0};
        told.total = totals.at[lane];
        for (std::size_t p = 0; p < part_count; ++p) told.parts[p] = state.sums[p].at[lane];
    }
}

void run_lanes(const lane_plan& made, std::uint32_t first, std::span<replicate> out) {
    const words d;
    const step_plan& plan = *made.plan;
    lane_state state;
    for (std::size_t i = 0; i < made.value_count; ++i)
        store(hn::Set(d, made.values[i]), state.values[i]);
    if (plan.normal == nullptr)
        for (std::size_t l = 0; l < plan.levels.size(); ++l)
            store(hn::Set(d, static_cast<std::uint16_t>(plan.levels[l] ^ 0x8000)),
                  state.thresholds[l]);
    lane_philox philox(plan, first);
    for (std::size_t done = 0; done < out.size(); done += lanes) {
        philox.start(first + static_cast<std::uint32_t>(done));
        for (std::size_t sheet = 0; sheet < plan.decision.sheets(); ++sheet) {
            draw_all(plan, philox, sheet, state);
            if (plan.normal != nullptr) set_thresholds(plan, state);
            answer_all(made, sheet, state);
            add_sheet(plan.decision, sheet == 0, state);
        }
        const std::size_t left = out.size() - done;
        decide_all(plan.decision, state, out.subspan(done, left < lanes ? left : lanes));
    }
}
#endif

const char* step_target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace ocop::detail::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ocop {
namespace detail {
namespace {

HWY_EXPORT(run_lanes);
HWY_EXPORT(step_target_name);

void run_best_lanes(const lane_plan& made, std::uint32_t first, std::span<replicate> out) {
    HWY_DYNAMIC_DISPATCH(run_lanes)(made, first, out);
}
const char* best_step_target() { return HWY_DYNAMIC_DISPATCH(step_target_name)(); }

}  // namespace
}  // namespace detail

void fast_step_kernel(const detail::step_plan& plan, std::uint32_t first,
                      std::span<replicate> out) {
    detail::lane_plan made;
    if (made.make(plan))
        detail::run_best_lanes(made, first, out);
    else
        portable_step_kernel(plan, first, out);
}

const char* fast_step_kernel_target() { return detail::best_step_target(); }

}  // namespace ocop
#endif
