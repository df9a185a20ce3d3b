//! Where a request comes from: read once at the edge, carried by every use case into its events.

use std::net::IpAddr;

use crate::kernel::id::{AccountId, DeviceId, JourneyId, RequestId, SessionId};
use crate::kernel::language::Language;
use crate::kernel::network::{ClientAddr, Source};
use crate::kernel::time::Moment;

/// Longest user agent that is kept, in bytes; the rest is cut off.
pub const USER_AGENT_BYTES_MAX: usize = 512;

/// What is known of the other end at the moment of the request.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The present, taken once per request.
    pub now: Moment,
    pub request: RequestId,
    pub address: Option<ClientAddr>,
    pub user_agent: String,
    pub language: Option<Language>,
    pub device: Option<DeviceId>,
    pub round_trip_ms: Option<u32>,
    pub actor: Actor,
    pub session: Option<SessionId>,
    pub journey: Option<JourneyId>,
    /// The application that a person is on the way to, or that calls.
    pub application: Option<String>,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has proved to be anyone yet.
    Nobody,
    Account(AccountId),
    /// A person on the command line, by the name that the operating system knows.
    Operator(String),
    /// Periodic work of the service itself.
    Service,
    Client(String),
}

impl Origin {
    /// Work that no request asked for.
    pub fn internal(now: Moment, request: RequestId, actor: Actor) -> Self {
        Self {
            now,
            request,
            address: None,
            user_agent: String::new(),
            language: None,
            device: None,
            round_trip_ms: None,
            actor,
            session: None,
            journey: None,
            application: None,
        }
    }

    /// Whom limits count; internal work is a source of its own.
    pub fn source(&self) -> Source {
        self.address.map_or_else(Source::internal, ClientAddr::source)
    }

    pub fn ip(&self) -> Option<IpAddr> {
        self.address.map(ClientAddr::ip)
    }

    #[must_use]
    pub fn with_journey(&self, journey: JourneyId) -> Self {
        Self { journey: Some(journey), ..self.clone() }
    }

    #[must_use]
    pub fn with_session(&self, session: SessionId) -> Self {
        Self { session: Some(session), ..self.clone() }
    }

    #[must_use]
    pub fn with_application(&self, client_id: &str) -> Self {
        Self { application: Some(client_id.to_owned()), ..self.clone() }
    }
}
