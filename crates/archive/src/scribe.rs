//! Events to rows. What an event means in SQL is said here and nowhere else.

use std::collections::BTreeMap;
use std::path::Path;

use exchange::approvals;
use exchange::ledger::Account;
use exchange::markets::auction::{Announcement, AuctionStatus, CountdownFrom, Format, LotStatus};
use exchange::products::{Description, Kind};
use exchange::risk::HaltScope;
use exchange::units::{AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, Sequence};
use exchange::{Applied, Cause, Event, Events, Happened};
use rusqlite::{Connection, Statement, params};

use crate::error::ArchiveError;
use crate::intake::Mark;
use crate::notices::Notices;
use crate::record::ActKind;
use crate::schema::failed;
use crate::trail;
use crate::value::{Sql, account};

/// Entries written in one transaction at the most: a run as long as a history does not become one transaction.
const ENTRIES_PER_TRANSACTION: u32 = 20_000;

/// `bids.outcome`.
pub(crate) const OPEN: u32 = 0;
pub(crate) const SEALED: u32 = 1;
pub(crate) const OPENED: u32 = 2;
pub(crate) const REPLACED: u32 = 3;

/// `postings.cause`, with the numbers of [`Cause`] in the events.
pub(crate) const DEPOSIT: u32 = 0;
pub(crate) const WITHDRAWAL: u32 = 1;
pub(crate) const BID_HELD: u32 = 2;
pub(crate) const BID_RELEASED: u32 = 3;
pub(crate) const INITIATOR_HELD: u32 = 4;
pub(crate) const INITIATOR_RELEASED: u32 = 5;
pub(crate) const AWARDED: u32 = 6;
pub(crate) const ANNULLED: u32 = 50;
pub(crate) const CORRECTION: u32 = 51;

/// Writes events in order, and with them its position.
pub(crate) struct Scribe<'c> {
    conn: &'c Connection,
    path: &'c Path,
    statements: Statements<'c>,
    notices: Notices<'c>,
    /// What the events of this transaction have changed of lots. A lot changes with each of its bids, and is written once
    /// in a transaction.
    lots: BTreeMap<(AuctionId, LotIndex), LotChange>,
    /// The last entry whose events are all written, in this transaction or before.
    position: Mark,
    /// The last entry that is committed.
    committed: Mark,
    /// The entry whose events are being written, and how many of its movements, acts and lines of the trail have been.
    entry: Mark,
    postings: u32,
    acts: u32,
    trails: u32,
    /// Entries in this transaction; 0: none is open.
    entries: u32,
}

#[derive(Default)]
struct LotChange {
    accepted: u32,
    refused: u32,
    status: Option<LotStatus>,
    ends: Option<Instant>,
    leader: Option<MemberId>,
    price: Option<Price>,
    /// Leader and price of before are gone.
    cleared: bool,
    contract: Option<ContractId>,
}

impl<'c> Scribe<'c> {
    pub fn new(conn: &'c Connection, path: &'c Path, position: Mark) -> Result<Self, ArchiveError> {
        Ok(Scribe {
            conn,
            path,
            statements: Statements::prepare(conn).map_err(failed("preparing", path))?,
            notices: Notices::prepare(conn).map_err(failed("preparing", path))?,
            lots: BTreeMap::new(),
            position,
            committed: position,
            entry: position,
            postings: 0,
            acts: 0,
            trails: 0,
            entries: 0,
        })
    }

    /// Writes what is new in a run. A long run is committed in pieces, each of which `wrote` hears of.
    pub fn write(&mut self, run: &Applied, wrote: &mut dyn FnMut(Mark)) -> Result<(), ArchiveError> {
        let next = Sequence(self.position.sequence.0 + 1);
        if run.last < next {
            return Ok(());
        }
        if run.first > next {
            return Err(ArchiveError::Gap { needs: next, fed: run.first });
        }
        self.begin()?;
        for happened in Events::new(&run.events) {
            let happened = happened.map_err(|source| ArchiveError::Events { first: run.first, source })?;
            if happened.sequence < next {
                continue;
            }
            if happened.sequence != self.entry.sequence {
                self.turn_to(&happened, wrote)?;
            }
            self.event(&happened)?;
            self.notices.write(&happened).map_err(self.failed("writing a notice"))?;
        }
        self.position = Mark { sequence: run.last, at: run.at };
        Ok(())
    }

