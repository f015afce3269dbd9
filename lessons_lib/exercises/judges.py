"""How an answer is judged: by what it does, never by how it is written.

A judge is called with an answer. It returns for a right one and raises `Wrong` for every other one. A wrong answer that
behaves like a known misconception is told so; the words stand in the ``exercises.json`` of the topic.
"""

from __future__ import annotations

import dis
import inspect
import linecache
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises import runner
from lessons_lib.exercises.values import (
    TOLERANCE,
    NotNumbersError,
    array_of,
    as_call,
    attempt,
    by,
    difference,
    is_function,
    kind_of,
    numbers_in,
    same,
    without_tensors,
)

Judge = Callable[[Any], None]
Reply = Callable[..., Any]


ROUNDED = 0.003
"""By which share of itself a misconception's decimal fraction may be rounded, so that 1.61 is read as 1.6094."""


class Wrong(Exception):  # noqa: N818  (no error: a finding)
    """A wrong answer, by the key of its message, with the values that the message names."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


class Unusable(Wrong):
    """An answer of the wrong kind, such as text in the place of a number: it is told so, and costs no try."""


# ---- Numbers, choices and kernels: judged from data alone, here and in static/answers.js ----


def number(entry: Mapping[str, Any]) -> Judge:
    """Return the judge of a number: the right one is `answer`, and those of the misconceptions are `near` it.

    Two numbers agree if they differ by less than `TOLERANCE`; see `comes_near` for those of the misconceptions.
    """

    def judge(answer: Any) -> None:
        try:
            numbers = numbers_in(answer)
        except NotNumbersError as error:
            raise Unusable("not_a_number", got=error) from None
        if numbers.size != 1:
            raise Unusable("not_a_number", got=kind_of(answer))
        value = numbers.item()
        if abs(value - entry["answer"]) < TOLERANCE:
            return
        known = (near["key"] for near in entry["near"] if comes_near(value, near["value"]))
        raise Wrong(next(known, "otherwise"))

    return judge


def comes_near(value: float, known: float) -> bool:
    """Tell whether a number is that of a misconception: a decimal fraction may be rounded to about three digits."""
    return abs(value - known) < (TOLERANCE if float(known).is_integer() else max(TOLERANCE, ROUNDED * abs(known)))


def one(entry: Mapping[str, Any]) -> Judge:
    """Return the judge of a choice: the answer is the letter of an option, "a" for the first."""
    keys = {chr(ord("a") + place): option["key"] for place, option in enumerate(entry["options"])}

    def judge(answer: Any) -> None:
        letter = answer.strip().lower() if isinstance(answer, str) else ""
        if letter not in keys:
            raise Unusable("no_option", got=kind_of(answer), options=", ".join(keys))
        if keys[letter] != "right":
            raise Wrong(keys[letter])

    return judge


def kernel(entry: Mapping[str, Any]) -> Judge:
    """Return the judge of a kernel: the first rule that it breaks is what it is told.

    A rule is linear: the sum of `probe` times kernel stands in the relation `when` to `value`. The kernel is divided by
    its largest weight first, because a kernel that is twice as strong finds the same things.
    """
    rules = entry["rules"]

    def judge(answer: Any) -> None:
        weights = as_array(answer, np.shape(rules[0]["probe"]))
        largest = np.abs(weights).max()
        if not largest:
            raise Wrong("all_zero")
        for rule in rules:
            reply = float(np.sum(np.asarray(rule["probe"]) * weights / largest))
            if RELATIONS[rule["when"]](reply, rule["value"]):
                raise Wrong(rule["key"], answer=f"{reply * largest:.3g}".replace("-", "−"))

    return judge


RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "differs": lambda reply, value: abs(reply - value) > TOLERANCE,
    "below": lambda reply, value: reply < value - TOLERANCE,
    "at least": lambda reply, value: reply >= value - TOLERANCE,
}

BY_KIND: dict[str, Callable[[Mapping[str, Any]], Judge]] = {"number": number, "one": one, "kernel": kernel}
"""The kinds of exercises that are judged from their data alone."""


def as_array(answer: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the answer as an array of that shape, or raise `Unusable`."""
    try:
        array = numbers_in(answer)
    except NotNumbersError as error:
        raise Unusable("not_an_array", got=error, shape=by(shape)) from None
    if array.shape != shape:
        raise Unusable("wrong_array", got=by(array.shape), shape=by(shape))
    return array


# ---- Functions: tried on cases that the learner has not seen ----


