### Recovery codes, the way back, trusted browsers, invitations.

## Recovery codes as a second proof

way-recovery = Use a recovery code
recovery-title = Use a recovery code
recovery-text = Take the paper with your recovery codes and enter one that you have not used yet.
recovery-label = Recovery code
recovery-hint = 16 letters and digits, for example K7QD-2MXA-RT4W-9HCE. Capital or small letters, with or without dashes: it makes no difference.
# $left = attempts left, at least 1
recovery-wrong =
    That code is not on your present list. Compare it with the paper, sign by sign. You have { $left ->
        [one] one attempt
        *[other] { $left } attempts
    } left.
recovery-used = This code has already been used. Cross it out and enter another one.
recovery-malformed = A recovery code has 16 letters and digits. Look whether one is missing.
recovery-lost-title = No paper at hand either?

## Making recovery codes

codes-title = Recovery codes
codes-lead = Ten codes on paper. Each lets you in once, together with your password, when your phone is lost.
codes-left =
    { $left ->
        [0] No code is left.
        [one] One code is left.
        *[other] { $left } codes are left.
    }
codes-none = You have no recovery codes yet.
# Followed by a time
codes-made-at = Made:
codes-happens-ten = You get ten new codes. They are shown once: print them or copy them by hand.
codes-happens-old = The old codes no longer work.
codes-happens-mail = You get an e-mail about it.
codes-do = Make ten codes
codes-made-title = Ten new recovery codes
codes-made-for = Made for { $user }: { $when }
codes-made-lead = Each opens the door once. Earlier ones no longer work.
codes-keep = Print this page or copy the codes by hand. Keep the paper at home, away from the laptop.
codes-once = We keep no readable copy, so they are shown once.
codes-never-asked = Nobody from the service desk will ever ask for one.
codes-have = I have them on paper
# Followed by two keys
codes-print = To print this page, press
codes-few = Few recovery codes left
codes-low-text = Make a new set while you still can.
recovery-codes-low =
    { $left ->
        [0] You have no recovery codes left.
        [one] You have one recovery code left.
        *[other] You have { $left } recovery codes left.
    } Make a new set; the old codes then stop working.

## The way back

way-back-title = If your phone fell into the canal tonight, could you get in?
way-back-ready = Yes. Whatever one thing you lose, another one lets you in; then remove the lost one here.
way-back-bind = No. You have no second proof yet that is enough. Add one now; it takes two minutes.
way-back-codes = Only with the help of the service desk. Make recovery codes and keep them on paper; it takes a minute.
way-back-another = Only with the help of the service desk. Add a sign-in method on a second device; it takes two minutes.
set-up-title = One thing more: a way back
set-up-lead = You are in. If you lose this device one day, one of these lets you in again without waiting for anybody.
set-up-device-title = A second device
set-up-device-text = A passkey or an app on another device does the same as the first one.
set-up-on = Continue
set-up-on-to = Continue to { $app }
recovered-title = You are in with a recovery code
recovered-lead = That code is used up: cross it out. Is your device or your key lost or stolen? Then do this now.
recovered-device-title = A new device
recovered-device-text = Add a passkey or an app on the device that you have now.
# Followed by the name of a sign-in method
recovered-lost-title = Is this one lost?
recovered-lost-text = Then remove it, so that nobody else uses it.
recovered-only-text = It can be removed as soon as you have added another one.

## Mails

mail-recovery-made-subject = New recovery codes for your account
mail-recovery-made-text =
    Hello,

    New recovery codes were made for your work account on { $date } at { $time } (Brussels time). The earlier ones no longer work.

    Device: { $device }. Place, as far as we can tell: { $place }.

    Was this you? Then you need to do nothing. Was this not you? Call the service desk at once on { $phone }.

    Cardea
mail-recovery-used-subject = A recovery code was used
mail-recovery-used-text =
    Hello,

    Someone signed in to your work account with one of your recovery codes on { $date } at { $time } (Brussels time). { $left ->
        [0] No code is left: make a new set on your security page.
        [one] One code is left.
        *[other] { $left } codes are left.
    }

    Device: { $device }. Place, as far as we can tell: { $place }.

    Was this you? If a phone is lost, remove it on your security page. Was this not you? Call the service desk at once on { $phone }.

    Cardea

