//! What an act of staff would change, shown before it is done: now and after. It is judged and worked out by the functions
//! that the act itself uses, from the state as it stands; nothing changes, and nothing enters the log.
//!
//! It is for the eyes of staff: of a sealed lot that has not ended it says nothing that they may not know, and cash is
//! judged as if nothing were held for sealed bids. So the act itself may be refused for want of cash all the same.

use crate::approvals::Act;
use crate::command::{Body, Payment};
use crate::exchange::Exchange;
use crate::ledger::{Account, Balances, Eyes};
use crate::markets::auction::hand::Clocks;
use crate::markets::auction::{Auction, AuctionStatus, LotStatus};
use crate::members::{Admission, ApplicationStatus, Role, SecondFactor};
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::units::{ApplicationId, AuctionId, ContractId, Instant, LotIndex, MemberId, Money, UserId};

/// How many auctions one preview shows in full, and how many lots unless the first auction has more.
const AUCTIONS_MOST: usize = 100;
const LOTS_MOST: usize = 2_000;

/// Something as it is, and as the act would leave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NowAfter<T> {
    /// As it is.
    pub now: T,
    /// As it would be.
    pub after: T,
}

/// What an act would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Whether it would first wait for a second person.
    pub second_person: bool,
    /// The auctions that it touches, as far as they are shown.
    pub auctions: Vec<AuctionPreview>,
    /// How many further auctions it touches.
    pub auctions_more: usize,
    /// The margins that it releases or holds, of the auctions shown. What is held for sealed bids is not among them.
    pub margins: Vec<Margin>,
    /// The member whose cash it moves.
    pub funds: Option<FundsPreview>,
    /// The member that it freezes, or not any more.
    pub member: Option<MemberPreview>,
    /// The contract that it cancels.
    pub contract: Option<ContractId>,
    /// The rules and limits that it changes.
    pub profile: Option<Box<NowAfter<Profile>>>,
    /// The application that it decides.
    pub application: Option<ApplicationPreview>,
    /// Who joins the staff, or gets another role in it, or in anew.
    pub staff: Option<StaffPreview>,
    /// The person whom it forgets.
    pub person: Option<PersonPreview>,
}

/// Status and times of an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Its status.
    pub status: AuctionStatus,
    /// When it opens.
    pub opens: Instant,
    /// When it closes.
    pub closes: Instant,
}

/// Status and end of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotTimes {
    /// Its status.
    pub status: LotStatus,
    /// Its end: still to come, or when it ended.
    pub end: Instant,
}

/// An auction that the act touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuctionPreview {
    /// Which.
    pub id: AuctionId,
    /// Its status and times.
    pub times: NowAfter<Times>,
    /// All its lots, in their order.
    pub lots: Vec<NowAfter<LotTimes>>,
    /// Whether it is sealed and has lots that have not ended: what is held for their bids is not said.
    pub sealed: bool,
}

/// A margin that is released or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Margin {
    /// In which auction.
    pub auction: AuctionId,
    /// For which lot.
    pub lot: LotIndex,
    /// Whose.
    pub member: MemberId,
    /// The bidder's alias in the lot; `None`: it is the initiator's.
    pub alias: Option<u32>,
    /// How much.
    pub amount: Money,
    /// Whether it is released; else it is held.
    pub released: bool,
}

/// A member whose cash moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundsPreview {
    /// Which.
    pub member: MemberId,
    /// Its balances, as if nothing were held for sealed bids.
    pub balances: NowAfter<Balances>,
}

/// A member that is frozen, or not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberPreview {
    /// Which.
    pub member: MemberId,
    /// Whether it is frozen.
    pub frozen: NowAfter<bool>,
    /// How many sessions of its people there are.
    pub sessions: NowAfter<u32>,
    /// How many open lots it leads: that stands.
    pub leads: u32,
    /// How many of its auctions are published and have not ended: they stand.
    pub auctions: u32,
}

