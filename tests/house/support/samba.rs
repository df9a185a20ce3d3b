//! A real domain controller (Samba) of a test's own: the provisioned domain is made once and copied, and each copy
//! answers on an address of its own in 127.0.0.0/8. Copies of one domain stand for its several controllers.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use cardea::config::{Config, DirectoryConfig};
use cardea::kernel::digest::sha256;
use cardea::kernel::language::Language;
use cardea::kernel::secret::Secret;
use rustix::process::Signal;
use tempfile::TempDir;

use super::children::{Running, bound, run, within};
use super::servers::skipped;

const SCRIPT: &str = include_str!("../../scripts/samba-ad.sh");
const READY_WITHIN: Duration = Duration::from_mins(1);
const LDAPS: u16 = 636;

/// A running controller; it ends with this value.
pub struct SambaAd {
    address: Ipv4Addr,
    folder: TempDir,
    running: Option<Running>,
}

impl SambaAd {
    /// `None` where this machine cannot run one, which is counted as a skip.
    pub fn start() -> Option<Self> {
        if let Some(why) = missing() {
            skipped(why);
            return None;
        }
        let template = template();
        // Beside the template, so that the copy shares its disk.
        let folder = tempfile::Builder::new().prefix("dc-").tempdir_in(template.parent().unwrap()).unwrap();
        shell(Command::new("cp").arg("-a").arg(template.join(".")).arg(folder.path()));
        let mut controller = Self { address: own_address(), folder, running: None };
        controller.certify();
        controller.configure();
        controller.come_back();
        Some(controller)
    }

    /// Another controller of the same domain: the same people with the same keys, on another address. Nothing is
    /// replicated: what is written at one is not at the other.
    pub fn another() -> Self {
        Self::start().expect("one runs already")
    }

    pub fn url(&self) -> String {
        format!("ldaps://{}", self.address)
    }

    /// Where it answers.
    pub fn socket(&self) -> SocketAddr {
        SocketAddr::from((self.address, LDAPS))
    }

