### A password that is set anew without the old one, and “this was not me”.

## Who is it, what is wrong

reset-link = Passwort vergessen?
reset-progress = Fortschritt
reset-step-who = Was nicht klappt
reset-step-prove = Zwei Nachweise
reset-step-choose = Neues Passwort
reset-step-unlock = Entsperren
reset-step-done = Fertig
reset-step-over = fertig
reset-title = So kommen Sie wieder hinein
reset-lead = Es dauert etwa drei Minuten, auch zu Hause. Ihre Dateien und Ihre E-Mails bleiben, wo sie sind.
reset-what = Was klappt nicht?
reset-what-forgotten = Ich habe mein Passwort vergessen
reset-what-forgotten-text = Sie wählen ein neues.
reset-what-expired = Mein Passwort ist abgelaufen
reset-what-expired-text = Sie wählen ein neues, mit dem alten oder ohne.
reset-what-locked = Ich kenne es, aber mein Konto ist gesperrt
reset-what-locked-text = Ihr Passwort bleibt; die Sperre wird aufgehoben.
reset-next = Weiter
reset-back = Zurück
reset-no-name = Geben Sie Ihren Benutzernamen ein: Ohne ihn kann nichts gefunden werden.
reset-need-title = Was Sie brauchen
reset-need-proofs = Zwei verschiedene Nachweise, dass Sie es sind
reset-need-minute = Eine ruhige Minute, um ein Passwort zu wählen
reset-need-nothing = Kein VPN, kein Büronetz, kein Formular
reset-never-ask = Wir fragen nie per Telefon, E-Mail oder Chat nach Ihrem Passwort.
# Also for names that do not exist
reset-paused =
    Es gab zu viele Versuche hintereinander. Zum Schutz des Kontos machen wir { $minutes ->
        [one] eine Minute
        *[other] { $minutes } Minuten
    } Pause. Sie brauchen nichts zu tun: Versuchen Sie es danach erneut.
case-title = Vorgangscode
case-keep = Bewahren Sie ihn auf, bis alles klappt. Der Servicedesk findet diesen Versuch damit.

## Two proofs

proofs-title = Weisen Sie nach, dass Sie es sind
proofs-choose = Damit wir sicher sind, dass Sie es sind, bitten wir um zwei verschiedene Nachweise. Wählen Sie, was Sie zur Hand haben: Ihre eID-Karte, itsme®, MyGov.be, Ihre Authentifizierungs-App, einen Sicherheitsschlüssel oder einen Code per E-Mail.
proofs-second = Einer von zwei: erledigt. Wählen Sie nun einen zweiten Nachweis anderer Art (bereits verwendet: { $method }).
proofs-none = Sie haben keine zwei Nachweise zur Hand? Rufen Sie den Servicedesk unter { $phone } an und nennen Sie den Code { $case }. Das Team vergewissert sich zuerst, dass Sie es sind, und hilft Ihnen dann mit einem befristeten Zugangspass.
proofs-strong = Danke: { $method }. Dieses Konto braucht zwei starke Nachweise, von denen einer nicht mit einer falschen Seite gestohlen werden kann. Wählen Sie den nächsten.
proofs-stuck = Danke: { $method }. Ihr Konto hat keinen zweiten Nachweis, der hier verwendet werden kann; der Servicedesk muss Ihnen weiterhelfen.
proof-use = Verwenden
proof-key = Passkey oder Sicherheitsschlüssel
proof-key-text = Mit Finger, Gesicht oder PIN-Code.
proof-app = Code aus der Authentifizierungs-App
proof-app-text = Sechs Ziffern auf Ihrem Telefon.
proof-upstream = eID, itsme® oder ein anderer Dienst
proof-upstream-text = Sie bestätigen dort und kommen hierher zurück.
proof-recovery = Wiederherstellungscode
proof-recovery-text = Einer der zehn, die Sie gedruckt haben.
proof-mail = Code per E-Mail
proof-mail-text = An die Adresse, die wir von Ihnen haben; nur wenn Sie das Postfach jetzt öffnen können.
reset-quicker-title = Kennen Sie das alte noch?
reset-quicker-text = Dann melden Sie sich damit an: Dort fragen wir nach einem neuen, und es geht schneller.
reset-key-failed = Ihr Schlüssel konnte diesmal nicht verwendet werden. An Ihrem Konto hat sich nichts geändert. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.
reset-not-linked = { $service } weist für diesen Benutzernamen nichts nach. Nichts hat sich geändert. Prüfen Sie den Namen oder wählen Sie einen anderen Weg.
# $left = attempts left, at least 1. The same where nobody has the name
reset-code-wrong =
    Dieser Code weist für diesen Benutzernamen nichts nach. Prüfen Sie den Namen und den Code. Sie haben noch { $left ->
        [one] einen Versuch
        *[other] { $left } Versuche
    }.
