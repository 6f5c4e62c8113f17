/// \file simulation.hpp
/// Councils that might have been: sheets whose members are drawn again or whose answers move an
/// option, and councils of a stated severity and noise. Each replication of each product is a
/// verdict that depends on (seed, product, replication) alone.
///
/// Not included by <ocop/ocop.hpp>.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/ranking/batch.hpp"
#include "ocop/ranking/random_stream.hpp"
#include "ocop/ranking/verdict.hpp"

namespace ocop {

/// The verdict on one product in one replication.
struct replicate {
    std::uint8_t outcome = 0;  ///< the value of an ocop::outcome
    std::uint8_t stars = 0;    ///< 1 to 5; 0 unless ranked
    std::uint16_t total = 0;   ///< sum over the sheets
    std::array<std::uint16_t, part_count> parts{};

    friend bool operator==(const replicate&, const replicate&) = default;
};

/// How a simulation draws its random numbers.
struct replication_options {
    std::uint64_t seed = 1;
    std::uint32_t replications = 1000;
    /// Product i draws the stream numbered first_product + i,
    std::uint64_t first_product = 0;
    /// or, where not empty, keys[i] (stream_key() of its name): then a product has the same numbers
    /// wherever it stands.
    std::span<const std::uint64_t> keys;

    /// The number of the stream of product \p index.
    [[nodiscard]] std::uint64_t key(std::size_t index) const noexcept {
        return keys.empty() ? first_product + index : keys[index];
    }
};

namespace detail {

/// What a council of a fixed number of sheets is decided on, as sums of features of its sheets: the
/// parts; for each mark the points, or 1 where they are enough; for each gate 1 where there are
/// none.
class decision_plan {
public:
    enum class kind : std::uint8_t { points, reached, zero };
    struct feature {
        std::size_t criterion = 0;
        kind what = kind::points;
        std::uint16_t needed = 0;    ///< for kind::reached: the points of one sheet
        std::uint32_t least = 0;     ///< the sum from which on it holds
        std::uint8_t level_bit = 0;  ///< of the mark; 0 for a gate
    };

    decision_plan() = default;
    /// For councils of \p sheets sheets (at least 1, at most rules.most_sheets()). \p rules must
    /// outlive the plan.
    decision_plan(const verdict_rules& rules, std::size_t sheets)
        : rules_(&rules), sheets_(sheets) {
        const verdict_tables& tables = rules.tables();
        const auto n = static_cast<std::uint32_t>(sheets);
        for (std::size_t k = 0; k < tables.marks.size(); ++k) {
            const auto needed = static_cast<std::uint16_t>(tables.marks[k].needed.value());
            feature made{tables.marks[k].criterion, kind::reached, needed, 0,
                         static_cast<std::uint8_t>(rules.level_bit(k))};
            if (tables.by.marks == mark_measure::mean) {
                made.what = kind::points;
                made.least = needed * n;
            } else {
                made.least = tables.by.marks == mark_measure::majority ? n / 2 + 1 : n;
            }
            features_.push_back(made);
        }
        for (std::size_t gate : rules.gates()) {
            const zero_reading whose = tables.by.zero_points;
            const std::uint32_t least = whose == zero_reading::every_member ? n
                                        : whose == zero_reading::majority   ? n / 2 + 1
                                                                            : 1;
            features_.push_back({gate, kind::zero, 0, least, 0});
        }
        ranges_ = tables.by.spread == spread_measure::parts ? 1 + part_count : 1;
    }

    [[nodiscard]] const verdict_rules& rules() const noexcept { return *rules_; }
    [[nodiscard]] std::size_t sheets() const noexcept { return sheets_; }
    [[nodiscard]] const std::vector<feature>& features() const noexcept { return features_; }
    /// How many ranges the spread is the largest of: of totals, then of each part.
    [[nodiscard]] std::size_t ranges() const noexcept { return ranges_; }
    /// Whether the spread can change the outcome.
    [[nodiscard]] bool spread_matters() const noexcept {
        return sheets_ > 1 && rules_->blocking_spread() <= 0xFFFFU;
    }

