"""The house's own rules: small files, small functions, a first sentence, no forbidden names."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("common", "client", "server", "local_app", "deploy", "benchmarks")
SOURCES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.parts  # migrations are written once and never read as a house
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_ARGUMENTS, MAX_POSITIONAL = 400, 40, 6, 3
FORBIDDEN_NAMES = {"utils", "helpers", "base", "manager", "round", "misc", "common_utils"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=_name)
def test_a_file_is_short_and_opens_with_one_sentence(path: Path) -> None:
    """No file above 400 lines; each says in its first line what it holds."""
    text = path.read_text()
    assert text.count("\n") <= MAX_FILE_LINES
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring, "a file opens with one sentence that says what it holds"
    assert docstring.split("\n\n")[0].rstrip().endswith((".", "?", ":")), "the first paragraph is a sentence"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_functions_are_small(path: Path) -> None:
    """At most 40 lines, 6 arguments, and 3 of them positional."""
    for function in _functions(path):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        assert lines <= MAX_FUNCTION_LINES, f"{function.name} has {lines} lines"
        arguments = function.args
        positional = [a.arg for a in arguments.posonlyargs + arguments.args if a.arg not in {"self", "cls"}]
        if any(isinstance(d, ast.Call) and "router" in ast.dump(d.func) for d in function.decorator_list):
            continue  # FastAPI passes a route its form fields by name
        assert len(positional) <= MAX_POSITIONAL, f"{function.name} takes {positional} by position"
        total = len(positional) + len(arguments.kwonlyargs)
        assert total <= MAX_ARGUMENTS, f"{function.name} takes {total} arguments"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_names_say_what_a_file_holds(path: Path) -> None:
    """No drawer files, and no folder that Flower leaves out of bundles."""
    assert path.stem not in FORBIDDEN_NAMES
    assert "lib" not in path.relative_to(ROOT).parts


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_only_a_docstring_in_package_files_and_no_assert_in_sources(path: Path) -> None:
    """`__init__.py` holds a docstring; validation never relies on assert."""
    tree = ast.parse(path.read_text())
    if path.name == "__init__.py":
        assert len(tree.body) == 1
    in_benchmarks = path.relative_to(ROOT).parts[0] == "benchmarks"
    assert in_benchmarks or not any(isinstance(node, ast.Assert) for node in ast.walk(tree))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_error_is_caught_and_dropped(path: Path) -> None:
    """An `except` with only `pass` hides a defect; `contextlib.suppress` with a reason is the exception."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ExceptHandler):
            assert not (len(node.body) == 1 and isinstance(node.body[0], ast.Pass)), f"line {node.lineno}"


def test_no_package_file_under_tests() -> None:
    """`tests/server/__init__.py` alone would shadow the real `server`."""
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_every_test_can_fail() -> None:
    """Each test asserts, expects an error, or calls something that does."""
    silent = []
    for path in TESTS:
        for function in _functions(path):
            if not function.name.startswith("test_"):
                continue
            body = ast.dump(function)
            if "Assert(" not in body and not re.search(r"raises|assert_|check_|expect|must_|verify", body):
                silent.append(f"{_name(path)}::{function.name}")
    assert silent == []


def test_packages_are_typed() -> None:
    """Each package ships `py.typed`."""
    for package in ("common", "client", "server", "local_app", "deploy"):
        assert (ROOT / package / "py.typed").exists(), package


def test_nothing_from_the_workshop_is_tracked() -> None:
    """No absolute path of a machine, no key, no answer log in the repository."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    forbidden = re.compile(r"\.(pem|key|db|tsv|tsv\.gz|pt|pkl)$")
    assert [name for name in tracked if forbidden.search(name)] == []
    words = re.compile("/" + "work/|/" + "root/")
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".html", ".css", ".js", ".txt"} and path.exists():
            assert not words.search(path.read_text()), name
