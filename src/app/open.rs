//! From the configuration to the services: what the program at work and the command line both stand on.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::open_error::{OpenCause, OpenError};
use crate::account::attempt::{AttemptRules, Attempts};
use crate::account::not_me::NotMeRules;
use crate::account::notices::{NoticeParts, Notices};
use crate::account::{Accounts, NotMe};
use crate::authenticator::mail_code::MailCodeRules;
use crate::authenticator::passkeys::{Ceremony, Models, Passkeys};
use crate::authenticator::{Authenticators, MailCodes};
use crate::config::Config;
use crate::config::clients::ClientConfig;
use crate::config::{DirectoryConfig, MailConfig, MailEncryption, MailKind, SessionsConfig};
use crate::directory::breach::BreachFilter;
use crate::directory::common::CommonWords;
use crate::directory::rules::PasswordRules;
use crate::directory::{Directories, LdapDirectory, LocalDirectory, LocalOptions};
use crate::event::EventLog;
use crate::expiry::{self, Expiry, ExpiryParts};
use crate::federation::{Federation, FederationParts};
use crate::infra::database::migrations;
use crate::infra::database::{Database, DatabaseOptions};
use crate::infra::files;
use crate::infra::geoip::GeoIp;
use crate::infra::hashing::{Cost, HashPool};
use crate::infra::mailer::{Encryption, Mailer, SmtpOptions};
use crate::infra::outbox::{Outbox, OutboxRules};
use crate::infra::outgoing::Outgoing;
use crate::infra::sealing::KeyRing;
use crate::infra::state::{LocalState, RedisState, State};
use crate::journey::Journeys;
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;
use crate::oidc::{Clients, Register, SigningKeys};
use crate::policy::Policies;
use crate::session::model::{Lifetime, Lifetimes};
use crate::session::{Devices, Sessions};

/// Everything that was opened, each part with what it stands on.
#[derive(Clone)]
pub struct Opened {
    pub config: Config,
    pub clock: Clock,
    pub entropy: Entropy,
    pub ring: KeyRing,
    pub db: Database,
    pub state: Arc<State>,
    pub log: EventLog,
    pub accounts: Accounts,
    pub attempts: Attempts,
    pub directory: Directories,
    pub authenticators: Authenticators,
    pub mail_codes: MailCodes,
    pub not_me: NotMe,
    pub journeys: Journeys,
    pub sessions: Sessions,
    pub devices: Devices,
    pub outbox: Outbox,
    pub mailer: Arc<Mailer>,
    pub notices: Notices,
    pub expiry: Expiry,
    pub geoip: GeoIp,
    pub policies: Policies,
    pub register: Register,
    /// What the register holds.
    pub clients: Clients,
    pub signing_keys: SigningKeys,
    pub federation: Federation,
    /// What the operator wanted to be registered when this was opened.
    pub wanted: Arc<[ClientConfig]>,
}

