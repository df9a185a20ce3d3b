//! Reading people: everyone now and then, and what has changed in between.

use std::collections::{BTreeMap, BTreeSet};

use ldap3::ldap_escape;
use uuid::Uuid;

use super::directory::LdapDirectory;
use super::entry::{DirectoryState, PersonEntry};
use super::store::{self, cursor, person};
use crate::config::DirectoryKind;
use crate::infra::database::{DbErr, Unit};
use crate::infra::ldap::{Controller, LdapDepth, LdapFailure, LdapSearch};
use crate::kernel::id::AccountId;
use crate::kernel::role::Role;
use crate::kernel::time::Moment;

/// How far a directory was read, and at which controller: each counts its own changes.
pub type Cursor = cursor::Model;
/// A row of a person.
pub type PersonRow = person::Model;

/// Members of nested groups are found by the directory itself. Source: MS-ADTS 3.1.1.3.4.4.
const IN_CHAIN: &str = ":1.2.840.113556.1.4.1941:";

/// What a reading brought.
pub struct Changes {
    pub people: Vec<PersonEntry>,
    /// Everyone was read: who is not among them is gone.
    pub is_all: bool,
    /// Keys of the members of each role's groups.
    pub roles: BTreeMap<Role, BTreeSet<Vec<u8>>>,
    pub cursor: Cursor,
}

impl LdapDirectory {
    /// Reads what has changed since the last time, or everyone where it is time for that.
    ///
    /// # Errors
    /// No controller answers in full.
    pub async fn changes(&self, last: Option<Cursor>, now: Moment) -> Result<Changes, LdapFailure> {
        let mut failed = LdapFailure::Unreached("there is no controller".to_owned());
        for controller in self.controllers.in_order(now) {
            match self.changes_at(&controller, last.as_ref(), now).await {
                Ok(changes) => {
                    controller.answered();
                    return Ok(changes);
                }
                Err(failure) => {
                    self.gone(&controller, &failure, now);
                    failed = failure;
                }
            }
        }
        Err(failed)
    }

    async fn changes_at(
        &self,
        controller: &Controller,
        last: Option<&Cursor>,
        now: Moment,
    ) -> Result<Changes, LdapFailure> {
        let since = last
            .filter(|last| last.controller == controller.name())
            .filter(|last| now.since(Moment::from_micros(last.all_read_at)) < self.config.read_all_every);
        // Asked before the reading: what changes meanwhile is read twice rather than never.
        let mark = self.mark_now(controller).await?;
        let filter = since.map_or_else(
            || self.config.person_filter.clone(),
            |since| {
                let name = self.mark_attribute();
                let mark = ldap_escape(since.mark.as_str());
                format!("(&{}({name}>={mark}))", self.config.person_filter)
            },
        );
        let names = self.attributes();
        let attributes: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = self.all(controller, &filter, &attributes).await?;
        let people: Vec<PersonEntry> =
            found.iter().filter_map(|entry| PersonEntry::read(entry, &self.config)).collect();
        // A server that does not count its changes: the newest that was read is where to look from.
        let newest = people.iter().filter_map(|person| person.mark.clone()).max();
        let mark = mark.or(newest).or_else(|| since.map(|since| since.mark.clone())).unwrap_or_default();
        let roles = self.roles_at(controller).await?;
        let all_read_at = since.map_or(now.micros(), |since| since.all_read_at);
        let cursor = Cursor {
            directory: self.name.to_string(),
            controller: controller.name().to_owned(),
            mark,
            all_read_at,
        };
        Ok(Changes { people, is_all: since.is_none(), roles, cursor })
    }

    async fn roles_at(
        &self,
        controller: &Controller,
    ) -> Result<BTreeMap<Role, BTreeSet<Vec<u8>>>, LdapFailure> {
        let (rule, key) = match self.config.kind {
            DirectoryKind::Ad => (IN_CHAIN, "objectGUID"),
            DirectoryKind::Ldap => ("", "entryUUID"),
        };
        let mut roles: BTreeMap<Role, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for (role, groups) in self.config.groups() {
            for group in groups {
                let group = ldap_escape(group.as_str());
                let filter = format!("(&{}(memberOf{rule}={group}))", self.config.person_filter);
                let members = self.all(controller, &filter, &[key]).await?;
                let keys = members.iter().filter_map(|entry| entry.bytes(key).map(<[u8]>::to_vec));
                roles.entry(role).or_default().extend(keys);
            }
        }
        Ok(roles)
    }

