### Mails, reiner Text. $date und $time kommen fertig geschrieben an, in Brüsseler Zeit.

mail-greeting = Guten Tag,
mail-new-sign-in-subject = Neue Anmeldung bei Ihrem Dienstkonto
# $place und $device als Text; für „unbekannt“ gibt es eine eigene Meldung
mail-new-sign-in-text =
    Guten Tag,

    am { $date } um { $time } Uhr (Brüsseler Zeit) fand eine Anmeldung bei Ihrem Dienstkonto statt, mit einem Browser, den wir noch nicht kannten.

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Waren Sie das? Dann brauchen Sie nichts zu tun. Waren Sie das nicht? Rufen Sie sofort den Servicedesk unter { $phone } an.

    Cardea
mail-authenticator-added-subject = Anmeldemethode zu Ihrem Konto hinzugefügt
# $by = self, desk
mail-authenticator-added-text =
    Guten Tag,

    am { $date } um { $time } Uhr wurde diese Anmeldemethode { $by ->
        [desk] auf Ihren Wunsch vom Servicedesk
        *[self] über Ihre Kontoseite
    } hinzugefügt: { $method }.

    Waren Sie das? Dann brauchen Sie nichts zu tun. Waren Sie das nicht? Rufen Sie sofort den Servicedesk unter { $phone } an.

    Cardea
mail-authenticator-removed-subject = Anmeldemethode aus Ihrem Konto entfernt
# $by = self, desk
mail-authenticator-removed-text =
    Guten Tag,

    am { $date } um { $time } Uhr wurde diese Anmeldemethode { $by ->
        [desk] auf Ihren Wunsch vom Servicedesk
        *[self] über Ihre Kontoseite
    } entfernt: { $method }.

    Waren Sie das? Dann brauchen Sie nichts zu tun. Waren Sie das nicht? Rufen Sie sofort den Servicedesk unter { $phone } an.

    Cardea
mail-password-changed-subject = Ihr Passwort wurde geändert
mail-password-changed-text =
    Guten Tag,

    das Passwort Ihres Dienstkontos wurde am { $date } um { $time } Uhr (Brüsseler Zeit) geändert.

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Waren Sie das? Dann brauchen Sie nichts zu tun: Verwenden Sie ab jetzt das neue Passwort. Waren Sie das nicht? Rufen Sie sofort den Servicedesk unter { $phone } an.

    Cardea
