### What stands around every page, and words that many pages share.

house-name = FPS Chancellery of the Prime Minister
# Goes on a sentence: no capital, no full stop
house-hours = working days from 7:00 to 19:00

skip = Skip to content
nav-language = Language
nav-main = Main
nav-crumbs = You are here
nav-home = Home
nav-security = Security
sign-out = Sign out
foot-privacy = How we use your data
foot-desk = Service desk { $phone }, { $hours }
threshold-say = One door to all your work.
real-title = Is this the real page?
real-text = The address starts with
stuck-title = Stuck?
stuck-text = Call the service desk on { $phone }, { $hours }. They will never ask for your password.
# Followed by the case code
case-mention = If you call the service desk on { $phone }, mention this code:
try-again = Try again
to-home = Go to the home page
not-now = Not now
tip = Tip

## Time. $date and $time arrive formatted

when-today = today { $time }
when-yesterday = yesterday { $time }
when-tomorrow = tomorrow { $time }
when-date = { $date }, { $time }

## Devices, places, methods

device-known = { $browser } on { $system }
device-unknown = Unknown device
place-unknown = Place unknown
method-password = password
method-password-code = password and code from the app
method-password-key = password and key
method-passkey = passkey
method-upstream = another service
method-password-upstream = password and another service

## Shown once after something was done

flash-app-added-title = The authenticator app has been added
flash-app-added-text = From now on you can sign in with its codes.
flash-method-removed-title = The sign-in method has been removed
flash-method-removed-text = It no longer opens your account.
flash-key-added-title = Your key has been added
flash-key-added-text = From now on you can sign in with it.
flash-renamed-title = The name has been saved
flash-renamed-text = Only the name has changed.
flash-password-title = Your password has been changed
flash-password-text = Use the new password the next time you sign in.
flash-session-ended-title = The session has been ended
flash-session-ended-text = That device asks for a new sign-in.
flash-consent-withdrawn-title = Your agreement has been withdrawn
flash-consent-withdrawn-text = The application gets nothing more about you. If you open it again, it asks again.
flash-others-ended-title =
    { $count ->
        [0] No other session was open
        [one] One session has been ended
        *[other] { $count } sessions have been ended
    }
flash-others-ended-text = You stay signed in here.
flash-linked-title = The service has been added
flash-linked-text = From now on you can sign in with it.
