//! The one door to change.

use std::collections::BTreeSet;

use minicbor::bytes::ByteArray;

use crate::approvals::Act;
use crate::approvals::Approval;
use crate::cbor;
use crate::command::{Body, Command, Entry, Principal};
use crate::commitment::Tree;
use crate::contracts::Contract;
use crate::deadlines::Deadlines;
use crate::event::{Cause, Event, Private};
use crate::files::{Files, Kept};
use crate::ledger::{Account, Ledger, Payments};
use crate::markets::auction::Auction;
use crate::members::{Admission, Applications, Members};
use crate::memory::{Found, Memory};
use crate::outcome::{Answer, Reply};
use crate::products::Products;
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::risk::Halts;
use crate::units::{AuctionId, Instant, LotIndex, MemberId, Money, Price, Sequence, UserId};

/// Everything that is true.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(crate) sequence: Sequence,
    pub(crate) now: Instant,
    pub(crate) profile: Profile,
    pub(crate) ledger: Ledger,
    pub(crate) members: Members,
    pub(crate) products: Products,
    pub(crate) auctions: Vec<Auction>,
    pub(crate) contracts: Vec<Contract>,
    pub(crate) approvals: Vec<Approval>,
    pub(crate) halts: Halts,
    pub(crate) payments: Payments,
    pub(crate) applications: Applications,
    pub(crate) files: Files,
    pub(crate) memory: Memory,

    // What follows from the rest: kept so that nothing is searched for.
    pub(crate) deadlines: Deadlines,
    /// Auctions that are published and have a lot that has not ended.
    pub(crate) live: BTreeSet<AuctionId>,
    /// How many auctions want the log to be stamped at least once a second.
    pub(crate) watched: u32,
    /// The auction of each lot, by the lot's number among all lots.
    pub(crate) lot_owner: Vec<AuctionId>,
    pub(crate) lots_total: u32,
    pub(crate) approvals_waiting: u32,
    trees: [Tree; Table::COUNT],
}

/// The tables that the digest covers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Table {
    Members,
    /// What each member has, apart from who it is: it changes with every bid.
    Balances,
    Users,
    Sessions,
    Products,
    Auctions,
    Lots,
    Contracts,
    Approvals,
    // Those that came later are in the digest while they have rows, so that older history keeps its digest.
    Halts,
    Payments,
    Applications,
    Files,
}

impl Table {
    const COUNT: usize = 13;
    /// How many were there from the beginning.
    const FIRST: usize = 9;
}

/// What commands leave behind: events for everyone and every disk, and what only one member may know.
#[derive(Debug, Default)]
pub struct Output {
    /// Encoded [`Event`]s: a sequence of CBOR items, read back by [`crate::Events`].
    pub events: Vec<u8>,
    /// For memory only.
    pub private: Vec<Private>,
    /// The head of the entry that is executed, until its first event is written.
    stamp: Option<Event>,
}

impl Output {
    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.events.clear();
        self.private.clear();
    }

    pub(crate) fn emit(&mut self, event: &Event) {
        if let Some(stamp) = self.stamp.take() {
            cbor::append(&stamp, &mut self.events);
        }
        cbor::append(event, &mut self.events);
    }
}

impl Default for Exchange {
    fn default() -> Self {
        Exchange::new()
    }
}

impl Exchange {
    /// After how many entries nodes compare their digests.
    pub const CHECKPOINT_EVERY: u64 = 32_768;

    /// An empty venue, before its first entry.
    #[must_use]
    pub fn new() -> Self {
        Exchange {
            sequence: Sequence(0),
            now: Instant::MIN,
            // The state before the first entry is signed too, and must not change with newer rules.
            profile: Profile { rules: 1, ..Profile::default() },
            ledger: Ledger::default(),
            members: Members::default(),
            products: Products::default(),
            auctions: Vec::new(),
            contracts: Vec::new(),
            approvals: Vec::new(),
            halts: Halts::default(),
            payments: Payments::default(),
            applications: Applications::default(),
            files: Files::default(),
            memory: Memory::default(),
            deadlines: Deadlines::default(),
            live: BTreeSet::new(),
            watched: 0,
            lot_owner: Vec::new(),
            lots_total: 0,
            approvals_waiting: 0,
            trees: Default::default(),
        }
    }

