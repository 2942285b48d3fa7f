"""Every page that somebody reaches by links, in a real browser: nothing blocked, nothing broken, no barrier."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browser.conftest import barriers

# Nor into the rehearsal's mailbox: its letters lead to pages of those whom they were written to.
LEADS_AWAY = re.compile(r"^/mailbox/|/(logout|\d+/letter|appointment\.ics|calendar|csv)/?$|\.(csv|ics|zip)$")


@pytest.mark.parametrize(
    ("email", "fewest"),
    [
        (None, 10),
        ("mentee@lse.example", 12),
        ("ei-admin@lse.example", 40),
        ("ei-handler@lse.example", 8),
    ],
    ids=["visitor", "mentee", "office", "handler"],
)
def test_no_page_is_blocked_broken_or_barred(visitor, complaints, site, email, fewest):
    page = visitor(email)
    waiting, seen, found = ["/", "/help/"], set(), []

    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        answer = page.goto(address)
        if answer.status != 200:
            found.append(f"{address}: {answer.status}")
        found += [f"{address}: {barrier}" for barrier in barriers(page, complaints)]
        waiting += links_on(page, site)

    assert found == []
    assert len(seen) >= fewest


def kind_of(address):
    """Addresses that differ by a number or an id are of one kind, such as two applications."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", urlsplit(address).path)


def links_on(page, site):
    """Where links of this page lead on this site, without those that sign out or give a file."""
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    addresses = [urljoin(page.url, href).partition("#")[0] for href in hrefs]
    ours = [address.removeprefix(site.url) for address in addresses if address.startswith(f"{site.url}/")]
    return [address for address in ours if not LEADS_AWAY.search(urlsplit(address).path)]
