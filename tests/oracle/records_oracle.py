#!/usr/bin/env python3
"""An independent reading of the programme's records, and a differential test of the tool `ocop`.

Codes, units, certificates, wordings of a star and lists of products, read from the rules and the
tables as data, never from the library's code. Sections (§) are those of the rules. What the rules
leave open is told under "open" and fails nothing; everything else is a disagreement.

    records_oracle.py --self-test [--facts DIR]
    records_oracle.py --tool PATH/ocop [--facts DIR] [--count N] [--seed S] [--only codes,star]
"""
import argparse
import calendar
import collections
import csv
import datetime
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unicodedata

OLD, MARCH, JULY, NOW = EDITIONS = ("2023-01", "2025-03", "2025-07", "2026-04")
PREFIXES = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Thị trấn", "Phường", "Xã", "Đặc khu")
SHORT = {"Thành phố": ("TP ", "TP. ", "TP.", "Tp. ", "tp "), "Quận": ("Q. ", "Q."),
         "Huyện": ("H. ", "H."), "Thị xã": ("TX ", "TX. ", "TX."), "Phường": ("P. ", "P."),
         "Thị trấn": ("TT ", "TT. ", "TT."), "Xã": ("X. ", "X.")}
LAW_26 = datetime.date(2026, 5, 22)
GRACE_EXPIRY = datetime.date(2026, 9, 19)
GROUNDS = ("dishonest_dossier", "criteria_no_longer_met", "law_breached", "mark_misused",
           "no_longer_produced", "other_finding")
STAR_KINDS = ("awarded", "proposed", "minimum", "range", "list", "expired", "revoked", "upgraded",
              "not_ocop", "score_band_only", "none", "invalid")
EVENTS = ("new", "recognised", "re_recognition", "re_evaluation", "re_evaluation_due", "upgrade",
          "upgrade_proposed", "candidate", "district_council", "district_proposal", "proposed_4",
          "proposed_5", "expired", "revoked")
DAY = datetime.timedelta(days=1)
ANY = object()


# ---------------------------------------------------------------- text

def nfc(text):
    return unicodedata.normalize("NFC", text)


def nfd(text):
    return unicodedata.normalize("NFD", text)


