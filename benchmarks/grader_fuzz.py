"""Random texts into the reader of every kind of answer: none may raise, none may take 50 ms, each equals itself.

    python -m benchmarks.grader_fuzz [--texts 1000000] [--seed 1]

Ends with 1 if a text raised, took longer, or read differently a second time; an exception shows itself.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from client.content import reading
from client.content.reading import Reader, read_apart
from client.content.typing_habits import TypingHabits

LONGEST_SECONDS = 0.05
_READERS: tuple[Reader, ...] = (
    reading.number,
    reading.expression,
    reading.equation,
    reading.inequality,
    reading.point,
    reading.number_list,
    reading.number_set,
)
_PIECES = [*"0123456789.,;/+-−×xyXY*()[]{}^²³√%=<>≤≥½¾ ٣٤٫٬'|$k", "12", "(x+1)", "^6", "3x", "x = ", " < ", "sqrt"]


@dataclass(frozen=True, slots=True)
class FuzzReport:
    """read: how many texts were an answer of their kind. slowest_seconds: of processor time. unlike: read twice,
    found different.
    """

    texts: int
    read: int
    unlike: int
    slowest_seconds: float
    slowest_text: str


def fuzz(texts: int, seed: int) -> FuzzReport:
    """Texts of 1 to 40 pieces, cut at the 200 characters that a response may have."""
    random = Random(seed)
    read, unlike, slowest, which = 0, 0, 0.0, ""
    for _ in range(texts):
        text = "".join(random.choices(_PIECES, k=random.randint(1, 40)))[:200]
        reader, habits = random.choice(_READERS), TypingHabits(("x", "y"), random.choice(".,"))
        before = time.process_time()
        found = read_apart(text, reader, habits)
        spent = time.process_time() - before
        read += found is not None
        unlike += found is not None and found != read_apart(text, reader, habits)
        if spent > slowest:
            slowest, which = spent, text
    return FuzzReport(texts, read, unlike, slowest, which)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one line and says by its exit status whether all is well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grader_fuzz", description=__doc__)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    report = fuzz(chosen.texts, chosen.seed)
    print(
        f"{report.texts} texts, {report.read} of them an answer, {report.unlike} read differently twice, "
        f"the slowest took {1000 * report.slowest_seconds:.1f} ms: {report.slowest_text!r}"
    )
    return int(report.unlike > 0 or report.slowest_seconds >= LONGEST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
