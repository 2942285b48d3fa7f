"""What the product writes for a spreadsheet program is text there too."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from matching.sheets import files
from mentorship.lib.cells import harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+44 20", "-1", "@SUM(A1)", " =1", "\t=1", "\tx", "\rx", "\nx", "＝1"]
)
def test_a_cell_that_a_program_could_take_for_a_formula_gets_an_apostrophe(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ada", "a=b", "1-2", " Ada", "’=", "'=1"])
def test_any_other_cell_stays_as_it_is(cell):
    assert harmless(cell) == cell


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n a'")))
def test_no_cell_begins_like_a_formula(cell):
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_cells_of_a_file_pass_through_it():
    data = files._as_csv(["A", "B"], [["=1", "\tx"], ["-2", "Ada"]])

    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["A", "B"], ["'=1", "'\tx"], ["'-2", "Ada"]]


def test_only_modules_that_know_the_rule_write_such_files():
    apps = [path.parent for path in settings.BASE_DIR.glob("*/apps.py")]
    modules = [
        path
        for folder in [*apps, settings.BASE_DIR / "mentorship"]
        for path in Path(folder).rglob("*.py")
        if "tests" not in path.parts and re.search(r"csv\.(writer|DictWriter)", path.read_text())
    ]

    assert [path for path in modules if "mentorship.lib.cells import harmless" not in path.read_text()] == []
    assert len(modules) >= 1
