"""The wheel without `[train]` practises: torch and flwr absent, nothing imported from the source tree."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRACTICE_TESTS = ("content", "practice")


def _run(*command: str, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def school_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment that holds the wheel with `[school]` and a test runner, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT), cwd=folder)
    (wheel,) = folder.glob("homeroom-*.whl")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    pinned = ("-c", str(ROOT / "constraints.txt"))
    wanted = (f"{wheel}[school]", "pytest", "hypothesis")
    _run(str(python), "-m", "pip", "install", "-q", *pinned, *wanted, cwd=folder)
    return python


@pytest.mark.slow
def test_the_practice_tests_pass_without_torch(school_python: Path, tmp_path: Path) -> None:
    """The installed wheel, the tests copied beside it, and no torch to import."""
    for name in PRACTICE_TESTS:
        shutil.copytree(ROOT / "tests" / "client" / name, tmp_path / "tests" / "client" / name)
    shutil.copytree(ROOT / "tests" / "support", tmp_path / "tests" / "support")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = --import-mode=importlib\npythonpath = .\n"
        "markers =\n  slow: x\n  postgres: x\n  data: x\n  browser: x\n"
    )
    absent = "import importlib.util as u; print([n for n in ('torch', 'flwr') if u.find_spec(n)])"
    assert _run(str(school_python), "-c", absent, cwd=tmp_path).strip() == "[]"
    where = _run(str(school_python), "-c", "import client; print(client.__file__)", cwd=tmp_path)
    assert "site-packages" in where
    out = _run(
        str(school_python), "-m", "pytest", "-q", "-m", "not slow and not postgres and not data", cwd=tmp_path
    )
    assert " passed" in out
    assert "failed" not in out


@pytest.mark.slow
def test_the_command_line_and_pages_start_without_torch(school_python: Path, tmp_path: Path) -> None:
    """`homeroom-school --help`, and the web application, need neither torch nor flwr."""
    command = school_python.parent / "homeroom-school"
    assert "serve" in _run(str(command), "--help", cwd=tmp_path)
    _run(str(school_python), "-c", "import local_app.main", cwd=tmp_path)
    files = _run(str(school_python), "-m", "pip", "show", "-f", "homeroom", cwd=tmp_path)
    for needed in ("common/py.typed", "local_app/templates/", "local_app/static/", "client/records/migrations/"):
        assert needed in files
