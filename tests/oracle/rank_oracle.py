#!/usr/bin/env python3
"""`ocop rank` against `ocop assess`, and against an order sorted here: random batches of sheets for
every scorecard of the three regulations.

The same sheets go to `rank` as one CSV and to `assess` as one dossier a product. Outcome, stars,
total, parts, sheets and marks missed must be the same, and of wrong sheets the problems. The order is
sorted anew with fractions. Rows are shuffled, products share members, cells are left out, ticked
twice or nonsense, secretaries have sheets; quorum, spread, level, day, ties, groups and the first
ranks vary.

    rank_oracle.py --tool PATH/ocop --criteria DIR [--products N] [--seed S] [--card REG/SET]
"""
import argparse
import collections
import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

REGULATIONS = ("1048-2019", "148-2023", "26-2026")
DAYS = {"1048-2019": "2020-03-01", "148-2023": "2024-05-06", "26-2026": "2026-06-20"}
COUNTING = ("chair", "vice_chair", "member")
SILENT = ("secretary", "advisory_team_member", "observer")
PARTS = "ABC"
# Problems whose sentence is the same in both commands.
SAME_WORDS = {305, 306, 307, 308, 309, 320}


class Card:
    def __init__(self, regulation, node):
        self.regulation, self.set = regulation, node["set"]
        self.criteria = [(part["code"], c) for part in node["parts"] for s in part["sections"]
                         for c in s["criteria"]]
        self.codes = [c["code"] for _, c in self.criteria]
        self.story = next((c for _, c in self.criteria if c["id"] == "product_story"), None)

    def answers(self, rng, height):
        """A right sheet: criterion to answer; `height` from 0 to 1 is how good the product is."""
        sheet = {}
        for _, c in self.criteria:
            if c.get("applies_if") and not self.story_points(sheet):
                continue
            count = len(c["options"])
            if c["choose"] == "any":
                sheet[c["code"]] = [n for n in range(1, count + 1) if rng.random() < height]
            elif rng.random() < 0.02:
                sheet[c["code"]] = 0
            else:
                order = sorted(range(count), key=lambda n: c["options"][n]["points"])
                at = height * (count - 1) + rng.gauss(0, 0.45)
                sheet[c["code"]] = order[min(max(round(at), 0), count - 1)] + 1
        return sheet

    def story_points(self, sheet):
        answer = sheet[self.story["code"]]
        return self.story["options"][answer - 1]["points"] if answer else 0


def spoil(card, rng, sheet):
    """Makes an answer wrong, the same in a cell and in a dossier; the cell, where it is not plain."""
    _, c = rng.choice(card.criteria)
    code, count = c["code"], len(c["options"])
    kind = rng.randrange(5)
    if c["choose"] == "any":
        first = rng.randint(1, count)
        if kind == 0:
            sheet[code] = [count + 1]
        elif kind == 1:
            sheet[code] = [first, first]
        elif kind == 2:
            sheet[code] = [0, first]
        elif kind == 3:
            sheet[code] = list(range(1, count + 2))
        else:
            sheet[code] = "x"
        return
    if kind == 0 or kind == 4 and code not in sheet:
        sheet.pop(code, None)
    elif kind == 1:
        sheet[code] = count + 1 + rng.randrange(3)
    elif kind == 2:
        sheet[code] = -1
    elif kind == 3:
        sheet[code] = "x"
    else:  # where the story is missing this is one too much
        sheet[code] = 0


def cell(answer, rng):
    if isinstance(answer, list):
        text = "+".join(map(str, answer))
        return text if text else rng.choice(["", "0"])
    return str(answer)


