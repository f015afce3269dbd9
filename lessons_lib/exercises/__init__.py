"""Everything that asks and answers.

``check.NAME(answer)`` works in a notebook; `Exercise`, `Quiz` and `Prediction` on the page as well.
"""

from lessons_lib.exercises.exercise import Exercise
from lessons_lib.exercises.prediction import Prediction
from lessons_lib.exercises.quiz import Quiz
from lessons_lib.exercises.tutor import Check, Checks, Verdict

__all__ = ["Check", "Checks", "Exercise", "Prediction", "Quiz", "Verdict", "check"]

check = Checks()
