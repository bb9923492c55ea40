//! Who asks the cluster: traders who bid, open and sealed, and staff. Each asks one thing at a time, under a request of its
//! own, and asks again at another node where nobody knows what became of it, as a member's program does.

use std::sync::Arc;
use std::time::Duration;

use exchange::markets::auction::{Announcement, AuctionStatus, CountdownFrom, Format, LotTerms, Side};
use exchange::members::Role;
use exchange::units::{Instant, LotIndex, MemberId, Money, Price, Quantity, Rate, Sequence, Span, UserId};
use exchange::{Body, Command, Exchange, Payment, Principal, Profile, Reply, RequestId};
use ordering::{Node, Unavailable};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::cluster::Cluster;
use crate::machine::Machine;
use crate::random::Dice;

const MANAGER: UserId = UserId(1);
const OPERATOR: UserId = UserId(2);
const SETTLEMENT: UserId = UserId(3);
const FIRST_TRADER: u32 = 4;
const TRADERS: u32 = 6;
const SELLER: MemberId = MemberId(1);
const BUYERS: u32 = 3;
const START_FEN: u64 = 10_000;
const STEP_FEN: u64 = 100;
/// Among so many of the last commands one is chosen that is asked for again.
const REPEAT_AMONG: usize = 400;

/// Something that was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What.
    pub command: Command,
    /// The highest entry that anybody had been answered when it was asked.
    pub floor: Sequence,
    /// What it was answered.
    pub reply: Option<Reply>,
}

/// All that was asked and answered.
#[derive(Default)]
pub struct Asks {
    /// In the order in which it was asked.
    pub all: Vec<Asked>,
    answered: Sequence,
}

/// The clients; cheap to clone.
#[derive(Clone)]
pub struct Clients {
    cluster: Cluster,
    asks: Arc<Mutex<Asks>>,
    seed: u64,
}

impl Clients {
    /// Nobody has asked anything yet.
    #[must_use]
    pub fn new(cluster: &Cluster, seed: u64) -> Self {
        Clients { cluster: cluster.clone(), asks: Arc::default(), seed }
    }

    /// What was asked.
    #[must_use]
    pub fn asks(&self) -> Vec<Asked> {
        self.asks.lock().all.clone()
    }

    /// The highest entry that anybody was answered.
    #[must_use]
    pub fn answered(&self) -> Sequence {
        self.asks.lock().answered
    }

    /// Opens the venue: members, users, cash.
    ///
    /// # Errors
    /// What was not done.
    pub async fn open(&self, dice: &mut Dice) -> Result<(), String> {
        let user = |tag: u8, role, member: Option<u32>| Body::AddUser {
            role,
            member: member.map(MemberId),
            login_tag: [tag; 16].into(),
            personal: vec![tag; 40],
            password_hash: String::new(),
            single_use: false,
        };
        let member = |code: &str| Body::AdmitMember { code: code.to_owned(), name: code.to_owned() };
        let profile = Profile { second_person_above: None, ..Profile::default() };
        let mut bodies = vec![Body::SetProfile(profile), member("S1")];
        bodies.extend((1..=BUYERS).map(|buyer| member(&format!("B{buyer}"))));
        bodies.extend([
            user(1, Role::Manager, Some(1)),
            user(2, Role::Operator, None),
            user(3, Role::Settlement, None),
        ]);
        bodies.extend((0..TRADERS).map(|trader| {
            let tag = u8::try_from(FIRST_TRADER + trader).unwrap_or(u8::MAX);
            user(tag, Role::Trader, Some(2 + trader % BUYERS))
        }));
        for body in bodies {
            self.surely(Principal::System, body, dice).await?;
        }
        for member in 1..=1 + BUYERS {
            let amount = Money::from_fen(if member == 1 { 900_000_000_000 } else { 40_000_000 });
            let payment = Payment { member: MemberId(member), amount, reference: "1".to_owned() };
            self.surely(Principal::User(SETTLEMENT), Body::Deposit(payment), dice).await?;
        }
        Ok(())
    }

    async fn surely(&self, by: Principal, body: Body, dice: &mut Dice) -> Result<(), String> {
        let what = format!("{body:?}");
        match self.ask(by, body, dice, 100).await {
            Some(Reply { outcome: Ok(_), .. }) => Ok(()),
            other => Err(format!("{what} is answered {other:?}")),
        }
    }

