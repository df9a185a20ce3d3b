//! One directory: looking people up and trying their passwords.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ldap3::controls::RawControl;
use ldap3::ldap_escape;
use url::Url;
use uuid::Uuid;

use super::entry::{AD_ATTRIBUTES, DirectoryState, LDAP_ATTRIBUTES, PersonEntry, of_generalized_time};
use super::outcome::{BindOutcome, PASSWORD_POLICY, of_ad_bind, of_ldap_bind};
use super::policy::{self, Policy};
use super::sends::Budget;
use super::store::{self, person, send};
use crate::config::{DirectoryConfig, DirectoryKind};
use crate::infra::database::{Database, DbErr, WriteError};
use crate::infra::ldap::{
    Controller, Controllers, LdapDepth, LdapEntry, LdapFailure, LdapOpenError, LdapOptions, LdapSaid,
    LdapSearch,
};
use crate::kernel::id::AccountId;
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;

/// Condition that fails while no more may be sent.
const MAY_BE_SENT: &str = "directory_may_be_sent";
/// How old the rules of a directory may be.
const POLICY_AGE_MAX: Duration = Duration::from_mins(5);
const POLICIES_MAX: usize = 1024;
/// Groups whose members nobody here writes for, by the last number of their identifier, where they belong to a
/// domain. Source: MS-DTYP 2.4.2.4.
const PRIVILEGED_OF_DOMAIN: [u32; 10] = [498, 512, 516, 517, 518, 519, 520, 521, 526, 527];
/// The same where they are built in.
const PRIVILEGED_BUILT_IN: [u32; 6] = [544, 548, 549, 550, 551, 552];

type Policies = Arc<Mutex<HashMap<String, (Moment, Policy)>>>;

/// A directory beside our own; cheap to clone.
#[derive(Clone)]
pub struct LdapDirectory {
    pub(super) name: Arc<str>,
    pub(super) config: Arc<DirectoryConfig>,
    pub(super) controllers: Controllers,
    pub(super) db: Database,
    policies: Policies,
}

/// A person as one controller tells of them now.
pub(super) struct Live {
    pub person: PersonEntry,
    /// The controller's own clock.
    pub clock: Option<Moment>,
    pub controls: Vec<String>,
    pub domain: Option<String>,
    pub is_privileged: bool,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Said {
        outcome: BindOutcome,
        expires_at: Option<Moment>,
    },
    /// It was not sent: one more wrong one could lock the account there.
    HeldBack,
    Unreachable,
}