mail-code-ask = Wir senden acht Ziffern an die E-Mail-Adresse, die wir von Ihnen haben. Sie geben sie hier ein.
mail-code-send = Code senden
mail-code-again = Neuen Code senden
mail-code-sent =
    Wenn es ein Konto mit diesem Benutzernamen gibt, ist ein Code unterwegs in sein Postfach. Er ist { $minutes ->
        [one] eine Minute
        *[other] { $minutes } Minuten
    } gültig. Nur der neueste zählt.
mail-code-label = Achtstelliger Code
mail-code-hint = Aus der E-Mail, die wir gesendet haben. Sehen Sie auch im Spam-Ordner nach.
mail-code-wrong =
    Dieser Code stimmt nicht. Sehen Sie sich die neueste E-Mail an und geben Sie deren Code ein. Sie haben noch { $left ->
        [one] einen Versuch
        *[other] { $left } Versuche
    }.
mail-code-malformed = Ein Code aus einer E-Mail hat acht Ziffern. Prüfen Sie, ob eine fehlt.
email-code-expired = Dieser Code ist nicht mehr gültig. Fordern Sie einen neuen an; er kommt innerhalb einer Minute an. Sehen Sie auch im Spam-Ordner nach.

## The new password

reset-choose-lead = Danke, Sie sind es. Alle Ihre Sitzungen enden, wenn das Passwort geändert wird.
password-rule-complexity = Zeichen aus mindestens { $kinds } dieser vier Arten: Großbuchstaben, Kleinbuchstaben, Ziffern, andere Zeichen wie % oder ?
password-rule-history =
    anders als { $count ->
        [one] Ihr letztes Passwort
        *[other] Ihre letzten { $count } Passwörter
    }
password-rule-age =
    Sie können ein Passwort { $days ->
        [one] einen Tag
        *[other] { $days } Tage
    } nach der letzten Änderung erneut ändern.
password-refused-history = Sie haben dieses Passwort schon einmal verwendet: Wählen Sie ein neues.
password-refused-length = Dieses Passwort ist für Ihre Organisation zu kurz: Wählen Sie ein längeres.
password-refused-complexity = Diesem Passwort fehlt noch eine Art von Zeichen: Fügen Sie einen Großbuchstaben, eine Ziffer oder ein anderes Zeichen hinzu.
password-refused-unreachable = Wir erreichen das System, das die Passwörter verwaltet, zurzeit nicht: Ihr altes Passwort wurde nicht geändert und Sie können es in einigen Minuten erneut versuchen.
password-refused-age = Ihr Passwort wurde vor Kurzem geändert, und die nächste Änderung ist noch nicht erlaubt. Wenn es eilt, rufen Sie den Servicedesk unter { $phone } an.
password-refused-other = Dieses Passwort wurde nicht angenommen, und wir kennen den Grund nicht. Sehen Sie sich die Regeln an und versuchen Sie ein längeres.
password-refused-not-here = Das Passwort dieses Kontos kann hier nicht geändert werden. Rufen Sie den Servicedesk unter { $phone } an.
doubt-title = Wir sind nicht sicher
password-doubtful = Das System, das die Passwörter verwaltet, war weg, während das neue gespeichert wurde. Es wurde vielleicht geändert, vielleicht nicht: Melden Sie sich probeweise mit dem neuen an, und speichern Sie es sonst hier noch einmal.
password-show = Zeigen, was ich tippe
password-hide = Verbergen, was ich tippe

## Only locked out

