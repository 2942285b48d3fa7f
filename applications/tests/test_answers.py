from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from applications import answers
from applications.answers import BadAnswer, Options, clean
from programmes.models import Option
from programmes.tests.factories import OptionFactory, PathwayFactory, ProgrammeFactory

TODAY = date(2026, 1, 14)
OPTIONS = Options(
    {
        "sectors": {"law": Option(pk=1, name="Law"), "eu institutions": Option(pk=2, name="EU institutions")},
        "division": {"library": Option(pk=3, name="Library")},
    }
)
OPTIONS.pathways = {"a: mentoring circle": "circle", "b: one-to-one": "one_to_one", "either": "either"}


def cleaned(fact, raw):
    value = clean(fact, raw, options=OPTIONS, today=TODAY)
    return [option.name for option in value] if isinstance(value, list) else value


def refusal(fact, raw):
    with pytest.raises(BadAnswer) as bad:
        clean(fact, raw, options=OPTIONS, today=TODAY)
    return bad.value.sentence


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        ("courses", "  MSc “A”; MSc B, with O'Neill  ", "MSc “A”; MSc B, with O'Neill"),
        ("bio", "One\r\ntwo;three\n", "One\r\ntwo;three"),
        ("graduation_year", " 1895 ", 1895),
        ("graduation_year", "2026", 2026),
        ("places", "0", 0),
        ("places", "20", 20),
        ("other_mentees", "50", 50),
        ("band", "1", 1),
        ("band", "020", 20),
        ("can_facilitate", "YES ", True),
        ("can_facilitate", "no", False),
        ("declaration", "Yes", True),
        ("has_mentor_until", "31/03/2026", date(2026, 3, 31)),
        ("has_mentor_until", "1/4/2026", date(2026, 4, 1)),
        ("has_mentor_until", "2026-03-31", date(2026, 3, 31)),
        ("country", "united  kingdom", "United Kingdom"),
        ("country", "Turkey", "Turkey"),
        ("work_place", "ANYWHERE", "Anywhere"),
        ("work_place", "France", "France"),
        ("pathway", "a: Mentoring  Circle", "circle"),
        ("pathway", "B: one-to-one", "one_to_one"),
        ("pathway", "either", "either"),
        ("division", " LIBRARY", "Library"),
        ("sectors", "Law;EU institutions;", ["Law", "EU institutions"]),
        ("sectors", "eu  INSTITUTIONS ; law;law", ["EU institutions", "Law"]),
        ("line_manager_email", " Head.1@LSE.ac.uk ", "head.1@lse.ac.uk"),
        ("linkedin", "https://www.linkedin.com/in/zoe", "https://www.linkedin.com/in/zoe"),
        ("linkedin", "linkedin.com/in/zoe", "https://linkedin.com/in/zoe"),
        ("linkedin", "uk.linkedin.com/in/zoë?x=1", "https://uk.linkedin.com/in/zoë?x=1"),
    ],
)
def test_an_answer_becomes_the_value_that_an_application_keeps(fact, raw, value):
    assert cleaned(fact, raw) == value


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("courses", ""),
        ("graduation_year", None),
        ("band", None),
        ("places", 0),
        ("can_facilitate", False),
        ("declaration", False),
        ("has_mentor_until", None),
        ("country", ""),
        ("pathway", ""),
        ("sectors", []),
        ("linkedin", ""),
    ],
)
def test_an_empty_answer_is_the_empty_value_of_its_field(fact, value):
    assert cleaned(fact, " \t ") == value


@pytest.mark.parametrize(
    ("fact", "raw", "sentence"),
    [
        ("courses", "x" * 301, "It has 301 characters; 300 is the most."),
        ("bio", "x" * 1501, "It has 1501 characters; 1500 is the most."),
        ("courses", "one\ntwo", "It must stand on one line."),
        ("courses", "one\u2028two", "It must stand on one line."),
        ("bio", "nought \x00", "It has a character that can't be read or shown; please type it again."),
        ("bio", "bell \x07", "It has a character that can't be read or shown; please type it again."),
        (
            "bio",
            "half \ud800 a letter",
            "It has a character that can't be read or shown; please type it again.",
        ),
        ("graduation_year", "1894", "“1894” isn't a year from 1895 to 2026."),
        ("graduation_year", "2027", "“2027” isn't a year from 1895 to 2026."),
        ("graduation_year", "'09", "“'09” isn't a year from 1895 to 2026."),
        ("graduation_year", "２０１９", "“２０１９” isn't a year from 1895 to 2026."),
        ("places", "21", "“21” isn't a whole number from 0 to 20."),
        ("places", "-1", "“-1” isn't a whole number from 0 to 20."),
        ("places", "1.5", "“1.5” isn't a whole number from 0 to 20."),
        ("places", "two", "“two” isn't a whole number from 0 to 20."),
        ("places", "9" * 5000, f"“{'9' * 59}…” isn't a whole number from 0 to 20."),
        ("other_mentees", "51", "“51” isn't a whole number from 0 to 50."),
        ("band", "0", "“0” isn't a whole number from 1 to 20."),
        ("can_facilitate", "perhaps", "“perhaps” is neither Yes nor No."),
        ("has_mentor_until", "31/02/2026", "“31/02/2026” isn't a day of the calendar."),
        ("has_mentor_until", "12/31/2026", "“12/31/2026” isn't a day of the calendar."),
        ("has_mentor_until", "March", "“March” isn't a date like 31/03/2026."),
        ("has_mentor_until", "31/03/0206", "“31/03/0206” isn't between 2000 and 2100."),
        ("country", "Atlantis", "“Atlantis” isn't a country on the list."),
        ("country", "Anywhere", "“Anywhere” isn't a country on the list."),
        ("work_place", "Atlantis", "“Atlantis” is neither a country on the list nor “Anywhere”."),
        ("pathway", "C: both", "“C: both” isn't one of the pathways."),
        ("division", "Library;", "“Library;” isn't one of the options."),
        ("sectors", "Law;Alchemy", "“Alchemy” isn't one of the options."),
        ("sectors", "Alchemy;Law;Magic", "“Alchemy”, “Magic” aren't any of the options."),
        ("line_manager_email", "head1", "“head1” isn't an e-mail address."),
        (
            "line_manager_email",
            "a@lse.ac.uk, b@lse.ac.uk",
            "“a@lse.ac.uk, b@lse.ac.uk” isn't an e-mail address.",
        ),
        ("line_manager_email", "a@lse.ac.uk\nBcc: b@x.example", "It must stand on one line."),
        ("line_manager_email", "\u212aate@lse.ac.uk", "“\u212aate@lse.ac.uk” isn't an e-mail address."),
        ("line_manager_email", "a" * 250 + "@lse.ac.uk", "It has 260 characters; 254 is the most."),
    ],
)
def test_what_cannot_be_kept_as_typed_is_refused_with_a_sentence(fact, raw, sentence):
    assert refusal(fact, raw) == sentence


