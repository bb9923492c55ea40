//! What stops trading before a trade: halts of the market, of a product or of a mode.

mod acts;
#[cfg(test)]
mod tests;

use minicbor::{Decode, Encode};

use crate::markets::auction::{Announcement, Format, Side};
use crate::units::{HaltId, Instant};

/// What a halt concerns (auction.md, "The exchange's own hand").
#[derive(Clone, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum HaltScope {
    /// Everything.
    #[n(0)]
    Market,
    /// The product with this code.
    #[n(1)]
    Product(#[n(0)] String),
    /// One side: sales or procurements.
    #[n(2)]
    Side(#[n(0)] Side),
    /// One format: open or sealed auctions.
    #[n(3)]
    Format(#[n(0)] Format),
}

impl HaltScope {
    /// Whether an auction with these terms is concerned.
    #[must_use]
    pub fn concerns(&self, terms: &Announcement) -> bool {
        match self {
            HaltScope::Market => true,
            HaltScope::Product(code) => *code == terms.product,
            HaltScope::Side(side) => *side == terms.side,
            HaltScope::Format(format) => *format == terms.format,
        }
    }
}

/// A halt: from its beginning until it is lifted, what it concerns is suspended, and nothing of it is published.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Halt {
    /// Its number.
    #[n(0)]
    pub id: HaltId,
    /// What it concerns.
    #[n(1)]
    pub scope: HaltScope,
    /// Why, for members to read.
    #[n(2)]
    pub reason: String,
    /// When it began.
    #[n(3)]
    pub at: Instant,
    /// When it was lifted, and why.
    #[n(4)]
    pub lifted: Option<Lifting>,
}

/// The end of a halt.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Lifting {
    /// When.
    #[n(0)]
    pub at: Instant,
    /// Why, for members to read.
    #[n(1)]
    pub reason: String,
}

/// All halts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Halts {
    /// Halts, by number; those that were lifted too.
    halts: Vec<Halt>,
    /// The numbers of those in force, in their order; follows from the rest.
    in_force: Vec<HaltId>,
}

impl Halts {
    pub(crate) fn restore(halts: Vec<Halt>) -> Self {
        let in_force = halts.iter().filter(|halt| halt.lifted.is_none()).map(|halt| halt.id).collect();
        Halts { halts, in_force }
    }

    /// All of them by number, those that were lifted too.
    #[must_use]
    pub fn all(&self) -> &[Halt] {
        &self.halts
    }

    /// Enters one that begins.
    ///
    /// # Panics
    /// Its number is not the next.
    pub fn begin(&mut self, halt: Halt) {
        assert_eq!(halt.id.0 as usize, self.halts.len() + 1, "halts are numbered in their order");
        self.in_force.push(halt.id);
        self.halts.push(halt);
    }

    /// Notes that one is lifted.
    ///
    /// # Panics
    /// There is none with this number.
    pub fn lift(&mut self, id: HaltId, lifting: Lifting) {
        self.halts[id.0 as usize - 1].lifted = Some(lifting);
        self.in_force.retain(|halt| *halt != id);
    }

    /// The halt with this number.
    #[must_use]
    pub fn halt(&self, id: HaltId) -> Option<&Halt> {
        self.halts.get((id.0 as usize).checked_sub(1)?)
    }

    /// Those in force, in their order.
    pub fn in_force(&self) -> impl Iterator<Item = &Halt> {
        self.in_force.iter().filter_map(|id| self.halt(*id))
    }

    /// Those in force that concern an auction with these terms.
    pub fn on<'h>(&'h self, terms: &'h Announcement) -> impl Iterator<Item = &'h Halt> {
        self.in_force().filter(|halt| halt.scope.concerns(terms))
    }
}
