/// \file flip.hpp
/// The smallest change that flips a star: the least number of single answers (one member's answer
/// at one criterion, moved to any answer that it allows) that gives a product a higher star, and
/// the least that gives it a lower one. Exact.
///
/// Stars here are those of rules §5, from band and marks; whether the changed sheets would be
/// rejected or scored again is told beside. Not included by <ocop/ocop.hpp>.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ocop/ranking/batch.hpp"
#include "ocop/ranking/parallel.hpp"
#include "ocop/ranking/simulation.hpp"
#include "ocop/ranking/verdict.hpp"

namespace ocop {

/// One member's answer at one criterion, moved.
struct answer_change {
    std::size_t member = 0;  ///< slot of the sheet, from 0
    std::size_t criterion = 0;
    answer_code from = no_answer;  ///< no_answer: left out before, since its condition did not hold
    answer_code to = 0;

    friend bool operator==(const answer_change&, const answer_change&) = default;
};

/// The smallest change to another star.
struct star_flip {
    std::uint8_t stars = 0;  ///< by band and marks, once changed
    /// As few as can be. Where a change takes a criterion's points away, those tied to it fall away
    /// with it; where it gives points to one that had none, those tied to it are answered "none of
    /// the options": neither counts as a change.
    std::vector<answer_change> changes;
    verdict after;  ///< of the changed sheets, with their spread and outcome

    friend bool operator==(const star_flip&, const star_flip&) = default;
};

/// How far a product is from other stars. All 0 for a product that is incomplete.
struct flip_counts {
    std::uint8_t stars = 0;  ///< by band and marks, whatever the outcome
    std::uint16_t up = 0;    ///< least number of answers for a higher star; 0: there is none
    std::uint16_t down = 0;  ///< least number of answers for a lower star; 0: there is none
    /// Points, summed over the sheets, that the total lacks for the band of the next star; 0 also
    /// where only marks are missing, and for five stars.
    std::uint16_t points_missing = 0;
    /// Points, summed over the sheets, that the total lies above the least of its star's band.
    std::uint16_t points_spare = 0;

    friend bool operator==(const flip_counts&, const flip_counts&) = default;
};

/// flip_counts, with the changes.
struct smallest_flips {
    flip_counts counts;
    std::optional<star_flip> up;
    std::optional<star_flip> down;

    friend bool operator==(const smallest_flips&, const smallest_flips&) = default;
};

namespace detail {

/// Finds flips of one product after another; holds the memory they need.
///
/// Up. More points never harm, so a changed answer goes to the most points of its criterion. Which
/// of the members' zeros at a condition (the story) are opened is tried out by their number alone,
/// since opened sheets are alike. Then every answer stands by itself: a missed mark needs the
/// largest gains of its criterion first, and the rest of the points comes from the largest gains
/// left over all.
///
/// Down. Either the band is left, by the largest losses first (taking the points of a condition
/// takes those tied to it too, which no other change there can better), or one mark of the present
/// star is missed, by the largest losses of its criterion. Lower points never reach a mark.
class flip_finder {
public:
    /// \throws error where a criterion with a condition does not allow 0 points.
    explicit flip_finder(const verdict_rules& rules) : rules_(&rules) {
        const std::size_t count = rules.size();
        dependents_.resize(count);
        marked_.resize(count);
        for (const verdict_tables::mark& mark : rules.tables().marks) marked_[mark.criterion] = 1;
        for (std::size_t c = 0; c < count; ++c) {
            ends made{};
            made.least_points = verdict_rules::most_value + 1;
            made.most_points = -1;
            for (std::size_t code = 0; code <= rules.highest_code(c); ++code) {
                const std::int32_t value = rules.value(c, static_cast<answer_code>(code));
                if (value < 0) continue;
                if (value < made.least_points) {
                    made.least_points = value;
                    made.least = static_cast<answer_code>(code);
                }
                if (value > made.most_points) {
                    made.most_points = value;
                    made.most = static_cast<answer_code>(code);
                }
            }
            ends_.push_back(made);
            const auto& condition = rules.tables().criteria[c].condition;
            if (!condition) continue;
            dependents_[*condition].push_back(c);
            if (made.least_points != 0) {
                problems found;
                refuse(found, problem_code::bad_value, "/criteria", std::to_string(c),
                       "tiêu chí thứ {0} có điều kiện nhưng không cho phép 0 điểm",
                       "criterion {0} has a condition but does not allow 0 points");
                throw error(std::move(found));
            }
        }
        for (std::size_t c = 0; c < count; ++c)
            if (!dependents_[c].empty()) roots_.push_back(c);
    }

