//! The register of clients: one truth in the database for all nodes. The operator's files say what is wanted;
//! it counts when it was applied. Each node holds the register in memory and looks for a new version.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::client::Clients;
use super::plan::{self, Change, ChangeKind, Plan};
use super::store::client as rows;
use super::store::epoch;
use crate::config::clients::{self, ClientConfig, Members};
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::WriteError;

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("the register of clients was changed in the meantime: look at the plan again")]
    Changed,
    #[error("no application has the id `{0}`")]
    Unknown(String),
    #[error("the register of clients cannot be read or written: {0}")]
    Database(#[from] WriteError),
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Register {
    clients: Clients,
    log: EventLog,
    /// One reads at a time, so that what was read first is not kept last.
    reading: Arc<Mutex<()>>,
}

impl Register {
    /// Reads the register for the first time.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn open(log: EventLog) -> Result<Self, RegisterError> {
        let register = Self { clients: Clients::new(vec![]), log, reading: Arc::default() };
        register.follow().await?;
        Ok(register)
    }

    /// The clients of now, wherever they are asked for.
    pub const fn clients(&self) -> &Clients {
        &self.clients
    }

    /// Takes up what was applied by whatever node; to be called at least once a second.
    ///
    /// # Errors
    /// The database does not answer: what is held stays.
    pub async fn follow(&self) -> Result<(), RegisterError> {
        let _one = self.reading.lock().await;
        // Before the rows: what is applied in between is taken up by the next call.
        let version = epoch::of_register(self.log.db()).await?;
        if version == self.clients.version() {
            return Ok(());
        }
        // Before the rows, too: an epoch that is too old refuses, one that is too new would revive.
        let epochs = epoch::of_clients(self.log.db()).await?;
        let mut sound = vec![];
        for row in rows::registered(self.log.db()).await? {
            match clients::from_register(&row.registration) {
                Ok(client) => sound.push(client),
                // Left out: a client that breaks a rule of this version is none.
                Err(error) => {
                    tracing::error!(client = row.client_id, error, "a registration does not count any more");
                }
            }
        }
        self.clients.replace(version, sound, &epochs);
        Ok(())
    }

    /// What would make the register what is wanted.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn plan(&self, wanted: &[ClientConfig]) -> Result<Plan, RegisterError> {
        let version = epoch::of_register(self.log.db()).await?;
        let rows = rows::registered(self.log.db()).await?;
        let registered = rows.into_iter().map(|row| (row.client_id, members_of(&row.registration))).collect();
        Ok(plan::compare(version, &registered, &by_id(wanted)))
    }

    /// At the start of a node: an empty register takes what is wanted; any other stays as it is.
    /// Gives what differs.
    ///
    /// # Errors
    /// As [`Register::plan`] and [`Register::apply`].
    pub async fn begin(&self, origin: &Origin, wanted: &[ClientConfig]) -> Result<Plan, RegisterError> {
        let plan = self.plan(wanted).await?;
        if plan.version == 0 && !plan.is_empty() {
            match self.apply(origin, &plan, wanted).await {
                // Another node was first.
                Ok(()) | Err(RegisterError::Changed) => {}
                Err(error) => return Err(error),
            }
        }
        // Before the first request, since another node may have filled it after it was opened.
        self.follow().await?;
        self.plan(wanted).await
    }

    /// Makes the changes of a plan in one unit, each with its event.
    ///
    /// # Errors
    /// The register was changed since the plan was made, or the database does not take it.
    pub async fn apply(
        &self,
        origin: &Origin,
        plan: &Plan,
        wanted: &[ClientConfig],
    ) -> Result<(), RegisterError> {
        if plan.is_empty() {
            return Ok(());
        }
        let wanted = by_id(wanted);
        let mut unit = self.log.db().unit();
        for change in &plan.changes {
            let id = change.client_id.as_str();
            match (change.kind, wanted.get(id)) {
                (ChangeKind::Ended, _) => {
                    rows::end(&mut unit, id, origin.now);
                    epoch::raise_client(&mut unit, id);
                }
                (ChangeKind::Added | ChangeKind::Changed, Some(members)) => {
                    let registration = serde_json::Value::Object(members.clone()).to_string();
                    rows::keep(&mut unit, id, &registration, origin.now);
                    if change.loses_rights() {
                        epoch::raise_client(&mut unit, id);
                    }
                }
                // The plan is of something else than what is wanted.
                (ChangeKind::Added | ChangeKind::Changed, None) => return Err(RegisterError::Changed),
            }
            self.log.record(&mut unit, origin, Event::new(told(change))).await?;
        }
        epoch::next_register(&mut unit, plan.version);
        match self.log.db().write(unit).await {
            Ok(_) => self.follow().await,
            Err(WriteError::Refused(epoch::REGISTER_UNCHANGED)) => Err(RegisterError::Changed),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends whatever a client was given, and leaves it registered.
    ///
    /// # Errors
    /// There is no such client, or the database does not take it.
    pub async fn revoke(&self, origin: &Origin, client_id: &str) -> Result<(), RegisterError> {
        self.follow().await?;
        if self.clients.get(client_id).is_none() {
            return Err(RegisterError::Unknown(client_id.to_owned()));
        }
        let mut unit = self.log.db().unit();
        epoch::raise_client(&mut unit, client_id);
        epoch::next_register(&mut unit, self.clients.version());
        let what = What::ClientRevoked { client: client_id.to_owned() };
        self.log.record(&mut unit, origin, Event::new(what)).await?;
        match self.log.db().write(unit).await {
            Ok(_) => self.follow().await,
            Err(WriteError::Refused(epoch::REGISTER_UNCHANGED)) => Err(RegisterError::Changed),
            Err(error) => Err(error.into()),
        }
    }
}

fn told(change: &Change) -> What {
    let client = change.client_id.clone();
    match change.kind {
        ChangeKind::Added => What::ClientAdded { client },
        ChangeKind::Ended => What::ClientEnded { client },
        ChangeKind::Changed => {
            let members = change.members.iter().map(|each| each.member.clone()).collect();
            What::ClientChanged { client, members }
        }
    }
}

fn by_id(wanted: &[ClientConfig]) -> BTreeMap<String, Members> {
    wanted.iter().map(|client| (client.client_id.clone(), client.members())).collect()
}

/// A row's members as this version writes them, so that a member which an older one did not know is no
/// difference; as they are where the row is not sound any more.
fn members_of(registration: &str) -> Members {
    match clients::from_register(registration) {
        Ok(client) => client.members(),
        Err(_) => serde_json::from_str(registration).unwrap_or_default(),
    }
}
