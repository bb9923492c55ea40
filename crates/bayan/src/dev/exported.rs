//! Quotes and candles of a venue that runs, held against a computation that shares no code with it: `tests/quotes` reads
//! the exported awards over HTTP and comes to every figure from the words of the rules alone.

use std::fs;
use std::path::Path;
use std::process::Command as Process;
use std::sync::Arc;

use exchange::markets::auction::{Announcement, Auction, AuctionStatus, CountdownFrom, LotStatus, LotTerms, Side};
use exchange::members::Role;
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money, Price, Quantity, Span, UserId, UtcOffset};
use exchange::{Answer, Body, Command, Exchange, Payment, Principal, Profile, Reply};
use gateway::GatewayConfig;
use ordering::sim::SimClock;
use ordering::{Clock, Node, Seams};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::bots::{COUNTDOWN, EAGERNESS, Seen, seen};
use super::catalogue::{self, Goods};
use super::products::PRODUCTS;
use crate::cli::Failure;
use crate::config::Config;
use crate::enter::{self, NewUser};
use crate::wiring::Venue;

const LOGIN: &str = "reader";
const PASSWORD: &str = "a password of the test";

/// A venue on a folder of its own, whose clock the test moves.
struct Market {
    node: Node,
    clock: Arc<SimClock>,
    /// The first sells, the second buys, the others bid, each with its trader.
    members: Vec<(MemberId, UserId)>,
    dice: u64,
}

impl Market {
    /// With the goods of the demonstration and the firms that bots act for, all rich.
    async fn begin(config: &Config, now: &str, offset: &str) -> Self {
        let clock = Arc::new(SimClock::at(Instant::parse(now).unwrap()));
        let seams = Seams { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..Seams::default() };
        let node = Node::start(config.node(), seams, Vec::new()).await.unwrap();
        let utc_offset = Some(UtcOffset::parse(offset).unwrap());
        let mut market = Market { node, clock, members: Vec::new(), dice: 20_260_109 };
        market.done(Body::SetProfile(Profile { outage_after: None, utc_offset, ..Profile::default() })).await;
        for product in &PRODUCTS {
            let (code, name, unit) = (product.code.to_owned(), product.name.to_owned(), product.unit.to_owned());
            market.done(Body::AddProduct { code, name, unit, description: Some(product.description()) }).await;
        }
        for firm in catalogue::BOTS {
            let admitted = Body::AdmitMember { code: firm.code.to_owned(), name: firm.name.to_owned() };
            let Answer::Member(member) = market.done(admitted).await else { panic!("{} is admitted", firm.code) };
            let (amount, reference) = (Money::parse("9000000000.00").unwrap(), "demonstration".to_owned());
            market.done(Body::Deposit(Payment { member, amount, reference })).await;
            let trader = market.user(config, firm.code.to_lowercase(), None, member).await;
            market.members.push((member, trader));
        }
        let reader = market.members[2].0;
        market.user(config, LOGIN.to_owned(), Some(PASSWORD.to_owned()), reader).await;
        market
    }

    async fn user(&self, config: &Config, login: String, password: Option<String>, member: MemberId) -> UserId {
        let name = login.clone();
        let new = NewUser { login, name, password, role: Role::Trader, member: Some(member), single_use: false };
        enter::user(&self.node, config.password(), new).await.unwrap()
    }

    async fn done(&self, body: Body) -> Answer {
        enter::done(&self.node, body).await.unwrap()
    }

    async fn bid(&self, by: UserId, auction: AuctionId, lot: LotIndex, price: Price) -> Reply {
        let body = Body::Bid { auction, lot, price, seen_price: None };
        self.node.submit(Command { principal: Principal::User(by), request: None, body }).await.unwrap()
    }

    /// Lets time pass, and whatever is due by then happen.
    async fn pass(&self, span: Span) {
        self.clock.advance(span);
        let now = self.clock.now();
        let is_due = |auction: &Auction| {
            let opens = auction.status == AuctionStatus::Published && auction.terms.opens <= now;
            opens || auction.lots.iter().any(|lot| lot.status == LotStatus::Running && lot.end <= now)
        };
        while self.node.read(|exchange| exchange.auctions().iter().any(is_due)) {
            self.done(Body::Tick).await;
        }
    }

