#include "registry/registry_data.hpp"

#include <algorithm>
#include <variant>

namespace ocop::detail {
namespace {

static_assert(names<certificate_state>::all.size() + 1 == names<product_state>::all.size());
static_assert([] {
    for (std::size_t i = 0; i < names<certificate_state>::all.size(); ++i)
        if (names<certificate_state>::all[i] != names<product_state>::all[i]) return false;
    return true;
}());

constexpr std::int32_t year_origin = 1900;

/// Entries of a history up to which its states are worked out beforehand.
constexpr std::uint32_t most_worked_out = 48;

/// What is said without a day counts where the dated entries end: nothing was recognised yet, or the
/// last certificate ran out before the claim's year. A withdrawal whose day is not told takes the
/// star of its certificate from its first day on: no star is shown on a day on which it may have
/// been withdrawn already.
/// \p of_another: the claim names the decision of another certificate of the product.
void add_claim(const undated_claim& claim, bool of_another, const date& on, product_reading& now) {
    const certificate_reading& c = now.certificate;
    const bool issued = c.issue != certificate_reading::nowhere;
    const std::uint8_t star =
        claim.stars ? static_cast<std::uint8_t>(claim.stars->value()) : std::uint8_t{0};
    if (claim.kind == certificate_event_kind::withdrawn) {
        if (!issued || of_another) return;
        now.state = product_state::withdrawn;
        now.former = c.star_number;
        now.star = 0;
        return;
    }
    if (claim.kind == certificate_event_kind::transferred ||
        claim.kind == certificate_event_kind::filed ||
        claim.kind == certificate_event_kind::refused)
        return;  // says nothing of a certificate
    if (now.state == product_state::none || now.state == product_state::unknown) {
        now.state = product_state::unknown;
    } else if (now.state == product_state::expired && issues(claim.kind) && claim.year &&
               *claim.year > static_cast<std::int32_t>(c.first_day->year()) &&
               *claim.year <= static_cast<std::int32_t>(on.year())) {
        now.state = product_state::unknown;
    } else {
        return;
    }
    now.claimed = star;
    if (claim.year) now.year = *claim.year;
}

}  // namespace

product_reading registry_data::read(std::uint32_t slot, const date& on) const {
    const std::span<const compact_event> events_of = history(slot);
    const std::span<const std::uint32_t> from = history_from(slot);
    product_reading now;
    now.certificate = read_certificate(events_of, on, rules.certificates);
    const certificate_reading& c = now.certificate;
    now.state = static_cast<product_state>(c.state);
    (in_force(c.state) ? now.star : now.former) = c.star_number;
    constexpr std::uint32_t nowhere = certificate_reading::nowhere;
    if (c.proposal != nowhere) now.claimed = events_of[c.proposal].star_number;
    if (c.holder != nowhere) now.producer = events_of[c.holder].producer;
    const auto entry = [&](std::size_t at) -> const certificate_recorded& {
        return *std::get_if<certificate_recorded>(&log[from[at]].what);
    };
    if (const std::uint32_t at = c.issue != nowhere ? c.issue : c.proposal; at != nowhere)
        now.year = entry(at).year.value_or(static_cast<std::int32_t>(events_of[at].on.year()));
    const std::vector<std::uint32_t>* undated = claims_of(slot);
    if (undated == nullptr) return now;
    for (std::uint32_t at : *undated) {
        const undated_claim& claim = *std::get_if<claim_recorded>(&log[at].what)->is;
        bool of_another = false;
        for (std::size_t i = 0; !claim.decision.empty() && i < events_of.size(); ++i)
            of_another = of_another || (i != c.issue && issues(events_of[i].kind) &&
                                        entry(i).is->decision == claim.decision);
        if (of_another && c.issue != nowhere && entry(c.issue).is->decision == claim.decision)
            of_another = false;
        add_claim(claim, of_another, on, now);
    }
    return now;
}

std::uint32_t registry_data::holder(std::uint32_t slot, const date& on) const {
    if ((flags[slot] & was_transferred) != 0)
        if (const std::uint32_t named = read(slot, on).producer; named != 0) return named - 1;
    return producer_of[slot];
}

registry_data::state_columns registry_data::work_out(std::uint32_t slot) const {
    const std::span<const compact_event> events_of = history(slot);
    std::uint8_t flag = 0;
    for (const compact_event& e : events_of) {
        if (e.kind == certificate_event_kind::withdrawn) flag |= was_withdrawn;
        if (e.producer != 0) flag |= was_transferred;
    }
    state_columns made;
    state_row& row = made.row;
    state_more& rest = made.more;
    const auto clear = [&](bool slow) {
        row.from.fill(state_row::never);
        row.from.back() = slow ? 1 : 0;
        row.code.fill(0);
        rest.last.fill(state_row::never);
        rest.year.fill(0);
    };
    made.flags = flag;
    // Each day is read from the whole history: long ones, which hardly ever fit, are not tried.
    if (history_version(slot) > most_worked_out) {
        clear(true);
        return made;
    }
    std::vector<day_count> days;
    days.reserve(events_of.size() * 6 + 1);
    const auto add = [&days](const std::optional<date>& day, day_count after) {
        if (day) days.push_back(count_of(*day) + after);
    };
    for (const compact_event& e : events_of) {
        const certificate_reading c = read_certificate(events_of, e.on, rules.certificates);
        days.push_back(count_of(e.on));
        days.push_back(rules.certificates.in_force);
        add(c.last_valid_day, 1);
        add(c.filing_from, 0);
        add(c.filing_until, 1);
        add(c.grace_until, 1);
    }
    if (const auto* undated = claims_of(slot))
        for (std::uint32_t at : *undated)
            if (const auto year = std::get_if<claim_recorded>(&log[at].what)->is->year)
                days.push_back(count_of(*year, 1, 1));
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());

