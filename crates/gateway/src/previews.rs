//! What an act of staff would change, shown before it is done: now and after.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::command::{Payment, Sight};
use exchange::ledger::Balances;
use exchange::markets::auction::Announcement;
use exchange::members::ApplicationStatus;
use exchange::preview::{
    AuctionPreview, FundsPreview, LotTimes, Margin, MemberPreview, NowAfter, PersonState, Preview, StaffState, Times,
};
use exchange::units::{ApplicationId, ApprovalId, AuctionId, HaltId, Instant, MemberId, Money, Sequence};
use exchange::{Body, Refusal};
use minicbor::bytes::ByteArray;
use ordering::Unavailable;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auctions::known;
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::hand::NewScope;
use crate::idempotency::{Sent, json};
use crate::live::alias_text;
use crate::members::ProfileView;
use crate::problem::{Document, Problem, status_of};
use crate::users::managed;
use crate::wire::{self, Object, shown};

/// `POST /api/v1/previews`: an act, with what it needs; its reason is not asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPreview {
    /// `publication`, `suspension`, `resumption`, `extension`, `cancellation`, `halt`, `lifting`, `freeze`, `unfreeze` or
    /// `annulment` (operator); `deposit`, `withdrawal` or `correction` (settlement); `profile` or `erasure` (admin); `approval` (of
    /// the role that asked); `admission` or `refusal` of an application (admin).
    act: String,
    /// The auction of a publication, suspension, resumption, extension, cancellation or annulment.
    #[serde(default)]
    auction: Option<u32>,
    /// The lot of an annulment.
    #[serde(default)]
    lot: Option<String>,
    /// The new `closes` of an extension.
    #[serde(default)]
    until: Option<String>,
    /// What a halt concerns.
    #[serde(default)]
    #[schema(value_type = Option<NewScope>)]
    scope: Option<Object<NewScope>>,
    /// The halt of a lifting.
    #[serde(default)]
    halt: Option<u32>,
    /// The member of a freeze, unfreeze, deposit or withdrawal.
    #[serde(default)]
    member: Option<String>,
    /// The amount of a deposit or withdrawal.
    #[serde(default)]
    amount: Option<String>,
    /// The entry whose payment is corrected.
    #[serde(default)]
    sequence: Option<u64>,
    /// The profile as it shall be.
    #[serde(default)]
    #[schema(value_type = Option<ProfileView>)]
    profile: Option<Object<ProfileView>>,
    /// What waits for a second person, of an approval.
    #[serde(default)]
    approval: Option<u32>,
    /// The application of an admission or refusal.
    #[serde(default)]
    application: Option<u32>,
    /// The member's code of an admission.
    #[serde(default)]
    code: Option<String>,
    /// The first user's login of an admission; left out: the one that was wished. The user of an erasure.
    #[serde(default)]
    login: Option<String>,
}

/// What an act would change. What it does not touch is null, or stands in no list.
#[derive(Serialize, ToSchema)]
#[schema(as = Preview)]
pub(crate) struct PreviewView {
    /// The act.
    act: String,
    /// As of when. Times that move by how long clocks stood still move on until the act is done.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// The last entry that this answer knows.
    sequence: u64,
    /// Whether the act would first wait for a second person.
    second_person: bool,
    /// The auctions that it touches, at most 100, with all their lots; what is the same now and after is unchanged.
    auctions: Vec<AuctionPreviewView>,
    /// How many further auctions it touches.
    auctions_more: usize,
    /// The margins that it releases or holds. What is held for sealed bids is not said.
    margins: Vec<MarginView>,
    /// The member whose cash it moves.
    #[schema(required)]
    funds: Option<FundsPreviewView>,
    /// The member that it freezes, or not any more.
    #[schema(required)]
    member: Option<MemberPreviewView>,
    /// The contract that it cancels.
    #[schema(required)]
    contract: Option<ContractPreview>,
    /// The rules and limits that it changes.
    #[schema(required)]
    profile: Option<ProfilePreview>,
    /// The application that it decides.
    #[schema(required)]
    application: Option<ApplicationPreviewView>,
    /// Who joins the staff, has another role in it, or gets in anew.
    #[schema(required)]
    staff: Option<StaffPreviewView>,
    /// The person whom it forgets.
    #[schema(required)]
    person: Option<PersonPreviewView>,
}

