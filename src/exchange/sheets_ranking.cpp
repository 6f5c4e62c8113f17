#include "ocop/exchange/sheets_ranking.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "ocop/base/points.hpp"
#include "text_table.hpp"

namespace ocop {
namespace {

constexpr std::array<const char*, part_count> part_names{"A", "B", "C"};

/// Order and ranks of \p told, equal products as they come.
std::size_t order_verdicts(const std::vector<verdict>& told, const order_policy& by,
                           std::span<std::uint32_t> order, std::span<std::uint32_t> ranks) {
    std::vector<std::uint8_t> stars(told.size());
    std::vector<std::uint8_t> sheets(told.size());
    std::vector<std::uint16_t> total(told.size());
    std::vector<std::array<std::uint16_t, part_count>> parts(told.size());
    bool narrow = true;
    for (std::size_t i = 0; i < told.size(); ++i) {
        narrow = narrow && told[i].sheets <= std::numeric_limits<std::uint8_t>::max();
        stars[i] = told[i].stars;
        sheets[i] = static_cast<std::uint8_t>(told[i].sheets);
        total[i] = told[i].total;
        parts[i] = told[i].parts;
    }
    if (narrow) return order_products({stars, sheets, total, parts}, by, order, ranks);
    std::vector<order_key> keys;
    keys.reserve(told.size());
    for (const verdict& one : told) keys.push_back(order_key::of(one, by));
    return order_products(keys, order, ranks);
}

// Columns of the table.
constexpr std::size_t rank_width = 7;
constexpr std::size_t stars_width = 7;
constexpr std::size_t points_width = 8;
constexpr std::size_t sheets_width = 8;

constexpr std::size_t share_width = 26;
constexpr std::size_t without_width = 14;
constexpr std::size_t flip_width = 7;

// Shares are told in whole steps of 1/10000, rounded half up, so that they print alike everywhere.
constexpr double share_unit = 10000.0;

std::uint32_t share_of(std::uint32_t hits, std::uint32_t all) {
    return static_cast<std::uint32_t>((std::uint64_t{hits} * 20000 + all) /
                                      (2 * std::uint64_t{all}));
}
std::uint32_t share_of(double share) {
    return static_cast<std::uint32_t>(share * share_unit + 0.5);
}
/// "0.9340".
std::string share_text(std::uint32_t steps) {
    std::string digits = std::to_string(10000 + steps % 10000);
    digits[0] = '.';
    return std::to_string(steps / 10000) + digits;
}

/// "3–4", or "3" where leaving out any member leaves the star.
std::string without_text(const product_confidence& sure) {
    if (sure.most_without == 0) return {};
    std::string text = std::to_string(sure.fewest_without);
    if (sure.most_without != sure.fewest_without) text += "–" + std::to_string(sure.most_without);
    return text;
}

/// \p text filled up with spaces to \p width.
std::string pad(const std::string& text, std::size_t width, bool to_the_right) {
    const std::size_t has = detail::display_width(text);
    const std::string gap(has < width ? width - has : 0, ' ');
    return to_the_right ? gap + text : text + gap;
}

/// \p text with what a line of text cannot hold shown as '?'.
std::string clean(std::string_view text) { return detail::printable(text); }

}  // namespace

std::vector<ranked_product> rank_sheets(const sheets_csv_reader& from, const order_policy& by,
                                        std::size_t top) {
    const std::size_t size = from.products();
    std::vector<verdict> told(size);
    for (std::size_t i = 0; i < size; ++i) told[i] = from.decide(i);
    std::vector<std::uint32_t> order(size);
    std::vector<std::uint32_t> ranks(size);
    const std::size_t ranked = order_verdicts(told, by, order, ranks);

    // Groups by name; without a group's column there is one.
    std::vector<std::uint32_t> by_name(from.groups());
    for (std::size_t g = 0; g < by_name.size(); ++g) by_name[g] = static_cast<std::uint32_t>(g);
    std::sort(by_name.begin(), by_name.end(),
              [&](std::uint32_t a, std::uint32_t b) { return from.group(a) < from.group(b); });
    std::vector<std::uint32_t> place(std::max<std::size_t>(by_name.size(), 1));
    for (std::size_t k = 0; k < by_name.size(); ++k)
        place[by_name[k]] = static_cast<std::uint32_t>(k);
    std::vector<std::uint32_t> groups(size);
    for (std::size_t i = 0; i < size; ++i) groups[i] = place[from.group_of(i)];
    const std::vector<group_slice> slices = split_by_group(groups, order, ranks, ranked);

    const auto earlier_name = [&](std::uint32_t a, std::uint32_t b) {
        return from.product(a) < from.product(b);
    };
    const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
    for (std::size_t i = 0; i < ranked;) {
        std::size_t last = i + 1;
        while (last < ranked && ranks[order[last]] == ranks[order[i]] &&
               groups[order[last]] == groups[order[i]])
            ++last;
        if (last - i > 1) std::sort(at(i), at(last), earlier_name);
        i = last;
    }
    std::sort(at(ranked), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return groups[a] != groups[b] ? groups[a] < groups[b] : earlier_name(a, b);
    });

