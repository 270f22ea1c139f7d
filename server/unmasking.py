"""The second trip of a masked round: the survivors' shares, the sum that they open, and who is to blame if not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from common.errors import Corrupt, Refused
from common.exchange import RoundRequest
from common.logs import EventLog
from common.masking import attempt_of, position, secagg_terms, survivor_vectors
from common.opened_round import OpenedRound
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Deal, Masked, Survivors, Unmask
from common.privacy.secagg.relay import Opened, admit_unmask, open_attempt
from common.privacy.secagg.terms import Attempt, SecaggTerms
from common.privacy.secagg.transcript import transcript_of
from common.trips import Trip
from server.admission import Answer, AnswerState
from server.answer_words import what_is_missing
from server.asking import Use, ask
from server.blame_proofs import dealer_proof, holder_proof
from server.blames import BlameRecord, note_blame
from server.dealing import admitted_deals, round_deals
from server.deals_store import DealRow, keep_deals, keep_evidence, read_vectors
from server.round_records import RoundState, note_answer
from server.run_round import RoundOutcome, outcome_of
from server.running import Running
from server.voiding import aborted

_log = EventLog("round")


@dataclass(slots=True)
class _Opening:
    """What the survivors' replies add up to. unmasks: good ones, by position."""

    terms: SecaggTerms
    attempt: Attempt
    survivors: Survivors
    masked: Mapping[int, Masked]
    deals: Mapping[tuple[int, int], Deal]
    unmasks: dict[int, Unmask] = field(default_factory=dict)


def open_masked_sum(running: Running, request: RoundRequest, survivors: Survivors) -> RoundOutcome:
    """Asks every survivor for its shares and opens the exact sum, or nothing."""
    opening = _opening(running, request, survivors)
    names = [running.campaign.members[member].school for member in survivors.members]
    parts = {"survivors": survivors.to_bytes()}
    answers = ask(
        running,
        Trip.UNMASK,
        dict.fromkeys(names, parts),
        use=_use(running, request, opening),
        enough=opening.terms.threshold,
    )
    told = tuple(_told(request, answers, name) for name in sorted(names))
    try:
        opened = open_attempt(
            opening.terms,
            opening.attempt,
            masked=opening.masked,
            unmasks=opening.unmasks,
            deals=opening.deals,
        )
    except SecaggRefused as refusal:
        return _not_opened(running, request, opening, refusal=refusal, answers=told)
    with running.coordinator.store.write() as connection:
        evidence = opened.evidence.to_bytes()
        keep_evidence(connection, running.campaign.digest, request.plan.round, evidence=evidence)
    return replace(
        outcome_of(request, told, _published(running, request, opening, opened=opened)),
        transcript=_shown(opening, opened),
    )


def _opening(running: Running, request: RoundRequest, survivors: Survivors) -> _Opening:
    """Everything that was kept of the first trip."""
    campaign, number = running.campaign, request.plan.round
    with running.coordinator.store.read() as connection:
        vectors = read_vectors(connection, campaign.digest, number)
    return _Opening(
        secagg_terms(campaign),
        attempt_of(campaign, request.plan),
        survivors,
        masked={position(campaign, school): Masked.from_bytes(data) for school, data in vectors.items()},
        deals=round_deals(running, request.plan),
    )


def _use(running: Running, request: RoundRequest, opening: _Opening) -> Use:
    """What checks and keeps one survivor's reply: its shares, and its deals for the rounds to come."""
    campaign, coordinator = running.campaign, running.coordinator

    def use(school: str, parts: Mapping[str, bytes]) -> None:
        unmask = Unmask.from_bytes(parts.get("unmask", b""))
        if unmask.member != position(campaign, school):
            raise SecaggRefused(SecaggFault.BAD_UNMASK_SIGNATURE, "A school answered in another's place.")
        try:
            admit_unmask(opening.terms, opening.attempt, opening.survivors, unmask=unmask, deals=opening.deals)
        except SecaggRefused:
            _blame_holder(running, request, opening, unmask=unmask)
            raise
        opening.unmasks[unmask.member] = unmask
        deals = _good_deals(running, school, parts.get("deals", b""))
        helped = Answer(school, AnswerState.HELPED)
        with coordinator.store.write() as connection:
            note_answer(connection, request.plan, helped, at=coordinator.clock.now())
            keep_deals(connection, campaign.digest, deals)

    return use


