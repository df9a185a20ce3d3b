### E-mails, texte simple. $date et $time arrivent mis en forme, à l’heure de Bruxelles.

mail-greeting = Bonjour,
mail-new-sign-in-subject = Nouvelle connexion à votre compte professionnel
# $place et $device sous forme de texte ; « inconnu » a son propre message
mail-new-sign-in-text =
    Bonjour,

    Une connexion à votre compte professionnel a eu lieu le { $date } à { $time } (heure de Bruxelles), avec un navigateur que nous ne connaissions pas encore.

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    C’était vous ? Vous n’avez rien à faire. Ce n’était pas vous ? Appelez tout de suite le service desk au { $phone }.

    Cardea
mail-authenticator-added-subject = Moyen de connexion ajouté à votre compte
# $by = self, desk
mail-authenticator-added-text =
    Bonjour,

    Le { $date } à { $time }, ce moyen de connexion a été ajouté { $by ->
        [desk] par le service desk, à votre demande
        *[self] depuis la page de votre compte
    } : { $method }.

    C’était vous ? Vous n’avez rien à faire. Ce n’était pas vous ? Appelez tout de suite le service desk au { $phone }.

    Cardea
mail-authenticator-removed-subject = Moyen de connexion retiré de votre compte
# $by = self, desk
mail-authenticator-removed-text =
    Bonjour,

    Le { $date } à { $time }, ce moyen de connexion a été retiré { $by ->
        [desk] par le service desk, à votre demande
        *[self] depuis la page de votre compte
    } : { $method }.

    C’était vous ? Vous n’avez rien à faire. Ce n’était pas vous ? Appelez tout de suite le service desk au { $phone }.

    Cardea
mail-password-changed-subject = Votre mot de passe a été modifié
mail-password-changed-text =
    Bonjour,

    Le mot de passe de votre compte professionnel a été modifié le { $date } à { $time } (heure de Bruxelles).

    Appareil : { $device }. Lieu, pour autant que nous sachions : { $place }.

    C’était vous ? Vous n’avez rien à faire : utilisez désormais le nouveau mot de passe. Ce n’était pas vous ? Appelez tout de suite le service desk au { $phone }.

    Cardea
