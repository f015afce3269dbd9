"""How an answer is judged: by what it does, never by how it is written.

Each chapter has two files here, ``TOPIC.json`` with what the tutor says and ``TOPIC.py`` with what it tests. A wrong
answer that behaves like a known misconception is told so; the words live in the JSON alone, which the page reads too.
"""

from __future__ import annotations

import difflib
import json
import linecache
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import EllipsisType
from typing import Any

import numpy as np

from lessons_lib import _check

HERE = Path(__file__).parent
WIDTH = 80
Judge = Callable[[Any], None]
_judges: dict[str, Judge] = {}
_numbers: dict[str, dict[str, float]] = {}


@cache
def messages() -> dict[str, dict[str, Any]]:
    """Return what the tutor says: one entry for each exercise, and "common" for what all of them share."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(HERE.glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def load() -> None:
    """Import the module beside each JSON file; each registers its judges."""
    for path in sorted(HERE.glob("*.json")):
        if path.with_suffix(".py").is_file():
            import_module(f"{__package__}.{path.stem}")


class Wrong(Exception):  # noqa: N818  (no error: a finding)
    """A wrong answer, by the key of its message, with the values that the message names."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Verdict:
    """What a check found: "right", "your_turn" or the key of a misconception, and the words for it."""

    key: str
    text: str

    def __str__(self) -> str:
        return self.text


class Check:
    """The tutor of one exercise; call it with an answer.

    It prints what it found. A second wrong answer brings a hint, a third the idea of the solution; a right one starts
    afresh. An answer of ``...`` or None, or a function with such a body, is no answer yet. Whatever the answer is,
    nothing is raised.

    Examples
    --------
    >>> from lessons_lib.exercises import check
    >>> check.map_size(14)
    ✗ Not yet: You rounded up. A stop that does not fit entirely into the image does not happen with
      `valid`.
    >>> check.map_size(...)
    → Your turn: put your answer in place of the three dots, and run the cell again.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.failed = 0

    def __call__(self, answer: Any = ...) -> None:
        """Print what the tutor thinks of `answer`."""
        print(self.judge(answer))

    def __repr__(self) -> str:
        return f"check.{self.name}"

    def judge(self, answer: Any) -> Verdict:
        """Return what the tutor thinks of `answer`."""
        common = messages()["common"]
        if answer is None or isinstance(answer, EllipsisType) or _is_empty(answer):
            return Verdict("your_turn", self._lines("→", common["your_turn"]))
        try:
            _judges[self.name](answer)
        except Wrong as wrong:
            return self._wrong(wrong.key, wrong.values)
        except Exception as error:  # an answer so odd that the judge itself stumbled: a wrong one all the same
            return self._wrong("unreadable", {"got": type(answer).__name__, "error": str(error)})
        self.failed = 0
        return Verdict("right", self._lines("✓", f"{common['right']}: {messages()[self.name]['right']}"))

    def _wrong(self, key: str, values: dict[str, object]) -> Verdict:
        common, own = messages()["common"], messages()[self.name]
        self.failed += 1
        found = own["wrong"].get(key) or (own.get("otherwise") if key == "otherwise" else None) or common["wrong"][key]
        lines = [self._lines("✗", f"{common['wrong_start']}: {fill(found, values)}")]
        for label, text in list(zip(("hint", "idea"), own["hints"], strict=True))[: self.failed - 1]:
            lines.append(self._lines(" ", f"{common[label]}: {text}"))
        return Verdict(key, "\n".join(lines))

    @staticmethod
    def _lines(mark: str, text: str) -> str:
        paragraphs = [
            textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
            for line in text.split("\n")
        ]
        return mark + "\n".join(paragraphs)[1:]


def _is_empty(answer: Any) -> bool:
    """Return whether the answer is a function whose body is still three dots."""

    def stub() -> None: ...

    return getattr(getattr(answer, "__code__", None), "co_code", None) == stub.__code__.co_code


class Checks:
    """All tutors, by name: ``check.NAME``."""

    def __init__(self) -> None:
        self._made: dict[str, Check] = {}

    def __dir__(self) -> list[str]:
        load()
        return sorted(_judges)

    def __getattr__(self, name: str) -> Check:
        load()
        if name not in _judges:
            near = difflib.get_close_matches(name, _judges, n=1)
            advice = f" Did you mean check.{near[0]}?" if near else ""
            raise AttributeError(f"there is no exercise of this name.{advice} Received: {name}")
        return self._made.setdefault(name, Check(name))


def fill(text: str, values: dict[str, object]) -> str:
    """Put `values` into the places of `text` that name them in braces; leave other braces alone.

    Examples
    --------
    >>> fill("{n} pixels of {m}", {"n": 3})
    '3 pixels of {m}'
    """
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def custom(name: str) -> Callable[[Judge], Judge]:
    """Register a judge of its own: it returns for a right answer and raises `Wrong` for others."""

    def register(judge: Judge) -> Judge:
        _judges[name] = judge
        return judge

    return register


# ---- Numbers, choices and kernels: judged from data alone, here and in static/exercise.js ----


def number(name: str, *, right: float, **misconceptions: float) -> None:
    """Register an exercise whose answer is a number: the right one, and the one that each misconception gives."""
    _numbers[name] = {"right": right, **misconceptions}

    @custom(name)
    def judge(answer: Any) -> None:
        try:
            value = _check.number("answer", np.asarray(answer).item() if np.size(answer) == 1 else answer)
        except (TypeError, ValueError):
            raise Wrong("not_a_number", got=kind_of(answer)) from None
        for key, known in _numbers[name].items():
            if abs(value - known) < 1e-6:
                if key == "right":
                    return
                raise Wrong(key)
        raise Wrong("otherwise")


def numbers_of(name: str) -> dict[str, float]:
    """Return the numbers of an exercise: the right one and the known wrong ones, by their keys."""
    return _numbers[name]


def choice(name: str) -> None:
    """Register the exercise `name`, whose answer is the letter of an option."""
    options = messages()[name]["options"]
    letters = [option["letter"] for option in options]

    @custom(name)
    def judge(answer: Any) -> None:
        if not isinstance(answer, str) or answer.strip().lower() not in letters:
            raise Wrong("no_option", got=repr(answer), options=", ".join(letters))
        key = options[letters.index(answer.strip().lower())]["key"]
        if key != "right":
            raise Wrong(key)


def kernel(name: str) -> None:
    """Register the exercise `name`, whose answer is a kernel: the first rule that it breaks is what it is told.

    A rule is linear: the sum of `probe` times kernel stands in the relation `when` to `value`, all of it in the JSON.
    """

    @custom(name)
    def judge(answer: Any) -> None:
        rules = messages()[name]["rules"]
        shape = np.shape(rules[0]["probe"])
        weights = as_array(answer, shape)
        if not weights.any():
            raise Wrong("all_zero")
        for rule in rules:
            reply = float(np.sum(np.asarray(rule["probe"]) * weights))
            if RELATIONS[rule["when"]](reply, rule["value"]):
                raise Wrong(rule["key"], answer=f"{reply:.3g}".replace("-", "−"))


RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "differs": lambda reply, value: abs(reply - value) > 1e-6,
    "below": lambda reply, value: reply < value - 1e-6,
    "at least": lambda reply, value: reply >= value - 1e-6,
}


def as_array(answer: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return the answer as an array of that shape, or raise `Wrong`."""
    try:
        array = _check.finite("answer", answer, ndim=tuple(range(8))).astype(float)
    except (TypeError, ValueError):
        raise Wrong("not_an_array", got=kind_of(answer), shape=by(shape)) from None
    if array.shape != shape:
        raise Wrong("wrong_array", got=by(array.shape), shape=by(shape))
    return array


