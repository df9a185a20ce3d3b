### What an application asks to know, and the way back to it.

## The question

consent-title = What may { $app } know about you?
consent-lead = You want to open this application. It does not belong to us, so you decide whether it gets what stands here.
consent-asked = What it asks for
# Followed by the name of a server
consent-onward = After that you go on to:
consent-allow = Allow and go on
consent-refuse = Do not allow
consent-later = You can take your answer back at any time, on the page about your security.

## What can be asked for: a kind and its explanation

consent-openid = That it is you
consent-openid-text = A number that stands for you, so that the application recognises you, and when and how you signed in.
consent-profile = Your profile
consent-profile-text = Your name, your user name and what else is kept with them.
consent-email = Your e-mail address
consent-email-text = It can write to you.
consent-address = Your postal address
consent-address-text = It knows where letters reach you.
consent-phone = Your telephone number
consent-phone-text = It can call you.
consent-single = Single details about you
consent-single-text = These and nothing else of their kind.
consent-own = Rights inside the application
consent-own-text = Only the application itself knows what they mean. Ask the people who look after it.
consent-own-names = Their names
consent-offline = Access when you are not there
consent-offline-text = It may go on asking for all this after you have signed out, until you take your answer back.
# In place of a value
consent-nothing = Nothing is kept here
consent-yes = yes
consent-no = no

## Details about a person

claim-name = Name
claim-family-name = Family name
claim-given-name = First name
claim-middle-name = Middle name
claim-nickname = Nickname
claim-preferred-username = User name
claim-profile = Profile page
claim-picture = Picture
claim-website = Website
claim-gender = Gender
claim-birthdate = Date of birth
claim-zoneinfo = Time zone
claim-locale = Language
claim-updated-at = Last change
claim-email = E-mail address
claim-email-verified = E-mail address checked
claim-address = Postal address
claim-phone-number = Telephone number
claim-phone-number-verified = Telephone number checked

## The last page on the way back

onward-title = You are on your way
# Followed by the name of an application
onward-to = You go on to:
onward-text = If nothing happens, press the button.
onward-do = Go on

## For those who look after an application, beside a request that does not fit

untrusted-title = For you, who look after this application
untrusted-text = Only those who look after it see this. The first difference is marked.
untrusted-parameter = Parameter
untrusted-got = Received
untrusted-registered = Registered
untrusted-nothing = Nothing
