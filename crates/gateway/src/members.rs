//! Firms and the venue profile.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::units::{Instant, Money, Span, UtcOffset};
use exchange::{Answer, Body, Profile, Refusal};
use minicbor::bytes::ByteArray;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::funds;
use crate::gateway::Gateway;
use crate::hours::HoursView;
use crate::idempotency::{Asked, answer, json};
use crate::problem::{Document, Problem, outcome};
use crate::query::{self, PAGE_MAX, Params};
use crate::sessions::Done;
use crate::text::{hex, unhex};
use crate::view::Page;
use crate::wire::{self, NewMember};

/// A firm.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberView<'p> {
    /// Its code.
    code: &'p str,
    /// Its name.
    name: &'p str,
    /// Since when and why it is frozen; null where it is not.
    #[schema(required)]
    frozen: Option<FrozenView<'p>>,
}

/// That a member is frozen.
#[derive(Serialize, ToSchema)]
#[schema(as = Frozen)]
pub(crate) struct FrozenView<'p> {
    /// Since when.
    #[serde(serialize_with = "wire::shown")]
    #[schema(value_type = String)]
    since: Instant,
    /// Why.
    reason: &'p str,
}

/// Something has entered a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Added {
    /// Its number.
    id: u32,
    /// The entry that did it.
    sequence: u64,
}

/// The rules and limits of a venue.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Profile)]
pub(crate) struct ProfileView {
    /// Which version of the rules is in force.
    rules: u32,
    /// Whether auctions for sale are allowed.
    sale: bool,
    /// Whether procurement auctions are allowed.
    procurement: bool,
    /// Whether sealed auctions are allowed.
    sealed: bool,
    /// Whether an announcement may only name products of the catalogue.
    catalogue_closed: bool,
    /// Two stamps further apart have an outage between them; null: only an entry of its own makes one.
    outage_after: Option<String>,
    /// A deposit or withdrawal above it needs a second person; null: none does.
    second_person_above: Option<String>,
    /// How long an answer is surely remembered.
    idempotency_window: String,
    /// How many answers are remembered once they are older than the window.
    idempotency_keys_max: u32,
    /// How many keys younger than the window one user may have.
    idempotency_keys_per_user_max: u32,
    /// How many lots one announcement may have.
    lots_max: u16,
    /// How many announcements of one member may be waiting for approval or running.
    auctions_per_member_max: u32,
    /// How many sessions one user may have; a further one ends the oldest.
    sessions_per_user_max: u16,
    /// How many acts may wait for a second person.
    approvals_max: u32,
    /// How many sealed bids one bidder may make for one lot.
    sealed_bids_per_lot_max: u16,
    /// Whether titles, codes and names must have a sensible length.
    texts_checked: bool,
    /// When an announcement may open and close; null: at any time.
    #[serde(default)]
    #[schema(required)]
    hours: Option<HoursView>,
    /// How the venue's clocks stand, for the day of its quotes, all of history included; left out, it is `+08:00`.
    #[serde(default = "china")]
    utc_offset: String,
    /// How long before its end those who take part in a lot are told so; null: they are not.
    #[serde(default)]
    #[schema(required)]
    ends_soon_before: Option<String>,
    /// How long a password serves that somebody else has given and that must be replaced; null: without an end.
    #[serde(default)]
    #[schema(required)]
    first_password_lasts: Option<String>,
    /// How long after its refusal who applied in vain is remembered, and then forgotten; null: until two admins forget it. It came
    /// with rules 3.
    #[serde(default)]
    #[schema(required)]
    refused_kept: Option<String>,
    /// How many bytes of files one member may keep; null: 1 GiB.
    #[serde(default)]
    #[schema(required)]
    file_bytes_per_member_max: Option<u64>,
    /// How many files one member may keep; null: 1,000.
    #[serde(default)]
    #[schema(required)]
    files_per_member_max: Option<u32>,
    /// How many bytes of files the venue keeps in all; null: 20 GiB.
    #[serde(default)]
    #[schema(required)]
    file_bytes_max: Option<u64>,
    /// By what these settings are known again. A change is refused with `changed_meanwhile` where they are others by now than those
    /// that it names; left out, it is made from those in force when it is asked.
    #[serde(default)]
    #[schema(required)]
    revision: Option<String>,
}

fn china() -> String {
    UtcOffset::CHINA.to_string()
}

