"""Features of difficulty: what every item has and what its generator adds, worked by hand."""

from dataclasses import replace

from client.content import mathml as m
from client.content.bank import built_in_bank
from client.content.features import features_of

_BANK = built_in_bank()


def test_common_features_are_counted_in_what_the_stem_says() -> None:
    """Words of two letters and more, numbers, steps."""
    item = replace(
        _BANK.generate("V4.procedure", 0), stem=("Add 347 and ", m.number(28), ", please."), features=()
    )
    found = features_of(item)
    assert (found["words"], found["numbers"], found["largest_number"], found["choices"]) == (3, 2, 347, 0)
    assert found["steps"] == sum(bool(step.question) for step in item.steps) > 1


def test_a_generator_adds_its_own() -> None:
    """How often something is carried, and whether ten is crossed."""
    for seed in range(20):
        assert features_of(_BANK.generate("V4.procedure", seed))["carries"] >= 1
    assert features_of(_BANK.generate("F2:5+8", 0))["bridges_ten"] == 1
    assert features_of(_BANK.generate("F1:3+5", 0))["bridges_ten"] == 0