    [[nodiscard]] static std::uint16_t value(const feature& f, std::uint32_t points) noexcept {
        const std::uint32_t made = f.what == kind::points    ? points
                                   : f.what == kind::reached ? (points >= f.needed ? 1U : 0U)
                                                             : (points == 0 ? 1U : 0U);
        return static_cast<std::uint16_t>(made);
    }

    /// The verdict on sums of parts and features and the largest range.
    [[nodiscard]] replicate decide(const std::uint16_t* parts, const std::uint16_t* sums,
                                   std::uint32_t spread) const noexcept {
        replicate told;
        told.parts = {parts[0], parts[1], parts[2]};
        told.total = static_cast<std::uint16_t>(parts[0] + parts[1] + parts[2]);
        unsigned missed = 0;
        bool stopped = false;
        for (std::size_t k = 0; k < features_.size(); ++k) {
            const feature& f = features_[k];
            const bool there = sums[k] >= f.least;
            if (f.what == kind::zero)
                stopped = stopped || there;
            else if (!there)
                missed |= f.level_bit;
        }
        const outcome ends = rules_->outcome_of(stopped, spread, sheets_);
        told.outcome = static_cast<std::uint8_t>(ends);
        if (ends == outcome::ranked)
            told.stars = rules_->stars(rules_->band(told.total, sheets_), missed);
        return told;
    }

private:
    const verdict_rules* rules_ = nullptr;
    std::size_t sheets_ = 0;
    std::size_t ranges_ = 1;
    std::vector<feature> features_;
};

/// Whether a council of \p sheets sheets decides at all.
[[nodiscard]] inline bool complete(const verdict_rules& rules, std::size_t sheets) noexcept {
    const verdict_tables& tables = rules.tables();
    const std::size_t council = tables.council_size == 0 ? sheets : tables.council_size;
    return sheets != 0 && sheets <= rules.most_sheets() && sheets <= council &&
           tables.quorum.reached(sheets, council);
}

/// One product, ready to be replicated: each answer is a number of points that grows by a step's
/// gain where a draw of 16 bits is below the step's threshold.
struct step_plan {
    /// A step of an answer.
    struct step {
        std::uint16_t gain;
        std::uint16_t level;  ///< which threshold
    };
    static constexpr std::uint16_t unconditional = 0xFFFF;

    decision_plan decision;
    std::size_t criteria = 0;
    bool alike = false;               ///< one row of answers for all sheets
    bool resample = false;            ///< the sheets of a replication are drawn with replacement
    std::vector<std::uint16_t> base;  ///< points before any step: a row a sheet
    std::vector<std::uint32_t> ends;  ///< where the steps of an answer end in \ref steps
    std::vector<step> steps;
    /// Thresholds of draws; with \ref normal, distances from the council's mean judgement.
    std::vector<std::int32_t> levels;
    const normal_tables* normal = nullptr;
    std::vector<std::uint16_t> condition;  ///< by criterion
    std::vector<std::uint16_t> part;       ///< by criterion
    std::uint64_t seed = 0;
    std::uint64_t product = 0;
    /// Without steps: parts and features of each sheet, so that no criterion need be looked at.
    std::vector<std::uint16_t> sheet_sums;

    /// Half-words of a block before the first answer: 32 bits for the member's severity.
    static constexpr std::size_t ahead = 2;
    static constexpr std::size_t block_draws = 8;
    /// Blocks of random bits for one sheet.
    [[nodiscard]] std::size_t sheet_blocks() const noexcept {
        return (ahead + criteria + block_draws - 1) / block_draws;
    }
    [[nodiscard]] std::size_t answer_at(std::size_t sheet, std::size_t c) const noexcept {
        return alike ? c : sheet * criteria + c;
    }
    [[nodiscard]] std::size_t first_step(std::size_t answer) const noexcept {
        return answer == 0 ? 0 : ends[answer - 1];
    }
    /// Parts and features: the numbers of one sheet in \ref sheet_sums.
    [[nodiscard]] std::size_t width() const noexcept {
        return part_count + decision.features().size();
    }
};

/// Sums over the sheets of one replication.
class running_sums {
public:
    explicit running_sums(const step_plan& plan) : plan_(&plan), sums_(plan.width()) {}

