//! The picture of a whole exchange, after recovery.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exchange::Exchange;
use exchange::approvals::Decision;
use exchange::contracts::Contract;
use exchange::disclosure::{Quotes, Trade};
use exchange::markets::auction;
use exchange::units::{LotIndex, MemberId, Money};

use super::apply::first_end;
use super::still::is_open;
use super::{Auction, Lead, Lot, Member, Picture, Session, User};
use crate::live::quotes::take;

impl Picture {
    /// The picture of an exchange as it stands. It equals what [`Picture::apply`] makes of all its events.
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        let members = exchange.members();
        let firms: Vec<Member> = members.members.iter().map(|member| member_of(exchange, member)).collect();
        let codes = Arc::new(firms.iter().map(|member| Arc::clone(&member.code)).collect());
        let by_code = firms.iter().map(|member| (Arc::clone(&member.code), member.id)).collect();
        let mut picture = Picture {
            sequence: exchange.sequence(),
            at: exchange.now(),
            profile: exchange.profile().clone(),
            members: firms,
            open: BTreeSet::new(),
            codes,
            by_code,
            users: members.users.iter().map(|user| user_of(members, user)).collect(),
            sessions: members
                .sessions
                .iter()
                .flatten()
                .map(|s| (*s.token_hash, Session { user: s.user, expires: s.expires, begun: s.begun }))
                .collect(),
            products: exchange.products().products.clone(),
            auctions: exchange.auctions().iter().map(|auction| auction_of(exchange, auction)).collect(),
            contracts: exchange.contracts().to_vec(),
            quotes: quotes_of(exchange),
            approvals: exchange
                .approvals()
                .iter()
                .filter(|approval| approval.decision == Decision::Waiting)
                .map(|approval| (approval.id, approval.clone()))
                .collect::<BTreeMap<_, _>>(),
            halts: exchange.halts().clone(),
            applications: exchange.applications().clone(),
            files: exchange.files().clone(),
            by_login: members.users.iter().map(|user| (*user.login_tag, user.id)).collect(),
            by_product: exchange.products().products.iter().enumerate().map(|(at, p)| (p.code.clone(), at)).collect(),
        };
        picture.open = picture.auctions.iter().filter(|auction| is_open(auction)).map(|auction| auction.id).collect();
        picture.note_bidding();
        picture
    }

    fn note_bidding(&mut self) {
        let Picture { auctions, members, .. } = self;
        for auction in auctions.iter().filter(|auction| !auction.has_ended()) {
            for (at, lot) in auction.lots.iter().enumerate() {
                let here = (auction.id, LotIndex(u16::try_from(at).expect("lots are counted in 16 bits")));
                for id in lot.bidders.iter().copied().chain(lot.sealed.iter().map(|bid| bid.member)) {
                    member_at(members, id).bidding.insert(here);
                }
                for bid in lot.sealed.iter().filter(|bid| !bid.replaced) {
                    member_at(members, bid.member).sealed_margin += bid.margin;
                }
            }
        }
    }
}

/// What all awards come to, in their order.
fn quotes_of(exchange: &Exchange) -> Quotes {
    let mut quotes = Quotes::new(exchange.profile().offset());
    for contract in exchange.contracts() {
        let auction = super::place(contract.auction.0).and_then(|at| exchange.auctions().get(at));
        let terms = &auction.expect("an award is of an auction").terms;
        take(&mut quotes, exchange.products().by_code(&terms.product), terms, trade_of(contract));
    }
    quotes
}

/// An award as the public reads it.
pub(super) fn trade_of(contract: &Contract) -> Trade {
    Trade {
        contract: contract.id,
        at: contract.at,
        auction: contract.auction,
        lot: contract.lot,
        price: contract.price,
        quantity: contract.quantity,
        amount: contract.amount,
        annulled: contract.cancelled.is_some(),
    }
}

/// A member that an event or the state names: one that is not there is a broken invariant.
pub(super) fn member_at(members: &mut [Member], id: MemberId) -> &mut Member {
    super::place(id.0).and_then(|at| members.get_mut(at)).expect("only members that have joined are named")
}

fn member_of(exchange: &Exchange, member: &exchange::members::Member) -> Member {
    Member {
        id: member.id,
        code: member.code.as_str().into(),
        name: member.name.clone(),
        public: exchange.ledger().balances(member.id).in_public(),
        frozen: member.frozen.clone(),
        sealed_margin: Money::ZERO,
        bidding: BTreeSet::new(),
    }
}

fn user_of(members: &exchange::members::Members, user: &exchange::members::User) -> User {
    let session = |place: &u32| members.sessions[*place as usize].as_ref().map(|session| *session.token_hash);
    User {
        id: user.id,
        role: user.role,
        member: user.member,
        login_tag: *user.login_tag,
        personal: user.personal.clone(),
        password_hash: user.password_hash.clone(),
        single_use: user.single_use,
        locked: user.locked,
        second: user.second.clone(),
        key: user.key.clone().map(Arc::new),
        limit: user.limit,
        forgotten: user.forgotten.is_some(),
        notices_read: user.notices_read,
        notices: user.notices.as_ref().map(|sealed| sealed.as_slice().into()),
        first_until: user.first_until,
        given: user.given,
        followed: user.followed.as_deref().unwrap_or_default().into(),
        sessions: user.sessions.iter().filter_map(session).collect(),
    }
}

fn auction_of(exchange: &Exchange, auction: &auction::Auction) -> Auction {
    let hidden = |lot: &auction::Lot| auction.terms.is_sealed() && !lot.status.has_ended();
    let published = !matches!(auction.status, auction::AuctionStatus::Submitted | auction::AuctionStatus::Rejected);
    Auction {
        id: auction.id,
        terms: Arc::new(auction.terms.clone()),
        status: auction.status,
        opens: auction.opens,
        closes: auction.closes,
        suspended_at: auction.suspended_at,
        own_suspension: auction.own_suspension(),
        reason: auction.reason.as_str().into(),
        lots: auction
            .lots
            .iter()
            .map(|lot| {
                let end = if published { lot.end } else { first_end(&auction.terms) };
                let contract = lot.contract.and_then(|id| exchange.contracts().get(id.0 as usize - 1));
                let cancelled = contract.and_then(|contract| contract.cancelled.as_ref());
                let annulled = cancelled.map(|cancelled| cancelled.reason.as_str().into());
                Lot { end, annulled, ..lot_of(lot, hidden(lot)) }
            })
            .collect(),
    }
}

/// `hidden`: of a sealed lot that has not ended, only the bids that their members may see are taken over.
fn lot_of(lot: &auction::Lot, hidden: bool) -> Lot {
    Lot {
        code: lot.terms.code.as_str().into(),
        quantity: lot.terms.quantity,
        status: lot.status,
        end: lot.end,
        lead: lot.lead.filter(|_| !hidden).map(|lead| Lead {
            member: lead.member,
            alias: lot.alias(lead.member).expect("who leads has bid"),
            price: lead.price,
        }),
        contract: lot.contract,
        annulled: None,
        accepted: lot.accepted,
        rejected: lot.rejected,
        bidders: if hidden { Vec::new() } else { lot.bidders.list().to_vec() },
        sealed: if hidden { lot.sealed.clone() } else { Vec::new() },
    }
}
