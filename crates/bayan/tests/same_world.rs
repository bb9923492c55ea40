//! The same log gives the same world: state, events and archive.

mod kit;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use archive::{Archive, Options};
use exchange::units::Sequence;
use ordering::Verified;
use serde_json::json;

use kit::process::{run, text};
use kit::random::Random;
use kit::venue::{PATIENCE, Settings, Venue};

/// Auctions of both kinds and directions with bids, refusals and acts; one of each kind has ended.
fn lively(venue: &mut Venue) {
    let open = json!({
        "bidding": {"start_price": "100.00", "limit_price": "900.00", "step": "0.50", "countdown": "1s",
                    "margin_rate": "0.13"},
        "lots": [{"code": "1", "quantity": "1.333333"}, {"code": "2", "quantity": "20"}],
    });
    let sealed = json!({
        "side": "procurement",
        "bidding": {"format": "sealed", "start_price": "900.00", "step": "1.00", "margin_rate": "0.2"},
        "lots": [{"code": "1", "quantity": "7"}, {"code": "2", "quantity": "3"}],
    });
    let mut random = Random::new(3);
    for long in [false, true] {
        for terms in [&open, &sealed] {
            let lasts = Duration::from_secs(if long { 7_200 } else { 3 });
            let mut lead = Duration::from_secs(1);
            let auction = loop {
                match venue.announce(terms, lead, lasts) {
                    Some(auction) => break auction,
                    None => lead *= 2,
                }
            };
            if long {
                venue.wait_for(auction, "running");
            }
            for _ in 0..60 {
                let (trader, lot) = (1 + random.below(4), 1 + random.below(2));
                let price = format!("{}.{}0", 100 + random.below(700), random.below(2) * 5);
                let path = format!("/api/v1/auctions/{auction}/lots/{lot}/bids");
                let answer = venue.post(&format!("b{trader}-trader"), &path, &json!({"price": price}));
                assert!(matches!(answer.status, 201 | 409), "{}", answer.json());
            }
            if long {
                let act = json!({"reason": "for the sake of it"});
                venue.done("operator", &format!("/api/v1/auctions/{auction}/suspension"), &act);
                venue.done("operator", &format!("/api/v1/auctions/{auction}/resumption"), &act);
            } else {
                venue.wait_for(auction, "closed");
            }
        }
    }
}

fn verify(data: &Path) -> Verified {
    ordering::verify(data, &ordering::default_secrets(data), &mut |_| {}).unwrap()
}

/// The content of an archive that has the log up to `has`, fed with what came after that; what it has already is skipped.
fn fed(data: &Path, file: &Path, has: Sequence) -> [u8; 32] {
    // The venue is content too: a node writes it into its archive.
    let options = Options { venue: Some(ordering::venue_of(data).unwrap()), ..Options::default() };
    let archive = Archive::open_with(file, options).unwrap();
    assert_eq!(archive.position(), has, "{}", file.display());
    let mut each = |run: &Arc<exchange::Applied>| archive.feed(Arc::clone(run)).is_ok();
    let exchange = ordering::replay(data, &ordering::default_secrets(data), None, &mut each).unwrap();
    assert!(archive.reached_blocking(exchange.sequence(), PATIENCE), "the archive does not catch up");
    let hash = archive.content_hash().unwrap();
    archive.close().unwrap();
    hash
}

/// Protects law 2: a log that is executed again gives the same state and the same events byte for byte, in
/// this process and in the program; the archive that the node wrote, the one it rebuilt from nothing, and one that is made from
/// the log alone have the same content.
#[test]
fn the_same_log_gives_the_same_world() {
    let mut venue = Venue::make(Settings::default());
    lively(&mut venue);
    venue.stop();
    let data = venue.data();

    let verified = verify(&data);
    assert_eq!(verify(&data), verified);
    let first = run(&["verify", "--events", text(&data)]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let second = run(&["verify", "--events", text(&data)]);
    let said = String::from_utf8(first.stdout).unwrap();
    assert_eq!(said.as_bytes(), second.stdout);
    let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (name, hash) in [("digest", verified.state_digest), ("events", verified.events)] {
        let found = said.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        assert_eq!(found, Some(hex(hash).as_str()), "{said}");
    }

    // The archive that was written while all this happened.
    let written = venue.data().with_file_name("written.sqlite");
    for end in ["", "-wal", "-shm"] {
        let from = data.join(format!("archive.sqlite{end}"));
        if from.exists() {
            fs::rename(&from, written.with_file_name(format!("written.sqlite{end}"))).unwrap();
        }
    }
    // Now there is none, and the node makes it anew.
    venue.start();
    let sequence = venue.sequence();
    let begun = std::time::Instant::now();
    loop {
        let page = venue.get(Some("b1-trader"), "/api/v1/bids");
        if page.header("archive-sequence").and_then(|text| text.parse().ok()) >= Some(sequence) {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{} {}", page.status, page.json());
    }
    venue.stop();
    let rebuilt = data.join("archive.sqlite");
    assert!(rebuilt.exists());
    let alone = fed(&data, &data.with_file_name("alone.sqlite"), Sequence(0));
    let last = verify(&data).sequence;
    assert_eq!(fed(&data, &rebuilt, last), alone, "the archive that the node rebuilt is another");
    assert_eq!(fed(&data, &written, verified.sequence), alone, "the archive that was there is another");
}
