use super::{APPLICATION_FILES_MAX, FileHash, FileKind, Owner, STORED_BYTES_MAX, Usage, is_file_name};
use crate::command::{Body, Sight};
use crate::event::Event;
use crate::exchange::Exchange;
use crate::kit::{Venue, terms};
use crate::markets::auction::announcement::{ATTACHMENTS_MAX, Attachment};
use crate::markets::auction::{Announcement, AnnouncementError};
use crate::members::{Applicant, Firm, Role};
use crate::outcome::Answer;
use crate::profile::Profile;
use crate::refusal::{FileQuota, Refusal};
use crate::units::{ApplicationId, MemberId, UserId};

fn hash(n: u8) -> FileHash {
    [n; 32].into()
}

fn keep(n: u8, size: u32, owner: Owner) -> Body {
    let name = matches!(owner, Owner::Application(_)).then(|| vec![7; 40].into());
    Body::KeepFile { hash: hash(n), size, kind: FileKind::Pdf, owner, name }
}

fn drop_file(n: u8, owner: Owner) -> Body {
    Body::DropFile { hash: hash(n), owner }
}

struct Two {
    venue: Venue,
    one: (MemberId, UserId),
    other: (MemberId, UserId),
}

fn two() -> Two {
    let mut venue = Venue::new();
    let one = venue.firm("A", Role::Manager, "9000000.00");
    let other = venue.firm("B", Role::Manager, "0");
    for (token, credit_code) in [(1, "91150000701463622D"), (2, "9144030071526726XG")] {
        let firm = Firm {
            credit_code: credit_code.to_owned(),
            name: "北方稀土".to_owned(),
            licence_until: None,
            affiliates: Vec::new(),
        };
        let applicant =
            Applicant { login_tag: [token; 16].into(), personal: vec![1; 40].into(), contact: vec![2; 40].into() };
        venue.system(Body::Apply { token_hash: [token; 32].into(), firm, applicant }).unwrap();
    }
    Two { venue, one, other }
}

fn attaching(initiator: MemberId, files: &[(u8, &str)]) -> Announcement {
    let attachment = |(n, name): &(u8, &str)| Attachment { file: hash(*n), name: (*name).to_owned() };
    Announcement { attachments: Some(files.iter().map(attachment).collect()), ..terms(initiator, 1) }
}

/// Protects who may keep what: a manager for its own member, nobody else, and documents of applications only the node.
#[test]
fn a_file_is_its_members_own() {
    let Two { mut venue, one, other } = two();
    let trader = venue.user(Role::Trader, Some(one.0));
    let operator = venue.user(Role::Operator, None);
    let (own, application) = (Owner::Member(one.0), Owner::Application(ApplicationId(1)));
    for (user, body) in [
        (other.1, keep(1, 10, own)),
        (trader, keep(1, 10, own)),
        (operator, keep(1, 10, own)),
        (one.1, keep(1, 10, application)),
        (operator, keep(1, 10, application)),
        (one.1, drop_file(1, application)),
        (other.1, drop_file(1, own)),
    ] {
        assert_eq!(venue.ask(user, body.clone()), Err(Refusal::Forbidden), "{body:?}");
    }
    assert_eq!(venue.ask(one.1, keep(1, 10, own)), Ok(Answer::File(hash(1))));
    assert_eq!(venue.system(keep(1, 10, Owner::Member(MemberId(9)))), Err(Refusal::UnknownMember));
    let files = venue.exchange.files();
    assert_eq!((files.used_by(own), files.used()), (Usage { files: 1, bytes: 10 }, Usage { files: 1, bytes: 10 }));
}

/// Protects that keeping twice is keeping once, whoever asks, and that two owners of the same bytes are two.
#[test]
fn what_is_kept_already_stays_as_it_is() {
    let Two { mut venue, one, other } = two();
    venue.ask(one.1, keep(1, 10, Owner::Member(one.0))).unwrap();
    let events = venue.out.events.len();
    assert_eq!(venue.ask(one.1, keep(1, 10, Owner::Member(one.0))), Ok(Answer::File(hash(1))));
    assert_eq!(venue.out.events.len(), events, "nothing has happened");
    venue.ask(other.1, keep(1, 10, Owner::Member(other.0))).unwrap();
    venue.system(keep(1, 10, Owner::Application(ApplicationId(1)))).unwrap();
    let files = venue.exchange.files();
    assert_eq!((files.with_hash(&hash(1)).count(), files.hashes().count()), (3, 1));
    assert_eq!(files.with_hash(&hash(0)).count() + files.with_hash(&hash(2)).count(), 0);
    venue.ask(one.1, drop_file(1, Owner::Member(one.0))).unwrap();
    assert_eq!(venue.exchange.files().with_hash(&hash(1)).count(), 2);
    assert_eq!(venue.ask(one.1, drop_file(1, Owner::Member(one.0))), Err(Refusal::UnknownFile));
}

