"""The same coverage as a script with pandas: nearest-first pairs within 30 days, nothing checked and nothing hidden."""

from __future__ import annotations

import sys

import pandas as pd


def main(register: str, reference: str) -> int:
    """The number of pairs."""
    left = pd.read_csv(register, sep=";", dtype={"pnr": str}, parse_dates=["day"])
    right = pd.read_csv(reference, sep=";", dtype={"pnr": str}, parse_dates=["first", "last"])
    pairs = left.reset_index(names="a").merge(right.reset_index(names="b"), on="pnr")
    before = (pairs["first"] - pairs["day"]).dt.days
    after = (pairs["day"] - pairs["last"]).dt.days
    pairs["gap"] = pd.concat([before, after], axis=1).max(axis=1).clip(lower=0)
    pairs = pairs[pairs["gap"] <= 30].sort_values(["gap", "day", "first", "last"], kind="stable")
    found = 0
    while len(pairs):
        best = pairs[~pairs.duplicated("a") & ~pairs.duplicated("b")]
        found += len(best)
        pairs = pairs[~pairs["a"].isin(best["a"]) & ~pairs["b"].isin(best["b"])]
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
