//! Mail by SMTP (RFC 5321): one message, one receiver, plain text in UTF-8. Only what a venue's own mail server needs is
//! spoken: TLS from the start or by STARTTLS, and a user with a password.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::Failed;
use super::http::{Reach, connect};
use crate::config::{Smtp, SmtpTls};
use crate::gateway::Gateway;
use crate::text::hex;

/// The longest line that a server may say (RFC 5321 has 512, and nobody holds to it).
const LINE_MAX: u64 = 4_096;
/// The most lines of one answer.
const LINES_MAX: usize = 64;
/// Base64 is cut into lines of so many letters (RFC 2045).
const BASE64_LINE: usize = 76;
/// How many bytes of a subject one encoded word takes (RFC 2047 has 75 letters for it).
const WORD_BYTES: usize = 45;

/// Sends one message within this time.
pub(super) async fn send(
    smtp: &Smtp,
    tls: &TlsConnector,
    timeout: Duration,
    to: &str,
    subject: &str,
    text: &str,
) -> Result<(), Failed> {
    let mut asked = false;
    let sent = tokio::time::timeout(timeout, deliver(smtp, tls, to, subject, text, &mut asked)).await;
    match sent {
        Ok(sent) => sent,
        // From when the whole message is there the server may have taken it.
        Err(_) if asked => Err(Failed::Unknown("the mail server did not answer in time".to_owned())),
        Err(_) => Err(Failed::Later("the mail server did not answer in time".to_owned())),
    }
}

/// `asked` becomes true when the whole message has been handed over.
async fn deliver(
    smtp: &Smtp,
    tls: &TlsConnector,
    to: &str,
    subject: &str,
    text: &str,
    asked: &mut bool,
) -> Result<(), Failed> {
    let (host, port) = (smtp.host.as_str(), smtp.port);
    let name = || {
        ServerName::try_from(host.to_owned())
            .map_err(|_| Failed::Never("the mail server has no name that a certificate could have".to_owned()))
    };
    let secure = |error: std::io::Error| Failed::Later(format!("no secure connection to the mail server: {error}"));
    let stream = connect(host, port, Reach::Anywhere).await?;
    match smtp.tls {
        SmtpTls::None => {
            let mut talk = Talk(BufReader::new(stream));
            talk.greet().await?;
            talk.hand_over(smtp, to, subject, text, asked).await
        }
        SmtpTls::Always => {
            let mut talk = Talk(BufReader::new(tls.connect(name()?, stream).await.map_err(secure)?));
            talk.greet().await?;
            talk.hand_over(smtp, to, subject, text, asked).await
        }
        SmtpTls::Starttls => {
            let mut talk = Talk(BufReader::new(stream));
            talk.greet().await?;
            talk.say("STARTTLS", 220).await?;
            // What came before the connection was secure says nothing (CVE-2011-0411).
            if !talk.0.buffer().is_empty() {
                return Err(Failed::Never("the mail server spoke before the connection was secure".to_owned()));
            }
            let stream = tls.connect(name()?, talk.0.into_inner()).await.map_err(secure)?;
            let mut talk = Talk(BufReader::new(stream));
            talk.hello().await?;
            talk.hand_over(smtp, to, subject, text, asked).await
        }
    }
}

/// A conversation with a server.
struct Talk<S>(BufReader<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    async fn greet(&mut self) -> Result<(), Failed> {
        self.hear(220).await?;
        self.hello().await
    }

    async fn hello(&mut self) -> Result<(), Failed> {
        self.say("EHLO bayan", 250).await
    }

    async fn hand_over(
        &mut self,
        smtp: &Smtp,
        to: &str,
        subject: &str,
        text: &str,
        asked: &mut bool,
    ) -> Result<(), Failed> {
        if let Some((user, password)) = &smtp.user {
            self.say(&format!("AUTH PLAIN {}", BASE64.encode(format!("\0{user}\0{password}"))), 235).await?;
        }
        self.say(&format!("MAIL FROM:<{}>", smtp.from), 250).await?;
        self.say(&format!("RCPT TO:<{to}>"), 250).await?;
        self.say("DATA", 354).await?;
        let message = message(&smtp.from, to, subject, text)?;
        *asked = true;
        // Neither header nor Base64 has a line that begins with a dot.
        self.say(&format!("{message}\r\n."), 250).await.map_err(|failed| match failed {
            Failed::Later(what) if what.starts_with(BROKEN) => Failed::Unknown(what),
            other => other,
        })?;
        // The message is taken; whether the server hears the farewell changes nothing.
        drop(self.0.get_mut().write_all(b"QUIT\r\n").await);
        Ok(())
    }

    async fn say(&mut self, line: &str, expected: u16) -> Result<(), Failed> {
        let stream = self.0.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).await.map_err(broken)?;
        stream.flush().await.map_err(broken)?;
        self.hear(expected).await
    }

    /// An answer of one or more lines, of which the last has a space behind the code.
    async fn hear(&mut self, expected: u16) -> Result<(), Failed> {
        for _ in 0..LINES_MAX {
            let mut line = Vec::new();
            (&mut self.0).take(LINE_MAX).read_until(b'\n', &mut line).await.map_err(broken)?;
            if !line.ends_with(b"\n") {
                return Err(Failed::Later(format!("{BROKEN}: the mail server hung up")));
            }
            let code = line.get(..3).and_then(|code| std::str::from_utf8(code).ok()?.parse::<u16>().ok());
            let Some(code) = code else { return Err(Failed::Never("this is no mail server".to_owned())) };
            if line.get(3) == Some(&b'-') {
                continue;
            }
            return match code {
                code if code == expected => Ok(()),
                400..=499 => Err(Failed::Later(format!("the mail server answered {code}"))),
                code => Err(Failed::Never(format!("the mail server answered {code}"))),
            };
        }
        Err(Failed::Never("the mail server does not come to an end".to_owned()))
    }
}

