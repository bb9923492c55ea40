//! `announcement.toml`: the published terms.

use std::collections::HashMap;

use exchange::markets::auction::{Announcement, AnnouncementError, CountdownFrom, Format, LotTerms, Side};
use exchange::units::{Instant, LotIndex, MemberId, Price, Quantity, Rate, Span};
use toml::de::DeTable;

use super::keys::{Keys, Source, Value};
use super::members::Firms;
use super::toml_1_0;
use super::wrong::{Wrong, quoted};

/// The file's name.
pub const FILE: &str = "announcement.toml";

const TOP: [&str; 9] = ["title", "side", "initiator", "product", "unit", "opens", "closes", "bidding", "lots"];
const BIDDING: [&str; 10] = [
    "format",
    "start_price",
    "limit_price",
    "step",
    "max_step",
    "countdown",
    "countdown_from",
    "consecutive",
    "margin_rate",
    "eligible",
];
const LOT: [&str; 2] = ["code", "quantity"];

/// The last place a lot can have: the one behind it stands for every lot that is not there.
const LOTS_MAX: usize = u16::MAX as usize;
const COUNTDOWN_DEFAULT: Span = Span::from_seconds(180);

/// Reads the file.
///
/// # Errors
/// What cannot be right in it.
pub fn read(text: &str, firms: &Firms) -> Result<Announcement, Wrong> {
    let source = Source { file: FILE, text };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        source.wrong(at, format!("is not TOML: {}; expected TOML as in announcements/", one_line(error.message())))
    })?;
    if let Some((at, what)) = toml_1_0::newer(text) {
        return Err(source.wrong(at, format!("is not TOML 1.0: it has {what}; expected TOML as in announcements/")));
    }
    let top = Keys::new(source, &table, &TOP)?;
    let title = top.needed("title", "a string")?.text()?.to_owned();
    let side = top
        .needed("side", "\"sale\" or \"procurement\"")?
        .word(&[("sale", Side::Sale), ("procurement", Side::Procurement)])?;
    let initiator = firm(&top.needed("initiator", "a member's code")?, firms)?;
    let product = top.needed("product", "a string")?.text()?.to_owned();
    let unit = top.needed("unit", "a string")?.text()?.to_owned();
    let opens = top.needed("opens", "an RFC 3339 time")?.read(Instant::parse)?;
    let closes = top.needed("closes", "an RFC 3339 time")?.read(Instant::parse)?;
    let bidding = top.needed("bidding", "the table [bidding]")?.keys("[bidding]", &BIDDING)?;
    let lots = lots(&top)?;
    let terms = Announcement {
        title,
        side,
        initiator,
        product,
        unit,
        opens,
        closes,
        format: bidding
            .optional("format")
            .map_or(Ok(Format::Open), |v| v.word(&[("open", Format::Open), ("sealed", Format::Sealed)]))?,
        start_price: bidding.needed("start_price", "a price such as \"565000.00\"")?.read(Price::parse)?,
        limit_price: bidding.optional("limit_price").map(|v| v.read(Price::parse)).transpose()?,
        step: bidding.needed("step", "a price such as \"500.00\"")?.read(Price::parse)?,
        max_step: bidding.optional("max_step").map(|v| v.read(Price::parse)).transpose()?,
        countdown: bidding.optional("countdown").map_or(Ok(COUNTDOWN_DEFAULT), |v| v.read(Span::parse))?,
        countdown_from: bidding.optional("countdown_from").map_or(Ok(CountdownFrom::Closing), |v| {
            v.word(&[("closing", CountdownFrom::Closing), ("opening", CountdownFrom::Opening)])
        })?,
        consecutive: bidding.optional("consecutive").map_or(Ok(false), |v| v.boolean())?,
        margin_rate: bidding.needed("margin_rate", "a rate such as \"0.20\"")?.read(Rate::parse)?,
        eligible: bidding.optional("eligible").map(|v| eligible(&v, firms)).transpose()?,
        lots,
        attachments: None,
    };
    terms.check().map_err(|error| {
        let key = match error {
            AnnouncementError::ClosesNotAfterOpens => top.optional("closes"),
            AnnouncementError::LimitOnWrongSide => bidding.optional("limit_price"),
            _ => top.optional("lots"),
        };
        key.map_or_else(|| source.wrong(0, error.to_string()), |key| key.wrong(error.to_string()))
    })?;
    Ok(terms)
}

fn lots(top: &Keys<'_>) -> Result<Vec<LotTerms>, Wrong> {
    let lots = top.needed("lots", "at least one [[lots]]")?;
    let items = lots.items("at least one [[lots]]")?;
    if items.is_empty() {
        return Err(lots.wrong("there is no lot; expected at least one [[lots]]"));
    }
    if items.len() > LOTS_MAX {
        return Err(lots.wrong(format!("there are {} lots; expected at most {LOTS_MAX}", items.len())));
    }
    let mut seen = HashMap::new();
    items
        .iter()
        .map(|item| {
            let lot = item.keys("[[lots]]", &LOT)?;
            let code = lot.needed("code", "the lot's code, a string")?;
            let name = code.text()?;
            if seen.insert(name, ()).is_some() {
                return Err(code.wrong(format!("lot {} is there twice; expected each code once", quoted(name))));
            }
            let quantity = lot.needed("quantity", "a quantity such as \"20\"")?.read(Quantity::parse)?;
            Ok(LotTerms { code: name.to_owned(), quantity })
        })
        .collect()
}

fn eligible(value: &Value<'_>, firms: &Firms) -> Result<Vec<MemberId>, Wrong> {
    value.items("an array of members' codes")?.iter().map(|item| firm(item, firms)).collect()
}

fn firm(value: &Value<'_>, firms: &Firms) -> Result<MemberId, Wrong> {
    value.read(|code| firms.number(code).ok_or("is not in members.csv; expected a member's code"))
}

/// The place of each lot by its code.
#[must_use]
pub fn places(terms: &Announcement) -> HashMap<&str, LotIndex> {
    let index = |place| LotIndex(u16::try_from(place).expect("an announcement has at most 65,535 lots"));
    terms.lots.iter().enumerate().map(|(place, lot)| (lot.code.as_str(), index(place))).collect()
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