impl LdapDirectory {
    /// # Errors
    /// The authorities cannot be read.
    pub fn new(name: &str, config: &DirectoryConfig, db: Database) -> Result<Self, LdapOpenError> {
        let address = |text: &String| Url::parse(text).map_err(|_| LdapOpenError::Address(text.clone()));
        let controllers: Result<Vec<Url>, LdapOpenError> = config.controllers.iter().map(address).collect();
        let missing = |what: &str| LdapOpenError::Address(format!("{name}: no {what}"));
        let options = LdapOptions {
            controllers: controllers?,
            ca: config.ca.clone().ok_or_else(|| missing("ca"))?,
            bind_name: config.bind_name.clone().ok_or_else(|| missing("bind_name"))?,
            bind_password: config.bind_password.clone().ok_or_else(|| missing("bind_password"))?,
            connect_time: config.connect_time,
            answer_time: config.answer_time,
        };
        Ok(Self {
            name: name.into(),
            config: Arc::new(config.clone()),
            controllers: Controllers::new(options)?,
            db,
            policies: Arc::default(),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn config(&self) -> &DirectoryConfig {
        &self.config
    }

    /// Tries a password by a bind, on a controller that answers and only while the directory surely does not lock
    /// the account over it.
    ///
    /// # Errors
    /// What was sent cannot be counted: then nothing was sent.
    pub async fn try_password(
        &self,
        row: &person::Model,
        password: &Password,
        is_known: bool,
        now: Moment,
    ) -> Result<Tried, WriteError> {
        for controller in self.controllers.in_order(now) {
            let live = match self.live(&controller, &row.key).await {
                Ok(Some(live)) => live,
                Ok(None) => return Ok(said(BindOutcome::Disabled)),
                Err(failure) => {
                    self.gone(&controller, &failure, now);
                    continue;
                }
            };
            let policy = self.policy_of(&controller, &live, now).await;
            let budget = Budget::of(&policy, self.config.lockout_threshold_unknown);
            if live.person.password.is_locked {
                return Ok(said(BindOutcome::Locked));
            }
            let clock = live.clock.unwrap_or(now);
            let has_room = budget.leaves_room(live.person.bad, policy.lockout_window, is_known, clock);
            if !has_room || !self.reserve_send(row.account_id, budget, is_known, now).await? {
                return Ok(Tried::HeldBack);
            }
            match self.bind(&controller, &live.person.dn, password).await {
                Ok(outcome) => {
                    controller.answered();
                    if outcome == BindOutcome::Unclear {
                        return Ok(Tried::Unreachable);
                    }
                    let expires_at = live.person.password.expires_at;
                    return Ok(Tried::Said { outcome, expires_at });
                }
                Err(LdapFailure::Unreached(_) | LdapFailure::NotLetIn(_)) => {
                    self.give_back_send(row.account_id, is_known).await?;
                    controller.failed(now);
                }
                // It may have counted there: another controller would count it once more.
                Err(LdapFailure::Lost(_)) => {
                    controller.failed(now);
                    return Ok(Tried::Unreachable);
                }
            }
        }
        Ok(Tried::Unreachable)
    }

    /// The rules for one person; `None` where no controller tells.
    pub async fn rules(&self, row: &person::Model, now: Moment) -> Option<Policy> {
        for controller in self.controllers.in_order(now) {
            match self.live(&controller, &row.key).await {
                Ok(Some(live)) => return Some(self.policy_of(&controller, &live, now).await),
                Ok(None) => return None,
                Err(failure) => self.gone(&controller, &failure, now),
            }
        }
        None
    }

    /// # Errors
    /// The database does not answer.
    pub async fn person(&self, account: Uuid) -> Result<Option<person::Model>, DbErr> {
        let row = store::person_of(&self.db, account).await?;
        Ok(row.filter(|row| *row.directory == *self.name && row.state != DirectoryState::Gone.name()))
    }

    /// Every account of this directory whose password has a date, with it, as it was last read.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn dates(&self) -> Result<Vec<(AccountId, Moment)>, DbErr> {
        let rows = store::dates(self.db.read(), &self.name).await?;
        let dated = rows.into_iter();
        Ok(dated.map(|(id, at)| (AccountId::from_uuid(id), Moment::from_micros(at))).collect())
    }

    pub(super) fn gone(&self, controller: &Controller, failure: &LdapFailure, now: Moment) {
        tracing::warn!(directory = &*self.name, %failure, "a directory was asked in vain");
        controller.failed(now);
    }

    pub(super) async fn bind(
        &self,
        controller: &Controller,
        dn: &str,
        password: &Password,
    ) -> Result<BindOutcome, LdapFailure> {
        Ok(match self.config.kind {
            DirectoryKind::Ad => of_ad_bind(&controller.bind(dn, password, vec![]).await?),
            DirectoryKind::Ldap => {
                let said: LdapSaid = controller.bind(dn, password, vec![asks_for_policy()]).await?;
                of_ldap_bind(&said)
            }
        })
    }

    /// Looks a person up by the key, with the rights of the service account.
    pub(super) async fn live(
        &self,
        controller: &Controller,
        key: &[u8],
    ) -> Result<Option<Live>, LdapFailure> {
        let names = self.attributes();
        let mut attributes: Vec<&str> = names.iter().map(String::as_str).collect();
        let (base, depth, filter) = match self.config.kind {
            DirectoryKind::Ad => {
                attributes.push("tokenGroups");
                (format!("<GUID={}>", dashed(key)), LdapDepth::Base, "(objectClass=*)".to_owned())
            }
            DirectoryKind::Ldap => {
                let text = String::from_utf8_lossy(key).into_owned();
                let filter = format!("(entryUUID={})", ldap_escape(text));
                (self.config.base.clone(), LdapDepth::Subtree, filter)
            }
        };
        let person = LdapSearch { base: &base, depth, filter: &filter, attributes: &attributes };
        let root = LdapSearch {
            base: "",
            depth: LdapDepth::Base,
            filter: "(objectClass=*)",
            attributes: &["currentTime", "supportedControl", "defaultNamingContext"],
        };
        let (found, root) = tokio::join!(controller.search(person), controller.search(root));
        let (Some(entry), root) = (found?.into_iter().next(), root?.into_iter().next().unwrap_or_default())
        else {
            return Ok(None);
        };
        let is_privileged = entry.all_bytes("tokenGroups").any(is_privileged);
        Ok(PersonEntry::read(&entry, &self.config).map(|person| Live {
            is_privileged: is_privileged || person.is_protected,
            person,
            clock: root.text("currentTime").and_then(of_generalized_time),
            controls: root.texts("supportedControl").map(str::to_owned).collect(),
            domain: root.text("defaultNamingContext").map(str::to_owned),
        }))
    }

    /// All attributes that are asked for of a person.
    pub(super) fn attributes(&self) -> Vec<String> {
        let config = &self.config;
        let of_kind: &[&str] = match config.kind {
            DirectoryKind::Ad => &AD_ATTRIBUTES,
            DirectoryKind::Ldap => &LDAP_ATTRIBUTES,
        };
        let named = [
            config.login_attribute.as_str(),
            &config.display_name_attribute,
            &config.mail_attribute,
            &config.language_attribute,
            "cn",
        ];
        of_kind.iter().chain(&named).map(|name| (*name).to_owned()).collect()
    }

    /// The rules that count for a person. What cannot be read is unknown, and the least is assumed of it.
    pub(super) async fn policy_of(&self, controller: &Controller, live: &Live, now: Moment) -> Policy {
        let of_person = live.person.policy.as_deref();
        let (dn, is_own) = match (of_person, self.config.kind) {
            (Some(dn), _) => (dn.to_owned(), true),
            (None, DirectoryKind::Ad) => (live.domain.clone().unwrap_or_default(), false),
            (None, DirectoryKind::Ldap) => return Policy::UNKNOWN,
        };
        if let Some((read_at, policy)) = self.lock_policies().get(&dn)
            && now.since(*read_at) < POLICY_AGE_MAX
        {
            return policy.clone();
        }
        let search = LdapSearch {
            base: &dn,
            depth: LdapDepth::Base,
            filter: "(objectClass=*)",
            attributes: &policy::ATTRIBUTES,
        };
        let found: Option<LdapEntry> =
            controller.search(search).await.ok().and_then(|found| found.into_iter().next());
        let policy = match (found, self.config.kind, is_own) {
            (Some(entry), DirectoryKind::Ad, true) => Policy::fine_grained(&entry),
            (Some(entry), DirectoryKind::Ad, false) => Policy::of_domain(&entry),
            (Some(entry), DirectoryKind::Ldap, _) => Policy::of_ldap(&entry),
            (None, _, _) => Policy::UNKNOWN,
        };
        let mut policies = self.lock_policies();
        if policies.len() >= POLICIES_MAX {
            policies.clear();
        }
        policies.insert(dn, (now, policy.clone()));
        policy
    }

    fn lock_policies(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Moment, Policy)>> {
        self.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn reserve_send(
        &self,
        account: Uuid,
        budget: Budget,
        is_known: bool,
        now: Moment,
    ) -> Result<bool, WriteError> {
        let at_most = budget.of_sender(is_known);
        if at_most == 0 {
            return Ok(false);
        }
        let first = send::Model {
            account_id: account,
            sender: sender(is_known).to_owned(),
            sent: 1,
            since: now.micros(),
        };
        let quiet_before = now.minus(budget.window).micros();
        let mut unit = self.db.unit();
        unit.require(MAY_BE_SENT, &store::send_one_more(first, at_most, quiet_before));
        // No event: the outcome of the try is recorded when it is known.
        match self.db.write(unit).await {
            Ok(_) => Ok(true),
            Err(WriteError::Refused(MAY_BE_SENT)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn give_back_send(&self, account: Uuid, is_known: bool) -> Result<(), WriteError> {
        let mut unit = self.db.unit();
        unit.run(&store::send_one_less(account, sender(is_known)));
        // No event: nothing was sent.
        self.db.write(unit).await.map(|_| ())
    }
}

const fn said(outcome: BindOutcome) -> Tried {
    Tried::Said { outcome, expires_at: None }
}

const fn sender(is_known: bool) -> &'static str {
    if is_known { "known" } else { "stranger" }
}

/// Asks a server to tell of its password policy in its answer.
pub(super) fn asks_for_policy() -> RawControl {
    RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: None }
}

/// `objectGUID` as text: its first three parts have their bytes turned round. Source: MS-DTYP 2.3.4.
fn dashed(key: &[u8]) -> Uuid {
    key.first_chunk::<16>().map_or_else(Uuid::nil, |bytes| Uuid::from_bytes_le(*bytes))
}

/// Whether a security identifier is one of a group whose members administer others. Source: MS-DTYP 2.4.2.2.
fn is_privileged(sid: &[u8]) -> bool {
    let Some(last) = sid.last_chunk::<4>().map(|last| u32::from_le_bytes(*last)) else { return false };
    let authority =
        sid.get(8..12).and_then(|part| part.first_chunk::<4>()).map(|part| u32::from_le_bytes(*part));
    match authority {
        Some(21) => PRIVILEGED_OF_DOMAIN.contains(&last),
        Some(32) => PRIVILEGED_BUILT_IN.contains(&last),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_privileged;

    fn sid(parts: &[u32]) -> Vec<u8> {
        let count = u8::try_from(parts.len()).unwrap();
        let mut bytes = vec![1, count, 0, 0, 0, 0, 0, 5];
        bytes.extend(parts.iter().flat_map(|part| part.to_le_bytes()));
        bytes
    }

    #[test]
    fn groups_that_administer_others_are_known_by_their_identifiers() {
        for privileged in [&[21, 1, 2, 3, 512][..], &[21, 9, 9, 9, 519], &[32, 544], &[32, 548]] {
            assert!(is_privileged(&sid(privileged)), "{privileged:?}");
        }
        for plain in [&[21, 1, 2, 3, 513][..], &[21, 1, 2, 3, 1104], &[32, 545], &[512], &[21, 544]] {
            assert!(!is_privileged(&sid(plain)), "{plain:?}");
        }
        assert!(!is_privileged(b"") && !is_privileged(&[1, 5]));
    }
}
