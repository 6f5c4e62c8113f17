/// \file certificate_json.hpp
/// Histories of certificates and their state on a day as JSON: docs/certificates.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/label.hpp"
#include "ocop/certifications/certificate.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// The history that \p json holds: {"events": [{"kind", "on", …}, …]}, events in any order. Nothing
/// and every problem in \p found, with JSON pointers, where it is not one; unknown keys are problems.
/// A `level` that may not recognise the stars on its day, under no bundled regulation, is one too.
/// Warnings are added to \p found in both cases.
[[nodiscard]] OCOP_API std::optional<certificate_history> try_read_certificate_history(
    std::string_view json, problems& found);

/// As try_read_certificate_history(). \throws error with every problem.
[[nodiscard]] OCOP_API certificate_history read_certificate_history(std::string_view json);

/// \p standing as one line of JSON without a newline, keys in a fixed order, texts in \p lang. `stars`
/// is null unless a certificate is in force.
[[nodiscard]] OCOP_API std::string to_json(const certificate_standing& standing,
                                           language lang = language::vi);

/// \p standing, as it is on \p on, for people to read; lines end in a newline.
[[nodiscard]] OCOP_API std::string report(const certificate_standing& standing, const date& on,
                                          language lang = language::vi);

}  // namespace ocop
