//! Figures of several runs, and how they are written for people.

/// One figure, measured in several runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Runs(Vec<f64>);

impl Runs {
    /// Of all runs, in any order; at least one.
    #[must_use]
    pub fn new(mut runs: Vec<f64>) -> Self {
        assert!(!runs.is_empty(), "a figure has at least one run");
        runs.sort_by(f64::total_cmp);
        Runs(runs)
    }

    /// The median.
    #[must_use]
    pub fn median(&self) -> f64 {
        quantile(&self.0, 0.5)
    }

    /// The least and the most.
    #[must_use]
    pub fn spread(&self) -> (f64, f64) {
        (self.0[0], self.0[self.0.len() - 1])
    }
}

/// The value below which a share of the sorted values lie; of two that are equally near, the mean.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// In what a figure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// So many a second.
    PerSecond,
    /// Microseconds.
    Us,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
    /// Bytes.
    Bytes,
    /// Millions of bytes.
    MB,
    /// Of a hundred.
    Percent,
    /// So many.
    Count,
}

impl Unit {
    /// A value with its unit.
    #[must_use]
    pub fn show(self, value: f64) -> String {
        match self {
            Unit::PerSecond => format!("{}/s", grouped(value)),
            Unit::Us => format!("{} µs", grouped(value)),
            Unit::Ms => format!("{value:.2} ms"),
            Unit::S => format!("{value:.3} s"),
            Unit::Bytes => format!("{} B", grouped(value)),
            Unit::Count => grouped(value),
            Unit::MB => format!("{value:.0} MB"),
            // Never rounded up to what it is not.
            Unit::Percent => format!("{} %", (value * 100.0).floor() / 100.0),
        }
    }

    /// A median with its spread; one run has none.
    #[must_use]
    pub fn show_spread(self, runs: &Runs) -> String {
        let (least, most) = runs.spread();
        if least == most {
            return "–".to_owned();
        }
        match self {
            Unit::Ms => format!("{least:.2} … {most:.2}"),
            Unit::S => format!("{least:.3} … {most:.3}"),
            Unit::MB => format!("{least:.0} … {most:.0}"),
            Unit::Percent => format!("{least:.2} … {most:.2}"),
            Unit::PerSecond | Unit::Us | Unit::Bytes | Unit::Count => format!("{} … {}", grouped(least), grouped(most)),
        }
    }
}

/// A whole number with its thousands grouped.
#[must_use]
pub fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    if value < -0.5 {
        text.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the median, the spread and the grouping of thousands, by which every line is read.
    #[test]
    fn figures_read_right() {
        let runs = Runs::new(vec![5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!((runs.median(), runs.spread()), (3.0, (1.0, 5.0)));
        assert_eq!(Runs::new(vec![1.0, 2.0]).median(), 1.5);
        assert_eq!(quantile(&[0.0, 10.0], 0.99), 9.9);
        assert_eq!(Unit::PerSecond.show(1_234_567.4), "1,234,567/s");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(grouped(-1000.0), "-1,000");
        assert_eq!(Unit::Us.show_spread(&Runs::new(vec![7.0])), "–");
    }
}
