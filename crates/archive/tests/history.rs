//! What can be asked of history, and that pages neither lose nor repeat a row.

mod kit;

use archive::{
    ActKind, Archive, ArchiveError, AuctionFilter, Counts, Cursor, LIMIT_MAX, Order, Outcome, Page, Posting, Viewer,
};
use exchange::Cause;
use exchange::approvals::Decision;
use exchange::ledger::{Account, Balances};
use exchange::markets::auction::{AuctionStatus, LotStatus, Side};
use exchange::units::{AuctionId, ContractId, LotIndex, MemberId, Money, Sequence, UserId};
use kit::{at, feed, fen, open, price, tour};

const SELLER: MemberId = MemberId(1);
const FIRST: MemberId = MemberId(2);
const SECOND: MemberId = MemberId(3);
const OPEN: AuctionId = AuctionId(1);
const SEALED: AuctionId = AuctionId(2);
const LOT: LotIndex = LotIndex(0);

fn toured() -> (tempfile::TempDir, Archive) {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, tour().runs(4));
    (folder, archive)
}

/// All pages of a list, of `limit` rows each; each cursor goes through its text, as a client would send it.
fn all<T>(limit: usize, page: impl Fn(Option<Cursor>, usize) -> Result<Page<T>, ArchiveError>) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let page = page(cursor, limit).unwrap();
        assert!(page.items.len() <= limit && (page.next.is_none() || page.items.len() == limit));
        items.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next.to_string().parse().unwrap()),
            None => return items,
        }
    }
}

/// Protects every list against a row lost or repeated between two pages, in both orders.
#[test]
fn pages_join_without_a_seam() {
    let (_folder, archive) = toured();
    for limit in 1..=7 {
        for member in 0..=3 {
            let member = MemberId(member);
            let bids = |order| all(limit, |cursor, limit| archive.bids_of_member(member, order, cursor, limit));
            let postings = |order| all(limit, |cursor, limit| archive.postings_of_member(member, order, cursor, limit));
            let mut newest = bids(Order::NewestFirst);
            newest.reverse();
            assert_eq!(newest, bids(Order::OldestFirst));
            assert_eq!(newest, archive.bids_of_member(member, Order::OldestFirst, None, 99).unwrap().items);
            let mut newest = postings(Order::NewestFirst);
            newest.reverse();
            assert_eq!(newest, postings(Order::OldestFirst));
            assert_eq!(newest, archive.postings_of_member(member, Order::OldestFirst, None, 99).unwrap().items);
            let contracts = all(limit, |cursor, limit| archive.contracts_of_member(member, cursor, limit));
            assert_eq!(contracts, archive.contracts_of_member(member, None, 99).unwrap().items);
        }
        let staff = AuctionFilter { viewer: Viewer::Staff, ..AuctionFilter::default() };
        assert_eq!(all(limit, |cursor, limit| archive.auctions(&staff, cursor, limit)).len(), 3);
        assert_eq!(all(limit, |cursor, limit| archive.acts_of_auction(OPEN, cursor, limit)).len(), 3);
        assert_eq!(all(limit, |cursor, limit| archive.members(cursor, limit)).len(), 3);
        assert_eq!(all(limit, |cursor, limit| archive.products(cursor, limit)).len(), 1);
        assert_eq!(all(limit, |cursor, limit| archive.approvals(cursor, limit)).len(), 2);
    }
    assert_eq!(archive.bids_of_member(FIRST, Order::NewestFirst, None, 0).unwrap().items.len(), 1, "at least one");
    let bids = archive.bids_of_member(FIRST, Order::NewestFirst, None, 1).unwrap();
    let foreign = archive.postings_of_member(FIRST, Order::NewestFirst, bids.next, 1);
    assert!(matches!(foreign, Err(ArchiveError::Cursor)), "a cursor is good for its own list");
}

