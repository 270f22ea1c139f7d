"""What the privacy kernel can reach: no weak randomness, no framework, and a ledger without the accountant."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KERNEL = sorted((ROOT / "common" / "privacy").rglob("*.py"))
IDS = [path.relative_to(ROOT / "common" / "privacy").with_suffix("").as_posix() for path in KERNEL]
ALLOWED = {
    "numpy", "cryptography", "dp_accounting", "scipy", "mpmath",
    "collections", "concurrent", "dataclasses", "enum", "fcntl", "functools", "hashlib", "hmac", "math", "os",
    "pathlib", "secrets", "struct", "threading", "types", "typing",
}  # fmt: skip
ALLOWED_OF_OURS = {"common.canonical", "common.clock", "common.errors", "common.refusals", "common.signing"}


def imported_by(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", KERNEL, ids=IDS)
def test_a_kernel_file_imports_only_what_an_auditor_expects(path: Path) -> None:
    """No `random`, no torch, no pydantic; of our own only the plain foundations."""
    for name in imported_by(path):
        if name.startswith("common."):
            assert name in ALLOWED_OF_OURS or name.startswith("common.privacy.")
        else:
            assert name.split(".")[0] in ALLOWED


@pytest.mark.parametrize("path", KERNEL, ids=IDS)
def test_no_kernel_file_names_a_weak_generator(path: Path) -> None:
    """Neither `np.random` nor `default_rng` nor anything else called random, but our own two words."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    called = {n.func.attr for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
    assert not names & {"random", "default_rng", "randn", "normal", "standard_normal"}
    assert "seed" not in called  # a secret may be called so, a generator may not be seeded


def modules_after(statement: str) -> set[str]:
    """The modules loaded in a fresh Python after one statement."""
    code = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_foundations_that_the_kernel_imports_bring_no_framework_along() -> None:
    """The whole kernel in a fresh Python."""
    modules = (
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in KERNEL if path.stem != "__init__"
    )
    every = ", ".join(modules)
    loaded = modules_after(f"import {every}")
    assert not loaded & {"torch", "flwr", "fastapi", "sqlalchemy", "pydantic", "common.models", "common.plan"}


def test_masking_needs_no_accountant_and_no_noise() -> None:
    """Whoever replays a sum needs numpy and cryptography; a school's own noise is made elsewhere."""
    loaded = modules_after("import common.privacy.secagg.replay, common.privacy.secagg.blame")
    assert not loaded & {"dp_accounting", "scipy", "mpmath", "common.privacy.noise", "common.privacy.accounting"}


def test_the_ledger_reads_without_the_accountant() -> None:
    """A school's pages show the ledger where dp_accounting isn't installed."""
    loaded = modules_after("import common.privacy.ledger")
    assert not loaded & {"dp_accounting", "scipy", "mpmath", "numpy", "common.privacy.accounting"}
