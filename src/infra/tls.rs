//! Our own TLS: certificate and key from PEM files, read again when they are renewed.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::serve::Listener;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

const HANDSHAKE_SECONDS_MAX: u64 = 3;
/// Handshakes under way at the most; further connections wait in the kernel's queue.
const HANDSHAKES_MAX: usize = 2048;
/// Of one address: many people may share one, and none of them needs this many at the same moment.
const HANDSHAKES_PER_SOURCE_MAX: usize = 256;

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path}: {why}")]
    File { path: PathBuf, why: String },
    #[error("the certificate and its key do not fit: {0}")]
    Pair(#[from] rustls::Error),
}

/// The certificate in use, exchangeable while connections come in.
#[derive(Debug)]
pub struct Certificate {
    chain_file: PathBuf,
    key_file: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// # Errors
    /// A file is missing, is no PEM, or key and certificate do not belong together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Arc<Self>, TlsError> {
        let current = read(certificate, key)?;
        Ok(Arc::new(Self {
            chain_file: certificate.to_owned(),
            key_file: key.to_owned(),
            current: RwLock::new(current),
        }))
    }

    /// Reads the files again; on an error the certificate in use stays.
    ///
    /// # Errors
    /// As for [`Certificate::load`].
    pub fn reload(&self) -> Result<(), TlsError> {
        let fresh = read(&self.chain_file, &self.key_file)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<CertifiedKey>, TlsError> {
    let file = |path: &Path, why: String| TlsError::File { path: path.to_owned(), why };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| file(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(file(certificate, "no certificate is in it".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| file(key, error.to_string()))?;
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Ok(Arc::new(CertifiedKey::from_der(chain, private, &provider)?))
}

/// A listener that does the TLS handshake beside accepting, so that a slow client holds up nobody.
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    local: SocketAddr,
}

impl TlsListener {
    /// # Errors
    /// The listener's own address cannot be read.
    pub fn start(tcp: TcpListener, certificate: Arc<Certificate>) -> std::io::Result<Self> {
        let mut config =
            rustls::ServerConfig::builder().with_no_client_auth().with_cert_resolver(certificate);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let local = tcp.local_addr()?;
        let (sender, ready) = mpsc::channel(HANDSHAKES_MAX);
        tokio::spawn(accept(tcp, acceptor, sender));
        Ok(Self { ready, local })
    }
}

async fn accept(
    mut tcp: TcpListener,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let room = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    let by_source = BySource::default();
    while !sender.is_closed() {
        // The trait's accept goes on after passing errors such as too many open files.
        let (stream, peer) = Listener::accept(&mut tcp).await;
        // Who opens many and says nothing is turned away, and takes nobody else's place.
        let Some(turn) = by_source.enter(peer.ip()) else { continue };
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let (handshake, sender) = (acceptor.accept(stream), sender.clone());
        tokio::spawn(async move {
            let limit = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
            let outcome = tokio::time::timeout(limit, handshake).await;
            drop((turn, permit));
            if let Ok(Ok(stream)) = outcome
                && sender.send((stream, peer)).await.is_err()
            {
                tracing::debug!("a connection came after the end");
            }
        });
    }
}

/// Handshakes under way by address.
#[derive(Clone, Default)]
struct BySource(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl BySource {
    fn enter(&self, source: IpAddr) -> Option<Turn> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(source).or_insert(0);
        if *count >= HANDSHAKES_PER_SOURCE_MAX {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Turn { all: self.clone(), source })
    }
}

/// A place that is given back when the handshake is over, however it ends.
struct Turn {
    all: BySource,
    source: IpAddr,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut counts = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.source);
            }
        }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task lives as long as the process; without it there is nothing to give.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.local)
    }
}