    /// Flips of the \p sheets valid sheets of \p codes; the changes too if \p with_changes.
    [[nodiscard]] smallest_flips find(const answer_code* codes, std::size_t sheets,
                                      bool with_changes) {
        read(codes, sheets);
        smallest_flips told;
        tally(codes_.data());
        const verdict now = rules_->decide(tally_.data());
        if (now.outcome == outcome::incomplete) return told;
        const std::uint8_t level = star_of(now);
        told.counts.stars = level;
        total_ = now.total;
        if (level < stars::highest) {
            const std::uint32_t next = rules_->least_total(level + std::size_t{1}, sheets);
            if (next > total_)
                told.counts.points_missing = static_cast<std::uint16_t>(next - total_);
        }
        told.counts.points_spare = static_cast<std::uint16_t>(
            level > 1 ? total_ - rules_->least_total(level, sheets) : total_);
        if (find_up(level)) {
            told.counts.up = static_cast<std::uint16_t>(best_.size());
            if (with_changes) told.up = finish(level, true);
        }
        if (find_down(level)) {
            told.counts.down = static_cast<std::uint16_t>(best_.size());
            if (with_changes) told.down = finish(level, false);
        }
        return told;
    }

private:
    struct ends {
        answer_code least;
        answer_code most;
        std::int32_t least_points;
        std::int32_t most_points;
    };
    /// An answer that may change, with the points it gains (or loses).
    struct item {
        std::int32_t points;
        std::size_t criterion;
        std::size_t member;

        [[nodiscard]] bool operator<(const item& other) const noexcept {
            if (points != other.points) return points > other.points;
            if (criterion != other.criterion) return criterion < other.criterion;
            return member < other.member;
        }
    };
    using items = std::vector<item>;
    /// More ways to open conditions than this are refused.
    static constexpr std::size_t most_ways = 1000000;

    [[nodiscard]] std::size_t at(std::size_t m, std::size_t c) const noexcept {
        return m * rules_->size() + c;
    }
    [[nodiscard]] const std::optional<std::size_t>& condition(std::size_t c) const noexcept {
        return rules_->tables().criteria[c].condition;
    }
    [[nodiscard]] const readings& by() const noexcept { return rules_->tables().by; }

    /// Stars by band and marks, whatever the outcome.
    [[nodiscard]] std::uint8_t star_of(const verdict& told) const noexcept {
        unsigned levels = 0;
        for (std::size_t k = 0; k < rules_->tables().marks.size(); ++k)
            if ((told.missed >> k & 1U) != 0) levels |= rules_->level_bit(k);
        return rules_->stars(told.band, levels);
    }

    void tally(const answer_code* codes) {
        tally_.resize(rules_->tally_size());
        rules_->clear(tally_.data());
        for (std::size_t m = 0; m < sheets_; ++m)
            static_cast<void>(rules_->add(tally_.data(), codes + at(m, 0)));
    }

    void read(const answer_code* codes, std::size_t sheets) {
        const std::size_t count = rules_->size();
        sheets_ = sheets;
        codes_.assign(codes, codes + sheets * count);
        points_.assign(sheets * count, 0);
        open_.assign(sheets * count, 1);
        for (std::size_t m = 0; m < sheets; ++m)
            for (std::size_t c = 0; c < count; ++c) {
                if (condition(c) && points_[at(m, *condition(c))] == 0) {
                    open_[at(m, c)] = 0;
                    continue;
                }
                const std::int32_t value = rules_->value(c, codes[at(m, c)]);
                points_[at(m, c)] = value < 0 ? 0 : value;
            }
    }

