#include "ocop/registry/registry.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "ocop/base/fold.hpp"
#include "ocop/certifications/level_check.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/products/product_code_explained.hpp"
#include "registry/references.hpp"
#include "registry/registry_data.hpp"

namespace ocop {
namespace detail {
namespace {

// What a record says of itself that cannot be.

void check_value(const decision_record& d, problems& found) {
    check_name(d.number, "/is/number", found);
    if (d.signed_on) check_day(*d.signed_on, "/is/signed_on", found);
}
void check_value(const dossier_record&, problems&) {}  // a process is sound by itself
template <class Value>
void check_value(const Value& value, problems& found) {
    validate(value, found, "/is");
}

/// Takes events in, and out again from the end.
class changer {
    auto log_hash() const {
        return [this](std::uint32_t place) { return hash_of(d_.log[place].id); };
    }

public:
    changer(registry_data& data, problems& found) : d_(data), found_(found) {}

    std::optional<applied> take(event& one) {
        const std::size_t before = found_.size();
        if (const std::uint32_t at = known(one.id); at != no_slot) {
            if (d_.log[at] == one) return applied::repeated;
            tell(problem_code::conflicting_event, "/id", to_string(one.id),
                 told("số {0} đã dùng cho sự kiện thứ {1}, có nội dung khác; hãy cho số khác",
                      "number {0} stands for event {1}, which says something else; give another "
                      "number",
                      {to_string(one.id), std::to_string(at + 1)}));
            return std::nullopt;
        }
        if (d_.log.size() + 1 >= no_slot) {
            tell(problem_code::too_many, "", "", {"sổ đăng ký đã đầy", "the registry is full"});
            return std::nullopt;
        }
        check_day(one.on, "/on", found_);
        if (has_errors_since(before)) return std::nullopt;
        std::visit([&](const auto& what) { check(what, one); }, one.what);
        if (has_errors_since(before)) return std::nullopt;
        const auto at = static_cast<std::uint32_t>(d_.log.size());
        d_.log.append(std::move(one));
        d_.log_index.add(at, log_hash());
        std::visit([&](const auto& what) { change(what, at); }, d_.log[at].what);
        return applied::changed;
    }

    /// Takes the last event out of \p data again.
    static void undo_last(registry_data& data, void (*drop)(journal&)) {
        problems none;
        changer self(data, none);
        const auto at = static_cast<std::uint32_t>(data.log.size() - 1);
        std::visit([&](const auto& what) { self.undo(what, at); }, data.log[at].what);
        data.log_index.drop(at, self.log_hash());
        drop(data.log);
    }

private:
    [[nodiscard]] std::uint32_t known(const event_id& id) const {
        return d_.log_index.find(hash_of(id),
                                 [&](std::uint32_t place) { return d_.log[place].id == id; });
    }
    [[nodiscard]] bool has_errors_since(std::size_t before) const {
        return std::any_of(found_.begin() + static_cast<std::ptrdiff_t>(before), found_.end(),
                           [](const problem& p) { return p.grade == severity::error; });
    }
    void tell(problem_code code, std::string pointer, std::string value, label message,
              severity grade = severity::error) {
        found_.push_back(
            make_problem(code, std::move(pointer), std::move(value), std::move(message), grade));
    }
    template <class Value>
    void tell_unknown(id_of<Value> id, std::string pointer, bool removed_one) {
        constexpr term what = record_traits<Value>::name;
        const std::string number = to_string(id);
        tell(problem_code::unknown_record, std::move(pointer), number,
             removed_one
                 ? told("{0} {1} đã bị xóa; hãy chọn bản ghi khác",
                        "{2} {1} was removed; choose another one", {what.vi, number, what.en})
                 : told("không có {0} {1}; hãy ghi nhận trước, hoặc sửa số",
                        "there is no {2} {1}; record it first, or mend the number",
                        {what.vi, number, what.en}));
    }
    void tell_stale(std::uint32_t expected, std::uint32_t is, const term& what,
                    const std::string& number) {
        const std::string was = std::to_string(expected);
        const std::string now = std::to_string(is);
        tell(problem_code::stale_version, "/expected", was,
             told("{0} {1} đang ở phiên bản {2}, không phải {3}: hãy đọc lại rồi sửa tiếp",
                  "{4} {1} is at version {2}, not {3}: read it again and change that",
                  {what.vi, number, now, was, what.en}));
    }

    // Checks: found_ gets what stands against it, nothing changes.

