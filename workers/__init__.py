"""Threads that carry requests to ``core`` and bring the answers back; QtCore only, no algorithm."""
