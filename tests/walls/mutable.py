"""Loads the product with a switch at each guard, so that one can be taken away without touching a file.

`SWITCH.gone` names the guard that is away now; `SWITCH.met` collects the guards that somebody came to. Files stay as
they are, and so do line numbers.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.walls import mutants


class Switch:
    def __init__(self) -> None:
        self.gone: str | None = None
        self.met: set[str] = set()

    def is_gone(self, key: str) -> bool:
        self.met.add(key)
        return self.gone == key

    def around(
        self, key: str, decorator: Callable[..., Any], view: Callable[..., Any], **options: Any
    ) -> Callable[..., Any]:
        """The decorated view, which is the bare one while the decorator is away."""
        guarded = decorator(view, **options)

        @functools.wraps(guarded)
        def either(*args: Any, **kwargs: Any) -> Any:
            return (view if self.is_gone(key) else guarded)(*args, **kwargs)

        return either

    def decorator(self, key: str, decorator: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return functools.partial(self.around, key, decorator)


SWITCH = Switch()


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> Any:
        """Always from source: what Python keeps of earlier runs knows no switches."""
        path = self.get_filename(fullname)
        tree, _ = mutants.rewritten(Path(path))
        return compile(tree, path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__walls__"] = SWITCH
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self) -> None:
        self.paths = {str(path) for path in mutants.sources()}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin not in self.paths:
            return None
        loader = _Loader(fullname, spec.origin)
        return importlib.util.spec_from_file_location(
            fullname, spec.origin, loader=loader, submodule_search_locations=spec.submodule_search_locations
        )


def install() -> None:
    """From now on the product is loaded with switches; what was loaded before has none."""
    early = [name for name in sys.modules if name.partition(".")[0] in mutants.APPS]
    assert early == [], f"Loaded too early: {early}"
    sys.meta_path.insert(0, _Finder())
