//! Liveness, readiness and figures.

use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use crate::federation::{Federation, Health as UpstreamHealth};
use crate::infra::database::Database;
use crate::infra::state::State as SharedState;
use crate::web::route::{RoutePolicy, Routes};

/// What readiness depends on.
#[derive(Clone)]
pub struct Health {
    pub db: Database,
    pub state: Arc<SharedState>,
    pub federation: Federation,
    pub metrics: Option<PrometheusHandle>,
}

pub fn routes(health: &Health) -> Routes {
    Routes::default()
        .add(RoutePolicy::page("/healthz"), alive)
        .add(RoutePolicy::page("/readyz"), ready)
        .with_state(health)
}

async fn alive() -> &'static str {
    "alive\n"
}

/// 503 only when nothing can be served; without Redis the service goes on, stricter, and says so, and without an
/// upstream provider by other ways.
async fn ready(State(health): State<Health>) -> Response {
    let (db, state) = tokio::join!(health.db.answers(), health.state.answers());
    let mut not_ready = vec![];
    if !db {
        not_ready.push("database: does not answer".to_owned());
    }
    if !state {
        not_ready.push("state: Redis does not answer; limits per source are local and stricter".to_owned());
    }
    // People go another way: the service itself is ready.
    for (name, how) in health.federation.health() {
        if let UpstreamHealth::Failing(reason) = how {
            not_ready.push(format!("upstream.{name}: {}", reason.name()));
        }
    }
    let (status, word) = match (db, not_ready.is_empty()) {
        (true, true) => (StatusCode::OK, "ready"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    let body = json!({ "status": word, "state": health.state.name(), "not_ready": not_ready });
    (status, Json(body)).into_response()
}

/// The figures, for the internal listener alone.
pub async fn figures(State(health): State<Health>) -> Response {
    let counts = health.db.counts();
    let limits = u64::try_from(health.state.kept()).unwrap_or(u64::MAX);
    let mut text = health.metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    for (name, kind, help, value) in [
        ("cardea_write_units_total", "counter", "Units of work acknowledged.", counts.units()),
        ("cardea_write_commits_total", "counter", "Durable commits that covered them.", counts.commits()),
        (
            "cardea_limits_kept",
            "gauge",
            "Counts of limits in this node's own memory (at most 100000).",
            limits,
        ),
    ] {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
