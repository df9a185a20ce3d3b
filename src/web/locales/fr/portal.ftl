### Les pages propres à une personne.

## Accueil

home-title = Bonjour, { $name }
# Suivi d’un moment, puis du lieu et du moyen entre parenthèses
home-last = Votre connexion précédente :
home-not-you = Ce n’était pas vous ?
home-applications = Vos applications
home-empty-title = Pas encore d’applications
home-empty-text = Dès qu’une application vous est ouverte, elle figure ici. Il en manque une ? Appelez le service desk au { $phone }.
attention-phone-title = Vous avez un seul moyen de connexion en plus de votre mot de passe
attention-phone-text = Si vous perdez cet appareil, seul le service desk pourra vous ouvrir. Ajoutez une clé d’accès ou une application sur un deuxième appareil ; cela prend deux minutes.
attention-phone-do = En ajouter une deuxième
attention-password-title =
    Votre mot de passe expire { $days ->
        [0] aujourd’hui
        [1] demain
        *[other] dans { $days } jours
    }
attention-password-text = Il est valable jusqu’au { $date }. Modifiez-le un jour ouvrable : il y aura quelqu’un si un appareil pose problème. Cela prend trois minutes.
attention-password-do = Le modifier maintenant

## Votre sécurité

account-title = Votre sécurité
account-lead = Ce qui ouvre votre compte, où il est ouvert en ce moment et qui l’a utilisé récemment.
account-methods = Moyens de connexion
account-add-app = Ajouter une application
account-app = Application d’authentification
# Suivis d’un moment ou de noms
account-set = Défini :
account-added = Ajout :
account-used = Dernière utilisation :
account-unused = Aucune utilisation pour le moment.
account-since = Depuis :
account-until = Jusque :
account-opened = Ouvert d’ici :
account-change = Modifier
account-remove = Retirer
account-only-one = Vous en avez besoin, ce moyen reste donc
account-sessions = Ouvert en ce moment
account-no-sessions = Aucune session n’est ouverte.
account-end-others = Fermer toutes les autres
account-here = Vous êtes ici
account-end = Fermer
account-consents = Applications que vous avez autorisées
account-agreed = Accord :
account-knows = Peut savoir :
account-withdraw = Retirer l’accord
account-withdraw-text = Une application dont vous retirez l’accord ne reçoit plus rien sur vous. Elle peut encore avoir ce qu’elle a appris avant.
account-sign-ins = Connexions récentes
account-no-sign-ins = Pas encore de connexions.
account-ok = Réussie
account-stopped = Arrêtée
stopped-password = Arrêtée au mot de passe.
stopped-code = Arrêtée à la deuxième preuve.
stopped-pause = Arrêtée par une pause après un trop grand nombre de tentatives.
account-add-passkey = Ajouter une clé d’accès
account-passkey = Clé d’accès
account-key = Clé de sécurité
account-device-synced = Synchronisée entre vos appareils.
account-device-built-in = Intégrée à un ordinateur ou à un téléphone.
account-device-carried = Une clé que vous portez sur vous.
account-rename = Renommer
stopped-key = Arrêtée à la clé d’accès ou de sécurité.
place-note = Un lieu est déduit de l’adresse réseau ; il peut donc être inexact.
account-aside = En savoir plus sur votre compte
readiness-ready = Tout est prêt
readiness-almost = C’est presque prêt
readiness-not-ready = Ce n’est pas encore prêt
odd-title = Quelque chose d’étrange ?
odd-text = Vous voyez une connexion ou un appareil qui n’est pas à vous ? Modifiez votre mot de passe, fermez toutes les autres sessions et appelez le service desk au { $phone }. Appelez aussi en cas de doute.
data-title = Vos données
data-text = Vous pouvez obtenir tout ce que nous conservons sur vous sous forme de fichier.
data-link = Exporter mes données

## Avant que quelque chose soit retiré

confirm-happens = Ce qui se passe
confirm-stays = Ce qui reste
remove-title = Retirer cette application d’authentification ?
remove-lead = Nom : { $name }.
remove-happens-codes = Ses codes ne fonctionneront plus.
remove-happens-mail = Vous recevrez un e-mail à ce sujet.
remove-stays-others = Votre mot de passe et vos autres moyens de connexion ne changent pas.
remove-do = Retirer l’application
remove-keep = La conserver
remove-refused-only = Sans ce moyen, vous ne pourriez plus vous connecter comme il le faut. Ajoutez-en d’abord un autre, puis retirez celui-ci.
rename-title = Un autre nom
rename-name = Nom
rename-do = Enregistrer le nom
remove-key-title = Retirer cette clé ?
remove-happens-key = Elle n’ouvre plus votre compte. Elle peut encore figurer sur l’appareil : retirez-la là aussi.
remove-key-do = Retirer la clé
end-others-title = Fermer toutes les autres sessions ?
end-others-lead = Votre session sur cet appareil reste ouverte.
end-others-happens =
    { $count ->
        [one] { $count } session sera fermée
        *[other] { $count } sessions seront fermées
    }. Une nouvelle connexion y sera demandée.
end-others-stays = Votre mot de passe et vos moyens de connexion ne changent pas.
end-others-do =
    Fermer { $count ->
        [one] { $count } session
        *[other] { $count } sessions
    }
end-others-keep = Les conserver

## Se déconnecter

sign-out-title = Se déconnecter ?
sign-out-asked = Cette application le demande : { $app }.
sign-out-lead = Cardea ferme alors votre session sur cet appareil. Les applications encore ouvertes peuvent le rester jusqu’à ce que vous les fermiez.
sign-out-everywhere = Aussi sur tous mes autres appareils
sign-out-stay = Garder ma session

