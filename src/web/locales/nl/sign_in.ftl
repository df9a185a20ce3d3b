### Aanmelden: gebruikersnaam en wachtwoord, het tweede bewijs, een nieuwe app, een nieuw wachtwoord.

sign-in = Aanmelden
# De knop
sign-in-do = Aanmelden
# Gevolgd door de naam van een toepassing
sign-in-towards = U wilt openen:
sign-in-needs-key = Een wachtwoord en een code zijn hier niet genoeg: u hebt een toegangssleutel of een beveiligingssleutel nodig.
user-name = Gebruikersnaam
user-name-hint = Zoals op uw laptop, bijvoorbeeld ab1234
password = Wachtwoord
password-again = Typ uw wachtwoord opnieuw. Controleer Caps Lock en het toetsenbord (AZERTY of QWERTY).
forgotten-title = Lukt aanmelden niet?
forgotten-text = Bel de servicedesk op { $phone }. Zij gaan eerst na of u het bent en helpen u dan verder. Zij vragen nooit naar uw wachtwoord.

## Waarom het formulier terugkomt

refused-title = Dat is niet gelukt. Er is niets verloren.
# Dezelfde zin voor een onbekende naam, een fout wachtwoord, vergrendeld, uitgeschakeld
sign-in-refused = We konden u niet aanmelden. Controleer uw gebruikersnaam en uw wachtwoord.
paused-title = Even pauze
# Ook voor namen die niet bestaan
sign-in-too-many =
    Er waren te veel pogingen na elkaar. Om de account te beschermen, pauzeren we het aanmelden { $minutes ->
        [one] één minuut
        *[other] { $minutes } minuten
    }. U hoeft niets te doen: probeer het daarna opnieuw.
busy-title = Het is hier even druk
sign-in-busy =
    Veel mensen melden zich op hetzelfde moment aan. Er is niets verloren. Probeer het over { $seconds ->
        [one] één seconde
        *[other] { $seconds } seconden
    } opnieuw.
unreachable-title = Dit ligt niet aan u
sign-in-unreachable = We kunnen het systeem dat de wachtwoorden controleert nu niet bereiken. Uw account is in orde. Probeer het over enkele minuten opnieuw.
# $reason = idle, limit, remote, security, other
session-ended =
    { $reason ->
        [idle] U bent afgemeld omdat hier een tijdje niets gebeurde.
        [limit] U bent afgemeld omdat een sessie hoogstens één werkdag duurt.
        [remote] U bent afgemeld vanaf een van uw andere toestellen.
        [security] U bent afgemeld om uw account te beschermen.
        *[other] Uw sessie is beëindigd.
    } Meld u opnieuw aan om verder te gaan waar u gebleven was.
signed-out-title = U bent afgemeld
signed-out-text = Gebruiken anderen dit toestel ook, sluit dan ook de browser.

## Het tweede bewijs

code-title = Nog één stap
# Gevolgd door de gebruikersnaam
code-as = U meldt zich aan als
code-not-you = Bent u dit niet?
code-text = Open de authenticator-app op uw telefoon. Voer de zes cijfers in die u bij Cardea ziet.
code-label = Code van zes cijfers
code-hint = De code verandert elke 30 seconden.
code-do = Bevestigen
# $left = resterende pogingen, minstens 1
code-wrong =
    Die code klopt niet. Kijk naar de nieuwste code in uw app en voer die in. U hebt nog { $left ->
        [one] één poging
        *[other] { $left } pogingen
    }.
code-used = Deze code is al gebruikt. Wacht op de volgende (hoogstens 30 seconden) en voer die in.
code-malformed = Een code heeft zes cijfers. Kijk naar de nieuwste code in uw app en voer die in.
no-phone-title = Geen telefoon bij u?
no-phone-text = Bel de servicedesk op { $phone }. Zij gaan eerst na of u het bent en helpen u dan verder.

## Een authenticator-app koppelen

enrol-title = Een authenticator-app toevoegen
enrol-forced = Uw account heeft naast het wachtwoord een tweede bewijs nodig, zodat niemand met alleen uw wachtwoord binnen kan.
enrol-lead = Elke app die codes van zes cijfers maakt, is goed. Het duurt twee minuten, met uw telefoon naast u.
enrol-open-title = Open de app op uw telefoon
enrol-open-text = Kies ‘account toevoegen’ en daarna ‘code scannen’.
enrol-scan-title = Scan dit vierkant
enrol-qr = QR-code met het geheim van deze account. Hetzelfde geheim staat ernaast als tekst.
enrol-type-title = Lukt scannen niet?
enrol-type-text = Voer dit geheim in de app in. Hoofdletters of kleine letters, met of zonder spaties: het maakt niet uit.
enrol-account = Account
enrol-kind = Soort
enrol-kind-totp = Op tijd gebaseerd, 6 cijfers, 30 seconden
enrol-once-title = Eén keer getoond
enrol-once-text = Maak er geen foto van. Na deze pagina kan niemand dit geheim nog tonen, ook wij niet.
enrol-code-title = Voer de code in die u nu ziet
enrol-name = Naam voor deze telefoon
enrol-name-hint = Zo herkent u hem later.
enrol-name-suggested = Werktelefoon
enrol-do = De app toevoegen
enrol-no-phone = Geen telefoon bij de hand? Bel de servicedesk op { $phone }. Er gaat niets verloren als u hier stopt.

