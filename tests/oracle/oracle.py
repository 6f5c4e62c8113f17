#!/usr/bin/env python3
"""An independent reading of how OCOP decides, and a differential test of the tool `ocop`.

Written from the rules and the scorecards as data, never from the library's code. Integers and
fractions only. Sections (§) are those of the rules: 1 numbers, 2 regulation, 3 sheet, 4 council,
5 stars, 6 recognition, 7 assessment.

    oracle.py --self-test [--criteria DIR]
    oracle.py --tool PATH/ocop --criteria DIR --count N --seed S [--show-failures K] [--keep DIR]
"""
import argparse
import collections
import datetime
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

REGULATIONS = ("1048-2019", "148-2023", "26-2026")
COUNTING = ("chair", "vice_chair", "member")
SILENT = ("secretary", "advisory_team_member", "observer")
LEVELS = ("district", "province", "centre")
APPLICATIONS = ("first", "upgrade", "renewal")
KINDS = ("cooperative", "cooperative_group", "single_member_llc", "multi_member_llc",
         "joint_stock_company", "private_enterprise", "enterprise", "farm", "business_household",
         "producing_household", "establishment", "association", "operating_centre")
DECLARATION_GATE = "mandatory_only_if_declaration_required"
ZERO_GATE = "stop_if_zero_points"
DEFAULT = object()  # no spread given: the regulation's own rule
TOP_KEYS = {"regulation", "set", "filed", "assessed", "application", "product", "level", "council",
            "knockouts", "sheets", "facts", "published", "note"}
DATE_POINTERS = ("/regulation", "/filed", "/assessed", "/application", "")
QUORUM_POINTERS = ("/council/quorum", "/sheets", "/council/members", "/council")


# ---------------------------------------------------------------- numbers (§1)

def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def printed(value):
    """Two decimals, half up; the only place where a number is rounded (§1)."""
    value = Fraction(value)
    hundredths = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    return "%d.%02d" % divmod(hundredths, 100)


def escape(token):
    return token.replace("~", "~0").replace("/", "~1")


# ---------------------------------------------------------------- scorecards

class Criterion:
    def __init__(self, node, part):
        self.code = node["code"]
        self.id = node["id"]
        self.part = part
        self.points = [option["points"] for option in node["options"]]
        self.cases = [option.get("case") for option in node["options"]]
        self.case_kinds = node.get("case_kinds") or {}
        self.any = node["choose"] == "any"
        self.dependent = node.get("applies_if") == "has_story"
        self.gates = list(node.get("gates") or [])
        self.marks = {}
        for option in node["options"]:
            star = option.get("minimum_for")
            if star:
                self.marks[star] = min(self.marks.get(star, option["points"]), option["points"])
        title = node.get("mark_on_criterion")
        if title:  # 148's intellectual_property: default the highest candidate (§5)
            self.marks[title["stars"]] = max(title["candidates"][str(title["stars"])])

    def allowed(self, kind):
        """Option numbers open to a producer kind; a kind of no case closes nothing (§3)."""
        own = [case for case, kinds in self.case_kinds.items() if kind in kinds]
        return [i + 1 for i in range(len(self.points)) if not own or self.cases[i] in own]

    def value(self, answer):
        if isinstance(answer, list):
            return sum(self.points[n - 1] for n in answer)
        return self.points[answer - 1] if answer else 0

    def best(self, kind):
        options = self.allowed(kind)
        return options if self.any else max(options, key=lambda n: self.points[n - 1])

    def most(self, kind):
        return self.value(self.best(kind))

    def fault(self, answer, kind):
        if self.any:
            if is_int(answer) and answer == 0:
                return None
            if not isinstance(answer, list):
                return "a list is needed"
            numbers = answer
        else:
            if is_int(answer) and answer == 0:
                return None
            numbers = [answer]
        if not all(is_int(n) for n in numbers):
            return "not an option number"
        if not all(1 <= n <= len(self.points) for n in numbers):
            return "no such option"
        if len(set(numbers)) != len(numbers):
            return "ticked twice"
        if not set(numbers) <= set(self.allowed(kind)):
            return "option of another case"
        return None


class Card:
    def __init__(self, node):
        self.set = node["set"]
        self.knockouts = list(node.get("knockouts") or [])
        self.parts = [(part["code"], part["max"]) for part in node["parts"]]
        self.criteria = [Criterion(criterion, part["code"]) for part in node["parts"]
                         for section in part["sections"] for criterion in section["criteria"]]
        self.by_code = {c.code: c for c in self.criteria}
        self.story = next((c for c in self.criteria if c.id == "product_story"), None)
        self.dependents = [c for c in self.criteria if c.dependent]
        self.free = [c for c in self.criteria if not c.dependent and c is not self.story]


class Regulation:
    def __init__(self, name, document):
        self.name = name
        self.bands = sorted(((b["from"], b["stars"]) for b in document["bands"]), reverse=True)
        self.cards = {node["set"]: Card(node) for node in document["scorecards"]}

    def band(self, mean):
        return next(stars for low, stars in self.bands if mean >= low)

    def threshold(self, stars):
        return next(low for low, s in self.bands if s == stars)


def load_criteria(folder):
    loaded = {}
    for name in REGULATIONS:
        with open(os.path.join(folder, name + ".json"), encoding="utf-8") as stream:
            loaded[name] = Regulation(name, json.load(stream))
    return loaded


# ---------------------------------------------------------------- which regulation (§2)

def day(text):
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def regulation_of(filed):
    if filed < datetime.date(2019, 8, 21):
        return None
    if filed < datetime.date(2023, 2, 24):
        return "1048-2019"
    return "148-2023" if filed < datetime.date(2026, 5, 22) else "26-2026"


def last_day_of_148(application):
    """26/2026 art. 12.2: what 148 may still assess."""
    return datetime.date(2026, 6, 21) if application == "renewal" else datetime.date(2026, 7, 21)


START = {"1048-2019": datetime.date(2019, 8, 21), "148-2023": datetime.date(2023, 2, 24),
         "26-2026": datetime.date(2026, 5, 22)}


# ---------------------------------------------------------------- sheets (§3)

class Problems(list):
    """Entries: (pointers of which one must be named, message)."""

    def __init__(self):
        super().__init__()
        self.tolerated = []

    def add(self, pointers, message):
        self.append(((pointers,) if isinstance(pointers, str) else tuple(pointers), message))


def has_story(card, sheet):
    return card.story is not None and card.story.value(sheet[card.story.code]) > 0


def check_sheet(card, sheet, pointer, kind, problems):
    if not isinstance(sheet, dict):
        problems.add(pointer, "a sheet is an object")
        return
    for code in sheet:
        if code not in card.by_code:
            problems.add(pointer + "/" + escape(code), "no such criterion")
    story_fault = False
    for c in card.criteria:
        if c.dependent:
            continue
        fault = c.fault(sheet[c.code], kind) if c.code in sheet else "unanswered"
        if fault:
            problems.add(pointer + "/" + c.code, fault)
            story_fault = story_fault or c is card.story
    for c in card.dependents:
        place = pointer + "/" + c.code
        if story_fault:  # whether it applies is not known
            problems.tolerated.append(place)
        elif not has_story(card, sheet):
            if c.code in sheet:
                problems.add(place, "answered without a story")
        else:
            fault = c.fault(sheet[c.code], kind) if c.code in sheet else "unanswered"
            if fault:
                problems.add(place, fault)


# ---------------------------------------------------------------- stars (§4, §5)

def binding_marks(card, declaration_required):
    return [(c, star, needed) for c in card.criteria
            if declaration_required or DECLARATION_GATE not in c.gates
            for star, needed in sorted(c.marks.items())]


def criterion_sums(card, sheets):
    return {c.code: sum(c.value(sheet.get(c.code, 0)) for sheet in sheets) for c in card.criteria}


def marks_missed(marks, sums, count):
    return [(c.code, star, needed, Fraction(sums[c.code], count))
            for c, star, needed in marks if sums[c.code] < needed * count]


def highest_level(missed):
    return min([star - 1 for _, star, _, _ in missed] + [5])


def stars_of(regulation, card, sheets, marks):
    sums = criterion_sums(card, sheets)
    mean = Fraction(sum(sums.values()), len(sheets))
    return min(regulation.band(mean), highest_level(marks_missed(marks, sums, len(sheets))))


# ---------------------------------------------------------------- the way up (§7)

