import pytest

from programmes import countries


def test_every_country_lies_in_one_region_only():
    names = [name for names in countries._data["regions"].values() for name in names]
    assert len(names) == len(set(names)) == len(countries.NAMES)


def test_every_other_name_leads_to_a_country():
    assert set(countries._data["aliases"]) <= set(countries.NAMES)


def test_no_name_means_two_countries():
    meanings = {countries._folded(name): {name} for name in countries.NAMES}
    for name, aliases in countries._data["aliases"].items():
        for alias in aliases:
            meanings.setdefault(countries._folded(alias), set()).add(name)
    assert {folded: names for folded, names in meanings.items() if len(names) > 1} == {}


def test_a_countrys_own_name_is_its_name():
    assert [countries.canonical(name) for name in countries.NAMES] == list(countries.NAMES)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("UK", "United Kingdom"),
        ("u.s.a.", "United States"),
        ("  the   Netherlands ", "Netherlands"),
        ("Türkiye", "Turkey"),
        ("TÜRKİYE", "Turkey"),
        ("Czech Republic", "Czechia"),
        ("Cote d’Ivoire", "Ivory Coast"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
        ("Atlantis", None),
        ("Anywhere", None),
        ("", None),
    ],
)
def test_ways_of_writing_a_country_meet(typed, kept):
    assert countries.canonical(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("anywhere", "Anywhere"), ("uk", "United Kingdom"), ("Mars", None)]
)
def test_somebody_may_wish_to_work_anywhere(typed, kept):
    assert countries.canonical_place(typed) == kept


@pytest.mark.parametrize(
    ("name", "region"),
    [("Belgium", "Western Europe"), ("UK", "Northern Europe"), ("Anywhere", None), ("Atlantis", None)],
)
def test_a_country_lies_in_a_region(name, region):
    assert countries.region_of(name) == region
