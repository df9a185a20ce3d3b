//! Linking an authenticator app, on the way in or from `/account`.

use askama::Template;

use super::code_field::{CodeField, CodeRefusal};
use crate::web::page::{Link, Shell};

#[derive(Clone, Template)]
#[template(path = "sign_in/pages/enrol.html")]
pub struct EnrolPage {
    pub shell: Shell,
    /// What may be bound instead.
    pub others: Vec<Link>,
    /// `/sign-in/enrol`, or `/account/authenticators/app`.
    pub action: String,
    /// Where "not now" leads; none when there is no other way on.
    pub cancel: Option<String>,
    /// The sign-in that this step belongs to.
    pub journey: Option<String>,
    /// The secret that the page offers, under a name that tells nothing about it.
    pub enrolment: String,
    /// The `d` attribute of the code's dark squares.
    pub qr_svg_path: String,
    /// Width and height of the code in squares, with its quiet border.
    pub qr_size: usize,
    /// The same secret as text, in groups that a person can copy.
    pub secret_groups: Vec<String>,
    /// What the app will show beside "Cardea".
    pub account: String,
    /// Name for the phone, suggested or typed before.
    pub name: String,
    /// During sign-in: says why a second proof is asked for.
    pub forced: bool,
    pub refusal: Option<CodeRefusal>,
}

impl EnrolPage {
    fn field(&self) -> CodeField<'_> {
        CodeField { shell: &self.shell, refusal: self.refusal.as_ref() }
    }
}

#[cfg(test)]
impl EnrolPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let inside = Self {
            others: vec![],
            action: "/account/authenticators/app".into(),
            cancel: Some("/account".into()),
            journey: None,
            enrolment: "0199".into(),
            qr_svg_path: "M4 4h7v1h-7zM12 4h2v1h-2z".into(),
            qr_size: 45,
            secret_groups: ["JBSW", "Y3DP", "EHPK", "3PXP", "Q2MA", "7LXT", "JBSW", "Y3DP"]
                .map(String::from)
                .into(),
            account: "ab1234".into(),
            name: shell.say("enrol-name-suggested"),
            forced: false,
            refusal: None,
            shell,
        };
        let forced = Self {
            shell: Shell { signed_in: None, ..inside.shell.clone() },
            others: vec![Link {
                href: "/sign-in?journey=0199&way=key".into(),
                say: inside.shell.say("enrol-way-key"),
            }],
            action: "/sign-in/enrol".into(),
            cancel: None,
            journey: Some("0199".into()),
            forced: true,
            ..inside.clone()
        };
        let mut samples: Vec<_> = CodeRefusal::samples()
            .into_iter()
            .map(|(name, refusal)| (name, Self { refusal: Some(refusal), ..inside.clone() }))
            .collect();
        samples.push(("forced", forced));
        samples.push(("first", inside));
        samples
    }
}
