#include "ocop/exchange/regulation_json.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "json_document.hpp"

namespace ocop {
namespace {

using detail::json_node;
using detail::json_path;
using detail::object_reader;

/// Reads a regulation document, going on past each problem, and validates what was read, so that one
/// pass tells every problem.
class regulation_reader {
public:
    explicit regulation_reader(problems& found) : found_(found) {}

    std::optional<regulation> read(const json_node& root) {
        object_reader top(root, json_path(), found_);
        if (!top.is_object()) return std::nullopt;
        if (const auto format = top.string("format", true);
            format && *format != "ocop-regulation/1")
            object_reader::bad_value(*format, top.at("format"), "ocop-regulation/1", found_);
        document_.id = top.string("id", true).value_or("");
        if (const json_node* node = top.require("decision"))
            read_decision(*node, top.at("decision"));
        each(top, "sources", [&](const json_node& n, const json_path& at) { read_source(n, at); });
        if (const json_node* node = top.take("in_force")) read_validity(*node, top.at("in_force"));
        if (top.has("bands")) document_.bands.clear();
        each(top, "bands", [&](const json_node& n, const json_path& at) { read_band(n, at); });
        if (const json_node* node = top.take("star_marks"))
            read_mark_rule(*node, top.at("star_marks"));
        each(top, "councils",
             [&](const json_node& n, const json_path& at) { read_council(n, at); });
        each(top, "recognition",
             [&](const json_node& n, const json_path& at) { read_recognition(n, at); });
        if (const json_node* node = top.take("forwarding"))
            read_forwarding(*node, top.at("forwarding"));
        each(top, "amendments",
             [&](const json_node& n, const json_path& at) { read_amendment(n, at); });
        members(top, "conditions",
                [&](const json_node& n, const json_path& at) { read_condition(n, at); });
        members(top, "ground_labels",
                [&](const json_node& n, const json_path& at) { read_ground(n, at); });
        each(top, "sectors", [&](const json_node& n, const json_path& at) { read_sector(n, at); });
        if (const json_node* node = top.take("remarks")) document_.remarks = to_json_text(*node);
        read_scorecards(top);
        top.finish();
        return finish();
    }

private:
    template <class Read>
    void each(object_reader& in, std::string_view name, Read read, bool required = false) {
        const json_node* node = required ? in.require(name) : in.take(name);
        const json_path list = in.at(name);
        if (node == nullptr || !detail::is_list(*node, list, found_)) return;
        for (std::size_t i = 0; i < node->children.size(); ++i)
            read(node->children[i], json_path(list, i));
    }
    template <class Read>
    void members(object_reader& in, std::string_view name, Read read) {
        const json_node* node = in.take(name);
        if (node == nullptr) return;
        const json_path place = in.at(name);
        object_reader inner(*node, place, found_);
        for (const json_node& child : node->children) {
            if (child.repeated || !inner.is_object()) continue;
            read(child, inner.at(child.key));
        }
    }

