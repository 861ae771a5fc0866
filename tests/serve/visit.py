"""Visits the service from inside its container, where there is Python and nothing else.

python3 - first LINK PASSWORD TEXT     sets passwords, makes a writer, checks a text, prints what is found
python3 - again PASSWORD               prints what the writer's drafts were found to be
"""

import json
import re
import sys
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

ADDRESS = "http://127.0.0.1:8000"
WRITER = "写稿人"


class Visitor:
    """A browser of somebody's."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.form_token = ""

    def get(self, place: str) -> str:
        """Read a page."""
        with self._opener.open(ADDRESS + place, timeout=120) as answer:
            return str(answer.read().decode())

    def post(self, place: str, **fields: str) -> str:
        """Send a form and give the page that comes."""
        request = Request(ADDRESS + place, urlencode({"form_token": self.form_token, **fields}).encode())
        with self._opener.open(request, timeout=120) as answer:
            return str(answer.read().decode())

    def log_in(self, name: str, password: str) -> None:
        """Log in and learn the token of the forms."""
        page = self.post("/login", name=name, password=password)
        self.form_token = re.findall(r'name="form_token" value="([^"]+)"', page)[0]


def first(link: str, password: str, text: str) -> None:
    """Do what an office does on its first day."""
    admin = Visitor()
    admin.post(link, password=password, again=password)
    admin.log_in("admin", password)
    page = admin.post("/admin/accounts", name=WRITER, unit="清溪镇", role="writer")
    [invitation] = re.findall(r"/invitation/[\w-]+", page)
    writer = Visitor()
    writer.post(invitation, password=password, again=password)
    writer.log_in(WRITER, password)
    body = json.dumps({"text": text, "name": "稿子.txt"}).encode()
    headers = {"Content-Type": "application/json", "X-Form-Token": writer.form_token}
    with writer._opener.open(
        Request(f"{ADDRESS}/api/v1/checks?wait=60", body, headers), timeout=120
    ) as answer:
        print(json.loads(answer.read())[0]["level"])


def again(password: str) -> None:
    """Come back."""
    writer = Visitor()
    writer.log_in(WRITER, password)
    print(*(one["level"] for one in json.loads(writer.get("/api/v1/checks"))))


if __name__ == "__main__":
    if sys.argv[1] == "first":
        first(*sys.argv[2:])
    else:
        again(*sys.argv[2:])
