// A host that keeps records. Part one is real: the youth product of Lai Châu city of 2022, as far as
// it was told. Part two is illustrative: the road of one product from a dossier to its certificate.
//
//   records DOSSIER.json      a dossier of the province under 26/2026/QĐ-TTg
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <ocop/certifications/certificate_process.hpp>
#include <ocop/certifications/dossier.hpp>
#include <ocop/certifications/session.hpp>
#include <ocop/communes/bundled_units.hpp>
#include <ocop/exchange/bundled.hpp>
#include <ocop/exchange/dossier.hpp>
#include <ocop/registry/registry.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

ocop::date day(const char* text) {
    const auto read = ocop::parse_date(text);
    if (!read) throw std::invalid_argument(text);
    return *read;
}

/// Writes records, one event each. A host would take its events' numbers from its own keys.
class scribe {
public:
    explicit scribe(ocop::registry& to) : to_(to) {}

    template <class Value>
    void put(const ocop::date& on, ocop::id_of<Value> id, Value value) {
        take({next(), on, to_.version<Value>(id), ocop::put<Value>{id, std::move(value)}, {}});
    }
    void record(ocop::product_id id, ocop::certificate_event event) {
        const ocop::date on = event.on;
        take({next(),
              on,
              to_.history_version(id),
              ocop::certificate_recorded{id, std::move(event), {}, {}, {}},
              {}});
    }
    void claim(const ocop::date& on, ocop::product_id id, ocop::undated_claim told) {
        take({next(), on, to_.history_version(id), ocop::claim_recorded{id, std::move(told)}, {}});
    }

private:
    ocop::event_id next() { return {1, ++last_}; }
    void take(ocop::event one) { to_.apply(std::move(one)); }

    ocop::registry& to_;
    std::uint64_t last_ = 0;
};

void tell(const ocop::registry& all, ocop::product_id id, const ocop::date& on) {
    const ocop::product_standing now = all.standing(id, on);
    std::cout << ocop::to_string(on) << "  " << label_of(now.state).en;
    if (now.stars) std::cout << ", " << now.stars->value() << " stars";
    if (now.claimed) std::cout << ", said to have " << now.claimed->value() << " stars";
    if (now.last_valid_day) std::cout << ", until " << ocop::to_string(*now.last_valid_day);
    std::cout << '\n';
}

/// What the Youth Union of the city told on 30 October 2022. The day and the number of the decision
/// are not told, so that no day has a star to show.
void youth_of_lai_chau(ocop::registry& all, scribe& write) {
    const ocop::unit_ref city{ocop::unit_code::parse("105"), ocop::edition::e2023_01};
    const ocop::date told = day("2022-10-30");
    const ocop::organisation_id its_union(1);
    write.put(
        told, its_union,
        ocop::organisation{"Thành đoàn Lai Châu", ocop::organisation_kind::youth_union, city});
    ocop::campaign outreach{"Tuyên truyền chương trình OCOP", its_union};
    outreach.step = ocop::programme_step::guidance;
    outreach.unit = city;
    write.put(told, ocop::campaign_id(1), outreach);

    ocop::producer youth;
    youth.name = "Thanh niên thành phố Lai Châu";
    youth.seat = city;
    youth.youth_led = true;
    write.put(told, ocop::producer_id(1), youth);
    ocop::product remedy{"Thuốc chữa bệnh gan A Súa", ocop::producer_id(1)};
    remedy.place = city;
    write.put(told, ocop::product_id(1), remedy);
    write.claim(told, ocop::product_id(1),
                {ocop::certificate_event_kind::recognised, ocop::stars(3), 2022, ""});

    ocop::startup_idea idea{"Thuốc chữa bệnh gan A Súa"};
    idea.supported_by = its_union;
    idea.campaign = ocop::campaign_id(1);
    idea.became_producer = ocop::producer_id(1);
    idea.became_products = {ocop::product_id(1)};
    write.put(told, ocop::idea_id(1), idea);

    std::cout << "A youth product of 2022, as it was told:\n";
    tell(all, ocop::product_id(1), told);
}

/// Whether the sheet of \p id counts: a secretary's does not.
bool scores(const ocop::council& sitting, const std::string& id) {
    for (const ocop::council_member& member : sitting.members)
        if (member.id == id) return counts(member.role);
    return false;
}