    std::vector<ranked_product> rows;
    rows.reserve(top == 0 ? size : 0);
    const auto add = [&](std::uint32_t product) {
        rows.push_back({product, ranks[product], told[product]});
    };
    std::size_t rest = ranked;
    const auto add_rest = [&](std::uint32_t before) {
        for (; rest < size && groups[order[rest]] < before; ++rest)
            if (top == 0) add(order[rest]);
    };
    for (const group_slice& slice : slices) {
        add_rest(slice.group);
        for (std::size_t i = slice.first; i < slice.first + slice.count; ++i)
            if (top == 0 || ranks[order[i]] <= top) add(order[i]);
        add_rest(slice.group + 1);
    }
    add_rest(std::numeric_limits<std::uint32_t>::max());
    return rows;
}

ranking_writer::ranking_writer(const sheets_csv_reader& from, const scorecard& card,
                               const verdict_rules& rules, std::span<const ranked_product> rows,
                               ranking_form form, language lang, ranking_extras extras)
    : from_(&from),
      card_(&card),
      rules_(&rules),
      rows_(rows),
      extras_(extras),
      form_(form),
      lang_(lang) {
    if (form != ranking_form::text) return;
    constexpr std::size_t least = 12;
    constexpr std::size_t most = 44;
    name_width_ = least;
    for (const ranked_product& row : rows) {
        // Most names are ASCII, and no wider than their bytes.
        const std::string_view name = from.product(row.product);
        if (name.size() <= name_width_) continue;
        name_width_ = std::max(name_width_, std::min(most, detail::display_width(clean(name))));
    }
}

std::vector<std::size_t> ranking_writer::missed(const verdict& told) const {
    std::vector<std::size_t> list;
    const auto& marks = rules_->tables().marks;
    for (std::size_t k = 0; k < marks.size(); ++k)
        if ((told.missed >> k & 1U) != 0 && (list.empty() || list.back() != marks[k].criterion))
            list.push_back(marks[k].criterion);
    return list;
}

std::string ranking_writer::header() const {
    if (form_ == ranking_form::json) return {};
    if (form_ == ranking_form::csv) {
        std::vector<std::string> cells{"rank", "product", "outcome", "stars",  "total",
                                       "A",    "B",       "C",       "sheets", "marks_missed"};
        if (extras_.sure)
            for (const char* name : {"p1", "p2", "p3", "p4", "p5", "p_low", "p_high",
                                     "leave_one_out", "flip_up", "flip_down"})
                cells.emplace_back(name);
        if (extras_.reform)
            for (const char* name : {"compare_low", "compare_high", "change"})
                cells.emplace_back(name);
        if (!from_->group_column().empty()) cells.push_back(from_->group_column());
        return detail::csv_row(cells);
    }
    const bool vi = lang_ == language::vi;
    std::string text = pad(vi ? "Hạng" : "Rank", rank_width, true) + "  " +
                       pad(vi ? "Sản phẩm" : "Product", name_width_, false) +
                       pad(vi ? "Sao" : "Stars", stars_width, true) +
                       pad(vi ? "Tổng" : "Total", points_width, true);
    for (const char* part : part_names) text += pad(part, points_width, true);
    text += pad(vi ? "Phiếu" : "Sheets", sheets_width, true);
    std::size_t line =
        rank_width + 2 + name_width_ + stars_width + (1 + part_count) * points_width + sheets_width;
    if (extras_.sure) {
        text += pad(vi ? "Xác suất số sao (95 %)" : "Share of star (95 %)", share_width, true);
        text += pad(vi ? "Bớt 1 người" : "Less one", without_width, true);
        text += pad(vi ? "Lên" : "Up", flip_width, true);
        text += pad(vi ? "Xuống" : "Down", flip_width, true);
        line += share_width + without_width + 2 * flip_width;
    }
    text += vi ? "  Kết quả; tiêu chí chưa đạt dấu sao" : "  Outcome; criteria below a star mark";
    text += '\n';
    for (std::size_t i = 0; i < line; ++i) text += "─";
    return text + '\n';
}