/// An application that is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplicationPreview {
    /// Which.
    pub application: ApplicationId,
    /// Where it stands.
    pub status: NowAfter<ApplicationStatus>,
    /// How many members there are.
    pub members: NowAfter<u32>,
    /// How many users there are, keys of members' systems among them.
    pub users: NowAfter<u32>,
}

/// One of the staff, or who joins it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffPreview {
    /// Which; `None`: who joins.
    pub user: Option<UserId>,
    /// What it is, and is known of how it signs in; `None`: it is no user yet.
    pub state: NowAfter<Option<StaffState>>,
    /// How many of the staff have the role that it has afterwards.
    pub of_role: NowAfter<u32>,
}

/// A person who is to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonPreview {
    /// Which.
    pub user: UserId,
    /// What is there of it, beside what it is called.
    pub state: NowAfter<PersonState>,
}

/// By what a person signs in, and is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonState {
    /// How many sessions it has.
    pub sessions: u32,
    /// Whether it has a password.
    pub password: bool,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// Whether it has said how it is to be told of notices.
    pub notices: bool,
}

/// What one of the staff is, and how it signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffState {
    /// What it may do.
    pub role: Role,
    /// Whether its password serves once.
    pub single_use: bool,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// How many sessions it has.
    pub sessions: u32,
}

