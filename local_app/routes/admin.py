"""The administrator's pages: which model serves, whether training is on, the privacy ledger, plans, consent."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from client.federation.approvals import decide, known_campaigns
from client.federation.serving import roll_back
from client.records.audit_trail import record_audit
from client.records.classes import classes
from client.records.consent import ConsentDecision, consenting_students, record_consent
from client.records.inventory import Purpose
from client.records.refusals import recent_refusals
from client.records.serving_now import serving_now
from client.records.staff import all_staff
from client.records.students import student_by_id, students_of_class
from client.records.training_pause import last_switch, pause, resume
from client.records.vault import Vault
from local_app.admin_views import consent_groups, named, with_names
from local_app.auth import AsAdministrator, FormRule, TheWorld
from local_app.ledger_views import LedgerView, installed_accountant, ledger_view
from local_app.pages import page
from local_app.serving_views import serving_view
from local_app.statement_views import stored_statement
from local_app.training_views import log_view, refusal_rows, training_view, unproven_rounds
from local_app.world import World

router = APIRouter(prefix="/admin")
MESSAGES = {
    "": "",
    "approved": "Approved. This school takes part from the next round.",
    "refused": "Refused. This school takes no part in it.",
    "paused": "Training is paused. Nothing leaves for it from now on.",
    "resumed": "Training goes on with the next round.",
    "rolled-back": "Done. The model before it serves again.",
    "consent": "Saved. It counts from the next round.",
}
SHOWN_REFUSALS, FIRST_REFUSALS = 200, 10


@router.get("")
async def model_page(request: Request, world: TheWorld, who: AsAdministrator, done: str = "") -> Response:
    """What predicts here, whether it trains, what left the school, and what waits for a decision."""
    with world.store.read() as connection:
        serving = serving_now(connection)
        staff = all_staff(connection)
        campaigns = with_names(known_campaigns(connection), staff)
        switch = named(last_switch(connection), staff)
        refusals = refusal_rows(recent_refusals(connection, count=SHOWN_REFUSALS))
    training = training_view(
        world.settings.policy,
        switch,
        now=world.clock.now(),
        log=log_view(world.folder),
        unproven=unproven_rounds(world.folder, campaigns),
    )
    return page(
        request,
        "model.html",
        **who.frame,
        message=MESSAGES.get(done, ""),
        serving=serving_view(serving),
        training=training,
        ledger=await asyncio.to_thread(_ledger, world),
        statement=stored_statement(world.folder),
        campaigns=campaigns,
        refusals=refusals[:FIRST_REFUSALS],
        older_refusals=refusals[FIRST_REFUSALS:],
    )


@router.get("/statement")
async def statement_page(request: Request, world: TheWorld, who: AsAdministrator) -> Response:
    """The privacy statement that was made last."""
    stored, file = stored_statement(world.folder), "statement/statement.json"
    return page(request, "statement.html", **who.frame, stored=stored, file=file)


@router.post("/training", dependencies=[FormRule])
async def switch_training(
    world: TheWorld, who: AsAdministrator, decision: Annotated[Literal["pause", "resume"], Form()]
) -> Response:
    """Stops training at once, or lets it go on."""
    now = world.clock.now()
    switch = pause if decision == "pause" else resume
    future = world.store.writer.submit(lambda connection: switch(connection, by=who.staff.id, now=now))
    await asyncio.wrap_future(future)
    return RedirectResponse(f"/admin?done={'paused' if decision == 'pause' else 'resumed'}", 303)


@router.post("/campaign", dependencies=[FormRule])
async def decide_on_campaign(
    world: TheWorld,
    who: AsAdministrator,
    digest: Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")],
    decision: Annotated[Literal["approve", "refuse"], Form()],
) -> Response:
    """The administrator's word on exactly one plan."""
    now = world.clock.now()
    approved = decision == "approve"
    future = world.store.writer.submit(
        lambda connection: decide(connection, digest, approved=approved, by=who.staff.id, now=now)
    )
    await asyncio.wrap_future(future)
    return RedirectResponse(f"/admin?done={'approved' if approved else 'refused'}", 303)


@router.post("/roll-back", dependencies=[FormRule])
async def roll_back_release(world: TheWorld, who: AsAdministrator) -> Response:
    """One release back, or to the school's own model."""
    now = world.clock.now()
    future = world.store.writer.submit(lambda connection: roll_back(connection, by=who.staff.id, now=now))
    await asyncio.wrap_future(future)
    return RedirectResponse("/admin?done=rolled-back", 303)


@router.get("/consent")
async def consent_page(request: Request, world: TheWorld, who: AsAdministrator, done: str = "") -> Response:
    """Every student and whether they take part in training."""
    with world.store.read() as connection:
        granted = set(consenting_students(connection, Purpose.FEDERATED_TRAINING))
        rows = [
            (group, students_of_class(connection, world.store.vault, group.id)) for group in classes(connection)
        ]
    total = sum(len(students) for _, students in rows)
    return page(
        request,
        "consent.html",
        **who.frame,
        message=MESSAGES.get(done, ""),
        groups=consent_groups(rows, granted),
        granted=len(granted),
        total=total,
    )


@router.post("/consent", dependencies=[FormRule])
async def set_consent(
    world: TheWorld,
    who: AsAdministrator,
    student: Annotated[str, Form(max_length=64)],
    granted: Annotated[Literal["yes", "no"], Form()],
) -> Response:
    """One decision, with the administrator as witness, in the consent record and the audit trail."""
    now = world.clock.now()
    decision = ConsentDecision(
        student, Purpose.FEDERATED_TRAINING, granted == "yes", "entered by the administrator", who.staff.id
    )
    future = world.store.writer.submit(
        lambda connection: _keep_consent(connection, world.store.vault, decision, now=now)
    )
    await asyncio.wrap_future(future)
    return RedirectResponse("/admin/consent?done=consent", 303)


def _ledger(world: World) -> LedgerView:
    policy, now = world.settings.policy, world.clock.now()
    return ledger_view(world.folder.ledger, policy, now=now, epsilon_of=installed_accountant())


def _keep_consent(connection: Connection, vault: Vault, decision: ConsentDecision, *, now: datetime) -> None:
    student_by_id(connection, vault, decision.student)  # raises for an id that isn't there
    record_consent(connection, decision, now=now)
    action = "consent-given" if decision.granted else "consent-withdrawn"
    record_audit(connection, actor=decision.by, action=action, subject=decision.student, now=now)
