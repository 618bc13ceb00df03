"""One file a model family, and the registry that makes a segmenter from its name."""
