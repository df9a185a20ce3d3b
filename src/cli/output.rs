//! Standard output is for what a command is asked for; everything else goes to standard error.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

/// Diagnostics of the program, not the security-monitoring log: to standard error, from `info` up, or
/// as `CARDEA_LOG` says.
pub fn start_tracing() {
    let filter = EnvFilter::try_from_env("CARDEA_LOG").unwrap_or_else(|_| EnvFilter::new("warn,cardea=info"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).finish();
    // A second call (tests) keeps the first one.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes a line to standard output; a reader that went away is no error.
pub fn line(text: &str) {
    let mut out = io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        tracing::debug!("standard output is closed");
    }
}
