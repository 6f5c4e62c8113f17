// Data files as the build embeds them (cmake/embed_documents.cmake): string literals cut at line ends,
// since a compiler may limit the length of one.
#pragma once

#include <cstddef>
#include <string>

namespace ocop::detail {

struct bundled_document {
    const char* name;
    const char* const* chunks;  ///< each ends with a line end
    const std::size_t* sizes;
    std::size_t count;
};

/// The whole of \p document.
[[nodiscard]] inline std::string text_of(const bundled_document& document) {
    std::string text;
    std::size_t size = 0;
    for (std::size_t i = 0; i < document.count; ++i) size += document.sizes[i];
    text.reserve(size);
    for (std::size_t i = 0; i < document.count; ++i)
        text.append(document.chunks[i], document.sizes[i]);
    return text;
}

}  // namespace ocop::detail
