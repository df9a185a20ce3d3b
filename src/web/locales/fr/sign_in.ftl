### Se connecter : nom d’utilisateur et mot de passe, deuxième preuve, nouvelle application, nouveau mot de passe.

sign-in = Se connecter
# Le bouton
sign-in-do = Se connecter
# Suivi du nom d’une application
sign-in-towards = Vous voulez ouvrir :
sign-in-needs-key = Un mot de passe et un code ne suffisent pas ici : il vous faut une clé d’accès ou une clé de sécurité.
user-name = Nom d’utilisateur
user-name-hint = Comme sur votre ordinateur portable, par exemple ab1234
password = Mot de passe
password-again = Introduisez à nouveau votre mot de passe. Vérifiez la touche Verr. Maj et le clavier (AZERTY ou QWERTY).
forgotten-title = Un problème pour vous connecter ?
forgotten-text = Appelez le service desk au { $phone }. L’équipe s’assure d’abord que c’est bien vous, puis vous aide. Elle ne vous demandera jamais votre mot de passe.

## Pourquoi le formulaire revient

refused-title = Cela n’a pas fonctionné. Rien n’est perdu.
# La même phrase pour un nom inconnu, un mot de passe erroné, un compte verrouillé ou désactivé
sign-in-refused = Nous n’avons pas pu vous connecter. Vérifiez votre nom d’utilisateur et votre mot de passe.
paused-title = Une courte pause
# Aussi pour les noms qui n’existent pas
sign-in-too-many =
    Il y a eu trop de tentatives d’affilée. Pour protéger le compte, la connexion est suspendue pendant { $minutes ->
        [one] { $minutes } minute
        *[other] { $minutes } minutes
    }. Vous n’avez rien à faire : réessayez ensuite.
busy-title = Il y a beaucoup de monde en ce moment
sign-in-busy =
    De nombreuses personnes se connectent en même temps. Rien n’est perdu. Réessayez dans { $seconds ->
        [one] { $seconds } seconde
        *[other] { $seconds } secondes
    }.
unreachable-title = Cela ne vient pas de vous
sign-in-unreachable = Nous ne parvenons pas à joindre le système qui vérifie les mots de passe. Votre compte est en ordre. Réessayez dans quelques minutes.
# $reason = idle, limit, remote, security, other
session-ended =
    { $reason ->
        [idle] Votre session a été fermée, car il ne s’y passait plus rien depuis un moment.
        [limit] Votre session a été fermée, car une session dure au maximum une journée de travail.
        [remote] Votre session a été fermée depuis un autre de vos appareils.
        [security] Votre session a été fermée pour protéger votre compte.
        *[other] Votre session est terminée.
    } Reconnectez-vous pour reprendre là où vous en étiez.
signed-out-title = Votre session est fermée
signed-out-text = Si d’autres personnes utilisent aussi cet appareil, fermez également le navigateur.

## La deuxième preuve

code-title = Encore une étape
# Suivi du nom d’utilisateur
code-as = Vous vous connectez comme
code-not-you = Ce n’est pas vous ?
code-text = Ouvrez l’application d’authentification sur votre téléphone. Introduisez les six chiffres affichés pour Cardea.
code-label = Code à six chiffres
code-hint = Il change toutes les 30 secondes.
code-do = Confirmer
# $left = tentatives restantes, au moins 1
code-wrong =
    Ce code n’est pas correct. Regardez le code le plus récent dans votre application mobile et introduisez-le. Il vous reste { $left ->
        [one] { $left } tentative
        *[other] { $left } tentatives
    }.
code-used = Ce code a déjà été utilisé. Attendez le suivant (30 secondes au maximum) et introduisez-le.
code-malformed = Un code a six chiffres. Regardez le code le plus récent dans votre application mobile et introduisez-le.
no-phone-title = Pas de téléphone avec vous ?
no-phone-text = Appelez le service desk au { $phone }. L’équipe s’assure d’abord que c’est bien vous, puis vous aide.

## Lier une application d’authentification

