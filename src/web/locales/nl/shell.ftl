### Wat rond elke pagina staat, en woorden die veel pagina’s delen.

house-name = FOD Kanselarij van de Eerste Minister
# Staat achter een zin: geen hoofdletter, geen punt
house-hours = op werkdagen van 7 tot 19 uur

skip = Naar de inhoud
nav-language = Taal
nav-main = Hoofdmenu
nav-crumbs = U bent hier
nav-home = Start
nav-security = Beveiliging
sign-out = Afmelden
foot-privacy = Hoe we uw gegevens gebruiken
foot-desk = Servicedesk { $phone }, { $hours }
threshold-say = Eén deur naar al uw werk.
real-title = Is dit de echte pagina?
real-text = Het adres begint met
stuck-title = Lukt het niet?
stuck-text = Bel de servicedesk op { $phone }, { $hours }. Zij vragen nooit naar uw wachtwoord.
# Gevolgd door de dossiercode
case-mention = Belt u de servicedesk op { $phone }, vermeld dan deze code:
try-again = Opnieuw proberen
to-home = Naar de startpagina
not-now = Niet nu
tip = Tip

## Tijd. $date en $time komen opgemaakt aan

when-today = vandaag { $time } uur
when-yesterday = gisteren { $time } uur
when-tomorrow = morgen { $time } uur
when-date = { $date }, { $time } uur

## Toestellen, plaatsen, methoden

device-known = { $browser } op { $system }
device-unknown = Onbekend toestel
place-unknown = Plaats onbekend
method-password = wachtwoord
method-password-code = wachtwoord en code uit de app
method-password-key = wachtwoord en sleutel
method-passkey = toegangssleutel
method-upstream = een andere dienst
method-password-upstream = wachtwoord en een andere dienst

## Eén keer getoond nadat er iets gebeurd is

flash-app-added-title = De authenticator-app is toegevoegd
flash-app-added-text = Vanaf nu kunt u zich met de codes ervan aanmelden.
flash-method-removed-title = De aanmeldmethode is verwijderd
flash-method-removed-text = Ze opent uw account niet meer.
flash-key-added-title = Uw sleutel is toegevoegd
flash-key-added-text = Vanaf nu kunt u zich ermee aanmelden.
flash-renamed-title = De naam is opgeslagen
flash-renamed-text = Alleen de naam is veranderd.
flash-password-title = Uw wachtwoord is gewijzigd
flash-password-text = Gebruik het nieuwe wachtwoord bij uw volgende aanmelding.
flash-session-ended-title = De sessie is beëindigd
flash-session-ended-text = Dat toestel vraagt een nieuwe aanmelding.
flash-consent-withdrawn-title = Uw akkoord is ingetrokken
flash-consent-withdrawn-text = De toepassing krijgt niets meer over u. Opent u ze opnieuw, dan vraagt ze het opnieuw.
flash-others-ended-title =
    { $count ->
        [0] Er was geen andere sessie open
        [one] Eén sessie is beëindigd
        *[other] { $count } sessies zijn beëindigd
    }
flash-others-ended-text = Hier blijft u aangemeld.
flash-linked-title = De dienst is toegevoegd
flash-linked-text = Vanaf nu kunt u zich ermee aanmelden.
