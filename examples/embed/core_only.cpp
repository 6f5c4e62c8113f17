// A host on the headers alone: a scorecard of its own, one sheet, the verdict and the way up.
#include <iostream>
#include <ocop/ocop.hpp>

namespace {

/// A part with one section of one criterion: options of 0, half and all of its points, the last
/// marked as the least for 5 stars.
ocop::part simple_part(const std::string& code, int max) {
    ocop::criterion c;
    c.code = code + "1";
    c.id = "quality_" + code;
    c.text = {"Chất lượng " + code, "Quality " + code};
    c.max = ocop::points{max};
    c.options = {{ocop::points{0}, {"Chưa đạt", "Not met"}, {}, {}, {}},
                 {ocop::points{max / 2}, {"Đạt một phần", "Partly met"}, {}, {}, {}},
                 {ocop::points{max}, {"Đạt", "Met"}, ocop::stars(5), {}, {}}};
    return {code, c.max, {{"1", "quality", {"Chất lượng", "Quality"}, c.max, {c}}}, {}, {}};
}

}  // namespace

int main() {
    try {
        ocop::regulation_document document;
        document.id = "own-rules";
        document.scorecards.push_back({});
        document.scorecards[0].set = 1;
        document.scorecards[0].text = {"Bộ tiêu chí riêng", "A scorecard of our own"};
        document.scorecards[0].parts = {simple_part("A", 40), simple_part("B", 25),
                                        simple_part("C", 35)};
        const ocop::regulation rules(document);
        const ocop::scorecard& card = rules.card(1);
        const ocop::council alone{{{"judge", ocop::council_role::chair}}, {}, {}};
        const ocop::score_sheet sheet(card, "judge", {{"A1", 3}, {"B1", 2}, {"C1", 2}});

        const ocop::assessment verdict = ocop::assess(rules, card, alone, {&sheet, 1});
        std::cout << to_string(*verdict.total) << " points, " << verdict.stars->value()
                  << " stars\n";
        for (const ocop::way_up& way : verdict.to_reach) {
            std::cout << way.stars.value() << " stars need " << to_string(way.missing)
                      << " points:";
            for (const ocop::change& c : way.changes)
                std::cout << ' ' << card.at(c.criterion).code << " -> option " << c.to.number();
            std::cout << '\n';
        }
    } catch (const ocop::error& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