    void clear() noexcept {
        for (std::uint16_t& s : sums_) s = 0;
        least_.fill(0xFFFFFFFFU);
        most_.fill(0);
    }
    /// Adds a sheet of which the parts and features are known.
    void add(const std::uint16_t* sheet) noexcept {
        for (std::size_t k = 0; k < sums_.size(); ++k)
            sums_[k] = static_cast<std::uint16_t>(sums_[k] + sheet[k]);
        note(sheet);
    }
    /// Adds the sheet with \p row points by criterion and \p parts.
    void add(const std::uint16_t* row, const std::uint16_t* parts) noexcept {
        for (std::size_t p = 0; p < part_count; ++p)
            sums_[p] = static_cast<std::uint16_t>(sums_[p] + parts[p]);
        const auto& features = plan_->decision.features();
        for (std::size_t k = 0; k < features.size(); ++k) {
            std::uint16_t& sum = sums_[part_count + k];
            sum = static_cast<std::uint16_t>(
                sum + decision_plan::value(features[k], row[features[k].criterion]));
        }
        note(parts);
    }
    [[nodiscard]] replicate decide() const noexcept {
        std::uint32_t spread = 0;
        for (std::size_t k = 0; k < plan_->decision.ranges(); ++k)
            if (most_[k] - least_[k] > spread) spread = most_[k] - least_[k];
        return plan_->decision.decide(sums_.data(), sums_.data() + part_count, spread);
    }

private:
    void note(const std::uint16_t* parts) noexcept {
        const std::uint32_t seen[1 + part_count] = {
            static_cast<std::uint32_t>(parts[0] + parts[1] + parts[2]), parts[0], parts[1],
            parts[2]};
        for (std::size_t k = 0; k < plan_->decision.ranges(); ++k) {
            if (seen[k] < least_[k]) least_[k] = seen[k];
            if (seen[k] > most_[k]) most_[k] = seen[k];
        }
    }

    const step_plan* plan_;
    std::vector<std::uint16_t> sums_;
    std::array<std::uint32_t, 1 + part_count> least_{};
    std::array<std::uint32_t, 1 + part_count> most_{};
};

/// Which member's sheet stands in each slot of a replication.
class drawn_members {
public:
    drawn_members(const step_plan& plan, std::uint32_t replication)
        : stream_(plan.seed, plan.product, replication, random_purpose::members),
          sheets_(plan.decision.sheets()),
          resample_(plan.resample) {}

