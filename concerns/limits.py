"""How much is taken of what people write, in letters, and how many messages without a name in an hour."""

from mentorship.lib.refusals import NotPossible

MOST_LETTERS = 20_000
MOST_CONTACT_LETTERS = 300
MOST_NAMES_LETTERS = 500
MOST_POLICY_LETTERS = 200
MOST_QUESTION_LETTERS = 500  # as the programme's page takes them
MOST_ANONYMOUS_AN_HOUR = 2_000  # to one programme: a flood, whose handlers would find nothing in it any more


def words(text: str, most: int = MOST_LETTERS) -> str:
    """A text that must say something."""
    if not text.strip():
        raise NotPossible("Please write something.")
    return at_most(text, most)


def at_most(text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise NotPossible(f"Please keep it to {most:,} letters.")
    return text
