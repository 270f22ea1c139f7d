"""The file of item families that all schools have in common: ids, skills and difficulty."""

from pydantic import TypeAdapter, ValidationError

from common.errors import ErrorCode, FixSettings
from common.model_terms import ItemFamily
from common.models.simulated_students import SimulatedItem
from common.wire import Wire


class _Family(Wire):
    id: ItemFamily
    skills: tuple[str, ...]
    difficulty: float = 0.0


def read_families(data: bytes) -> tuple[SimulatedItem, ...]:
    """A JSON list of {"id", "skills", "difficulty"}. FixSettings unless it is one, with different ids."""
    try:
        families = TypeAdapter(tuple[_Family, ...]).validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        sentence = f"The item families can't be read: {where}: {first['msg']}."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence) from error
    if len({family.id for family in families}) != len(families) or not families:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "The item families need ids, and each id once.")
    return tuple(SimulatedItem(family.id, family.skills, family.difficulty) for family in families)
