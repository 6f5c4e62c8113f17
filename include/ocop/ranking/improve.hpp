/// \file improve.hpp
/// The cheapest way to a higher star: which options to move to, exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/ranking/scores.hpp"

namespace ocop {

/// The default effort: 1 for each criterion changed.
struct one_per_criterion {
    [[nodiscard]] constexpr std::uint64_t operator()(std::size_t, answer) const noexcept {
        return 1;
    }
};

/// The most that one change may cost; larger efforts are refused, so that sums stay exact.
inline constexpr std::uint64_t largest_effort = std::uint64_t{1} << 40;

namespace detail {

/// Chooses, for one target star, among the candidates of each criterion: keep what the members
/// chose, or move all of them to one answer. A candidate gains points and costs effort; a set of
/// candidates is on the front if no other gains as much for less. The front over all criteria is
/// built by merging, so the first entry that gains enough is the cheapest way: exact, and bounded
/// by the number of different gains (points of 100 × sheets).
///
/// Most of that front can never become the cheapest way, and is not built: a price a point (the
/// multiplier of Lagrange's relaxation of the multiple-choice knapsack; Martello and Toth 1990,
/// ch. 3) gives every entry the least cost at which it can still reach the target. What cannot
/// undercut or equal a way already known is left out, which changes neither the cheapest way nor
/// the choice among equals: whatever leads to a way as cheap is never left out.
///
/// A criterion that others depend on (the story) is chosen together with them: moving from no
/// story to one makes each dependent criterion an unanswered one, which must then be answered too.
template <class Effort>
class way_finder {
public:
    /// Asks \p effort for every answer that may be moved to. \throws error for one too large.
    way_finder(const regulation& under, const scorecard& card, const council_scores& scores,
               const std::vector<mark_result>& marks, const circumstances& given,
               const readings& by, const Effort& effort)
        : under_(under), card_(card), scores_(scores), marks_(marks), by_(by) {
        list_options(given, effort);
        list_groups();
    }

    /// The cheapest way to exactly the marks and the band of \p target.
    [[nodiscard]] way_up find(stars target) {
        way_up way;
        way.stars = target;
        const auto n = static_cast<std::int64_t>(scores_.count());
        missing_ =
            least_sum(under_.document().bands, target, scores_.count(), by_.gap) - scores_.total;
        way.missing = mean_points(missing_ > 0 ? missing_ : 0, n);

        read_needs(target);
        std::int64_t wanted = missing_;
        bool reachable = true;
        for (group& g : groups_) {
            if (needs_changed(g)) list_candidates(g);
            reachable = reachable && g.first != g.last;  // else a mark that no option can reach
            wanted -= g.least_gain;
        }
        if (wanted < 0) wanted = 0;
        if (!reachable || !open_groups(wanted)) return way;
        way.reachable = true;
        set_bound(wanted);
        way.effort = merge(wanted);
        collect(way);
        return way;
    }

private:
    /// An answer that every member may move to.
    struct offer {
        answer to;
        std::int32_t value;
        std::int64_t gain;
        std::uint64_t cost;
        std::uint32_t criterion;
    };
    /// One way to treat a group of criteria. Gains are counted from the group's least, so that a
    /// gain is never negative.
    struct candidate {
        std::int64_t gain;
        std::uint64_t cost;
        std::uint32_t changes;
        std::uint32_t moves;  ///< no_move, an offer, or offers_.size() + an index into joint_

        [[nodiscard]] bool cheaper_than(const candidate& other) const noexcept {
            return cost != other.cost ? cost < other.cost : changes < other.changes;
        }
    };
    /// The moves of one candidate more those of another.
    struct joint_moves {
        std::uint32_t base;
        std::uint32_t more;
    };
    /// What a target asks for at a criterion.
    struct need {
        std::int32_t points;  ///< of an answer that is moved to
        bool met;             ///< by what the members chose

