"""Invented OATutor problems for tests: one sound problem, and ways to change it."""

from typing import Any

CC_BY = "https://creativecommons.org/licenses/by/4.0/ <CC BY 4.0>"


def hint(name: str, text: str, **more: Any) -> dict[str, Any]:
    """One hint of the pool, without dependencies."""
    return {
        "id": name, "type": "hint", "dependencies": [], "title": "Look", "text": text, "license": CC_BY, **more
    }  # fmt: skip


def step(**more: Any) -> dict[str, Any]:
    """A text box whose answer is 4x+12."""
    return {
        "id": "p1a",
        "problemType": "TextBox",
        "answerType": "arithmetic",
        "stepTitle": "$$4\\left(x+3\\right)$$",
        "stepBody": "",
        "stepAnswer": ["$$4x+12$$"],
        "skills": ["open_brackets"],
        "hints": [hint("h1", "Multiply each part.")],
        **more,
    }


def choice(*choices: str, answer: str) -> dict[str, Any]:
    """A multiple choice."""
    return step(
        stepTitle="Which one?",
        problemType="MultipleChoice",
        answerType="string",
        stepAnswer=[answer],
        choices=list(choices),
    )


def problem(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A problem of the steps, or of the sound one."""
    return {
        "id": "p1",
        "title": "Brackets",
        "body": "Multiply:",
        "lesson": "1.1 Brackets",
        "courseName": "Invented course",
        "oer": "https://example.org",
        "license": CC_BY,
        "steps": list(steps) or [step()],
        **more,
    }
