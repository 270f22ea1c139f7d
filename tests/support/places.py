"""Students at every place that practice has, put there through the engine, and a browser that is any of them."""

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import BrowserContext
from sqlalchemy import Connection

from client.practice.choices import start_set
from client.practice.offers import skip_diagnostic, start_diagnostic
from client.practice.policy import SET_SIZE
from client.practice.reasons import ReasonCode
from client.practice.submit_answer import Answer, submit_answer
from client.records.interactions import append
from client.records.offers import StoredOffer, put_offer
from client.records.sessions import SessionKind, open_session
from local_app.world import World
from tests.support.practising import right_response
from tests.support.stores import answer, in_writer

MINUTES_AN_ITEM = 4


def asked_once(world: World, student: str) -> None:
    """Within the diagnostic, after one answer."""

    def work(connection: Connection) -> None:
        offer = start_diagnostic(connection, world.desk, student)
        given = Answer(student, offer.id, right_response(offer.item), f"asked-{student}")
        submit_answer(connection, world.desk, given)

    in_writer(world.store, work)


def placed(world: World, student: str) -> None:
    """Just after the diagnostic."""
    asked_once(world, student)
    in_writer(world.store, lambda c: skip_diagnostic(c, world.desk, student))


def at_item(world: World, student: str, *, family: str, seed: int, hints: int = 0) -> None:
    """At this item, with so many hints seen."""
    facts = {"skill": world.desk.bank.generate(family, seed).skills[0]}
    offer = StoredOffer(student, family, seed, ReasonCode.START, facts, "bkt", world.clock.now(), hints)

    def work(connection: Connection) -> None:
        start_set(connection, world.desk, student)
        put_offer(connection, offer)

    in_writer(world.store, work)


def between_sets(world: World, student: str) -> None:
    """A set is over that took long enough for a break."""
    now = world.clock.now()

    def work(connection: Connection) -> None:
        start_set(connection, world.desk, student)
        for place in range(SET_SIZE):
            at = now - timedelta(minutes=MINUTES_AN_ITEM * (SET_SIZE - place))
            append(connection, replace(answer(student, correct=place > 1), at=at))

    in_writer(world.store, work)


def become(context: BrowserContext, world: World, address: str, *, student: str) -> None:
    """The browser is this student from now on."""
    now = world.clock.now()
    token = in_writer(world.store, lambda c: open_session(c, SessionKind.STUDENT, student, now=now))
    context.add_cookies([{"name": "homeroom_student", "value": token, "url": address}])
