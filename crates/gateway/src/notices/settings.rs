//! How a user wants its notices: over which way what, when not, how many, and where to. In the log it is ciphertext under the
//! person's key; what is stored is CBOR with numbered fields, so that fields can be added.

use archive::NoticeKind;
use exchange::units::{Instant, UtcOffset};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

/// How many browsers of one user are pushed to.
pub(crate) const SUBSCRIPTIONS_MAX: usize = 8;
/// The most notices an hour that a user may ask for.
pub(crate) const PER_HOUR_MAX: u16 = 120;

/// A way in which a notice comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Channel {
    /// The app speaks up while it is open. Kept it is in any case.
    App,
    /// Web push.
    Push,
    /// E-mail.
    Email,
    /// A robot of WeCom.
    Wecom,
    /// A short message.
    Sms,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 5] = [Channel::App, Channel::Push, Channel::Email, Channel::Wecom, Channel::Sms];

    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Channel::App => "app",
            Channel::Push => "push",
            Channel::Email => "email",
            Channel::Wecom => "wecom",
            Channel::Sms => "sms",
        }
    }

    /// The channel of a word.
    pub fn of(word: &str) -> Option<Self> {
        Channel::ALL.into_iter().find(|channel| channel.word() == word)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// All of a user's settings.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Settings {
    /// Whether messages come in English; else in Chinese.
    #[n(0)]
    pub english: bool,
    /// How many notices leave the app in any hour at the most.
    #[n(1)]
    pub per_hour: u16,
    /// When none does.
    #[n(2)]
    pub quiet: Option<Quiet>,
    /// How the user's clock stands.
    #[n(3)]
    pub offset: UtcOffset,
    /// Where to, by e-mail.
    #[n(4)]
    pub email: Option<String>,
    /// Where to, by short message.
    #[n(5)]
    pub phone: Option<String>,
    /// The address of the robot in WeCom.
    #[n(6)]
    pub wecom: Option<String>,
    /// Which kinds come over which channels, where that is not as usual: the kind's word and a bit for each channel.
    #[n(7)]
    kinds: Vec<(String, u8)>,
    /// The browsers that are pushed to.
    #[n(8)]
    pub push: Vec<Subscription>,
}

/// The minutes of the day in which nothing is sent: from the first, up to the second, which may lie on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Quiet {
    #[n(0)]
    pub from_min: u16,
    #[n(1)]
    pub to_min: u16,
}

/// A browser that took a subscription (RFC 8030): where its push service is, and the keys that only it can open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Subscription {
    #[n(0)]
    pub endpoint: String,
    /// The browser's public key, an uncompressed point of P-256.
    #[n(1)]
    pub key: ByteVec,
    /// The secret that it shares with the venue.
    #[n(2)]
    pub auth: ByteArray<16>,
    /// What the user calls it.
    #[n(3)]
    pub label: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            english: false,
            per_hour: 20,
            quiet: None,
            offset: UtcOffset::default(),
            email: None,
            phone: None,
            wecom: None,
            kinds: Vec::new(),
            push: Vec::new(),
        }
    }
}

impl Settings {
    /// What was stored, or what holds before anything is.
    pub fn read(plain: Option<&[u8]>) -> Self {
        let Some(plain) = plain else { return Settings::default() };
        minicbor::decode(plain).unwrap_or_else(|error| {
            tracing::error!(%error, "the settings of a user's notices cannot be read; nothing is sent to it");
            Settings::default()
        })
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("writing to memory does not fail")
    }

    /// Whether a kind comes over a channel. Before anybody chooses, a short message comes only of what cannot wait, and of a
    /// margin only the app speaks.
    pub fn wants(&self, kind: NoticeKind, channel: Channel) -> bool {
        match self.kinds.iter().find(|(word, _)| word == kind.word()) {
            Some((_, bits)) => bits & channel.bit() != 0,
            None => match (kind, channel) {
                (_, Channel::App) => true,
                (NoticeKind::Released, _) => false,
                (kind, Channel::Sms) => matches!(kind, NoticeKind::Overtaken | NoticeKind::EndsSoon | NoticeKind::Won),
                _ => true,
            },
        }
    }

    /// Says over which channels a kind comes.
    pub fn choose(&mut self, kind: NoticeKind, channels: impl IntoIterator<Item = Channel>) {
        let bits = channels.into_iter().fold(0, |bits, channel| bits | channel.bit());
        self.kinds.retain(|(word, _)| word != kind.word());
        self.kinds.push((kind.word().to_owned(), bits));
    }

