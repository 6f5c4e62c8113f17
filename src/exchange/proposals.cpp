#include "ocop/exchange/proposals.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_document.hpp"
#include "rules_data.hpp"

namespace ocop {
namespace {

using detail::json_node;
using detail::json_path;
using detail::object_reader;

/// What kind of value a fact has.
enum class fact_kind { share, truth, name };

fact_kind kind_of(chain_fact fact) {
    if (fact == chain_fact::area_certificate || fact == chain_fact::producer_kind)
        return fact_kind::name;
    if (fact == chain_fact::linked || fact == chain_fact::income_at_norm ||
        fact == chain_fact::business_registered)
        return fact_kind::truth;
    return fact_kind::share;
}

bool is_contract(chain_fact fact) {
    return fact == chain_fact::output_contract_share || fact == chain_fact::input_contract_share;
}

// Reading ---------------------------------------------------------------------------------------

class rules_reader {
public:
    explicit rules_reader(problems& found) : found_(found) {}

    std::vector<proposal_rule> read(const json_node& root) {
        std::vector<proposal_rule> rules;
        object_reader top(root, json_path(), found_);
        if (!top.is_object()) return rules;
        top.take("note");
        each(top, "rules", true, [&](const json_node& node, const json_path& at) {
            rules.push_back(read_rule(node, at));
        });
        top.finish();
        return rules;
    }

private:
    template <class Read>
    void each(object_reader& in, std::string_view name, bool required, Read read) {
        const json_node* node = required ? in.require(name) : in.take(name);
        const json_path list = in.at(name);
        if (node == nullptr || !detail::is_list(*node, list, found_)) return;
        for (std::size_t i = 0; i < node->children.size(); ++i)
            read(node->children[i], json_path(list, i));
    }

    void tell(problem_code code, const json_path& at, const std::string& value, label text) {
        found_.push_back(detail::make_problem(code, at.text(), value, std::move(text)));
    }

    label read_label(object_reader& in, std::string_view name) {
        const json_node* node = in.take(name);
        if (node == nullptr) return {};
        const json_path at = in.at(name);
        object_reader inner(*node, at, found_);
        label made{inner.string("vi", true).value_or(""), inner.string("en", true).value_or("")};
        inner.finish();
        return made;
    }

    proposal_rule read_rule(const json_node& node, const json_path& at) {
        proposal_rule rule;
        object_reader in(node, at, found_);
        if (!in.is_object()) return rule;
        rule.regulation = in.string("regulation", true).value_or("");
        each(in, "sets", true, [&](const json_node& n, const json_path& place) {
            const auto number = object_reader::integer_of(n, place, found_);
            if (!number) return;
            if (*number < 1 || *number > product_set_limit)
                tell(problem_code::unknown_scorecard, place, std::to_string(*number),
                     detail::told("không có bộ {0}: từ 1 đến 26",
                                  "there is no set {0}: give 1 to 26", {std::to_string(*number)}));
            else
                rule.sets.push_back(static_cast<int>(*number));
        });
        rule.code = in.string("code", true).value_or("");
        rule.id = in.string("id", true).value_or("");
        rule.known = in.one_of<status>("status").value_or(status::inferred);
        rule.reading = read_label(in, "reading");
        rule.not_proposable = read_label(in, "not_proposable");
        each(in, "options", false, [&](const json_node& n, const json_path& place) {
            rule.options.push_back(read_option(n, place));
        });
        if (rule.options.empty() == rule.not_proposable.vi.empty())
            tell(problem_code::exclusive_keys, at, rule.code,
                 {"cần đúng một trong \"options\" và \"not_proposable\"",
                  "exactly one of \"options\" and \"not_proposable\" is needed"});
        in.finish();
        return rule;
    }