def fold(text):
    """No accents, no case, one space; đ is d."""
    bare = "".join(c for c in nfd(text.lower()) if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").split())


def letters(text):
    """Letters with accents, wherever the tone stands: Hoá is Hóa, and neither is Hoa."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    words = []
    for word in nfd(" ".join(text.lower().split())).split(" "):
        words.append(nfc("".join(c for c in word if c not in tones)) +
                     "".join(sorted(c for c in word if c in tones)))
    return " ".join(words)


def no_accents(text):
    """As typed without accents, case kept."""
    bare = "".join(c for c in nfd(text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


TONE_PAIRS = [a for pair in (("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"),
                             ("òe", "oè"), ("óe", "oé"), ("ỏe", "oẻ"), ("õe", "oẽ"), ("ọe", "oẹ"),
                             ("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ"))
              for a in (pair, pair[::-1])]


def other_tones(text):
    """Hòa for Hoà and the other way round; None where the text has no such pair."""
    for a, b in TONE_PAIRS:
        found = re.search(r"(?<![qQ])" + a + r"(?!\w)", nfc(text))
        if found:
            return re.sub(r"(?<![qQ])" + a + r"(?!\w)", b, nfc(text))
    return None


def split_name(name):
    """Kind and bare name: Thành phố Bến Tre is a thành phố called Bến Tre."""
    for prefix in PREFIXES:
        if name.startswith(prefix + " "):
            return prefix, name[len(prefix) + 1:]
    raise ValueError(name)


def same_name(got, wanted):
    """The full name or the bare one, whatever the tone's place and the case."""
    if not isinstance(got, str):
        return False
    kind, bare = split_name(wanted)
    return letters(got) in (letters(wanted), letters(bare))


# ---------------------------------------------------------------- units

class Unit:
    __slots__ = ("edition", "level", "code", "parent", "name", "kind", "bare")

    def __init__(self, row):
        self.edition, self.level, self.code = row["edition"], row["level"], row["code"]
        self.parent, self.name = row["parent"], nfc(row["name"])
        self.kind, self.bare = split_name(self.name)

    def key(self):
        return self.edition, self.level, self.code


LEVEL_OF = {2: "province", 3: "district", 5: "commune"}


def unit_rows(path):
    """A row for each unit and edition, of the facts' table or of the project's compact one."""
    with open(path, encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if "editions" not in row:
                yield row
                continue
            for digit in row["editions"]:
                yield {"edition": EDITIONS[int(digit) - 1], "level": LEVEL_OF[len(row["code"])],
                       "code": row["code"], "parent": row["parent"], "name": row["name"]}


class Units:
    """The table of units by (code, edition), §10, and the succession of 1 July 2025."""

    def __init__(self, folder):
        self.by_key, self.by_name, self.by_edition = {}, {}, {e: [] for e in EDITIONS}
        for row in unit_rows(os.path.join(folder, "units.csv")):
            unit = Unit(row)
            self.by_key[unit.edition, unit.code] = unit
            self.by_edition[unit.edition].append(unit)
            self.by_name.setdefault((unit.edition, fold(unit.bare)), []).append(unit)
        path = os.path.join(folder, "succession.csv")
        with open(path, encoding="utf-8-sig", newline="") as stream:
            self.next = {r["old_code"]: r["new_code"] for r in csv.DictReader(stream)}
        self.before = collections.defaultdict(set)
        self.province_next = {}
        for old, new in self.next.items():
            self.before[new].add(old)
            self.province_next[self.province(MARCH, old)] = self.by_key[JULY, new].parent
        self.gone = [u for u in self.by_edition[OLD] if u.level == "commune" and
                     (MARCH, u.code) not in self.by_key]

    def get(self, edition, code):
        return self.by_key.get((edition, code))

    def parents(self, unit):
        found = []
        while unit.parent:
            unit = self.by_key[unit.edition, unit.parent]
            found.append(unit)
        return found

    def province(self, edition, code):
        unit = self.by_key[edition, code]
        return (self.parents(unit) or [unit])[-1].code

    def today(self, edition, code):
        """Today's commune of a commune code, or None where it is not known."""
        if edition in (JULY, NOW):
            return self.get(NOW, code)
        if (MARCH, code) not in self.by_key or code not in self.next:
            return None
        return self.get(NOW, self.next[code])

    def today_province(self, code):
        return self.get(NOW, self.province_next[code])


# ---------------------------------------------------------------- codes (§10)

def decode(units, code):
    """What is certain of a code: {"valid", "generation", ...}, or {"valid": False}."""
    number, year = r"([1-9][0-9]{0,3})", r"(20[12][0-9])"
    match = re.fullmatch(r"([0-9]{2})-([0-9]{3})-([0-9]{5})-" + number + "-" + year, code)
    generation = "software-2021"
    if match:
        province, district, commune, serial, when = match.groups()
    else:
        match = re.fullmatch(r"([0-9]{2})-([0-9]{3})-" + number + "-" + year, code)
        commune, generation = None, "1048"
        if match:
            province, district, serial, when = match.groups()
        else:
            match = re.fullmatch(r"([0-9]{2})-([0-9]{5})-" + number + "-" + year, code)
            if not match:
                return {"valid": False, "generation": ANY}
            province, commune, serial, when = match.groups()
            district, generation = None, "26-2026"
    # the year chooses the edition: old codes decode against 2023-01, 26/2026 knows no districts
    editions = (NOW, JULY) if generation == "26-2026" else (OLD,)
    if generation == "26-2026" and int(when) > 2026:
        editions = (NOW,)
    chain = [c for c in (province, district, commune) if c]
    found = [units.get(editions[0], c) for c in chain]
    told = {"valid": all(found), "generation": generation, "province": province,
            "district": district, "commune": commune, "serial": int(serial), "year": int(when)}
    for upper, lower in zip(found, found[1:]):
        told["valid"] = told["valid"] and lower.parent == upper.code
    if not told["valid"]:
        return {"valid": False, "generation": generation}
    told["names"] = {u.level: [units.get(e, u.code).name for e in editions] for u in found}
    if commune:
        told["today"] = units.today(editions[0], commune)
    elif generation == "1048":
        told["today_province"] = units.today_province(province)
    return told


# ---------------------------------------------------------------- certificates (§9)

def term(start):
    """The last valid day: the same day 36 months on, clamped to the month's length."""
    year = start.year + 3
    return start.replace(year=year, day=min(start.day, calendar.monthrange(year, start.month)[1]))


def window(last):
    return last - 180 * DAY, last - 120 * DAY


def state_on(events, on):
    """State, stars and days of a valid history of (day, kind, stars) on a date."""
    first = last = stars = None
    withdrawn = proposed = False
    filed = []
    for when, kind, number in events:
        if when > on:
            break
        if kind in ("recognised", "re_recognised", "upgraded"):
            first, last, stars, withdrawn, filed = when, term(when), number, False, []
        elif kind == "withdrawn":
            withdrawn = True
        elif kind == "proposed":
            proposed = True
        elif kind == "filed":
            filed.append(when)
    told = {"state": "none", "stars": None, "first": first, "last": last, "soft": None}
    if withdrawn:
        told["state"] = "withdrawn"
    elif first is None:
        told["state"] = "proposed" if proposed else "none"
    elif on <= last:
        begin, end = window(last)
        told["state"], told["stars"] = "valid", stars
        if begin <= on <= end:
            if on >= LAW_26:  # the window is one of 26/2026
                told["state"] = "filing_window"
                told["soft"] = "filed already" if filed else None
    else:
        told["state"] = "expired"
        eligible = LAW_26 <= last <= GRACE_EXPIRY
        if on <= last + 180 * DAY and eligible and any(LAW_26 <= f <= last for f in filed):
            told["state"], told["stars"] = "grace", stars
    return told


# ---------------------------------------------------------------- wordings of a star
# The reading that a careful official would give. Accents may be missing, letters decomposed.

def star_table():
    """[(text, stars, kind)]: only readings beyond doubt. A range or list is (low, high)."""
    t = []

    def add(kind, stars, *texts):
        t.extend((text, stars, kind) for text in texts)

    words = {3: "ba", 4: "bốn", 5: "năm"}
    for n in (3, 4, 5):
        w = words[n]
        add("awarded", n, *(s.format(n=n, w=w, W=w.capitalize()) for s in (
            "{n} sao", "{n} Sao", "{n} SAO", "0{n} sao", "{w} sao", "{W} sao", "hạng {n} sao",
            "hạng {w} (0{n} sao)", "đạt {n} sao", "đạt hạng {n} sao", "đạt chuẩn {n} sao",
            "OCOP {n} sao", "sản phẩm OCOP {n} sao", "đạt OCOP {n} sao", "công nhận {n} sao",
            "được công nhận {n} sao", "được công nhận sản phẩm OCOP {n} sao",
            "được chứng nhận OCOP {n} sao", "xếp hạng {n} sao", "được xếp hạng {n} sao",
            "{n}*", "{n} *", "{n}★", "{n} star", "{n} stars", "{n}-star", "{n}sao", "{n}",
            "  {n}   sao ", "OCOP {n}*", "{n} sao OCOP", "dat {n} sao", "san pham OCOP {n} sao",
            "{n} sao năm 2024", "OCOP {n} sao (2022)", "{n} sao cấp tỉnh")))
        add("awarded", n, "★" * n)
        add("proposed", n, *(s.format(n=n, w=w) for s in (
            "đề nghị {n} sao", "Đề nghị {n} sao", "đề xuất {n} sao", "đề nghị công nhận {n} sao",
            "đề nghị xếp hạng {n} sao", "tiềm năng {n} sao", "{n} sao tiềm năng",
            "{n} sao (tiềm năng)", "có tiềm năng {n} sao", "OCOP tiềm năng {n} sao",
            "potential_{n}", "proposed {n} stars", "potential {n} stars", "de nghi {n} sao",
            "tiem nang {n} sao", "được đề nghị {n} sao", "{n} sao (đề nghị)")))
    add("proposed", 5, "đề nghị Trung ương công nhận 5 sao", "đề nghị Trung ương đánh giá 5 sao",
        "tiềm năng đạt 5 sao", "sản phẩm tiềm năng 5 sao", "ĐỀ NGHỊ 5 SAO", "5* tiềm năng",
        "đề nghị năm sao")
    for n in (3, 4):
        add("minimum", n, *(s.format(n=n, w=words[n]) for s in (
            "đạt từ {n} sao trở lên", "từ {n} sao trở lên", "{n} sao trở lên", "ít nhất {n} sao",
            "đạt {n} sao trở lên", "tối thiểu {n} sao", "≥ {n} sao", "≥{n} sao", ">= {n} sao",
            "at least {n} stars", "{n} stars or higher", "{n} stars and above",
            "tu {n} sao tro len", "Từ {n} sao trở lên", "từ hạng {n} sao trở lên")))
    for low, high in ((3, 4), (3, 5), (4, 5)):
        a, b = words[low], words[high]
        add("range", (low, high), *(s.format(a=low, b=high, x=a, y=b) for s in (
            "{a} – {b} sao", "{a}-{b} sao", "{a} - {b} sao", "{a}–{b} sao", "từ {a} đến {b} sao",
            "{a} đến {b} sao", "từ {a} - {b} sao", "từ {a} sao đến {b} sao", "{a} sao - {b} sao",
            "đạt {a}-{b} sao", "OCOP {a}-{b} sao", "{a}-{b} stars", "{a} to {b} stars",
            "hạng {a}-{b} sao", "tu {a} den {b} sao", "{a}*-{b}*")))
        add("list", (low, high), *(s.format(a=low, b=high) for s in (
            "{a} sao, {b} sao", "{a}, {b} sao", "{a} và {b} sao", "{a} sao và {b} sao",
            "{a} sao; {b} sao", "{a}*, {b}*", "{a} and {b} stars")))
    add("list", (3, 5), "3, 4, 5 sao", "3, 4 và 5 sao", "3 sao, 4 sao và 5 sao",
        "3 sao, 4 sao, 5 sao")
    for n in (3, 4, 5):
        add("expired", n, *(s.format(n=n) for s in (
            "hết hạn ({n} sao)", "{n} sao (hết hạn)", "{n} sao - hết hạn", "hết hạn {n} sao",
            "đã hết hạn ({n} sao)", "{n} sao đã hết hạn", "hết hiệu lực ({n} sao)",
            "expired ({n} stars)", "het han ({n} sao)", "HẾT HẠN ({n} SAO)", "{n}* (hết hạn)",
            "giấy chứng nhận {n} sao đã hết hạn")))
        add("revoked", n, *(s.format(n=n) for s in (
            "thu hồi ({n} sao)", "bị thu hồi ({n} sao)", "{n} sao (thu hồi)",
            "{n} sao (đã thu hồi)", "{n} sao - bị thu hồi", "thu hồi chứng nhận {n} sao",
            "thu hồi giấy chứng nhận OCOP {n} sao", "revoked ({n} stars)", "thu hoi ({n} sao)",
            "đã thu hồi ({n} sao)")))
    add("expired", None, "hết hạn", "đã hết hạn", "expired")
    add("revoked", None, "thu hồi", "đã thu hồi", "bị thu hồi", "revoked")
    for low, high in ((3, 4), (4, 5), (3, 5)):
        add("upgraded", high, *(s.format(a=low, b=high) for s in (
            "nâng hạng {a} sao lên {b} sao", "nâng hạng từ {a} sao lên {b} sao",
            "nâng từ {a} sao lên {b} sao", "nâng hạng {a} lên {b} sao",
            "Nâng hạng {a} sao lên {b} sao", "nang hang {a} sao len {b} sao",
            "được nâng hạng từ {a} sao lên {b} sao", "nâng hạng từ {a} lên {b} sao",
            "upgraded from {a} to {b} stars")))
    add("upgraded", 4, "nâng hạng lên 4 sao", "nâng lên 4 sao", "upgraded to 4 stars")
    add("not_ocop", None, "khách sạn 3 sao", "khách sạn 4 sao", "khách sạn 5 sao", "Khách sạn 4*",
        "KHÁCH SẠN 5 SAO", "khách sạn hạng 4 sao", "khach san 4 sao", "4-star hotel",
        "5 star hotel", "hotel 4 sao", "khách sạn tiêu chuẩn 5 sao")
    add("none", None, "0", "", "chưa xếp hạng", "không xếp hạng", "chưa phân hạng", "không có",
        "chưa có", "không đạt", "chưa được công nhận", "chưa đánh giá", "Chưa xếp hạng",
        "chua xep hang", " ", "chưa có sao", "not ranked")
    add("invalid", None, "6 sao", "7 sao", "8 sao", "9 sao", "10 sao", "06 sao", "6*", "6 stars",
        "★★★★★★", "100 sao", "33 sao", "hạng 6 sao", "OCOP 6 sao", "đạt 7 sao")
    add("score_band_only", ANY, "70-89 điểm", "từ 70 đến dưới 90 điểm", "50-69 điểm",
        "từ 90 điểm trở lên", "trên 90 điểm", "đạt 72,5 điểm", "72.80 điểm", "đạt 69,25 điểm",
        "90-100 điểm", "71 điểm", "50 - 69 điểm", "tu 70 den 89 diem")
    add("awarded", 4, "4 sao (72,8 điểm)", "đạt 72,8 điểm, xếp hạng 4 sao",
        "Công nhận 01 sản phẩm OCOP 4 sao năm 2023")
    add("awarded", 3, "3 sao (69,25 điểm)", "3 sao, năm 2021", "Công nhận 13 sản phẩm OCOP 3 sao")
    return t


FORBIDDEN = [  # readings that would show a star that is not there
    ("chưa đạt 3 sao", ("awarded",)), ("không đạt 3 sao", ("awarded",)),
    ("chưa được công nhận 3 sao", ("awarded",)), ("không được công nhận 4 sao", ("awarded",)),
    ("đề nghị nâng hạng từ 3 sao lên 4 sao", ("awarded", "upgraded")),
    ("đề nghị nâng hạng lên 5 sao", ("awarded", "upgraded")),
    ("3,5 sao", ("awarded", "list")), ("3.5 sao", ("awarded",)), ("dưới 3 sao", ("awarded",)),
    ("phấn đấu đạt 4 sao", ("awarded",)), ("đăng ký 4 sao", ("awarded",)),
    ("dự kiến đạt 4 sao", ("awarded",)), ("chờ công nhận 5 sao", ("awarded",)),
    ("hướng tới 5 sao", ("awarded",)), ("resort 5 sao", ("awarded",)),
    ("khu nghỉ dưỡng 5 sao", ("awarded",)), ("thu hồi, hết hạn (3 sao)", ("awarded",)),
    ("không còn 3 sao", ("awarded",)), ("không phải 4 sao", ("awarded",)),
    ("0 sao", ("awarded",)),
    ("huỷ công nhận 3 sao", ("awarded",)), ("hủy bỏ kết quả công nhận 3 sao", ("awarded",)),
]

DOUBTFUL = [  # only told: the kind that seems nearest
    ("1 sao", "awarded"), ("2 sao", "awarded"), ("***", "awarded"), ("****", "awarded"),
    ("*****", "awarded"), ("******", "invalid"), ("⭐⭐⭐", "awarded"), ("three stars", "awarded"),
    ("3+ sao", "minimum"), ("3 sao+", "minimum"), ("không dưới 3 sao", "minimum"),
    ("trên 3 sao", "minimum"), ("tối đa 4 sao", "range"), ("3÷4 sao", "range"),
    ("3 ~ 4 sao", "range"), ("3..4", "range"), ("3 hoặc 4 sao", "list"), ("3 sao/4 sao", "list"),
    ("3/4 sao", "list"), ("3 & 4 sao", "list"), ("3 → 4 sao", "upgraded"),
    ("từ 3 sao lên 4 sao", "upgraded"), ("nâng hạng 4 sao", "upgraded"),
    ("hạ từ 4 sao xuống 3 sao", "awarded"), ("sắp hết hạn (3 sao)", "awarded"),
    ("còn hạn (3 sao)", "awarded"), ("chưa hết hạn (3 sao)", "awarded"),
    ("quá hạn (3 sao)", "expired"), ("hết thời hạn (3 sao)", "expired"),
    ("tước danh hiệu 3 sao", "revoked"), ("withdrawn (4 stars)", "revoked"),
    ("tái công nhận 4 sao", "awarded"), ("đánh giá lại 3 sao", "awarded"),
    ("nhà hàng 5 sao", "not_ocop"), ("nhãn năng lượng 5 sao", "not_ocop"),
    ("đánh giá 5 sao trên Shopee", "not_ocop"), ("Sao Vàng đất Việt", "none"),
    ("n/a", "none"), ("—", "none"), ("không", "none"), ("null", "none"), ("xuất sắc", "none"),
    ("abc", "none"), ("3 sao - 4 sao - 5 sao", "list"), ("bốn mươi sao", "invalid"),
    ("sáu sao", "invalid"), ("hạng A", "none"), ("３ sao", "awarded"),
    ("02 sản phẩm 4 sao, 10 sản phẩm 3 sao", "list"), ("3 sao ở huyện, 4 sao ở tỉnh", "list"),
    ("khách sạn 4 sao bán sản phẩm OCOP 3 sao", "awarded"), ("5 sao (đã thẩm định)", "awarded"),
    ("nâng hạng 4 sao lên 3 sao", "invalid"), ("5-3 sao", "invalid"), ("từ 5 đến 3 sao", "invalid"),
    ("đạt 92 điểm, đề nghị 5 sao", "proposed"), ("90 điểm", "score_band_only"),
    ("71 points", "score_band_only"), ("điểm: 71", "score_band_only"),
    ("homestay 3 sao đề nghị 4 sao", "awarded"), ("III", "none"), ("V", "none"),
    ("3 ÷ 5 sao", "range"), ("3 sao ÷ 4 sao", "range"), ("3 ~ 5 sao", "range"),
    ("từ ba đến bốn sao", "range"), ("3 sao hoặc 4 sao", "list"), ("ba sao trở lên", "minimum"),
    ("II", "none"),
    ("giữ nguyên 3 sao", "awarded"), ("đạt lại 4 sao", "awarded"), ("4 ngôi sao", "awarded"),
    ("4 sao (không đạt 5 sao)", "awarded"), ("không đạt 5 sao, đạt 4 sao", "awarded"),
    ("đề nghị 4 sao, công nhận 3 sao", "awarded"), ("hạng sao: 4", "awarded"),
    ("Hạng: 3 sao", "awarded"), ("số sao: 3", "awarded"), ("4sao", "awarded"),
    ("Sản phẩm OCOP", "none"), ("năm 2024", "none"), ("5 năm", "none"), ("3 sản phẩm", "none"),
]


# ---------------------------------------------------------------- lists of products

COLUMNS = ("row_id,product_name,producer_name,producer_type,commune,district,province,star,"
           "proposed_star,event,year,decision_no,decision_date,expiry_date,score,source_id,"
           "reliability,notes").split(",")
GRANTS = ("new", "recognised", "re_recognition", "re_evaluation", "upgrade")


def date_of(text):
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text or ""):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def row_states(row, on):
    """The states that the rules allow a row of the list on a date; one where they decide."""
    start, end = date_of(row["decision_date"]), date_of(row["expiry_date"])
    event = row["event"]
    if not start and not end:
        return {"unknown"}
    if not start:
        return {"expired"} if on > end else {"valid", "filing_window", "unknown", "none"}
    if event in ("proposed_4", "proposed_5", "upgrade_proposed", "candidate", "district_council",
                 "district_proposal", "re_evaluation_due"):
        if on < start:
            return {"none", "unknown"}
        return {"proposed"} if event.startswith("proposed") else {"proposed", "none", "unknown",
                                                                  "valid", "filing_window",
                                                                  "expired"}
    if on < start:
        return {"none", "unknown"} if event == "revoked" else {"none"}
    end = end or term(start)
    if event == "revoked":
        return {"withdrawn", "unknown"} | ({"valid", "filing_window"} if on <= end else {"expired"})
    if event == "expired":
        return {"expired"} if on > end else {"valid", "filing_window", "expired", "unknown"}
    if on > end:
        return {"expired"}
    begin, until = window(end)
    return {"filing_window"} if on >= LAW_26 and begin <= on <= until else {"valid"}


def bounds(sets):
    """For each state how many rows it has at least and at most."""
    low, high = collections.Counter(), collections.Counter()
    for states in sets:
        for state in states:
            high[state] += 1
        if len(states) == 1:
            low[next(iter(states))] += 1
    return low, high


def write_csv(rows, columns=COLUMNS, bom=False, crlf=False, quote=False):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if crlf else "\n",
                        quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row[c] for c in columns] if isinstance(row, dict) else row)
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode("utf-8")


