//! Golden files of files: the commands that keep and drop them, what an announcement attaches, looks at documents, and a
//! profile with quotas. Every later version must read them and reach the same state.
//!
//! `BAYAN_WRITE_GOLDEN=1 cargo test -p exchange --test files_golden` writes those that are missing, never one that is there.

mod kit;

use exchange::command::Sight;
use exchange::files::{FileHash, FileKind, Owner};
use exchange::markets::auction::{Announcement, Attachment, CountdownFrom, Format, LotTerms, Side};
use exchange::members::{Applicant, Firm, Role};
use exchange::units::{ApplicationId, AuctionId, Instant, MemberId, Price, Quantity, Rate, Span};
use exchange::{Body, Entry, Exchange, Output, Profile};

use kit::{entry, golden};

fn s(seconds: i64) -> Instant {
    Instant::from_us(1_767_916_800_000_000 + seconds * 1_000_000)
}

fn hash(n: u8) -> FileHash {
    [n; 32].into()
}

fn history() -> Vec<Entry> {
    let own = Owner::Member(MemberId(1));
    let document = Owner::Application(ApplicationId(1));
    let keep = |n: u8, kind, owner, name: Option<&[u8]>| Body::KeepFile {
        hash: hash(n),
        size: 100 * u32::from(n),
        kind,
        owner,
        name: name.map(|name| name.to_vec().into()),
    };
    let user = |tag: u8, role, member: Option<u32>| Body::AddUser {
        role,
        member: member.map(MemberId),
        login_tag: [tag; 16].into(),
        personal: vec![tag; 40],
        password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
        single_use: false,
    };
    let announcement = |n: u8| Announcement {
        title: "金属镨钕".to_owned(),
        side: Side::Sale,
        initiator: MemberId(1),
        product: "PrNd-metal".to_owned(),
        unit: "t".to_owned(),
        opens: s(100),
        closes: s(2_000),
        format: Format::Open,
        start_price: Price::from_fen(56_500_000).unwrap(),
        limit_price: None,
        step: Price::from_fen(50_000).unwrap(),
        max_step: None,
        countdown: Span::from_seconds(180),
        countdown_from: CountdownFrom::Closing,
        consecutive: false,
        margin_rate: Rate::from_millionths(1).unwrap(),
        eligible: None,
        lots: vec![LotTerms { code: "1".to_owned(), quantity: Quantity::from_millionths(20_000_000).unwrap() }],
        attachments: Some(vec![Attachment { file: hash(n), name: "合同.pdf".to_owned() }]),
    };
    let firm = Firm {
        credit_code: "91150000701463622D".to_owned(),
        name: "北方稀土".to_owned(),
        licence_until: None,
        affiliates: Vec::new(),
    };
    let applicant = Applicant { login_tag: [8; 16].into(), personal: vec![8; 40].into(), contact: vec![8; 40].into() };
    let profile = Profile {
        rules: 1,
        outage_after: None,
        file_bytes_per_member_max: Some(1_000),
        files_per_member_max: Some(3),
        file_bytes_max: Some(5_000),
        ..Profile::default()
    };
    let steps: Vec<(Option<u32>, Body)> = vec![
        (None, Body::SetProfile(profile)),
        (None, Body::AdmitMember { code: "A".to_owned(), name: "A有限公司".to_owned() }),
        (None, user(1, Role::Manager, Some(1))),
        (None, user(2, Role::Auditor, None)),
        (None, Body::Apply { token_hash: [8; 32].into(), firm, applicant }),
        (Some(1), keep(1, FileKind::Pdf, own, None)),
        (Some(1), keep(2, FileKind::Png, own, None)),
        (Some(1), keep(3, FileKind::Jpeg, own, None)),
        (Some(1), keep(4, FileKind::Webp, own, None)),
        (Some(1), keep(1, FileKind::Pdf, own, None)),
        (Some(1), keep(5, FileKind::Pdf, document, Some(&[5; 60]))),
        (None, keep(5, FileKind::Pdf, document, Some(&[5; 60]))),
        (Some(1), Body::Submit(announcement(1))),
        (Some(1), Body::Submit(announcement(9))),
        (Some(1), Body::DropFile { hash: hash(1), owner: own }),
        (Some(1), Body::DropFile { hash: hash(2), owner: own }),
        (Some(1), Body::DropFile { hash: hash(2), owner: own }),
        (Some(1), keep(4, FileKind::Webp, own, None)),
        (Some(2), Body::Look { sight: Sight::Document, member: None, file: Some(hash(5)), application: None }),
        (Some(2), Body::Look { sight: Sight::Document, member: Some(MemberId(1)), file: None, application: None }),
        (None, Body::DropFile { hash: hash(5), owner: document }),
        (None, keep(6, FileKind::Pdf, document, Some(&[6; 60]))),
        (None, Body::Reject { auction: AuctionId(1), reason: "缺页".to_owned() }),
    ];
    (1..).zip(steps).map(|(at, (user, body))| entry(at, s(at.cast_signed()), user, body)).collect()
}

/// Protects the formats of files in entries, events, answers and state.
#[test]
fn files_read_and_run_as_they_did() {
    let history = history();
    let mut bytes = Vec::new();
    history.iter().for_each(|entry| entry.encode_into(&mut bytes));
    let kept = golden("files-entries-1.cbor", &bytes);
    assert_eq!(bytes, kept, "what is written is what was written");
    let mut decoder = minicbor::Decoder::new(&kept);
    let (mut exchange, mut out, mut outcomes) = (Exchange::new(), Output::default(), Vec::new());
    for expected in &history {
        let entry: Entry = decoder.decode().unwrap();
        assert_eq!(&entry, expected);
        match exchange.execute(&entry, None, &mut out).outcome {
            Ok(answer) => minicbor::encode(answer, &mut outcomes).unwrap(),
            Err(refusal) => minicbor::encode(refusal, &mut outcomes).unwrap(),
        }
    }
    assert_eq!(golden("files-outcomes-1.cbor", &outcomes), outcomes);
    assert_eq!(golden("files-events-1.cbor", &out.events), out.events);
    let snapshot = golden("files-snapshot-1.cbor", &exchange.snapshot().encode());
    assert_eq!(snapshot, exchange.snapshot().encode(), "what is written is what was written");
    let mut restored = Exchange::restore(&snapshot).unwrap();
    assert_eq!(restored.digest(), exchange.digest());
    let digest: String = exchange.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(golden("files-digest-1.txt", digest.as_bytes()), digest.as_bytes());
}
