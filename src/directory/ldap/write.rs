//! Writing a password into a directory, and ending its lock.

use ldap3::controls::RawControl;
use ldap3::exop::PasswordModify;

use super::directory::{LdapDirectory, Live, asks_for_policy};
use super::outcome::{BindOutcome, WriteOutcome, of_ad_write, of_ldap_write};
use super::policy::Policy;
use super::store::person;
use crate::config::DirectoryKind;
use crate::directory::model::{How, PolicyRefusal, Unlocked, Written};
use crate::infra::ldap::{Controller, LdapChange, LdapFailure, LdapSaid};
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;

/// Has a reset keep to the history, where the controller knows it. Source: MS-ADTS 3.1.1.3.4.1.27.
const POLICY_HINTS: [&str; 2] = ["1.2.840.113556.1.4.2239", "1.2.840.113556.1.4.2066"];
/// `SEQUENCE { INTEGER 1 }`
const ENFORCED: [u8; 5] = [0x30, 3, 2, 1, 1];

/// What is to be written, and for whom.
#[derive(Clone, Copy)]
struct Order<'a> {
    password: &'a Password,
    how: How<'a>,
}

impl LdapDirectory {
    /// Writes a password at the first controller that answers, and sees there whether it opens. Once a request
    /// has left for a controller no other one is asked.
    pub async fn write_password(
        &self,
        row: &person::Model,
        password: &Password,
        how: How<'_>,
        now: Moment,
    ) -> Written {
        let order = Order { password, how };
        for controller in self.controllers.in_order(now) {
            let live = match self.live(&controller, &row.key).await {
                Ok(Some(live)) => live,
                Ok(None) => return Written::NotAllowed,
                Err(failure) => {
                    self.gone(&controller, &failure, now);
                    continue;
                }
            };
            // Whatever rights we hold. A smart card's account has no password that anybody types.
            if live.is_privileged || row.protected {
                return Written::Protected;
            }
            if live.person.needs_smartcard {
                return Written::NotAllowed;
            }
            let policy = self.policy_of(&controller, &live, now).await;
            let PersonNames { login, display_name } = PersonNames::of(&live);
            if let Some(refusal) = policy.refuses(password, login, display_name) {
                return Written::Refused(refusal);
            }
            match self.send(&controller, &live, order).await {
                Ok(WriteOutcome::Taken) => return self.look(&controller, &live, password).await,
                Ok(WriteOutcome::Refused(rule)) => {
                    return Written::Refused(rule.unwrap_or_else(|| which_rule(&policy, &live, now)));
                }
                Ok(WriteOutcome::WrongOld) => return Written::WrongOld,
                Ok(WriteOutcome::NotAllowed) => return Written::NotAllowed,
                Ok(WriteOutcome::Failed) => return Written::Unreachable,
                Err(LdapFailure::Lost(_)) => {
                    controller.failed(now);
                    return self.settle(&controller, &live, password).await;
                }
                Err(failure) => self.gone(&controller, &failure, now),
            }
        }
        Written::Unreachable
    }

    /// Ends the directory's own lock. The password stays what it is.
    pub async fn unlock(&self, row: &person::Model, now: Moment) -> Unlocked {
        for controller in self.controllers.in_order(now) {
            let live = match self.live(&controller, &row.key).await {
                Ok(Some(live)) => live,
                Ok(None) => return Unlocked::NotAllowed,
                Err(failure) => {
                    self.gone(&controller, &failure, now);
                    continue;
                }
            };
            if live.is_privileged || row.protected {
                return Unlocked::Protected;
            }
            if !live.person.password.is_locked {
                return Unlocked::NotLocked;
            }
            let change = match self.config.kind {
                DirectoryKind::Ad => LdapChange::Replace("lockoutTime", b"0".to_vec()),
                DirectoryKind::Ldap => LdapChange::Clear("pwdAccountLockedTime"),
            };
            match controller.modify(&live.person.dn, vec![change], vec![]).await {
                Ok(said) if said.is_success() => return Unlocked::Done,
                Ok(said) if said.code == 50 => return Unlocked::NotAllowed,
                Ok(_) => return Unlocked::Unreachable,
                Err(LdapFailure::Lost(_)) => return Unlocked::Doubtful,
                Err(failure) => self.gone(&controller, &failure, now),
            }
        }
        Unlocked::Unreachable
    }

