"""The console shows masks as they are: set-up, steps of a round, what the noisy sum said, who confirmed."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from common.privacy.secagg.faults import SecaggFault
from server.app import create_app
from server.blames import BlameRecord, note_blame
from server.campaign_records import find_campaign
from server.conclude import keep_measurement
from server.console.masked_views import Bar, OutcomeView, outcome_view, round_bars, set_up_view
from server.console.sign_in import SIGN_IN
from server.gate import Upstream
from server.operators import add_operator
from server.pooled_gate import PooledVerdict
from tests.support.asgi_browser import AsgiBrowser
from tests.support.masked_campaigns import MaskedWorld, masked_world

PASSWORD = "a long enough sentence"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MaskedWorld]:
    """Five schools and a masked campaign that nobody has started."""
    with masked_world(tmp_path, rounds=1) as made:
        add_operator(made.coordinator, "Ada", PASSWORD)
        yield made


def _page(world: MaskedWorld) -> str:
    nowhere = Upstream(lambda: "127.0.0.1:1", httpx.AsyncClient)
    with AsgiBrowser(create_app(world.coordinator, upstream=nowhere, on_enrol=lambda _: None)) as browser:
        browser.submit(SIGN_IN, {"operator": "Ada", "password": PASSWORD})
        answer = browser.get(f"/campaigns/{world.plan.digest}")
        assert answer.status_code == 200
        return answer.text


def _outcome(world: MaskedWorld) -> OutcomeView:
    with world.coordinator.store.read() as connection:
        return outcome_view(connection, find_campaign(connection, world.plan.digest))


def test_a_round_has_a_bar_for_each_of_its_steps(world: MaskedWorld) -> None:
    """Birch sent nothing: five invited, four masked, summed and opened."""
    world.schools["birch"].silent = {"round"}
    world.run()
    bars = round_bars(world.rounds()[0], masked=True)
    assert bars == (
        Bar("Invited", 5, 5, 300),
        Bar("Sent a masked sum", 4, 5, 240),
        Bar("Are in the sum", 4, 5, 240),
        Bar("Helped to open it", 4, 5, 240),
    )
    assert [bar.count for bar in round_bars(world.rounds()[0], masked=False)] == [5, 4]


def test_the_page_says_what_is_masked_and_what_it_relies_on(world: MaskedWorld) -> None:
    """Both epsilons, masks, honest schools, the steps as a picture with words, confirmations."""
    world.run()
    page = _page(world)
    assert "Sums are masked: only the sum over all schools opens." in page
    assert "at least 3 honest schools" in page
    assert f"{world.plan.epsilon:.2f} at delta" in page
    assert "If every other school colluded" in page
    label = (
        "Schools in round 1: invited 5 of 5, sent a masked sum 5 of 5, are in the sum 5 of 5, helped to open it 5"
    )
    assert label in page
    assert len(re.findall(r'<rect class="fill"', page)) == 8
    assert "ash sent its masked update and helped to open the sum." in page
    assert page.count("gets the same model from its own replay") == 5
    assert "A release needs 4 schools" in page
    assert "Measured on the schools' evaluation students" in page
    assert "Setting the masks up" not in page


def test_the_set_up_is_shown_while_it_lasts(world: MaskedWorld) -> None:
    """Who has sent a key, who has dealt."""
    world.schools["elm"].silent = {"invite"}
    world.run()
    with world.coordinator.store.read() as connection:
        view = set_up_view(connection, find_campaign(connection, world.plan.digest))
    assert view is not None
    assert [(bar.label, bar.count) for bar in view.bars] == [("Sent a key for masks", 4), ("Dealt shares", 0)]
    page = _page(world)
    assert "Setting the masks up" in page
    assert "elm is missing" in page


def test_figures_stand_beside_their_uncertainty(world: MaskedWorld) -> None:
    """What noise drowned isn't shown as a number."""
    figures = {
        "pooled_auc": 0.71,
        "pooled_auc_at_start": 0.69,
        "pooled_auc_gain": 0.02,
        "pooled_auc_gain_sd": 0.013,
        "pooled_log_loss": 0.5,
        "pooled_students": 500.0,
    }
    with world.coordinator.store.write() as connection:
        keep_measurement(connection, world.plan.digest, PooledVerdict(figures, "It sees that far."))
    view = _outcome(world)
    assert view.gain == "+0.020 ± 0.013"
    assert [(line.label, line.candidate, line.start) for line in view.figures] == [
        ("AUC", "0.710", "0.690"),
        ("Log loss", "0.500", "not measurable"),
    ]
    assert "It sees that far." in _page(world)


def test_blame_is_shown_in_words(world: MaskedWorld) -> None:
    """With the round and what it means."""
    fault = str(SecaggFault.SECRET_DIFFERS_FROM_COMMITMENT)
    blame = BlameRecord(1, "cedar", fault, is_dealer=True, proof=b"proof")
    at = world.coordinator.clock.now()
    for _ in range(2):
        with world.coordinator.store.write() as connection:
            note_blame(connection, world.plan.digest, blame, at=at)
    (line,) = _outcome(world).blamed
    assert line == "Round 1: cedar dealt shares of something else than it committed to, and is left out"
    page = _page(world)
    assert line in page
    assert page.count("school blamed") == 1
