//! The route table: every route says who may use it, how it is protected against forgery, how often it
//! may be asked, and which event tells of it. There is no other way to add a route.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use serde::Serialize;

use super::document::Document;
use crate::kernel::acr::Acr;
use crate::kernel::time::Moment;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Anyone,
    /// Anyone; a session is looked up where there is one.
    AnyoneMaybeSignedIn,
    SignedIn,
    /// An application that authenticates itself in the request.
    Client,
    /// Whoever reaches the internal listener.
    Operator,
}

/// How a route is protected against requests that a foreign page makes a browser send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Csrf {
    /// It changes nothing.
    Safe,
    /// Same origin and the page's form token.
    FormToken,
    /// No cookie counts: other proof is in the request.
    Cookieless,
    /// A declared exception: comes from other sites by its nature, and acts only on what it carries.
    CrossSite,
}

/// How often one source may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RouteLimit {
    pub times: u32,
    pub seconds: u64,
}

impl RouteLimit {
    pub const fn span(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// Reading a page.
pub const PAGES: RouteLimit = RouteLimit { times: 600, seconds: 60 };
/// Sending a form.
pub const FORMS: RouteLimit = RouteLimit { times: 120, seconds: 60 };
/// Calls of applications: many people's tokens come from one address.
pub const CALLS: RouteLimit = RouteLimit { times: 60_000, seconds: 60 };

/// What is declared of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RoutePolicy {
    #[serde(serialize_with = "method_name")]
    pub method: Verb,
    pub path: &'static str,
    pub who: Who,
    /// The least assurance of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Acr>,
    /// How old the last proof may be, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fresh_seconds: Option<u64>,
    pub csrf: Csrf,
    pub limit: RouteLimit,
    /// The event that tells of a use; `none` where nothing happens.
    pub event: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    /// A browser asks whether a script of another origin may call. Source: Fetch Standard §3.3.
    Options,
}

impl Verb {
    pub const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Options => Method::OPTIONS,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn method_name<S: serde::Serializer>(verb: &Verb, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verb.method().as_str())
}

impl RoutePolicy {
    /// A page or a document that anyone may read.
    pub const fn page(path: &'static str) -> Self {
        Self {
            method: Verb::Get,
            path,
            who: Who::Anyone,
            assurance: None,
            fresh_seconds: None,
            csrf: Csrf::Safe,
            limit: PAGES,
            event: "none",
        }
    }

    /// A form that changes something, with the event that tells of it.
    pub const fn form(path: &'static str, event: &'static str) -> Self {
        Self { method: Verb::Post, csrf: Csrf::FormToken, limit: FORMS, event, ..Self::page(path) }
    }

    /// A call by an application, with the event that tells of it.
    pub const fn call(method: Verb, path: &'static str, event: &'static str) -> Self {
        Self { method, who: Who::Client, csrf: Csrf::Cookieless, limit: CALLS, event, ..Self::page(path) }
    }

    #[must_use]
    pub const fn for_who(self, who: Who) -> Self {
        Self { who, ..self }
    }

    /// For someone who is signed in with at least this assurance.
    #[must_use]
    pub const fn signed_in(self, least: Acr) -> Self {
        Self { who: Who::SignedIn, assurance: Some(least), ..self }
    }

    /// A page of a console: for a session that cannot have been phished.
    #[must_use]
    pub const fn console(path: &'static str) -> Self {
        Self::page(path).signed_in(Acr::Phr)
    }

    /// And whose last proof is not older than this.
    #[must_use]
    pub const fn fresh(self, seconds: u64) -> Self {
        Self { fresh_seconds: Some(seconds), ..self }
    }

    #[must_use]
    pub const fn cross_site(self) -> Self {
        Self { csrf: Csrf::CrossSite, ..self }
    }
}

/// What a document says at a moment.
pub type Reading = Pin<Box<dyn Future<Output = Document> + Send>>;

/// How a document is asked for, by whatever prepares it.
pub type Read<S = ()> = Arc<dyn Fn(&S, Moment) -> Reading + Send + Sync>;

/// What answers at a route.
pub enum Answering<S = ()> {
    Handler(Box<MethodRouter<S>>),
    Document(Read<S>),
}

/// The routes of a slice with their policies.
pub struct Routes<S = ()>(Vec<(RoutePolicy, Answering<S>)>);

impl<S> Default for Routes<S> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    #[must_use]
    pub fn add<H, T>(mut self, policy: RoutePolicy, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let filter = match policy.method {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
            Verb::Options => MethodFilter::OPTIONS,
        };
        self.0.push((policy, Answering::Handler(Box::new(on(filter, handler)))));
        self
    }

    /// A document that is the same for everyone: no cookie is read or given, and nothing else of the reader
    /// counts but how often a source asks.
    #[must_use]
    pub fn document<F, R>(mut self, path: &'static str, read: F) -> Self
    where
        F: Fn(S, Moment) -> R + Send + Sync + 'static,
        R: Future<Output = Document> + Send + 'static,
    {
        let policy = RoutePolicy { csrf: Csrf::Cookieless, limit: CALLS, ..RoutePolicy::page(path) };
        let read = move |state: &S, now| Box::pin(read(state.clone(), now)) as Reading;
        self.0.push((policy, Answering::Document(Arc::new(read))));
        self
    }

    /// Gives the handlers their slice's service.
    pub fn with_state(self, state: &S) -> Routes {
        let given = |answering| match answering {
            Answering::Handler(route) => Answering::Handler(Box::new(route.with_state(state.clone()))),
            Answering::Document(read) => {
                let state = state.clone();
                Answering::Document(Arc::new(move |(): &(), now| read(&state, now)))
            }
        };
        Routes(self.0.into_iter().map(|(policy, answering)| (policy, given(answering))).collect())
    }
}

impl Routes {
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub fn table(&self) -> Vec<RoutePolicy> {
        self.0.iter().map(|(policy, _)| *policy).collect()
    }

    pub fn into_entries(self) -> Vec<(RoutePolicy, Answering)> {
        self.0
    }
}