    template <class Value>
    void check_references(const Value& value) {
        each_reference(
            value, [&](auto id, const std::string& at) { check_exists(id, "/is" + at); },
            [&](const unit_ref& ref, const std::string& at) {
                if (d_.units.find(ref) == nullptr)
                    found_.push_back(d_.units.unknown(ref, "/is" + at));
            });
    }
    template <class Id>
    void check_exists(Id id, std::string pointer) {
        using value = typename value_of_id<Id>::type;
        const table<value>& t = d_.of<value>();
        const std::uint32_t slot = t.slot(id.value());
        if (slot == no_slot || t.gone[slot])
            tell_unknown<value>(id, std::move(pointer), slot != no_slot);
    }
    /// The slot of the record that an event changes, or no_slot and the reason.
    template <class Value>
    std::uint32_t check_version(id_of<Value> id, const event& one) {
        const table<Value>& t = d_.of<Value>();
        const std::uint32_t slot = t.slot(id.value());
        if (slot == no_slot || t.gone[slot]) {
            tell_unknown<Value>(id, "/id", slot != no_slot);
            return no_slot;
        }
        if (t.versions[slot] != one.expected) {
            tell_stale(one.expected, t.versions[slot], record_traits<Value>::name, to_string(id));
            return no_slot;
        }
        const date& last = d_.log[t.events[slot]].on;
        if (one.on < last)
            tell(problem_code::wrong_order, "/on", to_string(one.on),
                 told("{0} {1} đã thay đổi ngày {2}; không thể thay đổi lùi về ngày {3}",
                      "{4} {1} was changed on {2}; a change cannot be dated back to {3}",
                      {record_traits<Value>::name.vi, to_string(id), to_string(last),
                       to_string(one.on), record_traits<Value>::name.en}));
        return slot;
    }
    template <class Value>
    void check(const put<Value>& what, const event& one) {
        if (one.expected != 0) {
            const std::uint32_t slot = check_version<Value>(what.id, one);
            if (slot != no_slot) check_change(*d_.of<Value>().values[slot], *what.is);
        } else if (d_.of<Value>().slot(what.id.value()) != no_slot) {
            constexpr term name = record_traits<Value>::name;
            tell(problem_code::repeated_record, "/id", to_string(what.id),
                 told("số {1} đã dùng cho một {0}; hãy cho số khác, hoặc ghi phiên bản đang có",
                      "number {1} has been used for a {2}; give another number, or the version "
                      "that it has",
                      {name.vi, to_string(what.id), name.en}));
        }
        check_references(*what.is);
        check_value(*what.is, found_);
        check_more(*what.is, one);
    }
    template <class Value>
    void check_change(const Value&, const Value&) {}
    /// A dossier only goes on: the old one with the steps that are new must be the new one.
    void check_change(const dossier_record& old, const dossier_record& fresh) {
        if (old.product == fresh.product && goes_on(old.process, fresh.process)) return;
        tell(problem_code::contradiction, "/is", "",
             {"hồ sơ chỉ được ghi thêm bước; các bước đã ghi, sản phẩm, quyết định áp dụng, số và "
              "loại hồ sơ phải giữ nguyên",
              "a dossier may only take further steps; the steps taken, the product, the "
              "regulation, the dossier's number and what it is for must stay"});
    }
    [[nodiscard]] static bool goes_on(dossier_process old, const dossier_process& fresh) {
        const auto& steps = fresh.history();
        const std::size_t taken = old.history().size();
        if (taken > steps.size() ||
            !std::equal(old.history().begin(), old.history().end(), steps.begin()))
            return false;
        problems untold;
        for (std::size_t i = taken; i < steps.size(); ++i)
            if (!old.try_apply(steps[i], untold)) return false;
        return old == fresh;
    }
    /// What a record says that its event or the units contradict.
    template <class Value>
    void check_more(const Value&, const event&) {}
    /// Certificates that cite a decision must still agree with it.
    void check_more(const decision_record& fresh, const event& one) {
        const decision_id id = std::get_if<put<decision_record>>(&one.what)->id;
        const std::uint32_t slot = d_.decisions.living(id.value());
        if (slot == no_slot || d_.decisions.uses[slot] == 0 || *d_.decisions.values[slot] == fresh)
            return;
        for (const event& cited : d_.log) {
            const auto* by = std::get_if<certificate_recorded>(&cited.what);
            if (by == nullptr || by->decision != id || cites_well(*by->is, fresh)) continue;
            tell(problem_code::contradiction, "/is", fresh.number,
                 told("giấy chứng nhận của sản phẩm {0} ngày {1} dẫn đến quyết định này và nói "
                      "khác; hãy ghi thành quyết định khác",
                      "the certificate of product {0} of {1} cites this decision and says "
                      "otherwise; record another decision",
                      {to_string(by->product), to_string(by->is->on)}));
            return;
        }
    }
    /// What is known of a dossier on a day is what had happened by then.
    void check_more(const dossier_record& d, const event& one) {
        if (d.process.history().empty() || d.process.history().back().on <= one.on) return;
        const std::string last = to_string(d.process.history().back().on);
        tell(problem_code::wrong_order, "/on", to_string(one.on),
             told("bước cuối của hồ sơ là ngày {0}, sau ngày {1} của sự kiện; hãy ghi từ ngày {0}",
                  "the dossier's last step is of {0}, after the event's day {1}; record it from "
                  "{0} on",
                  {last, to_string(one.on)}));
    }
    /// The units of a product's code exist and lie in each other; its year is the list's to answer for.
    void check_more(const product& p, const event&) {
        if (!p.code) return;
        for (problem& one : explain(*p.code, d_.units).found) {
            if (one.code == problem_code::year_outside || before_editions(*p.code))
                one.grade = severity::warning;
            one.where.pointer = "/is/code" + one.where.pointer;
            found_.push_back(std::move(one));
        }
    }
    [[nodiscard]] static bool same_number(const std::string& a, const std::string& b) {
        return a == b || search_key(a) == search_key(b);
    }
    [[nodiscard]] static bool cites_well(const certificate_event& is, const decision_record& d) {
        problems found;
        if (d.level) check_level(bundled_regulations(), is, *d.level, "", found);
        return found.empty() && (is.decision.empty() || same_number(is.decision, d.number)) &&
               (!is.level || !d.level || *is.level == *d.level) &&
               (!d.signed_on || is.on.is_special() || *d.signed_on <= is.on);
    }
    /// What a certificate says of its decision against the decision's record, and who may decide.
    void check_decision(const certificate_recorded& what) {
        const certificate_event& is = *what.is;
        if (is.level) check_level(bundled_regulations(), is, *is.level, "/is/level", found_);
        const std::uint32_t slot =
            what.decision ? d_.decisions.living(what.decision->value()) : no_slot;
        if (slot == no_slot) return;
        const decision_record& d = *d_.decisions.values[slot];
        const std::string number = to_string(*what.decision);
        if (!is.decision.empty() && !same_number(is.decision, d.number))
            tell(problem_code::contradiction, "/decision", number,
                 told("quyết định {0} có số \"{1}\", giấy chứng nhận ghi \"{2}\"; hãy sửa một "
                      "trong hai",
                      "decision {0} is \"{1}\", the certificate says \"{2}\"; mend one of them",
                      {number, shown(d.number), shown(is.decision)}));
        if (is.level && d.level && *is.level != *d.level)
            tell(problem_code::wrong_level, "/decision", number,
                 told("quyết định {0} là của \"{1}\", giấy chứng nhận ghi \"{2}\"; hãy sửa một "
                      "trong hai",
                      "decision {0} is of \"{1}\", the certificate says \"{2}\"; mend one of them",
                      {number, name_of(*d.level), name_of(*is.level)}));
        else if (d.level && !is.level)
            check_level(bundled_regulations(), is, *d.level, "/decision", found_);
        if (d.signed_on && !is.on.is_special() && is.on < *d.signed_on)
            tell(problem_code::wrong_order, "/decision", number,
                 told("quyết định {0} ký ngày {1}, sau ngày {2} của giấy chứng nhận",
                      "decision {0} was signed on {1}, after the certificate's day {2}",
                      {number, to_string(*d.signed_on), to_string(is.on)}));
    }
    template <class Value>
    void check(const removed<Value>& what, const event& one) {
        const std::uint32_t slot = check_version<Value>(what.id, one);
        if (slot == no_slot) return;
        std::size_t uses = d_.of<Value>().uses[slot];
        if constexpr (std::is_same_v<Value, product>) uses += d_.history_version(slot);
        if (uses == 0) return;
        constexpr term name = record_traits<Value>::name;
        tell(problem_code::record_in_use, "/id", to_string(what.id),
             told("còn {2} bản ghi dẫn đến {0} {1}; hãy sửa chúng trước khi xóa",
                  "{2} records still lead to {3} {1}; change them before removing it",
                  {name.vi, to_string(what.id), std::to_string(uses), name.en}));
    }
    std::uint32_t check_history(product_id id, const event& one) {
        const std::uint32_t slot = d_.products.living(id.value());
        if (slot == no_slot) {
            check_exists(id, "/product");
            return no_slot;
        }
        constexpr term name{"lịch sử chứng nhận của sản phẩm", "history of product"};
        if (const std::uint32_t is = d_.history_version(slot); is != one.expected) {
            tell_stale(one.expected, is, name, to_string(id));
            return no_slot;
        }
        if (d_.history_version(slot) == std::numeric_limits<std::uint16_t>::max())
            tell(problem_code::too_many, "/product", to_string(id),
                 told("lịch sử của sản phẩm {0} đã đầy", "the history of product {0} is full",
                      {to_string(id)}));
        return slot;
    }
    void check(const certificate_recorded& what, const event& one) {
        each_reference(what, [&](auto id, const std::string& at) { check_exists(id, at); });
        check_year(what.year, "/year");
        check_decision(what);
        const certificate_event& is = *what.is;
        if (is.on != one.on)
            tell(problem_code::contradiction, "/is/on", is.on.is_special() ? "" : to_string(is.on),
                 told("ngày của giấy chứng nhận khác ngày của sự kiện ({0}); hãy ghi cùng một ngày",
                      "the certificate's day is not the event's ({0}); write the same day",
                      {to_string(one.on)}));
        if (what.to && is.kind != certificate_event_kind::transferred && !issues(is.kind))
            tell(problem_code::contradiction, "/to", to_string(*what.to),
                 told("sự kiện \"{0}\" không đổi chủ thể; hãy bỏ \"to\"",
                      "\"{0}\" changes no producer; leave \"to\" out", {name_of(is.kind)}));
        const std::uint32_t slot = check_history(what.product, one);
        if (slot == no_slot || is.on.is_special()) return;
        const std::span<const compact_event> old = d_.history(slot);
        // Whom a transfer names is not looked into here, only that it names one.
        const compact_event fresh = compact(is, what.to || !is.producer.empty() ? 1 : 0);
        const std::size_t at = place_in(old, fresh);
        const auto [first, last] = touched(old, at);
        std::vector<compact_event> all;
        all.reserve(last - first + 1);
        std::vector<std::size_t> places(last - first + 1);
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = first + i;
        const auto part = [&](std::size_t from, std::size_t to) {
            const std::span<const compact_event> some = old.subspan(from, to - from);
            for (compact_event e : some) {
                if (e.kind == certificate_event_kind::transferred) e.producer = 1;
                all.push_back(e);
            }
        };
        part(first, at);
        all.push_back(fresh);
        part(at, last);
        problems mine;
        validate(all, mine, "/history", places, d_.rules.histories, d_.rules.certificates);
        const std::string own = "/history/" + std::to_string(at);
        const std::string start = "/history/" + std::to_string(first) + "/";
        for (problem& p : mine) {
            // The first stands on what was left out before it.
            if (first != 0 && first != at && p.where.pointer.starts_with(start)) continue;
            const bool of_this = p.where.pointer == own || p.where.pointer.starts_with(own + "/");
            // A list may tell a certificate without its star: kept, and no star is ever shown for it.
            if (d_.rules.histories == history_extent::part && p.code == problem_code::missing_key &&
                p.where.pointer.ends_with("/stars")) {
                p.code = problem_code::star_missing;
                p.grade = severity::warning;
            }
            if (!of_this && p.grade == severity::warning) continue;  // told when it was taken in
            if (of_this) p.where.pointer = "/is" + p.where.pointer.substr(own.size());
            found_.push_back(std::move(p));
        }
    }
    void check(const claim_recorded& what, const event& one) {
        check_year(what.is->year, "/is/year");
        constexpr int least_recognised = 3;
        if (what.is->stars && what.is->stars->value() < least_recognised) {
            const std::string digit = std::to_string(what.is->stars->value());
            tell(problem_code::not_recognisable, "/is/stars", digit,
                 told("{0} sao không được công nhận và không có giấy chứng nhận: từ 3 sao",
                      "{0} stars are not recognised and have no certificate: from 3 stars on",
                      {digit}));
        }
        check_history(what.product, one);
    }
    void check_year(const std::optional<std::int32_t>& year, const char* pointer) {
        constexpr std::int32_t first = 1400;
        constexpr std::int32_t last = 9999;
        if (year && (*year < first || *year > last))
            tell(problem_code::bad_value, pointer, std::to_string(*year),
                 told("{0} không phải là một năm", "{0} is no year", {std::to_string(*year)}));
    }
    /// The entries that a new one at \p at can contradict, or that can contradict it: from the
    /// certificate before it to the one after it, and those of the day of each. What lies outside was
    /// checked when it was taken in, and stands on another certificate.
    static std::pair<std::size_t, std::size_t> touched(std::span<const compact_event> old,
                                                       std::size_t at) {
        std::size_t first = at;
        while (first > 0 && !issues(old[first - 1].kind)) --first;
        if (first > 0) --first;
        std::size_t last = at;
        while (last < old.size() && !issues(old[last].kind)) ++last;
        for (const date day = last < old.size() ? old[last].on : date();
             last < old.size() && old[last].on == day;)
            ++last;
        return {first, last};
    }
    static std::size_t place_in(std::span<const compact_event> sorted, const compact_event& fresh) {
        std::size_t at = sorted.size();
        while (at > 0 && happens_before(fresh, sorted[at - 1])) --at;
        return at;
    }

