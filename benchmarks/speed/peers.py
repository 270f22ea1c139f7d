"""What other libraries do at the same task: importable and able to run or not, and why not."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType


def importable(name: str) -> ModuleType | str:
    """The module, or one line that says why it can't be had here."""
    try:
        return import_module(name)
    except Exception as error:  # noqa: BLE001 - a foreign package may fail in any way while it is imported
        return _reason(error, name)


def failure(step: Callable[[], object]) -> str | None:
    """None if another library's step runs here, else one line that says why it doesn't."""
    try:
        step()
    except Exception as error:  # noqa: BLE001 - the same: what doesn't run here is named in the report
        return _reason(error, "")
    return None


def _reason(error: Exception, otherwise: str) -> str:
    return f"{type(error).__name__}: {(str(error) or otherwise).splitlines()[0]}"
