"""Interactive figures: each is one ES module that a static page runs on its own, and JupyterLab as a widget.

Each module of this package, except for `base`, holds one figure: a subclass of `base.Explorable` whose name
in lower case is the name of the module. Nothing lists the figures, and they are imported when one is first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from lessons_lib.explorables.base import Explorable


@cache
def figures() -> dict[str, type[Explorable]]:
    """Return the class of every figure by its name, in alphabetical order.

    Raises
    ------
    ImportError
        If a module holds no figure of its name.

    Examples
    --------
    >>> figures()["Pooling"].title
    'Pooling: which pixel wins each window, and what changes when the image moves'
    """
    stems = sorted(module.name for module in iter_modules(__path__) if module.name != "base")
    return {figure.__name__: figure for figure in map(_figure, stems)}


def _figure(stem: str) -> type[Explorable]:
    for name, value in vars(import_module(f"{__name__}.{stem}")).items():
        if name.lower() == stem and isinstance(value, type) and issubclass(value, Explorable):
            return value
    raise ImportError(f"explorables/{stem}.py must define an Explorable whose name in lower case is {stem}")


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return list(figures())
    if name in figures():
        return figures()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *figures()]
