from datetime import timedelta

from applications.spreadsheet.sealed import Sheet, seal, unseal

SHEET = Sheet(user=1, cohort=2, role="mentee", digest="abc", data="Näme\r\n,\x00".encode())


def test_a_sealed_sheet_comes_back_as_it_was():
    assert unseal(seal(SHEET), user=1) == SHEET


def test_a_sealed_sheet_is_no_use_to_anybody_else():
    assert unseal(seal(SHEET), user=2) is None


def test_a_sealed_sheet_that_was_changed_is_no_sheet():
    sealed = seal(SHEET)

    assert unseal(f"x{sealed[1:]}", user=1) is None
    assert unseal("", user=1) is None


def test_a_sealed_sheet_is_good_for_an_hour(clock):
    sealed = seal(SHEET)

    clock.shift(timedelta(minutes=59))
    before = unseal(sealed, user=1)
    clock.shift(timedelta(minutes=2))

    assert (before, unseal(sealed, user=1)) == (SHEET, None)


def test_a_large_sheet_is_sealed_small():
    large = Sheet(
        1,
        2,
        "mentee",
        "abc",
        b"04/11/2025 18:26,Zoe Novak,z.novak@lse.ac.uk,MSc,Law;Consulting;\r\n" * 50_000,
    )

    assert len(seal(large)) < 100_000
