//! A demonstration on three nodes, asked over its entrance.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use gateway::totp::TotpSecret;
use serde_json::{Value, json};

use super::process::{Running, run, text};

/// How long a test waits for what must come about.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A demonstration on three nodes.
pub struct Demonstration {
    program: Option<Running>,
    pub folder: tempfile::TempDir,
    pub ready: Value,
    pub entrance: String,
}

impl Demonstration {
    pub fn start(more: &[&str]) -> Self {
        Self::start_with(super::process::program(), more)
    }

    /// The same by another version of the program.
    pub fn start_with(program: &Path, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = text(folder.path());
        let fixed = ["dev", "--nodes", "3", "--json", "--no-bots", "--listen", "127.0.0.1:0", "--data", data];
        let mut program = Running::start_of(program, &[&fixed[..], more].concat());
        let ready: Value = serde_json::from_str(&program.first_line()).unwrap();
        // What all of them say must go somewhere, or they wait until it does.
        let mut said = program.standard_error();
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::stderr()));
        let entrance = address_of(&ready["url"]);
        Demonstration { program: Some(program), folder, ready, entrance }
    }

    pub fn status(&self) -> Option<Vec<Value>> {
        let said = run(&["cluster", "status", "--json", "--data", text(self.folder.path())]);
        let status: Value = serde_json::from_slice(&said.stdout).ok()?;
        Some(status["nodes"].as_array()?.clone())
    }

    /// Waits until the nodes are as wanted.
    pub fn until(&self, what: &str, is: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let since = Instant::now();
        loop {
            let status = self.status().unwrap_or_default();
            if is(&status) {
                return status;
            }
            assert!(since.elapsed() < PATIENCE, "{what}: {status:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub fn leader(&self) -> Value {
        let led = self.until("somebody leads", |nodes| nodes.iter().any(|node| node["leader"] == true));
        led.into_iter().find(|node| node["leader"] == true).unwrap()
    }

    /// The users with this role.
    fn users(&self, role: &str) -> Vec<&Value> {
        self.ready["users"].as_array().unwrap().iter().filter(|user| user["role"] == role).collect()
    }

    /// Signs in the first user with this role.
    pub fn sign_in(&self, role: &str) -> String {
        self.sign_in_as(self.users(role)[0])
    }

    /// Signs in the second one.
    pub fn sign_in_other(&self, role: &str) -> String {
        self.sign_in_as(self.users(role)[1])
    }

    fn sign_in_as(&self, user: &Value) -> String {
        let mut body = json!({"login": user["login"], "password": user["password"]});
        let since = Instant::now();
        loop {
            if let Some(secret) = user["totp_secret"].as_str() {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
                body["code"] = json!(TotpSecret::parse(secret).unwrap().code(now));
            }
            match ask(&self.entrance, "POST", "/api/v1/sessions", &[], Some(&body)) {
                Some((201, _, session)) => return format!("Bearer {}", session["token"].as_str().unwrap()),
                // A code serves once: the next comes within half a minute.
                other => assert!(since.elapsed() < PATIENCE, "{other:?}"),
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    pub fn stop(&mut self) {
        self.program.take().unwrap().stop();
    }

    pub fn verify_all(&self) -> Vec<String> {
        let verified = (1..=3).map(|node| {
            let data = self.folder.path().join(format!("node-{node}"));
            let verified = run(&["verify", text(&data)]);
            assert!(verified.status.success(), "node {node}: {}", String::from_utf8_lossy(&verified.stderr));
            String::from_utf8(verified.stdout).unwrap()
        });
        verified.collect()
    }
}

pub fn address_of(url: &Value) -> String {
    format!("127.0.0.1:{}", url.as_str().unwrap().strip_prefix("http://localhost:").unwrap())
}

/// One request, and its answer as status, head and JSON; `None` where there is none.
pub fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Option<(u16, String, Value)> {
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
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head.to_owned(), serde_json::from_str(body).unwrap_or(Value::Null)))
}

pub fn kill(node: &Value) {
    let killed = Command::new("sh").arg("-c").arg(format!("kill -9 {}", node["pid"])).status().unwrap();
    assert!(killed.success());
}

/// Pays one fen in, asked again with the same key until it is answered; gives the sequence.
pub fn pay_in(address: &str, token: &str, number: u64) -> u64 {
    let key = format!("pay-{number}");
    let body = json!({"amount": "0.01", "reference": format!("payment {number}")});
    let headers = [("Authorization", token), ("Idempotency-Key", key.as_str())];
    let since = Instant::now();
    loop {
        match ask(address, "POST", "/api/v1/members/B1/deposits", &headers, Some(&body)) {
            Some((201, _, answer)) => return answer["sequence"].as_u64().unwrap(),
            Some((429 | 503 | 504, ..)) | None => {}
            Some((status, _, answer)) => panic!("{status}: {answer}"),
        }
        assert!(since.elapsed() < PATIENCE, "payment {number} is not answered");
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub fn cents(amount: &Value) -> u64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}
