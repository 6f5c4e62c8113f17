/// \file improve.hpp
/// The cheapest way to a higher star: which options to move to, exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
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
/// A criterion that others depend on (the story) is chosen together with them: moving from no
/// story to one makes each dependent criterion an unanswered one, which must then be answered too.
template <class Effort>
class way_finder {
public:
    way_finder(const regulation& under, const scorecard& card, const council_scores& scores,
               const std::vector<mark_result>& marks, const circumstances& given,
               const readings& by, const Effort& effort)
        : under_(under),
          card_(card),
          scores_(scores),
          marks_(marks),
          given_(given),
          by_(by),
          effort_(effort) {
        list_options();
    }

    /// The cheapest way to exactly the marks and the band of \p target.
    [[nodiscard]] way_up find(stars target) {
        way_up way;
        way.stars = target;
        const auto n = static_cast<std::int64_t>(scores_.count());
        const std::int64_t least =
            least_sum(under_.document().bands, target, scores_.count(), by_.gap);
        way.missing = mean_points(least > scores_.total ? least - scores_.total : 0, n);

        groups_.clear();
        std::int64_t wanted = least - scores_.total;
        for (std::size_t i = 0; i < card_.size(); ++i) {
            if (by_.conditions_bind && card_.condition_of(i))
                continue;  // chosen with its condition
            std::vector<candidate> group = candidates_with_dependents(i, target);
            if (group.empty()) return way;  // a mark that no option can reach
            // Gains are counted from the group's least, so that a gain is never negative.
            std::int64_t least_gain = group.front().gain;
            for (const candidate& c : group)
                if (c.gain < least_gain) least_gain = c.gain;
            for (candidate& c : group) c.gain -= least_gain;
            wanted -= least_gain;
            groups_.push_back(std::move(group));
        }
        merge(wanted > 0 ? wanted : 0, target, way);
        return way;
    }

private:
    /// One criterion moved to one answer.
    struct move {
        std::size_t criterion;
        answer to;
    };
    /// One way to treat a group of criteria.
    struct candidate {
        std::int64_t gain = 0;
        std::uint64_t cost = 0;
        std::uint32_t changes = 0;
        std::vector<move> moves;

        [[nodiscard]] bool cheaper_than(const candidate& other) const noexcept {
            return cost != other.cost ? cost < other.cost : changes < other.changes;
        }
    };
    /// An answer that every member may move to.
    struct offer {
        answer to;
        points value;
        std::uint64_t cost;
    };
    /// An entry of the merged front, with the way back.
    struct entry_of_front {
        std::int64_t gain;
        std::uint64_t cost;
        std::uint32_t changes;
        std::uint32_t previous;
        std::uint32_t choice;
    };

    /// What each criterion offers, whatever the target.
    void list_options() {
        offers_.resize(card_.size());
        dependents_.resize(card_.size());
        for (std::size_t i = 0; i < card_.size(); ++i) {
            if (by_.conditions_bind)
                if (const auto condition = card_.condition_of(i))
                    dependents_[*condition].push_back(i);
            const criterion& c = card_.at(i);
            const std::string_view only = decided_case(c, given_, by_);
            bool stops_at_zero = false;
            for (const ground& g : c.gates)
                stops_at_zero = stops_at_zero || g.decided_by == ground_kind::points;
            const auto offer_it = [&](answer to) {
                const points value = card_.points_for(i, to.bits());
                if (stops_at_zero && value == points{0}) return;
                if (everyone_has(i, to)) return;
                const std::uint64_t cost = effort_(i, to);
                if (cost > largest_effort) refuse(i, cost);
                offers_[i].push_back({to, value, cost});
            };
            if (c.choose == choice::any) {
                for (std::uint32_t bits = 0; bits < std::uint32_t{1} << c.options.size(); ++bits)
                    offer_it(answer::of_bits(bits));
                continue;
            }
            offer_it(answer::none());
            // Of equal options, one of the case that the members chose comes first.
            const std::string_view own = chosen_case(i);
            for (const bool of_own_case : {true, false})
                for (std::size_t k = 0; k < c.options.size(); ++k)
                    if ((c.options[k].case_key == own) == of_own_case &&
                        (only.empty() || c.options[k].case_key == only))
                        offer_it(answer::option(k + 1));
        }
    }

    /// The case of the first counting member's option at \p i; empty where it has none.
    [[nodiscard]] std::string_view chosen_case(std::size_t i) const noexcept {
        const std::size_t number = scores_.sheets.front().sheet->at(i).number();
        if (number == 0 || card_.at(i).cases.empty()) return {};
        return card_.at(i).options[number - 1].case_key;
    }

