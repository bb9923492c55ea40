//! Looking ahead over a batch. A bid touches a key, a user, a lot and two balances, each somewhere in many megabytes; one
//! after another, every bid waits for each of them. Read for many bids beforehand, they come from memory side by side.

use core::hint::black_box;

use crate::command::{Body, Command, Principal};
use crate::exchange::Exchange;
use crate::markets::auction::state::Lot;
use crate::units::{AuctionId, LotIndex, MemberId};

impl Exchange {
    /// For how many commands at once this pays best: what they need still fits beside them into a core's own cache.
    pub const LOOK_AHEAD: usize = 64;

    /// Reads what these commands will need. Nothing changes, and every answer is the same without it.
    pub fn look_ahead<'a>(&self, commands: impl Iterator<Item = &'a Command> + Clone) {
        let first: u64 = commands.clone().map(|command| self.touch_rows(command)).fold(0, u64::wrapping_add);
        let behind: u64 = commands.map(|command| self.touch_behind(command)).fold(0, u64::wrapping_add);
        black_box(first.wrapping_add(behind));
    }

    /// What is found by number or key.
    fn touch_rows(&self, command: &Command) -> u64 {
        let request = command.request.as_ref().map_or(0, |request| self.memory.touch(request));
        let member = self.asker(command).map_or(0, |member| u64::from(member.0));
        let lot = self.lot_of(&command.body).map_or(0, |lot| lot.bidders.list().len() as u64 ^ u64::from(lot.accepted));
        request ^ member ^ lot
    }

    /// What is found through such a row.
    fn touch_behind(&self, command: &Command) -> u64 {
        let balance = |member: MemberId| self.ledger.balances(member).available.is_zero() as u64;
        let lot = self.lot_of(&command.body);
        let lead = lot.and_then(|lot| lot.lead).map_or(0, |lead| balance(lead.member));
        let bidder = lot.and_then(|lot| lot.bidders.list().first()).map_or(0, |bidder| u64::from(bidder.0));
        lead ^ bidder ^ self.asker(command).map_or(0, balance)
    }

    fn asker(&self, command: &Command) -> Option<MemberId> {
        match command.principal {
            Principal::System => None,
            Principal::User(user) => self.members.user(user)?.member,
        }
    }

    fn lot_of(&self, body: &Body) -> Option<&Lot> {
        let (auction, lot): (AuctionId, LotIndex) = match body {
            Body::Bid { auction, lot, .. } | Body::SealedBid { auction, lot, .. } => (*auction, *lot),
            _ => return None,
        };
        self.auction(auction)?.lots.get(usize::from(lot.0))
    }
}