/// Where a page of a table by number goes on.
pub(crate) fn after(params: &mut Params) -> Result<usize, Problem> {
    let Some(text) = params.take("cursor") else { return Ok(0) };
    query::id(&text)
        .map(|id| id as usize)
        .ok_or_else(|| Problem::invalid("invalid_cursor", "cursor is none of this list; begin without one"))
}

/// One page of a table whose rows are numbered from 1, without a gap.
pub(crate) fn page<'t, T, V: Serialize>(
    table: &'t [T],
    after: usize,
    limit: usize,
    view: impl Fn(&'t T) -> V,
) -> Response {
    let rest = table.get(after..).unwrap_or_default();
    let items: Vec<V> = rest.iter().take(limit).map(view).collect();
    let next = (rest.len() > limit).then(|| (after + limit).to_string());
    json(StatusCode::OK, &Page { items, next })
}

/// The members, in the order in which they joined.
#[utoipa::path(get, path = "/api/v1/members", tag = "members",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<MemberView<'static>>)))]
pub(crate) async fn list(State(gateway): State<Gateway>, mut params: Params) -> Result<Response, Problem> {
    let (limit, after) = (params.limit(PAGE_MAX)?, after(&mut params)?);
    params.end()?;
    Ok(gateway.live.read(|picture| {
        page(&picture.members, after, limit, |member| MemberView {
            code: &member.code,
            name: &member.name,
            frozen: member.frozen.as_ref().map(|frozen| FrozenView { since: frozen.since, reason: &frozen.reason }),
        })
    }))
}

/// A firm joins.
#[utoipa::path(post, path = "/api/v1/members", tag = "members", request_body = NewMember,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Added), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn admit(State(gateway): State<Gateway>, asked: Asked<NewMember>) -> Result<Response, Problem> {
    wire::code("invalid_code", "code", &asked.body.code, 32)?;
    wire::text("invalid_name", "name", &asked.body.name, 200)?;
    let body = Body::AdmitMember { code: asked.body.code.clone(), name: asked.body.name.clone() };
    added(&asked.submit(&gateway, body).await?)
}

/// The venue's rules and limits.
#[utoipa::path(get, path = "/api/v1/profile", tag = "venue", responses((status = 200, body = ProfileView)))]
pub(crate) async fn profile(State(gateway): State<Gateway>) -> Result<Response, Problem> {
    Ok(gateway.live.read(|picture| json(StatusCode::OK, &ProfileView::of(&picture.profile))))
}