    // Changes: everything has been checked.

    template <class Value>
    void count_uses(const Value& value, std::uint32_t by) {
        each_reference(
            value, [&](auto id, const std::string&) { count_use(id, by); },
            [](const unit_ref&, const std::string&) {});
    }
    template <class Id>
    void count_use(Id id, std::uint32_t by) {
        auto& t = d_.of<typename value_of_id<Id>::type>();
        t.uses[t.slot(id.value())] += by;  // by is 1 or, modulo 2^32, -1
    }
    static constexpr std::uint32_t one_less = static_cast<std::uint32_t>(-1);

    template <class Value>
    void change(const put<Value>& what, std::uint32_t at) {
        table<Value>& t = d_.of<Value>();
        count_uses(*what.is, 1);
        if (d_.log[at].expected == 0) {
            t.add(what.id.value(), what.is, at);
            made(*what.is);
            linked(*what.is, t.size() - 1);
            return;
        }
        replace(t, t.slot(what.id.value()), what.is);
        t.next_version(t.slot(what.id.value()), at);
    }
    template <class Value>
    void replace(table<Value>& t, std::uint32_t slot, const kept<Value>& value) {
        count_uses(*t.values[slot], one_less);
        unlinked(*t.values[slot], slot);
        t.values[slot] = value;
        linked(*value, slot);
    }
    template <class Value>
    void change(const removed<Value>& what, std::uint32_t at) {
        table<Value>& t = d_.of<Value>();
        const std::uint32_t slot = t.slot(what.id.value());
        count_uses(*t.values[slot], one_less);
        unlinked(*t.values[slot], slot);
        t.gone[slot] = true;
        --t.alive;
        t.next_version(slot, at);
    }
    void change(const certificate_recorded& what, std::uint32_t at) {
        each_reference(what, [&](auto id, const std::string&) { count_use(id, 1); });
        const std::uint32_t slot = d_.products.slot(what.product.value());
        const compact_event fresh =
            compact(*what.is, what.to ? d_.producers.slot(what.to->value()) + 1 : 0);
        insert(slot, fresh, at);
        ++d_.entry_count;
        d_.refresh(slot);
    }
    void change(const claim_recorded& what, std::uint32_t at) {
        const std::uint32_t slot = d_.products.slot(what.product.value());
        d_.claims[slot].push_back(at);
        ++d_.entry_count;
        d_.refresh(slot);
    }
    void insert(std::uint32_t slot, const compact_event& fresh, std::uint32_t from) {
        entry_list& list = d_.entries[slot];
        if (list.count == list.capacity) {
            const bool at_end = list.begin + list.capacity == d_.pool.size() && list.capacity != 0;
            const std::size_t more = list.capacity == 0 ? 1 : list.capacity;
            if (!at_end) {
                // A moved list leaves a hole, which is small change: most lists never move.
                const auto begin = static_cast<std::uint32_t>(d_.pool.size());
                d_.pool.resize(d_.pool.size() + list.count);
                d_.pool_from.resize(d_.pool.size());
                std::copy_n(d_.pool.begin() + list.begin, list.count, d_.pool.begin() + begin);
                std::copy_n(d_.pool_from.begin() + list.begin, list.count,
                            d_.pool_from.begin() + begin);
                list.begin = begin;
            }
            d_.pool.resize(d_.pool.size() + more);
            d_.pool_from.resize(d_.pool.size());
            list.capacity = static_cast<std::uint16_t>(std::min<std::size_t>(
                list.capacity + more, std::numeric_limits<std::uint16_t>::max()));
        }
        const std::size_t place = place_in(d_.history(slot), fresh);
        const auto begin = static_cast<std::ptrdiff_t>(list.begin);
        const auto to = begin + static_cast<std::ptrdiff_t>(place);
        const auto end = begin + static_cast<std::ptrdiff_t>(list.count);
        std::copy_backward(d_.pool.begin() + to, d_.pool.begin() + end, d_.pool.begin() + end + 1);
        std::copy_backward(d_.pool_from.begin() + to, d_.pool_from.begin() + end,
                           d_.pool_from.begin() + end + 1);
        d_.pool[list.begin + place] = fresh;
        d_.pool_from[list.begin + place] = from;
        ++list.count;
    }

