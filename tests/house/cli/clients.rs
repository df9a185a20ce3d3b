//! The register of clients by the command line: files say what is wanted, a plan says what would change, and
//! what was applied acts on every node within a second.

use std::fs::{read_to_string, write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cardea::app::open;
use cardea::config::Config;
use cardea::infra::sealing::KeyRing;
use cardea::kernel::entropy::Entropy;
use cardea::kernel::time::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::demo::Demo;
use crate::support::children::{cardea, free_port};
use crate::support::client::Browser;
use crate::support::node::Node;
use crate::support::servers::{Postgres, Redis};

const CALLBACK: &str = "https://files.example.be/signed-in";
const WITHIN: Duration = Duration::from_secs(1);

/// What the token endpoint says to a client that presents a secret and a code that nobody was given:
/// `invalid_client` to one that it does not know by this secret, `invalid_grant` to one that it does.
async fn told(browser: &Browser, id: &str, secret: &str) -> String {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "none"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    ];
    let request = browser.request(Method::POST, "/oauth2/token").basic_auth(id, Some(secret)).form(&form);
    let page = browser.send(request).await;
    let answer: Value =
        serde_json::from_str(&page.body).unwrap_or_else(|error| panic!("{error}: {}", page.body));
    answer["error"].as_str().unwrap_or_default().to_owned()
}

async fn is_known(browser: &Browser, id: &str, secret: &str) -> bool {
    match told(browser, id, secret).await.as_str() {
        "invalid_grant" => true,
        "invalid_client" => false,
        other => panic!("{other}"),
    }
}

