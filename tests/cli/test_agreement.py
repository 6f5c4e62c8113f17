#!/usr/bin/env python3
"""`ocop agreement` from outside; the example's numbers are computed here a second time, from the
definitions, in plain Python.

    test_agreement.py [--tool PATH/ocop] [arguments of unittest]
"""
import csv
import io
import itertools
import json
import math
import os
import random
import re
import statistics
import tempfile
import unittest
from fractions import Fraction

import tool
from tool import LANGUAGES, SOURCE, criteria, ocop, regulation, width

FIRST = "examples/sheets/council-of-seven.csv"
SECOND = "examples/sheets/province-round.csv"
CARD = ("--regulation", "26-2026", "--set", "3")
COLUMNS = ["part", "council", "product", "member", "criterion", "statistic", "value", "low", "high",
           "n", "why"]
RATIO = 1.01e-6 / 2  # of numbers printed with six decimals
POINTS = 1.01e-4 / 2  # with four


def agreement(*arguments, **more):
    return ocop("agreement", *CARD, *arguments, **more)


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def card():
    for one in regulation("26-2026")["scorecards"]:
        if one["set"] == 3:
            return {c["code"]: c for _, c in criteria(one)}


CRITERIA = card()


def points(row, code):
    """Points of a sheet at a criterion; None where it is left out."""
    if row[code] == "":
        return None
    return 0 if row[code] == "0" else CRITERIA[code]["options"][int(row[code]) - 1]["points"]


def total(row):
    return sum(points(row, code) or 0 for code in CRITERIA)


def ratings(rows, value):
    """{product: {member: value}} without what is left out."""
    table = {}
    for row in rows:
        got = value(row)
        if got is not None:
            table.setdefault(row["product"], {})[row["member"]] = got
    return table


# Statistics from their definitions, exact as far as they go.