    fn below(&mut self, n: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % n
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn bidder(&mut self) -> (MemberId, UserId) {
        let place = self.below(self.members.len() as u64 - 2);
        self.members[2 + usize::try_from(place).unwrap()]
    }

    async fn announce(&self, terms: Announcement) -> AuctionId {
        let Answer::Submitted(auction) = self.done(Body::Submit(terms)).await else { panic!("it is handed in") };
        self.done(Body::Publish { auction }).await;
        auction
    }

    /// One announcement of a bot, as bots make them.
    async fn announce_goods(&mut self, side: Side) -> AuctionId {
        let (terms, initiator, goods): (Announcement, usize, &[Goods]) = match side {
            Side::Sale => (catalogue::published_sale(), 0, &catalogue::SOLD),
            Side::Procurement => (catalogue::published_procurement(), 1, &catalogue::BOUGHT),
        };
        let opens = self.clock.now().plus(Span::from_seconds(3));
        let closes = opens.plus(Span::from_seconds(240 + self.below(240).cast_signed()));
        let countdown_from = *self.one_of(&[CountdownFrom::Opening, CountdownFrom::Closing]);
        let terms = catalogue::moved(terms, self.members[initiator].0, opens, closes);
        let terms = Announcement { countdown: COUNTDOWN, countdown_from, ..terms };
        let goods = self.one_of(goods);
        self.announce(goods.announced(terms)).await
    }

    /// The afternoon of the demonstration: two auctions a side, and a look of a bot at a lot every one or two seconds.
    async fn afternoon(&mut self) {
        let over = self.clock.now().plus(Span::from_seconds(3 * 3600));
        let mut open: Vec<(AuctionId, Side)> = Vec::new();
        while self.clock.now() < over {
            let step = Span::from_us(400_000 + self.below(1_600_000).cast_signed());
            self.pass(step).await;
            self.node.read(|exchange| open.retain(|(id, _)| !exchange.auctions()[id.0 as usize - 1].has_ended()));
            for side in Side::BOTH {
                if open.iter().filter(|(_, of)| *of == side).count() < 2 {
                    open.push((self.announce_goods(side).await, side));
                }
            }
            let lots: Vec<Seen> = self.node.read(|exchange| {
                open.iter().flat_map(|(id, _)| seen(&exchange.auctions()[id.0 as usize - 1])).collect()
            });
            if lots.is_empty() {
                continue;
            }
            let lot = self.one_of(&lots);
            let (member, trader) = self.bidder();
            let dice = self.below(u64::MAX >> 33);
            let Some(price) = lot.next_price(dice).filter(|_| Some(member) != lot.leader) else { continue };
            if self.below(EAGERNESS + lot.steps_gone()) < EAGERNESS {
                self.bid(trader, lot.auction, lot.lot, price).await.outcome.unwrap();
            }
        }
        self.end().await;
    }

    /// Awards at random prices and of random quantities over two years: minutes apart, days apart, several at the same
    /// instant, some in a unit that is not quoted, and some that are annulled, the last ones all.
    async fn two_years(&mut self) {
        const AUCTIONS: u64 = 160;
        const DAY_S: u64 = 86_400;
        for number in 1..=AUCTIONS {
            let apart = if self.below(3) == 0 { self.below(14 * DAY_S) } else { self.below(4_000) };
            let step = Span::from_us((apart * 1_000_000 + self.below(1_000_000)).cast_signed());
            self.pass(step).await;
            let side = *self.one_of(&Side::BOTH);
            let (base, initiator) = match side {
                Side::Sale => (catalogue::published_sale(), self.members[0].0),
                Side::Procurement => (catalogue::published_procurement(), self.members[1].0),
            };
            let opens = self.clock.now().plus(Span::from_seconds(1));
            let closes = opens.plus(Span::from_seconds(60 + self.below(600).cast_signed()));
            let start = 6_000_000 + self.below(70_000_000);
            let mut lots = Vec::new();
            for code in ["1", "2", "3"] {
                let quantity = Quantity::from_millionths(1_000_000 + self.below(30_000_000)).unwrap();
                lots.push(LotTerms { code: code.to_owned(), quantity });
            }
            let product = *self.one_of(&["PrNd-metal", "PrNd-oxide", "Dy-oxide"]);
            let unit = if number % 11 == 0 { "kg" } else { "t" };
            let terms = Announcement {
                product: product.to_owned(),
                unit: unit.to_owned(),
                start_price: Price::from_fen(start).unwrap(),
                step: Price::from_fen(1).unwrap(),
                max_step: None,
                limit_price: None,
                countdown: Span::from_seconds(10),
                countdown_from: CountdownFrom::Closing,
                lots,
                ..catalogue::moved(base, initiator, opens, closes)
            };
            let auction = self.announce(terms).await;
            self.pass(Span::from_seconds(2)).await;
            for place in 0..3 {
                // Some lots nobody wants.
                if self.below(5) == 0 {
                    continue;
                }
                let by = self.below(5_000_000);
                let price = if side == Side::Sale { start + by } else { start - by };
                let (_, trader) = self.bidder();
                let reply = self.bid(trader, auction, LotIndex(place), Price::from_fen(price).unwrap()).await;
                reply.outcome.unwrap();
            }
            self.end().await;
            for place in 0..3 {
                let is_sold = |exchange: &Exchange| {
                    exchange.auctions()[auction.0 as usize - 1].lots[usize::from(place)].status == LotStatus::Sold
                };
                if self.node.read(is_sold) && (number == AUCTIONS || self.below(8) == 0) {
                    let reason = "entered by mistake".to_owned();
                    self.done(Body::Annul { auction, lot: LotIndex(place), reason }).await;
                }
            }
        }
    }

    /// Lets all auctions end.
    async fn end(&self) {
        while self.node.read(|exchange| exchange.auctions().iter().any(|auction| !auction.has_ended())) {
            self.pass(Span::from_seconds(30)).await;
        }
    }

    /// How many awards are quoted, and how many of them were annulled.
    fn awards(&self) -> (usize, usize) {
        self.node.read(|exchange| {
            let quoted = |id: AuctionId| {
                let terms = &exchange.auctions()[id.0 as usize - 1].terms;
                exchange.products().by_code(&terms.product).is_some_and(|product| product.unit == terms.unit)
            };
            let of: Vec<_> = exchange.contracts().iter().filter(|contract| quoted(contract.auction)).collect();
            (of.len(), of.iter().filter(|contract| contract.cancelled.is_some()).count())
        })
    }
}

/// What the computation outside of this program says of the venue on this folder, while it serves.
async fn compared(config: &Config) -> Value {
    let gateway = GatewayConfig { metrics_address: None, ..config.gateway() };
    let venue = Venue::start(config, gateway).await.map_err(Failure::from).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(venue.serve(listener, async {
        let _ = stopped.await;
    }));
    let compare = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/quotes/compare.py");
    let run = move || {
        let mut process = Process::new("python3");
        process.arg("-B").arg(compare).args(["--url", &url, "--login", LOGIN]).env("BAYAN_PASSWORD", PASSWORD);
        process.output().expect("python3 is there (scripts/need)")
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The venue's candles and quotes are right, and the same again when the archive was made anew from the log.
async fn is_disclosed(config: &Config, market: Market) -> (usize, usize) {
    let (awards, annulled) = market.awards();
    market.node.stop().await;
    drop(market);
    let first = compared(config).await;
    assert_eq!((&first["awards"], &first["annulled"]), (&awards.into(), &annulled.into()));
    let files: Vec<_> = fs::read_dir(&config.node.data).unwrap().map(|file| file.unwrap().path()).collect();
    let archive: Vec<_> = files.iter().filter(|path| path.to_string_lossy().contains("archive.sqlite")).collect();
    assert!(!archive.is_empty());
    for file in archive {
        fs::remove_file(file).unwrap();
    }
    assert_eq!(compared(config).await, first, "after the archive was rebuilt from the log");
    (awards, annulled)
}

fn on(folder: &Path) -> Config {
    let mut config = Config::default();
    config.node.data = folder.join("data");
    fs::create_dir(&config.node.data).unwrap();
    config.http.user_requests_per_second = 0;
    config
}

/// Protects what members read of an afternoon of the demonstration's own awards: the API's quotes and candles are what an
/// independent computation over its export comes to, before and after the archive is rebuilt from the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_afternoon_comes_to_what_its_exported_awards_say() {
    let folder = tempfile::tempdir().unwrap();
    let config = on(folder.path());
    let mut market = Market::begin(&config, "2026-01-09T13:00:00+08:00", "+08:00").await;
    market.afternoon().await;
    let (awards, annulled) = is_disclosed(&config, market).await;
    assert!(awards > 100 && annulled == 0, "an afternoon has more than {awards} awards");
}

/// Protects the same of random awards over two years in a venue with odd clocks, annulled ones among them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_awards_come_to_what_their_export_says() {
    let folder = tempfile::tempdir().unwrap();
    let config = on(folder.path());
    let mut market = Market::begin(&config, "2023-12-30T18:10:00Z", "+05:45").await;
    market.two_years().await;
    let (awards, annulled) = is_disclosed(&config, market).await;
    assert!(awards > 200 && annulled > 10, "{awards} awards, {annulled} annulled");
}
