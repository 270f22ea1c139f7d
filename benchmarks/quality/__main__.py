"""How well each rung predicts: prints a table, and writes a report.

    python -m benchmarks.quality --data FILE [--federate-by school] [--epsilon E] [--seed S] --out report.json

Reads a pack TSV (`common/models/log_file.py`), or invents a consortium with --simulated. Without privacy always;
with --epsilon also with it. Everything stays in memory; no row of the log and no weight is written anywhere.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmarks.quality.options import parse
from benchmarks.quality.report import table
from benchmarks.quality.run import run
from benchmarks.quality.tasks import workers
from common.errors import ErrorCode, HomeroomError
from common.models.log_file import wrong_lines


def main(arguments: Sequence[str]) -> int:
    """0, or 2 with a sentence when the input can't be used."""
    options = parse(arguments)
    torch.set_num_threads(1)
    begun = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {what}", file=sys.stderr, flush=True)

    try:
        with workers(options.processes) as pool:
            report = run(options, pool, say)
    except HomeroomError as error:
        return _refused(error, options.data)
    report["seconds"] = round(time.monotonic() - begun, 1)
    if options.out is not None:
        options.out.write_text(json.dumps(report, indent=1, allow_nan=False) + "\n")
    print(table(report))
    return 0


def _refused(error: HomeroomError, data: Path | None) -> int:
    """Says why, and names every wrong line of a malformed log."""
    print(error.sentence, file=sys.stderr)
    if error.code == ErrorCode.BAD_LOG_FILE and data is not None:
        try:
            wrong = wrong_lines(data)
        except HomeroomError:
            return 2  # said already: not a line of it can be read
        print(*wrong.lines, *([f"and {wrong.more} more"] if wrong.more else []), sep="\n", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
