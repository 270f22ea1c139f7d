"""Every family of the built-in packs, derived again on many seeds: what breaks a law, and how long it takes.

    python -m benchmarks.packs [--seeds 10000] [--pack F] [--out report.json] [--processes 2]

Ends with 1 if a single item breaks a law, with 0 otherwise. Seeds are 0, 1, 2, ..., so a report can be repeated.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from benchmarks.packs.family_check import FamilyCheck, check_family
from benchmarks.packs.oracles import all_oracles, oracle_of
from client.content.bank import built_in_bank


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks, prints progress and what was found, and writes the report if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.packs", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="items of each family")
    parser.add_argument("--pack", default="", help="families whose id begins with this, e.g. F or V4")
    parser.add_argument("--out", type=Path, help="where the report goes, as JSON")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(arguments)
    families = [family.id for family in built_in_bank().families() if family.id.startswith(chosen.pack)]
    if not families:
        parser.error(f"no family's id begins with {chosen.pack}")
    checks = sorted(
        _checked(families, chosen.seeds, processes=chosen.processes), key=lambda c: families.index(c.family)
    )
    report = _report(checks)
    if chosen.out is not None:
        chosen.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    print(_words(checks))
    return int(any(check.broken for check in checks))


def _checked(families: Sequence[str], seeds: int, *, processes: int) -> Iterator[FamilyCheck]:
    with ProcessPoolExecutor(processes) as pool:
        waiting = [pool.submit(check_one, family, seeds) for family in families]
        for done, future in enumerate(as_completed(waiting), start=1):
            check = future.result()
            found = f"  BROKEN {check.broken}" if check.broken else ""
            print(
                f"\r{done}/{len(families)} {check.family:<24}{found}", end="\n" if found else "", file=sys.stderr
            )
            yield check
    print(file=sys.stderr)


def check_one(family_id: str, seeds: int) -> FamilyCheck:
    """One family of the built-in bank by its id, so that a process needs nothing but text to begin."""
    family = built_in_bank().family(family_id)
    if family is None:
        raise ValueError(f"no pack has the family {family_id}")
    return check_family(family, oracle_of(family, all_oracles()), range(seeds))


def _report(checks: Sequence[FamilyCheck]) -> dict[str, object]:
    items = sum(check.seeds for check in checks)
    cpu_seconds = sum(check.cpu_seconds for check in checks)
    return {
        "families": len(checks),
        "items": items,
        "items_broken": sum(sum(check.broken.values()) for check in checks),
        "cpu_seconds": round(cpu_seconds, 1),
        "microseconds_an_item": round(1e6 * cpu_seconds / items, 1),
        "checks": [asdict(check) for check in checks],
    }


def _words(checks: Sequence[FamilyCheck]) -> str:
    report = _report(checks)
    lines = [
        f"{check.family}: {check.broken}\n    " + "\n    ".join(check.examples) for check in checks if check.broken
    ]
    lines.append(
        f"{report['families']} families, {report['items']} items, {report['items_broken']} laws broken, "
        f"{report['cpu_seconds']} s of CPU, {report['microseconds_an_item']} microseconds an item"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
