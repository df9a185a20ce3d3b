### Die eigenen Seiten einer Person.

## Start

home-title = Guten Tag, { $name }
# Gefolgt von einer Zeit, dann Ort und Methode in Klammern
home-last = Ihre vorige Anmeldung:
home-not-you = Waren Sie das nicht?
home-applications = Ihre Anwendungen
home-empty-title = Noch keine Anwendungen
home-empty-text = Sobald eine Anwendung für Sie offen ist, steht sie hier. Fehlt Ihnen eine? Rufen Sie den Servicedesk unter { $phone } an.
attention-phone-title = Sie haben eine einzige Anmeldemethode neben Ihrem Passwort
attention-phone-text = Wenn Sie dieses Gerät verlieren, kann nur der Servicedesk Ihnen weiterhelfen. Fügen Sie einen Passkey oder eine App auf einem zweiten Gerät hinzu; das dauert zwei Minuten.
attention-phone-do = Eine zweite hinzufügen
attention-password-title =
    Ihr Passwort läuft { $days ->
        [0] heute
        [1] morgen
        *[other] in { $days } Tagen
    } ab
attention-password-text = Es gilt bis zum { $date }. Ändern Sie es an einem Arbeitstag, damit jemand da ist, wenn ein Gerät Hilfe braucht. Das dauert drei Minuten.
attention-password-do = Jetzt ändern

## Ihre Sicherheit

account-title = Ihre Sicherheit
account-lead = Was Ihr Konto öffnet, wo es jetzt offen ist und wer es zuletzt verwendet hat.
account-methods = Anmeldemethoden
account-add-app = App hinzufügen
account-app = Authentifi­zierungs-App
# Den nächsten folgt eine Zeit, oder es folgen Namen
account-set = Festgelegt:
account-added = Hinzugefügt:
account-used = Zuletzt verwendet:
account-unused = Noch nicht verwendet.
account-since = Seit:
account-until = Bis:
account-opened = Von hier aus geöffnet:
account-change = Ändern
account-remove = Entfernen
account-only-one = Sie brauchen sie, also bleibt sie
account-sessions = Jetzt offen
account-no-sessions = Keine Sitzung ist offen.
account-end-others = Alle anderen beenden
account-here = Sie sind hier
account-end = Beenden
account-consents = Anwendungen, denen Sie zugestimmt haben
account-agreed = Zugestimmt:
account-knows = Darf wissen:
account-withdraw = Zurücknehmen
account-withdraw-text = Nehmen Sie Ihre Zustimmung zurück, erhält die Anwendung nichts mehr über Sie. Was sie vorher erfahren hat, kann sie noch haben.
account-sign-ins = Letzte Anmeldungen
account-no-sign-ins = Noch keine Anmeldungen.
account-ok = Angemeldet
account-stopped = Gestoppt
stopped-password = Beim Passwort gestoppt.
stopped-code = Beim zweiten Nachweis gestoppt.
stopped-pause = Durch eine Pause nach zu vielen Versuchen gestoppt.
account-add-passkey = Passkey hinzufügen
account-passkey = Passkey
account-key = Sicherheitsschlüssel
account-device-synced = Wird zwischen Ihren Geräten abgeglichen.
account-device-built-in = In einen Computer oder ein Telefon eingebaut.
account-device-carried = Ein Schlüssel, den Sie bei sich tragen.
account-rename = Umbenennen
stopped-key = Beim Passkey oder Sicherheitsschlüssel gestoppt.
place-note = Ein Ort wird aus der Netzadresse abgeleitet und kann deshalb falsch sein.
account-aside = Mehr über Ihr Konto
readiness-ready = Bereit
readiness-almost = Fast bereit
readiness-not-ready = Noch nicht bereit
odd-title = Etwas ist seltsam?
odd-text = Sehen Sie eine Anmeldung oder ein Gerät, das nicht zu Ihnen gehört? Ändern Sie Ihr Passwort, beenden Sie alle anderen Sitzungen und rufen Sie den Servicedesk unter { $phone } an. Rufen Sie auch an, wenn Sie nicht sicher sind.
data-title = Ihre Daten
data-text = Alles, was wir über Sie speichern, können Sie als Datei erhalten.
data-link = Meine Daten exportieren

