#!/usr/bin/env python3
"""`ocop rank` from outside: the forms of its output, every error with its place, options, groups, the
first ranks, streams, threads, hostile input.

    test_rank.py [--tool PATH/ocop] [arguments of unittest]
"""
import csv
import io
import json
import os
import random
import re
import tempfile
import unittest

import tool
from tool import LANGUAGES, criteria, ocop, regulation

REGULATION, SET = "26-2026", 25
COLUMNS = ["rank", "product", "outcome", "stars", "total", "A", "B", "C", "sheets", "marks_missed"]
ROBUST = ["p1", "p2", "p3", "p4", "p5", "p_low", "p_high", "leave_one_out", "flip_up", "flip_down"]
AFTER = ["compare_low", "compare_high", "change"]
CARD = next(c for c in regulation(REGULATION)["scorecards"] if c["set"] == SET)
CODES = [c["code"] for _, c in criteria(CARD)]
BEST = {c["code"]: 1 + max(range(len(c["options"])), key=lambda n: c["options"][n]["points"])
        for _, c in criteria(CARD)}
TOURISM = next(c for c in regulation("1048-2019")["scorecards"] if c["set"] == 26)
TOURISM_CODES = [c["code"] for _, c in criteria(TOURISM)]
ANY = [c["code"] for _, c in criteria(TOURISM) if c["choose"] == "any"]


def sheet(product, member, changes=None, codes=None, best=None):
    """A row: the best answers, with \\p changes."""
    row = dict(best or BEST)
    row.update(changes or {})
    row["product"], row["member"] = product, member
    return row


def text(rows, columns=None, end="\n"):
    """The rows as bytes of CSV."""
    columns = columns or ["product", "member"] + CODES
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(c, "") for c in columns])
    return out.getvalue().encode("utf-8")


def points(code, option):
    c = next(c for _, c in criteria(CARD) if c["code"] == code)
    return c["options"][option - 1]["points"] if option else 0


def down(total, part="ABC"):
    """A change that takes \p total points off the best sheet, where no star mark stands."""
    for letter, c in criteria(CARD):
        if (letter not in part or c["id"] == "product_story" or c.get("applies_if")
                or any(o.get("minimum_for") for o in c["options"])):
            continue
        for number, option in enumerate(c["options"], 1):
            if points(c["code"], BEST[c["code"]]) - option["points"] == total:
                return {c["code"]: number}
    raise AssertionError("no criterion of %s has %d points between two options" % (part, total))


def rank(given, *arguments, set_=SET, reg=REGULATION, form="csv", lang="en"):
    return ocop("rank", "--regulation", reg, "--set", set_, "--format", form, "--lang", lang,
                *arguments, "-", stdin=given)


def table(run):
    return list(csv.DictReader(io.StringIO(run.out)))


def found(run):
    """(number, row, column) of each problem."""
    return [tuple(map(int, m)) for m in re.findall(r"^E(\d+) -:(\d+):(\d+): ", run.err, re.M)]


class Case(unittest.TestCase):
    def _formatMessage(self, msg, standard):
        made = super()._formatMessage(msg, standard)
        return made if len(made) < 2000 else made[:1000] + " [...] " + made[-900:]

    def clean(self, run, code=0):
        self.assertEqual(run.code, code, run.err)
        for one in (run.out, run.err):
            self.assertNotRegex(one, "[\x00-\x09\x0b-\x1f\x7f]", "a control character, or a colour")
            self.assertTrue(one == "" or one.endswith("\n"))
            for line in one.split("\n"):
                self.assertEqual(line, line.rstrip(" "))
        return run

    def one_problem(self, given, number, row, column, words="", arguments=(), **others):
        """The one problem of an input, in both languages."""
        for lang in LANGUAGES:
            run = self.clean(rank(given, *arguments, lang=lang, **others), 1)
            self.assertEqual(found(run), [(number, row, column)], run.err)
            if lang == "en":
                self.assertIn(words, run.err)
        return run