    /// The sheet of \p slot; slots are asked for in order.
    [[nodiscard]] std::size_t at(std::size_t slot) noexcept {
        if (!resample_) return slot;
        if (slot % 4 == 0) block_ = stream_.block(static_cast<std::uint32_t>(slot / 4));
        return static_cast<std::size_t>(std::uint64_t{block_[slot % 4]} * sheets_ >> 32);
    }

private:
    random_stream stream_;
    random_block block_{};
    std::size_t sheets_;
    bool resample_;
};

/// Points of one sheet of \p plan in a replication, and its parts.
inline void draw_sheet(const step_plan& plan, const random_stream& stream, std::size_t slot,
                       std::size_t sheet, std::uint32_t* thresholds, std::uint16_t* row,
                       std::uint16_t* parts) noexcept {
    const auto first = static_cast<std::uint32_t>(slot * plan.sheet_blocks());
    random_block block = stream.block(first);
    if (plan.normal != nullptr) {
        const std::int32_t severity = plan.normal->deviate(block[0]);
        for (std::size_t l = 0; l < plan.levels.size(); ++l)
            thresholds[l] = plan.normal->share(plan.levels[l] + severity);
    }
    for (std::size_t p = 0; p < part_count; ++p) parts[p] = 0;
    for (std::size_t c = 0; c < plan.criteria; ++c) {
        const std::size_t at = step_plan::ahead + c;
        if (at % step_plan::block_draws == 0)
            block = stream.block(first + static_cast<std::uint32_t>(at / step_plan::block_draws));
        const std::uint32_t draw = draw_of(half_word(block, at % step_plan::block_draws));
        const std::size_t answer = plan.answer_at(sheet, c);
        std::uint32_t points = plan.base[answer];
        for (std::size_t s = plan.first_step(answer); s < plan.ends[answer]; ++s)
            if (draw < thresholds[plan.steps[s].level]) points += plan.steps[s].gain;
        if (plan.condition[c] != step_plan::unconditional && row[plan.condition[c]] == 0)
            points = 0;
        row[c] = static_cast<std::uint16_t>(points);
        parts[plan.part[c]] = static_cast<std::uint16_t>(parts[plan.part[c]] + points);
    }
}

}  // namespace detail

/// Replications \p first and following of one product into \p out. Kernels differ in speed alone.
using step_kernel = void (*)(const detail::step_plan& plan, std::uint32_t first,
                             std::span<replicate> out);

/// The plain kernel, in standard C++ alone: the scalar twin that fast_step_kernel() of the compiled
/// library is tested against.
inline void portable_step_kernel(const detail::step_plan& plan, std::uint32_t first,
                                 std::span<replicate> out) {
    const std::size_t sheets = plan.decision.sheets();
    detail::running_sums sums(plan);
    std::vector<std::uint32_t> thresholds(plan.levels.size());
    if (plan.normal == nullptr)
        for (std::size_t l = 0; l < thresholds.size(); ++l)
            thresholds[l] = static_cast<std::uint32_t>(plan.levels[l]);
    std::uint16_t row[scorecard_limits::criteria];
    std::uint16_t parts[part_count];
    for (std::size_t r = 0; r < out.size(); ++r) {
        const auto replication = first + static_cast<std::uint32_t>(r);
        const random_stream stream(plan.seed, plan.product, replication, random_purpose::answers);
        detail::drawn_members drawn(plan, replication);
        sums.clear();
        for (std::size_t slot = 0; slot < sheets; ++slot) {
            const std::size_t sheet = drawn.at(slot);
            if (plan.steps.empty()) {
                sums.add(plan.sheet_sums.data() + sheet * plan.width());
                continue;
            }
            detail::draw_sheet(plan, stream, slot, sheet, thresholds.data(), row, parts);
            sums.add(row, parts);
        }
        out[r] = sums.decide();
    }
}

/// What is uncertain about given sheets.
struct uncertainty {
    /// The members are a sample of those who might have sat: as many sheets are drawn with
    /// replacement (the bootstrap).
    bool resample_members = true;
    /// Each answer moves, by itself, to the next higher or lower number of points that its
    /// criterion allows, with these probabilities (in steps of 1/65536, together at most 1). At the
    /// highest or lowest the step is not taken. A criterion whose condition falls to 0 points
    /// counts 0; one whose condition rises from 0 is answered "none of the options", 0 points, and
    /// takes no step.
    double step_up = 0.0;
    double step_down = 0.0;

    friend bool operator==(const uncertainty&, const uncertainty&) = default;
};

namespace detail {

/// \p share as a threshold of draw_of().
[[nodiscard]] inline std::uint32_t threshold_of(double share) noexcept {
    const auto rounded = static_cast<std::uint32_t>(std::lround(share * 65536.0));
    return rounded < certain ? rounded : certain;
}

inline void refuse(problems& found, problem_code code, const char* at, std::string value,
                   std::string_view vi, std::string_view en) {
    label text = told(vi, en, {value});
    found.push_back(make_problem(code, at, std::move(value), std::move(text)));
}

/// The different points that each criterion allows, ascending.
[[nodiscard]] inline std::vector<std::vector<std::int32_t>> allowed_points(
    const verdict_rules& rules) {
    std::vector<std::vector<std::int32_t>> all(rules.size());
    for (std::size_t c = 0; c < rules.size(); ++c)
        for (const std::optional<points>& value : rules.tables().criteria[c].values) {
            if (!value) continue;
            std::vector<std::int32_t>& list = all[c];
            std::size_t at = 0;
            while (at < list.size() && list[at] < value->value()) ++at;
            if (at == list.size() || list[at] != value->value())
                list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), value->value());
        }
    return all;
}

