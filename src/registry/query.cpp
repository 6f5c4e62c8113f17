#include "ocop/registry/query.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "registry/registry_data.hpp"

namespace ocop {
namespace detail {
namespace {

void need_day(const date& day, const char* pointer) {
    problems found;
    check_day(day, pointer, found);
    if (!found.empty()) throw error(std::move(found));
}

/// Which products a query describes, asked slot by slot; cheap conditions first.
class filter {
public:
    filter(const registry_data& data, const query& asked)
        : d_(data), asked_(asked), day_(row_day(asked.as_of)) {
        need_day(asked.as_of, "/as_of");
        if (asked.withdrawn) {
            need_day(asked.withdrawn->first, "/withdrawn/first");
            need_day(asked.withdrawn->last, "/withdrawn/last");
        }
        set_codes();
        set_places();
        set_producers();
        for (const product_set& s : asked.sets)
            sets_[static_cast<std::size_t>(s.number() + 32 * static_cast<int>(s.generation()))] =
                true;
        if (asked.expiring_within) {
            const auto until = date_of(count_of(asked.as_of) + *asked.expiring_within);
            last_ = until ? row_day(*until) : state_row::never;
            last_count_ = count_of(asked.as_of) + *asked.expiring_within;
        }
        if (!asked.text.empty())
            set_text();
        else if (asked.expiring_within)
            set_ends();
        else if (by_place_)
            list_places();
        // A stretch says all that is asked, but for rows that do not fit.
        rows_only_ = asked.years.empty() && !asked.withdrawn && !by_place_ && !by_producer_;
    }

    /// The products described, where they have been listed one and all.
    [[nodiscard]] const std::vector<std::uint32_t>* all() const noexcept {
        return only_ends_ ? &slots_ : nullptr;
    }
    /// Whether wants() says all: every product's states are in its row, and nothing else is asked.
    [[nodiscard]] bool plain() const noexcept {
        return rows_only_ && !listed_ && asked_.sets.empty() && !asked_.expiring_within &&
               d_.slow_slots.empty() && d_.products.alive == d_.products.size();
    }
    [[nodiscard]] std::uint8_t wants(std::uint8_t code) const noexcept { return codes_[code]; }
    [[nodiscard]] std::int16_t day() const noexcept { return day_; }

    /// Calls `take(slot, code, stretch)` for every product described, each once. The stretch
    /// is state_row::stretches where the row does not fit.
    template <class Take>
    void each(const Take& take) const {
        const std::uint32_t count = d_.products.size();
        const bool some_gone = d_.products.alive != count;
        if (listed_) {
            for (std::uint32_t slot : slots_) one(slot, some_gone, take);
            return;
        }
        for (std::uint32_t slot = 0; slot < count; ++slot) one(slot, some_gone, take);
    }

private:
    template <class Take>
    void one(std::uint32_t slot, bool some_gone, const Take& take) const {
        const state_row& row = d_.rows[slot];
        if (!asked_.sets.empty() && !sets_[d_.set_of[slot]]) return;
        std::size_t k = stretch_on(row, day_);
        std::uint8_t code = row.code[k];
        if (row.slow()) {
            const product_reading now = d_.read(slot, asked_.as_of);
            code = state_code::pack(now.state, now.star);
            k = state_row::stretches;
            if (codes_[code] == 0 || !holds_slowly(now)) return;
        } else if (codes_[code] == 0) {
            return;
        } else if (asked_.expiring_within && d_.more[slot].last[k] > last_) {
            return;
        }
        if (some_gone && d_.products.gone[slot]) return;
        if (!rows_only_ && !rest_holds(slot, k)) return;
        take(slot, code, k);
    }

    [[nodiscard]] bool holds_slowly(const product_reading& now) const {
        if (asked_.expiring_within && (!now.certificate.last_valid_day ||
                                       count_of(*now.certificate.last_valid_day) > last_count_))
            return false;
        return asked_.years.empty() || wants_year(now.year);
    }
    [[nodiscard]] bool wants_year(std::int32_t year) const {
        return std::find(asked_.years.begin(), asked_.years.end(), year) != asked_.years.end();
    }

