### Anmelden: Benutzername und Passwort, der zweite Nachweis, eine neue App, ein neues Passwort.

sign-in = Anmelden
# Die Schaltfläche
sign-in-do = Anmelden
# Gefolgt vom Namen einer Anwendung
sign-in-towards = Sie möchten öffnen:
sign-in-needs-key = Passwort und Code genügen hier nicht: Sie brauchen einen Passkey oder einen Sicherheitsschlüssel.
user-name = Benutzername
user-name-hint = Wie auf Ihrem Laptop, zum Beispiel ab1234
password = Passwort
password-again = Geben Sie Ihr Passwort noch einmal ein. Prüfen Sie die Feststelltaste und die Tastatur (AZERTY oder QWERTY).
forgotten-title = Probleme bei der Anmeldung?
forgotten-text = Rufen Sie den Servicedesk unter { $phone } an. Das Team vergewissert sich zuerst, dass Sie es sind, und hilft Ihnen dann weiter. Es fragt Sie nie nach Ihrem Passwort.

## Warum das Formular zurückkommt

refused-title = Das hat nicht geklappt. Nichts ist verloren.
# Derselbe Satz für unbekannten Namen, falsches Passwort, gesperrt, deaktiviert
sign-in-refused = Wir konnten Sie nicht anmelden. Prüfen Sie Ihren Benutzernamen und Ihr Passwort.
paused-title = Eine kurze Pause
# Auch für Namen, die es nicht gibt
sign-in-too-many =
    Es gab zu viele Versuche hintereinander. Zum Schutz des Kontos ist die Anmeldung für { $minutes ->
        [one] eine Minute
        *[other] { $minutes } Minuten
    } unterbrochen. Sie brauchen nichts zu tun: Versuchen Sie es danach erneut.
busy-title = Hier ist gerade viel los
sign-in-busy =
    Viele Menschen melden sich gleichzeitig an. Nichts ist verloren. Versuchen Sie es in { $seconds ->
        [one] einer Sekunde
        *[other] { $seconds } Sekunden
    } erneut.
unreachable-title = Das liegt nicht an Ihnen
sign-in-unreachable = Wir erreichen das System, das die Passwörter prüft, zurzeit nicht. Mit Ihrem Konto ist alles in Ordnung. Versuchen Sie es in einigen Minuten erneut.
# $reason = idle, limit, remote, security, other
session-ended =
    { $reason ->
        [idle] Sie wurden abgemeldet, weil hier eine Zeit lang nichts geschehen ist.
        [limit] Sie wurden abgemeldet, weil eine Sitzung höchstens einen Arbeitstag dauert.
        [remote] Sie wurden von einem anderen Ihrer Geräte aus abgemeldet.
        [security] Sie wurden zum Schutz Ihres Kontos abgemeldet.
        *[other] Ihre Sitzung ist beendet.
    } Melden Sie sich erneut an, um dort weiterzumachen, wo Sie waren.
signed-out-title = Sie sind abgemeldet
signed-out-text = Wenn auch andere dieses Gerät nutzen, schließen Sie zusätzlich den Browser.

## Der zweite Nachweis

code-title = Noch ein Schritt
# Gefolgt vom Benutzernamen
code-as = Sie melden sich an als
code-not-you = Sind Sie das nicht?
code-text = Öffnen Sie die Authentifi­zierungs-App auf Ihrem Telefon. Geben Sie die sechs Ziffern ein, die dort für Cardea stehen.
code-label = Sechsstelliger Code
code-hint = Er ändert sich alle 30 Sekunden.
code-do = Bestätigen
# $left = verbleibende Versuche, mindestens 1
code-wrong =
    Dieser Code stimmt nicht. Sehen Sie sich den neuesten Code in Ihrer App an und geben Sie ihn ein. Sie haben noch { $left ->
        [one] einen Versuch
        *[other] { $left } Versuche
    }.
