"""The first trip of a masked round at a school: what is checked, what is charged, what stays the same."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.masked_schools import MaskedSchools, masked_schools


@pytest.fixture
def schools(tmp_path: Path) -> Iterator[MaskedSchools]:
    """Three schools, set up."""
    with masked_schools(tmp_path) as made:
        made.set_up()
        yield made


def test_the_opened_sum_is_the_sum_of_what_the_schools_noised(schools: MaskedSchools) -> None:
    """Two rounds in a row, exactly; nobody's own vector looks like its integers."""
    for number in (1, 2):
        plan = schools.coordinator.plan(number)
        masked = schools.mask(plan)
        opened = schools.finish(plan, masked)
        sent = [home.sent_integers(schools.coordinator.campaign, number) for home in schools.homes.values()]
        np.testing.assert_array_equal(opened.total, np.sum(sent, axis=0))
