//! What stands before every handler: who asks, from where, in which language, whether the request is
//! from our own page, within its limit, and signed in as far as the route demands.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use serde_json::json;

use super::closing::Closing;
use super::headers;
use crate::config::HouseConfig;
use crate::event::Origin;
use crate::event::origin::{Actor, USER_AGENT_BYTES_MAX};
use crate::infra::state::{Admission, Limit, State as SharedState};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{RequestId, RequestIds};
use crate::kernel::language::Language;
use crate::kernel::network::{ClientAddr, Source};
use crate::kernel::secret::BearerToken;
use crate::kernel::time::{Clock, Moment};
use crate::session::model::Over;
use crate::session::{Current, Sessions};
use crate::web::browser::{BrowserKey, DeviceCookie};
use crate::web::context::{Ctx, Seen};
use crate::web::cookie::Cookie;
use crate::web::flash::Done;
use crate::web::page::{ErrorKind, House};
use crate::web::params::Params;
use crate::web::respond::{self, PortalPath};
use crate::web::route::{Csrf, RouteLimit, RoutePolicy, Verb, Who};
use crate::web::text::Text;

/// Longest query that is read, in bytes.
const QUERY_BYTES_MAX: usize = 16 * 1024;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Methods that are looked at at all; a method may be any word, of any length.
const KNOWN_METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

/// What the edge goes by.
pub struct Edge {
    pub clock: Clock,
    pub entropy: Entropy,
    pub ids: RequestIds,
    pub key: BrowserKey,
    pub sessions: Sessions,
    pub state: Arc<SharedState>,
    pub trusted_proxies: Vec<IpNet>,
    /// Scheme, host and port of the service, as browsers write an origin.
    pub issuer: String,
    pub house: HouseConfig,
    pub request_time: Duration,
}

/// A route's policy with the edge that holds it to it.
#[derive(Clone)]
pub struct Guarded {
    pub(super) edge: Arc<Edge>,
    pub(super) policy: RoutePolicy,
    /// The name of its limit.
    counted: Arc<str>,
}

/// What the edge knows of a request before the session.
struct Arrival {
    now: Moment,
    request: RequestId,
    address: ClientAddr,
    browser: DeviceCookie,
    /// The browser had no cookie of ours, so this answer gives it one.
    is_new: bool,
    language: Option<Language>,
    query: Params,
    path: String,
}

/// The layer around a route.
pub async fn guard(State(guarded): State<Guarded>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let id = guarded.edge.ids.next(guarded.edge.clock.now());
    let mut response = match guarded.admit(request, id).await {
        Ok((request, closing)) => {
            let time = guarded.edge.request_time;
            let answered = tokio::time::timeout(time, next.run(request)).await;
            let response = answered.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response());
            closing.apply(response)
        }
        Err(response) => *response,
    };
    headers::harden(response.headers_mut(), &guarded.edge.issuer, id);
    let status = response.status().as_u16();
    let took_ms = start.elapsed().as_millis();
    tracing::info!(request.id = %id, http.method = %shown(&method), http.path = path, http.status = status, took_ms, "answered");
    response
}

pub async fn not_found(ctx: Ctx) -> Response {
    respond::error(&ctx, ErrorKind::NotFound, None)
}

pub async fn method_not_allowed(guarded: Guarded, request: Request) -> Response {
    let id = guarded.edge.ids.next(guarded.edge.clock.now());
    let mut response = match guarded.admit(request, id).await {
        Ok((request, _)) => match request.extensions().get::<Ctx>() {
            Some(ctx) => respond::error(ctx, ErrorKind::MethodNotAllowed, None),
            None => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        },
        Err(response) => *response,
    };
    headers::harden(response.headers_mut(), &guarded.edge.issuer, id);
    response
}

/// Boxed, since an answer is large and the way on is the usual one.
pub(super) type Refused = Box<Response>;

