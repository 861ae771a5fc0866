"""Makes the picture of README.md: the page that the quick start's check gives, as a browser shows it.

    .venv/bin/pip install pillow && .venv/bin/python tests/browser/picture.py

Needs Debian's chromium and fonts-noto-cjk. Pillow reduces the colours, so that the picture stays small.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).parents[2]
PICTURE = REPOSITORY / "dedup" / "guide" / "report.png"
WIDTH, HEIGHT = 1000, 1056
COLOURS = 32


def main() -> None:
    """Check the sample, open the report, write the picture."""
    from PIL import Image

    with TemporaryDirectory() as folder:
        page, shot = Path(folder, "report.html"), Path(folder, "report.png")
        arguments = [
            "check",
            "tests/samples/submission.txt",
            "--corpus",
            "corpus",
            "--index",
            f"{folder}/index",
        ]
        options = ["--format", "html", "--output", str(page), "--quiet"]
        subprocess.run([sys.executable, "-m", "dedup", *arguments, *options], cwd=REPOSITORY, check=False)
        flags = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"]
        size = f"--window-size={WIDTH},{HEIGHT}"
        subprocess.run(["chromium", *flags, size, f"--screenshot={shot}", page.as_uri()], check=True)
        with Image.open(shot) as picture:
            reduced = picture.convert("RGB").quantize(COLOURS)
            reduced.save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
