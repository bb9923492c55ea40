//! A running sealed auction keeps its prices from everybody but their bidders: in files, in answers, on the feed.

mod kit;

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use kit::http::Feed;
use kit::venue::{Settings, Venue};

/// Who bids what in the auction that goes on: no price, nor its margin, that could be there by chance. The last two are higher
/// than four bytes can say.
const BIDS: [(&str, &str, &str); 5] = [
    ("b1", "1", "73519.37"),
    ("b2", "1", "68234.91"),
    ("b2", "1", "79127.43"),
    ("b3", "2", "61357924.81"),
    ("b4", "2", "58246813.97"),
];
/// More than a firm has cash for.
const REFUSED: &str = "41318291736.53";
const ROLES: [&str; 6] = ["h-trader", "s-manager", "operator", "settlement", "admin", "auditor"];

/// What nobody may find, as the bytes it would be written in.
struct Secret {
    /// `b1`, whose it is.
    firm: &'static str,
    text: String,
    /// In answers, and in files.
    texts: Vec<String>,
    numbers: Vec<Vec<u8>>,
    /// Only sought where no random bytes are.
    short: Vec<Vec<u8>>,
}

impl Secret {
    fn new(firm: &'static str, text: &str) -> Self {
        let fen: u64 = text.replace('.', "").parse().unwrap();
        let (whole, rest) = (fen / 100, fen % 100);
        let grouped = group(whole);
        let texts = vec![text.to_owned(), fen.to_string(), format!("{grouped}.{rest:02}"), format!("{fen:x}")];
        let (big, little) = (fen.to_be_bytes(), fen.to_le_bytes());
        let significant = |bytes: &[u8; 8]| {
            let from = bytes.iter().position(|byte| *byte != 0).unwrap();
            bytes[from..].to_vec()
        };
        let mut reversed = significant(&big);
        reversed.reverse();
        // CBOR, and any encoding of eight bytes; from five bytes on, of as few as it takes.
        let mut numbers = vec![minicbor::to_vec(fen).unwrap(), big.to_vec(), little.to_vec()];
        let mut short = Vec::new();
        let shortest = if fen > u64::from(u32::MAX) { &mut numbers } else { &mut short };
        shortest.extend([significant(&big), reversed]);
        Secret { firm, text: text.to_owned(), texts, numbers, short }
    }

    fn named(&self, form: &[u8]) -> String {
        format!("{} of {} as {:?}", self.text, self.firm, String::from_utf8_lossy(form))
    }
}

/// Forms that are sought all at once.
struct Sought {
    forms: Vec<(Vec<u8>, String)>,
    /// Whether any begins with these two bytes.
    begins: Vec<bool>,
}

impl Sought {
    fn new(forms: Vec<(Vec<u8>, String)>) -> Self {
        let mut begins = vec![false; 1 << 16];
        for (form, _) in &forms {
            begins[usize::from(form[0]) << 8 | usize::from(form[1])] = true;
        }
        Sought { forms, begins }
    }

    /// In files; in those of random bytes not what is short.
    fn in_files<'a>(secrets: impl IntoIterator<Item = &'a Secret>, random: bool) -> Self {
        let forms = secrets.into_iter().flat_map(|secret| {
            let texts = secret.texts.iter().map(|text| text.as_bytes());
            let short = secret.short.iter().filter(|_| !random);
            let all = texts.chain(secret.numbers.iter().chain(short).map(Vec::as_slice));
            all.map(|form| (form.to_vec(), secret.named(form))).collect::<Vec<_>>()
        });
        Sought::new(forms.collect())
    }

    /// In text.
    fn in_text<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let forms = secrets.into_iter().flat_map(|secret| {
            secret.texts.iter().map(|text| (text.clone().into_bytes(), secret.named(text.as_bytes())))
        });
        Sought::new(forms.collect())
    }

    fn find(&self, bytes: &[u8]) -> Option<&str> {
        let mut places = bytes.windows(2).enumerate();
        places.find_map(|(at, pair)| {
            if !self.begins[usize::from(pair[0]) << 8 | usize::from(pair[1])] {
                return None;
            }
            let found = self.forms.iter().find(|(form, _)| bytes[at..].starts_with(form));
            found.map(|(_, name)| name.as_str())
        })
    }
}

