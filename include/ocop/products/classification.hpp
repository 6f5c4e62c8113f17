/// \file classification.hpp
/// The classification of products (phân loại sản phẩm): sectors, groups and the 26 sets of each of its
/// two generations, and which sets of one generation took over those of the other.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/status.hpp"

namespace ocop {

/// A generation of the 26 sets (bộ sản phẩm). 1048/QĐ-TTg has one; 148/QĐ-TTg and 26/2026/QĐ-TTg share
/// the other: the same 26 numbers under labels of one meaning (a reading of the labels).
enum class set_generation : std::uint8_t { of_2019, of_2023 };

template <>
struct names<set_generation> {
    static constexpr std::array<std::string_view, 2> all{"2019", "2023"};
};
template <>
struct terms<set_generation> {
    static constexpr std::array<term, 2> all{
        {{"phân loại năm 2019 (1048/QĐ-TTg)", "classification of 2019 (1048/QĐ-TTg)"},
         {"phân loại từ năm 2023 (148/QĐ-TTg, 26/2026/QĐ-TTg)",
          "classification since 2023 (148/QĐ-TTg, 26/2026/QĐ-TTg)"}}};
};

/// The generation that the regulation \p id counts its sets in ("1048-2019", "148-2023", "26-2026");
/// nothing for other regulations.
[[nodiscard]] constexpr std::optional<set_generation> generation_of(std::string_view id) noexcept {
    if (id == "1048-2019") return set_generation::of_2019;
    if (id == "148-2023" || id == "26-2026") return set_generation::of_2023;
    return std::nullopt;
}

/// A set of a generation: 1 to 26.
class product_set {
public:
    static constexpr int count = 26;

    /// \throws error (206) when \p number is not 1 to 26.
    constexpr product_set(set_generation generation, int number)
        : generation_(generation), number_(static_cast<std::uint8_t>(number)) {
        if (number < 1 || number > count) reject(number);
    }
    /// The set \p number of \p generation; nothing when it is not 1 to 26.
    [[nodiscard]] static constexpr std::optional<product_set> from(set_generation generation,
                                                                   std::int64_t number) noexcept {
        if (number < 1 || number > count) return std::nullopt;
        return product_set(generation, static_cast<int>(number));
    }

    [[nodiscard]] constexpr set_generation generation() const noexcept { return generation_; }
    [[nodiscard]] constexpr int number() const noexcept { return number_; }

    friend constexpr auto operator<=>(product_set, product_set) noexcept = default;

private:
    [[noreturn]] static void reject(int number) {
        const std::string text = std::to_string(number);
        throw error(
            detail::make_problem(problem_code::unknown_scorecard, "", text,
                                 detail::told("không có bộ sản phẩm số {0}: từ 1 đến 26",
                                              "there is no set {0}: give 1 to 26", {text})));
    }

    set_generation generation_;
    std::uint8_t number_;
};

/// A set in its place.
struct classified_set {
    int number = 0;
    label text;

    friend bool operator==(const classified_set&, const classified_set&) = default;
};
/// A group (nhóm) of sets.
struct classification_group {
    std::string no;  ///< within its sector: "1"
    label text;
    std::vector<classified_set> sets;

    friend bool operator==(const classification_group&, const classification_group&) = default;
};
/// A sector (ngành) of groups.
struct classification_sector {
    std::string no;  ///< "III"
    label text;
    std::vector<classification_group> groups;

    friend bool operator==(const classification_sector&, const classification_sector&) = default;
};

/// Where a set stands; pointers into the classification that was asked.
struct set_place {
    const classification_sector* sector = nullptr;
    const classification_group* group = nullptr;
    const classified_set* set = nullptr;
};

/// Sectors, groups and sets of one regulation, as data: exchange/classification.hpp gives those of the
/// bundled regulations.
class classification {
public:
    /// \throws error with every problem: a number outside 1 to 26 (206), a set that stands twice (403)
    /// or nowhere (405).
    classification(set_generation generation, std::vector<classification_sector> sectors)
        : generation_(generation), sectors_(std::move(sectors)) {
        problems found;
        check(found);
        if (has_errors(found)) throw error(std::move(found));
    }
    /// As the constructor; nothing and the problems in \p found where it would throw.
    [[nodiscard]] static std::optional<classification> try_make(
        set_generation generation, std::vector<classification_sector> sectors, problems& found) {
        classification made;
        made.generation_ = generation;
        made.sectors_ = std::move(sectors);
        problems mine;
        made.check(mine);
        const bool bad = has_errors(mine);
        for (problem& p : mine) found.push_back(std::move(p));
        if (bad) return std::nullopt;
        return made;
    }

