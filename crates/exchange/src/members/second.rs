//! The second factor: setting it up, using it, each code once, and removing it. Secrets are here as ciphertext only; that a
//! code fits its secret was checked by who has the key.

use minicbor::bytes::{ByteArray, ByteVec};

use super::SecondFactor;
use super::passkeys::RECOVERY_MAX;
use crate::approvals::Act;
use crate::command::Proof;
use crate::event::{Event, SecondChange};
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::UserId;

/// The most bytes of a secret's ciphertext.
const SEALED_MAX: usize = 256;

/// By what a secret's ciphertext is known again: the first half of its BLAKE3.
#[must_use]
pub fn secret_tag(sealed: &[u8]) -> ByteArray<16> {
    let mut tag = [0; 16];
    tag.copy_from_slice(&blake3::hash(sealed).as_bytes()[..16]);
    ByteArray::from(tag)
}

impl SecondFactor {
    /// Whether signing in needs a proof.
    #[must_use]
    pub const fn serves(&self) -> bool {
        self.totp.is_some() || self.passkeys.is_some()
    }
}

impl Exchange {
    pub(crate) fn begin_totp(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        sealed: &[u8],
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if by.is_some_and(|by| by != id) {
            return Err(Refusal::Forbidden);
        }
        if sealed.is_empty() || sealed.len() > SEALED_MAX {
            return Err(Refusal::InvalidText("sealed".to_owned()));
        }
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        let mut second = user.second.clone().unwrap_or_default();
        second.pending = Some(ByteVec::from(sealed.to_vec()));
        self.set_second(id, Some(second), SecondChange::Begun, out);
        Ok(Answer::Done)
    }

    pub(crate) fn confirm_totp(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        checked: ByteArray<16>,
        step: u64,
        recovery: &[ByteArray<32>],
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if by.is_some_and(|by| by != id) {
            return Err(Refusal::Forbidden);
        }
        if recovery.len() > RECOVERY_MAX {
            return Err(Refusal::LimitReached("recovery codes".to_owned()));
        }
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        let pending = user.second.as_ref().and_then(|second| second.pending.clone());
        let pending = pending.filter(|pending| secret_tag(pending) == checked).ok_or(Refusal::NotBegun)?;
        let before = user.second.clone().unwrap_or_default();
        let second = SecondFactor {
            totp: Some(pending),
            pending: None,
            last_step: Some(step),
            recovery: recovery.to_vec(),
            ..before
        };
        self.set_second(id, Some(second), SecondChange::Confirmed, out);
        Ok(Answer::Done)
    }

    /// Members remove their own code with a proof, staff where they have a passkey; who manages a user who has lost its second
    /// factor removes all of it, and then the user's sessions end.
    pub(crate) fn remove_totp(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        proof: Option<&Proof>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let own = by == Some(id);
        if !own {
            self.judge_management(by, id)?;
        }
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        let Some(second) = &user.second else { return Err(Refusal::Unchanged) };
        if !own {
            return match self.asks_second_person(by, user.role) {
                Some(by) => self.ask_second_person(by, Act::RemoveSecondFactor(id), out),
                None => self.remove_second_factor(id, out),
            };
        }
        let has_passkeys = second.passkeys.is_some();
        if has_passkeys && second.totp.is_none() {
            return Err(Refusal::Unchanged);
        }
        if !has_passkeys && !user.role.is_members() {
            return Err(Refusal::SecondFactorNeeded);
        }
        self.check_proof(id, proof, out)?;
        if has_passkeys {
            self.use_proof(id, proof, out);
        }
        let left = self.members.user(id).and_then(|user| user.second.clone()).filter(|_| has_passkeys);
        let left = left.map(|second| SecondFactor { totp: None, pending: None, last_step: None, ..second });
        self.set_second(id, left, SecondChange::Removed, out);
        Ok(Answer::Done)
    }

    /// All of it, of who has lost it.
    pub(crate) fn remove_second_factor(&mut self, id: UserId, out: &mut Output) -> Result<Answer, Refusal> {
        self.judge_second_factor(id)?;
        self.set_second(id, None, SecondChange::Removed, out);
        self.end_sessions(id, None, out);
        Ok(Answer::Done)
    }

    pub(crate) fn judge_second_factor(&self, id: UserId) -> Result<(), Refusal> {
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        if user.second.is_none() { Err(Refusal::Unchanged) } else { Ok(()) }
    }

    /// Whether a user shows what it must. A code of a step that has served, or of an earlier one, is no proof, nor is what a
    /// passkey has signed for a challenge of then or before.
    fn judge_proof(&self, id: UserId, proof: Option<&Proof>) -> Result<(), Refusal> {
        let second = self.members.user(id).and_then(|user| user.second.as_ref()).filter(|second| second.serves());
        let Some(second) = second else { return Ok(()) };
        match proof {
            None => Err(Refusal::SecondFactorRequired),
            Some(Proof::Code(step)) if second.last_step.is_some_and(|last| *step <= last) => Err(Refusal::CodeUsed),
            Some(Proof::Code(_)) if second.totp.is_none() => Err(Refusal::CodeUsed),
            Some(Proof::Recovery(hash)) if !second.recovery.contains(hash) => Err(Refusal::CodeUsed),
            Some(Proof::Passkey { passkey, counter, challenged }) => {
                second.judge_passkey(passkey, *counter, *challenged)
            }
            Some(Proof::Code(_) | Proof::Recovery(_)) => Ok(()),
        }
    }

    /// The same, and says so where a passkey seems to have been copied.
    pub(crate) fn check_proof(&self, id: UserId, proof: Option<&Proof>, out: &mut Output) -> Result<(), Refusal> {
        let judged = self.judge_proof(id, proof);
        if let (Err(Refusal::PasskeyCopied), Some(Proof::Passkey { passkey, counter, .. })) = (&judged, proof) {
            let second = self.members.user(id).and_then(|user| user.second.as_ref());
            let known = second.and_then(|second| second.passkey(passkey)).map_or(0, |found| found.counter);
            out.emit(&Event::PasskeyCopied { user: id, passkey: *passkey, known, counter: *counter });
        }
        judged
    }

    /// A proof that was judged serves no more.
    pub(crate) fn use_proof(&mut self, id: UserId, proof: Option<&Proof>, out: &mut Output) {
        let second = self.members.user(id).and_then(|user| user.second.clone()).filter(SecondFactor::serves);
        let (Some(mut second), Some(proof)) = (second, proof) else { return };
        match proof {
            Proof::Code(step) => {
                second.last_step = Some(*step);
                self.set_second(id, Some(second), SecondChange::Used, out);
            }
            Proof::Recovery(hash) => {
                second.recovery.retain(|left| left != hash);
                self.set_second(id, Some(second), SecondChange::Recovered, out);
            }
            Proof::Passkey { passkey, counter, challenged } => {
                second.use_passkey(passkey, *counter, *challenged, self.now);
                self.change_second(id, Some(second), (SecondChange::PasskeyUsed, Some(*passkey)), out);
            }
        }
    }

    fn set_second(&mut self, id: UserId, second: Option<SecondFactor>, change: SecondChange, out: &mut Output) {
        self.change_second(id, second, (change, None), out);
    }

    /// `change`: what changed it, and which passkey, where it is one.
    pub(super) fn change_second(
        &mut self,
        id: UserId,
        second: Option<SecondFactor>,
        (change, passkey): (SecondChange, Option<ByteArray<16>>),
        out: &mut Output,
    ) {
        let user = self.members.user_mut(id).expect("judged before");
        user.second.clone_from(&second);
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::SecondFactorSet { user: id, second, change, passkey });
    }
}