    [[nodiscard]] bool rest_holds(std::uint32_t slot, std::size_t k) const {
        if (by_place_ && !places_[d_.place_of[slot]]) return false;
        if (by_producer_ && !producer_holds(d_.holder(slot, asked_.as_of))) return false;
        if (!asked_.years.empty() && k != state_row::stretches) {
            const std::uint8_t year = d_.more[slot].year[k];
            if (year == 0 || !wants_year(1900 + year)) return false;
        }
        return !asked_.withdrawn || was_withdrawn_then(slot);
    }
    [[nodiscard]] bool producer_holds(std::uint32_t by) const {
        if (asked_.producer && d_.producers.ids[by] != asked_.producer->value()) return false;
        if (!asked_.kinds.empty() && !kinds_[d_.kind_of[by]]) return false;
        return (d_.declared_of[by] & declared_mask_) == declared_;
    }
    [[nodiscard]] bool was_withdrawn_then(std::uint32_t slot) const {
        if ((d_.flags[slot] & was_withdrawn) == 0) return false;
        for (const compact_event& e : d_.history(slot))
            if (e.kind == certificate_event_kind::withdrawn && asked_.withdrawn->first <= e.on &&
                e.on <= asked_.withdrawn->last)
                return true;
        return false;
    }

    void set_codes() {
        std::array<bool, stars::highest + 1> wanted{};
        for (stars s : asked_.with_stars) wanted[static_cast<std::size_t>(s.value())] = true;
        for (std::size_t code = 0; code < state_code::count; ++code) {
            const product_state state = state_code::state(static_cast<std::uint8_t>(code));
            const std::size_t star = state_code::star(static_cast<std::uint8_t>(code));
            const bool wants_it =
                (asked_.states.empty() || asked_.states.contains(state)) &&
                (asked_.with_stars.empty() || (star < wanted.size() && wanted[star])) &&
                (!asked_.expiring_within || states_in_force.contains(state));
            codes_[code] = wants_it ? 1 : 0;
        }
    }
    void set_places() {
        by_place_ = asked_.within.has_value();
        if (!by_place_) return;
        if (d_.units.find(*asked_.within) == nullptr)
            throw error(d_.units.unknown(*asked_.within, "/within"));
        places_.assign(d_.places.size() + 1, false);
        for (std::size_t i = 0; i < d_.places.size(); ++i)
            places_[i + 1] = lies_in(d_.places[i], *asked_.within);
    }
    [[nodiscard]] bool lies_in(const place_facts& place, const unit_ref& in) const {
        const unit_ref at = place.at;
        if (at.in == in.in) return d_.units.lies_in(at, in);
        if (at.in > in.in) {
            const bool same_codes = (at.in < edition::e2025_07) == (in.in < edition::e2025_07);
            return same_codes && d_.units.lies_in({at.code, in.in}, in);
        }
        if (in.in == latest_edition)
            return in.code == place.province_today || in.code == place.commune_today;
        if (const auto unit = d_.units.successor(at, in.in).unit)
            return d_.units.lies_in(*unit, in);
        if (!place.province) return false;
        return d_.units.successor({*place.province, at.in}, in.in).unit == in;
    }
    /// Products of the places asked, place after place.
    void list_places() {
        std::size_t count = 0;
        for (std::size_t i = 0; i < d_.places.size(); ++i)
            if (places_[i + 1]) count += d_.made_at[i].size();
        if (count > d_.products.size() / 2) return;
        listed_ = true;
        slots_.reserve(count);
        for (std::size_t i = 0; i < d_.places.size(); ++i)
            if (places_[i + 1])
                slots_.insert(slots_.end(), d_.made_at[i].begin(), d_.made_at[i].end());
        by_place_ = false;
    }
    /// Products in force on the day whose certificate ends in the days asked, by the lists of ends.
    void set_ends() {
        const std::int32_t from = day_;
        if (row_day(asked_.as_of) != short_day(asked_.as_of) || last_ == state_row::never) return;
        std::size_t count = 0;
        const auto each_end = [&](const auto& take) {
            // A grace outlives its certificate, so that days before are asked too.
            const std::int32_t first = from - d_.rules.certificates.grace;
            for (std::int32_t last = first; last <= last_; ++last)
                if (last >= std::numeric_limits<std::int16_t>::min())
                    if (const auto list = d_.ends.find(static_cast<std::int16_t>(last));
                        list != d_.ends.end())
                        take(list->second);
        };
        each_end([&](const std::vector<expiry>& list) { count += list.size(); });
        if (count > d_.products.size() / 2) return;
        listed_ = true;
        slots_ = d_.slow_slots;
        each_end([&](const std::vector<expiry>& list) {
            for (const expiry& one : list)
                if (one.from <= day_ && day_ < one.to) slots_.push_back(one.slot);
        });
        only_ends_ = asked_.years.empty() && !asked_.withdrawn && !by_place_ && !by_producer_ &&
                     asked_.sets.empty() && asked_.with_stars.empty() &&
                     (asked_.states.empty() || asked_.states == states_in_force) &&
                     d_.slow_slots.empty();
    }
    void set_producers() {
        const auto want = [&](std::optional<bool> fact, unsigned at) {
            if (!fact) return;
            declared_mask_ = static_cast<std::uint8_t>(declared_mask_ | 3U << at);
            declared_ = static_cast<std::uint8_t>(declared_ | unsigned{told_bits(fact)} << at);
        };
        want(asked_.youth_led, 0);
        want(asked_.women_led, 2);
        want(asked_.ethnic_led, 4);
        want(asked_.disability_led, 6);
        for (producer_kind kind : asked_.kinds) kinds_[1 + static_cast<std::size_t>(kind)] = true;
        by_producer_ = declared_mask_ != 0 || !asked_.kinds.empty() || asked_.producer.has_value();
    }
    void set_text() {
        listed_ = true;
        const name_question words(asked_.text);
        for (const name_match& m : d_.product_names.find(words)) slots_.push_back(m.slot);
        for (const name_match& m : d_.producer_names.find(words))
            slots_.insert(slots_.end(), d_.made_by[m.slot].begin(), d_.made_by[m.slot].end());
        std::sort(slots_.begin(), slots_.end());
        slots_.erase(std::unique(slots_.begin(), slots_.end()), slots_.end());
    }

