//! A browser that speaks HTTP/1.1 by itself: over TLS with an authority of the test's own, over connections
//! that are kept open, and with an answer that must be whole.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cardea::kernel::time::Clock;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio_rustls::TlsConnector;

use super::site::FIRST_PASSWORD;
use crate::support::client::Page;
use crate::support::html::Form;
use crate::support::jar::Jar;
use crate::support::people::Totp;

/// Longest that a test waits for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(40);
const REDIRECTS_MAX: usize = 10;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
/// What everyone chooses.
pub const NEW_PASSWORD: &str = "seven quiet lighthouses";

pub struct Visitor {
    port: u16,
    issuer: String,
    source: Ipv4Addr,
    trust: Option<Arc<ClientConfig>>,
    jar: Mutex<Jar>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection, kept open.
pub struct Connection {
    stream: Box<dyn Stream>,
    pending: Vec<u8>,
    /// What the server proved itself with.
    pub certificate: Option<Vec<u8>>,
}

/// Trust in one authority.
pub fn trust(authority: &Path, versions: &[&'static SupportedProtocolVersion]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

impl Visitor {
    pub fn new(port: u16, issuer: &str, source: Ipv4Addr) -> Self {
        Self { port, issuer: issuer.to_owned(), source, trust: None, jar: Mutex::default() }
    }

    /// Speaks TLS.
    #[must_use]
    pub fn trusting(mut self, trust: Arc<ClientConfig>) -> Self {
        self.trust = Some(trust);
        self
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).map(str::to_owned)
    }

    pub async fn connect(&self) -> std::io::Result<Connection> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((self.source, 0).into())?;
        let tcp = socket.connect((Ipv4Addr::LOCALHOST, self.port).into()).await?;
        let Some(trust) = &self.trust else {
            return Ok(Connection { stream: Box::new(tcp), pending: vec![], certificate: None });
        };
        let name = ServerName::try_from("localhost").unwrap();
        let tls = TlsConnector::from(Arc::clone(trust)).connect(name, tcp).await?;
        let chain = tls.get_ref().1.peer_certificates();
        let certificate = chain.and_then(|chain| chain.first()).map(|first| first.to_vec());
        Ok(Connection { stream: Box::new(tls), pending: vec![], certificate })
    }

    /// One page, redirects not followed.
    pub async fn get(&self, path: &str) -> Page {
        self.ask("GET", path, &[], "").await
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let mut connection = self.connect().await.unwrap();
        self.ask_over(&mut connection, method, path, headers, body).await.unwrap()
    }

    /// A request over a connection that is there already; its answer has to be whole.
    pub async fn ask_over(
        &self,
        connection: &mut Connection,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Page> {
        connection.send(&self.head(method, path, headers, body)).await?;
        self.answer(connection, path).await
    }

    /// Reads an answer and keeps its cookies.
    pub async fn answer(&self, connection: &mut Connection, path: &str) -> std::io::Result<Page> {
        let page = connection.answer(path).await?;
        for line in page.headers.get_all("set-cookie") {
            self.jar.lock().unwrap().keep(line.to_str().unwrap());
        }
        Ok(page)
    }

    /// A request as it goes over the wire.
    pub fn head(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut lines = vec![format!("{method} {path} HTTP/1.1")];
        let mut add = |name: &str, value: &str| lines.push(format!("{name}: {value}"));
        if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case("host")) {
            add("Host", self.issuer.split_once("://").unwrap().1);
        }
        add("User-Agent", FIREFOX);
        if let Some(cookies) = self.jar.lock().unwrap().header() {
            add("Cookie", &cookies);
        }
        if method == "POST" {
            add("Origin", &self.issuer);
            add("Content-Type", "application/x-www-form-urlencoded");
            add("Content-Length", &body.len().to_string());
        }
        for (name, value) in headers {
            add(name, value);
        }
        format!("{}\r\n\r\n{body}", lines.join("\r\n"))
    }

    /// What a form sends back, with some fields typed into.
    pub fn filled(form: &Form, typed: &[(&str, &str)]) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form.filled(typed)).finish()
    }

    pub async fn submit(&self, form: &Form, typed: &[(&str, &str)]) -> Page {
        self.ask("POST", &form.action, &[], &Self::filled(form, typed)).await
    }

    /// Goes where an answer sends the browser, until there is a page.
    pub async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..REDIRECTS_MAX {
            let Some(to) = page.onward() else { return page };
            page = self.get(&to).await;
        }
        panic!("too many redirects, the last one to {}", page.location());
    }

    /// The answer to a name and a password, typed on a fresh sign-in page.
    pub async fn password(&self, username: &str, password: &str) -> Page {
        let form = self.get("/sign-in?again=1").await.form("/sign-in");
        self.submit(&form, &[("username", username), ("password", password)]).await
    }

    /// The first time of someone whom the operator added: links an app, and chooses a password.
    pub async fn arrive(&self, username: &str) -> Totp {
        let page = self.password(username, FIRST_PASSWORD).await;
        let page = self.follow(page).await;
        let totp = page.offered();
        let form = page.forms().into_iter().find(|form| form.value("enrolment").is_some()).unwrap();
        let typed = [("code", totp.at(Clock::System.now())), ("name", "Phone".to_owned())];
        let typed = typed.each_ref().map(|(name, value)| (*name, value.as_str()));
        let page = self.follow(self.submit(&form, &typed).await).await;
        let form = page.form("/sign-in/password");
        let page =
            self.submit(&form, &[("new_password", NEW_PASSWORD), ("new_password_again", NEW_PASSWORD)]).await;
        assert!(page.location().starts_with("/account/set-up"), "{}", page.text());
        assert!(self.is_in().await);
        totp
    }

    pub async fn is_in(&self) -> bool {
        self.get("/account").await.status == StatusCode::OK
    }
}

