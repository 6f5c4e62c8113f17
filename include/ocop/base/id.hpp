/// \file id.hpp
/// Typed numbers of records. The host chooses them (its own keys, say); the library never makes one
/// up, so that replaying the same events gives the same records.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/problem.hpp"

namespace ocop {

/// The number of a record of one kind: 1 to 2^64 - 1. Numbers of different kinds do not mix. There is
/// no "no record": use std::optional.
template <class Kind>
class record_id {
public:
    /// \throws error (109) when \p value is 0.
    constexpr explicit record_id(std::uint64_t value) : value_(value) {
        if (value == 0) reject("0");
    }
    /// The id of \p value; nothing for 0.
    [[nodiscard]] static constexpr std::optional<record_id> from(std::uint64_t value) noexcept {
        if (value == 0) return std::nullopt;
        return record_id(value);
    }
    /// The id written as a plain decimal number without sign, blank or leading zero; nothing for any
    /// other text and beyond 64 bits.
    [[nodiscard]] static constexpr std::optional<record_id> parse(std::string_view text) noexcept {
        if (text.empty() || text.front() == '0') return std::nullopt;
        std::uint64_t value = 0;
        for (char c : text) {
            if (c < '0' || c > '9') return std::nullopt;
            const auto digit = static_cast<std::uint64_t>(c - '0');
            if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
            value = value * 10 + digit;
        }
        return record_id(value);
    }

    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

    friend constexpr auto operator<=>(record_id, record_id) noexcept = default;

private:
    [[noreturn]] static void reject(const std::string& text) {
        throw error(detail::make_problem(
            problem_code::bad_value, "", text,
            detail::told("số {0} không phải là mã bản ghi: mã bắt đầu từ 1",
                         "{0} is no number of a record: they begin with 1", {text})));
    }

    std::uint64_t value_;
};

/// \p id as a plain decimal number.
template <class Kind>
[[nodiscard]] std::string to_string(record_id<Kind> id) {
    return std::to_string(id.value());
}

/// Kinds of record; only their names matter.
namespace record {
struct producer;
struct product;
struct organisation;
struct campaign;
struct training;
struct idea;
struct dossier;
struct council_session;
struct recognition;
struct certificate;
}  // namespace record

using producer_id = record_id<record::producer>;          ///< chủ thể
using product_id = record_id<record::product>;            ///< sản phẩm
using organisation_id = record_id<record::organisation>;  ///< tổ chức hỗ trợ
using campaign_id = record_id<record::campaign>;          ///< đợt vận động
using training_id = record_id<record::training>;          ///< lớp tập huấn
using idea_id = record_id<record::idea>;                  ///< ý tưởng khởi nghiệp
using dossier_id = record_id<record::dossier>;            ///< hồ sơ
using session_id = record_id<record::council_session>;    ///< phiên họp hội đồng
using decision_id = record_id<record::recognition>;     ///< quyết định công nhận, thu hồi
using certificate_id = record_id<record::certificate>;  ///< giấy chứng nhận

}  // namespace ocop

/// Ids as keys of unordered containers.
template <class Kind>
struct std::hash<ocop::record_id<Kind>> {
    [[nodiscard]] std::size_t operator()(ocop::record_id<Kind> id) const noexcept {
        return static_cast<std::size_t>(id.value());
    }
};
