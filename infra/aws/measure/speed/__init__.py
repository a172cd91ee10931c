"""Measures the functions: how fast they start and answer, and how much memory they take."""
