"""The section on prediction: one part per log, with tables first and pictures of the same figures beside them."""

from collections.abc import Sequence
from typing import Any

from benchmarks.numbers import quality_plots as plots
from benchmarks.numbers.page import Section, markdown_table, origin
from benchmarks.numbers.quality_figures import (
    GROUPS,
    Report,
    budgets,
    by_log,
    entries,
    looked,
    shown,
    signed,
    value,
)

HEAD = ("rung", "regime", "pooled", "mean", "small", "worst tenth", "new", "new, mean", "log loss", "ECE")


def sections(reports: Sequence[Report]) -> list[Section]:
    """What the quality reports say: how to read it, then a section for each log, which its own runs replace."""
    found = [Section("quality", f"## Prediction\n\n{_intro()}")]
    for name, of_log in by_log(reports).items():
        drawn = plots.plots(name, of_log)
        found.append(Section(f"quality of {name}", _log(name, of_log, list(drawn)), drawn))
    return found


def _intro() -> str:
    return (
        "AUC of attempts from the second of a history, of students that no fit saw. *Pooled*: all members' test "
        "students together; *mean*: over members with 5 of them or more; *small*: those with under 1,500 rows "
        "to train on; *new*: schools outside the federation. Means over the seeds. Log loss and ECE are pooled. "
        "*noise*: `central`, as one draw for all would add; `shares`, as schools add it at the default dial. "
        "`federated_personal` is the shared model with a school's own stages. `lr` spends its budget alone, and "
        "schools distil `dkt_free` from it at no cost: under privacy `stack` joins these two. The other way, "
        "`lr_first` and then `dkt` on top of it, shares the budget; `stack_trained` joins those (`stack`, where a "
        "run has no `dkt_free`). `served`: the stack where a school's gate lets it take over, else the logistic "
        "model."
    )


def _log(name: str, reports: Sequence[Report], pictures: Sequence[str]) -> str:
    data, split = reports[0]["data"], reports[0]["split"]
    blocks = [
        f"### {name}",
        f"{data['rows']:,} attempts, {data['students']:,} students; {split['counts']['members']} schools "
        f"together, {len(split['new_schools'])} new; seeds {_seeds(reports)}. {origin(reports)}",
        "Without privacy:",
        _results(reports, None),
    ]
    for budget in budgets(reports):
        rows = (row for report in reports for row in report["results"] if row["budget"] == budget)
        most = max(row["epsilon_spent"] for row in rows)
        blocks += [f"At epsilon {budget:g} (spent: at most {most:.3f}):", _results(reports, budget)]
    blocks += [_kept(reports)] if any(report["gain_kept"] for report in reports) else []
    blocks += [_paired(reports)] if any(report["paired"] for report in reports) else []
    blocks += [_conformal(reports), _positions(reports), _schools(reports)]
    blocks += [_reliability(reports), _leakage(reports)]
    blocks += [f"![{plots.words(file)}](plots/{file})" for file in pictures]
    return "\n\n".join(blocks)


def _results(reports: Sequence[Report], budget: float | None) -> str:
    rows = []
    for entry in entries(reports, budget):
        model, regime, noise = entry.split("/")
        aucs = [shown(value(reports, entry, "auc", group=group)) for group in GROUPS]
        loss = shown(value(reports, entry, "log_loss", group="pooled"), 3)
        error = shown(value(reports, entry, "ece", group="pooled"), 3)
        rows.append((model, regime if budget is None else f"{regime}, {noise}", *aucs, loss, error))
    return markdown_table(HEAD, rows)


def _kept(reports: Sequence[Report]) -> str:
    """Means of gains first, then their ratio: a ratio of a small gain would swing."""
    found: dict[tuple[str, str, str], list[Any]] = {}
    for row in (row for report in reports for row in report["gain_kept"]):
        found.setdefault((row["model"], row["label"], row["group"]), []).append(row)
    rows = []
    for (model, label, group), same in found.items():
        free, noisy = (sum(row[key] for row in same) / len(same) for key in ("without_privacy", "with_privacy"))
        share = f"{noisy / free:.0%}" if free > 0 else "-"
        rows.append((model, label, group.replace("_", ", "), signed(free), signed(noisy), share))
    head = ("rung", "noise-epsilon", "group", "gain without privacy", "gain with", "kept")
    return "Gain of federation over the tuned local logistic model:\n\n" + markdown_table(head, rows)