# ---------------------------------------------------------------- the tool and what it is told

class Report:
    """Disagreements (fail), open questions (open) and how often something was compared."""

    def __init__(self, show):
        self.show, self.area = show, ""
        self.compared = collections.Counter()
        self.failed = collections.defaultdict(list)
        self.open = collections.defaultdict(list)

    def same(self, what, got, wanted, given):
        self.compared[self.area] += 1
        if wanted is ANY or got == wanted:
            return True
        self.fail(what, given, "%s, expected %s" % (brief(got), brief(wanted)))
        return False

    def true(self, what, holds, given, told):
        self.compared[self.area] += 1
        if not holds:
            self.fail(what, given, told)
        return holds

    def fail(self, what, given, told):
        self.failed["%s: %s" % (self.area, what)].append("%s -> %s" % (given, told))

    def tell(self, what, given, told=""):
        self.open["%s: %s" % (self.area, what)].append("%s -> %s" % (given, told))

    def print(self):
        for title, groups in (("open", self.open), ("disagreements", self.failed)):
            for what, cases in sorted(groups.items()):
                print("%s, %d x %s" % (title, len(cases), what))
                for case in cases[:self.show]:
                    print("    " + case)
        for area, number in sorted(self.compared.items()):
            wrong = sum(len(v) for k, v in self.failed.items() if k.startswith(area + ":"))
            print("%s: %d compared, %d disagree" % (area, number, wrong))
        return 1 if self.failed else 0


def brief(value):
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) < 400 else text[:400] + "…"


class Tool:
    def __init__(self, path, folder):
        self.path, self.folder, self.calls = path, folder, 0

    def run(self, *arguments):
        self.calls += 1
        done = subprocess.run([self.path] + list(arguments), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120)
        return (done.returncode, done.stdout.decode("utf-8", "replace"),
                done.stderr.decode("utf-8", "replace"))

    def lines(self, report, *arguments):
        """The exit code, the JSON lines (None where they cannot be read) and stderr."""
        code, out, err = self.run(*arguments)
        given = " ".join(arguments[:6])
        report.true("exit code 0 or 1", code in (0, 1), given, "%d %s" % (code, err[:200]))
        try:
            return code, [json.loads(line) for line in out.splitlines() if line.strip()], err
        except ValueError:
            report.fail("JSON lines", given, brief(out))
            return code, None, err

    def file(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as stream:
            stream.write(data)
        return path


def codes_in(value, length=None):
    """Every unit code in a value of whatever shape."""
    if isinstance(value, str):
        good = re.fullmatch(r"[0-9]{2}|[0-9]{3}|[0-9]{5}", value)
        return {value} if good and length in (None, len(value)) else set()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*[codes_in(v, length) for v in value]) if value else set()
    return set()


# ---------------------------------------------------------------- 1. codes

def random_codes(units, rng, count):
    """(code, what it is)."""
    communes = [u for u in units.by_edition[OLD] if u.level == "commune"]
    districts = [u for u in units.by_edition[OLD] if u.level == "district"]
    today = [u for u in units.by_edition[NOW] if u.level == "commune"]
    for _ in range(count):
        serial = rng.choice((1, 1, 2, 3, 5, 10, 47, 123))
        what = rng.choice(("software", "software", "1048", "26", "26", "gone", "pair", "province",
                           "zeros", "26 pair", "26 gone", "1048 pair", "malformed", "unknown"))
        u = rng.choice(communes)
        d, p = units.parents(u)
        year = rng.randint(2020, 2024)
        parts = [p.code, d.code, u.code, str(serial), str(year)]
        if what == "gone":
            u = rng.choice(units.gone)
            d, p = units.parents(u)
            parts[:3] = [p.code, d.code, u.code]
        elif what == "1048":
            d = rng.choice(districts)
            parts = [d.parent, d.code, str(serial), str(year)]
        elif what == "1048 pair":
            d = rng.choice([x for x in districts if x.parent != p.code])
            parts = [p.code, d.code, str(serial), str(year)]
        elif what == "pair":  # a district of the same province that the ward is not in
            parts[1] = rng.choice([x.code for x in districts if x.code != d.code and
                                   (x.parent == p.code or rng.random() < 0.02)] or ["001"])
        elif what == "province":
            parts[0] = rng.choice([x.code for x in units.by_edition[OLD]
                                   if x.level == "province" and x.code != p.code])
        elif what.startswith("26"):
            u = rng.choice(today)
            parts = [u.parent, u.code, str(serial), str(rng.randint(2026, 2029))]
            if what == "26 pair":
                parts[0] = rng.choice([x.code for x in units.by_edition[NOW]
                                       if x.level == "province" and x.code != u.parent])
            elif what == "26 gone":
                u = rng.choice([x for x in communes if (NOW, x.code) not in units.by_key])
                parts[1] = u.code
                parts[0] = units.today_province(units.province(OLD, u.code)).code
        elif what == "zeros":
            parts = [u for u in parts]
            place = [i for i in range(3) if parts[i].startswith("0")]
            if not place:
                continue
            i = rng.choice(place)
            parts[i] = parts[i].lstrip("0")
        elif what == "unknown":
            i = rng.randrange(3)
            while units.get(OLD, parts[i]):
                parts[i] = "".join(rng.choice("0123456789") for _ in parts[i])
        code = "-".join(parts)
        if what == "malformed":
            code = rng.choice((code.replace("-", "/"), code.replace("-", ""), code + "-1",
                               code[:-2], code + "0", code.replace("-", "--", 1), "x" + code,
                               "-".join(parts[:2]), parts[0], "-".join(parts[:3]), "abc",
                               "-".join(parts[:3] + ["x", parts[4]]),
                               "-".join(parts[:3] + ["", parts[4]]),
                               "-".join(parts[::-1]), "-".join(parts[:4]), code + "-",
                               "-".join([parts[0], parts[1], "0" + parts[2]] + parts[3:]),
                               "-".join(["0" + parts[0]] + parts[1:]),
                               "-".join([parts[0], "0" + parts[1]] + parts[2:])))
        yield code, what


def check_code(report, units, code, what, line):
    told = decode(units, code)
    given = "%s (%s)" % (code, what)
    if not report.same("valid", line.get("valid"), told["valid"], given):
        return
    report.same("generation", line.get("generation"), told["generation"], given)
    errors = line.get("errors")
    if not told["valid"]:
        report.true("errors are told", bool(errors), given, brief(line))
        return
    report.true("no errors", not errors, given, brief(line))
    for field in ("province", "district", "commune"):
        report.same(field, line.get(field, ANY) if line.get(field, "") != "" else None,
                    told[field], given)
    for field in ("serial", "year"):
        report.same(field, str(line.get(field)), str(told[field]), given)
    names = line.get("names") or {}
    for level in ("province", "district", "commune"):
        if level in told["names"]:
            wanted = told["names"][level]
            report.true("names." + level, any(same_name(names.get(level), w) for w in wanted),
                        given, "%s, expected %s" % (brief(names.get(level)), brief(wanted)))
        else:
            report.same("names." + level, names.get(level), None, given)
    check_today(report, units, told, line, given)


def check_today(report, units, told, line, given):
    today = line.get("today")
    if "today" in told and told["today"] is None:
        known = isinstance(today, dict) and codes_in(today.get("commune"), 5)
        report.true("today's commune is unknown", not known, given, brief(today))
        where = codes_in(today, 2) if today else set()
        right = units.today_province(told["province"]).code
        report.true("today's province of a gone commune", where <= {right}, given, brief(today))
        report.tell("today of a gone commune", given, brief(today) + " " +
                    brief(line.get("today_reason")))
        return
    if not report.true("today is told", isinstance(today, dict), given, brief(today)):
        return
    commune = told.get("today")
    province = units.get(NOW, commune.parent) if commune else told["today_province"]
    for field, unit in (("province", province), ("commune", commune)):
        if unit is None:
            report.true("today's commune of a district code", not codes_in(today.get(field), 5),
                        given, brief(today))
            continue
        one = today.get(field) or {}
        report.same("today." + field, one.get("code"), unit.code, given)
        report.true("today's name", same_name(one.get("name"), unit.name), given,
                    "%s, expected %s" % (brief(one), unit.name))


SOFT_CODES = ("83-829-28780-0-2022", "83-829-28780-01-2022", "83-829-28780-3-2018",
              "83-829-28780-3-2027", "12-03388-1-2025", "12-03388-1-2024", "12-105-1-2026",
              "12-105-1-2025", "83–829–28780–3–2022", " 83-829-28780-3-2022 ",
              "83-829-28780-99999-2022", "83-829-28780-3-2025", "12-105-01-2020")


