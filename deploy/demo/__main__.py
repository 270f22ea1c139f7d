"""`make demo`: a whole consortium on this machine, from nothing to a release that schools decided on."""

import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from threading import Event
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from common.arrays import from_bytes
from common.errors import HomeroomError
from common.federated_step import dimensions
from deploy.demo import set_up
from deploy.demo.comparison import Trained, compare
from deploy.demo.control_process import start_control, wait_for_control
from deploy.demo.copies import copy_consortium
from deploy.demo.measured import Measured, has_release, pool
from deploy.demo.people import Cast, make_cast
from deploy.demo.processes import Processes, require_free_port
from deploy.demo.report import DemoReport, print_report, write_report
from deploy.demo.settings import CampaignChoice, DemoSettings, campaign_choices, read_settings
from deploy.demo.watch import CampaignResult, CampaignWatch, follow
from server.plan_models import why_no_dkt

FAILED, INTERRUPTED = 2, 130
CAMPAIGN_SECONDS, INSTALL_SECONDS = 1800.0, 600.0


def main() -> int:
    """The exit code: 0, 2 after a sentence about what went wrong, 130 after Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    try:
        run(read_settings(), console)
    except HomeroomError as error:
        print(f"{error.sentence}\n{error.remedy} [{error.code}]", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        console.print("Stopped; nothing is left running.")
        return INTERRUPTED
    return 0


@dataclass(frozen=True, slots=True)
class _Stage:
    """The running demo."""

    settings: DemoSettings
    cast: Cast
    processes: Processes
    bar: Progress


def run(settings: DemoSettings, console: Console) -> None:
    """Sets up, trains, reports, and serves until Ctrl-C if it was asked to."""
    cast = make_cast(settings)
    require_free_port(settings.port, use="coordinator")
    require_free_port(settings.pages_port, use="school's pages")
    set_up.clear_folder(settings)
    with Processes(settings.folder / "logs") as processes:
        with _progress(console) as bar:
            report = _from_nothing_to_report(_Stage(settings, cast, processes, bar))
        write_report(report, settings.report)
        print_report(report, console)
        console.print(f"Written to {settings.report}.", soft_wrap=True)
        if settings.serve:
            _serve(settings, cast, processes, console=console)


def _from_nothing_to_report(stage: _Stage) -> DemoReport:
    """Set up, one campaign after the other, the release at every school, and the control."""
    logistic, network = campaign_choices(stage.settings)
    started = time.monotonic()
    _set_up(stage)
    digest = _propose(stage, logistic)
    copy_consortium(stage.settings, stage.cast)
    start_control(stage.settings, digest, stage.processes)
    ready = time.monotonic()
    set_up.start_links(stage.cast, stage.processes)
    results = [_train(stage, digest, logistic)]
    members = results[0].record.plan.members
    note = why_no_dkt(network.epsilon, members)
    if not note:
        results.append(_train(stage, _propose(stage, network), network))
    trained = time.monotonic()
    measured = _install(stage, results)
    control = _control(stage, rounds=sum(result.record.plan.total_rounds + 1 for result in results))
    seconds = {
        "setup": round(ready - started, 1),
        "campaign": round(trained - ready, 1),
        "per_round_median": round(results[-1].median_round_seconds, 3),
    }
    report = _report(stage.cast, results, measured, control=control, seconds=seconds)
    return replace(report, notes=(note,) if note else ())


def _set_up(stage: _Stage) -> None:
    steps = stage.bar.add_task("Coordinator", total=1)
    set_up.start_coordinator(stage.settings, stage.cast, stage.processes)
    stage.bar.update(steps, completed=1)
    schools = stage.bar.add_task("Schools with students", total=len(stage.cast.schools))
    set_up.set_up_schools(stage.settings, stage.cast, lambda name: stage.bar.advance(schools))


def _propose(stage: _Stage, choice: CampaignChoice) -> str:
    """Drafted and approved at every school; the plan's digest."""
    plan = stage.bar.add_task(f"Plan and start ({choice.model})", total=1)
    digest = set_up.propose(stage.settings, stage.cast, choice)
    stage.bar.update(plan, completed=1)
    approvals = stage.bar.add_task("Schools approve", total=len(stage.cast.schools))
    set_up.approve_everywhere(stage.cast, digest, lambda name: stage.bar.advance(approvals))
    return digest


