//! What events change in the picture.

use std::collections::BTreeSet;
use std::sync::Arc;

use exchange::approvals::{Approval, Decision};
use exchange::contracts::{Cancellation, Contract};
use exchange::files::File;
use exchange::ledger::{Account, Balances};
use exchange::markets::auction::{Announcement, AuctionStatus, CountdownFrom, LotStatus, SealedBid, Suspension};
use exchange::members::{Application, ApplicationStatus, Frozen, Role, password_tag};
use exchange::products::Product;
use exchange::risk::{Halt, Lifting};
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money};
use exchange::{Change, Event, Happened, Private};

use super::begin::{member_at, trade_of};
use super::still::is_open;
use super::{Auction, Lead, Lot, Member, Picture, Session, User, place};
use crate::live::quotes::take;

impl Picture {
    /// Takes over what happened. Events come in order and without a gap; one that names what is not there is a broken
    /// invariant, and stops the node rather than showing what is not true.
    ///
    /// # Panics
    /// The event does not fit what came before it.
    pub fn apply(&mut self, happened: &Happened) {
        match &happened.event {
            Event::Stamped { .. }
            | Event::KeyRevealed { .. }
            | Event::Looked { .. }
            | Event::LotEndsSoon { .. }
            | Event::SignInsFailed { .. }
            | Event::PasskeyCopied { .. } => {}
            Event::NoticesRead { user, up_to } => self.user_at(user.0).notices_read = Some(*up_to),
            Event::NoticesSet { user, sealed } => {
                self.user_at(user.0).notices = Some(sealed.as_slice().into());
            }
            Event::ProfileSet(profile) => {
                self.profile = profile.clone();
                self.quotes.set_offset(profile.offset());
            }
            Event::MemberAdmitted { member, code, name, .. } => {
                assert_eq!(member.0 as usize, self.members.len() + 1, "members are numbered in their order");
                let code: Arc<str> = code.as_str().into();
                self.by_code.insert(Arc::clone(&code), *member);
                Arc::make_mut(&mut self.codes).push(Arc::clone(&code));
                self.members.push(Member {
                    id: *member,
                    code,
                    name: name.clone(),
                    public: Balances::default(),
                    frozen: None,
                    sealed_margin: Money::ZERO,
                    bidding: BTreeSet::new(),
                });
            }
            Event::UserAdded { user, role, member, login_tag, personal, password_hash, single_use, until } => {
                assert_eq!(user.0 as usize, self.users.len() + 1, "users are numbered in their order");
                self.by_login.insert(**login_tag, *user);
                self.users.push(User {
                    id: *user,
                    role: *role,
                    member: *member,
                    login_tag: **login_tag,
                    personal: personal.clone(),
                    password_hash: password_hash.clone(),
                    single_use: *single_use,
                    locked: false,
                    sessions: Vec::new(),
                    second: None,
                    key: None,
                    limit: None,
                    forgotten: false,
                    notices_read: None,
                    notices: None,
                    first_until: *until,
                    given: None,
                    followed: Arc::default(),
                });
            }
            Event::PasswordSet { user, password_hash, single_use, until } => {
                let user = self.user_at(user.0);
                user.password_hash.clone_from(password_hash);
                (user.single_use, user.first_until) = (*single_use, *until);
            }
            Event::Applied { application, token_hash, firm, applicant } => self.applications.add(Application {
                id: *application,
                at: happened.at,
                token_hash: *token_hash,
                firm: firm.clone(),
                applicant: applicant.clone(),
                status: ApplicationStatus::Waiting,
                amended: 0,
                decided: None,
                reason: None,
                member: None,
                user: None,
                password: None,
                forgotten: None,
            }),
            Event::ApplicationAmended { application, firm, applicant } => {
                self.applications.change(*application, |application| {
                    (application.at, application.status) = (happened.at, ApplicationStatus::Waiting);
                    (application.firm, application.applicant) = (firm.clone(), applicant.clone());
                    application.amended += 1;
                });
            }
            Event::ApplicationAdmitted { application, member, user } => {
                let password = password_tag(&self.user_at(user.0).password_hash);
                self.applications.change(*application, |application| {
                    (application.status, application.decided) = (ApplicationStatus::Admitted, Some(happened.at));
                    (application.member, application.user) = (Some(*member), Some(*user));
                    application.password = Some(password);
                });
            }
            Event::ApplicationRefused { application, reason } => {
                self.applications.change(*application, |application| {
                    (application.status, application.decided) = (ApplicationStatus::Refused, Some(happened.at));
                    application.reason = Some(reason.clone());
                });
            }
            Event::ApplicantForgotten { application } | Event::RefusedForgotten { application } => {
                self.applications.change(*application, |application| application.forgotten = Some(happened.at));
            }
            Event::RoleSet { user, role } => {
                let user = self.user_at(user.0);
                (user.role, user.limit, user.given) = (*role, None, None);
            }
            Event::LimitGiven { user, most } => self.user_at(user.0).given = *most,
            Event::MemberFrozen { member, frozen, reason } => {
                let frozen = frozen.then(|| Frozen { since: happened.at, reason: reason.clone() });
                member_at(&mut self.members, *member).frozen = frozen;
            }
            Event::Halted { halt, scope, reason } => {
                let (id, scope, reason) = (*halt, scope.clone(), reason.clone());
                self.halts.begin(Halt { id, scope, reason, at: happened.at, lifted: None });
            }
            Event::HaltLifted { halt, reason } => {
                self.halts.lift(*halt, Lifting { at: happened.at, reason: reason.clone() });
            }
            Event::KeyAdded { user, member, key, login_tag, token_hash } => {
                assert_eq!(user.0 as usize, self.users.len() + 1, "users are numbered in their order");
                self.by_login.insert(**login_tag, *user);
                self.users.push(User {
                    id: *user,
                    role: Role::Key,
                    member: Some(*member),
                    login_tag: **login_tag,
                    personal: Vec::new(),
                    password_hash: String::new(),
                    single_use: false,
                    locked: false,
                    sessions: Vec::new(),
                    second: None,
                    key: Some(Arc::new(key.clone())),
                    limit: None,
                    forgotten: false,
                    notices_read: None,
                    notices: None,
                    first_until: None,
                    given: None,
                    followed: Arc::default(),
                });
                let begun = Some(happened.at);
                self.begin_session(**token_hash, Session { user: *user, expires: key.expires, begun });
            }
            Event::PersonForgotten { user } => {
                let user = self.user_at(user.0);
                (user.forgotten, user.locked) = (true, true);
                user.password_hash = String::new();
                (user.second, user.limit, user.notices) = (None, None, None);
                (user.first_until, user.given, user.followed) = (None, None, Arc::default());
            }
            Event::KeyRevoked { user } => self.user_at(user.0).locked = true,
            Event::Followed { user, auctions } => self.user_at(user.0).followed = auctions.as_slice().into(),
            Event::LimitSet { user, most } => self.user_at(user.0).limit = *most,
            Event::SecondFactorSet { user, second, .. } => self.user_at(user.0).second.clone_from(second),
            Event::UserLocked { user, locked } => self.user_at(user.0).locked = *locked,
            Event::SessionOpened { user, token_hash, expires } => {
                self.begin_session(**token_hash, Session { user: *user, expires: *expires, begun: None });
            }
            Event::SignedIn { user, token_hash, expires } => {
                let begun = Some(happened.at);
                self.begin_session(**token_hash, Session { user: *user, expires: *expires, begun });
            }
            Event::SessionClosed { user, token_hash } => {
                self.sessions.remove(&**token_hash);
                self.user_at(user.0).sessions.retain(|own| *own != **token_hash);
            }
            Event::ProductAdded { product, code, name, unit, description } => {
                assert_eq!(product.0 as usize, self.products.len() + 1, "products are numbered in their order");
                self.by_product.insert(code.clone(), self.products.len());
                self.products.push(Product {
                    id: *product,
                    code: code.clone(),
                    name: name.clone(),
                    unit: unit.clone(),
                    description: description.clone(),
                });
            }
            Event::ProductDescribed { product, name, description } => {
                let product = place(product.0).and_then(|at| self.products.get_mut(at));
                let product = product.expect("only products of the catalogue are described");
                product.name.clone_from(name);
                product.description.clone_from(description);
            }
            Event::Posted { from, to, amount, .. } => {
                self.post(*from, -*amount);
                self.post(*to, *amount);
            }
            Event::FileKept { hash, size, kind, owner, name } => {
                let (hash, size, kind, owner, name) = (*hash, *size, *kind, *owner, name.clone());
                self.files.keep(File { hash, size, kind, owner, at: happened.at, name });
            }
            Event::FileDropped { hash, owner } => {
                self.files.let_go(hash, *owner);
            }
            Event::AuctionSubmitted { auction, announcement } => {
                for attachment in announcement.attachments() {
                    self.files.attach(&attachment.file, *auction);
                }
                assert_eq!(auction.0 as usize, self.auctions.len() + 1, "auctions are numbered in their order");
                self.auctions.push(submitted(*auction, announcement));
            }
            Event::AuctionRejected { auction, reason } => {
                let auction = self.auction_at(*auction);
                auction.status = AuctionStatus::Rejected;
                auction.reason = reason.as_str().into();
            }
            Event::AuctionChanged { auction, status, opens, closes, reason, change } => {
                let id = *auction;
                let auction = self.auction_at(id);
                auction.suspended_at = match (*status, auction.suspended_at) {
                    (AuctionStatus::Suspended, None) => Some(happened.at),
                    (AuctionStatus::Suspended, since) => since,
                    _ => None,
                };
                match change {
                    Change::Suspended => {
                        let (since, reason) = (happened.at, reason.clone());
                        auction.own_suspension = Some(Suspension { since, reason });
                    }
                    Change::Resumed | Change::Cancelled | Change::Closed => auction.own_suspension = None,
                    _ => {}
                }
                (auction.status, auction.opens, auction.closes) = (*status, *opens, *closes);
                auction.reason = reason.as_str().into();
                let (open, ended) = (is_open(auction), auction.has_ended());
                if open {
                    self.open.insert(id);
                } else {
                    self.open.remove(&id);
                }
                if ended {
                    self.forget_bidding(id);
                }
            }
            Event::LotChanged { auction, lot, status, end } => {
                let (found, members) = self.lot_and_members(*auction, *lot);
                (found.status, found.end) = (*status, *end);
                if *status == LotStatus::Cancelled {
                    found.lead = None;
                }
                if status.has_ended() {
                    // What was held for sealed bids is held no longer, or is a contract's now.
                    for bid in found.sealed.drain(..).filter(|bid| !bid.replaced) {
                        member_at(members, bid.member).sealed_margin -= bid.margin;
                    }
                }
            }
            Event::BidAccepted { auction, lot, member, price, end, alias, .. } => {
                let (found, members) = self.lot_and_members(*auction, *lot);
                found.lead = Some(Lead { member: *member, alias: *alias, price: *price });
                found.end = *end;
                found.accepted += 1;
                if found.name(*member, *alias) {
                    member_at(members, *member).bidding.insert((*auction, *lot));
                }
            }
            Event::BidRefused { auction, lot, .. } => {
                // A bid for a lot that does not exist is counted nowhere.
                if let Some(lot) = self.auction_at(*auction).lots.get_mut(lot.0 as usize) {
                    lot.rejected += 1;
                }
            }
            Event::SealedBidPlaced { auction, lot, .. } => self.lot_at(*auction, *lot).accepted += 1,
            Event::SealedBidOpened { auction, lot, member, alias, .. } => {
                let (found, members) = self.lot_and_members(*auction, *lot);
                if found.name(*member, *alias) {
                    member_at(members, *member).bidding.insert((*auction, *lot));
                }
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
                assert_eq!(contract.0 as usize, self.contracts.len() + 1, "contracts are numbered in their order");
                let (seller_margin, buyer_margin) = if winner == seller {
                    (*winner_margin, *initiator_margin)
                } else {
                    (*initiator_margin, *winner_margin)
                };
                let made = Contract {
                    id: *contract,
                    auction: *auction,
                    lot: *lot,
                    seller: *seller,
                    buyer: *buyer,
                    price: *price,
                    quantity: *quantity,
                    amount: *amount,
                    seller_margin,
                    buyer_margin,
                    at: *at,
                    cancelled: None,
                };
                let terms = Arc::clone(&self.auction_at(*auction).terms);
                let product = self.by_product.get(&terms.product).and_then(|at| self.products.get(*at));
                take(&mut self.quotes, product, &terms, trade_of(&made));
                self.contracts.push(made);
                let found = self.lot_at(*auction, *lot);
                found.contract = Some(*contract);
                found.lead = Some(Lead {
                    member: *winner,
                    alias: found.alias(*winner).expect("who wins has bid"),
                    price: *price,
                });
            }
            Event::LotAnnulled { auction, lot, contract, reason } => {
                self.lot_at(*auction, *lot).annulled = Some(reason.as_str().into());
                let contract = place(contract.0).and_then(|at| self.contracts.get_mut(at));
                let contract = contract.expect("only contracts that came into being are cancelled");
                contract.cancelled = Some(Cancellation { at: happened.at, reason: reason.clone() });
                self.quotes.annul(contract.id);
            }
            Event::ApprovalAsked { approval, by, role, act } => {
                let asked =
                    Approval { id: *approval, by: *by, role: *role, act: act.clone(), decision: Decision::Waiting };
                self.approvals.insert(*approval, asked);
            }
            Event::ApprovalDecided { approval, .. } => {
                self.approvals.remove(approval);
            }
        }
    }