    const registry_data& d_;
    const query& asked_;
    std::int16_t day_;
    std::int16_t last_ = 0;
    day_count last_count_ = 0;
    std::array<std::uint8_t, state_code::count> codes_{};
    std::vector<bool> places_;
    std::array<bool, 64> sets_{};
    std::array<bool, names<producer_kind>::all.size() + 1> kinds_{};
    std::uint8_t declared_ = 0;
    std::uint8_t declared_mask_ = 0;
    bool by_place_ = false;
    bool by_producer_ = false;
    bool rows_only_ = false;
    bool listed_ = false;
    bool only_ends_ = false;
    std::vector<std::uint32_t> slots_;
};

/// One key of a table of counts: gives each product a number, and each number its value. Numbers are in
/// the order of the values; the last is that of products without a value.
class grouping {
public:
    grouping(const registry_data& data, group_key key, const date& on)
        : d_(data), key_(key), on_(on) {
        switch (key) {
        case group_key::state:
            enumerate<product_state>();
            break;
        case group_key::stars:
            for (int s = stars::lowest; s <= stars::highest; ++s) {
                const std::string digit = std::to_string(s);
                values_.push_back({digit, {digit + " sao", digit + " stars"}});
            }
            break;
        case group_key::province:
        case group_key::district:
        case group_key::commune:
        case group_key::province_today:
        case group_key::commune_today:
            by_units();
            break;
        case group_key::set:
            by_sets();
            break;
        case group_key::kind:
            enumerate<producer_kind>();
            break;
        case group_key::producer:
            by_producers();
            break;
        case group_key::year:
            break;  // numbered as they come, see number()
        case group_key::youth_led:
        case group_key::women_led:
        case group_key::ethnic_led:
            values_.push_back({"yes", {"có", "yes"}});
            values_.push_back({"no", {"không", "no"}});
            break;
        }
        none_ = key == group_key::year ? year_count : static_cast<std::uint32_t>(values_.size());
    }

