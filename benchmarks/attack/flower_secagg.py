"""For contrast: two ways in which Flower's own SecAgg+ gives a lying coordinator one school's exact update.

The client side is flwr's, function by function, with the checks that it makes of every message. Nothing of Flower
is changed; only the coordinator lies. A: one unmask message names the victim as alive and as dropped, and the
clients answer both. B: the coordinator hands the victim its own public keys instead of the other schools', which
nobody authenticates. Homeroom's masking refuses both (attacks 7 and 3 of `malicious_coordinator`).
"""

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, cast

import numpy as np
from flwr.app import ConfigRecord
from flwr.client.mod.secure_aggregation.secaggplus_mod import (
    SecAggPlusState,
    _collect_masked_vectors,
    _setup,
    _share_keys,
    _unmask,
    check_configs,
    check_stage,
)
from flwr.common import bytes_to_ndarray, ndarrays_to_parameters
from flwr.common.secure_aggregation.crypto.shamir import combine_shares
from flwr.common.secure_aggregation.crypto.symmetric_encryption import decrypt, encrypt, generate_shared_key
from flwr.common.secure_aggregation.quantization import dequantize
from flwr.common.secure_aggregation.secaggplus_constants import Key, Stage
from flwr.common.secure_aggregation.secaggplus_utils import (
    pseudo_rand_gen,
    share_keys_plaintext_concat,
    share_keys_plaintext_separate,
)
from flwr.supercore.primitives.asymmetric import (
    bytes_to_private_key,
    bytes_to_public_key,
    generate_key_pairs,
    public_key_to_bytes,
)
from numpy.typing import NDArray

SCHOOLS, THRESHOLD, VICTIM = 5, 4, 3
# flwr's own defaults.
CLIPPING_RANGE, QUANTIZATION_RANGE, MODULUS_RANGE = 8.0, 1 << 22, 1 << 32
EXAMPLES = 1000.0
DIMENSIONS = 2_000
# Stochastic rounding moves a number by at most one step.
STEP = 2 * CLIPPING_RANGE / QUANTIZATION_RANGE

Answer = dict[str, Any]


@dataclass(slots=True)
class FlowerSchool:
    """One of flwr's clients and the update that it means to hide, (d,)."""

    update: NDArray[np.float64] = field(repr=False)
    state: SecAggPlusState = field(default_factory=SecAggPlusState, repr=False)

    def answer(self, stage: str, configs: Answer) -> Answer:
        """What the client sends back, after its own checks of the message."""
        message = ConfigRecord(cast(Any, {Key.STAGE: stage, **configs}))
        check_stage(self.state.current_stage, message)
        self.state.current_stage = cast(str, message.pop(Key.STAGE))
        check_configs(stage, message)
        if stage == Stage.SETUP:
            return cast(Answer, _setup(self.state, message))
        if stage == Stage.SHARE_KEYS:
            return cast(Answer, _share_keys(self.state, message))
        if stage == Stage.UNMASK:
            return cast(Answer, _unmask(self.state, message))
        parameters = ndarrays_to_parameters([self.update])
        return cast(Answer, _collect_masked_vectors(self.state, message, int(EXAMPLES), parameters))


def attack_flower(seed: int) -> dict[str, Any]:
    """Largest error of the victim's update as it was read, for each way; one step of flwr's rounding is 3.8e-6."""
    lies = {"A one lying unmask message": _lying_unmask, "B swapped public keys": _swapped_keys}
    found = {}
    for number, (name, lie) in enumerate(lies.items()):
        rng = np.random.default_rng([seed, number])
        schools = [FlowerSchool(rng.normal(0, 1, DIMENSIONS)) for _ in range(SCHOOLS)]
        error = float(np.abs(lie(schools) - schools[VICTIM].update).max())
        found[name] = {"largest_error": error, "recovered": error <= STEP}
    return {"flwr": version("flwr"), "schools": SCHOOLS, "threshold": THRESHOLD, "step": STEP, "ways": found}


def _lying_unmask(schools: list[FlowerSchool]) -> NDArray[np.float64]:
    keys = _set_up(schools)
    boxes = {nid: school.answer(Stage.SHARE_KEYS, _named(keys)) for nid, school in enumerate(schools)}
    masked = {nid: _masked(school, nid, boxes) for nid, school in enumerate(schools)}
    # The one lie: the victim is among the active and among the dead.
    lie: Answer = {Key.ACTIVE_NODE_ID_LIST: list(range(SCHOOLS)), Key.DEAD_NODE_ID_LIST: [VICTIM]}
    replies = [school.answer(Stage.UNMASK, lie) for school in schools]
    seed_shares = [reply[Key.SHARE_LIST][VICTIM] for reply in replies]
    key_shares = [reply[Key.SHARE_LIST][-1] for reply in replies]
    private = bytes_to_private_key(combine_shares(key_shares))
    pairs = {
        nid: generate_shared_key(private, bytes_to_public_key(keys[nid][0]))
        for nid in range(SCHOOLS)
        if nid != VICTIM
    }
    return _bare(masked[VICTIM], combine_shares(seed_shares), pairs)


