"""Finds every guard in the product's source by rule, and writes each so that it can be taken away while tests run.

A guard is what stands between a person and what isn't theirs: a door of a queryset, a filter by who asks, a decorator
of a view, a question of permission, a refusal. `rewritten` gives a module's tree in which each asks a switch first
(`tests.walls.mutable`): taken away, a door gives all rows, a filter loses one condition, a decorator gives the bare
view, a permission is a yes, a refusal never comes. A new guard is found by itself.
"""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ["mentorship", *sorted(path.parent.name for path in ROOT.glob("*/apps.py"))]
# Nobody's requests come here: the engine knows no people, the rehearsal and commands are typed at a machine.
ELSEWHERE = {"tests", "migrations", "management", "engine", "simulation", "catalogue", "settings.py"}

DOORS = {"visible_to", "administered_by", "of", "of_duties", "readable_by", "apart_from", "not_of_concerns"}
DECORATORS = {
    *("login_required", "step_up", "secure_admin_login", "staff_member_required"),
    *("require_POST", "require_GET", "require_safe", "require_http_methods"),
}
LIMITS = {"visible", "choices_on", "_limit"}
MIDDLEWARE = {"process_view", "process_request"}
HOOKS = {
    "lookup_allowed",
    "response_action",
    "get_view_on_site_url",
    "get_readonly_fields",
    "get_list_filter",
}
PERSONS = {"user", "viewer", "by", "reporter"}
REFUSALS = {"Http404", "PermissionDenied", "BadRequest", "NotPossible"}
FILTERS = {"filter", "exclude", "get", "get_object_or_404", "get_list_or_404"}
PERMISSION = re.compile(
    r"(can|may)_\w+|_?administers\w*|is_in_scope|_is_open|has_(\w+_)?permission|is_fresh|has_used_second_factor"
)


@dataclass(frozen=True)
class Mutant:
    """One guard taken away. `key` names it without a line number, so that a note about it lasts."""

    key: str
    path: str
    line: int

    @property
    def app(self) -> str:
        return self.path.partition("/")[0]

    @property
    def is_of_a_whole_page(self) -> bool:
        """Who may come to a page, and by which method, is what the crawl's table says first."""
        return any(sign in self.key for sign in (": @", "_permission: ", "require_", "login_required"))


def sources() -> list[Path]:
    """The product's modules that may hold a guard."""
    found = (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
    return [path for path in found if not ELSEWHERE & set(path.relative_to(ROOT).parts)]


def all_mutants() -> list[Mutant]:
    return [mutant for path in sources() for mutant in rewritten(path)[1]]


def rewritten(path: Path) -> tuple[ast.Module, list[Mutant]]:
    """A module with a switch at each guard, and what can be taken away in it."""
    return rewritten_text(path.read_text(), str(path.relative_to(ROOT)))


def rewritten_text(source: str, path: str) -> tuple[ast.Module, list[Mutant]]:
    writer = _Writer(path)
    tree = ast.fix_missing_locations(writer.visit(ast.parse(source, path)))
    return tree, writer.mutants


def _name(node: ast.AST) -> str:
    """The last name of what is called, or of what a decorator is."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _names_a_person(node: ast.AST) -> bool:
    """Whether an expression speaks of who asks: `request.user`, `viewer`, `by` …"""
    return any(
        (isinstance(each, ast.Name) and each.id in PERSONS)
        or (isinstance(each, ast.Attribute) and each.attr == "user" and _name(each.value) == "request")
        for each in ast.walk(node)
    )


def _refuses(node: ast.If) -> str:
    """With what an `if` turns somebody away: the exception's name, or ""."""
    last = node.body[-1]
    if isinstance(last, ast.Raise) and last.exc is not None and _name(last.exc) in REFUSALS:
        return _name(last.exc)
    return ""


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) == "super"


