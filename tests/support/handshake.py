"""A TLS handshake in memory, as a careful peer does it."""

import ssl
from pathlib import Path


def check_handshake(certificate: Path, name: str, *, ca: Path) -> None:
    """Fails unless a strict peer that trusts `ca` believes the server with this certificate to be `name`.

    The server's key lies beside its certificate, with the suffix .key.
    """
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, certificate.with_suffix(".key"))
    peer_side = ssl.create_default_context(cafile=str(ca))
    peer_side.minimum_version = ssl.TLSVersion.TLSv1_3
    peer_side.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    to_peer, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    peer = peer_side.wrap_bio(to_peer, to_server, server_hostname=name)
    server = server_side.wrap_bio(to_server, to_peer, server_side=True)
    for _ in range(4):
        for side in (peer, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert peer.version() == "TLSv1.3"
