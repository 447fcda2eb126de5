"""Causes that grow (D23): thresholds of the rules, unusual growth, and new mails that say the same."""
