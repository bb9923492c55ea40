#!/usr/bin/env python3
"""Hold the quotes and candles of an exchange against what its exported awards come to.

    compare.py --url URL --login LOGIN            (the password comes from BAYAN_PASSWORD)

reads the awards of every product as the tables of the API have them, computes every candle and every quote from them
(figures.py) and compares: the tables of candles, the candles as JSON, the quotes. It prints one line of what was
compared, with a hash over all of it, so that two runs can be compared too; it stops at the first difference.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import figures

SIDES = ("sale", "procurement")
TIMEOUT_S = 60
# How long one waits for an archive that is being rebuilt.
PATIENCE_S = 120


class Difference(Exception):
    """What the exchange says is not what its awards come to."""


class Exchange:
    """An exchange as a member reads it."""

    def __init__(self, url, login, password):
        self.url = url
        body = json.dumps({"login": login, "password": password}).encode()
        request = urllib.request.Request(f"{url}/api/v1/sessions", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            self.token = json.load(answer)["token"]
        # What every answer has to know.
        self.sequence = 0

    def get(self, path, **query):
        """A text, and where it goes on."""
        asked = urllib.parse.urlencode({key: value for key, value in query.items() if value is not None})
        head = {"authorization": f"Bearer {self.token}", "min-sequence": str(self.sequence)}
        request = urllib.request.Request(f"{self.url}{path}?{asked}", headers=head)
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                    return answer.read().decode(), answer.headers.get("next")
            except urllib.error.HTTPError as refused:
                # Too fast, or the archive is not so far yet: the answer says when to ask again.
                if refused.code not in (429, 503) or time.monotonic() > end:
                    raise
                time.sleep(float(refused.headers.get("retry-after", "1")))

    def pages(self, path, **query):
        """All items of a list."""
        items, cursor = [], None
        while True:
            page = json.loads(self.get(path, **query, cursor=cursor)[0])
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items

    def table(self, path, go_on, **query):
        """The pages of a table, each as its lines."""
        pages, following = [], None
        while True:
            text, following = self.get(path, **query, **{go_on: following})
            pages.append(list(csv.DictReader(io.StringIO(text))))
            if following is None:
                return pages


def awards_of(exchange, product, side):
    """The exported awards, in the order in which they count: the table has the newest first."""
    pages = exchange.table(f"/api/v1/quotes/{product}/trades.csv", "cursor", side=side, limit=700)
    found = []
    for line in [line for page in pages for line in page][::-1]:
        award = figures.Award(
            figures.instant(line["at"]), figures.scaled(line["price"], 2), figures.scaled(line["quantity"], 6),
            figures.scaled(line["amount"], 2), {"true": True, "false": False}[line["corrected"]])
        if line["side"] != side:
            raise Difference(f"{product}: an award of the other side is in the export of {side}: {line}")
        if award.amount != figures.half_up(award.price * award.quantity, 1_000_000):
            raise Difference(f"{product} {side}: the amount is not price × quantity: {line}")
        found.append(award)
    if any(one.at > other.at for one, other in zip(found, found[1:])):
        raise Difference(f"{product} {side}: the export is not in the order of time")
    return found


def as_table(candle):
    """A candle as a line of the table has it."""
    shown = {key: str(value) for key, value in candle.items()}
    return shown | {"corrected": "true" if candle["corrected"] else "false"}


def same(what, said, computed):
    """Raises where they differ, with the first that does."""
    if said == computed:
        return
    if isinstance(said, list):
        for one, other in zip(said, computed):
            if one != other:
                raise Difference(f"{what}: said {one}, computed {other}")
        raise Difference(f"{what}: said {len(said)}, computed {len(computed)}")
    raise Difference(f"{what}: said {said}, computed {computed}")


def compare(exchange):
    """What was compared."""
    exchange.sequence = json.loads(exchange.get("/api/v1/head")[0])["sequence"]
    ahead = figures.offset(json.loads(exchange.get("/api/v1/profile")[0])["utc_offset"])
    products = [one["code"] for one in exchange.pages("/api/v1/products", limit=50)]
    quotes = {(one["product"], one["side"]): one for one in exchange.pages("/api/v1/quotes", limit=7)}
    same("the products that are quoted", sorted(quotes), sorted((code, side) for code in products for side in SIDES))
    counted = {"awards": 0, "annulled": 0, "candles": 0, "quotes": 0}
    everything = hashlib.sha256()
    for code in products:
        for side in SIDES:
            what, path = f"{code} {side}", urllib.parse.quote(code, safe="")
            awards = awards_of(exchange, path, side)
            counted["awards"] += len(awards)
            counted["annulled"] += sum(one.corrected for one in awards)
            everything.update(repr((code, side, awards)).encode())
            said = quotes[code, side]
            computed = figures.quote(awards, ahead)
            same(f"quote of {what}", {key: said[key] for key in computed}, computed)
            standing = [one.at for one in awards if not one.corrected]
            at = None if said["at"] is None else figures.instant(said["at"])
            same(f"time of the quote of {what}", at, standing[-1] if standing else None)
            counted["quotes"] += 1
            everything.update(json.dumps(said, sort_keys=True).encode())
            for interval in figures.INTERVALS:
                computed = figures.candles(awards, interval, ahead)
                # The last page of a table is the oldest.
                pages = exchange.table(f"/api/v1/quotes/{path}/candles.csv", "to", side=side, interval=interval, limit=900)
                lines = [line for page in pages[::-1] for line in page]
                same(f"table of {what} {interval}", lines, [as_table(one) for one in computed])
                newest = json.loads(exchange.get(f"/api/v1/quotes/{path}/candles", side=side, interval=interval, limit=500)[0])
                same(f"candles of {what} {interval}", newest["items"], computed[-500:])
                counted["candles"] += len(computed)
                everything.update(json.dumps(lines).encode())
    return counted | {"hash": everything.hexdigest()}


def main():
    """One line, or what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--login", required=True)
    asked = parser.parse_args()
    exchange = Exchange(asked.url, asked.login, os.environ["BAYAN_PASSWORD"])
    try:
        print(json.dumps(compare(exchange)))
    except Difference as difference:
        sys.exit(f"compare.py: {difference}")


if __name__ == "__main__":
    main()