    label read_label(object_reader& in, bool required = true) {
        const auto text = [&](const char* lang) {
            auto value = in.string(lang, required);
            if (value && value->empty())
                found_.push_back(detail::make_problem(
                    problem_code::empty_name, in.at(lang).text(), "",
                    detail::told("nhãn \"{0}\" trống", "the label \"{0}\" is empty", {lang})));
            return std::move(value).value_or("");
        };
        std::string vi = text("vi");
        return {std::move(vi), text("en")};
    }
    static status read_status(object_reader& in, std::string_view name = "status",
                              status otherwise = status::verified) {
        return in.one_of<status>(name).value_or(otherwise);
    }
    points small(object_reader& in, std::string_view name, bool required) {
        const auto value = in.integer(name, required);
        return value ? narrowed(*value, in.at(name)) : points{};
    }
    std::optional<points> small(object_reader& in, std::string_view name) {
        const auto value = in.integer(name);
        if (!value) return std::nullopt;
        return narrowed(*value, in.at(name));
    }
    /// Points are checked again by the validator; here only that they fit their type.
    points narrowed(std::int64_t value, const json_path& at) {
        constexpr std::int64_t most = 1000000;
        if (value >= -most && value <= most) return points{static_cast<std::int32_t>(value)};
        found_.push_back(detail::make_problem(
            problem_code::points_out_of_range, at.text(), std::to_string(value),
            detail::told("{0} điểm không nằm trong 0 đến 100", "{0} points are not within 0 to 100",
                         {std::to_string(value)})));
        return points{};
    }
    int small_int(std::int64_t value, const json_path& at) { return narrowed(value, at).value(); }
    std::optional<stars> star(object_reader& in, std::string_view name, bool required) {
        const auto value = in.integer(name, required);
        if (!value) return std::nullopt;
        const auto result = stars::from(*value);
        if (!result)
            object_reader::bad_value(std::to_string(*value), in.at(name), "1, 2, 3, 4, 5", found_);
        return result;
    }
    std::vector<std::string> strings(object_reader& in, std::string_view name) {
        std::vector<std::string> list;
        each(in, name, [&](const json_node& n, const json_path& at) {
            if (auto text = object_reader::string_of(n, at, found_))
                list.push_back(std::move(*text));
        });
        return list;
    }
    std::vector<issue> issues(object_reader& in) {
        std::vector<issue> list;
        each(in, "issues", [&](const json_node& n, const json_path& at) {
            object_reader o(n, at, found_);
            issue one;
            one.note = o.string("note", true).value_or("");
            one.max_printed = small(o, "max_printed");
            o.finish();
            list.push_back(std::move(one));
        });
        return list;
    }

    void read_decision(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        document_.decision.number = o.string("number", true).value_or("");
        document_.decision.signed_on = o.day("date");
        document_.decision.text = read_label(o, false);
        document_.decision.known = read_status(o);
        document_.decision.source = o.string("source").value_or("");
        o.finish();
    }
    void read_source(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        source one;
        one.id = o.string("id", true).value_or("");
        one.what = o.string("what", true).value_or("");
        one.where = o.string("where").value_or("");
        one.kind = o.string("kind").value_or("");
        one.limits = o.string("limits").value_or("");
        o.finish();
        document_.sources.push_back(std::move(one));
    }
    void read_validity(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        validity& v = document_.in_force;
        v.filed_from = o.day("filed_from");
        v.filed_before = o.day("filed_before");
        if (const json_node* until = o.take("assessed_until")) {
            object_reader by_kind(*until, o.at("assessed_until"), found_);
            for (std::size_t i = 0; i < names<application>::all.size(); ++i)
                v.assessed_until[i] = by_kind.day(names<application>::all[i]);
            by_kind.finish();
        }
        v.known = read_status(o);
        v.source = o.string("source").value_or("");
        o.finish();
    }
    void read_band(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        band one;
        if (const auto s = star(o, "stars", true)) one.stars = *s;
        one.from = small(o, "from", true);
        if (const json_node* below = o.take("below");
            below != nullptr && below->type != json_node::kind::null)
            if (const auto value = object_reader::integer_of(*below, o.at("below"), found_))
                one.below = narrowed(*value, o.at("below"));
        one.printed = o.string("printed").value_or("");
        one.known = read_status(o);
        o.finish();
        document_.bands.push_back(std::move(one));
    }
    void read_mark_rule(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        mark_rule rule;
        rule.text = read_label(o);
        rule.known = read_status(o);
        rule.source = o.string("source").value_or("");
        o.finish();
        document_.star_marks = std::move(rule);
    }
    template <class Rule>
    void read_rule(object_reader& o, Rule& rule) {
        rule.from = o.day("from");
        rule.until = o.day("until");
        rule.known = read_status(o);
        rule.source = o.string("source").value_or("");
    }
    void read_council(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        council_rule rule;
        rule.level = o.one_of<council_level>("level", true).value_or(council_level::province);
        read_rule(o, rule);
        rule.spread = small(o, "spread");
        if (rule.spread && rule.spread->value() < 0)
            object_reader::bad_value(to_string(*rule.spread), o.at("spread"), ">= 0", found_);
        rule.members = o.string("members").value_or("");
        o.finish();
        document_.councils.push_back(std::move(rule));
    }
    void read_recognition(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        recognition_rule rule;
        if (const auto s = star(o, "stars", true)) rule.stars = *s;
        rule.by = o.one_of<council_level>("by", true).value_or(council_level::province);
        read_rule(o, rule);
        o.finish();
        document_.recognition.push_back(std::move(rule));
    }
    void read_forwarding(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        forwarding_rule rule;
        rule.from = small(o, "from", true);
        rule.known = read_status(o);
        rule.source = o.string("source").value_or("");
        o.finish();
        document_.forwarding = std::move(rule);
    }
    void read_amendment(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        amendment one;
        one.decision = o.string("decision", true).value_or("");
        one.from = o.day("date");
        one.applied = o.boolean("applied").value_or(false);
        one.text = read_label(o);
        one.known = read_status(o);
        o.finish();
        document_.amendments.push_back(std::move(one));
    }
    void read_condition(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        condition one;
        one.id = node.key;
        one.criterion_id = o.string("criterion", true).value_or("");
        one.text = read_label(o);
        o.finish();
        conditions_.push_back(std::move(one));
    }
    void read_ground(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        ground one;
        one.id = node.key;
        one.text = read_label(o);
        one.decided_by = o.one_of<ground_kind>("decided_by").value_or(ground_kind::finding);
        one.fact = o.string("fact", one.decided_by == ground_kind::fact).value_or("");
        o.finish();
        document_.grounds.push_back(std::move(one));
    }
    void read_sector(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        product_sector sector;
        sector.no = o.string("no", true).value_or("");
        sector.text = read_label(o);
        each(o, "groups", [&](const json_node& n, const json_path& here) {
            object_reader g(n, here, found_);
            product_group group;
            group.no = g.string("no", true).value_or("");
            group.text = read_label(g);
            each(g, "sets", [&](const json_node& s, const json_path& place) {
                if (const auto set = object_reader::integer_of(s, place, found_))
                    group.sets.push_back(small_int(*set, place));
            });
            g.finish();
            sector.groups.push_back(std::move(group));
        });
        o.finish();
        document_.sectors.push_back(std::move(sector));
    }

