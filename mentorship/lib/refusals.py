"""The one way in which a service says no."""


class NotPossible(Exception):
    """A rule forbids what was asked; the message is a sentence for the person who asked."""
