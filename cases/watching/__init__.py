"""Watching the cases that are not ended: what has become due of holding updates, promises and deadlines."""