def _swapped_keys(schools: list[FlowerSchool]) -> NDArray[np.float64]:
    """The other schools aren't even asked: the victim alone meets four schools that the coordinator plays."""
    victim, own = schools[VICTIM], _set_up(schools)[VICTIM]
    played = {nid: (generate_key_pairs(), generate_key_pairs()) for nid in range(SCHOOLS) if nid != VICTIM}
    keys = {nid: [public_key_to_bytes(pair[1]) for pair in pairs] for nid, pairs in played.items()}
    dealt = victim.answer(Stage.SHARE_KEYS, _named(keys | {VICTIM: own}))
    seed_shares, boxes = [], {}
    for nid, box in zip(dealt[Key.DESTINATION_LIST], dealt[Key.CIPHERTEXT_LIST], strict=True):
        shared = generate_shared_key(played[nid][1][0], bytes_to_public_key(own[1]))
        seed_shares.append(share_keys_plaintext_separate(decrypt(shared, box))[2])
        boxes[nid] = encrypt(shared, share_keys_plaintext_concat(nid, VICTIM, bytes(4), bytes(4)))
    reply = victim.answer(
        Stage.COLLECT_MASKED_VECTORS,
        {Key.CIPHERTEXT_LIST: list(boxes.values()), Key.SOURCE_LIST: list(boxes)},
    )
    pairs = {
        nid: generate_shared_key(mask_pair[0], bytes_to_public_key(own[0]))
        for nid, (mask_pair, _) in played.items()
    }
    return _bare(reply, combine_shares(seed_shares), pairs)


def _set_up(schools: list[FlowerSchool]) -> dict[int, list[bytes]]:
    """Both public keys of each school."""
    configs: Answer = {
        Key.SAMPLE_NUMBER: SCHOOLS,
        Key.SHARE_NUMBER: SCHOOLS,
        Key.THRESHOLD: THRESHOLD,
        Key.CLIPPING_RANGE: CLIPPING_RANGE,
        Key.TARGET_RANGE: QUANTIZATION_RANGE,
        Key.MOD_RANGE: MODULUS_RANGE,
        Key.MAX_WEIGHT: EXAMPLES,
    }
    keys = {}
    for nid, school in enumerate(schools):
        school.state.nid = nid
        answer = school.answer(Stage.SETUP, configs)
        keys[nid] = [answer[Key.PUBLIC_KEY_1], answer[Key.PUBLIC_KEY_2]]
    return keys


def _named(keys: dict[int, list[bytes]]) -> Answer:
    return {str(nid): keys[nid] for nid in sorted(keys)}


def _masked(school: FlowerSchool, nid: int, boxes: dict[int, Answer]) -> Answer:
    """The honest relay of everybody's boxes for one school, and its masked vector."""
    sources, ciphertexts = [], []
    for source, dealt in boxes.items():
        for target, box in zip(dealt[Key.DESTINATION_LIST], dealt[Key.CIPHERTEXT_LIST], strict=True):
            if target == nid:
                sources.append(source)
                ciphertexts.append(box)
    configs: Answer = {Key.CIPHERTEXT_LIST: ciphertexts, Key.SOURCE_LIST: sources}
    return school.answer(Stage.COLLECT_MASKED_VECTORS, configs)


def _bare(reply: Answer, seed: bytes, pairs: dict[int, bytes]) -> NDArray[np.float64]:
    """The victim's vector without its own mask and those of its pairs."""
    arrays = [bytes_to_ndarray(one).astype(np.int64) for one in reply[Key.MASKED_PARAMETERS]]
    shapes = [array.shape for array in arrays]
    arrays = _less(arrays, pseudo_rand_gen(seed, MODULUS_RANGE, shapes), sign=1)
    for nid, shared in pairs.items():
        arrays = _less(arrays, pseudo_rand_gen(shared, MODULUS_RANGE, shapes), sign=1 if nid < VICTIM else -1)
    weight, *vector = arrays
    if int(weight[0]) != QUANTIZATION_RANGE:
        return np.full(DIMENSIONS, np.inf)  # masks are left: nothing was recovered
    return np.asarray(dequantize(vector, CLIPPING_RANGE, QUANTIZATION_RANGE)[0], np.float64)


def _less(arrays: list[NDArray[np.int64]], mask: list[Any], *, sign: int) -> list[NDArray[np.int64]]:
    return [(array - sign * one) % MODULUS_RANGE for array, one in zip(arrays, mask, strict=True)]
