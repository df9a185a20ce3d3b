### Codes de récupération, le moyen de revenir, navigateurs de confiance, invitations.

## Recovery codes as a second proof

way-recovery = Utiliser un code de récupération
recovery-title = Utiliser un code de récupération
recovery-text = Prenez la feuille avec vos codes de récupération et introduisez-en un que vous n’avez pas encore utilisé.
recovery-label = Code de récupération
recovery-hint = 16 lettres et chiffres, par exemple K7QD-2MXA-RT4W-9HCE. Majuscules ou minuscules, avec ou sans tirets : cela n’a pas d’importance.
# $left = attempts left, at least 1
recovery-wrong =
    Ce code ne figure pas sur votre liste actuelle. Comparez-le signe par signe avec la feuille. Il vous reste { $left ->
        [one] { $left } tentative
        *[other] { $left } tentatives
    }.
recovery-used = Ce code a déjà été utilisé. Barrez-le et introduisez-en un autre.
recovery-malformed = Un code de récupération compte 16 lettres et chiffres. Regardez s’il en manque un.
recovery-lost-title = Pas de feuille sous la main non plus ?

## Making recovery codes

codes-title = Codes de récupération
codes-lead = Dix codes sur papier. Chacun vous ouvre une fois, avec votre mot de passe, si vous n’avez plus votre téléphone.
codes-left =
    { $left ->
        [0] Il ne reste aucun code.
        [one] Il reste { $left } code.
        *[other] Il reste { $left } codes.
    }
codes-none = Vous n’avez pas encore de codes de récupération.
# Followed by a time
codes-made-at = Créés :
codes-happens-ten = Vous recevez dix nouveaux codes. Ils sont affichés une seule fois : imprimez-les ou recopiez-les à la main.
codes-happens-old = Les anciens codes ne fonctionnent plus.
codes-happens-mail = Vous recevez un e-mail à ce sujet.
codes-do = Créer dix codes
codes-made-title = Dix nouveaux codes de récupération
codes-made-for = Créés pour { $user } : { $when }
codes-made-lead = Chacun ouvre la porte une fois. Les précédents ne fonctionnent plus.
codes-keep = Imprimez cette page ou recopiez les codes à la main. Gardez la feuille à la maison, loin de l’ordinateur portable.
codes-once = Nous ne gardons aucune copie lisible, c’est pourquoi ils ne s’affichent qu’une fois.
codes-never-asked = Personne du service desk ne vous en demandera jamais un.
codes-have = Je les ai sur papier
# Followed by two keys
codes-print = Pour imprimer cette page, appuyez sur
codes-few = Peu de codes de récupération
codes-low-text = Créez une nouvelle série tant que c’est possible.
recovery-codes-low =
    { $left ->
        [0] Il ne vous reste aucun code de récupération.
        [one] Il vous reste { $left } code de récupération.
        *[other] Il vous reste { $left } codes de récupération.
    } Créez une nouvelle série ; les anciens codes ne fonctionneront plus.

## The way back

way-back-title = Si votre téléphone tombait ce soir dans le canal, pourriez-vous encore entrer ?
way-back-ready = Oui. Quel que soit ce que vous perdez, autre chose vous ouvre ; retirez ensuite ici ce qui est perdu.
way-back-bind = Non. Vous n’avez pas encore de deuxième preuve suffisante. Ajoutez-en une maintenant ; cela prend deux minutes.
way-back-codes = Seulement avec l’aide du service desk. Créez des codes de récupération et gardez-les sur papier ; cela prend une minute.
way-back-another = Seulement avec l’aide du service desk. Ajoutez un moyen de connexion sur un deuxième appareil ; cela prend deux minutes.
set-up-title = Encore une chose : un moyen de revenir
set-up-lead = Vous y êtes. Si vous perdez un jour cet appareil, l’un de ces moyens vous ouvrira de nouveau sans attendre personne.
set-up-device-title = Un deuxième appareil
set-up-device-text = Une clé d’accès ou une application sur un autre appareil fait la même chose que la première.
set-up-on = Continuer
set-up-on-to = Continuer vers { $app }
recovered-title = Vous êtes entré avec un code de récupération
recovered-lead = Ce code est utilisé : barrez-le. Votre appareil ou votre clé est perdu ou volé ? Faites alors ceci maintenant.
recovered-device-title = Un nouvel appareil
recovered-device-text = Ajoutez une clé d’accès ou une application sur l’appareil que vous avez maintenant.
# Followed by the name of a sign-in method
recovered-lost-title = Celui-ci est-il perdu ?
recovered-lost-text = Retirez-le alors, pour que personne d’autre ne l’utilise.
recovered-only-text = Vous pourrez le retirer dès que vous en aurez ajouté un autre.

## Mails

mail-recovery-made-subject = Nouveaux codes de récupération pour votre compte
mail-recovery-made-text =
    Bonjour,

    De nouveaux codes de récupération ont été créés pour votre compte professionnel le { $date } à { $time } (heure de Bruxelles). Les précédents ne fonctionnent plus.

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    C’était vous ? Vous n’avez rien à faire. Ce n’était pas vous ? Appelez tout de suite le service desk au { $phone }.

    Cardea
mail-recovery-used-subject = Un code de récupération a été utilisé
mail-recovery-used-text =
    Bonjour,

    Une connexion à votre compte professionnel a eu lieu avec l’un de vos codes de récupération le { $date } à { $time } (heure de Bruxelles). { $left ->
        [0] Il ne reste aucun code : créez une nouvelle série sur votre page de sécurité.
        [one] Il reste { $left } code.
        *[other] Il reste { $left } codes.
    }

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    C’était vous ? Si un téléphone est perdu, retirez-le sur votre page de sécurité. Ce n’était pas vous ? Appelez tout de suite le service desk au { $phone }.

    Cardea

