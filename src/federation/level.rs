//! From what a provider says of a level to our ladder. A level that is asked for may come back as anything, so
//! it is read from the answer and never from the request.

use crate::config::{UpstreamConfig, UpstreamKind};
use crate::kernel::acr::Acr;

/// How the Federal Authentication Service begins each of its levels.
const FAS: &str = "urn:be:fedict:iam:fas:";
/// What it calls the card in `amr`.
const FAS_CARD: &str = "eid";
/// Two factors: the app with codes, or a code by message.
const FAS_MFA: u16 = 400;
/// The card with its reader.
const FAS_CARD_LEVEL: u16 = 500;
/// What itsme is at the Federal Authentication Service.
const ITSME: u16 = 450;

/// A level that was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proven {
    pub acr: Acr,
    /// The provider's own figure, where it has figures.
    pub level: Option<u16>,
}

/// Why nothing was proved that counts here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// Neither `acr` nor `amr` says anything that is known.
    Unknown,
    /// A level below two factors.
    TooLow,
}

/// What `acr` and `amr` of an answer prove together.
///
/// # Errors
/// Neither proves two factors.
pub fn proven(upstream: &UpstreamConfig, acr: Option<&str>, amr: &[String]) -> Result<Proven, Unproven> {
    let said = || acr.into_iter().chain(amr.iter().map(String::as_str));
    match upstream.kind {
        UpstreamKind::Fas => {
            let level = said().filter_map(fas_level).max().ok_or(Unproven::Unknown)?;
            let card = amr.iter().any(|method| method == FAS_CARD);
            match level {
                FAS_CARD_LEVEL.. if card => Ok(Proven { acr: Acr::Phrh, level: Some(level) }),
                FAS_MFA.. => Ok(Proven { acr: Acr::Mfa, level: Some(level) }),
                _ => Err(Unproven::TooLow),
            }
        }
        UpstreamKind::Oidc | UpstreamKind::Itsme => {
            let known = said().any(|value| upstream.gives_mfa.iter().any(|gives| gives == value));
            let level = (upstream.kind == UpstreamKind::Itsme).then_some(ITSME);
            if known { Ok(Proven { acr: Acr::Mfa, level }) } else { Err(Unproven::Unknown) }
        }
    }
}

/// `urn:be:fedict:iam:fas:Level450`, also with a context: `urn:be:fedict:iam:fas:citizen:Level400`.
fn fas_level(value: &str) -> Option<u16> {
    let rest = value.strip_prefix(FAS)?;
    let (context, level) =
        rest.rsplit_once(':').map_or((None, rest), |(context, level)| (Some(context), level));
    let plain = |context: &str| !context.is_empty() && context.bytes().all(|b| b.is_ascii_alphabetic());
    let digits = level.strip_prefix("Level")?;
    let sound = context.is_none_or(plain) && digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
    if sound { digits.parse().ok() } else { None }
}

