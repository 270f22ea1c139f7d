"""A school's certificates: bound to its domain, renewed without touching a device, never overwritten."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from client.school_certificates import (
    RENEW_BELOW_DAYS,
    SERVER_DAYS,
    authority_fingerprint,
    create_certificates,
    days_left,
    renew_certificate,
    served_host,
)
from client.settings import SchoolFolder, create_folder
from common.errors import FixSettings
from tests.support.handshake import check_handshake

HOST, PASSPHRASE, NOW = "homeroom.north.example", b"a long passphrase", datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def folder(tmp_path: Path) -> SchoolFolder:
    """A school with certificates that were made now."""
    made = create_folder(tmp_path / "north", school="North School")
    create_certificates(made, school="North School", host=HOST, passphrase=PASSPHRASE, now=NOW)
    return made


def test_a_device_that_trusts_the_authority_believes_the_pages(folder: SchoolFolder) -> None:
    """And only under their name."""
    check_handshake(folder.server_certificate, HOST, ca=folder.authority_certificate)
    assert served_host(folder) == HOST
    assert days_left(folder, NOW) == SERVER_DAYS


def test_both_keys_are_for_their_owner_and_the_authoritys_is_sealed(folder: SchoolFolder) -> None:
    """Who takes the server can't make certificates with it."""
    for path in (folder.authority_key, folder.server_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in folder.authority_key.read_bytes()


def test_a_renewal_keeps_the_authority(folder: SchoolFolder) -> None:
    """So no device has to be touched; the new certificate ends later."""
    before, later = authority_fingerprint(folder), NOW + timedelta(days=SERVER_DAYS - RENEW_BELOW_DAYS + 1)
    assert days_left(folder, later) == RENEW_BELOW_DAYS - 1
    renew_certificate(folder, host=HOST, passphrase=PASSPHRASE, now=later)
    assert authority_fingerprint(folder) == before
    assert days_left(folder, later) == SERVER_DAYS


def test_the_pages_may_move_within_the_domain_only(folder: SchoolFolder) -> None:
    """A name outside it is refused before a device would refuse it."""
    renew_certificate(folder, host="practice.north.example", passphrase=PASSPHRASE, now=NOW)
    check_handshake(folder.server_certificate, "practice.north.example", ca=folder.authority_certificate)
    for host in ("homeroom.south.example", "north.example", "evilnorth.example", "a b.north.example"):
        with pytest.raises(FixSettings, match=r"north\.example only"):
            renew_certificate(folder, host=host, passphrase=PASSPHRASE, now=NOW)
    assert served_host(folder) == "practice.north.example"


def test_certificates_are_never_made_twice(folder: SchoolFolder) -> None:
    """Devices trust the first ones."""
    before = authority_fingerprint(folder)
    with pytest.raises(FixSettings, match="tls renew"):
        create_certificates(folder, school="North School", host=HOST, passphrase=PASSPHRASE, now=NOW)
    assert authority_fingerprint(folder) == before


@pytest.mark.parametrize("host", ["homeroom", "north.example", "HOMEROOM.north.example", "10.0.0.1", "", "a..b.c"])
def test_a_name_that_binds_to_no_domain_is_refused(tmp_path: Path, host: str) -> None:
    """With a sentence, and nothing is written."""
    made = create_folder(tmp_path / "north", school="North School")
    with pytest.raises(FixSettings, match="three parts"):
        create_certificates(made, school="North School", host=host, passphrase=PASSPHRASE, now=NOW)
    assert not made.certificates.exists()


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    """It is all that protects the authority's key."""
    made = create_folder(tmp_path / "north", school="North School")
    with pytest.raises(FixSettings, match="passphrase"):
        create_certificates(made, school="North School", host=HOST, passphrase=b"short", now=NOW)


def test_an_attempt_that_was_cut_off_can_be_made_again(folder: SchoolFolder) -> None:
    """The authority's certificate is written last; without it everything is made anew."""
    folder.authority_certificate.unlink()
    create_certificates(folder, school="North School", host=HOST, passphrase=PASSPHRASE, now=NOW)
    check_handshake(folder.server_certificate, HOST, ca=folder.authority_certificate)


def test_without_the_key_or_the_passphrase_nothing_is_renewed(folder: SchoolFolder) -> None:
    """The certificate in use stays."""
    before = folder.server_certificate.read_bytes()
    with pytest.raises(FixSettings, match="passphrase"):
        renew_certificate(folder, host=HOST, passphrase=b"another passphrase", now=NOW)
    folder.authority_key.unlink()
    with pytest.raises(FixSettings, match="Bring it back"):
        renew_certificate(folder, host=HOST, passphrase=PASSPHRASE, now=NOW)
    assert folder.server_certificate.read_bytes() == before


def test_a_school_without_certificates_has_none_to_show(tmp_path: Path) -> None:
    """`doctor` and `tls show` say so."""
    made = create_folder(tmp_path / "north", school="North School")
    assert days_left(made, NOW) is None
    with pytest.raises(FixSettings, match="tls init"):
        served_host(made)
    with pytest.raises(FixSettings, match="tls init"):
        renew_certificate(made, host=HOST, passphrase=PASSPHRASE, now=NOW)