unlock-title = Ihr Konto entsperren
unlock-lead = Danke, Sie sind es. Die Sperre wird aufgehoben; Ihr Passwort bleibt, wie es ist.
unlock-do = Mein Konto entsperren
unlock-why = Ein Konto wird oft von einem Gerät gesperrt, das noch ein altes Passwort versucht: einem Telefon, einem zweiten Laptop, einem Netzlaufwerk.
unlock-not-here = Die Sperre dieses Kontos kann hier nicht aufgehoben werden. Rufen Sie den Servicedesk unter { $phone } an.
unlock-unreachable = Wir erreichen das System, das die Passwörter verwaltet, zurzeit nicht. Nichts wurde geändert: Versuchen Sie es in einigen Minuten erneut.

## Receipt: what to do now, per device

receipt-title = Ihr Passwort ist geändert
receipt-title-unverified = Ihr Passwort wurde angenommen
receipt-title-unlocked = Ihr Konto ist entsperrt
receipt-intro = Ihr neues Passwort gilt seit { $time } Uhr. Ihre Geräte haben vielleicht noch das alte gespeichert. Gehen Sie diese Liste durch, damit Ihr Konto nicht gesperrt wird.
receipt-intro-unverified = Ihr neues Passwort wurde um { $time } Uhr angenommen. Ihre Geräte haben vielleicht noch das alte gespeichert.
receipt-intro-unlocked = Ihr Konto ist seit { $time } Uhr wieder offen, mit dem Passwort, das Sie kennen.
receipt-doubt = Wir konnten noch nicht sehen, ob es überall funktioniert. Warten Sie einige Minuten, bevor Sie sich anmelden; klappt es dann nicht, rufen Sie den Servicedesk unter { $phone } an.
receipt-now = Jetzt, auf jedem Gerät
receipt-laptop-title = Dieser Laptop, ohne VPN
receipt-phone-mail-title = E-Mail auf Ihrem Telefon
receipt-wifi-title = WLAN im Büro
receipt-outlook-title = Outlook
receipt-applications-title = Ihre Anwendungen
receipt-laptop = Starten Sie Windows noch einmal mit dem alten Passwort. Starten Sie das VPN mit dem neuen. Drücken Sie dann Windows + L und entsperren Sie mit dem neuen Passwort. Von da an verwenden Sie nur noch das neue.
receipt-phone-mail = Öffnen Sie die Mail-App und geben Sie das neue Passwort ein, wenn sie danach fragt. Tun Sie das noch heute: Ein Telefon, das immer wieder das alte Passwort versucht, kann Ihr Konto sperren.
receipt-wifi = Wählen Sie das Netz { $network }, dann „Vergessen“, und stellen Sie die Verbindung mit dem neuen Passwort wieder her. Tun Sie das auf Ihrem Laptop und auf Ihrem Telefon.
receipt-outlook = Wenn nach einem Passwort gefragt wird, geben Sie das neue ein und setzen Sie das Häkchen bei „Speichern“. Kommt die Frage wieder, schließen Sie Outlook, starten Sie das VPN und öffnen Sie Outlook erneut.
receipt-applications = Überall sonst sind Sie abgemeldet. Melden Sie sich mit dem neuen Passwort wieder an, wo danach gefragt wird.
receipt-applications-open = Sie sind überall abgemeldet. Diese waren offen und bitten Sie, sich wieder anzumelden: { $names }.
receipt-ended =
    { $count ->
        [one] Eine Sitzung wurde beendet
        *[other] { $count } Sitzungen wurden beendet
    }
receipt-aside = Zum Aufbewahren
receipt-print = Um diese Seite zu drucken, drücken Sie
receipt-mail = Wir haben Ihnen dazu geschrieben. Waren Sie das nicht?
receipt-sign-in = Jetzt anmelden
receipt-on = Weiter

## This was not me

