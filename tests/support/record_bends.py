"""Every way in which a coordinator's public record can be bent, and by which name and sentence it is found."""

from collections.abc import Callable
from dataclasses import replace

from common.log_entries import Committed, Confirmed, LogEntry, Opened, Planned, Released, entry_bytes, read_entry
from common.models.release import read_release, release_digest, write_release
from common.opened_round import vectors_digest
from common.transparency import frontier_of, leaf_hash
from tests.support.bent_record import BentRecord
from tests.support.published_rounds import flipped, with_total

# The school that looks.
OWN = "east"


def _bend_sum(record: BentRecord) -> None:
    record.rounds[2] = with_total(record.outcome(2), flipped(record.outcome(2).total, 40)).to_bytes()


def _bend_plan(record: BentRecord) -> None:
    opened = record.outcome(2)
    record.rounds[2] = replace(opened, plan=opened.plan.model_copy(update={"epsilon_after": 9.0})).to_bytes()


def _bend_vectors(record: BentRecord) -> None:
    opened = record.outcome(2)
    record.rounds[2] = replace(opened, survivors=opened.survivors[1:]).to_bytes()


def _bend_start(record: BentRecord) -> None:
    record.first_model = flipped(record.first_model)


def _cut_outcome(record: BentRecord) -> None:
    record.rounds[2] = record.rounds[2][:-1]


def _withhold_round(record: BentRecord) -> None:
    record.withheld = {"round 2"}


def _withhold_start(record: BentRecord) -> None:
    record.withheld = {"start"}


def _withhold_release(record: BentRecord) -> None:
    record.withheld = {"release"}


def _bend_head(record: BentRecord) -> None:
    record.head = flipped(record.head)


def _bend_entry(record: BentRecord) -> None:
    record.log[0] = record.log[0].replace(b'"students":100', b'"students":101')


def _unknown_entry(record: BentRecord) -> None:
    record.log[5] = b'{"kind":"party"}'
    record.sign()


def _lie_about_a_sum(record: BentRecord) -> None:
    opened = record.outcome(1)
    record.publish(with_total(opened, flipped(opened.total, 40)))


def _lie_all_along(record: BentRecord) -> None:
    """Another first sum, and a second plan that follows from it in everything but the model."""
    _lie_about_a_sum(record)
    opened, before = record.outcome(2), record.outcome(1)
    leaves = [leaf_hash(entry) for entry in record.log[: opened.plan.log_size]]
    changes = {"outcome_digest": before.digest, "log_root": frontier_of(leaves).root().hex()}
    plan = opened.plan.model_copy(update=changes)
    record.rewrite(lambda one: one.model_copy(update={"plan": plan.digest}) if _is(one, Planned, 2) else one)
    record.publish(replace(opened, plan=plan))


def _ask_one_school_otherwise(record: BentRecord) -> None:
    """What is published is consistent, but this school was asked with another plan."""
    opened = record.outcome(3)
    plan = opened.plan.model_copy(update={"epsilon_after": opened.plan.epsilon_after / 2})
    record.rewrite(lambda one: one.model_copy(update={"plan": plan.digest}) if _is(one, Planned, 3) else one)
    record.publish(replace(opened, plan=plan))


def _is(entry: LogEntry, kind: type[LogEntry], number: int) -> bool:
    return isinstance(entry, kind) and getattr(entry, "round", None) == number


def _lie_about_the_last_sum(record: BentRecord) -> None:
    opened = record.outcome(3)
    record.publish(with_total(opened, flipped(opened.total, 40)))


def _two(kind: type[LogEntry], what: str) -> Callable[[BentRecord], None]:
    def bend(record: BentRecord) -> None:
        found = [one for one in map(read_entry, record.log) if isinstance(one, kind)]
        record.log.append(entry_bytes(found[1].model_copy(update={what: "f" * 64})))
        record.sign()

    return bend


def _without(kind: type[LogEntry], number: int) -> Callable[[BentRecord], None]:
    def bend(record: BentRecord) -> None:
        record.rewrite(
            lambda one: None if isinstance(one, kind) and getattr(one, "round", number) == number else one
        )

    return bend


def _other_order(record: BentRecord) -> None:
    entries = list(map(read_entry, record.log))
    planned, committed = (
        next(n for n, one in enumerate(entries) if isinstance(one, kind) and one.round == 3)
        for kind in (Planned, Committed)
    )
    record.log[planned], record.log[committed] = record.log[committed], record.log[planned]
    record.sign()


def _other_own_vector(record: BentRecord) -> None:
    opened = record.outcome(3)
    survivors = tuple((name, "d" * 64 if name == OWN else digest) for name, digest in opened.survivors)
    record.publish(replace(opened, survivors=survivors))

    def change(entry: LogEntry) -> LogEntry:
        if isinstance(entry, Committed) and entry.round == 3:
            return entry.model_copy(update={"vectors": vectors_digest(survivors)})
        return entry

    record.rewrite(change)


