"""Coordinators in a temporary folder, with a stopped clock, and campaigns ready to run on them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from common.arrays import Arrays, to_bytes
from common.canonical import sha256_hex
from common.clock import StoppedClock
from common.models.dkt_shapes import zero_arrays
from common.plan import CampaignPlan
from server.campaign_records import add_campaign, want_campaign
from server.coordinator import Coordinator
from server.init_coordinator import init_coordinator
from server.schools import Enrolment, enrol, invite
from server.settings import CoordinatorFolder, Settings
from tests.support.fake_schools import FakeSchool, fake_schools, node_key
from tests.support.plans import campaign_plan

SCHOOLS = ("east", "north", "west")


def settings(**changes: Any) -> Settings:
    """A consortium on this machine, unless changed."""
    return Settings.model_validate(
        {"consortium": "Valley schools", "public_url": "https://127.0.0.1:8443", **changes}
    )


def new_coordinator(folder: Path, clock: StoppedClock | None = None, **changes: Any) -> Coordinator:
    """A coordinator that was just set up; the caller closes it."""
    return init_coordinator(CoordinatorFolder(folder), settings(**changes), clock or StoppedClock())


def start_arrays(rows: int, hidden: int) -> Arrays:
    """A model made by hand: the first hidden unit rises with right answers and every read-out follows it."""
    arrays = zero_arrays(rows, hidden)
    # Gates are ordered i, f, o, g. Open gates, and g is +-0.5 for right and wrong.
    arrays["b"][: 3 * hidden] = 2.0
    arrays["W_in"][rows:, 3 * hidden] = 0.5
    arrays["W_in"][:rows, 3 * hidden] = -0.5
    arrays["W_out"][:, 0] = 1.0
    arrays["u"] += np.float32(0.25)
    return arrays


def add_test_campaign(
    coordinator: Coordinator, schools: Mapping[str, FakeSchool], *, wanted: bool = True, **changes: Any
) -> CampaignPlan:
    """A campaign of these schools in the coordinator's database, wanted by the operator."""
    draft = campaign_plan()
    start = to_bytes(start_arrays(len(draft.model.skill_names) + 1, draft.model.hidden))
    plan = campaign_plan(
        **{
            "coordinator_key": coordinator.identity.public_key,
            "members": tuple(schools[name].member for name in sorted(schools)),
            "model": draft.model.model_copy(update={"start_digest": sha256_hex(start)}),
            "optimiser": draft.optimiser.model_copy(update={"learning_rate": 0.05}),
            "minimum_cohort": 2,
            **changes,
        }
    )
    at = coordinator.clock.now()
    with coordinator.store.write() as connection:
        add_campaign(connection, plan, identity=coordinator.identity, start_model=start, at=at)
        if wanted:
            want_campaign(connection, plan.digest, wanted=True, at=at)
    return plan


def three_schools(coordinator: Coordinator) -> dict[str, FakeSchool]:
    """East, north and west."""
    return fake_schools(coordinator.identity.public_key, SCHOOLS)


def enrol_schools(coordinator: Coordinator, schools: Mapping[str, FakeSchool]) -> None:
    """Invites and enrols each school with its own keys."""
    for name, school in schools.items():
        token = invite(coordinator, name).token
        enrol(coordinator, token, Enrolment(school.identity.public_key, node_key(), school.students))
