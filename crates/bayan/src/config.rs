//! The configuration of `serve`: one TOML file, every key with its default and its comment, which `bayan config` prints.
//!
//! What a comment says of a key in the printed file is the documentation of the field here; there is one text for both.

mod length;
mod print;
mod settings;

use std::fs;
use std::path::Path;

pub use length::Length;
pub use settings::{
    ArchiveSettings, ClusterSettings, Config, FeedSettings, Http, Log, LogFormat, LogLevel, NodeSettings,
    NoticeSettings, Passwords, Security, SourceName,
};

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// One line, `FILE:LINE: …`: what is wrong and what is expected.
    pub fn read(file: &Path) -> Result<Self, String> {
        let name = file.display();
        let text = fs::read_to_string(file).map_err(|error| {
            format!("{name}: {error}; expected a configuration file, of which `bayan config` prints one")
        })?;
        Config::parse(&text).map_err(|(line, what)| format!("{name}:{line}: {what}"))
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// The line, and what is wrong there.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let config: Config = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            (line, error.message().split_whitespace().collect::<Vec<_>>().join(" "))
        })?;
        if config.http.certificates.is_some() != config.http.key.is_some() {
            let given = if config.http.key.is_some() { "key" } else { "certificates" };
            let line = text.lines().position(|line| line.trim_start().starts_with(given)).map_or(1, |at| at + 1);
            return Err((line, "certificates and key of [http] belong together; expected both or neither".to_owned()));
        }
        let (all, feed) = (config.http.connections_max, config.feed.connections_max);
        if feed >= all {
            let line = ["feed", "http"].iter().find_map(|table| line_of(text, table, "connections_max")).unwrap_or(1);
            return Err((
                line,
                format!(
                    "connections_max of [feed] is {feed} and of [http] {all}; expected fewer in [feed], as [http] counts both"
                ),
            ));
        }
        Ok(config)
    }
}

/// The line on which a table has a key.
fn line_of(text: &str, table: &str, key: &str) -> Option<usize> {
    let mut within = "";
    text.lines().map(str::trim).zip(1..).find_map(|(line, number)| {
        if let Some(head) = line.strip_prefix('[') {
            within = head.split(']').next().unwrap_or_default().trim();
        }
        let found = line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
        (found && within == table).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that what `bayan config` prints is what `serve` runs with when nothing is said, and names every key.
    #[test]
    fn the_printed_configuration_is_the_default() {
        let text = Config::default().to_toml();
        assert_eq!(Config::parse(&text), Ok(Config::default()), "{text}");
        let all = text.lines().map(|line| line.strip_prefix("#? ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
        let full = Config::parse(&all).unwrap();
        assert!(
            full.node.secrets.is_some() && full.http.certificates.is_some(),
            "an optional key is not printed\n{text}"
        );
    }

    /// Protects the ways out of the house: what is not set is off, what belongs together is asked for, and passwords are read from
    /// their files.
    #[test]
    fn the_ways_of_notices_are_as_they_are_set() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        fs::write(&secret, "s3cret\n").unwrap();
        let notices = |lines: &str| Config::parse(&format!("[notices]\n{lines}")).unwrap().notices();
        let off = notices("").unwrap();
        assert!(off.push_contact.is_none() && off.smtp.is_none() && off.sms.is_none() && !off.private_receivers);
        let mail = "smtp_server = \"smtp.example:465\"\nsmtp_from = \"a@b.example\"\n";
        let on = notices(&format!(
            "{mail}smtp_tls = \"always\"\nsmtp_user = \"u\"\nsmtp_password_file = {secret:?}\n\
             sms_url = \"https://sms.example\"\nsms_token_file = {secret:?}\n"
        ))
        .unwrap();
        let smtp = on.smtp.unwrap();
        assert_eq!((smtp.host.as_str(), smtp.port, smtp.tls), ("smtp.example", 465, gateway::SmtpTls::Always));
        assert_eq!(smtp.user, Some(("u".to_owned(), "s3cret".to_owned())));
        assert_eq!(on.sms.unwrap().token.as_deref(), Some("s3cret"));
        for (lines, expected) in [
            ("smtp_server = \"smtp.example\"\nsmtp_from = \"a@b.example\"\n".to_owned(), "expected name:port"),
            ("smtp_server = \"smtp.example:x\"\nsmtp_from = \"a@b.example\"\n".to_owned(), "expected name:port"),
            ("smtp_server = \"smtp.example:25\"\n".to_owned(), "needs smtp_from too"),
            (format!("{mail}smtp_user = \"u\"\n"), "belong together"),
            (format!("{mail}smtp_user = \"u\"\nsmtp_password_file = \"/nowhere/x\"\n"), "/nowhere/x: "),
        ] {
            let refused = notices(&lines).unwrap_err();
            assert!(refused.contains(expected), "{lines}: {refused}");
        }
        let (line, what) = Config::parse("[notices]\nsmtp_tls = \"ssl\"\n").unwrap_err();
        assert!(line == 2 && what.contains("expected always, starttls or none"), "{what}");
    }

    /// Protects that a mistake is one line with its place, and says what is expected.
    #[test]
    fn mistakes_are_named_with_their_line() {
        for (text, line, expected) in [
            ("[node]\ndatta = \"x\"\n", 2, "unknown field `datta`, expected one of `data`"),
            ("\n[nodes]\n", 2, "unknown field `nodes`, expected one of `node`"),
            ("[node]\nqueue_max = \"many\"\n", 2, "invalid type: string \"many\", expected usize"),
            ("[node]\nqueue_max = -1\n", 2, "invalid value: integer `-1`, expected usize"),
            ("[http]\nlisten = \"8330\"\n", 2, "invalid socket address"),
            (
                "[http]\nproxies = [\"10.0.0.1/8\"]\n",
                2,
                "\"10.0.0.1/8\" has bits behind its prefix; expected 10.0.0.0/8",
            ),
            (
                "[http]\ndrain = \"10 s\"\n",
                2,
                "\"10 s\" is not a length of time; expected a whole number and ms, s, m or h",
            ),
            ("[log]\nformat = \"xml\"\n", 2, "unknown variant `xml`, expected `text` or `json`"),
            (
                "[log]\nlevel = \"a=b=c\"\n",
                2,
                "\"a=b=c\" is not a level; expected for example info or info,gateway=debug",
            ),
            (
                "[http]\nkey = \"k.pem\"\n",
                2,
                "certificates and key of [http] belong together; expected both or neither",
            ),
            ("[http]\n[http]\n", 2, "duplicate key"),
            ("[cluster]\nsources = [\"10.0.0.1:7330\"]\n", 2, "names no source; expected such as node-1@10.0.0.1:7330"),
            (
                "[http]\nconnections_max = 16384\n[feed]\nconnections_max = 16384\n",
                4,
                "connections_max of [feed] is 16384 and of [http] 16384; expected fewer in [feed]",
            ),
            (
                "[http]\ndrain = \"1s\"\nconnections_max = 100\n",
                3,
                "connections_max of [feed] is 10000 and of [http] 100; expected fewer in [feed]",
            ),
        ] {
            let (at, what) = Config::parse(text).unwrap_err();
            assert!(at == line && what.contains(expected), "{at}: {what}\nexpected {line}: {expected}");
            assert_eq!(what.lines().count(), 1, "{what}");
        }
    }
}
