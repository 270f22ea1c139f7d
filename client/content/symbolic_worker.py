"""The process that asks SymPy: one question a line in, one word a line out; it has little memory and little time.

Run as `python -m client.content.symbolic_worker`; nothing else imports SymPy.
"""

import json
import math
import resource
import sys
from typing import Any

import sympy

MEMORY_BYTES = 1_000_000_000
# Of processor time for each question, beside the wall clock that the asking side watches.
CPU_SECONDS = 2
EQUAL, DIFFERENT, UNKNOWN = "equal", "different", "unknown"
# Letters stand for positive numbers, as in the exact grader; two places where two expressions may differ.
_PLACES = (sympy.Rational(7, 5), sympy.Rational(13, 3))
_DIFFERS = 1e-6


def main() -> int:
    """Answers until its input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    print("ready", flush=True)
    for line in sys.stdin:
        _allow_more_time()
        print(verdict(json.loads(line)), flush=True)
    return 0


def verdict(question: dict[str, Any]) -> str:
    """equal and different are proven; everything else is unknown."""
    said, key = (_expression(question[side]) for side in ("said", "key"))
    difference = said - key
    if any(_is_apart(difference, place) for place in _PLACES):
        return DIFFERENT
    # Factored below the roots first: √(x² + 2x + 1) is x + 1 for a positive x.
    factored = sympy.factor(difference, deep=True)
    return EQUAL if 0 in (sympy.simplify(factored), sympy.simplify(difference)) else UNKNOWN


def _is_apart(difference: Any, place: Any) -> bool:
    """By numbers, with more digits than could go wrong; another number for each letter."""
    letters = sorted(difference.free_symbols, key=str)
    value = complex(difference.subs({one: place + number for number, one in enumerate(letters)}).evalf(40))
    return math.isfinite(abs(value)) and abs(value) > _DIFFERS


def _expression(plain: list[Any]) -> Any:
    """Built from an allow-list; KeyError for anything else."""
    kind, *parts = plain
    if kind == "number":
        return sympy.Rational(int(parts[0]), int(parts[1]))
    if kind == "letter":
        return sympy.Symbol(str(parts[0]), positive=True)
    if kind == "power":
        return _expression(parts[0]) ** int(parts[1])
    return _BUILT[kind](*map(_expression, parts))


_BUILT = {
    "sum": sympy.Add,
    "product": sympy.Mul,
    "quotient": lambda top, bottom: top / bottom,
    "root": sympy.sqrt,
}


def _allow_more_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    sys.exit(main())
