"""Long work: how far it is, what came of it."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from dedup.serve import jobs
from dedup.serve.access import Reading
from dedup.serve.problems import Problem
from dedup.serve.rest.events import looking, watched
from dedup.serve.rest.route import Overlooking, Record, routes
from dedup.serve.tables import Account, Job
from dedup.serve.words import why

router = routes("jobs")

_MOST = 100


class JobState(Record):
    """A job. `stage` and `percent` tell how far it is; a stage may begin anew at 0."""

    id: str
    kind: Literal["scan", "preview"]
    state: Literal["queued", "running", "done", "failed"]
    created: float
    stage: str
    percent: int
    result: dict[str, Any] | None
    """Of a scan the counts of what was found; of a preview, by level, how many drafts have it and would."""
    problem: str


def as_state(job: Job, request: Request) -> JobState:
    """A job as programs see it."""
    state = request.app.state
    doing = state.scans if job.kind == "scan" else state.previews
    stage, percent = doing.progress(job.id) or ("", 100 if job.ended else 0)
    return JobState(
        id=job.id,
        kind=job.kind,  # type: ignore[arg-type]
        state=job.state,  # type: ignore[arg-type]
        created=job.created,
        stage=stage,
        percent=percent,
        result=json.loads(job.result) if job.result else None,
        problem=why(job.problem, request),
    )


def _job_of(session: Session, identifier: str) -> Job:
    found = session.get(Job, identifier)
    if found is None:
        raise Problem(404, "nothing_here")
    return found


@router.get("/jobs")
def list_jobs(
    request: Request,
    caller: Overlooking,
    session: Reading,
    kind: Annotated[Literal["", "scan", "preview"], Query(description="Only jobs of that kind.")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _MOST,
) -> list[JobState]:
    """The jobs that wait, go on, or ended within the last week; the last one that was asked for first."""
    return [as_state(job, request) for job in jobs.newest(session, kind, limit)]


@router.get("/jobs/{identifier}")
def one_job(identifier: str, request: Request, caller: Overlooking, session: Reading) -> JobState:
    """How far a job is; jobs are forgotten a week after they ended."""
    return as_state(_job_of(session, identifier), request)


@router.get("/jobs/{identifier}/events", response_class=StreamingResponse)
async def watch_job(identifier: str, request: Request, caller: Overlooking) -> StreamingResponse:
    """How far a job is, as that changes (server-sent events); the stream ends with `done` or `failed`."""

    def find(session: Session, account: Account) -> JobState:
        return as_state(_job_of(session, identifier), request)

    return await watched(request, identifier, looking(request, caller, find))
