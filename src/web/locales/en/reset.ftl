### A password that is set anew without the old one, and “this was not me”.

## Who is it, what is wrong

reset-link = Forgot your password?
reset-progress = Progress
reset-step-who = What is wrong
reset-step-prove = Two proofs
reset-step-choose = New password
reset-step-unlock = Unlock
reset-step-done = Done
reset-step-over = done
reset-title = Let us get you back in
reset-lead = It takes about three minutes, also at home. Your files and your mail stay where they are.
reset-what = What is wrong?
reset-what-forgotten = I forgot my password
reset-what-forgotten-text = You choose a new one.
reset-what-expired = My password has expired
reset-what-expired-text = You choose a new one, with or without the old one.
reset-what-locked = I know it, I am only locked out
reset-what-locked-text = Your password stays; the lock is taken away.
reset-next = Continue
reset-back = Back
reset-no-name = Enter your user name: without it nothing can be looked up.
reset-need-title = What you need
reset-need-proofs = Two different proofs that it is you
reset-need-minute = A quiet minute to choose a password
reset-need-nothing = No VPN, no office network, no form
reset-never-ask = We never ask for your password by phone, mail or chat.
# Also for names that do not exist
reset-paused =
    There have been too many attempts in a row. To keep the account safe, this is paused for { $minutes ->
        [one] one minute
        *[other] { $minutes } minutes
    }. You do not need to do anything: try again after that.
case-title = Case code
case-keep = Keep it until everything works. The service desk finds this attempt with it.

## Two proofs

proofs-title = Show that it is you
proofs-choose = To be sure that it is you, we ask for two proofs of a different kind. Choose what you have at hand: your eID card, itsme®, MyGov.be, your authenticator app, a security key or a code by e-mail.
proofs-second = One of two: done. Now choose a second proof of another kind (already used: { $method }).
proofs-none = You do not have two proofs at hand? Call the service desk on { $phone } and mention code { $case }. They first make sure that it is you, then help you with a temporary access pass.
proofs-strong = Thank you: { $method }. This account needs two strong proofs, of which one cannot be stolen with a false page. Choose the next one.
proofs-stuck = Thank you: { $method }. Your account has no second proof that can be used here, so the service desk has to help you on.
proof-use = Use
proof-key = Passkey or security key
proof-key-text = With your finger, your face or a PIN.
proof-app = Code from the authenticator app
proof-app-text = Six digits on your phone.
proof-upstream = eID, itsme® or another service
proof-upstream-text = You confirm there and come back here.
proof-recovery = Recovery code
proof-recovery-text = One of the ten that you printed.
proof-mail = Code by e-mail
proof-mail-text = To the address that we have of you; only if you can open that mailbox now.
reset-quicker-title = Do you still know the old one?
reset-quicker-text = Then sign in with it: we ask for a new one there, and it is quicker.
reset-key-failed = Your key could not be used this time. Nothing has changed in your account. Try again, or choose another way.
reset-not-linked = { $service } proves nothing for this user name. Nothing has changed. Check the name, or choose another way.
# $left = attempts left, at least 1. The same where nobody has the name
reset-code-wrong =
    That code proves nothing for this user name. Check the name and the code. You have { $left ->
        [one] one attempt
        *[other] { $left } attempts
    } left.
mail-code-ask = We send eight digits to the e-mail address that we have of you. You type them here.
mail-code-send = Send me a code
mail-code-again = Send a new code
mail-code-sent =
    If this user name has an account here, a code is on its way to its mailbox. It is valid for { $minutes ->
        [one] one minute
        *[other] { $minutes } minutes
    }. Only the newest one counts.
mail-code-label = Eight-digit code
mail-code-hint = From the mail that we sent. Look in your unwanted mail too.
mail-code-wrong =
    That code is not right. Look at the newest mail and enter its code. You have { $left ->
        [one] one attempt
        *[other] { $left } attempts
    } left.
mail-code-malformed = A code from a mail has eight digits. Look whether one is missing.
email-code-expired = This code is no longer valid. Ask for a new one; it arrives within a minute. Look in your unwanted mail too.

## The new password

reset-choose-lead = Thank you, it is you. All your sessions end when the password changes.
password-rule-complexity = characters of at least { $kinds } of these four kinds: capital letters, small letters, figures, other signs such as % or ?
password-rule-history =
    different from { $count ->
        [one] your last password
        *[other] your last { $count } passwords
    }
password-rule-age =
    You can change a password again { $days ->
        [one] one day
        *[other] { $days } days
    } after the last change.
password-refused-history = You have used this password before: choose one that is new.
password-refused-length = This password is too short for your organisation: choose a longer one.
password-refused-complexity = This password needs one more kind of character: add a capital letter, a figure or another sign.
password-refused-unreachable = We cannot reach the system that keeps the passwords right now: your old password has not changed, and you can try again in a few minutes.
password-refused-age = Your password was changed a short time ago, and the next change is not allowed yet. If it is urgent, call the service desk on { $phone }.
password-refused-other = This password was not accepted, and we were not told why. Look at the rules and try a longer one.
password-refused-not-here = The password of this account cannot be changed here. Call the service desk on { $phone }.
doubt-title = We are not sure
password-doubtful = The system that keeps the passwords went away while the new one was being saved. It may have been changed or not: try to sign in with the new one, and otherwise save it here again.
password-show = Show what I type
password-hide = Hide what I type

