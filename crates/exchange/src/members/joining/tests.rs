use super::{
    AFFILIATES_MAX, AMENDMENTS_MAX, APPLICATIONS_WAITING_MAX, Affiliate, Applicant, ApplicationStatus, CreditCodeError,
    Firm,
};
use crate::command::{Body, Command, Principal};
use crate::kit::{Venue, s};
use crate::members::{Role, password_tag};
use crate::outcome::Answer;
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::units::{ApplicationId, Day, Instant, Span, UserId, UtcOffset};

const CODE: &str = "91150000701463622D";
const OTHER: &str = "9144030071526726XG";

fn firm() -> Firm {
    Firm {
        credit_code: CODE.to_owned(),
        name: "北方稀土".to_owned(),
        licence_until: Day::parse("1971-01-01"),
        affiliates: vec![Affiliate { name: Some("包钢".to_owned()), code: Some(OTHER.to_owned()) }],
    }
}

fn applicant(login: u8) -> Applicant {
    Applicant { login_tag: [login; 16].into(), personal: vec![1; 40].into(), contact: vec![2; 40].into() }
}

fn apply(venue: &mut Venue, token: u8, firm: Firm) -> Result<Answer, Refusal> {
    venue.system(Body::Apply { token_hash: [token; 32].into(), firm, applicant: applicant(token) })
}

fn admit(application: u32, code: &str, login: u8) -> Body {
    Body::AdmitApplicant {
        application: ApplicationId(application),
        code: code.to_owned(),
        login_tag: [login; 16].into(),
        personal: vec![1; 40].into(),
        password_hash: "hash".to_owned(),
        amended: None,
    }
}

fn refuse(application: u32) -> Body {
    Body::RefuseApplicant { application: ApplicationId(application), reason: "执照看不清".to_owned() }
}

fn amend(application: u32, firm: Firm) -> Body {
    Body::Amend { application: ApplicationId(application), firm, applicant: applicant(9) }
}

/// Protects what a firm must say of itself, one rule after the other, when it applies and when it amends.
#[test]
fn a_firm_is_judged_by_its_table() {
    let affiliate = |name: Option<&str>, code: Option<&str>| Affiliate {
        name: name.map(str::to_owned),
        code: code.map(str::to_owned),
    };
    let with = |change: &dyn Fn(&mut Firm)| {
        let mut firm = firm();
        change(&mut firm);
        firm
    };
    let text = |what: &str| Some(Refusal::InvalidText(what.to_owned()));
    let day = |text: &str| Day::parse(text).unwrap();
    // The venue's clocks show 1970-01-01 08:00.
    let rows = [
        (firm(), None),
        (with(&|firm| firm.licence_until = None), None),
        (with(&|firm| firm.licence_until = Some(day("1970-01-02"))), None),
        (with(&|firm| firm.affiliates = vec![affiliate(None, Some("NRE")), affiliate(Some("甲"), None)]), None),
        (
            with(&|firm| firm.credit_code = CODE.to_lowercase()),
            Some(Refusal::InvalidCreditCode(CreditCodeError::Character(18))),
        ),
        (
            with(&|firm| firm.credit_code = "91150000701463622E".to_owned()),
            Some(Refusal::InvalidCreditCode(CreditCodeError::CheckCharacter)),
        ),
        (with(&|firm| firm.name = " ".to_owned()), text("name")),
        (with(&|firm| firm.name = "稀".repeat(201)), text("name")),
        (
            with(&|firm| firm.affiliates = vec![affiliate(Some("甲"), None); AFFILIATES_MAX + 1]),
            Some(Refusal::LimitReached("affiliates of one firm".to_owned())),
        ),
        (with(&|firm| firm.affiliates = vec![affiliate(None, None)]), text("affiliate")),
        (with(&|firm| firm.affiliates = vec![affiliate(Some("\n"), None)]), text("affiliate")),
        (with(&|firm| firm.affiliates = vec![affiliate(None, Some(""))]), text("affiliate")),
        (
            with(&|firm| firm.affiliates = vec![affiliate(None, Some("9144030071526726XH"))]),
            Some(Refusal::InvalidCreditCode(CreditCodeError::CheckCharacter)),
        ),
        (
            with(&|firm| firm.licence_until = Some(day("1970-01-01"))),
            Some(Refusal::LicenceEnded { until: day("1970-01-01") }),
        ),
    ];
    for (firm, refusal) in rows {
        let mut venue = Venue::new();
        assert_eq!(apply(&mut venue, 1, firm.clone()).err(), refusal, "{firm:?}");
        let mut venue = Venue::new();
        apply(&mut venue, 1, Firm { credit_code: OTHER.to_owned(), ..self::firm() }).unwrap();
        assert_eq!(venue.system(amend(1, firm.clone())).err(), refusal, "amended: {firm:?}");
    }
    for (personal, contact, what) in
        [(0, 1, "personal"), (4097, 1, "personal"), (1, 0, "contact"), (1, 4097, "contact")]
    {
        let applicant = Applicant {
            login_tag: [1; 16].into(),
            personal: vec![1; personal].into(),
            contact: vec![1; contact].into(),
        };
        let asked = Venue::new().system(Body::Apply { token_hash: [1; 32].into(), firm: firm(), applicant });
        assert_eq!(asked.err(), text(what));
    }
}