    /// Executes the next entry. `opened` is the price of a sealed bid, opened by the ordering layer.
    ///
    /// # Panics
    /// When the entry is not the next, its stamp goes back, or the ledger's sum is not zero: a broken invariant must
    /// stop the node.
    pub fn execute(&mut self, entry: &Entry, opened: Option<Price>, out: &mut Output) -> Reply {
        assert!(entry.sequence.0 == self.sequence.0 + 1, "entry {} after {}", entry.sequence, self.sequence);
        assert!(entry.at >= self.now, "the stamp of entry {} goes back", entry.sequence);
        let by = match entry.command.principal {
            Principal::System => None,
            Principal::User(user) => Some(user),
        };
        out.stamp = Some(Event::Stamped { sequence: entry.sequence, at: entry.at, by });
        self.sequence = entry.sequence;
        self.pass_time(entry, out);
        let reply = self.answer(&entry.command, opened, out);
        out.stamp = None;
        assert!(self.ledger.sum().is_zero(), "the sum over all accounts is not zero after entry {}", entry.sequence);
        #[cfg(debug_assertions)]
        assert!(self.ledger.sum_from_scratch().is_zero(), "the sum from scratch is not zero after {}", entry.sequence);
        reply
    }

    /// What comes before the command itself: an outage between the stamps, and everything that is due.
    fn pass_time(&mut self, entry: &Entry, out: &mut Output) {
        let first = self.now;
        let gap = entry.at.since(first);
        let declared = matches!(entry.command.body, Body::Outage) && entry.command.principal == Principal::System;
        if declared || self.profile.outage_after.is_some_and(|after| gap > after) {
            self.outage(first, entry.at, out);
        }
        self.now = entry.at;
        self.act_on_deadlines(entry.at, out);
    }

    /// Once for every request: the first answer is the answer.
    fn answer(&mut self, command: &Command, opened: Option<Price>, out: &mut Output) -> Reply {
        let (sequence, at) = (self.sequence, self.now);
        let Some(request) = &command.request else {
            let outcome = self.decide(command, opened, out);
            return Reply { sequence, at, replayed: false, outcome };
        };
        let user = match command.principal {
            Principal::User(user) => user,
            Principal::System => UserId::NOBODY,
        };
        match self.memory.look(user, request, at, &self.profile) {
            Found::Before { sequence, at, outcome } => return Reply { sequence, at, replayed: true, outcome },
            Found::Reused => return Reply { sequence, at, replayed: false, outcome: Err(Refusal::KeyReused) },
            Found::TooMany => return Reply { sequence, at, replayed: false, outcome: Err(Refusal::TooManyKeys) },
            Found::New => {}
        }
        let outcome = self.decide(command, opened, out);
        let apart = self.tells_of_sealed(command, user);
        self.memory.remember(user, request, (sequence, at), &outcome, apart, &self.profile);
        Reply { sequence, at, replayed: false, outcome }
    }

    /// Whether the outcome may say something of a bid that nobody may see yet.
    fn tells_of_sealed(&self, command: &Command, user: UserId) -> bool {
        match &command.body {
            Body::SealedBid { .. } => true,
            Body::Bid { .. } => {
                let member = self.members.user(user).and_then(|user| user.member);
                member.is_some_and(|member| !self.ledger.balances(member).sealed_margin.is_zero())
            }
            _ => false,
        }
    }