    pub(super) async fn all(
        &self,
        controller: &Controller,
        filter: &str,
        attributes: &[&str],
    ) -> Result<Vec<crate::infra::ldap::LdapEntry>, LdapFailure> {
        let search = LdapSearch { base: &self.config.base, depth: LdapDepth::Subtree, filter, attributes };
        controller.search_all(search, i32::from(self.config.page_entries), self.config.people_max).await
    }

    fn mark_attribute(&self) -> &'static str {
        match self.config.kind {
            DirectoryKind::Ad => "uSNChanged",
            DirectoryKind::Ldap => "modifyTimestamp",
        }
    }

    /// From where on the next reading has to look.
    async fn mark_now(&self, controller: &Controller) -> Result<Option<String>, LdapFailure> {
        let search = match self.config.kind {
            DirectoryKind::Ad => LdapSearch {
                base: "",
                depth: LdapDepth::Base,
                filter: "(objectClass=*)",
                attributes: &["highestCommittedUSN"],
            },
            DirectoryKind::Ldap => LdapSearch {
                base: &self.config.base,
                depth: LdapDepth::Base,
                filter: "(objectClass=*)",
                attributes: &["contextCSN"],
            },
        };
        let found = controller.search(search).await?;
        let entry = found.into_iter().next().unwrap_or_default();
        Ok(match self.config.kind {
            // The number itself is of a change that was read.
            DirectoryKind::Ad => {
                let usn = entry.number("highestCommittedUSN").unwrap_or(0);
                Some(usn.saturating_add(1).to_string())
            }
            // `20261124193900.123456Z#…`: whole seconds, so the last one is read twice.
            DirectoryKind::Ldap => {
                let csn = entry.text("contextCSN").and_then(|csn| csn.get(..14));
                csn.map(|csn| format!("{csn}Z"))
            }
        })
    }

    /// # Errors
    /// The database does not answer.
    pub async fn cursor(&self) -> Result<Option<Cursor>, DbErr> {
        store::cursor_of(self.db.read(), &self.name).await
    }

    /// Everyone of this directory who has an account.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn people(&self) -> Result<Vec<PersonRow>, DbErr> {
        store::people(self.db.read(), &self.name).await
    }

    pub fn put_cursor(&self, unit: &mut Unit, cursor: Cursor) {
        unit.run(&store::put_cursor(cursor));
    }

    /// Writes what the directory says of a person, in the unit of what follows from it.
    pub fn put_person(&self, unit: &mut Unit, row: PersonRow) {
        unit.run(&store::put_person(row));
    }

    /// The row of a person as read, with what is known from before.
    pub fn row_of(
        &self,
        account: AccountId,
        person: &PersonEntry,
        before: Option<&PersonRow>,
        now: Moment,
    ) -> PersonRow {
        let seen = person.password;
        // What we wrote ourselves keeps the time at which we did: a proof of that moment stays good.
        let is_known = before
            .is_some_and(|before| before.changed_mark == seen.changed_mark || before.changed_mark.is_none());
        let changed_at = match (before, is_known) {
            (Some(before), true) => before.changed_at,
            (_, _) => seen.changed_at.map_or(now.micros(), |at| at.micros().min(now.micros())),
        };
        PersonRow {
            account_id: account.uuid(),
            directory: self.name.to_string(),
            key: person.key.clone(),
            dn: person.dn.clone(),
            upn: person.upn.clone(),
            state: person.state.name().to_owned(),
            changed_at,
            changed_mark: seen.changed_mark,
            expires_at: seen.expires_at.map(Moment::micros),
            must_change: seen.must_change,
            locked: seen.is_locked,
            locked_until: None,
            earliest_change: None,
            protected: person.is_protected,
            refreshed_at: now.micros(),
        }
    }

    /// The row of somebody who is not among the people any more.
    pub fn row_of_gone(&self, before: &PersonRow, now: Moment) -> PersonRow {
        let state = DirectoryState::Gone.name().to_owned();
        PersonRow { state, refreshed_at: now.micros(), ..before.clone() }
    }

    /// A row's account.
    pub fn account_of(row: &PersonRow) -> AccountId {
        AccountId::from_uuid(Uuid::from_bytes(*row.account_id.as_bytes()))
    }
}
