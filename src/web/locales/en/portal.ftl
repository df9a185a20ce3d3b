### A person's own pages.

## Home

home-title = Hello, { $name }
# Followed by a time, then place and method in brackets
home-last = You last signed in:
home-not-you = Not you?
home-applications = Your applications
home-empty-title = No applications yet
home-empty-text = As soon as an application is open to you, it stands here. Do you miss one? Call the service desk on { $phone }.
attention-phone-title = You have one sign-in method besides your password
attention-phone-text = If you lose that device, only the service desk can let you in. Add a passkey or an app on a second device; it takes two minutes.
attention-phone-do = Add a second one
attention-password-title =
    Your password expires { $days ->
        [0] today
        [1] tomorrow
        *[other] in { $days } days
    }
attention-password-text = It is valid until { $date }. Change it on a working day, so that someone is there if a device needs help. It takes three minutes.
attention-password-do = Change it now

## Your security

account-title = Your security
account-lead = What opens your account, where it is open now, and who used it lately.
account-methods = Sign-in methods
account-add-app = Add an app
account-app = Authenticator app
# The next ones are followed by a time, or by names
account-set = Set:
account-added = Added:
account-used = Last used:
account-unused = Not used yet.
account-since = Since:
account-until = Until:
account-opened = Opened from here:
account-change = Change
account-remove = Remove
account-only-one = You need it, so it stays
account-sessions = Open now
account-no-sessions = No session is open.
account-end-others = End all others
account-here = You are here
account-end = End
account-consents = Applications that you agreed to
account-agreed = Agreed:
account-knows = It may know:
account-withdraw = Withdraw
account-withdraw-text = An application whose agreement you withdraw gets nothing more about you. What it learned before, it may still have.
account-sign-ins = Recent sign-ins
account-no-sign-ins = No sign-ins yet.
account-ok = Signed in
account-stopped = Stopped
stopped-password = Stopped at the password.
stopped-code = Stopped at the second proof.
stopped-pause = Stopped by a pause after too many attempts.
account-add-passkey = Add a passkey
account-passkey = Passkey
account-key = Security key
account-device-synced = Kept in step between your devices.
account-device-built-in = Built into a computer or a phone.
account-device-carried = A key that you carry with you.
account-rename = Rename
stopped-key = Stopped at the passkey or security key.
place-note = A place is derived from the network address, so it can be wrong.
account-aside = More about your account
readiness-ready = Ready
readiness-almost = Almost ready
readiness-not-ready = Not ready yet
odd-title = Something odd?
odd-text = Do you see a sign-in or a device that is not yours? Change your password, end all other sessions, and call the service desk on { $phone }. Call too when you are not sure.
data-title = Your data
data-text = All that we keep about you can be had as a file.
data-link = Export my data

## Before something is taken away

confirm-happens = What happens
confirm-stays = What stays
remove-title = Remove this authenticator app?
remove-lead = Its name: { $name }.
remove-happens-codes = Its codes no longer work.
remove-happens-mail = You get an e-mail about it.
remove-stays-others = Your password and your other sign-in methods do not change.
remove-do = Remove the app
remove-keep = Keep it
remove-refused-only = Without this one you could not sign in as you have to. Add another one first, then remove this one.
rename-title = Another name
rename-name = Name
rename-do = Save the name
remove-key-title = Remove this key?
remove-happens-key = It no longer opens your account. On the device it may still be listed: remove it there as well.
remove-key-do = Remove the key
end-others-title = End all other sessions?
end-others-lead = You stay signed in here, on this device.
end-others-happens =
    { $count ->
        [one] One session is closed
        *[other] { $count } sessions are closed
    }. Those devices ask for a new sign-in.
end-others-stays = Your password and your sign-in methods do not change.
end-others-do =
    End { $count ->
        [one] one session
        *[other] { $count } sessions
    }
end-others-keep = Keep them

## Signing out

