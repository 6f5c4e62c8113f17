#include "ocop/registry/list_report.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "exchange/text_table.hpp"
#include "ocop/base/fold.hpp"
#include "ocop/registry/from_list.hpp"

namespace ocop {
namespace {

using detail::text_table;
using nlohmann::ordered_json;

[[nodiscard]] std::string dumped(const ordered_json& j) {
    return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Share in percent with two decimals, half up; exact in integers.
[[nodiscard]] std::string percent(std::uint64_t count, std::uint64_t of) {
    if (of == 0) return "0.00";
    const std::uint64_t hundredths = (count * 20000 + of) / (2 * of);
    std::string text = std::to_string(hundredths / 100) + ".";
    text += static_cast<char>('0' + hundredths / 10 % 10);
    text += static_cast<char>('0' + hundredths % 10);
    return text;
}

constexpr std::size_t state_count = names<product_state>::all.size();

/// What the rows of one province tell.
struct province_counts {
    std::string name;
    std::size_t rows = 0;
    std::array<std::size_t, 6> in_force{};  ///< by star; [0]: star not told
    std::array<std::size_t, state_count> states{};
};

[[nodiscard]] std::string star_name(const std::optional<stars>& s) {
    return s ? std::to_string(s->value()) : std::string("none");
}

/// A product that expires soon or was withdrawn, with the first row that names it.
struct told_product {
    std::size_t row = 0;  ///< index in the list
    product_standing now;
};

}  // namespace

struct list_report::data {
    product_list list;
    list_question asked;
    std::string file;
    registry records;
    problems found;
    std::vector<product_standing> rows;  ///< of each row by itself
    std::vector<province_counts> provinces;
    std::map<std::string, std::size_t> by_star;
    std::map<std::string, std::size_t> in_force_by_star;
    std::array<std::size_t, state_count> by_state{};
    std::vector<std::vector<std::uint32_t>> duplicates;
    std::vector<told_product> expiring;
    std::vector<told_product> withdrawn;

    data(const product_list& read, gazetteer units, const list_question& about)
        : list(read), asked(about), file(about.file), records(units), found(read.found) {
        from_list_options options(asked.on);
        listed_registry all = registry_from_list(list.rows, units, options);
        take_problems(all.told.found);
        states_of_rows(std::move(units), options);
        tell_products(all);
        count();
        duplicates = duplicate_rows(list.rows);
        records = std::move(all.made);
    }

private:
    /// What the rows contradict in one another, put among what the reader found, by row.
    void take_problems(const problems& more) {
        for (problem p : more) {
            // A star that the list leaves out is the reader's to tell (an expired row needs none).
            if (p.code == problem_code::star_missing && p.grade == severity::warning) continue;
            p.where.file = file;
            for (std::size_t k = 0; k < list.columns.size(); ++k)
                if (pointer_step(list.columns[k]) == p.where.pointer)
                    p.where.column = static_cast<std::uint32_t>(k + 1);
            found.push_back(std::move(p));
        }
        std::stable_sort(found.begin(), found.end(), [](const problem& a, const problem& b) {
            return a.where.row < b.where.row;
        });
    }

    /// Each row as a product of its own: what it says by itself (standing_of_row(), for all at once).
    void states_of_rows(gazetteer units, const from_list_options& options) {
        std::vector<listed_product> alone;
        alone.reserve(list.rows.size());
        for (const listed_product& row : list.rows) {
            listed_product one;
            one.row = row.row;
            one.part = row.part;
            one.product_name = std::to_string(alone.size() + 1);
            one.stars = row.stars;
            one.proposed = row.proposed;
            one.event = row.event;
            one.year = row.year;
            one.decision = row.decision;
            one.decision_date = row.decision_date;
            one.expiry_date = row.expiry_date;
            alone.push_back(std::move(one));
        }
        const listed_registry each = registry_from_list(alone, std::move(units), options);
        rows.assign(list.rows.size(), {});
        // Rows come back in order; one that could not be taken in is left out.
        std::size_t at = 0;
        for (const imported_row& r : each.told.rows) {
            while (at < alone.size() && (alone[at].row != r.row || alone[at].part != r.part)) ++at;
            if (at == alone.size()) break;
            rows[at] = each.made.standing(r.product, asked.on);
        }
    }