## Only locked out

unlock-title = Unlock your account
unlock-lead = Thank you, it is you. The lock is taken away; your password stays as it is.
unlock-do = Unlock my account
unlock-why = An account is often locked by a device that still tries an old password: a phone, a second laptop, a network drive.
unlock-not-here = The lock of this account cannot be taken away here. Call the service desk on { $phone }.
unlock-unreachable = We cannot reach the system that keeps the passwords right now. Nothing has changed: try again in a few minutes.

## Receipt: what to do now, per device

receipt-title = Your password is changed
receipt-title-unverified = Your password was taken
receipt-title-unlocked = Your account is unlocked
receipt-intro = Your new password has worked since { $time }. Your devices may still remember the old one. Go through this list; it prevents your account from being locked.
receipt-intro-unverified = Your new password was taken at { $time }. Your devices may still remember the old one.
receipt-intro-unlocked = Your account has been open again since { $time }, with the password that you know.
receipt-doubt = We could not see yet that it works everywhere. Wait a few minutes before you sign in; if it does not work then, call the service desk on { $phone }.
receipt-now = Now, on each device
receipt-laptop-title = This laptop, without VPN
receipt-phone-mail-title = Mail on your phone
receipt-wifi-title = Wi-Fi at the office
receipt-outlook-title = Outlook
receipt-applications-title = Your applications
receipt-laptop = Start Windows with your old password one more time. Start the VPN with the new one. Then press Windows + L and unlock with the new password. From then on, you use only the new one.
receipt-phone-mail = Open the mail app and enter the new password when it asks. Do this today: a phone that keeps trying the old password can lock your account.
receipt-wifi = Choose the network { $network }, then “Forget”, and connect again with the new password. Do this on your laptop and on your phone.
receipt-outlook = If it asks for a password, enter the new one and tick “Remember”. If it keeps asking, close Outlook, start the VPN and open Outlook again.
receipt-applications = You are signed out everywhere else. Sign in again with the new password wherever you are asked.
receipt-applications-open = You are signed out everywhere. These were open, and ask you to sign in again: { $names }.
receipt-ended =
    { $count ->
        [one] One session was ended
        *[other] { $count } sessions were ended
    }
receipt-aside = To keep
receipt-print = To print this page, press
receipt-mail = We have written to you about it. Was this not you?
receipt-sign-in = Sign in now
receipt-on = Go on

## This was not me

not-me-title = This was not me
not-me-ask = Did somebody else do what we wrote to you about? Enter the code from that mail. We then sign your account out everywhere at once, and nothing opens it until you choose a new password.
not-me-label = Code from the mail
not-me-hint = Twelve letters and digits, for example K7QD-2MXA-RT4W.
not-me-do = This was not me: close my account to everyone
not-me-malformed = The code has twelve letters and digits. Look whether one is missing.
not-me-refused = This code cannot be used (any more). If somebody else is in your account, call the service desk at once on { $phone }.
not-me-no-code = No code at hand? Call the service desk on { $phone }: they do the same for you.
not-me-done-title = Thank you for telling us
not-me-done = Your account is signed out everywhere, and the security team can see it. Choose a new password now.
not-me-reset = Choose a new password
attention-reset-text = A new password was chosen without the old one: { $when }. If that was not you, say so with the code from the mail that we sent you.

## Mails

# No code in the subject: it shows on locked screens
mail-code-subject = Your one-time code for Cardea
mail-code-text =
    Hello,

    Your code is { $code }. It is valid for { $minutes ->
        [one] one minute
        *[other] { $minutes } minutes
    } and works once. It was asked for on { $date } at { $time } (Brussels time), to set a new password or to unlock your account.

    Never give this code to anyone. The service desk never asks for it either.

    Was this not you? Then you need to do nothing: without the code nothing happens. If it happens again, call the service desk on { $phone }.

    Cardea
mail-password-reset-subject = Your password has been reset
# $link is our own address; the code is typed there
mail-password-reset-text =
    Hello,

    A new password for your work account was chosen without the old one, on { $date } at { $time } (Brussels time). All your sessions have ended.

    Device: { $device }. Place, as far as we can tell: { $place }.

    Was this you? Then you need to do nothing: use the new password from now on. Was this not you? Go to { $link } (type the address yourself if you are not sure) and enter this code: { $code }. It closes your account to everyone at once. Or call the service desk on { $phone }.

    Cardea
mail-unlocked-subject = Your account has been unlocked
# $link is our own address; the code is typed there
mail-unlocked-text =
    Hello,

    Your work account was unlocked on { $date } at { $time } (Brussels time). Its password did not change.

    Device: { $device }. Place, as far as we can tell: { $place }.

    Was this you? Then you need to do nothing. Was this not you? Go to { $link } (type the address yourself if you are not sure) and enter this code: { $code }. It closes your account to everyone at once. Or call the service desk on { $phone }.

    Cardea
mail-contained-subject = Your account is closed until you choose a new password
mail-contained-text =
    Hello,

    On { $date } at { $time } (Brussels time) somebody told us with a code from a mail to you: “This was not me”. Your work account was signed out everywhere. Nothing opens it until you choose a new password.

    Go to { $link } (type the address yourself if you are not sure) and choose a new one, or call the service desk on { $phone }.

    Cardea
