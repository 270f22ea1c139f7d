"""`python -m benchmarks.load --out report.json`: a school's server under the answers of its students.

Server and students share this machine, as figures on 2 cores have to. Turns of bare commits, paced answers and
answers as fast as they go follow each other, so that a busier machine slows all of them; medians. Then the server
is killed in the midst of answers, and answers are sent twice, out of order and a week late.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.load.crashes import Kills, killed, sent_again
from benchmarks.load.device import Device
from benchmarks.load.late import week_late
from benchmarks.load.report import Row, goals, heading
from benchmarks.load.school import make_school
from benchmarks.load.turns import Press, turns
from client.content.bank import built_in_bank


def main(arguments: Sequence[str]) -> int:
    """Prints each part as it is done and writes the report; 1 if an answer was lost or counted twice."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        report = _report(given, Path(folder) / "school", command=" ".join(arguments))
    given.out.write_text(json.dumps(report, indent=1) + "\n")
    for goal in report["goals"]:
        print("{goal}: {measured:g} {wanted} {reached}".format(**goal))
    return int(report["goals"][-1]["reached"] != "yes")


def _report(given: argparse.Namespace, folder: Path, *, command: str) -> Row:
    print(f"a school of {given.students} students", flush=True)
    school = make_school(folder, students=given.students, seed=given.seed)
    chance, bank = random.Random(given.seed), built_in_bank()
    devices = [Device(who, 0, bank, random.Random(f"{given.seed}/{who.student}")) for who in school.signed_in]
    press = Press(given.turns, given.seconds, given.rate, given.at_once)
    tables = turns(school, devices, press, chance=chance)
    crashing, late = devices[given.late_students :], devices[: given.late_students]
    kills = Kills(given.kills, given.after_answers, given.at_once)
    print("kills, repeats and late answers", flush=True)
    durability = [killed(school, crashing, kills, chance=chance), sent_again(school, crashing)]
    durability.append(week_late(school, late, chance))
    head = heading(f"python -m benchmarks.load {command}", given.seed, school=school)
    return {**head, **tables, "durability": durability, "goals": goals(tables, durability)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="A school's server under the answers of its students")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--students", type=int, default=1_500, help="signed in, each with a connection")
    parser.add_argument("--rate", type=float, default=100.0, help="paced answers a second")
    parser.add_argument("--at-once", type=int, default=32, help="answers in flight as fast as they go")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each part of a turn")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--after-answers", type=int, default=300, help="acknowledged before each kill")
    parser.add_argument(
        "--late-students", type=int, default=20, help="who send a week's work late, nothing killed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the school's disk is; a temporary folder if not given")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
