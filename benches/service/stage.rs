//! The servers, ready to be asked, and one round of all cases.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::argon::Cost;
use crate::bare::{self, Plan};
use crate::disk::Probe;
use crate::documents::{self, DISCOVERY};
use crate::load::{self, Caller};
use crate::node::{Folder, Node};
use crate::people::{self, Person};
use crate::run::{Case, say};
use crate::seen::{Pairs, Seen};
use crate::tokens::{self, Application, Chain, Provider};
use crate::{Failure, Options, machine, sign_ins};

/// Those who sign in in one turn of some seconds.
const PEOPLE_PER_TURN: u16 = 150;
/// People for so many turns; from then on the first ones come again, when their apps show another code.
const GROUPS: u16 = 3;

pub struct Stage {
    node: Arc<Node>,
    bare: Node,
    groups: Vec<Arc<Vec<Person>>>,
    pub cost: Cost,
    jwks: String,
    machine: Result<Application, String>,
    refresher: Result<Application, String>,
    chains: Vec<Chain>,
    /// The step of the apps in which people signed in last.
    used_step: Option<u64>,
    folder: PathBuf,
    span: Duration,
}

impl Stage {
    pub async fn set(options: &Options, folder: &Folder) -> Result<Self, Failure> {
        say("people are made");
        let file = folder.file("people.json");
        let groups = GROUPS.min(options.rounds.into());
        let mut people = people::write(&file, PEOPLE_PER_TURN * groups + tokens::CALLERS)?;
        let data = folder.file("service");
        let more = [OsStr::new("--people"), file.as_os_str()];
        let node = Arc::new(Node::demo(&options.program, &data, &more).await?);
        let discovery = documents::read(&node, DISCOVERY).await?;
        let provider = Provider::read(&discovery.body, &data.join("demo.json"))?;
        let jwks = provider.endpoint("jwks_uri")?;
        let machine = provider.machine()?;
        let refresher = provider.refresher()?;
        let token = match &machine {
            Ok(application) => Some(tokens::sample(&node, application).await?),
            Err(_) => None,
        };
        let documents = vec![discovery, documents::read(&node, &jwks).await?];
        let plan = Plan { documents, token, log: folder.file("bare.lines") };
        let bare = bare::start(&plan, &folder.file("")).await?;
        let users = people.split_off((PEOPLE_PER_TURN * groups).into());
        let groups =
            (0..groups).map(|_| Arc::new(people.split_off(people.len() - usize::from(PEOPLE_PER_TURN))));
        let groups = groups.collect();
        let chains = match &refresher {
            Ok(application) if options.wants(Case::Refresh) => {
                tokens::chains(&node, &provider, application, &users).await?
            }
            _ => vec![],
        };
        Ok(Self {
            node,
            bare,
            groups,
            cost: Cost::configured()?,
            jwks,
            machine,
            refresher,
            chains,
            used_step: None,
            folder: folder.file(""),
            span: Duration::from_secs(options.seconds.into()),
        })
    }

    /// Every case beside the sign-ins once: the service, then what it is compared with.
    pub async fn round(&mut self, options: &Options, seen: &mut Seen) -> Result<(), Failure> {
        if options.wants(Case::Discovery) {
            self.document(DISCOVERY, &mut seen.discovery).await?;
        }
        if options.wants(Case::Jwks) {
            self.document(&self.jwks, &mut seen.jwks).await?;
        }
        if options.wants(Case::Credentials)
            && let Ok(application) = &self.machine
        {
            let ours = tokens::machines(&self.node, application).await?;
            let probe = Probe::start(&self.folder);
            self.ask(ours, &mut seen.credentials.ours).await?;
            seen.syncs_beside_credentials.push(probe.syncs_per_second()?);
            self.ask_bare(tokens::bare_machines(&self.bare).await?, &mut seen.credentials.bare).await?;
        }
        if options.wants(Case::Refresh) && self.refresher.is_ok() {
            let chains = std::mem::take(&mut self.chains);
            let probe = Probe::start(&self.folder);
            self.chains = self.ask(chains, &mut seen.refresh.ours).await?;
            self.chains.iter_mut().for_each(Chain::hang_up);
            seen.syncs_beside_refresh.push(probe.syncs_per_second()?);
            if self.machine.is_ok() {
                self.ask_bare(tokens::bare_machines(&self.bare).await?, &mut seen.refresh.bare).await?;
            }
        }
        Ok(())
    }

    /// One turn of sign-ins, and of hashes beside it.
    pub async fn sign_ins(&mut self, seen: &mut Seen) -> Result<(), Failure> {
        let round = seen.sign_ins.len();
        if round >= self.groups.len() {
            people::fresh_codes(self.used_step).await;
        }
        let Some(people) = self.groups.get(round % self.groups.len()) else { return Ok(()) };
        let (turn, most) = sign_ins::turn(&self.node, people).await?;
        self.used_step = Some(people::step());
        seen.sign_ins.push(turn);
        seen.loaded_mib = seen.loaded_mib.max(most);
        seen.hash_seconds.push(self.cost.processor_seconds(self.span)?);
        Ok(())
    }

    async fn document(&self, path: &str, pairs: &mut Pairs) -> Result<(), Failure> {
        self.ask(documents::readers(&self.node, path).await?, &mut pairs.ours).await?;
        self.ask_bare(documents::readers(&self.bare, path).await?, &mut pairs.bare).await?;
        Ok(())
    }

    async fn ask<C: Caller>(&self, callers: Vec<C>, turns: &mut Vec<load::Turn>) -> Result<Vec<C>, Failure> {
        let (turn, callers) = load::turn(callers, self.span, self.node.id()).await?;
        turns.push(turn);
        Ok(callers)
    }

    async fn ask_bare<C: Caller>(&self, callers: Vec<C>, turns: &mut Vec<load::Turn>) -> Result<(), Failure> {
        let (turn, _) = load::turn(callers, self.span, self.bare.id()).await?;
        turns.push(turn);
        Ok(())
    }

    /// Why a case has no figures, where the service does not offer it.
    pub fn why_not(&self, case: Case) -> Option<String> {
        match case {
            Case::Credentials => self.machine.as_ref().err().cloned(),
            Case::Refresh => self.refresher.as_ref().err().cloned(),
            Case::SignIns
            | Case::Discovery
            | Case::Jwks
            | Case::Memory
            | Case::Loaded
            | Case::Start
            | Case::Proofs => None,
        }
    }

    /// What the service keeps in memory at this moment.
    pub fn resident_mib(&self) -> Result<f64, Failure> {
        machine::resident_mib(self.node.id())
    }

    /// Ends both servers in order.
    pub async fn end(self) -> Result<(), Failure> {
        self.bare.stop().await?;
        let node = Arc::into_inner(self.node).ok_or("someone still asks")?;
        node.stop().await
    }
}
