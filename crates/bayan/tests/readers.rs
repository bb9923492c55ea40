//! Readers as processes, one behind another behind three real nodes: the feed through them has no gap, what they are asked to
//! do is done once, one that is killed goes on where it stood, and one whose source is killed takes another.

mod kit;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use gateway::totp::TotpSecret;
use serde_json::{Value, json};

use kit::http::Feed;
use kit::process::{self, Running, run, text};

/// How long a test waits for what must come about.
const PATIENCE: Duration = Duration::from_secs(120);
/// How many payments go through each act of the test.
const PAYMENTS: u64 = 30;

/// One request, and its answer as status, head and JSON; `None` where there is none.
fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Option<(u16, Value)> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        request.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    }
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(15))).ok()?;
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, serde_json::from_str(body).unwrap_or(Value::Null)))
}

fn until<T>(what: &str, mut is: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = is() {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn free() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Three nodes of the demonstration, and what is known of them.
struct Demonstration {
    program: Running,
    folder: tempfile::TempDir,
    ready: Value,
    entrance: String,
}

impl Demonstration {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = text(folder.path());
        let mut program =
            Running::start(&["dev", "--nodes", "3", "--json", "--no-bots", "--listen", "127.0.0.1:0", "--data", data]);
        let ready: Value = serde_json::from_str(&program.first_line()).unwrap();
        let mut said = program.standard_error();
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::stderr()));
        let entrance = address_of(&ready["url"]);
        Demonstration { program, folder, ready, entrance }
    }

    fn status(&self) -> Value {
        let said = run(&["cluster", "status", "--json", "--data", text(self.folder.path())]);
        serde_json::from_slice(&said.stdout).unwrap_or(Value::Null)
    }

    /// Where the other nodes reach a node.
    fn peers(&self, node: u64) -> String {
        let nodes: Value =
            serde_json::from_slice(&std::fs::read(self.folder.path().join("nodes.json")).unwrap()).unwrap();
        let found = nodes.as_array().unwrap().iter().find(|listed| listed["id"] == node).unwrap();
        found["peers"].as_str().unwrap().to_owned()
    }

    /// The token of the first user that is so.
    fn sign_in(&self, is: impl Fn(&Value) -> bool) -> String {
        let user = self.ready["users"].as_array().unwrap().iter().find(|user| is(user)).unwrap();
        let mut body = json!({"login": user["login"], "password": user["password"]});
        until("it signs in", || {
            if let Some(secret) = user["totp_secret"].as_str() {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
                body["code"] = json!(TotpSecret::parse(secret).unwrap().code(now));
            }
            match ask(&self.entrance, "POST", "/api/v1/sessions", &[], Some(&body)) {
                Some((201, session)) => Some(session["token"].as_str().unwrap().to_owned()),
                _ => None,
            }
        })
    }

    /// Makes the folder and the configuration of a reader.
    fn reader(&self, number: u64, sources: &[String]) -> Reader {
        let folder = self.folder.path();
        let (keys, data) = (folder.join("keys"), folder.join(format!("reader-{number}")));
        let made = run(&[
            "cluster",
            "keys",
            "--data",
            text(&folder.join("node-1")),
            "--out",
            text(&keys),
            "--reader",
            &number.to_string(),
        ]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let (http, peers) = (free(), free());
        let config = folder.join(format!("reader-{number}.toml"));
        let toml = format!(
            "[node]\ndata = {data:?}\n[http]\nlisten = {http:?}\nmetrics_listen = \"127.0.0.1:0\"\n[cluster]\nnode = {number}\n\
             listen = {peers:?}\nurl = \"http://{http}\"\nauthority = {:?}\ncertificate = {:?}\nkey = {:?}\nsources = {sources:?}\n",
            keys.join("authority.pem"),
            keys.join(format!("reader-{number}.pem")),
            keys.join(format!("reader-{number}.key")),
        );
        std::fs::write(&config, toml).unwrap();
        let config = text(&config).to_owned();
        let why = process::refused(&["serve", "--config", &config]);
        assert!(why.contains("start it with --reader"), "{why}");
        let why = process::refused(&["serve", "--config", &config, "--reader"]);
        assert!(why.contains("bayan cluster init"), "{why}");
        let secrets = folder.join("node-1").join("secrets");
        let made = run(&["cluster", "init", "--config", &config, "--secrets", text(&secrets)]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        assert!(String::from_utf8_lossy(&made.stdout).contains(&format!("reader-{number}")));
        Reader { config, data: text(&data).to_owned(), http, peers, running: None }
    }
}

/// A reader.
struct Reader {
    config: String,
    data: String,
    http: String,
    peers: String,
    running: Option<Running>,
}

impl Reader {
    fn start(&mut self) {
        let mut running = Running::start(&["serve", "--config", &self.config, "--reader"]);
        let mut said = running.standard_error();
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::stderr()));
        self.running = Some(running);
        until("the reader is ready", || {
            ask(&self.http, "GET", "/readyz", &[], None).filter(|(status, _)| *status == 200)
        });
    }

    fn verified(mut self) {
        self.running.take().unwrap().stop();
        let verified = run(&["verify", &self.data]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

fn address_of(url: &Value) -> String {
    format!("127.0.0.1:{}", url.as_str().unwrap().strip_prefix("http://localhost:").unwrap())
}

/// Pays one fen in, asked again with the same key until it is answered; gives the sequence.
fn pay_in(address: &str, token: &str, number: u64) -> u64 {
    let (key, bearer) = (format!("pay-{number}"), format!("Bearer {token}"));
    let body = json!({"amount": "0.01", "reference": format!("payment {number}")});
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key.as_str())];
    until("a payment is answered", || {
        match ask(address, "POST", "/api/v1/members/B1/deposits", &headers, Some(&body)) {
            Some((201, answer)) => Some(answer["sequence"].as_u64().unwrap()),
            Some((429 | 503 | 504, _)) | None => None,
            Some((status, answer)) => panic!("{status}: {answer}"),
        }
    })
}