    /// Who asks may ask this, or is told why not; then the room of the act decides.
    fn decide(&mut self, command: &Command, opened: Option<Price>, out: &mut Output) -> Result<Answer, Refusal> {
        // What who asks may bid for at the most.
        let mut given = None;
        let asker = match command.principal {
            Principal::System => None,
            Principal::User(id) => {
                let user = self.members.user(id).filter(|user| !user.locked).ok_or(Refusal::NotSignedIn)?;
                if !user.may(command.body.act()) {
                    return Err(Refusal::Forbidden);
                }
                given = user.given;
                Some((id, user.member))
            }
        };
        let member = asker.and_then(|(_, member)| member);
        match &command.body {
            Body::Bid { auction, lot, price, seen_price } => {
                self.bid((*auction, *lot), (member.ok_or(Refusal::Forbidden)?, given), *price, *seen_price, out)
            }
            Body::SealedBid { auction, lot, .. } => {
                self.sealed_bid((*auction, *lot), (member.ok_or(Refusal::Forbidden)?, given), opened, out)
            }
            Body::Tick | Body::Outage => Ok(Answer::Done),
            Body::SetProfile(profile) => self.ask_profile(asker.map(|(id, _)| id), profile, None, out),
            Body::ChangeProfile { profile, base } => {
                self.ask_profile(asker.map(|(id, _)| id), profile, Some(base), out)
            }
            Body::AdmitMember { code, name } => self.admit(code, name, out),
            Body::AddUser { .. } => self.add_user(asker.map(|(id, _)| id), &command.body, out),
            Body::SetPassword { user, password_hash, keep } => {
                self.set_password(asker.map(|(id, _)| id), *user, password_hash, *keep, out)
            }
            Body::LockUser { user } => self.lock(asker.map(|(id, _)| id), *user, true, out),
            Body::UnlockUser { user } => self.lock(asker.map(|(id, _)| id), *user, false, out),
            Body::OpenSession { user, token_hash, lasts, checked } => {
                self.open_session(*user, *token_hash, *lasts, *checked, out)
            }
            Body::SignIn { user, token_hash, lasts, checked, proof } => {
                self.sign_in(*user, *token_hash, *lasts, *checked, proof.as_ref(), out)
            }
            Body::BeginTotp { user, sealed } => self.begin_totp(asker.map(|(id, _)| id), *user, sealed, out),
            Body::ConfirmTotp { user, checked, step, recovery } => {
                self.confirm_totp(asker.map(|(id, _)| id), *user, *checked, *step, recovery, out)
            }
            Body::AddKey { label, token_hash, scopes, expires } => {
                self.add_key(asker.map(|(id, _)| id), (label, scopes), *token_hash, *expires, out)
            }
            Body::AskErasure { user } => self.ask_erasure(asker.map(|(id, _)| id), *user, out),
            Body::RevokeKey { key } => self.revoke_key(asker.map(|(id, _)| id), *key, out),
            Body::SetLimit { user, most } => self.set_limit(asker.map(|(id, _)| id), *user, *most, out),
            Body::Follow { add, remove } => self.follow(asker.map(|(id, _)| id), add, remove, out),
            Body::ReadNotices { up_to } => self.read_notices(asker.map(|(id, _)| id), *up_to, out),
            Body::SetNotices { user, before, sealed } => {
                self.set_notices(asker.map(|(id, _)| id), *user, *before, sealed, out)
            }
            Body::AddPasskey { .. } => self.add_passkey(asker.map(|(id, _)| id), &command.body, out),
            Body::RemovePasskey { user, passkey, proof } => {
                self.remove_passkey(asker.map(|(id, _)| id), *user, *passkey, proof.as_ref(), out)
            }
            Body::RemoveTotp { user, proof } => self.remove_totp(asker.map(|(id, _)| id), *user, proof.as_ref(), out),
            Body::Look { sight, member, file, application } => self.look(*sight, *member, (*file, *application), out),
            Body::KeepFile { hash, size, kind, owner, name } => {
                let kept = Kept { hash: *hash, size: *size, kind: *kind, owner: *owner, name: name.as_ref() };
                self.keep_file(asker.map(|(_, member)| member), &kept, out)
            }
            Body::DropFile { hash, owner } => self.drop_file(asker.map(|(_, member)| member), *hash, *owner, out),
            Body::CountFailures { user, count, since } => self.count_failures(*user, *count, *since, out),
            Body::CloseSession { token_hash } => self.close_session(*token_hash, out),
            Body::AddProduct { code, name, unit, description } => {
                self.add_product(code, name, unit, description.as_ref(), out)
            }
            Body::DescribeProduct { product, name, description } => {
                self.describe_product(*product, name, description.as_ref(), out)
            }
            Body::Deposit(payment) => self.ask_deposit(asker.map(|(id, _)| id), payment, out),
            Body::Withdraw(payment) => self.ask_withdrawal(asker.map(|(id, _)| id), payment, out),
            Body::Approve { approval, password_hash } => {
                self.approve(asker.map(|(id, _)| id), *approval, password_hash.as_deref(), out)
            }
            Body::Decline { approval } => self.decline(asker.map(|(id, _)| id), *approval, out),
            Body::Submit(announcement) => {
                if asker.is_some() && member != Some(announcement.initiator) {
                    return Err(Refusal::Forbidden);
                }
                self.submit(announcement, out)
            }
            Body::Reject { auction, reason } => self.reject(*auction, reason, out),
            Body::Publish { auction } => self.publish(*auction, out),
            Body::Suspend { auction, reason } => self.suspend(*auction, reason, out),
            Body::Resume { auction, reason } => self.resume(*auction, reason, out),
            Body::Extend { auction, until, reason } => self.extend(*auction, *until, reason, out),
            Body::Cancel { auction, reason } => self.cancel(*auction, reason, out),
            Body::Halt { scope, reason } => self.halt(scope, reason, out),
            Body::LiftHalt { halt, reason } => self.lift(*halt, reason, out),
            Body::FreezeMember { member, reason } => self.freeze(*member, reason, out),
            Body::UnfreezeMember { member, reason } => self.unfreeze(*member, reason, out),
            Body::Annul { auction, lot, reason } => {
                self.ask_annulment(asker.map(|(id, _)| id), (*auction, *lot), reason, out)
            }
            Body::Correct { payment, reason } => self.ask_correction(asker.map(|(id, _)| id), *payment, reason, out),
            Body::RevealKey { auction, key } => self.reveal_key(*auction, *key, out),
            Body::Apply { token_hash, firm, applicant } => self.apply(*token_hash, firm, applicant, out),
            Body::Amend { application, firm, applicant } => self.amend(*application, firm, applicant, out),
            Body::AdmitApplicant { application, code, login_tag, personal, password_hash, amended } => {
                let (login_tag, amended) = (*login_tag, *amended);
                let admission = Admission { code, login_tag, personal, password_hash, amended };
                self.admit_applicant(*application, &admission, out)
            }
            Body::RefuseApplicant { application, reason } => self.refuse_applicant(*application, reason, out),
            Body::AskForgetting { application } => self.ask_forgetting(asker.map(|(id, _)| id), *application, out),
            Body::SetRole { user, role } => self.set_role(asker.map(|(id, _)| id), *user, *role, out),
            Body::GiveLimit { user, most } => self.give_limit(asker.map(|(id, _)| id), *user, *most, out),
        }
    }

