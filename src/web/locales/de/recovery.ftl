### Wiederherstellungscodes, der Weg zurück, vertrauenswürdige Browser, Einladungen.

## Recovery codes as a second proof

way-recovery = Einen Wieder­herstellungs­code verwenden
recovery-title = Einen Wieder­herstellungs­code verwenden
recovery-text = Nehmen Sie das Blatt mit Ihren Wieder­herstellungs­codes und geben Sie einen ein, den Sie noch nicht verwendet haben.
recovery-label = Wieder­herstellungs­code
recovery-hint = 16 Buchstaben und Ziffern, zum Beispiel K7QD-2MXA-RT4W-9HCE. Groß oder klein, mit oder ohne Striche: Das macht keinen Unterschied.
# $left = attempts left, at least 1
recovery-wrong =
    Dieser Code steht nicht auf Ihrer aktuellen Liste. Vergleichen Sie ihn Zeichen für Zeichen mit dem Blatt. Sie haben noch { $left ->
        [one] einen Versuch
        *[other] { $left } Versuche
    }.
recovery-used = Dieser Code wurde bereits verwendet. Streichen Sie ihn durch und geben Sie einen anderen ein.
recovery-malformed = Ein Wieder­herstellungs­code hat 16 Buchstaben und Ziffern. Sehen Sie nach, ob eines fehlt.
recovery-lost-title = Auch kein Blatt zur Hand?

## Making recovery codes

codes-title = Wieder­herstellungs­codes
codes-lead = Zehn Codes auf Papier. Jeder lässt Sie zusammen mit Ihrem Passwort einmal hinein, wenn Ihr Telefon weg ist.
codes-left =
    { $left ->
        [0] Es ist kein Code mehr übrig.
        [one] Es ist noch ein Code übrig.
        *[other] Es sind noch { $left } Codes übrig.
    }
codes-none = Sie haben noch keine Wieder­herstellungs­codes.
# Followed by a time
codes-made-at = Erstellt:
codes-happens-ten = Sie erhalten zehn neue Codes. Sie werden einmal gezeigt: Drucken Sie sie aus oder schreiben Sie sie ab.
codes-happens-old = Die alten Codes gelten nicht mehr.
codes-happens-mail = Sie erhalten eine E-Mail darüber.
codes-do = Zehn Codes erstellen
codes-made-title = Zehn neue Wieder­herstellungs­codes
codes-made-for = Erstellt für { $user }: { $when }
codes-made-lead = Jeder öffnet die Tür einmal. Frühere gelten nicht mehr.
codes-keep = Drucken Sie diese Seite aus oder schreiben Sie die Codes ab. Bewahren Sie das Blatt zu Hause auf, nicht beim Laptop.
codes-once = Wir behalten keine lesbare Kopie, deshalb werden sie nur einmal gezeigt.
codes-never-asked = Niemand vom Servicedesk wird je danach fragen.
codes-have = Ich habe sie auf Papier
# Followed by two keys
codes-print = Um diese Seite zu drucken, drücken Sie
codes-few = Wenige Wieder­herstellungs­codes übrig
codes-low-text = Erstellen Sie einen neuen Satz, solange es noch geht.
recovery-codes-low =
    { $left ->
        [0] Sie haben keine Wieder­herstellungs­codes mehr.
        [one] Sie haben noch einen Wieder­herstellungs­code.
        *[other] Sie haben noch { $left } Wieder­herstellungs­codes.
    } Erstellen Sie einen neuen Satz; die alten Codes gelten dann nicht mehr.

## The way back

