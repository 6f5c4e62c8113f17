// What the tool cannot show of sheets_agreement.hpp: refusals, and exact ties of drift.
#include "ocop/exchange/sheets_agreement.hpp"

#include <doctest/doctest.h>

#include <string>

#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/sheets_csv.hpp"

namespace {

const ocop::regulation& under() { return *ocop::bundled_regulations().find("26-2026"); }
const ocop::scorecard& card() { return *under().find(3); }

/// A row that answers option 1 everywhere, and \p first at the first criterion.
std::string row(const std::string& product, const std::string& member, int first) {
    std::string text = product + "," + member;
    for (std::size_t i = 0; i < card().size(); ++i) {
        text += ',';
        // Without a story its structure is not answered.
        if (!card().condition_of(i)) text += std::to_string(i == 0 ? first : 1);
    }
    return text + "\n";
}

std::string header() {
    std::string text("product,member");
    for (std::size_t i = 0; i < card().size(); ++i) text += "," + card().at(i).code;
    return text + "\n";
}

ocop::sheets_csv_reader read(const std::string& text, const ocop::verdict_rules& rules,
                             bool keep = true) {
    ocop::sheets_csv_options options;
    options.keep_answers = keep;
    ocop::sheets_csv_reader made(card(), rules, options);
    made.feed(text);
    made.finish();
    REQUIRE(made.found().empty());
    return made;
}

}  // namespace

TEST_CASE("agreement needs the answers, and two sheets of one product") {
    const ocop::verdict_rules rules(under(), card(), ocop::council{});
    const std::string two = header() + row("P", "a", 1) + row("P", "b", 2);
    ocop::problems found;
    CHECK(!ocop::try_agreement_of_sheets(read(two, rules, false), card(), rules, found));
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == ocop::problem_code::not_enough_data);
    CHECK(ocop::agreement_of_sheets(read(two, rules), card(), rules).sheets == 2);
    const std::string one = header() + row("P", "a", 1) + row("Q", "b", 2);
    CHECK_THROWS_AS((void)ocop::agreement_of_sheets(read(one, rules), card(), rules), ocop::error);
    CHECK_THROWS_AS((void)ocop::agreement_of_sheets(read(header(), rules), card(), rules),
                    ocop::error);
}

TEST_CASE("sets of members: a council scored two products or more") {
    const ocop::verdict_rules rules(under(), card(), ocop::council{});
    const auto told = ocop::agreement_of_sheets(
        read(header() + row("R", "b", 1) + row("P", "b", 2) + row("P", "a", 1) + row("Q", "a", 3) +
                 row("R", "a", 2) + row("Q", "c", 1) + row("S", "c", 1),
             rules),
        card(), rules);
    CHECK(told.products == std::vector<std::string>{"P", "Q", "R", "S"});
    REQUIRE(told.councils.size() == 1);
    CHECK(told.councils[0].members == std::vector<std::uint32_t>{0, 1});
    CHECK(told.councils[0].products == std::vector<std::uint32_t>{0, 2});
    CHECK(told.single_councils == 1);  // a and c; c alone is no council
}

TEST_CASE("equal differences of means are equal, whatever the councils' sizes") {
    // First criterion: option n carries n points. Means of 3 and of 2 or 6 members, all rises 1/6:
    // as decimals they would differ in the last digit, and ranks would not be shared.
    const ocop::verdict_rules rules(under(), card(), ocop::council{});
    REQUIRE(rules.value(0, 3) == 3);
    const std::string first = header() + row("P", "a", 1) + row("P", "b", 1) + row("P", "c", 2) +
                              row("Q", "a", 2) + row("Q", "b", 2) + row("Q", "c", 3) +
                              row("R", "a", 1) + row("R", "b", 2) + row("R", "c", 2);
    const std::string second = header() + row("P", "u", 1) + row("P", "v", 2) + row("Q", "u", 2) +
                               row("Q", "v", 3) + row("R", "u", 1) + row("R", "v", 2) +
                               row("R", "w", 2) + row("R", "x", 2) + row("R", "y", 2) +
                               row("R", "z", 2);
    const auto told = ocop::drift_of_sheets(read(first, rules), read(second, rules), rules);
    const ocop::drift_result& d = told.criteria[0];
    CHECK(d.units == 3);
    CHECK(d.rises == 3);
    CHECK(d.difference.value == doctest::Approx(1.0 / 6.0));
    CHECK(d.sd == 0.0);
    CHECK(d.wilcoxon_p == doctest::Approx(0.25));
    CHECK(d.difference.low == d.difference.high);
    CHECK(told.totals.difference.value == doctest::Approx(1.0 / 6.0));
    CHECK(told.criteria[1].rises + told.criteria[1].falls == 0);

    ocop::problems found;
    CHECK(!ocop::try_drift_of_sheets(read(first, rules),
                                     read(header() + row("P", "u", 1) + row("X", "u", 1), rules),
                                     rules, found, {}, "other.csv"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == ocop::problem_code::not_enough_data);
    CHECK(found[0].where.file == "other.csv");
}