    /// Commits what is written; returns how far that is.
    pub fn commit(&mut self) -> Result<Mark, ArchiveError> {
        if self.entries == 0 {
            return Ok(self.committed);
        }
        self.write_lots()?;
        let moved = self
            .statements
            .position
            .execute(params![Sql(self.position.sequence), Sql(self.position.at), Sql(self.committed.sequence)])
            .map_err(self.failed("writing its position"))?;
        if moved != 1 {
            let what = format!("another program has written to it; it was at entry {}", self.committed.sequence);
            return Err(ArchiveError::Damaged { path: self.path.to_owned(), what });
        }
        self.conn.execute_batch("COMMIT").map_err(self.failed("committing"))?;
        self.committed = self.position;
        self.entries = 0;
        Ok(self.committed)
    }

    fn begin(&mut self) -> Result<(), ArchiveError> {
        if self.entries == 0 {
            self.conn.execute_batch("BEGIN IMMEDIATE").map_err(self.failed("beginning a transaction"))?;
            self.entries = 1;
        }
        Ok(())
    }

    /// Goes on to the next entry: the one before is whole, and may be committed.
    fn turn_to(&mut self, happened: &Happened, wrote: &mut dyn FnMut(Mark)) -> Result<(), ArchiveError> {
        let whole = Mark { sequence: Sequence(happened.sequence.0 - 1), at: self.entry.at };
        self.entry = Mark { sequence: happened.sequence, at: happened.at };
        if self.entries >= ENTRIES_PER_TRANSACTION {
            self.position = whole;
            wrote(self.commit()?);
            self.begin()?;
        }
        self.entries += 1;
        (self.postings, self.acts, self.trails) = (0, 0, 0);
        self.notices.turn();
        Ok(())
    }