impl Exchange {
    /// What an act would change at `at` (at the last stamp, where that is later), asked by this user. The reason that
    /// staff give is not judged.
    ///
    /// # Errors
    /// Why the act would be refused; of an act with a second person, why that one's agreement would be. `Forbidden`: what
    /// is no act of staff has no preview.
    pub fn preview(&self, body: &Body, by: Option<UserId>, at: Instant) -> Result<Preview, Refusal> {
        let at = at.max(self.now);
        let clocks =
            |id: AuctionId, clocks: Clocks| Preview { auctions: vec![self.moved(id, clocks)], ..Preview::default() };
        match body {
            Body::Publish { auction } => self.preview_publication(*auction, at),
            Body::Suspend { auction, .. } => self.judge_suspension(*auction).map(|after| clocks(*auction, after)),
            Body::Resume { auction, .. } => self.judge_resumption(*auction, at).map(|after| clocks(*auction, after)),
            Body::Extend { auction, until, .. } => {
                self.judge_extension(*auction, *until).map(|after| clocks(*auction, after))
            }
            Body::Cancel { auction, .. } => self.preview_cancellation(*auction, at),
            Body::Halt { scope, .. } => {
                self.judge_halt(scope)?;
                Ok(self.many(self.concerned(scope), |auction| auction.clocks_stopped()))
            }
            Body::LiftHalt { halt, .. } => {
                let concerned = self.concerned(&self.judge_lifting(*halt)?.scope);
                Ok(self.many(concerned, |auction| self.clocks_without(auction.id, *halt, at)))
            }
            Body::FreezeMember { member, .. } => self.preview_freeze(*member, true),
            Body::UnfreezeMember { member, .. } => self.preview_freeze(*member, false),
            Body::Annul { auction, lot, .. } => {
                let preview = self.preview_annulment((*auction, *lot))?;
                Ok(Preview { second_person: by.is_some(), ..preview })
            }
            Body::Correct { payment, .. } => {
                let (_, paid) = self.judge_correction(*payment, Eyes::Staff)?;
                let funds = self.cash_moves(paid.member, paid.turned_round(), paid.amount);
                Ok(Preview { second_person: by.is_some(), ..funds })
            }
            Body::Deposit(payment) | Body::Withdraw(payment) => {
                let preview = self.preview_payment(payment, matches!(body, Body::Withdraw(_)))?;
                Ok(Preview { second_person: by.is_some() && self.needs_second_person(payment), ..preview })
            }
            Body::SetProfile(profile) | Body::ChangeProfile { profile, .. } => {
                if let Body::ChangeProfile { base, .. } = body {
                    self.judge_base(Some(base))?;
                }
                let preview = self.preview_profile(profile)?;
                Ok(Preview { second_person: by.is_some() && self.profile.has_second_hand(), ..preview })
            }
            Body::Approve { approval, .. } => match self.judge_decision(by, *approval)?.1 {
                Act::Deposit(payment) => self.preview_payment(&payment, false),
                Act::Withdraw(payment) => self.preview_payment(&payment, true),
                Act::Annul { auction, lot, .. } => self.preview_annulment((auction, lot)),
                Act::Correct { payment, .. } => {
                    let (_, paid) = self.judge_correction(payment.sequence, Eyes::Staff)?;
                    Ok(self.cash_moves(paid.member, paid.turned_round(), paid.amount))
                }
                Act::SetProfile(profile) => self.preview_profile(&profile),
                Act::ChangeProfile { profile, base } => {
                    self.judge_base(Some(&base))?;
                    self.preview_profile(&profile)
                }
                Act::AddStaff { role, login_tag, personal } => {
                    self.judge_new_user(role, None, &login_tag, (&personal, ""))?;
                    let joins = StaffState { role, single_use: true, second_factor: false, sessions: 0 };
                    Ok(self.staff(None, joins))
                }
                Act::SetRole { user, role } => {
                    if by == Some(user) {
                        return Err(Refusal::SamePerson);
                    }
                    self.judge_role(user, role)?;
                    Ok(self.staff_changed(user, |now| StaffState { role, ..now }))
                }
                Act::ResetPassword(user) => {
                    self.judge_reset(user)?;
                    Ok(self.staff_changed(user, |now| StaffState { single_use: true, ..now }))
                }
                Act::RemoveSecondFactor(user) => {
                    self.judge_second_factor(user)?;
                    Ok(self.staff_changed(user, |now| StaffState { second_factor: false, ..now }))
                }
                Act::Erase(user) if by == Some(user) => Err(Refusal::SamePerson),
                Act::Erase(user) => self.preview_erasure(user),
                // Of who never signed in there is nothing but the name.
                Act::ForgetApplicant(_) => Err(Refusal::Forbidden),
            },
            Body::AskErasure { user } => Ok(Preview { second_person: by.is_some(), ..self.preview_erasure(*user)? }),
            Body::AdmitApplicant { application, code, login_tag, personal, password_hash, amended } => {
                let (login_tag, amended) = (*login_tag, *amended);
                let admission = Admission { code, login_tag, personal, password_hash, amended };
                self.judge_admission(*application, &admission)?;
                Ok(self.decides(*application, ApplicationStatus::Admitted, 1))
            }
            Body::RefuseApplicant { application, .. } => {
                self.judge_waiting(*application)?;
                Ok(self.decides(*application, ApplicationStatus::Refused, 0))
            }
            _ => Err(Refusal::Forbidden),
        }
    }

    /// What [`Exchange::erase`] takes from a person: all of it.
    fn preview_erasure(&self, id: UserId) -> Result<Preview, Refusal> {
        self.judge_erasure(id)?;
        let user = self.members.user(id).expect("judged before");
        let now = PersonState {
            sessions: count(user.sessions.len()),
            password: !user.password_hash.is_empty(),
            second_factor: user.second.as_ref().is_some_and(SecondFactor::serves),
            notices: user.notices.is_some(),
        };
        let state = NowAfter { now, after: PersonState::default() };
        Ok(Preview { person: Some(PersonPreview { user: id, state }), ..Preview::default() })
    }

    /// Somebody of the staff whose sessions end.
    fn staff_changed(&self, id: UserId, after: impl Fn(StaffState) -> StaffState) -> Preview {
        let user = self.members.user(id).expect("judged before");
        let now = StaffState {
            role: user.role,
            single_use: user.single_use,
            second_factor: user.second.as_ref().is_some_and(SecondFactor::serves),
            sessions: count(user.sessions.len()),
        };
        self.staff(Some((id, now)), StaffState { sessions: 0, ..after(now) })
    }

