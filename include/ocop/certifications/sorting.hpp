/// \file sorting.hpp
/// A stable sort without `<algorithm>`, which costs every includer more than it is worth here.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace ocop::detail {

/// Sorts \p values by \p less and keeps the order of equals. Merges runs from below: n log n moves;
/// a list that is in order is only read.
template <class Value, class Less>
void sort_stably(std::vector<Value>& values, Less less) {
    bool in_order = true;
    for (std::size_t i = 1; in_order && i < values.size(); ++i)
        in_order = !less(values[i], values[i - 1]);
    if (in_order) return;
    std::vector<Value> other(values.size(), values.front());
    for (std::size_t run = 1; run < values.size(); run *= 2) {
        for (std::size_t from = 0; from < values.size(); from += 2 * run) {
            const std::size_t middle = from + run < values.size() ? from + run : values.size();
            const std::size_t end = middle + run < values.size() ? middle + run : values.size();
            std::size_t a = from;
            std::size_t b = middle;
            for (std::size_t to = from; to < end; ++to) {
                const bool second = a == middle || (b < end && less(values[b], values[a]));
                other[to] = std::move(values[second ? b++ : a++]);
            }
        }
        std::swap(values, other);
    }
}

}  // namespace ocop::detail