def drive_codes(tool, report, units, rng, count, facts):
    report.area = "codes"
    cases = []
    for row in read_list(os.path.join(facts, "products", "codes.csv")):
        cases.append((row["product_code"], "codes.csv"))
    cases.append(("12-03388-1-2026", "golden"))
    cases += list(random_codes(units, rng, count))
    for start in range(0, len(cases), 50):
        batch = cases[start:start + 50]
        code, lines, err = tool.lines(report, "code", "--", *[c for c, _ in batch])
        if lines is None or not report.same("a line each", len(lines), len(batch), batch[0][0]):
            continue
        for (text, what), line in zip(batch, lines):
            check_code(report, units, text, what, line)
        good = all(decode(units, c)["valid"] for c, _ in batch)
        report.same("exit code", code, 0 if good else 1, batch[0][0] + " …")
        report.same("stderr says it", bool(err.strip()), not good, batch[0][0] + " …")
    code, lines, _ = tool.lines(report, "code", "83-829-28780-3-2022")
    for line in lines or []:
        report.same("golden today", codes_in(line.get("today")), {"86", "28789"}, "golden")
    for text in SOFT_CODES:
        code, lines, _ = tool.lines(report, "code", "--", text)
        for line in lines or []:
            report.tell("a code the rules leave open", text, "exit %d valid %s %s" % (
                code, line.get("valid"), brief(line.get("errors"))))


# ---------------------------------------------------------------- 2. units

def unit_key(line):
    return line.get("edition"), line.get("level"), line.get("code")


def check_unit(report, units, line, given):
    """What one line says of its unit."""
    key = unit_key(line)
    unit = units.get(key[0], key[2])
    if not report.true("the unit exists", unit is not None and unit.level == key[1], given,
                       brief(line)):
        return
    report.true("name", same_name(line.get("name"), unit.name), given,
                "%s, expected %s" % (brief(line.get("name")), unit.name))
    parents = line.get("parents")
    report.same("parents", sorted(codes_in(parents)), sorted(p.code for p in units.parents(unit)),
                "%s %s" % (given, key))
    if unit.level != "commune":
        return
    after, before = codes_in(line.get("successor"), 5), codes_in(line.get("predecessors"), 5)
    if unit.edition == MARCH:
        report.same("successor", sorted(after), [units.next[unit.code]], "%s %s" % (given, key))
    elif unit.edition == OLD:
        today = units.today(OLD, unit.code)
        allowed = [set()] if today is None else [{unit.code}, {today.code}]
        report.true("successor of 2023-01", after in allowed, "%s %s" % (given, key), brief(line))
    else:
        old = units.before.get(unit.code, set())
        allowed = [old] if unit.edition == JULY else [old, {unit.code}]
        report.true("predecessors", before in allowed, "%s %s" % (given, key),
                    "%s, expected %s" % (sorted(before), sorted(old)))


def prefix_groups(units, edition, text):
    """Units that a text may mean when its first word is read as a kind."""
    found, plain = set(), fold(text)
    for kind in PREFIXES:
        for prefix in (kind + " ",) + SHORT.get(kind, ()):
            short = fold(prefix) + (" " if prefix.endswith(" ") else "")
            if plain.startswith(short):
                rest = " ".join(plain[len(short):].split())
                found |= {u for u in units.by_name.get((edition, rest), ()) if u.kind == kind}
    return found


def random_query(units, rng, edition):
    """(text, style, the units that must be found, those that may be)."""
    unit = rng.choice(units.by_edition[edition])
    accents = rng.random() < 0.6
    style = rng.choice(("bare", "bare", "full", "full", "short"))
    if unit.bare.isdigit():  # a bare number is a code
        style = "full"
    if style == "short" and unit.kind not in SHORT:
        style = "full"
    bare = unit.bare
    note = style
    turned = other_tones(bare)
    if accents and turned and rng.random() < 0.7:
        bare, note = turned, style + " other tone place"
    if style == "bare":
        text = bare
    elif style == "full":
        text = unit.kind + " " + bare
    else:
        text = rng.choice(SHORT[unit.kind]) + bare
    if not accents:
        text, note = no_accents(text), note + " no accents"
    form = rng.random()
    if form < 0.1:
        text, note = text.upper(), note + " upper"
    elif form < 0.25:
        text, note = text.lower(), note + " lower"
    elif form < 0.35:
        text, note = nfd(text), note + " decomposed"
    elif form < 0.4:
        text, note = "  " + text.replace(" ", "  ") + " ", note + " spaces"
    group = set(units.by_name[edition, fold(unit.bare)])
    must = {u for u in group if style == "bare" or u.kind == unit.kind}
    if accents:
        must = {u for u in must if letters(u.bare) == letters(bare)}
    may = group | set(units.by_name.get((edition, fold(text)), ())) | \
        prefix_groups(units, edition, text)
    return text, note, must, may, unit, style, accents


