"""Style sheets and scripts, and the viewer of the interface's description: all from this host."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse

from dedup.serve.access import anybody
from dedup.serve.pages.page import POLICY, page
from dedup.serve.problems import Problem

router = APIRouter()

_HERE = Path(__file__).parent.parent
_REPORT_ASSETS = _HERE.parent / "reports" / "kit" / "assets"
_STATIC = {
    "report.css": (_REPORT_ASSETS / "report.css", "text/css; charset=utf-8"),
    "batch.css": (_REPORT_ASSETS / "batch.css", "text/css; charset=utf-8"),
    "serve.css": (_HERE / "static" / "serve.css", "text/css; charset=utf-8"),
    "docs.js": (_HERE / "static" / "docs.js", "text/javascript; charset=utf-8"),
    "serve.js": (_HERE / "static" / "serve.js", "text/javascript; charset=utf-8"),
}
_SWAGGER = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}


@router.get("/api/docs", dependencies=[Depends(anybody)])
def docs(request: Request) -> HTMLResponse:
    """The description of the interface, to be read and tried."""
    response = page(request, "docs.html")
    # The viewer sets styles on its elements and draws its signs as data.
    styles = "style-src 'self' 'unsafe-inline'"
    response.headers["Content-Security-Policy"] = POLICY.replace("style-src 'self'", styles)
    return response


def _swagger_folder() -> Path:
    from swagger_ui_bundle import swagger_ui_path

    return Path(swagger_ui_path)


@router.get("/static/{name}", dependencies=[Depends(anybody)])
def static(name: str) -> FileResponse:
    """A style sheet or a script of the pages."""
    if name in _SWAGGER:
        path, kind = _swagger_folder() / name, _SWAGGER[name]
    elif name in _STATIC:
        path, kind = _STATIC[name]
    else:
        raise Problem(404, "nothing_here")
    return FileResponse(path, media_type=kind, headers={"Cache-Control": "public, max-age=3600"})
