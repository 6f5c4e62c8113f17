#include "ocop/exchange/assessment_json.hpp"

#include <nlohmann/json.hpp>

namespace ocop {
namespace {

using nlohmann::ordered_json;

constexpr std::array<const char*, part_count> part_names{"A", "B", "C"};

template <class Value, class Write>
ordered_json or_null(const std::optional<Value>& value, Write write) {
    return value ? ordered_json(write(*value)) : ordered_json(nullptr);
}

ordered_json stars_json(const std::optional<stars>& value) {
    return or_null(value, [](stars s) { return s.value(); });
}

ordered_json level_json(const std::optional<council_level>& value) {
    return or_null(value, [](council_level l) { return name_of(l); });
}

ordered_json exact(const mean_points& mean) {
    return ordered_json::array({mean.sum(), mean.count()});
}

ordered_json problem_json(const problem& p, language lang) {
    ordered_json j{{"number", static_cast<unsigned>(p.code)},
                   {"severity", p.grade == severity::error ? "error" : "warning"}};
    if (!p.where.file.empty()) j["file"] = p.where.file;
    if (p.where.row != 0) {
        j["row"] = p.where.row;
        j["column"] = p.where.column;
    }
    j["pointer"] = p.where.pointer;
    if (!p.where.sheet.empty()) j["sheet"] = p.where.sheet;
    if (!p.where.criterion.empty()) j["criterion"] = p.where.criterion;
    j["value"] = p.value;
    j["message"] = p.message.in(lang);
    return j;
}

/// An option's number, a list of them where any may be ticked, null for an answer left out.
ordered_json answer_json(const answer& a, choice choose) {
    if (!a.given()) return nullptr;
    if (choose == choice::any) return a.numbers();
    return a.number();
}

ordered_json way_json(const way_up& way, const scorecard& card) {
    ordered_json j{{"points", to_string(way.missing)}, {"points_exact", exact(way.missing)}};
    if (!way.reachable) {
        j["changes"] = nullptr;
        return j;
    }
    j["effort"] = way.effort;
    j["changes"] = ordered_json::array();
    for (const change& c : way.changes) {
        const criterion& at = card.at(c.criterion);
        ordered_json from = ordered_json::array();
        for (const answer& a : c.from) from.push_back(answer_json(a, at.choose));
        j["changes"].push_back({{"criterion", at.code},
                                {"from", std::move(from)},
                                {"to", answer_json(c.to, at.choose)}});
    }
    j["spread_after"] = way.spread_after.value();
    j["spread_blocks"] = way.spread_blocks;
    return j;
}

void add_sheets(ordered_json& j, const assessment& r, const scorecard& card) {
    j["members"] = ordered_json::array();
    for (const member_result& m : r.members) {
        ordered_json one{{"id", m.id},
                         {"role", name_of(m.role)},
                         {"counted", m.counted},
                         {"total", m.total.value()}};
        for (std::size_t p = 0; p < part_count; ++p) one[part_names[p]] = m.parts[p].value();
        j["members"].push_back(std::move(one));
    }
    j["criteria"] = ordered_json::object();
    for (std::size_t i = 0; i < r.criteria.size(); ++i)
        j["criteria"][card.at(i).code] = to_string(r.criteria[i]);
    j["marks_met"] = ordered_json::array();
    for (const mark_result& m : r.marks)
        if (m.reached)
            j["marks_met"].push_back({{"criterion", card.at(m.mark.criterion).code},
                                      {"stars", m.mark.stars.value()},
                                      {"needed", m.mark.needed.value()},
                                      {"mean", to_string(m.mean)}});
}

}  // namespace

std::string to_json(const problem& p, language lang) {
    return problem_json(p, lang).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string to_json(const assessment& r, const scorecard* card, language lang) {
    ordered_json j;
    j["outcome"] = name_of(r.outcome);
    j["regulation"] = r.regulation.empty() ? ordered_json(nullptr) : ordered_json(r.regulation);
    j["set"] = or_null(r.set, [](int set) { return set; });
    j["level"] = name_of(r.level);
    j["total"] = or_null(r.total, [](const mean_points& m) { return to_string(m); });
    // Published points may have been rounded: their exact value is not known.
    j["total_exact"] = r.total && !r.published ? exact(*r.total) : ordered_json(nullptr);
    j["parts"] = nullptr;
    if (r.parts) {
        j["parts"] = ordered_json::object();
        for (std::size_t p = 0; p < part_count; ++p)
            j["parts"][part_names[p]] = to_string((*r.parts)[p]);
    }
    j["band"] = stars_json(r.band);
    j["stars"] = stars_json(r.published ? std::nullopt : r.stars);
    j["proposed"] = stars_json(r.proposed);
    j["recognised_by"] = level_json(r.recognised_by);
    j["forwards_to"] = level_json(r.forwards_to);
    j["marks_missed"] = nullptr;
    j["to_reach"] = ordered_json::object();
    const bool scored = card != nullptr && r.total && !r.published;
    if (scored) {
        j["marks_missed"] = ordered_json::array();
        for (const mark_result& m : r.marks_missed())
            j["marks_missed"].push_back({{"criterion", card->at(m.mark.criterion).code},
                                         {"stars", m.mark.stars.value()},
                                         {"needed", m.mark.needed.value()},
                                         {"mean", to_string(m.mean)}});
        for (const way_up& way : r.to_reach)
            j["to_reach"][std::to_string(way.stars.value())] = way_json(way, *card);
    }
    j["grounds"] = ordered_json::array();
    for (const rejection& g : r.grounds)
        j["grounds"].push_back(
            {{"ground", g.ground},
             {"criterion", g.criterion.empty() ? ordered_json(nullptr) : ordered_json(g.criterion)},
             {"text", g.text.in(lang)},
             {"by_points", g.by_points},
             {"checked", g.checked}});
    j["spread_limit"] = or_null(r.spread_limit, [](points p) { return p.value(); });
    j["spread"] = ordered_json::array();
    for (const spread_pair& pair : r.spread)
        j["spread"].push_back(
            {{"members", {pair.one, pair.other}}, {"difference", pair.difference.value()}});
    if (scored) add_sheets(j, r, *card);
    j["notes"] = ordered_json::array();
    for (const note& n : r.notes)
        j["notes"].push_back({{"id", n.id},
                              {"status", name_of(n.known)},
                              {"source", n.source},
                              {"text", n.text.in(lang)}});
    if (r.outcome == outcome::incomplete) {
        j["errors"] = ordered_json::array();
        for (const problem& p : r.errors) j["errors"].push_back(problem_json(p, lang));
    }
    return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace ocop
