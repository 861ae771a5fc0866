"""`dedup init`: a commented configuration and a first index for a folder of model texts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from dedup.cli.language import Command
from dedup.cli.opening import update_for
from dedup.cli.options import Session, with_session
from dedup.configuration import FILE, PROJECT
from dedup.errors import UsageError
from dedup.messages import Words, say, system

_FILE = Path(FILE)


@click.command(cls=Command)
@with_session("corpus", "index", "language", corpus_as_argument=True)
def init(session: Session) -> None:
    """Write the configuration of the working folder, which holds none yet, and index the corpus."""
    from dedup.index.corpus import no_folder

    settings, language = session.settings, session.settings.language
    for name in (_FILE, Path(PROJECT)):
        if os.path.lexists(name) and (name == _FILE or b"tool.dedup" in name.read_bytes()):
            raise UsageError(str(name), Words("init.there"))
    if not settings.corpus.is_dir():
        raise no_folder(str(settings.corpus))
    changes = update_for(session)
    corpus = json.dumps(str(settings.corpus), ensure_ascii=False)  # a TOML string, but for lone surrogates
    try:
        with _FILE.open("x", encoding="utf-8") as file:
            file.write(say("init.configuration", language, corpus=corpus))
    except (OSError, UnicodeEncodeError) as error:
        problem = system(error) if isinstance(error, OSError) else Words("corpus.name")
        raise UsageError(str(_FILE), problem) from error
    facts = {"file": _FILE, "corpus": settings.corpus, "files": changes.added + changes.unchanged}
    session.console.note(say("init.done", language, **facts))
