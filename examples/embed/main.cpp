// The smallest host: a council's sheets built in code, and the verdict. Illustrative answers.
#include <iostream>
#include <ocop/exchange/bundled.hpp>
#include <ocop/ocop.hpp>
#include <vector>

int main() {
    try {
        // Rice and cereals (set 3) under the decision in force, by the day the dossier was filed.
        ocop::circumstances given;
        given.level = ocop::council_level::province;
        given.dates = {ocop::parse_date("2026-06-01"), ocop::parse_date("2026-06-20"),
                       ocop::application::first};
        const ocop::regulation& under = ocop::bundled_regulations().applicable(
            *given.dates.filed, *given.dates.application, *given.dates.assessed);
        const ocop::scorecard& card = under.card(3);

        ocop::council sitting;
        std::vector<ocop::score_sheet> sheets;
        for (const char* member : {"chair", "member-1", "member-2"}) {
            sitting.members.push_back({member, ocop::council_role::member});
            ocop::score_sheet sheet(card, member);
            for (std::size_t i = 0; i < card.size(); ++i)  // everybody ticks the last option
                sheet.choose(card, card.at(i).code,
                             static_cast<std::int64_t>(card.option_count(i)));
            sheets.push_back(sheet);
        }
        sitting.members.front().role = ocop::council_role::chair;

        const ocop::assessment verdict = ocop::assess(under, card, sitting, sheets, given);
        for (const ocop::problem& p : verdict.errors)
            std::cerr << to_line(p, ocop::language::en) << '\n';
        if (!verdict.stars) return 1;
        std::cout << to_string(*verdict.total) << " points, " << verdict.stars->value()
                  << " stars\n";
        if (verdict.recognised_by)
            std::cout << "recognised by the " << label_of(*verdict.recognised_by).en << '\n';
    } catch (const ocop::error& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
