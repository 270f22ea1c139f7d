"""A release is read back as it was written, and anything else is refused."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from common.arrays import Arrays, to_bytes
from common.envelope import seal
from common.errors import Corrupt, ErrorCode, HomeroomError, Refused
from common.models.logistic import logistic_shapes
from common.models.release import KIND, ModelCard, ModelRelease, read_release, release_digest, write_release
from common.signing import Identity, new_identity
from common.skills import SkillMap
from tests.support.models import SKILLS, random_arrays

COORDINATOR = new_identity()
CARD = ModelCard(
    name="Autumn",
    campaign="autumn-1",
    campaign_digest="ab" * 32,
    rounds=20,
    epsilon=3.0,
    delta=1e-5,
    honest_schools=3,
    secure_aggregation=False,
    unit="student",
    relation="add or remove one student",
    assumption="At least 3 schools add their noise honestly.",
    trained_on="consenting students of 5 schools",
    package_version="0.1.0",
    created_at="2026-09-01T08:00:00Z",
    evaluation={"auc": 0.74, "log_loss": 0.55},
)


def release(hidden: int = 4) -> ModelRelease:
    """A small model for SKILLS."""
    return ModelRelease(random_arrays(SKILLS.rows, hidden, 1), SKILLS, CARD)


def sealed(fields: dict[str, str], payload: bytes, identity: Identity = COORDINATOR) -> bytes:
    """A properly signed file with whatever content."""
    return seal(identity, KIND, fields, payload=payload)


def good_fields() -> dict[str, str]:
    """What `write_release` puts beside the arrays."""
    return {"card": CARD.model_dump_json(), "skill_map": SKILLS.to_bytes().decode(), "families": "[]"}


def test_a_release_is_read_back_bit_for_bit() -> None:
    """Arrays, skill map and card."""
    data = write_release(release(), COORDINATOR)
    again = read_release(data, COORDINATOR.public_key)
    assert again.card == CARD
    assert again.skill_map == SKILLS
    assert again.kind == "dkt"
    assert again.dkt is not None
    assert again.logistic is None
    assert to_bytes(again.arrays) == to_bytes(release().arrays)


def test_the_digest_names_the_file() -> None:
    """The same release signed by the same key is the same file; another model is another file."""
    assert release_digest(write_release(release(), COORDINATOR)) == release_digest(
        write_release(release(), COORDINATOR)
    )
    assert release_digest(write_release(release(5), COORDINATOR)) != release_digest(
        write_release(release(), COORDINATOR)
    )


def test_a_release_of_another_coordinator_is_refused() -> None:
    """Only the key that the school enrolled with counts."""
    data = write_release(release(), new_identity())
    with pytest.raises(Refused) as caught:
        read_release(data, COORDINATOR.public_key)
    assert caught.value.code == ErrorCode.BAD_SIGNATURE


def test_300_flipped_bytes_and_cuts_are_all_refused() -> None:
    """Wherever they fall: lengths, header, signature or arrays."""
    data = write_release(release(), COORDINATOR)
    rng = np.random.default_rng(2)
    # Every second flip falls into the first bytes, where lengths, header and signature are.
    for trial in range(150):
        where = int(rng.integers(len(data) if trial % 2 else 200))
        flipped = bytearray(data)
        flipped[where] ^= 1 << int(rng.integers(8))
        with pytest.raises(HomeroomError):
            read_release(bytes(flipped), COORDINATOR.public_key)
    for _ in range(150):
        with pytest.raises(HomeroomError):
            read_release(data[: int(rng.integers(len(data)))], COORDINATOR.public_key)
    with pytest.raises(HomeroomError):
        read_release(data + b"\0", COORDINATOR.public_key)


def test_arrays_that_do_not_fit_the_skill_map_are_neither_written_nor_read() -> None:
    """A row too few would predict another skill."""
    arrays = random_arrays(SKILLS.rows - 1, 4, 3)
    with pytest.raises(Corrupt, match="skill map"):
        write_release(ModelRelease(arrays, SKILLS, CARD), COORDINATOR)
    with pytest.raises(Corrupt, match="skill map") as caught:
        read_release(sealed(good_fields(), to_bytes(arrays)), COORDINATOR.public_key)
    assert caught.value.code == ErrorCode.BAD_RELEASE


def test_a_number_that_is_not_finite_is_neither_written_nor_read() -> None:
    """It would spread to every prediction."""
    arrays = random_arrays(SKILLS.rows, 4, 4)
    payload = to_bytes(arrays)[:-4] + struct.pack("<f", float("nan"))
    arrays["b"][0] = np.inf
    with pytest.raises(Corrupt):
        write_release(ModelRelease(arrays, SKILLS, CARD), COORDINATOR)
    with pytest.raises(Corrupt) as caught:
        read_release(sealed(good_fields(), payload), COORDINATOR.public_key)
    assert caught.value.code == ErrorCode.BAD_RELEASE


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"card": "{}", "skill_map": SKILLS.to_bytes().decode()},
        {"card": "not JSON", "skill_map": SKILLS.to_bytes().decode()},
        {"card": CARD.model_dump_json(), "skill_map": '{"names":["a","a"],"version":"1"}'},
        {"card": CARD.model_dump_json(), "skill_map": "[]", "families": "[]"},
        {**good_fields(), "families": "{}"},
        {**good_fields(), "families": '["a","a"]'},
        {**good_fields(), "families": "[1]"},
        {**good_fields(), "families": '["a"]'},
    ],
)
def test_a_signed_file_with_wrong_fields_is_refused(fields: dict[str, str]) -> None:
    """A coordinator's mistake doesn't crash a school, and its sentence speaks of the release."""
    with pytest.raises(Corrupt, match="The model release can't be used") as caught:
        read_release(sealed(fields, to_bytes(release().arrays)), COORDINATOR.public_key)
    assert caught.value.code == ErrorCode.BAD_RELEASE


def test_another_kind_of_message_is_not_a_release() -> None:
    """Although the right key signed it."""
    data = seal(COORDINATOR, "round-request", good_fields(), payload=to_bytes(release().arrays))
    with pytest.raises(Refused):
        read_release(data, COORDINATOR.public_key)


def logistic_model(families: int) -> Arrays:
    """Random numbers of a logistic model for SKILLS."""
    rng = np.random.default_rng(2)
    shapes = logistic_shapes(SKILLS.rows, families)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes}


def test_a_release_may_hold_a_logistic_model_alone_or_beside_a_network() -> None:
    """Each part is found again by itself, and the families name the columns of the first."""
    alone = ModelRelease(logistic_model(2), SKILLS, CARD, ("halves", "thirds"))
    both = replace(alone, arrays={**logistic_model(2), **random_arrays(SKILLS.rows, 4, 1)})
    for one, kind in ((alone, "logistic"), (both, "dkt")):
        again = read_release(write_release(one, COORDINATOR), COORDINATOR.public_key)
        assert again.kind == kind
        assert again.families == ("halves", "thirds")
        assert again.logistic is not None
        assert to_bytes(again.logistic) == to_bytes(logistic_model(2))
        assert (again.dkt is None) is (kind == "logistic")


@pytest.mark.parametrize(
    ("arrays", "families"),
    [
        ({**random_arrays(SKILLS.rows, 4, 1), **logistic_model(0)}, ()),
        ({**logistic_model(0), "more": np.zeros(1, np.float32)}, ()),
        ({"bias": np.zeros(1, np.float32)}, ()),
        (logistic_model(1), ()),
        (logistic_model(1), ("halves", "thirds")),
        (random_arrays(SKILLS.rows, 4, 1), ("halves",)),
    ],
)
def test_arrays_that_are_no_known_model_are_not_written(arrays: Arrays, families: tuple[str, ...]) -> None:
    """In another order, with one more, with some missing, or with more or fewer families than are named."""
    with pytest.raises(Corrupt):
        write_release(ModelRelease(arrays, SKILLS, CARD, families), COORDINATOR)


def test_a_skill_map_with_one_skill_makes_a_release() -> None:
    """The smallest consortium there is."""
    one = SkillMap("v", ("add",))
    data = write_release(ModelRelease(random_arrays(one.rows, 4, 5), one, CARD), COORDINATOR)
    assert read_release(data, COORDINATOR.public_key).skill_map.rows == 2
