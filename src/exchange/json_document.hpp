// A JSON text as a tree that keeps what a validator needs: the order of keys, every repeated key,
// and numbers as they were written. Limits on size and depth hold before anything is built.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/label.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"

namespace ocop::detail {

/// A value of a JSON text.
struct json_node {
    enum class kind : std::uint8_t { null, boolean, integer, number, string, array, object };

    kind type = kind::null;
    bool truth = false;
    bool repeated = false;       ///< its key stood before in the same object
    mutable bool taken = false;  ///< a reader asked for its key: it is a known one
    std::int64_t integer = 0;    ///< for kind::integer
    std::string key;             ///< for members of an object
    std::string text;            ///< for strings; for numbers that are no int64, as written
    std::vector<json_node> children;

    /// The first member called \p name, or null.
    [[nodiscard]] const json_node* find(std::string_view name) const noexcept;
    /// The value in a few characters, for messages.
    [[nodiscard]] std::string shown() const;
};

namespace json_limits {
inline constexpr std::size_t bytes = std::size_t{16} << 20;
inline constexpr std::size_t depth = 64;
/// Unknown keys of one object that are named one by one; the rest is counted.
inline constexpr std::size_t named_keys = 1000;
}  // namespace json_limits

/// The tree of \p text. Nothing, and one problem with row and column, when it is not JSON (RFC
/// 8259), not UTF-8, too large or too deep. Repeated keys are problems too, but leave a tree.
[[nodiscard]] std::optional<json_node> parse_json(std::string_view text, problems& found);

/// \p node as compact JSON text.
[[nodiscard]] std::string to_json_text(const json_node& node);

/// Where a value stands, as a chain up to the document: written out only when a problem is told.
class json_path {
public:
    json_path() = default;
    json_path(const json_path& up, std::string_view key) : up_(&up), key_(key) {}
    json_path(const json_path& up, std::size_t index) : up_(&up), index_(index), in_list_(true) {}

    /// The JSON pointer.
    [[nodiscard]] std::string text() const;

private:
    const json_path* up_ = nullptr;
    std::string_view key_;
    std::size_t index_ = 0;
    bool in_list_ = false;
};

/// Reads the members of one object: types told, unknown keys listed at the end.
class object_reader {
public:
    /// \p node at \p path; another kind of value is a problem, and then no key is read.
    object_reader(const json_node& node, const json_path& path, problems& found);
    object_reader(const object_reader&) = delete;
    object_reader& operator=(const object_reader&) = delete;

    [[nodiscard]] bool is_object() const noexcept { return object_; }
    [[nodiscard]] const json_path& path() const noexcept { return path_; }
    /// The place of the member \p name, valid as long as this reader.
    [[nodiscard]] json_path at(std::string_view name) const { return {path_, name}; }

    /// The member \p name, or null; the key counts as known.
    const json_node* take(std::string_view name);
    /// As take(); a missing key is a problem.
    const json_node* require(std::string_view name);
    [[nodiscard]] bool has(std::string_view name) const noexcept {
        return node_.find(name) != nullptr;
    }

    // Typed members: nothing where the key is missing; where the value is wrong, nothing and a
    // problem.
    std::optional<std::string> string(std::string_view name, bool required = false);
    std::optional<std::int64_t> integer(std::string_view name, bool required = false);
    std::optional<bool> boolean(std::string_view name);
    std::optional<date> day(std::string_view name);
    template <class Enum>
    std::optional<Enum> one_of(std::string_view name, bool required = false) {
        const json_node* node = required ? require(name) : take(name);
        return node == nullptr ? std::nullopt : enumerator<Enum>(*node, at(name), found_);
    }

    /// Lists the keys that nobody took. Call last.
    void finish();

    /// The problem that \p count more keys at \p path are unknown.
    static void more_unknown(std::size_t count, const json_path& path, problems& found);
    /// The problem that \p node is not what was wanted.
    static void wrong_type(const json_node& node, const json_path& path, const label& wanted,
                           problems& found);
    static std::optional<std::string> string_of(const json_node& node, const json_path& path,
                                                problems& found);
    static std::optional<bool> boolean_of(const json_node& node, const json_path& path,
                                          problems& found);
    static std::optional<std::int64_t> integer_of(const json_node& node, const json_path& path,
                                                  problems& found);
    static std::optional<date> day_of(const json_node& node, const json_path& path,
                                      problems& found);
    template <class Enum>
    static std::optional<Enum> enumerator(const json_node& node, const json_path& path,
                                          problems& found) {
        if (node.type != json_node::kind::string) {
            wrong_type(node, path, {"một chuỗi", "a string"}, found);
            return std::nullopt;
        }
        const auto value = from_name<Enum>(node.text);
        if (!value) bad_value(node.text, path, list_of_names<Enum>(), found);
        return value;
    }
    static void bad_value(const std::string& given, const json_path& path,
                          const std::string& allowed, problems& found);

private:
    static constexpr std::size_t most_names = 32;

    const json_node& node_;
    json_path path_;
    problems& found_;
    bool object_;
    std::array<std::string_view, most_names> names_;  ///< known keys, for messages
    std::size_t name_count_ = 0;
};

/// Whether \p node is a list; a problem if not.
[[nodiscard]] bool is_list(const json_node& node, const json_path& path, problems& found);

}  // namespace ocop::detail
