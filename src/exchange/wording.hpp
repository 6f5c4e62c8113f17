// Words of a report in the language that it is written in.
#pragma once

#include <cstddef>
#include <string>

#include "ocop/base/label.hpp"

namespace ocop::detail {

/// What the writers of reports say things with.
class wording {
public:
    explicit wording(language lang) : lang_(lang) {}

    [[nodiscard]] bool vietnamese() const noexcept { return lang_ == language::vi; }

protected:
    [[nodiscard]] std::string say(const char* vi, const char* en) const {
        return vietnamese() ? vi : en;
    }
    [[nodiscard]] std::string say(const label& text) const { return text.in(lang_); }
    template <class Enum>
    [[nodiscard]] std::string called(Enum value) const {
        return say(label_of(value));
    }
    /// "3 phiếu chấm", "1 sheet", "3 sheets".
    [[nodiscard]] std::string counted(std::size_t count, const char* vi, const char* en) const {
        const std::string number = std::to_string(count) + " ";
        return vietnamese() ? number + vi : number + en + (count == 1 ? "" : "s");
    }

    language lang_;
};

}  // namespace ocop::detail
