#!/usr/bin/env bash
# samba-ad.sh FOLDER: provisions the domain that tests copy, once, with the people that they need. Nothing runs afterwards.
# Only root can: the database has security attributes, and LDAP's ports are below 1024.
set -euo pipefail
dir=$1
base=dc=ad,dc=test
admin=Passw0rd.admin1
mkdir -p "$dir"
: > "$dir/empty.conf"
samba-tool domain provision --configfile="$dir/empty.conf" --targetdir="$dir" --realm=AD.TEST --domain=ADTEST \
  --server-role=dc --dns-backend=NONE --adminpass="$admin" --host-name=dc1 --host-ip=127.0.0.1 --quiet
tool=(-H "$dir/private/sam.ldb" --configfile="$dir/etc/smb.conf")
samba-tool domain passwordsettings set "${tool[@]}" --min-pwd-age=0 --max-pwd-age=700 --min-pwd-length=10 \
  --history-length=3 --account-lockout-threshold=5 --account-lockout-duration=30 --reset-account-lockout-after=30
samba-tool ou create "OU=Staff,$base" "${tool[@]}"
samba-tool ou create "OU=Moved,OU=Staff,$base" "${tool[@]}"
samba-tool user create svc Svc.Passw0rd1 "${tool[@]}"
samba-tool user create svcweak Svc.Passw0rd1 "${tool[@]}"
for account in svc svcweak Administrator; do samba-tool user setexpiry "$account" --noexpiry "${tool[@]}"; done
person() {
  samba-tool user create "$1" "$2" "${tool[@]}" --userou=OU=Staff --given-name="$3" --surname="$4" \
    --mail-address="$1@ministry.test"
}
person right Right.Passw0rd1 Rita Right
person expired Expired.Passw0rd1 Eva Expired
person mustchange Must.Passw0rd1 Max Must
person disabled Disabled.Passw0rd1 Dora Disabled
person ended Ended.Passw0rd1 Emil Ended
person locked Locked.Passw0rd1 Lena Locked
person young Young.Passw0rd1 Yves Young
person guessed Guessed.Passw0rd1 Gert Guessed
person boss Boss.Passw0rd1 Bea Boss
person helper Helper.Passw0rd1 Hugo Helper
samba-tool user disable disabled "${tool[@]}"
samba-tool group add Desk "${tool[@]}"
samba-tool group add DeskTeam "${tool[@]}"
samba-tool group addmembers Desk DeskTeam "${tool[@]}"
samba-tool group addmembers DeskTeam helper "${tool[@]}"
samba-tool group add Nested "${tool[@]}"
samba-tool group addmembers "Account Operators" Nested "${tool[@]}"
samba-tool group addmembers Nested boss "${tool[@]}"
samba-tool domain passwordsettings pso create short 1 "${tool[@]}" --min-pwd-age=0 --max-pwd-age=2 --min-pwd-length=12 \
  --history-length=3 --complexity=on --account-lockout-threshold=3 --account-lockout-duration=30 \
  --reset-account-lockout-after=30
samba-tool domain passwordsettings pso apply short expired "${tool[@]}"
samba-tool domain passwordsettings pso create aged 2 "${tool[@]}" --min-pwd-age=1 --max-pwd-age=300 --min-pwd-length=10 \
  --history-length=3 --complexity=on
samba-tool domain passwordsettings pso apply aged young "${tool[@]}"
faketime '3 days ago' samba-tool user setpassword expired --newpassword=Expired.Passw0rd2 "${tool[@]}"
/usr/bin/python3 - "$dir" <<P
import sys
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

conf = LoadParm(filename_for_non_global_lp=sys.argv[1] + "/etc/smb.conf")
people = SamDB(url=sys.argv[1] + "/private/sam.ldb", session_info=system_session(), lp=conf)
for name, attribute, value in [("Max Must", "pwdLastSet", 0), ("Emil Ended", "accountExpires", 130000000000000000)]:
    people.modify_ldif(
        f"dn: CN={name},OU=Staff,$base\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n")
P
# What docs/directory.md tells an administrator to delegate, on the people alone.
sid() { samba-tool user show "$1" "${tool[@]}" --attributes=objectSid | sed -n 's/objectSid: //p'; }
user=bf967aba-0de6-11d0-a285-00aa003049e2
reset=00299570-246d-11d0-a768-00aa006e0529
lockout=28630ebf-41d5-11d1-a9c1-0000f80367c1
last_set=bf967a0a-0de6-11d0-a285-00aa003049e2
svc=$(sid svc)
samba-tool dsacl set "${tool[@]}" --objectdn="OU=Staff,$base" --action=allow \
  --sddl="(OA;CIIO;CR;$reset;$user;$svc)(OA;CIIO;RPWP;$lockout;$user;$svc)(OA;CIIO;RPWP;$last_set;$user;$svc)"
settings="CN=Password Settings Container,CN=System,$base"
samba-tool dsacl set "${tool[@]}" --objectdn="$settings" --action=allow --sddl="(A;CI;RPLC;;;$svc)"
# Delegated by mistake, as happens: the product has to refuse by itself.
samba-tool dsacl set "${tool[@]}" --objectdn="CN=Users,$base" --action=allow \
  --sddl="(OA;CIIO;CR;$reset;$user;$svc)(OA;CIIO;RPWP;$lockout;$user;$svc)"
mkdir -p "$dir/tls"
cd "$dir/tls"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -keyout ca.key -out ca.pem \
  -subj '/CN=Test AD CA' -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -keyout other.key -out other.pem \
  -subj '/CN=Another CA' -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
openssl req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=dc1.ad.test
touch "$dir/provisioned"