        friend bool operator==(const need&, const need&) = default;
    };
    /// A criterion and those that depend on it; its front is candidates_[first] to [last].
    struct group {
        std::uint32_t criterion;
        bool story;
        bool listed;
        std::uint32_t first;
        std::uint32_t last;
        std::int64_t least_gain;
    };
    /// A group with a choice: choices_[first] to [last].
    struct open_group {
        std::uint32_t first;
        std::uint32_t last;
        std::uint32_t low;    ///< its choice among those that gain too little in all
        std::uint32_t high;   ///< its choice among those that gain enough in all
        std::uint32_t tried;  ///< its choice at the price that is tried
        std::int64_t worth;   ///< of that choice, at that price
    };
    /// An entry of the merged front, with the way back.
    struct entry_of_front {
        std::int64_t gain;
        std::uint64_t cost;
        std::uint32_t changes;
        std::uint32_t previous;
        std::uint32_t choice;
    };
    static constexpr std::uint32_t no_move = 0xFFFFFFFFU;
    /// A price is in 1024ths of an effort a point, so that sums of prices stay whole.
    static constexpr std::int64_t price_scale = 1024;
    /// The largest sums that prices are used with: their products stay far below 2^63. Larger
    /// costs are priced in units of a power of two, rounded down, which keeps every bound a bound.
    static constexpr std::uint64_t most_priced_cost = std::uint64_t{1} << 30;
    static constexpr std::int64_t most_priced_gain = std::int64_t{1} << 20;

    [[nodiscard]] std::size_t first_offer(std::size_t i) const noexcept { return offered_[i]; }
    [[nodiscard]] std::size_t last_offer(std::size_t i) const noexcept { return offered_[i + 1]; }

    /// What each criterion offers, whatever the target.
    void list_options(const circumstances& given, const Effort& effort) {
        constexpr std::size_t usual_options = 6;
        offers_.reserve(card_.size() * usual_options);
        offered_.reserve(card_.size() + 1);
        answers_.reserve(card_.size() * scores_.count());
        const auto n = static_cast<std::int64_t>(scores_.count());
        for (std::size_t i = 0; i < card_.size(); ++i) {
            offered_.push_back(static_cast<std::uint32_t>(offers_.size()));
            const criterion& c = card_.at(i);
            bool stops_at_zero = false;
            for (const ground& g : c.gates)
                stops_at_zero = stops_at_zero || g.decided_by == ground_kind::points;
            const answer first = scores_.sheets.front().sheet->at(i);
            bool alike = true;
            for (const counted_sheet& one : scores_.sheets) {
                const answer own = one.sheet->at(i);
                alike = alike && own == first;
                answers_.push_back(own);
            }
            const auto offer_it = [&](answer to) {
                const std::int32_t value = card_.points_for(i, to.bits()).value();
                if (stops_at_zero && value == 0) return;
                if (alike && to == first) return;  // everyone has it
                const std::uint64_t cost = effort(i, to);
                if (cost > largest_effort) refuse(i, cost);
                offers_.push_back(
                    {to, value, value * n - scores_.sums[i], cost, static_cast<std::uint32_t>(i)});
            };
            if (c.choose == choice::any) {
                for (std::uint32_t bits = 0; bits < std::uint32_t{1} << c.options.size(); ++bits)
                    offer_it(answer::of_bits(bits));
                continue;
            }
            offer_it(answer::none());
            if (c.cases.empty()) {
                for (std::size_t k = 1; k <= card_.option_count(i); ++k)
                    offer_it(answer::option(k));
                continue;
            }
            // Of equal options, one of the case that the first counting member chose comes first.
            const std::string_view only = decided_case(c, given, by_);
            const std::string_view own =
                first.number() == 0 ? std::string_view() : c.options[first.number() - 1].case_key;
            for (const bool of_own_case : {true, false})
                for (std::size_t k = 0; k < c.options.size(); ++k)
                    if ((c.options[k].case_key == own) == of_own_case &&
                        (only.empty() || c.options[k].case_key == only))
                        offer_it(answer::option(k + 1));
        }
        offered_.push_back(static_cast<std::uint32_t>(offers_.size()));
    }

