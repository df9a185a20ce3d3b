### Passwörter, die ablaufen. $date und $day kommen formatiert an; $asked sagt, ob der erbetene Tag noch bevorsteht.

attention-password-by = Es gilt bis zum { $date }. Ändern Sie es bitte spätestens am { $day }: Das ist Ihr eigener Tag, an dem jemand da ist, wenn ein Gerät Hilfe braucht. Es dauert drei Minuten.
mail-expiry-asked-subject = Bitte ändern Sie Ihr Passwort spätestens am { $day }
mail-expiry-asked-text =
    Guten Tag,

    das Passwort Ihres Arbeitskontos gilt bis zum { $date }. Ändern Sie es bitte spätestens am { $day }: Das ist ein Werktag, den wir für Sie gewählt haben, damit niemand zu Hause vor verschlossener Tür steht und jemand da ist, wenn ein Gerät Hilfe braucht.

    Es dauert drei Minuten, auch von zu Hause aus, ohne VPN: { $link }

    Geben Sie Ihr Passwort nie jemandem, der per E-Mail oder am Telefon danach fragt. Fragen? Rufen Sie den Servicedesk an: { $phone }.

    Cardea
mail-expiry-left-subject =
    Ihr Passwort läuft { $days ->
        [0] heute
        [1] morgen
        *[other] in { $days } Tagen
    } ab
mail-expiry-left-text =
    Guten Tag,

    das Passwort Ihres Arbeitskontos gilt bis zum { $date }. { $asked ->
        [yes] Ändern Sie es bitte spätestens am { $day }
        *[no] Ändern Sie es bitte jetzt
    }: Danach können Sie sich damit nicht mehr anmelden.

    Es dauert drei Minuten, auch von zu Hause aus, ohne VPN: { $link }

    Geben Sie Ihr Passwort nie jemandem, der per E-Mail oder am Telefon danach fragt. Fragen? Rufen Sie den Servicedesk an: { $phone }.

    Cardea
