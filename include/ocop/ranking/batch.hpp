/// \file batch.hpp
/// Many products of one scorecard at once: bytes in, columns out, each verdict exactly what assess()
/// says of the product alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ocop/ranking/parallel.hpp"
#include "ocop/ranking/verdict.hpp"

namespace ocop {

/// How answers lie in memory.
enum class packing {
    bytes,   ///< a byte an answer
    nibbles  ///< two answers a byte, the earlier in the low half; 15 stands for no_answer. A sheet
             ///< begins on a byte. For cards whose codes are below 15
};

/// The sheets of many products on one scorecard: product after product, in each a slot for every
/// member, in each slot the answers by criterion.
struct sheet_batch {
    std::span<const std::uint8_t> answers;
    std::size_t products = 0;
    std::size_t members = 0;  ///< slots a product
    /// How many slots of each product hold a sheet, from the first on; empty: all of them. What
    /// stands in the other slots is not read.
    std::span<const std::uint8_t> sheets;
    ocop::packing packed = packing::bytes;

    /// Bytes of one sheet of \p criteria answers.
    [[nodiscard]] std::size_t sheet_bytes(std::size_t criteria) const noexcept {
        return packed == packing::bytes ? criteria : (criteria + 1) / 2;
    }
};

/// Where the verdicts go: a column each, one entry a product. An empty span is not written.
struct batch_columns {
    std::span<std::uint8_t> outcome;  ///< the value of an ocop::outcome
    std::span<std::uint8_t> stars;    ///< 0 unless ranked
    std::span<std::uint8_t> band;     ///< 0 when incomplete
    std::span<std::uint8_t> sheets;   ///< sheets of the product, right or wrong
    std::span<std::uint16_t> total;  ///< sum over the sheets; 0 when incomplete, as all that follow
    std::span<std::array<std::uint16_t, part_count>> parts;
    std::span<std::uint16_t> spread;
    std::span<std::uint64_t> missed;  ///< bit k: mark k of the rules is not reached
    /// Sums by criterion, verdict_rules::size() a product, product after product.
    std::span<std::uint16_t> sums;
};

/// One set of rules and where its verdicts go.
struct batch_job {
    const verdict_rules* rules = nullptr;
    batch_columns out;
};

/// Decides products \p first to \p last (exclusive) under every job's rules. Kernels differ in
/// speed alone.
using batch_kernel = void (*)(std::span<const batch_job> jobs, const sheet_batch& batch,
                              std::size_t first, std::size_t last);

/// The most member slots of a batch.
inline constexpr std::size_t most_batch_members = 250;

namespace detail {

inline void store(const verdict_rules& rules, const std::uint16_t* tally, const batch_columns& out,
                  std::size_t product) {
    const verdict told = rules.decide(tally);
    if (!out.outcome.empty()) out.outcome[product] = static_cast<std::uint8_t>(told.outcome);
    if (!out.stars.empty()) out.stars[product] = told.stars;
    if (!out.band.empty()) out.band[product] = told.band;
    if (!out.sheets.empty()) out.sheets[product] = static_cast<std::uint8_t>(told.sheets);
    if (!out.total.empty()) out.total[product] = told.total;
    if (!out.parts.empty()) out.parts[product] = told.parts;
    if (!out.spread.empty()) out.spread[product] = told.spread;
    if (!out.missed.empty()) out.missed[product] = told.missed;
    if (!out.sums.empty())
        for (std::size_t i = 0; i < rules.size(); ++i)
            out.sums[product * rules.size() + i] =
                told.outcome == outcome::incomplete ? std::uint16_t{0} : rules.sum(tally, i);
}

/// Answer \p i of a sheet of nibbles as a byte.
[[nodiscard]] inline answer_code nibble(const std::uint8_t* sheet, std::size_t i) noexcept {
    const auto code = static_cast<answer_code>(unsigned{sheet[i / 2]} >> (i % 2 * 4) & 0xFU);
    return code == 0xFU ? no_answer : code;
}

}  // namespace detail

/// The plain kernel: one product after another, in standard C++ alone. The scalar twin that faster
/// kernels are tested against.
inline void portable_kernel(std::span<const batch_job> jobs, const sheet_batch& batch,
                            std::size_t first, std::size_t last) {
    // A tally of the largest card: extremes, sums, marks and gates.
    constexpr std::size_t most =
        2 + 2 * (part_count + 1) + 2 * scorecard_limits::criteria + verdict_rules::most_marks;
    std::uint16_t tally[most];
    answer_code unpacked[scorecard_limits::criteria];
    for (const batch_job& job : jobs) {
        const std::size_t bytes = batch.sheet_bytes(job.rules->size());
        for (std::size_t p = first; p < last; ++p) {
            const std::size_t sheets = batch.sheets.empty() ? batch.members : batch.sheets[p];
            job.rules->clear(tally);
            for (std::size_t m = 0; m < sheets; ++m) {
                const std::uint8_t* sheet = batch.answers.data() + (p * batch.members + m) * bytes;
                if (batch.packed == packing::nibbles) {
                    for (std::size_t i = 0; i < job.rules->size(); ++i)
                        unpacked[i] = detail::nibble(sheet, i);
                    sheet = unpacked;
                }
                job.rules->add(tally, sheet);
            }
            detail::store(*job.rules, tally, job.out, p);
        }
    }
}

/// What is wrong with the shape of \p batch and \p jobs: sizes that do not fit together.
inline void validate(std::span<const batch_job> jobs, const sheet_batch& batch, problems& found) {
    const auto refuse = [&found](problem_code code, const char* at, std::size_t value,
                                 std::size_t wanted) {
        found.push_back(detail::make_problem(
            code, at, std::to_string(value),
            detail::told("{0} có kích thước {1}, cần {2}", "{0} has size {1} where {2} is needed",
                         {at + 1, std::to_string(value), std::to_string(wanted)})));
    };
    constexpr problem_code size = problem_code::wrong_size;
    if (batch.members > most_batch_members)
        refuse(problem_code::too_many, "/members", batch.members, most_batch_members);
    if (!batch.sheets.empty()) {
        if (batch.sheets.size() != batch.products)
            refuse(size, "/sheets", batch.sheets.size(), batch.products);
        else
            for (std::uint8_t count : batch.sheets)
                if (count > batch.members) {
                    refuse(problem_code::too_many, "/sheets", count, batch.members);
                    break;
                }
    }
    for (const batch_job& job : jobs) {
        const std::size_t criteria = job.rules->size();
        const std::size_t wanted = batch.products * batch.members * batch.sheet_bytes(criteria);
        if (batch.answers.size() != wanted) refuse(size, "/answers", batch.answers.size(), wanted);
        if (batch.packed == packing::nibbles)
            for (std::size_t i = 0; i < criteria; ++i)
                if (job.rules->highest_code(i) >= 0xFU) {
                    refuse(problem_code::too_many, "/packed", job.rules->highest_code(i), 0xEU);
                    break;
                }
        const auto column = [&](const char* at, std::size_t have, std::size_t each) {
            if (have != 0 && have != batch.products * each)
                refuse(size, at, have, batch.products * each);
        };
        column("/outcome", job.out.outcome.size(), 1);
        column("/stars", job.out.stars.size(), 1);
        column("/band", job.out.band.size(), 1);
        column("/sheets", job.out.sheets.size(), 1);
        column("/total", job.out.total.size(), 1);
        column("/parts", job.out.parts.size(), 1);
        column("/spread", job.out.spread.size(), 1);
        column("/missed", job.out.missed.size(), 1);
        column("/sums", job.out.sums.size(), criteria);
    }
}

/// Decides every product of \p batch under the rules of every job in one pass over the answers.
///
/// \param jobs    rules over the same answers (several to compare them), and where verdicts go
/// \param run     who runs the parts of the work: in_this_thread, in_threads, or a host's own
/// \param kernel  portable_kernel, or fast_kernel() of the compiled library
/// \throws error where sizes do not fit together. A product whose answers are wrong is `incomplete`
///         in its column; sheets_of() and assess() tell what is wrong with it.
///
/// Nothing is allocated but for threads. The result does not depend on \p run or \p kernel.
template <class Executor = in_this_thread>
void assess_batch(std::span<const batch_job> jobs, const sheet_batch& batch,
                  const Executor& run = {}, batch_kernel kernel = portable_kernel) {
    problems found;
    validate(jobs, batch, found);
    if (!found.empty()) throw error(std::move(found));
    // Parts begin on a multiple of 64 products, so that no two write to one line of a column.
    constexpr std::size_t grain = 64;
    const std::size_t grains = (batch.products + grain - 1) / grain;
    const std::size_t parts = run.width() < grains ? run.width() : (grains == 0 ? 1 : grains);
    run(parts, [&](std::size_t part) {
        const std::size_t first = grains * part / parts * grain;
        const std::size_t last =
            part + 1 == parts ? batch.products : grains * (part + 1) / parts * grain;
        kernel(jobs, batch, first, last);
    });
}

/// As above, for one set of rules.
template <class Executor = in_this_thread>
void assess_batch(const verdict_rules& rules, const sheet_batch& batch, const batch_columns& out,
                  const Executor& run = {}, batch_kernel kernel = portable_kernel) {
    const batch_job job{&rules, out};
    assess_batch(std::span<const batch_job>(&job, 1), batch, run, kernel);
}

/// The sheets of \p product of \p batch, of members "1", "2", …: what assess() takes, to explain
/// one verdict of many. A code that \p card does not offer becomes a problem in \p found and its
/// criterion stays unanswered.
[[nodiscard]] inline std::vector<score_sheet> sheets_of(const scorecard& card,
                                                        const sheet_batch& batch,
                                                        std::size_t product, problems& found) {
    std::vector<score_sheet> made;
    const std::size_t count = batch.sheets.empty() ? batch.members : batch.sheets[product];
    const std::size_t bytes = batch.sheet_bytes(card.size());
    for (std::size_t m = 0; m < count; ++m) {
        const std::uint8_t* sheet = batch.answers.data() + (product * batch.members + m) * bytes;
        score_sheet one(card, std::to_string(m + 1));
        for (std::size_t i = 0; i < card.size(); ++i) {
            const answer_code code =
                batch.packed == packing::nibbles ? detail::nibble(sheet, i) : sheet[i];
            if (code == no_answer) continue;
            if (card.at(i).choose == choice::one) {
                one.try_choose(card, i, code, found);
            } else if (code >> card.option_count(i) != 0) {
                found.push_back(one.unknown_option(card, i, std::to_string(code)));
            } else {
                one.set(card, i, answer::of_bits(code));
            }
        }
        made.push_back(std::move(one));
    }
    return made;
}

/// The answer codes of \p sheet, one for each criterion, into \p codes.
inline void encode(const scorecard& card, const score_sheet& sheet, std::span<answer_code> codes) {
    for (std::size_t i = 0; i < card.size(); ++i) {
        const answer a = sheet.at(i);
        if (!a.given())
            codes[i] = no_answer;
        else if (card.at(i).choose == choice::one)
            codes[i] = static_cast<answer_code>(a.number());
        else
            codes[i] = static_cast<answer_code>(a.bits());
    }
}

}  // namespace ocop