    /// The grounds named in the list \p name, with their labels.
    std::vector<ground> grounds(object_reader& in, std::string_view name) {
        std::vector<ground> list;
        each(in, name, [&](const json_node& n, const json_path& at) {
            const auto id = object_reader::string_of(n, at, found_);
            if (!id) return;
            for (const ground& known : document_.grounds)
                if (known.id == *id) {
                    list.push_back(known);
                    return;
                }
            found_.push_back(detail::make_problem(
                problem_code::unknown_reference, at.text(), *id,
                detail::told("\"{0}\" không có trong \"ground_labels\"",
                             "\"{0}\" is not in \"ground_labels\"", {detail::shown(*id)})));
        });
        return list;
    }

    void read_scorecards(object_reader& top) {
        constexpr std::size_t most = 1000;
        if (const json_node* node = top.take("scorecards");
            node != nullptr && node->children.size() > most) {
            const std::string count = std::to_string(node->children.size());
            found_.push_back(
                detail::make_problem(problem_code::too_many, top.at("scorecards").text(), count,
                                     detail::told("có {0} bảng chấm; nhiều nhất {1}",
                                                  "{0} scorecards; at most {1} are taken",
                                                  {count, std::to_string(most)})));
            return;
        }
        each(
            top, "scorecards",
            [&](const json_node& n, const json_path& at) {
                document_.scorecards.push_back(read_card(n, at));
            },
            true);
    }

