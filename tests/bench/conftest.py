"""The browser of `tests/browser`, for what opening a page costs."""

from __future__ import annotations

from tests.browser.conftest import driver, open_html, show

__all__ = ["driver", "open_html", "show"]
