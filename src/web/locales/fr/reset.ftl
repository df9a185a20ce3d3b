### A password that is set anew without the old one, and “this was not me”.

## Who is it, what is wrong

reset-link = Mot de passe oublié ?
reset-progress = Progression
reset-step-who = Le problème
reset-step-prove = Deux preuves
reset-step-choose = Nouveau mot de passe
reset-step-unlock = Déverrouiller
reset-step-done = Terminé
reset-step-over = terminé
reset-title = Retrouvez l’accès à votre compte
reset-lead = Cela prend environ trois minutes, même à domicile. Vos fichiers et vos e-mails restent où ils sont.
reset-what = Quel est le problème ?
reset-what-forgotten = J’ai oublié mon mot de passe
reset-what-forgotten-text = Vous en choisissez un nouveau.
reset-what-expired = Mon mot de passe a expiré
reset-what-expired-text = Vous en choisissez un nouveau, avec ou sans l’ancien.
reset-what-locked = Je le connais, mais mon compte est verrouillé
reset-what-locked-text = Votre mot de passe reste ; le verrouillage est levé.
reset-next = Continuer
reset-back = Retour
reset-no-name = Introduisez votre nom d’utilisateur : sans lui, rien ne peut être recherché.
reset-need-title = Ce qu’il vous faut
reset-need-proofs = Deux preuves différentes que c’est bien vous
reset-need-minute = Une minute de calme pour choisir un mot de passe
reset-need-nothing = Ni VPN, ni réseau du bureau, ni formulaire
reset-never-ask = Nous ne demandons jamais votre mot de passe par téléphone, par e-mail ou par chat.
# Also for names that do not exist
reset-paused =
    Il y a eu trop de tentatives d’affilée. Pour protéger le compte, cette étape est suspendue pendant { $minutes ->
        [one] { $minutes } minute
        *[other] { $minutes } minutes
    }. Vous n’avez rien à faire : réessayez ensuite.
case-title = Code de dossier
case-keep = Gardez-le jusqu’à ce que tout fonctionne. Le service desk retrouve cette tentative grâce à lui.

## Two proofs

proofs-title = Prouvez que c’est bien vous
proofs-choose = Pour nous assurer que c’est bien vous, nous demandons deux preuves de nature différente. Choisissez ce que vous avez sous la main : votre carte eID, itsme®, MyGov.be, votre application d’authentification, une clé de sécurité ou un code par e-mail.
proofs-second = Une preuve sur deux : c’est fait. Choisissez maintenant une deuxième preuve, d’une autre nature (déjà utilisée : { $method }).
proofs-none = Vous n’avez pas deux preuves sous la main ? Appelez le service desk au { $phone } et mentionnez le code { $case }. L’équipe s’assure d’abord que c’est bien vous, puis vous aide avec un passe d’accès temporaire.
proofs-strong = Merci : { $method }. Ce compte demande deux preuves fortes, dont une qui ne peut pas être volée par une fausse page. Choisissez la suivante.
proofs-stuck = Merci : { $method }. Votre compte n’a pas de deuxième preuve utilisable ici ; le service desk doit vous aider.
proof-use = Utiliser
proof-key = Clé d’accès ou clé de sécurité
proof-key-text = Avec votre doigt, votre visage ou un code PIN.
proof-app = Code de l’application d’authentification
proof-app-text = Six chiffres sur votre téléphone.
proof-upstream = eID, itsme® ou un autre service
proof-upstream-text = Vous y confirmez, puis vous revenez ici.
proof-recovery = Code de récupération
proof-recovery-text = Un des dix que vous avez imprimés.
proof-mail = Code par e-mail
proof-mail-text = À l’adresse que nous avons de vous ; seulement si vous pouvez ouvrir cette boîte maintenant.
reset-quicker-title = Vous connaissez encore l’ancien ?
reset-quicker-text = Alors connectez-vous avec lui : nous vous en demanderons un nouveau, et c’est plus rapide.
reset-key-failed = Votre clé n’a pas pu être utilisée cette fois. Rien n’a changé dans votre compte. Réessayez ou choisissez un autre moyen.
reset-not-linked = { $service } ne prouve rien pour ce nom d’utilisateur. Rien n’a changé. Vérifiez le nom ou choisissez un autre moyen.
# $left = attempts left, at least 1. The same where nobody has the name
reset-code-wrong =
    Ce code ne prouve rien pour ce nom d’utilisateur. Vérifiez le nom et le code. Il vous reste { $left ->
        [one] { $left } tentative
        *[other] { $left } tentatives
    }.
mail-code-ask = Nous envoyons huit chiffres à l’adresse e-mail que nous avons de vous. Vous les introduisez ici.
mail-code-send = Envoyez-moi un code
mail-code-again = Envoyer un nouveau code
mail-code-sent =
    Si un compte porte ce nom d’utilisateur, un code est en route vers sa boîte. Il est valable { $minutes ->
        [one] { $minutes } minute
        *[other] { $minutes } minutes
    }. Seul le plus récent compte.