# ---- Functions: tried on cases that the learner has not seen ----


def function(
    name: str,
    cases: Callable[[np.random.Generator], Sequence[tuple[Any, ...]]],
    right: Callable[..., Any],
    **misconceptions: Callable[..., Any],
) -> None:
    """Register the exercise `name`, whose answer is a function that must do what `right` does on all `cases`.

    An answer that does, on all of them, what one of the `misconceptions` does is told so. Every other wrong answer is
    shown the first case in which it differs.
    """

    @custom(name)
    def judge(answer: Any) -> None:
        tried = list(cases(np.random.default_rng(0)))
        replies = [call(answer, *case) for case in tried]
        wanted = [right(*case) for case in tried]
        if all(map(same, replies, wanted)):
            return
        for key, mistaken in misconceptions.items():
            if all(same(reply, _or_none(mistaken, case)) for reply, case in zip(replies, tried, strict=True)):
                raise Wrong(key)
        case, reply, want = next(row for row in zip(tried, replies, wanted, strict=True) if not same(*row[1:]))
        key = "nothing_returned" if reply is None else "otherwise_function"
        raise Wrong(key, call=as_call(answer, case), difference=difference(reply, want))


def _or_none(mistaken: Callable[..., Any], case: tuple[Any, ...]) -> Any:
    """Return what a misconception gives, or None where it cannot be computed: it then agrees with no answer."""
    try:
        return mistaken(*case)
    except (ValueError, IndexError):
        return None