fn group(whole: u64) -> String {
    let digits = whole.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

/// No file below the data folder, but for the secrets, has any of it; nor has what the node says about itself.
fn check_files(venue: &Venue, secrets: &[Secret]) {
    let (random, plain) = (Sought::in_files(secrets, true), Sought::in_files(secrets, false));
    let mut seen = 0;
    for path in kit::files(&venue.data()) {
        if path.starts_with(venue.data().join("secrets")) {
            continue;
        }
        // A file of the archive that is replaced while it is looked at is gone.
        let Ok(bytes) = fs::read(&path) else { continue };
        seen += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let sought = if name.starts_with("archive.sqlite") { &plain } else { &random };
        assert_eq!(sought.find(&bytes), None, "in {name}");
    }
    assert!(seen >= 5, "there are only {seen} files");
    assert_eq!(plain.find(venue.said.join("\n").as_bytes()), None, "in what the node says");
}

/// Every path that can be read, of the OpenAPI document, with every name in it that there is.
fn readable(venue: &mut Venue, auctions: &[u64]) -> Vec<String> {
    let document = venue.get(None, "/api/openapi.json").json();
    let mut paths = Vec::new();
    for (path, calls) in document["paths"].as_object().unwrap() {
        if calls.get("get").is_none() || path == "/api/v1/feed" {
            continue;
        }
        let mut filled = vec![path.clone()];
        let mut fill = |name: &str, values: &[String]| {
            filled = filled
                .iter()
                .flat_map(|path| {
                    if path.contains(name) {
                        values.iter().map(|value| path.replace(name, value)).collect()
                    } else {
                        vec![path.clone()]
                    }
                })
                .collect();
        };
        fill("{id}", &auctions.iter().map(u64::to_string).collect::<Vec<_>>());
        let codes = if path.contains("/lots/") {
            vec!["1".to_owned(), "2".to_owned()]
        } else {
            ["B1", "B2", "B3", "B4", "S", "PrNd-metal"].map(str::to_owned).to_vec()
        };
        fill("{code}", &codes);
        fill("{product}", &["PrNd-metal".to_owned()]);
        if path.contains("/candles") || path.contains("/trades") {
            filled.iter_mut().for_each(|path| path.push_str("?side=sale"));
        }
        assert!(filled.iter().all(|path| !path.contains('{')), "{filled:?} has a name that is not known here");
        paths.extend(filled);
    }
    paths.extend(["/api/v1/auctions?status=running&side=sale".to_owned(), "/api/v1/bids?limit=200".to_owned()]);
    paths
}

/// No answer to anybody but the bidder's own firm has any of it.
fn check_answers(venue: &mut Venue, secrets: &[Secret], auctions: &[u64]) {
    let firms: BTreeSet<&str> = secrets.iter().map(|secret| secret.firm).collect();
    let members = firms.iter().flat_map(|firm| ["trader", "manager"].map(|role| format!("{firm}-{role}")));
    let logins: Vec<String> = ROLES.iter().map(|login| (*login).to_owned()).chain(members).collect();
    let paths = readable(venue, auctions);
    assert!(paths.len() >= 20, "{paths:?}");
    let mut answers = 0;
    for who in logins.iter().map(|login| Some(login.as_str())).chain([None]) {
        let others = secrets.iter().filter(|secret| who.is_none_or(|login| !login.starts_with(secret.firm)));
        let sought = Sought::in_text(others);
        for path in &paths {
            let answer = venue.get(who, path);
            answers += usize::from(answer.status == 200);
            assert_eq!(sought.find(&answer.body), None, "in GET {path} for {who:?}");
            for (name, value) in &answer.headers {
                assert_eq!(sought.find(value.as_bytes()), None, "in {name} of GET {path} for {who:?}");
            }
        }
    }
    assert!(answers > paths.len(), "only {answers} answers");
}

/// Staff read the funds of a bidder as if nothing were held; the bidder's own firm sees price, margin and what is held.
fn check_views(venue: &mut Venue, secrets: &[Secret], auction: u64) {
    for (firm, code) in [("b1", "B1"), ("b2", "B2"), ("b3", "B3"), ("b4", "B4")] {
        for staff in ["settlement", "auditor"] {
            let funds = venue.get(Some(staff), &format!("/api/v1/members/{code}/funds")).json();
            assert_eq!((&funds["available"], &funds["held"]), (&json!(CASH), &json!("0.00")), "{funds}");
        }
        for role in ["trader", "manager"] {
            let who = format!("{firm}-{role}");
            let funds = venue.get(Some(&who), "/api/v1/funds").json();
            assert_ne!(funds["held"], "0.00", "{who} sees what it has held");
            let own = venue.get(Some(&who), "/api/v1/bids").json().to_string();
            let lots: String = ["1", "2"]
                .map(|lot| {
                    venue.get(Some(&who), &format!("/api/v1/auctions/{auction}/lots/{lot}/bids")).json().to_string()
                })
                .concat();
            for secret in secrets.iter().filter(|secret| secret.firm == firm && is_price(&secret.text)) {
                assert!(own.contains(&secret.text), "{who} does not see its own {}: {own}", secret.text);
                assert!(lots.contains(&secret.text), "{who} does not see its own {}: {lots}", secret.text);
            }
        }
    }
}

fn is_price(text: &str) -> bool {
    BIDS.iter().any(|(.., price)| *price == text)
}

const CASH: &str = "1000000000.00";

fn sealed(start: &str, quantity: &str) -> Value {
    json!({
        "bidding": {"format": "sealed", "start_price": start, "step": "0.01", "margin_rate": "0.2"},
        "lots": [{"code": "1", "quantity": quantity}, {"code": "2", "quantity": quantity}],
    })
}

/// Bids, and gives what is then secret: the price and the margin.
fn bid(venue: &mut Venue, auction: u64, firm: &'static str, lot: &str, price: &str) -> Option<[Secret; 2]> {
    let path = format!("/api/v1/auctions/{auction}/lots/{lot}/bids");
    let answer = venue.post(&format!("{firm}-trader"), &path, &json!({"price": price, "seen_price": price}));
    if answer.status == 409 && answer.json()["reason"] == "not_open" {
        return None;
    }
    assert_eq!(answer.status, 201, "{}", answer.json());
    let margin = answer.json()["margin"].as_str().unwrap().to_owned();
    Some([Secret::new(firm, price), Secret::new(firm, &margin)])
}

fn announce(venue: &mut Venue, terms: &Value, open: Duration) -> u64 {
    let mut lead = Duration::from_secs(1);
    loop {
        match venue.announce(terms, lead, open) {
            Some(auction) => {
                venue.wait_for(auction, "running");
                return auction;
            }
            None => lead *= 2,
        }
    }
}

/// Protects sealed bids while their auction runs: no file and no answer to anybody else has a price or a margin, in the middle,
/// after a kill, after a stop with its snapshot, and after another sealed auction has ended and was opened.
#[test]
fn a_sealed_price_is_its_bidders_alone() {
    let mut venue = Venue::make(Settings { traders: 4, cash: "1000000.00", ..Settings::default() });
    venue.done(
        "admin",
        "/api/v1/users",
        &json!({"login": "settlement-2", "name": "二", "role": "settlement",
        "password": "settlement-2 has this once"}),
    );
    venue.enter("settlement-2", "settlement-2 has this once");
    for number in 1..=4 {
        // With the first million a round sum; above the limit it takes a second person.
        let payment = json!({"amount": "999000000.00", "reference": "second"});
        let act = venue.done("settlement", &format!("/api/v1/members/B{number}/deposits"), &payment);
        venue.done("settlement-2", &format!("/api/v1/approvals/{}", act["id"]), &json!({}));
    }
    let auction = announce(&mut venue, &sealed("1.00", "1.37"), Duration::from_secs(7_200));
    let channels = [format!("auctions/{auction}"), "market".to_owned(), "me".to_owned()];
    let listeners: Vec<&str> = vec!["h-trader", "s-manager", "b1-trader", "b4-manager", "operator", "auditor"];
    let mut feeds: Vec<(&str, Feed)> = Vec::new();
    for who in &listeners {
        let staff = matches!(*who, "operator" | "auditor");
        let mut feed = Feed::subscribe(&venue.address, &venue.tokens[*who], &channels[..if staff { 2 } else { 3 }]);
        let first = feed.hear(|message| message["channel"] == channels[0].as_str());
        assert!(first.iter().any(|message| message.contains("snapshot")), "{first:?}");
        feeds.push((who, feed));
    }

    let mut secrets = Vec::new();
    for (firm, lot, price) in BIDS {
        secrets.extend(bid(&mut venue, auction, firm, lot, price).expect("it is open for hours"));
    }
    // What is refused is no less secret.
    let refused =
        venue.post("b4-trader", &format!("/api/v1/auctions/{auction}/lots/2/bids"), &json!({"price": REFUSED}));
    assert_eq!(refused.status, 409, "{}", refused.json());
    secrets.push(Secret::new("b4", REFUSED));
    check_files(&venue, &secrets);
    check_answers(&mut venue, &secrets, &[auction]);
    check_views(&mut venue, &secrets, auction);

    // Another sealed auction of the same bidders ends: its prices are public then, the others are not.
    let mut open = Duration::from_secs(4);
    let (ended, public) = loop {
        let other = announce(&mut venue, &sealed("1.00", "1"), open);
        let first = bid(&mut venue, other, "b1", "1", "81726.35");
        let second = bid(&mut venue, other, "b2", "1", "92837.46");
        venue.wait_for(other, "closed");
        match (first, second) {
            (Some(first), Some(second)) => break (other, [first, second]),
            _ => open *= 2,
        }
    };
    for path in [format!("/api/v1/auctions/{ended}"), format!("/api/v1/auctions/{ended}/lots/1/bids")] {
        let answer = venue.get(Some("h-trader"), &path).json().to_string();
        assert!(answer.contains(&public[1][0].text), "{path} is public after the end: {answer}");
    }
    // The same search finds them now, so it would have found the others.
    let archive = fs::read(venue.data().join("archive.sqlite-wal")).unwrap();
    assert!(Sought::in_files([&public[0][0]], false).find(&archive).is_some(), "the archive has what is public");
    let answer = venue.get(Some("h-trader"), &format!("/api/v1/auctions/{ended}/lots/1/bids"));
    assert!(Sought::in_text([&public[0][0]]).find(&answer.body).is_some(), "{}", answer.json());
    check_files(&venue, &secrets);
    check_answers(&mut venue, &secrets, &[auction, ended]);

    // All have heard of everything when they have heard of this.
    let act = json!({"reason": "a pause for the listeners"});
    venue.done("operator", &format!("/api/v1/auctions/{auction}/suspension"), &act);
    for (who, feed) in &mut feeds {
        let is_suspended =
            |message: &Value| message["channel"] == channels[0].as_str() && message["data"]["status"] == "suspended";
        let heard = feed.hear(is_suspended).concat();
        let (own, others): (Vec<&Secret>, Vec<&Secret>) =
            secrets.iter().partition(|secret| who.starts_with(secret.firm));
        assert_eq!(Sought::in_text(others).find(heard.as_bytes()), None, "on the feed of {who}");
        for secret in own.into_iter().filter(|secret| secret.text != REFUSED) {
            assert!(heard.contains(&secret.text), "{who} does not hear its own {}: {heard}", secret.text);
        }
    }
    drop(feeds);
    venue.done("operator", &format!("/api/v1/auctions/{auction}/resumption"), &act);

    venue.kill();
    check_files(&venue, &secrets);
    venue.start();
    check_files(&venue, &secrets);
    check_answers(&mut venue, &secrets, &[auction, ended]);

    venue.stop();
    let snapshots = kit::files(&venue.data().join("snapshots"));
    assert!(!snapshots.is_empty(), "a stop takes a snapshot");
    check_files(&venue, &secrets);
    venue.start();
    check_files(&venue, &secrets);
    check_answers(&mut venue, &secrets, &[auction, ended]);
    for secret in secrets.iter().filter(|secret| is_price(&secret.text)) {
        let own = venue.get(Some(&format!("{}-trader", secret.firm)), "/api/v1/bids").json().to_string();
        assert!(own.contains(&secret.text), "{} does not see its own {}: {own}", secret.firm, secret.text);
    }
    venue.stop();
}
