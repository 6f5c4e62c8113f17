// The text forms of agreement: a report for officials, tidy CSV and JSON for researchers.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "ocop/exchange/sheets_agreement.hpp"
#include "text_table.hpp"
#include "wording.hpp"

namespace ocop {
namespace {

using detail::text_table;
using nlohmann::ordered_json;
using align = text_table::align;

// Decimals of CSV and JSON, by what a number is.
constexpr int of_points = 4;  // points and logits
constexpr int of_ratio = 6;   // alpha, ICC, chances

constexpr double likely_width = 1.959963984540054;  // standard errors to each side for 95 %

/// \p value in whole steps of 10^-\p decimals; nothing where it is no number, or far too large.
std::optional<std::int64_t> steps_of(double value, int decimals) {
    for (int d = 0; d < decimals; ++d) value *= 10.0;
    if (!(std::abs(value) < 9e15)) return std::nullopt;
    return std::llround(value);
}

/// "-4.90": no locale, and no minus before a zero. Empty where \p value is no number.
std::string fixed(double value, int decimals) {
    const auto steps = steps_of(value, decimals);
    if (!steps) return {};
    std::string digits = std::to_string(*steps < 0 ? -*steps : *steps);
    const auto behind = static_cast<std::size_t>(decimals);
    if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
    if (behind != 0) digits.insert(digits.size() - behind, 1, '.');
    return *steps < 0 ? "-" + digits : digits;
}

/// \p value with fixed decimals, as a number of JSON.
ordered_json number(double value, int decimals) {
    const auto steps = steps_of(value, decimals);
    if (!steps) return nullptr;
    double power = 1.0;
    for (int d = 0; d < decimals; ++d) power *= 10.0;
    return static_cast<double>(*steps) / power;
}

/// One number of the report with all that belongs to it.
struct figure {
    std::string_view statistic;
    std::optional<double> value;
    int decimals = of_points;
    std::optional<double> low;
    std::optional<double> high;
    std::optional<std::size_t> n;
    std::string_view why;  ///< where there is no value, or to say more
};

figure likely(std::string_view statistic, double value, double error, std::size_t n) {
    return {statistic, value, of_points, value - likely_width * error, value + likely_width * error,
            n,         {}};
}

/// The estimate of \p from, or why there is none.
figure figure_of(std::string_view statistic, const std::optional<estimate>& from, std::size_t n,
                 measured state) {
    figure made{statistic, std::nullopt, of_ratio, std::nullopt, std::nullopt, n, name_of(state)};
    if (!from) return made;
    made.value = from->value;
    if (std::isfinite(from->low)) made.low = from->low;
    if (std::isfinite(from->high)) made.high = from->high;
    made.why = {};
    return made;
}

/// ICC(2,1) by the formula; a bound that is no number is left out.
figure single_of(const icc_result& from, std::size_t n) {
    return figure_of("icc_single", from.single, n, from.state);
}

/// ICC(2,k): products that differ less than chance would have them have none.
figure average_of(const icc_result& from, std::size_t n) {
    figure made = figure_of("icc_average", from.average, n, from.state);
    if (!from.average && from.single) made.why = name_of(measured::not_estimated);
    return made;
}

figure figure_of(std::string_view statistic, const alpha_result& from) {
    return {statistic,
            from.value,
            of_ratio,
            std::nullopt,
            std::nullopt,
            from.units,
            from.value ? std::string_view() : name_of(from.state)};
}

/// What is told of totals and of each criterion alike.
std::vector<figure> figures_of(const agreement_measures& m) {
    std::vector<figure> list{figure_of("alpha_ordinal", m.ordinal),
                             figure_of("alpha_interval", m.interval)};
    list.push_back(single_of(m.icc, m.icc.units));
    list.push_back(average_of(m.icc, m.icc.units));
    return list;
}

figure points_figure(std::string_view statistic, double value, std::size_t n) {
    return {statistic, value, of_points, std::nullopt, std::nullopt, n, {}};
}

figure chance_figure(std::string_view statistic, double value, std::size_t n) {
    return {statistic, value, of_ratio, std::nullopt, std::nullopt, n, {}};
}

figure count_figure(std::string_view statistic, std::size_t value) {
    return {statistic, static_cast<double>(value), 0, std::nullopt, std::nullopt, std::nullopt, {}};
}

figure estimated(std::string_view statistic, const estimate& from, std::size_t n) {
    return {statistic, from.value, of_points, from.low, from.high, n, {}};
}

std::vector<figure> figures_of(const drift_result& d) {
    std::vector<figure> list{points_figure("first_mean", d.first_mean, d.units),
                             points_figure("second_mean", d.second_mean, d.units),
                             estimated("difference", d.difference, d.units),
                             points_figure("difference_sd", d.sd, d.units),
                             estimated("lower_limit", d.lower_limit, d.units),
                             estimated("upper_limit", d.upper_limit, d.units),
                             count_figure("rises", d.rises),
                             count_figure("falls", d.falls),
                             chance_figure("t_p", d.t_p, d.units),
                             chance_figure("sign_p", d.sign_p, d.rises + d.falls),
                             chance_figure("wilcoxon_p", d.wilcoxon_p, d.rises + d.falls)};
    if (!d.wilcoxon_exact) list.back().why = "normal_approximation";
    list.push_back(single_of(d.agreement, d.units));
    list.push_back(average_of(d.agreement, d.units));
    return list;
}

std::vector<figure> figures_of(const facet_measure& m) {
    const std::string_view why =
        m.state == facet_state::estimated ? std::string_view() : name_of(m.state);
    const bool known = m.state == facet_state::estimated || m.state == facet_state::extreme;
    const auto if_known = [&](double value) {
        return known ? std::optional<double>(value) : std::nullopt;
    };
    figure measure{"measure",    if_known(m.measure), of_points, std::nullopt,
                   std::nullopt, m.ratings,           why};
    if (m.state == facet_state::estimated) {
        measure.low = m.measure - likely_width * m.standard_error;
        measure.high = m.measure + likely_width * m.standard_error;
    }
    std::vector<figure> list{measure};
    const auto add = [&](std::string_view statistic, std::optional<double> value) {
        list.push_back({statistic, value, of_points, std::nullopt, std::nullopt, m.ratings, why});
    };
    const auto fit = [&](double value) {
        return known && value > 0.0 ? std::optional<double>(value) : std::nullopt;
    };
    add("infit", fit(m.infit));
    add("outfit", fit(m.outfit));
    add("mean", m.mean);
    add("fair", if_known(m.fair));
    return list;
}

/// What the member's row of each form tells.
std::vector<figure> figures_of(const member_severity& m, const left_out_summary& without,
                               bool estimated) {
    const std::string_view why =
        m.state == correction::applied ? std::string_view() : name_of(m.state);
    figure severity = likely("severity", m.severity, m.standard_error, m.ratings);
    figure noise = points_figure("noise_sd", m.noise_sd, m.ratings);
    severity.why = noise.why = why;
    if (!estimated) severity.value = severity.low = severity.high = std::nullopt;
    if (!(m.noise_sd > 0.0)) noise.value = std::nullopt;
    figure corrected = points_figure("correction", m.correction_points, m.ratings);
    corrected.why = why;
    if (m.state != correction::applied) corrected.value = std::nullopt;
    figure mean = points_figure("mean_change_without", without.mean_change, without.units);
    figure largest = points_figure("largest_change_without", without.largest_change, without.units);
    if (without.units == 0) {
        mean.value = largest.value = std::nullopt;
        mean.why = largest.why = name_of(measured::no_pairs);
    }
    return {severity, noise, corrected, mean, largest};
}

std::vector<figure> figures_of(const outlier& one) {
    const bool own_scale = one.reason == outlier_reason::unlike_pattern;
    const int decimals = own_scale ? of_ratio : of_points;
    const std::string_view why = name_of(one.reason);
    std::vector<figure> list{
        {"value", one.value, decimals, std::nullopt, std::nullopt, std::nullopt, why}};
    if (one.reason == outlier_reason::straight_line) {
        list.front().value = std::nullopt;
        return list;
    }
    list.push_back(
        {"expected", one.expected, decimals, std::nullopt, std::nullopt, std::nullopt, why});
    if (one.reason != outlier_reason::alone_at_other_end)
        list.push_back(
            {"deviation", one.score, of_points, std::nullopt, std::nullopt, std::nullopt, why});
    return list;
}

std::vector<figure> figures_of_model(const severity_estimate& model, const component_icc& icc,
                                     std::uint32_t usual) {
    std::vector<figure> list;
    const std::string_view why = model.estimated ? std::string_view() : name_of(model.state);
    const auto add = [&](std::string_view statistic, double value) {
        list.push_back({statistic, model.estimated ? std::optional<double>(value) : std::nullopt,
                        of_points, std::nullopt, std::nullopt, std::nullopt, why});
    };
    add("mean", model.mean);
    add("product_sd", model.unit_sd);
    add("member_sd", model.member_sd);
    add("noise_sd", model.noise_sd);
    const std::string_view icc_why =
        icc.state == measured::yes ? std::string_view() : name_of(icc.state);
    list.push_back(
        {"icc_single_of_components", icc.single, of_ratio, std::nullopt, std::nullopt, 1, icc_why});
    list.push_back({"icc_average_of_components", icc.average, of_ratio, std::nullopt, std::nullopt,
                    usual, icc_why});
    return list;
}

// CSV

/// What a row of the CSV is about; what does not apply is empty.
struct subject {
    std::string_view part;
    std::string_view council;
    std::string_view product;
    std::string_view member;
    std::string_view criterion;
};

void add_row(const subject& of, const figure& f, std::string& text) {
    for (const std::string_view cell : {of.part, of.council, of.product, of.member, of.criterion}) {
        text += detail::csv_field(cell);
        text += ',';
    }
    text += f.statistic;
    text += ',';
    if (f.value) text += fixed(*f.value, f.decimals);
    text += ',';
    if (f.value && f.low) text += fixed(*f.low, f.decimals);
    text += ',';
    if (f.value && f.high) text += fixed(*f.high, f.decimals);
    text += ',';
    if (f.n) text += std::to_string(*f.n);
    text += ',';
    text += f.why;
    text += '\n';
}

void add_rows(const subject& of, const std::vector<figure>& list, std::string& text) {
    for (const figure& f : list) add_row(of, f, text);
}

std::string csv_of(const sheets_agreement& told, const sheets_drift* between) {
    std::string text("part,council,product,member,criterion,statistic,value,low,high,n,why\n");
    constexpr std::string_view total("total");
    const auto measures = [&](subject of, const agreement_measures& totals,
                              const std::vector<agreement_measures>& criteria) {
        of.criterion = total;
        add_rows(of, figures_of(totals), text);
        for (std::size_t i = 0; i < criteria.size(); ++i) {
            of.criterion = told.criteria[i];
            add_rows(of, figures_of(criteria[i]), text);
        }
    };
    for (const figure& f :
         {count_figure("products", told.products.size()),
          count_figure("products_left_out", told.left_out.size()),
          count_figure("sheets", told.sheets), count_figure("members", told.members.size()),
          count_figure("councils", told.councils.size()),
          count_figure("councils_of_one_product", told.single_councils)})
        add_row({"file", {}, {}, {}, {}}, f, text);
    measures({"all", {}, {}, {}, {}}, told.totals, told.criteria_of);
    for (std::size_t c = 0; c < told.councils.size(); ++c) {
        const council_agreement& one = told.councils[c];
        const std::string name = std::to_string(c + 1);
        for (const std::uint32_t m : one.members)
            add_row({"council", name, {}, told.members[m], {}}, count_figure("sits", 1), text);
        for (const std::uint32_t p : one.products)
            add_row({"council", name, told.products[p], {}, {}}, count_figure("scored", 1), text);
        measures({"council", name, {}, {}, {}}, one.totals, one.criteria);
    }
    add_rows({"model", {}, {}, {}, total},
             figures_of_model(told.model, told.components, told.usual_sheets), text);
    for (std::size_t m = 0; m < told.members.size(); ++m) {
        for (const figure& f :
             figures_of(told.model.members[m], told.without[m], told.model.estimated)) {
            // The one change that is of one product says of which.
            const bool of_one = f.value && f.statistic == "largest_change_without";
            const std::string_view where =
                of_one ? std::string_view(told.products[told.without[m].largest_unit])
                       : std::string_view();
            add_row({"member", {}, where, told.members[m], total}, f, text);
        }
    }
    for (std::size_t p = 0; p < told.products.size(); ++p) {
        const unit_fairness& u = told.model.units[p];
        add_row({"product", {}, told.products[p], {}, total},
                points_figure("raw_mean", u.raw, u.ratings), text);
        figure fair = points_figure("fair_mean", u.fair, u.corrected);
        if (u.corrected == 0) {
            fair.value = std::nullopt;
            fair.why = "not_corrected";
        }
        add_row({"product", {}, told.products[p], {}, total}, fair, text);
    }
    for (const std::string& name : told.left_out)
        add_row({"product", {}, name, {}, total},
                {"raw_mean", {}, of_points, {}, {}, {}, name_of(outcome::incomplete)}, text);
    for (const outlier& one : told.outliers)
        add_rows({"outlier",
                  {},
                  told.products[one.unit],
                  told.members[one.member],
                  one.criterion ? std::string_view(told.criteria[*one.criterion]) : total},
                 figures_of(one), text);
    if (told.facets) {
        const many_facet_model& f = *told.facets;
        for (std::size_t i = 0; i < f.units.size(); ++i)
            add_rows({"facet", {}, told.products[i], {}, {}}, figures_of(f.units[i]), text);
        for (std::size_t i = 0; i < f.members.size(); ++i)
            add_rows({"facet", {}, {}, told.members[i], {}}, figures_of(f.members[i]), text);
        for (std::size_t i = 0; i < f.criteria.size(); ++i)
            add_rows({"facet", {}, {}, {}, told.criteria[i]}, figures_of(f.criteria[i]), text);
    }
    if (between == nullptr) return text;
    add_row({"drift", {}, {}, {}, {}}, count_figure("only_first", between->only_first), text);
    add_row({"drift", {}, {}, {}, {}}, count_figure("only_second", between->only_second), text);
    add_rows({"drift", {}, {}, {}, total}, figures_of(between->totals), text);
    for (std::size_t i = 0; i < between->criteria.size(); ++i)
        add_rows({"drift", {}, {}, {}, told.criteria[i]}, figures_of(between->criteria[i]), text);
    for (const paired_score& p : between->means) {
        add_row({"drift", {}, between->products[p.unit], {}, total},
                {"first_mean", p.first, of_points, {}, {}, {}, {}}, text);
        add_row({"drift", {}, between->products[p.unit], {}, total},
                {"second_mean", p.second, of_points, {}, {}, {}, {}}, text);
    }
    return text;
}

// JSON

ordered_json json_of(const figure& f) {
    ordered_json j;
    j["value"] = f.value ? number(*f.value, f.decimals) : ordered_json(nullptr);
    if (f.low || f.high) {
        const auto bound = [&](const std::optional<double>& at) {
            return f.value && at ? number(*at, f.decimals) : ordered_json(nullptr);
        };
        j["low"] = bound(f.low);
        j["high"] = bound(f.high);
    }
    if (f.n) j["n"] = *f.n;
    if (!f.why.empty()) j["why"] = f.why;
    return j;
}

void add_figures(const std::vector<figure>& list, ordered_json& to) {
    for (const figure& f : list) to[std::string(f.statistic)] = json_of(f);
}

/// Writes JSON with words in one language.
class json_writer {
public:
    json_writer(const regulation& under, const scorecard& card, const sheets_agreement& told,
                const sheets_drift* between, language lang)
        : under_(under), card_(card), told_(told), between_(between), lang_(lang) {}

