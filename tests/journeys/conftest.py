"""One consortium for all journeys: built once, copied by each scenario."""

import pytest

import tests.support.quiet_flower  # noqa: F401 - imported for what it does
from tests.support.consortium_folders import MASKED, MASKED_STUDENTS, ConsortiumFolders, build_consortium


@pytest.fixture(scope="session")
def consortium(tmp_path_factory: pytest.TempPathFactory) -> ConsortiumFolders:
    """A coordinator and three schools that approved two campaigns; copy it before anything runs."""
    return build_consortium(tmp_path_factory.mktemp("journeys") / "consortium")


@pytest.fixture(scope="session")
def masked_consortium(tmp_path_factory: pytest.TempPathFactory) -> ConsortiumFolders:
    """A coordinator and five schools that approved a masked campaign with shared noise; copy it as well."""
    root = tmp_path_factory.mktemp("masked") / "consortium"
    return build_consortium(root, MASKED_STUDENTS, (MASKED,))
