"""Tests beside this file import flwr; its dependencies warn when first imported."""

import tests.support.quiet_flower  # noqa: F401 - imported for what it does