/// Protects the day on which a licence ends: the venue's, not that of Greenwich.
#[test]
fn a_licence_ends_with_the_day_of_the_venue() {
    let mut venue = Venue::new();
    let until = Some(Day::parse("1970-01-02").unwrap());
    venue.at = s(16 * 3600 - 1);
    apply(&mut venue, 1, Firm { licence_until: until, ..firm() }).unwrap();
    venue.at = s(16 * 3600);
    assert!(
        matches!(venue.system(admit(1, "N", 1)), Err(Refusal::LicenceEnded { .. })),
        "a new day has begun in Baotou"
    );
    let profile =
        Profile { outage_after: None, utc_offset: UtcOffset::from_minutes(0), ..venue.exchange.profile().clone() };
    venue.system(Body::SetProfile(profile)).unwrap();
    venue.system(admit(1, "N", 1)).unwrap();
}

/// Protects that one firm is one member, and that whoever types its code first keeps nobody out.
#[test]
fn a_firm_is_admitted_once() {
    let mut venue = Venue::new();
    apply(&mut venue, 1, firm()).unwrap();
    assert_eq!(apply(&mut venue, 1, Firm { credit_code: OTHER.to_owned(), ..firm() }), Err(Refusal::Taken));
    apply(&mut venue, 2, firm()).unwrap();
    venue.system(refuse(1)).unwrap();
    venue.system(amend(1, firm())).unwrap();
    assert_eq!(venue.exchange.applications().waiting(), 2);
    venue.system(admit(2, "NRE", 2)).unwrap();
    assert_eq!(venue.system(admit(1, "N", 1)), Err(Refusal::AlreadyApplied));
    assert_eq!(apply(&mut venue, 3, firm()), Err(Refusal::AlreadyApplied));
    assert_eq!(venue.system(amend(1, firm())), Err(Refusal::AlreadyApplied));
    venue.system(refuse(1)).unwrap();
    assert_eq!(venue.exchange.applications().waiting(), 0);
}

/// Protects staff from admitting what nobody read: an application that was amended meanwhile is read again.
#[test]
fn what_was_read_is_admitted() {
    let mut venue = Venue::new();
    apply(&mut venue, 1, firm()).unwrap();
    let seen = |times: u32| match admit(1, "N", 1) {
        Body::AdmitApplicant { application, code, login_tag, personal, password_hash, .. } => {
            Body::AdmitApplicant { application, code, login_tag, personal, password_hash, amended: Some(times) }
        }
        other => other,
    };
    venue.system(amend(1, Firm { credit_code: OTHER.to_owned(), ..firm() })).unwrap();
    assert_eq!(venue.system(seen(0)), Err(Refusal::ChangedMeanwhile));
    venue.system(seen(1)).unwrap();
}

