//! The published terms of one auction (公告), and what cannot be right about them.

use core::fmt;

use minicbor::{Decode, Encode};

use crate::files::{FileHash, is_file_name};
use crate::units::{Instant, MemberId, Price, Quantity, Rate, Span};

/// Which way the bids go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Side {
    /// The initiator sells and bids rise (竞价交易).
    #[n(0)]
    Sale,
    /// The initiator buys and bids fall (竞价采购).
    #[n(1)]
    Procurement,
}

impl Side {
    /// Both of them.
    pub const BOTH: [Side; 2] = [Side::Sale, Side::Procurement];
}

/// Who sees the bids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Format {
    /// Everybody sees every bid as it is made (公开竞价).
    #[n(0)]
    Open,
    /// Nobody sees a price before the end (密封竞价).
    #[n(1)]
    Sealed,
}

/// What the countdown counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum CountdownFrom {
    /// A lot ends at `closes`, and later where a bid comes within the countdown.
    #[n(0)]
    Closing,
    /// A lot ends a countdown after the last bid, at the latest at `closes`.
    #[n(1)]
    Opening,
}

/// One lot (标的) of an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LotTerms {
    /// Its name within the announcement.
    #[n(0)]
    pub code: String,
    /// How much is bid for as one piece.
    #[n(1)]
    pub quantity: Quantity,
}

/// The published terms of one auction; frozen once it is published. Times move only by the exchange's own hand, and
/// then in the auction's state, never here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Announcement {
    /// What the members read first.
    #[n(0)]
    pub title: String,
    /// Which way the bids go.
    #[n(1)]
    pub side: Side,
    /// Who sells (sale) or buys (procurement).
    #[n(2)]
    pub initiator: MemberId,
    /// The product's code in the catalogue.
    #[n(3)]
    pub product: String,
    /// The quoting unit, such as `t`.
    #[n(4)]
    pub unit: String,
    /// Bids are accepted from here, included.
    #[n(5)]
    pub opens: Instant,
    /// The end of a lot before any countdown moves it, and the cap where the countdown runs from the opening.
    #[n(6)]
    pub closes: Instant,
    /// Open or sealed.
    #[n(7)]
    pub format: Format,
    /// The price of the first bid at the least (in a procurement at the most).
    #[n(8)]
    pub start_price: Price,
    /// The alarm price (报警价): the highest a sale accepts, the lowest a procurement accepts.
    #[n(9)]
    pub limit_price: Option<Price>,
    /// Every bid's distance from the start price is a whole multiple of it.
    #[n(10)]
    pub step: Price,
    /// The furthest a bid may move from the reference.
    #[n(11)]
    pub max_step: Option<Price>,
    /// The soft close.
    #[n(12)]
    pub countdown: Span,
    /// What the countdown counts from.
    #[n(13)]
    pub countdown_from: CountdownFrom,
    /// Whether a leader may overtake itself.
    #[n(14)]
    pub consecutive: bool,
    /// The share of price × quantity that both sides secure (履约保证金).
    #[n(15)]
    pub margin_rate: Rate,
    /// Who may bid; `None`: every active member.
    #[n(16)]
    pub eligible: Option<Vec<MemberId>>,
    /// The lots, in the announcement's order.
    #[n(17)]
    pub lots: Vec<LotTerms>,
    /// What comes with it: contract terms, an analysis, a picture; `None`: nothing.
    #[n(18)]
    pub attachments: Option<Vec<Attachment>>,
}

/// A file that comes with an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Attachment {
    /// Which: its initiator keeps it.
    #[n(0)]
    pub file: FileHash,
    /// What it is called.
    #[n(1)]
    pub name: String,
}

/// How many files may come with an announcement.
pub const ATTACHMENTS_MAX: usize = 10;

