//! Connections to directories: TLS under authorities that the operator names, never in the clear, several
//! controllers, and a deadline on everything. What is sent and what an answer means is not known here.
//! Source: RFC 4511, RFC 4513 §3.1.1 (`StartTLS`).

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::controls::RawControl;
use ldap3::exop::Exop;
use ldap3::result::ExopResult;
use ldap3::{
    Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Mod, Scope, SearchEntry, SearchResult,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use crate::kernel::secret::{Password, Secret};
use crate::kernel::time::Moment;

/// How long a controller that did not answer is asked after all others.
const REST: Duration = Duration::from_secs(30);

/// How controllers of one directory are reached.
pub struct LdapOptions {
    /// `ldaps://HOST` or `ldap://HOST`, which then begins with `StartTLS`; asked in this order.
    pub controllers: Vec<Url>,
    /// The only authorities that are believed, in PEM.
    pub ca: PathBuf,
    pub bind_name: String,
    pub bind_password: Secret<String>,
    pub connect_time: Duration,
    pub answer_time: Duration,
}

#[derive(Debug, thiserror::Error)]
pub enum LdapOpenError {
    #[error("{path}: {why}")]
    Ca { path: PathBuf, why: String },
    #[error("TLS for directories cannot be had: {0}")]
    Tls(#[from] rustls::Error),
    #[error("`{0}` is no address of a controller")]
    Address(String),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LdapFailure {
    /// What was asked has not left this machine.
    #[error("the controller cannot be reached: {0}")]
    Unreached(String),
    /// The controller may have done it or not.
    #[error("the controller went away before it answered: {0}")]
    Lost(String),
    #[error("the controller does not let the service account in: {0}")]
    NotLetIn(String),
}

/// What a controller said to one request.
#[derive(Clone, Debug)]
pub struct LdapSaid {
    pub code: u32,
    pub text: String,
    /// Controls of the answer: object identifier and value.
    pub controls: Vec<(String, Option<Vec<u8>>)>,
}

impl LdapSaid {
    pub const fn is_success(&self) -> bool {
        self.code == 0
    }

    fn of(result: LdapResult) -> Self {
        let control = |control: ldap3::controls::Control| (control.1.ctype, control.1.val);
        Self { code: result.rc, text: result.text, controls: result.ctrls.into_iter().map(control).collect() }
    }
}

/// One entry; names of attributes in small letters.
#[derive(Clone, Debug, Default)]
pub struct LdapEntry {
    pub dn: String,
    attributes: HashMap<String, Vec<Vec<u8>>>,
}

impl LdapEntry {
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.all_bytes(name).next()
    }

    pub fn all_bytes(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.attributes.get(&name.to_ascii_lowercase()).into_iter().flatten().map(Vec::as_slice)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.bytes(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.all_bytes(name).filter_map(|value| std::str::from_utf8(value).ok())
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// For tests of what reads entries.
    #[must_use]
    pub fn with(mut self, name: &str, value: &[u8]) -> Self {
        self.attributes.entry(name.to_ascii_lowercase()).or_default().push(value.to_vec());
        self
    }

    fn of(entry: SearchEntry) -> Self {
        let texts = entry.attrs.into_iter().map(|(name, values)| {
            (name.to_ascii_lowercase(), values.into_iter().map(String::into_bytes).collect())
        });
        let mut attributes: HashMap<String, Vec<Vec<u8>>> = texts.collect();
        for (name, values) in entry.bin_attrs {
            attributes.entry(name.to_ascii_lowercase()).or_default().extend(values);
        }
        Self { dn: entry.dn, attributes }
    }
}

/// Where and what is searched for.
#[derive(Clone, Copy, Debug)]
pub struct LdapSearch<'a> {
    pub base: &'a str,
    pub depth: LdapDepth,
    pub filter: &'a str,
    pub attributes: &'a [&'a str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LdapDepth {
    /// The entry itself.
    Base,
    Subtree,
}

impl LdapDepth {
    const fn scope(self) -> Scope {
        match self {
            Self::Base => Scope::Base,
            Self::Subtree => Scope::Subtree,
        }
    }
}

/// A change of one attribute.
pub enum LdapChange {
    Replace(&'static str, Vec<u8>),
    Delete(&'static str, Vec<u8>),
    Add(&'static str, Vec<u8>),
    /// Takes all values away.
    Clear(&'static str),
}

/// The controllers of one directory; cheap to clone.
#[derive(Clone)]
pub struct Controllers {
    all: Arc<[Controller]>,
}

impl Controllers {
    /// Opens no connection yet.
    ///
    /// # Errors
    /// The file of authorities cannot be read, or an address is none.
    pub fn new(options: LdapOptions) -> Result<Self, LdapOpenError> {
        let tls = Arc::new(client_config(&options.ca)?);
        let shared = Arc::new(Shared {
            tls,
            bind_name: options.bind_name,
            bind_password: options.bind_password,
            connect_time: options.connect_time,
            answer_time: options.answer_time,
        });
        let controller = |url: Url| {
            let sound = ["ldap", "ldaps"].contains(&url.scheme()) && url.has_host();
            if !sound {
                return Err(LdapOpenError::Address(url.to_string()));
            }
            Ok(Controller(Arc::new(Inner {
                url,
                shared: Arc::clone(&shared),
                service: tokio::sync::Mutex::default(),
                resting_until: Mutex::default(),
            })))
        };
        let all: Result<Vec<Controller>, LdapOpenError> =
            options.controllers.into_iter().map(controller).collect();
        Ok(Self { all: all?.into() })
    }

    /// All controllers in the order in which they are to be asked: those that failed lately last.
    pub fn in_order(&self, now: Moment) -> Vec<Controller> {
        let (mut well, resting): (Vec<_>, Vec<_>) =
            self.all.iter().cloned().partition(|controller| !controller.is_resting(now));
        well.extend(resting);
        well
    }

    pub fn named(&self, name: &str) -> Option<Controller> {
        self.all.iter().find(|controller| controller.name() == name).cloned()
    }
}

struct Shared {
    tls: Arc<ClientConfig>,
    bind_name: String,
    bind_password: Secret<String>,
    connect_time: Duration,
    answer_time: Duration,
}

struct Inner {
    url: Url,
    shared: Arc<Shared>,
    /// The service account's connection: requests share it, and it is dialled again when it is gone.
    service: tokio::sync::Mutex<Option<Ldap>>,
    resting_until: Mutex<Option<Moment>>,
}

/// One controller of a directory; cheap to clone.
#[derive(Clone)]
pub struct Controller(Arc<Inner>);

impl Controller {
    /// Its address.
    pub fn name(&self) -> &str {
        self.0.url.as_str()
    }

    fn is_resting(&self, now: Moment) -> bool {
        let until = *self.0.resting_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| now < until)
    }

    /// It did not answer: the others come first for a while.
    pub fn failed(&self, now: Moment) {
        tracing::warn!(controller = self.name(), "a controller does not answer");
        *self.0.resting_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(now.plus(REST));
    }

    pub fn answered(&self) {
        *self.0.resting_until.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Tries a name and a password on a connection of its own, which ends with it.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn bind(
        &self,
        name: &str,
        password: &Password,
        controls: Vec<RawControl>,
    ) -> Result<LdapSaid, LdapFailure> {
        let mut ldap = self.dial().await?;
        ldap.with_timeout(self.0.shared.answer_time).with_controls(controls);
        let said = ldap.simple_bind(name, password.expose()).await.map_err(after_sending)?;
        // Ends with the last handle in any case; this is only the polite way.
        let _ = ldap.unbind().await;
        Ok(LdapSaid::of(said))
    }

    /// # Errors
    /// There is no answer, or what is searched for is not there.
    pub async fn search(&self, search: LdapSearch<'_>) -> Result<Vec<LdapEntry>, LdapFailure> {
        self.search_with(search, vec![]).await
    }

    /// The same with controls.
    ///
    /// # Errors
    /// As [`Controller::search`].
    pub async fn search_with(
        &self,
        search: LdapSearch<'_>,
        controls: Vec<RawControl>,
    ) -> Result<Vec<LdapEntry>, LdapFailure> {
        let mut ldap = self.service().await?;
        ldap.with_controls(controls);
        let found = self.search_on(&mut ldap, search).await;
        if found.is_err() {
            self.hang_up().await;
        }
        found
    }

    async fn search_on(
        &self,
        ldap: &mut Ldap,
        search: LdapSearch<'_>,
    ) -> Result<Vec<LdapEntry>, LdapFailure> {
        let LdapSearch { base, depth, filter, attributes } = search;
        ldap.with_timeout(self.0.shared.answer_time);
        let found = ldap.search(base, depth.scope(), filter, attributes.to_vec()).await;
        let SearchResult(entries, said) = found.map_err(after_sending)?;
        match said.rc {
            // 32: what is not there is no entry.
            0 | 32 => Ok(entries
                .into_iter()
                .filter(|entry| !entry.is_ref() && !entry.is_intermediate())
                .map(|entry| LdapEntry::of(SearchEntry::construct(entry)))
                .collect()),
            _ => Err(LdapFailure::Lost(said.to_string())),
        }
    }

    /// Searches page by page.
    ///
    /// # Errors
    /// There is no answer, or there are more entries than `at_most`.
    pub async fn search_all(
        &self,
        search: LdapSearch<'_>,
        page: i32,
        at_most: usize,
    ) -> Result<Vec<LdapEntry>, LdapFailure> {
        let mut ldap = self.service().await?;
        let LdapSearch { base, depth, filter, attributes } = search;
        let adapters: Vec<Box<dyn Adapter<'_, &str, Vec<&str>>>> =
            vec![Box::new(EntriesOnly::new()), Box::new(PagedResults::new(page))];
        ldap.with_timeout(self.0.shared.answer_time);
        let begun = ldap.streaming_search_with(adapters, base, depth.scope(), filter, attributes.to_vec());
        let mut stream = begun.await.map_err(after_sending)?;
        let mut found = vec![];
        loop {
            match stream.next().await {
                Ok(Some(entry)) if found.len() < at_most => {
                    found.push(LdapEntry::of(SearchEntry::construct(entry)));
                }
                Ok(Some(_)) => {
                    self.hang_up().await;
                    return Err(LdapFailure::Lost(format!("more than {at_most} entries fit the filter")));
                }
                Ok(None) => break,
                Err(error) => {
                    self.hang_up().await;
                    return Err(after_sending(error));
                }
            }
        }
        let said = stream.finish().await;
        if said.rc == 0 { Ok(found) } else { Err(LdapFailure::Lost(said.to_string())) }
    }

    /// Changes an entry in one request, as the service account.
    ///
    /// # Errors
    /// There is no answer; [`LdapFailure::Lost`] where it may have been done nonetheless.
    pub async fn modify(
        &self,
        dn: &str,
        changes: Vec<LdapChange>,
        controls: Vec<RawControl>,
    ) -> Result<LdapSaid, LdapFailure> {
        let mut ldap = self.service().await?;
        let one = |value: Vec<u8>| std::iter::once(value).collect();
        let changes = changes.into_iter().map(|change| match change {
            LdapChange::Replace(name, value) => Mod::Replace(name.as_bytes().to_vec(), one(value)),
            LdapChange::Delete(name, value) => Mod::Delete(name.as_bytes().to_vec(), one(value)),
            LdapChange::Add(name, value) => Mod::Add(name.as_bytes().to_vec(), one(value)),
            LdapChange::Clear(name) => Mod::Delete(name.as_bytes().to_vec(), HashSet::new()),
        });
        ldap.with_timeout(self.0.shared.answer_time).with_controls(controls);
        match ldap.modify(dn, changes.collect()).await {
            Ok(said) => Ok(LdapSaid::of(said)),
            Err(error) => {
                self.hang_up().await;
                Err(after_sending(error))
            }
        }
    }

    /// An extended request, as the service account.
    ///
    /// # Errors
    /// As [`Controller::modify`].
    pub async fn extended(&self, request: Exop, controls: Vec<RawControl>) -> Result<LdapSaid, LdapFailure> {
        let mut ldap = self.service().await?;
        ldap.with_timeout(self.0.shared.answer_time).with_controls(controls);
        match ldap.extended(request).await {
            Ok(ExopResult(_, said)) => Ok(LdapSaid::of(said)),
            Err(error) => {
                self.hang_up().await;
                Err(after_sending(error))
            }
        }
    }

    /// The service account's connection, dialled again where it is gone.
    async fn service(&self) -> Result<Ldap, LdapFailure> {
        let mut kept = self.0.service.lock().await;
        if let Some(ldap) = kept.as_mut()
            && !ldap.is_closed()
        {
            return Ok(ldap.clone());
        }
        let shared = &self.0.shared;
        let mut ldap = self.dial().await?;
        ldap.with_timeout(shared.answer_time);
        let said = ldap.simple_bind(&shared.bind_name, shared.bind_password.expose()).await;
        let said = said.map_err(|error| LdapFailure::Unreached(error.to_string()))?;
        if said.rc != 0 {
            return Err(LdapFailure::NotLetIn(said.to_string()));
        }
        *kept = Some(ldap.clone());
        Ok(ldap)
    }

    /// Nobody goes on with a connection on which an answer is missing.
    async fn hang_up(&self) {
        *self.0.service.lock().await = None;
    }

    async fn dial(&self) -> Result<Ldap, LdapFailure> {
        let (url, shared) = (&self.0.url, &self.0.shared);
        let settings = LdapConnSettings::new()
            .set_conn_timeout(shared.connect_time)
            .set_config(Arc::clone(&shared.tls))
            .set_starttls(url.scheme() == "ldap");
        let dialled = LdapConnAsync::from_url_with_settings(settings, url).await;
        let (connection, ldap) = dialled.map_err(|error| LdapFailure::Unreached(in_one_line(&error)))?;
        tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!(%error, "a connection to a directory ended");
            }
        });
        Ok(ldap)
    }
}

/// Whether something can have been done where there is no answer.
#[expect(clippy::needless_pass_by_value, reason = "it is called where an error is mapped")]
fn after_sending(error: LdapError) -> LdapFailure {
    let text = in_one_line(&error);
    if matches!(error, LdapError::OpSend { .. } | LdapError::FilterParsing | LdapError::AddNoValues) {
        LdapFailure::Unreached(text)
    } else {
        LdapFailure::Lost(text)
    }
}

fn in_one_line(error: &LdapError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn client_config(ca: &Path) -> Result<ClientConfig, LdapOpenError> {
    let wrong = |why: String| LdapOpenError::Ca { path: ca.to_owned(), why };
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(ca).map_err(|error| wrong(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(wrong("no certificate is in it".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
