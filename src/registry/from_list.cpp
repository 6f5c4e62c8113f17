#include "ocop/registry/from_list.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "ocop/base/fold.hpp"
#include "ocop/certifications/level_check.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/text.hpp"

namespace ocop {
namespace {

using entry = std::variant<certificate_event, undated_claim>;

constexpr std::string_view no_producer_named = "(chưa rõ chủ thể)";

/// Words by which lists withhold a name, as search keys.
constexpr std::array<std::string_view, 5> withheld_words{"name withheld", "khong neu ten",
                                                         "giau ten", "an danh", "chua ro chu the"};

/// What a row says happened, as the events of a history, or as claims where it tells no day.
class row_reader {
public:
    row_reader(const listed_product& row, const certificate_rules& by) : row_(row), by_(by) {}

    [[nodiscard]] std::vector<entry> read() {
        start_ = row_.decision_date;
        if (!start_ && row_.expiry_date) start_ = add_months(*row_.expiry_date, -by_.months);
        switch (row_.event) {
        case list_event::first:
        case list_event::recognised:
        case list_event::re_evaluation_due:
        case list_event::expired:
            issue(certificate_event_kind::recognised);
            break;
        case list_event::re_recognition:
        case list_event::re_evaluation:
            issue(certificate_event_kind::re_recognised);
            break;
        case list_event::upgrade:
            issue(certificate_event_kind::upgraded);
            break;
        case list_event::district_council:
            // 3 stars under 148/QĐ-TTg, until 2025-07-05.
            if (!start_ ||
                (row_.stars && may_recognise(bundled_regulations(), council_level::district,
                                             *row_.stars, *start_)))
                issue(certificate_event_kind::recognised);
            else
                propose(row_.stars ? row_.stars : row_.proposed);
            break;
        case list_event::upgrade_proposed:
            held_and_proposed(row_.proposed);
            break;
        case list_event::proposed_4:
            held_and_proposed(stars(4));
            break;
        case list_event::proposed_5:
            held_and_proposed(stars(5));
            break;
        case list_event::candidate:
        case list_event::district_proposal:
            propose(row_.proposed ? row_.proposed : row_.stars);
            break;
        case list_event::revoked:
            issue(certificate_event_kind::recognised);
            claim(certificate_event_kind::withdrawn, row_.stars);
            break;
        }
        return std::move(made_);
    }

private:
    void issue(certificate_event_kind kind) {
        if (!start_) {
            claim(kind, row_.stars);
            return;
        }
        certificate_event e;
        e.kind = kind;
        e.on = *start_;
        e.stars = row_.stars;
        e.decision = row_.decision;
        // From 2026-05-22 on the term is fixed (26/2026/QĐ-TTg art. 4.3); a day that agrees with it
        // needs no words.
        const bool states = row_.expiry_date && *row_.expiry_date != last_valid_day(*start_, by_);
        if (states) e.last_valid_day = row_.expiry_date;
        made_.emplace_back(std::move(e));
    }
    void propose(std::optional<stars> to) {
        if (!start_) {
            claim(certificate_event_kind::proposed, to);
            return;
        }
        certificate_event e;
        e.kind = certificate_event_kind::proposed;
        e.on = *start_;
        e.stars = to;
        e.decision = row_.decision;
        made_.emplace_back(std::move(e));
    }
    /// A star below the proposed one is held meanwhile.
    void held_and_proposed(std::optional<stars> to) {
        if (row_.stars && (!to || *row_.stars < *to)) issue(certificate_event_kind::recognised);
        propose(to ? to : row_.proposed);
    }
    void claim(certificate_event_kind kind, std::optional<stars> told) {
        made_.emplace_back(undated_claim{kind, told, row_.year, row_.decision});
    }

    const listed_product& row_;
    const certificate_rules& by_;
    std::optional<date> start_;
    std::vector<entry> made_;
};

std::optional<unit_ref> place_of(const listed_product& row) {
    if (row.commune.unit) return row.commune.unit;
    if (row.district.unit) return row.district.unit;
    return row.province.unit;
}

/// Keys by which rows and records are found to be one.
class record_keys {
public:
    explicit record_keys(const gazetteer& units) : units_(units) {}