const BROKEN: &str = "the connection to the mail server broke off";

fn broken(error: std::io::Error) -> Failed {
    Failed::Later(format!("{BROKEN}: {error}"))
}

/// Whether a text can be an address in an envelope: one `@`, no spaces, no letters with a meaning there.
pub(crate) fn is_address(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>()[]\\,;:\"".contains(&byte));
    let parts = text.split_once('@');
    let host = |host: &str| host.split('.').all(|part| !part.is_empty()) && host.contains('.') && !host.contains('@');
    plain && text.len() <= 254 && parts.is_some_and(|(user, at)| !user.is_empty() && user.len() <= 64 && host(at))
}

/// The message with its head (RFC 5322).
fn message(from: &str, to: &str, subject: &str, text: &str) -> Result<String, Failed> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|error| Failed::Later(format!("the system gave no random bytes: {error}")))?;
    let domain = from.split_once('@').map_or("bayan", |(_, domain)| domain);
    let mut message = format!(
        "From: <{from}>\r\nTo: <{to}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@{domain}>\r\nAuto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        words(subject),
        date(Gateway::now().us().div_euclid(1_000_000)),
        hex(&id),
    );
    let body = BASE64.encode(text.replace('\n', "\r\n"));
    let lines: Vec<&str> =
        body.as_bytes().chunks(BASE64_LINE).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    message.push_str(&lines.join("\r\n"));
    Ok(message)
}

/// A head's text as encoded words (RFC 2047), none of which cuts a letter.
fn words(text: &str) -> String {
    let (mut words, mut word) = (Vec::new(), String::new());
    for letter in text.chars() {
        if word.len() + letter.len_utf8() > WORD_BYTES {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter);
    }
    words.push(word);
    let encoded: Vec<String> = words.iter().map(|word| format!("=?utf-8?B?{}?=", BASE64.encode(word))).collect();
    encoded.join("\r\n ")
}

/// A date as mail has it, in UTC.
fn date(second: i64) -> String {
    let at = exchange::units::Instant::from_us(second * 1_000_000).to_string();
    let (day, rest) = at.split_once('T').unwrap_or((&at, "00:00:00"));
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next().unwrap_or(""), parts.next().unwrap_or("01"), parts.next().unwrap_or("01"));
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).unwrap_or(&"Jan");
    format!("{day} {month} {year} {} +0000", &rest[..8.min(rest.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects what is written into an envelope and a head: no address can say more than an address, and every text reads as it was.
    #[test]
    fn heads_and_envelopes_hold_what_they_should() {
        for (text, good) in [
            ("a@example.com", true),
            ("first.last+tag@mail.example.com", true),
            ("a@localhost", false),
            ("a", false),
            ("@example.com", false),
            ("a@@example.com", false),
            ("a@b@example.com", false),
            ("a b@example.com", false),
            ("a@example.com\r\nRCPT TO:<b@example.com>", false),
            ("a>@example.com", false),
            ("用户@example.com", false),
            ("a@example..com", false),
        ] {
            assert_eq!(is_address(text), good, "{text:?}");
        }
        assert_eq!(date(1_752_631_200), "16 Jul 2025 02:00:00 +0000");
        let subject = "出价被超越,请尽快处理".repeat(5);
        let encoded = words(&subject);
        assert!(encoded.split("\r\n ").all(|word| word.len() <= 75));
        let plain: Vec<u8> = encoded
            .split("\r\n ")
            .flat_map(|word| {
                BASE64.decode(word.strip_prefix("=?utf-8?B?").unwrap().strip_suffix("?=").unwrap()).unwrap()
            })
            .collect();
        assert_eq!(plain, subject.as_bytes());
        let message = message("from@example.com", "to@example.com", "x", &"一行\n".repeat(50)).unwrap();
        assert!(message.split("\r\n").all(|line| line.len() <= 78 && !line.starts_with('.')));
    }
}