code-used = Dieser Code wurde bereits verwendet. Warten Sie auf den nächsten (höchstens 30 Sekunden) und geben Sie diesen ein.
code-malformed = Ein Code hat sechs Ziffern. Sehen Sie sich den neuesten Code in Ihrer App an und geben Sie ihn ein.
no-phone-title = Kein Telefon dabei?
no-phone-text = Rufen Sie den Servicedesk unter { $phone } an. Das Team vergewissert sich zuerst, dass Sie es sind, und hilft Ihnen dann weiter.

## Eine Authentifizierungs-App verknüpfen

enrol-title = Eine Authentifizierungs-App hinzufügen
enrol-forced = Ihr Konto braucht neben dem Passwort einen zweiten Nachweis, damit niemand allein mit Ihrem Passwort hineinkommt.
enrol-lead = Jede App, die sechsstellige Codes erzeugt, ist geeignet. Es dauert zwei Minuten, mit Ihrem Telefon neben sich.
enrol-open-title = Öffnen Sie die App auf Ihrem Telefon
enrol-open-text = Wählen Sie „Konto hinzufügen“ und dann „Code scannen“.
enrol-scan-title = Scannen Sie dieses Quadrat
enrol-qr = QR-Code mit dem Geheimnis dieses Kontos. Dasselbe Geheimnis steht daneben als Text.
enrol-type-title = Scannen klappt nicht?
enrol-type-text = Geben Sie dieses Geheimnis in die App ein. Groß- oder Kleinbuchstaben, mit oder ohne Leerzeichen: Das macht keinen Unterschied.
enrol-account = Konto
enrol-kind = Art
enrol-kind-totp = Zeitbasiert, 6 Ziffern, 30 Sekunden
enrol-once-title = Einmal gezeigt
enrol-once-text = Fotografieren Sie es nicht. Nach dieser Seite kann niemand dieses Geheimnis mehr zeigen, auch wir nicht.
enrol-code-title = Geben Sie den Code ein, den Sie jetzt sehen
enrol-name = Name für dieses Telefon
enrol-name-hint = Damit Sie es später wiedererkennen.
enrol-name-suggested = Diensttelefon
enrol-do = Die App hinzufügen
enrol-no-phone = Kein Telefon zur Hand? Rufen Sie den Servicedesk unter { $phone } an. Es geht nichts verloren, wenn Sie hier aufhören.

## Ein neues Passwort

password-new-title = Wählen Sie ein neues Passwort
password-expired = Ihr Passwort ist am { $date } abgelaufen. Sie können hier sofort ein neues wählen, auch von zu Hause aus: Das dauert etwa drei Minuten und Sie brauchen weder das VPN noch das Büronetz.
password-expired-undated = Ihr Passwort ist abgelaufen. Sie können hier sofort ein neues wählen, auch von zu Hause aus: Das dauert etwa drei Minuten und Sie brauchen weder das VPN noch das Büronetz.
password-must-change = Ihr Passwort wurde von jemand anderem festgelegt. Wählen Sie jetzt eines, das nur Sie kennen.
password-wish = Alle anderen Sitzungen werden dabei beendet. Wir schreiben Ihnen, sobald das Passwort geändert ist.
password-rules = Ein gutes Passwort ist
password-rule-length =
    mindestens { $min ->
        [one] ein Zeichen
        *[other] { $min } Zeichen
    } lang
password-rule-listed = nicht leicht zu erraten und auf keiner Liste bekannter Passwörter
password-rule-name = ohne etwas von Ihnen selbst darin: Name, Benutzername, E-Mail-Adresse, Telefonnummer oder Geburtsdatum
password-rule-same = deutlich anders als das jetzige
password-rule-tip = Tipp: Vier oder fünf Wörter, die nur Sie so zusammenstellen würden, sind sicher und leicht zu merken.
password-current = Ihr jetziges Passwort
password-new = Neues Passwort
password-new-again = Neues Passwort wiederholen
password-new-do = Neues Passwort speichern
password-refused-current = Wir konnten Ihr jetziges Passwort nicht bestätigen. Geben Sie es noch einmal ein. Prüfen Sie die Feststelltaste und die Tastatur (AZERTY oder QWERTY).
password-refused-different = Die zwei neuen Passwörter stimmen nicht überein. Geben Sie das neue noch einmal ein, zweimal.
password-refused-short =
    Dieses Passwort ist zu kurz: Fügen Sie { $missing ->
        [one] ein Zeichen
        *[other] { $missing } Zeichen
    } hinzu.
