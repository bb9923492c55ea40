//! Auctions with many lots that stay open, and whoever bids for them at random, mostly with success.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::random::Random;
use super::venue::Venue;

/// In fen.
const START: u64 = 10_000;

/// What clients know of a lot: the best price, and which trader has it.
#[derive(Clone, Copy)]
struct Lot {
    best: u64,
    leader: Option<usize>,
}

/// The lots of all auctions; each has a place among all.
pub struct Floor {
    auctions: Vec<u64>,
    each: usize,
    lots: Vec<Mutex<Lot>>,
}

impl Floor {
    /// Announces so many auctions of so many lots, open for a day, and waits until they run.
    pub fn open(venue: &mut Venue, auctions: usize, each: usize) -> Self {
        let lots: Vec<Value> = (1..=each).map(|code| json!({"code": code.to_string(), "quantity": "1"})).collect();
        let bidding = json!({"start_price": money(START), "step": "0.01", "margin_rate": "0.2"});
        let terms = json!({"bidding": bidding, "lots": lots});
        let mut announced = Vec::new();
        let mut lead = Duration::from_secs(1);
        while announced.len() < auctions {
            match venue.announce(&terms, lead, Duration::from_secs(86_400)) {
                Some(auction) => announced.push(auction),
                None => lead *= 2,
            }
        }
        for auction in &announced {
            venue.wait_for(*auction, "running");
        }
        let lots = (0..auctions * each).map(|_| Mutex::new(Lot { best: 0, leader: None })).collect();
        Floor { auctions: announced, each, lots }
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.lots.len()
    }

    /// The auction of a place, and the lot's own place in it.
    pub fn lot(&self, place: usize) -> (u64, usize) {
        (self.auctions[place / self.each], place % self.each)
    }

    /// Where bids for a place go.
    pub fn path(&self, place: usize) -> String {
        let (auction, lot) = self.lot(place);
        format!("/api/v1/auctions/{auction}/lots/{}/bids", lot + 1)
    }

    /// A place and a price, in fen, that a trader may well have accepted.
    pub fn choose(&self, random: &mut Random, trader: usize) -> (usize, u64) {
        loop {
            let place = random.below(self.lots.len());
            let lot = *self.lots[place].lock().unwrap();
            if lot.leader != Some(trader) {
                return (place, if lot.leader.is_none() { START } else { lot.best + 1 + random.next() % 5 });
            }
        }
    }

    /// A trader's bid was accepted.
    pub fn accepted(&self, place: usize, price: u64, trader: usize) {
        let mut lot = self.lots[place].lock().unwrap();
        if lot.leader.is_none() || price > lot.best {
            *lot = Lot { best: price, leader: Some(trader) };
        }
    }

    /// The best price that was answered so far, in fen; 0 where there is none.
    pub fn best(&self, place: usize) -> u64 {
        self.lots[place].lock().unwrap().best
    }
}

/// An amount as the API has it.
pub fn money(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// An amount of the API, in fen.
pub fn fen(money: &str) -> u64 {
    money.replace('.', "").parse().unwrap()
}
