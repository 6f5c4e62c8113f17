#include "import.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "arguments.hpp"
#include "list_file.hpp"
#include "ocop/communes/bundled_units.hpp"
#include "ocop/registry/list_report.hpp"

using namespace tool;

namespace {

/// Writes \p text to \p file, or the machine failed.
void write_file(const std::string& file, const std::string& text) {
    std::FILE* out = std::fopen(file.c_str(), "wb");
    const bool good =
        out != nullptr && std::fwrite(text.data(), 1, text.size(), out) == text.size();
    const int why = errno;
    const bool closed = out != nullptr && std::fclose(out) == 0;
    if (!good || !closed)
        throw machine_failure{file + ": " + std::generic_category().message(good ? errno : why)};
}

}  // namespace

CLI::App* add_import(CLI::App& app, import_arguments& to) {
    CLI::App* import = app.add_subcommand("import", "Read a list of products (CSV) as of a day");
    import->add_option("FILE", to.file, "List of products (CSV); - is standard input")->required();
    import->add_option("--on", to.on, "The day asked about, YYYY-MM-DD")
        ->required()
        ->check(whole_day());
    import->add_option("--expiring", to.expiring, "Tell who expires within so many days")
        ->check(whole_number(0, 36500))
        ->capture_default_str();
    import
        ->add_option("--merged", to.merged,
                     "Columns whose empty cells repeat the one above, such as producer_name")
        ->delimiter(',')
        ->check(not_empty());
    import->add_flag("--split", to.split, "Part rows that name several products");
    import->add_option("--rejected", to.rejected, "Write the rows handed back to this file (CSV)")
        ->check(not_empty());
    return import;
}

int run_import(const settings& set, const import_arguments& given) {
    if (set.as == format::csv) {
        print_error("ocop import: --format csv is not offered; use text or json");
        return wrong_usage;
    }
    std::error_code none;
    if (!given.rejected.empty() && given.file != "-" &&
        std::filesystem::equivalent(given.file, given.rejected, none)) {
        print_error(set.lang == ocop::language::vi
                        ? "ocop import: --rejected trùng với tệp danh sách; hãy ghi sang tệp khác"
                        : "ocop import: --rejected names the list itself; write to another file");
        return wrong_usage;
    }
    const auto list = read_list(given.file, given.merged, given.split, set.lang);
    if (!list) return wrong_input;
    ocop::list_question asked(*ocop::parse_date(given.on));
    asked.expiring_within = given.expiring;
    asked.file = given.file;
    const ocop::list_report report(*list, ocop::bundled_units(), asked);
    print_problems(report.found(), set.lang);
    if (!given.rejected.empty()) write_file(given.rejected, rejected_csv(*list));
    const bool as_text = set.as_given && set.as == format::text;
    print(as_text ? report.text(set.lang) : report.json(set.lang) + "\n");
    return list->readable ? done : wrong_input;
}
