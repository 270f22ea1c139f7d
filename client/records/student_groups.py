"""Groups of students that the school compares, such as the language at home: sealed, and read by nothing else.

A student's labels are one text under the student's own key, so destroying that key erases them everywhere. An
import contract keeps whatever trains or speaks to a coordinator away from this module.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from client.records.audit_trail import record_audit
from client.records.tables import student, student_groups, student_key
from client.records.vault import Vault
from common.errors import ErrorCode, FixSettings

Labels = Mapping[str, str]
_WHAT = "groups"


def set_groups(
    connection: Connection, vault: Vault, labels: Mapping[str, Labels], *, by: str, now: datetime
) -> None:
    """Replaces all labels of the school. {student id: {what is compared: the student's group}}; an audit line.

    FixSettings (not-found) for a student without a key. Call it in the writer.
    """
    rows = connection.execute(select(student_key).where(student_key.c.student.in_(list(labels))))
    keys = {row.student: bytes(row.wrapped_key) for row in rows}
    if set(keys) != set(labels):
        raise FixSettings(ErrorCode.NOT_FOUND, "A student of this list isn't in the database.")
    connection.execute(delete(student_groups))
    sealed = [
        {"student": one, "sealed_groups": _sealed(vault, one, keys[one], groups=groups), "set_at": now}
        for one, groups in labels.items()
    ]
    if sealed:
        connection.execute(insert(student_groups), sealed)
    action = "groups-imported" if sealed else "groups-removed"
    record_audit(connection, actor=by, action=action, subject="student groups", now=now)


def groups_by_student(connection: Connection, vault: Vault) -> dict[str, dict[str, str]]:
    """The labels of active students whose key is still there. Sensitive: it never leaves the process."""
    joined = student_groups.join(student_key, student_key.c.student == student_groups.c.student).join(
        student, student.c.id == student_groups.c.student
    )
    columns = (student_groups.c.student, student_groups.c.sealed_groups, student_key.c.wrapped_key)
    rows = connection.execute(select(*columns).select_from(joined).where(student.c.active))
    return {
        row.student: json.loads(vault.unseal(row.student, row.wrapped_key, row.sealed_groups, what=_WHAT))
        for row in rows
    }


def _sealed(vault: Vault, one: str, key: bytes, *, groups: Labels) -> bytes:
    return vault.seal(one, key, json.dumps(dict(groups), ensure_ascii=False), what=_WHAT)
