/// \file ocop.hpp
/// The whole header-only core: base, criteria, councils, ranking. Needs Boost's headers alone.
/// The bundled regulations, JSON and reports are compiled: see exchange/.
#pragma once

#include "ocop/base/date.hpp"
#include "ocop/base/label.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/points.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/base/status.hpp"
#include "ocop/councils/council.hpp"
#include "ocop/councils/score_sheet.hpp"
#include "ocop/criteria/application.hpp"
#include "ocop/criteria/criterion.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/criteria/timeline.hpp"
#include "ocop/criteria/validation.hpp"
#include "ocop/fwd.hpp"
#include "ocop/producers/producer_kind.hpp"
#include "ocop/ranking/assess.hpp"
#include "ocop/ranking/assessment.hpp"
#include "ocop/ranking/improve.hpp"
#include "ocop/ranking/readings.hpp"
#include "ocop/ranking/scores.hpp"
#include "ocop/version.hpp"