class Output(Case):
    rows = [sheet("tea", "m1"), sheet("tea", "m2"), sheet("rice", "m1", down(1)), sheet("rice", "m2"),
            sheet("salt", "m1", {CODES[0]: ""})]

    def test_csv(self):
        run = self.clean(rank(text(self.rows)), 1)
        rows = table(run)
        self.assertEqual(run.out.split("\n")[0].split(","), COLUMNS)
        self.assertEqual([(r["rank"], r["product"], r["outcome"], r["stars"], r["total"], r["sheets"])
                          for r in rows],
                         [("1", "tea", "ranked", "5", "100.00", "2"),
                          ("2", "rice", "ranked", "5", "99.50", "2"),
                          ("", "salt", "incomplete", "", "", "1")])
        self.assertEqual([rows[0][p] for p in "ABC"], ["40.00", "25.00", "35.00"])
        self.assertEqual(found(run), [(306, 6, 1 + len("salt,m1,"))])

    def test_json(self):
        lines = self.clean(rank(text(self.rows), form="json"), 1).lines()
        self.assertEqual([j["product"] for j in lines], ["tea", "rice", "salt"])
        tea, rice, salt = lines
        self.assertEqual((tea["rank"], tea["stars"], tea["band"], tea["total"], tea["total_exact"]),
                         (1, 5, 5, "100.00", [200, 2]))
        self.assertEqual(tea["parts"], {"A": "40.00", "B": "25.00", "C": "35.00"})
        self.assertEqual((tea["marks_missed"], tea["sheets"], tea["spread"]), ([], 2, 0))
        self.assertEqual(rice["spread"], 1)
        for key in ("rank", "stars", "band", "total", "total_exact", "parts", "marks_missed", "spread"):
            self.assertIsNone(salt[key])

    def test_text(self):
        for lang in LANGUAGES:
            run = self.clean(rank(text(self.rows), form="text", lang=lang), 1)
            for word in ("tea", "100.00", "99.50", "salt"):
                self.assertIn(word, run.out)
            self.assertIn("Incomplete" if lang == "en" else "Chưa đủ để kết luận", run.out)
        # Columns stay in line whatever the letters of a name.
        wide = [sheet("茶" * 9, "m1"), sheet("Trà Shan tuyết", "m1"), sheet("a" * 30, "m1")]
        lines = [line for line in rank(text(wide), form="text").out.split("\n") if "100.00" in line]
        self.assertEqual(len({tool.width(line[:line.index("100.00")]) for line in lines}), 1)

    def test_text_is_the_default(self):
        given = text(self.rows)
        run = ocop("rank", "--regulation", REGULATION, "--set", SET, "--lang", "en", "-", stdin=given)
        self.assertEqual(run.out, rank(given, form="text").out)

    def test_marks_once_a_criterion(self):
        mark = next(c["code"] for _, c in criteria(CARD)
                    if sum(bool(o.get("minimum_for")) for o in c["options"]) >= 2)
        rows = table(rank(text([sheet("p", "m", {mark: 0})])))
        self.assertEqual(rows[0]["marks_missed"], mark)
        line = rank(text([sheet("p", "m", {mark: 0})]), form="json").lines()[0]
        self.assertEqual({m["criterion"] for m in line["marks_missed"]}, {mark})
        self.assertGreater(len(line["marks_missed"]), 1)

    def test_names_that_need_quotes(self):
        names = ['a,b', 'say "x"', "é", " edge ", "=1+1", "nul's"]
        rows = table(self.clean(rank(text([sheet(n, "m") for n in names]))))
        self.assertEqual(sorted(r["product"] for r in rows), sorted(names))

    def test_nothing_to_rank(self):
        self.assertEqual(self.clean(rank(text([]))).out, ",".join(COLUMNS) + "\n")
        self.assertEqual(self.clean(rank(text([]), form="json")).out, "")

    def test_a_file_and_standard_input_say_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "sheets.csv")
            with open(path, "wb") as file:
                file.write(text(self.rows))
            run = ocop("rank", path, "--regulation", REGULATION, "--set", SET, "--format", "csv",
                       "--lang", "en")
            other = rank(text(self.rows))
            self.assertEqual((run.code, run.out), (other.code, other.out))
            self.assertEqual(run.err.replace(path, "-"), other.err)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full here")
    def test_a_full_disk_is_the_machines_failure(self):
        for form in ("text", "csv", "json"):
            with open("/dev/full", "wb") as full:
                run = ocop("rank", "--regulation", REGULATION, "--set", SET, "--format", form, "-",
                           stdin=text([sheet("p", "m")]), stdout=full)
            self.assertEqual(run.code, 3)


