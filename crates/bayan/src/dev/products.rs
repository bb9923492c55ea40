//! The catalogue of the demonstration: what the trade of Baotou buys and sells, with the grades it usually means.
//!
//! A specification says what the price is for, in the signs that the trade writes: TREO is the total of rare earth oxides,
//! TREM that of rare earth metals, both by mass. They are usual grades, not those of one maker, and name no standard.

use exchange::products::{Description, Kind};

/// A product of the demonstration.
#[derive(Clone, Copy, Debug)]
pub struct Product {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its name in English.
    pub name_en: &'static str,
    /// The quoting unit.
    pub unit: &'static str,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What the price is for.
    pub specification: &'static str,
}

impl Product {
    /// What the catalogue says of it.
    #[must_use]
    pub fn description(&self) -> Description {
        Description {
            name_en: Some(self.name_en.to_owned()),
            specification: Some(self.specification.to_owned()),
            kind: Some(self.kind),
        }
    }
}

const fn product(
    code: &'static str,
    [name, name_en]: [&'static str; 2],
    unit: &'static str,
    kind: Kind,
    specification: &'static str,
) -> Product {
    Product { code, name, name_en, unit, kind, specification }
}

/// What may be traded.
#[rustfmt::skip]
pub const PRODUCTS: [Product; 32] = [
    product("PrNd-oxide", ["氧化镨钕", "PrNd oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Nd2O3/TREO 75 ± 2 %，Pr6O11/TREO 25 ± 2 %；粉末 powder"),
    product("PrNd-metal", ["镨钕金属", "PrNd metal"], "t", Kind::Metal,
        "TREM ≥ 99 %；Nd/TREM 75–80 %，Pr/TREM 20–25 %；锭 ingot"),
    product("Nd-oxide", ["氧化钕", "Neodymium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Nd2O3/TREO ≥ 99.9 %；粉末 powder"),
    product("Nd-metal", ["金属钕", "Neodymium metal"], "t", Kind::Metal,
        "TREM ≥ 99 %；Nd/TREM ≥ 99.9 %；锭 ingot"),
    product("Pr-oxide", ["氧化镨", "Praseodymium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Pr6O11/TREO ≥ 99.5 %；粉末 powder"),
    product("Pr-metal", ["金属镨", "Praseodymium metal"], "t", Kind::Metal,
        "TREM ≥ 99 %；Pr/TREM ≥ 99 %；锭 ingot"),
    product("Dy-oxide", ["氧化镝", "Dysprosium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Dy2O3/TREO ≥ 99.5 %；粉末 powder"),
    product("Dy-Fe", ["镝铁合金", "Dysprosium iron"], "t", Kind::Alloy,
        "TREM 80 ± 1 %；Dy/TREM ≥ 99.5 %；余量铁 balance Fe；锭 ingot"),
    product("Tb-oxide", ["氧化铽", "Terbium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99.5 %；Tb4O7/TREO ≥ 99.99 %；粉末 powder"),
    product("Tb-metal", ["金属铽", "Terbium metal"], "t", Kind::Metal,
        "TREM ≥ 99 %；Tb/TREM ≥ 99.9 %；锭 ingot"),
    product("Gd-oxide", ["氧化钆", "Gadolinium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Gd2O3/TREO ≥ 99.5 %；粉末 powder"),
    product("Gd-Fe", ["钆铁合金", "Gadolinium iron"], "t", Kind::Alloy,
        "Gd 75 ± 2 %；Gd/TREM ≥ 99 %；余量铁 balance Fe；锭 ingot"),
    product("Ho-oxide", ["氧化钬", "Holmium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Ho2O3/TREO ≥ 99.5 %；粉末 powder"),
    product("Ho-Fe", ["钬铁合金", "Holmium iron"], "t", Kind::Alloy,
        "Ho 80 ± 1 %；Ho/TREM ≥ 99.5 %；余量铁 balance Fe；锭 ingot"),
    product("Er-oxide", ["氧化铒", "Erbium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Er2O3/TREO ≥ 99 %；粉末 powder"),
    product("Y-oxide", ["氧化钇", "Yttrium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；Y2O3/TREO ≥ 99.999 %；粉末 powder"),
    product("La-oxide", ["氧化镧", "Lanthanum oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；La2O3/TREO ≥ 99.9 %；粉末 powder"),
    product("Ce-oxide", ["氧化铈", "Cerium oxide"], "t", Kind::Oxide,
        "TREO ≥ 99 %；CeO2/TREO ≥ 99.95 %；粉末 powder"),
    product("La-Ce-carbonate", ["碳酸镧铈", "Lanthanum cerium carbonate"], "t", Kind::Compound,
        "TREO ≥ 45 %；La2O3/TREO 35 ± 2 %，CeO2/TREO 65 ± 2 %；湿粉 moist powder"),
    product("La-Ce-metal", ["镧铈金属", "Lanthanum cerium metal"], "t", Kind::Metal,
        "TREM ≥ 99 %；La/TREM 35 ± 2 %，Ce/TREM 65 ± 2 %；锭 ingot"),
    product("mischmetal", ["混合稀土金属", "Mischmetal"], "t", Kind::Metal,
        "TREM ≥ 98 %；Ce/TREM ≥ 45 %，余量 La、Pr、Nd balance La, Pr, Nd；锭 ingot"),
    product("RE-carbonate", ["混合碳酸稀土", "Mixed rare earth carbonate"], "t", Kind::Compound,
        "TREO ≥ 45 %；轻稀土未分离 light rare earths, not separated；湿粉 moist powder"),
    product("RE-concentrate", ["稀土精矿", "Rare earth concentrate"], "t", Kind::Concentrate,
        "REO 50 ± 1 %（干量 dry）；氟碳铈矿与独居石混合型 bastnaesite and monazite mixed"),
    product("bastnaesite-concentrate", ["氟碳铈精矿", "Bastnaesite concentrate"], "t", Kind::Concentrate,
        "REO ≥ 65 %（干量 dry）；氟碳铈矿 bastnaesite"),
    product("NdFeB-scrap", ["钕铁硼废料", "NdFeB scrap"], "t", Kind::Scrap,
        "Pr+Nd 23–25 %，以化验为准 by assay；块料与油泥 lumps and sludge"),
    product("PrNd-scrap-processing", ["镨钕废料加工", "Toll processing of PrNd scrap"], "t", Kind::Processing,
        "来料加工，按回收氧化镨钕吨计 toll work, per tonne of PrNd oxide recovered"),
    product("NdFeB-blank-N35", ["钕铁硼毛坯 N35", "NdFeB blank N35"], "kg", Kind::Magnet,
        "烧结 sintered；Br 1.17–1.22 T，Hcj ≥ 955 kA/m，(BH)max 263–287 kJ/m³；未充磁 not magnetised"),
    product("NdFeB-blank-N42SH", ["钕铁硼毛坯 42SH", "NdFeB blank 42SH"], "kg", Kind::Magnet,
        "烧结 sintered；Br 1.28–1.32 T，Hcj ≥ 1592 kA/m，(BH)max 318–342 kJ/m³；未充磁 not magnetised"),
    product("oxalic-acid", ["草酸", "Oxalic acid"], "t", Kind::Auxiliary,
        "工业级 industrial grade；H2C2O4·2H2O ≥ 99.6 %；袋装 bagged"),
    product("ammonium-chloride", ["氯化铵（副产）", "Ammonium chloride, by-product"], "t", Kind::Auxiliary,
        "分离副产 by-product of separation；NH4Cl ≥ 99 %（干基 dry）；袋装 bagged"),
    product("liquid-caustic-soda", ["液碱", "Liquid caustic soda"], "t", Kind::Auxiliary,
        "NaOH ≥ 32 %；罐车 by tank lorry"),
    product("hydrochloric-acid", ["盐酸", "Hydrochloric acid"], "t", Kind::Auxiliary,
        "工业级 industrial grade；HCl ≥ 31 %；罐车 by tank lorry"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use exchange::products;
    use exchange::text::says_something;

    use super::*;

    /// Protects the first start of the demonstration: every product is one that the exchange takes, and there once.
    #[test]
    fn every_product_can_be_entered() {
        let codes: BTreeSet<&str> = PRODUCTS.iter().map(|product| product.code).collect();
        assert_eq!(codes.len(), PRODUCTS.len());
        for product in &PRODUCTS {
            assert!(says_something(product.code, products::Product::CODE_MAX), "{}", product.code);
            assert!(says_something(product.specification, products::Product::SPECIFICATION_MAX), "{}", product.code);
        }
        for kind in Kind::ALL {
            assert!(PRODUCTS.iter().any(|product| product.kind == kind), "{}", kind.word());
        }
    }
}
