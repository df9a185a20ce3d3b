"""An application that signs people in with Authlib, driven by lines of JSON on standard input.

Each line is a list of a method's name and its arguments. Each is answered by one line on standard output,
{"good": result} or {"bad": {"message": text, "error": OAuth's code, "status": HTTP's}}.
"""

import json
import os
import sys
import time
from urllib.parse import urlsplit

# The library demands https of addresses that it builds; the demo speaks http on this machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from flask import Flask, request
from joserfc.jwk import import_key

ASSERTED_S = 300


class Application:
    def __init__(self, issuer, client, scope):
        self.issuer = issuer
        self.client = client
        self.secret = client["client_secret"]
        if self.method() == "private_key_jwt":
            self.secret = import_key(client["private_jwks"]["keys"][0])
        self.site = Flask(__name__)
        self.site.secret_key = os.urandom(32)
        self.site.config["PROPAGATE_EXCEPTIONS"] = True
        self.oauth = OAuth(self.site)
        self.provider = self.oauth.register(
            "provider",
            client_id=client["client_id"],
            client_secret=self.secret,
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            compliance_fix=self.prove,
            client_kwargs={
                "scope": scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": self.method(),
            },
        )
        self.site.add_url_rule("/sign-in", view_func=self.sign_in)
        self.site.add_url_rule("/callback", view_func=self.callback)
        # One person's browser, as far as this application sees it: it keeps state, nonce and verifier.
        self.browser = self.site.test_client()

    # Pages of the application.

    def sign_in(self):
        address = self.client["redirect_uris"][0]
        return self.provider.authorize_redirect(address, **request.args.to_dict())

    def callback(self):
        return self.provider.authorize_access_token()

    # What the tests ask for.

    def discover(self):
        with self.site.app_context():
            metadata = self.provider.load_server_metadata()
            return {name: value for name, value in metadata.items() if name != "_loaded_at"}

    def authorization_url(self, parameters):
        return self.browser.get("/sign-in", query_string=parameters).location

    def redeem(self, address):
        tokens = self.browser.get("/callback", query_string=urlsplit(address).query).json
        return {**tokens, "claims": tokens["userinfo"]}

    def userinfo(self, access_token):
        with self.site.app_context():
            return self.provider.userinfo(token=bearer(access_token))

    def refresh(self, refresh_token):
        with self.site.app_context():
            tokens = self.provider.fetch_access_token(
                grant_type="refresh_token", refresh_token=refresh_token
            )
            return {**tokens, "claims": self.provider.parse_id_token(tokens, nonce=None)}

    def client_credentials(self, scope):
        with self.site.app_context():
            return self.provider.fetch_access_token(grant_type="client_credentials", scope=scope)

    def introspect(self, token):
        return answered(self.session().introspect_token(self.endpoint("introspection"), token=token))

    def revoke(self, token):
        answer = self.session().revoke_token(self.endpoint("revocation"), token=token)
        answer.raise_for_status()

    def end_session_url(self, parameters):
        with self.site.app_context():
            return self.provider.create_logout_url(**parameters)["url"]

    def endpoint(self, name):
        with self.site.app_context():
            return self.provider.load_server_metadata()[f"{name}_endpoint"]

    def method(self):
        return self.client["token_endpoint_auth_method"]

    def session(self):
        session = OAuth2Session(
            self.client["client_id"],
            self.secret,
            token_endpoint_auth_method=self.method(),
            revocation_endpoint_auth_method=self.method(),
        )
        self.prove(session)
        return session

    def prove(self, session):
        """Assertions for the issuer and for minutes; the library's own are for an endpoint and for an hour."""
        if self.method() != "private_key_jwt":
            return
        key = self.client["private_jwks"]["keys"][0]
        session.register_client_auth_method(
            PrivateKeyJWT(
                self.issuer,
                claims={"exp": int(time.time()) + ASSERTED_S},
                headers={"kid": key["kid"]},
                alg=key["alg"],
            )
        )


def bearer(access_token):
    return {"access_token": access_token, "token_type": "Bearer"}


def answered(answer):
    answer.raise_for_status()
    return answer.json()


def main():
    application = Application(**json.loads(sys.argv[1]))
    for line in sys.stdin:
        method, *words = json.loads(line)
        try:
            result = {"good": getattr(application, method)(*words)}
        except Exception as error:  # Whatever the library raises is for the test to judge.
            answer = getattr(error, "response", None)
            result = {
                "bad": {
                    "message": f"{type(error).__name__}: {error}",
                    "error": getattr(error, "error", None),
                    "status": getattr(answer, "status_code", None),
                }
            }
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
