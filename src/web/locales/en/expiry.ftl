### Passwords that run out. $date and $day arrive formatted; $asked says whether the change-by day is still ahead.

attention-password-by = It is valid until { $date }. Please change it by { $day }: a day of your own, on which someone is there if a device needs help. It takes three minutes.
mail-expiry-asked-subject = Please change your password by { $day }
mail-expiry-asked-text =
    Hello,

    The password of your work account is valid until { $date }. Please change it by { $day }, a working day that we chose for you, so that nobody finds the door closed at home and someone is there if a device needs help.

    It takes three minutes, from home too, without VPN: { $link }

    Never give your password to anyone who asks for it by mail or by phone. Questions? Call the service desk on { $phone }.

    Cardea
mail-expiry-left-subject =
    Your password expires { $days ->
        [0] today
        [1] tomorrow
        *[other] in { $days } days
    }
mail-expiry-left-text =
    Hello,

    The password of your work account is valid until { $date }. { $asked ->
        [yes] Please change it by { $day }
        *[no] Please change it now
    }: afterwards you can no longer sign in with it.

    It takes three minutes, from home too, without VPN: { $link }

    Never give your password to anyone who asks for it by mail or by phone. Questions? Call the service desk on { $phone }.

    Cardea
