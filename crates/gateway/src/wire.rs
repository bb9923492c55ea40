//! JSON bodies as they come in, read strictly: not JSON, an unknown, missing or repeated key or a wrong type is 400; a
//! value that cannot be is 422 and named.

use std::fmt;
use std::marker::PhantomData;

use exchange::files::FileHash;
use exchange::markets::auction::{Announcement, Attachment, CountdownFrom, Format, LotTerms, Side};
use exchange::members::Role;
use exchange::units::{Instant, MemberId, Money, Price, Quantity, Rate, Span};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::text::is_hidden;

/// Reads a body that must be a JSON object.
///
/// # Errors
/// 400 `malformed_json` or `invalid_body`.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice::<Object<T>>(bytes).map(|object| object.0).map_err(|error| {
        if error.is_data() {
            Problem::bad_request("invalid_body", format!("the body is not of the schema: {error}"))
        } else {
            Problem::bad_request("malformed_json", format!("the body is not JSON: {error}"))
        }
    })
}

/// Takes a JSON object and nothing else: derived readers would take a list of values in the order of the fields too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyMaps<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyMaps<T> {
            type Value = Object<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(OnlyMaps(PhantomData))
    }
}

/// A value shown as a JSON string in its own notation: money, prices, quantities, instants.
pub(crate) fn shown<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The same where there may be none.
pub(crate) fn shown_or_null<T: fmt::Display, S: Serializer>(value: &Option<T>, s: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => s.collect_str(value),
        None => s.serialize_none(),
    }
}

/// `POST /api/v1/sessions`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The user's login.
    pub login: String,
    /// Its password.
    pub password: String,
    /// Whether a browser gets a cookie instead of the token.
    #[serde(default)]
    pub cookie: Option<bool>,
    /// The code that the user's authenticator shows, or a recovery code; needed where the user has a second factor.
    #[serde(default)]
    pub code: Option<String>,
    /// What one of the user's passkeys signed, in place of a code.
    #[serde(default)]
    pub passkey: Option<Assertion>,
}

/// What a passkey signed, each part as the browser gave it, as base64url without padding (WebAuthn,
/// `AuthenticatorAssertionResponse`).
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasskeyAssertion)]
pub(crate) struct Assertion {
    /// `rawId`.
    pub credential: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// `signature`.
    pub signature: String,
}

/// `POST …/second-factor/passkeys`: what the browser made, each part as base64url without padding (WebAuthn,
/// `AuthenticatorAttestationResponse`).
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// What it is called, 1 to 64 characters.
    pub name: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `attestationObject`.
    pub attestation: String,
}

/// `POST /api/v1/keys`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// What it is called, 1 to 64 characters.
    pub name: String,
    /// What it is for: one or more of `read`, `bid`, `publish`.
    pub scopes: Vec<String>,
    /// When it ends, RFC 3339, at most 366 days from now.
    pub expires_at: String,
}

/// `PUT /api/v1/limits`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLimits {
    /// Whose: a manager names a trader of its member; a trader may leave it out.
    #[serde(default)]
    pub login: Option<String>,
    /// The largest amount (price × quantity) of one bid that is not asked about once more; null: none is.
    #[serde(default)]
    pub bid_amount_max: Option<String>,
}

/// `PUT …/users/{login}/limit`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenLimit {
    /// The largest amount (price × quantity) of one bid; null: any.
    #[serde(default)]
    pub bid_amount_max: Option<String>,
}

/// `POST …/second-factor/totp/confirmation`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// What the authenticator shows, six digits.
    pub code: String,
}

/// What shows the second factor that serves, one of the two; needed where there is one.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofIfAny {
    /// The code that the authenticator shows, or a recovery code.
    #[serde(default)]
    pub code: Option<String>,
    /// What a passkey signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Assertion>,
}

/// `POST /api/v1/password`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The password as it is.
    pub current: String,
    /// The password as it shall be, 12 to 128 characters.
    pub new: String,
}

