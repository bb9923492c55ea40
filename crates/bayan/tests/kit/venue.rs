//! A small venue, made by `init` and then over the API as its staff would make it, with cheap passwords, small segments
//! and frequent snapshots.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use exchange::units::Instant;
use gateway::totp::TotpSecret;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::http::{Answer, Client};
use super::process::{Running, run, text};

/// The password of everybody but the first admin's first.
const PASSWORD: &str = "the same for all of them";
/// How long a test waits for what must come about.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a venue is made with.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub traders: usize,
    /// Of each member.
    pub cash: &'static str,
    pub segment_bytes: u64,
    pub snapshot_every: u64,
    pub snapshot_on_stop_from: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let (segment_bytes, snapshot_every, snapshot_on_stop_from) = (64 << 10, 100, 1);
        Settings { traders: 4, cash: "1000000.00", segment_bytes, snapshot_every, snapshot_on_stop_from }
    }
}

/// A venue: its folder, its node while that runs, and a session of everybody.
pub struct Venue {
    pub settings: Settings,
    folder: TempDir,
    config: PathBuf,
    running: Option<Running>,
    log: Option<Receiver<String>>,
    /// What its processes have said on standard error until they ended.
    pub said: Vec<String>,
    pub address: String,
    client: Option<Client>,
    /// Sessions by login.
    pub tokens: BTreeMap<String, String>,
    keys: u64,
}

impl Venue {
    /// Makes one with a selling firm `S`, a buying firm `H`, and firms `B1`… with a trader and a manager each; staff of
    /// every role; and the product `PrNd-metal`. Its node runs.
    pub fn make(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bayan.toml");
        let toml = format!(
            "[node]\ndata = {:?}\nsegment_bytes = {}\nbatch_bytes_max = 16384\nsnapshot_every = {}\n\
             snapshot_on_stop_from = {}\nhead_every = \"100ms\"\n\
             [http]\nlisten = \"127.0.0.1:0\"\nmetrics_listen = \"127.0.0.1:0\"\nuser_requests_per_second = 0\nuploads_per_second = 0\n\
             [passwords]\nmemory_kib = 64\npasses = 1\n[log]\nformat = \"json\"\n",
            folder.path().join("data"),
            settings.segment_bytes,
            settings.snapshot_every,
            settings.snapshot_on_stop_from,
        );
        fs::write(&config, toml).unwrap();
        let made = run(&["init", "--config", text(&config)]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let said = String::from_utf8(made.stdout).unwrap();
        let first = said.lines().find_map(|line| line.strip_prefix("password ")).unwrap().to_owned();
        let mut venue = Venue {
            settings,
            folder,
            config,
            running: None,
            log: None,
            said: Vec::new(),
            address: String::new(),
            client: None,
            tokens: BTreeMap::new(),
            keys: 0,
        };
        venue.start();
        venue.enter("admin", &first);
        venue.fill();
        venue
    }

    fn fill(&mut self) {
        let product = json!({"code": "PrNd-metal", "name": "镨钕金属", "unit": "t"});
        self.done("admin", "/api/v1/products", &product);
        for role in ["operator", "settlement", "auditor"] {
            self.user(role, role, None);
        }
        let traders: Vec<String> = (1..=self.settings.traders).map(|number| format!("B{number}")).collect();
        for code in ["S", "H"].into_iter().chain(traders.iter().map(String::as_str)) {
            self.done("admin", "/api/v1/members", &json!({"code": code, "name": code}));
            let deposit = json!({"amount": self.settings.cash, "reference": "first"});
            self.done("settlement", &format!("/api/v1/members/{code}/deposits"), &deposit);
            for role in ["trader", "manager"] {
                self.user(&format!("{}-{role}", code.to_lowercase()), role, Some(code));
            }
        }
    }

    fn user(&mut self, login: &str, role: &str, member: Option<&str>) {
        let first = format!("{login} has this password once");
        let mut user = json!({"login": login, "name": login, "role": role, "password": first});
        if let Some(member) = member {
            user["member"] = json!(member);
        }
        self.done("admin", "/api/v1/users", &user);
        self.enter(login, &first);
    }

    /// Signs somebody in with a password that serves once, replaces it, and sets up a second factor where one is needed.
    pub fn enter(&mut self, login: &str, first: &str) {
        let session = self.ask("POST", "/api/v1/sessions", &[], Some(&json!({"login": login, "password": first})));
        assert_eq!(session.status, 201, "{}", session.json());
        self.tokens.insert(login.to_owned(), session.json()["token"].as_str().unwrap().to_owned());
        self.done(login, "/api/v1/password", &json!({"current": first, "new": PASSWORD}));
        if session.json()["user"]["second_factor_enrolment_required"] == true {
            let begun = self.done(login, "/api/v1/second-factor/totp", &json!({}));
            let secret = TotpSecret::parse(begun["secret"].as_str().unwrap()).unwrap();
            let code = json!({"code": code_of(&secret)});
            self.done(login, "/api/v1/second-factor/totp/confirmation", &code);
        }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the node, and waits until it is ready.
    pub fn start(&mut self) {
        self.spawn();
        self.wait_until_ready();
    }

    /// Starts the node and waits for nothing.
    pub fn spawn(&mut self) {
        let mut running = Running::start(&["serve", "--config", text(&self.config)]);
        self.log = Some(lines(&mut running));
        self.running = Some(running);
    }

    /// Waits until the node that was started is ready.
    pub fn wait_until_ready(&mut self) {
        let log = self.log.as_ref().unwrap();
        let mut said = Vec::new();
        loop {
            let line = log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it is not ready: {said:#?}"));
            let value: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
            said.push(line);
            if value["fields"]["message"] == "ready" {
                self.address = value["fields"]["listen"].as_str().unwrap().to_owned();
                break;
            }
        }
        self.said.append(&mut said);
        self.client = None;
    }

    /// Asks the node to stop, and waits until it has.
    pub fn stop(&mut self) {
        self.signal("TERM");
    }

    /// Sends the node a signal that ends it, and waits until it has ended well.
    pub fn signal(&mut self, name: &str) {
        self.client = None;
        let running = self.running.take().unwrap();
        running.signal(name);
        running.wait();
        self.said.extend(self.log.take().unwrap());
    }

    /// Kills the node.
    pub fn kill(&mut self) {
        self.client = None;
        drop(self.running.take().unwrap());
        self.said.extend(self.log.take().unwrap());
    }

    /// One request over the test's own connection.
    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let address = &self.address;
        let client = self.client.get_or_insert_with(|| Client::connect(address).unwrap());
        client.ask(method, path, headers, body).unwrap()
    }

    /// Reads something as somebody; `None` is signed out.
    pub fn get(&mut self, who: Option<&str>, path: &str) -> Answer {
        let token = who.map(|login| format!("Bearer {}", self.tokens[login]));
        let headers: Vec<(&str, &str)> = token.iter().map(|token| ("Authorization", token.as_str())).collect();
        self.ask("GET", path, &headers, None)
    }

    /// Asks for a change as somebody, under a new key.
    pub fn post(&mut self, who: &str, path: &str, body: &Value) -> Answer {
        self.change("POST", who, path, body)
    }

    /// Asks for a change by another method.
    pub fn change(&mut self, method: &str, who: &str, path: &str, body: &Value) -> Answer {
        self.keys += 1;
        let (token, key) = (format!("Bearer {}", self.tokens[who]), format!("venue-{}", self.keys));
        self.ask(method, path, &[("Authorization", &token), ("Idempotency-Key", &key)], Some(body))
    }

    /// Sends bytes that are no JSON.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: (&str, &[u8])) -> Answer {
        let address = &self.address;
        let client = self.client.get_or_insert_with(|| Client::connect(address).unwrap());
        client.send(method, path, headers, body).unwrap()
    }

    /// Hands in a file as somebody, and says its id.
    pub fn upload(&mut self, who: &str, bytes: &[u8], media_type: &str) -> String {
        self.keys += 1;
        let (token, key) = (format!("Bearer {}", self.tokens[who]), format!("venue-{}", self.keys));
        let headers = [("Authorization", token.as_str()), ("Idempotency-Key", key.as_str())];
        let added = self.send("POST", "/api/v1/files", &headers, (media_type, bytes));
        assert_eq!(added.status, 201, "{}", added.json());
        added.json()["id"].as_str().unwrap().to_owned()
    }

    /// Asks for a change that nothing forbids.
    pub fn done(&mut self, who: &str, path: &str, body: &Value) -> Value {
        let answer = self.post(who, path, body);
        assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.json());
        answer.json()
    }

