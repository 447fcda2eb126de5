"""Bytes → text, whatever charset they claim."""