    /// Takes the largest items of pool_, by order, into \p to until \p left is \p enough or less.
    void take_largest(std::int64_t& left, std::int64_t enough, items& to) {
        const auto later = [](const item& a, const item& b) { return b < a; };
        std::make_heap(pool_.begin(), pool_.end(), later);
        while (left > enough && !pool_.empty()) {
            std::pop_heap(pool_.begin(), pool_.end(), later);
            left -= pool_.back().points;
            to.push_back(pool_.back());
            pool_.pop_back();
        }
    }

    // ---- up

    [[nodiscard]] bool find_up(std::uint8_t level) {
        best_.clear();
        bool found = false;
        for (int target = level + 1; target <= stars::highest; ++target) {
            opened_.assign(roots_.size(), 0);
            ways_ = 0;
            found = try_openings(stars(target), 0, found);
            // What a higher star asks for holds what a lower one does.
            if (by().lower_marks_bind || by().missed_mark == missed_mark::told) break;
        }
        return found;
    }

    /// How many sheets have, or could have, 0 points at root \p r with its own condition holding.
    [[nodiscard]] std::size_t zeros(std::size_t r) const noexcept {
        const std::size_t c = roots_[r];
        std::size_t count = 0;
        for (std::size_t m = 0; m < sheets_; ++m)
            if (open_[at(m, c)] != 0 && points_[at(m, c)] == 0) ++count;
        if (!condition(c)) return count;
        return count + opened_at(*condition(c));
    }
    /// How many sheets are opened at the condition \p c.
    [[nodiscard]] std::size_t opened_at(std::size_t c) const noexcept {
        for (std::size_t r = 0; r < roots_.size(); ++r)
            if (roots_[r] == c) return opened_[r];
        return 0;
    }

    /// Tries every number of opened sheets at roots \p r and following.
    [[nodiscard]] bool try_openings(stars target, std::size_t r, bool found) {
        if (r == roots_.size()) {
            if (++ways_ > most_ways) {
                problems list;
                refuse(list, problem_code::too_many, "/criteria", std::to_string(roots_.size()),
                       "{0} tiêu chí là điều kiện của tiêu chí khác: quá nhiều cách",
                       "{0} criteria are conditions of others: too many ways");
                throw error(std::move(list));
            }
            return raise(target, found) || found;
        }
        const std::size_t most = ends_[roots_[r]].most_points > 0 ? zeros(r) : 0;
        for (opened_[r] = 0; opened_[r] <= most; ++opened_[r])
            found = try_openings(target, r + 1, found);
        opened_[r] = 0;
        return found;
    }

    /// The members whose sheets are opened at each root, the first that may be.
    void choose_opened() {
        opens_.assign(sheets_ * rules_->size(), 0);
        for (std::size_t r = 0; r < roots_.size(); ++r) {
            const std::size_t c = roots_[r];
            std::size_t left = opened_[r];
            for (std::size_t m = 0; m < sheets_ && left > 0; ++m)
                if (points_[at(m, c)] == 0 && reachable(m, c)) {
                    opens_[at(m, c)] = 1;
                    --left;
                }
        }
    }
    /// Whether criterion \p c of sheet \p m is answered once sheets are opened.
    [[nodiscard]] bool reachable(std::size_t m, std::size_t c) const noexcept {
        return open_[at(m, c)] != 0 || opens_[at(m, *condition(c))] != 0;
    }

