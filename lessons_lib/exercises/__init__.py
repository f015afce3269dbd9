"""Everything that asks and answers: ``check.NAME(answer)`` in a notebook; `Exercise` and `Quiz` on the page as well."""

from lessons_lib.exercises.exercise import Exercise
from lessons_lib.exercises.quiz import Quiz
from lessons_lib.exercises.tutor import Check, Checks, Verdict

__all__ = ["Check", "Checks", "Exercise", "Quiz", "Verdict", "check"]

check = Checks()
