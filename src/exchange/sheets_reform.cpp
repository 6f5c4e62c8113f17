#include "ocop/exchange/sheets_reform.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "kept_sheets.hpp"
#include "ocop/ranking/fast.hpp"
#include "ocop/ranking/parallel.hpp"
#include "text_table.hpp"

namespace ocop {
namespace {

using detail::text_table;
using align = text_table::align;
using range = std::pair<standing, standing>;

constexpr std::size_t page = 100;

/// A cause of rising or falling with its number of products.
struct cause {
    std::string code;  ///< of the criterion; empty: the points
    int stars = 0;     ///< of the mark
    std::uint64_t products = 0;
};

std::vector<cause> causes_of(std::uint64_t by_points, const std::vector<std::uint64_t>& by_marks,
                             const verdict_rules& rules, const scorecard& card) {
    std::vector<cause> list;
    if (by_points != 0) list.push_back({"", 0, by_points});
    for (std::size_t k = 0; k < by_marks.size(); ++k) {
        if (by_marks[k] == 0) continue;
        const verdict_tables::mark& mark = rules.tables().marks[k];
        list.push_back({card.at(mark.criterion).code, mark.stars.value(), by_marks[k]});
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const cause& a, const cause& b) { return a.products > b.products; });
    return list;
}

/// What kept products from the stars that they rise to, and takes them those that they fall from.
std::vector<cause> causes_of(const reform_share& share, bool rise, const reform_rules& rules,
                             const reform_sides& sides) {
    return rise
               ? causes_of(share.held_by_points, share.held_by_marks, rules.from(), *sides.old_card)
               : causes_of(share.lowered_by_points, share.lowered_by_marks, rules.low(),
                           *sides.new_card);
}

constexpr std::array all_changes{reform_change::falls, reform_change::stays, reform_change::rises,
                                 reform_change::open, reform_change::undecided};

std::string id_of(const regulation& from, const scorecard& card) {
    return from.id() + "/" + std::to_string(card.set());
}

/// "3", "3–5", "score_again".
std::string range_text(const range& of, language lang) {
    const auto one = [lang](standing s) -> std::string {
        if (s >= standing::one_star) return std::to_string(stars_of(s));
        return label_of(static_cast<outcome>(s)).in(lang);
    };
    return of.first == of.second ? one(of.first) : one(of.first) + "–" + one(of.second);
}

}  // namespace

sheets_reform reform_sheets(const sheets_csv_reader& from, const reform_rules& rules,
                            std::size_t threads) {
    sheets_reform made;
    made.products.resize(from.products());
    const in_threads run(threads);
    // An empty batch gives a summary of the right shape.
    made.summary = compare_batch(rules, sheet_batch{}, {}, run);
    std::vector<standing> was;
    std::vector<standing> low;
    std::vector<standing> high;
    std::vector<reform_change> change;
    std::uint64_t compared = 0;
    detail::for_even_batches(from, rules.from().size(), [&](const detail::even_batch& some) {
        const std::size_t count = some.products.size();
        was.resize(count);
        low.resize(count);
        high.resize(count);
        change.resize(count);
        reform_columns out;
        out.was = was;
        out.low = low;
        out.high = high;
        out.change = change;
        made.summary += compare_batch(rules, some.batch(), out, run, fast_kernel);
        for (std::size_t i = 0; i < count; ++i)
            made.products[some.products[i]] = {was[i], low[i], high[i], change[i]};
        compared += count;
    });
    const std::uint64_t rest = from.products() - compared;
    made.summary.products += rest;
    made.summary.cross[0][0][0] += rest;
    made.summary.shares[static_cast<std::size_t>(reform_change::undecided)].products += rest;
    return made;
}

