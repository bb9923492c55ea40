//! Golden files: what a released version has written, every later one must read, byte for byte. They lie in
//! `tests/golden/`; `BAYAN_WRITE_GOLDEN=1` writes those that are missing, and never one that is there.
//!
//! Segments begin with version 2, whose header has a salt: no version was released and no folder deployed when it
//! replaced version 1, so nothing reads that.

use std::path::{Path, PathBuf};

use exchange::units::{AuctionId, Instant, LotIndex, Price, Sequence, UserId};
use exchange::{Body, Command, Entry};

use crate::backup::set::{KeptFile, KeptPiece, KeptSegment, Set};
use crate::cluster::{ClusterId, Membership};
use crate::engine::Peer;
use crate::engine::batch;
use crate::engine::store::StoredNodes;
use crate::head::{self, SignedHead};
use crate::log::record::{self, Kind, LogId, Record};
use crate::log::segment::{FIRST, SegmentHeader};
use crate::log::{Marks, Vote};
use crate::net::message::Hello;
use crate::net::{frame, message};
use crate::sim::SimDisk;
use crate::snapshot;
use crate::tree::Tree;
use crate::vault::{Vault, golden as vault};

fn cluster() -> ClusterId {
    ClusterId::of(core::array::from_fn(|at| u8::try_from(at).unwrap()))
}

