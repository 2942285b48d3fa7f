"""What administrators write leads only where it is safe to go."""

import pytest

from mentorship.lib.rich_text import to_html


@pytest.mark.parametrize("address", ["https://school.example/x", "mailto:office@school.example"])
def test_links_lead_to_https_and_to_mail(address):
    assert f'<a href="{address}"' in to_html(f"[here]({address})")


@pytest.mark.parametrize(
    "address", ["http://school.example", "javascript:alert(1)", "data:text/html,x", "ftp://school.example"]
)
def test_a_link_to_anywhere_else_is_plain_text(address):
    html = to_html(f"[here]({address})")

    assert "href" not in html and ">here<" in html


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '<img src="https://x.example">', '<p style="x" onclick="y">z</p>']
)
def test_what_could_run_or_load_is_left_out(text):
    html = to_html(text)

    assert [part for part in ("script", "img", "style", "onclick", "alert") if part in html] == []