class _Writer(ast.NodeTransformer):
    def __init__(self, path: str) -> None:
        self.path = path
        self.mutants: list[Mutant] = []
        self._scope: list[ast.FunctionDef | ast.ClassDef] = []
        self._times: Counter[str] = Counter()
        self._answered: set[int] = set()  # calls that are taken away as part of something else

    # Where we are

    def _function(self) -> str:
        functions = [node.name for node in self._scope if isinstance(node, ast.FunctionDef)]
        return functions[-1] if functions else ""

    def _is_door(self) -> bool:
        """In a queryset's door or a function that gives what somebody may see: all its filters are guards."""
        name = self._function()
        return name in DOORS or name.startswith("visible_")

    def _is_permission(self) -> bool:
        return bool(PERMISSION.fullmatch(self._function()))

    # What is written

    def _asked(self, node: ast.AST, taken: str) -> ast.Call:
        """Note a mutant; the question to the switch whether it is the one of now."""
        scope = ".".join(each.name for each in self._scope)
        key = f"{self.path} {scope or 'module'}: {taken}"
        self._times[key] += 1
        if self._times[key] > 1:
            key += f" ({self._times[key]})"
        self.mutants.append(Mutant(key, self.path, node.lineno))
        switch = ast.Attribute(ast.Name("__walls__", ast.Load()), "is_gone", ast.Load())
        return ast.copy_location(ast.Call(switch, [ast.Constant(key)], []), node)

    def _choice(self, node: ast.expr, taken: str, without: ast.expr) -> ast.expr:
        return self._instead(node, taken, without, node)

    # Doors, limits, filters, permissions, decorators as calls

    def visit_Call(self, node: ast.Call) -> ast.expr:
        said, name = ast.unparse(node), _name(node.func)
        conditions = [_shown(each) for each in node.args], [_shown(each.value) for each in node.keywords]
        is_answered = id(node) in self._answered
        node = self.generic_visit(node)
        if name == "method_decorator" and _name(node.args[0]) in DECORATORS:
            node.args[0] = self._decorator(node.args[0], ast.unparse(node))
            return node
        if name in DECORATORS or (isinstance(node.func, ast.Call) and _name(node.func) in DECORATORS):
            return self._around(node, said)
        if PERMISSION.fullmatch(name) and not is_answered and not self._is_permission():
            return self._choice(node, said, ast.Constant(True))
        if name in FILTERS:
            return self._fewer_conditions(node, name, *conditions)
        return self._all_of(node, name, said)

    def _all_of(self, node: ast.Call, name: str, said: str) -> ast.expr:
        """All rows instead of those behind a door or a limit."""
        if isinstance(node.func, ast.Attribute) and self._is_door_call(node.func):
            return self._choice(node, _tail(said, name), _all_rows(node.func.value))
        if name in LIMITS and node.args:
            return self._choice(node, said, node.args[0])
        return node

    @staticmethod
    def _is_door_call(func: ast.Attribute) -> bool:
        """A class's own `of(…)` makes something; a queryset's gives rows."""
        is_class = isinstance(func.value, ast.Name) and func.value.id[:1].isupper()
        return func.attr in DOORS and not is_class

    def _around(self, node: ast.Call, said: str) -> ast.expr:
        """`require_POST(view)`, or `require_http_methods([…])(view)`; a bare `require_http_methods([…])` waits."""
        makes_decorator = _name(node.func) == "require_http_methods" and not isinstance(node.func, ast.Call)
        if makes_decorator or len(node.args) != 1:
            return node
        asked = self._asked(node, said)
        around = ast.Attribute(ast.Name("__walls__", ast.Load()), "around", ast.Load())
        return ast.copy_location(
            ast.Call(around, [*asked.args, node.func, node.args[0]], node.keywords), node
        )

    def _fewer_conditions(self, node: ast.Call, name: str, args: list[str], keywords: list[str]) -> ast.expr:
        """Without each condition that speaks of who asks; in a door or among duties, without each."""
        is_of_duties = re.search(r"\bduties\.|\bDuty\.objects", ast.unparse(node.func))
        every = self._is_door() or (name == "filter" and (self._is_permission() or is_of_duties))
        whole: ast.expr = node
        for each, said in zip(node.args, args, strict=True):
            if name in {"filter", "exclude"} and (every or _names_a_person(each)):
                without = _without(node, args=[kept for kept in node.args if kept is not each])
                whole = self._instead(node, f"{name}({said})", without, whole)
        for each, said in zip(node.keywords, keywords, strict=True):
            if every or _names_a_person(each.value):
                without = _without(node, keywords=[kept for kept in node.keywords if kept is not each])
                whole = self._instead(node, f"{name}({each.arg or '**'}={said})", without, whole)
        return whole

    def _instead(self, node: ast.expr, taken: str, without: ast.expr, whole: ast.expr) -> ast.expr:
        return ast.copy_location(ast.IfExp(self._asked(node, taken), without, whole), node)

    # Refusals

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        said, name = ast.unparse(node), _name(node.value)
        is_refusal = isinstance(node.value, ast.Call) and re.match(r"_?refuse_", name)
        node = self.generic_visit(node)
        if is_refusal:
            node.value = self._choice(node.value, said, ast.Constant(None))
        return node

    def visit_If(self, node: ast.If) -> ast.If:
        refusal = _refuses(node)
        speaks = refusal != "NotPossible" or _names_a_person(node.test)
        ends = (self._is_door() or self._is_permission()) and _gives_nothing(node.body[-1])
        if not (refusal and speaks) and not ends:
            return self.generic_visit(node)
        parts = _alternatives(node.test)
        shown = [ast.unparse(part) for part in parts]
        # `if not can_…(): raise` is one guard, not two
        self._answered |= {id(each.operand) for part in parts for each in ast.walk(part) if _is_not(each)}
        node = self.generic_visit(node)
        kept = _alternatives(node.test)
        without = [
            self._choice(part, f"if {text}", ast.Constant(False))
            for part, text in zip(kept, shown, strict=True)
        ]
        if len(without) == 1:
            node.test = without[0]
        else:
            node.test.values = without
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        """What a permission answers: each condition of it is a guard, or else the whole."""
        if not self._is_permission() or node.value is None or _is_no(node.value, self._scope):
            return self.generic_visit(node)
        said = ast.unparse(node.value)
        value = node.value
        if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.And):
            shown = [ast.unparse(each) for each in value.values]
            node = self.generic_visit(node)
            value.values = [
                self._choice(each, f"and {text}", ast.Constant(True))
                for each, text in zip(value.values, shown, strict=True)
            ]
            return node
        node = self.generic_visit(node)
        node.value = self._choice(node.value, f"return {said}", ast.Constant(True))
        return node

    # Decorators and hooks

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self._scope.append(node)
        node = self.generic_visit(node)
        self._scope.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self._scope.append(node)
        decorators = node.decorator_list
        node.decorator_list = []
        node = self.generic_visit(node)
        node.decorator_list = [self._decorator(each, f"@{ast.unparse(each)}") for each in decorators]
        if instead := self._instead_of_all():
            self._at_first(node, instead)
        self._scope.pop()
        return node

    def _decorator(self, node: ast.expr, said: str) -> ast.expr:
        if _name(node) not in DECORATORS:
            return node
        asked = self._asked(node, said)
        make = ast.Attribute(ast.Name("__walls__", ast.Load()), "decorator", ast.Load())
        return ast.copy_location(ast.Call(make, [*asked.args, node], []), node)

    def _instead_of_all(self) -> str:
        """What stands for a function that is a guard as a whole: the admin's own hook, or no middleware."""
        *_, above, node = [None, *self._scope]
        if isinstance(above, ast.ClassDef) and node.name in HOOKS:
            names = ", ".join(each.arg for each in node.args.args[1:])
            return f"super().{node.name}({names})"
        if isinstance(above, ast.ClassDef) and node.name in MIDDLEWARE:
            return "None"
        is_middleware = isinstance(above, ast.FunctionDef) and above.args.args[:1]
        if is_middleware and above.args.args[0].arg == "get_response":
            return f"get_response({node.args.args[0].arg})"
        return ""

    def _at_first(self, node: ast.FunctionDef, instead: str) -> None:
        asked = self._asked(node, f"def {node.name}")
        first = ast.If(asked, [ast.Return(ast.parse(instead, mode="eval").body)], [])
        has_docstring = ast.get_docstring(node) is not None
        node.body.insert(1 if has_docstring else 0, ast.copy_location(first, node.body[0]))


