//! Golden files of what people do beside trading: signing in, second factors, looks, and what managers do. Every later version must read
//! them and reach the same state.
//!
//! `BAYAN_WRITE_GOLDEN=1 cargo test -p exchange --test people` writes those that are missing, and never one that is there.

mod kit;

use exchange::command::{Payment, Sight};
use exchange::markets::auction::{Announcement, CountdownFrom, Format, LotTerms, Side};
use exchange::members::{Affiliate, Applicant, Firm, Role, Scope, passkey_tag, password_tag, secret_tag};
use exchange::units::{
    ApplicationId, ApprovalId, AuctionId, Day, Instant, MemberId, Money, Price, Quantity, Rate, Sequence, Span, UserId,
};
use exchange::{Body, Entry, Exchange, Output, Profile, Proof};

use kit::entry;

fn s(seconds: i64) -> Instant {
    Instant::from_us(1_752_631_200_000_000 + seconds * 1_000_000)
}

const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA";

fn user(tag: u8, role: Role, member: Option<u32>) -> Body {
    Body::AddUser {
        role,
        member: member.map(MemberId),
        login_tag: [tag; 16].into(),
        personal: vec![tag; 40],
        password_hash: HASH.to_owned(),
        single_use: false,
    }
}

fn sign_in(user: u32, token: u8, proof: Option<Proof>) -> Body {
    Body::SignIn {
        user: UserId(user),
        token_hash: [token; 32].into(),
        lasts: Span::from_seconds(60),
        checked: password_tag(HASH),
        proof,
    }
}

type Step = (i64, Option<u32>, Body);

/// Two firms with a manager and a trader each, an admin and an auditor.
fn people() -> Vec<Step> {
    let member = |code: &str| Body::AdmitMember { code: code.to_owned(), name: format!("{code}有限公司") };
    vec![
        (0, None, Body::SetProfile(Profile { rules: 1, outage_after: None, ..Profile::default() })),
        (0, None, member("A")),
        (0, None, member("B")),
        (0, None, user(1, Role::Admin, None)),
        (0, None, user(2, Role::Auditor, None)),
        (0, None, user(3, Role::Manager, Some(1))),
        (0, None, user(4, Role::Trader, Some(1))),
        (0, None, user(5, Role::Trader, Some(2))),
    ]
}

/// What came first: managers, sign-ins with and without a second factor, looks, and failures that were counted.
fn first() -> Vec<Step> {
    let sealed = || vec![0xA5; 61];
    let confirm = |checked| Body::ConfirmTotp {
        user: UserId(1),
        checked,
        step: 100,
        recovery: vec![[7; 32].into(), [8; 32].into()],
    };
    let mut steps = people();
    steps.extend([
        (1, Some(3), user(6, Role::Trader, Some(1))),
        (1, Some(3), user(7, Role::Trader, Some(2))),
        (1, Some(3), Body::LockUser { user: UserId(6) }),
        (1, Some(3), Body::UnlockUser { user: UserId(6) }),
        (1, Some(3), Body::SetPassword { user: UserId(4), password_hash: HASH.to_owned(), keep: None }),
        (2, None, sign_in(1, 1, None)),
        (2, Some(1), Body::BeginTotp { user: UserId(1), sealed: sealed() }),
        (2, Some(1), confirm([0; 16].into())),
        (2, Some(1), confirm(secret_tag(&sealed()))),
        (3, None, sign_in(1, 2, None)),
        (3, None, sign_in(1, 2, Some(Proof::Code(100)))),
        (3, None, sign_in(1, 2, Some(Proof::Code(101)))),
        (3, None, sign_in(1, 3, Some(Proof::Recovery([7; 32].into())))),
        (3, None, sign_in(1, 4, Some(Proof::Recovery([7; 32].into())))),
        (4, Some(1), Body::RemoveTotp { user: UserId(1), proof: Some(Proof::Code(102)) }),
        (4, Some(4), Body::BeginTotp { user: UserId(4), sealed: sealed() }),
        (4, Some(3), Body::RemoveTotp { user: UserId(4), proof: None }),
        (5, Some(2), Body::Look { sight: Sight::Funds, member: Some(MemberId(1)), file: None, application: None }),
        (5, Some(1), Body::Look { sight: Sight::Users, member: None, file: None, application: None }),
        (5, Some(2), Body::Look { sight: Sight::Audit, member: None, file: None, application: None }),
        (5, Some(3), Body::Look { sight: Sight::Audit, member: None, file: None, application: None }),
        (6, None, Body::CountFailures { user: Some(UserId(4)), count: 7, since: s(2) }),
        (6, None, Body::CountFailures { user: None, count: 2, since: s(3) }),
        (90, None, Body::Tick),
    ]);
    steps
}

