//! Users: who there is, adding, locking, and a password that serves once. Admins manage everybody, managers the people of
//! their own member; which of these it is, is the exchange's to judge.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::approvals::{Act, Decision};
use exchange::command::Sight;
use exchange::members::Role;
use exchange::units::{ApplicationId, Instant, MemberId, Money, UserId};
use exchange::{Answer, Body, Reply};
use minicbor::bytes::ByteArray;
use ordering::{Node, PersonalData, Unavailable};
use serde::Serialize;
use utoipa::ToSchema;

use crate::funds::{Pending, moved, pending};
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, answer, json};
use crate::live::{Live, User};
use crate::members::{after, done, done_or_pending};
use crate::problem::{Document, Problem, outcome};
use crate::query::{At, PAGE_MAX, Params};
use crate::sessions::Done;
use crate::text::letters;
use crate::view::Page;
use crate::wire::{self, FirstPassword, NewRole, NewUser, Nothing, shown_or_null};

/// A person who may sign in.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonView {
    /// Its number.
    id: u32,
    /// By what it signs in; null where the person was forgotten.
    #[schema(required)]
    login: Option<String>,
    /// Its name; null where the person was forgotten.
    #[schema(required)]
    name: Option<String>,
    /// What it may do.
    role: &'static str,
    /// The code of its member; null for staff.
    #[schema(required)]
    member: Option<String>,
    /// Whether it can no longer sign in.
    locked: bool,
    /// Whether its password serves once and has not been replaced.
    new_password_required: bool,
    /// When that password ends, if it is not replaced before; null: it does not.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    first_password_ends_at: Option<Instant>,
    /// The largest amount of one bid that it may make, as who manages it says; null: any.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    bid_amount_max: Option<Money>,
    /// Whether signing in as it needs a code.
    second_factor: bool,
    /// Whether the person was forgotten.
    forgotten: bool,
}

/// A user has been added.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserAdded {
    /// Its number.
    pub id: u32,
    /// The entry that did it.
    pub sequence: u64,
    /// Its first password, which serves once, where the exchange made it; null where it came with the request.
    #[schema(required)]
    pub password: Option<String>,
}

/// A password that serves once.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasswordReset {
    /// The entry that did it.
    pub sequence: u64,
    /// The password, where the exchange made it; null where it came with the request.
    #[schema(required)]
    pub password: Option<String>,
}

/// The users in the order in which they were added: an admin sees all, a manager those of its own member.
#[utoipa::path(get, path = "/api/v1/users", tag = "users",
    params(("member" = Option<String>, Query), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<PersonView>), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
) -> Result<Response, Problem> {
    let (limit, after) = (params.limit(PAGE_MAX)?, after(&mut params)?);
    let member = params.take("member");
    params.end()?;
    let member = match member {
        None => None,
        Some(code) => Some(member_with(&gateway, &code)?),
    };
    gateway.look(&caller, Sight::Users, member).await?;
    // To a manager no other member has users.
    let wanted = |user: &User| {
        // Keys are no people.
        user.key.is_none()
            && member.is_none_or(|member| user.member == Some(member))
            && (!caller.role.is_members() || user.member == caller.member)
    };
    let (found, goes_on) = gateway.live.read(|picture| {
        let mut rest = picture.users.iter().skip(after).filter(|user| wanted(user)).map(|user| {
            let member = user.member.map(|member| picture.member_code(member).to_owned());
            (user.clone(), member)
        });
        let found: Vec<(User, Option<String>)> = rest.by_ref().take(limit).collect();
        (found, rest.next().is_some())
    });
    let next = found.last().filter(|_| goes_on).map(|(user, _)| user.id.0.to_string());
    let vault = gateway.node.vault();
    let items = found.into_iter().map(|(user, member)| {
        let (login, name) = vault.decrypt_person(&user.personal).map(|person| (person.login, person.name)).unzip();
        PersonView {
            id: user.id.0,
            login,
            name,
            role: user.role.word(),
            member,
            locked: user.locked,
            new_password_required: user.single_use,
            bid_amount_max: user.given,
            first_password_ends_at: user.first_until.filter(|_| user.single_use),
            second_factor: user.has_second(),
            forgotten: user.forgotten,
        }
    });
    Ok(json(StatusCode::OK, &Page { items: items.collect::<Vec<_>>(), next }))
}

