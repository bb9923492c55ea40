#!/usr/bin/env python3
"""Tests of the interpreter: the two examples and a few tables, each worked out by hand from the rule book."""

import tempfile
import unittest
from pathlib import Path

import broken
import generate
import interpreter as rules

EXAMPLES = Path(__file__).resolve().parents[2] / "announcements"

DEFAULTS = {"format": "open", "start_price": "100.00", "step": "1.00", "countdown": "60s", "countdown_from": "closing",
            "margin_rate": "0.5"}


def literal(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(literal(entry) for entry in value) + "]"
    return f'"{value}"'


def day(text):
    """`10:00` and `10:00:05.5` on one day, in UTC."""
    return "" if text == "" else f"2025-01-02T{text}{':00' if text.count(':') == 1 else ''}Z"


def run(bids="", hand=None, lots=(("1", "1"),), cash=None, side="sale", opens="10:00", closes="10:10", **bidding):
    """A scenario in a folder of its own. `bids`: lines `time lot member price`; `hand`: lines `time act [until]`."""
    terms = {key: value for key, value in (DEFAULTS | bidding).items() if value is not None}
    toml = [f'title = "t"\nside = "{side}"\ninitiator = "S"\nproduct = "p"\nunit = "t"',
            f'opens = "{day(opens)}"\ncloses = "{day(closes)}"\n[bidding]']
    toml += [f"{key} = {literal(value)}" for key, value in terms.items()]
    toml += [f'[[lots]]\ncode = "{code}"\nquantity = "{quantity}"' for code, quantity in lots]
    money = {"S": "1000", "A": "1000", "B": "1000", "C": "1000"} | (cash or {})
    files = {"announcement.toml": toml,
             "members.csv": ["code,name,cash"] + [f"{code},x,{fen}" for code, fen in money.items()],
             "bids.csv": ["at,lot,member,price"]}
    for line in bids.strip().splitlines():
        at, *rest = line.split()
        files["bids.csv"].append(",".join([day(at)] + rest))
    if hand is not None:
        files["hand.csv"] = ["at,auction,act,until"]
        for line in hand.strip().splitlines():
            at, act, *until = line.split()
            files["hand.csv"].append(f"{day(at)},,{act},{day(until[0]) if until else ''}")
    with tempfile.TemporaryDirectory() as folder:
        for file, lines in files.items():
            (Path(folder) / file).write_text("\n".join(lines) + "\n")
        return rules.run(folder)


def reasons(result, key="bids"):
    """One word for each bid (or act): its reason, or `-` where it was accepted (or done)."""
    return [entry.get("reason", "-") for entry in result[key]]


def ends(result):
    """`status time winner price` of each lot, the day and the `Z` left out."""
    return [" ".join([lot["status"], lot["ended_at"].removeprefix("2025-01-02T").removesuffix("Z")]
                     + ([lot["winner"], lot["price"]] if lot["winner"] else [])) for lot in result["lots"]]


def funds(result):
    return {member["code"]: (member["available"], member["held"]) for member in result["members"]}


class Examples(unittest.TestCase):
    maxDiff = None

    def test_metal(self):
        """Sale from 565,000 in steps of 500, at most 1,000, countdown 180 s from the opening; 20 t at 20 %, so that a
        margin is 4 times the price. The seller holds 5 × 2,260,000 = 11,300,000 of 20,000,000."""
        result = rules.run(EXAMPLES / "prnd-metal-2025-07-16")
        self.assertEqual(reasons(result), [
            "not_open",             # line 2: a second before opens
            "-",                    # 3: B1 holds 2,260,000; lot 1 ends 10:03:00
            "consecutive_bid",      # 4
            "off_step",             # 5: 250
            "-",                    # 6: B2 holds 2,262,000; lot 1 ends 10:03:12
            "-",                    # 7: 1,000 above the start; B3 holds 2,264,000 of 4,600,000; lot 2 ends 10:03:20
            "above_max_step",       # 8: 1,500 above 566,000
            "-",                    # 9: B1 holds 2,268,000; lot 2 ends 10:03:25
            "insufficient_margin",  # 10: B4 has 2,000,000, 2,260,000 are needed
            "own_auction",          # 11
            "-",                    # 12: B3 has its money back from lot 2 and holds 2,260,000; lot 3 ends 10:04:00
            "-",                    # 13: a microsecond before lot 4 would end; it now ends 10:05:59.999999
            "not_open",             # 14: lot 5 ended this instant, with nobody
            "not_open",             # 15: lot 1 ended this instant
            "not_open",             # 16: lot 2 ended at 10:03:25
            "-",                    # 17: B1 holds 2,264,000; lot 3 ends 10:06:59
            "-",                    # 18: B1 holds 2,266,000; lot 4 ends 10:08:59
            "unknown_lot",          # 19
            "-",                    # 20: B2 holds 2,270,000; lot 4 ends 10:11:58
        ])
        self.assertEqual([list(lot.values()) for lot in result["lots"]], [
            ["1", "sold", "2025-07-16T02:03:12Z", "B2", "565500.00", "20", "11310000.00", 2, 4],
            ["2", "sold", "2025-07-16T02:03:25Z", "B1", "567000.00", "20", "11340000.00", 2, 2],
            ["3", "sold", "2025-07-16T02:06:59Z", "B1", "566000.00", "20", "11320000.00", 2, 2],
            ["4", "sold", "2025-07-16T02:11:58Z", "B2", "567500.00", "20", "11350000.00", 3, 0],
            ["5", "unsold", "2025-07-16T02:03:00Z", None, None, "20", None, 0, 1],
        ])
        self.assertEqual(funds(result), {
            "NRE": ("10960000.00", "9040000.00"),   # lot 5's 2,260,000 came back
            "B1": ("4468000.00", "4532000.00"),     # 2,268,000 + 2,264,000
            "B2": ("4468000.00", "4532000.00"),     # 2,262,000 + 2,270,000
            "B3": ("4600000.00", "0.00"),
            "B4": ("2000000.00", "0.00"),
        })
        self.assertEqual(result["status"], "closed")
        self.assertNotIn("hand", result)

    def test_toll(self):
        """Procurement from 18,000 down to 12,000 in steps of 100, countdown 180 s before the closing. A margin is 12.1
        times the price on lot A and 2.4666666 times on lot B: 217,800.00 + 44,399.9988 → 44,400.00 of 300,000.00."""
        result = rules.run(EXAMPLES / "toll-processing-2025-03-25")
        self.assertEqual(reasons(result), [
            "-",                # line 2: P1 holds 217,800.00 of 500,000
            "not_better",       # 3: 18,100 is more
            "-",                # 4: P2 holds 216,590.00 of 230,000
            "not_eligible",     # 5
            "-",                # 6: P1 holds 181,500.00; no max step
            "consecutive_bid",  # 7
            "-",                # 8: P3 holds 44,400.00 of 90,000
            "not_better",       # 9: equal
            "off_step",         # 10: 50
            "-",                # 11: P2 holds 3,580 × 12.333333 = 44,153.33214; 180 s before the end, which stays 10:00
            "-",                # 12: P2 has 185,846.67 left and holds 169,400.00; lot A ends 10:02:59.999999
            "not_open",         # 13: lot B ended this instant
            "-",                # 14: P1 holds 168,190.00; lot A ends 10:05:59
            "not_open",         # 15
            "not_open",         # 16: lot A ended this instant
            "not_open",         # 17
        ])
        self.assertEqual([list(lot.values()) for lot in result["lots"]], [
            ["A", "sold", "2025-03-25T02:05:59Z", "P1", "13900.00", "60.5", "840950.00", 5, 5],
            ["B", "sold", "2025-03-25T02:00:00Z", "P2", "17900.00", "12.333333", "220766.66", 2, 4],
        ])
        self.assertEqual(funds(result), {
            "HX": ("37800.00", "262200.00"), "P1": ("331810.00", "168190.00"), "P2": ("185846.67", "44153.33"),
            "P3": ("90000.00", "0.00"), "P4": ("500000.00", "0.00")})


class Bidding(unittest.TestCase):
    def test_half_fen(self):
        """1.01 × 0.5 is 50.5 fen and held as 51; 0.99 × 0.5 × 0.01 is 0.495 fen and held as 0. Rounded once: price ×
        quantity first would give 0.99 × 0.01 → 1 fen, half of it → 1 fen."""
        for price, quantity, held in [("1.01", "1", "0.51"), ("0.99", "0.01", "0.00"), ("0.01", "1", "0.01"),
                                      ("0.01", "0.999999", "0.00"), ("0.03", "0.5", "0.01")]:
            result = run(f"10:00 1 A {price}", start_price=price, lots=[("1", quantity)])
            self.assertEqual(funds(result)["A"][1], held, (price, quantity))

    def test_amount_half_fen(self):
        """0.03 × 0.5 = 1.5 fen → 2."""
        result = run("10:00 1 A 0.03", start_price="0.03", lots=[("1", "0.500000")])
        self.assertEqual((result["lots"][0]["amount"], result["lots"][0]["quantity"]), ("0.02", "0.5"))

    def test_amount_beyond_64_bits(self):
        """10^9 CNY × 999,999,999.999999: the margin at 0.000001 is 999,999,999,999.999 and held as 1,000,000,000,000.00."""
        result = run("10:00 1 A 1000000000.00", start_price="1000000000", margin_rate="0.000001",
                     lots=[("1", "999999999.999999")], cash={"S": "9999999999999.99", "A": "1000000000000.00"})
        self.assertEqual(result["lots"][0]["amount"], "999999999999999000.00")
        self.assertEqual(funds(result)["A"], ("0.00", "1000000000000.00"))

    def test_initiator_rounds_each_lot(self):
        """Two lots of 0.5 fen each need 2 fen, not 1."""
        lots = [("1", "1"), ("2", "1")]
        refused = run(start_price="0.01", lots=lots, cash={"S": "0.01"})
        self.assertEqual(refused["status"], "refused")
        self.assertEqual(sorted(refused), ["bids", "lots", "members", "reason", "status"])
        self.assertEqual(run(start_price="0.01", lots=lots, cash={"S": "0.02"})["status"], "closed")

    def test_refused_publication_says_nothing_of_the_hand(self):
        """"And nothing more, whatever else is in the folder.\""""
        result = run("10:00 1 A 100", "10:01 suspend\n10:02 resume", cash={"S": "49.99"})
        self.assertEqual((result["bids"], result["lots"], "hand" in result), ([], [], False))
        self.assertEqual(funds(result)["S"], ("49.99", "0.00"))

    def test_closing_countdown(self):
        """t ≥ end − countdown moves the end to t + countdown; at equality that is where it was."""
        for at, end in [("10:08:59.999999", "10:10:00"), ("10:09", "10:10:00"), ("10:09:00.000001", "10:10:00.000001"),
                        ("10:09:59.999999", "10:10:59.999999")]:
            self.assertEqual(ends(run(f"{at} 1 A 100")), [f"sold {end} A 100.00"])
        self.assertEqual(reasons(run("10:10 1 A 100")), ["not_open"])

    def test_opening_countdown(self):
        """Every bid sets the clock back; `closes` caps it, from the start too."""
        late = "10:00 1 A 100\n10:00:59.999999 1 B 101\n10:01:59.999999 1 A 102"
        result = run(late, countdown_from="opening")
        self.assertEqual(reasons(result), ["-", "-", "not_open"])
        self.assertEqual(ends(result), ["sold 10:01:59.999999 B 101.00"])
        self.assertEqual(ends(run("10:00:50 1 A 100", countdown_from="opening", closes="10:01:20")), ["sold 10:01:20 A 100.00"])
        self.assertEqual(ends(run("", countdown_from="opening", closes="10:00:30")), ["unsold 10:00:30"])

    def test_limit_ends_at_once(self):
        """The lot ends with the bid at the limit price, at the same instant too; the other lot goes on."""
        result = run("10:01 1 A 103\n10:01 1 B 103\n10:01 2 B 100", lots=[("1", "1"), ("2", "1")], limit_price="103")
        self.assertEqual(reasons(result), ["-", "not_open", "-"])
        self.assertEqual(ends(result), ["sold 10:01:00 A 103.00", "sold 10:10:00 B 100.00"])
        self.assertEqual(reasons(run("10:01 1 A 104", limit_price="103")), ["beyond_limit"])

    def test_order_of_rules(self):
        """The first rule that fails gives the reason."""
        terms = {"max_step": "2", "limit_price": "104", "eligible": ["A", "B", "S"], "cash": {"B": "10"}}
        for line, reason in [("09:00 9 S 0.01", "unknown_lot"), ("09:59 1 S 0.01", "not_open"), ("10:01 1 S 0.01", "own_auction"),
                             ("10:01 1 C 0.50", "not_eligible"), ("10:01 1 A 0.50", "consecutive_bid"),
                             ("10:01 1 B 0.50", "off_step"), ("10:01 1 B 100", "not_better"), ("10:01 1 B 105", "above_max_step"),
                             ("10:01 1 B 102", "insufficient_margin")]:
            bids = f"10:00 1 A 100\n{line}" if line > "10" else f"{line}\n10:00 1 A 100"
            self.assertIn(reason, reasons(run(bids, **terms)), line)

    def test_procurement_mirrored(self):
        """7, 8 and 9 turn round; off_step works downwards too."""
        bids = "10:00 1 A 101\n10:00 1 A 97\n10:00 1 A 98\n10:00 1 B 98\n10:00 1 B 97.5\n10:00 1 B 96\n10:00 1 A 94\n10:00 1 A 95"
        result = run(bids, side="procurement", max_step="2", limit_price="95")
        self.assertEqual(reasons(result), ["not_better", "above_max_step", "-", "not_better", "off_step", "-", "beyond_limit",
                                           "-"])
        self.assertEqual(ends(result), ["sold 10:00:00 A 95.00"])

    def test_own_margin_counts(self):
        """With consecutive = true the leader's own 50.00 count towards the 50.50 of its next bid, on this lot only."""
        bids = "10:00 1 A 100\n10:00 1 A 101\n10:00 1 A 102\n10:00 2 A 100"
        result = run(bids, lots=[("1", "1"), ("2", "1")], consecutive=True, cash={"A": "50.50"})
        self.assertEqual(reasons(result), ["-", "-", "insufficient_margin", "insufficient_margin"])
        self.assertEqual(funds(result)["A"], ("0.00", "50.50"))

    def test_overtaken_leader_is_released(self):
        result = run("10:00 1 A 100\n10:00 1 B 101\n10:00 1 A 102", cash={"A": "51", "B": "50.50"})
        self.assertEqual(funds(result), {"S": ("950.00", "50.00"), "A": ("0.00", "51.00"), "B": ("50.50", "0.00"),
                                         "C": ("1000.00", "0.00")})


class Sealed(unittest.TestCase):
    def test_replacement_and_equal_prices(self):
        """A's 105 is of 10:03 after its replacement at the same price, B's of 10:02: B wins. `countdown_from` and
        `max_step` say nothing, a bid at the limit ends nothing."""
        bids = "10:01 1 A 105\n10:02 1 B 105\n10:03 1 A 105\n10:04 1 C 100\n10:09:59.999999 1 C 104\n10:10 1 C 105"
        result = run(bids, format="sealed", countdown_from="opening", max_step="1", limit_price="105")
        self.assertEqual(reasons(result), ["-", "-", "-", "-", "-", "not_open"])
        self.assertEqual(ends(result), ["sold 10:10:00 B 105.00"])
        self.assertEqual(funds(result), {"S": ("950.00", "50.00"), "A": ("1000.00", "0.00"), "B": ("947.50", "52.50"),
                                         "C": ("1000.00", "0.00")})

    def test_same_instant(self):
        """Equal prices at one instant: the earlier line; a worse replacement counts."""
        self.assertEqual(ends(run("10:01 1 B 105\n10:01 1 A 105", format="sealed")), ["sold 10:10:00 B 105.00"])
        self.assertEqual(ends(run("10:01 1 B 105\n10:01 1 A 104\n10:01 1 B 103", format="sealed")), ["sold 10:10:00 A 104.00"])

    def test_margin_of_the_replaced_bid(self):
        """52.00 suffice to replace 100 (50.00) by 104 (52.00), not by 105 (52.50); the lower bid frees the rest."""
        bids = "10:01 1 A 100\n10:01 1 A 105\n10:01 1 A 104\n10:02 1 A 99\n10:02 1 A 100"
        result = run(bids, format="sealed", cash={"A": "52"})
        self.assertEqual(reasons(result), ["-", "insufficient_margin", "-", "not_better", "-"])
        self.assertEqual(funds(result)["A"], ("2.00", "50.00"))


class Hand(unittest.TestCase):
    def test_one_instant(self):
        """Ends first, then acts, then bids."""
        result = run("10:10 1 A 100", "10:10 suspend")
        self.assertEqual((reasons(result), reasons(result, "hand")), (["not_open"], ["ended"]))
        result = run("10:01 1 A 100\n10:02 1 A 100", "10:01 suspend\n10:02 resume")
        self.assertEqual(reasons(result), ["not_open", "-"])

    def test_suspension(self):
        """Across `closes`: the end moves by 59:30 to 11:09:30, and a bid 30 s before it moves it to 11:10:00."""
        result = run("10:00 1 A 100\n11:09 1 B 101\n11:10 1 A 102",
                     "10:00:30 suspend\n10:40 extend 12:00\n10:50 suspend\n11:00 resume\n11:00 resume")
        self.assertEqual(reasons(result, "hand"), ["-", "suspended", "suspended", "-", "not_suspended"])
        self.assertEqual((reasons(result), ends(result)), (["-", "-", "not_open"], ["sold 11:10:00 B 101.00"]))
        self.assertEqual(ends(run("", "10:00:30 suspend\n11:00 resume")), ["unsold 11:09:30"])

    def test_suspension_before_opens(self):
        """`opens` moves where it lay after the stop, and not where it lay at it."""
        result = run("10:00 1 A 100\n10:30 1 A 100", "09:50 suspend\n10:20 resume")
        self.assertEqual((reasons(result), ends(result)), (["not_open", "-"], ["sold 10:40:00 A 100.00"]))
        result = run("10:20 1 A 100", "10:00 suspend\n10:20 resume")
        self.assertEqual((reasons(result), ends(result)), (["-"], ["sold 10:30:00 A 100.00"]))

    def test_extension(self):
        """T must be after `closes`; a lot that ends later than T keeps its end; from the opening only the cap moves."""
        result = run("10:09:30 1 A 100", "10:00 extend 10:10\n10:09:40 extend 10:10:00.000001\n10:09:50 extend 10:10:20")
        self.assertEqual(reasons(result, "hand"), ["not_later", "-", "-"])
        self.assertEqual(ends(result), ["sold 10:10:30 A 100.00"])
        self.assertEqual(ends(run("", "10:01 extend 10:20")), ["unsold 10:20:00"])
        self.assertEqual(ends(run("", "10:00:10 extend 10:20", countdown_from="opening")), ["unsold 10:01:00"])
        self.assertEqual(ends(run("10:00:29 1 A 100", "10:00:10 extend 10:01", countdown_from="opening", closes="10:00:30")),
                         ["sold 10:01:00 A 100.00"])
        self.assertEqual(ends(run("", "10:00:10 extend 10:20", countdown_from="opening", format="sealed")), ["unsold 10:20:00"])

    def test_cancellation(self):
        """What was sold stays sold; the margins of the others come back; afterwards everything has ended."""
        bids = "10:01 1 A 103\n10:01 2 B 100\n10:03 2 C 101"
        result = run(bids, "10:02 suspend\n10:03 cancel\n10:03 resume", lots=[("1", "1"), ("2", "1")], limit_price="103")
        self.assertEqual(ends(result), ["sold 10:01:00 A 103.00", "cancelled 10:03:00"])
        self.assertEqual((result["status"], reasons(result), reasons(result, "hand")),
                         ("cancelled", ["-", "-", "not_open"], ["-", "-", "ended"]))
        self.assertEqual(funds(result)["S"], ("950.00", "50.00"))
        self.assertEqual(funds(result)["B"], ("1000.00", "0.00"))

    def test_outage(self):
        """The longer of the time left and one countdown, from the second stamp."""
        for hand, end in [("10:02 outage 10:05", "10:13:00"),               # 8 minutes were left
                          ("10:09:30 outage 10:30", "10:31:00"),            # 30 s were left, the countdown is 60 s
                          ("10:09:58 outage 10:10", "10:10:00"),            # no longer than 2 s: none
                          ("10:09:59 outage 10:10:01", "10:10:00"),         # and the lot ends in it
                          ("09:59:59 outage 10:00:01", "10:10:00"),         # nor does the opening move
                          ("10:09:58 outage 10:10:00.000001", "10:11:00.000001"),
                          ("10:09:57.999999 outage 10:10", "10:11:00"),
                          ("10:10 outage 10:11", "10:10:00"),               # an end at the first stamp is an end
                          ("09:00 outage 09:59", "10:10:00"),               # before opens
                          ("09:00 outage 10:00", "10:10:00"),               # up to opens: moved by nothing
                          ("09:00 outage 10:05", "10:15:00"),               # across opens: moved by 5 minutes
                          ("09:00 outage 12:00", "12:10:00"),               # across all of it
                          ("10:02 outage 10:03\n10:03 outage 10:05", "10:13:00")]:
            for form in ("open", "sealed"):
                result = run("", hand, format=form)
                self.assertEqual(ends(result), [f"unsold {end}"], (hand, form))
                self.assertEqual(set(reasons(result, "hand")), {"-"})

    def test_outage_moves_closes(self):
        """By its length, and at least to the latest end: 10:00:30 + 60 s = 10:01:30 from the opening."""
        for until, reason in [("10:11", "not_later"), ("10:11:00.000001", "-")]:
            self.assertEqual(reasons(run("", f"10:05 outage 10:06\n10:07 extend {until}"), "hand"), ["-", reason])
        for until, reason in [("10:11:30", "not_later"), ("10:11:30.000001", "-")]:     # the end is 10:10:30 + 60 s
            self.assertEqual(reasons(run("", f"10:09:59 outage 10:10:30\n10:10:30 extend {until}"), "hand"), ["-", reason])
        self.assertEqual(ends(run("10:01:20 1 A 100", "10:00:20 outage 10:00:30", countdown_from="opening", closes="10:01")),
                         ["sold 10:01:30 A 100.00"])

    def test_outage_while_suspended(self):
        """"A suspended auction stands as it stood", also across `opens`."""
        self.assertEqual(ends(run("", "10:01 suspend\n10:02 outage 10:05\n10:11 resume")), ["unsold 10:20:00"])
        self.assertEqual(ends(run("", "09:50 suspend\n09:55 outage 10:05\n10:10 resume")), ["unsold 10:30:00"])

    def test_suspension_must_end(self):
        with self.assertRaises(rules.Wrong) as caught:
            run("", "10:01 suspend\n10:02 suspend")
        self.assertEqual(caught.exception.file, "hand.csv")
        run("", "10:11 suspend")                            # refused, so that nothing is suspended
        run("", "10:01 suspend", cash={"S": "0"})           # not published, so that nothing is suspended


class Text(unittest.TestCase):
    def test_instants(self):
        for text, printed in [("2025-07-16T10:00:00+08:00", "2025-07-16T02:00:00Z"),
                              ("2024-02-29T23:59:59.120000Z", "2024-02-29T23:59:59.12Z"),
                              ("1970-01-01T00:00:00.000001-00:30", "1970-01-01T00:30:00.000001Z"),
                              ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
                              ("2000-01-01T00:00:00+23:59", "1999-12-31T00:01:00Z")]:
            self.assertEqual(rules.instant_text(rules.instant(text)), printed)
        for text in broken.NO_TIMES:
            self.assertRaises(rules.Bad, rules.instant, text)

    def test_decimals(self):
        for text, kind, value in [("0", "cash", 0), ("565000.5", "price", 56500050), ("0.000001", "rate", 1),
                                  ("1", "rate", 10**6)]:
            self.assertEqual(rules.decimal(text, kind), value)
        for text in broken.NO_DECIMALS:
            for kind in rules.LIMITS:
                self.assertRaises(rules.Bad, rules.decimal, text, kind)

    def test_line_of_a_row(self):
        """"A line number is that of the physical line where the row starts.\""""
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "x.csv").write_bytes(b'\xef\xbb\xbfb,"a"\r\n1,"x\r\n\r\ny"\r\n"2","say ""z"""\r\n\r\n')
            self.assertEqual(rules.read_csv(folder, "x.csv", ["a", "b"]),
                             [(2, {"b": "1", "a": "x\r\n\r\ny"}), (5, {"b": "2", "a": 'say "z"'})])


