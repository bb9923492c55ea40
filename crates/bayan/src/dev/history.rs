//! Two years of daily prices that never were: a made-up series for the charts of the demonstration.
//!
//! It stands apart from what is traded here: no award, no quote and no candle of the venue is made of it, `serve` does not
//! load it, and every answer with it says that it is made up.
//!
//! **The model.** A day's close is an anchor times a deviation. The anchor of a group of products is a line through a few
//! points, in thousandths of its level on the last day: invented, so that a chart has a fall, a rise and a set-back to
//! show. The deviation is what a random walk with a pull back to nothing has come to, once for the group and once, smaller,
//! for the product itself, so that metal follows oxide; it is led to nothing on the last day. A day opens near the close
//! before it; its high and low lie a little beyond open and close; its volume lies between half and one and a half of what
//! is usual. Days are Mondays to Fridays: it knows no public holidays.
//!
//! **The levels.** On the last day, 2026-01-09, PrNd oxide is at 624,900 and PrNd metal at 760,700 CNY/t, as published. All
//! others are made up in plausible relation to these two: no figure of them was read anywhere.
//!
//! All of it is whole numbers, from one seed: the same program gives the same series everywhere.

use std::collections::BTreeMap;

use exchange::disclosure::Day;
use exchange::units::{Instant, Price, Quantity, UtcOffset, value};
use gateway::demonstration::{Demonstration, MadeUpDay};

/// What the series is made from.
const SEED: u64 = 20_260_109;
/// Its first and last day.
const FIRST: &str = "2024-01-09T00:00:00+08:00";
const LAST: &str = "2026-01-09T00:00:00+08:00";
/// One in the figures of the model.
const MILLION: i128 = 1_000_000;

/// Products that move together.
struct Group {
    /// Days of trading before the last one, and the level then in thousandths of the last; the earliest first.
    anchors: &'static [(i128, i128)],
    /// What a day moves, about, in millionths.
    moves: i128,
    products: &'static [Made],
}

/// A product of the series.
struct Made {
    code: &'static str,
    /// The close of the last day, in fen per unit.
    level: i128,
    /// What prices are whole multiples of, in fen.
    tick: i128,
    /// What is usually traded in a day, in millionths of the unit.
    volume: u64,
}

const fn made(code: &'static str, yuan: i128, tick_yuan: i128, units: u64) -> Made {
    Made { code, level: yuan * 100, tick: tick_yuan * 100, volume: units * 1_000_000 }
}

const GROUPS: [Group; 5] = [
    Group {
        anchors: &[(530, 705), (390, 580), (260, 640), (130, 715), (100, 1_010), (55, 880), (0, 1_000)],
        moves: 9_000,
        products: &[
            made("PrNd-oxide", 624_900, 100, 120),
            made("PrNd-metal", 760_700, 100, 90),
            made("Nd-oxide", 632_000, 100, 30),
            made("Nd-metal", 778_000, 100, 20),
            made("Pr-oxide", 641_000, 100, 12),
            made("Pr-metal", 795_000, 100, 6),
            made("NdFeB-scrap", 148_000, 100, 60),
        ],
    },
    Group {
        anchors: &[(530, 1_320), (400, 1_180), (270, 1_060), (150, 1_150), (60, 1_090), (0, 1_000)],
        moves: 8_000,
        products: &[
            made("Dy-oxide", 1_402_000, 1_000, 8),
            made("Dy-Fe", 1_368_000, 1_000, 7),
            made("Tb-oxide", 6_120_000, 5_000, 2),
            made("Tb-metal", 7_640_000, 5_000, 1),
            made("Gd-oxide", 168_000, 100, 15),
            made("Gd-Fe", 164_000, 100, 18),
            made("Ho-oxide", 512_000, 100, 6),
            made("Ho-Fe", 524_000, 100, 6),
            made("Er-oxide", 318_000, 100, 3),
        ],
    },
    Group {
        anchors: &[(530, 960), (300, 900), (120, 980), (0, 1_000)],
        moves: 4_000,
        products: &[
            made("La-oxide", 4_450, 10, 150),
            made("Ce-oxide", 10_900, 10, 180),
            made("La-Ce-carbonate", 2_420, 10, 300),
            made("La-Ce-metal", 18_600, 10, 80),
            made("mischmetal", 24_500, 10, 25),
        ],
    },
    Group {
        anchors: &[(530, 640), (260, 700), (90, 900), (0, 1_000)],
        moves: 6_000,
        products: &[made("Y-oxide", 58_000, 100, 10)],
    },
    Group {
        anchors: &[(530, 780), (390, 640), (260, 690), (120, 760), (0, 1_000)],
        moves: 5_000,
        products: &[
            made("RE-concentrate", 26_800, 10, 900),
            made("bastnaesite-concentrate", 57_500, 10, 120),
            made("RE-carbonate", 44_200, 10, 150),
            made("NdFeB-blank-N35", 148, 1, 20_000),
            made("NdFeB-blank-N42SH", 232, 1, 8_000),
        ],
    },
];