    /// A change of the profile, or the question to a second person where a user asks. The node itself sets a venue up.
    /// `base`: what it was read as before it was changed, where that is known.
    fn ask_profile(
        &mut self,
        by: Option<UserId>,
        profile: &Profile,
        base: Option<&ByteArray<16>>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        profile.check().map_err(Refusal::InvalidProfile)?;
        self.judge_base(base)?;
        let Some(by) = by.filter(|_| self.profile.has_second_hand()) else { return self.set_profile(profile, out) };
        self.judge_rules(profile)?;
        let profile = profile.clone();
        let act = match base {
            None => Act::SetProfile(profile),
            Some(base) => Act::ChangeProfile { profile, base: *base },
        };
        self.ask_second_person(by, act, out)
    }

    /// Whoever changes what was changed meanwhile would undo that without having seen it.
    pub(crate) fn judge_base(&self, base: Option<&ByteArray<16>>) -> Result<(), Refusal> {
        if base.is_some_and(|base| *base != self.profile.tag()) { Err(Refusal::ChangedMeanwhile) } else { Ok(()) }
    }

    /// From rules 3 on the rules do not go back: with older ones, one admin alone would be two persons.
    pub(crate) fn judge_rules(&self, profile: &Profile) -> Result<(), Refusal> {
        if self.profile.has_second_for_staff() && profile.rules < self.profile.rules {
            return Err(Refusal::InvalidProfile(format!("rules do not go back: {} are in force", self.profile.rules)));
        }
        Ok(())
    }

