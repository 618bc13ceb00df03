"""A Hugging Face cache laid out by hand, as the Hub's own programs do it."""

import hashlib
from pathlib import Path


def write_snapshot(cache: Path, repository: str, revision: str, source: Path, is_main: bool = True) -> Path:
    """Put the files of `source` into the cache as a snapshot of links to blobs; return the snapshot."""
    folder = cache / f"models--{repository.replace('/', '--')}"
    snapshot = folder / "snapshots" / revision
    snapshot.mkdir(parents=True)
    (folder / "blobs").mkdir(exist_ok=True)
    for path in source.iterdir():
        content = path.read_bytes()
        # Large files lie under their hash; the names of the small ones mean nothing to us.
        is_large = path.suffix in (".bin", ".safetensors")
        name = hashlib.sha256(content).hexdigest() if is_large else f"{len(content):040x}"
        blob = folder / "blobs" / name
        blob.write_bytes(content)
        (snapshot / path.name).symlink_to(Path("..", "..", "blobs", name))
    if is_main:
        (folder / "refs").mkdir(exist_ok=True)
        (folder / "refs" / "main").write_text(revision)
    return snapshot


def everything_in(folder: Path) -> dict[str, bytes | str]:
    """Return every file of a folder with its content, and every link with where it leads."""
    paths = sorted(path for path in folder.rglob("*") if not path.is_dir())
    return {str(p.relative_to(folder)): str(p.readlink()) if p.is_symlink() else p.read_bytes() for p in paths}
