"""A page's form as a browser would send it back: every field with what stands in it."""

from __future__ import annotations

from html.parser import HTMLParser


def filled_in(response, form_id: str = "") -> dict[str, str | list[str]]:
    """Names and values of the fields of a form (the first that posts, or the one with this id)."""
    reader = _FormReader(form_id)
    reader.feed(response.content.decode())
    return reader.values


class _FormReader(HTMLParser):
    def __init__(self, form_id: str):
        super().__init__()
        self.form_id, self.is_inside, self.is_done = form_id, False, False
        self.values: dict[str, str | list[str]] = {}
        self.select = self.textarea = self.option = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and not self.is_done:
            wanted = given.get("id") == self.form_id if self.form_id else given.get("method") == "post"
            self.is_inside = wanted
        if not self.is_inside or "disabled" in given:
            return
        if tag == "input" and given.get("name"):
            self._input(given)
        elif tag == "textarea":
            self.textarea = given["name"]
            self.values[self.textarea] = ""
        elif tag == "select":
            self.select = (given["name"], "multiple" in given)
            self.values[given["name"]] = [] if "multiple" in given else ""
        elif tag == "option" and self.select and "selected" in given:
            name, is_multiple = self.select
            if is_multiple:
                self.values[name].append(given["value"])
            else:
                self.values[name] = given["value"]

    def _input(self, given):
        kind = given.get("type", "text")
        if kind in {"checkbox", "radio"} and "checked" not in given:
            return
        if kind not in {"submit", "button", "file", "image"}:
            self.values[given["name"]] = given.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form" and self.is_inside:
            self.is_inside, self.is_done = False, True
