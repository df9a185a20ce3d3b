//! Which addresses an application may register. What is registered is compared byte for byte later on,
//! so anything that could be read in two ways is refused here.

use url::{Host, Url};

/// Longest accepted address, in bytes.
const URI_BYTES_MAX: usize = 2048;

/// Why an address cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUri {
    #[error("must be a whole address such as https://app.example.be/callback, of printable ASCII")]
    Form,
    #[error("must begin with https://, or with http:// on this machine (localhost, 127.0.0.1, [::1])")]
    Scheme,
    #[error("must not have a fragment (#…)")]
    Fragment,
    #[error("must not hold a * : addresses are compared byte for byte")]
    Wildcard,
    #[error("must not hold a user name or password")]
    Credentials,
    #[error("must not climb with . or .. in its path")]
    Climbing,
}

/// Source: RFC 9700 §2.1 and §4.1.3, RFC 8252 §7.3, OIDC Registration §2.
///
/// # Errors
/// The first rule that the address breaks.
pub fn check(uri: &str) -> Result<(), BadUri> {
    let printable =
        |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '"' | '<' | '>' | '^' | '`' | '{' | '|' | '}');
    if uri.is_empty() || uri.len() > URI_BYTES_MAX || !uri.chars().all(printable) {
        return Err(BadUri::Form);
    }
    let url = Url::parse(uri).map_err(|_| BadUri::Form)?;
    let allowed = match url.scheme() {
        "https" => uri.starts_with("https://"),
        "http" => uri.starts_with("http://") && is_loopback(&url),
        _ => false,
    };
    if !allowed {
        return Err(BadUri::Scheme);
    }
    // Browsers skip further slashes, others do not.
    if uri_authority(uri).is_empty() {
        return Err(BadUri::Form);
    }
    if uri.contains('#') {
        return Err(BadUri::Fragment);
    }
    if uri.contains('*') {
        return Err(BadUri::Wildcard);
    }
    if !url.username().is_empty() || url.password().is_some() || uri_authority(uri).contains('@') {
        return Err(BadUri::Credentials);
    }
    let path = uri.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    if path.split('/').any(|part| part == "." || part == "..") {
        return Err(BadUri::Climbing);
    }
    Ok(())
}

fn uri_authority(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{BadUri, check};

    #[test]
    fn only_addresses_that_mean_one_thing_are_registered() {
        let table = [
            ("https://app.example.be/callback", Ok(())),
            ("https://app.example.be/callback?tenant=1", Ok(())),
            ("http://localhost:3000/cb", Ok(())),
            ("http://127.0.0.1/cb", Ok(())),
            ("http://[::1]:9/cb", Ok(())),
            ("", Err(BadUri::Form)),
            ("/callback", Err(BadUri::Form)),
            ("https://app.example.be/a b", Err(BadUri::Form)),
            ("https://app.example.be\\@evil", Err(BadUri::Form)),
            ("https://app.example.be/\n", Err(BadUri::Form)),
            ("https://äpp.be/", Err(BadUri::Form)),
            ("https:app.example.be", Err(BadUri::Scheme)),
            ("http://app.example.be/cb", Err(BadUri::Scheme)),
            ("http://localhost.evil.example/cb", Err(BadUri::Scheme)),
            ("be.example.app:/cb", Err(BadUri::Scheme)),
            ("myapp://cb", Err(BadUri::Scheme)),
            ("javascript:alert(1)", Err(BadUri::Scheme)),
            ("JaVaScRiPt:alert(1)", Err(BadUri::Scheme)),
            ("javascript://app.example.be/%0aalert(1)", Err(BadUri::Scheme)),
            ("java\tscript:alert(1)", Err(BadUri::Form)),
            (" javascript:alert(1)", Err(BadUri::Form)),
            ("vbscript:x", Err(BadUri::Scheme)),
            ("blob:https://app.example.be/x", Err(BadUri::Scheme)),
            ("about:blank", Err(BadUri::Scheme)),
            ("intent://app.example.be/#Intent;end", Err(BadUri::Scheme)),
            ("view-source:https://app.example.be/", Err(BadUri::Scheme)),
            ("ws://localhost/", Err(BadUri::Scheme)),
            ("HTTPS://app.example.be/cb", Err(BadUri::Scheme)),
            ("https:///app.example.be/cb", Err(BadUri::Form)),
            ("http://127.0.0.1.evil.example/cb", Err(BadUri::Scheme)),
            ("http://localhost@evil.example/cb", Err(BadUri::Scheme)),
            ("http://0.0.0.0/cb", Err(BadUri::Scheme)),
            ("com.example.app://cb", Err(BadUri::Scheme)),
            ("data:text/html,x", Err(BadUri::Scheme)),
            ("file:///etc/passwd", Err(BadUri::Scheme)),
            ("https://app.example.be/cb#", Err(BadUri::Fragment)),
            ("https://*.example.be/cb", Err(BadUri::Wildcard)),
            ("https://app.example.be/*", Err(BadUri::Wildcard)),
            ("https://user:pw@app.example.be/", Err(BadUri::Credentials)),
            ("https://@app.example.be/", Err(BadUri::Credentials)),
            ("https://app.example.be/a/../b", Err(BadUri::Climbing)),
            ("https://app.example.be/%2E%2e/b", Err(BadUri::Climbing)),
        ];
        for (uri, expected) in table {
            assert_eq!(check(uri), expected, "{uri:?}");
        }
    }
}