    // Columns.

    template <class Value>
    void made(const Value&) {}
    void made(const producer&) {
        d_.kind_of.push_back(0);
        d_.declared_of.push_back(0);
        d_.made_by.emplace_back();
    }
    void made(const product&) {
        d_.entries.emplace_back();
        d_.rows.emplace_back();
        d_.more.emplace_back();
        d_.place_of.push_back(0);
        d_.producer_of.push_back(0);
        d_.set_of.push_back(0);
        d_.flags.push_back(0);
        d_.end_places.push_back(0);
        const registry_data::state_columns none =
            d_.work_out(static_cast<std::uint32_t>(d_.flags.size() - 1));
        d_.rows.back() = none.row;
        d_.more.back() = none.more;
    }
    template <class Value>
    void unmade(const Value&) {}
    void unmade(const producer&) {
        d_.kind_of.pop_back();
        d_.declared_of.pop_back();
        d_.made_by.pop_back();
    }
    void unmade(const product&) {
        d_.entries.pop_back();
        d_.rows.pop_back();
        d_.more.pop_back();
        d_.place_of.pop_back();
        d_.producer_of.pop_back();
        d_.set_of.pop_back();
        d_.flags.pop_back();
        d_.end_places.pop_back();
    }
    template <class Value>
    void linked(const Value&, std::uint32_t) {}
    void linked(const producer& p, std::uint32_t slot) {
        d_.kind_of[slot] =
            p.kind ? static_cast<std::uint8_t>(1 + static_cast<int>(*p.kind)) : std::uint8_t{0};
        d_.declared_of[slot] = static_cast<std::uint8_t>(
            told_bits(p.youth_led) | told_bits(p.representative.woman) << 2U |
            told_bits(p.representative.ethnic_minority) << 4U |
            told_bits(p.representative.disability) << 6U);
        const std::string_view name = p.name;
        d_.producer_names.put(slot, std::span(&name, 1));
    }
    void linked(const product& p, std::uint32_t slot) {
        d_.place_of[slot] = p.place ? d_.place_number(*p.place) : 0;
        if (p.place) add_slot(d_.made_at[d_.place_of[slot] - 1], slot);
        const std::uint32_t by = d_.producers.slot(p.producer.value());
        d_.producer_of[slot] = by;
        add_slot(d_.made_by[by], slot);
        d_.set_of[slot] = p.set ? static_cast<std::uint8_t>(
                                      p.set->number() + 32 * static_cast<int>(p.set->generation()))
                                : std::uint8_t{0};
        std::vector<std::string_view> names{p.name};
        for (const variant& v : p.variants) names.push_back(v.name);
        d_.product_names.put(slot, names);
    }
    template <class Value>
    void unlinked(const Value&, std::uint32_t) {}
    void unlinked(const producer&, std::uint32_t slot) { d_.producer_names.drop(slot); }
    void unlinked(const product&, std::uint32_t slot) {
        drop_slot(d_.made_by[d_.producer_of[slot]], slot);
        if (d_.place_of[slot] != 0) drop_slot(d_.made_at[d_.place_of[slot] - 1], slot);
        d_.product_names.drop(slot);
    }

