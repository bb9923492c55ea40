//! Backups by the program, of a node that runs: made under load, encrypted or not, and made a venue of again.

mod kit;

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use age::secrecy::ExposeSecret;
use exchange::units::Sequence;
use kit::http::Client;
use kit::process::{refused, run, text};
use kit::venue::{PATIENCE, Settings, Venue};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Where the backups of a test lie.
struct Away(TempDir);

impl Away {
    fn new() -> Self {
        Away(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn back_up(&self, venue: &Venue, more: &[&str]) -> Value {
        let (data, to, keys) = (venue.data(), self.at("backup"), self.at("keys"));
        let fixed = ["backup", "--data", text(&data), "--to", text(&to), "--secrets-to", text(&keys)];
        table(&[&fixed[..], more].concat())
    }

    fn restore(&self, name: &str, more: &[&str]) -> Value {
        let (data, from, keys) = (self.at(name), self.at("backup"), self.at("keys"));
        let fixed = ["restore", "--from", text(&from), "--secrets-from", text(&keys), "--data", text(&data)];
        table(&[&fixed[..], more].concat())
    }
}

/// What a command says, a word and its value on each line.
fn table(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().filter_map(|line| line.split_once(' ')).map(|(word, value)| (word, json!(value.trim()))).collect()
}

fn number(said: &Value) -> u64 {
    said.as_str().unwrap().split(' ').next().unwrap().parse().unwrap()
}

fn digest_at(data: &Path, sequence: u64) -> String {
    let until = Some(Sequence(sequence));
    let mut exchange = ordering::replay(data, &ordering::default_secrets(data), until, &mut |_| true).unwrap();
    assert_eq!(exchange.sequence(), Sequence(sequence));
    exchange.digest().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Protects a venue that has lost its machine: backups made under load, each with what is new, become the venue as it was after
/// a chosen entry, with the digest that it had there; it verifies, and a node goes on from it with its files and its people.
#[test]
fn a_backup_made_under_load_becomes_the_venue_of_any_entry() {
    let _alone = kit::alone();
    let mut venue = Venue::make(Settings { traders: 1, ..Settings::default() });
    let file = venue.upload("s-manager", b"%PDF-1.7 a contract", "application/pdf");
    let (over, paid) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let load = {
        let (over, paid) = (Arc::clone(&over), Arc::clone(&paid));
        let (address, token) = (venue.address.clone(), format!("Bearer {}", venue.tokens["settlement"]));
        std::thread::spawn(move || {
            let mut client = Client::connect(&address).unwrap();
            while !over.load(Ordering::Acquire) {
                let key = format!("load-{}", paid.load(Ordering::Acquire));
                let headers = [("Authorization", token.as_str()), ("Idempotency-Key", key.as_str())];
                let body = json!({"amount": "0.01", "reference": key});
                let answer = client.ask("POST", "/api/v1/members/B1/deposits", &headers, Some(&body)).unwrap();
                assert_eq!(answer.status, 201, "{}", answer.json());
                paid.fetch_add(1, Ordering::AcqRel);
            }
        })
    };
    let more = || {
        let (since, so_far) = (Instant::now(), paid.load(Ordering::Acquire));
        while paid.load(Ordering::Acquire) < so_far + 150 {
            assert!(since.elapsed() < PATIENCE, "payments go on");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    let away = Away::new();
    let mut ends = vec![0];
    for _ in 0..3 {
        more();
        let before = venue.sequence();
        let said = away.back_up(&venue, &[]);
        assert!(number(&said["sequence"]) >= before, "what was signed for when it began is in it");
        ends.push(number(&said["sequence"]));
    }
    more();
    over.store(true, Ordering::Release);
    load.join().unwrap();
    venue.kill();

    let chosen = ends[1] + (ends[2] - ends[1]) / 2;
    for (name, sequence) in [("chosen", chosen), ("last", ends[3])] {
        let made = away.restore(name, &["--sequence", &sequence.to_string()]);
        let digest = digest_at(&venue.data(), sequence);
        assert_eq!((number(&made["sequence"]), made["digest"].as_str()), (sequence, Some(digest.as_str())));
        let found = table(&["verify", text(&away.at(name))]);
        assert_eq!((&found["digest"], &found["hash"]), (&made["digest"], &made["hash"]));
        assert_eq!((number(&found["sequence"]), number(&found["files"])), (sequence, 1));
    }
    // The folder of the venue is lost, and the restored one takes its place; sessions are as lasting as they ever were.
    fs::remove_dir_all(venue.data()).unwrap();
    kit::copy(&away.at("chosen"), &venue.data());
    venue.start();
    let again = venue.get(Some("s-manager"), &format!("/api/v1/files/{file}"));
    assert_eq!((again.status, again.body.as_slice()), (200, b"%PDF-1.7 a contract".as_slice()));
    let deposit = json!({"amount": "1.00", "reference": "after"});
    let answer = venue.done("settlement", "/api/v1/members/B1/deposits", &deposit);
    assert!(answer["sequence"].as_u64().unwrap() > chosen);
    venue.stop();
}

/// Protects a backup that lies on somebody else's disk: with a recipient there is nothing of the venue in it to be read, and its
/// identity alone opens it.
#[test]
fn an_encrypted_backup_opens_with_its_identity() {
    let _alone = kit::alone();
    let mut venue = Venue::make(Settings { traders: 1, ..Settings::default() });
    venue.upload("s-manager", b"%PDF-1.7 a planted contract", "application/pdf");
    venue.stop();
    let away = Away::new();
    let (own, other) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
    let identity = |name: &str, of: &age::x25519::Identity| {
        fs::write(away.at(name), format!("# a comment\n{}\n", of.to_string().expose_secret())).unwrap();
        text(&away.at(name)).to_owned()
    };
    let (own_file, other_file) = (identity("own", &own), identity("other", &other));
    let recipient = own.to_public().to_string();
    let said = away.back_up(&venue, &["--recipient", &recipient]);
    let planted: Vec<Vec<u8>> = [b"a planted contract".as_slice(), b"PrNd-metal"]
        .into_iter()
        .map(<[u8]>::to_vec)
        .chain(["venue.key", "sealing.key", "persons.keys"].iter().map(|name| {
            let bytes = fs::read(venue.data().join("secrets").join(name)).unwrap();
            bytes[bytes.len() - 40..].to_vec()
        }))
        .collect();
    for file in kit::files(&away.at("backup")).into_iter().chain(kit::files(&away.at("keys"))) {
        let bytes = fs::read(&file).unwrap();
        for text in &planted {
            let found = bytes.windows(text.len()).any(|part| part == text);
            assert!(!found, "{} has what nobody may read", file.display());
        }
    }
    let (from, keys, data) = (away.at("backup"), away.at("keys"), away.at("restored"));
    let fixed = ["restore", "--from", text(&from), "--secrets-from", text(&keys), "--data", text(&data)];
    let why = refused(&fixed);
    assert!(why.contains("is encrypted"), "{why}");
    let why = refused(&[&fixed[..], &["--identity", &other_file]].concat());
    assert!(why.contains("cannot be opened"), "{why}");
    fs::remove_dir_all(&data).unwrap();
    let made = away.restore("restored", &["--identity", &own_file]);
    assert_eq!(made["sequence"], said["sequence"]);
    assert_eq!(made["digest"], digest_at(&venue.data(), number(&made["sequence"])).as_str());
}

/// Protects who was forgotten: its key is in no backup made since, in nothing of an older one that is within reach, and a venue
/// restored to a moment before has the person, and cannot read it.
#[test]
fn who_was_forgotten_comes_back_from_no_backup() {
    let _alone = kit::alone();
    let mut venue = Venue::make(Settings { traders: 1, ..Settings::default() });
    let second = json!({"login": "admin-2", "name": "二", "role": "admin", "password": "admin-2 has this once"});
    venue.done("admin", "/api/v1/users", &second);
    venue.enter("admin-2", "admin-2 has this once");
    let away = Away::new();
    let before = venue.sequence();
    away.back_up(&venue, &[]);
    let copy = kit::files(&away.at("keys")).into_iter().find(|path| path.ends_with("persons.keys")).unwrap();
    let (was, old) = (fs::read(&copy).unwrap(), File::open(&copy).unwrap());
    let asked = venue.done("admin", "/api/v1/users/b1-trader/erasure", &json!({}));
    venue.done("admin-2", &format!("/api/v1/approvals/{}", asked["id"]), &json!({}));
    away.back_up(&venue, &[]);
    let is = fs::read(&copy).unwrap();
    let key = was.chunks(64).zip(is.chunks(64)).find(|(was, is)| was != is).unwrap().0[16..48].to_vec();
    for file in kit::files(&away.at("backup")).into_iter().chain(kit::files(&away.at("keys"))) {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(32).any(|part| part == key), "{} has the destroyed key", file.display());
    }
    let mut overwritten = vec![1; was.len()];
    old.read_exact_at(&mut overwritten, 0).unwrap();
    assert!(overwritten.iter().all(|byte| *byte == 0), "the copy of before is overwritten on the disk too");

    venue.stop();
    away.restore("before", &["--sequence", &before.to_string()]);
    fs::remove_dir_all(venue.data()).unwrap();
    kit::copy(&away.at("before"), &venue.data());
    venue.start();
    let page = venue.get(Some("admin"), "/api/v1/users").json();
    let all = page["items"].as_array().unwrap();
    let unreadable: Vec<&Value> = all.iter().filter(|user| user["login"].is_null()).collect();
    assert!(unreadable.len() == 1 && unreadable[0]["role"] == "trader", "{page}");
    assert!(all.iter().any(|user| user["login"] == "admin-2"), "everybody else is there");
    venue.stop();
}

/// Protects whoever backs up or restores from a slip of the hand: each is one line that says what to do.
#[test]
fn what_cannot_be_backed_up_or_restored_is_one_line() {
    let away = Away::new();
    let (nothing, to, keys) = (away.at("nothing"), away.at("backup"), away.at("keys"));
    let backup = ["backup", "--to", text(&to), "--secrets-to", text(&keys)];
    let restore = ["restore", "--from", text(&to), "--secrets-from", text(&keys), "--data", text(&nothing)];
    for (arguments, expected) in [
        ([&backup[..], &["--data", text(&nothing), "--recipient", "age1nonsense"]].concat(), "is no recipient of age"),
        ([&backup[..], &["--config", text(&nothing)]].concat(), "nothing"),
        (restore.to_vec(), "holds no backup"),
        ([&restore[..], &["--time", "yesterday"]].concat(), "write it as 2026-03-02T15:00:00+08:00"),
        ([&restore[..], &["--identity", text(&nothing)]].concat(), "name the file that `age-keygen` wrote"),
    ] {
        let why = refused(&arguments);
        assert!(why.contains(expected), "{why}");
    }
    let missing = run(&[&backup[..], &["--data", text(&nothing)]].concat());
    let why = String::from_utf8(missing.stderr).unwrap();
    assert!(!missing.status.success() && why.contains("name a folder that holds a node's data"), "{why}");
    assert_eq!(why.lines().count(), 1, "{why}");
}