class Order(Case):
    def test_equal_products_share_a_rank(self):
        rows = [sheet(n, "m", c) for n, c in
                (("b", {}), ("a", {}), ("d", down(2)), ("c", down(1)))]
        self.assertEqual([(r["rank"], r["product"]) for r in table(rank(text(rows)))],
                         [("1", "a"), ("1", "b"), ("3", "c"), ("4", "d")])

    def test_ties(self):
        given = text([sheet(p, "m", down(2, p)) for p in "ABC"])
        for ties, order in (((), "BAC"), (("--ties", "A,B,C"), "CBA"), (("--ties", "B"), "ACB")):
            rows = table(rank(given, *ties))
            self.assertEqual("".join(r["product"] for r in rows), order, ties)
        self.assertEqual([r["rank"] for r in table(rank(given, "--ties", "B"))], ["1", "1", "3"])
        self.assertEqual([r["rank"] for r in table(rank(given, "--ties", ""))], ["1", "1", "1"])

    def test_rows_in_any_order(self):
        rng = random.Random(5)
        rows = [sheet("p%02d" % p, "m%d" % m, down(1) if (p * m) % 3 == 0 else {})
                for p in range(30) for m in range(1 + p % 5)]
        wanted = rank(text(rows)).out
        for _ in range(5):
            rng.shuffle(rows)
            self.assertEqual(rank(text(rows)).out, wanted)

    def test_top(self):
        rows = [sheet(n, "m", c) for n, c in (("a", {}), ("b", down(1)), ("c", down(1)), ("d", down(2)),
                                              ("bad", {CODES[0]: "x"}))]
        for top, names in ((1, "a"), (2, "abc"), (3, "abc"), (4, "abcd"), (9, "abcd")):
            run = self.clean(rank(text(rows), "--top", top), 1)
            self.assertEqual("".join(r["product"] for r in table(run)), names)

    def test_by(self):
        columns = ["product", "province", "member"] + CODES
        rows = [dict(sheet(n, m, c), province=p) for n, m, c, p in
                (("a", "m1", {}, "X"), ("b", "m1", {}, "Y"), ("a", "m2", {}, "X"),
                 ("c", "m1", down(1), "X"), ("e", "m1", {CODES[0]: "x"}, "X"), ("d", "m1", {}, ""))]
        run = self.clean(rank(text(rows, columns), "--by", "province"), 1)
        self.assertEqual(run.out.split("\n")[0].split(","), COLUMNS + ["province"])
        self.assertEqual([(r["province"], r["rank"], r["product"]) for r in table(run)],
                         [("", "1", "d"), ("X", "1", "a"), ("X", "2", "c"), ("X", "", "e"),
                          ("Y", "1", "b")])
        run = rank(text(rows, columns), "--by", "province", "--top", 1)
        self.assertEqual([r["product"] for r in table(run)], ["d", "a", "b"])
        self.assertEqual([j["province"] for j in
                          rank(text(rows, columns), "--by", "province", form="json").lines()],
                         ["", "X", "X", "X", "Y"])
        self.assertIn("province: X", rank(text(rows, columns), "--by", "province", form="text").out)
        rows[2]["province"] = "Z"
        self.one_problem(text(rows[:4], columns), 322, 4, 3, '"X" in row 2', ("--by", "province"))


class Councils(Case):
    def test_roles(self):
        columns = ["product", "role", "member"] + CODES
        low = {code: 0 for code in CODES if not next(
            c for _, c in criteria(CARD) if c["code"] == code).get("applies_if")}
        low.update({c["code"]: "" for _, c in criteria(CARD) if c.get("applies_if")})
        rows = [dict(sheet("p", m, c), role=r) for m, r, c in
                (("m1", "chair", {}), ("m2", "vice_chair", {}), ("m3", "", {}), ("m4", "member", {}),
                 ("s", "secretary", low), ("t", "advisory_team_member", low), ("o", "observer", low))]
        row = table(self.clean(rank(text(rows, columns))))[0]
        self.assertEqual((row["total"], row["sheets"]), ("100.00", "4"))
        # Wrong sheets of those who do not count are wrong all the same, as in assess.
        rows[4][CODES[0]] = "99"
        run = self.one_problem(text(rows, columns), 307, 6, 1 + len("p,secretary,s,"))
        self.assertEqual(table(run)[0]["outcome"], "incomplete")
        silent = text([dict(sheet("p", "s"), role="secretary")], columns)
        self.one_problem(silent, 312, 2, 1, "there is no sheet of a chair")

    def test_quorum(self):
        rows = [sheet("p", "m%d" % m) for m in range(3)] + [sheet("q", "m1")]
        self.clean(rank(text(rows), "--quorum", 1))
        run = self.one_problem(text(rows), 313, 5, 1, 'product "q": 1 of 1', ("--quorum", 2))
        self.assertEqual([(r["product"], r["outcome"]) for r in table(run)],
                         [("p", "ranked"), ("q", "incomplete")])
        self.one_problem(text(rows), 313, 5, 1, "1 of 4", ("--quorum", "3/4", "--members", 4))
        self.one_problem(text(rows), 320, 2, 1, 'product "p": 3 counting sheets',
                         ("--members", 2))

    def test_spread(self):
        def outcome(difference, *arguments, reg=REGULATION):
            rows = [sheet("p", "m1"), sheet("p", "m2", down(difference))]
            return table(rank(text(rows), *arguments, reg=reg))[0]["outcome"]

        self.assertEqual(outcome(2), "ranked")
        self.assertEqual(outcome(2, "--spread", 2), "ranked")
        self.assertEqual(outcome(2, "--spread", 1), "score_again")
        self.assertEqual(outcome(2, "--spread", 2, "--spread-comparison", ">="), "score_again")
        self.assertEqual(outcome(2, "--spread", 1, "--spread-comparison", ">"), "score_again")
        self.assertEqual(outcome(2, "--spread", "off", "--spread-comparison", ">="), "ranked")
        row = table(rank(text([sheet("p", "m1"), sheet("p", "m2", down(2))]), "--spread", 1))[0]
        self.assertEqual((row["rank"], row["stars"], row["total"]), ("", "", "99.00"))

    def test_the_regulations_own_spread(self):
        best = {}
        for _, c in criteria(TOURISM):
            count = len(c["options"])
            best[c["code"]] = ("+".join(map(str, range(1, count + 1))) if c["choose"] == "any" else
                               1 + max(range(count), key=lambda n: c["options"][n]["points"]))
        low = dict(best)
        for code in ANY:
            low[code] = ""
        given = text([sheet("p", "m1", best=best), sheet("p", "m2", best=low)],
                     ["product", "member"] + TOURISM_CODES)
        for level, outcome in ((None, "score_again"), ("province", "score_again"),
                               ("centre", "score_again"), ("district", "ranked")):
            level = ("--level", level) if level else ()
            run = self.clean(rank(given, *level, reg="1048-2019", set_=26))
            self.assertEqual(table(run)[0]["outcome"], outcome, level)