    /// What the number depends on: the product's place, its packed state and star, or more.
    enum class basis { place, code, more };
    [[nodiscard]] basis rests_on() const noexcept {
        switch (key_) {
        case group_key::state:
        case group_key::stars:
            return basis::code;
        case group_key::province:
        case group_key::district:
        case group_key::commune:
        case group_key::province_today:
        case group_key::commune_today:
            return basis::place;
        default:
            return basis::more;
        }
    }
    [[nodiscard]] std::uint32_t of_place(std::size_t place) const { return of_place_[place]; }

    /// How many numbers there are.
    [[nodiscard]] std::uint32_t size() const noexcept { return none_ + 1; }

    [[nodiscard]] std::uint32_t number(std::uint32_t slot, std::uint8_t code, std::size_t k) const {
        switch (key_) {
        case group_key::state:
            return code & 7U;
        case group_key::stars:
            return state_code::star(code) == 0 ? none_ : state_code::star(code) - 1U;
        case group_key::province:
        case group_key::district:
        case group_key::commune:
        case group_key::province_today:
        case group_key::commune_today:
            return of_place_[d_.place_of[slot]];
        case group_key::set:
            return of_set_[d_.set_of[slot]];
        case group_key::kind: {
            const std::uint8_t kind = d_.kind_of[d_.holder(slot, on_)];
            return kind == 0 ? none_ : kind - 1U;
        }
        case group_key::producer:
            return of_producer_[d_.holder(slot, on_)];
        case group_key::year: {
            const std::int32_t year = k == state_row::stretches    ? d_.read(slot, on_).year
                                      : d_.more[slot].year[k] == 0 ? 0
                                                                   : 1900 + d_.more[slot].year[k];
            return year == 0 ? none_ : static_cast<std::uint32_t>(year);
        }
        case group_key::youth_led:
            return declared(slot, 0);
        case group_key::women_led:
            return declared(slot, 2);
        case group_key::ethnic_led:
            return declared(slot, 4);
        }
        return none_;
    }

    [[nodiscard]] group_value value(std::uint32_t number) const {
        if (number == none_) return {"", {"không rõ", "not known"}};
        if (key_ == group_key::year) {
            const std::string year = std::to_string(number);
            return {year, {year, year}};
        }
        return values_[number];
    }

private:
    static constexpr std::uint32_t year_count = 10000;