/// What came next: keys of members' own systems, and limits of traders.
fn keys() -> Vec<Step> {
    let add = |token: u8, scopes: &[Scope], expires: i64| Body::AddKey {
        label: "仓库 ERP".to_owned(),
        token_hash: [token; 32].into(),
        scopes: scopes.to_vec(),
        expires: s(expires),
    };
    let limit = |most: Option<i128>| Body::SetLimit { user: UserId(4), most: most.map(Money::from_fen) };
    let mut steps = people();
    steps.extend([
        (1, Some(3), add(1, &[Scope::Read, Scope::Bid, Scope::Publish], 50)),
        (1, Some(3), add(2, &[Scope::Read], 50)),
        (1, Some(3), add(3, &[], 50)),
        (1, Some(4), add(4, &[Scope::Read], 50)),
        (2, Some(3), Body::RevokeKey { key: UserId(6) }),
        (2, Some(3), Body::RevokeKey { key: UserId(4) }),
        (3, Some(4), limit(Some(50_000_000))),
        (3, Some(3), limit(None)),
        (3, Some(3), limit(Some(7))),
        (4, Some(7), Body::SetPassword { user: UserId(7), password_hash: HASH.to_owned(), keep: None }),
        (90, None, Body::Tick),
    ]);
    steps
}

/// What came then: forgetting a person.
fn erasure() -> Vec<Step> {
    let approve = |approval| Body::Approve { approval: ApprovalId(approval), password_hash: None };
    let mut steps = people();
    steps.extend([
        (1, None, user(8, Role::Admin, None)),
        (1, None, sign_in(4, 4, None)),
        (2, Some(1), Body::AskErasure { user: UserId(4) }),
        (2, Some(1), Body::AskErasure { user: UserId(5) }),
        (2, Some(1), approve(1)),
        (3, Some(6), approve(1)),
        (3, Some(6), Body::Decline { approval: ApprovalId(2) }),
        (4, Some(1), Body::UnlockUser { user: UserId(4) }),
        (4, None, sign_in(4, 5, None)),
        (90, None, Body::Tick),
    ]);
    steps
}

/// What came after that: what users decide about their notices.
fn notices() -> Vec<Step> {
    let set = |before: Option<&[u8]>, sealed: u8| Body::SetNotices {
        user: UserId(4),
        before: before.map(secret_tag),
        sealed: vec![sealed; 40],
    };
    let plain = Profile { rules: 1, outage_after: None, ..Profile::default() };
    let announcement = Announcement {
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
        attachments: None,
        lots: vec![LotTerms { code: "1".to_owned(), quantity: Quantity::from_millionths(20_000_000).unwrap() }],
    };
    let mut steps = people();
    steps.extend([
        (1, Some(4), Body::ReadNotices { up_to: Sequence(7) }),
        (1, Some(4), Body::ReadNotices { up_to: Sequence(5) }),
        (1, Some(4), Body::ReadNotices { up_to: Sequence(700) }),
        (2, Some(4), set(None, 1)),
        (2, Some(4), set(None, 2)),
        (2, Some(5), set(Some(&[1; 40]), 3)),
        (3, Some(4), set(Some(&[1; 40]), 4)),
        (3, None, set(Some(&[4; 40]), 5)),
        (4, None, Body::SetProfile(Profile { ends_soon_before: Some(Span::from_seconds(300)), ..plain })),
        (
            4,
            None,
            Body::Deposit(Payment {
                member: MemberId(1),
                amount: Money::from_fen(10_000),
                reference: "流水".to_owned(),
            }),
        ),
        (4, None, Body::Submit(announcement)),
        (4, None, Body::Publish { auction: AuctionId(1) }),
        (1_000, None, Body::Tick),
        (1_700, None, Body::Tick),
        (1_800, None, Body::Tick),
        (1_900, None, Body::Tick),
        (2_000, None, Body::Tick),
        (2_100, None, Body::Tick),
    ]);
    steps
}

