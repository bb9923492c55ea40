//! Annulling a sold lot (auction.md, "The exchange's own hand"): its contract is cancelled and both margins are released.

use super::acts::check_reason;
use super::state::LotStatus;
use crate::approvals::Act;
use crate::contracts::{Cancellation, Contract};
use crate::event::{Cause, Event};
use crate::exchange::{Exchange, Output, Table};
use crate::ledger::Account;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{AuctionId, LotIndex, Money, UserId};

impl Exchange {
    /// Asks the second person. Whether the lot can be annulled is judged when that one decides.
    pub(crate) fn ask_annulment(
        &mut self,
        by: Option<UserId>,
        (id, index): (AuctionId, LotIndex),
        reason: &str,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let auction = self.published(id)?;
        if usize::from(index.0) >= auction.lots.len() {
            return Err(Refusal::UnknownLot);
        }
        check_reason(reason)?;
        match by {
            Some(by) => {
                let act = Act::Annul { auction: id, lot: index, reason: reason.to_owned() };
                self.ask_second_person(by, act, out)
            }
            None => self.annul((id, index), reason, out),
        }
    }

    pub(crate) fn annul(
        &mut self,
        (id, index): (AuctionId, LotIndex),
        reason: &str,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let contract = self.judge_annulment((id, index))?;
        let (number, released) = (contract.id, contract.margins());
        let cancelled = Some(Cancellation { at: self.now, reason: reason.to_owned() });
        self.contracts[number.0 as usize - 1].cancelled = cancelled;
        self.mark(Table::Contracts, number.0 as usize - 1);
        let reason = reason.to_owned();
        out.emit(&Event::LotAnnulled { auction: id, lot: index, contract: number, reason });
        self.auction_at(id).lots[usize::from(index.0)].status = LotStatus::Annulled;
        self.lot_changed(id, index, out);
        for (accounts, margin) in released {
            self.post(accounts, margin, Cause::Annulled(number), out);
        }
        Ok(Answer::Annulled(number))
    }

    /// `unknown_auction`, `unknown_lot`, `not_sold`, `too_late`. Gives the contract that is cancelled.
    pub(crate) fn judge_annulment(&self, (id, index): (AuctionId, LotIndex)) -> Result<&Contract, Refusal> {
        let lot = self.published(id)?.lots.get(usize::from(index.0)).ok_or(Refusal::UnknownLot)?;
        if lot.status != LotStatus::Sold {
            return Err(Refusal::NotSold);
        }
        let number = lot.contract.expect("what is sold has a contract");
        let contract = &self.contracts[number.0 as usize - 1];
        if !contract.awaits_payment() {
            return Err(Refusal::ContractUnderWay);
        }
        Ok(contract)
    }
}

impl Contract {
    /// What is held for it from either side, and whereto it goes when it is released.
    pub(crate) fn margins(&self) -> [((Account, Account), Money); 2] {
        [(self.seller, self.seller_margin), (self.buyer, self.buyer_margin)]
            .map(|(member, margin)| ((Account::ContractMargin(member), Account::Available(member)), margin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Body;
    use crate::kit::{Venue, price, s, terms};
    use crate::markets::auction::AuctionStatus;
    use crate::members::Role;
    use crate::units::{ApprovalId, Instant};

    fn why() -> String {
        "串通".to_owned()
    }

    /// Protects the annulment: asked by one, judged and done with another, both margins released, the lot `annulled`, the
    /// rest of the auction as it was.
    #[test]
    fn a_sold_lot_is_annulled_by_two() {
        let mut venue = Venue::new();
        let (seller, _) = venue.firm("S", Role::Trader, "90000000.00");
        let (buyer, bidder) = venue.firm("B", Role::Trader, "90000000.00");
        let (one, two) = (venue.user(Role::Operator, None), venue.user(Role::Operator, None));
        let settlement = venue.user(Role::Settlement, None);
        let id = venue.publish(terms(seller, 2));
        venue.tick(s(150));
        venue.bid(bidder, id, 0, price(565_000)).unwrap();
        let annul = |lot: u16| Body::Annul { auction: id, lot: LotIndex(lot), reason: why() };
        let Ok(Answer::Pending(early)) = venue.ask(one, annul(0)) else { panic!("it waits") };
        assert_eq!(venue.ask(two, Body::Approve { approval: early, password_hash: None }), Err(Refusal::NotSold));
        venue.tick(s(3_000));
        assert_eq!(venue.auction(id).status, AuctionStatus::Closed);
        let refusals = [
            (Body::Annul { auction: AuctionId(9), lot: LotIndex(0), reason: why() }, "unknown_auction"),
            (annul(2), "unknown_lot"),
            (Body::Annul { auction: id, lot: LotIndex(0), reason: " ".to_owned() }, "invalid_text"),
        ];
        for (body, reason) in refusals {
            assert_eq!(venue.ask(one, body).unwrap_err().reason(), reason);
        }
        assert_eq!(venue.ask(settlement, annul(0)).unwrap_err().reason(), "forbidden");
        let Ok(Answer::Pending(unsold)) = venue.ask(one, annul(1)) else { panic!("it waits") };
        assert_eq!(venue.ask(two, Body::Approve { approval: unsold, password_hash: None }), Err(Refusal::NotSold));

        assert_eq!(venue.ask(one, Body::Approve { approval: early, password_hash: None }), Err(Refusal::SamePerson));
        assert_eq!((venue.held(seller).as_str(), venue.held(buyer).as_str()), ("2260000.00", "2260000.00"));
        let annulled = venue.ask(two, Body::Approve { approval: early, password_hash: None });
        assert_eq!(annulled, Ok(Answer::Annulled(crate::units::ContractId(1))));
        assert_eq!((venue.held(seller).as_str(), venue.held(buyer).as_str()), ("0.00", "0.00"));
        assert_eq!(venue.lot(id, 0).status, LotStatus::Annulled);
        assert_eq!(venue.lot(id, 1).status, LotStatus::Unsold);
        assert_eq!(venue.auction(id).status, AuctionStatus::Closed);
        assert!(venue.exchange.contracts()[0].cancelled.is_some());
        assert_eq!(
            venue.ask(two, Body::Approve { approval: ApprovalId(1), password_hash: None }),
            Err(Refusal::AlreadyDecided)
        );
        assert_eq!(venue.system(annul(0)), Err(Refusal::NotSold));
    }

    /// Protects that a contract that is under way is not annulled: the rule book's `too_late`.
    #[test]
    fn a_contract_under_way_is_not_annulled() {
        let mut venue = Venue::new();
        let (seller, _) = venue.firm("S", Role::Trader, "90000000.00");
        let (_, bidder) = venue.firm("B", Role::Trader, "90000000.00");
        let id = venue.publish(terms(seller, 1));
        venue.tick(s(150));
        venue.bid(bidder, id, 0, price(565_000)).unwrap();
        venue.tick(s(3_000));
        // Nothing moves a contract on yet; what its room will do is done here by hand.
        venue.exchange.contracts[0].cancelled = Some(Cancellation { at: Instant::MIN, reason: why() });
        let refused = venue.system(Body::Annul { auction: id, lot: LotIndex(0), reason: why() });
        assert_eq!(refused.unwrap_err().reason(), "too_late");
    }
}
