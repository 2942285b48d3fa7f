"""The programmes that come with the product, one readable file each.

`reading` turns a file into rows and says precisely what is wrong with a broken one; `installing` brings the rows
into the database and leaves alone whatever an administrator changed. A further file here is a further programme.
"""

from pathlib import Path

FOLDER = Path(__file__).parent


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.toml"))
