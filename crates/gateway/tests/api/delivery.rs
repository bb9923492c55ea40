//! Notices beside the app: each channel against a receiver of the test's own, with what holds them back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use gateway::{GatewayConfig, NoticesConfig, Sms, Smtp, SmtpTls};
use serde_json::{Value, json};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::notices::bid;
use crate::receivers::{Browser, MailServer, Receiver, vapid};
use crate::venue::{Venue, config, unix_s};

const SETTINGS: &str = "/api/v1/notices/settings";
const BROWSERS: &str = "/api/v1/notices/browsers";
const KINDS: [&str; 8] = ["overtaken", "ends_soon", "won", "lost", "sold", "approved", "refused", "released"];

/// A venue that may send to this machine, and tries again at once.
fn sending(change: impl FnOnce(&mut NoticesConfig)) -> GatewayConfig {
    let mut notices = NoticesConfig {
        push_contact: Some("mailto:operations@bayan.example".to_owned()),
        retry_first: Duration::from_millis(10),
        private_receivers: true,
        wecom_hosts: vec!["127.0.0.1".to_owned()],
        url: Some("https://bayan.example/".to_owned()),
        ..NoticesConfig::default()
    };
    change(&mut notices);
    GatewayConfig { notices, ..config() }
}

/// Settings by which every kind comes over these channels.
fn wanted(channels: &[&str]) -> Value {
    let kinds: serde_json::Map<String, Value> =
        KINDS.iter().map(|kind| ((*kind).to_owned(), json!(channels))).collect();
    json!({"language": "en", "per_hour": 20, "quiet": null, "utc_offset": "+08:00", "email": null, "phone": null,
           "wecom": null, "kinds": kinds})
}

async fn set(venue: &Venue, token: &str, settings: Value) {
    let set = venue.call(hyper::Method::PUT, SETTINGS).by(token).json(settings).send().await;
    assert_eq!(set.status, 200, "{}", set.json);
}

async fn subscribe(venue: &Venue, token: &str, browser: &Browser, endpoint: &str) {
    let added = venue.post(BROWSERS).by(token).json(browser.subscription(endpoint)).send().await;
    assert_eq!(added.status, 200, "{}", added.json);
}

fn tls(folder: &std::path::Path) -> (TlsAcceptor, std::path::PathBuf) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let path = folder.join("authority.pem");
    std::fs::write(&path, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), path)
}

fn sms(address: SocketAddr) -> Option<Sms> {
    Some(Sms { url: format!("http://{address}/sms"), token: Some("gateway-token".to_owned()) })
}

/// Protects push: what arrives at the push service is for the browser alone, shows who the venue is, and says what happened; a
/// subscription that the service no longer knows is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_is_read_by_its_browser_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (acceptor, authority) = tls(folder.path());
    let mut service = Receiver::with(&[], Some(acceptor)).await;
    let venue = Venue::with(sending(|notices| notices.authorities = Some(authority))).await;
    let id = venue.running(|_| {}).await;
    let (first, rival) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let endpoint = format!("https://localhost:{}/send/abc?x=1", service.address.port());
    let (phone, desktop) = (Browser::new(7), Browser::new(9));
    subscribe(&venue, &first, &phone, &endpoint).await;
    let shown = venue.get(SETTINGS).by(&first).send().await.json;
    assert_eq!(shown["browsers"], json!([{"endpoint": endpoint, "label": "Chromium"}]));
    let channel = |json: &Value, name: &str| {
        json["channels"].as_array().unwrap().iter().find(|one| one["channel"] == name).unwrap().clone()
    };
    assert_eq!(channel(&shown, "push"), json!({"channel": "push", "available": true, "addressed": true, "last": null}));
    assert_eq!(channel(&shown, "email")["available"], false);

    bid(&venue, id, &first, "565000.00").await;
    bid(&venue, id, &rival, "565500.00").await;
    let arrived = service.next().await;
    assert_eq!(arrived.path, "/send/abc?x=1");
    let header = |name: &str| arrived.headers[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("content-encoding"), header("ttl"), header("urgency")),
        ("aes128gcm".into(), "300".into(), "high".into())
    );
    assert_eq!(header("topic"), format!("overtaken-{id}-1"));
    let claims = vapid(&header("authorization"), shown["push_key"].as_str().unwrap());
    assert_eq!(claims["aud"], format!("https://localhost:{}", service.address.port()));
    assert_eq!(claims["sub"], "mailto:operations@bayan.example");
    let expires = claims["exp"].as_u64().unwrap();
    assert!(expires > unix_s() && expires <= unix_s() + 24 * 3600, "{expires}");
    let said = phone.read(&arrived.body);
    assert_eq!((&said["title"], &said["path"]), (&json!("出价被超越"), &json!(format!("/auctions/{id}/1"))));
    assert!(said["body"].as_str().unwrap().contains("565500.00"), "{said}");
    let sent = venue.until(SETTINGS, &first, |json| channel(json, "push")["last"]["sent"] == true).await;
    assert_eq!(channel(&sent, "push")["last"]["detail"], "");

    // Two browsers, of which the service no longer knows the first.
    let other = format!("https://localhost:{}/send/def", service.address.port());
    subscribe(&venue, &first, &desktop, &other).await;
    service.answer(410);
    service.answer(410);
    bid(&venue, id, &first, "566000.00").await;
    bid(&venue, id, &rival, "566500.00").await;
    service.next().await;
    service.next().await;
    let gone = venue.until(SETTINGS, &first, |json| json["browsers"] == json!([])).await;
    assert_eq!(gone["browsers"], json!([]));
}