    scorecard_document read_card(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        scorecard_document card;
        card.set = small_int(o.integer("set", true).value_or(1), o.at("set"));
        card.text = read_label(o);
        card.sector = o.string("sector").value_or("");
        card.group = o.string("group").value_or("");
        card.agencies = strings(o, "agencies");
        card.agencies_known = read_status(o, "agencies_status");
        card.agencies_source = o.string("agencies_source").value_or("");
        card.samples = small_int(o.integer("samples").value_or(0), o.at("samples"));
        card.knockouts = grounds(o, "knockouts");
        card.knockouts_known = read_status(o, "knockouts_status");
        card.known = read_status(o);
        card.reachable = small(o, "reachable");
        card.notes = strings(o, "notes");
        card.star_legend = o.string("star_legend").value_or("");
        card.issues = issues(o);
        each(
            o, "parts",
            [&](const json_node& n, const json_path& here) {
                card.parts.push_back(read_part(n, here));
            },
            true);
        o.finish();
        return card;
    }
    part read_part(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        part p;
        p.code = o.string("code", true).value_or("");
        p.max = small(o, "max", true);
        p.known = read_status(o);
        p.issues = issues(o);
        each(
            o, "sections",
            [&](const json_node& n, const json_path& here) {
                p.sections.push_back(read_section(n, here));
            },
            true);
        o.finish();
        return p;
    }
    section read_section(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        section s;
        s.no = o.string("no").value_or("");
        s.id = o.string("id").value_or("");
        s.text = read_label(o);
        s.max = small(o, "max", true);
        each(
            o, "criteria",
            [&](const json_node& n, const json_path& here) {
                s.criteria.push_back(read_criterion(n, here));
            },
            true);
        o.finish();
        return s;
    }

    criterion read_criterion(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        criterion c;
        c.code = o.string("code", true).value_or("");
        c.no = o.string("no").value_or("");
        c.id = o.string("id", true).value_or("");
        c.text = read_label(o);
        c.max = small(o, "max", true);
        c.max_printed = small(o, "max_printed");
        c.choose = o.one_of<choice>("choose").value_or(choice::one);
        c.gates = grounds(o, "gates");
        c.known = read_status(o);
        c.reachable = small(o, "reachable");
        c.issues = issues(o);
        c.notes = strings(o, "notes");
        read_cases(o, c);
        read_applies_if(o, c);
        if (const json_node* n = o.take("parent")) c.parent = read_parent(*n, o.at("parent"));
        if (const json_node* n = o.take("mark_on_criterion"))
            c.mark_on_criterion = read_title_mark(*n, o.at("mark_on_criterion"));
        each(
            o, "options",
            [&](const json_node& n, const json_path& here) {
                c.options.push_back(read_option(n, here, c.known));
            },
            true);
        o.finish();
        return c;
    }
    option read_option(const json_node& node, const json_path& at, status of_criterion) {
        object_reader o(node, at, found_);
        option one;
        one.points = small(o, "points", true);
        one.text = read_label(o);
        one.minimum_for = star(o, "minimum_for", false);
        one.case_key = o.string("case").value_or("");
        one.known = read_status(o, "status", of_criterion);
        o.finish();
        return one;
    }
    void read_cases(object_reader& in, criterion& c) {
        members(in, "cases", [&](const json_node& n, const json_path& at) {
            object_reader o(n, at, found_);
            criterion_case one;
            one.key = n.key;
            one.text = read_label(o);
            o.finish();
            c.cases.push_back(std::move(one));
        });
        const auto of_key = [&](const json_node& n, const json_path& at) -> criterion_case* {
            for (criterion_case& one : c.cases)
                if (one.key == n.key) return &one;
            found_.push_back(detail::make_problem(
                problem_code::unknown_reference, at.text(), n.key,
                detail::told("trường hợp \"{0}\" không có trong \"cases\"",
                             "case \"{0}\" is not among the \"cases\"", {detail::shown(n.key)})));
            return nullptr;
        };
        members(in, "reachable_by_case", [&](const json_node& n, const json_path& at) {
            criterion_case* one = of_key(n, at);
            const auto value = object_reader::integer_of(n, at, found_);
            if (one != nullptr && value) one->reachable = narrowed(*value, at);
        });
        members(in, "case_kinds", [&](const json_node& n, const json_path& at) {
            criterion_case* one = of_key(n, at);
            if (!detail::is_list(n, at, found_)) return;
            for (std::size_t i = 0; i < n.children.size(); ++i) {
                const auto kind = object_reader::enumerator<producer_kind>(
                    n.children[i], json_path(at, i), found_);
                if (one != nullptr && kind) one->kinds.push_back(*kind);
            }
        });
    }
    void read_applies_if(object_reader& in, criterion& c) {
        const auto id = in.string("applies_if");
        const status known = read_status(in, "applies_if_status");
        if (!id) return;
        for (const condition& one : conditions_)
            if (one.id == *id) {
                c.applies_if = one;
                c.applies_if->known = known;
                return;
            }
        found_.push_back(detail::make_problem(
            problem_code::unknown_reference, in.at("applies_if").text(), *id,
            detail::told("điều kiện \"{0}\" không có trong \"conditions\"",
                         "condition \"{0}\" is not in \"conditions\"", {detail::shown(*id)})));
    }
    parent_heading read_parent(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        parent_heading heading;
        heading.no = o.string("no", true).value_or("");
        const bool labelled = o.has("vi") || o.has("en");
        label text = read_label(o, labelled);
        if (labelled) heading.text = std::move(text);
        heading.max = small(o, "max");
        o.finish();
        return heading;
    }
    /// `{"stars": 4, "candidates": {"4": [1, 2]}}`: the candidates stand under their star.
    title_mark read_title_mark(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        title_mark mark;
        if (const auto s = star(o, "stars", true)) mark.stars = *s;
        if (const json_node* candidates = o.require("candidates")) {
            object_reader by_star(*candidates, o.at("candidates"), found_);
            const std::string under = std::to_string(mark.stars.value());
            each(
                by_star, under,
                [&](const json_node& n, const json_path& here) {
                    if (const auto value = object_reader::integer_of(n, here, found_))
                        mark.candidates.push_back(narrowed(*value, here));
                },
                true);
            by_star.finish();
        }
        o.finish();
        return mark;
    }

