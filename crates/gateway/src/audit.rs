//! The audit trail: looks that enter it before they are answered, and the calls that read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use archive::{TRAIL_ACTS, TrailFilter, TrailLine};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use exchange::command::Sight;
use exchange::files::FileHash;
use exchange::units::{ApplicationId, AuctionId, Instant, MemberId, UserId};
use exchange::{Body, Command, Principal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::csv::Csv;
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::history::{self, Wanted};
use crate::idempotency::json;
use crate::problem::{Document, Problem, outcome};
use crate::query::{self, PAGE_MAX, Params};
use crate::view::Page;
use crate::wire::{self, shown};

/// How many lines one export has at the most.
const EXPORT_MAX: usize = 20_000;

/// One line of the audit trail.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditLine)]
pub(crate) struct LineView {
    /// The entry that did it.
    sequence: u64,
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// The number of who did it; of sign-ins that went wrong, as whom it was tried. Null: nobody has that login.
    #[schema(required)]
    user: Option<u32>,
    /// Its login; null where the person was forgotten, or there is none.
    #[schema(required)]
    login: Option<String>,
    /// Its role.
    #[schema(required)]
    role: Option<&'static str>,
    /// What was done, in one of the words that the API's page lists.
    act: String,
    /// The code of the member whom it concerns.
    #[schema(required)]
    member: Option<String>,
    /// The auction that it concerns.
    #[schema(required)]
    auction: Option<u32>,
    /// The number of the user whom it concerns.
    #[schema(required)]
    subject: Option<u32>,
    /// Its login; null where the person was forgotten, or there is none.
    #[schema(required)]
    subject_login: Option<String>,
    /// What more there is to say; may be empty.
    detail: String,
}

impl Gateway {
    /// Enters a look of staff at what is another's in the audit trail. It may be answered when this returns well.
    ///
    /// # Errors
    /// 503 `unavailable`: it could not be entered, so it must not be answered.
    pub(crate) async fn look(&self, caller: &Caller, sight: Sight, member: Option<MemberId>) -> Result<(), Problem> {
        self.enter_look(caller, Body::Look { sight, member, file: None, application: None }).await
    }

    /// The same of an application.
    ///
    /// # Errors
    /// As above; 404: there is no such application.
    pub(crate) async fn look_at(&self, caller: &Caller, application: ApplicationId) -> Result<(), Problem> {
        let body = Body::Look { sight: Sight::Application, member: None, file: None, application: Some(application) };
        self.enter_look(caller, body).await
    }

    /// The same of a document of an application.
    ///
    /// # Errors
    /// As above; 404: nobody keeps such a file.
    pub(crate) async fn look_at_document(&self, caller: &Caller, file: FileHash) -> Result<(), Problem> {
        let body = Body::Look { sight: Sight::Document, member: None, file: Some(file), application: None };
        self.enter_look(caller, body).await
    }

    async fn enter_look(&self, caller: &Caller, body: Body) -> Result<(), Problem> {
        if caller.role.is_members() {
            return Ok(());
        }
        // A look is no change: asked again it is another one, so it has no key.
        let command = Command { principal: Principal::User(caller.user), request: None, body };
        let reply = self.put(command).await.map_err(|problem| {
            tracing::error!(reason = problem.reason(), "a look could not be entered in the audit trail");
            Problem::unavailable(
                "unavailable",
                "the look could not be entered in the audit trail, and is not answered without; ask again in a moment",
            )
        })?;
        outcome(&reply).map(drop)
    }
}

/// The acts that somebody answers for, the newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit",
    params(("user" = Option<String>, Query, description = "A login: what it did, and what concerns it"),
        ("act" = Option<String>, Query), ("member" = Option<String>, Query), ("auction" = Option<u32>, Query),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<LineView>), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let limit = params.limit(PAGE_MAX)?;
    let cursor = history::cursor(&mut params)?;
    let filter = filter(&gateway, &mut params)?;
    params.end()?;
    gateway.look(&caller, Sight::Audit, None).await?;
    let position = gateway.history(wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let page = history::read(move || archive.trail(&filter, cursor, limit)).await?;
    let items = views(&gateway, page.items);
    Ok(position.mark(json(StatusCode::OK, &Page { items, next: page.next.map(|next| next.to_string()) })))
}

/// The same as a table for other programs, up to 20,000 lines; the header `Next` says where it goes on.
#[utoipa::path(get, path = "/api/v1/audit.csv", tag = "audit",
    params(("user" = Option<String>, Query, description = "A login: what it did, and what concerns it"),
        ("act" = Option<String>, Query), ("member" = Option<String>, Query), ("auction" = Option<u32>, Query),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn export(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let mut cursor = history::cursor(&mut params)?;
    let filter = filter(&gateway, &mut params)?;
    params.end()?;
    gateway.look(&caller, Sight::Audit, None).await?;
    let position = gateway.history(wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let (lines, next) = history::read(move || {
        let mut lines = Vec::new();
        loop {
            let page = archive.trail(&filter, cursor, archive::LIMIT_MAX.min(EXPORT_MAX - lines.len()))?;
            lines.extend(page.items);
            cursor = page.next;
            if cursor.is_none() || lines.len() >= EXPORT_MAX {
                return Ok((lines, cursor));
            }
        }
    })
    .await?;
    let mut csv = Csv::new(&[
        "sequence",
        "at",
        "user",
        "login",
        "role",
        "act",
        "member",
        "auction",
        "subject",
        "subject_login",
        "detail",
    ]);
    for line in views(&gateway, lines) {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        csv.row(&[
            line.sequence.to_string(),
            line.at.to_string(),
            number(line.user),
            line.login.unwrap_or_default(),
            line.role.unwrap_or_default().to_owned(),
            line.act,
            line.member.unwrap_or_default(),
            number(line.auction),
            number(line.subject),
            line.subject_login.unwrap_or_default(),
            line.detail,
        ]);
    }
    let mut response = csv.answer("attachment; filename=\"audit.csv\"");
    let headers = response.headers_mut();
    if let Some(next) = next.and_then(|next| HeaderValue::try_from(next.to_string()).ok()) {
        headers.insert(HeaderName::from_static("next"), next);
    }
    Ok(position.mark(response))
}

fn filter(gateway: &Gateway, params: &mut Params) -> Result<TrailFilter, Problem> {
    let user = match params.take("user") {
        None => None,
        Some(login) => {
            let tag = gateway.node.vault().login_tag(&login);
            let found = gateway.live.read(|picture| picture.user_by_login(&tag).map(|user| user.id));
            let unknown = || Problem::not_found("unknown_user", exchange::Refusal::UnknownUser.to_string());
            Some(found.ok_or_else(unknown)?)
        }
    };
    let act = params.take("act");
    if act.as_ref().is_some_and(|act| !TRAIL_ACTS.contains(&act.as_str())) {
        return Err(Problem::invalid("invalid_act", format!("act is none of {}", TRAIL_ACTS.join(", "))));
    }
    let member = match params.take("member") {
        None => None,
        Some(code) => {
            let found = gateway.live.read(|picture| picture.member_by_code(&code).map(|member| member.id));
            Some(found.ok_or_else(Problem::unknown_member)?)
        }
    };
    let auction = match params.take("auction") {
        None => None,
        Some(text) => Some(query::id(&text).map(AuctionId).ok_or_else(Problem::unknown_auction)?),
    };
    let mut instant = |name: &str| params.take(name).map(|text| wire::instant(name, &text)).transpose();
    Ok(TrailFilter { user, act, member, auction, from: instant("from")?, to: instant("to")? })
}

/// Lines with the logins of those who are not forgotten, each person decrypted once.
fn views(gateway: &Gateway, lines: Vec<TrailLine>) -> Vec<LineView> {
    let named: BTreeMap<UserId, _> = gateway.live.read(|picture| {
        let ids = lines.iter().flat_map(|line| [line.user, line.subject]).flatten();
        ids.filter_map(|id| picture.user(id).map(|user| (id, (user.role, user.personal.clone())))).collect()
    });
    let vault = gateway.node.vault();
    let persons: BTreeMap<UserId, (&'static str, Option<String>)> = named
        .into_iter()
        .map(|(id, (role, personal))| (id, (role.word(), vault.decrypt_person(&personal).map(|person| person.login))))
        .collect();
    let login = |id: Option<UserId>| id.and_then(|id| persons.get(&id)?.1.clone());
    gateway.live.read(|picture| {
        let view = |line: TrailLine| LineView {
            sequence: line.sequence.0,
            at: line.at,
            user: line.user.map(|user| user.0),
            login: login(line.user),
            role: line.user.and_then(|user| persons.get(&user)).map(|(role, _)| *role),
            act: line.act,
            member: line.member.map(|member| picture.member_code(member).to_owned()),
            auction: line.auction.map(|auction| auction.0),
            subject: line.subject.map(|subject| subject.0),
            subject_login: login(line.subject),
            detail: line.detail,
        };
        lines.into_iter().map(view).collect()
    })
}
