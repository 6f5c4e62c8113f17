// Random events, right and wrong ones, and a plain model that says which of them a registry must take:
// maps of values, every question answered by going through all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ocop/communes/bundled_units.hpp"
#include "ocop/registry/registry.hpp"

namespace random_events {

using namespace ocop;

inline date day(int year, int month, int d) {
    return date(static_cast<unsigned short>(year), static_cast<unsigned short>(month),
                static_cast<unsigned short>(d));
}

template <class Value>
struct versioned {
    Value is;
    std::uint32_t version = 1;
    date changed;
};

/// What a registry should hold.
class model {
public:
    explicit model(registry_rules rules) : rules_(rules) {}

    /// Whether a registry must take \p e; if so, takes it.
    bool take(const event& e) {
        if (const auto known = events_.find(e.id); known != events_.end())
            return known->second == e;
        if (e.on.is_special()) return false;
        if (!std::visit([&](const auto& what) { return change(what, e); }, e.what)) return false;
        events_.emplace(e.id, e);
        order_.push_back(e);
        return true;
    }

    [[nodiscard]] const std::vector<event>& order() const { return order_; }
    [[nodiscard]] const std::map<std::uint64_t, versioned<product>>& products() const {
        return products_;
    }
    [[nodiscard]] const std::map<std::uint64_t, versioned<producer>>& producers() const {
        return producers_;
    }
    [[nodiscard]] std::uint32_t version_of_history(product_id id) const {
        std::size_t n = 0;
        if (const auto h = histories_.find(id.value()); h != histories_.end())
            n += h->second.size();
        if (const auto c = claims_.find(id.value()); c != claims_.end()) n += c->second.size();
        return static_cast<std::uint32_t>(n);
    }
    [[nodiscard]] bool has_claims(std::uint64_t id) const { return claims_.count(id) != 0; }
    [[nodiscard]] certificate_history history(std::uint64_t id) const {
        const auto h = histories_.find(id);
        return h == histories_.end()
                   ? certificate_history()
                   : certificate_history(h->second, rules_.histories, rules_.certificates);
    }

private:
    template <class Value>
    std::map<std::uint64_t, versioned<Value>>& of();

    template <class Id>
    bool there(Id id) {
        if constexpr (std::is_same_v<Id, producer_id>)
            return producers_.count(id.value()) != 0;
        else if constexpr (std::is_same_v<Id, product_id>)
            return products_.count(id.value()) != 0;
        else if constexpr (std::is_same_v<Id, organisation_id>)
            return organisations_.count(id.value()) != 0;
        else if constexpr (std::is_same_v<Id, campaign_id>)
            return campaigns_.count(id.value()) != 0;
        else
            return decisions_.count(id.value()) != 0;
    }
    static bool there(const std::optional<unit_ref>& ref) {
        return !ref || bundled_units().find(*ref) != nullptr;
    }
    bool refers_well(const producer& p) { return there(p.seat); }
    bool refers_well(const product& p) { return there(p.producer) && there(p.place); }
    bool refers_well(const organisation& o) { return there(o.unit); }
    bool refers_well(const campaign& c) { return there(c.organisation) && there(c.unit); }
    bool refers_well(const decision_record&) { return true; }
    bool refers_well(const dossier_record& d) { return there(d.product); }
    bool refers_well(const training& t) {
        bool good = there(t.organisation) && there(t.unit) && (!t.campaign || there(*t.campaign));
        for (producer_id id : t.producers) good = good && there(id);
        return good;
    }
    bool refers_well(const startup_idea& i) {
        bool good = (!i.supported_by || there(*i.supported_by)) &&
                    (!i.campaign || there(*i.campaign)) && there(i.unit) &&
                    (!i.became_producer || there(*i.became_producer));
        for (product_id id : i.became_products) good = good && there(id);
        return good;
    }

    template <class Value>
    bool sound(const Value& value) {
        problems found;
        validate(value, found);
        return !has_errors(found);
    }
    bool sound(const decision_record& d) { return !d.number.empty(); }
    bool sound(const dossier_record&) { return true; }