    std::optional<regulation> finish() {
        if (!has_errors(found_)) return regulation::try_make(std::move(document_), found_);
        problems checked;
        validate(document_, checked);
        for (std::size_t i = 0; i < document_.scorecards.size(); ++i)
            validate(document_.scorecards[i], "/scorecards/" + std::to_string(i), checked);
        std::vector<std::string> read;
        for (const problem& p : found_) read.push_back(p.where.pointer);
        std::sort(read.begin(), read.end());
        for (problem& p : checked)
            if (!follows_from(read, p)) found_.push_back(std::move(p));
        return std::nullopt;
    }

    /// Whether \p p may only follow from a value that could not be read: one that stands in the node
    /// that \p p is about, under a key that the check looks at.
    static bool follows_from(const std::vector<std::string>& read, const problem& p) {
        const std::string& at = p.where.pointer;
        // Most checks look at their own node: the object that holds the key they point to.
        std::string node = at.substr(0, at.rfind('/'));
        for (const char* inner : {"/options/", "/cases/", "/reachable_by_case/", "/case_kinds/",
                                  "/mark_on_criterion/", "/parent/"})
            if (const std::size_t cut = at.rfind(inner); cut != std::string::npos)
                node.resize(std::min(node.size(), cut));
        if (at == "/bands") node = at;
        if (p.code == problem_code::unknown_reference && at.find("/parts/") == std::string::npos)
            node.clear();  // sectors and cards name each other
        // Sorted, the pointers below a node stand together.
        for (auto it = std::lower_bound(read.begin(), read.end(), node);
             it != read.end() && it->compare(0, node.size(), node) == 0; ++it) {
            const std::string& where = *it;
            if (where == at) return true;
            if ((where.size() == node.size() || where[node.size()] == '/') &&
                looked_at(p.code, where.substr(where.rfind('/') + 1)))
                return true;
        }
        return false;
    }

