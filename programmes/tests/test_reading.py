import pytest

from programmes import catalogue
from programmes.catalogue.reading import read
from programmes.catalogue.tables import CatalogueError

PROGRAMME = """
[programme]
slug = "third"
name = "Third"
team_name = "Third team"
summary = "A third one."
introduction = "What it is."
audience = "For whom."
contact_address = "third@lse.example"
safeguarding_url = "https://school.example/safeguarding"
privacy_url = "https://school.example/privacy"
"""


@pytest.fixture
def error_of(tmp_path):
    """Reads a catalogue of the usual beginning and some more text; gives what is said to be wrong."""

    def error(more="", beginning=PROGRAMME):
        path = tmp_path / "third.toml"
        path.write_text(beginning + more, encoding="utf-8")
        with pytest.raises(CatalogueError) as caught:
            read(path)
        return str(caught.value)

    return error


@pytest.mark.parametrize("path", catalogue.files(), ids=lambda path: path.stem)
def test_the_files_of_the_catalogue_can_be_read(path):
    assert read(path).slug == path.stem.replace("_", "-")


def test_a_file_that_is_no_toml_is_named(error_of):
    assert error_of("[programme").startswith("third.toml: isn't valid TOML: ")


def test_a_file_that_isnt_there_is_named(tmp_path):
    with pytest.raises(
        CatalogueError, match=r"^missing.toml: can't be read \(No such file or directory\)\.$"
    ):
        read(tmp_path / "missing.toml")


def test_a_file_without_a_programme_says_so(error_of):
    assert error_of(beginning="") == "third.toml: the file: “programme” is missing."


def test_a_missing_field_is_named_with_its_place(error_of):
    without_name = PROGRAMME.replace('name = "Third"\n', "", 1)
    assert error_of(beginning=without_name) == "third.toml: programme: “name” is missing."


def test_an_unknown_key_of_the_file_is_named(error_of):
    assert error_of("[surprises]\n") == "third.toml: the file: unknown key “surprises”."


def test_an_unknown_key_of_a_row_is_named_with_its_entry(error_of):
    more = '[[aims]]\nkey = "a"\ntext = "One."\n[[aims]]\nkey = "b"\ntext = "Two."\ncolour = "red"\n'
    assert error_of(more) == "third.toml: aims, entry 2: unknown key “colour”."


def test_an_unknown_fact_is_named_with_those_that_are_known(error_of):
    said = error_of('[[asks.mentor]]\nfact = "curses"\nsection = "s"\nlabel = "l"\n')
    assert said.startswith("third.toml: asks.mentor, entry 1: unknown fact “curses”; known are courses, ")


def test_an_unknown_role_is_named(error_of):
    said = error_of('[[asks.manager]]\nfact = "bio"\n')
    assert said == "third.toml: asks: unknown role “manager”; known are mentor, mentee."


def test_an_unknown_disclosed_fact_is_named(error_of):
    more = '[[policy_versions]]\nkind = "policy"\nlabel = "1"\ntext = "t"\npublished_on = 2025-01-01\n'
    said = error_of(more + "[policy_versions.disclosed_facts]\nof_mentor = ['band']\n")
    place = "third.toml: policy_versions, entry 1.disclosed_facts: of_mentor"
    assert said.startswith(f"{place}: unknown fact “band”; known are name, email, ")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('is_public = "yes"', "true or false"),
        ("official_meetings = true", "a whole number"),
        ("official_meetings = 1.5", "a whole number"),
        ("conduct_policy = 5", "a text"),
    ],
)
def test_a_value_of_a_wrong_kind_is_named(error_of, line, kind):
    assert error_of(line) == f"third.toml: programme: “{line.partition(' ')[0]}” must be {kind}."


def test_a_moment_in_place_of_a_day_is_refused(error_of):
    more = (
        '[[policy_versions]]\nkind = "policy"\nlabel = "1"\ntext = "t"\npublished_on = 2025-01-01T10:00:00\n'
    )
    assert (
        error_of(more) == "third.toml: policy_versions, entry 1: “published_on” must be a day (2025-12-01)."
    )


def test_a_key_that_stands_twice_is_named_with_both_places(error_of):
    more = '[[aims]]\nkey = "a"\ntext = "One."\n[[aims]]\nkey = "a"\ntext = "Two."\n'
    assert error_of(more) == "third.toml: aims, entry 2: stands there twice (aims, entry 1)."


def test_a_cohort_under_an_unknown_policy_is_refused(error_of):
    dates = "sign_up_opens_on = 2025-01-01\nsign_up_closes_on = 2025-01-02\n"
    more = f'[[cohorts]]\nslug = "1"\nname = "1"\npolicy = "x"\n{dates}starts_on = 2025-02-01\nends_on = 2025-03-01\n'
    assert error_of(more) == "third.toml: cohorts, entry 1: there is no policy “x”."


def test_an_unknown_strength_is_named(error_of):
    said = error_of('[pathways.circle]\nlabel = "A"\n[pathways.circle.weights]\nsectors = "enormous"\n')
    place = "third.toml: pathways.circle.weights"
    assert said.startswith(f"{place}: unknown strength “enormous” of “sectors”; known are none, ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[weights]\nsectors = "much"\n', "the file: unknown key “weights”."),
        ("[pathways.pairs]\n", "pathways: unknown pathway “pairs”; known are one_to_one, circle."),
        ("[pathways.circle]\nlabel = 'A'\nforbids = true\n", "pathways.circle: unknown key “forbids”."),
        (
            "[pathways.circle]\nlabel = 'A'\nforbids_same_manager = 1\n",
            "pathways.circle: “forbids_same_manager” must be true or false.",
        ),
        (
            "[pathways.circle]\nlabel = 'A'\nobjective = 'best'\n",
            "pathways.circle: unknown objective “best”; known are total, fairest.",
        ),
        (
            "[pathways.circle]\nlabel = 'A'\n[pathways.circle.weights]\nage = 'much'\n",
            "pathways.circle.weights: unknown part “age”; known are"
            " sectors, support_areas, course, place, level, division.",
        ),
    ],
)
def test_what_is_wrong_with_a_pathway_is_named_with_its_place(error_of, more, said):
    assert error_of(more) == f"third.toml: {said}"


def test_a_question_without_an_answer_is_refused(error_of):
    said = error_of('[[questions]]\nkey = "q"\ntext = "Why?"\n')
    assert said == "third.toml: questions, entry 1: “answer” is missing."