/// An auction, now and after.
#[derive(Serialize, ToSchema)]
#[schema(as = AuctionPreview)]
pub(crate) struct AuctionPreviewView {
    /// Its number.
    id: u32,
    /// What the members read first.
    title: String,
    /// As it is.
    now: TimesView,
    /// As it would be.
    after: TimesView,
    /// Its lots, in their order.
    lots: Vec<LotPreviewView>,
    /// Whether bids are held for in sealed lots that have not ended: they are released too, and how many and how much is
    /// not said.
    sealed: bool,
}

/// Status and times of an auction.
#[derive(Serialize, ToSchema)]
#[schema(as = AuctionTimes)]
pub(crate) struct TimesView {
    /// Its status.
    status: &'static str,
    /// When it opens.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    opens: Instant,
    /// When it closes.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    closes: Instant,
}

/// A lot, now and after.
#[derive(Serialize, ToSchema)]
#[schema(as = LotPreview)]
pub(crate) struct LotPreviewView {
    /// Its name within the announcement.
    code: String,
    /// As it is.
    now: LotTimesView,
    /// As it would be.
    after: LotTimesView,
}

/// Status and end of a lot.
#[derive(Serialize, ToSchema)]
#[schema(as = LotTimes)]
pub(crate) struct LotTimesView {
    /// Its status.
    status: &'static str,
    /// Its end: still to come, or when it ended.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    end: Instant,
}

/// A margin that is released or held.
#[derive(Serialize, ToSchema)]
#[schema(as = MarginPreview)]
pub(crate) struct MarginView {
    /// In which auction.
    auction: u32,
    /// For which lot.
    lot: String,
    /// The initiator's code; null for a bidder.
    #[schema(required)]
    member: Option<String>,
    /// The bidder's alias in the lot; null for the initiator.
    #[schema(required)]
    bidder: Option<String>,
    /// How much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    amount: Money,
    /// Whether it is released; else it is held.
    released: bool,
}

/// A member whose cash moves, as if nothing were held for sealed bids.
#[derive(Serialize, ToSchema)]
#[schema(as = FundsPreview)]
pub(crate) struct FundsPreviewView {
    /// Its code.
    member: String,
    /// As it is.
    now: CashView,
    /// As it would be.
    after: CashView,
}

/// Cash.
#[derive(Serialize, ToSchema)]
#[schema(as = Cash)]
pub(crate) struct CashView {
    /// What can be used.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    available: Money,
    /// What is held.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    held: Money,
}

/// A member that is frozen, or not any more.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberPreview)]
pub(crate) struct MemberPreviewView {
    /// Its code.
    code: String,
    /// As it is.
    now: FreezeView,
    /// As it would be.
    after: FreezeView,
    /// How many open lots it leads: unchanged.
    leads: u32,
    /// How many of its auctions are published and have not ended: unchanged.
    auctions: u32,
}

/// Whether a member is frozen.
#[derive(Serialize, ToSchema)]
#[schema(as = Freeze)]
pub(crate) struct FreezeView {
    /// Whether it is.
    frozen: bool,
    /// How many sessions its users have.
    sessions: u32,
}

/// A contract that is cancelled.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContractPreview {
    /// Its number.
    id: u32,
    /// `awaiting_payment`.
    now: &'static str,
    /// `cancelled`.
    after: &'static str,
}

/// The rules and limits, now and after.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProfilePreview {
    /// As they are.
    now: ProfileView,
    /// As they would be.
    after: ProfileView,
}

/// An application that is decided.
#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationPreview)]
pub(crate) struct ApplicationPreviewView {
    /// Its number.
    id: u32,
    /// As it is.
    now: DecisionView,
    /// As it would be.
    after: DecisionView,
}

/// Where an application stands, and how many there are to join.
#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationDecision)]
pub(crate) struct DecisionView {
    /// `waiting`, `refused` or `admitted`.
    status: &'static str,
    /// How many members the venue has.
    members: u32,
    /// How many users the venue has, keys of members' systems among them.
    users: u32,
}

/// One of the staff, or who joins it.
#[derive(Serialize, ToSchema)]
#[schema(as = StaffPreview)]
pub(crate) struct StaffPreviewView {
    /// Its number; null of who joins.
    #[schema(required)]
    user: Option<u32>,
    /// As it is; null of who joins.
    #[schema(required)]
    now: Option<StaffView>,
    /// As it would be.
    #[schema(required)]
    after: Option<StaffView>,
    /// How many users have the role that it would have, now.
    of_role_now: u32,
    /// And afterwards.
    of_role_after: u32,
}

