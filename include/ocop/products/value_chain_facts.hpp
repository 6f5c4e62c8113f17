/// \file value_chain_facts.hpp
/// What a value chain says in the terms that scorecards ask in, with what is not known kept as bounds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/share.hpp"
#include "ocop/communes/gazetteer.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/producers/producer.hpp"
#include "ocop/products/value_chain.hpp"

namespace ocop {

/// A share known to lie between two ends: hundredths of a percent, each over \ref count. Exact for
/// shares of people too (2 of 3 workers: 20000/3).
struct share_bounds {
    std::int64_t low = 0;
    std::int64_t high = share::whole;
    std::int64_t count = 1;

    /// Whether the share is known.
    [[nodiscard]] constexpr bool exact() const noexcept { return low == high; }
    friend bool operator==(const share_bounds&, const share_bounds&) = default;
};

/// \p bounds in percent with two decimals, rounded half up: "66.67", "20.00–80.00".
[[nodiscard]] inline std::string to_string(const share_bounds& bounds) {
    const auto two = [&bounds](std::int64_t value) {
        const std::int64_t rounded = (2 * value + bounds.count) / (2 * bounds.count);
        return std::to_string(rounded / 100) + '.' + static_cast<char>('0' + rounded / 10 % 10) +
               static_cast<char>('0' + rounded % 10);
    };
    return bounds.exact() ? two(bounds.low) : two(bounds.low) + "–" + two(bounds.high);
}

/// The part of a side's volume that is bound by a contract of some term.
struct contract_part {
    linkage_side side = linkage_side::output;
    share of_volume;
    std::optional<std::uint32_t> months;  ///< nothing: the term is not told

    friend bool operator==(const contract_part&, const contract_part&) = default;
};

/// The facts of a value chain and its producer.
struct value_chain_facts {
    share_bounds commune_share = {};   ///< of material from the product's commune
    share_bounds province_share = {};  ///< of material from its province
    /// Certificates that the material areas may have, all of them alike: exactly one where it is known.
    std::array<bool, names<area_certificate>::all.size()> certificates = {true, true, true};
    std::optional<std::vector<contract_part>> contracts = {};  ///< in force; nothing: not told
    share_bounds commune_labour = {};
    share_bounds district_labour = {};
    share_bounds province_labour = {};
    share_bounds local_labour = {};  ///< where a label says "local" alone: from commune to province
    std::optional<bool> income_at_norm = {};
    /// Kinds that the producer may be: exactly one where it is known.
    std::array<bool, names<producer_kind>::all.size()> kinds = {};
    std::optional<bool> business_registered = {};
    share_bounds community_capital = {};

    /// The share of \p side under contracts of at least \p months; 0: of any term.
    [[nodiscard]] share_bounds contract_share(linkage_side side, std::uint32_t months = 0) const {
        if (!contracts) return {};
        share_bounds sum{0, 0, 1};
        for (const contract_part& part : *contracts) {
            if (part.side != side) continue;
            const std::int64_t hundredths = part.of_volume.hundredths();
            if (months == 0 || (part.months && *part.months >= months)) sum.low += hundredths;
            if (months == 0 || !part.months || *part.months >= months) sum.high += hundredths;
        }
        return sum;
    }