## Een nieuw wachtwoord

password-new-title = Kies een nieuw wachtwoord
password-expired = Uw wachtwoord is verlopen op { $date }. U kunt hier meteen een nieuw kiezen, ook thuis: het duurt ongeveer drie minuten en u hebt geen VPN of kantoornetwerk nodig.
password-expired-undated = Uw wachtwoord is verlopen. U kunt hier meteen een nieuw kiezen, ook thuis: het duurt ongeveer drie minuten en u hebt geen VPN of kantoornetwerk nodig.
password-must-change = Uw wachtwoord werd door iemand anders ingesteld. Kies er nu een dat alleen u kent.
password-wish = Al uw andere sessies worden dan beëindigd. We schrijven u zodra het wachtwoord gewijzigd is.
password-rules = Een goed wachtwoord is
password-rule-length =
    minstens { $min ->
        [one] één teken
        *[other] { $min } tekens
    } lang
password-rule-listed = niet makkelijk te raden, en op geen lijst van bekende wachtwoorden
password-rule-name = zonder iets van uzelf erin: uw naam, gebruikersnaam, mailadres, telefoonnummer of geboortedatum
password-rule-same = duidelijk anders dan het huidige
password-rule-tip = Tip: vier of vijf woorden die alleen u zou combineren, zijn sterk en makkelijk te onthouden.
password-current = Uw huidige wachtwoord
password-new = Nieuw wachtwoord
password-new-again = Herhaal het nieuwe wachtwoord
password-new-do = Het nieuwe wachtwoord bewaren
password-refused-current = We konden uw huidige wachtwoord niet bevestigen. Typ het opnieuw. Controleer Caps Lock en het toetsenbord (AZERTY of QWERTY).
password-refused-different = De twee nieuwe wachtwoorden zijn niet gelijk. Typ het nieuwe opnieuw, twee keer.
password-refused-short =
    Dit wachtwoord is te kort: voeg { $missing ->
        [one] één teken
        *[other] { $missing } tekens
    } toe.
password-refused-long = Dit wachtwoord is langer dan we kunnen bewaren: kies een korter.
password-refused-listed = Dit wachtwoord staat op een lijst van wachtwoorden die makkelijk te raden zijn: kies een ander, bijvoorbeeld een paar woorden die alleen u zou combineren.
password-refused-name = Dit wachtwoord bevat iets van uzelf: uw naam, gebruikersnaam, mailadres, telefoonnummer of geboortedatum, ook al is het anders gespeld. Kies er een zonder.
password-refused-same = Dit is uw huidige wachtwoord: kies een nieuw.
password-refused-previous = Dit wachtwoord lijkt te veel op uw huidige: kies een dat echt anders is.
password-refused-breached = Dit wachtwoord staat, of staat misschien, op een lijst van wachtwoorden die ooit gestolen zijn. Wie inbreekt, probeert die het eerst: kies een ander.
password-refused-weak = Dit wachtwoord is makkelijk te raden: voeg een woord toe of kies een ander.
strength = Sterkte van het wachtwoord dat u typte
strength-very-weak = Zeer zwak. Het wordt meteen geraden.
strength-weak = Zwak. Het wordt snel geraden.
strength-fair = Redelijk. Eén woord meer maakt het sterk.
strength-good = Goed.
strength-strong = Sterk.
# While it is typed; $typed is replaced by the page
strength-live-short = Voorlopig { $typed } van { $min } tekens.
strength-live-own = Uw gebruikersnaam zit erin: kies er een zonder.
strength-live-simple = Lang genoeg, maar makkelijk te raden.
strength-live-enough = Lang genoeg. Of het op een lijst van bekende wachtwoorden staat, kijken we na wanneer u het bewaart.

## Passkeys and security keys

