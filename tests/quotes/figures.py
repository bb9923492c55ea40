"""Candles and day figures of awards, computed from the words of docs/rules/disclosure.md and from nothing else.

Whole numbers throughout: money and prices in fen, quantities in millionths, instants in microseconds since 1970. It
stands apart from the exchange's own code on purpose, so that the two can be held against each other.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
INTERVALS = ("1m", "5m", "15m", "1h", "1d", "1w", "1M")
WITHIN_A_DAY_US = {"1m": MINUTE_US, "5m": 5 * MINUTE_US, "15m": 15 * MINUTE_US, "1h": 60 * MINUTE_US}
SPARK_DAYS = 30


@dataclass(frozen=True)
class Award:
    """A line of an export."""

    at: int
    price: int
    quantity: int
    amount: int
    corrected: bool


def scaled(text, decimals):
    """A decimal of the wire as a whole number of its last place."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, fraction = digits.partition(".")
    if not whole.isdigit() or len(fraction) > decimals or (fraction and not fraction.isdigit()):
        raise ValueError(f"no decimal with at most {decimals} places: {text!r}")
    return sign * int(whole + fraction.ljust(decimals, "0"))


def money(fen):
    """Fen as the wire writes money."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def volume(millionths):
    """Millionths as the wire writes a quantity: without zeros behind."""
    whole, fraction = divmod(millionths, 1_000_000)
    return f"{whole}.{fraction:06}".rstrip("0").rstrip(".")


def instant(text):
    """A time of the wire."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def written(us):
    """A whole second as the wire writes it."""
    return (EPOCH + timedelta(microseconds=us)).strftime("%Y-%m-%dT%H:%M:%SZ")


def offset(text):
    """`+08:00` in microseconds."""
    hours, minutes = text[1:].split(":")
    return (-1 if text[0] == "-" else 1) * (int(hours) * 60 + int(minutes)) * MINUTE_US


def half_up(numerator, denominator):
    """The quotient of two numbers that are not negative, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def day_of(at, ahead):
    """The venue's day of an instant."""
    return (EPOCH + timedelta(microseconds=at + ahead)).date()


def begins(interval, at, ahead):
    """Where the interval of an instant begins: by the venue's clock, a week on Monday, a month on its first day."""
    if interval in WITHIN_A_DAY_US:
        local = at + ahead
        return local - local % WITHIN_A_DAY_US[interval] - ahead
    day = day_of(at, ahead)
    if interval == "1w":
        day -= timedelta(days=day.weekday())
    elif interval == "1M":
        day = day.replace(day=1)
    return (day - date(1970, 1, 1)).days * DAY_US - ahead


def figures(awards):
    """What awards come to that stand, in the order in which they count."""
    quantity = sum(one.quantity for one in awards)
    return {
        "open": money(awards[0].price),
        "high": money(max(one.price for one in awards)),
        "low": money(min(one.price for one in awards)),
        "close": money(awards[-1].price),
        "average": money(half_up(sum(one.price * one.quantity for one in awards), quantity)),
        "volume": volume(quantity),
        "turnover": money(sum(one.amount for one in awards)),
        "trades": len(awards),
    }


def candles(awards, interval, ahead):
    """The candles of awards that are given in the order in which they count, the oldest first."""
    groups = {}
    for one in awards:
        groups.setdefault(begins(interval, one.at, ahead), []).append(one)
    made = []
    for start in sorted(groups):
        standing = [one for one in groups[start] if not one.corrected]
        if standing:
            corrected = len(standing) < len(groups[start])
            made.append({"start": written(start)} | figures(standing) | {"corrected": corrected})
    return made


def quote(awards, ahead):
    """The figures of the last day with an award that stands, and the spark line."""
    days = {}
    for one in awards:
        if not one.corrected:
            days.setdefault(day_of(one.at, ahead), []).append(one)
    annulled = [day_of(one.at, ahead) for one in awards if one.corrected]
    if not days:
        nothing = dict.fromkeys(("day", "last", "change", "open", "high", "low", "average"))
        return nothing | {"volume": "0", "turnover": "0.00", "trades": 0, "corrected": bool(annulled), "spark": []}
    order = sorted(days)
    closes = [days[day][-1].price for day in order]
    shown = figures(days[order[-1]])
    last = shown.pop("close")
    return {
        "day": order[-1].isoformat(),
        "last": last,
        "change": money(closes[-1] - closes[-2]) if len(closes) > 1 else None,
        **shown,
        "corrected": any(day >= order[-1] for day in annulled),
        "spark": [money(price) for price in closes[-SPARK_DAYS:]],
    }
