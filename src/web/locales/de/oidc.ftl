### Was eine Anwendung wissen möchte, und der Weg zurück zu ihr.

## Die Frage

consent-title = Was darf { $app } über Sie wissen?
consent-lead = Sie möchten diese Anwendung öffnen. Sie gehört nicht zu uns: Sie entscheiden, ob sie erhält, was hier steht.
consent-asked = Wonach sie fragt
# Gefolgt vom Namen eines Servers
consent-onward = Danach geht es weiter zu:
consent-allow = Erlauben und weiter
consent-refuse = Nicht erlauben
consent-later = Sie können Ihre Antwort jederzeit zurücknehmen, auf der Seite zu Ihrer Sicherheit.

## Wonach gefragt werden kann: eine Art und ihre Erklärung

consent-openid = Dass Sie es sind
consent-openid-text = Eine Nummer, die für Sie steht, damit die Anwendung Sie wiedererkennt, und wann und wie Sie sich angemeldet haben.
consent-profile = Ihr Profil
consent-profile-text = Ihr Name, Ihr Benutzername und was dazu gespeichert ist.
consent-email = Ihre E-Mail-Adresse
consent-email-text = Sie kann Ihnen schreiben.
consent-address = Ihre Postanschrift
consent-address-text = Sie weiß, wo Briefe Sie erreichen.
consent-phone = Ihre Telefonnummer
consent-phone-text = Sie kann Sie anrufen.
consent-single = Einzelne Angaben über Sie
consent-single-text = Diese und nichts anderes ihrer Art.
consent-own = Rechte in der Anwendung
consent-own-text = Nur die Anwendung selbst weiß, was sie bedeuten. Fragen Sie, wer sie betreut.
consent-own-names = Ihre Namen
consent-offline = Zugang, wenn Sie nicht da sind
consent-offline-text = Sie darf all dies weiter abfragen, nachdem Sie sich abgemeldet haben, bis Sie Ihre Antwort zurücknehmen.
# Anstelle eines Wertes
consent-nothing = Hier ist nichts gespeichert
consent-yes = ja
consent-no = nein

## Angaben über eine Person

claim-name = Name
claim-family-name = Familienname
claim-given-name = Vorname
claim-middle-name = Zweiter Vorname
claim-nickname = Rufname
claim-preferred-username = Benutzername
claim-profile = Profilseite
claim-picture = Bild
claim-website = Website
claim-gender = Geschlecht
claim-birthdate = Geburtsdatum
claim-zoneinfo = Zeitzone
claim-locale = Sprache
claim-updated-at = Letzte Änderung
claim-email = E-Mail-Adresse
claim-email-verified = E-Mail-Adresse geprüft
claim-address = Postanschrift
claim-phone-number = Telefonnummer
claim-phone-number-verified = Telefonnummer geprüft

## Die letzte Seite auf dem Weg zurück

onward-title = Sie sind unterwegs
# Gefolgt vom Namen einer Anwendung
onward-to = Es geht weiter zu:
onward-text = Wenn nichts geschieht, drücken Sie auf die Schaltfläche.
onward-do = Weiter

## Für die, die eine Anwendung betreuen, neben einer Anfrage, die nicht passt

untrusted-title = Für Sie, die diese Anwendung betreuen
untrusted-text = Nur wer sie betreut, sieht dies. Der erste Unterschied ist markiert.
untrusted-parameter = Parameter
untrusted-got = Empfangen
untrusted-registered = Registriert
untrusted-nothing = Nichts