    bool used(producer_id id) const {
        for (const auto& [n, p] : products_)
            if (p.is.producer == id) return true;
        for (const auto& [n, t] : trainings_)
            for (producer_id one : t.is.producers)
                if (one == id) return true;
        for (const auto& [n, i] : ideas_)
            if (i.is.became_producer == id) return true;
        return std::find(holders_.begin(), holders_.end(), id) != holders_.end();
    }
    bool used(product_id id) const {
        for (const auto& [n, i] : ideas_)
            for (product_id one : i.is.became_products)
                if (one == id) return true;
        return version_of_history(id) != 0;
    }
    bool used(organisation_id id) const {
        for (const auto& [n, c] : campaigns_)
            if (c.is.organisation == id) return true;
        for (const auto& [n, t] : trainings_)
            if (t.is.organisation == id) return true;
        for (const auto& [n, i] : ideas_)
            if (i.is.supported_by == id) return true;
        return false;
    }
    bool used(campaign_id id) const {
        for (const auto& [n, t] : trainings_)
            if (t.is.campaign == id) return true;
        for (const auto& [n, i] : ideas_)
            if (i.is.campaign == id) return true;
        return false;
    }
    bool used(decision_id id) const {
        return std::find(cited_.begin(), cited_.end(), id) != cited_.end();
    }
    template <class Id>
    bool used(Id) const {
        return false;
    }

    template <class Value>
    bool change(const put<Value>& what, const event& e) {
        auto& all = of<Value>();
        if (!refers_well(*what.is) || !sound(*what.is)) return false;
        const auto old = all.find(what.id.value());
        if (e.expected == 0) {
            if (old != all.end() || gone<Value>().count(what.id.value()) != 0) return false;
            all.emplace(what.id.value(), versioned<Value>{*what.is, 1, e.on});
            return true;
        }
        if (old == all.end() || old->second.version != e.expected || e.on < old->second.changed)
            return false;
        old->second = {*what.is, e.expected + 1, e.on};
        return true;
    }
    template <class Value>
    bool change(const removed<Value>& what, const event& e) {
        auto& all = of<Value>();
        const auto old = all.find(what.id.value());
        if (old == all.end() || old->second.version != e.expected || e.on < old->second.changed ||
            used(what.id))
            return false;
        all.erase(old);
        gone<Value>().insert(what.id.value());
        return true;
    }
    bool change(const certificate_recorded& what, const event& e) {
        if (!there(what.product) || version_of_history(what.product) != e.expected ||
            what.is->on != e.on)
            return false;
        if (what.to && (!there(*what.to) || what.is->kind == certificate_event_kind::proposed ||
                        what.is->kind == certificate_event_kind::filed ||
                        what.is->kind == certificate_event_kind::refused ||
                        what.is->kind == certificate_event_kind::withdrawn))
            return false;
        if (what.decision && !there(*what.decision)) return false;
        std::vector<certificate_event> all = histories_[what.product.value()];
        all.push_back(*what.is);
        if (what.to) all.back().producer = "another one";
        problems found;
        if (!certificate_history::try_make(all, found, "", rules_.histories, rules_.certificates))
            return false;
        histories_[what.product.value()] = std::move(all);
        if (what.to) holders_.push_back(*what.to);
        if (what.decision) cited_.push_back(*what.decision);
        return true;
    }
    bool change(const claim_recorded& what, const event& e) {
        if (!there(what.product) || version_of_history(what.product) != e.expected) return false;
        if (what.is->stars && what.is->stars->value() < 3) return false;
        claims_[what.product.value()].push_back(*what.is);
        return true;
    }

    template <class Value>
    std::set<std::uint64_t>& gone() {
        return gone_[std::string(record_traits<Value>::name.en)];
    }