    fn failed(&self, doing: &'static str) -> impl Fn(rusqlite::Error) -> ArchiveError + 'c {
        failed(doing, self.path)
    }
}

/// One event, one place.
impl Scribe<'_> {
    fn event(&mut self, happened: &Happened) -> Result<(), ArchiveError> {
        if let Some(line) = trail::line(happened) {
            self.trail(happened, &line)?;
        }
        let &Happened { sequence, at, by, ref event } = happened;
        match event {
            // What is secret, personal or about signing in is not for the archive; a profile is in the log.
            Event::Stamped { .. }
            | Event::ProfileSet(_)
            | Event::UserAdded { .. }
            | Event::PasswordSet { .. }
            | Event::UserLocked { .. }
            | Event::SessionOpened { .. }
            | Event::SignedIn { .. }
            | Event::Looked { .. }
            | Event::SignInsFailed { .. }
            | Event::SecondFactorSet { .. }
            | Event::PasskeyCopied { .. }
            | Event::KeyAdded { .. }
            | Event::KeyRevoked { .. }
            | Event::LimitSet { .. }
            | Event::Followed { .. }
            | Event::PersonForgotten { .. }
            | Event::NoticesRead { .. }
            | Event::NoticesSet { .. }
            | Event::LotEndsSoon { .. }
            | Event::Applied { .. }
            | Event::ApplicationAmended { .. }
            | Event::ApplicationAdmitted { .. }
            | Event::ApplicationRefused { .. }
            | Event::ApplicantForgotten { .. }
            | Event::RefusedForgotten { .. }
            | Event::RoleSet { .. }
            | Event::FileKept { .. }
            | Event::FileDropped { .. }
            | Event::LimitGiven { .. }
            | Event::SessionClosed { .. } => Ok(()),
            Event::MemberAdmitted { member, code, name, .. } => self
                .statements
                .member
                .execute(params![Sql(*member), code, name, Sql(sequence), Sql(at)])
                .map(drop)
                .map_err(self.failed("writing a member")),
            Event::MemberFrozen { member, frozen, reason } => self
                .statements
                .freeze
                .execute(params![Sql(*member), Sql(sequence), Sql(at), Sql(by), frozen, reason])
                .map(drop)
                .map_err(self.failed("writing a freeze")),
            Event::Halted { halt, scope, reason } => {
                let (kind, subject) = scope_words(scope);
                self.statements
                    .halt
                    .execute(params![Sql(*halt), Sql(sequence), Sql(at), Sql(by), kind, subject, reason])
                    .map(drop)
                    .map_err(self.failed("writing a halt"))
            }
            Event::HaltLifted { halt, reason } => {
                let changed = self
                    .statements
                    .lifted
                    .execute(params![Sql(*halt), Sql(sequence), Sql(at), Sql(by), reason])
                    .map_err(self.failed("writing the end of a halt"))?;
                self.must_know(changed, || format!("halt {halt}"))
            }
            Event::ProductAdded { product, code, name, unit, description } => {
                let (name_en, specification, kind) = columns(description.as_ref());
                self.statements
                    .product
                    .execute(params![
                        Sql(*product),
                        code,
                        name,
                        unit,
                        Sql(sequence),
                        Sql(at),
                        name_en,
                        specification,
                        kind
                    ])
                    .map(drop)
                    .map_err(self.failed("writing a product"))
            }
            Event::ProductDescribed { product, name, description } => {
                let (name_en, specification, kind) = columns(description.as_ref());
                let changed = self
                    .statements
                    .described
                    .execute(params![Sql(*product), name, name_en, specification, kind])
                    .map_err(self.failed("describing a product"))?;
                self.must_know(changed, || format!("product {product}"))
            }
            Event::Posted { from, to, amount, cause } => self.posting(happened, *from, *to, *amount, cause),
            Event::AuctionSubmitted { auction, announcement } => self.submitted(happened, *auction, announcement),
            Event::AuctionRejected { auction, reason } => {
                self.change_auction(happened, *auction, ActKind::Rejected, AuctionStatus::Rejected, None, reason)
            }
            Event::AuctionChanged { auction, status, opens, closes, reason, change } => {
                let kind = ActKind::from(*change);
                self.change_auction(happened, *auction, kind, *status, Some((*opens, *closes)), reason)
            }
            Event::LotChanged { auction, lot, status, end } => {
                let change = self.lots.entry((*auction, *lot)).or_default();
                (change.status, change.ends) = (Some(*status), Some(*end));
                if *status == LotStatus::Cancelled {
                    // Nobody has won it.
                    (change.leader, change.price, change.cleared) = (None, None, true);
                }
                Ok(())
            }
            Event::BidAccepted { auction, lot, member, price, margin, end, alias, overtaken, seen_price } => {
                let change = self.lots.entry((*auction, *lot)).or_default();
                change.accepted += 1;
                (change.leader, change.price, change.ends) = (Some(*member), Some(*price), Some(*end));
                self.statements
                    .bid
                    .execute(params![
                        Sql(*auction),
                        Sql(*lot),
                        Sql(sequence),
                        Sql(at),
                        Sql(*member),
                        Sql(by),
                        Sql(*price),
                        Sql(*margin),
                        Sql(*end),
                        alias,
                        Sql(*overtaken),
                        Sql(*seen_price),
                    ])
                    .map(drop)
                    .map_err(self.failed("writing a bid"))
            }
            Event::BidRefused { auction, lot, member, price, reason } => {
                self.lots.entry((*auction, *lot)).or_default().refused += 1;
                let reason = reason.as_ref().map(exchange::Refusal::reason);
                self.statements
                    .refusal
                    .execute(params![
                        Sql(sequence),
                        Sql(at),
                        Sql(*auction),
                        Sql(*lot),
                        Sql(*member),
                        Sql(by),
                        Sql(*price),
                        reason,
                    ])
                    .map(drop)
                    .map_err(self.failed("writing a refused bid"))
            }
            Event::SealedBidPlaced { auction, lot, member } => {
                self.lots.entry((*auction, *lot)).or_default().accepted += 1;
                self.statements
                    .sealed
                    .execute(params![Sql(*auction), Sql(*lot), Sql(sequence), Sql(at), Sql(*member), Sql(by)])
                    .map(drop)
                    .map_err(self.failed("writing a sealed bid"))
            }
            Event::SealedBidOpened { auction, lot, sequence, price, alias, counts, margin, .. } => {
                let outcome = if *counts { OPENED } else { REPLACED };
                let changed = self
                    .statements
                    .opened
                    .execute(params![
                        Sql(*auction),
                        Sql(*lot),
                        Sql(*sequence),
                        outcome,
                        Sql(*price),
                        Sql(*margin),
                        alias
                    ])
                    .map_err(self.failed("opening a sealed bid"))?;
                self.must_know(changed, || format!("the sealed bid of entry {sequence}"))
            }
            Event::Awarded {
                contract,
                auction,
                lot,
                seller,
                buyer,
                winner,
                price,
                quantity,
                amount,
                winner_margin,
                initiator_margin,
                at,
            } => {
                // An award in another unit than the catalogue's is not quoted.
                self.statements
                    .trade
                    .execute(params![Sql(*contract), Sql(*at), Sql(*auction)])
                    .map_err(self.failed("writing a trade"))?;
                let change = self.lots.entry((*auction, *lot)).or_default();
                (change.leader, change.price, change.contract) = (Some(*winner), Some(*price), Some(*contract));
                let (seller_margin, buyer_margin) =
                    if winner == buyer { (initiator_margin, winner_margin) } else { (winner_margin, initiator_margin) };
                self.statements
                    .contract
                    .execute(params![
                        Sql(*contract),
                        Sql(sequence),
                        Sql(*at),
                        Sql(*auction),
                        Sql(*lot),
                        Sql(*seller),
                        Sql(*buyer),
                        Sql(*winner),
                        Sql(*price),
                        Sql(*quantity),
                        Sql(*amount),
                        Sql(*seller_margin),
                        Sql(*buyer_margin),
                    ])
                    .map(drop)
                    .map_err(self.failed("writing a contract"))
            }
            Event::LotAnnulled { contract, reason, .. } => {
                let changed = self
                    .statements
                    .cancelled
                    .execute(params![Sql(*contract), Sql(sequence), Sql(at), Sql(by), reason])
                    .map_err(self.failed("writing the end of a contract"))?;
                self.must_know(changed, || format!("contract {contract}"))?;
                // A product without quotes has no trade.
                self.statements.corrected.execute([Sql(*contract)]).map(drop).map_err(self.failed("correcting a trade"))
            }
            Event::ApprovalAsked { approval, by, role, act } => {
                let member = match act {
                    approvals::Act::Deposit(payment) | approvals::Act::Withdraw(payment) => payment.member,
                    approvals::Act::Correct { payment, .. } => payment.member,
                    // They concern no member, the staff, or a lot's.
                    approvals::Act::Erase(_)
                    | approvals::Act::ForgetApplicant(_)
                    | approvals::Act::Annul { .. }
                    | approvals::Act::AddStaff { .. }
                    | approvals::Act::SetRole { .. }
                    | approvals::Act::ResetPassword(_)
                    | approvals::Act::RemoveSecondFactor(_)
                    | approvals::Act::ChangeProfile { .. }
                    | approvals::Act::SetProfile(_) => MemberId(0),
                };
                let bytes = minicbor::to_vec(act).expect("writing to memory does not fail");
                let waiting = approvals::Decision::Waiting;
                self.statements
                    .asked
                    .execute(params![
                        Sql(*approval),
                        Sql(sequence),
                        Sql(at),
                        Sql(*by),
                        Sql(*role),
                        Sql(member),
                        bytes,
                        Sql(waiting),
                    ])
                    .map(drop)
                    .map_err(self.failed("writing an approval"))
            }
            Event::ApprovalDecided { approval, by, done } => {
                let decision = if *done { approvals::Decision::Done } else { approvals::Decision::Declined };
                let changed = self
                    .statements
                    .decided
                    .execute(params![Sql(*approval), Sql(decision), Sql(sequence), Sql(at), Sql(*by)])
                    .map_err(self.failed("writing a decision"))?;
                self.must_know(changed, || format!("approval {approval}"))
            }
            Event::KeyRevealed { auction, key } => {
                let changed = self
                    .statements
                    .key
                    .execute(params![Sql(*auction), &key[..]])
                    .map_err(self.failed("writing the key of an auction"))?;
                self.must_know(changed, || format!("auction {auction}"))
            }
        }
    }

