"""A calibrated logistic model has every logit on its line; terms of skills give what a design gives."""

import numpy as np
import pytest

from common.models.calibration import Calibration
from common.models.local_logistic import calibrated, design_logits, local_logits, skill_terms
from common.models.logistic import design
from tests.support.ladders import random_logistic
from tests.support.models import SKILLS, random_encoded


@pytest.mark.parametrize("sloped", [True, False])
def test_every_logit_is_calibrated(sloped: bool) -> None:
    """Shared numbers, families, offsets and own slopes alike."""
    model, histories = random_logistic(SKILLS, sloped=sloped), [random_encoded(n, n) for n in (9, 1, 4)]
    line = Calibration(0.3, 0.8)
    expected = line.of(local_logits(model, histories))
    assert local_logits(calibrated(model, line), histories) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("sloped", [True, False])
def test_terms_of_skills_give_the_logits_of_a_design(sloped: bool) -> None:
    """For items without a family or an offset: constant + weights . columns, with own slopes and without."""
    model, histories = random_logistic(SKILLS, sloped=sloped), [random_encoded(n, n) for n in (9, 1, 4)]
    rows = design(histories, {})
    terms = skill_terms(model, rows.skill_rows)
    expected = design_logits(model, rows, np.zeros(len(rows.features)))
    assert terms.constant + (terms.weights * rows.features).sum(axis=1) == pytest.approx(expected, abs=1e-12)