sign-out-title = Sign out?
sign-out-asked = This application asks for it: { $app }.
sign-out-lead = Cardea then closes your session on this device. Applications that are still open may stay open until you close them.
sign-out-everywhere = Also on all my other devices
sign-out-stay = Stay signed in

## How we use your data

privacy-lead = Cardea opens the applications of your work for you. It is run by: { $house }. This page says what it keeps about you, why, and for how long.
privacy-kept-title = What we keep
privacy-why = Why
privacy-how-long = How long
privacy-account-name = Your account
privacy-account-what = Name, user name, e-mail address, language, organisation, roles.
privacy-account-why = to know who you are and what is open to you
privacy-account-how-long = as long as you have the account
privacy-methods-name = Your sign-in methods
privacy-methods-what = When each was added and last used; of your password only a value from which it cannot be read back; of your app the secret, encrypted; of your keys what proves them, and no fingerprint or face.
privacy-methods-why = to check that it is you
privacy-methods-how-long = until you remove the method, or as long as you have the account
privacy-sessions-name = Your sessions
privacy-sessions-what = Device, place, network address, applications opened.
privacy-sessions-why = so that you stay signed in, and can see and end each session
privacy-sessions-how-long = as long as the session lasts, and one day after it
privacy-browsers-name = Browsers that you signed in with
privacy-browsers-what = A random number in a cookie of the browser, and when it was first and last used for your account. If you wished so, until when it is trusted.
privacy-browsers-why = to tell you of sign-ins from a new browser, and to let you in from yours while a stranger guesses
privacy-browsers-how-long = 400 days after the last sign-in with it
privacy-consents-name = Applications that you agreed to
privacy-consents-what = Which application, what it may know, and when you agreed.
privacy-consents-why = so that you are asked once, and can take it back
privacy-consents-how-long = until you withdraw it, or as long as you have the account
privacy-sign-ins-name = Each sign-in and each change to your account, in the security log
privacy-sign-ins-what = Time, network address, place, device, method, result.
privacy-sign-ins-why = to find and stop misuse, and to help you when something does not work
privacy-sign-ins-how-long = 13 months; then the key to the personal part is destroyed and nobody can read it any more
privacy-cases-name = Case codes
privacy-cases-what = Such as the one that you mention when you call.
privacy-cases-why = so that the service desk finds what happened
privacy-cases-how-long = 72 hours
privacy-never = We do not keep what you type into applications, and we do not watch how you work.
privacy-basis-title = On what ground
privacy-basis-text = Keeping the access to public systems safe is part of a task in the public interest (GDPR, article 6, paragraph 1, point e). We use the data for nothing else.
privacy-seen-title = Who sees it
privacy-seen-you = You, on your security page and as a file.
privacy-seen-desk = The service desk, when you call: what is needed to help you.
privacy-seen-security = The security team, when a sign-in looks like misuse.
privacy-seen-apps = An application that you open: who you are, as far as that application needs it.
privacy-seen-nobody = Nobody else gets it, unless the law demands it. It is not sold and not used for advertising.
privacy-guarded-title = How it is guarded
privacy-guarded-text = The personal part of the security log is encrypted with a key of its own for each person and each month. When the time is over, the key is destroyed. The log itself stays provable, without telling about you.
privacy-place-text = Places are looked up in a list on our own servers; your address is not sent to anyone for that.
privacy-rights-title = Your rights
privacy-rights-text = The General Data Protection Regulation (GDPR) gives you these rights:
privacy-right-see = to see what we keep, and to get a copy of it;
privacy-right-correct = to have mistakes corrected, and data erased that are no longer needed;
privacy-right-object = to object to a use of your data, or to have it limited.
privacy-rights-how = To use them, call the service desk on { $phone } or write to the data protection officer of your organisation. You get an answer within one month.
privacy-complain = If the answer does not satisfy you, you can complain to the authority:
privacy-authority = Data Protection Authority
export-title = Export my data
export-text = You get one file with your account, your sign-in methods, your sessions and your sign-ins, in a form that programs can read (JSON).
export-do = Download my data
export-sign-in = Sign in first: the file is for you only.
account-links = Other services
