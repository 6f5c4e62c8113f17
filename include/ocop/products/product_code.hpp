/// \file product_code.hpp
/// Product codes (mã số sản phẩm) of the three generations: their form. What their units are is a
/// question for a gazetteer: product_code_explained.hpp.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/status.hpp"
#include "ocop/communes/unit.hpp"

namespace ocop {

/// A generation of product codes.
enum class code_generation : std::uint8_t {
    of_1048,        ///< PP-DDD-serial-YYYY, the serial kept by the district
    software_2021,  ///< PP-DDD-CCCCC-serial-YYYY, written by the software of 2021-22
    of_26_2026      ///< PP-CCCCC-serial-YYYY, the serial kept by the commune
};

template <>
struct names<code_generation> {
    static constexpr std::array<std::string_view, 3> all{"1048", "software-2021", "26-2026"};
};
template <>
struct terms<code_generation> {
    static constexpr std::array<term, 3> all{
        {{"mã theo Quyết định 1048/QĐ-TTg", "code of Decision 1048/QĐ-TTg"},
         {"mã của phần mềm năm 2021-2022", "code of the software of 2021-22"},
         {"mã theo Quyết định 26/2026/QĐ-TTg", "code of Decision 26/2026/QĐ-TTg"}}};
};

/// What is known of a generation's codes.
struct code_rule {
    code_generation generation;
    bool with_district;
    bool with_commune;
    std::uint16_t first_year;  ///< a code of an earlier year cannot be
    std::uint16_t last_year;   ///< nor of a later one
    /// Years outside these are doubtful and told as a warning.
    std::uint16_t sure_from;
    std::uint16_t sure_until;
    status form_known;
    std::string_view form_source;
    status years_known;
    term years_source;
};

/// The three generations. The serial (số thứ tự) counts a unit's products of a year and is never the
/// star.
inline constexpr std::array<code_rule, 3> code_rules{
    {{code_generation::of_1048,
      true,
      false,
      2019,
      2026,
      2019,
      2025,
      status::verified,
      "1048/QĐ-TTg, 26 scorecards: (T)-(H)-(STT)-20YY; codes of 124/2004/QĐ-TTg",
      status::inferred,
      {"1048 có hiệu lực từ 2019; mã theo 148 chưa rõ, được coi là cùng dạng và có đến 2026; cấp "
       "huyện "
       "bãi bỏ từ 01/7/2025",
       "1048 is in force from 2019; the code under 148 was not seen and is taken to have the same "
       "form, "
       "until 2026; districts were abolished on 2025-07-01"}},
     {code_generation::software_2021,
      true,
      true,
      2019,
      2026,
      2021,
      2022,
      status::verified,
      "79 codes of the software's own screens, all of whose units agree",
      status::inferred,
      {"các mã đã thấy đều của năm 2021 và 2022", "the codes seen are all of 2021 and 2022"}},
     {code_generation::of_26_2026,
      false,
      true,
      2026,
      9999,
      2026,
      9999,
      status::verified,
      "26/2026/QĐ-TTg: (T)-(X)-(STT)-20YY; codes of 19/2025/QĐ-TTg",
      status::verified,
      {"26/2026 có hiệu lực từ 22/5/2026", "26/2026 is in force from 2026-05-22"}}}};

/// The rule of \p generation.
[[nodiscard]] constexpr const code_rule& rule_of(code_generation generation) noexcept {
    return code_rules[static_cast<std::size_t>(generation)];
}

/// A product code whose form is right. Whether its units exist and fit is not checked here. Ordered by
/// generation, units, serial and year.
class product_code {
public:
    static constexpr std::size_t most_serial_digits = 6;
    static constexpr std::uint32_t most_serial = 999999;

