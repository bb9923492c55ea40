//! Money in fen, prices in fen per quoting unit, quantities in millionths, rates in millionths.

use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use minicbor::Decode;
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encode, Encoder, Error as EncodeError, Write};

use super::decimal::{self, DecimalError};

/// An amount of money in fen (0.01 CNY), of either sign.
///
/// Sums are checked: an overflow of 128 bits is a broken invariant, since no input can reach it (cash is bounded by
/// the rule book, and amounts by price × quantity).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i128);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// The most that one deposit, withdrawal or opening balance may be: 9,999,999,999,999.99.
    pub const MOST: Money = Money(999_999_999_999_999);

    /// From a count of fen.
    #[must_use]
    pub const fn from_fen(fen: i128) -> Self {
        Money(fen)
    }

    /// The count of fen.
    #[must_use]
    pub const fn fen(self) -> i128 {
        self.0
    }

    /// Reads cash: 0 to 9,999,999,999,999.99 with at most two decimals.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, 2, 0, Money::MOST.0).map(Money)
    }

    /// Whether this is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether this is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::fixed(f, self.0, 2)
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.checked_add(other.0).expect("a sum of money fits 128 bits"))
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.checked_sub(other.0).expect("a difference of money fits 128 bits"))
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money::ZERO - self
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(all: I) -> Money {
        all.fold(Money::ZERO, Add::add)
    }
}

/// CBOR: an integer where it fits 64 bits, else the 16 bytes of the two's complement, most significant first.
impl<C> Encode<C> for Money {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        match i64::try_from(self.0) {
            Ok(small) => e.i64(small)?.ok(),
            Err(_) => e.bytes(&self.0.to_be_bytes())?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for Money {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        if d.datatype()? == minicbor::data::Type::Bytes {
            let bytes: [u8; 16] = d
                .bytes()?
                .try_into()
                .map_err(|_| DecodeError::message("an amount of money is an integer or 16 bytes"))?;
            return Ok(Money(i128::from_be_bytes(bytes)));
        }
        Ok(Money(i128::from(d.i64()?)))
    }
}

/// A price or a step in fen per quoting unit: 0.01 to 999,999,999,999.99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Price(#[n(0)] u64);

impl Price {
    /// The highest price there is.
    pub const MOST: Price = Price(99_999_999_999_999);

    /// From a count of fen; `None` outside 0.01 to 999,999,999,999.99.
    #[must_use]
    pub const fn from_fen(fen: u64) -> Option<Self> {
        if fen >= 1 && fen <= Price::MOST.0 { Some(Price(fen)) } else { None }
    }

    /// The count of fen.
    #[must_use]
    pub const fn fen(self) -> u64 {
        self.0
    }

    /// Reads a price.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let fen = decimal::parse(text, 2, 1, i128::from(Price::MOST.0))?;
        Ok(Price(u64::try_from(fen).expect("bounded by the parse")))
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::fixed(f, i128::from(self.0), 2)
    }
}

/// A quantity in millionths of the quoting unit: 0.000001 to 999,999,999.999999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Quantity(#[n(0)] u64);

impl Quantity {
    /// The largest quantity there is.
    pub const MOST: Quantity = Quantity(999_999_999_999_999);

    /// From a count of millionths; `None` outside the bounds.
    #[must_use]
    pub const fn from_millionths(millionths: u64) -> Option<Self> {
        if millionths >= 1 && millionths <= Quantity::MOST.0 { Some(Quantity(millionths)) } else { None }
    }

    /// The count of millionths.
    #[must_use]
    pub const fn millionths(self) -> u64 {
        self.0
    }

    /// Reads a quantity.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let millionths = decimal::parse(text, 6, 1, i128::from(Quantity::MOST.0))?;
        Ok(Quantity(u64::try_from(millionths).expect("bounded by the parse")))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::plain(i128::from(self.0), 6))
    }
}

/// A sum of quantities in millionths of the quoting unit; nothing at the least, and without an upper bound that input
/// could reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Volume(u128);

impl Volume {
    /// The count of millionths.
    #[must_use]
    pub const fn millionths(self) -> u128 {
        self.0
    }
}

impl AddAssign<Quantity> for Volume {
    fn add_assign(&mut self, quantity: Quantity) {
        self.0 = self.0.checked_add(u128::from(quantity.0)).expect("a sum of quantities fits 128 bits");
    }
}

impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::plain(i128::try_from(self.0).unwrap_or(i128::MAX), 6))
    }
}

/// A share in millionths: above 0 and at most 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Rate(#[n(0)] u32);

impl Rate {
    /// From millionths; `None` unless above 0 and at most 1.
    #[must_use]
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths >= 1 && millionths <= 1_000_000 { Some(Rate(millionths)) } else { None }
    }

    /// The count of millionths.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// Reads a rate.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let millionths = decimal::parse(text, 6, 1, 1_000_000)?;
        Ok(Rate(u32::try_from(millionths).expect("bounded by the parse")))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::plain(i128::from(self.0), 6))
    }
}

/// price × quantity in fen, rounded half up once (auction.md, "The end of a lot").
#[must_use]
pub fn value(price: Price, quantity: Quantity) -> Money {
    Money(half_up(u128::from(price.0) * u128::from(quantity.0), 1_000_000))
}

/// price × quantity × rate in fen, rounded half up once, at the end of the multiplication.
#[must_use]
pub fn margin(price: Price, quantity: Quantity, rate: Rate) -> Money {
    Money(half_up(u128::from(price.0) * u128::from(quantity.0) * u128::from(rate.0), 1_000_000_000_000))
}

/// The largest product is 1e14 × 1e15 × 1e6 = 1e35, well inside 128 bits.
fn half_up(product: u128, divisor: u64) -> i128 {
    let sum = product + u128::from(divisor / 2);
    let quotient = match u64::try_from(sum) {
        Ok(small) => u128::from(small / divisor),
        Err(_) => sum / u128::from(divisor),
    };
    i128::try_from(quotient).expect("a quotient of at most 1e29 fits")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the rounding: half a fen goes up, once, at the end.
    #[test]
    fn margin_rounds_half_up_once() {
        let price = |t| Price::parse(t).unwrap();
        let quantity = |t| Quantity::parse(t).unwrap();
        let rate = |t| Rate::parse(t).unwrap();
        assert_eq!(margin(price("565000.00"), quantity("20"), rate("0.20")).to_string(), "2260000.00");
        assert_eq!(margin(price("0.01"), quantity("0.5"), rate("1")).to_string(), "0.01");
        assert_eq!(margin(price("0.01"), quantity("0.499999"), rate("1")).to_string(), "0.00");
        // 0.01 × 1.5 × 0.333333 = 0.004999…: rounding twice would give 0.01.
        assert_eq!(margin(price("0.01"), quantity("1.5"), rate("0.333333")).to_string(), "0.00");
        assert_eq!(
            value(price("999999999999.99"), quantity("999999999.999999")).to_string(),
            "999999999999989000000.00"
        );
    }

    /// Protects that amounts beyond 64 bits survive the encoding.
    #[test]
    fn money_survives_cbor() {
        for fen in [0, -1, 23, i128::from(i64::MAX), i128::from(i64::MAX) + 1, -(1i128 << 90)] {
            let bytes = minicbor::to_vec(Money(fen)).unwrap();
            assert_eq!(minicbor::decode::<Money>(&bytes).unwrap(), Money(fen));
        }
    }
}
