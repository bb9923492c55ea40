//! Passkeys beside the code of the second factor: adding and removing them, and which of what they sign serves. That a signature
//! fits its key was checked by who gave out the challenge.

use minicbor::bytes::{ByteArray, ByteVec};

use super::{Passkey, SecondFactor};
use crate::command::Body;
use crate::command::Proof;
use crate::event::SecondChange;
use crate::exchange::{Exchange, Output};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{Instant, UserId};

/// The most passkeys of one user.
pub const PASSKEYS_MAX: usize = 10;
/// The most bytes of a credential's id (WebAuthn, 4).
const CREDENTIAL_MAX: usize = 1_023;
/// The most bytes of a public key: RSA of 8,192 bits with its names and numbers.
const PUBLIC_KEY_MAX: usize = 1_100;
/// The most bytes of a name's ciphertext.
const NAME_MAX: usize = 1_024;
/// The most recovery codes of one user.
pub(super) const RECOVERY_MAX: usize = 32;

/// By what a passkey is told from others: the first half of the BLAKE3 of its credential's id.
#[must_use]
pub fn passkey_tag(credential: &[u8]) -> ByteArray<16> {
    let mut tag = [0; 16];
    tag.copy_from_slice(&blake3::hash(credential).as_bytes()[..16]);
    ByteArray::from(tag)
}

impl SecondFactor {
    /// Its passkeys, the oldest first.
    #[must_use]
    pub fn passkeys(&self) -> &[Passkey] {
        self.passkeys.as_deref().unwrap_or_default()
    }

    /// The passkey with this tag.
    #[must_use]
    pub fn passkey(&self, tag: &ByteArray<16>) -> Option<&Passkey> {
        self.passkeys().iter().find(|passkey| passkey_tag(&passkey.credential) == *tag)
    }

    /// An authenticator that counts says more each time; one that does not says 0 always (WebAuthn, 6.1.1).
    pub(super) fn judge_passkey(&self, tag: &ByteArray<16>, counter: u32, challenged: Instant) -> Result<(), Refusal> {
        let Some(passkey) = self.passkey(tag) else { return Err(Refusal::CodeUsed) };
        if self.challenged.is_some_and(|last| challenged <= last) {
            return Err(Refusal::CodeUsed);
        }
        let counts = passkey.counter != 0 || counter != 0;
        if counts && counter <= passkey.counter {
            return Err(Refusal::PasskeyCopied);
        }
        Ok(())
    }

    pub(super) fn use_passkey(&mut self, tag: &ByteArray<16>, counter: u32, challenged: Instant, now: Instant) {
        self.challenged = Some(challenged);
        let mut passkeys = self.passkeys.iter_mut().flatten();
        if let Some(passkey) = passkeys.find(|passkey| passkey_tag(&passkey.credential) == *tag) {
            passkey.counter = counter;
            passkey.used = Some(now);
        }
    }
}

impl Exchange {
    pub(crate) fn add_passkey(&mut self, by: Option<UserId>, body: &Body, out: &mut Output) -> Result<Answer, Refusal> {
        let Body::AddPasskey { user: id, credential, public_key, counter, name, challenged, proof, recovery } = body
        else {
            unreachable!("called for this body only")
        };
        let (id, challenged) = (*id, *challenged);
        if by.is_some_and(|by| by != id) {
            return Err(Refusal::Forbidden);
        }
        check("credential", credential, CREDENTIAL_MAX)?;
        check("public_key", public_key, PUBLIC_KEY_MAX)?;
        check("name", name, NAME_MAX)?;
        if recovery.len() > RECOVERY_MAX {
            return Err(Refusal::LimitReached("recovery codes".to_owned()));
        }
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        let second = user.second.as_ref();
        let last = second.and_then(|second| second.challenged);
        let proved = match proof {
            Some(Proof::Passkey { challenged, .. }) => Some(*challenged),
            _ => None,
        };
        if last.max(proved).is_some_and(|last| challenged <= last) {
            return Err(Refusal::CodeUsed);
        }
        self.check_proof(id, proof.as_ref(), out)?;
        if second.is_some_and(|second| second.passkeys().len() >= PASSKEYS_MAX) {
            return Err(Refusal::LimitReached("passkeys".to_owned()));
        }
        let mut all =
            self.members.users.iter().filter_map(|user| user.second.as_ref()).flat_map(SecondFactor::passkeys);
        if all.any(|passkey| passkey.credential == *credential) {
            return Err(Refusal::Taken);
        }
        self.use_proof(id, proof.as_ref(), out);

        let mut second = self.members.user(id).and_then(|user| user.second.clone()).unwrap_or_default();
        if !second.serves() {
            second.recovery.clone_from(recovery);
        }
        second.challenged = Some(challenged);
        second.passkeys.get_or_insert_default().push(Passkey {
            credential: credential.clone(),
            public_key: public_key.clone(),
            counter: *counter,
            name: name.clone(),
            added: self.now,
            used: None,
        });
        self.change_second(id, Some(second), (SecondChange::PasskeyAdded, Some(passkey_tag(credential))), out);
        Ok(Answer::Done)
    }

    /// Staff keep one second factor at least; where none is left, recovery codes are of no use either.
    pub(crate) fn remove_passkey(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        tag: ByteArray<16>,
        proof: Option<&Proof>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if by.is_some_and(|by| by != id) {
            return Err(Refusal::Forbidden);
        }
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        let second = user.second.as_ref().filter(|second| second.passkey(&tag).is_some());
        let second = second.ok_or(Refusal::UnknownPasskey)?;
        let last = second.totp.is_none() && second.passkeys().len() == 1;
        if last && !user.role.is_members() {
            return Err(Refusal::SecondFactorNeeded);
        }
        self.check_proof(id, proof, out)?;
        self.use_proof(id, proof, out);

        let mut second = self.members.user(id).and_then(|user| user.second.clone()).expect("judged before");
        let left: Vec<Passkey> =
            second.passkeys.take().into_iter().flatten().filter(|one| passkey_tag(&one.credential) != tag).collect();
        second.passkeys = Some(left).filter(|left| !left.is_empty());
        let left = match last {
            false => Some(second),
            // A code that was begun still waits to be confirmed.
            true => second.pending.map(|pending| SecondFactor { pending: Some(pending), ..SecondFactor::default() }),
        };
        self.change_second(id, left, (SecondChange::PasskeyRemoved, Some(tag)), out);
        Ok(Answer::Done)
    }
}

fn check(what: &str, bytes: &ByteVec, most: usize) -> Result<(), Refusal> {
    if bytes.is_empty() || bytes.len() > most {
        return Err(Refusal::InvalidText(what.to_owned()));
    }
    Ok(())
}
