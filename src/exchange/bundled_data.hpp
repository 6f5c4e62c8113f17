// The regulation documents as the build embeds them.
#pragma once

#include "base/embedded.hpp"

namespace ocop::detail {

extern const bundled_document bundled_documents[];
extern const std::size_t bundled_document_count;

}  // namespace ocop::detail
