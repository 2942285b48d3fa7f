"""Ways in, as a browser takes them, and second factors that a test can answer for."""

import hashlib
import json
import os
import re

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.tests.factories import PASSWORD
from outbox.models import Message

HOST = "testserver"


def sign_in(client, user, *, next=""):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": next})


def code_from_mail(user):
    text = Message.objects.filter(to=user.email).latest("pk").text
    return re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]{3,})*$", text, re.MULTILINE).group()


def set_up_app(user):
    """Gives the key that the person's app has scanned."""
    key = totp.generate_totp_secret()
    totp.TOTP.activate(user, key)
    return key


def code_of_app(key):
    """What the app shows at this moment."""
    (counter,) = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(key, counter))


def recovery_codes(user):
    return RecoveryCodes.activate(user).get_unused_codes()


def enter_code(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


class Passkey:
    """A key of a device, which answers what the page hands to the browser."""

    def __init__(self, user):
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._id = os.urandom(16)
        self._owner = user_pk_to_url_str(user)

    def made(self, response):
        """The answer to a page that sets one up."""
        credential = AttestedCredentialData.create(
            b"\0" * 16, self._id, ES256.from_cryptography_key(self._private.public_key())
        )
        about = self._client_data("webauthn.create", _options(response))
        attested = AttestationObject.create("none", self._data(credential), {})
        return self._answer(
            clientExtensionResults={"credProps": {"rk": True}},
            response={
                "clientDataJSON": websafe_encode(about),
                "attestationObject": websafe_encode(attested),
            },
        )

    def used(self, options):
        """The answer to a page, or to what such a page has asked for, that wants it used."""
        options = options if isinstance(options, dict) else _options(options)
        about = self._client_data("webauthn.get", options)
        signed = self._data() + hashlib.sha256(about).digest()
        return self._answer(
            clientExtensionResults={},
            response={
                "clientDataJSON": websafe_encode(about),
                "authenticatorData": websafe_encode(self._data()),
                "signature": websafe_encode(self._private.sign(signed, ec.ECDSA(SHA256()))),
                "userHandle": websafe_encode(self._owner.encode()),
            },
        )

    def _answer(self, **more):
        name = websafe_encode(self._id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", **more})

    def _client_data(self, kind, options):
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], f"https://{HOST}")

    def _data(self, credential=b""):
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        flags |= AuthenticatorData.FLAG.AT if credential else 0
        return AuthenticatorData.create(hashlib.sha256(HOST.encode()).digest(), flags, 0, credential)


def _options(response):
    page = response.content.decode()
    held = json.loads(
        re.search(r'id="passkey-options" type="application/json">(.*?)</script>', page).group(1)
    )
    return next(iter(held.values()))


def set_up_passkey(client):
    """By the page, for who is signed in: gives the key."""
    passkey = Passkey(client.get("/").wsgi_request.user)
    page = client.get(reverse("mfa_add_webauthn"))
    answer = client.post(
        reverse("mfa_add_webauthn"),
        {"name": "My laptop", "credential": passkey.made(page), "passwordless": "on"},
    )
    assert answer.status_code == 302
    return passkey
