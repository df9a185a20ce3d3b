### Mails, plain text. $date and $time arrive formatted, in Brussels time.

mail-greeting = Hello,
mail-new-sign-in-subject = New sign-in to your work account
# $place and $device as text; “unknown” has its own message
mail-new-sign-in-text =
    Hello,

    Someone signed in to your work account on { $date } at { $time } (Brussels time), with a browser that we had not seen before.

    Device: { $device }. Place, as far as we can tell: { $place }.

    Was this you? Then you need to do nothing. Was this not you? Call the service desk at once on { $phone }.

    Cardea
mail-authenticator-added-subject = Sign-in method added to your account
# $by = self, desk
mail-authenticator-added-text =
    Hello,

    On { $date } at { $time } this sign-in method was added { $by ->
        [desk] by the service desk, at your request
        *[self] from your account page
    }: { $method }.

    Was this you? Then you need to do nothing. Was this not you? Call the service desk at once on { $phone }.

    Cardea
mail-authenticator-removed-subject = Sign-in method removed from your account
# $by = self, desk
mail-authenticator-removed-text =
    Hello,

    On { $date } at { $time } this sign-in method was removed { $by ->
        [desk] by the service desk, at your request
        *[self] from your account page
    }: { $method }.

    Was this you? Then you need to do nothing. Was this not you? Call the service desk at once on { $phone }.

    Cardea
mail-password-changed-subject = Your password has been changed
mail-password-changed-text =
    Hello,

    The password of your work account was changed on { $date } at { $time } (Brussels time).

    Device: { $device }. Place, as far as we can tell: { $place }.

    Was this you? Then you need to do nothing: use the new password from now on. Was this not you? Call the service desk at once on { $phone }.

    Cardea
