//! The one door to change.

use crate::approvals::Approval;
use crate::command::Entry;
use crate::contracts::Contract;
use crate::event::Private;
use crate::ledger::Ledger;
use crate::markets::auction::Auction;
use crate::members::Members;
use crate::outcome::Reply;
use crate::products::Products;
use crate::profile::Profile;
use crate::units::{Instant, Price, Sequence};

/// Everything that is true.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(crate) sequence: Sequence,
    pub(crate) now: Instant,
    pub(crate) profile: Profile,
    pub(crate) ledger: Ledger,
    pub(crate) members: Members,
    pub(crate) products: Products,
    pub(crate) auctions: Vec<Auction>,
    pub(crate) contracts: Vec<Contract>,
    pub(crate) approvals: Vec<Approval>,
}

/// What commands leave behind: events for everyone and every disk, and what only one member may know.
#[derive(Debug, Default)]
pub struct Output {
    /// Encoded [`crate::Event`]s: a sequence of CBOR items, read back by [`crate::Events`].
    pub events: Vec<u8>,
    /// For memory only.
    pub private: Vec<Private>,
}

impl Exchange {
    /// An empty venue, before its first entry.
    #[must_use]
    pub fn new() -> Self {
        unimplemented!()
    }
    /// Executes the next entry. `opened` is the price of a sealed bid, opened by the ordering layer.
    pub fn execute(&mut self, entry: &Entry, opened: Option<Price>, out: &mut Output) -> Reply {
        let _ = (entry, opened, out);
        unimplemented!()
    }
    /// The instant by which the log should be stamped even if nothing is asked: the next deadline, and once a second
    /// from `outage_after` before an auction opens until its last lot has ended. `None`: nothing is due.
    pub fn next_stamp(&mut self) -> Option<Instant> {
        unimplemented!()
    }
    /// The digest of the whole state, computed over what has changed since the last time.
    pub fn digest(&mut self) -> [u8; 32] {
        unimplemented!()
    }
    /// A cheap copy that can be encoded elsewhere.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        unimplemented!()
    }
    /// The exchange of an encoded snapshot.
    ///
    /// # Errors
    /// The bytes are no snapshot that this version can read.
    pub fn restore(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        let _ = bytes;
        unimplemented!()
    }
}

/// The state at one sequence, to be encoded outside of the exchange's thread.
pub struct Snapshot(Exchange);

/// What may be read. Reads change nothing and enter no log.
impl Exchange {
    /// The last entry executed.
    #[must_use]
    pub const fn sequence(&self) -> Sequence {
        self.sequence
    }
    /// The stamp of the last entry executed.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }
    /// The profile in force.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }
    /// Firms, users and sessions.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }
    /// The catalogue.
    #[must_use]
    pub const fn products(&self) -> &Products {
        &self.products
    }
    /// All accounts.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }
    /// All auctions, by number.
    #[must_use]
    pub fn auctions(&self) -> &[Auction] {
        &self.auctions
    }
    /// All awards, by number.
    #[must_use]
    pub fn contracts(&self) -> &[Contract] {
        &self.contracts
    }
    /// All acts that wait or waited for a second person, by number.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }
}

impl Snapshot {
    /// The bytes. They hold what sealed bids hold: whoever stores them encrypts them.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let _ = &self.0;
        unimplemented!()
    }
}
