#include "json_document.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ocop::detail {
namespace {

using nlohmann::json;

/// Row and column (from 1, in bytes) of the byte at \p offset.
std::pair<std::uint32_t, std::uint32_t> row_and_column(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    std::uint32_t row = 1;
    std::size_t start = 0;
    for (std::size_t i = 0; i < offset; ++i)
        if (text[i] == '\n') {
            ++row;
            start = i + 1;
        }
    return {row, static_cast<std::uint32_t>(offset - start + 1)};
}

/// Builds the tree from the events of nlohmann's parser, which reads without recursion.
class tree_builder : public json::json_sax_t {
public:
    tree_builder(std::string_view text, problems& found) : text_(text), found_(found) {}

    bool null() override { return add(json_node::kind::null) != nullptr; }
    bool boolean(bool value) override {
        add(json_node::kind::boolean)->truth = value;
        return true;
    }
    bool number_integer(number_integer_t value) override {
        add(json_node::kind::integer)->integer = value;
        return true;
    }
    bool number_unsigned(number_unsigned_t value) override {
        constexpr auto most = static_cast<number_unsigned_t>(INT64_MAX);
        if (value > most)
            add(json_node::kind::number)->text = std::to_string(value);
        else
            add(json_node::kind::integer)->integer = static_cast<std::int64_t>(value);
        return true;
    }
    bool number_float(number_float_t, const string_t& written) override {
        add(json_node::kind::number)->text = written;
        return true;
    }
    bool string(string_t& value) override {
        add(json_node::kind::string)->text = std::move(value);
        return true;
    }
    bool binary(binary_t&) override { return false; }  // never in JSON text
    bool start_object(std::size_t) override { return open(json_node::kind::object); }
    bool start_array(std::size_t) override { return open(json_node::kind::array); }
    bool key(string_t& name) override {
        key_ = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string& token,
                     const nlohmann::detail::exception& why) override {
        // The position counts the bytes read, the offending one included.
        syntax_error(position == 0 ? 0 : position - 1, token,
                     std::string_view(why.what()).find("UTF-8") != std::string_view::npos);
        return false;
    }

    void refuse_nul(std::size_t offset) {
        failed_ = true;
        problem p;
        p.code = problem_code::syntax;
        const auto [row, column] = row_and_column(text_, offset);
        p.where.row = row;
        p.where.column = column;
        const bool wide = offset <= 3;  // UTF-16 and UTF-32 have NUL bytes from the start
        p.message = wide ? label{"tệp không phải UTF-8 (có lẽ UTF-16); hãy lưu lại bằng mã UTF-8",
                                 "the file is not UTF-8 (UTF-16, perhaps); save it as UTF-8"}
                         : label{"có byte NUL; JSON không chứa byte này",
                                 "a NUL byte, which JSON has no place for"};
        found_.push_back(std::move(p));
    }

    /// The tree, unless the text was refused.
    std::optional<json_node> result() {
        if (failed_) return std::nullopt;
        return std::move(root_);
    }

private:
    json_node* add(json_node::kind type) {
        json_node* made = nullptr;
        if (open_.empty()) {
            made = &root_;
        } else {
            json_node& parent = *open_.back();
            if (parent.children.empty() && parent.type == json_node::kind::object)
                parent.children.reserve(usual_members);
            made = &parent.children.emplace_back();
            if (parent.type == json_node::kind::object) made->key = std::move(key_);
        }
        made->type = type;
        return made;
    }

    bool open(json_node::kind type) {
        if (open_.size() >= json_limits::depth) {
            failed_ = true;
            const std::string most = std::to_string(json_limits::depth);
            problem p = make_problem(
                problem_code::too_deep, pointer(), most,
                detail::told("lồng sâu quá {0} cấp", "nested deeper than {0} levels", {most}));
            found_.push_back(std::move(p));
            return false;
        }
        open_.push_back(add(type));
        return true;
    }

