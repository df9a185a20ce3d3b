//! What we send to a provider behind the browser's back: the question, where it is pushed, and the code.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use openidconnect::core::CoreErrorResponseType;
use openidconnect::{
    AuthorizationCode, ErrorResponse, HttpRequest, OAuth2TokenResponse, PkceCodeVerifier, RequestTokenError,
};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::calls::{self, CallError};
use super::discovery::Metadata;
use super::keys::OwnKeys;
use super::provider::Provider;
use super::reason::Reason;
use super::request::Client;
use crate::config::{AssertionAudience, UpstreamAuth};
use crate::infra::outgoing::OutgoingError;
use crate::kernel::digest::base64url;
use crate::kernel::entropy::Entropy;
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Largest answer of the token endpoint, in bytes: an encrypted ID token is in it.
const ANSWER_BYTES_MAX: usize = 512 * 1024;
/// Life of an assertion, in seconds.
const ASSERTION_SECONDS: i64 = 60;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What we prove ourselves with.
pub struct Proving<'a> {
    pub provider: &'a Provider,
    pub keys: &'a OwnKeys,
    pub entropy: &'a Entropy,
    pub now: Moment,
}

/// What the token endpoint gave.
pub struct Tokens {
    /// As it came: it may be encrypted, and nothing of it is believed yet.
    pub id_token: String,
    pub access_token: Secret<String>,
}

