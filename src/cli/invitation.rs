//! How an invitation is handed over: its address as text, and as a QR code for a screen or for paper.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::operator::Invited;
use super::output;
use crate::app::Failure;
use crate::authenticator::offer::{qr_lines, qr_path};
use crate::infra::files;

#[derive(Args)]
pub struct InvitationOptions {
    /// How long it is good for, in hours: 24 at the most.
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    pub hours: u32,
    /// Also show it as a QR code.
    #[arg(long)]
    pub qr: bool,
    /// Also write it as a QR code to print, an SVG file that only its owner can read.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// # Errors
/// The picture cannot be written; the address is shown in any case, for it cannot be shown again.
pub fn show(invited: &Invited, options: &InvitationOptions, json: bool) -> Result<(), Failure> {
    let Invited { done, link, expires_at } = invited;
    let link = link.expose();
    if json {
        output::json(&json!({ "done": done, "link": link, "expires_at": expires_at }));
    } else {
        output::line(done);
        output::line(&format!("it works once, until {expires_at}; the person types the user name to begin:"));
        output::line(link);
        for line in options.qr.then(|| qr_lines(link)).flatten().unwrap_or_default() {
            output::line(&line);
        }
    }
    let Some(path) = &options.svg else { return Ok(()) };
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::Work(format!("{}: the QR code cannot be written: {error}", path.display()))
    };
    let svg = picture(link).ok_or_else(|| cannot(&"the address is too long for one"))?;
    files::write_private(path, svg.as_bytes()).map_err(|error| cannot(&error))
}

fn picture(link: &str) -> Option<String> {
    let (path, size) = qr_path(link)?;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}h-{size}z\"/><path d=\"{path}\"/></svg>\n"
    ))
}
