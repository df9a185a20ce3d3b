### A password that is set anew without the old one, and “this was not me”.

## Who is it, what is wrong

reset-link = Wachtwoord vergeten?
reset-progress = Voortgang
reset-step-who = Wat er mis is
reset-step-prove = Twee bewijzen
reset-step-choose = Nieuw wachtwoord
reset-step-unlock = Ontgrendelen
reset-step-done = Klaar
reset-step-over = klaar
reset-title = We helpen u weer binnen
reset-lead = Het duurt ongeveer drie minuten, ook thuis. Uw bestanden en uw mail blijven waar ze zijn.
reset-what = Wat is er mis?
reset-what-forgotten = Ik ben mijn wachtwoord vergeten
reset-what-forgotten-text = U kiest een nieuw.
reset-what-expired = Mijn wachtwoord is verlopen
reset-what-expired-text = U kiest een nieuw, met of zonder het oude.
reset-what-locked = Ik ken het, maar mijn account is vergrendeld
reset-what-locked-text = Uw wachtwoord blijft; de vergrendeling gaat weg.
reset-next = Verder
reset-back = Terug
reset-no-name = Voer uw gebruikersnaam in: zonder die naam kunnen we niets opzoeken.
reset-need-title = Wat u nodig hebt
reset-need-proofs = Twee verschillende bewijzen dat u het bent
reset-need-minute = Een rustige minuut om een wachtwoord te kiezen
reset-need-nothing = Geen VPN, geen kantoornetwerk, geen formulier
reset-never-ask = Wij vragen nooit naar uw wachtwoord via telefoon, mail of chat.
# Also for names that do not exist
reset-paused =
    Er waren te veel pogingen na elkaar. Om de account te beschermen, pauzeren we dit { $minutes ->
        [one] één minuut
        *[other] { $minutes } minuten
    }. U hoeft niets te doen: probeer het daarna opnieuw.
case-title = Dossiercode
case-keep = Bewaar hem tot alles werkt. De servicedesk vindt deze poging ermee terug.

## Two proofs

proofs-title = Toon dat u het bent
proofs-choose = Om zeker te zijn dat u het bent, vragen we twee verschillende bewijzen. Kies wat u bij de hand hebt: uw eID-kaart, itsme®, MyGov.be, uw authenticator-app, een beveiligingssleutel of een code per e-mail.
proofs-second = Eén van twee: gelukt. Kies nu een tweede bewijs van een andere soort (al gebruikt: { $method }).
proofs-none = Hebt u geen twee bewijzen bij de hand? Bel de servicedesk op { $phone } en vermeld code { $case }. Zij gaan eerst na of u het bent en helpen u dan met een tijdelijke toegangspas.
proofs-strong = Bedankt: { $method }. Deze account heeft twee sterke bewijzen nodig, waarvan er één niet met een valse pagina gestolen kan worden. Kies het volgende.
proofs-stuck = Bedankt: { $method }. Uw account heeft geen tweede bewijs dat hier gebruikt kan worden; de servicedesk moet u verder helpen.
proof-use = Gebruiken
proof-key = Toegangssleutel of beveiligingssleutel
proof-key-text = Met uw vinger, uw gezicht of een pincode.
proof-app = Code uit de authenticator-app
proof-app-text = Zes cijfers op uw telefoon.
proof-upstream = eID, itsme® of een andere dienst
proof-upstream-text = U bevestigt daar en komt hier terug.
proof-recovery = Herstelcode
proof-recovery-text = Een van de tien die u afdrukte.
proof-mail = Code per e-mail
proof-mail-text = Naar het adres dat wij van u hebben; alleen als u die mailbox nu kunt openen.
reset-quicker-title = Kent u het oude nog?
reset-quicker-text = Meld u er dan mee aan: daar vragen we een nieuw, en dat gaat sneller.
reset-key-failed = Uw sleutel kon deze keer niet gebruikt worden. Er is niets veranderd aan uw account. Probeer het opnieuw of kies een andere manier.
reset-not-linked = { $service } bewijst niets voor deze gebruikersnaam. Er is niets veranderd. Controleer de naam of kies een andere manier.
# $left = attempts left, at least 1. The same where nobody has the name
reset-code-wrong =
    Die code bewijst niets voor deze gebruikersnaam. Controleer de naam en de code. U hebt nog { $left ->
        [one] één poging
        *[other] { $left } pogingen
    }.
mail-code-ask = We sturen acht cijfers naar het e-mailadres dat wij van u hebben. U typt ze hier in.
mail-code-send = Stuur mij een code
mail-code-again = Stuur een nieuwe code
mail-code-sent =
    Als er een account met deze gebruikersnaam is, is er een code onderweg naar de mailbox ervan. Hij blijft { $minutes ->
        [one] één minuut
        *[other] { $minutes } minuten
    } geldig. Alleen de nieuwste telt.
