"""What the tutor says in its own words: two wordings of each sentence, without a number in any of them."""

from enum import StrEnum


class Says(StrEnum):
    """A move of the tutor."""

    GREETING = "greeting"
    FIRST = "first"
    NEXT = "next"
    LAST = "last"
    OPEN_STEP = "open step"
    PRAISE = "praise"
    LONG_STEP = "long step"
    NOT_YET = "not yet"
    UNSURE = "unsure"
    UNREADABLE = "unreadable"
    AGAIN = "again"
    SMALLER = "smaller"
    BACK = "back"
    LEAVE_SMALLER = "leave smaller"
    CHECK = "check"
    FORM = "form"
    THINK = "think"
    DONE = "done"
    CHOOSE = "choose"
    STOP = "stop"
    SIGN = "sign"
    PLACE = "place"
    TURNED = "turned"
    OPERATION = "operation"
    NEAR = "near"


# Number words are left out on purpose: the answer may be any of them.
WORDINGS: dict[Says, tuple[str, str]] = {
    Says.GREETING: (
        "Let's talk it through. I ask, and you do the maths.",
        "Let's look at it together, step by step.",
    ),
    Says.FIRST: ("Read the question again. Then start here:", "What is asked for? Begin with this:"),
    Says.NEXT: ("And now:", "What comes next?"),
    Says.LAST: ("Now put it together. What is your answer?", "You have the parts. What is your answer?"),
    Says.OPEN_STEP: (
        "Which step comes next? Type what it gives.",
        "What would you work out now? Type the result.",
    ),
    Says.PRAISE: ("Yes. You worked that out yourself.", "Yes, that step holds."),
    Says.LONG_STEP: ("Yes. You took a long step there.", "Yes, you went ahead, and it holds."),
    Says.NOT_YET: ("Not yet. Let's look again.", "That isn't it yet, and that is fine."),
    Says.UNSURE: ("That is fine. Let's find a way in.", "Not being sure is a good place to start."),
    Says.UNREADABLE: (
        "I can't read that. Type it the way you type an answer.",
        "I can't read that yet. Type only the result.",
    ),
    Says.AGAIN: ("Try that step again:", "Look at it once more:"),
    Says.SMALLER: ("Let's practise this step with easier numbers:", "Try the same thing here before you go on:"),
    Says.BACK: ("Yes. Now do the same in our question:", "Yes, like that. Now our question again:"),
    Says.LEAVE_SMALLER: ("Let's leave that and look at our question again:", "Back to our question for now:"),
    Says.CHECK: (
        "Put your result in place of the letter. Do both sides agree?",
        "Try your result in the question. Is it true there?",
    ),
    Says.FORM: (
        "The value is right. How should it be written?",
        "It is worth the same. Read how it should be written.",
    ),
    Says.THINK: ("What does that tell you?", "What do you see there?"),
    Says.DONE: (
        "Yes, and you found it yourself. Type it as your answer and press Check.",
        "That's it. You did every step. Type it as your answer and press Check.",
    ),
    Says.CHOOSE: (
        "You have what you need now. Which choice fits? Take it and press Check.",
        "You did the thinking. Choose what fits, and press Check.",
    ),
    Says.STOP: (
        "This is hard today, and you kept going. Take a hint, or ask somebody near you.",
        "Let's stop here for now. You kept trying, and that counts. A hint or a friend can help.",
    ),
    Says.SIGN: ("Look at the sign in front of your result. Does it fit?", "Is the sign right?"),
    Says.PLACE: (
        "Look at the place of each digit. Is your result much too large, or much too small?",
        "Which place does each digit stand in?",
    ),
    Says.TURNED: ("Which number goes on top?", "What stands above the line, and what below it?"),
    Says.OPERATION: (
        "Which sign stands between the numbers? What does it tell you to do?",
        "Read the sign between the numbers aloud. What does it ask for?",
    ),
    Says.NEAR: ("Very near. Count again, slowly.", "You are close. Check it with another way."),
}


def wording(says: Says, turn: int) -> str:
    """The sentence; the two wordings take turns."""
    return WORDINGS[says][turn % 2]


def all_wordings() -> tuple[str, ...]:
    """Every sentence, for the catalogues."""
    return tuple(text for pair in WORDINGS.values() for text in pair)