    void count() {
        std::unordered_map<std::string, std::size_t> known;
        for (std::size_t i = 0; i < list.rows.size(); ++i) {
            const listed_product& row = list.rows[i];
            const product_standing& now = rows[i];
            const std::string star = star_name(row.stars);
            const auto [at, fresh] = known.emplace(key_of(row), provinces.size());
            if (fresh) {
                // One text is one province, even where its unit was found for one row only.
                const auto same =
                    std::find_if(provinces.begin(), provinces.end(), [&](const province_counts& p) {
                        return p.name == row.province.text;
                    });
                at->second = static_cast<std::size_t>(same - provinces.begin());
                if (same == provinces.end()) {
                    provinces.emplace_back();
                    provinces.back().name = row.province.text;
                }
            }
            province_counts& p = provinces[at->second];
            ++p.rows;
            ++by_star[star];
            ++p.states[static_cast<std::size_t>(now.state)];
            ++by_state[static_cast<std::size_t>(now.state)];
            if (states_in_force.contains(now.state))
                ++p.in_force[now.stars ? static_cast<std::size_t>(now.stars->value()) : 0];
        }
    }
    /// Provinces are one where the units found are called the same, with or without "Tỉnh"; where
    /// none was found, the texts.
    [[nodiscard]] std::string key_of(const listed_product& row) const {
        const unit* named = row.province.unit ? records.units().find(*row.province.unit) : nullptr;
        std::string key =
            search_key(named != nullptr ? named->name : std::string_view(row.province.text));
        for (std::string_view prefix : {"tinh ", "thanh pho ", "tp "})
            if (key.starts_with(prefix)) key.erase(0, prefix.size());
        return key;
    }