class Wrong(Case):
    """Every error, and where it is."""

    def test_header(self):
        good = ["product", "member"] + CODES
        row = sheet("p", "m")
        for columns, number, column, words in (
                (good[1:], 113, len(",".join(good[1:])) + 1, '"product"'),
                (good[:1] + good[2:], 113, len(",".join(good[:1] + good[2:])) + 1, '"member"'),
                (good[:-1], 113, len(",".join(good[:-1])) + 1, CODES[-1]),
                (good + ["more"], 114, len(",".join(good)) + 2, '"more"'),
                (good + ["Product"], 114, len(",".join(good)) + 2, '"Product"'),
                (good + ["member"], 115, len(",".join(good)) + 2, '"member"'),
                (good + [CODES[3]], 115, len(",".join(good)) + 2, CODES[3]),
                (good + [""], 114, len(",".join(good)) + 2, '""')):
            run = self.one_problem(text([row], columns), number, 1, column, words)
            self.assertEqual(run.out, "")
        run = self.one_problem(text([row], good), 113, 1, len(",".join(good)) + 1, "province",
                               ("--by", "province"))

    def test_all_problems_of_a_header_at_once(self):
        run = self.clean(rank(b"product,x,product," + ",".join(CODES[2:]).encode() + b"\n"), 1)
        self.assertEqual([n for n, _, _ in found(run)], [114, 115, 113, 113, 113])

    def test_no_csv_of_ours(self):
        good = text([sheet("p", "m")]).decode()
        for given, words in ((b"", "empty"), (b"\n", "empty"), (b"\xef\xbb\xbf", "empty"),
                             (good.replace(",", ";").encode(), "semicolons"),
                             (good.replace(",", "\t").encode(), "tabs"),
                             (good.encode("utf-16"), "UTF-16"),
                             (b"product,member,\xff\n", "UTF-8"),
                             (b'product,"member\nA1.1"\n', "quotes"),
                             (b"product,mem\0ber\n", "UTF-8")):
            run = self.clean(rank(given), 1)
            self.assertEqual([(n, r) for n, r, _ in found(run)], [(102, 1)], run.err)
            self.assertIn(words, run.err)
            self.assertEqual(run.out, "")
        self.one_problem(b"a" * (1 << 20) + b"aa\n", 104, 1, (1 << 20) + 1)

    def test_cells(self):
        story = next(c["code"] for _, c in criteria(CARD) if c["id"] == "product_story")
        depends = next(c["code"] for _, c in criteria(CARD) if c.get("applies_if"))
        none = next(n for n in range(1, 9) if points(story, n) == 0)
        at = lambda code, changes={}: 1 + len(",".join(
            ["p", "m"] + [str({**BEST, **changes}[c]) for c in CODES[:CODES.index(code)]] + [""]))
        for code, value, number, words in (
                (CODES[0], "", 306, "does not answer"), (CODES[4], "9", 307, "no option 9"),
                (CODES[4], "10", 307, "no option 10"), (CODES[4], "-1", 307, "no option -1"),
                (CODES[4], "99999999999999999999", 307, "no option 9999"),
                (CODES[4], "01", 307, "no option 01"), (CODES[4], "1+2", 106, '"1+2"'),
                (CODES[4], "x", 106, '"x"'), (CODES[4], " 1", 106, '" 1"'), (CODES[4], "1.0", 106, "1.0"),
                (CODES[-1], "1 ", 106, '"1 "'), (CODES[4], "½", 106, "½"),
                (CODES[4], "none", 106, "0 for none of them")):
            run = self.one_problem(text([sheet("ok", "m"), sheet("p", "m", {code: value})]), number, 3,
                                   at(code), words)
            self.assertIn(code, run.err)
            self.assertEqual([r["outcome"] for r in table(run)], ["ranked", "incomplete"])
        for value in ("0", "1"):
            changes = {story: none, depends: value}
            self.one_problem(text([sheet("p", "m", changes)]), 309, 2, at(depends, changes), depends)
        self.clean(rank(text([sheet("p", "m", {story: none, depends: ""})])))
        self.one_problem(text([sheet("p", "m", {depends: ""})]), 306, 2, at(depends), depends)

    def test_lists(self):
        best = {c["code"]: 1 for _, c in criteria(TOURISM)}
        story = next(c for _, c in criteria(TOURISM) if c["id"] == "product_story")
        best[story["code"]] = 1 + max(range(len(story["options"])),
                                      key=lambda n: story["options"][n]["points"])
        columns = ["product", "member"] + TOURISM_CODES
        of = lambda value: text([sheet("p", "m", {ANY[0]: value}, best=best)], columns)
        column = 1 + len("p,m," + ",".join(str(best[c]) for c in TOURISM_CODES[:TOURISM_CODES.index(
            ANY[0])]) + ",")
        same = {}
        for value in ("", "0", "1+3", "3+1", "1", "4+3+2+1"):
            same[value] = table(self.clean(rank(of(value), reg="1048-2019", set_=26)))[0]["total"]
        self.assertEqual(same[""], same["0"])
        self.assertEqual(same["1+3"], same["3+1"])
        self.assertEqual(len(set(same.values())), 4)
        for value, number in (("1+1", 308), ("5", 307), ("1+5", 307), ("0+1", 307), ("1+0", 307),
                              ("1+2+3+4+1", 320), ("1+", 106), ("+1", 106), ("1++2", 106), ("1;2", 106),
                              ("x", 106), ("1 + 2", 106)):
            run = self.one_problem(of(value), number, 2, column, reg="1048-2019", set_=26)
            self.assertEqual(table(run)[0]["outcome"], "incomplete")

    def test_every_wrong_cell_of_a_row_is_told(self):
        changes = {CODES[1]: "x", CODES[5]: "", CODES[7]: "77"}
        run = self.clean(rank(text([sheet("p", "", changes)])), 1)
        self.assertEqual([n for n, _, _ in found(run)], [302, 106, 306, 307])
        self.assertEqual([c for _, _, c in found(run)], sorted(c for _, _, c in found(run)))

    def test_two_sheets_of_one_member(self):
        rows = [sheet("p", "m1"), sheet("q", "m1"), sheet("p", "m2"), sheet("p", "m1", down(1))]
        run = self.one_problem(text(rows), 304, 5, 3, 'a second sheet of "m1" for the product "p"')
        self.assertEqual([(r["product"], r["outcome"]) for r in table(run)],
                         [("q", "ranked"), ("p", "incomplete")])

    def test_rows_that_are_no_rows(self):
        good = text([sheet("p", "m")]).decode()
        row = good.split("\n")[1]
        for bad, number in ((row + ",1", 116), (row[:-2], 116), ("p", 116), (row + ",", 116),
                            ('p,"m' + row[3:], 102), ('p,"m"m' + row[3:], 102), ('p,m"m' + row[3:], 102),
                            ("p,m\0" + row[3:], 102), ("p,m\x1b[1m" + row[3:], 102),
                            ("p,m\r" + row[3:], 102), ("p,\udcff" + row[3:], 102)):
            given = (good.replace("p,m", "q,m") + bad + "\n").encode("utf-8", "surrogateescape")
            run = self.clean(rank(given), 1)
            self.assertEqual([(n, r) for n, r, _ in found(run)], [(number, 3)], (bad, run.err))
            self.assertEqual([(r["product"], r["outcome"]) for r in table(run)],
                             [("q", "ranked"), ("p", "incomplete")], bad)

    def test_blank_rows(self):
        head, row = text([sheet("p", "m")]).decode().strip().split("\n")
        for given in (head + "\n\n" + row + "\n\n\n", head + "\r\n" + row + "\r\n\r\n", head + "\n" + row,
                      head + "\n" + "," * head.count(",") + "\n" + row + "\n"):
            self.assertEqual(len(table(self.clean(rank(given.encode())))), 1)
        run = rank((head + "\n\n\n" + row + "x\n").encode())
        self.assertEqual([r for _, r, _ in found(run)], [4])

    def test_many_problems_are_counted(self):
        rows = [sheet("p%d" % p, "m", {CODES[0]: "x"}) for p in range(1500)]
        run = self.clean(rank(text(rows)), 1)
        self.assertEqual(len(found(run)), 1000)
        self.assertIn("… and 500 more rows or products with problems", run.err)
        self.assertEqual(len(table(run)), 1500)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (os.path.join(folder, "none.csv"), folder):
                run = ocop("rank", "--regulation", REGULATION, "--set", SET, path)
                self.assertEqual(run.code, 1)
                self.assertEqual(run.out, "")
                self.assertTrue(run.err.startswith("E101 " + path))


