"""L3, the slope from two points, and L4, the slope from a graph: four families each."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Form, Line, Problem
from client.content.packs.asking import nonzero, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.plane_figures import Plane, Straight, plane_of_lines, plane_of_points

_RUN: Line = ("Which number says how far right it goes, and which how far up?",)


def families() -> tuple[Family, ...]:
    """L3 and L4."""
    l3 = four_families("L3", "8", _two_points, _points_on_grid, _hill, _slope_mistake, effort=1.5)
    l4 = four_families("L4", "8", _graph, _scaled_graph, _tank, _graph_mistake, effort=1.5)
    return l3 + l4


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two points from left to right; a square of the graph is `y_step` high."""

    first: tuple[int, int]
    second: tuple[int, int]
    y_step: int = 1

    @property
    def run(self) -> int:
        """To the right."""
        return self.second[0] - self.first[0]

    @property
    def rise(self) -> int:
        """Upwards; below zero when the line falls."""
        return self.second[1] - self.first[1]

    @property
    def slope(self) -> Fraction:
        """Rise over run."""
        return Fraction(self.rise, self.run)

    def straight(self, name: str = "") -> Straight:
        """As drawn."""
        return Straight(self.first, self.second, name)


def _problem(stem: Line, pair: _Pair, *, skill: str, simple: Line = ()) -> Problem:
    slope = pair.slope
    counted = [("L4.counts_boxes", slope / pair.y_step)] if pair.y_step > 1 else []
    slips = [("L3.run_over_rise", 1 / slope), ("L3.mixed_order", -slope),
             ("L3.adds_the_coordinates", Fraction(pair.first[1] + pair.second[1], max(1, pair.run)))]  # fmt: skip
    if skill == "L4":
        slips = [*counted, ("L4.sign_of_falling_line", -slope), ("L4.run_over_rise", 1 / slope)]
    rise = a.row(pair.second[1], "−", pair.first[1], "=", pair.rise)
    return Problem(
        stem=stem,
        simple=simple,
        answer=slope,
        form=Form.SIMPLEST,
        form_misconception=f"{skill}.not_simplified",
        hints=(_RUN, ("The slope is the rise divided by the run. A falling line has a slope below 0.",),
               ("The rise from the left point to the right one: ", rise, ". Now find the run.")),
        steps=(works_out(Fraction(pair.rise), pair.second[1], "−", pair.first[1], shown=pair.rise),
               works_out(Fraction(pair.run), pair.second[0], "−", pair.first[0], shown=pair.run),
               works_out(slope, a.over(pair.rise, pair.run), shown=a.value(slope))),
        distractors=wrongs(slope, *slips),
        units=("m", "cm", "litres", "km"),
        features=(("falls", int(pair.rise < 0)), ("scaled", int(pair.y_step > 1))),
    )  # fmt: skip


def _pair(random: Random, *, size: int = 9, y_step: int = 1) -> _Pair:
    """Two points around the origin whose slope shows each mistake."""
    while True:
        x, to_x = sorted(random.sample(range(-size, size + 1), 2))
        y, to_y = (y_step * random.randint(-size, size) for _ in range(2))
        pair = _Pair((x, y), (to_x, to_y), y_step)
        if _tells(pair):
            return pair


def _tells(pair: _Pair) -> bool:
    """Neither level nor with a slope of 1 or −1, and the rise isn't the slope itself."""
    return bool(pair.rise) and pair.run > 1 and abs(pair.slope) != 1


def _two_points(random: Random) -> Problem:
    pair = _pair(random)
    shown = [a.point(*pair.first), a.point(*pair.second)]
    random.shuffle(shown)
    return _problem(("What is the slope of the line through ", shown[0], " and ", shown[1], "?"), pair, skill="L3")


def _points_on_grid(random: Random) -> Problem:
    pair = _pair(random, size=6)
    figure = plane_of_points(Plane(-7, 7), {"A": pair.first, "B": pair.second})
    return _problem(("What is the slope of the line through A and B? ", figure), pair, skill="L3")