    [[nodiscard]] std::string write() const {
        ordered_json j;
        j["regulation"] = under_.id();
        j["set"] = card_.set();
        j["file"] = told_.file;
        j["sheets"] = told_.sheets;
        j["left_out"] = told_.left_out;
        j["agreement"] = measures(told_.totals, told_.criteria_of);
        j["councils"] = ordered_json::array();
        for (const council_agreement& one : told_.councils) {
            ordered_json c;
            for (const std::uint32_t m : one.members) c["members"].push_back(told_.members[m]);
            for (const std::uint32_t p : one.products) c["products"].push_back(told_.products[p]);
            c["agreement"] = measures(one.totals, one.criteria);
            j["councils"].push_back(std::move(c));
        }
        j["councils_of_one_product"] = told_.single_councils;
        j["model"] = ordered_json::object();
        add_figures(figures_of_model(told_.model, told_.components, told_.usual_sheets),
                    j["model"]);
        j["members"] = ordered_json::array();
        for (std::size_t m = 0; m < told_.members.size(); ++m) j["members"].push_back(member(m));
        j["products"] = ordered_json::array();
        for (std::size_t p = 0; p < told_.products.size(); ++p) {
            const unit_fairness& u = told_.model.units[p];
            j["products"].push_back({{"product", told_.products[p]},
                                     {"sheets", u.ratings},
                                     {"raw_mean", number(u.raw, of_points)},
                                     {"fair_mean", u.corrected == 0 ? ordered_json(nullptr)
                                                                    : number(u.fair, of_points)},
                                     {"corrected_sheets", u.corrected}});
        }
        j["outliers"] = ordered_json::array();
        for (const outlier& one : told_.outliers) j["outliers"].push_back(outlying(one));
        if (told_.facets) j["facets"] = facets(*told_.facets);
        if (between_ != nullptr) j["drift"] = drifted(*between_);
        return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    }

private:
    [[nodiscard]] ordered_json measures(const agreement_measures& totals,
                                        const std::vector<agreement_measures>& criteria) const {
        ordered_json list = ordered_json::array();
        const auto add = [&](std::string_view name, const agreement_measures& m) {
            ordered_json one;
            one["criterion"] = name;
            one["ratings"] = m.interval.ratings;
            add_figures(figures_of(m), one);
            one["incomplete_products"] = m.icc.incomplete;
            list.push_back(std::move(one));
        };
        add("total", totals);
        for (std::size_t i = 0; i < criteria.size(); ++i) add(told_.criteria[i], criteria[i]);
        return list;
    }