/// Protects the bound of a page.
#[test]
fn a_page_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    let mut log = kit::Log::default();
    log.entry([kit::admitted(1)]);
    for _ in 0..LIMIT_MAX + 20 {
        log.entry([kit::deposited(1, 1)]);
    }
    feed(&archive, log.runs(100));
    let page = archive.postings_of_member(SELLER, Order::OldestFirst, None, usize::MAX).unwrap();
    assert_eq!(page.items.len(), LIMIT_MAX);
    let rest = archive.postings_of_member(SELLER, Order::OldestFirst, page.next, usize::MAX).unwrap();
    assert_eq!((rest.items.len(), rest.next), (20, None));
}

/// Protects the law of the statement: the sum of the postings is the balance, in each account, and over all of them
/// nothing, also beyond 64 bits.
#[test]
fn postings_add_up() {
    let (_folder, archive) = toured();
    let mut total = Money::ZERO;
    for member in 0..=3 {
        let postings = archive.postings_of_member(MemberId(member), Order::OldestFirst, None, 99).unwrap().items;
        total += postings.iter().map(|posting| posting.amount).sum();
    }
    assert_eq!(total, Money::ZERO);
    let first = archive.balances(FIRST).unwrap();
    assert_eq!(first, Balances { available: fen((1 << 41) + (1 << 50) - 23), ..Balances::default() });
    let second = archive.balances(SECOND).unwrap();
    let held = 2 * 226_400_000;
    assert_eq!(second.available, fen((1 << 80) - held));
    assert_eq!(second.contract_margin, fen(held));
    let seller = archive.balances(SELLER).unwrap();
    assert_eq!((seller.initiator_margin, seller.contract_margin), (Money::ZERO, fen(226_000_000)));

    let of_first = archive.postings_of_member(FIRST, Order::OldestFirst, None, 4).unwrap().items;
    let posting = |sequence, place, account, amount, cause| Posting {
        sequence: Sequence(sequence),
        place,
        at: at(sequence),
        account,
        amount: fen(amount),
        cause,
    };
    let (available, margin) = (Account::Available(FIRST), Account::BidMargin(FIRST));
    assert_eq!(
        of_first,
        [
            posting(5, 1, available, 1 << 41, Cause::Deposit("statement '2'".to_owned())),
            posting(8, 0, available, -226_200_000, Cause::BidHeld(OPEN, LOT)),
            posting(8, 0, margin, 226_200_000, Cause::BidHeld(OPEN, LOT)),
            posting(11, 0, margin, -226_200_000, Cause::BidReleased(OPEN, LOT)),
        ]
    );
}

/// Protects the list of payments: deposits, withdrawals and corrections alone, whatever the limit, as the postings have them.
#[test]
fn payments_are_the_postings_from_and_to_the_bank() {
    let (_folder, archive) = toured();
    for member in [SELLER, FIRST, SECOND] {
        let paid = |posting: &Posting| {
            matches!(posting.cause, Cause::Deposit(_) | Cause::Withdrawal(_) | Cause::Correction(..))
        };
        let mut postings = archive.postings_of_member(member, Order::NewestFirst, None, 99).unwrap().items;
        postings.retain(paid);
        assert!(!postings.is_empty());
        for limit in [1, 2, 99] {
            assert_eq!(all(limit, |cursor, limit| archive.payments_of_member(member, cursor, limit)), postings);
        }
    }
    let foreign = archive.postings_of_member(FIRST, Order::NewestFirst, None, 1).unwrap().next;
    assert!(matches!(archive.payments_of_member(FIRST, foreign, 1), Err(ArchiveError::Cursor)));
}

/// Protects what everybody may see of a lot: accepted bids only, in their order, behind the entry that was asked for.
#[test]
fn bids_of_an_open_lot() {
    let (_folder, archive) = toured();
    let page = archive.bids_of_lot(OPEN, LOT, Order::OldestFirst, None, 1).unwrap();
    assert_eq!((page.items[0].sequence, page.next), (Sequence(8), Some(Sequence(8))));
    let page = archive.bids_of_lot(OPEN, LOT, Order::OldestFirst, Some(Sequence(8)), 10).unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
    let bid = &page.items[0];
    assert_eq!((bid.member, bid.user, bid.price), (SECOND, Some(UserId(3)), Some(price(566_000))));
    assert_eq!((bid.overtaken, bid.alias, bid.outcome.clone()), (Some(FIRST), Some(3), Outcome::Accepted));
    assert_eq!((bid.margin, bid.seen_price), (Some(fen(226_400_000)), Some(price(565_500))));
    assert!(archive.bids_of_lot(OPEN, LotIndex(7), Order::OldestFirst, None, 10).unwrap().items.is_empty());
}

