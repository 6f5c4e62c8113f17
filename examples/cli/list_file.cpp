#include "list_file.hpp"

#include "ocop/base/date.hpp"
#include "ocop/communes/unit_search.hpp"

namespace tool {

CLI::Validator whole_day() {
    return CLI::Validator(
        [](std::string& text) {
            return ocop::parse_date(text) ? std::string()
                                          : "\"" + text + "\" is no day written YYYY-MM-DD";
        },
        "YYYY-MM-DD");
}

std::optional<ocop::product_list> read_list(const std::string& file,
                                            const std::vector<std::string>& merged, bool split,
                                            ocop::language lang) {
    ocop::problems found;
    std::string text;
    constexpr std::size_t block = std::size_t{1} << 22;
    if (!read_blocks(file, block, found, [&](std::string_view bytes) {
            text += bytes;
            return true;
        })) {
        print_problems(found, lang);
        return std::nullopt;
    }
    ocop::product_list_options options;
    options.file = file;
    options.units = &ocop::bundled_unit_index();
    options.merged_columns = merged;
    options.split_rows = split;
    return ocop::read_product_list(text, options);
}

}  // namespace tool
