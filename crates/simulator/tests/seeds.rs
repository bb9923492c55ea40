//! A few seeds, as many as a test can wait for; `make simulate` runs thousands.

use std::process::{Command, Output};

fn simulate(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_simulate")).args(args).output().expect("it can be started")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Protects whoever looks for the cause of a violation: the seed alone gives the same run again, to the last line.
#[test]
fn the_same_seed_gives_the_same_run() {
    let runs = std::thread::scope(|scope| {
        let again = scope.spawn(|| simulate(&["run", "1", "--trace"]));
        [simulate(&["run", "1", "--trace"]), again.join().expect("it ends")]
    });
    let [first, second] = runs.map(|run| said(&run));
    let hash = |said: &str| said.lines().find_map(|line| line.strip_prefix("trace ").map(str::to_owned));
    assert!(hash(&first).is_some() && hash(&first) == hash(&second), "{:?} {:?}", hash(&first), hash(&second));
    let differs = first.lines().zip(second.lines()).find(|(one, other)| one != other);
    assert_eq!(differs, None);
}

/// Protects the cluster: nothing answered is lost or done twice, all nodes have one state, and it goes on after the faults.
#[test]
fn some_seeds_show_nothing() {
    let run = simulate(&["many", "--first", "2", "--seeds", "2", "--jobs", "2"]);
    assert!(run.status.success(), "{}{}", said(&run), String::from_utf8_lossy(&run.stderr));
}

/// Protects long runs: what was run before is not run again, unless the program is another.
#[test]
fn a_run_that_was_cut_off_is_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("seeds");
    let path = state.to_str().expect("a path");
    let args = ["many", "--first", "4", "--seeds", "1", "--jobs", "1", "--state", path];
    assert!(simulate(&args).status.success());
    let again = simulate(&args);
    assert!(again.status.success() && said(&again).contains("1 of 1 seeds were run before"), "{}", said(&again));
    let kept = std::fs::read_to_string(&state).expect("it is kept");
    std::fs::write(&state, kept.replace("program ", "program of before ")).expect("it is written");
    let other = simulate(&[&args[..], &["--minutes", "0"]].concat());
    assert!(!said(&other).contains("were run before"), "{}", said(&other));
}