def unit_cost(regulation, card, sheets, marks, kind, star):
    """Least number of criteria to change, every member to one option: (cost, codes) or None.

    With equal efforts the best option of a criterion dominates its others, and beyond the changes
    that marks force, the largest gains come first. Story and its dependents are one choice while
    some member has no story: all of them or none.
    """
    count = len(sheets)
    sums = criterion_sums(card, sheets)
    short = regulation.threshold(star) * count - sum(sums.values())
    forced = {code for code, level, _, _ in marks_missed(marks, sums, count) if level <= star}
    most = {c.code: c.most(kind) for c in card.criteria}
    gain = {code: most[code] * count - sums[code] for code in sums}
    if any(most[c.code] < needed for c, level, needed in marks
           if level <= star and c.code in forced):
        return None
    ways = []
    family = {c.code for c in card.dependents}
    if family and not all(has_story(card, sheet) for sheet in sheets):
        family.add(card.story.code)
        others = set(gain) - family
        if not forced & family:
            ways.append((set(), others))
        if most[card.story.code] > 0:
            ways.append((family, others))
    else:
        ways.append((set(), set(gain)))
    best = None
    for start, pool in ways:
        chosen = start | forced
        left = short - sum(gain[code] for code in chosen)
        for code in sorted(pool - chosen, key=lambda code: (-gain[code], code)):
            if left <= 0 or gain[code] <= 0:
                break
            chosen = chosen | {code}
            left -= gain[code]
        if left <= 0 and (best is None or len(chosen) < best[0]):
            best = (len(chosen), chosen)
    return best


def cheaper_by_enumeration(regulation, card, sheets, marks, kind, star, cost, depth):
    """Fewer than `cost` changes that reach the star, by trying every set up to `depth`."""
    count = len(sheets)
    sums = criterion_sums(card, sheets)
    total = sum(sums.values())
    need = regulation.threshold(star) * count
    most = {c.code: c.most(kind) * count for c in card.criteria}
    wanted = [(c.code, needed * count) for c, level, needed in marks if level <= star]
    bound = not all(has_story(card, sheet) for sheet in sheets)
    dependents = {c.code for c in card.dependents}
    story = card.story.code if card.story else None
    for size in range(0, min(cost - 1, depth) + 1):
        for codes in itertools.combinations(sums, size):
            if total + sum(most[code] - sums[code] for code in codes) < need:
                continue
            if bound and dependents:
                inside = dependents & set(codes)
                if (story in codes and inside != dependents) or (story not in codes and inside):
                    continue
            if all((most[code] if code in codes else sums[code]) >= low for code, low in wanted):
                return codes
    return None


# ---------------------------------------------------------------- the assessment (§4 - §7)

