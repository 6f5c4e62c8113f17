// The command-line tool `ocop`: reads arguments and files, calls the library, prints. It holds no
// rule of its own.
#include <CLI/CLI.hpp>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "agreement.hpp"
#include "certificate.hpp"
#include "code.hpp"
#include "import.hpp"
#include "ocop/exchange/assessment_json.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/dossier.hpp"
#include "ocop/exchange/regulation_json.hpp"
#include "ocop/exchange/report.hpp"
#include "ocop/ocop.hpp"
#include "rank.hpp"
#include "star.hpp"
#include "stats.hpp"
#include "tool.hpp"
#include "unit.hpp"

namespace {

using namespace tool;

int run_regulations(const settings& set) {
    const ocop::timeline& all = ocop::bundled_regulations();
    if (set.as == format::csv)
        print(regulations_csv(all));
    else if (set.as == format::text)
        print(regulations_text(all, set.lang));
    else
        for (const ocop::regulation& r : all.regulations()) print(to_json(r) + "\n");
    return done;
}

int run_scorecard(const settings& set, const std::string& id, const std::string& number) {
    ocop::problems found;
    const auto [from, card] = find_card(id, number, found);
    if (card == nullptr) {
        print_problems(found, set.lang);
        return wrong_input;
    }
    if (set.as == format::csv)
        print(scorecard_csv(*from, *card));
    else if (set.as == format::json)
        print(to_json(*from, *card) + "\n");
    else
        print(scorecard_text(*from, *card, set.lang));
    return done;
}

ocop::dossier_assessment assess_file(const std::string& file) {
    ocop::problems found;
    const auto bytes = read_file(file, found);
    if (bytes) return ocop::assess_dossier(*bytes, ocop::bundled_regulations(), file);
    ocop::dossier_assessment failed;
    failed.result.errors = found;
    return failed;
}

std::string counted(std::size_t problems, ocop::language lang) {
    const std::string count = std::to_string(problems);
    if (lang == ocop::language::vi) return count + " lỗi";
    return count + (problems == 1 ? " problem" : " problems");
}

int run_assess(const settings& set, const std::vector<std::string>& files) {
    int code = done;
    bool first = true;
    if (set.as == format::csv) print(ocop::assessment_csv_header());
    for (const std::string& file : files) {
        const ocop::dossier_assessment assessed = assess_file(file);
        const bool incomplete = assessed.result.outcome == ocop::outcome::incomplete;
        if (incomplete) {
            code = wrong_input;
            print_problems(assessed.result.errors, set.lang);
        }
        if (set.as == format::json) {
            print(to_json(assessed.result, assessed.read.card, set.lang) + "\n");
        } else if (set.as == format::csv) {
            print(assessment_csv(file, assessed));
        } else {
            if (!first) print("\n\n");
            print(incomplete ? ocop::detail::printable(file) + ": " +
                                   label_of(assessed.result.outcome).in(set.lang) + " (" +
                                   counted(assessed.result.errors.size(), set.lang) + ")\n"
                             : report(assessed, set.lang));
            first = false;
        }
        flush();
    }
    return code;
}

int run_validate(const settings& set, const std::vector<std::string>& files) {
    const bool vi = set.lang == ocop::language::vi;
    int code = done;
    for (const std::string& file : files) {
        ocop::problems found;
        std::optional<ocop::regulation> read;
        if (const auto bytes = read_file(file, found))
            read = ocop::try_read_regulation(*bytes, found);
        for (ocop::problem& p : found) p.where.file = file;
        print_problems(found, set.lang);
        if (!read) code = wrong_input;
        if (set.as == format::json) {
            std::string line =
                read ? "{\"valid\":true,\"problems\":[" : "{\"valid\":false,\"problems\":[";
            for (std::size_t i = 0; i < found.size(); ++i)
                line += (i == 0 ? "" : ",") + to_json(found[i], set.lang);
            line += read ? "],\"regulation\":" + to_json(*read) + "}\n" : std::string("]}\n");
            print(line);
        } else if (read) {
            print(ocop::detail::printable(file) + (vi ? ": hợp lệ, " : ": valid, ") +
                  ocop::detail::printable(read->id()) + ", " +
                  std::to_string(read->scorecards().size()) +
                  (vi ? " bảng chấm, " : " scorecards, ") + std::to_string(found.size()) +
                  (vi ? " cảnh báo\n" : " warnings\n"));
        } else {
            print(ocop::detail::printable(file) + (vi ? ": không hợp lệ\n" : ": not valid\n"));
        }
    }
    return code;
}

/// The first argument that is neither an option nor an option's value.
std::string first_word(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::string word = argv[i];
        if (word == "--lang" || word == "--format")
            ++i;
        else if (word.rfind('-', 0) != 0)
            return word;
    }
    return {};
}