mail-code-label = Code à huit chiffres
mail-code-hint = Celui de l’e-mail que nous avons envoyé. Regardez aussi dans vos courriers indésirables.
mail-code-wrong =
    Ce code n’est pas correct. Regardez l’e-mail le plus récent et introduisez son code. Il vous reste { $left ->
        [one] { $left } tentative
        *[other] { $left } tentatives
    }.
mail-code-malformed = Un code reçu par e-mail a huit chiffres. Vérifiez s’il en manque un.
email-code-expired = Ce code n’est plus valable. Demandez-en un nouveau ; il arrive dans la minute. Regardez aussi dans vos courriers indésirables.

## The new password

reset-choose-lead = Merci, c’est bien vous. Toutes vos sessions se ferment quand le mot de passe change.
password-rule-complexity = des caractères d’au moins { $kinds } de ces quatre sortes : majuscules, minuscules, chiffres, autres signes tels que % ou ?
password-rule-history =
    différent { $count ->
        [one] de votre dernier mot de passe
        *[other] de vos { $count } derniers mots de passe
    }
password-rule-age =
    Un mot de passe peut être modifié à nouveau { $days ->
        [one] { $days } jour
        *[other] { $days } jours
    } après la dernière modification.
password-refused-history = Vous avez déjà utilisé ce mot de passe : choisissez-en un nouveau.
password-refused-length = Ce mot de passe est trop court pour votre organisation : choisissez-en un plus long.
password-refused-complexity = Il manque encore une sorte de caractère dans ce mot de passe : ajoutez une majuscule, un chiffre ou un autre signe.
password-refused-unreachable = Nous ne parvenons pas à joindre le système qui conserve les mots de passe : votre ancien mot de passe n’a pas changé et vous pouvez réessayer dans quelques minutes.
password-refused-age = Votre mot de passe a été modifié il y a peu et ne peut pas encore l’être à nouveau. Si c’est urgent, appelez le service desk au { $phone }.
password-refused-other = Ce mot de passe n’a pas été accepté et nous n’en connaissons pas la raison. Relisez les règles et essayez-en un plus long.
password-refused-not-here = Le mot de passe de ce compte ne peut pas être modifié ici. Appelez le service desk au { $phone }.
doubt-title = Nous n’en sommes pas sûrs
password-doubtful = Le système qui conserve les mots de passe a disparu pendant l’enregistrement du nouveau. Il a peut-être changé, peut-être pas : essayez de vous connecter avec le nouveau, sinon enregistrez-le à nouveau ici.
password-show = Afficher ce que je tape
password-hide = Masquer ce que je tape

## Only locked out

unlock-title = Déverrouiller votre compte
unlock-lead = Merci, c’est bien vous. Le verrouillage est levé ; votre mot de passe reste le même.
unlock-do = Déverrouiller mon compte
unlock-why = Un compte est souvent verrouillé par un appareil qui essaie encore un ancien mot de passe : un téléphone, un deuxième ordinateur, un lecteur réseau.
unlock-not-here = Le verrouillage de ce compte ne peut pas être levé ici. Appelez le service desk au { $phone }.
unlock-unreachable = Nous ne parvenons pas à joindre le système qui conserve les mots de passe. Rien n’a changé : réessayez dans quelques minutes.

## Receipt: what to do now, per device

receipt-title = Votre mot de passe est modifié
receipt-title-unverified = Votre mot de passe a été accepté
receipt-title-unlocked = Votre compte est déverrouillé
receipt-intro = Votre nouveau mot de passe fonctionne depuis { $time }. Vos appareils ont peut-être encore l’ancien en mémoire. Parcourez cette liste : vous éviterez ainsi le verrouillage de votre compte.
receipt-intro-unverified = Votre nouveau mot de passe a été accepté à { $time }. Vos appareils ont peut-être encore l’ancien en mémoire.
receipt-intro-unlocked = Votre compte est de nouveau ouvert depuis { $time }, avec le mot de passe que vous connaissez.
receipt-doubt = Nous n’avons pas encore pu voir s’il fonctionne partout. Attendez quelques minutes avant de vous connecter ; si cela ne fonctionne pas, appelez le service desk au { $phone }.
receipt-now = Maintenant, sur chaque appareil
receipt-laptop-title = Cet ordinateur portable, sans VPN
receipt-phone-mail-title = E-mails sur votre téléphone
receipt-wifi-title = Wi-Fi au bureau
receipt-outlook-title = Outlook
receipt-applications-title = Vos applications
receipt-laptop = Ouvrez Windows une dernière fois avec l’ancien mot de passe. Lancez le VPN avec le nouveau. Appuyez ensuite sur Windows + L et déverrouillez avec le nouveau mot de passe. À partir de là, seul le nouveau sert encore.
receipt-phone-mail = Ouvrez l’application de messagerie et introduisez le nouveau mot de passe quand elle le demande. Faites-le aujourd’hui : un téléphone qui essaie sans cesse l’ancien mot de passe peut verrouiller votre compte.
receipt-wifi = Choisissez le réseau { $network }, puis « Oublier », et rejoignez-le à nouveau avec le nouveau mot de passe. Faites-le sur votre ordinateur portable et sur votre téléphone.
receipt-outlook = S’il vous demande un mot de passe, introduisez le nouveau et cochez « Mémoriser ». Si la question revient, fermez Outlook, lancez le VPN et rouvrez Outlook.
receipt-applications = Vos autres sessions sont fermées. Connectez-vous à nouveau avec le nouveau mot de passe là où on vous le demande.
receipt-applications-open = Toutes vos sessions sont fermées. Celles-ci étaient ouvertes et vous demanderont de vous connecter à nouveau : { $names }.
receipt-ended =
    { $count ->
        [one] { $count } session a été fermée
        *[other] { $count } sessions ont été fermées
    }
