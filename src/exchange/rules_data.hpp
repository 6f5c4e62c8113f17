// data/rules/proposals.json as the build embeds it.
#pragma once

#include "base/embedded.hpp"

namespace ocop::detail {

extern const bundled_document bundled_rule_tables[];
extern const std::size_t bundled_rule_table_count;

}  // namespace ocop::detail
