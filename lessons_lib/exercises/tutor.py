"""The tutor: ``check.NAME(answer)`` says what it thinks of an answer, in the words of the exercise's topic."""

from __future__ import annotations

import contextlib
import difflib
import io
import re
import sys
import textwrap
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

from lessons_lib import _check
from lessons_lib.exercises import runner, topics
from lessons_lib.exercises.exercise import Exercise
from lessons_lib.exercises.judges import Unusable, Wrong, is_stub, text_of
from lessons_lib.exercises.values import kind_of

WIDTH = 80
_PLAIN = {"✓": "+", "✗": "x", "→": "->", "−": "-", "·": "*", "×": "x", "…": "...", "⌊": "floor(", "⌋": ")"}


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
    afresh. An answer of ``...`` or None, or a function without a body, is no answer yet. One of the wrong kind, such as
    text in the place of a number, is told so and costs no try. Whatever the answer is, nothing is raised, except when
    the reader interrupts the kernel.

    Parameters
    ----------
    name : str
        The name of the exercise.

    Raises
    ------
    TypeError, ValueError
        If there is no exercise of this name.

    Examples
    --------
    >>> from lessons_lib.exercises import check
    >>> check.map_size(14)
    ✗ Not yet: You rounded up. A stop that does not fit entirely into the image does not happen with
      `valid`.
    >>> check.map_size("13")
    → No answer yet: The answer is one number, and I got the text '13'.
    >>> check.map_size(...)
    → Your turn: put your answer in place of the three dots, and run the cell again.
    """

    def __init__(self, name: str) -> None:
        if _check.text("name", name) not in topics.exercises():
            raise ValueError(f"name must be that of an exercise.{_advice(name)} Received: name={name!r}")
        self.name = name
        self.failed = 0

    def __call__(self, answer: Any = ...) -> None:
        """Print what the tutor thinks of `answer`; in a notebook, show the lines to order while there is none."""
        verdict = self.judge(answer)
        if verdict.key == "your_turn":
            _show_lines(self.name)
        _print(verdict.text)

    def __repr__(self) -> str:
        return f"check.{self.name}"

    def confirm(self, solution: Any) -> None:
        """Print one line that says that `solution` passes, without the explanation; or what is wrong with it.

        Cells with solutions call it, so that running a whole notebook explains no exercise before it is answered.

        Examples
        --------
        >>> from lessons_lib.exercises import check
        >>> check.map_size.confirm(13)
        ✓ This solution passes the check.
        """
        verdict = Check(self.name).judge(solution)
        words = topics.common_words()
        _print(_lines("✓", words["confirmed"]) if verdict.key == "right" else verdict.text)

    def judge(self, answer: Any) -> Verdict:
        """Return what the tutor thinks of `answer`."""
        words, printed = topics.common_words(), io.StringIO()
        try:
            if answer is None or isinstance(answer, EllipsisType) or is_stub(answer):
                return Verdict("your_turn", _lines("→", words["your_turn"]))
            with runner.undisturbed(), contextlib.redirect_stdout(printed):
                topics.judges()[self.name](answer)
            verdict = self._right()
        except Wrong as wrong:
            verdict = self._wrong(wrong)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # the answer's own code raises while it is looked at, perhaps even SystemExit
            verdict = self._wrong(Unusable("unreadable", got=kind_of(answer), error=text_of(error)))
        if printed.getvalue() and verdict.key != "printed_instead":
            return Verdict(verdict.key, verdict.text + "\n" + _lines(" ", words["printed"]))
        return verdict

    def _right(self) -> Verdict:
        self.failed = 0
        return Verdict("right", _lines("✓", f"{topics.common_words()['right']}: {topics.reason(self.name)}"))

    def _wrong(self, wrong: Wrong) -> Verdict:
        words = topics.common_words()
        if wrong.key == "raised":
            kinds: Any = wrong.values["kinds"]
            wrong.values["help"] = next(words["raised_hints"][kind] for kind in kinds if kind in words["raised_hints"])
        if wrong.key == "other_arguments":
            wrong.values["wanted"] = topics.signature(self.name)
        unusable = isinstance(wrong, Unusable)
        mark, start = ("→", words["unusable_start"]) if unusable else ("✗", words["wrong_start"])
        lines = [_lines(mark, f"{start}: {fill(topics.message(self.name, wrong.key), wrong.values)}")]
        if not unusable:
            self.failed += 1
            hints = zip(("hint", "idea"), topics.exercises()[self.name]["hints"], strict=True)
            lines += [_lines(" ", f"{words[label]}: {text}") for label, text in list(hints)[: self.failed - 1]]
        return Verdict(wrong.key, "\n".join(lines))


def _show_lines(name: str) -> None:
    """Show the lines of an exercise's solution, to be put in order; nothing where no notebook can show them."""
    from IPython import get_ipython
    from IPython.display import display

    if hasattr(get_ipython(), "kernel") and "order" in topics.exercises()[name]:
        display(Exercise(name))


def _lines(mark: str, text: str) -> str:
    """Return the text behind its mark, each of its paragraphs broken into lines of 80 characters."""
    paragraphs = [
        textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
        for line in text.split("\n")
    ]
    return mark + "\n".join(paragraphs)[1:]


def _print(text: str) -> None:
    """Print the text, with plain signs in the place of those that standard output cannot encode."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print("".join(sign if _encodes(sign, encoding) else _PLAIN.get(sign, "?") for sign in text))


def _encodes(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


class Checks:
    """All tutors, by name: ``check.NAME``."""

    def __init__(self) -> None:
        self._made: dict[str, Check] = {}

    def __dir__(self) -> list[str]:
        return sorted(topics.exercises())

    def __getattr__(self, name: str) -> Check:
        if name.startswith("__"):  # Python itself asks, for example when it copies the object
            raise AttributeError(name)
        if name not in topics.exercises():
            raise AttributeError(f"there is no exercise of this name.{_advice(name)} Received: {name}")
        return self._made.setdefault(name, Check(name))


def _advice(name: str) -> str:
    """Return the name that is nearest to one that no exercise has, as a question; or nothing."""
    near = difflib.get_close_matches(name, topics.exercises(), n=1)
    return f" Did you mean check.{near[0]}?" if near else ""


def fill(text: str, values: dict[str, Any]) -> str:
    """Put `values` into the places of `text` that name them in braces; leave other braces alone.

    Examples
    --------
    >>> fill("{n} pixels of {m}", {"n": 3})
    '3 pixels of {m}'
    """
    return re.sub(r"\{(\w+)\}", lambda place: str(values.get(place[1], place[0])), text)
