"""Measures the functions and the twins of `score`, once the twins answer as it does."""
