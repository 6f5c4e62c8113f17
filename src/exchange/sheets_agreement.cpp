#include "ocop/exchange/sheets_agreement.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

#include "ocop/ranking/parallel.hpp"

namespace ocop {
namespace {

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

/// Numbers 0 to \p size in the order of their names.
template <class Name>
std::vector<std::uint32_t> by_name(std::size_t size, const Name& name) {
    std::vector<std::uint32_t> order(size);
    for (std::size_t i = 0; i < size; ++i) order[i] = static_cast<std::uint32_t>(i);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return name(a) < name(b); });
    return order;
}

bool keeps(const sheets_csv_reader& from, const std::string& file, problems& found) {
    if (from.keeps_answers()) return true;
    found.push_back(detail::make_problem(
        problem_code::not_enough_data, "/answers", "",
        detail::told("không có các câu trả lời; đọc tệp với keep_answers",
                     "there are no answers; read the text with keep_answers", {})));
    found.back().where.file = file;
    return false;
}

/// The sheets of complete products, by product and member, names sorted.
class good_sheets {
public:
    good_sheets(const sheets_csv_reader& from, const verdict_rules& rules)
        : from_(from), rules_(rules) {
        const auto of_product = from.sheet_products();
        const auto of_member = from.sheet_members();
        std::vector<std::uint32_t> unit(from.products(), nowhere);
        std::vector<std::uint32_t> place(from.members(), nowhere);
        for (const std::uint32_t p :
             by_name(unit.size(), [&](auto i) { return from.product(i); })) {
            if (from.decide(p).outcome == outcome::incomplete) {
                left_out.emplace_back(from.product(p));
                continue;
            }
            unit[p] = static_cast<std::uint32_t>(products.size());
            products.emplace_back(from.product(p));
        }
        std::vector<char> scores(place.size(), 0);
        for (std::size_t s = 0; s < of_product.size(); ++s)
            if (unit[of_product[s]] != nowhere) scores[of_member[s]] = 1;
        for (const std::uint32_t m :
             by_name(place.size(), [&](auto i) { return from.member(i); })) {
            if (scores[m] == 0) continue;
            place[m] = static_cast<std::uint32_t>(members.size());
            members.emplace_back(from.member(m));
        }
        for (std::size_t s = 0; s < of_product.size(); ++s)
            if (unit[of_product[s]] != nowhere)
                sheets.push_back(
                    {unit[of_product[s]], place[of_member[s]], static_cast<std::uint32_t>(s)});
        std::sort(sheets.begin(), sheets.end(), [](const sheet& a, const sheet& b) {
            return a.unit != b.unit ? a.unit < b.unit : a.member < b.member;
        });
    }

    struct sheet {
        std::uint32_t unit;
        std::uint32_t member;
        std::uint32_t at;  ///< place among the reader's sheets
    };

    [[nodiscard]] answer_code answer(const sheet& s, std::size_t criterion) const noexcept {
        return from_.answers()[s.at * rules_.size() + criterion];
    }
    /// Points of \p s at \p criterion; negative where the criterion is left out.
    [[nodiscard]] std::int32_t points(const sheet& s, std::size_t criterion) const noexcept {
        return rules_.value(criterion, answer(s, criterion));
    }
    [[nodiscard]] std::int32_t total(const sheet& s) const noexcept {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < rules_.size(); ++i) sum += std::max(points(s, i), 0);
        return sum;
    }

    std::vector<std::string> products;
    std::vector<std::string> left_out;
    std::vector<std::string> members;
    std::vector<sheet> sheets;

private:
    const sheets_csv_reader& from_;
    const verdict_rules& rules_;
};

using sheet = good_sheets::sheet;

