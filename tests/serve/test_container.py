"""The container: what its file says; the service in it without root, network, or much that it can write.

The image is made of Debian's packages and of wheels, and needs no registry. Needs podman, mmdebstrap and a
few minutes; where this machine lets no container run, the test is skipped and says what podman said.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from tests.serve.conftest import COPY, MODEL, PASSWORD

DEBIAN = {(3, 11): "bookworm", (3, 13): "trixie"}
"""Releases by their Python, for which the wheels must be."""
VISIT = Path(__file__).with_name("visit.py")


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
    assert f"'.[{extras}]'" in written, "its head says how to make the wheels"


class Podman:
    """Podman with images and containers of its own, which are gone afterwards."""

    def __init__(self, folder: Path) -> None:
        store = ("--storage-driver", "vfs", "--root", str(folder / "store"), "--runroot", str(folder / "run"))
        self._command: tuple[str, ...] = ("podman", *store)

    def __call__(self, *arguments: str | Path, given: bytes = b"") -> str:
        """Run podman; give all that it says. Raises CalledProcessError."""
        done = self.tried(*arguments, given=given)
        done.check_returncode()
        return done.stdout.decode("utf-8", "replace")

    def tried(self, *arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run podman, perhaps in vain."""
        command = [*self._command, *map(str, arguments)]
        together = subprocess.STDOUT
        return subprocess.run(
            command, input=given, check=False, stdout=subprocess.PIPE, stderr=together, timeout=900
        )

    def started(self, image: str, *arguments: str) -> tuple[str, ...]:
        """The arguments that run an image without a network and with a root that is only read."""
        inert = ("--read-only", "--tmpfs", "/tmp", "--network", "none")
        # By itself podman asks for limits above those of its own process, which not every machine grants.
        limits = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096")
        return ("run", *inert, *limits, *arguments, image)

    def choose_runtime(self) -> None:
        """Take the first runtime under which a container runs at all; skips the test where none does."""
        told = ""
        for runtime in ((), ("--runtime", "crun"), ("--runtime", "runc")):
            command = self._command
            self._command = (*command, *runtime)
            done = self.tried(*self.started("base", "--rm"), "true")
            if done.returncode == 0:
                return
            self._command, told = command, done.stdout.decode("utf-8", "replace")
        pytest.skip(f"podman runs no container on this machine: {told.strip()}")


@pytest.fixture
def podman() -> Iterator[Podman]:
    for program in ("podman", "mmdebstrap"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program}: apt-get install podman buildah crun mmdebstrap")
    if sys.version_info[:2] not in DEBIAN:
        pytest.skip("no release of Debian has this Python")
    folder = Path(tempfile.mkdtemp(prefix="dedup-"))  # podman wants a short path
    podman = Podman(folder)
    yield podman
    podman.tried("rm", "--all", "--force", "--time", "0")
    podman.tried("rmi", "--all", "--force")
    shutil.rmtree(folder, ignore_errors=True)


def _made(podman: Podman, repository: Path, folder: Path) -> None:
    """Make the image as the head of its file says, where no registry can be reached."""
    release, base = DEBIAN[sys.version_info[0], sys.version_info[1]], folder / "base.tar"
    packages = "--include=python3,python3-venv"
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", packages, release, base], check=True)
    podman("import", base, "base")
    base.unlink()
    podman.choose_runtime()
    source = folder / "source"  # a build writes into its folder
    for name in ("pyproject.toml", "README.md"):
        source.mkdir(exist_ok=True)
        shutil.copy(repository / name, source)
    shutil.copytree(repository / "dedup", source / "dedup", ignore=shutil.ignore_patterns("__pycache__"))
    written = (repository / ".ci" / "Containerfile").read_text(encoding="utf-8")
    [extras] = re.findall(r"\$wheel(\[[\w,]+\])", written)
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(source / "dist")]
    subprocess.run([*wheel, f"{source}{extras}"], check=True)
    given = ("--build-arg", "BASE=localhost/base", "--build-arg", "PIP_NO_INDEX=yes")
    options = ("--isolation", "chroot", "--layers=false", "--format", "docker")
    podman("build", *options, *given, "-f", repository / ".ci" / "Containerfile", "-t", "dedup", source)


def _start(podman: Podman, corpus: Path) -> None:
    """Start the service and wait until it is ready, as the image tells whether it is."""
    volumes = ("-v", f"{corpus}:/corpus:ro", "-v", "kept:/data")
    podman(*podman.started("dedup", "--detach", "--name", "served", *volumes))
    deadline, pause = monotonic() + 120, Event()
    while podman.tried("healthcheck", "run", "served").returncode:
        assert monotonic() < deadline, podman("logs", "served")
        pause.wait(0.5)


@pytest.mark.slow
def test_the_service_runs_in_its_container(podman: Podman, repository: Path, tmp_path: Path) -> None:
    _made(podman, repository, tmp_path)
    corpus = tmp_path / "范文"
    corpus.mkdir()
    (corpus / "供水.txt").write_text(MODEL, encoding="utf-8")
    for folder in (corpus, *corpus.iterdir()):
        folder.chmod(0o755)

    _start(podman, corpus)
    [link] = re.findall(r"/invitation/[\w-]+", podman("logs", "served"))
    assert podman("exec", "served", "id", "-u").strip() == "10001"
    assert podman.tried("exec", "served", "touch", "/opt/dedup/x").returncode
    assert podman.tried("exec", "served", "touch", "/corpus/x").returncode
    interfaces = podman("exec", "served", "cat", "/proc/net/dev")
    assert re.findall(r"^\s*(\w+):", interfaces, re.M) == ["lo"], "it has no network"
    told = podman(
        "exec", "-i", "served", "python3", "-", "first", link, PASSWORD, COPY, given=VISIT.read_bytes()
    )
    assert "block" in told

    podman("rm", "--force", "--time", "10", "served")
    _start(podman, corpus)
    assert "/invitation/" not in podman("logs", "served"), "its accounts are kept"
    told = podman("exec", "-i", "served", "python3", "-", "again", PASSWORD, given=VISIT.read_bytes())
    assert "block" in told, "and its drafts"