/// A bid.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBid {
    /// What is bid per unit, a decimal string.
    #[schema(example = "565500.00")]
    pub price: String,
    /// The best price the bidder saw when it decided; recorded, not judged.
    #[serde(default)]
    pub seen_price: Option<String>,
}

/// An act with nothing more to say.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// An act with its reason.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// Why, for members to read, 1 to 500 characters.
    pub reason: String,
}

/// `POST …/extension`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extension {
    /// The new `closes`, RFC 3339.
    pub until: String,
    /// Why, for members to read, 1 to 500 characters.
    pub reason: String,
}

/// Money in or out.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPayment {
    /// How much, a decimal string above zero.
    #[schema(example = "1000000.00")]
    pub amount: String,
    /// What the bank's statement says, 1 to 140 characters.
    pub reference: String,
}

/// `POST /api/v1/members`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    /// Its code, unique, 1 to 32 characters.
    pub code: String,
    /// The firm's name.
    pub name: String,
}

/// `POST /api/v1/users`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// By what it signs in, unique.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// `trader`, `manager`, `operator`, `settlement`, `admin` or `auditor`.
    pub role: String,
    /// The code of its member; none for staff. A manager adds to its own, and may leave it out.
    #[serde(default)]
    pub member: Option<String>,
    /// Its first password, which serves once and must then be replaced, 12 to 128 characters; left out, the exchange makes
    /// one and answers it.
    #[serde(default)]
    pub password: Option<String>,
}

/// `POST …/applications/{id}/admission`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Admission {
    /// The member's code, unique, 1 to 32 characters.
    pub code: String,
    /// The application's `version` as it was read: what was amended meanwhile is 409 `changed_meanwhile`.
    pub version: u32,
    /// By what its first user signs in, where the login that was wished is taken; left out: as wished.
    #[serde(default)]
    pub login: Option<String>,
}

/// `PUT …/users/{login}/role`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    /// `trader` or `manager` of a member's user; `operator`, `settlement`, `admin` or `auditor` of one of the staff.
    pub role: String,
}

/// `POST …/users/{login}/password`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstPassword {
    /// The password, which serves once and must then be replaced, 12 to 128 characters; left out, the exchange makes one
    /// and answers it.
    #[serde(default)]
    pub password: Option<String>,
}

/// `POST /api/v1/products`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProduct {
    /// Its code, unique.
    pub code: String,
    /// Its name, in Chinese.
    pub name: String,
    /// The quoting unit, such as `t`.
    pub unit: String,
    /// Its name in English.
    #[serde(default)]
    pub name_en: Option<String>,
    /// What is delivered: grade, composition, form, standard; 1 to 1,000 characters.
    #[serde(default)]
    pub specification: Option<String>,
    /// `oxide`, `metal`, `alloy`, `concentrate`, `scrap`, `magnet`, `compound`, `auxiliary` or `processing`.
    #[serde(default)]
    pub kind: Option<String>,
}

/// `PUT /api/v1/products/{code}`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDescription {
    /// Its name, in Chinese.
    pub name: String,
    /// Its name in English.
    #[serde(default)]
    pub name_en: Option<String>,
    /// What is delivered: grade, composition, form, standard; 1 to 1,000 characters.
    #[serde(default)]
    pub specification: Option<String>,
    /// `oxide`, `metal`, `alloy`, `concentrate`, `scrap`, `magnet`, `compound`, `auxiliary` or `processing`.
    #[serde(default)]
    pub kind: Option<String>,
}

/// An announcement, with the keys of announcement.toml.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAuction {
    /// What the members read first.
    pub title: String,
    /// `sale` or `procurement`.
    pub side: String,
    /// The caller's own member; may be left out.
    #[serde(default)]
    pub initiator: Option<String>,
    /// The product's code.
    pub product: String,
    /// The quoting unit, such as `t`.
    pub unit: String,
    /// RFC 3339.
    pub opens: String,
    /// RFC 3339.
    pub closes: String,
    /// How it is bid.
    #[schema(value_type = NewBidding)]
    pub bidding: Object<NewBidding>,
    /// What is bid for.
    #[schema(value_type = Vec<NewLot>)]
    pub lots: Vec<Object<NewLot>>,
    /// What comes with it, at most ten files that the caller's member keeps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<NewAttachment>, required = false)]
    pub attachments: Vec<Object<NewAttachment>>,
}

