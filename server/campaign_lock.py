"""One campaign at a time: a lock that the system lets go of by itself when its process ends, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.errors import ErrorCode, RetryLater


@contextmanager
def only_one_campaign(path: Path) -> Iterator[None]:
    """Holds the lock file for as long as the block runs; RetryLater if another process holds it."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            sentence = "Another process conducts a campaign of this coordinator already."
            raise RetryLater(ErrorCode.CAMPAIGN_STOPPED, sentence) from error
        yield