enrol-title = Ajouter une application d’authentification
enrol-forced = En plus du mot de passe, votre compte a besoin d’une deuxième preuve : personne ne pourra ainsi y entrer avec votre seul mot de passe.
enrol-lead = Toute application qui produit des codes à six chiffres convient. Cela prend deux minutes, avec votre téléphone à côté de vous.
enrol-open-title = Ouvrez l’application sur votre téléphone
enrol-open-text = Choisissez « ajouter un compte », puis « scanner un code ».
enrol-scan-title = Scannez ce carré
enrol-qr = Code QR avec le secret de ce compte. Le même secret figure à côté sous forme de texte.
enrol-type-title = Impossible de scanner ?
enrol-type-text = Introduisez ce secret dans l’application. Majuscules ou minuscules, avec ou sans espaces : cela ne change rien.
enrol-account = Compte
enrol-kind = Type
enrol-kind-totp = Basé sur le temps, 6 chiffres, 30 secondes
enrol-once-title = Affiché une seule fois
enrol-once-text = Ne le photographiez pas. Après cette page, personne ne pourra plus afficher ce secret, pas même nous.
enrol-code-title = Introduisez le code que vous voyez maintenant
enrol-name = Nom pour ce téléphone
enrol-name-hint = Pour le reconnaître plus tard.
enrol-name-suggested = Téléphone professionnel
enrol-do = Ajouter l’application
enrol-no-phone = Pas de téléphone sous la main ? Appelez le service desk au { $phone }. Rien n’est perdu si vous vous arrêtez ici.

## Un nouveau mot de passe

password-new-title = Choisissez un nouveau mot de passe
password-expired = Votre mot de passe a expiré le { $date }. Vous pouvez en choisir un nouveau ici, tout de suite, même à domicile : cela prend environ trois minutes, sans VPN ni réseau du bureau.
password-expired-undated = Votre mot de passe a expiré. Vous pouvez en choisir un nouveau ici, tout de suite, même à domicile : cela prend environ trois minutes, sans VPN ni réseau du bureau.
password-must-change = Votre mot de passe a été défini par quelqu’un d’autre. Choisissez-en maintenant un que personne d’autre ne connaît.
password-wish = Toutes vos autres sessions seront alors fermées. Nous vous écrirons dès que le mot de passe aura été modifié.
password-rules = Un bon mot de passe est
password-rule-length =
    long d’au moins { $min ->
        [one] { $min } caractère
        *[other] { $min } caractères
    }
password-rule-listed = difficile à deviner, et absent des listes de mots de passe connus
password-rule-name = sans rien qui vous soit propre : ni nom, ni nom d’utilisateur, ni adresse e-mail, ni numéro de téléphone, ni date de naissance
password-rule-same = nettement différent de l’actuel
password-rule-tip = Conseil : quatre ou cinq mots sans aucun lien entre eux forment un mot de passe solide et facile à retenir.
password-current = Votre mot de passe actuel
password-new = Nouveau mot de passe
password-new-again = Répétez le nouveau mot de passe
password-new-do = Enregistrer le nouveau mot de passe
password-refused-current = Nous n’avons pas pu confirmer votre mot de passe actuel. Introduisez-le à nouveau. Vérifiez la touche Verr. Maj et le clavier (AZERTY ou QWERTY).
password-refused-different = Les deux nouveaux mots de passe ne sont pas identiques. Introduisez à nouveau le nouveau, deux fois.
password-refused-short =
    Ce mot de passe est trop court : ajoutez { $missing ->
        [one] { $missing } caractère
        *[other] { $missing } caractères
    }.
password-refused-long = Ce mot de passe est trop long pour être conservé : choisissez-en un plus court.
password-refused-listed = Ce mot de passe figure sur une liste de mots de passe faciles à deviner : choisissez-en un autre, par exemple quelques mots sans aucun lien entre eux.
password-refused-name = Ce mot de passe contient un élément qui vous est propre (nom, nom d’utilisateur, adresse e-mail, numéro de téléphone ou date de naissance), même écrit autrement : choisissez-en un autre.
password-refused-same = C’est votre mot de passe actuel : choisissez-en un nouveau.
password-refused-previous = Ce mot de passe ressemble trop à l’actuel : choisissez-en un vraiment différent.
password-refused-breached = Ce mot de passe figure, ou figure peut-être, sur une liste de mots de passe volés un jour. Ce sont les premiers que les pirates essaient : choisissez-en un autre.
password-refused-weak = Ce mot de passe est facile à deviner : ajoutez un mot ou choisissez-en un autre.
strength = Solidité du mot de passe introduit
strength-very-weak = Très faible. Il se devine aussitôt.
strength-weak = Faible. Il se devine vite.
strength-fair = Moyenne. Un mot de plus le rend solide.
strength-good = Bonne.
strength-strong = Excellente.
# While it is typed; $typed is replaced by the page
strength-live-short = Pour l’instant { $typed } caractères sur { $min }.
strength-live-own = Il contient votre nom d’utilisateur : choisissez-en un autre.
strength-live-simple = Assez long, mais facile à deviner.
strength-live-enough = Assez long. Nous vérifierons à l’enregistrement s’il figure sur une liste de mots de passe connus.

## Passkeys and security keys

