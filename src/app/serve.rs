//! Accepting connections: a bound on how many, a deadline for the head of a request, and an end that
//! cuts no request.
//!
//! Own loop over `hyper-util` since `axum::serve` sets no deadline for the head of a request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::Semaphore;
use tokio::sync::watch;
use tower::ServiceExt;

/// Connections that are open at the same time.
const CONNECTIONS_MAX: usize = 4096;
/// How long requests under way have when the service is told to end.
const SHUTDOWN_SECONDS_MAX: u64 = 25;

/// Serves until `stop` changes; returns when the last request was answered.
pub async fn serve<L>(mut listener: L, router: Router, header_time: Duration, mut stop: watch::Receiver<bool>)
where
    L: Listener<Addr = SocketAddr>,
    L::Io: Unpin,
{
    // HTTP/1 alone: looking at what a connection speaks has no deadline, and HTTP/2 none for silence.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header_time).max_buf_size(64 * 1024);
    let builder = Arc::new(builder);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let permit = tokio::select! {
            permit = Arc::clone(&room).acquire_owned() => permit,
            _ = stop.changed() => break,
        };
        let Ok(permit) = permit else { break };
        let (io, peer) = tokio::select! {
            connection = listener.accept() => connection,
            _ = stop.changed() => break,
        };
        let service = router.clone().map_request(move |mut request: axum::http::Request<_>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.map(axum::body::Body::new)
        });
        let builder = Arc::clone(&builder);
        let connection =
            builder.serve_connection(TokioIo::new(io), TowerToHyperService::new(service)).into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks off tells nothing that the request's own line does not.
            let _ = watched.await;
            drop(permit);
        });
    }
    drop(listener);
    let limit = Duration::from_secs(SHUTDOWN_SECONDS_MAX);
    if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = SHUTDOWN_SECONDS_MAX, "requests under way were cut off at the end");
    }
}