    [[nodiscard]] ordered_json member(std::size_t m) const {
        const member_severity& s = told_.model.members[m];
        const left_out_summary& without = told_.without[m];
        ordered_json j;
        j["member"] = told_.members[m];
        j["sheets"] = s.ratings;
        j["state"] = name_of(s.state);
        j["state_text"] = label_of(s.state).in(lang_);
        j["component"] = s.component;
        add_figures(figures_of(s, without, told_.model.estimated), j);
        j["largest_change_product"] = nullptr;
        if (without.units != 0) j["largest_change_product"] = told_.products[without.largest_unit];
        return j;
    }

    [[nodiscard]] ordered_json outlying(const outlier& one) const {
        ordered_json j;
        j["product"] = told_.products[one.unit];
        j["member"] = told_.members[one.member];
        j["criterion"] = nullptr;
        if (one.criterion) j["criterion"] = told_.criteria[*one.criterion];
        j["reason"] = name_of(one.reason);
        j["reason_text"] = label_of(one.reason).in(lang_);
        for (const figure& f : figures_of(one))
            j[std::string(f.statistic)] =
                f.value ? number(*f.value, f.decimals) : ordered_json(nullptr);
        return j;
    }

    [[nodiscard]] static ordered_json facet(const char* kind, const std::vector<std::string>& names,
                                            const std::vector<facet_measure>& list) {
        ordered_json all = ordered_json::array();
        for (std::size_t i = 0; i < list.size(); ++i) {
            ordered_json one;
            one[kind] = names[i];
            one["state"] = name_of(list[i].state);
            one["component"] = list[i].component;
            add_figures(figures_of(list[i]), one);
            all.push_back(std::move(one));
        }
        return all;
    }

