//! The receipt: what happens now on each device and in each application, to be kept or printed.

use askama::Template;

use super::Steps;
use crate::kernel::time::Moment;
use crate::password_reset::model::{Outcome, Problem};
use crate::web::page::{Notice, Shell, Tone};

#[derive(Clone, Debug, Template)]
#[template(path = "password_reset/pages/receipt.html")]
pub struct ReceiptPage {
    pub shell: Shell,
    pub outcome: Outcome,
    pub at: Moment,
    pub username: String,
    /// Sessions that were ended; none is told where it is not a reset.
    pub sessions: u64,
    /// Names of applications that were open.
    pub applications: Vec<String>,
    pub wifi_network: Option<String>,
    /// The code of the reset; none after a sign-in.
    pub case: Option<String>,
    /// Where the person goes on.
    pub onward: String,
    /// Whether the person still has to sign in.
    pub sign_in: bool,
}

/// One device, and what to do there.
struct Device {
    title: String,
    text: String,
}

impl ReceiptPage {
    fn steps(&self) -> Option<Steps<'_>> {
        let problem = if self.outcome == Outcome::Unlocked { Problem::Locked } else { Problem::Forgotten };
        self.case.is_some().then_some(Steps { shell: &self.shell, problem, here: 4 })
    }

    fn title(&self) -> String {
        self.shell.say(match self.outcome {
            Outcome::Done => "receipt-title",
            Outcome::Unverified => "receipt-title-unverified",
            Outcome::Unlocked => "receipt-title-unlocked",
        })
    }

    fn lead(&self) -> String {
        let time = || self.shell.text.time_of_day(self.at);
        match self.outcome {
            Outcome::Done => self.shell.with("receipt-intro", &[("time", time().into())]),
            Outcome::Unverified => self.shell.with("receipt-intro-unverified", &[("time", time().into())]),
            Outcome::Unlocked => self.shell.with("receipt-intro-unlocked", &[("time", time().into())]),
        }
    }

    fn notice(&self) -> Option<Notice> {
        let shell = &self.shell;
        (self.outcome == Outcome::Unverified).then(|| {
            Notice::new(
                Tone::Warn,
                shell.say("doubt-title"),
                shell.with("receipt-doubt", &[("phone", shell.phone())]),
            )
        })
    }

    fn devices(&self) -> Vec<Device> {
        if self.outcome == Outcome::Unlocked {
            return vec![];
        }
        let shell = &self.shell;
        let device =
            |id: &str, text: String| Device { title: shell.say(&format!("receipt-{id}-title")), text };
        let plain = |id: &str| device(id, shell.say(&format!("receipt-{id}")));
        let mut devices = vec![plain("laptop"), plain("phone-mail")];
        if let Some(network) = &self.wifi_network {
            devices.push(device("wifi", shell.with("receipt-wifi", &[("network", network.as_str().into())])));
        }
        devices.push(plain("outlook"));
        let text = if self.applications.is_empty() {
            shell.say("receipt-applications")
        } else {
            let names = self.applications.join(", ");
            shell.with("receipt-applications-open", &[("names", names.into())])
        };
        devices.push(device("applications", text));
        devices
    }

    fn ended(&self) -> Option<String> {
        (self.sessions > 0).then(|| self.shell.with("receipt-ended", &[("count", self.sessions.into())]))
    }

    fn go_on(&self) -> String {
        self.shell.say(if self.sign_in { "receipt-sign-in" } else { "receipt-on" })
    }
}

#[cfg(test)]
impl ReceiptPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let done = Self {
            shell,
            outcome: Outcome::Done,
            at: Moment::from_unix_seconds(1_772_370_300),
            username: "ab1234".into(),
            sessions: 3,
            applications: vec!["Webmail".into(), "Leave".into()],
            wifi_network: Some("CHANCELLERY".into()),
            case: Some("KIWI-4921".into()),
            onward: "/sign-in".into(),
            sign_in: true,
        };
        let doubt = Self { outcome: Outcome::Unverified, sessions: 1, wifi_network: None, ..done.clone() };
        let unlocked = Self { outcome: Outcome::Unlocked, sessions: 0, ..done.clone() };
        let inside = Self { case: None, applications: vec![], sign_in: false, ..done.clone() };
        vec![("doubt", doubt), ("unlocked", unlocked), ("inside", inside), ("done", done)]
    }
}
