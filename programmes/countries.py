"""Countries as people write them, and the regions in which they lie (`countries.toml`)."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

ANYWHERE = "Anywhere"


def _folded(name: str) -> str:
    """Without case, accents, dots, a leading article or doubled spaces, so that ways of writing meet."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = (
        plain.casefold().replace(".", "").replace("&", " and ").replace("’", "'").replace("ı", "i").split()
    )
    return " ".join(words[1:] if words[:1] == ["the"] else words)


_data = tomllib.loads((Path(__file__).parent / "countries.toml").read_text(encoding="utf-8"))
_REGIONS: dict[str, str] = {name: region for region, names in _data["regions"].items() for name in names}
_CANONICAL: dict[str, str] = {_folded(name): name for name in _REGIONS} | {
    _folded(alias): name for name, aliases in _data["aliases"].items() for alias in aliases
}

NAMES: tuple[str, ...] = tuple(sorted(_REGIONS, key=_folded))


def canonical(name: str) -> str | None:
    """The one name under which a country is kept, or None for what isn't a country here."""
    return _CANONICAL.get(_folded(name))


def canonical_place(name: str) -> str | None:
    """The same for where somebody would like to work, which may be anywhere."""
    return ANYWHERE if _folded(name) == _folded(ANYWHERE) else canonical(name)


def region_of(name: str) -> str | None:
    """The region in which a country lies; None for anywhere and for what isn't a country here."""
    return _REGIONS.get(canonical(name) or "")