/// The `acr_values` by which a rung of our ladder is asked for; `None` where the provider cannot give it.
pub fn asked(upstream: &UpstreamConfig, required: Acr) -> Option<&[String]> {
    match required {
        Acr::Pwd | Acr::Mfa => Some(&upstream.asks_mfa),
        // What a provider gives is never phishing-resistant but by the card, which is bound to hardware.
        Acr::Phr | Acr::Phrh => Some(upstream.asks_phrh.as_slice()).filter(|asks| !asks.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Acr, Proven, Unproven, asked, proven};
    use crate::config::{Config, UpstreamConfig};

    type Row<'a> = (Option<&'a str>, &'a [&'a str], Result<(Acr, Option<u16>), Unproven>);

    fn upstream(name: &str) -> UpstreamConfig {
        let config = Config::defaults(Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"));
        config.upstream[name].clone()
    }

    fn of(
        upstream: &UpstreamConfig,
        acr: Option<&str>,
        amr: &[&str],
    ) -> Result<(Acr, Option<u16>), Unproven> {
        let amr: Vec<String> = amr.iter().map(|&method| method.to_owned()).collect();
        proven(upstream, acr, &amr).map(|Proven { acr, level }| (acr, level))
    }

    #[test]
    fn levels_of_the_federal_service_are_compared_as_figures_wherever_they_stand() {
        let fas = upstream("fas");
        let level = |figure: &str| format!("urn:be:fedict:iam:fas:Level{figure}");
        let (l100, l300, l400, l450, l500) =
            (level("100"), level("300"), level("400"), level("450"), level("500"));
        let citizen = "urn:be:fedict:iam:fas:citizen:Level400";
        let table: &[Row<'_>] = &[
            (Some(&l400), &[], Ok((Acr::Mfa, Some(400)))),
            (Some(citizen), &[], Ok((Acr::Mfa, Some(400)))),
            (Some("0"), &["bmid", &l450], Ok((Acr::Mfa, Some(450)))),
            (Some("0"), &["eid", &l500], Ok((Acr::Phrh, Some(500)))),
            (Some(&l500), &["eid"], Ok((Acr::Phrh, Some(500)))),
            // A level of 500 without the card may be another country's means.
            (Some("0"), &["eidas", &l500], Ok((Acr::Mfa, Some(500)))),
            (None, &[&l300, &l400], Ok((Acr::Mfa, Some(400)))),
            (Some(&l300), &["eid"], Err(Unproven::TooLow)),
            (Some(&l100), &[], Err(Unproven::TooLow)),
            (Some("0"), &["eid"], Err(Unproven::Unknown)),
            (None, &[], Err(Unproven::Unknown)),
            (Some("450"), &["Level450"], Err(Unproven::Unknown)),
            (
                Some("urn:be:fedict:iam:fas:Level"),
                &["urn:be:fedict:iam:fas:Level4500"],
                Err(Unproven::Unknown),
            ),
            (
                Some("urn:be:fedict:iam:fas:Level+50"),
                &["urn:be:evil:iam:fas:Level500"],
                Err(Unproven::Unknown),
            ),
            (
                Some("urn:be:fedict:iam:fas::Level500"),
                &[" urn:be:fedict:iam:fas:Level500"],
                Err(Unproven::Unknown),
            ),
        ];
        for (acr, amr, expected) in table {
            assert_eq!(of(&fas, *acr, amr), *expected, "{acr:?} {amr:?}");
        }
    }

    #[test]
    fn itsme_gives_two_factors_and_never_more() {
        let itsme = upstream("itsme");
        let (basic, advanced) =
            ("http://itsme.services/v2/claim/acr_basic", "http://itsme.services/v2/claim/acr_advanced");
        for (acr, amr) in [(Some(basic), vec![]), (Some(advanced), vec![]), (Some("0"), vec![advanced])] {
            assert_eq!(of(&itsme, acr, &amr), Ok((Acr::Mfa, Some(450))));
        }
        for acr in [None, Some("0"), Some("acr_advanced"), Some("urn:be:fedict:iam:fas:Level500")] {
            assert_eq!(of(&itsme, acr, &["eid", "pwd"]), Err(Unproven::Unknown), "{acr:?}");
        }
    }

    #[test]
    fn what_a_provider_cannot_give_is_not_asked_for() {
        let (fas, itsme) = (upstream("fas"), upstream("itsme"));
        assert_eq!(asked(&fas, Acr::Mfa).unwrap(), ["urn:be:fedict:iam:fas:Level400"]);
        assert_eq!(asked(&fas, Acr::Phrh).unwrap(), ["urn:be:fedict:iam:fas:Level500"]);
        assert!(asked(&itsme, Acr::Mfa).is_some());
        assert!(asked(&itsme, Acr::Phr).is_none() && asked(&itsme, Acr::Phrh).is_none());
    }
}