    /// The fewest changes to the marks and the band of \p target with the sheets opened as told;
    /// into best_ if they are fewer than what is there.
    [[nodiscard]] bool raise(stars target, bool found) {
        choose_opened();
        chosen_.clear();
        pool_.clear();
        std::int64_t lacking = static_cast<std::int64_t>(rules_->least_total(
                                   static_cast<std::size_t>(target.value()), sheets_)) -
                               static_cast<std::int64_t>(total_);
        for (std::size_t c = 0; c < rules_->size(); ++c) {
            gains_.clear();
            const bool root = !dependents_[c].empty();
            const std::size_t before = chosen_.size();
            for (std::size_t m = 0; m < sheets_; ++m) {
                if (!reachable(m, c)) continue;
                const std::int32_t now = points_[at(m, c)];
                const item one{ends_[c].most_points - now, c, m};
                if (one.points <= 0) continue;
                if (opens_[at(m, c)] != 0)
                    chosen_.push_back(one);
                else if (!root || now > 0)
                    gains_.push_back(one);
            }
            if (marked_[c] != 0) std::sort(gains_.begin(), gains_.end());
            const std::size_t needed = marked_[c] == 0 ? 0 : needed_for_marks(c, target, before);
            if (needed > gains_.size()) return false;
            for (std::size_t i = 0; i < gains_.size(); ++i)
                (i < needed ? chosen_ : pool_).push_back(gains_[i]);
            for (std::size_t i = before; i < chosen_.size(); ++i) lacking -= chosen_[i].points;
            if (found && chosen_.size() >= best_.size()) return false;
        }
        take_largest(lacking, 0, chosen_);
        if (lacking > 0 || (found && chosen_.size() >= best_.size())) return false;
        best_ = chosen_;
        return true;
    }

    /// How many of gains_, the first ones, the marks of \p target at \p c need beside what is
    /// chosen from \p before on; more than there are: they cannot be reached.
    [[nodiscard]] std::size_t needed_for_marks(std::size_t c, stars target, std::size_t before) {
        std::size_t most = 0;
        for (const verdict_tables::mark& mark : rules_->tables().marks) {
            if (mark.criterion != c || !asked_for(mark.stars, target, by())) continue;
            std::int64_t lacking = lacking_at(mark);
            const bool mean = by().marks == mark_measure::mean;
            const auto take = [&](const item& one) {
                const bool turns = points_[at(one.member, c)] < mark.needed.value() &&
                                   ends_[c].most_points >= mark.needed.value();
                lacking -= mean ? one.points : turns ? 1 : 0;
            };
            for (std::size_t i = before; i < chosen_.size(); ++i) take(chosen_[i]);
            std::size_t used = 0;
            while (lacking > 0 && used < gains_.size()) take(gains_[used++]);
            if (lacking > 0) return gains_.size() + 1;
            if (used > most) most = used;
        }
        return most;
    }

    /// Points, or members, that \p mark lacks; 0 or less: it is reached.
    [[nodiscard]] std::int64_t lacking_at(const verdict_tables::mark& mark) const noexcept {
        const auto n = static_cast<std::int64_t>(sheets_);
        std::int64_t sum = 0;
        std::int64_t there = 0;
        for (std::size_t m = 0; m < sheets_; ++m) {
            const std::int32_t value = points_[at(m, mark.criterion)];
            sum += value;
            if (value >= mark.needed.value()) ++there;
        }
        switch (by().marks) {
        case mark_measure::mean:
            return mark.needed.value() * n - sum;
        case mark_measure::majority:
            return n / 2 + 1 - there;
        case mark_measure::every_member:
            break;
        }
        return n - there;
    }

    // ---- down

    [[nodiscard]] bool find_down(std::uint8_t level) {
        best_.clear();
        if (level <= stars::lowest) return false;
        bool found = leave_band(level);
        for (const verdict_tables::mark& mark : rules_->tables().marks)
            if (asked_for(mark.stars, stars(level), by())) found = miss(mark, found) || found;
        return found;
    }