    /// The code written as \p text: parts of digits with dashes between. Leading zeros of units count.
    /// Blanks around and inside, typographic dashes and leading zeros of the serial are read and told
    /// as a warning. Nothing, and one problem (503) for each part that is wrong, otherwise. Never more
    /// than a few steps: texts over 64 bytes are refused.
    [[nodiscard]] static std::optional<product_code> try_parse(std::string_view text,
                                                               problems& found,
                                                               const std::string& pointer = "") {
        if (text.size() > most_bytes) {
            tell(found, pointer, text,
                 detail::told("mã quá dài ({0} byte); mã sản phẩm có dạng {1}",
                              "the code is too long ({0} bytes); a product code is {1}",
                              {std::to_string(text.size()), forms}));
            return std::nullopt;
        }
        const std::string clean = cleaned(text);
        if (clean.empty()) {
            tell(found, pointer, text,
                 detail::told("mã trống; mã sản phẩm có dạng {0}",
                              "the code is empty; a product code is {0}", {forms}));
            return std::nullopt;
        }
        const std::vector<std::string_view> parts = split(clean);
        std::optional<product_code> made = read(parts, text, found, pointer);
        if (made && made->text() != text)
            found.push_back(
                detail::make_problem(problem_code::bad_product_code, pointer, std::string(text),
                                     detail::told("đọc \"{0}\" là {1}; hãy viết đúng như vậy",
                                                  "\"{0}\" is read as {1}; write it so",
                                                  {detail::shown(text), made->text()}),
                                     severity::warning));
        return made;
    }
    /// As try_parse(). \throws error with every problem.
    [[nodiscard]] static product_code parse(std::string_view text) {
        problems found;
        const std::optional<product_code> made = try_parse(text, found);
        if (!made) throw error(std::move(found));
        return *made;
    }
    /// A code of its parts. Nothing, and problems (503), when a part is missing, surplus or of a wrong
    /// level, or the serial or the year cannot be written.
    [[nodiscard]] static std::optional<product_code> try_make(
        code_generation generation, unit_code province, std::optional<unit_code> district,
        std::optional<unit_code> commune, std::uint32_t serial, int year, problems& found) {
        const code_rule& rule = rule_of(generation);
        const auto right = [](const std::optional<unit_code>& code, unit_level level, bool wanted) {
            return code.has_value() == wanted && (!code || code->level() == level);
        };
        const std::size_t before = found.size();
        if (!right(province, unit_level::province, true))
            tell(found, "/province", to_string(province),
                 {"phần đầu phải là mã tỉnh, 2 chữ số",
                  "the first part must be the code of a province, 2 digits"});
        const auto check = [&](const char* at, const std::optional<unit_code>& code,
                               unit_level level, bool wanted) {
            if (right(code, level, wanted)) return;
            const label what = label_of(level);
            const label form = label_of(generation);
            tell(found, at, code ? to_string(*code) : std::string(),
                 wanted ? label{form.vi + " cần mã đơn vị " + what.vi,
                                "a " + form.en + " needs the code of a " + what.en}
                        : label{form.vi + " không ghi đơn vị " + what.vi,
                                "a " + form.en + " has no " + what.en});
        };
        check("/district", district, unit_level::district, rule.with_district);
        check("/commune", commune, unit_level::commune, rule.with_commune);
        if (serial == 0 || serial > most_serial)
            tell(found, "/serial", std::to_string(serial), serial_text(std::to_string(serial)));
        if (year < 1000 || year > 9999)
            tell(found, "/year", std::to_string(year), year_text(std::to_string(year)));
        if (found.size() != before) return std::nullopt;
        return product_code(generation, province, district, commune, serial,
                            static_cast<std::uint16_t>(year));
    }

    [[nodiscard]] constexpr code_generation generation() const noexcept { return generation_; }
    [[nodiscard]] constexpr unit_code province() const noexcept { return province_; }
    [[nodiscard]] constexpr std::optional<unit_code> district() const noexcept { return district_; }
    [[nodiscard]] constexpr std::optional<unit_code> commune() const noexcept { return commune_; }
    /// From 1. Counts the products of the unit that keeps it; says nothing of the star.
    [[nodiscard]] constexpr std::uint32_t serial() const noexcept { return serial_; }
    /// The year of evaluation, as written.
    [[nodiscard]] constexpr int year() const noexcept { return year_; }

