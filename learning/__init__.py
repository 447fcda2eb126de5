"""What is learned from agents' corrections: a small linear model that speaks where the rules are unsure.

`terms` turns a mail into counted terms, `model` says what a learned model makes of them, `suggesting` when it
may say so. `fit` and `calibration` make a model; only the process that trains imports scikit-learn.
"""
