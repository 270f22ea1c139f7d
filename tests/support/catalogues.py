"""Every sentence that the pages mark for translation, in templates and code, and what the tutor says."""

from pathlib import Path

from babel.messages.extract import extract_from_dir

from client.practice.tutor_words import all_wordings

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("local_app", "client/content", "client/practice")
# `_` in templates; `mark` in code.
KEYWORDS = {"_": None, "ngettext": (1, 2), "mark": None}
OPTIONS = {"**.html": {"trim_blocks": "true", "silent": "false"}}


def marked() -> list[str]:
    """Sorted; of a plural both forms."""
    methods = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
    found: set[str] = set(all_wordings())
    for folder in FOLDERS:
        for _, _, message, _, _ in extract_from_dir(str(ROOT / folder), methods, OPTIONS, KEYWORDS):
            found |= {message} if isinstance(message, str) else set(message)
    return sorted(found)
