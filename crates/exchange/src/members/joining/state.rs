//! What is remembered of applications.

use std::collections::BTreeMap;

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::units::{ApplicationId, Day, Instant, MemberId, UserId};

/// A firm as it describes itself, and as a member that joined so is known.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Firm {
    /// Its unified social credit code ([`super::check_credit_code`]).
    #[n(0)]
    pub credit_code: String,
    /// Its name, as on its licence.
    #[n(1)]
    pub name: String,
    /// The last day of its business licence; `None`: it has no end (长期).
    #[n(2)]
    pub licence_until: Option<Day>,
    /// Firms that stand behind it, or that the same people run: who may not bid against each other.
    #[n(3)]
    pub affiliates: Vec<Affiliate>,
}

/// An affiliate: by its name, its code, or both.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Affiliate {
    /// Its name.
    #[n(0)]
    pub name: Option<String>,
    /// Its unified social credit code, or its code as a member.
    #[n(1)]
    pub code: Option<String>,
}

/// The person who applies for its firm, and becomes its first user. All of it is personal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Applicant {
    /// Keyed hash of the login that it wishes.
    #[n(0)]
    pub login_tag: ByteArray<16>,
    /// Login and name under the person's key.
    #[n(1)]
    pub personal: ByteVec,
    /// How it is reached, under the same key.
    #[n(2)]
    pub contact: ByteVec,
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum ApplicationStatus {
    /// Staff have not decided.
    #[n(0)]
    Waiting,
    /// Staff have refused it; it may be amended, and then waits again.
    #[n(1)]
    Refused,
    /// The firm is a member.
    #[n(2)]
    Admitted,
}

impl ApplicationStatus {
    /// All of them.
    pub const ALL: [ApplicationStatus; 3] =
        [ApplicationStatus::Waiting, ApplicationStatus::Refused, ApplicationStatus::Admitted];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            ApplicationStatus::Waiting => "waiting",
            ApplicationStatus::Refused => "refused",
            ApplicationStatus::Admitted => "admitted",
        }
    }
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Application {
    /// Its number.
    #[n(0)]
    pub id: ApplicationId,
    /// When it was made, or last amended.
    #[n(1)]
    pub at: Instant,
    /// SHA-256 of the token: who holds it may read the application, and amend it.
    #[n(2)]
    pub token_hash: ByteArray<32>,
    /// The firm.
    #[n(3)]
    pub firm: Firm,
    /// Who applies for it.
    #[n(4)]
    pub applicant: Applicant,
    /// Where it stands.
    #[n(5)]
    pub status: ApplicationStatus,
    /// How often it was amended.
    #[n(6)]
    pub amended: u32,
    /// When staff last decided.
    #[n(7)]
    pub decided: Option<Instant>,
    /// Why it was last refused.
    #[n(8)]
    pub reason: Option<String>,
    /// The member that it became.
    #[n(9)]
    pub member: Option<MemberId>,
    /// The member's first user.
    #[n(10)]
    pub user: Option<UserId>,
    /// Which password that user was given: [`crate::members::password_tag`] of its hash.
    #[n(11)]
    pub password: Option<ByteArray<16>>,
    /// Since when the applicant is forgotten.
    #[n(12)]
    pub forgotten: Option<Instant>,
}

/// All applications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applications {
    /// Applications, by number.
    applications: Vec<Application>,
    /// How many wait; follows from the rest.
    waiting: usize,
    /// By the hash of the token, those whose applicant is not forgotten; follows from the rest.
    by_token: BTreeMap<[u8; 32], ApplicationId>,
}

impl Applications {
    /// With what follows from them.
    #[must_use]
    pub fn restore(applications: Vec<Application>) -> Self {
        let mut all = Applications::default();
        for application in applications {
            all.index(&application);
            all.applications.push(application);
        }
        all
    }

    fn index(&mut self, application: &Application) {
        self.waiting += usize::from(application.status == ApplicationStatus::Waiting);
        if application.forgotten.is_none() {
            self.by_token.insert(*application.token_hash, application.id);
        }
    }

    /// All of them by number.
    #[must_use]
    pub fn all(&self) -> &[Application] {
        &self.applications
    }

    /// The application with this number.
    #[must_use]
    pub fn application(&self, id: ApplicationId) -> Option<&Application> {
        self.applications.get((id.0 as usize).checked_sub(1)?)
    }

    /// The application whose token has this hash; `None` too where the applicant is forgotten.
    #[must_use]
    pub fn by_token(&self, token_hash: &[u8; 32]) -> Option<&Application> {
        self.application(*self.by_token.get(token_hash)?)
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Enters a new one.
    ///
    /// # Panics
    /// Its number is not the next.
    pub fn add(&mut self, application: Application) {
        assert_eq!(application.id.0 as usize, self.applications.len() + 1, "applications are numbered in their order");
        self.index(&application);
        self.applications.push(application);
    }

    /// Changes one, and what follows from it.
    ///
    /// # Panics
    /// There is none with this number.
    pub fn change(&mut self, id: ApplicationId, change: impl FnOnce(&mut Application)) {
        let application = &mut self.applications[id.0 as usize - 1];
        self.waiting -= usize::from(application.status == ApplicationStatus::Waiting);
        self.by_token.remove(&*application.token_hash);
        change(application);
        let changed = application.clone();
        self.index(&changed);
    }
}