/// What came after that: passkeys, beside a code and alone.
fn passkeys() -> Vec<Step> {
    let sealed = || vec![0xA5; 61];
    let add = |user: u32, credential: u8, challenged: i64, proof: Option<Proof>| Body::AddPasskey {
        user: UserId(user),
        credential: vec![credential; 32].into(),
        public_key: vec![credential; 77].into(),
        counter: 3,
        name: vec![0xB6; 90].into(),
        challenged: s(challenged),
        proof,
        recovery: vec![[7; 32].into(), [8; 32].into()],
    };
    let shown = |credential: u8, counter: u32, challenged: i64| {
        Some(Proof::Passkey { passkey: passkey_tag(&[credential; 32]), counter, challenged: s(challenged) })
    };
    let remove = |user: u32, credential: u8, proof: Option<Proof>| Body::RemovePasskey {
        user: UserId(user),
        passkey: passkey_tag(&[credential; 32]),
        proof,
    };
    let confirm = Body::ConfirmTotp {
        user: UserId(1),
        checked: secret_tag(&sealed()),
        step: 100,
        recovery: vec![[9; 32].into()],
    };
    let mut steps = people();
    steps.extend([
        (1, Some(1), add(1, 1, 0, None)),
        (1, Some(4), add(1, 2, 1, None)),
        (2, None, sign_in(1, 1, None)),
        (2, None, sign_in(1, 1, shown(1, 4, 1))),
        (2, None, sign_in(1, 2, shown(1, 5, 1))),
        (3, None, sign_in(1, 2, shown(1, 4, 2))),
        (3, None, sign_in(1, 2, Some(Proof::Recovery([7; 32].into())))),
        (4, Some(1), remove(1, 1, shown(1, 6, 3))),
        (4, Some(1), Body::BeginTotp { user: UserId(1), sealed: sealed() }),
        (4, Some(1), confirm),
        (5, Some(1), add(1, 2, 4, Some(Proof::Code(101)))),
        (5, Some(1), add(1, 2, 5, Some(Proof::Code(102)))),
        (6, Some(1), remove(1, 1, shown(2, 4, 6))),
        (6, Some(1), Body::RemoveTotp { user: UserId(1), proof: shown(2, 5, 7) }),
        (7, Some(4), add(4, 4, 5, None)),
        (7, Some(4), remove(4, 9, shown(4, 4, 6))),
        (7, Some(4), remove(4, 4, shown(4, 4, 6))),
        (8, Some(5), add(5, 5, 5, None)),
        (8, Some(1), Body::RemoveTotp { user: UserId(5), proof: None }),
        (90, None, Body::Tick),
    ]);
    steps
}

