// The sheets that a reader kept, as batches: products of one number of sheets side by side.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ocop/exchange/sheets_csv.hpp"
#include "ocop/ranking/batch.hpp"

namespace ocop::detail {

/// Products of one number of sheets, whose answers are laid side by side.
struct even_batch {
    std::vector<std::uint32_t> products;  ///< their numbers in the reader
    std::size_t sheets = 0;               ///< of each
    std::vector<answer_code> answers;

    [[nodiscard]] sheet_batch batch() const noexcept {
        sheet_batch made;
        made.answers = answers;
        made.products = products.size();
        made.members = sheets;
        return made;
    }
};

/// The sheets that \p from keeps, by product and within a product by the member's name.
class kept_sheets {
public:
    explicit kept_sheets(const sheets_csv_reader& from) : from_(from) {
        const auto products = from.sheet_products();
        const auto members = from.sheet_members();
        std::vector<std::uint32_t> place(from.members());
        std::vector<std::uint32_t> names(place.size());
        for (std::size_t m = 0; m < names.size(); ++m) names[m] = static_cast<std::uint32_t>(m);
        std::sort(names.begin(), names.end(), [&](std::uint32_t a, std::uint32_t b) {
            return from.member(a) < from.member(b);
        });
        for (std::size_t k = 0; k < names.size(); ++k)
            place[names[k]] = static_cast<std::uint32_t>(k);
        first_.assign(from.products() + 1, 0);
        for (const std::uint32_t p : products) ++first_[p + std::size_t{1}];
        for (std::size_t p = 0; p < from.products(); ++p) first_[p + 1] += first_[p];
        order_.resize(products.size());
        std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
        for (std::size_t s = 0; s < products.size(); ++s)
            order_[next[products[s]]++] = static_cast<std::uint32_t>(s);
        for (std::size_t p = 0; p < from.products(); ++p)
            std::sort(order_.begin() + static_cast<std::ptrdiff_t>(first_[p]),
                      order_.begin() + static_cast<std::ptrdiff_t>(first_[p + 1]),
                      [&](std::uint32_t a, std::uint32_t b) {
                          return place[members[a]] < place[members[b]];
                      });
    }

    [[nodiscard]] std::size_t count(std::size_t product) const noexcept {
        return first_[product + 1] - first_[product];
    }
    /// Appends the answers of \p product, \p criteria a sheet.
    void append(std::size_t product, std::size_t criteria, std::vector<answer_code>& to) const {
        const auto all = from_.answers();
        for (std::size_t i = first_[product]; i < first_[product + 1]; ++i) {
            const auto sheet = all.subspan(order_[i] * criteria, criteria);
            to.insert(to.end(), sheet.begin(), sheet.end());
        }
    }

private:
    const sheets_csv_reader& from_;
    std::vector<std::size_t> first_;    ///< by product: index into order_
    std::vector<std::uint32_t> order_;  ///< sheets
};

/// Refuses a reader that kept no answers of its sheets.
inline void check_kept(const sheets_csv_reader& from) {
    if (from.keeps_answers()) return;
    const std::string count = std::to_string(from.products());
    throw error(make_problem(
        problem_code::not_enough_data, "/keep_answers", count,
        told("câu trả lời về {0} sản phẩm không được giữ lại; đọc với keep_answers",
             "the answers on {0} products were not kept; read with keep_answers", {count})));
}

/// Calls \p use with all products that have a verdict and at most most_batch_members sheets, a few
/// thousand at a time; members stand in the order of their names.
template <class Use>
void for_even_batches(const sheets_csv_reader& from, std::size_t criteria, const Use& use) {
    check_kept(from);
    const kept_sheets sheets(from);
    constexpr std::size_t piece = 4096;
    std::vector<std::vector<std::uint32_t>> by_count;
    for (std::size_t p = 0; p < from.products(); ++p) {
        const std::size_t count = sheets.count(p);
        if (count == 0 || count > most_batch_members ||
            from.decide(p).outcome == outcome::incomplete)
            continue;
        if (by_count.size() <= count) by_count.resize(count + 1);
        by_count[count].push_back(static_cast<std::uint32_t>(p));
    }
    even_batch some;
    for (std::size_t count = 1; count < by_count.size(); ++count)
        for (std::size_t first = 0; first < by_count[count].size(); first += piece) {
            const std::size_t last = std::min(first + piece, by_count[count].size());
            some.products.assign(by_count[count].begin() + static_cast<std::ptrdiff_t>(first),
                                 by_count[count].begin() + static_cast<std::ptrdiff_t>(last));
            some.sheets = count;
            some.answers.clear();
            for (const std::uint32_t p : some.products) sheets.append(p, criteria, some.answers);
            use(some);
        }
}

}  // namespace ocop::detail