    bool close() {
        if (open_.back()->type == json_node::kind::object) find_repeated(*open_.back());
        open_.pop_back();
        return true;
    }

    /// Tells each key that stood before; only the first counts afterwards.
    void find_repeated(json_node& object) {
        auto& members = object.children;
        constexpr std::size_t few = 16;
        if (members.size() <= few) {
            for (std::size_t i = 1; i < members.size(); ++i)
                for (std::size_t k = 0; k < i && !members[i].repeated; ++k)
                    members[i].repeated = members[k].key == members[i].key;
        } else {
            std::vector<std::size_t> order(members.size());
            for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
            std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
                const int by_key = members[a].key.compare(members[b].key);
                return by_key != 0 ? by_key < 0 : a < b;
            });
            for (std::size_t i = 1; i < order.size(); ++i)
                members[order[i]].repeated = members[order[i]].key == members[order[i - 1]].key;
        }
        for (const json_node& member : members)
            if (member.repeated)
                found_.push_back(make_problem(
                    problem_code::duplicate_key, pointer() + pointer_step(member.key), member.key,
                    detail::told("khóa \"{0}\" ghi lặp lại; chỉ giữ một",
                                 "the key \"{0}\" is repeated; keep one", {shown(member.key)})));
    }

    /// JSON pointer of the innermost open value.
    [[nodiscard]] std::string pointer() const {
        std::string text;
        for (std::size_t i = 1; i < open_.size(); ++i) {
            const json_node& parent = *open_[i - 1];
            if (parent.type == json_node::kind::object) {
                text += pointer_step(open_[i]->key);
            } else {
                text += '/';
                text += std::to_string(parent.children.size() - 1);
            }
        }
        return text;
    }

    void syntax_error(std::size_t offset, const std::string& token, bool bad_utf8) {
        failed_ = true;
        problem p;
        p.code = problem_code::syntax;
        const bool cut = offset >= text_.size();
        const auto [row, column] = row_and_column(text_, offset);
        p.where.row = row;
        p.where.column = column;
        p.value = bad_utf8 || cut ? std::string() : token;
        const bool empty = text_.find_first_not_of(" \t\r\n") == std::string_view::npos;
        if (empty)
            p.message = {"tệp trống: không có văn bản JSON nào", "the file is empty: no JSON text"};
        else if (bad_utf8)
            p.message = {"byte ở đây không phải UTF-8; hãy lưu tệp bằng mã UTF-8",
                         "the bytes here are not UTF-8; save the file as UTF-8"};
        else if (cut)
            p.message = {"văn bản JSON kết thúc giữa chừng; tệp có thể bị cắt",
                         "the JSON text ends too early; the file may have been cut"};
        else
            p.message =
                told("không đúng cú pháp JSON ở \"{0}\"; hãy xem lại dấu phẩy, ngoặc và dấu "
                     "nháy thẳng (\") ngay trước chỗ này",
                     "not valid JSON at \"{0}\"; look at the commas, brackets and straight "
                     "quotes (\") just before this place",
                     {printable(token)});
        found_.push_back(std::move(p));
    }

    /// The end of a token that may hold any bytes, shortened and as UTF-8.
    static std::string printable(const std::string& token) {
        constexpr std::size_t most = 40;
        std::string text;
        for (char c : token.size() > most ? token.substr(token.size() - most) : token)
            text += static_cast<unsigned char>(c) >= 0x80U ? '?' : c;
        return shown(text);
    }

    static constexpr std::size_t usual_members = 8;

    std::string_view text_;
    problems& found_;
    json_node root_;
    std::vector<json_node*> open_;
    std::string key_;
    bool failed_ = false;
};

