// The regulation documents as the build embeds them: string literals cut at line ends, since a
// compiler may limit the length of one.
#pragma once

#include <cstddef>

namespace ocop::detail {

struct bundled_document {
    const char* name;
    const char* const* chunks;
    const std::size_t* sizes;
    std::size_t count;
};

extern const bundled_document bundled_documents[];
extern const std::size_t bundled_document_count;

}  // namespace ocop::detail
