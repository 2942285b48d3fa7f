"""An undefined variable in one of the project's own templates fails the test that renders it.

Templates of Django, allauth and crispy-forms rely on undefined variables being empty; they go on as ever. `if` and
`for` may ask for what isn't there, in any template.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest
from django.template.base import FilterExpression, Node

OWN_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


class Undefined(str):
    """The empty text that Django puts in place of an undefined variable (`string_if_invalid`).

    Django asks whether it is true at the very moment when a variable can't be found, and nowhere else in
    `FilterExpression.resolve`; that moment is the one to fail.
    """

    def __bool__(self) -> bool:
        caller = sys._getframe(1)
        if caller.f_code is FilterExpression.resolve.__code__:
            node = _innermost_node(caller)
            if node and Path(node.origin.name).is_relative_to(OWN_TEMPLATES):
                variable = caller.f_locals["self"].var
                pytest.fail(
                    f"{node.origin.name}, line {node.token.lineno}: “{variable}” is undefined", pytrace=False
                )
        return False


def _innermost_node(frame: FrameType | None) -> Node | None:
    """The template tag or variable that is being rendered; it knows its file and line."""
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and hasattr(node, "origin"):
            return node
        frame = frame.f_back
    return None