def drive_units(tool, report, units, rng, count):
    report.area = "units"
    pool = [u for e in EDITIONS for u in units.by_edition[e]]
    chosen = [units.get(*k) for k in ((MARCH, "28780"), (OLD, "28780"), (NOW, "28789"),
              (JULY, "03408"), (MARCH, "03408"), (NOW, "03388"), (MARCH, "105"), (NOW, "75"),
              (MARCH, "15"), (JULY, "15"), (JULY, "26732"), (MARCH, "23938"), (MARCH, "318"))]
    chosen += rng.sample(pool, min(count // 2, len(pool))) + rng.sample(units.gone, 15)
    for unit in chosen:
        given = "unit %s --edition %s" % (unit.code, unit.edition)
        code, lines, _ = tool.lines(report, "unit", unit.code, "--edition", unit.edition)
        if lines is None:
            continue
        if len(unit.code) == 2 and len(lines) > 1:  # 15 is also what Phường 15 is called
            report.tell("a code that is a name too", given, len(lines))
            lines = [x for x in lines if unit_key(x) == unit.key()]
        if not report.same("the one unit of a code", [unit_key(x) for x in lines], [unit.key()],
                           given):
            continue
        report.same("exit code", code, 0, given)
        check_unit(report, units, lines[0], given)
    for unit in chosen[:60]:
        code, lines, _ = tool.lines(report, "unit", unit.code)
        given = "unit " + unit.code
        keys = [unit_key(x) for x in lines or []]
        report.true("some edition", bool(keys) and (len(unit.code) == 2 or all(
            k[2] == unit.code for k in keys)), given, brief(keys))
        wanted = [e for e in EDITIONS if units.get(e, unit.code)]
        if [k[0] for k in keys] != wanted:
            report.tell("editions of a code", given, "%s of %s" % ([k[0] for k in keys], wanted))
        for line in lines or []:
            check_unit(report, units, line, given)
    for missing in ("99", "999", "99999", "00002", "zzzz", "Xã Không Có Tên Này"):
        code, lines, err = tool.lines(report, "unit", missing)
        report.same("no match", lines, [], missing)
        report.tell("exit code of no match", missing, "%d %s" % (code, err.strip()[:100]))
    for _ in range(count):
        edition = rng.choice(EDITIONS)
        text, note, must, may, unit, style, accents = random_query(units, rng, edition)
        given = "unit %r --edition %s (%s of %s)" % (text, edition, note, unit.name)
        code, lines, _ = tool.lines(report, "unit", "--edition", edition, "--", text)
        if lines is None:
            continue
        got = {unit_key(x) for x in lines}
        report.same("no match twice", len(lines), len(got), given)
        lacking = sorted(u.name + " " + u.code for u in must if u.key() not in got)
        report.true("every match is found", not lacking, given, "not found: " + brief(lacking[:5]))
        spelt = {fold(u.bare).lstrip("0") for u in may}  # Phường 4 and Phường 04
        extra = sorted((k for k in got - {u.key() for u in may} if not (
            units.get(k[0], k[2]) and units.get(k[0], k[2]).bare.isdigit() and
            units.get(k[0], k[2]).bare.lstrip("0") in spelt)), key=str)
        report.true("nothing else is found", not extra, given, "found too: " + brief(
            [(k, units.get(k[0], k[2]).name if units.get(k[0], k[2]) else None)
             for k in extra[:5]]))
        if not report.same("exit code", code, 0, given):
            continue
        beyond = [units.get(k[0], k[2]) for k in got - {u.key() for u in must}]
        if any(u is not None and u not in may for u in beyond):
            report.tell("numbers with and without a zero", given, len(beyond))
        for u in [u for u in beyond if u in may]:
            if style != "bare" and u.kind != unit.kind:
                report.tell("units of another kind than the query says", given, u.name)
                break
            if accents and letters(u.bare) != letters(unit.bare):
                report.tell("units of other accents than the query has", given, u.name)
                break
        if rng.random() < 0.1:
            for line in lines[:3]:
                check_unit(report, units, line, given)
    for text, edition, key in (
            ("Bà Rịa Vũng Tàu", MARCH, "77"), ("Bà Rịa-Vũng Tàu", MARCH, "77"),
            ("Phan Rang - Tháp Chàm", MARCH, "582"), ("Ea Hleo", MARCH, "645"),
            ("Ea H’leo", MARCH, "645"), ("TPHCM", NOW, "79"), ("TP.HCM", NOW, "79"),
            ("Đắc Lắc", MARCH, "66"), ("Dak Lak", MARCH, "66"), ("Thừa Thiên - Huế", OLD, "46"),
            ("T.P Lai Châu", MARCH, "105"), ("xã Lộc Ninh", NOW, None),
            ("tỉnh Đồng Nai", NOW, "75"),
            ("Tân", NOW, None), ("P7", MARCH, "28780"), ("phường 07", MARCH, "28780"),
            ("Lai Châu, Tân Phong", NOW, None), ("Hồ Chí Minh", NOW, "79")):
        code, lines, _ = tool.lines(report, "unit", "--edition", edition, "--", text)
        codes = [x.get("code") for x in lines or []]
        report.tell("a spelling the rules leave open", "%r %s" % (text, edition),
                    "%s %s" % ("found" if key in codes else "not found" if key else "", codes[:8]))


# ---------------------------------------------------------------- 3. certificates

def decision(rng, stars):
    return "%d/%s" % (rng.randint(10, 5000), "QĐ-BNN-VPĐP" if stars == 5 else "QĐ-UBND")


def random_history(rng):
    """A valid life of one product: [(day, kind, stars)], strictly in order of days."""
    start = datetime.date(2019, 9, 1) + rng.randint(0, 2600) * DAY
    if rng.random() < 0.4:  # the ends of months, leap days
        year, month = rng.randint(2020, 2026), rng.choice((1, 2, 2, 2, 3, 5, 8, 12))
        start = datetime.date(year, month, calendar.monthrange(year, month)[1]) - \
            rng.choice((0, 0, 1)) * DAY
    if rng.random() < 0.25:  # expiry near the window and the grace of 26/2026
        start = datetime.date(2023, 5, 10) + rng.randint(0, 300) * DAY
    stars = rng.choice((3, 3, 3, 4, 4, 5))
    events, day = [], start
    if rng.random() < 0.2:
        events.append((start - rng.randint(40, 90) * DAY, "filed", None))
    if rng.random() < 0.2:
        events.append((start - rng.randint(1, 30) * DAY, "proposed", stars))
    events.append((start, "recognised", stars))
    last = term(start)
    for _ in range(rng.choice((0, 1, 1, 2, 3, 4))):
        step = rng.choice(("transferred", "proposed", "upgraded", "renewed", "renewed", "grace",
                           "late", "withdrawn"))
        if LAW_26 < last < GRACE_EXPIRY and rng.random() < 0.6:
            step = "grace"
        room = (last - day).days
        if room < 5:
            step = "late"
        if step == "transferred":
            day += rng.randint(1, room) * DAY
            events.append((day, "transferred", None))
        elif step == "proposed" and stars < 5:
            day += rng.randint(1, room) * DAY
            events.append((day, "proposed", stars + 1))
        elif step == "upgraded" and stars < 5:
            day += rng.randint(1, room) * DAY
            stars = rng.randint(stars + 1, 5)
            events.append((day, "upgraded", stars))
            last = term(day)
        elif step == "renewed":
            begin, end = window(last)
            filed = max(begin + rng.randint(0, 60) * DAY, day + DAY)
            if filed > end:
                continue
            if filed >= LAW_26:
                events.append((filed, "filed", None))
            day = filed + rng.randint(1, 45) * DAY
            stars = rng.choice((stars, stars, max(3, stars - 1), min(5, stars + 1)))
            events.append((day, "re_recognised", stars))
            last = term(day)
        elif step == "grace" and LAW_26 < last < GRACE_EXPIRY:
            low = max(LAW_26 + DAY, day + DAY, window(last)[1] + DAY)
            if low > last:
                continue
            filed = low + rng.randint(0, (last - low).days) * DAY
            events.append((filed, "filed", None))
            day = filed
            if rng.random() < 0.6:
                day = last + rng.randint(1, 180) * DAY
                events.append((day, "re_recognised", stars))
                last = term(day)
            else:
                break
        elif step == "late":  # re-evaluated only after the certificate had expired
            if LAW_26 <= last <= GRACE_EXPIRY:
                break
            day = last + rng.choice((1, 1, 2, 30, rng.randint(1, 300))) * DAY
            stars = rng.choice((stars, max(3, stars - 1)))
            events.append((day, "re_recognised", stars))
            last = term(day)
        elif step == "withdrawn":
            day += rng.randint(1, room) * DAY
            events.append((day, "withdrawn", None))
            if rng.random() < 0.5:
                break
            day += rng.randint(30, 700) * DAY
            stars = rng.choice((3, 4))
            events.append((day, "recognised", stars))
            last = term(day)
    return events


def history_json(events, rng):
    made = []
    for when, kind, stars in events:
        one = {"kind": kind, "on": when.isoformat()}
        if stars:
            one["stars"] = stars
        if kind in ("recognised", "re_recognised", "upgraded"):
            one["decision"] = decision(rng, stars)
        if kind == "withdrawn":
            one["ground"] = rng.choice(GROUNDS)
        made.append(one)
    return {"events": made}


def boundary_dates(events, rng):
    dates = {LAW_26, LAW_26 - DAY, datetime.date(2026, 11, 23)}
    for when, kind, _ in events:
        dates |= {when - DAY, when, when + DAY}
        if kind in ("recognised", "re_recognised", "upgraded"):
            last = term(when)
            begin, end = window(last)
            dates |= {last - DAY, last, last + DAY, begin - DAY, begin, end, end + DAY,
                      last + 180 * DAY, last + 181 * DAY, when + rng.randint(0, 1500) * DAY}
    return sorted(dates)


def check_certificate(report, events, on, code, lines, given):
    told = state_on(events, on)
    report.same("exit code", code, 0, given)
    if not lines or not report.same("one line", len(lines), 1, given):
        return
    line = lines[0]
    wanted = told["state"]
    if told["soft"]:
        if line.get("state") not in (wanted, "valid"):
            report.fail("state", given, brief(line.get("state")))
        elif line.get("state") != wanted:
            report.tell("filing window after it was filed", given, line.get("state"))
    elif not report.same("state", line.get("state"), wanted, given):
        return
    report.same("stars in state " + wanted, line.get("stars"), told["stars"], given)
    first, last = told["first"], told["last"]
    if wanted in ("none", "proposed"):
        report.same("no first day", line.get("first_day"), None, given)
        report.same("no last valid day", line.get("last_valid_day"), None, given)
        return
    if wanted == "withdrawn":
        if line.get("last_valid_day") != last.isoformat():
            report.tell("days of a withdrawn certificate", given,
                        "%s…%s" % (line.get("first_day"), line.get("last_valid_day")))
        return
    report.same("first day", line.get("first_day"), first.isoformat(), given)
    allowed = [last.isoformat()]
    if wanted == "grace":
        allowed.append((last + 180 * DAY).isoformat())
    report.true("last valid day", line.get("last_valid_day") in allowed, given,
                "%s, expected %s" % (line.get("last_valid_day"), allowed[0]))
    begin, end = window(last)
    if wanted in ("valid", "filing_window"):
        if begin >= LAW_26:
            report.same("filing from", line.get("filing_from"), begin.isoformat(), given)
        if end >= LAW_26:
            report.same("filing until", line.get("filing_until"), end.isoformat(), given)
            if begin < LAW_26:
                report.true("filing from", line.get("filing_from") in
                            (begin.isoformat(), LAW_26.isoformat()), given, brief(line))
        elif line.get("filing_from") is not None:
            report.tell("a window told that ended before 26/2026", given, brief(line))


TERMS = (("2019-12-23", "2022-12-23"), ("2024-02-29", "2027-02-28"), ("2021-02-28", "2024-02-28"),
         ("2021-08-10", "2024-08-10"), ("2025-06-19", "2028-06-19"), ("2021-07-20", "2024-07-20"),
         ("2021-06-30", "2024-06-30"), ("2026-08-05", "2029-08-05"), ("2020-02-29", "2023-02-28"),
         ("2022-12-31", "2025-12-31"), ("2021-03-31", "2024-03-31"), ("2023-02-28", "2026-02-28"),
         ("2025-02-28", "2028-02-28"))

G = {"kind": "recognised", "on": "2024-08-10", "stars": 3, "decision": "1045/QĐ-UBND"}


def later(**fields):
    return {"events": [G, dict({"on": "2025-08-10"}, **fields)]}


def one(**fields):
    return {"events": [{k: v for k, v in dict(G, **fields).items() if v is not ANY}]}


BAD_HISTORIES = [  # (what, document): exit 1 and a problem
    ("not JSON", "{"), ("a list", []), ("no events", {}), ("events no list", {"events": 3}),
    ("empty text", ""), ("event no object", {"events": ["recognised"]}),
    ("unknown kind", one(kind="honoured")), ("no kind", one(kind=ANY)), ("no day", one(on=ANY)),
    ("no such day", one(on="2023-02-30")), ("no such leap day", one(on="2023-02-29")),
    ("day of month 13", one(on="2023-13-01")), ("day no text", one(on=20230101)),
    ("a word for a day", one(on="hôm qua")), ("six stars", one(stars=6)), ("zero", one(stars=0)),
    ("two stars carry no certificate", one(stars=2)), ("one star", one(stars=1)),
    ("negative", one(stars=-3)), ("half a star", one(stars=3.5)), ("no stars", one(stars=ANY)),
    ("unknown ground", later(kind="withdrawn", ground="because")),
    ("upgraded to six", later(kind="upgraded", stars=6)),
    ("re-recognised with two", later(kind="re_recognised", stars=2)),
    ("withdrawn before any", {"events": [{"kind": "withdrawn", "on": "2024-01-01",
                                          "ground": "law_breached"}]}),
    ("upgraded before any", {"events": [{"kind": "upgraded", "on": "2024-01-01", "stars": 4}]}),
    ("transferred before any", {"events": [{"kind": "transferred", "on": "2024-01-01"}]}),
]

OPEN_HISTORIES = [
    ("upgraded to the same star", later(kind="upgraded", stars=3), "2025-09-01"),
    ("upgraded to a lower star", {"events": [dict(G, stars=4), {
        "kind": "upgraded", "on": "2025-08-10", "stars": 3}]}, "2025-09-01"),
    ("re-recognised before any", {"events": [{"kind": "re_recognised", "on": "2024-01-01",
                                              "stars": 4}]}, "2025-01-01"),
    ("withdrawn without a ground", later(kind="withdrawn"), "2025-09-01"),
    ("withdrawn twice", {"events": [G, {"kind": "withdrawn", "on": "2025-01-01",
                                        "ground": "law_breached"},
                                    {"kind": "withdrawn", "on": "2025-02-01",
                                     "ground": "law_breached"}]}, "2025-09-01"),
    ("withdrawn after expiry", {"events": [G, {"kind": "withdrawn", "on": "2028-01-01",
                                               "ground": "law_breached"}]}, "2028-09-01"),
    ("upgraded after expiry", {"events": [G, {"kind": "upgraded", "on": "2028-01-01",
                                              "stars": 4}]}, "2028-09-01"),
    ("transferred after withdrawal", {"events": [G, {"kind": "withdrawn", "on": "2025-01-01",
                                                     "ground": "law_breached"},
                                                 {"kind": "transferred", "on": "2025-02-01"}]},
     "2025-09-01"),
    ("recognised anew while valid", later(kind="recognised", stars=4), "2025-09-01"),
    ("recognised anew after expiry", {"events": [G, dict(G, on="2028-01-01", stars=4)]},
     "2028-09-01"),
    ("out of order", {"events": [{"kind": "upgraded", "on": "2025-01-01", "stars": 4}, G]},
     "2025-09-01"),
    ("two on one day", {"events": [G, dict(G, kind="transferred")]}, "2025-09-01"),
    ("unknown key", {"events": [G], "colour": 1}, "2025-09-01"),
    ("unknown key of an event", one(colour=1), "2025-09-01"), ("no events", {"events": []},
                                                              "2025-09-01"),
    ("before the programme", one(on="2016-01-01"), "2017-09-01"),
    ("filed before 26/2026, expiry in the grace", {"events": [
        dict(G, on="2023-07-01"), {"kind": "filed", "on": "2026-05-01"}]}, "2026-08-01"),
    ("expired while grace is not asked for", one(on="2023-07-01"), "2026-08-01"),
    ("expiry 2026-09-20, filed late", {"events": [
        dict(G, on="2023-09-20"), {"kind": "filed", "on": "2026-06-30"}]}, "2026-10-01"),
    ("expiry 2026-09-19, filed 2026-05-22", {"events": [
        dict(G, on="2023-09-19"), {"kind": "filed", "on": "2026-05-22"}]}, "2026-10-01"),
    ("filed after expiry", {"events": [
        dict(G, on="2023-07-01"), {"kind": "filed", "on": "2026-07-20"}]}, "2026-08-01"),
    ("proposed anew after expiry", {"events": [G, {"kind": "proposed", "on": "2027-12-01",
                                                   "stars": 4}]}, "2028-01-01"),
]


def drive_certificates(tool, report, rng, count):
    report.area = "certificates"

    def ask(document, on, raw=False):
        data = document if raw else json.dumps(document, ensure_ascii=False)
        path = tool.file("history.json", data.encode("utf-8"))
        return tool.lines(report, "certificate", path, "--on", str(on))

    for start, end in TERMS:
        day = datetime.date.fromisoformat(start)
        events = [(day, "recognised", 3)]
        for on in (day - DAY, day, term(day), term(day) + DAY):
            code, lines, _ = ask(history_json(events, rng), on)
            given = "recognised %s --on %s" % (start, on)
            check_certificate(report, events, on, code, lines, given)
            if lines and on >= day:
                report.same("term", lines[0].get("last_valid_day"), end, given)
    asked = 0
    while asked < count * 4:
        events = random_history(rng)
        document = history_json(events, rng)
        dates = boundary_dates(events, rng)
        for on in rng.sample(dates, min(len(dates), 12)):
            code, lines, err = ask(document, on)
            given = "%s --on %s" % (" ".join("%s:%s%s" % (
                w, k, ":%d" % s if s else "") for w, k, s in events), on)
            if code != 0:
                given += " " + err.strip()[:160]
            check_certificate(report, events, on, code, lines, given)
            asked += 1
            if rng.random() < 0.05:  # never depends on what comes later
                short = {"events": [e for e in document["events"] if e["on"] <= on.isoformat()]}
                if short["events"]:
                    _, again, _ = ask(short, on)
                    report.same("later events change nothing",
                                [x.get("state") for x in again or []],
                                [x.get("state") for x in lines or []], given)
    for what, document in BAD_HISTORIES:
        code, lines, err = ask(document, "2026-01-01", isinstance(document, str))
        report.same("exit code of a wrong history", code, 1, what)
        report.true("a problem is told", bool(err.strip()), what, brief(lines))
    for on in ("2026-02-30", "yesterday", ""):
        code, _, err = tool.run("certificate", tool.file("h.json", json.dumps(one()).encode()),
                                "--on", on)
        report.true("a wrong --on", code in (1, 2) and err, on, code)
    for what, document, on in OPEN_HISTORIES:
        code, lines, err = ask(document, on)
        line = (lines or [{}])[0]
        report.tell(what, on, "exit %d %s %s %s" % (code, line.get("state"), line.get("stars"),
                                                    err.strip()[:120]))


# ---------------------------------------------------------------- 4. wordings of a star

def drive_star(tool, report, rng, facts):
    report.area = "star"
    table = star_table()
    for row in read_list(os.path.join(facts, "products", "star_phrases.csv")):
        numbers = [int(n) for n in row["star"].split("..") if n]
        stars = tuple(numbers) if len(numbers) > 1 else numbers[0] if numbers else None
        table.append((row["text"], stars, row["kind"]))
    table += [(nfd(t), s, k) for t, s, k in table if nfd(t) != t]
    table += [(t.upper(), s, k) for t, s, k in rng.sample(table, 200) if "_" not in t]
    for start in range(0, len(table), 60):
        batch = table[start:start + 60]
        code, lines, err = tool.lines(report, "star", "--", *[t for t, _, _ in batch])
        if lines is None or not report.same("a line each", len(lines), len(batch), batch[0][0]):
            continue
        for (text, stars, kind), line in zip(batch, lines):
            wanted = list(stars) if isinstance(stars, tuple) else stars
            if report.same("kind", line.get("kind"), kind, repr(nfc(text))):
                report.same("stars", line.get("stars"), wanted, repr(nfc(text)) + " " + kind)
        if code:
            report.tell("exit code of readable wordings", batch[0][0], "%d %s" % (code, err[:80]))
    code, lines, _ = tool.lines(report, "star", "--", *[t for t, _ in FORBIDDEN])
    for (text, kinds), line in zip(FORBIDDEN, lines or []):
        report.true("a star that is not there", line.get("kind") not in kinds, repr(text),
                    brief(line))
    code, lines, _ = tool.lines(report, "star", "--", *[t for t, _ in DOUBTFUL])
    for (text, kind), line in zip(DOUBTFUL, lines or []):
        report.true("a known kind", line.get("kind") in STAR_KINDS, repr(text), brief(line))
        if line.get("kind") != kind:
            report.tell("a doubtful wording", repr(text), "%s %s, perhaps %s" % (
                line.get("kind"), line.get("stars"), kind))


# ---------------------------------------------------------------- 5. import, 6. counts on a date

def read_list(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def plain_province(name):
    """The key under which a province is counted, without its kind."""
    text = fold(name.replace("-", " "))
    for prefix in ("tinh ", "thanh pho ", "tp. ", "tp ", "tp."):
        if text.startswith(prefix):
            return text[len(prefix):]
    return text


def by_count(value):
    """{"3": 5} of {"3": 5} or of {"Lai Châu": {"3": 5}}."""
    told = collections.Counter()
    for key, number in (value or {}).items():
        while isinstance(number, dict):
            number = number.get("total", sum(v for v in number.values() if isinstance(v, int)))
        told[str(key)] += number
    return told


def star_models(rows, on):
    """What `by_star` may mean: bounds for 3, 4, 5 under each reading."""
    models = {}
    stated = collections.Counter(r["star"] for r in rows if r["star"] in "345" and r["star"])
    models["every row with a star"] = (stated, stated)
    for name, states in (("certificates valid on the date", ("valid", "filing_window", "grace")),
                         ("valid on the date or without dates",
                          ("valid", "filing_window", "grace", "unknown"))):
        low, high = collections.Counter(), collections.Counter()
        for row in rows:
            if row["star"] and row["star"] in "345":
                may = row_states(row, on)
                high[row["star"]] += bool(may & set(states))
                low[row["star"]] += may <= set(states)
        models[name] = (low, high)
    return models


def within(got, low, high):
    return all(low[k] <= got[k] <= high[k] for k in set(low) | set(high) | set(got))


class ImportDriver:
    def __init__(self, tool, report, units, rng, facts):
        self.tool, self.report, self.units, self.rng = tool, report, units, rng
        self.base = read_list(os.path.join(facts, "products", "products.csv"))
        self.path = os.path.join(facts, "products", "products.csv")
        self.stars = collections.Counter()
        self.kept = collections.Counter()
        self.known_errors, self.warned = {}, collections.Counter()
        self.first_row = 2

    def ask(self, data, on, *more):
        path = self.tool.file("list.csv", data)
        return self.tool.run("import", path, "--on", str(on), *more)

    def answer(self, data, on, given):
        code, out, err = self.ask(data, on)
        self.report.true("exit code 0", code == 0, given, "%d %s" % (code, err.strip()[:200]))
        try:
            return json.loads(out)
        except ValueError:
            self.report.fail("one JSON answer", given, brief(out) + err.strip()[:200])
            return None

    def compare(self, rows, faulty, on, told, given):
        """`faulty` is {index: (columns that may be named)}; the rest of the rows are whole."""
        same, true = self.report.same, self.report.true
        same("rows", told.get("rows"), len(rows), given)
        expected = {i + self.first_row: columns for i, columns in faulty.items()}
        for i, row in enumerate(rows):
            if isinstance(row, dict) and row["row_id"] in self.known_errors:
                expected.setdefault(i + self.first_row, ())
        got = {}
        for problem in told.get("problems") or []:
            if problem.get("severity") == "warning":
                self.warned[problem.get("number"), problem.get("column")] += 1
            else:
                got.setdefault(problem.get("row"), []).append(problem)
            true("a problem has row, column, number and message",
                 {"row", "column", "number", "message"} <= set(problem), given, brief(problem))
        for row, columns in expected.items():
            if not true("a problem is told", row in got, "%s row %d %s" % (given, row, brief(
                    rows[row - self.first_row])), "problems of rows %s" % sorted(got, key=str)):
                continue
            names = [p.get("column") for p in got[row]]
            numbers = [COLUMNS.index(c) + 1 for c in columns if c in COLUMNS]
            if columns and not any(n in columns or n in numbers for n in names):
                self.report.tell("column of a problem", "%s %s" % (given, columns), names)
        extra = sorted(set(got) - set(expected), key=str)
        true("no other problem", not extra, given, "%s" % brief([got[r][0] for r in extra[:3]]))
        whole = [r for i, r in enumerate(rows) if i not in faulty]
        self.kept["all rows" if told.get("kept") == len(rows) else
                  "rows without problems" if told.get("kept") == len(whole) else "else"] += \
            bool(faulty)
        true("kept", told.get("kept") in (len(rows), len(whole)), given, told.get("kept"))
        spare = told.get("kept", 0) - len(whole)  # faulty rows that were kept count somewhere
        self.counts(whole, max(spare, 0), on, told, given)

    def counts(self, rows, spare, on, told, given):
        true = self.report.true
        low, high = bounds([row_states(r, on) for r in rows])
        got = by_count(told.get("by_state"))
        slack = collections.Counter({k: high[k] + spare for k in set(high) | set(got)})
        true("by_state", within(got, low, slack if spare else high), given,
             "%s, expected %s to %s" % (brief(got), brief(low), brief(high)))
        got = by_count(told.get("by_star"))
        stars = collections.Counter({k: v for k, v in got.items() if k in ("3", "4", "5")})
        fits = [name for name, (least, most) in star_models(rows, on).items()
                if within(stars, least, collections.Counter(
                    {k: most[k] + spare for k in "345"}))]
        true("by_star", fits, given, "%s fits no reading: %s" % (brief(got), brief(
            {n: (dict(a), dict(b)) for n, (a, b) in star_models(rows, on).items()})))
        for name in fits:
            self.stars[name] += 1
        if fits:
            self.stars["answers"] += 1
        got = collections.Counter()
        for key, number in by_count(told.get("by_province")).items():
            got[plain_province(key)] += number
        wanted = collections.Counter(plain_province(r["province"]) for r in rows)
        merged = collections.Counter()
        for name, number in wanted.items():
            merged[self.today_name(name)] += number
        ok = False
        for one in (wanted, merged):
            high = collections.Counter({k: one[k] + spare for k in set(one) | set(got)})
            ok = ok or within(got, one, high if spare else one)
        if not ok and any(got == self.valid_provinces(rows, on, w) for w in (False, True)):
            self.report.tell("by_province counts only valid certificates", given, brief(got))
            ok = True
        true("by_province", ok, given, "%s, expected %s" % (brief(got), brief(wanted)))

    def today_name(self, name):
        for edition in (NOW, MARCH, OLD):
            for unit in self.units.by_edition[edition]:
                if unit.level == "province" and plain_province(unit.bare) == name:
                    if edition == NOW:
                        return name
                    return plain_province(self.units.today_province(unit.code).bare)
        return name

    def valid_provinces(self, rows, on, today):
        told = collections.Counter()
        for row in rows:
            if row_states(row, on) & {"valid", "filing_window", "grace"}:
                name = plain_province(row["province"])
                told[self.today_name(name) if today else name] += 1
        return told

    # ------------------------------------------------------------ the shipped list

    def shipped(self, dates):
        self.report.area = "counts"
        with open(self.path, "rb") as stream:
            data = stream.read()
        for on in dates:
            given = "products.csv --on %s" % on
            told = self.answer(data, on, given)
            if not told:
                return False
            if on == dates[0]:
                for problem in told.get("problems") or []:
                    row = problem.get("row")
                    self.report.tell("a problem of the shipped list", brief(problem))
                    if isinstance(row, int) and 0 <= row - 2 < len(self.base) and \
                            problem.get("severity") != "warning":
                        self.known_errors[self.base[row - 2]["row_id"]] = problem
                self.report.tell("the whole answer", given, json.dumps(
                    told, ensure_ascii=False)[:3000])
                self.report.same("kept of the shipped list", told.get("kept"), 168, given)
            self.compare(self.base, {}, on, told, given)
            states = by_count(told.get("by_state"))
            # lifecycle_cases.csv: recognised on 2023-01-17, revoked in September 2023. The row itself
            # tells no day of the withdrawal: showing no star from the first day on is a reading.
            if datetime.date(2023, 1, 17) <= on < datetime.date(2023, 9, 1):
                self.report.tell("P0581 between recognition and withdrawal", given,
                                 "withdrawn" if states["withdrawn"] else "not withdrawn")
            elif on >= datetime.date(2023, 10, 1):
                self.report.same("P0581 is withdrawn", states["withdrawn"], 1, given)
            elif on < datetime.date(2023, 1, 17) and states["unknown"] != 107:
                self.report.tell("P0581 before it was recognised", given, "unknown, not none")
        return True

    # ------------------------------------------------------------ made lists

    def made_rows(self, count):
        """Rows that are read without doubt: known provinces, events, days and stars."""
        rng, rows = self.rng, []
        names = sorted({u.bare for e in (OLD, NOW) for u in self.units.by_edition[e]
                        if u.level == "province"})
        for number in range(count):
            row = dict(rng.choice(self.base))
            row["row_id"] = "R%05d" % number
            row["product_name"] = "%s %d" % (row["product_name"], number)
            if rng.random() < 0.5:
                row["commune"] = row["district"] = ""
                row["province"] = rng.choice(names)
                if rng.random() < 0.15:
                    row["province"] = no_accents(row["province"])
            if rng.random() < 0.6:
                row["event"] = rng.choice(("new", "recognised", "re_recognition", "new"))
                row["star"], row["proposed_star"], row["score"] = rng.choice("333445"), "", ""
                row["decision_no"] = decision(rng, int(row["star"]))
                start = datetime.date(2019, 9, 1) + rng.randint(0, 2600) * DAY
                if rng.random() < 0.3:
                    start = rng.choice((datetime.date(2024, 2, 29), datetime.date(2023, 8, 31),
                                        datetime.date(2023, 11, 23), datetime.date(2026, 11, 23)))
                row["decision_date"] = start.isoformat()
                row["year"] = str(start.year)
                row["expiry_date"] = term(start).isoformat() if rng.random() < 0.5 else ""
            if rng.random() < 0.1:
                row["notes"] = rng.choice(('a "quoted" note', "one, two", "tab\there", " spaced "))
            rows.append(row)
        return rows

    def break_row(self, row):
        """A row with one mistake and the columns that a problem may name."""
        rng, row = self.rng, dict(row)
        what = rng.choice(("event", "event", "decision_date", "decision_date", "expiry_date",
                           "star", "star"))
        if what == "event":
            row["event"] = rng.choice(("honoured", "renewed?", "NEWS", "cấp mới hay cũ", "xyz"))
        elif what == "star":
            row["star"] = rng.choice(("6", "7", "33", "6 sao", "10"))
        else:
            row[what] = rng.choice(("2023-02-30", "2023-13-01", "2021-02-29", "hôm qua", "x",
                                    "2023-00-10", "31/02/2023", "2022-06-31"))
        return row, (what,)

    def drive(self, count):
        rng, report = self.rng, self.report
        report.area = "import"
        for number in range(count):
            rows = self.made_rows(rng.choice((1, 3, 10, 30, 60)))
            on = rng.choice((datetime.date(2026, 11, 23), datetime.date(2023, 2, 24),
                             datetime.date(2027, 2, 28), datetime.date(2026, 8, 31),
                             datetime.date(2020, 1, 1) + rng.randint(0, 3600) * DAY))
            faulty = {}
            if rng.random() < 0.6:
                for i in rng.sample(range(len(rows)), min(len(rows), rng.randint(1, 5))):
                    rows[i], faulty[i] = self.break_row(rows[i])
            columns = list(COLUMNS)
            if rng.random() < 0.3:
                rng.shuffle(columns)
            form = {"bom": rng.random() < 0.3, "crlf": rng.random() < 0.3,
                    "quote": rng.random() < 0.3}
            data = write_csv(rows, columns, **form)
            if rng.random() < 0.1:
                data = nfd(data.decode("utf-8")).encode("utf-8")
                form["decomposed"] = True
            given = "list %d of %d rows --on %s %s" % (number, len(rows), on, " ".join(
                k for k, v in form.items() if v))
            told = self.answer(data, on, given)
            if told:
                failures = sum(map(len, report.failed.values()))
                self.compare(rows, faulty, on, told, given)
                if sum(map(len, report.failed.values())) > failures:
                    self.tool.file("failed-%d.csv" % number, data)
        self.forms()
        self.lives()
        self.open_questions()

    def lives(self):
        """One product in two rows: it has one state, and no star after its certificate went."""
        first = dict(self.base[0], row_id="A1", event="new", star="3", score="", year="2022",
                     decision_no="12/QĐ-UBND", decision_date="2022-01-10", expiry_date="")
        for event, star in (("revoked", "3"), ("upgrade", "4"), ("re_recognition", "4"),
                            ("re_evaluation", "3")):
            second = dict(first, row_id="A2", event=event, star=star, year="2023",
                          decision_no="15/QĐ-UBND", decision_date="2023-01-10")
            for rows in ([first, second], [second, first]):
                on = datetime.date(2023, 6, 1)
                given = "new 2022-01-10 and %s 2023-01-10 %s --on %s" % (
                    event, "in order" if rows[0] is first else "in reverse", on)
                told = self.answer(write_csv(rows), on, given) or {}
                valid = by_count(told.get("by_state"))["valid"]
                if event == "revoked":
                    self.report.same("nothing valid of a revoked product", valid, 0, given)
                elif valid != 1:
                    self.report.tell("rows in force of one product", given, "%d %s" % (
                        valid, brief(told.get("in_force_by_star"))))

    def forms(self):
        """BOM, CRLF, quotes and order of columns change nothing."""
        rows, on = self.made_rows(40), datetime.date(2026, 11, 23)
        plain = self.answer(write_csv(rows), on, "plain")
        for form in ({"bom": True}, {"crlf": True}, {"quote": True},
                     {"bom": True, "crlf": True, "quote": True},
                     {"columns": COLUMNS[::-1]}):
            other = self.answer(write_csv(rows, **form), on, str(sorted(form)))
            for field in ("rows", "kept", "by_star", "by_province", "by_state"):
                self.report.same("form changes nothing: " + field, (other or {}).get(field),
                                 (plain or {}).get(field), str(sorted(form)))
        twice = rows + [dict(rows[7], row_id="R90000")]
        other = self.answer(write_csv(twice), on, "a row twice") or {}
        self.report.true("a row twice is a duplicate", size(other.get("duplicates")) >
                         size((plain or {}).get("duplicates")), brief(rows[7]),
                         brief(other.get("duplicates")))
        for what, data in (("no file of its own", b""), ("no header", b"\n\n"),
                           ("without product_name", write_csv(rows, [c for c in COLUMNS
                                                                     if c != "product_name"]))):
            code, out, err = self.ask(data, on)
            self.report.true("a faulty file", code == 1 and err.strip() != "", what,
                             "%d %s %s" % (code, out[:200], err[:200]))
        code, _, err = self.tool.run("import", "/nonexistent/list.csv", "--on", "2026-01-01")
        self.report.true("no such file", code in (1, 3) and err, "", code)
        code, _, err = self.tool.run("import", self.path, "--on", "2026-02-30")
        self.report.true("no such day", code in (1, 2) and err, "--on 2026-02-30", code)

    def open_questions(self):
        on = datetime.date(2026, 11, 23)
        base = dict(self.base[0], row_id="A1")
        second = dict(self.base[1], row_id="A2")
        for what, rows, more in (
                ("header only", [], {}), ("short row", [base, ["A2", "x"], second], {}),
                ("long row", [base, [second[c] for c in COLUMNS] + ["more"]], {}),
                ("blank row", [base, [""] * len(COLUMNS), second], {}),
                ("empty line", [base, [], second], {}),
                ("no product name", [base, dict(second, product_name="")], {}),
                ("unknown province", [base, dict(second, province="Atlantis")], {}),
                ("no province", [base, dict(second, province="")], {}),
                ("TP. Hồ Chí Minh", [dict(base, province="TP. Hồ Chí Minh", commune="")], {}),
                ("Thừa Thiên - Huế", [dict(base, province="Thừa Thiên - Huế", commune="")], {}),
                ("Đắk Nông, today Lâm Đồng", [dict(base, province="Đắk Nông", commune="")], {}),
                ("a word for a star", [base, dict(second, star="bốn sao")], {}),
                ("star with its word", [base, dict(second, star="3 sao")], {}),
                ("star that is proposed", [base, dict(second, star="đề nghị 5 sao")], {}),
                ("star abc", [base, dict(second, star="abc")], {}),
                ("two stars", [base, dict(second, star="2")], {}),
                ("a day as written in Vietnam", [base, dict(second, decision_date="05/08/2026",
                                                            expiry_date="")], {}),
                ("expiry before decision", [base, dict(second, expiry_date="2020-01-01")], {}),
                ("expiry other than 36 months", [base, dict(second, expiry_date="2027-01-01")], {}),
                ("score over 100", [base, dict(second, score="120")], {}),
                ("a comma in a score", [base, dict(second, score="69,25")], {}),
                ("unknown producer type", [base, dict(second, producer_type="guild")], {}),
                ("unknown reliability", [base, dict(second, reliability="Z9")], {}),
                ("year 20x5", [base, dict(second, year="20x5")], {}),
                ("year and decision differ", [base, dict(second, year="2010")], {}),
                ("same row_id twice", [base, dict(second, row_id="A1")], {}),
                ("the same row thrice", [base, base, base], {}),
                ("same as above", [base, dict(second, producer_name="nt")], {}),
                ("merged cell", [base, dict(second, producer_name='"')], {}),
                ("empty event", [base, dict(second, event="")], {}),
                ("event in capitals", [base, dict(second, event="NEW")], {}),
                ("a commune that is not there", [base, dict(second, commune="xã Không Có")], {}),
                ("other province's commune", [base, dict(second, province="Cà Mau")], {}),
                ("two products in a row", [base, dict(second, product_name="Mắm; Muối; Tiêu")], {}),
                ("a column more", [dict(base, colour="red")], {"columns": COLUMNS + ["colour"]}),
                ("without notes", [base], {"columns": COLUMNS[:-1]}),
                ("without event", [base], {"columns": [c for c in COLUMNS if c != "event"]}),
                ("without province", [base], {"columns": [c for c in COLUMNS if c != "province"]}),
                ("without dates", [base], {"columns": [c for c in COLUMNS if "date" not in c]}),
                ("header in capitals", [[base[c] for c in COLUMNS]],
                 {"columns": [c.upper() for c in COLUMNS]}),
                ("a column twice", [[base[c] for c in COLUMNS] + ["x"]],
                 {"columns": COLUMNS + ["star"]})):
            code, out, err = self.ask(write_csv(rows, **more), on)
            self.report.tell("import: " + what, "exit %d" % code, (out.strip() + " " +
                                                                   err.strip())[:420])
        same = [dict(base, row_id="B%d" % i, commune="", province=name) for i, name in enumerate(
            ("Lai Châu", "Tỉnh Lai Châu", "lai chau", "LAI CHÂU", "T. Lai Châu", "tỉnh  Lai Châu",
             nfd("Lai Châu"), "Lai-Châu"))]
        code, out, err = self.ask(write_csv(same), on)
        self.report.tell("import: one province written in eight ways", "exit %d" % code,
                         brief((json.loads(out) if out else {}).get("by_province")))
        for what, field, ways in (
                ("product", "product_name", ("Mắm nêm Seagull", "mắm nêm seagull",
                                             "Mam nem Seagull", "Mắm  nêm  Seagull")),
                ("producer", "producer_name", ("HTX Thanh Nga", "Hợp tác xã Thanh Nga",
                                               "htx thanh nga", "HTX. Thanh Nga")),
                ("company", "producer_name", ("Công ty TNHH Seagull", "Cty TNHH Seagull",
                                              "CÔNG TY TNHH SEAGULL", "Công ty trách nhiệm hữu "
                                              "hạn Seagull"))):
            for way in ways[1:]:
                rows = [dict(base, **{field: ways[0]}), dict(base, **{"row_id": "A2", field: way})]
                code, out, err = self.ask(write_csv(rows), on)
                told = json.loads(out) if out else {}
                self.report.tell("import: the same %s twice" % what, "%s / %s" % (ways[0], way),
                                 brief(told.get("duplicates")))
        data = write_csv([base, second])
        for what, bytes_ in (("unclosed quote", data + b'"A3,x'),
                             ("not UTF-8", data + b"A3,\xff\xfe"),
                             ("semicolons", data.replace(b",", b";")),
                             ("UTF-16", data.decode().encode("utf-16")),
                             ("no newline at the end", data[:-1]), ("NUL", data + b"A3,\0\n")):
            code, out, err = self.ask(bytes_, on)
            self.report.tell("import: " + what, "exit %d" % code,
                             (out.strip() + " " + err.strip())[:420])


def size(value):
    if isinstance(value, int):
        return value
    return len(value or ())


def drive_import(tool, report, units, rng, count, facts):
    driver = ImportDriver(tool, report, units, rng, facts)
    D = datetime.date
    dates = [D(2026, 11, 23), D(2019, 12, 22), D(2019, 12, 23), D(2021, 4, 5), D(2021, 4, 6),
             D(2022, 10, 9), D(2022, 10, 10), D(2022, 12, 23), D(2022, 12, 24), D(2023, 1, 27),
             D(2023, 8, 31), D(2023, 10, 1), D(2025, 12, 31),
             D(2024, 4, 6), D(2024, 4, 7), D(2025, 1, 17), D(2025, 1, 27), D(2025, 1, 28),
             D(2025, 6, 26), D(2025, 10, 10), D(2025, 10, 11), D(2026, 1, 27), D(2026, 1, 28),
             D(2026, 5, 22), D(2026, 8, 4), D(2026, 8, 5), D(2027, 7, 20), D(2027, 7, 21),
             D(2027, 9, 19), D(2027, 9, 20), D(2028, 1, 17), D(2028, 1, 18), D(2029, 2, 6),
             D(2029, 8, 5), D(2029, 8, 6), D(2035, 1, 1)]
    if driver.shipped(dates):
        driver.drive(count)
    report.tell("warnings (number, column)", "", {"%s %s" % k: v for k, v in
                                                  sorted(driver.warned.items(), key=str)})
    report.tell("readings of by_star that fit", "", dict(driver.stars))
    report.tell("rows kept of lists with faulty rows", "", dict(driver.kept))


# ---------------------------------------------------------------- self-test

def fields(unit):
    return unit and (unit.level, unit.parent, unit.name)


def self_test(units, facts):
    report = Report(20)
    report.area = "self-test"
    same = report.same
    same("editions", [len(units.by_edition[e]) for e in EDITIONS],
         [63 + 705 + 10598, 63 + 696 + 10035, 34 + 3321, 34 + 3321], "units")
    same("gone", len(units.gone), 566, "units")
    shipped = os.path.join(TOP, "data", "units")
    if os.path.exists(os.path.join(shipped, "units.csv")):  # the project's table says the same
        other = Units(shipped)
        differ = [k for k in set(units.by_key) | set(other.by_key) if fields(units.by_key.get(k)) !=
                  fields(other.by_key.get(k))]
        same("data/units", (sorted(differ)[:5], other.next == units.next), ([], True), shipped)
    told = decode(units, "83-829-28780-3-2022")
    same("golden", (told["valid"], told["generation"], told["names"], told["today"].key()),
         (True, "software-2021", {"province": ["Tỉnh Bến Tre"], "commune": ["Phường 7"],
                                  "district": ["Thành phố Bến Tre"]},
          (NOW, "commune", "28789")), "83-829-28780-3-2022")
    same("golden province", units.get(NOW, told["today"].parent).name, "Tỉnh Vĩnh Long", "")
    for code, valid in (("12-105-3-2020", True), ("12-03388-1-2026", True), ("1-005-00166-1-2021",
                        False), ("12-104-3-2020", False), ("12-104-03388-1-2021", False),
                        ("12-105-03388-1-2021", True), ("83-829-28780-3", False)):
        same("valid", decode(units, code)["valid"], valid, code)
    for row in read_list(os.path.join(facts, "products", "codes.csv")):
        told = decode(units, row["product_code"])
        same("codes.csv", [told["names"][k][0] for k in ("province", "district", "commune")] +
             [told["serial"], told["year"]], [row["province"], row["district"], row["commune"],
                                              int(row["serial"]), int(row["year"])],
             row["product_code"])
    rng = random.Random(3)
    wrong = {"pair", "province", "zeros", "26 pair", "26 gone", "1048 pair", "unknown",
             "malformed"}
    for code, what in random_codes(units, rng, 3000):
        if what == "pair" and decode(units, code)["valid"]:
            continue
        same("random codes", decode(units, code)["valid"], what not in wrong, code + " " + what)
    for a, b in (("Thanh Hóa", "Thanh Hoá"), ("THỦY", "thuỷ"), ("Hòa  Bình", "hoà bình")):
        same("tone place", letters(a), letters(b), a)
    same("tones differ", letters("Hoa") == letters("Hòa"), False, "Hoa")
    same("fold", fold(nfd("Đắk  Lắk")), "dak lak", "Đắk Lắk")
    same("other tones", [other_tones(t) for t in ("Thanh Hóa", "Thuỷ", "Quý", "Quảng Hòa", "Loan",
         "Hoàn", "Hoà An")], ["Thanh Hoá", "Thủy", None, "Quảng Hoà", None, None, "Hòa An"], "")
    for _ in range(2000):
        text, note, must, may, unit, _, _ = random_query(units, rng, rng.choice(EDITIONS))
        report.true("a query finds its unit", unit in must and must <= may, text, note)
    for start, end in TERMS:
        same("term", str(term(datetime.date.fromisoformat(start))), end, start)
    for row in read_list(os.path.join(facts, "products", "lifecycle_cases.csv")):
        if row["executable"] == "yes":
            same("lifecycle", str(term(date_of(row["start"]))), row["expected_end"], row["case"])
    day = datetime.date.fromisoformat
    life = [(day("2021-06-30"), "recognised", 5), (day("2024-07-01"), "re_recognised", 5)]
    for on, state in (("2021-06-29", "none"), ("2021-06-30", "valid"), ("2024-06-30", "valid"),
                      ("2024-07-01", "valid"), ("2027-01-02", "filing_window"),
                      ("2027-01-01", "valid"), ("2027-03-03", "filing_window"),
                      ("2027-03-04", "valid"), ("2027-07-01", "valid"), ("2027-07-02", "expired")):
        same("states", state_on(life, day(on))["state"], state, on)
    life = [(day("2023-08-10"), "recognised", 3), (day("2026-06-01"), "filed", None)]
    for on, state in (("2026-08-10", "valid"), ("2026-08-11", "grace"), ("2027-02-06", "grace"),
                      ("2027-02-07", "expired")):
        same("grace", state_on(life, day(on))["state"], state, on)
    life = [(day("2022-01-01"), "proposed", 5), (day("2022-02-01"), "recognised", 4),
            (day("2022-03-01"), "proposed", 5), (day("2022-04-01"), "upgraded", 5),
            (day("2022-05-01"), "transferred", None), (day("2022-06-01"), "withdrawn", None)]
    for on, state, stars in (("2022-01-31", "proposed", None), ("2022-03-02", "valid", 4),
                             ("2022-04-01", "valid", 5), ("2022-05-02", "valid", 5),
                             ("2022-06-01", "withdrawn", None)):
        told = state_on(life, day(on))
        same("life", (told["state"], told["stars"]), (state, stars), on)
    seen = collections.Counter()
    for _ in range(1500):
        events = random_history(rng)
        same("order of days", events, sorted(set(events), key=lambda e: e[0]), str(events))
        for on in boundary_dates(events, rng):
            seen[state_on(events, on)["state"]] += 1
    report.true("every state is met", len(seen) == 7, "", dict(seen))
    texts = [fold(t) + str(len(t)) for t, _, _ in star_table()]
    report.true("wordings", len(set(texts)) >= 200, "", len(set(texts)))
    readings = collections.defaultdict(set)
    for text, stars, kind in star_table():
        readings[fold(text)].add((str(stars), kind))
        report.true("a known kind", kind in STAR_KINDS, text, kind)
    for text, answers in readings.items():
        report.true("one reading", len(answers) == 1, text, answers)
    rows = read_list(os.path.join(facts, "products", "products.csv"))
    same("rows", (len(rows), list(rows[0])), (168, COLUMNS), "products.csv")
    same("events", sorted({r["event"] for r in rows} - set(EVENTS)), [], "products.csv")
    low, high = bounds([row_states(r, day("2026-11-23")) for r in rows])
    same("valid today", (low["valid"], high["valid"]), (13, 13), "2026-11-23")
    same("unknown", low["unknown"], sum(not r["decision_date"] and not r["expiry_date"]
                                        for r in rows), "")
    back = list(csv.DictReader(io.StringIO(write_csv(rows, crlf=True, quote=True).decode())))
    same("writing and reading", back, rows, "")
    print("states met: %s; wordings: %d" % (dict(seen), len(star_table())))
    return report.print()


TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def find_facts():
    for folder in (os.path.join(os.path.dirname(TOP), "shared", "facts"),
                   os.path.join(TOP, "data")):
        if all(os.path.exists(os.path.join(folder, n)) for n in (
                os.path.join("units", "units.csv"), os.path.join("products", "products.csv"))):
            return folder
    return None


AREAS = ("codes", "units", "certificates", "star", "import")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", help="the tool ocop")
    parser.add_argument("--facts", default=find_facts(),
                        help="folder with units/ and products/ (default: beside the project)")
    parser.add_argument("--count", type=int, default=600, help="random cases of each area")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(AREAS), help="areas: " + ",".join(AREAS))
    parser.add_argument("--show-failures", type=int, default=3, metavar="K",
                        help="print the first K cases of each kind of disagreement")
    parser.add_argument("--keep", metavar="DIR", help="folder for the files asked about")
    parser.add_argument("--self-test", action="store_true", help="no tool needed")
    options = parser.parse_args()
    if not options.facts:
        parser.error("--facts DIR is needed: no units/ and products/ found beside the project")
    units = Units(os.path.join(options.facts, "units"))
    if options.self_test:
        return self_test(units, options.facts)
    if not options.tool or not os.path.isfile(options.tool):
        parser.error("--tool PATH of the built tool is needed (or --self-test)")
    chosen = options.only.split(",")
    if set(chosen) - set(AREAS):
        parser.error("--only knows " + ",".join(AREAS))
    report = Report(options.show_failures)
    with tempfile.TemporaryDirectory() as folder:
        if options.keep:
            os.makedirs(options.keep, exist_ok=True)
        tool = Tool(os.path.abspath(options.tool), options.keep or folder)
        count, seed = options.count, options.seed
        if "codes" in chosen:
            drive_codes(tool, report, units, random.Random(seed), 2 * count, options.facts)
        if "units" in chosen:
            drive_units(tool, report, units, random.Random(seed + 1), count)
        if "certificates" in chosen:
            drive_certificates(tool, report, random.Random(seed + 2), count)
        if "star" in chosen:
            drive_star(tool, report, random.Random(seed + 3), options.facts)
        if "import" in chosen:
            drive_import(tool, report, units, random.Random(seed + 4), count // 2, options.facts)
        print("%d calls of the tool" % tool.calls)
    return report.print()


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main())