    // The way back.

    template <class Value>
    void undo(const put<Value>& what, std::uint32_t at) {
        table<Value>& t = d_.of<Value>();
        const std::uint32_t slot = t.slot(what.id.value());
        if (d_.log[at].expected == 0) {
            count_uses(*what.is, one_less);
            unlinked(*what.is, slot);
            unmade(*what.is);
            t.drop_last();
            return;
        }
        const std::uint32_t before = t.last_version(slot);
        const kept<Value>& value = std::get<put<Value>>(d_.log[before].what).is;
        count_uses(*value, 1);
        replace(t, slot, value);
    }
    template <class Value>
    void undo(const removed<Value>& what, std::uint32_t) {
        table<Value>& t = d_.of<Value>();
        const std::uint32_t slot = t.slot(what.id.value());
        t.last_version(slot);
        t.gone[slot] = false;
        ++t.alive;
        count_uses(*t.values[slot], 1);
        linked(*t.values[slot], slot);
    }
    void undo(const certificate_recorded& what, std::uint32_t at) {
        each_reference(what, [&](auto id, const std::string&) { count_use(id, one_less); });
        const std::uint32_t slot = d_.products.slot(what.product.value());
        entry_list& list = d_.entries[slot];
        const auto begin = d_.pool_from.begin() + list.begin;
        const auto place = std::find(begin, begin + list.count, at) - begin;
        const auto from = static_cast<std::ptrdiff_t>(list.begin) + place;
        const auto end = static_cast<std::ptrdiff_t>(list.begin) + list.count;
        std::copy(d_.pool.begin() + from + 1, d_.pool.begin() + end, d_.pool.begin() + from);
        std::copy(d_.pool_from.begin() + from + 1, d_.pool_from.begin() + end,
                  d_.pool_from.begin() + from);
        --list.count;
        --d_.entry_count;
        d_.refresh(slot);
    }
    void undo(const claim_recorded& what, std::uint32_t) {
        const std::uint32_t slot = d_.products.slot(what.product.value());
        const auto list = d_.claims.find(slot);
        list->second.pop_back();
        if (list->second.empty()) d_.claims.erase(list);
        --d_.entry_count;
        d_.refresh(slot);
    }

