#!/usr/bin/env python3
"""A slow and plain interpreter of the rules of an auction.

    interpreter.py FOLDER

prints the JSON that the rules give for the scenario in FOLDER. For a folder that cannot be right it prints nothing on
standard output, `FILE:LINE: message` on standard error, and its exit status is 2.

It exists to be held beside the rule book, paragraph by paragraph: every function quotes the sentence it implements. All
numbers are whole: money and prices in fen (0.01), quantities and rates in millionths, instants in microseconds since
1970-01-01T00:00:00Z. Nothing is ever a float.
"""

import csv
import io
import json
import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

csv.field_size_limit(1 << 30)

SECOND = 1_000_000
MILLION = 1_000_000

# "`outage_after` (a venue setting, 2 s)"; a folder has no setting for it.
OUTAGE_AFTER = 2 * SECOND


class Wrong(Exception):
    """"Whatever cannot be right is an error": which file, which line (or None), and what is wrong there."""

    def __init__(self, file, line, message):
        super().__init__(message)
        self.file, self.line, self.message = file, line, message

    def __str__(self):
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {' '.join(self.message.split())}"


# ---------------------------------------------------------------------------------------------------------------------
# Numbers, instants, durations
# ---------------------------------------------------------------------------------------------------------------------

class Bad(Exception):
    """A value that cannot be right; the caller knows the file and the line."""


# name of the thing: (decimals, lowest, highest), the last two in units of the last decimal
LIMITS = {
    # "Prices and steps go from 0.01 to 999,999,999,999.99"
    "price": (2, 1, 99_999_999_999_999),
    # "cash from 0 to 9,999,999,999,999.99"
    "cash": (2, 0, 999_999_999_999_999),
    # "quantities from 0.000001 to 999,999,999.999999"
    "quantity": (6, 1, 999_999_999_999_999),
    # "`margin_rate` is above 0 and at most 1"
    "rate": (6, 1, 1_000_000),
}


