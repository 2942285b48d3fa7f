"""The benchmark measures what it says, and docs/benchmarks.* say what was measured."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from django.conf import settings

from benchmarks import instances, measuring, report, solvers
from benchmarks.drawing import drawing
from benchmarks.figures import Figures, duration, memory
from benchmarks.targets import findings

DOCS = settings.BASE_DIR / "docs"


def result(contender, size, seconds, total, **more):
    figures = {"seconds": seconds, "solving": seconds / 2, "megabytes": 80.4, "placed": size, "total": total}
    return {"contender": contender, "size": size, "state": "measured", **figures, **more}


RECORD = {
    "measured_on": "2026-01-14",
    "machine": {"processors": 2, "processor": "P", "memory_gb": 24, "system": "Linux", "python": "3.11.2"},
    "seed": 7,
    "runs": 3,
    "patience": 60,
    "peer_limit": 300,
    "instances": {"500": {"mentees": 500, "mentors": 251, "places": 500, "forbidden": 7000}},
    "results": [
        result("engine", 500, 0.03, 3_000_000, optimal=True),
        result("munkres", 500, 19.6, 3_000_000),
        result("mentor_match", 500, 15.2, 2_940_000),
        result("engine", 1_000, 0.125, 6_000_000, optimal=True),
        {"contender": "munkres", "size": 1_000, "state": "over", "limit": 300},
        result("mentor_match", 1_000, 50, 5_880_000, placed=998),
    ],
}


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "instance.npz"
    instances.make(40).save(path)
    return path


def test_a_seed_gives_the_same_instance_each_time():
    first, second = vars(instances.make(60, seed=5)), vars(instances.make(60, seed=5))

    assert {name for name in first if not np.array_equal(first[name], second[name])} == set()


def test_another_seed_gives_other_people():
    assert not np.array_equal(instances.make(60, seed=5).wants, instances.make(60, seed=6).wants)


def test_there_are_as_many_places_as_mentees():
    capacity = instances.make(301).capacity

    assert (capacity.sum(), capacity.min(), capacity.max()) == (301, 1, 3)


def test_every_fit_is_a_whole_number_up_to_ten_thousand():
    made = instances.make(300)
    fits = made.wants.astype(int) @ made.offers.T

    assert (fits >= 0).all() and (fits <= solvers.HIGHEST_FIT).all()


def test_the_peers_are_asked_what_the_engine_is_asked(small):
    ours, theirs = (solvers.measured(name, small, 0.0) for name in ("engine", "scipy"))

    assert (ours["optimal"], ours["placed"], ours["total"]) == (True, theirs["placed"], theirs["total"])


def test_a_result_that_breaks_a_rule_is_no_result(small):
    with np.load(small) as file:
        tables = dict(file)

    with pytest.raises(ValueError, match="a forbidden pair was chosen"):
        solvers.worth(tables, tables["forbidden"][:1])


def test_the_median_counts_and_the_most_memory():
    said = [result("engine", 50, seconds, 9) | {"megabytes": 10 * seconds} for seconds in (3, 1, 2)]

    summary = measuring.summary(said)

    assert (summary["seconds"], summary["megabytes"], summary["each"]) == (2, 30, [3, 1, 2])


def test_a_peer_that_takes_too_long_is_not_run_further_up():
    plan = measuring.Plan([50], 3, print, patience=60)

    for key in ("engine", "munkres", "lapx"):
        plan.keep(key, 50, [result(key, 50, 1 if key == "lapx" else 61, 9)])

    assert plan.out == {"munkres"}


def test_times_in_words():
    assert report.by_size(Figures(RECORD), report.time_cell("seconds")).splitlines() == [
        "|  | 500 | 1,000 |",
        "| --- | ---: | ---: |",
        "| this engine, SciPy alone | 30 ms | 125 ms |",
        "| munkres | 20 s | > 300 s |",
        "| mentor-match | 15 s | 50 s |",
    ]


def test_quality_in_words():
    assert report.by_size(Figures(RECORD), report.quality_cell).splitlines()[2:] == [
        "| this engine, SciPy alone | proved best | proved best |",
        "| munkres | the same | – |",
        "| mentor-match | 2.0 % below | 2.0 % below, 2 unplaced |",
    ]


def test_targets_are_judged_by_the_figures():
    words = {target: found for target, found in findings(Figures(RECORD)) if found.is_met is not None}

    assert [(found.measured, found.is_met) for found in words.values()] == [
        ("400 × as fast; mentor-match is 2.0 % below and leaves 2 unplaced", True),
        ("at most 30 ms", True),
    ]


def test_the_page_has_everything_filled_in():
    page = report.page(RECORD)

    assert "$" not in page
    assert "Measured on 14 January 2026: 2 processors (P), 24 GB of memory, Linux, Python 3.11.2." in page


def test_the_picture_has_a_title_a_description_and_a_point_for_each_measurement_inside_it():
    picture = ElementTree.fromstring(drawing(RECORD))
    svg = "{http://www.w3.org/2000/svg}"
    width, height = (float(number) for number in picture.get("viewBox").split()[2:])
    points = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in picture.iter(f"{svg}circle")]

    assert [picture.find(f"{svg}{part}").text is not None for part in ("title", "desc")] == [True, True]
    assert len(points) == 5
    assert all(0 < x < width and 0 < y < height for x, y in points)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0005, "0.5 ms"), (0.0999, "100 ms"), (0.9999, "1.0 s"), (9.96, "10 s"), (1234, "1,234 s")],
)
def test_a_duration_in_words(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(("megabytes", "words"), [(82.4, "82 MB"), (999.7, "1.0 GB")])
def test_memory_in_words(megabytes, words):
    assert memory(megabytes) == words


def test_the_page_and_its_picture_are_those_of_the_figures_beside_them():
    record = json.loads((DOCS / "benchmarks.json").read_text())

    assert (DOCS / "benchmarks.md").read_text() == report.page(record)
    assert (DOCS / "benchmarks.svg").read_text() == drawing(record)
