#include "unit.hpp"

#include "arguments.hpp"
#include "ocop/communes/bundled_units.hpp"
#include "ocop/communes/unit_search.hpp"
#include "ocop/exchange/unit_json.hpp"

CLI::App* add_unit(CLI::App& app, unit_arguments& to) {
    CLI::App* unit = app.add_subcommand("unit", "Find administrative units and their successors");
    unit->add_option("CODE|NAME", to.words,
                     "A code (2, 3 or 5 digits) or a name, with the units above it behind commas")
        ->required()
        ->check(tool::not_empty());
    std::vector<std::string> editions;
    for (std::string_view name : ocop::names<ocop::edition>::all) editions.emplace_back(name);
    unit->add_option("--edition", to.edition, "Look in this edition only")
        ->check(CLI::IsMember(editions));
    return unit;
}

int run_unit(const tool::settings& set, const unit_arguments& given) {
    using namespace tool;
    if (set.as == format::csv) {
        print_error("ocop unit: --format csv is not offered; use text or json");
        return wrong_usage;
    }
    std::string text;
    for (const std::string& word : given.words) text += (text.empty() ? "" : " ") + word;
    ocop::unit_filter filter;
    if (!given.edition.empty()) filter.in = ocop::from_name<ocop::edition>(given.edition);

    const ocop::gazetteer& units = ocop::bundled_units();
    const std::vector<ocop::unit_match> found = ocop::find_units(text, filter);
    if (found.empty()) {
        print_problems({ocop::bundled_unit_index().unknown(text, filter)}, set.lang);
        return wrong_input;
    }
    const bool as_text = set.as_given && set.as == format::text;
    for (const ocop::unit_match& match : found)
        print(as_text ? unit_text(match, units, set.lang) : to_json(match, units, set.lang) + "\n");
    return done;
}
