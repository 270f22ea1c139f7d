"""Passwords and passphrases come from a file or the terminal, never from the command itself."""

import getpass
from pathlib import Path

from common.errors import ErrorCode, FixSettings


def read_secret(prompt: str, file: Path | None) -> str:
    """The first line of `file`, or what is typed; FixSettings if the file can't be read."""
    if file is None:
        return getpass.getpass(prompt)
    try:
        return file.read_text().partition("\n")[0]
    except (OSError, UnicodeDecodeError) as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"The file {file} can't be read.") from error
