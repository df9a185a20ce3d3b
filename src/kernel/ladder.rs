//! What proofs are worth: the one place that says which rung of the ladder a set of them reaches.
//! Source: NIST SP 800-63B-4 §2 and §3, OIDC EAP ACR Values 1.0 §2.
//!
//! ```text
//! something known ─────────────────────────────► pwd
//! something known + something held ────────────► mfa
//! … of which one cannot be phished ────────────► phr
//! … which verified its user in attested hardware ► phrh
//! ```

use crate::kernel::acr::{Acr, Amr};
use crate::kernel::proof::{KeyStorage, UpstreamLevel, Way};

/// What one way is worth by itself. Two that know, or two that hold, are still one factor.
#[derive(Clone, Copy, Default)]
struct Worth {
    /// Something that the person knows, or is.
    knows: bool,
    /// Something that the person has.
    holds: bool,
    quality: Quality,
}

/// How hard it is to use by somebody in between.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Quality {
    #[default]
    Plain,
    /// Bound to our origin: it cannot be given to a false one.
    Resistant,
    /// And it verified its user in hardware that is known to keep its key.
    InHardware,
}

const fn worth(way: Way) -> Worth {
    let nothing = Worth { knows: false, holds: false, quality: Quality::Plain };
    let both = Worth { knows: true, holds: true, ..nothing };
    match way {
        Way::Password => Worth { knows: true, ..nothing },
        // A recovery code is a look-up secret: something on paper. Source: NIST SP 800-63B-4 §3.1.2.
        // A trusted browser holds a value of its own, which is replaced at each use.
        Way::App | Way::RecoveryCode | Way::TrustedBrowser => Worth { holds: true, ..nothing },
        Way::SecurityKey => Worth { holds: true, quality: Quality::Resistant, ..nothing },
        Way::Passkey(KeyStorage::Synced | KeyStorage::Unknown) => {
            Worth { quality: Quality::Resistant, ..both }
        }
        Way::Passkey(KeyStorage::Attested) | Way::Upstream(UpstreamLevel::Card) => {
            Worth { quality: Quality::InHardware, ..both }
        }
        Way::Upstream(UpstreamLevel::Multifactor) => both,
        Way::Invitation | Way::MailCode => nothing,
    }
}

/// The rung that these ways reach together; none where they do not even stand for a password.
pub fn reached(ways: impl IntoIterator<Item = Way>) -> Option<Acr> {
    let Worth { knows, holds, quality } =
        ways.into_iter().map(worth).fold(Worth::default(), |all, one| Worth {
            knows: all.knows || one.knows,
            holds: all.holds || one.holds,
            quality: all.quality.max(one.quality),
        });
    match (knows, holds, quality) {
        (true, true, Quality::InHardware) => Some(Acr::Phrh),
        (true, true, Quality::Resistant) => Some(Acr::Phr),
        (true, true, Quality::Plain) => Some(Acr::Mfa),
        (true, false, _) => Some(Acr::Pwd),
        // Something held and nothing known is whoever found it.
        (false, _, _) => None,
    }
}

/// What is lost or stolen together: two proofs of one family are one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Key,
    App,
    Paper,
    Card,
    /// An app of another provider, such as itsme.
    OtherApp,
    Mailbox,
}

/// What a way is in a reset; none where it proves nothing there: the password is what is lost, a browser that is
/// trusted stands beside a password alone, and an invitation is for who never had one.
const fn family(way: Way) -> Option<Family> {
    match way {
        Way::Passkey(_) | Way::SecurityKey => Some(Family::Key),
        Way::App => Some(Family::App),
        Way::RecoveryCode => Some(Family::Paper),
        Way::Upstream(UpstreamLevel::Card) => Some(Family::Card),
        Way::Upstream(UpstreamLevel::Multifactor) => Some(Family::OtherApp),
        Way::MailCode => Some(Family::Mailbox),
        Way::Password | Way::TrustedBrowser | Way::Invitation => None,
    }
}

/// What it takes to choose a new password without the old one. Source: NIST SP 800-63B-4 §4.2.2, OWASP ASVS 5.0 §6.3.4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResetNeeds {
    /// Two proofs of different families.
    #[default]
    Two,
    /// The same of things that the person holds, and one of them cannot be phished: for protected people and for
    /// those who need as much to sign in.
    TwoStrong,
}