    /// Whether the check behind \p code looks at values under \p key.
    static bool looked_at(problem_code code, std::string_view key) {
        const auto among = [&](std::initializer_list<std::string_view> keys) {
            for (std::string_view one : keys)
                if (one == key) return true;
            // An element of a list that could not be read at all.
            return !key.empty() && key.find_first_not_of("0123456789") == std::string_view::npos;
        };
        switch (code) {
        case problem_code::wrong_sum:
        case problem_code::conflict:
        case problem_code::wrong_reachable:
            return among({"points", "max", "options", "criteria", "sections", "parts", "choose",
                          "reachable", "case", "status", "no", "parent"});
        case problem_code::unordered_marks:
            return among({"points", "minimum_for", "options", "stars"});
        case problem_code::points_out_of_range:
            return among({"points", "max", "stars"});
        case problem_code::unknown_reference:
            return among({"case", "cases", "options", "sectors", "groups", "sets", "set", "sector",
                          "group", "no"});
        case problem_code::bad_condition:
            return among({"id", "applies_if", "criteria", "sections", "criterion"});
        case problem_code::bad_parts:
            return among({"code", "parts"});
        case problem_code::bad_bands:
            return among({"stars", "from", "below", "bands"});
        case problem_code::repeated_code:
            return among({"code", "set", "case_kinds"});
        case problem_code::bad_code:
            return among({"code"});
        default:
            return false;
        }
    }

