//! A button that leads to another provider.

/// A provider that a button leads to.
#[derive(Clone, Debug)]
pub struct UpstreamOffer {
    /// As the form names it.
    pub name: String,
    pub label: String,
}
