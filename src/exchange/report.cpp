#include "ocop/exchange/report.hpp"

#include <array>
#include <utility>
#include <vector>

#include "text_table.hpp"
#include "wording.hpp"

namespace ocop {
namespace {

using detail::text_table;
using align = text_table::align;

constexpr std::size_t page = 100;

/// Writes one assessment in one language.
class report_writer : detail::wording {
public:
    report_writer(const dossier_assessment& assessed, language lang)
        : wording(lang), d_(assessed.read), r_(assessed.result) {}

    std::string write() {
        head();
        if (r_.outcome == outcome::incomplete) {
            problems_section();
            return std::move(out_);
        }
        if (r_.published)
            published_table();
        else {
            council_table();
            criteria_table();
        }
        verdict();
        marks();
        ways();
        notes();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string star_text(stars s) const {
        const std::string count = std::to_string(s.value());
        if (lang_ == language::vi) return count + " sao";
        return count + (s.value() == 1 ? " star" : " stars");
    }

    /// A text of the input: on one line, and without what could steer a terminal.
    [[nodiscard]] static std::string clean(std::string text) {
        for (char& c : text)
            if (c == '\n' || c == '\r' || c == '\t') c = ' ';
        return detail::printable(text);
    }

    void line(const std::string& text, std::size_t indent = 0) {
        out_.append(indent, ' ');
        out_ += detail::wrap(text, page, indent, indent + 2);
        out_ += '\n';
    }
    void title(const std::string& text) {
        out_ += '\n';
        line(text);
    }

    void head() {
        const std::string name = d_.product.name.empty()
                                     ? say("(sản phẩm không ghi tên)", "(product not named)")
                                     : clean(d_.product.name);
        out_ += name;
        out_ += '\n';
        for (std::size_t i = 0; i < detail::display_width(name); ++i) out_ += "═";
        out_ += '\n';
        if (!d_.product.producer.empty())
            line(say("Chủ thể: ", "Producer: ") + clean(d_.product.producer) +
                 (d_.given.producer ? " (" + called(*d_.given.producer) + ")" : ""));
        else if (d_.given.producer)
            line(say("Chủ thể: ", "Producer: ") + called(*d_.given.producer));
        if (!d_.product.code.empty())
            line(say("Mã sản phẩm: ", "Product code: ") + clean(d_.product.code));
        if (d_.under != nullptr) {
            std::string text = say("Theo Quyết định số ", "Under Decision ") +
                               d_.under->document().decision.number + " (" + d_.under->id() + ")";
            if (d_.card != nullptr)
                text += say(", bộ sản phẩm ", ", set ") + std::to_string(d_.card->set()) + ": " +
                        say(d_.card->document().text);
            line(text);
        }
        std::string when = called(d_.given.level);
        when = say("Hội đồng ", "Council: ") + when;
        const dossier_dates& dates = d_.given.dates;
        if (dates.application) when += "; " + called(*dates.application);
        if (dates.filed) when += say("; nộp ngày ", "; filed ") + to_string(*dates.filed);
        if (dates.assessed)
            when += say("; đánh giá ngày ", "; assessed ") + to_string(*dates.assessed);
        line(when);
        for (const std::string& note : d_.notes) line(say("Ghi chú: ", "Note: ") + clean(note));
    }

    void problems_section() {
        title(say("KẾT QUẢ: chưa đủ để kết luận", "VERDICT: incomplete"));
        for (const problem& p : r_.errors) line(to_line(p, lang_), 2);
    }

    void council_table() {
        title(say("HỘI ĐỒNG", "COUNCIL"));
        text_table table(
            {align::left, align::left, align::right, align::right, align::right, align::right});
        table.row({say("Thành viên", "Member"), say("Vai trò", "Role"), "A", "B", "C",
                   say("Tổng", "Total")});
        table.rule();
        for (const member_result& m : r_.members)
            table.row({clean(m.id),
                       called(m.role) + (m.counted ? "" : say(" (không tính)", " (not counted)")),
                       to_string(m.parts[0]), to_string(m.parts[1]), to_string(m.parts[2]),
                       to_string(m.total)});
        table.rule();
        table.row({say("Bình quân", "Mean"), counted(r_.counted_sheets, "phiếu chấm", "sheet"),
                   to_string((*r_.parts)[0]), to_string((*r_.parts)[1]), to_string((*r_.parts)[2]),
                   to_string(*r_.total)});
        const auto& parts = d_.card->document().parts;
        table.row({say("Tối đa", "Maximum"), "", to_string(parts[0].max), to_string(parts[1].max),
                   to_string(parts[2].max), "100"});
        out_ += table.text(2);
        if (r_.spread_limit)
            line(say("Độ lệch cho phép giữa hai thành viên: ",
                     "Spread allowed between two members: ") +
                     (r_.spread_blocks == spread_comparison::above
                          ? say("không quá ", "not more than ")
                          : say("dưới ", "less than ")) +
                     counted(static_cast<std::size_t>(r_.spread_limit->value()), "điểm", "point"),
                 2);
    }

    void criteria_table() {
        title(say("TIÊU CHÍ (điểm bình quân)", "CRITERIA (mean points)"));
        text_table table({align::left, align::left, align::right, align::right, align::left});
        table.row({say("Mã", "Code"), say("Tiêu chí", "Criterion"), say("Điểm", "Points"),
                   say("Tối đa", "Max"), say("Tối thiểu theo sao", "Minimum for stars")});
        table.rule();
        for (std::size_t i = 0; i < d_.card->size(); ++i) {
            const criterion& c = d_.card->at(i);
            std::string marks;
            for (const mark_result& m : r_.marks) {
                if (m.mark.criterion != i || !m.binds) continue;
                if (!marks.empty()) marks += ' ';
                marks += std::to_string(m.mark.stars.value());
                marks += "★≥";
                marks += to_string(m.mark.needed);
                marks += m.reached ? "✓" : "✗";
            }
            table.row({c.code, say(c.text), to_string(r_.criteria[i]), to_string(c.max), marks});
        }
        out_ += table.text(2);
        if (!r_.marks.empty())
            line(say("3★≥1✓: sản phẩm 3 sao cần ít nhất 1 điểm ở tiêu chí này; ✓ đạt, ✗ chưa đạt.",
                     "3★≥1✓: a 3-star product needs at least 1 point here; ✓ reached, ✗ missed."),
                 2);
    }

    void published_table() {
        title(say("ĐIỂM CÔNG BỐ (không có phiếu)", "PUBLISHED POINTS (no sheets)"));
        text_table table({align::left, align::right});
        constexpr std::array<const char*, part_count> parts{"A", "B", "C"};
        for (std::size_t p = 0; r_.parts && p < part_count; ++p)
            table.row({say("Phần ", "Part ") + parts[p], to_string((*r_.parts)[p])});
        table.row({say("Tổng", "Total"), to_string(*r_.total)});
        out_ += table.text(2);
    }

    void verdict() {
        const std::string total = to_string(*r_.total) + say(" điểm", " points");
        if (r_.published) {
            title(say("KẾT QUẢ: ", "VERDICT: ") + total +
                  say("; thuộc khung ", "; in the band of ") + star_text(*r_.band) +
                  say("; số sao chưa biết vì không có phiếu chấm",
                      "; stars unknown without the sheets"));
        } else if (r_.outcome == outcome::rejected) {
            title(say("KẾT QUẢ: BỊ LOẠI", "VERDICT: REJECTED") + " (" + total + ")");
        } else if (r_.outcome == outcome::score_again) {
            title(say("KẾT QUẢ: CHẤM LẠI", "VERDICT: SCORE AGAIN") + " (" + total + ")");
            for (const spread_pair& pair : r_.spread)
                line(
                    "- " + clean(pair.one) + say(" và ", " and ") + clean(pair.other) +
                        say(" chấm lệch nhau ", " differ by ") +
                        counted(static_cast<std::size_t>(pair.difference.value()), "điểm", "point"),
                    2);
        } else {
            ranked(total);
        }
        for (const rejection& g : r_.grounds) line(rejection_text(g), 2);
        if (r_.proposed)
            line(say("Từ 90 điểm: đề nghị 5 sao, chuyển lên ",
                     "From 90 points: proposed for 5 stars, forwarded to the ") +
                     called(*r_.forwards_to) +
                     say("; đề nghị 5 sao chưa phải là 5 sao.",
                         "; proposed 5 stars are not 5 stars."),
                 2);
        else if (r_.forwards_to)
            line(say("Chuyển lên ", "Forwarded to the ") + called(*r_.forwards_to) + ".", 2);
    }

    void ranked(const std::string& total) {
        // A council of a lower level proposes what it cannot recognise.
        const bool beyond = r_.recognised_by && *r_.recognised_by > r_.level;
        title(say("KẾT QUẢ: ", "VERDICT: ") + total + " — " +
              (beyond ? say("đề nghị ", "proposed for ") : std::string()) + star_text(*r_.stars));
        if (*r_.stars != *r_.band) {
            const std::string missed = star_text(stars(r_.stars->value() + 1));
            line(say("Tổng điểm thuộc khung ", "The total lies in the band of ") +
                     star_text(*r_.band) +
                     say(", nhưng chưa đạt mức tối thiểu của ", ", but a minimum for ") + missed +
                     say(" nên xếp ", " is missed: ") + star_text(*r_.stars) + ".",
                 2);
        }
        if (beyond)
            line(star_text(*r_.stars) + say(" chỉ ", " are recognised by the ") +
                     called(*r_.recognised_by) + say(" mới công nhận.", " only."),
                 2);
        else if (r_.recognised_by)
            line(star_text(*r_.stars) + say(" do ", " are recognised by the ") +
                     called(*r_.recognised_by) + say(" công nhận.", "."),
                 2);
        else if (*r_.stars < stars(3))
            line(say("1 và 2 sao không được công nhận, không có giấy chứng nhận.",
                     "1 and 2 stars are not recognised and get no certificate."),
                 2);
    }

    [[nodiscard]] std::string rejection_text(const rejection& g) const {
        std::string text = "- ";
        if (const auto at = g.criterion.empty() ? std::nullopt : d_.card->find(g.criterion))
            text += g.criterion + " (" + say(d_.card->at(*at).text) + "): ";
        text += clean(say(g.text));
        if (g.by_points)
            text += say(" (do điểm của các phiếu chấm)", " (decided by the sheets' points)");
        if (!g.checked) text += say(" (chưa đối chiếu được)", " (unchecked)");
        return text;
    }

    void marks() {
        const auto missed = r_.marks_missed();
        if (missed.empty() || r_.published) return;
        title(say("MỨC TỐI THIỂU THEO SAO CHƯA ĐẠT", "MINIMUMS FOR STARS MISSED"));
        text_table table({align::left, align::left, align::left, align::left});
        for (const mark_result& m : missed) {
            const criterion& c = d_.card->at(m.mark.criterion);
            table.row({star_text(m.mark.stars), c.code, say(c.text),
                       say("cần ", "needs ") + to_string(m.mark.needed) +
                           say(", bình quân ", ", mean ") + to_string(m.mean)});
        }
        out_ += table.text(2);
    }

    void ways() {
        for (const way_up& way : r_.to_reach) {
            title(say("ĐỂ ĐẠT ", "TO REACH ") + star_text(way.stars) +
                  (way.missing == points{0} ? say(": đã đủ điểm", ": points are enough")
                                            : say(": thiếu ", ": ") + to_string(way.missing) +
                                                  say(" điểm", " points are missing")));
            if (!way.reachable) {
                line(say("Không lựa chọn nào của bảng chấm đạt được.",
                         "No choice of the scorecard's options reaches it."),
                     2);
                continue;
            }
            line(say("Cách ít thay đổi nhất (", "The fewest changes (") +
                     (lang_ == language::vi
                          ? std::to_string(way.changes.size()) + " tiêu chí"
                          : std::to_string(way.changes.size()) +
                                (way.changes.size() == 1 ? " criterion" : " criteria")) +
                     say("), mọi thành viên cùng chấm:", "), every member choosing alike:"),
                 2);
            text_table table({align::left, align::left, align::left, align::left});
            for (const change& c : way.changes) table.row(change_row(c));
            out_ += table.text(4);
            if (way.spread_blocks)
                line(say("Lưu ý: khi đó hai phiếu chấm lệch nhau ",
                         "Note: two sheets would then differ by ") +
                         counted(static_cast<std::size_t>(way.spread_after.value()), "điểm",
                                 "point") +
                         say(", vượt độ lệch cho phép.", ", more than the spread allows."),
                     4);
        }
    }

    [[nodiscard]] std::string numbers(const answer& a, choice choose) const {
        if (!a.given()) return "–";
        if (choose == choice::one) return std::to_string(a.number());
        std::string text;
        for (std::size_t n : a.numbers()) text += (text.empty() ? "" : "+") + std::to_string(n);
        return text.empty() ? "0" : text;
    }

    std::vector<std::string> change_row(const change& c) const {
        const criterion& at = d_.card->at(c.criterion);
        std::string from;
        bool alike = true;
        for (const answer& a : c.from) alike = alike && a == c.from.front();
        for (const answer& a : c.from) {
            if (!from.empty()) from += ' ';
            from += numbers(a, at.choose);
            if (alike) break;
        }
        std::string to = numbers(c.to, at.choose);
        std::string texts;
        for (std::size_t n : c.to.numbers())
            texts += (texts.empty() ? "" : "; ") + say(at.options[n - 1].text);
        if (texts.empty()) texts = say("không mức nào", "none of the options");
        const points value = d_.card->points_for(c.criterion, c.to.bits());
        return {at.code, say("mức ", "option ") + from + " → " + to,
                "(" + counted(static_cast<std::size_t>(value.value()), "điểm", "point") + ")",
                texts};
    }

    /// A source as its reader cites it: "art." and "Annex" are "Điều" and "Phụ lục".
    [[nodiscard]] std::string cited(std::string source) const {
        if (lang_ == language::en) return source;
        for (const auto& [en, vi] :
             {std::pair<std::string, std::string>{" art. ", " Điều "}, {" Annex ", " Phụ lục "}})
            for (std::size_t at = 0; (at = source.find(en, at)) != std::string::npos;
                 at += vi.size())
                source.replace(at, en.size(), vi);
        return source;
    }

    void notes() {
        if (r_.notes.empty()) return;
        title(say("CĂN CỨ VÀ CÁCH HIỂU", "SOURCES AND READINGS"));
        for (const note& n : r_.notes)
            line("- " + detail::capitalised(clean(say(n.text))) + " [" + called(n.known) +
                     (n.source.empty() ? "" : "; " + cited(n.source)) + "]",
                 2);
    }

    const dossier& d_;
    const assessment& r_;
    std::string out_;
};

std::string day_or_dash(const std::optional<date>& day) { return day ? to_string(*day) : "–"; }
std::string day_or_nothing(const std::optional<date>& day) { return day ? to_string(*day) : ""; }

std::string star_marks(const option& o) {
    std::string text;
    for (int i = 0; o.minimum_for && i < o.minimum_for->value(); ++i) text += "★";
    return text;
}

}  // namespace

std::string report(const dossier_assessment& assessed, language lang) {
    return report_writer(assessed, lang).write();
}

std::string regulations_text(const timeline& all, language lang) {
    const bool vi = lang == language::vi;
    text_table table(
        {align::left, align::left, align::left, align::left, align::left, align::right});
    table.row({vi ? "Mã" : "Id", vi ? "Quyết định" : "Decision", vi ? "Nộp từ ngày" : "Filed from",
               vi ? "Nộp trước ngày" : "Filed before", vi ? "Đánh giá đến ngày" : "Assessed until",
               vi ? "Số bộ" : "Sets"});
    table.rule();
    for (const regulation& r : all.regulations()) {
        const validity& v = r.document().in_force;
        std::string until;
        for (std::size_t i = 0; i < v.assessed_until.size(); ++i)
            if (v.assessed_until[i])
                until += (until.empty() ? "" : ", ") + to_string(*v.assessed_until[i]) + " (" +
                         label_of(static_cast<application>(i)).in(lang) + ")";
        table.row({r.id(), r.document().decision.number, day_or_dash(v.filed_from),
                   day_or_dash(v.filed_before), until.empty() ? "–" : until,
                   std::to_string(r.scorecards().size())});
    }
    std::string out = table.text();
    for (const regulation& r : all.regulations()) {
        out += "\n" + r.id() + ": " + r.document().decision.text.in(lang) + "\n";
        text_table cards({align::right, align::left, align::right, align::left});
        for (const scorecard& card : r.scorecards()) {
            const scorecard_document& d = card.document();
            cards.row({std::to_string(d.set), d.text.in(lang),
                       std::to_string(card.size()) + (vi                 ? " tiêu chí"
                                                      : card.size() == 1 ? " criterion"
                                                                         : " criteria"),
                       d.known == status::verified ? "" : label_of(d.known).in(lang)});
        }
        out += cards.text(2);
    }
    return out;
}

std::string scorecard_text(const regulation& from, const scorecard& card, language lang) {
    const bool vi = lang == language::vi;
    const scorecard_document& d = card.document();
    std::string out = from.card_id(d.set) + "  " + d.text.in(lang) + "\n";
    out += (vi ? "Quyết định số " : "Decision ") + from.document().decision.number +
           (vi ? "; mẫu sản phẩm: " : "; samples: ") + std::to_string(d.samples) + "; " +
           label_of(d.known).in(lang) + "\n";
    if (d.reachable && d.reachable->value() != 100)
        out += (vi ? "Các mức điểm chỉ cho phép đạt " : "The options allow only ") +
               to_string(*d.reachable) + (vi ? " điểm.\n" : " points.\n");
    const auto grounds = [&](const std::vector<ground>& list) {
        std::string text;
        for (const ground& g : list)
            text += (text.empty() ? "" : "; ") + g.text.in(lang) + " (" + g.id + ")";
        return text;
    };
    if (!d.knockouts.empty())
        out += detail::wrap((vi ? "Điều kiện loại: " : "Knock-outs: ") + grounds(d.knockouts) +
                                (d.knockouts_known == status::verified
                                     ? ""
                                     : " [" + label_of(d.knockouts_known).in(lang) + "]"),
                            page, 0, 2) +
               "\n";
    for (const part& p : d.parts) {
        out +=
            "\n" + std::string(vi ? "PHẦN " : "PART ") + p.code + " (" + to_string(p.max) + ")\n";
        for (const section& s : p.sections) {
            out += s.no + ". " + s.text.in(lang) + " (" + to_string(s.max) + ")\n";
            for (const criterion& c : s.criteria) {
                out += "  " + c.code + "  " + c.text.in(lang) + " (" + to_string(c.max) + ")";
                if (c.choose == choice::any)
                    out += vi ? " [chọn nhiều mức]" : " [any number of options]";
                if (c.applies_if)
                    out += (vi ? " [chỉ khi " : " [only if ") + c.applies_if->text.in(lang) + "]";
                if (c.mark_on_criterion)
                    out += " [" + std::to_string(c.mark_on_criterion->stars.value()) + "★]";
                if (c.known != status::verified) out += " [" + label_of(c.known).in(lang) + "]";
                out += "\n";
                if (!c.gates.empty())
                    out += "      " + detail::wrap("! " + grounds(c.gates), page, 6, 8) + "\n";
                text_table options({align::right, align::right, align::left, align::left});
                for (std::size_t i = 0; i < c.options.size(); ++i) {
                    const option& o = c.options[i];
                    std::string text = o.text.in(lang);
                    if (!o.case_key.empty()) text = "(" + o.case_key + ") " + text;
                    if (o.known != c.known) text += " [" + label_of(o.known).in(lang) + "]";
                    options.row(
                        {std::to_string(i + 1) + ".", to_string(o.points), text, star_marks(o)});
                }
                out += options.text(6);
                for (const criterion_case& one : c.cases)
                    out += "      (" + one.key + ") " + one.text.in(lang) + "\n";
            }
        }
    }
    return out;
}

std::string regulations_csv(const timeline& all) {
    std::string out = detail::csv_row({"id", "number", "filed_from", "filed_before",
                                       "assessed_until_first", "assessed_until_upgrade",
                                       "assessed_until_renewal", "scorecards", "status"});
    for (const regulation& r : all.regulations()) {
        const validity& v = r.document().in_force;
        out += detail::csv_row(
            {r.id(), r.document().decision.number, day_or_nothing(v.filed_from),
             day_or_nothing(v.filed_before), day_or_nothing(v.assessed_until[0]),
             day_or_nothing(v.assessed_until[1]), day_or_nothing(v.assessed_until[2]),
             std::to_string(r.scorecards().size()), std::string(name_of(v.known))});
    }
    return out;
}

std::string scorecard_csv(const regulation& from, const scorecard& card) {
    std::string out =
        detail::csv_row({"regulation", "set", "part", "criterion", "id", "max", "choose", "number",
                         "points", "minimum_for", "case", "vi", "en", "status"});
    for (std::size_t i = 0; i < card.size(); ++i) {
        const criterion& c = card.at(i);
        for (std::size_t k = 0; k < c.options.size(); ++k) {
            const option& o = c.options[k];
            out += detail::csv_row(
                {from.id(), std::to_string(card.set()), card.document().parts[card.part_of(i)].code,
                 c.code, c.id, to_string(c.max), std::string(name_of(c.choose)),
                 std::to_string(k + 1), to_string(o.points),
                 o.minimum_for ? std::to_string(o.minimum_for->value()) : "", o.case_key, o.text.vi,
                 o.text.en, std::string(name_of(o.known))});
        }
    }
    return out;
}

std::string assessment_csv_header() {
    return detail::csv_row({"file", "product", "regulation", "set", "level", "outcome", "stars",
                            "proposed", "recognised_by", "band", "total", "A", "B", "C", "sheets",
                            "marks_missed", "errors"});
}

std::string assessment_csv(const std::string& name, const dossier_assessment& assessed) {
    const assessment& r = assessed.result;
    const auto star = [](const std::optional<stars>& s) {
        return s ? std::to_string(s->value()) : std::string();
    };
    std::string missed;
    if (assessed.read.card != nullptr)
        for (const mark_result& m : r.marks_missed())
            missed += (missed.empty() ? "" : "+") + assessed.read.card->at(m.mark.criterion).code +
                      ":" + std::to_string(m.mark.stars.value());
    const auto part = [&](std::size_t p) {
        return r.parts ? to_string((*r.parts)[p]) : std::string();
    };
    return detail::csv_row(
        {name, assessed.read.product.name, r.regulation, r.set ? std::to_string(*r.set) : "",
         std::string(name_of(r.level)), std::string(name_of(r.outcome)), star(r.stars),
         star(r.proposed), r.recognised_by ? std::string(name_of(*r.recognised_by)) : "",
         star(r.band), r.total ? to_string(*r.total) : "", part(0), part(1), part(2),
         std::to_string(r.counted_sheets), missed, std::to_string(r.errors.size())});
}

}  // namespace ocop