/// The whole series.
#[must_use]
pub fn demonstration() -> Demonstration {
    let days = days();
    let mut series = BTreeMap::new();
    for (group, place) in GROUPS.iter().zip(0..) {
        let shared = deviations(&mut Dice::new(place), group.moves, days.len());
        for made in group.products {
            let mut dice = Dice::of(made.code);
            let own = deviations(&mut dice, group.moves / 4, days.len());
            let closes: Vec<i128> = (0..days.len())
                .map(|at| {
                    made.rounded(
                        made.level * anchor(group, days.len() - 1 - at) / 1_000 * (MILLION + shared[at] + own[at])
                            / MILLION,
                    )
                })
                .collect();
            let of = days.iter().enumerate().map(|(at, day)| {
                let before = closes[at.saturating_sub(1)];
                made.day(*day, before, closes[at], group.moves, &mut dice)
            });
            series.insert(made.code.to_owned(), of.collect());
        }
    }
    Demonstration { seed: SEED, series }
}

/// Mondays to Fridays.
fn days() -> Vec<Day> {
    let day = |text| Day::of(Instant::parse(text).expect("a time in the source is right"), UtcOffset::CHINA);
    let last = day(LAST);
    (0..).map(|days| day(FIRST).plus(days)).take_while(|day| *day <= last).filter(|day| !day.is_weekend()).collect()
}

/// The anchor of a day that lies this many before the last one, in thousandths.
fn anchor(group: &Group, before: usize) -> i128 {
    let before = i128::try_from(before).expect("a series is short");
    let line = group.anchors.windows(2).find(|pair| before <= pair[0].0 && before >= pair[1].0);
    let line = line.expect("the anchors reach from before the first day to the last");
    let ((from, high), (to, low)) = (line[0], line[1]);
    low + (high - low) * (before - to) / (from - to)
}

/// A random walk in millionths, pulled back by a fiftieth a day, and led to nothing on the last day.
fn deviations(dice: &mut Dice, moves: i128, count: usize) -> Vec<i128> {
    let mut walk = Vec::with_capacity(count);
    let mut at = 0;
    for _ in 0..count {
        at = at * 49 / 50 + dice.around(moves);
        walk.push(at);
    }
    let last = i128::try_from(count - 1).expect("a series is short");
    let led = |(place, deviation): (i128, i128)| deviation - at * place / last;
    (0..).zip(walk).map(led).collect()
}

impl Made {
    fn rounded(&self, fen: i128) -> i128 {
        ((fen + self.tick / 2) / self.tick * self.tick).max(self.tick)
    }

