//! From where sessions were last seen, for their owners to recognise them. Addresses are personal data and sign-ins have no
//! need of them: they are in memory only, are gone with the process, and reach no log and no file.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use exchange::units::Instant;
use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::gateway::Gateway;
use crate::live::{Live, TokenHash};

/// How many sessions are remembered; beyond it those that have ended go, and if that is not enough, all.
const SESSIONS_MAX: usize = 100_000;
/// The most characters of what a program calls itself.
const AGENT_MAX: usize = 200;

/// Where a session was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    /// From where.
    pub address: IpAddr,
    /// What its program called itself.
    pub agent: Option<String>,
    /// When.
    pub seen_at: Instant,
}

/// The devices of sessions.
#[derive(Default)]
pub(crate) struct Devices(Mutex<HashMap<TokenHash, Device>>);

impl Devices {
    /// A session was seen.
    pub fn saw(&self, live: &Live, session: TokenHash, address: IpAddr, headers: &HeaderMap) {
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let agent = agent.map(|agent| agent.chars().take(AGENT_MAX).collect());
        let device = Device { address, agent, seen_at: Gateway::now() };
        let mut devices = self.0.lock();
        if devices.len() >= SESSIONS_MAX && !devices.contains_key(&session) {
            live.read(|picture| devices.retain(|session, _| picture.sessions.contains_key(session)));
            if devices.len() >= SESSIONS_MAX {
                devices.clear();
            }
        }
        devices.insert(session, device);
    }

    /// What is known of sessions that have ended goes.
    pub fn drop_ended(&self, live: &Live) {
        let mut devices = self.0.lock();
        live.read(|picture| devices.retain(|session, _| picture.sessions.contains_key(session)));
    }

    /// Where a session was last seen.
    pub fn of(&self, session: &TokenHash) -> Option<Device> {
        self.0.lock().get(session).cloned()
    }
}
