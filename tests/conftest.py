"""Session-wide rules: one thread, the same examples in every run, and no silent skip where skips are forbidden."""

import os
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings


def pytest_configure(config: pytest.Config) -> None:
    """Tests share two cores: every numeric library gets one thread."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # A shell that starts the suite in the background has it ignore Ctrl-C, and so would the programs under test.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Tests don't measure speed, and the same run finds the same examples.
    settings.register_profile("homeroom", deadline=None, derandomize=True)
    settings.load_profile("homeroom")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With HOMEROOM_FORBID_SKIPS=1 a skip is a failure, except for tests that need the answer logs."""
    report = yield
    allowed = item.get_closest_marker("data") is not None
    if report.skipped and os.environ.get("HOMEROOM_FORBID_SKIPS") == "1" and not allowed:
        report.outcome = "failed"
        report.longrepr = f"skipped where skips are forbidden: {report.longrepr}"
    return report
