//! Halting and lifting. What it means for one auction, and the order of what holds it, is in
//! `markets/auction/hand.rs`.

use super::{Halt, HaltScope, Lifting};
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::markets::auction::check_reason;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{AuctionId, HaltId};

impl Exchange {
    /// Every auction concerned is suspended, and nothing of it is published until the halt is lifted.
    pub(crate) fn halt(&mut self, scope: &HaltScope, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        self.judge_halt(scope)?;
        check_reason(reason)?;
        let id = HaltId(u32::try_from(self.halts.all().len() + 1).expect("fewer than 2^32 halts"));
        let (scope, at, reason) = (scope.clone(), self.now, reason.to_owned());
        out.emit(&Event::Halted { halt: id, scope: scope.clone(), reason: reason.clone() });
        let concerned = self.concerned(&scope);
        self.halts.begin(Halt { id, scope, reason: reason.clone(), at, lifted: None });
        self.mark(Table::Halts, id.0 as usize - 1);
        for auction in concerned {
            self.hold(auction, &reason, out);
        }
        Ok(Answer::Halt(id))
    }

    pub(crate) fn judge_halt(&self, scope: &HaltScope) -> Result<(), Refusal> {
        if let HaltScope::Product(code) = scope
            && self.products.by_code(code).is_none()
        {
            return Err(Refusal::UnknownProduct);
        }
        if self.halts.in_force().any(|halt| halt.scope == *scope) {
            return Err(Refusal::Unchanged);
        }
        Ok(())
    }

    /// What it concerned runs again, where nothing else holds it.
    pub(crate) fn lift(&mut self, id: HaltId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        let scope = self.judge_lifting(id)?.scope.clone();
        check_reason(reason)?;
        let (at, reason) = (self.now, reason.to_owned());
        out.emit(&Event::HaltLifted { halt: id, reason: reason.clone() });
        self.halts.lift(id, Lifting { at, reason: reason.clone() });
        self.mark(Table::Halts, id.0 as usize - 1);
        for auction in self.concerned(&scope) {
            self.let_go((auction, id), &reason, out);
        }
        Ok(Answer::Done)
    }

    pub(crate) fn judge_lifting(&self, id: HaltId) -> Result<&Halt, Refusal> {
        let halt = self.halts.halt(id).ok_or(Refusal::UnknownHalt)?;
        if halt.lifted.is_some() {
            return Err(Refusal::Unchanged);
        }
        Ok(halt)
    }

    /// The auctions that a halt of this scope holds: those published that have a lot still to end.
    pub(crate) fn concerned(&self, scope: &HaltScope) -> Vec<AuctionId> {
        let concerned = |id: &AuctionId| self.auction(*id).is_some_and(|auction| scope.concerns(&auction.terms));
        self.live.iter().copied().filter(concerned).collect()
    }
}
