### Wachtwoorden die verlopen. $date en $day komen opgemaakt aan; $asked zegt of de gevraagde dag nog komt.

attention-password-by = Het is geldig tot { $date }. Wijzig het ten laatste op { $day }: uw eigen dag, waarop er iemand is als een toestel hulp nodig heeft. Het duurt drie minuten.
mail-expiry-asked-subject = Wijzig uw wachtwoord ten laatste op { $day }
mail-expiry-asked-text =
    Dag,

    Het wachtwoord van uw werkaccount is geldig tot { $date }. Wijzig het ten laatste op { $day }: een werkdag die we voor u kozen, zodat niemand thuis voor een gesloten deur staat en er iemand is als een toestel hulp nodig heeft.

    Het duurt drie minuten, ook thuis, zonder VPN: { $link }

    Geef uw wachtwoord nooit aan wie er per mail of telefoon om vraagt. Vragen? Bel de servicedesk op { $phone }.

    Cardea
mail-expiry-left-subject =
    Uw wachtwoord verloopt { $days ->
        [0] vandaag
        [1] morgen
        *[other] over { $days } dagen
    }
mail-expiry-left-text =
    Dag,

    Het wachtwoord van uw werkaccount is geldig tot { $date }. { $asked ->
        [yes] Wijzig het ten laatste op { $day }
        *[no] Wijzig het nu
    }: daarna kunt u er zich niet meer mee aanmelden.

    Het duurt drie minuten, ook thuis, zonder VPN: { $link }

    Geef uw wachtwoord nooit aan wie er per mail of telefoon om vraagt. Vragen? Bel de servicedesk op { $phone }.

    Cardea
