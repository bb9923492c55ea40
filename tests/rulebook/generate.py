#!/usr/bin/env python3
"""Random scenarios for the rules of an auction, deterministic in the seed.

    generate.py --seed N --count M --out DIR

writes the folders DIR/000000, DIR/000001, … A scenario is made in three steps: `terms` and `people` choose an announcement and
its members; `tell` walks along a time line with the interpreter's own state, so that most bids are nearly valid and
instants lie where the rules turn; `document` and `render` choose how all of it is written down.
"""

import argparse
import json
import random
import re
from pathlib import Path

import interpreter as rules

SECOND = rules.SECOND
MINUTE = 60 * SECOND
MAX_PRICE = rules.LIMITS["price"][2]
MAX_CASH = rules.LIMITS["cash"][2]
MAX_QUANTITY = rules.LIMITS["quantity"][2]


def weighted(rng, choices):
    """One key of {choice: weight}."""
    return rng.choices(list(choices), weights=list(choices.values()))[0]


def clip(value, lowest, highest):
    return max(lowest, min(highest, value))


# ---------------------------------------------------------------------------------------------------------------------
# Terms and members
# ---------------------------------------------------------------------------------------------------------------------

def sizes(rng):
    """Start price, step, rate and a function for quantities: the usual, the odd ones where rounding matters, and the
    allowed extremes."""
    flavour = weighted(rng, {"usual": 40, "odd": 40, "small": 8, "huge": 6, "dear": 6})
    if flavour == "usual":
        return (rng.choice([56500000, 1800000, 10000, 100000]), rng.choice([50000, 10000, 100, 2500]),
                rng.choice([200000, 100000, 50000, 1000000]),
                lambda: rng.choice([20_000000, 1_000000, 60_500000, 12_333333, 500000]))
    if flavour == "odd":
        return (rng.randint(500, 200000), rng.choice([1, 3, 7, 50, 99, 101, rng.randint(1, 999)]),
                rng.choice([500000, 333333, 250000, 5000, rng.randint(1, 1000000)]),
                lambda: rng.choice([1_000000, 500000, 1_500000, 10_000, rng.randint(1, 100_000000)]))
    if flavour == "small":
        return (rng.randint(1, 300), rng.choice([1, 2, 5]), rng.choice([1, 500000, 1000000, rng.randint(1, 1000)]),
                lambda: rng.choice([1, 2, 10, 500000, 5_000000, rng.randint(1, 2_000000)]))
    if flavour == "huge":
        # the amount has more digits than 64 bits hold, the margin still fits the largest cash
        return (rng.choice([10**11, 10**12 - 1, 5 * 10**11 + 7]), rng.choice([1, 10**9, MAX_PRICE, 10**10 + 1]),
                rng.choice([1, 1, 2, 9]), lambda: rng.choice([MAX_QUANTITY, MAX_QUANTITY - 1, 10**14, 10**15 - 10**6]))
    return (rng.choice([MAX_PRICE, MAX_PRICE - 1, MAX_PRICE // 2, MAX_PRICE - 100]), rng.choice([1, 100, 12345, MAX_PRICE]),
            rng.choice([1000000, 999999, 1, 500000]), lambda: rng.choice([1, 2, 3, 1_000000, 500000, 2_500000]))


def lot_codes(rng):
    codes = weighted(rng, {("1", "2", "3", "4"): 50, ("A", "B", "C", "D"): 25, ("01", "1", "001", "10"): 8,
                           ("a", "A", "aa", "批次一"): 8, ("A,1", 'B"2', "C 3", "#4"): 5})
    return list(codes[:weighted(rng, {1: 30, 2: 35, 3: 20, 4: 15})])


def member_codes(rng):
    codes = weighted(rng, {("S", "B1", "B2", "B3", "B4", "B5"): 70, ("甲", "乙", "丙", "丁", "戊", "己"): 10,
                           ("x", "X", "xx", "x1", "x10", "exchange"): 10, ("M 1", "M,2", 'M"3', "M-4", "M_5", "M.6"): 10})
    return list(codes[:rng.randint(2, 6)])


def limit_price(rng, side, start, step):
    if rng.random() < 0.45:
        return None
    away = weighted(rng, {0: 3, 1: 4, 2: 8, 3: 15, 5: 25, 8: 25, 40: 20}) * step
    if rng.random() < 0.25:
        away += rng.randint(0, step)
    return clip(start + away if side == "sale" else start - away, 1, MAX_PRICE)


def max_step(rng, step):
    kind = weighted(rng, {"none": 40, "multiple": 40, "odd": 12, "below": 8})
    if kind == "none":
        return None
    if kind == "multiple":
        return clip(step * rng.choice([1, 2, 2, 3, 5]), 1, MAX_PRICE)
    if kind == "odd":
        return clip(step * rng.randint(1, 3) + rng.randint(0, step), 1, MAX_PRICE)
    return rng.randint(1, step)


def eligible(rng, codes):
    """Most often left out; else some, none at all, everyone, and the initiator too."""
    kind = weighted(rng, {"none": 60, "some": 30, "empty": 2, "all": 8})
    if kind == "none":
        return None
    if kind == "empty":
        return []
    chosen = [code for code in codes if kind == "all" or rng.random() < 0.75]
    rng.shuffle(chosen)
    return chosen


def times(rng):
    """`opens`, `closes` and the countdown, of the same size, so that everything happens near the ends."""
    opens = rules.instant("2025-07-16T02:00:00Z")
    if rng.random() < 0.5:
        opens = rng.randint(rules.instant("1965-01-01T00:00:00Z"), rules.instant("2099-12-31T00:00:00Z")) // SECOND * SECOND
    if rng.random() < 0.1:
        opens = rules.instant(rng.choice(["2024-02-28T23:59:58Z", "2025-12-31T23:59:57Z", "1969-12-31T23:59:59Z",
                                          "2100-02-28T23:59:59Z", "2000-02-29T23:58:30Z"]))
    if rng.random() < 0.3:
        opens += rng.choice([1, 999999, 500000, 100000, rng.randint(0, 999999)])
    countdown = rng.choice([1, 2, 3, 5, 10, 30, 60, 180, 180, 180, 300, 3600]) * SECOND
    length = weighted(rng, {countdown: 10, countdown // 2: 8, 2 * countdown: 20, 10 * countdown: 25, 5 * countdown: 25,
                            1: 1, SECOND: 3, 30 * MINUTE: 10})
    if rng.random() < 0.2:
        length += rng.randint(0, SECOND)
    return opens, opens + max(1, length), countdown


def terms(rng, codes):
    start, step, rate, quantity = sizes(rng)
    side = rng.choice(["sale", "procurement"])
    opens, closes, countdown = times(rng)
    return rules.Announcement(
        side=side, initiator=rng.choice(codes), opens=opens, closes=closes,
        format=weighted(rng, {"open": 70, "sealed": 30}), start_price=start,
        limit_price=limit_price(rng, side, start, step), step=step, max_step=max_step(rng, step), countdown=countdown,
        countdown_from=rng.choice(["opening", "closing"]), consecutive=rng.random() < 0.35, margin_rate=rate,
        eligible=eligible(rng, codes), lots=[(code, quantity()) for code in lot_codes(rng)])


def cash_of(rng, announcement):
    """Tight: most often enough for some bids only, sometimes exactly enough or one fen short."""
    quantities = [quantity for _, quantity in announcement.lots]
    margins = [rules.margin_of(announcement.margin_rate, announcement.start_price, quantity) for quantity in quantities]
    further = announcement.start_price + announcement.step * rng.choice([-2, -1, 0, 1, 2, 3])
    exact = rules.margin_of(announcement.margin_rate, max(1, further), rng.choice(quantities))
    kind = weighted(rng, {"some": 38, "exact": 17, "both": 8, "plenty": 34, "none": 3})
    cash = {"some": rng.randint(0, 4 * max(margins) + 10), "exact": exact + rng.choice([-1, 0, 0, 1]),
            "both": exact + sum(margins) + rng.choice([-1, 0, 1]),
            "plenty": rng.choice([5, 20, 100]) * sum(margins) + 100, "none": 0}[kind]
    return clip(cash, 0, MAX_CASH)


def people(rng, codes, announcement):
    """The members; the initiator can most often publish, sometimes to the fen, and sometimes not by one fen."""
    needed = sum(rules.margin_of(announcement.margin_rate, announcement.start_price, quantity)
                 for _, quantity in announcement.lots)
    more = weighted(rng, {0: 30, 1: 5, rng.randint(0, needed + 100): 61, -1: 3, -needed: 1})
    return [rules.Member(code, clip(needed + more, 0, MAX_CASH) if code == announcement.initiator
                         else cash_of(rng, announcement)) for code in codes]


# ---------------------------------------------------------------------------------------------------------------------
# The time line
# ---------------------------------------------------------------------------------------------------------------------

def turning_points(exchange):
    """The instants at which the rules turn: opens, closes, every end, every end less the countdown."""
    points = [exchange.opens, exchange.closes]
    for lot in exchange.running():
        points += [lot.end, lot.end - exchange.terms.countdown]
    return points


def next_instant(rng, exchange, now, pace):
    """Not before `now`: the same instant, a little later, or at (or a microsecond beside) a turning point."""
    if now < exchange.opens and exchange.stopped is None and rng.random() < 0.7:
        return exchange.opens - rng.choice([0, 0, 0, 1]) if now < exchange.opens - 1 else exchange.opens
    kind = weighted(rng, {"same": 26, "little": 50, "point": 20, "tick": 4})
    if kind == "same":
        return now
    if kind == "tick":
        return now + 1
    if kind == "point":
        points = [point + rng.choice([-1, -1, -1, 0, 0, 1]) for point in turning_points(exchange)]
        points = [point for point in points if point >= now]
        if points:
            return min(points) if rng.random() < 0.5 else rng.choice(points)
    later = now + rng.randint(0, 2 * pace + 1)
    return max(now, later // SECOND * SECOND) if rng.random() < 0.5 else later


def choose_lot(rng, exchange):
    codes = [lot.code for lot in exchange.lots]
    running = [lot.code for lot in exchange.running()]
    if rng.random() < 0.02:
        return rng.choice(["9", "Z", codes[0] + "x", codes[0].lower() + " ", "", "1\n2", "0" + codes[0], "x\r\n\r\ny"])
    if running and rng.random() < 0.95:
        return rng.choice(running)
    return rng.choice(codes)


def choose_member(rng, exchange, lot, codes):
    """Most often one who may bid and does not lead."""
    announcement = exchange.terms
    if rng.random() < 0.03:
        return announcement.initiator
    if rng.random() < 0.04:
        return rng.choice(codes)
    leader = exchange.best(lot) if lot is not None and announcement.format == "open" else None
    good = [code for code in codes if code != announcement.initiator
            and (announcement.eligible is None or code in announcement.eligible)
            and (leader is None or announcement.consecutive or leader.member != code or rng.random() < 0.1)]
    rich = [code for code in good if lot is not None and exchange.available[code] * 2 >= lot.initiator_margin]
    if rich and rng.random() < 0.8:
        return rng.choice(rich)
    return rng.choice(good or codes)


def choose_price(rng, exchange, lot):
    """Most often one that rules 6 to 9 accept; else one that a certain rule refuses."""
    announcement = exchange.terms
    toward = 1 if announcement.side == "sale" else -1
    leader = exchange.best(lot) if lot is not None and announcement.format == "open" else None
    reference = announcement.start_price if leader is None else leader.price
    lowest = 0 if leader is None else 1
    most = 3
    if announcement.max_step is not None and announcement.format == "open":
        most = announcement.max_step // announcement.step
    room = most
    if announcement.limit_price is not None:
        room = min(most, max(0, toward * (announcement.limit_price - reference)) // announcement.step)
    steps = rng.randint(lowest, max(lowest, room)) if rng.random() < 0.3 else lowest
    if announcement.format == "sealed" and rng.random() < 0.4:
        steps = rng.randint(0, 6)
    kind = weighted(rng, {"good": 80, "limit": 2, "beyond": 3, "far": 3, "off": 2, "equal": 4, "worse": 3, "fen": 2, "any": 1})
    price = reference + toward * steps * announcement.step
    if kind in ("limit", "beyond") and announcement.limit_price is not None:
        price = announcement.limit_price
        if kind == "beyond":
            price += toward * (announcement.step - toward * (price - announcement.start_price) % announcement.step)
    elif kind == "far":
        price = reference + toward * (most + 1) * announcement.step
    elif kind == "off":
        price += rng.randint(1, announcement.step)
    elif kind == "equal":
        price = reference
    elif kind == "worse":
        price = reference - toward * announcement.step * rng.randint(1, 2)
    elif kind == "fen":
        price += rng.choice([-1, 1])
    elif kind == "any":
        price = rng.choice([1, MAX_PRICE, rng.randint(1, 2 * announcement.start_price)])
    return clip(price, 1, MAX_PRICE)


def tell_bid(rng, exchange, at, codes, bids):
    code = choose_lot(rng, exchange)
    lot = next((lot for lot in exchange.lots if lot.code == code), None)
    member = choose_member(rng, exchange, lot, codes)
    price = choose_price(rng, exchange, lot)
    if rng.random() < 0.04 and bids:
        _, code, member, price = rng.choice(bids)
    bids.append((at, code, member, price))
    exchange.bid(at, code, member, price)


def choose_extension(rng, exchange, at):
    """T: mostly after `closes`, else equal to it or before, or beside an end."""
    points = [exchange.closes, exchange.closes, at] + [lot.end for lot in exchange.running()]
    if rng.random() < 0.3:
        return exchange.closes + rng.choice([0, 0, 1])
    if rng.random() < 0.5:
        return exchange.closes + rng.choice([1, SECOND, exchange.terms.countdown, rng.randint(1, 10 * MINUTE)])
    return rng.choice(points) + rng.choice([-1, 0, 1, 1, SECOND, exchange.terms.countdown, -SECOND])


def choose_act(rng, exchange):
    if exchange.stopped is not None:
        return weighted(rng, {"resume": 56, "suspend": 14, "extend": 18, "cancel": 12})
    return weighted(rng, {"suspend": 42, "resume": 14, "extend": 40, "cancel": 4})


def tell_act(rng, exchange, at, hand, act=None):
    act = act or choose_act(rng, exchange)
    until = choose_extension(rng, exchange, at) if act == "extend" else None
    hand.append((at, act, until))
    exchange.act(at, act, until)


def tell_outage(rng, exchange, at, hand):
    """The second stamp: a microsecond later, a little later, or beside a turning point. Gives it."""
    points = [point + rng.choice([-1, 0, 0, 1]) for point in turning_points(exchange)]
    points = [point for point in points if point > at]
    until = at + rng.choice([1, 1000, SECOND, 2 * SECOND, 2 * SECOND + 1, 2 * SECOND + 2, exchange.terms.countdown,
                             rng.randint(1, 5 * MINUTE)])
    if points and rng.random() < 0.5:
        until = rng.choice(points)
    hand.append((at, "outage", until))
    exchange.act(at, "outage", until)
    return until


def settle_hand(rng, exchange, now, codes, bids, hand):
    """No suspension may stay; sometimes the clocks stood still until far beyond `closes`. Afterwards, acts that come
    too late."""
    last = max([now] + [bid[0] + 1 for bid in bids[-1:]])
    if exchange.stopped is not None:
        at = max(last, rng.choice([last, last + rng.randint(0, 10 * MINUTE), exchange.closes + rng.randint(-1, 5 * MINUTE)]))
        hand.append((at, "resume" if rng.random() < 0.8 else "cancel", None))
        exchange.act(*hand[-1])
        last = at
    if rng.random() < 0.35:
        for lot in exchange.running():
            last = max(last, lot.end)
        last += rng.choice([0, 0, 1, SECOND])
        exchange.advance(last)
        for _ in range(rng.randint(1, 3)):
            act = rng.choice(["suspend", "resume", "extend", "cancel"])
            hand.append((last, act, choose_extension(rng, exchange, last) if act == "extend" else None))
            exchange.act(*hand[-1])
        if rng.random() < 0.5:
            tell_bid(rng, exchange, last, codes, bids)


def tell(rng, announcement, members, with_hand):
    """Walk along the time line. At each instant the acts come before the bids; an outage stands alone. Gives the bids
    (at, lot, member, price) and the acts (at, act, until)."""
    richer = [rules.Member(m.code, MAX_CASH * 10**6 if m.code == announcement.initiator else m.cash) for m in members]
    exchange = rules.Exchange(announcement, richer)
    exchange.publish()
    codes = [member.code for member in members]
    bids, hand = [], []
    count, acts = rng.choice([rng.randint(5, 60), rng.randint(5, 20)]), rng.randint(1, 12)
    length = announcement.closes - announcement.opens
    pace = max(1, min(length + 2 * announcement.countdown, rng.choice([1, 2, 8]) * announcement.countdown) // count)
    now = announcement.opens + rng.choice([-1, 0, 0, 0, 1, -rng.randint(0, length), -10 * MINUTE])
    late = rng.randint(0, 2)
    while len(bids) < count and (exchange.running() or late > 0):
        late -= 0 if exchange.running() else 1
        exchange.advance(now)
        busy = bool(bids) and bids[-1][0] == now
        acted = bool(hand) and hand[-1][0] == now
        if with_hand and not busy and len(hand) < acts and rng.random() < 2 * acts / count:
            if not acted and rng.random() < 0.3:
                now = tell_outage(rng, exchange, now, hand)
                if rng.random() < 0.35:     # what became of `closes` shows only in what comes after
                    tell_act(rng, exchange, now, hand, "extend")
                    continue
                if rng.random() < 0.5:
                    now = next_instant(rng, exchange, now, pace)
                continue
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                tell_act(rng, exchange, now, hand)
                if hand[-1][1] == "resume" and rng.random() < 0.25:
                    tell_act(rng, exchange, now, hand, "extend")
        closed = exchange.stopped is not None or now < exchange.opens
        for _ in range(weighted(rng, {0: 60, 1: 35, 2: 5} if closed else {0: 5, 1: 67, 2: 18, 4: 10})):
            tell_bid(rng, exchange, now, codes, bids)
        now = next_instant(rng, exchange, now, pace)
    if with_hand:
        settle_hand(rng, exchange, now, codes, bids, hand)
    return bids, hand


# ---------------------------------------------------------------------------------------------------------------------
# How it is written down
# ---------------------------------------------------------------------------------------------------------------------

def instant_cell(rng, micros):
    """Any offset, `Z`, and as many digits of fraction as are needed or more, up to six."""
    minutes = weighted(rng, {480: 50, 0: 20, 345: 5, -570: 5, -720: 5, 840: 5, rng.randint(-1439, 1439): 10})
    text = rules.instant_text(micros + minutes * MINUTE)[:-1]
    if rng.random() < 0.15:
        whole, _, fraction = text.partition(".")
        text = whole + "." + fraction.ljust(rng.randint(max(1, len(fraction)), 6), "0")
    if minutes == 0 and rng.random() < 0.8:
        return text + "Z"
    return f"{text}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def decimal_cell(rng, value, places):
    """All decimals, none that is not needed, or some between."""
    whole, fraction = divmod(value, 10**places)
    digits = f"{fraction:0{places}d}"
    needed = len(digits.rstrip("0"))
    keep = rng.choice([places, places, needed, rng.randint(needed, places)])
    return f"{whole}.{digits[:keep]}" if keep else str(whole)


def duration_cell(rng, micros):
    seconds = micros // SECOND
    choices = [f"{seconds}s"]
    if seconds % 60 == 0:
        choices.append(f"{seconds // 60}m")
    if seconds % 3600 == 0:
        choices.append(f"{seconds // 3600}h")
    return rng.choice(choices)


def toml_string(rng, text):
    """A basic string, one with escapes, or a literal one."""
    kind = rng.random()
    if kind < 0.1 and "'" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=kind < 0.2)


def document(rng, announcement, members, bids, hand):
    """The same as text: TOML values by key, and rows of cells by file. What may be left out sometimes is."""
    def text(value):
        return toml_string(rng, value)

    def maybe(key, value, default):
        return {} if value == default and rng.random() < 0.5 else {key: text(value) if isinstance(value, str) else value}

    top = {"title": text(rng.choice(["金属镨钕线上专场竞价交易", "an auction", "# no comment", "a = \"b\""])),
           "side": text(announcement.side), "initiator": text(announcement.initiator),
           "product": text(rng.choice(["PrNd-metal", "废料加工"])), "unit": text(rng.choice(["t", "kg", "批"])),
           "opens": text(instant_cell(rng, announcement.opens)), "closes": text(instant_cell(rng, announcement.closes))}
    bidding = {"start_price": text(decimal_cell(rng, announcement.start_price, 2)),
               "step": text(decimal_cell(rng, announcement.step, 2)),
               "margin_rate": text(decimal_cell(rng, announcement.margin_rate, 6))}
    bidding |= maybe("format", announcement.format, "open")
    bidding |= maybe("countdown_from", announcement.countdown_from, "closing")
    if announcement.countdown != 180 * SECOND or rng.random() < 0.5:
        bidding["countdown"] = text(duration_cell(rng, announcement.countdown))
    if announcement.consecutive or rng.random() < 0.5:
        bidding["consecutive"] = "true" if announcement.consecutive else "false"
    for key in ("limit_price", "max_step"):
        if getattr(announcement, key) is not None:
            bidding[key] = text(decimal_cell(rng, getattr(announcement, key), 2))
    if announcement.eligible is not None:
        bidding["eligible"] = "[" + ", ".join(text(code) for code in announcement.eligible) + "]"
    lots = [{"code": text(code), "quantity": text(decimal_cell(rng, quantity, 6))} for code, quantity in announcement.lots]
    names = ["磁材一厂", "a, b", 'the "best"', "two\nlines", "", "x"] if rng.random() < 0.3 else ["磁材一厂", "稀土科技有限责任公司"]
    return {
        "top": top, "bidding": bidding, "lots": lots,
        "members.csv": [["code", "name", "cash"]] +
                       [[m.code, rng.choice(names), decimal_cell(rng, m.cash, 2)] for m in members],
        "bids.csv": [["at", "lot", "member", "price"]] +
                    [[instant_cell(rng, at), lot, member, decimal_cell(rng, price, 2)] for at, lot, member, price in bids],
        "hand.csv": hand if hand is None else [["at", "auction", "act", "until"]] +
                    [[instant_cell(rng, at), "", act, "" if until is None else instant_cell(rng, until)]
                     for at, act, until in hand],
    }


def shuffled(rng, table):
    pairs = list(table.items())
    if rng.random() < 0.5:
        rng.shuffle(pairs)
    return pairs


def key_line(rng, key, value):
    quoted = f'"{key}"' if rng.random() < 0.03 and "." not in key else key
    equals = weighted(rng, {" = ": 80, "=": 10, "   =  ": 10})
    comment = rng.choice(["  # [lots] = \"1\"", " #", "\t# 备注"]) if rng.random() < 0.1 else ""
    return [quoted + equals + value + comment] + ([""] if rng.random() < 0.05 else [])


def inline(rng, table):
    return "{ " + ", ".join(f"{key} = {value}" for key, value in shuffled(rng, table)) + " }"


def toml_lines(rng, doc):
    """Tables with headings, or inline, or dotted; lots before or after; comments."""
    layout = weighted(rng, {"headings": 70, "lots first": 10, "inline lots": 10, "inline all": 6, "dotted": 4})
    lines = ["# 公告"] if rng.random() < 0.3 else []
    for key, value in shuffled(rng, doc["top"]):
        lines += key_line(rng, key, value)
    lots = []
    for lot in doc["lots"]:
        lots += ["[[lots]]" + rng.choice(["", "", " # lot"])]
        for key, value in shuffled(rng, lot):
            lots += key_line(rng, key, value)
    bidding = ["", "[bidding]"] if rng.random() < 0.8 else ["[ bidding ]  # terms"]
    for key, value in shuffled(rng, doc["bidding"]):
        bidding += key_line(rng, key, value)
    array = "lots = [" + ", ".join(inline(rng, lot) for lot in doc["lots"]) + "]"
    if rng.random() < 0.5:
        array = "\n".join(["lots = ["] + [f"    {inline(rng, lot)},  # lot" for lot in doc["lots"]] + ["]"])
    if layout == "headings":
        return lines + bidding + lots
    if layout == "lots first":
        return lines + lots + bidding
    if layout == "inline lots":
        return lines + array.split("\n") + bidding
    if layout == "inline all":
        return lines + [f"bidding = {inline(rng, doc['bidding'])}"] + array.split("\n")
    dotted = [f"bidding.{key} = {value}" for key, value in shuffled(rng, doc["bidding"])]
    return lines + dotted + lots


def csv_cell(rng, cell, quote):
    if re.search(r'[",\r\n]', cell) or rng.random() < quote:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def csv_lines(rng, rows):
    """Columns in any order, some cells quoted."""
    order = list(range(len(rows[0])))
    if rng.random() < 0.3:
        rng.shuffle(order)
    quote = weighted(rng, {0: 70, 1: 10, 0.2: 20})
    return [",".join(csv_cell(rng, row[i], quote) for i in order if i < len(row)) for row in rows]


def encode(rng, lines):
    """LF or CRLF, a BOM, with or without an end to the last line, or an empty line after it."""
    newline = "\r\n" if rng.random() < 0.15 else "\n"
    text = newline.join(lines) + weighted(rng, {newline: 85, "": 10, 2 * newline: 5})
    return (b"\xef\xbb\xbf" if rng.random() < 0.1 else b"") + text.encode()


def render(rng, doc):
    """{file: bytes}."""
    files = {"announcement.toml": encode(rng, toml_lines(rng, doc))}
    for file in ("members.csv", "bids.csv", "hand.csv"):
        if doc[file] is not None:
            files[file] = encode(rng, csv_lines(rng, doc[file]))
    return files


# ---------------------------------------------------------------------------------------------------------------------

def scenario(seed, index, hand=None):
    """The scenario `index` of a seed as a document, and the random numbers to write it with."""
    rng = random.Random(f"{seed}/{index}")
    codes = member_codes(rng)
    announcement = terms(rng, codes)
    rng.shuffle(codes)
    members = people(rng, codes, announcement)
    with_hand = rng.random() < 0.42 if hand is None else hand
    bids, acts = tell(rng, announcement, members, with_hand)
    return document(rng, announcement, members, bids, acts if with_hand else None), rng


def write(folder, files):
    folder.mkdir(parents=True)
    for file, data in files.items():
        (folder / file).write_bytes(data)


def write_scenario(seed, index, folder):
    doc, rng = scenario(seed, index)
    write(folder, render(rng, doc))


def main():
    parser = argparse.ArgumentParser(description="Random scenarios for the rules of an auction.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    for index in range(arguments.count):
        write_scenario(arguments.seed, index, arguments.out / f"{index:06d}")


if __name__ == "__main__":
    main()
