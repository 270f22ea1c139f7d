"""A whole run: read, split, fit every rung in every regime, judge, compare, and gather it all in one report."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial

from benchmarks.quality import looks, report, verdicts
from benchmarks.quality.bkt_rung import bkt_logits
from benchmarks.quality.dkt_rung import dkt_logits
from benchmarks.quality.entries import Entry
from benchmarks.quality.groups import Answered, answered
from benchmarks.quality.leak_checks import check_flips, expansion_alarm, loader_refuses, stack_logits
from benchmarks.quality.leakage import Predict
from benchmarks.quality.logistic_rung import logistic_logits
from benchmarks.quality.options import Options
from benchmarks.quality.plain_regimes import CommonFits, plain_entries, start_common
from benchmarks.quality.private_regimes import Wishes, private_entries
from benchmarks.quality.protocol import Consortium, Part, by_school, by_silos, has_schools, in_one_pot
from benchmarks.quality.serving import gates, served_entries
from benchmarks.quality.simulated import pack_items, simulated_log
from benchmarks.quality.stack_rung import stack_entries
from benchmarks.quality.tasks import Say, submit
from common.arrays import Arrays
from common.models.log_file import LogFile, read_log
from common.models.warm_start import warm_start
from common.skills import SkillMap

FirstArrays = Callable[[SkillMap, int, int], Arrays]

LOOKED_AT = ("lr", "stack", "served")  # rungs that may be served


def run(options: Options, pool: Executor, say: Say, *, first: FirstArrays = warm_start) -> report.Json:
    """The report. FixSettings for a log that can't be read, by line. first: what every DKT starts from."""
    log = simulated_log(options.seed) if options.data is None else read_log(options.data)
    consortium = consortium_of(log, options, say)
    truth = answered(consortium)
    say(f"read {log.interactions:,} attempts of {len(log.histories):,} students")
    start = first(consortium.skill_map, options.hidden, options.seed)
    common = start_common(consortium, pool, start=start, seed=options.seed)
    alarm = submit(pool, expansion_alarm, _everybody(consortium), start, seed=options.seed)
    entries = plain_entries(consortium, pool, common, start=start, seed=options.seed, say=say)
    for epsilon in options.epsilons if consortium.federated else ():
        entries += private_entries(consortium, pool, _wishes(options, log, epsilon), say=say)
    entries += stack_entries(consortium, entries)
    entries += served_entries(consortium, entries)
    labels = list(dict.fromkeys(one.spent.label for one in entries if one.spent.private))
    flips = check_flips(_predictors(common), consortium.validation, seed=options.seed)
    refusal = loader_refuses(consortium.train, consortium.skill_map)
    ringing = alarm.result().value
    leakage = {
        "answer_flip": flips,
        "expansion_alarm": None if ringing is None else ringing.as_json(),
        "loader": refusal,
    }
    say("leakage guards checked")
    return {
        **report.heading(options),
        "data": report.data_of(log, options.data),
        "split": report.split_of(consortium, truth),
        "results": [report.result(entry, truth) for entry in entries],
        "paired": verdicts.paired(entries, truth, pool, labels=labels, seed=options.seed),
        "gain_kept": verdicts.gain_kept(entries, truth, labels),
        "gates": [row for label in ("none", *labels) for row in gates(consortium, entries, label)],
        **_looks(consortium, truth, entries),
        "leakage": leakage,
    }


def consortium_of(log: LogFile, options: Options, say: Say) -> Consortium:
    """Split as asked for; a log without two schools of enough students is one pot."""
    if options.silos is not None:
        return by_silos(log, options.silos, options.seed)
    if options.by_school and has_schools(log):
        return by_school(log, options.seed)
    if options.by_school:
        say("the log names no two schools of 10 students: everybody in one pot, regime central only")
    return in_one_pot(log, options.seed)


def _everybody(consortium: Consortium) -> Part:
    """All members in one part."""
    judged = tuple(history for school in consortium.members for history in school.judged)
    return Part(consortium.train, consortium.validation, judged)


def _wishes(options: Options, log: LogFile, epsilon: float) -> Wishes:
    """The built-in packs' items are public, with many answers each: their difficulty is shared by noisy sums."""
    if options.data is not None:
        return Wishes(epsilon, options.private_hidden, options.hidden, options.seed)
    families = sorted({attempt.item for history in log.histories for attempt in history})
    items = tuple(pack_items())
    return Wishes(epsilon, options.private_hidden, options.hidden, options.seed, tuple(families), items)


def _predictors(common: CommonFits) -> dict[str, Predict]:
    """The common fits, and their stack, ready to be asked."""
    logistic, dkt = common.logistic.result().value.as_model(), common.dkt.result().value
    return {
        "bkt": partial(bkt_logits, common.bkt.result().value),
        "lr": partial(logistic_logits, logistic),
        "dkt": partial(dkt_logits, dkt),
        "stack": partial(stack_logits, logistic, dkt),
    }


def _looks(consortium: Consortium, truth: Sequence[Answered], entries: Sequence[Entry]) -> report.Json:
    """Positions and reliability of what may be served; schools and conformal sets of every rung that may be."""
    served = [entry for entry in entries if entry.model in LOOKED_AT]
    return {
        "positions": [row for entry in entries for row in looks.by_position(truth, entry)],
        "reliability": [row for entry in served for row in looks.reliability(truth, entry)],
        "schools": [row for entry in served for row in looks.by_school(truth, entry)],
        "conformal": [looks.conformal(consortium, truth, entry) for entry in served],
    }
