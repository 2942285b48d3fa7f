"""What counts as a guard, and what stands there without it."""

import ast

import pytest

from tests.walls import mutants

APP = "app/views.py"

IN_A_FUNCTION = {
    "Case.objects.visible_to(user).open()": ("Case.objects.all().open()",),
    "super().visible_to(user)": ("self.all()",),
    "rows.filter(state='open', owner=user)": ("rows.filter(state='open')",),
    "rows.exclude(pk__in=own(request.user))": ("rows.all()",),
    "rows.filter(Q(owner=by) | Q(is_public=True))": ("rows.all()",),
    "get_object_or_404(rows, pk=pk, owner=request.user)": ("get_object_or_404(rows, pk=pk)",),
    "person.duties.filter(kind=kind)": ("person.duties.all()",),
    "[row for row in rows if can_read(user, row)]": ("[row for row in rows if True]",),
    "visible(rows, request)": ("rows",),
    "refuse_stranger(by, cohort)": ("None",),
    "rows.filter(state='open')": (),
    "Market.of(problem)": (),
    "timezone.now()": (),
}


def taken_away(source):
    """The source once for each guard without it, as it would stand in a file."""
    tree, found = mutants.rewritten_text(source, APP)
    return [ast.unparse(_Without(mutant.key).visit(ast.parse(ast.unparse(tree)))) for mutant in found]


class _Without(ast.NodeTransformer):
    """Answers the switch's questions for good."""

    def __init__(self, key):
        self.key = key

    def visit_IfExp(self, node):
        node = self.generic_visit(node)
        asked = ast.unparse(node.test)
        if not asked.startswith("__walls__"):
            return node
        return node.body if asked == f"__walls__.is_gone({self.key!r})" else node.orelse


@pytest.mark.parametrize(("code", "without"), IN_A_FUNCTION.items(), ids=IN_A_FUNCTION)
def test_a_guard_is_taken_away_and_nothing_else(code, without):
    assert tuple(text.split("\n    ")[1] for text in taken_away(f"def view():\n    {code}")) == without


@pytest.mark.parametrize("end", ["raise Http404", "raise PermissionDenied", "raise NotPossible('No.')"])
def test_each_reason_to_turn_somebody_away_is_a_guard(end):
    told = taken_away(f"def view():\n    if by != owner or not can_read(by):\n        {end}")

    assert [text.split("\n    ")[1] for text in told] == [
        "if False or not can_read(by):",
        "if by != owner or False:",
    ]


def test_a_rule_of_the_calendar_is_no_wall():
    assert taken_away("def book():\n    if session.is_over:\n        raise NotPossible('It is over.')") == []


def test_a_permission_is_as_many_guards_as_it_has_conditions():
    told = taken_away("def can_read(user, case):\n    return user.is_active and case.is_open")

    assert [text.split("return ")[1] for text in told] == ["True and case.is_open", "user.is_active and True"]


@pytest.mark.parametrize("decorator", ["login_required", "require_POST", "require_http_methods(['GET'])"])
def test_a_decorator_is_a_guard_above_a_view_and_around_one(decorator):
    above = mutants.rewritten_text(f"@{decorator}\ndef view(request):\n    pass", APP)[1]
    around = mutants.rewritten_text(f"view = {decorator}(view)", APP)[1]

    assert [mutant.key for mutant in above] == [f"{APP} view: @{decorator}"]
    assert [mutant.key for mutant in around] == [f"{APP} module: {decorator}(view)"]


def test_a_middleware_and_a_hook_of_the_admin_are_guards_as_a_whole():
    middleware = taken_away("def ask(get_response):\n    def middleware(request):\n        return page")
    hook = taken_away(
        "class Page(ModelAdmin):\n    def get_readonly_fields(self, request, obj):\n        return []"
    )

    assert ["return get_response(request)" in text for text in middleware] == [True]
    assert ["return super().get_readonly_fields(request, obj)" in text for text in hook] == [True]


def test_every_guard_has_a_name_of_its_own():
    keys = [mutant.key for mutant in mutants.all_mutants()]

    assert len(keys) > 400
    assert sorted(set(keys)) == sorted(keys)
