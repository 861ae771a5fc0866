"""The pages: what a person sees and sends. `page` fills them in, each other module is a part of the menu."""

from fastapi import APIRouter

from dedup.serve.pages import admin, assets, collection, document, drafts, entry, limits, review, scan, tokens

router = APIRouter()
for part in (assets, entry, drafts, review, collection, document, scan, tokens, admin, limits):
    router.include_router(part.router)
