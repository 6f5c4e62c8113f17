// The reader of score sheets as CSV: the same answers as assess(), however the text is cut, by any
// number of threads and under other readings; names, groups and limits.
#include "ocop/exchange/sheets_csv.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/sheets_ranking.hpp"
#include "ocop/ocop.hpp"
#include "ocop/ranking/batch.hpp"

namespace {

using ocop::problem_code;

struct sheet_line {
    std::string product;
    std::string member;
    ocop::council_role role = ocop::council_role::member;
    ocop::score_sheet sheet;
};

std::string header(const ocop::scorecard& card, const std::string& first = "product,member,role") {
    std::string text = first;
    for (std::size_t i = 0; i < card.size(); ++i) text += "," + card.at(i).code;
    return text + "\n";
}

std::string cells(const ocop::scorecard& card, const ocop::score_sheet& sheet) {
    std::string text;
    for (std::size_t i = 0; i < card.size(); ++i) {
        text += ',';
        if (!sheet.at(i).given()) continue;
        if (card.at(i).choose == ocop::choice::one) {
            text += std::to_string(sheet.at(i).number());
            continue;
        }
        const char* plus = "";
        for (const std::size_t n : sheet.at(i).numbers()) {
            text += plus + std::to_string(n);
            plus = "+";
        }
    }
    return text;
}

/// A right sheet of random answers.
ocop::score_sheet random_sheet(const ocop::scorecard& card, const std::string& member,
                               std::mt19937& rng) {
    ocop::score_sheet sheet(card, member);
    for (std::size_t i = 0; i < card.size(); ++i) {
        const auto condition = card.condition_of(i);
        if (condition &&
            card.points_for(*condition, sheet.at(*condition).bits()) == ocop::points{0})
            continue;
        const auto options = static_cast<std::uint32_t>(card.option_count(i));
        if (card.at(i).choose == ocop::choice::any)
            sheet.set(card, i,
                      ocop::answer::of_bits(static_cast<std::uint32_t>(rng()) % (1U << options)));
        else
            sheet.choose(card, card.at(i).code,
                         rng() % 9 == 0 ? 0 : 1 + static_cast<std::int64_t>(rng() % options));
    }
    return sheet;
}

/// Random sheets in random order: products of up to nine members, some with a secretary.
std::vector<sheet_line> random_lines(const ocop::scorecard& card, std::uint32_t seed,
                                     std::size_t products) {
    std::mt19937 rng(seed);
    std::vector<sheet_line> lines;
    for (std::size_t p = 0; p < products; ++p) {
        const std::string name = "P" + std::to_string(p);
        const std::size_t members = 1 + rng() % 9;
        for (std::size_t m = 0; m < members; ++m) {
            const std::string member = "member " + std::to_string(rng() % 3 == 0 ? 100 + m : m);
            lines.push_back(
                {name, member, ocop::council_role::member, random_sheet(card, member, rng)});
        }
        if (rng() % 3 == 0)
            lines.push_back(
                {name, "s", ocop::council_role::secretary, random_sheet(card, "s", rng)});
    }
    std::shuffle(lines.begin(), lines.end(), rng);
    return lines;
}

std::string text_of(const ocop::scorecard& card, const std::vector<sheet_line>& lines) {
    std::string text = header(card);
    for (const sheet_line& line : lines)
        text += line.product + "," + line.member + "," + std::string(ocop::name_of(line.role)) +
                cells(card, line.sheet) + "\n";
    return text;
}

/// All that a reader says, in one text.
std::string told(const ocop::sheets_csv_reader& from) {
    std::string text;
    for (std::size_t p = 0; p < from.products(); ++p) {
        const ocop::verdict v = from.decide(p);
        const bool scored = v.outcome != ocop::outcome::incomplete;
        text += std::string(from.product(p)) + " " + std::to_string(from.row_of(p)) + " " +
                std::string(ocop::name_of(v.outcome)) + " " + std::to_string(from.sheets(p)) + " " +
                std::string(from.groups() == 0 ? "" : from.group(from.group_of(p))) + " " +
                (scored ? std::to_string(v.total) + " " + std::to_string(v.missed) + " " +
                              std::to_string(v.spread) + " " + std::to_string(v.stars)
                        : "") +
                "\n";
    }
    for (const ocop::problem& p : from.found())
        text += ocop::to_line(p, ocop::language::en) + " [" + p.value + "] " + p.where.sheet + "/" +
                p.where.criterion + "\n";
    return text + std::to_string(from.more_found()) + "\n";
}

ocop::sheets_csv_reader read(const ocop::scorecard& card, const ocop::verdict_rules& rules,
                             const std::string& text, ocop::sheets_csv_options options = {},
                             std::size_t piece = 0) {
    ocop::sheets_csv_reader reader(card, rules, std::move(options));
    const std::string_view all(text);
    if (piece == 0) piece = text.size() + 1;
    for (std::size_t at = 0; at < all.size(); at += piece) reader.feed(all.substr(at, piece));
    reader.finish();
    return reader;
}

const ocop::regulation& under(const char* id) { return ocop::bundled_regulations().at(id); }

/// The one problem of \p text, which must have no other.
ocop::problem only_problem(const std::string& text, ocop::sheets_csv_options options = {}) {
    const ocop::scorecard& card = under("26-2026").card(25);
    const ocop::verdict_rules rules(under("26-2026"), card, {});
    const auto reader = read(card, rules, text, std::move(options));
    REQUIRE_MESSAGE(reader.found().size() == 1, told(reader));
    CHECK(reader.more_found() == 0);
    return reader.found()[0];
}

/// A sheet of set 25 that is right, as cells.
std::string good_cells(std::uint32_t seed = 5) {
    const ocop::scorecard& card = under("26-2026").card(25);
    std::mt19937 rng(seed);
    return cells(card, random_sheet(card, "m", rng));
}

std::string head25() { return header(under("26-2026").card(25)); }

}  // namespace