/// What is handed in beside the configuration: in tests a clock that moves by a call and a seed.
pub struct Surroundings {
    /// What the operator wants to be registered.
    pub clients: Vec<ClientConfig>,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Opened {
    /// Opens everything; the database must be at this program's version.
    ///
    /// # Errors
    /// What could not be opened, with the section of the configuration that names it.
    pub async fn open(config: Config, around: Surroundings) -> Result<Self, OpenError> {
        let told = config.clone();
        // Boxed: it holds every part while it opens the next.
        let opened = Box::pin(Self::open_parts(config, around)).await;
        opened.map_err(|cause| OpenError::at(&told, cause))
    }

    async fn open_parts(config: Config, around: Surroundings) -> Result<Self, OpenCause> {
        let Surroundings { clients, clock, entropy } = around;
        let ring = KeyRing::load(&config.keys.ring)?;
        let db = Database::open(&database_options(&config)).await?;
        migrations::demand_current(db.read()).await?;
        let state = match &config.state.redis_url {
            Some(url) => State::Redis(RedisState::open(url.expose(), &config.state.prefix)?),
            None => State::Local(LocalState::default()),
        };
        let geoip = GeoIp::load(&config.geoip.folder)?;
        let policies = match &config.policies.folder {
            Some(folder) => Policies::from_folder(folder)?,
            None => Policies::built_in()?,
        };
        let pool = hash_pool(&config)?;
        let log =
            EventLog::new(db.clone(), &ring, geoip.clone(), entropy.clone(), config.sign_in.case_code_time)?;
        let register = Register::open(log.clone()).await?;
        let federation = Federation::new(FederationParts {
            issuer: config.server.issuer.clone(),
            rules: config.federation,
            upstream: config.upstream.clone(),
            outgoing: Outgoing::new(&config.outgoing)?,
            log: log.clone(),
            ring: ring.clone(),
            entropy: entropy.clone(),
        })?;
        let accounts = Accounts::new(db.clone(), log.clone(), entropy.clone(), config.assurance);
        let local = LocalOptions {
            cost: cost(&config),
            rules: password_rules(&config)?,
            expires_after: config.passwords.expires_after,
            previous_kept: config.passwords.previous_kept,
        };
        let lifetimes = lifetimes(&config.sessions)?;
        let outbox_rules = OutboxRules {
            per_person_per_hour: u64::from(config.mail.per_person_per_hour),
            tries_max: config.mail.tries_max,
        };
        let not_me = NotMe::new(db.clone(), &ring, entropy.clone(), not_me_rules(&config))?;
        let outbox = Outbox::new(db.clone(), ring.clone(), entropy.clone(), outbox_rules);
        let notices = Notices::new(NoticeParts {
            outbox: outbox.clone(),
            geoip: geoip.clone(),
            not_me: not_me.clone(),
            issuer: config.server.issuer.clone(),
            phone: config.house.phone.clone(),
        });
        let directory = Directories::new(
            LocalDirectory::new(db.clone(), pool, &ring, entropy.clone(), local)?,
            other_directories(&config, &db)?,
        );
        let expiry = Expiry::new(ExpiryParts {
            rules: expiry::Rules::of(&config.expiry).map_err(OpenCause::DaysOff)?,
            office: config.expiry.office_networks.clone(),
            issuer: config.server.issuer.clone(),
            log: log.clone(),
            accounts: accounts.clone(),
            directory: directory.clone(),
            notices: notices.clone(),
        });
        Ok(Self {
            attempts: Attempts::new(db.clone(), attempt_rules(&config)),
            directory,
            authenticators: Authenticators::new(
                db.clone(),
                ring.clone(),
                entropy.clone(),
                passkeys(&config, &db, &entropy)?,
            ),
            mail_codes: MailCodes::new(db.clone(), &ring, entropy.clone(), mail_code_rules(&config))?,
            journeys: Journeys::new(db.clone(), entropy.clone(), config.sign_in.journey_time),
            sessions: Sessions::new(db.clone(), log.clone(), accounts.clone(), entropy.clone(), lifetimes),
            devices: Devices::new(db.clone()),
            notices,
            expiry,
            not_me,
            mailer: Arc::new(mailer(&config.mail)?),
            clients: register.clients().clone(),
            signing_keys: SigningKeys::new(log.clone(), ring.clone(), entropy.clone(), config.signing),
            register,
            federation,
            wanted: clients.into(),
            state: Arc::new(state),
            config,
            clock,
            entropy,
            ring,
            db,
            log,
            accounts,
            outbox,
            geoip,
            policies,
        })
    }
}

/// Brings the database of a configuration to this program's version.
///
/// # Errors
/// As [`migrations::migrate`].
pub async fn migrate(config: &Config, clock: &Clock) -> Result<u32, OpenError> {
    let ran = migrations::migrate(&database_options(config), clock.now()).await;
    ran.map_err(|error| OpenError::at(config, error.into()))
}

/// # Errors
/// The folder cannot be made.
pub fn make_folder(path: &Path) -> Result<(), OpenCause> {
    files::make_private_folder(path).map_err(|cause| OpenCause::Folder { path: path.to_owned(), cause })
}

pub fn database_options(config: &Config) -> DatabaseOptions {
    DatabaseOptions {
        url: config.database.url.expose().clone(),
        migration_url: config.database.migration_url.as_ref().map(|url| url.expose().clone()),
        connections_max: config.database.connections_max,
    }
}

fn other_directories(config: &Config, db: &Database) -> Result<Vec<LdapDirectory>, OpenCause> {
    let in_use = config.directory.iter().filter(|(_, directory)| directory.is_in_use());
    let open =
        |(name, directory): (&String, &DirectoryConfig)| LdapDirectory::new(name, directory, db.clone());
    Ok(in_use.map(open).collect::<Result<_, _>>()?)
}

const fn cost(config: &Config) -> Cost {
    Cost { memory_kib: config.hashing.memory_kib, passes: config.hashing.passes, lanes: config.hashing.lanes }
}

fn hash_pool(config: &Config) -> Result<HashPool, OpenCause> {
    let workers = match config.hashing.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    HashPool::start(workers, config.hashing.waiting_max).map_err(OpenCause::Pool)
}

const fn attempt_rules(config: &Config) -> AttemptRules {
    AttemptRules {
        passwords_before_pause: config.sign_in.attempts_before_pause,
        codes_before_pause: config.sign_in.code_attempts_max,
        pause_first: config.sign_in.pause_first,
        pause_longest: config.sign_in.pause_longest,
        failures_max: config.sign_in.failures_max,
    }
}

const fn mail_code_rules(config: &Config) -> MailCodeRules {
    MailCodeRules {
        lasts: config.reset.mail_code_time,
        tries_max: config.reset.mail_code_tries,
        per_hour: config.reset.mail_codes_per_hour,
    }
}

const fn not_me_rules(config: &Config) -> NotMeRules {
    NotMeRules { lasts: config.reset.not_me_time, per_day: config.reset.not_me_per_day }
}

fn password_rules(config: &Config) -> Result<PasswordRules, OpenCause> {
    let (house, issuer) = (&config.house.name, config.server.issuer.as_str());
    let host = issuer.split_once("://").map_or(issuer, |(_, host)| host);
    let common = CommonWords::with(&[&house.nl, &house.fr, &house.de, &house.en, host]);
    let config = &config.passwords;
    let breaches = config.breach_filter.as_deref().map(BreachFilter::open).transpose()?;
    let blocklist = match &config.blocklist {
        None => HashSet::new(),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|cause| OpenCause::Blocklist { path: path.clone(), cause })?
            .lines()
            .map(|line| line.trim().to_lowercase())
            .filter(|line| !line.is_empty())
            .collect(),
    };
    Ok(PasswordRules {
        length_min_alone: config.length_min_alone,
        length_min_with_second: config.length_min_with_second,
        length_max: config.length_max,
        strength_min: config.strength_min,
        blocklist: Arc::new(blocklist),
        common: Arc::new(common),
        breaches: breaches.map(Arc::new),
    })
}