def batch(card, rng, count):
    """Products: name to (province, list of (member, role, sheet))."""
    few = ["m%d" % n for n in range(1, 8)]
    many = ["u%03d" % n for n in range(150)]
    products = {}
    for number in range(count):
        name = rng.choice(["P%06d", "Trà Shan %d", "a,b\"%d", "%d"]) % rng.randrange(10 ** 6)
        if name in products:
            continue
        height = min(max(rng.gauss(0.75, 0.22), 0), 1)
        members = rng.sample(few if rng.random() < 0.7 else many, rng.choice((1, 2, 3, 5, 7, 7)))
        sheets = []
        clones = rng.random() < 0.15  # members who agree: products that tie
        whole = card.answers(rng, height)
        for member in members:
            role = rng.choice(COUNTING)
            sheet = dict(whole) if clones else card.answers(rng, height + rng.gauss(0, 0.05))
            sheets.append((member, role, sheet))
        if rng.random() < 0.3:
            sheets.append(("s", rng.choice(SILENT), card.answers(rng, rng.random())))
        if rng.random() < 0.04:
            sheets = [(m, rng.choice(SILENT), s) for m, _, s in sheets]
        if rng.random() < 0.15:
            for _ in range(rng.choice((1, 1, 2, 4))):
                spoil(card, rng, rng.choice(sheets)[2])
        products[name] = ("T%d" % rng.randrange(3), sheets)
        if rng.random() < 0.2 and number + 1 < count:  # a twin, to tie with
            products["twin " + name] = ("T%d" % rng.randrange(3),
                                        [(m, r, dict(s)) for m, r, s in sheets])
    return products


def write_csv(card, rng, products, by):
    rows = [(name, province, member, role, sheet) for name, (province, sheets) in products.items()
            for member, role, sheet in sheets]
    layout = rng.randrange(3)
    if layout != 0:
        rng.shuffle(rows)
    columns = ["product", "member", "role"] + (["province"] if by else []) + list(card.codes)
    if layout == 2:
        rng.shuffle(columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=rng.choice(("\n", "\r\n")))
    writer.writerow(columns)
    where = {}
    for number, (name, province, member, role, sheet) in enumerate(rows, 2):
        head = {"product": name, "member": member, "role": role, "province": province}
        if role == "member" and rng.random() < 0.5:
            head["role"] = ""
        writer.writerow([head[c] if c in head else cell(sheet[c], rng) if c in sheet else ""
                         for c in columns])
        where[number] = name
    return text.getvalue().encode("utf-8"), where


def dossier(card, products, name, settings):
    members = [{"id": m, "role": r} for m, r, _ in products[name][1]]
    counting = sum(m["role"] in COUNTING for m in members)
    council = {"members": members}
    if settings["members"]:
        for n in range(counting, settings["members"]):
            members.append({"id": "absent %d" % n, "role": "member"})
    if settings["quorum"]:
        council["quorum"] = settings["quorum"]
    if "spread" in settings:
        council["spread"] = settings["spread"]
    if settings["comparison"]:
        council["spread_comparison"] = settings["comparison"]
    made = {"regulation": card.regulation, "set": card.set, "product": {"name": name},
            "council": council, "sheets": {m: s for m, _, s in products[name][1]}}
    if settings["level"]:
        made["level"] = settings["level"]
    if settings["assessed"]:
        made["assessed"] = settings["assessed"]
    return made


def choose_settings(card, rng):
    settings = {"level": rng.choice((None, "district", "province", "centre")), "members": 0,
                "quorum": None, "comparison": rng.choice((None, None, ">", ">=")),
                "assessed": DAYS[card.regulation] if rng.random() < 0.5 else None,
                "ties": rng.choice((None, None, "", "A", "B,C", "C,B,A"))}
    if rng.random() < 0.4:
        settings["quorum"] = rng.randint(1, 4)
    elif rng.random() < 0.5:
        settings["members"] = 7
        settings["quorum"] = rng.choice(("1/2", "2/3", "3/7", None))
    if rng.random() < 0.7:
        settings["spread"] = rng.choice((None, 0, 3, 8, 15, 40))
    return settings


def arguments_of(card, settings):
    made = ["rank", "--regulation", card.regulation, "--set", str(card.set)]
    if settings["level"]:
        made += ["--level", settings["level"]]
    if settings["quorum"]:
        made += ["--quorum", str(settings["quorum"])]
    if settings["members"]:
        made += ["--members", str(settings["members"])]
    if "spread" in settings:
        made += ["--spread", "off" if settings["spread"] is None else str(settings["spread"])]
    if settings["comparison"]:
        made += ["--spread-comparison", settings["comparison"]]
    if settings["assessed"]:
        made += ["--assessed", settings["assessed"]]
    if settings["ties"] is not None:
        made += ["--ties", settings["ties"]]
    return made