TEST_CASE("the same verdicts as assess(), under all readings and cards with lists") {
    struct one {
        const char* id;
        int set;
        ocop::readings by;
    };
    ocop::readings majority;
    majority.marks = ocop::mark_measure::majority;
    ocop::readings every;
    every.marks = ocop::mark_measure::every_member;
    every.zero_points = ocop::zero_reading::any_member;
    every.spread = ocop::spread_measure::parts;
    ocop::readings upper;
    upper.gap = ocop::gap_reading::upper;
    upper.conditions_bind = true;
    for (const one& o :
         {one{"26-2026", 3, {}}, one{"26-2026", 3, majority}, one{"26-2026", 16, every},
          one{"1048-2019", 26, {}}, one{"1048-2019", 26, every}, one{"1048-2019", 7, upper},
          one{"148-2023", 1, majority}}) {
        const ocop::regulation& reg = under(o.id);
        const ocop::scorecard& card = reg.card(o.set);
        const auto lines = random_lines(card, 7, 60);
        const ocop::verdict_rules rules(reg, card, {}, {}, o.by);
        const auto reader = read(card, rules, text_of(card, lines));
        CHECK_MESSAGE(reader.found().empty(), told(reader));
        std::map<std::string, std::vector<const sheet_line*>> by_product;
        for (const sheet_line& line : lines) by_product[line.product].push_back(&line);
        REQUIRE(reader.products() == by_product.size());
        for (std::size_t p = 0; p < reader.products(); ++p) {
            ocop::council sitting;
            std::vector<ocop::score_sheet> sheets;
            for (const sheet_line* line : by_product.at(std::string(reader.product(p)))) {
                sitting.members.push_back({line->member, line->role});
                sheets.push_back(line->sheet);
            }
            const ocop::assessment a = ocop::assess(reg, card, sitting, sheets, {}, o.by);
            const ocop::verdict v = reader.decide(p);
            CHECK(v.outcome == a.outcome);
            CHECK(v.sheets == a.counted_sheets);
            CHECK(reader.sheets(p) == a.counted_sheets);
            REQUIRE(a.total);
            CHECK(v.total == a.total->sum());
            CHECK(v.mean() == *a.total);
            CHECK(v.stars == (a.stars ? a.stars->value() : 0));
            CHECK(v.band == a.band->value());
            std::size_t missed = 0;
            for (std::size_t k = 0; k < rules.tables().marks.size(); ++k)
                missed += v.missed >> k & 1U;
            CHECK(missed == a.marks_missed().size());
            for (std::size_t part = 0; part < ocop::part_count; ++part)
                CHECK(v.parts[part] == (*a.parts)[part].sum());
        }
    }
}