def decimal_text(value):
    """A published value: a string of digits with at most six decimals."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]{1,6})?", value):
        return Fraction(value)
    return None


def find_regulation(d, criteria, problems):
    """§2, with `regulation` given or not; also the dates as such."""
    dates = {}
    for key in ("filed", "assessed"):
        dates[key] = None
        if key in d:
            dates[key] = day(d[key])
            if dates[key] is None:
                problems.add("/" + key, "not a date")
    application = d.get("application")
    if "application" in d and application not in APPLICATIONS:
        problems.add("/application", "unknown kind of application")
    stated = d.get("regulation")
    if "regulation" in d and not (isinstance(stated, str) and stated in criteria):
        problems.add("/regulation", "unknown regulation")
        return None, dates
    if problems:
        return stated, dates
    filed, assessed = dates["filed"], dates["assessed"]
    if filed and assessed and assessed < filed:
        problems.add(("/assessed", "/filed"), "assessed before it was filed")
        return stated, dates
    if stated is None and not (filed and assessed and application):
        problems.add(DATE_POINTERS, "neither a regulation nor the dates with the application")
        return None, dates
    found = stated
    if filed:
        found = regulation_of(filed)
        if found is None:
            problems.add(DATE_POINTERS, "filed before 2019-08-21")
            return stated, dates
        if stated and stated != found:
            problems.add(DATE_POINTERS, "the dates contradict the regulation")
            return stated, dates
    elif assessed and assessed < START[stated]:
        problems.add(DATE_POINTERS, "assessed before the regulation")
    if found == "148-2023" and assessed and assessed > last_day_of_148(application):
        problems.add(DATE_POINTERS, "148 could no longer assess it: file anew")
    return found, dates


def find_set(d, name, criteria, problems):
    stated = d.get("set")
    if "set" not in d:
        if "published" not in d:
            problems.add(("/set", ""), "no set")
        return None
    number = stated
    if isinstance(stated, str):
        match = re.fullmatch(r"(.+)/([1-9][0-9]?)", stated)
        if not match or match.group(1) not in criteria:
            problems.add("/set", "no such scorecard")
            return None
        number = int(match.group(2))
        if name and match.group(1) != name:
            problems.add(("/set", "/regulation"), "a scorecard of another regulation")
            return None
    if not is_int(number) or not 1 <= number <= 26:
        problems.add("/set", "no such scorecard")
        return None
    return number


def check_knockouts(d, name, card, problems):
    stated = d.get("knockouts", [])
    if not isinstance(stated, list):
        problems.add("/knockouts", "not a list")
        return []
    seen = set()
    for i, ground in enumerate(stated):
        place = "/knockouts/%d" % i
        if not isinstance(ground, str):
            problems.add(place, "not a text")
        elif ground in seen:
            problems.add(place, "repeated")
        elif name != "148-2023" and card is not None and ground not in card.knockouts:
            code, _, gate = ground.partition(":")
            if code not in card.by_code or gate not in card.by_code[code].gates \
                    or gate == DECLARATION_GATE:
                problems.add(place, "not a ground of this scorecard")
        if isinstance(ground, str):
            seen.add(ground)
    return stated


def check_council(d, problems):
    """Returns (members as (id, role), quorum, spread or DEFAULT, comparison)."""
    council = d.get("council")
    if not isinstance(council, dict):
        problems.add(("/council", ""), "no council")
        return [], None, DEFAULT, ">"
    for key in council:
        if key not in ("members", "quorum", "spread", "spread_comparison"):
            problems.add("/council/" + escape(key), "unknown key")
    members, seen = [], set()
    stated = council.get("members")
    if not isinstance(stated, list) or not stated:
        problems.add(("/council/members", "/council"), "no members")
        stated = []
    for i, member in enumerate(stated):
        place = "/council/members/%d" % i
        if not isinstance(member, dict) or not isinstance(member.get("id"), str) \
                or not member["id"]:
            problems.add((place, place + "/id"), "a member needs an id")
            continue
        for key in set(member) - {"id", "role"}:
            problems.add(place + "/" + escape(key), "unknown key")
        if member["id"] in seen:
            problems.add((place, place + "/id"), "two members of one id")
        seen.add(member["id"])
        if member.get("role") not in COUNTING + SILENT:
            problems.add((place, place + "/role"), "unknown role")
        members.append((member["id"], member.get("role")))
    quorum = council.get("quorum")
    if "quorum" in council:
        share = re.fullmatch(r"([0-9]+)/([0-9]+)", quorum) if isinstance(quorum, str) else None
        if share:
            p, q = int(share.group(1)), int(share.group(2))
            quorum = Fraction(p, q) if 0 < p <= q else None
        elif not is_int(quorum) or quorum < 1:
            quorum = None
        if quorum is None:
            problems.add("/council/quorum", "not a quorum")
    spread = council.get("spread", DEFAULT)
    if spread is not DEFAULT and spread is not None and (not is_int(spread) or spread < 0):
        problems.add("/council/spread", "not a spread")
    comparison = council.get("spread_comparison", ">")
    if comparison != ">" and comparison != ">=":
        problems.add("/council/spread_comparison", "not a comparison")
    return members, quorum, spread, comparison


def recognised_by(name, stars, assessed):
    """§6."""
    if stars == 5:
        return "centre"
    if stars == 4:
        return "province"
    if stars != 3:
        return None
    if name != "148-2023":
        return "province"
    if assessed is None:
        return None
    return "district" if assessed < datetime.date(2025, 7, 6) else "province"


def blank(outcome, name=None, number=None):
    return {"outcome": outcome, "regulation": name, "set": number, "total": None,
            "total_exact": None, "parts": None, "band": None, "stars": None, "proposed": None,
            "recognised_by": None, "marks_missed": None, "to_reach": {}}


def incomplete(problems, name, number):
    result = blank("incomplete", name, number)
    result["errors"] = [{"pointer": p[0], "also": list(p[1:]), "message": m} for p, m in problems]
    result["tolerated"] = list(problems.tolerated)
    return result


def assess_published(d, regulation, card, level, grounds, problems, name, number):
    published = d["published"]
    if "council" in d or "sheets" in d:
        problems.add(("/published", "/sheets", "/council", ""), "published results and sheets")
    if not isinstance(published, dict) or not set(published) <= {"A", "B", "C", "total"} \
            or not published:
        problems.add("/published", "part means or a total")
        return incomplete(problems, name, number)
    maxima = dict(card.parts) if card else dict(next(iter(regulation.cards.values())).parts) \
        if regulation else {"A": 100, "B": 100, "C": 100}
    values = {}
    for key, text in published.items():
        values[key] = decimal_text(text)
        if values[key] is None or values[key] > maxima.get(key, 100):
            problems.add("/published/" + key, "not a value of this part")
    parts = [key for key in ("A", "B", "C") if key in values]
    if parts and len(parts) < 3:
        problems.add(("/published",) + tuple("/published/" + k for k in "ABC" if k not in parts),
                     "a part is missing")
    if problems:
        return incomplete(problems, name, number)
    total = sum(values[key] for key in parts) if parts else values["total"]
    if values.get("total", total) != total:
        problems.add(("/published/total", "/published"), "the parts do not add up")
        return incomplete(problems, name, number)
    result = blank("rejected" if grounds else "ranked", name, number)
    result["total"] = printed(total)
    result["band"] = regulation.band(total)
    if parts:
        result["parts"] = {key: printed(values[key]) for key in parts}
    if not grounds and total >= 90 and level != "centre":
        result["proposed"] = 5
    return result


def assess_dossier(d, criteria):
    """The result of cli.md's keys; `errors` and `tolerated` (pointers) where incomplete.

    `to_reach` carries `cost` (least number of changes) besides `points` and one cheapest set.
    """
    problems = Problems()
    if not isinstance(d, dict):
        problems.add("", "not an object")
        return incomplete(problems, None, None)
    name, dates = find_regulation(d, criteria, problems)
    for key in d:
        if key not in TOP_KEYS:
            problems.add("/" + escape(key), "unknown key")
    regulation = criteria.get(name)
    number = find_set(d, name, criteria, problems)
    card = regulation.cards[number] if regulation and number else None
    level = d.get("level", "province")
    if level not in LEVELS:
        problems.add("/level", "unknown level")
    note = d.get("note", "")
    if not isinstance(note, str) and not (isinstance(note, list)
                                          and all(isinstance(n, str) for n in note)):
        problems.add("/note", "not a text")
    product = d.get("product", {})
    kind = product.get("producer_kind") if isinstance(product, dict) else None
    if not isinstance(product, dict):
        problems.add("/product", "not an object")
    else:
        for key in set(product) - {"name", "code", "producer", "producer_kind"}:
            problems.add("/product/" + escape(key), "unknown key")
        if "producer_kind" in product and kind not in KINDS:
            problems.add("/product/producer_kind", "unknown kind of producer")
            kind = None
    facts = d.get("facts", {})
    declaration = facts.get("declaration_required", True) if isinstance(facts, dict) else None
    if not isinstance(declaration, bool) or set(facts) - {"declaration_required"}:
        problems.add(("/facts", "/facts/declaration_required"), "unknown facts")
        declaration = True
    grounds = check_knockouts(d, name, card, problems)
    if "published" in d:
        return assess_published(d, regulation, card, level, grounds, problems, name, number)
    members, quorum, spread, comparison = check_council(d, problems)
    sheets = d.get("sheets")
    if not isinstance(sheets, dict):
        problems.add(("/sheets", ""), "no sheets")
        return incomplete(problems, name, number)
    for member, sheet in sheets.items():
        place = "/sheets/" + escape(member)
        if not members:  # told already; whose sheet it is cannot be known
            problems.tolerated.append(place)
        elif member not in [m for m, _ in members]:
            problems.add(place, "no member of this id")
        elif card is not None:
            check_sheet(card, sheet, place, kind, problems)
    counting = [m for m, role in members if role in COUNTING]
    given = [sheets[m] for m in counting if m in sheets]
    if not problems:
        if not given:
            problems.add(QUORUM_POINTERS, "no counting sheet")
        elif quorum is not None and (len(given) < quorum if is_int(quorum)
                                     else Fraction(len(given), len(counting)) < quorum):
            problems.add(QUORUM_POINTERS, "no quorum")
    if problems:
        return incomplete(problems, name, number)

    count = len(given)
    sums = criterion_sums(card, given)
    total = sum(sums.values())
    mean = Fraction(total, count)
    marks = binding_marks(card, declaration)
    missed = marks_missed(marks, sums, count)
    rejected = bool(grounds) or any(sums[c.code] == 0 for c in card.criteria
                                    if ZERO_GATE in c.gates)
    if spread is DEFAULT:
        spread = 10 if name == "1048-2019" and level != "district" else None
    totals = [sum(criterion_sums(card, [sheet]).values()) for sheet in given]
    apart = spread is not None and any(
        abs(a - b) > spread or (comparison == ">=" and abs(a - b) == spread)
        for a, b in itertools.combinations(totals, 2))
    result = blank("rejected" if rejected else "score_again" if apart else "ranked", name, number)
    result["total"] = printed(mean)
    result["total_exact"] = [total, count]
    result["parts"] = {part: printed(Fraction(sum(sums[c.code] for c in card.criteria
                                                  if c.part == part), count))
                       for part, _ in card.parts}
    result["band"] = regulation.band(mean)
    result["marks_missed"] = [{"criterion": code, "stars": star, "needed": needed,
                               "mean": printed(value)} for code, star, needed, value in missed]
    if result["outcome"] != "ranked":
        return result
    result["stars"] = stars = min(result["band"], highest_level(missed))
    result["proposed"] = 5 if mean >= 90 and level != "centre" else None
    result["recognised_by"] = recognised_by(name, stars, dates["assessed"])
    for star in range(stars + 1, 6):
        way = unit_cost(regulation, card, given, marks, kind, star)
        changes = None
        if way:
            changes = [{"criterion": c.code, "from": [s.get(c.code) for s in given],
                        "to": c.best(kind)} for c in card.criteria if c.code in way[1]]
        result["to_reach"][str(star)] = {
            "points": printed(max(Fraction(0), regulation.threshold(star) - mean)),
            "changes": changes, "cost": way[0] if way else None}
    return result


# ---------------------------------------------------------------- comparing with the tool

def same_answer(mine, theirs):
    if isinstance(mine, list) or isinstance(theirs, list):
        return sorted(mine or []) == sorted(theirs or []) and (mine is None) == (theirs is None)
    return mine == theirs and isinstance(theirs, bool) == isinstance(mine, bool)


def counting_sheets(d):
    return [d["sheets"][m["id"]] for m in d["council"]["members"]
            if m["role"] in COUNTING and m["id"] in d["sheets"]]


def check_way(d, criteria, result, star, mine, theirs, depth):
    """Every fault of one entry of the tool's to_reach."""
    at = "to_reach/%s: " % star
    if not isinstance(theirs, dict) or not {"points", "changes"} <= set(theirs):
        return [at + "no points or changes"]
    faults = []
    if theirs["points"] != mine["points"]:
        faults.append(at + "points %r, expected %r" % (theirs["points"], mine["points"]))
    changes = theirs["changes"]
    if (changes is None) != (mine["cost"] is None):
        return faults + [at + "changes %s, expected %s" % (
            "null" if changes is None else json.dumps(changes),
            "null" if mine["cost"] is None else "%d changes" % mine["cost"])]
    if changes is None:
        return faults
    regulation = criteria[result["regulation"]]
    card = regulation.cards[result["set"]]
    kind = d.get("product", {}).get("producer_kind")
    marks = binding_marks(card, d.get("facts", {}).get("declaration_required", True))
    given = counting_sheets(d)
    moved = [dict(sheet) for sheet in given]
    codes = [change.get("criterion") for change in changes]
    if len(set(codes)) != len(codes) or not set(codes) <= set(card.by_code):
        return faults + [at + "unknown or repeated criteria %r" % codes]
    for change in changes:
        code = change["criterion"]
        was = [sheet.get(code) for sheet in given]
        told = change.get("from")
        if not isinstance(told, list) or len(told) != len(was) \
                or not all(same_answer(a, b) or (card.by_code[code].any and not a and b in (0, [])
                                                 and a is not None) for a, b in zip(was, told)):
            faults.append(at + "from of %s is %r, expected %r" % (code, told, was))
        for sheet in moved:
            sheet[code] = change.get("to")
    problems = Problems()
    for i, sheet in enumerate(moved):
        check_sheet(card, sheet, "counting sheet %d: " % (i + 1), kind, problems)
    if problems:
        return faults + [at + "the changes leave an invalid sheet: %s" % problems[0][0][0]
                         + " (" + problems[0][1] + ")"]
    reached = stars_of(regulation, card, moved, marks)
    if reached < star:
        faults.append(at + "the changes reach only %d stars" % reached)
    if len(changes) != mine["cost"]:
        faults.append(at + "%d changes, the cheapest are %d: %r" % (
            len(changes), mine["cost"], [c["criterion"] for c in mine["changes"]]))
    if depth:
        fewer = cheaper_by_enumeration(regulation, card, given, marks, kind, star, mine["cost"],
                                       depth)
        if fewer is not None:
            faults.append(at + "enumeration finds only %d changes: %r" % (len(fewer), fewer))
    return faults


def related(one, other):
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