    /// Empty for a name that names nobody.
    [[nodiscard]] static std::string name_key(std::string_view name) {
        const std::string key = search_key(expand_abbreviations(name, text_about::producer));
        for (std::string_view word : withheld_words)
            if (search_key(name).find(word) != std::string::npos) return {};
        if (key.empty() || search_key(producer_kind_of_name(name).rest).empty()) return {};
        return key;
    }
    [[nodiscard]] std::string producer_key(std::string_view name,
                                           const std::optional<producer_kind>& kind,
                                           const std::optional<unit_ref>& seat) const {
        std::string key = name_key(name);
        if (key.empty()) return key;
        key += '\n';
        if (kind) key += name_of(*kind);
        key += '\n';
        if (seat)
            if (const auto now = units_.today(*seat).province.unit) key += to_string(now->code);
        return key;
    }
    /// \p producer: its key, or its kind where it names nobody.
    [[nodiscard]] std::string product_key(std::string_view name, std::string_view producer,
                                          const std::optional<unit_ref>& place) const {
        std::string key = search_key(name);
        key += '\n';
        key += producer;
        key += '\n';
        if (place) key += place_key(*place);
        return key;
    }
    /// The kind, for producers that are not told apart.
    [[nodiscard]] static std::string nobody(const std::optional<producer_kind>& kind) {
        return "?" + (kind ? std::string(name_of(*kind)) : std::string());
    }

private:
    /// Where a place lies now, as far as that is known.
    [[nodiscard]] std::string place_key(const unit_ref& place) const {
        const unit_today now = units_.today(place);
        if (now.commune && now.commune->unit) return to_string(now.commune->unit->code);
        std::string key = now.province.unit ? to_string(now.province.unit->code) : std::string();
        if (place.code.level() == unit_level::province) return key;
        return key + "/" + std::string(name_of(place.in)) + "/" + to_string(place.code);
    }

    const gazetteer& units_;
};

class importer {
public:
    importer(registry& into, const from_list_options& options)
        : into_(into),
          options_(options),
          keys_(into.units()),
          last_producer_(greatest<producer>()),
          last_product_(greatest<product>()) {
        for (producer_id id : into.all<producer>()) {
            const producer& p = *into.find(id);
            const std::string key = keys_.producer_key(p.name, p.kind, p.seat);
            if (!key.empty()) producers_.emplace(key, id);
        }
        for (product_id id : into.all<product>()) {
            const product& p = *into.find(id);
            const producer& by = *into.find(p.producer);
            const std::string key = keys_.producer_key(by.name, by.kind, by.seat);
            products_.emplace(keys_.product_key(p.name,
                                                key.empty() ? record_keys::nobody(by.kind) : key,
                                                p.place),
                              id);
        }
    }

