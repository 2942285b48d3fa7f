"""The record of processing is what the code says."""

import pytest
from django.core.management import CommandError, call_command

from overview.personal import data_map
from overview.personal.registry import HOLDINGS


def test_the_page_in_docs_is_what_the_code_says():
    call_command("data_map", check=True)


def test_a_stale_page_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(data_map, "PATH", tmp_path / "data-map.md")
    with pytest.raises(CommandError, match="stale"):
        call_command("data_map", check=True)

    call_command("data_map")
    call_command("data_map", check=True)
    data_map.PATH.write_text(data_map.written() + "One line more.\n", encoding="utf-8")
    with pytest.raises(CommandError, match="stale"):
        call_command("data_map", check=True)


def test_every_table_with_people_has_one_line():
    lines = data_map.written().splitlines()
    for holding in HOLDINGS:
        assert len([line for line in lines if line.startswith(f"| {holding.model} |")]) == 1
