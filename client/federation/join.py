"""Joining a consortium: read the invitation, make the keys here, show the public halves to the coordinator."""

import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from client.federation.coordinator_api import post_json
from client.federation.enrolment import Enrolment, save_enrolment
from client.settings import SchoolFolder, load_settings
from common.clock import Clock, SystemClock
from common.errors import ErrorCode, FixSettings, Refused
from common.invitation import Invitation, load_invitation
from common.signing import Identity, load_identity, new_identity, save_identity, write_private_file

ROUND_TO = 10


def join(invitation_path: Path, folder: SchoolFolder, students: int, *, clock: Clock | None = None) -> Enrolment:
    """Enrols the school that lives in `folder`; `students` is made public, rounded up to tens.

    The private keys are made here and never leave. FixSettings or Refused (`bad-invitation`) for an invitation
    that is damaged, expired, used or for another school; RetryLater (`unreachable`) if nobody answers: calling
    again then uses the same keys.
    """
    clock = clock or SystemClock()
    invitation = load_invitation(invitation_path)
    _check(invitation, folder, now=clock.now())
    public = public_number(students)
    answer = post_json(
        invitation.url,
        "/api/enrol",
        ca_pem=invitation.ca_pem,
        body={
            "token": invitation.token,
            "identity_key": _identity(folder.identity_key).public_key,
            "node_key": _node_public_key(folder.node_key),
            "students": public,
        },
    )
    if answer.get("coordinator_key") != invitation.coordinator_key:
        raise Refused(
            ErrorCode.BAD_INVITATION, "The coordinator that answered isn't the one that the invitation names."
        )
    enrolment = _enrolment(invitation, public, clock.now())
    save_enrolment(enrolment, folder.enrolment)
    return enrolment


def public_number(students: int) -> int:
    """The school's public number of students: at least ten, rounded up to tens."""
    return ROUND_TO * max(1, -(-students // ROUND_TO))


def _check(invitation: Invitation, folder: SchoolFolder, *, now: datetime) -> None:
    school = load_settings(folder).school
    if folder.enrolment.exists():
        raise FixSettings(ErrorCode.BAD_INVITATION, "This school has joined a consortium already.")
    if invitation.school != school:
        raise FixSettings(
            ErrorCode.BAD_INVITATION, f"The invitation is for {invitation.school}; this school is {school}."
        )
    if now >= invitation.expires_at:
        raise FixSettings(
            ErrorCode.BAD_INVITATION, "The invitation has expired. Ask the consortium's operator for a new one."
        )


def _enrolment(invitation: Invitation, students: int, now: datetime) -> Enrolment:
    return Enrolment(
        consortium=invitation.consortium,
        school=invitation.school,
        url=invitation.url,
        ca_pem=invitation.ca_pem,
        coordinator_key=invitation.coordinator_key,
        students=students,
        joined_at=now.isoformat(timespec="seconds"),
    )


def _identity(path: Path) -> Identity:
    if path.exists():  # an earlier attempt got this far
        return load_identity(path)
    identity = new_identity()
    save_identity(identity, path)
    return identity


def _node_public_key(path: Path) -> str:
    """The OpenSSH public half of the node key; the private half is OpenSSH PEM, which is all that Flower reads."""
    if path.exists():
        private = serialization.load_ssh_private_key(path.read_bytes(), None)
    else:
        private = ec.generate_private_key(ec.SECP384R1())
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        write_private_file(path, pem)
        os.chmod(path, 0o600)
    public = private.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return public.decode()
