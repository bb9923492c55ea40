//! How auctions and lots look on the wire: the same in answers and in the feed.

use exchange::files::FileKind;
use exchange::markets::auction::{Attachment, CountdownFrom, Format, LotTerms};
use exchange::risk::{Halt, HaltScope};
use exchange::units::Span;
use serde::Serialize;
use utoipa::ToSchema;

use super::picture::{AuctionStill, HeadStill, HoldStill, LotStill};

/// How a bidder is called in public: its place among the bidders of this lot, such as `#3`. It is stable within the lot
/// and tells nothing outside of it.
#[must_use]
pub fn alias_text(alias: u32) -> String {
    format!("#{alias}")
}

/// A lot as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LotView {
    /// Its name within the announcement.
    pub code: String,
    /// How much is bid for as one piece, in the quoting unit.
    pub quantity: String,
    /// `waiting`, `running`, `sold`, `unsold`, `cancelled` or `annulled`.
    pub status: &'static str,
    /// The price of the bid that leads or won; null without one, and of a sealed lot before its end.
    pub best_price: Option<String>,
    /// The alias of who leads or won; null without one, and of a sealed lot before its end.
    pub leader: Option<String>,
    /// Its end: still to come, or when it ended.
    pub end: String,
    /// How many bids were accepted; null of a sealed lot before its end.
    pub accepted: Option<u32>,
    /// How many bids were refused; null of a sealed lot before its end.
    pub rejected: Option<u32>,
    /// Why it was annulled: what was published of its sale holds no longer. Null unless it was.
    #[schema(required)]
    pub annulled: Option<String>,
}

/// What is said of an auction wherever its status changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuctionHead {
    /// Its number.
    pub id: u32,
    /// What the members read first.
    pub title: String,
    /// `sale` or `procurement`.
    pub side: &'static str,
    /// `open` or `sealed`.
    pub format: &'static str,
    /// The code of the member who sells (sale) or buys (procurement).
    pub initiator: String,
    /// The product's code.
    pub product: String,
    /// The quoting unit.
    pub unit: String,
    /// `submitted`, `rejected`, `published`, `running`, `suspended`, `closed` or `cancelled`.
    pub status: &'static str,
    /// When it opens, moved as its clocks were.
    pub opens: String,
    /// When it closes, moved as its clocks were.
    pub closes: String,
    /// Since when its clocks stand still; null while they go.
    pub suspended_at: Option<String>,
    /// What staff last said about it; empty where nothing was said.
    pub reason: String,
    /// What holds a suspended auction: its own suspension, then halts. It runs again when nothing does.
    pub holds: Vec<Hold>,
}

/// What holds a suspended auction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hold {
    /// `suspension` (its own) or `halt`.
    pub kind: &'static str,
    /// The halt's number; null for its own suspension.
    #[schema(required)]
    pub halt: Option<u32>,
    /// What the halt concerns; null for its own suspension.
    #[schema(required)]
    pub scope: Option<ScopeView>,
    /// Since when it holds.
    pub since: String,
    /// Why.
    pub reason: String,
}

/// What a halt concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HaltScope)]
pub struct ScopeView {
    /// `market`, `product` or `mode`.
    pub kind: &'static str,
    /// The product's code; null unless `kind` is `product`.
    #[schema(required)]
    pub product: Option<String>,
    /// `sale`, `procurement`, `open` or `sealed`; null unless `kind` is `mode`.
    #[schema(required)]
    pub mode: Option<&'static str>,
}

/// A halt of the market, a product or a mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Halt)]
pub struct HaltView {
    /// Its number.
    pub id: u32,
    /// What it concerns.
    pub scope: ScopeView,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// When it was lifted; null while it is in force.
    #[schema(required)]
    pub lifted_at: Option<String>,
    /// Why it was lifted; null while it is in force.
    #[schema(required)]
    pub lifted_reason: Option<String>,
}

impl Hold {
    fn of(hold: &HoldStill) -> Self {
        match hold {
            HoldStill::Own(own) => Hold {
                kind: "suspension",
                halt: None,
                scope: None,
                since: own.since.to_string(),
                reason: own.reason.clone(),
            },
            HoldStill::Halt(halt) => Hold {
                kind: "halt",
                halt: Some(halt.id.0),
                scope: Some(ScopeView::of(&halt.scope)),
                since: halt.at.to_string(),
                reason: halt.reason.clone(),
            },
        }
    }
}

impl ScopeView {
    /// Of a scope.
    #[must_use]
    pub fn of(scope: &HaltScope) -> Self {
        let mode = |mode| ScopeView { kind: "mode", product: None, mode: Some(mode) };
        match scope {
            HaltScope::Market => ScopeView { kind: "market", product: None, mode: None },
            HaltScope::Product(code) => ScopeView { kind: "product", product: Some(code.clone()), mode: None },
            HaltScope::Side(side) => mode(side.word()),
            HaltScope::Format(format) => mode(format_word(*format)),
        }
    }
}

impl HaltView {
    /// A halt as it stood.
    #[must_use]
    pub fn of(halt: &Halt) -> Self {
        let lifted = halt.lifted.as_ref();
        HaltView {
            id: halt.id.0,
            scope: ScopeView::of(&halt.scope),
            reason: halt.reason.clone(),
            since: halt.at.to_string(),
            lifted_at: lifted.map(|lifting| lifting.at.to_string()),
            lifted_reason: lifted.map(|lifting| lifting.reason.clone()),
        }
    }
}