impl Guarded {
    pub fn new(edge: &Arc<Edge>, policy: RoutePolicy) -> Self {
        let counted = format!("route:{}:{}", policy.method.method(), policy.path);
        Self { edge: Arc::clone(edge), policy, counted: counted.into() }
    }

    async fn admit(&self, mut request: Request, id: RequestId) -> Result<(Request, Closing), Refused> {
        let arrival = self.arrive(&request, id)?;
        let headers = request.headers();
        let flash = if self.policy.method == Verb::Get { Done::read(headers) } else { None };
        let found = self.session(headers, arrival.now).await?;
        let current = found.as_ref().and_then(|found| found.as_ref().ok()).cloned();
        let language = arrival
            .language
            .or_else(|| Cookie::Language.read(headers).as_deref().and_then(Language::from_tag))
            .or_else(|| current.as_ref().map(|current| current.account.language))
            .or_else(|| Language::from_accept(text_of(headers, header::ACCEPT_LANGUAGE)?))
            .unwrap_or_default();
        let closing = Closing {
            device: arrival.is_new.then(|| self.edge.key.write(arrival.browser)),
            language: arrival.language,
            flash_shown: flash.is_some(),
            session_over: matches!(found, Some(Err(_))),
        };
        let ctx = self.context(&arrival, headers, current.as_ref(), Text::new(language), flash);
        if let Err(refused) = self.check(&ctx, headers, found.as_ref()).await {
            return Err(Box::new(closing.apply(*refused)));
        }
        if let Some(current) = &current
            && let Err(error) = self.edge.sessions.touch(&current.session, arrival.now).await
        {
            return Err(Box::new(respond::write_error(&ctx, &error)));
        }
        request.extensions_mut().insert(ctx);
        request.extensions_mut().insert(current);
        Ok((request, closing))
    }