TEST_CASE("however the text is cut and by any number of threads") {
    const ocop::regulation& reg = under("26-2026");
    const ocop::scorecard& card = reg.card(3);
    ocop::council sitting;
    sitting.quorum = ocop::quorum::of(2);
    sitting.spread = ocop::spread_rule::of(ocop::points{30});
    const ocop::verdict_rules rules(reg, card, sitting);
    const auto lines = random_lines(card, 11, 400);
    std::string text = text_of(card, lines);
    // Wrong in many ways: bytes changed at random, rows repeated, blank rows, two kinds of line end.
    std::mt19937 rng(3);
    constexpr char letters[] = ",,\"\n\r0199+x;\xC3\xA9 \t";
    for (std::size_t k = 0; k < 300; ++k)
        text[text.size() / 5 + rng() % (text.size() * 4 / 5)] =
            letters[rng() % (sizeof letters - 1)];
    const std::size_t half = text.find('\n', text.size() / 2) + 1;
    text += "\n\r\n" + text.substr(half) + "P0,late,member" + std::string(card.size(), ',');
    ocop::sheets_csv_options options;
    options.file = "x.csv";
    for (const std::size_t most : {std::size_t{1000}, std::size_t{40}}) {
        options.most_problems = most;
        const std::string whole = told(read(card, rules, text, options));
        CHECK(whole.find(most == 40 ? "E102" : "E304") != std::string::npos);
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 1000U, 65536U})
            CHECK(told(read(card, rules, text, options, piece)) == whole);
        for (const std::size_t threads : {2U, 3U, 5U, 0U}) {
            options.threads = threads;
            CHECK(told(read(card, rules, text, options)) == whole);
            CHECK(told(read(card, rules, text, options, 300000)) == whole);
        }
        options.threads = 1;
    }
}

TEST_CASE("cut and threads over a text of many turns") {
    const ocop::regulation& reg = under("26-2026");
    const ocop::scorecard& card = reg.card(25);
    const ocop::verdict_rules rules(reg, card, {});
    const auto lines = random_lines(card, 5, 12000);
    std::string text = text_of(card, lines);
    REQUIRE(text.size() > std::size_t{3} << 20);
    // The same sheet again, as far from the first as can be.
    const std::size_t second = text.find('\n') + 1;
    text += text.substr(second, text.find('\n', second) - second);
    ocop::sheets_csv_options options;
    const std::string whole = told(read(card, rules, text, options));
    CHECK(whole.find("E304") != std::string::npos);
    for (const std::size_t threads : {2U, 5U}) {
        options.threads = threads;
        CHECK(told(read(card, rules, text, options)) == whole);
        CHECK(told(read(card, rules, text, options, 1234567)) == whole);
    }
}

TEST_CASE("columns in any order, quotes, line ends, a byte order mark") {
    const ocop::regulation& reg = under("1048-2019");
    for (const int set : {26, 3}) {
        const ocop::scorecard& card = reg.card(set);
        const ocop::verdict_rules rules(reg, card, {});
        const auto lines = random_lines(card, 21, 40);
        const std::string plain = told(read(card, rules, text_of(card, lines)));
        std::mt19937 rng(9);
        for (int round = 0; round < 30; ++round) {
            std::vector<std::size_t> order(card.size() + 3);
            for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
            std::shuffle(order.begin(), order.end(), rng);
            const std::string end = round % 2 == 0 ? "\n" : "\r\n";
            std::string text = round % 3 == 0 ? "\xEF\xBB\xBF" : "";
            for (std::size_t row = 0; row <= lines.size(); ++row) {
                for (std::size_t k = 0; k < order.size(); ++k) {
                    const std::size_t at = order[k];
                    std::string cell;
                    const std::size_t i = at - std::min<std::size_t>(at, 3);
                    if (row == 0)
                        cell = at == 0   ? "product"
                               : at == 1 ? "member"
                               : at == 2 ? "role"
                                         : card.at(i).code;
                    else if (at < 3)
                        cell = at == 0   ? lines[row - 1].product
                               : at == 1 ? lines[row - 1].member
                                         : std::string(ocop::name_of(lines[row - 1].role));
                    else if (lines[row - 1].sheet.at(i).given()) {
                        for (const std::size_t n : lines[row - 1].sheet.at(i).numbers())
                            cell += (cell.empty() ? "" : "+") + std::to_string(n);
                        if (cell.empty()) cell = "0";
                    }
                    if (rng() % 4 == 0) cell = '"' + cell + '"';
                    text += (k == 0 ? "" : ",") + cell;
                }
                if (row != lines.size() || round % 5 != 0) text += end;
            }
            CHECK(told(read(card, rules, text)) == plain);
        }
    }
}

