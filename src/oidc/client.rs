//! The registered clients as a node holds them, and the comparison of their addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;
use url::{Origin, Url};

use crate::config::clients::{AuthMethod, ClientConfig, ClientKeys, SigningAlg};

/// A registered client with what its registration says read once.
pub struct Client {
    config: ClientConfig,
    keys: ClientKeys,
    epoch: i64,
}

impl Client {
    /// A registration was checked before; one whose keys are none leaves a client that cannot prove itself.
    pub fn new(config: ClientConfig, epoch: i64) -> Self {
        let keys = config.jwks.as_ref().and_then(|set| ClientKeys::read(set).ok()).unwrap_or_default();
        Self { config, keys, epoch }
    }

    /// What was issued to it under another epoch counts no more.
    pub const fn epoch(&self) -> i64 {
        self.epoch
    }

    /// The keys that its assertion may be checked with: those of this `kid` (or of none), for this algorithm,
    /// where its registration does not name another one. Source: OIDC Core §9, RFC 7591 §2.
    pub fn assertion_keys(&self, kid: Option<&str>, alg: SigningAlg) -> impl Iterator<Item = &DecodingKey> {
        let is_accepted = self.config.token_endpoint_auth_signing_alg.is_none_or(|only| only == alg);
        self.keys.fitting(kid, alg).filter(move |_| is_accepted)
    }
}

impl Deref for Client {
    type Target = ClientConfig;

    fn deref(&self) -> &ClientConfig {
        &self.config
    }
}

/// Registered clients by their id, as the register was when it was read last; cheap to clone, and all clones
/// see the same.
#[derive(Clone)]
pub struct Clients(Arc<RwLock<Arc<Held>>>);

struct Held {
    /// The register's version that this was read at.
    version: i64,
    by_id: BTreeMap<String, Arc<Client>>,
    /// Where scripts of public clients run: the origins of their addresses.
    public_origins: BTreeSet<String>,
}

impl Held {
    /// Ids are unique: the configuration refuses doubles.
    fn of(version: i64, clients: Vec<ClientConfig>, epochs: &BTreeMap<String, i64>) -> Arc<Self> {
        let public = clients.iter().filter(|client| client.token_endpoint_auth_method == AuthMethod::None);
        let addresses = public.flat_map(|client| &client.redirect_uris);
        let origins = addresses.filter_map(|address| Some(Url::parse(address).ok()?.origin()));
        let origins = origins.filter(Origin::is_tuple).map(|origin| origin.ascii_serialization());
        let public_origins = origins.collect();
        let held = |client: ClientConfig| {
            let epoch = epochs.get(&client.client_id).copied().unwrap_or(0);
            (client.client_id.clone(), Arc::new(Client::new(client, epoch)))
        };
        Arc::new(Self { version, by_id: clients.into_iter().map(held).collect(), public_origins })
    }
}

impl Clients {
    pub fn new(clients: Vec<ClientConfig>) -> Self {
        Self(Arc::new(RwLock::new(Held::of(0, clients, &BTreeMap::new()))))
    }

    pub fn get(&self, client_id: &str) -> Option<Arc<Client>> {
        self.held().by_id.get(client_id).cloned()
    }

    /// The present epoch of a client; `None` where it is not registered any more.
    pub(super) fn epoch_of(&self, client_id: &str) -> Option<i64> {
        self.held().by_id.get(client_id).map(|client| client.epoch)
    }

    /// Whether a script of this origin is a public client: its address is registered there.
    pub(super) fn has_public_origin(&self, origin: &str) -> bool {
        self.held().public_origins.contains(origin)
    }

    /// Every client of now, by id.
    pub fn all(&self) -> impl Iterator<Item = Arc<Client>> + use<> {
        self.held().by_id.values().cloned().collect::<Vec<_>>().into_iter()
    }

