// Options proposed from a value chain: rules against all 78 scorecards, and the labels' gaps.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>
#include <string>

#include "ocop/communes/bundled_units.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/proposals.hpp"

using namespace ocop;

namespace {

const regulation& of(const char* id) { return *bundled_regulations().find(id); }

std::vector<proposal> propose(const char* id, int set, const value_chain_facts& facts) {
    return propose_options(bundled_proposal_rules(), id, of(id).card(set), facts);
}

proposal one(const char* id, int set, const std::string& criterion,
             const value_chain_facts& facts) {
    for (proposal& p : propose(id, set, facts))
        if (p.id == criterion) return p;
    FAIL("no such criterion: " << criterion);
    return {};
}

share_bounds bounds(const char* low, const char* high) {
    return {share::parse(low)->hundredths(), share::parse(high)->hundredths(), 1};
}
share_bounds exactly(const char* value) { return bounds(value, value); }

value_chain_facts with_contracts(const char* volume, std::optional<std::uint32_t> months,
                                 linkage_side side = linkage_side::output) {
    value_chain_facts f;
    f.contracts = {{side, *share::parse(volume), months}};
    return f;
}

}  // namespace

TEST_CASE("the rules compiled in are those of data/rules") {
    std::ifstream file(OCOP_SOURCE_DIR "/data/rules/proposals.json", std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    CHECK(read_proposal_rules(text.str()) == bundled_proposal_rules());
}

TEST_CASE("every criterion that a value chain speaks of is covered in all 78 scorecards") {
    const std::set<std::string> ids{"product_origin", "material_source",    "area_certification",
                                    "value_added",    "production_linkage", "local_labour",
                                    "business_type"};
    std::set<std::string> met;
    for (const regulation& r : bundled_regulations().regulations()) {
        problems found;
        check_proposal_rules(bundled_proposal_rules(), r, found);
        for (const problem& p : found) MESSAGE(to_line(p, language::en));
        CHECK(found.empty());
        for (const scorecard& card : r.scorecards()) {
            const auto made = propose_options(bundled_proposal_rules(), r.id(), card, {});
            std::size_t k = 0;
            for (std::size_t i = 0; i < card.size(); ++i) {
                if (ids.count(card.at(i).id) == 0) continue;
                met.insert(card.at(i).id);
                REQUIRE(k < made.size());
                CHECK(made[k].criterion == card.at(i).code);
                CHECK(made[k].id == card.at(i).id);
                CHECK_FALSE(made[k].option);
                CHECK_FALSE(made[k].why.vi.empty());
                CHECK_FALSE(made[k].why.en.empty());
                CHECK(made[k].known == status::inferred);
                // Every printed option has a rule, or the criterion is not proposable.
                for (const proposal_rule& rule : bundled_proposal_rules())
                    if (rule.regulation == r.id() && rule.code == card.at(i).code &&
                        std::count(rule.sets.begin(), rule.sets.end(), card.set()) != 0)
                        CHECK(
                            (rule.options.empty() || rule.options.size() == card.option_count(i)));
                ++k;
            }
            CHECK(k == made.size());
        }
    }
    CHECK(met == ids);
}

TEST_CASE("the bounds of the rules are the numbers that the labels print") {
    // Each number in a condition on shares stands in the option's own label.
    for (const proposal_rule& rule : bundled_proposal_rules())
        for (int set : rule.sets) {
            const scorecard& card = of(rule.regulation.c_str()).card(set);
            const criterion& c = card.at(*card.find(rule.code));
            for (const option_rule& o : rule.options) {
                const std::string& text = c.options[static_cast<std::size_t>(o.option - 1)].text.vi;
                for (const auto* list : {&o.when, &o.or_when})
                    for (const proposal_condition& one : *list) {
                        for (const auto& bound : {one.from, one.above, one.below, one.up_to})
                            if (bound)
                                CHECK_MESSAGE(text.find(to_string(*bound)) != std::string::npos,
                                              rule.regulation << '/' << set << ' ' << rule.code
                                                              << ' ' << text);
                    }
            }
        }
}

TEST_CASE("material of the province: 50 and 75 belong to the upper option") {
    for (const char* id : {"1048-2019", "148-2023", "26-2026"}) {
        const auto option = [id](share_bounds b) {
            value_chain_facts f;
            f.province_share = b;
            return one(id, 7, "material_source", f).option;
        };
        CHECK(option(exactly("0")) == 1);
        CHECK(option(exactly("49.99")) == 1);
        CHECK(option(exactly("50")) == 2);
        CHECK(option(exactly("74.99")) == 2);
        CHECK(option(exactly("75")) == 3);
        CHECK(option(exactly("100")) == 3);
        CHECK(option(bounds("50", "74.99")) == 2);
        CHECK_FALSE(option(bounds("50", "75")));
    }
    value_chain_facts f;
    f.province_share = bounds("40", "60");
    const proposal p = one("26-2026", 7, "material_source", f);
    CHECK(p.outcome == proposal_outcome::undecided);
    CHECK(p.possible == std::vector<int>{1, 2});
    CHECK(p.why.vi.find("40.00–60.00") != std::string::npos);
}

TEST_CASE("linkages: the gap at 75 %, below 50 %, and the term") {
    const auto made = [](const char* volume, std::optional<std::uint32_t> months) {
        return one("26-2026", 1, "production_linkage", with_contracts(volume, months));
    };
    value_chain_facts none;
    none.contracts.emplace();
    CHECK(one("26-2026", 1, "production_linkage", none).option == 1);
    CHECK(made("50", 6).option == 2);
    CHECK(made("74.99", 24).option == 2);
    CHECK(made("75.01", 11).option == 3);
    CHECK(made("75.01", 12).option == 4);
    CHECK(made("100", 36).option == 4);
    for (const char* gap : {"0.01", "49.99", "75"}) {
        const proposal p = made(gap, 12);
        CHECK(p.outcome == proposal_outcome::no_option);
        CHECK_FALSE(p.option);
        CHECK(p.possible.empty());
    }
    // A term that is not told leaves the two upper options.
    const proposal open = made("80", std::nullopt);
    CHECK(open.outcome == proposal_outcome::undecided);
    CHECK(open.possible == std::vector<int>{3, 4});
    CHECK(one("26-2026", 1, "production_linkage", {}).outcome == proposal_outcome::undecided);
    // 148 asks for input in processed goods and for output in grown ones.
    CHECK(one("148-2023", 7, "production_linkage", with_contracts("80", 12, linkage_side::input))
              .option == 4);
    CHECK(one("148-2023", 1, "production_linkage", with_contracts("80", 12, linkage_side::input))
              .outcome == proposal_outcome::no_option);
    // 1048: only the absence of any linkage can be read from numbers.
    CHECK(one("1048-2019", 1, "production_linkage", none).option == 1);
    const proposal judged = one("1048-2019", 1, "production_linkage", with_contracts("80", 12));
    CHECK(judged.outcome == proposal_outcome::undecided);
    CHECK(judged.possible == std::vector<int>{2, 3});
}

TEST_CASE("workers: 75 % stands in two options, below 25 % in none") {
    const auto made = [](std::int64_t from, std::int64_t of_all) {
        value_chain_facts f;
        f.commune_labour = {from * share::whole, from * share::whole, of_all};
        return one("26-2026", 11, "local_labour", f);
    };
    CHECK(made(24, 100).outcome == proposal_outcome::no_option);
    CHECK(made(1, 4).option == 1);
    CHECK(made(1, 2).option == 2);
    CHECK(made(2, 3).option == 2);
    CHECK(made(3, 4).outcome == proposal_outcome::several);
    CHECK(made(3, 4).possible == std::vector<int>{2, 3});
    CHECK(made(751, 1000).option == 3);
    CHECK(made(1, 1).option == 3);
    // 1048, "local": decided only where commune and province agree.
    value_chain_facts f;
    f.local_labour = bounds("55", "80");
    CHECK(one("1048-2019", 1, "local_labour", f).option == 2);  // whatever the income
    f.income_at_norm = false;
    CHECK(one("1048-2019", 1, "local_labour", f).option == 2);
    f.local_labour = bounds("40", "60");
    CHECK(one("1048-2019", 1, "local_labour", f).outcome == proposal_outcome::undecided);
    f.local_labour = bounds("20", "40");
    CHECK(one("1048-2019", 1, "local_labour", f).option == 1);
    f.income_at_norm = true;
    CHECK(one("1048-2019", 1, "local_labour", f).option == 2);
}

TEST_CASE("certificates of the areas, and what no value chain tells") {
    value_chain_facts f;
    f.certificates = {false, false, true};
    CHECK(one("26-2026", 2, "area_certification", f).option == 3);
    f.certificates = {true, true, false};
    CHECK(one("26-2026", 2, "area_certification", f).possible == std::vector<int>{1, 2});
    CHECK(one("26-2026", 2, "value_added", f).outcome == proposal_outcome::not_proposable);
}

TEST_CASE("the kind of producer, as A3.1 lists it") {
    const auto option = [](const char* id, int set, producer_kind kind,
                           std::optional<const char*> capital = {},
                           std::optional<bool> registered = {}) {
        value_chain_facts f;
        f.kinds[static_cast<std::size_t>(kind)] = true;
        if (capital) f.community_capital = exactly(*capital);
        f.business_registered = registered;
        return one(id, set, "business_type", f).option;
    };
    using k = producer_kind;
    for (const char* id : {"1048-2019", "148-2023", "26-2026"}) {
        CHECK(option(id, 7, k::cooperative) == 3);
        CHECK(option(id, 7, k::cooperative_group) == 1);
        CHECK(option(id, 7, k::multi_member_llc) == 2);
        CHECK(option(id, 7, k::joint_stock_company, "50.99") == 2);
        CHECK(option(id, 7, k::joint_stock_company, "51") == 3);
        CHECK_FALSE(option(id, 7, k::joint_stock_company));
        CHECK(option(id, 7, k::producing_household, {}, true) == 1);
        CHECK_FALSE(option(id, 7, k::producing_household, {}, false));
    }
    // Single-member companies went up one option in 2026.
    CHECK(option("148-2023", 7, k::single_member_llc) == 1);
    CHECK(option("26-2026", 7, k::single_member_llc) == 2);
    CHECK(option("26-2026", 26, k::operating_centre) == 3);
    CHECK_FALSE(option("26-2026", 7, k::operating_centre));
}

TEST_CASE("knowing more never changes an option that was proposed") {
    std::mt19937 random(148);
    const auto some = [&random](std::int64_t from, std::int64_t to) {
        return from +
               static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(to - from + 1));
    };
    int proposed = 0;
    for (int i = 0; i < 3000; ++i) {
        value_chain_facts wide;
        value_chain_facts narrow;
        for (auto part :
             {&value_chain_facts::commune_share, &value_chain_facts::province_share,
              &value_chain_facts::commune_labour, &value_chain_facts::community_capital}) {
            const std::int64_t low = some(0, 4) * 2500;
            const std::int64_t high = some(low / 2500, 4) * 2500;
            const std::int64_t value = some(low, high);
            wide.*part = {low, high, 1};
            narrow.*part = {value, value, 1};
        }
        wide.kinds.fill(true);
        narrow.kinds[random() % narrow.kinds.size()] = true;
        const int set = static_cast<int>(some(1, 26));
        const auto before = propose("26-2026", set, wide);
        const auto after = propose("26-2026", set, narrow);
        REQUIRE(before.size() == after.size());
        for (std::size_t c = 0; c < before.size(); ++c) {
            if (before[c].option) {
                ++proposed;
                CHECK(after[c].option == before[c].option);
            }
            if (after[c].option && before[c].outcome == proposal_outcome::undecided)
                CHECK(std::count(before[c].possible.begin(), before[c].possible.end(),
                                 *after[c].option) == 1);
        }
    }
    CHECK(proposed > 500);
}

