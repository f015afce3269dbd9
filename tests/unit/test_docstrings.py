"""The reference: what every public docstring must explain, and how every error message must be written."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "lessons_lib"
MODULES = (
    "claims",
    "counting",
    "data",
    "diagrams",
    "explain",
    "lab",
    "models",
    "ops",
    "plots",
    "results",
    "training",
    "weights",
)
FOLDERS = (".", "counting", "data", "diagrams", "ops")
SOURCES = [path for folder in FOLDERS for path in sorted((PACKAGE / folder).glob("*.py"))]
ERRORS = ("TypeError", "ValueError", "RuntimeError")


def public_functions():
    """Yield the names and the objects of the public functions of the modules."""
    for name in MODULES:
        module = import_module(f"lessons_lib.{name}")
        for key in getattr(module, "__all__", vars(module)):
            value = getattr(module, key)
            if inspect.isfunction(value) and not key.startswith("_") and value.__module__.startswith(module.__name__):
                yield f"{name}.{key}", value


FUNCTIONS = dict(public_functions())


def messages(path):
    """Yield the line and the text of each error whose message stands in the source; numbers are left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            kind, message = getattr(node.exc.func, "id", ""), node.exc.args[0]
            if kind in ERRORS and isinstance(message, (ast.Constant, ast.JoinedStr)):
                parts = [message] if isinstance(message, ast.Constant) else message.values
                yield node.lineno, "".join(part.value for part in parts if isinstance(part, ast.Constant))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_docstring_begins_with_one_sentence(name):
    first, *rest = inspect.getdoc(FUNCTIONS[name]).splitlines()
    assert first.endswith(".")
    assert not rest or not rest[0]
    assert first[0].isupper()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_docstring_explains_every_parameter(name):
    function = FUNCTIONS[name]
    text = inspect.getdoc(function)
    for parameter in inspect.signature(function).parameters:
        if "parameters are those of" in text or (name.startswith("claims.to_") and parameter == "record"):
            continue
        section = text.partition("Parameters\n----------\n")[2].partition("\n\n")[0].splitlines()
        lines = [i for i, line in enumerate(section) if parameter in line.partition(" : ")[0].split(", ")]
        assert lines, parameter
        assert section[lines[0] + 1].startswith("    "), f"{parameter} has a type and no description"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_an_error_says_the_rule_and_then_what_was_received(path):
    for line, text in messages(path):
        assert text.find("Received: ") > 0, f"{path.name}:{line}: {text}"


def test_the_sources_hold_error_messages():
    assert sum(len(list(messages(path))) for path in SOURCES) > 40
