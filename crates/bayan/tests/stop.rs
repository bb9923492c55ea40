//! A node that is asked to stop.

mod kit;

use std::io::ErrorKind;
use std::net::TcpStream;

use serde_json::json;

use kit::http::{Client, Feed};
use kit::process::{Running, text};
use kit::venue::{Settings, Venue};

/// Protects both ways to stop, with a client, a connection and a listener that are still there: it ends well, has signed for
/// everything, is reached no more, and goes on where it was.
#[test]
fn a_stop_is_graceful() {
    let _alone = kit::alone();
    let mut venue = Venue::make(Settings { traders: 1, ..Settings::default() });
    for name in ["INT", "TERM"] {
        let idle = Client::connect(&venue.address).unwrap();
        let mut feed = Feed::subscribe(&venue.address, &venue.tokens["b1-trader"], &["market".to_owned()]);
        feed.hear(|message| message["channel"] == "market");
        let paid = json!({"amount": "1.00", "reference": name});
        let last = venue.done("settlement", "/api/v1/members/B1/deposits", &paid)["sequence"].as_u64().unwrap();
        let address = venue.address.clone();
        venue.signal(name);
        drop((idle, feed));
        let refused = TcpStream::connect(&address).map_err(|error| error.kind());
        assert!(matches!(refused, Err(ErrorKind::ConnectionRefused)), "{address} is still open");
        let verified = ordering::verify(&venue.data(), &venue.data().join("secrets"), &mut |_| {}).unwrap();
        assert!(verified.sequence.0 >= last, "{verified:?}");
        assert_eq!(verified.signed, Some(verified.sequence), "the last head covers everything");
        assert_eq!(verified.torn, None);
        venue.start();
        let head = venue.sequence();
        assert!(head >= verified.sequence.0, "{head}");
    }
    venue.stop();
}

/// Protects the demonstration in the same way, ctrl-c being how people end it.
#[test]
fn the_demonstration_ends_well() {
    let _alone = kit::alone();
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    let mut program = Running::start(&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data]);
    let ready: serde_json::Value = serde_json::from_str(&program.first_line()).unwrap();
    let address = ready["url"].as_str().unwrap().replace("http://localhost", "127.0.0.1");
    let _idle = Client::connect(&address).unwrap();
    program.signal("INT");
    program.wait();
    assert!(TcpStream::connect(&address).is_err(), "{address} is still open");
    let verified = ordering::verify(folder.path(), &folder.path().join("secrets"), &mut |_| {}).unwrap();
    assert_eq!(verified.signed, Some(verified.sequence), "the last head covers everything");
}
