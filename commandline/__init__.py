"""The commands of worker.py: one module a group of them, loaded when one of it is asked for."""
