//! The audit trail over HTTP.

use serde_json::{Value, json};

use crate::venue::{PASSWORD, Venue};

fn acts(page: &Value) -> Vec<(&str, &str)> {
    let items = page["items"].as_array().unwrap();
    items.iter().rev().map(|line| (line["login"].as_str().unwrap_or("-"), line["act"].as_str().unwrap())).collect()
}

/// Protects the trail: acts of staff, sign-ins and looks are in it, with who and whom, before the look is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_staff_do_and_see_is_in_the_trail() {
    let venue = Venue::start().await;
    let (admin, settlement, auditor) =
        (venue.sign_in("adm1").await, venue.sign_in("set1").await, venue.sign_in("aud1").await);
    let before = venue.node.sequence();
    let funds = venue.get("/api/v1/members/B1/funds").by(&settlement).send().await;
    assert_eq!(funds.status, 200, "{}", funds.json);
    assert_eq!(venue.node.sequence().0, before.0 + 1, "the look is an entry");
    venue.get("/api/v1/members/XX/funds").by(&settlement).send().await.refuses(404, "unknown_member");
    let pay = json!({"amount": "12.50", "reference": "=slip, 7"});
    assert_eq!(venue.post("/api/v1/members/B1/deposits").by(&settlement).json(pay).send().await.status, 201);
    let lock = venue.post("/api/v1/users/b2/lock").by(&admin).json(json!({})).send().await;
    assert_eq!(lock.status, 200);
    venue.get("/api/v1/users").by(&admin).send().await;

    let page = venue.get("/api/v1/audit").by(&auditor).send().await.json;
    let seen = acts(&page);
    for expected in [
        ("adm1", "signed_in"),
        ("set1", "signed_in"),
        ("set1", "looked_at_funds"),
        ("set1", "deposit"),
        ("adm1", "user_locked"),
        ("adm1", "looked_at_users"),
        ("aud1", "looked_at_audit"),
    ] {
        assert!(seen.contains(&expected), "{expected:?} is not in {seen:?}");
    }
    let narrowed = async |query: &str| venue.get(&format!("/api/v1/audit?{query}")).by(&auditor).send().await.json;
    let of_b1 = narrowed("member=B1").await;
    assert_eq!(acts(&of_b1), [("set1", "looked_at_funds"), ("set1", "deposit")]);
    assert_eq!(of_b1["items"][0]["detail"], "12.50 =slip, 7");
    let of_b2 = narrowed("user=b2").await;
    assert_eq!(acts(&of_b2), [("adm1", "user_locked")]);
    assert_eq!((&of_b2["items"][0]["subject_login"], &of_b2["items"][0]["role"]), (&json!("b2"), &json!("admin")));
    let first = narrowed("act=signed_in&limit=2").await;
    let second = narrowed(&format!("act=signed_in&limit=2&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert_eq!(narrowed("from=2100-01-01T00:00:00Z").await["items"], json!([]));
    for (query, status, reason) in [
        ("act=danced", 422, "invalid_act"),
        ("user=nobody", 404, "unknown_user"),
        ("member=XX", 404, "unknown_member"),
        ("from=yesterday", 422, "invalid_time"),
        ("who=b2", 400, "unknown_parameter"),
    ] {
        venue.get(&format!("/api/v1/audit?{query}")).by(&auditor).send().await.refuses(status, reason);
    }
    let csv = venue.get("/api/v1/audit.csv?member=B1").by(&admin).send().await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let text = String::from_utf8(csv.body.to_vec()).unwrap();
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[1].contains(",set1,settlement,deposit,B1,,,,\"12.50 =slip, 7\""), "{text}");
}

/// Protects the trail and the log from guessers: what went wrong is counted, entered once for many, and with the sign-in at
/// last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_sign_ins_are_counted() {
    let venue = Venue::start().await;
    let auditor = venue.sign_in("aud1").await;
    let before = venue.node.sequence();
    let wrong = async |login: &str| {
        let body = json!({"login": login, "password": "wrong"});
        venue.post("/api/v1/sessions").json(body).send().await.refuses(401, "bad_credentials");
    };
    for _ in 0..4 {
        wrong("b1").await;
        wrong("nobody").await;
    }
    assert!(venue.node.sequence().0 <= before.0 + 2, "eight failures are two entries");
    let body = json!({"login": "b1", "password": PASSWORD});
    assert_eq!(venue.post("/api/v1/sessions").json(body).send().await.status, 201);
    let path = "/api/v1/audit?act=sign_ins_failed";
    let page = venue.until(path, &auditor, |page| page["items"].as_array().unwrap().len() == 3).await;
    let mut counted: Vec<(Option<&str>, u32)> = Vec::new();
    for line in page["items"].as_array().unwrap() {
        let detail = line["detail"].as_str().unwrap();
        counted.push((line["login"].as_str(), detail.split_once(" since ").unwrap().0.parse().unwrap()));
    }
    let of = |login: Option<&str>| counted.iter().filter(|(of, _)| *of == login).map(|(_, count)| count).sum::<u32>();
    assert_eq!((of(Some("b1")), of(None)), (4, 1), "those of nobody wait for ten minutes: {counted:?}");
}

/// Protects the trail from holes: a look that cannot be entered is not answered, and other reads go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_look_without_its_entry() {
    let venue = Venue::start().await;
    let (settlement, auditor) = (venue.sign_in("set1").await, venue.sign_in("aud1").await);
    venue.node.stop().await;
    venue.get("/api/v1/members/B1/funds").by(&settlement).send().await.refuses(503, "unavailable");
    venue.get("/api/v1/audit").by(&auditor).send().await.refuses(503, "unavailable");
    let other = venue.get("/api/v1/members").by(&settlement).send().await;
    assert_eq!(other.status, 200, "{}", other.json);
}