    /// The fewest changes that bring the total below the band of \p level.
    [[nodiscard]] bool leave_band(std::uint8_t level) {
        pool_.clear();
        weights_.assign(sheets_ * rules_->size(), 0);
        for (std::size_t m = 0; m < sheets_; ++m) {
            for (std::size_t c = rules_->size(); c-- > 0;) {
                weights_[at(m, c)] += points_[at(m, c)];
                if (condition(c)) weights_[at(m, *condition(c))] += weights_[at(m, c)];
            }
            for (std::size_t c = 0; c < rules_->size(); ++c) {
                const std::int32_t now = points_[at(m, c)];
                // Weight 0 below a criterion whose loss holds all that is tied to it.
                if (condition(c) && weights_[at(m, *condition(c))] == 0) weights_[at(m, c)] = 0;
                if (weights_[at(m, c)] == 0 || now <= ends_[c].least_points) continue;
                const bool shuts = !dependents_[c].empty() && ends_[c].least_points == 0;
                pool_.push_back({shuts ? weights_[at(m, c)] : now - ends_[c].least_points, c, m});
                if (shuts) weights_[at(m, c)] = 0;
            }
        }
        std::int64_t spare = static_cast<std::int64_t>(total_) -
                             static_cast<std::int64_t>(rules_->least_total(level, sheets_));
        take_largest(spare, -1, best_);
        return spare < 0;
    }

    /// The fewest changes that miss \p mark; into best_ if they are fewer than what is there.
    [[nodiscard]] bool miss(const verdict_tables::mark& mark, bool found) {
        const std::size_t c = mark.criterion;
        const bool mean = by().marks == mark_measure::mean;
        std::int64_t spare = -lacking_at(mark);
        gains_.clear();
        chosen_.clear();
        for (std::size_t m = 0; m < sheets_; ++m) {
            const std::int32_t now = points_[at(m, c)];
            const bool turns =
                now >= mark.needed.value() && ends_[c].least_points < mark.needed.value();
            if (open_[at(m, c)] != 0 && now > ends_[c].least_points && (mean || turns))
                gains_.push_back({now - ends_[c].least_points, c, m});
        }
        std::sort(gains_.begin(), gains_.end());
        for (const item& one : gains_) {
            if (spare < 0) break;
            spare -= mean ? one.points : 1;
            chosen_.push_back(one);
        }
        if (spare >= 0 || (found && chosen_.size() >= best_.size())) return false;
        best_ = chosen_;
        return true;
    }

    // ---- the changes told

    /// The answers with \p changes made, and what follows from them.
    void apply(const std::vector<answer_change>& changes) {
        changed_ = codes_;
        for (const answer_change& one : changes) changed_[at(one.member, one.criterion)] = one.to;
        for (std::size_t m = 0; m < sheets_; ++m)
            for (std::size_t c = 0; c < rules_->size(); ++c) {
                if (!condition(c)) continue;
                answer_code& code = changed_[at(m, c)];
                const answer_code above = changed_[at(m, *condition(c))];
                const bool holds = rules_->value(*condition(c), above) > 0;
                if (!holds)
                    code = no_answer;
                else if (code == no_answer)
                    code = ends_[c].least;
            }
    }
    [[nodiscard]] verdict decide(const std::vector<answer_change>& changes) {
        apply(changes);
        tally(changed_.data());
        return rules_->decide(tally_.data());
    }

    /// best_ as changes, each to as little as still flips the star.
    [[nodiscard]] star_flip finish(std::uint8_t level, bool up) {
        star_flip made;
        for (const item& one : best_)
            made.changes.push_back({one.member, one.criterion,
                                    codes_[at(one.member, one.criterion)],
                                    up ? ends_[one.criterion].most : ends_[one.criterion].least});
        std::sort(made.changes.begin(), made.changes.end(),
                  [](const answer_change& a, const answer_change& b) {
                      return a.member != b.member ? a.member < b.member : a.criterion < b.criterion;
                  });
        const auto flips = [&] {
            const std::uint8_t then = star_of(decide(made.changes));
            return up ? then > level : then < level;
        };
        for (answer_change& one : made.changes) {
            const std::size_t c = one.criterion;
            const std::int32_t now = points_[at(one.member, c)];
            for (std::size_t code = 0; code <= rules_->highest_code(c); ++code) {
                const std::int32_t value = rules_->value(c, static_cast<answer_code>(code));
                const std::int32_t held = rules_->value(c, one.to);
                if (value < 0 ||
                    (up ? value <= now || value >= held : value >= now || value <= held))
                    continue;
                const answer_code kept = one.to;
                one.to = static_cast<answer_code>(code);
                if (!flips()) one.to = kept;
            }
        }
        made.after = decide(made.changes);
        made.stars = star_of(made.after);
        return made;
    }

