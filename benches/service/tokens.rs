//! Tokens: what the service offers by its own discovery document, asked for as the demo sheet's applications
//! ask. What is not offered is not measured.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Map, Value};

use crate::bare::{TOKEN_PATH, Token};
use crate::client::{Connection, form, post, source};
use crate::documents::path_of;
use crate::load::Caller;
use crate::node::Node;
use crate::people::Person;
use crate::{Failure, sign_ins};

/// Callers at the same time.
pub const CALLERS: u16 = 128;
/// The hosts from which an application calls: enough that none of them comes to its limit.
const HOSTS: u16 = 8;

/// PKCE. Source: RFC 7636, Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What the provider says of itself, and the applications that it knows.
pub struct Provider {
    metadata: Value,
    sheet: Value,
}

impl Provider {
    pub fn read(metadata: &str, sheet: &Path) -> Result<Self, Failure> {
        let sheet = serde_json::from_slice(&std::fs::read(sheet)?)?;
        Ok(Self { metadata: serde_json::from_str(metadata)?, sheet })
    }

    pub fn endpoint(&self, name: &str) -> Result<String, Failure> {
        path_of(text(&self.metadata, name)?)
    }

    fn lists(&self, name: &str, value: &str) -> bool {
        has(&self.metadata, name, value)
    }

    /// An application of the sheet that is registered for a grant, where the grant is offered at all.
    fn application(&self, client_id: &str, grant: &str) -> Result<Result<Application, String>, Failure> {
        if !self.lists("grant_types_supported", grant) {
            return Ok(Err(format!("not offered: {grant} is not in grant_types_supported")));
        }
        let clients = self.sheet.get("clients").and_then(Value::as_array).into_iter().flatten();
        let Some(client) =
            clients.into_iter().find(|client| text(client, "client_id").is_ok_and(|id| id == client_id))
        else {
            return Ok(Err(format!("not offered: no client {client_id} in the demo sheet")));
        };
        if !has(client, "grant_types", grant) {
            return Ok(Err(format!("not offered: {client_id} is not registered for {grant}")));
        }
        let secret = text(client, "client_secret").unwrap_or_default();
        let basic = match text(client, "token_endpoint_auth_method")? {
            "client_secret_basic" => true,
            "client_secret_post" => false,
            other => return Ok(Err(format!("not measured: {client_id} proves itself by {other}"))),
        };
        Ok(Ok(Application {
            path: self.endpoint("token_endpoint")?,
            basic,
            id: client_id.to_owned(),
            secret: secret.to_owned(),
            scope: text(client, "scope").unwrap_or_default().to_owned(),
            redirect_uri: client
                .pointer("/redirect_uris/0")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        }))
    }

    pub fn machine(&self) -> Result<Result<Application, String>, Failure> {
        self.application("m2m", "client_credentials")
    }

    pub fn refresher(&self) -> Result<Result<Application, String>, Failure> {
        self.application("web", "refresh_token")
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Failure> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("no {name}").into())
}

fn has(value: &Value, name: &str, wanted: &str) -> bool {
    let list = value.get(name).and_then(Value::as_array);
    list.is_some_and(|list| list.iter().any(|one| one == wanted))
}

/// An application with its credentials.
#[derive(Clone)]
pub struct Application {
    path: String,
    basic: bool,
    id: String,
    secret: String,
    scope: String,
    redirect_uri: String,
}

impl Application {
    /// A request for tokens. Source: RFC 6749 §2.3.1.
    fn request(&self, host: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        if self.basic {
            let pair = BASE64.encode(format!("{}:{}", self.id, self.secret).as_bytes());
            return post(host, &self.path, &format!("authorization: Basic {pair}\r\n"), &form(fields));
        }
        let credentials = [("client_id", self.id.as_str()), ("client_secret", self.secret.as_str())];
        post(host, &self.path, "", &form(&[fields, &credentials].concat()))
    }

    fn for_itself(&self, host: &str) -> Vec<u8> {
        let grant = ("grant_type", "client_credentials");
        if self.scope.is_empty() {
            return self.request(host, &[grant]);
        }
        self.request(host, &[grant, ("scope", &self.scope)])
    }
}

/// One who asks the same thing again and again.
pub struct Machine {
    connection: Connection,
    request: Vec<u8>,
}

impl Caller for Machine {
    async fn call(&mut self) -> Result<(), Failure> {
        self.connection.ask(&self.request).await?.demand(200)?;
        Ok(())
    }
}

/// Callers of the service for an application's own tokens.
pub async fn machines(node: &Node, application: &Application) -> Result<Vec<Machine>, Failure> {
    asking(node, &application.for_itself(&node.host)).await
}

