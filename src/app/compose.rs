//! Slices get their parts, routes get the edge.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};

use super::assets;
use super::document_edge;
use super::edge::{self, Edge, Guarded};
use super::health::{self, Health};
use super::open::{Opened, make_folder};
use super::open_error::OpenError;
use super::well_known::{self, Contact};
use crate::config::MailKind;
use crate::event::Origin;
use crate::event::origin::Actor;
use crate::federation;
use crate::infra::metrics;
use crate::infra::sealing::SealError;
use crate::infra::state::Limit;
use crate::kernel::acr::Acr;
use crate::kernel::id::{RequestId, RequestIds};
use crate::kernel::proof::{UpstreamLevel, Way};
use crate::oidc::{self, Consents, Oidc, OidcParts, RegisterError, Rungs, TokenLives};
use crate::password_reset::{self, PasswordReset, ResetOptions};
use crate::portal::{self, Portal};
use crate::sign_in::{self, SignIn, SignInOptions};
use crate::web::browser::BrowserKey;
use crate::web::route::{Answering, RoutePolicy, Routes};

/// The service, ready to be served.
pub struct App {
    pub router: Router,
    /// Metrics, for the internal listener.
    pub internal: Router,
    pub table: Vec<RoutePolicy>,
    /// The provider, whose periodic work is done outside.
    pub oidc: Oidc,
}

impl App {
    /// # Errors
    /// The register of clients cannot be begun, signing keys can neither be read nor made, or no key be derived
    /// from the ring.
    pub async fn compose(opened: &Opened) -> Result<Self, OpenError> {
        let health = Health {
            db: opened.db.clone(),
            state: Arc::clone(&opened.state),
            federation: opened.federation.clone(),
            metrics: metrics::install(),
        };
        if opened.config.mail.kind == MailKind::Folder {
            make_folder(&opened.config.mail.folder).map_err(|cause| OpenError::at(&opened.config, cause))?;
        }
        begin_register(opened).await.map_err(|error| OpenError::at(&opened.config, error.into()))?;
        let oidc = oidc(opened).await?;
        upstream_keys(opened).await?;
        let all = routes(opened, &oidc, &health);
        let table = all.table();
        let edge = edge(opened).map_err(|error| OpenError::at(&opened.config, error.into()))?;
        let edge = Arc::new(edge);
        let body_limit = DefaultBodyLimit::max(opened.config.server.body_bytes_max);
        let mut router = Router::new();
        for (policy, answering) in all.into_entries() {
            let guarded = Guarded::new(&edge, policy);
            let route = match answering {
                Answering::Document(read) => document_edge::route(guarded, read),
                Answering::Handler(route) => {
                    route.layer(body_limit).layer(from_fn_with_state(guarded, edge::guard))
                }
            };
            router = router.route(policy.path, route);
        }
        let unknown = Guarded::new(&edge, RoutePolicy::page("/{*unknown}"));
        let no_method = unknown.clone();
        let nowhere = any(edge::not_found).layer(from_fn_with_state(unknown, edge::guard));
        let router = router
            .method_not_allowed_fallback(move |request: Request| edge::method_not_allowed(no_method, request))
            .fallback_service(nowhere);
        let internal = Router::new().route("/metrics", get(health::figures)).with_state(health);
        Ok(Self { router, internal, table, oidc })
    }
}

/// At the first start the register takes what is wanted; later it is only said that both differ.
async fn begin_register(opened: &Opened) -> Result<(), RegisterError> {
    let now = opened.clock.now();
    let origin = Origin::internal(now, RequestId::new(now, &opened.entropy), Actor::Service);
    let plan = opened.register.begin(&origin, &opened.wanted).await?;
    for change in &plan.changes {
        tracing::warn!(
            client = change.client_id,
            change = change.kind.name(),
            "a registration is not applied: `cardea client plan` shows it, `cardea client apply` applies it"
        );
    }
    Ok(())
}

async fn upstream_keys(opened: &Opened) -> Result<(), OpenError> {
    let now = opened.clock.now();
    let origin = Origin::internal(now, RequestId::new(now, &opened.entropy), Actor::Service);
    let made = opened.federation.keep_keys(&origin).await;
    made.map_err(|error| OpenError::at(&opened.config, error.into()))
}

fn routes(opened: &Opened, oidc: &Oidc, health: &Health) -> Routes {
    oidc::routes(oidc)
        .with(federation::routes(&opened.federation))
        .with(sign_in::routes::routes(&sign_in(opened)))
        .with(password_reset::routes::routes(&password_reset(opened)))
        .with(portal::routes::routes(&portal(opened)))
        .with(assets::routes())
        .with(health::routes(health))
        .with(well_known::routes(&Contact {
            security: opened.config.house.security_contact.clone(),
            issuer: opened.config.server.issuer.clone(),
        }))
}

