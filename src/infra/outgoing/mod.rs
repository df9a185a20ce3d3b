//! The one client for calls to others: https to public addresses, no redirects, a deadline and a bound on
//! everything. A host of the house is called only where the configuration names it with its port.

mod guard;

use std::error::Error;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::{Request, Response};
use reqwest::redirect::Policy;
use reqwest::tls::Version;
use reqwest::{Certificate, Client, ClientBuilder};
use url::{Host, Url};

use guard::{GuardedResolver, NotPublic, is_public};

use crate::config::{HostPort, OutgoingConfig};

const CONNECT_SECONDS_MAX: u64 = 3;
/// How long a connection is kept for the next call.
const KEPT_FOR: Duration = Duration::from_secs(30);
/// Certificates that the file of authorities may hold.
const CA_BYTES_MAX: u64 = 1 << 20;

/// Why the client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingOpenError {
    #[error("{path}: {why}")]
    Ca { path: PathBuf, why: String },
    #[error("the client for calls to others cannot be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    #[error("an address without https is not called")]
    NotHttps,
    #[error("an address that is not public is not called; [outgoing] allow names those that are")]
    NotPublic,
    #[error("no answer within the time")]
    Silent,
    #[error("a redirect is not followed")]
    Redirected,
    #[error("the answer is larger than {bytes_max} bytes")]
    TooLarge { bytes_max: usize },
    #[error("the call failed: {0}")]
    Failed(String),
}

/// Calls others; cheap to clone.
#[derive(Clone)]
pub struct Outgoing {
    /// For the open network: each name leads to a public address or nowhere.
    guarded: Client,
    /// For hosts that the configuration names.
    trusted: Client,
    allowed: Vec<HostPort>,
}

impl Outgoing {
    /// # Errors
    /// The file of authorities cannot be read, or there is no TLS to be had.
    pub fn new(config: &OutgoingConfig) -> Result<Self, OutgoingOpenError> {
        let authorities = config.ca.as_deref().map(authorities).transpose()?.unwrap_or_default();
        let client = || -> ClientBuilder {
            Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .tls_version_min(Version::TLS_1_2)
                .tls_certs_merge(authorities.clone())
                .connect_timeout(Duration::from_secs(CONNECT_SECONDS_MAX).min(config.call_time))
                .timeout(config.call_time)
                .pool_idle_timeout(KEPT_FOR)
                .user_agent("Cardea")
        };
        Ok(Self {
            guarded: client().dns_resolver(GuardedResolver).build()?,
            trusted: client().build()?,
            allowed: config.allow.clone(),
        })
    }

    /// Sends a request and reads the whole answer, whatever its status but a redirect.
    ///
    /// # Errors
    /// The address is not one that may be called, or no answer came that may be used.
    pub async fn send(
        &self,
        request: Request<Vec<u8>>,
        bytes_max: usize,
    ) -> Result<Response<Vec<u8>>, OutgoingError> {
        let url = Url::parse(&request.uri().to_string()).map_err(|error| failed(&error))?;
        let client = self.client_for(&url)?;
        let request = reqwest::Request::try_from(request).map_err(|error| told(&error))?;
        let mut answer = client.execute(request).await.map_err(|error| told(&error))?;
        if answer.status().is_redirection() {
            return Err(OutgoingError::Redirected);
        }
        let too_large = OutgoingError::TooLarge { bytes_max };
        if answer.content_length().is_some_and(|bytes| usize::try_from(bytes).map_or(true, |b| b > bytes_max))
        {
            return Err(too_large);
        }
        let mut body = vec![];
        while let Some(chunk) = answer.chunk().await.map_err(|error| told(&error))? {
            if body.len() + chunk.len() > bytes_max {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }

    fn client_for(&self, url: &Url) -> Result<&Client, OutgoingError> {
        if self.allowed.iter().any(|allowed| allowed.is_of(url)) {
            return Ok(&self.trusted);
        }
        if url.scheme() != "https" {
            return Err(OutgoingError::NotHttps);
        }
        // An address in figures passes by the resolver.
        let figures: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(OutgoingError::NotHttps),
        };
        if figures.is_some_and(|address| !is_public(address)) {
            return Err(OutgoingError::NotPublic);
        }
        Ok(&self.guarded)
    }
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, OutgoingOpenError> {
    let wrong = |why: String| OutgoingOpenError::Ca { path: path.to_owned(), why };
    let size = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if size > CA_BYTES_MAX {
        return Err(wrong(format!("is larger than {CA_BYTES_MAX} bytes")));
    }
    let text = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let found = Certificate::from_pem_bundle(&text).map_err(|error| wrong(chain(&error)))?;
    if found.is_empty() { Err(wrong("no certificate is in it".to_owned())) } else { Ok(found) }
}

/// What the library says, without the address: that may hold what is nobody's business.
fn told(error: &reqwest::Error) -> OutgoingError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if inner.is::<NotPublic>() {
            return OutgoingError::NotPublic;
        }
        cause = inner.source();
    }
    if error.is_timeout() { OutgoingError::Silent } else { failed(error) }
}

fn failed(error: &dyn Error) -> OutgoingError {
    OutgoingError::Failed(error.source().map_or_else(|| "no answer".to_owned(), chain))
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
