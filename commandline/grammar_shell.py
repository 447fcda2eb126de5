"""The grammar of `files` and `completion`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from commandline.numbers import number

FILES = """examples:
  worker.py files 1042
  worker.py files 1042 --out /tmp/case-1042
  worker.py files 1042 --out /tmp/case-1042 --kept-out

What is kept from agents, rules/attachments.yaml says. Saved, such a file ends with .kept-out and is
readable by you alone: give it only to people who know what it may be."""
COMPLETION = """examples (make the folder first, where there is none):
  worker.py completion bash > ~/.local/share/bash-completion/completions/worker.py
  worker.py completion zsh > ~/.zfunc/_worker.py       (with fpath+=~/.zfunc before compinit)
  worker.py completion fish > ~/.config/fish/completions/worker.py.fish"""


def shell_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What came with a case, and help for whoever types."""
    made = add("files", "list or save the files that came with a case, also those that agents do not get")
    _with_examples(made, FILES)
    made.add_argument("case", type=number, metavar="CASE", help="the number of the case")
    made.add_argument("--out", default="", metavar="DIR", help="save them into this folder")
    made.add_argument(
        "--kept-out", action="store_true", help="with --out: save those too that may harm, as NAME.kept-out"
    )
    made = add("completion", "write what lets a shell complete these commands when you press the tab key")
    _with_examples(made, COMPLETION)
    made.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")


def _with_examples(made: argparse.ArgumentParser, examples: str) -> None:
    made.epilog = examples
    made.formatter_class = argparse.RawDescriptionHelpFormatter
