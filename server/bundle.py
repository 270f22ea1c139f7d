"""The Flower bundle: settings without code, the same bytes from the same files, and the digest that plans name."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings, RetryLater
from server.flower_environment import flower_command, flower_environment

BUNDLE_SOURCE = Path(__file__).resolve().parents[1] / "deploy" / "flower"
_BUILD_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Bundle:
    """A built bundle. `digest` is the SHA-256 that a campaign plan holds and a school compares."""

    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """64 hexadecimal digits."""
        return sha256_hex(self.content)


def build_bundle(source: Path = BUNDLE_SOURCE) -> Bundle:
    """What `flwr run` sends for `source`, built by the same public command; takes one to two seconds.

    FixSettings if flwr refuses the folder's settings.
    """
    if not (source / "pyproject.toml").is_file():
        raise FixSettings(ErrorCode.FILE_MISSING, f"The Flower bundle's settings are missing from {source}.")
    with tempfile.TemporaryDirectory(prefix="homeroom-bundle-") as folder:
        app = Path(folder) / "homeroom"
        shutil.copytree(source, app, ignore=shutil.ignore_patterns("__pycache__"))
        _build(app, Path(folder))
        built = list(Path(folder).glob("*.fab"))
        if len(built) != 1:
            raise FixSettings(ErrorCode.FLOWER_FAILED, "Flower built no bundle.")
        return Bundle(built[0].read_bytes())


def _build(app: Path, folder: Path) -> None:
    try:
        done = subprocess.run(
            [*flower_command("flwr"), "build", "--app", str(app)],
            cwd=folder,
            env=flower_environment(folder / "flwr-home", dict(os.environ)),
            capture_output=True,
            text=True,
            timeout=_BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RetryLater(ErrorCode.FLOWER_FAILED, "Flower took too long to build the bundle.") from error
    if done.returncode != 0:
        raise FixSettings(ErrorCode.FLOWER_FAILED, f"Flower refuses the bundle: {done.stderr.strip()[-300:]}")