/// How an auction is bid: the table `[bidding]` of its announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BiddingView {
    /// `open` or `sealed`.
    pub format: &'static str,
    /// The price of the first bid at the least (in a procurement at the most).
    pub start_price: String,
    /// The highest price a sale accepts, the lowest a procurement accepts.
    pub limit_price: Option<String>,
    /// Every bid's distance from the start price is a whole multiple of it.
    pub step: String,
    /// The furthest a bid may move from the best price.
    pub max_step: Option<String>,
    /// The soft close, such as `180s`.
    pub countdown: String,
    /// `closing` or `opening`.
    pub countdown_from: &'static str,
    /// Whether a leader may overtake itself.
    pub consecutive: bool,
    /// The share of price × quantity that both sides secure.
    pub margin_rate: String,
    /// The codes of the members who may bid; null: every active member. Lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, required = false)]
    pub eligible: Option<Option<Vec<String>>>,
}

/// A whole auction as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuctionView {
    /// Its status and times.
    #[serde(flatten)]
    pub head: AuctionHead,
    /// How it is bid.
    pub bidding: BiddingView,
    /// The lots, in the announcement's order.
    pub lots: Vec<LotView>,
    /// What comes with it.
    pub attachments: Vec<AttachmentView>,
}

/// A file that comes with an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    /// By what it is known, at `/api/v1/files/{file}`.
    pub file: String,
    /// What it is called.
    pub name: String,
    /// Its type; null where the file of an announcement that was rejected is gone.
    #[serde(rename = "type")]
    #[schema(required)]
    pub media_type: Option<&'static str>,
    /// How many bytes it has; null where it is gone.
    #[schema(required)]
    pub size: Option<u32>,
}

impl LotView {
    /// A lot as announced and as it stood.
    #[must_use]
    pub fn of(terms: &LotTerms, lot: &LotStill) -> Self {
        let figures = lot.figures;
        LotView {
            code: terms.code.clone(),
            quantity: terms.quantity.to_string(),
            status: lot.status.word(),
            best_price: figures.lead.map(|lead| lead.price.to_string()),
            leader: figures.lead.map(|lead| alias_text(lead.alias)),
            end: lot.end.to_string(),
            accepted: figures.accepted,
            rejected: figures.rejected,
            annulled: lot.annulled.as_ref().map(ToString::to_string),
        }
    }
}

impl AuctionHead {
    /// An auction as it stood.
    #[must_use]
    pub fn of(auction: &HeadStill) -> Self {
        let terms = &auction.terms;
        AuctionHead {
            id: auction.id.0,
            title: terms.title.clone(),
            side: terms.side.word(),
            format: format_word(terms.format),
            initiator: auction.initiator.to_string(),
            product: terms.product.clone(),
            unit: terms.unit.clone(),
            status: auction.status.word(),
            opens: auction.opens.to_string(),
            closes: auction.closes.to_string(),
            suspended_at: auction.suspended_at.map(|since| since.to_string()),
            reason: auction.reason.to_string(),
            holds: auction.holds.iter().map(Hold::of).collect(),
        }
    }
}

impl AuctionView {
    /// An auction as it stood.
    #[must_use]
    pub fn of(auction: &AuctionStill) -> Self {
        let mut view = AuctionView::brief(auction);
        let codes = auction.eligible();
        view.bidding.eligible = Some(codes.map(|codes| codes.iter().map(ToString::to_string).collect()));
        view
    }

    /// An auction as it stood, without the list of those who may bid.
    #[must_use]
    pub fn brief(auction: &AuctionStill) -> Self {
        let terms = &auction.head.terms;
        let attachments = terms.attachments().iter().zip(&auction.attachments);
        AuctionView {
            head: AuctionHead::of(&auction.head),
            bidding: BiddingView {
                format: format_word(terms.format),
                start_price: terms.start_price.to_string(),
                limit_price: terms.limit_price.map(|price| price.to_string()),
                step: terms.step.to_string(),
                max_step: terms.max_step.map(|price| price.to_string()),
                countdown: seconds(terms.countdown),
                countdown_from: match terms.countdown_from {
                    CountdownFrom::Closing => "closing",
                    CountdownFrom::Opening => "opening",
                },
                consecutive: terms.consecutive,
                margin_rate: terms.margin_rate.to_string(),
                eligible: None,
            },
            lots: terms.lots.iter().zip(&auction.lots).map(|(terms, lot)| LotView::of(terms, lot)).collect(),
            attachments: attachments.map(|(terms, file)| AttachmentView::of(terms, *file)).collect(),
        }
    }
}

impl AttachmentView {
    fn of(terms: &Attachment, file: Option<(FileKind, u32)>) -> Self {
        let (kind, size) = file.unzip();
        AttachmentView {
            file: crate::text::hex(&*terms.file),
            name: terms.name.clone(),
            media_type: kind.map(FileKind::media_type),
            size,
        }
    }
}

/// A duration as announcements write it: in seconds, which it always is whole.
fn seconds(span: Span) -> String {
    format!("{}s", span.us() / 1_000_000)
}

const fn format_word(format: Format) -> &'static str {
    match format {
        Format::Open => "open",
        Format::Sealed => "sealed",
    }
}