/// A file that comes with an announcement.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAttachment {
    /// By what it is known: what `POST /api/v1/files` has answered.
    pub file: String,
    /// What it is called, 1 to 120 characters without slashes.
    pub name: String,
}

/// The table `[bidding]` of an announcement.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBidding {
    /// `open` (default) or `sealed`.
    #[serde(default)]
    pub format: Option<String>,
    /// A decimal string.
    pub start_price: String,
    /// A decimal string.
    #[serde(default)]
    pub limit_price: Option<String>,
    /// A decimal string.
    pub step: String,
    /// A decimal string.
    #[serde(default)]
    pub max_step: Option<String>,
    /// Whole seconds, minutes or hours, such as `180s` (default).
    #[serde(default)]
    pub countdown: Option<String>,
    /// `closing` (default) or `opening`.
    #[serde(default)]
    pub countdown_from: Option<String>,
    /// Whether a leader may overtake itself; default false.
    #[serde(default)]
    pub consecutive: Option<bool>,
    /// A decimal string above 0 and at most 1.
    pub margin_rate: String,
    /// The codes of the members who may bid; left out: every active member.
    #[serde(default)]
    pub eligible: Option<Vec<String>>,
}

/// One lot of an announcement.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLot {
    /// Its name within the announcement.
    pub code: String,
    /// A decimal string.
    pub quantity: String,
}

/// A price of the field with this name.
pub(crate) fn price(field: &str, text: &str) -> Result<Price, Problem> {
    Price::parse(text).map_err(|e| invalid("invalid_price", field, text, &e))
}

/// An instant of the field with this name.
pub(crate) fn instant(field: &str, text: &str) -> Result<Instant, Problem> {
    Instant::parse(text).map_err(|e| invalid("invalid_time", field, text, &e))
}

/// An amount of money above zero.
pub(crate) fn amount(field: &str, text: &str) -> Result<Money, Problem> {
    let amount = Money::parse(text).map_err(|e| invalid("invalid_amount", field, text, &e))?;
    if amount.is_zero() {
        return Err(Problem::invalid("invalid_amount", format!("{field} {text:?} is nothing; expected at least 0.01")));
    }
    Ok(amount)
}

/// A text that says something, of at most `most` characters, without those that control or that nobody sees.
pub(crate) fn text(reason: &'static str, field: &str, text: &str, most: usize) -> Result<(), Problem> {
    if !exchange::text::says_something(text, most) {
        return Err(Problem::invalid(
            reason,
            format!("{field} is empty, too long or has control characters; expected 1 to {most} characters"),
        ));
    }
    seen(reason, field, text)
}

/// A text all of whose characters one sees.
fn seen(reason: &'static str, field: &str, text: &str) -> Result<(), Problem> {
    let Some(hidden) = text.chars().find(|letter| is_hidden(*letter)) else { return Ok(()) };
    let why = format!("{field} has a character that nobody sees (U+{:04X}); leave it out", u32::from(hidden));
    Err(Problem::invalid(reason, why))
}

/// A login or a code: a text by which somebody or something is found, in addresses too. It does not begin or end with a space, and
/// is not a step within an address.
pub(crate) fn code(reason: &'static str, field: &str, code: &str, most: usize) -> Result<(), Problem> {
    text(reason, field, code, most)?;
    // Names have variants of an ideograph; what somebody is found by would be two that look alike.
    let varies = code.contains(|letter| matches!(letter, '\u{e0100}'..='\u{e01ef}'));
    if code.trim() != code || matches!(code, "." | "..") || varies {
        let why = format!(
            "{field} {code:?} cannot be: it has a space at an end or a variant of an ideograph, or is a step within an address"
        );
        return Err(Problem::invalid(reason, why));
    }
    Ok(())
}

