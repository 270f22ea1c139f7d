"""The victim of a kill test: four threads submit answers and print the number of each once it is acknowledged.

Run: python -m tests.support.crash_records FOLDER STUDENT FIRST_NUMBER
"""

import os
import sys
import threading
from itertools import count
from pathlib import Path

from client.records.interactions import append
from client.records.store import Store
from tests.support.stores import answer, sqlite_store

THREADS = 4


def submit_for_ever(store: Store, student: str, *, first: int, step: int) -> None:
    """One answer after the other; a line is written only after the future has resolved."""
    for number in count(first, step):
        new = answer(student, client_uuid=f"device-{number}")
        store.writer.submit(lambda connection, new=new: append(connection, new)).result()  # type: ignore[misc]
        os.write(1, f"{number}\n".encode())


def main() -> None:
    """Never returns: the test kills this process."""
    folder, student, first = sys.argv[1:]
    store = sqlite_store(Path(folder))
    for thread in range(THREADS):
        start = {"first": int(first) + thread, "step": THREADS}
        threading.Thread(target=submit_for_ever, args=(store, student), kwargs=start).start()


if __name__ == "__main__":
    main()