    void tell_products(const listed_registry& all) {
        std::unordered_map<std::uint64_t, bool> seen;
        std::size_t at = 0;
        for (const imported_row& r : all.told.rows) {
            while (at < list.rows.size() &&
                   (list.rows[at].row != r.row || list.rows[at].part != r.part))
                ++at;
            if (at == list.rows.size()) break;
            const product_standing now = all.made.standing(r.product, asked.on);
            // What another row withdraws is withdrawn, whatever this row says by itself.
            const product_standing& alone = rows[at];
            const bool ran_on =
                alone.last_valid_day &&
                (!now.last_valid_day || *now.last_valid_day < *alone.last_valid_day);
            if (now.state == product_state::withdrawn &&
                (states_in_force.contains(alone.state) ||
                 (alone.state == product_state::expired && ran_on)))
                rows[at] = now;
            if (!seen.emplace(r.product.value(), true).second) continue;
            if (states_in_force.contains(now.state)) ++in_force_by_star[star_name(now.stars)];
            if (now.state == product_state::withdrawn) withdrawn.push_back({at, now});
            if (!states_in_force.contains(now.state) || !now.last_valid_day) continue;
            const auto left = (*now.last_valid_day - asked.on).days();
            if (left <= static_cast<std::int64_t>(asked.expiring_within))
                expiring.push_back({at, now});
        }
        std::stable_sort(expiring.begin(), expiring.end(),
                         [](const told_product& a, const told_product& b) {
                             return *a.now.last_valid_day < *b.now.last_valid_day;
                         });
    }
};

list_report::list_report(const product_list& list, gazetteer units, const list_question& asked)
    : data_(std::make_unique<data>(list, std::move(units), asked)) {}
list_report::~list_report() = default;
list_report::list_report(const list_report& other) : data_(std::make_unique<data>(*other.data_)) {}
list_report::list_report(list_report&&) noexcept = default;
list_report& list_report::operator=(const list_report& other) {
    if (this != &other) data_ = std::make_unique<data>(*other.data_);
    return *this;
}
list_report& list_report::operator=(list_report&&) noexcept = default;

const problems& list_report::found() const noexcept { return data_->found; }
const registry& list_report::records() const noexcept { return data_->records; }

std::string list_report::json(language lang) const {
    const data& d = *data_;
    ordered_json j;
    j["on"] = to_string(d.asked.on);
    j["rows"] = d.list.row_count;
    j["kept"] = d.list.kept_count;
    j["problems"] = ordered_json::array();
    for (const problem& p : d.found) {
        ordered_json one{{"row", p.where.row}};
        const std::string& at = p.where.pointer;
        one["column"] = at.empty() ? ordered_json(nullptr) : ordered_json(at.substr(1));
        one["cell"] = p.where.column;
        one["number"] = static_cast<unsigned>(p.code);
        one["severity"] = p.grade == severity::error ? "error" : "warning";
        one["value"] = p.value;
        one["message"] = p.message.in(lang);
        j["problems"].push_back(std::move(one));
    }
    j["more_problems"] = d.list.more_found;
    const auto counts = [](const std::map<std::string, std::size_t>& from) {
        ordered_json to = ordered_json::object();
        for (const auto& [name, count] : from) to[name] = count;
        return to;
    };
    j["by_star"] = counts(d.by_star);
    j["in_force_by_star"] = counts(d.in_force_by_star);
    j["by_province"] = ordered_json::object();
    j["by_province_and_star"] = ordered_json::object();
    for (const province_counts& p : d.provinces) {
        j["by_province"][p.name] = p.rows;
        ordered_json stars_of = ordered_json::object();
        for (std::size_t s = 1; s < p.in_force.size(); ++s)
            if (p.in_force[s] != 0) stars_of[std::to_string(s)] = p.in_force[s];
        if (p.in_force[0] != 0) stars_of["none"] = p.in_force[0];
        j["by_province_and_star"][p.name] = std::move(stars_of);
    }
    j["by_state"] = ordered_json::object();
    for (std::size_t s = 0; s < state_count; ++s)
        if (d.by_state[s] != 0)
            j["by_state"][std::string(names<product_state>::all[s])] = d.by_state[s];
    j["duplicates"] = d.duplicates;
    const auto products = [&](const std::vector<told_product>& from) {
        ordered_json list = ordered_json::array();
        for (const told_product& t : from) {
            const listed_product& row = d.list.rows[t.row];
            const auto star = t.now.stars ? t.now.stars : t.now.former_stars;
            ordered_json one{{"row", row.row},
                             {"id", row.row_id},
                             {"product", row.product_name},
                             {"producer", row.producer_name},
                             {"province", row.province.text}};
            one["stars"] = t.now.stars ? ordered_json(star->value()) : ordered_json(nullptr);
            one["last_valid_day"] = t.now.last_valid_day
                                        ? ordered_json(to_string(*t.now.last_valid_day))
                                        : ordered_json(nullptr);
            list.push_back(std::move(one));
        }
        return list;
    };
    j["expiring_within"] = d.asked.expiring_within;
    j["expiring"] = products(d.expiring);
    j["withdrawn"] = products(d.withdrawn);
    return dumped(j);
}

std::string list_report::text(language lang) const {
    const data& d = *data_;
    const bool vi = lang == language::vi;
    const auto say = [vi](const char* one, const char* other) {
        return std::string(vi ? one : other);
    };
    const auto shown = [](std::size_t count) {
        return count == 0 ? std::string("-") : std::to_string(count);
    };
    std::string text = say("Danh sách đến ngày ", "The list as of ") + to_string(d.asked.on) + ": ";
    text += std::to_string(d.list.row_count) + say(" dòng, giữ ", " rows, ") +
            std::to_string(d.list.kept_count) + say("", " kept");
    const std::size_t rejected = d.list.rejected.size();
    if (rejected != 0)
        text += say(", trả lại ", ", ") + std::to_string(rejected) + say("", " handed back");
    text += "\n\n";

    constexpr auto left = text_table::align::left;
    constexpr auto right = text_table::align::right;
    text_table table({left, right, right, right, right, right, right, right, right, right});
    table.row({say("Tỉnh", "Province"), say("3 sao", "3 stars"), say("4 sao", "4 stars"),
               say("5 sao", "5 stars"), say("đề nghị", "proposed"), say("hết hạn", "expired"),
               say("thu hồi", "withdrawn"), say("chưa có", "not yet"), say("không rõ", "unknown"),
               say("cộng", "total")});
    table.rule();
    province_counts all;
    all.name = say("Cộng", "Total");
    const auto line = [&](const province_counts& p) {
        const auto state = [&](product_state s) {
            return shown(p.states[static_cast<std::size_t>(s)]);
        };
        table.row(
            {detail::printable(p.name), shown(p.in_force[3]), shown(p.in_force[4]),
             shown(p.in_force[5]), state(product_state::proposed), state(product_state::expired),
             state(product_state::withdrawn), state(product_state::none),
             shown(p.states[static_cast<std::size_t>(product_state::unknown)] + p.in_force[0]),
             std::to_string(p.rows)});
    };
    for (const province_counts& p : d.provinces) {
        line(p);
        all.rows += p.rows;
        for (std::size_t s = 0; s < all.in_force.size(); ++s) all.in_force[s] += p.in_force[s];
        for (std::size_t s = 0; s < state_count; ++s) all.states[s] += p.states[s];
    }
    table.rule();
    line(all);
    text += table.text();
    text +=
        say("Sao: giấy chứng nhận còn hiệu lực vào ngày đó. Không rõ: danh sách không ghi ngày.\n",
            "Stars: certificates in force on that day. Unknown: the list tells no day.\n");

    const auto products = [&](const std::vector<told_product>& from, const std::string& title) {
        text += "\n" + title + (from.empty() ? ": " + say("không có", "none") : ":") + "\n";
        if (from.empty()) return;
        text_table rows({left, right, left, left, left});
        for (const told_product& t : from) {
            const listed_product& row = d.list.rows[t.row];
            const auto star = t.now.stars ? t.now.stars : t.now.former_stars;
            rows.row({t.now.last_valid_day ? to_string(*t.now.last_valid_day) : std::string("-"),
                      star ? std::to_string(star->value()) : std::string("-"),
                      detail::printable(row.product_name), detail::printable(row.producer_name),
                      detail::printable(row.province.text)});
        }
        text += rows.text(2);
    };
    const std::string days = std::to_string(d.asked.expiring_within);
    products(d.expiring, say("Hết hạn trong ", "Expiring within ") + days + say(" ngày", " days"));
    products(d.withdrawn, say("Bị thu hồi", "Withdrawn"));
    text += "\n" + say("Dòng trùng: ", "Duplicate rows: ");
    if (d.duplicates.empty()) text += say("không có", "none");
    for (std::size_t g = 0; g < d.duplicates.size(); ++g) {
        if (g != 0) text += "; ";
        for (std::size_t k = 0; k < d.duplicates[g].size(); ++k)
            text += (k == 0 ? "" : " = ") + std::to_string(d.duplicates[g][k]);
    }
    return text + "\n";
}

// ---------------------------------------------------------------- stats

namespace {

[[nodiscard]] group_key key_of(stats_key by) noexcept {
    switch (by) {
    case stats_key::province:
        return group_key::province;
    case stats_key::province_today:
        return group_key::province_today;
    case stats_key::district:
        return group_key::district;
    case stats_key::star:
        return group_key::stars;
    case stats_key::state:
        return group_key::state;
    case stats_key::producer_kind:
        return group_key::kind;
    case stats_key::year:
        return group_key::year;
    case stats_key::set:
        return group_key::set;
    }
    return group_key::state;
}

[[nodiscard]] std::string name_of_group(const group_value& v, stats_key by, language lang) {
    const bool vi = lang == language::vi;
    if (v.empty() && by == stats_key::star)
        return vi ? "(không có sao còn hiệu lực)" : "(no star in force)";
    if (v.empty()) return vi ? "(không rõ)" : "(not told)";
    const std::string& name = v.name.in(lang);
    return detail::printable(name.empty() ? v.code : name);
}

}  // namespace

registry_stats stats_of(const registry& from, const date& on, std::vector<stats_key> by,
                        const std::optional<date>& since) {
    registry_stats stats;
    stats.on = on;
    stats.by = std::move(by);
    std::vector<group_key> keys;
    for (stats_key k : stats.by) keys.push_back(key_of(k));
    const query asked(on);
    stats.products = from.count(asked);
    std::unordered_map<std::string, std::size_t> known;
    for (group_count& g : from.count_by(asked, keys)) {
        std::string key;
        for (std::size_t k = 0; k < g.values.size(); ++k) {
            group_value& v = g.values[k];
            const bool listed = stats.by[k] == stats_key::province;
            const std::size_t slash = v.code.find('/');
            // "2025-07/38" and "2026-04/38" are one province where only the spelling changed.
            if (listed && slash != std::string::npos) v.code.erase(0, slash + 1);
            key += v.code + '\t' + (listed ? search_key(v.name.vi) : std::string()) + '\n';
        }
        const auto [at, fresh] = known.emplace(std::move(key), stats.groups.size());
        if (fresh)
            stats.groups.push_back(std::move(g));
        else
            stats.groups[at->second].count += g.count;
    }
    if (since) {
        stats.since = since;
        stats.transitions = from.transitions(query(*since), on);
    }
    return stats;
}

std::string to_json(const registry_stats& stats, language lang) {
    ordered_json j;
    j["on"] = to_string(stats.on);
    j["products"] = stats.products;
    j["by"] = ordered_json::array();
    for (stats_key k : stats.by) j["by"].push_back(name_of(k));
    j["groups"] = ordered_json::array();
    for (const group_count& g : stats.groups) {
        ordered_json one;
        ordered_json names_of = ordered_json::array();
        for (std::size_t k = 0; k < g.values.size(); ++k) {
            const group_value& v = g.values[k];
            one[std::string(name_of(stats.by[k]))] =
                v.empty() ? ordered_json(nullptr) : ordered_json(v.code);
            names_of.push_back(v.empty() ? ordered_json(nullptr) : ordered_json(v.name.in(lang)));
        }
        one["names"] = std::move(names_of);
        one["count"] = g.count;
        one["share"] = percent(g.count, g.of);
        j["groups"].push_back(std::move(one));
    }
    j["since"] = stats.since ? ordered_json(to_string(*stats.since)) : ordered_json(nullptr);
    j["transitions"] = nullptr;
    if (stats.since) {
        j["transitions"] = ordered_json::object();
        for (std::size_t a = 0; a < transition_table::size; ++a) {
            ordered_json row = ordered_json::object();
            for (std::size_t b = 0; b < transition_table::size; ++b)
                if (stats.transitions.counts[a][b] != 0)
                    row[std::string(names<star_class>::all[b])] = stats.transitions.counts[a][b];
            if (!row.empty()) j["transitions"][std::string(names<star_class>::all[a])] = row;
        }
    }
    return dumped(j);
}

std::string stats_text(const registry_stats& stats, language lang) {
    const bool vi = lang == language::vi;
    std::string text = (vi ? "Đến ngày " : "As of ") + to_string(stats.on) + ": " +
                       std::to_string(stats.products) + (vi ? " sản phẩm\n\n" : " products\n\n");
    std::vector<text_table::align> columns(stats.by.size(), text_table::align::left);
    columns.push_back(text_table::align::right);
    columns.push_back(text_table::align::right);
    text_table table(columns);
    std::vector<std::string> head;
    for (stats_key k : stats.by) head.push_back(label_of(k).in(lang));
    head.emplace_back(vi ? "số" : "count");
    head.emplace_back("%");
    table.row(std::move(head));
    table.rule();
    for (const group_count& g : stats.groups) {
        std::vector<std::string> cells;
        for (std::size_t k = 0; k < g.values.size(); ++k)
            cells.push_back(name_of_group(g.values[k], stats.by[k], lang));
        cells.push_back(std::to_string(g.count));
        cells.push_back(percent(g.count, g.of));
        table.row(std::move(cells));
    }
    text += table.text();
    if (!stats.since) return text;
    text += "\n" + std::string(vi ? "Từ " : "From ") + to_string(*stats.since) +
            (vi ? " đến " : " to ") + to_string(stats.on) + ":\n";
    text_table moves({text_table::align::left, text_table::align::left, text_table::align::right});
    for (std::size_t a = 0; a < transition_table::size; ++a)
        for (std::size_t b = 0; b < transition_table::size; ++b) {
            const std::uint64_t count = stats.transitions.counts[a][b];
            if (count == 0) continue;
            moves.row({label_of(static_cast<star_class>(a)).in(lang),
                       "→ " + label_of(static_cast<star_class>(b)).in(lang),
                       std::to_string(count)});
        }
    return text + moves.text(2);
}

std::string stats_csv(const registry_stats& stats) {
    std::vector<std::string> head;
    for (stats_key k : stats.by) {
        head.emplace_back(name_of(k));
        head.push_back(std::string(name_of(k)) + "_name");
    }
    for (const char* name : {"count", "of", "share"}) head.emplace_back(name);
    std::string text = detail::csv_row(head);
    for (const group_count& g : stats.groups) {
        std::vector<std::string> cells;
        for (const group_value& v : g.values) {
            cells.push_back(v.code);
            cells.push_back(v.name.vi);
        }
        cells.push_back(std::to_string(g.count));
        cells.push_back(std::to_string(g.of));
        cells.push_back(percent(g.count, g.of));
        text += detail::csv_row(cells);
    }
    return text;
}

}  // namespace ocop