@pytest.mark.parametrize(
    "link",
    [
        "http://www.linkedin.com/in/zoe",
        "https://linkedin.com.evil.example/in/zoe",
        "https://evil.example/linkedin.com/in/zoe",
        "https://notlinkedin.com/in/zoe",
        "https://linkedin.com@evil.example/in/zoe",
        "https://evil.example\\.linkedin.com/in/zoe",
        "https://linkedin.com:8080/in/zoe",
        "https://www.linkedin.com",
        "https://www.linkedin.com/in/zoe novak",
        "javascript:alert(1)//linkedin.com/in/zoe",
        "javascript://linkedin.com/%0aalert(1)",
        "ask me",
    ],
)
def test_a_link_leads_to_linkedin_and_nowhere_else(link):
    assert (
        refusal("linkedin", link)
        == f"“{link}” isn't a link to LinkedIn like https://www.linkedin.com/in/name."
    )


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("04/11/2025 18:26", datetime(2025, 11, 4, 18, 26, tzinfo=UTC)),
        ("4/7/2025 8:05", datetime(2025, 7, 4, 7, 5, tzinfo=UTC)),
        ("04/11/2025 18:26:59", datetime(2025, 11, 4, 18, 26, 59, tzinfo=UTC)),
        ("2025-11-04T18:26:00", datetime(2025, 11, 4, 18, 26, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_a_moment_by_the_clocks_of_london(raw, moment):
    assert answers.moment(raw, latest=datetime(2026, 1, 14, tzinfo=UTC)) == moment


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("11/31/2025 18:26", "“11/31/2025 18:26” isn't a moment like 04/11/2025 18:26."),
        ("04/11/2025", "“04/11/2025” isn't a moment like 04/11/2025 18:26."),
        ("yesterday", "“yesterday” isn't a moment like 04/11/2025 18:26."),
        ("04/11/1925 18:26", "“04/11/1925 18:26” is before the year 2000."),
        ("04/11/2026 18:26", "“04/11/2026 18:26” is in the future."),
    ],
)
def test_a_timestamp_that_is_unreadable_or_cannot_be_is_refused(raw, sentence):
    with pytest.raises(BadAnswer) as bad:
        answers.moment(raw, latest=datetime(2026, 1, 14, tzinfo=UTC))

    assert bad.value.sentence == sentence


@pytest.mark.django_db
def test_only_open_options_of_the_programme_can_be_chosen():
    programme = ProgrammeFactory()
    OptionFactory(programme=programme, fact="sectors", name="Law")
    OptionFactory(programme=programme, fact="sectors", name="Alchemy", is_open=False)
    OptionFactory(fact="sectors", name="Another programme's")

    options = answers.options_of(programme)

    assert {fact: list(named) for fact, named in options.items()} == {"sectors": ["law"]}


@pytest.mark.django_db
@pytest.mark.clause("BM-7")
def test_either_pathway_is_an_answer_only_where_there_are_two():
    programme = ProgrammeFactory()
    PathwayFactory(programme=programme, label="B: one-to-one")
    one = answers.options_of(programme).pathways

    PathwayFactory(programme=programme, kind="circle", label="A: mentoring circle", largest=8)

    assert one == {"b: one-to-one": "one_to_one"}
    assert answers.options_of(programme).pathways == {
        "b: one-to-one": "one_to_one",
        "a: mentoring circle": "circle",
        "either": "either",
    }


def test_a_form_may_take_a_refusal_as_its_own():
    bad = BadAnswer("No.")

    assert isinstance(bad, ValidationError)
    assert (bad.messages, str(bad)) == (["No."], "No.")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\x1b[31mred\x07", "“\ufffd[31mred\ufffd”"),
        ("two\nlines", "“two lines”"),
        ("x" * 61, f"“{'x' * 59}…”"),
        ("=1+1", "“=1+1”"),
    ],
)
def test_what_was_typed_is_quoted_on_one_line_and_without_commands_to_a_terminal(typed, shown):
    assert answers.quoted(typed) == shown