/// Protects e-mail, the robot and short messages: each in the form that its receiver wants, in the user's language, tried again
/// where the receiver said "later" and not where it took it, and no redirect is followed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_channel_speaks_as_its_receiver_wants() {
    let folder = tempfile::tempdir().unwrap();
    let (acceptor, authority) = tls(folder.path());
    let mut mails = MailServer::start(1, Some(acceptor)).await;
    let (mut robot, mut texts) = (Receiver::start(&[(503, "")]).await, Receiver::start(&[(429, ""), (307, "")]).await);
    let smtp = Smtp {
        host: "localhost".to_owned(),
        port: mails.address.port(),
        tls: SmtpTls::Starttls,
        user: Some(("venue".to_owned(), "secret".to_owned())),
        from: "notices@bayan.example".to_owned(),
    };
    let venue = Venue::with(sending(|notices| {
        (notices.smtp, notices.sms, notices.authorities) = (Some(smtp), sms(texts.address), Some(authority));
    }))
    .await;
    let id = venue.running(|_| {}).await;
    let (first, rival) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let mut settings = wanted(&["email", "wecom", "sms"]);
    settings["email"] = json!("trader@member.example");
    settings["phone"] = json!("+8613800000000");
    settings["wecom"] = json!(format!("http://{}/cgi-bin/webhook/send?key=abc", robot.address));
    set(&venue, &first, settings.clone()).await;
    let shown = venue.get(SETTINGS).by(&first).send().await.json;
    for key in ["language", "per_hour", "quiet", "utc_offset", "email", "phone", "wecom"] {
        assert_eq!(shown["settings"][key], settings[key], "{key}");
    }
    assert_eq!(shown["settings"]["kinds"]["won"], json!(["email", "wecom", "sms"]));

    bid(&venue, id, &first, "565000.00").await;
    bid(&venue, id, &rival, "565500.00").await;
    for _ in 0..2 {
        let arrived = robot.next().await;
        assert_eq!(arrived.path, "/cgi-bin/webhook/send?key=abc");
        let body = arrived.json();
        assert_eq!(body["msgtype"], "text");
        let text = body["text"]["content"].as_str().unwrap();
        assert!(text.starts_with("Overtaken\n") && text.contains("565500.00"), "{text}");
        assert!(text.ends_with(&format!("\nhttps://bayan.example/auctions/{id}/1")), "{text}");
    }
    let first_try = texts.next().await;
    assert_eq!(
        (first_try.path.as_str(), &first_try.headers["authorization"]),
        ("/sms", &"Bearer gateway-token".parse().unwrap())
    );
    let text = first_try.json();
    assert_eq!(text["to"], "+8613800000000");
    assert!(text["text"].as_str().unwrap().contains("565500.00"), "{text}");
    assert_eq!(texts.next().await.path, "/sms");

    let mail = mails.next().await;
    assert_eq!(mail.said[1], "STARTTLS", "nothing is said before it is secure");
    assert!(mail.said.contains(&"AUTH PLAIN AHZlbnVlAHNlY3JldA==".to_owned()), "{:?}", mail.said);
    assert!(mail.said.contains(&"MAIL FROM:<notices@bayan.example>".to_owned()), "{:?}", mail.said);
    assert!(mail.said.contains(&"RCPT TO:<trader@member.example>".to_owned()), "{:?}", mail.said);
    assert!(mail.head.contains("Subject: =?utf-8?B?T3ZlcnRha2Vu?="), "{}", mail.head);
    assert!(mail.body.contains("565500.00") && mail.body.contains("https://bayan.example/auctions/"), "{}", mail.body);

    // Each says in the settings what became of it: the redirect was an answer like any other.
    let last = |json: &Value, name: &str| {
        json["channels"].as_array().unwrap().iter().find(|one| one["channel"] == name).unwrap()["last"].clone()
    };
    let done = venue
        .until(SETTINGS, &first, |json| ["email", "wecom", "sms"].iter().all(|name| !last(json, name).is_null()))
        .await;
    assert_eq!((&last(&done, "email")["sent"], &last(&done, "wecom")["sent"]), (&json!(true), &json!(true)));
    assert_eq!(
        (&last(&done, "sms")["sent"], &last(&done, "sms")["detail"]),
        (&json!(false), &json!("the receiver answered 307"))
    );
    assert_eq!((robot.rest(), texts.rest()), (0, 0), "nothing comes twice");
}

