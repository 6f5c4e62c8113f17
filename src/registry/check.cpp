// Everything that a registry derives, worked out again and compared.
#include <algorithm>
#include <string>
#include <variant>

#include "ocop/base/fold.hpp"
#include "ocop/products/product_code_explained.hpp"
#include "registry/references.hpp"
#include "registry/registry_data.hpp"

namespace ocop {
namespace detail {
namespace {

class checker {
public:
    explicit checker(const registry_data& data) : d_(data) {}

    std::vector<std::string> run() {
        check_table<producer>("producer");
        check_table<product>("product");
        check_table<decision_record>("decision");
        check_table<dossier_record>("dossier");
        check_table<organisation>("organisation");
        check_table<campaign>("campaign");
        check_table<training>("training");
        check_table<startup_idea>("idea");
        for (std::uint32_t at = 0; at < d_.log.size(); ++at)
            expect(d_.log_index.find(hash_of(d_.log[at].id),
                                     [&](std::uint32_t place) {
                                         return d_.log[place].id == d_.log[at].id;
                                     }) == at,
                   "number of event", at);
        check_histories();
        check_uses();
        check_products();
        check_producers();
        check_ends();
        return std::move(told_);
    }

private:
    void expect(bool holds, const char* what, std::uint32_t slot) {
        if (!holds) told_.push_back(std::string(what) + " at " + std::to_string(slot));
    }

    template <class Value>
    void check_table(const char* what) {
        const table<Value>& t = d_.of<Value>();
        std::size_t alive = 0;
        for (std::uint32_t slot = 0; slot < t.size(); ++slot) {
            expect(t.slot(t.ids[slot]) == slot, what, slot);
            const auto earlier = t.earlier.find(slot);
            const std::size_t changes = earlier == t.earlier.end() ? 0 : earlier->second.size();
            expect(t.versions[slot] == changes + 1, what, slot);
            const record_change& last = d_.log[t.events[slot]].what;
            if (t.gone[slot]) {
                expect(std::holds_alternative<removed<Value>>(last), what, slot);
            } else {
                ++alive;
                const auto* is = std::get_if<put<Value>>(&last);
                expect(is != nullptr && *is->is == *t.values[slot] && is->id.value() == t.ids[slot],
                       what, slot);
                each_reference(
                    *t.values[slot], [&](auto id, const std::string&) { check_living(id, slot); },
                    [&](const unit_ref& ref, const std::string&) {
                        expect(d_.units.find(ref) != nullptr, "unit", slot);
                    });
                if constexpr (std::is_same_v<Value, product>)
                    if (const auto& code = t.values[slot]->code)
                        for (const problem& p : explain(*code, d_.units).found)
                            expect(p.code == problem_code::year_outside || before_editions(*code),
                                   "units of a code", slot);
            }
        }
        expect(alive == t.alive, what, t.size());
    }
    template <class Id>
    void check_living(Id id, std::uint32_t slot) {
        const auto& t = d_.of<typename value_of_id<Id>::type>();
        expect(t.living(id.value()) != no_slot, "reference", slot);
    }

    void check_histories() {
        std::size_t count = 0;
        for (std::uint32_t at = 0; at < d_.log.size(); ++at) {
            if (const auto* c = std::get_if<certificate_recorded>(&d_.log[at].what)) {
                const std::uint32_t slot = d_.products.slot(c->product.value());
                const auto from = d_.history_from(slot);
                const auto place = std::find(from.begin(), from.end(), at);
                expect(place != from.end(), "entry", at);
                if (place != from.end()) {
                    const compact_event& e =
                        d_.history(slot)[static_cast<std::size_t>(place - from.begin())];
                    expect(e == compact(*c->is, c->to ? d_.producers.slot(c->to->value()) + 1 : 0),
                           "entry", at);
                }
                ++count;
            } else if (const auto* u = std::get_if<claim_recorded>(&d_.log[at].what)) {
                const auto* list = d_.claims_of(d_.products.slot(u->product.value()));
                expect(list != nullptr && std::find(list->begin(), list->end(), at) != list->end(),
                       "claim", at);
                ++count;
            }
        }
        std::size_t listed = 0;
        for (std::uint32_t slot = 0; slot < d_.products.size(); ++slot) {
            listed += d_.history_version(slot);
            const auto events = d_.history(slot);
            for (std::size_t i = 1; i < events.size(); ++i)
                expect(!happens_before(events[i], events[i - 1]), "order of history", slot);
        }
        expect(count == listed && count == d_.entry_count, "number of entries", 0);
    }

    template <class Value>
    [[nodiscard]] std::vector<std::uint32_t>& uses() {
        if constexpr (std::is_same_v<Value, producer>)
            return producers_;
        else if constexpr (std::is_same_v<Value, product>)
            return products_;
        else if constexpr (std::is_same_v<Value, decision_record>)
            return decisions_;
        else if constexpr (std::is_same_v<Value, organisation>)
            return organisations_;
        else
            return campaigns_;
    }
    template <class Value>
    void count(const Value& value) {
        each_reference(
            value,
            [&](auto id, const std::string&) {
                using target = typename value_of_id<decltype(id)>::type;
                ++uses<target>()[d_.of<target>().slot(id.value())];
            },
            [](const unit_ref&, const std::string&) {});
    }
    template <class Value>
    void count_all() {
        const table<Value>& t = d_.of<Value>();
        for (std::uint32_t slot = 0; slot < t.size(); ++slot)
            if (!t.gone[slot]) count(*t.values[slot]);
    }
    void check_uses() {
        producers_.assign(d_.producers.size(), 0);
        products_.assign(d_.products.size(), 0);
        decisions_.assign(d_.decisions.size(), 0);
        organisations_.assign(d_.organisations.size(), 0);
        campaigns_.assign(d_.campaigns.size(), 0);
        count_all<product>();
        count_all<dossier_record>();
        count_all<campaign>();
        count_all<training>();
        count_all<startup_idea>();
        for (const event& one : d_.log)
            if (const auto* c = std::get_if<certificate_recorded>(&one.what)) {
                if (c->decision) ++decisions_[d_.decisions.slot(c->decision->value())];
                if (c->to) ++producers_[d_.producers.slot(c->to->value())];
            }
        expect(producers_ == d_.producers.uses, "uses of producers", 0);
        expect(products_ == d_.products.uses, "uses of products", 0);
        expect(decisions_ == d_.decisions.uses, "uses of decisions", 0);
        expect(organisations_ == d_.organisations.uses, "uses of organisations", 0);
        expect(campaigns_ == d_.campaigns.uses, "uses of campaigns", 0);
    }

