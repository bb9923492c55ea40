//! What may be traded: the catalogue.
//!
//! Code and unit of a product never change, since announcements and quotes name them. What describes it may be replaced.

mod acts;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::units::ProductId;

/// An item of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Product {
    /// Its number.
    #[n(0)]
    pub id: ProductId,
    /// Its code, unique.
    #[n(1)]
    pub code: String,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// The quoting unit, such as `t`.
    #[n(3)]
    pub unit: String,
    /// What else is said of it; `None`: nothing.
    #[n(4)]
    pub description: Option<Description>,
}

/// What the catalogue says of a product beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Description {
    /// Its name in English; its name otherwise is in Chinese.
    #[n(0)]
    pub name_en: Option<String>,
    /// What is delivered: grade, composition, form, standard.
    #[n(1)]
    pub specification: Option<String>,
    /// What kind of thing it is.
    #[n(2)]
    pub kind: Option<Kind>,
}

/// What kind of thing a product is. Numbers are the format and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// A separated or mixed oxide.
    #[n(0)]
    Oxide,
    /// A metal, or several that are won together.
    #[n(1)]
    Metal,
    /// An alloy with something that is no rare earth.
    #[n(2)]
    Alloy,
    /// A concentrate of the ore.
    #[n(3)]
    Concentrate,
    /// Scrap and waste from which rare earths are won again.
    #[n(4)]
    Scrap,
    /// Magnet material.
    #[n(5)]
    Magnet,
    /// A carbonate, chloride or other compound.
    #[n(6)]
    Compound,
    /// What is used up in the making, or comes out beside it.
    #[n(7)]
    Auxiliary,
    /// Work on goods of another: toll processing.
    #[n(8)]
    Processing,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 9] = [
        Kind::Oxide,
        Kind::Metal,
        Kind::Alloy,
        Kind::Concentrate,
        Kind::Scrap,
        Kind::Magnet,
        Kind::Compound,
        Kind::Auxiliary,
        Kind::Processing,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Oxide => "oxide",
            Kind::Metal => "metal",
            Kind::Alloy => "alloy",
            Kind::Concentrate => "concentrate",
            Kind::Scrap => "scrap",
            Kind::Magnet => "magnet",
            Kind::Compound => "compound",
            Kind::Auxiliary => "auxiliary",
            Kind::Processing => "processing",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Product {
    /// The most characters of a code, and of a unit.
    pub const CODE_MAX: usize = 64;
    /// The most characters of a name.
    pub const NAME_MAX: usize = 200;
    /// The most characters of a specification.
    pub const SPECIFICATION_MAX: usize = 1_000;
}

impl Description {
    /// A description that says nothing is none.
    #[must_use]
    pub fn if_any(self) -> Option<Self> {
        (self != Description::default()).then_some(self)
    }
}

/// The catalogue.
#[derive(Clone, Debug, Default)]
pub struct Products {
    /// The items, by number.
    pub products: Vec<Product>,
    pub(crate) by_code: BTreeMap<String, ProductId>,
}

impl Products {
    /// The item with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Product> {
        self.products.get((self.by_code.get(code)?.0 as usize).checked_sub(1)?)
    }
}
