"""What the demo was asked to do, from the environment that `make demo` passes on; checked first of all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    port: the gate's; the school's pages take the next one. students: per simulated school, None for the
    demo's own sizes. rounds: the most of one campaign, None for its default.
    """

    schools: int
    students: int | None
    rounds: int | None
    data: Path | None
    serve: bool
    port: int
    folder: Path
    report: Path

    @property
    def pages_port(self) -> int:
        """Where the first school's pages are served."""
        return self.port + 1


@dataclass(frozen=True, slots=True)
class CampaignChoice:
    """The operator's choices for a campaign; the rest is `plan draft`'s own default (docs/decisions/0018).

    epsilon: of this campaign and the one before it. after: that one's name, "" for none.
    """

    name: str
    model: str
    rounds: int
    epsilon: float
    after: str = ""
    deadline_seconds: int = 120

    def arguments(self) -> tuple[str, ...]:
        """Of `homeroom-coordinator plan draft`."""
        return (
            *("--model", self.model, "--rounds", str(self.rounds), "--epsilon", str(self.epsilon)),
            *("--deadline-seconds", str(self.deadline_seconds)),
            *(("--after", self.after) if self.after else ()),
        )


LOGISTIC = CampaignChoice("first campaign", "logistic", rounds=10, epsilon=1.0)
NETWORK = CampaignChoice("second campaign", "dkt", rounds=20, epsilon=3.0, after=LOGISTIC.name)


def campaign_choices(settings: DemoSettings) -> tuple[CampaignChoice, CampaignChoice]:
    """The logistic campaign and the network's. Fewer rounds get a share of epsilon: schools cap a round's."""
    first, second = (_at_most(choice, settings.rounds) for choice in (LOGISTIC, NETWORK))
    return first, second


def _at_most(choice: CampaignChoice, rounds: int | None) -> CampaignChoice:
    if rounds is None or rounds >= choice.rounds:
        return choice
    return replace(choice, rounds=rounds, epsilon=choice.epsilon * rounds / choice.rounds)


def read_settings(environment: Mapping[str, str] = os.environ) -> DemoSettings:
    """SCHOOLS, STUDENTS, ROUNDS, DATA, SERVE, PORT, DEMO_FOLDER, DEMO_REPORT; FixSettings names a wrong one."""
    data = environment.get("DATA", "")
    if data and not Path(data).is_file():
        raise FixSettings(
            ErrorCode.FILE_MISSING, f"DATA={data}: there is no such file. Give the path of an answer log."
        )
    report = Path(environment.get("DEMO_REPORT", DEFAULT_REPORT)).resolve()
    if report.is_dir() or not report.parent.is_dir():
        # Now, since the report is written after everything else.
        raise FixSettings(ErrorCode.FILE_MISSING, f"DEMO_REPORT={report} isn't a file in a folder that exists.")
    return DemoSettings(
        schools=_number(environment, "SCHOOLS", default=DEFAULT_SCHOOLS, lowest=MIN_SCHOOLS, highest=MAX_SCHOOLS),
        students=_optional(environment, "STUDENTS", lowest=30, highest=5_000),
        rounds=_optional(environment, "ROUNDS", lowest=1, highest=200),
        data=Path(data).resolve() if data else None,
        serve=_switch(environment, "SERVE"),
        port=_number(environment, "PORT", default=DEFAULT_PORT, lowest=1024, highest=65_000),
        folder=Path(environment.get("DEMO_FOLDER", DEFAULT_FOLDER)).resolve(),
        report=report,
    )


def _number(environment: Mapping[str, str], name: str, *, default: int, lowest: int, highest: int) -> int:
    text = environment.get(name, "") or str(default)
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        raise FixSettings(
            ErrorCode.BAD_SETTINGS, f"{name}={text}: give a whole number from {lowest} to {highest}."
        )
    return int(text)


def _optional(environment: Mapping[str, str], name: str, *, lowest: int, highest: int) -> int | None:
    return (
        _number(environment, name, default=lowest, lowest=lowest, highest=highest)
        if environment.get(name)
        else None
    )


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "") or "1"
    if text not in {"0", "1"}:
        raise FixSettings(ErrorCode.BAD_SETTINGS, f"{name}={text}: give 1 or 0.")
    return text == "1"
