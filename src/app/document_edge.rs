//! What stands before a document that is the same for everyone. Applications read these all day, so it looks
//! only at what can count: who asks, under which name, and how often. No cookie, no language, no session.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use serde_json::json;

use super::edge::{Guarded, Refused};
use super::headers;
use crate::infra::state::Admission;
use crate::kernel::network::ClientAddr;
use crate::kernel::time::Moment;
use crate::web::document::Document;
use crate::web::respond;
use crate::web::route::{Read, Reading};

/// The whole route, edge and answer in one: there is nothing in between that a reader would have to pass.
pub fn route(guarded: Guarded, read: Read) -> MethodRouter {
    let door = Arc::new((guarded, read));
    get(move |request: Request| answer(Arc::clone(&door), request))
}

async fn answer(door: Arc<(Guarded, Read)>, request: Request) -> Response {
    let (guarded, read) = &*door;
    let now = guarded.edge.clock.now();
    let id = guarded.edge.ids.next(now);
    let (sender, asked) = (guarded.sender(&request), request.into_parts().0.headers);
    let admitted = match sender {
        Ok(sender) => guarded.admit_reader(sender, now).await,
        Err(refused) => Err(refused),
    };
    let mut response = match admitted {
        Ok(()) => match within(guarded.edge.request_time, read(&(), now)).await {
            Some(document) => document.answer(&asked),
            None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
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

/// What is read, if it comes in time. Nearly always it is there already, and no clock is set.
async fn within(time: Duration, mut reading: Reading) -> Option<Document> {
    match poll_fn(|cx| Poll::Ready(reading.as_mut().poll(cx))).await {
        Poll::Ready(document) => Some(document),
        Poll::Pending => tokio::time::timeout(time, reading).await.ok(),
    }
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
