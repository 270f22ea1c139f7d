"""The wheel with `[school]` alone practises and serves: no torch, nothing imported from the source tree."""

import ast
import os
import shutil
import socket
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.waiting import must_become

# One environment for all: a second worker would build it again.
pytestmark = pytest.mark.xdist_group("wheel")

ROOT = Path(__file__).resolve().parents[2]
PRACTICE_TESTS = ("content", "practice", "insight")
FIRST_PARTY = ("common", "client", "server", "local_app", "tests", "benchmarks")
# What a school that only practises doesn't have, by the name it is imported under.
NOT_AT_SCHOOL = (
    "torch",
    "flwr",
    "dp_accounting",
    "scipy",
    "sklearn",
    "opacus",
    "playwright",
    "axe_playwright_python",
)


def _run(*command: str | Path, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    arguments = [str(one) for one in command]
    done = subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{arguments}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def _imports(path: Path) -> Iterator[str]:
    """Every module that a file names, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(starts: list[Path]) -> dict[str, str]:
    """{module that isn't ours: a file that imports it}, through all of our own modules."""
    found: dict[str, str] = {}
    waiting, seen = list(starts), set(starts)
    while waiting:
        path = waiting.pop()
        for module in _imports(path):
            if module.partition(".")[0] not in FIRST_PARTY:
                found.setdefault(module.partition(".")[0], str(path.relative_to(ROOT)))
                continue
            ours = ROOT.joinpath(*module.split(".")).with_suffix(".py")
            if ours.exists() and ours not in seen:
                seen.add(ours)
                waiting.append(ours)
    return found


def test_the_practice_tests_and_their_fakes_reach_nothing_that_a_school_lacks() -> None:
    """Seen from the sources, so that it is noticed before the slow test below runs."""
    tests = [path for name in PRACTICE_TESTS for path in (ROOT / "tests" / "client" / name).rglob("*.py")]
    assert tests
    assert {module: where for module, where in _reached(tests).items() if module in NOT_AT_SCHOOL} == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT, cwd=folder)
    (built,) = folder.glob("homeroom-*.whl")
    return built


@pytest.fixture(scope="module")
def school_python(wheel: Path) -> Path:
    """A clean environment that holds the wheel with `[school]` and a test runner, and nothing else."""
    venv.create(wheel.parent / "venv", with_pip=True)
    python = wheel.parent / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    wanted = (f"{wheel}[school]", "pytest", "hypothesis")
    _run(*pip, "install", "-q", "-c", ROOT / "constraints.txt", *wanted, cwd=wheel.parent)
    _run(*pip, "check", cwd=wheel.parent)
    return python


@pytest.mark.slow
def test_the_practice_tests_pass_without_torch(school_python: Path, tmp_path: Path) -> None:
    """The installed wheel, the tests copied beside it with their own settings, and no torch to import."""
    for name in PRACTICE_TESTS:
        shutil.copytree(ROOT / "tests" / "client" / name, tmp_path / "tests" / "client" / name)
    for name in ("tests/support", "benchmarks/packs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", "tests/conftest.py", "benchmarks/__init__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    absent = f"import importlib.util as u; print([n for n in {NOT_AT_SCHOOL!r} if u.find_spec(n)])"
    assert _run(school_python, "-c", absent, cwd=tmp_path).strip() == "[]"
    where = _run(school_python, "-c", "import client; print(client.__file__)", cwd=tmp_path)
    assert "site-packages" in where
    chosen = ("-m", "not slow and not postgres and not data and not browser")
    out = _run(school_python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, cwd=tmp_path)
    assert " passed" in out
    assert "skipped" not in out


@pytest.mark.slow
def test_a_school_is_set_up_and_served_from_the_wheel(school_python: Path, tmp_path: Path) -> None:
    """Migrations, content, templates and static files come with it: a student could sit down."""
    command = school_python.parent / "homeroom-school"
    _run(command, "init", "--folder", "school", "--school", "Hill School", cwd=tmp_path)
    _run(command, "simulate", "--folder", "school", "--students", "3", "--answers", "12", cwd=tmp_path)
    assert "ok    database" in _run(command, "doctor", "--folder", "school", cwd=tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = [str(command), "serve", "--folder", "school", "--port", str(port)]
    with subprocess.Popen(served, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        try:
            pages = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)
            must_become(lambda: process.poll() is not None or _answers(pages))
            for path in ("/", "/staff", "/static/homeroom.css", "/static/icon.svg"):
                assert pages.get(path).status_code == 200, path
            pages.close()
        finally:
            process.terminate()


def _answers(pages: httpx.Client) -> bool:
    try:
        return pages.get("/health").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_what_a_school_has_not_installed_is_a_sentence(school_python: Path, tmp_path: Path) -> None:
    """The link needs `[train]`: it says so and shows no trace."""
    command = str(school_python.parent / "homeroom-school")
    _run(command, "init", "--folder", "school", "--school", "Hill School", cwd=tmp_path)
    done = subprocess.run(
        [command, "link", "--folder", "school"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "flwr" in done.stderr


@pytest.mark.slow
def test_the_wheel_holds_what_is_no_python(wheel: Path) -> None:
    """Everything that git keeps in the shipped packages, and nothing from elsewhere."""
    packages = ("common", "client", "server", "local_app", "deploy")
    kept = subprocess.run(
        ["git", "ls-files", *packages], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    listed = _run(sys.executable, "-m", "zipfile", "-l", wheel, cwd=wheel.parent)
    inside = {line.split()[0] for line in listed.splitlines()[1:]}
    assert {name for name in kept if (ROOT / name).exists()} <= inside
    assert {name.partition("/")[0] for name in inside} - set(packages) == {
        next(name for name in inside if name.endswith("/METADATA")).partition("/")[0]
    }
