#include "agreement.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/sheets_agreement.hpp"
#include "ocop/exchange/sheets_csv.hpp"

using namespace tool;

namespace {

/// The sheets of \p file, whose problems are told; nothing where there are none to be had.
std::optional<ocop::sheets_csv_reader> read_sheets(const std::string& file,
                                                   const ocop::scorecard& card,
                                                   const ocop::verdict_rules& rules,
                                                   const ocop::circumstances& about,
                                                   std::size_t threads, ocop::language lang) {
    ocop::sheets_csv_options options;
    options.file = file;
    options.threads = threads;
    options.given = about;
    options.keep_answers = true;
    ocop::sheets_csv_reader sheets(card, rules, options);
    ocop::problems found;
    constexpr std::size_t block = std::size_t{1} << 22;
    if (!read_blocks(file, block, found, [&](std::string_view bytes) {
            sheets.feed(bytes);
            return sheets.found().empty() || sheets.has_header();
        })) {
        print_problems(found, lang);
        return std::nullopt;
    }
    sheets.finish();
    print_problems(sheets, lang);
    if (!sheets.has_header()) return std::nullopt;
    return sheets;
}

int agreement(const settings& set, const agreement_arguments& given) {
    ocop::problems found;
    const auto [under, card] = find_card(given.regulation, given.set, found);
    if (card == nullptr) {
        print_problems(found, set.lang);
        return wrong_input;
    }
    ocop::circumstances about;
    if (!given.level.empty()) about.level = *ocop::from_name<ocop::council_level>(given.level);
    const ocop::verdict_rules rules(*under, *card, ocop::council{}, about);
    const auto sheets = read_sheets(given.file, *card, rules, about, given.threads, set.lang);
    if (!sheets) return wrong_input;
    std::optional<ocop::sheets_csv_reader> others;
    if (!given.against.empty()) {
        others = read_sheets(given.against, *card, rules, about, given.threads, set.lang);
        if (!others) return wrong_input;
    }

    ocop::sheets_agreement_options how;
    how.file = given.file;
    how.severity.least_ratings = given.least_ratings;
    how.facets = given.facets;
    how.threads = given.threads;
    const auto told = ocop::try_agreement_of_sheets(*sheets, *card, rules, found, how);
    std::optional<ocop::sheets_drift> between;
    if (told && others)
        between = ocop::try_drift_of_sheets(*sheets, *others, rules, found, how, given.against);
    print_problems(found, set.lang);
    if (!told) return wrong_input;
    const ocop::ranking_form form = set.as == format::json  ? ocop::ranking_form::json
                                    : set.as == format::csv ? ocop::ranking_form::csv
                                                            : ocop::ranking_form::text;
    print(ocop::agreement_report(*under, *card, *told, between ? &*between : nullptr, form,
                                 set.lang));
    const bool clean =
        found.empty() && sheets->found().empty() && (!others || others->found().empty());
    return clean ? done : wrong_input;
}

}  // namespace

CLI::App* add_agreement(CLI::App& app, agreement_arguments& to) {
    CLI::App* command =
        app.add_subcommand("agreement", "Tell how far the members of councils agree (CSV)");
    command->add_option("--regulation", to.regulation, "Regulation, such as 26-2026")->required();
    command->add_option("--set", to.set, "Number of the set, 1 to 26")->required();
    command->add_option("SHEETS", to.file, "Sheets (CSV), a row each; - is standard input")
        ->required();
    command->add_option("--against", to.against,
                        "Sheets (CSV) of another council for the same products");
    std::vector<std::string> levels;
    for (std::string_view name : ocop::names<ocop::council_level>::all) levels.emplace_back(name);
    command->add_option("--level", to.level, "Level of the council; province by default")
        ->check(CLI::IsMember(levels));
    command
        ->add_option("--least-ratings", to.least_ratings,
                     "Sheets of a member below which nothing is corrected")
        ->check(whole_number(1, 1000000))
        ->capture_default_str();
    command->add_flag("--facets", to.facets, "The many-facet Rasch model too");
    command->add_option("--threads", to.threads, "Threads; 0: all of the machine")
        ->check(whole_number(0, 256));
    return command;
}

int run_agreement(const settings& set, const agreement_arguments& given) {
    if (given.file == "-" && given.against == "-") {
        print_error(set.lang == ocop::language::vi
                        ? "ocop agreement: chỉ một trong hai tệp đọc từ đầu vào chuẩn (-)"
                        : "ocop agreement: only one of both files can be standard input (-)");
        return wrong_usage;
    }
    try {
        return agreement(set, given);
    } catch (const ocop::error& failure) {
        print_problems(failure.list(), set.lang);
        return wrong_input;
    }
}