## The clock of the phone

code-clock =
    L’horloge de votre téléphone a un écart d’environ { $minutes ->
        [one] { $minutes } minute
        *[other] { $minutes } minutes
    } : ses codes ne correspondent donc pas aux nôtres. Réglez la date et l’heure du téléphone sur « automatique » et introduisez un nouveau code.
flash-clock-title = L’horloge de votre téléphone n’est pas à l’heure
flash-clock-text =
    Elle a un écart d’environ { $minutes ->
        [one] { $minutes } minute
        *[other] { $minutes } minutes
    } : ses codes ne correspondaient donc pas aux nôtres. Réglez la date et l’heure du téléphone sur « automatique » ; ils fonctionneront de nouveau.

## Trusted browsers

trusted-tick =
    Ne pas demander la deuxième preuve sur ce navigateur pendant { $days ->
        [one] { $days } jour
        *[other] { $days } jours
    }
trusted-hint = Seulement sur un appareil que personne d’autre n’utilise. Votre mot de passe reste demandé.
browsers-title = Navigateurs de confiance
browsers-text = Ici, votre mot de passe seul vous ouvre. L’un d’eux n’est plus avec vous ? Mettez-y fin.
browsers-end = Redemander ici
flash-browser-ended-title = Le navigateur n’est plus de confiance
flash-browser-ended-text = Il redemande la deuxième preuve.
mail-browser-stolen-subject = Un navigateur de confiance a peut-être été copié
mail-browser-stolen-text =
    Bonjour,

    Le { $date } à { $time } (heure de Bruxelles), une personne qui connaît votre mot de passe a présenté une marque de l’un de vos navigateurs de confiance qui avait été remplacée depuis longtemps. Deux navigateurs ne peuvent pas l’avoir : l’un d’eux est une copie.

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    Nous avons fermé toutes vos sessions et ne faisons plus confiance à aucun de vos navigateurs. Connectez-vous avec votre deuxième preuve, modifiez votre mot de passe et appelez le service desk au { $phone }.

    Cardea

## Invitations

invite-title = Mettre en place votre compte professionnel
invite-lead = Vous êtes invité à utiliser Cardea, la seule porte vers tout votre travail. La mise en place prend environ dix minutes, avec votre téléphone à côté de vous.
invite-rescue-title = Remettre en place votre compte
invite-rescue-lead = Dès que vous commencez, votre mot de passe actuel, tous vos moyens de connexion et vos codes de récupération ne fonctionnent plus, et chaque session se ferme.
invite-steps = Ce que vous allez faire
invite-step-password = Choisir un mot de passe
invite-step-password-text = Seulement si votre compte n’en a pas encore.
invite-step-first = Ajouter une deuxième preuve
invite-step-first-text = Une application d’authentification sur votre téléphone, ou une clé d’accès.
invite-step-back = Préparer un moyen de revenir
invite-step-back-text = Un deuxième appareil, ou dix codes de récupération sur papier.
invite-begin-title = Commencer
invite-name-hint = Celui qui vous a été communiqué. Il ne figure pas dans cette invitation, pour que personne qui la trouve ne puisse l’utiliser.
# $left = attempts left, at least 1
invite-other-name =
    Cette invitation est destinée à un autre nom d’utilisateur. Comparez-le avec celui qui vous a été communiqué. Il vous reste { $left ->
        [one] { $left } tentative
        *[other] { $left } tentatives
    }.
invite-do = Commencer
invite-once = Cette invitation fonctionne une seule fois.
# Followed by a time
invite-until = Elle est valable jusqu’au :
invite-nobody = Personne d’autre, pas même qui vous a invité, ne voit ce que vous choisissez et ajoutez ici.
invite-dead-title = Cette invitation ne fonctionne pas
invite-used = Elle a déjà été utilisée. C’était vous ? Connectez-vous alors.
invite-expired = Son délai est passé, ou une plus récente a été créée.
invite-closed = Le compte auquel elle est destinée n’est pas ouvert.
invite-unknown = Nous ne la connaissons pas. L’adresse n’a peut-être pas été copiée en entier.
invite-next = Demandez-en une nouvelle à qui vous a invité, ou appelez le service desk au { $phone }.
password-first = Votre compte n’a pas encore de mot de passe. Choisissez-en un maintenant que vous seul connaissez.
mail-invitation-used-subject = Votre compte est en cours de mise en place
mail-invitation-used-text =
    Bonjour,

    L’invitation pour votre compte professionnel a été utilisée le { $date } à { $time } (heure de Bruxelles).

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    C’était vous ? Vous n’avez rien à faire. Ce n’était pas vous ? Appelez tout de suite le service desk au { $phone }.

    Cardea
mail-rescued-subject = Le compte d’un administrateur est remis en place
mail-rescued-text =
    Bonjour,

    Le { $date } à { $time } (heure de Bruxelles), une personne ayant accès au serveur a créé une invitation d’urgence pour cet administrateur : { $person }. Le nom sur le serveur : { $operator }.

    Qui l’utilise remet le compte en place ; son mot de passe et ses moyens de connexion actuels ne fonctionnent alors plus. Vous recevez cet e-mail parce que vous êtes administrateur.

    Vous n’êtes pas au courant ? Appelez tout de suite le service desk au { $phone }, et l’équipe de sécurité.

    Cardea
