//! A cluster of real processes and what operators and accidents do to it: doubles, nodes that come back, files that do not fit.
//! Each is refused with one line that says what to do, and the healthy nodes go on.

mod kit;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use kit::demonstration::{PATIENCE, ask, cents, pay_in};
use kit::process::{Running, program, run, text};
use kit::venue::{Settings, Venue};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What a node is started with, where it is not as all are.
#[derive(Clone, Default)]
struct Otherwise {
    data: Option<PathBuf>,
    certificate: Option<u64>,
    listen: Option<SocketAddr>,
}

/// The nodes by their numbers.
struct Cluster {
    folder: TempDir,
    running: Vec<(u64, Running, SocketAddr)>,
    /// Where each number listens for members and for nodes.
    ports: Vec<(SocketAddr, SocketAddr)>,
    token: String,
    admin: String,
}

impl Cluster {
    /// Three nodes that vote, of which the first was a venue by itself.
    fn three() -> Self {
        let folder = tempfile::Builder::new().prefix("cluster").tempdir().unwrap();
        let mut venue = Venue::make(Settings { traders: 1, ..Settings::default() });
        venue.stop();
        let [token, admin] = ["settlement", "admin"].map(|login| format!("Bearer {}", venue.tokens[login]));
        let ports = (0..6).map(|_| (free(), free())).collect();
        let mut cluster = Cluster { folder, running: Vec::new(), ports, token, admin };
        kit::copy(&venue.data(), &cluster.data(1));
        cluster.keys(&["--node", "1", "--node", "2", "--node", "3", "--node", "4"]);
        cluster.configure(1, &Otherwise::default());
        cluster.start(1);
        for number in 2..=3 {
            cluster.make(number);
            cluster.start(number);
            cluster.act(&[
                "add-learner",
                &number.to_string(),
                "--address",
                &cluster.ports[number as usize].1.to_string(),
            ]);
            cluster.act(&["promote", &number.to_string()]);
        }
        cluster
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self, number: u64) -> PathBuf {
        self.at(&format!("n{number}"))
    }