    registry_data& d_;
    problems& found_;
};

}  // namespace
}  // namespace detail

registry::registry(gazetteer units, registry_rules rules)
    : data_(std::make_unique<detail::registry_data>(std::move(units), rules)) {}
registry::registry(const registry& other)
    : data_(std::make_unique<detail::registry_data>(*other.data_)) {}
registry::registry(registry&&) noexcept = default;
registry& registry::operator=(const registry& other) {
    if (this != &other) data_ = std::make_unique<detail::registry_data>(*other.data_);
    return *this;
}
registry& registry::operator=(registry&&) noexcept = default;
registry::~registry() = default;

std::optional<applied> registry::try_apply(event one, problems& found) {
    return detail::changer(*data_, found).take(one);
}

applied registry::apply(event one) {
    problems found;
    const auto done = try_apply(std::move(one), found);
    if (!done) throw error(std::move(found));
    return *done;
}

std::optional<std::size_t> registry::try_apply(std::span<const event> batch, problems& found) {
    const std::size_t before = data_->log.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        problems mine;
        const auto done = try_apply(batch[i], mine);
        for (problem& p : mine) {
            p.where.pointer = "/" + std::to_string(i) + p.where.pointer;
            found.push_back(std::move(p));
        }
        if (done) continue;
        while (data_->log.size() > before)
            detail::changer::undo_last(*data_, [](ocop::journal& log) { log.drop_last(); });
        return std::nullopt;
    }
    return data_->log.size() - before;
}

registry registry::replay(const ocop::journal& events, gazetteer units, registry_rules rules) {
    registry made(std::move(units), rules);
    made.data_->log.reserve(events.size());
    for (const event& one : events) made.apply(one);
    return made;
}