    registry_rules rules_;
    std::map<event_id, event> events_;
    std::vector<event> order_;
    std::map<std::uint64_t, versioned<producer>> producers_;
    std::map<std::uint64_t, versioned<product>> products_;
    std::map<std::uint64_t, versioned<decision_record>> decisions_;
    std::map<std::uint64_t, versioned<dossier_record>> dossiers_;
    std::map<std::uint64_t, versioned<organisation>> organisations_;
    std::map<std::uint64_t, versioned<campaign>> campaigns_;
    std::map<std::uint64_t, versioned<training>> trainings_;
    std::map<std::uint64_t, versioned<startup_idea>> ideas_;
    std::map<std::uint64_t, std::vector<certificate_event>> histories_;
    std::map<std::uint64_t, std::vector<undated_claim>> claims_;
    std::vector<producer_id> holders_;
    std::vector<decision_id> cited_;
    std::map<std::string, std::set<std::uint64_t>> gone_;
};

template <>
inline std::map<std::uint64_t, versioned<producer>>& model::of() {
    return producers_;
}
template <>
inline std::map<std::uint64_t, versioned<product>>& model::of() {
    return products_;
}
template <>
inline std::map<std::uint64_t, versioned<decision_record>>& model::of() {
    return decisions_;
}
template <>
inline std::map<std::uint64_t, versioned<dossier_record>>& model::of() {
    return dossiers_;
}
template <>
inline std::map<std::uint64_t, versioned<organisation>>& model::of() {
    return organisations_;
}
template <>
inline std::map<std::uint64_t, versioned<campaign>>& model::of() {
    return campaigns_;
}
template <>
inline std::map<std::uint64_t, versioned<training>>& model::of() {
    return trainings_;
}
template <>
inline std::map<std::uint64_t, versioned<startup_idea>>& model::of() {
    return ideas_;
}

/// Makes events; about one in three is wrong in some way.
class maker {
public:
    explicit maker(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
    }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T>
    const T& any(const std::vector<T>& of) {
        return of[below(of.size())];
    }

    date some_day() {
        return *date_of(count_of(2019, 6, 1) + static_cast<day_count>(below(365 * 10)));
    }
    std::string name() {
        static const std::vector<std::string> words{
            "Mật", "ong",  "Trà",  "hoa", "nhài", "Rượu", "ngô", "Đông",  "trùng", "đặc",
            "sản", "Mắm",  "cá",   "Nấm", "Pa",   "Ủ",    "mát", "hòa",   "Hoà",   "Tan",
            "tân", "OCOP", "20°N", "chè", "dây",  "sấy",  "dẻo", "(mới)", "lợn",   "đen"};
        std::string made;
        for (std::size_t i = 0, n = 1 + below(4); i < n; ++i)
            made += (i > 0 ? " " : "") + any(words);
        return made;
    }
    unit_ref place() {
        const edition in = any(std::vector<edition>(all_editions.begin(), all_editions.end()));
        const std::size_t level = below(3);
        const auto units = bundled_units().units(
            in, level == 0 || !has_level(in, unit_level::district) ? unit_level::commune
                : level == 1                                       ? unit_level::district
                                                                   : unit_level::province);
        // Few provinces, so that questions meet more than one product.
        return units[below(std::min<std::size_t>(units.size(), 40)) * (units.size() / 40)].ref();
    }
    std::optional<bool> flag() {
        const std::size_t n = below(3);
        if (n == 2) return std::nullopt;
        return n == 1;
    }

    event next(const model& now) {
        if (!sent_.empty() && one_in(15)) {
            event again = any(sent_);
            if (one_in(2)) again.on = again.on + boost::gregorian::days(1);
            return again;
        }
        event made{{7, ++number_}, some_day(), 0, what(now), {}};
        if (one_in(3)) made.from = provenance{"S" + std::to_string(below(9)), "A", ""};
        made.expected = expected(made.what, now);
        if (auto* c = std::get_if<certificate_recorded>(&made.what))
            if (!one_in(40)) made.on = c->is->on;
        if (one_in(25)) made.expected += 1 + static_cast<std::uint32_t>(below(2));
        if (one_in(60)) made.on = date();
        sent_.push_back(made);
        return made;
    }

private:
    template <class Id>
    Id id() {
        return Id(1 + below(one_in(8) ? 40 : 14));
    }
    std::uint32_t expected(const record_change& change, const model& now) {
        if (const auto* c = std::get_if<certificate_recorded>(&change))
            return now.version_of_history(c->product);
        if (const auto* c = std::get_if<claim_recorded>(&change))
            return now.version_of_history(c->product);
        if (const auto* p = std::get_if<put<product>>(&change))
            return version(now.products(), p->id);
        if (const auto* p = std::get_if<put<producer>>(&change))
            return version(now.producers(), p->id);
        if (const auto* p = std::get_if<removed<product>>(&change))
            return version(now.products(), p->id);
        if (const auto* p = std::get_if<removed<producer>>(&change))
            return version(now.producers(), p->id);
        return static_cast<std::uint32_t>(below(3));
    }
    template <class Map, class Id>
    static std::uint32_t version(const Map& map, Id id) {
        const auto found = map.find(id.value());
        return found == map.end() ? 0 : found->second.version;
    }

