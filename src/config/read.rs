//! How single values are read. What is optional is written as an empty text: no key is left out.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use serde::de::{Deserialize, Deserializer, Error};

use crate::config::span;
use crate::kernel::secret::Secret;

/// Most networks of trusted proxies.
const NETWORKS_MAX: usize = 64;

pub fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    span::parse(&text).ok_or_else(|| D::Error::custom(not_a_span(&text)))
}

pub fn optional_duration<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    span::parse(&text).map(Some).ok_or_else(|| D::Error::custom(not_a_span(&text)))
}

pub fn optional_path<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PathBuf>, D::Error> {
    let text = String::deserialize(from)?;
    Ok((!text.is_empty()).then(|| PathBuf::from(text)))
}

pub fn optional_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    Ok((!text.is_empty()).then_some(text))
}

/// The library's own message would show the value: it is replaced.
pub fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret<String>, D::Error> {
    let text = String::deserialize(from)
        .map_err(|_| D::Error::custom("must be a text, { file = \"path\" } or { env = \"NAME\" }"))?;
    Ok(Secret::new(text))
}

pub fn optional_secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret<String>>, D::Error> {
    let value = secret(from)?;
    Ok((!value.expose().is_empty()).then_some(value))
}

/// Networks in CIDR form, or single addresses.
pub fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    if texts.len() > NETWORKS_MAX {
        return Err(D::Error::custom(format!("at most {NETWORKS_MAX} networks")));
    }
    texts
        .iter()
        .map(|text| {
            let single = |_| text.parse::<IpAddr>().map(IpNet::from);
            text.parse::<IpNet>().or_else(single).map_err(|_| {
                D::Error::custom(format!("`{text}` is neither an address nor a network such as 10.1.0.0/24"))
            })
        })
        .collect()
}

fn not_a_span(text: &str) -> String {
    format!("`{text}` is not a span of time such as \"250ms\", \"60s\", \"15m\", \"12h\" or \"30d\"")
}
