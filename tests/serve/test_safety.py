"""Who comes in and for how long: links, cookies, passwords, clocks that jump, restarts, the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from starlette.testclient import TestClient

from dedup.serve import accounts, log
from dedup.serve.access import COOKIE
from dedup.serve.accounts import Throttle, recall_failures
from dedup.serve.app import application
from dedup.serve.clock import Clock
from dedup.serve.database import Database, open_database
from dedup.serve.drafts import receive
from dedup.serve.kept import packed, unpacked
from dedup.serve.tables import Account, Draft, Event, Login
from dedup.serve.upkeep import Keeper
from tests.serve.conftest import OWN, PASSWORD, Office, make_service, staff

DAY = 86_400.0


def _with_cookie(office: Office, cookie: str) -> TestClient:
    return TestClient(office.app, follow_redirects=False, cookies={COOKIE: cookie})


def _is_out(browser: TestClient) -> bool:
    page, interface = browser.get("/drafts"), browser.get("/api/v1/checks")
    return (page.status_code, interface.status_code) == (303, 401) and page.headers["location"].startswith(
        "/login?"
    )


def test_a_cookie_is_closed_to_scripts_and_other_sites(office: Office) -> None:
    browser = TestClient(office.app, follow_redirects=False)
    given = browser.post("/login", data={"name": "小李", "password": PASSWORD}).headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=lax" in given
    assert "secure" not in given  # it came over plain HTTP


def test_behind_tls_a_cookie_is_sent_over_tls_only(office: Office) -> None:
    service = replace(office.service, https=True)
    app = application(service, office.database)  # it is not started, so it closes nothing
    browser = TestClient(app, follow_redirects=False, base_url="https://chachong.example")
    answer = browser.post("/login", data={"name": "小李", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cookie: cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
        lambda cookie: cookie + "x",
        lambda cookie: cookie[:10],
        lambda cookie: "' OR 1=1 --",
        lambda cookie: "a" * 6000,
        accounts.digest,  # as it stands in the database
    ],
)
def test_a_cookie_that_was_tampered_with_opens_nothing(office: Office, spoil: Callable[[str], str]) -> None:
    person = office.person("小李")
    cookie = person.browser.cookies[COOKIE]
    assert _is_out(_with_cookie(office, spoil(cookie)))
    assert not _is_out(_with_cookie(office, cookie))


def test_a_cookie_of_yesterday_opens_nothing(office: Office) -> None:
    person = office.person("小李")
    digest = accounts.digest(person.browser.cookies[COOKIE])
    with office.database.writing() as session:
        session.execute(update(Login).where(Login.digest == digest).values(expires=accounts.now() - DAY / 2))
    assert _is_out(person.browser)


def test_a_cookie_made_by_a_clock_that_was_ahead_ends_when_the_clock_is_set_back(office: Office) -> None:
    person = office.person("小李")
    digest = accounts.digest(person.browser.cookies[COOKIE])
    with office.database.writing() as session:
        session.execute(
            update(Login).where(Login.digest == digest).values(expires=accounts.now() + 300 * DAY)
        )
    assert _is_out(person.browser)


def test_a_cookie_of_another_server_opens_nothing(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    service = make_service(tmp_path_factory.mktemp("other"))
    database = open_database(service)
    with database.writing() as session:
        account = Account(name="小李", role="writer", created=accounts.now())
        session.add(account)
        session.flush()
        cookie = accounts.log_in(session, account, 12)
    database.close()
    assert _is_out(_with_cookie(office, cookie))


def test_passwords_and_secrets_are_not_in_the_database(office: Office) -> None:
    person = office.person("小李")
    with office.database.reading() as session:
        hashes = set(session.scalars(select(Account.password).where(Account.password != "")))
    assert all(one.startswith("$argon2id$") for one in hashes)
    kept = b"".join(path.read_bytes() for path in office.service.folder.glob("service.sqlite*"))
    assert PASSWORD.encode() not in kept
    assert person.browser.cookies[COOKIE].encode() not in kept


def _kept_hash(office: Office, name: str) -> str:
    with office.database.reading() as session:
        return session.scalars(select(Account.password).where(Account.name == name)).one()


def _keep_hash(office: Office, name: str, hashed: str) -> None:
    with office.database.writing() as session:
        session.execute(update(Account).where(Account.name == name).values(password=hashed))


def test_a_hash_made_with_other_parameters_is_renewed_by_who_logs_in(office: Office) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    own = _kept_hash(office, "读者")
    try:
        _keep_hash(office, "读者", weak)
        answer = office.person().browser.post("/login", data={"name": "读者", "password": "不是这个密码"})
        assert answer.status_code == 401
        assert _kept_hash(office, "读者") == weak, "who does not know it changes nothing"
        office.person("读者")
        renewed = _kept_hash(office, "读者")
        assert renewed != weak
        assert not PasswordHasher().check_needs_rehash(renewed)
        office.person("读者")
        assert _kept_hash(office, "读者") == renewed, "once is enough"
    finally:
        _keep_hash(office, "读者", own)


def test_a_password_that_is_changed_while_its_hash_is_renewed_stays(office: Office) -> None:
    own = _kept_hash(office, "读者")
    with office.database.reading() as session:
        account = session.scalars(select(Account).where(Account.name == "读者")).one()
    try:
        _keep_hash(office, "读者", "set meanwhile")
        with office.database.writing() as session:
            accounts.renew_hash(session, account, "renewed")
        assert _kept_hash(office, "读者") == "set meanwhile"
    finally:
        _keep_hash(office, "读者", own)


def test_a_restart_is_no_new_chance_to_guess(office: Office) -> None:
    with office.database.writing() as session:
        wang = session.scalars(select(Account).where(Account.name == "老王")).one()
        for _ in range(9):
            log.note(session, "", "login.failed", "老赵")
            log.note(session, "", "login.failed", "老王")
        log.note(session, wang.id, "login")
    throttle = Throttle()
    with office.database.reading() as session:
        recall_failures(session, throttle)
    assert throttle.wait("name:老赵") > 1
    assert throttle.wait("name:老王") == 0  # who did come in after all


def test_guesses_that_come_at_once_are_slowed_down_too(office: Office) -> None:
    def guess(number: int) -> int:
        browser = TestClient(office.app, follow_redirects=False, client=("192.0.2.7", 50000))
        return browser.post("/login", data={"name": "没有这人", "password": f"{number}"}).status_code

    with ThreadPoolExecutor(16) as guessing:
        answers = list(guessing.map(guess, range(16)))
    assert answers.count(401) <= 6
    assert answers.count(429) >= 10


def test_failures_of_long_ago_are_not_recalled(tmp_path: Path) -> None:
    database = open_database(make_service(tmp_path))
    with database.writing() as session:
        for _ in range(9):
            log.note(session, "", "login.failed", "老赵")
        session.flush()
        session.execute(update(Event).values(time=accounts.now() - DAY))
    throttle = Throttle()
    with database.reading() as session:
        recall_failures(session, throttle)
    assert throttle.wait("name:老赵") == 0
    database.close()


class _Hands:
    """A clock of the wall, which somebody sets, and one that nobody does."""

    def __init__(self) -> None:
        self.wall, self.steady = time.time(), 1000.0

    def go_on(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


def test_a_clock_that_jumps_is_not_believed_for_a_day() -> None:
    hands = _Hands()
    clock = Clock(lambda: hands.wall, lambda: hands.steady)
    hands.go_on(40 * DAY)
    hands.wall += 30  # which is put right now and then
    assert clock.believed()
    hands.wall += 400 * DAY
    assert not clock.believed()
    hands.go_on(DAY / 2)
    assert not clock.believed()
    hands.go_on(DAY / 2 + 1)
    assert clock.believed()
    hands.wall -= 400 * DAY
    assert not clock.believed()


def test_a_clock_that_jumps_ahead_deletes_no_draft(tmp_path: Path) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    staff(database)
    with database.writing() as session:
        writer = session.scalars(select(Account).where(Account.name == "小李")).one()
        [draft] = receive(session, writer, [("稿.txt", OWN.encode())])
        draft.created = accounts.now() - 100 * DAY  # as it looks when the clock stands 100 days ahead
    hands = _Hands()
    keeper = Keeper(service, database, Clock(lambda: hands.wall, lambda: hands.steady))
    hands.wall += 100 * DAY
    assert keeper.forget() == 0
    hands.go_on(DAY + 1)
    assert keeper.forget() == 1
    with database.reading() as session:
        assert list(session.scalars(select(Draft))) == []
    database.close()


def test_the_log_is_verified_by_a_command(
    dedup: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    service = make_service(tmp_path)
    index = service.settings.corpus / ".dedup"
    database = open_database(service)
    with database.writing() as session:
        for number in range(3):
            log.note(session, "", "login.failed", f"第{number}次")
    command = (
        "serve",
        service.settings.corpus,
        "--lang",
        "en",
        "--verify-log",
        "--index",
        index,
    )
    (service.settings.corpus / "新来的.txt").write_text(OWN, encoding="utf-8")
    manifest = index / "manifest.json"
    before = manifest.read_bytes()
    done = dedup(*command)
    assert done.returncode == 0
    assert "3 lines" in done.stderr
    assert manifest.read_bytes() == before, "it takes no index, which may be at work"
    with database.writing() as session:
        session.execute(update(Event).where(Event.number == 2).values(subject="没有的事"))
    database.close()
    done = dedup(*command)
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_a_log_that_is_not_there_is_told_and_nothing_made(
    dedup: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "范文").mkdir()
    done = dedup("serve", tmp_path / "范文", "--lang", "en", "--verify-log")
    assert done.returncode == 2
    assert "no database yet" in done.stderr
    assert list((tmp_path / "范文").iterdir()) == []


def test_a_forgotten_password_is_set_anew_while_the_service_runs(
    dedup: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    service = make_service(tmp_path)
    app = application(service)
    staff(app.state.database)
    known = TestClient(app, follow_redirects=False)
    known.post("/login", data={"name": "主任", "password": PASSWORD})
    assert known.get("/admin").status_code == 200
    command = ("serve", service.settings.corpus, "--lang", "en", "--new-password")
    done = dedup(*command, "主任", "--port", "8099", "--quiet")
    assert done.returncode == 0
    assert done.stdout.startswith("http://127.0.0.1:8099/invitation/")
    place = done.stdout.strip().removeprefix("http://127.0.0.1:8099")
    assert known.get("/admin").status_code == 200, "nothing changes until the link is followed"
    browser = TestClient(app, follow_redirects=False)
    forms = {"password": "另外一个很好的密码-7", "again": "另外一个很好的密码-7"}
    assert [browser.post(place, data=forms).status_code for _ in range(2)] == [303, 404]
    assert known.get("/admin").status_code == 303, "earlier logins end"
    assert browser.post("/login", data={"name": "主任", "password": forms["password"]}).status_code == 303
    assert "命令行" in browser.get("/admin/log").text
    database: Database = app.state.database
    with database.reading() as session:
        assert log.first_altered(session) is None
    database.close()


def test_a_link_for_nobody_is_refused_and_names_the_administrators(
    dedup: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    service = make_service(tmp_path)
    database = open_database(service)
    staff(database)
    with database.writing() as session:
        accounts.shut_out(session, session.scalars(select(Account).where(Account.name == "小李")).one())
    for name in ("小李", "没有这人"):
        done = dedup("serve", service.settings.corpus, "--lang", "en", "--new-password", name)
        assert done.returncode == 2
        assert name in done.stderr
        assert "主任" in done.stderr
        assert "/invitation/" not in done.stdout
    with database.reading() as session:
        assert log.last(session) == (0, "")
    database.close()
    (tmp_path / "别处").mkdir()
    done = dedup("serve", tmp_path / "别处", "--lang", "en", "--new-password", "admin")
    assert done.returncode == 2
    assert "no database yet" in done.stderr
    assert list((tmp_path / "别处").iterdir()) == []


def test_half_a_character_in_a_report_is_kept(office: Office) -> None:
    from dedup.checking import check
    from dedup.index import open_index
    from dedup.serve.checkers import documents_in

    settings = office.service.settings
    with open_index(settings.corpus, None, settings) as index:
        [document], _ = documents_in("稿子.txt", OWN.encode(), settings)
        report = check(replace(document, name="稿\ud800.txt"), index, settings)
    assert unpacked(packed(report)) == report
