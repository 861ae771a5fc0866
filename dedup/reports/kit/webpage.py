"""Write one HTML file that contains its style, scripts and data, and fetches nothing.

Python writes the frame and the data, the scripts in `assets/` show them. The text of a document is never
markup: it travels as JSON in which no `<` is left, and becomes text nodes. The content security policy
admits the one style sheet and the one script by their hashes, and nothing else.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from dedup.messages import catalogue, say
from dedup.reports.kit.columns import visible
from dedup.reports.kit.comparison import Change, stretches

if TYPE_CHECKING:
    from dedup.settings import Language

_ASSETS = Path(__file__).with_name("assets")
_CHANGES = {change: number for number, change in enumerate(get_args(Change))}


def web_page(
    title: str,
    body: str,
    data: Mapping[str, Any],
    words: tuple[str, ...],
    assets: Sequence[str],
    language: Language,
) -> str:
    """A page with this body (markup) and title (text), whose scripts work on `data`.

    `words` are prefixes of the keys of messages that the scripts use; `assets` are names in `assets/`: style
    sheets after `report.css`, and scripts, in order.
    """
    tag = language_tag(language)
    said = {key: text for key, text in catalogue(language).items() if key.startswith(words)}
    content = json.dumps({"language": tag, "words": said, **data}, ensure_ascii=False, separators=(",", ":"))
    # JSON may write any character as an escape, and without "<" no tag can begin or end.
    harmless = content.replace("<", "\\u003c")
    style = "\n".join(_asset(name) for name in ("report.css", *assets) if name.endswith(".css"))
    script = "\n".join(_asset(name) for name in assets if name.endswith(".js"))
    return filled(
        "frame.html",
        language,
        tag=tag,
        policy=_policy(style, script),
        title=shown(title),
        style=style,
        body=body,
        data=harmless,
        script=script,
    )


def filled(asset: str, language: Language, **markup: object) -> str:
    """An asset with each `{{piece}}` replaced by the markup given for it, else by the message of that key."""

    def piece(match: re.Match[str]) -> str:
        return str(markup[match[1]]) if match[1] in markup else word(match[1], language)

    return re.sub(r"\{\{([\w.]+)\}\}", piece, _asset(asset))


def shown(text: str) -> str:
    """A document's text as markup: tags are escaped, control characters made visible."""
    return escape(visible(text))


def word(key: str, language: Language, **facts: object) -> str:
    """A message as markup."""
    return escape(say(key, language, **facts))


def language_tag(language: Language) -> str:
    """The BCP 47 tag of a page in `language`."""
    return "zh-CN" if language == "zh" else language


def differences(left: str, right: str) -> list[int]:
    """Differences of two texts for the scripts: for each stretch its number in `Change` and both lengths."""
    return [
        number
        for one in stretches(left, right)
        for number in (_CHANGES[one.change], len(one.left), len(one.right))
    ]


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    def digest(text: str) -> str:
        return b64encode(sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; script-src 'sha256-{digest(script)}'; style-src 'sha256-{digest(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