    /// What a second person has agreed to.
    pub(crate) fn change_profile(
        &mut self,
        profile: &Profile,
        base: Option<&ByteArray<16>>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_base(base)?;
        self.judge_rules(profile)?;
        self.set_profile(profile, out)
    }

    pub(crate) fn set_profile(&mut self, profile: &Profile, out: &mut Output) -> Result<Answer, Refusal> {
        profile.check().map_err(Refusal::InvalidProfile)?;
        let due_changed = self.profile.outage_after != profile.outage_after
            || self.profile.ends_soon_before != profile.ends_soon_before;
        let kept_changed = self.profile.refused_kept != profile.refused_kept;
        self.profile = profile.clone();
        if kept_changed {
            self.put_refused();
        }
        if due_changed {
            let live: Vec<AuctionId> = self.live.iter().copied().collect();
            live.into_iter().for_each(|id| self.put_deadlines(id));
        }
        out.emit(&Event::ProfileSet(profile.clone()));
        Ok(Answer::Done)
    }

    fn reveal_key(&mut self, id: AuctionId, key: ByteArray<32>, out: &mut Output) -> Result<Answer, Refusal> {
        let auction = self.auction(id).ok_or(Refusal::UnknownAuction)?;
        if !auction.terms.is_sealed() || auction.key_revealed || !auction.has_ended() {
            return Err(Refusal::KeyNotDue);
        }
        self.auction_mut(id).key_revealed = true;
        out.emit(&Event::KeyRevealed { auction: id, key });
        Ok(Answer::Done)
    }

    /// Moves money and says so. A posting of nothing is none.
    pub(crate) fn post(&mut self, (from, to): (Account, Account), amount: Money, cause: Cause, out: &mut Output) {
        if amount.is_zero() {
            return;
        }
        self.ledger.post(from, to, amount);
        for member in [from.member(), to.member()].into_iter().flatten() {
            self.mark(Table::Balances, member.0 as usize - 1);
        }
        out.emit(&Event::Posted { from, to, amount, cause });
    }

    pub(crate) fn auction(&self, id: AuctionId) -> Option<&Auction> {
        self.auctions.get((id.0 as usize).checked_sub(1)?)
    }

    /// An auction that is known to be there; what the digest covers of it is marked by the caller.
    pub(crate) fn auction_at(&mut self, id: AuctionId) -> &mut Auction {
        &mut self.auctions[id.0 as usize - 1]
    }

    /// An auction that is known to be there, to be changed.
    pub(crate) fn auction_mut(&mut self, id: AuctionId) -> &mut Auction {
        self.changed_auction(id);
        self.auction_at(id)
    }

    pub(crate) fn changed_auction(&mut self, id: AuctionId) {
        self.mark(Table::Auctions, id.0 as usize - 1);
    }

    pub(crate) fn changed_lot(&mut self, id: AuctionId, index: LotIndex) {
        let row = self.auctions[id.0 as usize - 1].first_lot as usize + usize::from(index.0);
        self.mark(Table::Lots, row);
    }

    pub(crate) fn mark(&mut self, table: Table, row: usize) {
        self.trees[table as usize].mark(row);
    }

