// The registry beside SQLite: a million products of real communes, made from a seed, in both, in one run.
// The same questions, the answers compared, one line of JSON a measurement.
//
//   ocop_bench_registry [--products N] [--passes N]
//
// SQLite holds the rows in memory, with indexes for what is asked and an FTS5 index of the names,
// whose text is already folded (FTS5 does not know đ). It is told states as the library works them
// out: intervals with star and last valid day.
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/fold.hpp"
#include "ocop/communes/bundled_units.hpp"
#include "ocop/registry/registry.hpp"
#include "workload.hpp"

namespace {

using namespace ocop;
using workload::now;

struct made_product {
    std::string name;
    std::uint64_t producer;
    unit_ref place;
    int set;
    date on;
    int star;
};

struct national {
    std::vector<std::pair<std::string, producer_kind>> producers;
    std::vector<made_product> products;
};

national make(std::size_t count) {
    std::mt19937_64 random(20260522);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    static const std::vector<const char*> goods{
        "Mật ong",           "Chè",           "Gạo",      "Rượu ngô", "Nước mắm", "Miến dong",
        "Thịt trâu gác bếp", "Tinh dầu",      "Cà phê",   "Bưởi",     "Mắm tôm",  "Nấm hương",
        "Trà túi lọc",       "Bánh đa",       "Hạt điều", "Cá kho",   "Tỏi đen",  "Lạp sườn",
        "Khô cá lóc",        "Đường thốt nốt"};
    static const std::vector<const char*> kinds{
        "hữu cơ", "sấy dẻo", "đặc sản",     "truyền thống", "nguyên chất",
        "rừng",   "hòa tan", "thượng hạng", "Tây Bắc",      "Đông Trùng"};
    std::vector<const unit*> places;
    for (edition e : {edition::e2023_01, edition::e2025_03, edition::e2025_07})
        for (const unit& u : bundled_units().units(e, unit_level::commune)) places.push_back(&u);
    national all;
    const std::size_t producers = count * 100 / 184;  // 1.84 products a producer (facts, 5.1)
    for (std::size_t i = 0; i < producers; ++i)
        all.producers.emplace_back("HTX " + std::string(places[below(places.size())]->name) + " " +
                                       std::to_string(below(900)),
                                   static_cast<producer_kind>(below(13)));
    for (std::size_t i = 0; i < count; ++i) {
        const unit& at = *places[below(places.size())];
        made_product p{std::string(goods[below(goods.size())]) + " " + kinds[below(kinds.size())] +
                           " " + std::string(at.name),
                       1 + below(producers),
                       at.ref(),
                       static_cast<int>(1 + below(26)),
                       date(2020, 1, 1) + boost::gregorian::days(static_cast<long>(below(2500))),
                       below(100) < 74   ? 3
                       : below(100) < 96 ? 4
                                         : 5};
        all.products.push_back(std::move(p));
    }
    return all;
}

void must(int status, int wanted, sqlite3* db) {
    if (status == wanted) return;
    std::fprintf(stderr, "SQLite: %s\n", sqlite3_errmsg(db));
    std::exit(3);
}

class database {
public:
    database() {
        must(sqlite3_open(":memory:", &db_), SQLITE_OK, db_);
        run("PRAGMA journal_mode=OFF");
        run("PRAGMA synchronous=OFF");
    }
    database(const database&) = delete;
    database& operator=(const database&) = delete;
    ~database() { sqlite3_close(db_); }
    void run(const char* sql) {
        must(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), SQLITE_OK, db_);
    }
    sqlite3_stmt* prepare(const char* sql) {
        sqlite3_stmt* made = nullptr;
        must(sqlite3_prepare_v2(db_, sql, -1, &made, nullptr), SQLITE_OK, db_);
        return made;
    }
    [[nodiscard]] sqlite3* get() const { return db_; }

private:
    sqlite3* db_ = nullptr;
};