/// What cannot be right about an announcement, by the rule book's list ("A scenario on disk").
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum AnnouncementError {
    /// `closes` is not after `opens`.
    #[n(0)]
    ClosesNotAfterOpens,
    /// The limit price is on the wrong side of the start price.
    #[n(1)]
    LimitOnWrongSide,
    /// There is no lot.
    #[n(2)]
    NoLot,
    /// Two lots have this code.
    #[n(3)]
    LotTwice(#[n(0)] String),
    /// A text is empty or too long: the key and the most characters.
    #[n(4)]
    Text(#[n(0)] String, #[n(1)] u16),
    /// More lots than the venue allows.
    #[n(5)]
    TooManyLots(#[n(0)] u16),
    /// More named bidders than an announcement may have.
    #[n(6)]
    TooManyEligible(#[n(0)] u16),
    /// A countdown longer than a day.
    #[n(7)]
    CountdownTooLong,
    /// More attachments than an announcement may have.
    #[n(8)]
    TooManyAttachments(#[n(0)] u16),
    /// A file is attached twice.
    #[n(9)]
    AttachedTwice(#[n(0)] String),
    /// An attachment cannot be called so.
    #[n(10)]
    AttachmentName,
}

impl fmt::Display for AnnouncementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnnouncementError::ClosesNotAfterOpens => f.write_str("closes is not after opens; expected a later time"),
            AnnouncementError::LimitOnWrongSide => f.write_str(
                "limit_price is on the wrong side of start_price; expected at least start_price in a sale, at most in a procurement",
            ),
            AnnouncementError::NoLot => f.write_str("there is no lot; expected at least one [[lots]]"),
            AnnouncementError::LotTwice(code) => write!(f, "lot {code:?} is there twice; expected each code once"),
            AnnouncementError::Text(key, most) => {
                write!(f, "{key} is empty, too long or has control characters; expected 1 to {most} characters")
            }
            AnnouncementError::TooManyLots(most) => write!(f, "there are too many lots; at most {most}"),
            AnnouncementError::TooManyEligible(most) => write!(f, "eligible names too many members; at most {most}"),
            AnnouncementError::CountdownTooLong => f.write_str("countdown is longer than a day; expected at most 24h"),
            AnnouncementError::TooManyAttachments(most) => write!(f, "there are too many attachments; at most {most}"),
            AnnouncementError::AttachedTwice(name) => write!(f, "file {name:?} is attached twice; expected each once"),
            AnnouncementError::AttachmentName => f.write_str(
                "the name of an attachment is empty, too long or has characters that a name of a file cannot have; expected \
                 1 to 120 characters without slashes",
            ),
        }
    }
}

impl std::error::Error for AnnouncementError {}

impl Announcement {
    /// Finds what cannot be right, in the rule book's order. What is strange but allowed (a limit that is no multiple
    /// of the step, an empty `eligible`, the initiator among the eligible) passes.
    ///
    /// # Errors
    /// The first thing that cannot be right.
    pub fn check(&self) -> Result<(), AnnouncementError> {
        if self.closes <= self.opens {
            return Err(AnnouncementError::ClosesNotAfterOpens);
        }
        if self.limit_price.is_some_and(|limit| self.side.beats(self.start_price, limit)) {
            return Err(AnnouncementError::LimitOnWrongSide);
        }
        if self.lots.is_empty() {
            return Err(AnnouncementError::NoLot);
        }
        let mut codes: Vec<&str> = self.lots.iter().map(|lot| lot.code.as_str()).collect();
        codes.sort_unstable();
        if let Some(pair) = codes.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(AnnouncementError::LotTwice(pair[0].to_owned()));
        }
        Ok(())
    }

    /// What comes with it.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        self.attachments.as_deref().unwrap_or_default()
    }

    /// Finds what cannot be right about its attachments; whether the files are there is not looked at.
    ///
    /// # Errors
    /// The first thing that cannot be right.
    pub fn check_attachments(&self) -> Result<(), AnnouncementError> {
        let attachments = self.attachments();
        if attachments.len() > ATTACHMENTS_MAX {
            return Err(AnnouncementError::TooManyAttachments(ATTACHMENTS_MAX as u16));
        }
        if attachments.iter().any(|attachment| !is_file_name(&attachment.name)) {
            return Err(AnnouncementError::AttachmentName);
        }
        let twice = |(at, one): &(usize, &Attachment)| attachments[..*at].iter().any(|other| other.file == one.file);
        match attachments.iter().enumerate().find(twice) {
            Some((_, attachment)) => Err(AnnouncementError::AttachedTwice(attachment.name.clone())),
            None => Ok(()),
        }
    }

    /// Whether nobody sees a price before the end.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.format == Format::Sealed
    }

    /// The place of the lot with this code.
    #[must_use]
    pub fn lot(&self, code: &str) -> Option<usize> {
        self.lots.iter().position(|lot| lot.code == code)
    }
}

impl Side {
    /// Whether `a` is a strictly better bid than `b`: higher in a sale, lower in a procurement.
    #[must_use]
    pub const fn beats(self, a: Price, b: Price) -> bool {
        match self {
            Side::Sale => a.fen() > b.fen(),
            Side::Procurement => a.fen() < b.fen(),
        }
    }

    /// How far `price` is better than `reference`, in fen; negative where it is worse.
    #[must_use]
    pub const fn lead_fen(self, price: Price, reference: Price) -> i64 {
        let distance = price.fen().cast_signed() - reference.fen().cast_signed();
        match self {
            Side::Sale => distance,
            Side::Procurement => -distance,
        }
    }

    /// The word in announcements and on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Side::Sale => "sale",
            Side::Procurement => "procurement",
        }
    }
}
