//! Notices: what a member is told of what happened, kept for all of its users. Which events are one is said here and nowhere
//! else; the app, push, e-mail and the rest are told from these rows.

use exchange::ledger::Account;
use exchange::units::{AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, Sequence};
use exchange::{Cause, Change, Event, Happened};
use rusqlite::{Connection, Statement, params};

use crate::value::Sql;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// Another bid leads now.
    Overtaken,
    /// A lot in which one takes part ends soon.
    EndsSoon,
    /// A lot is one's own: a contract came into being.
    Won,
    /// A lot in which one has bid became another's.
    Lost,
    /// A lot of one's own announcement became a contract.
    Sold,
    /// One's own announcement was approved.
    Approved,
    /// One's own announcement was refused.
    Refused,
    /// A margin is held no longer, and no notice of the same bid says so.
    Released,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [NoticeKind; 8] = [
        NoticeKind::Overtaken,
        NoticeKind::EndsSoon,
        NoticeKind::Won,
        NoticeKind::Lost,
        NoticeKind::Sold,
        NoticeKind::Approved,
        NoticeKind::Refused,
        NoticeKind::Released,
    ];

    /// The word in the archive and on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            NoticeKind::Overtaken => "overtaken",
            NoticeKind::EndsSoon => "ends_soon",
            NoticeKind::Won => "won",
            NoticeKind::Lost => "lost",
            NoticeKind::Sold => "sold",
            NoticeKind::Approved => "approved",
            NoticeKind::Refused => "refused",
            NoticeKind::Released => "released",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        NoticeKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What a member is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who.
    pub member: MemberId,
    /// The entry that brought it about.
    pub sequence: Sequence,
    /// Its place among the notices of that entry.
    pub place: u32,
    /// When.
    pub at: Instant,
    /// What it is about.
    pub kind: NoticeKind,
    /// Of which auction.
    pub auction: AuctionId,
    /// Of which lot; `None`: of the whole announcement.
    pub lot: Option<LotIndex>,
    /// The price that leads or won.
    pub price: Option<Price>,
    /// Price × quantity of a contract, or the margin that is released.
    pub amount: Option<Money>,
    /// When the lot ends, as it stood then.
    pub ends: Option<Instant>,
    /// Why an announcement was refused.
    pub reason: Option<String>,
}

/// Writes the notices of events.
pub(crate) struct Notices<'c> {
    one: Statement<'c>,
    initiator: Statement<'c>,
    bidders: Statement<'c>,
    others: Statement<'c>,
    contract: Statement<'c>,
    /// How many of this entry are written.
    place: u32,
    /// The bid of this entry: a margin that it releases is no notice of its own.
    bid: Option<(AuctionId, LotIndex)>,
}