    [[nodiscard]] set_generation generation() const noexcept { return generation_; }
    /// In printed order.
    [[nodiscard]] const std::vector<classification_sector>& sectors() const noexcept {
        return sectors_;
    }
    /// Where set \p number stands; null pointers when it is not 1 to 26. Linear in the sets.
    [[nodiscard]] set_place find(int number) const noexcept {
        for (const classification_sector& s : sectors_)
            for (const classification_group& g : s.groups)
                for (const classified_set& one : g.sets)
                    if (one.number == number) return {&s, &g, &one};
        return {};
    }

    friend bool operator==(const classification&, const classification&) = default;

private:
    classification() = default;

    void check(problems& found) const {
        std::array<int, product_set::count + 1> seen{};
        for (std::size_t s = 0; s < sectors_.size(); ++s)
            for (std::size_t g = 0; g < sectors_[s].groups.size(); ++g)
                for (std::size_t i = 0; i < sectors_[s].groups[g].sets.size(); ++i)
                    check(sectors_[s].groups[g].sets[i].number,
                          "/sectors/" + std::to_string(s) + "/groups/" + std::to_string(g) +
                              "/sets/" + std::to_string(i),
                          seen, found);
        for (int n = 1; n <= product_set::count; ++n)
            if (seen[static_cast<std::size_t>(n)] == 0)
                found.push_back(detail::make_problem(
                    problem_code::unknown_reference, "/sectors", std::to_string(n),
                    detail::told("không ngành nào xếp bộ {0}; hãy thêm vào một nhóm",
                                 "no sector has set {0}; add it to a group", {std::to_string(n)})));
    }
    static void check(int number, const std::string& pointer,
                      std::array<int, product_set::count + 1>& seen, problems& found) {
        const std::string text = std::to_string(number);
        if (number < 1 || number > product_set::count)
            found.push_back(
                detail::make_problem(problem_code::unknown_scorecard, pointer, text,
                                     detail::told("không có bộ sản phẩm số {0}: từ 1 đến 26",
                                                  "there is no set {0}: give 1 to 26", {text})));
        else if (seen[static_cast<std::size_t>(number)]++ != 0)
            found.push_back(detail::make_problem(
                problem_code::repeated_code, pointer, text,
                detail::told("bộ {0} đứng hai lần; hãy giữ một nhóm",
                             "set {0} stands twice; keep it in one group", {text})));
    }

