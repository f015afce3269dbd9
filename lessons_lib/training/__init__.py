"""Train a network, measure it, and repeat both over several seeds.

Trainings share nothing unless the caller holds a `Trainer`. No global random state is read or changed.
"""

from lessons_lib.training.evaluation import predict, score
from lessons_lib.training.repetition import repeat
from lessons_lib.training.trainer import Trainer, fit
from lessons_lib.training.tuning import RATES, Choice, choose_rate

__all__ = ["RATES", "Choice", "Trainer", "choose_rate", "fit", "predict", "repeat", "score"]
