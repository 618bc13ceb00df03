"""Where the weights of the models lie on this computer."""

import os
from pathlib import Path

import platformdirs

from core.model_list import ModelSpec

FOLDER_VARIABLE = "CLICKCUT_MODELS"
"""Environment variable that names another folder for the weights."""


def default_folder() -> Path:
    """Return the folder that ``CLICKCUT_MODELS`` names, else the one in the platform's user data folder."""
    chosen = os.environ.get(FOLDER_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path("clickcut", appauthor=False) / "models"


class ModelStore:
    """The folder of weights: a model of one file lies in it, one of several files in a folder of its name.

    The folder is made when something is put into it; looking never changes anything.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else default_folder()

    def path_of(self, spec: ModelSpec) -> Path:
        """Return where the model lies or would lie: a file, or a folder for a model of several files.

        Raises
        ------
        ValueError
            If the model has no files.
        """
        if not spec.files:
            raise ValueError(f"{spec.name} has no files")
        return self.folder / (spec.name if spec.is_folder else spec.files[0].name)

    def locate(self, spec: ModelSpec) -> Path | None:
        """Return :meth:`path_of` if every file of the model is there, else None (also for a model without files)."""
        if not spec.files or self.missing_files(spec):
            return None
        return self.path_of(spec)

    def missing_files(self, spec: ModelSpec) -> tuple[Path, ...]:
        """Return the paths of the model's files that are not there."""
        return tuple(path for path in self._file_paths(spec) if not path.is_file())

    def _file_paths(self, spec: ModelSpec) -> tuple[Path, ...]:
        parent = self.folder / spec.name if spec.is_folder else self.folder
        return tuple(parent / file.name for file in spec.files)
