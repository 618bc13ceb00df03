"""Documents as files for other programs, one kind of file a module."""