    problems& found_;
    regulation_document document_;
    std::vector<condition> conditions_;
};

using nlohmann::ordered_json;

std::string_view text(status known) { return name_of(known); }

ordered_json issues_json(const std::vector<issue>& list) {
    ordered_json all = ordered_json::array();
    for (const issue& one : list) {
        ordered_json j{{"note", one.note}};
        if (one.max_printed) j["max_printed"] = one.max_printed->value();
        all.push_back(std::move(j));
    }
    return all;
}

ordered_json ids_json(const std::vector<ground>& list) {
    ordered_json all = ordered_json::array();
    for (const ground& g : list) all.push_back(g.id);
    return all;
}

ordered_json criterion_json(const criterion& c) {
    ordered_json j{{"code", c.code},  {"id", c.id},      {"no", c.no},
                   {"vi", c.text.vi}, {"en", c.text.en}, {"max", c.max.value()}};
    if (c.max_printed) j["max_printed"] = c.max_printed->value();
    j["choose"] = name_of(c.choose);
    if (c.applies_if) {
        j["applies_if"] = c.applies_if->id;
        j["applies_if_status"] = text(c.applies_if->known);
    }
    j["gates"] = ids_json(c.gates);
    if (!c.cases.empty()) {
        j["cases"] = ordered_json::object();
        for (const criterion_case& one : c.cases) {
            j["cases"][one.key] = {{"vi", one.text.vi}, {"en", one.text.en}};
            if (one.reachable) j["reachable_by_case"][one.key] = one.reachable->value();
            for (producer_kind kind : one.kinds) j["case_kinds"][one.key].push_back(name_of(kind));
        }
    }
    if (c.mark_on_criterion) {
        const std::string star = std::to_string(c.mark_on_criterion->stars.value());
        j["mark_on_criterion"]["stars"] = c.mark_on_criterion->stars.value();
        for (points p : c.mark_on_criterion->candidates)
            j["mark_on_criterion"]["candidates"][star].push_back(p.value());
    }
    if (c.parent) {
        j["parent"]["no"] = c.parent->no;
        if (c.parent->text) {
            j["parent"]["vi"] = c.parent->text->vi;
            j["parent"]["en"] = c.parent->text->en;
        }
        if (c.parent->max) j["parent"]["max"] = c.parent->max->value();
    }
    if (c.reachable) j["reachable"] = c.reachable->value();
    j["status"] = text(c.known);
    if (!c.issues.empty()) j["issues"] = issues_json(c.issues);
    if (!c.notes.empty()) j["notes"] = c.notes;
    j["options"] = ordered_json::array();
    for (std::size_t i = 0; i < c.options.size(); ++i) {
        const option& o = c.options[i];
        ordered_json one{{"number", i + 1}, {"points", o.points.value()}};
        if (o.minimum_for) one["minimum_for"] = o.minimum_for->value();
        if (!o.case_key.empty()) one["case"] = o.case_key;
        one["vi"] = o.text.vi;
        one["en"] = o.text.en;
        one["status"] = text(o.known);
        j["options"].push_back(std::move(one));
    }
    return j;
}

ordered_json part_json(const part& p) {
    ordered_json j{{"code", p.code}, {"max", p.max.value()}, {"status", text(p.known)}};
    if (!p.issues.empty()) j["issues"] = issues_json(p.issues);
    j["sections"] = ordered_json::array();
    for (const section& s : p.sections) {
        ordered_json one{{"no", s.no},           {"id", s.id},
                         {"vi", s.text.vi},      {"en", s.text.en},
                         {"max", s.max.value()}, {"criteria", ordered_json::array()}};
        for (const criterion& c : s.criteria) one["criteria"].push_back(criterion_json(c));
        j["sections"].push_back(std::move(one));
    }
    return j;
}

ordered_json day(const std::optional<date>& value) {
    return value ? ordered_json(to_string(*value)) : ordered_json(nullptr);
}

}  // namespace

std::optional<regulation> try_read_regulation(std::string_view json, problems& found) {
    problems mine;
    std::optional<regulation> result;
    if (const auto root = detail::parse_json(json, mine))
        result = regulation_reader(mine).read(*root);
    if (has_errors(mine)) result.reset();
    for (problem& p : mine) found.push_back(std::move(p));
    return result;
}

regulation read_regulation(std::string_view json) {
    problems found;
    auto result = try_read_regulation(json, found);
    if (!result) throw error(std::move(found));
    return std::move(*result);
}

std::string to_json(const regulation& from, const scorecard& card) {
    const scorecard_document& d = card.document();
    ordered_json j{{"id", from.card_id(d.set)}, {"regulation", from.id()}, {"set", d.set},
                   {"vi", d.text.vi},           {"en", d.text.en},         {"sector", d.sector},
                   {"group", d.group},          {"agencies", d.agencies}};
    j["agencies_status"] = text(d.agencies_known);
    if (!d.agencies_source.empty()) j["agencies_source"] = d.agencies_source;
    j["samples"] = d.samples;
    j["knockouts"] = ids_json(d.knockouts);
    j["knockouts_status"] = text(d.knockouts_known);
    j["status"] = text(d.known);
    if (d.reachable) j["reachable"] = d.reachable->value();
    if (!d.notes.empty()) j["notes"] = d.notes;
    if (!d.star_legend.empty()) j["star_legend"] = d.star_legend;
    if (!d.issues.empty()) j["issues"] = issues_json(d.issues);
    j["parts"] = ordered_json::array();
    for (const part& p : d.parts) j["parts"].push_back(part_json(p));
    return j.dump();
}

std::string to_json(const regulation& from) {
    const regulation_document& d = from.document();
    ordered_json j{{"id", d.id},
                   {"number", d.decision.number},
                   {"date", day(d.decision.signed_on)},
                   {"vi", d.decision.text.vi},
                   {"en", d.decision.text.en}};
    j["status"] = text(d.decision.known);
    j["filed_from"] = day(d.in_force.filed_from);
    j["filed_before"] = day(d.in_force.filed_before);
    j["assessed_until"] = ordered_json::object();
    for (std::size_t i = 0; i < d.in_force.assessed_until.size(); ++i)
        if (d.in_force.assessed_until[i])
            j["assessed_until"][std::string(names<application>::all[i])] =
                day(d.in_force.assessed_until[i]);
    j["in_force_status"] = text(d.in_force.known);
    j["scorecards"] = ordered_json::array();
    for (const scorecard& card : from.scorecards()) {
        ordered_json one{{"set", card.set()},
                         {"vi", card.document().text.vi},
                         {"en", card.document().text.en},
                         {"sector", card.document().sector},
                         {"group", card.document().group},
                         {"criteria", card.size()},
                         {"status", text(card.document().known)}};
        if (card.document().reachable) one["reachable"] = card.document().reachable->value();
        j["scorecards"].push_back(std::move(one));
    }
    return j.dump();
}

}  // namespace ocop