/// Protects mail over a connection that is secure from the start, and that one whose certificate nobody vouches for gets nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_goes_only_where_the_certificate_is_believed() {
    for believed in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let (acceptor, authority) = tls(folder.path());
        let mut mails = MailServer::with(0, Some(acceptor), true).await;
        let smtp = Smtp {
            host: "localhost".to_owned(),
            port: mails.address.port(),
            tls: SmtpTls::Always,
            user: None,
            from: "notices@bayan.example".to_owned(),
        };
        let venue = Venue::with(sending(|notices| {
            (notices.smtp, notices.authorities) = (Some(smtp), believed.then_some(authority));
        }))
        .await;
        let token = venue.sign_in("b1").await;
        let mut settings = wanted(&["email"]);
        settings["email"] = json!("trader@member.example");
        set(&venue, &token, settings).await;
        let tried = venue.post("/api/v1/notices/test").by(&token).json(json!({})).send().await.json;
        assert_eq!(tried["items"][0]["sent"], believed, "{tried}");
        if believed {
            assert!(mails.next().await.body.contains("reach you this way"));
        } else {
            let detail = tried["items"][0]["detail"].as_str().unwrap();
            assert!(detail.starts_with("no secure connection to the mail server"), "{detail}");
        }
    }
}

/// Protects who may no longer be told: what waits for its next try is not sent after its user was locked or forgotten, or took the
/// address out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_let_fall_with_its_reader() {
    for act in ["lock", "erasure", "address"] {
        let mut texts = Receiver::start(&[(500, "")]).await;
        let venue = Venue::with(sending(|notices| {
            // Long enough for two admins to agree.
            (notices.sms, notices.retry_first) = (sms(texts.address), Duration::from_secs(3));
        }))
        .await;
        let id = venue.running(|_| {}).await;
        let (first, rival) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
        let admins = (venue.sign_in("adm1").await, venue.sign_in("adm2").await);
        let mut settings = wanted(&["sms"]);
        settings["phone"] = json!("+8613800000000");
        set(&venue, &first, settings.clone()).await;
        bid(&venue, id, &first, "565000.00").await;
        bid(&venue, id, &rival, "565500.00").await;
        texts.next().await;
        if act == "address" {
            settings["phone"] = json!("+8613900000000");
            set(&venue, &first, settings).await;
        } else {
            let done = venue.post(&format!("/api/v1/users/b1/{act}")).by(&admins.0).json(json!({})).send().await;
            if act == "erasure" {
                assert_eq!(venue.agreed(&admins.1, &done).await.status, 200);
            } else {
                assert_eq!(done.status, 200, "{}", done.json);
            }
        }
        let let_fall = async || {
            let page = String::from_utf8(venue.get("/metrics").send().await.body.to_vec()).unwrap();
            page.lines().any(|line| line.contains("notices") && line.contains("dropped") && line.ends_with(" 1"))
        };
        let end = std::time::Instant::now() + Duration::from_secs(20);
        while texts.rest() == 0 && !let_fall().await {
            assert!(std::time::Instant::now() < end, "{act}: it is neither sent nor let fall");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(let_fall().await, "{act}: it was sent all the same");
    }
}

