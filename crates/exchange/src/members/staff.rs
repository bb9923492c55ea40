//! What a second admin agrees to of the staff: who joins it, in which role, and who gets in anew. Asked for alone, an admin could be
//! any two persons.

use minicbor::bytes::ByteArray;

use super::acts::{NewUser, judge_password};
use super::{Role, User};
use crate::exchange::{Exchange, Output};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::UserId;

impl Exchange {
    /// The password is given with the agreement, so that who asked does not know it.
    pub(crate) fn add_staff(
        &mut self,
        role: Role,
        login_tag: ByteArray<16>,
        personal: &[u8],
        password_hash: Option<&str>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let password_hash = password_hash.unwrap_or_default();
        self.judge_new_user(role, None, &login_tag, (personal, password_hash))?;
        judge_password(password_hash)?;
        let user = NewUser {
            role,
            member: None,
            login_tag,
            personal: personal.to_vec(),
            password_hash: password_hash.to_owned(),
            single_use: true,
            until: self.first_password_until(),
        };
        Ok(Answer::User(self.enter_user(user, out)))
    }

    /// Whom it is about is no second person: nobody gives a role to oneself.
    pub(crate) fn set_staff_role(
        &mut self,
        by: UserId,
        id: UserId,
        role: Role,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if by == id {
            return Err(Refusal::SamePerson);
        }
        self.judge_role(id, role)?;
        Ok(self.put_role(id, role, out))
    }

    /// Whom it is about may agree: the password is told to who agrees.
    pub(crate) fn reset_staff_password(
        &mut self,
        id: UserId,
        password_hash: Option<&str>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_reset(id)?;
        let password_hash = password_hash.unwrap_or_default();
        judge_password(password_hash)?;
        self.put_password(id, password_hash, Some(self.first_password_until()), out);
        self.end_sessions(id, None, out);
        Ok(Answer::PasswordReset(id))
    }

    pub(crate) fn judge_reset(&self, id: UserId) -> Result<&User, Refusal> {
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        if user.forgotten.is_some() { Err(Refusal::Forgotten) } else { Ok(user) }
    }
}

#[cfg(test)]
mod tests {
    use crate::command::Body;
    use crate::kit::{Venue, s};
    use crate::members::Role;
    use crate::outcome::Answer;
    use crate::profile::Profile;
    use crate::refusal::Refusal;
    use crate::units::{ApprovalId, Span, UserId};

    fn add(role: Role, tag: u8) -> Body {
        Body::AddUser {
            role,
            member: None,
            login_tag: [tag; 16].into(),
            personal: vec![1],
            password_hash: "known to who asks".to_owned(),
            single_use: true,
        }
    }

    fn agree(approval: ApprovalId, password: Option<&str>) -> Body {
        Body::Approve { approval, password_hash: password.map(str::to_owned) }
    }

    fn waits(outcome: Result<Answer, Refusal>) -> ApprovalId {
        let Ok(Answer::Pending(approval)) = outcome else { panic!("{outcome:?}") };
        approval
    }

    fn reset(user: UserId) -> Body {
        Body::SetPassword { user, password_hash: "known to who asks".to_owned(), keep: None }
    }

    /// Protects every rule of two persons: no admin alone makes another, an approver, or gets in as one.
    #[test]
    fn no_admin_is_two_persons() {
        let mut venue = Venue::new();
        let first = venue.user(Role::Admin, None);
        // A venue gets its second admin by its first.
        let Ok(Answer::User(second)) = venue.ask(first, add(Role::Admin, 0xA1)) else { panic!("nobody could agree") };
        let operator = venue.user(Role::Operator, None);
        for role in [Role::Operator, Role::Settlement, Role::Admin, Role::Auditor] {
            let approval = waits(venue.ask(first, add(role, role as u8)));
            assert_eq!(venue.ask(first, agree(approval, Some("p"))), Err(Refusal::SamePerson));
            assert_eq!(venue.ask(operator, agree(approval, Some("p"))), Err(Refusal::Forbidden));
            venue.ask(second, Body::Decline { approval }).unwrap();
        }
        for body in [Body::SetRole { user: operator, role: Role::Admin }, reset(operator), reset(second)] {
            waits(venue.ask(first, body));
        }
        // Nor who has locked the other.
        venue.ask(first, Body::LockUser { user: second }).unwrap();
        waits(venue.ask(first, add(Role::Admin, 0xA2)));
        assert_eq!(venue.exchange.members().users.len(), 3);
        assert_eq!(venue.exchange.members().user(operator).unwrap().password_hash, "hash", "nobody has agreed");
    }

    /// Protects who joins: not before another admin agrees, with a password that who asked does not know, and with a login that is
    /// free then.
    #[test]
    fn a_second_admin_lets_join_and_gives_the_password() {
        let mut venue = Venue::new();
        let (first, second) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
        let (one, two) =
            (waits(venue.ask(first, add(Role::Operator, 9))), waits(venue.ask(first, add(Role::Operator, 9))));
        let before = venue.exchange.members().users.len();
        assert_eq!(venue.ask(second, agree(one, None)).unwrap_err().reason(), "invalid_text");
        let Ok(Answer::User(user)) = venue.ask(second, agree(one, Some("given"))) else { panic!("it joins") };
        let joined = venue.exchange.members().user(user).unwrap();
        assert_eq!((joined.role, joined.password_hash.as_str(), joined.single_use), (Role::Operator, "given", true));
        assert_eq!(venue.ask(second, agree(two, Some("given"))), Err(Refusal::Taken));
        assert_eq!(venue.exchange.members().users.len(), before + 1);
        assert_eq!(venue.ask(first, add(Role::Operator, 9)), Err(Refusal::Taken));
    }