    option_rule read_option(const json_node& node, const json_path& at) {
        option_rule made;
        object_reader in(node, at, found_);
        if (!in.is_object()) return made;
        constexpr std::int64_t most = 31;
        if (const auto number = in.integer("option", true)) {
            if (*number < 1 || *number > most)
                tell(problem_code::bad_number, in.at("option"), std::to_string(*number),
                     detail::told("mức {0} không hợp lệ: từ 1",
                                  "{0} is no option: they begin with 1",
                                  {std::to_string(*number)}));
            else
                made.option = static_cast<int>(*number);
        }
        each(in, "when", true, [&](const json_node& n, const json_path& place) {
            made.when.push_back(read_condition(n, place));
        });
        each(in, "or_when", false, [&](const json_node& n, const json_path& place) {
            made.or_when.push_back(read_condition(n, place));
        });
        if (made.when.empty() && in.has("when"))
            tell(problem_code::empty_list, in.at("when"), "",
                 {"cần ít nhất một điều kiện", "at least one condition is needed"});
        in.finish();
        return made;
    }

    std::optional<share> read_share(object_reader& in, std::string_view name) {
        const auto text = in.string(name);
        if (!text) return std::nullopt;
        const auto value = share::parse(*text);
        if (!value)
            tell(problem_code::bad_number, in.at(name), *text,
                 detail::told("\"{0}\" không phải tỷ lệ phần trăm từ 0 đến 100",
                              "\"{0}\" is no percentage from 0 to 100", {detail::shown(*text)}));
        return value;
    }

    proposal_condition read_condition(const json_node& node, const json_path& at) {
        proposal_condition made;
        object_reader in(node, at, found_);
        if (!in.is_object()) return made;
        made.judged = read_label(in, "judged");
        made.fact = in.one_of<chain_fact>("fact");
        made.from = read_share(in, "from");
        made.above = read_share(in, "above");
        made.below = read_share(in, "below");
        made.up_to = read_share(in, "up_to");
        constexpr std::int64_t most_months = 1200;
        if (const auto months = in.integer("least_months")) {
            if (*months < 1 || *months > most_months)
                tell(problem_code::bad_number, in.at("least_months"), std::to_string(*months),
                     detail::told("{0} tháng không hợp lệ", "{0} is no number of months",
                                  {std::to_string(*months)}));
            else
                made.least_months = static_cast<std::uint32_t>(*months);
        }
        made.is = in.boolean("is");
        each(in, "in", false, [&](const json_node& n, const json_path& place) {
            if (auto text = object_reader::string_of(n, place, found_)) {
                check_name(made.fact, *text, place);
                made.one_of.push_back(std::move(*text));
            }
        });
        check_kind(made, at, in.has("fact"));
        in.finish();
        return made;
    }

    void check_name(const std::optional<chain_fact>& fact, const std::string& name,
                    const json_path& at) {
        if (fact == chain_fact::area_certificate && !from_name<area_certificate>(name))
            object_reader::bad_value(name, at, list_of_names<area_certificate>(), found_);
        if (fact == chain_fact::producer_kind && !from_name<producer_kind>(name))
            object_reader::bad_value(name, at, list_of_names<producer_kind>(), found_);
    }

    /// A condition says what its kind of fact can be asked, and nothing else.
    void check_kind(const proposal_condition& c, const json_path& at, bool fact_given) {
        if (fact_given && !c.fact) return;  // told already
        const bool bounds = c.from || c.above || c.below || c.up_to;
        const bool names = !c.one_of.empty();
        bool good = false;
        if (!c.fact)
            good = !c.judged.vi.empty() && !bounds && !names && !c.is && c.least_months == 0;
        else if (kind_of(*c.fact) == fact_kind::share)
            good = bounds && !names && !c.is && (c.least_months == 0 || is_contract(*c.fact));
        else if (kind_of(*c.fact) == fact_kind::truth)
            good = c.is && !bounds && !names && c.least_months == 0;
        else
            good = names && !bounds && !c.is && c.least_months == 0;
        good = good && (!c.fact || c.judged.vi.empty());
        if (good) return;
        tell(problem_code::bad_condition, at,
             c.fact ? std::string(name_of(*c.fact)) : std::string(),
             {"điều kiện không hợp với dữ kiện: tỷ lệ cần from, above, below hoặc up_to "
              "(least_months chỉ "
              "với hợp đồng); dữ kiện có/không cần is; dữ kiện có tên cần in; không có dữ kiện thì "
              "cần "
              "judged",
              "the condition does not fit its fact: a share needs from, above, below or up_to "
              "(least_months "
              "with contracts alone), a yes-or-no fact needs is, a fact with names needs in, and "
              "without a "
              "fact it needs judged"});
    }