    /// The code as it is written: "83-829-28780-3-2022".
    [[nodiscard]] std::string text() const {
        std::string made = to_string(province_);
        if (district_) made += '-' + to_string(*district_);
        if (commune_) made += '-' + to_string(*commune_);
        made += '-' + std::to_string(serial_) + '-';
        const std::string year = std::to_string(year_);
        return made.append(4 - year.size(), '0') + year;
    }

    friend constexpr auto operator<=>(const product_code&, const product_code&) noexcept = default;

private:
    static constexpr std::size_t most_bytes = 64;
    static constexpr std::string_view forms = "PP-DDD-N-YYYY, PP-DDD-CCCCC-N-YYYY, PP-CCCCC-N-YYYY";

    constexpr product_code(code_generation generation, unit_code province,
                           std::optional<unit_code> district, std::optional<unit_code> commune,
                           std::uint32_t serial, std::uint16_t year) noexcept
        : generation_(generation),
          province_(province),
          district_(district),
          commune_(commune),
          serial_(serial),
          year_(year) {}

    static void tell(problems& found, const std::string& pointer, std::string_view value,
                     label text) {
        found.push_back(detail::make_problem(problem_code::bad_product_code, pointer,
                                             std::string(value), std::move(text)));
    }
    static label serial_text(std::string_view part) {
        return detail::told(
            "số thứ tự \"{0}\" không hợp lệ; số thứ tự từ 1, nhiều nhất 6 chữ số",
            "the serial \"{0}\" is not valid; serials are 1 or more, at most 6 digits",
            {detail::shown(part)});
    }
    static label year_text(std::string_view part) {
        return detail::told("năm \"{0}\" không hợp lệ; năm gồm 4 chữ số",
                            "the year \"{0}\" is not valid; a year has 4 digits",
                            {detail::shown(part)});
    }

