//! Correcting a deposit or withdrawal (auction.md, "The exchange's own hand"): a posting with the sign turned round, which
//! names the first. Nothing is ever rewritten.

use super::{Account, Eyes, Paid};
use crate::approvals::Act;
use crate::command::Payment;
use crate::event::Cause;
use crate::exchange::{Exchange, Output, Table};
use crate::markets::auction::check_reason;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{Sequence, UserId};

impl Exchange {
    /// Asks the second person. Whether it can be corrected is judged when that one decides.
    pub(crate) fn ask_correction(
        &mut self,
        by: Option<UserId>,
        payment: Sequence,
        reason: &str,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let place = self.payments.find(payment).ok_or(Refusal::UnknownPayment)?;
        check_reason(reason)?;
        let paid = self.payments.all()[place];
        match by {
            Some(by) => self.ask_second_person(by, Act::Correct { payment: paid, reason: reason.to_owned() }, out),
            None => self.correct(payment, reason, out),
        }
    }

    pub(crate) fn correct(&mut self, payment: Sequence, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let (place, paid) = self.judge_correction(payment, Eyes::Exchange)?;
        self.payments.set_corrected(place, self.sequence);
        self.mark(Table::Payments, place);
        self.post(paid.turned_round(), paid.amount, Cause::Correction(payment, reason.to_owned()), out);
        Ok(Answer::Funds { available: self.ledger.balances(paid.member).in_public().available })
    }

    /// `unknown_payment`, `already_corrected`, `insufficient_cash`.
    pub(crate) fn judge_correction(&self, payment: Sequence, eyes: Eyes) -> Result<(usize, Paid), Refusal> {
        let place = self.payments.find(payment).ok_or(Refusal::UnknownPayment)?;
        let paid = self.payments.all()[place];
        if let Some(by) = paid.corrected {
            return Err(Refusal::AlreadyCorrected { by });
        }
        if !paid.out && self.ledger.available(paid.member, eyes) < paid.amount {
            return Err(Refusal::InsufficientCash { needs: paid.amount });
        }
        Ok((place, paid))
    }

    /// Remembers a deposit or withdrawal of this entry, since the rules under which it can be corrected.
    pub(super) fn remember_payment(&mut self, payment: &Payment, out: bool) {
        if !self.profile.has_second_hand() {
            return;
        }
        let paid =
            Paid { sequence: self.sequence, member: payment.member, amount: payment.amount, out, corrected: None };
        let place = self.payments.enter(paid);
        self.mark(Table::Payments, place);
    }
}

impl Paid {
    /// From where to where its correction goes.
    pub(crate) const fn turned_round(&self) -> (Account, Account) {
        let available = Account::Available(self.member);
        if self.out { (Account::Bank, available) } else { (available, Account::Bank) }
    }
}

#[cfg(test)]
mod tests {
    use crate::command::{Body, Payment};
    use crate::event::{Cause, Event};
    use crate::kit::{Venue, yuan};
    use crate::ledger::Account;
    use crate::members::Role;
    use crate::outcome::Answer;
    use crate::profile::Profile;
    use crate::refusal::Refusal;
    use crate::units::Sequence;

