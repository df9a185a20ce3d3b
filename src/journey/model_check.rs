//! The next step, for every set of proofs, every account and every requirement.

use super::model::{Facts, Journey, Purpose, ResetFacts, ResetStep, Step, Target};
use crate::kernel::acr::Acr;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, AuthenticatorId, JourneyId};
use crate::kernel::ladder::{self, ResetNeeds};
use crate::kernel::proof::{Binding, KeyStorage, Proof, ProofKind, UpstreamLevel, Way};
use crate::kernel::time::Moment;

const NOW: Moment = Moment::from_micros(1);
const LATER: Moment = Moment::from_micros(2);

struct Walk {
    ours: Binding,
    candidates: Vec<Proof>,
}

impl Walk {
    fn new() -> Self {
        let entropy = Entropy::seeded(3);
        let account = || AccountId::new(NOW, &entropy);
        let ours = Binding { journey: JourneyId::new(NOW, &entropy), account: account() };
        let another = Binding { account: account(), ..ours };
        let elsewhere = Binding { journey: JourneyId::new(NOW, &entropy), ..ours };
        let authenticator = AuthenticatorId::new(NOW, &entropy);
        let passkey = |storage| ProofKind::Passkey { authenticator, storage };
        let candidates = [
            (ProofKind::Password, ours),
            (ProofKind::Totp(authenticator), ours),
            (ProofKind::NewPassword, ours),
            (ProofKind::SecurityKey(authenticator), ours),
            (passkey(KeyStorage::Synced), ours),
            (passkey(KeyStorage::Attested), ours),
            (ProofKind::Upstream(UpstreamLevel::Multifactor), ours),
            (ProofKind::Invitation, ours),
            (ProofKind::Totp(authenticator), another),
            (passkey(KeyStorage::Attested), another),
            (ProofKind::Password, elsewhere),
            (passkey(KeyStorage::Attested), elsewhere),
        ];
        let attest = |(kind, binding)| Proof::attest(kind, binding, NOW);
        Self { ours, candidates: candidates.into_iter().map(attest).collect() }
    }

    fn journey(&self, required: Acr, proofs: Vec<Proof>) -> Journey {
        Journey {
            id: self.ours.journey,
            purpose: Purpose::SignIn,
            required,
            account: Some(self.ours.account),
            epoch: Some(1),
            login: String::new(),
            proofs,
            target: Target::Home,
            created_at: NOW,
            finished_at: None,
            version: 1,
        }
    }
}

/// What accounts have.
fn accounts() -> [Vec<Way>; 7] {
    let passkey = Way::Passkey(KeyStorage::Synced);
    [
        vec![],
        vec![Way::Password],
        vec![Way::App, Way::Password],
        vec![Way::SecurityKey, Way::Password],
        vec![passkey],
        vec![passkey, Way::App, Way::Password],
        vec![Way::Passkey(KeyStorage::Attested), Way::RecoveryCode, Way::Password],
    ]
}

#[test]
fn no_journey_is_done_without_its_proofs() {
    let walk = Walk::new();
    for set in 0_u32..1 << walk.candidates.len() {
        let among = |(position, _): &(usize, &Proof)| set & (1 << position) != 0;
        let proofs: Vec<Proof> =
            walk.candidates.iter().enumerate().filter(among).map(|(_, proof)| *proof).collect();
        let valid: Vec<ProofKind> =
            proofs.iter().filter(|proof| proof.counts_for(walk.ours)).map(Proof::kind).collect();
        let worth = ladder::reached(valid.iter().map(|kind| kind.way()));
        for (ways, must) in accounts().into_iter().flat_map(|ways| [(ways.clone(), false), (ways, true)]) {
            for required in Acr::ALL {
                let journey = walk.journey(required, proofs.clone());
                let facts =
                    Facts { ways: ways.clone(), must_choose_password: must, password_set_at: Some(NOW) };
                let step = journey.next(&facts);
                let told = format!("{set:012b} {ways:?} {required:?}: {step:?}");
                check(&step, &facts, required, worth, &valid, &told);
                // Once the password is another one, proofs by the old one count for nothing.
                let facts = Facts { password_set_at: Some(LATER), ..facts };
                let without = valid.iter().map(|kind| kind.way()).filter(|way| *way != Way::Password);
                if ladder::reached(without).is_none() {
                    let first =
                        if may_choose_first(&facts, &valid) { Step::NewPassword } else { Step::Identify };
                    assert_eq!(journey.next(&facts), first, "{told}");
                }
            }
        }
    }
}

/// Whoever was invited chooses a first password; nobody replaces one that is there.
fn may_choose_first(facts: &Facts, valid: &[ProofKind]) -> bool {
    valid.contains(&ProofKind::Invitation) && !facts.ways.contains(&Way::Password)
}

fn check(step: &Step, facts: &Facts, required: Acr, worth: Option<Acr>, valid: &[ProofKind], told: &str) {
    let has_second = facts.ways.iter().any(|way| *way != Way::Password);
    match step {
        Step::Identify => assert!(worth.is_none() && !may_choose_first(facts, valid), "{told}"),
        Step::Done { acr } => {
            assert_eq!(Some(*acr), worth, "{told}");
            assert!(*acr >= required, "{told}");
            assert!(*acr >= Acr::Mfa || !has_second, "done without what is enrolled: {told}");
            let by_password = valid.iter().any(|kind| kind.way() == Way::Password);
            let chosen = valid.contains(&ProofKind::NewPassword);
            assert!(!facts.must_choose_password || !by_password || chosen, "{told}");
        }
        Step::Prove { ways } => {
            assert!(!ways.is_empty(), "{told}");
            for way in ways {
                assert!(facts.ways.contains(way), "the account has no such way: {told}");
                let with = ladder::reached(valid.iter().map(|kind| kind.way()).chain([*way]));
                assert!(with > worth, "a way that leads nowhere: {told}");
            }
        }
        Step::Enrol { least } => {
            assert!(*least >= required && worth.is_some() && worth < Some(*least), "{told}");
            // Nothing is bound while something that is bound already was not asked for.
            let all = valid.iter().map(|kind| kind.way()).chain(facts.ways.iter().copied());
            assert_eq!(ladder::reached(all), worth, "{told}");
        }
        Step::NewPassword if worth.is_none() => assert!(may_choose_first(facts, valid), "{told}"),
        Step::NewPassword => assert!(facts.must_choose_password && worth >= Some(required), "{told}"),
    }
}