/// Rows of numbers that a query gives, added into one.
struct result {
    std::uint64_t rows = 0;
    std::uint64_t sum = 0;
    friend bool operator==(const result&, const result&) = default;
};

std::uint64_t mix(std::uint64_t x) { return (x ^ x >> 31U) * 0x9E3779B97F4A7C15U; }

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

bool all_same = true;

template <class Ours, class Theirs>
void compare(const char* what, int passes, const Ours& ours, const Theirs& theirs) {
    result a;
    result b;
    const double mine = least_time(passes, [&] { a = ours(); });
    const double other = least_time(std::max(1, passes / 2), [&] { b = theirs(); });
    all_same = all_same && a == b;
    std::printf("{\"query\":\"%s\",\"ocop_ms\":%.3f,\"sqlite_ms\":%.3f,\"times\":%.1f,"
                "\"rows\":%llu,\"same\":%s}\n",
                what, mine * 1e3, other * 1e3, other / mine,
                static_cast<unsigned long long>(a.rows), a == b ? "true" : "false");
    std::fflush(stdout);
}

std::uint64_t size_option(int argc, char** argv, const char* name, std::uint64_t otherwise) {
    for (int i = 1; i + 1 < argc; ++i)
        if (std::strcmp(argv[i], name) == 0) return std::strtoull(argv[i + 1], nullptr, 10);
    return otherwise;
}

/// The answer of a query that groups: pairs of codes with a count.
result rows_of(sqlite3_stmt* s, sqlite3* db) {
    result made;
    int step = 0;
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        ++made.rows;
        std::uint64_t row = 0;
        for (int c = 0; c < sqlite3_column_count(s); ++c)
            row = mix(row + static_cast<std::uint64_t>(sqlite3_column_int64(s, c)));
        made.sum += row;
    }
    must(step, SQLITE_DONE, db);
    sqlite3_reset(s);
    return made;
}

result groups_of(const std::vector<group_count>& groups) {
    result made;
    for (const group_count& g : groups) {
        ++made.rows;
        std::uint64_t row = 0;
        for (const group_value& v : g.values)
            row = mix(row + std::strtoull(v.code.c_str(), nullptr, 10));
        made.sum += mix(row + g.count);
    }
    return made;
}

result products_of(const std::vector<product_id>& ids) {
    result made;
    for (product_id id : ids) made.sum += mix(id.value());
    made.rows = ids.size();
    return made;
}

}  // namespace