/// Levels of each criterion's answers, ascending with their points: what patterns are compared by.
class answer_levels {
public:
    answer_levels(const scorecard& card, const verdict_rules& rules) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const auto& values = rules.tables().criteria[i].values;
            const bool one = card.at(i).choose == choice::one;
            // With one option chosen, "none of the options" is no level of its own but below all.
            std::vector<std::int32_t> scale;
            for (std::size_t code = one ? 1 : 0; code < values.size(); ++code)
                if (values[code]) scale.push_back(values[code]->value());
            std::sort(scale.begin(), scale.end());
            scale.erase(std::unique(scale.begin(), scale.end()), scale.end());
            counts.push_back(static_cast<std::uint32_t>(scale.size()));
            std::vector<std::int32_t> levels(values.size(), 0);
            for (std::size_t code = one ? 1 : 0; code < values.size(); ++code)
                if (values[code])
                    levels[code] =
                        1 + static_cast<std::int32_t>(std::lower_bound(scale.begin(), scale.end(),
                                                                       values[code]->value()) -
                                                      scale.begin());
            of_code_.push_back(std::move(levels));
            points_.push_back(std::move(scale));
        }
    }

    [[nodiscard]] std::int32_t of(std::size_t criterion, answer_code code) const noexcept {
        return of_code_[criterion][code];
    }
    [[nodiscard]] double points(std::size_t criterion, double level) const noexcept {
        const auto at = static_cast<std::size_t>(level);
        return at == 0 ? 0.0 : static_cast<double>(points_[criterion][at - 1]);
    }

    std::vector<std::uint32_t> counts;  ///< levels of each criterion

private:
    std::vector<std::vector<std::int32_t>> of_code_;
    std::vector<std::vector<std::int32_t>> points_;
};

agreement_measures measures_of(const rating_table& table, double confidence) {
    return {krippendorff_alpha(table, alpha_metric::ordinal),
            krippendorff_alpha(table, alpha_metric::interval), icc(table, confidence)};
}

agreement_measures measures_of(std::span<const rating> list, double confidence) {
    return measures_of(rating_table(list), confidence);
}

/// The points that \p sheets give at \p criterion.
std::vector<rating> ratings_at(const good_sheets& all, std::span<const sheet> sheets,
                               std::size_t criterion) {
    std::vector<rating> list;
    list.reserve(sheets.size());
    for (const sheet& s : sheets) {
        const std::int32_t got = all.points(s, criterion);
        if (got >= 0) list.push_back({s.unit, s.member, static_cast<double>(got)});
    }
    return list;
}

/// Sheets of each set of members, in the order of sheets_agreement::councils.
struct council_sheets {
    std::vector<std::uint32_t> members;
    std::vector<std::uint32_t> products;
    std::vector<sheet> sheets;  ///< units and members numbered within the council
};

std::vector<council_sheets> councils_of(const good_sheets& all, std::size_t& single) {
    std::map<std::vector<std::uint32_t>, std::size_t> known;
    std::vector<council_sheets> list;
    std::vector<std::uint32_t> together;
    for (std::size_t from = 0; from < all.sheets.size();) {
        std::size_t end = from;
        together.clear();
        for (; end < all.sheets.size() && all.sheets[end].unit == all.sheets[from].unit; ++end)
            together.push_back(all.sheets[end].member);
        const auto [at, fresh] = known.try_emplace(together, list.size());
        if (fresh) list.push_back({together, {}, {}});
        council_sheets& mine = list[at->second];
        const auto unit = static_cast<std::uint32_t>(mine.products.size());
        for (std::size_t i = from; i < end; ++i)
            mine.sheets.push_back({unit, static_cast<std::uint32_t>(i - from), all.sheets[i].at});
        mine.products.push_back(all.sheets[from].unit);
        from = end;
    }
    const auto alone = [](const council_sheets& one) { return one.members.size() < 2; };
    list.erase(std::remove_if(list.begin(), list.end(), alone), list.end());
    const auto once =
        std::stable_partition(list.begin(), list.end(),
                              [](const council_sheets& one) { return one.products.size() > 1; });
    single = static_cast<std::size_t>(list.end() - once);
    list.erase(once, list.end());
    std::stable_sort(list.begin(), list.end(),
                     [](const council_sheets& a, const council_sheets& b) {
                         return a.products.size() > b.products.size();
                     });
    return list;
}

