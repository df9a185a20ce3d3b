### Mots de passe qui expirent. $date et $day arrivent mis en forme ; $asked dit si le jour demandé est encore à venir.

attention-password-by = Il est valable jusqu’au { $date }. Modifiez-le au plus tard le { $day } : c’est votre jour, où quelqu’un est là si un appareil a besoin d’aide. Cela prend trois minutes.
mail-expiry-asked-subject = Modifiez votre mot de passe au plus tard le { $day }
mail-expiry-asked-text =
    Bonjour,

    Le mot de passe de votre compte professionnel est valable jusqu’au { $date }. Modifiez-le au plus tard le { $day } : un jour ouvrable que nous avons choisi pour vous, afin que personne ne trouve porte close à domicile et que quelqu’un soit là si un appareil a besoin d’aide.

    Cela prend trois minutes, même à domicile, sans VPN : { $link }

    Ne donnez jamais votre mot de passe à qui vous le demande par e-mail ou par téléphone. Des questions ? Appelez le service desk au { $phone }.

    Cardea
mail-expiry-left-subject =
    Votre mot de passe expire { $days ->
        [0] aujourd’hui
        [1] demain
        *[other] dans { $days } jours
    }
mail-expiry-left-text =
    Bonjour,

    Le mot de passe de votre compte professionnel est valable jusqu’au { $date }. { $asked ->
        [yes] Modifiez-le au plus tard le { $day }
        *[no] Modifiez-le maintenant
    } : après, vous ne pourrez plus vous connecter avec lui.

    Cela prend trois minutes, même à domicile, sans VPN : { $link }

    Ne donnez jamais votre mot de passe à qui vous le demande par e-mail ou par téléphone. Des questions ? Appelez le service desk au { $phone }.

    Cardea
