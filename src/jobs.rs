//! Periodic work: sealing the log, its copy and its heads, sending mail, signing keys that take turns,
//! tidying up. Each is leased where one node is enough, and may run twice without harm.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::Opened;
use crate::event::copy::LogCopy;
use crate::event::head;
use crate::event::origin::Actor;
use crate::event::{Event, Origin, What, sealer};
use crate::infra::database::WriteError;
use crate::infra::lease;
use crate::kernel::id::RequestId;
use crate::kernel::time::Moment;
use crate::lifecycle::Lifecycle;
use crate::oidc::{Oidc, Pins};
use crate::password_reset;

/// How long a node keeps the lease of a job without renewing it: another takes over soon after.
const SEALER_LEASE: Duration = Duration::from_secs(3);
const TIDY_LEASE: Duration = Duration::from_mins(1);
/// A little less than the pause between rounds.
const KEYS_LEASE: Duration = Duration::from_secs(50);
const MAIL_EVERY: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_mins(5);
const KEYS_EVERY: Duration = Duration::from_mins(1);
/// Looks whether something is to be read again, and whether a provider that rests is well.
const UPSTREAM_EVERY: Duration = Duration::from_secs(15);
/// What was applied on one node acts on all within a second.
const REGISTER_EVERY: Duration = Duration::from_millis(500);
/// A notice is a matter of days, and a round sends some hundreds.
const EXPIRY_EVERY: Duration = Duration::from_mins(5);
const EXPIRY_LEASE: Duration = Duration::from_mins(4);
const DAY: Duration = Duration::from_hours(24);
/// As long as a browser keeps its cookie.
const DEVICES_KEPT: Duration = Duration::from_hours(400 * 24);
/// How long counts of names that nobody has and sent mails are kept.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// One kind of periodic work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    Seal,
    Copy,
    Heads,
    Mail,
    Tidy,
    /// The next signing keys in time, and the end of those that nobody needs.
    SigningKeys,
    /// On every node: what another one applied to the register of clients.
    Register,
    /// On every node: what upstream providers say of themselves.
    Upstream,
    /// Our own keys for upstream providers.
    UpstreamKeys,
    /// Days to change a password by, and notices of those that run out.
    Expiry,
    /// What has changed in the directories beside our own.
    Directories,
}

/// The work on the log, in the order in which each finds what the one before has done.
const OF_THE_LOG: [Job; 3] = [Job::Seal, Job::Copy, Job::Heads];

