"""The first pages a visitor meets, as a browser sees them."""

import pytest


@pytest.mark.parametrize(
    ("path", "name"), [("/", "front"), ("/account/login/", "sign-in"), ("/mailbox/", "mailbox")]
)
def test_a_first_page_is_whole_safe_and_without_barriers(visitor, look_at, path, name):
    page = visitor()
    styles = []
    page.on(
        "response",
        lambda answer: (
            ".css" in answer.url and styles.append((answer.status, answer.headers["content-type"]))
        ),
    )

    answer = page.goto(path)

    assert (answer.status, answer.headers["content-security-policy"].count("default-src 'none'")) == (200, 1)
    assert set(styles) == {(200, 'text/css; charset="utf-8"')}
    look_at(page, name)


def test_a_person_of_the_example_can_sign_in(visitor):
    page = visitor("mentee@lse.example")

    assert page.context.cookies()[0]["httpOnly"] is True
    assert (
        page.get_by_role("button", name="Sign out").count()
        + page.get_by_role("link", name="Sign out").count()
        > 0
    )
