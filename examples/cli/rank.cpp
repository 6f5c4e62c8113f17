#include "rank.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "ocop/exchange/sheets_csv.hpp"
#include "ocop/exchange/sheets_ranking.hpp"
#include "ocop/exchange/sheets_reform.hpp"
#include "ocop/ocop.hpp"

using namespace tool;

namespace {

/// Wrong usage, told in one sentence.
struct usage_failure {
    ocop::label what;
};

[[noreturn]] void refuse(const char* option, const std::string& value, const char* vi,
                         const char* en) {
    const std::string shown = ocop::detail::shown(value);
    throw usage_failure{{std::string(option) + " \"" + shown + "\": " + vi,
                         std::string(option) + " \"" + shown + "\": " + en}};
}

ocop::council council_of(const rank_arguments& given) {
    ocop::council sitting;
    for (std::size_t m = 1; m <= given.members; ++m)
        sitting.members.push_back({std::to_string(m), ocop::council_role::member});
    if (!given.quorum.empty()) {
        if (const auto share = ocop::quorum::parse_share(given.quorum)) {
            if (given.members == 0)
                refuse("--quorum", given.quorum,
                       "một tỷ lệ cần --members N, số thành viên chấm điểm của hội đồng",
                       "a share needs --members N, the council's number of counting members");
            sitting.quorum = *share;
        } else {
            constexpr auto most = static_cast<std::int32_t>(ocop::council::most_members);
            const auto count = number(given.quorum, most);
            if (!count || *count == 0)
                refuse("--quorum", given.quorum,
                       "ghi số phiếu tối thiểu từ 1 đến 500, hoặc tỷ lệ như 2/3",
                       "give the least number of sheets, 1 to 500, or a share like 2/3");
            if (given.members != 0 && static_cast<std::size_t>(*count) > given.members)
                refuse("--quorum", given.quorum, "nhiều hơn số thành viên của --members",
                       "is more than the members of --members");
            sitting.quorum = ocop::quorum::of(*count);
        }
    }
    if (given.spread == "off") {
        sitting.spread = ocop::spread_rule::off();
    } else if (!given.spread.empty()) {
        const auto limit = number(given.spread, 1000);
        if (!limit)
            refuse("--spread", given.spread, "ghi số nguyên 0–1000, hoặc off để bỏ quy tắc",
                   "give an integer 0–1000, or off for no rule");
        sitting.spread = ocop::spread_rule::of(ocop::points{*limit});
    }
    if (!given.spread_comparison.empty())
        sitting.spread.blocks = *ocop::from_name<ocop::spread_comparison>(given.spread_comparison);
    return sitting;
}

ocop::circumstances circumstances_of(const rank_arguments& given) {
    ocop::circumstances about;
    if (!given.level.empty()) about.level = *ocop::from_name<ocop::council_level>(given.level);
    if (!given.assessed.empty()) {
        about.dates.assessed = ocop::parse_date(given.assessed);
        if (!about.dates.assessed)
            refuse("--assessed", given.assessed, "không phải ngày có thật dạng NNNN-TT-NN",
                   "is no day written YYYY-MM-DD");
    }
    return about;
}

/// The other side of a comparison: "148-2023" for the set of the same number, or "148-2023/12".
/// Without a card and a problem where there is no such regulation or set.
ocop::reform_sides sides_of(const std::string& text, const ocop::regulation& under,
                            const ocop::scorecard& card, ocop::problems& found) {
    ocop::reform_sides sides;
    sides.from = &under;
    sides.old_card = &card;
    const std::size_t slash = text.find('/');
    const bool named = slash != std::string::npos;
    const std::string set = named ? text.substr(slash + 1) : std::to_string(card.set());
    const card_choice to = find_card(text.substr(0, slash), set, found);
    sides.to = to.under;
    sides.new_card = to.card;
    if (sides.new_card == nullptr || named) return sides;
    const ocop::scorecard_document& one = card.document();
    const ocop::scorecard_document& other = sides.new_card->document();
    if (one.sector != other.sector || one.group != other.group)
        refuse("--compare", text,
               "bộ cùng số thuộc nhóm sản phẩm khác; ghi rõ bộ, ví dụ 148-2023/12",
               "the set of this number is of another group of products; name the set, as in "
               "148-2023/12");
    return sides;
}

int rank(const settings& set, const rank_arguments& given) {
    const ocop::council sitting = council_of(given);
    const ocop::circumstances about = circumstances_of(given);
    ocop::problems found;
    ocop::order_policy order;
    if (given.ties) {
        const auto read = ocop::try_parse_ties(*given.ties, found);
        if (!read)
            throw usage_failure{
                {"--ties: " + found[0].message.vi, "--ties: " + found[0].message.en}};
        order = *read;
    }
    const auto [under, card] = find_card(given.regulation, given.set, found);
    if (card == nullptr) {
        print_problems(found, set.lang);
        return wrong_input;
    }
    if (given.by) {
        // Names that the file or the output has already.
        bool taken = given.by->empty() || card->find(*given.by).has_value();
        for (const char* name : {"product", "member",    "role",        "rank",
                                 "outcome", "stars",     "total",       "A",
                                 "B",       "C",         "sheets",      "marks_missed",
                                 "p1",      "p2",        "p3",          "p4",
                                 "p5",      "p_low",     "p_high",      "leave_one_out",
                                 "flip_up", "flip_down", "compare_low", "compare_high",
                                 "change",  "band",      "total_exact", "parts",
                                 "spread",  "robust",    "compare"})
            taken = taken || *given.by == name;
        if (taken)
            refuse("--by", *given.by, "cần một cột khác của tệp, ví dụ province",
                   "name a further column of the file, such as province");
    }

    const ocop::verdict_tables tables = ocop::verdict_tables::from(*under, *card, sitting, about);
    const ocop::verdict_rules rules(tables);
    ocop::reform_sides sides;
    std::optional<ocop::reform_rules> reform;
    if (given.compare) {
        sides = sides_of(*given.compare, *under, *card, found);
        if (sides.new_card == nullptr) {
            for (ocop::problem& p : found) p.where.pointer = "/compare";
            print_problems(found, set.lang);
            return wrong_input;
        }
        reform.emplace(ocop::plan_carry(*card, *sides.new_card), tables,
                       ocop::verdict_tables::from(*sides.to, *sides.new_card, sitting, about));
    }
    ocop::sheets_csv_options options;
    options.file = given.file;
    options.group_column = given.by.value_or("");
    options.threads = given.threads;
    options.given = about;
    options.keep_answers = given.robust != 0 || reform;
    ocop::sheets_csv_reader sheets(*card, rules, options);
    constexpr std::size_t block = std::size_t{1} << 22;
    if (!read_blocks(given.file, block, found, [&](std::string_view bytes) {
            sheets.feed(bytes);
            return sheets.found().empty() || sheets.has_header();
        })) {
        print_problems(found, set.lang);
        return wrong_input;
    }
    sheets.finish();
    print_problems(sheets, set.lang);
    if (!sheets.has_header()) return wrong_input;

    const auto rows = ocop::rank_sheets(sheets, order, given.top);
    const ocop::ranking_form form = set.as == format::json  ? ocop::ranking_form::json
                                    : set.as == format::csv ? ocop::ranking_form::csv
                                                            : ocop::ranking_form::text;
    std::optional<std::vector<ocop::product_confidence>> sure;
    if (given.robust != 0)
        sure = ocop::confidence_of_sheets(sheets, rules, given.robust, given.seed, given.threads);
    ocop::sheets_reform compared;
    if (reform) compared = ocop::reform_sheets(sheets, *reform, given.threads);
    ocop::ranking_extras extras;
    if (sure) extras.sure = *sure;
    if (reform) extras.reform = compared.products;
    const ocop::ranking_writer writer(sheets, *card, rules, rows, form, set.lang, extras);
    std::string text = writer.header();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        writer.append(i, text);
        if (text.size() < block / 4) continue;
        print(text);
        text.clear();
    }
    text += writer.footer();
    if (reform && form == ocop::ranking_form::text)
        text += "\n" + ocop::reform_text(compared, *reform, sides, set.lang);
    if (reform && form == ocop::ranking_form::json)
        text += ocop::reform_json(compared, *reform, sides);
    print(text);
    return sheets.found().empty() ? done : wrong_input;
}

}  // namespace