/// The bytes of a golden file.
pub(crate) fn golden(name: &str, written: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if !path.exists() && std::env::var_os("BAYAN_WRITE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, written).unwrap();
    }
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn entry(sequence: u64) -> Entry {
    let command = Command::system(Body::AdmitMember { code: format!("M{sequence}"), name: "包头稀土".to_owned() });
    Entry { sequence: Sequence(sequence), at: Instant::from_us(1_752_631_200_000_000), command }
}

/// Protects segments: header, records of each kind, and the batch within them.
#[test]
fn a_segment_of_version_2_is_read_as_it_was_written() {
    let mut builder = batch::Builder::new();
    assert!((1..=3).all(|sequence| builder.push(&entry(sequence), 1_000)));
    let nodes = StoredNodes { voters: vec![vec![1]], nodes: vec![(1, Peer::default())] };
    let of = |term, index, kind, payload: Vec<u8>| Record { id: LogId { term, index }, kind, payload: payload.into() };
    let records = [
        of(0, 0, Kind::Membership, minicbor::to_vec(nodes).unwrap()),
        of(1, 1, Kind::Blank, vec![0x80]),
        of(1, 2, Kind::Batch, builder.finish(1).payload().to_vec()),
    ];
    let header = SegmentHeader { salt: [0x5a; 8].into(), ..SegmentHeader::new(cluster(), 0, 4096) };
    let mut bytes = header.encode();
    let mut written = Vec::new();
    let mut starts = Vec::new();
    for record in &records {
        record::encode(record, u32::try_from(FIRST).unwrap(), &mut written);
        starts.push(written.len() - record::size(record.payload.len()));
    }
    let ends = u32::try_from(FIRST + written.len()).unwrap();
    starts.iter().for_each(|start| record::finish(&mut written[*start..], ends, header.salt()));
    bytes.extend_from_slice(&written);
    bytes.resize(4096, 0);

    let kept = golden("segment-2.seg", &bytes);
    assert_eq!(bytes, kept, "the same records are written as they were");
    let disk = SimDisk::new("/d");
    let file = disk.process().create(Path::new("/d/s")).unwrap();
    file.write_at(0, &kept).unwrap();
    let segment = crate::log::segment::Segment::read(Path::new("/d/s"), &*file).unwrap();
    assert_eq!(segment.header, header);
    let mut found = Vec::new();
    let scanned = segment.scan(false, &mut |placed| {
        found.push(placed.record);
        Ok(())
    });
    assert_eq!(scanned.unwrap().last, Some(LogId { term: 1, index: 2 }));
    assert_eq!(found, records);
    let entries = batch::entries(&found[2].payload).unwrap().map(|bytes| Entry::decode(bytes.unwrap()).unwrap());
    assert_eq!(entries.collect::<Vec<_>>(), (1..=3).map(entry).collect::<Vec<_>>());
}

/// Protects the signed head: its file, and what is signed.
#[test]
fn a_head_of_version_1_is_read_as_it_was_written() {
    let mut tree = Tree::default();
    (1..=3).for_each(|sequence| tree.push(&entry(sequence).encode()));
    let mut head = SignedHead {
        sequence: Sequence(3),
        hash: tree.head(),
        state_digest: [7; 32],
        signed_at: Instant::from_us(1_752_631_201_000_000),
        signature: [0; 64],
        key: vault::node().public_key(),
    };
    head.signature = vault::node().sign(&head.signed_bytes());
    let kept = golden("head-1", &head::encode(&head, cluster()));
    assert_eq!(head::encode(&head, cluster()), kept);
    let (found, of) = head::decode(&kept).unwrap();
    assert_eq!((found, of), (head, cluster()));
    assert!(found.is_genuine());
    assert!(!SignedHead { sequence: Sequence(4), ..found }.is_genuine());
    assert_eq!(golden("head-1.signed", &head.signed_bytes()), head.signed_bytes());
}

/// Protects the small files beside the log.
#[test]
fn small_files_of_version_1_are_read_as_they_were_written() {
    let marks = Marks {
        cluster: cluster(),
        vote: Some(Vote { term: 3, node: 1, committed: true }),
        purged: Some(LogId { term: 2, index: 41 }),
        ..Marks::new(cluster())
    };
    let membership = Membership { cluster: cluster(), node: 1, instance: None };
    assert_eq!(marks.encode(), golden("engine-1", &marks.encode()));
    assert_eq!(membership.encode(), golden("cluster-1", &membership.encode()));
    let disk = SimDisk::new("/d");
    let process = disk.process();
    for name in ["engine", "cluster"] {
        let file = process.create(&Path::new("/d").join(name)).unwrap();
        file.write_at(0, &golden(&format!("{name}-1"), &[])).unwrap();
    }
    assert_eq!(Marks::read(&*process, Path::new("/d/engine")).unwrap(), Some(marks));
    assert_eq!(Membership::read(&*process, Path::new("/d/cluster")).unwrap(), Some(membership));
}

/// Protects backups: the file that names what is in one.
#[test]
fn a_set_of_version_1_is_read_as_it_was_written() {
    let piece = |bytes, of: u8| KeptPiece { bytes, hash: [of; 32].into() };
    let set = Set {
        cluster: cluster(),
        node: 2,
        sequence: Sequence(3),
        at: Instant::from_us(1_752_631_200_000_000),
        head: golden("head-1", &[]).into(),
        sealed: true,
        segments: vec![
            KeptSegment { first: 0, bytes: 4096, header: [1; 32].into(), pieces: vec![piece(4096, 2)] },
            KeptSegment { first: 9, bytes: 4096, header: [3; 32].into(), pieces: vec![piece(700, 4), piece(64, 5)] },
        ],
        files: vec![KeptFile { file: [6; 32].into(), piece: [7; 32].into() }],
    };
    let kept = golden("set-1.set", &set.encode());
    assert_eq!(set.encode(), kept);
    assert_eq!(Set::decode(&kept).unwrap(), set);
}

/// Protects what several nodes have beside what one has: who they are, as the log keeps it, which folder a node is, and how
/// a frame between them looks.
#[test]
fn what_several_nodes_write_is_read_as_it_was_written() {
    let instance = |of: u8| Some([of; 16].into());
    let peer = |node: u64, of: u8| (node, Peer { address: format!("10.0.0.{node}:7330"), instance: instance(of) });
    let nodes = StoredNodes { voters: vec![vec![1, 2], vec![1, 3]], nodes: vec![peer(1, 1), peer(2, 2), peer(3, 3)] };
    let written = minicbor::to_vec(&nodes).unwrap();
    let kept = golden("membership-1.cbor", &written);
    assert_eq!(written, kept);
    assert_eq!(minicbor::decode::<StoredNodes>(&kept).unwrap(), nodes);

    let membership = Membership { cluster: cluster(), node: 2, instance: instance(7) };
    let kept = golden("cluster-1-instance", &membership.encode());
    assert_eq!(membership.encode(), kept);
    let process = SimDisk::new("/d").process();
    process.create(Path::new("/d/cluster")).unwrap().write_at(0, &kept).unwrap();
    assert_eq!(Membership::read(&*process, Path::new("/d/cluster")).unwrap(), Some(membership));

    let hello = Hello {
        cluster: cluster(),
        node: 2,
        instance: [2; 16].into(),
        to: 1,
        expects: instance(1),
        secrets: [5; 32].into(),
    };
    let mut written = Vec::new();
    frame::write(frame::Kind::Hello, 0, &message::bytes(&hello), &mut written);
    assert_eq!(golden("hello-1.frame", &written), written);
}

/// Protects snapshots: one that version 1 wrote is decrypted and says what it covers. What is in it is the exchange's own
/// format, with golden files of its own.
#[test]
fn a_snapshot_of_version_1_is_read() {
    let mut tree = Tree::default();
    (1..=3).for_each(|sequence| tree.push(&entry(sequence).encode()));
    let header = snapshot::Header {
        cluster: cluster(),
        algorithms: snapshot::ALGORITHMS.to_owned(),
        sequence: Sequence(3),
        log: LogId { term: 1, index: 2 },
        nodes: StoredNodes { voters: vec![vec![1]], nodes: vec![(1, Peer::default())] },
        nodes_log: Some(LogId { term: 0, index: 0 }),
        tree,
        state_digest: [7; 32].into(),
        file: [9; 16].into(),
        payload: 5,
        named: None,
    };
    let bytes = snapshot::seal(&vault::node(), &header, b"state");
    let kept = golden("snapshot-1.snapshot", &bytes);
    assert_eq!(bytes, kept);
    let (found, payload) = snapshot::unseal(&vault::node(), Path::new("golden"), cluster(), &kept).unwrap();
    assert_eq!((found, payload.as_slice()), (header, &b"state"[..]));
}

/// Protects what years of logs hold: sealed bids, keyed hashes and persons' data stay readable.
#[test]
fn what_the_vault_of_version_1_made_is_still_opened() {
    let node: Vault = vault::node();
    let (auction, lot, user) = (AuctionId(5), LotIndex(1), UserId(9));
    let price = Price::from_fen(56_500_000).unwrap();
    let sealed = golden("sealed-bid-1", &node.seal_price(auction, lot, user, price));
    let command = Command {
        principal: exchange::Principal::User(user),
        request: None,
        body: Body::SealedBid { auction, lot, sealed: sealed.clone() },
    };
    assert_eq!(node.opened(&command), Some(price));
    for (auction, lot, user) in [(6, 1, 9), (5, 0, 9), (5, 1, 8)] {
        let body = Body::SealedBid { auction: AuctionId(auction), lot: LotIndex(lot), sealed: sealed.clone() };
        let elsewhere = Command { principal: exchange::Principal::User(UserId(user)), request: None, body };
        assert_eq!(node.opened(&elsewhere), None, "a ciphertext serves nobody elsewhere");
    }
    let secret = [0x5E; 20];
    let sealed = golden("second-factor-1", &node.seal_totp(user, &secret));
    assert_eq!(node.open_totp(user, &sealed), Some(secret));
    assert_eq!(node.open_totp(UserId(8), &sealed), None, "a ciphertext serves nobody else");
    let request = exchange::RequestId { key: [3; 16].into(), fingerprint: [4; 16].into() };
    let told: [u8; 32] = node.one_time(&request, "password");
    let told = [told, node.recovery_tag(user, "abcdefghij")].concat();
    assert_eq!(golden("keyed-hashes-2", &told), told);
    let passkeys = [node.user_handle(user).as_slice(), &node.challenge_tag(user, b"challenge")].concat();
    assert_eq!(golden("keyed-hashes-passkeys-1", &passkeys), passkeys);
    let made = [node.login_tag("ada"), node.request_key(user, "key"), node.fingerprint(b"POST /bids 1")].concat();
    assert_eq!(golden("keyed-hashes-1", &made), made);
}
