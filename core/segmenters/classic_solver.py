"""From points and a box on a small picture to masks of different reach."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.segmenters.classic_cut import cut
from core.segmenters.classic_frame import distance_field
from core.segmenters.classic_readings import Reading, readings_of
from core.segmenters.classic_score import scores_of
from core.segmenters.classic_task import Task

Field = NDArray[np.float32]
_SAME = 0.88
_MOST_CANDIDATES = 3
_BAND = 3.0
_FINE_STRENGTH = 6.0
_GUESS_SCORE = 0.1
_WORKERS = 2
_MIX_NEAR = 0.3
_MIX_ROUNDS = 5
_SURELY = 4.0
_PART_SHARE = 0.2


def solve(coarse: Task, fine: Task) -> list[tuple[Mask, float]]:
    """Return up to three distinct masks on the fine frame, from small to large, each with its score.

    What is included lies in and what is excluded out of each. Both tasks are the same prompt on the same part of
    the photo: colours and place are settled on the coarse one, the outline on the fine one.
    """
    seeds, fine_seeds = _seeds(coarse), _seeds(fine)
    cost = coarse.scene.cost
    readings = readings_of(coarse, cost)
    middle = readings[len(readings) // 2]

    def read(reading: Reading, is_mixed: bool) -> Mask:
        guess = (_mixed_guess if is_mixed else _settled)(coarse, reading, *seeds)
        return _only_helped(kept_parts(_outlined(fine, guess, reading, *fine_seeds), fine), fine)

    # The cuts release the interpreter, and none sees another's result, so two at a time give the same answers.
    with ThreadPoolExecutor(_WORKERS) as pool:
        # A mixture fitted to the whole object anew says little about what a correction turns, and takes longest.
        mixed = [] if coarse.is_correction else [middle]
        read_masks = pool.map(read, [*mixed, *readings], [True] * len(mixed) + [False] * len(readings))
        masks = [mask for mask in read_masks if mask.any()]
    if not masks:
        return _likeliest_place(fine, middle.near, fine_seeds[1])
    return _distinct(masks, scores_of(coarse, cost, [_shrunk(mask, coarse.shape) for mask in masks]))


def _likeliest_place(task: Task, near: Field, back: Mask) -> list[tuple[Mask, float]]:
    """Return where the object would be if colours said nothing, for prompts that colours answer with nothing."""
    place = np.asarray(cv2.resize(near, (task.shape[1], task.shape[0]), interpolation=cv2.INTER_LINEAR))
    place = np.where(back, np.float32(0), place)
    mask = kept_parts((place >= 0.5 * place.max()) & (place > 0), task)
    return [(mask, _GUESS_SCORE)] if mask.any() else []


def _shrunk(mask: Mask, shape: tuple[int, int]) -> Mask:
    drawn = cv2.resize(
        mask.astype(np.uint8) * np.uint8(255),
        (shape[1], shape[0]),
        interpolation=cv2.INTER_AREA,
    )
    # A mask thinner than a coarse pixel still counts.
    return np.asarray(drawn >= min(128, max(1, int(drawn.max()))))


def _distinct(masks: list[Mask], scores: list[float]) -> list[tuple[Mask, float]]:
    """Return the best of the masks that are nearly the same, at most three, from small to large."""
    kept: list[tuple[Mask, float]] = []
    for mask, score in sorted(zip(masks, scores, strict=True), key=lambda pair: -pair[1]):
        if all((mask & other).sum() < _SAME * (mask | other).sum() for other, _ in kept):
            kept.append((mask, score))
    return sorted(kept[:_MOST_CANDIDATES], key=lambda pair: int(pair[0].sum()))


def _seeds(task: Task) -> tuple[Mask, Mask]:
    """Return what surely belongs and surely does not: the marks, and the surroundings of clicks that no mark denies."""
    radius = max(1, round(0.006 * np.hypot(*task.shape)))
    front, back = np.zeros(task.shape, np.uint8), np.zeros(task.shape, np.uint8)
    for column, row in task.includes:
        cv2.circle(front, (column, row), radius, 1, -1)
    for column, row in task.excludes:
        cv2.circle(back, (column, row), radius, 1, -1)
        cv2.circle(front, (column, row), radius, 0, -1)
    front[task.marks > 0], back[task.marks > 0] = 1, 0
    front[task.marks < 0], back[task.marks < 0] = 0, 1
    is_front = (front > 0) & (task.allowed | (task.marks > 0))
    return is_front, ((back > 0) | ~task.allowed) & ~is_front


def _settled(task: Task, reading: Reading, front: Mask, back: Mask) -> Mask:
    """Estimate colours and cut in turns, trusting the place less every time; return the last mask."""
    weights = _mixed(reading.near, front, back)
    mask = front
    for trust in reading.trust:
        colours = reading.openness * task.cells.evidence(weights, 1 - weights)
        evidence = colours + np.float32(trust) * reading.place + reading.pull
        mask = cut(task.contrast, evidence, reading.strength, front, back)
        weights = _mixed(mask * (0.2 + 0.8 * reading.near), front, back)
    return mask


def _mixed_guess(task: Task, reading: Reading, front: Mask, back: Mask) -> Mask:
    """Return what GrabCut (Rother, Kolmogorov, Blake 2004) makes of a place, with its mixtures of Gaussian colours."""
    labels = np.where(reading.near > _MIX_NEAR, np.uint8(cv2.GC_PR_FGD), np.uint8(cv2.GC_PR_BGD))
    labels[front] = cv2.GC_FGD
    labels[back | (reading.pull < -_SURELY)] = cv2.GC_BGD
    if not (labels & 1).any() or (labels & 1).all():
        return front
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(task.image, labels, (0, 0, 1, 1), *models, _MIX_ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels & 1) > 0)


def _mixed(near: Field, front: Mask, back: Mask) -> Field:
    """Return weights of the object's colours: never quite 0 or 1 but where clicks say so."""
    weights = near * 0.98 + 0.01
    weights[front], weights[back] = 1, 0
    return np.asarray(weights, dtype=np.float32)


