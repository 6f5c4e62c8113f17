/// \file criterion.hpp
/// What a scorecard is written of: options, criteria, sections, parts. Plain descriptions, filled
/// by a loader or by hand; `scorecard` checks them and makes them fast to score.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/base/points.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/base/status.hpp"
#include "ocop/producers/producer_kind.hpp"

namespace ocop {

/// An irregularity of the source at a node, in the words of whoever checked it.
struct issue {
    std::string note;
    std::optional<points> max_printed;  ///< the maximum as printed, where it differs

    friend bool operator==(const issue&, const issue&) = default;
};

/// One printed option (mức điểm) of a criterion.
struct option {
    ocop::points points;
    label text;
    std::optional<stars> minimum_for;  ///< star mark: least option for a product of that star
    std::string case_key;              ///< which of the criterion's cases; empty if it has none
    status known = status::verified;

    friend bool operator==(const option&, const option&) = default;
};

/// How options are chosen.
enum class choice {
    one,  ///< exactly one option, or none of them
    any   ///< zero or more options, points added (1048's tourism card)
};

template <>
struct names<choice> {
    static constexpr std::array<std::string_view, 2> all{"one", "any"};
};

/// An alternative by kind of producer or of service; one option is chosen over all cases.
struct criterion_case {
    std::string key;
    label text;
    std::vector<producer_kind> kinds;  ///< the kinds it is for; empty: the assessor decides
    std::optional<points> reachable;   ///< the most this case allows

    friend bool operator==(const criterion_case&, const criterion_case&) = default;
};

/// Who or what decides whether a ground holds.
enum class ground_kind {
    finding,  ///< an assessor finds it; it rejects the dossier
    points,   ///< the sheets decide: no points at the criterion
    fact      ///< no ground for rejection: a fact decides whether the criterion's marks bind
};

template <>
struct names<ground_kind> {
    static constexpr std::array<std::string_view, 3> all{"finding", "points", "fact"};
};

/// A knock-out of a card, or a gate of a criterion (điều kiện loại).
struct ground {
    std::string id;
    label text;
    ground_kind decided_by = ground_kind::finding;
    std::string fact;  ///< for ground_kind::fact: the fact that decides; true by default

    friend bool operator==(const ground&, const ground&) = default;
};

/// A star mark printed on a criterion's title instead of on an option.
struct title_mark {
    ocop::stars stars{3};
    std::vector<points> candidates;  ///< the points that it may mean, ascending

    friend bool operator==(const title_mark&, const title_mark&) = default;
};

/// When a criterion is scored at all: only if another criterion has points on the same sheet.
struct condition {
    std::string id;            ///< name of the condition, `has_story`
    std::string criterion_id;  ///< id of the criterion that must have points
    label text;
    status known = status::verified;

    friend bool operator==(const condition&, const condition&) = default;
};

/// A printed heading that groups sub-criteria.
struct parent_heading {
    std::string no;
    std::optional<label> text;
    std::optional<points> max;

    friend bool operator==(const parent_heading&, const parent_heading&) = default;
};

/// One criterion (tiêu chí) of a scorecard.
struct criterion {
    std::string code;  ///< unique in its scorecard: "A1.1"
    std::string no;    ///< as printed: "1.1"
    std::string id;    ///< the same criterion across scorecards and decisions
    label text;
    points max;
    std::optional<points> max_printed;
    choice choose = choice::one;
    std::vector<option> options;
    std::vector<ground> gates;
    std::vector<criterion_case> cases;
    std::optional<condition> applies_if;
    std::optional<title_mark> mark_on_criterion;
    std::optional<parent_heading> parent;
    std::optional<points>
        reachable;  ///< the most the options allow, as the source's reader counted
    status known = status::verified;
    std::vector<issue> issues;
    std::vector<std::string> notes;  ///< evidence and conditions that carry no points

    friend bool operator==(const criterion&, const criterion&) = default;
};

/// A numbered section of a part.
struct section {
    std::string no;
    std::string id;
    label text;
    points max;
    std::vector<criterion> criteria;

    friend bool operator==(const section&, const section&) = default;
};

/// Part A, B or C of a scorecard.
struct part {
    std::string code;
    points max;
    std::vector<section> sections;
    status known = status::verified;
    std::vector<issue> issues;

    friend bool operator==(const part&, const part&) = default;
};

/// A scorecard (phiếu đánh giá, bộ tiêu chí) as written: one of a regulation's, by kind of product.
struct scorecard_document {
    int set = 0;  ///< number of the set in its regulation, from 1
    label text;
    std::string sector;                 ///< number of the sector: "I"
    std::string group;                  ///< number of the group in the sector: "1"
    std::vector<std::string> agencies;  ///< ministries in charge
    status agencies_known = status::verified;
    std::string agencies_source;  ///< where the agencies were taken from, if not from this decision
    int samples = 0;              ///< product samples filed with the dossier; 0 for services
    std::vector<ground> knockouts;
    /// `inferred`: the list of knock-outs is not known whole, so any stated ground is taken and
    /// told as unchecked.
    status knockouts_known = status::verified;
    status known = status::verified;
    std::vector<part> parts;
    std::optional<points> reachable;
    std::vector<std::string> notes;
    std::string star_legend;  ///< what is known of the legend of star marks under this card
    std::vector<issue> issues;

    friend bool operator==(const scorecard_document&, const scorecard_document&) = default;
};

}  // namespace ocop
