"""Exercises that answer: ``check.NAME(answer)`` in a notebook, and `Exercise` and `Quiz` on the page as well."""

from lessons_lib.exercises.core import Check, Checks, Verdict, Wrong, call, custom, function, number
from lessons_lib.exercises.exercise import Exercise
from lessons_lib.explorables.quiz import Quiz

__all__ = ["Check", "Checks", "Exercise", "Quiz", "Verdict", "Wrong", "call", "check", "custom", "function", "number"]

check = Checks()
