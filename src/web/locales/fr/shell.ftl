### Ce qui entoure chaque page, et les mots que beaucoup de pages partagent.

house-name = SPF Chancellerie du Premier Ministre
# Suit une phrase : ni majuscule, ni point
house-hours = les jours ouvrables de 7 h à 19 h

skip = Aller au contenu
nav-language = Langue
nav-main = Menu principal
nav-crumbs = Vous êtes ici
nav-home = Accueil
nav-security = Sécurité
sign-out = Se déconnecter
foot-privacy = Comment nous utilisons vos données
foot-desk = Service desk { $phone }, { $hours }
threshold-say = Une seule porte vers tout votre travail.
real-title = Est-ce la vraie page ?
real-text = L’adresse commence par
stuck-title = Une étape vous bloque ?
stuck-text = Appelez le service desk au { $phone }, { $hours }. Il ne vous demandera jamais votre mot de passe.
# Suivi du code de dossier
case-mention = Si vous appelez le service desk au { $phone }, mentionnez ce code :
try-again = Réessayer
to-home = Aller à la page d’accueil
not-now = Pas maintenant
tip = Conseil

## Le temps. $date et $time arrivent mis en forme

when-today = aujourd’hui à { $time }
when-yesterday = hier à { $time }
when-tomorrow = demain à { $time }
when-date = { $date } à { $time }

## Appareils, lieux, moyens

device-known = { $browser } sous { $system }
device-unknown = Appareil inconnu
place-unknown = Lieu inconnu
method-password = mot de passe
method-password-code = mot de passe et code de l’application mobile
method-password-key = mot de passe et clé
method-passkey = clé d’accès
method-upstream = un autre service
method-password-upstream = mot de passe et un autre service

## Affiché une fois, après que quelque chose a été fait

flash-app-added-title = L’application d’authentification a été ajoutée
flash-app-added-text = Vous pouvez désormais vous connecter avec ses codes.
flash-method-removed-title = Le moyen de connexion a été retiré
flash-method-removed-text = Il n’ouvre plus votre compte.
flash-key-added-title = Votre clé a été ajoutée
flash-key-added-text = Vous pouvez désormais vous connecter avec elle.
flash-renamed-title = Le nom a été enregistré
flash-renamed-text = Seul le nom a changé.
flash-password-title = Votre mot de passe a été modifié
flash-password-text = Utilisez le nouveau mot de passe à votre prochaine connexion.
flash-session-ended-title = La session a été fermée
flash-session-ended-text = Cet appareil demandera une nouvelle connexion.
flash-consent-withdrawn-title = Votre accord a été retiré
flash-consent-withdrawn-text = L’application ne reçoit plus rien sur vous. Si vous la rouvrez, elle vous le redemandera.
flash-others-ended-title =
    { $count ->
        [0] Aucune autre session n’était ouverte
        [one] { $count } session a été fermée
        *[other] { $count } sessions ont été fermées
    }
flash-others-ended-text = Votre session sur cet appareil reste ouverte.
flash-linked-title = Le service a été ajouté
flash-linked-text = Vous pouvez désormais vous connecter avec lui.
