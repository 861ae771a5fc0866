"""The file that describes the container: not root, its own data folder, extras that there are.

It is built by hand (`.ci/Containerfile` says how), which takes minutes and a network.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path


def test_the_container_is_not_root_and_installs_extras_that_there_are(repository: Path) -> None:
    written = (repository / ".ci" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in written.splitlines() if line and not line.startswith("#")]
    names = {name for name, _ in lines}
    assert names <= {
        *("ARG", "FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR"),
        *("VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
    }
    last = dict(lines)
    assert int(last["USER"]) > 0
    assert '"serve"' in last["CMD"]
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [extras] = re.findall(r"\$wheel\[([\w,]+)\]", written)
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
