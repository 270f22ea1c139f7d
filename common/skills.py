"""SkillMap: which model row belongs to which skill, with a version and a hash that both sides compare."""

from dataclasses import dataclass
from functools import cached_property

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode, FixSettings

OTHER_SKILL_ROW = 0


@dataclass(frozen=True)
class SkillMap:
    """Skill ids in row order. Row 0 is "some other skill"; `names[k]` has row k + 1."""

    version: str
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) != len(self.names):
            raise FixSettings(ErrorCode.BAD_SKILL_MAP, "A skill map needs at least one skill and no skill twice.")

    @property
    def rows(self) -> int:
        """Number of model rows, K + 1 with row 0."""
        return len(self.names) + 1

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.names, start=1)}

    def row(self, skill: str) -> int:
        """Row of a skill; 0 for a skill that the map doesn't hold."""
        return self._row_of.get(skill, OTHER_SKILL_ROW)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, hexadecimal."""
        return sha256_hex(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json({"version": self.version, "names": list(self.names)})

    @staticmethod
    def from_bytes(data: bytes) -> "SkillMap":
        """Reads what `to_bytes` wrote; Corrupt for anything else."""
        value = parse_canonical_json(data)
        if not isinstance(value, dict) or set(value) != {"version", "names"}:
            raise Corrupt(ErrorCode.BAD_SKILL_MAP, "The skill map has the wrong fields.")
        names = value["names"]
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            raise Corrupt(ErrorCode.BAD_SKILL_MAP, "The skill map's names aren't a list of texts.")
        return SkillMap(str(value["version"]), tuple(names))