def check_errors(mine, theirs):
    errors = theirs.get("errors")
    if not isinstance(errors, list) or not errors:
        return ["no errors told"]
    if not all(isinstance(e, dict) and {"number", "pointer", "message"} <= set(e) for e in errors):
        return ["an error without number, pointer or message: %r" % errors]
    told = [e["pointer"] if isinstance(e["pointer"], str) else repr(e["pointer"]) for e in errors]
    faults = []
    for error in mine["errors"]:
        places = [error["pointer"]] + error["also"]
        if not any(t == p or (p and t.startswith(p + "/")) for t in told for p in places):
            faults.append("no error at %s (%s), told: %r" % (" or ".join(map(repr, places)),
                                                             error["message"], told))
    expected = mine["tolerated"] + [p for e in mine["errors"] for p in [e["pointer"]] + e["also"]
                                    if p]
    for pointer in told:
        if pointer.startswith("/sheets/") and not any(related(pointer, p) for p in expected):
            faults.append("unexpected error at %s" % pointer)
    for key in ("total", "total_exact", "parts", "band", "stars", "proposed", "recognised_by",
                "marks_missed"):
        if theirs.get(key) is not None:
            faults.append("%s is %r though incomplete" % (key, theirs[key]))
    return faults


def compare(d, criteria, mine, theirs, depth=0):
    """Every disagreement, as a list of sentences."""
    if not isinstance(theirs, dict):
        return ["not a JSON object: %r" % (theirs,)]
    if theirs.get("outcome") != mine["outcome"]:
        return ["outcome %r, expected %r %s" % (theirs.get("outcome"), mine["outcome"],
                                                mine.get("errors", theirs.get("errors", "")))]
    if mine["outcome"] == "incomplete":
        return check_errors(mine, theirs)
    faults = []
    for key in ("regulation", "set", "total", "total_exact", "parts", "band", "stars", "proposed",
                "recognised_by"):
        if key not in theirs:
            faults.append("%s is not told" % key)
        elif theirs[key] != mine[key] or isinstance(theirs[key], (bool, float)):
            faults.append("%s is %r, expected %r" % (key, theirs[key], mine[key]))
    marks = theirs.get("marks_missed")
    if mine["marks_missed"] is None or not isinstance(marks, list):
        if marks != mine["marks_missed"]:
            faults.append("marks_missed is %r, expected %r" % (marks, mine["marks_missed"]))
    else:
        def key_of(m):
            return (m.get("criterion"), m.get("stars"), m.get("needed"), m.get("mean"))
        ours = set(map(key_of, mine["marks_missed"]))
        if set(map(key_of, marks)) != ours or len(marks) != len(ours) or any(
                not is_int(m.get("needed")) or not is_int(m.get("stars")) for m in marks):
            faults.append("marks_missed %r, expected %r" % (sorted(map(key_of, marks), key=repr),
                                                            sorted(ours)))
    ways = theirs.get("to_reach")
    if not isinstance(ways, dict) or set(ways) != set(mine["to_reach"]):
        faults.append("to_reach has %r, expected %r" % (
            sorted(ways) if isinstance(ways, dict) else ways, sorted(mine["to_reach"])))
    else:
        for star in sorted(ways):
            faults += check_way(d, criteria, mine, int(star), mine["to_reach"][star], ways[star],
                                depth)
    return faults


# ---------------------------------------------------------------- random dossiers

BOUNDARIES = [datetime.date.fromisoformat(text) for text in (
    "2019-08-21", "2019-08-22", "2020-06-07", "2020-06-08", "2022-10-30", "2023-02-23",
    "2023-02-24", "2024-02-29", "2025-07-05", "2025-07-06", "2026-05-21", "2026-05-22",
    "2026-06-20", "2026-06-21", "2026-06-22", "2026-07-20", "2026-07-21", "2026-07-22",
    "2026-11-01")]
IDS = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "chair", "p/q", "a~b", "ủy viên 7",
       "C", "0", "member-12", "x.y", "Ng.", "s1", "s2", "tv 3"]


