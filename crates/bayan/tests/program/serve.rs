//! `bayan config`, `init`, `serve` and `verify` as an operator uses them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::{Running, ask, refused, run, text};
use serde_json::json;

/// Writes what `bayan config` prints, with ports that are free, a data folder within `folder`, and a log to read.
fn configuration(folder: &Path) -> String {
    let printed = run(&["config"]);
    assert!(printed.status.success());
    let data = format!("data = {:?}", folder.join("data"));
    let toml = String::from_utf8(printed.stdout)
        .unwrap()
        .replace("data = \"bayan-data\"", &data)
        .replace("listen = \"127.0.0.1:8330\"", "listen = \"127.0.0.1:0\"")
        .replace("listen = \"127.0.0.1:9330\"", "listen = \"127.0.0.1:0\"")
        .replace("format = \"text\"", "format = \"json\"");
    let file = folder.join("bayan.toml");
    fs::write(&file, toml).unwrap();
    text(&file).to_owned()
}

/// Protects the way from nothing to a venue that runs: the printed configuration, the first admin, the node, a stop.
#[test]
fn a_venue_is_made_and_served() {
    let folder = tempfile::tempdir().unwrap();
    let file = configuration(folder.path());
    let made = run(&["init", "--config", &file]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = String::from_utf8(made.stdout).unwrap();
    let password = said.lines().find_map(|line| line.strip_prefix("password ")).unwrap();
    assert!(refused(&["init", "--config", &file]).contains("holds a venue already"));

    let mut program = Running::start(&["serve", "--config", &file]);
    let ready = program.log_line("ready");
    let address = ready["fields"]["listen"].as_str().unwrap().to_owned();
    assert_eq!(ask(&address, "GET", "/readyz", &[], None).0, 200);
    assert_eq!(ask(&address, "GET", "/metrics", &[], None).0, 404, "metrics have an address of their own");
    let (status, session) =
        ask(&address, "POST", "/api/v1/sessions", &[], Some(&json!({"login": "admin", "password": password})));
    assert!(status < 500, "{session}");
    program.stop();
    assert!(run(&["verify", text(&folder.path().join("data"))]).status.success());
}

/// Protects against a second log, signed with the venue's key, in a folder that was named by mistake: `serve` begins none,
/// and leaves a folder without a log as it was.
#[test]
fn serve_begins_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let file = configuration(folder.path());
    let data = folder.path().join("data");
    let no_venue = || {
        let said = refused(&["serve", "--config", &file]);
        assert!(said.contains(text(&data)), "{said}");
        assert!(said.contains("holds no venue yet; make one with `bayan init --config"), "{said}");
        assert!(said.contains("correct data of [node]"), "{said}");
    };
    no_venue();
    assert!(!data.exists(), "a folder that is not there is not made");
    fs::create_dir(&data).unwrap();
    no_venue();
    assert!(files(&data).is_empty(), "{:?}", files(&data));

    // The venue's secrets lie in the folder, as after a move of the log elsewhere.
    assert!(run(&["init", "--config", &file]).status.success());
    let secrets = fs::read_dir(data.join("secrets")).unwrap().map(|file| file.unwrap().path()).collect::<Vec<_>>();
    for path in fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()) {
        match path.is_dir() {
            true if path.ends_with("secrets") => {}
            true => fs::remove_dir_all(path).unwrap(),
            false => fs::remove_file(path).unwrap(),
        }
    }
    let before = secrets.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
    no_venue();
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "only the secrets are there");
    assert_eq!(files(&data).len(), secrets.len());
    assert_eq!(secrets.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>(), before);
}

/// Protects that a byte altered in the log is found, with its place and exit status 1.
#[test]
fn an_altered_log_does_not_verify() {
    let folder = tempfile::tempdir().unwrap();
    let file = configuration(folder.path());
    assert!(run(&["init", "--config", &file]).status.success());
    let data = folder.path().join("data");
    // The password's hash stands in plain in the entry that adds the admin.
    let (path, at) = files(&data)
        .into_iter()
        .find_map(|path| {
            let bytes = fs::read(&path).unwrap();
            let at = bytes.windows(9).position(|window| window == b"$argon2id")?;
            path.to_string_lossy().contains("log").then_some((path, at))
        })
        .expect("the log has the admin's hash");
    let mut bytes = fs::read(&path).unwrap();
    bytes[at + 1] ^= 1;
    fs::write(&path, bytes).unwrap();
    let output = run(&["verify", text(&data)]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains(path.file_name().unwrap().to_str().unwrap()), "{message}");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Protects that a configuration that cannot be is one line with its place, and that nothing is begun.
#[test]
fn a_wrong_configuration_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bayan.toml");
    for (toml, expected) in [
        ("[node]\ndatta = \"x\"\n", "bayan.toml:2: unknown field `datta`"),
        ("[http]\nlisten = 8330\n", "bayan.toml:2: invalid type: integer `8330`"),
    ] {
        fs::write(&file, toml).unwrap();
        let message = refused(&["serve", "--config", text(&file)]);
        assert!(message.contains(expected), "{message}");
    }
    assert!(refused(&["init", "--config", text(&folder.path().join("no.toml"))]).contains("no.toml: "));
    assert!(refused(&["verify", text(&folder.path().join("no"))]).contains("is not a folder"));
}

/// Protects a venue from its own words: where nothing more can be written of what it says, it goes on.
#[test]
fn a_log_that_cannot_be_written_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bayan"));
    command.args(["dev", "--json", "--no-bots", "--listen", "127.0.0.1:0", "--data", text(folder.path())]);
    let mut program = command.env("RUST_LOG", "info").stdout(Stdio::piped()).stderr(full).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(line.contains("\"url\""), "it ends before it is ready: {line}");
}
