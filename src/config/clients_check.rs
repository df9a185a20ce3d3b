//! The rules of registrations beyond the form: secrets in overlap, keys, what all of them together keep to,
//! and that the register keeps every member.

use std::path::Path;

use serde_json::json;

use super::algorithms::Algorithms;
use super::clients::{
    AuthMethod, ClientConfig, ResponseType, SigningAlg, ensure_sound, from_folder, from_json_file,
    from_register, from_text,
};
use super::fields;
use super::registration::Registration;
use crate::kernel::time::Moment;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OLDER: &str = "fedcba9876543210fedcba9876543210";
/// A P-256 key of RFC 7517 appendix A.1.
const KEYS: &str = "jwks = { keys = [{ kty = 'EC', crv = 'P-256', \
    x = 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y = '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' }] }";

fn read(text: &str) -> Result<ClientConfig, String> {
    from_text(text, Path::new("clients/web.toml")).map_err(|error| error.to_string())
}

fn client(text: &str) -> ClientConfig {
    read(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn all() -> Algorithms {
    serde_json::from_value(json!(["ES256", "EdDSA", "PS256", "RS256"])).unwrap()
}

#[test]
fn the_secret_of_before_counts_until_its_moment() {
    let client = client(&format!(
        "client_id = 'a'\nredirect_uris = ['https://a.be/']\nclient_secret = '{SECRET}'\n\
         previous_client_secret = '{OLDER}'\nprevious_client_secret_until = '2027-01-15T08:00:00Z'\n"
    ));
    let until = Moment::from_unix_seconds(1_800_000_000);
    let (before, after) = (Moment::from_micros(until.micros() - 1), Moment::from_micros(until.micros() + 1));
    for (now, older_counts) in [(before, true), (until, false), (after, false)] {
        assert!(client.secret_matches(SECRET, now));
        assert_eq!(client.secret_matches(OLDER, now), older_counts, "{}", now.iso());
        assert!(!client.secret_matches("", now) && !client.secret_matches(&SECRET.to_uppercase(), now));
    }
    assert!(client.holds(OLDER) && client.holds(SECRET) && !client.holds("x"));
}

#[test]
fn members_that_do_not_fit_are_refused_with_their_line() {
    let secret = format!("client_id = 'a'\nredirect_uris = ['https://a.be/']\nclient_secret = '{SECRET}'\n");
    let key = format!(
        "client_id = 'a'\nredirect_uris = ['https://a.be/']\ntoken_endpoint_auth_method = 'private_key_jwt'\n{KEYS}\n"
    );
    let until = "previous_client_secret_until = '2027-01-15T08:00:00Z'";
    let table = [
        (
            &secret,
            format!("previous_client_secret = '{OLDER}'"),
            ": previous_client_secret_until: says until when",
        ),
        (&secret, until.to_owned(), ": previous_client_secret: is missing beside"),
        (
            &secret,
            format!("{until}\nprevious_client_secret = 'short'"),
            ":5: previous_client_secret: must have at least 32",
        ),
        (
            &secret,
            format!("previous_client_secret = '{OLDER}'\nprevious_client_secret_until = 'tomorrow'"),
            ":5: previous_client_secret_until: must be a moment such as",
        ),
        (
            &key,
            format!("{until}\nprevious_client_secret = '{OLDER}'"),
            ":6: previous_client_secret: private_key_jwt uses none",
        ),
        // A digest would say nothing of the secret's length.
        (
            &"client_id = 'a'\nredirect_uris = ['https://a.be/']\n".to_owned(),
            format!("client_secret = {{ sha256 = '{}' }}", "0".repeat(64)),
            ":3: client_secret: comes as a text, from",
        ),
        (
            &key,
            "token_endpoint_auth_signing_alg = 'EdDSA'".to_owned(),
            ":5: token_endpoint_auth_signing_alg: none of the keys can be used with EdDSA",
        ),
        (
            &key,
            "token_endpoint_auth_signing_alg = 'HS256'".to_owned(),
            ":5: token_endpoint_auth_signing_alg: unknown variant `HS256`",
        ),
        (
            &secret,
            "id_token_signed_response_alg = 'none'".to_owned(),
            ":4: id_token_signed_response_alg: unknown variant `none`",
        ),
        (
            &secret,
            "access_token_signed_response_alg = 'HS512'".to_owned(),
            ":4: access_token_signed_response_alg: unknown variant",
        ),
        (&secret, "refresh_token_life = '10s'".to_owned(), ":4: refresh_token_life: must be a span"),
        (&secret, "refresh_token_life = '2 years'".to_owned(), ":4: refresh_token_life: must be a span"),
        (&secret, "owners = ['els', 'a b']".to_owned(), ":4: owners: must be words"),
        (&secret, "owners = ['CHANCELLERY\\']".to_owned(), ":4: owners: `CHANCELLERY\\` is no name"),
        (&secret, "pinned_keys = ['']".to_owned(), ":4: pinned_keys: must be words"),
        (&secret, "audiences = ['a b']".to_owned(), ":4: audiences: must be words"),
        (
            &secret,
            "jwks = { keys = [{ kty = 'oct', k = 'AA' }] }".to_owned(),
            ":4: jwks: a key has the private member `k`",
        ),
        (
            &secret,
            "post_logout_redirect_uris = ['myapp://bye']".to_owned(),
            ":4: post_logout_redirect_uris: `myapp://bye` must begin",
        ),
        (
            &secret,
            "home_uri = 'javascript:alert(1)'".to_owned(),
            ":4: home_uri: `javascript:alert(1)` must begin",
        ),
    ];
    for (start, line, expected) in table {
        let text = format!("{start}{line}\n");
        let refusal = read(&text).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert!(refusal.contains(expected), "{text}\n gave: {refusal}\n not: {expected}");
        assert!(!refusal.contains(OLDER), "{refusal}");
    }
    client(&format!("{key}token_endpoint_auth_signing_alg = 'ES256'\n"));
}

#[test]
fn a_resource_server_needs_neither_grants_nor_addresses() {
    let server =
        client(&format!("client_id = 'rs'\nclient_secret = '{SECRET}'\ngrant_types = []\nscope = ''\n"));
    assert!(server.grant_types.is_empty() && server.redirect_uris.is_empty());
    assert!(server.response_types.is_empty() && server.scope.is_empty());
}

#[test]
fn all_registrations_together_name_each_other_and_keep_to_the_algorithms() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let rs = format!("client_id = 'rs'\nclient_secret = '{SECRET}'\ngrant_types = []\n");
    let web = "token_endpoint_auth_method = 'none'\nclient_id = 'web'\nredirect_uris = ['https://a.be/']\n";
    let sound = |algorithms: &[&str]| {
        let algorithms = serde_json::from_value(json!(algorithms)).unwrap();
        ensure_sound(&from_folder(folder.path()).unwrap(), algorithms).map_err(|error| error.to_string())
    };
    let every = ["ES256", "EdDSA", "PS256", "RS256"];
    write("web.toml", &format!("{web}audiences = ['rs', 'web']\n"));
    let refusal = sound(&every).unwrap_err();
    assert!(
        refusal.contains("web.toml:4: audiences of client `web`: `rs` is no registered client"),
        "{refusal}"
    );
    write("rs.toml", &rs);
    sound(&every).unwrap();

    // What is not said is ES256: then the line is that of the client's id.
    let refusal = sound(&["EdDSA", "PS256"]).unwrap_err();
    assert!(
        refusal.contains("rs.toml:1: id_token_signed_response_alg of client `rs`: ES256 is not"),
        "{refusal}"
    );
    write("rs.toml", &format!("{rs}access_token_signed_response_alg = 'RS256'\n"));
    let refusal = sound(&["ES256", "PS256"]).unwrap_err();
    assert!(
        refusal.contains("rs.toml:4: access_token_signed_response_alg of client `rs`: RS256 is not among [tokens] algorithms (ES256, PS256)"),
        "{refusal}"
    );
    write("rs.toml", &rs);

    let key = format!(
        "client_id = 'key'\nredirect_uris = ['https://a.be/']\ntoken_endpoint_auth_method = 'private_key_jwt'\n\
         id_token_signed_response_alg = 'EdDSA'\naccess_token_signed_response_alg = 'EdDSA'\n{KEYS}\n"
    );
    let only = tempfile::tempdir().unwrap();
    std::fs::write(only.path().join("key.toml"), &key).unwrap();
    let keys = from_folder(only.path()).unwrap();
    let algorithms: Algorithms = serde_json::from_value(json!(["EdDSA"])).unwrap();
    let refusal = ensure_sound(&keys, algorithms).unwrap_err().to_string();
    assert!(refusal.contains("key.toml:6: jwks of client `key`: a key can be used with ES256"), "{refusal}");
}

#[test]
fn the_line_of_a_client_in_a_json_array_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("more.json");
    let text = "[\n{ \"client_id\": \"a\", \"token_endpoint_auth_method\": \"none\", \"redirect_uris\": [\"https://a.be/\"] },\n\
                { \"client_id\": \"b\", \"token_endpoint_auth_method\": \"none\", \"redirect_uris\": [\"https://a.be/\"],\n\
                \"audiences\": [\"nobody\"] }\n]";
    std::fs::write(&file, text).unwrap();
    let refusal = ensure_sound(&from_json_file(&file).unwrap(), all()).unwrap_err().to_string();
    assert!(refusal.contains("more.json:4: audiences of client `b`: `nobody` is no"), "{refusal}");
}

