"""The control run as a process of its own: it works beside the campaigns over Flower, on what they leave free."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from common.errors import HomeroomError
from common.plan import CampaignPlan
from common.whole_file import write_whole
from deploy.demo.comparison import Trained
from deploy.demo.copies import read_twin, twin_folder
from deploy.demo.processes import Processes, command
from deploy.demo.settings import CampaignChoice, DemoSettings, campaign_choices, read_settings

NAME, RESULT = "control", "control.json"
# The demo's own rounds come first: their seconds are reported.
NICENESS = 15
MOST_SECONDS = 900.0


def start_control(settings: DemoSettings, digest: str, processes: Processes) -> None:
    """Starts it on the copies. digest: of the demo's logistic plan."""
    line = command("deploy.demo.control_process", twin_folder(settings), digest)
    processes.start(NAME, line, may_end=True)


def wait_for_control(settings: DemoSettings, processes: Processes, advance: Callable[[int], None]) -> Trained:
    """What it trained. advance hears how many times its schools were asked so far."""
    result, log = twin_folder(settings) / RESULT, settings.folder / "logs" / f"{NAME}.log"

    def done() -> bool:
        advance(len(log.read_text().splitlines()))
        return result.exists()

    processes.wait_until(done, what="The control run", seconds=MOST_SECONDS)
    return trained_from(result.read_text())


def as_text(trained: Trained) -> str:
    """JSON."""
    plans = [plan.to_bytes().decode() for plan in trained.plans]
    return json.dumps({"plans": plans, "pooled": dict(trained.pooled)})


def trained_from(text: str) -> Trained:
    """What `as_text` wrote."""
    found = json.loads(text)
    return Trained([CampaignPlan.from_bytes(plan.encode()) for plan in found["plans"]], found["pooled"])


def main(arguments: Sequence[str]) -> int:
    """`FOLDER DIGEST`: 0, or 2 after a sentence. The rest is in the environment, as the demo has it."""
    os.nice(NICENESS)
    folder, digest = Path(arguments[0]), arguments[1]

    def told(choice: CampaignChoice, asked: int) -> None:
        print(f"{choice.name}: asked {asked} times", flush=True)

    # torch takes seconds to load, and the demo's own process reads this module too.
    control = import_module("deploy.demo.control")
    try:
        trained = control.run_with_full_noise(
            read_twin(folder), digest, campaign_choices(read_settings()), told=told
        )
    except HomeroomError as error:
        print(f"{error.sentence} [{error.code}]", file=sys.stderr)
        return 2
    write_whole(folder / RESULT, as_text(trained).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