TEST_CASE("rules that are not well written are told with their place") {
    const auto codes = [](const std::string& rule) {
        problems found;
        CHECK_FALSE(try_read_proposal_rules("{\"rules\": [" + rule + "]}", found));
        std::vector<int> list;
        for (const problem& p : found) list.push_back(static_cast<int>(p.code));
        return list;
    };
    const std::string head =
        R"({"regulation": "26-2026", "sets": [1], "code": "A1.1", "id": "x", )";
    const auto with = [&](const std::string& condition) {
        return codes(head + R"("options": [{"option": 1, "when": [)" + condition + "]}]}");
    };
    CHECK(codes("{}") == std::vector<int>{107, 107, 107, 107, 112});
    CHECK(codes(head + R"("options": []})") == std::vector<int>{112});
    CHECK(with("").front() == 408);
    CHECK(with(R"({"fact": "rain", "from": "5"})") == std::vector<int>{109});
    CHECK(with(R"({"fact": "commune_share"})") == std::vector<int>{411});
    CHECK(with(R"({"fact": "commune_share", "from": "5", "least_months": 3})") ==
          std::vector<int>{411});
    CHECK(with(R"({"fact": "linked", "from": "5"})") == std::vector<int>{411});
    CHECK(with(R"({"fact": "commune_share", "from": "500"})") == std::vector<int>{111, 411});
    CHECK(with(R"({"fact": "commune_share", "from": 5})").front() == 106);
    CHECK(with(R"({"fact": "producer_kind", "in": ["king"]})") == std::vector<int>{109});
    CHECK(with(R"({"fact": "commune_share", "from": "5", "to": "6"})") == std::vector<int>{108});
    CHECK(with(R"({})") == std::vector<int>{411});
    problems found;
    CHECK_FALSE(try_read_proposal_rules("", found));
    CHECK_FALSE(try_read_proposal_rules("[]", found));
    CHECK_FALSE(try_read_proposal_rules("\xFF", found));
    CHECK(found.size() == 3);
    CHECK_THROWS_AS((void)read_proposal_rules("{"), error);
}

