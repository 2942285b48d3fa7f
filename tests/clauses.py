"""Plugin of the tests: `@pytest.mark.clause("EI-4a")` says which promise a test proves; `--clauses` reports them.

`tests/clauses.toml` lists all promises, each `open` or `claimed`, and says each in a sentence. A mark with an
unknown name stops the run; with `--clauses` a claimed promise without a passing test does.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("clauses.toml")
_of_item = pytest.StashKey[list[str]]()


def load(text: str | None = None) -> dict[str, str]:
    """State of each promise by its ID, in the order of the brief."""
    return tomllib.loads(FILE.read_text() if text is None else text)["clauses"]


def sentences() -> dict[str, str]:
    """What each promise says, by its ID."""
    return tomllib.loads(FILE.read_text())["promises"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clauses", action="store_true", help="run the marked tests, report promise by promise")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "clause(*ids): the promises that this test proves (tests/clauses.toml)"
    )
    if config.getoption("--clauses"):
        config.pluginmanager.register(Report(load()), "clauses-report")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    known = load()
    for item in items:
        item.stash[_of_item] = [name for mark in item.iter_markers("clause") for name in mark.args]
        if unknown := [name for name in item.stash[_of_item] if name not in known]:
            raise pytest.UsageError(
                f"{item.nodeid} is marked with {unknown}, which tests/clauses.toml doesn't list"
            )
    if config.getoption("--clauses"):
        config.hook.pytest_deselected(items=[item for item in items if not item.stash[_of_item]])
        items[:] = [item for item in items if item.stash[_of_item]]


class Report:
    """Collects what became of the marked tests, and prints promise → tests → result."""

    def __init__(self, states: dict[str, str]) -> None:
        self.states = states
        self.tests: dict[str, list[str]] = defaultdict(list)
        self.outcomes: dict[str, str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for name in item.stash[_of_item]:
                self.tests[name].append(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        is_news = report.when == "call" or report.outcome != "passed"
        if is_news and self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = report.outcome

    def broken(self) -> list[str]:
        """Claimed promises without a passing test, or with a failing one."""
        return [
            name
            for name, state in self.states.items()
            if state == "claimed" and self.result(name) != "passed"
        ]

    def result(self, name: str) -> str:
        outcomes = {self.outcomes.get(test, "not run") for test in self.tests[name]}
        if "failed" in outcomes:
            return "failed"
        return "passed" if "passed" in outcomes else "not proved"

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.broken() and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("the promises of the two programmes")
        said = sentences()
        for name, state in self.states.items():
            terminalreporter.line(f"{name:<6} {state:<8} {self.result(name):<10} {said[name]}")
            for test in sorted(self.tests[name]):
                terminalreporter.line(f"       {self.outcomes.get(test, 'not run'):<8} {test}")
        claimed = sum(state == "claimed" for state in self.states.values())
        terminalreporter.line(
            f"{claimed} of {len(self.states)} claimed, {len(self.broken())} of them not proved"
        )
        for name in self.broken():
            terminalreporter.line(f"{name} is claimed, but {self.result(name)}", red=True)
