### Herstelcodes, de weg terug, vertrouwde browsers, uitnodigingen.

## Recovery codes as a second proof

way-recovery = Een herstelcode gebruiken
recovery-title = Een herstelcode gebruiken
recovery-text = Neem het blad met uw herstelcodes en voer er een in die u nog niet hebt gebruikt.
recovery-label = Herstelcode
recovery-hint = 16 letters en cijfers, bijvoorbeeld K7QD-2MXA-RT4W-9HCE. Hoofdletters of kleine letters, met of zonder streepjes: dat maakt geen verschil.
# $left = attempts left, at least 1
recovery-wrong =
    Die code staat niet op uw huidige lijst. Vergelijk hem teken voor teken met het blad. U hebt nog { $left ->
        [one] één poging
        *[other] { $left } pogingen
    }.
recovery-used = Deze code is al gebruikt. Streep hem door en voer een andere in.
recovery-malformed = Een herstelcode heeft 16 letters en cijfers. Kijk of er een ontbreekt.
recovery-lost-title = Ook geen blad bij de hand?

## Making recovery codes

codes-title = Herstelcodes
codes-lead = Tien codes op papier. Elk ervan laat u één keer binnen, samen met uw wachtwoord, als uw telefoon weg is.
codes-left =
    { $left ->
        [0] Er is geen code meer over.
        [one] Er is nog één code over.
        *[other] Er zijn nog { $left } codes over.
    }
codes-none = U hebt nog geen herstelcodes.
# Followed by a time
codes-made-at = Gemaakt:
codes-happens-ten = U krijgt tien nieuwe codes. Ze worden één keer getoond: druk ze af of schrijf ze over.
codes-happens-old = De oude codes werken niet meer.
codes-happens-mail = U krijgt er een e-mail over.
codes-do = Tien codes maken
codes-made-title = Tien nieuwe herstelcodes
codes-made-for = Gemaakt voor { $user }: { $when }
codes-made-lead = Elk ervan opent de deur één keer. Vroegere werken niet meer.
codes-keep = Druk deze pagina af of schrijf de codes over. Bewaar het blad thuis, niet bij de laptop.
codes-once = We bewaren geen leesbare kopie, daarom worden ze één keer getoond.
codes-never-asked = Niemand van de servicedesk zal er ooit om vragen.
codes-have = Ik heb ze op papier
# Followed by two keys
codes-print = Om deze pagina af te drukken, druk op
codes-few = Weinig herstelcodes over
codes-low-text = Maak een nieuwe reeks zolang het nog kan.
recovery-codes-low =
    { $left ->
        [0] U hebt geen herstelcodes meer.
        [one] U hebt nog één herstelcode.
        *[other] U hebt nog { $left } herstelcodes.
    } Maak een nieuwe reeks; de oude codes werken dan niet meer.

## The way back

way-back-title = Valt uw telefoon vanavond in het kanaal, komt u dan nog binnen?
way-back-ready = Ja. Wat u ook kwijtraakt, iets anders laat u binnen; verwijder daarna hier wat u kwijt bent.
way-back-bind = Nee. U hebt nog geen tweede bewijs dat volstaat. Voeg er nu een toe; dat duurt twee minuten.
way-back-codes = Alleen met de hulp van de servicedesk. Maak herstelcodes en bewaar ze op papier; dat duurt een minuut.
way-back-another = Alleen met de hulp van de servicedesk. Voeg een aanmeldmethode op een tweede toestel toe; dat duurt twee minuten.
set-up-title = Nog één ding: een weg terug
set-up-lead = U bent binnen. Raakt u dit toestel ooit kwijt, dan laat een van deze u weer binnen zonder op iemand te wachten.
set-up-device-title = Een tweede toestel
set-up-device-text = Een toegangssleutel of een app op een ander toestel doet hetzelfde als de eerste.
set-up-on = Verder
set-up-on-to = Verder naar { $app }
recovered-title = U bent binnen met een herstelcode
recovered-lead = Die code is gebruikt: streep hem door. Is uw toestel of sleutel verloren of gestolen? Doe dan nu dit.
recovered-device-title = Een nieuw toestel
recovered-device-text = Voeg een toegangssleutel of een app toe op het toestel dat u nu hebt.
# Followed by the name of a sign-in method
recovered-lost-title = Is deze kwijt?
recovered-lost-text = Verwijder die dan, zodat niemand anders die gebruikt.
recovered-only-text = U kunt die verwijderen zodra u een andere hebt toegevoegd.

## Mails

mail-recovery-made-subject = Nieuwe herstelcodes voor uw account
mail-recovery-made-text =
    Dag,

    Op { $date } om { $time } uur (Brusselse tijd) werden nieuwe herstelcodes gemaakt voor uw werkaccount. De vroegere werken niet meer.

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    Was u dit? Dan hoeft u niets te doen. Was u dit niet? Bel meteen de servicedesk op { $phone }.

    Cardea
mail-recovery-used-subject = Er is een herstelcode gebruikt
mail-recovery-used-text =
    Dag,

    Op { $date } om { $time } uur (Brusselse tijd) werd er bij uw werkaccount aangemeld met een van uw herstelcodes. { $left ->
        [0] Er is geen code meer over: maak een nieuwe reeks op uw beveiligingspagina.
        [one] Er is nog één code over.
        *[other] Er zijn nog { $left } codes over.
    }

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    Was u dit? Is er een telefoon verloren, verwijder die dan op uw beveiligingspagina. Was u dit niet? Bel meteen de servicedesk op { $phone }.

    Cardea