    fn staff(&self, now: Option<(UserId, StaffState)>, after: StaffState) -> Preview {
        let of_role =
            count(self.members.users.iter().filter(|user| user.role == after.role && user.forgotten.is_none()).count());
        let (user, now) = now.unzip();
        let joins = u32::from(now.is_none_or(|now| now.role != after.role));
        let staff = StaffPreview {
            user,
            state: NowAfter { now, after: Some(after) },
            of_role: NowAfter { now: of_role, after: of_role + joins },
        };
        Preview { staff: Some(staff), ..Preview::default() }
    }

    /// An application is decided, and so many firms join with their first users.
    fn decides(&self, application: ApplicationId, after: ApplicationStatus, join: u32) -> Preview {
        let more = |count: usize| {
            let now = u32::try_from(count).expect("fewer than 2^32 of them");
            NowAfter { now, after: now + join }
        };
        let application = ApplicationPreview {
            application,
            status: NowAfter { now: ApplicationStatus::Waiting, after },
            members: more(self.members.members.len()),
            users: more(self.members.users.len()),
        };
        Preview { application: Some(application), ..Preview::default() }
    }

    fn preview_publication(&self, id: AuctionId, at: Instant) -> Result<Preview, Refusal> {
        let margins = self.judge_publication(id, at, Eyes::Staff)?;
        let auction = self.auction(id).expect("judged above");
        let after = auction.published_at(at);
        let status = if after.status == AuctionStatus::Running { LotStatus::Running } else { LotStatus::Waiting };
        // A lot that was not published has no end of its own yet.
        let now = |status| LotTimes { status, end: after.end };
        let lots = auction.lots.iter().map(|lot| NowAfter { now: now(lot.status), after: now(status) }).collect();
        let times = NowAfter { now: auction.times(), after: Times { status: after.status, ..auction.times() } };
        let margin = |(lot, amount)| Margin {
            auction: id,
            lot,
            member: auction.terms.initiator,
            alias: None,
            amount,
            released: false,
        };
        Ok(Preview {
            auctions: vec![AuctionPreview { id, times, lots, sealed: auction.terms.is_sealed() }],
            margins: (0u16..).map(LotIndex).zip(margins).map(margin).collect(),
            ..Preview::default()
        })
    }

    fn preview_cancellation(&self, id: AuctionId, at: Instant) -> Result<Preview, Refusal> {
        let auction = self.judge_hand(id)?;
        let mut preview = auction.preview(Times { status: AuctionStatus::Cancelled, ..auction.times() }, |_| {
            LotTimes { status: LotStatus::Cancelled, end: at }
        });
        let mut margins = Vec::new();
        for (index, lot) in (0u16..).map(LotIndex).zip(&auction.lots).filter(|(_, lot)| !lot.status.has_ended()) {
            for held in lot.margins(auction.terms.initiator).into_iter().flatten() {
                let alias = if held.initiator { None } else { lot.alias(held.member) };
                let (member, amount) = (held.member, held.amount);
                margins.push(Margin { auction: id, lot: index, member, alias, amount, released: true });
            }
        }
        preview.sealed = auction.terms.is_sealed();
        Ok(Preview { auctions: vec![preview], margins, ..Preview::default() })
    }

    fn preview_annulment(&self, (id, index): (AuctionId, LotIndex)) -> Result<Preview, Refusal> {
        let contract = self.judge_annulment((id, index))?;
        let auction = self.auction(id).expect("judged above");
        let mut preview = auction.preview(auction.times(), |now| now);
        preview.lots[usize::from(index.0)].after.status = LotStatus::Annulled;
        let margins = contract.margins().map(|((_, to), amount)| {
            let member = to.member().expect("a margin is a member's");
            let alias = auction.lots[usize::from(index.0)].alias(member);
            Margin { auction: id, lot: index, member, alias, amount, released: true }
        });
        let contract = Some(contract.id);
        Ok(Preview { auctions: vec![preview], margins: margins.into(), contract, ..Preview::default() })
    }