    fn keys(&self, more: &[&str]) {
        let (data, keys) = (self.data(1), self.at("keys"));
        let made = run(&[&["cluster", "keys", "--data", text(&data), "--out", text(&keys)], more].concat());
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn configure(&self, number: u64, otherwise: &Otherwise) -> PathBuf {
        let (http, peers) = self.ports[number as usize];
        let (http, listen) = match &otherwise.data {
            // Beside the one that has the number's own addresses.
            Some(_) => (free(), otherwise.listen.unwrap_or_else(free)),
            None => (http, peers),
        };
        let data = otherwise.data.clone().unwrap_or_else(|| self.data(number));
        let certificate = otherwise.certificate.unwrap_or(number);
        let toml = format!(
            "[node]\ndata = {data:?}\nsegment_bytes = 65536\nbatch_bytes_max = 16384\nsnapshot_every = 100000\nhead_every = \"1h\"\n\
             [http]\nlisten = \"{http}\"\nmetrics_listen = \"127.0.0.1:0\"\nuser_requests_per_second = 0\n\
             [passwords]\nmemory_kib = 64\npasses = 1\n[log]\nlevel = \"error\"\n\
             [cluster]\nnode = {number}\nlisten = \"{listen}\"\naddress = \"{peers}\"\ncheckpoint_every = 16\n\
             election_after = \"500ms\"\nauthority = {:?}\ncertificate = {:?}\nkey = {:?}\n",
            self.at("keys").join("authority.pem"),
            self.at("keys").join(format!("node-{certificate}.pem")),
            self.at("keys").join(format!("node-{certificate}.key")),
        );
        let name = data.file_name().unwrap().to_str().unwrap();
        let path = self.at(&format!("{name}.toml"));
        fs::write(&path, toml).unwrap();
        path
    }

    /// Makes the folder of a node, with the secrets of the first.
    fn make(&self, number: u64) {
        let config = self.configure(number, &Otherwise::default());
        let secrets = self.data(1).join("secrets");
        let made = run(&["cluster", "init", "--config", text(&config), "--secrets", text(&secrets)]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn start(&mut self, number: u64) {
        let config = self.at(&format!("n{number}.toml"));
        let mut running = Running::start(&["serve", "--config", text(&config)]);
        let said = BufReader::new(running.standard_error());
        std::thread::spawn(move || {
            said.lines().map_while(Result::ok).for_each(|line| println!("node {number}: {line}"))
        });
        self.running.push((number, running, self.ports[number as usize].0));
    }

    /// Ends a node at once.
    fn kill(&mut self, number: u64) {
        self.running.retain(|(running, ..)| *running != number);
    }

    /// Starts what cannot go on, and gives the line with which it ends.
    fn refused(&self, config: &Path) -> String {
        let mut command = Command::new(program());
        command.args(["serve", "--config", text(config)]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        let heard = std::thread::spawn(move || said.lines().map_while(Result::ok).collect::<Vec<String>>());
        let since = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if since.elapsed() > PATIENCE {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("it goes on: {:?}", heard.join().unwrap());
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let said = heard.join().unwrap();
        assert_eq!(status.code(), Some(2), "{said:?}");
        said.last().expect("it says why").clone()
    }

    /// Has `bayan cluster` do something on a node that answers, until it is done.
    fn act(&self, words: &[&str]) {
        let since = Instant::now();
        loop {
            let Err(why) = self.try_act(words) else { return };
            assert!(since.elapsed() < PATIENCE, "{words:?}: {why}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn try_act(&self, words: &[&str]) -> Result<(), String> {
        let data = self.data(self.running[0].0);
        let asked = run(&[&["cluster"], words, &["--data", text(&data)]].concat());
        let said = String::from_utf8(asked.stderr).unwrap();
        if asked.status.success() { Ok(()) } else { Err(said.lines().last().unwrap_or_default().to_owned()) }
    }

    fn status(&self) -> Vec<Value> {
        let data = self.data(self.running[0].0);
        let said = run(&["cluster", "status", "--json", "--data", text(&data)]);
        let status: Value = serde_json::from_slice(&said.stdout).unwrap_or_default();
        status["nodes"].as_array().cloned().unwrap_or_default()
    }

    fn until(&self, what: &str, is: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let since = Instant::now();
        loop {
            let status = self.status();
            if is(&status) {
                return status;
            }
            assert!(since.elapsed() < PATIENCE, "{what}: {status:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The nodes go on: one more payment is answered.
    fn goes_on(&self, number: u64) {
        pay_in(&self.running[0].2.to_string(), &self.token, number);
    }

    fn funds(&self, address: SocketAddr) -> Option<u64> {
        let headers = [("Authorization", self.token.as_str())];
        let funds = ask(&address.to_string(), "GET", "/api/v1/members/B1/funds", &headers, None);
        funds.filter(|(status, ..)| *status == 200).map(|(.., funds)| cents(&funds["available"]))
    }
}

/// An address that nobody has just now.
fn free() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// Copies the folder of a node that was ended, without its socket.
fn copy(from: &Path, to: &Path) {
    let _none = fs::remove_file(from.join("operations.sock"));
    kit::copy(from, to);
}

/// Protects a cluster from doubles, from nodes that have forgotten what they promised, from those that were removed, and from
/// files that do not fit; and a venue that lost a node: by one command another takes its place while payments go on.
#[test]
fn what_does_not_belong_is_refused_and_what_was_lost_is_replaced() {
    let _alone = kit::alone();
    let mut cluster = Cluster::three();
    cluster.goes_on(1);
    // What follows is done to node 3, which must not lead.
    if cluster.until("somebody leads", |nodes| nodes.iter().any(|node| node["leader"] == true))[2]["leader"] == true {
        cluster.act(&["transfer-leader", "1"]);
    }
    cluster.kill(3);
    let copied = cluster.at("c3");
    copy(&cluster.data(3), &copied);
    let of_copy = Otherwise { data: Some(copied.clone()), ..Otherwise::default() };

    let taken = Otherwise { listen: Some(cluster.ports[1].1), ..of_copy.clone() };
    let why = cluster.refused(&cluster.configure(3, &taken));
    assert!(why.contains("cannot listen for the other nodes") && why.contains("correct listen"), "{why}");
    let other = Otherwise { certificate: Some(2), ..of_copy.clone() };
    let why = cluster.refused(&cluster.configure(3, &other));
    assert!(why.contains("node-2.pem") && why.contains("bayan cluster keys"), "{why}");
    cluster.keys(&["--node", "3", "--renew", "--days", "0"]);
    let second = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let made = second();
    while second() == made {
        std::thread::sleep(Duration::from_millis(10));
    }
    let why = cluster.refused(&cluster.configure(3, &of_copy));
    assert!(why.contains("expired") && why.contains("bayan cluster keys"), "{why}");
    cluster.keys(&["--node", "3", "--renew"]);
    cluster.goes_on(2);

    cluster.start(3);
    cluster.until("node 3 is back", |nodes| nodes.len() == 3 && nodes.iter().all(|node| !node["pid"].is_null()));
    let why = cluster.refused(&cluster.configure(3, &of_copy));
    assert!(why.contains("node 3 runs already") && why.contains("stop this one"), "{why}");
    cluster.until("the first goes on", |nodes| nodes.iter().all(|node| !node["pid"].is_null()));
    cluster.goes_on(3);

    // The disk of node 3 is lost.
    cluster.kill(3);
    fs::remove_dir_all(cluster.data(3)).unwrap();
    let why = cluster.try_act(&["remove", "2"]).unwrap_err();
    assert!(why.contains("no majority") && why.contains("bring the others back"), "{why}");
    cluster.make(3);
    let why = cluster.refused(&cluster.at("n3.toml"));
    assert!(why.contains("another data folder") && why.contains("never used"), "{why}");
    fs::remove_dir_all(cluster.data(3)).unwrap();
    cluster.goes_on(4);

    let (count, over) = (Arc::new(AtomicU64::new(100)), Arc::new(AtomicBool::new(false)));
    let load = {
        let (count, over) = (Arc::clone(&count), Arc::clone(&over));
        let (address, token) = (cluster.running[0].2.to_string(), cluster.token.clone());
        std::thread::spawn(move || {
            while !over.load(Ordering::Acquire) {
                pay_in(&address, &token, count.fetch_add(1, Ordering::AcqRel));
            }
        })
    };
    cluster.make(4);
    cluster.start(4);
    let address = cluster.ports[4].1.to_string();
    cluster.act(&["replace", "3", "--with", "4", "--address", &address]);
    let so_far = count.load(Ordering::Acquire);
    let since = Instant::now();
    while count.load(Ordering::Acquire) < so_far + 5 {
        assert!(since.elapsed() < PATIENCE, "payments go on");
        std::thread::sleep(Duration::from_millis(10));
    }
    over.store(true, Ordering::Release);
    load.join().unwrap();
    let votes = |nodes: &[Value]| {
        nodes.iter().filter(|node| node["votes"] == true).filter_map(|node| node["id"].as_u64()).collect::<Vec<_>>()
    };
    let in_step =
        |nodes: &[Value]| nodes.iter().all(|node| !node["digest"].is_null() && node["digest"] == nodes[0]["digest"]);
    let status = cluster.until("all agree", |nodes| nodes.len() == 3 && in_step(nodes));
    assert_eq!(votes(&status), [1, 2, 4]);

    // The removed one comes back, with all that it had.
    let why = cluster.refused(&cluster.configure(3, &of_copy));
    assert!(why.contains("node 3 is not one of the cluster, or is no longer"), "{why}");

    // A sealing secret that differs: the venue's others, and a sealing key made anew.
    let secrets = cluster.at("s5");
    copy(&cluster.data(1).join("secrets"), &secrets);
    fs::remove_file(secrets.join("sealing.key")).unwrap();
    let strange = cluster.at("strange.toml");
    let toml = format!("[node]\ndata = {:?}\nsecrets = {secrets:?}\n", cluster.at("strange"));
    fs::write(&strange, toml).unwrap();
    let made = run(&["init", "--config", text(&strange)]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    cluster.keys(&["--node", "5"]);
    let config = cluster.configure(5, &Otherwise::default());
    let made = run(&["cluster", "init", "--config", text(&config), "--secrets", text(&secrets)]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    cluster.start(5);
    let address = cluster.ports[5].1.to_string();
    let since = Instant::now();
    let why = loop {
        let why = cluster.try_act(&["add-learner", "5", "--address", &address]).unwrap_err();
        if why.contains("other secrets") || since.elapsed() > PATIENCE {
            break why;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(why.contains("other secrets") && why.contains("copy venue.key and sealing.key"), "{why}");
    cluster.kill(5);

    cluster.goes_on(5);
    let status = cluster.until("all agree", |nodes| nodes.len() == 3 && in_step(nodes));
    assert_eq!(votes(&status), [1, 2, 4]);
    let paid: Vec<Option<u64>> = cluster.running.iter().map(|(.., address)| cluster.funds(*address)).collect();
    assert!(paid[0].is_some() && paid.iter().all(|funds| *funds == paid[0]), "{paid:?}");
    while let Some((number, running, _)) = cluster.running.pop() {
        running.stop();
        let verified = run(&["verify", text(&cluster.data(number))]);
        assert!(verified.status.success(), "node {number}: {}", String::from_utf8_lossy(&verified.stderr));
    }
}

/// Protects members from a node that has come to another state: it says the entry and both digests, ends by itself, keeps what
/// it had, and does not start again; the others go on.
#[test]
fn a_node_that_differs_ends_and_keeps_its_evidence() {
    let _alone = kit::alone();
    let mut cluster = Cluster::three();
    if cluster.until("somebody leads", |nodes| nodes.iter().any(|node| node["leader"] == true))[2]["leader"] == true {
        cluster.act(&["transfer-leader", "1"]);
    }
    for number in 0..8 {
        cluster.goes_on(number);
    }
    let firm = json!({"code": "P7", "name": "planted firm 7"});
    let headers = [("Authorization", cluster.admin.as_str()), ("Idempotency-Key", "planted")];
    let admitted = ask(&cluster.running[0].2.to_string(), "POST", "/api/v1/members", &headers, Some(&firm));
    assert!(admitted.as_ref().is_some_and(|(status, ..)| *status == 201), "{admitted:?}");
    cluster.until("all have it", |nodes| nodes.iter().all(|node| node["digest"] == nodes[0]["digest"]));
    cluster.kill(3);
    // An entry behind the last signed head says something else, and its checksums are right.
    plant(&cluster.data(3).join("log"), b"planted firm 7", b"planted firm 9");
    let config = cluster.at("n3.toml");
    let (over, token, address) = (Arc::new(AtomicBool::new(false)), cluster.token.clone(), cluster.running[0].2);
    let load = {
        let over = Arc::clone(&over);
        std::thread::spawn(move || {
            for number in 100.. {
                if over.load(Ordering::Acquire) {
                    break;
                }
                pay_in(&address.to_string(), &token, number);
            }
        })
    };
    let why = cluster.refused(&config);
    over.store(true, Ordering::Release);
    load.join().unwrap();
    assert!(why.contains("the state after entry") && why.matches("digest").count() == 1, "{why}");
    assert!(why.contains("here and") && why.contains("keep this folder as evidence"), "{why}");
    let evidence = cluster.data(3).join("evidence");
    assert!(kit::files(&evidence).iter().any(|path| path.extension().is_some_and(|extension| extension == "snapshot")));
    let again = cluster.refused(&config);
    assert!(again.contains("evidence/differs") && again.contains("the state after entry"), "{again}");
    cluster.goes_on(10_000);
}

/// Protects members behind the balancer of the handbook from a planned stop: nodes are stopped one after another, the leader among
/// them, and every request through the entrance is answered well.
#[test]
fn the_balancer_of_the_handbook_drains_a_node_that_stops() {
    let _alone = kit::alone();
    if Command::new("haproxy").arg("-v").output().is_err() {
        println!("SKIPPED: haproxy is not installed (Debian: apt-get install haproxy)");
        return;
    }
    let mut cluster = Cluster::three();
    let entrance = free();
    let mut config = include_str!("../../../deploy/haproxy.cfg").to_owned();
    for (ours, here) in [
        ("bind :443 ssl crt /etc/haproxy/bayan.pem alpn http/1.1", format!("bind {entrance}")),
        ("maxconn 40000", "maxconn 400".to_owned()),
        ("10.0.0.1:8330", cluster.ports[1].0.to_string()),
        ("10.0.0.2:8330", cluster.ports[2].0.to_string()),
        ("10.0.0.3:8330", cluster.ports[3].0.to_string()),
    ] {
        assert!(config.contains(ours), "the example says no more: {ours}");
        config = config.replace(ours, &here);
    }
    let path = cluster.at("haproxy.cfg");
    fs::write(&path, config).unwrap();
    let checked = Command::new("haproxy").args(["-c", "-f", text(&path)]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let mut command = Command::new("haproxy");
    command.args(["-db", "-f", text(&path)]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let balancer = Ended(command.spawn().unwrap());
    let since = Instant::now();
    while ask(&entrance.to_string(), "GET", "/readyz", &[], None).is_none_or(|(status, ..)| status != 200) {
        assert!(since.elapsed() < PATIENCE, "the balancer finds no node");
        std::thread::sleep(Duration::from_millis(50));
    }

    let (count, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (count, over, token) = (Arc::clone(&count), Arc::clone(&over), cluster.token.clone());
            std::thread::spawn(move || {
                while !over.load(Ordering::Acquire) {
                    let number = count.fetch_add(1, Ordering::AcqRel);
                    let key = format!("drained-{number}");
                    let body = json!({"amount": "0.01", "reference": key});
                    let headers = [("Authorization", token.as_str()), ("Idempotency-Key", key.as_str())];
                    let path = "/api/v1/members/B1/deposits";
                    let answer = ask(&entrance.to_string(), "POST", path, &headers, Some(&body));
                    assert!(answer.as_ref().is_some_and(|(status, ..)| *status == 201), "payment {number}: {answer:?}");
                }
            })
        })
        .collect();
    let more = |than: u64| {
        let since = Instant::now();
        while count.load(Ordering::Acquire) < than {
            assert!(since.elapsed() < PATIENCE && clients.iter().all(|client| !client.is_finished()), "payments go on");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    for number in 1..=3 {
        more(count.load(Ordering::Acquire) + 20);
        let at = cluster.running.iter().position(|(running, ..)| *running == number).unwrap();
        cluster.running.remove(at).1.stop();
        more(count.load(Ordering::Acquire) + 20);
        cluster.start(number);
        let all = |nodes: &[Value]| nodes.len() == 3 && nodes.iter().all(|node| !node["pid"].is_null());
        cluster.until("it is back", all);
        let ready = cluster.ports[number as usize].0.to_string();
        let since = Instant::now();
        while ask(&ready, "GET", "/readyz", &[], None).is_none_or(|(status, ..)| status != 200) {
            assert!(since.elapsed() < PATIENCE, "node {number} is ready again");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    over.store(true, Ordering::Release);
    for client in clients {
        client.join().unwrap();
    }
    drop(balancer);
}

/// A process that goes with the test.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// Puts something else in place of words that stand once in the log, with checksums that fit.
fn plant(log: &Path, words: &[u8], others: &[u8]) {
    const HEADER: usize = 40;
    for path in kit::files(log) {
        let mut bytes = fs::read(&path).unwrap();
        let Some(at) = bytes.windows(words.len()).position(|found| found == words) else { continue };
        let salt = crc32c::crc32c(&salt_of(&bytes));
        let header = (512..at).rev().find(|start| {
            let head = &bytes[*start..*start + HEADER];
            let length = u32::from_le_bytes(head[..4].try_into().unwrap()) as usize;
            let crc = u32::from_le_bytes(head[36..].try_into().unwrap());
            length > 0 && start + HEADER + length > at && crc32c::crc32c_append(salt, &head[..36]) == crc
        });
        let start = header.expect("the record that has it");
        let length = u32::from_le_bytes(bytes[start..start + 4].try_into().unwrap()) as usize;
        bytes[at..at + others.len()].copy_from_slice(others);
        let payload = crc32c::crc32c(&bytes[start + HEADER..start + HEADER + length]);
        bytes[start + 4..start + 8].copy_from_slice(&payload.to_le_bytes());
        let crc = crc32c::crc32c_append(salt, &bytes[start..start + 36]);
        bytes[start + 36..start + HEADER].copy_from_slice(&crc.to_le_bytes());
        return fs::write(&path, bytes).unwrap();
    }
    panic!("the log does not say it");
}

/// The eight bytes that each segment draws: its header ends with them.
fn salt_of(segment: &[u8]) -> Vec<u8> {
    let end = 24 + u32::from_le_bytes(segment[12..16].try_into().unwrap()) as usize;
    segment[end - 8..end].to_vec()
}
