"""`ocop import` and `ocop stats`: lists as of a day, from outside."""
import csv
import io
import os
import tempfile
import unittest

import tool
from tool import SOURCE, ocop

LIST = os.path.join("data", "products", "products.csv")
HEADER = ("row_id,product_name,producer_name,producer_type,commune,district,province,star,"
          "proposed_star,event,year,decision_no,decision_date,expiry_date,score,source_id,"
          "reliability,notes\n")


def rows():
    with open(os.path.join(SOURCE, LIST), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(values):
    counts = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


class Import(unittest.TestCase):
    maxDiff = None

    def answer(self, text, *more, code=0):
        run = ocop("import", "-", "--on", "2026-11-23", *more, stdin=text.encode("utf-8"))
        self.assertEqual(run.code, code, run.err)
        return run.lines()[0]

    def test_the_shipped_list(self):
        run = ocop("import", LIST, "--on", "2026-11-23")
        self.assertEqual((run.code, run.err), (0, ""))
        answer, = run.lines()
        all_rows = rows()
        self.assertEqual(answer["rows"], len(all_rows))
        self.assertEqual(answer["kept"], len(all_rows))
        self.assertEqual(answer["problems"], [])
        self.assertEqual(answer["duplicates"], [])
        self.assertEqual(answer["by_star"], counted(r["star"] or "none" for r in all_rows))
        self.assertEqual(answer["by_province"], counted(r["province"] for r in all_rows))
        self.assertEqual(sum(answer["by_state"].values()), len(all_rows))
        undated = [r for r in all_rows if not r["decision_date"] and not r["expiry_date"]]
        self.assertEqual(answer["by_state"]["unknown"], len(undated))

    def test_the_state_follows_the_day(self):
        # 24 rows of An Giang: 12 from 2022-10-10, 12 from 2023-01-27; 36 months.
        text = HEADER + "".join(
            "%s,P%s,HTX A,cooperative,,,An Giang,3,,new,2022,2497/QĐ-UBND,%s,,,,,\n" % (n, n, day)
            for n, day in ((1, "2022-10-10"), (2, "27/01/2023")))
        for on, states in (("2022-10-09", {"none": 2}), ("2022-10-10", {"none": 1, "valid": 1}),
                           ("2025-10-10", {"valid": 2}), ("2025-10-11", {"expired": 1, "valid": 1}),
                           ("2026-01-27", {"expired": 1, "valid": 1}), ("2026-01-28", {"expired": 2})):
            run = ocop("import", "-", "--on", on, stdin=text.encode())
            self.assertEqual(run.lines()[0]["by_state"], states, on)
        answer = ocop("import", "-", "--on", "2025-09-01", "--expiring", "60", stdin=text.encode()).lines()[0]
        self.assertEqual([(e["row"], e["last_valid_day"]) for e in answer["expiring"]],
                         [(2, "2025-10-10")])

    def test_faulty_rows_are_told_and_handed_back(self):
        good = "1,Chè,HTX A,cooperative,,,Lai Châu,3,,new,2024,,,,,,,\n"
        text = HEADER + good + ("2,Gạo,HTX A,cooperative,,,Lai Châu,6 sao,,new,2024,,,,,,,\n"
                                "3,Gạo,HTX A,cooperative,,,Lai Châu,3,,born,2024,,31/02/2024,,,,,\n"
                                "4,\"Mật ong \"\"A\"\", chai\",như trên,nt,,,Lai Châu,4,,new,2024,,,,,,,\n"
                                "5,short\n")
        with tempfile.TemporaryDirectory() as folder:
            back = os.path.join(folder, "back.csv")
            answer = self.answer(text, "--rejected", back)
            with open(back, encoding="utf-8", newline="") as file:
                handed = list(csv.reader(file))
        self.assertEqual((answer["rows"], answer["kept"]), (5, 2))
        self.assertEqual([(p["row"], p["column"], p["number"]) for p in answer["problems"]],
                         [(3, "star", 801), (4, "event", 803), (4, "decision_date", 110), (6, None, 116)])
        self.assertTrue(all(p["message"] for p in answer["problems"]))
        self.assertEqual([row[0] for row in handed], ["row_id", "2", "3", "5"])
        self.assertEqual(answer["by_star"], {"3": 1, "4": 1})

    def test_the_list_itself_is_not_written_over(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "list.csv")
            other = os.path.join(folder, "other.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(HEADER)
            os.link(path, other)
            for back in (path, other, os.path.join(folder, ".", "list.csv")):
                run = ocop("import", path, "--on", "2026-01-01", "--rejected", back)
                self.assertEqual((run.code, run.out), (2, ""))
                with open(path, encoding="utf-8") as file:
                    self.assertEqual(file.read(), HEADER)

    def test_byte_order_mark_line_ends_and_other_provinces(self):
        text = "\ufeff" + HEADER.replace("\n", "\r\n") + (
            "1,Bánh đậu xanh,Công ty TNHH A,enterprise,,TP Hải Dương,Hải Dương,4,,new,2023,,2023-05-05,,,,,\r\n"
            "2,Nước mắm,HTX B,cooperative,,,Thành phố Đà Nẵng,3,,recognised,2023,,,,,,,\r\n")
        answer = self.answer(text)
        self.assertEqual(answer["by_province"], {"Hải Dương": 1, "Thành phố Đà Nẵng": 1})
        self.assertEqual(answer["problems"], [])

    def test_duplicates(self):
        row = "%d,%s,HTX A,cooperative,,,Lai Châu,3,,new,2024,,,,,,,\n"
        answer = self.answer(HEADER + row % (1, "Mật ong") + row % (2, "Chè") + row % (3, "MẬT ONG"))
        self.assertEqual(answer["duplicates"], [[2, 4]])

    def test_one_product_in_several_rows(self):
        first = "1,Gạo nếp,HTX A,cooperative,,,Lai Châu,3,,new,2022,1/QĐ-UBND,2022-01-10,,,,,\n"
        for event, star, states, in_force in (
                ("revoked", 3, {"withdrawn": 2}, {}),
                ("upgrade", 4, {"valid": 2}, {"4": 1})):
            second = "2,Gạo nếp,Hợp tác xã A,cooperative,,,Tỉnh Lai Châu,%d,,%s,2023,2/QĐ-UBND,2023-01-10,,,,,\n"
            second %= (star, event)
            for text in (first + second, second + first):
                answer = ocop("import", "-", "--on", "2023-06-01", stdin=(HEADER + text).encode()).lines()[0]
                self.assertEqual(answer["by_state"], states, event)
                self.assertEqual(answer["in_force_by_star"], in_force, event)
                self.assertEqual(answer["problems"], [], event)
                self.assertEqual(list(answer["by_province"].values()), [2])
        answer = ocop("import", "-", "--on", "2023-01-09", stdin=(HEADER + first).encode()).lines()[0]
        self.assertEqual(answer["by_province_and_star"], {"Lai Châu": {"3": 1}})
        answer = ocop("import", "-", "--on", "2025-01-11", stdin=(HEADER + first).encode()).lines()[0]
        self.assertEqual(answer["by_province_and_star"], {"Lai Châu": {}})

    def test_what_cannot_be_read(self):
        for text, number in (("", 113), ("a,b\n1,2\n", 113),
                             (HEADER.replace("star,proposed", "x,proposed"), 113)):
            answer = self.answer(text, code=1)
            self.assertIn(number, [p["number"] for p in answer["problems"]])
            self.assertEqual(answer["kept"], 0)
        run = ocop("import", "-", "--on", "2026-01-01", stdin=b"product_name\n\xff\n")
        self.assertEqual(run.code, 1)
        self.assertEqual(run.lines()[0]["problems"][0]["number"], 102)
        run = ocop("import", "no-such.csv", "--on", "2026-01-01")
        self.assertEqual((run.code, run.out), (1, ""))
        self.assertTrue(run.err.startswith("E101"))

    def test_wrong_usage(self):
        for arguments in (["import"], ["import", LIST], ["import", LIST, "--on", "2026-02-30"],
                          ["import", LIST, "--on", "2026-01-01", "--format", "csv"],
                          ["stats", LIST], ["stats", LIST, "--on", "2026-01-01", "--by", "colour"],
                          ["stats", LIST, "--on", "2020-01-01", "--since", "2021-01-01"]):
            run = ocop(*arguments)
            self.assertEqual((run.code, run.out), (2, ""), arguments)

    def test_text(self):
        for lang in ("vi", "en"):
            run = ocop("import", LIST, "--on", "2025-10-01", "--format", "text", "--lang", lang)
            self.assertEqual(run.code, 0)
            self.assertIn("Lai Châu", run.out)
            self.assertIn("Trà Kim ngân hoa", run.out)  # expires on 2025-10-10
            for line in run.out.splitlines():
                self.assertEqual(line, line.rstrip())


class Stats(unittest.TestCase):
    def test_counts_and_shares(self):
        answer, = ocop("stats", LIST, "--on", "2026-11-23", "--by", "province", "--format", "json").lines()
        self.assertEqual(answer["products"], 168)
        self.assertEqual(sum(g["count"] for g in answer["groups"]), 168)
        counts = {g["names"][0]: g["count"] for g in answer["groups"]}
        for province, count in counted(r["province"] for r in rows()).items():
            self.assertIn(count, [n for name, n in counts.items() if name.endswith(province.replace("óa", "oá"))
                                  or name.endswith(province)], province)
        self.assertEqual(answer["groups"][0]["share"], "%.2f" % (100 * answer["groups"][0]["count"] / 168))

    def test_csv_and_several_keys(self):
        run = ocop("stats", LIST, "--on", "2026-11-23", "--by", "state,star", "--format", "csv")
        table = list(csv.DictReader(io.StringIO(run.out)))
        self.assertEqual(sum(int(r["count"]) for r in table), 168)
        self.assertTrue(all(r["star"] == "" for r in table if r["state"] in ("expired", "unknown")))

    def test_transitions(self):
        text = HEADER + ("1,Chè,HTX A,cooperative,,,Lai Châu,3,,new,2021,,2021-08-10,,,,,\n"
                         "2,Chè,HTX A,cooperative,,,Lai Châu,4,,re_recognition,2024,,2024-07-01,,,,,\n"
                         "3,Gạo,HTX A,cooperative,,,Lai Châu,3,,new,2021,,2021-08-10,,,,,\n")
        run = ocop("stats", "-", "--on", "2025-01-01", "--since", "2022-01-01", "--format", "json",
                   stdin=text.encode())
        answer, = run.lines()
        self.assertEqual(answer["products"], 2)
        self.assertEqual(answer["transitions"], {"3": {"4": 1, "expired": 1}})


if __name__ == "__main__":
    tool.main()[1]()
