//! The ways out of the house: each call has its limits of time and size, follows no redirect, and says what became of it.

mod http;
mod mail;
mod push;

use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub(crate) use http::{Reach, destination};
pub(crate) use mail::is_address;
pub(crate) use push::{VapidKey, is_point};

use super::settings::Subscription;
use super::texts::Text;
use crate::config::{NoticesConfig, Sms, Smtp};

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// It surely did not arrive, and may the next time: no connection, or the receiver said "later".
    Later(String),
    /// It did not arrive and will not.
    Never(String),
    /// The address is no more: a subscription that ended.
    Gone,
    /// It may have arrived: the connection was lost before the receiver said.
    Unknown(String),
}

/// Everything that is needed to send.
pub(crate) struct Senders {
    tls: TlsConnector,
    timeout: Duration,
    vapid: Option<(VapidKey, String)>,
    smtp: Option<Smtp>,
    sms: Option<Sms>,
    wecom_hosts: Vec<String>,
    /// Whether addresses that users give may be plain and on this machine: for tests.
    reach: Reach,
    url: Option<String>,
}

impl Senders {
    /// Those that the configuration gives.
    ///
    /// # Errors
    /// One line on what of it cannot be.
    pub fn new(config: &NoticesConfig, vapid: VapidKey) -> Result<Self, String> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = &config.authorities {
            let unread = |error| format!("{}: no certificate can be read: {error}; expected PEM", path.display());
            for certificate in CertificateDer::pem_file_iter(path).map_err(unread)? {
                let certificate = certificate.map_err(unread)?;
                roots
                    .add(certificate)
                    .map_err(|e| format!("{}: a certificate is no authority's: {e}", path.display()))?;
            }
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| format!("TLS cannot be set up: {e}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Senders {
            tls: TlsConnector::from(Arc::new(tls)),
            timeout: config.timeout,
            vapid: config.push_contact.clone().map(|contact| (vapid, contact)),
            smtp: config.smtp.clone(),
            sms: config.sms.clone(),
            wecom_hosts: config.wecom_hosts.clone(),
            reach: if config.private_receivers { Reach::Anywhere } else { Reach::Public },
            url: config.url.clone(),
        })
    }

    /// The venue's key for push, where it pushes.
    pub fn push_key(&self) -> Option<String> {
        self.vapid.as_ref().map(|(key, _)| key.public())
    }

    /// Whether it sends mail.
    pub fn mails(&self) -> bool {
        self.smtp.is_some()
    }

    /// Whether it sends short messages.
    pub fn texts(&self) -> bool {
        self.sms.is_some()
    }

    /// The hosts of robots that it writes to.
    pub fn robots(&self) -> &[String] {
        &self.wecom_hosts
    }

    /// How far the addresses that users give may reach.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Pushes to a browser. `topic`: one that comes later takes the place of one that has not been delivered.
    pub async fn push(&self, to: &Subscription, text: &Text, topic: &str, ttl_s: u32) -> Result<(), Failed> {
        let Some((key, contact)) = &self.vapid else { return Err(off()) };
        let url = destination(&to.endpoint, self.reach).map_err(Failed::Never)?;
        let payload = serde_json::json!({"title": text.title, "body": text.body, "path": text.path, "tag": topic});
        let body = push::encrypt(to, payload.to_string().as_bytes()).map_err(Failed::Never)?;
        let headers = [
            ("content-encoding", "aes128gcm".to_owned()),
            ("content-type", "application/octet-stream".to_owned()),
            ("ttl", ttl_s.to_string()),
            ("urgency", "high".to_owned()),
            ("topic", topic.to_owned()),
            ("authorization", key.authorization(&url, contact)),
        ];
        let answer = self.post(&url, &headers, body, self.reach).await?;
        match answer.status {
            404 | 410 => Err(Failed::Gone),
            _ => answer.accepted(),
        }
    }

    /// Writes to a robot of WeCom.
    pub async fn wecom(&self, to: &str, text: &Text) -> Result<(), Failed> {
        let url = destination(to, self.reach).map_err(Failed::Never)?;
        if !self.wecom_hosts.iter().any(|host| url.host() == Some(host)) {
            return Err(Failed::Never("the robot's host is none that this venue writes to".to_owned()));
        }
        let content = self.with_link(text, &format!("{}\n{}", text.title, text.body));
        let body = serde_json::json!({"msgtype": "text", "text": {"content": content}});
        let answer = self.post(&url, &[json()], body.to_string().into_bytes(), self.reach).await?;
        answer.accepted()?;
        // It says in the body what the status does not.
        let said: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match said["errcode"].as_i64() {
            Some(0) => Ok(()),
            // Too many a minute.
            Some(45009) => Err(Failed::Later("the robot takes no more for now".to_owned())),
            Some(code) => Err(Failed::Never(format!("the robot refused it with errcode {code}"))),
            None => Err(Failed::Never("the answer is none of a robot".to_owned())),
        }
    }

    /// Sends a short message through the venue's gateway.
    pub async fn sms(&self, to: &str, text: &Text) -> Result<(), Failed> {
        let Some(sms) = &self.sms else { return Err(off()) };
        let url = destination(&sms.url, Reach::Anywhere).map_err(Failed::Never)?;
        let mut headers = vec![json()];
        headers.extend(sms.token.as_ref().map(|token| ("authorization", format!("Bearer {token}"))));
        let body = serde_json::json!({"to": to, "text": format!("{}: {}", text.title, text.body)});
        self.post(&url, &headers, body.to_string().into_bytes(), Reach::Anywhere).await?.accepted()
    }

    /// Sends an e-mail.
    pub async fn email(&self, to: &str, text: &Text) -> Result<(), Failed> {
        let Some(smtp) = &self.smtp else { return Err(off()) };
        let body = self.with_link(text, &text.body);
        mail::send(smtp, &self.tls, self.timeout, to, &text.title, &body).await
    }

    fn with_link(&self, text: &Text, body: &str) -> String {
        match &self.url {
            Some(url) => format!("{body}\n{}{}", url.trim_end_matches('/'), text.path),
            None => body.to_owned(),
        }
    }

    async fn post(
        &self,
        url: &hyper::Uri,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
        reach: Reach,
    ) -> Result<http::Answer, Failed> {
        http::post(&self.tls, self.timeout, url, headers, body, reach).await
    }
}

fn json() -> (&'static str, String) {
    ("content-type", "application/json".to_owned())
}

fn off() -> Failed {
    Failed::Never("this venue does not send this way".to_owned())
}
