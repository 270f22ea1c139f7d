"""Sections of the other benchmarks: speed and masking by their ratios, any other report as the tables it holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.numbers.page import Section, markdown_table, origin
from common.errors import ErrorCode, FixSettings

Report = Mapping[str, Any]

RATIOS = {
    "dp_vs_torch": "private / usual `nn.LSTM`",
    "dp_vs_own": "private / own without privacy",
    "opacus_vs_dp": "Opacus / private",
    "memory_vs_torch": "peak memory / `nn.LSTM`",
}
TITLES = {"practice": "Practice policies", "load": "A school under load"}
MOST_COLUMNS = 11


def kind_of(report: Report) -> str:
    """quality, speed, practice, load or secagg. FixSettings for anything else."""
    schema = str(report.get("schema", ""))
    kind = schema.removeprefix("homeroom.").partition("/")[0]
    if kind not in {"quality", "speed", "secagg", *TITLES}:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"A report of schema {schema or 'none'} has no section here.")
    return kind


def speed(reports: Sequence[Report]) -> Section:
    """The private step beside others, by size; of several reports, the last."""
    report = reports[-1]
    rows = []
    for size in report["sizes"]:
        shape = ", ".join(str(size[name]) for name in ("students", "steps", "skills", "hidden"))
        rows.append((shape, *(_ratio(size, name) for name in RATIOS)))
    head = ("students, steps, skills, hidden", *RATIOS.values())
    told = "Medians of interleaved repeats in processor seconds (lowest to highest in brackets), one thread."
    blocks = [f"## Speed\n\n{told} {origin([report])}", markdown_table(head, rows)]
    blocks += [_small_models(report)] if "bkt" in report else []
    return Section("speed", "\n\n".join(blocks))


def _small_models(report: Report) -> str:
    """BKT by EM, and what one prediction takes."""
    bkt, inference = report["bkt"], report["inference"]
    pybkt = bkt["pybkt_vs_em"]
    rows = [
        (
            f"BKT by EM for every skill of {bkt['data']}, {bkt['iterations']} iterations",
            f"{bkt['em_seconds']:.2f} s",
        ),
        ("a plain loop over its sequences / EM, equal parameters", f"{bkt['loop_vs_em']:.0f}"),
        ("pyBKT / EM", f"{pybkt:.0f}" if isinstance(pybkt, int | float) else f"doesn't run: {pybkt['skipped']}"),
        ("one more answer and every skill, the network alone", f"{inference['numpy_milliseconds']:.3f} ms"),
    ]
    for one in inference.get("stack", ()):
        what = f"the same, the whole stack over {one['skills']} skills, after {one['answers']:,} answers"
        rows.append((what, f"{one['stack_milliseconds']:.3f} ms"))
    difference = f"{inference['torch_difference']:.1e}"
    rows.append((f"largest difference from torch, logits, {inference['steps_compared']:,} steps", difference))
    return markdown_table(("what", "figure"), rows)


def secagg(reports: Sequence[Report]) -> Section:
    """What masking costs by the number of schools, and the targets of the most; of several reports, the last."""
    report = reports[-1]
    rows = [
        (
            str(row["members"]),
            str(row["silent_each_trip"]),
            f"{row['school_cpu_seconds']:.3f}, {row['school_vs_aes']:.1f} x",
            f"{row['school_upload_bytes'] / 1000:.1f}",
            f"{row['finish_seconds']:.3f}, {row['finish_vs_aes']:.1f} x",
            f"{row['finish_cpu_seconds']:.3f}",
            f"{row['replay_seconds']:.3f}",
        )
        for row in report["rows"]
    ]
    head = (
        *("schools", "silent in each trip", "CPU s of a school, both trips", "kB that it sends"),
        *("s to open the sum, two threads", "CPU s of both", "s of a school's replay"),
    )
    told = (
        f"A round of {report['coordinates']:,} coordinates. *x*: times AES-256-CTR over the same mask bytes, in "
        "turn in the same run. Medians."
    )
    targets = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in report["targets"].items())
    missed = ", ".join(report["missed"]).replace("_", " ")
    met = f"Targets for the last row ({targets}): {f'missed in {missed}' if missed else 'met'}."
    return Section("secagg", f"## Masking\n\n{told} {met} {origin([report])}\n\n{markdown_table(head, rows)}")


def other(kind: str, reports: Sequence[Report]) -> Section:
    """Each list of rows that a report holds, as a table of its plain figures; of several reports, the last."""
    report = reports[-1]
    blocks = [f"## {TITLES[kind]}", origin([report])]
    for name, rows in report.items():
        if isinstance(rows, list) and rows and all(isinstance(row, Mapping) for row in rows):
            columns = [key for key in rows[0] if all(_plain(row.get(key)) for row in rows)][:MOST_COLUMNS]
            cells = [[_figure(row.get(key)) for key in columns] for row in rows]
            head = [column.replace("_", " ") for column in columns]
            blocks.append(f"{name.replace('_', ' ').capitalize()}:\n\n{markdown_table(head, cells)}")
    return Section(kind, "\n\n".join(blocks))


def _ratio(size: Report, name: str) -> str:
    value = size[name]
    if not isinstance(value, int | float):
        return "skipped"
    spread = size.get("spreads", {}).get(name)
    return f"{value:.2f}" + (f" ({spread[0]:.2f} to {spread[1]:.2f})" if spread else "")


def _plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _figure(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