CLI::App* add_rank(CLI::App& app, rank_arguments& to) {
    CLI::App* rank = app.add_subcommand("rank", "Rank many products by their sheets (CSV)");
    const auto names = [](const auto& all) {
        std::vector<std::string> list;
        for (std::string_view name : all) list.emplace_back(name);
        return CLI::IsMember(list);
    };
    rank->add_option("--regulation", to.regulation, "Regulation, such as 26-2026")->required();
    rank->add_option("--set", to.set, "Number of the set, 1 to 26")->required();
    rank->add_option("SHEETS", to.file, "Sheets (CSV), a row each; - is standard input")
        ->required();
    rank->add_option("--level", to.level, "Level of the council; province by default")
        ->check(names(ocop::names<ocop::council_level>::all));
    rank->add_option("--quorum", to.quorum, "Least number of counting sheets, or a share like 2/3")
        ->check(not_empty());
    rank->add_option("--members", to.members, "Counting members of the council, for a share")
        ->check(whole_number(1, ocop::council::most_members));
    rank->add_option("--spread", to.spread, "Limit between two members' totals, or off")
        ->check(not_empty());
    rank->add_option("--spread-comparison", to.spread_comparison,
                     "Whether only more than the limit blocks (>) or the limit too (>=)")
        ->check(names(ocop::names<ocop::spread_comparison>::all));
    rank->add_option("--assessed", to.assessed, "Day of the assessment, YYYY-MM-DD")
        ->check(not_empty());
    rank->add_option("--ties", to.ties, "Parts that break ties; C,A,B by default");
    rank->add_option("--threads", to.threads, "Threads; 0: all of the machine")
        ->check(whole_number(0, 256));
    rank->add_option("--top", to.top, "Only the first K ranks")->check(whole_number(1, 2000000000));
    rank->add_option("--by", to.by, "A column that groups products, such as province");
    CLI::Option* robust =
        rank->add_option("--robust", to.robust,
                         "How sure each star is: councils drawn from the members, such as 1000")
            ->check(whole_number(1, 1000000));
    rank->add_option("--seed", to.seed, "Seed of the drawing")
        ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
        ->needs(robust)
        ->capture_default_str();
    rank->add_option("--compare", to.compare,
                     "What another regulation makes of the sheets: REG, or REG/SET");
    return rank;
}

int run_rank(const settings& set, const rank_arguments& given) {
    try {
        return rank(set, given);
    } catch (const usage_failure& failure) {
        print_error("ocop rank: " + failure.what.in(set.lang));
        return wrong_usage;
    } catch (const ocop::error& failure) {
        print_problems(failure.list(), set.lang);
        return wrong_input;
    }
}
