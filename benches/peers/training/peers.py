"""Steps of training in JAX and PyTorch: the work of `cargo bench -p thalweg-benches --bench train` and `--bench cpu`.

    python benches/peers/training/peers.py [--out FILE] [--only jax|torch] [--task TEXT]

prints a table and writes every figure as JSON; README.md beside this file says how to install the two libraries.
"""

import argparse
import datetime
import importlib
import json
import os
import pathlib
import platform

from timing import Figures

LIBRARIES = {"jax": "jax_tasks", "torch": "torch_tasks"}


def processor():
    """The processor's name, which Python itself does not tell on Linux."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def table(figures):
    """Each task's best figure of each library first, then the others."""
    tasks = list(dict.fromkeys(row["task"] for row in figures))
    for task in tasks:
        print(task)
        for row in sorted((row for row in figures if row["task"] == task), key=lambda row: row["median"]):
            seconds = row["median"]
            value, unit = next((seconds * f, u) for f, u in ((1e3, "ms"), (1e6, "µs"), (1e9, "ns")) if seconds * f >= 1 or u == "ns")
            print(f"    {value:9.3f} {unit}  {row['library']}, {row['how']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="target/peers-training.json", help="where the figures are written")
    parser.add_argument("--only", choices=sorted(LIBRARIES), help="measure one library alone")
    parser.add_argument("--task", default="", help="measure the tasks whose name holds this text")
    arguments = parser.parse_args()

    figures, versions = Figures(arguments.task), {"python": platform.python_version()}
    for library, tasks in LIBRARIES.items():
        if arguments.only not in (None, library):
            continue
        try:
            versions[library] = importlib.import_module(library).__version__
        except ImportError:
            print(f"{library} is not installed, so it is left out: pip install {library}")
            continue
        importlib.import_module(tasks).measure(figures)

    table(figures.rows)
    machine = {"processor": processor(), "cores": os.cpu_count(), "system": platform.platform()}
    date = datetime.date.today().isoformat()
    report = {"date": date, "machine": machine, "versions": versions, "unit": "seconds", "figures": figures.rows}
    path = pathlib.Path(arguments.out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n")
    print(f"written to {path}")


if __name__ == "__main__":
    main()