/// Protects who had a device before: its browser, signed in by another, tells that one alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_tells_one_person() {
    let venue = Venue::with(sending(|_| {})).await;
    let (first, second) = (venue.sign_in("b1").await, venue.sign_in("b2").await);
    let (shared, own) = ("https://push.example.com/shared", "https://push.example.com/own");
    let browser = Browser::new(7);
    subscribe(&venue, &first, &browser, own).await;
    subscribe(&venue, &first, &browser, shared).await;
    subscribe(&venue, &second, &browser, shared).await;
    let browsers = async |token: &str| venue.get(SETTINGS).by(token).send().await.json["browsers"].clone();
    assert_eq!(browsers(&first).await, json!([{"endpoint": own, "label": "Chromium"}]));
    assert_eq!(browsers(&second).await, json!([{"endpoint": shared, "label": "Chromium"}]));
}

/// Protects what holds messages back: the number an hour, also after the node has begun again; the quiet hours; what was not
/// chosen; and that a node tells nothing of before it began.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_held_back_as_the_user_wants() {
    let mut texts = Receiver::start(&[]).await;
    let mut venue = Venue::with(sending(|notices| notices.sms = sms(texts.address))).await;
    let id = venue.running(|_| {}).await;
    let (limited, rival, quiet, choosy) =
        (venue.sign_in("b1").await, venue.sign_in("b2").await, venue.sign_in("b1m").await, venue.sign_in("b2").await);
    let settings = |phone: &str| {
        let mut settings = wanted(&["sms"]);
        settings["phone"] = json!(phone);
        settings
    };
    let mut once = settings("+10000001");
    once["per_hour"] = json!(1);
    set(&venue, &limited, once).await;
    // All day but for a minute that is far off.
    let mut silent = settings("+10000002");
    let minute = unix_s() / 60 % (24 * 60);
    let clock = |minute: u64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    silent["quiet"] = json!({"from": clock(minute + 24 * 60 - 60), "to": clock(minute + 60)});
    silent["utc_offset"] = json!("+00:00");
    set(&venue, &quiet, silent).await;
    let mut chosen = settings("+10000003");
    chosen["kinds"]["overtaken"] = json!(["app", "email"]);
    set(&venue, &choosy, chosen).await;

    let duel = async |venue: &Venue, from: u64| {
        bid(venue, id, &limited, &format!("{from}.00")).await;
        bid(venue, id, &rival, &format!("{}.00", from + 500)).await;
        bid(venue, id, &limited, &format!("{}.00", from + 1_000)).await;
        bid(venue, id, &rival, &format!("{}.00", from + 1_500)).await;
    };
    duel(&venue, 565_000).await;
    let only = texts.next().await.json();
    assert_eq!(only["to"], "+10000001");
    assert!(only["text"].as_str().unwrap().contains("565500.00"));
    // Now the choosy one is told what it has chosen, and nothing came before that.
    let operator = venue.sign_in("op1").await;
    let cancel = format!("/api/v1/auctions/{id}/cancellation");
    venue.post(&cancel).by(&operator).json(json!({"reason": "an error"})).send().await;
    let released = texts.next().await.json();
    assert_eq!(released["to"], "+10000003");
    assert_eq!(texts.rest(), 0);

    // A gateway that begins again says nothing of before, and knows what it has sent.
    let again = venue.again(sending(|notices| notices.sms = sms(texts.address))).await;
    let id = again.running(|_| {}).await;
    bid(&again, id, &limited, "565000.00").await;
    bid(&again, id, &rival, "565500.00").await;
    again.post(&format!("/api/v1/auctions/{id}/cancellation")).by(&operator).json(json!({"reason": "x"})).send().await;
    assert_eq!(texts.next().await.json()["to"], "+10000003");
    assert_eq!(texts.rest(), 0, "the hour's number is spent");
}

