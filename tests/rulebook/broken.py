#!/usr/bin/env python3
"""Scenarios with exactly one thing that cannot be right, and some that are strange but allowed.

    broken.py --seed N --count M --out DIR

writes DIR/000000, … and beside each DIR/000000.expect: the file that the message must name (several lines where the
rule book leaves open which of them), or `allowed` where the exit status must be 0. Each function of the catalogue takes
a scenario that is right, changes one thing, and gives the files that may be named; it raises Unfit where the scenario
has nothing to break in this way.
"""

import argparse
from pathlib import Path

import generate
import interpreter as rules

TOML, MEMBERS, BIDS, HAND = "announcement.toml", "members.csv", "bids.csv", "hand.csv"
CSVS = [MEMBERS, BIDS, HAND]
ALLOWED = "allowed"


class Unfit(Exception):
    """This scenario cannot be broken in this way; another is tried."""


class Case:
    """A scenario under the hammer: its document, and afterwards its files."""

    def __init__(self, rng, doc):
        self.rng, self.doc, self.changes = rng, doc, []

    def pick(self, choices):
        choices = list(choices)
        if not choices:
            raise Unfit
        return self.rng.choice(choices)

    def rows(self, file):
        """The rows under the heading."""
        if self.doc[file] is None:
            raise Unfit
        return self.doc[file][1:]

    def row(self, file):
        return self.pick(self.rows(file))

    def text(self, value):
        return generate.toml_string(self.rng, value)

    def later(self, change):
        """A change of the rendered files: `change(files)`."""
        self.changes.append(change)

    def render(self):
        files = generate.render(self.rng, self.doc)
        for change in self.changes:
            change(files)
        return files


# ---------------------------------------------------------------------------------------------------------------------
# Files, keys, columns, bytes
# ---------------------------------------------------------------------------------------------------------------------

def file_missing(case):
    """"A missing file"."""
    file = case.pick([TOML, MEMBERS, BIDS])
    case.later(lambda files: files.pop(file))
    return file


def file_empty(case):
    """No bytes at all: every key or column is missing."""
    file = case.pick([TOML] + [file for file in CSVS if case.doc[file] is not None])
    case.later(lambda files: files.update({file: case.pick([b"", b"\xef\xbb\xbf", b"\n"])}))
    return file


def tables(case):
    return [case.doc["top"], case.doc["bidding"], case.pick(case.doc["lots"])]


def key_unknown(case):
    """"An unknown key"."""
    table = case.pick(tables(case))
    key = case.pick(["colour", "published", "extra-key", "fee_rate", "step2", "auction", "reserve"])
    table[key] = case.pick(['"x"', '"1"', "1", "true", "[]", '"2025-07-16T09:00:00+08:00"'])
    return TOML


def table_unknown(case):
    """"`[settlement]` and `published` are unknown keys"."""
    extra = case.pick(["[settlement]", "[settlement]\npay_within = \"48h\"", "[[lot]]\ncode = \"1\"\nquantity = \"1\"",
                       "[extra]", "[bidding2]"])
    case.later(lambda files: files.update({TOML: files[TOML].rstrip() + b"\n" + extra.encode() + b"\n"}))
    return TOML


def key_misspelt(case):
    """"A misspelt key", also one that may be left out."""
    table = case.pick(tables(case))
    key = case.pick(table)
    wrong = case.pick([key.upper(), key.capitalize(), key + "s", key[:-1], key.replace("_", "-") + "x", "'" + key + " '"])
    table[wrong] = table.pop(key)
    return TOML


def key_repeated(case):
    """"A repeated key", with the same value or another one."""
    table = case.pick(tables(case))
    key = case.pick(table)
    table[f'"{key}"'] = table[key]
    return TOML


def heading_repeated(case):
    """The table `[bidding]` twice."""
    def change(files):
        text = files[TOML].rstrip() + b"\n[bidding]\n"
        files[TOML] = text
    case.later(change)
    return TOML


