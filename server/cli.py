"""homeroom-coordinator: the operator's commands. Parse, call, print; an error is one sentence and what to do."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from common.errors import HomeroomError
from common.logs import log_to_stderr
from server import commands

EXIT_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0, or 2 after an error whose sentence went to standard error."""
    log_to_stderr()
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except HomeroomError as error:
        print(f"{error.sentence}\n{error.remedy} [{error.code}]", file=sys.stderr)
        return EXIT_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("homeroom-coordinator", description="Runs a consortium of schools.")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("homeroom-coordinator"),
        help="where this coordinator keeps its files (default: ./homeroom-coordinator)",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_set_up, _add_schools, _add_campaigns, _add_releases):
        add(verbs)
    return parser


Verbs = argparse._SubParsersAction  # the only name that argparse gives this type


def _add_set_up(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    init = verbs.add_parser("init", help="set up a coordinator in an empty folder")
    init.add_argument("--consortium", required=True, help="name of the consortium")
    init.add_argument("--url", required=True, help="address that schools reach, https://name:port")
    init.add_argument("--host", default="127.0.0.1", help="address to listen on (0.0.0.0: everywhere)")
    init.add_argument("--port", type=int, default=8443, help="port to listen on")
    init.set_defaults(run=commands.init)
    operator = verbs.add_parser("operator", help="accounts of the console").add_subparsers(required=True)
    add = operator.add_parser("add", help="add an operator, or give one a new password")
    add.add_argument("name")
    add.add_argument("--password-file", type=Path, help="read the password's first line from a file")
    add.set_defaults(run=commands.add_operator)
    serve = verbs.add_parser("serve", help="open the public port and run Flower behind it")
    serve.set_defaults(run=commands.serve)


def _add_schools(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    invite = verbs.add_parser("invite", help="make a one-use invitation file for a school")
    invite.add_argument("school")
    invite.add_argument("--out", type=Path, help="file to write (default: invitation-SCHOOL.json)")
    invite.set_defaults(run=commands.invite)
    verbs.add_parser("schools", help="list the enrolled schools").set_defaults(run=commands.schools)
    revoke = verbs.add_parser("revoke", help="end a school's membership")
    revoke.add_argument("school")
    revoke.set_defaults(run=commands.revoke)


def _add_campaigns(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    plan = verbs.add_parser("plan", help="plans of campaigns").add_subparsers(required=True)
    draft = plan.add_parser("draft", help="draft and sign a campaign for the enrolled schools")
    draft.add_argument("name")
    draft.add_argument("--model", choices=("logistic", "dkt"), default="dkt", help="what to train (default: dkt)")
    draft.add_argument("--after", help="released logistic campaign that a network builds on")
    draft.add_argument("--families", type=Path, help="item families whose difficulty is shared (JSON; logistic)")
    draft.add_argument("--rounds", type=int, help="default: 10 for the logistic model, 30 for a network")
    draft.add_argument("--epsilon", type=float, default=3.0, help="privacy cost, an earlier campaign included")
    draft.add_argument("--delta", type=float, help="default: the largest that schools of this size accept")
    draft.add_argument(
        "--sampling-rate", type=float, help="share drawn per round (default: all, .5 for a network)"
    )
    draft.add_argument("--clip-norm", type=float, help="default: .5, 1 for a network")
    draft.add_argument("--hidden", type=int, default=24, help="size of the model")
    draft.add_argument("--learning-rate", type=float, help="default: what the noise bears")
    draft.add_argument(
        "--minimum-cohort", type=int, help="schools that a round needs (default: all; 3 without masks)"
    )
    draft.add_argument("--deadline-seconds", type=float, default=600.0, help="how long a round may take")
    draft.add_argument("--skills", type=Path, required=True, help="skill map (canonical JSON)")
    draft.add_argument("--start-model", type=Path, help="arrays to start from (default: simulated students)")
    draft.add_argument("--seed", type=int, default=1, help="seed of the simulated students")
    draft.add_argument("--bundle-digest", help="default: that of the installed Flower bundle")
    _add_masking(draft)
    draft.set_defaults(run=commands.draft_plan)
    campaign = verbs.add_parser("campaign", help="start or stop a campaign").add_subparsers(required=True)
    for verb, wanted in (("start", True), ("stop", False)):
        one = campaign.add_parser(verb, help=f"{verb} a campaign; `serve` does the work")
        one.add_argument("name")
        one.set_defaults(run=commands.want_campaign, wanted=wanted)
    status = verbs.add_parser("status", help="campaigns, rounds and schools in words")
    status.add_argument("name", nargs="?", help="one campaign (default: all)")
    status.set_defaults(run=commands.status)


def _add_masking(draft: argparse.ArgumentParser) -> None:
    draft.add_argument(
        "--no-secure-aggregation",
        dest="secure_aggregation",
        action="store_const",
        const=False,
        help="send noised sums unmasked; every school then adds all the noise (default: masked from 3 schools)",
    )
    draft.add_argument(
        "--honest-schools", type=int, help="schools whose noise together suffices (default: as safe masks allow)"
    )
    draft.add_argument(
        "--corrupt", type=int, help="schools that may help a malicious coordinator (default: a third)"
    )
    draft.add_argument(
        "--max-dropped", type=int, help="schools that may be missing in a round (default: a tenth, at least 1)"
    )
    draft.add_argument(
        "--no-measuring",
        dest="measured",
        action="store_false",
        help="leave out the last round, which compares the candidate with its start by a noisy sum",
    )


def _add_releases(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    release = verbs.add_parser("release", help="released models").add_subparsers(required=True)
    release.add_parser("list", help="list releases").set_defaults(run=commands.list_all_releases)
    export = release.add_parser("export", help="write a release's signed file")
    export.add_argument("digest", help="the digest or its first eight digits")
    export.add_argument("--out", type=Path, required=True)
    export.set_defaults(run=commands.export_release)
    withdraw = release.add_parser("withdraw", help="tell schools not to use a release any more")
    withdraw.add_argument("digest")
    withdraw.add_argument("--reason", required=True)
    withdraw.set_defaults(run=commands.withdraw)


if __name__ == "__main__":
    sys.exit(main())
