"""The tone check's parts: what a letter says and what it lacks, by the words of its language."""
