"""Builds the functions as deploy.md does, for x86-64, and holds what would be uploaded to limits.

The binaries stay in `target/lambda`, where template.yaml takes them from.
"""
