/// \file records.hpp
/// What a registry keeps records of, and the numbers that they go by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/date.hpp"
#include "ocop/base/id.hpp"
#include "ocop/base/label.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/certifications/certificate.hpp"
#include "ocop/certifications/dossier.hpp"
#include "ocop/producers/producer.hpp"
#include "ocop/producers/support.hpp"
#include "ocop/products/product.hpp"

namespace ocop {

/// A decision (quyết định) that recognises or withdraws; certificates may refer to it.
struct decision_record {
    std::string number;                  ///< "3981/QĐ-UBND"
    std::optional<date> signed_on = {};  ///< ngày ký
    std::optional<council_level> level = {};

    friend bool operator==(const decision_record&, const decision_record&) = default;
};

/// A dossier (hồ sơ) of a product, with every step that it took.
struct dossier_record {
    product_id product;
    dossier_process process;

    friend bool operator==(const dossier_record&, const dossier_record&) = default;
};

/// What somebody says of a product's recognition without telling a day.
struct undated_claim {
    certificate_event_kind kind = certificate_event_kind::recognised;
    std::optional<ocop::stars> stars;  ///< said to be given, or proposed
    std::optional<std::int32_t> year;  ///< of the programme
    std::string decision;              ///< as told; empty: not told

    friend bool operator==(const undated_claim&, const undated_claim&) = default;
};

/// The number by which records of \p Value go.
template <class Value>
struct record_traits;
template <>
struct record_traits<producer> {
    using id = producer_id;
    static constexpr term name{"chủ thể", "producer"};
};
template <>
struct record_traits<product> {
    using id = product_id;
    static constexpr term name{"sản phẩm", "product"};
};
template <>
struct record_traits<decision_record> {
    using id = decision_id;
    static constexpr term name{"quyết định", "decision"};
};
template <>
struct record_traits<dossier_record> {
    using id = dossier_id;
    static constexpr term name{"hồ sơ", "dossier"};
};
template <>
struct record_traits<organisation> {
    using id = organisation_id;
    static constexpr term name{"tổ chức", "organisation"};
};
template <>
struct record_traits<campaign> {
    using id = campaign_id;
    static constexpr term name{"đợt vận động", "campaign"};
};
template <>
struct record_traits<training> {
    using id = training_id;
    static constexpr term name{"lớp tập huấn", "training"};
};
template <>
struct record_traits<startup_idea> {
    using id = idea_id;
    static constexpr term name{"ý tưởng khởi nghiệp", "start-up idea"};
};
template <class Value>
using id_of = typename record_traits<Value>::id;

}  // namespace ocop
