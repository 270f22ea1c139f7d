"""A privacy statement as a page: sections of named facts and a table, for Markdown and for the school's pages."""

import math
from dataclasses import dataclass, field

from client.federation.privacy_statement import CohortCost, Epsilon, RoundsCharged, Statement
from client.federation.statement_words import LEAVES_AS_WELL

_KINDS = {"train": "Training rounds", "evaluate": "Measuring round"}


@dataclass(frozen=True, slots=True)
class Section:
    """facts: (name, what is so). rows: of a table under `head`, if there is one. points: a list."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementView:
    """The page. headline: the one sentence to read if only one is."""

    title: str
    headline: str
    sections: tuple[Section, ...] = field(repr=False)


def statement_view(statement: Statement) -> StatementView:
    """Everything that the statement holds, in the order in which one asks."""
    subject, promise = statement.subject, statement.promise
    return StatementView(
        title=f"Privacy statement of {subject.school}: campaign {subject.campaign}",
        headline=(
            f"What left {subject.school} in this campaign tells whether one {promise.unit} took part by at most "
            f"epsilon {_figure(promise.epsilon)} at delta {promise.delta:g} under the assumption below, and "
            f"{_figure(promise.epsilon_alone)} if every other school and the coordinator worked against this one. "
            f"{statement.tried}"
        ),
        sections=(
            _promise(statement),
            _lifetime(statement),
            _mechanism(statement),
            _collusion(statement),
            _audit(statement),
            Section("What this doesn't cover", points=statement.not_covered),
        ),
    )


def markdown_page(view: StatementView, *, signed: str) -> str:
    """The page as plain Markdown. signed: how to check who said it."""
    parts = [f"# {view.title}", view.headline, *map(_section, view.sections), signed]
    return "\n\n".join(parts) + "\n"


def _promise(statement: Statement) -> Section:
    promise, trust = statement.promise, statement.trust
    return Section(
        "What is promised",
        facts=(
            ("Unit", f"one {promise.unit}: their whole history at one school"),
            ("Neighbours", promise.relation),
            (
                "Epsilon of this campaign",
                f"{_figure(promise.epsilon)} (planned {_figure(promise.planned_epsilon)})",
            ),
            (
                "If all others colluded",
                f"{_figure(promise.epsilon_alone)} (planned {_figure(promise.planned_epsilon_alone)})",
            ),
            ("At two such schools", f"{_figure(promise.epsilon_two_schools)} for a student who was at both"),
            ("If the secret draws were known", f"{_figure(promise.epsilon_known_draws)}"),
            ("Delta", _delta(statement)),
            ("Whom to trust", trust.in_words),
        ),
    )


def _delta(statement: Statement) -> str:
    parts = statement.mechanism.delta_parts
    return (
        f"{statement.promise.delta:g}, of which {parts.set_aside:.1e} is set aside for what isn't the Gaussian: "
        f"draws above the cap (at most {parts.overdraws:.1e}), rounding of shares, the accountant's float error"
    )


def _lifetime(statement: Statement) -> Section:
    limits = statement.limits
    return Section(
        "What each year of enrolment has paid, in all campaigns so far",
        head=("added in", "epsilon", "if all others colluded", "delta", "rounds", "campaigns", "from", "to"),
        rows=tuple(map(_cohort, statement.lifetime)),
        facts=(
            (
                "Limits here",
                f"{limits.epsilon_lifetime:g} in all and {limits.epsilon_year:g} within a year; "
                f"{limits.epsilon_alone_lifetime:g} and {limits.epsilon_alone_year:g} if all others colluded",
            ),
        ),
    )


def _cohort(one: CohortCost) -> tuple[str, ...]:
    figures = (_figure(one.epsilon), _figure(one.epsilon_alone), f"{one.delta:g}")
    return (one.cohort, *figures, f"{one.rounds}", f"{one.campaigns}", one.first_charge[:10], one.last_charge[:10])


def _mechanism(statement: Statement) -> Section:
    mechanism, outcomes = statement.mechanism, statement.mechanism.outcomes
    program = mechanism.accountant
    return Section(
        "How it was kept",
        facts=(
            *((_KINDS[one.kind], _rounds(one)) for one in mechanism.rounds),
            (
                "Noise",
                "a Gaussian share is added at the school and rounded to integers afterwards; a share's standard "
                f"deviation is at least {mechanism.share_std_units:g} steps. {mechanism.generator}",
            ),
            ("Shares relied on", _relied_on(statement)),
            (
                "What became of the charges",
                f"{outcomes.opened} opened, {outcomes.sent} sent, {outcomes.aborted} aborted after they were paid "
                f"for, {outcomes.charged} charged and not sent",
            ),
            ("Smallest margin", _margin(statement)),
            ("Accountant", f"{program.name} {program.version}: {program.method}"),
            ("Everything charged", LEAVES_AS_WELL),
        ),
    )


def _rounds(one: RoundsCharged) -> str:
    draw = "every student" if one.sampling_rate == 1 else f"each student drawn with chance {one.sampling_rate:g}"
    return (
        f"{one.charged} charged of {one.planned} planned; {draw}, clipped to norm {one.clip_norm:g}, "
        f"noise multiplier {one.noise_multiplier:g}"
    )


def _relied_on(statement: Statement) -> str:
    trust = statement.trust
    own = ", ".join(map(str, trust.own_honest_schools))
    masks = "sums are masked" if trust.secagg else "sums aren't masked"
    return (
        f"the plan's noise is that of {trust.honest_schools} of {trust.schools} schools together; this school's "
        f"own share was made for {own}; {masks}"
    )


def _margin(statement: Statement) -> str:
    margin = statement.trust.smallest_margin
    if margin is None:
        return "none known"
    return f"{margin}: every opened sum held at least so many schools more than the noise needs"


def _collusion(statement: Statement) -> Section:
    return Section(
        "If fewer schools than assumed really added their noise",
        head=("honest shares in each sum, this school's included", "epsilon of this campaign"),
        rows=tuple((f"{one.honest_shares}", _figure(one.epsilon)) for one in statement.trust.collusion),
    )


def _audit(statement: Statement) -> Section:
    audit = statement.audit
    if audit is None:
        return Section("What attacks found", facts=(("Audit", "no audit given"),))
    plan = "this campaign's figures" if audit.same_plan else "another plan's figures"
    verdict = " ".join(audit.problems) if audit.problems else "nothing stands against a release"
    return Section(
        "What attacks found, on invented students",
        facts=(
            (
                "Round code",
                f"claimed {audit.claimed:g}; lower bounds at most {audit.bound_gaussian:.2f} (sharp, proves "
                f"nothing) and {audit.bound_assumption_free:.2f} (assumes nothing, and can't exceed "
                f"{audit.smallest_ceiling:.2f})",
            ),
            (
                "Whole campaign",
                f"on {plan}: claimed {audit.campaign_claimed:.2f}; lower bounds "
                f"{audit.campaign_bound_gaussian:.2f} and {audit.campaign_bound_assumption_free:.2f}",
            ),
            ("Gates", verdict),
            ("Report", f"SHA-256 {audit.report_digest}"),
        ),
    )


def _section(section: Section) -> str:
    parts = [f"## {section.title}"]
    if section.rows:
        parts.append(_table(section.head, section.rows))
    if section.facts:
        parts.append("\n".join(f"- **{name}**: {_sentence(text)}" for name, text in section.facts))
    if section.points:
        parts.append("\n".join(f"- {point}" for point in section.points))
    return "\n\n".join(parts)


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _figure(epsilon: Epsilon) -> str:
    """Rounded up, so that nothing is printed smaller than it is."""
    return "without a bound" if epsilon is None else f"{math.ceil(epsilon * 1000) / 1000:.3f}"
