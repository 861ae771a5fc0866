"""The interface for programs, version 1: the same as the pages do, as JSON. Each module is a part of it."""

from fastapi import APIRouter

from dedup.serve.rest import accounts, checks, collection, jobs, keys, limits, review, scans, service

router = APIRouter()
for part in (checks, review, collection, scans, jobs, accounts, limits, keys, service):
    router.include_router(part.router)
