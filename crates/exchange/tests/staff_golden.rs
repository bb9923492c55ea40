//! Golden files of rules 3: who joins the staff, gets another role, a password or no second factor with a second admin's agreement,
//! and changes of the profile that name what they were made from. Every later version must read them and reach the same state.
//!
//! `BAYAN_WRITE_GOLDEN=1 cargo test -p exchange --test staff_golden` writes those that are missing, never one that is there.

mod kit;

use exchange::members::{Role, secret_tag};
use exchange::units::{ApprovalId, Instant, Span, UserId};
use exchange::{Body, Entry, Exchange, Output, Profile};

use kit::{entry, golden};

const HASH: &str = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA";

fn s(seconds: i64) -> Instant {
    Instant::from_us(1_767_916_800_000_000 + seconds * 1_000_000)
}

fn history() -> Vec<Entry> {
    let user = |tag: u8, role| Body::AddUser {
        role,
        member: None,
        login_tag: [tag; 16].into(),
        personal: vec![tag; 40],
        password_hash: HASH.to_owned(),
        single_use: true,
    };
    let approve = |id: u32, password_hash: Option<&str>| Body::Approve {
        approval: ApprovalId(id),
        password_hash: password_hash.map(str::to_owned),
    };
    let decline = |id: u32| Body::Decline { approval: ApprovalId(id) };
    let set = |user: u32| Body::SetPassword { user: UserId(user), password_hash: HASH.to_owned(), keep: None };
    let remove = |user: u32| Body::RemoveTotp { user: UserId(user), proof: None };
    let sealed = vec![7; 60];
    let begin = Body::BeginTotp { user: UserId(3), sealed: sealed.clone() };
    let confirm =
        Body::ConfirmTotp { user: UserId(3), checked: secret_tag(&sealed), step: 1, recovery: vec![[9; 32].into()] };
    let profile = Profile {
        rules: 3,
        outage_after: None,
        first_password_lasts: Some(Span::from_seconds(3_600)),
        ..Profile::default()
    };
    let (smaller, other) = (Profile { lots_max: 90, ..profile.clone() }, Profile { sealed: false, ..profile.clone() });
    let base = profile.tag();
    let steps: Vec<(i64, Option<u32>, Body)> = vec![
        (0, None, Body::SetProfile(profile)),
        (0, None, user(1, Role::Admin)),
        // The first admins of a venue: nobody else could agree.
        (1, Some(1), user(2, Role::Admin)),
        (2, Some(1), user(3, Role::Operator)),
        (3, Some(1), approve(1, Some(HASH))),
        (4, Some(2), approve(1, None)),
        (5, Some(2), approve(1, Some(HASH))),
        (6, Some(3), begin),
        (7, Some(3), confirm),
        (8, Some(1), Body::SetRole { user: UserId(3), role: Role::Settlement }),
        (9, Some(2), approve(2, None)),
        (10, Some(2), set(3)),
        (11, Some(1), approve(3, Some(HASH))),
        (12, Some(1), remove(3)),
        (13, Some(2), approve(4, None)),
        (14, Some(1), user(4, Role::Auditor)),
        (15, Some(2), decline(5)),
        (16, Some(1), Body::ChangeProfile { profile: smaller, base }),
        (17, Some(2), Body::ChangeProfile { profile: other, base }),
        (18, Some(2), approve(6, None)),
        (19, Some(1), approve(7, None)),
        // Its first password has ended.
        (4_000, Some(3), set(3)),
    ];
    (1..).zip(steps).map(|(at, (seconds, user, body))| entry(at, s(seconds), user, body)).collect()
}

/// Protects the formats of rules 3 in entries, events, answers and state, and what each of these acts comes to.
#[test]
fn rules_3_read_and_run_as_they_did() {
    let history = history();
    let mut bytes = Vec::new();
    history.iter().for_each(|entry| entry.encode_into(&mut bytes));
    let kept = golden("staff-entries-1.cbor", &bytes);
    assert_eq!(bytes, kept, "what is written is what was written");
    let mut decoder = minicbor::Decoder::new(&kept);
    let (mut exchange, mut out, mut outcomes) = (Exchange::new(), Output::default(), Vec::new());
    let mut refused = Vec::new();
    for expected in &history {
        let entry: Entry = decoder.decode().unwrap();
        assert_eq!(&entry, expected);
        match exchange.execute(&entry, None, &mut out).outcome {
            Ok(answer) => minicbor::encode(answer, &mut outcomes).unwrap(),
            Err(refusal) => {
                refused.push((entry.sequence.0, refusal.reason()));
                minicbor::encode(refusal, &mut outcomes).unwrap();
            }
        }
    }
    let expected = [(5, "same_person"), (6, "invalid_text"), (21, "changed_meanwhile"), (22, "first_password_ended")];
    assert_eq!(refused, expected);
    assert_eq!(golden("staff-outcomes-1.cbor", &outcomes), outcomes);
    assert_eq!(golden("staff-events-1.cbor", &out.events), out.events);
    let snapshot = golden("staff-snapshot-1.cbor", &exchange.snapshot().encode());
    assert_eq!(snapshot, exchange.snapshot().encode(), "what is written is what was written");
    let mut restored = Exchange::restore(&snapshot).unwrap();
    assert_eq!(restored.digest(), exchange.digest());
    let digest: String = exchange.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(golden("staff-digest-1.txt", digest.as_bytes()), digest.as_bytes());
}
