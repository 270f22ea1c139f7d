"""`homeroom-school`, a school's command line: parse, call, print, and one sentence when something is wrong."""

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from common.errors import HomeroomError

FAILED = 2
DEFAULT_FOLDER = Path("school")

# Command -> what it does, and the function that does it. Looked up when called, so that `serve` loads no torch.
COMMANDS = {
    "init": ("set a new school up in a folder", "client.commands.setting_up:init"),
    "add-staff": ("add a teacher or an administrator", "client.commands.setting_up:add_member"),
    "import-log": ("import one school's answers from a log file", "client.commands.filling:import_log"),
    "import-groups": (
        "take the groups that the school's own fairness check compares",
        "client.commands.grouping:import_groups",
    ),
    "import-content": ("turn an OATutor course into a content file", "client.commands.importing:import_content"),
    "check-content": ("check a content file", "client.commands.importing:check_content"),
    "simulate": ("add simulated students with answers", "client.commands.filling:simulate_students"),
    "join": ("join a consortium with its invitation file", "client.commands.consortium:join_consortium"),
    "campaigns": (
        "fetch and list the plans that the coordinator proposes",
        "client.commands.consortium:campaigns",
    ),
    "approve": ("approve exactly one plan", "client.commands.consortium:approve_plan"),
    "refuse": ("refuse a plan, or withdraw an approval", "client.commands.consortium:refuse_plan"),
    "pause": ("stop training here at once", "client.commands.pausing:pause_training"),
    "resume": ("let training go on after a pause", "client.commands.pausing:resume_training"),
    "link": ("stay connected to the coordinator and train when asked", "client.commands.linking:link"),
    "releases": ("list the installed releases", "client.commands.looking:releases"),
    "rollback": ("serve the model before the current one", "client.commands.consortium:go_back"),
    "tls init": ("make the certificates of the pages", "client.commands.securing:init_tls"),
    "tls renew": ("renew the certificate of the pages", "client.commands.securing:renew_tls"),
    "tls show": ("say how devices come to trust the pages", "client.commands.securing:show_tls"),
    "measure": ("fit this school's own models and let its gate choose again", "client.commands.measuring:measure"),
    "check": ("check whether models and items still hold here", "client.commands.checking:check"),
    "serve": ("serve the pages for students and staff", "client.commands.serving:serve"),
    "report": ("print what serves, what it cost and what was refused", "client.commands.looking:report"),
    "statement": ("write a signed privacy statement of a release", "client.commands.stating:statement"),
    "verify": ("redo whole campaigns from the public record", "client.commands.verifying:verify"),
    "doctor": ("check this installation", "client.commands.doctor:doctor"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, or 2 after a sentence on standard error."""
    given = parser().parse_args(arguments)
    try:
        result = _command(given.command)(given)
    except HomeroomError as error:
        print(f"{error.sentence}\n{error.remedy} [{error.code}]", file=sys.stderr)
        return FAILED
    return result or 0


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    top = argparse.ArgumentParser(prog="homeroom-school", description="One school's Homeroom.", allow_abbrev=False)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    tls = commands.add_parser("tls", help="certificates of the pages", allow_abbrev=False)
    groups = {"": commands, "tls": tls.add_subparsers(required=True, metavar="COMMAND")}
    added = {}
    for name, (text, _) in COMMANDS.items():
        group, _, verb = name.rpartition(" ")
        # No abbreviations: "--password" must not pass as the beginning of "--password-file".
        each = added[name] = groups[group].add_parser(verb, help=text, description=text, allow_abbrev=False)
        each.set_defaults(command=name)
        each.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="the school's folder (./school)")
    _add_set_up(added)
    _add_content(added)
    _add_tls(added)
    _add_consortium(added)
    _add_statement(added["statement"])
    return top


def _add_set_up(added: dict[str, argparse.ArgumentParser]) -> None:
    added["init"].add_argument("--school", required=True, help="the school's name, as in its invitation")
    added["add-staff"].add_argument("name", help="sign-in name")
    added["add-staff"].add_argument("--role", choices=("teacher", "administrator"), default="teacher")
    added["add-staff"].add_argument(
        "--all-classes", action="store_true", help="a teacher may see every class that there is now"
    )
    added["add-staff"].add_argument(
        "--password-file", type=Path, help="one line; asked for on the terminal if it isn't given"
    )
    added["import-log"].add_argument("file", type=Path, help="tab-separated log, plain or gzip")
    added["import-log"].add_argument("--school", required=True, help="the value of the log's school column")
    added["import-log"].add_argument(
        "--training-consent", action="store_true", help="the school holds consent to federated training"
    )
    groups = added["import-groups"]
    groups.add_argument("file", type=Path, nargs="?", help="CSV: class, student, and what is compared")
    groups.add_argument("--remove", action="store_true", help="forget all groups")
    groups.add_argument("--by", default="administrator", help="who decides, for the audit trail")
    added["simulate"].add_argument("--students", type=int, required=True)
    added["simulate"].add_argument("--seed", type=int, default=1)
    added["simulate"].add_argument("--answers", type=int, default=80, help="answers of each student")
    added["simulate"].add_argument(
        "--model", choices=("mixed", "bkt", "growth", "rules"), default="mixed", help="how the students learn"
    )
    added["simulate"].add_argument(
        "--content-seed", type=int, default=1, help="how hard each skill is; schools with equal ones are alike"
    )


def _add_content(added: dict[str, argparse.ArgumentParser]) -> None:
    importing = added["import-content"]
    importing.add_argument(
        "file", type=Path, help="OATutor problems: JSON lines, plain or gzip, or a folder of them"
    )
    importing.add_argument("--skill-model", type=Path, help="step -> skills, for a folder of problems")
    importing.add_argument(
        "--out", type=Path, help="folder for the results; `content` in the school's if not given"
    )
    importing.add_argument("--language", default="en", help="of the course, as two or three letters (en)")
    importing.add_argument(
        "--local-use",
        action="store_true",
        help="also take steps without an explicit CC BY licence; the result may not be passed on",
    )
    added["check-content"].add_argument("file", type=Path, help="a content file, homeroom.content/1")


def _add_tls(added: dict[str, argparse.ArgumentParser]) -> None:
    added["tls init"].add_argument(
        "--host", required=True, help="the name that devices will open, such as homeroom.north.example"
    )
    added["tls renew"].add_argument("--host", help="another name in the same domain; the present one if not given")
    for name in ("tls init", "tls renew"):
        added[name].add_argument(
            "--passphrase-file", type=Path, help="one line; asked for on the terminal if it isn't given"
        )


def _add_consortium(added: dict[str, argparse.ArgumentParser]) -> None:
    added["join"].add_argument("invitation", type=Path)
    added["join"].add_argument(
        "--students", type=int, help="made public, rounded up to tens; the number in the database if not given"
    )
    added["campaigns"].add_argument("--json", action="store_true")
    for name in ("approve", "refuse"):
        added[name].add_argument("digest", help="the plan's digest, or its beginning")
    for name in ("approve", "refuse", "pause", "resume", "rollback", "measure"):
        added[name].add_argument("--by", default="administrator", help="who decides, for the audit trail")
    added["check"].add_argument("--now", action="store_true", help="also what isn't due yet; that changes nothing")
    for name in ("releases", "report"):
        added[name].add_argument("--json", action="store_true")
    added["verify"].add_argument("--campaign", help="only this one, by its name or digest")
    added["verify"].add_argument(
        "--proof", type=Path, help="check a proof that the coordinator signed two histories; asks nobody"
    )
    added["verify"].add_argument(
        "--statement", type=Path, help="check who signed a privacy statement; asks nobody"
    )
    added["serve"].add_argument("--host")
    added["serve"].add_argument("--port", type=int)


def _add_statement(command: argparse.ArgumentParser) -> None:
    command.add_argument("--release", help="its digest, or the beginning; the one that serves if not given")
    command.add_argument("--audit", type=Path, help="report of `python -m benchmarks.attack`")
    command.add_argument(
        "--out", type=Path, help="folder for both files; `statement` in the school's own if not given"
    )


def _command(name: str) -> Callable[[argparse.Namespace], int | None]:
    module, _, function = COMMANDS[name][1].partition(":")
    command: Callable[[argparse.Namespace], int | None] = getattr(importlib.import_module(module), function)
    return command


if __name__ == "__main__":
    sys.exit(main())
