//! Golden files of what came after the first ones: the catalogue's entries, events and snapshot with descriptions, and a
//! profile that says how the venue's clocks stand.
//!
//! `BAYAN_WRITE_GOLDEN=1 cargo test -p exchange --test catalogue_golden` writes those that are missing, never one that is
//! there.

mod kit;

use exchange::products::{Description, Kind};
use exchange::units::{Instant, ProductId, Sequence, UtcOffset};
use exchange::{Body, Command, Entry, Exchange, Output, Profile};

use kit::golden;

fn history() -> Vec<Entry> {
    let description = |kind| {
        Some(Description {
            name_en: Some("Dysprosium oxide".to_owned()),
            specification: Some("Dy2O3/TREO ≥ 99.5 %".to_owned()),
            kind: Some(kind),
        })
    };
    let mut bodies: Vec<Body> = Kind::ALL
        .into_iter()
        .enumerate()
        .map(|(at, kind)| Body::AddProduct {
            code: format!("P{at}"),
            name: "氧化镝".to_owned(),
            unit: "kg".to_owned(),
            description: description(kind),
        })
        .collect();
    let name = "镝".to_owned();
    let some = Some(Description { kind: Some(Kind::Metal), ..Description::default() });
    bodies.push(Body::DescribeProduct { product: ProductId(2), name: name.clone(), description: some });
    bodies.push(Body::DescribeProduct { product: ProductId(3), name, description: None });
    let entry = |(at, body): (u64, Body)| Entry {
        sequence: Sequence(at),
        at: Instant::from_us(1_767_916_800_000_000 + at.cast_signed()),
        command: Command::system(body),
    };
    (1..).zip(bodies).map(entry).collect()
}

/// Protects the format of a profile that says how the venue's clocks stand.
#[test]
fn a_profile_with_an_offset_reads_as_it_did() {
    let profile = Profile { rules: 1, utc_offset: UtcOffset::from_minutes(-210), ..Profile::default() };
    let kept = golden("profile-offset-1.cbor", &minicbor::to_vec(&profile).unwrap());
    assert_eq!(minicbor::decode::<Profile>(&kept).unwrap(), profile);
    assert_eq!(minicbor::to_vec(&profile).unwrap(), kept, "what is written is what was written");
}

/// Protects the format of the catalogue: its entries, events and snapshot are read, and written, as they were.
#[test]
fn the_catalogue_reads_and_runs_as_it_did() {
    let history = history();
    let mut bytes = Vec::new();
    history.iter().for_each(|entry| entry.encode_into(&mut bytes));
    let kept = golden("catalogue-entries-1.cbor", &bytes);
    assert_eq!(bytes, kept, "what is written is what was written");
    let mut decoder = minicbor::Decoder::new(&kept);
    let (mut exchange, mut out) = (Exchange::new(), Output::default());
    for expected in &history {
        let entry: Entry = decoder.decode().unwrap();
        assert_eq!(&entry, expected);
        exchange.execute(&entry, None, &mut out).outcome.unwrap();
    }
    assert_eq!(golden("catalogue-events-1.cbor", &out.events), out.events);
    let snapshot = golden("catalogue-snapshot-1.cbor", &exchange.snapshot().encode());
    let mut restored = Exchange::restore(&snapshot).unwrap();
    assert_eq!(restored.digest(), exchange.digest());
    let digest: String = exchange.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(golden("catalogue-digest-1.txt", digest.as_bytes()), digest.as_bytes());
}
