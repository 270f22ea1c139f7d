"""Errors carry a code, a sentence and a remedy."""

import pytest

from common.errors import Corrupt, ErrorCode, FixSettings, HomeroomError, Refused, RetryLater


@pytest.mark.parametrize("kind", [RetryLater, FixSettings, Refused, Corrupt])
def test_an_error_says_what_and_what_to_do(kind: type[HomeroomError]) -> None:
    """The class is the remedy."""
    error = kind(ErrorCode.NOT_FOUND, "The file isn't there.")
    assert str(error) == "The file isn't there. [not-found]"
    assert error.remedy != HomeroomError.remedy
    assert isinstance(error, HomeroomError)
