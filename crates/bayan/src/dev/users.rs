//! Who may sign in to the demonstration, with passwords kept in a file of its folder that only its owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use exchange::members::Role;
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
}

impl DevUser {
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
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string())),
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
        users.push(DevUser { login, password: password::random()?, role, member });
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