passkey-do = Se connecter avec une clé d’accès
passkey-failed = La connexion avec votre clé d’accès n’a pas fonctionné cette fois. Rien n’a changé dans votre compte. Réessayez ou choisissez un autre moyen.
passkey-offer = La prochaine fois, vous pourrez vous connecter sans mot de passe : avec votre empreinte digitale, votre visage ou le code PIN de cet appareil. La mise en place prend une minute. Votre empreinte et votre visage ne quittent jamais l’appareil.
key-text = Utilisez votre clé d’accès ou votre clé de sécurité. Votre navigateur vous la demande quand vous choisissez le bouton.
key-do = Utiliser ma clé
key-no-script = Cette étape a besoin de JavaScript, désactivé dans ce navigateur. Activez-le et rechargez la page, ou choisissez un autre moyen.
key-waiting = Suivez ce que votre navigateur ou votre appareil affiche.
key-cancelled = Rien n’a été envoyé : c’était interrompu ou trop long. Réessayez ou choisissez un autre moyen.
key-known = Vous l’avez déjà ajoutée. Choisissez un autre appareil ou une autre clé.
key-unable = Cela n’a pas fonctionné sur cet appareil. Rien n’a changé. Réessayez ou choisissez un autre moyen.
no-key-title = Pas de clé avec vous ?
another-way = Un autre moyen
way-key = Utiliser une clé d’accès ou une clé de sécurité
way-app = Utiliser un code de l’application d’authentification
enrol-way-key = Ajouter plutôt une clé d’accès : aucun code à introduire
enrol-way-app = Ajouter plutôt une application d’authentification
bind-title = Ajouter une clé d’accès
bind-forced = Ce que vous voulez ouvrir demande une preuve que personne ne peut vous voler avec une fausse page.
bind-name = Nom pour cette clé
bind-name-suggested = Ordinateur portable professionnel
bind-do = Ajouter la clé d’accès
bind-key-title = Vous avez une clé de sécurité ?
bind-key-text = Une clé sans code PIN ni empreinte sert de deuxième preuve, après votre mot de passe.
bind-key-do = Ajouter une clé de sécurité
bind-failed = Cette clé n’a pas pu être ajoutée. Rien n’a changé dans votre compte. Réessayez, ou prenez un autre appareil ou une autre clé.
bind-no-device = Pas d’appareil ni de clé qui en soit capable ? Appelez le service desk au { $phone }. Rien n’est perdu si vous vous arrêtez ici.
upstream-do = Se connecter avec { $service }
upstream-prove = Confirmer avec { $service }
way-upstream = Utiliser un autre service, comme l’eID ou itsme®
upstream-text = Confirmez que c’est bien vous avec un service que vous avez lié à votre compte. Vous revenez ici ensuite.
upstream-none = Aucun autre service ne peut être utilisé pour le moment. Choisissez un autre moyen.
# $service = le nom du service
upstream-start-again = Cette connexion avec { $service } a expiré ou a été ouverte dans un autre navigateur. Rien n’a changé. Recommencez ici.
upstream-declined = Vous avez arrêté la connexion avec { $service }. Rien n’a changé. Réessayez ou choisissez un autre moyen.
upstream-down = { $service } ne répond pas pour le moment. Ni votre carte, ni votre téléphone, ni votre compte n’en sont la cause. Réessayez dans quelques minutes ou choisissez un autre moyen.
upstream-ask-again = { $service } a répondu à partir d’une connexion précédente. Connectez-vous y encore une fois ou choisissez un autre moyen.
upstream-too-weak = Vous vous êtes connecté à { $service } avec un moyen qui n’est pas assez fort ici. Réessayez avec votre carte eID ou votre application, ou choisissez un autre moyen.
upstream-not-understood = { $service } n’a pas donné la réponse nécessaire. Vous n’y êtes pour rien. Choisissez un autre moyen et donnez le code de dossier au service desk.
upstream-not-trusted = La réponse de { $service } n’était pas digne de confiance et n’a pas été utilisée. Rien n’a changé dans votre compte. Choisissez un autre moyen et donnez le code de dossier au service desk.
upstream-not-linked = { $service } n’ouvre pas encore de compte ici. Connectez-vous par un autre moyen, puis ajoutez { $service } sous Votre sécurité.
upstream-taken = { $service } n’a pas pu être ajouté : votre compte l’a déjà, ou il appartient à un autre compte.
links-title = Autres services qui ouvrent votre compte
links-lead = Avec l’eID, itsme® ou un autre service, vous pouvez vous connecter même sans votre téléphone ou votre mot de passe.
links-linked = Ajoutés
links-add = Ajouter un service
links-add-text = Vous vous y connectez une fois. Ensuite, il ouvre votre compte.
links-add-do = Ajouter { $service }
links-back = Retour à Votre sécurité