    set_generation generation_ = set_generation::of_2023;
    std::vector<classification_sector> sectors_;
};

namespace detail {

/// A row of the mapping: what of set \ref old_set (2019) is set \ref new_set now (2023); 0: no set.
struct set_mapping_row {
    std::uint8_t old_set;
    std::uint8_t new_set;
    bool main;  ///< the set that most of it went to
    status known;
    term note;
};

/// Read from the labels and criteria of both generations; no decision prints such a table. Within a
/// set the main row stands first.
inline constexpr std::array<set_mapping_row, 36> set_mapping{{
    {1, 1, true, status::inferred, {"cùng tên", "same label"}},
    {2, 2, true, status::inferred, {"nay gồm cả thủy sản", "now with aquatic products"}},
    {3,
     3,
     true,
     status::inferred,
     {"nay gồm cả hạt sơ chế khác", "now with other primary-processed grains"}},
    {4, 4, true, status::inferred, {"mật ong, mật khác", "honey and other nectars"}},
    {4, 8, false, status::inferred, {"sản phẩm chế biến từ mật ong", "products made from honey"}},
    {5, 5, true, status::inferred, {"cùng tên", "same label"}},
    {6, 6, true, status::inferred, {"cùng tên", "same label"}},
    {7, 7, true, status::inferred, {"cùng tên", "same label"}},
    {7,
     3,
     false,
     status::inferred,
     {"nếu chỉ là hạt sơ chế", "where it is a grain or seed with primary processing only"}},
    {8,
     8,
     true,
     status::inferred,
     {"nay gồm cả thủy sản, mật ong", "now with aquatic products and honey"}},
    {9, 8, true, status::inferred, {"chế biến từ thủy sản", "made from aquatic products"}},
    {9, 2, false, status::inferred, {"nếu là thủy sản tươi", "where it is fresh aquatic produce"}},
    {10, 9, true, status::inferred, {"cùng tên", "same label"}},
    {11, 10, true, status::inferred, {"cùng tên", "same label"}},
    {12, 11, true, status::inferred, {"cùng tên", "same label"}},
    {13, 12, true, status::inferred, {"trà từ thực vật khác", "tea from other plants"}},
    {13,
     11,
     false,
     status::inferred,
     {"nếu làm từ cây chè", "where it is made from the tea plant"}},
    {14, 13, true, status::inferred, {"cùng tên", "same label"}},
    {15, 14, true, status::inferred, {"cùng tên", "same label"}},
    {16, 15, true, status::inferred, {"cùng tên", "same label"}},
    {17, 16, true, status::inferred, {"cùng nội dung", "same meaning"}},
    {18, 17, true, status::inferred, {"cùng tên", "same label"}},
    {19, 18, true, status::inferred, {"cùng nội dung", "same meaning"}},
    {20,
     19,
     true,
     status::inferred,
     {"mỹ phẩm có thành phần từ dược liệu", "cosmetics with herbal ingredients"}},
    {20,
     0,
     false,
     status::inferred,
     {"mỹ phẩm không từ dược liệu: không có bộ nào", "cosmetics without herbs: no set"}},
    {21,
     0,
     true,
     status::inferred,
     {"trang thiết bị, dụng cụ y tế: không có bộ nào từ năm 2023",
      "medical equipment: no set since 2023"}},
    {22,
     20,
     true,
     status::inferred,
     {"tinh dầu và dược liệu khác", "essential oils and other herbs"}},
    {23,
     21,
     true,
     status::inferred,
     {"gộp với thủ công mỹ nghệ gia dụng", "merged with household handicrafts"}},
    {24,
     21,
     true,
     status::inferred,
     {"gộp với thủ công mỹ nghệ trang trí", "merged with decorative handicrafts"}},
    {25,
     22,
     true,
     status::inferred,
     {"cùng tên, nay là một nhóm của ngành thủ công mỹ nghệ",
      "same label, now a group of handicrafts"}},
    {26,
     26,
     true,
     status::inferred,
     {"du lịch; phần bán hàng không còn nêu", "tourism; sales are no longer named"}},
    {0,
     23,
     true,
     status::inferred,
     {"hoa: chưa có bộ trước năm 2023", "flowers: no set before 2023"}},
    {0,
     24,
     true,
     status::inferred,
     {"cây cảnh: chưa có bộ trước năm 2023", "ornamental plants: no set before 2023"}},
    {0,
     25,
     true,
     status::inferred,
     {"động vật cảnh: chưa có bộ trước năm 2023", "ornamental animals: no set before 2023"}},
    {0,
     4,
     false,
     status::inferred,
     {"nông sản thực phẩm khác: chưa có bộ trước năm 2023",
      "other food farm produce: no set before 2023"}},
    {0,
     8,
     false,
     status::inferred,
     {"chế biến từ nông sản thực phẩm khác: chưa có bộ trước năm 2023",
      "made from other food farm produce: no set before 2023"}},
}};

}  // namespace detail

/// One answer of map_set().
struct set_candidate {
    std::optional<product_set> set;  ///< nothing: a part for which the other generation has no set
    bool main = true;                ///< whether most of the asked set is there
    status known = status::inferred;
    label note;

    friend bool operator==(const set_candidate&, const set_candidate&) = default;
};

/// The sets of \p to that a product of \p from may stand in, the main ones first; never empty. Within
/// one generation it is the set itself. Where candidates are several the product decides, which the
/// library cannot know. A reading of the labels, each row with its note. Linear in the table.
[[nodiscard]] inline std::vector<set_candidate> map_set(product_set from, set_generation to) {
    std::vector<set_candidate> found;
    if (from.generation() == to) {
        found.push_back(
            {from,
             true,
             status::inferred,
             {"cùng số bộ trong cùng một phân loại", "the same number in one classification"}});
        return found;
    }
    const bool forward = to == set_generation::of_2023;
    for (const bool main : {true, false})
        for (const detail::set_mapping_row& row : detail::set_mapping) {
            const int asked = forward ? row.old_set : row.new_set;
            const int other = forward ? row.new_set : row.old_set;
            if (row.main != main || asked != from.number()) continue;
            found.push_back({product_set::from(to, other),
                             row.main,
                             row.known,
                             {std::string(row.note.vi), std::string(row.note.en)}});
        }
    return found;
}

}  // namespace ocop