class Generator:
    def __init__(self, seed, criteria):
        self.random = random.Random(seed)
        self.criteria = criteria
        self.cards = [(name, number) for name in REGULATIONS for number in criteria[name].cards]
        self.random.shuffle(self.cards)
        self.turn = 0

    def chance(self, p):
        return self.random.random() < p

    # -- sheets

    def answer(self, c, kind, p_best, p_none):
        options = c.allowed(kind)
        if c.any:
            ticked = [n for n in options if self.chance(max(p_best, 0.15))]
            self.random.shuffle(ticked)
            return 0 if not ticked and self.chance(0.3) else ticked
        if self.chance(p_none):
            return 0
        return c.best(kind) if self.chance(p_best) else self.random.choice(options)

    def settle_story(self, card, sheet, kind, p_best=0.5):
        """Makes the dependents fit the sheet's own story answer."""
        for c in card.dependents:
            if not has_story(card, sheet):
                sheet.pop(c.code, None)
            elif c.code not in sheet:
                sheet[c.code] = self.answer(c, kind, p_best, 0.1)

    def no_story(self, card):
        return self.random.choice([0] + [i + 1 for i, p in enumerate(card.story.points) if not p])

    def sheet(self, card, kind, p_best, p_none, p_storyless):
        sheet = {c.code: self.answer(c, kind, p_best, p_none) for c in card.criteria
                 if not c.dependent}
        if self.chance(p_storyless):
            sheet[card.story.code] = self.no_story(card)
        self.settle_story(card, sheet, kind, p_best)
        return sheet

    def variation(self, card, kind, sheet, steps):
        sheet = dict(sheet)
        for c in self.random.sample(card.criteria, min(steps, len(card.criteria))):
            if not c.dependent or c.code in sheet:
                sheet[c.code] = self.answer(c, kind, 0.3, 0.1)
        self.settle_story(card, sheet, kind)
        return sheet

    def meet_marks(self, card, kind, sheets, level, spare):
        """Lifts every sheet over the marks up to `level`, save one; returns the fixed codes."""
        held = [c for c in card.criteria if any(star <= level for star in c.marks)]
        if spare and held:
            held.remove(self.random.choice(held))
        if any(c.dependent or c is card.story for c in held):
            for sheet in sheets:
                if not has_story(card, sheet):
                    sheet[card.story.code] = card.story.best(kind)
                    self.settle_story(card, sheet, kind)
        for c in held:
            needed = max(points for star, points in c.marks.items() if star <= level)
            options = [n for n in c.allowed(kind) if c.points[n - 1] >= needed]
            for sheet in sheets:
                if c.value(sheet[c.code]) < needed and options:
                    sheet[c.code] = self.random.choice(options)
        return {c.code for c in held}

    def steer(self, card, kind, sheets, target, fixed=()):
        """Moves answers until the sheets' points sum up to `target`, as near as it goes."""
        left = target - sum(sum(criterion_sums(card, [s]).values()) for s in sheets)
        movable = [c for c in card.free if c.code not in fixed and not c.any]
        for _ in range(600 * len(sheets)):
            if left == 0 or not movable:
                break
            sheet, c = self.random.choice(sheets), self.random.choice(movable)
            now = c.value(sheet[c.code])
            n = self.random.choice([0] + c.allowed(kind))
            if abs(left - (c.value(n) - now)) < abs(left):
                sheet[c.code] = n
                left -= c.value(n) - now
        return left

    def sheets(self, card, kind, count):
        style = self.random.choice(("uniform", "low", "high", "high", "perfect", "near", "near",
                                    "marks", "marks", "marks", "one_missed"))
        p_best = {"uniform": 0.0, "low": 0.0, "high": self.random.choice((0.75, 0.85, 0.92)),
                  "perfect": self.random.choice((0.98, 1.0))}.get(style, 0.6)
        p_none = {"uniform": 0.08, "low": self.random.choice((0.3, 0.6, 0.9, 1.0)),
                  "perfect": 0.0}.get(style, 0.02)
        p_storyless = self.random.choice((0.0, 0.0, 0.0, 0.3, 1.0))
        like = self.chance(0.75)
        first = self.sheet(card, kind, p_best, p_none, p_storyless)
        made = [first]
        while len(made) < count:
            made.append(self.variation(card, kind, first, self.random.randint(0, 5)) if like
                        else self.sheet(card, kind, p_best, p_none, p_storyless))
        if style in ("near", "marks", "one_missed"):
            fixed = ()
            if style != "near":
                fixed = self.meet_marks(card, kind, made, self.random.choice((3, 4, 5, 5)),
                                        style == "one_missed")
            threshold = self.random.choice((30, 50, 70, 70, 90, 90, 90, 92))
            off = self.random.choice((0, 0, 0, -1, 1, -2, 3))
            if like:  # each sheet near the threshold, so that the spread rule passes
                for sheet in made:
                    self.steer(card, kind, [sheet],
                               min(100, threshold + self.random.randint(-2, 2)), fixed)
            self.steer(card, kind, made, threshold * count + off, fixed)
        gated = [c for c in card.criteria if ZERO_GATE in c.gates]
        if gated and self.chance(0.35):
            c = self.random.choice(gated)
            zero = [0] + [n + 1 for n, p in enumerate(c.points) if p == 0]
            for sheet in made[:self.random.choice((count, count, max(1, count - 1)))]:
                sheet[c.code] = self.random.choice(zero)
        return made

    # -- the rest of a dossier

    def dates(self, name):
        """filed, assessed, application under which `name` is the regulation."""
        while True:
            filed = self.random.choice(BOUNDARIES)
            if self.chance(0.3):
                filed = START[name] + datetime.timedelta(self.random.randint(0, 1200))
            assessed = max(filed, self.random.choice(BOUNDARIES))
            if self.chance(0.3):
                assessed = filed + datetime.timedelta(self.random.randint(0, 90))
            application = self.random.choice(APPLICATIONS)
            if regulation_of(filed) == name and not (
                    name == "148-2023" and assessed > last_day_of_148(application)):
                return filed.isoformat(), assessed.isoformat(), application

    def frame(self, name, number):
        """A dossier without results."""
        d = {}
        filed, assessed, application = self.dates(name)
        how = self.random.choice(("regulation", "dates", "dates", "both", "both", "filed",
                                  "assessed", "no application"))
        if how == "assessed" or how == "no application":  # readable without the application
            while name == "148-2023" and day(assessed) > datetime.date(2026, 6, 21):
                filed, assessed, application = self.dates(name)
        if how != "dates":
            d["regulation"] = name
        d["set"] = "%s/%d" % (name, number) if self.chance(0.1) else number
        if how in ("dates", "both", "filed", "no application"):
            d["filed"] = filed
        if how in ("dates", "both", "assessed", "no application"):
            d["assessed"] = assessed
        if how in ("dates", "both"):
            d["application"] = application
        if self.chance(0.8):
            d["level"] = self.random.choice(("district", "province", "province", "centre"))
        if self.chance(0.75):
            d["product"] = {"name": "Sản phẩm %d" % self.turn}
            if self.chance(0.8):
                d["product"]["producer_kind"] = self.random.choice(KINDS)
        if self.chance(0.25):
            d["facts"] = {"declaration_required": self.chance(0.4)}
        if self.chance(0.1):
            d["note"] = self.random.choice(("minh họa", ["minh họa", "illustrative"]))
        grounds = self.grounds(name, self.criteria[name].cards[number])
        if grounds and self.chance(0.06):
            d["knockouts"] = self.random.sample(grounds, min(self.random.choice((1, 1, 2)),
                                                             len(grounds)))
        elif self.chance(0.3):
            d["knockouts"] = []
        return d

    def grounds(self, name, card):
        found = card.knockouts + ["%s:%s" % (c.code, gate) for c in card.criteria
                                  for gate in c.gates if gate != DECLARATION_GATE]
        return found + ["không đúng hồ sơ", "Z9:another ground"] if name == "148-2023" else found

    def decimal(self, value):
        """A decimal string of up to six decimals for millionths."""
        text = "%d.%06d" % divmod(value, 10 ** 6)
        cut = text.rstrip("0").rstrip(".")
        if self.chance(0.5) and "." in text:
            whole, _, digits = text.partition(".")
            digits = digits.rstrip("0")
            return whole + "." + digits.ljust(min(6, max(2, len(digits))), "0")
        return cut

    def published(self, d, name, number):
        regulation = self.criteria[name]
        maxima = dict(regulation.cards[number].parts)
        million = 10 ** 6
        wanted = self.random.choice((30, 50, 70, 90, 0, 100)) * million \
            + self.random.choice((0, 0, 1, -1, 5000, -5000, 9999, 330000, -10000))
        if self.chance(0.3):
            wanted = self.random.randint(0, 100 * 100) * 10000
        wanted = max(0, min(100 * million, wanted))
        if self.chance(0.5):
            d["published"] = {"total": self.decimal(wanted)}
            if self.chance(0.4):
                del d["set"]
                d.pop("knockouts", None)
            return
        a = self.random.randint(max(0, wanted - (maxima["B"] + maxima["C"]) * million),
                                min(wanted, maxima["A"] * million))
        b = self.random.randint(max(0, wanted - a - maxima["C"] * million),
                                min(wanted - a, maxima["B"] * million))
        values = {"A": a, "B": b, "C": wanted - a - b}
        d["published"] = {k: self.decimal(v) for k, v in values.items()}
        if self.chance(0.2):
            d["published"]["total"] = self.decimal(wanted)

    def valid(self):
        """A dossier without mistakes (the quorum may be missed)."""
        name, number = self.cards[self.turn % len(self.cards)]
        self.turn += 1
        card = self.criteria[name].cards[number]
        d = self.frame(name, number)
        if self.chance(0.06):
            self.published(d, name, number)
            return d
        kind = d.get("product", {}).get("producer_kind")
        count = self.random.choice((1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9, 10, 11))
        silent = self.random.choice((0, 0, 1, 1, 2, 3))
        ids = self.random.sample(IDS, count + silent)
        members = [{"id": i, "role": self.random.choice(("member", "member", "chair",
                                                         "vice_chair"))} for i in ids[:count]]
        scored = ids[:count]
        if self.chance(0.25):
            scored = [i for i in scored if self.chance(0.75)] or scored[:1]
        pairs = list(zip(scored, self.sheets(card, kind, len(scored))))
        for i in ids[count:]:
            members.append({"id": i, "role": self.random.choice(SILENT)})
            if self.chance(0.6):
                pairs.append((i, self.sheet(card, kind, 0.3, 0.1, 0.3)))
        self.random.shuffle(members)
        self.random.shuffle(pairs)
        d["sheets"] = {i: dict(self.random.sample(list(sheet.items()), len(sheet)))
                       for i, sheet in pairs}
        d["council"] = council = {"members": members}
        if self.chance(0.4):
            q = self.random.randint(1, 7)
            council["quorum"] = self.random.choice((
                len(scored), self.random.randint(1, len(scored)),
                "%d/%d" % (self.random.randint(1, q), q), "%d/%d" % (len(scored), count), "1/2"))
            if self.chance(0.04):
                council["quorum"] = count + 1
        if self.chance(0.45):
            totals = [sum(criterion_sums(card, [s]).values()) for s in counting_sheets(d)]
            apart = max(totals) - min(totals)
            council["spread"] = self.random.choice((None, None, 10, apart, apart, apart + 1,
                                                    max(0, apart - 1), 100, 0))
        if self.chance(0.25):
            council["spread_comparison"] = self.random.choice((">", ">=", ">="))
        keys = list(d)
        self.random.shuffle(keys)
        return {key: d[key] for key in keys}

    # -- mistakes: each takes a valid dossier, breaks it and names the place, or returns None

    def some_sheet(self, d):
        member = self.random.choice(list(d["sheets"]))
        return member, d["sheets"][member], "/sheets/" + escape(member) + "/"

    def missing_answer(self, d, card):
        _, sheet, at = self.some_sheet(d)
        code = self.random.choice(list(sheet))
        del sheet[code]
        return at + code

    def surplus_answer(self, d, card):
        for member, sheet in d["sheets"].items():
            if card.dependents and not has_story(card, sheet):
                c = self.random.choice(card.dependents)
                sheet[c.code] = self.random.choice((0, 1))
                return "/sheets/" + escape(member) + "/" + c.code
        return None

    def bad_option(self, d, card):
        _, sheet, at = self.some_sheet(d)
        code = self.random.choice(list(sheet))
        c = card.by_code[code]
        size = len(c.points)
        sheet[code] = self.random.choice(
            ([size + 1], [1, 1], [0], [-1], ["1"], [[1]], 1, "1", True, None, {}, [True]) if c.any
            else (size + 1, 99, -1, 2 ** 63, 10 ** 30, "1", "", True, False, None, 1.5, [1], [],
                  {}))
        return at + code

    def wrong_case(self, d, card):
        if not any(c.case_kinds for c in card.criteria):
            return None
        c = next(c for c in card.criteria if c.case_kinds)
        kind = self.random.choice(sum(c.case_kinds.values(), []))
        others = [n for n in range(1, len(c.points) + 1) if n not in c.allowed(kind)]
        d.setdefault("product", {})["producer_kind"] = kind
        member, sheet, at = self.some_sheet(d)
        for other in d["sheets"].values():
            other[c.code] = self.random.choice([0] + c.allowed(kind))
        sheet[c.code] = self.random.choice(others)
        return at + c.code

    def unknown_criterion(self, d, card):
        _, sheet, at = self.some_sheet(d)
        code = self.random.choice(("Z1", "A1.99", "a1.1", "", "B5.9", "A/1", "A~1"))
        sheet[code] = 1
        return at + escape(code)

    def stranger(self, d, card):
        _, sheet, _ = self.some_sheet(d)
        stranger = self.random.choice(("stranger", "M1", "m1 ", "x/y~z"))
        d["sheets"][stranger] = dict(sheet)
        return "/sheets/" + escape(stranger)

    def twin_member(self, d, card):
        members = d["council"]["members"]
        members.append(dict(self.random.choice(members)))
        return "/council/members/%d" % (len(members) - 1)

    def bad_role(self, d, card):
        i = self.random.randrange(len(d["council"]["members"]))
        d["council"]["members"][i]["role"] = self.random.choice(("Chair", "", "judge", None, 1))
        return "/council/members/%d" % i

    def no_role(self, d, card):
        i = self.random.randrange(len(d["council"]["members"]))
        del d["council"]["members"][i]["role"]
        return "/council/members/%d" % i

    def quorum_missed(self, d, card):
        counting = sum(m["role"] in COUNTING for m in d["council"]["members"])
        d["council"]["quorum"] = counting + self.random.randint(1, 3)
        return "/council/quorum"

    def nobody_counts(self, d, card):
        for member in d["council"]["members"]:
            member["role"] = self.random.choice(SILENT)
        d["council"].pop("quorum", None)
        return "/sheets"

    def bad_policy(self, d, card):
        key, values = self.random.choice((
            ("quorum", (0, -1, "3/2", "0/3", "1/0", "half", "", 1.5, True, [])),
            ("spread", (-1, 2.5, "10", True, [])),
            ("spread_comparison", ("<", "", "=>", None, 1))))
        d["council"][key] = self.random.choice(values)
        return "/council/" + key

    def bad_knockout(self, d, card):
        grounds = list(d.get("knockouts", []))
        if d["_name"] == "148-2023" or (grounds and self.chance(0.3)):
            grounds = grounds or ["forged_dossier"]
            grounds.append(grounds[0])
        else:
            other = next((c.code for c in card.criteria if not c.gates), "A1.1")
            wrong = ["forged", "A1.1", "A1.1:", ":x", other + ":stop_if_unacceptable_impurities",
                     "C99:reject_if_ip_infringed", ""]
            wrong += [c.code + ":" + DECLARATION_GATE for c in card.criteria
                      if DECLARATION_GATE in c.gates] * 5
            grounds.append(self.random.choice(wrong))
        d["knockouts"] = grounds
        return "/knockouts/%d" % (len(grounds) - 1)

    def unknown_key(self, d, card):
        if self.chance(0.6):
            key, at, node = self.random.choice((
                ("stars", "", d), ("star", "/product", d.setdefault("product", {})),
                ("vote", "/council/members/0", d["council"]["members"][0])))
            node[key] = 5
            return at + "/" + key
        d["council"]["chair"] = "m1"
        return "/council/chair"

    def bad_word(self, d, card):
        key = self.random.choice(("level", "application", "filed", "assessed", "regulation",
                                  "producer_kind", "note"))
        if key == "producer_kind":
            d["product"] = {"producer_kind": self.random.choice(("Cooperative", "", 3))}
            return "/product/producer_kind"
        d[key] = self.random.choice({
            "level": ("commune", "", "Province", 1), "application": ("First", "", None),
            "regulation": ("1048", "26-2026 ", "", 26), "note": (1, {}, [1])}.get(
                key, ("2026-02-30", "2026-6-1", "20260601", "", "2023-02-29", "01/06/2026", 2026)))
        return "/" + key

    def bad_set(self, d, card):
        others = [n for n in REGULATIONS if n != d["_name"]]
        d["set"] = self.random.choice((0, 27, -1, "18x", "", "26-2026/0", "26-2026/27", 1.5, True,
                                       None, "%s/%d" % (others[0], card.set),
                                       "%s/%d" % (others[1], card.set)))
        return "/set"

    def missing_key(self, d, card):
        key = self.random.choice(("set", "council", "sheets"))
        del d[key]
        return "/" + key

    def bad_dates(self, d, card):
        d["regulation"] = d["_name"]
        filed, assessed, application = self.dates(d["_name"])
        way = self.random.choice(("early", "order", "contradiction", "late", "late", "missing"))
        if way == "early":
            filed = self.random.choice(("2019-08-20", "2018-05-07"))
        elif way == "order":
            assessed = (day(filed) - datetime.timedelta(self.random.choice((1, 30)))).isoformat()
        elif way == "contradiction":
            filed = self.random.choice([b for b in BOUNDARIES
                                        if regulation_of(b) != d["_name"]]).isoformat()
            assessed = (day(filed) + datetime.timedelta(5)).isoformat()
            if regulation_of(day(filed)) == "148-2023":
                assessed = filed
        elif way == "late":
            if d["_name"] != "148-2023":
                return None
            filed = self.random.choice(("2026-05-21", "2025-07-06"))
            application = self.random.choice(APPLICATIONS)
            assessed = (last_day_of_148(application) + datetime.timedelta(
                self.random.choice((1, 1, 40)))).isoformat()
        d.update(filed=filed, assessed=assessed, application=application)
        if way == "missing":
            del d["regulation"], d[self.random.choice(("filed", "assessed", "application"))]
        elif way != "contradiction" and self.chance(0.5):
            del d["regulation"]
        return "dates"

    def bad_published(self, d, card):
        parts = dict(card.parts)
        good = {"A": "30.5", "B": "20", "C": "31.25"}
        at, published = self.random.choice((
            ("/published/A", dict(good, A="%d.000001" % parts["A"])),
            ("/published/B", dict(good, B="-1")), ("/published/C", dict(good, C=31.25)),
            ("/published/A", dict(good, A="30,5")), ("/published/A", dict(good, A="1.1234567")),
            ("/published/C", {"A": "30", "B": "20"}), ("/published/total", {"total": "100.01"}),
            ("/published/total", {"total": 69}), ("/published/total", dict(good, total="81.76")),
            ("/published", {}), ("/published", "69.25"), ("/published/total", {"total": "7e1"}),
            ("/sheets", {"total": "69.25"})))
        if at != "/sheets":
            del d["sheets"], d["council"]
        d["published"] = published
        return at

    ALONE = ("quorum_missed", "nobody_counts", "bad_word", "bad_word", "bad_set", "missing_key",
             "bad_dates", "bad_dates", "bad_dates", "bad_published")
    TOGETHER = ("missing_answer", "missing_answer", "surplus_answer", "surplus_answer",
                "bad_option", "bad_option", "wrong_case", "wrong_case", "unknown_criterion",
                "stranger", "twin_member", "bad_role", "no_role", "bad_policy", "bad_knockout",
                "unknown_key")

    def invalid(self):
        """A dossier with one mistake, or two to four that do not hide each other."""
        while True:
            name, number = self.cards[self.turn % len(self.cards)]
            d = self.valid()
            if "published" in d or not assess_dossier(d, self.criteria)["outcome"] != "incomplete":
                continue
            card = self.criteria[name].cards[number]
            d["_name"] = name
            if self.chance(0.4):
                kinds = [self.random.choice(self.ALONE)]
            else:
                kinds = sorted(set(self.random.sample(
                    self.TOGETHER, self.random.choice((1, 1, 1, 2, 2, 3, 4)))))
                kinds.sort(key=lambda k: k in ("missing_answer", "bad_option", "stranger",
                                               "unknown_criterion"))
            places = []
            try:
                for kind in kinds:
                    places.append((kind, getattr(self, kind)(d, card)))
            except (KeyError, TypeError):  # a later mistake cannot be made on what is left
                continue
            del d["_name"]
            places = [p for p in places if p[1] is not None]
            if places:
                return d, places