/// How many more proofs a reset needs at the least beside these.
pub fn missing_for_reset(ways: impl IntoIterator<Item = Way>, needs: ResetNeeds) -> usize {
    let strong = |way: &Way| needs == ResetNeeds::Two || worth(*way).holds;
    let mut families: Vec<Family> = vec![];
    let mut is_resistant = needs == ResetNeeds::Two;
    for way in ways.into_iter().filter(strong) {
        let Some(family) = family(way) else { continue };
        is_resistant |= worth(way).quality >= Quality::Resistant;
        if !families.contains(&family) {
            families.push(family);
        }
    }
    2_usize.saturating_sub(families.len()).max(usize::from(!is_resistant))
}

/// The methods that tokens name. A trusted browser is none: that a second factor was proved on it once is not that it
/// was proved now. Source: RFC 8176 §2.
pub fn methods(ways: impl IntoIterator<Item = Way> + Clone) -> Vec<Amr> {
    let mut amr: Vec<Amr> = ways.clone().into_iter().flat_map(names).copied().collect();
    let now = ways.into_iter().filter(|way| *way != Way::TrustedBrowser);
    if reached(now) >= Some(Acr::Mfa) {
        amr.push(Amr::Mfa);
    }
    amr.sort_unstable();
    amr.dedup();
    amr
}

/// The method by which a record tells of one way.
pub const fn method(way: Way) -> Option<Amr> {
    match names(way) {
        [first, ..] => Some(*first),
        [] => None,
    }
}

