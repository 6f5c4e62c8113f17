/// \file scorecard.hpp
/// A checked scorecard, laid out for scoring.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/problem.hpp"
#include "ocop/criteria/criterion.hpp"
#include "ocop/criteria/validation.hpp"

namespace ocop {

/// The three parts of every scorecard: A product and community, B marketing, C quality.
inline constexpr std::size_t part_count = 3;

/// A star mark of a scorecard: at criterion \ref criterion at least \ref needed points for a
/// product of \ref stars.
struct star_mark {
    std::size_t criterion = 0;  ///< index of the criterion in the scorecard
    ocop::stars stars{3};
    points needed;
    /// True for a mark printed on the criterion's title, whose points are a reading.
    bool on_title = false;

    friend bool operator==(const star_mark&, const star_mark&) = default;
};

/// A scorecard whose invariants hold (see validate()). A regular value; copies are deep.
class scorecard {
public:
    /// \throws error with every problem of \p document.
    explicit scorecard(scorecard_document document) : document_(std::move(document)) {
        problems found;
        validate(document_, "", found);
        if (has_errors(found)) throw error(std::move(found));
        lay_out();
    }

    /// The scorecard of \p document, or nothing and the problems (places below \p pointer) in
    /// \p found. Warnings are added to \p found in both cases.
    [[nodiscard]] static std::optional<scorecard> try_make(scorecard_document document,
                                                           problems& found,
                                                           std::string_view pointer = "") {
        problems mine;
        validate(document, pointer, mine);
        const bool bad = has_errors(mine);
        for (problem& p : mine) found.push_back(std::move(p));
        if (bad) return std::nullopt;
        return scorecard(std::move(document), checked{});
    }

    /// A number that two scorecards share only if they are scored alike: the same criteria, options,
    /// points, marks and conditions in the same order. A sheet remembers the one it was made for.
    [[nodiscard]] std::uint64_t layout() const noexcept { return layout_; }

    [[nodiscard]] const scorecard_document& document() const noexcept { return document_; }
    [[nodiscard]] int set() const noexcept { return document_.set; }

    /// How many criteria the scorecard has, over all parts, in printed order.
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }

    /// The criterion at \p index (less than size()).
    [[nodiscard]] const criterion& at(std::size_t index) const noexcept {
        const row& r = rows_[index];
        return document_.parts[r.part].sections[r.section].criteria[r.criterion];
    }

    /// Index of the criterion with \p code ("A1.1"); nothing if the card has none. Linear.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view code) const noexcept {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (at(i).code == code) return i;
        return std::nullopt;
    }

    /// Which part (0, 1, 2 for A, B, C) the criterion at \p index belongs to.
    [[nodiscard]] std::size_t part_of(std::size_t index) const noexcept {
        return rows_[index].part;
    }

    /// Index of the criterion that must have points for the one at \p index to be scored.
    [[nodiscard]] std::optional<std::size_t> condition_of(std::size_t index) const noexcept {
        if (rows_[index].condition == none) return std::nullopt;
        return rows_[index].condition;
    }

    [[nodiscard]] std::size_t option_count(std::size_t index) const noexcept {
        return rows_[index].option_count;
    }

    /// Points of the options ticked in \p bits (bit n-1 for option n) at criterion \p index; the
    /// bits must be those of a valid answer. Constant for one option.
    [[nodiscard]] points points_for(std::size_t index, std::uint32_t bits) const noexcept {
        std::int32_t total = 0;
        const std::int32_t* first = option_points_.data() + rows_[index].first_option;
        while (bits != 0) {
            total += first[std::countr_zero(bits)];
            bits &= bits - 1;
        }
        return points{total};
    }

    /// All star marks by criterion, then by star. Marks on titles carry the largest candidate.
    [[nodiscard]] const std::vector<star_mark>& marks() const noexcept { return marks_; }

    friend bool operator==(const scorecard&, const scorecard&) = default;

private:
    struct checked {};
    scorecard(scorecard_document document, checked) : document_(std::move(document)) { lay_out(); }

    static constexpr std::uint16_t none = 0xFFFF;
    struct row {
        std::uint16_t part;
        std::uint16_t section;
        std::uint16_t criterion;
        std::uint16_t condition;
        std::uint16_t first_option;
        std::uint16_t option_count;
        friend bool operator==(const row&, const row&) = default;
    };

    void lay_out() {
        for (std::size_t p = 0; p < document_.parts.size(); ++p)
            for (std::size_t s = 0; s < document_.parts[p].sections.size(); ++s) {
                const section& group = document_.parts[p].sections[s];
                for (std::size_t c = 0; c < group.criteria.size(); ++c)
                    lay_out(group.criteria[c], static_cast<std::uint16_t>(p),
                            static_cast<std::uint16_t>(s), static_cast<std::uint16_t>(c));
            }
        sign();
    }

    void lay_out(const criterion& c, std::uint16_t p, std::uint16_t s, std::uint16_t k) {
        row r{p,
              s,
              k,
              none,
              static_cast<std::uint16_t>(option_points_.size()),
              static_cast<std::uint16_t>(c.options.size())};
        if (c.applies_if)
            for (std::size_t i = 0; i < rows_.size(); ++i)
                if (at(i).id == c.applies_if->criterion_id)
                    r.condition = static_cast<std::uint16_t>(i);
        for (const option& o : c.options) option_points_.push_back(o.points.value());
        for (int level = 3; level <= stars::highest; ++level) {
            for (const option& o : c.options)
                if (o.minimum_for == stars(level))
                    marks_.push_back({rows_.size(), stars(level), o.points, false});
            if (c.mark_on_criterion && c.mark_on_criterion->stars == stars(level)) {
                points largest;
                for (points one : c.mark_on_criterion->candidates)
                    if (one > largest) largest = one;
                marks_.push_back({rows_.size(), stars(level), largest, true});
            }
        }
        rows_.push_back(r);
    }

    /// FNV-1a over all that a score depends on.
    void sign() {
        layout_ = 0xCBF29CE484222325U;
        const auto mix = [this](std::uint64_t value) {
            layout_ = (layout_ ^ value) * 0x100000001B3U;
        };
        mix(static_cast<std::uint64_t>(document_.set));
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const criterion& c = at(i);
            for (char letter : c.code) mix(static_cast<unsigned char>(letter));
            mix(static_cast<std::uint64_t>(c.choose));
            mix(rows_[i].condition);
            mix(rows_[i].option_count);
        }
        for (std::int32_t value : option_points_) mix(static_cast<std::uint64_t>(value));
        for (const star_mark& m : marks_) {
            mix(m.criterion);
            mix(static_cast<std::uint64_t>(m.stars.value()));
            mix(static_cast<std::uint64_t>(m.needed.value()));
        }
    }

    scorecard_document document_;
    std::uint64_t layout_ = 0;
    std::vector<row> rows_;
    std::vector<std::int32_t> option_points_;
    std::vector<star_mark> marks_;
};

}  // namespace ocop
