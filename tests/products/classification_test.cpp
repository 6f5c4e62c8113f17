// Both generations of sets and what became of each.
#include <doctest/doctest.h>

#include <set>

#include "ocop/exchange/bundled.hpp"
#include "ocop/exchange/classification.hpp"
#include "ocop/products/classification.hpp"
#include "ocop/products/product.hpp"

using namespace ocop;

namespace {

constexpr auto g19 = set_generation::of_2019;
constexpr auto g23 = set_generation::of_2023;

std::vector<int> mapped(set_generation from, int set, set_generation to) {
    std::vector<int> list;
    for (const set_candidate& c : map_set(product_set(from, set), to))
        list.push_back(c.set ? c.set->number() : 0);
    return list;
}

}  // namespace

TEST_CASE("sets are 1 to 26 of a generation") {
    CHECK(product_set(g19, 26).number() == 26);
    CHECK(product_set(g19, 5) != product_set(g23, 5));
    for (int n : {0, -1, 27, 1000}) {
        CHECK_FALSE(product_set::from(g23, n));
        CHECK_THROWS_AS((void)product_set(g23, n), error);
    }
    CHECK(generation_of("1048-2019") == g19);
    CHECK(generation_of("148-2023") == generation_of("26-2026"));
    CHECK_FALSE(generation_of("490-2018"));
}

TEST_CASE(
    "the bundled regulations give a classification each, with the labels of their scorecards") {
    for (const regulation& r : bundled_regulations().regulations()) {
        const auto all = classification_of(r);
        REQUIRE_MESSAGE(all, r.id());
        CHECK(all->sectors().size() == 6);
        for (int set = 1; set <= 26; ++set) {
            const set_place at = all->find(set);
            REQUIRE(at.set != nullptr);
            CHECK(at.set->text == r.card(set).document().text);
            CHECK(at.sector->no == r.card(set).document().sector);
            CHECK(at.group->no == r.card(set).document().group);
        }
        CHECK(all->find(0).set == nullptr);
        CHECK(all->find(27).set == nullptr);
    }
    const auto sectors = [](const char* id) {
        std::vector<std::string> list;
        const auto all = classification_of(*bundled_regulations().find(id));
        for (const auto& s : all->sectors()) list.push_back(s.text.vi);
        return list;
    };
    // Fabric and garments were a sector of their own; ornamental organisms had none.
    CHECK(sectors("1048-2019")[4] == "Vải, may mặc");
    CHECK(sectors("26-2026")[4] == "Sinh vật cảnh");
}

TEST_CASE("sets that the labels of both generations share are mapped to each other") {
    // Read from the labels by hand.
    CHECK(mapped(g19, 1, g23) == std::vector<int>{1});
    CHECK(mapped(g19, 4, g23) == std::vector<int>{4, 8});
    CHECK(mapped(g19, 9, g23) == std::vector<int>{8, 2});
    CHECK(mapped(g19, 10, g23) == std::vector<int>{9});
    CHECK(mapped(g19, 14, g23) == std::vector<int>{13});
    CHECK(mapped(g19, 19, g23) == std::vector<int>{18});
    CHECK(mapped(g19, 21, g23) == std::vector<int>{0});
    CHECK(mapped(g19, 23, g23) == std::vector<int>{21});
    CHECK(mapped(g19, 24, g23) == std::vector<int>{21});
    CHECK(mapped(g19, 25, g23) == std::vector<int>{22});
    CHECK(mapped(g19, 26, g23) == std::vector<int>{26});
    CHECK(mapped(g23, 8, g19) == std::vector<int>{8, 9, 4, 0});
    CHECK(mapped(g23, 21, g19) == std::vector<int>{23, 24});
    CHECK(mapped(g23, 23, g19) == std::vector<int>{0});
    CHECK(mapped(g23, 13, g19) == std::vector<int>{14});
}

TEST_CASE("every set has an answer, main sets first, and the mapping reads the same both ways") {
    for (set_generation from : {g19, g23})
        for (int set = 1; set <= 26; ++set) {
            const set_generation to = from == g19 ? g23 : g19;
            const auto list = map_set(product_set(from, set), to);
            REQUIRE_FALSE(list.empty());
            CHECK(list.front().main);
            std::set<int> seen;
            for (std::size_t i = 0; i < list.size(); ++i) {
                CHECK(list[i].known == status::inferred);
                CHECK_FALSE(list[i].note.vi.empty());
                CHECK_FALSE(list[i].note.en.empty());
                if (i > 0) CHECK(list[i - 1].main >= list[i].main);
                CHECK(seen.insert(list[i].set ? list[i].set->number() : 0).second);
                if (!list[i].set) continue;
                CHECK(list[i].set->generation() == to);
                bool back = false;
                for (const set_candidate& c : map_set(*list[i].set, from))
                    back = back || c.set == product_set(from, set);
                CHECK(back);
            }
            CHECK(map_set(product_set(from, set), from).front().set == product_set(from, set));
        }
}

TEST_CASE("sets with equal labels are each other's main set") {
    const auto& old = *bundled_regulations().find("1048-2019");
    for (const char* id : {"148-2023", "26-2026"}) {
        const auto& now = *bundled_regulations().find(id);
        int equal = 0;
        for (int a = 1; a <= 26; ++a)
            for (int b = 1; b <= 26; ++b)
                if (old.card(a).document().text.vi == now.card(b).document().text.vi) {
                    ++equal;
                    CHECK(mapped(g19, a, g23).front() == b);
                    CHECK(mapped(g23, b, g19).front() == a);
                }
        CHECK(equal >= 8);
    }
}

TEST_CASE("a classification names each set once") {
    const auto make = [](std::vector<int> numbers) {
        classification_group g{"1", {"Nhóm", "Group"}, {}};
        for (int n : numbers) g.sets.push_back({n, {"Bộ", "Set"}});
        problems found;
        (void)classification::try_make(g23, {{"I", {"Ngành", "Sector"}, {g}}}, found);
        std::vector<int> codes;
        for (const problem& p : found) codes.push_back(static_cast<int>(p.code));
        return codes;
    };
    std::vector<int> all;
    for (int n = 1; n <= 26; ++n) all.push_back(n);
    CHECK(make(all).empty());
    all.push_back(27);
    all.push_back(3);
    CHECK(make(all) == std::vector<int>{206, 403});
    all = {1};
    CHECK(make(all) == std::vector<int>(25, 405));
    CHECK_THROWS_AS((void)classification(g23, {}), error);
}

TEST_CASE("products: variants are told once, the chain is checked too") {
    product p{.name = "Kẹo dừa", .producer = producer_id(1)};
    p.variants = {{"Kẹo dừa sầu riêng"}, {"Kẹo dừa ca cao"}, {"Kẹo dừa ca cao", "400 g"}};
    problems found;
    validate(p, found, "/p");
    CHECK(found.empty());
    p.variants.push_back({"Kẹo dừa sầu riêng"});
    p.variants.push_back({" "});
    p.chain.areas = {{"dừa", share::percent(60)}, {"sầu riêng", share::percent(50)}};
    validate(p, found, "/p");
    REQUIRE(found.size() == 3);
    CHECK(found[0].where.pointer == "/p/variants/3");
    CHECK(found[0].code == problem_code::repeated_record);
    CHECK(found[1].where.pointer == "/p/variants/4/name");
    CHECK(found[2].where.pointer == "/p/chain/areas");
    CHECK(found[2].code == problem_code::contradiction);
    CHECK(found[2].value == "110.00");
}