    void check_products() {
        const std::size_t count = d_.products.size();
        expect(d_.rows.size() == count && d_.more.size() == count && d_.entries.size() == count &&
                   d_.place_of.size() == count && d_.producer_of.size() == count &&
                   d_.set_of.size() == count && d_.flags.size() == count,
               "columns of products", 0);
        for (std::uint32_t slot = 0; slot < count; ++slot) {
            const registry_data::state_columns now = d_.work_out(slot);
            expect(now.row == d_.rows[slot] && now.more == d_.more[slot] &&
                       now.flags == d_.flags[slot],
                   "states", slot);
            if (d_.products.gone[slot]) {
                expect(d_.product_names.keys(slot).empty(), "names of a removed product", slot);
                continue;
            }
            const product& p = *d_.products.values[slot];
            const std::uint32_t place = d_.place_of[slot];
            if (place != 0)
                expect(std::binary_search(d_.made_at[place - 1].begin(),
                                          d_.made_at[place - 1].end(), slot),
                       "products of a place", slot);
            expect(p.place ? place != 0 && d_.places[place - 1].at == *p.place : place == 0,
                   "place", slot);
            const std::uint32_t by = d_.producers.slot(p.producer.value());
            expect(d_.producer_of[slot] == by &&
                       std::binary_search(d_.made_by[by].begin(), d_.made_by[by].end(), slot),
                   "producer", slot);
            const int set =
                p.set ? p.set->number() + 32 * static_cast<int>(p.set->generation()) : 0;
            expect(d_.set_of[slot] == set, "set", slot);
            std::string keys = search_key(p.name);
            for (const variant& v : p.variants) keys += '\x1f' + search_key(v.name);
            expect(d_.product_names.keys(slot) == keys && d_.product_names.listed(slot),
                   "names of product", slot);
        }
    }
    /// The lists of ends, made anew.
    void check_ends() {
        registry_data fresh = d_;
        fresh.ends.clear();
        fresh.slow_slots.clear();
        fresh.more_end_places.clear();
        for (std::uint32_t slot = 0; slot < d_.products.size(); ++slot) fresh.list_ends(slot, true);
        expect(fresh.slow_slots == d_.slow_slots, "rows that do not fit", 0);
        std::size_t lists = 0;
        for (const auto& [last, list] : d_.ends) {
            if (list.empty()) continue;
            ++lists;
            const auto same = fresh.ends.find(last);
            expect(same != fresh.ends.end() &&
                       std::is_permutation(list.begin(), list.end(), same->second.begin(),
                                           same->second.end()),
                   "ends", 0);
        }
        expect(lists == fresh.ends.size(), "ends", 1);
        expect(fresh.more_end_places.size() == d_.more_end_places.size() &&
                   d_.end_places.size() == d_.products.size(),
               "places of ends", 0);
        // Taken out again by the places that are kept, every list must end up empty.
        fresh = d_;
        for (std::uint32_t slot = 0; slot < d_.products.size(); ++slot)
            fresh.list_ends(slot, false);
        for (const auto& [last, list] : fresh.ends) expect(list.empty(), "places of ends", 1);
        std::size_t placed = 0;
        for (const auto& list : d_.made_at) placed += list.size();
        for (std::uint32_t slot = 0; slot < d_.products.size(); ++slot)
            if (!d_.products.gone[slot] && d_.place_of[slot] != 0) --placed;
        expect(placed == 0, "products of places", 0);
    }
    void check_producers() {
        const std::size_t count = d_.producers.size();
        expect(d_.kind_of.size() == count && d_.declared_of.size() == count &&
                   d_.made_by.size() == count,
               "columns of producers", 0);
        std::size_t made = 0;
        for (std::uint32_t slot = 0; slot < count; ++slot) {
            made += d_.made_by[slot].size();
            if (d_.producers.gone[slot]) continue;
            const producer& p = *d_.producers.values[slot];
            expect(d_.kind_of[slot] == (p.kind ? 1 + static_cast<int>(*p.kind) : 0), "kind", slot);
            expect(d_.producer_names.keys(slot) == search_key(p.name) &&
                       d_.producer_names.listed(slot),
                   "name of producer", slot);
        }
        expect(made == d_.products.alive, "products of producers", 0);
    }

    const registry_data& d_;
    std::vector<std::string> told_;
    std::vector<std::uint32_t> producers_;
    std::vector<std::uint32_t> products_;
    std::vector<std::uint32_t> decisions_;
    std::vector<std::uint32_t> organisations_;
    std::vector<std::uint32_t> campaigns_;
};

}  // namespace
}  // namespace detail

std::vector<std::string> registry::check() const { return detail::checker(*data_).run(); }

}  // namespace ocop
