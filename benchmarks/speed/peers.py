"""What other libraries do at the same task: importable or not, and why not."""

from importlib import import_module
from types import ModuleType


def importable(name: str) -> ModuleType | str:
    """The module, or one line that says why it can't be had here."""
    try:
        return import_module(name)
    except Exception as error:  # noqa: BLE001 - a foreign package may fail in any way while it is imported
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else name}"
