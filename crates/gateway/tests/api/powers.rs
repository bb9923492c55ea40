//! Every power of the staff, one row a way to use it: who may not, the second person, what it changes, and the trail of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use exchange::members::Role;
use gateway::access::{TABLE, Who};
use hyper::Method;
use serde_json::{Value, json};

use crate::applications::application;
use crate::venue::{Reply, Venue, announcement, later};

/// One way to use a call of the staff. Texts in braces stand for what the scene has made.
struct Power {
    /// A row of the table of roles.
    call: &'static str,
    /// Where, in the scene.
    path: &'static str,
    body: &'static str,
    by: &'static str,
    second: Second,
    /// What it changes: where one sees it, which part, and as what before and after.
    shows: Option<(See, &'static str, &'static str, &'static str)>,
    /// The words of the trail.
    acts: &'static [&'static str],
    /// Part of the answer that later rows use, by this name.
    keeps: Option<(&'static str, &'static str)>,
}

/// Whether a second person is asked for, and what that one says.
#[derive(Clone, Copy, PartialEq)]
enum Second {
    None,
    Approves(&'static str),
    Declines(&'static str),
}

/// Who sees it where.
type See = (&'static str, &'static str);

const fn power(call: &'static str, path: &'static str, body: &'static str, by: &'static str) -> Power {
    Power { call, path, body, by, second: Second::None, shows: None, acts: &[], keeps: None }
}

impl Power {
    const fn second(self, second: Second) -> Self {
        Power { second, ..self }
    }

    const fn shows(self, see: See, part: &'static str, before: &'static str, after: &'static str) -> Self {
        Power { shows: Some((see, part, before, after)), ..self }
    }

    const fn acts(self, acts: &'static [&'static str]) -> Self {
        Power { acts, ..self }
    }

    const fn keeps(self, part: &'static str, name: &'static str) -> Self {
        Power { keeps: Some((part, name)), ..self }
    }
}

const RUNNING: See = ("aud1", "/api/v1/auctions/{running}");
const MEMBERS: See = ("aud1", "/api/v1/members?limit=100");
const HALTS: See = ("aud1", "/api/v1/halts?limit=100");
const USERS: See = ("adm2", "/api/v1/users?limit=100");
const P0: See = ("aud1", "/api/v1/members/P0/funds");
const APPLICATIONS: See = ("aud1", "/api/v1/applications?limit=100");
const PROFILE: See = ("aud1", "/api/v1/profile");
const WHY: &str = r#"{"reason":"核查"}"#;

/// In the order in which they are used: later rows stand on earlier ones.
#[rustfmt::skip]
const POWERS: &[Power] = &[
    // Announcements and running auctions.
    power("POST /api/v1/auctions/{id}/rejection", "/api/v1/auctions/{refused}/rejection", WHY, "op1")
        .shows(("aud1", "/api/v1/auctions/{refused}"), "status", r#""submitted""#, r#""rejected""#).acts(&["auction_rejected"]),
    power("POST /api/v1/auctions/{id}/approval", "/api/v1/auctions/{approved}/approval", "{}", "op1")
        .shows(("aud1", "/api/v1/auctions/{approved}"), "status", r#""submitted""#, r#""published""#).acts(&["auction_published"]),
    power("POST /api/v1/previews", "/api/v1/previews", r#"{"act":"suspension","auction":{running}}"#, "op1"),
    power("POST /api/v1/auctions/{id}/extension", "/api/v1/auctions/{running}/extension", r#"{"until":"{until}","reason":"核查"}"#, "op1")
        .shows(RUNNING, "closes", "{closes}", r#""{until}""#).acts(&["auction_extended"]),
    power("POST /api/v1/auctions/{id}/suspension", "/api/v1/auctions/{running}/suspension", WHY, "op1")
        .shows(RUNNING, "status", r#""running""#, r#""suspended""#).acts(&["auction_suspended"]),
    power("POST /api/v1/auctions/{id}/resumption", "/api/v1/auctions/{running}/resumption", WHY, "op2")
        .shows(RUNNING, "status", r#""suspended""#, r#""running""#).acts(&["auction_resumed"]),
    power("POST /api/v1/auctions/{id}/cancellation", "/api/v1/auctions/{running}/cancellation", WHY, "op1")
        .shows(RUNNING, "status", r#""running""#, r#""cancelled""#).acts(&["auction_cancelled"]),
    power("POST /api/v1/auctions/{id}/lots/{code}/annulment", "/api/v1/auctions/{sold}/lots/1/annulment", WHY, "op1")
        .second(Second::Declines("op2"))
        .shows(("aud1", "/api/v1/auctions/{sold}"), "lots[code=1].status", r#""sold""#, r#""sold""#),
    power("POST /api/v1/auctions/{id}/lots/{code}/annulment", "/api/v1/auctions/{sold}/lots/1/annulment", WHY, "op1")
        .second(Second::Approves("op2"))
        .shows(("aud1", "/api/v1/auctions/{sold}"), "lots[code=1].status", r#""sold""#, r#""annulled""#).acts(&["lot_annulled"]),
    // Halts and freezes.
    power("POST /api/v1/halts", "/api/v1/halts", r#"{"scope":{"kind":"mode","mode":"procurement"},"reason":"核查"}"#, "op1")
        .shows(HALTS, "items[reason=核查].reason", "null", r#""核查""#).acts(&["halted"]).keeps("id", "halt"),
    power("POST /api/v1/halts/{id}/lifting", "/api/v1/halts/{halt}/lifting", r#"{"reason":"查清"}"#, "op1")
        .shows(HALTS, "items[reason=核查].lifted_reason", "null", r#""查清""#).acts(&["halt_lifted"]),
    power("POST /api/v1/members/{code}/freeze", "/api/v1/members/B3/freeze", WHY, "op1")
        .shows(MEMBERS, "items[code=B3].frozen.reason", "null", r#""核查""#).acts(&["member_frozen"]),
    power("POST /api/v1/members/{code}/unfreeze", "/api/v1/members/B3/unfreeze", WHY, "op1")
        .shows(MEMBERS, "items[code=B3].frozen.reason", r#""核查""#, "null").acts(&["member_unfrozen"]),
    // Money.
    power("POST /api/v1/members/{code}/deposits", "/api/v1/members/P0/deposits", r#"{"amount":"5.00","reference":"a"}"#, "set1")
        .shows(P0, "available", r#""0.00""#, r#""5.00""#).acts(&["deposit"]).keeps("sequence", "payment"),
    power("POST /api/v1/corrections", "/api/v1/corrections", r#"{"sequence":{payment},"reason":"入错户"}"#, "set1")
        .second(Second::Approves("set2")).shows(P0, "available", r#""5.00""#, r#""0.00""#).acts(&["correction"]),
    power("POST /api/v1/members/{code}/deposits", "/api/v1/members/P0/deposits", r#"{"amount":"2000000.00","reference":"b"}"#, "set1")
        .second(Second::Declines("set2")).shows(P0, "available", r#""0.00""#, r#""0.00""#),
    power("POST /api/v1/members/{code}/deposits", "/api/v1/members/P0/deposits", r#"{"amount":"2000000.00","reference":"c"}"#, "set1")
        .second(Second::Approves("set2")).shows(P0, "available", r#""0.00""#, r#""2000000.00""#).acts(&["deposit"]),
    power("POST /api/v1/members/{code}/withdrawals", "/api/v1/members/P0/withdrawals", r#"{"amount":"1.00","reference":"d"}"#, "set1")
        .shows(P0, "available", r#""2000000.00""#, r#""1999999.00""#).acts(&["withdrawal"]),
    power("POST /api/v1/members/{code}/withdrawals", "/api/v1/members/P0/withdrawals", r#"{"amount":"1999999.00","reference":"e"}"#, "set2")
        .second(Second::Approves("set1")).shows(P0, "available", r#""1999999.00""#, r#""0.00""#).acts(&["withdrawal"]),
    // Members, products and the profile.
    power("POST /api/v1/members", "/api/v1/members", r#"{"code":"N1","name":"Firm N1"}"#, "adm1")
        .shows(MEMBERS, "items[code=N1].name", "null", r#""Firm N1""#).acts(&["member_admitted"]),
    power("POST /api/v1/applications/{id}/admission", "/api/v1/applications/1/admission", r#"{"code":"N2","version":0}"#, "adm1")
        .shows(MEMBERS, "items[code=N2].name", "null", r#""Firm fit""#).acts(&["application_admitted"]),
    power("POST /api/v1/applications/{id}/refusal", "/api/v1/applications/2/refusal", WHY, "adm1")
        .shows(APPLICATIONS, "items[id=2].status", r#""waiting""#, r#""refused""#).acts(&["application_refused"]),
    power("POST /api/v1/applications/{id}/erasure", "/api/v1/applications/2/erasure", "{}", "adm1").second(Second::Declines("adm2"))
        .shows(APPLICATIONS, "items[id=2].forgotten", "false", "false"),
    power("POST /api/v1/applications/{id}/erasure", "/api/v1/applications/2/erasure", "{}", "adm1").second(Second::Approves("adm2"))
        .shows(APPLICATIONS, "items[id=2].forgotten", "false", "true").acts(&["applicant_forgotten"]),
    power("POST /api/v1/products", "/api/v1/products", r#"{"code":"Dy","name":"氧化镝","unit":"kg"}"#, "adm1")
        .shows(("aud1", "/api/v1/products?limit=100"), "items[code=Dy].name", "null", r#""氧化镝""#).acts(&["product_added"]),
    power("PUT /api/v1/products/{code}", "/api/v1/products/Dy", r#"{"name":"氧化镝 99.5"}"#, "adm1")
        .shows(("aud1", "/api/v1/products?limit=100"), "items[code=Dy].name", r#""氧化镝""#, r#""氧化镝 99.5""#).acts(&["product_described"]),
    power("PUT /api/v1/profile", "/api/v1/profile", "{profile}", "adm1").second(Second::Declines("adm2"))
        .shows(PROFILE, "sealed", "true", "true"),
    power("PUT /api/v1/profile", "/api/v1/profile", "{profile}", "adm1").second(Second::Approves("adm2"))
        .shows(PROFILE, "sealed", "true", "false").acts(&["profile_set"]),
    // Users.
    power("POST /api/v1/users", "/api/v1/users", r#"{"login":"neu","name":"新人","role":"operator"}"#, "adm1")
        .second(Second::Declines("adm2")).shows(USERS, "items[login=neu].role", "null", "null"),
    power("POST /api/v1/users", "/api/v1/users", r#"{"login":"neu","name":"新人","role":"operator"}"#, "adm1")
        .second(Second::Approves("adm2")).shows(USERS, "items[login=neu].role", "null", r#""operator""#).acts(&["user_added"]),
    power("POST /api/v1/users", "/api/v1/users", r#"{"login":"neub","name":"新人","role":"trader","member":"B1"}"#, "adm1")
        .shows(USERS, "items[login=neub].role", "null", r#""trader""#).acts(&["user_added"]),
    power("PUT /api/v1/users/{login}/role", "/api/v1/users/neub/role", r#"{"role":"manager"}"#, "adm1")
        .shows(USERS, "items[login=neub].role", r#""trader""#, r#""manager""#).acts(&["role_set"]),
    power("PUT /api/v1/users/{login}/role", "/api/v1/users/neu/role", r#"{"role":"settlement"}"#, "adm1")
        .second(Second::Declines("adm2")).shows(USERS, "items[login=neu].role", r#""operator""#, r#""operator""#),
    power("PUT /api/v1/users/{login}/role", "/api/v1/users/neu/role", r#"{"role":"settlement"}"#, "adm1")
        .second(Second::Approves("adm2")).shows(USERS, "items[login=neu].role", r#""operator""#, r#""settlement""#).acts(&["role_set"]),
    power("PUT /api/v1/users/{login}/limit", "/api/v1/users/b2/limit", r#"{"bid_amount_max":"5.00"}"#, "adm1")
        .shows(USERS, "items[login=b2].bid_amount_max", "null", r#""5.00""#).acts(&["limit_given"]),
    power("POST /api/v1/users/{login}/lock", "/api/v1/users/b3/lock", "{}", "adm1")
        .shows(USERS, "items[login=b3].locked", "false", "true").acts(&["user_locked"]),
    power("POST /api/v1/users/{login}/unlock", "/api/v1/users/b3/unlock", "{}", "adm1")
        .shows(USERS, "items[login=b3].locked", "true", "false").acts(&["user_unlocked"]),
    power("POST /api/v1/users/{login}/password", "/api/v1/users/b3/password", "{}", "adm1")
        .shows(USERS, "items[login=b3].new_password_required", "false", "true").acts(&["password_reset"]),
    power("POST /api/v1/users/{login}/password", "/api/v1/users/op2/password", "{}", "adm1").second(Second::Declines("adm2"))
        .shows(USERS, "items[login=op2].new_password_required", "false", "false"),
    power("POST /api/v1/users/{login}/password", "/api/v1/users/op2/password", "{}", "adm1").second(Second::Approves("adm2"))
        .shows(USERS, "items[login=op2].new_password_required", "false", "true").acts(&["password_reset"]),
    power("DELETE /api/v1/users/{login}/second-factor", "/api/v1/users/op2/second-factor", "{}", "adm1")
        .second(Second::Declines("adm2")).shows(USERS, "items[login=op2].second_factor", "true", "true"),
    power("DELETE /api/v1/users/{login}/second-factor", "/api/v1/users/op2/second-factor", "{}", "adm1")
        .second(Second::Approves("adm2")).shows(USERS, "items[login=op2].second_factor", "true", "false").acts(&["second_factor_removed"]),
    power("POST /api/v1/users/{login}/erasure", "/api/v1/users/b3/erasure", "{}", "adm1").second(Second::Approves("adm2"))
        .shows(USERS, "items[id=13].forgotten", "false", "true").acts(&["person_forgotten"]),
    // What staff see: of another's, the look itself is in the trail.
    power("GET /api/v1/applications", "/api/v1/applications", "", "aud1"),
    power("GET /api/v1/applications/{id}", "/api/v1/applications/1", "", "adm1").acts(&["looked_at_application"]),
    power("GET /api/v1/approvals", "/api/v1/approvals", "", "set1"),
    power("GET /api/v1/members/{code}/funds", "/api/v1/members/B1/funds", "", "set1").acts(&["looked_at_funds"]),
    power("GET /api/v1/members/{code}/payments", "/api/v1/members/B1/payments", "", "set1").acts(&["looked_at_funds"]),
    power("GET /api/v1/today", "/api/v1/today", "", "op1"),
    power("GET /api/v1/node", "/api/v1/node", "", "op1"),
    power("GET /api/v1/users", "/api/v1/users", "", "adm1").acts(&["looked_at_users"]),
    power("GET /api/v1/audit", "/api/v1/audit", "", "adm1").acts(&["looked_at_audit"]),
    power("GET /api/v1/audit.csv", "/api/v1/audit.csv", "", "adm1").acts(&["looked_at_audit"]),
];

/// Who stands for each role where a role is wrong.
const LOGINS: [(Role, &str); 6] = [
    (Role::Trader, "b1"),
    (Role::Manager, "s1m"),
    (Role::Operator, "op1"),
    (Role::Settlement, "set1"),
    (Role::Admin, "adm1"),
    (Role::Auditor, "aud1"),
];

/// A venue with what the powers are used on, and the texts that stand for it.
struct Scene {
    venue: Venue,
    names: BTreeMap<&'static str, String>,
    tokens: BTreeMap<&'static str, String>,
}

impl Scene {
    async fn new() -> Self {
        let venue = Venue::start().await;
        let mut tokens = BTreeMap::new();
        for login in ["b1", "s1m", "op1", "op2", "set1", "set2", "adm1", "adm2", "aud1"] {
            tokens.insert(login, venue.sign_in(login).await);
        }
        let mut names = BTreeMap::new();
        let running = venue.running(|_| {}).await;
        names.insert("running", running.to_string());
        let seen = venue.get(&format!("/api/v1/auctions/{running}")).by(&tokens["aud1"]).send().await.json;
        names.insert("closes", seen["closes"].to_string());
        // At the limit price the lot ends with the bid.
        let sold = venue.running(|body| body["bidding"]["limit_price"] = json!("565500.00")).await;
        let bid = venue.post(&format!("/api/v1/auctions/{sold}/lots/1/bids")).by(&tokens["b1"]);
        let bid = bid.json(json!({"price": "565500.00"})).send().await;
        assert_eq!(bid.status, 201, "{}", bid.json);
        names.insert("sold", sold.to_string());
        for name in ["refused", "approved"] {
            let submitted = venue.post("/api/v1/auctions").by(&tokens["s1m"]).json(announcement()).send().await;
            assert_eq!(submitted.status, 201, "{}", submitted.json);
            names.insert(name, submitted.json["id"].to_string());
        }
        names.insert("until", later(Duration::from_secs(6 * 3600)));
        venue.applies(application("91150000701463622D", "fit")).await;
        venue.applies(application("9144030071526726XG", "unfit")).await;
        let mut profile = venue.get("/api/v1/profile").by(&tokens["adm1"]).send().await.json;
        profile["sealed"] = json!(false);
        names.insert("profile", profile.to_string());
        Scene { venue, names, tokens }
    }

    fn text(&self, template: &str) -> String {
        self.names.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    async fn ask(&self, power: &Power, login: &str) -> Reply {
        let (method, _) = power.call.split_once(' ').unwrap();
        let call = self.venue.call(method.parse().unwrap(), &self.text(power.path)).by(&self.tokens[login]);
        let call = if method == "GET" || power.call.ends_with("/previews") { call.no_key() } else { call };
        if power.body.is_empty() { call.send().await } else { call.text(self.text(power.body)).send().await }
    }

    async fn decide(&self, id: &Value, second: Second, login: &str) -> Reply {
        let method = if matches!(second, Second::Declines(_)) { Method::DELETE } else { Method::POST };
        self.venue.call(method, &format!("/api/v1/approvals/{id}")).by(&self.tokens[login]).text("{}").send().await
    }

    /// What one sees of what a power changes; null where there is nothing.
    async fn look(&self, ((login, path), part): (See, &str)) -> Value {
        let seen = self.venue.get(&self.text(path)).by(&self.tokens[login]).send().await;
        assert_eq!(seen.status, 200, "{path}: {}", seen.json);
        part.split('.').fold(seen.json, |value, step| match step.split_once('[') {
            None => value[step].clone(),
            Some((list, which)) => {
                let (key, wanted) = which.trim_end_matches(']').split_once('=').unwrap();
                let mut items = value[list].as_array().unwrap().iter();
                let found = items.find(|item| item[key].to_string().trim_matches('"') == wanted);
                found.cloned().unwrap_or_default()
            }
        })
    }

    /// That the trail says of this user, after this entry, that it did so.
    async fn tells(&self, login: &str, act: &str, after: u64) {
        let path = format!("/api/v1/audit?user={login}&act={act}&limit=1");
        let trail = self.venue.get(&path).by(&self.tokens["aud1"]).send().await.json;
        let line = &trail["items"][0];
        assert!(line["sequence"].as_u64().is_some_and(|at| at > after), "{act} of {login} after {after}: {trail}");
        assert_eq!((&line["login"], &line["act"]), (&json!(login), &json!(act)));
    }
}

/// Protects every power of the staff: nobody of another role has it, where a second person is asked for the first cannot be the
/// second, nothing has changed before, the change is seen afterwards, and the trail says who did it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_power_is_held_and_told() {
    let mut scene = Scene::new().await;
    for power in POWERS {
        let row = TABLE.iter().find(|row| format!("{} {}", row.method, row.path) == power.call).unwrap();
        let what = format!("{} by {}", power.call, power.by);
        let shown = power.shows.map(|(see, part, before, after)| {
            let json = |text: &str| serde_json::from_str::<Value>(&scene.text(text)).unwrap();
            ((see, part), json(before), json(after))
        });
        if let Some((part, before, _)) = &shown {
            assert_eq!(scene.look(*part).await, *before, "before {what}");
        }
        let start = scene.venue.node.sequence();
        for (role, login) in LOGINS.into_iter().filter(|(role, _)| !row.who.admits(Some(*role))) {
            let answer = scene.ask(power, login).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.json["reason"]),
                (403, &json!("forbidden")),
                "{what}: {role:?}"
            );
        }
        assert_eq!(scene.venue.node.sequence(), start, "{what}: who may not leaves no entry");

        let answer = scene.ask(power, power.by).await;
        let doer = match power.second {
            Second::None => {
                assert!(matches!(answer.status.as_u16(), 200 | 201), "{what}: {} {}", answer.status, answer.json);
                power.by
            }
            Second::Approves(second) | Second::Declines(second) => {
                assert_eq!((answer.status.as_u16(), &answer.json["status"]), (202, &json!("pending")), "{what}");
                scene.tells(power.by, "approval_asked", start.0).await;
                let (id, (part, before, _)) = (&answer.json["id"], shown.as_ref().unwrap());
                assert_eq!(scene.look(*part).await, *before, "{what}: nothing is done by one");
                scene.decide(id, power.second, power.by).await.refuses(403, "same_person");
                for (_, login) in LOGINS.into_iter().filter(|(role, _)| !row.who.admits(Some(*role))) {
                    scene.decide(id, power.second, login).await.refuses(403, "forbidden");
                }
                assert_eq!(scene.look(*part).await, *before, "{what}: nobody else has decided");
                let decided = scene.decide(id, power.second, second).await;
                assert_eq!(decided.status, 200, "{what}: {}", decided.json);
                let act =
                    if matches!(power.second, Second::Approves(_)) { "approval_given" } else { "approval_declined" };
                scene.tells(second, act, start.0).await;
                scene.decide(id, power.second, second).await.refuses(409, "already_decided");
                second
            }
        };
        if let Some((part, _, after)) = &shown {
            assert_eq!(scene.look(*part).await, *after, "after {what}");
        }
        for act in power.acts {
            scene.tells(doer, act, start.0).await;
        }
        if let Some((part, name)) = power.keeps {
            scene.names.insert(name, answer.json[part].to_string());
        }
    }
}

/// Protects the test above from being forgotten: a new call of the staff needs a row in it.
#[test]
fn every_call_of_staff_has_a_row() {
    let mut rows: BTreeSet<&str> = POWERS.iter().map(|power| power.call).collect();
    for power in POWERS {
        match power.second {
            Second::None => {}
            Second::Approves(_) => drop(rows.insert("POST /api/v1/approvals/{id}")),
            Second::Declines(_) => drop(rows.insert("DELETE /api/v1/approvals/{id}")),
        }
    }
    let of_staff = |who: Who| matches!(who, Who::Roles(roles) if roles.iter().any(|role| !role.is_members()));
    let calls: Vec<String> =
        TABLE.iter().filter(|row| of_staff(row.who)).map(|row| format!("{} {}", row.method, row.path)).collect();
    let missing: Vec<&String> = calls.iter().filter(|call| !rows.contains(call.as_str())).collect();
    assert!(missing.is_empty(), "no row in POWERS: {missing:?}");
    let gone: Vec<&&str> = rows.iter().filter(|row| !calls.iter().any(|call| call == **row)).collect();
    assert!(gone.is_empty(), "no call of the staff: {gone:?}");
}
