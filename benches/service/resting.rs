//! What the program needs when nobody asks it: the time to start on data that is there, and its memory.

use std::path::Path;
use std::time::Duration;

use crate::node::{Folder, Node};
use crate::{Failure, machine};

/// When the memory of a rested server is looked at.
const RESTED_AFTER: Duration = Duration::from_secs(10);
const STARTS: usize = 5;

pub struct Resting {
    pub resident_mib: f64,
    /// Of several starts, in milliseconds, the fastest first.
    pub starts_ms: Vec<f64>,
}

pub async fn measure(program: &Path, folder: &Folder) -> Result<Resting, Failure> {
    let data = folder.file("resting");
    // The first start makes the data.
    let node = Node::demo(program, &data, &[]).await?;
    tokio::time::sleep(RESTED_AFTER).await;
    let resident_mib = machine::resident_mib(node.id())?;
    node.stop().await?;
    let mut starts_ms = vec![];
    for _ in 0..STARTS {
        let node = Node::demo(program, &data, &[]).await?;
        starts_ms.push(node.ready_after.as_secs_f64() * 1000.0);
        node.stop().await?;
    }
    starts_ms.sort_by(f64::total_cmp);
    Ok(Resting { resident_mib, starts_ms })
}