/// The venue's rules and limits from here on, once a second person agrees.
#[utoipa::path(put, path = "/api/v1/profile", tag = "venue", request_body = ProfileView,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done, description = "under rules 1: done at once"),
        (status = 202, body = funds::Pending), (status = 422, body = Document<'static>)))]
pub(crate) async fn set_profile(
    State(gateway): State<Gateway>,
    asked: Asked<ProfileView>,
) -> Result<Response, Problem> {
    let body = asked.body.change(&gateway)?;
    done_or_pending(&asked.submit(&gateway, body).await?)
}

impl ProfileView {
    pub(crate) fn of(profile: &Profile) -> Self {
        ProfileView {
            rules: profile.rules,
            sale: profile.sale,
            procurement: profile.procurement,
            sealed: profile.sealed,
            catalogue_closed: profile.catalogue_closed,
            outage_after: profile.outage_after.map(|span| span.to_string()),
            second_person_above: profile.second_person_above.map(|money| money.to_string()),
            idempotency_window: profile.idempotency_window.to_string(),
            idempotency_keys_max: profile.idempotency_keys_max,
            idempotency_keys_per_user_max: profile.idempotency_keys_per_user_max,
            lots_max: profile.lots_max,
            auctions_per_member_max: profile.auctions_per_member_max,
            sessions_per_user_max: profile.sessions_per_user_max,
            approvals_max: profile.approvals_max,
            sealed_bids_per_lot_max: profile.sealed_bids_per_lot_max,
            texts_checked: profile.texts_checked,
            hours: profile.hours.as_ref().map(HoursView::of),
            utc_offset: profile.offset().to_string(),
            ends_soon_before: profile.ends_soon_before.map(|span| span.to_string()),
            first_password_lasts: profile.first_password_lasts.map(|span| span.to_string()),
            refused_kept: profile.refused_kept.map(|span| span.to_string()),
            file_bytes_per_member_max: profile.file_bytes_per_member_max,
            files_per_member_max: profile.files_per_member_max,
            file_bytes_max: profile.file_bytes_max,
            revision: Some(hex(&*profile.tag())),
        }
    }

    /// The change that is asked for. Before rules 3 the exchange compares nothing, and what can be known here must do.
    pub(crate) fn change(&self, gateway: &Gateway) -> Result<Body, Problem> {
        let (profile, base) = (self.profile()?, self.base(gateway)?);
        let (is_compared, now) = gateway.live.read(|picture| (picture.profile.rules >= 3, picture.profile.tag()));
        if is_compared {
            return Ok(Body::ChangeProfile { profile, base });
        }
        if base != now {
            return Err(Problem::refused(&Refusal::ChangedMeanwhile, gateway.live.sequence(), false));
        }
        Ok(Body::SetProfile(profile))
    }

    /// What a change is made from.
    fn base(&self, gateway: &Gateway) -> Result<ByteArray<16>, Problem> {
        let Some(text) = &self.revision else { return Ok(gateway.live.read(|picture| picture.profile.tag())) };
        unhex(text).map(ByteArray::from).ok_or_else(|| {
            Problem::invalid(
                "invalid_revision",
                "revision is none that GET /api/v1/profile gives; leave it out or look again",
            )
        })
    }

    pub(crate) fn profile(&self) -> Result<Profile, Problem> {
        if self.rules == 0 || self.rules > Profile::RULES_KNOWN {
            return Err(Problem::invalid(
                "invalid_rules",
                format!("rules {} are not known; expected 1 to {}", self.rules, Profile::RULES_KNOWN),
            ));
        }
        let span = |field: &str, text: &str| {
            Span::parse(text).map_err(|e| Problem::invalid("invalid_duration", format!("{field} {text:?} {e}")))
        };
        let second_person_above = self.second_person_above.as_deref().map(|text| {
            Money::parse(text)
                .map_err(|e| Problem::invalid("invalid_amount", format!("second_person_above {text:?} {e}")))
        });
        let offset = UtcOffset::parse(&self.utc_offset)
            .map_err(|e| Problem::invalid("invalid_offset", format!("utc_offset {:?} {e}", self.utc_offset)))?;
        let profile = Profile {
            rules: self.rules,
            sale: self.sale,
            procurement: self.procurement,
            sealed: self.sealed,
            catalogue_closed: self.catalogue_closed,
            outage_after: self.outage_after.as_deref().map(|text| span("outage_after", text)).transpose()?,
            second_person_above: second_person_above.transpose()?,
            idempotency_window: span("idempotency_window", &self.idempotency_window)?,
            idempotency_keys_max: self.idempotency_keys_max,
            idempotency_keys_per_user_max: self.idempotency_keys_per_user_max,
            lots_max: self.lots_max,
            auctions_per_member_max: self.auctions_per_member_max,
            sessions_per_user_max: self.sessions_per_user_max,
            approvals_max: self.approvals_max,
            sealed_bids_per_lot_max: self.sealed_bids_per_lot_max,
            texts_checked: self.texts_checked,
            hours: self.hours.as_ref().map(HoursView::hours).transpose()?,
            utc_offset: Some(offset).filter(|offset| *offset != UtcOffset::default()),
            ends_soon_before: self
                .ends_soon_before
                .as_deref()
                .map(|text| span("ends_soon_before", text))
                .transpose()?,
            first_password_lasts: self
                .first_password_lasts
                .as_deref()
                .map(|text| span("first_password_lasts", text))
                .transpose()?,
            refused_kept: self.refused_kept.as_deref().map(|text| span("refused_kept", text)).transpose()?,
            file_bytes_per_member_max: self.file_bytes_per_member_max,
            files_per_member_max: self.files_per_member_max,
            file_bytes_max: self.file_bytes_max,
        };
        profile.check_workable().map_err(|rule| Problem::invalid("invalid_profile", rule))?;
        Ok(profile)
    }
}

pub(crate) fn added(reply: &exchange::Reply) -> Result<Response, Problem> {
    let id = match outcome(reply)? {
        Answer::Member(id) => id.0,
        Answer::Product(id) => id.0,
        other => return Err(Problem::unexpected(other)),
    };
    Ok(answer(reply, StatusCode::CREATED, &Added { id, sequence: reply.sequence.0 }))
}

/// The answer to what may have to wait for a second person.
pub(crate) fn done_or_pending(reply: &exchange::Reply) -> Result<Response, Problem> {
    match outcome(reply)? {
        Answer::Done => done(reply),
        other => funds::pending(reply, other),
    }
}

pub(crate) fn done(reply: &exchange::Reply) -> Result<Response, Problem> {
    outcome(reply)?;
    Ok(answer(reply, StatusCode::OK, &Done { sequence: reply.sequence.0 }))
}