/// The parts of \p plan that the rules decide.
inline void lay_out(const verdict_rules& rules, std::size_t sheets, step_plan& plan) {
    plan.decision = decision_plan(rules, sheets);
    plan.criteria = rules.size();
    plan.condition.clear();
    plan.part.clear();
    for (const verdict_tables::criterion& c : rules.tables().criteria) {
        plan.condition.push_back(c.condition ? static_cast<std::uint16_t>(*c.condition)
                                             : step_plan::unconditional);
        plan.part.push_back(static_cast<std::uint16_t>(c.part));
    }
}

inline void check_keys(const replication_options& options, std::size_t products, problems& found) {
    if (!options.keys.empty() && options.keys.size() != products)
        refuse(found, problem_code::wrong_size, "/keys", std::to_string(options.keys.size()),
               "cần một khóa cho mỗi sản phẩm, không phải {0} khóa",
               "a key for each product is needed, not {0} keys");
}

/// The answers of one sheet of \p batch, unpacked where they are packed.
[[nodiscard]] inline const answer_code* sheet_at(const sheet_batch& batch, std::size_t criteria,
                                                 std::size_t product, std::size_t member,
                                                 answer_code* unpacked) noexcept {
    const std::size_t bytes = batch.sheet_bytes(criteria);
    const std::uint8_t* sheet = batch.answers.data() + (product * batch.members + member) * bytes;
    if (batch.packed == packing::bytes) return sheet;
    for (std::size_t i = 0; i < criteria; ++i) unpacked[i] = nibble(sheet, i);
    return unpacked;
}

/// Points by criterion of a valid sheet; 0 where a criterion is left out.
inline void points_of(const verdict_rules& rules, const answer_code* sheet, std::uint16_t* row,
                      bool* open) noexcept {
    for (std::size_t c = 0; c < rules.size(); ++c) {
        const auto& condition = rules.tables().criteria[c].condition;
        open[c] = !condition || row[*condition] > 0;
        row[c] = open[c] ? static_cast<std::uint16_t>(rules.value(c, sheet[c])) : std::uint16_t{0};
    }
}

/// How many sheets of \p product of \p batch are valid and make a council that decides; 0: none.
[[nodiscard]] inline std::size_t deciding_sheets(const verdict_rules& rules,
                                                 const sheet_batch& batch, std::size_t product,
                                                 std::vector<std::uint16_t>& tally) {
    tally.resize(rules.tally_size());
    rules.clear(tally.data());
    const std::size_t sheets = batch.sheets.empty() ? batch.members : batch.sheets[product];
    answer_code unpacked[scorecard_limits::criteria];
    for (std::size_t m = 0; m < sheets; ++m)
        if (!rules.add(tally.data(), sheet_at(batch, rules.size(), product, m, unpacked))) return 0;
    return rules.decide(tally.data()).outcome == outcome::incomplete ? 0 : sheets;
}

}  // namespace detail

/// Given sheets under uncertainty. Replicates a product at a time, in a plan of the caller's:
/// nothing here changes, so that threads share one simulation.
class sheet_simulation {
public:
    /// \p rules and what \p batch and \p options refer to must outlive the simulation.
    /// \throws error where sizes do not fit together or probabilities are none.
    sheet_simulation(const verdict_rules& rules, const sheet_batch& batch, const uncertainty& about,
                     const replication_options& options, step_kernel kernel = portable_step_kernel)
        : rules_(&rules), batch_(batch), about_(about), options_(options), kernel_(kernel) {
        problems found;
        const batch_job job{&rules, {}};
        validate(std::span<const batch_job>(&job, 1), batch, found);
        detail::check_keys(options, batch.products, found);
        const auto share = [&found](double value, const char* at) {
            if (value >= 0.0 && value <= 1.0) return;
            detail::refuse(found, problem_code::bad_value, at, std::to_string(value),
                           "xác suất {0} không hợp lệ: từ 0 đến 1",
                           "the probability {0} is not valid: give 0 to 1");
        };
        share(about.step_up, "/step_up");
        share(about.step_down, "/step_down");
        if (found.empty() && about.step_up + about.step_down > 1.0)
            share(about.step_up + about.step_down, "/step_up");
        if (!found.empty()) throw error(std::move(found));
        up_ = detail::threshold_of(about.step_up);
        stay_ = detail::threshold_of(1.0 - about.step_down);
        if (up_ > stay_) up_ = stay_;
        neighbours_.resize(rules.size() * verdict_rules::most_codes);
        const auto allowed = detail::allowed_points(rules);
        for (std::size_t c = 0; c < rules.size(); ++c)
            for (std::size_t code = 0; code <= rules.highest_code(c); ++code) {
                const std::int32_t value = rules.value(c, static_cast<answer_code>(code));
                if (value < 0) continue;
                neighbour& made = neighbours_[c * verdict_rules::most_codes + code];
                for (std::int32_t other : allowed[c]) {
                    if (other < value) made.down = static_cast<std::uint16_t>(value - other);
                    if (other > value && made.up == 0)
                        made.up = static_cast<std::uint16_t>(other - value);
                }
            }
    }

