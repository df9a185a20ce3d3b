### Wanneer een pagina niet getoond kan worden: een titel en wat te doen.

error-not-found-title = Hier is geen deur
error-not-found-text = Deze pagina bestaat niet, of niet meer. Controleer het adres of ga naar de startpagina. Er is niets mis met uw account.
error-bad-request-title = We begrepen deze vraag niet
error-bad-request-text = Er ontbreekt iets, of iets heeft niet de vorm die we verwachten. Ga terug en probeer het opnieuw. Kwam de link uit een toepassing, open die toepassing dan opnieuw.
error-forbidden-title = Deze deur is niet voor u geopend
error-forbidden-text = Uw account is in orde, maar heeft geen toegang tot deze pagina. Er is niets gewijzigd.
error-method-title = Dit adres werkt niet op die manier
error-method-text = Er is niets gewijzigd. Ga naar de startpagina en begin van daar opnieuw.
error-too-many-title = Even pauze
error-too-many-text =
    Er waren te veel pogingen na elkaar. Wacht { $minutes ->
        [one] één minuut
        *[other] { $minutes } minuten
    }. U hoeft niets te doen: probeer het daarna opnieuw.
error-busy-title = Het is hier even druk
error-busy-text = Veel mensen melden zich op hetzelfde moment aan. Er is niets verloren. Probeer het over enkele seconden opnieuw.
error-unavailable-title = Cardea kan nu even niet antwoorden
error-unavailable-text = Een onderdeel dat we nodig hebben, antwoordt niet. Dat ligt niet aan u of aan uw account. Probeer het over enkele minuten opnieuw.
error-broken-title = Er ging iets mis aan onze kant
error-broken-text = U hebt niets verkeerd gedaan en we zijn op de hoogte. Probeer het over enkele minuten opnieuw.
error-client-title = Deze vraag is niet te vertrouwen
error-client-text = Een toepassing stuurde u hierheen met een vraag die niet klopt met wat we over haar weten. Om u te beschermen hebben we u niet teruggestuurd en haar niets verteld. Open de toepassing opnieuw vanaf uw startpagina. Helpt dat niet, meld het dan aan wie voor de toepassing zorgt.
error-expired-title = Deze stap duurde te lang
error-expired-text = Er is niets gewijzigd. Voor uw veiligheid is een formulier maar korte tijd geldig. Ga naar de startpagina en begin opnieuw.