    fn preview_freeze(&self, id: MemberId, freezes: bool) -> Result<Preview, Refusal> {
        self.judge_freeze(id, freezes)?;
        let sessions = count(self.members.people_of(id).map(|user| user.sessions.len()).sum());
        let live = || self.live.iter().filter_map(|id| self.auction(*id));
        let open = live().flat_map(|auction| auction.lots.iter().filter(|lot| !lot.status.has_ended()));
        let member = MemberPreview {
            member: id,
            frozen: NowAfter { now: !freezes, after: freezes },
            sessions: NowAfter { now: sessions, after: if freezes { 0 } else { sessions } },
            leads: count(open.filter(|lot| lot.lead.is_some_and(|lead| lead.member == id)).count()),
            auctions: count(live().filter(|auction| auction.terms.initiator == id).count()),
        };
        Ok(Preview { member: Some(member), ..Preview::default() })
    }

    fn preview_payment(&self, payment: &Payment, out: bool) -> Result<Preview, Refusal> {
        self.judge_payment(payment)?;
        let available = Account::Available(payment.member);
        if !out {
            return Ok(self.cash_moves(payment.member, (Account::Bank, available), payment.amount));
        }
        self.judge_withdrawal(payment, Eyes::Staff)?;
        Ok(self.cash_moves(payment.member, (available, Account::Bank), payment.amount))
    }

    fn preview_profile(&self, profile: &Profile) -> Result<Preview, Refusal> {
        profile.check().map_err(Refusal::InvalidProfile)?;
        self.judge_rules(profile)?;
        let profile = NowAfter { now: self.profile.clone(), after: profile.clone() };
        Ok(Preview { profile: Some(Box::new(profile)), ..Preview::default() })
    }

    /// Cash goes between the bank and what a member has available.
    fn cash_moves(&self, member: MemberId, (from, _): (Account, Account), amount: Money) -> Preview {
        let now = self.ledger.balances(member).in_public();
        let by = if from == Account::Bank { amount } else { -amount };
        let after = Balances { available: now.available + by, ..now };
        let funds = FundsPreview { member, balances: NowAfter { now, after } };
        Preview { funds: Some(funds), ..Preview::default() }
    }

    fn moved(&self, id: AuctionId, clocks: Clocks) -> AuctionPreview {
        let auction = self.auction(id).expect("judged before");
        let Clocks { status, opens, closes, ends } = clocks;
        auction.preview(Times { status, opens, closes }, |lot| LotTimes { end: ends.of(lot.end), ..lot })
    }

    /// Many auctions, as many as are shown.
    fn many(&self, ids: Vec<AuctionId>, after: impl Fn(&Auction) -> Clocks) -> Preview {
        let (all, mut lots, mut auctions) = (ids.len(), 0, Vec::new());
        for auction in ids.into_iter().filter_map(|id| self.auction(id)).take(AUCTIONS_MOST) {
            lots += auction.lots.len();
            if lots > LOTS_MOST && !auctions.is_empty() {
                break;
            }
            auctions.push(self.moved(auction.id, after(auction)));
        }
        Preview { auctions_more: all - auctions.len(), auctions, ..Preview::default() }
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Auction {
    const fn times(&self) -> Times {
        Times { status: self.status, opens: self.opens, closes: self.closes }
    }

    /// With these times, and what becomes of each lot that has not ended.
    fn preview(&self, times: Times, after: impl Fn(LotTimes) -> LotTimes) -> AuctionPreview {
        let lots = self.lots.iter().map(|lot| {
            let now = LotTimes { status: lot.status, end: lot.end };
            NowAfter { now, after: if lot.status.has_ended() { now } else { after(now) } }
        });
        AuctionPreview {
            id: self.id,
            times: NowAfter { now: self.times(), after: times },
            lots: lots.collect(),
            sealed: false,
        }
    }
}