class Usage(Case):
    def refused(self, *arguments, code=2, words=""):
        for lang in LANGUAGES:
            run = self.clean(ocop(*arguments, "--lang", lang, stdin=text([sheet("p", "m")])), code)
            self.assertEqual(run.out, "", arguments)
            self.assertTrue(run.err, arguments)
        self.assertIn(words, run.err)

    def test_columns_that_are_asked_for_are_there_without_a_product(self):
        header = "product,member," + ",".join(CODES) + "\n"
        done = rank(header.encode(), "--robust", "9", "--compare", "148-2023")
        self.assertIn(",p1,p2,p3,p4,p5,p_low,p_high,leave_one_out,flip_up,flip_down,"
                      "compare_low,compare_high,change", done.out)

    def test_wrong_usage(self):
        call = ["rank", "--regulation", REGULATION, "--set", SET, "-"]
        for more in (["--quorum", "0"], ["--quorum", "x"], ["--quorum", "2/1"], ["--quorum", "501"],
                     ["--quorum", "-1"], ["--spread", "-1"], ["--spread", "x"], ["--spread", "1001"],
                     ["--spread", "1.5"], ["--spread-comparison", "<"], ["--level", "commune"],
                     ["--assessed", "2026-02-30"], ["--assessed", "x"], ["--ties", "A,A"],
                     ["--ties", "D"], ["--ties", "a"], ["--ties", "A,B,C,A"], ["--threads", "-1"],
                     ["--threads", "x"], ["--threads", "257"], ["--top", "0"], ["--top", "-3"],
                     ["--by", ""], ["--by", "product"], ["--by", "member"], ["--by", "role"],
                     ["--by", CODES[0]], ["--members", "0"], ["--members", "501"], ["--robust", "0"],
                     ["--robust", "x"], ["--seed", "-1"], ["--seed", "x"], ["more.csv"],
                     # Nothing is clamped, read as octal, or taken from an unset variable.
                     ["--robust", "9", "--seed", "18446744073709551616"], ["--top", "010"],
                     ["--top", "0x3"], ["--threads", "02"], ["--robust", "0x10"],
                     ["--quorum", ""], ["--spread", ""], ["--assessed", ""], ["--seed", "5"],
                     ["--quorum", "5", "--members", "3"],
                     # The output has columns and keys of these names.
                     ["--by", "rank"], ["--by", "stars"], ["--by", "total"], ["--by", "p1"],
                     ["--by", "change"], ["--by", "parts"]):
            self.refused(*call, *more)
        self.refused("rank", "-", "--set", SET)
        self.refused("rank", "-", "--regulation", REGULATION)
        self.refused("rank", "--regulation", REGULATION, "--set", SET)
        self.refused(*call, "--quorum", "2/3", words="--members")

    def test_unknown_regulation_and_set(self):
        self.refused("rank", "--regulation", "27-2027", "--set", SET, "-", code=1, words="E201")
        for wrong in ("27", "0", "x", "-1", "99999", "026"):
            self.refused("rank", "--regulation", REGULATION, "--set=" + wrong, "-", code=1, words="E206")

    def test_help(self):
        run = ocop("rank", "--help")
        self.assertEqual((run.code, run.err), (0, ""))
        for option in ("--regulation", "--set", "--level", "--quorum", "--members", "--spread",
                       "--spread-comparison", "--assessed", "--ties", "--threads", "--top", "--by",
                       "--robust", "--seed", "--compare"):
            self.assertIn(option + " ", run.out)


