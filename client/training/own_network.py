"""The network that a school makes for itself where a release holds a logistic model alone.

It learns from simulated students who answer as the released model says: post-processing, so it costs no privacy
and needs nobody's word. It serves only as a part of the stack, and only if this school's gate lets it.
"""

from collections.abc import Callable
from dataclasses import replace

from common.arrays import Arrays
from common.models.distilled_start import distilled_start
from common.models.release import ModelRelease

HIDDEN, SEED = 64, 1  # no noise grows with the width, so it may be wide (docs/decisions/0019)


def with_own_network(release: ModelRelease, distil: Callable[..., Arrays] = distilled_start) -> ModelRelease:
    """The release with such a network; as it is if it holds one already, or nothing to distil. About a minute.

    distil: as `distilled_start`, which tests replace.
    """
    logistic = release.logistic
    if logistic is None or release.dkt is not None:
        return release
    network = distil(logistic, release.families, release.skill_map, hidden=HIDDEN, seed=SEED)
    return replace(release, arrays={**release.arrays, **network})