def call(function: Any, *arguments: Any) -> Any:
    """Return what the learner's function gives; an exception in it becomes a finding that shows its line."""
    if not callable(function):
        raise Wrong("not_a_function", got=kind_of(function))
    given = [np.array(value) if isinstance(value, np.ndarray) else value for value in arguments]
    try:
        reply = function(*given)
    except Exception as error:
        raise raised(function, error, arguments) from None
    for before, after in zip(arguments, given, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after):
            raise Wrong("changed_its_input")
    return reply


def raised(function: Any, error: Exception, arguments: Sequence[Any]) -> Wrong:
    """Return the finding for an exception: what it says, in which line of the learner's, and what often helps."""
    path = getattr(getattr(function, "__code__", None), "co_filename", None)
    trace, place = error.__traceback__, None
    while trace:
        if trace.tb_frame.f_code.co_filename == path:
            place = trace.tb_lineno
        trace = trace.tb_next
    source = linecache.getline(path, place).strip() if path and place else ""
    hints = messages()["common"]["raised_hints"]
    hint = next((hints[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in hints), hints["Exception"])
    where = f"\nLine {place}: {source}" if source else ""
    said = f"{type(error).__name__}: {error}".splitlines()[0]
    return Wrong("raised", call=as_call(function, arguments), said=said, where=where, help=hint)


def same(reply: Any, want: Any) -> bool:
    """Return whether two answers have the same shape and, but for rounding, the same numbers."""
    if isinstance(want, tuple):
        return _has_parts(reply, want) and all(map(same, reply, want))
    try:
        got, expected = np.asarray(reply, dtype=float), np.asarray(want, dtype=float)
    except (TypeError, ValueError):
        return False
    return got.shape == expected.shape and np.allclose(got, expected, atol=1e-6)


def _has_parts(reply: Any, want: tuple[Any, ...]) -> bool:
    """Return whether a reply has as many parts as the tuple that was wanted; a list or a flat array may hold them."""
    in_parts = isinstance(reply, (tuple, list)) or (isinstance(reply, np.ndarray) and reply.ndim == 1)
    return in_parts and len(reply) == len(want)


def difference(reply: Any, want: Any) -> str:
    """Say in words how a reply differs from what was wanted."""
    if isinstance(want, tuple) and _has_parts(reply, want):
        if np.ndim(want[0]) == 0:
            return f"yours gives {shown(tuple(reply))}, and {shown(want)} was wanted"
        part = next(i for i, pair in enumerate(zip(reply, want, strict=True)) if not same(*pair))
        return f"in part {part + 1}, {difference(reply[part], want[part])}"
    try:
        got, expected = np.asarray(reply, dtype=float), np.asarray(want, dtype=float)
    except (TypeError, ValueError):
        return f"yours gives {kind_of(reply)}, and {kind_of(want)} was wanted"
    if got.shape != expected.shape:
        return f"yours gives {kind_of(reply)}, and {kind_of(want)} was wanted"
    if not expected.ndim:
        return f"yours gives {shown(reply)}, and {shown(want)} was wanted"
    place = tuple(int(i) for i in np.argwhere(~np.isclose(got, expected, atol=1e-6))[0])
    at = ", ".join(map(str, place))
    return f"at [{at}] yours gives {shown(got[place])}, and {shown(expected[place])} was wanted"


def as_call(function: Any, arguments: Sequence[Any]) -> str:
    """Write a call as the learner would; arrays are named by their shape."""
    name = getattr(function, "__name__", "your_function").replace("<lambda>", "your_function")
    return f"{name}({', '.join(shown(value) for value in arguments)})"


def shown(value: Any) -> str:
    """Write a number, a tuple of them, or the shape of an array.

    Examples
    --------
    >>> shown(10523.0), shown(1 / 3), shown((2, 0.5))
    ('10523', '0.3333', '(2, 0.5)')
    """
    if np.ndim(value) and not isinstance(value, tuple):
        return kind_of(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    if isinstance(value, (int, float, np.number)):
        return str(int(value)) if float(value).is_integer() else f"{float(value):.4g}"
    return repr(value)


def kind_of(value: Any) -> str:
    """Name the kind of an answer: "an array of 3×4", "a number", "a tuple of 2 parts", "text" or the type."""
    if isinstance(value, tuple):
        return f"a tuple of {len(value)} parts"
    if isinstance(value, str):
        return "text"
    if callable(value):
        return "a function"
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return f"something of the type {type(value).__name__}"
    return f"an array of {by(array.shape)}" if array.ndim else "a number"


def by(shape: Sequence[int]) -> str:
    """Write a shape as 3×4.

    Examples
    --------
    >>> by((3, 4)), by((5,))
    ('3×4', '5')
    """
    return "×".join(map(str, shape)) or "one number"