    static constexpr std::int64_t product_set_limit = 26;
    problems& found_;
};

// Deciding --------------------------------------------------------------------------------------

/// Whether something holds, as far as the facts go.
enum class truth { no, yes, open };

truth both(truth a, truth b) {
    if (a == truth::no || b == truth::no) return truth::no;
    return a == truth::yes && b == truth::yes ? truth::yes : truth::open;
}
truth either(truth a, truth b) {
    if (a == truth::yes || b == truth::yes) return truth::yes;
    return a == truth::no && b == truth::no ? truth::no : truth::open;
}
truth decided(bool surely, bool possibly) {
    return surely ? truth::yes : possibly ? truth::open : truth::no;
}

share_bounds bounds_of(chain_fact fact, std::uint32_t months, const value_chain_facts& facts) {
    switch (fact) {
    case chain_fact::commune_share:
        return facts.commune_share;
    case chain_fact::province_share:
        return facts.province_share;
    case chain_fact::output_contract_share:
        return facts.contract_share(linkage_side::output, months);
    case chain_fact::input_contract_share:
        return facts.contract_share(linkage_side::input, months);
    case chain_fact::commune_labour:
        return facts.commune_labour;
    case chain_fact::district_labour:
        return facts.district_labour;
    case chain_fact::province_labour:
        return facts.province_labour;
    case chain_fact::local_labour:
        return facts.local_labour;
    default:
        return facts.community_capital;
    }
}

std::optional<bool> truth_of(chain_fact fact, const value_chain_facts& facts) {
    if (fact == chain_fact::income_at_norm) return facts.income_at_norm;
    if (fact == chain_fact::business_registered) return facts.business_registered;
    if (!facts.contracts) return std::nullopt;
    return !facts.contracts->empty();
}

/// The names that a fact may have: one where it is known.
std::vector<std::string_view> names_in(chain_fact fact, const value_chain_facts& facts) {
    std::vector<std::string_view> list;
    const auto add = [&list](const auto& flags, const auto& all) {
        for (std::size_t i = 0; i < flags.size(); ++i)
            if (flags[i]) list.push_back(all[i]);
    };
    if (fact == chain_fact::area_certificate)
        add(facts.certificates, names<area_certificate>::all);
    else
        add(facts.kinds, names<producer_kind>::all);
    return list;
}

truth holds(const proposal_condition& c, const value_chain_facts& facts) {
    if (!c.fact) return truth::open;  // an assessor decides
    if (kind_of(*c.fact) == fact_kind::truth) {
        const auto value = truth_of(*c.fact, facts);
        return value ? decided(*value == c.is, false) : truth::open;
    }
    if (kind_of(*c.fact) == fact_kind::name) {
        std::size_t in = 0;
        const auto possible = names_in(*c.fact, facts);
        for (std::string_view name : possible)
            in += std::find(c.one_of.begin(), c.one_of.end(), name) != c.one_of.end() ? 1U : 0U;
        return decided(in == possible.size() && in != 0, in != 0);
    }
    const share_bounds b = bounds_of(*c.fact, c.least_months, facts);
    const auto at = [&b](share s) { return std::int64_t{s.hundredths()} * b.count; };
    truth made = truth::yes;
    if (c.from) made = both(made, decided(b.low >= at(*c.from), b.high >= at(*c.from)));
    if (c.above) made = both(made, decided(b.low > at(*c.above), b.high > at(*c.above)));
    if (c.below) made = both(made, decided(b.high < at(*c.below), b.low < at(*c.below)));
    if (c.up_to) made = both(made, decided(b.high <= at(*c.up_to), b.low <= at(*c.up_to)));
    return made;
}

truth holds(const std::vector<proposal_condition>& all, const value_chain_facts& facts) {
    truth made = truth::yes;
    for (const proposal_condition& c : all) made = both(made, holds(c, facts));
    return made;
}

truth holds(const option_rule& rule, const value_chain_facts& facts) {
    const truth first = holds(rule.when, facts);
    return rule.or_when.empty() ? first : either(first, holds(rule.or_when, facts));
}

/// The facts that \p rule asks, each with its value: "…: 62.50; …: not known".
class reason_writer {
public:
    explicit reason_writer(const value_chain_facts& facts) : facts_(facts) {}