    [[nodiscard]] ordered_json facets(const many_facet_model& f) const {
        ordered_json j;
        j["estimated"] = f.estimated;
        j["converged"] = f.converged;
        j["components"] = f.components;
        j["products"] = facet("product", told_.products, f.units);
        j["members"] = facet("member", told_.members, f.members);
        j["criteria"] = facet("criterion", told_.criteria, f.criteria);
        return j;
    }

    [[nodiscard]] ordered_json drifted(const sheets_drift& d) const {
        ordered_json j;
        j["first"] = d.first;
        j["second"] = d.second;
        j["only_first"] = d.only_first;
        j["only_second"] = d.only_second;
        j["measures"] = ordered_json::array();
        const auto add = [&](std::string_view name, const drift_result& from) {
            ordered_json one;
            one["criterion"] = name;
            one["state"] = name_of(from.state);
            add_figures(figures_of(from), one);
            j["measures"].push_back(std::move(one));
        };
        add("total", d.totals);
        for (std::size_t i = 0; i < d.criteria.size(); ++i) add(told_.criteria[i], d.criteria[i]);
        j["products"] = ordered_json::array();
        for (const paired_score& p : d.means)
            j["products"].push_back({{"product", d.products[p.unit]},
                                     {"first_mean", number(p.first, of_points)},
                                     {"second_mean", number(p.second, of_points)}});
        return j;
    }

    const regulation& under_;
    const scorecard& card_;
    const sheets_agreement& told_;
    const sheets_drift* between_;
    language lang_;
};

// Text

constexpr std::size_t page = 100;
constexpr std::size_t most_rows = 60;  // of a table whose length the file sets
constexpr std::size_t most_councils = 20;
constexpr std::size_t name_width = 24;
constexpr const char* none = "–";

/// \p text on one line of at most \p most columns.
std::string cut(std::string_view text, std::size_t most = name_width) {
    std::string name = detail::printable(text);
    if (detail::display_width(name) <= most) return name;
    while (!name.empty() && detail::display_width(name) + 1 > most) {
        while ((static_cast<unsigned char>(name.back()) & 0xC0U) == 0x80U) name.pop_back();
        name.pop_back();
    }
    return name + "…";
}

std::string signed_text(double value, int decimals) {
    const std::string text = fixed(value, decimals);
    const bool above =
        !text.empty() && text.front() != '-' && text.find_first_not_of("0.") != std::string::npos;
    return above ? "+" + text : text;
}

std::string chance_text(double p) {
    constexpr int decimals = 3;
    return p < 0.0005 ? "<0.001" : fixed(p, decimals);
}

class text_writer : detail::wording {
public:
    text_writer(const regulation& under, const scorecard& card, const sheets_agreement& told,
                const sheets_drift* between, language lang)
        : wording(lang), under_(under), card_(card), told_(told), between_(between) {}

    [[nodiscard]] std::string write() {
        head();
        agreement();
        councils();
        members();
        products();
        outliers();
        if (told_.facets) facets(*told_.facets);
        if (between_ != nullptr) drifted(*between_);
        return std::move(out_);
    }

private:
    void line(const std::string& text, std::size_t indent = 2, std::size_t hang = 0) {
        out_.append(indent, ' ');
        out_ += detail::wrap(text, page, indent, indent + hang);
        out_ += '\n';
    }
    void title(const std::string& text) {
        out_ += '\n';
        line(text, 0);
    }

