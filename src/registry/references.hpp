// What a record refers to.
#pragma once

#include <cstdint>
#include <string>

#include "ocop/registry/event.hpp"
#include "registry/registry_data.hpp"

namespace ocop::detail {

// Each calls `visit(id, pointer)` for records, `unit(ref, pointer)` for units.

template <class Visit, class Unit>
void each_reference(const producer& p, const Visit&, const Unit& unit) {
    if (p.seat) unit(*p.seat, "/seat");
}
template <class Visit, class Unit>
void each_reference(const product& p, const Visit& visit, const Unit& unit) {
    visit(p.producer, "/producer");
    if (p.place) unit(*p.place, "/place");
    for (std::size_t i = 0; i < p.chain.areas.size(); ++i)
        if (p.chain.areas[i].place)
            unit(*p.chain.areas[i].place, "/chain/areas/" + std::to_string(i) + "/place");
}
template <class Visit, class Unit>
void each_reference(const decision_record&, const Visit&, const Unit&) {}
template <class Visit, class Unit>
void each_reference(const dossier_record& d, const Visit& visit, const Unit&) {
    visit(d.product, "/product");
}
template <class Visit, class Unit>
void each_reference(const organisation& o, const Visit&, const Unit& unit) {
    if (o.unit) unit(*o.unit, "/unit");
}
template <class Visit, class Unit>
void each_reference(const campaign& c, const Visit& visit, const Unit& unit) {
    visit(c.organisation, "/organisation");
    if (c.unit) unit(*c.unit, "/unit");
}
template <class Visit, class Unit>
void each_reference(const training& t, const Visit& visit, const Unit& unit) {
    visit(t.organisation, "/organisation");
    if (t.unit) unit(*t.unit, "/unit");
    for (std::size_t i = 0; i < t.producers.size(); ++i)
        visit(t.producers[i], "/producers/" + std::to_string(i));
    if (t.campaign) visit(*t.campaign, "/campaign");
}
template <class Visit, class Unit>
void each_reference(const startup_idea& i, const Visit& visit, const Unit& unit) {
    if (i.supported_by) visit(*i.supported_by, "/supported_by");
    if (i.campaign) visit(*i.campaign, "/campaign");
    if (i.unit) unit(*i.unit, "/unit");
    if (i.became_producer) visit(*i.became_producer, "/became_producer");
    for (std::size_t k = 0; k < i.became_products.size(); ++k)
        visit(i.became_products[k], "/became_products/" + std::to_string(k));
}

/// References of an entry of a history, but for the product itself.
template <class Visit>
void each_reference(const certificate_recorded& c, const Visit& visit) {
    if (c.decision) visit(*c.decision, "/decision");
    if (c.to) visit(*c.to, "/to");
}

/// The record that an id leads to.
template <class Value>
struct value_of_id;
template <>
struct value_of_id<producer_id> {
    using type = producer;
};
template <>
struct value_of_id<product_id> {
    using type = product;
};
template <>
struct value_of_id<decision_id> {
    using type = decision_record;
};
template <>
struct value_of_id<organisation_id> {
    using type = organisation;
};
template <>
struct value_of_id<campaign_id> {
    using type = campaign;
};

[[nodiscard]] inline std::uint64_t hash_of(const event_id& id) noexcept {
    return mixed(id.high ^ mixed(id.low));
}

}  // namespace ocop::detail
