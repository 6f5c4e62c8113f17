#include "tool.hpp"

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "ocop/exchange/bundled.hpp"

namespace tool {
namespace {

ocop::label reason_of(int why) {
    switch (why) {
    case ENOENT:
        return {"không có tệp này", "there is no such file"};
    case EISDIR:
        return {"đây là thư mục", "it is a folder"};
    case EACCES:
        return {"không có quyền đọc", "it may not be read"};
    case ENOTDIR:
        return {"đường dẫn đi qua một tệp", "its path leads through a file"};
    default:
        break;
    }
    const std::string number = std::to_string(why);
    return {"lỗi hệ thống số " + number, std::generic_category().message(why)};
}

ocop::problem unreadable(const std::string& file, int why) {
    const ocop::label reason = reason_of(why);
    ocop::problem p;
    p.code = ocop::problem_code::unreadable_file;
    p.where.file = file;
    p.value = file;
    p.message = ocop::detail::told("không đọc được tệp: {0}", "the file cannot be read: {1}",
                                   {reason.vi, reason.en});
    return p;
}

}  // namespace

void print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        throw machine_failure{"standard output cannot be written: " +
                              std::generic_category().message(errno)};
}

void flush() {
    std::cout.flush();  // CLI11 prints help and version there
    if (std::fflush(stdout) != 0 || !std::cout)
        throw machine_failure{"standard output cannot be written: " +
                              std::generic_category().message(errno)};
}

void print_error(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fputc('\n', stderr);
}

void print_problems(const ocop::problems& list, ocop::language lang) {
    for (const ocop::problem& p : list) print_error(to_line(p, lang));
}

bool read_blocks(const std::string& file, std::size_t block, ocop::problems& found,
                 const std::function<bool(std::string_view)>& take) {
    std::FILE* in = file == "-" ? stdin : std::fopen(file.c_str(), "rb");
    if (in == nullptr) {
        found.push_back(unreadable(file, errno));
        return false;
    }
    std::string bytes(block, '\0');
    std::size_t got = 0;
    bool more = true;
    while (more && (got = std::fread(bytes.data(), 1, block, in)) != 0)
        more = take(std::string_view(bytes).substr(0, got));
    const int why = std::ferror(in) != 0 ? errno : 0;
    if (in != stdin) std::fclose(in);
    if (why == 0) return true;
    if (why != EISDIR) throw machine_failure{file + ": " + std::generic_category().message(why)};
    found.push_back(unreadable(file, why));
    return false;
}

std::optional<std::string> read_file(const std::string& file, ocop::problems& found) {
    constexpr std::size_t enough = (std::size_t{16} << 20) + 1;
    std::string bytes;
    const bool read = read_blocks(file, std::size_t{1} << 16, found, [&](std::string_view block) {
        bytes += block;
        return bytes.size() < enough;
    });
    if (!read) return std::nullopt;
    return bytes;
}

std::optional<std::int32_t> number(const std::string& text, std::int32_t most) {
    if (text.empty() || text.size() > 4) return std::nullopt;
    std::int32_t value = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    if (value > most) return std::nullopt;
    return value;
}

card_choice find_card(const std::string& id, const std::string& set, ocop::problems& found) {
    const ocop::timeline& all = ocop::bundled_regulations();
    card_choice made;
    made.under = all.find(id);
    if (made.under == nullptr) {
        found.push_back(all.unknown(id));
        return made;
    }
    constexpr std::int32_t most = 9999;
    if (const auto digits = number(set, most); digits && set.front() != '0')
        made.card = made.under->find(*digits);
    if (made.card == nullptr) found.push_back(made.under->no_card(set));
    return made;
}

void print_problems(const ocop::sheets_csv_reader& read, ocop::language lang) {
    print_problems(read.found(), lang);
    if (read.more_found() == 0) return;
    const std::string count = std::to_string(read.more_found());
    print_error(lang == ocop::language::vi
                    ? "… và " + count + " dòng hoặc sản phẩm khác có lỗi"
                    : "… and " + count + " more rows or products with problems");
}

}  // namespace tool