/// A person may sign in. Its first password serves once; where none is given, the exchange makes one. Who joins the staff waits
/// for another admin, if there is one; then the exchange makes the password in any case, and tells it to that one.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = NewUser,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = UserAdded), (status = 202, body = Pending, description = "of the staff"),
        (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn add(State(gateway): State<Gateway>, asked: Asked<NewUser>) -> Result<Response, Problem> {
    let NewUser { login, name, role, member, password } = &asked.body;
    wire::code("invalid_login", "login", login, 64)?;
    wire::text("invalid_name", "name", name, 200)?;
    let role = wire::role(role)?;
    let member = member_of(&gateway, &asked.caller, role, member.as_deref())?;
    let (password, made) = first_password(&gateway, &asked, password.as_deref())?;
    let login_tag = gateway.node.vault().login_tag(login);
    let password_hash = gateway.passwords.hash(password).await?;
    let person = PersonalData { login: login.clone(), name: name.clone() };
    let body = move |personal| Body::AddUser {
        role,
        member,
        login_tag: ByteArray::from(login_tag),
        personal,
        password_hash,
        single_use: true,
    };
    // A login that is taken stays so: the exchange refuses it, or gives the first answer to this key again, and either
    // way there is no new person whose key is to be kept.
    if gateway.live.read(|picture| picture.user_by_login(&login_tag).is_some()) {
        return added(&asked.submit(&gateway, body(Vec::new())).await?, made);
    }
    // A task of its own: who asked may go, and the key of a person who was not added must go all the same.
    let adding = tokio::spawn(async move {
        let personal = encrypt_person(&gateway, person).await?;
        let reply = asked.submit(&gateway, body(personal.clone())).await;
        let unused = match &reply {
            // An answer that is given again may be that to this very person, asked for twice on its way.
            Ok(_) => gateway.live.read(|picture| {
                let is_added = picture.user_by_login(&login_tag).is_some_and(|user| user.personal == personal);
                let waits = |act: &Act| matches!(act, Act::AddStaff { personal: of, .. } if **of == personal);
                !is_added && !picture.approvals.values().any(|approval| waits(&approval.act))
            }),
            // Where the outcome is unknown the person may have been added, and the key is needed.
            Err(problem) => problem.status() != StatusCode::GATEWAY_TIMEOUT,
        };
        if unused {
            forget_person(&gateway, personal).await;
        }
        added(&reply?, made)
    });
    adding.await.unwrap_or_else(|broken| match broken.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(stopped) => Err(Unavailable::Unknown(stopped.to_string()).into()),
    })
}

/// The member of a new user. A manager need not name its own, and to it there is no other.
fn member_of(gateway: &Gateway, caller: &Caller, role: Role, code: Option<&str>) -> Result<Option<MemberId>, Problem> {
    let named = code.map(|code| member_with(gateway, code)).transpose()?;
    let member = if caller.role.is_members() { named.or(caller.member) } else { named };
    if caller.role.is_members() && (!role.is_members() || member != caller.member) {
        return Err(Problem::forbidden());
    }
    if role.is_members() != member.is_some() {
        let refusal = exchange::Refusal::RoleMismatch;
        return Err(Problem::invalid(refusal.reason(), refusal.to_string()));
    }
    Ok(member)
}

fn member_with(gateway: &Gateway, code: &str) -> Result<MemberId, Problem> {
    let found = gateway.live.read(|picture| picture.member_by_code(code).map(|member| member.id));
    found.ok_or_else(Problem::unknown_member)
}