password-refused-long = Dieses Passwort ist länger, als wir es speichern können: Wählen Sie ein kürzeres.
password-refused-listed = Dieses Passwort steht auf einer Liste leicht zu erratender Passwörter: Wählen Sie ein anderes, zum Beispiel einige Wörter, die nur Sie so zusammenstellen würden.
password-refused-name = Dieses Passwort enthält etwas von Ihnen selbst: Namen, Benutzernamen, E-Mail-Adresse, Telefonnummer oder Geburtsdatum, auch wenn es anders geschrieben ist. Wählen Sie eines ohne.
password-refused-same = Das ist Ihr jetziges Passwort: Wählen Sie ein neues.
password-refused-previous = Dieses Passwort ist dem jetzigen zu ähnlich: Wählen Sie eines, das wirklich anders ist.
password-refused-breached = Dieses Passwort steht, oder steht vielleicht, auf einer Liste von Passwörtern, die einmal gestohlen wurden. Angreifer probieren diese zuerst: Wählen Sie ein anderes.
password-refused-weak = Dieses Passwort ist leicht zu erraten: Fügen Sie ein Wort hinzu oder wählen Sie ein anderes.
strength = Stärke des eingegebenen Passworts
strength-very-weak = Sehr schwach. Es wird sofort erraten.
strength-weak = Schwach. Es wird schnell erraten.
strength-fair = Mittel. Ein weiteres Wort macht es stark.
strength-good = Gut.
strength-strong = Stark.
# While it is typed; $typed is replaced by the page
strength-live-short = Bisher { $typed } von { $min } Zeichen.
strength-live-own = Ihr Benutzername kommt darin vor: Wählen Sie eines ohne.
strength-live-simple = Lang genug, aber leicht zu erraten.
strength-live-enough = Lang genug. Ob es auf einer Liste bekannter Passwörter steht, prüfen wir beim Speichern.

## Passkeys and security keys