TEST_CASE("rules that do not fit a regulation are told") {
    auto rules = bundled_proposal_rules();
    const auto codes = [&] {
        problems found;
        for (const regulation& r : bundled_regulations().regulations())
            check_proposal_rules(rules, r, found);
        std::vector<int> list;
        for (const problem& p : found) list.push_back(static_cast<int>(p.code));
        return list;
    };
    rules.resize(1);
    rules[0].sets = {1};
    CHECK(codes().empty());
    rules[0].options[0].option = 4;
    CHECK(codes() == std::vector<int>{307});
    rules[0].options[0].option = 1;
    rules[0].code = "A9.9";
    CHECK(codes() == std::vector<int>{305});
    rules[0].code = "A1.2";
    CHECK(codes() == std::vector<int>{305});
    rules = {bundled_proposal_rules()[0], bundled_proposal_rules()[0]};
    rules[0].sets = rules[1].sets = {1};
    CHECK(codes() == std::vector<int>{403});
}

TEST_CASE("proposals as JSON") {
    value_chain_facts f;
    f.province_share = exactly("80");
    const std::string json = to_json(propose("26-2026", 7, f), language::en);
    CHECK(json.find('\n') == std::string::npos);
    CHECK(json.rfind("[{\"criterion\":\"A1.1\",\"id\":\"material_source\",\"outcome\":\"proposed\","
                     "\"option\":3,",
                     0) == 0);
}