/// Callers of the bare server.
pub async fn bare_machines(bare: &Node) -> Result<Vec<Machine>, Failure> {
    asking(bare, &post(&bare.host, TOKEN_PATH, "", "grant_type=client_credentials")).await
}

async fn asking(node: &Node, request: &[u8]) -> Result<Vec<Machine>, Failure> {
    let mut machines = vec![];
    for number in 1..=CALLERS {
        let connection = Connection::open(node.address, source(number % HOSTS + 1)).await?;
        machines.push(Machine { connection, request: request.to_vec() });
    }
    Ok(machines)
}

/// A token of the service taken apart, so that a bare server makes its like.
pub async fn sample(node: &Node, application: &Application) -> Result<Token, Failure> {
    let mut connection = Connection::open(node.address, source(1)).await?;
    let answer = connection.ask(&application.for_itself(&node.host)).await?.demand(200)?;
    let mut answer: Map<String, Value> = serde_json::from_str(answer.text()?)?;
    let token = answer.remove("access_token");
    let token = token.as_ref().and_then(Value::as_str).ok_or("an answer without an access token")?;
    let mut parts = token.split('.');
    let mut part = || -> Result<Vec<u8>, Failure> {
        Ok(BASE64URL_NOPAD.decode(parts.next().unwrap_or_default().as_bytes())?)
    };
    let header = String::from_utf8(part()?)?;
    if text(&serde_json::from_str(&header)?, "alg")? != "ES256" {
        return Err("the service does not sign with ES256".into());
    }
    let mut claims: Map<String, Value> = serde_json::from_slice(&part()?)?;
    let mut number = |name: &str| claims.remove(name).and_then(|value| value.as_i64()).unwrap_or_default();
    let life_seconds = number("exp") - number("iat");
    claims.remove("jti");
    let open = |object: Map<String, Value>| Value::Object(object).to_string();
    let fixed = open(claims).trim_end_matches('}').to_owned();
    let rest = open(answer).trim_start_matches('{').to_owned();
    Ok(Token { header, fixed, life_seconds, rest })
}

/// A signed-in person's application that has its tokens renewed, each time with the newest refresh token.
pub struct Chain {
    /// Opened anew for each turn: in between it is silent for longer than the service waits.
    connection: Option<Connection>,
    address: SocketAddr,
    from: Ipv4Addr,
    host: String,
    application: Application,
    refresh_token: String,
}

impl Caller for Chain {
    async fn call(&mut self) -> Result<(), Failure> {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", self.refresh_token.as_str())];
        let request = self.application.request(&self.host, &fields);
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(Connection::open(self.address, self.from).await?),
        };
        let answer = connection.ask(&request).await?.demand(200)?;
        if let Some(token) = refresh_token(answer.text()?) {
            self.refresh_token = token;
        }
        Ok(())
    }
}

impl Chain {
    /// Before a pause.
    pub fn hang_up(&mut self) {
        self.connection = None;
    }
}

/// The member, without reading the rest: the generator is to be the smaller part of the load.
fn refresh_token(answer: &str) -> Option<String> {
    let (_, rest) = answer.split_once("\"refresh_token\":\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// Everyone signs in and lets the application in.
pub async fn chains(
    node: &Node,
    provider: &Provider,
    application: &Application,
    people: &[Person],
) -> Result<Vec<Chain>, Failure> {
    let mut chains = vec![];
    for person in people {
        let mut browser = sign_ins::sign_in(node, person).await?;
        // Where refresh tokens are asked for by a scope, it goes with a question. Source: OIDC Core §11.
        let offline = provider.lists("scopes_supported", "offline_access")
            && application.scope.split(' ').any(|scope| scope == "offline_access");
        let scope = if offline { "openid offline_access" } else { "openid" };
        let mut fields = vec![
            ("client_id", application.id.as_str()),
            ("redirect_uri", &application.redirect_uri),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "s"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        if offline {
            fields.push(("prompt", "consent"));
        }
        let authorize = provider.endpoint("authorization_endpoint")?;
        let sent = browser.sent_on(&format!("{authorize}?{}", form(&fields))).await?;
        let sent_to = url::Url::parse(&sent)?;
        let code = sent_to.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
        let code = code.ok_or_else(|| format!("no code, but {sent}"))?;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &application.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let mut connection = Connection::open(node.address, person.address).await?;
        let request = application.request(&node.host, &fields);
        let answer = connection.ask(&request).await?.demand(200)?;
        let refresh_token = refresh_token(answer.text()?).ok_or("tokens without a refresh token")?;
        chains.push(Chain {
            connection: None,
            address: node.address,
            from: person.address,
            host: node.host.clone(),
            application: application.clone(),
            refresh_token,
        });
    }
    Ok(chains)
}