    void head() {
        const std::string name =
            say("MỨC THỐNG NHẤT CỦA THÀNH VIÊN HỘI ĐỒNG", "AGREEMENT OF COUNCIL MEMBERS");
        out_ += name + "\n";
        for (std::size_t i = 0; i < detail::display_width(name); ++i) out_ += "═";
        out_ += '\n';
        line(say("Theo Quyết định số ", "Under Decision ") + under_.document().decision.number +
                 " (" + under_.id() + ")" + say(", bộ sản phẩm ", ", set ") +
                 std::to_string(card_.set()) + ": " + say(card_.document().text),
             0);
        line(detail::printable(told_.file) + ": " +
                 counted(told_.products.size(), "sản phẩm", "product") + ", " +
                 counted(told_.members.size(), "thành viên", "member") + ", " +
                 counted(told_.sheets, "phiếu chấm", "sheet"),
             0);
        if (!told_.left_out.empty()) {
            std::string text =
                say("Không tính (phiếu có lỗi): ", "Left out (sheets with errors): ");
            text += listed(told_.left_out);
            line(text, 0);
        }
        line(
            say("Các con số dưới đây chỉ để tham khảo: số sao tính từ điểm trung bình gốc theo quy "
                "định.",
                "The figures below are information only: by law, stars follow from the raw means."),
            0);
    }

    /// The first names of \p names.
    [[nodiscard]] std::string listed(const std::vector<std::string>& names) const {
        constexpr std::size_t most = 20;
        std::string text;
        for (std::size_t i = 0; i < names.size() && i < most; ++i)
            text += (i == 0 ? "" : ", ") + cut(names[i]);
        if (names.size() > most) text += more(names.size() - most);
        return text;
    }
    [[nodiscard]] std::string more(std::size_t count) const {
        return say(" … và ", " … and ") + std::to_string(count) + say(" nữa", " more");
    }

    [[nodiscard]] static std::string alpha(const alpha_result& a) {
        return a.value ? fixed(*a.value, 3) : none;
    }
    /// "0.87 (0.73; 0.96)".
    [[nodiscard]] static std::string ranged(const figure& f) {
        if (!f.value) return none;
        const auto bound = [](const std::optional<double>& at) {
            const std::string text = at ? fixed(*at, 2) : std::string();
            return text.empty() ? std::string(none) : text;
        };
        return fixed(*f.value, 2) + " (" + bound(f.low) + "; " + bound(f.high) + ")";
    }

    void agreement() {
        title(say("1. MỨC THỐNG NHẤT", "1. AGREEMENT"));
        text_table table(
            {align::left, align::right, align::right, align::right, align::right, align::right});
        table.row({say("Tiêu chí", "Criterion"), say("α thứ bậc", "α ordinal"),
                   say("α khoảng", "α interval"), say("ICC một người (95 %)", "ICC of one (95 %)"),
                   say("ICC bình quân (95 %)", "ICC of the mean (95 %)"),
                   say("Sản phẩm", "Products")});
        table.rule();
        const auto add = [&](const std::string& name, const agreement_measures& m) {
            table.row({name, alpha(m.ordinal), alpha(m.interval), ranged(single_of(m.icc, 0)),
                       ranged(average_of(m.icc, 0)), std::to_string(m.interval.units)});
        };
        add(say("Tổng điểm", "Total"), told_.totals);
        table.rule();
        for (std::size_t i = 0; i < told_.criteria.size(); ++i)
            add(told_.criteria[i], told_.criteria_of[i]);
        out_ += table.text(2);
        undefined();
        line(say(
            "α là hệ số alpha của Krippendorff: 1 là hoàn toàn thống nhất, 0 là như ngẫu nhiên, "
            "dưới 0 là trái ngược. Từ 0.800 là tin cậy, từ 0.667 là tạm dùng được. Khi các sản "
            "phẩm gần như bằng điểm, α thấp dù các thành viên chỉ lệch nhau ít.",
            "α is Krippendorff's alpha: 1 is perfect agreement, 0 is chance, below 0 is worse. "
            "From 0.800 it is dependable, from 0.667 good for tentative conclusions. Where "
            "products hardly differ α is low, however close the members are."));
        const icc_result& icc = told_.totals.icc;
        std::string text =
            say("ICC(2,1) là độ tin cậy của điểm một thành viên, ICC(2,k) của điểm "
                "bình quân cả hội đồng",
                "ICC(2,1) is the reliability of one member's points, ICC(2,k) that of "
                "the council's mean");
        if (icc.single)
            text += say(", tính từ ", ", from the ") + counted(icc.units, "sản phẩm", "product") +
                    say(" do mọi thành viên chấm", " that every member scored");
        if (told_.components.single && told_.components.average && icc.incomplete != 0)
            text += say("; tính trên mọi phiếu: ", "; from all sheets: ") +
                    fixed(*told_.components.single, 2) + say(" và ", " and ") +
                    fixed(*told_.components.average, 2) +
                    " (k = " + std::to_string(told_.usual_sheets) + ")";
        line(text + ".");
    }

