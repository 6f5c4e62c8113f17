#include "stats.hpp"

#include "arguments.hpp"
#include "list_file.hpp"
#include "ocop/communes/bundled_units.hpp"
#include "ocop/registry/list_report.hpp"

using namespace tool;

CLI::App* add_stats(CLI::App& app, stats_arguments& to) {
    CLI::App* stats = app.add_subcommand("stats", "Count the products of a list (CSV) as of a day");
    stats->add_option("FILE", to.file, "List of products (CSV); - is standard input")->required();
    stats->add_option("--on", to.on, "The day asked about, YYYY-MM-DD")
        ->required()
        ->check(whole_day());
    std::vector<std::string> keys;
    for (std::string_view name : ocop::names<ocop::stats_key>::all) keys.emplace_back(name);
    stats->add_option("--by", to.by, "What to count by; several with commas; star by default")
        ->delimiter(',')
        ->check(CLI::IsMember(keys));
    stats->add_option("--since", to.since, "Also tell what became of the products since this day")
        ->check(whole_day());
    stats
        ->add_option("--merged", to.merged,
                     "Columns whose empty cells repeat the one above, such as producer_name")
        ->delimiter(',')
        ->check(not_empty());
    stats->add_flag("--split", to.split, "Part rows that name several products");
    return stats;
}

int run_stats(const settings& set, const stats_arguments& given) {
    const auto list = read_list(given.file, given.merged, given.split, set.lang);
    if (!list) return wrong_input;
    const ocop::date on = *ocop::parse_date(given.on);
    std::optional<ocop::date> since;
    if (!given.since.empty()) {
        since = ocop::parse_date(given.since);
        if (*since > on) {
            print_error(set.lang == ocop::language::vi
                            ? "ocop stats: --since phải trước hoặc bằng --on"
                            : "ocop stats: --since must not be after --on");
            return wrong_usage;
        }
    }
    ocop::list_question asked(on);
    asked.file = given.file;
    const ocop::list_report report(*list, ocop::bundled_units(), asked);
    print_problems(report.found(), set.lang);
    if (!list->readable) return wrong_input;
    std::vector<ocop::stats_key> by;
    for (const std::string& name : given.by) by.push_back(*ocop::from_name<ocop::stats_key>(name));
    if (by.empty()) by.push_back(ocop::stats_key::star);
    const ocop::registry_stats stats = stats_of(report.records(), on, by, since);
    if (set.as == format::json)
        print(to_json(stats, set.lang) + "\n");
    else if (set.as == format::csv)
        print(stats_csv(stats));
    else
        print(stats_text(stats, set.lang));
    return done;
}
