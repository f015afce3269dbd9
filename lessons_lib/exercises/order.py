"""Order the lines: the lines of a solution are put in order, and those that hold a mistake are left out.

The page judges an order by its shape: which lines are in it, and which of them stand before a line that they need. A
notebook runs it as well, as the exercise's judge runs an answer that the learner has written.
"""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from lessons_lib import ops
from lessons_lib.exercises import runner, topics
from lessons_lib.exercises.quiz import mixed

NAMES = {"np": np, "ops": ops, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
"""What the lines may use: the names that the chapters have defined before their exercises."""
QUICK = ("function", "array")
"""The kinds of exercises whose lines are run. A model would have to be trained, which takes too long for a look."""


def spec(name: str) -> dict[str, Any]:
    """Return all that the page needs to show and to judge the lines of an exercise.

    Parameters
    ----------
    name : str
        The name of an exercise whose answer is a piece of code.

    Examples
    --------
    >>> spec("fold")["lines"][1]
    {'code': '    W = W1 @ W2', 'after': [0]}
    """
    order, words = topics.exercises()[name]["order"], topics.common_words()
    right = [{"code": line["code"], "after": _needed(line, place)} for place, line in enumerate(order["lines"])]
    wrong = [{"code": line["code"], "why": _reply(name, line)} for line in order["distractors"]]
    common = {key: words[key] for key in ("your_turn_here", "right", "wrong_start", "unusable_start")}
    return {
        "kind": "order",
        "lines": right + wrong,
        "size": len(right),
        "shown": mixed(len(right + wrong), name),
        "hints": [],
        "common": common | words["order"],
    }


LAYOUTS = ((337, 23, 0.5, 56), (293, 32, 0.5, 56), (257, 69, 1.0, 36))
"""For windows of 320, 390 and 1280 px: the height of all but the lines and of the lowest line, in CSS pixels, and
between them how many letters a line has room for, and which share of its indentation it keeps."""


def room(name: str) -> tuple[int, ...]:
    """Return how high the lines of an exercise are with all that stands around them, in the three windows.

    Examples
    --------
    >>> room("fold")
    (729, 685, 509)
    """
    codes = [line["code"] for line in spec(name)["lines"]]
    return tuple(
        base + sum(_height(code, letters, share, least) for code in codes) for base, letters, share, least in LAYOUTS
    )


def _height(code: str, letters: int, share: float, least: int) -> int:
    """Return the height of a line of code; where it is broken, all but its first row begin two letters further in."""
    text = code.strip()
    across = letters - int(share * (len(code) - len(text)))
    rows = len(textwrap.wrap(text, across, subsequent_indent="  "))
    return max(least, round(12.4 + 18.2 * rows))


def _needed(line: dict[str, Any], place: int) -> list[int]:
    """Return the places of the lines that must stand before a line: the one above it, unless it names others."""
    needed: list[int] = line.get("after", [place - 1] if place else [])
    return needed


def _reply(name: str, distractor: dict[str, str]) -> str:
    """Return what is said to a line that holds a mistake: its own words, or those of the misconception."""
    return distractor["why"] if "why" in distractor else topics.message(name, distractor["key"])


def assembled(name: str, program: Sequence[int], **names: Any) -> Any:
    """Return what lines in an order define: the function of the exercise's name, or else the `answer`.

    Parameters
    ----------
    name : str
        The name of an exercise whose answer is a piece of code.
    program : sequence of int
        The places of the lines: those of the solution come first, those that hold a mistake after them.
    **names
        What the lines may use beside `NAMES`.

    Returns
    -------
    object
        The function or the answer; None if the lines cannot be run in this order.

    Examples
    --------
    >>> assembled("pixel_of", [0, 1, 2, 3])(7, 2, 3)
    (1, 0, 1)
    >>> assembled("pixel_of", [1, 0, 2, 3]) is None
    True
    """
    lines = spec(name)["lines"]
    source = "\n".join(lines[place]["code"] for place in program) + "\n"
    scope = {**NAMES, **names}
    done = runner.run(lambda: exec(compile(source, "<lines>", "exec"), scope), ())
    return None if done.error else scope.get(name, scope.get("answer"))


def passes(name: str, program: Sequence[int]) -> bool:
    """Return whether lines in an order do what the exercise asks: they are run on its cases, for a limited time.

    Parameters
    ----------
    name : str
        The name of an exercise whose answer is a piece of code.
    program : sequence of int
        The places of the lines, as `assembled` takes them.

    Returns
    -------
    bool
        Always False for an exercise that asks for a model, since its lines are not run.

    Examples
    --------
    >>> passes("fold", [0, 2, 1, 3]), passes("fold", [0, 3, 1, 2])
    (True, False)
    """
    if topics.exercises()[name]["kind"] not in QUICK:
        return False
    try:
        with runner.undisturbed(), contextlib.redirect_stdout(io.StringIO()):
            topics.judges()[name](assembled(name, program))
    except Exception:  # `Wrong`, or what the judge itself stumbles over
        return False
    return True