    /// Which of the criteria have no alpha or ICC, by reason.
    void undefined() {
        for (std::size_t state = 1; state < names<measured>::all.size(); ++state) {
            std::string text;
            std::size_t both = 0;
            std::string icc_only;
            std::size_t icc_count = 0;
            const auto look = [&](const std::string& name, const agreement_measures& m) {
                const auto is = [&](measured one) {
                    return static_cast<std::size_t>(one) == state;
                };
                if (!m.interval.value && is(m.interval.state)) {
                    text += (both++ == 0 ? "" : ", ") + name;
                } else if (!m.icc.single && is(m.icc.state)) {
                    icc_only += (icc_count++ == 0 ? "" : ", ") + name;
                }
            };
            look(say("Tổng điểm", "Total"), told_.totals);
            for (std::size_t i = 0; i < told_.criteria.size(); ++i)
                look(told_.criteria[i], told_.criteria_of[i]);
            const std::string why = called(static_cast<measured>(state));
            if (both != 0) line(say("Không tính được (", "Undefined (") + why + "): " + text + ".");
            if (icc_count > told_.criteria.size())
                line(say("Không tính được ICC: ", "No ICC: ") +
                     say("không đủ sản phẩm do mọi thành viên cùng chấm.",
                         "too few products that every member scored."));
            else if (icc_count != 0)
                line(say("Không tính được ICC (", "No ICC (") + why + "): " + icc_only + ".");
        }
    }

    void councils() {
        title(say("2. TỪNG HỘI ĐỒNG", "2. COUNCILS"));
        line(say("Các sản phẩm do đúng một nhóm thành viên chấm là của một hội đồng.",
                 "Products that the same set of members scored are of one council."));
        if (told_.single_councils != 0)
            line(counted(told_.single_councils, "nhóm chỉ chấm một sản phẩm, không xét.", "set") +
                 say("", " scored one product only and say nothing."));
        if (told_.councils.size() > most_councils) {
            line(counted(told_.councils.size(), "hội đồng; xem dạng CSV hoặc JSON.", "council") +
                 say("", "; see the CSV or JSON form."));
            return;
        }
        if (told_.councils.empty()) return;
        text_table table({align::right, align::right, align::right, align::right, align::right,
                          align::right, align::right});
        table.row({say("Số", "No."), say("Sản phẩm", "Products"), say("Thành viên", "Members"),
                   say("α thứ bậc", "α ordinal"), say("α khoảng", "α interval"),
                   say("ICC một người (95 %)", "ICC of one (95 %)"),
                   say("ICC bình quân (95 %)", "ICC of the mean (95 %)")});
        table.rule();
        for (std::size_t c = 0; c < told_.councils.size(); ++c) {
            const council_agreement& one = told_.councils[c];
            table.row({std::to_string(c + 1), std::to_string(one.products.size()),
                       std::to_string(one.members.size()), alpha(one.totals.ordinal),
                       alpha(one.totals.interval), ranged(single_of(one.totals.icc, 0)),
                       ranged(average_of(one.totals.icc, 0))});
        }
        out_ += table.text(2);
        for (std::size_t c = 0; c < told_.councils.size(); ++c) {
            std::vector<std::string> names;
            for (const std::uint32_t m : told_.councils[c].members)
                names.push_back(told_.members[m]);
            line(say("Hội đồng ", "Council ") + std::to_string(c + 1) + ": " + listed(names));
        }
        line(say(
            "Tính theo tổng điểm; từng tiêu chí có trong dạng CSV và JSON. Hội đồng chấm dưới 10 "
            "sản phẩm thì các hệ số rất dao động.",
            "By totals; the CSV and JSON forms have every criterion. With fewer than 10 products "
            "the figures of a council vary widely."));
    }

    void members() {
        title(say("3. THÀNH VIÊN: CHẤM CHẶT HAY RỘNG, ĐỀU HAY KHÔNG",
                  "3. MEMBERS: HARSH OR LENIENT, STEADY OR NOT"));
        const severity_estimate& model = told_.model;
        std::vector<std::size_t> order(told_.members.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        if (order.size() > most_rows) {
            std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
                return std::abs(model.members[a].severity) > std::abs(model.members[b].severity);
            });
            order.resize(most_rows);
        }
        text_table table({align::left, align::right, align::right, align::right, align::right,
                          align::right, align::right, align::left});
        table.row({say("Thành viên", "Member"), say("Phiếu", "Sheets"), say("Độ chặt", "Severity"),
                   say("Sai số", "Error"), say("Dao động", "Noise"), say("Bù", "Added"),
                   say("Khi vắng", "Without"), say("Nhiều nhất", "At most")});
        table.rule();
        for (const std::size_t m : order) {
            const member_severity& s = model.members[m];
            const left_out_summary& without = told_.without[m];
            std::string largest(none);
            if (without.units != 0)
                largest = signed_text(without.largest_change, 2) + " (" +
                          cut(told_.products[without.largest_unit], 16) + ")";
            table.row({cut(told_.members[m]), std::to_string(s.ratings),
                       model.estimated ? signed_text(s.severity, 2) : none,
                       model.estimated ? fixed(s.standard_error, 2) : none,
                       s.noise_sd > 0.0 ? fixed(s.noise_sd, 2) : none,
                       s.state == correction::applied ? signed_text(s.correction_points, 2) : none,
                       without.units == 0 ? none : signed_text(without.mean_change, 2), largest});
        }
        out_ += table.text(2);
        if (order.size() < told_.members.size())
            line(
                counted(told_.members.size(),
                        "thành viên; bảng chỉ ghi những người chặt hoặc rộng "
                        "nhất, CSV và JSON ghi đủ.",
                        "member") +
                say("", "; the table shows the harshest and most lenient, CSV and JSON have all."));
        not_corrected();
        if (model.estimated)
            line(say("Độ lệch chuẩn của mô hình (điểm): giữa các sản phẩm ",
                     "Standard deviations of the model (points): between products ") +
                 fixed(model.unit_sd, 2) + say(", giữa các thành viên ", ", between members ") +
                 fixed(model.member_sd, 2) + say(", còn lại ", ", the rest ") +
                 fixed(model.noise_sd, 2) + ".");
        line(say(
            "Độ chặt: số điểm thành viên cho thấp hơn một thành viên bình thường (dương là chặt, "
            "âm là rộng), kèm sai số chuẩn; nhỏ hơn hai lần sai số thì chưa nói được gì. Dao "
            "động: độ lệch chuẩn của phần không giải thích được. Bù: điểm cộng vào phiếu để ra "
            "điểm hiệu chỉnh. Khi vắng: điểm trung bình của các sản phẩm thay đổi thế nào nếu bỏ "
            "thành viên này, và nhiều nhất ở sản phẩm nào.",
            "Severity: points that a member gives less than the usual member (above 0 is harsh, "
            "below lenient), with its standard error; less than twice the error says nothing. "
            "Noise: standard deviation of what remains unexplained. Added: what the fair score "
            "adds to the member's sheets. Without: how the products' means change if the member "
            "is left out, and where the most."));
        if (model.components > 1)
            line(counted(model.components,
                         "nhóm không có sản phẩm chung; chỉ so độ chặt trong cùng nhóm.", "group") +
                 say("", " share no products: severities compare within a group only."));
    }

