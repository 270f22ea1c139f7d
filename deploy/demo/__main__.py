"""`make demo`: a whole consortium on this machine, from nothing to a release that schools decided on."""

import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from threading import Event

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from common.errors import HomeroomError
from deploy.demo import set_up
from deploy.demo.measured import Measured, has_release, pool
from deploy.demo.people import Cast, make_cast
from deploy.demo.processes import Processes, require_free_port
from deploy.demo.report import DemoReport, print_report, write_report
from deploy.demo.settings import CampaignChoice, DemoSettings, campaign_choice, read_settings
from deploy.demo.watch import CampaignResult, CampaignWatch, follow

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


def run(settings: DemoSettings, console: Console) -> None:
    """Sets up, trains, reports, and serves until Ctrl-C if it was asked to."""
    cast, choice = make_cast(settings), campaign_choice(settings)
    require_free_port(settings.port, use="coordinator")
    require_free_port(settings.pages_port, use="school's pages")
    set_up.clear_folder(settings)
    with Processes(settings.folder / "logs") as processes:
        started = time.monotonic()
        with _progress(console) as bar:
            digest = _set_up(settings, cast, choice, processes=processes, bar=bar)
            twin = import_module("deploy.demo.twin")
            copies = twin.copy_consortium(settings, cast)
            ready = time.monotonic()
            result = _train(settings, digest, cast, choice=choice, processes=processes, bar=bar)
            trained = time.monotonic()
            measured = _install(cast, result, processes=processes, bar=bar)
            rounds = result.record.plan.total_rounds
            task = bar.add_task("Control: full noise", total=rounds)
            control = twin.run_with_full_noise(
                copies, digest, lambda sent: bar.update(task, completed=min(sent, rounds))
            )
        seconds = {
            "setup": round(ready - started, 1),
            "campaign": round(trained - ready, 1),
            "per_round_median": round(result.median_round_seconds, 3),
        }
        report = _report(cast, result, measured, control=control, seconds=seconds)
        write_report(report, settings.report)
        print_report(report, console)
        console.print(f"Written to {settings.report}.", soft_wrap=True)
        if settings.serve:
            _serve(settings, cast, processes, console=console)


def _set_up(
    settings: DemoSettings, cast: Cast, choice: CampaignChoice, *, processes: Processes, bar: Progress
) -> str:
    steps = bar.add_task("Coordinator", total=1)
    set_up.start_coordinator(settings, cast, processes)
    bar.update(steps, completed=1)
    schools = bar.add_task("Schools with students", total=len(cast.schools))
    set_up.set_up_schools(settings, cast, lambda name: bar.advance(schools))
    plan = bar.add_task("Plan and warm start", total=1)
    digest = set_up.propose(settings, cast, choice)
    bar.update(plan, completed=1)
    approvals = bar.add_task("Schools approve", total=len(cast.schools))
    set_up.approve_everywhere(cast, digest, lambda name: bar.advance(approvals))
    return digest


def _train(
    settings: DemoSettings,
    digest: str,
    cast: Cast,
    *,
    choice: CampaignChoice,
    processes: Processes,
    bar: Progress,
) -> CampaignResult:
    # One more than asked for: the round that measures.
    rounds = bar.add_task("Rounds over Flower", total=choice.rounds + 1)
    set_up.start_links(cast, processes)
    set_up.start_campaign(settings)
    watch = CampaignWatch(set_up.coordinator_folder(settings), digest)
    try:
        over = follow(watch, lambda done: bar.update(rounds, completed=done))
        processes.wait_until(over, what="The campaign", seconds=CAMPAIGN_SECONDS)
        return watch.result()
    finally:
        watch.close()


def _install(cast: Cast, result: CampaignResult, *, processes: Processes, bar: Progress) -> list[Measured]:
    """Waits until every school has decided, then measures what each installed."""
    task = bar.add_task("Schools test the release", total=len(cast.schools))

    def all_installed() -> bool:
        installed = sum(has_release(school) for school in cast.schools)
        bar.update(task, completed=installed)
        return installed == len(cast.schools)

    processes.wait_until(all_installed, what="Installing the release", seconds=INSTALL_SECONDS)
    key = result.record.plan.coordinator_key
    # torch takes seconds to load: nobody waits for it to hear that a setting is wrong.
    measure_school: Callable[..., Measured] = import_module("deploy.demo.figures").measure_school
    return [measure_school(school, start_model=result.start_model, coordinator_key=key) for school in cast.schools]


def _report(
    cast: Cast,
    result: CampaignResult,
    measured: list[Measured],
    *,
    control: float,
    seconds: dict[str, float],
) -> DemoReport:
    plan = result.record.plan
    return DemoReport(
        schools=tuple(one.figures for one in measured),
        rounds=plan.rounds,
        secure_aggregation=plan.secure_aggregation,
        honest_schools=plan.privacy.honest_schools,
        epsilon=plan.epsilon,
        delta=plan.privacy.delta,
        release=result.release,
        seconds=seconds,
        pooled=pool(measured),
        full_noise={"auc_model": control, "epsilon": plan.epsilon, "honest_schools": 1.0},
        epsilon_alone=plan.epsilon_alone,
        refusals=result.refusals,
        data=cast.description,
    )


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