/// Protects the limits: how many wait, and how often one is amended.
#[test]
fn applications_have_limits() {
    let mut venue = Venue::new();
    let numbered = |n: usize| {
        let first = format!("9115{:04}70146{:04}", n / 1000, n % 1000);
        let code = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(|last| format!("{first}{last}"));
        Firm { credit_code: code.into_iter().find(|code| super::check_credit_code(code).is_ok()).unwrap(), ..firm() }
    };
    let token = |n: usize| {
        let mut token = [7; 32];
        token[..8].copy_from_slice(&(n as u64).to_be_bytes());
        token.into()
    };
    for n in 0..APPLICATIONS_WAITING_MAX {
        venue.system(Body::Apply { token_hash: token(n), firm: numbered(n), applicant: applicant(1) }).unwrap();
    }
    let further = |venue: &mut Venue| apply(venue, 1, firm()).map_err(|refusal| refusal.reason());
    assert_eq!(further(&mut venue), Err("limit_reached"));
    venue.system(refuse(1)).unwrap();
    further(&mut venue).unwrap();
    assert_eq!(venue.system(amend(1, numbered(0))).unwrap_err().reason(), "limit_reached", "it would wait again");
    for _ in 0..AMENDMENTS_MAX {
        venue.system(amend(2, numbered(1))).unwrap();
    }
    assert_eq!(venue.system(amend(2, numbered(1))).unwrap_err().reason(), "limit_reached");
}

/// Protects the admission: firm and first user come into being together or not at all, and are what was applied for.
#[test]
fn an_admission_makes_member_and_manager() {
    let mut venue = Venue::new();
    let (taken, _) = venue.firm("A", Role::Trader, "0");
    let admin = venue.user(Role::Admin, None);
    let operator = venue.user(Role::Operator, None);
    apply(&mut venue, 1, firm()).unwrap();
    let counts = |venue: &Venue| (venue.exchange.members().members.len(), venue.exchange.members().users.len());
    let before = counts(&venue);
    let login = venue.exchange.members().users[0].login_tag;
    let of = |code: &str, login_tag, personal: usize| Body::AdmitApplicant {
        application: ApplicationId(1),
        code: code.to_owned(),
        login_tag,
        personal: vec![1; personal].into(),
        password_hash: "hash".to_owned(),
        amended: Some(0),
    };
    for (body, reason) in [
        (admit(2, "N", 1), "unknown_application"),
        (admit(0, "N", 1), "unknown_application"),
        (admit(1, "", 1), "invalid_text"),
        (admit(1, "EXCHANGE", 1), "invalid_text"),
        (admit(1, "A", 1), "taken"),
        (of("N", login, 40), "login_taken"),
        (of("N", [1; 16].into(), 0), "invalid_text"),
    ] {
        assert_eq!(venue.ask(admin, body).unwrap_err().reason(), reason);
        assert_eq!(counts(&venue), before);
    }
    assert_eq!(venue.ask(operator, admit(1, "N", 1)), Err(Refusal::Forbidden));
    let Ok(Answer::Joined { member, user }) = venue.ask(admin, admit(1, "N", 1)) else { panic!("admitted") };
    let members = venue.exchange.members();
    let (joined, first) = (members.member(member).unwrap(), members.user(user).unwrap());
    assert_eq!((joined.code.as_str(), joined.name.as_str(), joined.firm.as_ref()), ("N", "北方稀土", Some(&firm())));
    assert_eq!((first.role, first.member, first.single_use), (Role::Manager, Some(member), true));
    assert!(member > taken && members.by_credit_code(CODE) == Some(joined));
    let decided = venue.exchange.applications().application(ApplicationId(1)).unwrap();
    assert_eq!((decided.status, decided.member, decided.user), (ApplicationStatus::Admitted, Some(member), Some(user)));
    assert_eq!(decided.password, Some(password_tag("hash")));
    for body in [admit(1, "M", 2), refuse(1), amend(1, firm())] {
        assert_eq!(venue.system(body), Err(Refusal::AlreadyDecided));
    }
}