fn lifetimes(config: &SessionsConfig) -> Result<Lifetimes, OpenCause> {
    let of = |role: &'static str| {
        let lifetimes = config.get(role).ok_or(OpenCause::NoLifetimes(role))?;
        Ok::<_, OpenCause>(Lifetime { idle: lifetimes.idle, absolute: lifetimes.absolute })
    };
    Ok(Lifetimes {
        staff: of("staff")?,
        desk: of("desk")?,
        analyst: of("analyst")?,
        auditor: of("auditor")?,
        admin: of("admin")?,
    })
}

fn passkeys(config: &Config, db: &Database, entropy: &Entropy) -> Result<Passkeys, OpenCause> {
    let wanted = &config.passkeys;
    let models = match &wanted.metadata {
        Some(path) => Models::load(path, &wanted.hardware_models)?,
        None => Models::default(),
    };
    let ceremony = Ceremony::new(&config.server.issuer, &config.house.name.en, models)?;
    Ok(Passkeys::new(db.clone(), entropy.clone(), ceremony))
}

fn mailer(config: &MailConfig) -> Result<Mailer, OpenCause> {
    Ok(match config.kind {
        MailKind::Folder => Mailer::folder(&config.from, config.folder.clone())?,
        MailKind::Smtp => Mailer::smtp(
            &config.from,
            SmtpOptions {
                host: config.host.clone(),
                port: config.port,
                encryption: match config.encryption {
                    MailEncryption::Tls => Encryption::Tls,
                    MailEncryption::Starttls => Encryption::Starttls,
                    MailEncryption::None => Encryption::None,
                },
                credentials: config.user.clone().zip(config.password.clone()),
            },
        )?,
    })
}
