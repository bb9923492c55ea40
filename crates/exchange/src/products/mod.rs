//! What may be traded.

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