    async fn send(
        &self,
        controller: &Controller,
        live: &Live,
        order: Order<'_>,
    ) -> Result<WriteOutcome, LdapFailure> {
        let dn = live.person.dn.as_str();
        match self.config.kind {
            DirectoryKind::Ad => {
                let said = controller.modify(dn, ad_changes(order), hints(live, order.how)).await?;
                tell(&said);
                Ok(of_ad_write(&said))
            }
            DirectoryKind::Ldap => {
                let old_pass = match order.how {
                    How::Reset => None,
                    How::Change { old } => Some(old.expose()),
                };
                let request =
                    PasswordModify { user_id: Some(dn), old_pass, new_pass: Some(order.password.expose()) };
                let said = controller.extended(request.into(), vec![asks_for_policy()]).await?;
                tell(&said);
                Ok(of_ldap_write(&said))
            }
        }
    }

    /// The write was taken; a real bind on the same controller says whether the password opens.
    async fn look(&self, controller: &Controller, live: &Live, password: &Password) -> Written {
        let outcome = self.bind(controller, &live.person.dn, password).await;
        match outcome {
            Ok(BindOutcome::Right) => Written::Done,
            // A reset may leave it good for one change alone: then it is said once more that it counts.
            Ok(BindOutcome::RightButMustChange) => {
                let counts = match self.config.kind {
                    DirectoryKind::Ad => LdapChange::Replace("pwdLastSet", b"-1".to_vec()),
                    DirectoryKind::Ldap => LdapChange::Clear("pwdReset"),
                };
                let set = controller.modify(&live.person.dn, vec![counts], vec![]).await;
                if set.is_ok_and(|said| said.is_success()) { Written::Done } else { Written::DoneUnverified }
            }
            Ok(_) | Err(_) => Written::DoneUnverified,
        }
    }

    /// The controller went away with the request. Where it is back already, a bind tells what it did.
    async fn settle(&self, controller: &Controller, live: &Live, password: &Password) -> Written {
        match self.bind(controller, &live.person.dn, password).await {
            Ok(BindOutcome::Right) => Written::Done,
            Ok(_) | Err(_) => Written::Doubtful,
        }
    }
}

struct PersonNames<'a> {
    login: &'a str,
    display_name: &'a str,
}

impl<'a> PersonNames<'a> {
    fn of(live: &'a Live) -> Self {
        Self { login: &live.person.login, display_name: &live.person.display_name }
    }
}

/// In the log of the program, for the operator: never on a page.
fn tell(said: &LdapSaid) {
    if !said.is_success() {
        tracing::info!(code = said.code, text = said.text, "a directory did not take a password");
    }
}

/// The lock ends with the same request: a reset alone leaves it.
fn ad_changes(order: Order<'_>) -> Vec<LdapChange> {
    let new = quoted(order.password);
    match order.how {
        How::Reset => {
            vec![LdapChange::Replace("unicodePwd", new), LdapChange::Replace("lockoutTime", b"0".to_vec())]
        }
        How::Change { old } => {
            vec![LdapChange::Delete("unicodePwd", quoted(old)), LdapChange::Add("unicodePwd", new)]
        }
    }
}

fn hints(live: &Live, how: How<'_>) -> Vec<RawControl> {
    let known = POLICY_HINTS.into_iter().find(|hint| live.controls.iter().any(|control| control == hint));
    match (how, known) {
        (How::Reset, Some(oid)) => {
            vec![RawControl { ctype: oid.to_owned(), crit: true, val: Some(ENFORCED.to_vec()) }]
        }
        (How::Reset, None) | (How::Change { .. }, _) => vec![],
    }
}

/// In double quotes, as UTF-16 with the low byte first. Source: MS-ADTS 3.1.1.3.1.5.1.
fn quoted(password: &Password) -> Vec<u8> {
    let quoted = std::iter::once('"').chain(password.expose().chars()).chain(std::iter::once('"'));
    let mut units = [0; 2];
    quoted.flat_map(|c| c.encode_utf16(&mut units).to_vec()).flat_map(u16::to_le_bytes).collect()
}

/// Active Directory never says which rule it was. What can be seen here was seen before; of the rest, age comes
/// before history.
fn which_rule(policy: &Policy, live: &Live, now: Moment) -> PolicyRefusal {
    let clock = live.clock.unwrap_or(now);
    let changed = live.person.password.changed_at;
    let is_young = policy.age_min.zip(changed).is_some_and(|(age, changed)| changed.plus(age) > clock);
    match (is_young, policy.history) {
        (true, _) => PolicyRefusal::Age,
        (false, 0) => PolicyRefusal::Unknown,
        (false, _) => PolicyRefusal::History,
    }
}

#[cfg(test)]
mod tests {
    use super::{Password, quoted};

    #[test]
    fn a_password_goes_quoted_in_utf_16() {
        let password = Password::parse("é🦀").unwrap();
        assert_eq!(quoted(&password), [0x22, 0, 0xe9, 0, 0x3e, 0xd8, 0x80, 0xdd, 0x22, 0]);
    }
}
