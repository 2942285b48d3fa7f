"""What must happen: for every route, object and method a code per role. This is data: nothing asks the product.

ok  the page                     do  something was written       go  led elsewhere, nothing written
in  led to sign-in               no  403                         --  404
nx  led away, “doesn’t exist”    xx  405                         41  410: a link that is over
.   not asked: the door of the line above is the same

Objects are ours unless they are “their …”; “… with theirs” is at our address and sends numbers of theirs.
"""

from dataclasses import dataclass

from tests.walls.table import (
    accounts,
    concerns,
    lists,
    matching,
    office,
    partners,
    people,
    rehearsal,
    second_step,
    unnamed,
    visitors,
)
from tests.walls.world import ROLES

NOT_ASKED = "."


@dataclass(frozen=True)
class Row:
    route: str
    of: str
    method: str
    expected: dict[str, str]


def read(text: str) -> list[Row]:
    """A route stands alone in its line; below it, indented: methods, objects, a code per role."""
    rows, route = [], ""
    for line in text.splitlines():
        words = line.split()
        if not line.startswith(" "):
            route = line.strip() or route
        elif words[0] != "#":
            expected = dict(zip(ROLES, words[-len(ROLES) :], strict=True))
            objects = " ".join(words[1 : -len(ROLES)]).split(", ")
            rows += [Row(route, of, method, expected) for of in objects for method in words[0].split(",")]
    return rows


MODULES = (visitors, people, partners, concerns, accounts, second_step, lists, matching, office, unnamed)
ROWS = [row for module in MODULES for row in read(module.TABLE)]
REHEARSAL = read(rehearsal.TABLE)
