"""Erase a person over every table (Article 17 UK GDPR): counts stay, people don't.

`ask` begins it, `call_back` takes it back, `standing_request` says where it stands. The clock carries out what is
ready (`carry_out_due`); an open concern in which the person may be holds it, and nothing that they see tells so.
After a restore `replay` erases again whom the ledger names.
"""

from overview.services.erasing.asking import ask, call_back, standing_request
from overview.services.erasing.carrying_out import carry_out_due
from overview.services.erasing.erasure import erase
from overview.services.erasing.replaying import replay

__all__ = ["ask", "call_back", "carry_out_due", "erase", "replay", "standing_request"]