    [[nodiscard]] bool everyone_has(std::size_t i, answer to) const noexcept {
        for (const counted_sheet& one : scores_.sheets)
            if (one.sheet->at(i) != to) return false;
        return true;
    }
    [[nodiscard]] bool everyone_answered(std::size_t i) const noexcept {
        for (const counted_sheet& one : scores_.sheets)
            if (!one.sheet->at(i).given()) return false;
        return true;
    }

    /// Whether moving everybody to \p value points reaches the marks that \p target asks for.
    [[nodiscard]] bool good_enough(std::size_t i, points value, stars target) const noexcept {
        for (const mark_result& m : marks_)
            if (m.mark.criterion == i && m.binds && asked_for(m.mark.stars, target, by_) &&
                value < m.mark.needed)
                return false;
        return true;
    }
    /// Whether what the members chose at \p i reaches them.
    [[nodiscard]] bool good_as_it_is(std::size_t i, stars target) const noexcept {
        for (const mark_result& m : marks_)
            if (m.mark.criterion == i && m.binds && !m.reached &&
                asked_for(m.mark.stars, target, by_))
                return false;
        return true;
    }

    [[nodiscard]] std::int64_t gain(std::size_t i, points value) const noexcept {
        return static_cast<std::int64_t>(value.value()) *
                   static_cast<std::int64_t>(scores_.count()) -
               scores_.sums[i];
    }

    /// Ways to treat the criterion at \p i alone.
    [[nodiscard]] std::vector<candidate> candidates(std::size_t i, stars target, bool may_keep,
                                                    bool may_change) const {
        std::vector<candidate> list;
        if (may_keep && good_as_it_is(i, target)) add(list, {});
        if (may_change)
            for (const offer& o : offers_[i])
                if (good_enough(i, o.value, target))
                    add(list, {gain(i, o.value), o.cost, 1, {{i, o.to}}});
        return list;
    }

    /// Ways to treat the criterion at \p i together with those that depend on it.
    [[nodiscard]] std::vector<candidate> candidates_with_dependents(std::size_t i,
                                                                    stars target) const {
        if (dependents_[i].empty()) return candidates(i, target, true, true);
        bool all_have_points = true;
        for (std::size_t m = 0; m < scores_.count(); ++m)
            all_have_points = all_have_points && scores_.at(m, i) > 0;
        std::vector<candidate> all;
        for (candidate& first : candidates(i, target, true, true)) {
            const bool kept = first.moves.empty();
            // Leaving out what depends on it gains nothing that keeping it would not.
            if (!kept && card_.points_for(i, first.moves[0].to.bits()) == points{0}) continue;
            std::vector<candidate> joint{std::move(first)};
            for (std::size_t d : dependents_[i]) {
                const bool may_keep = kept || everyone_answered(d);
                const bool may_change = !kept || all_have_points;
                std::vector<candidate> next;
                for (const candidate& own : candidates(d, target, may_keep, may_change))
                    for (const candidate& base : joint) {
                        candidate both = base;
                        both.gain += own.gain;
                        both.cost += own.cost;
                        both.changes += own.changes;
                        both.moves.insert(both.moves.end(), own.moves.begin(), own.moves.end());
                        add(next, std::move(both));
                    }
                joint = std::move(next);
            }
            for (candidate& c : joint) add(all, std::move(c));
        }
        return all;
    }

    /// Adds \p one to \p front, which stays ascending in cost and strictly ascending in gain; of
    /// equals the first stays.
    static void add(std::vector<candidate>& front, candidate one) {
        std::size_t at = 0;
        while (at < front.size() && front[at].cheaper_than(one)) ++at;
        if (at > 0 && front[at - 1].gain >= one.gain) return;
        if (at < front.size() && !one.cheaper_than(front[at]) && front[at].gain >= one.gain) return;
        std::size_t beaten = at;
        while (beaten < front.size() && front[beaten].gain <= one.gain) ++beaten;
        if (beaten == at) {
            front.insert(front.begin() + static_cast<std::ptrdiff_t>(at), std::move(one));
        } else {
            front[at] = std::move(one);
            front.erase(front.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                        front.begin() + static_cast<std::ptrdiff_t>(beaten));
        }
    }