    void add(const option_rule& rule) {
        for (const proposal_condition& c : rule.when) add(c);
        for (const proposal_condition& c : rule.or_when) add(c);
    }
    [[nodiscard]] label text() const { return text_; }

private:
    void add(const proposal_condition& c) {
        if (!c.fact) {
            append(c.judged);
            return;
        }
        const auto key = std::pair(*c.fact, c.least_months);
        if (std::find(told_.begin(), told_.end(), key) != told_.end()) return;
        told_.push_back(key);
        label line = label_of(*c.fact);
        if (c.least_months != 0) {
            const std::string months = std::to_string(c.least_months);
            line.vi += ", thời hạn từ " + months + " tháng";
            line.en += ", terms of " + months + " months or more";
        }
        const label value = value_of(*c.fact, c.least_months);
        append({line.vi + ": " + value.vi, line.en + ": " + value.en});
    }
    [[nodiscard]] label value_of(chain_fact fact, std::uint32_t months) const {
        const label unknown{"chưa rõ", "not known"};
        if (kind_of(fact) == fact_kind::truth) {
            const auto value = truth_of(fact, facts_);
            if (!value) return unknown;
            return *value ? label{"có", "yes"} : label{"không", "no"};
        }
        if (kind_of(fact) == fact_kind::name) {
            const auto possible = names_in(fact, facts_);
            if (possible.size() != 1) return unknown;
            return fact == chain_fact::area_certificate
                       ? label_of(*from_name<area_certificate>(possible.front()))
                       : label_of(*from_name<producer_kind>(possible.front()));
        }
        const share_bounds b = bounds_of(fact, months, facts_);
        if (b == share_bounds{}) return unknown;
        const std::string text = to_string(b);
        return {text, text};
    }
    void append(const label& part) {
        text_.vi += (text_.vi.empty() ? "" : "; ") + part.vi;
        text_.en += (text_.en.empty() ? "" : "; ") + part.en;
    }