#[test]
fn algorithms_are_a_choice_without_doubles() {
    let read = |list| serde_json::from_value::<Algorithms>(list).map_err(|error| error.to_string());
    let chosen = read(json!(["PS256", "ES256"])).unwrap();
    assert_eq!(chosen.iter().collect::<Vec<_>>(), [SigningAlg::Ps256, SigningAlg::Es256]);
    assert!(chosen.has(SigningAlg::Es256) && !chosen.has(SigningAlg::Rs256));
    for (list, expected) in [
        (json!([]), "at least one"),
        (json!(["ES256", "ES256"]), "ES256 is named twice"),
        (json!(["ES256", "EdDSA", "PS256", "RS256", "ES256"]), "ES256 is named twice"),
        (json!(["HS256"]), "unknown variant `HS256`"),
        (json!(["none"]), "unknown variant `none`"),
    ] {
        assert!(read(list.clone()).is_err_and(|error| error.contains(expected)), "{list}");
    }
}

#[test]
fn the_register_keeps_every_member_and_no_secret() {
    let whole = client(&format!(
        "client_id = 'files'\nclient_name = 'Files'\n'client_name#nl' = 'Bestanden'\n'client_name#fr' = 'Fichiers'\n\
         'client_name#de' = 'Dateien'\n'client_name#en' = 'Files!'\ndescription = 'All'\n\
         'description#nl' = 'Alle'\n'description#fr' = 'Tous'\n'description#de' = 'Alles'\n'description#en' = 'All!'\n\
         client_secret = '{SECRET}'\nprevious_client_secret = '{OLDER}'\n\
         previous_client_secret_until = '2027-01-15T08:00:00.123456Z'\n\
         token_endpoint_auth_method = 'client_secret_post'\nredirect_uris = ['https://a.be/']\n\
         post_logout_redirect_uris = ['https://a.be/bye']\ngrant_types = ['authorization_code', 'refresh_token']\n\
         response_types = ['code']\nscope = 'openid email'\n{KEYS}\nid_token_signed_response_alg = 'PS256'\n\
         access_token_signed_response_alg = 'RS256'\ntoken_endpoint_auth_signing_alg = 'ES256'\n\
         pinned_keys = ['k1']\naudiences = ['rs']\nrefresh_token_life = '90m'\ndefault_max_age = 900\n\
         owners = ['els']\ntrusted = true\nimmediate = true\nhome_uri = 'https://a.be/home'\n"
    ));
    let members = whole.members();
    for member in fields::names::<Registration>() {
        assert!(members.contains_key(*member), "{member} is not kept, or is not in this test");
    }
    let kept = serde_json::to_string(&members).unwrap();
    assert!(!kept.contains(SECRET) && !kept.contains(OLDER), "{kept}");
    let read = from_register(&kept).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.members(), members);
    let now = Moment::from_unix_seconds(1_800_000_000);
    assert!(read.secret_matches(SECRET, now) && read.secret_matches(OLDER, now));
    assert_eq!(read.token_endpoint_auth_method, AuthMethod::ClientSecretPost);
    assert_eq!(read.response_types, [ResponseType::Code]);

    let small =
        client("client_id = 'spa'\ntoken_endpoint_auth_method = 'none'\nredirect_uris = ['https://a.be/']\n");
    let kept = serde_json::to_string(&small.members()).unwrap();
    assert_eq!(from_register(&kept).map(|read| read.members()), Ok(small.members()));
}

#[test]
fn a_row_that_breaks_a_rule_is_no_registration() {
    for row in [
        "",
        "{}",
        "{\"client_id\": \"a\", \"token_endpoint_auth_method\": \"none\", \"redirect_uris\": [\"http://a.be/\"]}",
        "{\"client_id\": \"a\", \"client_secret\": {\"sha256\": \"00\"}, \"grant_types\": []}",
        "{\"client_id\": \"a\", \"client_secret\": {\"sha256\": 7}, \"grant_types\": []}",
    ] {
        assert!(from_register(row).is_err(), "{row}");
    }
}
