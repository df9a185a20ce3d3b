//! `make bench-breach`: what the file of breached passwords costs, at the size of a real list.
//!
//! The list is generated and goes through a pipe, so that it takes no disk; whoever builds is a process of its own, whose
//! memory the system tells. The look-ups are those of the service, block by block with their sums.
#![expect(clippy::print_stdout, reason = "its figures are what it is for")]

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use cardea::directory::breach::{BreachFilter, build};
use cardea::kernel::entropy::Entropy;
use clap::{Parser, Subcommand};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Of the entries that are looked up one by one for the figure of warm look-ups.
const LOOK_UPS: usize = 1_000_000;
/// Sizes that nobody waits for here: what they come to is reckoned and said to be.
const PROJECTED: [u64; 2] = [1_000_000_000, 2_000_000_000];
const HASH_BYTES: usize = 20;

#[derive(Parser)]
struct Options {
    /// Hashes in the list.
    #[arg(long, default_value_t = 50_000_000)]
    entries: u64,
    /// Passwords that are on no list.
    #[arg(long, default_value_t = 20_000_000)]
    strangers: u64,
    /// Where the file and what it is made of go; a real disk.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/target"))]
    folder: PathBuf,
    /// Cargo says that this is a benchmark; we know.
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    command: Option<Step>,
}

#[derive(Subcommand)]
enum Step {
    /// Builds from standard input; started by the measurement itself.
    #[command(hide = true)]
    Build { output: PathBuf },
}

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.command {
        Some(Step::Build { output }) => made(output),
        None => measure(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn made(output: &Path) -> Result<(), Failure> {
    build::build(&["-".into()], output, &mut |_| {})?;
    // The system forgets how much a process had when it is gone.
    println!("{}", peak_kib()?);
    Ok(())
}

fn peak_kib() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn measure(options: &Options) -> Result<(), Failure> {
    let output = options.folder.join("bench-breach.filter");
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["build".as_ref(), output.as_os_str()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    feed(&mut child, options.entries)?;
    let built = child.wait_with_output()?;
    if !built.status.success() {
        return Err("the build failed".into());
    }
    let peak_mib = String::from_utf8(built.stdout)?.trim().parse::<u64>()?.div_ceil(1024);
    println!("built in {:.0?}, at most {peak_mib} MiB resident (shall be below 1,024)", started.elapsed());
    let result = look(options, &output);
    std::fs::remove_file(&output)?;
    result
}

/// Writes the list in the order of chance.
fn feed(child: &mut Child, entries: u64) -> Result<(), Failure> {
    let mut pipe = BufWriter::with_capacity(1 << 20, child.stdin.take().ok_or("no pipe")?);
    let mut hashes = hashes(1);
    for _ in 0..entries {
        let line = data_encoding::HEXUPPER.encode(&hashes());
        pipe.write_all(line.as_bytes())?;
        pipe.write_all(b":1\n")?;
    }
    Ok(pipe.flush()?)
}

/// Hashes of a seed, drawn in large pieces.
fn hashes(seed: u64) -> impl FnMut() -> [u8; HASH_BYTES] {
    let entropy = Entropy::seeded(seed);
    let (mut piece, mut at) = (vec![0; HASH_BYTES * 4096], HASH_BYTES * 4096);
    move || {
        if at == piece.len() {
            entropy.fill(&mut piece);
            at = 0;
        }
        let hash = piece.get(at..at + HASH_BYTES).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        at += HASH_BYTES;
        hash
    }
}

fn key(hash: [u8; HASH_BYTES]) -> u64 {
    hash.first_chunk::<8>().copied().map_or(0, u64::from_be_bytes)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn look(options: &Options, output: &Path) -> Result<(), Failure> {
    let started = Instant::now();
    let filter = BreachFilter::open(output)?;
    let each = filter.bytes() as f64 / filter.entries() as f64;
    println!("opened, every byte compared, in {:.0?}: {} shards", started.elapsed(), filter.shards());
    println!(
        "{} entries in {} bytes: {each:.4} each (shall be at most 1.25)",
        filter.entries(),
        filter.bytes()
    );
    let mut listed = hashes(1);
    for number in 0..options.entries {
        if !filter.may_hold(key(listed()))? {
            return Err(format!("entry {number} is taken for an unknown one").into());
        }
    }
    println!("every entry was found again");
    let mut strangers = hashes(2);
    let mut taken: u64 = 0;
    for _ in 0..options.strangers {
        taken += u64::from(filter.may_hold(key(strangers()))?);
    }
    let share = taken as f64 / options.strangers as f64 * 100.0;
    println!(
        "{taken} of {} strangers taken for known: {share:.4} % (shall be at most 0.4)",
        options.strangers
    );
    let mut spans = vec![];
    for _ in 0..LOOK_UPS {
        let key = key(strangers());
        let asked = Instant::now();
        let known = filter.may_hold(key)?;
        spans.push(asked.elapsed());
        std::hint::black_box(known);
    }
    spans.sort_unstable();
    let mean: Duration = spans.iter().sum::<Duration>() / u32::try_from(spans.len())?;
    let at = |share: usize| spans.get(spans.len() * share / 1000).copied().unwrap_or_default();
    println!(
        "a warm look-up: mean {mean:.2?}, median {:.2?}, 99 % within {:.2?} (shall be at most 10 µs)",
        at(500),
        at(990)
    );
    for entries in PROJECTED {
        println!("projected, not measured: {entries} entries, {:.2} GB", entries as f64 * each / 1e9);
    }
    Ok(())
}
