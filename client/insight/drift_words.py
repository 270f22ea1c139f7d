"""What the drift monitor found, in one sentence for the school's administrator."""

from client.insight.drift import LEAST_ANSWERS, LEAST_STUDENTS, DriftFigures, Verdict
from common.models.ladder import BKT, NAMES, Rung


def sentence(figures: DriftFigures) -> str:
    """What was found, on how many students, and what follows."""
    name, on = _capital(NAMES[figures.rung]), f"on the newest {_counted(figures)}"
    if figures.verdict == Verdict.NOT_ENOUGH:
        return (
            f"Not enough yet: {_counted(figures)} since the last look. "
            f"It takes {LEAST_STUDENTS} students and {LEAST_ANSWERS} answers."
        )
    if figures.verdict == Verdict.WORSE:
        return (
            f"{name} predicted worse than {NAMES[BKT]} {on}. "
            "If the next look finds the same, the model below it takes over."
        )
    if figures.verdict == Verdict.MISJUDGES:
        return f"{name} {_misjudged(figures)} {on}. Measure the models again."
    if figures.verdict == Verdict.SHIFTED:
        moved = " and ".join(one.name for one in figures.shifts if one.alarms)
        return f"{name} still predicts as well as before {on}, but the answers are others than before: {moved}."
    return f"{name} predicts as well as before {on}."


def dropped_sentence(figures: DriftFigures, to: Rung) -> str:
    """Why another model serves from now on."""
    return (
        f"{_capital(NAMES[figures.rung])} predicted worse than {NAMES[BKT]} in two looks running, last on "
        f"{_counted(figures)}, so {NAMES[to]} serves now."
    )


def _misjudged(figures: DriftFigures) -> str:
    bias = 0.0 if figures.bias is None else figures.bias.mean
    points = f"by {100 * abs(bias):.0f} in 100 answers"
    if abs(bias) < 0.01:
        return "is sure where it should not be"
    return f"promises too much {points}" if bias > 0 else f"promises too little {points}"


def _counted(figures: DriftFigures) -> str:
    return f"{figures.answers} answers of {figures.students} students"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
