"""The list of promises is whole, only shrinks, and the report on it tells the truth."""

import shutil
import subprocess
from itertools import pairwise

import pytest
from django.conf import settings

from tests import clauses

pytest_plugins = "pytester"

PATH = "tests/clauses.toml"
ALL = {
    *("EI-0", "EI-1", "EI-2", "EI-3", "EI-M", "EI-6", "EI-6a", "EI-6b", "EI-7", "ALL-1", "ALL-2"),
    *(f"EI-1{letter}" for letter in "abcdef"),
    *(f"EI-4{letter}" for letter in "abcdefgh"),
    *(f"EI-5{letter}" for letter in "abcdefg"),
    *(f"BM-{number}" for number in range(1, 14)),
}


def test_the_list_has_the_45_promises_and_no_other():
    assert (set(clauses.load()), len(ALL)) == (ALL, 45)


def test_each_promise_has_a_sentence_of_its_own():
    said = clauses.sentences()

    assert list(said) == list(clauses.load())
    assert len(set(said.values())) == 45


def test_each_promise_is_open_or_claimed():
    assert set(clauses.load().values()) <= {"open", "claimed"}


def open_over_time():
    """The open promises of each committed version, oldest first, and those of today."""
    commits = git("log", "--reverse", "--format=%H", "--", PATH).split()
    texts = [git("show", f"{commit}:{PATH}") for commit in commits] + [clauses.FILE.read_text()]
    return [{name for name, state in clauses.load(text).items() if state == "open"} for text in texts]


def git(*arguments):
    if not shutil.which("git"):
        pytest.skip("needs git to read the history of the list")
    result = subprocess.run(["git", "-C", settings.BASE_DIR, *arguments], capture_output=True, text=True)
    if result.returncode:
        pytest.skip(f"needs the history of the list: {result.stderr.strip()}")
    return result.stdout


def test_the_open_list_only_shrinks():
    opened_again = [later - earlier for earlier, later in pairwise(open_over_time())]

    assert opened_again == [set()] * len(opened_again)


@pytest.fixture
def run(pytester, monkeypatch):
    """Run a file of tests by itself, with this plugin only, against these states of promises."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(text, **states):
        pytester.makepyfile(text)
        report = clauses.Report({name.replace("_", "-"): state for name, state in states.items()})
        return pytester.inline_run("-p", "tests.clauses", "-p", "no:cacheprovider", plugins=[report]).ret

    return run


def marked(name, body="pass"):
    return f"import pytest\n@pytest.mark.clause('{name}')\ndef test_it():\n    {body}"


@pytest.mark.parametrize(
    ("state", "body", "expected"),
    [
        ("claimed", "assert True", pytest.ExitCode.OK),
        ("claimed", "assert False", pytest.ExitCode.TESTS_FAILED),
        ("claimed", "pytest.skip()", pytest.ExitCode.TESTS_FAILED),
        ("open", "pytest.skip()", pytest.ExitCode.OK),
    ],
)
def test_a_claim_needs_a_passing_test(run, state, body, expected):
    assert run(marked("EI-0", body), EI_0=state) == expected


def test_a_claim_without_any_test_fails(run):
    assert run("def test_it(): pass", EI_0="claimed") == pytest.ExitCode.TESTS_FAILED


def test_the_report_names_promise_state_result_sentence_and_tests(run, capsys):
    run(marked("EI-0"), EI_0="claimed", EI_1="open")

    printed = capsys.readouterr().out.partition("the promises of the two programmes")[2].splitlines()[1:5]
    said = clauses.sentences()
    assert printed == [
        f"EI-0   claimed  passed     {said['EI-0']}",
        "       passed   test_the_report_names_promise_state_result_sentence_and_tests.py::test_it",
        f"EI-1   open     not proved {said['EI-1']}",
        "1 of 2 claimed, 0 of them not proved",
    ]


def test_a_mark_with_an_unknown_name_stops_the_run(run):
    assert run(marked("EI-99")) == pytest.ExitCode.USAGE_ERROR
