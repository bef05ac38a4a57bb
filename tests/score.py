#!/usr/bin/env python3
"""Holds the program to the figures of tests/scores.toml, which the corpus beside the project gives.

    tests/score.py PROGRAM

Fails when a figure is below what the file names, or is not measured any more.
"""
import os
import re
import subprocess
import sys
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
SCORE = os.path.join(HERE, "..", "..", "shared", "score", "score.py")
FIGURE = re.compile(r"^(.*?)\s+(\d+)/(\d+)\s+([\d.]+) %$")


def measure(program, parts):
    """What score.py prints for these parts: percent by the figure's name."""
    run = subprocess.run([SCORE, "--cli", program, *parts], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"the score cannot be taken:\n{run.stderr}")
    figures = (FIGURE.match(line) for line in run.stdout.splitlines())
    return {figure[1]: (float(figure[4]), f"{figure[2]}/{figure[3]}") for figure in figures if figure}


def fallen(wanted, measured):
    """One line for each figure that is missing or too low; prints them all."""
    for name, least in wanted.items():
        percent, hits = measured.get(name, (None, "not measured"))
        low = percent is None or percent < least
        print(f"{'FELL' if low else 'ok  '} {name:44s} {hits:>12s} {percent if percent is not None else 0:6.2f} %  at least {least:6.2f} %")
        if low:
            yield name


def main():
    if not os.path.exists(SCORE):
        print("the corpus is not beside the project: no score is taken")
        return
    with open(os.path.join(HERE, "scores.toml"), "rb") as file:
        parts = tomllib.load(file)
    wanted = {name: least for figures in parts.values() for name, least in figures.items()}
    low = list(fallen(wanted, measure(os.path.abspath(sys.argv[1]), parts)))
    if low:
        sys.exit(f"{len(low)} of {len(wanted)} figures fell")


main()
