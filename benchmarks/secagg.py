"""Masking: CPU and bytes of one school, and seconds of the coordinator's finish, beside AES over the same bytes.

    python -m benchmarks.secagg [--out FILE] [--members 5 10 50 200] [--coordinates 75000] [--repeats 9]

Real rounds in memory, 24 bits, the planner's terms, a tenth of the schools silent in each trip. A school's time
is both trips from bytes to bytes: reading its record, every check, noise, masks, shares, the next round's deals;
not the disk. The finish opens the sum from admitted messages, on two threads. AES-256-CTR makes the same number
of mask bytes in turn with what is timed, so that the ratios hold on a busy machine. Medians.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from benchmarks.secagg_rounds import MaskedRound, mask_school, second_round, set_up, unmask_school
from common.privacy.secagg import relay
from common.privacy.secagg.messages import pack_deals
from common.privacy.secagg.replay import replay
from common.privacy.secagg.transcript import Transcript, transcript_of

T = TypeVar("T")

SCHEMA = "homeroom.secagg/1"
THREADS, WORD_BYTES, KEY_BYTES = 2, 4, 32
# Of 200 schools and 75,000 coordinates.
TARGETS = {"school_cpu_seconds": 0.15, "school_upload_bytes": 290_000, "finish_seconds": 1.0}


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of one round. *_vs_aes: how many times as long as AES over the same mask bytes, in turn."""

    members: int
    honest_floor: int
    silent_each_trip: int
    school_mask_cpu_seconds: float
    school_unmask_cpu_seconds: float
    school_cpu_seconds: float
    school_aes_cpu_seconds: float
    school_vs_aes: float
    school_upload_bytes: int
    school_record_bytes: int
    receive_seconds: float
    finish_seconds: float
    finish_cpu_seconds: float
    finish_aes_seconds: float
    finish_vs_aes: float
    replay_seconds: float
    replay_one_chunk_seconds: float


def measure(members: int, coordinates: int, *, repeats: int) -> Measured:
    """One campaign of `members` schools: its second round, each part `repeats` times in turn with AES."""
    played = second_round(set_up(members), coordinates, timed=repeats)
    school = _school(played)
    finish = _finish(played, repeats)
    whole, chunk = _replay(played)
    return Measured(
        members=members,
        honest_floor=played.campaign.terms.honest_floor(),
        silent_each_trip=len(played.attempt.cohort) - len(played.masked),
        school_mask_cpu_seconds=statistics.median(school.mask),
        school_unmask_cpu_seconds=statistics.median(school.unmask),
        school_cpu_seconds=statistics.median(school.both),
        school_aes_cpu_seconds=statistics.median(school.aes),
        school_vs_aes=_ratio(school.both, school.aes),
        school_upload_bytes=school.upload_bytes,
        school_record_bytes=school.record_bytes,
        receive_seconds=_receive(played),
        finish_seconds=statistics.median(finish.opening),
        finish_cpu_seconds=statistics.median(finish.cpu),
        finish_aes_seconds=statistics.median(finish.aes),
        finish_vs_aes=_ratio(finish.opening, finish.aes),
        replay_seconds=whole,
        replay_one_chunk_seconds=chunk,
    )


@dataclass(frozen=True, slots=True)
class School:
    """CPU seconds of each trip and of AES, by timed school; bytes that one sends; bytes that one stores."""

    mask: list[float]
    unmask: list[float]
    aes: list[float]
    upload_bytes: int
    record_bytes: int

    @property
    def both(self) -> list[float]:
        """CPU seconds of both trips."""
        return [one + other for one, other in zip(self.mask, self.unmask, strict=True)]


def _school(played: MaskedRound) -> School:
    campaign, attempt, survivors = played.campaign, played.attempt, played.survivors.to_bytes()
    timed = School([], [], [], 0, 0)
    upload = record = 0
    for member, received in played.received.items():
        timed.aes.append(_cpu(lambda: _aes(len(attempt.cohort), attempt.dimensions))[0])
        seconds, (_, masked) = _cpu(partial(mask_school, campaign, attempt, member, received=received))
        timed.mask.append(seconds)
        answer = partial(unmask_school, campaign, member, played.waiting[member], survivors=survivors)
        seconds, (after, unmask, deals) = _cpu(answer)
        timed.unmask.append(seconds)
        upload = max(upload, sum(map(len, (masked.to_bytes(), unmask.to_bytes(), pack_deals(deals)))))
        record = max(record, len(after))
    return replace(timed, upload_bytes=upload, record_bytes=record)


@dataclass(frozen=True, slots=True)
class Finish:
    """Seconds to open the sum, processor seconds of both threads together, and seconds of AES, by repeat."""

    opening: list[float]
    cpu: list[float]
    aes: list[float]


def _finish(played: MaskedRound, repeats: int) -> Finish:
    """The sum opened, in turn with AES over as many bytes on as many threads."""
    timed = Finish([], [], [])
    for _ in range(repeats):
        timed.aes.append(_wall(lambda: _aes(played.streams, played.attempt.dimensions, threads=THREADS)))
        before = time.process_time()
        timed.opening.append(_wall(lambda: _open(played)))
        timed.cpu.append(time.process_time() - before)
    return timed


