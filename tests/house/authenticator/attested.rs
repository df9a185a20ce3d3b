//! The strongest level: hardware of a model that counts, for which its maker has signed.

use std::path::Path;
use std::process::{Command, Stdio};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use cardea::kernel::acr::Acr;
use data_encoding::BASE64;
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::administrator;
use crate::support::app::TestApp;
use crate::support::servers::skipped;
use crate::support::soft_key::{Lie, MODEL, SoftKey, base64url};

/// A maker of authenticators with its root, and the metadata that names it.
struct Maker {
    folder: tempfile::TempDir,
}

impl Maker {
    /// `None`, counted as a skip, where there is no openssl.
    fn new() -> Option<Self> {
        let there = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            skipped("openssl is not installed");
            return None;
        }
        let maker = Self { folder: tempfile::tempdir().unwrap() };
        let model = data_encoding::HEXLOWER.encode(&MODEL);
        let settings = format!(
            "[req]\ndistinguished_name = name\nprompt = no\n[name]\nC = BE\nO = Maker\nOU = Authenticator Attestation\n\
             CN = Maker of keys\n[ca]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n\
             [leaf]\nbasicConstraints = critical, CA:FALSE\n1.3.6.1.4.1.45724.1.1.4 = DER:0410{model}\n"
        );
        std::fs::write(maker.path().join("settings"), settings).unwrap();
        let new = "req -new -config settings -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
        maker.openssl(&format!("{new} -x509 -extensions ca -keyout ca.key -out ca.pem"));
        maker.openssl(&format!("{new} -keyout leaf.key -out leaf.csr"));
        maker.openssl(
            "x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile settings -extensions leaf -in leaf.csr -out leaf.pem",
        );
        Some(maker)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn openssl(&self, arguments: &str) {
        let run = Command::new("openssl").args(arguments.split(' ')).current_dir(self.path()).output();
        let output = run.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// What stands between the lines of a PEM file.
    fn base64(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path().join(name)).unwrap();
        text.lines().filter(|line| !line.starts_with('-')).collect()
    }

    fn der(&self, name: &str) -> Vec<u8> {
        BASE64.decode(self.base64(name).as_bytes()).unwrap()
    }

    /// The metadata as it is downloaded: a JWT whose payload lists models.
    fn metadata(&self) -> std::path::PathBuf {
        let payload = json!({ "no": 1, "entries": [
            { "attestationCertificateKeyIdentifiers": ["00"], "statusReports": [] },
            { "aaguid": Uuid::from_bytes(MODEL), "metadataStatement": {
                "description": "A key", "attestationRootCertificates": [self.base64("ca.pem")],
            } },
        ] });
        let path = self.path().join("blob.jwt");
        let part = base64url(payload.to_string().as_bytes());
        std::fs::write(&path, format!("{}.{part}.{}\n", base64url(b"{}"), base64url(b"signature"))).unwrap();
        path
    }

    /// A key of this maker.
    fn key(&self) -> SoftKey {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.der("leaf.key")).unwrap();
        let mut key = SoftKey::passkey();
        key.maker = Some((pair, self.der("leaf.pem")));
        key
    }
}

#[tokio::test]
async fn a_key_that_its_maker_signed_for_reaches_the_strongest_level_and_others_do_not() {
    let Some(maker) = Maker::new() else { return };
    let metadata = maker.metadata();
    let builder = TestApp::builder().with(move |config| {
        config.passkeys.metadata = Some(metadata);
        config.passkeys.hardware_models = vec![Uuid::from_bytes(MODEL)];
        config.assurance.admin = Acr::Phrh;
    });
    let Some(app) = builder.start().await else { return };
    let ada = administrator(&app, "ada").await;
    let browser = app.browser();
    let page = browser.code_page(&ada).await;
    let answer = browser.code(&page, &ada.code(&app)).await;
    let page = browser.follow(answer).await;
    // One that says the same of itself, and one whose maker is another, do not reach it.
    let Some(other) = Maker::new() else { return };
    for mut weak in [SoftKey::passkey(), other.key()] {
        let question = browser.question(&page, "/sign-in/enrol/key", "passkey").await;
        assert_eq!(question.options["attestation"], "direct");
        let made = weak.make(&question.options, &app.issuer, &Lie::Nothing);
        let answer = browser.answer(&page, "/sign-in/enrol/key", &question, &made).await;
        let next = browser.follow(answer).await;
        assert!(next.has_form("/sign-in/enrol/key"), "still to be bound: {}", next.text());
    }
    assert!(!browser.is_in().await);
    let mut strong = maker.key();
    let question = browser.question(&page, "/sign-in/enrol/key", "passkey").await;
    let made = strong.make(&question.options, &app.issuer, &Lie::Nothing);
    let answer = browser.answer(&page, "/sign-in/enrol/key", &question, &made).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/".to_owned()),
        "{}",
        answer.text()
    );
    let signed_in = app.records_of("signed_in").await.pop().unwrap();
    assert_eq!(signed_in.text("acr"), Some("phrh"));
    assert_eq!(app.browser().passkey(&app, &mut strong, &Lie::Nothing).await.location(), "/");
    let signed_in = app.records_of("signed_in").await.pop().unwrap();
    assert_eq!((signed_in.text("acr"), signed_in.list("amr")), (Some("phrh"), vec!["hwk", "user", "mfa"]));
}

#[tokio::test]
async fn metadata_that_does_not_know_a_model_stops_the_start() {
    let Some(maker) = Maker::new() else { return };
    let path = maker.metadata();
    let unknown = Uuid::from_u128(1);
    let error = cardea::authenticator::passkeys::Models::load(&path, &[unknown]).err().unwrap();
    assert!(error.to_string().contains(&unknown.to_string()), "{error}");
    std::fs::write(&path, "neither").unwrap();
    assert!(cardea::authenticator::passkeys::Models::load(&path, &[unknown]).is_err());
}
