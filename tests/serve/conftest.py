"""A service on a small collection, with an account of each role, asked as a browser would ask."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from dedup.index import open_index, update_index
from dedup.serve import accounts
from dedup.serve.app import application
from dedup.serve.database import Database
from dedup.serve.service import Service, service_folder
from dedup.serve.tables import Account
from dedup.settings import Settings

PASSWORD = "春风又绿江南岸-42"
MODEL = """关于推进清溪镇集中供水改造的实施方案
本文系邮箱投稿，仅供学习参考，请勿照搬照抄！
一、总体要求
坚持把群众用水安全摆在首位，按照先急后缓、分批推进的办法，用两年时间完成全镇老旧管网的更换和水厂扩容。
二、重点任务
由镇水务站牵头逐村摸清管线走向，建立一户一卡台账，每月公布水质检测结果，接受群众代表现场查验。
对地势高、水压不足的三个自然村增设二级泵站，明确专人值守，确保用水高峰时段不断供。
"""
COPY = MODEL.split("\n", 2)[2].replace("三个自然村", "五个自然村")
OWN = "今年以来，我们组织青年干部到田间地头听取意见，围绕稻田养蟹写出调研报告十二篇，被采用的有四篇。\n"


@dataclass
class Person:
    """A browser of somebody's."""

    app: FastAPI
    browser: TestClient = field(init=False)
    form_token: str = ""

    def __post_init__(self) -> None:
        self.browser = TestClient(self.app, follow_redirects=False)

    def log_in(self, name: str) -> None:
        answer = self.browser.post("/login", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303
        page = self.browser.get("/", follow_redirects=True).text
        self.form_token = re.findall(r'name="form_token" value="([^"]+)"', page)[0]

    def get(self, place: str) -> Response:
        return self.browser.get(place)

    def post(self, place: str, **fields: str) -> Response:
        return self.browser.post(place, data={"form_token": self.form_token, **fields})

    def hand_in(self, text: str, name: str = "稿子.txt", **fields: str) -> str:
        answer = self.post("/drafts", text=text, name=name, **fields)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/drafts/")

    def wait_for(self, draft: str) -> dict[str, object]:
        """The states of a draft until it is checked."""
        self.browser.get(f"/api/v1/checks/{draft}/events")  # ends when the check does
        found: dict[str, object] = self.browser.get(f"/api/v1/checks/{draft}").json()
        return found


@dataclass
class Office:
    """The service and everybody who uses it."""

    service: Service
    app: FastAPI

    @property
    def database(self) -> Database:
        found: Database = self.app.state.database
        return found

    def keep_up(self) -> None:
        """Have the index follow its folder, as the keeper does in a moment."""
        update_index(self.service.settings.corpus, None, self.service.settings)

    def scanned(self) -> None:
        """Wait until no scan is wanted."""
        admin, deadline = self.person("主任"), time.monotonic() + 60
        while "data-reload" in admin.get("/scan").text:
            assert time.monotonic() < deadline

    def person(self, name: str = "") -> Person:
        person = Person(self.app)
        if name:
            person.log_in(name)
        return person


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """An application at an address, for programs that know no other way; it was started before."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
        thread = Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{place.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


PEOPLE = {
    "小李": ("writer", "清溪镇"),
    "小张": ("writer", "清溪镇"),
    "老王": ("reviewer", "清溪镇"),
    "老赵": ("reviewer", "石桥镇"),
    "主任": ("admin", ""),
    "读者": ("reader", "清溪镇"),
}


def make_service(folder: Path, **settings: object) -> Service:
    """A service on a collection of one document, its index made."""
    corpus = folder / "范文"
    corpus.mkdir()
    (corpus / "供水.txt").write_text(MODEL, encoding="utf-8")
    chosen = Settings(corpus=corpus)
    open_index(corpus, None, chosen).close()
    return Service(chosen, service_folder(chosen), helpers=1, requests_a_minute=100_000, **settings)  # type: ignore[arg-type]


def staff(database: Database) -> None:
    """Make the accounts; Argon2 takes its time, so one password is hashed for all."""
    with database.writing() as session:
        hashed = ""
        for name, (role, unit) in PEOPLE.items():
            account = Account(name=name, role=role, unit=unit, created=accounts.now())
            session.add(account)
            session.flush()
            if not hashed:
                accounts.set_password(session, account, PASSWORD)
                hashed = account.password
            account.password = hashed


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    service = make_service(tmp_path_factory.mktemp("office"))
    app = application(service)
    staff(app.state.database)
    with TestClient(app):
        yield Office(service, app)