passkey-do = Mit einem Passkey anmelden
passkey-failed = Die Anmeldung mit Ihrem Passkey hat diesmal nicht geklappt. An Ihrem Konto hat sich nichts geändert. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
passkey-offer = Beim nächsten Mal können Sie sich ohne Passwort anmelden: mit Ihrem Fingerabdruck, Ihrem Gesicht oder dem PIN-Code dieses Geräts. Die Einrichtung dauert eine Minute. Ihr Fingerabdruck und Ihr Gesicht verlassen das Gerät nie.
key-text = Verwenden Sie Ihren Passkey oder Ihren Sicherheitsschlüssel. Ihr Browser fragt danach, wenn Sie die Schaltfläche wählen.
key-do = Meinen Schlüssel verwenden
key-no-script = Dieser Schritt braucht JavaScript, das in diesem Browser ausgeschaltet ist. Schalten Sie es ein und laden Sie die Seite neu, oder wählen Sie einen anderen Weg.
key-waiting = Folgen Sie dem, was Ihr Browser oder Ihr Gerät anzeigt.
key-cancelled = Es wurde nichts gesendet: Der Vorgang wurde abgebrochen oder dauerte zu lange. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
key-known = Diesen haben Sie bereits hinzugefügt. Wählen Sie ein anderes Gerät oder einen anderen Schlüssel.
key-unable = Das hat auf diesem Gerät nicht geklappt. Es hat sich nichts geändert. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
no-key-title = Keinen Schlüssel dabei?
another-way = Ein anderer Weg
way-key = Einen Passkey oder einen Sicherheitsschlüssel verwenden
way-app = Einen Code aus der Authentifizierungs-App verwenden
enrol-way-key = Stattdessen einen Passkey hinzufügen: keine Codes einzugeben
enrol-way-app = Stattdessen eine Authentifizierungs-App hinzufügen
bind-title = Einen Passkey hinzufügen
bind-forced = Was Sie öffnen möchten, verlangt einen Nachweis, den Ihnen niemand mit einer falschen Seite stehlen kann.
bind-name = Name für diesen Schlüssel
bind-name-suggested = Dienstlaptop
bind-do = Passkey hinzufügen
bind-key-title = Haben Sie einen Sicherheitsschlüssel?
bind-key-text = Ein Schlüssel ohne PIN-Code oder Fingerabdruck dient als zweiter Nachweis, nach Ihrem Passwort.
bind-key-do = Sicherheitsschlüssel hinzufügen
bind-failed = Dieser Schlüssel konnte nicht hinzugefügt werden. An Ihrem Konto hat sich nichts geändert. Versuchen Sie es erneut oder nehmen Sie ein anderes Gerät oder einen anderen Schlüssel.
bind-no-device = Kein Gerät und kein Schlüssel, die das können? Rufen Sie den Servicedesk unter { $phone } an. Es geht nichts verloren, wenn Sie hier aufhören.
upstream-do = Mit { $service } anmelden
upstream-prove = Mit { $service } bestätigen
way-upstream = Einen anderen Dienst verwenden, etwa eID oder itsme®
upstream-text = Bestätigen Sie mit einem Dienst, den Sie mit Ihrem Konto verbunden haben, dass Sie es sind. Danach kommen Sie hierher zurück.
upstream-none = Im Moment kann kein anderer Dienst verwendet werden. Wählen Sie einen anderen Weg.
# $service = der Name des Dienstes
upstream-start-again = Diese Anmeldung mit { $service } ist abgelaufen oder wurde in einem anderen Browser geöffnet. Es hat sich nichts geändert. Beginnen Sie hier von vorn.
upstream-declined = Sie haben die Anmeldung mit { $service } abgebrochen. Es hat sich nichts geändert. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
upstream-down = { $service } antwortet im Moment nicht. Das liegt nicht an Ihrer Karte, Ihrem Telefon oder Ihrem Konto. Versuchen Sie es in einigen Minuten erneut oder wählen Sie einen anderen Weg.
upstream-ask-again = { $service } hat aus einer früheren Anmeldung geantwortet. Melden Sie sich dort noch einmal an oder wählen Sie einen anderen Weg.
upstream-too-weak = Sie haben sich bei { $service } mit etwas angemeldet, das hier nicht stark genug ist. Versuchen Sie es mit Ihrer eID-Karte oder Ihrer App erneut oder wählen Sie einen anderen Weg.
upstream-not-understood = { $service } gab nicht die nötige Antwort. Das liegt nicht an Ihnen. Wählen Sie einen anderen Weg und nennen Sie dem Servicedesk den Fallcode.
upstream-not-trusted = Was von { $service } zurückkam, war nicht vertrauenswürdig und wurde nicht verwendet. An Ihrem Konto hat sich nichts geändert. Wählen Sie einen anderen Weg und nennen Sie dem Servicedesk den Fallcode.
upstream-not-linked = { $service } öffnet hier noch kein Konto. Melden Sie sich auf einem anderen Weg an und fügen Sie { $service } danach unter Ihre Sicherheit hinzu.
upstream-taken = { $service } konnte nicht hinzugefügt werden: Ihr Konto hat den Dienst schon, oder er gehört zu einem anderen Konto.
links-title = Andere Dienste, die Ihr Konto öffnen
links-lead = Mit eID, itsme® oder einem anderen Dienst können Sie sich auch anmelden, wenn Sie Ihr Telefon oder Ihr Passwort nicht zur Hand haben.
links-linked = Hinzugefügt
links-add = Einen Dienst hinzufügen
links-add-text = Sie melden sich dort einmal an. Danach öffnet der Dienst Ihr Konto.
links-add-do = { $service } hinzufügen
links-back = Zurück zu Ihre Sicherheit
