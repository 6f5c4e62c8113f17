// Reading score sheets from CSV in memory: rows to tallies of products, beside plain loops over the
// same bytes that only find lines or cells. Read the ratios: bytes a second of one run.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/sheets_csv.hpp"
#include "ocop/exchange/sheets_ranking.hpp"
#include "ocop/ocop.hpp"

namespace {

const ocop::regulation& under() { return ocop::bundled_regulations().at("26-2026"); }
const ocop::scorecard& card() { return under().card(3); }

/// A number that depends on \p k alone (splitmix64).
std::uint64_t mixed(std::uint64_t k) {
    k += 0x9E3779B97F4A7C15U;
    k = (k ^ k >> 30U) * 0xBF58476D1CE4E5B9U;
    k = (k ^ k >> 27U) * 0x94D049BB133111EBU;
    return k ^ k >> 31U;
}

/// One sheet's cells; one in ten products tells no story and leaves out what depends on it.
void append_sheet(std::string& text, std::uint64_t key) {
    ocop::score_sheet sheet(card(), "m");
    const bool story = mixed(key) % 10 != 0;
    for (std::size_t i = 0; i < card().size(); ++i) {
        text += ',';
        const auto condition = card().condition_of(i);
        if (condition &&
            card().points_for(*condition, sheet.at(*condition).bits()) == ocop::points{0})
            continue;
        const std::size_t count = card().option_count(i);
        std::size_t option = 1 + mixed(key * 64 + i) % count;
        if (card().at(i).id == "product_story") option = story ? count : 1;
        sheet.set(card(), i, ocop::answer::option(option));
        text += std::to_string(option);
    }
    text += '\n';
}

/// Sheets of \p products products by seven members, product after product.
const std::string& sheets(std::size_t products) {
    static std::string text;
    static std::size_t made = 0;
    if (made == products) return text;
    made = products;
    text = "product,member";
    for (std::size_t i = 0; i < card().size(); ++i) text += "," + card().at(i).code;
    text += '\n';
    for (std::size_t p = 0; p < products; ++p)
        for (int m = 1; m <= 7; ++m) {
            const std::string number = std::to_string(p);
            text += "P" + std::string(6 - number.size(), '0') + number + ",m" + std::to_string(m);
            append_sheet(text, p * 8 + static_cast<std::size_t>(m));
        }
    return text;
}

void read_sheets(benchmark::State& state, std::size_t threads, bool keep) {
    const std::string& text = sheets(static_cast<std::size_t>(state.range(0)));
    const ocop::verdict_rules rules(under(), card(), {});
    ocop::sheets_csv_options options;
    options.threads = threads;
    options.keep_answers = keep;
    std::size_t products = 0;
    for (auto _ : state) {
        ocop::sheets_csv_reader reader(card(), rules, options);
        reader.feed(text);
        reader.finish();
        products = reader.products();
        if (!reader.found().empty()) state.SkipWithError("the sheets are wrong");
    }
    state.counters["products"] = static_cast<double>(products);
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
void csv_read(benchmark::State& state) { read_sheets(state, 1, false); }
void csv_read_two_threads(benchmark::State& state) { read_sheets(state, 2, false); }
void csv_read_keeping_answers(benchmark::State& state) { read_sheets(state, 1, true); }

/// A peer: the plainest loop that looks at each byte and adds up one-digit cells.
void peer_cells(benchmark::State& state) {
    const std::string& text = sheets(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        std::uint64_t rows = 0;
        std::uint64_t cells = 0;
        std::uint64_t sum = 0;
        unsigned value = 0;
        for (const char c : text) {
            if (c == ',') {
                ++cells;
                sum += value;
                value = 0;
            } else if (c == '\n') {
                ++rows;
                sum += value;
                value = 0;
            } else {
                value = static_cast<unsigned char>(c) - unsigned{'0'};
            }
        }
        benchmark::DoNotOptimize(rows);
        benchmark::DoNotOptimize(cells);
        benchmark::DoNotOptimize(sum);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

/// A peer: the C library's memchr finds the line ends and nothing else.
void peer_lines(benchmark::State& state) {
    const std::string& text = sheets(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        std::uint64_t rows = 0;
        const char* at = text.data();
        const char* const end = at + text.size();
        while (at != end) {
            at =
                static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
            ++at;
            ++rows;
        }
        benchmark::DoNotOptimize(rows);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

/// The whole of `ocop rank` but the file: reading, ranking, and the CSV of the result.
void csv_rank(benchmark::State& state) {
    const std::string& text = sheets(static_cast<std::size_t>(state.range(0)));
    const ocop::verdict_rules rules(under(), card(), {});
    for (auto _ : state) {
        ocop::sheets_csv_reader reader(card(), rules);
        reader.feed(text);
        reader.finish();
        const auto rows = ocop::rank_sheets(reader);
        const ocop::ranking_writer writer(reader, card(), rules, rows, ocop::ranking_form::csv);
        std::string out = writer.header();
        for (std::size_t i = 0; i < rows.size(); ++i) writer.append(i, out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

BENCHMARK(csv_read)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(csv_read_two_threads)->Arg(100000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(csv_read_keeping_answers)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(csv_rank)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(peer_cells)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK(peer_lines)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