nlohmann::ordered_json to_ordered(const json_node& node) {
    using ordered = nlohmann::ordered_json;
    switch (node.type) {
    case json_node::kind::null:
        return nullptr;
    case json_node::kind::boolean:
        return node.truth;
    case json_node::kind::integer:
        return node.integer;
    case json_node::kind::number:
        return ordered::parse(node.text);
    case json_node::kind::string:
        return node.text;
    case json_node::kind::array: {
        ordered list = ordered::array();
        for (const json_node& child : node.children) list.push_back(to_ordered(child));
        return list;
    }
    case json_node::kind::object: {
        ordered object = ordered::object();
        for (const json_node& child : node.children)
            if (!child.repeated) object[child.key] = to_ordered(child);
        return object;
    }
    }
    return nullptr;
}

}  // namespace

const json_node* json_node::find(std::string_view name) const noexcept {
    for (const json_node& child : children)
        if (!child.repeated && child.key == name) return &child;
    return nullptr;
}

std::string json_node::shown() const {
    switch (type) {
    case kind::null:
        return "null";
    case kind::boolean:
        return truth ? "true" : "false";
    case kind::integer:
        return std::to_string(integer);
    case kind::number:
        return detail::shown(text);
    case kind::string:
        return "\"" + detail::shown(text) + "\"";
    case kind::array: {
        // A short list of short values is told as it is: [2, 3].
        constexpr std::size_t most = 8;
        std::string list("[");
        for (std::size_t i = 0; i < children.size() && i < most; ++i) {
            const bool nested = !children[i].children.empty();
            list += (i == 0 ? "" : ", ") + (nested ? std::string("...") : children[i].shown());
        }
        return list + (children.size() > most ? ", ...]" : "]");
    }
    case kind::object:
        return children.empty() ? "{}" : "{...}";
    }
    return {};
}

std::optional<json_node> parse_json(std::string_view text, problems& found) {
    if (text.size() > json_limits::bytes) {
        const std::string size = std::to_string(text.size());
        const std::string most = std::to_string(json_limits::bytes);
        found.push_back(
            make_problem(problem_code::too_large, "", size,
                         detail::told("tệp {0} byte quá lớn; nhiều nhất {1}",
                                      "the document has {0} bytes; at most {1}", {size, most})));
        return std::nullopt;
    }
    tree_builder builder(text, found);
    // nlohmann's lexer takes a NUL for the end of the text.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        builder.refuse_nul(nul);
        return std::nullopt;
    }
    if (!json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
    return builder.result();
}

std::string to_json_text(const json_node& node) { return to_ordered(node).dump(); }

std::string json_path::text() const {
    if (up_ == nullptr) return {};
    return up_->text() + (in_list_ ? "/" + std::to_string(index_) : pointer_step(key_));
}

object_reader::object_reader(const json_node& node, const json_path& path, problems& found)
    : node_(node), path_(path), found_(found), object_(node.type == json_node::kind::object) {
    if (!object_) wrong_type(node, path_, {"một đối tượng { }", "an object { }"}, found_);
}

const json_node* object_reader::take(std::string_view name) {
    if (name_count_ < names_.size()) names_[name_count_++] = name;
    const json_node* node = object_ ? node_.find(name) : nullptr;
    if (node != nullptr) node->taken = true;
    return node;
}

const json_node* object_reader::require(std::string_view name) {
    const json_node* node = take(name);
    if (node == nullptr && object_)
        found_.push_back(make_problem(
            problem_code::missing_key, at(name).text(), "",
            detail::told("thiếu khóa \"{0}\"", "the key \"{0}\" is missing", {std::string(name)})));
    return node;
}

std::optional<std::string> object_reader::string(std::string_view name, bool required) {
    const json_node* node = required ? require(name) : take(name);
    return node == nullptr ? std::nullopt : string_of(*node, at(name), found_);
}

std::optional<std::int64_t> object_reader::integer(std::string_view name, bool required) {
    const json_node* node = required ? require(name) : take(name);
    return node == nullptr ? std::nullopt : integer_of(*node, at(name), found_);
}

std::optional<bool> object_reader::boolean(std::string_view name) {
    const json_node* node = take(name);
    return node == nullptr ? std::nullopt : boolean_of(*node, at(name), found_);
}