    /// A movement concerns each member whose account it touches, and the exchange's own accounts (member 0).
    fn posting(
        &mut self,
        happened: &Happened,
        from: Account,
        to: Account,
        amount: Money,
        cause: &Cause,
    ) -> Result<(), ArchiveError> {
        let place = self.postings;
        self.postings += 1;
        let ((from, source), (to, target)) = (account(from), account(to));
        if from == to {
            if source == target {
                return Ok(());
            }
            return self.movement(happened, from, place, Some(source), Some(target), amount, cause);
        }
        self.movement(happened, from, place, Some(source), None, amount, cause)?;
        self.movement(happened, to, place, None, Some(target), amount, cause)
    }

    #[expect(clippy::too_many_arguments, reason = "they are the columns of the row")]
    fn movement(
        &mut self,
        happened: &Happened,
        member: MemberId,
        place: u32,
        source: Option<u32>,
        target: Option<u32>,
        amount: Money,
        cause: &Cause,
    ) -> Result<(), ArchiveError> {
        let mut corrects = None;
        let (number, lot, contract, reference) = match cause {
            Cause::Annulled(contract) => (ANNULLED, None, Some(*contract), None),
            Cause::Correction(of, reason) => {
                corrects = Some(*of);
                (CORRECTION, None, None, Some(reason))
            }
            Cause::Deposit(reference) => (DEPOSIT, None, None, Some(reference)),
            Cause::Withdrawal(reference) => (WITHDRAWAL, None, None, Some(reference)),
            Cause::BidHeld(auction, lot) => (BID_HELD, Some((*auction, *lot)), None, None),
            Cause::BidReleased(auction, lot) => (BID_RELEASED, Some((*auction, *lot)), None, None),
            Cause::InitiatorHeld(auction, lot) => (INITIATOR_HELD, Some((*auction, *lot)), None, None),
            Cause::InitiatorReleased(auction, lot) => (INITIATOR_RELEASED, Some((*auction, *lot)), None, None),
            Cause::Awarded(contract) => (AWARDED, None, Some(*contract), None),
        };
        self.statements
            .posting
            .execute(params![
                Sql(member),
                Sql(happened.sequence),
                place,
                Sql(happened.at),
                source,
                target,
                Sql(amount),
                number,
                Sql(lot.map(|(auction, _)| auction)),
                Sql(lot.map(|(_, lot)| lot)),
                Sql(contract),
                reference,
                Sql(corrects),
            ])
            .map(drop)
            .map_err(self.failed("writing a posting"))
    }