const fn names(way: Way) -> &'static [Amr] {
    match way {
        Way::Password => &[Amr::Pwd],
        Way::App | Way::RecoveryCode => &[Amr::Otp],
        Way::SecurityKey | Way::Passkey(KeyStorage::Unknown) => &[Amr::Pop, Amr::User],
        Way::Passkey(KeyStorage::Synced) => &[Amr::Swk, Amr::User],
        Way::Passkey(KeyStorage::Attested) => &[Amr::Hwk, Amr::User],
        Way::Upstream(UpstreamLevel::Multifactor) => &[Amr::Mfa],
        Way::Upstream(UpstreamLevel::Card) => &[Amr::Sc, Amr::Pin],
        Way::TrustedBrowser | Way::Invitation | Way::MailCode => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{ResetNeeds, methods, missing_for_reset, reached};
    use crate::kernel::acr::{Acr, Amr};
    use crate::kernel::proof::{KeyStorage, UpstreamLevel, Way};

    const ALL: [Way; 12] = [
        Way::Password,
        Way::App,
        Way::RecoveryCode,
        Way::TrustedBrowser,
        Way::Invitation,
        Way::MailCode,
        Way::SecurityKey,
        Way::Passkey(KeyStorage::Synced),
        Way::Passkey(KeyStorage::Unknown),
        Way::Passkey(KeyStorage::Attested),
        Way::Upstream(UpstreamLevel::Multifactor),
        Way::Upstream(UpstreamLevel::Card),
    ];

    /// The ladder in other words than its own: what alone is worth a rung, and what needs something beside it.
    fn told(set: &[Way]) -> Option<Acr> {
        let has = |way: Way| set.contains(&way);
        let alone_multifactor = set.iter().any(|way| matches!(way, Way::Passkey(_) | Way::Upstream(_)));
        let second =
            [Way::App, Way::RecoveryCode, Way::TrustedBrowser, Way::SecurityKey].into_iter().any(has);
        let passkey = set.iter().any(|way| matches!(way, Way::Passkey(_)));
        if has(Way::Passkey(KeyStorage::Attested)) || has(Way::Upstream(UpstreamLevel::Card)) {
            Some(Acr::Phrh)
        } else if passkey || (has(Way::SecurityKey) && (has(Way::Password) || alone_multifactor)) {
            Some(Acr::Phr)
        } else if alone_multifactor || (has(Way::Password) && second) {
            Some(Acr::Mfa)
        } else if has(Way::Password) {
            Some(Acr::Pwd)
        } else {
            None
        }
    }

    fn sets() -> impl Iterator<Item = Vec<Way>> {
        (0_u32..1 << ALL.len()).map(|set| {
            let among = |(position, _): &(usize, Way)| set & (1 << position) != 0;
            ALL.into_iter().enumerate().filter(among).map(|(_, way)| way).collect()
        })
    }

    #[test]
    fn every_set_of_proofs_reaches_the_rung_that_it_is_worth() {
        for set in sets() {
            assert_eq!(reached(set.iter().copied()), told(&set), "{set:?}");
            // A second proof of the same way adds nothing.
            let twice = set.iter().chain(&set).copied();
            assert_eq!(reached(twice), told(&set), "twice {set:?}");
            for more in ALL {
                let with = set.iter().copied().chain([more]);
                assert!(reached(with) >= reached(set.iter().copied()), "{more:?} takes away from {set:?}");
            }
        }
    }

    #[test]
    fn two_of_one_kind_are_no_second_factor() {
        for pair in [
            [Way::Password, Way::Password],
            [Way::Password, Way::MailCode],
            [Way::App, Way::RecoveryCode],
            [Way::App, Way::SecurityKey],
            [Way::RecoveryCode, Way::SecurityKey],
            [Way::TrustedBrowser, Way::App],
            [Way::TrustedBrowser, Way::SecurityKey],
            [Way::MailCode, Way::MailCode],
            [Way::Password, Way::Invitation],
            [Way::Invitation, Way::App],
        ] {
            assert!(reached(pair) <= Some(Acr::Pwd), "{pair:?}");
        }
        assert_eq!(reached([Way::MailCode, Way::App]), None, "a code by mail stands for nothing known");
    }

    /// The same rule in other words: how many of the six things that can be lost alone are there.
    fn told_of_reset(set: &[Way], needs: ResetNeeds) -> bool {
        let has = |ways: &[Way]| usize::from(set.iter().any(|way| ways.contains(way)));
        let passkeys = [KeyStorage::Synced, KeyStorage::Unknown, KeyStorage::Attested].map(Way::Passkey);
        let key = has(&passkeys).max(has(&[Way::SecurityKey]));
        let card = has(&[Way::Upstream(UpstreamLevel::Card)]);
        let held = key
            + card
            + has(&[Way::App])
            + has(&[Way::RecoveryCode])
            + has(&[Way::Upstream(UpstreamLevel::Multifactor)]);
        match needs {
            ResetNeeds::Two => held + has(&[Way::MailCode]) >= 2,
            ResetNeeds::TwoStrong => held >= 2 && key + card >= 1,
        }
    }

    #[test]
    fn a_reset_takes_two_proofs_of_different_things() {
        for set in sets() {
            for needs in [ResetNeeds::Two, ResetNeeds::TwoStrong] {
                let missing = missing_for_reset(set.iter().copied(), needs);
                assert_eq!(missing == 0, told_of_reset(&set, needs), "{needs:?} {set:?}");
                let twice = set.iter().chain(&set).copied();
                assert_eq!(missing_for_reset(twice, needs), missing, "twice {needs:?} {set:?}");
            }
        }
        for pair in [
            [Way::MailCode, Way::MailCode],
            [Way::App, Way::App],
            [Way::Password, Way::App],
            [Way::Password, Way::MailCode],
            [Way::TrustedBrowser, Way::App],
            [Way::Invitation, Way::App],
            [Way::SecurityKey, Way::Passkey(KeyStorage::Synced)],
        ] {
            assert_eq!(missing_for_reset(pair, ResetNeeds::Two), 1, "{pair:?}");
        }
    }

    #[test]
    fn what_may_be_phished_is_never_called_resistant() {
        let itsme = Way::Upstream(UpstreamLevel::Multifactor);
        assert_eq!(reached([itsme]), Some(Acr::Mfa));
        assert_eq!(reached([itsme, Way::Password, Way::App, Way::RecoveryCode]), Some(Acr::Mfa));
    }

    #[test]
    fn tokens_name_the_methods_once_and_say_when_they_are_several_factors() {
        let table: [(&[Way], &[Amr]); 8] = [
            (&[Way::Password], &[Amr::Pwd]),
            (&[Way::Password, Way::App], &[Amr::Pwd, Amr::Otp, Amr::Mfa]),
            (&[Way::Password, Way::TrustedBrowser], &[Amr::Pwd]),
            (&[Way::Password, Way::SecurityKey], &[Amr::Pwd, Amr::Pop, Amr::User, Amr::Mfa]),
            (&[Way::Passkey(KeyStorage::Synced)], &[Amr::Swk, Amr::User, Amr::Mfa]),
            (&[Way::Passkey(KeyStorage::Attested)], &[Amr::Hwk, Amr::User, Amr::Mfa]),
            (&[Way::Upstream(UpstreamLevel::Multifactor)], &[Amr::Mfa]),
            (&[Way::Upstream(UpstreamLevel::Card)], &[Amr::Sc, Amr::Pin, Amr::Mfa]),
        ];
        for (ways, amr) in table {
            assert_eq!(methods(ways.iter().copied()), amr, "{ways:?}");
        }
        for set in sets() {
            let now = set.iter().copied().filter(|way| *way != Way::TrustedBrowser);
            let is_several = reached(now) >= Some(Acr::Mfa);
            assert_eq!(methods(set.iter().copied()).contains(&Amr::Mfa), is_several, "{set:?}");
        }
    }
}