## The clock of the phone

code-clock =
    De klok van uw telefoon wijkt ongeveer { $minutes ->
        [one] één minuut
        *[other] { $minutes } minuten
    } af, waardoor de codes niet overeenkomen met de onze. Zet datum en tijd van de telefoon op ‘automatisch’ en voer een nieuwe code in.
flash-clock-title = De klok van uw telefoon loopt niet gelijk
flash-clock-text =
    Ze wijkt ongeveer { $minutes ->
        [one] één minuut
        *[other] { $minutes } minuten
    } af, waardoor de codes niet overeenkwamen met de onze. Zet datum en tijd van de telefoon op ‘automatisch’; dan werken ze weer.

## Trusted browsers

trusted-tick =
    Op deze browser { $days ->
        [one] één dag
        *[other] { $days } dagen
    } niet naar het tweede bewijs vragen
trusted-hint = Alleen op een toestel dat niemand anders gebruikt. Uw wachtwoord wordt nog altijd gevraagd.
browsers-title = Vertrouwde browsers
browsers-text = Hier laat uw wachtwoord alleen u binnen. Hebt u een ervan niet meer bij u? Beëindig die dan.
browsers-end = Hier weer vragen
flash-browser-ended-title = De browser is niet meer vertrouwd
flash-browser-ended-text = Hij vraagt opnieuw naar het tweede bewijs.
mail-browser-stolen-subject = Een vertrouwde browser is misschien gekopieerd
mail-browser-stolen-text =
    Dag,

    Op { $date } om { $time } uur (Brusselse tijd) toonde iemand die uw wachtwoord kent een kenmerk van een van uw vertrouwde browsers dat al lang vervangen was. Twee browsers kunnen het niet hebben, dus één ervan is een kopie.

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    We hebben al uw sessies gesloten en vertrouwen geen van uw browsers nog. Meld u aan met uw tweede bewijs, wijzig uw wachtwoord en bel de servicedesk op { $phone }.

    Cardea

## Invitations

invite-title = Uw werkaccount instellen
invite-lead = U bent uitgenodigd voor Cardea, de ene deur naar al uw werk. Het instellen duurt ongeveer tien minuten, met uw telefoon bij u.
invite-rescue-title = Uw account opnieuw instellen
invite-rescue-lead = Als u begint, werken uw huidige wachtwoord, al uw aanmeldmethoden en uw herstelcodes niet meer, en eindigt elke sessie.
invite-steps = Wat u zult doen
invite-step-password = Een wachtwoord kiezen
invite-step-password-text = Alleen als uw account er nog geen heeft.
invite-step-first = Een tweede bewijs toevoegen
invite-step-first-text = Een authenticator-app op uw telefoon, of een toegangssleutel.
invite-step-back = Een weg terug voorbereiden
invite-step-back-text = Een tweede toestel, of tien herstelcodes op papier.
invite-begin-title = Beginnen
invite-name-hint = Die u meegedeeld werd. Ze staat niet in deze uitnodiging, zodat wie de uitnodiging vindt ze niet kan gebruiken.
# $left = attempts left, at least 1
invite-other-name =
    Deze uitnodiging is voor een andere gebruikersnaam. Vergelijk met wat u meegedeeld werd. U hebt nog { $left ->
        [one] één poging
        *[other] { $left } pogingen
    }.
invite-do = Beginnen
invite-once = Deze uitnodiging werkt één keer.
# Followed by a time
invite-until = Ze is geldig tot:
invite-nobody = Niemand anders, ook niet wie u uitnodigde, ziet wat u hier kiest en toevoegt.
invite-dead-title = Deze uitnodiging werkt niet
invite-used = Ze is al gebruikt. Was u dat? Meld u dan aan.
invite-expired = De tijd ervan is voorbij, of er is een nieuwere gemaakt.
invite-closed = De account waarvoor ze is, staat niet open.
invite-unknown = We kennen ze niet. Misschien is het adres niet helemaal gekopieerd.
invite-next = Vraag een nieuwe aan wie u uitnodigde, of bel de servicedesk op { $phone }.
password-first = Uw account heeft nog geen wachtwoord. Kies er nu een dat alleen u kent.
mail-invitation-used-subject = Uw account wordt ingesteld
mail-invitation-used-text =
    Dag,

    De uitnodiging voor uw werkaccount werd gebruikt op { $date } om { $time } uur (Brusselse tijd).

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    Was u dit? Dan hoeft u niets te doen. Was u dit niet? Bel meteen de servicedesk op { $phone }.

    Cardea
mail-rescued-subject = De account van een beheerder wordt opnieuw ingesteld
mail-rescued-text =
    Dag,

    Op { $date } om { $time } uur (Brusselse tijd) maakte iemand met toegang tot de server een nooduitnodiging voor deze beheerder: { $person }. De naam op de server: { $operator }.

    Wie ze gebruikt, stelt de account opnieuw in; het huidige wachtwoord en de aanmeldmethoden werken dan niet meer. U krijgt deze mail omdat u beheerder bent.

    Weet u hier niet van? Bel meteen de servicedesk op { $phone }, en het beveiligingsteam.

    Cardea
