"""What leaves the school, in plain words: for a student who is signed in, and for a family without an account."""

import asyncio
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from client.records.consent import consent_of
from client.records.inventory import Purpose
from common.errors import Corrupt
from common.privacy.ledger_rows import charges_of, read_rows
from local_app.auth import AsStudent, TheWorld
from local_app.pages import page

router = APIRouter()


@router.get("/what-leaves")
async def for_families(request: Request, world: TheWorld) -> Response:
    """Nothing about any one student, so nobody has to sign in."""
    sums = await asyncio.to_thread(sums_paid_for, world.folder.ledger)
    return page(request, "what_leaves.html", sums=sums, takes_part=None)


@router.get("/practice/what-leaves")
async def for_a_student(request: Request, world: TheWorld, who: AsStudent) -> Response:
    """The same, and whether this student takes part."""
    sums = await asyncio.to_thread(sums_paid_for, world.folder.ledger)
    with world.store.read() as connection:
        takes_part = consent_of(connection, who.student.id)[Purpose.FEDERATED_TRAINING]
    return page(request, "what_leaves.html", **who.frame, sums=sums, takes_part=takes_part)


def sums_paid_for(ledger: Path) -> int | None:
    """How many sums the privacy ledger has paid for, sent or not; None if the ledger can't be trusted."""
    try:
        return len(charges_of(read_rows(ledger)))
    except Corrupt:
        return None