class Robust(Case):
    def rows(self, rng, count=12):
        made = []
        for p in range(count):
            for m in range(1 + p % 6):
                changes = {}
                for code in rng.sample(CODES, 6):
                    c = next(c for _, c in criteria(CARD) if c["code"] == code)
                    if c["id"] != "product_story" and not c.get("applies_if"):
                        changes[code] = rng.randint(0, len(c["options"]))
                made.append(sheet("p%02d" % p, "m%d" % m, changes))
        return made

    def test_shares(self):
        rows = self.rows(random.Random(4))
        run = self.clean(rank(text(rows), "--robust", 400))
        self.assertEqual(run.out.split("\n")[0].split(","), COLUMNS + ROBUST)
        plain = table(rank(text(rows)))
        several = 0
        for row, other in zip(table(run), plain):
            self.assertEqual({c: row[c] for c in COLUMNS}, other)
            shares = [float(row["p%d" % s]) for s in range(1, 6)]
            self.assertAlmostEqual(sum(shares), 1, delta=0.0003)
            present = shares[int(row["stars"]) - 1]
            self.assertLessEqual(float(row["p_low"]), present + 0.00005)
            self.assertGreaterEqual(float(row["p_high"]), present - 0.00005)
            several += sum(s > 0 for s in shares) > 1
            if row["sheets"] == "1":  # one sheet drawn again is the same sheet
                self.assertEqual(present, 1)
                self.assertEqual(row["leave_one_out"], "")
            else:
                self.assertRegex(row["leave_one_out"], r"^[1-5](–[1-5])?$")
            self.assertTrue(row["flip_up"] or row["stars"] == "5")
        self.assertGreater(several, 0)

    def test_flips_are_real(self):
        """One answer less where one answer is said to be enough, and none where two are."""
        rows = [sheet("p", "m", {})]
        row = table(rank(text(rows), "--robust", 10))[0]
        self.assertEqual((row["stars"], row["flip_up"]), ("5", ""))
        lower = [int(table(rank(text([sheet("p", "m", {code: n})])))[0]["stars"]) < 5
                 for code in CODES for n in range(0, BEST[code] + 1)
                 if not next(c for _, c in criteria(CARD) if c["code"] == code).get("applies_if")
                 and next(c for _, c in criteria(CARD) if c["code"] == code)["id"] != "product_story"]
        self.assertEqual(any(lower), row["flip_down"] == "1")

    def test_seed_order_and_threads(self):
        rng = random.Random(8)
        rows = self.rows(rng)
        one = rank(text(rows), "--robust", 200, "--seed", 7).out
        self.assertEqual(rank(text(rows), "--robust", 200, "--seed", 7, "--threads", 3).out, one)
        self.assertNotEqual(rank(text(rows), "--robust", 200, "--seed", 8).out, one)
        rng.shuffle(rows)
        self.assertEqual(rank(text(rows), "--robust", 200, "--seed", 7).out, one)
        # A product has the same numbers beside other products.
        some = [r for r in rows if r["product"] in ("p05", "p11")]
        told = {r["product"]: [r[c] for c in ROBUST] for r in csv.DictReader(io.StringIO(one))}
        for row in table(rank(text(some), "--robust", 200, "--seed", 7)):
            self.assertEqual([row[c] for c in ROBUST], told[row["product"]])

    def test_products_without_a_star(self):
        rows = [sheet("bad", "m", {CODES[0]: "x"}), sheet("wide", "m1"), sheet("wide", "m2", down(2))]
        by = {r["product"]: r for r in table(rank(text(rows), "--robust", 50, "--spread", 1))}
        self.assertEqual([by["bad"][c] for c in ROBUST], [""] * len(ROBUST))
        self.assertEqual((by["wide"]["p_low"], by["wide"]["p_high"]), ("", ""))
        line = rank(text(rows), "--robust", 50, "--spread", 1, form="json").lines()
        wide = next(j for j in line if j["product"] == "wide")["robust"]
        self.assertAlmostEqual(sum(wide["shares"]) + wide["score_again"] + wide["rejected"], 1, places=3)
        self.assertIsNone(next(j for j in line if j["product"] == "bad")["robust"])
        self.assertIn("bad", rank(text(rows), "--robust", 50, form="text").out)


