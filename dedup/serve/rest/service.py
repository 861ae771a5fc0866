"""The service itself: whether it lives and is ready, its counts, and what its problems mean."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import PlainTextResponse
from sqlalchemy import text

from dedup.serve import state
from dedup.serve.access import Reading, anybody
from dedup.serve.problems import Problem, described
from dedup.serve.rest.route import Administering, Record, open_routes, routes
from dedup.serve.words import catalogue, language_of

router, secured = open_routes(), routes("service")


class Meaning(Record):
    """What a problem means, in both languages; facts stand in braces."""

    code: str
    zh: str
    en: str


@router.get("/api/v1/problems/{code}", dependencies=[Depends(anybody)], responses=described(404))
def problem(code: str) -> Meaning:
    """What the `code` of a problem means."""
    key = f"problem.{code}"
    if key not in catalogue("zh"):
        raise Problem(404, "nothing_here")
    return Meaning(code=code, zh=catalogue("zh")[key], en=catalogue("en")[key])


@secured.get("/state")
def service_state(request: Request, caller: Administering, session: Reading) -> state.State:
    """How the service is: index, queue, database, disks, the last scan."""
    return state.found(session, request.app.state, language_of(request))


@router.get("/health/live", dependencies=[Depends(anybody)])
def live() -> dict[str, str]:
    """Answers while the process does."""
    return {"status": "live"}


@router.get("/health/ready", dependencies=[Depends(anybody)])
def ready(request: Request, session: Reading) -> dict[str, str]:
    """Answers well once there is an index and while the database is there."""
    session.execute(text("SELECT 1"))
    if request.app.state.keeper.documents is None:
        raise Problem(503, "no_index", {"Retry-After": "5"})
    return {"status": "ready"}


@router.get("/metrics", dependencies=[Depends(anybody)], response_class=PlainTextResponse)
def metrics(request: Request, session: Reading) -> str:
    """Counts for Prometheus; nothing of any document, nobody's name."""
    lines = ["# HELP dedup_drafts Drafts that are kept, by state.", "# TYPE dedup_drafts gauge"]
    counted = state.drafts_by_state(session)
    lines += [f'dedup_drafts{{state="{name}"}} {count}' for name, count in counted.items()]
    documents = request.app.state.keeper.documents or 0
    lines += ["# HELP dedup_documents Documents of the index.", "# TYPE dedup_documents gauge"]
    lines += [f"dedup_documents {documents}", ""]
    return "\n".join(lines)
