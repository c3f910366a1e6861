"""An OpenID Connect provider on this machine for the tests: it takes everybody for the person it was last told of."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT = {"client_id": "rutter-tests", "client_secret": secrets.token_urlsafe(16)}


class Provider:
    """Discovery, authorize, token with a signed id_token, and the key it is signed with."""

    def __init__(self) -> None:
        from joserfc.jwk import RSAKey

        self.person: dict[str, object] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.asked: dict[str, dict[str, str]] = {}
        self.url = ""

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def code(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.asked[code] = asked
        return code

    def token(self, given: dict[str, str]) -> dict[str, object]:
        from joserfc import jwt

        asked, now = self.asked.pop(given["code"]), int(time.time())
        claims = {
            "iss": self.url,
            "aud": asked["client_id"],
            "sub": "42",
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            **self.person,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": signed,
        }


@contextmanager
def provider() -> Iterator[Provider]:
    """Serve one on a free port."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = urlsplit(self.path).path, urlsplit(self.path).query
            if path == "/authorize":
                given = {name: values[0] for name, values in parse_qs(asked).items()}
                back = urlencode({"code": told.code(given), "state": given["state"]})
                self.send_response(302)
                self.send_header("Location", f"{given['redirect_uri']}?{back}")
                self.end_headers()
            elif path == "/keys":
                self.answer({"keys": [told.key.as_dict(private=False)]})
            else:
                self.answer(told.discovery())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(told.token({name: values[0] for name, values in parse_qs(text).items()}))

        def answer(self, what: dict[str, object]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(what).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