def _good_deals(running: Running, school: str, data: bytes) -> list[DealRow]:
    """The new deals; none if they are bad: the shares beside them are good all the same."""
    try:
        return admitted_deals(running, school, data)
    except (Corrupt, Refused) as error:
        _log.warning("deals-rejected", school=school, code=str(getattr(error, "fault", error.code)))
        return []


def _told(request: RoundRequest, answers: Mapping[str, Answer], school: str) -> Answer:
    """A survivor's vector is in the sum, whether or not it helped to open it."""
    answer = answers[school]
    return Answer(school, AnswerState.HELPED if answer.is_good else AnswerState.SURVIVED, answer.code)


def _not_opened(
    running: Running,
    request: RoundRequest,
    opening: _Opening,
    *,
    refusal: SecaggRefused,
    answers: tuple[Answer, ...],
) -> RoundOutcome:
    """Too few shares, or a dealer that dealt shares of something else; that one is left out from now on."""
    if refusal.fault is SecaggFault.SECRET_DIFFERS_FROM_COMMITMENT:
        _blame_dealer(running, request, opening, refusal=refusal)
        guilty = running.campaign.members[refusal.party or 0].school
        reason = f"Round {request.plan.round} can't be opened: {guilty} dealt shares of something else."
        # Whatever is sent again, these vectors never open.
        return replace(aborted(request, answers, reason), state=RoundState.VOID)
    silent = [
        replace(answer, state=AnswerState.LATE) for answer in answers if answer.state == AnswerState.SURVIVED
    ]
    missing = what_is_missing(silent)
    reason = f"Round {request.plan.round} couldn't be opened. {refusal.sentence} {missing}.".removesuffix(" .")
    return aborted(request, answers, reason)


def _blame_holder(running: Running, request: RoundRequest, opening: _Opening, *, unmask: Unmask) -> None:
    """A share that isn't the one which was dealt; a reply that isn't signed proves nothing and names nobody."""
    proof = holder_proof(running.campaign, request.plan, opening.survivors, unmask=unmask, deals=opening.deals)
    fault = SecaggFault.SHARE_DIFFERS_FROM_COMMITMENT
    _keep_blame(running, request, unmask.member, fault=fault, proof=proof)


def _blame_dealer(running: Running, request: RoundRequest, opening: _Opening, *, refusal: SecaggRefused) -> None:
    dealer = refusal.party or 0
    proof = dealer_proof(
        running.campaign,
        request.plan,
        opening.survivors,
        dealer=dealer,
        unmasks=opening.unmasks,
        deals=opening.deals,
    )
    _keep_blame(running, request, dealer, fault=refusal.fault, proof=proof)


def _keep_blame(
    running: Running, request: RoundRequest, member: int, *, fault: SecaggFault, proof: bytes | None
) -> None:
    if proof is None:
        return
    blame = BlameRecord(
        round=request.plan.round,
        school=running.campaign.members[member].school,
        fault=str(fault),
        is_dealer=fault is SecaggFault.SECRET_DIFFERS_FROM_COMMITMENT,
        proof=proof,
    )
    at = running.coordinator.clock.now()
    with running.coordinator.store.write() as connection:
        note_blame(connection, running.campaign.digest, blame, at=at)


def _published(running: Running, request: RoundRequest, opening: _Opening, *, opened: Opened) -> OpenedRound:
    vectors = survivor_vectors(running.campaign, opening.survivors)
    return OpenedRound(request.plan, "opened", vectors, opened.residues)


def _shown(opening: _Opening, opened: Opened) -> bytes:
    attempt = opening.attempt
    return transcript_of(
        attempt.number, opening.masked, seeds=opened.seeds, keys=opened.keys, bits=attempt.bits
    ).to_bytes()