std::vector<outlier> outliers_of(const good_sheets& all, const rating_table& totals,
                                 const scorecard& card, const verdict_rules& rules,
                                 const outlier_options& how) {
    const answer_levels levels(card, rules);
    std::vector<facet_rating> cells;
    cells.reserve(all.sheets.size() * rules.size());
    for (const sheet& s : all.sheets)
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const answer_code code = all.answer(s, i);
            if (code == no_answer) continue;
            cells.push_back({s.unit, s.member, static_cast<std::uint32_t>(i), levels.of(i, code)});
        }
    std::vector<outlier> list = outlying_totals(totals, how);
    for (outlier& one : outlying_patterns(cells, levels.counts, how)) {
        if (one.criterion) {
            one.value = levels.points(*one.criterion, one.value);
            one.expected = levels.points(*one.criterion, one.expected);
        }
        list.push_back(one);
    }
    detail::in_order(list);
    return list;
}

/// Sums of each complete product: totals, and the points at each criterion.
struct council_sums {
    std::int64_t sheets = 0;
    std::int64_t total = 0;
    std::vector<std::int64_t> criteria;
};

std::vector<council_sums> sums_of(const good_sheets& all, const verdict_rules& rules) {
    std::vector<council_sums> list(all.products.size());
    for (council_sums& one : list) one.criteria.assign(rules.size(), 0);
    for (const sheet& s : all.sheets) {
        council_sums& one = list[s.unit];
        ++one.sheets;
        one.total += all.total(s);
        for (std::size_t i = 0; i < rules.size(); ++i)
            one.criteria[i] += std::max(all.points(s, i), 0);
    }
    return list;
}

/// A number that each of the councils' sizes divides; 1 where that would be too large.
class common_count {
public:
    void add(std::int64_t sheets) noexcept {
        constexpr std::int64_t most = std::int64_t{1} << 40;
        const std::int64_t factor = sheets / std::gcd(count_, sheets);
        if (factor > most / count_) fits_ = false;
        if (fits_) count_ *= factor;
    }
    [[nodiscard]] std::int64_t count() const noexcept { return fits_ ? count_ : 1; }

private:
    std::int64_t count_ = 1;
    bool fits_ = true;
};

/// Two councils' sums, as means in units of 1 / \p count points: whole numbers, so that equal
/// differences are equal, as tests by ranks need.
paired_score pair_of(std::uint32_t unit, std::int64_t first, std::int64_t first_sheets,
                     std::int64_t second, std::int64_t second_sheets, std::int64_t count) {
    const auto mean = [count](std::int64_t sum, std::int64_t sheets) {
        return static_cast<double>(sum * count) / static_cast<double>(sheets);
    };
    return {unit, mean(first, first_sheets), mean(second, second_sheets)};
}

/// drift() of \p pairs in units of 1 / \p count points, in points.
drift_result drift_in_points(std::span<const paired_score> pairs, std::int64_t count,
                             const drift_options& how) {
    drift_result told = drift(pairs, how);
    const auto by = static_cast<double>(count);
    for (double* one : {&told.first_mean, &told.second_mean, &told.sd}) *one /= by;
    for (estimate* one : {&told.difference, &told.lower_limit, &told.upper_limit}) {
        one->value /= by;
        one->low /= by;
        one->high /= by;
    }
    icc_result& icc = told.agreement;
    for (double* one : {&icc.between_units, &icc.between_members, &icc.rest}) *one /= by * by;
    return told;
}

}  // namespace

