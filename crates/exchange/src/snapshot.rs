//! The state at one sequence as bytes, and back.
//!
//! A snapshot is two CBOR items: the state, which begins with the number of its form, and the memory of answers. Later
//! versions add fields at the end of each; a reader takes what it knows and leaves the rest. What follows from the rest (queues, look-up tables, the digest's trees) is not in it.

use std::collections::BTreeMap;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Encode};

use crate::approvals::{Approval, Decision};
use crate::contracts::Contract;
use crate::exchange::{Exchange, Table};
use crate::files::{File, Files};
use crate::ledger::{Balances, Ledger, Paid, Payments};
use crate::markets::auction::{Auction, AuctionStatus, Lot, SealedBid};
use crate::members::{Application, Applications, Member, Members, Session, User};
use crate::memory::{Memory, MemorySnapshot};
use crate::products::{Product, Products};
use crate::profile::Profile;
use crate::risk::{Halt, Halts};
use crate::units::{Instant, MemberId, Money, ProductId, Sequence, UserId};

/// The number of the form that is written.
const FORM: u32 = 1;

/// The state at one sequence, to be encoded outside of the exchange's thread.
pub struct Snapshot {
    state: State,
    memory: MemorySnapshot,
}

#[derive(Encode, Decode)]
struct State {
    #[n(0)]
    form: u32,
    #[n(1)]
    sequence: Sequence,
    #[n(2)]
    now: Instant,
    #[n(3)]
    profile: Profile,
    #[n(4)]
    bank: Money,
    #[n(5)]
    balances: Vec<Balances>,
    #[n(6)]
    members: Vec<Member>,
    #[n(7)]
    users: Vec<User>,
    #[n(8)]
    sessions: Vec<Option<Session>>,
    #[n(9)]
    sessions_free: Vec<u32>,
    #[n(10)]
    products: Vec<Product>,
    #[n(11)]
    auctions: Vec<WholeAuction>,
    #[n(12)]
    contracts: Vec<Contract>,
    #[n(13)]
    approvals: Vec<Approval>,
    /// None where there never was one.
    #[n(50)]
    halts: Option<Vec<Halt>>,
    /// None where there never was one.
    #[n(51)]
    payments: Option<Vec<Paid>>,
    /// None where there never was one.
    #[n(170)]
    files: Option<Vec<Option<File>>>,
    /// None where there never was one.
    #[n(190)]
    applications: Option<Vec<Application>>,
}

#[derive(Encode, Decode)]
struct WholeAuction {
    #[n(0)]
    auction: Auction,
    #[n(1)]
    lots: Vec<WholeLot>,
}

#[derive(Encode, Decode)]
struct WholeLot {
    #[n(0)]
    lot: Lot,
    #[n(1)]
    sealed: Vec<SealedBid>,
}

