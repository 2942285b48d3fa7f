"""A sheet between the look at it and the import: it travels through the administrator's page and is kept nowhere.

So no upload with personal data lies about on the server when somebody looks and then closes the page. The seal makes
sure that what comes back is what was looked at, by the same person, within the hour.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.core import signing

_SALT = "applications.spreadsheet.sealed"
GOOD_FOR = 3600  # seconds
LARGEST_SEALED = 4 * 1024 * 1024  # characters; Django takes a form of 5 MB


@dataclass(frozen=True)
class Sheet:
    """A file and what was chosen for it: keys of the administrator and the cohort, role, and the plan's digest."""

    user: int
    cohort: int
    role: str
    digest: str
    data: bytes


class _AsBytes:
    """A line of JSON and then the file as it is, so that sealing can squeeze it well."""

    def dumps(self, sheet: Sheet) -> bytes:
        told = asdict(sheet)
        data = told.pop("data")
        return json.dumps(told).encode() + b"\n" + data

    def loads(self, sealed: bytes) -> Sheet:
        told, _, data = sealed.partition(b"\n")
        return Sheet(**json.loads(told), data=data)


def seal(sheet: Sheet) -> str:
    return signing.dumps(sheet, salt=_SALT, serializer=_AsBytes, compress=True)


def unseal(sealed: str, *, user: int) -> Sheet | None:
    """The sheet, or None if it wasn't sealed for this person within the hour."""
    try:
        sheet = signing.loads(sealed, salt=_SALT, serializer=_AsBytes, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    return sheet if sheet.user == user else None