def alpha(table, ordinal):
    """Krippendorff 2011, by coincidences of pairs."""
    units = [list(unit.values()) for unit in table.values() if len(unit) > 1]
    values = sorted({v for unit in units for v in unit})
    count = {v: sum(unit.count(v) for unit in units) for v in values}
    n = sum(count.values())

    def apart(a, b):
        if not ordinal:
            return Fraction(a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(count[v] for v in values if low <= v <= high)
        return (between - Fraction(count[a] + count[b], 2)) ** 2 if a != b else Fraction(0)

    observed = sum(Fraction(sum(apart(a, b) for a in unit for b in unit), len(unit) - 1)
                   for unit in units) / n
    expected = sum(count[a] * count[b] * apart(a, b) for a in values for b in values) / Fraction(
        n * (n - 1))
    return None if expected == 0 else 1 - observed / expected


def beta_share(a, b, x):
    """The regularised incomplete beta function, by Lentz's continued fraction."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x)
                     + b * math.log(1 - x)) / a
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    f = d
    for m in range(1, 200):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 / (1 + step * d or tiny)
            c = 1 + step / c or tiny
            f *= c * d
    return front * f


def quantile(share, chance):
    low, high = 0.0, 1e6
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) < chance else (low, middle)
    return low


def f_quantile(chance, a, b):
    return quantile(lambda x: beta_share(a / 2, b / 2, a * x / (a * x + b)), chance)


def t_quantile(chance, n):
    return quantile(lambda t: 1 - beta_share(n / 2, 0.5, n / (n + t * t)) / 2, chance)


def icc(table):
    """Shrout and Fleiss 1979: (ICC(2,1), low, high), (ICC(2,k), low, high), products."""
    members = sorted({m for unit in table.values() for m in unit})
    units = [[unit[m] for m in members] for unit in table.values() if len(unit) == len(members)]
    n, k = len(units), len(members)
    if n < 2 or k < 2:
        return None, None, n
    grand = Fraction(sum(map(sum, units)), n * k)
    rows = [Fraction(sum(unit), k) for unit in units]
    columns = [Fraction(sum(unit[j] for unit in units), n) for j in range(k)]
    b = k * sum((r - grand) ** 2 for r in rows) / (n - 1)
    j = n * sum((c - grand) ** 2 for c in columns) / (k - 1)
    e = sum((units[i][c] - rows[i] - columns[c] + grand) ** 2
            for i in range(n) for c in range(k)) / ((n - 1) * (k - 1))
    if b == j == e == 0:
        return None, None, n
    one = (b - e) / (b + (k - 1) * e + Fraction(k) * (j - e) / n)
    if e == 0:
        mean = k * one / (1 + (k - 1) * one)
        return (one, one, one), (mean, mean, mean), n
    b, j, e, r = float(b), float(j), float(e), float(one)
    f = j / e
    other = n * (1 + (k - 1) * r) - k * r
    if abs(k * r * f + other) < 1e-9:  # no degrees of freedom, no interval
        average = k * one / (1 + (k - 1) * one) if 1 + (k - 1) * one > 0 else None
        return (one, None, None), average and (average, None, None), n
    v = (k - 1) * (n - 1) * (k * r * f + other) ** 2 / (
        (n - 1) * k * k * r * r * f * f + other ** 2)
    upper, lower = f_quantile(0.975, n - 1, v), f_quantile(0.975, v, n - 1)
    low = n * (b - upper * e) / (upper * (k * j + (k * n - k - n) * e) + n * b)
    high = n * (lower * b - e) / (k * j + (k * n - k - n) * e + n * lower * b)
    # Spearman and Brown's step-up; without end where the divisor is not above 0.
    mean, *spread = (k * x / (1 + (k - 1) * x) if 1 + (k - 1) * x > 0 else None
                     for x in (one, low, high))
    return (one, low, high), mean is not None and (mean, *spread) or None, n


def solve(matrix, right):
    """The solution and the logarithm of the determinant, by Gauss with pivots."""
    size = len(matrix)
    rows = [list(row) + [y] for row, y in zip(matrix, right)]
    log_det = 0.0
    for i in range(size):
        best = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        log_det += math.log(abs(rows[i][i]))
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, size + 1):
                rows[r][c] -= factor * rows[i][c]
    x = [0.0] * size
    for i in reversed(range(size)):
        x[i] = (rows[i][size] - sum(rows[i][c] * x[c] for c in range(i + 1, size))) / rows[i][i]
    return x, log_det


def mixed_model(table, product_sd, member_sd, noise_sd):
    """Henderson's equations of rating = mean + product + member + noise: effects and deviance."""
    products = sorted(table)
    members = sorted({m for unit in table.values() for m in unit})
    size = 1 + len(products) + len(members)
    matrix = [[0.0] * size for _ in range(size)]
    right = [0.0] * size
    n, squares = 0, 0.0
    for i, product in enumerate(products):
        for member, value in table[product].items():
            places = (0, 1 + i, 1 + len(products) + members.index(member))
            for a in places:
                right[a] += value / noise_sd ** 2
                for b in places:
                    matrix[a][b] += 1 / noise_sd ** 2
            n += 1
            squares += value * value / noise_sd ** 2
    for i in range(len(products)):
        matrix[1 + i][1 + i] += 1 / product_sd ** 2
    for i in range(len(members)):
        at = 1 + len(products) + i
        matrix[at][at] += 1 / member_sd ** 2
    effects, _ = solve(matrix, right)
    _, log_det = solve([row[1:] for row in matrix[1:]], right[1:])
    log_det += 2 * (n * math.log(noise_sd) + len(products) * math.log(product_sd)
                    + len(members) * math.log(member_sd))
    deviance = log_det + squares - sum(e * y for e, y in zip(effects, right))
    return dict(zip(members, effects[1 + len(products):])), deviance


def sign_p(differences):
    up = sum(d > 0 for d in differences)
    n = sum(d != 0 for d in differences)
    tail = sum(math.comb(n, i) for i in range(min(up, n - up) + 1))
    return min(1.0, 2 * tail / 2 ** n)


def wilcoxon_p(differences):
    """Over all signs of the ranks, one by one."""
    sizes = sorted(abs(d) for d in differences if d != 0)
    ranks = [2 * sizes.index(abs(d)) + sizes.count(abs(d)) + 1 for d in differences if d != 0]
    ups = sum(r for r, d in zip(ranks, (d for d in differences if d != 0)) if d > 0)
    sums = {0: 1}
    for r in ranks:
        more = dict(sums)
        for s, ways in sums.items():
            more[s + r] = more.get(s + r, 0) + ways
        sums = more
    all_ways = 2 ** len(ranks)
    below = sum(w for s, w in sums.items() if s <= ups)
    above = sum(w for s, w in sums.items() if s >= ups)
    return min(1.0, 2 * min(below, above) / all_ways)


def council_means(rows, value):
    """By law: what is left out counts 0."""
    table = {}
    for row in rows:
        table.setdefault(row["product"], []).append(value(row) or 0)
    return {product: Fraction(sum(got), len(got)) for product, got in table.items()}


class Case(unittest.TestCase):
    def close(self, told, wanted, step, what=None):
        if wanted is None:
            self.assertIsNone(told["value"], what)
            self.assertIn("why", told, what)
        else:
            self.assertIsNotNone(told["value"], what)
            self.assertAlmostEqual(told["value"], float(wanted), delta=step, msg=what)

    def write(self, rows, names=None):
        """A file of sheets that goes when the test ends."""
        file = tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="",
                                           delete=False)
        self.addCleanup(os.unlink, file.name)
        with file:
            writer = csv.DictWriter(file, names or list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return file.name

    def json(self, *arguments, code=0, **more):
        run = agreement(*arguments, "--format", "json", **more)
        self.assertEqual(run.code, code, run.err)
        lines = run.lines()
        self.assertEqual(len(lines), 1)
        return lines[0]

    def rows(self, *arguments, code=0, **more):
        run = agreement(*arguments, "--format", "csv", **more)
        self.assertEqual(run.code, code, run.err)
        reader = csv.DictReader(io.StringIO(run.out, newline=""))
        self.assertEqual(reader.fieldnames, COLUMNS)
        return list(reader)


class Numbers(Case):
    """The example against the definitions."""

    @classmethod
    def setUpClass(cls):
        cls.sheets = read(FIRST)
        cls.others = read(SECOND)
        run = agreement("--format", "json", "--facets", "--against", SECOND, FIRST)
        cls.told = run.lines()[0]
        cls.totals = ratings(cls.sheets, total)

    def measures(self, told, rows, what):
        self.assertEqual([one["criterion"] for one in told], ["total", *CRITERIA])
        for one in told:
            code = one["criterion"]
            table = ratings(rows, total if code == "total" else lambda row: points(row, code))
            name = "%s %s" % (what, code)
            self.close(one["alpha_ordinal"], alpha(table, True), RATIO, name)
            self.close(one["alpha_interval"], alpha(table, False), RATIO, name)
            self.assertEqual(one["ratings"],
                             sum(len(unit) for unit in table.values() if len(unit) > 1), name)
            single, average, products = icc(table)
            self.assertEqual(one["icc_single"]["n"], products, name)
            for told_one, wanted in ((one["icc_single"], single), (one["icc_average"], average)):
                self.close(told_one, wanted and wanted[0], RATIO, name)
                for bound, at in (("low", wanted and wanted[1]), ("high", wanted and wanted[2])):
                    if at is None:
                        self.assertIsNone(told_one.get(bound), name)
                    else:
                        self.assertAlmostEqual(told_one[bound], float(at), msg=name,
                                               delta=2 * RATIO * max(1, abs(at)))

    def test_agreement(self):
        self.measures(self.told["agreement"], self.sheets, "all")

    def test_councils(self):
        groups = {}
        for product, unit in self.totals.items():
            groups.setdefault(tuple(sorted(unit)), []).append(product)
        wanted = sorted((sorted(products, key=str.encode), members)
                        for members, products in groups.items() if len(products) > 1)
        told = self.told["councils"]
        self.assertEqual(sorted((one["products"], tuple(one["members"])) for one in told), wanted)
        self.assertGreaterEqual(len(told), 3)
        sizes = [len(one["products"]) for one in told]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        for one in told:
            rows = [row for row in self.sheets if row["product"] in one["products"]]
            self.measures(one["agreement"], rows, "council")

    def test_model(self):
        """The effects solve Henderson's equations, and no deviance near by is lower."""
        model = {name: self.told["model"][name]["value"]
                 for name in ("product_sd", "member_sd", "noise_sd")}
        effects, deviance = mixed_model(self.totals, **model)
        for member in self.told["members"]:
            self.close(member["severity"], -effects[member["member"]], 5e-4, member["member"])
        for name, factor in itertools.product(model, (0.97, 1.03)):
            moved = dict(model, **{name: model[name] * factor})
            self.assertGreater(mixed_model(self.totals, **moved)[1], deviance, name)

    def test_members_and_products(self):
        severity = {m["member"]: m["severity"]["value"] for m in self.told["members"]}
        sheets = {m: sum(m in unit for unit in self.totals.values()) for m in severity}
        self.assertEqual({m["member"]: m["sheets"] for m in self.told["members"]}, sheets)
        self.assertEqual(max(severity, key=severity.get), "m4")
        usual = sum(severity[m] * sheets[m] for m in severity) / sum(sheets.values())
        added = {m: severity[m] - usual for m in severity}
        for member in self.told["members"]:
            name = member["member"]
            self.assertEqual(member["state"], "applied")
            self.close(member["correction"], added[name], 2e-4, name)
            self.assertLess(member["severity"]["low"], member["severity"]["value"])
            changes = {}
            for product, unit in self.totals.items():
                if name in unit and len(unit) > 1:
                    rest = [v for m, v in unit.items() if m != name]
                    changes[product] = (Fraction(sum(rest), len(rest))
                                        - Fraction(sum(unit.values()), len(unit)))
            self.close(member["mean_change_without"],
                       sum(changes.values()) / len(changes), POINTS, name)
            largest = max(changes.values(), key=abs)
            self.close(member["largest_change_without"], largest, POINTS, name)
            self.assertEqual(abs(changes[member["largest_change_product"]]), abs(largest))
        self.assertEqual([p["product"] for p in self.told["products"]],
                         sorted(self.totals, key=str.encode))
        for product in self.told["products"]:
            unit = self.totals[product["product"]]
            raw = sum(unit.values()) / len(unit)
            self.assertAlmostEqual(product["raw_mean"], raw, delta=POINTS)
            self.assertAlmostEqual(product["fair_mean"],
                                   raw + sum(added[m] for m in unit) / len(unit), delta=2e-4)
        # The example's point: 70.00 without the harsh member, and below 70 once that counts.
        edge = next(p for p in self.told["products"] if p["product"] == "Miến dong")
        self.assertEqual(edge["raw_mean"], 70)
        self.assertLess(edge["fair_mean"], 70)

    def test_outlying_totals(self):
        differences = {}
        for product, unit in self.totals.items():
            for member, value in unit.items():
                others = statistics.median(v for m, v in unit.items() if m != member)
                differences[product, member] = value - others
        centre = statistics.median(differences.values())
        scale = max(1.0, 1.4826 * statistics.median(abs(d - centre) for d in differences.values()))
        wanted = {key: (d - centre) / scale for key, d in differences.items()
                  if abs(d - centre) / scale > 3.5}
        told = {(one["product"], one["member"]): one for one in self.told["outliers"]
                if one["reason"] == "far_from_colleagues"}
        self.assertEqual(set(told), set(wanted))
        self.assertIn(("Gạo nếp nương", "m6"), told)
        for key, one in told.items():
            self.assertAlmostEqual(one["deviation"], wanted[key], delta=POINTS)
            self.assertEqual(one["value"], self.totals[key[0]][key[1]])

    def test_straight_line(self):
        lines = [(row["product"], row["member"]) for row in self.sheets
                 if len({row[code] for code in CRITERIA if row[code]}) == 1]
        told = [(one["product"], one["member"]) for one in self.told["outliers"]
                if one["reason"] == "straight_line"]
        self.assertEqual(told, lines)
        self.assertEqual(lines, [("Gạo nếp nương", "m6")])

    def test_alone(self):
        """Points, not levels, are told of somebody alone at the other end."""
        product = next(p for p, unit in self.totals.items() if len(unit) == 7)
        changed = []
        for row in self.sheets:
            level = "1" if row["member"] == "m3" else "4"
            changed.append(dict(row, **{"B4.1": level}) if row["product"] == product else row)
        told = self.json(self.write(changed))
        found = [one for one in told["outliers"] if one["reason"] == "alone_at_other_end"
                 and one["product"] == product and one["criterion"] == "B4.1"]
        scale = [option["points"] for option in CRITERIA["B4.1"]["options"]]
        self.assertEqual(len(found), 1)
        self.assertEqual((found[0]["member"], found[0]["value"], found[0]["expected"]),
                         ("m3", scale[0], scale[3]))

    def test_drift(self):
        drift = self.told["drift"]
        first, second = (council_means(rows, total) for rows in (self.sheets, self.others))
        both = sorted(set(first) & set(second), key=str.encode)
        self.assertGreater(len(both), 8)
        self.assertEqual([p["product"] for p in drift["products"]], both)
        self.assertEqual((drift["only_first"], drift["only_second"]),
                         (len(first) - len(both), len(second) - len(both)))
        for one in drift["measures"]:
            code = one["criterion"]
            value = total if code == "total" else lambda row: points(row, code)
            first, second = (council_means(rows, value) for rows in (self.sheets, self.others))
            d = [second[p] - first[p] for p in both]
            n = len(d)
            mean = sum(d) / n
            sd = math.sqrt(sum((x - mean) ** 2 for x in d) / (n - 1))
            t = t_quantile(0.975, n - 1)
            self.close(one["first_mean"], sum(first[p] for p in both) / n, POINTS, code)
            self.close(one["second_mean"], sum(second[p] for p in both) / n, POINTS, code)
            self.close(one["difference"], mean, POINTS, code)
            self.assertAlmostEqual(one["difference"]["low"], mean - t * sd / math.sqrt(n),
                                   delta=POINTS, msg=code)
            self.assertAlmostEqual(one["difference"]["high"], mean + t * sd / math.sqrt(n),
                                   delta=POINTS, msg=code)
            self.close(one["lower_limit"], mean - 1.96 * sd, POINTS, code)
            self.close(one["upper_limit"], mean + 1.96 * sd, POINTS, code)
            self.assertAlmostEqual(one["upper_limit"]["high"],
                                   mean + 1.96 * sd + t * sd * math.sqrt(3 / n), delta=POINTS)
            self.assertEqual(one["rises"]["value"], sum(x > 0 for x in d), code)
            self.assertEqual(one["falls"]["value"], sum(x < 0 for x in d), code)
            self.close(one["sign_p"], sign_p(d), RATIO, code)
            self.close(one["wilcoxon_p"], wilcoxon_p(d), RATIO, code)
            table = {p: {"first": first[p], "second": second[p]} for p in both}
            single, _, _ = icc(table)
            self.close(one["icc_single"], single and single[0], RATIO, code)

    def test_facets(self):
        facets = self.told["facets"]
        self.assertTrue(facets["estimated"] and facets["converged"])
        self.assertEqual([c["criterion"] for c in facets["criteria"]], list(CRITERIA))
        for one in facets["criteria"]:
            got = [p for p in (points(row, one["criterion"]) for row in self.sheets)
                   if p is not None]
            self.assertEqual(one["mean"]["n"], len(got))
            self.close(one["mean"], Fraction(sum(got), len(got)), POINTS, one["criterion"])
        measures = {m["member"]: m["measure"]["value"] for m in facets["members"]}
        self.assertEqual(max(measures, key=measures.get), "m4")
        self.assertAlmostEqual(sum(measures.values()), 0, delta=1e-3)
        fits = {m["member"]: m["outfit"]["value"] for m in facets["members"]}
        self.assertEqual(max(fits, key=fits.get), "m6")
        # Products of one council: a higher rank total, a higher measure.
        self.assertEqual(len(facets["products"]), len(self.totals))


class Forms(Case):
    def test_csv_and_json_tell_the_same(self):
        arguments = ("--facets", "--against", SECOND, FIRST)
        told = self.json(*arguments)
        rows = {tuple(row[c] for c in COLUMNS[:6]): row for row in self.rows(*arguments)}

        def same(key, figure):
            row = rows[key]
            for name in ("value", "low", "high"):
                wanted = figure.get(name)
                self.assertEqual(row[name] and float(row[name]), "" if wanted is None else wanted,
                                 key)
            self.assertEqual(row["n"], str(figure.get("n", "")), key)
            self.assertEqual(row["why"], figure.get("why", ""), key)

        checked = 0
        for part, council, lists in [("all", "", told["agreement"])] + [
                ("council", str(i + 1), one["agreement"])
                for i, one in enumerate(told["councils"])]:
            for one in lists:
                for name in ("alpha_ordinal", "alpha_interval", "icc_single", "icc_average"):
                    same((part, council, "", "", one["criterion"], name), one[name])
                    checked += 1
        for one in told["members"]:
            for name in ("severity", "noise_sd", "correction", "mean_change_without"):
                same(("member", "", "", one["member"], "total", name), one[name])
        for one in told["drift"]["measures"]:
            for name, figure in one.items():
                if isinstance(figure, dict):
                    same(("drift", "", "", "", one["criterion"], name), figure)
        for kind, column in (("products", 2), ("members", 3), ("criteria", 4)):
            for one in told["facets"][kind]:
                key = ["facet", "", "", "", "", "measure"]
                key[column] = one[{"products": "product", "members": "member",
                                   "criteria": "criterion"}[kind]]
                same(tuple(key), one["measure"])
        for one in told["products"]:
            row = rows["product", "", one["product"], "", "total", "fair_mean"]
            self.assertEqual(float(row["value"]), one["fair_mean"])
        self.assertGreater(checked, 400)

    def test_numbers_are_plain(self):
        run = agreement("--facets", "--against", SECOND, "--format", "csv", FIRST)
        for row in csv.DictReader(io.StringIO(run.out, newline="")):
            for name in ("value", "low", "high"):
                self.assertRegex(row[name], r"\A(-?\d+(\.\d{4}|\.\d{6})?)?\Z")
                self.assertNotRegex(row[name], r"\A-0(\.0*)?\Z")
            if row["value"] == "":
                self.assertNotEqual(row["why"], "", row)
                self.assertEqual((row["low"], row["high"]), ("", ""), row)

    def test_text(self):
        numbers = {}
        for language in LANGUAGES:
            run = agreement("--facets", "--against", SECOND, "--lang", language, FIRST)
            self.assertEqual(run.code, 0, run.err)
            self.assertNotRegex(run.out, r"-0\.0+(?!\d)")
            self.assertNotIn("nan", run.out)
            for line in run.out.split("\n"):
                self.assertLessEqual(width(line), 100, line)
                self.assertEqual(line, line.rstrip())
            tables = [line for line in run.out.split("\n") if re.search(r"  -?\d+\.\d\d ", line)]
            numbers[language] = [re.findall(r"[-+]?\d+\.\d+", line) for line in tables]
            for word in ("A1.1", "C12", "m4", "Miến dong", "69.57"):
                self.assertIn(word, run.out)
            law = {"vi": "số sao tính từ điểm gốc", "en": "stars follow from the raw mean"}
            self.assertIn(law[language], " ".join(run.out.split()))
        self.assertEqual(numbers["vi"], numbers["en"])
        self.assertGreater(len(numbers["vi"]), 100)

    def test_language_changes_words_only(self):
        one, other = (agreement("--format", "csv", "--lang", lang, FIRST).out for lang in LANGUAGES)
        self.assertEqual(one, other)
        one, other = (self.json("--lang", lang, FIRST) for lang in LANGUAGES)
        self.assertNotEqual(one, other)
        for told in (one, other):
            for entry in told["members"]:
                del entry["state_text"]
            for entry in told["outliers"]:
                del entry["reason_text"]
        self.assertEqual(one, other)

    def test_threads_and_row_order_change_nothing(self):
        arguments = ("--facets", "--against", SECOND, "--format", "csv")
        wanted = agreement(*arguments, FIRST).out
        for threads in (2, 5, 0):
            self.assertEqual(agreement(*arguments, "--threads", threads, FIRST).out, wanted)
        rows = read(FIRST)
        random.Random(4).shuffle(rows)
        self.assertEqual(agreement(*arguments, self.write(rows)).out, wanted)

    def test_standard_input(self):
        with open(os.path.join(SOURCE, FIRST), "rb") as file:
            text = file.read()
        told = self.json("-", stdin=text)
        wanted = self.json(FIRST)
        self.assertEqual(told.pop("file"), "-")
        wanted.pop("file")
        self.assertEqual(told, wanted)
        self.assertEqual(self.json("--against", "-", FIRST, stdin=text)["drift"]["only_first"], 0)

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            for form in ("text", "csv", "json"):
                run = agreement("--format", form, FIRST, stdout=full)
                self.assertEqual(run.code, 3, run.err)


class Limits(Case):
    def test_least_ratings(self):
        """m4 has 11 sheets, m2 12, all others 14."""
        told = self.json("--least-ratings", "12", FIRST)
        states = {m["member"]: m["state"] for m in told["members"]}
        self.assertEqual(states.pop("m4"), "too_few_ratings")
        self.assertEqual(set(states.values()), {"applied"})
        m4 = next(m for m in told["members"] if m["member"] == "m4")
        self.assertEqual((m4["correction"]["value"], m4["correction"]["why"]),
                         (None, "too_few_ratings"))
        self.assertIsNotNone(m4["severity"]["value"])
        told = self.json("--least-ratings", "15", FIRST)
        self.assertEqual({p["fair_mean"] for p in told["products"]}, {None})
        for language, words in (("vi", "Không sản phẩm nào được hiệu chỉnh"),
                                ("en", "No product is corrected")):
            self.assertIn(words, agreement("--least-ratings", "15", "--lang", language, FIRST).out)

    def test_one_council_of_two_products(self):
        """Too little to correct; everything has a reason and nothing is NaN."""
        rows = [row for row in read(FIRST) if row["product"] in ("Bánh tráng ngô", "Gạo lứt đỏ")]
        told = self.json("--facets", self.write(rows))
        self.assertEqual({m["state"] for m in told["members"]}, {"too_few_units"})
        for one in told["agreement"]:
            for name in ("alpha_ordinal", "icc_single"):
                if one[name]["value"] is None:
                    self.assertEqual(one[name]["why"], "no_variation")
        self.assertIn("no_variation", {one["alpha_ordinal"].get("why") for one in told["agreement"]})
        for language in LANGUAGES:
            run = agreement("--facets", "--lang", language, self.write(rows))
            self.assertEqual(run.code, 0)
            self.assertNotRegex(run.out, r"\b(nan|inf)\b")

    def test_equal_sheets(self):
        rows = [dict(row, member=m) for row in read(FIRST) if row["member"] == "m1"
                for m in ("a", "b", "c")]
        told = self.json(self.write(rows))
        self.assertEqual(told["agreement"][0]["alpha_interval"]["value"], 1)
        self.assertEqual(told["agreement"][0]["icc_single"]["low"], 1)
        self.assertEqual({m["state"] for m in told["members"]}, {"no_variation"})
        self.assertEqual(told["outliers"], [])

    def test_incomplete_products_are_left_out(self):
        rows = read(FIRST)
        rows[0] = dict(rows[0], **{"A1.1": "9"})
        path = self.write(rows)
        run = agreement("--format", "json", "--lang", "en", path)
        self.assertEqual(run.code, 1)
        self.assertRegex(run.err, r"\AE307 .*:2:\d+: ")
        told = run.lines()[0]
        self.assertEqual(told["left_out"], [rows[0]["product"]])
        rest = self.json("--lang", "en", self.write([r for r in rows if r["product"] != rows[0]["product"]]))
        for one in (told, rest):
            del one["file"], one["left_out"]
        self.assertEqual(told, rest)
        run = agreement("--format", "csv", path)
        self.assertIn("product,,%s,,total,raw_mean,,,,,incomplete" % rows[0]["product"],
                      run.out.split("\n"))
        self.assertIn(rows[0]["product"], agreement("--lang", "en", path).out.split("Left out")[1])

    def test_secretaries_do_not_count(self):
        rows = read(FIRST)
        more = rows + [dict(rows[0], member="s1", role="secretary")]
        one, other = self.json(self.write(rows)), self.json(self.write(more))
        for told in (one, other):
            del told["file"]
        self.assertEqual(one, other)

    def test_not_enough(self):
        rows = [row for row in read(FIRST) if row["member"] == "m1"]
        for form in ("text", "csv", "json"):
            run = agreement("--format", form, self.write(rows))
            self.assertEqual((run.code, run.out), (1, ""))
            self.assertRegex(run.err, r"\AE323 [^\n]*\(14\)[^\n]*\n\Z")
        run = agreement(self.write(rows[:1], list(rows[0])), "--lang", "en")
        self.assertRegex(run.err, r"\AE323 ")

    def test_nothing_shared(self):
        rows = [dict(row, product=row["product"] + " khác") for row in read(SECOND)]
        path = self.write(rows)
        run = agreement("--format", "json", "--against", path, FIRST)
        self.assertEqual(run.code, 1)
        self.assertRegex(run.err, r"\AE323 %s:/: [^\n]*\n\Z" % re.escape(path))
        told = run.lines()[0]
        self.assertNotIn("drift", told)
        self.assertEqual(len(told["products"]), 14)

    def test_too_large_for_facets(self):
        with open(os.path.join(SOURCE, FIRST), encoding="utf-8") as file:
            lines = file.read().split("\n")[1:8]
        name = lines[0].split(",")[0]
        header = "product,member,role," + ",".join(CRITERIA)
        text = "\n".join([header] + [line.replace(name, "P%d" % i, 1)
                                     for i in range(4500) for line in lines]) + "\n"
        run = agreement("--facets", "--lang", "en", "-", stdin=text.encode("utf-8"))
        self.assertEqual((run.code, run.out), (1, ""))
        self.assertRegex(run.err, r"\AE320 -:/: the many-facet model takes at most 1000000 answers")

    def test_many_councils(self):
        """More than twenty councils: the report counts them, CSV and JSON have all."""
        rows = read(FIRST)
        more = [dict(row, product="%s %d" % (row["product"], i), member="%s-%d" % (row["member"], i))
                for i in range(10) for row in rows]
        path = self.write(more)
        told = self.json(path)
        self.assertEqual(len(told["councils"]), 30)
        self.assertEqual({len(one["members"]) for one in told["councils"]}, {6, 7})
        self.assertEqual({m["component"] for m in told["members"]}, set(range(10)))
        self.assertIsNone(told["agreement"][0]["icc_single"]["value"])
        self.assertIsNotNone(told["model"]["icc_single_of_components"]["value"])
        run = agreement("--lang", "en", path)
        self.assertIn("30 councils", run.out)
        self.assertIn("10 groups share no products", run.out)
        councils = {row["council"] for row in self.rows(path) if row["part"] == "council"}
        self.assertEqual(councils, {str(i) for i in range(1, 31)})

    def test_hostile_names(self):
        rows = read(FIRST)
        names = {"Miến dong": "Miến, \"dong\"", "m4": "m\u202e4", "m5": "x" * 300}
        rows = [dict(row, product=names.get(row["product"], row["product"]),
                     member=names.get(row["member"], row["member"])) for row in rows]
        path = self.write(rows)
        told = {row["product"] for row in self.rows(path)} - {""}
        self.assertIn(names["Miến dong"], told)
        run = agreement(path)
        self.assertEqual(run.code, 0)
        self.assertNotIn("\u202e", run.out)
        for line in run.out.split("\n"):
            self.assertLessEqual(width(line), 100)


class Usage(Case):
    def test_wrong_usage(self):
        for arguments in (["agreement"], ["agreement", *CARD], ["agreement", *CARD[:2], FIRST],
                          ["agreement", *CARD, "--level", "commune", FIRST],
                          ["agreement", *CARD, "--least-ratings", "0", FIRST],
                          ["agreement", *CARD, "--threads", "-1", FIRST],
                          ["agreement", *CARD, "--against", "-", "-"]):
            run = ocop(*arguments)
            self.assertEqual((run.code, run.out), (2, ""), arguments)
            self.assertNotEqual(run.err, "")

    def test_wrong_input(self):
        for arguments, number in (
                (["--regulation", "27-2026", "--set", "3", FIRST], "E201"),
                (["--regulation", "26-2026", "--set", "27", FIRST], "E206"),
                (["--regulation", "26-2026", "--set", "03", FIRST], "E206"),
                (["--regulation", "26-2026", "--set", "13", FIRST], "E11"),
                ([*CARD, "no-such.csv"], "E101"), ([*CARD, "examples"], "E101"),
                ([*CARD, "--against", "no-such.csv", FIRST], "E101"),
                ([*CARD, os.devnull], "E102")):
            run = ocop("agreement", *arguments)
            self.assertEqual((run.code, run.out), (1, ""), arguments)
            self.assertTrue(run.err.startswith(number), run.err)


if __name__ == "__main__":
    tool.main()[1]()
