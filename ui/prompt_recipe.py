"""From the turns of an open prompt to the questions of a recipe, and back."""

from core.prompt import Prompt
from core.recipe import Question, Words
from core.segment_request import ModelChoice
from ui.prompt_history import Turn


def questions_of(turn: Turn, detector: ModelChoice, threshold: float) -> tuple[Question, ...]:
    """Return what was asked to come to the answer of `turn`; each question refines the answer to the one before.

    `detector` and `threshold` are for words that are still being looked for.
    """
    before = () if turn.before is None else questions_of(turn.before, detector, threshold)
    return (*before, _question(turn, detector, threshold))


def turn_of(questions: tuple[Question, ...]) -> Turn:
    """Return the turn, not answered yet, that asks `questions`, at least one, again."""
    first = questions[0]
    turn = Turn(first.prompt, is_subject=first.is_subject, wanted_index=first.candidate, words=first.words)
    for question in questions[1:]:
        prompt = question.prompt.with_text(first.prompt.text)
        turn = Turn(prompt, is_subject=first.is_subject, before=turn, wanted_index=question.candidate)
    return turn


def _question(turn: Turn, detector: ModelChoice, threshold: float) -> Question:
    prompt, candidate = turn.prompt, _chosen(turn)
    if prompt.has_marks:
        return Question(prompt.with_text(""), candidate)
    if prompt.text:
        return Question(Prompt(text=prompt.text), candidate, turn.words or Words(threshold, detector.name))
    return Question(candidate=candidate)


def _chosen(turn: Turn) -> int | None:
    """Return the index of the candidate that the person chose; None if it is the model's own choice."""
    if turn.prediction is None:
        return turn.wanted_index
    return None if turn.candidate_index == turn.prediction.best_index else turn.candidate_index