void registry::reserve(const registry_sizes& sizes) {
    detail::registry_data& d = *data_;
    d.log.reserve(sizes.events);
    d.log_index.reserve(sizes.events,
                        [&](std::uint32_t place) { return detail::hash_of(d.log[place].id); });
    d.producers.reserve(sizes.producers);
    d.kind_of.reserve(sizes.producers);
    d.declared_of.reserve(sizes.producers);
    d.made_by.reserve(sizes.producers);
    d.producer_names.reserve(sizes.producers);
    d.products.reserve(sizes.products);
    d.entries.reserve(sizes.products);
    d.rows.reserve(sizes.products);
    d.more.reserve(sizes.products);
    d.place_of.reserve(sizes.products);
    d.producer_of.reserve(sizes.products);
    d.set_of.reserve(sizes.products);
    d.flags.reserve(sizes.products);
    d.end_places.reserve(sizes.products);
    d.product_names.reserve(sizes.products);
    d.pool.reserve(sizes.certificate_entries);
    d.pool_from.reserve(sizes.certificate_entries);
    d.decisions.reserve(sizes.decisions);
}

const ocop::journal& registry::journal() const noexcept { return data_->log; }
const gazetteer& registry::units() const noexcept { return data_->units; }
const registry_rules& registry::rules() const noexcept { return data_->rules; }

registry_sizes registry::sizes() const noexcept {
    const detail::registry_data& d = *data_;
    registry_sizes made;
    made.producers = d.producers.alive;
    made.products = d.products.alive;
    made.certificate_entries = d.entry_count;
    made.decisions = d.decisions.alive;
    made.dossiers = d.dossiers.alive;
    made.organisations = d.organisations.alive;
    made.campaigns = d.campaigns.alive;
    made.trainings = d.trainings.alive;
    made.ideas = d.ideas.alive;
    made.events = d.log.size();
    return made;
}

template <class Value>
const Value* registry::find(id_of<Value> id) const noexcept {
    const auto& t = std::as_const(*data_).of<Value>();
    const std::uint32_t slot = t.living(id.value());
    return slot == detail::no_slot ? nullptr : &*t.values[slot];
}

template <class Value>
const Value* registry::find(id_of<Value> id, const date& on) const noexcept {
    const auto& t = std::as_const(*data_).of<Value>();
    const std::uint32_t slot = t.slot(id.value());
    if (slot == detail::no_slot || on.is_special()) return nullptr;
    const auto value_at = [&](std::uint32_t at) -> const Value* {
        const auto* what = std::get_if<put<Value>>(&data_->log[at].what);
        return what == nullptr ? nullptr : &*what->is;
    };
    if (data_->log[t.events[slot]].on <= on) return value_at(t.events[slot]);
    const auto earlier = t.earlier.find(slot);
    if (earlier == t.earlier.end()) return nullptr;
    for (std::size_t i = earlier->second.size(); i-- > 0;)
        if (data_->log[earlier->second[i]].on <= on) return value_at(earlier->second[i]);
    return nullptr;
}

template <class Value>
std::uint32_t registry::version(id_of<Value> id) const noexcept {
    const auto& t = std::as_const(*data_).of<Value>();
    const std::uint32_t slot = t.living(id.value());
    return slot == detail::no_slot ? 0 : t.versions[slot];
}

template <class Value>
provenance registry::origin(id_of<Value> id) const {
    const auto& t = std::as_const(*data_).of<Value>();
    const std::uint32_t slot = t.living(id.value());
    return slot == detail::no_slot ? provenance() : *data_->log[t.events[slot]].from;
}

template <class Value>
bool registry::used(id_of<Value> id) const noexcept {
    return std::as_const(*data_).of<Value>().slot(id.value()) != detail::no_slot;
}

template <class Value>
std::optional<id_of<Value>> registry::greatest() const {
    const auto& ids = std::as_const(*data_).of<Value>().ids;
    const auto last = std::max_element(ids.begin(), ids.end());
    return last == ids.end() ? std::nullopt : id_of<Value>::from(*last);
}

template <class Value>
std::vector<id_of<Value>> registry::all() const {
    const auto& t = std::as_const(*data_).of<Value>();
    std::vector<id_of<Value>> ids;
    ids.reserve(t.alive);
    for (std::uint32_t slot = 0; slot < t.size(); ++slot)
        if (!t.gone[slot]) ids.emplace_back(t.ids[slot]);
    std::sort(ids.begin(), ids.end());
    return ids;
}

#define OCOP_RECORDS_OF(Value)                                                                     \
    template OCOP_API const Value* registry::find<Value>(id_of<Value>) const noexcept;             \
    template OCOP_API const Value* registry::find<Value>(id_of<Value>, const date&)                \
        const noexcept;                                                                            \
    template OCOP_API std::uint32_t registry::version<Value>(id_of<Value>) const noexcept;         \
    template OCOP_API provenance registry::origin<Value>(id_of<Value>) const;                      \
    template OCOP_API bool registry::used<Value>(id_of<Value>) const noexcept;                     \
    template OCOP_API std::optional<id_of<Value>> registry::greatest<Value>() const;               \
    template OCOP_API std::vector<id_of<Value>> registry::all<Value>() const;
OCOP_RECORDS_OF(producer)
OCOP_RECORDS_OF(product)
OCOP_RECORDS_OF(decision_record)
OCOP_RECORDS_OF(dossier_record)
OCOP_RECORDS_OF(organisation)
OCOP_RECORDS_OF(campaign)
OCOP_RECORDS_OF(training)
OCOP_RECORDS_OF(startup_idea)
#undef OCOP_RECORDS_OF