class Function:
    """The judge of a function: it must do what `right` does on all cases.

    Parameters
    ----------
    cases : callable
        Takes a `numpy.random.Generator` and returns a list of argument tuples.
    right : callable
        What the learner's function must give, called with the same arguments.
    tolerance : float, optional
        How far a number may be from the right one.
    **misconceptions : callable or tuple of callables
        For each key, what someone who holds that misconception writes. An answer that does on all cases what one of
        them does is told so. Every other wrong answer is shown the first case in which it differs.
    """

    def __init__(
        self,
        cases: Callable[[np.random.Generator], Sequence[tuple[Any, ...]]],
        right: Reply,
        *,
        tolerance: float = TOLERANCE,
        **misconceptions: Reply | tuple[Reply, ...],
    ) -> None:
        self.cases, self.right, self.tolerance = cases, right, tolerance
        self.misconceptions = {
            key: known if isinstance(known, tuple) else (known,) for key, known in misconceptions.items()
        }

    def __call__(self, answer: Any) -> None:
        """Return if the answer is right; raise `Wrong` otherwise."""
        tried = list(self.cases(np.random.default_rng(0)))
        wanted = [self.right(*case) for case in tried]
        replies = [call(answer, *case) for case in tried]
        if self._agree(replies, wanted):
            return
        for key, known in self.misconceptions.items():
            if any(self._agree(replies, [_or_none(mistaken, case) for case in tried]) for mistaken in known):
                raise Wrong(key)
        for case, reply, want in zip(tried, replies, wanted, strict=True):
            if not same(reply, want, self.tolerance):
                told = {"call": as_call(answer, case), "difference": difference(reply, want, self.tolerance)}
                raise Wrong("otherwise_function", **told)

    def _agree(self, replies: Sequence[Any], others: Sequence[Any]) -> bool:
        return all(same(reply, other, self.tolerance) for reply, other in zip(replies, others, strict=True))


def _or_none(mistaken: Reply, case: tuple[Any, ...]) -> Any:
    """Return what a misconception gives, or None where it cannot be computed: it then agrees with no answer."""
    try:
        return mistaken(*case)
    except (ValueError, IndexError):
        return None


def call(function: Any, *arguments: Any) -> Any:
    """Return what the learner's function gives: numbers, or a tuple or list of numbers; a tensor becomes an array.

    Arrays are handed over as copies. What the function prints goes to standard output, which the tutor keeps.

    Raises
    ------
    Unusable
        If the answer is no function or takes other arguments, or if it gives nothing, or something else than numbers.
    Wrong
        If it raises an exception, does not end in time, or writes into an array that it was given.
    """
    if not is_function(function):
        raise Unusable("not_a_function", got=kind_of(function))
    _refuse_other_arguments(function, arguments)
    given = [np.array(value) if isinstance(value, np.ndarray) else value for value in arguments]
    run = runner.run(function, given)
    print(run.printed, end="")
    called = as_call(function, arguments)
    if isinstance(run.error, runner.OutOfTime):
        raise Wrong("out_of_time", call=called, limit=f"{runner.LIMIT:g}")
    if run.error is not None:
        raise _raised(function, run.error, called)
    for before, after in zip(arguments, given, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after):
            raise Wrong("changed_its_input")
    if run.reply is None:
        raise Unusable("printed_instead" if run.printed.strip() else "nothing_returned", call=called)
    reply = without_tensors(run.reply)
    _refuse_other_than_numbers(reply, called)
    return reply


def _refuse_other_arguments(function: Any, arguments: Sequence[Any]) -> None:
    try:
        signature = inspect.signature(function, follow_wrapped=False)
    except (TypeError, ValueError):  # some functions of compiled code do not tell their arguments
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        names = ", ".join(signature.parameters)
        raise Unusable("other_arguments", got=f"({names})" if names else "no arguments") from None


def _refuse_other_than_numbers(reply: Any, called: str) -> None:
    if inspect.iscoroutine(reply):
        reply.close()
    try:
        for part in reply if isinstance(reply, (tuple, list)) and not _is_rectangular(reply) else (reply,):
            numbers_in(part)
    except NotNumbersError as error:
        raise Unusable("no_numbers_returned", call=called, got=error) from None


def _is_rectangular(reply: Sequence[Any]) -> bool:
    """Return whether the parts of a tuple or list have one shape, so that they form one array."""
    array = array_of(reply)
    return array is not None and array.dtype != object


def _raised(function: Any, error: BaseException, called: str) -> Wrong:
    """Return the finding for an exception: what it says, in which line of the learner's, and what often helps."""
    path = getattr(getattr(function, "__code__", None), "co_filename", None)
    trace, place, last = error.__traceback__, None, None
    while trace:
        last = trace.tb_frame.f_code.co_filename
        if last == path:
            place = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, NotImplementedError) and last == path:
        return Unusable("unfinished", call=called)
    source = linecache.getline(path, place).strip() if path and place else ""
    where = f"\nLine {place}: {source}" if source else ""
    said = (f"{type(error).__name__}: {text_of(error)}".splitlines() or [""])[0].removesuffix(": ")
    return Wrong("raised", call=called, said=said, where=where, kinds=[kind.__name__ for kind in type(error).__mro__])


def text_of(error: BaseException) -> str:
    """Return what an exception says; nothing for one of the learner's own whose text fails."""
    return attempt(str, error) or ""


def is_stub(answer: Any) -> bool:
    """Return whether an answer is a function whose body does nothing: three dots, `pass`, or a docstring alone.

    Examples
    --------
    >>> def later(image):
    ...     '''Return the grey image.'''
    >>> is_stub(later), is_stub(len)
    (True, False)
    """
    code = getattr(inspect.unwrap(answer) if callable(answer) else None, "__code__", None)
    if code is None:
        return False
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP", "COPY_FREE_VARS")]
    values = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    ends = {"LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return len(steps) <= 2 and {step.opname for step in steps} <= ends and values in ([None], [...])
