#include "star.hpp"

#include "ocop/exchange/star_wording.hpp"

using namespace tool;

namespace {

std::string star_text(const ocop::star_wording& read, const std::string& text,
                      ocop::language lang) {
    std::string line = "\"" + ocop::detail::printable(text) + "\": " + label_of(read.kind).in(lang);
    for (std::size_t i = 0; i < read.stars.size(); ++i)
        line += (i == 0          ? ", "
                 : read.is_range ? "–"
                                 : ", ") +
                std::to_string(read.stars[i].value());
    if (!read.stars.empty()) line += lang == ocop::language::vi ? " sao" : " stars";
    const std::string& why = read.why.in(lang);
    return line + (why.empty() ? "" : " (" + why + ")") + "\n";
}

}  // namespace

CLI::App* add_star(CLI::App& app, star_arguments& to) {
    CLI::App* star = app.add_subcommand("star", "Read wordings of a star");
    star->add_option("TEXT", to.texts, "Wordings, each an argument; a line of JSON each")
        ->required()
        ->allow_extra_args();
    star->positionals_at_end(false);
    return star;
}

int run_star(const settings& set, const star_arguments& given) {
    if (set.as == format::csv) {
        print_error("ocop star: --format csv is not offered; use text or json");
        return wrong_usage;
    }
    const bool as_text = set.as_given && set.as == format::text;
    for (const std::string& text : given.texts) {
        const ocop::star_wording read = ocop::read_star_wording(text);
        print(as_text ? star_text(read, text, set.lang) : to_json(read, text, set.lang) + "\n");
    }
    return done;
}