    [[nodiscard]] const verdict_rules& rules() const noexcept { return *rules_; }
    [[nodiscard]] std::size_t products() const noexcept { return batch_.products; }
    [[nodiscard]] const replication_options& options() const noexcept { return options_; }

    /// Makes \p plan that of \p product; a plan serves one simulation, product after product.
    /// False: its sheets make no verdict, so that every replication is incomplete.
    [[nodiscard]] bool prepare(std::size_t product, detail::step_plan& plan) const {
        std::vector<std::uint16_t> tally;
        const std::size_t sheets = detail::deciding_sheets(*rules_, batch_, product, tally);
        if (sheets == 0) return false;
        if (plan.criteria == 0 || plan.decision.sheets() != sheets)
            detail::lay_out(*rules_, sheets, plan);
        plan.resample = about_.resample_members;
        plan.levels = {static_cast<std::int32_t>(stay_), static_cast<std::int32_t>(up_)};
        plan.seed = options_.seed;
        plan.product = options_.key(product);
        plan.base.clear();
        plan.ends.clear();
        plan.steps.clear();
        plan.sheet_sums.clear();
        answer_code unpacked[scorecard_limits::criteria];
        std::uint16_t row[scorecard_limits::criteria];
        bool open[scorecard_limits::criteria];
        for (std::size_t m = 0; m < sheets; ++m) {
            const answer_code* sheet =
                detail::sheet_at(batch_, rules_->size(), product, m, unpacked);
            detail::points_of(*rules_, sheet, row, open);
            add_sheet(sheet, row, open, plan);
        }
        return true;
    }
    /// Replications \p first and following of the product of \p plan.
    void run(const detail::step_plan& plan, std::uint32_t first, std::span<replicate> out) const {
        kernel_(plan, first, out);
    }

private:
    /// Points to the next higher and lower number; 0: there is none.
    struct neighbour {
        std::uint16_t up = 0;
        std::uint16_t down = 0;
    };

    void add_sheet(const answer_code* sheet, const std::uint16_t* row, const bool* open,
                   detail::step_plan& plan) const {
        std::uint16_t parts[part_count] = {};
        for (std::size_t c = 0; c < rules_->size(); ++c) {
            std::uint16_t base = row[c];
            parts[plan.part[c]] = static_cast<std::uint16_t>(parts[plan.part[c]] + base);
            if (open[c]) {
                const neighbour& next = neighbours_[c * verdict_rules::most_codes + sheet[c]];
                if (next.down != 0 && stay_ != detail::certain) {
                    base = static_cast<std::uint16_t>(base - next.down);
                    plan.steps.push_back({next.down, 0});
                }
                if (next.up != 0 && up_ != 0) plan.steps.push_back({next.up, 1});
            }
            plan.base.push_back(base);
            plan.ends.push_back(static_cast<std::uint32_t>(plan.steps.size()));
        }
        for (std::uint16_t part : parts) plan.sheet_sums.push_back(part);
        for (const detail::decision_plan::feature& f : plan.decision.features())
            plan.sheet_sums.push_back(detail::decision_plan::value(f, row[f.criterion]));
    }

