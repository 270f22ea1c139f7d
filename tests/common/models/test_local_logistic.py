"""A calibrated logistic model is a logistic model whose every logit lies on the line."""

import pytest

from common.models.calibration import Calibration
from common.models.local_logistic import calibrated, local_logits
from tests.support.ladders import random_logistic
from tests.support.models import SKILLS, random_encoded


@pytest.mark.parametrize("sloped", [True, False])
def test_every_logit_is_calibrated(sloped: bool) -> None:
    """Shared numbers, families, offsets and own slopes alike."""
    model, histories = random_logistic(SKILLS, sloped=sloped), [random_encoded(n, n) for n in (9, 1, 4)]
    line = Calibration(0.3, 0.8)
    expected = line.of(local_logits(model, histories))
    assert local_logits(calibrated(model, line), histories) == pytest.approx(expected, abs=1e-5)
