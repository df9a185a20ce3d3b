//! What an invitation leads to, and what is said of one that is of no use.

use askama::Template;

use crate::event::model::InvitationRefusal;
use crate::kernel::time::Moment;
use crate::web::page::{Case, Shell};

/// An invitation that can be used. It names nobody: whoever begins types the user name.
#[derive(Clone, Template)]
#[template(path = "sign_in/pages/invitation.html")]
pub struct InvitationPage {
    pub shell: Shell,
    pub token: String,
    /// The account is set up anew: what was there goes.
    pub rescue: bool,
    pub until: Moment,
    pub now: Moment,
    pub other_name: Option<OtherName>,
}

/// The name that was typed is not the one that was invited.
#[derive(Clone, Debug)]
pub struct OtherName {
    pub left: u32,
    pub case: String,
}

impl InvitationPage {
    fn title(&self) -> String {
        self.shell.say(if self.rescue { "invite-rescue-title" } else { "invite-title" })
    }

    fn lead(&self) -> String {
        self.shell.say(if self.rescue { "invite-rescue-lead" } else { "invite-lead" })
    }

    fn until_machine(&self) -> String {
        self.shell.text.machine(self.until)
    }

    fn until_said(&self) -> String {
        self.shell.text.when(self.until, self.now)
    }

    fn error(&self) -> Option<String> {
        let left = self.other_name.as_ref()?.left;
        Some(self.shell.with("invite-other-name", &[("left", left.into())]))
    }

    fn case(&self) -> Option<Case> {
        Some(self.shell.case(&self.other_name.as_ref()?.case))
    }
}

/// An invitation that is of no use (any more).
#[derive(Clone, Template)]
#[template(path = "sign_in/pages/invitation_dead.html")]
pub struct DeadInvitationPage {
    pub shell: Shell,
    pub reason: InvitationRefusal,
    pub case: String,
}

impl DeadInvitationPage {
    fn why(&self) -> String {
        self.shell.say(match self.reason {
            InvitationRefusal::Used => "invite-used",
            InvitationRefusal::Expired => "invite-expired",
            InvitationRefusal::Closed => "invite-closed",
            InvitationRefusal::Unknown | InvitationRefusal::OtherName => "invite-unknown",
        })
    }

    /// Whoever used it may have the account set up already.
    fn may_sign_in(&self) -> bool {
        self.reason == InvitationRefusal::Used
    }

    fn mention(&self) -> Case {
        self.shell.case(&self.case)
    }
}

#[cfg(test)]
impl InvitationPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let now = Moment::from_unix_seconds(1_772_370_300);
        let shell = Shell { signed_in: None, ..shell };
        let first = Self {
            shell,
            token: "token".into(),
            rescue: false,
            until: Moment::from_unix_seconds(1_772_400_000),
            now,
            other_name: None,
        };
        let rescue = Self { rescue: true, ..first.clone() };
        let other = OtherName { left: 1, case: "KIWI-4921".into() };
        vec![
            ("rescue", rescue),
            ("other-name", Self { other_name: Some(other), ..first.clone() }),
            ("first", first),
        ]
    }
}

#[cfg(test)]
impl DeadInvitationPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let shell = Shell { signed_in: None, ..shell };
        let used = Self { shell, reason: InvitationRefusal::Used, case: "KIWI-4921".into() };
        let of = |reason| Self { reason, ..used.clone() };
        vec![
            ("expired", of(InvitationRefusal::Expired)),
            ("closed", of(InvitationRefusal::Closed)),
            ("unknown", of(InvitationRefusal::Unknown)),
            ("used", used),
        ]
    }
}
