//! Entering the catalogue.

use super::Product;
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::text::check_text;
use crate::units::ProductId;

impl Exchange {
    pub(crate) fn add_product(
        &mut self,
        code: &str,
        name: &str,
        unit: &str,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if self.profile.texts_checked {
            check_text("code", code, 64)?;
            check_text("name", name, 200)?;
            check_text("unit", unit, 64)?;
        }
        if self.products.by_code(code).is_some() {
            return Err(Refusal::Taken);
        }
        Ok(Answer::Product(self.enter_product(code, name, unit, out)))
    }

    pub(crate) fn enter_product(&mut self, code: &str, name: &str, unit: &str, out: &mut Output) -> ProductId {
        let id = ProductId(u32::try_from(self.products.products.len() + 1).expect("fewer than 2^32 products"));
        let (code, name, unit) = (code.to_owned(), name.to_owned(), unit.to_owned());
        self.products.by_code.insert(code.clone(), id);
        out.emit(&Event::ProductAdded { product: id, code: code.clone(), name: name.clone(), unit: unit.clone() });
        self.products.products.push(Product { id, code, name, unit });
        self.mark(Table::Products, id.0 as usize - 1);
        id
    }
}
