### De eigen pagina’s van een persoon.

## Start

home-title = Dag { $name }
# Gevolgd door een tijd, dan plaats en methode tussen haakjes
home-last = Uw vorige aanmelding:
home-not-you = Was u dit niet?
home-applications = Uw toepassingen
home-empty-title = Nog geen toepassingen
home-empty-text = Zodra een toepassing voor u open is, staat ze hier. Mist u er een? Bel de servicedesk op { $phone }.
attention-phone-title = U hebt één aanmeldmethode naast uw wachtwoord
attention-phone-text = Verliest u dat toestel, dan kan alleen de servicedesk u binnenlaten. Voeg een toegangssleutel of een app op een tweede toestel toe; dat duurt twee minuten.
attention-phone-do = Een tweede toevoegen
attention-password-title =
    Uw wachtwoord verloopt { $days ->
        [0] vandaag
        [1] morgen
        *[other] over { $days } dagen
    }
attention-password-text = Het is geldig tot { $date }. Wijzig het op een werkdag, zodat er iemand is als een toestel hulp nodig heeft. Het duurt drie minuten.
attention-password-do = Nu wijzigen

## Uw beveiliging

account-title = Uw beveiliging
account-lead = Wat uw account opent, waar hij nu open is en wie hem onlangs gebruikte.
account-methods = Aanmeldmethoden
account-add-app = Een app toevoegen
account-app = Authenticator-app
# De volgende worden gevolgd door een tijd of door namen
account-set = Ingesteld:
account-added = Toegevoegd:
account-used = Laatst gebruikt:
account-unused = Nog niet gebruikt.
account-since = Sinds:
account-until = Tot:
account-opened = Van hieruit geopend:
account-change = Wijzigen
account-remove = Verwijderen
account-only-one = U hebt deze nodig, dus ze blijft
account-sessions = Nu open
account-no-sessions = Er is geen sessie open.
account-end-others = Alle andere beëindigen
account-here = U bent hier
account-end = Beëindigen
account-consents = Toepassingen waarmee u akkoord ging
account-agreed = Akkoord:
account-knows = Mag weten:
account-withdraw = Intrekken
account-withdraw-text = Trekt u uw akkoord in, dan krijgt de toepassing niets meer over u. Wat ze eerder vernam, kan ze nog hebben.
account-sign-ins = Recente aanmeldingen
account-no-sign-ins = Nog geen aanmeldingen.
account-ok = Aangemeld
account-stopped = Gestopt
stopped-password = Gestopt bij het wachtwoord.
stopped-code = Gestopt bij het tweede bewijs.
stopped-pause = Gestopt door een pauze na te veel pogingen.
account-add-passkey = Een toegangssleutel toevoegen
account-passkey = Toegangssleutel
account-key = Beveiligingssleutel
account-device-synced = Gelijk gehouden op uw toestellen.
account-device-built-in = Ingebouwd in een computer of telefoon.
account-device-carried = Een sleutel die u bij u draagt.
account-rename = Hernoemen
stopped-key = Gestopt bij de toegangssleutel of beveiligingssleutel.
place-note = Een plaats wordt afgeleid van het netwerkadres en kan dus fout zijn.
account-aside = Meer over uw account
readiness-ready = Klaar
readiness-almost = Bijna klaar
readiness-not-ready = Nog niet klaar
odd-title = Ziet u iets vreemds?
odd-text = Ziet u een aanmelding of een toestel dat niet van u is? Wijzig uw wachtwoord, beëindig alle andere sessies en bel de servicedesk op { $phone }. Bel ook als u niet zeker bent.
data-title = Uw gegevens
data-text = Alles wat we over u bewaren, kunt u als bestand krijgen.
data-link = Mijn gegevens exporteren

## Voor er iets weggenomen wordt

confirm-happens = Wat er gebeurt
confirm-stays = Wat er blijft
remove-title = Deze authenticator-app verwijderen?
remove-lead = De naam: { $name }.
remove-happens-codes = De codes ervan werken niet meer.
remove-happens-mail = U krijgt er een e-mail over.
remove-stays-others = Uw wachtwoord en uw andere aanmeldmethoden veranderen niet.
remove-do = De app verwijderen
remove-keep = Behouden
remove-refused-only = Zonder deze kunt u zich niet meer aanmelden zoals het moet. Voeg eerst een andere toe en verwijder daarna deze.
rename-title = Een andere naam
rename-name = Naam
rename-do = De naam opslaan
remove-key-title = Deze sleutel verwijderen?
remove-happens-key = Hij opent uw account niet meer. Op het toestel kan hij nog in de lijst staan: verwijder hem ook daar.
remove-key-do = De sleutel verwijderen
end-others-title = Alle andere sessies beëindigen?
end-others-lead = Hier, op dit toestel, blijft u aangemeld.
end-others-happens =
    { $count ->
        [one] Eén sessie wordt gesloten
        *[other] { $count } sessies worden gesloten
    }. Die toestellen vragen een nieuwe aanmelding.
end-others-stays = Uw wachtwoord en uw aanmeldmethoden veranderen niet.
end-others-do =
    { $count ->
        [one] Eén sessie
        *[other] { $count } sessies
    } beëindigen
end-others-keep = Behouden

## Afmelden

sign-out-title = Afmelden?
sign-out-asked = Deze toepassing vraagt het: { $app }.
sign-out-lead = Cardea sluit dan uw sessie op dit toestel. Toepassingen die nog open zijn, blijven soms open tot u ze zelf sluit.
sign-out-everywhere = Ook op al mijn andere toestellen
sign-out-stay = Aangemeld blijven

