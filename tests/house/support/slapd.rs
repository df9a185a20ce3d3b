//! A real `OpenLDAP` server with its password policy, of a test's own.

use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use cardea::config::Config;
use cardea::kernel::secret::Secret;
use tempfile::TempDir;

use super::children::{Running, bound, free_port, run, within};
use super::servers::skipped;

const SLAPD: &str = "/usr/sbin/slapd";
const READY_WITHIN: Duration = Duration::from_secs(30);

/// A running server; it ends with this value.
pub struct Slapd {
    port: u16,
    folder: TempDir,
    _running: Running,
}

impl Slapd {
    /// `None` where it is not installed, which is counted as a skip.
    pub fn start() -> Option<Self> {
        if !std::path::Path::new(SLAPD).exists() {
            skipped("OpenLDAP (slapd) is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().display().to_string();
        fs::create_dir(folder.path().join("db")).unwrap();
        certify(&dir);
        fs::write(folder.path().join("slapd.conf"), CONF.replace("DIR", &dir)).unwrap();
        fs::write(folder.path().join("people.ldif"), PEOPLE).unwrap();
        let mut load = Command::new("/usr/sbin/slapadd");
        load.args(["-f", &format!("{dir}/slapd.conf"), "-l", &format!("{dir}/people.ldif")]);
        shell(&mut load);
        let port = free_port();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut command = bound(SLAPD);
        command.args([
            "-d",
            "0",
            "-f",
            &format!("{dir}/slapd.conf"),
            "-h",
            &format!("ldaps://127.0.0.1:{port}"),
        ]);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut running = Running::start(command);
        let ready =
            within(READY_WITHIN, || running.has_ended() || TcpStream::connect(("127.0.0.1", port)).is_ok());
        let log = fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(ready && !running.has_ended(), "slapd did not start:\n{log}");
        Some(Self { port, folder, _running: running })
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Uses it as the directory `ldap`.
    pub fn directory(&self, config: &mut Config) {
        let directory = config.directory.get_mut("ldap").unwrap();
        directory.controllers = vec![format!("ldaps://127.0.0.1:{}", self.port)];
        directory.ca = Some(self.file("ca.pem"));
        directory.bind_name = Some("cn=svc,dc=x,dc=test".to_owned());
        directory.bind_password = Some(Secret::new("svc-password".to_owned()));
        "ou=people,dc=x,dc=test".clone_into(&mut directory.base);
        directory.lockout_threshold_unknown = 3;
    }

    /// Tries a name and a password as any other program would.
    pub fn bind(&self, uid: &str, password: &str) -> Result<(), String> {
        let mut command = bound("ldapwhoami");
        command.env("LDAPTLS_CACERT", self.file("ca.pem"));
        command.args(["-x", "-H", &format!("ldaps://127.0.0.1:{}", self.port), "-e", "ppolicy"]);
        command.args(["-D", &format!("uid={uid},ou=people,dc=x,dc=test"), "-w", password]);
        let ran = run(command, "");
        if ran.code == 0 { Ok(()) } else { Err(ran.err) }
    }
}

const CONF: &str = r#"include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile DIR/slapd.pid
TLSCACertificateFile DIR/ca.pem
TLSCertificateFile DIR/cert.pem
TLSCertificateKeyFile DIR/key.pem
database mdb
suffix "dc=x,dc=test"
rootdn "cn=admin,dc=x,dc=test"
directory DIR/db
overlay ppolicy
ppolicy_default "cn=default,dc=x,dc=test"
ppolicy_use_lockout
ppolicy_hash_cleartext
access to attrs=userPassword by dn.exact="cn=svc,dc=x,dc=test" write by self write by anonymous auth by * none
access to attrs=pwdAccountLockedTime,pwdReset by dn.exact="cn=svc,dc=x,dc=test" write by * read
access to * by dn.exact="cn=svc,dc=x,dc=test" write by * read
"#;

const PEOPLE: &str = "dn: dc=x,dc=test
objectClass: domain
dc: x

dn: ou=people,dc=x,dc=test
objectClass: organizationalUnit
ou: people

dn: cn=default,dc=x,dc=test
objectClass: pwdPolicy
objectClass: device
cn: default
pwdAttribute: userPassword
pwdMaxFailure: 3
pwdLockout: TRUE
pwdLockoutDuration: 600
pwdInHistory: 3
pwdMinLength: 10
pwdCheckQuality: 2
pwdMaxAge: 7776000
pwdMustChange: TRUE
pwdAllowUserChange: TRUE

dn: cn=svc,dc=x,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: svc
userPassword: svc-password

dn: uid=ann,ou=people,dc=x,dc=test
objectClass: inetOrgPerson
uid: ann
cn: Ann Right
sn: Right
mail: ann@x.test
userPassword: Ann.Passw0rd1

dn: uid=eva,ou=people,dc=x,dc=test
objectClass: inetOrgPerson
uid: eva
cn: Eva Expired
sn: Expired
mail: eva@x.test
userPassword: Eva.Passw0rd1
pwdChangedTime: 20200101000000Z

dn: uid=max,ou=people,dc=x,dc=test
objectClass: inetOrgPerson
uid: max
cn: Max Must
sn: Must
mail: max@x.test
userPassword: Max.Passw0rd1
pwdReset: TRUE

dn: uid=lena,ou=people,dc=x,dc=test
objectClass: inetOrgPerson
uid: lena
cn: Lena Locked
sn: Locked
mail: lena@x.test
userPassword: Lena.Passw0rd1
pwdAccountLockedTime: 000001010000Z
";

/// `GnuTLS` takes no certificate that is its own authority.
fn certify(dir: &str) {
    let openssl = |arguments: &[&str]| {
        let mut command = Command::new("openssl");
        command.args(arguments).current_dir(dir);
        shell(&mut command);
    };
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let mut ca =
        vec!["req", "-x509", "-days", "30", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA"];
    ca.extend(["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]);
    ca.extend(curve);
    openssl(&ca);
    let mut request = vec!["req", "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost"];
    request.extend(curve);
    openssl(&request);
    fs::write(format!("{dir}/names"), "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth").unwrap();
    openssl(&[
        "x509",
        "-req",
        "-in",
        "request.pem",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "30",
        "-out",
        "cert.pem",
        "-extfile",
        "names",
    ]);
}

fn shell(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}
