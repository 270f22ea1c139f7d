"""The pictures of the section on prediction: by epsilon, by school size, by position, and reliability."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from benchmarks.numbers.charts import Chart, Series, svg
from benchmarks.numbers.quality_figures import Report, budgets, looked, value

PERSONAL = "federated_personal"
POSITION_ENTRIES = (
    "bkt/local/none",
    "lr/local/none",
    f"lr/{PERSONAL}/none",
    f"dkt/{PERSONAL}/none",
    f"stack/{PERSONAL}/none",
)
RUNGS = ("lr", "dkt", "stack", "served")
LOCAL, SERVED = "lr/local/none", f"stack/{PERSONAL}/none"
RELIABLE = (LOCAL, SERVED, "stack/central/none")


def plots(log: str, reports: Sequence[Report]) -> dict[str, str]:
    """SVG by file name; a picture without a point is left out."""
    made: dict[str, Callable[[str, Sequence[Report]], Chart]] = {
        "epsilon": _by_epsilon,
        "school-size": _by_size,
        "position": _by_position,
        "reliability": _reliability,
    }
    stem = PurePath(log).name.split(".")[0]
    charts = {f"{stem}-{kind}.svg": draw(log, reports) for kind, draw in made.items()}
    return {file: svg(chart) for file, chart in charts.items() if any(one.points for one in chart.series)}


def words(file: str) -> str:
    """What a picture's alternative text says; the figures stand in the tables."""
    stem, _, kind = PurePath(file).stem.partition("-")
    what = {
        "epsilon": "mean AUC over schools by epsilon",
        "school-size": "gain over the school's own logistic model by training rows",
        "position": "AUC by position in the history",
        "reliability": "share right by prediction",
    }
    return f"{stem}: {what[kind]}; the same figures stand in the tables"


def span(first: int, last: int | None) -> str:
    """ "2-5", "201-"."""
    return f"{first}-{'' if last is None else last}"


def _by_epsilon(log: str, reports: Sequence[Report]) -> Chart:
    found, series = budgets(reports), []
    for rung in RUNGS if found else ():
        labels = ["local/none", *(f"{PERSONAL}/shares-{budget:g}" for budget in found), f"{PERSONAL}/none"]
        heights = [value(reports, f"{rung}/{label}", "auc", group="mean") for label in labels]
        series.append(Series(rung, tuple((float(x), y) for x, y in enumerate(heights) if y is not None)))
    names = ("alone", *(f"epsilon {budget:g}" for budget in found), "no privacy")
    return Chart(f"{log}: what privacy costs", "budget", "AUC, mean over schools", tuple(series), x_names=names)


def _by_size(log: str, reports: Sequence[Report]) -> Chart:
    """A point for each school: the gain over its own logistic model, mean over seeds."""
    rows = {one["school"]: one for report in reports for one in report["split"]["schools"]}
    by_kind = {}
    for new, name in ((False, "member"), (True, "new school")):
        gains = []
        for school, one in rows.items():
            own, shared = (auc_of(reports, entry, school) for entry in (LOCAL, SERVED))
            if one["new"] == new and one["training_rows"] and own and shared:
                gains.append((float(one["training_rows"]), shared - own))
        by_kind[name] = tuple(sorted(gains))
    series = tuple(Series(name, points) for name, points in by_kind.items() if points)
    title = f"{log}: federation without privacy, by school"
    return Chart(title, "training rows", "AUC gain over local", series, joined=False, logarithmic=True)


def auc_of(reports: Sequence[Report], entry: str, school: str) -> float | None:
    """Mean over the seeds of one school's AUC; None without any."""
    found = [r["auc"] for r in looked(reports, "schools", entry) if r["school"] == school and r["auc"] is not None]
    return sum(found) / len(found) if found else None


def _by_position(log: str, reports: Sequence[Report]) -> Chart:
    spans = list(dict.fromkeys((row["from"], row["to"]) for report in reports for row in report["positions"]))
    series = []
    for entry in POSITION_ENTRIES:
        points = []
        for x, (first, _) in enumerate(spans):
            same = [
                r["auc"]
                for r in looked(reports, "positions", entry)
                if r["from"] == first and r["auc"] is not None
            ]
            points += [(float(x), sum(same) / len(same))] if same else []
        series += [Series(entry.removesuffix("/none"), tuple(points))] if points else []
    names = tuple(span(first, last) for first, last in spans)
    return Chart(f"{log}: by position in the history", "attempt", "AUC, pooled", tuple(series), x_names=names)


def _reliability(log: str, reports: Sequence[Report]) -> Chart:
    found = {entry: bins_of(reports, entry) for entry in RELIABLE}
    series = tuple(Series(entry.removesuffix("/none"), tuple(bins)) for entry, bins in found.items() if bins)
    return Chart(f"{log}: reliability", "prediction", "share right", series, diagonal=True)


def bins_of(reports: Sequence[Report], entry: str) -> list[tuple[float, float]]:
    """(mean prediction, share right) of each filled bin, over all answers of all seeds."""
    found: dict[int, list[tuple[float, float, int]]] = {}
    for row in looked(reports, "reliability", entry):
        found.setdefault(row["bin"], []).append((row["predicted"], row["right"], row["n"]))
    points = []
    for _, same in sorted(found.items()):
        weight = sum(n for _, _, n in same)
        points.append((sum(p * n for p, _, n in same) / weight, sum(r * n for _, r, n in same) / weight))
    return points