    /// Merges the groups' fronts; the cheapest entry that gains \p wanted is the way.
    void merge(std::int64_t wanted, stars target, way_up& way) {
        front_.assign(1, entry_of_front{0, 0, 0, 0, 0});
        std::size_t begin = 0;
        for (const std::vector<candidate>& group : groups_) {
            const std::size_t end = front_.size();
            cursors_.assign(group.size(), begin);
            std::int64_t best = -1;
            while (best < wanted) {
                // The cheapest next entry over all candidates of the group.
                std::size_t chosen = group.size();
                entry_of_front next{};
                for (std::size_t k = 0; k < group.size(); ++k) {
                    std::size_t& at = cursors_[k];
                    while (at < end && capped(front_[at].gain + group[k].gain, wanted) <= best)
                        ++at;
                    if (at == end) continue;
                    const entry_of_front& base = front_[at];
                    const entry_of_front made{
                        capped(base.gain + group[k].gain, wanted), base.cost + group[k].cost,
                        base.changes + group[k].changes, static_cast<std::uint32_t>(at),
                        static_cast<std::uint32_t>(k)};
                    if (chosen == group.size() || before(made, next)) {
                        chosen = k;
                        next = made;
                    }
                }
                if (chosen == group.size()) break;
                best = next.gain;
                front_.push_back(next);
            }
            begin = end;
        }
        const entry_of_front& last = front_.back();
        if (last.gain < wanted) return;  // not even all the best options reach it
        way.reachable = true;
        way.effort = last.cost;
        std::vector<move> moves;
        std::size_t at = front_.size() - 1;
        for (std::size_t g = groups_.size(); g-- > 0;) {
            const auto& own = groups_[g][front_[at].choice].moves;
            moves.insert(moves.end(), own.begin(), own.end());
            at = front_[at].previous;
        }
        // Into printed order: groups come so, save for criteria tied to a story further up.
        for (std::size_t k = 1; k < moves.size(); ++k)
            for (std::size_t b = k; b > 0 && moves[b].criterion < moves[b - 1].criterion; --b)
                std::swap(moves[b], moves[b - 1]);
        ask_no_more_than_needed(moves, target);
        for (const move& m : moves) {
            change step{m.criterion, {}, m.to};
            for (const counted_sheet& one : scores_.sheets)
                step.from.push_back(one.sheet->at(m.criterion));
            way.changes.push_back(std::move(step));
        }
    }

    [[nodiscard]] static std::int64_t capped(std::int64_t gain, std::int64_t wanted) noexcept {
        return gain < wanted ? gain : wanted;
    }
    [[nodiscard]] static bool before(const entry_of_front& a, const entry_of_front& b) noexcept {
        if (a.cost != b.cost) return a.cost < b.cost;
        if (a.changes != b.changes) return a.changes < b.changes;
        return a.gain > b.gain;
    }

    /// Among equally cheap answers a change takes the one with the fewest points that still
    /// reaches the target: what is asked of a producer should not be more than the star needs.
    void ask_no_more_than_needed(std::vector<move>& moves, stars target) const {
        const std::int64_t least =
            least_sum(under_.document().bands, target, scores_.count(), by_.gap);
        std::int64_t spare = scores_.total - least;
        for (const move& m : moves)
            spare += gain(m.criterion, card_.points_for(m.criterion, m.to.bits()));
        for (move& m : moves) {
            const points now = card_.points_for(m.criterion, m.to.bits());
            const offer* best = nullptr;
            std::uint64_t cost = 0;
            for (const offer& o : offers_[m.criterion])
                if (o.to == m.to) cost = o.cost;
            for (const offer& o : offers_[m.criterion]) {
                const bool story = !dependents_[m.criterion].empty();
                if (o.cost > cost || o.value >= now || (story && o.value == points{0})) continue;
                if (!good_enough(m.criterion, o.value, target)) continue;
                if (gain(m.criterion, now) - gain(m.criterion, o.value) > spare) continue;
                if (best == nullptr || o.value < best->value) best = &o;
            }
            if (best == nullptr) continue;
            spare -= gain(m.criterion, now) - gain(m.criterion, best->value);
            m.to = best->to;
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
    const circumstances& given_;
    const readings& by_;
    const Effort& effort_;
    std::vector<std::vector<offer>> offers_;
    std::vector<std::vector<std::size_t>> dependents_;
    std::vector<std::vector<candidate>> groups_;
    std::vector<entry_of_front> front_;
    std::vector<std::size_t> cursors_;
};

/// The spread of the council's totals once \p way is gone, and whether it would block.
inline void tell_spread(const scorecard& card, const council_scores& scores,
                        const std::optional<points>& limit, spread_comparison blocks_at,
                        way_up& way) {
    std::optional<points> low;
    std::optional<points> high;
    for (std::size_t m = 0; m < scores.count(); ++m) {
        points total = scores.sheets[m].total;
        for (const change& c : way.changes)
            total += card.points_for(c.criterion, c.to.bits()) - points{scores.at(m, c.criterion)};
        if (!low || total < *low) low = total;
        if (!high || total > *high) high = total;
    }
    way.spread_after = *high - *low;
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