class Compare(Case):
    def rows(self, rng):
        return [sheet("p%02d" % p, "m%d" % m,
                      {code: rng.randint(1, BEST[code]) for code in rng.sample(CODES, p % 8)
                       if not next(c for _, c in criteria(CARD) if c["code"] == code).get("applies_if")
                       and next(c for _, c in criteria(CARD) if c["code"] == code)["id"]
                       != "product_story"})
                for p in range(40) for m in range(2)]

    def test_with_itself(self):
        """Under its own card everything is carried and every product stays."""
        given = text(self.rows(random.Random(3)) + [sheet("bad", "m", {CODES[0]: "x"})])
        for compare in (REGULATION, "%s/%d" % (REGULATION, SET)):
            for row in table(self.clean(rank(given, "--compare", compare), 1)):
                if row["product"] == "bad":
                    self.assertEqual([row[c] for c in AFTER], ["incomplete", "incomplete", "undecided"])
                else:
                    self.assertEqual([row[c] for c in AFTER], [row["stars"], row["stars"], "stays"])
        last = rank(given, "--compare", REGULATION, form="json").lines()[-1]["compare"]
        self.assertEqual([c["criterion"] for c in last["carried"]], CODES)
        self.assertEqual((last["judged_anew"], last["fallen"], last["products"]), ([], [], 41))
        self.assertEqual(last["changes"]["stays"]["products"], 40)

    def test_with_another(self):
        given = text(self.rows(random.Random(5)))
        plain = rank(given).out.split("\n")
        run = self.clean(rank(given, "--compare", "148-2023"))
        self.assertEqual([",".join(line.split(",")[:len(COLUMNS)]) for line in run.out.split("\n")], plain)
        rows = table(run)
        lines = rank(given, "--compare", "148-2023", "--threads", 2, form="json").lines()
        after = lines.pop()["compare"]
        self.assertEqual([[j["compare"][k] for k in ("low", "high", "change")] for j in lines],
                         [[r[c] for c in AFTER] for r in rows])
        cross = {}
        changes = {}
        for r in rows:
            self.assertLessEqual(r["compare_low"], r["compare_high"])
            key = (r["stars"], r["compare_low"], r["compare_high"])
            cross[key] = cross.get(key, 0) + 1
            changes[r["change"]] = changes.get(r["change"], 0) + 1
        self.assertEqual({(c["was"], c["low"], c["high"]): c["products"] for c in after["cross"]}, cross)
        self.assertEqual({k: v["products"] for k, v in after["changes"].items() if v["products"]}, changes)
        self.assertEqual(len(after["carried"]) + len(after["judged_anew"]),
                         len(list(criteria(next(c for c in regulation("148-2023")["scorecards"]
                                                if c["set"] == SET)))))
        told = rank(given, "--compare", "148-2023", form="text")
        for line in after["judged_anew"]:
            self.assertIn(line["criterion"], self.clean(told).out)
        # The list that is shown does not change what is compared.
        few = rank(given, "--compare", "148-2023", "--top", 1, form="json").lines()
        self.assertEqual(few[-1]["compare"], after)

    def test_the_other_side_must_be_there(self):
        given = text([sheet("p", "m")])
        for compare, code, words in (("27-2027", 1, "E201"), ("148-2023/27", 1, "E206"), ("", 1, "E201"),
                                     ("148-2023/", 1, "E206"), ("1048-2019", 2, "--compare")):
            run = self.clean(rank(given, "--compare", compare), code)
            self.assertIn(words, run.err)
            self.assertEqual(run.out, "")