    const verdict_rules* rules_;
    std::vector<ends> ends_;
    std::vector<std::vector<std::size_t>> dependents_;
    std::vector<std::size_t> roots_;
    std::vector<std::uint8_t> marked_;  ///< by criterion: it has marks
    std::size_t sheets_ = 0;
    std::uint32_t total_ = 0;
    std::size_t ways_ = 0;
    std::vector<answer_code> codes_;
    std::vector<answer_code> changed_;
    std::vector<std::int32_t> points_;
    std::vector<std::int32_t> weights_;
    std::vector<std::uint8_t> open_;
    std::vector<std::uint8_t> opens_;
    std::vector<std::size_t> opened_;
    std::vector<std::uint16_t> tally_;
    items best_;
    items chosen_;
    items pool_;
    items gains_;
};

}  // namespace detail

/// The smallest changes to a higher and to a lower star of \p product of \p batch, with the changes
/// themselves. Exact (see detail::flip_finder); about n c log(n c) for n sheets of c criteria,
/// times the members without points at a condition. \throws error where a criterion with a
/// condition does not allow 0 points (no scorecard does so).
[[nodiscard]] inline smallest_flips find_flips(const verdict_rules& rules, const sheet_batch& batch,
                                               std::size_t product) {
    std::vector<std::uint16_t> tally;
    const std::size_t sheets = detail::deciding_sheets(rules, batch, product, tally);
    detail::flip_finder finder(rules);
    if (sheets == 0) return {};
    std::vector<answer_code> codes(sheets * rules.size());
    for (std::size_t m = 0; m < sheets; ++m) {
        answer_code unpacked[scorecard_limits::criteria];
        const answer_code* sheet = detail::sheet_at(batch, rules.size(), product, m, unpacked);
        std::copy(sheet, sheet + rules.size(),
                  codes.begin() + static_cast<std::ptrdiff_t>(m * rules.size()));
    }
    return finder.find(codes.data(), sheets, true);
}

/// How far each product of \p batch is from other stars: find_flips() without the changes.
/// \throws error where sizes do not fit together, and as find_flips().
template <class Executor = in_this_thread>
void count_flips(const verdict_rules& rules, const sheet_batch& batch, std::span<flip_counts> out,
                 const Executor& run = {}) {
    problems found;
    const batch_job job{&rules, {}};
    validate(std::span<const batch_job>(&job, 1), batch, found);
    if (out.size() != batch.products)
        detail::refuse(found, problem_code::wrong_size, "/out", std::to_string(out.size()),
                       "cần một chỗ cho mỗi sản phẩm, không phải {0}",
                       "room for each product is needed, not for {0}");
    if (!found.empty()) throw error(std::move(found));
    const std::size_t width = run.width();
    run(width, [&](std::size_t part) {
        detail::flip_finder finder(rules);
        std::vector<std::uint16_t> tally;
        std::vector<answer_code> codes(batch.members * rules.size());
        answer_code unpacked[scorecard_limits::criteria];
        const std::size_t last = batch.products * (part + 1) / width;
        for (std::size_t p = batch.products * part / width; p < last; ++p) {
            out[p] = {};
            const std::size_t sheets = detail::deciding_sheets(rules, batch, p, tally);
            if (sheets == 0) continue;
            for (std::size_t m = 0; m < sheets; ++m) {
                const answer_code* sheet = detail::sheet_at(batch, rules.size(), p, m, unpacked);
                std::copy(sheet, sheet + rules.size(),
                          codes.begin() + static_cast<std::ptrdiff_t>(m * rules.size()));
            }
            out[p] = finder.find(codes.data(), sheets, false).counts;
        }
    });
}

}  // namespace ocop