async fn oidc(opened: &Opened) -> Result<Oidc, OpenError> {
    let needed = opened.clients.algorithms();
    let made = opened.signing_keys.ensure(&needed, opened.clock.now()).await;
    made.map_err(|error| OpenError::at(&opened.config, error.into()))?;
    let tokens = opened.config.tokens;
    Ok(Oidc::new(OidcParts {
        issuer: opened.config.server.issuer.clone(),
        rungs: Rungs { least: Acr::Mfa, highest: highest(opened) },
        lives: TokenLives {
            code: tokens.code,
            access_token: tokens.access_token,
            access_token_immediate: tokens.access_token_immediate,
            id_token: tokens.id_token,
            refresh_token: tokens.refresh_token,
        },
        journeys_per_source: Limit {
            times: opened.config.sign_in.journeys_per_source,
            span: opened.config.sign_in.source_span,
        },
        algorithms: tokens.algorithms.iter().collect(),
        clients: opened.clients.clone(),
        policies: opened.policies.clone(),
        keys: opened.signing_keys.clone(),
        ring: opened.ring.clone(),
        accounts: opened.accounts.clone(),
        sessions: opened.sessions.clone(),
        journeys: opened.journeys.clone(),
        log: opened.log.clone(),
        state: Arc::clone(&opened.state),
        entropy: opened.entropy.clone(),
    }))
}

/// The most that somebody can prove here.
fn highest(opened: &Opened) -> Acr {
    let card = Way::Upstream(UpstreamLevel::Card);
    let by_card =
        opened.federation.offers().iter().any(|offer| opened.federation.ways_of(&offer.name).contains(&card));
    if by_card || opened.authenticators.passkeys().knows_hardware() { Acr::Phrh } else { Acr::Phr }
}

fn sign_in(opened: &Opened) -> SignIn {
    let config = opened.config.sign_in;
    SignIn {
        accounts: opened.accounts.clone(),
        directory: opened.directory.clone(),
        authenticators: opened.authenticators.clone(),
        federation: opened.federation.clone(),
        attempts: opened.attempts.clone(),
        journeys: opened.journeys.clone(),
        sessions: opened.sessions.clone(),
        devices: opened.devices.clone(),
        policies: opened.policies.clone(),
        log: opened.log.clone(),
        notices: opened.notices.clone(),
        expiry: opened.expiry.clone(),
        state: Arc::clone(&opened.state),
        entropy: opened.entropy.clone(),
        options: SignInOptions {
            per_source: Limit { times: config.attempts_per_source, span: config.source_span },
            refusal_time: config.refusal_time,
            refusal_jitter: config.refusal_jitter,
            trust_for: config.trusted_browser,
        },
    }
}

fn password_reset(opened: &Opened) -> PasswordReset {
    let (config, sign_in) = (&opened.config.reset, opened.config.sign_in);
    PasswordReset {
        accounts: opened.accounts.clone(),
        directory: opened.directory.clone(),
        authenticators: opened.authenticators.clone(),
        mail_codes: opened.mail_codes.clone(),
        not_me: opened.not_me.clone(),
        federation: opened.federation.clone(),
        attempts: opened.attempts.clone(),
        journeys: opened.journeys.clone(),
        sessions: opened.sessions.clone(),
        devices: opened.devices.clone(),
        clients: opened.clients.clone(),
        policies: opened.policies.clone(),
        log: opened.log.clone(),
        notices: opened.notices.clone(),
        state: Arc::clone(&opened.state),
        entropy: opened.entropy.clone(),
        options: Arc::new(ResetOptions {
            per_source: Limit { times: sign_in.attempts_per_source, span: sign_in.source_span },
            begun_per_hour: config.begun_per_hour,
            answer_time: config.answer_time,
            answer_jitter: config.answer_jitter,
            lasts: sign_in.journey_time,
            mailboxes_behind_password: config.mailboxes_behind_password.clone(),
            wifi_network: config.wifi_network.clone(),
        }),
    }
}

fn portal(opened: &Opened) -> Portal {
    Portal {
        consents: Consents::new(opened.log.clone()),
        accounts: opened.accounts.clone(),
        authenticators: opened.authenticators.clone(),
        federation: opened.federation.clone(),
        directory: opened.directory.clone(),
        sessions: opened.sessions.clone(),
        devices: opened.devices.clone(),
        clients: opened.clients.clone(),
        policies: opened.policies.clone(),
        log: opened.log.clone(),
        notices: opened.notices.clone(),
        expiry: opened.expiry.clone(),
        geoip: opened.geoip.clone(),
    }
}

fn edge(opened: &Opened) -> Result<Edge, SealError> {
    let server = &opened.config.server;
    Ok(Edge {
        clock: opened.clock.clone(),
        entropy: opened.entropy.clone(),
        ids: RequestIds::new(opened.entropy.clone()),
        key: BrowserKey::new(&opened.ring)?,
        sessions: opened.sessions.clone(),
        state: Arc::clone(&opened.state),
        trusted_proxies: server.trusted_proxies.clone(),
        issuer: server.issuer.clone(),
        house: opened.config.house.clone(),
        request_time: Duration::from_secs(server.request_seconds_max),
    })
}