    fn submitted(&mut self, happened: &Happened, auction: AuctionId, terms: &Announcement) -> Result<(), ArchiveError> {
        let status = AuctionStatus::Submitted;
        let bytes = minicbor::to_vec(terms).expect("writing to memory does not fail");
        self.statements
            .auction
            .execute(params![
                Sql(auction),
                Sql(happened.sequence),
                Sql(happened.at),
                Sql(terms.side),
                terms.product,
                Sql(terms.initiator),
                Sql(status),
                Sql(terms.opens),
                Sql(terms.closes),
                bytes,
                terms.unit,
            ])
            .map_err(self.failed("writing an auction"))?;
        // auction.md, "An open auction": where the countdown runs from the opening, that is the first end.
        let ends = match terms.countdown_from {
            CountdownFrom::Opening if !terms.is_sealed() => terms.opens.plus(terms.countdown).min(terms.closes),
            CountdownFrom::Opening | CountdownFrom::Closing => terms.closes,
        };
        for (lot, place) in terms.lots.iter().zip(0..) {
            self.statements
                .lot
                .execute(params![
                    Sql(auction),
                    Sql(LotIndex(place)),
                    lot.code,
                    Sql(lot.quantity),
                    terms.is_sealed(),
                    Sql(LotStatus::Waiting),
                    Sql(ends),
                ])
                .map_err(self.failed("writing a lot"))?;
        }
        self.act(happened, auction, ActKind::Submitted, status, Some((terms.opens, terms.closes)), "")
    }

    fn change_auction(
        &mut self,
        happened: &Happened,
        auction: AuctionId,
        kind: ActKind,
        status: AuctionStatus,
        times: Option<(Instant, Instant)>,
        reason: &str,
    ) -> Result<(), ArchiveError> {
        let (opens, closes) = times.unzip();
        let changed = self
            .statements
            .auction_changed
            .execute(params![Sql(auction), Sql(status), Sql(opens), Sql(closes), reason])
            .map_err(self.failed("writing an auction's status"))?;
        self.must_know(changed, || format!("auction {auction}"))?;
        self.act(happened, auction, kind, status, times, reason)
    }

