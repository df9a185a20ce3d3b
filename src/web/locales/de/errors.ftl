### Wenn eine Seite nicht gezeigt werden kann: ein Titel und was zu tun ist.

error-not-found-title = Hier ist keine Tür
error-not-found-text = Diese Seite gibt es nicht oder nicht mehr. Prüfen Sie die Adresse oder gehen Sie zur Startseite. Mit Ihrem Konto ist alles in Ordnung.
error-bad-request-title = Wir haben diese Anfrage nicht verstanden
error-bad-request-text = Etwas fehlt oder hat nicht die Form, die wir erwarten. Gehen Sie zurück und versuchen Sie es erneut. Kam der Link aus einer Anwendung, öffnen Sie diese Anwendung erneut.
error-forbidden-title = Diese Tür ist nicht für Sie geöffnet
error-forbidden-text = Mit Ihrem Konto ist alles in Ordnung, aber es hat keinen Zugang zu dieser Seite. Es wurde nichts geändert.
error-method-title = So funktioniert diese Adresse nicht
error-method-text = Es wurde nichts geändert. Gehen Sie zur Startseite und beginnen Sie dort erneut.
error-too-many-title = Eine kurze Pause
error-too-many-text =
    Es gab zu viele Versuche hintereinander. Warten Sie { $minutes ->
        [one] eine Minute
        *[other] { $minutes } Minuten
    }. Sie brauchen nichts zu tun: Versuchen Sie es danach erneut.
error-busy-title = Hier ist gerade viel los
error-busy-text = Viele Menschen melden sich gleichzeitig an. Nichts ist verloren. Versuchen Sie es in einigen Sekunden erneut.
error-unavailable-title = Cardea kann gerade nicht antworten
error-unavailable-text = Ein Teil, den wir brauchen, antwortet nicht. Das liegt nicht an Ihnen oder Ihrem Konto. Versuchen Sie es in einigen Minuten erneut.
error-broken-title = Auf unserer Seite ist etwas schiefgegangen
error-broken-text = Sie haben nichts falsch gemacht und wir wissen Bescheid. Versuchen Sie es in einigen Minuten erneut.
error-client-title = Dieser Anfrage ist nicht zu trauen
error-client-text = Eine Anwendung hat Sie mit einer Anfrage hierher geschickt, die nicht zu dem passt, was wir über sie wissen. Zu Ihrem Schutz haben wir Sie nicht zurückgeschickt und ihr nichts mitgeteilt. Öffnen Sie die Anwendung erneut von Ihrer Startseite aus. Hilft das nicht, melden Sie es der Stelle, die für die Anwendung verantwortlich ist.
error-expired-title = Dieser Schritt hat zu lange gedauert
error-expired-text = Es wurde nichts geändert. Zu Ihrer Sicherheit gilt ein Formular nur kurze Zeit. Gehen Sie zur Startseite und beginnen Sie erneut.