def _open(played: MaskedRound) -> relay.Opened:
    return relay.open_attempt(
        played.campaign.terms,
        played.attempt,
        masked=played.masked,
        unmasks=played.unmasks,
        deals=played.deals,
        threads=THREADS,
    )


def _receive(played: MaskedRound) -> float:
    """Seconds to check every message of both trips once, as they come in: signatures, lengths, commitments."""
    terms, attempt = played.campaign.terms, played.attempt

    def check() -> None:
        for masked in played.masked.values():
            relay.admit_masked(terms, attempt, masked)
        for unmask in played.unmasks.values():
            relay.admit_unmask(terms, attempt, played.survivors, unmask=unmask, deals=played.deals)

    return _wall(check)


def _replay(played: MaskedRound) -> tuple[float, float]:
    """Seconds of a school's replay: of the whole sum, and of one chunk."""
    opened, attempt = _open(played), played.attempt
    transcript = transcript_of(
        attempt.number, played.masked, seeds=opened.seeds, keys=opened.keys, bits=attempt.bits
    )
    mine = max(played.masked)
    deals = [played.deals[dealer, mine] for dealer in attempt.cohort]

    def again(shown: Transcript) -> Callable[[], None]:
        return lambda: replay(played.campaign.terms, attempt, shown, deals=deals, total=opened.total)

    return _wall(again(transcript)), _wall(again(transcript.part(0)))


def _aes(streams: int, coordinates: int, *, threads: int = 1) -> None:
    """As many mask streams as are asked for, made and thrown away."""
    size = WORD_BYTES * coordinates

    def make(count: int) -> None:
        zeros, room = bytes(size), bytearray(size + 15)
        for number in range(count):
            key = number.to_bytes(KEY_BYTES, "big")
            Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update_into(zeros, room)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(make, [len(range(thread, streams, threads)) for thread in range(threads)]))


def _cpu(step: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = step()
    return time.process_time() - start, result


def _wall(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _ratio(ours: Sequence[float], aes: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, aes, strict=True))


def missed(largest: Measured) -> dict[str, float]:
    """The targets that these figures don't meet; they are set for 200 schools and 75,000 coordinates."""
    figures = asdict(largest)
    return {name: figures[name] for name, target in TARGETS.items() if figures[name] > target}


def table(rows: Sequence[Measured]) -> str:
    """The figures as a Markdown table."""
    names = "| schools | silent | school CPU s, both trips | x AES | up kB | receive s | finish s (CPU) | x AES "
    lines = [f"{names}| replay s |", "|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        trips = f"{row.school_mask_cpu_seconds:.3f} + {row.school_unmask_cpu_seconds:.3f}"
        both = f"{row.school_cpu_seconds:.3f} = {trips}"
        school = f"{both} | {row.school_vs_aes:.1f} | {row.school_upload_bytes / 1000:.1f}"
        finish = f"{row.receive_seconds:.3f} | {row.finish_seconds:.3f} ({row.finish_cpu_seconds:.3f}) | "
        finish += f"{row.finish_vs_aes:.1f}"
        lines.append(
            f"| {row.members} | {row.silent_each_trip} | {school} | {finish} | {row.replay_seconds:.3f} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints the table, and writes the figures as JSON if asked to."""
    parser = argparse.ArgumentParser(description="What masking costs a school and the coordinator.")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--members", type=int, nargs="+", default=[5, 10, 50, 200])
    parser.add_argument("--coordinates", type=int, default=75_000)
    parser.add_argument("--repeats", type=int, default=9)
    given = parser.parse_args(arguments)
    rows = [measure(members, given.coordinates, repeats=given.repeats) for members in sorted(given.members)]
    print(table(rows))
    too_much = missed(rows[-1])
    print(f"targets {TARGETS}: {'met' if not too_much else f'MISSED {too_much}'}")
    if given.out is not None:
        given.out.write_text(json.dumps(_report(rows, given), indent=1) + "\n")


def _report(rows: Sequence[Measured], given: argparse.Namespace) -> dict[str, object]:
    """The figures of the largest campaign, those of all in `rows`, and where they come from."""
    members = " ".join(map(str, sorted(given.members)))
    rest = f"--coordinates {given.coordinates} --repeats {given.repeats}"
    versions = {name: version(name) for name in ("cryptography", "numpy")}
    return {
        **asdict(rows[-1]),
        "schema": SCHEMA,
        "command": f"python -m benchmarks.secagg --members {members} {rest}",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": {"cores": len(os.sched_getaffinity(0)), "architecture": platform.machine()},
        "coordinates": given.coordinates,
        "targets": TARGETS,
        "missed": missed(rows[-1]),
        "rows": [asdict(row) for row in rows],
        "versions": {**versions, "python": platform.python_version()},
    }


if __name__ == "__main__":
    main()
