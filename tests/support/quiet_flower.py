"""Imports flwr once with its own dependencies' deprecation warnings off; ours stay errors.

typer 0.20, which flwr 1.41.0 needs, imports names that click 8.4 calls deprecated. A conftest imports this module
before the tests beside it import flwr.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import flwr.clientapp
    import flwr.serverapp
    import flwr.supercore.logger  # noqa: F401 - imported for the cache