    /// Rows that look back on a certificate come last: what gave it may stand in a later row.
    list_import take(std::span<const listed_product> rows) {
        for (const bool later : {false, true})
            for (const listed_product& row : rows)
                if (looks_back(row.event) == later) take(row);
        const auto by_row = [](const auto& a, const auto& b) {
            return std::pair(a.row, a.part) < std::pair(b.row, b.part);
        };
        std::stable_sort(made_.rows.begin(), made_.rows.end(), by_row);
        std::stable_sort(
            made_.found.begin(), made_.found.end(),
            [](const problem& a, const problem& b) { return a.where.row < b.where.row; });
        return std::move(made_);
    }

private:
    void take(const listed_product& row) {
        row_ = &row;
        const std::optional<unit_ref> place = place_of(row);
        const std::string who = keys_.producer_key(row.producer_name, row.kind, row.province.unit);
        const std::string what = keys_.product_key(
            row.product_name, who.empty() ? record_keys::nobody(row.kind) : who, place);
        imported_row told{row.row, row.part, product_id(1), {}, false, false, false};
        if (const auto known = products_.find(what); known != products_.end()) {
            told.product = known->second;
            if (named(row)) told.producer = into_.find(known->second)->producer;
        } else {
            const auto by = producer_of(row, who, told.new_producer);
            if (!by) return;
            const auto fresh = new_product(row, *by, place);
            if (!fresh) return;
            products_.emplace(what, *fresh);
            told.product = *fresh;
            if (named(row)) told.producer = by;
            told.new_product = true;
        }
        std::size_t news = 0;
        std::size_t known_entries = 0;
        step_ = 2;
        std::vector<entry> happened = row_reader(row, into_.rules().certificates).read();
        if (withdraws_earlier(told.product, row)) {
            certificate_event withdrawal;
            withdrawal.kind = certificate_event_kind::withdrawn;
            withdrawal.on = *row.decision_date;
            withdrawal.decision = row.decision;
            happened = {std::move(withdrawal)};
        } else if (looks_back(row.event) && row.event != list_event::revoked &&
                   certified_before(told.product, row)) {
            // What it tells of the certificate is that one's; it gives none of its own.
            std::erase_if(happened, [](const entry& one) {
                const auto* e = std::get_if<certificate_event>(&one);
                return e != nullptr && issues(e->kind);
            });
        } else if (ended_too_early(row)) {
            // "Expired", and 36 months have not passed: its last day is not told.
            happened = {undated_claim{certificate_event_kind::recognised, row.stars, row.year,
                                      row.decision}};
        }
        for (entry& one : happened) {
            ++step_;
            record(told.product, std::move(one), news, known_entries);
        }
        told.repeated = news == 0 && known_entries > 0;
        made_.rows.push_back(told);
    }
    /// Whether a row of \p event rests on a certificate that was given before.
    [[nodiscard]] static bool looks_back(list_event event) noexcept {
        return event == list_event::revoked || event == list_event::expired ||
               event == list_event::re_evaluation_due || event == list_event::upgrade_proposed ||
               event == list_event::proposed_4 || event == list_event::proposed_5;
    }
    /// Whether another row's decision gave a certificate before what \p row tells.
    [[nodiscard]] bool certified_before(product_id id, const listed_product& row) const {
        std::optional<date> start = row.decision_date;
        if (!start && row.expiry_date)
            start = add_months(*row.expiry_date, -into_.rules().certificates.months);
        if (!start) return false;
        for (const history_entry& old : into_.entries(id)) {
            if (old.certificate == nullptr || !issues(old.certificate->is->kind)) continue;
            const certificate_event& e = *old.certificate->is;
            if (e.on < *start || (e.on == *start && e.decision != row.decision)) return true;
        }
        return false;
    }
    /// Whether \p row says that a certificate ran out which, by the usual term, would still be in
    /// force on the day the list was told.
    [[nodiscard]] bool ended_too_early(const listed_product& row) const {
        if (row.event != list_event::expired || !row.decision_date || row.expiry_date) return false;
        const auto last = last_valid_day(*row.decision_date, into_.rules().certificates);
        return !last || *last >= options_.told_on;
    }
    /// Whether the decision of a row that tells a withdrawal is the withdrawal's own: another one
    /// recognised the product earlier. (Lists also tell a withdrawal by the decision that recognised
    /// the product; its day is then not known.)
    [[nodiscard]] bool withdraws_earlier(product_id id, const listed_product& row) const {
        if (row.event != list_event::revoked || !row.decision_date) return false;
        bool earlier = false;
        for (const history_entry& old : into_.entries(id)) {
            if (old.certificate == nullptr || !issues(old.certificate->is->kind)) continue;
            if (!row.decision.empty() && old.certificate->is->decision == row.decision)
                return false;
            earlier = earlier || old.certificate->is->on < *row.decision_date;
        }
        return earlier;
    }
    [[nodiscard]] static bool named(const listed_product& row) {
        return !search_key(row.producer_name).empty();
    }

    /// The greatest number of all that records have or had.
    template <class Value>
    [[nodiscard]] std::uint64_t greatest() const {
        const auto id = into_.greatest<Value>();
        return id ? id->value() : 0;
    }
    /// The next number after \p last that was never used; where there is none, the least.
    template <class Value>
    [[nodiscard]] id_of<Value> free_number(std::uint64_t& last) const {
        std::uint64_t next = last;
        do ++next;
        while (next == 0 || into_.used<Value>(id_of<Value>(next)));
        last = next - 1;
        return id_of<Value>(next);
    }

    std::optional<producer_id> producer_of(const listed_product& row, const std::string& key,
                                           bool& fresh) {
        if (!key.empty())
            if (const auto known = producers_.find(key); known != producers_.end())
                return known->second;
        producer p;
        p.name = named(row) ? row.producer_name : std::string(no_producer_named);
        p.kind = row.kind;
        p.seat = row.province.unit;
        const producer_id id = free_number<producer>(last_producer_);
        step_ = 1;
        if (!apply(put<producer>{id, std::move(p)}, options_.told_on, 0)) return std::nullopt;
        fresh = true;
        if (!key.empty()) producers_.emplace(key, id);
        return id;
    }
    std::optional<product_id> new_product(const listed_product& row, producer_id by,
                                          const std::optional<unit_ref>& place) {
        product p{row.product_name, by, {}, place, {}, {}, {}};
        for (const std::string& name : row.variants) {
            const variant one{name, {}};
            if (std::find(p.variants.begin(), p.variants.end(), one) == p.variants.end())
                p.variants.push_back(one);
        }
        const product_id id = free_number<product>(last_product_);
        step_ = 2;
        if (!apply(put<product>{id, std::move(p)}, options_.told_on, 0)) return std::nullopt;
        return id;
    }