class Generated(unittest.TestCase):
    def check_money(self, exchange, cash):
        """No money comes or goes, and what is held is the sum of the margins."""
        held = dict.fromkeys(cash, 0)
        for lot in exchange.lots:
            if lot.status in ("running", "sold"):
                held[exchange.terms.initiator] += lot.initiator_margin
            for bid in lot.standing.values():
                held[bid.member] += bid.margin
        self.assertEqual(held, exchange.held)
        for code in cash:
            self.assertEqual(exchange.available[code] + exchange.held[code], cash[code])
            self.assertGreaterEqual(exchange.available[code], 0)

    def walk(self, scenario):
        exchange = rules.Exchange(scenario.announcement, scenario.members)
        cash = {member.code: member.cash for member in scenario.members}
        exchange.publish()
        for at, entry in rules.time_line(scenario) if exchange.lots else []:
            exchange.advance(at)
            self.check_money(exchange, cash)
            before = dict(exchange.held), {lot.code: lot.end for lot in exchange.running()}
            if isinstance(entry, rules.Act):
                reason = exchange.act(at, entry.act, entry.until)
            else:
                reason = exchange.bid(at, entry.lot, entry.member, entry.price)
            self.check_money(exchange, cash)
            after = dict(exchange.held), {lot.code: lot.end for lot in exchange.running()}
            if reason is not None:
                self.assertEqual(before, after)
            for code, end in after[1].items():
                self.assertGreaterEqual(end, before[1][code])

    def test_scenarios(self):
        """Every scenario is right, and the money is at every moment where it should be."""
        with tempfile.TemporaryDirectory() as base:
            for index in range(200):
                folder = Path(base) / str(index)
                generate.write_scenario(1, index, folder)
                rules.run(folder)
                self.walk(rules.load(folder))

    def test_broken(self):
        """Every change of the catalogue is found in the file that has it; the strange ones are allowed."""
        with tempfile.TemporaryDirectory() as base:
            for index in range(4 * len(broken.CATALOGUE)):
                folder = Path(base) / str(index)
                files, name = broken.write_broken(1, index, folder)
                try:
                    rules.run(folder)
                    found = broken.ALLOWED
                except rules.Wrong as wrong:
                    found = wrong.file
                self.assertIn(found, files, name)

    def test_deterministic(self):
        first, second = (generate.render(rng, doc) for doc, rng in (generate.scenario(7, 3), generate.scenario(7, 3)))
        self.assertEqual(first, second)
        self.assertEqual(broken.broken(7, 3), broken.broken(7, 3))


if __name__ == "__main__":
    unittest.main()