    void not_corrected() {
        for (std::size_t state = 1; state < names<correction>::all.size(); ++state) {
            std::vector<std::string> who;
            for (std::size_t m = 0; m < told_.members.size(); ++m)
                if (static_cast<std::size_t>(told_.model.members[m].state) == state)
                    who.push_back(told_.members[m]);
            if (who.empty()) continue;
            line(say("Không hiệu chỉnh (", "Not corrected (") +
                 called(static_cast<correction>(state)) + "): " +
                 (who.size() == told_.members.size() ? say("tất cả", "all") : listed(who)) + ".");
        }
    }

    void products() {
        title(say("4. SẢN PHẨM: ĐIỂM GỐC VÀ ĐIỂM HIỆU CHỈNH", "4. PRODUCTS: RAW AND FAIR MEANS"));
        const std::vector<unit_fairness>& units = told_.model.units;
        std::vector<std::size_t> order;
        for (std::size_t u = 0; u < units.size(); ++u)
            if (units[u].corrected != 0) order.push_back(u);
        if (order.empty()) {
            line(say("Không sản phẩm nào được hiệu chỉnh: ", "No product is corrected: ") +
                 called(told_.model.state) + ".");
            return;
        }
        const std::size_t corrected = order.size();
        if (order.size() > most_rows) {
            std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
                return std::abs(units[a].fair - units[a].raw) >
                       std::abs(units[b].fair - units[b].raw);
            });
            order.resize(most_rows);
        }
        text_table table({align::left, align::right, align::right, align::right, align::right});
        table.row({say("Sản phẩm", "Product"), say("Phiếu", "Sheets"), say("Điểm gốc", "Raw mean"),
                   say("Hiệu chỉnh", "Fair mean"), say("Chênh", "Change")});
        table.rule();
        for (const std::size_t u : order)
            table.row({cut(told_.products[u], 44), std::to_string(units[u].ratings),
                       fixed(units[u].raw, 2), fixed(units[u].fair, 2),
                       signed_text(units[u].fair - units[u].raw, 2)});
        out_ += table.text(2);
        if (order.size() < corrected)
            line(counted(corrected,
                         "sản phẩm; bảng chỉ ghi những sản phẩm chênh nhiều nhất, CSV và "
                         "JSON ghi đủ.",
                         "product") +
                 say("", "; the table shows those that change most, CSV and JSON have all."));
        line(say(
            "Điểm hiệu chỉnh chỉ để tham khảo, không thay điểm chính thức: theo quy định, số sao "
            "tính từ điểm gốc. Hai điểm khác nhau khi thành viên chấm chặt hoặc rộng không chấm "
            "mọi sản phẩm; mức chặt chung của tất cả thành viên thì không đo được.",
            "The fair mean is information only and replaces nothing: by law, stars follow from "
            "the raw mean. The two differ where a harsh or lenient member did not score every "
            "product; harshness that all members share cannot be measured."));
    }

    [[nodiscard]] std::string numbers_of(const outlier& one) const {
        switch (one.reason) {
        case outlier_reason::far_from_colleagues:
        case outlier_reason::unlike_own_habit:
            return ": " + fixed(one.value, 0) + say(" điểm, dự kiến khoảng ", " points, about ") +
                   fixed(one.expected, 1) + say("; lệch ", " expected; deviation ") +
                   signed_text(one.score, 1);
        case outlier_reason::unlike_pattern:
            return say(": khoảng cách ", ": distance ") + fixed(one.value, 2) +
                   say(", thường là ", ", usually ") + fixed(one.expected, 2) +
                   say("; lệch ", "; deviation ") + signed_text(one.score, 1);
        case outlier_reason::alone_at_other_end:
            return " " + told_.criteria[*one.criterion] + ": " + fixed(one.value, 0) +
                   say(" điểm, mọi người khác ", " points, all others ") + fixed(one.expected, 0);
        case outlier_reason::straight_line:
            break;
        }
        return {};
    }

    void outliers() {
        title(say("5. PHIẾU CHẤM KHÁC THƯỜNG", "5. SHEETS THAT STAND OUT"));
        const auto& list = told_.outliers;
        if (list.empty()) line(say("Không có.", "None."));
        for (std::size_t i = 0; i < list.size() && i < most_rows; ++i)
            line("- " + cut(told_.products[list[i].unit], 44) + ", " +
                     cut(told_.members[list[i].member]) + ": " + called(list[i].reason) +
                     numbers_of(list[i]),
                 2, 2);
        if (list.size() > most_rows) line(more(list.size() - most_rows).substr(1));
        if (!list.empty())
            line(
                say("Lệch tính bằng độ lệch chuẩn bền vững của mọi phiếu. Đây là câu hỏi cho thành "
                    "viên, không phải lỗi.",
                    "Deviations count robust standard deviations over all sheets. They are a "
                    "question to the member, not a fault."));
    }

    void facet_table(const std::string& head, const std::vector<std::string>& names,
                     const std::vector<facet_measure>& list) {
        text_table table({align::left, align::right, align::right, align::right, align::right,
                          align::right, align::right, align::left});
        table.row({head, say("Câu trả lời", "Answers"), say("Độ đo", "Measure"),
                   say("Sai số", "Error"), say("Điểm BQ", "Mean"), "Infit", "Outfit", ""});
        table.rule();
        for (std::size_t i = 0; i < list.size() && i < most_rows; ++i) {
            const facet_measure& m = list[i];
            const bool known = m.state == facet_state::estimated || m.state == facet_state::extreme;
            table.row({cut(names[i]), std::to_string(m.ratings),
                       known ? signed_text(m.measure, 2) : none,
                       m.state == facet_state::estimated ? fixed(m.standard_error, 2) : none,
                       fixed(m.mean, 2), m.infit > 0.0 ? fixed(m.infit, 2) : none,
                       m.outfit > 0.0 ? fixed(m.outfit, 2) : none,
                       m.state == facet_state::estimated ? std::string() : called(m.state)});
        }
        out_ += table.text(2);
        if (list.size() > most_rows) line(more(list.size() - most_rows).substr(1));
    }

    void facets(const many_facet_model& f) {
        title(
            say("6. MÔ HÌNH RASCH NHIỀU KHÍA CẠNH (logit)", "6. MANY-FACET RASCH MODEL (logits)"));
        if (!f.estimated) {
            line(say("Không ước lượng được: mọi câu trả lời ở mức thấp nhất hoặc cao nhất.",
                     "Not estimated: all answers are lowest or highest."));
            return;
        }
        facet_table(say("Thành viên", "Member"), told_.members, f.members);
        out_ += '\n';
        facet_table(say("Tiêu chí", "Criterion"), told_.criteria, f.criteria);
        if (!f.converged)
            line(say("Chưa hội tụ: chỉ xem thứ tự.", "Not converged: read the order only."));
        line(
            say("Độ đo của thành viên: dương là chặt; của tiêu chí: dương là khó đạt. Infit và "
                "outfit: 1 là như mô hình, trên 1.5 là thất thường, dưới 0.5 là giống nhau hơn mức "
                "ngẫu nhiên cho phép (chẳng hạn chép điểm). Sản phẩm có trong dạng CSV và JSON.",
                "Measure of a member: above 0 is harsh; of a criterion: hard to get. Infit and "
                "outfit: 1 is as the model expects, above 1.5 erratic, below 0.5 more alike than "
                "chance allows (such as copied sheets). Products are in the CSV and JSON forms."));
    }

    void drifted(const sheets_drift& d) {
        title(std::string(told_.facets ? "7. " : "6. ") +
              say("CHÊNH LỆCH GIỮA HAI LẦN CHẤM", "DRIFT BETWEEN TWO ROUNDS"));
        line(detail::printable(d.first) + " → " + detail::printable(d.second) + ": " +
             counted(d.products.size(), "sản phẩm có trong cả hai", "product") +
             say("; chỉ ở tệp đầu ", " in both; only in the first ") +
             std::to_string(d.only_first) + say(", chỉ ở tệp sau ", ", only in the second ") +
             std::to_string(d.only_second) + ".");
        text_table table({align::left, align::right, align::right, align::right, align::right,
                          align::right, align::right, align::right});
        table.row({say("Tiêu chí", "Criterion"), say("Lần đầu", "First"), say("Lần sau", "Second"),
                   say("Chênh (95 %)", "Difference (95 %)"), say("Tăng", "Up"), say("Giảm", "Down"),
                   say("p dấu", "p sign"), "p Wilcoxon"});
        table.rule();
        const auto add = [&](const std::string& name, const drift_result& r) {
            table.row({name, fixed(r.first_mean, 2), fixed(r.second_mean, 2),
                       ranged(estimated("difference", r.difference, 0)), std::to_string(r.rises),
                       std::to_string(r.falls), chance_text(r.sign_p), chance_text(r.wilcoxon_p)});
        };
        add(say("Tổng điểm", "Total"), d.totals);
        table.rule();
        for (std::size_t i = 0; i < d.criteria.size(); ++i) add(told_.criteria[i], d.criteria[i]);
        out_ += table.text(2);
        line(say("Giới hạn tương đồng của tổng điểm (Bland và Altman): ",
                 "Limits of agreement of totals (Bland and Altman): ") +
             fixed(d.totals.lower_limit.value, 2) + say(" đến ", " to ") +
             fixed(d.totals.upper_limit.value, 2) +
             say("; ICC giữa hai lần chấm: ", "; ICC between the rounds: ") +
             ranged(single_of(d.totals.agreement, 0)) + ".");
        line(say(
            "Chênh là lần sau trừ lần đầu. p nhỏ (dưới 0.05) nghĩa là chênh lệch khó do ngẫu "
            "nhiên; khi xét nhiều tiêu chí cùng lúc, vài p nhỏ là bình thường. Sản phẩm được chọn "
            "vì điểm lần đầu cao thì lần sau thấp hơn ngay cả khi không ai chấm chặt hơn.",
            "Differences are second less first. A small p (below 0.05) means hardly chance; over "
            "many criteria at once some small p are usual. Products that were chosen for a high "
            "first score come out lower the second time even if nobody is harsher."));
    }

    const regulation& under_;
    const scorecard& card_;
    const sheets_agreement& told_;
    const sheets_drift* between_;
    std::string out_;
};

}  // namespace

std::string agreement_report(const regulation& under, const scorecard& card,
                             const sheets_agreement& told, const sheets_drift* between,
                             ranking_form form, language lang) {
    switch (form) {
    case ranking_form::csv:
        return csv_of(told, between);
    case ranking_form::json:
        return json_writer(under, card, told, between, lang).write();
    case ranking_form::text:
        break;
    }
    return text_writer(under, card, told, between, lang).write();
}

}  // namespace ocop