std::string ranking_writer::footer() const {
    if (form_ != ranking_form::text) return {};
    const bool vi = lang_ == language::vi;
    std::array<std::size_t, stars::highest + 1> by_stars{};
    for (const ranked_product& row : rows_) ++by_stars[row.told.stars];
    std::string text("\n");
    text += std::to_string(rows_.size());
    text += vi ? " sản phẩm:" : rows_.size() == 1 ? " product:" : " products:";
    for (std::size_t s = stars::highest; s >= 1; --s) {
        text += ' ' + std::to_string(by_stars[s]) + " × " + std::to_string(s);
        text += vi ? " sao," : s == 1 ? " star," : " stars,";
    }
    text += ' ' + std::to_string(by_stars[0]) + (vi ? " không xếp hạng" : " not ranked");
    return text + '\n';
}

void ranking_writer::append_csv(const ranked_product& row, std::string& text) const {
    const verdict& told = row.told;
    if (row.rank != 0) text += std::to_string(row.rank);
    text += ',';
    text += detail::csv_field(from_->product(row.product));
    text += ',';
    text += name_of(told.outcome);
    text += ',';
    if (row.rank != 0) text += static_cast<char>('0' + told.stars);
    text += ',';
    const bool scored = told.outcome != outcome::incomplete;
    if (scored) text += to_string(told.mean());
    for (const std::uint16_t part : told.parts) {
        text += ',';
        if (scored) text += to_string(mean_points(part, told.sheets));
    }
    text += ',';
    text += std::to_string(from_->sheets(row.product));
    text += ',';
    const char* between = "";
    for (const std::size_t index : missed(told)) {
        text += between;
        text += card_->at(index).code;
        between = "+";
    }
    if (extras_.sure) {
        const product_confidence& sure = (*extras_.sure)[row.product];
        const bool known = sure.replications != 0;
        for (const std::uint32_t hits : sure.ended) {
            text += ',';
            if (known) text += share_text(share_of(hits, sure.replications));
        }
        const bool has_star = known && row.rank != 0;
        text += ',' + (has_star ? share_text(share_of(sure.low)) : std::string());
        text += ',' + (has_star ? share_text(share_of(sure.high)) : std::string());
        text += ',' + without_text(sure);
        text += ',' + (sure.flip_up == 0 ? std::string() : std::to_string(sure.flip_up));
        text += ',' + (sure.flip_down == 0 ? std::string() : std::to_string(sure.flip_down));
    }
    if (extras_.reform) {
        const product_reform& after = (*extras_.reform)[row.product];
        for (const std::string_view word :
             {name_of(after.low), name_of(after.high), name_of(after.change)}) {
            text += ',';
            text += word;
        }
    }
    if (!from_->group_column().empty()) {
        text += ',';
        text += detail::csv_field(from_->group(from_->group_of(row.product)));
    }
    text += '\n';
}

