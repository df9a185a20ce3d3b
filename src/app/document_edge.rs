//! What stands before a document that is the same for everyone. Applications read these all day, so it looks
//! only at what can count: who asks, under which name, and how often. No cookie, no language, no session.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::edge::{Guarded, Refused};
use super::headers;
use crate::infra::state::Admission;
use crate::kernel::id::RequestId;
use crate::kernel::network::ClientAddr;
use crate::kernel::time::Moment;
use crate::web::respond;

/// The layer around a document's route.
pub async fn guard(State(guarded): State<Guarded>, mut request: Request, next: Next) -> Response {
    let now = guarded.edge.clock.now();
    let id = RequestId::new(now, &guarded.edge.entropy);
    let admitted = match guarded.sender(&request) {
        Ok(sender) => guarded.admit_reader(sender, now).await,
        Err(refused) => Err(refused),
    };
    let mut response = match admitted {
        Ok(()) => {
            request.extensions_mut().insert(now);
            let answered = tokio::time::timeout(guarded.edge.request_time, next.run(request)).await;
            answered.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
        }
        Err(refused) => *refused,
    };
    headers::harden(response.headers_mut(), &guarded.edge.issuer, id);
    let (path, status) = (guarded.policy.path, response.status().as_u16());
    // A line for every reading would bury the lines that tell of something.
    if status < 400 {
        tracing::debug!(request.id = %id, http.path = path, http.status = status, "answered");
    } else {
        tracing::info!(request.id = %id, http.path = path, http.status = status, "answered");
    }
    response
}

impl Guarded {
    async fn admit_reader(&self, sender: ClientAddr, now: Moment) -> Result<(), Refused> {
        match self.count(&sender.source(), now).await {
            Admission::Admitted => Ok(()),
            Admission::Refused { retry_after } => {
                let body = Json(json!({ "error": "temporarily_unavailable" }));
                let response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
                Err(Box::new(respond::with_retry_after(response, retry_after)))
            }
        }
    }
}
