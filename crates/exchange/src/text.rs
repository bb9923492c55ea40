//! What a text must be that people write for people.

use crate::refusal::Refusal;

/// Whether a text says something: at most `most` characters, not spaces alone, none of them a control character.
#[must_use]
pub fn says_something(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
}

pub(crate) fn check_text(what: &str, text: &str, most: usize) -> Result<(), Refusal> {
    if says_something(text, most) { Ok(()) } else { Err(Refusal::InvalidText(what.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Body, Payment};
    use crate::kit::{Venue, s, terms, yuan};
    use crate::members::Role;
    use crate::outcome::Answer;

    /// Protects that every text is judged alike: its length in characters, spaces alone, control characters.
    #[test]
    fn texts_are_judged_alike() {
        let mut venue = Venue::new();
        let (member, _) = venue.firm("NRE", Role::Trader, "90000000.00");
        let submit = |venue: &mut Venue, title: &str| {
            venue.system(Body::Submit(crate::markets::auction::Announcement {
                title: title.to_owned(),
                ..terms(member, 1)
            }))
        };
        let running = venue.publish(terms(member, 1));
        for (count, (text, most_only, fine)) in [
            ("", false, false),
            (" ", false, false),
            ("\u{3000}\u{3000}", false, false),
            ("a\nb", false, false),
            ("a\u{7f}", false, false),
            ("a\u{85}b", false, false),
            ("\u{0}", false, false),
            ("稀", true, true),
            ("稀", true, false),
            (" a ", false, true),
        ]
        .into_iter()
        .enumerate()
        {
            let of = |most: usize| if most_only { text.repeat(most + usize::from(!fine)) } else { text.to_owned() };
            let refused = |outcome: Result<Answer, Refusal>| match outcome {
                Ok(_) => None,
                Err(refusal) => Some(refusal.reason()),
            };
            let expected = |reason| (!fine).then_some(reason);
            assert_eq!(refused(submit(&mut venue, &of(200))), expected("invalid_announcement"), "title {text:?}");
            let payment = Payment { member, amount: yuan("1.00"), reference: of(140) };
            for body in [Body::Deposit(payment.clone()), Body::Withdraw(payment)] {
                assert_eq!(refused(venue.system(body)), expected("invalid_text"), "reference {text:?}");
            }
            let Ok(Answer::Submitted(waiting)) = submit(&mut venue, "title") else { panic!("it is handed in") };
            let (reason, auction) = (of(500), running);
            for body in [
                Body::Reject { auction: waiting, reason: reason.clone() },
                Body::Suspend { auction, reason: reason.clone() },
            ] {
                assert_eq!(refused(venue.system(body)), expected("invalid_text"), "reason {text:?}");
            }
            if !fine {
                for body in [
                    Body::Extend { auction, until: s(2_000), reason: reason.clone() },
                    Body::Cancel { auction, reason: reason.clone() },
                ] {
                    assert_eq!(refused(venue.system(body)), Some("invalid_text"), "reason {text:?}");
                }
            } else {
                venue.system(Body::Resume { auction, reason }).unwrap();
            }
            let (code, name) = (format!("M{count}"), of(200));
            assert_eq!(
                refused(venue.system(Body::AdmitMember { code, name })),
                expected("invalid_text"),
                "name {text:?}"
            );
        }
    }
}