    /// Whether nothing is to be sent at this moment.
    pub fn is_quiet(&self, at: Instant) -> bool {
        const DAY_MIN: i64 = 24 * 60;
        let Some(Quiet { from_min, to_min }) = self.quiet else { return false };
        let minute = (at.us().div_euclid(60_000_000) + i64::from(self.offset.minutes())).rem_euclid(DAY_MIN);
        let (from, to) = (i64::from(from_min), i64::from(to_min));
        if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the quiet hours: by the user's own clock, over midnight too, the first minute quiet and the last not.
    #[test]
    fn quiet_hours_are_by_the_users_clock() {
        let quiet = |from_min, to_min| Some(Quiet { from_min, to_min });
        for (quiet, offset, at, expected) in [
            (None, 480, "2025-07-16T02:00:00Z", false),
            (quiet(22 * 60, 7 * 60), 480, "2025-07-16T13:59:59.999999Z", false),
            (quiet(22 * 60, 7 * 60), 480, "2025-07-16T14:00:00Z", true),
            (quiet(22 * 60, 7 * 60), 480, "2025-07-16T16:00:00Z", true),
            (quiet(22 * 60, 7 * 60), 480, "2025-07-16T22:59:59Z", true),
            (quiet(22 * 60, 7 * 60), 480, "2025-07-16T23:00:00Z", false),
            (quiet(22 * 60, 7 * 60), 0, "2025-07-16T22:00:00Z", true),
            (quiet(12 * 60, 13 * 60 + 30), -300, "2025-07-16T17:00:00Z", true),
            (quiet(12 * 60, 13 * 60 + 30), -300, "2025-07-16T18:29:00Z", true),
            (quiet(12 * 60, 13 * 60 + 30), -300, "2025-07-16T18:30:00Z", false),
            (quiet(0, 1), 330, "2025-07-15T18:30:59Z", true),
            (quiet(0, 1), 330, "2025-07-15T18:31:00Z", false),
            (quiet(0, 24 * 60), 0, "1969-12-31T23:59:00Z", true),
        ] {
            let offset = UtcOffset::from_minutes(offset).unwrap();
            let settings = Settings { quiet, offset, ..Settings::default() };
            assert_eq!(settings.is_quiet(Instant::parse(at).unwrap()), expected, "{quiet:?} {at}");
        }
    }

    /// Protects the format: what was stored is written and read as it was.
    #[test]
    fn settings_are_stored_as_they_were() {
        let mut settings = Settings {
            english: true,
            per_hour: 7,
            quiet: Some(Quiet { from_min: 1320, to_min: 420 }),
            offset: UtcOffset::from_minutes(-300).unwrap(),
            email: Some("a@b.example".to_owned()),
            phone: None,
            wecom: Some("https://w".to_owned()),
            kinds: Vec::new(),
            push: vec![Subscription {
                endpoint: "https://p".to_owned(),
                key: vec![4, 5].into(),
                auth: [6; 16].into(),
                label: "手机".to_owned(),
            }],
        };
        settings.choose(NoticeKind::Won, [Channel::App, Channel::Sms]);
        let golden = "89f507821905281901a439012b6b6140622e6578616d706c65f66968747470733a2f2f77818263776f6e1181846968747470733a2f2f7042\
                      0405500606060606060606060606060606060666e6898be69cba";
        assert_eq!(crate::text::hex(&settings.to_bytes()), golden);
        assert_eq!(Settings::read(Some(&settings.to_bytes())), settings);
    }

    /// Protects the choice: what was chosen holds, for each kind by itself, and survives being stored.
    #[test]
    fn a_choice_holds_for_its_kind() {
        let mut settings = Settings::default();
        assert!(settings.wants(NoticeKind::Lost, Channel::Email) && !settings.wants(NoticeKind::Lost, Channel::Sms));
        settings.choose(NoticeKind::Lost, [Channel::Sms]);
        settings.choose(NoticeKind::Won, []);
        let settings = Settings::read(Some(&settings.to_bytes()));
        for channel in Channel::ALL {
            assert_eq!(settings.wants(NoticeKind::Lost, channel), channel == Channel::Sms);
            assert!(!settings.wants(NoticeKind::Won, channel));
            assert!(settings.wants(NoticeKind::Overtaken, channel));
            assert_eq!(Channel::of(channel.word()), Some(channel));
        }
        assert_eq!(Settings::read(None), Settings::default());
    }
}
