//! A browser down to the socket: it comes from a chosen address, every request has a connection of its
//! own, and an answer counts only when its last byte has come. What a test of durability calls
//! "acknowledged" is exactly that.

use std::io::{Error, ErrorKind, Result};
use std::net::{Ipv4Addr, SocketAddr};

use data_encoding::BASE64;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;

use super::client::case_codes;
use super::jar::Jar;

pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The S256 challenge of [`VERIFIER`]. Source: RFC 7636, Appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An application as the visitor plays it.
#[derive(Clone, Copy)]
pub struct Application<'a> {
    pub client_id: &'a str,
    pub secret: &'a str,
    pub callback: &'a str,
}

#[derive(Clone)]
pub struct Visitor {
    server: SocketAddr,
    issuer: String,
    from: Ipv4Addr,
    jar: Jar,
    form_token: String,
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The id under which the log tells of this request.
    pub fn request_id(&self) -> String {
        self.header("x-request-id").to_owned()
    }

    /// A parameter of the address that the browser is sent to.
    pub fn sent(&self, name: &str) -> Option<String> {
        let url = url::Url::parse("http://localhost").unwrap().join(self.header("location")).ok()?;
        url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The case code that the page shows.
    pub fn case_code(&self) -> Option<String> {
        case_codes(&self.body).into_iter().next()
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> Option<String> {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split_once(&start)?.1;
        Some(rest.split_once('"')?.0.to_owned())
    }
}

impl Visitor {
    pub fn new(server: SocketAddr, issuer: &str, from: Ipv4Addr) -> Self {
        Self { server, issuer: issuer.to_owned(), from, jar: Jar::default(), form_token: String::new() }
    }

    /// A browser without cookies, at the same node, from another address.
    pub fn fresh(&self, from: Ipv4Addr) -> Self {
        Self::new(self.server, &self.issuer, from)
    }

    pub fn has(&self, cookie: &str) -> bool {
        self.jar.get(cookie).is_some()
    }

    pub async fn get(&mut self, path: &str) -> Result<Reply> {
        self.send("GET", path, "", "").await
    }

    /// Sends a form of our own pages.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Reply> {
        let token = self.form_token.clone();
        let all = fields.iter().copied().chain([("form_token", token.as_str())]);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        let origin = format!("origin: {}\r\n", self.issuer);
        self.send("POST", path, &origin, &body).await
    }

    /// The first page: a cookie and the token of its forms.
    pub async fn arrive(&mut self) -> Result<()> {
        let page = self.get("/sign-in").await?;
        if page.status == 200 { Ok(()) } else { Err(Error::other(format!("status {}", page.status))) }
    }

    pub async fn password(&mut self, name: &str, password: &str) -> Result<Reply> {
        self.post("/sign-in", &[("username", name), ("password", password)]).await
    }

    pub async fn code(&mut self, journey: &str, code: &str) -> Result<Reply> {
        self.post("/sign-in/code", &[("journey", journey), ("code", code)]).await
    }

    pub async fn authorize(&mut self, application: Application<'_>) -> Result<Reply> {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", application.client_id),
                ("redirect_uri", application.callback),
                ("response_type", "code"),
                ("scope", "openid"),
                ("state", "s"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        self.get(&format!("/oauth2/authorize?{query}")).await
    }

    /// The application redeems a code; no cookie is involved.
    pub async fn redeem(&self, application: Application<'_>, code: &str) -> Result<Reply> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", application.callback),
                ("code_verifier", VERIFIER),
            ])
            .finish();
        let secret = format!("{}:{}", application.client_id, application.secret);
        let proof = format!("authorization: Basic {}\r\n", BASE64.encode(secret.as_bytes()));
        let mut server = Self { jar: Jar::default(), ..self.clone() };
        server.send("POST", "/oauth2/token", &proof, &body).await
    }

    async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Reply> {
        let host = self.issuer.split_once("://").unwrap().1;
        let cookies = self.jar.header().map(|all| format!("cookie: {all}\r\n")).unwrap_or_default();
        let length = if body.is_empty() {
            String::new()
        } else {
            let kind = "content-type: application/x-www-form-urlencoded\r\n";
            format!("{kind}content-length: {}\r\n", body.len())
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\naccept-language: en\r\n\
             {headers}{cookies}{length}\r\n{body}"
        );
        let socket = TcpSocket::new_v4()?;
        socket.bind((self.from, 0).into())?;
        let mut connection = socket.connect(self.server).await?;
        connection.write_all(request.as_bytes()).await?;
        let mut bytes = vec![];
        connection.read_to_end(&mut bytes).await?;
        let reply = read(&bytes)?;
        self.keep(&reply);
        Ok(reply)
    }

    fn keep(&mut self, reply: &Reply) {
        for (_, line) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.jar.keep(line);
        }
        if let Some(token) = reply.field("form_token") {
            self.form_token = token;
        }
    }
}

/// An answer that was cut off is none.
fn read(bytes: &[u8]) -> Result<Reply> {
    let cut = || Error::from(ErrorKind::UnexpectedEof);
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).ok_or_else(cut)?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: Option<usize> = length.and_then(|(_, value)| value.parse().ok());
    if length.is_some_and(|length| length != body.len()) {
        return Err(cut());
    }
    Ok(Reply { status, headers, body: body.to_owned() })
}
