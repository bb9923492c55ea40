//! Connections over TCP with TLS 1.3, on which both sides show a certificate of the cluster's own authority.
//!
//! The files are read again when they have changed, so that a certificate is renewed without a stop: put the new files in
//! place, and every connection that is opened from then on has them.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::client::{WebPkiServerVerifier, verify_server_name};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::{Arrived, Arriving, Listener, Network, Opening, Stream};

/// Where the certificates lie, all in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The cluster's own authority: whose certificate it has not signed is not heard.
    pub authority: PathBuf,
    /// This node's certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Connections over TCP with TLS on which both sides show who they are.
#[derive(Clone)]
pub struct TlsNetwork(Arc<Shared>);

struct Shared {
    listen: SocketAddr,
    files: TlsFiles,
    read: Mutex<(Read, Both)>,
}

/// When each of the files was written that have been read.
type Read = [SystemTime; 3];

#[derive(Clone)]
struct Both {
    calling: Arc<ClientConfig>,
    called: Arc<ServerConfig>,
}

impl TlsNetwork {
    /// Reads the files, so that a mistake in them is said at the start.
    ///
    /// # Errors
    /// One of them cannot be read, or is not what it should be; the message names it.
    pub fn new(listen: SocketAddr, files: TlsFiles) -> io::Result<Self> {
        let read = (written(&files)?, make(&files)?);
        Ok(TlsNetwork(Arc::new(Shared { listen, files, read: Mutex::new(read) })))
    }
}

impl Shared {
    /// What connections are made with, read anew where the files have changed. What cannot be read while the node runs must
    /// not cut it off: what was read last serves on.
    fn both(&self) -> Both {
        let mut read = self.read.lock();
        let (then, both) = &mut *read;
        match written(&self.files) {
            Ok(now) if now == *then => {}
            changed => match changed.and_then(|now| Ok((now, make(&self.files)?))) {
                Ok(new) => {
                    (*then, *both) = new;
                    tracing::info!("{} was read again, for connections from now on", self.files.certificate.display());
                }
                Err(error) => tracing::warn!("the certificate that was read before serves on: {error}"),
            },
        }
        both.clone()
    }
}

fn written(files: &TlsFiles) -> io::Result<Read> {
    let written = |path: &Path| {
        let written = std::fs::metadata(path).and_then(|metadata| metadata.modified());
        written.map_err(|error| at(path, &error))
    };
    Ok([written(&files.authority)?, written(&files.certificate)?, written(&files.key)?])
}

fn at(path: &Path, error: &dyn core::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {error}", path.display()))
}

fn certificates(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    match read {
        Ok(found) if found.is_empty() => Err(at(path, &"there is no certificate in it")),
        Ok(found) => Ok(found),
        Err(error) => Err(at(path, &error)),
    }
}

fn roots(authority: &Path) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(authority)? {
        roots.add(certificate).map_err(|error| at(authority, &error))?;
    }
    Ok(roots)
}

fn make(files: &TlsFiles) -> io::Result<Both> {
    let TlsFiles { authority, certificate, key } = files;
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let roots = Arc::new(roots(authority)?);
    let own = certificates(certificate)?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| at(key, &error))?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider))
        .build()
        .map_err(|error| at(authority, &error))?;
    let called = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&TLS13])
        .map_err(io::Error::other)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(own.clone(), secret.clone_key())
        .map_err(|error| at(certificate, &error))?;
    let calling = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_client_auth_cert(own, secret)
        .map_err(|error| at(certificate, &error))?;
    Ok(Both { calling: Arc::new(calling), called: Arc::new(called) })
}

impl Network for TlsNetwork {
    fn dial<'n>(&'n self, name: &'n str, address: &'n str) -> Opening<'n, Stream> {
        Box::pin(async move {
            let calling = self.0.both().calling;
            let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let stream = TlsConnector::from(calling).connect(name, stream).await?;
            Ok(Box::new(stream) as Stream)
        })
    }

    fn check(&self, name: &str) -> io::Result<()> {
        let TlsFiles { authority, certificate, .. } = &self.0.files;
        let own = certificates(certificate)?;
        let verifier = WebPkiServerVerifier::builder_with_provider(
            Arc::new(roots(authority)?),
            Arc::new(ring::default_provider()),
        );
        let verifier = verifier.build().map_err(|error| at(authority, &error))?;
        let server = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
        let (first, rest) = own.split_first().ok_or_else(|| at(certificate, &"there is no certificate in it"))?;
        match verifier.verify_server_cert(first, rest, &server, &[], UnixTime::now()) {
            Ok(_) => Ok(()),
            Err(error) => Err(at(certificate, &format!("the others would not believe that it is {name}: {error}"))),
        }
    }

    fn listen(&self) -> Opening<'_, Box<dyn Listener>> {
        Box::pin(async move {
            let listener = TcpListener::bind(self.0.listen).await?;
            Ok(Box::new(TlsListener { listener, shared: Arc::clone(&self.0) }) as Box<dyn Listener>)
        })
    }
}

struct TlsListener {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl Listener for TlsListener {
    fn accept(&mut self) -> Opening<'_, Arriving> {
        Box::pin(async move {
            let (stream, from) = self.listener.accept().await?;
            let called = self.shared.both().called;
            let shown: Opening<'static, Arrived> = Box::pin(async move {
                stream.set_nodelay(true)?;
                let stream = TlsAcceptor::from(called).accept(stream).await?;
                let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first).cloned();
                let shown = shown.ok_or_else(|| io::Error::other("it has shown no certificate"))?;
                let bears = Box::new(move |name: &str| is_of(&shown, name));
                Ok(Arrived { stream: Box::new(stream), bears })
            });
            Ok(Arriving { from: from.to_string(), shown })
        })
    }
}

/// Whether a certificate bears a name.
fn is_of(certificate: &CertificateDer<'_>, name: &str) -> bool {
    let (Ok(parsed), Ok(name)) = (ParsedCertificate::try_from(certificate), ServerName::try_from(name)) else {
        return false;
    };
    verify_server_name(&parsed, &name).is_ok()
}