#[test]
fn what_is_missing_is_asked_for_strongest_first() {
    let walk = Walk::new();
    let proved = |kinds: &[usize]| kinds.iter().map(|at| walk.candidates[*at]).collect::<Vec<_>>();
    let (password, app, passkey) = (0, 1, 4);
    let step = |required, proofs: &[usize], ways: &[Way]| {
        let facts = Facts { ways: ways.to_vec(), ..Facts::default() };
        walk.journey(required, proved(proofs)).next(&facts)
    };
    let (synced, attested) = (Way::Passkey(KeyStorage::Synced), Way::Passkey(KeyStorage::Attested));
    let prove = |ways: &[Way]| Step::Prove { ways: ways.to_vec() };
    let enrol = |least| Step::Enrol { least };
    let done = |acr| Step::Done { acr };
    let table = [
        // Without a second authenticator one is to be bound; with one it is asked for, whatever is required.
        (Acr::Mfa, vec![password], vec![Way::Password], enrol(Acr::Mfa)),
        (Acr::Pwd, vec![password], vec![Way::Password], done(Acr::Pwd)),
        (Acr::Pwd, vec![password], vec![Way::App, Way::Password], prove(&[Way::App])),
        (Acr::Mfa, vec![password, app], vec![Way::App, Way::Password], done(Acr::Mfa)),
        // A choice where there is one.
        (Acr::Mfa, vec![password], vec![synced, Way::App, Way::Password], prove(&[synced, Way::App])),
        // A passkey stands alone.
        (Acr::Phr, vec![passkey], vec![synced, Way::App, Way::Password], done(Acr::Phr)),
        // A console: only what cannot be phished is asked for; a first passkey after all that is there.
        (Acr::Phr, vec![password], vec![synced, Way::App, Way::Password], prove(&[synced])),
        (Acr::Phr, vec![password], vec![Way::App, Way::Password], prove(&[Way::App])),
        (Acr::Phr, vec![password, app], vec![Way::App, Way::Password], enrol(Acr::Phr)),
        (Acr::Phr, vec![password, app], vec![synced, Way::App, Way::Password], prove(&[synced])),
        // The strongest level: one passkey is not as good as another.
        (Acr::Phrh, vec![passkey], vec![synced, Way::Password], enrol(Acr::Phrh)),
        (Acr::Phrh, vec![passkey], vec![attested, synced], prove(&[attested])),
    ];
    for (required, proofs, ways, expected) in table {
        assert_eq!(step(required, &proofs, &ways), expected, "{required:?} {proofs:?} {ways:?}");
    }
}

#[test]
fn a_reset_counts_its_own_proofs_alone_and_opens_nothing_else() {
    let walk = Walk::new();
    let synced = Way::Passkey(KeyStorage::Synced);
    let holdings = [
        vec![],
        vec![Way::MailCode],
        vec![Way::App, Way::MailCode],
        vec![Way::SecurityKey, Way::RecoveryCode],
        vec![synced, Way::App, Way::RecoveryCode, Way::MailCode],
    ];
    for set in 0_u32..1 << walk.candidates.len() {
        let among = |(position, _): &(usize, &Proof)| set & (1 << position) != 0;
        let proofs: Vec<Proof> =
            walk.candidates.iter().enumerate().filter(among).map(|(_, proof)| *proof).collect();
        let valid = proofs.iter().filter(|proof| proof.counts_for(walk.ours));
        let valid: Vec<Way> = valid.map(|proof| proof.kind().way()).collect();
        let sign_in = walk.journey(Acr::Mfa, proofs);
        let reset = Journey { purpose: Purpose::Reset, ..sign_in.clone() };
        for ways in &holdings {
            let facts = Facts { ways: ways.clone(), ..Facts::default() };
            assert_eq!(reset.next(&facts), Step::Identify, "{set:b}");
            for needs in [ResetNeeds::Two, ResetNeeds::TwoStrong] {
                let facts = ResetFacts { ways: ways.clone(), needs };
                let missing = ladder::missing_for_reset(valid.iter().copied(), needs);
                match reset.next_of_reset(&facts) {
                    ResetStep::Proved => assert_eq!(missing, 0, "{set:b} {facts:?}"),
                    ResetStep::Prove { ways: asked } => {
                        assert!(
                            missing > 0 && asked.iter().all(|way| ways.contains(way)),
                            "{set:b} {facts:?}"
                        );
                        let all = valid.iter().chain(ways).copied();
                        let possible = ladder::missing_for_reset(all, needs) == 0;
                        assert_eq!(asked.is_empty(), !possible, "{set:b} {facts:?} {asked:?}");
                    }
                }
                assert_ne!(sign_in.next_of_reset(&facts), ResetStep::Proved, "{set:b} {facts:?}");
            }
        }
    }
}