/// The periodic work of one node.
#[derive(Clone)]
pub struct Jobs {
    opened: Opened,
    oidc: Oidc,
    lifecycle: Lifecycle,
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
            lifecycle: Lifecycle {
                accounts: opened.accounts.clone(),
                sessions: opened.sessions.clone(),
                directory: opened.directory.clone(),
                log: opened.log.clone(),
                entropy: opened.entropy.clone(),
                house: opened.config.house.name.en.as_str().into(),
                applied: Arc::default(),
            },
            opened: opened.clone(),
            oidc,
        }
    }

    /// Starts all work; it ends, after a last round of the log, when `stop` changes. What an earlier run
    /// left is sealed and under a head when this returns.
    pub async fn start(&self, stop: &watch::Receiver<bool>) -> JoinHandle<()> {
        for job in [Job::Seal, Job::Heads] {
            self.round(job).await;
        }
        let log = &self.opened.config.log;
        let pauses = [
            (Job::Seal, log.seal_every),
            (Job::Copy, log.seal_every),
            (Job::Heads, log.head_every),
            (Job::Mail, MAIL_EVERY),
            (Job::Tidy, TIDY_EVERY),
            (Job::SigningKeys, KEYS_EVERY),
            (Job::Register, REGISTER_EVERY),
            (Job::Upstream, UPSTREAM_EVERY),
            (Job::UpstreamKeys, KEYS_EVERY),
            (Job::Expiry, EXPIRY_EVERY),
            (Job::Directories, self.directories_every()),
        ];
        let tasks = pauses.map(|(job, pause)| self.every(job, pause, stop));
        tokio::spawn(self.clone().end_after(tasks.into()))
    }

    /// Waits for the work to end and does what is left: the others may have recorded something last.
    async fn end_after(self, tasks: Vec<JoinHandle<()>>) {
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "periodic work ended badly");
            }
        }
        for job in OF_THE_LOG {
            self.round(job).await;
        }
        if let Err(error) = lease::give_up(&self.opened.db, &self.holder).await {
            tracing::error!(%error, "leases could not be given up; they run out by themselves");
        }
    }

    /// Does one round of a job.
    ///
    /// # Errors
    /// In words, for the log of the program.
    pub async fn run(&self, job: Job) -> Result<(), String> {
        match job {
            Job::Seal => self.seal().await,
            Job::Copy => self.copy.catch_up(&self.opened.log).await.map_err(|error| chain(&error)),
            Job::Heads => self.publish_head().await,
            Job::Mail => self.send_mail().await,
            Job::Tidy => self.tidy().await,
            Job::SigningKeys => self.turn_keys().await,
            Job::Register => self.opened.register.follow().await.map_err(|error| chain(&error)),
            Job::Upstream => {
                self.opened.federation.refresh(self.now()).await;
                Ok(())
            }
            Job::UpstreamKeys => self.turn_upstream_keys().await,
            Job::Expiry => self.foresee().await,
            Job::Directories => self.read_directories().await,
        }
    }

    /// Gives committed events their place in the chain.
    async fn seal(&self) -> Result<(), String> {
        let now = self.now();
        let waiting = sealer::has_work(&self.opened.db).await.map_err(|error| chain(&error))?;
        // Idle, nothing is written: not even the lease.
        if waiting && self.has_lease("sealer", SEALER_LEASE).await? {
            sealer::seal_committed(&self.opened.db, now).await.map_err(|error| chain(&error))?;
        }
        Ok(())
    }

    /// Every node has a file of its own, and so its own heads.
    async fn publish_head(&self) -> Result<(), String> {
        let (db, ring, path) = (&self.opened.db, &self.opened.ring, &self.opened.config.log.heads);
        head::publish(db, ring, path, self.now()).await.map_err(|error| chain(&error))
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
        self.forget_old(now).await.map_err(|error| chain(&error))?;
        let months = self.opened.config.log.personal_months;
        let forgotten = self.opened.log.forget_months(&self.origin(), months).await;
        forgotten.map_err(|error| chain(&error))
    }

    async fn turn_keys(&self) -> Result<(), String> {
        if !self.has_lease("signing_keys", KEYS_LEASE).await? {
            return Ok(());
        }
        let opened = &self.opened;
        let (needed, pins) = (opened.clients.algorithms(), Pins::of(&opened.clients));
        let kept = opened.signing_keys.keep_to_schedule(&needed, &pins, &self.origin()).await;
        kept.map_err(|error| chain(&error))
    }

    async fn turn_upstream_keys(&self) -> Result<(), String> {
        if !self.has_lease("upstream_keys", KEYS_LEASE).await? {
            return Ok(());
        }
        self.opened.federation.keep_keys(&self.origin()).await.map_err(|error| chain(&error))
    }

    async fn foresee(&self) -> Result<(), String> {
        if !self.has_lease("expiry", EXPIRY_LEASE).await? {
            return Ok(());
        }
        self.opened.expiry.keep(&self.origin()).await.map_err(|error| chain(&error))
    }

    /// One node reads; its lease lasts as long as a reading of everyone may.
    async fn read_directories(&self) -> Result<(), String> {
        if self.opened.directory.others().next().is_none()
            || !self.has_lease("directories", TIDY_LEASE).await?
        {
            return Ok(());
        }
        self.lifecycle.refresh(&self.origin()).await.map_err(|error| chain(&error))
    }

    fn directories_every(&self) -> Duration {
        let spans = self.opened.directory.others().map(|other| other.config().refresh_every);
        spans.min().unwrap_or(TIDY_EVERY)
    }

    async fn forget_old(&self, now: Moment) -> Result<(), WriteError> {
        let opened = &self.opened;
        let mut unit = opened.db.unit();
        opened.journeys.forget_ended(&mut unit, now);
        opened.authenticators.passkeys().forget_ended(&mut unit, now);
        opened.attempts.forget_unknown_before(&mut unit, now.minus(KEPT));
        opened.mail_codes.forget_before(&mut unit, now.minus(DAY));
        opened.not_me.forget_before(&mut unit, now.minus(KEPT));
        password_reset::forget_before(&mut unit, now);
        opened.outbox.forget_before(&mut unit, now.minus(KEPT));
        opened.sessions.forget_before(&mut unit, now.minus(DAY));
        opened.authenticators.invitations().forget_before(&mut unit, now.minus(KEPT));
        opened.devices.forget_trust_before(&mut unit, now);
        opened.devices.forget_before(&mut unit, now.minus(DEVICES_KEPT));
        opened.log.forget_case_codes(&mut unit, now);
        opened.federation.forget_before(&mut unit, now);
        opened.expiry.forget_before(&mut unit, now.minus(KEPT));
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
            loop {
                tokio::select! {
                    () = tokio::time::sleep(pause) => jobs.round(job).await,
                    _ = stop.changed() => return,
                }
            }
        })
    }

    async fn round(&self, job: Job) {
        if let Err(error) = self.run(job).await {
            tracing::error!(?job, error, "periodic work failed; it is tried again");
        }
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
