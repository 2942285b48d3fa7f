"""Which role meets which column of ours anywhere, set against what may be."""

from collections import defaultdict

from tests.walls.world import ROLES, TOGETHER

# Whoever has such a link is who it was sent to: these pages say what its message said.
LINKS = {
    *("welcome", "continue_interest", "call_back_erasure"),
    *("answer_arranging", "answer_help", "answer_met", "answer_away"),
}
# Of which some rows are for everybody, and this one isn't yet.
UNPUBLISHED = {"question": "question", "policyversion": "draft_policy"}
OF_PEOPLE = {"user", "application"}


def met_in(world, cells) -> dict[str, set[str]]:
    """The roles that met each column of ours, on a page or in a file; links aside."""
    found, parts = defaultdict(set), world.ours.parts
    for cell in cells:
        if cell.route not in LINKS:
            for word in cell.met & world.ours.herd.stands_for.keys():
                found[column_of(world, parts, word, cell.role)].add(cell.role)
    return dict(found)


def column_of(world, parts, word, role) -> str:
    """The column, and for what belongs to a person who they are to the reader."""
    column, row = world.ours.herd.stands_for[word]
    model = column.partition(".")[0]
    if model in UNPUBLISHED and row == world.ours.rows[UNPUBLISHED[model]].pk:
        return f"{column} unpublished"
    if model not in OF_PEOPLE:
        return column
    return f"{column} {relation(part_of(role), row if column.startswith('user.') else parts[row])}"


def relation(reader, part) -> str:
    """What somebody of a side is to a reader, both by their part in it."""
    if reader == part:
        return "own"
    together = (kind for kind, people in TOGETHER.items() if {reader, part} <= people)
    return next(together, "other")


def part_of(role) -> str | None:
    side, part = ROLES[role] or (None, None)
    return part if side == "ours" else None


def expected(table: str) -> dict[str, set[str]]:
    """The roles that may meet each column: all others mustn't, and these do, or nothing was tried."""
    may = {}
    for line in filter(str.strip, table.splitlines()):
        words = line.split()
        if words[0] != "#":
            marks = dict(zip(ROLES, words[-len(ROLES) :], strict=True))
            may[" ".join(words[: -len(ROLES)])] = {role for role, mark in marks.items() if mark == "R"}
    return may
