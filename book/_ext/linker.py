"""Join ES modules into a classic script, and shorten it.

A browser refuses modules on a page that was opened as a file, and asks for each of them apart. So the sources are
modules, and what a page loads are classic scripts: each module is a function in them that returns what it exports.
The source is read by a parser of JavaScript, never by patterns, so a text that looks like code stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import tree_sitter_javascript
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from tree_sitter import Node

PARSER = Parser(Language(tree_sitter_javascript.language()))
# The book's own modules lie in one folder, and name those of the figures by their place in the repository.
NEIGHBOUR = re.compile(r"""(["'])(?:\./|\.\./\.\./lessons_lib/explorables/static/)([\w-]+\.js)\1""")
# Declarations whose names keep the value that they begin with: an importer may take the value once and for all.
DECLARATIONS = {"function_declaration", "generator_function_declaration", "class_declaration"}
FUNCTIONS = DECLARATIONS | {"function_expression", "generator_function", "arrow_function", "method_definition", "class"}
# Nodes whose text is one token, in which each space counts.
WHOLE = {"string", "template_string", "regex"}
WORD = re.compile(r"[\w$\\#]")
OPERATOR = re.compile(r"[-+*/%<>=&|^!~?:.@]")
# Between which letters a space must stay: a point after a digit would belong to the number.
NEIGHBOURS = ((WORD, WORD), (OPERATOR, OPERATOR), (re.compile(r"\d"), re.compile(r"\.")))
# After these, the end of a line ends nothing.
OPENING = set("{([,;") | {""}
# What holds the exports in a joined script, and on a page, for the scripts that follow.
REGISTRY = "$modules"
SHARED = "courseModules"


class LinkError(Exception):
    """A module has a form that the linker does not know."""


def text(node: Node | None) -> str:
    """Return the source of a node, or nothing for no node."""
    return node.text.decode() if node and node.text else ""


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes in it."""
    yield node
    for child in node.children:
        yield from walk(child)


def parse(source: str, name: str) -> Node:
    """Return the tree of a source, or raise an error that says where it is no JavaScript."""
    root = PARSER.parse(source.encode()).root_node
    if root.has_error:
        wrong = next(node for node in walk(root) if node.is_error or node.is_missing)
        raise LinkError(f"{name} must be JavaScript. Received in line {wrong.start_point[0] + 1}: {text(wrong)[:60]!r}")
    return root


class Module:
    """A module: the modules that it imports, its exports, and its source as the body of a function.

    Parameters
    ----------
    name : str
        The file's name, ``"grid.js"``.
    source : str
        JavaScript.

    Raises
    ------
    LinkError
        If the source imports or exports in a form that is not known.
    """

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.neighbours: list[str] = []
        self.exports: dict[str, str] = {}
        root = parse(source, name)
        self._refuse_late_imports(root)
        self.body = "".join(self._statement(child) for child in root.children)

    def _refuse(self, node: Node) -> LinkError:
        line, code = node.start_point[0] + 1, text(node).partition("\n")[0]
        return LinkError(
            f"{self.name} must import by `import … from` its neighbours, and export by `export default VALUE`, "
            f"`export {{ NAMES }}`, or `export` before const, function or class. Received in line {line}: {code}"
        )

    def _refuse_late_imports(self, node: Node) -> None:
        for part in walk(node):
            late = part.type == "call_expression" and text(part.child_by_field_name("function")) == "import"
            meta = part.type == "meta_property" and text(part).startswith("import")
            waits = part.type in ("await_expression", "for_in_statement") and "await" in [c.type for c in part.children]
            if late or meta or (waits and not self._in_function(part)) or text(part) == REGISTRY:
                raise self._refuse(part)

    @staticmethod
    def _in_function(node: Node | None) -> bool:
        while node and node.type not in FUNCTIONS:
            node = node.parent
        return node is not None

    def _statement(self, node: Node) -> str:
        """Return a statement of the module as it stands in the function."""
        if node.type == "import_statement":
            return self._import(node)
        if node.type == "export_statement":
            return self._export(node)
        return text(node) + "\n"

    def _import(self, node: Node) -> str:
        source = NEIGHBOUR.fullmatch(text(node.child_by_field_name("source")))
        if not source or any(child.type == "import_attribute" for child in node.children):
            raise self._refuse(node)
        self.neighbours.append(source[2])
        exports = f'{REGISTRY}["{source[2]}"]'
        clause = next((child for child in node.children if child.type == "import_clause"), None)
        return "".join(
            f"const {self._bound(part)} = {exports};\n" for part in (clause.named_children if clause else [])
        )

    def _bound(self, part: Node) -> str:
        """Return what takes the imported names: of a default, of the whole module, or of a list."""
        if part.type == "identifier":
            return f"{{ default: {text(part)} }}"
        if part.type == "namespace_import":
            return text(part.named_children[0])
        if part.type == "named_imports":
            return f"{{ {', '.join(f'{name}: {own}' for name, own in self._pairs(part))} }}"
        raise self._refuse(part)

    @staticmethod
    def _pairs(names: Node) -> Iterator[tuple[str, str]]:
        """Yield each name of a list with its alias, or with itself."""
        for entry in names.named_children:
            name = text(entry.child_by_field_name("name"))
            yield name, text(entry.child_by_field_name("alias")) or name

    def _export(self, node: Node) -> str:
        value, declared = node.child_by_field_name("value"), node.child_by_field_name("declaration")
        names = next((child for child in node.children if child.type == "export_clause"), None)
        if value:
            self.exports["default"] = "$default"
            return f"const $default = {text(value)};\n"
        if declared and node.children[1] == declared:
            self.exports |= {name: name for name in self._declared(declared)}
            return text(declared) + "\n"
        if names and not node.child_by_field_name("source"):
            self.exports |= {alias: name for name, alias in self._pairs(names)}
            return ""
        raise self._refuse(node)

    def _declared(self, node: Node) -> list[str]:
        """Return the names of a declaration that keep their value."""
        if node.type in DECLARATIONS:
            return [text(node.child_by_field_name("name"))]
        names = [child.child_by_field_name("name") for child in node.named_children]
        if node.children[0].type != "const" or any(name is None or name.type != "identifier" for name in names):
            raise self._refuse(node)
        return [text(name) for name in names]

    @property
    def function(self) -> str:
        """The module as a function that is called at once and returns its exports."""
        exports = ", ".join(f"{name}: {own}" for name, own in self.exports.items())
        return f'{REGISTRY}["{self.name}"] = (() => {{\n{self.body}return {{ {exports} }};\n}})();\n'


def collect(entry: str, read: Callable[[str], str], known: Collection[str] = ()) -> dict[str, Module]:
    """Return a module and all that it imports, each after what it imports itself, without those that are known.

    Parameters
    ----------
    entry : str
        The name of the module that begins.
    read : callable
        Returns the source of a module by its name.
    known : collection of str
        The names of modules that an earlier script holds.

    Raises
    ------
    LinkError
        If a module has a form that is not known, or if modules import each other in a circle.
    """
    done: dict[str, Module] = {}

    def add(name: str, importers: tuple[str, ...]) -> None:
        if name in importers:
            raise LinkError(f"modules must not import each other. Received: {' → '.join((*importers, name))}")
        if name in done or name in known:
            return
        module = Module(name, read(name))
        for neighbour in module.neighbours:
            add(neighbour, (*importers, name))
        done[name] = module

    add(entry, ())
    return done


def _functions(modules: dict[str, Module]) -> str:
    return "".join(module.function for module in modules.values())


def link_function(entry: str, read: Callable[[str], str]) -> str:
    """Return a function that does what a module and all that it imports do, and returns what the module exports.

    Parameters and errors are those of `collect`.
    """
    functions = _functions(collect(entry, read))
    return f'() => {{\n"use strict";\nconst {REGISTRY} = {{}};\n{functions}return {REGISTRY}["{entry}"];\n}}'


def link(entry: str, read: Callable[[str], str], known: Collection[str] = ()) -> str:
    """Return a classic script that does what a module and all that it imports do.

    Scripts of a page share their modules: those that are `known` come from the scripts before. Parameters and errors
    are those of `collect`.
    """
    shared = f"const {REGISTRY} = globalThis.{SHARED} ??= {{}};\n"
    return f'(() => {{\n"use strict";\n{shared}{_functions(collect(entry, read, known))}}})();\n'


def tokens(node: Node) -> Iterator[Node]:
    """Yield the tokens of a tree without its comments."""
    if node.type in WHOLE or not node.children:
        if "comment" not in node.type:
            yield node
        return
    for child in node.children:
        yield from tokens(child)


def minify(source: str) -> str:
    """Return a script without its comments and without the spaces that nothing needs.

    Names stay, and so do the ends of lines that may end a statement.

    Parameters
    ----------
    source : str
        JavaScript.

    Raises
    ------
    LinkError
        If the source is no JavaScript.
    """
    code, parts, end = source.encode(), [""], 0
    for token in tokens(parse(source, "a script")):
        gap, word = code[end : token.start_byte], text(token)
        before, after = parts[-1][-1:], word[:1]
        if b"\n" in gap and before not in OPENING:
            parts.append("\n")
        elif gap and any(first.match(before) and second.match(after) for first, second in NEIGHBOURS):
            parts.append(" ")
        parts.append(word)
        end = token.end_byte
    return "".join(parts).strip() + "\n"
