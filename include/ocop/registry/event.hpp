/// \file event.hpp
/// Changes of a registry, each an event: what happened, on which day, to which record.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "ocop/base/date.hpp"
#include "ocop/base/id.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/certifications/certificate.hpp"
#include "ocop/registry/kept.hpp"
#include "ocop/registry/records.hpp"

namespace ocop {

/// The number of an event, 128 bits, chosen by the host: a UUID, or the number of its list and of the
/// row in it. The same number always means the same event.
struct event_id {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    /// Reads 32 hexadecimal digits, with or without the dashes of a UUID; nothing for other texts.
    [[nodiscard]] static constexpr std::optional<event_id> parse(std::string_view text) noexcept {
        event_id id;
        unsigned digits = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (c == '-' && text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23))
                continue;
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0 || ++digits > 32) return std::nullopt;
            id.high = id.high << 4U | id.low >> 60U;
            id.low = id.low << 4U | static_cast<std::uint64_t>(digit);
        }
        if (digits != 32) return std::nullopt;
        return id;
    }

    friend constexpr auto operator<=>(const event_id&, const event_id&) noexcept = default;
};

/// \p id as 32 hexadecimal digits.
[[nodiscard]] inline std::string to_string(const event_id& id) {
    std::string text;
    for (const std::uint64_t half : {id.high, id.low})
        for (unsigned shift = 64; shift != 0; shift -= 4)
            text += "0123456789abcdef"[half >> (shift - 4U) & 0xFU];
    return text;
}

/// A record is made, or another value takes the place of the one it had. Values are written whole: a
/// change of one member is the old value with that member changed.
template <class Value>
struct put {
    id_of<Value> id;
    kept<Value> is;

    friend bool operator==(const put&, const put&) = default;
};

/// A record is taken out. Only one that no other refers to; its number is never used again.
template <class Value>
struct removed {
    id_of<Value> id;

    friend bool operator==(const removed&, const removed&) = default;
};

/// Something happened to a product's certificate. Each product has one history of certificates; its
/// version is the number of entries in it.
struct certificate_recorded {
    product_id product;
    kept<certificate_event> is;
    /// The programme's year, which may differ from the year of the day: products "of 2024" were
    /// recognised in January 2025.
    std::optional<std::int32_t> year = {};
    std::optional<decision_id> decision = {};  ///< the decision's record, where there is one
    /// Of a transfer: the producer that holds the product from then on. Where it is given, it counts
    /// and not the text in the event.
    std::optional<producer_id> to = {};

    friend bool operator==(const certificate_recorded&, const certificate_recorded&) = default;
};

/// A list or a person says something of a product's recognition without a day, so that it cannot
/// stand in the history: kept, and the state is `unknown` as long as no dated certificate says more.
/// An entry of the product's history like certificate_recorded.
struct claim_recorded {
    product_id product;
    kept<undated_claim> is;

    friend bool operator==(const claim_recorded&, const claim_recorded&) = default;
};

/// What an event changes.
using record_change =
    std::variant<put<producer>, removed<producer>, put<product>, removed<product>,
                 certificate_recorded, claim_recorded, put<decision_record>,
                 removed<decision_record>, put<dossier_record>, removed<dossier_record>,
                 put<organisation>, removed<organisation>, put<campaign>, removed<campaign>,
                 put<training>, removed<training>, put<startup_idea>, removed<startup_idea>>;

/// Where a record comes from, as its source tells it.
struct provenance {
    std::string source;       ///< "S01"
    std::string reliability;  ///< "A"
    std::string note;

    friend bool operator==(const provenance&, const provenance&) = default;
};

/// One change of a registry.
struct event {
    event_id id;
    date on;  ///< the day from which it holds
    /// The version of the record that it was written for; 0 where it makes the record. Another
    /// version is an error (703): somebody else changed the record in between.
    std::uint32_t expected = 0;
    record_change what;
    kept<provenance> from = {};

    friend bool operator==(const event&, const event&) = default;
};

}  // namespace ocop
