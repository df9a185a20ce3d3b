### Quand une page ne peut pas être affichée : un titre et ce qu’il faut faire.

error-not-found-title = Il n’y a pas de porte ici
error-not-found-text = Cette page n’existe pas ou n’existe plus. Vérifiez l’adresse ou rendez-vous à la page d’accueil. Votre compte n’a aucun problème.
error-bad-request-title = Nous n’avons pas compris cette demande
error-bad-request-text = Un élément manque ou n’a pas la forme attendue. Revenez en arrière et réessayez. Si le lien venait d’une application, rouvrez cette application.
error-forbidden-title = Cette porte ne vous est pas ouverte
error-forbidden-text = Votre compte est en ordre, mais il n’a pas accès à cette page. Rien n’a été modifié.
error-method-title = Cette adresse ne fonctionne pas ainsi
error-method-text = Rien n’a été modifié. Rendez-vous à la page d’accueil et recommencez à partir de là.
error-too-many-title = Une courte pause
error-too-many-text =
    Il y a eu trop de tentatives d’affilée. Attendez { $minutes ->
        [one] { $minutes } minute
        *[other] { $minutes } minutes
    }. Vous n’avez rien à faire : réessayez ensuite.
error-busy-title = Il y a beaucoup de monde en ce moment
error-busy-text = De nombreuses personnes se connectent en même temps. Rien n’est perdu. Réessayez dans quelques secondes.
error-unavailable-title = Cardea ne peut pas répondre pour le moment
error-unavailable-text = Un élément dont nous avons besoin ne répond pas. Cela ne vient ni de vous, ni de votre compte. Réessayez dans quelques minutes.
error-broken-title = Un problème s’est produit de notre côté
error-broken-text = Vous n’avez rien fait de mal et nous sommes au courant. Réessayez dans quelques minutes.
error-client-title = Cette demande n’est pas digne de confiance
error-client-text = Vous venez d’une application dont la demande ne correspond pas à ce que nous savons d’elle. Pour votre protection, nous ne vous y avons pas fait revenir et nous ne lui avons rien dit. Rouvrez l’application depuis votre page d’accueil. Si cela n’aide pas, signalez-le au service responsable de l’application.
error-expired-title = Cette étape a pris trop de temps
error-expired-text = Rien n’a été modifié. Pour votre sécurité, un formulaire n’est valable que peu de temps. Rendez-vous à la page d’accueil et recommencez.
