/// \file classification.hpp
/// The classification that a regulation document holds.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ocop/criteria/regulation.hpp"
#include "ocop/products/classification.hpp"

namespace ocop {

/// The sectors, groups and sets of \p from, each set with its scorecard's label. Nothing for a regulation
/// whose generation of sets is not known, and for one that names no sectors or not all 26 sets.
[[nodiscard]] inline std::optional<classification> classification_of(const regulation& from) {
    const std::optional<set_generation> generation = generation_of(from.id());
    if (!generation) return std::nullopt;
    std::vector<classification_sector> sectors;
    for (const product_sector& sector : from.document().sectors) {
        classification_sector made{sector.no, sector.text, {}};
        for (const product_group& group : sector.groups) {
            classification_group inner{group.no, group.text, {}};
            for (int set : group.sets)
                if (const scorecard* card = from.find(set))
                    inner.sets.push_back({set, card->document().text});
            made.groups.push_back(std::move(inner));
        }
        sectors.push_back(std::move(made));
    }
    problems found;
    return classification::try_make(*generation, std::move(sectors), found);
}

}  // namespace ocop
