#!/usr/bin/env python3
"""`ocop unit` from outside: codes and names, editions, successors and predecessors, what is wrong.

    test_unit.py [--tool PATH/ocop] [arguments of unittest]
"""
import csv
import os
import random
import unicodedata
import unittest

import tool
from tool import LANGUAGES, SOURCE, ocop

EDITIONS = ["2023-01", "2025-03", "2025-07", "2026-04"]
OLD, NEW = EDITIONS[:2], EDITIONS[2:]
LEVELS = {2: "province", 3: "district", 5: "commune"}


def units():
    """{edition: {code: (name, parent)}}"""
    all_units = {e: {} for e in EDITIONS}
    with open(os.path.join(SOURCE, "data", "units", "units.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for digit in row["editions"]:
                all_units[EDITIONS[int(digit) - 1]][row["code"]] = (row["name"], row["parent"])
    return all_units


def succession():
    with open(os.path.join(SOURCE, "data", "units", "succession.csv"), newline="") as file:
        return {row["old_code"]: row["new_code"] for row in csv.DictReader(file)}


UNITS = units()
SUCCESSION = succession()
PREDECESSORS = {}
for old, new in SUCCESSION.items():
    PREDECESSORS.setdefault(new, []).append(old)


def plain(text):
    """Without accents, written here from Unicode's tables."""
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in marks if not unicodedata.combining(c))


def parents(edition, code):
    found = []
    above = UNITS[edition][code][1]
    while above:
        found.append({"level": LEVELS[len(above)], "code": above, "name": UNITS[edition][above][0]})
        above = UNITS[edition][above][1]
    return found


def find(*arguments):
    run = ocop("unit", *arguments)
    assert run.code == 0 and run.err == "", (arguments, run.code, run.err)
    return run.lines()


class Codes(unittest.TestCase):
    def check(self, code):
        editions = [e for e in EDITIONS if code in UNITS[e]]
        lines = find(code)
        self.assertEqual([m["edition"] for m in lines], editions, code)
        for line in lines:
            edition = line["edition"]
            self.assertEqual(line["code"], code)
            self.assertEqual(line["level"], LEVELS[len(code)])
            self.assertEqual(line["name"], UNITS[edition][code][0])
            self.assertEqual(line["parents"], parents(edition, code))
            if edition in OLD:
                self.assertNotIn("predecessors", line)
                self.check_successor(code, line)
            else:
                self.assertNotIn("successor", line)
                if len(code) == 5:
                    self.assertEqual([p["code"] for p in line["predecessors"]],
                                     sorted(PREDECESSORS.get(code, [])))
                for p in line["predecessors"]:
                    self.assertEqual(p["name"], UNITS[p["edition"]][p["code"]][0])

    def check_successor(self, code, line):
        new = SUCCESSION.get(code) if len(code) == 5 and code in UNITS["2025-03"] else None
        if len(code) == 5:
            self.assertEqual(line["successor"] and line["successor"]["code"], new)
        if len(code) == 3:
            self.assertIsNone(line["successor"])
        self.assertTrue(line["successor_reason"])
        if line["successor"]:
            to = line["successor"]
            self.assertEqual(to["edition"], "2026-04")
            self.assertEqual(to["name"], UNITS["2026-04"][to["code"]][0])
            self.assertEqual(to["parents"], parents("2026-04", to["code"]))
            self.assertEqual(line["renamed"], to["name"] != line["name"])
        self.assertEqual(line["province_today"]["name"],
                         UNITS["2026-04"][line["province_today"]["code"]][0])

    def test_provinces(self):
        for code in sorted(c for c in UNITS["2023-01"] if len(c) == 2):
            self.check(code)

    def test_some_of_each_level(self):
        draw = random.Random(1048)
        known = sorted({c for e in EDITIONS for c in UNITS[e] if len(c) > 2})
        for code in draw.sample(known, 60) + ["28780", "03408", "03983", "00010", "19742", "829", "221"]:
            self.check(code)

    def test_codes_with_another_meaning(self):
        for code, before, after in [("15", "Tỉnh Yên Bái", "Tỉnh Lào Cai"),
                                    ("24", "Tỉnh Bắc Giang", "Tỉnh Bắc Ninh"),
                                    ("44", "Tỉnh Quảng Bình", "Tỉnh Quảng Trị"),
                                    ("52", "Tỉnh Bình Định", "Tỉnh Gia Lai"),
                                    ("80", "Tỉnh Long An", "Tỉnh Tây Ninh"),
                                    ("82", "Tỉnh Tiền Giang", "Tỉnh Đồng Tháp"),
                                    ("91", "Tỉnh Kiên Giang", "Tỉnh An Giang"),
                                    ("03408", "Phường Đông Phong", "Phường Tân Phong"),
                                    ("03508", "Xã Ma Quai", "Xã Hồng Thu")]:
            self.assertEqual([m["name"] for m in find(code)], [before, before, after, after])
            for edition, name in zip(EDITIONS, [before, before, after, after]):
                (only,) = find(code, "--edition", edition)
                self.assertEqual((only["edition"], only["name"]), (edition, name))

    def test_ben_tre(self):
        (line,) = find("28780", "--edition", "2023-01")
        self.assertEqual(line["name"], "Phường 7")
        self.assertEqual([p["name"] for p in line["parents"]], ["Thành phố Bến Tre", "Tỉnh Bến Tre"])
        self.assertEqual([p["code"] for p in line["parents"]], ["829", "83"])
        self.assertEqual(line["successor"]["code"], "28789")
        self.assertEqual(line["successor"]["name"], "Phường Bến Tre")
        self.assertEqual(line["successor"]["parents"],
                         [{"level": "province", "code": "86", "name": "Tỉnh Vĩnh Long"}])
        (now,) = find("28789", "--edition", "2025-07")
        self.assertIn({"edition": "2025-03", "level": "commune", "code": "28780", "name": "Phường 7"},
                      now["predecessors"])

    def test_successors_that_are_not_known(self):
        gone = find("00010")
        self.assertEqual([(m["successor"], m["successor_how"]) for m in gone], [(None, "gone")])
        self.assertEqual(gone[0]["province_today"]["code"], "01")
        district = find("105", "--edition", "2025-03")[0]
        self.assertEqual(district["successor_how"], "no_districts")
        self.assertEqual([u["code"] for u in district["communes_today"]], ["03388", "03408"])
        for line in find("19742"):
            self.assertEqual(line["predecessors"], [])


class Names(unittest.TestCase):
    def test_any_unit_by_its_name(self):
        draw = random.Random(26)
        for edition in EDITIONS:
            for code in draw.sample(sorted(UNITS[edition]), 6):
                name = UNITS[edition][code][0]
                path = ", ".join([name] + [p["name"] for p in parents(edition, code)])
                for text in (name, name.upper(), plain(name), unicodedata.normalize("NFD", name), path,
                             plain(path).lower()):
                    codes = [m["code"] for m in find(text, "--edition", edition)]
                    self.assertIn(code, codes, text)

    def test_words_need_no_quotes(self):
        self.assertEqual(find("Phường", "7,", "TP", "Bến", "Tre"), find("Phường 7, TP Bến Tre"))

    def test_ways_to_write_one(self):
        wanted = [("2023-01", "28780"), ("2025-03", "28780")]
        for text in ("Phường 7, TP Bến Tre, Bến Tre", "P.7 - TP. Ben Tre", "phuong 07, tp ben tre",
                     "28780, 829", "P7, T.P Bến Tre"):
            self.assertEqual([(m["edition"], m["code"]) for m in find(text)], wanted, text)
        for text in ("TP.HCM", "TPHCM", "Hồ Chí Minh", "thanh pho ho chi minh"):
            self.assertEqual([m["code"] for m in find(text)], ["79"] * 4, text)
        self.assertEqual([m["match"] for m in find("Thanh Hoá") if m["level"] == "province"],
                         ["exact", "spelling", "spelling", "spelling"])

    def test_thanh_pho_hue_of_two_levels(self):
        self.assertEqual([(m["edition"], m["level"]) for m in find("TP Huế")],
                         [("2023-01", "district"), ("2025-03", "province"), ("2025-07", "province"),
                          ("2026-04", "province")])


class Forms(unittest.TestCase):
    def test_json_is_the_form_unless_text_is_asked_for(self):
        for lang in LANGUAGES:
            self.assertEqual(ocop("unit", "03388", "--lang", lang).out,
                             ocop("--format", "json", "unit", "03388", "--lang", lang).out)
            text = ocop("unit", "03388", "--format", "text", "--lang", lang)
            self.assertEqual(text.code, 0)
            self.assertIn("Phường Đoàn Kết (03388), Tỉnh Lai Châu (12)", text.out)
            self.assertIn("Xã Sùng Phài (03403)", text.out)
            self.assertNotIn("{", text.out)
        self.assertNotEqual(ocop("unit", "00010", "--lang", "vi").lines()[0]["successor_reason"],
                            ocop("unit", "00010", "--lang", "en").lines()[0]["successor_reason"])

    def test_wrong_usage(self):
        for arguments in (["unit"], ["unit", ""], ["unit", "Huế", "--edition", "2024-01"],
                          ["unit", "Huế", "--edition", ""], ["unit", "Huế", "--format", "csv"],
                          ["unit", "Huế", "--nope"]):
            run = ocop(*arguments)
            self.assertEqual(run.code, 2, arguments)
            self.assertEqual(run.out, "")
            self.assertTrue(run.err)

    def test_nothing_found(self):
        for text in ("7", "1", "0001", "999", "99999", "123456", "Phường Không Có", "Xã 7, TP Bến Tre",
                     "Phường 7, Lai Châu", "xã", "-.-", "x" * 3000, "((((", ",,,,", b"\xff\xfe".decode(
                         "utf-8", "surrogateescape")):
            for lang in LANGUAGES:
                run = ocop("unit", "--lang", lang, "--", text)
                self.assertEqual(run.code, 1, text)
                self.assertEqual(run.out, "")
                (line,) = run.err.split("\n")[:-1]
                self.assertTrue(line.startswith("E501 "), line)
                if text.isascii():
                    self.assertIn(text[:50], line)

    def test_problems_help(self):
        self.assertIn("Phường Phan Thiết", ocop("unit", "phường Phan Thieet").err)
        self.assertIn("2023-01, 2025-03", ocop("unit", "28780", "--edition", "2026-04").err)
        self.assertIn("2023-01, 2025-03", ocop("unit", "TP Bến Tre", "--edition", "2026-04").err)
        self.assertIn("Tỉnh Lai Châu", ocop("unit", "Phường Đông Phong, Sơn La").err)


if __name__ == "__main__":
    _, run_tests = tool.main()
    run_tests()