## Bevor etwas weggenommen wird

confirm-happens = Was geschieht
confirm-stays = Was bleibt
remove-title = Diese Authentifizierungs-App entfernen?
remove-lead = Name: { $name }.
remove-happens-codes = Ihre Codes gelten nicht mehr.
remove-happens-mail = Sie erhalten dazu eine E-Mail.
remove-stays-others = Ihr Passwort und Ihre anderen Anmeldemethoden ändern sich nicht.
remove-do = Die App entfernen
remove-keep = Behalten
remove-refused-only = Ohne diese könnten Sie sich nicht mehr so anmelden, wie es nötig ist. Fügen Sie zuerst eine andere hinzu und entfernen Sie dann diese.
rename-title = Ein anderer Name
rename-name = Name
rename-do = Den Namen speichern
remove-key-title = Diesen Schlüssel entfernen?
remove-happens-key = Er öffnet Ihr Konto nicht mehr. Auf dem Gerät kann er noch aufgeführt sein: Entfernen Sie ihn auch dort.
remove-key-do = Den Schlüssel entfernen
end-others-title = Alle anderen Sitzungen beenden?
end-others-lead = Hier, auf diesem Gerät, bleiben Sie angemeldet.
end-others-happens =
    { $count ->
        [one] Eine Sitzung wird geschlossen
        *[other] { $count } Sitzungen werden geschlossen
    }. Diese Geräte verlangen eine neue Anmeldung.
end-others-stays = Ihr Passwort und Ihre Anmeldemethoden ändern sich nicht.
end-others-do =
    { $count ->
        [one] Eine Sitzung
        *[other] { $count } Sitzungen
    } beenden
end-others-keep = Behalten

## Abmelden

sign-out-title = Abmelden?
sign-out-asked = Diese Anwendung bittet darum: { $app }.
sign-out-lead = Cardea schließt dann Ihre Sitzung auf diesem Gerät. Anwendungen, die noch offen sind, können offen bleiben, bis Sie sie schließen.
sign-out-everywhere = Auch auf allen meinen anderen Geräten
sign-out-stay = Angemeldet bleiben

## Wie wir Ihre Daten verwenden