# ---------------------------------------------------------------- the differential driver

def run_tool(tool, paths):
    try:
        done = subprocess.run([tool, "assess", "--format", "json"] + paths,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    except subprocess.TimeoutExpired:
        return None, b"", "over 120 seconds"
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def parse_lines(output, count):
    try:
        lines = output.decode("utf-8").splitlines()
        return [json.loads(line) for line in lines] if len(lines) == count else None
    except ValueError:
        return None


def check_exit(result, code, stderr, path, named):
    """Exit code and, for wrong input, a line on stderr for each error told."""
    wanted = 1 if result["outcome"] == "incomplete" else 0
    faults = ["exit %s, expected %d" % (code, wanted)] if code != wanted else []
    if named is None:
        return faults
    lines = [line for line in stderr.splitlines() if re.match(r"E[0-9]{3} ", line)]
    for error in named.get("errors") or []:
        start = "E%s %s:%s:" % (re.sub("[^0-9]", "", str(error.get("number"))).zfill(3), path,
                                error.get("pointer"))
        if not any(line.startswith(start) for line in lines):
            faults.append("stderr has no line %r" % start)
    return faults


def make_cases(generator, count, criteria):
    cases = []
    for i in range(count):
        if generator.chance(0.15):
            d, places = generator.invalid()
            mine = assess_dossier(d, criteria)
            told = [p for e in mine.get("errors", []) for p in [e["pointer"]] + e["also"]]
            told += mine.get("tolerated", [])
            for kind, place in places:
                if not (told if place == "dates" else any(related(place, t) for t in told if t)):
                    raise AssertionError("the oracle does not see its own mistake %s at %s: %s"
                                         % (kind, place, json.dumps(d)))
            label = "+".join(sorted({kind for kind, _ in places}))
        else:
            d = generator.valid()
            mine = assess_dossier(d, criteria)
            label = "published" if "published" in d else "valid"
        cases.append((d, mine, label))
    return cases


def drive(options, criteria):
    generator = Generator(options.seed, criteria)
    cases = make_cases(generator, options.count, criteria)
    faults = collections.defaultdict(list)
    singles = generator.random.sample(range(len(cases)), min(60, len(cases)))
    enumerated = 0
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, (d, _, _) in enumerate(cases):
            paths.append(os.path.join(folder, "%05d.json" % i))
            with open(paths[-1], "w", encoding="utf-8") as stream:
                json.dump(d, stream, ensure_ascii=bool(i % 2), indent=1 if i % 3 else None)
        answers = {}
        groups = [[i for i, c in enumerate(cases) if (c[1]["outcome"] == "incomplete") == bad]
                  for bad in (False, True)]
        for group in groups:
            for start in range(0, len(group), options.batch):
                batch = group[start:start + options.batch]
                code, out, err = run_tool(options.tool, [paths[i] for i in batch])
                lines = parse_lines(out, len(batch))
                wanted = 1 if group is groups[1] else 0
                if lines is None or code != wanted:  # one by one, to find the culprit
                    lines = []
                    for i in batch:
                        code, out, err = run_tool(options.tool, [paths[i]])
                        one = parse_lines(out, 1)
                        lines.append(one[0] if one else "exit %s, output %r, %s" % (
                            code, out[:200], err[:300]))
                        faults[i] += check_exit(cases[i][1], code, err, paths[i], None)
                answers.update(zip(batch, lines))
        for i, (d, mine, _) in enumerate(cases):
            depth = 0
            if mine["to_reach"] and enumerated < 300:  # deeper for the first sixty
                enumerated += 1
                depth = 3 if enumerated <= 60 else 2
            faults[i] += compare(d, criteria, mine, answers[i], depth)
        for i in singles:
            code, out, err = run_tool(options.tool, [paths[i]])
            one = parse_lines(out, 1)
            faults[i] += check_exit(cases[i][1], code, err, paths[i], one[0] if one else None)
            if one and one[0] != answers[i] and not faults[i]:
                faults[i].append("another answer alone than among other files")
    failed = [i for i in range(len(cases)) if faults[i]]
    report(cases)
    for shown, i in enumerate(failed):
        print("dossier %d (%s, seed %d):" % (i, cases[i][2], options.seed))
        for fault in faults[i]:
            print("    " + fault)
        if shown < options.show_failures:
            print("    " + json.dumps(cases[i][0], ensure_ascii=False))
        if options.keep:
            os.makedirs(options.keep, exist_ok=True)
            with open(os.path.join(options.keep, "%d-%05d.json" % (options.seed, i)), "w",
                      encoding="utf-8") as stream:
                json.dump(cases[i][0], stream, ensure_ascii=False, indent=1)
    print("%d passed, %d failed" % (len(cases) - len(failed), len(failed)))
    return 1 if failed else 0


def report(cases):
    """What the random dossiers reached, so that a gap in coverage is seen."""
    def counts(values):
        return ", ".join("%s %d" % pair for pair in sorted(
            collections.Counter(values).items(), key=lambda pair: str(pair[0])))
    results = [mine for _, mine, _ in cases]
    ranked = [r for r in results if r["outcome"] == "ranked"]
    print("outcomes: " + counts(r["outcome"] for r in results))
    print("regulations: " + counts(r["regulation"] for r in results))
    print("scorecards: %d" % len({(r["regulation"], r["set"]) for r in results
                                   if r["outcome"] != "incomplete" and r["set"]}))
    print("stars: " + counts(r["stars"] for r in ranked))
    print("below their band: %d, proposed: %d, recognised by: %s" % (
        sum(r["stars"] is not None and r["stars"] < r["band"] for r in ranked),
        sum(r["proposed"] == 5 for r in ranked), counts(r["recognised_by"] for r in ranked)))
    print("totals on a threshold: " + counts(
        r["total"] for r in results if r["total_exact"] and
        Fraction(*r["total_exact"]) in (30, 50, 70, 90, 100)))
    print("changes to a star: " + counts(
        w["cost"] for r in ranked for w in r["to_reach"].values()))
    print("mistakes: " + counts(k for _, _, label in cases for k in label.split("+")))


# ---------------------------------------------------------------- self-test

def enumerate_everything(regulation, card, sheets, marks, kind, star):
    """Least number of changes by applying every combination of options to the sheets."""
    choices = []
    for c in card.criteria:
        options = [[n for n, on in enumerate(bits, 1) if on] for bits in
                   itertools.product((0, 1), repeat=len(c.points))] if c.any \
            else list(range(len(c.points) + 1))
        choices.append([None] + options)
    best = None
    for combination in itertools.product(*choices):
        cost = sum(option is not None for option in combination)
        if best is not None and cost >= best:
            continue
        moved = [dict(sheet) for sheet in sheets]
        for c, option in zip(card.criteria, combination):
            if option is not None:
                for sheet in moved:
                    sheet[c.code] = option
        problems = Problems()
        for sheet in moved:
            check_sheet(card, sheet, "", kind, problems)
            if problems:
                break
        if not problems and stars_of(regulation, card, moved, marks) >= star:
            best = cost
    return best


def tiny_regulation(rng):
    """A scorecard of four to six criteria with a story, cases, marks and ticks."""
    nodes = []

    def add(code, id_, points, **more):
        node = {"code": code, "id": id_, "choose": "one",
                "options": [{"points": p} for p in points]}
        node.update(more)
        nodes.append(node)

    add("B1", "product_story", rng.choice(([0, 3], [0, 5, 10], [2, 8])))
    for i in range(rng.randint(1, 2)):
        add("B%d" % (i + 2), "told_%d" % i, rng.choice(([0, 5], [1, 12], [3])),
            applies_if="has_story")
    if rng.random() < 0.5:
        add("A1", "ticks", [8, 15], choose="any")
    if rng.random() < 0.5:
        add("A2", "form", [10, 25, 5], case_kinds={"a": ["farm"], "b": ["cooperative"]})
        for option, case in zip(nodes[-1]["options"], "aab"):
            option["case"] = case
    while len(nodes) < 5:
        add("C%d" % len(nodes), "c%d" % len(nodes), rng.choice(([0, 20], [10, 20, 30], [25, 40])))
    for node in nodes:
        if "case_kinds" not in node and node["choose"] == "one" and rng.random() < 0.4:
            rng.choice(node["options"])["minimum_for"] = rng.choice((3, 4, 5))
    bands = [{"stars": s, "from": f} for s, f in ((5, 90), (4, 70), (3, 50), (2, 30), (1, 0))]
    card = {"set": 1, "parts": [{"code": "A", "max": 100, "sections": [{"criteria": nodes}]}]}
    return Regulation("tiny", {"bands": bands, "scorecards": [card]})


def self_test(criteria):
    passed, failed = 0, []

    def check(what, got, wanted):
        nonlocal passed
        if got == wanted:
            passed += 1
        else:
            failed.append("%s: %r, expected %r" % (what, got, wanted))

    generator = Generator(7, criteria)

    def dossier(name, number, totals, level="province", marks=5, silent=(), spare=None, **council):
        """Sheets of exactly these totals; marks up to `marks` met save the criterion `spare`."""
        card = criteria[name].cards[number]
        d = {"regulation": name, "set": number, "level": level,
             "council": dict(council, members=[]), "sheets": {}}
        for i, total in enumerate(tuple(totals) + tuple(silent)):
            for _ in range(200):
                sheet = {c.code: c.best(None) for c in card.criteria}
                lifted = marks if i < len(totals) else 0
                fixed = {c.code for c in card.criteria if any(s <= lifted for s in c.marks)}
                if spare:
                    c = card.by_code[spare]
                    sheet[spare] = 0
                    fixed.add(spare)
                if generator.steer(card, None, [sheet], total, fixed) == 0:
                    break
            else:
                raise AssertionError("no sheet of %d points" % total)
            role = "member" if i < len(totals) else "secretary"
            d["council"]["members"].append({"id": "m%d" % i, "role": role})
            d["sheets"]["m%d" % i] = sheet
        return d

    def run(*args, **more):
        return assess_dossier(dossier(*args, **more), criteria)

    # golden cases
    result = run("26-2026", 1, (72, 72, 69), marks=4)
    check("72, 72, 69", (result["total"], result["stars"], result["total_exact"]),
          ("71.00", 4, [213, 3]))
    result = run("26-2026", 1, (72, 72, 69), marks=4, silent=(40,))
    check("secretary of 40", (result["total"], result["stars"]), ("71.00", 4))
    for level, proposed in (("centre", None), ("province", 5)):
        result = run("26-2026", 1, (90, 90), level=level)
        check("90.00 at " + level, (result["total"], result["band"], result["stars"],
                                    result["proposed"], result["recognised_by"]),
              ("90.00", 5, 5, proposed, "centre"))
        result = run("26-2026", 1, (90,) * 10 + (89,), level=level)
        check("89.91 at " + level, (result["band"], result["stars"], result["proposed"]),
              (4, 4, None))
        check("100.00", run("26-2026", 1, (100,), level=level)["total"], "100.00")
    for totals, more, outcome in (((60, 70), {}, "ranked"), ((60, 71), {}, "score_again"),
                                  ((60, 70), {"spread_comparison": ">="}, "score_again"),
                                  ((60, 71), {"spread": None}, "ranked"),
                                  ((60, 71), {"level": "district"}, "ranked")):
        check("spread %r %r" % (totals, more), run("1048-2019", 2, totals, **more)["outcome"],
              outcome)
    check("26 has no spread", run("26-2026", 1, (60, 71), marks=3)["outcome"], "ranked")
    card = criteria["26-2026"].cards[1]
    five = next(c for c in card.free if set(c.marks) == {5})
    three = next(c for c in card.free if set(c.marks) == {3})
    for spare, stars in ((five, 4), (three, 2)):
        result = run("26-2026", 1, (92,), spare=spare.code)
        check("92 without the mark of " + spare.code, (result["total"], result["stars"]),
              ("92.00", stars))
        check("that mark is told", result["marks_missed"],
              [{"criterion": spare.code, "stars": s, "needed": n, "mean": "0.00"}
               for s, n in sorted(spare.marks.items())])
        check("one change heals it", result["to_reach"]["5"]["cost"], 1)
    for total, shown, band in (("69.71", "69.71", 3), ("72.80", "72.80", 4), ("89.995", "90.00", 4),
                               ("89.994999", "89.99", 4), ("90", "90.00", 5),
                               ("100.00", "100.00", 5)):
        result = assess_dossier({"regulation": "1048-2019", "published": {"total": total}},
                                criteria)
        check("published " + total, (result["outcome"], result["total"], result["band"],
                                     result["stars"], result["marks_missed"]),
              ("ranked", shown, band, None, None))
    result = assess_dossier({"regulation": "1048-2019", "set": 4,
                             "published": {"A": "31.00", "B": "24.00", "C": "38.00"}}, criteria)
    check("published parts", (result["total"], result["parts"]["C"], result["proposed"]),
          ("93.00", "38.00", 5))

    # §2: regulation by dates
    for filed, name in (("2019-08-20", None), ("2019-08-21", "1048-2019"),
                        ("2023-02-23", "1048-2019"), ("2023-02-24", "148-2023"),
                        ("2026-05-21", "148-2023"), ("2026-05-22", "26-2026")):
        check("filed " + filed, regulation_of(day(filed)), name)
    for application, assessed, ok in (("first", "2026-07-21", 1), ("upgrade", "2026-07-22", 0),
                                      ("renewal", "2026-06-21", 1), ("renewal", "2026-06-22", 0)):
        result = assess_dossier({"filed": "2026-05-21", "assessed": assessed,
                                 "application": application, "published": {"total": "50"}},
                                criteria)
        check("148 on " + assessed, result["outcome"], "ranked" if ok else "incomplete")

    # §5, §6 in single steps
    for name in REGULATIONS:
        check("bands of " + name, [criteria[name].band(Fraction(x)) for x in
              ("0", "29.999999", "30", "49.99", "50", "69.9", "70", "89.999999", "90", "100")],
              [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    for args, who in ((("1048-2019", 3, None), "province"),
                      (("148-2023", 3, day("2025-07-05")), "district"),
                      (("148-2023", 3, day("2025-07-06")), "province"),
                      (("148-2023", 3, None), None),
                      (("148-2023", 4, None), "province"), (("26-2026", 5, None), "centre"),
                      (("26-2026", 2, None), None)):
        check("recognised by %r" % (args,), recognised_by(*args), who)
    check("title mark of 148", {next(c for c in card.criteria if c.id == "intellectual_property")
          .marks.get(4) for card in criteria["148-2023"].cards.values()}, {2})
    card = criteria["26-2026"].cards[21]
    for stated, missing in ((True, {3}), (False, set())):
        d = dossier("26-2026", 21, (70,), marks=5, spare="C7")
        d["facts"] = {"declaration_required": stated}
        check("declaration required: %s" % stated,
              {m["stars"] for m in assess_dossier(d, criteria)["marks_missed"]}, missing)
    d = dossier("26-2026", 1, (100,))
    d["sheets"]["m0"]["B5.1"] = 1
    check("B5.2 without a story", [e["pointer"] for e in assess_dossier(d, criteria)["errors"]],
          ["/sheets/m0/B5.2"])
    del d["sheets"]["m0"]["B5.2"]
    check("no story", {k: v["cost"] for k, v in assess_dossier(d, criteria)["to_reach"].items()},
          {"4": 2, "5": 2})
    d = dossier("26-2026", 16, (80, 80), marks=3)
    gates = [c for c in criteria["26-2026"].cards[16].criteria if ZERO_GATE in c.gates]
    for zeros, outcome in ((1, "ranked"), (2, "rejected")):
        for i, sheet in enumerate(d["sheets"].values()):
            for c in gates:
                sheet[c.code] = 0 if c is gates[0] and i < zeros else c.best(None)
        check("%d zeros at a gate" % zeros, assess_dossier(d, criteria)["outcome"], outcome)
    d = dossier("1048-2019", 1, (80,))
    d["product"] = {"producer_kind": "farm"}
    check("a kind of no case", assess_dossier(d, criteria)["outcome"], "ranked")
    d["product"]["producer_kind"] = "producing_household"
    d["sheets"]["m0"]["A3.2"] = 2
    check("wrong case", assess_dossier(d, criteria)["errors"][0]["pointer"], "/sheets/m0/A3.2")

    # the way up: greedy against every combination, on tiny cards
    rng = random.Random(11)
    for i in range(150):
        regulation = tiny_regulation(rng)
        card = regulation.cards[1]
        kind = rng.choice((None, "farm", "cooperative"))
        marks = binding_marks(card, True)
        generator.random = rng
        sheets = [generator.sheet(card, kind, 0.3, 0.15, 0.4) for _ in range(rng.randint(1, 3))]
        for star in range(stars_of(regulation, card, sheets, marks) + 1, 6):
            way = unit_cost(regulation, card, sheets, marks, kind, star)
            check("tiny card %d, %d stars" % (i, star), way[0] if way else None,
                  enumerate_everything(regulation, card, sheets, marks, kind, star))

    # the generator's own mistakes are seen, its valid dossiers are valid
    generator = Generator(5, criteria)
    for _ in range(150):
        check("valid", [e for e in assess_dossier(generator.valid(), criteria).get("errors", [])
                        if e["message"] not in ("no quorum", "no counting sheet")], [])
    try:
        make_cases(Generator(6, criteria), 300, criteria)
        passed += 1
    except AssertionError as error:
        failed.append(str(error))
    for line in failed:
        print(line)
    print("%d passed, %d failed" % (passed, len(failed)))
    return 1 if failed else 0


def default_criteria():
    here = os.path.dirname(os.path.abspath(__file__))
    top = os.path.dirname(os.path.dirname(here))
    for folder in (os.path.join(top, "data", "regulations"),
                   os.path.join(os.path.dirname(top), "shared", "facts", "criteria")):
        if all(os.path.exists(os.path.join(folder, n + ".json")) for n in REGULATIONS):
            return folder
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", help="the tool ocop")
    parser.add_argument("--criteria", default=default_criteria(),
                        help="folder of the three regulations (default: the project's own)")
    parser.add_argument("--count", type=int, default=1000, help="random dossiers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=200, help="files in one call of the tool")
    parser.add_argument("--show-failures", type=int, default=3, metavar="K",
                        help="print the dossiers of the first K disagreements")
    parser.add_argument("--keep", metavar="DIR", help="folder for the disagreeing dossiers")
    parser.add_argument("--self-test", action="store_true", help="no tool needed")
    options = parser.parse_args()
    if not options.criteria:
        parser.error("--criteria DIR is needed: no regulations found beside the tests")
    criteria = load_criteria(options.criteria)
    if options.self_test:
        return self_test(criteria)
    if not options.tool or not os.path.isfile(options.tool):
        parser.error("--tool PATH of the built tool is needed (or --self-test)")
    return drive(options, criteria)


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