/// Protects a refusal: it says why, it may be amended and then waits again, and its applicant can be forgotten by two.
#[test]
fn who_was_refused_amends_or_is_forgotten() {
    let mut venue = Venue::new();
    let (one, two) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
    apply(&mut venue, 1, firm()).unwrap();
    let ask = |venue: &mut Venue| venue.ask(one, Body::AskForgetting { application: ApplicationId(1) });
    assert_eq!(ask(&mut venue), Err(Refusal::NotRefused), "it waits");
    let blank = Body::RefuseApplicant { application: ApplicationId(1), reason: " ".to_owned() };
    assert_eq!(venue.ask(one, blank).unwrap_err().reason(), "invalid_text");
    venue.ask(one, refuse(1)).unwrap();
    let stands = |venue: &Venue| {
        let application = venue.exchange.applications().application(ApplicationId(1)).unwrap();
        (application.status, application.reason.clone(), application.amended)
    };
    let reason = Some("执照看不清".to_owned());
    assert_eq!(stands(&venue), (ApplicationStatus::Refused, reason.clone(), 0));
    venue.system(amend(1, firm())).unwrap();
    assert_eq!(stands(&venue), (ApplicationStatus::Waiting, reason, 1), "who decides again sees why it was refused");
    venue.ask(one, refuse(1)).unwrap();
    let Ok(Answer::Pending(approval)) = ask(&mut venue) else { panic!("it waits for a second person") };
    assert_eq!(venue.ask(one, Body::Approve { approval, password_hash: None }), Err(Refusal::SamePerson));
    assert!(venue.exchange.applications().by_token(&[1; 32]).is_some());
    assert_eq!(
        venue.ask(two, Body::Approve { approval, password_hash: None }),
        Ok(Answer::ApplicantForgotten(ApplicationId(1)))
    );
    assert_eq!(venue.exchange.applications().by_token(&[1; 32]), None, "its token opens nothing");
    assert_eq!(venue.system(amend(1, firm())), Err(Refusal::Forgotten));
    assert_eq!(ask(&mut venue), Err(Refusal::Forgotten));
    apply(&mut venue, 1, firm()).unwrap();
}

/// Protects asking twice for who is not signed in: the same request hears the first answer, another one under its key is told so.
#[test]
fn who_is_not_signed_in_asks_twice() {
    let mut venue = Venue::new();
    let request = venue.new_request();
    let body = Body::Apply { token_hash: [1; 32].into(), firm: firm(), applicant: applicant(1) };
    let command = Command { principal: Principal::System, request: Some(request), body };
    let first = venue.run(command.clone(), None);
    let again = venue.run(command.clone(), None);
    assert_eq!((again.replayed, again.sequence, again.outcome), (true, first.sequence, first.outcome));
    assert_eq!(venue.exchange.applications().all().len(), 1);
    let other = crate::command::RequestId { fingerprint: [9; 16].into(), ..request };
    let reused = venue.run(Command { request: Some(other), ..command }, None);
    assert_eq!(reused.outcome, Err(Refusal::KeyReused));
}

