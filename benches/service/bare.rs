//! The bare server: axum, and for each case the least that could be meant by the same work. It is told what
//! the service answered, so that both send the same bytes.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use cardea::kernel::time::Clock;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use crate::Failure;
use crate::node::Node;

/// Lines that share one sync at the most: as many as the service's writer takes.
const LINES_PER_SYNC_MAX: usize = 256;
pub const TOKEN_PATH: &str = "/token";

/// What the server is to answer.
#[derive(Default, Serialize, Deserialize)]
pub struct Plan {
    pub documents: Vec<Document>,
    pub token: Option<Token>,
    /// Where its line is appended.
    pub log: PathBuf,
}

/// A document as the service sent it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Document {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// A token as the service made it, taken apart.
#[derive(Clone, Serialize, Deserialize)]
pub struct Token {
    /// The header of the JWS, as text.
    pub header: String,
    /// The claims that are the same in every token, as the beginning of a JSON object.
    pub fixed: String,
    pub life_seconds: i64,
    /// What the answer says beside the token, as the rest of a JSON object.
    pub rest: String,
}

/// Starts it as a process of its own.
pub async fn start(plan: &Plan, folder: &Path) -> Result<Node, Failure> {
    let path = folder.join("plan.json");
    std::fs::write(&path, serde_json::to_vec(plan)?)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("bare").arg(path);
    Node::start(command, &folder.join("bare.log")).await
}

/// Serves until it is told to end.
#[tokio::main]
pub async fn serve(plan: &Path) -> Result<ExitCode, Failure> {
    let plan: Plan = serde_json::from_slice(&std::fs::read(plan)?)?;
    let mut router = Router::new();
    for document in plan.documents {
        let answer = prepared(&document)?;
        router = router.route(&document.path, get(show).with_state(answer));
    }
    if let Some(token) = plan.token {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let signer = Arc::new(Signer { key, token, disk: Disk::open(&plan.log)? });
        router = router.route(TOKEN_PATH, post(sign).with_state(signer));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let mut ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let mut out = std::io::stdout();
    writeln!(out, "ready http://{}", listener.local_addr()?)?;
    out.flush()?;
    tokio::select! {
        served = axum::serve(listener, router) => served?,
        _ = ended.recv() => {}
    }
    Ok(ExitCode::SUCCESS)
}

type Prepared = Arc<(HeaderMap, Bytes)>;

fn prepared(document: &Document) -> Result<Prepared, Failure> {
    let mut headers = HeaderMap::new();
    for (name, value) in &document.headers {
        headers.append(name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?);
    }
    Ok(Arc::new((headers, Bytes::from(document.body.clone()))))
}

async fn show(State(prepared): State<Prepared>) -> Response {
    let (headers, body) = &*prepared;
    let mut response = Response::new(Body::from(body.clone()));
    *response.headers_mut() = headers.clone();
    response
}

/// A key that was parsed once, and a log.
struct Signer {
    key: EcdsaKeyPair,
    token: Token,
    disk: Disk,
}

async fn sign(State(signer): State<Arc<Signer>>, _body: Bytes) -> Response {
    let Ok((token, id)) = signer.token() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if signer.disk.append(format!("{{\"issued\":\"{id}\",\"what\":{}\n", signer.token.fixed)).await.is_none()
    {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let body = format!("{{\"access_token\":\"{token}\",{}", signer.token.rest);
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body)
        .into_response()
}

impl Signer {
    /// A fresh token and its id.
    fn token(&self) -> Result<(String, String), Failure> {
        let random = SystemRandom::new();
        let mut id = [0; 16];
        random.fill(&mut id)?;
        let id = BASE64URL_NOPAD.encode(&id);
        let now = Clock::System.now().unix_seconds();
        let Token { header, fixed, life_seconds, .. } = &self.token;
        let expires = now + life_seconds;
        let claims = format!("{fixed},\"iat\":{now},\"exp\":{expires},\"jti\":\"{id}\"}}");
        let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let message = format!("{}.{}", encode(header), encode(&claims));
        let signature = self.key.sign(&random, message.as_bytes())?;
        Ok((format!("{message}.{}", BASE64URL_NOPAD.encode(signature.as_ref())), id))
    }
}

type Line = (String, oneshot::Sender<()>);

/// Appends lines; all that wait share a sync.
struct Disk(mpsc::Sender<Line>);

impl Disk {
    fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::options().append(true).create(true).open(path)?;
        let (sender, lines) = mpsc::channel(LINES_PER_SYNC_MAX * 4);
        std::thread::spawn(move || append_all(file, lines));
        Ok(Self(sender))
    }

    /// Comes back when the line is on the disk.
    async fn append(&self, line: String) -> Option<()> {
        let (told, safe) = oneshot::channel();
        self.0.send((line, told)).await.ok()?;
        safe.await.ok()
    }
}

fn append_all(mut file: File, mut lines: mpsc::Receiver<Line>) {
    let mut batch: Vec<Line> = Vec::with_capacity(LINES_PER_SYNC_MAX);
    while lines.blocking_recv_many(&mut batch, LINES_PER_SYNC_MAX) > 0 {
        let text: String = batch.iter().map(|(line, _)| line.as_str()).collect();
        if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_data()) {
            eprintln!("bare: {error}");
            return;
        }
        for (_, told) in batch.drain(..) {
            // The asker may have gone away.
            let _ = told.send(());
        }
    }
}
