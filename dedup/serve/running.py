"""Starting the service: the first administrator, the server, the copy of its database."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from sqlalchemy import select

from dedup.errors import UsageError
from dedup.messages import Words, say, system
from dedup.serve import accounts, log
from dedup.serve.app import application
from dedup.serve.database import Database, copy_of_sqlite, open_database
from dedup.serve.service import Service
from dedup.serve.tables import Account

FIRST = "admin"


def run(service: Service, tell: Callable[[str], None]) -> int:
    """Serve until the process is told to end. Raises UsageError where the port cannot be had."""
    listening = _listen(service)
    database = open_database(service)
    port = listening.getsockname()[1]
    scheme = "https" if service.https else "http"
    address = f"{scheme}://{service.host}:{port}"
    language = service.settings.language
    if (secret := first_invitation(database)) is not None:
        tell(say("serve.first", language, url=f"{address}/invitation/{secret}"))
    tell(say("serve.at", language, url=address))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    config = uvicorn.Config(
        application(service, database), access_log=False, server_header=False, log_config=None
    )
    uvicorn.Server(config).run(sockets=[listening])
    return 0


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
    if service.database and not service.database.startswith("sqlite"):
        raise UsageError("--backup", Words("serve.backup_other"))
    copy_of_sqlite(service.url, target)


def _listen(service: Service) -> socket.socket:
    family = socket.AF_INET6 if ":" in service.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((service.host, service.port))
        listening.listen(2048)  # whoever comes before the server is there waits
    except OSError as error:
        listening.close()
        raise UsageError(f"{service.host}:{service.port}", system(error)) from error
    return listening