    template <class Enum>
    void enumerate() {
        for (std::size_t i = 0; i < names<Enum>::all.size(); ++i)
            values_.push_back({std::string(names<Enum>::all[i]), label_of(static_cast<Enum>(i))});
    }
    [[nodiscard]] std::uint32_t declared(std::uint32_t slot, unsigned at) const {
        const unsigned told = unsigned{d_.declared_of[d_.holder(slot, on_)]} >> at & 3U;
        return told == 2 ? 0 : told == 1 ? 1 : none_;
    }
    void by_units() {
        const bool today = key_ == group_key::province_today || key_ == group_key::commune_today;
        const auto unit_of = [&](const place_facts& p) -> std::optional<unit_ref> {
            const edition in = today ? latest_edition : p.at.in;
            const auto& code = key_ == group_key::province         ? p.province
                               : key_ == group_key::district       ? p.district
                               : key_ == group_key::commune        ? p.commune
                               : key_ == group_key::province_today ? p.province_today
                                                                   : p.commune_today;
            if (!code) return std::nullopt;
            return unit_ref{*code, in};
        };
        std::vector<unit_ref> all;
        for (const place_facts& p : d_.places)
            if (const auto ref = unit_of(p)) all.push_back(*ref);
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        for (const unit_ref& ref : all) {
            const std::string name(d_.units.find(ref)->name);
            std::string code = to_string(ref.code);
            if (!today) code = std::string(name_of(ref.in)) + "/" + code;
            values_.push_back({std::move(code), {name, name}});
        }
        const auto none = static_cast<std::uint32_t>(values_.size());
        of_place_.assign(d_.places.size() + 1, none);
        for (std::size_t i = 0; i < d_.places.size(); ++i)
            if (const auto ref = unit_of(d_.places[i]))
                of_place_[i + 1] = static_cast<std::uint32_t>(
                    std::lower_bound(all.begin(), all.end(), *ref) - all.begin());
    }
    void by_sets() {
        of_set_.fill(2 * product_set::count);
        for (std::size_t g = 0; g < names<set_generation>::all.size(); ++g)
            for (int n = 1; n <= product_set::count; ++n) {
                const std::string number = std::to_string(n);
                const std::string generation(names<set_generation>::all[g]);
                of_set_[static_cast<std::size_t>(n) + 32 * g] =
                    static_cast<std::uint32_t>(values_.size());
                values_.push_back({generation + "/" + number,
                                   {"bộ " + number + " (" + generation + ")",
                                    "set " + number + " (" + generation + ")"}});
            }
    }
    void by_producers() {
        std::vector<std::uint32_t> order(d_.producers.size());
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return d_.producers.ids[a] < d_.producers.ids[b];
        });
        of_producer_.resize(order.size());
        for (std::uint32_t i = 0; i < order.size(); ++i) of_producer_[order[i]] = i;
        for (std::uint32_t slot : order) {
            const std::string& name = d_.producers.values[slot]->name;
            values_.push_back({std::to_string(d_.producers.ids[slot]), {name, name}});
        }
    }

    const registry_data& d_;
    group_key key_;
    const date& on_;
    std::uint32_t none_ = 0;
    std::vector<group_value> values_;
    std::vector<std::uint32_t> of_place_;
    std::array<std::uint32_t, 64> of_set_{};
    std::vector<std::uint32_t> of_producer_;
};

star_class class_of(product_state state, std::uint8_t star) noexcept {
    switch (state) {
    case product_state::none:
        return star_class::none;
    case product_state::proposed:
        return star_class::proposed;
    case product_state::expired:
        return star_class::expired;
    case product_state::withdrawn:
        return star_class::withdrawn;
    case product_state::unknown:
        return star_class::unknown;
    case product_state::valid:
    case product_state::filing_window:
    case product_state::grace:
        break;
    }
    switch (star) {
    case 3:
        return star_class::three;
    case 4:
        return star_class::four;
    case 5:
        return star_class::five;
    default:
        return star_class::other;
    }
}

}  // namespace
}  // namespace detail

product_standing registry::standing(product_id id, const date& on) const {
    detail::need_day(on, "/on");
    const detail::registry_data& d = *data_;
    product_standing made;
    const std::uint32_t slot = d.products.living(id.value());
    if (slot == detail::no_slot) return made;
    const detail::product_reading now = d.read(slot, on);
    made.state = now.state;
    made.stars = stars::from(now.star);
    made.claimed = stars::from(now.claimed);
    made.former_stars = stars::from(now.former);
    made.first_day = now.certificate.first_day;
    // Withdrawn on a day that nobody told: its last day is not known.
    if (made.state != product_state::withdrawn ||
        now.certificate.state == certificate_state::withdrawn) {
        made.last_valid_day = now.certificate.last_valid_day;
        made.filing_from = now.certificate.filing_from;
        made.filing_until = now.certificate.filing_until;
    }
    if (now.year != 0) made.year = now.year;
    made.producer.emplace(
        d.producers.ids[now.producer != 0 ? now.producer - 1 : d.producer_of[slot]]);
    return made;
}

std::vector<product_id> registry::select(const query& asked) const {
    std::vector<product_id> made;
    const detail::registry_data& d = *data_;
    detail::filter(d, asked).each([&](std::uint32_t slot, std::uint8_t, std::size_t) {
        made.emplace_back(d.products.ids[slot]);
    });
    // Numbers mostly ascend with the slots.
    if (!std::is_sorted(made.begin(), made.end())) std::sort(made.begin(), made.end());
    return made;
}

