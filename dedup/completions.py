"""Install and remove the script for completion of commands in a user's shell.

A shell that looks for completions in a folder of the user's gets a file there. For others the script is put
between two marks into the file that the shell reads at its start; the rest of that file is left unchanged.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, cast, get_args

from dedup.errors import UsageError
from dedup.files import replacing
from dedup.messages import Words, system
from dedup.records import dataclass

Shell = Literal["bash", "zsh", "fish"]

_MARK = b"# Made by `dedup completion install`; `dedup completion remove` removes it.\n"
_BEGIN, _END = b"# >>> dedup completion >>>\n", b"# <<< dedup completion <<<\n"
_BLOCK = re.compile(rb"\n?" + re.escape(_BEGIN) + rb".*?" + re.escape(_END), re.DOTALL)
_BEFORE = {"zsh": b"(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"}
"""Lines that a script needs outside a folder of completions."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file in which a shell finds the script."""

    path: Path
    among_others: bool
    """True if the file holds other text too, which stays."""


def shell_of(environment: Mapping[str, str]) -> Shell:
    """The user's shell by the variable SHELL. Raises UsageError if it is not supported."""
    name = os.path.basename(environment.get("SHELL", ""))
    if name not in get_args(Shell):
        raise UsageError("SHELL", Words("completion.no_shell"))
    return cast(Shell, name)


def install(shell: Shell, script: str, environment: Mapping[str, str], home: Path) -> Path:
    """Install the script for a shell, replacing an earlier one; return its path.

    Raises UsageError if a foreign file is in the way, or if it cannot be written.
    """
    if not home.is_dir():
        raise UsageError(str(home), Words("completion.no_home"))
    place = _places(shell, environment, home)[0]
    remove(shell, environment, home)
    written = script.strip("\n").encode() + b"\n"
    with _told(place.path):
        place.path.parent.mkdir(parents=True, exist_ok=True)
        if not place.among_others:
            if os.path.lexists(place.path):
                raise UsageError(str(place.path), Words("completion.foreign"))
            _write(place.path, _MARK + written)
        else:
            before = place.path.read_bytes() if place.path.exists() else b""
            gap = b"" if before.endswith(b"\n") or not before else b"\n"
            block = _BEGIN + _MARK + _BEFORE.get(shell, b"") + written + _END
            _write(place.path, before + gap + (b"\n" if before else b"") + block)
    return place.path


def remove(shell: Shell, environment: Mapping[str, str], home: Path) -> list[Path]:
    """Remove all scripts that `install` wrote; return the files that held them. Raises UsageError."""
    found = []
    for place in _places(shell, environment, home):
        with _told(place.path):
            if not place.path.is_file():
                continue
            content = place.path.read_bytes()
            if not place.among_others:
                if content.startswith(_MARK):
                    place.path.unlink()
                    found.append(place.path)
                continue
            rest = _BLOCK.sub(b"", content)
            if _BEGIN in rest or _END in rest:
                raise UsageError(str(place.path), Words("completion.torn"))
            if rest != content:
                _write(place.path, rest)
                found.append(place.path)
    return found


def _places(shell: Shell, environment: Mapping[str, str], home: Path) -> list[Place]:
    """Possible places of the script; new ones go to the first."""
    if shell == "fish":
        configuration = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
        return [Place(configuration / "fish" / "completions" / "dedup.fish", among_others=False)]
    if shell == "zsh":  # no folder is searched by every installation
        return [Place(Path(environment.get("ZDOTDIR") or home) / ".zshrc", among_others=True)]
    own = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "bash-completion"
    folder = Path(environment.get("BASH_COMPLETION_USER_DIR") or own)
    places = [
        Place(folder / "completions" / "dedup", among_others=False),
        Place(home / ".bashrc", among_others=True),
    ]
    return places if _completes_from_folders(environment) else places[::-1]


def _completes_from_folders(environment: Mapping[str, str]) -> bool:
    """Tell whether the package bash-completion is installed, which looks into the user's folder."""
    shares = (environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return any(Path(share, "bash-completion", "bash_completion").is_file() for share in shares)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(str(path), system(error)) from error


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)
