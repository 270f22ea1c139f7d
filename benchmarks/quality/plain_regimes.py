"""Every rung but the stack without privacy: alone, together, and together with own stages at each school."""

from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

from benchmarks.quality import bkt_rung, dkt_rung, logistic_rung
from benchmarks.quality.entries import Entry, Model, Spent, entry
from benchmarks.quality.protocol import Consortium
from benchmarks.quality.tasks import Say, Spread, Timed, spread, submit
from client.training.local_fit import EXACT_PRIOR
from client.training.logistic_fit import LogisticPrior
from client.training.personalise import PersonalModel
from common.arrays import Arrays
from common.models.bkt import NAMES, BktParameters


@dataclass(frozen=True, slots=True, eq=False)
class CommonFits:
    """Fits over all members, on their way."""

    dkt: Future[Timed[PersonalModel]] = field(repr=False)
    fedavg: Future[Timed[PersonalModel]] | None = field(repr=False)
    logistic: Future[Timed[LogisticPrior]] = field(repr=False)
    bkt: Future[Timed[BktParameters]] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """One rung's outputs, on their way: the common model as it is, alone, and the common model with own stages.

    before, central_before: CPU seconds of the federated and of the central fit.
    """

    model: Model
    central: Spread
    local: Spread | None
    federated: Spread
    personal: Spread | None
    before: float
    shared: Spent
    central_before: float

    def gather(self) -> list[Entry]:
        """Waits for all of them. Sums over schools make the federated fit the central one, but for the DKT."""
        found = [entry(self.model, "central", self.central.gather(), before=self.central_before)]
        if self.local is not None:
            found.append(entry(self.model, "local", self.local.gather()))
        if self.personal is not None:
            common = entry(self.model, "federated", self.federated.gather(), before=self.before, spent=self.shared)
            own = entry(
                self.model, "federated_personal", self.personal.gather(), before=self.before, spent=self.shared
            )
            found += [common, own]
        return found


def plain_entries(
    consortium: Consortium, pool: Executor, common: CommonFits, *, start: Arrays, seed: int, say: Say
) -> list[Entry]:
    """All regimes that the consortium allows: without schools, `central` alone. start: an untrained DKT."""
    alone = _start_alone(consortium, pool, start=start, seed=seed)
    stages = []
    for stage in (_bkt_stages, _logistic_stages):
        stages.append(stage(consortium, pool, common, alone=alone))
        say(f"{stages[-1].model}: common fit done")
    stages.append(_dkt_stages(consortium, pool, common, alone=alone, seed=seed))
    say("dkt: common fit done")
    found = []
    for one in stages:
        found += one.gather()
        say(f"{one.model}: every regime without privacy done")
    return found


def start_common(consortium: Consortium, pool: Executor, *, start: Arrays, seed: int) -> CommonFits:
    """Starts the fits over all members, the longest first."""
    train, validation = consortium.train, consortium.validation
    members = [school.parts[0] for school in consortium.members]
    fedavg = (
        submit(pool, dkt_rung.fit_fedavg, start, members, recipe=dkt_rung.FEDAVG, seed=seed)
        if consortium.federated
        else None
    )
    return CommonFits(
        dkt=submit(pool, dkt_rung.fit_central, start, train, validation, recipe=dkt_rung.CENTRAL, seed=seed),
        fedavg=fedavg,
        logistic=submit(pool, logistic_rung.fit_central, train, consortium.rows),
        bkt=submit(pool, bkt_rung.fit_central, train, consortium.rows),
    )


def _start_alone(consortium: Consortium, pool: Executor, *, start: Arrays, seed: int) -> dict[Model, Spread]:
    if not consortium.federated:
        return {}
    schools, rows = consortium.schools, consortium.rows
    return {
        "bkt": spread(pool, bkt_rung.local, schools, rows=rows),
        "lr": spread(pool, logistic_rung.local, schools, rows=rows),
        "dkt": spread(pool, dkt_rung.local, schools, start=start, seed=seed),
    }


def _bkt_stages(
    consortium: Consortium, pool: Executor, common: CommonFits, *, alone: dict[Model, Spread]
) -> Stages:
    done = common.bkt.result()
    zero = spread(pool, bkt_rung.zero_shot, consortium.schools, parameters=done.value)
    own = spread(pool, bkt_rung.local, consortium.schools, rows=consortium.rows, prior=done.value)
    shared = Spent(parameters=len(NAMES) * consortium.rows)
    return Stages("bkt", zero, alone.get("bkt"), zero, own if alone else None, done.seconds, shared, done.seconds)


def _logistic_stages(
    consortium: Consortium, pool: Executor, common: CommonFits, *, alone: dict[Model, Spread]
) -> Stages:
    done = common.logistic.result()
    zero = spread(pool, logistic_rung.zero_shot, consortium.schools, prior=done.value)
    own = (
        spread(
            pool,
            logistic_rung.personal,
            consortium.schools,
            prior=done.value,
            strengths=EXACT_PRIOR,
        )
        if alone
        else None
    )
    shared = Spent(parameters=sum(array.size for array in done.value.arrays.values()))
    return Stages("lr", zero, alone.get("lr"), zero, own, done.seconds, shared, done.seconds)


def _dkt_stages(
    consortium: Consortium, pool: Executor, common: CommonFits, *, alone: dict[Model, Spread], seed: int
) -> Stages:
    done = common.dkt.result()
    central = spread(pool, dkt_rung.zero_shot, consortium.schools, model=done.value)
    if common.fedavg is None:
        return Stages("dkt", central, None, central, None, done.seconds, Spent(), done.seconds)
    averaged = common.fedavg.result()
    federated = spread(pool, dkt_rung.zero_shot, consortium.schools, model=averaged.value)
    own = spread(pool, dkt_rung.adapted, consortium.schools, model=averaged.value, seed=seed)
    numbers = sum(array.size for array in averaged.value.arrays.values()) + len(averaged.value.difficulty)
    shared = Spent(rounds=dkt_rung.FEDAVG.epochs, parameters=numbers)
    return Stages("dkt", central, alone["dkt"], federated, own, averaged.seconds, shared, done.seconds)
