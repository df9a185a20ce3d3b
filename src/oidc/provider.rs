//! The provider: what its endpoints share.

use std::sync::Arc;
use std::time::Duration;

use super::client::Clients;
use super::decision::Rungs;
use super::discovery;
use super::keys::SigningKeys;
use super::ledger::Ledger;
use super::store;
use crate::account::{Account, Accounts};
use crate::config::clients::SigningAlg;
use crate::event::origin::Actor;
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{Database, Unit, WriteError};
use crate::infra::sealing::KeyRing;
use crate::infra::state::{Limit, State};
use crate::journey::Journeys;
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Moment;
use crate::policy::{Action, Policies, Resource};
use crate::session::Sessions;
use crate::web::document::Document;

/// How long what it issues lasts.
#[derive(Clone, Copy, Debug)]
pub struct TokenLives {
    pub code: Duration,
    pub access_token: Duration,
    /// For clients that are registered as `immediate`.
    pub access_token_immediate: Duration,
    pub id_token: Duration,
    /// Where the client's registration says nothing else.
    pub refresh_token: Duration,
}

/// What the provider is made of.
pub struct OidcParts {
    /// Without a slash at the end, byte for byte as clients know it.
    pub issuer: String,
    /// What any client is reached with, and what can be reached here.
    pub rungs: Rungs,
    pub lives: TokenLives,
    /// Sign-ins that one source may begin.
    pub journeys_per_source: Limit,
    /// What this installation signs with, and lets clients sign with.
    pub algorithms: Vec<SigningAlg>,
    pub clients: Clients,
    pub policies: Policies,
    pub keys: SigningKeys,
    /// What refresh tokens are made from is sealed under it.
    pub ring: KeyRing,
    pub accounts: Accounts,
    pub sessions: Sessions,
    pub journeys: Journeys,
    pub log: EventLog,
    pub state: Arc<State>,
    pub entropy: Entropy,
}

/// The OpenID provider; cheap to clone.
#[derive(Clone)]
pub struct Oidc(Arc<Prepared>);

struct Prepared {
    parts: OidcParts,
    /// What the provider says of itself.
    metadata: Document,
    ledger: Ledger,
}

/// Refusals that cost the sender nothing are recorded once in this time for each source and cause, so
/// that nobody can fill the log.
pub(super) const RECORD_AGAIN: Duration = Duration::from_mins(1);
/// How long a code and a grant are remembered after they ran out: longer than any access token lasts.
const REMEMBERED: Duration = Duration::from_hours(24);

impl Oidc {
    pub fn new(parts: OidcParts) -> Self {
        let metadata = discovery::document(&parts.issuer, &parts.algorithms);
        let ledger = Ledger::start(parts.log.clone());
        Self(Arc::new(Prepared { parts, metadata, ledger }))
    }

    pub(super) fn parts(&self) -> &OidcParts {
        &self.0.parts
    }

    pub(super) fn metadata(&self) -> &Document {
        &self.0.metadata
    }

    pub(super) fn issuer(&self) -> &str {
        &self.0.parts.issuer
    }

    pub(super) fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// Writes a unit with the event that tells of it.
    pub(super) async fn record_and_write(
        &self,
        mut unit: Unit,
        origin: &Origin,
        event: Event,
    ) -> Result<(), WriteError> {
        self.parts().log.record(&mut unit, origin, event).await?;
        self.db().write(unit).await.map(|_| ())
    }

    /// The public keys of now.
    pub(super) async fn jwks(&self, now: Moment) -> Document {
        self.0.parts.keys.published(now).await.jwks().clone()
    }

    pub(super) fn db(&self) -> &Database {
        self.0.parts.log.db()
    }

    /// The registry, for whoever shows applications.
    pub fn clients(&self) -> &Clients {
        &self.0.parts.clients
    }

    /// Periodic work: forgets what no code or token asks for any more.
    pub fn forget_old(&self, unit: &mut Unit, now: Moment) {
        store::forget_before(unit, now.minus(REMEMBERED));
    }

    /// Whether policies let the person into the application: asked at every issuance.
    pub(super) fn may_enter(&self, account: &Account, client_id: &str, now: Moment) -> bool {
        let resource = Resource::Client { id: client_id.to_owned(), organisation: None };
        self.parts().policies.authorize(&account.principal(now), Action::SignIn, &resource).is_ok()
    }

    /// Records a refusal that anybody can cause.
    pub(super) async fn record_sometimes(
        &self,
        origin: &Origin,
        what: What,
        cause: &str,
    ) -> Result<(), WriteError> {
        let client = origin.application.as_deref().unwrap_or_default();
        let key = format!("oidc-refusal {} {client} {cause}", origin.source());
        if self.0.parts.state.first_time(&key, RECORD_AGAIN, origin.now).await {
            self.0.parts.log.record_alone(origin, Event::new(what)).await?;
        }
        Ok(())
    }
}

/// The origin of a call that a client makes itself.
pub(super) fn called_by(origin: &Origin, client_id: &str) -> Origin {
    Origin { actor: Actor::Client(client_id.to_owned()), ..origin.with_application(client_id) }
}
