"""`join`, `campaigns`, `approve`, `refuse`, `rollback`: the administrator's decisions about the consortium."""

import json
from argparse import Namespace

from client.commands.opened import folder_of, opened_store, written
from client.federation.approvals import KnownCampaign, decide, full_digest, known_campaigns, note_offered
from client.federation.coordinator_api import fetch_campaigns, open_api
from client.federation.join import join
from client.federation.serving import roll_back
from client.records.students import student_ids
from common.clock import SystemClock
from common.models.ladder import BKT
from common.signing import fingerprint


def join_consortium(given: Namespace) -> None:
    """Enrols this school and prints what to read over the telephone."""
    folder = folder_of(given)
    students = given.students
    if students is None:
        with opened_store(folder) as store, store.read() as connection:
            students = len(student_ids(connection))
    enrolment = join(given.invitation, folder, students)
    print(
        f"{enrolment.school} has joined {enrolment.consortium} with {enrolment.students} students (rounded up).\n"
        f"The coordinator's key, to compare by telephone: {fingerprint(enrolment.coordinator_key)}"
    )


def campaigns(given: Namespace) -> None:
    """Fetches what the coordinator proposes and prints every plan in words."""
    folder, clock = folder_of(given), SystemClock()
    api = open_api(folder, clock)
    sealed = fetch_campaigns(api)
    with opened_store(folder) as store:
        key, now = api.enrolment.coordinator_key, clock.now()
        written(store, lambda connection: note_offered(connection, sealed, coordinator_key=key, now=now))
        with store.read() as connection:
            known = known_campaigns(connection)
    if given.json:
        print(json.dumps([_as_json(one) for one in known], indent=2))
        return
    for one in known:
        print(f"{one.name}: {one.state}\n  digest {one.digest}")
        print("\n".join(f"  {sentence}" for sentence in one.summary))
        if one.compared_with:
            print(f"  Against {one.compared_with}, which was approved before:")
            print("\n".join(f"    {change.sentence}" for change in one.changes))
    if not known:
        print("No training plan has reached this school.")


def approve_plan(given: Namespace) -> None:
    """Takes part in exactly this plan."""
    _decide(given, approved=True)


def refuse_plan(given: Namespace) -> None:
    """Takes no part, or no part any more."""
    _decide(given, approved=False)


def go_back(given: Namespace) -> None:
    """One release back, or to the school's own model."""
    with opened_store(folder_of(given)) as store:
        now = SystemClock().now()
        serves = written(store, lambda connection: roll_back(connection, by=given.by, now=now))
    print("The school's own model (BKT) serves now." if serves == BKT else f"Release {serves} serves now.")


def _decide(given: Namespace, *, approved: bool) -> None:
    with opened_store(folder_of(given)) as store:
        with store.read() as connection:
            digest = full_digest(connection, given.digest)
        now = SystemClock().now()
        written(store, lambda connection: decide(connection, digest, approved=approved, by=given.by, now=now))
    print(f"{'Approved' if approved else 'Refused'}: {digest}")


def _as_json(one: KnownCampaign) -> dict[str, object]:
    return {
        "name": one.name,
        "digest": one.digest,
        "decided": str(one.decided),
        "summary": list(one.summary),
        "compared_with": one.compared_with,
        "changes": [change.sentence for change in one.changes],
    }