std::uint32_t registry::history_version(product_id id) const noexcept {
    const std::uint32_t slot = data_->products.living(id.value());
    return slot == detail::no_slot ? 0 : data_->history_version(slot);
}

std::vector<history_entry> registry::entries(product_id id) const {
    const detail::registry_data& d = *data_;
    const std::uint32_t slot = d.products.living(id.value());
    std::vector<history_entry> made;
    if (slot == detail::no_slot) return made;
    for (std::uint32_t at : d.history_from(slot))
        made.push_back({&d.log[at], std::get_if<certificate_recorded>(&d.log[at].what), nullptr});
    if (const auto* undated = d.claims_of(slot))
        for (std::uint32_t at : *undated)
            made.push_back({&d.log[at], nullptr, std::get_if<claim_recorded>(&d.log[at].what)});
    return made;
}

certificate_history registry::history(product_id id) const {
    std::vector<certificate_event> events;
    for (const history_entry& entry : entries(id)) {
        if (entry.certificate == nullptr) continue;
        events.push_back(*entry.certificate->is);
        if (entry.certificate->to)
            if (const ocop::producer* to = find(*entry.certificate->to))
                events.back().producer = to->name;
    }
    problems untold;
    auto made = certificate_history::try_make(std::move(events), untold, "/events",
                                              data_->rules.histories, data_->rules.certificates);
    return made ? std::move(*made) : certificate_history();
}

std::vector<product_id> registry::products_of(producer_id id) const {
    const detail::registry_data& d = *data_;
    std::vector<product_id> made;
    const std::uint32_t slot = d.producers.living(id.value());
    if (slot == detail::no_slot) return made;
    for (std::uint32_t product : d.made_by[slot]) made.emplace_back(d.products.ids[product]);
    std::sort(made.begin(), made.end());
    return made;
}

std::size_t registry::memory() const noexcept {
    const detail::registry_data& d = *data_;
    constexpr std::size_t control = 16;  // of a shared value
    constexpr std::size_t short_text = 15;
    const auto text = [](const std::string& s) {
        return s.capacity() > short_text ? s.capacity() + 1 : 0;
    };
    std::size_t bytes =
        sizeof d + d.log.size() * sizeof(event) + d.log_index.memory() + d.producers.memory() +
        d.products.memory() + d.decisions.memory() + d.dossiers.memory() +
        d.organisations.memory() + d.campaigns.memory() + d.trainings.memory() + d.ideas.memory() +
        d.entries.capacity() * sizeof(detail::entry_list) +
        d.pool.capacity() * (sizeof(compact_event) + sizeof(std::uint32_t)) +
        d.rows.capacity() * sizeof(detail::state_row) +
        d.more.capacity() * sizeof(detail::state_more) +
        d.place_of.capacity() * sizeof(std::uint32_t) * 3 + d.set_of.capacity() * 2 +
        d.kind_of.capacity() * 2 + d.made_by.capacity() * sizeof(std::vector<std::uint32_t>) +
        d.places.capacity() * sizeof(detail::place_facts) + d.product_names.memory() +
        d.producer_names.memory();
    for (const auto& list : d.made_by) bytes += list.capacity() * sizeof(std::uint32_t);
    for (const auto& list : d.made_at)
        bytes += sizeof list + list.capacity() * sizeof(std::uint32_t);
    for (const auto& [last, list] : d.ends)
        bytes += sizeof list + list.capacity() * sizeof(detail::expiry);
    for (const event& one : d.log) {
        if (const auto* p = std::get_if<put<ocop::producer>>(&one.what))
            bytes += control + sizeof(ocop::producer) + text(p->is->name);
        else if (const auto* q = std::get_if<put<ocop::product>>(&one.what))
            bytes += control + sizeof(ocop::product) + text(q->is->name) +
                     q->is->variants.capacity() * sizeof(variant);
        else if (const auto* c = std::get_if<certificate_recorded>(&one.what))
            bytes += control + sizeof(certificate_event) + text(c->is->decision);
        else if (std::get_if<claim_recorded>(&one.what) != nullptr)
            bytes += control + sizeof(undated_claim);
    }
    return bytes;
}

bool operator==(const registry& a, const registry& b) {
    const detail::registry_data& x = *a.data_;
    const detail::registry_data& y = *b.data_;
    if (!(x.rules == y.rules && x.units == y.units && x.log == y.log &&
          x.producers == y.producers && x.products == y.products && x.decisions == y.decisions &&
          x.dossiers == y.dossiers && x.organisations == y.organisations &&
          x.campaigns == y.campaigns && x.trainings == y.trainings && x.ideas == y.ideas &&
          x.claims == y.claims && x.entry_count == y.entry_count))
        return false;
    for (std::uint32_t slot = 0; slot < x.products.size(); ++slot) {
        const auto p = x.history(slot);
        const auto q = y.history(slot);
        if (!std::equal(p.begin(), p.end(), q.begin(), q.end())) return false;
    }
    return true;
}

}  // namespace ocop