    /// Criteria that are chosen together.
    void list_groups() {
        groups_.reserve(card_.size());
        is_story_.assign(card_.size(), 0);
        if (by_.conditions_bind)
            for (std::size_t i = 0; i < card_.size(); ++i)
                if (const auto condition = card_.condition_of(i)) is_story_[*condition] = 1;
        for (std::size_t i = 0; i < card_.size(); ++i)
            if (!depends(i))  // else it is chosen with its condition
                groups_.push_back(
                    {static_cast<std::uint32_t>(i), is_story_[i] != 0, false, 0, 0, 0});
        needs_.assign(card_.size(), {0, true});
        candidates_.reserve(offers_.size() + card_.size());
    }
    [[nodiscard]] bool depends(std::size_t i) const noexcept {
        return by_.conditions_bind && card_.condition_of(i);
    }
    [[nodiscard]] bool depends_on(std::size_t i, std::size_t story) const noexcept {
        return by_.conditions_bind && card_.condition_of(i) == story;
    }

    /// What \p target asks for, criterion by criterion.
    void read_needs(stars target) {
        needs_.swap(needs_before_);
        needs_.assign(card_.size(), {0, true});
        for (const mark_result& m : marks_) {
            if (!m.binds || !asked_for(m.mark.stars, target, by_)) continue;
            need& here = needs_[m.mark.criterion];
            if (m.mark.needed.value() > here.points) here.points = m.mark.needed.value();
            here.met = here.met && m.reached;
        }
    }
    /// Whether the front of \p g is another than for the target before.
    [[nodiscard]] bool needs_changed(const group& g) const noexcept {
        if (!g.listed || needs_[g.criterion] != needs_before_[g.criterion]) return true;
        if (g.story)
            for (std::size_t d = g.criterion + 1; d < card_.size(); ++d)
                if (depends_on(d, g.criterion) && needs_[d] != needs_before_[d]) return true;
        return false;
    }

    [[nodiscard]] bool everyone_answered(std::size_t i) const noexcept {
        for (std::size_t m = 0; m < scores_.count(); ++m)
            if (!answers_[i * scores_.count() + m].given()) return false;
        return true;
    }

    /// The front of \p g into candidates_.
    void list_candidates(group& g) {
        const std::size_t i = g.criterion;
        g.listed = true;
        g.first = static_cast<std::uint32_t>(candidates_.size());
        add_candidates(i, true, true, candidates_, g.first);
        if (g.story) join_dependents(g);
        g.last = static_cast<std::uint32_t>(candidates_.size());
        g.least_gain = 0;
        if (g.first == g.last) return;
        g.least_gain = candidates_[g.first].gain;  // gains ascend
        for (std::size_t k = g.first; k < g.last; ++k) candidates_[k].gain -= g.least_gain;
    }

    /// Adds the ways to treat the criterion at \p i alone to the front that begins at \p begin.
    void add_candidates(std::size_t i, bool may_keep, bool may_change,
                        std::vector<candidate>& front, std::size_t begin) const {
        if (may_keep && needs_[i].met) add(front, begin, {0, 0, 0, no_move});
        if (!may_change) return;
        for (std::size_t k = first_offer(i); k < last_offer(i); ++k)
            if (offers_[k].value >= needs_[i].points)
                add(front, begin,
                    {offers_[k].gain, offers_[k].cost, 1, static_cast<std::uint32_t>(k)});
    }