/// Protects what may be set: each wrong value is named, an address that a user names leads to no machine of the venue, and what is
/// set is nobody else's to read, in the log neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_set_is_refused() {
    let smtp = Smtp {
        host: "127.0.0.1".to_owned(),
        port: 1,
        tls: SmtpTls::None,
        user: None,
        from: "notices@bayan.example".to_owned(),
    };
    let venue = Venue::with(sending(|notices| {
        notices.private_receivers = false;
        notices.smtp = Some(smtp);
        notices.tries_max = 1;
    }))
    .await;
    let (token, other) = (venue.sign_in("b1").await, venue.sign_in("b1m").await);
    for (key, value, reason) in [
        ("language", json!("fr"), "invalid_language"),
        ("per_hour", json!(121), "invalid_rate"),
        ("utc_offset", json!("8"), "invalid_offset"),
        ("quiet", json!({"from": "24:00", "to": "07:00"}), "invalid_quiet"),
        ("quiet", json!({"from": "07:00", "to": "07:00"}), "invalid_quiet"),
        ("quiet", json!({"from": "7:00", "to": "08:00"}), "invalid_quiet"),
        ("email", json!("a@b"), "invalid_email"),
        ("email", json!("a@b.example\r\nRCPT TO:<x@b.example>"), "invalid_email"),
        ("phone", json!("13800000000"), "invalid_phone"),
        ("phone", json!("+86 138"), "invalid_phone"),
        ("wecom", json!("http://127.0.0.1/x"), "invalid_wecom"),
        ("wecom", json!("https://evil.example/x"), "invalid_wecom"),
        ("wecom", json!("https://127.0.0.1@evil.example/x"), "invalid_wecom"),
        ("kinds", json!({"payday": ["sms"]}), "invalid_kind"),
        ("kinds", json!({"won": ["pigeon"]}), "invalid_kind"),
    ] {
        let mut settings = wanted(&[]);
        settings[key] = value.clone();
        let answer = venue.call(hyper::Method::PUT, SETTINGS).by(&token).json(settings).send().await;
        assert_eq!((answer.status.as_u16(), &answer.json["reason"]), (422, &json!(reason)), "{key} {value}");
    }
    let browser = Browser::new(7);
    let good = browser.subscription("https://push.example.com/x");
    for (key, value) in [
        ("endpoint", "http://push.example.com/x"),
        ("endpoint", "https://push.example.com:8443/x"),
        ("endpoint", "https://user@push.example.com/x"),
        ("p256dh", "AAAA"),
        ("auth", "AAAA"),
    ] {
        let mut body = good.clone();
        body[key] = json!(value);
        venue.post(BROWSERS).by(&token).json(body).send().await.refuses(422, "invalid_subscription");
    }

    // An address of this machine is found out at the latest when it is called; a mail server that is away is said too.
    let mut settings = wanted(&["email", "push"]);
    settings["email"] = json!("planted-address@member.example");
    set(&venue, &token, settings).await;
    subscribe(&venue, &token, &browser, "https://localhost/push").await;
    let tried = venue.post("/api/v1/notices/test").by(&token).json(json!({})).send().await.json;
    let detail = |channel: &str| {
        let one = tried["items"].as_array().unwrap().iter().find(|one| one["channel"] == channel).unwrap();
        assert_eq!(one["sent"], false);
        one["detail"].as_str().unwrap().to_owned()
    };
    assert_eq!(detail("push"), "localhost has no public address");
    assert!(detail("email").starts_with("127.0.0.1 does not answer"), "{}", detail("email"));
    for _ in 1..10 {
        assert_eq!(venue.post("/api/v1/notices/test").by(&token).json(json!({})).send().await.status, 200);
    }
    venue.post("/api/v1/notices/test").by(&token).json(json!({})).send().await.refuses(429, "too_many_tests");

    let others = venue.get(SETTINGS).by(&other).send().await.json;
    assert_eq!((&others["settings"]["email"], &others["browsers"]), (&Value::Null, &json!([])));
    assert!(!venue.files_hold(b"planted-address") && !venue.files_hold(b"localhost/push"), "nothing personal is plain");

    // No more than eight browsers: the oldest gives way.
    for number in 1..=9 {
        subscribe(&venue, &token, &Browser::new(number), &format!("https://push.example.com/{number}")).await;
    }
    let shown = venue.get(SETTINGS).by(&token).send().await.json;
    let browsers = shown["browsers"].as_array().unwrap();
    assert_eq!((browsers.len(), &browsers[0]["endpoint"]), (8, &json!("https://push.example.com/2")));
    let removed = json!({"endpoint": "https://push.example.com/2"});
    let answer = venue.call(hyper::Method::DELETE, BROWSERS).by(&token).json(removed).send().await;
    assert_eq!(answer.status, 200, "{}", answer.json);
    assert_eq!(venue.get(SETTINGS).by(&token).send().await.json["browsers"].as_array().unwrap().len(), 7);
}
