import re


def without_token(answer):
    """A page but for the token of its sign-out button, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
