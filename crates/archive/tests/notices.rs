//! What members are told: each kind, to whom, once, and read page by page.

mod kit;

use archive::{Archive, Notice, NoticeKind};
use exchange::Event;
use exchange::markets::auction::Format;
use exchange::units::{AuctionId, LotIndex, MemberId, Sequence};
use kit::{admitted, at, bid, feed, open, posted, submitted, terms, tour};

/// A member's notices, oldest first, in short.
fn told(archive: &Archive, member: u32) -> Vec<String> {
    let page = archive.notices_of_member(MemberId(member), None, 100).unwrap();
    let short = |one: &Notice| {
        let mut text = format!("{} {}", one.kind.word(), one.auction);
        if let Some(lot) = one.lot {
            text.push_str(&format!("/{}", lot.0));
        }
        for figure in [one.price.map(|p| p.to_string()), one.amount.map(|a| a.to_string()), one.reason.clone()] {
            text.extend(figure.map(|figure| format!(" {figure}")));
        }
        text
    };
    page.items.iter().rev().map(short).collect()
}

/// Protects what is a notice and to whom, over an open auction, a sealed one, a cancellation and a refusal: a margin released by
/// the bid that overtook it is said with that bid, one released otherwise is said.
#[test]
fn each_kind_reaches_whom_it_concerns() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, tour().runs(4));
    let amount = "553402322211286548.45";
    let sold = |auction: u32| format!("sold {auction}/0 566000.00 {amount}");
    assert_eq!(
        told(&archive, 1),
        [
            "approved 1",
            &sold(1),
            "released 1/1 2260000.00",
            "approved 2",
            &sold(2),
            "refused 3 the certificate is missing"
        ]
    );
    assert_eq!(
        told(&archive, 2),
        [
            "overtaken 1/0 566000.00",
            "lost 1/0 566000.00",
            "released 1/1 2262000.00",
            "released 2/0 2264000.00",
            "lost 2/0 566000.00"
        ]
    );
    assert_eq!(told(&archive, 3), [format!("won 1/0 566000.00 {amount}"), format!("won 2/0 566000.00 {amount}")]);
}

/// Protects what is told before the end of a lot: to those who have bid in it, sealed bids too, and to the initiator.
#[test]
fn the_end_of_a_lot_is_told_to_those_who_take_part() {
    for format in [Format::Open, Format::Sealed] {
        let folder = tempfile::tempdir().unwrap();
        let archive = open(&folder.path().join("archive.db"));
        let mut log = kit::Log::default();
        log.entry((1..=4).map(admitted));
        log.entry([submitted(1, terms(MemberId(1), 2, format))]);
        let (auction, lot) = (AuctionId(1), LotIndex(0));
        for (member, lot) in [(2, 0), (3, 0), (4, 1), (2, 0)] {
            let member = MemberId(member);
            log.entry(match format {
                Format::Open => bid(1, lot, member.0, 565_500, None, 100),
                Format::Sealed => vec![Event::SealedBidPlaced { auction, lot: LotIndex(lot), member }],
            });
        }
        log.entry([Event::LotEndsSoon { auction, lot, end: at(77) }]);
        feed(&archive, log.runs(3));
        for (member, expected) in [(1, 1), (2, 1), (3, 1), (4, 0)] {
            let page = archive.notices_of_member(MemberId(member), None, 9).unwrap();
            let ends: Vec<_> = page.items.iter().filter(|one| one.kind == NoticeKind::EndsSoon).collect();
            assert_eq!(ends.len(), expected, "{format:?} {member}");
            assert!(ends.iter().all(|one| one.ends == Some(at(77)) && one.lot == Some(lot)));
        }
    }
}

/// Protects the lists: a member's own page by page, what is unread, and everybody's in order for those who deliver, whichever way
/// they are cut.
#[test]
fn notices_are_read_in_pages_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, tour().runs(4));
    let whole = archive.notices_of_member(MemberId(2), None, 100).unwrap().items;
    let (mut cursor, mut pages) = (None, Vec::new());
    loop {
        let page = archive.notices_of_member(MemberId(2), cursor, 2).unwrap();
        pages.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages, whole);
    let last = whole[0].sequence;
    for (read, most, expected) in [(0, 100, 5), (0, 3, 3), (last.0 - 1, 9, 2), (last.0, 9, 0)] {
        assert_eq!(archive.notices_unread(MemberId(2), Sequence(read), most).unwrap(), expected);
    }

    let all = archive.notices_since(at(0), 1_000).unwrap();
    assert_eq!(all.len(), 13);
    assert!(all.windows(2).all(|two| (two[0].sequence, two[0].place) <= (two[1].sequence, two[1].place)));
    for limit in [1, 2, 5, 100] {
        let (mut place, mut cut) = ((Sequence(0), 0), Vec::new());
        loop {
            let some = archive.notices_after(place, limit).unwrap();
            let Some(last) = some.last() else { break };
            place = (last.sequence, last.place);
            cut.extend(some);
        }
        let key = |one: &Notice| (one.sequence, one.place, one.member);
        let mut all = all.clone();
        all.sort_by_key(key);
        assert_eq!(cut, all, "pages of {limit}");
    }
}

/// Protects an annulment: the margins of its contract are released, and that is said of its lot.
#[test]
fn an_annulment_says_whose_margin_is_released() {
    use exchange::Cause;
    use exchange::ledger::Account;
    use exchange::units::ContractId;
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    let mut log = tour();
    let contract = ContractId(1);
    let released = |member: u32| {
        let member = MemberId(member);
        posted(Account::ContractMargin(member), Account::Available(member), 500, Cause::Annulled(contract))
    };
    let annulled =
        Event::LotAnnulled { auction: AuctionId(1), lot: LotIndex(0), contract, reason: "wrong goods".to_owned() };
    log.entry([annulled, released(1), released(3)]);
    feed(&archive, log.runs(4));
    for member in [1, 3] {
        assert_eq!(told(&archive, member).last().map(String::as_str), Some("released 1/0 5.00"));
    }
}
