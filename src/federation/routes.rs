//! The one door of the slice itself: our keys. Where browsers come back belongs to the journeys that sent them.

use super::service::Federation;
use crate::kernel::time::Moment;
use crate::web::document::Document;
use crate::web::route::Routes;

pub fn routes(federation: &Federation) -> Routes {
    Routes::default().document("/federation/jwks", keys).with_state(federation)
}

async fn keys(federation: Federation, now: Moment) -> Document {
    federation.published_keys(now).await.published().clone()
}
