"""What a new version took out and added, paragraph by paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.comparing import What, compare, compare_lists, pieces_of
from programmes.models import PolicyVersion
from programmes.tests.factories import DisclosedFactFactory, PolicyVersionFactory

BEFORE = "## Meet\n\nThree times a\nyear.\n\n- Be kind\n- Be late"
AFTER = "## Meet\n\nThree times a year.\n\n- Be kind\n- Be there\n\nWrite in between."


def test_a_reworded_line_stands_twice_and_the_rest_once():
    assert [(piece.what.value, piece.text) for piece in compare(BEFORE, AFTER)] == [
        ("same", "## Meet"),
        ("same", "Three times a year."),
        ("same", "- Be kind"),
        ("out", "- Be late"),
        ("in", "- Be there"),
        ("in", "Write in between."),
    ]


texts = st.lists(st.sampled_from(["A.", "B.", "- c", "1. d", "## e", "", "F g\nh"])).map("\n\n".join)


@given(texts, texts)
def test_each_version_can_be_read_back_from_the_comparison(before, after):
    pieces = compare(before, after)

    assert [piece.text for piece in pieces if piece.what != What.IN] == pieces_of(before)
    assert [piece.text for piece in pieces if piece.what != What.OUT] == pieces_of(after)


def test_lists_of_facts_are_compared_entry_by_entry():
    assert [(p.what.value, p.text) for p in compare_lists(["Name", "Bio"], ["Name", "E-mail"])] == [
        ("same", "Name"),
        ("out", "Bio"),
        ("in", "E-mail"),
    ]


@pytest.fixture
def versions(db):
    """Two policies of one programme: the second says more, and shows an address in place of a biography."""
    first = PolicyVersionFactory(label="one", text="We meet.", published_on="2025-01-01")
    second = PolicyVersionFactory(programme=first.programme, label="two", text="We meet.\n\nWe <b>write</b>.")
    for version, fact in ((first, "bio"), (second, "email")):
        DisclosedFactFactory(policy_version=version, fact="name", position=0)
        DisclosedFactFactory(policy_version=version, fact=fact, position=1)
    return first, second


@pytest.mark.clause("EI-1a")
def test_anybody_can_read_what_a_new_version_took_out_and_added_marked_and_in_words(client, versions):
    first, second = versions
    newer = client.get(second.get_absolute_url())
    page = client.get(f"{second.get_absolute_url()}since/one/")

    html = " ".join(page.content.decode().split())
    assert f'href="{second.get_absolute_url()}since/one/"' in newer.content.decode()
    assert (page.context["taken_out"], page.context["added"]) == (1, 2)
    assert "Added:</p><ins><p>We write.</p></ins>" in html
    assert "Taken out: <del>About me</del>" in html
    assert "Added: <ins>E-mail</ins>" in html


def test_the_first_version_is_compared_with_nothing(client, versions):
    assert "since" not in client.get(versions[0].get_absolute_url()).content.decode()


@pytest.mark.parametrize("address", ["two/since/three/", "three/since/one/", "two/since/draft/"])
def test_what_is_not_published_is_compared_with_nothing(client, versions, address):
    programme = versions[0].programme
    PolicyVersionFactory(programme=programme, label="draft", published_on=None)
    PolicyVersionFactory(programme=programme, kind=PolicyVersion.Kind.GUIDANCE, label="three")

    assert client.get(f"/programmes/{programme.slug}/policy/{address}").status_code == 404
