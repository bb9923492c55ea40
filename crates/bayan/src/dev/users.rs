//! Who may sign in to the demonstration, with passwords and the secrets of second factors kept in a file of its folder that only its owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use exchange::members::Role;
use gateway::totp::TotpSecret;
use serde::{Deserialize, Serialize};

use super::catalogue;
use crate::cli::Failure;
use crate::password;
use crate::wiring::shown;

const FILE: &str = "dev-users.json";

/// A user of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevUser {
    /// By what it signs in.
    pub login: String,
    /// Its password.
    pub password: String,
    /// The word for what it may do.
    pub role: String,
    /// Whose it is; `None` for staff.
    pub member: Option<String>,
    /// The secret of its second factor, as it is typed into an app; `None` where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
}

impl DevUser {
    /// The secret of its second factor.
    ///
    /// # Errors
    /// What the file has is none.
    pub fn totp_secret(&self) -> Result<Option<TotpSecret>, Failure> {
        let parse = |text: &String| {
            TotpSecret::parse(text).ok_or_else(|| {
                let login = &self.login;
                Failure::bad_input(format!(
                    "{FILE}: the totp_secret of {login} is none; remove the folder for a new start"
                ))
            })
        };
        self.totp_secret.as_ref().map(parse).transpose()
    }

    /// What it may do.
    ///
    /// # Errors
    /// The file names a role that there is none of.
    pub fn role(&self) -> Result<Role, Failure> {
        Role::ALL.into_iter().find(|role| role.word() == self.role).ok_or_else(|| {
            let (role, login) = (&self.role, &self.login);
            Failure::bad_input(format!(
                "{FILE}: {login} has the unknown role {role:?}; remove the folder for a new start"
            ))
        })
    }
}

/// The users of a folder: those of its file, or new ones, written there before anything is done with them.
///
/// # Errors
/// The file cannot be read or written.
pub fn load_or_make(data: &Path) -> Result<Vec<DevUser>, Failure> {
    let path = data.join(FILE);
    let wrong =
        |what: String| Failure::bad_input(format!("{}: {what}; remove the folder for a new start", shown(&path)));
    match fs::read(&path) {
        Ok(bytes) => {
            let mut users: Vec<DevUser> = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
            // A folder of before there were second factors.
            let lacking = users.iter_mut().filter(|user| user.member.is_none() && user.totp_secret.is_none());
            let mut any = false;
            for user in lacking {
                user.totp_secret = Some(new_secret()?);
                any = true;
            }
            if any {
                write(data, &path, &users).map_err(|error| wrong(error.to_string()))?;
            }
            Ok(users)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let users = make()?;
            write(data, &path, &users).map_err(|error| wrong(error.to_string()))?;
            Ok(users)
        }
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn make() -> Result<Vec<DevUser>, Failure> {
    let mut users = Vec::new();
    let mut add = |login: String, role: Role, member: Option<&str>| -> Result<(), Failure> {
        let (role, member) = (role.word().to_owned(), member.map(str::to_owned));
        let totp_secret = if member.is_none() { Some(new_secret()?) } else { None };
        users.push(DevUser { login, password: password::random()?, role, member, totp_secret });
        Ok(())
    };
    for firm in catalogue::TRADERS {
        let code = firm.code.to_lowercase();
        add(format!("{code}-trader"), Role::Trader, Some(firm.code))?;
        add(format!("{code}-manager"), Role::Manager, Some(firm.code))?;
    }
    for firm in [catalogue::SELLER, catalogue::BUYER] {
        add(format!("{}-manager", firm.code.to_lowercase()), Role::Manager, Some(firm.code))?;
    }
    for role in [Role::Operator, Role::Settlement, Role::Admin, Role::Auditor] {
        for number in 1..=2 {
            add(format!("{}-{number}", role.word()), role, None)?;
        }
    }
    Ok(users)
}

fn new_secret() -> Result<String, Failure> {
    let random = |error| Failure::broken(format!("the system gives no random bytes: {error}"));
    TotpSecret::random().map(|secret| secret.text()).map_err(random)
}

/// Written beside, synced and swapped, so that there is never half a file.
fn write(data: &Path, path: &Path, users: &[DevUser]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    serde_json::to_writer_pretty(&mut file, users)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(data)?.sync_all()
}