    /// Takes over what only one member may know: a sealed bid that now counts.
    ///
    /// # Panics
    /// It names a lot or a member that is not there.
    pub fn apply_private(&mut self, private: &Private) {
        let (lot, members) = self.lot_and_members(private.auction, private.lot);
        let member = member_at(members, private.member);
        if let Some(before) = lot.sealed.iter_mut().find(|bid| bid.member == private.member && !bid.replaced) {
            before.replaced = true;
            member.sealed_margin -= before.margin;
        }
        lot.sealed.push(SealedBid {
            sequence: private.sequence,
            at: private.at,
            member: private.member,
            price: private.price,
            margin: private.margin,
            replaced: false,
        });
        member.sealed_margin += private.margin;
        member.bidding.insert((private.auction, private.lot));
        assert_eq!(member.sealed_margin, private.sealed_held, "what is held for sealed bids adds up");
    }

    /// A sealed margin reads as available: what moves between the two changes nothing in public.
    fn post(&mut self, account: Account, by: Money) {
        let Some(member) = account.member() else { return };
        let balances = &mut member_at(&mut self.members, member).public;
        match account {
            Account::Bank => {}
            Account::Available(_) | Account::SealedMargin(_) => balances.available += by,
            Account::BidMargin(_) => balances.bid_margin += by,
            Account::InitiatorMargin(_) => balances.initiator_margin += by,
            Account::ContractMargin(_) => balances.contract_margin += by,
        }
    }