/// What came after that: firms that apply, first passwords with an end, and other roles.
fn joining() -> Vec<Step> {
    let firm = |credit_code: &str, licence_until: Option<&str>| Firm {
        credit_code: credit_code.to_owned(),
        name: "包头稀土".to_owned(),
        licence_until: licence_until.map(|day| Day::parse(day).unwrap()),
        affiliates: vec![
            Affiliate { name: Some("包钢".to_owned()), code: Some("9144030071526726XG".to_owned()) },
            Affiliate { name: None, code: Some("A".to_owned()) },
        ],
    };
    let (first, second) = ("91150000701463622D", "914403001922038216");
    let applicant = |tag: u8| Applicant {
        login_tag: [tag; 16].into(),
        personal: vec![tag; 40].into(),
        contact: vec![tag; 50].into(),
    };
    let apply = |tag: u8, firm: Firm| Body::Apply { token_hash: [tag; 32].into(), firm, applicant: applicant(tag) };
    let amend = |application: u32, firm: Firm| Body::Amend {
        application: ApplicationId(application),
        firm,
        applicant: applicant(33),
    };
    let admit = |application: u32, code: &str, tag: u8| Body::AdmitApplicant {
        application: ApplicationId(application),
        code: code.to_owned(),
        login_tag: [tag; 16].into(),
        personal: vec![tag; 40].into(),
        password_hash: HASH.to_owned(),
        amended: None,
    };
    let refuse = |application: u32| Body::RefuseApplicant {
        application: ApplicationId(application),
        reason: "执照看不清".to_owned(),
    };
    let open = |user: u32, token: u8| Body::OpenSession {
        user: UserId(user),
        token_hash: [token; 32].into(),
        lasts: Span::from_seconds(60),
        checked: None,
    };
    let ask = |application: u32| Body::AskForgetting { application: ApplicationId(application) };
    let lasts = Some(Span::from_seconds(1_000));
    let mut steps = people();
    steps.extend([
        (
            0,
            None,
            Body::SetProfile(Profile {
                rules: 2,
                outage_after: None,
                first_password_lasts: lasts,
                ..Profile::default()
            }),
        ),
        (0, None, user(6, Role::Admin, None)),
        (1, None, apply(31, firm(first, Some("2031-05-20")))),
        (1, None, apply(32, firm(second, None))),
        (1, None, apply(34, firm(first, None))),
        (1, None, apply(35, firm("91150000701463622E", None))),
        (
            2,
            Some(2),
            Body::Look { sight: Sight::Application, member: None, file: None, application: Some(ApplicationId(1)) },
        ),
        (2, Some(1), refuse(1)),
        (3, None, amend(1, firm(first, Some("2025-07-16")))),
        (3, None, amend(1, firm(first, Some("2031-05-20")))),
        (4, Some(1), refuse(2)),
        (4, Some(1), ask(2)),
        (4, Some(6), Body::Approve { approval: ApprovalId(1), password_hash: None }),
        (5, Some(1), admit(1, "A", 33)),
        (5, Some(1), admit(1, "NRE", 1)),
        (5, Some(1), admit(1, "NRE", 33)),
        (5, Some(1), admit(1, "NRE", 33)),
        (6, Some(1), user(7, Role::Trader, Some(3))),
        (6, Some(1), Body::SetPassword { user: UserId(4), password_hash: HASH.to_owned(), keep: None }),
        (7, Some(3), Body::SetRole { user: UserId(4), role: Role::Manager }),
        (7, Some(1), Body::SetRole { user: UserId(2), role: Role::Trader }),
        (1_004, None, open(7, 7)),
        (1_005, None, open(7, 8)),
        (1_006, None, open(8, 9)),
        (1_090, None, Body::Tick),
    ]);
    steps
}

/// What came after that: limits that managers give.
fn given() -> Vec<Step> {
    let give = |user: u32, most: Option<i128>| Body::GiveLimit { user: UserId(user), most: most.map(Money::from_fen) };
    let mut steps = people();
    steps.extend([
        (1, Some(3), give(4, Some(50_000_000))),
        (1, Some(3), give(5, Some(1))),
        (2, Some(4), give(4, None)),
        (3, Some(1), give(5, Some(7))),
        (3, Some(1), give(5, None)),
        (4, Some(3), Body::SetRole { user: UserId(4), role: Role::Manager }),
        (90, None, Body::Tick),
    ]);
    steps
}

/// What came after that: announcements that users follow.
fn followed() -> Vec<Step> {
    let announcement = |title: &str| Announcement {
        title: title.to_owned(),
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
        attachments: None,
        lots: vec![LotTerms { code: "1".to_owned(), quantity: Quantity::from_millionths(20_000_000).unwrap() }],
    };
    let follow = |add: &[u32], remove: &[u32]| {
        let ids = |numbers: &[u32]| numbers.iter().copied().map(AuctionId).collect();
        Body::Follow { add: ids(add), remove: ids(remove) }
    };
    let mut steps = people();
    steps.extend([
        (1, Some(3), Body::Submit(announcement("金属镨钕"))),
        (1, Some(3), Body::Submit(announcement("氧化镨钕"))),
        (2, Some(4), follow(&[2, 1], &[])),
        (2, Some(5), follow(&[1], &[2])),
        (3, Some(5), follow(&[3], &[])),
        (3, Some(4), follow(&[2], &[2, 1])),
        (4, Some(5), follow(&[], &[1])),
        (4, Some(2), follow(&[], &[])),
        (90, None, Body::Tick),
    ]);
    steps
}