    const verdict_rules* rules_;
    sheet_batch batch_;
    uncertainty about_;
    replication_options options_;
    step_kernel kernel_;
    std::uint32_t up_ = 0;
    std::uint32_t stay_ = 0;
    std::vector<neighbour> neighbours_;
};

/// A council that judges with noise: what a member sees of a criterion is the product's quality,
/// plus the member's severity, plus noise, as a share of the criterion's most points; the answer is
/// the option whose points are nearest (of two the higher).
struct council_noise {
    std::size_t members = 7;
    double severity = 0.04;  ///< standard deviation, one draw a member and replication
    double noise = 0.12;     ///< standard deviation, one draw an answer

    friend bool operator==(const council_noise&, const council_noise&) = default;
};

/// Products of known quality before a noisy council. As sheet_simulation otherwise.
class council_simulation {
public:
    /// \p quality: 1 stands for the most points; a number for each product, or, \p by_criterion,
    /// one for each product and criterion, product after product.
    /// \p rules and what \p options refer to must outlive the simulation, \p quality too.
    /// \throws error where sizes do not fit, for a noise that is not 0.0001 to 100, a severity that
    ///         is not 0 to 16 times the noise, and qualities that are not -100 to 100.
    council_simulation(const verdict_rules& rules, const council_noise& council,
                       std::span<const double> quality, const replication_options& options,
                       bool by_criterion = false, step_kernel kernel = portable_step_kernel)
        : rules_(&rules),
          council_(council),
          quality_(quality),
          products_(by_criterion ? quality.size() / rules.size() : quality.size()),
          by_criterion_(by_criterion),
          options_(options),
          kernel_(kernel),
          normal_(checked_scale()) {
        lay_out_steps();
    }

    [[nodiscard]] const verdict_rules& rules() const noexcept { return *rules_; }
    [[nodiscard]] std::size_t products() const noexcept { return products_; }
    [[nodiscard]] const replication_options& options() const noexcept { return options_; }

    /// See sheet_simulation::prepare().
    [[nodiscard]] bool prepare(std::size_t product, detail::step_plan& plan) const {
        if (!detail::complete(*rules_, council_.members)) return false;
        if (plan.criteria == 0) {
            detail::lay_out(*rules_, council_.members, plan);
            plan.alike = true;
            plan.base = base_;
            plan.ends = ends_;
            plan.steps = steps_;
            sum_up_fixed(plan);
            plan.levels.resize(middles_.size());
            plan.seed = options_.seed;
        }
        plan.normal = &normal_;
        plan.product = options_.key(product);
        for (std::size_t l = 0; l < middles_.size(); ++l) {
            const double quality = by_criterion_
                                       ? quality_[product * rules_->size() + middles_[l].criterion]
                                       : quality_[product];
            plan.levels[l] = fixed((quality - middles_[l].at) / council_.noise);
        }
        return true;
    }
    /// See sheet_simulation::run().
    void run(const detail::step_plan& plan, std::uint32_t first, std::span<replicate> out) const {
        kernel_(plan, first, out);
    }

private:
    /// Half way between two neighbouring options, as a share of the most points.
    struct middle {
        std::int32_t sum;  ///< of the two options' points
        std::int32_t most;
        std::size_t criterion;
        double at;
    };