    /// Replaces the front of \p g by that of all ways to treat it together with what depends on it.
    void join_dependents(const group& g) {
        bool all_have_points = true;
        for (std::size_t m = 0; m < scores_.count(); ++m)
            all_have_points = all_have_points && scores_.at(m, g.criterion) > 0;
        const auto from = static_cast<std::ptrdiff_t>(g.first);
        const std::vector<candidate> alone(candidates_.begin() + from, candidates_.end());
        candidates_.erase(candidates_.begin() + from, candidates_.end());
        std::vector<candidate> joint;
        std::vector<candidate> own;
        std::vector<candidate> next;
        for (const candidate& first : alone) {
            const bool kept = first.moves == no_move;
            // Leaving out what depends on it gains nothing that keeping it would not.
            if (!kept && offers_[first.moves].value == 0) continue;
            joint.assign(1, first);
            for (std::size_t d = g.criterion + 1; d < card_.size(); ++d) {
                if (!depends_on(d, g.criterion)) continue;
                own.clear();
                next.clear();
                add_candidates(d, kept || everyone_answered(d), !kept || all_have_points, own, 0);
                for (const candidate& more : own)
                    for (const candidate& base : joint)
                        add(next, 0,
                            {base.gain + more.gain, base.cost + more.cost,
                             base.changes + more.changes, both(base.moves, more.moves)});
                joint.swap(next);
            }
            for (const candidate& c : joint) add(candidates_, g.first, c);
        }
    }
    [[nodiscard]] std::uint32_t both(std::uint32_t base, std::uint32_t more) {
        if (base == no_move) return more;
        if (more == no_move) return base;
        joint_.push_back({base, more});
        return static_cast<std::uint32_t>(offers_.size() + joint_.size() - 1);
    }

    /// Adds \p one to the front from \p begin on, which stays ascending in cost and strictly
    /// ascending in gain; of equals the first stays.
    static void add(std::vector<candidate>& front, std::size_t begin, const candidate& one) {
        std::size_t at = begin;
        while (at < front.size() && front[at].cheaper_than(one)) ++at;
        if (at > begin && front[at - 1].gain >= one.gain) return;
        if (at < front.size() && !one.cheaper_than(front[at]) && front[at].gain >= one.gain) return;
        std::size_t beaten = at;
        while (beaten < front.size() && front[beaten].gain <= one.gain) ++beaten;
        if (beaten == at) {
            front.push_back(one);
            for (std::size_t k = front.size() - 1; k > at; --k) front[k] = front[k - 1];
            front[at] = one;
        } else {
            front[at] = one;
            while (beaten < front.size()) front[++at] = front[beaten++];
            while (front.size() > at + 1) front.pop_back();
        }
    }

    /// Takes the groups with a choice into open_, in order; the others are settled. False if not
    /// even all the best options gain \p wanted.
    [[nodiscard]] bool open_groups(std::int64_t wanted) {
        open_.clear();
        choices_.clear();
        chosen_.assign(card_.size(), no_move);
        settled_cost_ = 0;
        std::int64_t most = 0;
        for (const group& g : groups_) {
            if (g.last - g.first == 1) {
                settle(candidates_[g.first]);
                continue;
            }
            const auto first = static_cast<std::uint32_t>(choices_.size());
            for (std::size_t k = g.first; k < g.last; ++k) choices_.push_back(candidates_[k]);
            const auto last = static_cast<std::uint32_t>(choices_.size());
            open_.push_back({first, last, first, last - 1, first, 0});
            most += choices_.back().gain;
        }
        return most >= wanted;
    }
    void settle(const candidate& c) {
        settled_cost_ += c.cost;
        choose(c.moves);
    }
    void choose(std::uint32_t moves) noexcept {
        while (moves != no_move && moves >= offers_.size()) {
            const joint_moves& j = joint_[moves - offers_.size()];
            chosen_[offers_[j.more].criterion] = j.more;
            moves = j.base;
        }
        if (moves != no_move) chosen_[offers_[moves].criterion] = moves;
    }

    /// What a gain for a cost is worth at the price.
    [[nodiscard]] std::int64_t worth(std::int64_t gain, std::uint64_t cost) const noexcept {
        return price_ * gain - priced(cost);
    }
    [[nodiscard]] std::int64_t priced(std::uint64_t cost) const noexcept {
        return price_scale * static_cast<std::int64_t>(cost >> coarse_);
    }