    /// Protects roles, passwords and second factors of the staff: a second admin agrees, and it is judged then; members' people wait
    /// for nobody.
    #[test]
    fn a_second_admin_agrees_to_roles_and_ways_in() {
        let mut venue = Venue::new();
        let (first, second) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
        let (_, trader) = venue.firm("A", Role::Trader, "0");
        let operator = venue.user(Role::Operator, None);
        let role = |user, role| Body::SetRole { user, role };
        let user = |venue: &Venue, id| venue.exchange.members().user(id).unwrap().clone();

        let promoted = waits(venue.ask(first, role(operator, Role::Admin)));
        let same = waits(venue.ask(first, role(operator, Role::Admin)));
        assert_eq!(venue.ask(second, agree(promoted, None)), Ok(Answer::Done));
        assert_eq!(user(&venue, operator).role, Role::Admin);
        assert_eq!(venue.ask(second, agree(same, None)), Err(Refusal::Unchanged), "it is judged when it is agreed to");
        let own = waits(venue.ask(first, role(second, Role::Auditor)));
        assert_eq!(
            venue.ask(second, agree(own, None)),
            Err(Refusal::SamePerson),
            "nobody agrees to a role of one's own"
        );

        let lost = waits(venue.ask(first, reset(operator)));
        assert_eq!(venue.ask(second, agree(lost, Some("given"))), Ok(Answer::PasswordReset(operator)));
        let after = user(&venue, operator);
        assert_eq!((after.password_hash.as_str(), after.single_use), ("given", true));

        let begin = Body::BeginTotp { user: operator, sealed: vec![7; 60] };
        venue.ask(operator, begin).unwrap();
        let factor = waits(venue.ask(first, Body::RemoveTotp { user: operator, proof: None }));
        assert!(user(&venue, operator).second.is_some());
        assert_eq!(venue.ask(second, agree(factor, None)), Ok(Answer::Done));
        assert!(user(&venue, operator).second.is_none());

        assert_eq!(venue.ask(first, role(trader, Role::Manager)), Ok(Answer::Done));
        assert_eq!(venue.ask(first, reset(trader)), Ok(Answer::Done));
    }

    /// Protects old history: under rules 2 an admin does it alone, and who signed in with a first password replaces it later.
    #[test]
    fn rules_2_ask_nobody() {
        let mut venue = Venue::new();
        let lasts = Some(Span::from_seconds(60));
        let old = Profile { rules: 2, outage_after: None, first_password_lasts: lasts, ..Profile::default() };
        venue.system(Body::SetProfile(old)).unwrap();
        let (first, operator) = (venue.user(Role::Admin, None), venue.user(Role::Operator, None));
        venue.user(Role::Admin, None);
        assert!(matches!(venue.ask(first, add(Role::Admin, 9)), Ok(Answer::User(_))));
        assert_eq!(venue.ask(first, reset(operator)), Ok(Answer::Done));
        venue.at = s(61);
        assert_eq!(venue.ask(operator, reset(operator)), Ok(Answer::Done));
    }

    /// Protects the end of a first password: who signed in with it while it served does not replace it afterwards.
    #[test]
    fn an_ended_first_password_is_not_replaced_by_its_session() {
        let mut venue = Venue::new();
        let lasts = Some(Span::from_seconds(60));
        let profile = Profile { outage_after: None, first_password_lasts: lasts, ..Profile::default() };
        venue.system(Body::SetProfile(profile)).unwrap();
        let admin = venue.user(Role::Admin, None);
        let (_, trader) = venue.firm("A", Role::Trader, "0");
        venue.ask(admin, reset(trader)).unwrap();
        venue.at = s(60);
        assert_eq!(venue.ask(trader, reset(trader)), Err(Refusal::FirstPasswordEnded));
        venue.ask(admin, reset(trader)).unwrap();
        venue.at = s(119);
        assert_eq!(venue.ask(trader, reset(trader)), Ok(Answer::Done));
        venue.at = s(500);
        assert_eq!(venue.ask(trader, reset(trader)), Ok(Answer::Done), "its own does not end");
    }

    /// Protects a change of the profile from being undone unseen: the later of two that were made from the same one is refused, asked
    /// or agreed to.
    #[test]
    fn a_change_of_the_profile_names_what_it_was_made_from() {
        let mut venue = Venue::new();
        let (first, second) = (venue.user(Role::Admin, None), venue.user(Role::Admin, None));
        let read = venue.exchange.profile().clone();
        let change = |profile: Profile| Body::ChangeProfile { profile, base: read.tag() };
        let one = waits(venue.ask(first, change(Profile { lots_max: 7, ..read.clone() })));
        let two = waits(venue.ask(second, change(Profile { sealed: false, ..read.clone() })));
        assert_eq!(venue.ask(second, agree(one, None)), Ok(Answer::Done));
        assert_eq!(venue.ask(first, agree(two, None)), Err(Refusal::ChangedMeanwhile));
        assert_eq!(venue.ask(first, change(read.clone())), Err(Refusal::ChangedMeanwhile));
        let now = venue.exchange.profile().clone();
        assert_eq!((now.lots_max, now.sealed), (7, true));
        let both = Body::ChangeProfile { profile: Profile { sealed: false, ..now.clone() }, base: now.tag() };
        let three = waits(venue.ask(second, both));
        assert_eq!(venue.ask(first, agree(three, None)), Ok(Answer::Done));
        let now = venue.exchange.profile().clone();
        assert_eq!((now.lots_max, now.sealed), (7, false));
        let back = Body::ChangeProfile { profile: Profile { rules: 2, ..now.clone() }, base: now.tag() };
        assert_eq!(venue.ask(second, back).unwrap_err().reason(), "invalid_profile", "two persons do not become one");
    }
}
