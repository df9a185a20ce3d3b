### Signing in: user name and password, the second proof, a new app, a new password.

sign-in = Sign in
# The button
sign-in-do = Sign in
# Followed by the name of an application
sign-in-towards = You want to open:
sign-in-needs-key = A password and a code are not enough here: you need a passkey or a security key.
user-name = User name
user-name-hint = As on your laptop, for example ab1234
password = Password
password-again = Type your password again. Check Caps Lock and the keyboard (AZERTY or QWERTY).
forgotten-title = Trouble signing in?
forgotten-text = Call the service desk on { $phone }. They first make sure that it is you, then help you on. They never ask for your password.

## Why the form comes back

refused-title = That did not work. Nothing is lost.
# Same sentence for unknown name, wrong password, locked, disabled
sign-in-refused = We could not sign you in. Check your user name and your password.
paused-title = A short pause
# Also for names that do not exist
sign-in-too-many =
    There have been too many attempts in a row. To keep the account safe, signing in is paused for { $minutes ->
        [one] one minute
        *[other] { $minutes } minutes
    }. You do not need to do anything: try again after that.
busy-title = It is busy here just now
sign-in-busy =
    Many people are signing in at the same time. Nothing is lost. Try again in { $seconds ->
        [one] one second
        *[other] { $seconds } seconds
    }.
unreachable-title = This is not due to you
sign-in-unreachable = We cannot reach the system that checks the passwords right now. Your account is in order. Try again in a few minutes.
# $reason = idle, limit, remote, security, other
session-ended =
    { $reason ->
        [idle] You were signed out because nothing happened here for a while.
        [limit] You were signed out because a session lasts one working day at most.
        [remote] You were signed out from another device of yours.
        [security] You were signed out to protect your account.
        *[other] Your session has ended.
    } Sign in again to go on where you were.
signed-out-title = You are signed out
signed-out-text = If others use this device too, close the browser as well.

## The second proof

code-title = One more step
# Followed by the user name
code-as = Signing in as
code-not-you = Not you?
code-text = Open the authenticator app on your phone. Enter the six digits that it shows for Cardea.
code-label = Six-digit code
code-hint = It changes every 30 seconds.
code-do = Confirm
# $left = attempts left, at least 1
code-wrong =
    That code is not right. Look at the newest code in your app and enter it. You have { $left ->
        [one] one attempt
        *[other] { $left } attempts
    } left.
code-used = This code has already been used. Wait for the next one (30 seconds at most) and enter that one.
code-malformed = A code has six digits. Look at the newest code in your app and enter it.
no-phone-title = No phone with you?
no-phone-text = Call the service desk on { $phone }. They first make sure that it is you, then help you on.

## Linking an authenticator app

enrol-title = Add an authenticator app
enrol-forced = Your account needs a second proof besides the password, so that nobody can get in with your password alone.
enrol-lead = Any app that makes six-digit codes will do. It takes two minutes, with your phone beside you.
enrol-open-title = Open the app on your phone
enrol-open-text = Choose “add an account”, then “scan a code”.
enrol-scan-title = Scan this square
enrol-qr = QR code with the secret of this account. The same secret stands beside it as text.
enrol-type-title = Cannot scan?
enrol-type-text = Enter this secret in the app. Capital or small letters, with or without spaces: it makes no difference.
enrol-account = Account
enrol-kind = Kind
enrol-kind-totp = Time based, 6 digits, 30 seconds
enrol-once-title = Shown once
enrol-once-text = Do not photograph it. After this page nobody, not even we, can show this secret again.
enrol-code-title = Enter the code that you see now
enrol-name = Name for this phone
enrol-name-hint = So that you recognise it later.
enrol-name-suggested = Work phone
enrol-do = Add the app
enrol-no-phone = No phone at hand? Call the service desk on { $phone }. Nothing is lost if you stop here.

## A new password

password-new-title = Choose a new password
password-expired = Your password expired on { $date }. You can choose a new one here, now, from home: it takes about three minutes and you need neither the VPN nor the office network.
password-expired-undated = Your password has expired. You can choose a new one here, now, from home: it takes about three minutes and you need neither the VPN nor the office network.
password-must-change = Your password was set by someone else. Choose one now that only you know.
password-wish = All your other sessions end with it. We write to you when the password has changed.
password-rules = A good password is
password-rule-length =
    at least { $min ->
        [one] one character
        *[other] { $min } characters
    } long
