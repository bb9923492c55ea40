//! A node on a real folder: what it answers is there after a restart, and what was altered is found.

use std::path::Path;
use std::sync::Arc;

use exchange::files::{FileKind, Owner};
use exchange::members::{Applicant, Firm, Role};
use exchange::units::{ApplicationId, MemberId, Sequence, Span, UserId};
use exchange::{Answer, Applied, Body, Command, Exchange, Principal, Profile, RequestId};
use ordering::{
    Config, Damage, FileUnread, Health, Node, Observer, PersonalData, Seams, StartError, Unavailable, file_hash,
    history, replay, verify,
};
use parking_lot::Mutex;

fn config(data: &Path) -> Config {
    Config { segment_bytes: 64 << 10, batch_bytes_max: 8 << 10, ..Config::new(data) }
}

async fn start(config: &Config) -> Node {
    Node::start(config.clone(), Seams::default(), Vec::new()).await.expect("the node starts")
}

fn admit(number: u64) -> Command {
    Command::system(Body::AdmitMember { code: format!("M{number}"), name: format!("Member {number}") })
}

fn secrets(config: &Config) -> std::path::PathBuf {
    config.secrets_folder()
}

/// Counts what an observer is told, and that nothing is missing in between.
#[derive(Clone, Default)]
struct Watching(Arc<Mutex<(Sequence, Vec<u8>)>>);

impl Observer for Watching {
    fn begin(&mut self, exchange: &Exchange) {
        self.0.lock().0 = exchange.sequence();
    }
    fn applied(&mut self, run: &Arc<Applied>, exchange: &Exchange) {
        let mut seen = self.0.lock();
        assert_eq!(run.first.0, seen.0.0 + 1);
        assert_eq!(run.last, exchange.sequence());
        seen.0 = run.last;
        seen.1.extend_from_slice(&run.events);
    }
}

/// Protects the promise to whoever was answered: it is there after a restart, in its place, and verifies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let watching = Watching::default();
    let node = Node::start(config.clone(), Seams::default(), vec![Box::new(watching.clone())]).await.unwrap();
    assert_eq!(node.health(), Health::Leading);
    let mut waiting = tokio::task::JoinSet::new();
    for number in 1..=300 {
        let node = node.clone();
        waiting.spawn(async move { (number, node.submit(admit(number)).await.unwrap()) });
    }
    let mut answered = Vec::new();
    while let Some(reply) = waiting.join_next().await {
        answered.push(reply.unwrap());
    }
    answered.sort_by_key(|(_, reply)| reply.sequence);
    for (place, (_, reply)) in answered.iter().enumerate() {
        assert_eq!(reply.sequence, Sequence(place as u64 + 1), "places have no gap");
        assert!(matches!(reply.outcome, Ok(Answer::Member(_))));
    }
    assert_eq!(watching.0.lock().0, Sequence(300), "the observers know before anyone is answered");
    let head = node.head(Sequence(300)).await.unwrap();
    assert!(head.is_genuine() && head.sequence == Sequence(300));
    let metrics = node.metrics();
    assert!(metrics.commands == 300 && metrics.batches <= 300 && metrics.log_bytes > 0 && !metrics.failed);
    node.stop().await;
    assert_eq!(node.health(), Health::Stopped);
    assert!(matches!(node.submit(admit(301)).await, Err(Unavailable::Refused(_))));

    let mut reached = 0;
    let verified = verify(folder.path(), &secrets(&config), &mut |progress| reached = progress.bytes).unwrap();
    assert_eq!((verified.sequence, verified.hash), (head.sequence, head.hash));
    assert_eq!((verified.state_digest, verified.torn), (head.state_digest, None));
    assert!(reached > 0);

    let again = Watching::default();
    let node = Node::start(config.clone(), Seams::default(), vec![Box::new(again.clone())]).await.unwrap();
    assert_eq!(node.sequence(), Sequence(300));
    assert_eq!(again.0.lock().1, watching.0.lock().1, "the same log gives the same events");
    for (number, reply) in &answered {
        let code = format!("M{number}");
        let member = node.read(|exchange| exchange.members().by_code(&code).map(|member| member.id));
        assert_eq!(Ok(Answer::Member(member.unwrap())), reply.outcome);
    }
    let entries: Vec<_> = history(folder.path(), &secrets(&config), Some(Sequence(300))).unwrap().collect();
    assert_eq!(entries.len(), 300);
    let mut events = Vec::new();
    let exchange = replay(folder.path(), &secrets(&config), None, &mut |run| {
        events.extend_from_slice(&run.events);
        true
    });
    assert_eq!(exchange.unwrap().sequence(), Sequence(300));
    assert_eq!(events, watching.0.lock().1);
    node.stop().await;
}

