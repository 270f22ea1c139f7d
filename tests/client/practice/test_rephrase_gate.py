"""The gate before a language model: what tells an answer is never shown, what is sound nearly always is."""

import pytest

from client.practice.rephrase_gate import passes
from client.practice.tutor_plan import plan_of
from tests.support.model_replies import MORE_SOUND, SOUND, elsewhere, leaks
from tests.support.practising import BANK

SENTENCE = "Which step comes next?"
# Of all packs and all kinds of answer.
ITEMS = [BANK.generate(family.id, seed) for seed, family in enumerate(BANK.families()[::11])] + [
    BANK.generate(family.id, 1) for family in BANK.families() if family.id.startswith(("E", "L", "V7"))
]


def _passes(reply: str, sentence: str = SENTENCE) -> bool:
    """Before an item whose answer the reply doesn't hold."""
    item = BANK.generate("Q8.procedure", 3)
    return passes(sentence, reply, item=item, hidden=[ask.target for ask in plan_of(item).asks])


def test_no_reply_that_tells_an_answer_passes() -> None:
    """In figures, words, other forms and scripts, letter by letter, encoded, as a sum, in other languages."""
    replies = [(item, reply) for item in ITEMS for reply in leaks(item)]
    shown = [(item.family, reply) for item, reply in replies if passes(SENTENCE, reply, item=item)]
    assert len(replies) >= 500
    assert shown == []


@pytest.mark.parametrize("reply", elsewhere())
def test_nothing_that_leads_elsewhere_passes(reply: str) -> None:
    """Markup, links, personal questions, a verdict on the student's step, other languages, no question."""
    assert not _passes(reply)


def test_what_is_sound_nearly_always_passes() -> None:
    """At most one in twenty is refused, or the model would be there for nothing."""
    replies = [(sentence, reply) for sentence, some in (SOUND | MORE_SOUND).items() for reply in some]
    refused = [reply for sentence, reply in replies if not _passes(reply, sentence)]
    assert len(refused) <= len(replies) / 20, refused


def test_a_number_may_be_said_again() -> None:
    """If the tutor's own sentence has it."""
    sentence = "Take away 10 on both sides. What is left?"
    assert _passes("What is left when you take away 10 on both sides?", sentence)
    assert not _passes("What is left when you take away 11 on both sides?", sentence)
    assert not _passes("What is left when you take away 10 + 1 on both sides?", sentence)


def test_a_question_stays_one_and_a_hint_stays_one() -> None:
    """Else the student would not know what to do next."""
    assert not _passes("Think about the next step.", SENTENCE)
    assert not _passes("Should you give both the same bottom number?", "Give both the same bottom number first.")


def test_the_answer_of_a_step_is_hidden_too() -> None:
    """5/6 = 15/18: fifteen is what the student has to find, even where the sentence names it in words."""
    assert not _passes("Why is it 15?", "Why is it 15?")
