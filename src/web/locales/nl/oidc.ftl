### Wat een toepassing wil weten, en de weg terug naar haar.

## De vraag

consent-title = Wat mag { $app } over u weten?
consent-lead = U wilt deze toepassing openen. Ze is niet van ons: u beslist of ze krijgt wat hieronder staat.
consent-asked = Wat ze vraagt
# Gevolgd door de naam van een server
consent-onward = Daarna gaat u verder naar:
consent-allow = Toestaan en doorgaan
consent-refuse = Niet toestaan
consent-later = U kunt uw antwoord altijd intrekken, op de pagina over uw beveiliging.

## Wat gevraagd kan worden: een soort en haar uitleg

consent-openid = Dat u het bent
consent-openid-text = Een nummer dat voor u staat, zodat de toepassing u herkent, en wanneer en hoe u zich aanmeldde.
consent-profile = Uw profiel
consent-profile-text = Uw naam, uw gebruikersnaam en wat daarbij bewaard wordt.
consent-email = Uw e-mailadres
consent-email-text = Ze kan u schrijven.
consent-address = Uw postadres
consent-address-text = Ze weet waar brieven u bereiken.
consent-phone = Uw telefoonnummer
consent-phone-text = Ze kan u bellen.
consent-single = Afzonderlijke gegevens over u
consent-single-text = Deze, en niets anders van hun soort.
consent-own = Rechten in de toepassing
consent-own-text = Alleen de toepassing zelf weet wat ze betekenen. Vraag het aan wie ze beheert.
consent-own-names = Hun namen
consent-offline = Toegang wanneer u er niet bent
consent-offline-text = Ze mag dit alles blijven opvragen nadat u zich hebt afgemeld, tot u uw antwoord intrekt.
# In plaats van een waarde
consent-nothing = Hier wordt niets bewaard
consent-yes = ja
consent-no = nee

## Gegevens over een persoon

claim-name = Naam
claim-family-name = Familienaam
claim-given-name = Voornaam
claim-middle-name = Tweede voornaam
claim-nickname = Roepnaam
claim-preferred-username = Gebruikersnaam
claim-profile = Profielpagina
claim-picture = Foto
claim-website = Website
claim-gender = Geslacht
claim-birthdate = Geboortedatum
claim-zoneinfo = Tijdzone
claim-locale = Taal
claim-updated-at = Laatste wijziging
claim-email = E-mailadres
claim-email-verified = E-mailadres gecontroleerd
claim-address = Postadres
claim-phone-number = Telefoonnummer
claim-phone-number-verified = Telefoonnummer gecontroleerd

## De laatste pagina op de weg terug

onward-title = U bent onderweg
# Gevolgd door de naam van een toepassing
onward-to = U gaat verder naar:
onward-text = Gebeurt er niets, druk dan op de knop.
onward-do = Doorgaan

## Voor wie een toepassing beheert, bij een aanvraag die niet past

untrusted-title = Voor u, die deze toepassing beheert
untrusted-text = Alleen wie ze beheert, ziet dit. Het eerste verschil is gemarkeerd.
untrusted-parameter = Parameter
untrusted-got = Ontvangen
untrusted-registered = Geregistreerd
untrusted-nothing = Niets
