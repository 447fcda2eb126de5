"""`worker.py doctor`: tries each thing that the worker needs, and says what is wrong and what to do."""