## Hoe we uw gegevens gebruiken

privacy-lead = Cardea opent de toepassingen van uw werk voor u. Wie het beheert: { $house }. Op deze pagina leest u wat het over u bewaart, waarom en hoelang.
privacy-kept-title = Wat we bewaren
privacy-why = Waarom
privacy-how-long = Hoelang
privacy-account-name = Uw account
privacy-account-what = Naam, gebruikersnaam, e-mailadres, taal, organisatie, rollen.
privacy-account-why = om te weten wie u bent en wat voor u open is
privacy-account-how-long = zolang u de account hebt
privacy-methods-name = Uw aanmeldmethoden
privacy-methods-what = Wanneer elke methode toegevoegd en laatst gebruikt werd; van uw wachtwoord alleen een waarde waaruit het niet terug te lezen is; van uw app het geheim, versleuteld; van uw sleutels wat ze bewijst, en geen vingerafdruk of gezicht.
privacy-methods-why = om na te gaan of u het bent
privacy-methods-how-long = tot u de methode verwijdert, of zolang u de account hebt
privacy-sessions-name = Uw sessies
privacy-sessions-what = Toestel, plaats, netwerkadres, geopende toepassingen.
privacy-sessions-why = zodat u aangemeld blijft en elke sessie kunt zien en beëindigen
privacy-sessions-how-long = zolang de sessie duurt, en nog één dag daarna
privacy-browsers-name = Browsers waarmee u zich aanmeldde
privacy-browsers-what = Een toevallig getal in een cookie van de browser, en wanneer die voor het eerst en het laatst voor uw account werd gebruikt. Als u dat wenste, tot wanneer die vertrouwd wordt.
privacy-browsers-why = om u te laten weten dat er met een nieuwe browser is aangemeld, en om u binnen te laten terwijl een vreemde aan het raden is
privacy-browsers-how-long = 400 dagen na de laatste aanmelding ermee
privacy-consents-name = Toepassingen waarmee u akkoord ging
privacy-consents-what = Welke toepassing, wat ze mag weten en wanneer u akkoord ging.
privacy-consents-why = om het u maar één keer te vragen, en zodat u het kunt intrekken
privacy-consents-how-long = tot u het intrekt, of zolang u de account hebt
privacy-sign-ins-name = Elke aanmelding en elke wijziging aan uw account, in het beveiligings­logboek
privacy-sign-ins-what = Tijd, netwerkadres, plaats, toestel, methode, resultaat.
privacy-sign-ins-why = om misbruik te vinden en te stoppen, en om u te helpen als iets niet werkt
privacy-sign-ins-how-long = 13 maanden; daarna wordt de sleutel van het persoonlijke deel vernietigd en kan niemand het nog lezen
privacy-cases-name = Dossiercodes
privacy-cases-what = Zoals de code die u vermeldt als u belt.
privacy-cases-why = zodat de servicedesk vindt wat er gebeurde
privacy-cases-how-long = 72 uur
privacy-never = We bewaren niet wat u in toepassingen typt en we volgen niet hoe u werkt.
privacy-basis-title = Op welke grond
privacy-basis-text = De toegang tot overheidssystemen veilig houden hoort bij een taak van algemeen belang (AVG, artikel 6, lid 1, punt e). We gebruiken de gegevens voor niets anders.
privacy-seen-title = Wie ze ziet
privacy-seen-you = U, op uw beveiligings­pagina en als bestand.
privacy-seen-desk = De servicedesk, als u belt: wat nodig is om u te helpen.
privacy-seen-security = Het beveiligings­team, als een aanmelding op misbruik lijkt.
privacy-seen-apps = Een toepassing die u opent: wie u bent, voor zover die toepassing dat nodig heeft.
privacy-seen-nobody = Niemand anders krijgt ze, tenzij de wet het eist. Ze worden niet verkocht en niet voor reclame gebruikt.
privacy-guarded-title = Hoe ze beschermd zijn
privacy-guarded-text = Het persoonlijke deel van het beveiligings­logboek is versleuteld met een eigen sleutel per persoon en per maand. Is de tijd om, dan wordt de sleutel vernietigd. Het logboek zelf blijft bewijsbaar, zonder iets over u te vertellen.
privacy-place-text = Plaatsen zoeken we op in een lijst op onze eigen servers; uw adres wordt daarvoor naar niemand gestuurd.
privacy-rights-title = Uw rechten
privacy-rights-text = De algemene verordening gegevens­bescherming (AVG) geeft u deze rechten:
privacy-right-see = zien wat we bewaren, en er een kopie van krijgen;
privacy-right-correct = fouten laten verbeteren en gegevens laten wissen die niet meer nodig zijn;
privacy-right-object = bezwaar maken tegen een gebruik van uw gegevens, of het laten beperken.
privacy-rights-how = Om ze te gebruiken belt u de servicedesk op { $phone } of schrijft u naar de functionaris voor gegevens­bescherming van uw organisatie. U krijgt antwoord binnen een maand.
privacy-complain = Bent u niet tevreden met het antwoord, dan kunt u een klacht indienen bij de autoriteit:
privacy-authority = Gegevens­beschermings­autoriteit
export-title = Mijn gegevens exporteren
export-text = U krijgt één bestand met uw account, uw aanmeldmethoden, uw sessies en uw aanmeldingen, in een vorm die programma’s kunnen lezen (JSON).
export-do = Mijn gegevens downloaden
export-sign-in = Meld u eerst aan: het bestand is alleen voor u.
account-links = Andere diensten
