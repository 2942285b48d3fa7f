import codecs

import pytest

from applications.spreadsheet.files import LARGEST_FILE, Row, Unreadable, read
from applications.tests.sheets import as_csv

ROWS = [["Name", "City"], ["Zoë Łukasz", "Kraków, Poland"], ["李 小龙", "“Hong Kong”; يوم"]]
WESTERN = [["Name", "City"], ["Zoë", "Málaga"], ["Jürgen", "“Köln”"]]
QUOTATION = "Its quotation marks don't match, so its cells can't be told apart."


def table(data):
    read_table = read(data, known=["Name", "City"])
    return [list(read_table.headings), *(list(row.cells) for row in read_table.rows)]


def faults(data):
    return [(row.line, row.fault) for row in read(data, known=["Name", "City"]).rows if row.fault]


def refusal(data):
    with pytest.raises(Unreadable) as unreadable:
        read(data, known=["Name", "City"])
    return str(unreadable.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_reads_the_same_however_it_was_saved(encoding, end, delimiter):
    assert table(as_csv(ROWS, encoding=encoding, delimiter=delimiter, end=end)) == ROWS


def test_letters_of_an_older_excel_are_read():
    assert table(as_csv(WESTERN, encoding="cp1252", delimiter=";")) == WESTERN


def test_a_stray_byte_spoils_its_own_cell_and_not_the_accents_of_the_others():
    data = as_csv(ROWS) + b"Caf\xe9,Here\r\n"

    assert table(data) == [*ROWS, ["Caf\udce9", "Here"]]


def test_a_cell_with_lines_and_quotes_stays_as_typed_and_lines_are_counted_as_in_the_file():
    data = b'\r\nName,City\r\n\r\n"Zo ""the"" \r\nfirst\nof her name",A\r\n , \r\nBo,B'

    rows = read(data, known=["Name"]).rows

    assert rows == (Row(4, ('Zo "the" \r\nfirst\nof her name', "A")), Row(8, ("Bo", "B")))


def test_letters_that_python_takes_for_ends_of_lines_end_no_line():
    data = "Name,City\nA\x0bB\u2028C\x85D,Llanfairpwllgwyngyll\n".encode()

    assert table(data)[1:] == [["A\x0bB\u2028C\x85D", "Llanfairpwllgwyngyll"]]


@pytest.mark.parametrize(("row", "cells"), [(b"Zo", 1), (b"Zo,A,B", 3), (b"Zo,A,", 3), (b"Zo;A", 1)])
def test_a_row_with_too_many_or_too_few_cells_is_named(row, cells):
    data = b"Name,City\n" + row + b"\nBo,B\n"

    assert faults(data) == [(2, f"It has {cells} cells where the headings are 2.")]
    assert table(data)[2:] == [["Bo", "B"]]


def test_a_quotation_mark_that_is_never_closed_spoils_no_other_row():
    data = b'Name,City\nAnn,"Aden\nBo,B\nCy,C\n'

    assert faults(data) == [(2, QUOTATION)]
    assert table(data)[2:] == [["Bo", "B"], ["Cy", "C"]]


def test_a_quotation_mark_that_the_next_one_closes_is_found_out():
    data = b'Name,City\nAnn,"Aden\nBo,"B"\nCy,C\n'

    assert faults(data) == [(2, QUOTATION)]
    assert table(data)[2:] == [["Bo", "B"], ["Cy", "C"]]


def test_thousands_of_open_quotation_marks_take_no_longer_than_as_many_rows():
    data = b"Name,City\n" + b'Ann,"Aden\n' * 3001

    assert [line for line, _ in faults(data)] == list(range(2, 3003))[:3001]


def test_a_cell_beyond_all_measure_is_named():
    data = b"Name,City\nAnn," + b"x" * 200_000 + b"\nBo,B\n"

    assert faults(data) == [(2, "One of its cells is longer than any answer may be.")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\r\n \r\n", "The file is empty."),
        (
            b"PK\x03\x04\x14\x00",
            "The file is an Excel workbook, not a CSV file."
            " Please save it as CSV (UTF-8, separated by commas) and try again.",
        ),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            "The file can't be read as CSV."
            " Please save it as CSV (UTF-8, separated by commas) and try again.",
        ),
        (
            b"Name,Ci\x00ty\nAnn,A\n",
            "The file can't be read as CSV."
            " Please save it as CSV (UTF-8, separated by commas) and try again.",
        ),
        (
            codecs.BOM_UTF16_LE + "Name,City".encode("utf-16-le") + b"x",
            "The file ends in the middle of a letter."
            " Please save it as CSV (UTF-8, separated by commas) and try again.",
        ),
        (b"Name,City, name \nAnn,A,B\n", "The file has a heading more than once: “Name”, “name”."),
        (b"x" * (LARGEST_FILE + 1), "The file is larger than 5 MB. Please import it in parts."),
        (
            b"Name,City\n" + b"A,B\n" * 20_001,
            "The file has more than 20,000 rows. Please import it in parts.",
        ),
        (
            b"Name,City\n" + b"\n" * 200_000,
            "The file has more than 200,000 lines. Please import it in parts.",
        ),
    ],
    ids=["empty", "blank", "xlsx", "png", "binary", "cut", "twice", "large", "long", "endless"],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(data, sentence):
    assert refusal(data) == sentence


def test_a_file_of_twenty_thousand_rows_is_read():
    assert len(table(b"Name,City\n" + b"A,B\n" * 20_000)) == 20_001