impl Exchange {
    /// A copy that can be encoded elsewhere. What is large and never changes is shared.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let whole = |auction: &Auction| {
            let lots =
                auction.lots.iter().map(|lot| WholeLot { lot: lot.clone(), sealed: lot.sealed.clone() }).collect();
            WholeAuction { auction: auction.without_lots(), lots }
        };
        Snapshot {
            state: State {
                form: FORM,
                sequence: self.sequence,
                now: self.now,
                profile: self.profile.clone(),
                bank: self.ledger.bank(),
                balances: self.ledger.members().to_vec(),
                members: self.members.members.clone(),
                users: self.members.users.clone(),
                sessions: self.members.sessions.clone(),
                sessions_free: self.members.sessions_free.clone(),
                products: self.products.products.clone(),
                auctions: self.auctions.iter().map(whole).collect(),
                contracts: self.contracts.clone(),
                approvals: self.approvals.clone(),
                halts: Some(self.halts.all().to_vec()).filter(|halts| !halts.is_empty()),
                payments: Some(self.payments.all().to_vec()).filter(|payments| !payments.is_empty()),
                applications: Some(self.applications.all().to_vec()).filter(|all| !all.is_empty()),
                files: Some(self.files.rows().to_vec()).filter(|files| !files.is_empty()),
            },
            memory: self.memory.snapshot(),
        }
    }

    /// The exchange of an encoded snapshot.
    ///
    /// # Errors
    /// The bytes are no snapshot that this version can read.
    pub fn restore(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let state: State = decoder.decode()?;
        if state.form != FORM {
            return Err(DecodeError::message("the snapshot has a form that this version does not know"));
        }
        let memory = Memory::restore(&mut decoder)?;
        let mut exchange = Exchange::new();
        exchange.sequence = state.sequence;
        exchange.now = state.now;
        exchange.profile = state.profile;
        exchange.ledger = Ledger::restore(state.bank, state.balances);
        exchange.members = members(state.members, state.users, state.sessions, state.sessions_free);
        exchange.products = products(state.products);
        exchange.auctions = state.auctions.into_iter().map(WholeAuction::join).collect();
        exchange.contracts = state.contracts;
        exchange.approvals = state.approvals;
        exchange.halts = Halts::restore(state.halts.unwrap_or_default());
        exchange.payments = Payments::restore(state.payments.unwrap_or_default());
        exchange.applications = Applications::restore(state.applications.unwrap_or_default());
        exchange.files = Files::restore(state.files.unwrap_or_default());
        exchange.memory = memory;
        exchange.derive();
        if !exchange.ledger.sum().is_zero() {
            return Err(DecodeError::message("the snapshot's accounts do not add up to zero"));
        }
        Ok(exchange)
    }

    /// Rebuilds what follows from the rest.
    fn derive(&mut self) {
        for at in 0..self.auctions.len() {
            let auction = &mut self.auctions[at];
            let (id, lots) = (auction.id, auction.lots.len());
            self.lot_owner.extend(core::iter::repeat_n(id, lots));
            self.lots_total = u32::try_from(self.lot_owner.len()).expect("fewer than 2^32 lots");
            for attachment in auction.terms.attachments() {
                self.files.attach(&attachment.file, id);
            }
            let published = !matches!(auction.status, AuctionStatus::Submitted | AuctionStatus::Rejected);
            if published && auction.lots_running > 0 {
                self.live.insert(id);
                self.put_deadlines(id);
            }
        }
        for (place, session) in self.members.sessions.iter().enumerate() {
            if let Some(session) = session {
                let place = u32::try_from(place).expect("fewer than 2^32 sessions");
                self.deadlines.add(session.expires, crate::deadlines::Due::SessionExpires(place));
            }
        }
        self.put_refused();
        let waiting = self.approvals.iter().filter(|approval| approval.decision == Decision::Waiting).count();
        self.approvals_waiting = u32::try_from(waiting).expect("fewer than 2^32 approvals");
        let rows = [
            (Table::Members, self.members.members.len()),
            (Table::Balances, self.members.members.len()),
            (Table::Users, self.members.users.len()),
            (Table::Sessions, self.members.sessions.len()),
            (Table::Products, self.products.products.len()),
            (Table::Auctions, self.auctions.len()),
            (Table::Lots, self.lot_owner.len()),
            (Table::Contracts, self.contracts.len()),
            (Table::Approvals, self.approvals.len()),
            (Table::Halts, self.halts.all().len()),
            (Table::Payments, self.payments.all().len()),
            (Table::Applications, self.applications.all().len()),
            (Table::Files, self.files.rows().len()),
        ];
        for (table, count) in rows {
            (0..count).for_each(|row| self.mark(table, row));
        }
    }
}

fn members(members: Vec<Member>, users: Vec<User>, sessions: Vec<Option<Session>>, free: Vec<u32>) -> Members {
    let by_code: BTreeMap<String, MemberId> = members.iter().map(|member| (member.code.clone(), member.id)).collect();
    let by_login: BTreeMap<[u8; 16], UserId> = users.iter().map(|user| (*user.login_tag, user.id)).collect();
    let by_token = (0u32..)
        .zip(&sessions)
        .filter_map(|(place, session)| session.as_ref().map(|session| (*session.token_hash, place)))
        .collect();
    let frozen = members.iter().filter(|member| member.frozen.is_some()).map(|member| member.id).collect();
    let by_credit_code = members
        .iter()
        .filter_map(|member| member.firm.as_ref().map(|firm| (firm.credit_code.clone(), member.id)))
        .collect();
    Members { members, users, sessions, sessions_free: free, frozen, by_code, by_credit_code, by_login, by_token }
}

fn products(products: Vec<Product>) -> Products {
    let by_code: BTreeMap<String, ProductId> =
        products.iter().map(|product| (product.code.clone(), product.id)).collect();
    Products { products, by_code }
}

impl WholeAuction {
    fn join(self) -> Auction {
        let lots = self.lots.into_iter().map(|whole| Lot { sealed: whole.sealed, ..whole.lot }).collect();
        Auction { lots, ..self.auction }
    }
}

impl Snapshot {
    /// The entry after which it was taken.
    #[must_use]
    pub const fn sequence(&self) -> Sequence {
        self.state.sequence
    }

    /// The bytes. They hold what sealed bids hold: whoever stores them encrypts them.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 << 20);
        minicbor::encode(&self.state, &mut bytes).expect("writing to memory does not fail");
        self.memory.encode(&mut bytes);
        bytes
    }
}
