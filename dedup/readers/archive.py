"""Read archives: each document inside is a member, read by its own reader.

A zip file of a Chinese Windows names its entries in GBK without saying so. RAR and 7-Zip archives are
unpacked by `bsdtar`, one entry at a time to a pipe: no entry is written, so no name can lead anywhere.
"""

from __future__ import annotations

import zipfile

from dedup.document import Remark
from dedup.errors import UnreadableInput, UnsupportedInput
from dedup.messages import Words, unpacked
from dedup.readers import is_registered
from dedup.readers.package import Package
from dedup.readers.programs import ProgramFailed, put_down, run
from dedup.readers.reading import Composer, Context, Member, Reading, damaged, encrypted

_UTF_8_NAMES = 0x800
_OTHERS_NAMES = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def read(data: bytes, context: Context) -> Reading:
    """Read an archive: every document in it. Raises UnsupportedInput when it cannot be opened."""
    if data.startswith(b"PK"):
        return joined("zip", _zip_members(data, context), context)
    name = "rar" if data.startswith(b"Rar!") else "7z"
    return joined(name, _members_by_program(data, context), context)


def joined(
    format_name: str, members: list[Member], context: Context, remarks: tuple[Remark, ...] = ()
) -> Reading:
    """One text of all members, each under its name; remarks name those that were left out."""
    if not any(member.reading for member in members):
        raise _nothing_read(members, context)
    composer = Composer(context)
    told = list(remarks)
    for member in members:
        composer.place("member", member.name)
        composer.paragraph(member.name)
        if member.reading is None:
            told.append(Remark("skipped-member", 1, f"{member.name}: {member.reason}"))
            continue
        composer.add(member.reading)
        told.extend(one for one in member.reading.remarks if one.code != "hidden-text")
    return composer.reading(format_name, told, members=tuple(members))


def _nothing_read(members: list[Member], context: Context) -> UnsupportedInput:
    """The error for an archive without readable documents, with the reason of the first if it has any."""
    for member in members:
        if is_registered(member.name):
            return UnsupportedInput(context.name, unpacked(member.reason))
    return UnsupportedInput(context.name, Words("reading.no-documents"))


def _zip_members(data: bytes, context: Context) -> list[Member]:
    package = Package(data, context)
    members = []
    for entry in package.entries:
        name = _name(entry)
        if not name or name.endswith("/") or name.startswith(_OTHERS_NAMES) or name.endswith(_OTHERS_NAMES):
            continue
        if not is_registered(name):
            members.append(Member(name, None, _no_reader(name)))
            continue
        try:
            content = package.unpacked(entry)
        except UnreadableInput as error:
            members.append(Member(name, None, error.reason))
            continue
        members.append(context.member(content, name))
    return members


def _no_reader(name: str) -> str:
    return UnsupportedInput(name, Words("reading.member.other")).reason


def _name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF_8_NAMES:
        return entry.filename
    try:
        written = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _members_by_program(data: bytes, context: Context) -> list[Member]:
    with put_down(data, ".archive") as path:  # 7-Zip archives are read from their end
        return _listed_members(path, context)


def _listed_members(path: str, context: Context) -> list[Member]:
    try:
        listing = run(["bsdtar", "-tf", path], context).decode("utf-8", "surrogateescape")
    except ProgramFailed as failure:
        raise _not_opened(failure, context) from None
    names = [name for name in listing.split("\n") if name and not name.endswith("/")]
    context.budget.enter(len(names), context.name)
    members = []
    for name in names:
        shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if not is_registered(shown):
            members.append(Member(shown, None, _no_reader(shown)))
            continue
        try:
            content = run(["bsdtar", "-xOf", path, "--", _literally(name)], context)
        except ProgramFailed as failure:
            members.append(Member(shown, None, _not_opened(failure, context).reason))
            continue
        context.budget.unpack(len(content), context.name)
        members.append(context.member(content, shown))
    return members


def _literally(name: str) -> bytes:
    """The pattern that matches only this name, in UTF-8 whatever the encoding of names on this machine."""
    pattern = "".join("\\" + character if character in "*?[]\\" else character for character in name)
    return pattern.encode("utf-8", "surrogateescape")


def _not_opened(failure: ProgramFailed, context: Context) -> UnsupportedInput:
    if "ncrypt" in failure.said or "assphrase" in failure.said:
        return encrypted(context.name)
    return damaged(context.name)