    record_change what(const model&) {
        switch (below(20)) {
        case 0:
        case 1:
        case 2: {
            producer p;
            p.name = one_in(30) ? " " : name();
            if (!one_in(4)) p.kind = static_cast<producer_kind>(below(13));
            if (!one_in(4)) p.seat = place();
            p.representative.woman = flag();
            p.representative.ethnic_minority = flag();
            p.youth_led = flag();
            return put<producer>{id<producer_id>(), p};
        }
        case 3:
        case 4:
        case 5:
        case 6:
        case 7: {
            product p{name(), id<producer_id>(), {}, {}, {}, {}, {}};
            if (one_in(2))
                p.set.emplace(one_in(2) ? set_generation::of_2019 : set_generation::of_2023,
                              static_cast<int>(1 + below(26)));
            if (!one_in(6))
                p.place =
                    one_in(30) ? unit_ref{unit_code::parse("99"), edition::e2025_07} : place();
            for (std::size_t i = below(3); i > 0 && one_in(2); --i)
                p.variants.push_back({name(), {}});
            return put<product>{id<product_id>(), p};
        }
        case 8:
            return removed<product>{id<product_id>()};
        case 9:
            return removed<producer>{id<producer_id>()};
        case 10:
            return put<organisation>{id<organisation_id>(), organisation{name(), {}, {}}};
        case 11: {
            campaign c{name(), id<organisation_id>(), {}, {}, {}, {}};
            return put<campaign>{id<campaign_id>(), c};
        }
        case 12: {
            training t{name(), id<organisation_id>(), {}, {}, {}, {}, {}, {}};
            for (std::size_t i = below(3); i > 0; --i) t.producers.push_back(id<producer_id>());
            return put<training>{id<training_id>(), t};
        }
        case 13: {
            startup_idea i{name(), {}, {}, {}, {}, {}, {}, {}};
            if (one_in(2)) i.became_producer = id<producer_id>();
            if (one_in(2)) i.became_products = {id<product_id>()};
            if (one_in(3)) i.campaign = id<campaign_id>();
            return put<startup_idea>{id<idea_id>(), i};
        }
        case 14:
            if (one_in(2)) return removed<organisation>{id<organisation_id>()};
            return removed<startup_idea>{id<idea_id>()};
        case 15:
            if (one_in(3)) return removed<decision_record>{id<decision_id>()};
            return put<decision_record>{id<decision_id>(), decision_record{"12/QĐ-UBND", {}, {}}};
        case 16: {
            undated_claim c;
            c.kind = static_cast<certificate_event_kind>(below(8));
            if (one_in(2)) c.stars = stars(static_cast<int>(2 + below(4)));
            if (one_in(2)) c.year = 2019 + static_cast<std::int32_t>(below(8));
            return claim_recorded{id<product_id>(), c};
        }
        default: {
            certificate_event c;
            constexpr std::array kinds{
                certificate_event_kind::recognised,    certificate_event_kind::recognised,
                certificate_event_kind::re_recognised, certificate_event_kind::upgraded,
                certificate_event_kind::proposed,      certificate_event_kind::filed,
                certificate_event_kind::refused,       certificate_event_kind::transferred,
                certificate_event_kind::withdrawn};
            c.kind = kinds[below(kinds.size())];
            c.on = some_day();
            if (issues(c.kind) || one_in(6)) c.stars = stars(static_cast<int>(3 + below(3)));
            if (c.kind == certificate_event_kind::filed) c.application = application::renewal;
            if (issues(c.kind) && one_in(6))
                c.last_valid_day = c.on + boost::gregorian::days(static_cast<long>(below(1500)));
            certificate_recorded made{id<product_id>(), c, {}, {}, {}};
            if (c.kind == certificate_event_kind::transferred || one_in(20))
                made.to = id<producer_id>();
            if (one_in(5)) made.decision = id<decision_id>();
            if (one_in(5)) made.year = static_cast<std::int32_t>(c.on.year()) - 1;
            return made;
        }
        }
    }

    std::mt19937_64 random_;
    std::uint64_t number_ = 0;
    std::vector<event> sent_;
};

}  // namespace random_events