not-me-title = Das war ich nicht
not-me-ask = Hat jemand anderes getan, worüber wir Ihnen geschrieben haben? Geben Sie den Code aus dieser E-Mail ein. Wir melden Ihr Konto dann sofort überall ab, und nichts öffnet es, bis Sie ein neues Passwort wählen.
not-me-label = Code aus der E-Mail
not-me-hint = Zwölf Buchstaben und Ziffern, zum Beispiel K7QD-2MXA-RT4W.
not-me-do = Das war ich nicht: Konto für alle schließen
not-me-malformed = Der Code hat zwölf Buchstaben und Ziffern. Prüfen Sie, ob einer fehlt.
not-me-refused = Dieser Code kann nicht (mehr) verwendet werden. Wenn jemand anderes in Ihrem Konto ist, rufen Sie sofort den Servicedesk unter { $phone } an.
not-me-no-code = Kein Code zur Hand? Rufen Sie den Servicedesk unter { $phone } an: Das Team tut dasselbe für Sie.
not-me-done-title = Danke für Ihre Meldung
not-me-done = Ihr Konto ist überall abgemeldet, und das Sicherheitsteam kann es sehen. Wählen Sie jetzt ein neues Passwort.
not-me-reset = Ein neues Passwort wählen
attention-reset-text = Es wurde ein neues Passwort ohne das alte gewählt: { $when }. Wenn Sie das nicht waren, melden Sie es mit dem Code aus der E-Mail, die wir Ihnen gesendet haben.

## Mails

# No code in the subject: it shows on locked screens
mail-code-subject = Ihr Einmalcode für Cardea
mail-code-text =
    Guten Tag,

    Ihr Code lautet { $code }. Er ist { $minutes ->
        [one] eine Minute
        *[other] { $minutes } Minuten
    } gültig und funktioniert einmal. Er wurde am { $date } um { $time } Uhr (Brüsseler Zeit) angefordert, um ein neues Passwort festzulegen oder Ihr Konto zu entsperren.

    Geben Sie diesen Code nie an andere weiter. Auch der Servicedesk fragt nie danach.

    Waren Sie das nicht? Dann brauchen Sie nichts zu tun: Ohne den Code geschieht nichts. Wenn es wieder vorkommt, rufen Sie den Servicedesk unter { $phone } an.

    Cardea
mail-password-reset-subject = Ihr Passwort wurde zurückgesetzt
# $link is our own address; the code is typed there
mail-password-reset-text =
    Guten Tag,

    am { $date } um { $time } Uhr (Brüsseler Zeit) wurde ohne das alte ein neues Passwort für Ihr Dienstkonto gewählt. Alle Ihre Sitzungen sind beendet.

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Waren Sie das? Dann brauchen Sie nichts zu tun: Verwenden Sie ab jetzt das neue Passwort. Waren Sie das nicht? Gehen Sie auf { $link } (tippen Sie die Adresse selbst, wenn Sie unsicher sind) und geben Sie diesen Code ein: { $code }. Ihr Konto ist dann sofort für alle geschlossen. Oder rufen Sie den Servicedesk unter { $phone } an.

    Cardea
mail-unlocked-subject = Ihr Konto wurde entsperrt
# $link is our own address; the code is typed there
mail-unlocked-text =
    Guten Tag,

    Ihr Dienstkonto wurde am { $date } um { $time } Uhr (Brüsseler Zeit) entsperrt. Das Passwort wurde nicht geändert.

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Waren Sie das? Dann brauchen Sie nichts zu tun. Waren Sie das nicht? Gehen Sie auf { $link } (tippen Sie die Adresse selbst, wenn Sie unsicher sind) und geben Sie diesen Code ein: { $code }. Ihr Konto ist dann sofort für alle geschlossen. Oder rufen Sie den Servicedesk unter { $phone } an.

    Cardea
mail-contained-subject = Ihr Konto ist geschlossen, bis Sie ein neues Passwort wählen
mail-contained-text =
    Guten Tag,

    am { $date } um { $time } Uhr (Brüsseler Zeit) hat uns jemand mit einem Code aus einer E-Mail an Sie mitgeteilt: „Das war ich nicht“. Ihr Dienstkonto wurde überall abgemeldet. Nichts öffnet es, bis Sie ein neues Passwort wählen.

    Gehen Sie auf { $link } (tippen Sie die Adresse selbst, wenn Sie unsicher sind) und wählen Sie ein neues, oder rufen Sie den Servicedesk unter { $phone } an.

    Cardea
