"""Starting the service: the first administrator, the server; copies of its database, made and put back."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import uvicorn
from sqlalchemy import select

from dedup.errors import UsageError
from dedup.locking import acquire
from dedup.messages import Words, say, system
from dedup.serve import accounts, log
from dedup.serve.app import application
from dedup.serve.database import Database, copy_of_sqlite, demand_there, open_database, put_back
from dedup.serve.logs import write_lines
from dedup.serve.service import Service, make_folder
from dedup.serve.tables import Account

FIRST = "admin"


def run(service: Service, tell: Callable[[str], None]) -> int:
    """Serve until the process is told to end.

    Raises UsageError where the port cannot be had, or another process serves the same folder.
    """
    with serving_alone(service):
        return _run(service, tell)


def _run(service: Service, tell: Callable[[str], None]) -> int:
    listening = listen(service)
    database = open_database(service)
    port = listening.getsockname()[1]
    address = _address(service, port)
    language = service.settings.language
    if (upgrade := database.upgrade) is not None:
        key = "serve.upgraded" if upgrade.copy is not None else "serve.upgraded_alone"
        tell(say(key, language, version=upgrade.version, path=upgrade.copy))
    if (secret := first_invitation(database)) is not None:
        tell(say("serve.first", language, url=_link(address, secret)))
    tell(say("serve.at", language, url=address))
    write_lines()
    config = uvicorn.Config(
        application(service, database), access_log=False, server_header=False, log_config=None
    )
    uvicorn.Server(config).run(sockets=[listening])
    return 0


def _address(service: Service, port: int) -> str:
    scheme = "https" if service.https else "http"
    return f"{scheme}://{service.host}:{port}"


def _link(address: str, secret: str) -> str:
    """The address of the page on which the secret of an invitation sets a password."""
    return f"{address}/invitation/{secret}"


def first_invitation(database: Database) -> str | None:
    """The secret with which the first administrator sets a password; None once somebody has one."""
    with database.writing() as session:
        everybody = list(session.scalars(select(Account)))
        if any(one.password for one in everybody):
            return None
        account = next((one for one in everybody if one.name == FIRST), None)
        if account is None:
            account = Account(name=FIRST, role="admin", created=accounts.now())
            session.add(account)
            session.flush()
            log.note(session, "", "account.made", FIRST)
        return accounts.invite(session, account)


def back_up(service: Service, target: Path) -> None:
    """Copy the database, which may be in use. Raises UsageError where that is not ours to copy."""
    _demand_sqlite(service, "--backup")
    copy_of_sqlite(service.url, target)


def restore(service: Service, source: Path) -> Path | None:
    """Put a copy in the database's place and give the copy that was made of it before, if there was one.

    Raises UsageError where the file is no copy of a database of ours, and while the service runs.
    """
    _demand_sqlite(service, "--restore")
    with serving_alone(service):
        return put_back(service, source)


def verify_log(service: Service) -> tuple[int, str]:
    """Go through the log of who did what; give how many lines it has, and the digest of the last one.

    Whoever keeps both finds later whether the end was cut off. Raises UsageError where a line was altered.
    """
    with closing(_as_it_is(service)) as database, database.reading() as session:
        if (number := log.first_altered(session)) is not None:
            url = database.engine.url.render_as_string()
            raise UsageError(url, Words("serve.log_altered", number=number))
        return log.last(session)


def invite_anew(service: Service, name: str) -> str:
    """Give the link with which an account sets a new password, once; the service may be running meanwhile.

    For who can no longer log in and has nobody to ask: the last administrator. Raises UsageError where no
    account of that name may log in.
    """
    with closing(_as_it_is(service)) as database, database.writing() as session:
        account = session.scalars(select(Account).where(Account.name == name, Account.active)).one_or_none()
        if account is None:
            administrators = select(Account.name).where(Account.role == "admin", Account.active)
            known = ", ".join(session.scalars(administrators.order_by(Account.name)))
            raise UsageError(name, Words("serve.no_account", administrators=known))
        secret = accounts.invite(session, account)
        log.note(session, "", "account.invite.command", name)
    return _link(_address(service, service.port), secret)


def _as_it_is(service: Service) -> Database:
    """Open a database that is there already, which an earlier version may be using: it is not changed."""
    demand_there(service.url)
    return open_database(service, upgrade=False)


def _demand_sqlite(service: Service, option: str) -> None:
    if service.database and not service.database.startswith("sqlite"):
        raise UsageError(option, Words("serve.backup_other"))


@contextmanager
def serving_alone(service: Service) -> Iterator[None]:
    """Hold the service's folder, so that no second process takes drafts from the same queue."""
    make_folder(service.folder)
    handle = os.open(service.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not acquire(handle, 0):
            raise UsageError(str(service.folder), Words("serve.running"))
        yield
    finally:
        os.close(handle)


def listen(service: Service) -> socket.socket:
    """Take the address of a service. Raises UsageError where it cannot be had."""
    family = socket.AF_INET6 if ":" in service.host else socket.AF_INET
    # Named as TCP, for then asyncio sends at once what it has: otherwise each answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((service.host, service.port))
        listening.listen(2048)  # whoever comes before the server is there waits
    except OSError as error:
        listening.close()
        raise UsageError(f"{service.host}:{service.port}", system(error)) from error
    return listening
