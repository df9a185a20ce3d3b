//! The register of clients in production: filled by the first start, changed by `cardea client apply` alone,
//! and refused where it holds what files may not hold.

use std::path::PathBuf;

use cardea::kernel::digest;

use super::site::Site;

const SECRET: &str = "a-secret-of-an-application-in-tests";
/// Out of src/demo/applications.rs: known to everyone who reads it.
const DEMO_SECRET: &str = "demo-secret-of-the-machine-application-known-to-all";

fn register(site: &Site, id: &str, more: &str) -> PathBuf {
    let text = format!(
        "client_id = '{id}'\nclient_secret = '{SECRET}'\nredirect_uris = ['https://{id}.example.be/cb']\n{more}"
    );
    site.register(&format!("{id}.toml"), &text)
}

/// What a start says on standard error.
fn warnings(site: &Site) -> String {
    std::fs::read_to_string(site.file("errors")).unwrap()
}

fn states(site: &Site) -> Vec<(String, String)> {
    let listed: serde_json::Value =
        serde_json::from_str(&site.run(&["client", "list", "--json"]).ok()).unwrap();
    let text = |client: &serde_json::Value, member: &str| client[member].as_str().unwrap().to_owned();
    let clients = listed["clients"].as_array().unwrap();
    clients.iter().map(|client| (text(client, "client_id"), text(client, "state"))).collect()
}

fn of(states: &[(&str, &str)]) -> Vec<(String, String)> {
    states.iter().map(|(id, state)| ((*id).to_owned(), (*state).to_owned())).collect()
}

#[test]
fn the_first_start_fills_the_register_and_a_later_one_only_warns() {
    let mut site = Site::ready();
    register(&site, "files", "");
    assert_eq!(states(&site), of(&[("files", "not_applied")]));
    assert_eq!(site.run(&["check"]).ok(), "everything is in order\n", "before the first start");
    site.serve();
    assert_eq!(states(&site), of(&[("files", "registered")]));
    assert!(!warnings(&site).contains("not applied"), "{}", warnings(&site));
    site.stop();

    register(&site, "files", "trusted = true\n");
    register(&site, "wiki", "");
    site.serve();
    let told = warnings(&site);
    for client in ["files", "wiki"] {
        let line = told.lines().find(|line| line.contains("is not applied") && line.contains(client));
        assert!(line.is_some_and(|line| line.contains("cardea client plan")), "{client}: {told}");
    }
    assert_eq!(states(&site), of(&[("files", "differs"), ("wiki", "not_applied")]));
    let checked = site.run(&["check"]);
    assert_eq!(checked.code, 2);
    let finding = "cardea.toml:2: clients.folder: the files and the register of clients differ (files changed, wiki added)";
    assert!(checked.out.contains(finding), "{}", checked.out);
    site.run(&["client", "apply"]).ok();
    assert_eq!(states(&site), of(&[("files", "registered"), ("wiki", "registered")]));
    assert_eq!(site.run(&["check"]).ok(), "everything is in order\n");
    site.stop();

    // Under the lock, while no node runs.
    std::fs::remove_file(site.file("clients/wiki.toml")).unwrap();
    assert_eq!(states(&site), of(&[("files", "registered"), ("wiki", "no_file")]));
    site.run(&["client", "apply"]).ok();
    site.serve();
    assert_eq!(states(&site), of(&[("files", "registered")]));
}

#[test]
fn an_empty_folder_ends_every_application_only_when_it_is_meant() {
    let mut site = Site::ready();
    let file = register(&site, "files", "");
    site.serve();
    std::fs::remove_file(file).unwrap();
    let told = site.run(&["client", "apply"]).refused(2);
    assert!(told.contains("here is no registration") && told.contains("--end-all"), "{told}");
    assert_eq!(states(&site), of(&[("files", "no_file")]));
    site.run(&["client", "apply", "--end-all"]).ok();
    assert_eq!(states(&site), of(&[]));
}

#[tokio::test]
async fn a_demo_secret_is_refused_wherever_it_is() {
    let mut site = Site::ready();
    register(&site, "files", "");
    site.serve();
    let demo =
        format!("client_id = 'm2m'\ngrant_types = ['client_credentials']\nclient_secret = '{DEMO_SECRET}'\n");
    let file = site.register("m2m.toml", &demo);
    let told = site.run(&["client", "apply"]).refused(2);
    assert!(told.contains("m2m.toml:3: client_secret of client `m2m`: this is the demo's"), "{told}");
    let key = "client_id = 'key'\nredirect_uris = ['https://key.example.be/cb']\n\
               token_endpoint_auth_method = 'private_key_jwt'\njwks = { keys = [{ kty = 'EC', crv = 'P-256', \
               kid = 'cardea-demo-pkj', x = 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', \
               y = '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' }] }\n";
    site.register("m2m.toml", key);
    let told = site.run(&["client", "apply"]).refused(2);
    assert!(told.contains("m2m.toml:4: jwks of client `key`: this is the demo's"), "{told}");
    site.stop();
    std::fs::remove_file(file).unwrap();

    let hex = |secret: &str| digest::hex(&digest::sha256(secret.as_bytes()));
    let (own, demo) = (hex(SECRET), hex(DEMO_SECRET));
    site.sql(&format!("UPDATE client SET registration = replace(registration, '{own}', '{demo}')")).await;
    let told = site.run(&["serve"]).refused(2);
    assert!(
        told.contains("register of clients: client_secret of client `files`: this is the demo's"),
        "{told}"
    );
    assert!(site.run(&["check"]).out.contains("this is the demo's"));
    // What is in order again starts again.
    site.run(&["client", "apply"]).ok();
    site.serve();
}

#[test]
fn registrations_keep_to_the_algorithms_of_the_installation() {
    let mut site = Site::ready();
    register(&site, "files", "id_token_signed_response_alg = 'RS256'\n");
    site.serve();
    site.stop();
    site.set("tokens", "algorithms", "['ES256', 'PS256']");
    for command in [&["serve"][..], &["check"], &["client", "apply"]] {
        let told = site.run(command).refused(2);
        let place = "files.toml:4: id_token_signed_response_alg of client `files`: RS256 is not among";
        assert!(told.contains(place), "{command:?}: {told}");
    }
    register(&site, "files", "id_token_signed_response_alg = 'PS256'\n");
    let told = site.run(&["serve"]).refused(2);
    assert!(
        told.contains("register of clients: id_token_signed_response_alg of client `files`: RS256"),
        "{told}"
    );
    site.run(&["client", "apply"]).ok();
    site.serve();
    site.stop();
    site.set("tokens", "algorithms", "['ES256', 'none']");
    let told = site.run(&["serve"]).refused(2);
    assert!(told.contains("tokens.algorithms: unknown variant `none`"), "{told}");
}
