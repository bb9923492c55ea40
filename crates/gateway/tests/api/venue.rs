//! A venue with firms and users behind a gateway on a port of its own, and a small client.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant as Clock, SystemTime};

use archive::Archive;
use exchange::command::Payment;
use exchange::members::Role;
use exchange::units::{Instant, MemberId, Money};
use exchange::{Answer, Body, Command, Profile};
use gateway::live::{FeedLimits, Live};
use gateway::totp::{STEP_S, TotpSecret};
use gateway::{Gateway, GatewayConfig, PasswordCost, hash_password, observer};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use ordering::{Node, PersonalData, Seams};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// A client of the feed.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub const PASSWORD: &str = "correct horse battery";

/// The users: login, role and member. Their password is [`PASSWORD`].
const USERS: [(&str, Role, Option<&str>); 14] = [
    ("op1", Role::Operator, None),
    ("op2", Role::Operator, None),
    ("set1", Role::Settlement, None),
    ("set2", Role::Settlement, None),
    ("adm1", Role::Admin, None),
    ("adm2", Role::Admin, None),
    ("aud1", Role::Auditor, None),
    ("s1m", Role::Manager, Some("S1")),
    ("s1t", Role::Trader, Some("S1")),
    ("b1", Role::Trader, Some("B1")),
    ("b1m", Role::Manager, Some("B1")),
    ("b2", Role::Trader, Some("B2")),
    ("b3", Role::Trader, Some("B3")),
    ("poor", Role::Trader, Some("P0")),
];

pub struct Venue {
    pub address: SocketAddr,
    pub node: Node,
    pub live: Live,
    pub archive: Arc<Archive>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<std::io::Result<()>>>,
    keys: AtomicU64,
    folder: TempDir,
    /// Sessions of staff by login: a code serves once, so they sign in once.
    staff: Mutex<HashMap<String, String>>,
    /// The last time step whose code was given out, by login.
    steps: Mutex<HashMap<String, u64>>,
}

/// What tests set differently: passwords that cost nearly nothing, no limit of the rate.
pub fn config() -> GatewayConfig {
    GatewayConfig {
        password: PasswordCost { memory_kib: 64, passes: 1, lanes: 1 },
        user_requests_per_second: 0,
        failures_per_address: 1_000,
        ..GatewayConfig::default()
    }
}

impl Venue {
    pub async fn start() -> Self {
        Venue::with(config()).await
    }

    pub async fn with(config: GatewayConfig) -> Self {
        Venue::with_feed(config, FeedLimits::default()).await
    }

    pub async fn with_feed(config: GatewayConfig, limits: FeedLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = Arc::new(Archive::open(folder.path().join("archive.sqlite")).unwrap());
        let live = Live::with_limits(limits);
        let observers = vec![observer(live.clone(), Arc::clone(&archive))];
        // Many venues are opened at once; a small log costs each of them less.
        let settings = ordering::Config { segment_bytes: 4 << 20, ..ordering::Config::new(folder.path().join("node")) };
        let node = Node::start(settings, Seams::default(), observers).await.unwrap();
        populate(&node, &config).await;
        Venue::before(config, node, live, archive, folder).await
    }