password-rule-listed = not easy to guess, and on no list of known passwords
password-rule-name = without anything of your own in it: name, user name, mail address, phone number or date of birth
password-rule-same = clearly different from the present one
password-rule-tip = Tip: four or five words that only you would put together are strong and easy to remember.
password-current = Your present password
password-new = New password
password-new-again = Repeat the new password
password-new-do = Save the new password
password-refused-current = We could not confirm your present password. Type it again. Check Caps Lock and the keyboard (AZERTY or QWERTY).
password-refused-different = The two new passwords are not the same. Type the new one twice again.
password-refused-short =
    This password is too short: add { $missing ->
        [one] one character
        *[other] { $missing } characters
    }.
password-refused-long = This password is longer than we can keep: choose a shorter one.
password-refused-listed = This password is on a list of passwords that are easy to guess: choose another one, for instance a few words that only you would put together.
password-refused-name = This password contains something of your own: your name, user name, mail address, phone number or date of birth, even if it is spelt in another way. Choose one without it.
password-refused-same = This is your present password: choose one that is new.
password-refused-previous = This password is too much like your present one: choose one that is really different.
password-refused-breached = This password appears, or may appear, in a list of passwords that were stolen at some time. Attackers try those first: choose another one.
password-refused-weak = This password is easy to guess: add a word or choose another one.
strength = Strength of the password that you typed
strength-very-weak = Very weak. It is guessed at once.
strength-weak = Weak. It is guessed quickly.
strength-fair = Fair. One more word makes it strong.
strength-good = Good.
strength-strong = Strong.
# While it is typed; $typed is replaced by the page
strength-live-short = So far { $typed } of { $min } characters.
strength-live-own = It holds your user name: choose one without it.
strength-live-simple = Long enough, but easy to guess.
strength-live-enough = Long enough. Whether it is on a list of known passwords is looked up when you save it.

## Passkeys and security keys

passkey-do = Sign in with a passkey
passkey-failed = Signing in with your passkey did not work this time. Nothing has changed in your account. Try again, or choose another way.
passkey-offer = Next time you can sign in without a password: with your fingerprint, your face or the PIN of this device. Setting it up takes a minute. Your fingerprint and your face never leave the device.
key-text = Use your passkey or your security key. Your browser asks for it when you choose the button.
key-do = Use my key
key-no-script = This step needs JavaScript, which is switched off in this browser. Switch it on and load the page again, or choose another way.
key-waiting = Follow what your browser or your device shows.
key-cancelled = Nothing was sent: it was stopped, or it took too long. Try again, or choose another way.
key-known = You have added this one already. Choose another device or another key.
key-unable = That did not work on this device. Nothing has changed. Try again, or choose another way.
no-key-title = No key with you?
another-way = Another way
way-key = Use a passkey or a security key
way-app = Use a code from the authenticator app
enrol-way-key = Add a passkey instead: no codes to type
enrol-way-app = Add an authenticator app instead
bind-title = Add a passkey
bind-forced = What you want to open asks for a proof that nobody can steal from you with a false page.
bind-name = Name for this key
bind-name-suggested = Work laptop
bind-do = Add a passkey
bind-key-title = Do you have a security key?
bind-key-text = A key without PIN or fingerprint works as a second proof, after your password.
bind-key-do = Add a security key
bind-failed = This key could not be added. Nothing has changed in your account. Try again, or take another device or key.
bind-no-device = No device or key that can do this? Call the service desk on { $phone }. Nothing is lost if you stop here.
upstream-do = Sign in with { $service }
upstream-prove = Confirm with { $service }
way-upstream = Use another service, such as eID or itsme®
upstream-text = Confirm that it is you with a service that you have linked to your account. You come back here afterwards.
upstream-none = No other service can be used at the moment. Choose another way.
# $service = the name of the service
upstream-start-again = This sign-in with { $service } has run out or was opened in another browser. Nothing has changed. Start again from here.
upstream-declined = You stopped the sign-in with { $service }. Nothing has changed. Try again, or choose another way.
upstream-down = { $service } does not answer at the moment. This is not due to your card, your phone or your account. Try again in a few minutes, or choose another way.
upstream-ask-again = { $service } answered from an earlier sign-in. Sign in there once more, or choose another way.
upstream-too-weak = You signed in to { $service } with something that is not strong enough here. Try again with your eID card or your app, or choose another way.
upstream-not-understood = { $service } did not give the answer that is needed. This is not your doing. Choose another way; give the service desk the case code.
upstream-not-trusted = What came back from { $service } could not be trusted, so it was not used. Nothing has changed in your account. Choose another way; give the service desk the case code.
upstream-not-linked = { $service } does not open an account here yet. Sign in another way, then add { $service } under Your security.
upstream-taken = { $service } could not be added: your account has it already, or it belongs to another account.
links-title = Other services that open your account
links-lead = With eID, itsme® or another service you can sign in even when your phone or your password is not at hand.
links-linked = Added
links-add = Add a service
links-add-text = You sign in there once. After that it opens your account.
links-add-do = Add { $service }
links-back = Back to Your security
