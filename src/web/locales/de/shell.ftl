### Was um jede Seite steht, und Wörter, die viele Seiten teilen.

house-name = FÖD Kanzlei des Premierministers
# Steht hinter einem Satz: kein Punkt
house-hours = werktags von 7 bis 19 Uhr

skip = Zum Inhalt
nav-language = Sprache
nav-main = Hauptmenü
nav-crumbs = Sie sind hier
nav-home = Start
nav-security = Sicherheit
sign-out = Abmelden
foot-privacy = Wie wir Ihre Daten verwenden
foot-desk = Servicedesk { $phone }, { $hours }
threshold-say = Eine Tür zu Ihrer ganzen Arbeit.
real-title = Ist das die echte Seite?
real-text = Die Adresse beginnt mit
stuck-title = Kommen Sie nicht weiter?
stuck-text = Rufen Sie den Servicedesk unter { $phone } an, { $hours }. Er fragt Sie nie nach Ihrem Passwort.
# Gefolgt vom Vorgangscode
case-mention = Wenn Sie den Servicedesk unter { $phone } anrufen, nennen Sie bitte diesen Code:
try-again = Erneut versuchen
to-home = Zur Startseite
not-now = Nicht jetzt
tip = Tipp

## Zeit. $date und $time kommen fertig geschrieben an

when-today = heute, { $time } Uhr
when-yesterday = gestern, { $time } Uhr
when-tomorrow = morgen, { $time } Uhr
when-date = { $date }, { $time } Uhr

## Geräte, Orte, Methoden

device-known = { $browser } unter { $system }
device-unknown = Unbekanntes Gerät
place-unknown = Ort unbekannt
method-password = Passwort
method-password-code = Passwort und Code aus der App
method-password-key = Passwort und Schlüssel
method-passkey = Passkey
method-upstream = ein anderer Dienst
method-password-upstream = Passwort und ein anderer Dienst

## Einmal gezeigt, nachdem etwas geschehen ist

flash-app-added-title = Die Authentifi­zierungs-App wurde hinzugefügt
flash-app-added-text = Ab jetzt können Sie sich mit ihren Codes anmelden.
flash-method-removed-title = Die Anmeldemethode wurde entfernt
flash-method-removed-text = Sie öffnet Ihr Konto nicht mehr.
flash-key-added-title = Ihr Schlüssel wurde hinzugefügt
flash-key-added-text = Ab jetzt können Sie sich damit anmelden.
flash-renamed-title = Der Name wurde gespeichert
flash-renamed-text = Nur der Name hat sich geändert.
flash-password-title = Ihr Passwort wurde geändert
flash-password-text = Verwenden Sie bei der nächsten Anmeldung das neue Passwort.
flash-session-ended-title = Die Sitzung wurde beendet
flash-session-ended-text = Dieses Gerät verlangt eine neue Anmeldung.
flash-consent-withdrawn-title = Ihre Zustimmung ist zurückgenommen
flash-consent-withdrawn-text = Die Anwendung erhält nichts mehr über Sie. Öffnen Sie sie erneut, fragt sie erneut.
flash-others-ended-title =
    { $count ->
        [0] Keine andere Sitzung war offen
        [one] Eine Sitzung wurde beendet
        *[other] { $count } Sitzungen wurden beendet
    }
flash-others-ended-text = Hier bleiben Sie angemeldet.
flash-linked-title = Der Dienst wurde hinzugefügt
flash-linked-text = Ab jetzt können Sie sich damit anmelden.