    fn forget_bidding(&mut self, id: AuctionId) {
        let Picture { auctions, members, .. } = self;
        let Some(auction) = place(id.0).and_then(|at| auctions.get(at)) else { return };
        for (at, lot) in auction.lots.iter().enumerate() {
            let here = (id, LotIndex(u16::try_from(at).expect("lots are counted in 16 bits")));
            for bidder in &lot.bidders {
                member_at(members, *bidder).bidding.remove(&here);
            }
        }
    }

    fn begin_session(&mut self, token_hash: super::TokenHash, session: Session) {
        self.user_at(session.user.0).sessions.push(token_hash);
        self.sessions.insert(token_hash, session);
    }

    fn user_at(&mut self, id: u32) -> &mut User {
        place(id).and_then(|at| self.users.get_mut(at)).expect("only users that were added are named")
    }

    fn auction_at(&mut self, id: AuctionId) -> &mut Auction {
        place(id.0).and_then(|at| self.auctions.get_mut(at)).expect("only auctions that were submitted are named")
    }

    fn lot_at(&mut self, auction: AuctionId, lot: LotIndex) -> &mut Lot {
        self.lot_and_members(auction, lot).0
    }

    fn lot_and_members(&mut self, auction: AuctionId, lot: LotIndex) -> (&mut Lot, &mut [Member]) {
        let found = place(auction.0)
            .and_then(|at| self.auctions.get_mut(at))
            .and_then(|auction| auction.lots.get_mut(lot.0 as usize))
            .expect("only lots that were announced are named");
        (found, &mut self.members)
    }
}

