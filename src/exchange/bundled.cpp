#include "ocop/exchange/bundled.hpp"

#include <utility>
#include <vector>

#include "bundled_data.hpp"
#include "ocop/exchange/regulation_json.hpp"

namespace ocop {

const timeline& bundled_regulations() {
    // Never destroyed: a host may ask until its last destructor has run.
    static const timeline& all = *[] {
        std::vector<regulation> list;
        for (std::size_t d = 0; d < detail::bundled_document_count; ++d)
            list.push_back(read_regulation(text_of(detail::bundled_documents[d])));
        return new timeline(std::move(list));
    }();
    return all;
}

}  // namespace ocop
