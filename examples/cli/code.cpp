#include "code.hpp"

#include "ocop/communes/bundled_units.hpp"
#include "ocop/exchange/code_json.hpp"

CLI::App* add_code(CLI::App& app, code_arguments& to) {
    CLI::App* command = app.add_subcommand("code", "Explain product codes");
    command->add_option("code", to.codes, "Product codes, like 83-829-28780-3-2022")->required();
    return command;
}

int run_code(const tool::settings& set, const code_arguments& given) {
    if (set.as == tool::format::csv) {
        tool::print_error(set.lang == ocop::language::vi
                              ? "ocop: lệnh này không in dạng csv; hãy dùng json hoặc text"
                              : "ocop: this command prints no csv; use json or text");
        return tool::wrong_usage;
    }
    const bool text = set.as_given && set.as == tool::format::text;
    bool good = true;
    for (const std::string& code : given.codes) {
        ocop::code_answer answer = ocop::explain_code(code, ocop::bundled_units(), set.lang);
        tool::print(text ? answer.text : answer.json + "\n");
        for (ocop::problem& p : answer.found) p.where.file = ocop::detail::shown(code);
        tool::print_problems(answer.found, set.lang);
        good = good && answer.valid;
    }
    return good ? tool::done : tool::wrong_input;
}