    /// A gateway before a node that runs.
    async fn before(config: GatewayConfig, node: Node, live: Live, archive: Arc<Archive>, folder: TempDir) -> Self {
        let gateway = Gateway::new(config, node.clone(), live.clone(), Arc::clone(&archive)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            gateway
                .serve(listener, async {
                    let _ = stopped.await;
                })
                .await
        });
        Venue {
            address,
            node,
            live,
            archive,
            stop: Some(stop),
            served: Some(served),
            keys: AtomicU64::new(0),
            folder,
            staff: Mutex::default(),
            steps: Mutex::default(),
        }
    }

    /// The same venue behind a gateway that begins anew; who was signed in stays so.
    pub async fn again(&mut self, config: GatewayConfig) -> Self {
        self.stop().await;
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        let again =
            Venue::before(config, self.node.clone(), self.live.clone(), Arc::clone(&self.archive), folder).await;
        *again.staff.lock().unwrap() = self.staff.lock().unwrap().clone();
        *again.steps.lock().unwrap() = self.steps.lock().unwrap().clone();
        again.keys.store(1_000_000, Ordering::Relaxed);
        again
    }

    /// Whether any file of the node has these bytes.
    pub fn files_hold(&self, bytes: &[u8]) -> bool {
        fn look(path: &std::path::Path, bytes: &[u8]) -> bool {
            std::fs::read_dir(path).unwrap().any(|entry| {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    return look(&path, bytes);
                }
                // What was being written may have its name by now, or be gone: the walk meets it there, or nobody does.
                match std::fs::read(path) {
                    Ok(held) => held.windows(bytes.len()).any(|window| window == bytes),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
                    Err(error) => panic!("{error}"),
                }
            })
        }
        look(self.folder.path(), bytes)
    }

    /// How many files lie on the disk.
    pub fn files_on_disk(&self) -> usize {
        let folders = std::fs::read_dir(self.folder.path().join("node/files")).unwrap();
        folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
    }

    /// Where the file with this id lies.
    pub fn file_path(&self, id: &str) -> std::path::PathBuf {
        self.folder.path().join("node/files").join(&id[..2]).join(id)
    }

    /// Stops the gateway and waits until it has.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(served) = self.served.take() {
            served.await.unwrap().unwrap();
        }
    }

    /// How many keys of persons are kept, and how many have ever been.
    pub fn persons_keys(&self) -> (usize, usize) {
        const SLOT: usize = 64;
        let bytes = std::fs::read(self.folder.path().join("node/secrets/persons.keys")).unwrap();
        // The first slot says what the file is.
        let slots = bytes[SLOT..].chunks(SLOT);
        (slots.clone().filter(|slot| slot.iter().any(|byte| *byte != 0)).count(), slots.count())
    }

    /// Whether these bytes stand anywhere in the log.
    pub fn log_says(&self, text: &str) -> bool {
        let segments = std::fs::read_dir(self.folder.path().join("node/log")).unwrap();
        segments
            .map(|segment| std::fs::read(segment.unwrap().path()).unwrap())
            .any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
    }

    /// What waits, once another has agreed to it.
    pub async fn agreed(&self, by: &str, asked: &Reply) -> Reply {
        assert_eq!((asked.status.as_u16(), &asked.json["status"]), (202, &json!("pending")), "{}", asked.json);
        let agreed = self.post(&format!("/api/v1/approvals/{}", asked.json["id"])).by(by).json(json!({})).send().await;
        assert_eq!(agreed.status, 200, "{}", agreed.json);
        agreed
    }

    /// A token of a session of this user: a new one, or of staff the one that it has.
    pub async fn sign_in(&self, login: &str) -> String {
        let mut body = json!({"login": login, "password": PASSWORD});
        let is_staff = USERS.iter().any(|(of, role, _)| *of == login && !role.is_members());
        if is_staff {
            let known = self.staff.lock().unwrap().get(login).cloned();
            if let Some(token) = known
                && self.get("/api/v1/sessions/current").by(&token).send().await.status == 200
            {
                return token;
            }
            body["code"] = json!(self.code(login));
        }
        let answer = self.post("/api/v1/sessions").json(body).no_key().send().await;
        assert_eq!(answer.status, 201, "{login}: {}", answer.json);
        let token = answer.json["token"].as_str().unwrap().to_owned();
        if is_staff {
            self.staff.lock().unwrap().insert(login.to_owned(), token.clone());
        }
        token
    }

    /// A code that this member of the staff has not used: of this step, or of the next, which is accepted too.
    pub fn code(&self, login: &str) -> String {
        let mut steps = self.steps.lock().unwrap();
        let last = steps.entry(login.to_owned()).or_insert(0);
        *last = (unix_s() / STEP_S).max(*last + 1);
        secret_of(login).code(*last * STEP_S)
    }

    /// Opens the feed, through a proxy from this address.
    pub async fn feed(&self, token: &str, from: Option<&str>) -> Result<Socket, Error> {
        let mut request = format!("ws://{}/api/v1/feed", self.address).into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        if let Some(from) = from {
            request.headers_mut().insert("x-forwarded-for", from.parse().unwrap());
        }
        tokio_tungstenite::connect_async(request).await.map(|(socket, _)| socket)
    }

    /// What one hears who asks for the feed and is refused.
    pub async fn feed_refused(&self, token: &str, from: &str) -> Reply {
        let asked = self.get("/api/v1/feed").by(token).header("x-forwarded-for", from);
        let asked = asked.header("connection", "Upgrade").header("upgrade", "websocket");
        let key = "dGhlIHNhbXBsZSBub25jZQ==";
        asked.header("sec-websocket-version", "13").header("sec-websocket-key", key).send().await
    }

    pub fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        let mut headers = HeaderMap::new();
        if method != Method::GET {
            let key = format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed));
            headers.insert("idempotency-key", HeaderValue::try_from(key).unwrap());
        }
        Call { venue: self, method, path: path.to_owned(), headers, body: Bytes::new() }
    }

    /// An announcement of S1, handed in and approved, that has opened. On a busy machine the approval may come too late
    /// for it; then one that opens later is handed in.
    pub async fn running(&self, changes: impl Fn(&mut Value)) -> u64 {
        let (manager, operator) = (self.sign_in("s1m").await, self.sign_in("op1").await);
        let mut lead = Duration::from_millis(100);
        loop {
            let mut body = announcement();
            body["opens"] = json!(later(lead));
            changes(&mut body);
            let submitted = self.post("/api/v1/auctions").by(&manager).json(body).send().await;
            assert_eq!(submitted.status, 201, "{}", submitted.json);
            let id = submitted.json["id"].as_u64().unwrap();
            let approval = format!("/api/v1/auctions/{id}/approval");
            let approved = self.post(&approval).by(&operator).json(json!({})).send().await;
            if approved.json["reason"] == "too_late" {
                lead *= 2;
                continue;
            }
            assert_eq!(approved.status, 200, "{}", approved.json);
            self.until(&format!("/api/v1/auctions/{id}"), &operator, |json| json["status"] == "running").await;
            return id;
        }
    }

    /// Reads until the answer is as wanted.
    pub async fn until(&self, path: &str, token: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let patience = Clock::now() + Duration::from_secs(10);
        loop {
            let answer = self.get(path).by(token).send().await;
            assert_eq!(answer.status, 200, "{}", answer.json);
            if wanted(&answer.json) {
                return answer.json;
            }
            assert!(Clock::now() < patience, "{path} stays {}", answer.json);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// One request.
pub struct Call<'v> {
    venue: &'v Venue,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

/// Its answer; `json` is null where the body is none.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub json: Value,
}

impl Call<'_> {
    pub fn by(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub fn no_key(mut self) -> Self {
        self.headers.remove("idempotency-key");
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        self
    }

    pub fn json(self, body: Value) -> Self {
        self.text(body.to_string())
    }

    pub fn text(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    pub async fn send(self) -> Reply {
        let stream = TcpStream::connect(self.venue.address).await.unwrap();
        let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        let driven = tokio::spawn(connection);
        let mut request = Request::builder().method(self.method).uri(&self.path).body(Full::new(self.body)).unwrap();
        *request.headers_mut() = self.headers;
        let host = HeaderValue::try_from(self.venue.address.to_string()).unwrap();
        request.headers_mut().entry("host").or_insert(host);
        let response = client.send_request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        drop(client);
        driven.await.unwrap().unwrap();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Reply { status: parts.status, headers: parts.headers, body, json }
    }
}

impl Reply {
    /// A problem document with this status and stable word.
    #[track_caller]
    pub fn refuses(&self, status: u16, reason: &str) {
        assert_eq!((self.status.as_u16(), self.json["reason"].as_str()), (status, Some(reason)), "{}", self.json);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.json["status"], status);
        for key in ["type", "title", "detail"] {
            assert!(self.json[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {}", self.json);
        }
    }

    /// Whether it is the first answer given again.
    pub fn replayed(&self) -> bool {
        self.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
    }
}

/// A sale by S1 of two lots that opens and closes within hours.
pub fn announcement() -> Value {
    json!({
        "title": "金属镨钕", "side": "sale", "product": "PrNd-metal", "unit": "t",
        "opens": later(Duration::from_secs(3600)), "closes": later(Duration::from_secs(7200)),
        "bidding": {
            "start_price": "565000.00", "limit_price": "575000.00", "step": "500.00", "max_step": "1000.00",
            "margin_rate": "0.20"
        },
        "lots": [{"code": "1", "quantity": "2"}, {"code": "甲/2", "quantity": "0.5"}]
    })
}

/// An instant from now, as the API writes it.
pub fn later(span: Duration) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Instant::from_us(i64::try_from((now + span).as_micros()).unwrap()).to_string()
}

/// The secret of a staff user's second factor.
pub fn secret_of(login: &str) -> TotpSecret {
    let mut secret = [b'.'; 20];
    secret[..login.len()].copy_from_slice(login.as_bytes());
    TotpSecret::new(secret)
}

/// Seconds since 1970.
pub fn unix_s() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

async fn populate(node: &Node, config: &GatewayConfig) {
    let ask = async |body| node.submit(Command::system(body)).await.unwrap().outcome.unwrap();
    ask(Body::SetProfile(Profile { outage_after: None, ..Profile::default() })).await;
    let mut members = Vec::new();
    for (code, cash) in [("S1", 10_000_000), ("B1", 10_000_000), ("B2", 10_000_000), ("B3", 500_000), ("P0", 0)] {
        let body = Body::AdmitMember { code: code.to_owned(), name: format!("Firm {code}") };
        let Answer::Member(member) = ask(body).await else { panic!("no member") };
        members.push((code, member));
        if cash > 0 {
            let amount = Money::from_fen(cash * 100);
            ask(Body::Deposit(Payment { member, amount, reference: "opening".to_owned() })).await;
        }
    }
    let hash = hash_password(config.password, PASSWORD).unwrap();
    for (login, role, member) in USERS {
        let vault = node.vault();
        let person = PersonalData { login: login.to_owned(), name: format!("Person {login}") };
        let member: Option<MemberId> = member.map(|code| members.iter().find(|(c, _)| *c == code).unwrap().1);
        let body = Body::AddUser {
            role,
            member,
            login_tag: vault.login_tag(login).into(),
            personal: vault.encrypt_person(&person).unwrap(),
            password_hash: hash.clone(),
            single_use: false,
        };
        let Answer::User(user) = ask(body).await else { panic!("no user") };
        if !role.is_members() {
            let sealed = vault.seal_totp(user, secret_of(login).bytes());
            let checked = exchange::members::secret_tag(&sealed);
            ask(Body::BeginTotp { user, sealed }).await;
            ask(Body::ConfirmTotp { user, checked, step: 0, recovery: Vec::new() }).await;
        }
    }
}
