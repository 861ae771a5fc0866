"""Read Outlook's `.msg` by python-oxmsg: subject, body, attachments."""

from __future__ import annotations

import io

from dedup.readers import is_registered
from dedup.readers.mail import composed
from dedup.readers.reading import Context, Member, Reading, damaged


def read(data: bytes, context: Context) -> Reading:
    """Read a message. Raises UnsupportedInput when it is damaged."""
    from oxmsg import Message

    try:
        message = Message.load(io.BytesIO(data))
        bodies = [message.body or _from_html(message.html_body, context)]
        created = message.sent_date.isoformat() if message.sent_date else ""
        members: list[Member] = []
        for attachment in message.attachments:
            name = attachment.file_name or ""
            content = attachment.file_bytes
            if not is_registered(name) or content is None:
                continue
            context.budget.unpack(len(content), context.name)
            members.append(context.member(content, name))
        subject = message.subject or ""
    except (OSError, KeyError, ValueError, IndexError, AttributeError, TypeError, AssertionError):
        raise damaged(context.name) from None
    bodies = [body.replace("\r\n", "\n") for body in bodies if body]
    return composed("msg", subject, bodies, members, context, created)


def _from_html(page: str | None, context: Context) -> str:
    if not page:
        return ""
    from dedup.readers.html import read_page

    return read_page(page, context, []).text
