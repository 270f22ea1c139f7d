"""Means over the quality reports of one log: by entry and group, over split seeds."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Report = Mapping[str, Any]
GROUPS = ("pooled", "mean", "small", "worst_tenth", "new", "new_mean")


def by_log(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """Reports by the name of their data, in the order of their seeds."""
    found: dict[str, list[Report]] = {}
    for report in sorted(reports, key=lambda one: (one["data"]["name"], one["seed"])):
        found.setdefault(report["data"]["name"], []).append(report)
    return found


def budgets(reports: Iterable[Report]) -> list[float]:
    """The budgets that occur, rising."""
    return sorted({row["budget"] for report in reports for row in report["results"] if row["budget"] is not None})


def entries(reports: Sequence[Report], budget: float | None) -> list[str]:
    """Names of the results at a budget, None for those without privacy, in the order of the reports."""
    rows = (row for report in reports for row in report["results"])
    return list(dict.fromkeys(row["entry"] for row in rows if row["budget"] == budget))


def value(reports: Sequence[Report], entry: str, metric: str, *, group: str) -> float | None:
    """Mean over the runs that have it."""
    found = [
        row[metric][group]
        for report in reports
        for row in report["results"]
        if row["entry"] == entry and row[metric][group] is not None
    ]
    return statistics.fmean(found) if found else None


def looked(reports: Sequence[Report], look: str, entry: str) -> list[Mapping[str, Any]]:
    """All rows of one look (`positions`, `reliability`, `schools`, `conformal`) at one entry."""
    return [row for report in reports for row in report[look] if row["entry"] == entry]


def shown(number: float | None, places: int = 4) -> str:
    """As the tables write it: .7812; a dash for what isn't there."""
    if number is None:
        return "-"
    return f"{number:.{places}f}".replace("0.", ".", 1) if -1 < number < 1 else f"{number:.{places}f}"


def signed(number: float, places: int = 4) -> str:
    """With its sign: +.0123."""
    return ("+" if number >= 0 else "") + shown(number, places)