fn cents(amount: &Value) -> u64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// Hears the funds until they are so much, and gives the steps: each message says which came before it, so none is missing.
fn hear_funds(feed: &mut Feed, last: &mut Option<u64>, wanted: u64) -> Vec<u64> {
    let funds = |message: &Value| (message["kind"] == "funds").then(|| cents(&message["data"]["available"]));
    let heard = feed.hear(|message| funds(message) == Some(wanted));
    let mut steps = Vec::new();
    for message in heard {
        let message: Value = serde_json::from_str(&message).unwrap();
        if message["channel"] != "me" {
            continue;
        }
        assert_ne!(message["kind"], "conflated");
        if message["kind"] != "snapshot" {
            assert_eq!(message["previous"].as_u64(), *last, "a gap: {message}");
        }
        *last = message["sequence"].as_u64();
        steps.extend(funds(&message));
    }
    steps
}

/// Protects whoever watches through readers: every payment is on the feed of a reader's reader, in order and without a gap,
/// while the nodes change their leader; a payment asked of it is done once; a reader that was killed under load and one whose
/// source was killed have all of it; and all states are equal and verify.
#[test]
fn a_tree_of_readers_serves_what_the_nodes_have() {
    let _alone = kit::alone();
    let demonstration = Demonstration::start();
    let (node_2, node_3) = (format!("node-2@{}", demonstration.peers(2)), format!("node-3@{}", demonstration.peers(3)));
    let mut near = demonstration.reader(1, &[node_3, node_2.clone()]);
    let mut far = demonstration.reader(2, &[format!("reader-1@{}", near.peers), node_2]);
    near.start();
    far.start();
    let payer = demonstration.sign_in(|user| user["role"] == "settlement");
    let trader = demonstration.sign_in(|user| user["role"] == "trader" && user["member"] == "B1");
    let bearer = format!("Bearer {payer}");
    let funds = |address: &str| {
        let answer = ask(address, "GET", "/api/v1/members/B1/funds", &[("Authorization", &bearer)], None)?;
        (answer.0 == 200).then(|| cents(&answer.1["available"]))
    };
    let before = until("the reader knows the session", || funds(&far.http));
    assert_eq!(funds(&demonstration.entrance), Some(before));

    // The feed through two levels, and commands through both.
    let mut feed = Feed::subscribe(&far.http, &trader, &["me".to_owned()]);
    let mut last = None;
    feed.hear(|message| {
        last = message["sequence"].as_u64().filter(|_| message["kind"] == "snapshot").or(last);
        message["kind"] == "snapshot"
    });
    for number in 0..PAYMENTS {
        pay_in([&far.http, &demonstration.entrance, &near.http][number as usize % 3], &payer, number);
    }
    let steps = hear_funds(&mut feed, &mut last, before + PAYMENTS);
    assert_eq!(steps, (before + 1..=before + PAYMENTS).collect::<Vec<_>>(), "each once, in order");
    let again = pay_in(&far.http, &payer, 0);
    assert_eq!(again, pay_in(&demonstration.entrance, &payer, 0), "asked again it is not done again");

    // The near one is killed under load: the far one has another source, and its feed goes on.
    let pid = until("the nodes know of both readers", || {
        let status = demonstration.status();
        let readers = status["readers"].as_array()?.clone();
        let of = |name: &str| readers.iter().find(|reader| reader["reader"] == name).cloned();
        let (near, far) = (of("reader-1")?, of("reader-2")?);
        (near["level"] == 1 && far["level"] == 2 && far["source"] == "reader-1").then(|| near["pid"].clone())
    });
    let killed = Command::new("sh").arg("-c").arg(format!("kill -9 {pid}")).status().unwrap();
    assert!(killed.success());
    drop(near.running.take());
    for number in PAYMENTS..2 * PAYMENTS {
        pay_in(&demonstration.entrance, &payer, number);
    }
    let steps = hear_funds(&mut feed, &mut last, before + 2 * PAYMENTS);
    assert_eq!(steps, (before + PAYMENTS + 1..=before + 2 * PAYMENTS).collect::<Vec<_>>());
    near.start();
    assert_eq!(until("it has caught up", || funds(&near.http)), before + 2 * PAYMENTS);

    // The near one's first source is killed: it takes the other one.
    let nodes = demonstration.status()["nodes"].clone();
    let pid = nodes.as_array().unwrap().iter().find(|node| node["id"] == 3).unwrap()["pid"].clone();
    assert!(Command::new("sh").arg("-c").arg(format!("kill -9 {pid}")).status().unwrap().success());
    for number in 2 * PAYMENTS..3 * PAYMENTS {
        pay_in(&near.http, &payer, number);
    }
    let steps = hear_funds(&mut feed, &mut last, before + 3 * PAYMENTS);
    assert_eq!(steps, (before + 2 * PAYMENTS + 1..=before + 3 * PAYMENTS).collect::<Vec<_>>());

    until("all states are equal", || {
        let status = demonstration.status();
        let all = status["nodes"].as_array()?.iter().filter(|node| !node["pid"].is_null());
        let all = all.chain(status["readers"].as_array()?);
        let all: Vec<_> = all.map(|one| (one["sequence"].clone(), one["digest"].clone())).collect();
        (all.len() == 4 && all.iter().all(|one| *one == all[0])).then_some(())
    });
    assert!(Path::new(&near.data).join("archive.sqlite").exists());

    // The cluster is gone: what a reader says from then on is marked as old, on both levels.
    let is_marked = |reader: &Reader| {
        let mut stream = TcpStream::connect(&reader.http).unwrap();
        let asked = format!(
            "GET /api/v1/auctions HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {trader}\r\nConnection: close\r\n\r\n",
            reader.http
        );
        stream.write_all(asked.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.starts_with("HTTP/1.1 200 ") && answer.to_lowercase().contains("\r\nbayan-stale:")
    };
    assert!(!is_marked(&near) && !is_marked(&far));
    let Demonstration { program, folder: _stays, .. } = demonstration;
    program.stop();
    until("both say that they may be old", || (is_marked(&near) && is_marked(&far)).then_some(()));
    let ready = ask(&far.http, "GET", "/readyz", &[], None).unwrap();
    assert_eq!(ready.0, 503, "{ready:?}");
    for reader in [near, far] {
        reader.verified();
    }
}
