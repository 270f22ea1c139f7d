"""What a privacy statement says in words: whom to trust, where the noise comes from, what isn't covered."""

from common.plan import CampaignPlan

GENERATOR = (
    "Noise: AES-256-CTR under a fresh key from the operating system (os.urandom) for each round, rounded exactly. "
    "Draws: HMAC-SHA256 of each student's id under another fresh key. No setting and no message holds a seed."
)
NOT_COVERED = (
    "A student who was at more than one school, beyond the figure above for two.",
    "Somebody who learns who was drawn in each round, beyond the figure above; draws aren't kept or sent.",
    "What siblings or friends have in common: each student is protected apart.",
    "Facts about the whole school, such as its level, how many students it enrolled with, or that it takes part.",
    "Settings that somebody tuned by looking at private answers, here or elsewhere.",
    "What people at the school, or an operator, see with their own eyes and say in their own words.",
    "A school server, or a copy of it, in the wrong hands: the answers themselves are there.",
    "Side channels such as timing and power, beyond fixed sizes of messages and of the noise.",
    "Exact erasure from a model: shared weights keep at most an (epsilon, delta) influence of a student.",
)
TRIED = "Nothing of this has been tried on real children. Attack figures come from invented students."
# What else leaves a school; none of it is computed from answers.
LEAVES_AS_WELL = (
    "Nothing else that is computed from students leaves for training: a refusal is a code, and what the school "
    "measures for its own choice of model stays here."
)


def trust_in_words(plan: CampaignPlan, needed: int) -> str:
    """The assumption under which epsilon holds. needed: honest shares in each sum, this school's among them."""
    here = "It takes that this school's own server and program are sound."
    if needed == 1 or plan.secagg is None:
        return (
            f"No other school and no coordinator has to be trusted: this school adds all the noise itself. {here}"
        )
    secagg = plan.secagg
    return (
        f"At least {needed} of the {len(plan.members)} schools, this one among them, have to add their noise to "
        f"each sum that is opened. The masks see to that while {_at_most(secagg.corrupt)} of the schools help a "
        f"dishonest coordinator, {_at_most(secagg.max_dropped)} are missing from a round, and X25519, AES, "
        f"ChaCha20-Poly1305, SHA-256 and Ed25519 hold. {here}"
    )


def _at_most(count: int) -> str:
    return f"at most {count}" if count else "none"