/// The password that serves once, and the same again where it was made here and must be told. It follows from the
/// request, so that a request that is repeated hears the same.
fn first_password<T>(
    gateway: &Gateway,
    asked: &Asked<T>,
    given: Option<&str>,
) -> Result<(String, Option<String>), Problem> {
    if let Some(given) = given {
        wire::password("password", given)?;
        return Ok((given.to_owned(), None));
    }
    let password = letters(&gateway.node.vault().one_time::<20>(&asked.request, "password"));
    Ok((password.clone(), Some(password)))
}

fn added(reply: &Reply, password: Option<String>) -> Result<Response, Problem> {
    match outcome(reply)? {
        Answer::User(id) => {
            Ok(answer(reply, StatusCode::CREATED, &UserAdded { id: id.0, sequence: reply.sequence.0, password }))
        }
        other => pending(reply, other),
    }
}

/// A person's data under a new key, which is kept first.
pub(crate) async fn encrypt_person(gateway: &Gateway, person: PersonalData) -> Result<Vec<u8>, Problem> {
    gateway.node.encrypt_person(person).await.map_err(|error| {
        tracing::error!(%error, "the key of a person could not be kept");
        Problem::unavailable(
            "unavailable",
            "the person's key could not be kept; nothing was done, ask again in a moment",
        )
    })
}

/// Destroys the key of a person who was not added.
pub(crate) async fn forget_person(gateway: &Gateway, personal: Vec<u8>) {
    if let Err(error) = gateway.node.forget_person(personal).await {
        tracing::error!(%error, "the key of a person who was not added could not be destroyed; it is of no use to anybody");
    }
}

/// A user can no longer sign in; its sessions end.
#[utoipa::path(post, path = "/api/v1/users/{login}/lock", tag = "users", request_body = Nothing,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn lock(
    State(gateway): State<Gateway>,
    At(login): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let user = managed(&gateway, &asked.caller, &login)?;
    done(&asked.submit(&gateway, Body::LockUser { user }).await?)
}

/// A locked user may sign in again.
#[utoipa::path(post, path = "/api/v1/users/{login}/unlock", tag = "users", request_body = Nothing,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn unlock(
    State(gateway): State<Gateway>,
    At(login): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let user = managed(&gateway, &asked.caller, &login)?;
    done(&asked.submit(&gateway, Body::UnlockUser { user }).await?)
}

/// A new password that serves once, for a user who has lost its own; its sessions end. For one of the staff it waits for another
/// admin, if there is one, and that one is told the password that the exchange makes then.
#[utoipa::path(post, path = "/api/v1/users/{login}/password", tag = "users", request_body = FirstPassword,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = PasswordReset), (status = 202, body = Pending, description = "of the staff"),
        (status = 403, body = Document<'static>),
        (status = 404, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn reset_password(
    State(gateway): State<Gateway>,
    At(login): At<String>,
    asked: Asked<FirstPassword>,
) -> Result<Response, Problem> {
    let user = managed(&gateway, &asked.caller, &login)?;
    if user == asked.caller.user {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "same_person",
            "one's own password is replaced with POST /api/v1/password, which asks for the old one",
        ));
    }
    let (password, made) = first_password(&gateway, &asked, asked.body.password.as_deref())?;
    let password_hash = gateway.passwords.hash(password).await?;
    let reply = asked.submit(&gateway, Body::SetPassword { user, password_hash, keep: None }).await?;
    match outcome(&reply)? {
        Answer::Done => {
            Ok(answer(&reply, StatusCode::OK, &PasswordReset { sequence: reply.sequence.0, password: made }))
        }
        other => pending(&reply, other),
    }
}

/// Another role for a user: a member's for a member's, of the staff for one of the staff; that waits for another admin, if there
/// is one. Its sessions end.
#[utoipa::path(put, path = "/api/v1/users/{login}/role", tag = "users", request_body = NewRole,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 202, body = Pending, description = "of the staff"), (status = 403, body = Document<'static>),
        (status = 404, body = Document<'static>), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn set_role(
    State(gateway): State<Gateway>,
    At(login): At<String>,
    asked: Asked<NewRole>,
) -> Result<Response, Problem> {
    let user = managed(&gateway, &asked.caller, &login)?;
    let role = wire::role(&asked.body.role)?;
    done_or_pending(&asked.submit(&gateway, Body::SetRole { user, role }).await?)
}

