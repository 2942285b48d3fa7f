import re


def without_token(answer):
    """A page but for the token of its sign-out button, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def without_what_was_said(client):
    """What an answer before would still say on the next page is forgotten."""
    client.cookies.pop("messages", None)
    session = client.session
    if session.pop("_messages", None):
        session.save()
