"""What the demo was asked to do, from the environment that `make demo` passes on; checked first of all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.errors import ErrorCode, FixSettings

DEFAULT_SCHOOLS, MIN_SCHOOLS, MAX_SCHOOLS = 5, 3, 20
DEFAULT_PORT = 8700
DEFAULT_FOLDER = "demo-data"
DEFAULT_REPORT = "demo-report.json"


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """One run of the demo.

    data: a real answer log, or None for simulated students. serve: keep serving after the report.
    port: the gate's port; the next two are the SuperLink's and the school pages'.
    """

    schools: int
    data: Path | None
    serve: bool
    port: int
    folder: Path
    report: Path


def read_settings(environment: Mapping[str, str] = os.environ) -> DemoSettings:
    """SCHOOLS, DATA, SERVE, PORT, DEMO_FOLDER, DEMO_REPORT; FixSettings names the one that is wrong."""
    data = environment.get("DATA", "")
    if data and not Path(data).is_file():
        raise FixSettings(
            ErrorCode.FILE_MISSING, f"DATA={data}: there is no such file. Give the path of an answer log."
        )
    return DemoSettings(
        schools=_number(environment, "SCHOOLS", default=DEFAULT_SCHOOLS, lowest=MIN_SCHOOLS, highest=MAX_SCHOOLS),
        data=Path(data).resolve() if data else None,
        serve=_switch(environment, "SERVE"),
        port=_number(environment, "PORT", default=DEFAULT_PORT, lowest=1024, highest=65_000),
        folder=Path(environment.get("DEMO_FOLDER", DEFAULT_FOLDER)).resolve(),
        report=Path(environment.get("DEMO_REPORT", DEFAULT_REPORT)).resolve(),
    )


def _number(environment: Mapping[str, str], name: str, *, default: int, lowest: int, highest: int) -> int:
    text = environment.get(name, "") or str(default)
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        raise FixSettings(
            ErrorCode.BAD_SETTINGS, f"{name}={text}: give a whole number from {lowest} to {highest}."
        )
    return int(text)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "") or "1"
    if text not in {"0", "1"}:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{name}={text}: give 1 or 0.")
    return text == "1"