    clear(false);
    std::size_t k = 0;
    bool fits = true;
    product_reading before;
    const auto set = [&](const product_reading& now) {
        row.code[k] = state_code::pack(now.state, now.star);
        if (const auto& last = now.certificate.last_valid_day) {
            rest.last[k] = row_day(*last);
            fits = fits && short_day(*last) == rest.last[k];
        }
        if (now.year != 0) {
            rest.year[k] = static_cast<std::uint8_t>(now.year - year_origin);
            fits = fits && now.year > year_origin && rest.year[k] == now.year - year_origin;
        }
        before = now;
    };
    set(read(slot, *date_of(count_of(1400, 1, 1))));
    for (day_count count : days) {
        const auto day = date_of(count);
        if (!day) continue;
        const product_reading now = read(slot, *day);
        if (now.same_stretch(before)) continue;
        if (++k == state_row::stretches || row_day(*day) != short_day(*day)) {
            fits = false;
            break;
        }
        row.from[k - 1] = row_day(*day);
        set(now);
    }
    if (!fits) clear(true);
    return made;
}

template <class Take>
void registry_data::each_end(std::uint32_t slot, const Take& take) const {
    const state_row& row = rows[slot];
    const state_more& rest = more[slot];
    const auto shows_star = [&](std::size_t k) {
        return states_in_force.contains(state_code::state(row.code[k])) &&
               rest.last[k] != state_row::never;
    };
    std::uint32_t number = 0;
    for (std::size_t k = 1; k < state_row::stretches && row.from[k - 1] != state_row::never;) {
        std::size_t next = k + 1;
        if (shows_star(k)) {
            const auto goes_on = [&] {
                return next < state_row::stretches && row.from[next - 1] != state_row::never &&
                       shows_star(next) && rest.last[next] == rest.last[k];
            };
            while (goes_on()) ++next;
            const std::int16_t to =
                next < state_row::stretches ? row.from[next - 1] : state_row::never;
            take(number++, rest.last[k], expiry{slot, row.from[k - 1], to});
        }
        k = next;
    }
}

void registry_data::list_ends(std::uint32_t slot, bool in) {
    if (rows[slot].slow()) {
        if (in)
            add_slot(slow_slots, slot);
        else
            drop_slot(slow_slots, slot);
        return;
    }
    each_end(slot, [&](std::uint32_t number, std::int16_t last, const expiry& one) {
        std::vector<expiry>& list = ends[last];
        if (in) {
            end_place(slot, number) = static_cast<std::uint32_t>(list.size());
            list.push_back(one);
            return;
        }
        // The last of the list takes its place, so that lists of a day on which many certificates end
        // need not be searched.
        const std::uint32_t at = end_place(slot, number);
        const expiry moved = list.back();
        list.pop_back();
        if (number != 0) more_end_places.erase(std::uint64_t{slot} << 3U | number);
        if (at == list.size()) return;
        list[at] = moved;
        each_end(moved.slot, [&](std::uint32_t n, std::int16_t, const expiry& its) {
            if (its == moved) end_place(moved.slot, n) = at;
        });
    });
}

std::uint32_t registry_data::place_number(const unit_ref& ref) {
    const auto [at, fresh] =
        place_index_of.try_emplace(ref, static_cast<std::uint32_t>(places.size() + 1));
    if (!fresh) return at->second;
    place_facts facts{ref, {}, {}, {}, {}, {}};
    const unit_chain chain = units.chain(ref);
    if (chain.province != nullptr) facts.province = chain.province->code;
    if (chain.district != nullptr) facts.district = chain.district->code;
    if (chain.commune != nullptr) facts.commune = chain.commune->code;
    const unit_today now = units.today(ref);
    if (now.province.unit) facts.province_today = now.province.unit->code;
    if (now.commune && now.commune->unit) facts.commune_today = now.commune->unit->code;
    places.push_back(facts);
    made_at.emplace_back();
    return at->second;
}

}  // namespace ocop::detail
