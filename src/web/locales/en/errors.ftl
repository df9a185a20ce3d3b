### When a page cannot be shown: a title and what to do.

error-not-found-title = There is no door here
error-not-found-text = This page does not exist, or no longer. Check the address, or go to the home page. Nothing is wrong with your account.
error-bad-request-title = We did not understand this request
error-bad-request-text = Something in it is missing or is not in the form that we expect. Go back and try again. If the link came from an application, open that application again.
error-forbidden-title = This door is not open to you
error-forbidden-text = Your account is in order, but it has no access to this page. Nothing was changed.
error-method-title = This address does not work that way
error-method-text = Nothing was changed. Go to the home page and start again from there.
error-too-many-title = A short pause
error-too-many-text =
    There have been too many attempts in a row. Wait for { $minutes ->
        [one] one minute
        *[other] { $minutes } minutes
    }. You do not need to do anything: try again after that.
error-busy-title = It is busy here just now
error-busy-text = Many people are signing in at the same time. Nothing is lost. Try again in a few seconds.
error-unavailable-title = Cardea cannot answer just now
error-unavailable-text = A part that we need does not answer. This is not due to you or your account. Try again in a few minutes.
error-broken-title = Something went wrong on our side
error-broken-text = You did nothing wrong, and we have been told. Try again in a few minutes.
error-client-title = This request cannot be trusted
error-client-text = An application sent you here with a request that does not match what we know of it. To protect you, we did not send you back and told it nothing. Open the application again from your home page. If that does not help, tell the people who look after the application.
error-expired-title = This step took too long
error-expired-text = Nothing was changed. For your safety a form is valid for a short time only. Go to the home page and start again.
