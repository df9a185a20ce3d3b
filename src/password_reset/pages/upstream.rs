//! Another provider's word as a proof.

use askama::Template;

use super::{Steps, pause};
use crate::federation::Outcome;
use crate::password_reset::model::Problem;
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/upstream.html")]
pub struct UpstreamPage {
    pub shell: Shell,
    pub journey: String,
    pub problem: Problem,
    /// Providers as the form names them, and as people call them.
    pub offers: Vec<(String, String)>,
    pub refusal: Option<UpstreamRefusal>,
    /// Minutes of a pause and its case code.
    pub paused: Option<(u32, String)>,
}

/// Nothing came of a way by another provider.
#[derive(Clone, Debug)]
pub struct UpstreamRefusal {
    pub outcome: Outcome,
    pub service: String,
    pub case: String,
}

impl UpstreamPage {
    fn steps(&self) -> Steps<'_> {
        Steps { shell: &self.shell, problem: self.problem, here: 2 }
    }

    fn notice(&self) -> Option<Notice> {
        let shell = &self.shell;
        if let Some((minutes, case)) = &self.paused {
            return Some(pause(shell, *minutes, case));
        }
        let UpstreamRefusal { outcome, service, case } = self.refusal.as_ref()?;
        // Of whom the person there is, nobody is told here.
        let id = if *outcome == Outcome::NotLinked {
            "reset-not-linked".to_owned()
        } else {
            format!("upstream-{}", outcome.name())
        };
        let body = shell.with(&id, &[("service", service.as_str().into())]);
        let mut notice = Notice::new(Tone::Warn, shell.say("refused-title"), body);
        notice.case = Some(shell.case(case));
        Some(notice)
    }
}

#[cfg(test)]
impl UpstreamPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let offer = |name: &str, label: &str| (name.to_owned(), label.to_owned());
        let first = Self {
            shell,
            journey: "0199".into(),
            problem: Problem::Forgotten,
            offers: vec![offer("fas", "CSAM"), offer("itsme", "itsme")],
            refusal: None,
            paused: None,
        };
        let refused = |outcome| {
            let refusal = UpstreamRefusal { outcome, service: "CSAM".into(), case: "KIWI-4921".into() };
            Self { refusal: Some(refusal), ..first.clone() }
        };
        vec![
            ("not-linked", refused(Outcome::NotLinked)),
            ("declined", refused(Outcome::Declined)),
            ("down", refused(Outcome::Down)),
            ("none", Self { offers: vec![], ..first.clone() }),
            ("first", first),
        ]
    }
}