    /// An auction of `S` (or of `H`, where it buys) that opens after `lead` and closes `open` later; `terms` says what else
    /// it has. It is approved; where the machine was too slow for that, `None`.
    pub fn announce(&mut self, terms: &Value, lead: Duration, open: Duration) -> Option<u64> {
        let mut announcement = json!({
            "title": "竞价", "side": "sale", "product": "PrNd-metal", "unit": "t",
            "opens": after(lead), "closes": after(lead + open),
        });
        for (key, value) in terms.as_object().unwrap() {
            announcement[key] = value.clone();
        }
        let seller = if announcement["side"] == "sale" { "s-manager" } else { "h-manager" };
        let id = self.done(seller, "/api/v1/auctions", &announcement)["id"].as_u64().unwrap();
        let approved = self.post("operator", &format!("/api/v1/auctions/{id}/approval"), &json!({}));
        if approved.status == 409 && approved.json()["reason"] == "too_late" {
            return None;
        }
        assert_eq!(approved.status, 200, "{}", approved.json());
        Some(id)
    }

    /// Waits until an auction has this status.
    pub fn wait_for(&mut self, auction: u64, status: &str) {
        let begun = SystemTime::now();
        loop {
            let found = self.get(Some("operator"), &format!("/api/v1/auctions/{auction}")).json();
            if found["status"] == status {
                return;
            }
            assert!(begun.elapsed().unwrap() < PATIENCE, "auction {auction} is not {status}: {found}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The last entry, by the signed head.
    pub fn sequence(&mut self) -> u64 {
        self.ask("GET", "/api/v1/head", &[], None).json()["sequence"].as_u64().unwrap()
    }
}

/// The code of a second factor at this moment.
pub fn code_of(secret: &TotpSecret) -> String {
    secret.code(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs())
}

/// An instant that lies this much ahead, in RFC 3339.
pub fn after(lead: Duration) -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + lead;
    Instant::from_us(since.as_micros() as i64).to_string()
}

/// The lines of a process's standard error, read as they come, so that it never waits for its reader.
fn lines(running: &mut Running) -> Receiver<String> {
    use std::io::BufRead;
    let stream = std::io::BufReader::new(running.standard_error());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in stream.lines().map_while(Result::ok) {
            // Whoever listens may have gone; the process is read all the same.
            let _gone = sender.send(line);
        }
    });
    receiver
}
