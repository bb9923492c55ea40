//! Who may connect to a node: whoever shows a certificate of the cluster's own authority that is valid now, and bears the
//! name of the node it says it is.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, SystemTime};

use ordering::{Arrived, Listener, Network, Stream, TlsFiles, TlsNetwork};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const DAY: Duration = Duration::from_secs(86_400);

/// An authority, and what it has signed.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// Writes the files of a node whose certificate bears a name and ends then.
    fn write(&self, folder: &Path, name: &str, ends: SystemTime) -> TlsFiles {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = (SystemTime::now() - 30 * DAY).into();
        params.not_after = ends.into();
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let file = |what: &str, text: &str| {
            let path = folder.join(what);
            fs::write(&path, text).unwrap();
            path
        };
        TlsFiles {
            authority: file("authority.pem", &self.pem),
            certificate: file("node.pem", &certificate.pem()),
            key: file("node.key", &key.serialize_pem()),
        }
    }
}

fn free() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn later() -> SystemTime {
    SystemTime::now() + 10 * DAY
}

/// One dials the other, which listens already; both ends as far as they came, with a byte sent each way.
async fn meet(
    from: &TlsNetwork,
    listener: &mut dyn Listener,
    name: &str,
    at: SocketAddr,
) -> (io::Result<u8>, io::Result<u8>, Option<Arrived>) {
    let address = at.to_string();
    let calling = async {
        let mut stream: Stream = from.dial(name, &address).await?;
        stream.write_all(&[7]).await?;
        stream.flush().await?;
        stream.read_u8().await
    };
    let called = async {
        let mut arrived = listener.accept().await?.shown.await?;
        arrived.stream.write_all(&[9]).await?;
        arrived.stream.flush().await?;
        let heard = arrived.stream.read_u8().await?;
        io::Result::Ok((heard, arrived))
    };
    let (there, here) = tokio::join!(calling, called);
    match here {
        Ok((heard, arrived)) => (there, Ok(heard), Some(arrived)),
        Err(error) => (there, Err(error), None),
    }
}

/// Protects a cluster from everybody else: certificates of another authority, for another name, or past their time are
/// refused on both sides; what was renewed is taken up without a restart.
#[tokio::test]
async fn only_certificates_of_the_cluster_are_believed() {
    let (ours, others) = (Authority::new("ours"), Authority::new("others"));
    let folders: Vec<tempfile::TempDir> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let (one, two) = (
        ours.write(folders[0].path(), "node-1.c.bayan", later()),
        ours.write(folders[1].path(), "node-2.c.bayan", later()),
    );
    let at = free();
    let called = TlsNetwork::new(at, one).unwrap();
    let calling = TlsNetwork::new(free(), two).unwrap();
    let mut listener = called.listen().await.unwrap();

    let (there, here, arrived) = meet(&calling, &mut *listener, "node-1.c.bayan", at).await;
    assert_eq!((there.unwrap(), here.unwrap()), (9, 7));
    let arrived = arrived.unwrap();
    assert!(
        (arrived.bears)("node-2.c.bayan") && !(arrived.bears)("node-3.c.bayan") && !(arrived.bears)("node-2.d.bayan")
    );

    let (there, ..) = meet(&calling, &mut *listener, "node-3.c.bayan", at).await;
    assert!(there.unwrap_err().to_string().contains("certificate"), "somebody else answers there");

    let strange = TlsNetwork::new(free(), others.write(folders[2].path(), "node-2.c.bayan", later())).unwrap();
    let (there, here, _) = meet(&strange, &mut *listener, "node-1.c.bayan", at).await;
    assert!(there.is_err() && here.is_err(), "of another authority");

    let past = SystemTime::now() - DAY;
    let expired = TlsNetwork::new(free(), ours.write(folders[3].path(), "node-2.c.bayan", past)).unwrap();
    let (there, here, _) = meet(&expired, &mut *listener, "node-1.c.bayan", at).await;
    assert!(there.is_err(), "it is told");
    assert!(here.unwrap_err().to_string().to_lowercase().contains("expired"));

    ours.write(folders[3].path(), "node-2.c.bayan", later());
    let (there, here, _) = meet(&expired, &mut *listener, "node-1.c.bayan", at).await;
    assert_eq!((there.unwrap(), here.unwrap()), (9, 7), "renewed without a restart");

    // What is put in place by mistake does not cut a node off that runs.
    fs::write(folders[3].path().join("node.pem"), "no certificate").unwrap();
    let (there, here, _) = meet(&expired, &mut *listener, "node-1.c.bayan", at).await;
    assert_eq!((there.unwrap(), here.unwrap()), (9, 7));
    assert!(
        TlsNetwork::new(
            free(),
            TlsFiles { authority: folders[3].path().join("none"), ..ours.write(folders[3].path(), "x", later()) }
        )
        .is_err()
    );
}
