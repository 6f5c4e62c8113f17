// The national round (workload W1): a million products, seven members, 30 criteria, two sets of
// stars, beside the bound of the machine: reading the same bytes once. Then the same on each of the
// bundled scorecards. One line of JSON a measurement, the fields of W1 named as its other
// implementations name them, so that answers can be compared (side_by_side.py).
//
//   ocop_bench_national [--ratings FILE] [--products N] [--cards N] [--passes N]
//
// FILE: one byte a rating, product after product; without it, ratings are made here.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "ocop/exchange/bundled.hpp"
#include "ocop/ranking/fast.hpp"
#include "ocop/ranking/order.hpp"
#include "workload.hpp"

namespace {

using namespace workload;

constexpr std::size_t best = 1000;
constexpr std::array<mandatory, 3> second_marks{{{8, 5, 3}, {14, 5, 2}, {2, 4, 1}}};

int weight(std::size_t criterion) { return 1 + static_cast<int>(criterion) * 7 % 3; }

/// Bytes on large pages where the system gives them: a host that holds hundreds of megabytes would.
class memory {
public:
    explicit memory(std::size_t size) : size_(size) {
        constexpr std::size_t page = std::size_t{1} << 21;
        const std::size_t whole = (size / page + 1) * page;
        bytes_ = static_cast<std::uint8_t*>(std::aligned_alloc(page, whole));
        if (bytes_ == nullptr) std::abort();
#if defined(__linux__)
        madvise(bytes_, whole, MADV_HUGEPAGE);
#endif
        std::memset(bytes_, 0, whole);
    }
    memory(const memory&) = delete;
    memory& operator=(const memory&) = delete;
    ~memory() { std::free(bytes_); }
    [[nodiscard]] std::span<std::uint8_t> span() { return {bytes_, size_}; }
    [[nodiscard]] std::span<const std::uint8_t> span() const { return {bytes_, size_}; }

private:
    std::uint8_t* bytes_ = nullptr;
    std::size_t size_ = 0;
};

/// The bound: every byte read once, in words that the compiler adds in vectors.
std::uint64_t read_all(std::span<const std::uint8_t> bytes) {
    const std::size_t words = bytes.size() / 64 * 8;
    std::array<std::uint64_t, 8> sums{};
    for (std::size_t i = 0; i < words; i += 8) {
        std::array<std::uint64_t, 8> line;
        std::memcpy(line.data(), bytes.data() + i * 8, 64);
        for (std::size_t k = 0; k < 8; ++k) sums[k] += line[k];
    }
    std::uint64_t sum = 0;
    for (std::uint64_t one : sums) sum += one;
    return sum;
}

/// The least time of \p passes calls.
template <class Work>
double least_time(int passes, const Work& work) {
    double least = 1e9;
    for (int i = 0; i < passes; ++i) {
        const double start = now();
        work();
        least = std::min(least, now() - start);
    }
    return least;
}

struct columns {
    std::vector<std::uint8_t> outcome, stars, sheets, other_stars;
    std::vector<std::uint16_t> total, spread;
    std::vector<std::array<std::uint16_t, ocop::part_count>> parts;
    std::vector<std::uint64_t> missed;
    explicit columns(std::size_t n)
        : outcome(n),
          stars(n),
          sheets(n),
          other_stars(n),
          total(n),
          spread(n),
          parts(n),
          missed(n) {}
    ocop::batch_columns part(std::size_t first, std::size_t count) {
        const auto cut = [&](auto& column) { return std::span(column).subspan(first, count); };
        ocop::batch_columns made;
        made.outcome = cut(outcome);
        made.stars = cut(stars);
        made.sheets = cut(sheets);
        made.total = cut(total);
        made.spread = cut(spread);
        made.parts = cut(parts);
        made.missed = cut(missed);
        return made;
    }
};

struct answer_of_round {
    std::array<std::uint64_t, 25> cross{};
    std::uint64_t sum = 0;
    std::vector<std::uint64_t> top;
    friend bool operator==(const answer_of_round&, const answer_of_round&) = default;
};

std::uint64_t hash_of(const std::vector<std::uint64_t>& ids) {
    std::uint64_t hash = 1469598103934665603U;
    for (std::uint64_t id : ids)
        for (unsigned b = 0; b < 4; ++b) hash = (hash ^ (id >> (8 * b) & 0xFFU)) * 1099511628211U;
    return hash;
}

/// One round: every column of the verdicts kept, the cross table, the sum and the best.
answer_of_round national(const ocop::verdict_rules& first, const ocop::verdict_rules& second,
                         std::span<const std::uint8_t> ratings, columns& out, std::size_t threads) {
    const std::size_t products = out.stars.size();
    constexpr std::size_t chunk = 8192;
    ocop::order_policy by;
    by.by_stars = false;
    by.ties = {0, 1, 2};
    by.tie_count = 1;
    struct part {
        answer_of_round found;
        ocop::top_k top{best};
    };
    std::vector<part> parts(threads);
    const std::size_t chunks = (products + chunk - 1) / chunk;
    ocop::in_threads run(threads);
    run(threads, [&](std::size_t t) {
        part& mine = parts[t];
        for (std::size_t k = chunks * t / threads; k < chunks * (t + 1) / threads; ++k) {
            const std::size_t from = k * chunk;
            const std::size_t count = std::min(chunk, products - from);
            ocop::sheet_batch batch;
            batch.answers = ratings.subspan(from * members * criteria, count * members * criteria);
            batch.products = count;
            batch.members = members;
            std::array<ocop::batch_job, 2> jobs{{{&first, out.part(from, count)}, {&second, {}}}};
            jobs[1].out.stars = std::span(out.other_stars).subspan(from, count);
            ocop::assess_batch(std::span<const ocop::batch_job>(jobs), batch,
                               ocop::in_this_thread{}, ocop::fast_kernel);
            // Four tables, since neighbours often fall into one cell and would wait for each other.
            std::array<std::array<std::uint32_t, 25>, 4> cross{};
            std::uint32_t sum = 0;
            for (std::size_t p = from; p < from + count; ++p) {
                ++cross[p % 4][(out.stars[p] - 1U) * 5U + out.other_stars[p] - 1U];
                sum += out.total[p];
            }
            for (std::size_t i = 0; i < 25; ++i)
                for (const auto& one : cross) mine.found.cross[i] += one[i];
            mine.found.sum += sum;
            const ocop::batch_columns& got = jobs[0].out;
            mine.top.push_all({got.stars, got.sheets, got.total, got.parts}, by, from);
        }
    });
    for (std::size_t t = 1; t < threads; ++t) {
        for (std::size_t i = 0; i < 25; ++i) parts[0].found.cross[i] += parts[t].found.cross[i];
        parts[0].found.sum += parts[t].found.sum;
        parts[0].top.merge(parts[t].top);
    }
    for (const ocop::placed& one : parts[0].top.list()) parts[0].found.top.push_back(one.id);
    return parts[0].found;
}

/// The same written plainly: loops over products, members and criteria, one full sort.
answer_of_round plainly(std::span<const std::uint8_t> ratings, std::size_t products) {
    struct entry {
        int total;
        int part;
        std::uint32_t id;
    };
    answer_of_round found;
    std::vector<entry> entries(products);
    int largest = 0;
    for (std::size_t c = 0; c < criteria; ++c) largest += most[c] * weight(c);
    const auto stars_of = [](int points, int full, const std::array<int, criteria>& sums,
                             auto& marks) {
        int stars = 1;
        for (const int from : {30, 50, 70, 90})
            if (100 * points >= from * full) ++stars;
        for (const mandatory& m : marks)
            if (sums[m.criterion] < static_cast<int>(members) * m.least)
                stars = std::min(stars, m.stars - 1);
        return stars;
    };
    for (std::size_t p = 0; p < products; ++p) {
        std::array<int, criteria> sums{};
        for (std::size_t m = 0; m < members; ++m)
            for (std::size_t c = 0; c < criteria; ++c)
                sums[c] += ratings[(p * members + m) * criteria + c];
        int total = 0;
        int part = 0;
        int weighted = 0;
        for (std::size_t c = 0; c < criteria; ++c) {
            total += sums[c];
            if (c < 10) part += sums[c];
            weighted += weight(c) * sums[c];
        }
        const int n = static_cast<int>(members);
        const int one = stars_of(total, n * 100, sums, first_marks);
        const int two = stars_of(weighted, n * largest, sums, second_marks);
        ++found.cross[static_cast<std::size_t>((one - 1) * 5 + two - 1)];
        found.sum += static_cast<std::uint64_t>(total);
        entries[p] = {total, part, static_cast<std::uint32_t>(p)};
    }
    std::sort(entries.begin(), entries.end(), [](const entry& a, const entry& b) {
        if (a.total != b.total) return a.total > b.total;
        if (a.part != b.part) return a.part > b.part;
        return a.id < b.id;
    });
    for (std::size_t i = 0; i < std::min(best, products); ++i) found.top.push_back(entries[i].id);
    return found;
}

void show(const char* name, const answer_of_round& found, double seconds, double bound) {
    std::printf("{\"impl\":\"%s\",\"sec\":%.5f,\"times_reading\":%.2f,\"sum\":%llu,"
                "\"top\":\"%016llx\",\"cross\":[",
                name, seconds, seconds / bound, static_cast<unsigned long long>(found.sum),
                static_cast<unsigned long long>(hash_of(found.top)));
    for (std::size_t i = 0; i < 25; ++i)
        std::printf("%s%llu", i == 0 ? "" : ",", static_cast<unsigned long long>(found.cross[i]));
    std::printf("]}\n");
    std::fflush(stdout);
}

bool run_round(const std::string& file, std::size_t products, int passes) {
    memory data(products * members * criteria);
    if (!file.empty()) {
        std::FILE* in = std::fopen(file.c_str(), "rb");
        if (in == nullptr ||
            std::fread(data.span().data(), 1, data.span().size(), in) != data.span().size()) {
            std::fprintf(stderr, "%s does not hold %zu products\n", file.c_str(), products);
            return false;
        }
        std::fclose(in);
    } else {
        std::mt19937 random(20260522);
        for (std::size_t p = 0; p < products; ++p) {
            const auto height = static_cast<std::uint32_t>(random() % 100);
            for (std::size_t i = 0; i < members * criteria; ++i) {
                const auto top = static_cast<std::uint32_t>(most[i % criteria]);
                data.span()[p * members * criteria + i] =
                    static_cast<std::uint8_t>(random() % 100 < height ? top : random() % (top + 1));
            }
        }
    }
    const std::span<const std::uint8_t> ratings = data.span();
    const ocop::verdict_rules first = first_rules();
    const ocop::verdict_rules second(rules_of(second_marks, weight));
    columns out(products);
    volatile std::uint64_t sink = 0;
    answer_of_round one;
    answer_of_round two;
    // Alternating, so that a disturbance meets all of them.
    double bound = 1e9;
    double bound_two = 1e9;
    double ours = 1e9;
    double ours_two = 1e9;
    const ocop::in_threads pair(2);
    for (int pass = 0; pass < passes; ++pass) {
        bound = std::min(bound, least_time(1, [&] { sink = sink + read_all(ratings); }));
        ours =
            std::min(ours, least_time(1, [&] { one = national(first, second, ratings, out, 1); }));
        bound_two = std::min(bound_two, least_time(1, [&] {
                                 std::array<std::uint64_t, 2> halves{};
                                 pair(2, [&](std::size_t t) {
                                     halves[t] = read_all(ratings.subspan(ratings.size() / 2 * t,
                                                                          ratings.size() / 2));
                                 });
                                 sink = sink + halves[0] + halves[1];
                             }));
        ours_two = std::min(ours_two,
                            least_time(1, [&] { two = national(first, second, ratings, out, 2); }));
    }
    std::printf("{\"impl\":\"reading_1t\",\"sec\":%.5f}\n{\"impl\":\"reading_2t\",\"sec\":%.5f}\n",
                bound, bound_two);
    show("ocop_1t", one, ours, bound);
    show("ocop_2t", two, ours_two, bound_two);
    answer_of_round plain;
    const double plain_time = least_time(2, [&] { plain = plainly(ratings, products); });
    show("plain_1t", plain, plain_time, bound);
    if (one == plain && two == plain) return true;
    std::fprintf(stderr, "the answers differ\n");
    return false;
}

/// Valid random sheets of a bundled card, and the time of its verdicts beside reading them.
bool run_cards(std::size_t products, int passes) {
    std::vector<double> ratios;
    for (const ocop::regulation& under : ocop::bundled_regulations().regulations())
        for (const ocop::scorecard& card : under.scorecards()) {
            ocop::council sitting;
            for (std::size_t m = 1; m <= members; ++m)
                sitting.members.push_back({std::to_string(m), ocop::council_role::member});
            const ocop::verdict_rules rules(under, card, sitting);
            const std::size_t size = card.size();
            memory data(products * members * size);
            std::mt19937 random(1);
            // A block of random products, repeated: it is the reading that is measured.
            const std::size_t block = std::min<std::size_t>(products, 5000) * members;
            for (std::size_t s = 0; s < products * members; ++s) {
                std::uint8_t* row = data.span().data() + s * size;
                if (s >= block) {
                    std::memcpy(row, row - block * size, size);
                    continue;
                }
                for (std::size_t i = 0; i < size; ++i) {
                    row[i] = static_cast<std::uint8_t>(random() % (rules.highest_code(i) + 1));
                    const auto on = rules.tables().criteria[i].condition;
                    if (on && rules.value(*on, row[*on]) == 0) row[i] = ocop::no_answer;
                }
            }
            columns out(products);
            ocop::sheet_batch batch;
            batch.answers = data.span();
            batch.products = products;
            batch.members = members;
            volatile std::uint64_t sink = 0;
            double bound = 1e9;
            double ours = 1e9;
            for (int pass = 0; pass < passes; ++pass) {
                bound =
                    std::min(bound, least_time(1, [&] { sink = sink + read_all(batch.answers); }));
                ours = std::min(ours, least_time(1, [&] {
                                    ocop::assess_batch(rules, batch, out.part(0, products),
                                                       ocop::in_this_thread{}, ocop::fast_kernel);
                                }));
            }
            columns twin(products);
            ocop::assess_batch(rules, batch, twin.part(0, products), ocop::in_threads(2));
            if (twin.stars != out.stars || twin.total != out.total || twin.missed != out.missed) {
                std::fprintf(stderr, "%s: the kernels differ\n", under.card_id(card.set()).c_str());
                return false;
            }
            ratios.push_back(ours / bound);
            std::printf("{\"card\":\"%s\",\"criteria\":%zu,\"marks\":%zu,\"ns_a_product\":%.2f,"
                        "\"times_reading\":%.2f}\n",
                        under.card_id(card.set()).c_str(), size, rules.tables().marks.size(),
                        ours / static_cast<double>(products) * 1e9, ours / bound);
            std::fflush(stdout);
        }
    std::sort(ratios.begin(), ratios.end());
    std::printf("{\"cards\":%zu,\"least\":%.2f,\"median\":%.2f,\"largest\":%.2f}\n", ratios.size(),
                ratios.front(), ratios[ratios.size() / 2], ratios.back());
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    std::string file;
    std::size_t products = 1000000;
    std::size_t cards = 0;
    int passes = 9;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--ratings") file = argv[i + 1];
        if (option == "--products") products = std::strtoull(argv[i + 1], nullptr, 10);
        if (option == "--cards") cards = std::strtoull(argv[i + 1], nullptr, 10);
        if (option == "--passes") passes = std::atoi(argv[i + 1]);
    }
    std::printf("{\"target\":\"%s\"}\n", ocop::fast_kernel_target());
    if (products != 0 && !run_round(file, products, passes)) return 1;
    if (cards != 0 && !run_cards(cards, passes)) return 1;
    return 0;
}