/// Protects a sealed lot: before its end it has no price, no bid to show and no count; then all bids in their order.
#[test]
fn bids_of_a_sealed_lot() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    let log = tour();
    feed(&archive, [log.run(1, 20)]);
    assert!(archive.bids_of_lot(SEALED, LOT, Order::OldestFirst, None, 10).unwrap().items.is_empty());
    let lot = archive.lots(SEALED).unwrap().remove(0);
    assert_eq!((lot.counts, lot.leader, lot.price), (None, None, None));
    let own = archive.bids_of_member(FIRST, Order::NewestFirst, None, 2).unwrap().items;
    assert!(own.iter().all(|bid| bid.outcome == Outcome::Sealed && bid.price.is_none() && bid.margin.is_none()));
    let refused = archive.bids_of_member(SECOND, Order::NewestFirst, None, 1).unwrap().items;
    assert_eq!((&refused[0].outcome, refused[0].price), (&Outcome::Refused(None), None));

    feed(&archive, log.runs(2));
    let bids = archive.bids_of_lot(SEALED, LOT, Order::OldestFirst, None, 10).unwrap().items;
    let seen: Vec<_> = bids.iter().map(|bid| (bid.sequence.0, bid.member, bid.price, bid.outcome.clone())).collect();
    assert_eq!(
        seen,
        [
            (17, FIRST, Some(price(565_000)), Outcome::Replaced),
            (18, SECOND, Some(price(566_000)), Outcome::Accepted),
            (20, FIRST, Some(price(565_500)), Outcome::Accepted),
        ]
    );
    assert_eq!((bids[0].at, bids[0].user), (at(17), Some(UserId(2))));
    let lot = archive.lots(SEALED).unwrap().remove(0);
    assert_eq!(lot.counts, Some(Counts { accepted: 3, refused: 1 }));
    assert_eq!((lot.leader, lot.price, lot.contract), (Some(SECOND), Some(price(566_000)), Some(ContractId(2))));
    assert_eq!(archive.auction(SEALED).unwrap().unwrap().key, Some([0xCC; 32]));
}

/// Protects one's own list: refused bids are in it, with their reason, also for a lot that does not exist.
#[test]
fn bids_of_a_member() {
    let (_folder, archive) = toured();
    let bids = archive.bids_of_member(SECOND, Order::OldestFirst, None, 10).unwrap().items;
    let seen: Vec<_> = bids.iter().map(|bid| (bid.sequence.0, bid.lot.0, bid.outcome.clone())).collect();
    assert_eq!(
        seen,
        [
            (10, 7, Outcome::Refused(Some("unknown_lot".to_owned()))),
            (11, 0, Outcome::Accepted),
            (18, 0, Outcome::Accepted),
            (19, 0, Outcome::Refused(None)),
        ]
    );
}

