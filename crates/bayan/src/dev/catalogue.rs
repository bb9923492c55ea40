//! What the demonstration is made of: firms, goods, and the two real announcements with their times moved.

use exchange::markets::auction::{Announcement, LotTerms};
use exchange::units::{Instant, MemberId, Price, Quantity};

use super::products::PRODUCTS;
use crate::replay;

/// A firm of the demonstration.
#[derive(Clone, Copy, Debug)]
pub struct Firm {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it has at the beginning.
    pub cash: &'static str,
}

/// The cash of a firm that bids.
const CASH: &str = "50000000.00";

const fn trader(code: &'static str, name: &'static str) -> Firm {
    Firm { code, name, cash: CASH }
}

/// Firms whose traders and managers visitors sign in as.
pub const TRADERS: [Firm; 12] = [
    trader("B1", "磁材一厂 · Magnet Works One"),
    trader("B2", "磁材二厂 · Magnet Works Two"),
    trader("B3", "磁材三厂 · Magnet Works Three"),
    trader("B4", "磁材四厂 · Magnet Works Four"),
    trader("B5", "冶炼一厂 · Smelter One"),
    trader("B6", "冶炼二厂 · Smelter Two"),
    trader("B7", "冶炼三厂 · Smelter Three"),
    trader("B8", "分离一厂 · Separator One"),
    trader("B9", "分离二厂 · Separator Two"),
    trader("B10", "贸易一行 · Trading House One"),
    trader("B11", "贸易二行 · Trading House Two"),
    trader("B12", "电机一厂 · Motor Works One"),
];

/// Who sells in the sale that stays open.
pub const SELLER: Firm =
    Firm { code: "NRE", name: "中国北方稀土(集团)高科技股份有限公司", cash: "500000000.00" };
/// Who buys in the procurement that stays open.
pub const BUYER: Firm =
    Firm { code: "HX", name: "包头市华星稀土科技有限责任公司", cash: "100000000.00" };

/// Firms that only bots act for, so that no visitor's money moves by itself: the first sells, the second buys.
pub const BOTS: [Firm; 8] = [
    Firm { code: "D1", name: "示范矿业 · Demonstration Mining", cash: "500000000.00" },
    Firm { code: "D2", name: "示范采购 · Demonstration Purchasing", cash: "500000000.00" },
    trader("D3", "示范一厂 · Demonstration Works One"),
    trader("D4", "示范二厂 · Demonstration Works Two"),
    trader("D5", "示范三厂 · Demonstration Works Three"),
    trader("D6", "示范四厂 · Demonstration Works Four"),
    trader("D7", "示范五厂 · Demonstration Works Five"),
    trader("D8", "示范六厂 · Demonstration Works Six"),
];

/// The sale as it was published.
#[must_use]
pub fn published_sale() -> Announcement {
    replay::terms(
        include_str!("../../../../announcements/prnd-metal-2025-07-16/announcement.toml"),
        include_str!("../../../../announcements/prnd-metal-2025-07-16/members.csv"),
    )
    .expect("the announcement in the source is right")
}

/// The procurement as it was published.
#[must_use]
pub fn published_procurement() -> Announcement {
    replay::terms(
        include_str!("../../../../announcements/toll-processing-2025-03-25/announcement.toml"),
        include_str!("../../../../announcements/toll-processing-2025-03-25/members.csv"),
    )
    .expect("the announcement in the source is right")
}

/// Terms as published, but for another initiator, now, for whoever wants to bid.
#[must_use]
pub fn moved(terms: Announcement, initiator: MemberId, opens: Instant, closes: Instant) -> Announcement {
    Announcement { initiator, opens, closes, eligible: None, ..terms }
}

/// What bots trade besides the goods of the two announcements: product, start price, step, the most a bid moves, quantities.
pub struct Goods {
    /// Code in the catalogue.
    pub product: &'static str,
    /// Where bids start.
    pub start: &'static str,
    /// The step.
    pub step: &'static str,
    /// The largest step.
    pub max_step: &'static str,
    /// Where bids end.
    pub limit: &'static str,
    /// Of each lot.
    pub quantities: &'static [&'static str],
}

const fn goods(
    product: &'static str,
    [start, step, max_step, limit]: [&'static str; 4],
    quantities: &'static [&'static str],
) -> Goods {
    Goods { product, start, step, max_step, limit, quantities }
}

/// What bots sell. Prices are near those that the made-up history ends with.
pub const SOLD: [Goods; 6] = [
    goods("PrNd-metal", ["758000.00", "500.00", "1000.00", "790000.00"], &["5", "5", "10"]),
    goods("PrNd-oxide", ["622000.00", "500.00", "1000.00", "650000.00"], &["6", "4"]),
    goods("Dy-oxide", ["1396000.00", "1000.00", "3000.00", "1470000.00"], &["1", "1.5"]),
    goods("Tb-oxide", ["6090000.00", "5000.00", "10000.00", "6300000.00"], &["0.2", "0.3"]),
    goods("La-Ce-carbonate", ["2390.00", "10.00", "30.00", "2800.00"], &["60", "120", "60"]),
    goods("ammonium-chloride", ["216.00", "2.00", "10.00", "320.00"], &["660", "620"]),
];

/// What bots buy.
pub const BOUGHT: [Goods; 5] = [
    goods("PrNd-scrap-processing", ["18000.00", "100.00", "300.00", "12000.00"], &["60.5", "12.333333"]),
    goods("oxalic-acid", ["3600.00", "10.00", "50.00", "2900.00"], &["100", "100", "200"]),
    goods("liquid-caustic-soda", ["980.00", "5.00", "20.00", "700.00"], &["300", "300"]),
    goods("hydrochloric-acid", ["320.00", "2.00", "10.00", "180.00"], &["500", "500"]),
    goods("NdFeB-scrap", ["150000.00", "200.00", "600.00", "138000.00"], &["8", "12"]),
];

impl Goods {
    /// The terms of the announcement with these goods instead.
    #[must_use]
    pub fn announced(&self, terms: Announcement) -> Announcement {
        let price = |text| Price::parse(text).expect("a price in the source is right");
        let lots = self.quantities.iter().enumerate().map(|(place, quantity)| LotTerms {
            code: (place + 1).to_string(),
            quantity: Quantity::parse(quantity).expect("a quantity in the source is right"),
        });
        let product = PRODUCTS.iter().find(|product| product.code == self.product);
        let name = product.map_or(self.product.to_owned(), |product| format!("{} · {}", product.name, product.name_en));
        Announcement {
            title: format!("{name}（示范）"),
            product: self.product.to_owned(),
            start_price: price(self.start),
            step: price(self.step),
            max_step: Some(price(self.max_step)),
            limit_price: Some(price(self.limit)),
            lots: lots.collect(),
            ..terms
        }
    }
}

#[cfg(test)]
mod tests {
    use exchange::units::Span;

    use super::*;

    /// Protects that everything the demonstration announces can be right, and is of the catalogue.
    #[test]
    fn every_announcement_is_right() {
        let (opens, closes) = (Instant::from_us(0), Instant::from_us(0).plus(Span::from_seconds(60)));
        let published = [(published_sale(), &SOLD[..]), (published_procurement(), &BOUGHT[..])];
        for (terms, all) in published {
            for goods in all {
                let terms = goods.announced(moved(terms.clone(), MemberId(1), opens, closes));
                assert_eq!(terms.check(), Ok(()), "{}", goods.product);
                let product = PRODUCTS.iter().find(|product| product.code == terms.product);
                assert_eq!(product.map(|product| product.unit), Some(terms.unit.as_str()), "{}", terms.product);
            }
        }
    }
}
