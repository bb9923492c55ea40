//! The demonstration market: firms with cash, users, goods, and two auctions that stay open for a day.

use std::time::{Duration, SystemTime};

use exchange::markets::auction::{Announcement, Auction, AuctionStatus, CountdownFrom};
use exchange::members::{SecondFactor, secret_tag};
use exchange::units::{AuctionId, Instant, MemberId, Money, Span};
use exchange::{Answer, Body, Command, Payment, Profile, Refusal};
use gateway::PasswordCost;
use ordering::Node;

use super::catalogue::{self, Firm};
use super::products::PRODUCTS;
use super::users::DevUser;
use crate::cli::Failure;
use crate::enter::{self, NewUser};

/// How long the two auctions stay open: a day and an hour, so that a day is left when the program is ready.
const OPEN: Span = Span::from_seconds(25 * 3600);
/// How long before it opens an announcement is handed in; twice as long where the disk was slower than that.
const LEAD_FIRST: Duration = Duration::from_millis(500);
/// The longest such lead.
const LEAD_MAX: Duration = Duration::from_secs(60);
/// How often it is looked whether an auction has opened.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Enters what is missing: after an interrupted first start it goes on where that was, later it changes nothing.
///
/// # Errors
/// The node cannot.
pub async fn set_up(node: &Node, cost: PasswordCost, users: &[DevUser]) -> Result<(), Failure> {
    let Some(last) = users.last() else { return Ok(()) };
    enter_products(node).await?;
    let last = node.vault().login_tag(&last.login);
    // Users are entered last: with the last of them everything is there.
    if node.read(|exchange| exchange.members().users.iter().any(|user| *user.login_tag == last)) {
        return Ok(());
    }
    enter::done(node, Body::SetProfile(Profile::of_a_new_venue())).await?;
    for firm in catalogue::TRADERS.iter().chain([&catalogue::SELLER, &catalogue::BUYER]) {
        admit(node, firm).await?;
    }
    for user in users {
        let member = match &user.member {
            Some(code) => Some(member(node, code)?),
            None => None,
        };
        let (login, name, password) = (user.login.clone(), user.login.clone(), Some(user.password.clone()));
        let new = NewUser { login, name, password, role: user.role()?, member, single_use: false };
        enter::user(node, cost, new).await?;
    }
    Ok(())
}

/// Gives the second factors of the file to those who have none.
///
/// # Errors
/// The node cannot, or the file has what is no secret.
pub async fn second_factors(node: &Node, users: &[DevUser]) -> Result<(), Failure> {
    for user in users {
        let Some(secret) = user.totp_secret()? else { continue };
        let tag = node.vault().login_tag(&user.login);
        let lacking = node.read(|exchange| {
            let found = exchange.members().by_login(&tag)?;
            (!found.second.as_ref().is_some_and(SecondFactor::serves)).then_some(found.id)
        });
        if let Some(user) = lacking {
            let sealed = node.vault().seal_totp(user, secret.bytes());
            let checked = secret_tag(&sealed);
            enter::done(node, Body::BeginTotp { user, sealed }).await?;
            enter::done(node, Body::ConfirmTotp { user, checked, step: 0, recovery: Vec::new() }).await?;
        }
    }
    Ok(())
}

/// Enters the products that are missing, and describes those that an earlier version entered without a description.
async fn enter_products(node: &Node) -> Result<(), Failure> {
    for product in &PRODUCTS {
        let known = node.read(|exchange| {
            exchange.products().by_code(product.code).map(|known| (known.id, known.description.is_some()))
        });
        let (name, description) = (product.name.to_owned(), Some(product.description()));
        match known {
            None => {
                let (code, unit) = (product.code.to_owned(), product.unit.to_owned());
                enter::done(node, Body::AddProduct { code, name, unit, description }).await?;
            }
            Some((product, false)) => {
                enter::done(node, Body::DescribeProduct { product, name, description }).await?;
            }
            Some((_, true)) => {}
        }
    }
    Ok(())
}

