/// \file fwd.hpp
/// Names of the library's types, for headers that only mention them.
#pragma once

#include <cstdint>

namespace ocop {

struct label;
class points;
class mean_points;
class stars;
struct place;
struct problem;
class error;

struct option;
struct criterion;
struct section;
struct part;
struct scorecard_document;
class scorecard;
struct regulation_document;
class regulation;
class timeline;

struct council_member;
class quorum;
struct council;
class answer;
class score_sheet;

struct readings;
struct circumstances;
struct assessment;
struct way_up;

enum class language;
enum class status;
enum class council_level;
enum class council_role;
enum class producer_kind;
enum class application;
enum class outcome;
enum class severity;
enum class problem_code : std::uint16_t;

}  // namespace ocop