    /// Finds a price a point, a way at it, and how much less than the best each choice may be worth
    /// (slack_) to be part of a way as cheap; drops the choices that are worth less.
    void set_bound(std::int64_t wanted) {
        price_ = 0;
        coarse_ = 0;
        slack_ = std::int64_t{1} << 62;  // no bound
        std::int64_t low_gain = 0;
        std::int64_t high_gain = 0;
        std::uint64_t low_cost = 0;
        std::uint64_t high_cost = 0;
        for (const open_group& g : open_) {
            low_cost += choices_[g.low].cost;
            high_gain += choices_[g.high].gain;
            high_cost += choices_[g.high].cost;
        }
        if (wanted == 0 || high_gain > most_priced_gain) return;
        while (high_cost >> coarse_ > most_priced_cost) ++coarse_;
        // Two ways close in on the wanted gain from below and above: the chord's slope is a price,
        // and what is worth most at that price lies between them, or the price is the best.
        constexpr int most_prices = 20;
        std::int64_t best = 0;
        for (int tries = 0; tries < most_prices; ++tries) {
            // Rounding costs down may put the dearer way first: no price then.
            price_ =
                high_cost > low_cost ? priced(high_cost - low_cost) / (high_gain - low_gain) : 0;
            std::int64_t gain = 0;
            std::uint64_t cost = 0;
            best = 0;
            for (open_group& g : open_) {
                g.tried = g.first;
                g.worth = worth(choices_[g.first].gain, choices_[g.first].cost);
                for (std::uint32_t k = g.first + 1; k < g.last; ++k) {
                    const std::int64_t one = worth(choices_[k].gain, choices_[k].cost);
                    if (one <= g.worth) continue;
                    g.tried = k;
                    g.worth = one;
                }
                gain += choices_[g.tried].gain;
                cost += choices_[g.tried].cost;
                best += g.worth;
            }
            if (gain == low_gain || gain == high_gain) break;
            const bool enough = gain >= wanted;
            (enough ? high_gain : low_gain) = gain;
            (enough ? high_cost : low_cost) = cost;
            for (open_group& g : open_) (enough ? g.high : g.low) = g.tried;
        }
        const std::uint64_t known = known_cost(wanted, low_gain, low_cost, high_cost);
        slack_ = best - worth(wanted, known);
        std::uint32_t kept = 0;
        for (open_group& g : open_) {
            const std::uint32_t first = kept;
            for (std::uint32_t k = g.first; k < g.last; ++k)
                if (g.worth - worth(choices_[k].gain, choices_[k].cost) <= slack_)
                    choices_[kept++] = choices_[k];
            g.first = first;
            g.last = kept;
        }
    }

    /// The cost of a good way: from the low choices group by group to the high ones, or one other
    /// change, until the gain is \p wanted.
    [[nodiscard]] std::uint64_t known_cost(std::int64_t wanted, std::int64_t gain,
                                           std::uint64_t cost, std::uint64_t known) const noexcept {
        for (const open_group& g : open_) {
            const candidate& low = choices_[g.low];
            for (std::uint32_t k = g.low + 1; k < g.last; ++k) {
                if (gain + choices_[k].gain - low.gain < wanted) continue;
                const std::uint64_t made = cost + choices_[k].cost - low.cost;
                if (made < known) known = made;
                break;  // those behind cost more
            }
            gain += choices_[g.high].gain - low.gain;
            cost += choices_[g.high].cost - low.cost;
        }
        return known;
    }