std::optional<sheets_agreement> try_agreement_of_sheets(const sheets_csv_reader& from,
                                                        const scorecard& card,
                                                        const verdict_rules& rules, problems& found,
                                                        const sheets_agreement_options& how) {
    if (!keeps(from, how.file, found)) return std::nullopt;
    const good_sheets all(from, rules);
    sheets_agreement told;
    told.file = how.file;
    told.products = all.products;
    told.left_out = all.left_out;
    told.members = all.members;
    told.sheets = all.sheets.size();
    for (std::size_t i = 0; i < rules.size(); ++i) told.criteria.push_back(card.at(i).code);

    std::size_t answers = 0;
    if (how.facets) {
        for (const sheet& s : all.sheets)
            for (std::size_t i = 0; i < rules.size(); ++i)
                if (all.answer(s, i) != no_answer) ++answers;
        if (answers > how.most_facet_answers) {
            const std::string have = std::to_string(answers);
            found.push_back(detail::make_problem(
                problem_code::too_many, "", have,
                detail::told(
                    "mô hình nhiều khía cạnh nhận tối đa {1} câu trả lời, tệp có {0}; tách "
                    "tệp theo hội đồng, hoặc bỏ mô hình này",
                    "the many-facet model takes at most {1} answers and there are {0}; "
                    "split the text by council, or leave the model out",
                    {have, std::to_string(how.most_facet_answers)})));
            found.back().where.file = how.file;
            return std::nullopt;
        }
    }
    std::vector<rating> list;
    list.reserve(all.sheets.size());
    bool pairs = false;
    for (const sheet& s : all.sheets) {
        pairs = pairs || (!list.empty() && list.back().unit == s.unit);
        list.push_back({s.unit, s.member, static_cast<double>(all.total(s))});
    }
    if (!pairs) {
        const std::string have = std::to_string(told.products.size());
        found.push_back(detail::make_problem(
            problem_code::not_enough_data, "", have,
            detail::told(
                "không sản phẩm hợp lệ nào ({0}) có hai phiếu trở lên; mức thống nhất cần ít "
                "nhất một sản phẩm do hai thành viên chấm",
                "no complete product (of {0}) has two sheets; agreement needs a product "
                "that two members scored",
                {have})));
        found.back().where.file = how.file;
        return std::nullopt;
    }
    const std::size_t before = found.size();
    const auto made = rating_table::try_make(list, found);
    if (!made) {
        for (std::size_t i = before; i < found.size(); ++i) found[i].where.file = how.file;
        return std::nullopt;
    }
    const rating_table& totals = *made;
    list = {};

    // Parts that do not depend on each other: the model, each criterion, each council.
    const in_threads run(how.threads);
    told.totals = measures_of(totals, how.confidence);
    told.usual_sheets = static_cast<std::uint32_t>((2 * told.sheets + told.products.size()) /
                                                   (2 * told.products.size()));
    told.criteria_of.resize(rules.size());
    constexpr std::size_t others = 3;
    run(rules.size() + others, [&](std::size_t part) {
        if (part == 0) {
            told.model = estimate_severity(totals, how.severity);
        } else if (part == 1) {
            severity_options restricted = how.severity;
            restricted.restricted = true;
            told.components = icc_of(estimate_severity(totals, restricted), told.usual_sheets);
        } else if (part == 2) {
            told.without = leave_one_member_out(totals);
            told.outliers = outliers_of(all, totals, card, rules, how.outliers);
        } else {
            const std::size_t i = part - others;
            told.criteria_of[i] = measures_of(ratings_at(all, all.sheets, i), how.confidence);
        }
    });
    const std::vector<council_sheets> councils = councils_of(all, told.single_councils);
    told.councils.resize(councils.size());
    run(councils.size(), [&](std::size_t c) {
        const council_sheets& mine = councils[c];
        council_agreement& to = told.councils[c];
        to.members = mine.members;
        to.products = mine.products;
        std::vector<rating> of_totals;
        for (const sheet& s : mine.sheets)
            of_totals.push_back({s.unit, s.member, static_cast<double>(all.total(s))});
        to.totals = measures_of(of_totals, how.confidence);
        for (std::size_t i = 0; i < rules.size(); ++i)
            to.criteria.push_back(measures_of(ratings_at(all, mine.sheets, i), how.confidence));
    });
    if (how.facets) {
        std::vector<facet_rating> cells;
        cells.reserve(answers);
        for (const sheet& s : all.sheets)
            for (std::size_t i = 0; i < rules.size(); ++i)
                if (const std::int32_t got = all.points(s, i); got >= 0)
                    cells.push_back({s.unit, s.member, static_cast<std::uint32_t>(i), got});
        told.facets = fit_many_facet(cells, how.facet);
    }
    return told;
}

