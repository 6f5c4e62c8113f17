#include "certificate.hpp"

#include "ocop/base/date.hpp"
#include "ocop/exchange/certificate_json.hpp"

CLI::App* add_certificate(CLI::App& app, certificate_arguments& to) {
    CLI::App* command =
        app.add_subcommand("certificate", "Tell what a certificate is worth on a day");
    command->add_option("HISTORY", to.file, "What happened to it (JSON); - is standard input")
        ->required();
    command->add_option("--on", to.on, "The day, as YYYY-MM-DD")
        ->required()
        ->check(CLI::Validator(
            [](std::string& text) {
                return ocop::parse_date(text) ? std::string()
                                              : "\"" + text + "\" is no day written YYYY-MM-DD";
            },
            "YYYY-MM-DD"));
    return command;
}

int run_certificate(const tool::settings& set, const certificate_arguments& given) {
    if (set.as_given && set.as == tool::format::csv) {
        tool::print_error("ocop certificate: --format csv is not offered; use text or json");
        return tool::wrong_usage;
    }
    const auto on = ocop::parse_date(given.on);
    ocop::problems found;
    std::optional<ocop::certificate_history> history;
    if (const auto bytes = tool::read_file(given.file, found))
        history = ocop::try_read_certificate_history(*bytes, found);
    for (ocop::problem& p : found) p.where.file = given.file;
    tool::print_problems(found, set.lang);
    if (!history || !on) return tool::wrong_input;
    const ocop::certificate_standing standing = history->state_on(*on);
    const bool text = set.as_given && set.as == tool::format::text;
    tool::print(text ? report(standing, *on, set.lang) : to_json(standing, set.lang) + "\n");
    return tool::done;
}