def call(tool, arguments, given=b""):
    done = subprocess.run([tool] + arguments, input=given, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=600)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


class Check:
    def __init__(self, tool):
        self.tool, self.products, self.failed = tool, 0, 0
        self.seen = collections.Counter()

    def fail(self, what):
        self.failed += 1
        if self.failed <= 20:
            print("FAILED " + what)

    def same(self, one, other, what):
        if one != other:
            self.fail("%s: %r is not %r" % (what, one, other))

    def card(self, card, rng, count):
        products = batch(card, rng, count)
        settings = choose_settings(card, rng)
        by = rng.random() < 0.5
        text, where = write_csv(card, rng, products, by)
        name = "%s/%d" % (card.regulation, card.set)
        arguments = arguments_of(card, settings) + (["--by", "province"] if by else [])
        code, out, err = call(self.tool, arguments + ["--format", "csv", "--lang", "en", "-"], text)
        rows = list(csv.DictReader(io.StringIO(out)))
        told = self.assess(card, products, settings)
        self.same(sorted(r["product"] for r in rows), sorted(products), name + ": products")
        wrong = 0
        for row in rows:
            self.row(card, name, row, products[row["product"]], told[row["product"]])
            wrong += told[row["product"]]["outcome"] == "incomplete"
        self.same(code, 1 if wrong else 0, name + ": exit code")
        self.problems(name, err, where, products, told)
        self.order(name, rows, told, settings, by)
        for threads in (2, 5):
            self.same(call(self.tool, arguments + ["--format", "csv", "--lang", "en", "--threads",
                                                   str(threads), "-"], text),
                      (code, out, err), name + ": threads")
        top = rng.randint(1, 5)
        _, some, _ = call(self.tool, arguments + ["--format", "csv", "--top", str(top), "-"], text)
        self.same(list(csv.DictReader(io.StringIO(some))),
                  [r for r in rows if r["rank"] and int(r["rank"]) <= top], name + ": top")
        _, lines, _ = call(self.tool, arguments + ["--format", "json", "-"], text)
        self.json(name, [json.loads(line) for line in lines.splitlines()], rows, told)

    def assess(self, card, products, settings):
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, product in enumerate(products):
                path = os.path.join(folder, "%d.json" % number)
                with open(path, "w", encoding="utf-8") as file:
                    json.dump(dossier(card, products, product, settings), file)
                files.append(path)
            _, out, _ = call(self.tool, ["assess", "--format", "json", "--lang", "en"] + files)
        return dict(zip(products, map(json.loads, out.splitlines())))

    def row(self, card, name, row, product, told):
        self.products += 1
        self.seen[told["outcome"]] += 1
        what = "%s: %s" % (name, row["product"])
        self.same(row["outcome"], told["outcome"], what + ": outcome")
        ranked = told["outcome"] == "ranked"
        self.same(row["stars"], str(told["stars"]) if ranked else "", what + ": stars")
        self.same(row["rank"] != "", ranked, what + ": rank")
        self.same(row["total"], told["total"] or "", what + ": total")
        for part in PARTS:
            self.same(row[part], told["parts"][part] if told["parts"] else "", what + ": " + part)
        marks = list(dict.fromkeys(m["criterion"] for m in told["marks_missed"] or []))
        self.same(row["marks_missed"], "+".join(marks), what + ": marks")
        self.seen["marks"] += len(marks)
        counting = sum(role in COUNTING for _, role, _ in product[1])
        self.same(row["sheets"], str(counting), what + ": sheets")

    def problems(self, name, err, where, products, told):
        """Of each product the same problems, by number, and in the same words where they can be."""
        mine = collections.defaultdict(list)
        for line in err.splitlines():
            found = re.match(r"E(\d+) -:(\d+):(\d+): (.*)$", line)
            if not found:
                self.fail(name + ": this is no problem of a row: " + line)
                continue
            number = int(found.group(1))
            message = re.sub(r'^product ".*?": (?=\d+ of \d+|there is no sheet)', "", found.group(4))
            mine[where[int(found.group(2))]].append(
                (number, message if number in SAME_WORDS else ""))
        for product in products:
            theirs = [(e["number"], e["message"] if e["number"] in SAME_WORDS else "")
                      for e in told[product].get("errors", [])]
            # Of a product with wrong sheets only these are told, not its quorum.
            if any(n not in (312, 313) for n, _ in theirs):
                theirs = [e for e in theirs if e[0] not in (312, 313)]
            self.same(sorted(mine[product]), sorted(theirs), "%s: %s: problems" % (name, product))
            for number, _ in theirs:
                self.seen["E%d" % number] += 1

    def order(self, name, rows, told, settings, by):
        """The order of rules §8, with fractions and Python's own sort."""
        ties = "C,A,B" if settings["ties"] is None else settings["ties"]

        def key(row):
            one = told[row["product"]]
            sheets = one["total_exact"][1]
            points = {m["id"]: m for m in one["members"] if m["counted"]}
            sums = {p: sum(m[p] for m in points.values()) for p in PARTS}
            return tuple([-one["stars"], -Fraction(one["total_exact"][0], sheets)]
                         + [-Fraction(sums[p], sheets) for p in ties.split(",") if p])

        groups = collections.defaultdict(list)
        for row in rows:
            groups[row["province"] if by else ""].append(row)
        wanted = []
        for group in sorted(groups, key=lambda g: g.encode()):
            ranked = [r for r in groups[group] if told[r["product"]]["outcome"] == "ranked"]
            rest = [r for r in groups[group] if told[r["product"]]["outcome"] != "ranked"]
            ranked.sort(key=lambda r: (key(r), r["product"].encode()))
            keys = [key(r) for r in ranked]
            wanted += [(r["product"], str(keys.index(k) + 1)) for r, k in zip(ranked, keys)]
            wanted += [(r["product"], "") for r in sorted(rest, key=lambda r: r["product"].encode())]
            self.seen["ties"] += len(keys) - len(set(keys))
        self.same([(r["product"], r["rank"]) for r in rows], wanted, name + ": order")

    def json(self, name, lines, rows, told):
        self.same([j["product"] for j in lines], [r["product"] for r in rows], name + ": JSON order")
        for j, row in zip(lines, rows):
            one = told[j["product"]]
            self.same(str(j["rank"] or ""), row["rank"], name + ": JSON rank")
            for key in ("outcome", "total", "total_exact", "parts", "band"):
                self.same(j[key], one[key], name + ": JSON " + key)
            missed = one["marks_missed"]
            self.same(j["marks_missed"],
                      missed and [{k: m[k] for k in ("criterion", "stars")} for m in missed]
                      if missed is None or one["outcome"] != "incomplete" else None,
                      name + ": JSON marks")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tool", required=True)
    parser.add_argument("--criteria", required=True, help="folder of the regulation documents")
    parser.add_argument("--products", type=int, default=30, help="a scorecard")
    parser.add_argument("--seed", type=int, default=20260522)
    parser.add_argument("--card", help="one scorecard alone, such as 26-2026/3")
    options = parser.parse_args()
    check = Check(os.path.abspath(options.tool))
    cards = 0
    for regulation in REGULATIONS:
        with open(os.path.join(options.criteria, regulation + ".json"), encoding="utf-8") as file:
            document = json.load(file)
        for node in document["scorecards"]:
            card = Card(regulation, node)
            if options.card in (None, "%s/%d" % (regulation, card.set)):
                rng = random.Random("%d %s %d" % (options.seed, regulation, card.set))
                check.card(card, rng, options.products)
                cards += 1
    print("%d scorecards, %d products, %d differences; met: %s" % (
        cards, check.products, check.failed,
        ", ".join("%s %d" % item for item in sorted(check.seen.items()))))
    # A batch that met none of these has not tested them.
    wanted = {"ranked", "incomplete", "score_again", "marks", "ties", "E306", "E307", "E312", "E313"}
    missing = wanted - set(check.seen) if options.card is None else set()
    if missing:
        print("never met: " + ", ".join(sorted(missing)))
    return 1 if check.failed or missing or cards == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