TEST_CASE("names are what is between the commas, in one Unicode form") {
    const ocop::scorecard& card = under("26-2026").card(25);
    const ocop::verdict_rules rules(under("26-2026"), card, {});
    const std::string good = good_cells();
    const std::string composed = "Tr\xC3\xA0";
    const std::string decomposed = "Tra\xCC\x80";
    const auto reader =
        read(card, rules,
             head25() + composed + ",m1," + good + "\n" + decomposed + ",m2," + good +
                 "\n\"a,\"\"b\"\"\",m1," + good + "\n a,m1," + good + "\na,m1," + good + "\n");
    CHECK_MESSAGE(reader.found().empty(), told(reader));
    REQUIRE(reader.products() == 4);
    CHECK(reader.product(0) == composed);
    CHECK(reader.sheets(0) == 2);
    CHECK(reader.product(1) == "a,\"b\"");
    CHECK(reader.product(2) == " a");
    CHECK(reader.product(3) == "a");
    // The same member in two forms is one member.
    const ocop::problem again = only_problem(head25() + "p," + composed + "," + good + "\np," +
                                             decomposed + "," + good + "\n");
    CHECK(again.code == problem_code::repeated_sheet);
    CHECK(again.where.row == 3);
    CHECK(again.where.column == 3);
}

TEST_CASE("a product has one value in the group's column") {
    const ocop::scorecard& card = under("26-2026").card(25);
    const ocop::verdict_rules rules(under("26-2026"), card, {});
    ocop::sheets_csv_options options;
    options.group_column = "province";
    const std::string good = good_cells();
    const std::string head = header(card, "province,product,member");
    const auto row = [&](const char* group, const char* product, const char* member) {
        return std::string(group) + "," + product + "," + member + good + "\n";
    };
    const auto reader =
        read(card, rules,
             head + row("X", "p", "m1") + row("Y", "q", "m1") + row("X", "p", "m2") +
                 row("Z", "p", "m3") + row("Z", "p", "m4") + row("", "r", "m1"),
             options);
    REQUIRE_MESSAGE(reader.found().size() == 2, told(reader));
    CHECK(reader.found()[0].code == problem_code::groups_differ);
    CHECK(reader.found()[0].where.row == 5);
    CHECK(reader.found()[1].where.row == 6);
    CHECK(reader.decide(0).outcome == ocop::outcome::incomplete);
    CHECK(reader.group(reader.group_of(0)) == "X");
    CHECK(reader.group(reader.group_of(1)) == "Y");
    CHECK(reader.group(reader.group_of(2)).empty());
    const auto rows = ocop::rank_sheets(reader);
    REQUIRE(rows.size() == 3);
    CHECK(reader.product(rows[0].product) == "r");
    CHECK(reader.product(rows[1].product) == "p");
    CHECK(reader.product(rows[2].product) == "q");
    CHECK(rows[0].rank == 1);
    CHECK(rows[1].rank == 0);
    CHECK(rows[2].rank == 1);
    CHECK(ocop::rank_sheets(reader, {}, 1).size() == 2);
}

