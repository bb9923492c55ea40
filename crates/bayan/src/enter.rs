//! Entering users by the node itself, when a venue or the demonstration is made.

use exchange::members::Role;
use exchange::units::{MemberId, UserId};
use exchange::{Answer, Body, Command};
use gateway::PasswordCost;
use minicbor::bytes::ByteArray;
use ordering::{Node, PersonalData};

use crate::cli::Failure;

/// A user to enter.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// By what it signs in.
    pub login: String,
    /// Its name.
    pub name: String,
    /// Its password; `None`: nobody can sign in as it.
    pub password: Option<String>,
    /// What it may do.
    pub role: Role,
    /// Whose it is; `None` for staff.
    pub member: Option<MemberId>,
    /// Whether the password serves once.
    pub single_use: bool,
}

/// Has the node itself do something that no rule forbids.
///
/// # Errors
/// The node cannot, or a rule forbids it all the same.
pub async fn done(node: &Node, body: Body) -> Result<Answer, Failure> {
    let reply = node.submit(Command::system(body)).await.map_err(Failure::broken)?;
    reply.outcome.map_err(|refusal| Failure::broken(format!("the exchange refused to be set up: {refusal}")))
}

/// Enters a user, or finds the one with this login.
///
/// # Errors
/// The password cannot be hashed, the person's key cannot be kept, or the node cannot.
pub async fn user(node: &Node, cost: PasswordCost, new: NewUser) -> Result<UserId, Failure> {
    let login_tag = node.vault().login_tag(&new.login);
    let known = node
        .read(|exchange| exchange.members().users.iter().find(|user| *user.login_tag == login_tag).map(|user| user.id));
    if let Some(known) = known {
        return Ok(known);
    }
    let (role, member, single_use) = (new.role, new.member, new.single_use);
    let made = tokio::task::spawn_blocking(move || {
        new.password.map(|password| gateway::hash_password(cost, &password)).transpose()
    });
    let password_hash = made
        .await
        .map_err(|error| Failure::broken(format!("a password could not be hashed: {error}")))?
        .map_err(Failure::broken)?
        .unwrap_or_default();
    let person = PersonalData { login: new.login.clone(), name: new.name };
    let personal = node.encrypt_person(person).await.map_err(|error| {
        Failure::broken(format!("the key of {} cannot be kept: {error}; is the disk full?", new.login))
    })?;
    let login_tag = ByteArray::from(login_tag);
    let body = Body::AddUser { role, member, login_tag, personal, password_hash, single_use };
    match done(node, body).await? {
        Answer::User(id) => Ok(id),
        other => unreachable!("a user that is added is answered with its number, not {other:?}"),
    }
}