/// Admits a firm with its cash, or finds it.
///
/// # Errors
/// The node cannot.
pub async fn admit(node: &Node, firm: &Firm) -> Result<MemberId, Failure> {
    let known = node.read(|exchange| {
        let member = exchange.members().by_code(firm.code)?.id;
        let balances = exchange.ledger().balances(member);
        Some((member, balances.available + balances.held()))
    });
    let (member, has) = match known {
        Some(known) => known,
        None => {
            let admitted = Body::AdmitMember { code: firm.code.to_owned(), name: firm.name.to_owned() };
            let Answer::Member(member) = enter::done(node, admitted).await? else {
                unreachable!("a member that is admitted is answered with its number")
            };
            (member, Money::ZERO)
        }
    };
    if has.is_zero() {
        pay_in(node, member, Money::parse(firm.cash).expect("an amount in the source is right")).await?;
    }
    Ok(member)
}

/// Pays cash in for the demonstration.
///
/// # Errors
/// The node cannot.
pub async fn pay_in(node: &Node, member: MemberId, amount: Money) -> Result<(), Failure> {
    let reference = "demonstration".to_owned();
    enter::done(node, Body::Deposit(Payment { member, amount, reference })).await.map(drop)
}

/// The member with this code.
///
/// # Errors
/// There is none: the folder is not of this program's making.
pub fn member(node: &Node, code: &str) -> Result<MemberId, Failure> {
    node.read(|exchange| exchange.members().by_code(code).map(|member| member.id)).ok_or_else(|| {
        Failure::bad_input(format!("the folder has no member {code}; remove the folder for a new start"))
    })
}

/// Sees to it that the two auctions run: as they were, or new ones when they have ended.
///
/// # Errors
/// The node cannot.
pub async fn keep_open(node: &Node) -> Result<(), Failure> {
    let sale = catalogue::published_sale();
    // Without a limit nobody can end a lot of the demonstration before its time.
    let sale = Announcement { limit_price: None, countdown_from: CountdownFrom::Closing, ..sale };
    let procurement = catalogue::published_procurement();
    let mut procurement = Announcement { limit_price: None, ..procurement };
    let mut third = procurement.lots[0].clone();
    third.code = "C".to_owned();
    procurement.lots.push(third);
    for (firm, terms) in [(catalogue::SELLER, sale), (catalogue::BUYER, procurement)] {
        let member = member(node, firm.code)?;
        let terms = |opens: Instant| catalogue::moved(terms.clone(), member, opens, opens.plus(OPEN));
        let auction = match open_auction(node, member) {
            Some(auction) => auction,
            None => match announce(node, terms).await? {
                Some(auction) => auction,
                None => continue,
            },
        };
        // Its opening is an entry of the log that comes by itself.
        while node.read(|exchange| opens_by_itself(&exchange.auctions()[auction.0 as usize - 1])) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
    Ok(())
}

/// The one that runs, or would but for the staff, or is about to. One that opens later is somebody's own, and nobody waits for it.
fn open_auction(node: &Node, initiator: MemberId) -> Option<AuctionId> {
    use AuctionStatus::{Running, Suspended};
    node.read(|exchange| {
        let mut all = exchange.auctions().iter().filter(|one| one.terms.initiator == initiator);
        let open = all.find(|one| matches!(one.status, Running | Suspended) || opens_by_itself(one));
        open.map(|one| one.id)
    })
}

fn opens_by_itself(auction: &Auction) -> bool {
    auction.status == AuctionStatus::Published && auction.opens <= after(LEAD_MAX)
}

/// Hands an announcement in and publishes it, all by the node itself. `None`: what the people of this venue have done since its first
/// start, such as a halt or other hours, does not let it be published.
async fn announce(node: &Node, terms: impl Fn(Instant) -> Announcement) -> Result<Option<AuctionId>, Failure> {
    let mut lead = LEAD_FIRST;
    loop {
        let submitted = Body::Submit(terms(after(lead)));
        let Answer::Submitted(auction) = enter::done(node, submitted).await? else {
            unreachable!("an announcement that is handed in is answered with its number")
        };
        let publish = Command::system(Body::Publish { auction });
        match node.submit(publish).await.map_err(Failure::broken)?.outcome {
            Ok(_) => return Ok(Some(auction)),
            Err(Refusal::TooLate { .. }) if lead < LEAD_MAX => {
                enter::done(node, Body::Reject { auction, reason: "too late".to_owned() }).await?;
                lead *= 2;
            }
            Err(refusal) => {
                tracing::warn!("the demonstration's auction is not published: {refusal}");
                enter::done(node, Body::Reject { auction, reason: refusal.to_string() }).await?;
                return Ok(None);
            }
        }
    }
}

/// The instant that lies this much ahead.
#[must_use]
pub fn after(lead: Duration) -> Instant {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default() + lead;
    Instant::from_us(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