TEST_CASE("limits: the length of a row, sheets of a product, problems kept") {
    const ocop::scorecard& card = under("26-2026").card(25);
    const ocop::verdict_rules rules(under("26-2026"), card, {});
    const std::string good = good_cells();
    SUBCASE("a row longer than 1 MiB is refused, also in small pieces, and its product is known") {
        const std::string text = head25() + "p,m1," + good + "\np," + std::string(1U << 20, 'm') +
                                 "," + good + "\nq,m1," + good;
        const std::string whole = told(read(card, rules, text));
        for (const std::size_t piece : {1000U, 65536U, 1048577U})
            CHECK(told(read(card, rules, text, {}, piece)) == whole);
        const ocop::problem p = only_problem(text);
        CHECK(p.code == problem_code::too_large);
        CHECK(p.where.row == 3);
        const auto reader = read(card, rules, text);
        REQUIRE(reader.products() == 2);
        CHECK(reader.decide(0).outcome == ocop::outcome::incomplete);
        CHECK(reader.decide(1).outcome == ocop::outcome::ranked);
    }
    SUBCASE("a row of exactly 1 MiB is taken") {
        std::string row = "p," + std::string(1U << 20, 'm');
        row.resize((1U << 20) - good.size() - 1);
        const auto reader = read(card, rules, head25() + row + "," + good + "\r\n", {}, 4099);
        CHECK_MESSAGE(reader.found().empty(), told(reader).substr(0, 500));
        CHECK(reader.products() == 1);
    }
    SUBCASE("a product takes 500 sheets, and the first too many is told") {
        std::string text = head25();
        for (int m = 0; m < 503; ++m) text += "p,u" + std::to_string(m) + "," + good + "\n";
        const auto reader = read(card, rules, text);
        REQUIRE_MESSAGE(!reader.found().empty(), told(reader));
        CHECK(reader.found()[0].code == problem_code::too_many);
        CHECK(reader.found()[0].where.row == 502);
        CHECK(reader.decide(0).outcome == ocop::outcome::incomplete);
        text.resize(text.find("p,u500"));
        const auto fits = read(card, rules, text);
        CHECK(fits.found().empty());
        CHECK(fits.decide(0).sheets == 500);
        // More sheets than a byte counts are ordered too.
        CHECK(ocop::rank_sheets(fits).front().rank == 1);
    }
    SUBCASE("problems beyond the most are counted by rows") {
        std::string text = head25();
        for (int p = 0; p < 50; ++p) text += "p" + std::to_string(p) + ",m1,x" + good + "\n";
        ocop::sheets_csv_options options;
        options.most_problems = 10;
        const auto reader = read(card, rules, text, options);
        CHECK(reader.found().size() == 10);
        CHECK(reader.more_found() == 40);
    }
}

TEST_CASE("what is wrong with one row is told once, where it is") {
    const std::string good = good_cells();
    const std::string head = head25();
    const auto check = [&](const std::string& row, problem_code code, std::uint32_t column) {
        const ocop::problem p = only_problem(head + "ok,m1," + good + "\n" + row + "\n");
        CHECK_MESSAGE(p.code == code, row);
        CHECK_MESSAGE(p.where.row == 3, row);
        CHECK_MESSAGE(p.where.column == column, row);
        CHECK(!p.message.vi.empty());
        CHECK(!p.message.en.empty());
    };
    check("p,m," + good + ",1", problem_code::wrong_cell_count,
          static_cast<std::uint32_t>(good.size() + 6));
    check("p", problem_code::wrong_cell_count, 2);
    check(",m," + good, problem_code::empty_name, 1);
    check("p,," + good, problem_code::empty_name, 3);
    check("p,m,boss" + good, problem_code::bad_value, 5);
    check("p,\"m," + good, problem_code::syntax, 3);
    check("p,\"m\"x," + good, problem_code::syntax, 6);
    check("p,a\"b\"," + good, problem_code::syntax, 3);
    check(std::string("p,m\0,", 5) + good, problem_code::syntax, 3);
    check("p,m\t," + good, problem_code::syntax, 3);
    check("p,m\xFF," + good, problem_code::syntax, 3);
    check("\xC3(,m," + good, problem_code::syntax, 1);
}