/// What came after that: who was refused is forgotten in time.
fn forgotten_in_time() -> Vec<Step> {
    let firm = Firm {
        credit_code: "91150000701463622D".to_owned(),
        name: "包头稀土".to_owned(),
        licence_until: None,
        affiliates: Vec::new(),
    };
    let applicant =
        Applicant { login_tag: [41; 16].into(), personal: vec![41; 40].into(), contact: vec![41; 50].into() };
    let refuse = Body::RefuseApplicant { application: ApplicationId(1), reason: "执照看不清".to_owned() };
    let amend = Body::Amend { application: ApplicationId(1), firm: firm.clone(), applicant: applicant.clone() };
    let keep = |seconds: i64, rules: u32| {
        let refused_kept = Some(Span::from_seconds(seconds));
        Body::SetProfile(Profile { rules, outage_after: None, refused_kept, ..Profile::default() })
    };
    let mut steps = people();
    steps.extend([
        (1, None, Body::Apply { token_hash: [41; 32].into(), firm, applicant }),
        (2, Some(1), refuse.clone()),
        (3, None, keep(100, 2)),
        (3, None, keep(200_000, 3)),
        (50_000, None, amend),
        (60_000, Some(1), refuse),
        (70_000, None, keep(100_000, 3)),
        (159_999, None, Body::Tick),
        (160_000, Some(2), Body::Look { sight: Sight::Users, member: None, file: None, application: None }),
        (160_090, None, Body::Tick),
    ]);
    steps
}

fn golden(name: &str, bytes: &[u8]) {
    assert!(kit::golden(name, bytes) == bytes, "{name}: what is written is what was written");
}

/// Executes a history as it was written, and holds its entries, events, digest and a snapshot from its middle against the
/// files of this name.
fn hold(name: &str, steps: Vec<Step>) {
    let mut written = Vec::new();
    let count = steps.len();
    for (at, (seconds, user, body)) in (1u64..).zip(steps) {
        entry(at, s(seconds), user, body).encode_into(&mut written);
    }
    golden(&format!("entries-{name}.cbor"), &written);

    let mut decoder = minicbor::Decoder::new(&written);
    let mut exchange = Exchange::new();
    let mut out = Output::default();
    let mut middle = None;
    let mut entries = Vec::new();
    for at in 0..count {
        let entry: Entry = decoder.decode().unwrap();
        exchange.execute(&entry, None, &mut out);
        if at + 5 == count {
            middle = Some((exchange.snapshot().encode(), out.events.len(), at + 1));
        }
        entries.push(entry);
    }
    golden(&format!("events-{name}.cbor"), &out.events);
    let digest: String = exchange.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    golden(&format!("digest-{name}.txt"), digest.as_bytes());
    let (snapshot, events_before, rest) = middle.unwrap();
    golden(&format!("snapshot-{name}.cbor"), &snapshot);

    let mut restored = Exchange::restore(&snapshot).unwrap();
    let mut tail = Output::default();
    for entry in &entries[rest..] {
        restored.execute(entry, None, &mut tail);
    }
    assert_eq!(tail.events, out.events[events_before..]);
    assert_eq!(restored.digest(), exchange.digest());
}

/// Protects the formats of commands, events and state with which people were first managed, signed in and watched.
#[test]
fn people_were_first_managed_so() {
    hold("people-1", first());
}

/// Protects the formats with which keys and limits were first made.
#[test]
fn keys_were_first_made_so() {
    hold("people-2", keys());
}

/// Protects the formats with which persons were first forgotten.
#[test]
fn persons_were_first_forgotten_so() {
    hold("people-3", erasure());
}

/// Protects the formats with which notices were first read and set.
#[test]
fn notices_were_first_set_so() {
    hold("people-4", notices());
}

/// Protects the formats with which passkeys were first added, used and removed.
#[test]
fn passkeys_were_first_added_so() {
    hold("passkeys-1", passkeys());
}

/// Protects the formats with which firms first applied, first passwords first ended, and roles were first given.
#[test]
fn firms_first_joined_so() {
    hold("joining-1", joining());
}

/// Protects the formats with which limits were first given.
#[test]
fn limits_were_first_given_so() {
    hold("joining-2", given());
}

/// Protects the formats with which announcements were first followed.
#[test]
fn announcements_were_first_followed_so() {
    hold("followed-1", followed());
}

/// Protects the formats with which applicants were first forgotten in time.
#[test]
fn the_refused_were_first_forgotten_so() {
    hold("joining-3", forgotten_in_time());
}
