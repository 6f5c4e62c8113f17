// data/units/*.csv as the build embeds them.
#pragma once

#include "base/embedded.hpp"

namespace ocop::detail {

extern const bundled_document bundled_unit_tables[];
extern const std::size_t bundled_unit_table_count;

}  // namespace ocop::detail