    /// Whose request it is. Refuses what no browser and no application sends.
    pub(super) fn sender(&self, request: &Request) -> Result<ClientAddr, Refused> {
        let edge = &self.edge;
        let headers = request.headers();
        if !KNOWN_METHODS.contains(request.method()) {
            return Err(self.bare(StatusCode::NOT_IMPLEMENTED, "This method is not known here."));
        }
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        let forwarded: Option<Vec<&str>> =
            headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().ok()).collect();
        let address = forwarded
            .and_then(|lines| ClientAddr::behind(peer, &lines, &edge.trusted_proxies).ok())
            .ok_or_else(|| self.bare(StatusCode::BAD_REQUEST, "The forwarding header cannot be read."))?;
        if !self.is_our_host(request) {
            let say = "This service does not answer under that name.";
            return Err(self.bare(StatusCode::MISDIRECTED_REQUEST, say));
        }
        if request.uri().query().is_some_and(|query| query.len() > QUERY_BYTES_MAX) {
            return Err(self.bare(StatusCode::URI_TOO_LONG, "The address is too long."));
        }
        Ok(address)
    }

    /// Reads what the request says of itself.
    fn arrive(&self, request: &Request, id: RequestId) -> Result<Arrival, Refused> {
        let address = self.sender(request)?;
        let edge = &self.edge;
        let headers = request.headers();
        let now = edge.clock.now();
        let raw = request.uri().query().unwrap_or_default();
        let query = Params::parse(raw.as_bytes())
            .map_err(|error| self.bare(StatusCode::BAD_REQUEST, &format!("Bad request: {error}.")))?;
        let known = Cookie::Device.read(headers).and_then(|value| edge.key.read(&value));
        // A form from another site comes without cookies: what it would be given must not replace them.
        let from_elsewhere = self.policy.csrf == Csrf::CrossSite && self.policy.method == Verb::Post;
        let keeps_no_cookie = matches!(self.policy.csrf, Csrf::Cookieless) || from_elsewhere;
        Ok(Arrival {
            now,
            request: id,
            address,
            browser: known.unwrap_or_else(|| DeviceCookie::fresh(now, &edge.entropy)),
            is_new: known.is_none() && !keeps_no_cookie,
            language: query.get("lang").and_then(Language::from_tag),
            path: path_without_language(request.uri().path(), raw),
            query,
        })
    }

    /// The name under which clients and browsers know us. Health is asked for by whatever address.
    fn is_our_host(&self, request: &Request) -> bool {
        if matches!(self.policy.path, "/healthz" | "/readyz") {
            return true;
        }
        let authority = self.edge.issuer.split_once("://").map_or("", |(_, authority)| authority);
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().ok(),
            (None, None) => request.uri().authority().map(axum::http::uri::Authority::as_str),
            _ => None,
        };
        host.is_some_and(|host| host.eq_ignore_ascii_case(authority))
    }

    async fn session(
        &self,
        headers: &HeaderMap,
        now: Moment,
    ) -> Result<Option<Result<Current, Over>>, Refused> {
        let wanted = matches!(self.policy.who, Who::SignedIn | Who::AnyoneMaybeSignedIn);
        let token = Cookie::Session.read(headers).filter(|_| wanted);
        let Some(token) = token.as_deref().and_then(BearerToken::parse) else { return Ok(None) };
        self.edge.sessions.find(&token, now).await.map_err(|error| {
            tracing::error!(%error, "sessions cannot be read");
            self.bare(StatusCode::SERVICE_UNAVAILABLE, "The service cannot answer right now.")
        })
    }

    fn context(
        &self,
        arrival: &Arrival,
        headers: &HeaderMap,
        current: Option<&Current>,
        text: Text,
        flash: Option<Done>,
    ) -> Ctx {
        let user_agent = text_of(headers, header::USER_AGENT).unwrap_or_default();
        let house = &self.edge.house;
        Ctx::new(Seen {
            origin: Origin {
                now: arrival.now,
                request: arrival.request,
                address: Some(arrival.address),
                user_agent: cut(user_agent, USER_AGENT_BYTES_MAX).to_owned(),
                language: text_of(headers, header::ACCEPT_LANGUAGE).and_then(Language::from_accept),
                device: Some(arrival.browser.id),
                round_trip_ms: None,
                actor: current.map_or(Actor::Nobody, |current| Actor::Account(current.account.id)),
                session: current.map(|current| current.session.id),
                journey: None,
                application: None,
            },
            browser: arrival.browser,
            key: self.edge.key.clone(),
            text,
            path: arrival.path.clone(),
            query: arrival.query.clone(),
            signed_in: current.map(|current| current.account.display_name.clone()),
            flash: flash.map(|done| done.flash(text)),
            house: House {
                name: house.name.get(text.language()).to_owned(),
                phone: house.phone.clone(),
                hours: house.hours.get(text.language()).to_owned(),
                address: self.edge.issuer.clone(),
            },
        })
    }

    /// The route's own demands, cheapest first.
    async fn check(
        &self,
        ctx: &Ctx,
        headers: &HeaderMap,
        found: Option<&Result<Current, Over>>,
    ) -> Result<(), Refused> {
        if self.policy.csrf == Csrf::FormToken && !self.is_from_our_page(headers) {
            tracing::warn!(path = self.policy.path, "a form came from another site");
            return Err(Box::new(respond::error(ctx, ErrorKind::Forbidden, None)));
        }
        if let Admission::Refused { retry_after } = self.count(&ctx.origin().source(), ctx.now()).await {
            return Err(Box::new(self.too_many(ctx, retry_after)));
        }
        if self.policy.who == Who::SignedIn {
            self.demand_session(ctx, found)?;
        }
        Ok(())
    }

    /// Counts one more of what a source asks of this route.
    pub(super) async fn count(&self, source: &Source, now: Moment) -> Admission {
        let RouteLimit { times, seconds } = self.policy.limit;
        let limit = Limit { times, span: Duration::from_secs(seconds) };
        self.edge.state.admit_source(&self.counted, source, limit, now).await
    }

    /// Same origin, said by the browser itself. Neither header: refused.
    fn is_from_our_page(&self, headers: &HeaderMap) -> bool {
        let site = text_of(headers, HeaderName::from_static("sec-fetch-site"));
        // One that is there and cannot be read, or is there twice, does not fit.
        let has_origin = headers.contains_key(header::ORIGIN);
        let origin_fits =
            has_origin.then(|| text_of(headers, header::ORIGIN) == Some(self.edge.issuer.as_str()));
        matches!((origin_fits, site), (Some(true), None | Some("same-origin")) | (None, Some("same-origin")))
    }

    fn demand_session(&self, ctx: &Ctx, found: Option<&Result<Current, Over>>) -> Result<(), Refused> {
        let target = target_of(self.policy.path);
        let current = match found {
            Some(Ok(current)) => current,
            Some(Err(over)) => {
                let path = PortalPath::with("/sign-in", "to", target).and("ended", name_of(*over));
                return Err(Box::new(respond::see_other(&path)));
            }
            None => {
                let path = PortalPath::with("/sign-in", "to", target);
                return Err(Box::new(respond::see_other(&path)));
            }
        };
        let session = &current.session;
        let assured = self.policy.assurance.is_none_or(|least| session.acr >= least);
        let age = ctx.now().since(session.authenticated_at);
        let is_fresh = |limit| age <= Duration::from_secs(limit) && !session.rests_on_trust();
        let fresh = self.policy.fresh_seconds.is_none_or(is_fresh);
        if assured && fresh {
            return Ok(());
        }
        let mut path = PortalPath::with("/sign-in", "to", target).and("again", "1");
        if let (false, Some(least)) = (assured, self.policy.assurance) {
            path = path.and("level", least.name());
        }
        Err(Box::new(respond::see_other(&path)))
    }

    fn too_many(&self, ctx: &Ctx, retry_after: Duration) -> Response {
        if self.policy.who == Who::Client {
            let body = Json(json!({ "error": "temporarily_unavailable" }));
            return respond::with_retry_after(
                (StatusCode::TOO_MANY_REQUESTS, body).into_response(),
                retry_after,
            );
        }
        let minutes = u32::try_from(retry_after.as_secs().div_ceil(60).max(1)).unwrap_or(1);
        let response = respond::error(ctx, ErrorKind::TooMany { minutes }, None);
        respond::with_retry_after(response, retry_after)
    }

    /// A refusal before anything is known of the reader: one English sentence.
    #[expect(clippy::unnecessary_box_returns, reason = "it goes into a result whose error is boxed")]
    fn bare(&self, status: StatusCode, say: &str) -> Refused {
        if self.policy.who == Who::Client {
            let body = json!({ "error": "invalid_request", "error_description": say });
            return Box::new((status, Json(body)).into_response());
        }
        Box::new((status, format!("{say}\n")).into_response())
    }
}

/// A method as the program's log may show it.
fn shown(method: &Method) -> &str {
    if KNOWN_METHODS.contains(method) { method.as_str() } else { "other" }
}

/// A header that is there once; of two neither counts.
fn text_of(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return None;
    }
    first.to_str().ok()
}

/// Cuts at a character boundary.
fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or_default()
}

/// The address again without the choice of a language, for the links that choose another.
fn path_without_language(path: &str, query: &str) -> String {
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// Where to come back to after signing in, by the names that a link may carry.
fn target_of(path: &str) -> &'static str {
    match path {
        "/account/password" => "password",
        "/account/authenticators/app/new" | "/account/authenticators/app" => "new-authenticator",
        path if path.starts_with("/account/passkeys/new") => "new-passkey",
        "/account/recovery-codes" => "recovery-codes",
        path if path.starts_with("/account") => "account",
        _ => "home",
    }
}

const fn name_of(over: Over) -> &'static str {
    match over {
        Over::Idle => "idle",
        Over::Limit => "limit",
        Over::Ended => "remote",
        Over::Account => "security",
    }
}