    const value_chain_facts& facts_;
    std::vector<std::pair<chain_fact, std::uint32_t>> told_;
    label text_;
};

std::string list_of(const std::vector<int>& numbers) {
    std::string text;
    for (int n : numbers) text += (text.empty() ? "" : ", ") + std::to_string(n);
    return text;
}

proposal decide(const proposal_rule& rule, const value_chain_facts& facts) {
    proposal made;
    made.criterion = rule.code;
    made.id = rule.id;
    made.reading = rule.reading;
    made.known = rule.known;
    if (rule.options.empty()) {
        made.why = rule.not_proposable;
        return made;
    }
    std::size_t sure = 0;
    std::size_t open = 0;
    reason_writer reason(facts);
    for (const option_rule& option : rule.options) {
        const truth t = holds(option, facts);
        sure += t == truth::yes ? 1U : 0U;
        open += t == truth::open ? 1U : 0U;
        if (t != truth::no) made.possible.push_back(option.option);
    }
    // What is told are the facts of the options that are left, or of all where none is.
    for (const option_rule& option : rule.options)
        if (made.possible.empty() || holds(option, facts) != truth::no) reason.add(option);
    label head;
    if (open != 0) {
        made.outcome = proposal_outcome::undecided;
        const std::string list = list_of(made.possible);
        head = {"chưa đủ căn cứ để chọn (mức có thể: " + list + "): ",
                "not decided (options that may fit: " + list + "): "};
    } else if (sure == 1) {
        made.outcome = proposal_outcome::proposed;
        made.option = made.possible.front();
        made.possible.clear();
    } else if (sure == 0) {
        made.outcome = proposal_outcome::no_option;
        head = {"không mức nào in trong phiếu phù hợp: ", "no printed option fits: "};
    } else {
        made.outcome = proposal_outcome::several;
        const std::string list = list_of(made.possible);
        head = {"nhiều mức cùng phù hợp (" + list + "): ",
                "more than one option fits (" + list + "): "};
    }
    const label facts_told = reason.text();
    made.why = {head.vi + facts_told.vi, head.en + facts_told.en};
    return made;
}

}  // namespace

std::optional<std::vector<proposal_rule>> try_read_proposal_rules(std::string_view json,
                                                                  problems& found) {
    problems mine;
    std::vector<proposal_rule> rules;
    if (const auto root = detail::parse_json(json, mine)) rules = rules_reader(mine).read(*root);
    const bool bad = has_errors(mine);
    for (problem& p : mine) found.push_back(std::move(p));
    if (bad) return std::nullopt;
    return rules;
}

std::vector<proposal_rule> read_proposal_rules(std::string_view json) {
    problems found;
    auto rules = try_read_proposal_rules(json, found);
    if (!rules) throw error(std::move(found));
    return *std::move(rules);
}

const std::vector<proposal_rule>& bundled_proposal_rules() {
    // Never destroyed: a host may ask until its last destructor has run.
    static const std::vector<proposal_rule>& all = *[] {
        const std::string text = text_of(detail::bundled_rule_tables[0]);
        return new std::vector<proposal_rule>(read_proposal_rules(text));
    }();
    return all;
}

void check_proposal_rules(const std::vector<proposal_rule>& rules, const regulation& under,
                          problems& found) {
    std::vector<std::pair<int, std::string>> seen;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const proposal_rule& rule = rules[i];
        if (rule.regulation != under.id()) continue;
        const std::string at = "/rules/" + std::to_string(i);
        for (int set : rule.sets) {
            const std::string place = under.card_id(set);
            const scorecard* card = under.find(set);
            const auto index = card != nullptr ? card->find(rule.code) : std::nullopt;
            if (!index || card->at(*index).id != rule.id) {
                found.push_back(
                    detail::make_problem(problem_code::unknown_criterion, at + "/code", rule.code,
                                         detail::told("phiếu {0} không có tiêu chí {1} ({2})",
                                                      "scorecard {0} has no criterion {1} ({2})",
                                                      {place, rule.code, rule.id})));
                continue;
            }
            for (const option_rule& option : rule.options)
                if (static_cast<std::size_t>(option.option) > card->option_count(*index))
                    found.push_back(detail::make_problem(
                        problem_code::unknown_option, at + "/options",
                        std::to_string(option.option),
                        detail::told("tiêu chí {1} của phiếu {0} không có mức {2}",
                                     "criterion {1} of scorecard {0} has no option {2}",
                                     {place, rule.code, std::to_string(option.option)})));
            const auto key = std::pair(set, rule.code);
            if (std::find(seen.begin(), seen.end(), key) != seen.end())
                found.push_back(detail::make_problem(
                    problem_code::repeated_code, at + "/code", rule.code,
                    detail::told("tiêu chí {1} của phiếu {0} có hai quy tắc",
                                 "criterion {1} of scorecard {0} has two rules",
                                 {place, rule.code})));
            seen.push_back(key);
        }
    }
}

std::vector<proposal> propose_options(const std::vector<proposal_rule>& rules,
                                      std::string_view regulation, const scorecard& card,
                                      const value_chain_facts& facts) {
    std::vector<proposal> made;
    for (std::size_t i = 0; i < card.size(); ++i)
        for (const proposal_rule& rule : rules)
            if (rule.regulation == regulation && rule.code == card.at(i).code &&
                rule.id == card.at(i).id &&
                std::find(rule.sets.begin(), rule.sets.end(), card.set()) != rule.sets.end())
                made.push_back(decide(rule, facts));
    return made;
}

std::string to_json(const std::vector<proposal>& proposals, language lang) {
    using nlohmann::ordered_json;
    ordered_json list = ordered_json::array();
    for (const proposal& p : proposals) {
        ordered_json j{{"criterion", p.criterion}, {"id", p.id}, {"outcome", name_of(p.outcome)}};
        j["option"] = p.option ? ordered_json(*p.option) : ordered_json(nullptr);
        j["possible"] = p.possible;
        j["why"] = p.why.in(lang);
        j["reading"] = p.reading.in(lang);
        j["status"] = name_of(p.known);
        list.push_back(std::move(j));
    }
    return list.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace ocop
