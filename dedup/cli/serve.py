"""`dedup serve`: the page and the REST interface for an office."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dedup.cli.deciding import place_of_decisions
from dedup.cli.language import Command
from dedup.cli.opening import open_to_compare
from dedup.cli.options import Place, Session, refresh_option, with_session
from dedup.cli.output import print_result
from dedup.errors import UsageError
from dedup.messages import Words, say


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", metavar="HOST")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, metavar="PORT")
@click.option("--database", default="", metavar="URL")
@click.option("--https", is_flag=True)
@refresh_option
@click.option("--backup", type=Place(path_type=Path), metavar="FILE")
@click.option("--restore", type=Place(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@click.option("--verify-log", is_flag=True)
@click.option("--new-password", metavar="NAME")
@with_session("corpus", "index", "language", corpus_as_argument=True)
def serve(
    session: Session,
    backup: Path | None,
    restore: Path | None,
    verify_log: bool,
    new_password: str | None,
    refresh: bool,
    **place: Any,
) -> int:
    """Serve the page and the interface for an office."""
    from dedup.decisions.file import read_decisions

    try:
        from dedup.serve.running import back_up, invite_anew, run
        from dedup.serve.running import restore as put_back
        from dedup.serve.running import verify_log as whole_log
        from dedup.serve.service import Service, service_folder
    except ImportError as error:
        raise UsageError("serve", Words("serve.missing", package=str(error.name))) from error
    settings = session.settings
    if backup is None and new_password is None and not verify_log:  # those work while the index is in use
        open_to_compare(session, refresh).close()
    folder = service_folder(settings)
    # Drafts that are sent in lie in no folder.
    settings = replace(settings, overrides=())
    days = settings.retention.drafts
    decisions = place_of_decisions(settings)
    read_decisions(decisions, needed=settings.decisions is not None)  # report its faults now
    service = Service(settings, folder, **place, refresh=refresh, retention_days=days, decisions=decisions)
    if verify_log:
        lines, digest = whole_log(service)
        session.console.note(say("serve.log_whole", settings.language, count=lines, digest=digest))
        return 0
    if new_password is not None:
        url = invite_anew(service, new_password)
        session.console.note(say("serve.new_password", settings.language, name=new_password))
        print_result(f"{url}\n")
        return 0
    if backup is not None:
        back_up(service, backup)
        session.console.note(say("serve.backed_up", settings.language, path=backup))
        return 0
    if restore is not None:
        before = put_back(service, restore)
        session.console.note(say("serve.restored", settings.language, path=restore))
        if before is not None:
            session.console.note(say("serve.before", settings.language, path=before))
        return 0
    return run(service, session.console.note)