passkey-do = Aanmelden met een toegangssleutel
passkey-failed = Aanmelden met uw toegangssleutel is deze keer niet gelukt. Er is niets veranderd aan uw account. Probeer het opnieuw of kies een andere manier.
passkey-offer = De volgende keer kunt u zich zonder wachtwoord aanmelden: met uw vingerafdruk, uw gezicht of de pincode van dit toestel. Instellen duurt een minuut. Uw vingerafdruk en uw gezicht verlaten het toestel nooit.
key-text = Gebruik uw toegangssleutel of uw beveiligingssleutel. Uw browser vraagt erom als u de knop kiest.
key-do = Mijn sleutel gebruiken
key-no-script = Deze stap heeft JavaScript nodig en dat staat uit in deze browser. Zet het aan en laad de pagina opnieuw, of kies een andere manier.
key-waiting = Volg wat uw browser of uw toestel toont.
key-cancelled = Er is niets verstuurd: het werd gestopt of het duurde te lang. Probeer het opnieuw of kies een andere manier.
key-known = Deze hebt u al toegevoegd. Kies een ander toestel of een andere sleutel.
key-unable = Dat is op dit toestel niet gelukt. Er is niets veranderd. Probeer het opnieuw of kies een andere manier.
no-key-title = Geen sleutel bij u?
another-way = Een andere manier
way-key = Een toegangssleutel of een beveiligingssleutel gebruiken
way-app = Een code uit de authenticator-app gebruiken
enrol-way-key = In plaats daarvan een toegangssleutel toevoegen: geen codes om in te voeren
enrol-way-app = In plaats daarvan een authenticator-app toevoegen
bind-title = Een toegangssleutel toevoegen
bind-forced = Wat u wilt openen, vraagt een bewijs dat niemand u met een valse pagina kan ontfutselen.
bind-name = Naam voor deze sleutel
bind-name-suggested = Werklaptop
bind-do = Toegangssleutel toevoegen
bind-key-title = Hebt u een beveiligingssleutel?
bind-key-text = Een sleutel zonder pincode of vingerafdruk werkt als tweede bewijs, na uw wachtwoord.
bind-key-do = Beveiligingssleutel toevoegen
bind-failed = Deze sleutel kon niet worden toegevoegd. Er is niets veranderd aan uw account. Probeer het opnieuw of neem een ander toestel of een andere sleutel.
bind-no-device = Geen toestel of sleutel die dit kan? Bel de servicedesk op { $phone }. Er gaat niets verloren als u hier stopt.
upstream-do = Aanmelden met { $service }
upstream-prove = Bevestigen met { $service }
way-upstream = Een andere dienst gebruiken, zoals eID of itsme®
upstream-text = Bevestig dat u het bent met een dienst die u aan uw account hebt gekoppeld. Daarna komt u hier terug.
upstream-none = Op dit moment kan geen andere dienst worden gebruikt. Kies een andere manier.
# $service = de naam van de dienst
upstream-start-again = Deze aanmelding met { $service } is verlopen of werd in een andere browser geopend. Er is niets veranderd. Begin hier opnieuw.
upstream-declined = U hebt de aanmelding met { $service } gestopt. Er is niets veranderd. Probeer het opnieuw of kies een andere manier.
upstream-down = { $service } antwoordt op dit moment niet. Dat ligt niet aan uw kaart, uw telefoon of uw account. Probeer het over enkele minuten opnieuw of kies een andere manier.
upstream-ask-again = { $service } antwoordde vanuit een eerdere aanmelding. Meld u daar nog eens aan of kies een andere manier.
upstream-too-weak = U hebt zich bij { $service } aangemeld met iets dat hier niet sterk genoeg is. Probeer het opnieuw met uw eID-kaart of uw app, of kies een andere manier.
upstream-not-understood = { $service } gaf niet het antwoord dat nodig is. Dat ligt niet aan u. Kies een andere manier en geef de servicedesk de dossiercode.
upstream-not-trusted = Wat van { $service } terugkwam, was niet te vertrouwen en werd niet gebruikt. Er is niets veranderd aan uw account. Kies een andere manier en geef de servicedesk de dossiercode.
upstream-not-linked = { $service } opent hier nog geen account. Meld u op een andere manier aan en voeg { $service } daarna toe onder Uw beveiliging.
upstream-taken = { $service } kon niet worden toegevoegd: uw account heeft deze dienst al, of ze hoort bij een andere account.
links-title = Andere diensten die uw account openen
links-lead = Met eID, itsme® of een andere dienst kunt u zich aanmelden, ook als u uw telefoon of uw wachtwoord niet bij de hand hebt.
links-linked = Toegevoegd
links-add = Een dienst toevoegen
links-add-text = U meldt zich daar één keer aan. Daarna opent de dienst uw account.
links-add-do = { $service } toevoegen
links-back = Terug naar Uw beveiliging
