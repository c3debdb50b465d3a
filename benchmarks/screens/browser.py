"""A client that asks like a browser: one kept connection, cookies, compressed answers, and nothing that costs time."""

import http.client
import json
import re
import time
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from zlib import MAX_WBITS, decompress

__all__ = ["Answer", "Browser"]

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(version|base)" value="([^"]*)"')
COOKIE = re.compile(r"^\s*([^=;]+)=([^;]*)")
GZIP = MAX_WBITS | 16


class Answer(NamedTuple):
    """What came back: how long it took in milliseconds, and how many bytes travelled."""

    status: int
    ms: float
    size: int
    raw: bytes
    encoding: str

    @property
    def text(self) -> str:
        """The page."""
        return (decompress(self.raw, GZIP) if self.encoding == "gzip" else self.raw).decode()


class Browser:
    """Somebody signed in."""

    def __init__(self, address: str, name: str, *, password: str) -> None:
        self._place = urlsplit(address)
        self._cookies: dict[str, str] = {"jike_language": "zh-hans"}
        self._link = http.client.HTTPConnection(self._place.hostname or "", self._place.port, timeout=60)
        self._open: dict[str, dict[str, str]] = {}
        self.name = name
        page = self.get("/account/login/").text
        found = TOKEN.search(page)
        if found is None:
            raise RuntimeError("the sign-in page has no form")
        fields = {"csrfmiddlewaretoken": found[1], "login": name, "password": password}
        answer = self._ask("POST", "/account/login/", fields=fields)
        if answer.status != 302:
            raise RuntimeError(f"{name} could not sign in: {answer.status}")

    def get(self, path: str, *, fragment: bool = False) -> Answer:
        """Ask for a page, or for a part of one."""
        return self._ask("GET", path, fragment=fragment)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form as the page's script does."""
        return self._ask("POST", path, fields=fields, fragment=True)

    def expect(self, path: str, *, fragment: bool = False) -> Answer:
        """Do what `get` does, for a page that must be there."""
        answer = self.get(path, fragment=fragment)
        if answer.status != 200:
            raise RuntimeError(f"{self.name}: {path} answered {answer.status}")
        return answer

    def save_fact(self, path: str, name: str, value: str) -> Answer:
        """Store one field from the editor that stands open on it, opening it the first time; gives the storing."""
        fields = self._open.pop(path, None)
        answer = self.post(path, {**fields, name: value}) if fields else None
        if answer is None or answer.status == 422:  # somebody else saved this field meanwhile: look again
            fields = self._editor(path)
            answer = self.post(path, {**fields, name: value})
        if answer.status != 200:
            raise RuntimeError(f"{path} was not stored: {answer.status}")
        base = json.dumps({name: value}, ensure_ascii=False)
        self._open[path] = {"version": str(int(fields["version"]) + 1), "base": base}
        return answer

    def _editor(self, path: str) -> dict[str, str]:
        page = self.expect(path, fragment=True).text
        fields = {key: unescape(text) for key, text in HIDDEN.findall(page)}
        if "version" not in fields:
            raise RuntimeError(f"the editor at {path} names no version")
        return fields

    def _ask(
        self, method: str, path: str, *, fields: dict[str, str] | None = None, fragment: bool = False
    ) -> Answer:
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        if fragment:
            headers["HX-Request"] = "true"
        body = None
        if fields is not None:
            token = next((value for name, value in self._cookies.items() if "csrf" in name), "")
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"{self._place.scheme}://{self._place.netloc}{path}",
                "X-CSRFToken": token,
            }
            body = urlencode(fields)
        begin = time.perf_counter()
        self._link.request(method, path, body, headers)
        answer = self._link.getresponse()
        raw = answer.read()
        ms = (time.perf_counter() - begin) * 1000
        for line in answer.headers.get_all("Set-Cookie") or ():
            if found := COOKIE.match(line):
                self._cookies[found[1]] = found[2]
        return Answer(answer.status, ms, len(raw), raw, answer.headers.get("Content-Encoding", ""))
