//! How clients and plans are shown to a person; `--json` shows the same values.

use serde_json::{Value, json};

use crate::cli::operator::{ClientDetail, ClientShown};
use crate::cli::output;
use crate::config::clients::GrantType;
use crate::oidc::{Change, ChangeKind, MemberChange, Plan};

pub fn list(clients: &[ClientShown], files: Option<&str>, json: bool) {
    if json {
        return output::json(&json!({ "clients": clients, "files": files }));
    }
    let head = ["client", "method", "grants", "state", "name"].map(str::to_owned).to_vec();
    let row = |client: &ClientShown| {
        let grants: Vec<&str> = client.grant_types.iter().copied().map(GrantType::name).collect();
        vec![
            client.client_id.clone(),
            client.token_endpoint_auth_method.name().to_owned(),
            or_dash(grants.join(",")),
            client.state.in_words().to_owned(),
            client.client_name.clone(),
        ]
    };
    output::table(&std::iter::once(head).chain(clients.iter().map(row)).collect::<Vec<_>>());
    for client in clients {
        if let Some(until) = &client.two_secrets_until {
            output::line(&format!("! {}: its secret of before counts too, until {until}", client.client_id));
        }
    }
    if let Some(error) = files {
        output::line(&format!("! the files of clients cannot be read: {error}"));
    }
}

pub fn one(client: &ClientDetail, json: bool) {
    if json {
        return output::json(client);
    }
    let mut rows: Vec<(String, String)> =
        client.members.iter().map(|(name, value)| (name.clone(), in_words(value))).collect();
    rows.push(("has_secret".to_owned(), in_words(&client.has_secret.into())));
    rows.push(("state".to_owned(), client.state.in_words().to_owned()));
    if let Some(until) = &client.two_secrets_until {
        rows.push(("secret of before".to_owned(), format!("counts too, until {until}")));
    }
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, text)| vec![name, text]).collect();
    output::table(&rows);
    client.changes.iter().for_each(member);
}

pub fn plan(plan: &Plan, applied: bool, json: bool) {
    if json {
        return output::json(&json!({ "changes": plan.changes, "applied": applied }));
    }
    if plan.is_empty() {
        return output::line("the register is what the files say");
    }
    plan.changes.iter().for_each(change);
    let count = |kind| plan.changes.iter().filter(|change| change.kind == kind).count();
    let counts = format!(
        "{} added, {} changed, {} ended",
        count(ChangeKind::Added),
        count(ChangeKind::Changed),
        count(ChangeKind::Ended)
    );
    output::line(&if applied {
        format!("applied: {counts}")
    } else {
        format!("not applied: {counts}; `cardea client apply` applies it")
    });
}

fn change(change: &Change) {
    let id = &change.client_id;
    output::line(&match change.kind {
        ChangeKind::Added => format!("+ {id} is added"),
        ChangeKind::Changed => format!("~ {id} is changed"),
        ChangeKind::Ended => format!("- {id} is ended, with all that it was given"),
    });
    change.members.iter().for_each(member);
}

fn member(change: &MemberChange) {
    let side = |value: Option<&Value>| value.map_or_else(|| "(none)".to_owned(), in_words);
    let (before, after) = (side(change.before.as_ref()), side(change.after.as_ref()));
    output::line(&format!("    {}: {before} → {after}", change.member));
    if let Some(warning) = &change.warning {
        output::line(&format!("  ! {warning}"));
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => or_dash(text.clone()),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            or_dash(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}