impl Proving<'_> {
    /// Our assertion, where we prove ourselves by one. Source: OIDC Core §9, RFC 7523 §3.
    fn assertion(&self, metadata: &Metadata) -> Result<Option<String>, Reason> {
        let config = self.provider.config();
        if config.client_auth != UpstreamAuth::PrivateKeyJwt {
            return Ok(None);
        }
        let endpoint = metadata.token_endpoint().map(|endpoint| endpoint.as_str());
        let audience = match config.assertion_audience {
            AssertionAudience::Issuer => config.issuer.as_str(),
            AssertionAudience::TokenEndpoint => endpoint.ok_or(Reason::DiscoveryIncomplete)?,
        };
        let (id, now) = (self.provider.client_id(), self.now.unix_seconds());
        let claims = json!({
            "iss": id, "sub": id, "aud": audience, "iat": now, "exp": now + ASSERTION_SECONDS,
            "jti": self.unguessable(),
        });
        self.signed("JWT", &claims).map(Some)
    }

    /// The question as a signed object. Source: RFC 9101 §5, with the type of RFC 9101 §10.8.
    ///
    /// # Errors
    /// There is no key to sign with.
    pub fn request_object(&self, mut question: serde_json::Map<String, Value>) -> Result<String, Reason> {
        let now = self.now.unix_seconds();
        for (name, value) in [
            ("iss", json!(self.provider.client_id())),
            ("aud", json!(self.provider.config().issuer)),
            ("iat", json!(now)),
            ("nbf", json!(now)),
            ("exp", json!(now + ASSERTION_SECONDS)),
            ("jti", json!(self.unguessable())),
        ] {
            question.insert(name.to_owned(), value);
        }
        self.signed("oauth-authz-req+jwt", &Value::Object(question))
    }

    fn signed(&self, kind: &str, claims: &Value) -> Result<String, Reason> {
        let alg = self.provider.config().signing_alg;
        self.keys.sign(alg, kind, claims, self.now).map_err(|error| {
            tracing::error!(provider = self.provider.name(), %error, "nothing can be signed for a provider");
            Reason::ClientRefused
        })
    }

    fn unguessable(&self) -> String {
        base64url(&self.entropy.bytes::<16>())
    }

    /// Pushes the question; what comes back stands for it. Source: RFC 9126 §2.
    ///
    /// # Errors
    /// The provider does not take it.
    pub async fn push(
        &self,
        metadata: &Metadata,
        endpoint: &str,
        question: Vec<(String, String)>,
    ) -> Result<String, Reason> {
        let mut form = question;
        let mut request = Request::post(endpoint)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let config = self.provider.config();
        match (config.client_auth, &config.client_secret) {
            (UpstreamAuth::ClientSecretBasic, Some(secret)) => {
                request = request.header(AUTHORIZATION, basic(self.provider.client_id(), secret.expose()));
            }
            (UpstreamAuth::ClientSecretPost, Some(secret)) => {
                form.push(("client_secret".to_owned(), secret.expose().clone()));
            }
            _ => {}
        }
        if let Some(assertion) = self.assertion(metadata)? {
            form.push(("client_assertion_type".to_owned(), ASSERTION_TYPE.to_owned()));
            form.push(("client_assertion".to_owned(), assertion));
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = request.body(body.into_bytes()).map_err(|_| Reason::DiscoveryIncomplete)?;
        let answer = calls::send(self.provider.outgoing(), request, ANSWER_BYTES_MAX).await;
        let answer = answer.map_err(|error| error.reason())?;
        if !calls::is_json(answer.headers()) {
            return Err(Reason::NotJson);
        }
        let told: Value = serde_json::from_slice(answer.body()).map_err(|_| Reason::NotJson)?;
        let text = |name: &str| told.get(name).and_then(Value::as_str);
        match (answer.status(), text("request_uri")) {
            (StatusCode::OK | StatusCode::CREATED, Some(uri)) if !uri.is_empty() => Ok(uri.to_owned()),
            (StatusCode::UNAUTHORIZED, _) => Err(Reason::ClientRefused),
            _ if text("error") == Some("invalid_client") => Err(Reason::ClientRefused),
            _ => Err(Reason::RequestRefused),
        }
    }

    /// Exchanges the code. The crate would read the ID token on the way and keep the cause of a refusal to
    /// itself: so it is taken out of the answer before, and judged by our own checks.
    ///
    /// # Errors
    /// The provider does not give tokens for it.
    pub async fn redeem(
        &self,
        client: &Client,
        metadata: &Metadata,
        code: &str,
        verifier: &str,
    ) -> Result<Tokens, Reason> {
        let id_token = Arc::new(Mutex::new(None));
        // What is called owns what it needs: a borrow in it would bind the whole to one thread's stack.
        let (outgoing, taken) = (self.provider.outgoing().clone(), Arc::clone(&id_token));
        let call = move |request: HttpRequest| {
            let (outgoing, taken) = (outgoing.clone(), Arc::clone(&taken));
            async move {
                let mut answer = calls::send(&outgoing, request, ANSWER_BYTES_MAX).await?;
                if !calls::is_json(answer.headers()) {
                    return Err(CallError::NotJson);
                }
                let mut told: Value =
                    serde_json::from_slice(answer.body()).map_err(|_| CallError::NotJson)?;
                let given = told.as_object_mut().and_then(|members| members.remove("id_token"));
                *taken.lock().unwrap_or_else(PoisonError::into_inner) = given;
                *answer.body_mut() = told.to_string().into_bytes();
                Ok(answer)
            }
        };
        let code = AuthorizationCode::new(code.to_owned());
        let request = client.exchange_code(code).map_err(|_| Reason::DiscoveryIncomplete)?;
        let mut request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
        if let Some(assertion) = self.assertion(metadata)? {
            request = request
                .add_extra_param("client_assertion_type", ASSERTION_TYPE)
                .add_extra_param("client_assertion", assertion);
        }
        let tokens = request.request_async(&call).await.map_err(|error| told(&error))?;
        let id_token = id_token.lock().unwrap_or_else(PoisonError::into_inner).take();
        match id_token {
            Some(Value::String(id_token)) => {
                Ok(Tokens { id_token, access_token: Secret::new(tokens.access_token().secret().clone()) })
            }
            Some(_) => Err(Reason::TokenForm),
            None => Err(Reason::TokenMissing),
        }
    }
}

/// Source: RFC 6749 §2.3.1: both parts are encoded before they are joined.
fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(id), encoded(secret));
    format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()))
}

/// What the token endpoint says in place of tokens. Source: RFC 6749 §5.2.
fn told<E: ErrorResponse + AsTokenError>(error: &RequestTokenError<CallError, E>) -> Reason {
    match error {
        RequestTokenError::Request(error) => error.reason(),
        RequestTokenError::ServerResponse(answer) => answer.reason(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Reason::NotJson,
    }
}

trait AsTokenError {
    fn reason(&self) -> Reason;
}

impl AsTokenError for openidconnect::StandardErrorResponse<CoreErrorResponseType> {
    fn reason(&self) -> Reason {
        match self.error() {
            CoreErrorResponseType::InvalidGrant => Reason::CodeRefused,
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                Reason::ClientRefused
            }
            CoreErrorResponseType::InvalidRequest
            | CoreErrorResponseType::InvalidScope
            | CoreErrorResponseType::UnsupportedGrantType => Reason::RequestRefused,
            CoreErrorResponseType::Extension(name) => Reason::of_answer(name),
        }
    }
}

impl From<axum::http::Error> for CallError {
    fn from(error: axum::http::Error) -> Self {
        Self::Outgoing(OutgoingError::Failed(error.to_string()))
    }
}