def _release(record: BentRecord, data: bytes) -> None:
    """Another file, which the log goes along with."""
    digest = release_digest(data)
    record.files = {digest: data}
    record.rewrite(lambda one: one.model_copy(update={"release": digest}) if isinstance(one, Released) else one)


def _only_file(record: BentRecord) -> bytes:
    (data,) = record.files.values()
    return data


def _release_of_another_model(record: BentRecord) -> None:
    release = read_release(_only_file(record), record.identity.public_key)
    arrays = {name: array.copy() for name, array in release.arrays.items()}
    arrays["b"][0] += 1e-6
    _release(record, write_release(replace(release, arrays=arrays), record.identity))


def _release_that_costs_less(record: BentRecord) -> None:
    release = read_release(_only_file(record), record.identity.public_key)
    card = release.card.model_copy(update={"epsilon": release.card.epsilon / 2})
    _release(record, write_release(replace(release, card=card), record.identity))


def _release_confirmed_by_more(record: BentRecord) -> None:
    release = read_release(_only_file(record), record.identity.public_key)
    card = release.card.model_copy(update={"confirmed_by": ("east", "north", "nobody", "west")})
    _release(record, write_release(replace(release, card=card), record.identity))


def _another_release_in_its_place(record: BentRecord) -> None:
    (digest,) = record.files
    release = read_release(_only_file(record), record.identity.public_key)
    card = release.card.model_copy(update={"evaluation": {"auc": 0.99}})
    record.files = {digest: write_release(replace(release, card=card), record.identity)}


def _bend_release(record: BentRecord) -> None:
    record.files = {digest: flipped(data) for digest, data in record.files.items()}


def _bend_release_signature(record: BentRecord) -> None:
    (digest,) = record.files
    data = _only_file(record)
    at = 8 + int.from_bytes(data[4:8], "big")  # magic, length, header, then the signature
    record.files = {digest: flipped(data, at)}


def _released_as_another_model(record: BentRecord) -> None:
    record.rewrite(lambda one: one.model_copy(update={"model": "e" * 64}) if isinstance(one, Released) else one)


def _without_confirmations(record: BentRecord) -> None:
    record.rewrite(
        lambda one: (
            one.model_copy(update={"matched": False})
            if isinstance(one, Confirmed) and one.school != "west"
            else one
        )
    )


BENDS: list[tuple[Callable[[BentRecord], None], str, str]] = [
    (_bend_sum, "sum", "sum isn't the one that the log holds"),
    (_bend_plan, "plan", "plan isn't the one that the log holds"),
    (_bend_vectors, "vectors", "vectors in the sum aren't"),
    (_bend_start, "model", "start model isn't the one that was approved"),
    (_cut_outcome, "sum", "malformed"),
    (_withhold_round, "log entry", "doesn't hand it out"),
    (_withhold_start, "model", "doesn't hand out"),
    (_withhold_release, "release", "doesn't hand it out"),
    (_bend_head, "signature", "signature under a log-head is wrong"),
    (_bend_entry, "log entry", "aren't the ones that its head was signed for"),
    (_unknown_entry, "log entry", "this version can't read"),
    (_lie_about_a_sum, "plan", "rests on another log"),
    (_lie_all_along, "model", "isn't the one that the sums before it give"),
    (_ask_one_school_otherwise, "plan", "asked with another plan"),
    (_lie_about_the_last_sum, "model", "another model than the published sums give"),
    (_two(Opened, "outcome"), "log entry", "2 outcomes of this round"),
    (_two(Planned, "plan"), "log entry", "2 plans of this round"),
    (_two(Committed, "vectors"), "log entry", "2 lists of vectors"),
    (_without(Committed, 2), "log entry", "0 lists of vectors"),
    (_without(Opened, 2), "log entry", "goes on to round 3, but holds no outcome of round 2"),
    (_without(Opened, 3), "log entry", "a release, but no outcome of round 3"),
    (_without(Planned, 1), "log entry", "0 plans of this round"),
    (_other_order, "log entry", "in another order"),
    (_other_own_vector, "vectors", "another vector in this school's name"),
    (_bend_release, "release", "can't be used"),
    (_bend_release_signature, "signature", "signature under a model-release is wrong"),
    (_release_of_another_model, "model", "holds another model"),
    (_release_that_costs_less, "release", "card says something else"),
    (_release_confirmed_by_more, "release", "card says something else"),
    (_another_release_in_its_place, "release", "file isn't the one that the log holds"),
    (_released_as_another_model, "model", "release of another model"),
    (_without_confirmations, "log entry", "1 schools had confirmed"),
]
