//! What every request passes before its handler, and what no request gets past.

mod address;
mod forgery;
mod input;
mod redirects;
mod routes;

use crate::support::app::TestApp;
use crate::support::client::Page;

/// Headers of every answer. Source: OWASP ASVS 5.0 §3.4.
fn assert_hardened(page: &Page, what: &str) {
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in expected {
        assert_eq!(page.header(name), value, "{what}: {name}");
        assert_eq!(page.headers.get_all(name).iter().count(), 1, "{what}: {name}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"), "{what}");
    assert_eq!(page.header("x-request-id").len(), 36, "{what}");
    assert!(!page.header("cache-control").is_empty(), "{what}");
    assert_eq!(page.header("server"), "", "{what}");
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    for lax in ["unsafe", "*", "data:", "http:", "https:"] {
        assert!(!policy.contains(lax), "{what}: {policy}");
    }
    if page.header("content-type").starts_with("text/html") {
        assert_eq!(page.header("cache-control"), "no-store", "{what}");
        for part in [
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "script-src 'self'",
        ] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        assert!(!page.body.contains("<script>") && !page.body.contains(" style="), "{what}");
        assert!(!page.body.contains('⟦'), "{what}: {}", page.text());
    }
    for cookie in page.cookies_set() {
        assert!(cookie.starts_with("__Host-"), "{what}: {cookie}");
        for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{what}: {cookie}");
        }
        assert!(!cookie.to_ascii_lowercase().contains("domain="), "{what}: {cookie}");
    }
}

fn host(app: &TestApp) -> String {
    format!("localhost:{}", app.address.port())
}