/// Protects the list of auctions: each filter, and that an announcement is its initiator's and staff's until published.
#[test]
fn auctions_by_what_is_asked() {
    let (_folder, archive) = toured();
    let ids = |filter: AuctionFilter| {
        let page = archive.auctions(&filter, None, 10).unwrap();
        page.items.iter().map(|auction| auction.id.0).collect::<Vec<_>>()
    };
    let public = AuctionFilter::default;
    let staff = || AuctionFilter { viewer: Viewer::Staff, ..public() };
    assert_eq!(ids(public()), [2, 1]);
    assert_eq!(ids(staff()), [3, 2, 1]);
    assert_eq!(ids(AuctionFilter { viewer: Viewer::Member(SELLER), ..public() }), [3, 2, 1]);
    assert_eq!(ids(AuctionFilter { viewer: Viewer::Member(FIRST), ..public() }), [2, 1]);
    assert_eq!(ids(AuctionFilter { status: Some(AuctionStatus::Rejected), ..staff() }), [3]);
    assert_eq!(ids(AuctionFilter { status: Some(AuctionStatus::Cancelled), ..public() }), [1]);
    assert_eq!(ids(AuctionFilter { side: Some(Side::Procurement), ..staff() }), [0u32; 0]);
    assert_eq!(ids(AuctionFilter { side: Some(Side::Sale), ..public() }), [2, 1]);
    assert_eq!(ids(AuctionFilter { product: Some("PrNd-metal".to_owned()), ..staff() }), [3, 2, 1]);
    assert_eq!(ids(AuctionFilter { product: Some("Dy2O3".to_owned()), ..staff() }), [0u32; 0]);

    let auction = archive.auction(OPEN).unwrap().unwrap();
    assert_eq!(auction.announcement, kit::terms(SELLER, 2, exchange::markets::auction::Format::Open));
    assert_eq!((auction.status, auction.reason.as_str()), (AuctionStatus::Cancelled, "the notary's line is cut"));
    assert_eq!(archive.auction(AuctionId(4)).unwrap(), None);
    assert!(archive.lots(AuctionId(4)).unwrap().is_empty());
}

/// Protects what has become of lots: counts, leader and price, and that a cancelled lot has no winner.
#[test]
fn lots_and_contracts() {
    let (_folder, archive) = toured();
    let lots = archive.lots(OPEN).unwrap();
    assert_eq!((lots[0].code.as_str(), lots[0].status, lots[0].end), ("L1", LotStatus::Sold, at(500)));
    assert_eq!(lots[0].counts, Some(Counts { accepted: 2, refused: 1 }));
    assert_eq!((lots[0].leader, lots[0].price), (Some(SECOND), Some(price(566_000))));
    assert_eq!((lots[1].status, lots[1].leader, lots[1].price), (LotStatus::Cancelled, None, None));
    assert_eq!(lots[1].counts, Some(Counts { accepted: 1, refused: 0 }));

    let contract = archive.contract(ContractId(1)).unwrap().unwrap();
    assert_eq!(contract.amount, fen(i128::from(u64::MAX) * 3));
    assert_eq!((contract.seller_margin, contract.buyer_margin), (fen(226_000_000), fen(226_400_000)));
    assert_eq!((contract.winner, contract.at), (SECOND, at(500)));
    let of = |member| archive.contracts_of_member(member, None, 10).unwrap().items;
    assert_eq!(of(SELLER), of(SECOND));
    assert_eq!(of(SELLER).iter().map(|contract| contract.id.0).collect::<Vec<_>>(), [2, 1]);
    assert!(of(FIRST).is_empty());
    assert_eq!(archive.contract(ContractId(3)).unwrap(), None);
}

/// Protects the record of the exchange's own hand: who did what, with which reason; the clock is nobody.
#[test]
fn acts_and_approvals() {
    let (_folder, archive) = toured();
    let acts = |auction| archive.acts_of_auction(auction, None, 10).unwrap().items;
    let seen: Vec<_> = acts(OPEN).into_iter().map(|act| (act.kind, act.by, act.status, act.reason)).collect();
    let cancelled = "the notary's line is cut".to_owned();
    assert_eq!(
        seen,
        [
            (ActKind::Submitted, Some(UserId(4)), AuctionStatus::Submitted, String::new()),
            (ActKind::Published, Some(UserId(9)), AuctionStatus::Running, String::new()),
            (ActKind::Cancelled, Some(UserId(9)), AuctionStatus::Cancelled, cancelled),
        ]
    );
    assert_eq!(acts(SEALED).last().unwrap().kind, ActKind::Closed);
    assert_eq!(acts(AuctionId(3)).last().unwrap().reason, "the certificate is missing");

    let approvals = archive.approvals(None, 10).unwrap().items;
    let decisions: Vec<_> = approvals.iter().map(|approval| (approval.id.0, approval.decision)).collect();
    assert_eq!(decisions, [(2, Decision::Declined), (1, Decision::Done)]);
    assert_eq!(approvals[1].decided.unwrap().by, UserId(11));
    assert_eq!(approvals[1].by, UserId(10));
}
