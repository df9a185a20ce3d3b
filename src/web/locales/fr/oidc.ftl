### Ce qu’une application demande à savoir, et le chemin de retour.

## La question

consent-title = Que peut savoir { $app } sur vous ?
consent-lead = Vous voulez ouvrir cette application. Elle n’est pas la nôtre : c’est vous qui décidez si elle reçoit ce qui figure ici.
consent-asked = Ce qu’elle demande
# Suivi du nom d’un serveur
consent-onward = Vous continuez ensuite vers :
consent-allow = Autoriser et continuer
consent-refuse = Ne pas autoriser
consent-later = Vous pouvez retirer votre accord à tout moment, sur la page de votre sécurité.

## Ce qui peut être demandé : un genre et son explication

consent-openid = Que c’est bien vous
consent-openid-text = Un numéro qui vous représente, pour que l’application vous reconnaisse, ainsi que le moment et le moyen de votre connexion.
consent-profile = Votre profil
consent-profile-text = Votre nom, votre nom d’utilisateur et ce qui est conservé avec eux.
consent-email = Votre adresse e-mail
consent-email-text = Elle peut vous écrire.
consent-address = Votre adresse postale
consent-address-text = Elle sait où les lettres vous parviennent.
consent-phone = Votre numéro de téléphone
consent-phone-text = Elle peut vous appeler.
consent-single = Certaines données sur vous
consent-single-text = Celles-ci, et rien d’autre du même genre.
consent-own = Droits dans l’application
consent-own-text = Seule l’application sait ce qu’ils signifient. Demandez-le à ses responsables.
consent-own-names = Leurs noms
consent-offline = Accès en votre absence
consent-offline-text = Elle peut continuer à demander tout cela après votre déconnexion, jusqu’à ce que vous retiriez votre accord.
# À la place d’une valeur
consent-nothing = Rien n’est conservé ici
consent-yes = oui
consent-no = non

## Données sur une personne

claim-name = Nom complet
claim-family-name = Nom de famille
claim-given-name = Prénom
claim-middle-name = Deuxième prénom
claim-nickname = Surnom
claim-preferred-username = Nom d’utilisateur
claim-profile = Page de profil
claim-picture = Photo
claim-website = Site web
claim-gender = Genre
claim-birthdate = Date de naissance
claim-zoneinfo = Fuseau horaire
claim-locale = Langue
claim-updated-at = Dernière modification
claim-email = Adresse e-mail
claim-email-verified = Adresse e-mail vérifiée
claim-address = Adresse postale
claim-phone-number = Numéro de téléphone
claim-phone-number-verified = Numéro de téléphone vérifié

## La dernière page sur le chemin du retour

onward-title = Vous êtes en chemin
# Suivi du nom d’une application
onward-to = Vous continuez vers :
onward-text = S’il ne se passe rien, appuyez sur le bouton.
onward-do = Continuer

## Pour les responsables d’une application, à côté d’une demande qui ne correspond pas

untrusted-title = Pour vous, responsable de cette application
untrusted-text = Seuls ses responsables voient ceci. La première différence est marquée.
untrusted-parameter = Paramètre
untrusted-got = Reçu
untrusted-registered = Enregistré
untrusted-nothing = Rien