    void record(product_id id, entry one, std::size_t& news, std::size_t& known) {
        for (const history_entry& old : into_.entries(id)) {
            const bool same = old.certificate != nullptr
                                  ? std::holds_alternative<certificate_event>(one) &&
                                        *old.certificate->is == std::get<certificate_event>(one)
                                  : std::holds_alternative<undated_claim>(one) &&
                                        *old.claim->is == std::get<undated_claim>(one);
            if (!same) continue;
            ++known;
            return;
        }
        const std::uint32_t version = into_.history_version(id);
        if (auto* claim = std::get_if<undated_claim>(&one)) {
            if (apply(claim_recorded{id, std::move(*claim)}, options_.told_on, version)) ++news;
            return;
        }
        auto& told = std::get<certificate_event>(one);
        certificate_recorded what{id, told, row_->year, {}, {}};
        if (apply(what, told.on, version,
                  told.kind == certificate_event_kind::upgraded ||
                      told.last_valid_day.has_value())) {
            ++news;
            return;
        }
        // A second reading where the first contradicts what is known: an upgrade that raises nothing is
        // a re-recognition, and a term that the law does not know gives way to the usual one.
        if (told.kind == certificate_event_kind::upgraded)
            told.kind = certificate_event_kind::re_recognised;
        else if (!told.last_valid_day)
            return;
        problems first = std::move(failed_);
        if (!apply(certificate_recorded{id, told, row_->year, {}, {}}, told.on, version,
                   told.last_valid_day.has_value())) {
            if (!told.last_valid_day) return;
            told.last_valid_day.reset();
            if (!apply(certificate_recorded{id, told, row_->year, {}, {}}, told.on, version))
                return;
        }
        ++news;
        for (problem& p : first) p.grade = severity::warning;
        tell(std::move(first));
    }

    /// Takes \p what in. Where it cannot be: tells why, or keeps it in failed_ where \p hold.
    bool apply(record_change what, const date& on, std::uint32_t expected, bool hold = false) {
        event one{{options_.list, event_number()}, on, expected, std::move(what), source()};
        problems found;
        const bool good = into_.try_apply(std::move(one), found).has_value();
        if (!good && hold)
            failed_ = std::move(found);
        else
            tell(std::move(found));
        return good;
    }
    /// The row, its part, and what in it: 1 its producer, 2 its product, then what happened. The same row
    /// has the same numbers in every import.
    [[nodiscard]] std::uint64_t event_number() const {
        return std::uint64_t{row_->row} << 32U | std::uint64_t{row_->part & 0xFFFFFFU} << 8U |
               step_;
    }
    kept<provenance> source() {
        if (row_->source.empty() && row_->reliability.empty() && row_->notes.empty()) return {};
        if (!last_source_.given() || last_source_->source != row_->source ||
            last_source_->reliability != row_->reliability || last_source_->note != row_->notes)
            last_source_ = provenance{row_->source, row_->reliability, row_->notes};
        return last_source_;
    }
    void tell(problems found) {
        for (problem& p : found) {
            if (made_.found.size() >= options_.most_problems) return;
            const std::string& at = p.where.pointer;
            const bool of_record = at.starts_with("/is/name");
            p.where.pointer = of_record                         ? "/product_name"
                              : at.ends_with("/stars")          ? "/star"
                              : at.ends_with("/last_valid_day") ? "/expiry_date"
                              : at.ends_with("/on")             ? "/decision_date"
                              : at.ends_with("/year")           ? "/year"
                                                                : "/event";
            p.where.row = row_->row;
            made_.found.push_back(std::move(p));
        }
    }

    registry& into_;
    const from_list_options& options_;
    record_keys keys_;
    std::unordered_map<std::string, producer_id> producers_;
    std::unordered_map<std::string, product_id> products_;
    std::uint64_t last_producer_;
    std::uint64_t last_product_;
    list_import made_;
    const listed_product* row_ = nullptr;
    std::uint64_t step_ = 0;
    problems failed_;
    kept<provenance> last_source_;
};

}  // namespace

list_import import_list(registry& into, std::span<const listed_product> rows,
                        const from_list_options& options) {
    return importer(into, options).take(rows);
}

listed_registry registry_from_list(std::span<const listed_product> rows, gazetteer units,
                                   const from_list_options& options) {
    registry_rules rules;
    rules.histories = history_extent::part;
    listed_registry made{registry(std::move(units), rules), {}};
    made.told = import_list(made.made, rows, options);
    return made;
}

product_standing standing_of_row(const listed_product& row, const date& on, const gazetteer& units,
                                 const certificate_rules& by) {
    listed_product alone = row;
    alone.commune.unit.reset();
    alone.district.unit.reset();
    alone.province.unit.reset();
    registry_rules rules;
    rules.certificates = by;
    rules.histories = history_extent::part;
    registry made(units, rules);
    const list_import told = import_list(made, std::span(&alone, 1), from_list_options(on));
    if (told.rows.empty()) return {};
    return made.standing(told.rows.front().product, on);
}

}  // namespace ocop