/// Protects the form of what is kept.
#[test]
fn sizes_and_names_are_judged() {
    let Two { mut venue, one, .. } = two();
    let own = Owner::Member(one.0);
    let most = u32::try_from(STORED_BYTES_MAX).unwrap();
    for size in [0, most + 1] {
        assert_eq!(venue.ask(one.1, keep(1, size, own)), Err(Refusal::InvalidText("size".to_owned())));
    }
    venue.ask(one.1, keep(1, most, own)).unwrap();
    let named = |owner, name: Option<Vec<u8>>| {
        let name = name.map(Into::into);
        Body::KeepFile { hash: hash(2), size: 1, kind: FileKind::Png, owner, name }
    };
    let application = Owner::Application(ApplicationId(1));
    for body in [named(own, Some(vec![1])), named(application, None), named(application, Some(vec![1; 1_025]))] {
        assert_eq!(venue.system(body), Err(Refusal::InvalidText("name".to_owned())));
    }
    for (name, fine) in [
        ("合同.pdf", true),
        ("a b (1).jpeg", true),
        (&"n".repeat(120), true),
        (&"n".repeat(121), false),
        ("", false),
        (" ", false),
        ("a\nb.pdf", false),
        ("../a.pdf", false),
        ("a\\b.pdf", false),
        ("fdp.\u{202e}exe", false),
        ("a\u{2066}b.pdf", false),
    ] {
        assert_eq!(is_file_name(name), fine, "{name:?}");
    }
}

/// Protects the quotas, each with its figures: files and bytes of a member, documents of an application, bytes of the venue; and
/// that what was let go gives its room back.
#[test]
fn nobody_keeps_more_than_its_share() {
    let Two { mut venue, one, other } = two();
    let profile = Profile {
        outage_after: None,
        files_per_member_max: Some(3),
        file_bytes_per_member_max: Some(100),
        file_bytes_max: Some(150),
        ..Profile::default()
    };
    venue.system(Body::SetProfile(profile)).unwrap();
    let (own, others) = (Owner::Member(one.0), Owner::Member(other.0));
    let over = |quota, used, more, most| Err(Refusal::OverFileQuota { quota, used, more, most });
    venue.ask(one.1, keep(1, 60, own)).unwrap();
    assert_eq!(venue.ask(one.1, keep(2, 41, own)), over(FileQuota::MemberBytes, 60, 41, 100));
    venue.ask(one.1, keep(2, 30, own)).unwrap();
    venue.ask(one.1, keep(3, 10, own)).unwrap();
    assert_eq!(venue.ask(one.1, keep(4, 1, own)), over(FileQuota::MemberFiles, 3, 1, 3));
    assert_eq!(venue.ask(other.1, keep(4, 51, others)), over(FileQuota::VenueBytes, 100, 51, 150));
    venue.ask(other.1, keep(4, 50, others)).unwrap();
    venue.ask(one.1, drop_file(1, own)).unwrap();
    venue.ask(other.1, keep(5, 50, others)).unwrap();
    let application = Owner::Application(ApplicationId(1));
    venue.system(Body::SetProfile(Profile { outage_after: None, ..Profile::default() })).unwrap();
    for n in 0..u8::try_from(APPLICATION_FILES_MAX).unwrap() {
        venue.system(keep(n, 1, application)).unwrap();
    }
    assert_eq!(venue.system(keep(99, 1, application)), over(FileQuota::ApplicationFiles, 10, 1, 10));
    assert_eq!(venue.system(keep(99, 1, Owner::Application(ApplicationId(3)))), Err(Refusal::UnknownApplication));
    venue.system(keep(99, 1, Owner::Application(ApplicationId(2)))).unwrap();
}