std::string reform_text(const sheets_reform& told, const reform_rules& rules,
                        const reform_sides& sides, language lang) {
    const bool vi = lang == language::vi;
    const auto say = [vi](const char* in_vi, const char* in_en) {
        return std::string(vi ? in_vi : in_en);
    };
    const auto line = [](const std::string& text, std::size_t indent) {
        return std::string(indent, ' ') + detail::wrap(text, page, indent, indent + 2) + '\n';
    };
    const auto list = [](const std::vector<std::string>& words) {
        std::string text;
        for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
        return text;
    };
    std::string out;
    out += line(say("SO SÁNH: ", "COMPARED: ") + id_of(*sides.from, *sides.old_card) + " (" +
                    sides.old_card->document().text.in(lang) + ") → " +
                    id_of(*sides.to, *sides.new_card) + " (" +
                    sides.new_card->document().text.in(lang) + ")",
                0);
    const carry_plan& plan = rules.plan();
    const std::size_t anew = plan.judged_anew().size();
    out += line(say("Tiêu chí chuyển được: ", "Criteria carried: ") +
                    std::to_string(plan.lines.size() - anew) + say(" trên ", " of ") +
                    std::to_string(plan.lines.size()) + say("; phải chấm lại ", "; judged anew ") +
                    std::to_string(anew) + say(", nhiều nhất ", ", with at most ") +
                    std::to_string(rules.most_anew()) + say(" điểm", " points"),
                2);
    for (std::size_t r = 1; r < names<carry_reason>::all.size(); ++r) {
        std::vector<std::string> codes;
        for (const carry_line& one : plan.lines)
            if (one.reason == static_cast<carry_reason>(r))
                codes.push_back(sides.new_card->at(one.to).code);
        if (!codes.empty())
            out += line(label_of(static_cast<carry_reason>(r)).in(lang) + ": " + list(codes), 4);
    }
    if (!plan.fallen.empty()) {
        std::vector<std::string> codes;
        for (const std::size_t index : plan.fallen) codes.push_back(sides.old_card->at(index).code);
        out += line(say("Không còn dùng: ", "No longer used: ") + list(codes), 2);
    }

    out += '\n';
    std::vector<std::string> counts;
    for (const reform_change change : all_changes)
        counts.push_back(label_of(change).in(lang) + ' ' +
                         std::to_string(told.summary[change].products));
    out += line(list(counts), 2);

    std::set<range> ranges;
    for (std::size_t a = 0; a < standing_count; ++a)
        for (std::size_t b = 0; b < standing_count; ++b)
            for (std::size_t c = 0; c < standing_count; ++c)
                if (told.summary.cross[a][b][c] != 0)
                    ranges.emplace(static_cast<standing>(b), static_cast<standing>(c));
    std::vector<align> columns(1 + ranges.size(), align::right);
    columns[0] = align::left;
    text_table table(columns);
    std::vector<std::string> cells{say("Trước \\ sau", "Before \\ after")};
    for (const range& of : ranges) cells.push_back(range_text(of, lang));
    table.row(cells);
    table.rule();
    for (std::size_t a = standing_count; a-- > 0;) {
        cells = {range_text({static_cast<standing>(a), static_cast<standing>(a)}, lang)};
        std::uint64_t any = 0;
        for (const range& of : ranges) {
            const std::uint64_t count =
                told.summary.count(static_cast<standing>(a), of.first, of.second);
            any += count;
            cells.push_back(count == 0 ? "" : std::to_string(count));
        }
        if (any != 0) table.row(cells);
    }
    out += table.text(2);

    const auto through = [&](reform_change change, bool rise, const std::string& head) {
        const auto causes = causes_of(told.summary[change], rise, rules, sides);
        if (causes.empty()) return;
        std::vector<std::string> words;
        for (const cause& one : causes)
            words.push_back((one.code.empty()
                                 ? say("điểm", "points")
                                 : one.code + " (" + std::to_string(one.stars) + "★)") +
                            ' ' + std::to_string(one.products));
        out += line(head + list(words), 2);
    };
    through(reform_change::falls, false,
            say("Giảm do (số sản phẩm): ", "Fall through (products): "));
    through(reform_change::rises, true,
            say("Tăng vì trước đó vướng: ", "Rise, held back before by: "));
    through(reform_change::open, false,
            say("Chờ chấm lại, có thể giảm do: ", "Open, may fall through: "));
    return out;
}

std::string reform_json(const sheets_reform& told, const reform_rules& rules,
                        const reform_sides& sides) {
    using nlohmann::ordered_json;
    ordered_json j;
    j["from"] = id_of(*sides.from, *sides.old_card);
    j["to"] = id_of(*sides.to, *sides.new_card);
    j["carried"] = ordered_json::array();
    j["judged_anew"] = ordered_json::array();
    for (const carry_line& line : rules.plan().lines) {
        const std::string& code = sides.new_card->at(line.to).code;
        const ordered_json was =
            line.from ? ordered_json(sides.old_card->at(*line.from).code) : ordered_json(nullptr);
        if (line.carried())
            j["carried"].push_back({{"criterion", code}, {"from", was}});
        else
            j["judged_anew"].push_back(
                {{"criterion", code}, {"from", was}, {"reason", name_of(line.reason)}});
    }
    j["fallen"] = ordered_json::array();
    for (const std::size_t index : rules.plan().fallen)
        j["fallen"].push_back(sides.old_card->at(index).code);
    j["most_points_anew"] = rules.most_anew();
    j["products"] = told.summary.products;
    j["changes"] = ordered_json::object();
    for (const reform_change change : all_changes) {
        const reform_share& share = told.summary[change];
        ordered_json& one = j["changes"][std::string(name_of(change))];
        one["products"] = share.products;
        const auto causes = [&](bool rise) {
            ordered_json list = ordered_json::array();
            for (const cause& c : causes_of(share, rise, rules, sides))
                list.push_back(
                    {{"criterion", c.code.empty() ? ordered_json(nullptr) : ordered_json(c.code)},
                     {"stars", c.stars == 0 ? ordered_json(nullptr) : ordered_json(c.stars)},
                     {"products", c.products}});
            return list;
        };
        one["held_by"] = causes(true);
        one["lowered_by"] = causes(false);
    }
    j["cross"] = ordered_json::array();
    for (std::size_t a = 0; a < standing_count; ++a)
        for (std::size_t b = 0; b < standing_count; ++b)
            for (std::size_t c = 0; c < standing_count; ++c)
                if (const std::uint64_t count = told.summary.cross[a][b][c]; count != 0)
                    j["cross"].push_back({{"was", name_of(static_cast<standing>(a))},
                                          {"low", name_of(static_cast<standing>(b))},
                                          {"high", name_of(static_cast<standing>(c))},
                                          {"products", count}});
    const ordered_json all{{"compare", std::move(j)}};
    return all.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace ocop