impl Lot {
    /// Notes a bidder under its alias; aliases are given in the order of the first bid. Says whether it is new.
    fn name(&mut self, member: MemberId, alias: u32) -> bool {
        let new = place(alias) == Some(self.bidders.len());
        if new {
            self.bidders.push(member);
        }
        assert_eq!(place(alias).and_then(|at| self.bidders.get(at)), Some(&member), "an alias is one member's");
        new
    }
}

fn submitted(id: AuctionId, terms: &Announcement) -> Auction {
    Auction {
        id,
        terms: Arc::new(terms.clone()),
        status: AuctionStatus::Submitted,
        opens: terms.opens,
        closes: terms.closes,
        suspended_at: None,
        own_suspension: None,
        reason: "".into(),
        lots: terms
            .lots
            .iter()
            .map(|lot| Lot {
                code: lot.code.as_str().into(),
                quantity: lot.quantity,
                status: LotStatus::Waiting,
                end: first_end(terms),
                lead: None,
                contract: None,
                annulled: None,
                accepted: 0,
                rejected: 0,
                bidders: Vec::new(),
                sealed: Vec::new(),
            })
            .collect(),
    }
}

/// Where the end of a lot starts (auction.md, "An open auction"). The exchange gives a lot its end with its publication;
/// until then this is what its initiator and staff are shown.
pub(super) fn first_end(terms: &Announcement) -> Instant {
    match terms.countdown_from {
        CountdownFrom::Opening if !terms.is_sealed() => terms.opens.plus(terms.countdown).min(terms.closes),
        CountdownFrom::Opening | CountdownFrom::Closing => terms.closes,
    }
}
