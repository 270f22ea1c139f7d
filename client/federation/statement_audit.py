"""What a report of `python -m benchmarks.attack` says, for a privacy statement."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from client.federation.privacy_statement import AuditFigures
from common.attack_report import SCHEMA, problems_of
from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode
from common.plan import CampaignPlan


def audit_figures(data: bytes, plan: CampaignPlan) -> AuditFigures:
    """Claims, lower bounds, ceilings and failed gates. Corrupt for anything but a whole report of this version."""
    try:
        report = json.loads(data, parse_constant=_no_number)
        if report["schema"] != SCHEMA:
            raise _not_a_report()
        return _figures(report, data, plan)
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        raise _not_a_report() from error


def _figures(report: Mapping[str, Any], data: bytes, plan: CampaignPlan) -> AuditFigures:
    bounds = [run[way] for run in report["audit"]["honest"] for way in ("sums", "changes")]
    campaign = report["membership"]["campaign"]
    return AuditFigures(
        report_digest=sha256_hex(data),
        same_plan=_same_plan(report["plan"], plan),
        claimed=report["audit"]["claimed"],
        bound_gaussian=max(one["gaussian"] for one in bounds),
        bound_assumption_free=max(one["one_run"] for one in bounds),
        smallest_ceiling=min(one["ceiling"] for one in bounds),
        campaign_claimed=campaign["epsilon_claimed"],
        campaign_bound_gaussian=campaign["epsilon_lower_bound"],
        campaign_bound_assumption_free=campaign["epsilon_lower_bound_assumption_free"],
        problems=tuple(problems_of(report)),
    )


def _same_plan(attacked: Mapping[str, Any], plan: CampaignPlan) -> bool:
    """Whether the attacks ran on the figures that decide how much this campaign reveals."""
    privacy = plan.privacy
    own = {
        "noise_multiplier": privacy.noise_multiplier,
        "sampling_rate": privacy.sampling_rate,
        "rounds": plan.rounds,
        "honest_schools": privacy.honest_schools,
        "delta": privacy.delta,
    }
    return all(attacked[name] == value for name, value in own.items())


def _no_number(name: str) -> None:
    """Infinity and NaN, which would get past a comparison."""
    raise ValueError(name)


def _not_a_report() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "This isn't a whole report of this version's attack suite.")