    friend bool operator==(const value_chain_facts&, const value_chain_facts&) = default;
};

namespace detail {

enum class lies : std::uint8_t { inside, outside, maybe };

/// Whether \p area lies in the province and in the commune of \p place.
struct area_position {
    lies in_province = lies::maybe;
    lies in_commune = lies::maybe;
};

[[nodiscard]] inline lies same_province(const unit_ref& area, const unit_ref& place,
                                        const gazetteer& units) {
    // Within one side of July 2025 the same code is the same province.
    if (has_level(area.in, unit_level::district) == has_level(place.in, unit_level::district)) {
        const unit* one = units.chain(area).province;
        const unit* other = units.chain(place).province;
        if (one == nullptr || other == nullptr) return lies::maybe;
        return one->code == other->code ? lies::inside : lies::outside;
    }
    const unit_today one = units.today(area);
    const unit_today other = units.today(place);
    if (!one.province.unit || !other.province.unit) return lies::maybe;
    if (one.province.unit->code != other.province.unit->code) return lies::outside;
    // A province of today may hold several of then: an area told in today's terms may lie in another.
    return place.in < area.in ? lies::maybe : lies::inside;
}

[[nodiscard]] inline area_position position_of(const unit_ref& area, const unit_ref& place,
                                               const gazetteer& units) {
    area_position made;
    made.in_province = same_province(area, place, units);
    if (made.in_province == lies::outside) {
        made.in_commune = lies::outside;
        return made;
    }
    const unit_chain at = units.chain(place);
    const unit_chain of = units.chain(area);
    if (at.commune == nullptr || of.province == nullptr) return made;
    if (area.in == place.in) {
        if (of.commune != nullptr)
            made.in_commune = of.commune->code == at.commune->code ? lies::inside : lies::outside;
        else if (of.district != nullptr && of.district->code != at.commune->parent)
            made.in_commune = lies::outside;
        return made;
    }
    if (of.commune == nullptr) return made;
    const bool older_area = area.in < place.in;
    const unit_successor later =
        older_area ? units.successor(area, place.in) : units.successor(place, area.in);
    if (!later.unit) return made;
    const bool equal = later.unit->code == (older_area ? place.code : area.code);
    // A commune of then lies in the one that took it over (of a split one, its main part); one of
    // today may reach beyond a commune of then.
    if (!equal)
        made.in_commune = later.how == succession::main_successor ? lies::maybe : lies::outside;
    else if (older_area)
        made.in_commune = lies::inside;
    return made;
}

/// Whole months from \p from to the end of \p until.
[[nodiscard]] inline std::optional<std::uint32_t> months_of(const linkage& l) {
    if (l.term_months) return l.term_months;
    if (!l.from || !l.until) return std::nullopt;
    const auto begin = l.from->year_month_day();
    // The last day of the calendar, written for "no end", has no day after it.
    const auto end = add_days(*l.until, 1).value_or(*l.until).year_month_day();
    const int months = (static_cast<int>(end.year) - static_cast<int>(begin.year)) * 12 +
                       end.month.as_number() - begin.month.as_number() -
                       (end.day.as_number() < begin.day.as_number() ? 1 : 0);
    return months < 0 ? 0U : static_cast<std::uint32_t>(months);
}

[[nodiscard]] inline share_bounds labour_share(const std::optional<std::uint32_t>& part,
                                               const std::optional<std::uint32_t>& workers) {
    if (!part || !workers || *workers == 0) return {};
    const std::int64_t value = std::int64_t{*part} * share::whole;
    return {value, value, *workers};
}

}  // namespace detail

/// The facts of \p chain for a product made at \p place (its commune; nothing or a larger unit leaves
/// the shares of the commune open) by \p who, on \p day. Contracts count that are in force on \p day;
/// one without a first or last day is taken to be. The term of a contract is what it says, else its whole
/// months. Nothing, and every problem, where validate() finds errors in \p chain or contracts in force
/// together bind more than the whole (610). Linear.
[[nodiscard]] inline std::optional<value_chain_facts> try_facts_of(
    const value_chain& chain, const std::optional<unit_ref>& place, const producer& who,
    const date& day, const gazetteer& units, problems& found, const std::string& pointer = "") {
    problems mine;
    validate(chain, mine, pointer);
    detail::check_day(day, pointer, mine);
    value_chain_facts made;
    if (!has_errors(mine)) {
        std::int64_t listed = 0;
        std::array<std::int64_t, 3> province{};  // by detail::lies
        std::array<std::int64_t, 3> commune{};
        std::array<bool, names<area_certificate>::all.size()> seen{};
        bool all_told = !chain.areas.empty();
        for (const material_area& area : chain.areas) {
            detail::area_position at;
            if (area.imported) at = {detail::lies::outside, detail::lies::outside};
            if (area.place && place) at = detail::position_of(*area.place, *place, units);
            const std::int64_t volume = area.of_volume.hundredths();
            listed += volume;
            province[static_cast<std::size_t>(at.in_province)] += volume;
            commune[static_cast<std::size_t>(at.in_commune)] += volume;
            if (area.certificate)
                seen[static_cast<std::size_t>(*area.certificate)] = true;
            else
                all_told = false;
        }
        const auto bounds = [listed](const std::array<std::int64_t, 3>& sums) {
            const auto of = [&sums](detail::lies where) {
                return sums[static_cast<std::size_t>(where)];
            };
            const std::int64_t sure = of(detail::lies::inside);
            return share_bounds{sure, sure + of(detail::lies::maybe) + share::whole - listed, 1};
        };
        made.commune_share = bounds(commune);
        made.province_share = bounds(province);
        if (all_told && listed == share::whole) made.certificates = seen;
        if (chain.linkages) {
            made.contracts.emplace();
            for (const linkage& l : *chain.linkages)
                if ((!l.from || *l.from <= day) && (!l.until || day <= *l.until))
                    made.contracts->push_back({l.side, l.of_volume, detail::months_of(l)});
            for (const linkage_side side : {linkage_side::output, linkage_side::input})
                if (const share_bounds sum = made.contract_share(side); sum.low > share::whole)
                    mine.push_back(detail::make_problem(
                        problem_code::contradiction, pointer + "/linkages", to_string(sum),
                        detail::told(
                            "các hợp đồng có hiệu lực ngày {0} chiếm {1} %, vượt quá 100 %; hãy "
                            "sửa tỷ lệ hoặc thời hạn",
                            "the contracts in force on {0} bind {1} %, more than the whole; "
                            "correct shares or days",
                            {to_string(day), to_string(sum)})));
        }
    }
    const bool bad = has_errors(mine);
    for (problem& p : mine) found.push_back(std::move(p));
    if (bad) return std::nullopt;

    const labour& work = chain.labour;
    made.commune_labour = detail::labour_share(work.from_commune, work.workers);
    made.district_labour = detail::labour_share(work.from_district, work.workers);
    made.province_labour = detail::labour_share(work.from_province, work.workers);
    if (made.commune_labour.exact() && made.province_labour.exact())
        made.local_labour = {made.commune_labour.low, made.province_labour.low,
                             made.commune_labour.count};
    else if (made.commune_labour.exact())
        made.local_labour = {made.commune_labour.low,
                             std::int64_t{share::whole} * made.commune_labour.count,
                             made.commune_labour.count};
    else if (made.province_labour.exact())
        made.local_labour = {0, made.province_labour.low, made.province_labour.count};
    made.income_at_norm = work.income_at_norm;

    if (!who.kind) {
        made.kinds.fill(true);
    } else if (*who.kind == producer_kind::enterprise) {  // one of the forms, not told which
        for (producer_kind k :
             {producer_kind::single_member_llc, producer_kind::multi_member_llc,
              producer_kind::joint_stock_company, producer_kind::private_enterprise})
            made.kinds[static_cast<std::size_t>(k)] = true;
    } else {
        made.kinds[static_cast<std::size_t>(*who.kind)] = true;
    }
    made.business_registered = who.business_registered;
    if (who.community_capital)
        made.community_capital = {who.community_capital->hundredths(),
                                  who.community_capital->hundredths(), 1};
    return made;
}
/// As try_facts_of(). \throws error with every problem.
[[nodiscard]] inline value_chain_facts facts_of(const value_chain& chain,
                                                const std::optional<unit_ref>& place,
                                                const producer& who, const date& day,
                                                const gazetteer& units) {
    problems found;
    auto made = try_facts_of(chain, place, who, day, units, found);
    if (!made) throw error(std::move(found));
    return *std::move(made);
}

}  // namespace ocop