def key_missing(case):
    """"A key that is missing"."""
    table = case.pick(tables(case))
    del table[case.pick(set(table) & {"title", "side", "initiator", "product", "unit", "opens", "closes", "start_price",
                                      "step", "margin_rate", "code", "quantity"})]
    return TOML


def key_of_wrong_kind(case):
    """A value of another kind than the key wants."""
    name, key, value = case.pick([
        ("top", "title", "5"), ("top", "side", '"buy"'), ("top", "side", '"Sale"'), ("top", "initiator", "1"),
        ("top", "unit", "[]"), ("bidding", "format", '"closed"'), ("bidding", "format", '""'),
        ("bidding", "countdown_from", '"start"'), ("bidding", "countdown_from", "true"),
        ("bidding", "consecutive", '"true"'), ("bidding", "consecutive", "0"), ("bidding", "eligible", '"B1"'),
        ("bidding", "eligible", "[1]"), ("bidding", "eligible", "true")])
    case.doc[name][key] = value
    return TOML


def lot_code_of_wrong_kind(case):
    case.pick(case.doc["lots"])["code"] = case.pick(["1", "true", "1.0"])
    return TOML


def toml_torn(case):
    """No TOML at all."""
    junk = case.pick([b"\n= 1\n", b"\nx\n", b'\ny = "\n', b"\n[bidding\n", b"\n[[lots]\n"])
    case.later(lambda files: files.update({TOML: files[TOML] + junk}))
    return TOML


def some_csv(case):
    return case.pick(file for file in CSVS if case.doc[file] is not None)


def column_unknown(case):
    """"An unknown column"."""
    file = some_csv(case)
    name = case.pick(["note", "", "time", "published"])
    for row in case.doc[file]:
        row.append(name if row is case.doc[file][0] else case.pick(["", "1", "x"]))
    return file


def column_misspelt(case):
    """"A misspelt column"."""
    file = some_csv(case)
    heading = case.doc[file][0]
    index = case.rng.randrange(len(heading))
    heading[index] = case.pick([heading[index].upper(), heading[index] + "s", heading[index][:-1], " " + heading[index],
                                heading[index] + " "])
    return file


def column_repeated(case):
    """"A repeated column", all cells the same."""
    file = some_csv(case)
    index = case.rng.randrange(len(case.doc[file][0]))
    for row in case.doc[file]:
        row.append(row[index])
    return file


def column_missing(case):
    """"A column that is missing"."""
    file = some_csv(case)
    index = case.rng.randrange(len(case.doc[file][0]))
    for row in case.doc[file]:
        del row[index]
    return file


def cells_too_few_or_many(case):
    """A row that has not as many cells as the heading."""
    file = some_csv(case)
    case.row(file)
    count = case.pick(["more", "fewer"])

    def change(files):
        lines = generate.csv_lines(case.rng, [["x" if cell == "" else cell for cell in case.doc[file][0]]])
        columns = lines[0].count(",") + 1
        extra = ",".join(["1"] * (columns + 1 if count == "more" else columns - 1))
        files[file] = files[file].rstrip(b"\r\n") + b"\n" + extra.encode() + b"\n"
    case.later(change)
    return file