    fn day(&self, day: Day, before: i128, close: i128, moves: i128, dice: &mut Dice) -> MadeUpDay {
        let moved = |fen: i128, millionths: i128| self.rounded(fen * (MILLION + millionths) / MILLION);
        let open = moved(before, dice.around(moves / 3));
        let high = moved(open.max(close), dice.around(moves / 2).abs());
        let low = moved(open.min(close), -dice.around(moves / 2).abs());
        let volume = self.volume / 2 + dice.below(self.volume / 1_000 + 1) * 1_000;
        let price = |fen: i128| {
            u64::try_from(fen).ok().and_then(Price::from_fen).expect("a made-up price lies within the bounds")
        };
        let (open, high, low, close) = (price(open), price(high), price(low), price(close));
        let average = (open.fen() + high.fen() + low.fen() + close.fen() + 2) / 4;
        let average = Price::from_fen(average).expect("an average lies between its parts");
        let volume = Quantity::from_millionths(volume).expect("a made-up volume lies within the bounds");
        MadeUpDay { day, open, high, low, close, average, volume, turnover: value(average, volume) }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): numbers that look random, and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn new(stream: u64) -> Self {
        Dice(SEED.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(stream << 32))
    }

    /// A stream of a product's own: FNV-1a of its code.
    fn of(code: &str) -> Self {
        let hash = code.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Dice::new(hash | 1 << 16)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// Around nothing, with a standard deviation of about `spread`: the sum of twelve dice is nearly normal.
    fn around(&mut self, spread: i128) -> i128 {
        let sum: i128 = (0..12).map(|_| i128::from(self.next() >> 48)).sum();
        (sum - 6 * 65_535) * spread / 65_535
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::dev::products::PRODUCTS;

    /// Protects the series itself: the same seed gives the same figures, everywhere and in every later version.
    #[test]
    fn the_same_seed_gives_the_same_series() {
        let mut text = String::new();
        for (product, days) in &demonstration().series {
            for d in days {
                let MadeUpDay { day, open, high, low, close, average, volume, turnover } = d;
                writeln!(text, "{product} {day} {open} {high} {low} {close} {average} {volume} {turnover}").unwrap();
            }
        }
        let digest: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, "87fca2d3ebc21dd0fc4f0234f4fce4dafd330e79016f009456e21948e6e075cf");
    }

    /// Protects what the model promises: the published levels on the last day, two years of weekdays, candles that can
    /// be, no leap of a tenth in a day, and nothing but goods of the catalogue.
    #[test]
    fn the_series_is_what_the_model_promises() {
        let made = demonstration();
        let last = |code: &str| made.series[code].last().map(|day| (day.day.to_string(), day.close.to_string()));
        assert_eq!(last("PrNd-oxide"), Some(("2026-01-09".to_owned(), "624900.00".to_owned())));
        assert_eq!(last("PrNd-metal"), Some(("2026-01-09".to_owned(), "760700.00".to_owned())));
        for (code, days) in &made.series {
            assert!(PRODUCTS.iter().any(|product| product.code == code), "{code}");
            assert_eq!((days.len(), days[0].day.to_string().as_str()), (524, "2024-01-09"), "{code}");
            for pair in days.windows(2) {
                let (before, day) = (&pair[0], &pair[1]);
                assert!(before.day < day.day && !day.day.is_weekend(), "{code} {}", day.day);
                assert!(
                    day.low <= day.open.min(day.close) && day.high >= day.open.max(day.close),
                    "{code} {}",
                    day.day
                );
                assert!(day.low <= day.average && day.average <= day.high, "{code} {}", day.day);
                assert_eq!(day.turnover, value(day.average, day.volume));
                let leap = before.close.fen().abs_diff(day.close.fen());
                assert!(leap * 10 < before.close.fen(), "{code} leaps on {}", day.day);
            }
        }
        for group in &GROUPS {
            for made_of in group.products {
                let close = made.series[made_of.code].last().map(|day| i128::from(day.close.fen()));
                assert_eq!(close, Some(made_of.level), "{}", made_of.code);
            }
        }
    }
}
