//! The figures of a refusal as programs read them: the same that its sentence names, so that they can be said in any language.

use exchange::Refusal;
use exchange::units::{Money, Price};
use serde::Serialize;
use utoipa::ToSchema;

/// The figures of the rule that said no, as decimals; those that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Figures {
    /// `off_step`: the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    /// `off_step`: from where steps count.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    /// `not_better`: the best price, which is to be beaten, or the start price, which is to be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    than: Option<String>,
    /// `not_better`: whether that is the price of a bid.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_bid: Option<bool>,
    /// `above_max_step`: from where it is moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// `above_max_step`: by how much at the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_step: Option<String>,
    /// `beyond_limit`: the limit price.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
    /// `insufficient_margin`, `insufficient_cash`: what is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<String>,
    /// `insufficient_margin`: what is there, where that may be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    has: Option<String>,
    /// `above_given_limit`: the largest amount of one bid.
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<String>,
}

impl Figures {
    /// Those of a refusal, where it has some.
    pub fn of(refusal: &Refusal) -> Option<Self> {
        let price = |one: &Price| Some(one.to_string());
        let money = |one: &Money| Some(one.to_string());
        let none = Figures::default();
        Some(match refusal {
            Refusal::OffStep { step, start } => Figures { step: price(step), start: price(start), ..none },
            Refusal::NotBetter { than, bid } => Figures { than: price(than), is_bid: Some(*bid), ..none },
            Refusal::AboveMaxStep { reference, max_step } => {
                Figures { reference: price(reference), max_step: price(max_step), ..none }
            }
            Refusal::BeyondLimit { limit } => Figures { limit: price(limit), ..none },
            Refusal::InsufficientMargin { needs, has } => {
                Figures { needs: money(needs), has: has.as_ref().and_then(money), ..none }
            }
            Refusal::InsufficientCash { needs } => Figures { needs: money(needs), ..none },
            Refusal::AboveGivenLimit { most } => Figures { most: money(most), ..none },
            _ => return None,
        })
    }
}