sheets_agreement agreement_of_sheets(const sheets_csv_reader& from, const scorecard& card,
                                     const verdict_rules& rules,
                                     const sheets_agreement_options& how) {
    problems found;
    std::optional<sheets_agreement> told = try_agreement_of_sheets(from, card, rules, found, how);
    if (!told) throw error(std::move(found));
    return std::move(*told);
}

std::optional<sheets_drift> try_drift_of_sheets(const sheets_csv_reader& first,
                                                const sheets_csv_reader& second,
                                                const verdict_rules& rules, problems& found,
                                                const sheets_agreement_options& how,
                                                const std::string& second_file) {
    if (!keeps(first, how.file, found) || !keeps(second, second_file, found)) return std::nullopt;
    const good_sheets one(first, rules);
    const good_sheets other(second, rules);
    const std::vector<council_sums> first_sums = sums_of(one, rules);
    const std::vector<council_sums> second_sums = sums_of(other, rules);
    sheets_drift told;
    told.first = how.file;
    told.second = second_file;
    std::vector<std::pair<std::size_t, std::size_t>> both;
    common_count common;
    std::size_t j = 0;
    for (std::size_t i = 0; i < one.products.size(); ++i) {
        while (j < other.products.size() && other.products[j] < one.products[i]) ++j;
        if (j == other.products.size() || other.products[j] != one.products[i]) {
            ++told.only_first;
            continue;
        }
        told.products.push_back(one.products[i]);
        both.emplace_back(i, j);
        common.add(first_sums[i].sheets);
        common.add(second_sums[j].sheets);
    }
    told.only_second = other.products.size() - told.products.size();
    if (told.products.size() < 2) {
        const std::string have = std::to_string(told.products.size());
        found.push_back(detail::make_problem(
            problem_code::not_enough_data, "", have,
            detail::told("chỉ {0} sản phẩm hợp lệ có trong cả hai tệp; so sánh cần từ 2 sản phẩm, "
                         "tên phải ghi giống nhau",
                         "only {0} complete products stand in both files; a comparison needs 2 or "
                         "more, written with the same name",
                         {have})));
        found.back().where.file = second_file;
        return std::nullopt;
    }
    drift_options by;
    by.confidence = how.confidence;
    const auto pairs_of = [&](std::int64_t count, const auto& sum) {
        std::vector<paired_score> pairs;
        pairs.reserve(both.size());
        for (const auto& [i, k] : both)
            pairs.push_back(pair_of(static_cast<std::uint32_t>(pairs.size()), sum(first_sums[i]),
                                    first_sums[i].sheets, sum(second_sums[k]),
                                    second_sums[k].sheets, count));
        return pairs;
    };
    const auto total = [](const council_sums& sums) { return sums.total; };
    const std::int64_t count = common.count();
    told.means = pairs_of(1, total);
    told.totals = drift_in_points(pairs_of(count, total), count, by);
    told.criteria.resize(rules.size());
    const in_threads run(how.threads);
    run(rules.size(), [&](std::size_t c) {
        const auto at = [c](const council_sums& sums) { return sums.criteria[c]; };
        told.criteria[c] = drift_in_points(pairs_of(count, at), count, by);
    });
    return told;
}

sheets_drift drift_of_sheets(const sheets_csv_reader& first, const sheets_csv_reader& second,
                             const verdict_rules& rules, const sheets_agreement_options& how,
                             const std::string& second_file) {
    problems found;
    std::optional<sheets_drift> told =
        try_drift_of_sheets(first, second, rules, found, how, second_file);
    if (!told) throw error(std::move(found));
    return std::move(*told);
}

}  // namespace ocop