/// A person is to be forgotten: it waits for another admin. Then its key is destroyed, so that nobody can read its login and
/// name any more, in log and snapshots neither; its sessions end, and it cannot sign in.
#[utoipa::path(post, path = "/api/v1/users/{login}/erasure", tag = "users", request_body = Nothing,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 202, body = Pending), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn erase(
    State(gateway): State<Gateway>,
    At(login): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let user = managed(&gateway, &asked.caller, &login)?;
    moved(&asked.submit(&gateway, Body::AskErasure { user }).await?, StatusCode::ACCEPTED)
}

/// Destroys the key of a person who was forgotten. Asked again it does so where it could not before.
///
/// # Errors
/// 504: the exchange has forgotten the person, and its key may still be there.
pub(crate) async fn destroy_key(gateway: &Gateway, user: UserId) -> Result<(), Problem> {
    let personal = gateway.live.read(|picture| picture.user(user).map(|user| user.personal.clone()));
    gateway.devices.drop_ended(&gateway.live);
    crate::notices::drop_forgotten(gateway);
    destroy(gateway, personal).await
}

/// The same of who applied in vain.
///
/// # Errors
/// As above.
pub(crate) async fn destroy_key_of_applicant(gateway: &Gateway, id: ApplicationId) -> Result<(), Problem> {
    let personal = gateway.live.read(|picture| {
        picture.applications.application(id).map(|application| application.applicant.personal.to_vec())
    });
    destroy(gateway, personal).await
}

async fn destroy(gateway: &Gateway, personal: Option<Vec<u8>>) -> Result<(), Problem> {
    let gone = match personal {
        Some(personal) => gateway.node.forget_person(personal).await,
        None => Ok(false),
    };
    gone.map(drop).map_err(|error| {
        tracing::error!(%error, "the key of a forgotten person could not be destroyed");
        Unavailable::Unknown("the person's key could not be destroyed yet".to_owned()).into()
    })
}

/// Destroys the keys of all who were forgotten, or were not let join the staff: a node that ended between the entry and that does
/// it at its next start.
pub(crate) fn destroy_keys(node: &Node, live: &Live) {
    let declined: Vec<Vec<u8>> = node.read(|exchange| {
        let declined = exchange.approvals().iter().filter(|approval| approval.decision == Decision::Declined);
        let personal = declined.filter_map(|approval| match &approval.act {
            Act::AddStaff { personal, .. } => Some(personal.to_vec()),
            _ => None,
        });
        personal.collect()
    });
    let mut forgotten: Vec<Vec<u8>> = live.read(|picture| {
        let users = picture.users.iter().filter(|user| user.forgotten).map(|user| user.personal.clone());
        let applicants = picture.applications.all().iter().filter(|application| application.forgotten.is_some());
        users.chain(applicants.map(|application| application.applicant.personal.to_vec())).collect()
    });
    forgotten.extend(declined);
    for personal in forgotten {
        match node.vault().forget_person(&personal) {
            Ok(false) => {}
            Ok(true) => tracing::info!("the key of a forgotten person was still there and is destroyed"),
            Err(error) => {
                tracing::error!(%error, "the key of a forgotten person could not be destroyed; start again");
            }
        }
    }
}

/// The user with this login, if it is one that the caller manages: to a manager there are no others than its colleagues.
pub(crate) fn managed(gateway: &Gateway, caller: &Caller, login: &str) -> Result<UserId, Problem> {
    let tag = gateway.node.vault().login_tag(login);
    gateway
        .live
        .read(|picture| {
            let user = picture.user_by_login(&tag)?;
            (!caller.role.is_members() || user.member == caller.member).then_some(user.id)
        })
        .ok_or_else(|| Problem::not_found("unknown_user", exchange::Refusal::UnknownUser.to_string()))
}