    /// \p text without blanks around its parts, and with plain dashes.
    static std::string cleaned(std::string_view text) {
        std::string clean;
        std::string blanks;  // kept only between characters of one part, where they are wrong
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t blank = text[i] == ' ' || text[i] == '\t' ? 1
                                      : text.substr(i, 2) == "\xC2\xA0" ? 2
                                                                        : 0;
            const std::size_t dash = dash_at(text, i);
            if (blank != 0) {
                blanks += ' ';
                i += blank;
            } else if (dash != 0) {
                blanks.clear();
                clean += '-';
                i += dash;
            } else {
                if (!clean.empty() && clean.back() != '-') clean += blanks;
                blanks.clear();
                clean += text[i++];
            }
        }
        return clean;
    }
    /// Bytes of the dash that begins at \p i: - and U+2010 to U+2015, U+2212; 0 for none.
    static std::size_t dash_at(std::string_view text, std::size_t i) {
        if (text[i] == '-') return 1;
        if (text.substr(i, 3) == "\xE2\x88\x92") return 3;
        const std::string_view two = text.substr(i, 2);
        if (two != "\xE2\x80" || i + 2 >= text.size()) return 0;
        const auto last = static_cast<unsigned char>(text[i + 2]);
        return last >= 0x90U && last <= 0x95U ? 3 : 0;
    }
    static std::vector<std::string_view> split(std::string_view text) {
        std::vector<std::string_view> parts;
        for (std::size_t from = 0;;) {
            const std::size_t dash = text.find('-', from);
            parts.push_back(text.substr(from, dash == std::string_view::npos ? dash : dash - from));
            if (dash == std::string_view::npos) return parts;
            from = dash + 1;
        }
    }
    [[nodiscard]] static bool is_digits(std::string_view part) noexcept {
        for (char c : part)
            if (c < '0' || c > '9') return false;
        return !part.empty();
    }
    [[nodiscard]] static std::uint32_t number_of(std::string_view digits) noexcept {
        std::uint32_t value = 0;
        for (char c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
        return value;
    }

    static std::optional<product_code> read(const std::vector<std::string_view>& parts,
                                            std::string_view text, problems& found,
                                            const std::string& pointer) {
        if (parts.size() != 4 && parts.size() != 5) {
            tell(found, pointer, text,
                 detail::told("\"{0}\" có {1} phần; mã sản phẩm có dạng {2}",
                              "\"{0}\" has {1} parts; a product code is {2}",
                              {detail::shown(text), std::to_string(parts.size()), forms}));
            return std::nullopt;
        }
        const std::size_t before = found.size();
        const bool five = parts.size() == 5;
        const std::optional<unit_code> province =
            unit(parts[0], unit_level::province, found, pointer);
        std::optional<unit_code> district;
        std::optional<unit_code> commune;
        // With four parts only the digits tell a district from a commune.
        if (five) {
            district = unit(parts[1], unit_level::district, found, pointer);
            commune = unit(parts[2], unit_level::commune, found, pointer);
        } else if (is_digits(parts[1]) && parts[1].size() == 3) {
            district = unit(parts[1], unit_level::district, found, pointer);
        } else if (is_digits(parts[1]) && parts[1].size() == 5) {
            commune = unit(parts[1], unit_level::commune, found, pointer);
        } else {
            tell(found, pointer, parts[1],
                 detail::told(
                     "phần thứ hai \"{0}\" phải là mã huyện (3 chữ số) hoặc mã xã (5 chữ số)",
                     "the second part \"{0}\" must be a district (3 digits) or a commune (5)",
                     {detail::shown(parts[1])}));
        }
        const std::string_view serial = parts[parts.size() - 2];
        const std::string_view year = parts.back();
        const bool serial_good =
            is_digits(serial) && serial.size() <= most_serial_digits && number_of(serial) != 0;
        if (!serial_good) tell(found, pointer, serial, serial_text(serial));
        if (!is_digits(year) || year.size() != 4) tell(found, pointer, year, year_text(year));
        if (found.size() != before) return std::nullopt;
        const code_generation generation = five       ? code_generation::software_2021
                                           : district ? code_generation::of_1048
                                                      : code_generation::of_26_2026;
        return product_code(generation, *province, district, commune, number_of(serial),
                            static_cast<std::uint16_t>(number_of(year)));
    }
    static std::optional<unit_code> unit(std::string_view part, unit_level level, problems& found,
                                         const std::string& pointer) {
        const std::optional<unit_code> code = unit_code::from(part);
        if (code && code->level() == level) return code;
        const label what = label_of(level);
        const std::string digits = level == unit_level::province   ? "2"
                                   : level == unit_level::district ? "3"
                                                                   : "5";
        tell(
            found, pointer, part,
            detail::told("\"{0}\" không phải mã đơn vị {1}: cần đúng {3} chữ số, kể cả số 0 ở đầu",
                         "\"{0}\" is no code of a {2}: it needs {3} digits, leading zeros included",
                         {detail::shown(part), what.vi, what.en, digits}));
        return std::nullopt;
    }

    code_generation generation_;
    unit_code province_;
    std::optional<unit_code> district_;
    std::optional<unit_code> commune_;
    std::uint32_t serial_;
    std::uint16_t year_;
};

/// \p code as it is written.
[[nodiscard]] inline std::string to_string(const product_code& code) { return code.text(); }

}  // namespace ocop

/// Equal codes have equal hashes.
template <>
struct std::hash<ocop::product_code> {
    [[nodiscard]] std::size_t operator()(const ocop::product_code& code) const noexcept {
        std::uint64_t mixed = code.province().number();
        const auto mix = [&mixed](std::uint64_t value) {
            mixed = (mixed ^ value) * 0x9E3779B97F4A7C15ULL;
            mixed ^= mixed >> 29;
        };
        mix(code.district() ? code.district()->number() + 1U : 0U);
        mix(code.commune() ? code.commune()->number() + 1U : 0U);
        mix(code.serial());
        mix(static_cast<std::uint64_t>(code.year()));
        return static_cast<std::size_t>(mixed);
    }
};