bool is_command(const CLI::App& app, const std::string& word) {
    for (const CLI::App* command : app.get_subcommands({}))
        if (command->get_name() == word) return true;
    return false;
}

std::string list_of_commands(const CLI::App& app) {
    std::string list;
    for (const CLI::App* command : app.get_subcommands({}))
        list += (list.empty() ? "" : ", ") + command->get_name();
    return list;
}

int run(int argc, char** argv) {
    CLI::App app{
        "OCOP: scores, stars and scorecards of Viet Nam's One Commune One Product programme"};
    app.name("ocop");
    app.set_version_flag("--version", std::string("ocop ") + OCOP_VERSION_STRING);
    app.require_subcommand(1);

    settings set;
    std::string lang = "vi";
    std::string as = "text";
    app.add_option("--lang", lang, "Language of texts")
        ->check(CLI::IsMember({"vi", "en"}))
        ->capture_default_str();
    const CLI::Option* form = app.add_option("--format", as, "Form of the output")
                                  ->check(CLI::IsMember({"text", "json", "csv"}))
                                  ->capture_default_str();

    std::string regulation_id;
    std::string number;
    std::vector<std::string> files;
    CLI::App* regulations =
        app.add_subcommand("regulations", "List the regulations and their dates");
    CLI::App* scorecard =
        app.add_subcommand("scorecard", "Print one scorecard with numbered options");
    scorecard->add_option("REG", regulation_id, "Regulation, such as 26-2026")->required();
    scorecard->add_option("SET", number, "Number of the set, 1 to 26")->required();
    CLI::App* assess = app.add_subcommand("assess", "Assess dossiers and explain the stars");
    assess->add_option("FILE", files, "Dossiers (JSON); - is standard input")->required();
    CLI::App* validate = app.add_subcommand("validate", "Check a regulation document of your own");
    validate->add_option("FILE", files, "Regulation documents (JSON); - is standard input")
        ->required();
    rank_arguments ranking;
    CLI::App* rank = add_rank(app, ranking);
    agreement_arguments agreeing;
    CLI::App* agreement = add_agreement(app, agreeing);
    code_arguments coding;
    CLI::App* code_command = add_code(app, coding);
    unit_arguments seeking;
    CLI::App* unit_command = add_unit(app, seeking);
    star_arguments reading;
    CLI::App* star_command = add_star(app, reading);
    certificate_arguments certifying;
    CLI::App* certificate_command = add_certificate(app, certifying);
    import_arguments importing;
    CLI::App* import_command = add_import(app, importing);
    stats_arguments counting;
    CLI::App* stats_command = add_stats(app, counting);
    for (CLI::App* command : app.get_subcommands({})) command->fallthrough();

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const std::string word = first_word(argc, argv);
        if (!word.empty() && !is_command(app, word)) {
            // CLI11 tells that a command is missing, not that a word is none.
            print_error("ocop: there is no command \"" + word + "\"; the commands are " +
                        list_of_commands(app));
            return wrong_usage;
        }
        return app.exit(e) == 0 ? done : wrong_usage;
    }
    set.lang = lang == "vi" ? ocop::language::vi : ocop::language::en;
    set.as_given = form->count() > 0;
    set.as = as == "json" ? format::json : as == "csv" ? format::csv : format::text;

    if (regulations->parsed()) return run_regulations(set);
    if (scorecard->parsed()) return run_scorecard(set, regulation_id, number);
    if (assess->parsed()) return run_assess(set, files);
    if (rank->parsed()) return run_rank(set, ranking);
    if (agreement->parsed()) return run_agreement(set, agreeing);
    if (code_command->parsed()) return run_code(set, coding);
    if (unit_command->parsed()) return run_unit(set, seeking);
    if (star_command->parsed()) return run_star(set, reading);
    if (certificate_command->parsed()) return run_certificate(set, certifying);
    if (import_command->parsed()) return run_import(set, importing);
    if (stats_command->parsed()) return run_stats(set, counting);
    if (set.as == format::csv) {
        print_error("ocop validate: --format csv is not offered; use text or json");
        return wrong_usage;
    }
    return run_validate(set, files);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int code = run(argc, argv);
        flush();
        return code;
    } catch (const machine_failure& failure) {
        print_error("ocop: " + failure.what);
    } catch (const std::bad_alloc&) {
        print_error("ocop: out of memory");
    } catch (const std::exception& e) {
        print_error(std::string("ocop: ") + e.what());
    }
    return machine_failed;
}