    fn act(
        &mut self,
        happened: &Happened,
        auction: AuctionId,
        kind: ActKind,
        status: AuctionStatus,
        times: Option<(Instant, Instant)>,
        reason: &str,
    ) -> Result<(), ArchiveError> {
        let place = self.acts;
        self.acts += 1;
        // What the clock does comes with anybody's command, and after anything that staff said before.
        let (by, reason) = if kind.is_clocks() { (None, "") } else { (happened.by, reason) };
        let (opens, closes) = times.unzip();
        self.statements
            .act
            .execute(params![
                Sql(auction),
                Sql(happened.sequence),
                place,
                Sql(happened.at),
                Sql(kind),
                Sql(by),
                Sql(status),
                Sql(opens),
                Sql(closes),
                reason,
            ])
            .map(drop)
            .map_err(self.failed("writing an act"))
    }

    fn write_lots(&mut self) -> Result<(), ArchiveError> {
        for ((auction, lot), change) in std::mem::take(&mut self.lots) {
            let LotChange { accepted, refused, status, ends, leader, price, cleared, contract } = change;
            let changed = self
                .statements
                .lot_changed
                .execute(params![
                    Sql(auction),
                    Sql(lot),
                    accepted,
                    refused,
                    Sql(status),
                    Sql(ends),
                    Sql(leader),
                    Sql(price),
                    Sql(contract),
                    cleared,
                ])
                .map_err(self.failed("writing a lot's state"))?;
            // A bid for a lot that does not exist is refused, and counted nowhere.
            if accepted > 0 || status.is_some() || contract.is_some() {
                self.must_know(changed, || format!("lot {lot} of auction {auction}"))?;
            }
        }
        Ok(())
    }

    fn trail(&mut self, happened: &Happened, line: &trail::Line) -> Result<(), ArchiveError> {
        let place = self.trails;
        self.trails += 1;
        let trail::Line { user, act, member, auction, subject, detail } = line;
        self.statements
            .trail
            .execute(params![
                Sql(happened.sequence),
                place,
                Sql(happened.at),
                Sql(*user),
                act,
                Sql(*member),
                Sql(*auction),
                Sql(*subject),
                detail,
            ])
            .map(drop)
            .map_err(self.failed("writing the audit trail"))
    }

    fn must_know(&self, changed: usize, what: impl FnOnce() -> String) -> Result<(), ArchiveError> {
        if changed == 1 {
            return Ok(());
        }
        Err(ArchiveError::Damaged { path: self.path.to_owned(), what: format!("it lacks {}", what()) })
    }
}

/// `halts.scope` and `halts.subject`.
pub(crate) fn scope_words(scope: &HaltScope) -> (&'static str, Option<&str>) {
    match scope {
        HaltScope::Market => ("market", None),
        HaltScope::Product(code) => ("product", Some(code)),
        HaltScope::Side(side) => ("side", Some(side.word())),
        HaltScope::Format(Format::Open) => ("format", Some("open")),
        HaltScope::Format(Format::Sealed) => ("format", Some("sealed")),
    }
}

/// What is said of a product, as its columns.
fn columns(description: Option<&Description>) -> (Option<&str>, Option<&str>, Option<&'static str>) {
    let Some(Description { name_en, specification, kind }) = description else { return (None, None, None) };
    (name_en.as_deref(), specification.as_deref(), kind.map(Kind::word))
}

/// Prepared once for as long as the thread lives.
struct Statements<'c> {
    position: Statement<'c>,
    member: Statement<'c>,
    product: Statement<'c>,
    described: Statement<'c>,
    auction: Statement<'c>,
    auction_changed: Statement<'c>,
    key: Statement<'c>,
    lot: Statement<'c>,
    lot_changed: Statement<'c>,
    bid: Statement<'c>,
    sealed: Statement<'c>,
    opened: Statement<'c>,
    refusal: Statement<'c>,
    posting: Statement<'c>,
    contract: Statement<'c>,
    cancelled: Statement<'c>,
    corrected: Statement<'c>,
    trade: Statement<'c>,
    act: Statement<'c>,
    halt: Statement<'c>,
    lifted: Statement<'c>,
    freeze: Statement<'c>,
    asked: Statement<'c>,
    decided: Statement<'c>,
    trail: Statement<'c>,
}

