//! The cookies of one browser, kept as browsers keep them.

use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Jar(BTreeMap<String, String>);

impl Jar {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Puts a cookie in, as another program on the machine could.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The `Cookie` header; none while there is no cookie.
    pub fn header(&self) -> Option<String> {
        let all: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// Keeps what a `Set-Cookie` header gives, by the rules of `__Host-` cookies on a trustworthy origin; all
    /// of ours are such, and no script reads them. Source: RFC 6265bis §4.1.3.2, §5.7.
    pub fn keep(&mut self, line: &str) {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let has = |attribute: &str| attributes.iter().any(|known| known == attribute);
        let is_bound = name.starts_with("__Host-") && has("secure") && has("path=/");
        let is_wider = attributes.iter().any(|known| known.starts_with("domain"));
        assert!(is_bound && !is_wider && has("httponly"), "not a cookie of ours: {line}");
        if has("max-age=0") {
            self.forget(name);
        } else {
            self.plant(name, value);
        }
    }
}