impl<'c> Notices<'c> {
    pub fn prepare(conn: &'c Connection) -> rusqlite::Result<Self> {
        const ROW: &str =
            "INSERT INTO notices (member, sequence, place, at, kind, auction, lot, price, amount, ends, reason)";
        Ok(Notices {
            one: conn.prepare(&format!("{ROW} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))?,
            initiator: conn.prepare(&format!(
                "{ROW} SELECT initiator, ?2, ?3, ?4, ?5, auction, ?6, ?7, ?8, ?9, ?10 FROM auctions WHERE auction = ?1"
            ))?,
            bidders: conn.prepare(&format!(
                "{ROW} SELECT DISTINCT member, ?2, ?3, ?4, ?5, ?1, ?6, NULL, NULL, ?7, NULL FROM bids
                 WHERE auction = ?1 AND lot = ?6"
            ))?,
            others: conn.prepare(&format!(
                "{ROW} SELECT DISTINCT member, ?2, ?3, ?4, ?5, ?1, ?6, ?7, NULL, NULL, NULL FROM bids
                 WHERE auction = ?1 AND lot = ?6 AND member <> ?8"
            ))?,
            contract: conn.prepare(&format!(
                "{ROW} SELECT ?2, ?3, ?4, ?5, ?6, auction, lot, NULL, ?7, NULL, NULL FROM contracts WHERE contract = ?1"
            ))?,
            place: 0,
            bid: None,
        })
    }

    /// The events of another entry follow.
    pub fn turn(&mut self) {
        (self.place, self.bid) = (0, None);
    }

    /// Writes what an event tells, and to whom. What it names is written before.
    pub fn write(&mut self, happened: &Happened) -> rusqlite::Result<()> {
        match &happened.event {
            Event::BidAccepted { auction, lot, price, end, overtaken, .. } => {
                self.bid = Some((*auction, *lot));
                let Some(member) = overtaken else { return Ok(()) };
                let figures = Figures { price: Some(*price), ends: Some(*end), ..Figures::default() };
                self.tell(happened, *member, NoticeKind::Overtaken, (*auction, *lot), &figures)
            }
            Event::LotEndsSoon { auction, lot, end } => {
                let (sequence, at, kind) = (Sql(happened.sequence), Sql(happened.at), NoticeKind::EndsSoon.word());
                let place = self.next();
                self.bidders.execute(params![Sql(*auction), sequence, place, at, kind, Sql(*lot), Sql(*end)])?;
                let figures = Figures { ends: Some(*end), ..Figures::default() };
                self.tell_initiator(happened, *auction, NoticeKind::EndsSoon, Some(*lot), &figures)
            }
            Event::Awarded { auction, lot, winner, price, amount, .. } => {
                let figures = Figures { price: Some(*price), amount: Some(*amount), ..Figures::default() };
                self.tell(happened, *winner, NoticeKind::Won, (*auction, *lot), &figures)?;
                self.tell_initiator(happened, *auction, NoticeKind::Sold, Some(*lot), &figures)?;
                let (sequence, at, kind) = (Sql(happened.sequence), Sql(happened.at), NoticeKind::Lost.word());
                let (auction, lot, price, winner) = (Sql(*auction), Sql(*lot), Sql(*price), Sql(*winner));
                let place = self.next();
                self.others.execute(params![auction, sequence, place, at, kind, lot, price, winner]).map(drop)
            }
            Event::AuctionChanged { auction, change: Change::Published, .. } => {
                self.tell_initiator(happened, *auction, NoticeKind::Approved, None, &Figures::default())
            }
            Event::AuctionRejected { auction, reason } => {
                let figures = Figures { reason: Some(reason), ..Figures::default() };
                self.tell_initiator(happened, *auction, NoticeKind::Refused, None, &figures)
            }
            Event::Posted { to: Account::Available(member), amount, cause, .. } => {
                let of = match cause {
                    Cause::BidReleased(auction, lot) if self.bid != Some((*auction, *lot)) => (*auction, *lot),
                    Cause::InitiatorReleased(auction, lot) => (*auction, *lot),
                    Cause::Annulled(contract) => return self.annulled(happened, *member, *contract, *amount),
                    _ => return Ok(()),
                };
                let figures = Figures { amount: Some(*amount), ..Figures::default() };
                self.tell(happened, *member, NoticeKind::Released, of, &figures)
            }
            _ => Ok(()),
        }
    }

    fn next(&mut self) -> u32 {
        self.place += 1;
        self.place - 1
    }

    fn tell(
        &mut self,
        happened: &Happened,
        member: MemberId,
        kind: NoticeKind,
        (auction, lot): (AuctionId, LotIndex),
        figures: &Figures<'_>,
    ) -> rusqlite::Result<()> {
        let Figures { price, amount, ends, reason } = figures;
        let (sequence, at) = (Sql(happened.sequence), Sql(happened.at));
        let (member, of, place) = (Sql(member), (Sql(auction), Sql(lot)), self.next());
        let told = (Sql(*price), Sql(*amount), Sql(*ends));
        let row = params![member, sequence, place, at, kind.word(), of.0, of.1, told.0, told.1, told.2, reason];
        self.one.execute(row).map(drop)
    }

    fn tell_initiator(
        &mut self,
        happened: &Happened,
        auction: AuctionId,
        kind: NoticeKind,
        lot: Option<LotIndex>,
        figures: &Figures<'_>,
    ) -> rusqlite::Result<()> {
        let Figures { price, amount, ends, reason } = figures;
        let (sequence, at, place) = (Sql(happened.sequence), Sql(happened.at), self.next());
        let told = (Sql(*price), Sql(*amount), Sql(*ends));
        let row = params![Sql(auction), sequence, place, at, kind.word(), Sql(lot), told.0, told.1, told.2, reason];
        self.initiator.execute(row).map(drop)
    }

    fn annulled(
        &mut self,
        happened: &Happened,
        member: MemberId,
        contract: ContractId,
        amount: Money,
    ) -> rusqlite::Result<()> {
        let (sequence, at, place) = (Sql(happened.sequence), Sql(happened.at), self.next());
        let kind = NoticeKind::Released.word();
        self.contract.execute(params![Sql(contract), Sql(member), sequence, place, at, kind, Sql(amount)]).map(drop)
    }
}

/// What a notice says beside its kind and place.
#[derive(Default)]
struct Figures<'e> {
    price: Option<Price>,
    amount: Option<Money>,
    ends: Option<Instant>,
    reason: Option<&'e str>,
}
