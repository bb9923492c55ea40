#!/usr/bin/env python3
"""Tests of the computation of quotes and candles: each figure worked out by hand from docs/rules/disclosure.md."""

import unittest

import figures

CHINA = figures.offset("+08:00")


def award(at, price, quantity, corrected=False):
    fen, millionths = figures.scaled(price, 2), figures.scaled(quantity, 6)
    amount = figures.half_up(fen * millionths, 1_000_000)
    return figures.Award(figures.instant(at), fen, millionths, amount, corrected)


class Figures(unittest.TestCase):
    """Protects what the exchange is held against."""

    def test_the_day_is_the_venues(self):
        for ahead, at, interval, start in [
                ("+08:00", "2026-01-09T15:59:59.999999Z", "1d", "2026-01-08T16:00:00Z"),
                ("+08:00", "2026-01-09T16:00:00Z", "1d", "2026-01-09T16:00:00Z"),
                ("+08:00", "2026-01-04T15:00:00Z", "1w", "2025-12-28T16:00:00Z"),
                ("+08:00", "2026-01-04T16:00:00Z", "1w", "2026-01-04T16:00:00Z"),
                ("+08:00", "2026-01-31T16:00:00Z", "1M", "2026-01-31T16:00:00Z"),
                ("+08:00", "2024-02-29T15:59:00Z", "1M", "2024-01-31T16:00:00Z"),
                ("+05:30", "2026-01-09T10:29:59Z", "1h", "2026-01-09T09:30:00Z"),
                ("-03:30", "2026-01-09T03:29:59Z", "1d", "2026-01-08T03:30:00Z"),
                ("+08:00", "2026-01-09T10:29:59.5Z", "15m", "2026-01-09T10:15:00Z"),
                ("+08:00", "2026-01-09T10:29:59.5Z", "5m", "2026-01-09T10:25:00Z"),
                ("+08:00", "2026-01-09T10:29:59.5Z", "1m", "2026-01-09T10:29:00Z")]:
            with self.subTest(at=at, interval=interval, ahead=ahead):
                found = figures.begins(interval, figures.instant(at), figures.offset(ahead))
                self.assertEqual(figures.written(found), start)

    def test_a_candle(self):
        awards = [award("2026-01-09T02:00:00Z", "624000.00", "10.000001"), award("2026-01-09T02:10:00Z", "626000.00", "15"),
                  award("2026-01-09T02:10:00Z", "624900.00", "5.5")]
        candle, = figures.candles(awards, "1h", CHINA)
        self.assertEqual(candle, {
            "start": "2026-01-09T02:00:00Z", "open": "624000.00", "high": "626000.00", "low": "624000.00", "close": "624900.00",
            # (624000 × 10.000001 + 626000 × 15 + 624900 × 5.5) : 30.500001 = 625145.9016…
            "average": "625145.90", "volume": "30.500001",
            # 6240000.62(4) + 9390000.00 + 3436950.00
            "turnover": "19066950.62", "trades": 3, "corrected": False})
        self.assertEqual([one["start"] for one in figures.candles(awards, "5m", CHINA)],
                         ["2026-01-09T02:00:00Z", "2026-01-09T02:10:00Z"])

    def test_half_a_fen_goes_up(self):
        self.assertEqual(figures.figures([award("2026-01-09T02:00:00Z", "0.01", "1"),
                                          award("2026-01-09T02:00:00Z", "0.02", "1")])["average"], "0.02")

    def test_what_was_annulled_counts_nowhere_and_is_marked(self):
        first, second = award("2026-01-08T02:00:00Z", "100.00", "1"), award("2026-01-09T02:00:00Z", "110.00", "1")
        void = award("2026-01-09T03:00:00Z", "900.00", "1", corrected=True)
        daily = figures.candles([first, second, void], "1d", CHINA)
        self.assertEqual([(one["close"], one["corrected"]) for one in daily], [("100.00", False), ("110.00", True)])
        quoted = figures.quote([first, second, void], CHINA)
        self.assertEqual((quoted["day"], quoted["last"], quoted["change"], quoted["corrected"], quoted["spark"]),
                         ("2026-01-09", "110.00", "10.00", True, ["100.00", "110.00"]))
        # A day whose awards were all annulled has no figures; the day before is shown, with the mark.
        self.assertEqual(len(figures.candles([first, void], "1d", CHINA)), 1)
        quoted = figures.quote([first, void], CHINA)
        self.assertEqual((quoted["day"], quoted["change"], quoted["corrected"]), ("2026-01-08", None, True))
        # What was annulled before that day marks it no more.
        early = award("2026-01-07T03:00:00Z", "900.00", "1", corrected=True)
        self.assertFalse(figures.quote([early, first], CHINA)["corrected"])

    def test_nothing(self):
        self.assertEqual(figures.candles([], "1d", CHINA), [])
        quoted = figures.quote([], CHINA)
        self.assertEqual((quoted["last"], quoted["volume"], quoted["turnover"]), (None, "0", "0.00"))

    def test_decimals(self):
        self.assertEqual(figures.scaled("-12.5", 2), -1250)
        self.assertEqual(figures.money(-5), "-0.05")
        self.assertEqual((figures.volume(30_500_001), figures.volume(20_000_000)), ("30.500001", "20"))
        for text in ["", ".", "1.234", "1e3", "+1", "1.2.3"]:
            with self.subTest(text=text), self.assertRaises(ValueError):
                figures.scaled(text, 2)


if __name__ == "__main__":
    unittest.main()
