#include "ocop/exchange/bundled.hpp"

#include <string>
#include <utility>
#include <vector>

#include "bundled_data.hpp"
#include "ocop/exchange/regulation_json.hpp"

namespace ocop {

const timeline& bundled_regulations() {
    // Never destroyed: a host may ask until its last destructor has run.
    static const timeline& all = *[] {
        std::vector<regulation> list;
        for (std::size_t d = 0; d < detail::bundled_document_count; ++d) {
            const detail::bundled_document& document = detail::bundled_documents[d];
            std::string text;
            std::size_t size = 0;
            for (std::size_t i = 0; i < document.count; ++i) size += document.sizes[i];
            text.reserve(size);
            for (std::size_t i = 0; i < document.count; ++i)
                text.append(document.chunks[i], document.sizes[i]);
            list.push_back(read_regulation(text));
        }
        return new timeline(std::move(list));
    }();
    return all;
}

}  // namespace ocop