    pub fn starttls_url(&self) -> String {
        format!("ldap://{}", self.address)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Uses it as the directory `ad`.
    pub fn directory(&self, config: &mut Config) {
        let directory = config.directory.get_mut("ad").unwrap();
        self.describe(directory);
    }

    fn describe(&self, directory: &mut DirectoryConfig) {
        directory.controllers = vec![self.url()];
        directory.ca = Some(self.file("tls/ca.pem"));
        directory.bind_name = Some("svc@ad.test".to_owned());
        directory.bind_password = Some(Secret::new("Svc.Passw0rd1".to_owned()));
        "OU=Staff,DC=ad,DC=test".clone_into(&mut directory.base);
        directory.language = Language::En;
        directory.desk_groups = vec!["CN=Desk,CN=Users,DC=ad,DC=test".to_owned()];
        // A busy machine answers late.
        directory.connect_time = Duration::from_secs(10);
        directory.answer_time = Duration::from_secs(10);
    }

    /// Kills it without a warning.
    pub fn kill(&mut self) {
        self.running = None;
    }

    pub fn come_back(&mut self) {
        let log = self.file("samba.log");
        let out = fs::File::create(&log).unwrap();
        let mut command = bound("samba");
        command.args(["-i", "-M", "single", "-s"]).arg(self.file("test.conf"));
        command.stdin(std::process::Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        let mut running = Running::start(command);
        let at = SocketAddr::from((self.address, LDAPS));
        let answers = || TcpStream::connect_timeout(&at, Duration::from_secs(1)).is_ok();
        let ready = within(READY_WITHIN, || running.has_ended() || answers());
        let log = || fs::read_to_string(&log).unwrap_or_default();
        assert!(ready && !running.has_ended(), "Samba did not start:\n{}", log());
        self.running = Some(running);
    }

    /// Runs samba-tool on the database itself.
    pub fn tool(&self, arguments: &[&str]) -> String {
        let mut command = bound("samba-tool");
        command.args(arguments).arg("-H").arg(self.file("private/sam.ldb"));
        command.arg(format!("--configfile={}", self.file("test.conf").display()));
        run(command, "").ok()
    }

    /// An attribute of a person, as the database has it.
    pub fn attribute(&self, name: &str, attribute: &str) -> Option<String> {
        let told = self.tool(&["user", "show", name, &format!("--attributes={attribute}")]);
        told.lines().find_map(|line| line.strip_prefix(&format!("{attribute}: ")).map(str::to_owned))
    }

    /// Wrong passwords as it counts them.
    pub fn bad_passwords(&self, name: &str) -> u32 {
        self.attribute(name, "badPwdCount").map_or(0, |count| count.parse().unwrap())
    }

    /// Tries a name and a password as any other program would; the answer's text where it is refused.
    pub fn bind(&self, name: &str, password: &str) -> Result<(), String> {
        let mut command = bound("ldapsearch");
        command.env("LDAPTLS_CACERT", self.file("tls/ca.pem")).args(["-LLL", "-x", "-H", &self.url()]);
        command.args([
            "-D",
            &format!("{name}@ad.test"),
            "-w",
            password,
            "-s",
            "base",
            "-b",
            "",
            "dnsHostName",
        ]);
        let ran = run(command, "");
        if ran.code == 0 { Ok(()) } else { Err(ran.err) }
    }

    fn certify(&self) {
        let tls = self.folder.path().join("tls");
        let names =
            format!("subjectAltName=DNS:dc1.ad.test,IP:{}\nextendedKeyUsage=serverAuth", self.address);
        fs::write(tls.join("names"), names).unwrap();
        let mut sign = Command::new("openssl");
        sign.args([
            "x509",
            "-req",
            "-in",
            "request.pem",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
        ]);
        sign.args(["-days", "3650", "-out", "cert.pem", "-extfile", "names"]).current_dir(&tls);
        shell(&mut sign);
    }

    fn configure(&self) {
        let dir = self.folder.path().display();
        for name in ["run", "cache", "lock"] {
            fs::create_dir_all(self.file(name)).unwrap();
        }
        let address = self.address;
        let conf = format!(
            "[global]\n\
             netbios name = DC1\nrealm = AD.TEST\nworkgroup = ADTEST\n\
             server role = active directory domain controller\n\
             interfaces = {address}/8\nbind interfaces only = yes\n\
             server services = ldap\ndcerpc endpoint servers = -rpcecho\ndisable netbios = yes\n\
             dns update command = /bin/true\n\
             ldap server require strong auth = allow_sasl_over_tls\n\
             old password allowed period = 0\n\
             private dir = {dir}/private\nstate directory = {dir}/state\ncache directory = {dir}/cache\n\
             lock directory = {dir}/lock\npid directory = {dir}/run\nncalrpc dir = {dir}/run/ncalrpc\n\
             binddns dir = {dir}/bind-dns\nwinbindd socket directory = {dir}/run/winbindd\n\
             ntp signd socket directory = {dir}/run/ntp_signd\nlog file = {dir}/run/log.%m\n\
             tls keyfile = {dir}/tls/key.pem\ntls certfile = {dir}/tls/cert.pem\ntls cafile = {dir}/tls/ca.pem\n"
        );
        fs::write(self.file("test.conf"), conf).unwrap();
        fs::set_permissions(self.file("tls/key.pem"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
    }
}

impl Drop for SambaAd {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take()
            && !running.has_ended()
        {
            running.signal(Signal::TERM);
            running.ended(Duration::from_secs(5));
        }
    }
}

fn missing() -> Option<&'static str> {
    if !rustix::process::geteuid().is_root() {
        return Some("a domain controller needs root: its ports are below 1024");
    }
    let has = |program: &str| {
        ["/usr/sbin", "/usr/bin"].iter().any(|folder| Path::new(folder).join(program).exists())
    };
    let all = ["samba", "samba-tool", "ldapsearch", "faketime", "openssl"].into_iter().all(has);
    (!all).then_some("Samba (samba-ad-dc), ldap-utils or faketime is not installed")
}

/// The provisioned domain, made by the first who needs it and kept for as long as its script stays the same.
fn template() -> PathBuf {
    let digest = data_encoding::HEXLOWER.encode(&sha256(SCRIPT.as_bytes())[..6]);
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(place).unwrap();
    let lock = fs::File::create(place.join("samba-ad.lock")).unwrap();
    lock.lock().unwrap();
    let template = place.join(format!("samba-ad-{digest}"));
    if !template.join("provisioned").exists() {
        let _ = fs::remove_dir_all(&template);
        let script = place.join(format!("samba-ad-{digest}.sh"));
        fs::write(&script, SCRIPT).unwrap();
        let made = Command::new("bash").arg(&script).arg(&template).output().unwrap();
        let told = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "the domain was not provisioned:\n{told}");
    }
    template
}

fn shell(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An address that no other test of this machine has at this moment.
fn own_address() -> Ipv4Addr {
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let [high, low] = NEXT.fetch_add(1, Ordering::SeqCst).to_be_bytes();
    let [.., process_high, process_low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, 100 + process_high % 100, process_low, (high ^ low).clamp(1, 254))
}