    /// Merges the fronts of the open groups; the cheapest entry that gains \p wanted is the way.
    /// Its changes go to chosen_; returns its cost.
    [[nodiscard]] std::uint64_t merge(std::int64_t wanted) {
        front_.assign(1, {0, 0, 0, 0, 0});
        std::size_t begin = 0;
        std::int64_t allowed = slack_;
        for (const open_group& g : open_) {
            if (g.last - g.first == 1) {
                wanted -= choices_[g.first].gain;
                settle(choices_[g.first]);
                continue;
            }
            allowed -= g.worth;
            const std::size_t end = end_of_front(begin, wanted);
            const std::size_t made_from = front_.size();
            cursors_.assign(g.last - g.first, begin);
            bool first = true;
            std::int64_t best = 0;
            while (first || best < wanted) {
                // The cheapest next entry over all choices of the group.
                bool found = false;
                entry_of_front next{};
                for (std::uint32_t k = g.first; k < g.last; ++k) {
                    const candidate& more = choices_[k];
                    std::size_t& at = cursors_[k - g.first];
                    if (!first)
                        while (at < end && capped(front_[at].gain + more.gain, wanted) <= best)
                            ++at;
                    if (at == end) continue;
                    const entry_of_front& base = front_[at];
                    const entry_of_front made{capped(base.gain + more.gain, wanted),
                                              base.cost + more.cost, base.changes + more.changes,
                                              static_cast<std::uint32_t>(at), k};
                    if (!found || before(made, next)) next = made;
                    found = true;
                }
                if (!found) break;
                first = false;
                best = next.gain;
                if (worth(next.gain, next.cost) + allowed >= 0) front_.push_back(next);
            }
            begin = made_from;
        }
        std::size_t at = end_of_front(begin, wanted) - 1;
        const std::uint64_t cost = front_[at].cost + settled_cost_;
        for (; at != 0; at = front_[at].previous) choose(choices_[front_[at].choice].moves);
        return cost;
    }
    /// Behind the first entry from \p begin on that gains \p wanted: more gain is of no use.
    [[nodiscard]] std::size_t end_of_front(std::size_t begin, std::int64_t wanted) const noexcept {
        std::size_t at = begin;
        while (at < front_.size() && front_[at].gain < wanted) ++at;
        return at < front_.size() ? at + 1 : at;
    }

    [[nodiscard]] static std::int64_t capped(std::int64_t gain, std::int64_t wanted) noexcept {
        return gain < wanted ? gain : wanted;
    }
    [[nodiscard]] static bool before(const entry_of_front& a, const entry_of_front& b) noexcept {
        if (a.cost != b.cost) return a.cost < b.cost;
        if (a.changes != b.changes) return a.changes < b.changes;
        return a.gain > b.gain;
    }

    /// Tells the chosen changes, in printed order.
    void collect(way_up& way) {
        std::size_t count = 0;
        for (const std::uint32_t chosen : chosen_)
            if (chosen != no_move) ++count;
        ask_no_more_than_needed();
        way.changes.reserve(count);
        for (const std::uint32_t chosen : chosen_) {
            if (chosen == no_move) continue;
            const offer& o = offers_[chosen];
            change& step = way.changes.emplace_back();
            step.criterion = o.criterion;
            step.to = o.to;
            const auto from =
                answers_.begin() + static_cast<std::ptrdiff_t>(o.criterion * scores_.count());
            step.from.assign(from, from + static_cast<std::ptrdiff_t>(scores_.count()));
        }
    }

    /// Among equally cheap answers a change takes the one with the fewest points that still
    /// reaches the target: what is asked of a producer should not be more than the star needs.
    void ask_no_more_than_needed() {
        std::int64_t spare = -missing_;
        for (const std::uint32_t chosen : chosen_)
            if (chosen != no_move) spare += offers_[chosen].gain;
        for (std::size_t i = 0; i < chosen_.size(); ++i) {
            if (chosen_[i] == no_move) continue;
            const offer& now = offers_[chosen_[i]];
            std::uint32_t best = no_move;
            for (std::size_t k = first_offer(i); k < last_offer(i); ++k) {
                const offer& o = offers_[k];
                if (o.cost > now.cost || o.value >= now.value) continue;
                if ((is_story_[i] != 0 && o.value == 0) || o.value < needs_[i].points) continue;
                if (now.gain - o.gain > spare) continue;
                if (best == no_move || o.value < offers_[best].value)
                    best = static_cast<std::uint32_t>(k);
            }
            if (best == no_move) continue;
            spare -= now.gain - offers_[best].gain;
            chosen_[i] = best;
        }
    }

