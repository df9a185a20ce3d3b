### Mails, platte tekst. $date en $time komen opgemaakt aan, in Brusselse tijd.

mail-greeting = Dag,
mail-new-sign-in-subject = Nieuwe aanmelding bij uw werkaccount
# $place en $device als tekst; voor ‘onbekend’ is er een eigen bericht
mail-new-sign-in-text =
    Dag,

    Op { $date } om { $time } uur (Brusselse tijd) werd er aangemeld bij uw werkaccount, met een browser die we nog niet kenden.

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    Was u dit? Dan hoeft u niets te doen. Was u dit niet? Bel meteen de servicedesk op { $phone }.

    Cardea
mail-authenticator-added-subject = Aanmeldmethode toegevoegd aan uw account
# $by = self, desk
mail-authenticator-added-text =
    Dag,

    Op { $date } om { $time } uur werd deze aanmeldmethode toegevoegd { $by ->
        [desk] door de servicedesk, op uw vraag
        *[self] via uw accountpagina
    }: { $method }.

    Was u dit? Dan hoeft u niets te doen. Was u dit niet? Bel meteen de servicedesk op { $phone }.

    Cardea
mail-authenticator-removed-subject = Aanmeldmethode verwijderd van uw account
# $by = self, desk
mail-authenticator-removed-text =
    Dag,

    Op { $date } om { $time } uur werd deze aanmeldmethode verwijderd { $by ->
        [desk] door de servicedesk, op uw vraag
        *[self] via uw accountpagina
    }: { $method }.

    Was u dit? Dan hoeft u niets te doen. Was u dit niet? Bel meteen de servicedesk op { $phone }.

    Cardea
mail-password-changed-subject = Uw wachtwoord is gewijzigd
mail-password-changed-text =
    Dag,

    Het wachtwoord van uw werkaccount werd op { $date } om { $time } uur (Brusselse tijd) gewijzigd.

    Toestel: { $device }. Plaats, voor zover we weten: { $place }.

    Was u dit? Dan hoeft u niets te doen: gebruik vanaf nu het nieuwe wachtwoord. Was u dit niet? Bel meteen de servicedesk op { $phone }.

    Cardea
