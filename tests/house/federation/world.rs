//! A service that has providers upstream, entered as a sign-in journey enters it.

use cardea::config::{HostPort, UpstreamConfig};
use cardea::event::Origin;
use cardea::event::read::Record;
use cardea::federation::{
    Departure, Federation, Freshness, Reason, Refused, Return, Unfinished, UpstreamIdentity,
};
use cardea::kernel::acr::Acr;
use cardea::kernel::id::{DeviceId, JourneyId};
use cardea::kernel::language::Language;
use cardea::web::params::Params;

use crate::support::app::{TestApp, TestAppBuilder};

/// A service, and the names by which it calls its providers.
pub struct World {
    pub app: TestApp,
}

/// One sign-in of one browser.
pub struct Trip {
    pub browser: DeviceId,
    pub journey: JourneyId,
    /// Where the browser is sent.
    pub address: String,
}

impl World {
    /// A service whose provider of a name is at a port of this machine.
    pub fn with_provider(
        builder: TestAppBuilder,
        name: &'static str,
        port: u16,
        change: impl FnOnce(&mut UpstreamConfig) + Send + 'static,
    ) -> TestAppBuilder {
        builder.with(move |config| {
            let here = format!("127.0.0.1:{port}");
            config.outgoing.allow.push(HostPort::parse(&here).unwrap());
            if !config.upstream.contains_key(name) {
                let generic = config.upstream["oidc"].clone();
                config.upstream.insert(name.to_owned(), generic);
            }
            let upstream = config.upstream.get_mut(name).unwrap();
            upstream.issuer = format!("http://{here}");
            upstream.client_id = Some("cardea".to_owned());
            change(upstream);
        })
    }

    /// `None` when a server of this run is missing, counted as a skip.
    pub async fn start(builder: TestAppBuilder) -> Option<Self> {
        Some(Self { app: builder.start().await? })
    }

    pub fn federation(&self) -> &Federation {
        &self.app.opened.federation
    }

    pub fn origin(&self) -> Origin {
        self.app.origin()
    }

    pub fn browser(&self) -> DeviceId {
        DeviceId::new(self.app.now(), &self.app.opened.entropy)
    }

    /// Begins a sign-in at a provider.
    pub async fn begin(&self, name: &str) -> Result<Trip, Box<Refused>> {
        self.begin_for(name, Acr::Mfa, Freshness::Any).await
    }

    pub async fn begin_for(
        &self,
        name: &str,
        required: Acr,
        freshness: Freshness,
    ) -> Result<Trip, Box<Refused>> {
        let (now, entropy) = (self.app.now(), &self.app.opened.entropy);
        let (browser, journey) = (self.browser(), JourneyId::new(now, entropy));
        let departure = Departure {
            provider: name,
            origin: &self.origin(),
            browser,
            journey,
            required,
            freshness,
            language: Language::Nl,
        };
        let address = match self.federation().begin(&departure).await {
            Ok(address) => address.as_str().to_owned(),
            Err(Unfinished::Refused(refused)) => return Err(refused),
            Err(Unfinished::Database(error)) => panic!("{error}"),
        };
        Ok(Trip { browser, journey, address })
    }

    /// Brings an answer back to a provider's address.
    pub async fn finish(
        &self,
        name: &str,
        browser: DeviceId,
        answer: &str,
    ) -> Result<UpstreamIdentity, Box<Refused>> {
        let params = Params::parse(answer.as_bytes()).unwrap();
        let back = Return { provider: name, origin: &self.origin(), browser, answer: &params };
        match self.federation().finish(&back).await {
            Ok(identity) => Ok(identity),
            Err(Unfinished::Refused(refused)) => Err(refused),
            Err(Unfinished::Database(error)) => panic!("{error}"),
        }
    }

    /// The refusal, its cause and its one record, which says the same and nothing of anyone.
    pub async fn assert_refused(&self, what: &str, refused: &Refused, reason: Reason) -> Record {
        assert_eq!(refused.reason, reason, "{what}: {}", refused.reason.name());
        let record = self.app.record_of_case(refused.case.as_str()).await;
        assert_eq!(record.text("what"), Some("upstream_refused"), "{what}");
        assert_eq!(record.text("reason"), Some(reason.name()), "{what}");
        record
    }
}

impl Trip {
    /// A parameter of the address to which the browser is sent.
    pub fn asked(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&self.address).unwrap();
        url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    pub fn state(&self) -> String {
        self.asked("state").unwrap()
    }
}

/// A refusal where there must be one.
pub fn refused<T>(what: &str, outcome: Result<T, Box<Refused>>) -> Refused {
    match outcome {
        Ok(_) => panic!("{what}: it was believed"),
        Err(refused) => *refused,
    }
}

/// What there must be where nothing is wrong.
pub fn accepted<T>(what: &str, outcome: Result<T, Box<Refused>>) -> T {
    outcome.unwrap_or_else(|refused| panic!("{what}: {}", refused.reason.name()))
}