    /// The algorithms that keys are needed for: ES256 always, others where a client is registered so.
    pub fn algorithms(&self) -> Vec<SigningAlg> {
        let mut needed = vec![SigningAlg::Es256];
        for client in self.held().by_id.values() {
            needed.extend([client.id_token_signed_response_alg, client.access_token_signed_response_alg]);
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    pub(super) fn version(&self) -> i64 {
        self.held().version
    }

    /// Puts what was read at a version in the place of what was there, in one step.
    pub(super) fn replace(&self, version: i64, clients: Vec<ClientConfig>, epochs: &BTreeMap<String, i64>) {
        let fresh = Held::of(version, clients, epochs);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    fn held(&self) -> Arc<Held> {
        // Whoever panicked while holding the lock left a whole value behind.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether the client registered this address: byte for byte, with the one exception of a native
/// application's port on this machine. There is no other exception and no wildcard.
/// Source: RFC 9700 §2.1, RFC 8252 §7.3, OIDC Core §3.1.2.1.
pub fn is_registered(client: &ClientConfig, redirect_uri: &str) -> bool {
    client.redirect_uris.iter().any(|registered| same_address(registered, redirect_uri))
}

fn same_address(registered: &str, presented: &str) -> bool {
    if registered == presented {
        return true;
    }
    match (without_loopback_port(registered), without_loopback_port(presented)) {
        (Some(registered), Some(presented)) => registered == presented,
        _ => false,
    }
}

/// The literal loopback address and what follows the port; `None` for any other host, for `localhost`
/// (which a resolver may send elsewhere), and for a port that is not written as a number.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    const HOSTS: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];
    let (host, rest) = HOSTS.iter().find_map(|host| Some((*host, uri.strip_prefix(host)?)))?;
    let rest = match rest.strip_prefix(':') {
        Some(after) => {
            let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let (port, rest) = after.split_at(end);
            let is_port = !port.starts_with('0') && port.parse::<u16>().is_ok();
            if is_port { rest } else { return None }
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::{Client, Clients, same_address};
    use crate::config::clients::{self, SigningAlg};

    fn client(id: &str, more: &str) -> clients::ClientConfig {
        let text = format!(
            "client_id = '{id}'\nredirect_uris = ['https://a.be/']\n\
             token_endpoint_auth_method = 'private_key_jwt'\n\
             jwks = {{ keys = [{{ kty = 'EC', crv = 'P-256', kid = 'ec', \
             x = 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', \
             y = '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' }}, \
             {{ kty = 'OKP', crv = 'Ed25519', kid = 'ed', \
             x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }}] }}\n{more}"
        );
        clients::from_text(&text, Path::new("a.toml")).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn assertions_are_checked_with_the_keys_and_the_algorithm_of_the_registration() {
        let found = |client: &Client, kid, alg| client.assertion_keys(kid, alg).count();
        let open = Client::new(client("a", ""), 0);
        let pinned = Client::new(client("a", "token_endpoint_auth_signing_alg = 'ES256'\n"), 0);
        for (kid, alg, expected) in [
            (Some("ec"), SigningAlg::Es256, [1, 1]),
            (None, SigningAlg::Es256, [1, 1]),
            (Some("ed"), SigningAlg::EdDsa, [1, 0]),
            (None, SigningAlg::EdDsa, [1, 0]),
            (Some("ed"), SigningAlg::Es256, [0, 0]),
            (Some("other"), SigningAlg::Es256, [0, 0]),
            (None, SigningAlg::Rs256, [0, 0]),
        ] {
            assert_eq!([found(&open, kid, alg), found(&pinned, kid, alg)], expected, "{kid:?} {alg:?}");
        }
    }

    #[test]
    fn every_clone_sees_what_was_read_last_and_who_holds_a_client_keeps_it() {
        let clients = Clients::new(vec![client("a", "")]);
        let elsewhere = clients.clone();
        let held = elsewhere.get("a").unwrap();
        let fresh = vec![client("b", "id_token_signed_response_alg = 'PS256'\n")];
        clients.replace(2, fresh, &BTreeMap::from([("b".to_owned(), 3)]));
        assert_eq!((elsewhere.epoch_of("a"), elsewhere.epoch_of("b")), (None, Some(3)));
        assert!(elsewhere.get("a").is_none() && elsewhere.get("b").is_some());
        assert_eq!((elsewhere.version(), held.client_id.as_str()), (2, "a"));
        assert_eq!(elsewhere.algorithms(), [SigningAlg::Es256, SigningAlg::Ps256]);
        assert_eq!(elsewhere.all().map(|client| client.client_id.clone()).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn an_address_is_the_registered_one_byte_for_byte() {
        let registered = "https://app.example.be/cb";
        assert!(same_address(registered, registered));
        for trick in [
            "",
            "https://app.example.be/cb/",
            "https://app.example.be/cb?",
            "https://app.example.be/cb?x=1",
            "https://app.example.be/cb#",
            "https://app.example.be/cb#x",
            "https://app.example.be/CB",
            "HTTPS://app.example.be/cb",
            "https://APP.example.be/cb",
            "https://app.example.be:443/cb",
            "https://app.example.be./cb",
            "https://app.example.be/./cb",
            "https://app.example.be/x/../cb",
            "https://app.example.be/x/..;/cb",
            "https://app.example.be/%63b",
            "https://app.example.be//cb",
            "https://app.example.be\\cb",
            "https://app.example.be/cb%00",
            "https://app.example.be/cb\n",
            " https://app.example.be/cb",
            "https://app.example.be.evil.example/cb",
            "https://app.example.be@evil.example/cb",
            "https://a@b@app.example.be/cb",
            "https://evil.example\\@app.example.be/cb",
            "https://appxexample.be/cb",
            "https://evil.example/https://app.example.be/cb",
            "//app.example.be/cb",
            "http://app.example.be/cb",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
        ] {
            assert!(!same_address(registered, trick), "{trick:?}");
        }
    }

    #[test]
    fn only_the_port_of_a_literal_loopback_address_may_vary() {
        for (registered, presented) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb"),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:51004/cb"),
            ("http://127.0.0.1:3000/cb?a=1", "http://127.0.0.1/cb?a=1"),
            ("http://[::1]/cb", "http://[::1]:1/cb"),
            ("http://[::1]:9", "http://[::1]:65535"),
        ] {
            assert!(same_address(registered, presented), "{presented}");
        }
        for presented in [
            "http://127.0.0.1:51004/cb2",
            "http://127.0.0.1:51004/cb?x",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:080/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:+80/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1:80.evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1@evil.example/cb",
            "http://127.0.0.2:80/cb",
            "http://127.1:80/cb",
            "http://2130706433/cb",
            "http://[::1]:80/cb",
            "http://localhost:51004/cb",
            "https://127.0.0.1:51004/cb",
        ] {
            assert!(!same_address("http://127.0.0.1/cb", presented), "{presented}");
        }
        for presented in
            ["http://localhost:3001/cb", "http://localhost/cb", "http://localhost.evil.example:3000/cb"]
        {
            assert!(!same_address("http://localhost:3000/cb", presented), "{presented}");
        }
        assert!(!same_address("https://app.example.be:1/cb", "https://app.example.be:2/cb"));
    }
}