/// Protects what comes with an announcement: its initiator's own files, each once, well named and not too many; and that they
/// stay while it is not rejected.
#[test]
fn an_announcement_attaches_what_its_initiator_keeps() {
    let Two { mut venue, one, other } = two();
    let (own, others) = (Owner::Member(one.0), Owner::Member(other.0));
    venue.ask(one.1, keep(1, 10, own)).unwrap();
    venue.ask(other.1, keep(2, 10, others)).unwrap();
    let many: Vec<(u8, &str)> = (0..=u8::try_from(ATTACHMENTS_MAX).unwrap()).map(|n| (n, "a.pdf")).collect();
    let invalid = |error| Err(Refusal::InvalidAnnouncement(error));
    for (files, refused) in [
        (many.as_slice(), invalid(AnnouncementError::TooManyAttachments(10))),
        (&[(1, "a/b.pdf")], invalid(AnnouncementError::AttachmentName)),
        (&[(1, "a.pdf"), (1, "b.pdf")], invalid(AnnouncementError::AttachedTwice("b.pdf".to_owned()))),
        (&[(2, "a.pdf")], Err(Refusal::UnknownFile)),
        (&[(1, "a.pdf"), (3, "b.pdf")], Err(Refusal::UnknownFile)),
    ] {
        assert_eq!(venue.ask(one.1, Body::Submit(attaching(one.0, files))), refused, "{files:?}");
    }
    let submit = Body::Submit(attaching(one.0, &[(1, "合同.pdf")]));
    let Ok(Answer::Submitted(id)) = venue.ask(one.1, submit.clone()) else { panic!("it is handed in") };
    assert_eq!(venue.exchange.files().attached_to(&hash(1)), [id]);
    assert_eq!(venue.ask(one.1, drop_file(1, own)), Err(Refusal::FileInUse { auction: id }));
    venue.ask(other.1, keep(1, 10, others)).unwrap();
    venue.ask(other.1, drop_file(1, others)).unwrap();
    venue.system(Body::Reject { auction: id, reason: "a page is missing".to_owned() }).unwrap();
    venue.ask(one.1, drop_file(1, own)).unwrap();
    assert_eq!(venue.ask(one.1, submit), Err(Refusal::UnknownFile), "it is uploaded anew");
}

/// Protects documents of applications: they come while staff may still decide or the firm may amend, and no longer.
#[test]
fn documents_come_while_an_application_is_open() {
    let Two { mut venue, .. } = two();
    let [one, two] = [1, 2].map(|n| Owner::Application(ApplicationId(n)));
    venue.system(Body::RefuseApplicant { application: ApplicationId(1), reason: "unreadable".to_owned() }).unwrap();
    venue.system(keep(1, 10, one)).unwrap();
    let admit = Body::AdmitApplicant {
        application: ApplicationId(2),
        code: "NEW".to_owned(),
        login_tag: [2; 16].into(),
        personal: vec![1; 40].into(),
        password_hash: "hash".to_owned(),
        amended: Some(0),
    };
    venue.system(keep(1, 10, two)).unwrap();
    venue.system(admit).unwrap();
    assert_eq!(venue.system(keep(2, 10, two)), Err(Refusal::AlreadyDecided));
    venue.system(drop_file(1, two)).unwrap();
    let (admin, second) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
    let asked = venue.ask(admin, Body::AskForgetting { application: ApplicationId(1) });
    let Ok(Answer::Pending(approval)) = asked else { panic!("{asked:?}") };
    venue.ask(second, Body::Approve { approval, password_hash: None }).unwrap();
    assert_eq!(venue.system(keep(2, 10, one)), Err(Refusal::Forgotten));
}

/// Protects that a look at a document says which, and that what nobody keeps is not looked at.
#[test]
fn a_look_at_a_document_names_it() {
    let Two { mut venue, .. } = two();
    let auditor = venue.user(Role::Auditor, None);
    let look = |n: u8| Body::Look { sight: Sight::Document, member: None, file: Some(hash(n)), application: None };
    assert_eq!(venue.ask(auditor, look(1)), Err(Refusal::UnknownFile));
    venue.system(keep(1, 10, Owner::Application(ApplicationId(1)))).unwrap();
    venue.ask(auditor, look(1)).unwrap();
    let looked = Event::Looked { sight: Sight::Document, member: None, file: Some(hash(1)), application: None };
    assert_eq!(venue.events().last(), Some(&looked));
}

/// Protects snapshots: rows, the places that wait for the next file, and what follows from them are as they were.
#[test]
fn files_are_the_same_after_a_snapshot() {
    let Two { mut venue, one, .. } = two();
    let own = Owner::Member(one.0);
    for n in 1..=4 {
        venue.ask(one.1, keep(n, u32::from(n), own)).unwrap();
    }
    venue.ask(one.1, Body::Submit(attaching(one.0, &[(4, "a.pdf")]))).unwrap();
    venue.ask(one.1, drop_file(3, own)).unwrap();
    venue.ask(one.1, drop_file(1, own)).unwrap();
    let mut again = Exchange::restore(&venue.exchange.snapshot().encode()).unwrap();
    assert_eq!(again.files(), venue.exchange.files());
    assert_eq!(again.digest(), venue.exchange.digest());
    venue.ask(one.1, keep(9, 9, own)).unwrap();
    let (entry, opened) = venue.entries.last().unwrap();
    again.execute(entry, *opened, &mut crate::Output::default());
    assert_eq!(again.files().rows()[0].as_ref().map(|file| file.hash), Some(hash(9)), "the first free place");
    assert_eq!(again.digest(), venue.exchange.digest());
}
