//! Registering a client while the service runs.

use cardea::app::open::Opened;
use cardea::config::clients::{self, ClientConfig};
use cardea::event::Origin;
use serde_json::{Value, json};

/// Puts a client beside the others, or in the place of the one of its id.
pub async fn register(opened: &Opened, origin: &Origin, client: &Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client.json");
    std::fs::write(&file, json!([client]).to_string()).unwrap();
    let members = clients::from_json_file(&file).unwrap()[0].members();
    let client = clients::from_register(&Value::Object(members).to_string()).unwrap();
    let others = opened.clients.all().filter(|other| other.client_id != client.client_id);
    let mut wanted: Vec<ClientConfig> = others.map(|other| ClientConfig::clone(&other)).collect();
    wanted.push(client);
    let plan = opened.register.plan(&wanted).await.unwrap();
    opened.register.apply(origin, &plan, &wanted).await.unwrap();
}
