"""The little of a browser that tests of real processes need."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

# Longer than any page may take, shorter than a part that never answers would.
PATIENCE = 10


class Browser:
    """Cookies, redirects and the hidden fields of forms."""

    def __init__(self, port: int) -> None:
        self.root = f"http://localhost:{port}"
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> tuple[int, str]:
        return self._open(urllib.request.Request(self.root + path))

    def post(self, path: str, page: str, **fields: str) -> tuple[int, str]:
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[-1]
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        headers = {"Referer": self.root + path, "Origin": self.root}
        return self._open(urllib.request.Request(self.root + path, data=data, headers=headers))

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def sign_in(self, session: str) -> None:
        """Be signed in by a session that somebody else made."""
        where = {"domain": "localhost.local", "domain_specified": False, "domain_initial_dot": False}
        self.jar.set_cookie(
            http.cookiejar.Cookie(
                version=0,
                name="sessionid",
                value=session,
                port=None,
                port_specified=False,
                path="/",
                path_specified=True,
                secure=False,
                expires=None,
                discard=True,
                comment=None,
                comment_url=None,
                rest={},
                **where,
            )
        )