/// A person who is to be forgotten.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonPreview)]
pub(crate) struct PersonPreviewView {
    /// Its number, which stays.
    user: u32,
    /// As it is.
    now: PersonView,
    /// As it would be.
    after: PersonView,
}

/// By what a person signs in, and is reached.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonState)]
pub(crate) struct PersonView {
    /// How many sessions it has.
    sessions: u32,
    /// Whether it has a password.
    password: bool,
    /// Whether it has a second factor.
    second_factor: bool,
    /// Whether it has said how it is to be told of notices.
    notices: bool,
}

/// What one of the staff is, and how it signs in.
#[derive(Serialize, ToSchema)]
#[schema(as = StaffState)]
pub(crate) struct StaffView {
    /// What it may do.
    role: &'static str,
    /// Whether its password serves once and must be replaced.
    new_password_required: bool,
    /// Whether it has a second factor.
    second_factor: bool,
    /// How many sessions it has.
    sessions: u32,
}

/// What an act of staff would change. Nothing changes; what the act would be refused for, this is. Where it shows a
/// member's funds, the look enters the audit trail before it is answered.
#[utoipa::path(post, path = "/api/v1/previews", tag = "hand", request_body = NewPreview,
    responses((status = 200, body = PreviewView), (status = 403, body = Document<'static>),
        (status = 404, body = Document<'static>), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn post(
    State(gateway): State<Gateway>,
    caller: Caller,
    sent: Sent<NewPreview>,
) -> Result<Response, Problem> {
    let asked = sent.body;
    let body = asked.body(&gateway, &caller)?;
    if !caller.role.may(body.act()) {
        return Err(Problem::forbidden());
    }
    let payer = match &body {
        Body::Deposit(payment) | Body::Withdraw(payment) => Some(payment.member),
        _ => None,
    };
    let (node, user) = (gateway.node.clone(), caller.user);
    // The state is looked at under its lock, for which the engine may let others wait.
    let looked = tokio::task::spawn_blocking(move || {
        node.read(|exchange| {
            let at = exchange.now().max(Gateway::now());
            (exchange.preview(&body, Some(user), at), exchange.sequence(), at)
        })
    });
    let (preview, sequence, at) =
        looked.await.map_err(|stopped| Problem::from(Unavailable::Refused(stopped.to_string())))?;
    // To be shown what a member has, or that it has not enough, is a look at its funds: it is in the log first.
    let looks = match &preview {
        Ok(preview) => preview.funds.map(|funds| Some(funds.member)),
        Err(Refusal::InsufficientCash { .. }) => Some(payer),
        Err(_) => None,
    };
    if let Some(member) = looks {
        gateway.look(&caller, Sight::Funds, member).await?;
    }
    let preview = preview.map_err(|refusal| refused(&refusal))?;
    Ok(json(StatusCode::OK, &Rendering::of(&gateway, &preview).view(asked.act, preview, (sequence, at))))
}

/// As the act would be refused, but by no entry.
fn refused(refusal: &Refusal) -> Problem {
    Problem::new(status_of(refusal), refusal.reason(), refusal.to_string())
}

impl NewPreview {
    /// The act as a command; it has no reason yet, and none is judged.
    fn body(&self, gateway: &Gateway, caller: &Caller) -> Result<Body, Problem> {
        let needs = |what: &str| Problem::bad_request("invalid_body", format!("{} needs {what}", self.act));
        let reason = String::new;
        let auction = || -> Result<AuctionId, Problem> {
            let id = self.auction.ok_or_else(|| needs("auction"))?;
            known(gateway, caller, &id.to_string())
        };
        let member =
            || -> Result<MemberId, Problem> { gateway.member(self.member.as_deref().ok_or_else(|| needs("member"))?) };
        let payment = || -> Result<Payment, Problem> {
            let amount = wire::amount("amount", self.amount.as_deref().ok_or_else(|| needs("amount"))?)?;
            Ok(Payment { member: member()?, amount, reference: "preview".to_owned() })
        };
        Ok(match self.act.as_str() {
            "publication" => Body::Publish { auction: auction()? },
            "suspension" => Body::Suspend { auction: auction()?, reason: reason() },
            "resumption" => Body::Resume { auction: auction()?, reason: reason() },
            "extension" => {
                let until = wire::instant("until", self.until.as_deref().ok_or_else(|| needs("until"))?)?;
                Body::Extend { auction: auction()?, until, reason: reason() }
            }
            "cancellation" => Body::Cancel { auction: auction()?, reason: reason() },
            "halt" => {
                let scope = self.scope.as_ref().ok_or_else(|| needs("scope"))?.0.scope()?;
                Body::Halt { scope, reason: reason() }
            }
            "lifting" => {
                let halt = HaltId(self.halt.ok_or_else(|| needs("halt"))?);
                Body::LiftHalt { halt, reason: reason() }
            }
            "freeze" => Body::FreezeMember { member: member()?, reason: reason() },
            "unfreeze" => Body::UnfreezeMember { member: member()?, reason: reason() },
            "annulment" => {
                let (auction, code) = (auction()?, self.lot.as_deref().ok_or_else(|| needs("lot"))?);
                let lot = gateway.live.read(|picture| Some(picture.auction(auction)?.lot_by_code(code)?.0));
                Body::Annul { auction, lot: lot.ok_or_else(Problem::unknown_lot)?, reason: reason() }
            }
            "correction" => {
                let payment = Sequence(self.sequence.ok_or_else(|| needs("sequence"))?);
                Body::Correct { payment, reason: reason() }
            }
            "deposit" => Body::Deposit(payment()?),
            "withdrawal" => Body::Withdraw(payment()?),
            "profile" => {
                let wished = &self.profile.as_ref().ok_or_else(|| needs("profile"))?.0;
                wished.change(gateway)?
            }
            "admission" | "refusal" => {
                let application = ApplicationId(self.application.ok_or_else(|| needs("application"))?);
                if self.act == "refusal" {
                    return Ok(Body::RefuseApplicant { application, reason: reason() });
                }
                let code = self.code.clone().ok_or_else(|| needs("code"))?;
                let wished = gateway.live.read(|picture| {
                    let application = picture.applications.application(application)?;
                    Some((application.applicant.login_tag, application.applicant.personal.clone()))
                });
                let (wished, personal) = wished.ok_or_else(Problem::unknown_application)?;
                let named = |login: &str| ByteArray::from(gateway.node.vault().login_tag(login));
                let login_tag = self.login.as_deref().map_or(wished, named);
                let password_hash = String::new();
                Body::AdmitApplicant { application, code, login_tag, personal, password_hash, amended: None }
            }
            "erasure" => {
                let login = self.login.as_deref().ok_or_else(|| needs("login"))?;
                Body::AskErasure { user: managed(gateway, caller, login)? }
            }
            "approval" => {
                let approval = ApprovalId(self.approval.ok_or_else(|| needs("approval"))?);
                Body::Approve { approval, password_hash: None }
            }
            _ => return Err(Problem::invalid("invalid_act", "act is unknown; /api/openapi.json lists the acts")),
        })
    }
}

/// What a preview is written with: the words of its auctions and members, taken out of the picture.
struct Rendering {
    auctions: Vec<(AuctionId, Arc<Announcement>)>,
    members: Vec<(MemberId, Arc<str>)>,
}

impl Rendering {
    fn of(gateway: &Gateway, preview: &Preview) -> Self {
        let mut members: Vec<MemberId> = preview.margins.iter().map(|margin| margin.member).collect();
        members.extend(preview.funds.map(|funds| funds.member));
        members.extend(preview.member.map(|member| member.member));
        members.sort_unstable();
        members.dedup();
        gateway.live.read(|picture| Rendering {
            auctions: preview
                .auctions
                .iter()
                .filter_map(|shown| Some((shown.id, Arc::clone(&picture.auction(shown.id)?.terms))))
                .collect(),
            members: members.into_iter().filter_map(|id| Some((id, Arc::clone(&picture.member(id)?.code)))).collect(),
        })
    }

    fn terms(&self, id: AuctionId) -> Option<&Announcement> {
        self.auctions.iter().find(|(auction, _)| *auction == id).map(|(_, terms)| &**terms)
    }

    fn code(&self, id: MemberId) -> String {
        self.members.iter().find(|(member, _)| *member == id).map(|(_, code)| code.to_string()).unwrap_or_default()
    }

    fn view(&self, act: String, preview: Preview, (sequence, at): (Sequence, Instant)) -> PreviewView {
        PreviewView {
            act,
            at,
            sequence: sequence.0,
            second_person: preview.second_person,
            auctions: preview.auctions.iter().filter_map(|shown| self.auction(shown)).collect(),
            auctions_more: preview.auctions_more,
            margins: preview.margins.iter().filter_map(|margin| self.margin(margin)).collect(),
            funds: preview.funds.map(|FundsPreview { member, balances }| FundsPreviewView {
                member: self.code(member),
                now: CashView::of(balances.now),
                after: CashView::of(balances.after),
            }),
            member: preview.member.map(|member| self.member(member)),
            contract: preview.contract.map(|id| ContractPreview {
                id: id.0,
                now: "awaiting_payment",
                after: "cancelled",
            }),
            profile: preview.profile.map(|profile| ProfilePreview {
                now: ProfileView::of(&profile.now),
                after: ProfileView::of(&profile.after),
            }),
            application: preview.application.map(|shown| {
                let view =
                    |status: ApplicationStatus, members, users| DecisionView { status: status.word(), members, users };
                ApplicationPreviewView {
                    id: shown.application.0,
                    now: view(shown.status.now, shown.members.now, shown.users.now),
                    after: view(shown.status.after, shown.members.after, shown.users.after),
                }
            }),
            staff: preview.staff.map(|shown| StaffPreviewView {
                user: shown.user.map(|user| user.0),
                now: shown.state.now.map(StaffView::of),
                after: shown.state.after.map(StaffView::of),
                of_role_now: shown.of_role.now,
                of_role_after: shown.of_role.after,
            }),
            person: preview.person.map(|shown| PersonPreviewView {
                user: shown.user.0,
                now: PersonView::of(shown.state.now),
                after: PersonView::of(shown.state.after),
            }),
        }
    }

    /// Of an auction that the picture does not have yet, nothing is said; it has every one that was published.
    fn auction(&self, shown: &AuctionPreview) -> Option<AuctionPreviewView> {
        let terms = self.terms(shown.id)?;
        let NowAfter { now, after } = shown.times;
        let lots = terms.lots.iter().zip(&shown.lots).map(|(terms, lot)| LotPreviewView {
            code: terms.code.clone(),
            now: LotTimesView::of(lot.now),
            after: LotTimesView::of(lot.after),
        });
        Some(AuctionPreviewView {
            id: shown.id.0,
            title: terms.title.clone(),
            now: TimesView::of(now),
            after: TimesView::of(after),
            lots: lots.collect(),
            sealed: shown.sealed,
        })
    }

    fn margin(&self, margin: &Margin) -> Option<MarginView> {
        let lot = self.terms(margin.auction)?.lots.get(usize::from(margin.lot.0))?;
        Some(MarginView {
            auction: margin.auction.0,
            lot: lot.code.clone(),
            member: if margin.alias.is_none() { Some(self.code(margin.member)) } else { None },
            bidder: margin.alias.map(alias_text),
            amount: margin.amount,
            released: margin.released,
        })
    }

    fn member(&self, shown: MemberPreview) -> MemberPreviewView {
        let MemberPreview { member, frozen, sessions, leads, auctions } = shown;
        MemberPreviewView {
            code: self.code(member),
            now: FreezeView { frozen: frozen.now, sessions: sessions.now },
            after: FreezeView { frozen: frozen.after, sessions: sessions.after },
            leads,
            auctions,
        }
    }
}

impl TimesView {
    const fn of(times: Times) -> Self {
        TimesView { status: times.status.word(), opens: times.opens, closes: times.closes }
    }
}

impl LotTimesView {
    const fn of(lot: LotTimes) -> Self {
        LotTimesView { status: lot.status.word(), end: lot.end }
    }
}

impl PersonView {
    const fn of(state: PersonState) -> Self {
        let PersonState { sessions, password, second_factor, notices } = state;
        PersonView { sessions, password, second_factor, notices }
    }
}

impl StaffView {
    const fn of(state: StaffState) -> Self {
        StaffView {
            role: state.role.word(),
            new_password_required: state.single_use,
            second_factor: state.second_factor,
            sessions: state.sessions,
        }
    }
}

impl CashView {
    fn of(balances: Balances) -> Self {
        CashView { available: balances.available, held: balances.held() }
    }
}