class Hostile(Case):
    def test_threads_say_the_same_of_a_large_text(self):
        rng = random.Random(2)
        rows = [sheet("p%05d" % (k // 3), "m%d" % (k % 3), down(1) if rng.random() < 0.2 else {})
                for k in range(24000)]
        rows[20000][CODES[2]] = "x"
        rows.append(sheet("p00000", "m1"))
        given = text(rows)
        one = rank(given)
        self.assertEqual([n for n, _, _ in found(one)], [106, 304])
        for threads in (2, 5):
            run = rank(given, "--threads", threads)
            self.assertEqual((run.code, run.out, run.err), (one.code, one.out, one.err))

    def test_huge_cells(self):
        good = text([sheet("ok", "m")])
        for filler in (b"x" * (3 << 20), b'"' + b"x" * (3 << 20) + b'"', b'"' * (3 << 20), b"\0" * (2 << 20),
                       b"," * (2 << 20), b'""' * (1 << 20), b"\xff" * (2 << 20)):
            run = rank(good + b"p,m," + filler + b"\nq,m,1\n")
            self.assertEqual(run.code, 1)
            self.assertEqual([n for n, _, _ in found(run)], [104, 116], run.err[:500])
            self.assertLess(len(run.err), 2000)
            self.assertEqual(len(table(run)), 3)

    def test_random_changes(self):
        rng = random.Random(11)
        good = text([sheet("sản phẩm %d" % (k // 3), "m%d" % (k % 3), down(k % 3)) for k in range(12)],
                    end="\r\n")
        letters = b',,,"\n\r\0 0159+-xP\xc3\xa9\xff;\t'
        codes = set()
        for round_ in range(250):
            given = bytearray(good)
            for _ in range(rng.choice((1, 2, 5, 40))):
                at = rng.randrange(len(given))
                kind = rng.randrange(4)
                if kind == 0:
                    del given[at:at + rng.randint(1, 30)]
                elif kind == 1:
                    given[at:at] = given[rng.randrange(len(given)):][:rng.randint(1, 60)]
                else:
                    given[at] = rng.choice(letters)
            form = ("csv", "json", "text")[round_ % 3]
            run = rank(bytes(given), "--threads", rng.choice((1, 2)), form=form)
            self.assertIn(run.code, (0, 1), run.err)
            self.assertEqual(run.code == 1, run.err != "", run.err)
            self.assertNotRegex(run.out + run.err, "[\x00-\x09\x0b-\x1f\x7f]")
            codes.add(run.code)
        self.assertEqual(codes, {0, 1})


if __name__ == "__main__":
    tool.main()[1]()
