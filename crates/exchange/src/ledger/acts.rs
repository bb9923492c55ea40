//! Cash in from the bank and out to it.

use crate::approvals::Act;
use crate::command::Payment;
use crate::event::Cause;
use crate::exchange::{Exchange, Output};
use crate::ledger::{Account, Eyes};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::text::check_text;
use crate::units::{Money, UserId};

/// The most characters of a payment's reference.
const REFERENCE_MAX: usize = 140;

impl Exchange {
    /// A deposit, or the question to a second person where it is above the venue's limit.
    pub(crate) fn ask_deposit(
        &mut self,
        by: Option<UserId>,
        payment: &Payment,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_payment(payment)?;
        match by.filter(|_| self.needs_second_person(payment)) {
            Some(by) => self.ask_second_person(by, Act::Deposit(payment.clone()), out),
            None => self.deposit(payment, out),
        }
    }

    /// A withdrawal, or the question to a second person where it is above the venue's limit.
    pub(crate) fn ask_withdrawal(
        &mut self,
        by: Option<UserId>,
        payment: &Payment,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_payment(payment)?;
        match by.filter(|_| self.needs_second_person(payment)) {
            Some(by) => self.ask_second_person(by, Act::Withdraw(payment.clone()), out),
            None => self.withdraw(payment, out),
        }
    }

    pub(crate) fn deposit(&mut self, payment: &Payment, out: &mut Output) -> Result<Answer, Refusal> {
        let accounts = (Account::Bank, Account::Available(payment.member));
        self.post(accounts, payment.amount, Cause::Deposit(payment.reference.clone()), out);
        self.remember_payment(payment, false);
        Ok(self.funds(payment))
    }

    pub(crate) fn withdraw(&mut self, payment: &Payment, out: &mut Output) -> Result<Answer, Refusal> {
        self.judge_withdrawal(payment, Eyes::Exchange)?;
        let accounts = (Account::Available(payment.member), Account::Bank);
        self.post(accounts, payment.amount, Cause::Withdrawal(payment.reference.clone()), out);
        self.remember_payment(payment, true);
        Ok(self.funds(payment))
    }

    pub(crate) fn judge_withdrawal(&self, payment: &Payment, eyes: Eyes) -> Result<(), Refusal> {
        if self.members.is_frozen(payment.member) {
            return Err(Refusal::Frozen);
        }
        if self.ledger.available(payment.member, eyes) < payment.amount {
            // Staff read this: what is really available would tell what is held for sealed bids.
            return Err(Refusal::InsufficientCash { needs: payment.amount });
        }
        Ok(())
    }

    /// Staff read a member's funds as if nothing were held for sealed bids.
    fn funds(&self, payment: &Payment) -> Answer {
        Answer::Funds { available: self.ledger.balances(payment.member).in_public().available }
    }

    pub(crate) fn judge_payment(&self, payment: &Payment) -> Result<(), Refusal> {
        self.members.member(payment.member).ok_or(Refusal::UnknownMember)?;
        if payment.amount <= Money::ZERO || payment.amount > Money::MOST {
            return Err(Refusal::InvalidAmount);
        }
        check_text("reference", &payment.reference, REFERENCE_MAX)
    }

    pub(crate) fn needs_second_person(&self, payment: &Payment) -> bool {
        self.profile.second_person_above.is_some_and(|above| payment.amount > above)
    }
}