/// One dossier through commune and council to its decision.
ocop::dossier_process recognise(const ocop::dossier_assessment& scored) {
    const ocop::regulation& under = *scored.read.under;
    ocop::problems found;
    const auto must = [&found](bool taken) {
        if (!taken) throw ocop::error(found);
    };

    ocop::dossier_process dossier(under, {"H1", ocop::application::first, 5, "P2"});
    ocop::dossier_step file;
    file.on = day("2026-06-01");
    file.items = {"registration_slip", "self_assessment", "samples"};
    dossier.apply(file);
    ocop::dossier_step report{ocop::dossier_action::report,
                              ocop::process_actor::commune,
                              day("2026-06-12"),
                              {},
                              {},
                              {},
                              "",
                              {},
                              {},
                              {}};
    report.topics = {ocop::commune_topic::local_origin, ocop::commune_topic::local_labour,
                     ocop::commune_topic::idea_origin, ocop::commune_topic::local_identity};
    dossier.apply(report);
    ocop::dossier_step begin;
    begin.action = ocop::dossier_action::begin_assessment;
    begin.by = ocop::process_actor::province;
    begin.on = day("2026-06-15");
    dossier.apply(begin);

    const ocop::date meeting = day("2026-06-20");
    ocop::council_session session(under,
                                  {"H1", ocop::council_level::province, scored.read.card->set(),
                                   ocop::application::first, scored.read.sitting,
                                   ocop::session_form::meeting, meeting, "P2"});
    std::vector<std::string> present;
    for (const ocop::council_member& member : scored.read.sitting.members)
        present.push_back(member.id);
    ocop::session_step step;
    step.on = meeting;
    step.present = present;
    must(session.try_check_quorum(step, found));
    std::vector<ocop::sheet_process> sheets;
    for (const ocop::score_sheet& sheet : scored.read.sheets) {
        if (!scores(scored.read.sitting, sheet.member())) continue;
        ocop::sheet_process own = session.sheet_of(sheet.member());
        own.apply({ocop::sheet_action::start, ocop::process_actor::member, meeting});
        must(own.try_submit(*scored.read.card, sheet, ocop::process_actor::member, meeting, found));
        own.apply({ocop::sheet_action::approve, ocop::process_actor::chair, meeting});
        sheets.push_back(own);
    }
    must(session.try_take_sheets(step, sheets, found));
    must(session.try_conclude(step, under, scored.read.given, scored.read.by, found));

    ocop::dossier_step decide;
    decide.action = ocop::dossier_action::decide;
    decide.by = ocop::process_actor::province;
    decide.on = day("2026-06-26");
    decide.decision = ocop::recognition_decision(
        under, *session.result(), {"1234/QĐ-UBND", ocop::council_level::province, decide.on, "P2"});
    dossier.apply(decide);
    return dossier;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        std::ifstream in(argc == 2 ? argv[1] : "", std::ios::binary);
        if (!in) throw std::invalid_argument("give a dossier, such as 26-2026-food-rice.json");
        const std::string text{std::istreambuf_iterator<char>(in), {}};

        ocop::registry all(ocop::bundled_units());
        scribe write(all);
        youth_of_lai_chau(all, write);

        const ocop::dossier_assessment scored =
            ocop::assess_dossier(text, ocop::bundled_regulations(), argv[1]);
        if (!scored.result.errors.empty()) throw ocop::error(scored.result.errors);
        const ocop::dossier_process dossier = recognise(scored);
        ocop::certificate_process certificate("P2");
        ocop::problems found;
        if (!certificate.try_issue(dossier, found)) throw ocop::error(found);

        ocop::producer maker;
        maker.name = "Hợp tác xã minh họa";
        maker.kind = ocop::producer_kind::cooperative;
        maker.seat = ocop::unit_ref{ocop::unit_code::parse("03388"), ocop::edition::e2025_07};
        write.put(day("2026-06-01"), ocop::producer_id(2), maker);
        ocop::product rice{scored.read.product.name, ocop::producer_id(2)};
        rice.place = maker.seat;
        write.put(day("2026-06-01"), ocop::product_id(2), rice);
        for (const ocop::certificate_event& event : certificate.history().events())
            write.record(ocop::product_id(2), event);

        std::cout << "\n" << rice.name << ", " << to_string(*scored.result.total) << " points:\n";
        for (const char* on :
             {"2026-06-25", "2026-06-26", "2029-01-10", "2029-06-26", "2029-06-27"})
            tell(all, ocop::product_id(2), day(on));

        ocop::query ending(day("2029-05-01"));
        ending.expiring_within = 90;
        std::cout << "\nending within 90 days of 2029-05-01: " << all.count(ending) << '\n';
        const ocop::registry again =
            ocop::registry::replay(all.journal(), ocop::bundled_units(), all.rules());
        std::cout << "replayed from " << all.journal().size()
                  << " events: " << (again == all ? "the same" : "different") << '\n';
        return again == all ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