def decimal(text, kind):
    """"A string of digits `0` or `[1-9][0-9]*`, optionally a point and more digits: no sign, space, exponent, TOML
    number. Prices, steps and cash have at most two decimals, quantities and rates six.\""""
    places, lowest, highest = LIMITS[kind]
    if not isinstance(text, str):
        raise Bad(f"{text!r} is not a decimal in a string")
    match = re.fullmatch(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", text)
    if match is None:
        raise Bad(f"{text!r} is not a decimal; expected digits, optionally a point and more digits")
    whole, fraction = match.group(1), match.group(2) or ""
    if len(fraction) > places:
        raise Bad(f"{text!r} has {len(fraction)} decimals; at most {places}")
    if len(whole) > 30:
        raise Bad(f"{text!r} is too large")
    value = int(whole + fraction.ljust(places, "0"))
    if not lowest <= value <= highest:
        raise Bad(f"{text!r} is out of range")
    return value


def money_text(fen):
    """"Money has two decimals.\""""
    return f"{fen // 100}.{fen % 100:02d}"


def quantity_text(micro):
    """"A quantity is printed without trailing zeros.\""""
    return f"{micro // MILLION}.{micro % MILLION:06d}".rstrip("0").rstrip(".")


def half_up(numerator, denominator):
    """"Rounded half up", for numbers that are not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def margin_of(rate, price, quantity):
    """"Margin: rate × price × quantity"; "price × quantity × rate is rounded half up to the fen, once, at the end of
    the multiplication.\""""
    return half_up(rate * price * quantity, MILLION * MILLION)


def amount_of(price, quantity):
    """"A contract over price × quantity", rounded half up to the fen once."""
    return half_up(price * quantity, MILLION)


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year, month):
    return [31, 29 if is_leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]


def days_before_year(year):
    """Days from 0000-01-01 to the first of January of `year` (year 0 is a leap year)."""
    last = year - 1
    return 365 * year + (last // 4 - last // 100 + last // 400) + 1


EPOCH = days_before_year(1970)

INSTANT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
                     r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))")


def instant(text):
    """"RFC 3339 with `T`, seconds and an offset or `Z`", no "more than six digits of fraction"."""
    match = INSTANT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Bad(f"{text!r} is not a time; expected RFC 3339 like 2025-07-16T10:00:00+08:00")
    year, month, day, hour, minute, second = (int(match.group(i)) for i in range(1, 7))
    fraction, sign, offset_hour, offset_minute = match.group(7) or "", match.group(8), match.group(9), match.group(10)
    if len(fraction) > 6:
        raise Bad(f"{text!r} has {len(fraction)} digits of fraction; at most six")
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        raise Bad(f"{text!r} is on no day of the calendar")
    if hour > 23 or minute > 59 or second > 59:
        raise Bad(f"{text!r} is at no time of the day")
    offset = 0
    if sign is not None:
        if int(offset_hour) > 23 or int(offset_minute) > 59:
            raise Bad(f"{text!r} has an offset that cannot be")
        offset = (int(offset_hour) * 60 + int(offset_minute)) * (-1 if sign == "-" else 1)
    days = days_before_year(year) + sum(days_in_month(year, m) for m in range(1, month)) + day - 1 - EPOCH
    minutes = days * 24 * 60 + hour * 60 + minute - offset
    return (minutes * 60 + second) * SECOND + int(fraction.ljust(6, "0") or "0")


def civil(days):
    """Year, month and day of a number of days since 1970-01-01."""
    days += EPOCH
    year = days // 366
    while days_before_year(year + 1) <= days:
        year += 1
    days -= days_before_year(year)
    month = 1
    while days >= days_in_month(year, month):
        days -= days_in_month(year, month)
        month += 1
    return year, month, days + 1


def instant_text(micros):
    """"Times are UTC with `Z`, with a fraction only where it is not zero, without trailing zeros.\""""
    seconds, fraction = divmod(micros, SECOND)
    days, second_of_day = divmod(seconds, 24 * 60 * 60)
    year, month, day = civil(days)
    text = f"{year:04d}-{month:02d}-{day:02d}T"
    text += f"{second_of_day // 3600:02d}:{second_of_day // 60 % 60:02d}:{second_of_day % 60:02d}"
    if fraction:
        text += f".{fraction:06d}".rstrip("0")
    return text + "Z"


def duration(text):
    """"Durations are whole seconds, minutes or hours: `180s`, `3m`, `1h`"; wrong is "a duration that is not a whole
    number above 0 and one of `s`, `m`, `h`"."""
    match = re.fullmatch(r"([0-9]{1,4000})([smh])", text) if isinstance(text, str) else None
    if match is None or int(match.group(1)) == 0:
        raise Bad(f"{text!r} is not a duration; expected a whole number above 0 and s, m or h")
    return int(match.group(1)) * {"s": 1, "m": 60, "h": 3600}[match.group(2)] * SECOND


# ---------------------------------------------------------------------------------------------------------------------
# The files of a folder
# ---------------------------------------------------------------------------------------------------------------------

@dataclass
class Announcement:
    """"The published terms of one auction.\""""
    side: str
    initiator: str
    opens: int
    closes: int
    format: str
    start_price: int
    limit_price: int | None
    step: int
    max_step: int | None
    countdown: int
    countdown_from: str
    consecutive: bool
    margin_rate: int
    eligible: list | None
    lots: list          # of (code, quantity), in the announcement's order


@dataclass
class Member:
    code: str
    cash: int


@dataclass
class Bid:
    line: int
    at: int
    lot: str
    member: str
    price: int


@dataclass
class Act:
    line: int
    at: int
    act: str
    until: int | None


@dataclass
class Scenario:
    announcement: Announcement
    members: list
    bids: list
    hand: list | None   # None where there is no hand.csv


def read_text(folder, file):
    """"A missing file"; "bytes that are not UTF-8 (a BOM, CRLF and quoted cells are fine)"."""
    try:
        data = (Path(folder) / file).read_bytes()
    except OSError:
        raise Wrong(file, 1, "is missing or cannot be read") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b"\n") + 1
        raise Wrong(file, line, "bytes that are not UTF-8") from None


