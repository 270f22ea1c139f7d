"""Dealing ahead: a fresh mask key and self seed for a round, their shares in closed boxes, and opening a box."""

from collections.abc import Sequence
from dataclasses import replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from common.errors import Refused
from common.privacy.randomness import Randomness
from common.privacy.secagg.commitments import KEY_SHARE, SEED_SHARE, commit_seed, commit_share, same
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.masks import KEY_BYTES, SEED_BYTES, derive, exchange, public_key
from common.privacy.secagg.messages import Deal
from common.privacy.secagg.packing import PURPOSE, pack
from common.privacy.secagg.shamir import COEFFICIENT_BYTES, SHARE_BYTES, is_share, split
from common.privacy.secagg.state import HeldShares, HolderState, RoundSecrets
from common.privacy.secagg.terms import SecaggTerms
from common.signing import Identity, verify

# One key per round and direction, used for one box: a nonce of zero is never repeated under it.
_NONCE = bytes(12)


def deal_for_round(
    state: HolderState, terms: SecaggTerms, number: int, *, identity: Identity, randomness: Randomness
) -> RoundSecrets:
    """Fresh secrets for a round, and the deals that spread their shares over all members."""
    purpose = f"secagg/{terms.camp.hex()}/{number}"
    key, seed = randomness.draw(f"{purpose}/key", KEY_BYTES), randomness.draw(f"{purpose}/seed", SEED_BYTES)
    degree = COEFFICIENT_BYTES * (terms.threshold - 1)
    key_shares = split(key, terms.members, coefficients=randomness.draw(f"{purpose}/key-shares", degree))
    seed_shares = split(seed, terms.members, coefficients=randomness.draw(f"{purpose}/seed-shares", degree))
    held = [HeldShares(holder, *pair) for holder, pair in enumerate(zip(key_shares, seed_shares, strict=True))]
    box_keys = _box_keys(state, terms, number)
    public = public_key(key), commit_seed(terms.camp, number, state.member, seed=seed)
    deals = tuple(
        _deal(terms, (number, state.member), public, shares=one, box_key=box_keys[one.member], identity=identity)
        for one in held
    )
    own = held[state.member]
    return RoundSecrets(number, key, seed, own.key_share, own.seed_share, deals)


def open_deal(state: HolderState, terms: SecaggTerms, deal: Deal) -> HeldShares:
    """The two shares in a peer's deal to this school. SecaggRefused names what is wrong, and the dealer."""
    check_signature(terms, deal)
    plain = open_box(terms, deal, box_secret(state, deal.dealer))
    shares = HeldShares(deal.dealer, plain[:SHARE_BYTES], plain[SHARE_BYTES:])
    fault = shares_fault(terms, deal, shares)
    if fault:
        raise SecaggRefused(SecaggFault.SHARE_DIFFERS_FROM_COMMITMENT, fault, party=deal.dealer)
    return shares


def check_signature(terms: SecaggTerms, deal: Deal) -> None:
    """SecaggRefused unless the dealer signed this deal with its enrolled key."""
    try:
        verify(terms.keys[deal.dealer], PURPOSE, deal.signed(terms.camp), signature=deal.signature)
    except Refused as error:
        sentence = f"The deal of member {deal.dealer} isn't signed with its key."
        raise SecaggRefused(SecaggFault.BAD_DEAL_SIGNATURE, sentence, party=deal.dealer) from error


def box_secret(state: HolderState, peer: int) -> bytes:
    """The X25519 secret of this school's and a peer's box keys, from which each box's key is derived."""
    return exchange(X25519PrivateKey.from_private_bytes(state.box_key), peer, state.boxes[peer])


def box_key_of(terms: SecaggTerms, deal: Deal, secret: bytes) -> bytes:
    """The key of one box; it opens no other."""
    return derive(secret, terms.camp, pack("box", deal.number, deal.dealer, deal.holder))


def open_box(terms: SecaggTerms, deal: Deal, secret: bytes) -> bytes:
    """Both shares, 66 bytes. SecaggRefused(box-does-not-open) if they were altered or meant for somebody else."""
    return open_with(terms, deal, box_key_of(terms, deal, secret))


def open_with(terms: SecaggTerms, deal: Deal, box_key: bytes) -> bytes:
    """The same from the one box's own key, as a complainer reveals it."""
    bound = pack("aad", terms.camp, deal.number, deal.dealer, deal.holder)
    try:
        plain = ChaCha20Poly1305(box_key).decrypt(_NONCE, deal.box, bound)
    except InvalidTag:
        plain = b""
    if len(plain) != 2 * SHARE_BYTES:
        sentence = f"The box of member {deal.dealer} doesn't open."
        raise SecaggRefused(SecaggFault.BOX_DOES_NOT_OPEN, sentence, party=deal.dealer)
    return plain


def shares_fault(terms: SecaggTerms, deal: Deal, shares: HeldShares) -> str:
    """A sentence if the shares aren't the ones that the deal commits to; empty if they are."""
    slot = (terms.camp, deal.number, deal.dealer, deal.holder)
    good = (
        is_share(shares.key_share)
        and is_share(shares.seed_share)
        and same(commit_share(KEY_SHARE, slot, shares.key_share), deal.key_share_commitment)
        and same(commit_share(SEED_SHARE, slot, shares.seed_share), deal.seed_share_commitment)
    )
    return "" if good else f"The shares of member {deal.dealer} differ from what it committed to."


def _box_keys(state: HolderState, terms: SecaggTerms, number: int) -> Sequence[bytes]:
    """The box key for each holder; b"" for this school itself."""
    private = X25519PrivateKey.from_private_bytes(state.box_key)
    keys = []
    for holder, peer in enumerate(state.boxes):
        if holder == state.member:
            keys.append(b"")
            continue
        secret = exchange(private, holder, peer)
        keys.append(derive(secret, terms.camp, pack("box", number, state.member, holder)))
    return keys


def _deal(
    terms: SecaggTerms,
    slot: tuple[int, int],
    public: tuple[bytes, bytes],
    *,
    shares: HeldShares,
    box_key: bytes,
    identity: Identity,
) -> Deal:
    """One holder's deal. slot: round and dealer. public: the dealer's mask key and the commitment to its seed."""
    number, dealer = slot
    holder, place = shares.member, (terms.camp, number, dealer, shares.member)
    bound, plain = pack("aad", *place), shares.key_share + shares.seed_share
    unsigned = Deal(
        number,
        dealer,
        holder,
        key=public[0],
        seed_commitment=public[1],
        key_share_commitment=commit_share(KEY_SHARE, place, shares.key_share),
        seed_share_commitment=commit_share(SEED_SHARE, place, shares.seed_share),
        box=ChaCha20Poly1305(box_key).encrypt(_NONCE, plain, bound) if box_key else b"",
        signature=b"",
    )
    return replace(unsigned, signature=identity.sign(PURPOSE, unsigned.signed(terms.camp)))