/// Waits until a node knows a client by a secret, or does not any more, and says how long that took.
async fn becomes(browser: &Browser, id: &str, secret: &str, known: bool) -> Duration {
    let start = Instant::now();
    while is_known(browser, id, secret).await != known {
        assert!(start.elapsed() < WITHIN * 10, "{id} did not become {known}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    start.elapsed()
}

fn add(demo: &Demo, more: &[&str]) -> Value {
    let start = ["client", "add", "files", "--name", "Files", "--redirect-uri", CALLBACK, "--json"];
    demo.run(&[&start[..], more].concat()).json()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}"))
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The records of one kind of event about one client, when all that was done has its place in the log.
fn recorded(demo: &Demo, what: &str, id: &str) -> Vec<Value> {
    demo.settled_records();
    let log = demo.run(&["log", "export"]).ok();
    let records = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records
        .filter(|record| record["unmapped"]["what"] == what && record["unmapped"]["client"] == id)
        .collect()
}

#[tokio::test]
async fn an_application_counts_from_when_it_is_applied_until_it_is_ended() {
    let demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    let folder = demo.file("clients");
    let told = demo
        .run(&["client", "add", "files", "--name", "Files", "--redirect-uri", CALLBACK, "--dry-run"])
        .ok();
    assert!(
        told.contains("dry run, nothing was written") && told.contains("client_name = \"Files\""),
        "{told}"
    );
    assert!(!told.contains("client_secret: ") && !folder.exists(), "{told}");

    let made = add(&demo, &["--scope", "openid email", "--trusted", "--owner", "staff"]);
    let secret = text(&made, "client_secret");
    assert!(secret.len() == 43 && text(&made, "next") == "cardea client apply");
    for file in ["files.toml", "files.secret"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    assert_eq!(read_to_string(folder.join("files.secret")).unwrap(), format!("{secret}\n"));
    assert!(!read_to_string(folder.join("files.toml")).unwrap().contains(secret));
    let again = ["client", "add", "files", "--name", "Files", "--redirect-uri", CALLBACK];
    assert!(demo.run(&again).refused(2).contains("already"));

    assert!(!is_known(&browser, "files", secret).await, "a file alone counts for nothing");
    let plan = demo.run(&["client", "plan"]).ok();
    assert_eq!(
        plan,
        "+ files is added\nnot applied: 1 added, 0 changed, 0 ended; `cardea client apply` applies it\n"
    );
    let listed = demo.run(&["client", "list"]).ok();
    assert!(
        listed.lines().any(|line| line.starts_with("files ") && line.contains("not applied")),
        "{listed}"
    );
    demo.run(&["client", "apply", "--dry-run"]).ok();
    assert!(!is_known(&browser, "files", secret).await);
    let applied = demo.run(&["client", "apply", "--json"]).json();
    assert_eq!((&applied["applied"], &applied["changes"][0]["kind"]), (&json!(true), &json!("added")));
    assert!(becomes(&browser, "files", secret, true).await < WITHIN);
    assert!(!is_known(&browser, "files", &secret.to_uppercase()).await);
    assert_eq!(demo.run(&["client", "plan"]).ok(), "the register is what the files say\n");
    let shown = demo.run(&["client", "show", "files", "--json"]).json();
    assert_eq!(
        (&shown["state"], &shown["has_secret"], &shown["owners"]),
        (&json!("registered"), &json!(true), &json!(["staff"]))
    );
    assert!(shown.get("client_secret").is_none());
    for file in ["cardea.db", "cardea.db-wal", "events.jsonl"] {
        let bytes = std::fs::read(demo.file(file)).unwrap_or_default();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{file} holds the secret");
    }

    std::fs::remove_file(folder.join("files.toml")).unwrap();
    assert!(is_known(&browser, "files", secret).await);
    let told = demo.run(&["client", "apply"]).ok();
    assert!(told.starts_with("- files is ended, with all that it was given\napplied: "), "{told}");
    assert!(becomes(&browser, "files", secret, false).await < WITHIN);
    demo.run(&["client", "show", "files"]).refused(2);
    for what in ["client_added", "client_ended"] {
        let records = recorded(&demo, what, "files");
        assert_eq!(records.len(), 1, "{what}");
        assert!(records[0].to_string().contains("operator:"), "{}", records[0]);
    }
}

#[tokio::test]
async fn what_a_file_changes_is_shown_member_by_member_and_marked() {
    let demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    add(&demo, &[]);
    demo.run(&["client", "apply"]).ok();
    let file = demo.file("clients/files.toml");
    let before = read_to_string(&file).unwrap();
    let elsewhere = "https://files.example.be/elsewhere";
    let after = before.replace(CALLBACK, elsewhere).replace("\"Files\"", "\"Dossiers\"");
    write(&file, format!("{after}id_token_signed_response_alg = \"RS256\"\ntrusted = true\n")).unwrap();
    let plan = demo.run(&["client", "plan"]).ok();
    for line in [
        "~ files is changed".to_owned(),
        "    client_name: Files → Dossiers".to_owned(),
        "    id_token_signed_response_alg: ES256 → RS256".to_owned(),
        "  ! RS256 is weaker than ES256".to_owned(),
        format!("    redirect_uris: {CALLBACK} → {elsewhere}"),
        format!("  ! people are sent to a new address: {elsewhere}"),
        "  ! people are not asked for their consent any more".to_owned(),
    ] {
        assert!(plan.lines().any(|found| found == line), "no `{line}` in\n{plan}");
    }
    let shown = demo.run(&["client", "show", "files", "--json"]).json();
    assert_eq!((&shown["state"], &shown["client_name"]), (&json!("differs"), &json!("Files")));

    let ask = |redirect_uri: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", "files"),
                ("redirect_uri", redirect_uri),
                ("response_type", "code"),
                ("scope", "openid"),
                ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        format!("/oauth2/authorize?{query}")
    };
    assert_eq!(browser.get(&ask(elsewhere)).await.status, 400);
    demo.run(&["client", "apply"]).ok();
    let start = Instant::now();
    while browser.get(&ask(elsewhere)).await.status == 400 {
        assert!(start.elapsed() < WITHIN, "the new address does not count");
    }
    assert_eq!(browser.get(&ask(CALLBACK)).await.status, 400, "the old address still counts");
    let records = recorded(&demo, "client_changed", "files");
    let members = json!(["client_name", "id_token_signed_response_alg", "redirect_uris", "trusted"]);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["unmapped"]["members"], members);
}

#[tokio::test]
async fn a_secret_changes_without_a_moment_in_which_none_counts() {
    let demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    let first = add(&demo, &[]);
    demo.run(&["client", "apply"]).ok();
    let dry = demo.run(&["client", "secret", "files", "--keep-old", "7d", "--dry-run", "--json"]).json();
    assert_eq!(dry["client_secret"], Value::Null);
    let second = demo.run(&["client", "secret", "files", "--keep-old", "7d", "--json"]).json();
    let (old, new) = (text(&first, "client_secret"), text(&second, "client_secret"));
    assert!(text(&second, "secret_file").ends_with("files.2.secret"), "{second}");
    assert_eq!(mode(&demo.file("clients/files.toml")), 0o600);
    assert!(is_known(&browser, "files", old).await && !is_known(&browser, "files", new).await);
    let plan = demo.run(&["client", "plan"]).ok();
    assert!(plan.contains("    client_secret: a secret → another secret\n"), "{plan}");
    demo.run(&["client", "apply"]).ok();
    assert!(becomes(&browser, "files", new, true).await < WITHIN);
    assert!(is_known(&browser, "files", old).await, "the one of before counts for a while");
    let until = text(&second, "old_counts_until");
    let listed = demo.run(&["client", "list"]).ok();
    assert!(listed.contains(&format!("! files: its secret of before counts too, until {until}")), "{listed}");

    let third = demo.run(&["client", "secret", "files", "--json"]).json();
    demo.run(&["client", "apply"]).ok();
    let newest = text(&third, "client_secret");
    assert!(becomes(&browser, "files", newest, true).await < WITHIN);
    for gone in [old, new] {
        assert!(!is_known(&browser, "files", gone).await);
    }
    assert!(!demo.run(&["client", "list"]).ok().contains("counts too"));
}

/// A token that a client was given for itself.
async fn token(browser: &Browser, id: &str, secret: &str) -> String {
    let request = browser.request(Method::POST, "/oauth2/token").basic_auth(id, Some(secret));
    let request = request.form(&[("grant_type", "client_credentials")]);
    let answer: Value = serde_json::from_str(&browser.send(request).await.body).unwrap();
    text(&answer, "access_token").to_owned()
}

/// Whether the resource server of the demo is told that a token counts.
async fn is_active(demo: &Demo, browser: &Browser, token: &str) -> bool {
    let server = in_sheet(demo, "rs");
    let request = browser.request(Method::POST, "/oauth2/introspect");
    let request = request.basic_auth("rs", Some(text(&server, "client_secret"))).form(&[("token", token)]);
    let answer: Value = serde_json::from_str(&browser.send(request).await.body).unwrap();
    answer["active"].as_bool().unwrap()
}

#[tokio::test]
async fn all_that_a_client_was_given_can_be_ended() {
    let demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    let machine = in_sheet(&demo, "m2m");
    let secret = text(&machine, "client_secret");
    let before = token(&browser, "m2m", secret).await;
    assert!(is_active(&demo, &browser, &before).await);
    assert!(demo.run(&["client", "revoke", "m2m", "--dry-run"]).ok().starts_with("dry run"));
    assert!(is_active(&demo, &browser, &before).await);
    assert_eq!(demo.run(&["client", "revoke", "m2m"]).ok(), "all that m2m was given is dead\n");
    assert!(!is_active(&demo, &browser, &before).await);
    let after = token(&browser, "m2m", secret).await;
    assert!(is_active(&demo, &browser, &after).await, "it stays registered");
    assert_eq!(recorded(&demo, "client_revoked", "m2m").len(), 1);
    demo.run(&["client", "revoke", "nobody"]).refused(2);
}

#[tokio::test]
async fn what_a_client_was_given_outlives_another_secret_and_ends_with_it_for_ever() {
    let demo = Demo::start();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    let new = [
        "client",
        "add",
        "job",
        "--name",
        "Job",
        "--grant",
        "client_credentials",
        "--audience",
        "rs",
        "--json",
    ];
    let made = demo.run(&new).json();
    demo.run(&["client", "apply"]).ok();
    let given = token(&browser, "job", text(&made, "client_secret")).await;
    demo.run(&["client", "secret", "job"]).ok();
    demo.run(&["client", "apply"]).ok();
    assert!(is_active(&demo, &browser, &given).await, "a token has no part in its secret");

    let file = demo.file("clients/job.toml");
    let registration = read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    demo.run(&["client", "apply"]).ok();
    assert!(!is_active(&demo, &browser, &given).await);
    write(&file, registration).unwrap();
    demo.run(&["client", "apply"]).ok();
    assert!(!is_active(&demo, &browser, &given).await, "it came back with the client");
}

#[test]
fn what_is_no_sound_application_is_refused_and_leaves_nothing_behind() {
    let demo = Demo::start();
    let keys = demo.file("keys.jwks");
    write(&keys, "{\"keys\": [{\"kty\": \"oct\", \"k\": \"AA\"}]}").unwrap();
    let keys = keys.to_str().unwrap();
    let table: &[(&[&str], &str)] = &[
        (
            &["--redirect-uri", "http://files.example.be/"],
            "--redirect-uri: `http://files.example.be/` must begin with https://",
        ),
        (&["--redirect-uri", "javascript:alert(1)"], "--redirect-uri: `javascript:alert(1)` must begin"),
        (
            &["--redirect-uri", "https://*.example.be/"],
            "--redirect-uri: `https://*.example.be/` must not hold a *",
        ),
        (
            &["--redirect-uri", "https://a.be/#x"],
            "--redirect-uri: `https://a.be/#x` must not have a fragment",
        ),
        (&[], "--redirect-uri: the grant authorization_code needs at least one"),
        (&["--grant", "refresh_token"], "--grant: refresh_token comes with authorization_code alone"),
        (
            &["--grant", "client_credentials", "--method", "none"],
            "--grant: client_credentials is not for public clients",
        ),
        (&["--grant", "password"], "authorization_code, refresh_token, client_credentials or none"),
        (&["--grant", "none", "--audience", "nobody"], "--audience: `nobody` is no registered client"),
        (&["--grant", "none", "--owner", "a b"], "--owner: must be words"),
        (&["--grant", "none", "--scope", "a\"b"], "--scope: must be names"),
        (&["--grant", "none", "--home-uri", "ftp://a.be/"], "--home-uri: `ftp://a.be/` must begin"),
        (&["--grant", "none", "--id-token-alg", "HS256"], "ES256, EdDSA, PS256, RS256"),
        (
            &["--grant", "none", "--method", "private_key_jwt"],
            "--jwks: private_key_jwt needs the public keys",
        ),
        (
            &["--grant", "none", "--method", "private_key_jwt", "--jwks", keys],
            "--jwks: a key has the private member `k`",
        ),
        (&["--grant", "none", "--method", "private_key_jwt", "--jwks", "/nowhere"], "--jwks: /nowhere: "),
    ];
    for (options, sentence) in table {
        let told = demo.run(&[&["client", "add", "files", "--name", "Files"], *options].concat()).refused(2);
        assert!(told.contains(sentence), "{options:?}: {told}");
    }
    for (id, sentence) in [
        ("../files", "CLIENT_ID: must be 1 to 128"),
        ("a b", "CLIENT_ID: must be 1 to 128"),
        ("web", "`web` is already registered in"),
    ] {
        let told = demo.run(&["client", "add", id, "--name", "Files", "--grant", "none"]).refused(2);
        assert!(told.contains(sentence), "{id}: {told}");
    }
    assert!(!demo.file("clients").exists() && !demo.file("files.toml").exists());
    for (arguments, sentence) in [
        (&["client", "secret", "nobody"][..], "no application has the id `nobody`"),
        (&["client", "secret", "spa"], "spa proves itself by none: it has no secret"),
        (&["client", "secret", "web"], "applications.json: change it there"),
        (&["client", "secret", "web", "--keep-old", "91d"], "at most 90d"),
    ] {
        let told = demo.run(arguments).refused(2);
        assert!(told.contains(sentence), "{arguments:?}: {told}");
    }
    // A broken file is told by its line, and hides nothing of the register.
    std::fs::create_dir(demo.file("clients")).unwrap();
    write(demo.file("clients/bad.toml"), "client_id = 'bad'\ngrant_types = ['password']\n").unwrap();
    for command in ["plan", "apply"] {
        let told = demo.run(&["client", command]).refused(2);
        assert!(told.contains("bad.toml:2: grant_types: unknown variant `password`"), "{told}");
    }
    let listed = demo.run(&["client", "list"]).ok();
    assert!(
        listed.contains("bad.toml:2: grant_types") && listed.contains("registered; the files cannot"),
        "{listed}"
    );
}

fn in_sheet(demo: &Demo, id: &str) -> Value {
    let sheet: Value = serde_json::from_str(&read_to_string(demo.file("demo.json")).unwrap()).unwrap();
    let clients = sheet["clients"].as_array().unwrap();
    clients.iter().find(|client| client["client_id"] == id).unwrap_or_else(|| panic!("no {id}")).clone()
}

#[test]
fn the_demo_has_an_application_of_every_kind_and_keeps_their_keys() {
    let mut demo = Demo::start();
    let kinds = [
        ("web", "client_secret_basic", json!(["authorization_code", "refresh_token"])),
        ("spa", "none", json!(["authorization_code", "refresh_token"])),
        ("pkj", "private_key_jwt", json!(["authorization_code", "refresh_token"])),
        ("m2m", "client_secret_basic", json!(["client_credentials"])),
        ("rs", "client_secret_basic", json!([])),
    ];
    for (id, method, grants) in kinds {
        let client = in_sheet(&demo, id);
        assert_eq!(
            (text(&client, "token_endpoint_auth_method"), &client["grant_types"]),
            (method, &grants),
            "{id}"
        );
        assert_eq!(client["client_secret"].is_string(), method == "client_secret_basic", "{id}");
        assert_eq!(client["jwks"].is_object(), id == "pkj", "{id}");
        assert_eq!(client["private_jwks"].is_object(), id == "pkj", "{id}");
        assert_eq!(client.as_object().unwrap().len(), 9, "{id}");
    }
    let pkj = in_sheet(&demo, "pkj");
    assert!(pkj["private_jwks"]["keys"][0]["d"].is_string() && pkj["jwks"]["keys"][0]["d"].is_null());
    assert!(!read_to_string(demo.file("applications.json")).unwrap().contains("\"d\""));
    for file in ["pkj.json", "applications.json", "demo.json"] {
        assert_eq!(mode(&demo.file(file)), 0o600, "{file}");
    }
    demo.stop();
    demo.resume();
    assert_eq!(in_sheet(&demo, "pkj"), pkj, "another key pair at the second start");
    assert_eq!(demo.run(&["client", "plan"]).ok(), "the register is what the files say\n");
    assert!(recorded(&demo, "client_changed", "pkj").is_empty());
}

// ------------------------------------------------------------------------------- two nodes of one installation

/// A node's configuration; the folder of clients is shared, and so is everything that a node does not hold.
fn configuration(folder: &Path, number: u16, shared: &str) -> (PathBuf, SocketAddr) {
    let address: SocketAddr = (Ipv4Addr::LOCALHOST, free_port()).into();
    let (own, all) = (folder.join(format!("node{number}")), folder.display());
    let own = own.display();
    let text = format!(
        "[server]\nlisten = \"{address}\"\ninternal_listen = \"127.0.0.1:{}\"\n{shared}\
         [data]\nfolder = \"{own}\"\n[keys]\nring = \"{all}/keys.json\"\n[clients]\nfolder = \"{all}/clients\"\n\
         [mail]\nkind = \"folder\"\nfolder = \"{own}/mail\"\n\
         [log]\ncopy = \"{own}/events.jsonl\"\nheads = \"{own}/heads.jsonl\"\n",
        free_port()
    );
    let path = folder.join(format!("node{number}.toml"));
    write(&path, text).unwrap();
    (path, address)
}

#[tokio::test]
async fn what_is_applied_on_one_node_acts_on_the_other_within_a_second() {
    let (Some(postgres), Some(redis)) = (Postgres::shared(), Redis::shared()) else { return };
    let database = postgres.database();
    let folder = tempfile::tempdir().unwrap();
    let issuer = format!("http://localhost:{}", free_port());
    let shared = format!(
        "issuer = \"{issuer}\"\n[database]\nurl = \"{}\"\nmigration_url = \"{}\"\n\
         [state]\nredis_url = \"{}\"\nprefix = \"{}\"\n",
        database.node_url,
        database.owner_url,
        redis.url(),
        Redis::prefix().replace(':', "")
    );
    std::fs::create_dir(folder.path().join("clients")).unwrap();
    KeyRing::create(&folder.path().join("keys.json"), Clock::System.now(), &Entropy::System).unwrap();
    let files = [1, 2].map(|number| configuration(folder.path(), number, &shared));
    let config = Config::load(&files[0].0).unwrap_or_else(|error| panic!("{error}"));
    open::migrate(&config, &Clock::System).await.unwrap_or_else(|error| panic!("{error}"));
    // Both find an empty register; one of them fills it.
    let start =
        ["client", "add", "first", "--name", "First", "--redirect-uri", CALLBACK, "--json", "--config"];
    let config = |number: usize| files[number].0.to_str().unwrap().to_owned();
    let first = cardea(&[&start[..], &[&config(0)]].concat(), "").json();
    let nodes = std::thread::scope(|scope| {
        let issuer = &issuer;
        let starting = files.clone().map(|(path, at)| scope.spawn(move || Node::serve(&path, at, issuer)));
        starting.map(|start| start.join().unwrap())
    });
    let browsers =
        files.clone().map(|(_, address)| Browser::at_node(address.port(), &issuer, Ipv4Addr::LOCALHOST));
    for browser in &browsers {
        assert!(is_known(browser, "first", text(&first, "client_secret")).await);
    }
    let second =
        ["client", "add", "second", "--name", "Second", "--redirect-uri", CALLBACK, "--json", "--config"];
    let second = cardea(&[&second[..], &[&config(0)]].concat(), "").json();
    let secret = text(&second, "client_secret");
    cardea(&["client", "apply", "--config", &config(0)], "").ok();
    assert!(becomes(&browsers[1], "second", secret, true).await < WITHIN);
    assert!(is_known(&browsers[0], "second", secret).await);

    std::fs::remove_file(folder.path().join("clients/second.toml")).unwrap();
    cardea(&["client", "apply", "--config", &config(1)], "").ok();
    assert!(becomes(&browsers[0], "second", secret, false).await < WITHIN);
    assert!(!is_known(&browsers[1], "second", secret).await);
    let log = cardea(&["log", "export", "--config", &config(0)], "").ok();
    let added = log.lines().filter(|line| line.contains("\"client_added\""));
    assert_eq!(added.count(), 2, "each once, although both nodes found the register empty");
    drop(nodes);
}