def not_utf8(case):
    """"Bytes that are not UTF-8"."""
    file = case.pick([TOML, MEMBERS, BIDS])
    junk = case.pick([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", "内".encode("gbk"), b"\xf5\x80\x80\x80", b"\xfe\xff"])

    def change(files):
        data = files[file].rstrip(b"\r\n")
        files[file] = data + b"\n# " + junk if file == TOML else data[:-1] + junk + b"\n"
    case.later(change)
    return file


def utf16(case):
    file = case.pick([TOML, MEMBERS, BIDS])
    case.later(lambda files: files.update({file: files[file].decode("utf-8-sig").encode("utf-16")}))
    return file


# ---------------------------------------------------------------------------------------------------------------------
# Decimals
# ---------------------------------------------------------------------------------------------------------------------

NO_DECIMALS = ["", "-1", "+1", "-0.01", " 1", "1 ", "1e3", "1E3", "01", "00", "00.50", "007.00", ".5", "5.", "1,000.00", "1_000",
               "0x10", "１", "٣", "abc", "NaN", "inf", "1.0.0", "1..0", "1. 5", "1.5-", "½", "1\u00a0", "--1", "1/2"]


def no_decimal(case):
    return case.pick(NO_DECIMALS)


def set_decimal(case, value, key):
    """Put a wrong decimal where the announcement has `key`."""
    table = case.pick(case.doc["lots"]) if key == "quantity" else case.doc["bidding"]
    table[key] = value
    return TOML


def decimal_in_announcement(case):
    """"A decimal that is not a string of digits"."""
    key = case.pick(["start_price", "step", "max_step", "limit_price", "margin_rate", "quantity"])
    return set_decimal(case, case.text(no_decimal(case)), key)


def decimal_not_a_string(case):
    """"No TOML number"."""
    key = case.pick(["start_price", "step", "max_step", "limit_price", "margin_rate", "quantity"])
    return set_decimal(case, case.pick(["1", "0.5", "1.0", "1e0", "true", '["1"]', "0x1", "inf"]), key)


def decimal_too_fine(case):
    """"At most two decimals, quantities and rates six"."""
    key = case.pick(["start_price", "step", "max_step", "limit_price", "margin_rate", "quantity"])
    fine = ["1.001", "0.005", "1.000", "1.2345678"]
    if key in ("margin_rate", "quantity"):
        fine = ["0.1000001", "0.0000005", "0.5000000"]
    return set_decimal(case, case.text(case.pick(fine)), key)


def decimal_out_of_range(case):
    """"From 0.01 to 999,999,999,999.99"; "from 0.000001 to 999,999,999.999999"; "above 0 and at most 1"."""
    key = case.pick(["start_price", "step", "max_step", "limit_price", "margin_rate", "quantity"])
    if key == "margin_rate":
        values = ["0", "0.0", "0.000000", "1.000001", "2", "20"]
    elif key == "quantity":
        values = ["0", "0.000000", "1000000000", "1000000000.000000", "99999999999999999999999999"]
    else:
        values = ["0", "0.00", "1000000000000", "1000000000000.00", "18446744073709551616", "9" * 50]
    return set_decimal(case, case.text(case.pick(values)), key)


def set_cell(case, file, column, value):
    """Put a wrong cell into some row."""
    case.row(file)[case.doc[file][0].index(column)] = value
    return file


def decimal_in_csv(case):
    file, column = case.pick([(BIDS, "price"), (MEMBERS, "cash")])
    return set_cell(case, file, column, no_decimal(case))


def decimal_in_csv_too_fine(case):
    file, column = case.pick([(BIDS, "price"), (MEMBERS, "cash")])
    return set_cell(case, file, column, case.pick(["565500.001", "1.000", "0.005", "1.999999"]))


def price_out_of_range(case):
    return set_cell(case, BIDS, "price", case.pick(["0", "0.00", "1000000000000", "1000000000000.00", "9" * 40]))


def cash_out_of_range(case):
    return set_cell(case, MEMBERS, "cash", case.pick(["10000000000000", "10000000000000.00", "99999999999999999999", "9" * 60]))


# ---------------------------------------------------------------------------------------------------------------------
# Times and durations
# ---------------------------------------------------------------------------------------------------------------------

NO_TIMES = ["", "2025-07-16", "10:00:00", "2025-07-16T10:00+08:00", "2025-07-16T10:00:00", "2025-07-16 10:00:00+08:00",
            "2025-07-16T10:00:00+0800", "2025-07-16T10:00:00+08", "2025-07-16T10:00:00.1234567+08:00",
            "2025-07-16T10:00:00.0000000Z", "2025-07-16T10:00:00.Z", "2025-07-16T10:00:00,5Z", "2025-02-29T10:00:00Z",
            "2100-02-29T10:00:00Z", "2025-13-01T10:00:00Z", "2025-00-10T10:00:00Z", "2025-07-00T10:00:00Z",
            "2025-06-31T10:00:00Z", "2025-07-16T24:00:00Z", "2025-07-16T10:60:00Z", "2025-07-16T10:00:61Z",
            "2025-07-16T10:00:00+24:00", "2025-07-16T10:00:00+08:60", "2025-7-16T10:00:00Z", "25-07-16T10:00:00Z",
            "2025-07-16T10:00:00 +08:00", " 2025-07-16T10:00:00Z", "2025-07-16T10:00:00Z ", "2025-07-16T10:00:00ZZ",
            "20250716T100000Z", "1752631200", "2025-07-16T1:00:00Z", "２025-07-16T10:00:00Z", "2025-W29-3T10:00:00Z",
            "2025-07-16T10:00:00CST", "2025-07-16T10:00:00+8:00", "2025-07-16T10:00:00.5", "2025-07-16T10:00:00-", "now"]


def time_in_announcement(case):
    """"A time that is not RFC 3339 with `T`, seconds and an offset or `Z`, has more than six digits of fraction"."""
    case.doc["top"][case.pick(["opens", "closes"])] = case.text(case.pick(NO_TIMES))
    return TOML


def time_of_wrong_kind(case):
    case.doc["top"][case.pick(["opens", "closes"])] = case.pick(["1752631200", "10:00:00", "true", "2025-07-16"])
    return TOML


def time_in_csv(case):
    file = case.pick([BIDS, BIDS, HAND])
    return set_cell(case, file, "at", case.pick(NO_TIMES))


def until_no_time(case):
    row = case.pick(row for row in case.rows(HAND) if row[3] != "")
    row[3] = case.pick(NO_TIMES[1:])
    return HAND


def instant_of(row):
    return rules.instant(row[0])


def written(case, micros):
    return generate.instant_cell(case.rng, micros)


def time_goes_back(case):
    """A time that "goes back in its file", by a microsecond or by much."""
    file = case.pick([BIDS, HAND])
    rows = case.rows(file)
    if len(rows) < 2:
        raise Unfit
    index = case.rng.randrange(1, len(rows))
    back = case.pick([1, 1000000, 3600 * 1000000])
    if file == HAND and rows[index][2] == "outage" or rows[index - 1][2] == "outage":
        raise Unfit
    rows[index][0] = written(case, instant_of(rows[index - 1]) - back)
    if file == BIDS:
        clear_of_outages(case, instant_of(rows[index]))
    return file


def clear_of_outages(case, at):
    for row in (case.doc[HAND] or [])[1:]:
        if row[2] == "outage" and instant_of(row) <= at < rules.instant(row[3]):
            raise Unfit


def countdown(case):
    """"A duration that is not a whole number above 0 and one of `s`, `m`, `h`"."""
    case.doc["bidding"]["countdown"] = case.text(case.pick(
        ["", "s", "0s", "0m", "0h", "00s", "180", "3 m", "1.5m", "-3s", "+3s", "3d", "3S", "3M", "3ms", "1h30m", "3min", "PT3M",
         " 3s", "3s ", "0x3s", "１s", "1e2s", "three m", "3,5s"]))
    return TOML


def countdown_of_wrong_kind(case):
    case.doc["bidding"]["countdown"] = case.pick(["180", "180.0", "true", "00:03:00", '["180s"]'])
    return TOML


# ---------------------------------------------------------------------------------------------------------------------
# What the announcement says
# ---------------------------------------------------------------------------------------------------------------------

def toml_instant(case, key):
    return rules.instant(rules.tomllib.loads("x = " + case.doc["top"][key])["x"])


def closes_not_after_opens(case):
    """"`closes` not after `opens`": equal (at another offset too), a microsecond before, or long before."""
    opens = toml_instant(case, "opens")
    case.doc["top"]["closes"] = case.text(written(case, opens - case.pick([0, 0, 1, 1000000, 3600 * 1000000])))
    return TOML


def limit_on_wrong_side(case):
    """"A limit price on the wrong side of the start price (equal is allowed)": by a fen, or by much."""
    bidding = case.doc["bidding"]
    start = rules.decimal(rules.tomllib.loads("x = " + bidding["start_price"])["x"], "price")
    sale = "sale" in case.doc["top"]["side"]
    limit = start + (-1 if sale else 1) * case.pick([1, 1, 100])
    if not 1 <= limit <= generate.MAX_PRICE:
        raise Unfit
    bidding["limit_price"] = case.text(rules.money_text(limit))
    return TOML


def no_lot(case):
    """"No lot at all"."""
    case.doc["lots"] = []
    return TOML


def lot_twice(case):
    """"A lot twice", with the same quantity or another."""
    lot = dict(case.pick(case.doc["lots"]))
    if case.rng.random() < 0.5:
        lot["quantity"] = '"1"'
    case.doc["lots"].insert(case.rng.randint(0, len(case.doc["lots"])), lot)
    return TOML


def member_twice(case):
    """"A member twice"."""
    row = list(case.row(MEMBERS))
    if case.rng.random() < 0.5:
        row[2] = "1.00"
    case.doc[MEMBERS].append(row)
    return MEMBERS


def member_exchange(case):
    """"A member called `EXCHANGE`", further to those there are."""
    case.doc[MEMBERS].insert(case.rng.randint(1, len(case.doc[MEMBERS])), ["EXCHANGE", "x", "1.00"])
    return MEMBERS


STRANGERS = ["NOBODY", "nre", "s ", " B1", "b1 ", "EXCHANGE", "*"]


def initiator_unknown(case):
    """"A member that `members.csv` does not have (as initiator)"."""
    case.doc["top"]["initiator"] = case.text(case.pick(STRANGERS))
    return TOML


def eligible_unknown(case):
    """"(in `eligible`)"."""
    some = [case.row(MEMBERS)[0]] if case.rng.random() < 0.5 else []
    case.doc["bidding"]["eligible"] = "[" + ", ".join(case.text(code) for code in some + [case.pick(STRANGERS)]) + "]"
    return TOML


def bidder_unknown(case):
    """"(in a bid)"."""
    return set_cell(case, BIDS, "member", case.pick(STRANGERS + [""]))


# ---------------------------------------------------------------------------------------------------------------------
# hand.csv
# ---------------------------------------------------------------------------------------------------------------------

def act_unknown(case):
    """"An unknown act"."""
    wrong = ["", "pause", "Suspend", "suspend ", "halt", "annul", "publish", "EXTEND", "stop"]
    return set_cell(case, HAND, "act", case.pick(wrong))


def until_missing(case):
    """"An `until` that is missing"."""
    case.pick(row for row in case.rows(HAND) if row[3] != "")[3] = ""
    return HAND


def until_not_needed(case):
    """"An `until` that is not needed"."""
    row = case.pick(row for row in case.rows(HAND) if row[3] == "")
    row[3] = written(case, instant_of(row) + case.pick([0, 1, 60 * 1000000]))
    return HAND


def outage_not_after(case):
    """"An `until` (of an outage) not after `at`"."""
    row = case.pick(row for row in case.rows(HAND) if row[2] == "outage")
    row[3] = written(case, instant_of(row) - case.pick([0, 0, 1, 60 * 1000000]))
    return HAND


def auction_given(case):
    """"An `auction` in a single folder or on an outage"."""
    return set_cell(case, HAND, "auction", case.pick(["1", "a", "prnd", "EXCHANGE"]))


def ordered(case, row):
    """Put a row into hand.csv behind those of its instant."""
    rows = case.doc[HAND]
    index = 1
    while index < len(rows) and instant_of(rows[index]) <= instant_of(row):
        index += 1
    rows.insert(index, row)


def outages(case):
    return [row for row in case.rows(HAND) if row[2] == "outage"]


def inside(case, row):
    """An instant at or after the outage's `at` and before its `until`."""
    at, until = instant_of(row), rules.instant(row[3])
    return case.pick([at, until - 1, case.rng.randint(at, until - 1)])


def bid_in_outage(case):
    """"A bid at or after an outage's `at` and before its `until`, however short it is": a new outage over a bid, and
    nothing else in it."""
    bid = case.row(BIDS)
    if case.doc[HAND] is None:
        case.doc[HAND] = [["at", "auction", "act", "until"]]
    at = instant_of(bid) - case.pick([0, 0, 1])
    until = instant_of(bid) + case.pick([1, 1, 1000000])
    clear_of_outages(case, at)
    for row in case.rows(HAND):
        if at <= instant_of(row) < until:
            raise Unfit
    ordered(case, [written(case, at), "", "outage", written(case, until)])
    return [BIDS, HAND]


def act_in_outage(case):
    """"An act at or after an outage's `at` and before its `until`"."""
    at = inside(case, case.pick(outages(case)))
    act = case.pick(["suspend", "resume", "extend", "cancel"])
    ordered(case, [written(case, at), "", act, written(case, at + 10**9) if act == "extend" else ""])
    return HAND


def outage_in_outage(case):
    """"Another outage at or after an outage's `at` and before its `until`"."""
    at = inside(case, case.pick(outages(case)))
    for bid in case.rows(BIDS):
        if at <= instant_of(bid) < at + 1:
            raise Unfit
    ordered(case, [written(case, at), "", "outage", written(case, at + 1)])
    return HAND


def suspension_without_end(case):
    """"A suspension that neither a resumption nor a cancellation ends"."""
    if case.doc[HAND] is None:
        case.doc[HAND] = [["at", "auction", "act", "until"]]
    opens = toml_instant(case, "opens")
    earliest = min([opens] + [instant_of(row) for row in case.rows(HAND)] + [instant_of(row) for row in case.rows(BIDS)])
    kept = [row for row in case.rows(HAND) if row[2] not in ("resume", "cancel")]
    case.doc[HAND][1:] = [[written(case, earliest - case.pick([1, 10**6])), "", "suspend", ""]] + kept
    return HAND


BREAKS = [
    file_missing, file_empty, key_unknown, table_unknown, key_misspelt, key_repeated, heading_repeated, key_missing,
    key_of_wrong_kind, lot_code_of_wrong_kind, toml_torn, column_unknown, column_misspelt, column_repeated, column_missing,
    cells_too_few_or_many, not_utf8, utf16, decimal_in_announcement, decimal_not_a_string, decimal_too_fine,
    decimal_out_of_range, decimal_in_csv, decimal_in_csv_too_fine, price_out_of_range, cash_out_of_range,
    time_in_announcement, time_of_wrong_kind, time_in_csv, until_no_time, time_goes_back, countdown,
    countdown_of_wrong_kind, closes_not_after_opens, limit_on_wrong_side, no_lot, lot_twice, member_twice, member_exchange,
    initiator_unknown, eligible_unknown, bidder_unknown, act_unknown, until_missing, until_not_needed, outage_not_after,
    auction_given, bid_in_outage, act_in_outage, outage_in_outage, suspension_without_end,
]


# ---------------------------------------------------------------------------------------------------------------------
# Strange but allowed
# ---------------------------------------------------------------------------------------------------------------------

def start_of(case):
    return rules.decimal(rules.tomllib.loads("x = " + case.doc["bidding"]["start_price"])["x"], "price")


def allowed_limit_off_step(case):
    """"A limit that is no multiple of the step"."""
    start, sale = start_of(case), "sale" in case.doc["top"]["side"]
    limit = start + (1 if sale else -1) * case.rng.randint(0, min(start, generate.MAX_PRICE - start, 10**6))
    case.doc["bidding"]["limit_price"] = case.text(rules.money_text(generate.clip(limit, 1, generate.MAX_PRICE)))
    return ALLOWED


def allowed_limit_equal(case):
    """"Equal is allowed"."""
    case.doc["bidding"]["limit_price"] = case.text(rules.money_text(start_of(case)))
    return ALLOWED


def allowed_max_step(case):
    """"A max step that is no multiple of the step, a max step below the step"."""
    case.doc["bidding"]["max_step"] = case.text(case.pick(["0.01", "0.03", "1234.56", "999999999999.99"]))
    return ALLOWED


def allowed_eligible(case):
    """"An empty `eligible`, the initiator among the eligible"."""
    initiator = case.doc["top"]["initiator"]
    case.doc["bidding"]["eligible"] = case.pick(["[]", "[ ]", f"[{initiator}]", f"[\n  {initiator},\n]"])
    return ALLOWED


def allowed_no_cash(case):
    """"Cash of 0", of everyone or of one."""
    rows = case.pick([case.rows(MEMBERS), [case.row(MEMBERS)]])
    for row in rows:
        row[2] = case.pick(["0", "0.0", "0.00"])
    return ALLOWED


def allowed_unknown_lots(case):
    """"A bid for a lot that does not exist"."""
    for row in case.rows(BIDS):
        if case.rng.random() < 0.5:
            row[1] = case.pick(["no such lot", "", "1\n\n2", "a\r\nb", '"', ","])
    return ALLOWED


def allowed_late_bids(case):
    """"Bids after the end"."""
    if not case.rows(BIDS):
        raise Unfit
    lot, member, price = case.row(BIDS)[1:]
    last = instant_of(case.rows(BIDS)[-1])
    for row in (case.doc[HAND] or [])[1:]:
        last = max(last, instant_of(row), rules.instant(row[3]) if row[2] == "outage" else instant_of(row))
    for days in range(3):
        case.doc[BIDS].append([written(case, last + days * 86400 * 10**6), lot, member, price])
    return ALLOWED


def allowed_nothing_happens(case):
    """Only headings in bids.csv, and in hand.csv."""
    case.doc[BIDS] = case.doc[BIDS][:1]
    case.doc[HAND] = case.pick([None, [["at", "auction", "act", "until"]]])
    return ALLOWED


def allowed_quotes(case):
    """"A BOM, CRLF and quoted cells are fine", cells of several lines too: "a line number is that of the physical line
    where the row starts"."""
    for row in case.rows(BIDS):
        if case.rng.random() < 0.3:
            row[1] = case.pick(["x\ny", "x\n\n\ny", "\n", 'say "1"'])
    for row in case.rows(MEMBERS):
        row[1] = case.pick(["two\nlines", "一,二", '"quoted"', "", "2\r\nlines"])

    def change(files):
        for file in list(files):
            data = files[file]
            files[file] = data if data.startswith(b"\xef\xbb\xbf") else b"\xef\xbb\xbf" + data
    case.later(change)
    return ALLOWED


def allowed_extremes(case):
    """The ends of the ranges, included."""
    case.doc["bidding"]["step"] = case.text(case.pick(["0.01", "999999999999.99"]))
    case.doc["bidding"]["margin_rate"] = case.text(case.pick(["0.000001", "1", "1.0", "1.000000"]))
    case.pick(case.doc["lots"])["quantity"] = case.text(case.pick(["0.000001", "999999999.999999"]))
    case.row(MEMBERS)[2] = case.pick(["0", "9999999999999.99"])
    for row in case.rows(BIDS)[:2]:
        row[3] = case.pick(["0.01", "999999999999.99"])
    return ALLOWED


def allowed_idle_outages(case):
    """Outages long before `opens` and long after the last end, however short."""
    if case.doc[HAND] is None:
        case.doc[HAND] = [["at", "auction", "act", "until"]]
    day = 86400 * 10**6
    instants = [toml_instant(case, "opens"), toml_instant(case, "closes")]
    instants += [instant_of(row) for row in case.rows(BIDS) + case.rows(HAND)]
    instants += [rules.instant(row[3]) for row in case.rows(HAND) if row[3]]
    for at in [min(instants) - day, max(instants) + day]:
        ordered(case, [written(case, at), "", "outage", written(case, at + case.pick([1, 10**6, 10**9]))])
    return ALLOWED


STRANGE = [allowed_limit_off_step, allowed_limit_equal, allowed_max_step, allowed_eligible, allowed_no_cash,
           allowed_unknown_lots, allowed_late_bids, allowed_nothing_happens, allowed_quotes, allowed_extremes,
           allowed_idle_outages]


# ---------------------------------------------------------------------------------------------------------------------

CATALOGUE = BREAKS + STRANGE
# what can go wrong only when something was run needs an announcement that could be published
NEEDS_PUBLICATION = {suspension_without_end, allowed_unknown_lots, allowed_late_bids, allowed_quotes, allowed_idle_outages}
# what changes the terms under acts that were chosen for others: the acts might then leave a suspension without an end
NEEDS_NO_HAND = {allowed_limit_off_step, allowed_limit_equal, allowed_unknown_lots, allowed_max_step, allowed_eligible,
                 allowed_no_cash, allowed_quotes, allowed_extremes}


def publishes(doc):
    bidding = {key: rules.tomllib.loads("x = " + value)["x"] for key, value in doc["bidding"].items()}
    rate, start = rules.decimal(bidding["margin_rate"], "rate"), rules.decimal(bidding["start_price"], "price")
    needed = sum(rules.margin_of(rate, start, rules.decimal(rules.tomllib.loads("x = " + lot["quantity"])["x"], "quantity"))
                 for lot in doc["lots"])
    initiator = rules.tomllib.loads("x = " + doc["top"]["initiator"])["x"]
    return any(row[0] == initiator and rules.decimal(row[2], "cash") >= needed for row in doc[MEMBERS][1:])


def attempt(seed, index, number, breaker):
    """One scenario with one change; Unfit where they do not go together."""
    hand = False if breaker in NEEDS_NO_HAND else None
    doc, rng = generate.scenario(f"broken/{seed}/{index}", number, hand)
    if breaker in NEEDS_PUBLICATION and not publishes(doc):
        raise Unfit
    case = Case(rng, doc)
    expected = breaker(case)
    return case.render(), [expected] if isinstance(expected, str) else expected


def broken(seed, index):
    """The files, what is expected, and which change it was. Every change of the catalogue has its turn."""
    breaker = CATALOGUE[index % len(CATALOGUE)]
    for number in range(1000):
        try:
            files, expected = attempt(seed, index, number, breaker)
            return files, expected, breaker.__name__
        except Unfit:
            continue
    raise AssertionError(f"no scenario for {breaker.__name__}")


def write_broken(seed, index, folder):
    """Writes the folder; gives what is expected and which change it was."""
    files, expected, name = broken(seed, index)
    generate.write(folder, files)
    folder.with_name(folder.name + ".expect").write_text("\n".join(expected) + "\n")
    return expected, name


def main():
    parser = argparse.ArgumentParser(description="Scenarios with one thing that cannot be right.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    for index in range(arguments.count):
        write_broken(arguments.seed, index, arguments.out / f"{index:06d}")


if __name__ == "__main__":
    main()
