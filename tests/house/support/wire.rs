//! A wire between a service and PostgreSQL that counts what goes over it: what the service really asks,
//! whatever it says of itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Asks whether the server speaks TLS. Source: PostgreSQL, Message Formats, `SSLRequest`.
const SSL_REQUEST: u32 = 80_877_103;

/// Ends with this value. Needs the test's tokio runtime.
pub struct Wire {
    address: SocketAddr,
    statements: Arc<AtomicU64>,
    listening: JoinHandle<()>,
}

impl Wire {
    /// A wire to the server of an address such as `postgres://app@127.0.0.1:5432/test`.
    pub async fn to(url: &str) -> Self {
        let url = url::Url::parse(url).unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let statements = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&statements);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else { continue };
                tokio::spawn(carry(client, server, Arc::clone(&counter)));
            }
        });
        Self { address, statements, listening }
    }

    /// The same database over this wire.
    pub fn url(&self, url: &str) -> String {
        let mut url = url::Url::parse(url).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.to_string()
    }

    /// Statements that were run so far, those that only begin and end transactions among them.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::SeqCst)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn carry(client: TcpStream, server: TcpStream, statements: Arc<AtomicU64>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut reader = Reader::default();
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        // Counted before the server can answer.
        statements.fetch_add(reader.statements_in(&buffer[..length]), Ordering::SeqCst);
        if to_server.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    back.abort();
}

/// Reads a client's messages. Source: PostgreSQL, Message Formats.
#[derive(Default)]
struct Reader {
    pending: Vec<u8>,
    has_started: bool,
}

impl Reader {
    /// How many of the messages that are whole by now run something: Execute and Query.
    fn statements_in(&mut self, bytes: &[u8]) -> u64 {
        self.pending.extend_from_slice(bytes);
        let mut count = 0;
        loop {
            let start = usize::from(self.has_started);
            let Some(length) = self.number(start) else { return count };
            let end = start + usize::try_from(length).unwrap();
            if self.pending.len() < end {
                return count;
            }
            if self.has_started {
                count += u64::from(matches!(self.pending[0], b'E' | b'Q'));
            } else {
                self.has_started = self.number(4) != Some(SSL_REQUEST);
            }
            self.pending.drain(..end);
        }
    }

    fn number(&self, start: usize) -> Option<u32> {
        Some(u32::from_be_bytes(self.pending.get(start..start + 4)?.try_into().unwrap()))
    }
}