/// A new password.
pub(crate) fn password(field: &str, password: &str) -> Result<(), Problem> {
    if (12..=128).contains(&password.chars().count()) {
        return Ok(());
    }
    Err(Problem::invalid("invalid_password", format!("{field} has the wrong length; expected 12 to 128 characters")))
}

/// An address of e-mail.
pub(crate) fn email(text: &str) -> Result<(), Problem> {
    if crate::notices::is_address(text) {
        return Ok(());
    }
    Err(Problem::invalid("invalid_email", "email is no address; expected for example name@example.com"))
}

/// A number of a phone, as it is dialled from anywhere.
pub(crate) fn phone(text: &str) -> Result<(), Problem> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    if (8..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(());
    }
    Err(Problem::invalid("invalid_phone", "phone is no number; expected + and 8 to 15 digits"))
}

/// A role by its word.
pub(crate) fn role(word: &str) -> Result<Role, Problem> {
    Role::ALL.into_iter().find(|role| role.word() == word).ok_or_else(|| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        Problem::invalid("invalid_role", format!("role {word:?} does not exist; expected one of {}", words.join(", ")))
    })
}

fn invalid(reason: &'static str, field: &str, text: &str, why: &dyn fmt::Display) -> Problem {
    // A value is repeated only as far as a person would read it.
    let short: String = text.chars().take(80).collect();
    Problem::invalid(reason, format!("{field} {short:?} {why}"))
}

/// The side with this word.
pub(crate) fn side(word: &str) -> Option<Side> {
    [Side::Sale, Side::Procurement].into_iter().find(|side| side.word() == word)
}

impl NewAuction {
    /// The announcement of this body. `members` finds a member by its code, `is_kept` whether the caller's member keeps a file.
    pub fn announcement(
        &self,
        own: (MemberId, &str),
        members: impl Fn(&str) -> Option<MemberId>,
        is_kept: impl Fn(&FileHash) -> bool,
    ) -> Result<Announcement, Problem> {
        let bidding = &self.bidding.0;
        let wrong = |field: &str, given: &str, expected: &str| {
            let short: String = given.chars().take(80).collect();
            Problem::invalid("invalid_announcement", format!("{field} {short:?} is unknown; expected {expected}"))
        };
        if let Some(initiator) = self.initiator.as_deref().filter(|code| *code != own.1) {
            return Err(Problem::invalid(
                "invalid_initiator",
                format!("initiator {initiator:?} is not your member; leave it out, or give {:?}", own.1),
            ));
        }
        let optional = |field: &str, text: &Option<String>| text.as_deref().map(|t| price(field, t)).transpose();
        let announcement = Announcement {
            title: self.title.clone(),
            side: side(&self.side).ok_or_else(|| wrong("side", &self.side, "sale or procurement"))?,
            initiator: own.0,
            product: self.product.clone(),
            unit: self.unit.clone(),
            opens: instant("opens", &self.opens)?,
            closes: instant("closes", &self.closes)?,
            format: match bidding.format.as_deref() {
                None | Some("open") => Format::Open,
                Some("sealed") => Format::Sealed,
                Some(other) => return Err(wrong("format", other, "open or sealed")),
            },
            start_price: price("start_price", &bidding.start_price)?,
            limit_price: optional("limit_price", &bidding.limit_price)?,
            step: price("step", &bidding.step)?,
            max_step: optional("max_step", &bidding.max_step)?,
            countdown: match bidding.countdown.as_deref() {
                None => Span::from_seconds(180),
                Some(text) => Span::parse(text).map_err(|e| invalid("invalid_duration", "countdown", text, &e))?,
            },
            countdown_from: match bidding.countdown_from.as_deref() {
                None | Some("closing") => CountdownFrom::Closing,
                Some("opening") => CountdownFrom::Opening,
                Some(other) => return Err(wrong("countdown_from", other, "closing or opening")),
            },
            consecutive: bidding.consecutive.unwrap_or(false),
            margin_rate: Rate::parse(&bidding.margin_rate)
                .map_err(|e| invalid("invalid_rate", "margin_rate", &bidding.margin_rate, &e))?,
            eligible: match &bidding.eligible {
                None => None,
                Some(codes) => Some(codes.iter().map(|code| member(code, &members)).collect::<Result<_, _>>()?),
            },
            lots: self.lots.iter().map(|lot| lot.0.terms()).collect::<Result<_, _>>()?,
            attachments: match self.attachments.as_slice() {
                [] => None,
                all => Some(all.iter().map(|one| one.0.terms(&is_kept)).collect::<Result<_, _>>()?),
            },
        };
        all_seen(&announcement)?;
        announcement.check_attachments().map_err(|e| Problem::invalid("invalid_announcement", e.to_string()))?;
        announcement.check().map_err(|e| Problem::invalid("invalid_announcement", e.to_string()))?;
        Ok(announcement)
    }
}