    /// All of them ask until it is over.
    pub async fn run(&self, over: watch::Receiver<bool>) {
        let traders = (0..TRADERS).map(|trader| UserId(FIRST_TRADER + trader));
        let all = [MANAGER, OPERATOR, SETTLEMENT].into_iter().chain(traders).map(|user| {
            let (clients, over) = (self.clone(), over.clone());
            tokio::spawn(async move {
                let mut dice = Dice::new(clients.seed, 1_000 + u64::from(user.0));
                while !*over.borrow() {
                    sleep(Duration::from_millis(dice.below(500))).await;
                    clients.act(user, &mut dice).await;
                }
            })
        });
        for client in all.collect::<Vec<_>>() {
            if let Err(error) = client.await {
                self.cluster.trace().violation(format_args!("a client has ended badly: {error}"));
            }
        }
    }

    async fn act(&self, user: UserId, dice: &mut Dice) {
        if dice.one_in(12) {
            self.look(dice).await;
            return;
        }
        if dice.one_in(20) {
            self.repeat(user, dice).await;
            return;
        }
        let Some(machine) = self.some_node(dice) else { return };
        let body = machine.look(|node| node.read(|exchange| next_body(user, exchange, node, dice)));
        if let Some(body) = body.flatten() {
            self.ask(Principal::User(user), body, dice, 8).await;
        }
    }

    fn some_node(&self, dice: &mut Dice) -> Option<Arc<Machine>> {
        dice.pick(&self.cluster.serving()).cloned()
    }

    /// A read that is called current must be: whatever anybody was answered before it is in it.
    async fn look(&self, dice: &mut Dice) {
        let Some(machine) = self.some_node(dice) else { return };
        let floor = self.asks.lock().answered;
        let read = machine.ask(|node| async move { node.catch_up().await.then(|| node.sequence()) });
        let trace = self.cluster.trace();
        match read.await {
            Some(Some(sequence)) => {
                trace.count("current reads");
                if sequence < floor {
                    let number = machine.number;
                    trace.violation(format_args!(
                        "a read that node {number} calls current is of entry {sequence}, and {floor} was answered before"
                    ));
                }
            }
            Some(None) => trace.count("reads that could not be current"),
            None => {}
        }
    }

    /// What was answered is asked for once more, and must be answered the same.
    async fn repeat(&self, user: UserId, dice: &mut Dice) {
        let asked = {
            let asks = self.asks.lock();
            let from = asks.all.len().saturating_sub(REPEAT_AMONG);
            let own = |asked: &&Asked| asked.command.principal == Principal::User(user) && asked.reply.is_some();
            let own: Vec<&Asked> = asks.all[from..].iter().filter(own).collect();
            dice.pick(&own).map(|asked| (*asked).clone())
        };
        let Some(Asked { command, reply: Some(before), .. }) = asked else { return };
        let Some(machine) = self.some_node(dice) else { return };
        let Some(Ok(reply)) = machine.ask(|node| async move { node.submit(command).await }).await else { return };
        let trace = self.cluster.trace();
        trace.count("answers asked for again");
        if !reply.replayed || (reply.sequence, &reply.outcome) != (before.sequence, &before.outcome) {
            trace.violation(format_args!("what was answered {before:?} is answered {reply:?} when it is asked again"));
        }
    }

    /// Asks, and asks again elsewhere while nobody knows, so often at the most.
    pub async fn ask(&self, by: Principal, body: Body, dice: &mut Dice, tries: u64) -> Option<Reply> {
        let trace = self.cluster.trace();
        let mut key = [0; 16];
        key[..8].copy_from_slice(&dice.draw().to_le_bytes());
        key[8..].copy_from_slice(&dice.draw().to_le_bytes());
        let request = Some(RequestId { key: key.into(), fingerprint: key.into() });
        let command = Command { principal: by, request, body };
        let place = {
            let mut asks = self.asks.lock();
            let floor = asks.answered;
            asks.all.push(Asked { command: command.clone(), floor, reply: None });
            asks.all.len() - 1
        };
        trace.note(format_args!("{by:?} asks {}", kind_of(&command.body)));
        trace.count("commands");
        for _ in 0..tries {
            let Some(machine) = self.some_node(dice) else {
                sleep(Duration::from_millis(100)).await;
                continue;
            };
            let (number, its) = (machine.number, command.clone());
            let answer = machine.ask(|node| async move {
                let answer = node.submit(its).await;
                (answer, node.sequence())
            });
            match answer.await {
                Some((Ok(reply), sequence)) => {
                    let entry = reply.sequence;
                    if sequence < entry {
                        trace.violation(format_args!("node {number} answered entry {entry} and does not have it"));
                    }
                    let said = match &reply.outcome {
                        Ok(_) => "accepted",
                        Err(refusal) => refusal.reason(),
                    };
                    trace.note(format_args!("{by:?} is answered by {number}: entry {entry} {said}"));
                    trace.count(if reply.replayed { "answers given again" } else { "answers" });
                    if reply.outcome.is_err() {
                        trace.count(&format!("refused: {said}"));
                    }
                    let mut asks = self.asks.lock();
                    asks.answered = asks.answered.max(entry);
                    asks.all[place].reply = Some(reply.clone());
                    return Some(reply);
                }
                None => trace.count("tries whose node died"),
                Some((Err(Unavailable::Unknown(_)), _)) => trace.count("tries of which nobody knows"),
                Some((Err(Unavailable::Leaderless(_)), _)) => trace.count("tries without a leader"),
                Some((Err(Unavailable::Refused(_)), _)) => trace.count("tries that were refused"),
            }
            sleep(Duration::from_millis(dice.within(20, 200))).await;
        }
        trace.note(format_args!("{by:?} gives up"));
        trace.count("commands given up");
        None
    }
}