    /// Protects the correction: asked by one, judged and done with another, the sign turned round and the first named, once.
    #[test]
    fn a_payment_is_corrected_by_two() {
        let mut venue = Venue::new();
        let (member, _) = venue.firm("A", Role::Trader, "0");
        let (one, two) = (venue.user(Role::Settlement, None), venue.user(Role::Settlement, None));
        let operator = venue.user(Role::Operator, None);
        let payment = |amount: &str| Payment { member, amount: yuan(amount), reference: "bank".to_owned() };
        let correct = |payment: Sequence| Body::Correct { payment, reason: "another firm's".to_owned() };
        venue.ask(one, Body::Deposit(payment("100.00"))).unwrap();
        let deposit = venue.exchange.sequence();
        venue.ask(one, Body::Withdraw(payment("30.00"))).unwrap();
        let withdrawal = venue.exchange.sequence();

        assert_eq!(venue.ask(one, correct(Sequence(1))), Err(Refusal::UnknownPayment));
        let blank = Body::Correct { payment: deposit, reason: String::new() };
        assert_eq!(venue.ask(one, blank).unwrap_err().reason(), "invalid_text");
        assert_eq!(venue.ask(operator, correct(deposit)), Err(Refusal::Forbidden));
        let Ok(Answer::Pending(first)) = venue.ask(one, correct(deposit)) else { panic!("it waits") };
        let Ok(Answer::Pending(again)) = venue.ask(one, correct(deposit)) else { panic!("it waits") };
        assert_eq!(venue.ask(one, Body::Approve { approval: first, password_hash: None }), Err(Refusal::SamePerson));
        let short = venue.ask(two, Body::Approve { approval: first, password_hash: None });
        assert_eq!(short, Err(Refusal::InsufficientCash { needs: yuan("100.00") }));

        let Ok(Answer::Pending(second)) = venue.ask(one, correct(withdrawal)) else { panic!("it waits") };
        let answer = venue.ask(two, Body::Approve { approval: second, password_hash: None });
        assert_eq!(answer, Ok(Answer::Funds { available: yuan("100.00") }));
        assert_eq!(
            venue.ask(two, Body::Approve { approval: first, password_hash: None }),
            Ok(Answer::Funds { available: yuan("0") })
        );
        let by = venue.exchange.sequence();
        let twice = venue.ask(two, Body::Approve { approval: again, password_hash: None });
        assert_eq!(twice, Err(Refusal::AlreadyCorrected { by }));
        assert!(venue.exchange.ledger().bank().is_zero());
        let named = venue.events().into_iter().filter_map(|event| match event {
            Event::Posted { from, to, cause: Cause::Correction(of, _), .. } => Some((from, to, of)),
            _ => None,
        });
        let available = Account::Available(member);
        let expected = [(Account::Bank, available, withdrawal), (available, Account::Bank, deposit)];
        assert_eq!(named.collect::<Vec<_>>(), expected);
        // A correction is no deposit: it cannot be corrected itself.
        assert_eq!(venue.ask(one, correct(by)), Err(Refusal::UnknownPayment));
    }

    /// Protects old history: under rules 1 nothing is remembered, and a user's change of the profile is done at once.
    #[test]
    fn rules_1_know_no_second_hand() {
        let mut venue = Venue::new();
        let old = Profile { rules: 1, outage_after: None, ..Profile::default() };
        venue.system(Body::SetProfile(old.clone())).unwrap();
        let (_, _) = venue.firm("A", Role::Trader, "100.00");
        assert!(venue.exchange.payments().all().is_empty());
        let (one, two) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
        venue.ask(one, Body::SetProfile(Profile { lots_max: 7, ..old.clone() })).unwrap();
        assert_eq!(venue.exchange.profile().lots_max, 7);
        venue.ask(one, Body::SetProfile(Profile { rules: 2, ..old.clone() })).unwrap();

        // From rules 2 on another has to agree, and figures that cannot be never wait.
        let broken = Profile { rules: 2, lots_max: 0, ..old.clone() };
        assert_eq!(venue.ask(one, Body::SetProfile(broken)).unwrap_err().reason(), "invalid_profile");
        let changed = Profile { rules: 2, lots_max: 9, ..old };
        let waits = venue.ask(one, Body::SetProfile(changed.clone()));
        let Ok(Answer::Pending(approval)) = waits else { panic!("it waits") };
        assert_ne!(venue.exchange.profile(), &changed);
        assert_eq!(venue.ask(one, Body::Approve { approval, password_hash: None }), Err(Refusal::SamePerson));
        assert_eq!(venue.ask(two, Body::Approve { approval, password_hash: None }), Ok(Answer::Done));
        assert_eq!(venue.exchange.profile(), &changed);
    }
}