way-back-title = Wenn Ihr Telefon heute Abend in den Kanal fällt, kommen Sie dann noch hinein?
way-back-ready = Ja. Was Sie auch verlieren, etwas anderes lässt Sie hinein; entfernen Sie dann hier, was verloren ist.
way-back-bind = Nein. Sie haben noch keinen zweiten Nachweis, der genügt. Fügen Sie jetzt einen hinzu; das dauert zwei Minuten.
way-back-codes = Nur mit Hilfe des Servicedesks. Erstellen Sie Wieder­herstellungs­codes und bewahren Sie sie auf Papier auf; das dauert eine Minute.
way-back-another = Nur mit Hilfe des Servicedesks. Fügen Sie eine Anmeldemethode auf einem zweiten Gerät hinzu; das dauert zwei Minuten.
set-up-title = Noch etwas: ein Weg zurück
set-up-lead = Sie sind drin. Falls Sie dieses Gerät einmal verlieren, lässt eines davon Sie wieder hinein, ohne auf jemanden zu warten.
set-up-device-title = Ein zweites Gerät
set-up-device-text = Ein Passkey oder eine App auf einem anderen Gerät tut dasselbe wie das erste.
set-up-on = Weiter
set-up-on-to = Weiter zu { $app }
recovered-title = Sie sind mit einem Wieder­herstellungs­code hineingekommen
recovered-lead = Dieser Code ist verbraucht: Streichen Sie ihn durch. Ist Ihr Gerät oder Ihr Schlüssel verloren oder gestohlen? Dann tun Sie jetzt dies.
recovered-device-title = Ein neues Gerät
recovered-device-text = Fügen Sie einen Passkey oder eine App auf dem Gerät hinzu, das Sie jetzt haben.
# Followed by the name of a sign-in method
recovered-lost-title = Ist dieses verloren?
recovered-lost-text = Dann entfernen Sie es, damit es niemand sonst verwendet.
recovered-only-text = Es kann entfernt werden, sobald Sie ein anderes hinzugefügt haben.

## Mails

mail-recovery-made-subject = Neue Wiederherstellungscodes für Ihr Konto
mail-recovery-made-text =
    Guten Tag,

    am { $date } um { $time } Uhr (Brüsseler Zeit) wurden neue Wiederherstellungscodes für Ihr Dienstkonto erstellt. Die früheren gelten nicht mehr.

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Waren Sie das? Dann brauchen Sie nichts zu tun. Waren Sie das nicht? Rufen Sie sofort den Servicedesk unter { $phone } an.

    Cardea
mail-recovery-used-subject = Ein Wiederherstellungscode wurde verwendet
mail-recovery-used-text =
    Guten Tag,

    am { $date } um { $time } Uhr (Brüsseler Zeit) fand eine Anmeldung bei Ihrem Dienstkonto mit einem Ihrer Wiederherstellungscodes statt. { $left ->
        [0] Es ist kein Code mehr übrig: Erstellen Sie einen neuen Satz auf Ihrer Sicherheitsseite.
        [one] Es ist noch ein Code übrig.
        *[other] Es sind noch { $left } Codes übrig.
    }

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Waren Sie das? Wenn ein Telefon verloren ist, entfernen Sie es auf Ihrer Sicherheitsseite. Waren Sie das nicht? Rufen Sie sofort den Servicedesk unter { $phone } an.

    Cardea

## The clock of the phone

code-clock =
    Die Uhr Ihres Telefons weicht um etwa { $minutes ->
        [one] eine Minute
        *[other] { $minutes } Minuten
    } ab; deshalb stimmen seine Codes nicht mit unseren überein. Stellen Sie Datum und Uhrzeit des Telefons auf „automatisch“ und geben Sie einen neuen Code ein.
flash-clock-title = Die Uhr Ihres Telefons geht falsch
flash-clock-text =
    Sie weicht um etwa { $minutes ->
        [one] eine Minute
        *[other] { $minutes } Minuten
    } ab; deshalb stimmten ihre Codes nicht mit unseren überein. Stellen Sie Datum und Uhrzeit des Telefons auf „automatisch“; dann gelten sie wieder.

## Trusted browsers

trusted-tick =
    In diesem Browser { $days ->
        [one] einen Tag
        *[other] { $days } Tage
    } lang nicht nach dem zweiten Nachweis fragen
trusted-hint = Nur auf einem Gerät, das niemand sonst verwendet. Ihr Passwort wird weiterhin verlangt.
browsers-title = Vertrauens­würdige Browser
browsers-text = Hier lässt Ihr Passwort allein Sie hinein. Haben Sie einen davon nicht mehr bei sich? Dann beenden Sie ihn.
browsers-end = Hier wieder fragen
flash-browser-ended-title = Der Browser ist nicht mehr vertrauens­würdig
flash-browser-ended-text = Er fragt wieder nach dem zweiten Nachweis.
mail-browser-stolen-subject = Ein vertrauenswürdiger Browser wurde vielleicht kopiert
mail-browser-stolen-text =
    Guten Tag,

    am { $date } um { $time } Uhr (Brüsseler Zeit) zeigte jemand, der Ihr Passwort kennt, ein Merkmal eines Ihrer vertrauenswürdigen Browser, das längst ersetzt war. Zwei Browser können es nicht haben, einer davon ist also eine Kopie.

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Wir haben alle Ihre Sitzungen geschlossen und vertrauen keinem Ihrer Browser mehr. Melden Sie sich mit Ihrem zweiten Nachweis an, ändern Sie Ihr Passwort und rufen Sie den Servicedesk unter { $phone } an.

    Cardea