/// Protects "ask twice, happen once" across a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_asked_again_after_a_restart_gets_its_first_answer() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let node = start(&config).await;
    let request = RequestId {
        key: node.vault().request_key(UserId(1), "a key").into(),
        fingerprint: node.vault().fingerprint(b"what is asked").into(),
    };
    let person = PersonalData { login: "ada".to_owned(), name: "Ada".to_owned() };
    let personal = node.vault().encrypt_person(&person).unwrap();
    let admin = Command::system(Body::AddUser {
        role: Role::Admin,
        member: None,
        login_tag: node.vault().login_tag("ada").into(),
        personal: personal.clone(),
        password_hash: String::new(),
        single_use: false,
    });
    assert_eq!(node.submit(admin).await.unwrap().outcome, Ok(Answer::User(UserId(1))));
    let command = Command { principal: Principal::User(UserId(1)), request: Some(request), ..admit(1) };
    let first = node.submit(command.clone()).await.unwrap();
    assert!(matches!(first.outcome, Ok(Answer::Member(_))));
    node.stop().await;
    let node = start(&config).await;
    let again = node.submit(command).await.unwrap();
    assert_eq!((again.sequence, again.outcome, again.replayed), (first.sequence, first.outcome, true));
    assert_eq!(node.vault().decrypt_person(&personal), Some(person), "a person's key is kept");
    assert!(node.vault().forget_person(&personal).unwrap());
    node.stop().await;
    let node = start(&config).await;
    assert_eq!(node.vault().decrypt_person(&personal), None, "a destroyed key stays destroyed");
    node.stop().await;
}

/// Protects who applied in vain: when its time has come the node destroys its key by itself, for good, and history re-executes to the
/// same head without it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_refused_is_forgotten_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let node = start(&config).await;
    let person = PersonalData { login: "planted-login".to_owned(), name: "Planted Person".to_owned() };
    let personal = node.vault().encrypt_person(&person).unwrap();
    let apply = Body::Apply {
        token_hash: [1; 32].into(),
        firm: Firm {
            credit_code: "91150000701463622D".to_owned(),
            name: "北方稀土".to_owned(),
            licence_until: None,
            affiliates: Vec::new(),
        },
        applicant: Applicant {
            login_tag: node.vault().login_tag("planted-login").into(),
            contact: personal.clone().into(),
            personal: personal.clone().into(),
        },
    };
    let refuse = Body::RefuseApplicant { application: ApplicationId(1), reason: "nein".to_owned() };
    let keep = |seconds: Option<i64>| {
        let refused_kept = seconds.map(Span::from_seconds);
        Body::SetProfile(Profile { outage_after: None, refused_kept, ..Profile::default() })
    };
    for body in [keep(Some(3_600)), apply, refuse] {
        node.submit(Command::system(body)).await.unwrap().outcome.unwrap();
    }
    node.stop().await;
    let node = start(&config).await;
    assert_eq!(node.vault().decrypt_person(&personal), Some(person));
    node.submit(Command::system(keep(Some(1)))).await.unwrap().outcome.unwrap();
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while node.vault().decrypt_person(&personal).is_some() {
        assert!(std::time::Instant::now() < patience, "nobody is forgotten");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(node.read(|exchange| exchange.applications().application(ApplicationId(1)).unwrap().forgotten.is_some()));
    node.stop().await;
    verify(folder.path(), &secrets(&config), &mut |_| ()).unwrap();
    let node = start(&config).await;
    assert_eq!(node.vault().decrypt_person(&personal), None);
    node.stop().await;
}

/// Protects start and stop with a snapshot: the log before it is not needed, and the one after it is executed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_from_a_snapshot_is_the_same_as_one_without() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { snapshot_on_stop_from: 1, ..config(folder.path()) };
    let node = start(&config).await;
    for number in 1..=40 {
        node.submit(admit(number)).await.unwrap();
    }
    node.stop().await;
    let node = start(&config).await;
    assert_eq!(node.metrics().snapshot_sequence, 40);
    for number in 41..=60 {
        node.submit(admit(number)).await.unwrap();
    }
    let with = node.head(Sequence(60)).await.unwrap();
    // As if it were killed: no snapshot, no last head.
    drop(node);
    let verified = loop {
        match verify(folder.path(), &secrets(&config), &mut |_| ()) {
            Err(Damage { what, .. }) if what.contains("in use") => tokio::task::yield_now().await,
            other => break other.unwrap(),
        }
    };
    assert_eq!((verified.hash, verified.state_digest), (with.hash, with.state_digest));
    for name in std::fs::read_dir(folder.path().join("snapshots")).unwrap() {
        let path = name.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() - 20;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    let node = start(&config).await;
    assert!(node.warnings().iter().any(|warning| warning.contains("snapshot")), "{:?}", node.warnings());
    let without = node.head(Sequence(60)).await.unwrap();
    assert_eq!((with.hash, with.state_digest), (without.hash, without.state_digest));
    node.stop().await;
}

