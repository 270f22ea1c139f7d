"""`python -m benchmarks.insight --out report.json`: wrong keys and unfair predictions, planted and found again."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.insight.unfair_schools import alarmed_schools
from benchmarks.insight.wrong_keys import find_planted_keys, summary

_SIZES = (120, 300)
_ANSWERS = 60


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the report and prints it; the same seeds give the same figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.insight", allow_abbrev=False)
    parser.add_argument("--key-schools", type=int, default=6, help="simulated schools of each size")
    parser.add_argument("--fair-schools", type=int, default=200, help="invented schools of each kind")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    report = {
        "schema": "homeroom.insight/1",
        "wrong_keys": {str(size): _keys(size, given.key_schools) for size in _SIZES},
        "fairness_alarms": {
            "no_bias": alarmed_schools(given.fair_schools),
            "half_a_logit_off": alarmed_schools(given.fair_schools, off=0.5),
            "noise_of_2.5_logits": alarmed_schools(given.fair_schools, noise=2.5),
        },
    }
    text = json.dumps(report, indent=2)
    given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


def _keys(students: int, schools: int) -> dict[str, float]:
    return summary([find_planted_keys(seed=seed, students=students, answers=_ANSWERS) for seed in range(schools)])


if __name__ == "__main__":
    main()