mail-code-label = Code van acht cijfers
mail-code-hint = Uit de mail die we stuurden. Kijk ook bij uw ongewenste e-mail.
mail-code-wrong =
    Die code klopt niet. Kijk naar de nieuwste mail en voer de code daaruit in. U hebt nog { $left ->
        [one] één poging
        *[other] { $left } pogingen
    }.
mail-code-malformed = Een code uit een mail heeft acht cijfers. Kijk of er een ontbreekt.
email-code-expired = Deze code is niet meer geldig. Vraag een nieuwe aan; die komt binnen de minuut aan. Kijk ook bij uw ongewenste e-mail.

## The new password

reset-choose-lead = Bedankt, u bent het. Al uw sessies eindigen als het wachtwoord wijzigt.
password-rule-complexity = tekens van minstens { $kinds } van deze vier soorten: hoofdletters, kleine letters, cijfers, andere tekens zoals % of ?
password-rule-history =
    anders dan { $count ->
        [one] uw laatste wachtwoord
        *[other] uw laatste { $count } wachtwoorden
    }
password-rule-age =
    U kunt een wachtwoord opnieuw wijzigen { $days ->
        [one] één dag
        *[other] { $days } dagen
    } na de vorige wijziging.
password-refused-history = U hebt dit wachtwoord al eens gebruikt: kies een nieuw.
password-refused-length = Dit wachtwoord is te kort voor uw organisatie: kies een langer.
password-refused-complexity = Dit wachtwoord heeft nog één soort teken nodig: voeg een hoofdletter, een cijfer of een ander teken toe.
password-refused-unreachable = We kunnen het systeem dat de wachtwoorden bewaart nu niet bereiken: uw oude wachtwoord is niet gewijzigd en u kunt het over enkele minuten opnieuw proberen.
password-refused-age = Uw wachtwoord werd kort geleden gewijzigd en een volgende wijziging mag nog niet. Is het dringend, bel dan de servicedesk op { $phone }.
password-refused-other = Dit wachtwoord werd niet aanvaard en we weten niet waarom. Bekijk de regels en probeer een langer.
password-refused-not-here = Het wachtwoord van deze account kan hier niet gewijzigd worden. Bel de servicedesk op { $phone }.
doubt-title = We zijn niet zeker
password-doubtful = Het systeem dat de wachtwoorden bewaart viel weg terwijl het nieuwe opgeslagen werd. Misschien is het gewijzigd, misschien niet: probeer u met het nieuwe aan te melden en sla het anders hier opnieuw op.
password-show = Toon wat ik typ
password-hide = Verberg wat ik typ

## Only locked out

unlock-title = Uw account ontgrendelen
unlock-lead = Bedankt, u bent het. De vergrendeling gaat weg; uw wachtwoord blijft zoals het is.
unlock-do = Mijn account ontgrendelen
unlock-why = Een account wordt vaak vergrendeld door een toestel dat nog een oud wachtwoord probeert: een telefoon, een tweede laptop, een netwerkschijf.
unlock-not-here = De vergrendeling van deze account kan hier niet weggenomen worden. Bel de servicedesk op { $phone }.
unlock-unreachable = We kunnen het systeem dat de wachtwoorden bewaart nu niet bereiken. Er is niets gewijzigd: probeer het over enkele minuten opnieuw.

## Receipt: what to do now, per device

receipt-title = Uw wachtwoord is gewijzigd
receipt-title-unverified = Uw wachtwoord werd aanvaard
receipt-title-unlocked = Uw account is ontgrendeld
receipt-intro = Uw nieuwe wachtwoord werkt sinds { $time } uur. Uw toestellen kennen misschien nog het oude. Doorloop deze lijst, zo wordt uw account niet vergrendeld.
receipt-intro-unverified = Uw nieuwe wachtwoord werd om { $time } uur aanvaard. Uw toestellen kennen misschien nog het oude.
receipt-intro-unlocked = Uw account is sinds { $time } uur weer open, met het wachtwoord dat u kent.
receipt-doubt = We konden nog niet zien of het overal werkt. Wacht enkele minuten voor u zich aanmeldt; werkt het dan niet, bel dan de servicedesk op { $phone }.
receipt-now = Nu, op elk toestel
receipt-laptop-title = Deze laptop, zonder VPN
receipt-phone-mail-title = Mail op uw telefoon
receipt-wifi-title = Wifi op kantoor
receipt-outlook-title = Outlook
receipt-applications-title = Uw toepassingen
receipt-laptop = Start Windows nog één keer met uw oude wachtwoord. Start de VPN met het nieuwe. Druk daarna op Windows + L en ontgrendel met het nieuwe wachtwoord. Vanaf dan gebruikt u alleen nog het nieuwe.
receipt-phone-mail = Open de mailapp en voer het nieuwe wachtwoord in als de app erom vraagt. Doe dit vandaag nog: een telefoon die het oude wachtwoord blijft proberen, kan uw account vergrendelen.
receipt-wifi = Kies het netwerk { $network }, daarna ‘Vergeten’, en maak opnieuw verbinding met het nieuwe wachtwoord. Doe dit op uw laptop en op uw telefoon.
receipt-outlook = Als er een wachtwoord gevraagd wordt, voer dan het nieuwe in en vink ‘Onthouden’ aan. Blijft de vraag terugkomen? Sluit Outlook, start de VPN en open Outlook opnieuw.
receipt-applications = U bent overal elders afgemeld. Meld u opnieuw aan met het nieuwe wachtwoord waar erom gevraagd wordt.
receipt-applications-open = U bent overal afgemeld. Deze waren open en vragen u opnieuw aan te melden: { $names }.
receipt-ended =
    { $count ->
        [one] Eén sessie werd beëindigd
        *[other] { $count } sessies werden beëindigd
    }
