"""Wire: the frozen, strict shape of what crosses between sides, and the field types that recur in it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Hex64 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\w .\-]+$")]
Count = Annotated[int, Field(ge=1, le=10_000_000)]


class Wire(BaseModel):
    """Frozen, strict, no unknown fields; its bytes are canonical."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
