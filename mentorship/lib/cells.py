"""Cells of the files that the product writes for spreadsheet programs."""

_FORMULA = tuple("=+-@＝＋－＠")
_WHITE = ("\t", "\r", "\n")


def harmless(cell: str) -> str:
    """A text that no spreadsheet program takes for a formula, or for two cells: an apostrophe keeps it a text."""
    return f"'{cell}" if cell.startswith(_WHITE) or cell.lstrip().startswith(_FORMULA) else cell