def _hill(random: Random) -> Problem:
    (name,) = names(random, 1)
    start, height, rise = 10 * random.randint(0, 30), 10 * random.randint(10, 60), 10 * nonzero(random, -9, 9)
    run = abs(rise) + 10 * random.randint(1, 15)
    told = (f"{name} walks a path that is equally steep everywhere. After {start} m the height is {height} m. "
            f"After {start + run} m the height is {height + rise} m. By how many metres does the height change "
            "for each metre of the way? A fall has a minus sign.")  # fmt: skip
    simple = (f"At {start} m: height {height} m. At {start + run} m: height {height + rise} m. "
              "What is the slope, the height for each metre?")  # fmt: skip
    pair = _Pair((start, height), (start + run, height + rise))
    return _problem((told,), pair, skill="L3", simple=(simple,))


def _slope_claim(random: Random) -> Claim:
    pair = _pair(random, size=8)
    rule, wrong = random.choice((("L3.run_over_rise", 1 / pair.slope), ("L3.mixed_order", -pair.slope)))
    start: Line = ("through ", a.point(*pair.first), " and ", a.point(*pair.second), " the slope is ")
    advice = "Rise over run." if rule == "L3.run_over_rise" else "Keep the same order above and below."
    check = works_out(pair.slope, a.over(pair.rise, pair.run), shown=a.value(pair.slope))
    return Claim((*start, a.value(pair.slope)), (*start, a.value(wrong)), rule, advice, check)


def _slope_mistake(random: Random) -> Problem:
    intro, strategy = "Three children find slopes.", "Does the line rise or fall? Is it steep or flat?"
    return three_claims(random, "L3", _slope_claim, intro=intro, strategy=strategy)


def _graph(random: Random) -> Problem:
    pair = _pair(random, size=6)
    figure = plane_of_lines(Plane(-7, 7), (pair.straight(),))
    return _problem(("What is the slope of the line? ", figure), pair, skill="L4")


def _scaled_graph(random: Random) -> Problem:
    y_step = random.choice((2, 5, 10))
    pair = _pair(random, size=6, y_step=y_step)
    figure = plane_of_lines(Plane(-7, 7, y_step), (pair.straight(),))
    return _problem(("What is the slope of the line? Mind the scale. ", figure), pair, skill="L4")


def _tank(random: Random) -> Problem:
    pair = _drawn_above(random, random.choice((2, 5, 10)))
    shows, unit = random.choice((("the water in a tank", "litres"), ("how far a cyclist is from home", "km"),
                                 ("the height of a balloon", "metres")))  # fmt: skip
    figure = plane_of_lines(Plane(0, 10, pair.y_step), (pair.straight(),))
    told = f"The graph shows {shows}: x is the time in hours, y the {unit}. "
    asked = f"By how many {unit} does it change in one hour? Use a minus sign if it gets less. "
    simple = f"x: hours. y: {unit}. How many {unit} more or less in one hour? Less has a minus sign. "
    return _problem((told + asked, figure), pair, skill="L4", simple=(simple, figure))


def _drawn_above(random: Random, y_step: int) -> _Pair:
    """Two points that aren't below or left of the origin."""
    while True:
        x, to_x = sorted(random.sample(range(10), 2))
        y, to_y = (y_step * random.randint(0, 9) for _ in range(2))
        pair = _Pair((x, y), (to_x, to_y), y_step)
        if _tells(pair):
            return pair


def _graph_claim(random: Random) -> Claim:
    pair = _pair(random, size=6)
    rule, wrong = random.choice((("L4.run_over_rise", 1 / pair.slope), ("L4.sign_of_falling_line", -pair.slope)))
    way = "up" if pair.rise > 0 else "down"
    start = f"{pair.run} to the right and {abs(pair.rise)} {way} give the slope "
    advice = "A line that falls has a slope below 0." if rule == "L4.sign_of_falling_line" else "Rise over run."
    check = works_out(pair.slope, a.over(pair.rise, pair.run), shown=a.value(pair.slope))
    return Claim((start, a.value(pair.slope)), (start, a.value(wrong)), rule, advice, check)


def _graph_mistake(random: Random) -> Problem:
    intro, strategy = "Three children describe lines.", "Does the line rise or fall? Is it steep or flat?"
    return three_claims(random, "L4", _graph_claim, intro=intro, strategy=strategy)