receipt-aside = Om te bewaren
receipt-print = Om deze pagina af te drukken, druk op
receipt-mail = We hebben u hierover geschreven. Was u dit niet?
receipt-sign-in = Nu aanmelden
receipt-on = Verder

## This was not me

not-me-title = Ik was dit niet
not-me-ask = Heeft iemand anders gedaan waarover we u schreven? Voer de code uit die mail in. We melden uw account dan meteen overal af en niets opent hem tot u een nieuw wachtwoord kiest.
not-me-label = Code uit de mail
not-me-hint = Twaalf letters en cijfers, bijvoorbeeld K7QD-2MXA-RT4W.
not-me-do = Ik was dit niet: sluit mijn account voor iedereen
not-me-malformed = De code heeft twaalf letters en cijfers. Kijk of er een ontbreekt.
not-me-refused = Deze code kan niet (meer) gebruikt worden. Is iemand anders in uw account, bel dan meteen de servicedesk op { $phone }.
not-me-no-code = Geen code bij de hand? Bel de servicedesk op { $phone }: zij doen hetzelfde voor u.
not-me-done-title = Bedankt dat u het ons laat weten
not-me-done = Uw account is overal afgemeld en het beveiligingsteam kan het zien. Kies nu een nieuw wachtwoord.
not-me-reset = Een nieuw wachtwoord kiezen
attention-reset-text = Er werd een nieuw wachtwoord gekozen zonder het oude: { $when }. Was u dat niet, laat het dan weten met de code uit de mail die we u stuurden.

## Mails

# No code in the subject: it shows on locked screens
mail-code-subject = Uw eenmalige code voor Cardea
mail-code-text =
    Dag,

    Uw code is { $code }. De code blijft { $minutes ->
        [one] één minuut
        *[other] { $minutes } minuten
    } geldig en werkt één keer. Hij werd op { $date } om { $time } uur (Brusselse tijd) gevraagd, om een nieuw wachtwoord in te stellen of uw account te ontgrendelen.

    Geef deze code nooit aan iemand anders. Ook de servicedesk vraagt er nooit naar.

    Was u dit niet? Dan hoeft u niets te doen: zonder de code gebeurt er niets. Gebeurt het opnieuw, bel dan de servicedesk op { $phone }.

    Cardea
mail-password-reset-subject = Uw wachtwoord is opnieuw ingesteld
# $link is our own address; the code is typed there
mail-password-reset-text =
    Dag,

    Op { $date } om { $time } uur (Brusselse tijd) werd een nieuw wachtwoord voor uw werkaccount gekozen, zonder het oude. Al uw sessies zijn beëindigd.

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    Was u dit? Dan hoeft u niets te doen: gebruik vanaf nu het nieuwe wachtwoord. Was u dit niet? Ga naar { $link } (typ het adres zelf als u twijfelt) en voer deze code in: { $code }. Uw account gaat dan meteen voor iedereen dicht. Of bel de servicedesk op { $phone }.

    Cardea
mail-unlocked-subject = Uw account is ontgrendeld
# $link is our own address; the code is typed there
mail-unlocked-text =
    Dag,

    Uw werkaccount werd op { $date } om { $time } uur (Brusselse tijd) ontgrendeld. Het wachtwoord is niet gewijzigd.

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    Was u dit? Dan hoeft u niets te doen. Was u dit niet? Ga naar { $link } (typ het adres zelf als u twijfelt) en voer deze code in: { $code }. Uw account gaat dan meteen voor iedereen dicht. Of bel de servicedesk op { $phone }.

    Cardea
mail-contained-subject = Uw account is gesloten tot u een nieuw wachtwoord kiest
mail-contained-text =
    Dag,

    Op { $date } om { $time } uur (Brusselse tijd) liet iemand ons met een code uit een mail aan u weten: ‘Ik was dit niet’. Uw werkaccount werd overal afgemeld. Niets opent hem tot u een nieuw wachtwoord kiest.

    Ga naar { $link } (typ het adres zelf als u twijfelt) en kies een nieuw, of bel de servicedesk op { $phone }.

    Cardea
