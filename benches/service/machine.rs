//! What the operating system says of the machine and of processes. Source: proc(5).

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Failure;

/// The unit of processor time in `/proc`: the kernel shows hundredths of a second on every machine that
/// Linux runs on today, whatever its own clock does. Source: `proc_pid_stat(5)`, `time(7)`.
const TICK: Duration = Duration::from_millis(10);

/// Processors that this process may use, and with it every process that it starts.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Processor time that a process used so far, in its own code and in the kernel, over all its threads.
pub fn processor_time(process: u32) -> Result<Duration, Failure> {
    let path = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    // The name in the second field may hold spaces; it ends with the last bracket.
    let (_, fields) = text.rsplit_once(')').ok_or("a process without a name")?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|field| field.parse::<u32>().ok()).ok_or("no processor time");
    Ok(TICK * (ticks()? + ticks()?))
}

pub fn own_processor_time() -> Result<Duration, Failure> {
    processor_time(std::process::id())
}

/// Memory of a process that is in the machine at this moment, in MiB.
pub fn resident_mib(process: u32) -> Result<f64, Failure> {
    let path = format!("/proc/{process}/status");
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kib.ok_or("no resident memory")? / 1024.0)
}

/// What the figures were seen on.
pub fn description() -> Value {
    let first_of = |path: &str, name: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map_or("unknown", |(_, value)| value.trim()).to_owned()
    };
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!({
        "processors": processors(),
        "processor": first_of("/proc/cpuinfo", "model name"),
        "memory": first_of("/proc/meminfo", "MemTotal"),
        "kernel": kernel.trim(),
        // Above zero before the run: somebody else is at work here, and the wall times are worth less.
        "load_before": load.split(' ').next().unwrap_or_default(),
    })
}
