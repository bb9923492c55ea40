//! Entering the catalogue, and describing what is in it.

use super::{Description, Product};
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
        description: Option<&Description>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if self.profile.texts_checked {
            check_text("code", code, Product::CODE_MAX)?;
            check_text("name", name, Product::NAME_MAX)?;
            check_text("unit", unit, Product::CODE_MAX)?;
        }
        check_description(description)?;
        if self.products.by_code(code).is_some() {
            return Err(Refusal::Taken);
        }
        let description = description.cloned().and_then(Description::if_any);
        Ok(Answer::Product(self.enter_product(code, name, unit, description, out)))
    }

    pub(crate) fn enter_product(
        &mut self,
        code: &str,
        name: &str,
        unit: &str,
        description: Option<Description>,
        out: &mut Output,
    ) -> ProductId {
        let id = ProductId(u32::try_from(self.products.products.len() + 1).expect("fewer than 2^32 products"));
        let (code, name, unit) = (code.to_owned(), name.to_owned(), unit.to_owned());
        self.products.by_code.insert(code.clone(), id);
        out.emit(&Event::ProductAdded {
            product: id,
            code: code.clone(),
            name: name.clone(),
            unit: unit.clone(),
            description: description.clone(),
        });
        self.products.products.push(Product { id, code, name, unit, description });
        self.mark(Table::Products, id.0 as usize - 1);
        id
    }

    /// Replaces what is said of a product: its name and its description, whole.
    pub(crate) fn describe_product(
        &mut self,
        id: ProductId,
        name: &str,
        description: Option<&Description>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let row = (id.0 as usize).checked_sub(1).filter(|row| *row < self.products.products.len());
        let row = row.ok_or(Refusal::UnknownProduct)?;
        check_text("name", name, Product::NAME_MAX)?;
        check_description(description)?;
        let description = description.cloned().and_then(Description::if_any);
        let product = &mut self.products.products[row];
        if product.name == name && product.description == description {
            return Err(Refusal::Unchanged);
        }
        name.clone_into(&mut product.name);
        product.description.clone_from(&description);
        self.mark(Table::Products, row);
        out.emit(&Event::ProductDescribed { product: id, name: name.to_owned(), description });
        Ok(Answer::Done)
    }
}

fn check_description(description: Option<&Description>) -> Result<(), Refusal> {
    let Some(Description { name_en, specification, kind: _ }) = description else { return Ok(()) };
    if let Some(name) = name_en {
        check_text("name_en", name, Product::NAME_MAX)?;
    }
    if let Some(specification) = specification {
        check_text("specification", specification, Product::SPECIFICATION_MAX)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Exchange;
    use crate::command::Body;
    use crate::kit::Venue;
    use crate::products::Kind;

    fn described(name_en: &str, specification: &str) -> Option<Description> {
        Some(Description {
            name_en: Some(name_en.to_owned()),
            specification: Some(specification.to_owned()),
            kind: Some(Kind::Oxide),
        })
    }

    fn added(code: &str, description: Option<Description>) -> Body {
        Body::AddProduct { code: code.to_owned(), name: "氧化镝".to_owned(), unit: "kg".to_owned(), description }
    }

    /// Protects the catalogue: a description is judged text by text and replaced whole, code and unit stay, and a
    /// change that changes nothing is none.
    #[test]
    fn a_description_is_replaced_whole() {
        let mut venue = Venue::new();
        let id = ProductId(1);
        for (description, refusal) in [
            (described(" ", "x"), Refusal::InvalidText("name_en".to_owned())),
            (described(&"n".repeat(201), "x"), Refusal::InvalidText("name_en".to_owned())),
            (described("x", "a\nb"), Refusal::InvalidText("specification".to_owned())),
            (described("x", &"s".repeat(1_001)), Refusal::InvalidText("specification".to_owned())),
        ] {
            assert_eq!(venue.system(added("Dy", description.clone())), Err(refusal.clone()));
            assert!(venue.exchange.products().products.is_empty(), "a refused product is not in the catalogue");
        }
        venue.system(added("Dy", None)).unwrap();
        let describe =
            |name: &str, description| Body::DescribeProduct { product: id, name: name.to_owned(), description };
        let unknown = Body::DescribeProduct { product: ProductId(2), name: "x".to_owned(), description: None };
        assert_eq!(venue.system(unknown), Err(Refusal::UnknownProduct));
        let nothing = Some(Description::default());
        assert_eq!(venue.system(describe("氧化镝", nothing)), Err(Refusal::Unchanged), "nothing said is nothing new");
        assert_eq!(venue.system(describe("", None)), Err(Refusal::InvalidText("name".to_owned())));
        let whole = described("Dysprosium oxide", "Dy2O3/TREO ≥ 99.5 %");
        assert_eq!(venue.system(describe("氧化镝", whole.clone())), Ok(Answer::Done));
        assert_eq!(venue.system(describe("氧化镝", whole.clone())), Err(Refusal::Unchanged));
        let product = venue.exchange.products().by_code("Dy").unwrap();
        assert_eq!((product.unit.as_str(), &product.description), ("kg", &whole));

        let mut again = Exchange::restore(&venue.exchange.snapshot().encode()).unwrap();
        assert_eq!(again.digest(), venue.exchange.digest());
        assert_eq!(again.products().by_code("Dy").unwrap().description, whole);
    }

    /// Protects the words of the kinds: each is one kind's, and is understood again.
    #[test]
    fn every_kind_has_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.word()), Some(kind));
        }
        assert_eq!(Kind::of("Oxide"), None);
    }
}