std::size_t registry::count(const query& asked) const {
    const detail::filter wanted(*data_, asked);
    if (const auto* all = wanted.all()) return all->size();
    std::size_t count = 0;
    if (wanted.plain()) {
        // Added, not branched on: which products count is as good as random.
        for (const detail::state_row& row : data_->rows)
            count += wanted.wants(row.code[detail::stretch_on(row, wanted.day())]);
        return count;
    }
    wanted.each([&](std::uint32_t, std::uint8_t, std::size_t) { ++count; });
    return count;
}

std::vector<group_count> registry::count_by(const query& asked,
                                            std::span<const group_key> keys) const {
    const detail::filter wanted(*data_, asked);
    std::vector<detail::grouping> by;
    by.reserve(keys.size());
    std::uint64_t cells = 1;
    constexpr std::uint64_t most_cells = std::uint64_t{1} << 22U;
    for (group_key key : keys) {
        by.emplace_back(*data_, key, asked.as_of);
        cells = cells > most_cells ? cells : cells * by.back().size();
    }
    std::uint64_t all = 0;
    // (cell, count), in the order of cells: each cell is a number for each key.
    std::vector<std::pair<std::vector<std::uint32_t>, std::uint64_t>> groups;
    if (cells <= most_cells) {
        std::vector<std::uint64_t> counts(cells);
        // A cell is a sum of one number, times its weight, for each key. What rests on the place or
        // the state alone is added up beforehand.
        std::vector<std::uint64_t> of_place(data_->places.size() + 1);
        std::array<std::uint64_t, detail::state_code::count> of_code{};
        std::vector<std::pair<const detail::grouping*, std::uint64_t>> others;
        std::uint64_t weight = 1;
        for (std::size_t i = by.size(); i-- > 0; weight *= by[i].size()) {
            using basis = detail::grouping::basis;
            if (by[i].rests_on() == basis::place)
                for (std::size_t place = 0; place < of_place.size(); ++place)
                    of_place[place] += weight * by[i].of_place(place);
            else if (by[i].rests_on() == basis::code)
                for (std::size_t code = 0; code < of_code.size(); ++code)
                    of_code[code] +=
                        weight * std::min(by[i].size() - 1,
                                          by[i].number(0, static_cast<std::uint8_t>(code), 0));
            else
                others.emplace_back(&by[i], weight);
        }
        const auto cell_of = [&](std::uint32_t slot, std::uint8_t code, std::size_t k) {
            std::uint64_t cell = of_place[data_->place_of[slot]] + of_code[code];
            for (const auto& [key, times] : others) cell += times * key->number(slot, code, k);
            return cell;
        };
        if (wanted.plain()) {
            for (std::uint32_t slot = 0; slot < data_->rows.size(); ++slot) {
                const detail::state_row& row = data_->rows[slot];
                const std::size_t k = detail::stretch_on(row, wanted.day());
                const std::uint8_t one = wanted.wants(row.code[k]);
                counts[cell_of(slot, row.code[k], k)] += one;
                all += one;
            }
        } else {
            wanted.each([&](std::uint32_t slot, std::uint8_t code, std::size_t k) {
                ++counts[cell_of(slot, code, k)];
                ++all;
            });
        }
        for (std::uint64_t cell = 0; cell < cells; ++cell) {
            if (counts[cell] == 0) continue;
            std::vector<std::uint32_t> numbers(by.size());
            std::uint64_t rest = cell;
            for (std::size_t i = by.size(); i-- > 0; rest /= by[i].size())
                numbers[i] = static_cast<std::uint32_t>(rest % by[i].size());
            groups.emplace_back(std::move(numbers), counts[cell]);
        }
    } else {
        std::vector<std::vector<std::uint32_t>> rows;
        wanted.each([&](std::uint32_t slot, std::uint8_t code, std::size_t k) {
            std::vector<std::uint32_t> numbers;
            numbers.reserve(by.size());
            for (const detail::grouping& one : by) numbers.push_back(one.number(slot, code, k));
            rows.push_back(std::move(numbers));
        });
        all = rows.size();
        std::sort(rows.begin(), rows.end());
        for (std::vector<std::uint32_t>& row : rows) {
            if (groups.empty() || groups.back().first != row)
                groups.emplace_back(std::move(row), 0);
            ++groups.back().second;
        }
    }
    std::vector<group_count> made;
    made.reserve(groups.size());
    for (const auto& [numbers, count] : groups) {
        group_count one;
        for (std::size_t i = 0; i < by.size(); ++i) one.values.push_back(by[i].value(numbers[i]));
        one.count = count;
        one.of = all;
        made.push_back(std::move(one));
    }
    return made;
}

