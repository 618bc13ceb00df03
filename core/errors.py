"""The errors that a person is told about.

Each message is one sentence or two: what failed, on what, and what to do. Programming mistakes stay ``ValueError``
and ``TypeError`` and are not caught.
"""


class AppError(Exception):
    """A failure that is reported to the person, never as a traceback."""


class ImageReadError(AppError):
    """A photo cannot be opened."""


class ImageWriteError(AppError):
    """A file cannot be written; nothing was left half-written."""


class ModelUnavailableError(AppError):
    """A model, its weights or its device is not there."""


class SegmentationError(AppError):
    """A segmenter failed on a photo, for example for want of memory."""


class NothingFoundError(SegmentationError):
    """A segmenter or detector answered, and the answer is empty."""


class PromptError(AppError):
    """A prompt that no segmenter can answer: empty, outside the photo, not a number."""


class LockedError(AppError):
    """A gesture would change a layer that is locked."""