## Comment nous utilisons vos données

privacy-lead = Cardea vous ouvre les applications de votre travail. Responsable : { $house }. Cette page dit ce que Cardea conserve sur vous, pourquoi et combien de temps.
privacy-kept-title = Ce que nous conservons
privacy-why = Pourquoi
privacy-how-long = Combien de temps
privacy-account-name = Votre compte
privacy-account-what = Nom, nom d’utilisateur, adresse e-mail, langue, organisation, rôles.
privacy-account-why = pour savoir qui vous êtes et ce qui vous est ouvert
privacy-account-how-long = tant que vous avez le compte
privacy-methods-name = Vos moyens de connexion
privacy-methods-what = Quand chacun a été ajouté et utilisé pour la dernière fois ; de votre mot de passe, uniquement une valeur qui ne permet pas de le retrouver ; de votre application, le secret, chiffré ; de vos clés, ce qui les prouve, sans empreinte ni visage.
privacy-methods-why = pour vérifier que c’est bien vous
privacy-methods-how-long = jusqu’à ce que vous retiriez le moyen, ou tant que vous avez le compte
privacy-sessions-name = Vos sessions
privacy-sessions-what = Appareil, lieu, adresse réseau, applications ouvertes.
privacy-sessions-why = pour que votre session reste ouverte et que vous puissiez voir et fermer chacune d’elles
privacy-sessions-how-long = aussi longtemps que la session dure, et un jour de plus
privacy-browsers-name = Les navigateurs de vos connexions
privacy-browsers-what = Un nombre aléatoire dans un cookie du navigateur, et les dates de sa première et de sa dernière utilisation pour votre compte. Si vous l’avez souhaité, jusqu’à quand il est de confiance.
privacy-browsers-why = pour vous signaler les connexions avec un nouveau navigateur, et pour vous laisser entrer pendant qu’une personne étrangère essaie de deviner
privacy-browsers-how-long = 400 jours après la dernière connexion avec ce navigateur
privacy-consents-name = Applications que vous avez autorisées
privacy-consents-what = Quelle application, ce qu’elle peut savoir et le moment de votre accord.
privacy-consents-why = pour ne vous le demander qu’une fois, et pour que vous puissiez retirer votre accord
privacy-consents-how-long = jusqu’au retrait de votre accord, ou tant que vous avez le compte
privacy-sign-ins-name = Chaque connexion et chaque modification de votre compte, dans le journal de sécurité
privacy-sign-ins-what = Moment, adresse réseau, lieu, appareil, moyen, résultat.
privacy-sign-ins-why = pour détecter et arrêter les abus, et pour vous aider quand quelque chose ne fonctionne pas
privacy-sign-ins-how-long = 13 mois ; la clé de la partie personnelle est alors détruite et plus personne ne peut la lire
privacy-cases-name = Les codes de dossier
privacy-cases-what = Comme celui que vous mentionnez quand vous appelez.
privacy-cases-why = pour que le service desk retrouve ce qui s’est passé
privacy-cases-how-long = 72 heures
privacy-never = Nous ne conservons pas ce que vous introduisez dans les applications et nous n’observons pas votre façon de travailler.
privacy-basis-title = Sur quelle base
privacy-basis-text = Garder sûr l’accès aux systèmes publics relève d’une mission d’intérêt public (RGPD, article 6, paragraphe 1, point e). Nous n’utilisons les données pour rien d’autre.
privacy-seen-title = Qui les voit
privacy-seen-you = Vous, sur votre page de sécurité et sous forme de fichier.
privacy-seen-desk = Le service desk, quand vous appelez : ce qu’il faut pour vous aider.
privacy-seen-security = L’équipe de sécurité, quand une connexion ressemble à un abus.
privacy-seen-apps = Une application que vous ouvrez : qui vous êtes, dans la mesure où elle en a besoin.
privacy-seen-nobody = Personne d’autre ne les reçoit, sauf si la loi l’exige. Elles ne sont ni vendues, ni utilisées pour de la publicité.
privacy-guarded-title = Comment elles sont protégées
privacy-guarded-text = La partie personnelle du journal de sécurité est chiffrée avec une clé propre à chaque personne et à chaque mois. Le délai passé, la clé est détruite. Le journal lui-même reste vérifiable, sans rien dire de vous.
privacy-place-text = Les lieux sont cherchés dans une liste sur nos propres serveurs ; votre adresse n’est envoyée à personne pour cela.
privacy-rights-title = Vos droits
privacy-rights-text = Le règlement général sur la protection des données (RGPD) vous donne ces droits :
privacy-right-see = voir ce que nous conservons et en recevoir une copie ;
privacy-right-correct = faire corriger les erreurs et effacer les données qui ne sont plus nécessaires ;
privacy-right-object = vous opposer à une utilisation de vos données ou la faire limiter.
privacy-rights-how = Pour les exercer, appelez le service desk au { $phone } ou écrivez à la personne déléguée à la protection des données de votre organisation. Vous recevrez une réponse dans le mois.
privacy-complain = Si la réponse ne vous satisfait pas, vous pouvez introduire une plainte auprès de l’autorité :
privacy-authority = Autorité de protection des données
export-title = Exporter mes données
export-text = Vous recevez un fichier avec votre compte, vos moyens de connexion, vos sessions et vos connexions, dans une forme que les programmes peuvent lire (JSON).
export-do = Télécharger mes données
export-sign-in = Connectez-vous d’abord : le fichier est pour vous seulement.
account-links = Autres services