transition_table registry::transitions(const query& asked, const date& later) const {
    detail::need_day(later, "/later");
    const detail::registry_data& d = *data_;
    const std::int16_t day = detail::row_day(later);
    transition_table made;
    detail::filter(d, asked).each([&](std::uint32_t slot, std::uint8_t code, std::size_t) {
        std::uint8_t then = d.rows[slot].code[detail::stretch_on(d.rows[slot], day)];
        if (d.rows[slot].slow()) {
            const detail::product_reading now = d.read(slot, later);
            then = detail::state_code::pack(now.state, now.star);
        }
        const auto kind = [](std::uint8_t packed) {
            return static_cast<std::size_t>(detail::class_of(detail::state_code::state(packed),
                                                             detail::state_code::star(packed)));
        };
        ++made.counts[kind(code)][kind(then)];
    });
    return made;
}

namespace detail {
namespace {

/// Looks for duplicates among products of one name.
class duplicate_finder {
public:
    duplicate_finder(const registry_data& data, std::vector<duplicate_group>& to)
        : d_(data), to_(to) {}

    /// \p slots: of one name, in any order, which changes. n log n.
    void look(std::span<std::uint32_t> slots) {
        // One after another what has one producer and one place: the first stands for all.
        sort(slots,
             [this](std::uint32_t slot) { return std::pair(d_.producer_of[slot], place(slot)); });
        std::vector<std::uint32_t> firsts;
        each_run(
            slots,
            [this](std::uint32_t a, std::uint32_t b) {
                return place(a) != 0 && place(a) == place(b) &&
                       d_.producer_of[a] == d_.producer_of[b];
            },
            [&](std::span<const std::uint32_t> run) {
                firsts.push_back(first(run));
                add(duplicate_degree::certain, run,
                    {"cùng tên, cùng chủ thể, cùng địa bàn",
                     "the same name, the same producer, the same place"});
            });
        // `firsts` still goes by producer.
        each_run(
            firsts,
            [this](std::uint32_t a, std::uint32_t b) {
                return d_.producer_of[a] == d_.producer_of[b];
            },
            [&](std::span<const std::uint32_t> run) {
                add(duplicate_degree::likely, run,
                    {"cùng tên, cùng chủ thể, khác địa bàn hoặc chưa rõ địa bàn",
                     "the same name, the same producer, other places or a place not told"});
            });
        sort(firsts, [this](std::uint32_t slot) { return std::pair(place(slot), who(slot)); });
        each_run(
            firsts,
            [this](std::uint32_t a, std::uint32_t b) {
                return place(a) != 0 && place(a) == place(b) && !who(a).empty() && who(a) == who(b);
            },
            [&](std::span<const std::uint32_t> run) {
                add(duplicate_degree::likely, run,
                    {"cùng tên, cùng địa bàn, hai chủ thể cùng tên",
                     "the same name, the same place, producers of the same name"});
            });
    }

private:
    [[nodiscard]] std::uint32_t place(std::uint32_t slot) const { return d_.place_of[slot]; }
    [[nodiscard]] std::string_view who(std::uint32_t slot) const {
        return d_.producer_names.key(d_.producer_of[slot]);
    }
    [[nodiscard]] std::uint64_t id(std::uint32_t slot) const { return d_.products.ids[slot]; }
    [[nodiscard]] std::uint32_t first(std::span<const std::uint32_t> run) const {
        return *std::min_element(run.begin(), run.end(), [this](std::uint32_t a, std::uint32_t b) {
            return id(a) < id(b);
        });
    }
    template <class Key>
    static void sort(std::span<std::uint32_t> slots, const Key& key) {
        std::sort(slots.begin(), slots.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    }
    /// Calls `take` for each run of neighbours that are `same`.
    template <class Same, class Take>
    static void each_run(std::span<const std::uint32_t> slots, const Same& same, const Take& take) {
        for (std::size_t from = 0; from < slots.size();) {
            std::size_t end = from + 1;
            while (end < slots.size() && same(slots[from], slots[end])) ++end;
            take(slots.subspan(from, end - from));
            from = end;
        }
    }
    void add(duplicate_degree degree, std::span<const std::uint32_t> run, label reason) {
        if (run.size() < 2) return;
        duplicate_group group{degree, {}, std::move(reason)};
        group.products.reserve(run.size());
        for (std::uint32_t slot : run) group.products.emplace_back(id(slot));
        std::sort(group.products.begin(), group.products.end());
        to_.push_back(std::move(group));
    }

    const registry_data& d_;
    std::vector<duplicate_group>& to_;
};

}  // namespace
}  // namespace detail

std::vector<duplicate_group> registry::duplicates() const {
    const detail::registry_data& d = *data_;
    std::vector<std::uint32_t> slots;
    slots.reserve(d.products.alive);
    for (std::uint32_t slot = 0; slot < d.products.size(); ++slot)
        if (!d.products.gone[slot]) slots.push_back(slot);
    const auto name = [&d](std::uint32_t slot) { return d.product_names.key(slot); };
    std::sort(slots.begin(), slots.end(),
              [&](std::uint32_t a, std::uint32_t b) { return name(a) < name(b); });
    std::vector<duplicate_group> made;
    detail::duplicate_finder finder(d, made);
    for (std::size_t from = 0; from < slots.size();) {
        std::size_t end = from + 1;
        while (end < slots.size() && name(slots[end]) == name(slots[from])) ++end;
        if (end - from > 1) finder.look(std::span(slots).subspan(from, end - from));
        from = end;
    }
    std::sort(made.begin(), made.end(), [](const duplicate_group& a, const duplicate_group& b) {
        return std::tie(a.products, a.degree) < std::tie(b.products, b.degree);
    });
    return made;
}

std::vector<search_hit> registry::search(std::string_view text,
                                         const search_options& options) const {
    const detail::registry_data& d = *data_;
    const detail::name_question asked(text);
    struct ranked {
        detail::name_match match;
        bool producer;
        std::uint64_t id;
    };
    std::vector<ranked> all;
    if (options.most == 0) return {};
    if (options.products)
        for (const detail::name_match& m : d.product_names.find(asked))
            all.push_back({m, false, d.products.ids[m.slot]});
    if (options.producers)
        for (const detail::name_match& m : d.producer_names.find(asked))
            all.push_back({m, true, d.producers.ids[m.slot]});
    const auto better = [](const ranked& a, const ranked& b) {
        if (a.match.accents != b.match.accents) return a.match.accents;
        if (a.match.grade != b.match.grade) return a.match.grade < b.match.grade;
        if (a.match.length != b.match.length) return a.match.length < b.match.length;
        if (a.producer != b.producer) return b.producer;
        return a.id < b.id;
    };
    const std::size_t count = std::min(options.most, all.size());
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
    if (count < all.size()) std::nth_element(all.begin(), end, all.end(), better);
    std::sort(all.begin(), end, better);
    std::vector<search_hit> made;
    made.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        search_hit hit;
        if (all[i].producer)
            hit.producer.emplace(all[i].id);
        else
            hit.product.emplace(all[i].id);
        hit.variant = all[i].match.piece;
        hit.grade = all[i].match.grade;
        hit.accents = all[i].match.accents;
        made.push_back(hit);
    }
    return made;
}

}  // namespace ocop
