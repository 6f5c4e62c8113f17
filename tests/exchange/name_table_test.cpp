// Names and their numbers, also where a hostile input makes every name share one hash.
#include "../../src/exchange/name_table.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

using ocop::detail::hash_of;
using ocop::detail::name_table;

/// \p count names of 16 printable letters with one hash: the second word undoes the first.
std::vector<std::string> colliding(std::size_t count) {
    std::mt19937_64 rng(1);
    constexpr std::uint64_t aim = 0x4142434445464748U;
    std::vector<std::string> made;
    std::unordered_set<std::string> seen;
    while (made.size() < count) {
        std::string name(16, 'a');
        for (std::size_t i = 0; i < 8; ++i) name[i] = static_cast<char>('a' + rng() % 26);
        const std::uint64_t half =
            ocop::detail::mix_word(name.size(), ocop::detail::load_word(name.data()));
        const std::uint64_t second = half ^ aim;
        bool plain = true;
        for (std::size_t i = 0; i < 8; ++i) {
            name[8 + i] = static_cast<char>(second >> (8 * i) & 0xFFU);
            plain = plain && name[8 + i] > ',' && name[8 + i] < 0x7F;
        }
        if (plain && seen.insert(name).second) made.push_back(name);
    }
    return made;
}

}  // namespace

TEST_CASE("names keep the number they were given") {
    std::mt19937 rng(7);
    name_table table;
    std::unordered_map<std::string, std::uint32_t> wanted;
    for (int k = 0; k < 40000; ++k) {
        std::string name = std::to_string(rng() % 10000);
        if (rng() % 4 == 0) name += std::string(rng() % 30, 'x');
        if (rng() % 1000 == 0) name += std::string(40000, 'y');
        const auto [at, is_new] = wanted.emplace(name, static_cast<std::uint32_t>(wanted.size()));
        REQUIRE(table.number(name) == at->second);
        CHECK(table.size() == wanted.size());
        CHECK((!is_new || at->second + 1 == wanted.size()));
    }
    for (const auto& [name, number] : wanted) CHECK(table.name(number) == name);
    CHECK(table.number("") == wanted.size());
    CHECK(table.number("") == wanted.size());
}

TEST_CASE("names with one hash on purpose: no number is lost, and no square of time") {
    const std::vector<std::string> names = colliding(3000);
    for (const std::string& name : names) REQUIRE(hash_of(name) == hash_of(names[0]));
    name_table table;
    // Others between them, so that the table grows while the tree holds names.
    for (std::size_t k = 0; k < names.size(); ++k) {
        CHECK(table.number(names[k]) == 2 * k);
        CHECK(table.number(std::to_string(k)) == 2 * k + 1);
    }
    for (std::size_t k = 0; k < names.size(); ++k) {
        CHECK(table.number(names[k]) == 2 * k);
        CHECK(table.number(std::to_string(k)) == 2 * k + 1);
        CHECK(table.name(2 * k) == names[k]);
    }
    CHECK(table.size() == 2 * names.size());
}
