//! `bayan replay` as a program: the two real announcements to the fen, small scenarios of the exchange's own hand, and what
//! cannot be right in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const ANNOUNCEMENT: &str = r#"title = "试"
side = "sale"
initiator = "S"
product = "PrNd-metal"
unit = "t"
opens = "2025-07-16T10:00:00+08:00"
closes = "2025-07-16T10:30:00+08:00"

[bidding]
start_price = "100.00"
limit_price = "200.00"
step = "10.00"
max_step = "50.00"
margin_rate = "0.20"

[[lots]]
code = "1"
quantity = "2"
"#;
const MEMBERS: &str = "code,name,cash\nS,卖方,1000.00\nB1,买方一,1000.00\nB2,买方二,1000\n";
const BIDS: &str = "at,lot,member,price\n\
    2025-07-16T10:00:00+08:00,1,B1,100.00\n\
    2025-07-16T10:10:00+08:00,1,B2,110.00\n";

/// A folder that can be run, with some files replaced; a file replaced by nothing is left out.
fn folder(changes: &[(&str, Option<&[u8]>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let given = [("announcement.toml", ANNOUNCEMENT), ("members.csv", MEMBERS), ("bids.csv", BIDS)];
    for (file, text) in given {
        fs::write(folder.path().join(file), text).unwrap();
    }
    for (file, bytes) in changes {
        match bytes {
            Some(bytes) => fs::write(folder.path().join(file), bytes).unwrap(),
            None => fs::remove_file(folder.path().join(file)).unwrap(),
        }
    }
    folder
}

fn bayan(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bayan")).args(arguments).arg(folder).output().unwrap()
}

fn json(folder: &Path) -> Value {
    let output = bayan(&["replay", "--json"], folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs a folder that cannot be right and says what is printed about it.
fn wrong(folder: &Path) -> String {
    let output = bayan(&["replay", "--json"], folder);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    message.trim_end().to_owned()
}

fn announcements() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../announcements")
}

/// Protects the two real announcements: every bid, price, end and fen as derived by hand from the rule book.
#[test]
fn the_real_announcements_agree_with_the_rule_book() {
    for name in ["prnd-metal-2025-07-16", "toll-processing-2025-03-25"] {
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.json"));
        let expected: Value = serde_json::from_slice(&fs::read(golden).unwrap()).unwrap();
        assert_eq!(json(&announcements().join(name)), expected, "{name}");
    }
}

/// Protects what people see: every lot with its price, every member with its money, refusals by reason, and no colour in a pipe.
#[test]
fn the_table_is_for_people() {
    let output = bayan(&["replay"], &announcements().join("prnd-metal-2025-07-16"));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for expected in ["565,500.00", "11,310,000.00", "unsold", "磁材一厂", "4,532,000.00", "not_open", "consecutive_bid"]
    {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "{text}");
}

/// Protects that files as they come from a spreadsheet are read: a byte order mark, CRLF, quoted cells, columns in another order,
/// empty lines at the end; and that lines count physically.
#[test]
fn files_of_a_spreadsheet_are_read() {
    let members =
        "\u{feff}cash,\"code\",name\r\n1000,S,\"甲,\r\n乙\"\r\n1000.0,B1,\r\n1000.00,\"B2\",\"\"\"x\"\"\"\r\n\r\n\r\n";
    let bids = "\u{feff}price,member,lot,at\r\n100,B1,1,2025-07-16T02:00:00Z\r\n\"110.0\",B2,\"1\",2025-07-16T11:10:00.000000+09:00\r\n";
    let toml = format!("\u{feff}{}", ANNOUNCEMENT.replace('\n', "\r\n"));
    let changed = folder(&[
        ("members.csv", Some(members.as_bytes())),
        ("bids.csv", Some(bids.as_bytes())),
        ("announcement.toml", Some(toml.as_bytes())),
    ]);
    assert_eq!(json(changed.path()), json(folder(&[]).path()));
}

/// Protects the form of a refused publication: the members as they came and nothing more, even with a `hand.csv`.
#[test]
fn an_announcement_without_margin_is_refused() {
    let members = "code,name,cash\nS,卖方,39.99\nB1,买方一,1000.00\nB2,买方二,0\n";
    let hand = "at,auction,act,until\n2025-07-16T10:00:00+08:00,,suspend,\n";
    let folder = folder(&[("members.csv", Some(members.as_bytes())), ("hand.csv", Some(hand.as_bytes()))]);
    let expected = json!({
        "status": "refused", "reason": "insufficient_margin", "lots": [], "bids": [],
        "members": [
            {"code": "S", "available": "39.99", "held": "0.00"},
            {"code": "B1", "available": "1000.00", "held": "0.00"},
            {"code": "B2", "available": "0.00", "held": "0.00"},
        ],
    });
    assert_eq!(json(folder.path()), expected);
}

/// Protects the one time line: at one instant the exchange's hand before bids, and each act judged with its reason.
#[test]
fn the_hand_acts_before_bids() {
    let hand = "at,auction,act,until\n\
        2025-07-16T10:05:00+08:00,,resume,\n\
        2025-07-16T10:10:00+08:00,,suspend,\n\
        2025-07-16T10:10:00+08:00,,suspend,\n\
        2025-07-16T10:20:00+08:00,,resume,\n\
        2025-07-16T10:20:00+08:00,,extend,2025-07-16T10:40:00+08:00\n\
        2025-07-16T10:25:00+08:00,,outage,2025-07-16T10:26:00+08:00\n\
        2025-07-16T10:26:00+08:00,,extend,2025-07-16T10:50:00+08:00\n\
        2025-07-16T10:50:00+08:00,,cancel,\n";
    let folder = folder(&[("hand.csv", Some(hand.as_bytes()))]);
    let expected = json!({
        "status": "closed",
        "lots": [{
            "code": "1", "status": "sold", "ended_at": "2025-07-16T02:50:00Z", "winner": "B1", "price": "100.00",
            "quantity": "2", "amount": "200.00", "accepted": 1, "rejected": 1,
        }],
        "bids": [{"line": 2, "status": "accepted"}, {"line": 3, "status": "rejected", "reason": "not_open"}],
        "hand": [
            {"line": 2, "status": "refused", "reason": "not_suspended"},
            {"line": 3, "status": "done"},
            {"line": 4, "status": "refused", "reason": "suspended"},
            {"line": 5, "status": "done"},
            {"line": 6, "status": "refused", "reason": "not_later"},
            {"line": 7, "status": "done"},
            {"line": 8, "status": "done"},
            {"line": 9, "status": "refused", "reason": "ended"},
        ],
        "members": [
            {"code": "S", "available": "960.00", "held": "40.00"},
            {"code": "B1", "available": "960.00", "held": "40.00"},
            {"code": "B2", "available": "1000.00", "held": "0.00"},
        ],
    });
    assert_eq!(json(folder.path()), expected);
}

/// Protects the sealed format: the last bid of each counts, the best wins, and only its margin stays held.
#[test]
fn a_sealed_scenario_is_run() {
    let toml = ANNOUNCEMENT.replace("[bidding]", "[bidding]\nformat = \"sealed\"");
    let bids = "at,lot,member,price\n\
        2025-07-16T10:00:00+08:00,1,B1,150.00\n\
        2025-07-16T10:01:00+08:00,1,B2,140.00\n\
        2025-07-16T10:02:00+08:00,1,B1,120.00\n\
        2025-07-16T10:03:00+08:00,1,B2,90.00\n\
        2025-07-16T10:29:59.999999+08:00,1,S,200.00\n";
    let folder = folder(&[("announcement.toml", Some(toml.as_bytes())), ("bids.csv", Some(bids.as_bytes()))]);
    let expected = json!({
        "status": "closed",
        "lots": [{
            "code": "1", "status": "sold", "ended_at": "2025-07-16T02:30:00Z", "winner": "B2", "price": "140.00",
            "quantity": "2", "amount": "280.00", "accepted": 3, "rejected": 2,
        }],
        "bids": [
            {"line": 2, "status": "accepted"},
            {"line": 3, "status": "accepted"},
            {"line": 4, "status": "accepted"},
            {"line": 5, "status": "rejected", "reason": "not_better"},
            {"line": 6, "status": "rejected", "reason": "own_auction"},
        ],
        "members": [
            {"code": "S", "available": "960.00", "held": "40.00"},
            {"code": "B1", "available": "1000.00", "held": "0.00"},
            {"code": "B2", "available": "944.00", "held": "56.00"},
        ],
    });
    assert_eq!(json(folder.path()), expected);
}

/// Protects what is allowed, strange as it looks.
#[test]
fn strange_folders_are_run() {
    for (from, to) in [
        ("limit_price = \"200.00\"", "limit_price = \"203.33\""),
        ("limit_price = \"200.00\"", "limit_price = \"100.00\""),
        ("limit_price = \"200.00\"", ""),
        ("max_step = \"50.00\"", "max_step = \"0.01\""),
        ("max_step = \"50.00\"", "eligible = []"),
        ("max_step = \"50.00\"", "eligible = [\"S\", \"B1\"]"),
        ("title = \"试\"", "title = \"\""),
        ("title = \"试\"", "title = '''\n- \"two\"\nlines'''"),
        ("margin_rate = \"0.20\"", "margin_rate = \"1\"\ncountdown = \"999999h\""),
        ("margin_rate = \"0.20\"", "margin_rate = \"0.000001\"\nconsecutive = true"),
        ("code = \"1\"", "code = \"标的 一\""),
        ("code = \"1\"", "code = \"\""),
        ("max_step = \"50.00\"", "eligible = [\"B1\", \"B1\"]"),
    ] {
        let toml = ANNOUNCEMENT.replace(from, to);
        assert_ne!(toml, ANNOUNCEMENT, "{from}");
        let status = json(folder(&[("announcement.toml", Some(toml.as_bytes()))]).path())["status"].clone();
        assert_eq!(status, "closed", "{to}");
    }
    let report = json(folder(&[("bids.csv", Some(b"at,lot,member,price\n"))]).path());
    assert_eq!((&report["lots"][0]["status"], &report["bids"]), (&json!("unsold"), &json!([])));
    let report = json(folder(&[("hand.csv", Some(b"at,auction,act,until\n"))]).path());
    assert_eq!(report["hand"], json!([]));
    let report = json(
        folder(&[("members.csv", Some(format!("{MEMBERS}{},x,0\n,no code,1\n", "C".repeat(500)).as_bytes()))]).path(),
    );
    assert_eq!(report["members"][3]["available"], "0.00");
    assert_eq!(report["members"][4]["available"], "1.00");
}

/// Protects the rule book's list of what cannot be right in announcement.toml, each with its line.
#[test]
fn wrong_announcements_are_errors() {
    for (from, to, expected) in [
        ("title", "titel", "1: key \"titel\" is unknown; expected one of title, side,"),
        ("title = \"试\"\n", "", "1: key title is missing; expected a string"),
        ("unit = \"t\"", "unit = \"t\"\nunit = \"t\"", "6: is not TOML: duplicate key"),
        ("unit = \"t\"", "unit = \"t\"\npublished = \"2025-07-16T09:00:00+08:00\"", "6: key \"published\" is unknown"),
        ("[[lots]]", "[settlement]\npayment_days = 3\n\n[[lots]]", "16: key \"settlement\" is unknown"),
        ("\n[bidding]", "\n[biding]", "9: key \"biding\" is unknown"),
        ("step = \"10.00\"\n", "", "9: key [bidding] step is missing; expected a price"),
        ("step = ", "stpe = ", "12: key [bidding] \"stpe\" is unknown; expected one of format,"),
        ("quantity = ", "amount = ", "18: key [[lots]] \"amount\" is unknown; expected one of code, quantity"),
        ("quantity = \"2\"\n", "", "16: key [[lots]] quantity is missing; expected a quantity"),
        ("[[lots]]\ncode = \"1\"\nquantity = \"2\"\n", "", "1: key lots is missing; expected at least one [[lots]]"),
        ("unit = \"t\"", "unit = 3", "5: unit is an integer; expected a string in quotes"),
        ("\"100.00\"", "100.00", "10: [bidding] start_price is a float; expected a string in quotes"),
        ("\"2025-07-16T10:00:00+08:00\"", "2025-07-16T10:00:00+08:00", "6: opens is a TOML time; expected a string"),
        ("margin_rate", "consecutive = \"false\"\nmargin_rate", "14: [bidding] consecutive is a string; expected true"),
        ("side = \"sale\"", "side = \"sell\"", "2: side \"sell\" is unknown; expected \"sale\" or \"procurement\""),
        ("\nstep", "\nformat = \"Open\"\nstep", "12: [bidding] format \"Open\" is unknown; expected \"open\" or"),
        ("\nstep", "\ncountdown_from = \"end\"\nstep", "12: [bidding] countdown_from \"end\" is unknown;"),
        ("\nstep", "\ncountdown = \"180\"\nstep", "12: [bidding] countdown \"180\" is not a duration;"),
        ("\nstep", "\ncountdown = \"0s\"\nstep", "12: [bidding] countdown \"0s\" is not a duration;"),
        ("\nstep", "\ncountdown = \"1.5m\"\nstep", "12: [bidding] countdown \"1.5m\" is not a duration;"),
        ("\nstep", "\ncountdown = 180\nstep", "12: [bidding] countdown is an integer;"),
        ("\"10.00\"", "\"10.001\"", "12: [bidding] step \"10.001\" has three decimals; at most two"),
        ("\"10.00\"", "\"0\"", "12: [bidding] step \"0\" is out of range; expected 0.01 to 999999999999.99"),
        ("\"10.00\"", "\"+1\"", "12: [bidding] step \"+1\" is not a decimal;"),
        ("\"100.00\"", "\"1000000000000\"", "10: [bidding] start_price \"1000000000000\" is out of range;"),
        ("\"0.20\"", "\"0\"", "14: [bidding] margin_rate \"0\" is out of range; expected 0.000001 to 1"),
        ("\"0.20\"", "\"1.000001\"", "14: [bidding] margin_rate \"1.000001\" is out of range;"),
        ("\"0.20\"", "\"0.0000001\"", "14: [bidding] margin_rate \"0.0000001\" has seven decimals; at most six"),
        ("\"2\"", "\"0.0000001\"", "18: [[lots]] quantity \"0.0000001\" has seven decimals; at most six"),
        ("\"2\"", "\"1000000000\"", "18: [[lots]] quantity \"1000000000\" is out of range;"),
        ("T10:30:00+08:00", "T10:00:00+08:00", "7: closes is not after opens; expected a later time"),
        ("T10:30:00+08:00", " 10:30:00+08:00", "7: closes \"2025-07-16 10:30:00+08:00\" is not an RFC 3339 time;"),
        ("T10:30:00+08:00", "T10:30:00.0000000Z", "7: closes \"2025-07-16T10:30:00.0000000Z\" has more than six"),
        ("\"200.00\"", "\"99.99\"", "11: limit_price is on the wrong side of start_price;"),
        (
            "quantity = \"2\"\n",
            "quantity = \"2\"\n[[lots]]\ncode = \"1\"\nquantity = \"3\"\n",
            "20: lot \"1\" is there twice;",
        ),
        (
            "initiator = \"S\"",
            "initiator = \"X\"",
            "3: initiator \"X\" is not in members.csv; expected a member's code",
        ),
        ("\nstep", "\neligible = [\"B1\", \"X\"]\nstep", "12: [bidding] eligible \"X\" is not in members.csv;"),
        ("\nstep", "\neligible = \"B1\"\nstep", "12: [bidding] eligible is a string; expected an array"),
        ("unit = \"t\"", "unit = \"t", "5: is not TOML: "),
        ("unit = \"t\"", "unit = \"\\x74\"", "5: is not TOML 1.0: it has an escape"),
        ("title", "\u{feff}\u{feff}title", "1: begins with two byte order marks; expected one or none"),
        ("2025-07-16T10:30:00+08:00", "9999-12-31T23:59:59-12:00", "1: lot \"1\" would end "),
    ] {
        let toml = ANNOUNCEMENT.replacen(from, to, 1);
        assert_ne!(toml, ANNOUNCEMENT, "{from}");
        let message = wrong(folder(&[("announcement.toml", Some(toml.as_bytes()))]).path());
        assert!(message.starts_with(&format!("announcement.toml:{expected}")), "{message}\nexpected {expected}");
    }
    let toml = format!("lots = []\n{}", ANNOUNCEMENT.split("[[lots]]").next().unwrap());
    let message = wrong(folder(&[("announcement.toml", Some(toml.as_bytes()))]).path());
    assert_eq!(message, "announcement.toml:1: there is no lot; expected at least one [[lots]]");
}

/// Protects the rule book's list of what cannot be right in the CSV files, each with its line.
#[test]
fn wrong_rows_are_errors() {
    let bid = |row: &str| format!("at,lot,member,price\n2025-07-16T10:00:00+08:00,1,B1,100.00\n{row}\n");
    let member = |row: &str| format!("{MEMBERS}{row}\n");
    let hand = |rows: &str| format!("at,auction,act,until\n{rows}\n");
    for (file, text, expected) in [
        (
            "bids.csv",
            bid("2025-07-16T10:00:00+08:00,1,B1,565500.001"),
            "3: price \"565500.001\" has three decimals; at most two",
        ),
        (
            "bids.csv",
            bid("2025-07-16T10:00:00+08:00,1,B1,0.00"),
            "3: price \"0.00\" is out of range; expected 0.01 to 999999999999.99",
        ),
        ("bids.csv", bid("2025-07-16T10:00:00+08:00,1,B1,-1"), "3: price \"-1\" is not a decimal;"),
        ("bids.csv", bid("2025-07-16T10:00:00+08:00,1,B1, 1"), "3: price \" 1\" is not a decimal;"),
        ("bids.csv", bid("2025-07-16T10:00:00+08:00,1,B1,1e3"), "3: price \"1e3\" is not a decimal;"),
        ("bids.csv", bid("2025-07-16T10:00:00+08:00,1,B1,"), "3: price \"\" is not a decimal;"),
        (
            "bids.csv",
            bid("2025-07-16T10:00:00+08:00,1,X,100"),
            "3: member \"X\" is not in members.csv; expected a member's code",
        ),
        ("bids.csv", bid("2025-07-16T10:00:00,1,B1,100"), "3: at \"2025-07-16T10:00:00\" is not an RFC 3339 time;"),
        (
            "bids.csv",
            bid("2025-07-16T10:00+08:00,1,B1,100"),
            "3: at \"2025-07-16T10:00+08:00\" is not an RFC 3339 time;",
        ),
        (
            "bids.csv",
            bid("2025-07-16T10:00:00.1234567Z,1,B1,100"),
            "3: at \"2025-07-16T10:00:00.1234567Z\" has more than six",
        ),
        (
            "bids.csv",
            bid("2025-07-16T01:59:59Z,1,B1,100"),
            "3: at \"2025-07-16T01:59:59Z\" goes back behind 2025-07-16T02:00:00Z;",
        ),
        ("bids.csv", bid("2025-07-16T10:00:00+08:00,1,B1"), "3: the row has 3 cells; expected 4, one for each column"),
        (
            "bids.csv",
            bid("2025-07-16T10:00:00+08:00,1,B1,100,"),
            "3: the row has 5 cells; expected 4, one for each column",
        ),
        ("bids.csv", "at,lot,member\n".to_owned(), "1: column \"price\" is missing; expected at,lot,member,price"),
        (
            "bids.csv",
            "at,lot,member,Price\n".to_owned(),
            "1: column \"Price\" is unknown; expected at,lot,member,price",
        ),
        (
            "bids.csv",
            "at,lot,at,member,price\n".to_owned(),
            "1: column \"at\" is there twice; expected at,lot,member,price",
        ),
        ("bids.csv", String::new(), "1: there is no heading; expected the columns at,lot,member,price"),
        (
            "members.csv",
            member("B1,again,1"),
            "5: member \"B1\" is there already, on line 3; expected each member once",
        ),
        (
            "members.csv",
            member("EXCHANGE,x,1"),
            "5: code \"EXCHANGE\" is the exchange's own name; expected another code",
        ),
        (
            "members.csv",
            member("C,x,10000000000000.00"),
            "5: cash \"10000000000000.00\" is out of range; expected 0 to 9999999999999.99",
        ),
        ("members.csv", member("C,x,01"), "5: cash \"01\" is not a decimal;"),
        ("members.csv", member("\"C,x,1"), "5: a quote is not closed;"),
        (
            "hand.csv",
            hand("2025-07-16T10:00:00+08:00,,stop,"),
            "2: act \"stop\" is unknown; expected suspend, resume, extend, cancel or outage",
        ),
        ("hand.csv", hand("2025-07-16T10:00:00+08:00,,extend,"), "2: until is missing; expected a time for extend"),
        ("hand.csv", hand("2025-07-16T10:00:00+08:00,,outage,"), "2: until is missing; expected a time for outage"),
        (
            "hand.csv",
            hand("2025-07-16T10:00:00+08:00,,suspend,2025-07-16T10:00:00+08:00"),
            "2: until \"2025-07-16T10:00:00+08:00\" is not needed;",
        ),
        (
            "hand.csv",
            hand("2025-07-16T10:00:00+08:00,,outage,2025-07-16T02:00:00Z"),
            "2: until \"2025-07-16T02:00:00Z\" is not after at;",
        ),
        ("hand.csv", hand("2025-07-16T10:00:00+08:00,A,cancel,"), "2: auction \"A\" is named; expected an empty cell"),
        (
            "hand.csv",
            hand("2025-07-16T10:00:00+08:00,,cancel,\n2025-07-16T09:00:00+08:00,,cancel,"),
            "3: at \"2025-07-16T09:00:00+08:00\" goes back",
        ),
        (
            "hand.csv",
            hand("2025-07-16T10:05:00+08:00,,outage,2025-07-16T10:06:00+08:00\n2025-07-16T10:05:30+08:00,,suspend,"),
            "3: this act falls into the outage of hand.csv:2",
        ),
        (
            "hand.csv",
            hand("2025-07-16T10:05:00+08:00,,suspend,\n2025-07-16T10:05:00+08:00,,outage,2025-07-16T10:06:00+08:00"),
            "2: this act falls into the outage of hand.csv:3",
        ),
        (
            "hand.csv",
            hand(
                "2025-07-16T10:05:00+08:00,,outage,2025-07-16T10:06:00+08:00\n2025-07-16T10:05:00+08:00,,outage,2025-07-16T10:06:00+08:00",
            ),
            "3: this act falls into the outage of hand.csv:2",
        ),
        (
            "hand.csv",
            hand("2025-07-16T10:05:00+08:00,,suspend,"),
            "2: the suspension never ends; expected a resume or a cancel behind it",
        ),
        ("acts.csv", String::new(), "1: acts on contracts cannot be replayed; expected a folder without this file"),
    ] {
        let message = wrong(folder(&[(file, Some(text.as_bytes()))]).path());
        assert!(message.starts_with(&format!("{file}:{expected}")), "{message}\nexpected {file}:{expected}");
    }
}

/// Protects that an outage is empty of bids, from its first stamp on and up to its second.
#[test]
fn no_bid_falls_into_an_outage() {
    for (at, until, inside) in [
        ("10:10:00", "10:10:00.000001", true),
        ("10:09:00", "10:10:00.000001", true),
        ("10:09:00", "10:10:00", false),
        ("10:10:00.000001", "10:11:00", false),
    ] {
        let hand = format!("at,auction,act,until\n2025-07-16T{at}+08:00,,outage,2025-07-16T{until}+08:00\n");
        let folder = folder(&[("hand.csv", Some(hand.as_bytes()))]);
        if inside {
            assert!(wrong(folder.path()).starts_with("bids.csv:3: this bid falls into the outage of hand.csv:2"));
        } else {
            assert_eq!(json(folder.path())["hand"], json!([{"line": 2, "status": "done"}]));
        }
    }
}

/// Protects that a missing file, bytes that are no text, and a folder that is none are said, with nothing run.
#[test]
fn missing_and_unreadable_files_are_errors() {
    for file in ["announcement.toml", "members.csv", "bids.csv"] {
        let message = wrong(folder(&[(file, None)]).path());
        assert!(message.starts_with(&format!("{file}:1: the file is missing; expected ")), "{message}");
        let message = wrong(folder(&[(file, Some(b"code,name,cash\nS,\xff,1\n"))]).path());
        assert_eq!(message, format!("{file}:2: has bytes that are not UTF-8; expected UTF-8 text"));
    }
    let message = wrong(&announcements().join("nowhere"));
    assert!(message.ends_with("nowhere: is not a folder; expected the folder of a scenario"), "{message}");
}
