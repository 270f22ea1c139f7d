"""What a campaign's model consists of: the arrays that rounds move, and the one that travels along unchanged."""

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays, Shapes, shapes_of, size_of
from common.errors import ErrorCode, FixSettings
from common.model_terms import DktTerms, LogisticTerms, ModelTerms
from common.models import dkt_shapes
from common.models.logistic import logistic_shapes

# (d,) how far one mean update moves per unit of each scaled number, as simulated students say: averaged Newton
# steps divide by it.
CURVATURE = "curvature"


def trained_shapes(model: ModelTerms) -> Shapes:
    """Shapes of what an update moves, in its order."""
    rows = len(model.skill_names) + 1
    if isinstance(model, DktTerms):
        return dkt_shapes.shared_shapes(rows, model.hidden)
    return logistic_shapes(rows, len(model.families))


def frozen_name(model: ModelTerms) -> str:
    """The array that the start fixes and every round carries."""
    return dkt_shapes.FROZEN if isinstance(model, DktTerms) else CURVATURE


def wire_shapes(model: ModelTerms) -> Shapes:
    """Shapes of what a round's request carries: the trained arrays, then the frozen one."""
    trained = trained_shapes(model)
    if isinstance(model, DktTerms):
        return (*trained, (dkt_shapes.FROZEN, (4 * model.hidden,)))
    return (*trained, (CURVATURE, (size_of(trained),)))


def check_shapes(model: ModelTerms, arrays: Arrays) -> None:
    """FixSettings unless these are exactly the arrays that a round of this model carries."""
    if shapes_of(arrays) != wire_shapes(model):
        raise FixSettings(ErrorCode.BAD_ARRAY, "The arrays don't have the shapes of the plan's model.")


def trained_arrays(model: ModelTerms, arrays: Arrays) -> Arrays:
    """The arrays that rounds move, without the frozen one."""
    return {name: arrays[name] for name, _ in trained_shapes(model)}


def family_columns(model: LogisticTerms) -> dict[str, int]:
    """Column of `family` by item family."""
    return {family: column for column, family in enumerate(model.families)}


def column_scales(model: LogisticTerms) -> NDArray[np.float64]:
    """(d,) public factors on the columns of a logistic model, in the order of an update."""
    return by_block(model, (model.bias_scale, model.slope_scale, model.skill_scale, 1.0))


def by_block(model: LogisticTerms, values: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(d,) one value for each of bias, slopes, skills and families, in the order of an update."""
    sizes = [size_of((shape,)) for shape in trained_shapes(model)]
    return np.repeat(np.array(values, np.float64), sizes)