def _train(stage: _Stage, digest: str, choice: CampaignChoice) -> CampaignResult:
    # One more than asked for: the round that measures.
    rounds = stage.bar.add_task(f"Rounds over Flower ({choice.model})", total=choice.rounds + 1)
    set_up.start_campaign(stage.settings, choice)
    watch = CampaignWatch(set_up.coordinator_folder(stage.settings), digest)
    try:
        over = follow(watch, lambda done: stage.bar.update(rounds, completed=done))
        stage.processes.wait_until(over, what="The campaign", seconds=CAMPAIGN_SECONDS)
        return watch.result()
    finally:
        watch.close()


def _install(stage: _Stage, results: Sequence[CampaignResult]) -> list[Measured]:
    """Waits until every school has decided on the last release, then measures what each installed."""
    # torch takes seconds to load: schools test meanwhile, and nobody waits for it to hear of a wrong setting.
    figures = import_module("deploy.demo.figures")
    schools, release = stage.cast.schools, results[-1].release
    task = stage.bar.add_task("Schools test the release", total=len(schools))

    def all_installed() -> bool:
        installed = sum(has_release(school, release) for school in schools)
        stage.bar.update(task, completed=installed)
        return installed == len(schools)

    stage.processes.wait_until(all_installed, what="Installing the release", seconds=INSTALL_SECONDS)
    first = results[0]
    start = figures.CampaignModel(first.record.plan, from_bytes(first.start_model))
    key = first.record.plan.coordinator_key
    return [figures.measure_school(school, start=start, coordinator_key=key) for school in schools]


def _control(stage: _Stage, *, rounds: int) -> Trained:
    """What the same budget buys with the full noise at each school; it has worked beside the campaigns."""
    task = stage.bar.add_task("Control: full noise", total=rounds)
    return wait_for_control(
        stage.settings, stage.processes, lambda asked: stage.bar.update(task, completed=min(asked, rounds))
    )


def _report(
    cast: Cast,
    results: Sequence[CampaignResult],
    measured: list[Measured],
    *,
    control: Trained,
    seconds: dict[str, float],
) -> DemoReport:
    plan, pooled = results[-1].record.plan, pool(measured)
    return DemoReport(
        schools=tuple(one.figures for one in measured),
        rounds=plan.rounds,
        secure_aggregation=plan.secure_aggregation,
        honest_schools=plan.privacy.honest_schools,
        epsilon=plan.epsilon_in_all,
        delta=plan.privacy.delta,
        release=results[-1].release,
        seconds=seconds,
        pooled=pooled,
        comparison=compare(Trained([result.record.plan for result in results], pooled), control),
        epsilon_alone=plan.epsilon_alone_in_all,
        refusals=tuple(refusal for result in results for refusal in result.refusals),
        data=cast.description,
        campaigns=tuple(_in_figures(result) for result in results),
    )


def _in_figures(result: CampaignResult) -> dict[str, Any]:
    plan = result.record.plan
    return {
        "name": plan.campaign,
        "model": plan.model.kind,
        "rounds": plan.rounds,
        "epsilon": plan.epsilon_in_all,
        "numbers": dimensions(plan),
        "per_round_median": round(result.median_round_seconds, 3),
    }


def _serve(settings: DemoSettings, cast: Cast, processes: Processes, *, console: Console) -> None:
    pages = set_up.start_pages(settings, cast, processes)
    console.print(f"\n{cast.schools[0].name}, students: {pages} (class codes are on the teacher's page)")
    console.print(f"{cast.schools[0].name}, staff:    {pages}staff  sign in as teacher or admin")
    console.print(f"Operator's console:   https://localhost:{settings.port}/  sign in as operator")
    console.print(f"Password of all three: {cast.password}\nCtrl-C stops everything.")
    forever = Event()
    while not forever.wait(1.0):
        processes.check()


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:26}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


if __name__ == "__main__":
    sys.exit(main())
