"""From points and a box on a small picture to masks of different reach."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.segmenters.classic_cut import cut
from core.segmenters.classic_frame import distance_field
from core.segmenters.classic_reach import edge_cost, travel
from core.segmenters.classic_score import scores_of
from core.segmenters.classic_task import Task

Field = NDArray[np.float32]
_TRUST_IN_PLACE = (0.7, 0.3)
_EXCLUDE_REACH = 0.8
_PULL = 8.0
_SAME = 0.88
_MOST_CANDIDATES = 3
_PRIOR = 2.0
_PLACE_BESIDE_PRIOR = 0.3
_BAND = 3.0
_FINE_STRENGTH = 6.0
_GAINS = ((0.6, 5.0), (0.8, 3.0), (1.0, 3.0), (1.0, 8.0), (1.2, 5.0), (1.5, 3.0))
_REACHES = ((0.3, 8.0), (0.45, 4.0), (0.65, 3.0), (0.65, 8.0), (0.9, 4.0), (1.3, 4.0))
_GUESS_SCORE = 0.1
_MIX_NEAR = 0.3
_MIX_ROUNDS = 5


def solve(coarse: Task, fine: Task) -> list[tuple[Mask, float]]:
    """Return up to three distinct masks on the fine frame, from small to large, each with its score.

    The include clicks lie in and the exclude clicks out of each. Both tasks are the same prompt on the same part of
    the photo: colours and place are settled on the coarse one, the outline on the fine one.
    """
    seeds, fine_seeds = _seeds(coarse), _seeds(fine)
    cost = edge_cost(coarse.cells.lab)
    places = _places_in_box(coarse, cost) if coarse.has_box else _places_of_clicks(coarse, cost)
    pull = _pull_of_clicks(coarse, cost)
    rough = [(near, _settled(coarse, near, strength, pull, *seeds)) for near, strength in places]
    middle = places[len(places) // 2][0]
    rough.append((middle, _mixed_guess(coarse, middle, pull, *seeds)))
    masks, small = [], []
    for near, guess in rough:
        mask = kept_parts(_outlined(fine, guess, near, pull, *fine_seeds), fine.includes)
        shrunk = _shrunk(mask, coarse.shape)
        if shrunk.any():
            masks.append(mask)
            small.append(shrunk)
    if not masks:
        return _likeliest_place(fine, middle, fine_seeds[1])
    return _distinct(masks, scores_of(coarse, cost, small))


def _likeliest_place(task: Task, near: Field, back: Mask) -> list[tuple[Mask, float]]:
    """Return where the object would be if colours said nothing, for prompts that colours answer with nothing."""
    place = np.asarray(cv2.resize(near, (task.shape[1], task.shape[0]), interpolation=cv2.INTER_LINEAR))
    place = np.where(back, np.float32(0), place)
    mask = kept_parts((place >= 0.5 * place.max()) & (place > 0), task.includes)
    return [(mask, _GUESS_SCORE)] if mask.any() else []


def _shrunk(mask: Mask, shape: tuple[int, int]) -> Mask:
    drawn = cv2.resize(mask.astype(np.uint8) * np.uint8(255), (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    # A mask thinner than a coarse pixel still counts.
    return np.asarray(drawn >= min(128, int(drawn.max())) if drawn.any() else drawn > 0)


def _distinct(masks: list[Mask], scores: list[float]) -> list[tuple[Mask, float]]:
    """Return the best of the masks that are nearly the same, at most three, from small to large."""
    kept: list[tuple[Mask, float]] = []
    for mask, score in sorted(zip(masks, scores, strict=True), key=lambda pair: -pair[1]):
        if all((mask & other).sum() < _SAME * (mask | other).sum() for other, _ in kept):
            kept.append((mask, score))
    return sorted(kept[:_MOST_CANDIDATES], key=lambda pair: int(pair[0].sum()))


def _pull_of_clicks(task: Task, cost: Field) -> Field:
    """Return what the clicks say about their surroundings, ``(h, w)``, in units of evidence."""
    pull = np.zeros(task.shape, dtype=np.float32)
    if task.excludes:
        pull -= np.float32(_PULL) * _closeness_to_excludes(task, cost)
    return pull


def _closeness_to_excludes(task: Task, cost: Field) -> Field:
    """Return how surely each pixel goes with an exclude click, ``(h, w)`` in [0, 1]; nearer include clicks win."""
    walk = travel(cost, _at(task.shape, task.excludes))
    closeness = np.exp(-((walk / np.float32(_EXCLUDE_REACH)) ** 2))
    if task.includes:
        other = travel(cost, _at(task.shape, task.includes))
        closeness = closeness * np.clip(2 * other / (walk + other + 1e-6) - 0.5, 0, 1)
    return np.asarray(closeness, dtype=np.float32)


def _places_of_clicks(task: Task, cost: Field) -> list[tuple[Field, float]]:
    """Return how likely each pixel is for its place alone, ``(h, w)`` in [0, 1], for every reach."""
    distance = travel(cost, _at(task.shape, task.includes))
    return [
        (np.exp(-((distance / np.float32(reach)) ** 2)).astype(np.float32), strength) for reach, strength in _REACHES
    ]


def _places_in_box(task: Task, cost: Field) -> list[tuple[Field, float]]:
    """Return the same for a box: unlikely at its sides and where the sides are reached without crossing an edge."""
    rows, columns = np.nonzero(task.allowed)
    y = (np.arange(task.shape[0]) + 0.5 - rows.min()) / (np.ptp(rows) + 1) * 2 - 1
    x = (np.arange(task.shape[1]) + 0.5 - columns.min()) / (np.ptp(columns) + 1) * 2 - 1
    round_off = np.exp(-(np.abs(y)[:, None] ** 3 + np.abs(x) ** 3) * 0.9)
    ground = travel(cost, ~task.allowed) if not task.allowed.all() else np.ones(task.shape)
    from_side = 1 - np.exp(-ground / max(float(np.percentile(ground[task.allowed], 50)), 1e-3))
    near = (0.9 * round_off**0.5 * np.sqrt(from_side)) * task.allowed
    return [(np.clip(near * gain, 0, 1).astype(np.float32), strength) for gain, strength in _GAINS]


def _seeds(task: Task) -> tuple[Mask, Mask]:
    """Return what surely belongs and surely does not."""
    radius = max(1, round(0.006 * np.hypot(*task.shape)))
    front, back = np.zeros(task.shape, np.uint8), np.zeros(task.shape, np.uint8)
    for column, row in task.includes:
        cv2.circle(front, (column, row), radius, 1, -1)
    for column, row in task.excludes:
        cv2.circle(back, (column, row), radius, 1, -1)
        cv2.circle(front, (column, row), radius, 0, -1)
    for column, row in task.includes:
        back[row, column], front[row, column] = 0, 1
    is_front = (front > 0) & (task.allowed | _at(task.shape, task.includes))
    return is_front, ((back > 0) | ~task.allowed) & ~is_front


def _at(shape: tuple[int, int], places: tuple[tuple[int, int], ...]) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    for column, row in places:
        mask[row, column] = True
    return mask


def _settled(task: Task, near: Field, strength: float, pull: Field, front: Mask, back: Mask) -> Mask:
    """Estimate colours and cut in turns, trusting the place less every time; return the last mask."""
    place = _place_of(task, near, back, front)
    weights = np.asarray(_mixed(near, front, back))
    mask = front
    for trust in _TRUST_IN_PLACE:
        evidence = task.cells.evidence(weights, 1 - weights) + np.float32(trust) * place + pull
        mask = cut(task.contrast, evidence, strength, front, back)
        weights = _mixed(mask * (0.2 + 0.8 * near), front, back)
    return mask


def _mixed_guess(task: Task, near: Field, pull: Field, front: Mask, back: Mask) -> Mask:
    """Return what GrabCut (Rother, Kolmogorov, Blake 2004) makes of a place, with its mixtures of Gaussian colours."""
    labels = np.where(near > _MIX_NEAR, np.uint8(cv2.GC_PR_FGD), np.uint8(cv2.GC_PR_BGD))
    if task.prior is not None:
        labels = np.where(task.prior > 0, np.uint8(cv2.GC_PR_FGD), np.uint8(cv2.GC_PR_BGD))
    labels[front] = cv2.GC_FGD
    labels[back | (pull < -_PULL / 2)] = cv2.GC_BGD
    if not (labels & 1).any() or (labels & 1).all():
        return front
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(task.image, labels, (0, 0, 1, 1), *models, _MIX_ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels & 1) > 0)


def _place_of(task: Task, near: Field, back: Mask, front: Mask) -> Field:
    place = np.clip(np.log((near + 0.02) / (1.02 - near)), -3, 3)
    if task.prior is not None:
        place = place * np.float32(_PLACE_BESIDE_PRIOR) + np.float32(_PRIOR) * task.prior
    return np.asarray(place, dtype=np.float32)


def _mixed(near: Field, front: Mask, back: Mask) -> Field:
    """Return weights of the object's colours: never quite 0 or 1 but where clicks say so."""
    weights = near * 0.98 + 0.01
    weights[front], weights[back] = 1, 0
    return np.asarray(weights, dtype=np.float32)


def _outlined(task: Task, rough: Mask, near: Field, pull: Field, front: Mask, back: Mask) -> Mask:
    """Cut once more on the fine frame, within some pixels of the rough mask's outline."""
    size = (task.shape[1], task.shape[0])

    def enlarged(values: Field) -> Field:
        return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)

    depth = enlarged(distance_field(rough))
    near, pull = enlarged(near), enlarged(pull)
    weights = _mixed((depth > 0) * (0.2 + 0.8 * near), front, back)
    place = np.float32(_TRUST_IN_PLACE[-1]) * _place_of(task, near, back, front)
    evidence = task.cells.evidence(weights, 1 - weights) + place + pull
    front, back = front | ((depth > _BAND) & ~back), back | ((depth < -_BAND) & ~front)
    return cut(task.contrast, evidence, _FINE_STRENGTH, front, back)


def kept_parts(mask: Mask, includes: tuple[tuple[int, int], ...]) -> Mask:
    """Return the parts of a mask that hold a click; without clicks, those of at least a fifth of the largest."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.zeros(count, dtype=bool)
    if includes:
        for column, row in includes:
            kept[labels[row, column]] = True
    else:
        kept = areas >= 0.2 * areas.max()
    kept[0] = False
    return np.asarray(kept[labels])