privacy-lead = Cardea öffnet Ihnen die Anwendungen Ihrer Arbeit. Verantwortlich ist: { $house }. Auf dieser Seite steht, was Cardea über Sie speichert, warum und wie lange.
privacy-kept-title = Was wir speichern
privacy-why = Warum
privacy-how-long = Wie lange
privacy-account-name = Ihr Konto
privacy-account-what = Name, Benutzername, E-Mail-Adresse, Sprache, Organisation, Rollen.
privacy-account-why = um zu wissen, wer Sie sind und was für Sie offen ist
privacy-account-how-long = solange Sie das Konto haben
privacy-methods-name = Ihre Anmeldemethoden
privacy-methods-what = Wann jede hinzugefügt und zuletzt verwendet wurde; von Ihrem Passwort nur ein Wert, aus dem es sich nicht zurücklesen lässt; von Ihrer App das Geheimnis, verschlüsselt; von Ihren Schlüsseln, was sie beweist, und weder Fingerabdruck noch Gesicht.
privacy-methods-why = um zu prüfen, dass Sie es sind
privacy-methods-how-long = bis Sie die Methode entfernen, oder solange Sie das Konto haben
privacy-sessions-name = Ihre Sitzungen
privacy-sessions-what = Gerät, Ort, Netzadresse, geöffnete Anwendungen.
privacy-sessions-why = damit Sie angemeldet bleiben und jede Sitzung sehen und beenden können
privacy-sessions-how-long = solange die Sitzung dauert, und einen Tag danach
privacy-browsers-name = Browser, mit denen Sie sich angemeldet haben
privacy-browsers-what = Eine Zufallszahl in einem Cookie des Browsers und wann er zum ersten und zum letzten Mal für Ihr Konto verwendet wurde. Wenn Sie es wünschten, bis wann ihm vertraut wird.
privacy-browsers-why = um Ihnen Anmeldungen mit einem neuen Browser mitzuteilen und um Sie einzulassen, während eine fremde Person rät
privacy-browsers-how-long = 400 Tage nach der letzten Anmeldung damit
privacy-consents-name = Anwendungen, denen Sie zugestimmt haben
privacy-consents-what = Welche Anwendung, was sie wissen darf und wann Sie zugestimmt haben.
privacy-consents-why = damit Sie nur einmal gefragt werden und es zurücknehmen können
privacy-consents-how-long = bis Sie es zurücknehmen, oder solange Sie das Konto haben
privacy-sign-ins-name = Jede Anmeldung und jede Änderung an Ihrem Konto, im Sicherheits­protokoll
privacy-sign-ins-what = Zeit, Netzadresse, Ort, Gerät, Methode, Ergebnis.
privacy-sign-ins-why = um Missbrauch zu finden und zu stoppen, und um Ihnen zu helfen, wenn etwas nicht funktioniert
privacy-sign-ins-how-long = 13 Monate; dann wird der Schlüssel des persönlichen Teils vernichtet und niemand kann ihn mehr lesen
privacy-cases-name = Vorgangscodes
privacy-cases-what = Wie der Code, den Sie beim Anruf nennen.
privacy-cases-why = damit der Servicedesk findet, was geschehen ist
privacy-cases-how-long = 72 Stunden
privacy-never = Wir speichern nicht, was Sie in Anwendungen eingeben, und wir beobachten nicht, wie Sie arbeiten.
privacy-basis-title = Auf welcher Grundlage
privacy-basis-text = Den Zugang zu öffentlichen Systemen sicher zu halten gehört zu einer Aufgabe im öffentlichen Interesse (DSGVO, Artikel 6, Absatz 1, Buchstabe e). Wir verwenden die Daten für nichts anderes.
privacy-seen-title = Wer sie sieht
privacy-seen-you = Sie, auf Ihrer Sicherheitsseite und als Datei.
privacy-seen-desk = Der Servicedesk, wenn Sie anrufen: was nötig ist, um Ihnen zu helfen.
privacy-seen-security = Das Sicherheitsteam, wenn eine Anmeldung nach Missbrauch aussieht.
privacy-seen-apps = Eine Anwendung, die Sie öffnen: wer Sie sind, soweit diese Anwendung es braucht.
privacy-seen-nobody = Niemand sonst erhält sie, außer wenn das Gesetz es verlangt. Sie werden nicht verkauft und nicht für Werbung verwendet.
privacy-guarded-title = Wie sie geschützt sind
privacy-guarded-text = Der persönliche Teil des Sicherheits­protokolls ist mit einem eigenen Schlüssel je Person und je Monat verschlüsselt. Ist die Zeit um, wird der Schlüssel vernichtet. Das Protokoll selbst bleibt nachweisbar, ohne etwas über Sie zu verraten.
privacy-place-text = Orte schlagen wir in einer Liste auf unseren eigenen Servern nach; Ihre Adresse wird dafür an niemanden gesendet.
privacy-rights-title = Ihre Rechte
privacy-rights-text = Die Datenschutz-Grundverordnung (DSGVO) gibt Ihnen diese Rechte:
privacy-right-see = zu sehen, was wir speichern, und eine Kopie davon zu erhalten;
privacy-right-correct = Fehler berichtigen und Daten löschen zu lassen, die nicht mehr nötig sind;
privacy-right-object = einer Verwendung Ihrer Daten zu widersprechen oder sie einschränken zu lassen.
privacy-rights-how = Um sie auszuüben, rufen Sie den Servicedesk unter { $phone } an oder schreiben Sie an die für den Datenschutz beauftragte Person Ihrer Organisation. Sie erhalten innerhalb eines Monats eine Antwort.
privacy-complain = Wenn die Antwort Sie nicht zufriedenstellt, können Sie sich bei der Behörde beschweren:
privacy-authority = Datenschutz­behörde
export-title = Meine Daten exportieren
export-text = Sie erhalten eine Datei mit Ihrem Konto, Ihren Anmeldemethoden, Ihren Sitzungen und Ihren Anmeldungen, in einer Form, die Programme lesen können (JSON).
export-do = Meine Daten herunterladen
export-sign-in = Melden Sie sich zuerst an: Die Datei ist nur für Sie bestimmt.
account-links = Andere Dienste