## Invitations

invite-title = Ihr Dienstkonto einrichten
invite-lead = Sie wurden zu Cardea eingeladen, der einen Tür zu all Ihrer Arbeit. Die Einrichtung dauert etwa zehn Minuten, mit Ihrem Telefon neben sich.
invite-rescue-title = Ihr Konto neu einrichten
invite-rescue-lead = Sobald Sie beginnen, gelten Ihr jetziges Passwort, alle Ihre Anmeldemethoden und Ihre Wieder­herstellungs­codes nicht mehr, und jede Sitzung endet.
invite-steps = Was Sie tun werden
invite-step-password = Ein Passwort wählen
invite-step-password-text = Nur wenn Ihr Konto noch keines hat.
invite-step-first = Einen zweiten Nachweis hinzufügen
invite-step-first-text = Eine Authentifizie­rungs-App auf Ihrem Telefon oder ein Passkey.
invite-step-back = Einen Weg zurück vorbereiten
invite-step-back-text = Ein zweites Gerät oder zehn Wieder­herstellungs­codes auf Papier.
invite-begin-title = Beginnen
invite-name-hint = Der Ihnen mitgeteilt wurde. Er steht nicht in dieser Einladung, damit niemand sie verwenden kann, der sie findet.
# $left = attempts left, at least 1
invite-other-name =
    Diese Einladung gilt für einen anderen Benutzernamen. Vergleichen Sie ihn mit dem mitgeteilten. Sie haben noch { $left ->
        [one] einen Versuch
        *[other] { $left } Versuche
    }.
invite-do = Beginnen
invite-once = Diese Einladung gilt einmal.
# Followed by a time
invite-until = Sie ist gültig bis:
invite-nobody = Niemand sonst, auch nicht, wer Sie eingeladen hat, sieht, was Sie hier wählen und hinzufügen.
invite-dead-title = Diese Einladung gilt nicht
invite-used = Sie wurde bereits verwendet. Waren Sie das? Dann melden Sie sich an.
invite-expired = Ihre Zeit ist vorbei, oder es wurde eine neuere erstellt.
invite-closed = Das Konto, für das sie gilt, ist nicht offen.
invite-unknown = Wir kennen sie nicht. Vielleicht wurde die Adresse nicht ganz kopiert.
invite-next = Bitten Sie, wer Sie eingeladen hat, um eine neue, oder rufen Sie den Servicedesk unter { $phone } an.
password-first = Ihr Konto hat noch kein Passwort. Wählen Sie jetzt eines, das nur Sie kennen.
mail-invitation-used-subject = Ihr Konto wird eingerichtet
mail-invitation-used-text =
    Guten Tag,

    die Einladung für Ihr Dienstkonto wurde am { $date } um { $time } Uhr (Brüsseler Zeit) verwendet.

    Gerät: { $device }. Ort, soweit wir wissen: { $place }.

    Waren Sie das? Dann brauchen Sie nichts zu tun. Waren Sie das nicht? Rufen Sie sofort den Servicedesk unter { $phone } an.

    Cardea
mail-rescued-subject = Das Konto einer Administratorin oder eines Administrators wird neu eingerichtet
mail-rescued-text =
    Guten Tag,

    am { $date } um { $time } Uhr (Brüsseler Zeit) erstellte jemand mit Zugang zum Server eine Notfalleinladung für dieses Administrationskonto: { $person }. Der Name auf dem Server: { $operator }.

    Wer sie verwendet, richtet das Konto neu ein; sein jetziges Passwort und seine Anmeldemethoden gelten dann nicht mehr. Sie erhalten diese Mail, weil Sie ein Administrationskonto haben.

    Wissen Sie davon nichts? Rufen Sie sofort den Servicedesk unter { $phone } an, und das Sicherheitsteam.

    Cardea
