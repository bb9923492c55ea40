//! A rolling upgrade from an older version of the program, which BAYAN_OLD names: node after node under load, then the new
//! rules by a command. `make upgrade FROM=commit` builds that version and runs this.

mod kit;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use exchange::Profile;
use serde_json::{Value, json};

use kit::demonstration::{Demonstration, PATIENCE, address_of, ask, cents, pay_in};
use kit::process::{Running, text};

/// How many clients pay in at once.
const CLIENTS: u64 = 4;

fn has_ended(node: &Value) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", node["pid"]));
    stat.is_err() || stat.is_ok_and(|stat| stat.contains(") Z "))
}

/// Protects a venue that goes on while it is upgraded: nodes of both versions are one cluster, no payment is lost or done twice,
/// new rules are refused while a node does not know them, and when all do, a command puts them in force; every node has the
/// same state and verifies.
#[test]
#[ignore = "wants an older version of the program: `make upgrade FROM=commit`"]
fn the_nodes_are_upgraded_one_after_another() {
    let old = PathBuf::from(std::env::var("BAYAN_OLD").expect("BAYAN_OLD names the older program"));
    let mut demonstration = Demonstration::start_with(&old, &[]);
    let (settlement, admin) = (demonstration.sign_in("settlement"), demonstration.sign_in("admin"));
    let second = demonstration.sign_in_other("admin");
    let funds = |address: &str| {
        let headers = [("Authorization", settlement.as_str())];
        let funds = ask(address, "GET", "/api/v1/members/B1/funds", &headers, None);
        funds.filter(|(status, ..)| *status == 200).map(|(.., funds)| cents(&funds["available"]))
    };
    let before = funds(&demonstration.entrance).unwrap();
    let (count, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let answered = Arc::new(Mutex::new(BTreeMap::new()));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (count, over, answered) = (Arc::clone(&count), Arc::clone(&over), Arc::clone(&answered));
            let (entrance, token) = (demonstration.entrance.clone(), settlement.clone());
            std::thread::spawn(move || {
                let mut longest = Duration::ZERO;
                while !over.load(Ordering::Acquire) {
                    let (number, since) = (count.fetch_add(1, Ordering::AcqRel), Instant::now());
                    let sequence = pay_in(&entrance, &token, number);
                    longest = longest.max(since.elapsed());
                    answered.lock().unwrap().insert(number, sequence);
                }
                longest
            })
        })
        .collect();

    // The whole profile as this node knows it, with the newest rules.
    let put = |address: &str, key: &str| {
        let authorization = ("Authorization", admin.as_str());
        let (_, _, mut profile) =
            ask(address, "GET", "/api/v1/profile", &[authorization], None).expect("a node that was upgraded answers");
        profile["rules"] = json!(Profile::RULES_KNOWN);
        let headers = [authorization, ("Idempotency-Key", key)];
        ask(address, "PUT", "/api/v1/profile", &headers, Some(&profile)).expect("a node that was upgraded answers")
    };
    let (_, _, profile) =
        ask(&demonstration.entrance, "GET", "/api/v1/profile", &[("Authorization", &admin)], None).unwrap();
    let rules = profile["rules"].as_u64().unwrap();
    // Those that follow first, and the leader last.
    let mut nodes = demonstration
        .until("all are there", |nodes| nodes.len() == 3 && nodes.iter().all(|node| !node["pid"].is_null()));
    nodes.sort_by_key(|node| node["leader"] == true);
    let mut upgraded: Vec<Running> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let asked_to_stop = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", node["pid"])).status().unwrap();
        assert!(asked_to_stop.success());
        let since = Instant::now();
        while !has_ended(node) {
            assert!(since.elapsed() < PATIENCE, "node {} stops", node["id"]);
            std::thread::sleep(Duration::from_millis(20));
        }
        let id = node["id"].to_string();
        let mut fresh =
            Running::start(&["dev-node", "--data", text(demonstration.folder.path()), "--node", &id, "--no-bots"]);
        let mut said = fresh.standard_error();
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::stderr()));
        upgraded.push(fresh);
        let status = demonstration.until("it is in step again", |nodes| {
            let most = nodes.iter().filter_map(|node| node["sequence"].as_u64()).max();
            let again =
                nodes.iter().find(|one| one["id"] == node["id"] && !one["pid"].is_null() && one["pid"] != node["pid"]);
            again.and_then(|one| one["sequence"].as_u64()).zip(most).is_some_and(|(has, most)| has + 1_000 > most)
        });
        println!("node {id} is upgraded; {} payments so far", answered.lock().unwrap().len());
        if at < 2 && rules < u64::from(Profile::RULES_KNOWN) {
            let here = status.iter().find(|one| one["id"] == node["id"]).unwrap();
            let (status, _, why) = put(&address_of(&here["url"]), &format!("early-{at}"));
            assert_eq!((status, &why["reason"]), (409, &json!("rules_not_known")), "{why}");
        }
    }
    let (status, _, waits) = put(&demonstration.entrance, "in-force");
    assert_eq!(status, 202, "{waits}");
    let headers = [("Authorization", second.as_str()), ("Idempotency-Key", "agreed")];
    let path = format!("/api/v1/approvals/{}", waits["id"]);
    let (status, _, agreed) = ask(&demonstration.entrance, "POST", &path, &headers, Some(&json!({}))).unwrap();
    assert_eq!(status, 200, "{agreed}");
    let so_far = answered.lock().unwrap().len();
    let since = Instant::now();
    while answered.lock().unwrap().len() < so_far + 20 {
        assert!(since.elapsed() < PATIENCE, "payments go on under the new rules");
        std::thread::sleep(Duration::from_millis(10));
    }
    over.store(true, Ordering::Release);
    let longest = clients.into_iter().map(|client| client.join().unwrap()).max().unwrap();
    let answered = answered.lock().unwrap().clone();
    println!("{} payments, the longest pause {longest:?}", answered.len());
    let same = |nodes: &[Value]| {
        let first = &nodes[0];
        nodes.len() == 3 && !first["digest"].is_null() && nodes.iter().all(|node| node["digest"] == first["digest"])
    };
    for node in demonstration.until("all nodes agree", |nodes| !nodes.is_empty() && same(nodes)) {
        let address = address_of(&node["url"]);
        assert_eq!(funds(&address), Some(before + answered.len() as u64), "each payment once, on node {}", node["id"]);
        let (_, _, profile) = ask(&address, "GET", "/api/v1/profile", &[("Authorization", &admin)], None).unwrap();
        assert_eq!(profile["rules"], json!(Profile::RULES_KNOWN), "on node {}", node["id"]);
    }
    for node in upgraded {
        node.stop();
    }
    demonstration.stop();
    demonstration.verify_all();
}