impl<'c> Statements<'c> {
    fn prepare(conn: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Statements {
            position: conn.prepare("UPDATE archive SET position = ?1, at = ?2 WHERE position = ?3")?,
            member: conn.prepare("INSERT INTO members (member, code, name, sequence, at) VALUES (?, ?, ?, ?, ?)")?,
            product: conn
                .prepare(
                    "INSERT INTO products (product, code, name, unit, sequence, at, name_en, specification, kind)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?,
            described: conn.prepare(
                "UPDATE products SET name = ?2, name_en = ?3, specification = ?4, kind = ?5 WHERE product = ?1",
            )?,
            auction: conn.prepare(
                "INSERT INTO auctions
                   (auction, sequence, at, side, product, initiator, status, opens, closes, announcement, unit, reason)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
            )?,
            auction_changed: conn.prepare(
                "UPDATE auctions
                 SET status = ?2, opens = coalesce(?3, opens), closes = coalesce(?4, closes), reason = ?5
                 WHERE auction = ?1",
            )?,
            key: conn.prepare("UPDATE auctions SET key = ?2 WHERE auction = ?1")?,
            lot: conn.prepare(
                "INSERT INTO lots (auction, lot, code, quantity, sealed, status, ends, accepted, refused)
                 VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
            )?,
            lot_changed: conn.prepare(
                "UPDATE lots SET accepted = accepted + ?3, refused = refused + ?4, status = coalesce(?5, status),
                   ends = coalesce(?6, ends), leader = coalesce(?7, iif(?10, NULL, leader)),
                   price = coalesce(?8, iif(?10, NULL, price)), contract = coalesce(?9, contract)
                 WHERE auction = ?1 AND lot = ?2",
            )?,
            bid: conn.prepare(
                "INSERT INTO bids
                   (auction, lot, sequence, at, member, user, price, margin, ends, alias, overtaken, seen_price, outcome)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            )?,
            sealed: conn.prepare(
                "INSERT INTO bids (auction, lot, sequence, at, member, user, outcome) VALUES (?, ?, ?, ?, ?, ?, 1)",
            )?,
            opened: conn.prepare(
                "UPDATE bids SET outcome = ?4, price = ?5, margin = ?6, alias = ?7
                 WHERE auction = ?1 AND lot = ?2 AND sequence = ?3",
            )?,
            refusal: conn.prepare(
                "INSERT INTO refusals (sequence, at, auction, lot, member, user, price, reason)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            posting: conn.prepare(
                "INSERT INTO postings
                   (member, sequence, place, at, source, target, amount, cause, auction, lot, contract, reference,
                    corrects)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            contract: conn.prepare(
                "INSERT INTO contracts
                   (contract, sequence, at, auction, lot, seller, buyer, winner, price, quantity, amount, seller_margin,
                    buyer_margin)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            cancelled: conn.prepare(
                "UPDATE contracts SET cancelled_sequence = ?2, cancelled_at = ?3, cancelled_by = ?4, cancelled_reason = ?5
                 WHERE contract = ?1",
            )?,
            corrected: conn.prepare("UPDATE trades SET annulled = 1 WHERE contract = ?1")?,
            trade: conn.prepare(
                "INSERT INTO trades (product, at, contract, side, annulled)
                 SELECT auctions.product, ?2, ?1, side, 0 FROM auctions
                 JOIN products ON products.code = auctions.product AND products.unit = auctions.unit
                 WHERE auction = ?3",
            )?,
            act: conn.prepare(
                "INSERT INTO acts (auction, sequence, place, at, act, user, status, opens, closes, reason)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            halt: conn.prepare(
                "INSERT INTO halts (halt, sequence, at, user, scope, subject, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?,
            lifted: conn.prepare(
                "UPDATE halts SET lifted_sequence = ?2, lifted_at = ?3, lifted_by = ?4, lifted_reason = ?5
                 WHERE halt = ?1",
            )?,
            freeze: conn.prepare(
                "INSERT INTO freezes (member, sequence, at, user, frozen, reason) VALUES (?, ?, ?, ?, ?, ?)",
            )?,
            asked: conn.prepare(
                "INSERT INTO approvals (approval, sequence, at, user, role, member, act, decision)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            trail: conn.prepare(
                "INSERT INTO audit (sequence, place, at, user, act, member, auction, subject, detail)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            decided: conn.prepare(
                "UPDATE approvals SET decision = ?2, decided_sequence = ?3, decided_at = ?4, decided_by = ?5
                 WHERE approval = ?1",
            )?,
        })
    }
}