/// Protects the end of a password that somebody else gave: it opens nothing from then on, a new one does, and what the node
/// itself or a user gave itself does not end.
#[test]
fn a_first_password_ends() {
    let mut venue = Venue::new();
    let lasts = Span::from_seconds(72 * 3600);
    let profile = Profile { outage_after: None, first_password_lasts: Some(lasts), ..Profile::default() };
    venue.system(Body::SetProfile(profile)).unwrap();
    let admin = venue.user(Role::Admin, None);
    apply(&mut venue, 1, firm()).unwrap();
    let Ok(Answer::Joined { user, .. }) = venue.ask(admin, admit(1, "N", 1)) else { panic!("admitted") };
    let mut token = 0;
    let mut opens = |venue: &mut Venue, user: UserId| {
        token += 1;
        let hash = venue.exchange.members().user(user).unwrap().password_hash.clone();
        let checked = Some(password_tag(&hash));
        let lasts = Span::from_seconds(60);
        venue.system(Body::OpenSession { user, token_hash: [token; 32].into(), lasts, checked }).map(drop)
    };
    let end = Instant::from_us(lasts.us());
    venue.at = Instant::from_us(end.us() - 1);
    assert_eq!(opens(&mut venue, user), Ok(()));
    venue.at = end;
    assert_eq!(opens(&mut venue, user), Err(Refusal::FirstPasswordEnded));
    let set = |user, password: &str| Body::SetPassword { user, password_hash: password.to_owned(), keep: None };
    venue.ask(admin, set(user, "second")).unwrap();
    assert_eq!(opens(&mut venue, user), Ok(()));
    venue.ask(user, set(user, "own")).unwrap();
    venue.at = end.plus(lasts).plus(lasts);
    assert_eq!(opens(&mut venue, user), Ok(()), "one's own does not end");
    assert_eq!(opens(&mut venue, admin), Ok(()), "nor what the node gave");
}

/// Protects the limit that a manager gives: every bid of its trader is held against it, open and sealed, behind all other rules.
#[test]
fn a_given_limit_holds() {
    let mut venue = Venue::new();
    let (initiator, _) = venue.firm("S", Role::Trader, "90000000.00");
    let (firm, trader) = venue.firm("A", Role::Trader, "90000000.00");
    let colleague = venue.user(Role::Trader, Some(firm));
    let manager = venue.user(Role::Manager, Some(firm));
    let open = venue.publish(crate::kit::terms(initiator, 1));
    let terms = crate::kit::terms(initiator, 1);
    let sealed = venue
        .publish(crate::markets::auction::Announcement { format: crate::markets::auction::Format::Sealed, ..terms });
    venue.tick(s(200));
    // 20 t of 565,000 come to 11,300,000.
    let most = crate::kit::yuan("11300000.00");
    let give = |venue: &mut Venue, by, most| venue.ask(by, Body::GiveLimit { user: trader, most });
    give(&mut venue, manager, Some(most)).unwrap();
    assert_eq!(give(&mut venue, trader, None), Err(Refusal::Forbidden));
    let price = crate::kit::price;
    assert_eq!(venue.bid(trader, open, 0, price(565_250)).unwrap_err().reason(), "off_step", "the rules come first");
    assert_eq!(venue.bid(trader, open, 0, price(565_500)), Err(Refusal::AboveGivenLimit { most }));
    venue.bid(trader, open, 0, price(565_000)).unwrap();
    assert_eq!(venue.sealed(trader, sealed, 0, price(565_500)).outcome, Err(Refusal::AboveGivenLimit { most }));
    venue.sealed(trader, sealed, 0, price(565_000)).outcome.unwrap();
    venue.sealed(colleague, sealed, 0, price(565_500)).outcome.unwrap();
    give(&mut venue, manager, None).unwrap();
    venue.sealed(trader, sealed, 0, price(566_000)).outcome.unwrap();
}

