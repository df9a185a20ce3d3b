//! Standard output is for what a command is asked for; everything else goes to standard error.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use tracing_subscriber::EnvFilter;

/// Diagnostics of the program, not the security-monitoring log: to standard error, from `info` up, or
/// as `CARDEA_LOG` says.
pub fn start_tracing() {
    let filter = EnvFilter::try_from_env("CARDEA_LOG").unwrap_or_else(|_| EnvFilter::new("warn,cardea=info"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .finish();
    // A second call (tests) keeps the first one.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes a line to standard output; a reader that went away is no error.
pub fn line(text: &str) {
    if !block(&format!("{text}\n")) {
        tracing::debug!("standard output is closed");
    }
}

/// Writes whole lines to standard output; `false` when the reader went away and there is no point in more.
pub fn block(lines: &str) -> bool {
    let mut out = io::stdout().lock();
    out.write_all(lines.as_bytes()).and_then(|()| out.flush()).is_ok()
}

/// Writes a value as one line of JSON.
pub fn json(value: &impl Serialize) {
    // Cannot fail: texts, numbers and lists of them.
    line(&serde_json::to_string(value).unwrap_or_default());
}

/// Writes columns under a heading, each as wide as its widest cell.
pub fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        line(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
