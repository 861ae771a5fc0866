"""The interface for programs, version 1: all that the pages do, as JSON; each module is a part."""

from fastapi import APIRouter

from dedup.serve.rest import accounts, batches, checks, collection, jobs, keys, limits, review, scans, service

router = APIRouter()
for part in (checks, batches, review, collection, scans, jobs, accounts, limits, keys, service):
    router.include_router(part.router)
router.include_router(service.secured)