/// Protects roles: a manager gives its own people one of its member's, staff stay staff, nobody raises itself, and who has another
/// role signs in anew.
#[test]
fn roles_are_given() {
    let mut venue = Venue::new();
    let (firm, trader) = venue.firm("A", Role::Trader, "0");
    let (_, stranger) = venue.firm("B", Role::Trader, "0");
    let manager = venue.user(Role::Manager, Some(firm));
    let (admin, operator) = (venue.user(Role::Admin, None), venue.user(Role::Operator, None));
    let set = |user, role| Body::SetRole { user, role };
    for (by, user, role, reason) in [
        (manager, stranger, Role::Manager, "unknown_user"),
        (manager, operator, Role::Admin, "unknown_user"),
        (manager, manager, Role::Trader, "same_person"),
        (admin, admin, Role::Auditor, "same_person"),
        (trader, trader, Role::Manager, "forbidden"),
        (operator, trader, Role::Manager, "forbidden"),
        (manager, trader, Role::Operator, "role_mismatch"),
        (manager, trader, Role::Key, "role_mismatch"),
        (admin, operator, Role::Trader, "role_mismatch"),
        (manager, trader, Role::Trader, "unchanged"),
        (admin, UserId(99), Role::Trader, "unknown_user"),
    ] {
        assert_eq!(venue.ask(by, set(user, role)).unwrap_err().reason(), reason, "{by} {user} {role:?}");
    }
    let most = Some(crate::kit::yuan("5.00"));
    venue.ask(manager, Body::SetLimit { user: trader, most }).unwrap();
    let session =
        Body::OpenSession { user: trader, token_hash: [1; 32].into(), lasts: Span::from_seconds(60), checked: None };
    venue.system(session).unwrap();
    venue.ask(manager, set(trader, Role::Manager)).unwrap();
    let user = venue.exchange.members().user(trader).unwrap();
    assert_eq!((user.role, user.limit, user.sessions.len()), (Role::Manager, None, 0));
    venue.ask(trader, Body::SetLimit { user: trader, most }).unwrap_err();
    venue.ask(admin, set(operator, Role::Settlement)).unwrap();
    venue.ask(admin, set(trader, Role::Trader)).unwrap();
}

/// Protects who was refused: it is forgotten at the time that the profile says, by whoever's entry time passes in, and not while it
/// waits again; a profile that says another time, and a snapshot, know it too. Where the profile says none nobody is forgotten.
#[test]
fn who_was_refused_is_forgotten_in_time() {
    let day = 24 * 3600;
    let keep = |days: Option<i64>| {
        let refused_kept = days.map(|days| Span::from_seconds(days * day));
        Body::SetProfile(Profile { outage_after: None, refused_kept, ..Profile::default() })
    };
    let forgotten =
        |venue: &Venue, id: u32| venue.exchange.applications().application(ApplicationId(id)).unwrap().forgotten;
    let mut venue = Venue::new();
    for token in 1..=4 {
        apply(&mut venue, token, Firm { licence_until: None, ..firm() }).unwrap();
    }
    venue.system(refuse(1)).unwrap();
    venue.at = s(1_000 * day);
    venue.system(Body::Tick).unwrap();
    assert_eq!(forgotten(&venue, 1), None, "the profile says no time");
    // What was refused before the profile said so is forgotten too, as soon as time passes.
    venue.system(keep(Some(2_000))).unwrap();
    venue.system(refuse(2)).unwrap();
    venue.system(keep(Some(30))).unwrap();
    assert_eq!(forgotten(&venue, 1), None);
    venue.at = s(1_001 * day);
    venue.system(Body::Tick).unwrap();
    assert_eq!((forgotten(&venue, 1), forgotten(&venue, 2)), (Some(s(1_001 * day)), None));
    assert!(venue.exchange.applications().by_token(&[1; 32]).is_none(), "its token opens nothing");
    assert_eq!(venue.system(amend(1, firm())), Err(Refusal::Forgotten));
    // Amended, it waits; refused again, it is kept from then on.
    venue.system(refuse(3)).unwrap();
    venue.at = s(1_020 * day);
    venue.system(amend(3, Firm { licence_until: None, ..firm() })).unwrap();
    venue.system(refuse(3)).unwrap();
    let mut again = crate::Exchange::restore(&venue.exchange.snapshot().encode()).unwrap();
    for (days, [second, third]) in
        [(1_029, [false, false]), (1_030, [true, false]), (1_049, [true, false]), (1_050, [true, true])]
    {
        venue.at = s(days * day);
        venue.system(Body::Tick).unwrap();
        let (entry, _) = venue.entries.last().unwrap();
        again.execute(entry, None, &mut crate::Output::default());
        assert_eq!(again.digest(), venue.exchange.digest());
        assert_eq!((forgotten(&venue, 2).is_some(), forgotten(&venue, 3).is_some()), (second, third), "{days}");
    }
    assert_eq!(forgotten(&venue, 4), None, "who waits for a decision is not forgotten");
}