/// What an announcement says has no character that nobody sees, and its lots have codes that stand in addresses.
fn all_seen(announcement: &Announcement) -> Result<(), Problem> {
    const REASON: &str = "invalid_announcement";
    let Announcement { title, product, unit, lots, .. } = announcement;
    for (field, text) in [("title", title), ("product", product), ("unit", unit)] {
        seen(REASON, field, text)?;
    }
    for lot in lots {
        seen(REASON, "code", &lot.code)?;
        if matches!(lot.code.as_str(), "." | "..") {
            let why = format!("the code {:?} of a lot cannot be: it is a step within an address", lot.code);
            return Err(Problem::invalid(REASON, why));
        }
    }
    announcement.attachments().iter().try_for_each(|attachment| seen(REASON, "attachments", &attachment.name))
}

fn member(code: &str, members: &impl Fn(&str) -> Option<MemberId>) -> Result<MemberId, Problem> {
    members(code).ok_or_else(|| {
        let short: String = code.chars().take(80).collect();
        Problem::invalid("unknown_member", format!("eligible names {short:?}, which is no member; check its code"))
    })
}

impl NewAttachment {
    fn terms(&self, is_kept: &impl Fn(&FileHash) -> bool) -> Result<Attachment, Problem> {
        let file = crate::files::hash_of(&self.file).filter(is_kept).ok_or_else(|| {
            let short: String = self.file.chars().take(80).collect();
            let why = format!("attachments names {short:?}, which your member does not keep; upload it first");
            Problem::invalid("unknown_file", why)
        })?;
        Ok(Attachment { file, name: self.name.clone() })
    }
}