void ranking_writer::append_json(const ranked_product& row, std::string& text) const {
    using nlohmann::ordered_json;
    const verdict& told = row.told;
    const bool scored = told.outcome != outcome::incomplete;
    const auto number = [](bool there, unsigned value) {
        return there ? ordered_json(value) : ordered_json(nullptr);
    };
    ordered_json j;
    j["rank"] = number(row.rank != 0, row.rank);
    j["product"] = from_->product(row.product);
    j["outcome"] = name_of(told.outcome);
    j["stars"] = number(row.rank != 0, told.stars);
    j["band"] = number(scored, told.band);
    j["total"] = nullptr;
    j["total_exact"] = nullptr;
    j["parts"] = nullptr;
    j["marks_missed"] = nullptr;
    if (scored) {
        j["total"] = to_string(told.mean());
        j["total_exact"] = {told.total, told.sheets};
        j["parts"] = ordered_json::object();
        for (std::size_t p = 0; p < part_count; ++p)
            j["parts"][part_names[p]] = to_string(mean_points(told.parts[p], told.sheets));
        j["marks_missed"] = ordered_json::array();
        const auto& marks = rules_->tables().marks;
        for (std::size_t k = 0; k < marks.size(); ++k)
            if ((told.missed >> k & 1U) != 0)
                j["marks_missed"].push_back({{"criterion", card_->at(marks[k].criterion).code},
                                             {"stars", marks[k].stars.value()}});
    }
    j["sheets"] = from_->sheets(row.product);
    j["spread"] = number(scored, told.spread);
    if (extras_.sure) {
        const product_confidence& sure = (*extras_.sure)[row.product];
        ordered_json& r = j["robust"];
        if (sure.replications != 0) {
            r["replications"] = sure.replications;
            r["shares"] = ordered_json::array();
            for (const std::uint32_t hits : sure.ended)
                r["shares"].push_back(share_of(hits, sure.replications) / share_unit);
            r["rejected"] = share_of(sure.rejected, sure.replications) / share_unit;
            r["score_again"] = share_of(sure.score_again, sure.replications) / share_unit;
            r["interval"] = nullptr;
            if (row.rank != 0)
                r["interval"] = {share_of(sure.low) / share_unit, share_of(sure.high) / share_unit};
            r["leave_one_out"] = nullptr;
            if (sure.most_without != 0)
                r["leave_one_out"] = {sure.fewest_without, sure.most_without};
            r["flip_up"] = number(sure.flip_up != 0, sure.flip_up);
            r["flip_down"] = number(sure.flip_down != 0, sure.flip_down);
        }
    }
    if (extras_.reform) {
        const product_reform& after = (*extras_.reform)[row.product];
        j["compare"] = {{"low", name_of(after.low)},
                        {"high", name_of(after.high)},
                        {"change", name_of(after.change)}};
    }
    if (!from_->group_column().empty())
        j[std::string(from_->group_column())] = from_->group(from_->group_of(row.product));
    text += j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    text += '\n';
}

void ranking_writer::append_text(const ranked_product& row, std::string& text) const {
    const verdict& told = row.told;
    const bool scored = told.outcome != outcome::incomplete;
    text += pad(row.rank == 0 ? "-" : std::to_string(row.rank), rank_width, true);
    text += "  ";
    text += pad(clean(from_->product(row.product)), name_width_, false);
    text += pad(row.rank == 0 ? "-" : std::to_string(told.stars), stars_width, true);
    text += pad(scored ? to_string(told.mean()) : "-", points_width, true);
    for (const std::uint16_t part : told.parts)
        text += pad(scored ? to_string(mean_points(part, told.sheets)) : "-", points_width, true);
    text += pad(std::to_string(from_->sheets(row.product)), sheets_width, true);
    if (extras_.sure) {
        const product_confidence& sure = (*extras_.sure)[row.product];
        std::string share("-");
        if (sure.replications != 0 && row.rank != 0) {
            share = share_text(share_of(sure.ended[told.stars - 1U], sure.replications));
            share += " (" + share_text(share_of(sure.low)) + "–" + share_text(share_of(sure.high));
            share += ')';
        }
        const std::string without = without_text(sure);
        text += pad(share, share_width, true);
        text += pad(without.empty() ? "-" : without, without_width, true);
        text += pad(sure.flip_up == 0 ? "-" : std::to_string(sure.flip_up), flip_width, true);
        text += pad(sure.flip_down == 0 ? "-" : std::to_string(sure.flip_down), flip_width, true);
    }
    const char* between = "  ";
    if (row.rank == 0) {
        text += between + label_of(told.outcome).in(lang_);
        between = "; ";
    }
    for (const std::size_t index : missed(told)) {
        text += between;
        text += card_->at(index).code;
        between = " ";
    }
    text += '\n';
}

void ranking_writer::append(std::size_t index, std::string& text) const {
    const ranked_product& row = rows_[index];
    switch (form_) {
    case ranking_form::csv:
        append_csv(row, text);
        break;
    case ranking_form::json:
        append_json(row, text);
        break;
    case ranking_form::text:
        if (!from_->group_column().empty()) {
            const std::uint32_t group = from_->group_of(row.product);
            if (index == 0 || from_->group_of(rows_[index - 1].product) != group) {
                if (index != 0) text += '\n';
                text += clean(from_->group_column()) + ": " + clean(from_->group(group)) + '\n';
            }
        }
        append_text(row, text);
        break;
    }
}

}  // namespace ocop