def _outlined(task: Task, rough: Mask, reading: Reading, front: Mask, back: Mask) -> Mask:
    """Cut once more on the fine frame, within some pixels of the rough mask's outline."""
    size = (task.shape[1], task.shape[0])

    def enlarged(values: Field) -> Field:
        return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)

    depth = enlarged(distance_field(rough))
    weights = _mixed((depth > 0) * (0.2 + 0.8 * enlarged(reading.near)), front, back)
    place = enlarged(np.float32(reading.trust[-1]) * reading.place + reading.pull)
    evidence = enlarged(reading.openness) * task.cells.evidence(weights, 1 - weights) + place
    front, back = front | ((depth > _BAND) & ~back), back | ((depth < -_BAND) & ~front)
    return cut(task.contrast, evidence, _FINE_STRENGTH, front, back)


def _only_helped(mask: Mask, task: Task) -> Mask:
    """Return a corrected mask that has lost nothing where marks only add, and won nothing where they only take away."""
    if task.prior is None or not task.is_correction:
        return mask
    before, marks = task.prior > 0, task.marks
    if not (before & (marks < 0)).any():
        mask = mask | (before & (marks >= 0))
    if not (~before & (marks > 0)).any():
        mask = mask & (before | (marks > 0))
    return mask


def kept_parts(mask: Mask, task: Task) -> Mask:
    """Return the parts of a mask that hold something included and, in a box, those of a fifth of the largest or more.

    Beside a correction, the parts that were there stay.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.zeros(count, dtype=bool)
    included = np.unique(labels[task.marks > 0])
    kept[included] = True
    if task.has_box or not included.size:
        kept |= areas >= _PART_SHARE * areas.max()
    if task.prior is not None:
        kept[np.unique(labels[task.prior > 0])] = True
    kept[0] = False
    return np.asarray(kept[labels])
