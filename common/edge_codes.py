"""Fixed numbers for the error replies that Flower carries: a number and a refusal's name, never a text from data.

A school that refuses after it read the plan signs its refusal (`common.exchange`). These three happen before
there is anything to sign, so they travel as a Flower error.
"""

from common.refusals import RefusalCode

# Flower's own codes stay below 100; ours start well above.
_NUMBERS = {
    RefusalCode.BUNDLE_NOT_APPROVED: 201,
    RefusalCode.FAILED_AT_SCHOOL: 202,
    RefusalCode.BAD_MESSAGE: 203,
}


def edge_number(code: RefusalCode) -> int:
    """The number that stands for `code`; FAILED_AT_SCHOOL's for a refusal that has none."""
    return _NUMBERS.get(code, _NUMBERS[RefusalCode.FAILED_AT_SCHOOL])


def edge_code(number: int) -> RefusalCode | None:
    """What `number` stands for, or None if the error isn't one of ours."""
    return next((code for code, own in _NUMBERS.items() if own == number), None)
