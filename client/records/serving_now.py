"""What serves now and why, in one record, whether a release brought it or the school measured itself alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from client.records.releases import InstalledRelease, active_release
from client.records.serving import OWN, ladder_kind
from client.records.serving_models import newest_serving_model


@dataclass(frozen=True, slots=True)
class ServingNow:
    """rung: which model predicts. figures: of every rung, on this school's own held-back students; they stay here.

    release: None where the school was measured without one.
    """

    rung: str
    reason: str
    figures: Mapping[str, float]
    measured_at: datetime
    release: InstalledRelease | None = None


def serving_now(connection: Connection) -> ServingNow | None:
    """The active release's, else the school's own; None before anything was measured."""
    release = active_release(connection)
    if release is not None:
        known = {name: float(value) for name, value in release.figures.items() if isinstance(value, float | int)}
        fitted = newest_serving_model(connection, ladder_kind(release.digest))
        measured_at = release.installed_at if fitted is None else fitted.fitted_at
        return ServingNow(release.rung, release.reason, known, measured_at, release)
    own = newest_serving_model(connection, ladder_kind(OWN))
    if own is None:
        return None
    found = own.parameters
    return ServingNow(str(found["rung"]), str(found["reason"]), dict(found["figures"]), own.fitted_at)
