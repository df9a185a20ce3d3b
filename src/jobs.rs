//! Periodic work: sealing the log, its copy and its heads, sending mail, tidying up. Each is leased where
//! one node is enough, and may run twice without harm.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::Opened;
use crate::event::copy::LogCopy;
use crate::event::head::{self, HeadSigner};
use crate::event::origin::Actor;
use crate::event::{Event, Origin, What, sealer};
use crate::infra::database::WriteError;
use crate::infra::lease;
use crate::kernel::id::RequestId;
use crate::kernel::time::Moment;
use crate::oidc::Oidc;

/// How long a node keeps the lease of a job without renewing it: another takes over soon after.
const SEALER_LEASE: Duration = Duration::from_secs(3);
const TIDY_LEASE: Duration = Duration::from_mins(1);
/// A little less than the pause between heads, so that one node publishes each.
const HEADS_LEASE: Duration = Duration::from_secs(50);
const MAIL_EVERY: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_mins(5);
const DAY: Duration = Duration::from_hours(24);
/// As long as a browser keeps its cookie.
const DEVICES_KEPT: Duration = Duration::from_hours(400 * 24);
/// How long counts of names that nobody has and sent mails are kept.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// One kind of periodic work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    Seal,
    Heads,
    Mail,
    Tidy,
}

/// The periodic work of one node.
#[derive(Clone)]
pub struct Jobs {
    opened: Opened,
    oidc: Oidc,
    copy: Arc<LogCopy>,
    /// Who holds the leases: this process.
    holder: Arc<str>,
}

impl Jobs {
    pub fn new(opened: &Opened, oidc: Oidc) -> Self {
        let holder = RequestId::new(opened.clock.now(), &opened.entropy).to_string();
        Self {
            copy: Arc::new(LogCopy::new(opened.config.log.copy.clone())),
            holder: holder.into(),
            opened: opened.clone(),
            oidc,
        }
    }

    /// Starts all work; it ends, after a last round of the log, when `stop` changes.
    pub fn start(&self, stop: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
        let log = self.opened.config.log.clone();
        let pauses = [
            (Job::Seal, log.seal_every),
            (Job::Heads, log.head_every),
            (Job::Mail, MAIL_EVERY),
            (Job::Tidy, TIDY_EVERY),
        ];
        pauses.into_iter().map(|(job, pause)| self.every(job, pause, stop)).collect()
    }

    /// Does one round of a job.
    ///
    /// # Errors
    /// In words, for the log of the program.
    pub async fn run(&self, job: Job) -> Result<(), String> {
        match job {
            Job::Seal => self.seal().await,
            Job::Heads => self.publish_head().await,
            Job::Mail => self.send_mail().await,
            Job::Tidy => self.tidy().await,
        }
    }

    /// Gives committed events their place in the chain, and the copy what is new.
    async fn seal(&self) -> Result<(), String> {
        let now = self.now();
        let waiting = sealer::has_work(&self.opened.db).await.map_err(|error| chain(&error))?;
        // Idle, nothing is written: not even the lease.
        if waiting && self.has_lease("sealer", SEALER_LEASE).await? {
            sealer::seal_committed(&self.opened.db, now).await.map_err(|error| chain(&error))?;
        }
        self.copy.catch_up(&self.opened.log).await.map_err(|error| chain(&error))
    }

    async fn publish_head(&self) -> Result<(), String> {
        if !self.has_lease("heads", HEADS_LEASE).await? {
            return Ok(());
        }
        let signer = HeadSigner::new(&self.opened.ring).ok_or("the key for heads cannot be derived")?;
        let path = &self.opened.config.log.heads;
        head::publish(&self.opened.db, &signer, path, self.now()).await.map_err(|error| chain(&error))
    }

    async fn send_mail(&self) -> Result<(), String> {
        let round = self.opened.outbox.send_due(&self.opened.mailer, self.now()).await;
        for mail in round.map_err(|error| chain(&error))?.given_up {
            let event = Event::new(What::MailGivenUp { mail: mail.to_string() });
            self.opened.log.record_alone(&self.origin(), event).await.map_err(|error| chain(&error))?;
        }
        Ok(())
    }

    /// Makes next month's personal keys and takes away what has had its time.
    async fn tidy(&self) -> Result<(), String> {
        if !self.has_lease("tidy", TIDY_LEASE).await? {
            return Ok(());
        }
        let now = self.now();
        let keys = self.opened.log.keys();
        for month in [now.month(), now.plus(DAY * 7).month()] {
            keys.prepare(&month, now).await.map_err(|error| chain(&error))?;
        }
        self.forget_old(now).await.map_err(|error| chain(&error))
    }

    async fn forget_old(&self, now: Moment) -> Result<(), WriteError> {
        let opened = &self.opened;
        let mut unit = opened.db.unit();
        opened.journeys.forget_ended(&mut unit, now);
        opened.attempts.forget_unknown_before(&mut unit, now.minus(KEPT));
        opened.outbox.forget_before(&mut unit, now.minus(KEPT));
        opened.sessions.forget_before(&mut unit, now.minus(DAY));
        opened.devices.forget_before(&mut unit, now.minus(DEVICES_KEPT));
        opened.log.forget_old(&mut unit, now, opened.config.log.personal_months);
        self.oidc.forget_old(&mut unit, now);
        // No event: what goes has had its time, and the log is not among it.
        opened.db.write(unit).await.map(|_| ())
    }

    async fn has_lease(&self, name: &str, span: Duration) -> Result<bool, String> {
        let taken = lease::take(&self.opened.db, name, &self.holder, span, self.now()).await;
        taken.map_err(|error| chain(&error))
    }

    fn now(&self) -> Moment {
        self.opened.clock.now()
    }

    fn origin(&self) -> Origin {
        let now = self.now();
        Origin::internal(now, RequestId::new(now, &self.opened.entropy), Actor::Service)
    }

    fn every(&self, job: Job, pause: Duration, stop: &watch::Receiver<bool>) -> JoinHandle<()> {
        let (jobs, mut stop) = (self.clone(), stop.clone());
        tokio::spawn(async move {
            let mut going_on = true;
            while going_on {
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    _ = stop.changed() => going_on = false,
                }
                if let Err(error) = jobs.run(job).await {
                    tracing::error!(?job, error, "periodic work failed; it is tried again");
                }
            }
            if let Err(error) = lease::give_up(&jobs.opened.db, &jobs.holder).await {
                tracing::error!(?job, %error, "leases could not be given up; they run out by themselves");
            }
        })
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
