/// \file product.hpp
/// Products (sản phẩm) and their variants.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/id.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/producers/producer.hpp"
#include "ocop/products/classification.hpp"
#include "ocop/products/product_code.hpp"
#include "ocop/products/value_chain.hpp"

namespace ocop {

/// A variant (quy cách, phân loại) of a product: one of several names or packs under one decision. It
/// has no star of its own.
struct variant {
    std::string name;
    std::string pack = {};  ///< as printed ("500 g"); empty where none is told

    friend bool operator==(const variant&, const variant&) = default;
};

/// A product of a producer. One registration slip is one product (1048/QĐ-TTg, forms 01 and 02). Its
/// star stands nowhere here: it comes from a certificate valid on the day asked.
struct product {
    std::string name;
    producer_id producer;
    std::optional<product_set> set = {};    ///< nothing: not told
    std::optional<unit_ref> place = {};     ///< where it is made; the smallest unit known
    std::vector<variant> variants = {};     ///< empty: one name alone
    std::optional<product_code> code = {};  ///< may change with each evaluation
    value_chain chain = {};

    friend bool operator==(const product&, const product&) = default;
};

/// Lists in \p found what is wrong with \p p, with places below \p pointer: an empty name, two variants
/// that are the same (702), and what validate() of the value chain tells.
inline void validate(const product& p, problems& found, const std::string& pointer = "") {
    detail::check_name(p.name, pointer + "/name", found);
    for (std::size_t i = 0; i < p.variants.size(); ++i) {
        const std::string at = pointer + "/variants/" + std::to_string(i);
        detail::check_name(p.variants[i].name, at + "/name", found);
        for (std::size_t k = 0; k < i; ++k)
            if (p.variants[k] == p.variants[i]) {
                found.push_back(detail::make_problem(
                    problem_code::repeated_record, at, p.variants[i].name,
                    detail::told("\"{0}\" được ghi hai lần; hãy bỏ một hoặc ghi quy cách",
                                 "\"{0}\" stands twice; drop one, or tell the pack",
                                 {detail::shown(p.variants[i].name)})));
                break;
            }
    }
    validate(p.chain, found, pointer + "/chain");
}

}  // namespace ocop