int main(int argc, char** argv) {
    const auto count = static_cast<std::size_t>(size_option(argc, argv, "--products", 1000000));
    const auto passes = static_cast<int>(size_option(argc, argv, "--passes", 5));
    const national all = make(count);
    (void)bundled_units();

    // Both take the same rows; SQLite's are bound from memory, ours are events with every check.
    double start = now();
    registry r(bundled_units());
    {
        registry_sizes room;
        room.producers = all.producers.size();
        room.products = all.products.size();
        room.certificate_entries = all.products.size();
        room.events = room.producers + 2 * room.products;
        r.reserve(room);
        std::uint64_t number = 0;
        std::uint64_t id = 0;
        const date first(2020, 1, 1);
        for (const auto& [name, kind] : all.producers) {
            producer p;
            p.name = name;
            p.kind = kind;
            r.apply({{1, ++number}, first, 0, put<producer>{producer_id(++id), std::move(p)}, {}});
        }
        id = 0;
        for (const made_product& m : all.products) {
            product p{m.name,
                      producer_id(m.producer),
                      product_set(set_generation::of_2023, m.set),
                      m.place,
                      {},
                      {},
                      {}};
            r.apply({{1, ++number}, m.on, 0, put<product>{product_id(++id), std::move(p)}, {}});
            certificate_event e;
            e.on = m.on;
            e.stars = stars(m.star);
            r.apply({{1, ++number},
                     m.on,
                     0,
                     certificate_recorded{product_id(id), std::move(e), {}, {}, {}},
                     {}});
        }
    }
    const double ours = now() - start;

    start = now();
    database db;
    db.run("CREATE TABLE producer (id INTEGER PRIMARY KEY, name TEXT, folded TEXT, kind INTEGER)");
    db.run(
        "CREATE TABLE place (id INTEGER PRIMARY KEY, edition INTEGER, code TEXT, province INTEGER,"
        " today INTEGER)");
    db.run(
        "CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT, producer INTEGER REFERENCES "
        "producer, place INTEGER REFERENCES place, today INTEGER, item_set INTEGER, folded TEXT)");
    db.run("CREATE TABLE certificate (product INTEGER REFERENCES product, first_day INTEGER, "
           "last_day INTEGER, stars INTEGER, decision TEXT)");
    db.run("CREATE VIRTUAL TABLE names USING fts5(folded, content='', prefix='2 3')");
    db.run("BEGIN");
    {
        sqlite3_stmt* into_producer = db.prepare("INSERT INTO producer VALUES (?,?,?,?)");
        sqlite3_stmt* into_product = db.prepare("INSERT INTO product VALUES (?,?,?,?,?,?,?)");
        sqlite3_stmt* into_certificate = db.prepare("INSERT INTO certificate VALUES (?,?,?,?,'')");
        sqlite3_stmt* into_names = db.prepare("INSERT INTO names (rowid, folded) VALUES (?,?)");
        const auto run = [&](sqlite3_stmt* s) {
            must(sqlite3_step(s), SQLITE_DONE, db.get());
            sqlite3_reset(s);
        };
        const auto text = [&](sqlite3_stmt* s, int at, const std::string& value) {
            sqlite3_bind_text(s, at, value.c_str(), static_cast<int>(value.size()), SQLITE_STATIC);
        };
        std::int64_t id = 0;
        for (const auto& [name, kind] : all.producers) {
            const std::string key = search_key(name);
            sqlite3_bind_int64(into_producer, 1, ++id);
            text(into_producer, 2, name);
            text(into_producer, 3, key);
            sqlite3_bind_int(into_producer, 4, static_cast<int>(kind));
            run(into_producer);
        }
        id = 0;
        for (const made_product& m : all.products) {
            const unit_today today = bundled_units().today(m.place);
            sqlite3_bind_int64(into_product, 1, ++id);
            text(into_product, 2, m.name);
            sqlite3_bind_int64(into_product, 3, static_cast<std::int64_t>(m.producer));
            sqlite3_bind_int64(into_product, 4,
                               static_cast<std::int64_t>(m.place.code.number()) * 4 +
                                   static_cast<int>(m.place.in));
            sqlite3_bind_int(
                into_product, 5,
                today.province.unit ? static_cast<int>(today.province.unit->code.number()) : 0);
            sqlite3_bind_int(into_product, 6, m.set);
            const std::string key = search_key(m.name);
            text(into_product, 7, key);
            run(into_product);
            sqlite3_bind_int64(into_certificate, 1, id);
            sqlite3_bind_int64(into_certificate, 2, count_of(m.on));
            sqlite3_bind_int64(into_certificate, 3, count_of(*last_valid_day(m.on)));
            sqlite3_bind_int(into_certificate, 4, m.star);
            run(into_certificate);
            sqlite3_bind_int64(into_names, 1, id);
            text(into_names, 2, key);
            run(into_names);
        }
        for (sqlite3_stmt* s : {into_producer, into_product, into_certificate, into_names})
            sqlite3_finalize(s);
    }
    db.run("CREATE INDEX product_producer ON product (producer)");
    db.run("CREATE INDEX product_today ON product (today, item_set, id)");
    db.run("CREATE INDEX certificate_product ON certificate (product, first_day, last_day, stars)");
    db.run("CREATE INDEX certificate_last ON certificate (last_day, first_day, stars, product)");
    db.run("CREATE INDEX certificate_first ON certificate (first_day, last_day, stars, product)");
    db.run("COMMIT");
    db.run("ANALYZE");
    const double theirs = now() - start;
    std::printf("{\"products\":%zu,\"producers\":%zu,\"events\":%zu,\"import_ocop_s\":%.2f,"
                "\"import_sqlite_s\":%.2f,\"ocop_bytes_a_product\":%.0f,"
                "\"sqlite_bytes_a_product\":%.0f}\n",
                all.products.size(), all.producers.size(), r.journal().size(), ours, theirs,
                static_cast<double>(r.memory()) / static_cast<double>(count),
                static_cast<double>(sqlite3_memory_used()) / static_cast<double>(count));
    std::fflush(stdout);

    const date on(2025, 10, 1);
    const auto day = static_cast<std::int64_t>(count_of(on));
    query valid(on);
    valid.states = states_in_force;
    const auto with_day = [&](const char* sql) {
        sqlite3_stmt* s = db.prepare(sql);
        sqlite3_bind_int64(s, 1, day);
        return s;
    };

    sqlite3_stmt* s =
        with_day("SELECT count(*) FROM certificate WHERE first_day<=?1 AND last_day>=?1");
    compare(
        "in force on a day, counted", passes,
        [&] {
            const std::uint64_t n = r.count(valid);
            return result{1, mix(n)};
        },
        [&] { return rows_of(s, db.get()); });
    sqlite3_finalize(s);

    s = with_day("SELECT p.today, c.stars, count(*) FROM certificate c JOIN product p ON "
                 "p.id=c.product WHERE c.first_day<=?1 AND c.last_day>=?1 GROUP BY 1,2");
    compare(
        "in force by today's province and star", passes,
        [&] {
            return groups_of(r.count_by(valid, {group_key::province_today, group_key::stars}));
        },
        [&] { return rows_of(s, db.get()); });
    sqlite3_finalize(s);

    s = with_day(
        "SELECT w.kind, count(*) FROM certificate c JOIN product p ON p.id=c.product JOIN "
        "producer w ON w.id=p.producer WHERE c.first_day<=?1 AND c.last_day>=?1 GROUP BY 1");
    compare(
        "in force by kind of producer", passes,
        [&] {
            result made;
            for (const group_count& g : r.count_by(valid, {group_key::kind})) {
                ++made.rows;
                made.sum += mix(
                    mix(static_cast<std::uint64_t>(*from_name<producer_kind>(g.values[0].code))) +
                    g.count);
            }
            return made;
        },
        [&] { return rows_of(s, db.get()); });
    sqlite3_finalize(s);

    query soon(on);
    soon.states = states_in_force;
    soon.expiring_within = 90;
    s = with_day("SELECT count(*) FROM certificate WHERE last_day BETWEEN ?1 AND ?1+90 AND "
                 "first_day<=?1");
    compare(
        "expiring in 90 days, counted", passes,
        [&] {
            return result{1, mix(r.count(soon))};
        },
        [&] { return rows_of(s, db.get()); });
    sqlite3_finalize(s);
    s = with_day("SELECT product FROM certificate WHERE last_day BETWEEN ?1 AND ?1+90 AND "
                 "first_day<=?1 ORDER BY product");
    compare(
        "expiring in 90 days, listed", passes, [&] { return products_of(r.select(soon)); },
        [&] { return rows_of(s, db.get()); });
    sqlite3_finalize(s);

    query there(on);
    there.states = states_in_force;
    there.within = unit_ref{unit_code::parse("86"), latest_edition};
    s = with_day("SELECT p.id FROM product p JOIN certificate c ON c.product=p.id WHERE p.today=86 "
                 "AND c.first_day<=?1 AND c.last_day>=?1 ORDER BY p.id");
    compare(
        "in force in a province of today, listed", passes,
        [&] { return products_of(r.select(there)); }, [&] { return rows_of(s, db.get()); });
    sqlite3_finalize(s);
    there.sets = {product_set(set_generation::of_2023, 4)};
    there.with_stars = {stars(4)};
    s = with_day(
        "SELECT p.id FROM product p JOIN certificate c ON c.product=p.id WHERE p.today=86 "
        "AND p.item_set=4 AND c.stars=4 AND c.first_day<=?1 AND c.last_day>=?1 ORDER BY p.id");
    compare(
        "4 stars of one set in a province of today", passes,
        [&] { return products_of(r.select(there)); }, [&] { return rows_of(s, db.get()); });
    sqlite3_finalize(s);

    std::vector<product_id> some;
    std::mt19937_64 random(7);
    for (int i = 0; i < 1000; ++i) some.emplace_back(1 + random() % count);
    s = db.prepare(
        "SELECT count(*) FROM certificate WHERE product=?1 AND first_day<=?2 AND last_day>=?2");
    compare(
        "state of a product, a thousand times", passes,
        [&] {
            result made;
            for (product_id id : some) made.sum += r.standing(id, on).stars.has_value() ? 1U : 0U;
            return made;
        },
        [&] {
            result made;
            for (product_id id : some) {
                sqlite3_bind_int64(s, 1, static_cast<std::int64_t>(id.value()));
                sqlite3_bind_int64(s, 2, day);
                must(sqlite3_step(s), SQLITE_ROW, db.get());
                made.sum += static_cast<std::uint64_t>(sqlite3_column_int64(s, 0));
                sqlite3_reset(s);
            }
            return made;
        });
    sqlite3_finalize(s);

    // The best 20 of the products with every word of a text in their names, the last perhaps the start of
    // one: the whole name, its start, words together, words anywhere; then the shortest.
    s = db.prepare("SELECT p.id FROM names n JOIN product p ON p.id=n.rowid WHERE names MATCH ?1 "
                   "ORDER BY CASE "
                   "WHEN p.folded=?2 THEN 0 WHEN substr(p.folded,1,length(?2))=?2 THEN 1 WHEN "
                   "instr(p.folded,' '||?2)>0 THEN 2 ELSE 3 END, length(p.folded), p.id LIMIT 20");
    for (const char* text : {"mat ong rung", "thot not dac san ben tre", "ca phe tay bac xa muong",
                             "mat ong", "luong"}) {
        std::string match;
        const std::string key = search_key(text);
        for (std::size_t from = 0; from <= key.size();) {
            const std::size_t end = std::min(key.find(' ', from), key.size());
            match += (from > 0 ? " AND " : "") + ("\"" + key.substr(from, end - from) + "\"");
            from = end + 1;
        }
        match += "*";
        search_options options;
        options.producers = false;
        compare((std::string("search, the best 20: ") + text).c_str(), passes,
                [&] {
                    std::vector<product_id> ids;
                    for (const search_hit& hit : r.search(text, options))
                        if (hit.grade != match_grade::substring) ids.push_back(*hit.product);
                    return products_of(ids);
                },
                [&] {
                    sqlite3_bind_text(s, 1, match.c_str(), static_cast<int>(match.size()),
                                      SQLITE_STATIC);
                    sqlite3_bind_text(s, 2, key.c_str(), static_cast<int>(key.size()),
                                      SQLITE_STATIC);
                    return rows_of(s, db.get());
                });
    }
    sqlite3_finalize(s);

    start = now();
    const registry copy = r;
    const double copied = now() - start;
    start = now();
    const bool equal = copy == r;
    std::printf("{\"copy_ms\":%.1f,\"compare_ms\":%.1f,\"equal\":%s,\"all_same\":%s}\n",
                copied * 1e3, (now() - start) * 1e3, equal ? "true" : "false",
                all_same ? "true" : "false");
    return all_same && equal ? 0 : 1;
}