    [[noreturn]] void refuse(std::size_t i, std::uint64_t cost) const {
        const std::string value = std::to_string(cost);
        problem p =
            make_problem(problem_code::bad_number, "", value,
                         detail::told("công sức {0} ở tiêu chí {1} quá lớn: nhiều nhất {2}",
                                      "the effort {0} at criterion {1} is too large: at most {2}",
                                      {value, card_.at(i).code, std::to_string(largest_effort)}));
        p.where.criterion = card_.at(i).code;
        throw error(std::move(p));
    }

    const regulation& under_;
    const scorecard& card_;
    const council_scores& scores_;
    const std::vector<mark_result>& marks_;
    const readings& by_;
    std::vector<answer> answers_;         ///< the members' answers, criterion after criterion
    std::vector<offer> offers_;           ///< criterion after criterion
    std::vector<std::uint32_t> offered_;  ///< where those of each criterion begin
    std::vector<std::uint8_t> is_story_;  ///< by criterion: others depend on it
    std::vector<group> groups_;
    std::vector<candidate> candidates_;
    std::vector<joint_moves> joint_;
    // Of the target:
    std::int64_t missing_ = 0;  ///< points × sheets to its band; negative: to spare
    std::vector<need> needs_;
    std::vector<need> needs_before_;  ///< of the target before
    std::vector<open_group> open_;
    std::vector<candidate> choices_;
    std::vector<std::uint32_t> chosen_;  ///< by criterion: an offer, or no_move
    std::uint64_t settled_cost_ = 0;
    std::int64_t price_ = 0;
    unsigned coarse_ = 0;  ///< costs are priced in units of 2^coarse_
    std::int64_t slack_ = 0;
    std::vector<entry_of_front> front_;
    std::vector<std::size_t> cursors_;
};

/// The spread of the council's totals once \p way is gone, and whether it would block.
inline void tell_spread(const scorecard& card, const council_scores& scores,
                        const std::optional<points>& limit, spread_comparison blocks_at,
                        way_up& way) {
    std::int32_t moved = 0;
    for (const change& c : way.changes) moved += card.points_for(c.criterion, c.to.bits()).value();
    std::int32_t low = 0;
    std::int32_t high = 0;
    for (std::size_t m = 0; m < scores.count(); ++m) {
        std::int32_t total = scores.sheets[m].total.value() + moved;
        for (const change& c : way.changes) total -= scores.at(m, c.criterion);
        if (m == 0 || total < low) low = total;
        if (m == 0 || total > high) high = total;
    }
    way.spread_after = points{high - low};
    way.spread_blocks = scores.count() > 1 && limit && blocks(way.spread_after, *limit, blocks_at);
}

/// The cheapest ways to each star above \p now.
template <class Effort>
[[nodiscard]] std::vector<way_up> find_ways(const regulation& under, const scorecard& card,
                                            const council& sitting, const council_scores& scores,
                                            const std::vector<mark_result>& marks, stars now,
                                            const circumstances& given, const readings& by,
                                            const Effort& effort) {
    std::vector<way_up> ways;
    if (now.value() == stars::highest) return ways;
    way_finder<Effort> finder(under, card, scores, marks, given, by, effort);
    const auto limit = spread_limit(under, sitting, given);
    ways.reserve(static_cast<std::size_t>(stars::highest - now.value()));
    for (int target = now.value() + 1; target <= stars::highest; ++target) {
        ways.push_back(finder.find(stars(target)));
        if (ways.back().reachable)
            tell_spread(card, scores, limit, sitting.spread.blocks, ways.back());
    }
    // Where lower marks do not bind higher stars, a higher star may be the cheaper way to a lower.
    for (std::size_t k = ways.size(); k-- > 1;) {
        const way_up& higher = ways[k];
        way_up& lower = ways[k - 1];
        if (!higher.reachable || (lower.reachable && lower.effort <= higher.effort)) continue;
        way_up instead(higher);
        instead.stars = lower.stars;
        instead.missing = lower.missing;
        lower = std::move(instead);
    }
    return ways;
}

}  // namespace detail
}  // namespace ocop