    /// The severity in units of noise, in 1/2^24, once everything is checked.
    [[nodiscard]] std::uint64_t checked_scale() const {
        problems found;
        const auto outside = [&found](double value, const char* at, const char* vi,
                                      const char* en) {
            detail::refuse(found, problem_code::bad_value, at, std::to_string(value), vi, en);
        };
        if (!(council_.noise >= 0.0001 && council_.noise <= 100.0))
            outside(council_.noise, "/noise", "nhiễu {0} không hợp lệ: từ 0.0001 đến 100",
                    "the noise {0} is not valid: give 0.0001 to 100");
        else if (!(council_.severity >= 0.0 && council_.severity <= 16.0 * council_.noise))
            outside(council_.severity, "/severity",
                    "độ nghiêm {0} không hợp lệ: từ 0 đến 16 lần nhiễu",
                    "the severity {0} is not valid: give 0 to 16 times the noise");
        for (double one : quality_)
            if (!(one >= -100.0 && one <= 100.0)) {
                outside(one, "/quality", "chất lượng {0} không hợp lệ: từ -100 đến 100",
                        "the quality {0} is not valid: give -100 to 100");
                break;
            }
        if (by_criterion_ && products_ * rules_->size() != quality_.size())
            detail::refuse(found, problem_code::wrong_size, "/quality",
                           std::to_string(quality_.size()), "{0} số không chia hết cho số tiêu chí",
                           "{0} numbers are not a number for each product and criterion");
        if (council_.members == 0 || council_.members > rules_->most_sheets())
            detail::refuse(found, problem_code::too_many, "/members",
                           std::to_string(council_.members),
                           "hội đồng có {0} thành viên: cần từ 1 đến số phiếu nhiều nhất của bộ",
                           "a council of {0} members: 1 to the most sheets of the rules are taken");
        detail::check_keys(options_, products_, found);
        if (!found.empty()) throw error(std::move(found));
        return static_cast<std::uint64_t>(
            std::llround(council_.severity / council_.noise * 16777216.0));
    }

    /// Standard deviations of noise in fixed point, at most 512 of them.
    [[nodiscard]] static std::int32_t fixed(double deviations) noexcept {
        constexpr double one = 1 << detail::normal_tables::bits;
        constexpr double most = 512.0;
        const double held = deviations < -most ? -most : deviations > most ? most : deviations;
        return static_cast<std::int32_t>(std::lround(held * one));
    }

    void lay_out_steps() {
        const auto allowed = detail::allowed_points(*rules_);
        for (std::size_t c = 0; c < rules_->size(); ++c) {
            const std::vector<std::int32_t>& list = allowed[c];
            base_.push_back(list.empty() ? std::uint16_t{0}
                                         : static_cast<std::uint16_t>(list.front()));
            for (std::size_t k = 1; k < list.size(); ++k)
                steps_.push_back({static_cast<std::uint16_t>(list[k] - list[k - 1]),
                                  level_of(list[k - 1] + list[k], list.back(), c)});
            ends_.push_back(static_cast<std::uint32_t>(steps_.size()));
        }
    }

    /// Criteria of one quality share equal levels.
    [[nodiscard]] std::uint16_t level_of(std::int32_t sum, std::int32_t most, std::size_t c) {
        for (std::size_t l = 0; l < middles_.size(); ++l) {
            const middle& m = middles_[l];
            if (m.sum * most == sum * m.most && (!by_criterion_ || m.criterion == c))
                return static_cast<std::uint16_t>(l);
        }
        middles_.push_back({sum, most, c, sum / (2.0 * most)});
        return static_cast<std::uint16_t>(middles_.size() - 1);
    }

    /// Rules of which no answer can differ have no steps: their sheets are all alike.
    void sum_up_fixed(detail::step_plan& plan) const {
        std::uint16_t row[scorecard_limits::criteria];
        std::vector<std::uint16_t> sums(plan.width());
        for (std::size_t c = 0; c < rules_->size(); ++c) {
            const std::uint16_t on = plan.condition[c];
            const bool open = on == detail::step_plan::unconditional || row[on] > 0;
            row[c] = open ? base_[c] : std::uint16_t{0};
            sums[plan.part[c]] = static_cast<std::uint16_t>(sums[plan.part[c]] + row[c]);
        }
        const auto& features = plan.decision.features();
        for (std::size_t k = 0; k < features.size(); ++k)
            sums[part_count + k] =
                detail::decision_plan::value(features[k], row[features[k].criterion]);
        for (std::size_t m = 0; m < council_.members; ++m)
            plan.sheet_sums.insert(plan.sheet_sums.end(), sums.begin(), sums.end());
    }

    const verdict_rules* rules_;
    council_noise council_;
    std::span<const double> quality_;
    std::size_t products_;
    bool by_criterion_;
    replication_options options_;
    step_kernel kernel_;
    detail::normal_tables normal_;
    std::vector<std::uint16_t> base_;
    std::vector<std::uint32_t> ends_;
    std::vector<detail::step_plan::step> steps_;
    std::vector<middle> middles_;
};

}  // namespace ocop