impl NewLot {
    fn terms(&self) -> Result<LotTerms, Problem> {
        let quantity =
            Quantity::parse(&self.quantity).map_err(|e| invalid("invalid_quantity", "quantity", &self.quantity, &e))?;
        Ok(LotTerms { code: self.code.clone(), quantity })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the line between 400 (not JSON, not the schema) and what is judged as a value.
    #[test]
    fn bodies_are_read_strictly() {
        let reason = |body: &str| parse::<NewBid>(body.as_bytes()).err().map(|p| (p.status().as_u16(), p.reason()));
        assert_eq!(reason(r#"{"price":"1.00"}"#), None);
        assert_eq!(reason(r#" {"seen_price":null,"price":"x"} "#), None);
        for body in [
            r#"{"price":1}"#,
            r#"{"price":null}"#,
            r#"{}"#,
            r#"["1.00"]"#,
            r#""1.00""#,
            r#"null"#,
            r#"{"price":"1","more":1}"#,
            r#"{"price":"1","price":"1"}"#,
        ] {
            assert_eq!(reason(body), Some((400, "invalid_body")), "{body}");
        }
        for body in ["", "{", "{\"price\":\"1\"} x", "price=1", "{'price':'1'}", "\u{feff}{\"price\":\"1\"}"] {
            assert_eq!(reason(body), Some((400, "malformed_json")), "{body}");
        }
        assert!(parse::<NewBid>(b"{\"price\":\"\xff\"}").is_err());
    }

    /// Protects the defaults of the rule book and the words for what cannot be in an announcement.
    #[test]
    fn announcements_are_checked_value_by_value() {
        const GOOD: &str = r#"{"title":"t","side":"sale","product":"p","unit":"t","opens":"2026-01-01T00:00:00Z",
            "closes":"2026-01-01T01:00:00Z","bidding":{"start_price":"100.00","step":"1.00","margin_rate":"0.2"},
            "lots":[{"code":"1","quantity":"20"}]}"#;
        let read = |body: &str| {
            let body: NewAuction = parse(body.as_bytes())?;
            let kept = FileHash::from([0xab; 32]);
            body.announcement((MemberId(1), "S1"), |code| (code == "B1").then_some(MemberId(2)), |file| *file == kept)
        };
        let good = read(GOOD).unwrap();
        assert_eq!(good.countdown, Span::from_seconds(180));
        assert_eq!((good.format, good.countdown_from), (Format::Open, CountdownFrom::Closing));
        assert!(!good.consecutive && good.eligible.is_none());
        let file = "ab".repeat(32);
        let attached = |attachments: &str| GOOD.replace("\"lots\"", &format!("\"attachments\":{attachments},\"lots\""));
        let one = format!("[{{\"file\":\"{file}\",\"name\":\"a.pdf\"}}]");
        let attachment = Attachment { file: [0xab; 32].into(), name: "a.pdf".to_owned() };
        assert_eq!(read(&attached(&one)).unwrap().attachments, Some(vec![attachment]));
        assert_eq!(read(&attached("[]")).unwrap().attachments, None);
        for (attachments, status, reason) in [
            (one.replace("ab", "ac"), 422, "unknown_file"),
            (one.replace("ab", "AB"), 422, "unknown_file"),
            (one.replace(&file, "1"), 422, "unknown_file"),
            (one.replace("a.pdf", "../a.pdf"), 422, "invalid_announcement"),
            (one.replace("a.pdf", ""), 422, "invalid_announcement"),
            (one.replace("]", &format!(",{}", &one[1..])), 422, "invalid_announcement"),
            (one.replace("name", "title"), 400, "invalid_body"),
            ("{}".to_owned(), 400, "invalid_body"),
        ] {
            let problem = read(&attached(&attachments)).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.reason()), (status, reason), "{attachments}");
        }
        for (from, to, status, reason) in [
            ("\"sale\"", "\"auction\"", 422, "invalid_announcement"),
            ("\"title\":\"t\"", "\"title\":\"t\",\"initiator\":\"B1\"", 422, "invalid_initiator"),
            ("\"100.00\"", "\"100.001\"", 422, "invalid_price"),
            ("\"1.00\"", "\"0\"", 422, "invalid_price"),
            ("\"0.2\"", "\"1.1\"", 422, "invalid_rate"),
            ("\"20\"", "\"-1\"", 422, "invalid_quantity"),
            ("2026-01-01T00:00:00Z", "2026-01-01 00:00:00Z", 422, "invalid_time"),
            ("2026-01-01T01:00:00Z", "2026-01-01T00:00:00Z", 422, "invalid_announcement"),
            ("\"step\"", "\"countdown\":\"1d\",\"step\"", 422, "invalid_duration"),
            ("\"step\"", "\"format\":\"secret\",\"step\"", 422, "invalid_announcement"),
            ("\"step\"", "\"limit_price\":\"99.00\",\"step\"", 422, "invalid_announcement"),
            ("\"step\"", "\"eligible\":[\"B1\",\"X\"],\"step\"", 422, "unknown_member"),
            ("[{\"code\":\"1\",\"quantity\":\"20\"}]", "[]", 422, "invalid_announcement"),
            ("{\"code\":\"1\",\"quantity\":\"20\"}", "[\"1\",\"20\"]", 400, "invalid_body"),
            ("\"step\"", "\"steps\"", 400, "invalid_body"),
            ("\"20\"", "20", 400, "invalid_body"),
        ] {
            let body = GOOD.replace(from, to);
            assert_ne!(body, GOOD, "{from}");
            let problem = read(&body).unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.reason()), (status, reason), "{from} -> {to}");
        }
    }
}