    /// The digest of the whole state, computed over what has changed since the last time. Sealed bids and what is
    /// held for them are not in it before their lot ends: it is public, and a price could be guessed from it.
    pub fn digest(&mut self) -> [u8; 32] {
        let Exchange {
            ledger,
            members,
            products,
            auctions,
            contracts,
            approvals,
            halts,
            payments,
            applications,
            files,
            lot_owner,
            trees,
            ..
        } = self;
        trees[Table::Members as usize].settle(|at, bytes| cbor::append(&members.members[at], bytes));
        trees[Table::Balances as usize]
            .settle(|at, bytes| cbor::append(&ledger.balances(MemberId(at as u32 + 1)).in_public(), bytes));
        trees[Table::Users as usize].settle(|at, bytes| cbor::append(&members.users[at], bytes));
        trees[Table::Sessions as usize].settle(|at, bytes| cbor::append(&members.sessions[at], bytes));
        trees[Table::Products as usize].settle(|at, bytes| cbor::append(&products.products[at], bytes));
        trees[Table::Auctions as usize].settle(|at, bytes| cbor::append(&auctions[at], bytes));
        trees[Table::Lots as usize].settle(|at, bytes| {
            let auction = &auctions[lot_owner[at].0 as usize - 1];
            cbor::append(&auction.lots[at - auction.first_lot as usize].digested(), bytes);
        });
        trees[Table::Contracts as usize].settle(|at, bytes| cbor::append(&contracts[at], bytes));
        trees[Table::Approvals as usize].settle(|at, bytes| cbor::append(&approvals[at], bytes));
        trees[Table::Halts as usize].settle(|at, bytes| cbor::append(&halts.all()[at], bytes));
        trees[Table::Payments as usize].settle(|at, bytes| cbor::append(&payments.all()[at], bytes));
        trees[Table::Applications as usize].settle(|at, bytes| cbor::append(&applications.all()[at], bytes));
        trees[Table::Files as usize].settle(|at, bytes| cbor::append(&files.rows()[at], bytes));

        let mut hasher = blake3::Hasher::new_derive_key("bayan 2026 state digest v1");
        hasher.update(&self.sequence.0.to_be_bytes());
        hasher.update(&self.now.us().to_be_bytes());
        hasher.update(&self.ledger.bank().fen().to_be_bytes());
        hasher.update(&minicbor::to_vec(&self.profile).expect("writing to memory does not fail"));
        hasher.update(&minicbor::to_vec(&self.members.sessions_free).expect("writing to memory does not fail"));
        let (first, later) = self.trees.split_at(Table::FIRST);
        for tree in first {
            hasher.update(&tree.root());
        }
        hasher.update(&self.memory.digest());
        for (at, tree) in (Table::FIRST..).zip(later).filter(|(_, tree)| !tree.is_empty()) {
            hasher.update(&(at as u64).to_be_bytes()).update(&tree.root());
        }
        *hasher.finalize().as_bytes()
    }
}

/// What may be read. Reads change nothing and enter no log.
impl Exchange {
    /// The last entry executed.
    #[must_use]
    pub const fn sequence(&self) -> Sequence {
        self.sequence
    }
    /// The stamp of the last entry executed.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }
    /// The profile in force.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }
    /// Firms, users and sessions.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }
    /// The catalogue.
    #[must_use]
    pub const fn products(&self) -> &Products {
        &self.products
    }
    /// All accounts.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }
    /// All auctions, by number.
    #[must_use]
    pub fn auctions(&self) -> &[Auction] {
        &self.auctions
    }
    /// All awards, by number.
    #[must_use]
    pub fn contracts(&self) -> &[Contract] {
        &self.contracts
    }
    /// All halts.
    #[must_use]
    pub const fn halts(&self) -> &Halts {
        &self.halts
    }
    /// Deposits and withdrawals that can be corrected, or were.
    #[must_use]
    pub const fn payments(&self) -> &Payments {
        &self.payments
    }
    /// All applications.
    #[must_use]
    pub const fn applications(&self) -> &Applications {
        &self.applications
    }
    /// All files that are kept.
    #[must_use]
    pub const fn files(&self) -> &Files {
        &self.files
    }
    /// All acts that wait or waited for a second person, by number.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }
}
