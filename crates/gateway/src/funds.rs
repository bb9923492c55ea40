//! Money: one's own, a member's for staff, and in and out through the bank.

use std::sync::Arc;

use archive::Order;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::command::{Payment, Sight};
use exchange::ledger::{Account, Paid};
use exchange::markets::auction::LotStatus;
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money, Sequence, margin};
use exchange::{Answer, Body, Cause, Reply};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::history::{self, Wanted};
use crate::idempotency::{Asked, answer, json};
use crate::live::{Auction, Lot, Picture};
use crate::problem::{Document, Problem, outcome};
use crate::query::{At, PAGE_MAX, Params};
use crate::view::{FundsSeen, Page};
use crate::wire::{self, NewPayment, shown, shown_or_null};

/// Money has moved.
#[derive(Serialize, ToSchema)]
pub(crate) struct Moved {
    /// The entry that did it.
    pub sequence: u64,
    /// What the member has available now.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub available: Money,
}

/// It waits for a second person.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pending {
    /// `pending`.
    status: &'static str,
    /// What the second person approves.
    id: u32,
    /// The entry that asked.
    sequence: u64,
}

/// What one account gained or lost. The sum over an account is its balance.
#[derive(Serialize, ToSchema)]
pub(crate) struct Posting {
    /// The entry that did it; null for what is held for sealed bids, which is in no entry for others to read.
    sequence: Option<u64>,
    /// When.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>)]
    at: Option<Instant>,
    /// `available`, `bid_margin`, `initiator_margin`, `contract_margin` or `sealed_margin`.
    account: &'static str,
    /// By how much: below zero what it lost.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    amount: Money,
    /// Why.
    cause: CauseView,
}

/// A deposit, a withdrawal, or the correction of one.
#[derive(Serialize, ToSchema)]
#[schema(as = Payment)]
pub(crate) struct PaymentView {
    /// The entry that did it: what a correction names.
    sequence: u64,
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// By how much the available cash changed: below zero what it lost.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    amount: Money,
    /// Why.
    cause: CauseView,
    /// Whether it can be corrected: it was made under rules 2, is no correction itself, and was not corrected.
    correctable: bool,
    /// The entry that corrected it; null: none has.
    #[schema(required)]
    corrected_by: Option<u64>,
}

