//! Our own TLS: certificate and key from PEM files, read again when they are renewed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::serve::Listener;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

const HANDSHAKE_SECONDS_MAX: u64 = 10;
/// Handshakes under way at the most; further connections wait in the kernel's queue.
const HANDSHAKES_MAX: usize = 256;

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
    loop {
        let Ok(permit) = sender.clone().reserve_owned().await else { return };
        // The trait's accept goes on after passing errors such as too many open files.
        let (stream, peer) = Listener::accept(&mut tcp).await;
        let handshake = acceptor.accept(stream);
        tokio::spawn(async move {
            let limit = Duration::from_secs(HANDSHAKE_SECONDS_MAX);
            if let Ok(Ok(stream)) = tokio::time::timeout(limit, handshake).await {
                permit.send((stream, peer));
            }
        });
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
