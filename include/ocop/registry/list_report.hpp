/// \file list_report.hpp
/// What a list of products says as of a day: the answers of `ocop import` and `ocop stats`.
/// docs/lists.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/label.hpp"
#include "ocop/config.hpp"
#include "ocop/exchange/product_list.hpp"
#include "ocop/registry/query.hpp"
#include "ocop/registry/registry.hpp"

namespace ocop {

/// What is asked of a list.
struct list_question {
    explicit list_question(const date& day) : on(day) {}

    date on;                             ///< as of this day
    std::uint32_t expiring_within = 90;  ///< days from `on`, for the list of what runs out
    std::string file;                    ///< names the list in the place of problems
};

/// A list as of a day, with what was found in it. Rows count as rows; what expires and what was
/// withdrawn is told of products, over all their rows.
class list_report {
public:
    /// \p list, whose units were looked up in \p units, as of \p asked.on. \throws error (110) where
    /// that is no day.
    OCOP_API list_report(const product_list& list, gazetteer units, const list_question& asked);
    OCOP_API ~list_report();
    OCOP_API list_report(const list_report&);
    OCOP_API list_report(list_report&&) noexcept;
    OCOP_API list_report& operator=(const list_report&);
    OCOP_API list_report& operator=(list_report&&) noexcept;

    /// Everything found: by the reader, and where rows contradict one another; in order of rows.
    [[nodiscard]] OCOP_API const problems& found() const noexcept;
    /// The records that the rows make.
    [[nodiscard]] OCOP_API const registry& records() const noexcept;

    /// One line of JSON (without its end): `on`, `rows`, `kept`, `problems`, `by_star` (the star that
    /// the rows tell), `in_force_by_star`, `by_province`, `by_province_and_star`, `by_state`,
    /// `duplicates` (groups of rows), `expiring`, `withdrawn`. Texts in \p lang.
    [[nodiscard]] OCOP_API std::string json(language lang) const;
    /// The same for people: a table by province and star, who is expiring, who was withdrawn.
    [[nodiscard]] OCOP_API std::string text(language lang) const;

private:
    struct data;
    std::unique_ptr<data> data_;
};

/// What `ocop stats` counts by.
enum class stats_key { province, province_today, district, star, state, producer_kind, year, set };

template <>
struct names<stats_key> {
    static constexpr std::array<std::string_view, 8> all{
        "province", "province_today", "district", "star", "state", "producer_kind", "year", "set"};
};
template <>
struct terms<stats_key> {
    static constexpr std::array<term, 8> all{{{"tỉnh", "province"},
                                              {"tỉnh hiện nay", "province today"},
                                              {"huyện", "district"},
                                              {"sao", "stars"},
                                              {"trạng thái", "state"},
                                              {"loại hình chủ thể", "kind of producer"},
                                              {"năm", "year"},
                                              {"bộ sản phẩm", "set"}}};
};

/// Counts and shares of the products of a registry on a day.
struct registry_stats {
    date on;
    std::vector<stats_key> by;
    std::vector<group_count> groups;
    std::uint64_t products = 0;
    /// What became of the products since this day, where one was asked for.
    std::optional<date> since;
    transition_table transitions;
};

/// Counts the products of \p from by \p by as of \p on, and what became of them since \p since.
/// Provinces that an edition merely spells otherwise count as one. \throws error (110).
[[nodiscard]] OCOP_API registry_stats stats_of(const registry& from, const date& on,
                                               std::vector<stats_key> by,
                                               const std::optional<date>& since = std::nullopt);

/// One line of JSON (without its end): `on`, `products`, `by`, `groups` ([{each key: code, `names`,
/// `count`, `share`}], the share in percent with two decimals), `since`, `transitions`.
[[nodiscard]] OCOP_API std::string to_json(const registry_stats& stats, language lang);
/// A table, and one of the transitions.
[[nodiscard]] OCOP_API std::string stats_text(const registry_stats& stats, language lang);
/// The counts as CSV: each key, `count`, `of`, `share`.
[[nodiscard]] OCOP_API std::string stats_csv(const registry_stats& stats);

}  // namespace ocop