/// Why money moved.
#[derive(Serialize, ToSchema)]
#[schema(as = Cause)]
pub(crate) struct CauseView {
    /// `deposit`, `withdrawal`, `bid_held`, `bid_released`, `initiator_held`, `initiator_released`, `awarded`,
    /// `annulled`, `correction` or `sealed_bids_held`.
    kind: &'static str,
    /// What the bank's statement says.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// In which auction.
    #[serde(skip_serializing_if = "Option::is_none")]
    auction: Option<u32>,
    /// For which lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<String>,
    /// For which contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<u32>,
    /// The entry whose deposit or withdrawal this corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<u64>,
    /// Why it is corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Something for which a member's money is held now.
#[derive(Serialize, ToSchema)]
#[schema(as = Margin)]
pub(crate) struct MarginView {
    /// `bid`: of the bid with which it leads; `sealed_bid`: of its own bid in a sealed lot; `initiator`: of a lot that it has
    /// announced; `contract`: of an award.
    kind: &'static str,
    /// In which auction.
    auction: u32,
    /// For which lot.
    lot: String,
    /// The auction's title.
    title: String,
    /// For which contract.
    #[schema(required)]
    contract: Option<u32>,
    /// How much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    amount: Money,
}

/// What a member's money is held for.
#[derive(Serialize, ToSchema)]
#[schema(as = Margins)]
pub(crate) struct MarginsSeen {
    /// By auction, then by lot.
    items: Vec<MarginView>,
    /// What they come to: what the funds say is held.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    held: Money,
    /// The last entry that is in here.
    sequence: u64,
}

/// What the money of the caller's member is held for now, by auction and lot. The sum is what its funds say is held.
#[utoipa::path(get, path = "/api/v1/funds/margins", tag = "funds", responses((status = 200, body = MarginsSeen)))]
pub(crate) async fn margins(
    State(gateway): State<Gateway>,
    caller: Caller,
    params: Params,
) -> Result<Response, Problem> {
    params.end()?;
    gateway.live.read(|picture| {
        let member = caller.member.and_then(|member| picture.member(member)).ok_or_else(Problem::forbidden)?;
        let items = held_for(picture, member.id);
        Ok(json(StatusCode::OK, &MarginsSeen { items, held: member.own_funds().held, sequence: picture.sequence.0 }))
    })
}

fn held_for(picture: &Picture, member: MemberId) -> Vec<MarginView> {
    let view = |kind, auction: &Auction, lot: &str, contract, amount| MarginView {
        kind,
        auction: auction.id.0,
        lot: lot.to_owned(),
        title: auction.terms.title.clone(),
        contract,
        amount,
    };
    let security = |auction: &Auction, lot: &Lot, price| margin(price, lot.quantity, auction.terms.margin_rate);
    let mut items = Vec::new();
    for (auction, lot, _) in picture.aliases_of(member) {
        if let Some(lead) = lot.lead.filter(|lead| lead.member == member && lot.status == LotStatus::Running) {
            items.push(view("bid", auction, &lot.code, None, security(auction, lot, lead.price)));
        }
    }
    for (auction, lot, bid) in picture.sealed_bids_of(member) {
        items.push(view("sealed_bid", auction, &lot.code, None, bid.margin));
    }
    let announced = picture.auctions.iter().filter(|auction| auction.terms.initiator == member);
    for auction in announced.filter(|auction| auction.is_public() && !auction.has_ended()) {
        for lot in auction.lots.iter().filter(|lot| !lot.status.has_ended()) {
            items.push(view("initiator", auction, &lot.code, None, security(auction, lot, auction.terms.start_price)));
        }
    }
    for contract in &picture.contracts {
        let own = [(contract.seller, contract.seller_margin), (contract.buyer, contract.buyer_margin)];
        let Some((_, amount)) = own.into_iter().find(|(of, _)| *of == member) else { continue };
        let Some(auction) = picture.auction(contract.auction).filter(|_| contract.awaits_payment()) else { continue };
        let Some(lot) = auction.lots.get(contract.lot.0 as usize) else { continue };
        items.push(view("contract", auction, &lot.code, Some(contract.id.0), amount));
    }
    items.sort_by(|a, b| (a.auction, &a.lot, a.kind).cmp(&(b.auction, &b.lot, b.kind)));
    items
}

/// The funds of the caller's member.
#[utoipa::path(get, path = "/api/v1/funds", tag = "funds", responses((status = 200, body = FundsSeen)))]
pub(crate) async fn own(State(gateway): State<Gateway>, caller: Caller, params: Params) -> Result<Response, Problem> {
    params.end()?;
    gateway.live.read(|picture| {
        let member = caller.member.and_then(|member| picture.member(member)).ok_or_else(Problem::forbidden)?;
        Ok(json(StatusCode::OK, &FundsSeen::of(member.own_funds(), picture.sequence)))
    })
}

/// The funds of any member, as if nothing were held for sealed bids. The look enters the audit trail before it is answered.
#[utoipa::path(get, path = "/api/v1/members/{code}/funds", tag = "funds", params(("code" = String, Path)),
    responses((status = 200, body = FundsSeen), (status = 404, body = Document<'static>)))]
pub(crate) async fn of_member(
    State(gateway): State<Gateway>,
    caller: Caller,
    At(code): At<String>,
) -> Result<Response, Problem> {
    let member = gateway.live.read(|picture| picture.member_by_code(&code).map(|member| member.id));
    gateway.look(&caller, Sight::Funds, Some(member.ok_or_else(Problem::unknown_member)?)).await?;
    gateway.live.read(|picture| {
        let member = picture.member_by_code(&code).ok_or_else(Problem::unknown_member)?;
        Ok(json(StatusCode::OK, &FundsSeen::of(member.public_funds(), picture.sequence)))
    })
}

/// What the accounts of the caller's member gained and lost, newest first. The sum is the balance.
#[utoipa::path(get, path = "/api/v1/funds/postings", tag = "funds",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<Posting>), (status = 422, body = Document<'static>)))]
pub(crate) async fn postings(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let member = caller.member.ok_or_else(Problem::forbidden)?;
    let limit = params.limit(PAGE_MAX)?;
    let cursor = history::cursor(&mut params)?;
    params.end()?;
    let (mut items, as_of) = match cursor {
        None => sealed(&gateway, member),
        Some(_) => (Vec::new(), Sequence(u64::MAX)),
    };
    let position = gateway.history(wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let rows = history::read(move || archive.postings_of_member(member, Order::NewestFirst, cursor, limit)).await?;
    // What came between the two looks would not fit the first: the page is as of one entry.
    let rows_then = rows.items.into_iter().filter(|row| row.sequence <= as_of);
    gateway.live.read(|picture| {
        items.extend(rows_then.map(|row| Posting {
            sequence: Some(row.sequence.0),
            at: Some(row.at),
            account: row.account.word(),
            amount: row.amount,
            cause: CauseView::of(row.cause, |auction, lot| {
                let lot = picture.auction(auction).and_then(|auction| auction.lots.get(lot.0 as usize));
                lot.map(|lot| lot.code.to_string())
            }),
        }));
    });
    Ok(position.mark(json(StatusCode::OK, &Page { items, next: rows.next.map(|next| next.to_string()) })))
}

/// What is held for sealed bids is in no file before its time; its owner reads it from memory, as one movement, so that
/// the sum is the balance for it too. With it, the entry as of which it is true.
fn sealed(gateway: &Gateway, member: MemberId) -> (Vec<Posting>, Sequence) {
    let (held, as_of) = gateway.live.read(|picture| {
        let held = picture.member(member).map(|member| member.own_balances().sealed_margin);
        (held.unwrap_or_default(), picture.sequence)
    });
    if held.is_zero() {
        return (Vec::new(), as_of);
    }
    let posting = |account: Account, amount| Posting {
        sequence: None,
        at: None,
        account: account.word(),
        amount,
        cause: CauseView::new("sealed_bids_held"),
    };
    (vec![posting(Account::SealedMargin(member), held), posting(Account::Available(member), -held)], as_of)
}

impl CauseView {
    const fn new(kind: &'static str) -> Self {
        CauseView { kind, reference: None, auction: None, lot: None, contract: None, corrects: None, reason: None }
    }

    fn of(cause: Cause, code: impl Fn(AuctionId, LotIndex) -> Option<String>) -> Self {
        let of_lot = |kind, auction: AuctionId, lot| CauseView {
            auction: Some(auction.0),
            lot: code(auction, lot),
            ..CauseView::new(kind)
        };
        match cause {
            Cause::Deposit(reference) => CauseView { reference: Some(reference), ..CauseView::new("deposit") },
            Cause::Withdrawal(reference) => CauseView { reference: Some(reference), ..CauseView::new("withdrawal") },
            Cause::BidHeld(auction, lot) => of_lot("bid_held", auction, lot),
            Cause::BidReleased(auction, lot) => of_lot("bid_released", auction, lot),
            Cause::InitiatorHeld(auction, lot) => of_lot("initiator_held", auction, lot),
            Cause::InitiatorReleased(auction, lot) => of_lot("initiator_released", auction, lot),
            Cause::Awarded(contract) => CauseView { contract: Some(contract.0), ..CauseView::new("awarded") },
            Cause::Annulled(contract) => CauseView { contract: Some(contract.0), ..CauseView::new("annulled") },
            Cause::Correction(of, reason) => {
                CauseView { corrects: Some(of.0), reason: Some(reason), ..CauseView::new("correction") }
            }
        }
    }
}

/// The deposits and withdrawals of any member and their corrections, the newest first. The look enters the audit trail
/// before it is answered.
#[utoipa::path(get, path = "/api/v1/members/{code}/payments", tag = "funds",
    params(("code" = String, Path), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<PaymentView>), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn payments(
    State(gateway): State<Gateway>,
    caller: Caller,
    At(code): At<String>,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let limit = params.limit(PAGE_MAX)?;
    let cursor = history::cursor(&mut params)?;
    params.end()?;
    let member = gateway.member(&code)?;
    gateway.look(&caller, Sight::Funds, Some(member)).await?;
    let position = gateway.history(wanted).await?;
    let (archive, node) = (Arc::clone(&gateway.archive), gateway.node.clone());
    // What a payment has come to is read after the payment: it may have been corrected meanwhile, and says so.
    let (page, paid) = history::read(move || {
        let page = archive.payments_of_member(member, cursor, limit)?;
        let paid: Vec<Option<Paid>> = node.read(|exchange| {
            page.items.iter().map(|posting| exchange.payments().of(posting.sequence).copied()).collect()
        });
        Ok((page, paid))
    })
    .await?;
    let items = page.items.into_iter().zip(paid).map(|(posting, paid)| PaymentView {
        sequence: posting.sequence.0,
        at: posting.at,
        amount: posting.amount,
        cause: CauseView::of(posting.cause, |_, _| None),
        correctable: paid.is_some_and(|paid| paid.corrected.is_none()),
        corrected_by: paid.and_then(|paid| paid.corrected).map(|by| by.0),
    });
    let page = Page { items: items.collect(), next: page.next.map(|next| next.to_string()) };
    Ok(position.mark(json(StatusCode::OK, &page)))
}

/// Cash comes in from the bank.
#[utoipa::path(post, path = "/api/v1/members/{code}/deposits", tag = "funds", request_body = NewPayment,
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Moved), (status = 202, body = Pending), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn deposit(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    asked: Asked<NewPayment>,
) -> Result<Response, Problem> {
    let payment = payment(&gateway, &code, &asked.body)?;
    moved(&asked.submit(&gateway, Body::Deposit(payment)).await?, StatusCode::CREATED)
}

/// Cash goes out to the bank.
#[utoipa::path(post, path = "/api/v1/members/{code}/withdrawals", tag = "funds", request_body = NewPayment,
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Moved), (status = 202, body = Pending), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn withdraw(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    asked: Asked<NewPayment>,
) -> Result<Response, Problem> {
    let payment = payment(&gateway, &code, &asked.body)?;
    moved(&asked.submit(&gateway, Body::Withdraw(payment)).await?, StatusCode::CREATED)
}

fn payment(gateway: &Gateway, code: &str, body: &NewPayment) -> Result<Payment, Problem> {
    let member = gateway.live.read(|picture| picture.member_by_code(code).map(|member| member.id));
    let member = member.ok_or_else(Problem::unknown_member)?;
    let amount = wire::amount("amount", &body.amount)?;
    wire::text("invalid_reference", "reference", &body.reference, 140)?;
    Ok(Payment { member, amount, reference: body.reference.clone() })
}

/// The answer to a movement of money, done or waiting.
pub(crate) fn moved(reply: &Reply, done: StatusCode) -> Result<Response, Problem> {
    let sequence = reply.sequence.0;
    match outcome(reply)? {
        Answer::Funds { available } => Ok(answer(reply, done, &Moved { sequence, available: *available })),
        other => pending(reply, other),
    }
}

/// The answer to what waits for a second person.
pub(crate) fn pending(reply: &Reply, answered: &Answer) -> Result<Response, Problem> {
    match answered {
        Answer::Pending(id) => {
            let pending = Pending { status: "pending", id: id.0, sequence: reply.sequence.0 };
            Ok(answer(reply, StatusCode::ACCEPTED, &pending))
        }
        other => Err(Problem::unexpected(other)),
    }
}