impl Connection {
    pub async fn send(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.write_all(text.as_bytes()).await?;
        self.stream.flush().await
    }

    /// Reads until the other side ends the connection; `Err` when it does not in time.
    pub async fn until_closed(&mut self, limit: Duration) -> Result<String, String> {
        let mut read = vec![];
        let work = self.stream.read_to_end(&mut read);
        // A connection that is reset is as closed as one that is ended in order.
        let ended = tokio::time::timeout(limit, work).await.is_ok();
        let text = String::from_utf8_lossy(&read).into_owned();
        if ended { Ok(text) } else { Err(format!("still open after {limit:?}: {text}")) }
    }

    /// One whole answer. Source: RFC 9112 §6.3.
    async fn answer(&mut self, path: &str) -> std::io::Result<Page> {
        let work = async {
            let head = self.until(b"\r\n\r\n").await?;
            let mut lines = head.split("\r\n");
            let status = lines.next().unwrap_or_default().split(' ').nth(1).unwrap_or_default();
            let status = StatusCode::from_bytes(status.as_bytes()).unwrap();
            let mut headers = HeaderMap::new();
            for line in lines.filter(|line| !line.is_empty()) {
                let (name, value) = line.split_once(':').unwrap();
                let name: HeaderName = name.parse().unwrap();
                headers.append(name, HeaderValue::from_str(value.trim()).unwrap());
            }
            let body = self.body(&headers).await?;
            Ok(Page { status, headers, body, path: path.to_owned() })
        };
        tokio::time::timeout(ANSWER_WITHIN, work).await.map_err(std::io::Error::other)?
    }

    async fn body(&mut self, headers: &HeaderMap) -> std::io::Result<String> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        if let Some(length) = text("content-length") {
            let body = self.exactly(length.parse().unwrap()).await?;
            return Ok(String::from_utf8_lossy(&body).into_owned());
        }
        if text("transfer-encoding").as_deref() != Some("chunked") {
            return Ok(String::new());
        }
        let mut body = vec![];
        loop {
            let line = self.until(b"\r\n").await?;
            let length = usize::from_str_radix(line.trim(), 16).unwrap();
            body.extend(self.exactly(length).await?);
            self.exactly(2).await?;
            if length == 0 {
                return Ok(String::from_utf8_lossy(&body).into_owned());
            }
        }
    }

    async fn until(&mut self, end: &[u8]) -> std::io::Result<String> {
        loop {
            if let Some(at) = self.pending.windows(end.len()).position(|window| window == end) {
                let taken = self.pending.drain(..at + end.len()).collect();
                return Ok(String::from_utf8(taken).unwrap());
            }
            self.more().await?;
        }
    }

    async fn exactly(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        while self.pending.len() < length {
            self.more().await?;
        }
        Ok(self.pending.drain(..length).collect())
    }

    async fn more(&mut self) -> std::io::Result<()> {
        let mut buffer = vec![0; 16 * 1024];
        let length = self.stream.read(&mut buffer).await?;
        if length == 0 {
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the answer was cut"));
        }
        self.pending.extend_from_slice(&buffer[..length]);
        Ok(())
    }
}
