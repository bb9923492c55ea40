//! The audit trail: who did what, filtered and paged.

mod kit;

use archive::{TRAIL_ACTS, TrailFilter, TrailLine};
use exchange::Event;
use exchange::units::{ApplicationId, AuctionId, MemberId, UserId};
use kit::{Log, at, feed, open, tour};

fn all(filter: &TrailFilter) -> Vec<TrailLine> {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, tour().runs(4));
    let whole = archive.trail(filter, None, 500).unwrap();
    assert_eq!(whole.next, None);
    let mut paged = Vec::new();
    let mut cursor = None;
    loop {
        let page = archive.trail(filter, cursor, 2).unwrap();
        paged.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(paged, whole.items, "pages make the whole");
    whole.items
}

/// Protects that acts of staff, sign-ins and looks are lines, with who and whom, and that what the clock does is none.
#[test]
fn acts_are_lines() {
    let lines = all(&TrailFilter::default());
    let acts: Vec<&str> = lines.iter().rev().map(|line| line.act.as_str()).collect();
    assert_eq!(
        acts,
        [
            "signed_in",
            "auction_published",
            "auction_cancelled",
            "auction_published",
            "auction_rejected",
            "approval_asked",
            "approval_asked",
            "approval_given",
            "deposit",
            "approval_declined",
            "withdrawal",
            "sign_ins_failed",
            "sign_ins_failed",
            "signed_in",
            "looked_at_funds",
            "looked_at_users",
            "looked_at_audit",
            "password_set",
            "password_reset",
            "user_locked",
            "user_unlocked",
        ]
    );
    assert!(acts.iter().all(|act| TRAIL_ACTS.contains(act)));
    assert!(lines.windows(2).all(|two| (two[0].sequence, two[0].place) > (two[1].sequence, two[1].place)));
}

/// Protects whoever's entry time passed in: an applicant whom the clock forgets is a line, and nobody's act.
#[test]
fn what_time_forgets_is_nobodys_act() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    let mut log = Log::default();
    let application = ApplicationId(3);
    log.entry_by(Some(UserId(7)), [Event::RefusedForgotten { application }]);
    log.entry_by(Some(UserId(7)), [Event::ApplicantForgotten { application: ApplicationId(4) }]);
    feed(&archive, log.runs(2));
    let lines = archive.trail(&TrailFilter::default(), None, 500).unwrap().items;
    let said: Vec<_> = lines.iter().map(|line| (line.act.as_str(), line.user, line.detail.as_str())).collect();
    assert_eq!(
        said,
        [("applicant_forgotten", Some(UserId(7)), "4"), ("applicant_forgotten", None, "3: refused long ago"),]
    );
}

/// Protects every filter: each leaves what it names and nothing else.
#[test]
fn filters_narrow_the_trail() {
    let acts = |filter: TrailFilter| all(&filter).into_iter().rev().map(|line| line.act).collect::<Vec<_>>();
    let user = |id| TrailFilter { user: Some(UserId(id)), ..TrailFilter::default() };
    assert_eq!(acts(user(8)), ["password_reset", "user_locked", "user_unlocked"], "whom it concerns");
    assert_eq!(acts(user(11)), ["approval_given", "deposit"]);
    let act = TrailFilter { act: Some("sign_ins_failed".to_owned()), ..TrailFilter::default() };
    let failed = all(&act);
    assert_eq!(failed.iter().map(|line| line.user).collect::<Vec<_>>(), [None, Some(UserId(9))]);
    assert!(failed[1].detail.starts_with("7 since "), "{}", failed[1].detail);
    let member = TrailFilter { member: Some(MemberId(2)), ..TrailFilter::default() };
    assert!(acts(member.clone()).contains(&"looked_at_funds".to_owned()));
    assert!(all(&member).iter().all(|line| line.member == Some(MemberId(2))));
    let auction = TrailFilter { auction: Some(AuctionId(3)), ..TrailFilter::default() };
    assert_eq!(acts(auction), ["auction_rejected"]);
    let whole = all(&TrailFilter::default());
    let (from, to) = (whole[9].at, whole[4].at);
    let between = all(&TrailFilter { from: Some(from), to: Some(to), ..TrailFilter::default() });
    assert_eq!(between, whole[5..=9]);
    assert_eq!(all(&TrailFilter { from: Some(at(9_999)), ..TrailFilter::default() }), []);
}
