"""The page of the package: each public function and class is documented on it."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "module", ["claims", "counting", "data", "models", "ops", "plots", "results", "training", "weights"]
)
def test_every_public_function_and_class_is_documented(site: Path, module: str) -> None:
    imported = importlib.import_module(f"lessons_lib.{module}")
    source = Path(inspect.getfile(imported)).read_text(encoding="utf-8")
    names = getattr(imported, "__all__", None) or re.findall(r"^(?:def|class) ([A-Za-z]\w*)", source, re.MULTILINE)
    # Constants and names of types have no entry of their own.
    public = [name for name in names if getattr(getattr(imported, name), "__module__", "").startswith("lessons_lib")]
    assert public
    html = (site / "book/api.html").read_text(encoding="utf-8")
    assert [name for name in public if f'id="lessons_lib.{module}.{name}"' not in html] == []