fn kind_of(body: &Body) -> String {
    let text = format!("{body:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

fn next_body(user: UserId, exchange: &Exchange, node: &Node, dice: &mut Dice) -> Option<Body> {
    let now = exchange.now();
    let auctions = exchange.auctions();
    match user {
        MANAGER => Some(Body::Submit(announcement(now, auctions.len(), dice))),
        OPERATOR => {
            let waiting = auctions.iter().rev().find(|auction| auction.status == AuctionStatus::Submitted);
            match waiting {
                Some(auction) if !dice.one_in(8) => Some(Body::Publish { auction: auction.id }),
                Some(auction) => Some(Body::Reject { auction: auction.id, reason: "检修".to_owned() }),
                None => {
                    let auction = dice.pick(auctions)?.id;
                    let reason = "检修".to_owned();
                    Some(match dice.below(12) {
                        0 => Body::Suspend { auction, reason },
                        1 => Body::Cancel { auction, reason },
                        2..=6 => Body::Resume { auction, reason },
                        _ => return None,
                    })
                }
            }
        }
        SETTLEMENT => {
            let member = MemberId(u32::try_from(dice.within(2, u64::from(BUYERS) + 1)).ok()?);
            let amount = Money::from_fen(i128::from(dice.within(1, 5_000_000)));
            let payment = Payment { member, amount, reference: dice.draw().to_string() };
            Some(if dice.one_in(3) { Body::Withdraw(payment) } else { Body::Deposit(payment) })
        }
        trader => {
            let open = |auction: &&exchange::markets::auction::Auction| {
                matches!(auction.status, AuctionStatus::Published | AuctionStatus::Running)
            };
            let open: Vec<_> = auctions.iter().filter(open).collect();
            let auction = *dice.pick(&open)?;
            let place = dice.below(auction.lots.len() as u64);
            let lot = LotIndex(u16::try_from(place).ok()?);
            let lead = auction.lots.get(usize::try_from(place).ok()?)?.lead.as_ref();
            // Sometimes a price that is too low, or none of the steps.
            let above = if dice.one_in(6) { dice.below(3) * 50 } else { dice.within(1, 4) * STEP_FEN };
            let price = Price::from_fen(lead.map_or(START_FEN, |lead| lead.price.fen()) + above)?;
            if auction.terms.is_sealed() {
                let price = Price::from_fen(START_FEN + dice.below(400) * STEP_FEN)?;
                let sealed = node.vault().seal_price(auction.id, lot, trader, price);
                Some(Body::SealedBid { auction: auction.id, lot, sealed })
            } else {
                Some(Body::Bid { auction: auction.id, lot, price, seen_price: None })
            }
        }
    }
}

fn announcement(now: Instant, number: usize, dice: &mut Dice) -> Announcement {
    let seconds = |span: u64| Span::from_seconds(i64::try_from(span).unwrap_or(0));
    let opens = now.plus(seconds(dice.within(1, 4)));
    Announcement {
        title: format!("金属镨钕 {number}"),
        side: Side::Sale,
        initiator: SELLER,
        product: "PrNd-metal".to_owned(),
        unit: "t".to_owned(),
        opens,
        closes: opens.plus(seconds(dice.within(5, 20))),
        format: if dice.one_in(3) { Format::Sealed } else { Format::Open },
        start_price: Price::from_fen(START_FEN).expect("a price"),
        limit_price: None,
        step: Price::from_fen(STEP_FEN).expect("a step"),
        max_step: None,
        countdown: Span::from_seconds(3),
        countdown_from: CountdownFrom::Closing,
        consecutive: dice.one_in(4),
        margin_rate: Rate::from_millionths(200_000).expect("a rate"),
        eligible: None,
        attachments: None,
        lots: (1..=dice.within(1, 3))
            .map(|code| LotTerms {
                code: code.to_string(),
                quantity: Quantity::from_millionths(20_000_000).expect("a quantity"),
            })
            .collect(),
    }
}
