//! The proof that whoever redeems a code is who asked for it. Source: RFC 7636.

use crate::kernel::digest::{base64url, equal, sha256};

/// Whether the text can be a verifier. Source: RFC 7636 §4.1.
pub fn is_verifier(text: &str) -> bool {
    let unreserved = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
    (43..=128).contains(&text.len()) && text.chars().all(unreserved)
}

/// Whether the verifier is the one behind the challenge. Source: RFC 7636 §4.6 (S256).
pub fn matches(verifier: &str, challenge: &str) -> bool {
    equal(base64url(&sha256(verifier.as_bytes())).as_bytes(), challenge.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{is_verifier, matches};

    /// The example of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_verifier_of_the_standard_fits_its_challenge_and_no_other() {
        assert!(is_verifier(VERIFIER) && matches(VERIFIER, CHALLENGE));
        assert!(!matches(&VERIFIER.to_uppercase(), CHALLENGE));
        assert!(!matches(CHALLENGE, CHALLENGE), "plain is not accepted");
        assert!(!matches("", CHALLENGE) && !matches(VERIFIER, ""));
    }

    #[test]
    fn a_verifier_has_its_length_and_its_characters() {
        assert!(is_verifier(&"~".repeat(43)) && is_verifier(&"a".repeat(128)));
        for bad in ["", &"a".repeat(42), &"a".repeat(129), &" ".repeat(43), &"+".repeat(43), &"é".repeat(30)]
        {
            assert!(!is_verifier(bad), "{bad:?}");
        }
    }
}