std::optional<date> object_reader::day(std::string_view name) {
    const json_node* node = take(name);
    return node == nullptr ? std::nullopt : day_of(*node, at(name), found_);
}

void object_reader::finish() {
    if (!object_) return;
    std::size_t unknown = 0;
    for (const json_node& child : node_.children) {
        if (child.repeated || child.taken || ++unknown > json_limits::named_keys) continue;
        std::string names;
        for (std::size_t i = 0; i < name_count_; ++i)
            names += (i == 0 ? "" : ", ") + std::string(names_[i]);
        const std::string given = detail::shown(child.key);
        found_.push_back(make_problem(
            problem_code::unknown_key, at(child.key).text(), child.key,
            detail::told("khóa \"{0}\" không có nghĩa ở đây; các khóa: {1}",
                         "the key \"{0}\" means nothing here; the keys are: {1}", {given, names})));
    }
    if (unknown > json_limits::named_keys)
        more_unknown(unknown - json_limits::named_keys, path_, found_);
}

void object_reader::more_unknown(std::size_t count, const json_path& path, problems& found) {
    const std::string more = std::to_string(count);
    found.push_back(make_problem(problem_code::unknown_key, path.text(), more,
                                 told("và {0} khóa khác không có nghĩa ở đây",
                                      "and {0} more keys that mean nothing here", {more})));
}

void object_reader::wrong_type(const json_node& node, const json_path& path, const label& wanted,
                               problems& found) {
    const std::string given = node.shown();
    found.push_back(
        make_problem(problem_code::wrong_type, path.text(), given,
                     detail::told("{0} sai kiểu: cần {1}", "{0} is of the wrong type: give {2}",
                                  {given, wanted.vi, wanted.en})));
}

std::optional<std::string> object_reader::string_of(const json_node& node, const json_path& path,
                                                    problems& found) {
    if (node.type == json_node::kind::string) return node.text;
    wrong_type(node, path, {"một chuỗi", "a string"}, found);
    return std::nullopt;
}

std::optional<bool> object_reader::boolean_of(const json_node& node, const json_path& path,
                                              problems& found) {
    if (node.type == json_node::kind::boolean) return node.truth;
    wrong_type(node, path, {"true hoặc false", "true or false"}, found);
    return std::nullopt;
}

std::optional<std::int64_t> object_reader::integer_of(const json_node& node, const json_path& path,
                                                      problems& found) {
    if (node.type == json_node::kind::integer) return node.integer;
    wrong_type(node, path, {"một số nguyên", "an integer"}, found);
    return std::nullopt;
}

std::optional<date> object_reader::day_of(const json_node& node, const json_path& path,
                                          problems& found) {
    if (node.type != json_node::kind::string) {
        wrong_type(node, path, {"ngày dạng \"2026-06-20\"", "a day like \"2026-06-20\""}, found);
        return std::nullopt;
    }
    const std::string* text = &node.text;
    const auto day = parse_date(*text);
    if (!day)
        found.push_back(make_problem(
            problem_code::bad_date, path.text(), *text,
            detail::told("\"{0}\" không phải ngày có thật dạng NNNN-TT-NN, ví dụ 2026-06-20",
                         "\"{0}\" is no day written YYYY-MM-DD, like 2026-06-20",
                         {detail::shown(*text)})));
    return day;
}

void object_reader::bad_value(const std::string& given, const json_path& path,
                              const std::string& allowed, problems& found) {
    const std::string told = detail::shown(given);
    found.push_back(
        make_problem(problem_code::bad_value, path.text(), given,
                     detail::told("\"{0}\" không hợp lệ; chọn một trong: {1}",
                                  "\"{0}\" is not valid; give one of: {1}", {told, allowed})));
}

bool is_list(const json_node& node, const json_path& path, problems& found) {
    if (node.type == json_node::kind::array) return true;
    object_reader::wrong_type(node, path, {"một danh sách [ ]", "a list [ ]"}, found);
    return false;
}

}  // namespace ocop::detail
