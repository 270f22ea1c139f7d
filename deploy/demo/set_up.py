"""Setting a consortium up with its own commands: a coordinator, schools with students, a plan they approve."""

import json
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from common.errors import ErrorCode, FixSettings
from deploy.demo.people import Cast, DemoSchool
from deploy.demo.processes import Processes, call, command, require_free_port
from deploy.demo.settings import CampaignChoice, DemoSettings

CONSORTIUM = "Demo consortium"
SCHOOL, COORDINATOR = "client.cli", "server.cli"
MARKER = ".homeroom-demo"
READY_SECONDS = 120.0
# Two cores: more commands at once would only wait for each other.
AT_ONCE = 2
Told = Callable[[str], None]


def coordinator_folder(settings: DemoSettings) -> Path:
    """Where the demo's coordinator lives."""
    return settings.folder / "coordinator"


def clear_folder(settings: DemoSettings) -> None:
    """An empty folder for this run. FixSettings if it holds something that no demo made."""
    folder = settings.folder
    if folder.exists() and not _is_ours(folder):
        raise FixSettings(
            ErrorCode.BAD_SETTINGS, f"{folder} holds something else. Empty it, or give another: DEMO_FOLDER=path."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / MARKER).write_text("made by make demo; removed by the next one\n")


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARKER).exists() or not any(folder.iterdir()))


def start_coordinator(settings: DemoSettings, cast: Cast, processes: Processes) -> None:
    """A new coordinator with one operator, serving on loopback."""
    folder, port = coordinator_folder(settings), settings.port
    call(
        COORDINATOR,
        *("--folder", folder, "init", "--consortium", CONSORTIUM),
        *("--url", f"https://localhost:{port}", "--port", str(port)),
    )
    call(
        COORDINATOR,
        "--folder",
        folder,
        "operator",
        "add",
        "operator",
        "--password-file",
        _password(settings, cast),
    )
    processes.start("coordinator", command(COORDINATOR, "--folder", folder, "serve"))
    log = settings.folder / "logs" / "coordinator.log"
    processes.wait_until(
        lambda: "The console is at" in log.read_text(), what="The coordinator", seconds=READY_SECONDS
    )


def set_up_schools(settings: DemoSettings, cast: Cast, done: Told) -> None:
    """Every school with students, staff and its keys, enrolled; `done` hears each school's name."""
    password = _password(settings, cast)

    def work(school: DemoSchool) -> str:
        _set_up_school(settings, school, password)
        return school.name

    _for_each(cast.schools, work, done)


def propose(settings: DemoSettings, cast: Cast, choice: CampaignChoice) -> str:
    """Drafts the campaign, with its start on simulated students; returns the plan's digest."""
    skills = settings.folder / "skills.json"
    skills.write_bytes(cast.skill_map.to_bytes())
    printed = call(
        COORDINATOR,
        *("--folder", coordinator_folder(settings), "plan", "draft", choice.name, "--skills", skills),
        *choice.arguments(),
        *_families(settings, cast, choice),
    )
    return next(word.strip(".") for word in printed.split() if len(word.strip(".")) == 64)


def _families(settings: DemoSettings, cast: Cast, choice: CampaignChoice) -> tuple[str | Path, ...]:
    """The item families that the simulated schools have in common; a log's items are too many for that."""
    if not cast.items or choice.model != "logistic":
        return ()
    path = settings.folder / "families.json"
    path.write_text(json.dumps([{"id": i, "skills": skills, "difficulty": d} for i, skills, d in cast.items]))
    return ("--families", path)


def approve_everywhere(cast: Cast, digest: str, done: Told) -> None:
    """Each school fetches the plan, and its administrator approves exactly this digest."""

    def work(school: DemoSchool) -> str:
        offered = json.loads(call(SCHOOL, "campaigns", "--folder", school.folder, "--json"))
        if digest not in {one["digest"] for one in offered}:
            raise FixSettings(ErrorCode.NOT_FOUND, f"The plan didn't reach {school.name}.")
        call(SCHOOL, "approve", digest, "--folder", school.folder, "--by", "demo administrator")
        return school.name

    _for_each(cast.schools, work, done)


def start_links(cast: Cast, processes: Processes) -> None:
    """One link process per school."""
    for school in cast.schools:
        processes.start(f"link {school.name}", command(SCHOOL, "link", "--folder", school.folder))


def start_campaign(settings: DemoSettings, choice: CampaignChoice) -> None:
    """The operator's word."""
    call(COORDINATOR, "--folder", coordinator_folder(settings), "campaign", "start", choice.name)


def start_pages(settings: DemoSettings, cast: Cast, processes: Processes) -> str:
    """The first school's pages; returns their address."""
    port = settings.pages_port
    require_free_port(port, use="school's pages")
    arguments = ("serve", "--folder", str(cast.schools[0].folder), "--port", str(port))
    processes.start("pages", command(SCHOOL, *arguments))
    log = settings.folder / "logs" / "pages.log"
    processes.wait_until(lambda: "Homeroom is at" in log.read_text(), what="The pages", seconds=READY_SECONDS)
    return f"http://127.0.0.1:{port}/"


def _set_up_school(settings: DemoSettings, school: DemoSchool, password: Path) -> None:
    in_folder = ("--folder", school.folder)
    invitation = settings.folder / f"invitation-{school.folder.name}.json"
    call(SCHOOL, "init", "--school", school.name, *in_folder)
    call(SCHOOL, *school.fill, *in_folder)
    for name, role in (("teacher", "teacher"), ("admin", "administrator")):
        call(SCHOOL, "add-staff", name, "--role", role, "--all-classes", "--password-file", password, *in_folder)
    call(COORDINATOR, "--folder", coordinator_folder(settings), "invite", school.name, "--out", invitation)
    call(SCHOOL, "join", invitation, *in_folder)


def _password(settings: DemoSettings, cast: Cast) -> Path:
    path = settings.folder / "password.txt"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"{cast.password}\n")
    return path


def _for_each(schools: Iterable[DemoSchool], work: Callable[[DemoSchool], str], done: Told) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name in pool.map(work, schools):
            done(name)
