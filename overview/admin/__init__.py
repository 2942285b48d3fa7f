"""The office's lists that show several floors at once, all to read: messages, partnerships, disclosures."""

from overview.admin import disclosures, messages, partnerships

__all__ = ["disclosures", "messages", "partnerships"]