## The clock of the phone

code-clock =
    The clock of your phone is { $minutes ->
        [one] about one minute
        *[other] about { $minutes } minutes
    } off, so its codes do not match ours. Set the date and time of the phone to “automatic” and enter a new code.
flash-clock-title = The clock of your phone is off
flash-clock-text =
    It is { $minutes ->
        [one] about one minute
        *[other] about { $minutes } minutes
    } off, so its codes did not match ours. Set the date and time of the phone to “automatic”; then they work again.

## Trusted browsers

trusted-tick =
    Do not ask for the second proof on this browser for { $days ->
        [one] one day
        *[other] { $days } days
    }
trusted-hint = Only on a device that nobody else uses. Your password is still asked for.
browsers-title = Trusted browsers
browsers-text = Here the password alone lets you in. Is one of them not with you any more? Then end it.
browsers-end = Ask again here
flash-browser-ended-title = The browser is no longer trusted
flash-browser-ended-text = It asks for the second proof again.
mail-browser-stolen-subject = A trusted browser may have been copied
mail-browser-stolen-text =
    Hello,

    On { $date } at { $time } (Brussels time) somebody who knows your password showed a mark of one of your trusted browsers that had been replaced long before. Two browsers cannot have it, so one of them is a copy.

    Device: { $device }. Place, as far as we can tell: { $place }.

    We closed all your sessions and trust none of your browsers any more. Sign in with your second proof, change your password, and call the service desk on { $phone }.

    Cardea

## Invitations

invite-title = Set up your work account
invite-lead = You were invited to Cardea, the one door to all your work. Setting it up takes about ten minutes, with your phone beside you.
invite-rescue-title = Set up your account anew
invite-rescue-lead = When you begin, your present password, all your sign-in methods and your recovery codes stop working, and every session ends.
invite-steps = What you will do
invite-step-password = Choose a password
invite-step-password-text = Only where your account has none yet.
invite-step-first = Add a second proof
invite-step-first-text = An authenticator app on your phone, or a passkey.
invite-step-back = Prepare a way back
invite-step-back-text = A second device, or ten recovery codes on paper.
invite-begin-title = Begin
invite-name-hint = The one that you were told. It is not in this invitation, so that nobody who finds the invitation can use it.
# $left = attempts left, at least 1
invite-other-name =
    This invitation is for another user name. Compare it with what you were told. You have { $left ->
        [one] one attempt
        *[other] { $left } attempts
    } left.
invite-do = Begin
invite-once = This invitation works once.
# Followed by a time
invite-until = It is valid until:
invite-nobody = Nobody else, not even whoever invited you, sees what you choose and add here.
invite-dead-title = This invitation does not work
invite-used = It has already been used. Was that you? Then sign in.
invite-expired = Its time is over, or a newer one was made.
invite-closed = The account that it is for is not open.
invite-unknown = We do not know it. Perhaps the address was not copied in whole.
invite-next = Ask whoever invited you for a new one, or call the service desk on { $phone }.
password-first = Your account has no password yet. Choose one now that only you know.
mail-invitation-used-subject = Your account is being set up
mail-invitation-used-text =
    Hello,

    The invitation for your work account was used on { $date } at { $time } (Brussels time).

    Device: { $device }. Place, as far as we can tell: { $place }.

    Was this you? Then you need to do nothing. Was this not you? Call the service desk at once on { $phone }.

    Cardea
mail-rescued-subject = An administrator’s account is being set up anew
mail-rescued-text =
    Hello,

    On { $date } at { $time } (Brussels time) somebody with access to the server made an emergency invitation for this administrator: { $person }. The name on the server: { $operator }.

    Whoever uses it sets the account up anew; its present password and sign-in methods then stop working. You get this mail because you are an administrator.

    Do you not know of it? Call the service desk at once on { $phone }, and the security team.

    Cardea