receipt-aside = À conserver
receipt-print = Pour imprimer cette page, appuyez sur
receipt-mail = Nous vous avons écrit à ce sujet. Ce n’était pas vous ?
receipt-sign-in = Se connecter maintenant
receipt-on = Continuer

## This was not me

not-me-title = Ce n’était pas moi
not-me-ask = Quelqu’un d’autre a-t-il fait ce dont nous vous avons parlé par e-mail ? Introduisez le code de cet e-mail. Nous fermons alors aussitôt toutes vos sessions, et rien n’ouvre votre compte tant que vous n’avez pas choisi un nouveau mot de passe.
not-me-label = Code de l’e-mail
not-me-hint = Douze lettres et chiffres, par exemple K7QD-2MXA-RT4W.
not-me-do = Ce n’était pas moi : fermez mon compte à tous
not-me-malformed = Le code a douze lettres et chiffres. Vérifiez s’il en manque un.
not-me-refused = Ce code ne peut pas (ou plus) être utilisé. Si quelqu’un d’autre est dans votre compte, appelez tout de suite le service desk au { $phone }.
not-me-no-code = Pas de code sous la main ? Appelez le service desk au { $phone } : l’équipe fait la même chose pour vous.
not-me-done-title = Merci de nous l’avoir signalé
not-me-done = Toutes vos sessions sont fermées et l’équipe de sécurité peut le voir. Choisissez maintenant un nouveau mot de passe.
not-me-reset = Choisir un nouveau mot de passe
attention-reset-text = Un nouveau mot de passe a été choisi sans l’ancien : { $when }. Si ce n’était pas vous, signalez-le avec le code de l’e-mail que nous vous avons envoyé.

## Mails

# No code in the subject: it shows on locked screens
mail-code-subject = Votre code à usage unique pour Cardea
mail-code-text =
    Bonjour,

    Votre code est { $code }. Il est valable { $minutes ->
        [one] { $minutes } minute
        *[other] { $minutes } minutes
    } et fonctionne une seule fois. Il a été demandé le { $date } à { $time } (heure de Bruxelles), pour définir un nouveau mot de passe ou déverrouiller votre compte.

    Ne communiquez ce code à personne. Le service desk ne vous le demandera jamais.

    Ce n’était pas vous ? Vous n’avez rien à faire : sans le code, rien ne se passe. Si cela se reproduit, appelez le service desk au { $phone }.

    Cardea
mail-password-reset-subject = Votre mot de passe a été réinitialisé
# $link is our own address; the code is typed there
mail-password-reset-text =
    Bonjour,

    Un nouveau mot de passe de votre compte professionnel a été choisi sans l’ancien, le { $date } à { $time } (heure de Bruxelles). Toutes vos sessions sont fermées.

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    C’était vous ? Vous n’avez rien à faire : utilisez désormais le nouveau mot de passe. Ce n’était pas vous ? Allez sur { $link } (tapez l’adresse vous-même en cas de doute) et introduisez ce code : { $code }. Votre compte se ferme alors aussitôt à tous. Ou appelez le service desk au { $phone }.

    Cardea
mail-unlocked-subject = Votre compte a été déverrouillé
# $link is our own address; the code is typed there
mail-unlocked-text =
    Bonjour,

    Votre compte professionnel a été déverrouillé le { $date } à { $time } (heure de Bruxelles). Son mot de passe n’a pas changé.

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    C’était vous ? Vous n’avez rien à faire. Ce n’était pas vous ? Allez sur { $link } (tapez l’adresse vous-même en cas de doute) et introduisez ce code : { $code }. Votre compte se ferme alors aussitôt à tous. Ou appelez le service desk au { $phone }.

    Cardea
mail-contained-subject = Votre compte est fermé jusqu’au choix d’un nouveau mot de passe
mail-contained-text =
    Bonjour,

    Le { $date } à { $time } (heure de Bruxelles), quelqu’un nous a signalé, avec un code d’un e-mail qui vous était adressé : « Ce n’était pas moi ». Toutes les sessions de votre compte professionnel sont fermées. Rien ne l’ouvre tant que vous n’avez pas choisi un nouveau mot de passe.

    Allez sur { $link } (tapez l’adresse vous-même en cas de doute) et choisissez-en un nouveau, ou appelez le service desk au { $phone }.

    Cardea