/// Protects each refusal to start: one line that says what to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_is_not_right_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let node = start(&config).await;
    let refused = |error: StartError| {
        let line = error.to_string();
        assert!(!line.contains('\n') && line.contains(';'), "{line}");
        error
    };
    let locked = Node::start(config.clone(), Seams::default(), Vec::new()).await;
    assert!(matches!(refused(locked.err().unwrap()), StartError::Locked(_)));
    for number in 1..=3 {
        node.submit(admit(number)).await.unwrap();
    }
    node.stop().await;

    let elsewhere = tempfile::tempdir().unwrap();
    let other = self::config(elsewhere.path());
    start(&other).await.stop().await;
    let mixed = Config { secrets: Some(other.secrets_folder()), ..config.clone() };
    let mixed = Node::start(mixed, Seams::default(), Vec::new()).await;
    assert!(matches!(refused(mixed.err().unwrap()), StartError::OtherCluster { .. }));

    let missing = folder.path().join("secrets/sealing.key");
    let kept = std::fs::read(&missing).unwrap();
    std::fs::remove_file(&missing).unwrap();
    let error = Node::start(config.clone(), Seams::default(), Vec::new()).await;
    assert!(matches!(refused(error.err().unwrap()), StartError::SecretMissing(_)));
    std::fs::write(&missing, kept).unwrap();

    let segment = folder.path().join("log/00000000000000000000.seg");
    let bytes = std::fs::read(&segment).unwrap();
    let mut shorter = bytes.clone();
    shorter[704..].fill(0);
    std::fs::write(&segment, shorter).unwrap();
    let error = Node::start(config.clone(), Seams::default(), Vec::new()).await;
    let error = refused(error.err().unwrap());
    assert!(matches!(error, StartError::HistoryShort { .. } | StartError::Damage(_)), "{error}");
    std::fs::write(&segment, bytes).unwrap();
    let node = start(&config).await;
    assert_eq!(node.sequence(), Sequence(3));
    node.stop().await;
}

/// Protects files over a restart: what the log names is there, what was refused or let go is not, what a killed process left
/// goes, and what is missing is said by the node, which serves, and by `verify`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_what_the_log_names() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let node = start(&config).await;
    let keep = |member: u32| {
        let owner = Owner::Member(MemberId(member));
        move |hash| Command::system(Body::KeepFile { hash, size: 3, kind: FileKind::Pdf, owner, name: None })
    };
    let path = |bytes: &[u8]| {
        let name: String = file_hash(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        folder.path().join("files").join(&name[..2]).join(name)
    };
    let refused = node.keep_file(*b"two", keep(1)).await.unwrap();
    assert_eq!(refused.outcome, Err(exchange::Refusal::UnknownMember));
    assert!(!path(b"two").exists(), "what was refused leaves nothing");
    node.submit(admit(1)).await.unwrap().outcome.unwrap();
    for bytes in [b"one", b"two", b"six"] {
        node.keep_file(*bytes, keep(1)).await.unwrap().outcome.unwrap();
        assert_eq!(node.read_file(&file_hash(bytes)).unwrap(), bytes);
    }
    let dropped = Command::system(Body::DropFile { hash: file_hash(b"six"), owner: Owner::Member(MemberId(1)) });
    node.drop_file(file_hash(b"six"), dropped).await.unwrap().outcome.unwrap();
    assert!(!path(b"six").exists());
    node.stop().await;
    assert_eq!(verify(folder.path(), &secrets(&config), &mut |_| ()).unwrap().files, 2);

    std::fs::create_dir_all(path(b"ten").parent().unwrap()).unwrap();
    std::fs::write(path(b"ten"), b"ten").unwrap();
    std::fs::remove_file(path(b"two")).unwrap();
    let damage = verify(folder.path(), &secrets(&config), &mut |_| ()).unwrap_err();
    assert_eq!(damage.file, path(b"two"));
    let node = start(&config).await;
    assert!(!path(b"ten").exists() && path(b"one").exists());
    assert!(node.warnings().iter().any(|warning| warning.contains("which is missing")), "{:?}", node.warnings());
    assert_eq!((node.health(), node.metrics().files, node.metrics().files_damaged), (Health::Leading, 2, 1));
    assert!(matches!(node.read_file(&file_hash(b"two")), Err(FileUnread::Damaged(_))));
    node.keep_file(*b"two", keep(1)).await.unwrap().outcome.unwrap();
    assert_eq!(node.metrics().files_damaged, 0, "handed in again it is there");
    node.stop().await;
    assert!(verify(folder.path(), &secrets(&config), &mut |_| ()).is_ok());
}
