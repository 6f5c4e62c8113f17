// The tally of verdict_rules laid out for a stream of sheets: four sums in a word, points looked up
// as words, so that a sheet of 32 criteria is eight additions. Rules that need more than sums keep
// the tally of verdict_rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ocop/ranking/verdict.hpp"

namespace ocop::detail {

/// Adds sheets to tallies of size() words each, which begin as zeros.
class sheet_tallies {
public:
    explicit sheet_tallies(const verdict_rules& rules) : rules_(&rules), simple_(is_simple(rules)) {
        if (simple_)
            lay_out();
        else
            size_ = (rules.tally_size() + lanes - 1) / lanes;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Adds the answers in \p codes, each a code of its criterion, a digit, or no_answer. False,
    /// and the tally is broken, where the sheet is wrong. The tally must have room for a sheet.
    bool add(std::uint64_t* tally, const answer_code* codes) const noexcept {
        return simple_ ? add_words(tally, codes) : add_plain(tally, codes);
    }

    /// Adds the sheets of \p other to \p tally, another tally of the product.
    void merge(std::uint64_t* tally, const std::uint64_t* other) const noexcept {
        if (!simple_) {
            alignas(std::uint64_t) std::uint16_t theirs[most_words * lanes];
            std::memcpy(theirs, other, size_ * sizeof *other);
            plain(tally, [&](std::uint16_t* t) { return rules_->merge(t, theirs), true; });
            return;
        }
        std::uint64_t head = *tally;
        const std::uint64_t from = *other;
        if (sheets(head) + sheets(from) > rules_->most_sheets()) {
            *tally |= 1U;
            return;
        }
        head |= from & 1U;
        if (sheets(from) != 0) {
            const bool first = sheets(head) == 0;
            if (first || least(from) < least(head))
                head = (head & ~(lane << 32U)) | least(from) << 32U;
            if (first || most(from) > most(head))
                head = (head & ~(lane << 48U)) | most(from) << 48U;
            head += sheets(from) << 16U;
            for (std::size_t word = 1; word < size_; ++word) tally[word] += other[word];
        }
        *tally = head;
    }

    /// Marks a product as incomplete.
    void break_off(std::uint64_t* tally) const noexcept {
        if (simple_)
            *tally |= 1U;
        else
            plain(tally, [](std::uint16_t* t) { return verdict_rules::break_off(t), true; });
    }

    /// The verdict on \p tally, as verdict_rules::decide() gives it.
    [[nodiscard]] verdict decide(const std::uint64_t* tally) const noexcept {
        if (!simple_) {
            alignas(std::uint64_t) std::uint16_t numbers[most_words * lanes];
            std::memcpy(numbers, tally, size_ * sizeof *tally);
            return rules_->decide(numbers);
        }
        const auto n = static_cast<std::size_t>(sheets(*tally));
        const auto sum = [&](std::size_t i) {
            return static_cast<std::uint16_t>(tally[1 + i / lanes] >> (16 * (i % lanes)));
        };
        const auto reached = [&](std::size_t k) {
            const verdict_tables::mark& m = rules_->tables().marks[k];
            return sum(m.criterion) >= static_cast<std::size_t>(m.needed.value()) * n;
        };
        const auto stops = [&](std::size_t k) { return sum(rules_->gates()[k]) == 0; };
        const auto spread = static_cast<std::uint16_t>(most(*tally) - least(*tally));
        return rules_->decide(n, (*tally & 1U) != 0, spread, sum, reached, stops);
    }

private:
    struct conditional {
        std::size_t criterion;
        std::size_t condition;
    };
    static constexpr std::size_t lanes = 4;
    static constexpr std::uint64_t lane = 0xFFFF;
    static constexpr std::uint64_t wrong_bits = 0x8000800080008000U;
    /// Words of the largest tally: extremes, sums, marks and gates.
    static constexpr std::size_t most_words =
        (2 + 2 * (part_count + 1) + 2 * scorecard_limits::criteria + verdict_rules::most_marks +
         lanes - 1) /
        lanes;

    [[nodiscard]] static std::uint64_t sheets(std::uint64_t head) noexcept {
        return head >> 16U & lane;
    }
    [[nodiscard]] static std::uint64_t least(std::uint64_t head) noexcept {
        return head >> 32U & lane;
    }
    [[nodiscard]] static std::uint64_t most(std::uint64_t head) noexcept { return head >> 48U; }

    /// Whether sums decide, and four bits tell an answer: 15 may stand for no answer only where it
    /// is no code that counts.
    [[nodiscard]] static bool is_simple(const verdict_rules& rules) {
        const readings& by = rules.tables().by;
        if (by.marks != mark_measure::mean || by.zero_points != zero_reading::every_member ||
            by.spread != spread_measure::totals)
            return false;
        for (std::size_t i = 0; i < rules.size(); ++i)
            if (rules.highest_code(i) > 15 ||
                (rules.highest_code(i) == 15 && rules.tables().criteria[i].condition))
                return false;
        return true;
    }

    void lay_out() {
        const std::size_t words = (rules_->size() + lanes - 1) / lanes;
        size_ = 1 + words;
        points_.assign(words * lanes * 16, 0);
        for (std::size_t i = 0; i < rules_->size(); ++i) {
            const verdict_tables::criterion& c = rules_->tables().criteria[i];
            for (std::size_t code = 0; code < 16; ++code) {
                const std::int32_t value = rules_->value(i, static_cast<answer_code>(code));
                const bool left_out = code == 15 && c.condition;
                const auto points = static_cast<std::uint64_t>(left_out    ? 0
                                                               : value < 0 ? 0x8000
                                                                           : value);
                points_[i * 16 + code] = points << (16 * (i % lanes));
            }
            if (c.condition) conditionals_.push_back({i, *c.condition});
        }
    }

    bool add_words(std::uint64_t* tally, const answer_code* codes) const noexcept {
        const std::size_t words = size_ - 1;
        const std::uint64_t* table = points_.data();
        const answer_code* four_codes = codes;
        std::uint64_t sums = 0;
        std::uint64_t wrong = 0;
        for (std::uint64_t *to = tally + 1, *end = to + words; to != end; ++to) {
            const std::uint64_t four =
                table[four_codes[0] & 15U] | table[16 + (four_codes[1] & 15U)] |
                table[32 + (four_codes[2] & 15U)] | table[48 + (four_codes[3] & 15U)];
            wrong |= four;
            sums += four;
            *to += four;
            table += lanes * 16;
            four_codes += lanes;
        }
        bool good = (wrong & wrong_bits) == 0;
        for (const conditional& c : conditionals_)
            good = good && ((points_[c.condition * 16 + (codes[c.condition] & 15U)] == 0) ==
                            (codes[c.criterion] == no_answer));
        std::uint64_t head = *tally;
        const std::uint64_t total =
            (sums & lane) + (sums >> 16U & lane) + (sums >> 32U & lane) + (sums >> 48U);
        const bool first = sheets(head) == 0;
        if (first || total < least(head)) head = (head & ~(lane << 32U)) | total << 32U;
        if (first || total > most(head)) head = (head & ~(lane << 48U)) | total << 48U;
        head += std::uint64_t{1} << 16U;
        *tally = good ? head : head | 1U;
        return good;
    }

    bool add_plain(std::uint64_t* tally, const answer_code* codes) const noexcept {
        return plain(tally, [&](std::uint16_t* t) { return rules_->add(t, codes); });
    }

    /// \p use on \p tally as the numbers of verdict_rules.
    template <class Use>
    bool plain(std::uint64_t* tally, Use use) const noexcept {
        alignas(std::uint64_t) std::uint16_t numbers[most_words * lanes];
        std::memcpy(numbers, tally, size_ * sizeof *tally);
        const bool good = use(numbers);
        std::memcpy(tally, numbers, size_ * sizeof *tally);
        return good;
    }

    const verdict_rules* rules_;
    bool simple_;
    std::size_t size_ = 0;
    std::vector<std::uint64_t> points_;  ///< by criterion and code, in the lane of the criterion
    std::vector<conditional> conditionals_;
};

}  // namespace ocop::detail