def _tail(said: str, name: str) -> str:
    """The end of a chain of calls, from its last door on."""
    return said[said.rindex(f".{name}(") :] if f".{name}(" in said else said


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _all_rows(receiver: ast.expr) -> ast.expr:
    """All rows of a manager or queryset; `super()` is none, so the queryset itself."""
    rows = ast.Name("self", ast.Load()) if _is_super(receiver) else receiver
    return ast.Call(ast.Attribute(rows, "all", ast.Load()), [], [])


def _without(node: ast.Call, **fewer: list) -> ast.expr:
    """The same call with fewer conditions; with none left, all rows."""
    call = copy.copy(node)
    for field, values in fewer.items():
        setattr(call, field, values)
    is_empty = not call.args and not call.keywords and _name(node.func) in {"filter", "exclude"}
    if is_empty and isinstance(node.func, ast.Attribute):
        return ast.copy_location(_all_rows(node.func.value), node)
    return call


def _alternatives(test: ast.expr) -> list[ast.expr]:
    """Each of which is enough to turn somebody away."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]


def _is_not(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _gives_nothing(node: ast.stmt) -> bool:
    """`return False`, `return None` or `return self.none()`."""
    if not isinstance(node, ast.Return):
        return False
    if isinstance(node.value, ast.Constant):
        return not node.value.value
    return node.value is None or _name(node.value) == "none"


def _is_no(node: ast.expr, scope: list) -> bool:
    """A no at the end of an `if`, which is the guard then. Alone in a hook, it is the guard itself."""
    is_alone = len(scope[-1].body) == 1 + bool(ast.get_docstring(scope[-1]))
    return isinstance(node, ast.Constant) and not is_alone