def read_csv(folder, file, columns):
    """"An unknown, misspelt or repeated column, a column that is missing (columns may stand in any order)"; "a line
    number is that of the physical line where the row starts". Gives (line, {column: cell}) for each row. An empty
    line at the end is no row."""
    text = read_text(folder, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Wrong(file, line, f"not CSV: {error}") from None
    while rows and not rows[-1][1]:
        rows.pop()
    heading = rows[0][1] if rows else []
    for column in heading:
        if column not in columns:
            raise Wrong(file, 1, f"unknown column {column!r}; expected {','.join(columns)}")
        if heading.count(column) > 1:
            raise Wrong(file, 1, f"the column {column!r} stands twice")
    for column in columns:
        if column not in heading:
            raise Wrong(file, 1, f"the column {column!r} is missing")
    for line, cells in rows[1:]:
        if len(cells) != len(heading):
            raise Wrong(file, line, f"{len(cells)} cells; expected {len(heading)}")
    return [(line, dict(zip(heading, cells))) for line, cells in rows[1:]]


def in_row(file, line, column, read, *arguments):
    """The value of a cell, or the error with its file and line."""
    try:
        return read(*arguments)
    except Bad as bad:
        raise Wrong(file, line, f"{column} {bad}") from None


def read_members(folder):
    """"`members.csv`: `code,name,cash`"; wrong is "a member twice, one called `EXCHANGE`"."""
    members = []
    for line, row in read_csv(folder, "members.csv", ["code", "name", "cash"]):
        if row["code"] == "EXCHANGE":
            raise Wrong("members.csv", line, "no member may be called EXCHANGE")
        if row["code"] in [member.code for member in members]:
            raise Wrong("members.csv", line, f"the member {row['code']!r} stands twice")
        cash = in_row("members.csv", line, "cash", decimal, row["cash"], "cash")
        members.append(Member(row["code"], cash))
    return members


REQUIRED, OPTIONAL = True, False

KEYS = {
    "": {"title": REQUIRED, "side": REQUIRED, "initiator": REQUIRED, "product": REQUIRED, "unit": REQUIRED,
         "opens": REQUIRED, "closes": REQUIRED, "bidding": REQUIRED, "lots": REQUIRED},
    "bidding": {"format": OPTIONAL, "start_price": REQUIRED, "limit_price": OPTIONAL, "step": REQUIRED,
                "max_step": OPTIONAL, "countdown": OPTIONAL, "countdown_from": OPTIONAL, "consecutive": OPTIONAL,
                "margin_rate": REQUIRED, "eligible": OPTIONAL},
    "lots": {"code": REQUIRED, "quantity": REQUIRED},
}


def check_keys(table, name):
    """"An unknown, misspelt or repeated key, a key that is missing" (the repeated ones TOML itself refuses)."""
    where = name or "the top"
    if not isinstance(table, dict):
        raise Bad(f"{where} is not a table")
    for key in table:
        if key not in KEYS[name]:
            raise Bad(f"unknown key {key!r} in {where}")
    for key, required in KEYS[name].items():
        if required and key not in table:
            raise Bad(f"the key {key!r} is missing in {where}")


def word(table, key):
    """A value that is text."""
    if not isinstance(table[key], str):
        raise Bad(f"{key} is not a string")
    return table[key]


def one_of(table, key, default, choices):
    """"`format` defaults to open, `countdown_from` to closing"; any other word cannot be right."""
    value = table.get(key, default)
    if not isinstance(value, str) or value not in choices:
        raise Bad(f"{key} {value!r} is none of {', '.join(choices)}")
    return value


def named(key, read, *arguments):
    try:
        return read(*arguments)
    except Bad as bad:
        raise Bad(f"{key} {bad}") from None


def understand_lots(tables):
    """Wrong: "no lot at all; a lot twice"."""
    if not isinstance(tables, list) or not tables:
        raise Bad("lots: no lot at all")
    lots = []
    for table in tables:
        check_keys(table, "lots")
        code = word(table, "code")
        if code in [other for other, _ in lots]:
            raise Bad(f"the lot {code!r} stands twice")
        lots.append((code, named("quantity", decimal, table["quantity"], "quantity")))
    return lots


def understand_announcement(top, codes):
    """"`limit_price`, `max_step` and `eligible` may be left out; `format` defaults to open, `countdown` to 180s,
    `countdown_from` to closing, `consecutive` to false"; wrong is "`closes` not after `opens`; a limit price on the
    wrong side of the start price (equal is allowed)", a member "that `members.csv` does not have (as initiator, in
    `eligible`)"."""
    check_keys(top, "")
    bidding = top["bidding"]
    check_keys(bidding, "bidding")
    for key in ("title", "product", "unit"):
        word(top, key)

    def price(key):
        return named(key, decimal, bidding[key], "price") if key in bidding else None

    found = Announcement(
        side=one_of(top, "side", None, ["sale", "procurement"]),
        initiator=word(top, "initiator"),
        opens=named("opens", instant, top["opens"]),
        closes=named("closes", instant, top["closes"]),
        format=one_of(bidding, "format", "open", ["open", "sealed"]),
        start_price=price("start_price"),
        limit_price=price("limit_price"),
        step=price("step"),
        max_step=price("max_step"),
        countdown=named("countdown", duration, bidding.get("countdown", "180s")),
        countdown_from=one_of(bidding, "countdown_from", "closing", ["closing", "opening"]),
        consecutive=bidding.get("consecutive", False),
        margin_rate=named("margin_rate", decimal, bidding["margin_rate"], "rate"),
        eligible=bidding.get("eligible"),
        lots=understand_lots(top["lots"]),
    )
    if not isinstance(found.consecutive, bool):
        raise Bad("consecutive is neither true nor false")
    if found.closes <= found.opens:
        raise Bad("closes is not after opens")
    if found.limit_price is not None and better_by(found.side, found.limit_price, found.start_price) < 0:
        raise Bad("limit_price is on the wrong side of start_price")
    if found.eligible is not None and not (isinstance(found.eligible, list)
                                           and all(isinstance(code, str) for code in found.eligible)):
        raise Bad("eligible is not a list of strings")
    for code in [found.initiator] + (found.eligible or []):
        if code not in codes:
            raise Bad(f"members.csv has no member {code!r}")
    return found


def read_announcement(folder, codes):
    text = read_text(folder, "announcement.toml")
    try:
        return understand_announcement(tomllib.loads(text), codes)
    except tomllib.TOMLDecodeError as error:
        raise Wrong("announcement.toml", None, f"not TOML: {error}") from None
    except Bad as bad:
        raise Wrong("announcement.toml", None, str(bad)) from None


def check_order(file, rows):
    """Wrong is a time that "goes back in its file"; in hand.csv "it is the column `at` that must not go back"."""
    for before, after in zip(rows, rows[1:]):
        if after.at < before.at:
            raise Wrong(file, after.line, "at goes back")


def read_bids(folder, codes):
    """"`bids.csv`: `at,lot,member,price`, in time order"; wrong is a member in a bid that members.csv does not have;
    allowed is "a bid for a lot that does not exist"."""
    bids = []
    for line, row in read_csv(folder, "bids.csv", ["at", "lot", "member", "price"]):
        at = in_row("bids.csv", line, "at", instant, row["at"])
        price = in_row("bids.csv", line, "price", decimal, row["price"], "price")
        if row["member"] not in codes:
            raise Wrong("bids.csv", line, f"members.csv has no member {row['member']!r}")
        bids.append(Bid(line, at, row["lot"], row["member"], price))
    check_order("bids.csv", bids)
    return bids


def read_act(line, row):
    """"`auction` is empty in a single folder; `act` is `suspend`, `resume`, `extend` (`until` = T), `cancel`, or
    `outage` (no `auction`; the stamps are `at` and `until`). `until` is empty for the others."; wrong is "an `until`
    that is missing, not needed, or (of an outage) not after `at`"."""
    at = in_row("hand.csv", line, "at", instant, row["at"])
    if row["auction"] != "":
        raise Wrong("hand.csv", line, "an auction in a single folder; expected an empty cell")
    if row["act"] not in ("suspend", "resume", "extend", "cancel", "outage"):
        raise Wrong("hand.csv", line, f"unknown act {row['act']!r}")
    until = None
    if row["act"] in ("extend", "outage"):
        if row["until"] == "":
            raise Wrong("hand.csv", line, "until is missing")
        until = in_row("hand.csv", line, "until", instant, row["until"])
    elif row["until"] != "":
        raise Wrong("hand.csv", line, f"until is not needed by {row['act']}")
    if row["act"] == "outage" and until <= at:
        raise Wrong("hand.csv", line, "until is not after at")
    return Act(line, at, row["act"], until)


def read_hand(folder):
    """"`hand.csv`, optional: `at,auction,act,until`, in time order.\""""
    if not (Path(folder) / "hand.csv").exists():
        return None
    rows = read_csv(folder, "hand.csv", ["at", "auction", "act", "until"])
    hand = [read_act(line, row) for line, row in rows]
    check_order("hand.csv", hand)
    return hand


def check_outages(hand, bids):
    """Wrong is "a bid, an act or another outage at or after an outage's `at` and before its `until`, however short it
    is"."""
    for outage in hand:
        if outage.act != "outage":
            continue
        for other in hand:
            if other is not outage and outage.at <= other.at < outage.until:
                raise Wrong("hand.csv", other.line, f"falls into the outage of line {outage.line}")
        for bid in bids:
            if outage.at <= bid.at < outage.until:
                raise Wrong("bids.csv", bid.line, f"falls into the outage of hand.csv, line {outage.line}")


def load(folder):
    """"A scenario is a folder.\""""
    members = read_members(folder)
    codes = {member.code for member in members}
    announcement = read_announcement(folder, codes)
    bids = read_bids(folder, codes)
    hand = read_hand(folder)
    check_outages(hand or [], bids)
    return Scenario(announcement, members, bids, hand)


# ---------------------------------------------------------------------------------------------------------------------
# The auction
# ---------------------------------------------------------------------------------------------------------------------

def better_by(side, price, reference):
    """"In a sale bids rise. In a procurement bids fall: read *lower* for *higher*": by how much `price` is better."""
    return price - reference if side == "sale" else reference - price


@dataclass
class Standing:
    """A valid bid that holds margin: in an open auction the leader's alone, in a sealed one each bidder's last."""
    member: str
    price: int
    at: int
    number: int         # which of all bids it is; decides between equal prices at one instant
    margin: int


@dataclass
class Lot:
    code: str
    quantity: int
    end: int
    initiator_margin: int
    status: str = "running"         # then sold, unsold or cancelled
    ended_at: int | None = None
    standing: dict = field(default_factory=dict)    # bidder: Standing
    accepted: int = 0
    rejected: int = 0


class Exchange:
    """One auction and the money of its members, on a virtual clock."""

    def __init__(self, announcement, members):
        """"Cash is deposited before the announcement is published.\""""
        self.terms = announcement
        self.opens = announcement.opens
        self.closes = announcement.closes
        self.available = {member.code: member.cash for member in members}
        self.held = {member.code: 0 for member in members}
        self.lots = []
        self.status = "refused"
        self.stopped = None         # the instant the clocks stopped, while suspended
        self.bids_seen = 0

    # -- money --------------------------------------------------------------------------------------------------------

    def hold(self, member, fen):
        self.available[member] -= fen
        self.held[member] += fen

    def release(self, member, fen):
        self.available[member] += fen
        self.held[member] -= fen

    # -- publication --------------------------------------------------------------------------------------------------

    def first_end(self):
        """Closing: "`end` starts as `closes`". Opening: "`end` starts as opens + countdown, never past `closes`".
        Sealed: "`end` starts as `closes`", "whatever `countdown_from` says"."""
        if self.terms.format == "open" and self.terms.countdown_from == "opening":
            return min(self.opens + self.terms.countdown, self.closes)
        return self.closes

    def publish(self):
        """"The initiator's margin is held when the announcement is published: rate × start price × quantity, rounded
        for each lot, then summed. An initiator that cannot cover it cannot publish: `insufficient_margin`." Gives the
        reason, or None."""
        terms = self.terms
        margins = [margin_of(terms.margin_rate, terms.start_price, quantity) for _, quantity in terms.lots]
        if self.available[terms.initiator] < sum(margins):
            return "insufficient_margin"
        self.hold(terms.initiator, sum(margins))
        self.lots = [Lot(code, quantity, self.first_end(), margin)
                     for (code, quantity), margin in zip(terms.lots, margins)]
        self.status = "closed"      # what it reads at the end of the replay, unless it is cancelled
        return None

    # -- the end of a lot ---------------------------------------------------------------------------------------------

    def running(self):
        return [lot for lot in self.lots if lot.status == "running"]

    def advance(self, now):
        """"At one instant ends of lots come first." Suspended: "the clocks stand still, no lot ends"."""
        if self.stopped is not None:
            return
        for lot in self.running():
            if lot.end <= now:
                self.end_lot(lot)

    def end_lot(self, lot):
        """"With a leader the lot is sold at the leader's price, margin still held on both sides. With none it is
        unsold and the initiator's margin for it is released." Sealed: "at `end` the best price wins, of equal prices
        the earlier, and the others' margins are released"."""
        lot.ended_at = lot.end
        winner = self.best(lot)
        if winner is None:
            lot.status = "unsold"
            self.release(self.terms.initiator, lot.initiator_margin)
            return
        lot.status = "sold"
        for other in list(lot.standing.values()):
            if other is not winner:
                self.release(other.member, other.margin)
                del lot.standing[other.member]

    def best(self, lot):
        """The leader: "the bidder who holds the best valid bid of a lot"; "of equal prices the earlier"."""
        best = None
        for bid in lot.standing.values():
            if best is None:
                best = bid
                continue
            gain = better_by(self.terms.side, bid.price, best.price)
            if gain > 0 or gain == 0 and (bid.at, bid.number) < (best.at, best.number):
                best = bid
        return best

    # -- a bid --------------------------------------------------------------------------------------------------------

    def bid(self, at, code, member, price):
        """"A bid is judged by these rules in this order; the first that fails is the reason it is refused, and a
        refused bid changes nothing." "`accepted` and `rejected` count the bids that name the lot; a bid refused
        `unknown_lot` is counted nowhere." Gives the reason, or None."""
        self.bids_seen += 1
        lot = next((lot for lot in self.lots if lot.code == code), None)
        reason = self.judge(at, lot, member, price)
        if reason is None:
            lot.accepted += 1
            self.take(at, lot, member, price)
        elif lot is not None:
            lot.rejected += 1
        return reason

    def judge(self, at, lot, member, price):
        """The table of ten rules; sealed: "rules 1 to 4, 6, 9 and 10 judge a bid when it is made, and 7 with the start
        price as the reserve; 5 and 8 do not apply"."""
        terms, is_open = self.terms, self.terms.format == "open"
        # 1: the auction has no such lot
        if lot is None:
            return "unknown_lot"
        # 2: t is before `opens`, or at or after the lot's `end`; while suspended bids are `not_open`
        if self.stopped is not None or at < self.opens or lot.status != "running" or at >= lot.end:
            return "not_open"
        # 3: the bidder is the initiator
        if member == terms.initiator:
            return "own_auction"
        # 4: the announcement names who may bid, and the bidder is not named
        if terms.eligible is not None and member not in terms.eligible:
            return "not_eligible"
        leader = self.best(lot) if is_open else None
        # 5: the bidder leads the lot already and `consecutive` is false
        if leader is not None and leader.member == member and not terms.consecutive:
            return "consecutive_bid"
        # 6: price − start price is no whole multiple of `step`
        if (price - terms.start_price) % terms.step != 0:
            return "off_step"
        # 7: there is no bid yet and price < start price; or there is one and price ≤ best price
        if leader is None and better_by(terms.side, price, terms.start_price) < 0:
            return "not_better"
        if leader is not None and better_by(terms.side, price, leader.price) <= 0:
            return "not_better"
        # 8: `max_step` is set and price − reference > max_step
        reference = terms.start_price if leader is None else leader.price
        if is_open and terms.max_step is not None and better_by(terms.side, price, reference) > terms.max_step:
            return "above_max_step"
        # 9: `limit_price` is set and price > limit price
        if terms.limit_price is not None and better_by(terms.side, price, terms.limit_price) > 0:
            return "beyond_limit"
        # 10: available cash, plus what it has held on this very lot, is less than the margin of this bid
        own = lot.standing[member].margin if member in lot.standing else 0
        if self.available[member] + own < margin_of(terms.margin_rate, price, lot.quantity):
            return "insufficient_margin"
        return None

    def take(self, at, lot, member, price):
        """"A valid bid holds the bidder's margin, releases that of the leader it overtakes, and makes the bidder the
        leader." Sealed: each bidder "may replace the bid; the last one counts, and its time is the time that
        counts"."""
        overtaken = list(lot.standing) if self.terms.format == "open" else [member]
        for other in overtaken:
            if other in lot.standing:
                self.release(other, lot.standing.pop(other).margin)
        margin = margin_of(self.terms.margin_rate, price, lot.quantity)
        self.hold(member, margin)
        lot.standing[member] = Standing(member, price, at, self.bids_seen, margin)
        if self.terms.format == "open":
            self.move_end(at, lot, price)

    def move_end(self, at, lot, price):
        """"A bid at the limit price cannot be beaten: the lot ends with it, for everything that comes after that bid,
        at the same instant too." Closing: "a valid bid at time t with t ≥ end − countdown moves `end` to
        t + countdown". Opening: "every valid bid at t moves `end` to t + countdown, never past `closes`". "No bid
        makes an `end` earlier than it was, but for the limit price.\""""
        terms = self.terms
        if price == terms.limit_price:
            lot.end = at
            self.end_lot(lot)
        elif terms.countdown_from == "opening":
            lot.end = max(lot.end, min(at + terms.countdown, self.closes))
        elif at >= lot.end - terms.countdown:
            lot.end = max(lot.end, at + terms.countdown)

    # -- the exchange's own hand --------------------------------------------------------------------------------------

    def act(self, at, act, until):
        """"Suspend, resume, extend and cancel are judged by, in this order: `ended` (no lot of it is still to end),
        then the reasons named with them"; "an `outage` is always done". Gives the reason, or None."""
        if act == "outage":
            return self.outage(at, until)
        if not self.running():
            return "ended"
        return {"suspend": self.suspend, "resume": self.resume, "extend": self.extend, "cancel": self.cancel}[act](
            at, until)

    def suspend(self, at, _until):
        """"Suspend (`suspended`: it is already): the clocks stand still, bids are `not_open`, no lot ends.\""""
        if self.stopped is not None:
            return "suspended"
        self.stopped = at
        return None

    def resume(self, at, _until):
        """"Resume (`not_suspended`): the `end` of every lot that has not ended, the auction's `closes`, and its `opens`
        if that was later than the instant the clocks stopped, move later by the time they stood still.\""""
        if self.stopped is None:
            return "not_suspended"
        stood = at - self.stopped
        for lot in self.running():
            lot.end += stood
        if self.opens > self.stopped:
            self.opens += stood
        self.closes += stood
        self.stopped = None
        return None

    def extend(self, _at, until):
        """"Extend until T (`suspended`; `not_later`: T is not after `closes`): `closes` becomes T; a lot that has not
        ended gets the later of its `end` and T, except under `countdown_from = "opening"` in an open auction, where
        only the cap moves.\""""
        if self.stopped is not None:
            return "suspended"
        if until <= self.closes:
            return "not_later"
        self.closes = until
        if self.terms.format == "open" and self.terms.countdown_from == "opening":
            return None
        for lot in self.running():
            lot.end = max(lot.end, until)
        return None

    def cancel(self, at, _until):
        """"Cancel, also while suspended: lots that have not ended are cancelled at that instant, all their margins
        released; what was sold stays sold.\""""
        for lot in self.running():
            lot.status, lot.ended_at = "cancelled", at
            self.release(self.terms.initiator, lot.initiator_margin)
            for bid in lot.standing.values():
                self.release(bid.member, bid.margin)
            lot.standing.clear()
        self.status = "cancelled"
        self.stopped = None
        return None

    def outage(self, first, second):
        """"The stamps are `at` and `until`"; "two stamps further apart than `outage_after` (2 s) have an outage between
        them; a gap no longer than that is none, and lots end in it as usual". "No lot ends after the first stamp and up to the second. A lot that was open at the first stamp, its auction
        not suspended, gets the longer of the time it then had left and one full `countdown` (a sealed lot too),
        counted from the second stamp; its auction's `closes` then moves later by the length of the outage, and at
        least to the latest new `end`. Where `opens` lies after the first stamp and not after the second, `opens`
        becomes the second stamp, and `end` and `closes` move by as much. A suspended auction stands as it stood."

        Nothing else can happen from the first stamp to the second, so it is done at the first, when the lots that end
        by then have ended."""
        if self.stopped is not None or second - first <= OUTAGE_AFTER:
            return None
        lots = self.running()
        if self.opens <= first and lots:
            for lot in lots:
                left = lot.end - first
                lot.end = second + max(left, self.terms.countdown)
            self.closes = max([self.closes + (second - first)] + [lot.end for lot in lots])
        elif first < self.opens <= second:
            moved = second - self.opens
            self.opens += moved
            self.closes += moved
            for lot in lots:
                lot.end += moved
        return None


# ---------------------------------------------------------------------------------------------------------------------
# The replay
# ---------------------------------------------------------------------------------------------------------------------

def time_line(scenario):
    """"It is one time line: at one instant ends of lots come first, then the exchange's acts, then bids, each in file
    order." (The ends come of themselves before each entry.)"""
    entries = [(act.at, 1, number, act) for number, act in enumerate(scenario.hand or [])]
    entries += [(bid.at, 2, number, bid) for number, bid in enumerate(scenario.bids)]
    return [(at, entry) for at, _, _, entry in sorted(entries, key=lambda entry: entry[:3])]


def verdict(line, reason, good, bad):
    return {"line": line, "status": good} if reason is None else {"line": line, "status": bad, "reason": reason}


def members_json(exchange, members):
    """"Members in the order of `members.csv`.\""""
    return [{"code": member.code, "available": money_text(exchange.available[member.code]),
             "held": money_text(exchange.held[member.code])} for member in members]


def lot_json(exchange, lot):
    """"An unsold or cancelled lot has `"winner": null, "price": null, "amount": null`.\""""
    winner = exchange.best(lot) if lot.status == "sold" else None
    return {
        "code": lot.code, "status": lot.status, "ended_at": instant_text(lot.ended_at),
        "winner": winner and winner.member,
        "price": winner and money_text(winner.price),
        "quantity": quantity_text(lot.quantity),
        "amount": winner and money_text(amount_of(winner.price, lot.quantity)),
        "accepted": lot.accepted, "rejected": lot.rejected,
    }


def check_suspension(exchange, hand):
    """Wrong is "a suspension that neither a resumption nor a cancellation ends (here something was run, but nothing is
    printed)"."""
    if exchange.stopped is not None:
        line = [act.line for act in hand if act.act == "suspend"][-1]
        raise Wrong("hand.csv", line, "neither a resumption nor a cancellation ends this suspension")


def replay(scenario):
    """"`bayan replay` runs [the folder] from an empty state"; "the replay ends when every lot has ended"; without the
    initiator's margin "`{"status": "refused", "reason": "insufficient_margin", "lots": [], "bids": [], "members":
    […]}` and nothing more"."""
    exchange = Exchange(scenario.announcement, scenario.members)
    reason = exchange.publish()
    if reason is not None:
        return {"status": "refused", "reason": reason, "lots": [], "bids": [],
                "members": members_json(exchange, scenario.members)}
    hand, bids = [], []
    for at, entry in time_line(scenario):
        exchange.advance(at)
        if isinstance(entry, Act):
            hand.append(verdict(entry.line, exchange.act(at, entry.act, entry.until), "done", "refused"))
        else:
            reason = exchange.bid(at, entry.lot, entry.member, entry.price)
            bids.append(verdict(entry.line, reason, "accepted", "rejected"))
    check_suspension(exchange, scenario.hand)
    for lot in exchange.running():
        exchange.end_lot(lot)
    result = {"status": exchange.status, "lots": [lot_json(exchange, lot) for lot in exchange.lots], "bids": bids}
    if scenario.hand is not None:
        result["hand"] = hand
    result["members"] = members_json(exchange, scenario.members)
    return result


def run(folder):
    """The result of a folder; raises Wrong where it cannot be right."""
    return replay(load(folder))


def main(arguments):
    if len(arguments) != 1:
        print("usage: interpreter.py FOLDER", file=sys.stderr)
        return 2
    try:
        result = run(arguments[0])
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