def _paired(reports: Sequence[Report]) -> str:
    """The mean difference, and the widest reach of the seeds' own intervals."""
    found: dict[tuple[str, str, str], list[Any]] = {}
    for row in (row for report in reports for row in report["paired"]):
        found.setdefault((row["better"], row["than"], row["group"]), []).append(row)
    rows = []
    for (better, than, group), same in found.items():
        mean = sum(row["difference"] for row in same) / len(same)
        ends = f"{signed(min(r['low'] for r in same), 3)} to {signed(max(r['high'] for r in same), 3)}"
        rows.append((better, than, group.replace("_", ", "), signed(mean), ends))
    head = ("better?", "than", "group", "difference of AUC", "reach of the seeds' 95 % intervals")
    return "Paired differences, students drawn again inside each school:\n\n" + markdown_table(head, rows)


def _conformal(reports: Sequence[Report]) -> str:
    names = dict.fromkeys(row["entry"] for report in reports for row in report["conformal"])
    rows = []
    for name in names:
        same = looked(reports, "conformal", name)
        means = [sum(row[key] for row in same) / len(same) for key in ("coverage", "decided", "accuracy_decided")]
        rows.append((name, *(shown(mean, 3) for mean in means)))
    head = ("rung/regime/noise", "coverage of 90 % sets", "decided", "right among decided")
    return "What is said only when it is sure:\n\n" + markdown_table(head, rows)


def _positions(reports: Sequence[Report]) -> str:
    rows, columns = [], plots.POSITION_ENTRIES
    spans = dict.fromkeys((row["from"], row["to"]) for report in reports for row in report["positions"])
    for first, last in spans:
        cells = []
        for entry in columns:
            same = [r for r in looked(reports, "positions", entry) if r["from"] == first and r["auc"] is not None]
            cells.append(shown(sum(r["auc"] for r in same) / len(same)) if same else "-")
        rows.append((plots.span(first, last), *cells))
    return "AUC by position in the history:\n\n" + markdown_table(("attempt", *columns), rows)


def _schools(reports: Sequence[Report]) -> str:
    """By training rows, largest first; AUCs are means over the seeds."""
    columns = [plots.LOCAL, plots.SERVED]
    columns += [f"stack/{plots.PERSONAL}/shares-{budget:g}" for budget in budgets(reports)]
    named = {one["school"]: one for report in reports for one in report["split"]["schools"]}
    rows = []
    for one in sorted(named.values(), key=lambda school: -school["training_rows"]):
        cells = [shown(plots.auc_of(reports, entry, one["school"])) for entry in columns]
        rows.append((one["school"], "new" if one["new"] else "member", f"{one['training_rows']:,}", *cells))
    return "AUC by school:\n\n" + markdown_table(("school", "is", "training rows", *columns), rows)


def _reliability(reports: Sequence[Report]) -> str:
    rows = [
        (entry, *(f"{shown(predicted, 3)} / {shown(right, 3)}" for predicted, right in bins))
        for entry in plots.RELIABLE
        if (bins := plots.bins_of(reports, entry))
    ]
    width = max((len(row) for row in rows), default=1)
    padded = [(*row, *("-",) * (width - len(row))) for row in rows]
    head = ("rung/regime/noise", *(f"bin {number}" for number in range(1, width)))
    return "Reliability, mean prediction / share right by filled bin:\n\n" + markdown_table(head, padded)


def _leakage(reports: Sequence[Report]) -> str:
    flips = [one for report in reports for one in report["leakage"]["answer_flip"].values()]
    leaks, count = sum(one["leaks"] for one in flips), sum(one["flips"] for one in flips)
    alarms = [one for report in reports if (one := report["leakage"]["expansion_alarm"]) is not None]
    text = f"Guards against leakage: {count} answers flipped, over all models; {leaks} earlier predictions moved."
    if alarms:
        honest = sum(one["honest_auc"] for one in alarms) / len(alarms)
        planted = sum(one["expanded_auc"] for one in alarms) / len(alarms)
        rang = sum(one["tripped"] for one in alarms)
        text += (
            f" With attempts expanded into a row per skill on purpose, a DKT goes from {shown(honest)} to "
            f"{shown(planted)}: the alarm rang in {rang} of {len(alarms)} runs. The loader refused such a file in "
            f"{sum(map(_refused, reports))}."
        )
    return text


def _refused(report: Report) -> bool:
    return str(report["leakage"]["loader"]).startswith("Nothing was read")


def _seeds(reports: Sequence[Report]) -> str:
    return ", ".join(map(str, sorted({report["seed"] for report in reports})))
